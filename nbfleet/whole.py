"""Files and folders that are put in place whole, and temporary ones that do not outlive their owner.

A reader sees the old or the new, never some of each. What is being made lies under a name of its own and is locked by
who makes it. The system lets go of a lock when its holder ends, whatever that died of: so whoever next makes something
in the same place tells what is left from what is in use, and clears it away. Where there are no such locks (Windows, some
file systems of networks), nothing is cleared.
"""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_STAGE = re.compile(r"\..+\.[0-9a-f]{8}\.stage")
_PRIVATE = re.compile(r"nbfleet-[0-9a-f]{8}")
_LONGEST_SOCKET = 107  # path of a Unix socket on Linux; 103 elsewhere, which leaves room as well


@dataclass(frozen=True)
class Temporary:
    """A file or folder that is removed by who made it, or after its end by others; ``lock`` is what holds it."""

    path: Path
    lock: int

    def remove(self) -> None:
        """Remove what has this name by now, and let go of the lock."""
        with suppress(OSError):
            if self.path.is_dir() and not self.path.is_symlink():
                shutil.rmtree(self.path, ignore_errors=True)
            else:
                self.path.unlink(missing_ok=True)
        if self.lock >= 0:
            os.close(self.lock)


# ---------------------------------------------------------------- put in place


@contextmanager
def file(path: Path, content: bytes = b"", room: Path | None = None) -> Iterator[Path]:
    """A file that lies beside `path` within the block, and takes its place when that ends well.

    It holds ``content`` from the first, and the block may write more; ``room`` is another folder for it meanwhile, on the
    same file system.
    """
    with _stage(path, room) as stage:
        stage.write_bytes(content)
        _sync(stage)
        yield stage
        _sync(stage)
        os.replace(stage, path)


def write(path: Path, content: bytes, room: Path | None = None) -> None:
    """Put a file in place in one step, as `file` does."""
    with file(path, content, room):
        pass


@contextmanager
def folder(path: Path, room: Path | None = None) -> Iterator[Path]:
    """An empty folder beside `path` that takes its place, with what lies in it, when the block ends well.

    The two change places in one step where the system can do that (Linux); elsewhere a process that is killed between
    two renamings leaves none.
    """
    with _stage(path, room, 0o777) as stage:
        yield stage
        for made in [*stage.iterdir(), stage]:
            if not made.is_symlink():
                _sync(made)
        try:
            os.rename(stage, path)
        except OSError:
            if not path.exists():
                raise
            if not _exchange(stage, path):
                _swap(stage, path)


@contextmanager
def _stage(path: Path, room: Path | None, mode: int | None = None) -> Iterator[Path]:
    """What lies beside `path` within the block. What has its name at the end, perhaps the old one, is removed."""
    stage = _made(room or path.parent, f".{path.name[:50]}.", ".stage", _STAGE, mode)
    try:
        yield stage.path
    finally:
        stage.remove()


def stages(place: Path) -> list[Path]:
    """What lies in a folder to be put in place, by processes that run or no longer run."""
    return [path for path in place.glob(".*.stage") if _STAGE.fullmatch(path.name)]


def private() -> Temporary:
    """A folder for sockets and notes that its owner alone can enter, with a path short enough for sockets in it.

    Raises
    ------
    OSError
        If there is no place for one.
    """
    failed = OSError("no folder for temporary files has a short name; look at TMPDIR")
    for place in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if place and os.path.isabs(place) and len(os.fsencode(place)) <= _LONGEST_SOCKET - 30:
            try:
                return _made(Path(place), "nbfleet-", "", _PRIVATE, 0o700)
            except OSError as error:
                failed = error
    raise failed


# ---------------------------------------------------------------- made, held and cleared away


def _made(
    place: Path, before: str, after: str, kind: re.Pattern[str], mode: int | None = None
) -> Temporary:
    """Something new with a random name that this process holds: a folder of a mode, or without one a file."""
    sweep(place, kind)
    while True:
        path = place / f"{before}{secrets.token_hex(4)}{after}"
        if mode is None:
            path.touch(exist_ok=False)
        else:
            path.mkdir(mode)
        lock = _held(path, wait=True) if fcntl else -1
        if lock is not None:
            return Temporary(path, lock)


def _held(path: Path, wait: bool) -> int | None:
    """Hold a file or folder; None if it has gone, or if another does and that is not waited for."""
    try:
        # a pipe or a link of this name is somebody's trap
        lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if os.path.samestat(os.fstat(lock), os.lstat(path)):  # not cleared away in between
            return lock
    except OSError:  # where nothing can be locked, it is made all the same, and never cleared away
        if wait and path.exists():
            return lock
    os.close(lock)
    return None


def sweep(place: Path, kind: re.Pattern[str] = _STAGE) -> None:
    """Clear away what processes that have ended had begun to write in a folder."""
    for name in os.listdir(place) if fcntl else ():
        if kind.fullmatch(name) and (lock := _held(place / name, wait=False)) is not None:
            Temporary(place / name, lock).remove()


def _sync(path: Path) -> None:
    """Have a file or folder on the disk before its name is; some systems refuse it for folders."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exchange(a: Path, b: Path) -> bool:
    """Let two folders change places in one step; False where the system does not offer it."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if fcntl else None
    at_cwd, flag = -100, 2
    return bool(rename) and rename(at_cwd, os.fsencode(a), at_cwd, os.fsencode(b), flag) == 0


def _swap(stage: Path, folder: Path) -> None:
    """The same in two steps, undone if the second fails."""
    old = stage.with_name(f"{stage.name}-old")
    os.rename(folder, old)
    try:
        os.rename(stage, folder)
    except BaseException:
        os.rename(old, folder)
        raise
    os.rename(old, stage)  # and so removed like any other

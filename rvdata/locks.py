"""One lock over data/raw: who writes it holds it alone, who reads it whole shares it with others that do.

Ledger and registry are several files that belong together. Each is replaced in one step, but a row that somebody else has
added since the registry was read would be lost, and a build between two of the steps would tell of a release cut short.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rvdata import paths
from rvdata.errors import DataError
from rvdata.text import visible

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

#: How long to wait for others. Nobody is asked anything and no publisher's file is read while the lock is held: whoever
#: holds it for longer has been stopped.
PATIENCE_S = 60
_PAUSE_S = 0.02


def writing() -> contextlib.AbstractContextManager[None]:
    """Hold data/raw alone: for what reads the registry or the rows of an article and then replaces them.

    Raises
    ------
    DataError
        If others hold it for longer than `PATIENCE_S`; the message says which process.
    """
    return _held(exclusive=True)


def reading() -> contextlib.AbstractContextManager[None]:
    """Keep others from writing data/raw, for what reads all of it; raises as `writing` does."""
    return _held(exclusive=False)


@contextlib.contextmanager
def _held(exclusive: bool) -> Iterator[None]:
    try:
        handle = os.open(paths.raw(), os.O_RDONLY)
    except OSError:  # Windows opens no folder; where there is none, what reads it says so
        handle = None
    try:
        if handle is None or not fcntl:
            _say_unlocked()
        else:
            _acquire(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _acquire(handle: int, kind: int) -> None:
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            return fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise DataError(
                    f"{paths.raw()}: {_holders(handle)} has kept it locked for {PATIENCE_S} seconds; wait until "
                    "that has ended, or end it, and run the command again"
                ) from None
        except OSError:  # a network's file system without locks
            return _say_unlocked()
        time.sleep(_PAUSE_S)


def _say_unlocked() -> None:
    if paths.raw().is_dir():
        print(
            f"rvdata: {visible(paths.raw())} cannot be locked here; let nothing else write it meanwhile",
            file=sys.stderr,
        )


def _holders(handle: int) -> str:
    """Which processes hold the lock of a folder, where the system (Linux) says so."""
    status = os.fstat(handle)
    place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    try:
        fields = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    except OSError:
        fields = []
    pids = [f[4] for f in fields if f[1] == "FLOCK" and f[5] == place]
    return f"process {' and '.join(pids)}" if pids else "another process"

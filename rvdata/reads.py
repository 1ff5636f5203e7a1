"""Which data files a report rests on: the kernel that makes it notes each one that it opens.

The batch sets RVDATA_READS to a file, and the import of rvdata in the kernel starts the notes; where rvdata was imported
before the kernel was forked, its start does. `rvdata.reports.record` holds the files against what they are at the next
batch.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

VARIABLE = "RVDATA_READS"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def kernel_begins() -> None:
    """Start the notes that this process was asked for, if it was."""
    if os.environ.get(VARIABLE):
        from rvdata import paths

        note(os.environ[VARIABLE], (paths.home() / "data", paths.notebooks()))


def note(log: str, folders: tuple[Path, ...]) -> None:
    """From now on append each file below some folders that Python opens for reading to a log, one path a line.

    What a library opens by itself, below Python (as pyarrow and duckdb do when they are given a path), is not seen.
    """
    roots = tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in folders)
    programs = tuple(
        f"{folder}{os.sep}" for folder in {sys.prefix, sys.base_prefix}
    )  # opened by the thousand
    handle = os.open(log, os.O_WRONLY | os.O_APPEND)
    seen: set[str] = set()

    def hook(event: str, args: tuple) -> None:
        if event != "open" or not isinstance(args[0], (str, bytes)) or (args[2] or 0) & _WRITING:
            return
        path = os.fsdecode(args[0])
        if path.startswith(programs):
            return
        path = os.path.realpath(path)
        if not path.startswith(roots):
            return
        if path.endswith(".pyc"):  # of a helper module beside the notebook
            path = importlib.util.source_from_cache(path)
        if path in seen or _of_the_store(path):
            return
        seen.add(path)
        os.write(handle, f"{path}\n".encode("utf-8", "surrogateescape"))

    sys.addaudithook(hook)


def _of_the_store(path: str) -> bool:
    """Whether `rvdata.store` looks up a hash: the descriptor changes with every table, the table asked for may not."""
    if not path.endswith("datapackage.json"):
        return False
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_globals.get("__name__") == "rvdata.store":
            return True
        frame = frame.f_back
    return False

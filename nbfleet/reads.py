"""Which data files a report rests on: whoever loads data in its kernel says so here.

The batch names a file in the environment of each kernel. Without one, as in JupyterLab, nothing is noted.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "NBFLEET_READS"


def note(path: Path) -> None:
    """Say that a file has been read. A NUL ends each path, which may hold any other character."""
    log = os.environ.get(VARIABLE)
    if log:
        with open(log, "ab") as file:
            file.write(os.fsencode(os.path.realpath(path)) + b"\0")


def noted(log: Path) -> set[Path]:
    """The files of which a log says that they have been read."""
    return {Path(os.fsdecode(path)) for path in log.read_bytes().split(b"\0") if path}

"""Which data files a report rests on: whoever loads data in its kernel says so here.

The batch names a file in the environment of each kernel. Without one, as in JupyterLab, nothing is noted.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "NBFLEET_READS"

#: What has been said by this process: a table is asked for hundreds of times.
_said: set[tuple[str, str]] = set()


def note(path: Path) -> None:
    """Say that a file has been read. A NUL ends each path, which may hold any other character."""
    said = os.environ.get(VARIABLE), os.fspath(path)
    if said[0] and said not in _said:
        with open(said[0], "ab") as file:
            file.write(os.fsencode(os.path.realpath(path)) + b"\0")
        if os.path.isabs(path):
            _said.add(said)


def noted(log: Path) -> set[Path]:
    """The files of which a log says that they have been read."""
    return {Path(os.fsdecode(path)) for path in log.read_bytes().split(b"\0") if path}

"""Which data files a report rests on: whoever loads data in its kernel says so here.

The batch names a file in the environment of each kernel. Without one, as in JupyterLab, nothing is noted.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "NBFLEET_READS"


def note(path: Path) -> None:
    """Say that a file has been read, one path a line."""
    log = os.environ.get(VARIABLE)
    if log:
        with open(log, "ab") as file:
            file.write(os.fsencode(os.path.realpath(path)) + b"\n")

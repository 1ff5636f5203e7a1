"""Where things lie. The environment variable RVDATA_HOME moves all of it, at any time."""

from __future__ import annotations

import os
from pathlib import Path

from rvdata.errors import DataError

_ABOVE = Path(__file__).absolute().parent.parent


def home() -> Path:
    """The folder that everything lies in, as an absolute path.

    Returns
    -------
    Path
        What RVDATA_HOME names, read at each call; without it, the folder above the package.

    Raises
    ------
    DataError
        If RVDATA_HOME names no folder.
    """
    named = os.environ.get("RVDATA_HOME", "")
    folder = Path(named).expanduser().absolute() if named else _ABOVE
    if not os.path.isdir(folder):
        raise DataError(
            f"RVDATA_HOME: {named!r} is no folder; create it, correct the variable or unset it"
        )
    return folder


def raw() -> Path:
    """Folder of the tables that people and importers write."""
    return home() / "data" / "raw"


def processed() -> Path:
    """Folder of the tables that `rvdata build` writes."""
    return home() / "data" / "processed"


def notebooks() -> Path:
    """Folder of the notebooks and of reports.yaml."""
    return home() / "notebooks"


def reports() -> Path:
    """Folder that `rvdata report` writes to."""
    return home() / "reports"

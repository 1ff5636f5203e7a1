"""Folders and files that are put in place whole: a reader sees the old or the new, never some of each."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path


def put_in_place(stage: Path, folder: Path) -> None:
    """Let a finished folder take the name of another, in one step where the system can; the old one may have its."""
    if not _renamed(stage, folder) and not _exchange(stage, folder):
        _swap(stage, folder)


def _renamed(stage: Path, folder: Path) -> bool:
    """Put the stage where no folder is; False if there is one, perhaps since a moment ago."""
    if folder.exists():
        return False
    try:
        os.rename(stage, folder)
    except OSError:
        if folder.exists():
            return False
        raise
    return True


def _exchange(a: Path, b: Path) -> bool:
    """Let two folders change places in one step; False where the system does not offer it."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    at_cwd, exchange = -100, 2
    return (
        rename is not None and rename(at_cwd, os.fsencode(a), at_cwd, os.fsencode(b), exchange) == 0
    )


def _swap(stage: Path, folder: Path) -> None:
    """The same in two steps, undone if the second fails."""
    old = stage.with_name(f"{stage.name}-old")
    os.rename(folder, old)
    try:
        os.rename(stage, folder)
    except BaseException:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)

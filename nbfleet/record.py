"""What a report was made of, and whether it would come out the same today.

Each report lies in a folder of its own, with a ``record.json`` that says what the run started from, how it ended, and
what each file's hash is. The folder is put in place by one rename, so that the files and their record are always of
one run. The record alone decides what succeeded; the metadata that papermill leaves in notebooks is not asked.

Nothing here imports a notebook library: for a batch in which nothing has changed this is all the work there is.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import itertools
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from nbfleet import pages, plan
from nbfleet.errors import visible
from nbfleet.project import Project

FILE = "record.json"
#: Code that reads files by itself, so that nobody notes which.
_REACHES = re.compile(
    r"\b(open|Path|paths|processed|read_\w+|scan_\w+|\w*parquet\w*|pyarrow|duckdb|polars|xarray|h5py|sqlite\w*"
    r"|genfromtxt|loadtxt|fromfile|memmap|glob|listdir|scandir|walk|subprocess|system|popen|exec|eval|importlib"
    r"|__import__|(np|numpy|json|pickle|joblib|yaml|tomllib|torch)\.load)\b"
    r"|^\s*(!|%%?(bash|sh|run|load|sql|script|cat)\b)",
    re.M | re.I,
)
_ALL_DATA = "all data"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Record:
    """What is known of the report that lies in a folder, as its file holds it.

    ``status`` is ok, failed, timeout or lost, or unchanged where a batch has left the report alone. ``inputs`` maps everything that the run started from to a version or
    hash, and is empty where it cannot be told. ``files`` maps names to SHA-256. ``cell`` is the number that stands
    in brackets beside the cell to blame, None where there is none.
    """

    page: pages.Page
    status: Literal["ok", "unchanged", "failed", "timeout", "lost"]
    message: str
    cell: int | None
    seconds: float
    attempts: int
    inputs: dict[str, str]
    files: dict[str, str]
    nbfleet_record: Literal[2] = 2

    @property
    def name(self) -> str:
        """Name of the report."""
        return self.page.name

    @property
    def ok(self) -> bool:
        """Whether the report that was asked for lies in its folder."""
        return self.status in ("ok", "unchanged")


_FILE = TypeAdapter(Record)


def read(folder: Path) -> Record | None:
    """The record of a folder; None where there is none that is exactly of this form."""
    try:
        record = _FILE.validate_json((folder / FILE).read_bytes(), strict=True)
    except (OSError, ValueError):
        return None
    return record if record.name == folder.name else None


def text(record: Record) -> str:
    """A record as its file holds it."""
    return json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- what a run starts from


def inputs(
    report: plan.Report, read_files: Iterable[Path] | None = None, source: str | None = None
) -> dict[str, str]:
    """Everything that a report depends on, each with a version or a hash.

    Parameters
    ----------
    report : Report
    read_files : iterable of Path, optional
        The data files that its run noted (`nbfleet.reads`). Without them, and where the notebook's code or that of a
        module beside it reads files by itself, all data files count, and all files beside the notebook.
    source : str, optional
        `source_hash`, where it is known: of thousands of reports, it is most of the work.

    Returns
    -------
    dict of str to str
        Keys in the words of messages: ``notebook``, ``parameter start``, ``package pandas``, ``data/…``.
    """
    project = report.project
    notebook_hash, code = _remembered(report.notebook, _notebook_facts)
    title, formats = visible(report.title), ", ".join(report.formats)
    found = {"notebook": notebook_hash, "title": title, "formats": formats}
    found |= {f"parameter {name}": json.dumps(value) for name, value in report.parameters.items()}
    found |= _program(project, source)
    around = _files(report.notebook.parent, deep=False)
    beside = [path for path in around if path.suffix == ".py"]
    if read_files is None or any(_REACHES.search(text) for text in (code, *map(_source, beside))):
        found[_ALL_DATA] = "yes"
        read_files = [*_data_files(project), *(read_files or ())]
        beside = [path for path in around if path.suffix not in (".ipynb", ".yaml")]
    found |= {f"beside {path.name}": _file_hash(project, path) for path in beside}
    named = ((_named(project, path), path) for path in read_files)
    return found | {name: _file_hash(project, path) for name, path in named if name}


def surroundings(project: Project) -> dict[str, str]:
    """What all reports of a machine start from: programs and data."""
    data = {_named(project, path): _file_hash(project, path) for path in _data_files(project)}
    return _program(project, None) | data


def _program(project: Project, source: str | None) -> dict[str, str]:
    ours = {project.name: source or source_hash(project), "python": platform.python_version()}
    return ours | _packages()


def reasons(report: plan.Report, folder: Path, source: str | None = None) -> list[str]:
    """Why a report has to run, a few words each; empty if what lies in its folder is what would come out.

    Examples of what is said: ``new``, ``notebook changed``, ``parameter start changed``, ``table figures changed``,
    ``package pandas changed (3.0.0, now 3.1.1)``, ``failed last time``, ``one.html altered``.
    """
    record = read(folder)
    if record is None:
        return ["new"] if not os.path.lexists(folder) else ["no record that can be read"]
    if record.status != "ok":
        return [f"{record.status} last time"]
    if not record.inputs:
        return ["something it rests on changed while it ran"]
    past = record.inputs
    home = report.project.home()
    below = tuple(f"{folder}/" for folder in report.project.data)
    known = None if _ALL_DATA in past else [home / key for key in past if key.startswith(below)]
    now = inputs(report, known, source)
    changed = [key for key in {**now, **past} if past.get(key) != now.get(key)]
    return [
        *(_worded(key, past.get(key), now.get(key)) for key in changed),
        *_damage(record, folder),
    ]


def other(ours: Mapping[str, str], theirs: Mapping[str, str], project: Project) -> str:
    """What to say of a machine that has something else than this one; empty if it has not."""
    odd = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    more = f" and {len(odd) - 3} more" if len(odd) > 3 else ""
    remedy = f"give all machines the same version of {project.name}, its packages and its data"
    return f"has another {', '.join(odd[:3])}{more}; {remedy}" if odd else ""


def _worded(key: str, past: str | None, now: str | None) -> str:
    table = re.fullmatch(r"data/processed/(\w+)\.parquet", key)
    what = f"table {table[1]}" if table else key
    if now in (None, _GONE) and past not in (None, _GONE):
        return f"{what} is gone"
    if past in (None, _GONE):
        return f"{what} is new"
    telling = key.startswith(("package ", "python", "parameter ", "formats"))
    return f"{what} changed" + (f" ({past}, now {now})" if telling else "")


def _damage(record: Record, folder: Path) -> list[str]:
    """Files of the record that are missing or not as they were written."""
    found = []
    for name, digest in record.files.items():
        try:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                found.append(f"{name} altered")
        except OSError:
            found.append(f"{name} missing")
    return found


def foreign(folder: Path) -> list[str]:
    """What lies in a report's folder and does not come from here; the folder itself if it has no record."""
    if not os.path.lexists(folder):
        return []
    real = folder.is_dir() and not folder.is_symlink()
    record = read(folder) if real else None
    if record is None:
        return [] if real and not any(folder.iterdir()) else [folder.name]
    known = {FILE, *record.files}
    other = sorted({path.name for path in folder.iterdir()} - known)
    return [f"{folder.name}/{name}" for name in other if name[:1] != "."]


# ---------------------------------------------------------------- versions and hashes

_GONE = "missing"
_memo: dict[tuple, Any] = {}


def _remembered(path: Path, compute: Callable[[Path], Any]) -> Any:
    """What is computed of a file, once for each state of the file that this process sees."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return compute(path)  # which says so
    key = (os.path.abspath(path), state.st_mtime_ns, state.st_size, state.st_ino, compute.__name__)
    if key not in _memo:
        _memo[key] = compute(path)
    return _memo[key]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def source_hash(project: Project) -> str:
    """SHA-256 over the source of nbfleet and of the project's own packages, style sheets and templates included."""
    digest = hashlib.sha256()
    for package in ("nbfleet", *project.packages):
        root = Path(importlib.util.find_spec(package).origin).parent
        for path in _files(root):
            if path.parent.name != "__pycache__":
                name = f"{package}/{path.relative_to(root).as_posix()}"
                digest.update(f"{name}\0{_remembered(path, _sha256)}\n".encode())
    return digest.hexdigest()


#: The same as it was when this process began to import it: what is on disk may be edited while it runs.
running: dict[Project, str] = {}


def _notebook_facts(path: Path) -> tuple[str, str]:
    """SHA-256 over what stands in a notebook, without what a run of it leaves there; and its code."""
    nb = plan.read_notebook(path)
    volatile = ("execution", "papermill", "trusted", "ExecuteTime", "collapsed")
    left = ("papermill", "widgets", "signature", "language_info")
    pruned = [(nb["metadata"], left)]
    for cell in nb["cells"]:
        pruned += [(cell, ("outputs", "execution_count")), (cell["metadata"], volatile)]
    for mapping, keys in pruned:
        for key in keys:
            mapping.pop(key, None)
    told = json.dumps([nb["cells"], nb["metadata"]], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return digest, "\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "code")


@functools.cache
def _packages() -> dict[str, str]:
    """Versions of all packages that are installed here, as a lock pins them: whatever a notebook imports is among them."""
    found: dict[str, str] = {}
    for place in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(place)):
            if named := re.fullmatch(r"([^-]+)-(.+)\.dist-info", name):
                found.setdefault(f"package {named[1].lower().replace('_', '-')}", named[2])
    return found


def _data_files(project: Project) -> list[Path]:
    home = project.home()
    found = [path for folder in project.data for path in _files(home / folder)]
    return [path for path in found if path.name[:1] != "."]


def _files(folder: Path, deep: bool = True) -> list[Path]:
    """All files in a folder, and below it, in a fixed order."""
    places = os.walk(folder) if deep else itertools.islice(os.walk(folder), 1)
    found = sorted(os.path.join(place, name) for place, _, names in places for name in names)
    return [Path(path) for path in found if os.path.isfile(path)]


def _named(project: Project, path: Path) -> str:
    """A data file as the record names it on any machine: below the home folder, itself without links; else nothing."""
    real = os.path.realpath(path)
    for folder in project.data:
        root = os.path.realpath(project.home() / folder)
        if real.startswith(os.path.join(root, "")):
            return f"{folder}/{visible(Path(os.path.relpath(real, root)).as_posix())}"
    return ""


def _file_hash(project: Project, path: Path) -> str:
    """Hash of a file, or what its project says of its contents."""
    try:
        return project.contents(path) or _remembered(path, _sha256)
    except OSError:
        return _GONE

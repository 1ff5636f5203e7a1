"""What a report was made of, and whether it would come out the same today.

Each report lies in a folder of its own, with a ``record.json`` that says what the run started from, how it ended, and
what each file's hash is. The folder is put in place by one rename, so that the files and their record are always of
one run. The record alone decides what succeeded; the metadata that papermill leaves in notebooks is not asked.

Nothing here imports a notebook library: for a batch in which nothing has changed this is all the work there is.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

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


@dataclass(frozen=True)
class Record:
    """What came of a report: as it comes from the process that made it, and as it lies in the report's folder.

    ``status`` is ok, failed, timeout or lost, or unchanged where a batch has left the report alone. ``cell`` is the
    number that stands in brackets beside the cell to blame, None where there is none. ``inputs`` maps everything that
    the run started from to a version or hash, and is empty where it cannot be told. ``files`` maps names to contents
    on the way, and to their SHA-256 once they lie in the folder.
    """

    page: pages.Page
    status: Literal["ok", "unchanged", "failed", "timeout", "lost"]
    message: str
    cell: int | None = None
    seconds: float = 0.0
    attempts: int = 1
    inputs: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str | bytes] = field(default_factory=dict)
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
        told = (folder / FILE).read_bytes()
        record = _FILE.validate_json(told)
        return record if record.name == folder.name and text(record).encode() == told else None
    except (OSError, ValueError):
        return None


def text(record: Record) -> str:
    """A record as its file holds it."""
    told = vars(record) | {"page": vars(record.page)}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- what a run starts from


def inputs(
    report: plan.Report, read_files: Iterable[Path] | None = None, source: str | None = None
) -> dict[str, str]:
    """Everything that a report depends on, each with a version or a hash: ``notebook``, ``parameter start``, ``data/…``.

    Of the data, the files that its run noted (`nbfleet.reads`). Without them, and where the notebook's code or that of a
    module beside it reads files by itself, all data files count, and all files beside the notebook. ``source`` is
    `source_hash`, where it is known: of thousands of reports, it is most of the work.
    """
    project = report.project
    notebook_hash, code = _remembered(report.notebook, _notebook_facts)
    title, formats = visible(report.title), ", ".join(report.formats)
    found = {"notebook": notebook_hash, "title": title, "formats": formats}
    found |= {f"parameter {name}": json.dumps(value) for name, value in report.parameters.items()}
    found |= _program(project, source)
    around = [Path(path) for path in _files(report.notebook.parent, deep=False)]
    beside = [path for path in around if path.suffix == ".py"]
    texts = [code, *(path.read_text(encoding="utf-8", errors="replace") for path in beside)]
    if read_files is None or any(map(_REACHES.search, texts)):
        found[_ALL_DATA] = "yes"
        read_files = [*_data_files(project), *(read_files or ())]
        beside = [path for path in around if path.suffix not in (".ipynb", ".yaml")]
    found |= {f"beside {path.name}": _file_hash(project, path) for path in beside}
    named = ((_named(project.home(), project.data, path), path) for path in read_files)
    return found | {name: _file_hash(project, path) for name, path in named if name}


def surroundings(project: Project) -> dict[str, str]:
    """What all reports of a machine start from: programs and data."""
    below = project.home(), project.data
    data = {_named(*below, one): _file_hash(project, one) for one in _data_files(project)}
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
    both = [(key, past.get(key, _GONE), now.get(key, _GONE)) for key in {**now, **past}]
    told = [_worded(*one) for one in both if one[1] != one[2]]
    lying = {name: _sha256(folder / name) for name in record.files}
    odd = [name for name, digest in record.files.items() if lying[name] != digest]
    return told + [f"{name} {_GONE if lying[name] == _GONE else 'altered'}" for name in odd]


def other(ours: Mapping[str, str], theirs: Mapping[str, str], project: Project) -> str:
    """What to say of a machine that has something else than this one; empty if it has not."""
    odd = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    more = f" and {len(odd) - 3} more" if len(odd) > 3 else ""
    remedy = f"give all machines the same version of {project.name}, its packages and its data"
    return f"has another {', '.join(odd[:3])}{more}; {remedy}" if odd else ""


def _worded(key: str, past: str, now: str) -> str:
    table = re.fullmatch(r"data/processed/(\w+)\.parquet", key)
    what = f"table {table[1]}" if table else key
    if _GONE in (past, now):
        return f"{what} is {'new' if past == _GONE else 'gone'}"
    telling = key.startswith(("package ", "python", "parameter ", "formats"))
    return f"{what} changed" + (f" ({past}, now {now})" if telling else "")


def foreign(folder: Path) -> list[str]:
    """What lies in a report's folder and does not come from here; the folder itself if it has no record."""
    if folder.is_symlink() or not folder.is_dir():
        return [folder.name] if os.path.lexists(folder) else []
    names, record = sorted(path.name for path in folder.iterdir()), read(folder)
    if record is None:
        return [folder.name] if names else []
    known = {FILE, *record.files}
    return [f"{folder.name}/{name}" for name in names if name not in known and name[:1] != "."]


# ---------------------------------------------------------------- versions and hashes

_GONE = "missing"
_memo: dict[tuple, Any] = {}


def _remembered(path: str | Path, compute: Callable[..., Any]) -> Any:
    """What is computed of a file, once for each state of the file that this process sees."""
    try:
        state = os.stat(path)
    except FileNotFoundError:
        return compute(path)  # which says so
    place = path if os.path.isabs(path) else os.path.abspath(path)
    key = (str(place), state.st_mtime_ns, state.st_size, state.st_ino, compute.__name__)
    if key not in _memo:
        _memo[key] = compute(path)
    return _memo[key]


def _sha256(path: str | Path) -> str:
    with contextlib.suppress(OSError):
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return _GONE


def source_hash(project: Project) -> str:
    """SHA-256 over the source of nbfleet and of the project's own packages, style sheets and templates included."""
    digest = hashlib.sha256()
    for package in ("nbfleet", *project.packages):
        root = os.path.dirname(importlib.util.find_spec(package).origin)
        for path in _files(root):
            name = package + path.removeprefix(root).replace(os.sep, "/")
            digest.update(f"{name}\0{_remembered(path, _sha256)}\n".encode())
    return digest.hexdigest()


#: The same as it was when this process began to import it: what is on disk may be edited while it runs.
running: dict[Project, str] = {}


def _notebook_facts(path: Path) -> tuple[str, str]:
    """SHA-256 over what stands in a notebook, without what a run of it leaves there; and its code."""
    nb = plan.read_notebook(path)
    forget(nb)
    nb["metadata"].pop("language_info", None)
    for cell in nb["cells"]:
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
    told = json.dumps([nb["cells"], nb["metadata"]], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return digest, "\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "code")


def forget(nb: dict) -> None:
    """Take from a notebook what a run leaves in its metadata: when, where and how fast."""
    for mapping in (nb, *nb["cells"]):
        for key in ("papermill", "widgets", "signature", "execution", "trusted", "ExecuteTime"):
            mapping["metadata"].pop(key, None)


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
    found = [Path(path) for folder in project.data for path in _files(home / folder)]
    return [path for path in found if path.name[:1] != "."]


def _files(folder: str | Path, deep: bool = True) -> list[str]:
    """All files in a folder, and below it, in a fixed order, but for what Python has compiled."""
    found, folders = [], [folder]
    for place in folders:  # which become more on the way
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_file():
                    found.append(entry.path)
                elif deep and entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
                    folders.append(entry.path)
    return sorted(found)


@functools.cache
def _named(home: Path, folders: tuple[str, ...], path: Path) -> str:
    """A data file as the record names it on any machine: below the home folder, itself without links; else nothing."""
    real = os.path.realpath(path)
    for folder in folders:
        root = f"{os.path.realpath(home / folder)}{os.sep}"
        if real.startswith(root):
            return f"{folder}/{visible(real.removeprefix(root).replace(os.sep, '/'))}"
    return ""


def _file_hash(project: Project, path: Path) -> str:
    """Hash of a file, or what its project says of its contents."""
    with contextlib.suppress(OSError):
        digest = _remembered(path, _sha256)
        return project.contents(path, digest) or digest
    return _GONE

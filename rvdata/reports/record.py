"""What a report was made of, and whether it would come out the same today.

Each report lies in a folder of its own, with a ``record.json`` that says what the run started from, how it ended, and
what each file's hash is. The folder is put in place by one rename, so that the files and their record are always of
one run. The record alone decides what succeeded; the metadata that papermill leaves in notebooks is not asked.

Nothing here imports a notebook library: for a batch in which nothing has changed this is all the work there is.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import rvdata
from rvdata import paths, store
from rvdata.reports import plan, site

FILE = "record.json"
_FORMAT = 1
#: What computes, draws and writes reports. What a notebook imports beyond these is added.
_PACKAGES = [
    "beautifulsoup4",
    "ipykernel",
    "ipython",
    "jinja2",
    "jupyter-client",
    "matplotlib",
    "matplotlib-inline",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "nh3",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "pillow",
    "pyarrow",
    "pygments",
    "pyyaml",
    "seaborn",
    "traitlets",
]
_PDF_PACKAGES = ["fonttools", "pydyf", "tinycss2", "tinyhtml5", "weasyprint"]
#: Code that may reach a data file unseen by `rvdata.reads`, below Python or in another process.
_REACHES = re.compile(
    r"\b(read_\w+|scan_\w+|Parquet\w+|parquet|pyarrow|duckdb|polars|sqlite\w*|processed|subprocess|system|popen)\b"
    r"|^\s*(!|%%?(bash|sh|run|sql|script|cat)\b)",
    re.M,
)
_ALL_DATA = "all data"


@dataclass(frozen=True)
class Record:
    """What is known of the report that lies in a folder.

    ``status`` is ok, failed, timeout or lost. ``inputs`` maps everything that the run started from to a version or
    hash, and is empty where it cannot be told. ``files`` maps names to SHA-256. ``cell`` is the number that stands
    in brackets beside the cell to blame, None where there is none.
    """

    page: site.Page
    status: str
    message: str
    cell: int | None
    seconds: float
    attempts: int
    inputs: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name of the report."""
        return self.page.name


def read(folder: Path) -> Record | None:
    """The record of a folder; None where there is none that can be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if told.pop("rvdata_record") != _FORMAT:
            return None
        parameters = tuple(tuple(line) for line in told["page"].pop("parameters"))
        lists = {key: tuple(told["page"].pop(key)) for key in ("sources", "formats")}
        record = Record(
            **{**told, "page": site.Page(**told["page"], **lists, parameters=parameters)}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record if record.name == folder.name else None


def text(record: Record) -> str:
    """A record as its file holds it."""
    return (
        json.dumps({"rvdata_record": _FORMAT, **asdict(record)}, indent=1, ensure_ascii=False)
        + "\n"
    )


# ---------------------------------------------------------------- what a run starts from


def inputs(
    report: plan.Report, read_files: Iterable[Path] | None = None, source: str | None = None
) -> dict[str, str]:
    """Everything that a report depends on, each with a version or a hash.

    Parameters
    ----------
    report : Report
    read_files : iterable of Path, optional
        The data files that its run read. Without them, and where the notebook's code may reach files unseen, all
        data files count.
    source : str, optional
        `package_hash`, where it is known: of thousands of reports, it is most of the work.

    Returns
    -------
    dict of str to str
        Keys in the words of messages: ``notebook``, ``parameter start``, ``package pandas``, ``data/…``.
    """
    notebook_hash, code = _remembered(report.notebook, _notebook_facts)
    found = {"notebook": notebook_hash, "title": report.title, "formats": ", ".join(report.formats)}
    found |= {f"parameter {name}": json.dumps(value) for name, value in report.parameters.items()}
    found |= _program(code, report.formats, source)
    if read_files is None or _REACHES.search(code):
        found[_ALL_DATA] = "yes"
        read_files = [*_data_files(), *(read_files or ())]
    home = os.path.realpath(paths.home())
    return found | {_shown(path, home): _file_hash(Path(path)) for path in read_files}


def surroundings() -> dict[str, str]:
    """What all reports of a machine start from: programs and data."""
    home = os.path.realpath(paths.home())
    return _program("", (), None) | {_shown(path, home): _file_hash(path) for path in _data_files()}


def _program(code: str, formats: tuple[str, ...], source: str | None) -> dict[str, str]:
    return {
        "rvdata": source or package_hash(),
        "python": platform.python_version(),
        **_packages(code, formats),
    }


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
    known = (
        None
        if _ALL_DATA in past
        else [_path(key) for key in past if "/" in key and key.split("/")[0] in _FOLDERS]
    )
    now = inputs(report, known, source)
    return [*_differences(past, now), *_damage(record, folder)]


def _differences(past: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    changed = [key for key in dict.fromkeys([*now, *past]) if past.get(key) != now.get(key)]
    return [_worded(key, past.get(key), now.get(key)) for key in changed]


def _worded(key: str, past: str | None, now: str | None) -> str:
    table = re.fullmatch(r"data/processed/(\w+)\.parquet", key)
    what = f"table {table[1]}" if table else key
    if now in (None, _GONE) and past not in (None, _GONE):
        return f"{what} is gone"
    if past in (None, _GONE):
        return f"{what} is new"
    versions = (
        f" ({past}, now {now})"
        if key.startswith(("package ", "python", "parameter ", "formats"))
        else ""
    )
    return f"{what} changed{versions}"


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
    record = read(folder) if folder.is_dir() and not folder.is_symlink() else None
    if record is None:
        ours = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
        return [] if ours else [folder.name]
    known = {FILE, *record.files}
    return sorted(
        f"{folder.name}/{p.name}"
        for p in folder.iterdir()
        if p.name not in known and p.name[:1] != "."
    )


# ---------------------------------------------------------------- versions and hashes

_FOLDERS = ("data", "notebooks")
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


def package_hash() -> str:
    """SHA-256 over the source of rvdata itself, style sheets and templates included."""
    root = Path(rvdata.__file__).parent
    digest = hashlib.sha256()
    for path in _files(root):
        if path.parent.name != "__pycache__":
            digest.update(
                f"{path.relative_to(root).as_posix()}\0{_remembered(path, _sha256)}\n".encode()
            )
    return digest.hexdigest()


def _notebook_facts(path: Path) -> tuple[str, str]:
    """SHA-256 over what stands in a notebook, without what a run of it leaves there; and its code."""
    nb = plan.read_notebook(path)
    volatile = ("execution", "papermill", "trusted", "ExecuteTime", "collapsed")
    cells = [
        {
            key: value
            for key, value in cell.items()
            if key not in ("outputs", "execution_count", "metadata")
        }
        | {
            "metadata": {
                key: value for key, value in cell["metadata"].items() if key not in volatile
            }
        }
        for cell in nb["cells"]
    ]
    left = ("papermill", "widgets", "signature", "language_info")
    metadata = {key: value for key, value in nb["metadata"].items() if key not in left}
    digest = hashlib.sha256(json.dumps([cells, metadata], sort_keys=True).encode()).hexdigest()
    return digest, "\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "code")


def _packages(code: str, formats: tuple[str, ...]) -> dict[str, str]:
    """Versions of the packages behind a report, those that its notebook imports included."""
    names = [*_PACKAGES, *(_PDF_PACKAGES if "pdf" in formats else ())]
    imported = re.findall(r"^\s*(?:import|from)\s+([A-Za-z_]\w*)", code, re.M)
    imported += re.findall(r"^\s*import\s[^#\n]*?,\s*([A-Za-z_]\w*)", code, re.M)
    others = {
        name
        for name in imported
        if name not in sys.stdlib_module_names and name not in (*names, "rvdata")
    }
    if others:
        of_module = _distributions()
        names += sorted(
            {name for module in others for name in of_module.get(module, ())} - set(names)
        )
    return {f"package {name}": _version(name) for name in names}


_versions: dict[str, str] = {}


def _version(name: str) -> str:
    if name not in _versions:
        try:
            _versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            _versions[name] = "none"
    return _versions[name]


_of_module: dict[str, list[str]] = {}


def _distributions() -> Mapping[str, list[str]]:
    """Packages by the modules that they bring; looking takes a quarter of a second, once."""
    if not _of_module:
        _of_module.update(importlib.metadata.packages_distributions())
    return _of_module


def _data_files() -> list[Path]:
    return [
        path
        for path in _files(paths.home() / "data")
        if path.name != store.DESCRIPTOR and path.name[:1] != "."
    ]


def _files(folder: Path) -> list[Path]:
    """All files below a folder in a fixed order."""
    found = sorted(
        os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
    )
    return [Path(path) for path in found if os.path.isfile(path)]


def _shown(path: Path, home: str) -> str:
    """A file as the record names it: below the home folder, itself without symbolic links, on any machine."""
    real = os.path.realpath(path)
    below = os.path.join(home, "")
    return real.removeprefix(below).replace(os.sep, "/") if real.startswith(below) else str(path)


def _path(key: str) -> Path:
    return paths.home() / key


def _file_hash(path: Path) -> str:
    """Hash of what a file says: of a table the contents, which do not change with the writer of the file."""
    try:
        digest = _remembered(path, _sha256)
    except OSError:
        return _GONE
    if path.suffix != ".parquet":
        return digest
    try:
        resources = _descriptor(path.parent / store.DESCRIPTOR)
    except (OSError, ValueError, KeyError, TypeError):
        return digest
    return resources.get(digest, digest)


_descriptors: dict[tuple, dict[str, str]] = {}


def _descriptor(path: Path) -> dict[str, str]:
    """From the hash of each table's file to that of its contents."""
    state = path.stat()
    key = (os.path.abspath(path), state.st_mtime_ns, state.st_size, state.st_ino)
    if key not in _descriptors:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        _descriptors[key] = {
            one["hash"].removeprefix("sha256:"): f"{one['name']} {one['rvdata:contents']}"
            for one in resources
        }
    return _descriptors[key]

"""Check, write, load and describe the processed tables; the data package descriptor.

A build is put in place as a whole folder: readers see the old tables or the new ones, never some of each.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbfleet import reads, whole
from rvdata import __version__, paths, schemas
from rvdata.errors import DataError, Fault, nearest, unknown
from rvdata.origins import came_out, covers
from rvdata.text import Shown, cell, grid, unseen

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DESCRIPTOR = "datapackage.json"
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "SIPRI-fair-use": "https://www.sipri.org/databases/terms",
    "mixed": "origins.parquet",
}


def spec(name: str) -> schemas.Table:
    """The declaration of a table; an unknown name is refused with the nearest one."""
    try:
        return schemas.TABLES[name]
    except KeyError:
        raise DataError(unknown("table", name, schemas.TABLES)) from None


# ---- checking


def _typed(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Text cells, indexed by place, turned into the types of a table; what cannot be turned is a fault."""
    import numpy as np
    import pandas as pd

    out, faults = {}, []
    for name_of, col in schemas.columns(name).items():
        text = frame[name_of].to_numpy(object, copy=True, na_value="")  # Arrow is slow for a few
        filled = text != ""
        text[~filled] = None
        if col.dtype == "string" or not filled.any():  # most columns of a small ledger are empty
            out[name_of] = pd.array(text, dtype=schemas.PANDAS[col.dtype])
            continue
        if col.dtype == "date":
            cells = pd.Series(text, dtype="str")
            form = cells.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False)
            days = pd.to_datetime(cells.where(form), format="%Y-%m-%d", errors="coerce")
            values, remedy = days.astype("datetime64[s]").array, "is no day; write YYYY-MM-DD"
        else:
            values = np.asarray(pd.to_numeric(text, errors="coerce"), dtype=float)
            values = np.where(np.isfinite(values), values, np.nan)
            remedy = "is no number; write digits and a decimal point, without separators"
            if col.dtype == "integer":
                exact = (values % 1 == 0) & (np.abs(values) < 2**53)
                values = pd.array(np.where(exact, values, np.nan), dtype="Int64")
                remedy = "is no whole number of less than 16 digits"
        lost = filled & pd.isna(values)
        places = zip(frame.index[lost], text[lost], strict=True)
        faults += [Fault(str(place), name_of, str(cell), remedy) for place, cell in places]
        out[name_of] = values
    return pd.DataFrame(out, index=frame.index), faults


def violations(name: str, frame: pd.DataFrame) -> list[Fault]:
    """Everything in which a typed frame departs from its pandera model, with place, column and value.

    Nor may a cell hold what is not seen or steers what is, whatever the table.
    """
    import pandera.errors

    if frame.empty:  # nothing can be wrong with it, and a model takes time
        return []
    faults = []
    for column in frame.select_dtypes("str"):
        cells = frame[column]
        texts = set(cells.to_numpy(object, na_value=""))
        if hidden := {c: remedy for c in texts if (remedy := unseen(c))}:
            found = cells[cells.isin(list(hidden))].items()
            faults += [Fault(str(place), column, cell, hidden[cell]) for place, cell in found]
    try:
        schemas.model(name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["index", "check", "column"])
        repeated = frame.duplicated(list(schemas.TABLES[name].key))  # the first may stay
        found = (_fault(name, frame, repeated, case) for case in cases.to_dict("records"))
        faults += filter(None, found)
    return faults


def _fault(name: str, frame: pd.DataFrame, repeated: pd.Series, case: Mapping) -> Fault | None:
    """A failure case of pandera in our words; none for a row whose key no earlier row has."""
    table, index, remedy = schemas.TABLES[name], case["index"], str(case["check"])
    if case["schema_context"] == "DataFrameSchema" and index in frame.index:
        named = [c for c in remedy.split() if c in table.columns]
        if remedy == "multiple_fields_uniqueness":
            if not repeated[index]:
                return None
            named = list(table.key)
            remedy = "is taken by another row; give the row an identifier of its own"
        value = ", ".join(str(frame.at[index, c]).removesuffix(" 00:00:00") for c in named)
        return Fault(str(index), ", ".join(named), value, remedy)
    column, value = str(case["column"]), str(case["failure_case"])
    if remedy == "not_nullable":
        value, remedy = "", "must not be empty"
    among = schemas.columns(name)[column].among if column in table.columns else ()
    place = name if index != index or index is None else str(index)
    return Fault(place, column, value, remedy + nearest(value, among))


def foreign_faults(frames: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Values that must stand in another table and do not."""
    faults = []
    for name, frame in frames.items():
        for col, (other, key) in schemas.TABLES[name].foreign.items() if len(frame) else ():
            known = set(frames[other][key])
            if not (odd := set(frame[col].to_numpy(object, na_value="")) - known - {""}):
                continue
            for i, value in frame.loc[frame[col].isin(list(odd)), col].items():
                remedy = f"is not among the {key}s of table {other}{nearest(value, known)}"
                faults.append(Fault(str(i), col, str(value), remedy))
    return faults


def checked(
    texts: Mapping[str, pd.DataFrame], faults: list[Fault]
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Tables of text cells, typed, and everything in which they depart from their declarations.

    Parameters
    ----------
    texts : mapping of str to DataFrame
        Text columns by table, indexed by place, with every table that one of them refers to.
    faults : list of Fault
        What is known to be wrong with the cells already.

    Returns
    -------
    dict of str to DataFrame, list of Fault
        The faults include those known already.
    """
    frames, faults, held = {}, list(faults), set()
    for name, text in texts.items():
        frame, bad = _typed(name, text)
        faults += bad
        # a cell that could not be typed is empty by now, a rule repeats what is known of its cells, and the rules
        # of a derived table repeat those of the figures
        spoilt = set().union(*map(_cells, faults))
        faults += [
            f
            for f in violations(name, frame)
            if not (_cells(f) & spoilt or (f.place in held and ", " in f.column))
        ]
        held.update(frame.index.to_numpy(object))
        frames[name] = frame
    return frames, faults + foreign_faults(frames)


def _cells(fault: Fault) -> set[tuple[str, str]]:
    return {(fault.place, column) for column in fault.column.split(", ")}


# ---- Parquet


def arrow_schema(name: str, origins: tuple[str, ...] = ()) -> pa.Schema:
    """Types, units, meanings and origins of a table, so that a stray file explains itself."""
    import pyarrow as pa

    others = {"number": "double", "integer": "int64", "boolean": "bool", "date": "date32"}
    table = schemas.TABLES[name]
    fields = []
    for name_of, col in schemas.columns(name).items():
        meta = {"description": col.meaning} | _filled(unit=col.unit or None)
        nullable = name_of not in table.required
        fields.append(pa.field(name_of, others.get(col.dtype, "string"), nullable, meta))
    meta = {
        "rvdata.table": name,
        "rvdata.grain": table.grain,
        "rvdata.licence": table.licence,
        "rvdata.origins": ";".join(origins),
    }
    return pa.schema(fields, metadata=meta)


def to_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """A checked frame as an Arrow table, rows sorted by key."""
    import pyarrow as pa

    table = schemas.TABLES[name]
    key = _said_by(table.columns)
    origins = tuple(sorted(set(frame[key]))) if key else ()
    schema = arrow_schema(name, origins)
    ordered = frame.sort_values(list(table.key)).reset_index(drop=True)
    arrow = pa.Table.from_pandas(ordered, schema=schema, preserve_index=False, safe=True)
    # Frictionless needs pandas' own note to read integers with gaps; its versions would differ from machine to machine
    note = json.loads(arrow.schema.metadata[b"pandas"])
    note |= {"creator": {"library": "pyarrow"}, "pandas_version": "3"}
    return arrow.replace_schema_metadata(schema.metadata | {b"pandas": json.dumps(note).encode()})


def _said_by(columns: Iterable[str]) -> str | None:
    """The column that names the release or the article of a row, if there is one."""
    return next((key for key in ("origin_id", "source_id") if key in columns), None)


def origins_of(name: str) -> list[str]:
    """The articles and releases behind a table."""
    named = read(name).schema.metadata[b"rvdata.origins"].decode()
    return [origin for origin in named.split(";") if origin]


def fingerprint(table: pa.Table) -> str:
    """SHA-256 over column names, types and values: the same for any writer of the file."""
    digest = hashlib.sha256()
    for column in table.column_names:
        digest.update(f"{column}:{table.schema.field(column).type}\n".encode())
        cells = [None if v is None else str(v) for v in table[column].to_pylist()]
        digest.update(json.dumps(cells).encode())
    return digest.hexdigest()


def descriptor(arrow: Mapping[str, pa.Table], files: Mapping[str, str]) -> dict:
    """The Frictionless data package descriptor of a set of tables.

    Parameters
    ----------
    arrow : mapping of str to pyarrow.Table
    files : mapping of str to str
        SHA-256 of each table's file.

    Returns
    -------
    dict
        Without ``bytes``: Frictionless cannot count them for Parquet.
    """
    sources = [
        {"title": f"{o['publisher']}: {o['title']}"} | _filled(path=o["url"])
        for o in arrow["origins"].to_pylist()
    ]
    resources = []
    for name, table in arrow.items():
        decl = schemas.TABLES[name]
        fields = []
        for col_name, col in schemas.columns(name).items():
            # Frictionless takes a missing number for NaN, which no bound holds for; the build checks bounds itself
            bounded = col.dtype != "number" or col_name in decl.required
            constraints = _filled(
                required=col_name in decl.required or None,
                unique=(col_name,) == decl.key or None,
                enum=list(col.among) or None,
                pattern=f"^(?:{col.pattern})$" if col.pattern else None,
                minimum=col.low if bounded else None,
                maximum=col.high if bounded else None,
            )
            more = _filled(unit=col.unit or None, constraints=constraints or None)
            fields.append({"name": col_name, "type": col.dtype, "description": col.meaning} | more)
        keys = [
            {"fields": [c], "reference": {"resource": other, "fields": [key]}}
            for c, (other, key) in decl.foreign.items()
        ]
        resources.append(
            {
                "name": name,
                "path": f"{name}.parquet",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "description": decl.grain,
                "hash": f"sha256:{files[name]}",
                "rvdata:contents": f"sha256:{fingerprint(table)}",
                "rvdata:rows": table.num_rows,
                "rvdata:warnings": list(decl.warnings),
                "licenses": [{"name": decl.licence, "path": LICENCES[decl.licence]}],
                "schema": {"fields": fields, "primaryKey": list(decl.key)}
                | _filled(foreignKeys=keys or None),
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "rvdata",
        "title": "What articles state about Russia and Venezuela",
        "version": __version__,
        "description": "Figures, events and arguments stated in articles, with their place, their doubt and their verdict "
        "against primary data.",
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCES["CC-BY-4.0"]}],
        "sources": sources,
        "resources": resources,
    }


def _filled(**said: Any) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value is not None}


def write(arrow: Mapping[str, pa.Table], folder: Path) -> None:
    """Put a whole set of tables and its descriptor in place of what the folder holds, all or nothing.

    Raises
    ------
    DataError
        If the folder holds files that are not ours, or cannot be written. The old tables are then untouched.
        Dot files of a desktop or of version control stay.
    """
    import pyarrow.parquet as pq

    with replacing(folder) as stage:
        files = {}
        for name, table in arrow.items():
            path = stage / f"{name}.parquet"
            pq.write_table(table, path, compression="zstd")
            files[name] = file_hash(path)
        text = json.dumps(descriptor(arrow, files), indent=2, ensure_ascii=False) + "\n"
        (stage / DESCRIPTOR).write_text(text, encoding="utf-8")


@contextlib.contextmanager
def replacing(
    folder: Path,
    ours: Callable[[Path], bool] | None = None,
    remedy: str = "free space or choose another folder with --out",
) -> Iterator[Path]:
    """An empty folder beside `folder` that takes its place when the block ends well.

    What `ours` does not know as written by this project is never deleted: the folder is refused. `remedy` ends the message
    about a folder that cannot be written.

    The two folders change places in one step where the system can do that (Linux), so that even a killed
    process leaves either the old content or the new.
    """
    folder = Path(os.path.realpath(folder))  # of a link, what it points to is replaced
    try:
        inside = folder.iterdir() if folder.exists() else ()
        foreign = sorted(path.name for path in inside if not (ours or _ours)(path))
        if foreign:
            raise DataError(
                f"{folder}: holds {', '.join(foreign[:5])}, which rvdata did not write and would delete; "
                + ("move them away" if ours else "choose an empty folder with --out")
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        with whole.folder(folder) as stage:
            yield stage
            for path in folder.glob(".*"):
                if path.is_dir() and not path.is_symlink():
                    shutil.copytree(path, stage / path.name, symlinks=True)
                else:
                    shutil.copy2(path, stage / path.name, follow_symlinks=False)
    except OSError as error:
        raise DataError(
            f"{folder}: cannot be written ({error.strerror or error}); the old tables are untouched; "
            f"{remedy}"
        ) from error


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _recorded(folder: Path, name: str) -> str | None:
    """SHA-256 of a table's file as the folder's descriptor has it; None if there is no descriptor."""
    path = folder / DESCRIPTOR
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        return {r["name"]: r["hash"].removeprefix("sha256:") for r in resources}.get(name, "")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _stale(path, f"is no descriptor of ours ({type(error).__name__}: {error})") from error


def _stale(path: Path, what: str) -> DataError:
    return DataError(f"{path}: {what}; run `rvdata build`")


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}: cannot be read ({error.strerror or error}); change its permissions")


def _ours(path: Path) -> bool:
    return (
        path.name == DESCRIPTOR
        or path.name.startswith(".")
        or (path.suffix == ".parquet" and path.stem in schemas.TABLES)
    )


def read(name: str, folder: Path | None = None) -> pa.Table:
    """One processed table as it lies in a folder, refused unless it is one that rvdata wrote.

    Raises
    ------
    DataError
        If there is no such table, no such file, or the file is not what its name or the descriptor says.
    """
    return _read(name, *_asked(name, folder))


def state(*names: str) -> tuple:
    """What changes with the files of some tables, which are noted as read: what follows from them can be kept by it."""
    return tuple(_asked(name) for name in names)


def _asked(name: str, folder: Path | None = None) -> tuple[Path, tuple]:
    """A table's file, of which it is noted that it is read, and what changes with it or the descriptor beside it."""
    spec(name)
    folder = folder or paths.processed()
    path = folder / f"{name}.parquet"
    reads.note(path)
    with contextlib.suppress(OSError):
        stats = [os.stat(one) for one in (path, folder / DESCRIPTOR)]
        return path, tuple((s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in stats)
    return path, (time.monotonic_ns(),)  # of what cannot be told nothing is kept


@functools.lru_cache(maxsize=64)
def _read(name: str, path: Path, state: tuple) -> pa.Table:
    """One table, read once for each state of its file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for _ in range(2):  # perhaps a build comes between the two
            recorded, content = _recorded(path.parent, name), path.read_bytes()
            own = hashlib.sha256(content).hexdigest()
            if recorded in (None, own):
                break
        # starting threads takes longer than reading any of our tables
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        if recorded is None:  # nobody says that these are the bytes that were written
            table.validate(full=True)
    except FileNotFoundError:
        raise _stale(path, "not there") from None
    except PermissionError as error:
        raise _unreadable(path, error) from error
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise _stale(path, f"cannot be read as Parquet ({reason})") from error
    written_as = (table.schema.metadata or {}).get(b"rvdata.table", b"").decode()
    if written_as != name:
        what = f"is the rvdata table {written_as!r}" if written_as else "was not written by rvdata"
        raise _stale(path, what)
    expected = arrow_schema(name)
    if table.schema.names != expected.names or table.schema.types != expected.types:
        odd = sorted(set(table.schema.names) ^ set(expected.names)) or ["types"]
        raise _stale(path, f"was written by another version of rvdata ({', '.join(odd[:5])})")
    if recorded not in (None, own):
        raise _stale(path, f"is not the file that {DESCRIPTOR} records")
    return table


def origins() -> dict[str, dict]:
    """The rows of the table of origins by identifier; to be read, not changed."""
    return _origins(*_asked("origins"))


@functools.lru_cache(maxsize=4)
def _origins(path: Path, state: tuple) -> dict[str, dict]:
    return {row["origin_id"]: row for row in _read("origins", path, state).to_pylist()}


@functools.lru_cache(maxsize=64)
def _frame(name: str, path: Path, state: tuple) -> pd.DataFrame:
    table = _read(name, path, state).replace_schema_metadata()  # its notes may be damaged
    frame = table.to_pandas(date_as_object=False, use_threads=False)
    wanted = schemas.types(name).items()
    return frame.astype({col: dtype for col, dtype in wanted if frame.dtypes[col] != dtype})


def load(name: str, release: str | None = None) -> pd.DataFrame:
    """One processed table, in rows that can be used as they are.

    Parameters
    ----------
    name : str
        Name of the table; `tables()` lists them.
    release : str, optional
        A data release or an article, for its rows alone; "all" for all rows. By default the best release for each slice
        of the table, without totals beside their parts: of arms, the newest for each recipient that has all suppliers,
        exact by year where there is such a one; of figure_checks, the primary rows; of other primary data, one release.

    Returns
    -------
    DataFrame
        One row per what `describe` says; dates are ``datetime64``, missing text is NaN. Years that a release does not
        cover are absent, never 0; a warning tells which years the best release lacks and another has.

    Raises
    ------
    DataError
        If the table, its file or the release does not exist.

    Examples
    --------
    >>> load("arms_import_shares")[["suppliers", "share_pct"]].query("share_pct == 70").suppliers.item()
    'RUS'
    >>> load("displaced_persons").origin_id.unique().tolist()
    ['unhcr-2025-12']
    """
    path, state = _asked(name)
    if release is None:
        best = schemas.TABLES[name].best
        others = ["origins", best.alike] if best else []
        frame, lacking = _kept(name, path, state, *(_asked(other) for other in others if other))
        for years in lacking:
            warnings.warn(years, stacklevel=2)
        return frame.copy(deep=False)  # what a caller changes is his alone
    frame = _frame(name, path, state).copy(deep=False)
    if release == "all":
        return frame
    key = _said_by(frame.columns)
    if key is None:
        raise DataError(f"table {name} has no releases; leave `release` out")
    known = sorted(frame[key].unique())
    if release not in known:
        raise DataError(
            f"table {name} has no rows of {release!r}{nearest(release, known)}; "
            f"there are: {', '.join(known)}"
        )
    return frame[frame[key] == release].reset_index(drop=True)


@functools.lru_cache(maxsize=64)
def _kept(name: str, path: Path, state: tuple, *others: Any) -> tuple[pd.DataFrame, list[str]]:
    """What `_best` gives, for each state of a table and of others that decide, of which origins is the first."""
    return _best(name, _frame(name, path, state), _origins(*others[0]) if others else {})


def _best(
    name: str, frame: pd.DataFrame, releases: Mapping[str, Mapping]
) -> tuple[pd.DataFrame, list[str]]:
    """The rows that a table's declaration calls best, see `schemas.Best`; and what is to be said of years that they lack."""
    import pandas as pd

    lacking: list[str] = []
    best, rows = schemas.TABLES[name].best, schemas.TABLES[name].rows
    if best:
        slices = frame.groupby(list(best.by), sort=False) if best.by else [((), frame)]
        found = [_slice(name, best, value, own, releases, lacking) for value, own in slices]
        frame = pd.concat([frame.head(0), *found]).sort_index()
    if rows:
        frame = frame.query(rows, engine="python")
    return frame.reset_index(drop=True) if best or rows else frame, lacking


def _slice(
    name: str,
    best: schemas.Best,
    value: tuple,
    rows: pd.DataFrame,
    releases: Mapping[str, Mapping],
    lacking: list[str],
) -> pd.DataFrame:
    """Rows of the best release of one slice; none if no release has all of it."""
    token = f"{best.covering}={value[0]}" if best.covering else "*"
    allowed = set(rows["origin_id"].unique())
    if best.alike:
        allowed = allowed & set(origins_of(best.alike)) or allowed
    if best.covering:
        allowed = {o for o in allowed if covers(releases[o], token)}

    def rank(origin: str) -> tuple:
        own, release = rows[rows["origin_id"] == origin], releases[origin]
        column, inexact = best.inexact
        return (
            not best.filled or bool(own[best.filled].notna().any()),
            not column or not bool((own[column] == inexact).any()),
            bool(best.covering) or (covers(release), len(str(release["covers"]).split(";"))),
            str(came_out(release)),
            origin,
        )

    if not allowed:
        return rows.head(0)
    *others, best_one = sorted(allowed, key=rank)
    start, end = (releases[best_one][c] for c in ("data_from", "data_through"))
    held = [
        f"{o} has {_years(releases[o])}"
        for o in reversed(others)
        if best.covering and (releases[o]["data_from"] < start or releases[o]["data_through"] > end)
    ]
    if held:
        lacking.append(
            f"{name}: of {value[0]}, {best_one} stands for the table, which has {_years(releases[best_one])}; "
            f"{', '.join(held)} (release=…)"
        )
    return rows[rows["origin_id"] == best_one]


def _years(release: Mapping) -> str:
    return f"{release['data_from'].year} to {release['data_through'].year}"


def describe(name: str) -> Shown:
    """What a table holds, in plain text: grain, rows, key, columns with units, licence and warnings.

    Examples
    --------
    >>> print(describe("refugee_counts").splitlines()[0])
    refugee_counts: One row per stated count of displaced people.
    """
    table, decl = read(name), spec(name)
    origins = origins_of(name)
    head = [
        f"{name}: {decl.grain}",
        f"rows: {table.num_rows}    key: {', '.join(decl.key)}    licence: {decl.licence}",
    ]
    head += [f"origins: {', '.join(origins)}"] if origins else []
    columns = []
    for col_name, col in schemas.columns(name).items():
        filled = str(table.num_rows - table[col_name].null_count)
        unit = f" [{col.unit}]" if col.unit else ""
        columns.append((col_name, col.dtype, filled, f"{col.meaning}{unit}"))
    width = max(map(len, decl.columns))
    lines = [f"  {c:<{width}}  {t:<7}  {n:>4} filled  {m}" for c, t, n, m in columns]
    said = [*head, "", "columns:", *lines, "", "mind:", *(f"  - {w}" for w in decl.warnings)]
    markup = "".join(f"<p>{cell(line)}</p>" for line in head)
    markup += grid(("column", "type", "filled", "meaning [unit]"), columns)
    markup += "".join(f"<p>Mind: {cell(warning)}</p>" for warning in decl.warnings)
    return Shown("\n".join(said), markup)

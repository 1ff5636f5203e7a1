"""Small tables compiled from a publisher's file: what an importer hands over, how it is stored, how a build reads it.

A release is a folder ``data/raw/<provider>/<origin_id>/`` with one CSV file per table and a row in ``origins.csv`` that
holds the hash of the publisher's file and of the compiled tables. Folder and row are replaced together; what a
process that was killed between the two has left is completed by the next command.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from nbfleet import whole
from rvdata import locks, origins, paths, rawcsv, schemas, store
from rvdata.errors import DataError, Fault, nearest, refuse
from rvdata.sources import delivered
from rvdata.text import visible

#: Importers by the name that `rvdata import` takes; each is a module of this package with `read(path, only)`.
PROVIDERS = ("sipri", "unhcr", "worldbank", "cpi", "unga", "ofac", "series")
_AGAIN = "import the file again"


@dataclass(frozen=True)
class Release:
    """What an importer makes of one file: tables without their origin, and what the file says of itself."""

    tables: dict[str, pd.DataFrame]
    title: str
    publisher: str
    url: str
    licence: str
    redistribution: str
    #: Of what the release has everything: "*", or "recipient=VEN", "supplier=RUS", …
    covers: tuple[str, ...]
    data_from: str  # ISO days
    data_through: str
    generated: str = ""  # ISO day on which the publisher made the file, as far as it says so
    #: One line each: what was repaired, summed up or left out, with numbers.
    notes: tuple[str, ...] = ()


def columns(table: str) -> tuple[str, ...]:
    """Columns of a compiled table: those of the processed one without the release."""
    return tuple(c for c in schemas.TABLES[table].columns if c != "origin_id")


def folder(provider: str, origin_id: str) -> Path:
    """Where a release lies."""
    return paths.raw() / provider / origin_id


def write(
    release: Release,
    provider: str,
    origin_id: str,
    file: Path,
    released: str = "",
    released_note: str = "",
) -> Path:
    """Put a release and its row of `origins.csv` in place, replacing an older import of it as a whole or not at all.

    Parameters
    ----------
    release : Release
    provider : str
        One of `PROVIDERS`.
    origin_id : str
        Identifier of the release, such as ``sipri-2025-01``.
    file : Path
        The publisher's file, or a folder of CSV files that make one release; only its hash is kept.
    released : str, optional
        Day of publication (YYYY-MM-DD), for files that do not say when they were generated; or the earliest and the latest
        possible day (YYYY-MM-DD/YYYY-MM-DD).
    released_note : str, optional
        From what that day is inferred, if no publisher prints it.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    DataError
        If the identifier is taken by something else, a table is not what its model says, no day is known, or nothing can be
        written. The old state is then untouched.
    """
    if not re.fullmatch(schemas.RELEASE_ID, origin_id):
        raise DataError(
            f"--origin {origin_id}: is no identifier; write lower-case words and digits with hyphens between, "
            f"such as {provider}-2025-01"
        )
    days = _days(release, released, released_note, file)
    tables = release.tables.items()
    texts = {name: _text(name, frame, origin_id, file) for name, frame in tables}
    said = ("title", "publisher", "generated", "data_from", "url", "licence", "redistribution")
    record = dict.fromkeys(origins.COLUMNS, "") | {name: getattr(release, name) for name in said}
    record |= {
        "origin_id": origin_id,
        "kind": "dataset",
        "released": days[0],
        "released_end": days[1],
        "released_precision": ("day" if days[0] == days[1] else "period") if released else "",
        "published_basis": ("inferred" if released_note else "printed") if released else "",
        "published_note": released_note,
        "data_through": min(release.data_through, days[1] or release.data_through),
        "sha256": _hash(file),
        "covers": ";".join(release.covers),
        "compiled_sha256": _digest(texts),
    }
    with locks.writing():
        return _put_in_place(texts, provider, record)


def _put_in_place(texts: dict[str, str], provider: str, record: dict[str, str]) -> Path:
    """Replace the folder of a release and its row of the registry; nobody else writes either meanwhile."""
    finish()
    origin_id = record["origin_id"]
    target, registry = folder(provider, origin_id), paths.raw() / "origins.csv"
    rows, faults = origins.read()
    refuse(faults)
    old = next((row for row in rows if row["origin_id"] == origin_id), None)
    others = (p for p in PROVIDERS if p != provider and folder(p, origin_id).exists())
    owner = next((f"a release of {other}" for other in others), "")
    if old and old["kind"] != "dataset":
        owner = f"{old.place}, an article"
    if owner:
        raise DataError(f"--origin {origin_id}: is taken by {owner}; choose another identifier")
    records = [record if row is old else row.cells for row in rows] + ([] if old else [record])
    remedy = "free space or change its permissions, and import again"
    try:
        with (
            whole.file(registry, rawcsv.content(origins.COLUMNS, records)),  # replaced last
            store.replacing(
                target, lambda p: p.suffix == ".csv" and p.stem in schemas.PRIMARY, remedy
            ) as stage,
        ):
            for name, text in texts.items():
                (stage / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        place = rawcsv.shown(registry)
        raise DataError(f"{place}: cannot be written ({error.strerror}); {remedy}") from error
    return target


def begun() -> list[Path]:
    """What a command that was killed, or one that runs, has begun to write in data/raw."""
    places = [paths.raw(), *(paths.raw() / name for name in PROVIDERS)]
    return [stage for place in places for stage in whole.stages(place)]


def finish() -> None:
    """Complete what a killed import or addition has put in place, clear away what it has not, and say which.

    Both write the registry beside the old one, then put their folder in place, then replace the registry. The caller
    holds data/raw alone, so that nothing found here belongs to a command that runs.
    """
    registry, stages = paths.raw() / "origins.csv", begun()
    for stage in sorted(path for path in stages if path.is_file()):
        rows, faults = rawcsv.read(stage, origins.COLUMNS)
        known = [row.cells for row in origins.read()[0]]
        new = [row.cells for row in rows if row.cells not in known]
        if not faults and len(new) == 1 and _in_place(new[0]):
            stage.replace(registry)
            name = visible(new[0]["origin_id"])
            said = f"{name} was put in place by a command that was killed; it is now registered in data/raw/origins.csv"
            print(f"rvdata: {said}", file=sys.stderr)
    left = [path for path in stages if path.exists()]
    for place in {path.parent for path in left}:
        whole.sweep(place)
    if left:
        said = "what a killed command had begun in data/raw is cleared away; run it again if it was not completed"
        print(f"rvdata: {said}", file=sys.stderr)


def _in_place(record: dict[str, str]) -> bool:
    """Whether the folder of a row of the registry holds what the row says."""
    origin_id = record["origin_id"]
    if record["kind"] == "article":
        return (paths.raw() / "articles" / origin_id).is_dir()
    for path in (folder(provider, origin_id) for provider in PROVIDERS):
        texts = {p.stem: p.read_text(encoding="utf-8") for p in path.glob("*.csv")}
        if texts and _digest(texts) == record["compiled_sha256"]:
            return True
    return False


def read(rows: list[rawcsv.Row]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """All compiled tables of the releases that these rows of `origins.csv` register, and what is wrong with them.

    There is one frame of texts for every name in `schemas.PRIMARY`, empty where no release has it; index "file:line".
    """
    found = {
        path.name: path
        for provider in PROVIDERS
        for path in sorted((paths.raw() / provider).glob("*"))
        if path.is_dir() and not path.name.startswith(".")
    }
    releases = {row["origin_id"]: row for row in rows if row["kind"] == "dataset"}
    faults = [
        Fault(rawcsv.shown(path), "folder", name, f"has no row in data/raw/origins.csv; {_AGAIN}")
        for name, path in found.items()
        if name not in releases
    ]
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in schemas.PRIMARY}
    for origin_id, row in releases.items():
        if origin_id not in found:
            remedy = f"has no folder of compiled tables; {_AGAIN} or remove the row"
            faults.append(row.fault("origin_id", remedy, origin_id))
            continue
        frames, more = _tables(found[origin_id], row)
        faults += more
        for name, frame in frames.items():
            parts[name].append(frame)
    empty = {
        name: pd.DataFrame(columns=list(schemas.TABLES[name].columns), dtype="str")
        for name in parts
    }
    return {
        name: pd.concat(frames)[list(empty[name])] if frames else empty[name]
        for name, frames in parts.items()
    }, faults


def _tables(folder: Path, row: rawcsv.Row) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The tables of one release as text; none if they are not those of its row of the registry."""
    texts, frames, faults = {}, {}, []
    for path in sorted(folder.glob("*.csv")):
        place = rawcsv.shown(path), "file", path.name
        if path.stem not in schemas.PRIMARY:
            hint = nearest(path.stem, schemas.PRIMARY)
            faults.append(Fault(*place, f"is no table that importers compile{hint}; remove it"))
            continue
        try:
            texts[path.stem] = rawcsv.content_of(path).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(*place, f"cannot be read ({error}); {_AGAIN}"))
    if _digest(texts) != row["compiled_sha256"]:
        place = rawcsv.shown(folder), "compiled_sha256", row["compiled_sha256"][:12]
        remedy = "is not what the folder holds: it was changed, or an import was cut short"
        return {}, [*faults, Fault(*place, f"{remedy}; {_AGAIN}")]
    for name, text in texts.items():
        frame = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False)
        place = rawcsv.shown(folder / f"{name}.csv")
        if tuple(frame.columns) != columns(name):
            remedy = f"is not the header of this version; {_AGAIN}"
            faults.append(Fault(f"{place}:1", "header", ",".join(frame.columns)[:60], remedy))
            continue
        frame.index = [f"{place}:{line}" for line in range(2, len(frame) + 2)]
        frames[name] = frame.assign(origin_id=row["origin_id"])
    return frames, faults


def _days(release: Release, released: str, note: str, file: Path) -> tuple[str, str]:
    """Earliest and latest possible day of publication, both empty where the file itself says when it was generated."""
    if not released:
        if note:
            raise DataError(
                "--released-note: says from what a day is inferred; give that day with --released"
            )
        if not release.generated:
            unread = [f" ({n})" for n in release.notes if n.endswith("is no day that can be read")]
            raise DataError(
                f"{file}: does not say when it was generated{''.join(unread)}; give the day of the release with --released YYYY-MM-DD"
            )
        return "", ""
    days = released.split("/")
    read = [delivered.day(day, "%Y-%m-%d") for day in days]
    if days != read or days != sorted(days) or len(days) > 2:
        raise DataError(
            f"--released {released}: is no day; write YYYY-MM-DD, or the earliest and latest possible day as "
            "YYYY-MM-DD/YYYY-MM-DD"
        )
    if len(days) == 2 and not note:
        raise DataError(
            f"--released {released}: two days are inferred, not printed; say from what with --released-note"
        )
    return days[0], days[-1]


def _text(name: str, frame: pd.DataFrame, origin_id: str, file: Path) -> str:
    """A frame as CSV in the order of its table, numbers with up to twelve digits; refused with every departure from its model."""
    types = schemas.types(name)
    ordered = frame.assign(origin_id=origin_id)[list(types)].astype(types)
    ordered = ordered.sort_values(list(schemas.TABLES[name].key)).reset_index(drop=True)
    faults = store.violations(name, ordered)
    refuse([replace(f, place=f"{file}, compiled row {f.place}") for f in faults])
    ordered = ordered.drop(columns="origin_id")
    return ordered.to_csv(index=False, float_format="%.12g", lineterminator="\n")


def _hash(file: Path) -> str:
    """SHA-256 of a file's bytes; of a folder, of the lines that `sha256sum *.csv` prints of its files in order of name."""
    if not file.is_dir():
        return store.file_hash(file)
    lines = (f"{store.file_hash(part)}  {part.name}\n" for part in sorted(file.glob("*.csv")))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _digest(texts: dict[str, str]) -> str:
    joined = "".join(f"{name}\n{texts[name]}" for name in sorted(texts))
    return hashlib.sha256(joined.encode()).hexdigest()

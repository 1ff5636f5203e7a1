"""From raw to processed: the ordered list of steps, pure until the last one writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from rvdata import articles, countries, paths, reconcile, schemas, store
from rvdata.errors import DataError, Fault, refuse
from rvdata.sources import compiled


@dataclass(frozen=True)
class Built:
    """Checked tables, ready to be written, and how many proposals of each article wait for a reader."""

    arrow: dict[str, pa.Table]
    waiting: dict[str, int]

    @property
    def proposed(self) -> int:
        """Proposals that wait, of all articles together."""
        return sum(self.waiting.values())


def build() -> Built:
    """Read, check and assemble every table from the raw files.

    Raises
    ------
    DataError
        With every fault of every file, one a line: file, row, column, value and remedy.
    """
    ledger, faults = articles.read()
    if not ledger.origins:  # each folder would be told to be of no origin
        refuse(faults)
    primary, bad = compiled.read(ledger.origins)
    texts = {"origins": None, "countries": countries.frame()} | articles.frames(ledger) | primary
    frames, faults = store.checked(texts, faults + bad)
    refuse(_once(faults))
    frames["figure_checks"] = verdicts = reconcile.check(frames)
    refuse(store.violations("figure_checks", verdicts) + store.foreign_faults(frames))
    return Built(
        {name: store.to_arrow(name, frames[name]) for name in schemas.TABLES}, ledger.waiting()
    )


def _once(faults: list[Fault]) -> list[Fault]:
    """A derived table repeats the faults of the figures that feed it: each place and value once, each empty cell."""
    first: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        first.setdefault((fault.place, fault.value or fault.column), fault)
    return list(first.values())


def differences(built: Built, folder: Path | None = None) -> list[str]:
    """In what a folder of processed tables departs from what the raw files give; empty if in nothing.

    Contents are compared, not file hashes: a Parquet file carries the version of its writer. That the
    files are those of the descriptor is checked when they are read.
    """
    folder = folder or paths.processed()
    found = []
    for name, table in built.arrow.items():
        try:
            old = store.read(name, folder)
        except DataError as error:
            found.append(str(error))
            continue
        if not old.schema.equals(table.schema, check_metadata=True):
            columns = old.schema.remove_metadata() == table.schema.remove_metadata() and all(
                a.equals(b, check_metadata=True)
                for a, b in zip(old.schema, table.schema, strict=True)
            )
            what = "grain, licence or origins" if columns else "column types, meanings or units"
            found.append(f"{folder / name}.parquet: {what} differ")
        elif not old.equals(table):
            found.append(f"{folder / name}.parquet: {_rows(old, table)}")
    path = folder / store.DESCRIPTOR
    try:
        old_text = json.loads(path.read_text(encoding="utf-8"))
        hashes = {r["name"]: r["hash"].removeprefix("sha256:") for r in old_text["resources"]}
    except FileNotFoundError:
        return [*found, f"{path}: not there"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return list(dict.fromkeys(found))  # every table was refused for it
    if old_text != store.descriptor(
        built.arrow, hashes | dict.fromkeys(built.arrow.keys() - hashes.keys(), "")
    ):
        found.append(f"{path}: describes other tables than the raw files give")
    return found


def _rows(old: pa.Table, new: pa.Table) -> str:
    """How the rows of two tables of one schema differ, in a line."""
    a, b = ({json.dumps(row, default=str) for row in t.to_pylist()} for t in (old, new))
    return (
        f"rows only in the folder: {len(a - b)}, rows only in what the raw files give: {len(b - a)}"
    )

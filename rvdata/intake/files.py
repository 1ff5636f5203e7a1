"""What intake reads and writes: one article's figures, row by row, each change checked first and put in place at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rvdata import articles, countries, locks, origins, paths, rawcsv, schemas, store
from rvdata.errors import DataError, Fault, refuse, unknown
from rvdata.rawcsv import Row

#: Columns of the derived tables, by the column of the ledger that feeds them.
_FED_BY = {"instrument": "family"} | {
    new: old for _, fed in articles.FED.values() for new, old in fed.items()
}
#: Identifiers of figures have three digits.
MOST_FIGURES = 999


class Changed(DataError):
    """A row is no longer what was shown: somebody else has written to its file."""


# ---- reading


def article(source: str) -> Row:
    """The registered article of that identifier."""
    registry, faults = origins.read()
    known = origins.articles(registry)
    if source not in known:
        refuse(faults)
        raise DataError(unknown("article", source, sorted(known)))
    return known[source]


def path(source: str) -> Path:
    """The file of an article's figures."""
    return paths.raw() / "articles" / source / "figures.csv"


def figures(source: str) -> list[Row]:
    """The figures of an article as they stand in its file, those set aside included."""
    rows, faults = rawcsv.read(path(source), articles.FIGURES)
    refuse(faults + rawcsv.duplicates(rows, "figure_id"))
    return rows


# ---- checking and writing


def put(source: str, shown: Row, cells: dict[str, str], check: bool = False) -> list[Fault]:
    """Change cells of one figure in its file, where the row still stands as it was shown.

    With `check` only what passes every check of `rvdata build` is written; what stands against it is returned.
    """
    with locks.writing():
        rows = figures(source)
        index = next((i for i, row in enumerate(rows) if row.cells == shown.cells), None)
        if index is None:
            raise Changed(
                f"{shown.place}: {shown['figure_id']} has been changed by somebody else; it is read again"
            )
        rows[index] = replace(rows[index], cells={**shown.cells, **cells})
        if check and (faults := new_faults(source, rows, rows[index].place)):
            return faults
        _write(source, [row.cells for row in rows])
    return []


def append(source: str, make: Callable[[str], dict[str, str]]) -> str:
    """Add a row, made for the next free identifier of the article, at the end of its file; returns the identifier."""
    with locks.writing():
        rows = figures(source)
        numbers = [int(row["figure_id"].rpartition("f")[2]) for row in rows]
        figure_id = f"{source}-f{max(numbers, default=0) + 1:0{3 if len(rows) > 99 else 2}}"
        if max(numbers, default=0) >= MOST_FIGURES:
            raise DataError(
                f"{rawcsv.shown(path(source))}: the ledger takes {MOST_FIGURES} figures of one article"
            )
        _write(source, [*(row.cells for row in rows), make(figure_id)])
    return figure_id


def _write(source: str, cells: list[dict[str, str]]) -> None:
    try:  # in the order of columns that the file has
        rawcsv.write(path(source), tuple(cells[0]), cells)
    except OSError as error:
        raise DataError(
            f"{rawcsv.shown(path(source))}: cannot be written ({error.strerror or error}); "
            "the file stands as it was. Free space or change its permissions"
        ) from error


def new_faults(source: str, rows: list[Row], place: str = "") -> list[Fault]:
    """What the ledger's own checks find wrong once these are the figures of an article, and did not find before.

    Everything wrong at `place` counts as new: a row that is confirmed must be right.
    """
    found = _faults({source: rows})
    if any(f.place != place for f in found):
        known = set(map(str, _faults({})))
        found = [f for f in found if f.place == place or str(f) not in known]
    once = {(f.place, _FED_BY.get(f.column, f.column)): f for f in reversed(found)}
    return [replace(f, column=column) for (_, column), f in reversed(once.items())]


def _faults(drafts: dict[str, list[Row]]) -> list[Fault]:
    ledger, faults = articles.read(drafts)
    texts = {"origins": None, "countries": countries.frame()} | articles.frames(ledger)
    return store.checked(texts, faults)[1]


def required(row: Row) -> list[str]:
    """Columns that a reader must still fill: those of every figure, and those of the table that its family feeds."""
    asked = [c for c in schemas.TABLES["figures"].required if c in row.cells]
    lent = row["family"] in ("investment_total", "loan") and row["unit"] == "USD"
    if lent or row["family"] == "arms_import_share":
        asked += ["subject", "counterpart"]
    elif row["family"] == "refugee_count":
        asked.append("subject")
    return [c for c in asked if not row[c]]

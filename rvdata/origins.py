"""Articles and data releases: the registry, its hashes, and how each is cited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rvdata import paths, rawcsv, schemas
from rvdata.errors import Fault

COLUMNS = schemas.TABLES["origins"].columns
STATEMENTS = schemas.TABLES["statements"].columns


def read() -> tuple[list[rawcsv.Row], list[Fault]]:
    """The rows of ``data/raw/origins.csv`` and everything wrong with them as rows."""
    rows, faults = rawcsv.read(paths.raw() / "origins.csv", COLUMNS)
    faults += rawcsv.duplicates(rows, "origin_id")
    unsaid = "must say from what the day of publication is inferred"
    undated = "must not be empty: an article has a first and a last possible day of publication"
    for row in rows:
        if row["published_basis"] == "inferred" and not row["published_note"]:
            faults.append(row.fault("published_note", unsaid))
        days = ("released", "released_end") if row["kind"] == "article" else ()
        faults += [row.fault(day, undated) for day in days if not row[day]]
    return rows, faults


def statements(rows: list[rawcsv.Row]) -> tuple[list[rawcsv.Row], list[Fault]]:
    """What documents among the registered origins state, from ``data/raw/statements.csv``; none where there is no such file."""
    path = paths.raw() / "statements.csv"
    documents = {row["origin_id"] for row in rows if row["kind"] == "document"}
    found, faults = rawcsv.read(path, STATEMENTS) if path.exists() else ([], [])
    return found, faults + [
        row.fault("origin_id", "is no document; register it in data/raw/origins.csv")
        for row in found
        if row["origin_id"] not in documents
    ]


def articles(rows: list[rawcsv.Row]) -> dict[str, rawcsv.Row]:
    """The articles among the registered origins, by identifier."""
    return {row["origin_id"]: row for row in rows if row["kind"] == "article"}


def came_out(release: Mapping) -> Any:
    """The first day on which a release can have come out; that of the copy at hand where none is known."""
    released = release["released"]
    return release["generated"] if released is None or released != released else released


def covers(
    release: Mapping, *tokens: str, start: int | None = None, end: int | None = None
) -> bool:
    """Whether a release has all, or all of one of the tokens such as ``recipient=VEN``, over the years if some are given."""
    return (
        not {"*", *tokens}.isdisjoint(str(release["covers"]).split(";"))
        and (start is None or release["data_from"].year <= start)
        and (end is None or end <= release["data_through"].year)
    )


def citation(origin: dict) -> str:
    """One line of bibliography for an origin.

    Parameters
    ----------
    origin : dict
        A row of the table `origins`; missing cells are None or NaN.

    Returns
    -------
    str
        Authors, year, title, publisher; what is inferred stands in brackets.

    Examples
    --------
    >>> citation({"authors": "A. Author (Institute)", "released": "2019-02-04", "published_basis": "inferred",
    ...           "title": "Some Title", "publisher": "The Paper", "kind": "article", "url": None})
    'A. Author (Institute) ([2019]): Some Title. The Paper.'
    >>> citation({"generated": "2025-01-03", "title": "Some Database", "publisher": "The Institute", "kind": "dataset"})
    'The Institute (generated 2025-01-03): Some Database.'
    """

    def cell(name: str) -> str:
        value = origin.get(name)
        return "" if value is None or value != value else str(value)

    year = cell("released")[:4] if not cell("generated") else f"generated {cell('generated')[:10]}"
    if year and not cell("generated") and cell("published_basis") == "inferred":
        year = f"[{year}]"
    who = cell("authors") or cell("publisher")
    tail = "" if who == cell("publisher") else f" {cell('publisher')}."
    link = f" {cell('url')}" if cell("url") else ""
    return f"{who} ({year or 'no date'}): {cell('title')}.{tail}{link}"

"""Figures that the ledger has already: likely the same number, said again or taken from the same place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rvdata import articles, schemas
from rvdata.rawcsv import Row

#: Words of a measure that say nothing about what is measured.
_COMMON = schemas.words(
    "share number total amount place people from with that which their into about other more than "
    "over have been were since states countries"
)


def alike(source: str, rows: Iterable[dict[str, str]]) -> dict[str, list[str]]:
    """The figures of the ledger, and earlier proposals of the same article, that each of its rows may repeat."""
    ledger, _ = articles.read()
    publishers = {row["origin_id"]: row["publisher"] for row in ledger.origins}
    known = [(publishers[of], row) for of, row in ledger.rows["figures"]]
    aside = [("this article", row) for of, row in ledger.aside["figures"] if of == source]
    waiting = [one for one in aside if one[1]["status"] == "proposed"]
    found = {}
    for cells in rows:
        earlier = [one for one in waiting if one[1]["figure_id"] < cells["figure_id"]]
        found[cells["figure_id"]] = like(cells, known + earlier)
    return found


def like(cells: dict[str, str], others: Iterable[tuple[str, Row]]) -> list[str]:
    """The figures among others that may be this one: which, what they print and measure, and of what article.

    Two figures are alike if their units are the same, what is printed agrees within half of the larger step, their
    times do not exclude one another, and they speak of the same: of the same states and the same kind of quantity, or
    at least in the same words.
    """
    return [
        f"{row['figure_id']}, {_printed(row)}, {row['measure']} ({source})"
        for source, row in others
        if row["figure_id"] != cells["figure_id"]
        and row["unit"] == cells["unit"]
        and cells["unit"]
        and _agree(cells, row.cells)
        and _together(cells, row.cells)
        and _akin(cells, row.cells)
    ]


def _printed(row: Row) -> str:
    return f"“{row['stated']}”" if row["stated"] else f"{row['value']} {row['unit']}, derived"


def _agree(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether the two prints can mean one number: equal to within the digit that the coarser of them commits to."""
    if (one["qualifier"] == "vague") != (other["qualifier"] == "vague"):
        return False
    a, b = _interval(one), _interval(other)
    return a is not None and b is not None and a[0] <= b[1] and b[0] <= a[1]


def _interval(cells: dict[str, str]) -> tuple[float, float] | None:
    """What is printed, half a step wider on either side; a hedge opens no side, or "over 1" would be like anything."""
    try:
        printed = [float(cells[c]) for c in ("value", "low", "high") if cells[c]]
        largest = max(map(abs, printed))
        slack = float(cells["stated_step"] or 0) / 2 or largest * 0.005
    except ValueError:  # no number, in a row that was written by hand
        return None
    # two small counts are the same only if they are equal
    slack = min(slack, largest / 4) if largest >= 10 else 1e-6
    return min(printed) - slack * (1 - 1e-9), max(printed) + slack * (1 - 1e-9)


def _together(one: dict[str, str], other: dict[str, str]) -> bool:
    (a, b), (c, d) = _span(one), _span(other)
    return not ((b and c and b < c) or (a and d and d < a))


def _span(cells: dict[str, str]) -> tuple[str, str]:
    if cells["period_start"] or cells["period_end"]:
        return cells["period_start"], cells["period_end"]
    # a count that has no date of its own may be older than its article, or be repeated later
    return ("", "") if cells["as_of_basis"] == "inferred" else (cells["as_of"], cells["as_of_end"])


def _akin(one: dict[str, str], other: dict[str, str]) -> bool:
    states = [
        {code for c in ("subject", "counterpart") for code in cells[c].split(";") if code}
        for cells in (one, other)
    ]
    family = one["family"] == other["family"] != "other"
    words = bool(_words(one["measure"]) & _words(other["measure"]))
    if all(states):
        return bool(states[0] & states[1]) and (family or words)
    return (words and one["family"] == other["family"]) or (
        family and (_telling(one) or one["unit"] == "percent")
    )


def _telling(cells: dict[str, str]) -> bool:
    """Whether a number alone is unlikely to be met twice by chance: two digits and more, or large."""
    printed = max(abs(float(cells[c])) for c in ("value", "low", "high") if cells[c])
    return len(f"{printed:.15g}".strip("0").replace(".", "")) > 1 or printed >= 1e6


def _words(measure: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[^\W\d_]{4,}", measure.casefold())} - {
        *_COMMON
    }

"""The ledger of what articles state: read, check, assemble the tables, prove the places."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from figurefind import locators, quantities
from rvdata import countries, origins, paths, rawcsv, schemas
from rvdata.errors import DataError, Fault, nearest
from rvdata.rawcsv import Row
from rvdata.text import coarser

if TYPE_CHECKING:
    import pandas as pd

FIGURES = tuple(
    c for c in schemas.TABLES["figures"].columns if c not in ("source_id", "least", "most")
)
EVENTS = tuple(
    c
    for c in schemas.TABLES["events"].columns
    if c not in ("source_id", "date_end_precision", "date_end_basis")
)
ARGUMENTS = tuple(c for c in schemas.TABLES["arguments"].columns if c not in ("source_id", "kind"))
HAPPENINGS = schemas.TABLES["happenings"].columns
FILES = {"figures": FIGURES, "events": EVENTS, "arguments": ARGUMENTS}
KEYS = {"figures": "figure_id", "events": "event_id", "arguments": "argument_id"}
#: Columns that hold codes of states, and further ones that hold a list.
_CODES = {
    "figures": ("subject", "counterpart", "responsible"),
    "events": ("actors", "place"),
    "arguments": ("actor",),
    "happenings": ("actors", "targets", "place"),
}
_LISTS = {
    "figures": ("derived_from", "follows_from", "conflicts_with"),
    "events": ("conflicts_with",),
    "happenings": ("part_of",),
}
#: Units that a family is counted in; families that are not named here take any.
_UNITS = {
    "arms_import_share": ("percent",),
    "trade_growth": ("percent",),
    "election_share": ("percent",),
    "refugee_count": ("persons",),
    "soldier": ("persons",),
    "casualty": ("persons",),
    "ship": ("ships",),
    "aircraft": ("aircraft",),
    "missile": ("missiles",),
    "investment_total": schemas.CURRENCIES,
    "loan": schemas.CURRENCIES,
    "rank": ("rank",),
    "duration": ("years", "months", "days"),
}


#: Tables made of figures: families with what each of them adds, and the column of the ledger that feeds another one.
FED: dict[str, tuple[dict[str, dict[str, str]], dict[str, str]]] = {
    "arms_import_shares": (
        {"arms_import_share": {}},
        {"recipient": "subject", "suppliers": "counterpart", "share_pct": "value"},
    ),
    "refugee_counts": (
        {"refugee_count": {}},
        {"origin": "subject", "origin_basis": "subject_basis", "persons": "value"},
    ),
    "investment_totals": (
        {"investment_total": {"instrument": "investment"}, "loan": {"instrument": "loan"}},
        {"investor": "counterpart", "host": "subject", "amount_usd": "value"},
    ),
}


@dataclass(frozen=True)
class Ledger:
    """Every row of every article, by table, with the article that it belongs to; those set aside apart."""

    rows: dict[str, list[tuple[str, Row]]]
    origins: list[Row]
    aside: dict[str, list[tuple[str, Row]]]
    statements: list[Row]
    happenings: list[Row]

    def waiting(self) -> dict[str, int]:
        """How many proposals of each article no reader has decided on."""
        return dict(
            Counter(
                source
                for pairs in self.aside.values()
                for source, row in pairs
                if row["status"] == "proposed"
            )
        )

    def located(self) -> list[tuple[str, str, Row]]:
        """(source, identifier, row) of every row that has a place of its own in a text."""
        return [
            (source, row[KEYS[table]], row)
            for table, rows in self.rows.items()
            for source, row in rows
            if not row.cells.get("derived_from")
        ]


def read(drafts: Mapping[str, list[Row]] | None = None) -> tuple[Ledger, list[Fault]]:
    """The whole ledger below ``data/raw/articles`` and everything wrong with it, row by row.

    Parameters
    ----------
    drafts : mapping of str to list of Row, optional
        Figures to be taken for those of an article instead of its file, to see what they would lead to.

    Returns
    -------
    Ledger, list of Fault
        Of rows with status `proposed` or `rejected` only the identifiers are checked.
    """
    registry, faults = origins.read()
    known = origins.articles(registry)
    folder = paths.raw() / "articles"
    on_disk = {p.name for p in folder.iterdir() if p.is_dir()} if folder.is_dir() else set()
    for name in sorted(on_disk - set(known)):
        faults.append(
            Fault(
                rawcsv.shown(folder / name),
                "origin_id",
                name,
                f"is no article in data/raw/origins.csv{nearest(name, known)}; register it there",
            )
        )
    rows: dict[str, list[tuple[str, Row]]] = {table: [] for table in FILES}
    aside: dict[str, list[tuple[str, Row]]] = {table: [] for table in FILES}
    for source in sorted(known):
        for table, columns in FILES.items():
            if table == "figures" and drafts and source in drafts:
                found, bad = drafts[source], []
            else:
                found, bad = rawcsv.read(folder / source / f"{table}.csv", columns)
            faults += bad
            for row in found:
                (aside if row["status"] in schemas.SET_ASIDE else rows)[table].append((source, row))
    documents, bad = origins.statements(registry)
    happenings, more = rawcsv.read(paths.raw() / "happenings.csv", HAPPENINGS)
    ledger = Ledger(rows, registry, aside, documents, happenings)
    return ledger, faults + bad + more + _faults(ledger, known) + _happening_faults(ledger)


def waiting() -> dict[str, int]:
    """How many proposals of each registered article wait, whatever else may be wrong with the ledger."""
    registry, _ = origins.read()
    found = {}
    for source in origins.articles(registry):
        rows = [
            row
            for table, columns in FILES.items()
            for row in rawcsv.read(paths.raw() / "articles" / source / f"{table}.csv", columns)[0]
        ]
        if number := sum(row["status"] == "proposed" for row in rows):
            found[source] = number
    return found


# ---- row checks


def _faults(ledger: Ledger, known: dict[str, Row]) -> list[Fault]:
    faults: list[Fault] = []
    for table, pairs in ledger.rows.items():
        key = KEYS[table]
        faults += rawcsv.duplicates([row for _, row in pairs + ledger.aside[table]], key)
        ids = {row[key] for _, row in pairs}
        for source, row in pairs:
            if not row[key].startswith(source + "-"):
                faults.append(row.fault(key, f"must begin with {source}-"))
            faults += _locator_faults(row, known[source])
            faults += _country_faults(table, row)
            faults += _list_faults(table, row)
            faults += _status_faults(table, row, ids)
        if table != "arguments":
            faults += _one_sided_conflicts(pairs, key)
        if table == "figures":
            figures = {row[key]: row for _, row in pairs}
            for _, row in pairs:
                faults += quantity_faults(row)
                faults += _unit_faults(row)
                faults += _derived_faults(row, figures)
                faults += _date_faults(row, "as_of", "as_of_end", "as_of_precision", "as_of_basis")
                faults += _period_faults(row)
            faults += _overlapping_spans(pairs)
            faults += _overlapping_periods(pairs)
        if table == "events":
            for source, row in pairs:
                faults += _date_faults(row, "date", "date_end", "date_precision", "date_basis")
                faults += _event_faults(row, known[source])
                if not (row["date"] or row["date_end"]):
                    faults.append(
                        row.fault("date", "and date_end are both empty; an event has a date", "")
                    )
        if table == "arguments":
            for _, row in pairs:
                faults += _holder_faults(row)
    return faults


def quantity_faults(row: Row) -> list[Fault]:
    """Where the typed columns of a figure are not what its printed expression gives."""
    if row["derived_from"]:
        return (
            [row.fault("stated", "must be empty in a derived row: nothing is printed")]
            if row["stated"]
            else []
        )
    try:
        quantity = quantities.parse(row["stated"], row["hedge"] or None)
    except quantities.QuantityError as error:
        return [row.fault("stated", str(error))]
    faults = []
    expected = {
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "stated_step": quantity.step,
        "qualifier": quantity.qualifier,
    }
    together = len(row.listed("subject"))
    if row["unit"] == "rank" and together > 1:  # n that are called the first take places 1 to n
        last = (quantity.low or 1) + together - 1
        expected |= {"value": None, "high": last, "qualifier": "range"}
    for column, value in expected.items():
        cell = row[column]
        if column == "qualifier":
            same = cell == value
        else:
            number = _number(cell)
            same = (value is None and not cell) or (
                value is not None
                and number is not None
                and abs(number - value) <= 1e-9 * max(1.0, abs(value))
            )
        if not same:
            faults.append(
                row.fault(
                    column,
                    f"is not what {row['stated']!r} gives; write "
                    + (f"{value!r}" if column == "qualifier" else number_cell(value) or "nothing"),
                    cell,
                )
            )
    unit = quantity.unit
    if unit is not None and row["unit"] != unit:
        faults.append(row.fault("unit", f"is not what {row['stated']!r} gives; write {unit}"))
    if unit is None and row["unit"] in (
        *schemas.CURRENCIES,
        "percent",
        "percentage_points",
        "factor",
    ):
        faults.append(row.fault("unit", f"is not printed in {row['stated']!r}; spell it there"))
    return faults


def _unit_faults(row: Row) -> list[Fault]:
    units = _UNITS.get(row["family"], (row["unit"],))
    return (
        []
        if row["unit"] in units
        else [
            row.fault(
                "unit",
                f"does not fit family {row['family']}; write {' or '.join(units)}, "
                "or change the family",
            )
        ]
    )


def number_cell(value: float | None) -> str:
    """A number as the ledger writes it: no exponent, no needless decimals; nothing for None."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def left_open(cells: Mapping[str, str]) -> tuple[float | None, float | None]:
    """The interval that the print of a figure leaves open: its bounds, or half a step to either side of its value.

    A round percentage is taken to be rounded to tens or fives. What is counted one by one, a place, a factor and a sum
    that is set are what they say.

    Examples
    --------
    >>> row = {"value": "70", "low": "70", "high": "70", "stated_step": "1", "unit": "percent", "qualifier": "exact"}
    >>> left_open(row | {"family": "arms_import_share", "derived_from": ""})
    (65.0, 75.0)
    """
    value, low, high, step = (_number(cells[c]) for c in ("value", "low", "high", "stated_step"))
    if value is None or cells["derived_from"] or cells["qualifier"] not in ("exact", "approx"):
        return low, high
    if cells["unit"] in ("rank", "factor") or cells["family"] == "reward":
        return value, value
    percent = cells["unit"] in ("percent", "percentage_points")
    if step is None or (step == 1 and not percent):
        return (value, value) if cells["qualifier"] == "exact" else (None, None)
    half = coarser(value, step, cells["unit"]) / 2
    return (
        (max(0.0, value - half), min(100.0, value + half))
        if percent
        else (value - half, value + half)
    )


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _locator_faults(row: Row, article: Row) -> list[Fault]:
    if row.cells.get("derived_from"):
        filled = [c for c in schemas.LOCATOR if row[c]]
        return [row.fault(c, "must be empty in a derived row") for c in filled]
    faults = [
        row.fault(c, "must not be empty: a row that is printed has a place", "")
        for c in schemas.LOCATOR
        if not row[c]
    ]
    faults += [
        row.fault(c, "is no whole number; write digits only")
        for c in ("start", "end")
        if row[c] and _whole(row[c]) is None
    ]
    start, end, chars = (_whole(row["start"]), _whole(row["end"]), _whole(article["chars"]))
    if (
        start is not None
        and end is not None
        and chars is not None
        and not 0 <= start < end <= chars
    ):
        faults.append(
            row.fault(
                "start, end",
                f"is no stretch of the text, which has {chars} characters",
                f"{start}, {end}",
            )
        )
    try:
        locators.parse_hashes(row["context_hashes"])
    except ValueError as error:
        faults.append(row.fault("context_hashes", str(error)))
    return faults


def _whole(cell: str) -> int | None:
    return int(cell) if cell.isascii() and cell.isdigit() else None


def _country_faults(table: str, row: Row) -> list[Fault]:
    known = countries.table()
    return [
        row.fault(
            column,
            f"is no country code{countries.hint(code)}; use a code of "
            "data/raw/countries.csv or add it there",
            code,
        )
        for column in _CODES[table]
        for code in row.listed(column)
        if code not in known
    ]


def _list_faults(table: str, row: Row) -> list[Fault]:
    return [
        row.fault(
            c,
            "holds an empty, repeated or spaced part; write "
            + (";".join(dict.fromkeys(row.listed(c))) or "nothing"),
        )
        for c in (*_CODES[table], *_LISTS.get(table, ()))
        if row[c] != ";".join(dict.fromkeys(row.listed(c)))
    ]


def _place_faults(row: Row) -> list[Fault]:
    one = len(set(row.listed("place"))) <= 1
    remedy = "holds more than one code; keep one, or leave it empty"
    return [] if one else [row.fault("place", remedy)]


def _event_faults(row: Row, article: Row) -> list[Fault]:
    faults = _place_faults(row)
    day, last = _day(row["date"]), _day(row["date_end"])
    published = _day(article["released_end"])
    if row["date_precision"] == "ongoing" and last != published:
        faults.append(
            row.fault(
                "date_end",
                f"is not the last possible day of publication ({published}), to which what is ongoing lasts",
            )
        )
    if row["category"] == "outlook" or not published:
        return faults
    if day and day > published:
        faults.append(
            row.fault(
                "date",
                f"is after the publication of its article ({published}); "
                "correct it, or make the category outlook",
            )
        )
    elif last and last > published:
        faults.append(
            row.fault(
                "date_end",
                f"is after the publication of its article ({published}), when it was past; end it there "
                "with precision after, or make the category outlook",
            )
        )
    return faults


def _happening_faults(ledger: Ledger) -> list[Fault]:
    """What is wrong with the happenings, and where an event does not fit the one that it points to."""
    faults = rawcsv.duplicates(ledger.happenings, "happening_id")
    known = {row["happening_id"]: row for row in ledger.happenings}
    witnesses: dict[str, list[Row]] = {}
    for _, event in ledger.rows["events"]:
        witnesses.setdefault(event["happening_id"], []).append(event)
    for row in ledger.happenings:
        told = witnesses.get(row["happening_id"], [])
        faults += _country_faults("happenings", row) + _list_faults("happenings", row)
        faults += _place_faults(row) + _whole_faults(row, known) + _knowledge_faults(row, told)
        faults += _date_faults(row, "date", "date_end", "date_precision", "date_basis")
        for event in told:
            faults += _witness_faults(event, row)
        if not told:
            faults.append(
                row.fault(
                    "happening_id",
                    "has no witness; let an event of an article name it, or remove the row",
                )
            )
    return faults


def _apart(one: Row, other: Row) -> bool:
    """Whether two rows share no day; an open side or an unreadable day keeps nothing apart."""
    (a, b), (c, d) = ((_day(row["date"]), _day(row["date_end"])) for row in (one, other))
    return bool((b and c and b < c) or (d and a and d < a))


def _window(row: Row) -> str:
    return f"{row['date'] or 'open'} to {row['date_end'] or 'open'}"


def _witness_faults(event: Row, happening: Row) -> list[Fault]:
    faults = []
    name = happening["happening_id"]
    if _apart(event, happening) and event["status"] not in ("doubted", "conflicting"):
        faults.append(
            event.fault(
                "date, date_end",
                f"contradicts {name} ({_window(happening)}); correct one of the two, or give the "
                "event the status doubted and the reason",
                f"{event['date']}, {event['date_end']}",
            )
        )
    parties = {*happening.listed("actors"), *happening.listed("targets")}
    if event["actors"] and parties.isdisjoint(event.listed("actors")):
        faults.append(
            event.fault(
                "happening_id",
                f"has none of the actors {event['actors']}; name the happening that is told of",
                name,
            )
        )
    return faults


def _whole_faults(row: Row, known: dict[str, Row]) -> list[Fault]:
    whole = row["part_of"]
    if not whole:
        return []
    if whole not in known:
        remedy = f"is no happening{nearest(whole, known)}; name one, or leave it empty"
    elif known[whole]["part_of"]:
        remedy = f"is itself part of {known[whole]['part_of']}; name that one"
    elif _apart(row, known[whole]):
        remedy = (
            f"({_window(known[whole])}) shares no day with {_window(row)}; correct one of the two"
        )
    else:
        return []
    return [row.fault("part_of", remedy, whole)]


def _knowledge_faults(row: Row, told: list[Row]) -> list[Fault]:
    """Whether a happening says who dates it, and does not claim days that its witnesses leave out."""
    basis, said = row["date_basis"], row["known_from"]
    remedy = {
        "witnesses": "must be empty where witnesses date it" if said else "",
        "source": "" if "http" in said else "must name the source, its day and its address",
        "general knowledge": "" if said else "must say what is remembered",
    }.get(basis)
    faults = [row.fault("known_from", remedy, said)] if remedy else []
    firsts, lasts = ([_day(event[c]) for event in told] for c in ("date", "date_end"))
    first, last = _day(row["date"]), _day(row["date_end"])
    early = first and told and all(firsts) and first < min(firsts)
    late = last and told and all(lasts) and last > max(lasts)
    if basis == "witnesses" and (early or late):
        faults.append(
            row.fault(
                "date, date_end",
                "reaches beyond what its witnesses say; narrow it, or name the source in known_from",
                f"{row['date']}, {row['date_end']}",
            )
        )
    return faults


def _holder_faults(row: Row) -> list[Fault]:
    """Whether a view of somebody else has a holder; what is denied may have one."""
    needed, allowed = row["stance"] == "reported", row["stance"] in ("reported", "rejected")
    held = bool(row["held_by"])
    if row["stance"] not in schemas.STANCES or (held and allowed) or (not held and not needed):
        return []
    return [
        row.fault(
            "held_by",
            "must be filled if the stance is reported, may be if it is rejected, and never else; "
            + ("empty it" if held else "name the holder")
            + ", or change the stance",
        )
    ]


def _one_sided_conflicts(pairs: list[tuple[str, Row]], key: str) -> list[Fault]:
    """A conflict has two sides: each row names the other, and none itself."""
    rows = {row[key]: row for _, row in pairs}
    faults = []
    for _, row in pairs:
        for other in dict.fromkeys(row.listed("conflicts_with")):
            if other == row[key]:
                faults.append(
                    row.fault("conflicts_with", "is the row itself; name the other row", other)
                )
            elif other in rows and row[key] not in rows[other].listed("conflicts_with"):
                faults.append(
                    row.fault(
                        "conflicts_with",
                        f"does not name {row[key]} back; name it in {rows[other].place} too",
                        other,
                    )
                )
    return faults


def _status_faults(table: str, row: Row, ids: set[str]) -> list[Fault]:
    faults = []
    if row["status"] in ("doubted", "conflicting", "derived") and not row["note"]:
        faults.append(row.fault("note", f"must give the reason for status {row['status']}", ""))
    if table == "arguments":
        return faults
    others = row.listed("conflicts_with")
    faults += [
        row.fault("conflicts_with", f"is no row of the ledger{nearest(other, ids)}", other)
        for other in others
        if other not in ids
    ]
    if (row["status"] == "conflicting" and not others) or (
        others and row["status"] not in ("conflicting", "derived")
    ):
        faults.append(
            row.fault(
                "conflicts_with",
                "and status conflicting go together: name the other row, or change the status",
            )
        )
    return faults


def _derived_faults(row: Row, figures: dict[str, Row]) -> list[Fault]:
    parents = row.listed("derived_from")
    faults = [
        row.fault(column, f"is no figure of the ledger{nearest(parent, figures)}", parent)
        for column in ("derived_from", "follows_from")
        for parent in row.listed(column)
        if parent not in figures
    ]
    if row["figure_id"] in parents:
        faults.append(
            row.fault(
                "derived_from",
                "is the row itself; name the rows that it is computed from",
                row["figure_id"],
            )
        )
    if bool(parents) != (row["status"] == "derived"):
        faults.append(
            row.fault("status", "must be 'derived' if and only if derived_from is filled")
        )
    if bool(parents) != bool(row["derivation"]):
        faults.append(
            row.fault("derivation", "must say how, if and only if derived_from is filled")
        )
    return faults


def _period_faults(row: Row) -> list[Fault]:
    """Whether a period begins and ends where its precisions say, and in this order."""
    faults = [*_companion_faults(row, "period_start"), *_companion_faults(row, "period_end")]
    start, end = _day(row["period_start"]), _day(row["period_end"])
    if start and end and start > end:
        faults.append(
            row.fault(
                "period_start, period_end", "runs backwards; swap the two days", f"{start}, {end}"
            )
        )
    if start and not _begins(start, row["period_start_precision"]):
        faults.append(
            row.fault(
                "period_start",
                "is not the first day that precision "
                f"{row['period_start_precision']} means; see docs/protocol.md, section 5",
                str(start),
            )
        )
    if end and not _begins(_next(end), row["period_end_precision"], after=True):
        faults.append(
            row.fault(
                "period_end",
                "is not the last day that precision "
                f"{row['period_end_precision']} means; see docs/protocol.md, section 5",
                str(end),
            )
        )
    return faults


def _begins(day: dt.date, precision: str, after: bool = False) -> bool:
    """Whether a day is the first of a part of time, or, if asked so, the first after one."""
    decade_years = (4, 7, 0) if after else (0, 3, 6)
    return {
        "month": day.day == 1,
        "part_of_month": day.day in (1, 11, 21),
        "year": (day.month, day.day) == (1, 1),
        "part_of_year": day.month in (1, 5, 9) and day.day == 1,
        "part_of_decade": (day.month, day.day) == (1, 1) and day.year % 10 in decade_years,
    }.get(precision, True)


def _day(cell: str) -> dt.date | None:
    """A day as it must be written; None for anything else, which is reported when the columns are typed."""
    try:
        return dt.date.fromisoformat(cell) if len(cell) == 10 else None
    except ValueError:
        return None


def _next(day: dt.date) -> dt.date:
    """The day after; after the last one that can be written, the first."""
    return day + dt.timedelta(days=1) if day < dt.date.max else dt.date.min


def _companion_faults(row: Row, column: str) -> list[Fault]:
    return [
        row.fault(f"{column}_{part}", f"must be filled if and only if {column} is")
        for part in ("precision", "basis")
        if bool(row[column]) != bool(row[f"{column}_{part}"])
    ]


def _date_faults(row: Row, first: str, last: str, precision: str, basis: str) -> list[Fault]:
    """Whether earliest and latest day are what the precision says (docs/protocol.md, section 5)."""
    if not any(row[c] for c in (first, last, precision, basis)):
        return []
    faults = [
        row.fault(c, f"must be filled with {first}", "") for c in (precision, basis) if not row[c]
    ]
    if row[basis] == "inferred" and not row["note"]:
        faults.append(row.fault("note", f"must say from what {first} is inferred", ""))
    a, b = _day(row[first]), _day(row[last])
    if (row[first] and not a) or (row[last] and not b):
        return faults
    if a and b and a > b:
        return [
            *faults,
            row.fault(f"{first}, {last}", "runs backwards; swap the two days", f"{a}, {b}"),
        ]
    if row[precision] in schemas.PRECISIONS and not _fits(a, b, row[precision]):
        faults.append(
            row.fault(
                f"{first}, {last}",
                f"is not what precision {row[precision]} means; see docs/protocol.md, section 5",
                f"{row[first]}, {row[last]}",
            )
        )
    return faults


def _fits(a: dt.date | None, b: dt.date | None, precision: str) -> bool:
    if precision == "after":  # what is past when its article appears ends by then
        return a is not None
    if precision == "before":
        return a is None and b is not None
    if precision in ("ongoing", "recent") and a and b and (b - a).days > 365:
        return False  # a convention about months is no licence for years
    if a is None or b is None:
        return False
    next_day = _next(b)
    whole_months, whole_years = (
        a.day == 1 and next_day.day == 1,
        a.timetuple().tm_yday == next_day.timetuple().tm_yday == 1,
    )
    same_year, same_month = a.year == b.year, (a.year, a.month) == (b.year, b.month)
    third_of_month = same_month and (a.day, b.day if next_day.day != 1 else 31) in (
        (1, 10),
        (11, 20),
        (21, 31),
    )
    third_of_year = same_year and whole_months and (a.month, b.month) in ((1, 4), (5, 8), (9, 12))
    four_years = whole_years and b.year - a.year == 3 and a.year % 10 in (0, 3, 6)
    return {
        "day": a == b,
        "week": 0 <= (b - a).days <= 6,
        "part_of_month": third_of_month,
        "month": whole_months and same_month,
        "part_of_year": third_of_year,
        "year": whole_years and same_year,
        "years": whole_years,
        "part_of_decade": four_years,
        "period": True,
        "ongoing": True,
        "recent": True,
    }[precision]


def _overlapping_spans(pairs: list[tuple[str, Row]]) -> list[Fault]:
    """Two figures on the same characters: one of them is counted twice."""
    places: dict[str, list[tuple[int, int, Row]]] = {}
    for source, row in pairs:
        start, end = _whole(row["start"]), _whole(row["end"])
        if start is not None and end is not None:
            places.setdefault(source, []).append((start, end, row))
    faults = []
    for spans in places.values():
        spans.sort(key=lambda s: s[:2])
        for (_, end, one), (start, _, other) in itertools.pairwise(spans):
            if start < end:
                faults.append(
                    other.fault(
                        "start",
                        f"lies inside {one['figure_id']}; one expression is one figure",
                        str(start),
                    )
                )
    return faults


def _overlapping_periods(pairs: list[tuple[str, Row]]) -> list[Fault]:
    """One article that states one measure twice for overlapping periods contradicts itself or is coded twice."""
    same = ("measure", "subject", "counterpart", "responsible", "unit", "attributed_to")
    faults, seen = [], {}
    for source, row in pairs:
        if not (row["period_start"] and row["period_end"]):
            continue
        for other in seen.setdefault((source, *(row[c] for c in same)), []):
            overlap = (
                row["period_start"] <= other["period_end"]
                and other["period_start"] <= row["period_end"]
            )
            if overlap and other["figure_id"] not in row.listed("conflicts_with"):
                faults.append(
                    row.fault(
                        "period_start, period_end",
                        f"overlaps the period of {other['figure_id']}, which states the same measure; "
                        "name it in conflicts_with or tell the measures apart",
                        f"{row['period_start']}, {row['period_end']}",
                    )
                )
        seen[(source, *(row[c] for c in same))].append(row)
    return faults


# ---- the tables


def frames(ledger: Ledger) -> dict[str, pd.DataFrame]:
    """The ledger's tables as text, one column per column of the processed table, indexed by place.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    dict of str to DataFrame
        origins, figures, arms_import_shares, refugee_counts, investment_totals, happenings, events, arguments,
        statements.
    """
    import pandas as pd

    def frame(name: str, rows: list[tuple[str, dict[str, str]]]) -> pd.DataFrame:
        columns = list(schemas.TABLES[name].columns)
        return pd.DataFrame(
            [[cells.get(c, "") for c in columns] for _, cells in rows],
            columns=columns,
            index=pd.Index([place for place, _ in rows], dtype="str"),
            dtype="str",
        )

    def rows(table: str, more: Callable[[Row], dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
        return [
            (row.place, row.cells | {"source_id": source} | more(row))
            for source, row in ledger.rows[table]
        ]

    def days(row: Row) -> dict[str, str]:
        return {f"date_end_{part}": row[f"date_{part}"] for part in ("precision", "basis")}

    figures = rows(
        "figures",
        lambda row: dict(
            zip(("least", "most"), map(number_cell, left_open(row.cells)), strict=True)
        ),
    )
    whole = {
        "origins": ledger.origins,
        "happenings": ledger.happenings,
        "statements": ledger.statements,
    }
    found = {
        "figures": figures,
        "events": rows("events", days),
        "arguments": rows(
            "arguments", lambda row: {"kind": schemas.CODES.get(row["code"], "other")}
        ),
        **{name: [(row.place, row.cells) for row in given] for name, given in whole.items()},
    }
    for name, (kinds, fed) in FED.items():
        found[name] = [
            (place, cells | {new: cells[old] for new, old in fed.items()} | kinds[cells["family"]])
            for place, cells in figures
            if cells["family"] in kinds and (name != "investment_totals" or cells["unit"] == "USD")
        ]
    return {name: frame(name, found[name]) for name in schemas.TABLES if name in found}


# ---- the places


@dataclass(frozen=True)
class Verification:
    """How the ledger's places stand in a folder of texts."""

    holding: int
    located: int
    derived: int
    complaints: tuple[str, ...]
    proposed_holding: int = 0
    proposed: int = 0


def verify(ledger: Ledger, texts: Path) -> Verification:
    """Hold every locator of the ledger against the texts.

    Parameters
    ----------
    ledger : Ledger
    texts : Path
        Folder with one ``<source_id>.txt`` per article, as it was coded.

    Returns
    -------
    Verification
        A row holds if its text is the one that was coded, or agrees around it, and the characters at its place
        hash to `span_sha256` and print what `stated` begins with. Proposals are held against it too, and counted apart.

    Raises
    ------
    DataError
        If the folder does not exist.
    """
    texts = Path(texts)
    if not texts.is_dir():
        raise DataError(
            f"{texts}: is no folder; give the folder that holds <source_id>.txt for every article"
        )
    articles = origins.articles(ledger.origins)
    located = ledger.located()
    derived = sum(bool(row["derived_from"]) for _, row in ledger.rows["figures"])
    proposals = [
        (source, row[KEYS[table]], row)
        for table, pairs in ledger.aside.items()
        for source, row in pairs
        if row["status"] == "proposed"
    ]
    waiting = {id(row) for _, _, row in proposals}
    holding, complaints = Counter(), []
    for source in sorted(articles):
        rows = [(key, row) for s, key, row in located + proposals if s == source]
        path = texts / f"{source}.txt"
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8")
        except FileNotFoundError:
            complaints.append(
                f"{path}: not there; {len(rows)} rows of {source} cannot be held against it"
            )
            continue
        except (OSError, UnicodeDecodeError) as error:
            complaints.append(
                f"{path}: cannot be read as UTF-8 text ({error}); {len(rows)} rows cannot be checked"
            )
            continue
        if locators.digest(text) != articles[source]["sha256"]:
            chars = articles[source]["chars"]
            how = (
                "SHA-256 differs"
                if str(len(text)) == chars
                else f"{len(text)} characters instead of {chars}"
            )
            complaints.append(
                f"{path}: is not the text that was coded ({how}); rows are looked for by their context"
            )
        problems = {key: _place_problem(row, text) for key, row in rows}
        shifts = {shift for _, shift in problems.values()}
        if len(shifts) == 1 and shifts.isdisjoint({None, 0}):
            complaints.append(
                f"{path}: all {len(rows)} rows moved by {shifts.pop():+d} code points"
            )
        complaints += [
            f"{row.place}: {key}: {problems[key][0]}" for key, row in rows if problems[key][0]
        ]
        holding.update(id(row) in waiting for key, row in rows if not problems[key][0])
    return Verification(
        holding[False], len(located), derived, tuple(complaints), holding[True], len(proposals)
    )


def place_of(row: Row) -> locators.Locator | None:
    """The locator of a row; None if its cells are none."""
    start, end = _whole(row["start"]), _whole(row["end"])
    try:
        hashes = locators.parse_hashes(row["context_hashes"])
    except locators.LocatorError:
        return None
    return (
        None
        if start is None or end is None
        else locators.Locator(start, end, row["span_sha256"], hashes)
    )


def _place_problem(row: Row, text: str) -> tuple[str, int | None]:
    """What is wrong with a row's place, if anything, and by how far the row has moved, if it has."""
    locator = place_of(row)
    if locator is None:  # only in a proposal: rows of the ledger are checked when they are read
        return "has no place that can be read; correct start, end and context_hashes", None
    start, end = locator.start, locator.end
    place = locators.check(text, locator)
    if place.status == "moved":
        return (
            f"moved from {start}:{end} to {place.start}:{place.end}; {place.reason}",
            place.start - start,
        )
    if place.status != "holds":
        return f"{place.status} at {start}:{end}; {place.reason}", None
    stated = row.cells.get("stated", "")
    printed = " ".join(text[start:end].split())
    # a sign is recorded as a minus, so that no spreadsheet takes the cell for a formula
    if stated and not stated.casefold().replace("−", "-").startswith(
        printed.casefold().replace("−", "-")
    ):
        return f"stands at {start}:{end}, but does not print {stated!r}", None
    return "", None

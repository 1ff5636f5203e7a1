"""The ledger of what articles state: read, check, assemble the tables, prove the places."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
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

#: Columns of the tables that no file of an article holds: they are computed.
_COMPUTED = {"source_id", "least", "most", "date_end_precision", "date_end_basis", "kind"}
FIGURES, EVENTS, ARGUMENTS = (
    tuple(c for c in schemas.TABLES[table].columns if c not in _COMPUTED)
    for table in ("figures", "events", "arguments")
)
HAPPENINGS = schemas.TABLES["happenings"].columns
FILES = {"figures": FIGURES, "events": EVENTS, "arguments": ARGUMENTS}
KEYS = {table: schemas.TABLES[table].key[0] for table in (*FILES, "happenings")}
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
        aside = itertools.chain(*self.aside.values())
        return dict(Counter(source for source, row in aside if row["status"] == "proposed"))

    def located(self) -> list[tuple[str, str, Row]]:
        """(source, identifier, row) of every row, or proposal, that has a place of its own in a text; proposals last."""
        return [
            (source, row[KEYS[table]], row)
            for rows in (self.rows, self.aside)
            for table, pairs in rows.items()
            for source, row in pairs
            if not row.cells.get("derived_from") and row["status"] != "rejected"
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
    remedy = "is no article in data/raw/origins.csv{}; register it there"
    faults += [
        Fault(rawcsv.shown(folder / name), "origin_id", name, remedy.format(nearest(name, known)))
        for name in sorted(on_disk - set(known))
    ]
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
    return ledger, [*faults, *bad, *more, *_faults(ledger, known), *_happening_faults(ledger)]


# ---- row checks


def _faults(ledger: Ledger, known: dict[str, Row]) -> Iterator[Fault]:
    for table, pairs in ledger.rows.items():
        key = KEYS[table]
        yield from rawcsv.duplicates([row for _, row in pairs + ledger.aside[table]], key)
        rows = {row[key]: row for _, row in pairs}
        for source, row in pairs:
            if not row[key].startswith(source + "-"):
                yield row.fault(key, f"must begin with {source}-")
            yield from _locator_faults(row, known[source])
            yield from _listed_faults(table, row, rows)
            if row["status"] in ("doubted", "conflicting", "derived") and not row["note"]:
                yield row.fault("note", f"must give the reason for status {row['status']}", "")
            if table == "arguments":
                yield from _holder_faults(row)
                continue
            yield from _conflict_faults(row, rows, key)
            if table == "figures":
                yield from _quantity_faults(row)
                yield from _derived_faults(row)
                yield from _date_faults(row, "as_of")
                yield from _period_faults(row)
            else:
                yield from _date_faults(row, "date")
                yield from _event_faults(row, known[source])
    yield from _overlapping_spans(ledger.rows["figures"])
    yield from _overlapping_periods(ledger.rows["figures"])


def _quantity_faults(row: Row) -> Iterator[Fault]:
    """Where the typed columns of a figure are not what its printed expression or its family gives."""
    stated, unit = row["stated"], row["unit"]
    if (units := schemas.UNITS_OF.get(row["family"])) and unit not in units:
        fits = f"does not fit family {row['family']}; write {' or '.join(units)}"
        yield row.fault("unit", f"{fits}, or change the family")
    if row["derived_from"]:
        if stated:
            yield row.fault("stated", "must be empty in a derived row: nothing is printed")
        return
    try:
        quantity = quantities.parse(stated, row["hedge"] or None)
    except quantities.QuantityError as error:
        yield row.fault("stated", str(error))
        return
    expected = {name: getattr(quantity, name) for name in ("value", "low", "high")}
    expected["stated_step"] = quantity.step
    qualifier, together = quantity.qualifier, len(row.listed("subject"))
    if unit == "rank" and together > 1:  # n that are called the first take places 1 to n
        expected |= {"value": None, "high": (quantity.low or 1) + together - 1}
        qualifier = "range"
    for column, value in expected.items():
        number = _number(row[column])
        both = number is not None and value is not None
        same = both and math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-9)
        if not same and (row[column] or value is not None):
            right = number_cell(value) or "nothing"
            yield row.fault(column, f"is not what {stated!r} gives; write {right}")
    if row["qualifier"] != qualifier:
        yield row.fault("qualifier", f"is not what {stated!r} gives; write {qualifier!r}")
    if quantity.unit and unit != quantity.unit:
        yield row.fault("unit", f"is not what {stated!r} gives; write {quantity.unit}")
    printed = (*schemas.CURRENCIES, "percent", "percentage_points", "factor")
    if not quantity.unit and unit in printed:
        yield row.fault("unit", f"is not printed in {stated!r}; spell it there")


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
    least, most = value - half, value + half
    return (max(0.0, least), min(100.0, most)) if percent else (least, most)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _locator_faults(row: Row, article: Row) -> Iterator[Fault]:
    if row.cells.get("derived_from"):
        for c in schemas.LOCATOR:
            if row[c]:
                yield row.fault(c, "must be empty in a derived row")
        return
    for c in schemas.LOCATOR:
        if not row[c]:
            yield row.fault(c, "must not be empty: a row that is printed has a place", "")
        elif c in ("start", "end") and _whole(row[c]) is None:
            yield row.fault(c, "is no whole number; write digits only")
    start, end, chars = (_whole(row["start"]), _whole(row["end"]), _whole(article["chars"]))
    if None not in (start, end, chars) and not 0 <= start < end <= chars:
        remedy = f"is no stretch of the text, which has {chars} characters"
        yield row.fault("start, end", remedy, f"{start}, {end}")
    try:
        locators.parse_hashes(row["context_hashes"])
    except ValueError as error:
        yield row.fault("context_hashes", str(error))


def _whole(cell: str) -> int | None:
    return int(cell) if cell.isascii() and cell.isdigit() else None


def _listed_faults(table: str, row: Row, rows: dict[str, Row]) -> Iterator[Fault]:
    """Whether cells that hold a list, of codes or of other rows, hold one."""
    known, own = countries.table(), row[KEYS[table]]
    for column in (*_CODES[table], *_LISTS.get(table, ())):
        once = ";".join(dict.fromkeys(row.listed(column)))
        if row[column] != once:
            remedy = f"holds an empty, repeated or spaced part; write {once or 'nothing'}"
            yield row.fault(column, remedy)
    for column in _LISTS.get(table, ()):
        for other in dict.fromkeys(row.listed(column)):
            if other == own:
                yield row.fault(column, "is the row itself; name another one", other)
            elif other not in rows:
                remedy = f"is none of the {table}{nearest(other, rows)}; correct it"
                yield row.fault(column, remedy, other)
    for column in _CODES[table]:
        for code in row.listed(column):
            if code not in known:
                yield row.fault(column, countries.no_code(code), code)
        if column == "place" and len(set(row.listed(column))) > 1:
            yield row.fault("place", "holds more than one code; keep one, or leave it empty")


def _event_faults(row: Row, article: Row) -> Iterator[Fault]:
    day, last = _day(row["date"]), _day(row["date_end"])
    published = _day(article["released_end"])
    if row["date_precision"] == "ongoing" and last != published:
        remedy = f"is not the last possible day of publication ({published}), to which what is ongoing lasts"
        yield row.fault("date_end", remedy)
    if published and row["category"] != "outlook":
        late = f"is after the publication of its article ({published})"
        if day and day > published:
            yield row.fault("date", f"{late}; correct it, or make the category outlook")
        elif last and last > published:
            remedy = "end it there with precision after, or make the category outlook"
            yield row.fault("date_end", f"{late}, when it was past; {remedy}")
    if not (row["date"] or row["date_end"]):
        yield row.fault("date", "and date_end are both empty; an event has a date", "")


def _happening_faults(ledger: Ledger) -> Iterator[Fault]:
    """What is wrong with the happenings, and where an event does not fit the one that it points to."""
    yield from rawcsv.duplicates(ledger.happenings, "happening_id")
    known = {row["happening_id"]: row for row in ledger.happenings}
    for row in ledger.happenings:
        name = row["happening_id"]
        told = [event for _, event in ledger.rows["events"] if event["happening_id"] == name]
        yield from _listed_faults("happenings", row, known)
        yield from _whole_faults(row, known)
        yield from _knowledge_faults(row, told)
        yield from _date_faults(row, "date")
        for event in told:
            yield from _witness_faults(event, row)
        if not told:
            remedy = "has no witness; let an event of an article name it, or remove the row"
            yield row.fault("happening_id", remedy)


def _apart(one: Row, other: Row) -> bool:
    """Whether two rows share no day; an open side or an unreadable day keeps nothing apart."""
    (a, b), (c, d) = ((_day(row["date"]), _day(row["date_end"])) for row in (one, other))
    return bool((b and c and b < c) or (d and a and d < a))


def _window(row: Row) -> str:
    return f"{row['date'] or 'open'} to {row['date_end'] or 'open'}"


def _witness_faults(event: Row, happening: Row) -> Iterator[Fault]:
    name = happening["happening_id"]
    if _apart(event, happening) and event["status"] not in ("doubted", "conflicting"):
        yield event.fault(
            "date, date_end",
            f"contradicts {name} ({_window(happening)}); correct one of the two, or give the "
            "event the status doubted and the reason",
            f"{event['date']}, {event['date_end']}",
        )
    parties = {*happening.listed("actors"), *happening.listed("targets")}
    if event["actors"] and parties.isdisjoint(event.listed("actors")):
        remedy = f"has none of the actors {event['actors']}; name the happening that is told of"
        yield event.fault("happening_id", remedy, name)


def _whole_faults(row: Row, known: dict[str, Row]) -> Iterator[Fault]:
    part = row["part_of"]
    if part not in known:  # which is said already, if it is not empty
        return
    if larger := known[part]["part_of"]:
        yield row.fault("part_of", f"is itself part of {larger}; name that one")
    elif _apart(row, known[part]):
        remedy = f"shares no day with {_window(row)}; correct one of the two"
        yield row.fault("part_of", f"({_window(known[part])}) {remedy}")


def _knowledge_faults(row: Row, told: list[Row]) -> Iterator[Fault]:
    """Whether a happening says who dates it, and does not claim days that its witnesses leave out."""
    basis, said = row["date_basis"], row["known_from"]
    remedy = {
        "witnesses": "must be empty where witnesses date it" if said else "",
        "source": "" if "http" in said else "must name the source, its day and its address",
        "general knowledge": "" if said else "must say what is remembered",
    }.get(basis)
    if remedy:
        yield row.fault("known_from", remedy)
    firsts, lasts = ([_day(event[c]) for event in told] for c in ("date", "date_end"))
    first, last = _day(row["date"]), _day(row["date_end"])
    early = first and told and all(firsts) and first < min(firsts)
    late = last and told and all(lasts) and last > max(lasts)
    if basis == "witnesses" and (early or late):
        remedy = (
            "reaches beyond what its witnesses say; narrow it, or name the source in known_from"
        )
        yield row.fault("date, date_end", remedy, f"{row['date']}, {row['date_end']}")


def _holder_faults(row: Row) -> Iterator[Fault]:
    """Whether a view of somebody else has a holder; what is denied may have one."""
    held = bool(row["held_by"])
    wanted = {"reported": (True,), "rejected": (True, False)}.get(row["stance"], (False,))
    if row["stance"] in schemas.STANCES and held not in wanted:
        yield row.fault(
            "held_by",
            "must be filled if the stance is reported, may be if it is rejected, and never else; "
            f"{'empty it' if held else 'name the holder'}, or change the stance",
        )


def _conflict_faults(row: Row, rows: dict[str, Row], key: str) -> Iterator[Fault]:
    """A conflict has two sides: each row names the other, and none itself; and both say so by their status."""
    others = row.listed("conflicts_with")
    for other in dict.fromkeys(others):
        if other in rows and row[key] not in (other, *rows[other].listed("conflicts_with")):
            remedy = f"does not name {row[key]} back; name it in {rows[other].place} too"
            yield row.fault("conflicts_with", remedy, other)
    conflicting = row["status"] == "conflicting"
    if row["status"] != "derived" and conflicting != bool(others):
        remedy = "and status conflicting go together: name the other row, or change the status"
        yield row.fault("conflicts_with", remedy)


def _derived_faults(row: Row) -> Iterator[Fault]:
    parents = bool(row["derived_from"])
    if parents != (row["status"] == "derived"):
        yield row.fault("status", "must be 'derived' if and only if derived_from is filled")
    if parents != bool(row["derivation"]):
        yield row.fault("derivation", "must say how, if and only if derived_from is filled")


def _period_faults(row: Row) -> Iterator[Fault]:
    """Whether a period begins and ends where its precisions say."""
    for column in ("period_start", "period_end"):
        for part in ("precision", "basis"):
            if bool(row[column]) != bool(row[f"{column}_{part}"]):
                yield row.fault(f"{column}_{part}", f"must be filled if and only if {column} is")
    start, end = _day(row["period_start"]), _day(row["period_end"])
    after_end = _next(end) if end else None
    for column, which, day in (("period_start", "first", start), ("period_end", "last", after_end)):
        precision = row[f"{column}_precision"]
        if day and not _begins(day, precision, after=which == "last"):
            remedy = f"is not the {which} day that precision {precision} means"
            yield row.fault(column, f"{remedy}; see docs/protocol.md, section 5")


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


def _date_faults(row: Row, first: str) -> Iterator[Fault]:
    """Whether earliest and latest day are what the precision says (docs/protocol.md, section 5)."""
    last, precision, basis = (f"{first}_{part}" for part in ("end", "precision", "basis"))
    if not any(row[c] for c in (first, last, precision, basis)):
        return
    for c in (precision, basis):
        if not row[c]:
            yield row.fault(c, f"must be filled with {first}", "")
    if row[basis] == "inferred" and not row["note"]:
        yield row.fault("note", f"must say from what {first} is inferred", "")
    a, b = _day(row[first]), _day(row[last])
    if (row[first] and not a) or (row[last] and not b):
        return
    if row[precision] in schemas.PRECISIONS and not _fits(a, b, row[precision]):
        remedy = f"is not what precision {row[precision]} means; see docs/protocol.md, section 5"
        yield row.fault(f"{first}, {last}", remedy, f"{row[first]}, {row[last]}")


#: Most days between the first and the last day of a date of some precision; what is ongoing or recent is so by a
#: convention about months, which is no licence for years.
_LONGEST = {
    "day": 0,
    "week": 6,
    "part_of_month": 10,
    "month": 30,
    "part_of_year": 122,
    "year": 365,
    "ongoing": 365,
    "recent": 365,
}


def _fits(a: dt.date | None, b: dt.date | None, precision: str) -> bool:
    if precision == "after":  # what is past when its article appears ends by then
        return a is not None
    if precision == "before":
        return a is None and b is not None
    if a is None or b is None or (b - a).days > _LONGEST.get(precision, math.inf):
        return False
    if precision == "part_of_decade" and b.year - a.year != 3:
        return False
    part = "year" if precision == "years" else precision
    return _begins(a, part) and _begins(_next(b), part, after=True)


def _overlapping_spans(pairs: list[tuple[str, Row]]) -> Iterator[Fault]:
    """Two figures on the same characters: one of them is counted twice."""
    places = [(source, at.start, at.end, row) for source, row in pairs if (at := place_of(row))]
    places.sort(key=lambda place: place[:3])
    for (source, _, end, one), (other, start, _, row) in itertools.pairwise(places):
        if source == other and start < end:
            remedy = f"lies inside {one['figure_id']}; one expression is one figure"
            yield row.fault("start", remedy)


def _overlapping_periods(pairs: list[tuple[str, Row]]) -> Iterator[Fault]:
    """One article that states one measure twice for overlapping periods contradicts itself or is coded twice."""
    same = ("measure", "subject", "counterpart", "responsible", "unit", "attributed_to")
    stated: dict[tuple, list[Row]] = {}
    for source, row in pairs:
        start, end = row["period_start"], row["period_end"]
        if not (start and end):
            continue
        earlier = stated.setdefault((source, *(row[c] for c in same)), [])
        for one in earlier:
            overlap = start <= one["period_end"] and one["period_start"] <= end
            if overlap and one["figure_id"] not in row.listed("conflicts_with"):
                remedy = "name it in conflicts_with or tell the measures apart"
                yield row.fault(
                    "period_start, period_end",
                    f"overlaps the period of {one['figure_id']}, which states the same measure; {remedy}",
                    f"{start}, {end}",
                )
        earlier.append(row)


# ---- the tables


def frames(ledger: Ledger) -> dict[str, pd.DataFrame]:
    """The ledger's tables as text, one column per column of the processed table, indexed by place.

    Returns
    -------
    dict of str to DataFrame
        origins, figures, arms_import_shares, refugee_counts, investment_totals, happenings, events, arguments,
        statements.
    """
    import pandas as pd

    def computed(table: str, row: Row) -> dict[str, str]:
        if table == "figures":
            least, most = map(number_cell, left_open(row.cells))
            return {"least": least, "most": most}
        if table == "events":
            return {f"date_end_{part}": row[f"date_{part}"] for part in ("precision", "basis")}
        return {"kind": schemas.CODES.get(row["code"], "other")}

    found = {
        table: [
            (row.place, row.cells | {"source_id": source} | computed(table, row))
            for source, row in pairs
        ]
        for table, pairs in ledger.rows.items()
    }
    for name in ("origins", "happenings", "statements"):
        found[name] = [(row.place, row.cells) for row in getattr(ledger, name)]
    for name, (kinds, fed) in FED.items():
        found[name] = [
            (place, cells | {new: cells[old] for new, old in fed.items()} | kinds[cells["family"]])
            for place, cells in found["figures"]
            if cells["family"] in kinds and (name != "investment_totals" or cells["unit"] == "USD")
        ]
    return {
        name: pd.DataFrame(
            [[cells.get(c, "") for c in schemas.TABLES[name].columns] for _, cells in found[name]],
            columns=list(schemas.TABLES[name].columns),
            index=pd.Index([place for place, _ in found[name]], dtype="str"),
            dtype="str",
        )
        for name in schemas.TABLES
        if name in found
    }


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
    located = ledger.located()
    holding: Counter[bool] = Counter()
    complaints: list[str] = []
    for source, article in sorted(origins.articles(ledger.origins).items()):
        rows = [(key, row) for own, key, row in located if own == source]
        path = texts / f"{source}.txt"
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            said = f"cannot be read as UTF-8 text ({error}); {len(rows)} rows cannot be checked"
            if isinstance(error, FileNotFoundError):
                said = f"not there; {len(rows)} rows of {source} cannot be held against it"
            complaints.append(f"{path}: {said}")
            continue
        if locators.digest(text) != article["sha256"]:
            how = f"{len(text)} characters instead of {article['chars']}"
            how = "SHA-256 differs" if str(len(text)) == article["chars"] else how
            complaints.append(
                f"{path}: is not the text that was coded ({how}); rows are looked for by their context"
            )
        problems = [_place_problem(row, text) for _, row in rows]
        shifts = {shift for _, shift in problems}
        if len(shifts) == 1 and shifts.isdisjoint({None, 0}):
            said = f"all {len(rows)} rows moved by {shifts.pop():+d} code points"
            complaints.append(f"{path}: {said}")
        for (key, row), (problem, _) in zip(rows, problems, strict=True):
            if problem:
                complaints.append(f"{row.place}: {key}: {problem}")
            else:
                holding[row["status"] == "proposed"] += 1
    proposed = sum(row["status"] == "proposed" for _, _, row in located)
    derived = sum(bool(row["derived_from"]) for _, row in ledger.rows["figures"])
    own = len(located) - proposed
    return Verification(holding[False], own, derived, tuple(complaints), holding[True], proposed)


def place_of(row: Row) -> locators.Locator | None:
    """The locator of a row; None if its cells are none."""
    start, end = _whole(row["start"]), _whole(row["end"])
    try:
        hashes = locators.parse_hashes(row["context_hashes"])
    except locators.LocatorError:
        return None
    if start is None or end is None:
        return None
    return locators.Locator(start, end, row["span_sha256"], hashes)


def _place_problem(row: Row, text: str) -> tuple[str, int | None]:
    """What is wrong with a row's place, if anything, and by how far the row has moved, if it has."""
    locator = place_of(row)
    if locator is None:  # only in a proposal: rows of the ledger are checked when they are read
        return "has no place that can be read; correct start, end and context_hashes", None
    start, end = locator.start, locator.end
    place = locators.check(text, locator)
    if place.status == "moved":
        moved = f"moved from {start}:{end} to {place.start}:{place.end}; {place.reason}"
        return moved, place.start - start
    if place.status != "holds":
        return f"{place.status} at {start}:{end}; {place.reason}", None
    # a sign is recorded as a minus, so that no spreadsheet takes the cell for a formula
    printed, stated = (
        " ".join(one.split()).casefold().replace("−", "-")
        for one in (text[start:end], row.cells.get("stated", ""))
    )
    if stated and not stated.startswith(printed):
        return f"stands at {start}:{end}, but does not print {row['stated']!r}", None
    return "", None

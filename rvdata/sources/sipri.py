"""SIPRI Arms Transfers Database: the files that its site hands out, as volumes by supplier, recipient and year.

Three forms are told apart by their content (`sipri_sheet`):

deliveries
    One row per deal and year of delivery; between commas, or between semicolons as handed out until 2023 ("Seller",
    "Buyer"). Sums by year are exact. A volume counts as estimated where "Numbers delivered is estimate" or "Delivery
    year is estimate" says Yes, and as unknown where they say nothing. The column "SIPRI estimate" is no flag but the
    volume of one new weapon; an estimated date of the order does not touch deliveries.
trade register
    One row per deal, its volume not split by year. A deal with one year of delivery is exact, others are spread evenly
    over their years (`allocated`). Marks `?` say that the year of order, the number ordered or delivered is uncertain.
TIV table, or a folder of them
    Volumes by year in whole millions, with a printed total. A table of one state's partners gives a row by partner and
    year, and the printed total as `_T`; a table of all states gives totals only.

What a release covers follows from the query above the header, and from the rows where they show that somebody cut the
file (`_covered`). The last year covered is one that SIPRI had published by then (`_published`).
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
from pandas.api.typing import SeriesGroupBy

from rvdata import countries
from rvdata.errors import DataError, nearest
from rvdata.sources import delivered, sipri_sheet
from rvdata.sources.compiled import Release
from rvdata.sources.delivered import TERMS, Rule, listed
from rvdata.sources.sipri_sheet import DEALS, EVERYONE, YEAR, Layout, Sheet, each, unlike

_PAIR = ["supplier", "recipient"]
#: What SIPRI means by names that the table of countries gives to nobody; an empty cell is an unknown state.
_MEANT = {"Congo": "COG", "": "_U"}
_FIRST_YEAR = 1950  # of the database
#: In every year since 1950 more states than these received or supplied arms (tables of October 2024).
_FEW_RECIPIENTS, _FEW_SUPPLIERS = 50, 10
#: The release of March 2022 has tables of 134 suppliers, 1950 to 2021.
_ALL_SUPPLIERS = 120
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
_NUMBERS = ("number", "unit", "tiv", "order_year", "ordered", "tiv_ordered")
_NO_NUMBER = "is no number with a decimal point"
_FLAGS = {"deliveries": "Yes|No", "register": r"\?"}
_YEARS = rf"{YEAR}(?:; *{YEAR})*"


def read(path: Path, only: frozenset[str] = frozenset(), weapons: tuple[str, ...] = ()) -> Release:
    """Compile one file of the SIPRI Arms Transfers Database, or a folder of its TIV tables.

    Parameters
    ----------
    path : Path
        Deliveries file, trade register, or TIV table, as downloaded; or a folder of TIV tables, one a state.
    only : frozenset of str, optional
        Country codes: keep rows in which one of them is supplier or recipient. Empty for all.
    weapons : tuple of str, optional
        Designations whose numbers are counted too (``arms_units``); one of several names that are printed with slashes
        or brackets is enough, case does not matter. From deals only, not from TIV tables.

    Returns
    -------
    Release
        ``arms_transfers`` (TIV in millions); from a register ``arms_orders`` too; with `weapons`, ``arms_units``.

    Raises
    ------
    DataError
        In one line, if the file is none of these, is cut short, contradicts its own totals, or names in a row that is
        kept a state that ``countries.csv`` does not know.
    """
    path = Path(path)
    try:
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        sheets = [sipri_sheet.read(file) for file in files]
    except DataError as error:
        raise DataError(f"{error}{', or take it out of the folder' * path.is_dir()}") from None
    deals = next((sheet for sheet in sheets if sheet.form in DEALS), None)
    if path.is_dir() and (deals or not sheets):
        found = f"deals in {deals.table.path.name}" if deals else "none"
        wanted, remedy = "a folder of TIV tables (*.csv)", "give one file, or such a folder"
        raise unlike(path, wanted, found, remedy)
    if deals:
        return _deals(deals, only, weapons)
    if weapons:
        raise DataError(
            f"{path}: TIV tables count no weapons; leave out --weapon or import a trade register"
        )
    return _tables(path, sheets, only)


# ---- deals: deliveries and trade register


def _deals(sheet: Sheet, only: frozenset[str], weapons: Sequence[str]) -> Release:
    tiv = _numbers(sheet.rows["tiv"])
    rows, kept, notes = _chosen(sheet.table.path, sheet.rows, tiv, only, sheet.table.at)
    _check(sheet, kept)
    query = _query(sheet, rows)
    deals = _values(sheet, kept)
    notes += _told_of_deals(sheet, deals, query)
    tables = {"arms_transfers": _transfers(deals)}
    if sheet.form == "register":
        names = {"tiv_ordered": "tiv_ordered_million", "tiv": "tiv_delivered_million"}
        orders = _summed(deals, "order_year", names, "tiv_ordered", "order_estimated")
        tables["arms_orders"] = orders
    if weapons:
        tables["arms_units"], counted = _units(sheet, deals, weapons)
        notes += counted
    covers, warning = _covered(query, rows)
    if warning and not (only and covers == ("*",)):
        notes.append(warning)
    last = _last_year(sheet, query.last, query.found)
    form = "trade register" if sheet.form == "register" else sheet.form
    what = f"{form} {query.first}–{last}"
    return _release([sheet], what, tables, _narrowed(covers, only), query.first, last, notes)


def _check(sheet: Sheet, kept: pd.DataFrame) -> None:
    """Refuse rows that are kept for a cell that is neither empty nor what it should be, and a last row that is cut."""
    flag = _FLAGS[sheet.form]
    now = sheet.generated or datetime.date.max
    published = partial(each, value=lambda text: max(_years(text), default=0) <= now.year)
    flags, numbers = kept.filter(like="_estimated"), kept.columns.intersection(_NUMBERS)
    rules = [
        *(Rule(column, _is(_NUMBER), _NO_NUMBER) for column in numbers),
        *(Rule(column, _is(flag), f"is no flag ({flag} or nothing)") for column in flags),
        Rule("years", _is(_YEARS), "is no list of years with semicolons between"),
        Rule("years", published, f"is no year up to the download on {now}"),
    ]
    delivered.check(sheet.table.path, kept, rules, sheet.table.at)
    final = kept.tail(1)
    if not sheet.ended and final.index == sheet.rows.index[-1]:
        fault = "do not multiply, in a last line that does not end: the file is cut short"
        rule = Rule(["number", "unit", "tiv"], _multiply, fault)
        delivered.check(sheet.table.path, final, [rule], sheet.table.at)


def _multiply(cells: pd.DataFrame) -> pd.Series:
    """Whether a volume is number times volume of one to the last digit."""
    number, unit, tiv = (_numbers(cells[column]) for column in cells)
    return (number * unit - tiv).abs() < 0.006


def _is(rule: str) -> Callable[[pd.Series], pd.Series]:
    """Whether cells are what an expression says, or empty."""
    return lambda cells: each(cells, lambda text: bool(re.fullmatch(f"(?:{rule})?", text)))


def _numbers(cells: pd.Series) -> pd.Series:
    """Numbers of cells; missing where a cell is empty or holds none."""
    return each(cells, lambda text: float(text if re.fullmatch(_NUMBER, text) else "nan"))


def _years(text: str) -> tuple[int, ...]:
    """Years of a cell; none if it is empty or no list of years."""
    return tuple(map(int, text.split(";"))) if re.fullmatch(_YEARS, text) else ()


def _values(sheet: Sheet, kept: pd.DataFrame) -> pd.DataFrame:
    """Deals with numbers, years and flags in place of texts; what a cell does not say is missing."""
    nothing = float("nan")
    silent = 0.0 if sheet.form == "register" else nothing  # a register marks only what is uncertain
    flags = {"Yes": 1.0, "?": 1.0, "No": 0.0, "": silent}
    deals = kept.assign(
        **{column: _numbers(kept[column]) for column in kept if column in _NUMBERS},
        **{column: each(kept[column], flags.get) for column in kept.filter(like="_estimated")},
        years=each(kept["years"], _years),
        times=each(kept["years"], lambda text: len(_years(text))),
        first=each(kept["years"], lambda text: min(_years(text), default=nothing)),
        last=each(kept["years"], lambda text: max(_years(text), default=nothing)),
    )
    deals["estimated"] = _either(deals.filter(["number_estimated", "years_estimated"]))
    if sheet.form != "register":
        return deals.assign(ordered=nothing)
    return deals.assign(
        deal=deals.index,
        tiv_ordered=deals["tiv_ordered"].where(deals["ordered"].notna()),  # 0 where it is not known
        order_estimated=_either(deals[["order_year_estimated", "ordered_estimated"]]),
    )


def _either(flags: pd.DataFrame) -> pd.Series:
    """1 where one of the flags is, 0 where none is, missing where one says nothing and none is."""
    most = flags.max(axis=1)
    return most.where(most.eq(1) | flags.notna().all(axis=1))


def _transfers(deals: pd.DataFrame) -> pd.DataFrame:
    """Volumes by supplier, recipient and year of delivery, with what part of them is estimated."""
    rows = deals[[*_PAIR, "estimated"]].assign(
        year=deals["years"],
        tiv=deals["tiv"].fillna(0.0) / deals["times"],
        allocated=deals["times"] > 1,
    )
    rows = rows.explode("year").dropna(subset="year")
    rows["about"] = rows["tiv"] * rows["estimated"]
    groups = rows.astype({"year": "int64"}).groupby([*_PAIR, "year"], observed=True)
    tiv, allocated = groups["tiv"].sum(), groups["allocated"].any()
    return pd.DataFrame(
        {
            "tiv_million": tiv.round(6),
            "tiv_basis": allocated.map({True: "allocated", False: "exact"}),
            "estimated_share": _part(groups["about"], tiv),
        }
    ).reset_index()


def _summed(
    deals: pd.DataFrame, key: str, names: dict[str, str], about: str, unsure: str
) -> pd.DataFrame:
    """Deals by supplier, recipient and `key`: number, years, what was ordered and arrived (`names`), unsure part of `about`."""
    ordered, arrived = names
    deals = deals.assign(unsure=deals[about] * deals[unsure])
    groups = deals.groupby([*_PAIR, key], observed=True)
    sums = {ordered: groups[ordered].sum(skipna=False), arrived: groups[arrived].sum()}
    return pd.DataFrame(
        {
            "deals": groups["deal"].nunique(),
            **{names[column]: values.round(6) for column, values in sums.items()},
            "first_delivery_year": groups["first"].min(),
            "last_delivery_year": groups["last"].max(),
            "estimated_share": _part(groups["unsure"], sums[about]),
        }
    ).reset_index()


def _units(
    sheet: Sheet, deals: pd.DataFrame, weapons: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Numbers of the weapons that were asked for, and notes on which designations were counted and which were not."""
    printed = sorted(sheet.rows["designation"].cat.categories)
    parts, notes = [], []
    for weapon in {" ".join(weapon.split()).casefold(): weapon for weapon in weapons}.values():
        spelt = {name: hit for name in printed if (hit := _named(name, weapon))}
        if not spelt:
            near = nearest(weapon, printed)
            raise DataError(
                f"{sheet.table.path}: no designation is {weapon!r}{near}; correct --weapon"
            )
        label = min(spelt.values())
        similar = [n for n in printed if weapon.casefold() in n.casefold() and n not in spelt]
        others = f"; not counted: {listed(similar, 5)}" if similar else ""
        notes.append(f"{label}: designated {listed(spelt, 5)}{others}")
        parts.append(deals[deals["designation"].isin(spelt)].assign(designation=label))
    counted = pd.concat(parts)
    counted["number"] = counted["number"].fillna(0.0)
    names = {"ordered": "units_ordered", "number": "units_delivered"}
    return _summed(counted, "designation", names, "number", "number_estimated"), notes


def _named(designation: str, weapon: str) -> str:
    """How a printed designation spells a weapon: as a whole, or as one of its names; empty if it is another weapon.

    >>> _named("Igla-S/SA-24", "igla-s"), _named("SA-24 (Igla-S)", "Igla-S"), _named("Igla-1", "Igla")
    ('Igla-S', 'Igla-S', '')
    """
    wanted = " ".join(weapon.split()).casefold()
    names = (" ".join(name.split()) for name in [designation, *re.split(r"[/()\[\]]", designation)])
    return next((name for name in names if name.casefold() == wanted), "")


def _part(estimated: SeriesGroupBy, whole: pd.Series) -> pd.Series:
    """A fraction between 0 and 1; missing where a part is not known, or there is nothing to take a part of."""
    return (estimated.sum(skipna=False) / whole.where(whole > 0)).clip(0, 1).round(6)


def _told_of_deals(sheet: Sheet, deals: pd.DataFrame, query: Query) -> list[str]:
    """Notes on what was repaired or taken as printed, and on what the rows do not say."""
    tiv, dated = deals["tiv"], deals["times"] > 0
    product, register = deals["number"] * deals["unit"], sheet.form == "register"
    rows = {
        "were delivered over several years: spread evenly over them": deals["times"] > 1,
        "whose volume is not the number times the volume of one: taken as printed": (
            (product - tiv).abs() > 0.005 * deals["number"] + 0.0051
        ),
        "without a volume: counted as 0": dated & tiv.isna(),
        "without a year of delivery: in no year of arms_transfers": ~dated & (tiv > 0),
        "do not say what is estimated: nor does estimated_share": deals["estimated"].isna(),
    }
    if register:
        rows["do not say how much was ordered: nor does arms_orders"] = deals["ordered"].isna()
        rows["without a year of order: not in arms_orders"] = deals["order_year"].isna()
    else:
        twice = deals.duplicated(["deal", "years"])
        rows["repeat deal and year of another row: both are counted"] = twice
    counted = {
        f"{int(odd.sum())} rows with {_tiv(tiv[odd].sum())} million TIV {words}": odd.any()
        for words, odd in rows.items()
    }
    told = {
        f"{sheet.joined} records that a line break in a comment cuts are made whole": sheet.joined,
        **counted,
        "the query was for deals with deliveries: orders of which nothing was delivered are missing": (
            register and not query.orders
        ),
        f"deals without a delivery since {query.first} are missing from arms_orders": (
            register and query.first > _FIRST_YEAR
        ),
    }
    return delivered.notes(told)


# ---- the query: which states and years a file of deals is about


@dataclass(frozen=True)
class Query:
    """What was asked for: states on either side (None for all, empty if not known), first and last year."""

    suppliers: frozenset[str] | None
    recipients: frozenset[str] | None
    first: int
    last: int | None
    found: int | None  # last year of the rows
    orders: bool = False  # whether deals without deliveries were asked for too


_QUERIES = (
    r"Transfers of major conventional arms from (?P<suppliers>.+?) +to (?P<recipients>.+?) *\. *Deals with "
    r"(?P<what>.+?)year range '(?P<first>[^']*)' to '(?P<last>[^']*)'",
    r"Database search results for buyer '(?P<recipients>.+?)' and seller +'(?P<suppliers>.+?)' "
    r"and the years from (?P<first>[0-9]{4}) to (?P<last>[0-9]{4})",
)


def _query(sheet: Sheet, rows: pd.DataFrame) -> Query:
    """The query above the header; what the rows say where there is none or where they contradict it."""
    years = [year for text in rows["years"].cat.categories for year in _years(text.strip())]
    first, last = min(years, default=_FIRST_YEAR), max(years, default=None)
    unknown = Query(frozenset(), frozenset(), first, last, last)
    hits = (re.search(query, sheet.table.above) for query in _QUERIES)
    said = next(filter(None, hits), None)
    if not said:
        return unknown
    span = [int(y) if re.fullmatch("[0-9]{4}", y) else None for y in said.group("first", "last")]
    query = Query(
        _selection(said["suppliers"]),
        _selection(said["recipients"]),
        span[0] or _FIRST_YEAR,
        span[1],
        last,
        "orders" in said.groupdict().get("what", ""),
    )
    fits = (
        (not query.suppliers or query.suppliers >= set(rows["supplier"].unique()))
        and (not query.recipients or query.recipients >= set(rows["recipient"].unique()))
        and (not years or query.first <= first <= last <= (query.last or last))
    )
    return query if fits else unknown


def _selection(said: str) -> frozenset[str] | None:
    """States that a query names: None for all, empty where its words cannot be read."""
    if said.strip().casefold() in EVERYONE:
        return None
    for names in ([said], [part for part in re.split("[,;]", said) if part.strip()]):
        codes = [_MEANT.get(n := name.strip()) or countries.find(n, marked=True) for name in names]
        if all(codes):
            return frozenset(codes)
    return frozenset()


def _covered(query: Query, rows: pd.DataFrame) -> tuple[tuple[str, ...], str]:
    """Of what a file of deals has everything, and a note on what was taken for granted."""
    # rows cut out of a download keep the query of the whole: of one recipient, all suppliers are taken to be there;
    # of one supplier, the recipients may be a region's
    suppliers, recipients = (sorted(rows[side].unique()) for side in _PAIR)
    asked = "the query was for all states, but"
    if query.suppliers is None and query.recipients is None:
        if len(suppliers) == 1:
            return _pairs(rows), f"{asked} one supplier occurs: covers only the pairs that occur"
        if len(recipients) == 1:
            taken = "one recipient occurs: taken to have all its suppliers"
            return (f"recipient={recipients[0]}",), f"{asked} {taken}"
        if len(recipients) < _FEW_RECIPIENTS or len(suppliers) < _FEW_SUPPLIERS:
            few = f"only {len(suppliers)} suppliers and {len(recipients)} recipients occur"
            return ("*",), f"{asked} {few}: if rows were cut out, totals and shares are wrong"
        return ("*",), "the whole data set: SIPRI's terms allow passing on less than 10 per cent"
    if query.suppliers is None:
        return tuple(f"recipient={r}" for r in sorted(query.recipients or recipients)), ""
    if query.recipients is None:
        return tuple(f"supplier={s}" for s in sorted(query.suppliers or suppliers)), ""
    if query.suppliers and query.recipients:
        pairs = itertools.product(sorted(query.suppliers), sorted(query.recipients))
        return tuple(f"pair={s}>{r}" for s, r in pairs), ""
    return _pairs(rows), "no query is known that fits these rows: covers only the pairs that occur"


def _narrowed(covers: tuple[str, ...], only: frozenset[str]) -> tuple[str, ...]:
    """What is still covered when only rows with these states are kept."""
    kept: list[str] = []
    for item in covers:
        side, _, code = item.partition("=")
        if "?" in code:  # a name that is not known, of rows that are left out
            continue
        if item == "*":
            kept += [f"{s}={c}" for c in sorted(only) for s in ("recipient", "supplier")]
        elif code == "*":
            kept += [f"{side}={c}" for c in sorted(only)]
        elif only & set(code.split(">")):
            kept.append(item)
        elif side == "recipient":
            kept += [f"pair={c}>{code}" for c in sorted(only)]
        elif side == "supplier":
            kept += [f"pair={code}>{c}" for c in sorted(only)]
    return tuple(dict.fromkeys(kept)) if only else covers


# ---- TIV tables


def _tables(path: Path, sheets: list[Sheet], only: frozenset[str]) -> Release:
    layouts = [sipri_sheet.layout(sheet) for sheet in sheets]
    _check_alike(sheets, layouts)
    named = pd.concat(map(_table, sheets, layouts), ignore_index=True)
    named = named.astype(dict.fromkeys(_PAIR, "category"))
    rows, kept, notes = _chosen(path, named, named["tiv"], only, named["place"].get)
    groups = kept.groupby([*_PAIR, "year", "tiv_basis"], observed=True)
    transfers = groups["tiv"].sum().rename("tiv_million").reset_index()
    first, asked = min(layouts[0].years.values()), max(layouts[0].years.values())
    last = max(_last_year(sheet, asked, rows["year"].max()) for sheet in sheets)
    what, covers, warning = _covered_by_tables(layouts, rows)
    missing = listed(range(last + 1, asked + 1), 5)
    whole = "volumes as printed in whole millions, 0 is less than half"
    notes += [whole, *delivered.notes({warning: warning})]
    notes += delivered.notes({f"nothing is printed for {missing}: not covered": missing})
    tables = {"arms_transfers": transfers.assign(estimated_share=float("nan"))}
    what, covers = f"{what}, {first}–{last}", _narrowed(covers, only)
    return _release(sheets, what, tables, covers, first, last, notes)


def _check_alike(sheets: list[Sheet], layouts: list[Layout]) -> None:
    """Refuse a table that is cut short of its totals, and a folder that is not of one release, one table a state."""
    if len(sheets) == 1 and not layouts[0].total:
        cut = "the file is cut short: download it again"
        raise unlike(sheets[0].table.path, "a row of totals at the end", "none", cut)
    seen: dict[str, Path] = {}
    for sheet, layout in zip(sheets, layouts, strict=True):
        # where no table of a folder has its totals, somebody took rows out; where one has none, it is cut
        like, first = (
            (here.partners, here.years, here.total, _published(table))
            for table, here in ((sheet, layout), (sheets[0], layouts[0]))
        )
        kinds = zip(("side", "years", "totals", "release"), like, first, strict=True)
        if other := [kind for kind, this, that in kinds if this != that]:
            same = f"side, years, totals and release as in {sheets[0].table.path.name}"
            found = f"other {' and '.join(other)}"
            raise unlike(
                sheet.table.path, same, found, "give each release a folder, of whole files"
            )
        if layout.whom in seen:
            found = f"another of {layout.whom or 'all'}, after {seen[layout.whom].name}"
            raise unlike(sheet.table.path, "one table a state", found, "take one out of the folder")
        seen[layout.whom] = sheet.table.path


def _table(sheet: Sheet, layout: Layout) -> pd.DataFrame:
    """A TIV table in rows of supplier, recipient, year and volume, whose totals are those of the state "Total"."""
    names = each(sheet.rows[layout.names], str)
    twice = names[(names != "") & names.duplicated()]
    if len(twice):
        place = f"{sheet.table.path}:{sheet.table.at(twice.index[0])}"
        raise unlike(place, "every name once", repr(twice.iloc[0]))
    cells = sheet.rows.loc[names != "", [*layout.years, layout.sums]]  # a blank row parts the total
    cells.columns = [*map(str, layout.years.values()), "Total"]
    rules = [Rule(column, _is(_NUMBER), _NO_NUMBER) for column in cells]
    delivered.check(sheet.table.path, cells, rules, sheet.table.at)
    numbers = cells.apply(_numbers)
    years, parts = numbers.drop(columns="Total"), numbers
    if layout.total:
        names[numbers.index[-1]] = "Total"
        parts = numbers.iloc[:-1]
        _check_sums(lambda year: f"{sheet.table.path}, {year}", parts, numbers.iloc[-1])
    _check_sums(
        lambda row: f"{sheet.table.path}:{sheet.table.at(row)}",
        years.loc[parts.index].T,
        parts["Total"],
    )
    frame = (
        years.assign(
            **{layout.partners: names, layout.other: layout.whom or "Total"},
            place=[f"{sheet.table.at(row)} of {sheet.table.path.name}" for row in years.index],
        )
        .melt([*_PAIR, "place"], var_name="year", value_name="tiv")
        .dropna(subset="tiv")
        .astype({"year": "int64"})
    )
    total = frame[layout.partners].eq("Total") | (not layout.whom)
    return frame.assign(tiv_basis=total.map({True: "total only", False: "exact"}))


def _check_sums(place: Callable[[object], str], parts: pd.DataFrame, printed: pd.Series) -> None:
    """Hold printed totals against columns: every printed number is off by at most a half, and so is the total."""
    sums = parts.sum()
    off = (sums - printed.fillna(0)).abs() > 0.5 * (parts.count() + 1)
    off |= printed.isna() & (sums > 0)
    if off.any():
        at = off.idxmax()
        raise unlike(
            place(at),
            f"numbers that make the printed total {_tiv(printed[at])}",
            _tiv(sums[at]),
            f"some are missing or were changed: {delivered.AGAIN}",
        )


def _covered_by_tables(
    layouts: list[Layout], rows: pd.DataFrame
) -> tuple[str, tuple[str, ...], str]:
    """What tables are about, of what they have everything, and a note on what was taken for granted."""
    partners, other = layouts[0].partners, layouts[0].other
    side = {"recipient": "imports", "supplier": "exports"}
    if not layouts[0].whom:  # not recipient= and supplier=, because no partners are told apart
        return f"arms {side[partners]} by {partners}, totals only", (f"{side[partners]}=*",), ""
    states = sorted(code for code in rows[other].unique() if code[0] != "?" and code != "_T")
    whose = countries.name(states[0]) if len(layouts) == 1 else f"{len(layouts)} states"
    what, covers = f"arms {side[other]} of {whose}", tuple(f"{other}={state}" for state in states)
    if not layouts[0].total:
        lacking = "without rows of totals nobody sees what was taken out"
        return what, _pairs(rows), f"{lacking}: covers only the pairs that occur"
    if other == "supplier" and len(layouts) >= _ALL_SUPPLIERS:
        return what, ("*",), f"{len(layouts)} tables are taken for those of all suppliers"
    return what, covers, "shares are to be taken of the printed totals (`_T`): all are rounded"


# ---- common to all forms


def _chosen(
    path: Path,
    names: pd.DataFrame,
    tiv: pd.Series,
    only: frozenset[str],
    line: Callable[[int], int | str],
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Rows with codes for names, those of them in which one of the states takes part, and notes on names and others."""
    rows = names.assign(
        **{side: delivered.coded(names[side], None, _MEANT, marked=True) for side in _PAIR}
    )
    kept, left = delivered.chosen(path, rows, _PAIR, only, line)
    others = rows.drop(kept.index)
    # the world's total would count them twice
    others = others[(others["supplier"] != "_T") | (others["recipient"] != "_T")]
    if len(others):
        volume = f"{_tiv(tiv[others.index].sum())} million TIV"
        left.append(f"{len(others)} rows with {volume} of other states are left out")
    known = countries.table()
    present = set(rows["supplier"].unique()) | set(rows["recipient"].unique())
    left += [
        f"{known[f].name} ({f}) is not {known[code].name} ({code}): left out; to keep it, name it with --only"
        for code in sorted(only & known.keys())
        for f in sorted(present & set(known[code].successor_of) - only)
    ]
    return rows, kept, _told_of_names(names, kept) + left


def _told_of_names(names: pd.DataFrame, kept: pd.DataFrame) -> list[str]:
    """Notes on names that share a code in the rows that are kept, on new ones that are marked, and on missing ones."""
    used = names.loc[kept.index]
    spelt = pd.concat(
        pd.DataFrame({"code": kept[side], "name": used[side]}).drop_duplicates().astype("str")
        for side in _PAIR
    )
    groups = spelt.drop_duplicates().sort_values(["code", "name"]).groupby("code")["name"]
    notes = [
        f"{len(same)} names are summed up under {code} ({countries.name(code)}): {listed(list(same), 5)}"
        for code, same in groups
        if len(same) > 1
    ]
    marked = {name for side in _PAIR for name in names[side].unique() if name.strip()[-1:] == "*"}
    bare = {name: name.strip("* ") for name in marked}
    new = sorted(name for name in marked if bare[name] and not countries.find(bare[name]))
    marks = "* for armed groups (_NSAG), ** for organisations (_ORG)"
    nameless = int((used[_PAIR] == "").sum(axis=None))
    told = {
        f"{len(new)} names are new and known by their marks, {marks}: {listed(new, 5)}": new,
        f"{nameless} cells name no state: counted as _U (Unknown)": nameless,
    }
    return notes + delivered.notes(told)


def _pairs(rows: pd.DataFrame) -> tuple[str, ...]:
    """The pairs that occur, as a release's `covers` names them."""
    found = rows[_PAIR].drop_duplicates().astype("str").sort_values(_PAIR).to_numpy()
    return tuple(f"pair={s}>{r}" for s, r in found if "?" not in s + r and "_T" not in (s, r))


def _published(sheet: Sheet) -> int | None:
    """The last year that SIPRI, which adds one each spring, had published when a file was made; None if not known."""
    day = sheet.generated
    return day and day.year - (1 if day.month >= 4 else 2)


def _last_year(sheet: Sheet, asked: int | None, found: int | None) -> int:
    """The last year covered: published by then and asked for; a year that has rows in any case."""
    limits = [year for year in (asked, _published(sheet)) if year]
    return max(min(limits, default=_FIRST_YEAR), int(found or 0))


def _release(
    sheets: list[Sheet],
    what: str,
    tables: dict[str, pd.DataFrame],
    covers: tuple[str, ...],
    first: int,
    last: int,
    notes: list[str],
) -> Release:
    days = (sheet.generated.isoformat() for sheet in sheets if sheet.generated)
    return Release(
        tables=tables,
        title=f"SIPRI Arms Transfers Database, {what} (own calculation)",
        **TERMS["sipri"],
        covers=covers,
        data_from=f"{first}-01-01",
        data_through=f"{last}-12-31",
        generated=max(days, default=""),
        notes=tuple(notes),
    )


def _tiv(value: float) -> str:
    return "nothing" if value != value else f"{round(value, 2):.12g}"

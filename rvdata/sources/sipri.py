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

What a release covers follows from the query that stands above the header, and from the rows where they show that
somebody cut the file: see `_covered`. The last year covered is never later than what SIPRI had published on the day of
the download: each spring it adds the year before.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError, nearest
from rvdata.sources import delivered, sipri_sheet
from rvdata.sources.compiled import Release
from rvdata.sources.delivered import Rule
from rvdata.sources.sipri_sheet import DEALS, EVERYONE, YEAR, Layout, Sheet, each, unlike

if TYPE_CHECKING:
    import pandas as pd

_PAIR = ["supplier", "recipient"]
#: What SIPRI means by names that the table of countries gives to nobody.
_MEANT = {"Congo": "COG"}
_FIRST_YEAR = 1950  # of the database
#: In every year since 1950 more states than these received or supplied arms (tables of October 2024).
_FEW_RECIPIENTS, _FEW_SUPPLIERS = 50, 10
#: Suppliers since 1950 in the release of March 2022 were 134, each with a table of its own.
_ALL_SUPPLIERS = 120
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
_YEARS = rf"{YEAR}(?:; *{YEAR})*"
_FLAGS = {"deliveries": "Yes|No", "register": r"\?"}


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
        In one line, if the file is none of these, is cut short, contradicts itself, or names in a row that is kept a
        state that ``countries.csv`` does not know.
    """
    path = Path(path)
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    sheets = [sipri_sheet.read(file) for file in files]
    deals = next((sheet for sheet in sheets if sheet.form in DEALS), None)
    if path.is_dir() and (deals or not sheets):
        found = f"deals in {deals.path.name}" if deals else "none"
        raise unlike(
            path, "a folder of TIV tables (*.csv)", found, "give one file, or such a folder"
        )
    if deals:
        return _deals(deals, only, weapons)
    if weapons:
        raise DataError(
            f"{path}: TIV tables count no weapons; leave out --weapon or import a trade register"
        )
    return _tables(path, sheets, only)


# ---- deals: deliveries and trade register


def _deals(sheet: Sheet, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    rows = sheet.rows.assign(**_coded(sheet.rows))
    query = _query(sheet, rows)
    tiv = _numbers(rows["tiv"])
    kept, left = _chosen(sheet.path, rows, tiv, only, sheet.line)
    _check(sheet, kept)
    deals = _values(sheet, kept)
    tables = {"arms_transfers": _transfers(deals)}
    notes = [*_told_of_names(sheet.rows, kept), *left, *_told_of_deals(sheet, deals, query)]
    if sheet.form == "register":
        tables["arms_orders"] = _orders(deals)
    if weapons:
        tables["arms_units"], counted = _units(sheet, deals, weapons)
        notes += counted
    covers, warned = _covered(query, rows)
    last = _last_year(sheet, query.last, query.found)
    form = "deliveries" if sheet.form == "deliveries" else "trade register"
    return _release(
        [sheet],
        f"{form} {query.first}–{last}",
        tables,
        _narrowed(covers, only),
        (query.first, last),
        notes + ([] if covers == ("*",) and only else warned),
    )


def _check(sheet: Sheet, kept: pd.DataFrame) -> None:
    """Refuse rows that are kept for a cell that is neither empty nor what it should be, and a last row that is cut."""
    flags = _FLAGS[sheet.form]
    now = sheet.generated or datetime.date.max
    rules = [
        *(Rule(column, _is(_NUMBER), "number with a decimal point") for column in _numeric(kept)),
        *(Rule(column, _is(flags), f"flag {flags}") for column in kept.filter(like="_estimated")),
        Rule("years", _is(_YEARS), "list of years with semicolons between"),
        Rule("years", _until(now.year), f"year before the download of {now}"),
    ]
    delivered.check(sheet.path, kept, rules, sheet.line)
    last = kept.tail(1)
    number, unit, tiv = (_numbers(last[column]).item() for column in ("number", "unit", "tiv"))
    cut = not sheet.ended and last.index == sheet.rows.index[-1]
    if cut and not abs(number * unit - tiv) < 0.006:
        raise unlike(
            f"{sheet.path}:{sheet.line(last.index[0])}",
            "a volume that is number times volume of one",
            f"{tiv:g} at the end of the file, in a line that does not end",
            "it is cut short: download it again",
        )


def _numeric(rows: pd.DataFrame) -> list[str]:
    """Columns that hold numbers."""
    return [
        c for c in ("number", "unit", "tiv", "order_year", "ordered", "tiv_ordered") if c in rows
    ]


def _is(rule: str) -> Callable[[pd.Series], pd.Series]:
    """Whether cells are what an expression says, or empty."""
    return lambda cells: each(cells, lambda text: bool(re.fullmatch(f"(?:{rule})?", text)))


def _until(year: int) -> Callable[[pd.Series], pd.Series]:
    """Whether cells hold no later year."""
    return lambda cells: each(cells, lambda text: max(_years(text), default=0) <= year)


def _numbers(cells: pd.Series) -> pd.Series:
    """Numbers of cells; missing where a cell is empty or holds none."""
    return each(cells, lambda text: float(text if re.fullmatch(_NUMBER, text) else "nan"))


def _years(text: str) -> tuple[int, ...]:
    """Years of a cell; none if it is empty or no list of years."""
    return tuple(map(int, text.split(";"))) if re.fullmatch(_YEARS, text) else ()


def _values(sheet: Sheet, kept: pd.DataFrame) -> pd.DataFrame:
    """Deals with numbers, years and flags in place of texts; what a cell does not say is missing."""
    deals = kept.copy()
    silent = (
        float("nan") if sheet.form == "deliveries" else 0.0
    )  # a register marks what is uncertain
    flags = {"Yes": 1.0, "?": 1.0, "No": 0.0, "": silent}
    deals[_numeric(kept)] = kept[_numeric(kept)].apply(_numbers)
    for column in kept.filter(like="_estimated"):
        deals[column] = each(kept[column], flags.get)
    deals["years"] = each(kept["years"], _years)
    deals["dates"] = each(kept["years"], lambda text: len(_years(text)))
    deals["first"] = each(kept["years"], lambda text: min(_years(text), default=float("nan")))
    deals["last"] = each(kept["years"], lambda text: max(_years(text), default=float("nan")))
    deals["estimated"] = _either(deals.filter(["number_estimated", "years_estimated"]))
    if sheet.form == "register":
        deals["deal"] = deals.index
        deals["tiv_ordered"] = deals["tiv_ordered"].where(
            deals["ordered"].notna()
        )  # 0 where not known
        deals["order_estimated"] = _either(deals[["order_year_estimated", "ordered_estimated"]])
    else:
        deals["ordered"] = float("nan")
    return deals


def _either(flags: pd.DataFrame) -> pd.Series:
    """1 where one of the flags is, 0 where none is, missing where one says nothing and none is."""
    return flags.max(axis=1).where(flags.max(axis=1).eq(1) | flags.notna().all(axis=1))


def _transfers(deals: pd.DataFrame) -> pd.DataFrame:
    """Volumes by supplier, recipient and year of delivery, with what part of them is estimated."""
    import pandas as pd

    spread = deals[[*_PAIR, "estimated"]].assign(
        year=deals["first"],
        tiv=deals["tiv"].fillna(0.0) / deals["dates"],
        allocated=deals["dates"] > 1,
    )
    several = spread[spread["allocated"]].assign(year=deals["years"]).explode("year")
    spread = pd.concat([spread[deals["dates"] == 1], several]).astype({"year": "int64"})
    groups = spread.assign(about=spread["tiv"] * spread["estimated"]).groupby(
        [*_PAIR, "year"], observed=True
    )
    tiv, allocated = groups["tiv"].sum(), groups["allocated"].any()
    frame = tiv.round(6).rename("tiv_million").to_frame()
    frame["tiv_basis"] = allocated.map({True: "allocated", False: "exact"})
    frame["estimated_share"] = _part(groups["about"].sum(skipna=False), tiv)
    return frame.reset_index()


def _orders(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals and volumes by supplier, recipient and year of order; volume ordered is empty where a deal has none."""
    import pandas as pd

    deals = deals.assign(about=deals["tiv_ordered"] * deals["order_estimated"])
    groups = deals.groupby([*_PAIR, "order_year"], observed=True)
    ordered = groups["tiv_ordered"].sum(skipna=False)
    return pd.DataFrame(
        {
            "deals": groups.size(),
            "tiv_ordered_million": ordered.round(6),
            "tiv_delivered_million": groups["tiv"].sum().round(6),
            "first_delivery_year": groups["first"].min(),
            "last_delivery_year": groups["last"].max(),
            "estimated_share": _part(groups["about"].sum(skipna=False), ordered),
        }
    ).reset_index()


def _units(
    sheet: Sheet, deals: pd.DataFrame, weapons: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Numbers of the weapons that were asked for, and notes on which designations were counted and which were not."""
    import pandas as pd

    if not all(weapon.strip() for weapon in weapons):
        raise DataError("--weapon: is empty; write a designation as SIPRI prints it")
    printed = sorted(sheet.rows["designation"].cat.categories)
    parts, notes = [], []
    for weapon in {" ".join(weapon.split()).casefold(): weapon for weapon in weapons}.values():
        spelt = {name: hit for name in printed if (hit := _named(name, weapon))}
        if not spelt:
            raise DataError(
                f"{sheet.path}: no designation is {weapon!r}{nearest(weapon, printed)}; correct --weapon"
            )
        label = min(spelt.values())
        similar = [n for n in printed if weapon.casefold() in n.casefold() and n not in spelt]
        counted = deals[deals["designation"].isin(spelt.keys())]
        others = f"; not counted: {_some(similar)}" if similar else ""
        notes.append(f"{label}: {len(counted)} rows, designated {_some(list(spelt))}{others}")
        parts.append(counted.assign(designation=label))
    chosen = pd.concat(parts).assign(
        about=lambda rows: rows["number"].fillna(0) * rows["number_estimated"]
    )
    groups = chosen.groupby([*_PAIR, "designation"], observed=True)
    units = groups["number"].sum()
    return pd.DataFrame(
        {
            "deals": groups["deal"].nunique(),
            "units_ordered": groups["ordered"].sum(skipna=False),
            "units_delivered": units,
            "first_delivery_year": groups["first"].min(),
            "last_delivery_year": groups["last"].max(),
            "estimated_share": _part(groups["about"].sum(skipna=False), units),
        }
    ).reset_index(), notes


def _named(designation: str, weapon: str) -> str:
    """How a printed designation spells a weapon: as a whole, or as one of its names; empty if it is another weapon.

    >>> _named("Igla-S/SA-24", "igla-s"), _named("SA-24 (Igla-S)", "Igla-S"), _named("Igla-1", "Igla")
    ('Igla-S', 'Igla-S', '')
    """
    wanted = " ".join(weapon.split()).casefold()
    names = (" ".join(name.split()) for name in [designation, *re.split(r"[/()\[\]]", designation)])
    return next((name for name in names if name.casefold() == wanted), "")


def _part(estimated: pd.Series, whole: pd.Series) -> pd.Series:
    """A fraction between 0 and 1; missing where there is nothing to take a part of."""
    return (estimated / whole.where(whole > 0)).clip(0, 1).round(6)


def _told_of_deals(sheet: Sheet, deals: pd.DataFrame, query: Query) -> list[str]:
    """Notes on what was repaired or taken as printed, and on what the rows do not say."""
    tiv, dated = deals["tiv"], deals["dates"] > 0
    off = (deals["number"] * deals["unit"] - tiv).abs() > 0.005 * deals["number"] + 0.0051
    several = deals["dates"] > 1
    register = sheet.form == "register"
    tests = [
        (several, "were delivered over several years: spread evenly over them"),
        (off, "whose volume is not the number times the volume of one: taken as printed"),
        (dated & tiv.isna(), "with a year of delivery and without a volume: counted as 0"),
        (~dated & (tiv > 0), "without a year of delivery: in no year of arms_transfers"),
        (deals["estimated"].isna(), "do not say what is estimated: nor does estimated_share"),
    ]
    if register:
        tests += [
            (deals["ordered"].isna(), "do not say how much was ordered: nor does arms_orders"),
            (deals["order_year"].isna(), "without a year of order: not in arms_orders"),
        ]
    else:
        twice = deals.duplicated(["deal", "years"])
        tests.append((twice, "repeat deal and year of another row: both are counted"))
    notes = [
        f"{int(test.sum())} rows with {_tiv(tiv[test].sum())} million TIV {words}"
        for test, words in tests
        if test.any()
    ]
    if sheet.joined:
        notes.append(f"{sheet.joined} records that a line break in a comment cuts are whole again")
    if register and not query.orders:
        notes.append(
            "the query was for deals with deliveries: orders of which nothing was delivered are missing"
        )
    if register and query.first > _FIRST_YEAR:
        notes.append(f"deals without a delivery since {query.first} are missing from arms_orders")
    return notes


# ---- the query: which states and years a file of deals is about


@dataclass(frozen=True)
class Query:
    """What was asked for: states on either side (None for all, empty if not known), first and last year."""

    suppliers: frozenset[str] | None
    recipients: frozenset[str] | None
    first: int
    last: int | None
    found: int | None  # last year of the rows
    orders: bool  # whether deals without deliveries were asked for too


_QUERIES = (
    r"Transfers of major conventional arms from (?P<suppliers>.+?) +to (?P<recipients>.+?) *\. *Deals with "
    r"(?P<what>.+?)year range '(?P<first>[^']*)' to '(?P<last>[^']*)'",
    r"Database search results for buyer '(?P<recipients>.+?)' and seller +'(?P<suppliers>.+?)' "
    r"and the years from (?P<first>[0-9]{4}) to (?P<last>[0-9]{4})",
)


def _query(sheet: Sheet, rows: pd.DataFrame) -> Query:
    """The query above the header; what the rows say where there is none or where they contradict it."""
    years = [year for text in rows["years"].cat.categories for year in _years(text.strip())]
    found = (min(years), max(years)) if years else (_FIRST_YEAR, None)
    unknown = Query(frozenset(), frozenset(), *found, found[1], False)
    said = next(filter(None, (re.search(query, sheet.table.above) for query in _QUERIES)), None)
    if not said:
        return unknown
    first, last = (
        int(y) if re.fullmatch("[0-9]{4}", y) else None for y in said.group("first", "last")
    )
    orders = "orders" in said.groupdict().get("what", "")
    query = Query(
        _selection(said["suppliers"]),
        _selection(said["recipients"]),
        first or _FIRST_YEAR,
        last,
        found[1],
        orders,
    )
    fits = all(
        not states or set(rows[side].unique()) <= states
        for side, states in (("supplier", query.suppliers), ("recipient", query.recipients))
    )
    within = not years or (query.first <= found[0] and found[1] <= (last or 9999))
    return query if fits and within else unknown


def _selection(said: str) -> frozenset[str] | None:
    """States that a query names: None for all, empty where its words cannot be read."""
    if said.strip().casefold() in EVERYONE:
        return None
    for names in ([said], [part for part in re.split("[,;]", said) if part.strip()]):
        codes = [_MEANT.get(n := name.strip()) or countries.find(n, marked=True) for name in names]
        if all(codes):
            return frozenset(codes)
    return frozenset()


def _covered(query: Query, rows: pd.DataFrame) -> tuple[tuple[str, ...], list[str]]:
    """Of what a file of deals has everything, and notes on what was taken for granted.

    The query says it, but rows cut out of a download keep the query of the whole. So a query for all states counts for
    all only if there are several suppliers and several recipients. If there is one recipient, someone cut the file to
    it: all its suppliers are taken to be there. If there is one supplier, the recipients may be a region's: then only
    the pairs that are there are covered.
    """
    suppliers, recipients = (sorted(rows[side].unique()) for side in _PAIR)
    if query.suppliers is None and query.recipients is None:
        if len(suppliers) == 1:
            return _pairs(rows), [
                "the query was for all states, but one supplier occurs: covers only its recipients "
                "that occur, one by one, because others may have been cut out"
            ]
        if len(recipients) == 1:
            return (f"recipient={recipients[0]}",), [
                "the query was for all states, but one recipient occurs: taken to have all its suppliers"
            ]
        if len(recipients) < _FEW_RECIPIENTS or len(suppliers) < _FEW_SUPPLIERS:
            return ("*",), [
                f"the query was for all states, but only {len(suppliers)} suppliers and {len(recipients)} "
                "recipients occur: if rows were cut out, totals and shares are wrong"
            ]
        return ("*",), [
            "this is the whole data set: SIPRI's terms allow passing on less than 10 per cent"
        ]
    if query.suppliers is None:
        return tuple(f"recipient={r}" for r in sorted(query.recipients or recipients)), []
    if query.recipients is None:
        return tuple(f"supplier={s}" for s in sorted(query.suppliers or suppliers)), []
    if query.suppliers and query.recipients:
        return tuple(
            f"pair={s}>{r}" for s in sorted(query.suppliers) for r in sorted(query.recipients)
        ), []
    return _pairs(rows), [
        "no query is known that fits these rows: covers only the pairs that occur"
    ]


def _narrowed(covers: tuple[str, ...], only: frozenset[str]) -> tuple[str, ...]:
    """What is still covered when only rows with these states are kept."""
    if not only:
        return covers
    kept: list[str] = []
    for item in covers:
        side, _, code = item.partition("=")
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
    return tuple(dict.fromkeys(kept))


# ---- TIV tables


def _tables(path: Path, sheets: list[Sheet], only: frozenset[str]) -> Release:
    import pandas as pd

    layouts = [sipri_sheet.layout(sheet) for sheet in sheets]
    _check_alike(sheets, layouts)
    named = pd.concat(map(_table, sheets, layouts), ignore_index=True)
    named = named.astype(dict.fromkeys(_PAIR, "category"))
    rows = named.assign(**_coded(named))
    kept, left = _chosen(path, rows, rows["tiv"], only)
    transfers = (
        kept.groupby([*_PAIR, "year", "tiv_basis"], observed=True)["tiv"]
        .sum()
        .rename("tiv_million")
        .reset_index()
        .assign(estimated_share=float("nan"))
    )
    first, *_, asked = layouts[0].years.values()
    last = max(_last_year(sheet, asked, rows["year"].max()) for sheet in sheets)
    what, covers, warned = _covered_by_tables(layouts, rows)
    notes = [*_told_of_names(named, kept), *left, "volumes as printed in whole millions", *warned]
    if missing := [str(year) for year in range(last + 1, asked + 1)]:
        notes.append(f"nothing is printed for {_some(missing)}: not covered")
    if layouts[0].whom:
        notes.append(
            "volumes and the printed total (`_T`) are rounded, each for itself: take shares of the total"
        )
    return _release(
        sheets,
        f"{what}, {first}–{last}",
        {"arms_transfers": transfers},
        _narrowed(covers, only),
        (first, last),
        notes,
    )


def _check_alike(sheets: list[Sheet], layouts: list[Layout]) -> None:
    """Refuse tables that are cut short of their totals, and a folder that is not of one release, one table a state."""
    seen: dict[str, Sheet] = {}
    for sheet, layout in zip(sheets, layouts, strict=True):
        # where no table of a folder has its total, somebody took rows out; where one has none, it is cut
        if not layout.total and (len(sheets) == 1 or any(other.total for other in layouts)):
            raise unlike(
                f"{sheet.path}:{sheet.line(len(sheet.rows) - 1)}",
                "a row of totals at the end",
                "none",
                "the file is cut short: download it again",
            )
        like = (layout.partners, layout.years, _published(sheet))
        if like != (layouts[0].partners, layouts[0].years, _published(sheets[0])):
            raise unlike(
                sheet.path,
                f"a table of the same side, years and release as {sheets[0].path.name}",
                "another",
                "give each release a folder of its own",
            )
        if len(sheets) > 1 and (layout.whom in seen or not layout.whom):
            found = f"that of {layout.whom or 'all'}" + (
                f" again, after {seen[layout.whom].path.name}" if layout.whom in seen else ""
            )
            raise unlike(sheet.path, "one table for each state", found, "take it out of the folder")
        seen[layout.whom] = sheet


def _table(sheet: Sheet, layout: Layout) -> pd.DataFrame:
    """A TIV table in rows of supplier, recipient, year and volume, whose totals are those of the state "Total"."""
    names = each(sheet.rows[layout.names], str)
    twice = names[(names != "") & names.duplicated()]
    if len(twice):
        raise unlike(
            f"{sheet.path}:{sheet.line(twice.index[0])}", "every name once", repr(twice.iloc[0])
        )
    columns = [*layout.years, str(int(max(layout.years, key=int)) + 1)]
    cells = sheet.rows.loc[
        names != "", columns
    ]  # the old site sets the total apart by an empty row
    rules = [Rule(column, _is(_NUMBER), "number with a decimal point") for column in columns]
    delivered.check(sheet.path, cells, rules, sheet.line)
    numbers = cells.apply(_numbers).set_axis([*layout.years.values(), "all"], axis=1)
    parts = numbers.iloc[:-1] if layout.total else numbers
    if parts.empty:
        raise unlike(sheet.path, "rows above the total", "none")
    if layout.total:
        names[numbers.index[-1]] = "Total"
        _check_sums(lambda year: f"{sheet.path}, {year}", parts, numbers.iloc[-1])
    by_year = parts.drop(columns="all").T
    _check_sums(lambda row: f"{sheet.path}:{sheet.line(row)}", by_year, parts["all"])
    frame = (
        numbers.drop(columns="all")
        .assign(**{layout.partners: names, layout.other: layout.whom or "Total"})
        .melt(_PAIR, var_name="year", value_name="tiv")
        .dropna(subset="tiv")
        .astype({"year": "int64"})
    )
    total = frame[layout.partners].eq("Total") | (not layout.whom)
    return frame.assign(tiv_basis=total.map({True: "total only", False: "exact"}))


def _check_sums(place: Callable[[int], str], parts: pd.DataFrame, printed: pd.Series) -> None:
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
) -> tuple[str, tuple[str, ...], list[str]]:
    """What tables are about, of what they have everything, and notes on what was taken for granted."""
    other = layouts[0].other
    side = {"recipient": "imports", "supplier": "exports"}
    states = sorted(code for code in rows[other].unique() if code[0] != "?" and code != "_T")
    if not layouts[0].whom:  # not recipient= and supplier=, because no partners are told apart
        partners = layouts[0].partners
        return f"arms {side[partners]} by {partners}, totals only", (f"{side[partners]}=*",), []
    if len(layouts) == 1:
        return f"arms {side[other]} of {countries.name(states[0])}", (f"{other}={states[0]}",), []
    what = f"arms {side[other]} of {len(layouts)} states"
    if not layouts[0].total:
        return (
            what,
            _pairs(rows),
            [
                "the tables have no rows of totals, so rows may have been taken out: covers only the pairs that occur"
            ],
        )
    if other == "supplier" and len(layouts) >= _ALL_SUPPLIERS:
        return what, ("*",), [f"{len(layouts)} tables are taken for those of all suppliers"]
    return what, tuple(f"{other}={state}" for state in states), []


# ---- common to all forms


def _coded(names: pd.DataFrame) -> dict[str, pd.Series]:
    """Suppliers and recipients as codes; a name that the table does not know as `delivered.coded` writes it."""

    def filled(cells: pd.Series) -> pd.Series:
        named = all(map(str.strip, cells.cat.categories))
        return cells if named else each(cells, lambda name: name or "unknown")

    return {side: delivered.coded(filled(names[side]), meant=_MEANT, marked=True) for side in _PAIR}


def _chosen(
    path: Path,
    rows: pd.DataFrame,
    tiv: pd.Series,
    only: frozenset[str],
    line: Callable[[int], int] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The rows in which one of the states takes part, and notes on the others."""
    kept, notes = delivered.chosen(path, rows, _PAIR, only, line)
    others = rows.drop(kept.index)
    # the world's total would count them twice
    others = others[(others["supplier"] != "_T") | (others["recipient"] != "_T")]
    if len(others):
        notes.append(
            f"{len(others)} rows with {_tiv(tiv[others.index].sum())} million TIV of other states are left out"
        )
    present, known = (
        set(rows["supplier"].unique()) | set(rows["recipient"].unique()),
        countries.table(),
    )
    return kept, notes + [
        f"{known[f].name} ({f}) is not {known[code].name} ({code}): left out; to keep it, name it with --only"
        for code in sorted(only & known.keys())
        for f in sorted(present & set(known[code].successor_of) - only)
    ]


def _told_of_names(names: pd.DataFrame, kept: pd.DataFrame) -> list[str]:
    """Notes on names that share a code in the rows that are kept, on new ones that are marked, and on missing ones."""
    import pandas as pd

    used = names.loc[kept.index]
    spelt = pd.concat(
        pd.DataFrame({"code": kept[side], "name": used[side]}).drop_duplicates().astype("str")
        for side in _PAIR
    )
    spelt = spelt.drop_duplicates().sort_values(["code", "name"])
    new = sorted(
        name
        for name in set().union(*(names[side].unique() for side in _PAIR))
        if name.strip().endswith("*") and not countries.find(name.strip("* "))
    )
    notes = [
        f"{len(same)} names are summed up under {code} ({countries.name(code)}): {_some(list(same))}"
        for code, same in spelt.groupby("code")["name"]
        if len(same) > 1
    ]
    if new:
        notes.append(
            f"{len(new)} names are new and known by their marks, * for armed groups (_NSAG), ** for "
            f"organisations (_ORG): {_some(new)}"
        )
    if nameless := int((used[_PAIR] == "").sum(axis=None)):
        notes.append(f"{nameless} cells name no state: counted as _U (Unknown)")
    return notes


def _pairs(rows: pd.DataFrame) -> tuple[str, ...]:
    """The pairs that occur, as a release's `covers` names them."""
    found = rows[_PAIR].drop_duplicates().astype("str").sort_values(_PAIR)
    return tuple(
        f"pair={s}>{r}" for s, r in found.to_numpy() if "?" not in s + r and "_T" not in (s, r)
    )


def _published(sheet: Sheet) -> int | None:
    """The last year that SIPRI had published when a file was made; None if that is not known."""
    day = sheet.generated
    return day and day.year - (1 if day.month >= 4 else 2)


def _last_year(sheet: Sheet, asked: int | None, found: int | None) -> int:
    """The last year covered: published by then and asked for; a year that has rows in any case."""
    limits = [year for year in (asked, _published(sheet)) if year]
    return max(min(limits, default=0), int(found or 0)) or _FIRST_YEAR


def _release(
    sheets: Sequence[Sheet],
    what: str,
    tables: dict[str, pd.DataFrame],
    covers: tuple[str, ...],
    years: tuple[int, int],
    notes: list[str],
) -> Release:
    first, last = years
    days = [sheet.generated.isoformat() for sheet in sheets if sheet.generated]
    return Release(
        tables=tables,
        title=f"SIPRI Arms Transfers Database, {what} (own calculation)",
        publisher="Stockholm International Peace Research Institute (SIPRI)",
        url="https://www.sipri.org/databases/armstransfers",
        licence="SIPRI fair use: non-commercial, less than 10 per cent of a data set, with attribution "
        "(https://www.sipri.org/databases/terms)",
        redistribution="this project's own aggregates with attribution; never the publisher's file or rows of it",
        covers=covers,
        data_from=f"{first}-01-01",
        data_through=f"{last}-12-31",
        generated=max(days, default=""),
        notes=tuple(notes),
    )


def _tiv(value: float) -> str:
    return "nothing" if value != value else f"{round(value, 2):.12g}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")

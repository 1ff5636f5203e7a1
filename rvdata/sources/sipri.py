"""SIPRI Arms Transfers Database: the files that its site hands out, as volumes by supplier, recipient and year.

Four kinds are told apart by their content (`sipri_sheet`):

deliveries
    One row per deal and year of delivery ("SIPRI AT Database ID" first). Sums by year are exact. A volume counts as
    estimated where "Numbers delivered is estimate" or "Delivery year is estimate" says Yes. The column "SIPRI
    estimate" is no flag but the volume of one new weapon; an estimated date of the order does not touch deliveries.
trade register
    One row per deal, its volume not split by year. A deal with one year of delivery is exact, others are spread evenly
    over their years (`allocated`). Three columns without a name hold `?` where the year of order, the number ordered
    and the number delivered are uncertain; they are known by their place.
old TIV table, new TIV table
    Volumes by year in whole millions, with a printed total. A table of one state's partners gives a row by partner and
    year, and the printed total as `_T`; a table of all states gives totals only.

What a release covers follows from the query that stands above the header, and from the rows where they show that
somebody cut the file: see `_covered`. The last year covered is never later than what SIPRI had published on the day of
the download: each spring it adds the year before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError, nearest
from rvdata.sources import sipri_sheet
from rvdata.sources.compiled import Release
from rvdata.sources.sipri_sheet import AFRESH, DELIVERIES, KINDS, REGISTER, Sheet, unlike

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: Names that could mean two states and that SIPRI uses for one.
_OWN_NAMES = {"congo": "COG"}
_EVERYONE = ("all", "all countries", "world", "the world")
_FIRST_YEAR = 1950  # of the database
#: In every year since 1950 more states than these received or supplied arms (tables of October 2024).
_FEW_RECIPIENTS, _FEW_SUPPLIERS = 50, 10
_PAIR = ["supplier", "recipient"]


def read(path: Path, only: frozenset[str] = frozenset(), weapons: tuple[str, ...] = ()) -> Release:
    """Compile one file of the SIPRI Arms Transfers Database.

    Parameters
    ----------
    path : Path
        Deliveries file, trade register, or TIV table of the old or the new site, as downloaded.
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
        In one line, if the file is none of these, is cut short, was saved again in another form, contradicts itself, or
        names states that ``countries.csv`` does not know.
    """
    sheet = sipri_sheet.read(Path(path))
    if sheet.kind == "deliveries":
        return _deliveries(sheet, only, weapons)
    if sheet.kind == "register":
        return _register(sheet, only, weapons)
    if weapons:
        raise DataError(
            f"{sheet.name}: is a {KINDS[sheet.kind]} and counts no weapons; leave out --weapon or import a "
            "trade register"
        )
    return _tiv_table(sheet, only)


# ---- deliveries and trade register


def _deliveries(sheet: Sheet, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    import pandas as pd

    at = DELIVERIES.index
    (supplier, recipient), sharing = _codes(sheet, at("Supplier"), at("Recipient"))
    number, unit, tiv = (
        sheet.numbers(at(c)) for c in ("Numbers delivered", "TIV deal unit", "TIV delivery values")
    )
    about_number, about_year, _, _ = (
        sheet.flags(at(c), "Yes", "No")
        for c in (
            "Numbers delivered is estimate",
            "Delivery year is estimate",
            "Order date is estimate",
            "Local production",
        )
    )
    year = sheet.years(at("Delivery year"))
    query = _query(sheet)
    _check_query(
        sheet,
        query,
        (at("Supplier"), supplier),
        (at("Recipient"), recipient),
        (at("Delivery year"), year, year),
    )
    deals = pd.DataFrame(
        {
            "supplier": supplier,
            "recipient": recipient,
            "year": year,
            "first": year,
            "last": year,
            "tiv": tiv,
            "estimated": about_number | about_year,
            "allocated": False,
            "deal": sheet.cells[at("SIPRI AT Database ID")].cat.codes.astype("int64"),
            "designation": sheet.cells[at("Designation")],
            "ordered": float("nan"),
            "units": number,
            "units_estimated": about_number,
        },
        copy=False,
    )
    notes = _contradictions(number, unit, tiv)
    if twice := int((deals["deal"] * 10_000 + year).duplicated().sum()):
        notes.append(f"{twice} rows repeat deal and year of another row: both are counted")
    kept, said = _kept(sheet, deals, only)
    tables = {"arms_transfers": _transfers(kept)}
    notes += (
        said
        + _summed_up(sharing, kept)
        + [_balance(tables["arms_transfers"], f"{len(kept)} deliveries")]
    )
    return _release_of_deals(
        sheet, query, deals, only, tables, notes, _units(sheet, kept, deals, weapons)
    )


def _register(sheet: Sheet, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    import pandas as pd

    at = REGISTER.index
    (supplier, recipient), sharing = _codes(sheet, at("Supplier"), at("Recipient"))
    order_year = sheet.years(at("Year of order"))
    about_order, about_ordered, about_delivered = (  # each beside what it is about
        sheet.flags(at(c) + 1, "?", "")
        for c in ("Year of order", "Number ordered", "Number delivered")
    )
    ordered, delivered, unit, tiv_ordered, tiv = (
        sheet.numbers(at(c), empty=True)
        for c in (
            "Number ordered",
            "Number delivered",
            "SIPRI TIV per unit",
            "SIPRI TIV for total order",
            "SIPRI TIV of delivered weapons",
        )
    )
    _check_last_number(sheet, ordered, delivered, unit, tiv_ordered, tiv)
    lists, years = _years_of_delivery(sheet, at("Year(s) of delivery"))
    query = _query(sheet)
    _check_query(
        sheet,
        query,
        (at("Supplier"), supplier),
        (at("Recipient"), recipient),
        (at("Year(s) of delivery"), years["min"], years["max"]),
    )
    deals = pd.DataFrame(
        {
            "supplier": supplier,
            "recipient": recipient,
            "order_year": order_year,
            "first": years["min"],
            "last": years["max"],
            "years": years["size"],
            "list": years["list"],
            "tiv": tiv.fillna(0.0),
            "estimated": about_delivered,
            "tiv_ordered": tiv_ordered.where(
                ordered.notna()
            ),  # printed as 0 where the number is not known
            "order_estimated": about_order | about_ordered,
            "deal": range(len(tiv)),
            "designation": sheet.cells[at("Weapon designation")],
            "ordered": ordered,
            "units": delivered.fillna(0.0),
            "units_estimated": about_delivered,
        },
        copy=False,
    )
    kept, said = _kept(sheet, deals, only)
    tables = {"arms_transfers": _transfers(_spread(kept, lists)), "arms_orders": _orders(kept)}
    notes = (
        _repaired(sheet) + _contradictions(delivered, unit, tiv) + said + _summed_up(sharing, kept)
    )
    notes += [
        _balance(tables["arms_transfers"], f"{len(kept)} deals"),
        *_told_of_deals(kept, tiv[kept.index], query),
    ]
    return _release_of_deals(
        sheet, query, deals, only, tables, notes, _units(sheet, kept, deals, weapons)
    )


def _years_of_delivery(sheet: Sheet, column: int) -> tuple[pd.Series, pd.DataFrame]:
    """The years of every different list of years; and for every deal their number, first and last, and its list."""
    import pandas as pd

    cells = sheet.distinct(column)
    sheet.require(
        sheet.each(column, cells.str.fullmatch(r"(?:(?:19|20)[0-9]{2}(?:; *(?:19|20)[0-9]{2})*)?")),
        column,
        "years with semicolons between",
    )
    lists = cells.str.findall("[0-9]+").explode().dropna().astype("int64")
    spans = lists.groupby(level=0).agg(["size", "min", "max"]).reindex(cells.index)
    return lists, pd.DataFrame(
        {name: sheet.each(column, spans[name]) for name in spans}
        | {"list": sheet.cells[column].cat.codes.to_numpy()}
    )


def _spread(deals: pd.DataFrame, lists: pd.Series) -> pd.DataFrame:
    """Deals by year of delivery, their volume in equal parts."""
    import numpy as np
    import pandas as pd

    deals = deals[deals["years"].notna()]
    number = deals["years"].to_numpy(dtype="int64")
    begin = np.searchsorted(lists.index, deals["list"])  # where the years of its list begin
    within = np.arange(number.sum()) - np.repeat(number.cumsum() - number, number)
    row = np.repeat(np.arange(len(deals)), number)
    return pd.DataFrame(
        {
            **{side: deals[side].array.take(row) for side in _PAIR},
            "year": lists.to_numpy()[begin[row] + within],
            "tiv": (deals["tiv"].to_numpy() / number)[row],
            "estimated": deals["estimated"].to_numpy()[row],
            "allocated": (number > 1)[row],
        },
        copy=False,
    )


def _repaired(sheet: Sheet) -> list[str]:
    if not sheet.joined:
        return []
    return [
        f"{len(sheet.joined)} line breaks inside unquoted comments were taken out, so that their records are whole "
        f"(lines {_some([str(line) for line in sheet.joined])})"
    ]


def _told_of_deals(kept: pd.DataFrame, tiv: pd.Series, query: _Query) -> list[str]:
    """Notes on what a register does not say of its deals."""
    notes = []
    if (several := kept["years"] > 1).any():
        notes.append(
            f"{int(several.sum())} deals with {_tiv(tiv[several].sum())} million TIV were delivered over "
            "several years: spread evenly over them"
        )
    if (blank := kept["years"].notna() & tiv.isna()).any():
        notes.append(
            f"{int(blank.sum())} deals with years of delivery have no volume: counted as 0"
        )
    if (blank := kept["years"].isna() & (tiv > 0)).any():
        notes.append(
            f"{int(blank.sum())} deals with {_tiv(tiv[blank].sum())} million TIV have no year of delivery: in "
            "arms_orders, but in no year of arms_transfers"
        )
    if unknown := int(kept["tiv_ordered"].isna().sum()):
        notes.append(
            f"{unknown} deals do not say how much was ordered: tiv_ordered_million is empty in their rows"
        )
    if not query.orders:
        notes.append(
            "the query was for deals with deliveries: orders of which nothing was delivered are missing"
        )
    if query.first > _FIRST_YEAR:
        notes.append(f"deals without a delivery since {query.first} are missing from arms_orders")
    return notes


def _check_last_number(sheet: Sheet, *columns: pd.Series) -> None:
    """A register whose last line does not end may have lost digits of its last number, unless the others give it."""
    ordered, delivered, unit, tiv_ordered, tiv = (float(column.iloc[-1]) for column in columns)
    if not sheet.ended and not (
        abs(delivered * unit - tiv) < 0.006 or (ordered == delivered and tiv_ordered == tiv)
    ):
        raise unlike(
            sheet.place(len(sheet.cells) - 1),
            "a line break after the last row",
            f"{sheet.cells.iloc[-1, -1]!r} at the end",
            f"the file is cut short: {AFRESH}",
        )


def _contradictions(number: pd.Series, unit: pd.Series, tiv: pd.Series) -> list[str]:
    """A note on rows whose volume is not the number times the volume of one, which is printed to two decimals."""
    wrong = (number * unit - tiv).abs() > 0.005 * number + 0.0051
    if not wrong.any():
        return []
    return [
        f"in {int(wrong.sum())} rows with {_tiv(tiv[wrong].sum())} million TIV the volume is not the number times "
        "the volume of one: taken as printed"
    ]


def _cells(
    deals: pd.DataFrame, year: str
) -> tuple[np.ndarray, Callable[[np.ndarray], dict[str, object]]]:
    """A number for every supplier, recipient and year, and what turns numbers back into these: quicker than a groupby.

    Parameters
    ----------
    deals : DataFrame
        supplier, recipient (categories), and a column of years that is not empty.
    year : str
        Name of that column.
    """
    import numpy as np

    sides, years = [deals[side].cat for side in _PAIR], deals[year].to_numpy()
    first = years.min()
    shape = *(len(side.categories) for side in sides), years.max() - first + 1

    def back(cells: np.ndarray) -> dict[str, object]:
        *pair, place = np.unravel_index(cells, shape)
        names = {
            name: side.categories[at].astype("str")
            for name, side, at in zip(_PAIR, sides, pair, strict=False)
        }
        return names | {year: place + first}

    return np.ravel_multi_index((*(side.codes for side in sides), years - first), shape), back


def _transfers(deals: pd.DataFrame) -> pd.DataFrame:
    """Volumes by supplier, recipient and year of deliveries, with what part of them is estimated.

    Parameters
    ----------
    deals : DataFrame
        supplier, recipient (categories), year, tiv (million), estimated, allocated (booleans).
    """
    import numpy as np
    import pandas as pd

    if deals.empty:
        return pd.DataFrame(columns=[*_PAIR, "year", "tiv_million", "tiv_basis", "estimated_share"])
    cell, back = _cells(deals, "year")
    filled = np.flatnonzero(np.bincount(cell))
    tiv, about, allocated = (
        np.bincount(cell, weights)[filled]
        for weights in (deals["tiv"], deals["tiv"] * deals["estimated"], deals["allocated"])
    )
    return pd.DataFrame(
        back(filled)
        | {
            "tiv_million": tiv.round(6),
            "tiv_basis": np.where(allocated > 0, "allocated", "exact"),
            "estimated_share": _part(pd.Series(about), pd.Series(tiv)),
        }
    )


def _orders(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals and volumes by supplier, recipient and year of order; volume ordered is empty where a deal has none."""
    import pandas as pd

    cell, back = _cells(deals, "order_year")
    groups = deals.assign(about=deals["tiv_ordered"] * deals["order_estimated"]).groupby(cell)
    ordered = groups["tiv_ordered"].sum().where(groups["tiv_ordered"].count() == groups.size())
    frame = pd.DataFrame(
        {
            "deals": groups.size(),
            "tiv_ordered_million": ordered.round(6),
            "tiv_delivered_million": groups["tiv"].sum().round(6),
            "first_delivery_year": groups["first"].min(),
            "last_delivery_year": groups["last"].max(),
            "estimated_share": _part(groups["about"].sum(), ordered),
        }
    )
    return frame.assign(**back(frame.index.to_numpy()))


def _units(
    sheet: Sheet, kept: pd.DataFrame, deals: pd.DataFrame, weapons: tuple[str, ...]
) -> tuple[pd.DataFrame, list[str]]:
    """Numbers of the weapons that were asked for, and notes on which designations were counted and which were not."""
    import pandas as pd

    if not weapons:
        return kept.iloc[:0], []
    if not all(weapon.strip() for weapon in weapons):
        raise DataError("--weapon: is empty; write a designation as SIPRI prints it")
    printed = sorted(deals["designation"].cat.categories)
    parts, notes = [kept.iloc[:0]], []
    for weapon in {" ".join(weapon.split()).casefold(): weapon for weapon in weapons}.values():
        spelt = {name: hit for name in printed if (hit := _named(name, weapon))}
        if not spelt:
            raise DataError(
                f"{sheet.name}: no designation is {weapon!r}{nearest(weapon, printed)}; correct --weapon"
            )
        label = min(spelt.values())
        similar = [
            name for name in printed if weapon.casefold() in name.casefold() and name not in spelt
        ]
        counted = kept[kept["designation"].isin(spelt.keys())]
        notes.append(
            f"{label}: {len(counted)} rows, designated {_some(list(spelt))}"
            + (f"; not counted: {_some(similar)}" if similar else "")
        )
        parts.append(counted.assign(designation=label))
    chosen = pd.concat(parts).astype(dict.fromkeys([*_PAIR, "designation"], "str"))
    groups = chosen.assign(about=chosen["units"] * chosen["units_estimated"]).groupby(
        [*_PAIR, "designation"]
    )
    sums = groups.agg(
        deals=("deal", "nunique"),
        units_delivered=("units", "sum"),
        first_delivery_year=("first", "min"),
        last_delivery_year=("last", "max"),
    )
    sums["units_ordered"] = (
        groups["ordered"].sum().where(groups["ordered"].count() == groups.size())
    )
    sums["estimated_share"] = _part(groups["about"].sum(), sums["units_delivered"])
    return sums.reset_index(), notes


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


def _release_of_deals(
    sheet: Sheet,
    query: _Query,
    deals: pd.DataFrame,
    only: frozenset[str],
    tables: dict[str, pd.DataFrame],
    notes: list[str],
    units: tuple[pd.DataFrame, list[str]],
) -> Release:
    counted, said = units
    if said:
        tables = tables | {"arms_units": counted}
    covers, warned = _covered(query, deals)
    if covers == ("*",) and only:
        warned = []
    found = deals["last"].max()
    last = _last_year(sheet, query.last, int(found) if found == found else None)
    what = "deliveries" if sheet.kind == "deliveries" else "trade register"
    return _release(
        sheet,
        f"{what} {query.first}–{last}",
        tables,
        _narrowed(covers, only),
        query.first,
        last,
        notes + said + warned,
    )


# ---- the query: which states and years a file of deals is about


@dataclass(frozen=True)
class _Query:
    """What was asked for: states on either side (None for all, empty if it cannot be read), first and last year."""

    suppliers: frozenset[str] | None
    recipients: frozenset[str] | None
    first: int
    last: int | None
    orders: bool  # whether deals without deliveries were asked for too


def _query(sheet: Sheet) -> _Query:
    """The query of a file of deals, from its first line."""
    sides = re.match(
        r"Transfers of major conventional arms from (.+?) +to (.+?) *\. *Deals with (.+)",
        sheet.title,
    )
    years = re.search(r"year range '([^']*)' to '([^']*)'", sheet.title)
    if not sides or not years:
        raise unlike(
            f"{sheet.name}:1",
            "'… from … to …. Deals with … made for the year range '…' to '…''",
            repr(sheet.title[:80]),
        )
    first, last = (
        int(y) if re.fullmatch("[0-9]{4}", y) else None for y in years.groups()
    )  # else 'Not specified'
    orders = "orders" in sides[3].split("made")[0]
    return _Query(_selection(sides[1]), _selection(sides[2]), first or _FIRST_YEAR, last, orders)


def _selection(said: str) -> frozenset[str] | None:
    """States that a query names: None for all, empty where its words cannot be read."""
    if said.strip().casefold() in _EVERYONE:
        return None
    for names in (
        [said.strip()],
        [part.strip() for part in re.split("[,;]", said) if part.strip()],
    ):
        try:
            return frozenset(
                _OWN_NAMES.get(name.casefold()) or countries.code(name) for name in names
            )
        except countries.UnknownCountry:
            continue
    return frozenset()


def _check_query(
    sheet: Sheet,
    query: _Query,
    supplier: tuple[int, pd.Series],
    recipient: tuple[int, pd.Series],
    years: tuple[int, pd.Series, pd.Series],
) -> None:
    """Refuse rows that the query above the header cannot have found, and deliveries after the day of the download.

    Each side comes with the place of its column; years as the first and the last of each row.
    """
    for (column, codes), states in ((supplier, query.suppliers), (recipient, query.recipients)):
        if states:
            sheet.require(
                codes.isin(states),
                column,
                f"what the first line asks for, {', '.join(sorted(states))},",
            )
    column, first, last = years
    sheet.require(
        ~((first < query.first) | (last > (query.last or 9999))),
        column,
        f"years within {query.first} to {query.last or 'now'}, as the first line says,",
    )
    sheet.require(
        ~(last > sheet.generated.year), column, f"no year after the download on {sheet.generated}"
    )


def _covered(query: _Query, deals: pd.DataFrame) -> tuple[tuple[str, ...], list[str]]:
    """Of what a file of deals has everything, and notes on what was taken for granted.

    The query says it, but rows cut out of a download keep the query of the whole. So a query for all states counts for
    all only if there are several suppliers and several recipients. If there is one recipient, someone cut the file to
    it: all its suppliers are taken to be there. If there is one supplier, the recipients may be a region's: then only
    the pairs that are there are covered.
    """
    suppliers, recipients = (sorted(deals[side].unique()) for side in _PAIR)
    if query.suppliers is None and query.recipients is None:
        if len(suppliers) == 1:
            return _pairs(deals), [
                "the query was for all states, but one supplier occurs: covers only its recipients "
                "that occur, one by one, because others may have been cut out"
            ]
        if len(recipients) == 1:
            return (f"recipient={recipients[0]}",), [
                "the query was for all states, but one recipient occurs: taken to "
                "have all its suppliers"
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
    return _pairs(deals), [
        "the states of the query could not be read: covers only the pairs that occur"
    ]


def _pairs(deals: pd.DataFrame) -> tuple[str, ...]:
    found = deals[_PAIR].drop_duplicates().astype("str").sort_values(_PAIR)
    return tuple(f"pair={supplier}>{recipient}" for supplier, recipient in found.to_numpy())


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


@dataclass(frozen=True)
class _Layout:
    """Where things stand in a TIV table, and whom it is about."""

    names: int  # place of the column of names
    years: dict[int, int]  # place of a column → its year
    partners: str  # what the rows are: supplier or recipient
    whom: str  # the state on the other side; empty for all of them

    @property
    def sums(self) -> int:
        """Place of the sums over all years."""
        return max(self.years) + 1


def _tiv_table(sheet: Sheet, only: frozenset[str]) -> Release:
    import pandas as pd

    layout = _layout(sheet)
    labels = sheet.text(layout.names)
    labels = labels[labels != ""]  # the old site sets the total apart by an empty row
    names = labels.iloc[:-1]
    if names.empty:
        raise unlike(sheet.name, "rows above the total", "none")
    sheet.require(
        ~sheet.text(layout.names).duplicated() | ~sheet.cells.index.isin(labels.index),
        layout.names,
        "every name once",
    )
    numbers = pd.DataFrame(
        {column: sheet.numbers(column, empty=True) for column in [*layout.years, layout.sums]}
    )
    parts, total = numbers.loc[names.index], numbers.loc[labels.index[-1]]
    _check_sums(sheet, layout, parts, total)
    (partner,), sharing = _codes(sheet, layout.names, rows=names.index)
    whom = _looked_up(sheet, [layout.whom])[layout.whom] if layout.whom else "_T"
    long = (
        parts[list(layout.years)]
        .rename(columns=layout.years)
        .assign(partner=partner)
        .melt("partner", var_name="year", value_name="tiv")
        .dropna(subset=["tiv"])
    )
    printed = total[list(layout.years)].rename(layout.years).dropna()
    other = "recipient" if layout.partners == "supplier" else "supplier"
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    layout.partners: long["partner"].astype("str"),
                    "year": long["year"],
                    "tiv": long["tiv"],
                    "tiv_basis": "exact" if layout.whom else "total only",
                }
            ),
            pd.DataFrame(
                {
                    layout.partners: "_T",
                    "year": printed.index,
                    "tiv": printed.to_numpy(),
                    "tiv_basis": "total only",
                }
            ),
        ],
        ignore_index=True,
    ).assign(**{other: whom})
    kept, notes = _kept(sheet, frame, only)
    transfers = (
        kept.groupby([*_PAIR, "year", "tiv_basis"], as_index=False)["tiv"]
        .sum()
        .rename(columns={"tiv": "tiv_million"})
        .assign(estimated_share=float("nan"))
    )
    notes += _summed_up(sharing, kept)
    notes.append(
        f"{len(transfers)} rows of arms_transfers, volumes as printed in whole millions (0 is less than half)"
    )
    first, asked = min(layout.years.values()), max(layout.years.values())
    last = _last_year(sheet, asked, int(printed.index.max()) if len(printed) else None)
    if asked > last:
        notes.append(
            f"nothing is printed for {_some([str(y) for y in range(last + 1, asked + 1)])}: not covered"
        )
    if layout.whom:
        notes.append(
            f"the parts make {_tiv(long['tiv'].sum())}, the printed totals by year {_tiv(printed.sum())} "
            "million TIV because of rounding: take shares of the printed total, which is kept as `_T`"
        )
        side = "imports" if other == "recipient" else "exports"
        covers, what = (f"{other}={whom}",), f"arms {side} of {countries.name(whom)}"
    else:  # not recipient= and supplier=, because no partners are told apart
        side = "imports" if other == "supplier" else "exports"
        covers, what = (f"{side}=*",), f"arms {side} by {layout.partners}, totals only"
    return _release(
        sheet,
        f"{what}, {first}–{last}",
        {"arms_transfers": transfers},
        _narrowed(covers, only),
        first,
        last,
        notes,
    )


def _layout(sheet: Sheet) -> _Layout:
    """Find the columns of a TIV table by their headings, and in its title or its row of totals whom it is about."""
    years = {
        i: int(cell)
        for i, cell in enumerate(sheet.header)
        if re.fullmatch(r"(?:19|20)[0-9]{2}", cell)
    }
    places, values = list(years), list(years.values())
    for a, b in itertools.pairwise(values):
        if b != a + 1:
            raise unlike(
                sheet.place(),
                f"the year {a + 1} after {a}",
                str(b),
                f"the file is short of a column: {AFRESH}",
            )
    if places != list(range(places[0], places[0] + len(places))):
        raise unlike(sheet.place(), "years side by side", "other columns between")
    names = [
        i for i in range(places[0]) if (sheet.text(i) != "").any()
    ]  # later files lack the empty first column
    if len(names) != 1:
        raise unlike(sheet.place(), "one column of names before the years", str(len(names)))
    labels = sheet.text(names[0])
    if not labels.iloc[-1].casefold().startswith("total"):
        raise unlike(
            sheet.place(len(labels) - 1),
            "a row of totals at the end",
            repr(labels.iloc[-1][:40]),
            f"the file is cut short: {AFRESH}",
        )
    return (_old_layout if sheet.kind == "old" else _new_layout)(
        sheet, names[0], years, labels.iloc[-1]
    )


def _old_layout(sheet: Sheet, names: int, years: dict[int, int], total: str) -> _Layout:
    """A table of the old site says in its title whom it is about."""
    title = re.fullmatch(
        r"TIV of arms (exports|imports) (to|from|of) (.+?), *([0-9]{4}-[0-9]{4})", sheet.title
    )
    if not title:
        raise unlike(
            f"{sheet.name}:1",
            "'TIV of arms exports to …, 1950-2015' or 'from …'",
            repr(sheet.title[:60]),
            "import a table of one state or of all",
        )
    _check_span(sheet, years, title[4], "the title")
    everyone = title[3].casefold() in _EVERYONE
    gave = title[2] == "from" or (title[2] == "of" and title[1] == "exports")
    # "exports to X" lists X's suppliers, "exports from X" its recipients; "exports from all" lists those who export
    return _Layout(
        names, years, "supplier" if gave == everyone else "recipient", "" if everyone else title[3]
    )


def _new_layout(sheet: Sheet, names: int, years: dict[int, int], total: str) -> _Layout:
    """A table of the new site says in its row of totals whom it is about."""
    heading = sheet.header[names]
    partners = {
        "recipient": "recipient",
        "imports by": "recipient",
        "supplier": "supplier",
        "exports by": "supplier",
    }.get(heading.casefold(), "")
    if not partners:
        raise unlike(
            sheet.place(),
            "'Recipient', 'Supplier' or 'Exports by' above the names",
            repr(heading),
            "import a table by supplier or by recipient",
        )
    _check_span(sheet, years, sheet.header[max(years) + 1], "the column of sums")
    said = re.fullmatch(
        r"total (?:world (import|export)s?|(?:im|ex)ports? (to|from) (.+))", total, re.IGNORECASE
    )
    wanted = {"import": "recipient", "export": "supplier", "to": "supplier", "from": "recipient"}
    if not said or wanted[(said[1] or said[2]).lower()] != partners:
        raise unlike(
            sheet.place(len(sheet.cells) - 1),
            f"the total of a table headed {heading!r}, such as "
            "'Total world import' or 'Total exports to …'",
            repr(total[:40]),
        )
    return _Layout(names, years, partners, said[3] or "")


def _check_span(sheet: Sheet, years: dict[int, int], said: str, where: str) -> None:
    found = f"{min(years.values())}-{max(years.values())}"
    if found != said:
        raise unlike(
            sheet.place(),
            f"the years {said[:20]!r} as {where} says",
            f"columns for {found}",
            f"the file is short of a column: {AFRESH}",
        )


def _check_sums(sheet: Sheet, layout: _Layout, parts: pd.DataFrame, total: pd.Series) -> None:
    """Hold the printed totals against the sums: every printed number is off by at most a half, and so is the total."""
    sums, years = parts.sum(), list(layout.years)
    wrong = ((sums - total.fillna(0)).abs() > 0.5 * (parts.count() + 1)) | (
        total.isna() & (sums > 0)
    )
    if wrong.any():
        column = wrong.idxmax()
        raise unlike(
            sheet.name,
            f"rows that make the printed total {_tiv(total[column])} of {sheet.header[column]}",
            _tiv(sums[column]),
            f"rows are missing or were changed: {AFRESH}",
        )
    across, said = parts[years].sum(axis=1), parts[layout.sums]
    wrong = ((across - said.fillna(0)).abs() > 0.5 * (parts[years].count(axis=1) + 1)) | (
        said.isna() & (across > 0)
    )
    if wrong.any():
        row = wrong.idxmax()
        raise unlike(
            sheet.place(row),
            f"years that make the printed total {_tiv(said[row])}",
            _tiv(across[row]),
            f"cells are missing or were changed: {AFRESH}",
        )


# ---- common to all kinds


def _codes(
    sheet: Sheet, *columns: int, rows: pd.Index | None = None
) -> tuple[list[pd.Series], dict[str, list[str]]]:
    """Columns of names as columns of codes, each name looked up once; and the names of every code that has several.

    Of a table of volumes, `rows` are those that are no totals; deals have a name in every row.
    """
    import numpy as np
    import pandas as pd

    cells = [sheet.distinct(column) for column in columns]
    if rows is not None:
        counts = [
            np.bincount(sheet.cells[column].cat.codes[rows], minlength=len(texts))
            for column, texts in zip(columns, cells, strict=False)
        ]
        cells = [texts.where(count > 0, "") for texts, count in zip(cells, counts, strict=False)]
    names = sorted(set().union(*cells) - {""})
    if rows is None:
        for column, texts in zip(columns, cells, strict=False):
            sheet.require(sheet.each(column, texts != ""), column, "the name of a state")
    found = _looked_up(sheet, names)
    kinds = {code: row.kind for code, row in countries.table().items()}
    if whole := [name for name, code in found.items() if kinds[code] == "aggregate"]:
        raise unlike(sheet.name, "single states", _some(whole), "leave such rows out of the query")
    sharing: dict[str, list[str]] = {}
    for name, code in found.items():
        sharing.setdefault(code, []).append(name)
    codes = [
        pd.Series(
            pd.Categorical([found.get(name) for name in texts]).take(sheet.cells[column].cat.codes)
        )
        for column, texts in zip(columns, cells, strict=False)
    ]
    codes = codes if rows is None else [column[rows] for column in codes]
    return codes, {code: same for code, same in sharing.items() if len(same) > 1}


def _looked_up(sheet: Sheet, names: list[str]) -> dict[str, str]:
    own = {name: _OWN_NAMES[name.casefold()] for name in names if name.casefold() in _OWN_NAMES}
    others = [name for name in names if name not in own]
    try:
        return own | dict(zip(others, countries.codes(others), strict=False))
    except countries.UnknownCountry as error:
        raise DataError(f"{sheet.name}: {error}") from None


def _summed_up(sharing: dict[str, list[str]], kept: pd.DataFrame) -> list[str]:
    """Notes on the names that share a code, of the codes that are in the rows."""
    present = set(kept["supplier"].unique()) | set(kept["recipient"].unique())
    return [
        f"{len(names)} names are summed up under {code} ({countries.name(code)}): {_some(names)}"
        for code, names in sorted(sharing.items())
        if code in present
    ]


def _kept(sheet: Sheet, rows: pd.DataFrame, only: frozenset[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows in which one of the states takes part, and notes on the others."""
    if not only:
        return rows, []
    kept = rows[rows["supplier"].isin(only) | rows["recipient"].isin(only)]
    if kept.empty:
        raise DataError(
            f"{sheet.name}: no row in which {', '.join(sorted(only))} takes part; leave out --only or name "
            "others"
        )
    others = rows.drop(kept.index)
    # the world's total would count them twice
    others = others[(others["supplier"] != "_T") | (others["recipient"] != "_T")]
    notes = (
        [
            f"{len(others)} rows with {_tiv(others['tiv'].sum())} million TIV of other states are left out"
        ]
        if len(others)
        else []
    )
    present, known = (
        set(rows["supplier"].unique()) | set(rows["recipient"].unique()),
        countries.table(),
    )
    for code in sorted(only & known.keys()):
        former = sorted(present & set(known[code].successor_of) - only)
        notes += [
            f"{known[f].name} ({f}) is not {known[code].name} ({code}): left out; to keep it, name it with --only"
            for f in former
        ]
    return kept, notes


def _last_year(sheet: Sheet, asked: int | None, found: int | None) -> int:
    """The last year covered: published by then and asked for; a year that has rows in any case."""
    published = sheet.generated.year - (1 if sheet.generated.month >= 4 else 2)
    return max(min(asked or published, published), found or 0)


def _release(
    sheet: Sheet,
    what: str,
    tables: dict[str, pd.DataFrame],
    covers: tuple[str, ...],
    first: int,
    last: int,
    notes: list[str],
) -> Release:
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
        generated=sheet.generated.isoformat(),
        notes=tuple(notes),
    )


def _balance(transfers: pd.DataFrame, of: str) -> str:
    return f"{of} make {len(transfers)} rows of arms_transfers with {_tiv(transfers['tiv_million'].sum())} million TIV"


def _tiv(value: float) -> str:
    return "nothing" if value != value else f"{round(value, 2):.12g}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")

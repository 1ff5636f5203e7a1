"""Stated figures against primary data: verdicts with their reasons, and what was tried beside them.

What is computed for a figure is named in the ledger (`check_method`) from the article's own words, before anything is
computed; the rules are in docs/protocol.md, section 12. Everything here is pure: frames in, frames out.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rvdata import countries, schemas
from rvdata.text import coarser

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What would be needed to check a figure of a family that nothing here can check.
NEEDED = {
    "arms_import_share": "transfers by supplier and year, in trend-indicator values (SIPRI)",
    "refugee_count": "displaced people by origin and definition (UNHCR)",
    "trade_growth": "bilateral trade by year (UN Comtrade, or customs of either side)",
    "investment_total": "company accounts and debt records; no public series covers such a total",
    "loan": "accounts of lender and borrower",
    "reward": "the notice of the office that offers it",
    "recognition": "declarations of each foreign ministry",
    "sanction": "sanctions lists with dates of listing",
    "election_share": "tally sheets and results by polling station",
    "deployment": "port calls, flight tracks, official announcements",
    "ship": "port calls and ship tracking",
    "aircraft": "flight tracks and pictures",
    "soldier": "pictures and official announcements",
    "missile": "transfer register and inventories",
    "casualty": "a list of incidents with sources",
    "rank": "the series that is ranked",
    "duration": "the dates of beginning and end",
    "other": "depends on the figure",
}
#: States that the protocol counts as Western: NATO and EU members, and those that it names.
WEST = frozenset(
    schemas.words(
        "ALB AUT AUS BEL BGR CAN CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ISL "
        "ISR ITA JPN KOR LTU LUX LVA MKD MLT MNE NLD NOR NZL POL PRT ROU SVK SVN SWE TUR USA"
    )
)
#: Whose list the compiled sanctions list is.
LISTED_BY = "USA"
#: Definitions of displaced people, as columns that are added; the first is the primary one.
DEFINITIONS = {
    "abroad": ("refugees", "asylum_seekers", "other_in_need"),
    "refugees": ("refugees",),
    "refugees and asylum-seekers": ("refugees", "asylum_seekers"),
    "abroad and others of concern": (
        "refugees",
        "asylum_seekers",
        "other_in_need",
        "others_of_concern",
    ),
    "abroad and inside the country": (
        "refugees",
        "asylum_seekers",
        "other_in_need",
        "internally_displaced",
    ),
}


# ---- verdicts

#: A bracket as wide as this part of the stated number, or wider, decides nothing; chosen knowing the first results.
WIDE = 0.2
#: Nothing further from the stated number than this part of it is close; chosen knowing the first results.
NEAR = 0.05

Found = float | tuple[float, ...]


@dataclass(frozen=True)
class Comparison:
    """A verdict, the verdict under a coarser step if it is another one, and by how much computed departs from stated."""

    verdict: str
    coarse: str = ""
    difference: float | None = None
    relative_pct: float | None = None


def compare(figure: Mapping, computed: Found, unknown: float = 0) -> Comparison:
    """How a stated figure and a computed one agree, by the rules of the protocol.

    Parameters
    ----------
    figure : mapping
        Row of `figures`: qualifier, value, low, high, stated_step, unit; missing numbers are NaN or None.
    computed : float or tuple of float
        What the primary data give; a pair is a bracket between two year ends, and for a rank the places of its subjects.
    unknown : float, optional
        How many more there may be, of rows of which it is not known whether they belong.

    Returns
    -------
    Comparison
        The difference is computed less stated: less the bound where a bound is stated, less the nearer end of a range, and
        the nearer end less the stated number where a bracket is missed. None inside a bracket.

    Examples
    --------
    >>> stated = {"qualifier": "exact", "value": 80.0, "low": 80.0, "high": 80.0, "stated_step": 1.0, "unit": "percent"}
    >>> compare(stated, 81.04)
    Comparison(verdict='close', coarse='matches', difference=1.04, relative_pct=1.3)
    """
    value, low, high = (_number(figure[c]) for c in ("value", "low", "high"))
    step, qualifier = _number(figure["stated_step"]) or 0.0, figure["qualifier"]
    if figure["unit"] == "rank":
        places = sorted(computed if isinstance(computed, tuple) else (computed,))
        first, last = (value, value) if value is not None else (low, high)
        same = places == list(range(int(first or 1), int(last or 1) + 1))
        return Comparison("matches" if same else "differs", "", places[-1] - (last or 1))
    if value is None or qualifier in ("over", "at_least", "at_most"):
        found, of = _bound(low, high, computed), low if low is not None else high
    else:
        below = qualifier == "nearly"
        verdict, difference = _near(value, step / 2, computed, below)
        coarse, _ = _near(value, coarser(value, step, figure["unit"]) / 2, computed, below)
        found, of = Comparison(verdict, coarse if coarse != verdict else "", difference), value
    if unknown and not isinstance(computed, tuple) and of is not None:
        most = compare(figure, computed + unknown)
        if most.verdict != found.verdict or computed < of < computed + unknown:
            found = replace(found, verdict="undecided", coarse="")
    if found.difference is None or not of:
        return found
    return replace(found, relative_pct=round(100 * found.difference / of, 1))


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _rounded(x: float) -> float:
    """Without the noise of binary fractions: twelve digits say more than any figure here."""
    return float(f"{x:.12g}")


def _near(
    value: float, tolerance: float, computed: Found, from_below: bool
) -> tuple[str, float | None]:
    if isinstance(computed, tuple):
        return _bracket(value, tolerance, min(computed), max(computed))
    return _point(value, tolerance, computed, from_below)


def _point(value: float, tolerance: float, computed: float, from_below: bool) -> tuple[str, float]:
    difference = _rounded(computed - value)
    off = abs(difference)
    # "nearly" 100 is not 101: what lies above is close at best
    if off <= tolerance and not (from_below and difference > 0 and tolerance):
        return "matches", difference
    near = off <= min(3 * tolerance, NEAR * abs(value))
    return "close" if near else "differs", difference


def _bracket(value: float, tolerance: float, low: float, high: float) -> tuple[str, float | None]:
    if low - tolerance <= value <= high + tolerance:
        return "between year ends" if high - low < WIDE * abs(value) else "undecided", None
    verdict, difference = _point(value, tolerance, low if value < low else high, False)
    return ("close" if verdict == "matches" else verdict), difference


def _bound(low: float | None, high: float | None, computed: Found) -> Comparison:
    """A bound or a range holds or does not; a bracket must lie within it as a whole."""
    first, last = (
        (min(computed), max(computed)) if isinstance(computed, tuple) else (computed, computed)
    )
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    above, below = _rounded(first - least), _rounded(most - last)
    if min(above, below) >= 0:
        return Comparison("matches", "", above if above <= below else -below)
    if first < least:
        verdict, end = ("differs", last) if last < least else ("undecided", first)
        return Comparison(verdict, "", _rounded(end - least))
    verdict, end = ("differs", first) if first > most else ("undecided", last)
    return Comparison(verdict, "", _rounded(end - most))


def vintage(release: Mapping, article: Mapping) -> str:
    """Whether a release is earlier than, contemporary with or later than an article.

    Contemporary: released in the twelve months before the last possible day of publication, and not replaced by then
    (`replaced`, if it is known); the day on which a copy was generated counts only where that of the release is not known.
    """
    day, replaced = _day(release), release.get("replaced")
    last = article["released_end"]
    if day > last:
        return "later"
    stood = pd.isna(replaced) or replaced > last
    return "contemporary" if stood and day > last - pd.DateOffset(years=1) else "earlier"


def _replaced(release: Mapping, others: Sequence[Mapping]) -> pd.Timestamp:
    """The day of the next release of the same in the collection: one database, one coverage; NaT without one.

    Copies of one release are told apart from the next one by how far their data reach.
    """
    alike = (
        _day(o)
        for o in others
        if o["kind"] == release["kind"] == "dataset"
        and _database(o) == _database(release)
        and _day(o) > _day(release)
        and (not pd.isna(o["released"]) or o["data_through"] > release["data_through"])
    )
    return min(alike, default=pd.NaT)


def _database(release: Mapping) -> tuple[str, str]:
    return re.split("[,:]", str(release.get("title")))[0], str(release["covers"])


def _day(release: Mapping) -> pd.Timestamp:
    return release["generated"] if pd.isna(release["released"]) else release["released"]


def as_known(release: Mapping) -> str:
    """The day of a release or document as exactly as it is known.

    Examples
    --------
    >>> day = pd.Timestamp
    >>> as_known({"released": day("2026-06-01"), "released_end": day("2026-06-30"), "generated": pd.NaT})
    'June 2026'
    """
    first, last = _day(release), release["released_end"]
    if pd.isna(release["released"]) or pd.isna(last) or first == last:
        return f"{first.date()}"
    month, year = pd.offsets.MonthEnd(0), pd.offsets.YearEnd(0)
    if first.day == 1 and last == first + month:
        return f"{first:%B %Y}"
    if first.dayofyear == 1 and last == first + year:
        return f"{first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B %Y}"
    return f"{first.date()} to {last.date()}"


#: How the verdicts are counted: only the first line is a check that could have been otherwise and is independent.
STANDINGS = ("checked independently", "traced", "follows", "undecided", "not comparable", "no data")


def standing(check: Mapping) -> str:
    """What a primary row of `figure_checks` counts as: an independent check, a trace to its source, or neither."""
    if check["verdict"] in STANDINGS:
        return check["verdict"]
    return (
        "traced"
        if check["relation"] in ("own source", "interested party")
        else "checked independently"
    )


def coverage(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """How many figures of each family stand how.

    Returns
    -------
    DataFrame
        One row per family, in the order of `schemas.FAMILIES`, then `all`; one column per standing, and `figures`.
    """
    primary = checks[checks["is_primary"]].set_index("figure_id")
    stands = pd.Series({i: standing(row) for i, row in primary.iterrows()}, dtype="str")
    own = figures[figures["figure_id"].isin(stands.index)]
    table = pd.crosstab(own["family"], own["figure_id"].map(stands))
    table = table.reindex(columns=list(STANDINGS), fill_value=0)
    table = table.reindex([f for f in schemas.FAMILIES if f in table.index])
    table.loc["all"] = table.sum()
    return table.assign(figures=table.sum(axis=1)).rename_axis(None, axis=1)


# ---- what the primary data give


def supplier_shares(transfers: pd.DataFrame, recipient: str, start: int, end: int) -> pd.DataFrame:
    """Volume, share and place of every supplier of a recipient over a window of years.

    Parameters
    ----------
    transfers : DataFrame
        Rows of one release of `arms_transfers`.
    recipient : str
        Code of the importing state.
    start, end : int
        First and last year, both included.

    Returns
    -------
    DataFrame
        One row per supplier, largest first: supplier, tiv_million, share_pct (of the printed total where the release has
        one, else of the sum over all suppliers, unknown ones included), rank (1 for the largest; equal volumes share the
        better place; none for unknown suppliers). Empty if nothing was delivered.
    """
    rows = transfers[(transfers["recipient"] == recipient) & transfers["year"].between(start, end)]
    printed, rows = rows[rows["supplier"] == "_T"], rows[rows["supplier"] != "_T"]
    sums = (
        rows.groupby("supplier", sort=True)["tiv_million"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    table = sums.reset_index()
    whole = set(rows["year"]) <= set(printed["year"]) and printed["tiv_million"].sum()
    total = whole or table["tiv_million"].sum()
    table["share_pct"] = 100 * table["tiv_million"] / total if total else np.nan
    known = table["supplier"] != "_U"
    table["rank"] = (
        table["tiv_million"].where(known).rank(method="min", ascending=False).astype("Int64")
    )
    return table


def people(displaced: pd.DataFrame, definition: str = "abroad") -> pd.Series:
    """People of every origin and year end by one definition; empty counts add nothing.

    Parameters
    ----------
    displaced : DataFrame
        Rows of one release of `displaced_persons`.
    definition : str
        A key of `DEFINITIONS`.

    Returns
    -------
    Series
        Persons, indexed by origin and year.
    """
    columns = list(DEFINITIONS[definition])
    counts = displaced[columns].astype("float64").sum(axis=1)
    return pd.Series(
        counts.to_numpy(),
        index=pd.MultiIndex.from_frame(displaced[["origin", "year"]].astype({"year": int})),
    )


def year_ends(figure: Mapping) -> tuple[int, ...]:
    """The year ends on either side of the last day at which a count can hold; one, if it is said of a year end.

    Examples
    --------
    >>> year_ends({"as_of_end": pd.Timestamp("2022-06-30"), "as_of_precision": "before"})
    (2021, 2022)
    >>> year_ends({"as_of_end": pd.Timestamp("2022-12-31"), "as_of_precision": "year"})
    (2022,)
    """
    day = figure["as_of_end"]
    at_year_end = (day.month, day.day) == (12, 31) and figure["as_of_precision"] in ("day", "year")
    return (day.year,) if at_year_end else (day.year - 1, day.year)


def peaks(
    displaced: pd.DataFrame, start: int, end: int, definition: str = "abroad"
) -> pd.DataFrame:
    """Highest year-end count of every origin in a window, and its place among all origins.

    Returns
    -------
    DataFrame
        One row per origin that is a state, largest first: origin, persons, year (of the peak), rank.
    """
    counts = people(displaced, definition)
    years = counts.index.get_level_values("year")
    counts = counts[
        (years >= start)
        & (years <= end)
        & ~counts.index.get_level_values("origin").str.startswith("_")
    ]
    if counts.empty:
        return pd.DataFrame({"origin": [], "persons": [], "year": [], "rank": []})
    at = counts.groupby(level="origin").idxmax()
    table = pd.DataFrame(
        {
            "origin": [o for o, _ in at],
            "persons": counts[list(at)].to_numpy(),
            "year": [y for _, y in at],
        }
    )
    table = table.sort_values("persons", ascending=False, kind="stable").reset_index(drop=True)
    return table.assign(rank=table["persons"].rank(method="min", ascending=False).astype(int))


def has_category(displaced: pd.DataFrame, column: str = "other_in_need") -> bool:
    """Whether a release has a column at all: one that is empty throughout was not ticked at download, or did not exist."""
    return bool(displaced[column].notna().any())


def covers(release: Mapping, start: int, end: int, *tokens: str) -> bool:
    """Whether a release has everything of one of the tokens (such as ``recipient=VEN``) over the years."""
    held = str(release["covers"]).split(";")
    return (
        ("*" in held or any(t in held for t in tokens))
        and release["data_from"].year <= start
        and end <= release["data_through"].year
    )


def _has_end(release: Mapping, year: int) -> bool:
    """Whether a release reaches to the end of a year: one of autumn has the middle of its last year."""
    return release["data_through"] >= pd.Timestamp(year, 12, 31)


# ---- attempts


@dataclass(frozen=True)
class Attempt:
    """One thing computed for a figure from one release."""

    origin_id: str
    method: str
    computed: Found | None
    reason: str
    primary: bool = False
    comparable: bool = True
    unknown: float = 0  # how many more rows may belong
    relation: str = "data"
    open: bool = False  # what was computed decides nothing


@dataclass(frozen=True)
class Primary:
    """The tables that figures are held against, and the releases by identifier."""

    releases: Mapping[str, Mapping]
    tables: Mapping[str, pd.DataFrame]

    def of(self, table: str) -> dict[str, pd.DataFrame]:
        """Rows of a table by release."""
        if table not in self.tables:
            return {}
        return dict(iter(self.tables[table].groupby("origin_id", sort=True)))


def choose(origins: Sequence[str], releases: Mapping[str, Mapping], article: Mapping) -> str | None:
    """The release that gives the primary verdict: a contemporary one, else the first later, else the last earlier."""
    by = {
        v: sorted((_day(releases[o]), o) for o in origins if vintage(releases[o], article) == v)
        for v in schemas.VINTAGES
    }
    if by["contemporary"]:
        return by["contemporary"][-1][1]
    return by["later"][0][1] if by["later"] else by["earlier"][-1][1] if by["earlier"] else None


def _nothing(figure: Mapping, why: str) -> Attempt:
    return Attempt("none", figure["check_method"], None, why, True)


def _missing(figure: Mapping, what: str) -> Attempt:
    return _nothing(figure, f"no release in the collection has {what}")


def _window(figure: Mapping) -> tuple[int, int]:
    return figure["period_start"].year, figure["period_end"].year


def _suppliers(
    figure: Mapping,
    article: Mapping,
    data: Primary,
    recipient: str,
    value: Callable[[pd.DataFrame, frozenset[str]], Found | None],
    parties: frozenset[str],
) -> Iterator[Attempt]:
    """Shared by share and rank: `value(table of suppliers, parties)` over the stated window, then what departs from it."""
    start, end = _window(figure)
    name, method = countries.name(recipient), figure["check_method"]
    all_releases = {
        o: rows
        for o, rows in data.of("arms_transfers").items()
        if covers(data.releases[o], start, end, f"recipient={recipient}")
        and (rows[rows["recipient"] == recipient]["supplier"] != "_T").any()
    }
    exact = [
        o
        for o, rows in all_releases.items()
        if (
            rows[(rows["recipient"] == recipient) & (rows["supplier"] != "_T")]["tiv_basis"]
            == "exact"
        ).all()
    ]
    first = choose(exact, data.releases, article)
    if first is None:
        what = (
            f"all suppliers of {name} by year from {start} to {end}; import SIPRI's deliveries file"
        )
        yield _missing(figure, what)
        return
    rows = all_releases[first]

    def attempt(
        label: str,
        why: str,
        table: pd.DataFrame,
        which: frozenset[str] = parties,
        origin: str = first,
    ) -> Attempt:
        name = f"{method}: {label}" if label else method
        return Attempt(origin, name, value(table, which), why, not label)

    table = supplier_shares(rows, recipient, start, end)
    head = ", ".join(
        f"{countries.name(r.supplier)} {r.share_pct:.1f} %" for r in table.head(3).itertuples()
    )
    total = table["tiv_million"].sum()
    yield attempt("", f"{total:,.0f} million TIV delivered to {name} {start}–{end}: {head}", table)
    for other in all_releases:
        if other != first:
            basis = "" if other in exact else ", partly allocated to years"
            given = supplier_shares(all_releases[other], recipient, start, end)
            yield attempt("release", f"the same from another release{basis}", given, origin=other)
    for a, b in itertools.product((start - 1, start, start + 1), (end - 1, end, end + 1)):
        held = a <= b and covers(data.releases[first], a, b, f"recipient={recipient}")
        if held and (a, b) != (start, end):
            moved = supplier_shares(rows, recipient, a, b)
            yield attempt(f"window {a}–{b}", "window a year off", moved)
    known = rows[~rows["supplier"].isin(("_U", "_T"))]
    if (rows["supplier"] == "_U").any():
        named = supplier_shares(known, recipient, start, end)
        why = "unknown suppliers left out of the whole"
        yield attempt("without unknown suppliers", why, named)
    if len(parties) > 1:
        for party in sorted(parties):
            why = f"{countries.name(party)} alone"
            yield attempt(f"{party} alone", why, table, frozenset({party}))
    if "non-Western" in figure["measure"]:
        rest = frozenset(table["supplier"]) - WEST - {"_U"}
        why = f"all outside NATO, EU and their close allies: {', '.join(sorted(rest))}"
        yield attempt("all suppliers outside the West", why, table, rest)


def _share(table: pd.DataFrame, parties: frozenset[str]) -> float | None:
    return (
        float(table.loc[table["supplier"].isin(parties), "share_pct"].sum())
        if table["tiv_million"].sum()
        else None
    )


def _place(table: pd.DataFrame, parties: frozenset[str]) -> Found | None:
    found = table.loc[table["supplier"].isin(parties), "rank"].dropna()
    return tuple(float(place) for place in found) or None


def supplier_share(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated share of the counterparts in the arms imports of the subject."""
    return _suppliers(
        figure,
        article,
        data,
        figure["subject"],
        _share,
        frozenset(figure["counterpart"].split(";")),
    )


def supplier_rank(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated place of the subject among the suppliers of the counterpart."""
    return _suppliers(
        figure,
        article,
        data,
        figure["counterpart"],
        _place,
        frozenset(figure["subject"].split(";")),
    )


def units_delivered(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated number of weapons of one designation that the subject has from the counterpart."""
    _method, _, designation = figure["check_method"].partition(":")
    supplier, recipient = figure["counterpart"], figure["subject"]
    found = {
        o: rows[
            (rows["supplier"] == supplier)
            & (rows["recipient"] == recipient)
            & (rows["designation"] == designation)
        ]
        for o, rows in data.of("arms_units").items()
    }
    found = {o: rows for o, rows in found.items() if len(rows)}
    first = choose(list(found), data.releases, article)
    if first is None:
        why = (
            f"no release in the collection counts {designation} delivered to {countries.name(recipient)}; "
            f"import SIPRI's trade register with --weapon {designation}"
        )
        yield _nothing(figure, why)
        return
    for origin in [first, *(o for o in found if o != first)]:
        row = found[origin].iloc[0]
        years = f"{row['first_delivery_year']}–{row['last_delivery_year']}"
        part = row["estimated_share"]
        estimate = "" if pd.isna(part) or not part else f", {part:.0%} of them by estimate"
        yield Attempt(
            origin,
            figure["check_method"] if origin == first else f"{figure['check_method']}: release",
            float(row["units_delivered"]),
            f"{row['units_delivered']:,.0f} delivered {years}{estimate}: what came in, not what is held; "
            "what was used since is not known"
            if origin == first
            else "the same from another release",
            origin == first,
            comparable=False,
        )
    ordered = found[first].iloc[0]["units_ordered"]
    if not pd.isna(ordered):
        yield Attempt(
            first,
            f"{figure['check_method']}: ordered",
            float(ordered),
            "ordered, delivered or not",
            comparable=False,
        )


def displaced_abroad(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated count of people displaced from the subject."""
    origin, method, since = figure["subject"], figure["check_method"], figure["as_of"]
    name = countries.name(origin)
    if pd.isna(figure["as_of_end"]):
        yield _nothing(figure, "no last day is known at which the figure can hold")
        return
    ends = year_ends(figure)

    def possible(year: int) -> bool:
        return bool(pd.isna(since) or pd.Timestamp(year, 12, 31) >= since)

    # a figure between two year ends that holds at neither: no year end explains it
    holds_at_one = len(ends) == 1 or possible(ends[0])
    tables = data.of("displaced_persons")
    held = {
        o: tuple(y for y in ends if _has_end(data.releases[o], y))
        for o, rows in tables.items()
        if covers(data.releases[o], ends[0], ends[0], f"origin={origin}")
    }
    whole = [o for o in held if has_category(tables[o])]
    of_the_time = [
        o
        for o in whole
        if vintage(data.releases[o], article) == "contemporary" and any(map(possible, held[o]))
    ]
    daily = _crossings(figure, article, data)
    yearly = choose(of_the_time or [o for o in whole if held[o] == ends], data.releases, article)
    first = yearly if of_the_time or daily is None else daily.origin_id
    if first is None:
        what = (
            f"people displaced from {name} at the end of {' and '.join(map(str, ends))} with the "
            "column of other people in need of international protection; import UNHCR's population data"
        )
        yield _missing(figure, what)
        return
    counts = people(tables[yearly]) if yearly else pd.Series(dtype="float64")

    def at(series: pd.Series, code: str, year: int) -> float | None:
        return float(series[code, year]) if (code, year) in series.index else None

    def between(series: pd.Series, code: str, years: Sequence[int]) -> Found | None:
        values = [value for y in years if (value := at(series, code, y)) is not None]
        if not values or len(values) < len(years):
            return None
        return values[0] if len(values) == 1 else tuple(values)

    literal = [
        c
        for c in str(figure["responsible"]).split(";")
        if figure["subject_basis"] == "inferred" and c not in ("nan", "", origin)
    ]
    reading = ""
    own = held[yearly] if yearly else ()
    for code in literal:
        literally = between(counts, code, own)
        if literally is not None and compare(figure, literally).verdict == "differs":
            values = " to ".join(f"{at(counts, code, y):,.0f}" for y in own)
            reading = (
                f"; read literally, as people who fled {countries.name(code)}, it would be "
                f"{values}: the number counts other people than its wording suggests"
            )
    if first != yearly and daily is not None:
        yield replace(daily, reason=daily.reason + reading)
    else:
        evidence = "; ".join(f"{y}: {at(counts, origin, y) or 0:,.0f}" for y in own)
        alone = "" if own == ends else f"; the release has no end of {ends[-1]}"
        yield Attempt(
            first,
            method,
            between(counts, origin, own),
            f"displaced abroad from {name} at year ends {evidence}{alone}{reading}",
            True,
        )
    for other, rows in tables.items():
        if other == first or not holds_at_one or not any(map(possible, held.get(other, ()))):
            continue
        if has_category(rows):
            yield Attempt(
                other,
                f"{method}: release",
                between(people(rows), origin, held[other]),
                f"the same from another release, year ends {' and '.join(map(str, held[other]))}",
            )
        else:
            yield Attempt(
                other,
                f"{method}: release",
                None,
                "the release has no column of other people in need of international "
                "protection: what it leaves out cannot be told from it",
                comparable=False,
            )
    if yearly is None:
        return
    years = [y for y in range(ends[0] - 2, ends[-1] + 3) if holds_at_one and possible(y)]
    years = [y for y in years if _has_end(data.releases[yearly], y)]
    for definition in DEFINITIONS:
        series = people(tables[yearly], definition)
        for year in years:
            if at(series, origin, year) is not None:
                yield Attempt(
                    yearly,
                    f"{method}: {definition}, end of {year}",
                    at(series, origin, year),
                    f"{definition}, as if it held at the end of {year}",
                )
    for code in literal:
        for year in years:
            if at(counts, code, year) is not None:
                yield Attempt(
                    yearly,
                    f"{method}: from {code}, end of {year}",
                    at(counts, code, year),
                    f"the list read literally: people who fled {countries.name(code)}, end of {year}",
                )


def _crossings(figure: Mapping, article: Mapping, data: Primary) -> Attempt | None:
    """What a contemporary series by day gives on the first and the last day at which a count can hold; None without one."""
    if pd.isna(figure["as_of"]):
        return None
    found = {
        o: own
        for o, rows in data.of("displaced_daily").items()
        if vintage(data.releases[o], article) == "contemporary"
        and len(
            own := rows[
                (rows["origin"] == figure["subject"])
                & rows["day"].between(figure["as_of"], figure["as_of_end"])
            ]
        )
    }
    origin_id = choose(list(found), data.releases, article)
    if origin_id is None:
        return None
    series = found[origin_id].sort_values("day").set_index("day")["crossed_so_far"]
    stated = _number(figure["value"]) or math.inf
    reached = series.index[series >= stated]
    when = f"; the sum passed the stated number on {reached[0].date()}" if len(reached) else ""
    return Attempt(
        origin_id,
        figure["check_method"],
        (float(series.iloc[0]), float(series.iloc[-1])),
        f"crossings out of {countries.name(figure['subject'])} added up, {series.index[0].date()}: {series.iloc[0]:,.0f}; "
        f"{series.index[-1].date()}: {series.iloc[-1]:,.0f}{when}; a sum that rises passes every number between",
        True,
    )


def displaced_rank(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for stated places of the subjects among all origins, each by its highest year end of the window."""
    method, subjects = figure["check_method"], figure["subject"].split(";")
    start, end = figure["period_start"].year, figure["as_of_end"].year
    tables = {
        o: rows
        for o, rows in data.of("displaced_persons").items()
        if covers(data.releases[o], start, end - 1) and has_category(rows)
    }
    first = choose([o for o in tables if _has_end(data.releases[o], end)], data.releases, article)
    if first is None:
        what = f"all origins from {start} to {end}; import UNHCR's population data"
        yield _missing(figure, what)
        return
    stated = f"{figure['low']:.0f} to {figure['high']:.0f}" if len(subjects) > 1 else "1"

    def attempt(origin_id: str, label: str, last: int, definition: str, why: str) -> Attempt:
        table = peaks(tables[origin_id], start, last, definition)
        ours = table[table["origin"].isin(subjects)]
        places = None if set(subjects) - set(ours["origin"]) else tuple(map(float, ours["rank"]))
        shown = table[(table["rank"] <= len(subjects)) | table["origin"].isin(subjects)]
        listed = ", ".join(
            f"{r.rank} {countries.name(r.origin)} {r.persons:,.0f} ({r.year})"
            for r in shown.itertuples()
        )
        found = ", ".join(f"{place:.0f}" for place in places or ())
        return Attempt(origin_id, label, places, f"stated {stated}; found {found}: {why}{listed}")

    whole = attempt(
        first, method, end, "abroad", f"peaks {start}–{end}, all origins in UNHCR's data: "
    )
    nowhere = people(tables[first])
    nowhere = nowhere[nowhere.index.get_level_values("origin") == "_U"].droplevel("origin")
    nowhere = nowhere[(nowhere.index >= start) & (nowhere.index <= end)]
    left = "; left out: Palestine refugees under UNRWA"
    if len(nowhere) and nowhere.max():
        left += f", and people of unknown origin, at most {nowhere.max():,.0f} ({nowhere.idxmax()})"
    yield replace(whole, reason=whole.reason + left, primary=True)
    yield attempt(first, f"{method}: refugees alone", end, "refugees", "refugees alone: ")
    yield attempt(
        first, f"{method}: to the end of {end - 1}", end - 1, "abroad", "last year end before: "
    )
    for other in tables:
        last = max(y for y in (end - 1, end) if y == end - 1 or _has_end(data.releases[other], y))
        if other != first and _has_end(data.releases[other], last):
            yield attempt(
                other, f"{method}: release", last, "abroad", f"another release, to {last}: "
            )


def sanctioned_nationals(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated number of the subject's nationals on the list of the state held responsible."""
    method, subject = figure["check_method"], figure["subject"]
    name = countries.name(subject)
    lists = (
        {}
        if figure["responsible"] != LISTED_BY
        else {
            o: rows
            for o, rows in data.of("sanctions_listed").items()
            if {"*", f"nationality={subject}"} & set(str(data.releases[o]["covers"]).split(";"))
        }
    )
    first = choose(list(lists), data.releases, article)
    if first is None:
        why = f"no sanctions list in the collection covers nationals of {name}; import OFAC's list"
        yield _nothing(figure, why)
        return
    for origin in [first, *(o for o in lists if o != first)]:
        people_ = lists[origin][lists[origin]["kind"] == "individual"]
        given = people_["nationalities"].fillna("") + ";" + people_["citizenships"].fillna("")
        national = given.str.split(";").map(lambda codes: subject in codes)
        programme = people_["programmes"].str.contains(name.upper(), regex=False)
        day = as_known(data.releases[origin])
        silent = int(people_.loc[programme & (given == ";"), "entries"].sum())
        open_ = (
            f"; of {silent} more under a programme named after {name} the list gives no nationality, so the count is a lower bound"
            if silent
            else ""
        )
        kinds = (
            (
                "",
                national,
                f"individuals with {name} as nationality or citizenship on the list of {day}, whatever the programme{open_}",
            ),
            (
                ": programme",
                programme,
                f"individuals under a programme named after {name}, of whatever nationality",
            ),
            (": programme and nationality", national & programme, "both conditions together"),
        )
        for label, chosen, why in kinds:
            primary = origin == first and not label
            tail = "" if origin == first else ": release"
            yield Attempt(
                origin,
                method + label + tail,
                float(people_.loc[chosen, "entries"].sum()),
                why,
                primary,
                unknown=silent if chosen is national else 0,
            )


def _release_of(
    measure: str, article: Mapping, data: Primary
) -> tuple[str | None, dict[str, pd.DataFrame]]:
    """The release of a series that gives the verdict, and all of them."""
    found = {
        o: own
        for o, rows in data.of("series").items()
        if len(own := rows[rows["measure"] == measure])
    }
    return choose(list(found), data.releases, article), found


def ranked(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for the place of the subject in a series, largest first."""
    measure = figure["check_method"].partition(":")[2]
    first, found = _release_of(measure, article, data)
    if first is None:
        yield _missing(figure, measure)
    elif measure == "battle_deaths":
        yield from _wars(figure, first, found)
    else:
        for origin in [first, *(o for o in found if o != first)]:
            rows = found[origin].dropna(subset=["value"]).sort_values("year")
            last = rows.groupby("item").tail(1).sort_values("value", ascending=False)
            place = last["value"].rank(method="min", ascending=False)[
                last["item"] == figure["subject"]
            ]
            listed = ", ".join(
                f"{countries.name(r.item)} {r.value / 1e9:,.1f} billion {r.unit} ({r.year})"
                for r in last.head(3).itertuples()
            )
            yield Attempt(
                origin,
                figure["check_method"] + ("" if origin == first else ": release"),
                tuple(map(float, place)) or None,
                f"stated 1; found {place.min():.0f} of {len(last)} states: {listed}; numbers are those that governments report"
                if len(place)
                else f"{countries.name(figure['subject'])} is not in the release",
                origin == first,
            )


def _wars(figure: Mapping, first: str, found: Mapping[str, pd.DataFrame]) -> Iterator[Attempt]:
    """The place of the war of subject and counterpart among all conflicts, by battle deaths of all years together."""
    rows = pd.concat(found.values())
    rows = rows.assign(value=rows["value"].fillna(rows["high"]))
    sums = rows.groupby(["origin_id", "item"])[["low", "value", "high"]].sum().reset_index()
    parties = [
        countries.name(c) for c in (figure["subject"], *str(figure["counterpart"]).split(";"))
    ]

    def attempt(
        names: list[str], only: Sequence[str], label: str, why: str, primary=False
    ) -> Attempt:
        own = sums["item"].map(lambda item: all(name in item for name in names))
        ours = sums.loc[own & sums["origin_id"].isin(only), ["low", "value", "high"]].sum()
        rest = sums[~sums["item"].str.contains(parties[0]) & sums["origin_id"].isin(only)]
        places = {}
        for column in ("low", "value", "high"):
            larger = rest.loc[rest[column] > ours[column], "item"]
            places[column] = 1.0 + len({_same_war(item) for item in larger})
        top = rest.sort_values("value", ascending=False).head(2)
        listed = ", ".join(
            f"{r.item} {r.value:,.0f} ({r.low:,.0f} to {r.high:,.0f})" for r in top.itertuples()
        )
        return Attempt(
            first,
            figure["check_method"] + label,
            (places["value"],) if ours["value"] else None,
            f"stated 1; found {places['value']:.0f}, measured by battle deaths: {why}, {ours['value']:,.0f} "
            f"({ours['low']:,.0f} to {ours['high']:,.0f}); next {listed}",
            primary,
            open=len(set(places.values())) > 1,
        )

    both = " and ".join(sorted(found))
    yield attempt(
        parties, list(found), "", f"the war of {' and '.join(parties)}, from {both}", True
    )
    yield attempt(parties, [first], ": series alone", f"{first} alone")
    yield attempt(
        parties[:1], list(found), ": all conflicts there", f"all conflicts of {parties[0]} together"
    )


def _same_war(item: str) -> frozenset[str]:
    """The words of the place of a conflict: two series spell one place in different orders."""
    return frozenset(re.findall(r"[a-z]+", item.lower())) - {"and"}


def members(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for the place that the subject would take as the next member of a group."""
    measure = figure["check_method"].partition(":")[2]
    first, found = _release_of(measure, article, data)
    if first is None:
        yield _missing(figure, measure)
        return
    for origin in [first, *(o for o in found if o != first)]:
        inside = sorted(found[origin].loc[found[origin]["value"] == 1, "item"])
        others = [c for c in inside if c != figure["subject"]]
        names = ", ".join(map(countries.name, others)) or "none"
        yield Attempt(
            origin,
            figure["check_method"] + ("" if origin == first else ": release"),
            (len(others) + 1.0,),
            f"members among {len(found[origin])} states and territories of Latin America and the Caribbean: {names}",
            origin == first,
        )


def years_spanned(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a number of years over which the subjects are related without a break."""
    measure = figure["check_method"].partition(":")[2]
    first, found = _release_of(measure, article, data)
    pair = ";".join(sorted(figure["subject"].split(";")))
    for origin in [first, *(o for o in found if o != first)] if first else []:
        years = found[origin][found[origin]["item"] == pair].set_index("year")["value"].sort_index()
        broken = years.index[years < 1]
        lasting = years[years.index > (broken.max() if len(broken) else -1)]
        if len(lasting):
            since, last = lasting.index[0], lasting.index[-1]
            yield Attempt(
                origin,
                figure["check_method"] + ("" if origin == first else ": release"),
                float(last - since),
                f"a representative of either side in every observation from {since} to {last}, where the series ends",
                origin == first,
            )
            return
    yield _missing(figure, f"{measure} of {pair}")


def sheets_published(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a share of tally sheets: those that the claimant published, of all polling tables announced."""
    first, found = _release_of(figure["check_method"].partition(":")[2], article, data)
    said = _statements(figure, data, "whole")
    wholes = said["value"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    if first is None or wholes.empty:
        yield _missing(figure, "the sheets published and the number of all tables")
        return
    for origin in [first, *(o for o in found if o != first)]:
        for whole, printed in wholes.items():
            sheets = found[origin].loc[found[origin]["item"] == figure["subject"], "value"].sum()
            primary = origin == first and whole == wholes.index[0]
            label = "" if primary else f": {'release, ' if origin != first else ''}of {whole:.0f}"
            yield Attempt(
                origin,
                figure["check_method"] + label,
                100 * sheets / whole,
                f"{sheets:,.0f} rows in the file of the party that claims it, over {whole:,.0f} polling tables announced "
                f"({printed} of {len(said)} documents); not a check of the election",
                primary,
                relation="interested party",
            )


def never(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Nothing: what no data can decide, with the reason of the ledger."""
    yield _nothing(figure, f"no data can decide it: {figure['check_note']}")


def _statements(figure: Mapping, data: Primary, *kinds: str) -> pd.DataFrame:
    rows = data.tables.get("statements", pd.DataFrame(columns=["figure_id", "compares"]))
    own = rows[rows["figure_id"] == figure["figure_id"]]
    return own[own["compares"].isin(kinds)] if kinds else own


def _decides(figure: Mapping, document: Mapping) -> bool:
    """Whether a document is of the time of a figure: of the year before its last day, or after its first."""
    first, last = (
        figure[c] if not pd.isna(figure[c]) else figure[d]
        for c, d in (("as_of", "period_start"), ("as_of_end", "period_end"))
    )
    day = _day(document)
    return bool(
        pd.isna(last)
        or day > last - pd.DateOffset(years=1)
        or (not pd.isna(first) and day >= first)
    )


def _documents(figure: Mapping, data: Primary) -> Iterator[tuple[Attempt, bool]]:
    """One attempt a document, and whether it decides."""
    for row in _statements(figure, data, "same", "part", "unlike").to_dict("records"):
        document = data.releases[row["origin_id"]]
        value, low, high = (_number(row[c]) for c in ("value", "low", "high"))
        computed: Found = value if value is not None else (low or 0.0, high or math.inf)
        word = {"part": "; a part of what is stated", "unlike": "; something else than is stated"}
        more = f" ({row['note']})" if isinstance(row["note"], str) else ""
        lower_bound = _number(figure["low"]) is not None and _number(figure["high"]) is None
        bears = lower_bound and isinstance(computed, float) and computed >= float(figure["low"])
        decides = _decides(figure, document)
        yield (
            Attempt(
                row["origin_id"],
                "documents",
                computed,
                f"{document['publisher']}, {as_known(document)}, {row['relation']}, seen as {row['seen_as']}: "
                f"{row['states']}{word.get(row['compares'], '')}{more}"
                + ("" if decides else "; not of the figure's time"),
                comparable=row["compares"] != "unlike",
                relation=row["relation"],
                open=row["compares"] == "part" and not bears,
            ),
            decides,
        )


def documents(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a count that dated documents state: the verdict is theirs if they agree, else it is open.

    `documents:RELATION` names beforehand the documents that are meant: others explain.
    """
    method, _, meant = figure["check_method"].partition(":")
    found = [
        (attempt, decides and meant in ("", attempt.relation))
        for attempt, decides in _documents(figure, data)
    ]
    outcomes: dict[str, list[Attempt]] = {}
    parts = [a for a, decides in found if decides and a.comparable and a.open]
    for attempt, decides in found:
        verdict = _verdict(figure, attempt).verdict
        if decides and attempt.comparable and not attempt.open:
            outcomes.setdefault("matches" if verdict == "traced" else verdict, []).append(attempt)
    best = None
    if len(outcomes) == 1:
        (agreeing,) = outcomes.values()
        best = min(agreeing, key=lambda a: schemas.RELATIONS.index(a.relation))
    elif (
        not outcomes and not parts and (pool := [a for a, _ in found if meant in ("", a.relation)])
    ):
        best = pool[0]
    else:
        word = {"matches": "agree", "differs": "differ"}
        apart = "; ".join(
            f"{word.get(verdict, verdict)}: {', '.join(a.origin_id for a in own)}"
            for verdict, own in outcomes.items()
        )
        why = (
            f"documents of the time give different outcomes ({apart})"
            if outcomes
            else f"no document of the time can decide it, each counts a part: {', '.join(a.origin_id for a in parts)}"
            if parts
            else "no document is recorded"
        )
        yield Attempt("none", method, None, why, True, open=bool(outcomes or parts))
    for attempt, decides in found:
        own = attempt is best
        label = "" if own else ": deciding" if decides and best is None else ": another"
        yield replace(attempt, primary=own, method=method if own else f"documents{label}")


METHODS: dict[str, Callable[[Mapping, Mapping, Primary], Iterator[Attempt]]] = {
    "supplier_share": supplier_share,
    "supplier_rank": supplier_rank,
    "units_delivered": units_delivered,
    "displaced_abroad": displaced_abroad,
    "displaced_rank": displaced_rank,
    "sanctioned_nationals": sanctioned_nationals,
    "ranked": ranked,
    "members": members,
    "years_spanned": years_spanned,
    "sheets_published": sheets_published,
    "documents": documents,
    "never": never,
}


# ---- the table


def check(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table `figure_checks`.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The typed tables `figures`, `origins`, `statements` and those of `schemas.PRIMARY`.

    Returns
    -------
    DataFrame
        For every figure one row with its verdict, then the explanations, in the order of the figures.
    """
    origins = {row["origin_id"]: row for row in frames["origins"].to_dict("records")}
    others = list(origins.values())
    data = Primary(
        {
            o: row | {"replaced": _replaced(row, others)}
            for o, row in origins.items()
            if row["kind"] != "article"
        },
        {name: frames[name] for name in (*schemas.PRIMARY, "statements") if name in frames},
    )
    rows = []
    for figure in frames["figures"].sort_values("figure_id").to_dict("records"):
        article = origins[figure["source_id"]]
        name = "" if pd.isna(figure["check_method"]) else figure["check_method"].partition(":")[0]
        if name:
            attempts = list(METHODS[name](figure, article, data))
        else:
            why = (
                f"nothing here can check it; needed: {NEEDED[figure['family']]}"
                if pd.isna(figure["derivation"])
                else figure["derivation"]
            )
            attempts = [Attempt("none", "none", None, why, True)]
        if name != "documents":
            beside = (replace(a, method="documents: beside") for a, _ in _documents(figure, data))
            attempts += beside
        rows += _rows(figure, article, attempts, data)
    columns = list(schemas.TABLES["figure_checks"].columns)
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(
        {c: schemas.PANDAS[schemas.column("figure_checks", c).dtype] for c in columns}
    )


def _rows(figure: Mapping, article: Mapping, attempts: list[Attempt], data: Primary) -> list[dict]:
    done = [(a, _verdict(figure, a)) for a in attempts]
    tried = _distinct(done)
    parents = ";".join(
        str(figure[c]) for c in ("follows_from", "derived_from") if not pd.isna(figure[c])
    )
    rows = []
    for attempt, found in done:
        computed, rank = attempt.computed, figure["unit"] == "rank"
        several = isinstance(computed, tuple) and len(computed) > 1
        bracket = sorted(computed) if isinstance(computed, tuple) and several else (None, None)
        exact = figure["qualifier"] in ("exact", "approx", "nearly")
        step = _number(figure["stated_step"]) if exact and not rank else None
        reason = attempt.reason + (
            _no_contemporary(attempt, article, data) if attempt.primary else ""
        )
        if attempt.primary and parents:
            alone = "" if computed is None else f"; on its own: {found.verdict}"
            least, most = (_number(figure.get(c)) for c in ("least", "most"))
            if found.verdict == "differs" and least is not None and most is not None:
                within = isinstance(computed, float) and least <= computed <= most
                alone += f", yet within what the print leaves open ({least:g} to {most:g})" * within
            found = replace(found, verdict="follows", coarse="")
            reason = f"follows from {parents.replace(';', ' and ')}; {reason}{alone}"
        rows.append(
            {
                "figure_id": figure["figure_id"],
                "origin_id": attempt.origin_id,
                "method": attempt.method,
                "is_primary": attempt.primary,
                "relation": None if attempt.origin_id == "none" else attempt.relation,
                "vintage": None
                if attempt.origin_id == "none"
                or data.releases[attempt.origin_id]["kind"] == "document"
                else vintage(data.releases[attempt.origin_id], article),
                "computed": None
                if several
                else computed[0]
                if isinstance(computed, tuple)
                else computed,
                "computed_low": bracket[0],
                "computed_high": bracket[-1],
                "places": ";".join(f"{p:.0f}" for p in sorted(computed))
                if rank and isinstance(computed, tuple)
                else None,
                "unit": figure["unit"],
                "difference": found.difference,
                "relative_pct": found.relative_pct,
                "tolerance": None if step is None or computed is None else step / 2,
                "verdict": found.verdict,
                "coarse_verdict": found.coarse or None,
                "follows_from": parents or None,
                "reason": reason,
                "tried": len(tried) if attempt.primary else None,
                "matched": tried.count("matches") + tried.count("traced")
                if attempt.primary
                else None,
            }
        )
    return rows


def _distinct(done: list[tuple[Attempt, Comparison]]) -> list[str]:
    """Verdicts of the explanations, each computation once: not again what the primary method or another one gives."""
    seen: set[Found] = set()
    for attempt, _ in done:
        if attempt.primary and attempt.computed is not None:
            seen |= {attempt.computed}
            seen |= set(attempt.computed) if isinstance(attempt.computed, tuple) else set()
    verdicts = []
    for attempt, found in done:
        if attempt.primary or attempt.computed is None or found.verdict == "not comparable":
            continue
        if attempt.method == "documents: deciding":
            continue
        if attempt.computed not in seen:
            seen.add(attempt.computed)
            verdicts.append(found.verdict)
    return verdicts


def _verdict(figure: Mapping, attempt: Attempt) -> Comparison:
    if not attempt.comparable:
        return Comparison("not comparable")
    if attempt.computed is None:
        return Comparison("undecided" if attempt.open else "no data")
    found = compare(figure, attempt.computed, attempt.unknown)
    if attempt.open:
        return replace(found, verdict="undecided", coarse="")
    if attempt.relation in ("own source", "interested party"):
        told = {"matches": "traced"}
        verdict, coarse = (told.get(v, v) for v in (found.verdict, found.coarse))
        return replace(found, verdict=verdict, coarse=coarse)
    return found


def _no_contemporary(attempt: Attempt, article: Mapping, data: Primary) -> str:
    release = data.releases.get(attempt.origin_id)
    if release is None or release["kind"] == "document":
        return ""
    age = vintage(release, article)
    return (
        ""
        if age == "contemporary"
        else f"; no contemporary release at hand: this one, of {as_known(release)}, is {age} than the article"
    )

"""Stated figures against primary data: verdicts with their reasons, and what was tried beside them.

What is computed for a figure is named in the ledger (`check_method`) from the article's own words, before anything is
computed; the rules are in docs/protocol.md, section 12. Everything here is pure: frames in, frames out.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rvdata import countries, schemas
from rvdata.origins import came_out, covers
from rvdata.text import coarser

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
_ABROAD = ("refugees", "asylum_seekers", "other_in_need")
DEFINITIONS = {
    "abroad": _ABROAD,
    "refugees": _ABROAD[:1],
    "refugees and asylum-seekers": _ABROAD[:2],
    "abroad and others of concern": (*_ABROAD, "others_of_concern"),
    "abroad and inside the country": (*_ABROAD, "internally_displaced"),
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
        places = sorted(_ends(computed))
        first, last = (value, value) if value is not None else (low, high)
        same = places == list(range(int(first or 1), int(last or 1) + 1))
        return Comparison("matches" if same else "differs", "", places[-1] - (last or 1))
    if value is None or qualifier in ("over", "at_least", "at_most"):
        found, of = _bound(low, high, computed), low if low is not None else high
    else:
        steps = (step, coarser(value, step, figure["unit"]))
        (verdict, difference), (coarse, _) = (
            _near(value, one / 2, computed, qualifier == "nearly") for one in steps
        )
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


def _ends(computed: Found) -> tuple[float, ...]:
    return computed if isinstance(computed, tuple) else (computed,)


def _near(value: float, tolerance: float, computed: Found, below: bool) -> tuple[str, float | None]:
    low, high = min(_ends(computed)), max(_ends(computed))
    bracket = isinstance(computed, tuple)
    if bracket and low - tolerance <= value <= high + tolerance:
        return "between year ends" if high - low < WIDE * abs(value) else "undecided", None
    difference = _rounded((low if value < low else high) - value)
    off = abs(difference)
    # "nearly" 100 is not 101: what lies above is close at best
    if off <= tolerance and (bracket or not (below and difference > 0 and tolerance)):
        return "close" if bracket else "matches", difference
    close = off <= min(3 * tolerance, NEAR * abs(value))
    return "close" if close else "differs", difference


def _bound(low: float | None, high: float | None, computed: Found) -> Comparison:
    """A bound or a range holds or does not; a bracket must lie within it as a whole."""
    first, last = min(_ends(computed)), max(_ends(computed))
    least, most = (-math.inf if low is None else low), (math.inf if high is None else high)
    above, below = _rounded(first - least), _rounded(most - last)
    if min(above, below) >= 0:
        return Comparison("matches", "", above if above <= below else -below)
    if first < least:
        bound, outside, inside = least, last < least, (first, last)
    else:
        bound, outside, inside = most, first > most, (last, first)
    verdict = "differs" if outside else "undecided"
    return Comparison(verdict, "", _rounded(inside[outside] - bound))


def vintage(release: Mapping, article: Mapping) -> str:
    """Whether a release is earlier than, contemporary with or later than an article.

    Contemporary: released in the twelve months before the last possible day of publication, and not replaced by then
    (`replaced`, if it is known); the day on which a copy was generated counts only where that of the release is not known.
    """
    day, replaced = came_out(release), release.get("replaced")
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
        came_out(o)
        for o in others
        if o["kind"] == release["kind"] == "dataset"
        and _database(o) == _database(release)
        and came_out(o) > came_out(release)
        and (not pd.isna(o["released"]) or o["data_through"] > release["data_through"])
    )
    return min(alike, default=pd.NaT)


def _database(release: Mapping) -> tuple[str, str]:
    return re.split("[,:]", str(release.get("title")))[0], str(release["covers"])


def as_known(release: Mapping) -> str:
    """The day of a release or document as exactly as it is known.

    Examples
    --------
    >>> day = pd.Timestamp
    >>> as_known({"released": day("2026-06-01"), "released_end": day("2026-06-30"), "generated": pd.NaT})
    'June 2026'
    """
    first, last = came_out(release), release["released_end"]
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

#: Relations of data to an article that make a match a trace to its source.
_TOLD = ("own source", "interested party")


def standing(check: Mapping) -> str:
    """What a primary row of `figure_checks` counts as: an independent check, a trace to its source, or neither."""
    if check["verdict"] in STANDINGS:
        return check["verdict"]
    return "traced" if check["relation"] in _TOLD else "checked independently"


def coverage(verdicts: pd.DataFrame) -> pd.DataFrame:
    """How many figures of each family stand how, by the rows of `stated.verdicts`.

    Returns
    -------
    DataFrame
        One row per family, in the order of `schemas.FAMILIES`, then `all`; one column per standing, and `figures`.
    """
    table = pd.crosstab(verdicts["family"], verdicts.apply(standing, axis=1))
    families = [f for f in schemas.FAMILIES if f in table.index]
    table = table.reindex(families, columns=list(STANDINGS), fill_value=0)
    table.loc["all"] = table.sum()
    return table.assign(figures=table.sum(axis=1)).rename_axis(None, axis=1)


# ---- what the primary data give


def _supplier_shares(transfers: pd.DataFrame, recipient: str, start: int, end: int) -> pd.DataFrame:
    """Volume, share and place of every supplier of a recipient in one release over some years, the largest first.

    A share is of the printed total where the release has one, else of the sum over all suppliers, unknown ones included;
    equal volumes share the better place, and unknown suppliers have none.
    """
    rows = transfers[(transfers["recipient"] == recipient) & transfers["year"].between(start, end)]
    printed, rows = rows[rows["supplier"] == "_T"], rows[rows["supplier"] != "_T"]
    sums = rows.groupby("supplier", sort=True)["tiv_million"].sum()
    table = sums.sort_values(ascending=False, kind="stable").reset_index()
    whole = set(rows["year"]) <= set(printed["year"]) and printed["tiv_million"].sum()
    total = whole or table["tiv_million"].sum()
    table["share_pct"] = 100 * table["tiv_million"] / total if total else np.nan
    known = table["tiv_million"].where(table["supplier"] != "_U")
    table["rank"] = known.rank(method="min", ascending=False).astype("Int64")
    return table


def _people(displaced: pd.DataFrame, definition: str = "abroad") -> pd.Series:
    """People by origin and year end in one release, by one of the `DEFINITIONS`; empty counts add nothing."""
    keyed = displaced.astype({"year": int}).set_index(["origin", "year"])
    return keyed[list(DEFINITIONS[definition])].astype("float64").sum(axis=1)


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
    table = _people(displaced, definition).rename("persons").reset_index()
    table = table[table["year"].between(start, end) & ~table["origin"].str.startswith("_")]
    table = table.loc[table.groupby("origin")["persons"].idxmax()]
    table = table.sort_values("persons", ascending=False, kind="stable", ignore_index=True)
    rank = table["persons"].rank(method="min", ascending=False).astype(int)
    return table[["origin", "persons", "year"]].assign(rank=rank)


def _has_category(displaced: pd.DataFrame) -> bool:
    """Whether other people in need are counted: an empty column was not ticked at download, or did not exist."""
    return bool(displaced["other_in_need"].notna().any())


def _has_end(release: Mapping, year: int) -> bool:
    """Whether a release reaches to the end of a year: one of autumn has the middle of its last year."""
    return release["data_through"] >= pd.Timestamp(year, 12, 31)


# ---- attempts


class _NoDataError(Exception):
    """Nothing in the collection can answer; the message says what would be needed."""


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
class Question:
    """A figure, its article, the releases by identifier, and the tables that it is held against."""

    figure: Mapping
    article: Mapping
    releases: Mapping[str, Mapping]
    tables: Mapping[str, pd.DataFrame]

    @property
    def means(self) -> str:
        """What the method names after its colon: a designation, a measure, a relation."""
        return self.figure["check_method"].partition(":")[2]

    def of(self, table: str, **cells: str) -> dict[str, pd.DataFrame]:
        """Rows of a table that have some cells, by release; releases without one are left out."""
        rows = self.tables[table]
        for column, value in cells.items():
            rows = rows[rows[column] == value]
        return dict(iter(rows.groupby("origin_id", sort=True)))

    def vintage(self, origin: str) -> str:
        """Whether a release is earlier, contemporary or later."""
        return vintage(self.releases[origin], self.article)

    def choose(self, origins: Iterable[str]) -> str | None:
        """The release that gives the primary verdict: a contemporary one, else the first later, else the last earlier."""
        by: dict[str, list] = {age: [] for age in schemas.VINTAGES}
        for origin in origins:
            by[self.vintage(origin)].append((came_out(self.releases[origin]), origin))
        at_best = (("contemporary", max), ("later", min), ("earlier", max))
        return next((best(by[age])[1] for age, best in at_best if by[age]), None)

    def turns(
        self, rows: Mapping[str, pd.DataFrame], needed: str
    ) -> list[tuple[str, str, pd.DataFrame]]:
        """Releases with a label and their rows: the first, which gives the verdict, has no label. Without one, no data."""
        first = self.choose(rows)
        if first is None:
            raise _NoDataError(needed)
        order = sorted(rows, key=lambda origin: origin != first)
        return [(o, "" if o == first else "release", rows[o]) for o in order]

    def attempt(
        self, origin: str, label: str, computed: Found | None, reason: str, **more: Any
    ) -> Attempt:
        """What a release gives by the primary method or, with a label, beside it."""
        method = self.figure["check_method"] + (f": {label}" if label else "")
        return Attempt(origin, method, computed, reason, not label, **more)


def _missing(what: str) -> str:
    return f"no release in the collection has {what}"


def _suppliers(q: Question) -> Iterator[Attempt]:
    """The share or the place of some suppliers over the stated window, then what departs from it."""
    # a place is stated of the supplier, a share of the recipient
    place = q.figure["check_method"] == "supplier_rank"
    stated = [q.figure[c] for c in ("subject", "counterpart")]
    recipient, suppliers = stated[::-1] if place else stated
    some = frozenset(suppliers.split(";"))
    start, end = q.figure["period_start"].year, q.figure["period_end"].year
    name, token = countries.name(recipient), f"recipient={recipient}"
    held = {
        origin: rows
        for origin, rows in q.of("arms_transfers", recipient=recipient).items()
        if (rows["supplier"] != "_T").any()
        and covers(q.releases[origin], token, start=start, end=end)
    }
    exact = {o: rows for o, rows in held.items() if not (rows["tiv_basis"] == "allocated").any()}
    what = f"all suppliers of {name} by year from {start} to {end}; import SIPRI's deliveries file"
    (first, _, rows), *_ = q.turns(exact, _missing(what))
    shares = functools.partial(_supplier_shares, recipient=recipient, start=start, end=end)

    def attempt(
        label: str, why: str, table: pd.DataFrame, which: frozenset[str] = some, origin: str = first
    ) -> Attempt:
        own = table[table["supplier"].isin(which)]
        value: Found | None = float(own["share_pct"].sum()) if table["tiv_million"].sum() else None
        if place:
            value = tuple(map(float, own["rank"].dropna())) or None
        return q.attempt(origin, label, value, why)

    table = shares(rows)
    head = ", ".join(
        f"{countries.name(r.supplier)} {r.share_pct:.1f} %" for r in table.head(3).itertuples()
    )
    total = table["tiv_million"].sum()
    yield attempt("", f"{total:,.0f} million TIV delivered to {name} {start}–{end}: {head}", table)
    for other in held:
        if other != first:
            basis = "" if other in exact else ", partly allocated to years"
            why = f"the same from another release{basis}"
            yield attempt("release", why, shares(held[other]), origin=other)
    for a, b in itertools.product((start - 1, start, start + 1), (end - 1, end, end + 1)):
        if a <= b and (a, b) != (start, end) and covers(q.releases[first], token, start=a, end=b):
            moved = shares(rows, start=a, end=b)
            yield attempt(f"window {a}–{b}", "window a year off", moved)
    if (rows["supplier"] == "_U").any():
        named = shares(rows[~rows["supplier"].isin(("_U", "_T"))])
        yield attempt("without unknown suppliers", "unknown suppliers left out of the whole", named)
    for party in sorted(some) if len(some) > 1 else ():
        why = f"{countries.name(party)} alone"
        yield attempt(f"{party} alone", why, table, frozenset({party}))
    if "non-Western" in q.figure["measure"]:
        rest = frozenset(table["supplier"]) - WEST - {"_U"}
        why = f"all outside NATO, EU and their close allies: {', '.join(sorted(rest))}"
        yield attempt("all suppliers outside the West", why, table, rest)


def _units_delivered(q: Question) -> Iterator[Attempt]:
    """Weapons of one designation that the subject has from the counterpart."""
    recipient, supplier = q.figure["subject"], q.figure["counterpart"]
    found = q.of("arms_units", supplier=supplier, recipient=recipient, designation=q.means)
    needed = (
        f"no release in the collection counts {q.means} delivered to {countries.name(recipient)}; "
        f"import SIPRI's trade register with --weapon {q.means}"
    )
    for origin, label, rows in q.turns(found, needed):
        row = rows.iloc[0]
        part, ordered = row["estimated_share"], row["units_ordered"]
        estimate = "" if pd.isna(part) or not part else f", {part:.0%} of them by estimate"
        years = f"{row['first_delivery_year']}–{row['last_delivery_year']}"
        why = (
            f"{row['units_delivered']:,.0f} delivered {years}{estimate}: what came in, not what is held; "
            "what was used since is not known"
        )
        why = "the same from another release" if label else why
        yield q.attempt(origin, label, float(row["units_delivered"]), why, comparable=False)
        if not label and not pd.isna(ordered):
            why = "ordered, delivered or not"
            yield q.attempt(origin, "ordered", float(ordered), why, comparable=False)


def _at(counts: pd.Series, code: str, years: Sequence[int]) -> Found | None:
    """The counts of an origin at some year ends; None unless all are there."""
    values = tuple(float(counts.get((code, year), math.nan)) for year in years)
    if not values or any(map(math.isnan, values)):
        return None
    return values[0] if len(values) == 1 else values


def _displaced_abroad(q: Question) -> Iterator[Attempt]:
    """People displaced from the subject."""
    origin, since = q.figure["subject"], q.figure["as_of"]
    if pd.isna(q.figure["as_of_end"]):
        raise _NoDataError("no last day is known at which the figure can hold")
    name, ends = countries.name(origin), year_ends(q.figure)

    def possible(*years: int) -> bool:
        return any(pd.isna(since) or pd.Timestamp(year, 12, 31) >= since for year in years)

    # a figure between two year ends that holds at neither: no year end explains it
    holds_at_one = len(ends) == 1 or possible(ends[0])
    tables = q.of("displaced_persons")
    held = {
        o: tuple(y for y in ends if _has_end(q.releases[o], y))
        for o in tables
        if covers(q.releases[o], f"origin={origin}", start=ends[0], end=ends[0])
    }
    whole = [o for o in held if _has_category(tables[o])]
    of_the_time = [o for o in whole if q.vintage(o) == "contemporary" and possible(*held[o])]
    primary = _crossings(q)
    yearly = q.choose(of_the_time or [o for o in whole if held[o] == ends])
    if yearly is None and primary is None:
        what = (
            f"people displaced from {name} at the end of {' and '.join(map(str, ends))} with the "
            "column of other people in need of international protection; import UNHCR's population data"
        )
        raise _NoDataError(_missing(what))
    own = held[yearly] if yearly else ()
    counts = _people(tables[yearly]) if yearly else pd.Series(dtype="float64")
    inferred = q.figure["subject_basis"] == "inferred"
    said = str(q.figure["responsible"]).split(";") if inferred else []
    literal = [c for c in said if c not in ("nan", "", origin)]
    reading = ""
    for code in literal:
        literally = _at(counts, code, own)
        if literally is not None and compare(q.figure, literally).verdict == "differs":
            values = " to ".join(f"{persons:,.0f}" for persons in _ends(literally))
            reading = (
                f"; read literally, as people who fled {countries.name(code)}, it would be "
                f"{values}: the number counts other people than its wording suggests"
            )
    if primary is None or of_the_time:
        evidence = "; ".join(f"{y}: {_at(counts, origin, [y]) or 0:,.0f}" for y in own)
        alone = "" if own == ends else f"; the release has no end of {ends[-1]}"
        why = f"displaced abroad from {name} at year ends {evidence}{alone}"
        primary = q.attempt(yearly or "", "", _at(counts, origin, own), why)
    yield replace(primary, reason=primary.reason + reading)
    for other, rows in tables.items():
        if other == primary.origin_id or not holds_at_one or not possible(*held.get(other, ())):
            continue
        why = f"the same from another release, year ends {' and '.join(map(str, held[other]))}"
        if other not in whole:
            why = (
                "the release has no column of other people in need of international protection: what it leaves out "
                "cannot be told from it"
            )
        given = _at(_people(rows), origin, held[other]) if other in whole else None
        yield q.attempt(other, "release", given, why, comparable=other in whole)
    if yearly is None or not holds_at_one:
        return
    rows, read = tables[yearly], "the list read literally: people who fled"
    readings = [(origin, _people(rows, d), d, f"{d}, as if it held at the") for d in DEFINITIONS]
    readings += [(c, counts, f"from {c}", f"{read} {countries.name(c)},") for c in literal]
    around = range(ends[0] - 2, ends[-1] + 3)
    years = [y for y in around if possible(y) and _has_end(q.releases[yearly], y)]
    for (code, series, label, why), year in itertools.product(readings, years):
        given = _at(series, code, [year])
        if given is not None:
            at = f"end of {year}"
            yield q.attempt(yearly, f"{label}, {at}", given, f"{why} {at}")


def _crossings(q: Question) -> Attempt | None:
    """What a contemporary series by day gives on the first and the last day at which a count can hold; None without one."""
    since, last = q.figure["as_of"], q.figure["as_of_end"]
    if pd.isna(since):
        return None
    found = {
        origin: rows.loc[rows["day"].between(since, last)]
        for origin, rows in q.of("displaced_daily", origin=q.figure["subject"]).items()
        if q.vintage(origin) == "contemporary"
    }
    chosen = q.choose(origin for origin, rows in found.items() if len(rows))
    if chosen is None:
        return None
    series = found[chosen].sort_values("day").set_index("day")["crossed_so_far"]
    reached = series.index[series >= (_number(q.figure["value"]) or math.inf)]
    when = f"; the sum passed the stated number on {reached[0].date()}" if len(reached) else ""
    first_day, last_day = (f"{series.index[i].date()}: {series.iloc[i]:,.0f}" for i in (0, -1))
    why = (
        f"crossings out of {countries.name(q.figure['subject'])} added up, {first_day}; {last_day}{when}; "
        "a sum that rises passes every number between"
    )
    return q.attempt(chosen, "", (float(series.iloc[0]), float(series.iloc[-1])), why)


def _displaced_rank(q: Question) -> Iterator[Attempt]:
    """Places of the subjects among all origins, each by its highest year end of the window."""
    subjects = q.figure["subject"].split(";")
    start, end = q.figure["period_start"].year, q.figure["as_of_end"].year
    tables = {
        o: rows
        for o, rows in q.of("displaced_persons").items()
        if covers(q.releases[o], start=start, end=end - 1) and _has_category(rows)
    }
    what = f"all origins from {start} to {end}; import UNHCR's population data"
    whole = {o: rows for o, rows in tables.items() if _has_end(q.releases[o], end)}
    (first, _, rows), *_ = q.turns(whole, _missing(what))
    stated = f"{q.figure['low']:.0f} to {q.figure['high']:.0f}" if len(subjects) > 1 else "1"

    def attempt(
        origin: str, label: str, last: int, why: str, definition: str = "abroad", left: str = ""
    ) -> Attempt:
        table = peaks(tables[origin], start, last, definition)
        ours = table[table["origin"].isin(subjects)]
        places = None if set(subjects) - set(ours["origin"]) else tuple(map(float, ours["rank"]))
        shown = table[(table["rank"] <= len(subjects)) | table["origin"].isin(subjects)]
        listed = ", ".join(
            f"{r.rank} {countries.name(r.origin)} {r.persons:,.0f} ({r.year})"
            for r in shown.itertuples()
        )
        found = ", ".join(f"{place:.0f}" for place in places or ())
        why = f"stated {stated}; found {found}: {why}: {listed}{left}"
        return q.attempt(origin, label, places, why)

    nowhere = _people(rows).get("_U", pd.Series(dtype="float64")).loc[start:end]
    left = "; left out: Palestine refugees under UNRWA"
    if len(nowhere) and nowhere.max():
        left += f", and people of unknown origin, at most {nowhere.max():,.0f} ({nowhere.idxmax()})"
    yield attempt(first, "", end, f"peaks {start}–{end}, all origins in UNHCR's data", left=left)
    yield attempt(first, "refugees alone", end, "refugees alone", "refugees")
    yield attempt(first, f"to the end of {end - 1}", end - 1, "last year end before")
    for other in tables:
        lasts = [y for y in (end, end - 1) if _has_end(q.releases[other], y)]
        if other != first and lasts:
            yield attempt(other, "release", lasts[0], f"another release, to {lasts[0]}")


def _sanctioned_nationals(q: Question) -> Iterator[Attempt]:
    """The subject's nationals on the list of the state held responsible."""
    subject = q.figure["subject"]
    name = countries.name(subject)
    lists = {
        o: rows[rows["kind"] == "individual"]
        for o, rows in q.of("sanctions_listed").items()
        if q.figure["responsible"] == LISTED_BY and covers(q.releases[o], f"nationality={subject}")
    }
    needed = f"no sanctions list in the collection covers nationals of {name}; import OFAC's list"
    for origin, release, listed in q.turns(lists, needed):
        given = listed["nationalities"].fillna("") + ";" + listed["citizenships"].fillna("")
        national = given.str.split(";").map(lambda codes: subject in codes)
        programme = listed["programmes"].str.contains(name.upper(), regex=False)
        silent = int(listed.loc[programme & (given == ";"), "entries"].sum())
        why = (
            f"individuals with {name} as nationality or citizenship on the list of {as_known(q.releases[origin])}, "
            "whatever the programme"
        )
        if silent:
            why += (
                f"; of {silent} more under a programme named after {name} the list gives no nationality, so the count is "
                "a lower bound"
            )
        under = f"individuals under a programme named after {name}, of whatever nationality"
        for label, chosen, reason, unknown in (
            ("", national, why, silent),
            ("programme", programme, under, 0),
            ("programme and nationality", national & programme, "both conditions together", 0),
        ):
            entries = float(listed.loc[chosen, "entries"].sum())
            both = ": ".join(filter(None, (label, release)))
            yield q.attempt(origin, both, entries, reason, unknown=unknown)


def _ranked(q: Question) -> Iterator[Attempt]:
    """The place of the subject in a series, largest first."""
    found = q.of("series", measure=q.means)
    turns = q.turns(found, _missing(q.means))
    if q.means == "battle_deaths":
        yield from _wars(q, turns[0][0], found)
        return
    for origin, label, rows in turns:
        known = rows.dropna(subset=["value"]).sort_values("year")
        last = known.groupby("item").tail(1).sort_values("value", ascending=False)
        own = last["item"] == q.figure["subject"]
        place = last["value"].rank(method="min", ascending=False)[own]
        listed = ", ".join(
            f"{countries.name(r.item)} {r.value / 1e9:,.1f} billion {r.unit} ({r.year})"
            for r in last.head(3).itertuples()
        )
        why = (
            f"stated 1; found {place.min():.0f} of {len(last)} states: {listed}; numbers are those that governments report"
            if len(place)
            else f"{countries.name(q.figure['subject'])} is not in the release"
        )
        yield q.attempt(origin, label, tuple(map(float, place)) or None, why)


def _wars(q: Question, first: str, found: Mapping[str, pd.DataFrame]) -> Iterator[Attempt]:
    """The place of the war of subject and counterpart among all conflicts, by battle deaths of all years together."""
    estimates = ["low", "value", "high"]
    rows = pd.concat(found.values())
    rows = rows.assign(value=rows["value"].fillna(rows["high"]))
    sums = rows.groupby(["origin_id", "item"])[estimates].sum().reset_index()
    codes = (q.figure["subject"], *str(q.figure["counterpart"]).split(";"))
    parties = list(map(countries.name, codes))

    def attempt(names: list[str], only: Iterable[str], label: str, why: str) -> Attempt:
        table = sums[sums["origin_id"].isin(only)]
        own = table["item"].map(lambda item: all(name in item for name in names))
        ours = table.loc[own, estimates].sum()
        rest = table[~table["item"].str.contains(parties[0])]
        places = [
            1.0 + len({_same_war(item) for item in rest.loc[rest[one] > ours[one], "item"]})
            for one in estimates
        ]
        top = rest.sort_values("value", ascending=False).head(2)
        listed = ", ".join(
            f"{r.item} {r.value:,.0f} ({r.low:,.0f} to {r.high:,.0f})" for r in top.itertuples()
        )
        why = (
            f"stated 1; found {places[1]:.0f}, measured by battle deaths: {why}, {ours['value']:,.0f} "
            f"({ours['low']:,.0f} to {ours['high']:,.0f}); next {listed}"
        )
        computed = (places[1],) if ours["value"] else None
        return q.attempt(first, label, computed, why, open=len(set(places)) > 1)

    both = " and ".join(sorted(found))
    yield attempt(parties, found, "", f"the war of {' and '.join(parties)}, from {both}")
    yield attempt(parties, [first], "series alone", f"{first} alone")
    there = f"all conflicts of {parties[0]} together"
    yield attempt(parties[:1], found, "all conflicts there", there)


def _same_war(item: str) -> frozenset[str]:
    """The words of the place of a conflict: two series spell one place in different orders."""
    return frozenset(re.findall(r"[a-z]+", item.lower())) - {"and"}


def _members(q: Question) -> Iterator[Attempt]:
    """The place that the subject would take as the next member of a group."""
    for origin, label, rows in q.turns(q.of("series", measure=q.means), _missing(q.means)):
        inside = sorted(rows.loc[rows["value"] == 1, "item"])
        others = [c for c in inside if c != q.figure["subject"]]
        names = ", ".join(map(countries.name, others)) or "none"
        why = f"members among {len(rows)} states and territories of Latin America and the Caribbean: {names}"
        yield q.attempt(origin, label, (len(others) + 1.0,), why)


def _years_spanned(q: Question) -> Iterator[Attempt]:
    """Years over which the subjects are related without a break, by the first release that tells of them."""
    pair = ";".join(sorted(q.figure["subject"].split(";")))
    found, needed = q.of("series", measure=q.means, item=pair), _missing(f"{q.means} of {pair}")
    for origin, label, rows in q.turns(found, needed):
        years = rows.set_index("year")["value"].sort_index()
        broken = years.index[years < 1]
        lasting = years[years.index > (broken.max() if len(broken) else -1)]
        if len(lasting):
            since, last = lasting.index[0], lasting.index[-1]
            why = f"a representative of either side in every observation from {since} to {last}, where the series ends"
            yield q.attempt(origin, label, float(last - since), why)
            return
    raise _NoDataError(needed)


def _sheets_published(q: Question) -> Iterator[Attempt]:
    """A share of tally sheets: those that the claimant published, of all polling tables announced."""
    found = q.of("series", measure=q.means, item=q.figure["subject"])
    said = _statements(q, "whole")
    wholes = said["value"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    needed = _missing("the sheets published and the number of all tables")
    for origin, release, rows in q.turns(found if len(wholes) else {}, needed):
        sheets = rows["value"].sum()
        for whole, printed in wholes.items():
            primary = not release and whole == wholes.index[0]
            label = "" if primary else ", ".join(filter(None, (release, f"of {whole:.0f}")))
            why = (
                f"{sheets:,.0f} rows in the file of the party that claims it, over {whole:,.0f} polling tables announced "
                f"({printed} of {len(said)} documents); not a check of the election"
            )
            share = 100 * sheets / whole
            yield q.attempt(origin, label, share, why, relation="interested party")


def _never(q: Question) -> Iterator[Attempt]:
    """Nothing: what no data can decide, with the reason of the ledger."""
    raise _NoDataError(f"no data can decide it: {q.figure['check_note']}")


def _statements(q: Question, *kinds: str) -> pd.DataFrame:
    rows = q.tables["statements"]
    return rows[(rows["figure_id"] == q.figure["figure_id"]) & rows["compares"].isin(kinds)]


def _decides(figure: Mapping, document: Mapping) -> bool:
    """Whether a document is of the time of a figure: of the year before its last day, or after its first."""
    first, last = (
        figure[c] if not pd.isna(figure[c]) else figure[d]
        for c, d in (("as_of", "period_start"), ("as_of_end", "period_end"))
    )
    came = came_out(document)
    in_time = pd.isna(last) or came > last - pd.DateOffset(years=1)
    return bool(in_time or (not pd.isna(first) and came >= first))


def _told(q: Question) -> Iterator[tuple[Attempt, bool]]:
    """One attempt a document, and whether it is of the figure's time."""
    word = {"part": "; a part of what is stated", "unlike": "; something else than is stated"}
    least, most = _number(q.figure["low"]), _number(q.figure["high"])
    for row in _statements(q, "same", "part", "unlike").to_dict("records"):
        document = q.releases[row["origin_id"]]
        value, low, high = (_number(row[c]) for c in ("value", "low", "high"))
        bears = value is not None and least is not None and most is None and value >= least
        decides = _decides(q.figure, document)
        yield (
            Attempt(
                row["origin_id"],
                "documents",
                value if value is not None else (low or 0.0, high or math.inf),
                f"{document['publisher']}, {as_known(document)}, {row['relation']}, seen as {row['seen_as']}: "
                f"{row['states']}{word.get(row['compares'], '')}"
                + (f" ({row['note']})" if isinstance(row["note"], str) else "")
                + ("" if decides else "; not of the figure's time"),
                comparable=row["compares"] != "unlike",
                relation=row["relation"],
                open=row["compares"] == "part" and not bears,
            ),
            decides,
        )


def _documents(q: Question) -> Iterator[Attempt]:
    """A count that dated documents state: the verdict is theirs if they agree, else it is open.

    `documents:RELATION` names beforehand the documents that are meant: others explain.
    """
    found = [(a, of_time and q.means in ("", a.relation)) for a, of_time in _told(q)]
    deciding = [a for a, decides in found if decides and a.comparable]
    parts = [a.origin_id for a in deciding if a.open]
    outcomes: dict[str, list[Attempt]] = {}
    for attempt in deciding:
        if not attempt.open:
            verdict = _verdict(q.figure, attempt).verdict
            outcomes.setdefault("matches" if verdict == "traced" else verdict, []).append(attempt)
    meant = [a for a, _ in found if q.means in ("", a.relation)]
    best = None
    if len(outcomes) == 1:
        (agreeing,) = outcomes.values()
        best = min(agreeing, key=lambda a: schemas.RELATIONS.index(a.relation))
    elif meant and not outcomes and not parts:
        best = meant[0]
    else:
        word = {"matches": "agree", "differs": "differ"}
        apart = "; ".join(
            f"{word.get(verdict, verdict)}: {', '.join(a.origin_id for a in own)}"
            for verdict, own in outcomes.items()
        )
        why = "no document is recorded"
        if outcomes:
            why = f"documents of the time give different outcomes ({apart})"
        elif parts:
            why = f"no document of the time can decide it, each counts a part: {', '.join(parts)}"
        yield Attempt("none", "documents", None, why, True, open=bool(outcomes or parts))
    for attempt, decides in found:
        label = ": deciding" if decides and best is None else ": another"
        method = "documents" + label * (attempt is not best)
        yield replace(attempt, primary=attempt is best, method=method)


METHODS: dict[str, Callable[[Question], Iterator[Attempt]]] = {
    "supplier_share": _suppliers,
    "supplier_rank": _suppliers,
    "units_delivered": _units_delivered,
    "displaced_abroad": _displaced_abroad,
    "displaced_rank": _displaced_rank,
    "sanctioned_nationals": _sanctioned_nationals,
    "ranked": _ranked,
    "members": _members,
    "years_spanned": _years_spanned,
    "sheets_published": _sheets_published,
    "documents": _documents,
    "never": _never,
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
    origins = frames["origins"].to_dict("records")
    articles = {row["origin_id"]: row for row in origins if row["kind"] == "article"}
    releases = {
        row["origin_id"]: row | {"replaced": _replaced(row, origins)}
        for row in origins
        if row["kind"] != "article"
    }
    rows: list[dict] = []
    for figure in frames["figures"].sort_values("figure_id").to_dict("records"):
        rows += _rows(Question(figure, articles[figure["source_id"]], releases, frames))
    types = schemas.types("figure_checks")
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _attempts(q: Question) -> list[Attempt]:
    """Everything computed for a figure: by its primary method, and beside it."""
    method = q.figure["check_method"]
    name = "" if pd.isna(method) else method.partition(":")[0]
    if not name:
        why = (
            f"nothing here can check it; needed: {schemas.NEEDED[q.figure['family']]}"
            if pd.isna(q.figure["derivation"])
            else q.figure["derivation"]
        )
        attempts = [Attempt("none", "none", None, why, True)]
    else:
        try:
            attempts = list(METHODS[name](q))
        except _NoDataError as error:
            attempts = [Attempt("none", method, None, str(error), True)]
    if name != "documents":
        attempts += (replace(a, method="documents: beside") for a, _ in _told(q))
    return attempts


def _rows(q: Question) -> list[dict]:
    done = [(a, _verdict(q.figure, a)) for a in _attempts(q)]
    tried = _distinct(done)
    rank = q.figure["unit"] == "rank"
    exact = q.figure["qualifier"] in ("exact", "approx", "nearly")
    step = _number(q.figure["stated_step"]) if exact and not rank else None
    rows = []
    for attempt, found in done:
        computed, release = attempt.computed, q.releases.get(attempt.origin_id)
        values = [None] if computed is None else sorted(_ends(computed))
        places = values if rank and isinstance(computed, tuple) else []
        several = len(values) > 1
        dated = release is not None and release["kind"] != "document"
        age = q.vintage(attempt.origin_id) if dated else None
        row = {
            "figure_id": q.figure["figure_id"],
            "origin_id": attempt.origin_id,
            "method": attempt.method,
            "is_primary": attempt.primary,
            "relation": None if release is None else attempt.relation,
            "vintage": age,
            "computed": None if several else values[0],
            "computed_low": values[0] if several else None,
            "computed_high": values[-1] if several else None,
            "places": ";".join(f"{place:.0f}" for place in places) or None,
            "unit": q.figure["unit"],
            "difference": found.difference,
            "relative_pct": found.relative_pct,
            "tolerance": None if step is None or computed is None else step / 2,
            "verdict": found.verdict,
            "coarse_verdict": found.coarse or None,
            "follows_from": _parents(q.figure) or None,
            "reason": attempt.reason,
        }
        if attempt.primary:
            if release is not None and age not in (None, "contemporary"):
                row["reason"] += (
                    f"; no contemporary release at hand: this one, of {as_known(release)}, is {age} than the article"
                )
            row |= _following(q.figure, computed, found, row["reason"])
            matched = sum(verdict in ("matches", "traced") for verdict in tried)
            row |= {"tried": len(tried), "matched": matched}
        rows.append(row)
    return rows


def _parents(figure: Mapping) -> str:
    named = (figure[c] for c in ("follows_from", "derived_from"))
    return ";".join(str(some) for some in named if not pd.isna(some))


def _following(figure: Mapping, computed: Found | None, found: Comparison, reason: str) -> dict:
    """What the row of a figure says instead if it follows from others: no check of its own."""
    parents = _parents(figure)
    if not parents:
        return {}
    alone = "" if computed is None else f"; on its own: {found.verdict}"
    least, most = (_number(figure.get(c)) for c in ("least", "most"))
    if found.verdict == "differs" and least is not None and most is not None:
        within = isinstance(computed, float) and least <= computed <= most
        alone += f", yet within what the print leaves open ({least:g} to {most:g})" * within
    reason = f"follows from {parents.replace(';', ' and ')}; {reason}{alone}"
    return {"verdict": "follows", "coarse_verdict": None, "reason": reason}


def _distinct(done: list[tuple[Attempt, Comparison]]) -> list[str]:
    """Verdicts of the explanations, each computation once: not again what the primary method or another one gives."""
    seen: set[Found | None] = {None}
    for own in (attempt.computed for attempt, _ in done if attempt.primary):
        seen |= {own, *(own if isinstance(own, tuple) else ())}
    verdicts = []
    for attempt, found in done:
        counts = found.verdict != "not comparable" and attempt.method != "documents: deciding"
        if counts and not attempt.primary and attempt.computed not in seen:
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
    if attempt.relation in _TOLD:
        verdict, coarse = ("traced" if v == "matches" else v for v in (found.verdict, found.coarse))
        return replace(found, verdict=verdict, coarse=coarse)
    return found

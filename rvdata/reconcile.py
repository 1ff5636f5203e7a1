"""Stated figures against primary data: verdicts with their reasons, and what was tried beside them.

What is computed for a figure is named in the ledger (`check_method`) from the article's own words, before anything is
computed; the rules are in docs/protocol.md, section 12. Everything here is pure: frames in, frames out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from rvdata import countries, schemas

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
    [
        "ALB",
        "AUT",
        "AUS",
        "BEL",
        "BGR",
        "CAN",
        "CHE",
        "CYP",
        "CZE",
        "DEU",
        "DNK",
        "ESP",
        "EST",
        "FIN",
        "FRA",
        "GBR",
        "GRC",
        "HRV",
        "HUN",
        "IRL",
        "ISL",
        "ISR",
        "ITA",
        "JPN",
        "KOR",
        "LTU",
        "LUX",
        "LVA",
        "MKD",
        "MLT",
        "MNE",
        "NLD",
        "NOR",
        "NZL",
        "POL",
        "PRT",
        "ROU",
        "SVK",
        "SVN",
        "SWE",
        "TUR",
        "USA",
    ]
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


@dataclass(frozen=True)
class Comparison:
    """A verdict, the verdict under a coarser step if it is another one, and by how much computed departs from stated."""

    verdict: str
    coarse: str = ""
    difference: float | None = None


def compare(figure: Mapping, computed: float | tuple[float, float]) -> Comparison:
    """How a stated figure and a computed one agree, by the rules of the protocol.

    Parameters
    ----------
    figure : mapping
        Row of `figures`: qualifier, value, low, high, stated_step, unit; missing numbers are NaN or None.
    computed : float or pair of float
        What the primary data give; a pair is a bracket between two year ends.

    Returns
    -------
    Comparison
        The difference is computed less stated: less the bound where a bound is stated, less the nearer end of a range, and
        the nearer end less the stated number where a bracket is missed. None inside a bracket.

    Examples
    --------
    >>> stated = {"qualifier": "exact", "value": 80.0, "low": 80.0, "high": 80.0, "stated_step": 1.0, "unit": "percent"}
    >>> compare(stated, 81.04)
    Comparison(verdict='close', coarse='matches', difference=1.04)
    """
    value, low, high = (_number(figure[c]) for c in ("value", "low", "high"))
    step = _number(figure["stated_step"]) or 0.0
    if figure["unit"] == "rank":
        place, stated = cast(float, computed), cast(float, value)
        return Comparison("matches" if place == stated else "differs", "", place - stated)
    qualifier = figure["qualifier"]
    if value is None or qualifier in ("over", "at_least", "at_most"):
        return _bound(low, high, computed)
    verdict, difference = _near(value, step / 2, computed, qualifier == "nearly")
    coarse, _ = _near(value, _coarse(value, step) / 2, computed, qualifier == "nearly")
    return Comparison(verdict, coarse if coarse != verdict else "", difference)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _coarse(value: float, step: float) -> float:
    """The place of the last digit that is not zero, if it is coarser than the step."""
    place = step or 1.0
    while value and (value / place) % 10 == 0:
        place *= 10
    return place if value and step else step


def _rounded(x: float) -> float:
    """Without the noise of binary fractions: twelve digits say more than any figure here."""
    return float(f"{x:.12g}")


def _near(
    value: float, tolerance: float, computed: float | tuple[float, float], from_below: bool
) -> tuple[str, float | None]:
    if isinstance(computed, tuple):
        return _bracket(value, tolerance, computed)
    return _point(value, tolerance, computed, from_below)


def _point(value: float, tolerance: float, computed: float, from_below: bool) -> tuple[str, float]:
    difference = _rounded(computed - value)
    off = abs(difference)
    if from_below and difference > 0:  # "nearly" 100 is not 101: only rounding may lie above
        off = max(off, tolerance * 1.0000001) if tolerance else off
    verdict = "matches" if off <= tolerance else "close" if off <= 3 * tolerance else "differs"
    return verdict, difference


def _bracket(value: float, tolerance: float, ends: tuple[float, float]) -> tuple[str, float | None]:
    low, high = min(ends), max(ends)
    if low - tolerance <= value <= high + tolerance:
        return "consistent with bracket", None
    nearer = low if value < low else high
    verdict, difference = _point(value, tolerance, nearer, False)
    return ("close" if verdict == "matches" else verdict), difference


def _bound(
    low: float | None, high: float | None, computed: float | tuple[float, float]
) -> Comparison:
    """A bound or a range holds or does not; a bracket must lie within it as a whole."""
    first, last = sorted(computed) if isinstance(computed, tuple) else (computed, computed)
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    above, below = _rounded(first - least), _rounded(most - last)
    if min(above, below) >= 0:
        return Comparison("matches", "", above if above <= below else -below)
    if first < least:
        verdict, end = ("differs", last) if last < least else ("consistent with bracket", first)
        return Comparison(verdict, "", _rounded(end - least))
    verdict, end = ("differs", first) if first > most else ("consistent with bracket", last)
    return Comparison(verdict, "", _rounded(end - most))


def vintage(release: Mapping, article: Mapping) -> str:
    """Whether a release is earlier than, contemporary with or later than an article.

    Contemporary: generated, or else released, in the twelve months before the last possible day of publication.
    """
    day = _day(release)
    last = article["released_end"]
    if day > last:
        return "later"
    return "contemporary" if day > last - pd.DateOffset(years=1) else "earlier"


def _day(release: Mapping) -> pd.Timestamp:
    return release["released"] if pd.isna(release["generated"]) else release["generated"]


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
        One row per supplier, largest first: supplier, tiv_million, share_pct (of the sum over all suppliers, unknown ones
        included), rank (1 for the largest; equal volumes share the better place; none for unknown suppliers). Empty if
        nothing was delivered.
    """
    rows = transfers[
        (transfers["recipient"] == recipient)
        & transfers["year"].between(start, end)
        & (transfers["supplier"] != "_T")
    ]
    sums = (
        rows.groupby("supplier", sort=True)["tiv_million"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    table = sums.reset_index()
    table["share_pct"] = (
        100 * table["tiv_million"] / table["tiv_million"].sum()
        if table["tiv_million"].sum()
        else np.nan
    )
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


# ---- attempts


@dataclass(frozen=True)
class Attempt:
    """One thing computed for a figure from one release."""

    origin_id: str
    method: str
    computed: float | tuple[float, float] | None
    reason: str
    primary: bool = False
    comparable: bool = True
    together: int = (
        1  # so many share the stated place: n that are called the first must take places 1 to n
    )


@dataclass(frozen=True)
class Primary:
    """The tables that figures are held against, and the releases by identifier."""

    releases: Mapping[str, Mapping]
    tables: Mapping[str, pd.DataFrame]

    def of(self, table: str) -> dict[str, pd.DataFrame]:
        """Rows of a table by release."""
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


def _window(figure: Mapping) -> tuple[int, int]:
    return figure["period_start"].year, figure["period_end"].year


def _suppliers(
    figure: Mapping,
    article: Mapping,
    data: Primary,
    recipient: str,
    value: Callable[[pd.DataFrame, frozenset[str]], float | None],
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
        yield Attempt(
            "none",
            method,
            None,
            f"no release in the collection has all suppliers of {name} by year from {start} to "
            f"{end}; import SIPRI's deliveries file",
            True,
        )
        return
    rows = all_releases[first]

    def label(*what: str) -> str:
        return ": ".join((method, *what))

    table = supplier_shares(rows, recipient, start, end)
    head = ", ".join(
        f"{countries.name(r.supplier)} {r.share_pct:.1f} %" for r in table.head(3).itertuples()
    )
    total = table["tiv_million"].sum()
    yield Attempt(
        first,
        method,
        value(table, parties),
        f"{total:,.0f} million TIV delivered to {name} {start}–{end}: {head}",
        True,
    )
    for other in all_releases:
        if other != first:
            basis = "" if other in exact else ", partly allocated to years"
            yield Attempt(
                other,
                label("release"),
                value(supplier_shares(all_releases[other], recipient, start, end), parties),
                f"the same from another release{basis}",
            )
    for a in (start - 1, start, start + 1):
        for b in (end - 1, end, end + 1):
            if (
                (a, b) != (start, end)
                and a <= b
                and covers(data.releases[first], a, b, f"recipient={recipient}")
            ):
                yield Attempt(
                    first,
                    label(f"window {a}–{b}"),
                    value(supplier_shares(rows, recipient, a, b), parties),
                    "window a year off",
                )
    known = rows[rows["supplier"] != "_U"]
    if len(known) < len(rows):
        yield Attempt(
            first,
            label("without unknown suppliers"),
            value(supplier_shares(known, recipient, start, end), parties),
            "unknown suppliers left out of the whole",
        )
    if len(parties) > 1:
        for party in sorted(parties):
            yield Attempt(
                first,
                label(f"{party} alone"),
                value(table, frozenset({party})),
                f"{countries.name(party)} alone",
            )
    if "non-Western" in figure["measure"]:
        rest = frozenset(table["supplier"]) - WEST - {"_U"}
        yield Attempt(
            first,
            label("all suppliers outside the West"),
            value(table, rest),
            f"all outside NATO, EU and their close allies: {', '.join(sorted(rest))}",
        )


def _share(table: pd.DataFrame, parties: frozenset[str]) -> float | None:
    return (
        float(table.loc[table["supplier"].isin(parties), "share_pct"].sum())
        if table["tiv_million"].sum()
        else None
    )


def _place(table: pd.DataFrame, parties: frozenset[str]) -> float | None:
    found = table.loc[table["supplier"].isin(parties), "rank"].dropna()
    return float(found.min()) if len(found) else None


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
        yield Attempt(
            "none",
            figure["check_method"],
            None,
            f"no release in the collection counts {designation} delivered to "
            f"{countries.name(recipient)}; import SIPRI's trade register with --weapon {designation}",
            True,
        )
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
            f"{row['units_delivered']:,.0f} delivered {years}{estimate}; what was used "
            "since is not known"
            if origin == first
            else "the same from another release",
            origin == first,
        )
    ordered = found[first].iloc[0]["units_ordered"]
    if not pd.isna(ordered):
        yield Attempt(
            first, f"{figure['check_method']}: ordered", float(ordered), "ordered, delivered or not"
        )


def displaced_abroad(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for a stated count of people displaced from the subject."""
    origin, method = figure["subject"], figure["check_method"]
    day = figure["as_of_end"]
    if pd.isna(day):
        yield Attempt(
            "none", method, None, "no last day is known at which the figure can hold", True
        )
        return
    ends = year_ends(figure)
    at_year_end = len(ends) == 1
    name = countries.name(origin)
    releases = {
        o: rows
        for o, rows in data.of("displaced_persons").items()
        if covers(data.releases[o], ends[0], ends[-1], f"origin={origin}")
    }
    whole = [o for o, rows in releases.items() if has_category(rows)]
    first = choose(whole, data.releases, article)
    if first is None:
        why = (
            f"no release in the collection has people displaced from {name} at the end of {' and '.join(map(str, ends))} with the "
            "column of other people in need of international protection; import UNHCR's population data"
        )
        yield Attempt("none", method, None, why, True)
        return
    counts = people(releases[first])

    def at(series: pd.Series, code: str, year: int) -> float | None:
        return float(series[code, year]) if (code, year) in series.index else None

    def between(series: pd.Series, code: str) -> float | tuple[float, float] | None:
        values = [value for y in ends if (value := at(series, code, y)) is not None]
        if len(values) < len(ends):
            return None
        return values[0] if at_year_end else (values[0], values[1])

    literal = [
        c
        for c in str(figure["responsible"]).split(";")
        if figure["subject_basis"] == "inferred" and c not in ("nan", "", origin)
    ]
    evidence = "; ".join(
        f"{y}: {at(counts, origin, y):,.0f}" for y in ends if at(counts, origin, y) is not None
    )
    reading = ""
    for code in literal:
        values = [at(counts, code, y) for y in ends]
        literally = between(counts, code)
        if literally is not None and compare(figure, literally).verdict == "differs":
            reading = (
                f"; read literally, as people who fled {countries.name(code)}, it would be "
                f"{' to '.join(f'{v:,.0f}' for v in values)}: the number counts other people than its wording suggests"
            )
    found = between(counts, origin)
    wide = (
        "; between ends so far apart most numbers would lie"
        if isinstance(found, tuple) and max(found) > 10 * min(found)
        else ""
    )
    yield Attempt(
        first,
        method,
        found,
        f"displaced abroad from {name} at year ends {evidence}{wide}{reading}",
        True,
    )
    for other, rows in releases.items():
        if other == first:
            continue
        if has_category(rows):
            yield Attempt(
                other,
                f"{method}: release",
                between(people(rows), origin),
                "the same from another release",
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
    years = range(ends[0] - 2, ends[-1] + 3)
    for definition in DEFINITIONS:
        series = people(releases[first], definition)
        for year in years:
            if at(series, origin, year) is not None:
                yield Attempt(
                    first,
                    f"{method}: {definition}, end of {year}",
                    at(series, origin, year),
                    f"{definition}, as if it held at the end of {year}",
                )
    for code in literal:
        for year in years:
            if at(counts, code, year) is not None:
                yield Attempt(
                    first,
                    f"{method}: from {code}, end of {year}",
                    at(counts, code, year),
                    f"the list read literally: people who fled {countries.name(code)}, end of {year}",
                )


def displaced_rank(figure: Mapping, article: Mapping, data: Primary) -> Iterator[Attempt]:
    """Attempts for stated places of the subjects among all origins: computed is the worst place that one of them takes."""
    method, subjects = figure["check_method"], figure["subject"].split(";")
    start, end = figure["period_start"].year, figure["as_of_end"].year
    releases = {
        o: rows
        for o, rows in data.of("displaced_persons").items()
        if covers(data.releases[o], start, end) and has_category(rows)
    }
    first = choose(list(releases), data.releases, article)
    if first is None:
        yield Attempt(
            "none",
            method,
            None,
            f"no release in the collection has all origins from {start} to {end}; import UNHCR's "
            "population data",
            True,
        )
        return

    def attempt(
        origin_id: str,
        label: str,
        rows: pd.DataFrame,
        last: int,
        definition: str,
        why: str,
        primary=False,
    ) -> Attempt:
        table = peaks(rows, start, last, definition)
        ours = table[table["origin"].isin(subjects)]
        lost = sorted(set(subjects) - set(ours["origin"]))
        worst = None if lost or ours.empty else float(ours["rank"].max())
        shown = table[(table["rank"] <= len(subjects)) | table["origin"].isin(subjects)]
        listed = ", ".join(
            f"{r.rank} {countries.name(r.origin)} {r.persons:,.0f} ({r.year})"
            for r in shown.itertuples()
        )
        return Attempt(origin_id, label, worst, f"{why}{listed}", primary, together=len(subjects))

    yield attempt(
        first,
        method,
        releases[first],
        end,
        "abroad",
        f"peaks {start}–{end}, all origins in UNHCR's data: ",
        True,
    )
    yield attempt(
        first, f"{method}: refugees alone", releases[first], end, "refugees", "refugees alone: "
    )
    yield attempt(
        first,
        f"{method}: to the end of {end - 1}",
        releases[first],
        end - 1,
        "abroad",
        "last year end before: ",
    )
    for other, rows in releases.items():
        if other != first:
            yield attempt(other, f"{method}: release", rows, end, "abroad", "another release: ")


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
        yield Attempt(
            "none",
            method,
            None,
            f"no sanctions list in the collection covers nationals of {name}; import OFAC's list",
            True,
        )
        return
    for origin in [first, *(o for o in lists if o != first)]:
        people_ = lists[origin][lists[origin]["kind"] == "individual"]
        given = people_["nationalities"].fillna("") + ";" + people_["citizenships"].fillna("")
        national = given.str.split(";").map(lambda codes: subject in codes)
        programme = people_["programmes"].str.contains(name.upper(), regex=False)
        day = _day(data.releases[origin]).date().isoformat()
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
            )


METHODS: dict[str, Callable[[Mapping, Mapping, Primary], Iterator[Attempt]]] = {
    "supplier_share": supplier_share,
    "supplier_rank": supplier_rank,
    "units_delivered": units_delivered,
    "displaced_abroad": displaced_abroad,
    "displaced_rank": displaced_rank,
    "sanctioned_nationals": sanctioned_nationals,
}


# ---- the table


def check(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table `figure_checks`.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The typed tables `figures`, `origins` and those of `schemas.PRIMARY`.

    Returns
    -------
    DataFrame
        For every figure one row with its verdict, then the explanations, in the order of the figures.
    """
    origins = {row["origin_id"]: row for row in frames["origins"].to_dict("records")}
    data = Primary(
        {o: row for o, row in origins.items() if row["kind"] == "dataset"},
        {name: frames[name] for name in schemas.PRIMARY},
    )
    rows = []
    for figure in frames["figures"].sort_values("figure_id").to_dict("records"):
        article = origins[figure["source_id"]]
        if pd.isna(figure["check_method"]):
            attempts = [
                Attempt(
                    "none",
                    "none",
                    None,
                    f"nothing here can check it; needed: {NEEDED[figure['family']]}",
                    True,
                )
            ]
        elif (method := figure["check_method"].partition(":")[0]) not in METHODS:
            why = f"the method is fixed, nothing computed yet; needed: {NEEDED[figure['family']]}"
            attempts = [Attempt("none", figure["check_method"], None, why, True)]
        else:
            attempts = list(METHODS[method](figure, article, data))
        rows += _rows(figure, article, attempts, data)
    columns = list(schemas.TABLES["figure_checks"].columns)
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(
        {c: schemas.PANDAS[schemas.column("figure_checks", c).dtype] for c in columns}
    )


def _rows(figure: Mapping, article: Mapping, attempts: list[Attempt], data: Primary) -> list[dict]:
    done = [(a, _verdict(figure, a)) for a in attempts]
    others = [
        c.verdict
        for a, c in done
        if not a.primary and c.verdict not in ("no data", "not comparable")
    ]
    rows = []
    for attempt, found in done:
        computed = attempt.computed
        bracket = sorted(computed) if isinstance(computed, tuple) else (None, None)
        step = _number(figure["stated_step"])
        rows.append(
            {
                "figure_id": figure["figure_id"],
                "origin_id": attempt.origin_id,
                "method": attempt.method,
                "is_primary": attempt.primary,
                "vintage": vintage(data.releases[attempt.origin_id], article)
                if attempt.origin_id != "none"
                else None,
                "computed": computed if not isinstance(computed, tuple) else None,
                "computed_low": bracket[0],
                "computed_high": bracket[1],
                "unit": figure["unit"],
                "difference": found.difference,
                "tolerance": None
                if figure["unit"] == "rank" or step is None or computed is None
                else step / 2,
                "verdict": found.verdict,
                "coarse_verdict": found.coarse or None,
                "reason": attempt.reason
                + (_no_contemporary(attempt, article, data) if attempt.primary else ""),
                "tried": len(others) if attempt.primary else None,
                "matched": others.count("matches") if attempt.primary else None,
            }
        )
    return rows


def _verdict(figure: Mapping, attempt: Attempt) -> Comparison:
    if not attempt.comparable:
        return Comparison("not comparable")
    if attempt.together > 1:
        figure = {**figure, "value": figure["value"] + attempt.together - 1}
    return Comparison("no data") if attempt.computed is None else compare(figure, attempt.computed)


def _no_contemporary(attempt: Attempt, article: Mapping, data: Primary) -> str:
    if attempt.origin_id == "none":
        return ""
    release = data.releases[attempt.origin_id]
    age = vintage(release, article)
    return (
        ""
        if age == "contemporary"
        else (
            f"; no contemporary release at hand: this one, of {_day(release).date()}, is {age} than "
            "the article"
        )
    )

"""How often two states vote alike in the UN General Assembly, over any years together, and against all pairs of states."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rvdata import countries, store, words
from rvdata.analysis import stated
from rvdata.errors import DataError

#: Issue of the roll calls → its name in a sentence.
ISSUES = words.terms("issue")
_SPREAD = ["p05_pct", "p25_pct", "p50_pct", "p75_pct", "p95_pct"]
COLUMNS = ["year", "issue", "votes", "agree_share_pct", *_SPREAD, "pairs_below_pct", "release"]


def votes(
    a: str,
    b: str,
    start: int | None = None,
    end: int | None = None,
    release: str | None = None,
    *,
    empty: bool = False,
) -> pd.DataFrame:
    """Roll calls of the UN General Assembly in which two states both took part, by year and issue.

    Parameters
    ----------
    a, b : str
        ISO 3166-1 alpha-3 codes, in either order.
    start, end : int, optional
        First and last year; all by default.
    release : str, optional
        Identifier of a release; the best by default.
    empty : bool
        Give a frame without rows where there are none, and the reason in ``attrs["missing"]``, not an error.

    Returns
    -------
    DataFrame
        Columns year, issue ("all", or one of those to which a roll call may belong), votes (roll calls in which both took
        part), agree_share_pct (per cent of these in which both voted yes, no or abstained alike), p05_pct … p95_pct (agreement that
        5, 25, 50, 75 and 95 % of all pairs do not exceed in the year), pairs_below_pct (per cent of all pairs that agreed
        less often in the year; NaN where either took part in fewer than half) and release. Years without a common vote are absent.

    Raises
    ------
    DataError
        If a code or the release does not exist, both states are one, or nothing is there.

    Examples
    --------
    >>> rows = votes("RUS", "VEN", 1992)
    >>> round(together(rows[rows.issue == "all"]), 1)
    68.2
    """
    stated.asked([a, b])
    if a == b:
        raise DataError(f"{a} is given twice; give two states")
    table = store.load("un_vote_agreement", release)
    first, second = sorted((a, b))
    pair = table[(table["country_a"] == first) & (table["country_b"] == second)]
    rows = pair[pair["year"].between(start or 0, end or 9999)]
    if rows.empty:
        return stated.nothing(COLUMNS, _missing(a, b, pair, start, end, table), empty)
    spread = store.load("un_vote_spread", rows["origin_id"].iloc[0])
    rows = rows.merge(spread[["year", "issue", *_SPREAD]], on=["year", "issue"], how="left")
    rows = rows.rename(columns={"origin_id": "release"}).astype({"year": int, "votes": int})
    return rows.sort_values(["issue", "year"], ignore_index=True)[COLUMNS]


def _missing(
    a: str, b: str, pair: pd.DataFrame, start: int | None, end: int | None, table: pd.DataFrame
) -> str:
    """Why there are no roll calls of a pair, and what there is instead."""
    of = f"no roll calls of {countries.name(a)} and {countries.name(b)}"
    if len(pair):
        held = f"{pair['year'].min()} to {pair['year'].max()}"
        return f"there are {of} in {start or ''} to {end or ''}; the release has {held}"
    if table.empty:
        return f"there are {of}; `rvdata import unga` brings them in"
    covers = words.origin(table["origin_id"].iloc[0])["covers"].split(";")
    held = words.listed([countries.name(c.partition("=")[2]) for c in covers if "=" in c], most=3)
    more = f"; the votes at hand are of pairs with {held}" if held != "none" else ""
    return f"there are {of}{more}"


def together(rows: pd.DataFrame) -> float:
    """Per cent of roll calls in which a pair voted alike, over all rows together: every roll call counts once.

    Parameters
    ----------
    rows : DataFrame
        As `votes` gives them, of one issue.

    Returns
    -------
    float
        NaN without a row.

    Examples
    --------
    >>> together(pd.DataFrame({"votes": [10, 30], "agree_share_pct": [100.0, 60.0]}))
    70.0
    """
    alike = (rows["votes"] * rows["agree_share_pct"]).sum()
    return float(alike / rows["votes"].sum()) if len(rows) else float("nan")


def percentiles(first: int, last: int, release: str) -> pd.DataFrame:
    """How often all pairs of states voted alike over a window, its roll calls counted together.

    Parameters
    ----------
    first, last : int
        Years with roll calls.
    release : str
        Identifier of the release.

    Returns
    -------
    DataFrame
        A column an issue: agreement in per cent that 1, 2, … 99 % (the index) of the pairs do not exceed, of states that took part
        in half of the roll calls; how many these are stands in ``attrs``. Single issues are missing unless the window ends with the last
        year of the release.
    """
    table = store.load("un_vote_windows", release)
    rows = table[(table["first_year"] == first) & (table["last_year"] == last)].set_index("issue")
    cuts = {i: list(map(float, t.split(";"))) for i, t in rows["percentiles_pct"].items()}
    frame = pd.DataFrame(cuts, index=range(1, 100), dtype=float)
    frame.attrs = rows["roll_calls"].astype(int).to_dict()
    return frame


def place(share_pct: float, cuts: pd.Series) -> float:
    """Per cent of all pairs that voted alike less often than a share, within about a tenth of a point.

    It is 0.5 below the first of the `percentiles` and 99.5 above the last.

    Examples
    --------
    >>> round(place(68.2193, percentiles(1992, 2019, "unga-2020")["all"]), 1)
    41.5
    """
    return float(np.interp(share_pct, cuts, cuts.index, left=0.5, right=99.5))


def by_issue(rows: pd.DataFrame) -> pd.DataFrame:
    """A pair's agreement over all its years by issue, beside all pairs of states over the same years.

    Parameters
    ----------
    rows : DataFrame
        As `votes` gives them.

    Returns
    -------
    DataFrame
        Columns issue (in the order of `ISSUES`), first, last (years), votes, agree_share_pct, p05_pct, p50_pct, p95_pct (agreement that 5,
        50 and 95 % of all pairs do not exceed) and pairs_below_pct, of all roll calls of the years together; NaN where the pair
        took part in fewer than half of them, or the release lacks the window; and release.
    """
    told = []
    if len(rows):
        first, last, release = rows["year"].min(), rows["year"].max(), rows["release"].iloc[0]
        cuts = percentiles(first, last, release)
    for issue in filter(set(rows["issue"]).__contains__, ISSUES):
        own = rows[rows["issue"] == issue]
        share, votes = together(own), own["votes"].sum()
        spread, below = [float("nan")] * 3, float("nan")
        if issue in cuts:
            spread = [cuts.at[q, issue] for q in (5, 50, 95)]
            if 2 * votes >= cuts.attrs[issue]:
                below = place(share, cuts[issue])
        told.append([issue, first, last, votes, share, *spread, below, release])
    names = ["issue", "first", "last", "votes", "agree_share_pct", "p05_pct", "p50_pct", "p95_pct"]
    return pd.DataFrame(told, columns=[*names, "pairs_below_pct", "release"])


def runs(rows: pd.DataFrame, years: int = 5) -> pd.DataFrame:
    """Agreement over every run of so many years with votes, its roll calls counted together: first, last, votes, agree_share_pct.

    Parameters
    ----------
    rows : DataFrame
        As `votes` gives them, of one issue.
    years : int
        Length of a run; fewer rows give none.
    """
    rows = rows.sort_values("year")
    parts = [rows.iloc[i : i + years] for i in range(len(rows) - years + 1)]
    told = [(p["year"].min(), p["year"].max(), p["votes"].sum(), together(p)) for p in parts]
    return pd.DataFrame(told, columns=["first", "last", "votes", "agree_share_pct"])


def points(states: list[str], start: int, end: int, release: str | None = None) -> pd.DataFrame:
    """Ideal points of some states: where their votes put them on the line that parts the Assembly most.

    Returns
    -------
    DataFrame
        Columns country, year, ideal_point (standard deviations; higher is nearer to the West), segment (a year without an
        estimate begins a new one) and release; states in the order given.
    """
    table = store.load("un_ideal_points", release)
    known = table[table["country"].isin(states) & table["year"].between(start, end)]
    order = known["country"].map({state: i for i, state in reversed(list(enumerate(states)))})
    known = known.assign(order=order).sort_values(["order", "year"])
    gap = known["year"].diff().ne(1) | known["country"].ne(known["country"].shift())
    known = known.assign(segment=gap.cumsum()).rename(columns={"origin_id": "release"})
    return known[["country", "year", "ideal_point", "segment", "release"]].reset_index(drop=True)


def part(below_pct: float) -> str:
    """A share of pairs in whole per cent; some are not none, and not all.

    Examples
    --------
    >>> [part(share) for share in (0.3, 41.6, 99.7, float("nan"))]
    ['less than 1 %', '42 %', 'more than 99 %', 'not ranked']
    """
    if below_pct != below_pct:
        return "not ranked"
    whole = f"{below_pct:.0f}"
    return f"{ {'0': 'less than 1', '100': 'more than 99'}.get(whole, whole) } %"

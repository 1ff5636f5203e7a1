"""UN General Assembly: roll-call votes, and ideal points of Bailey, Strezhnev and Voeten.

Votes become agreement: for two states and a year, the share of the roll calls with a recorded vote of both in which it was
the same. Since most resolutions pass by large majorities, the share says little alone; so every pair stands beside the
distribution over all pairs.

Both sets follow seats in the Assembly and name a seat once: "Russia" before December 1991 is the Soviet Union, whose seat it
continues, and stays RUS; "Germany" before October 1990 is the Federal Republic. "Yugoslavia" is kept by both sets beyond the
state of that name, and is split here.
"""

from __future__ import annotations

import io
import itertools
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.io.stata import StataReader

from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import TERMS, Rule, whole

_VOTES = "un_votes.rda of the R package unvotes, or UNVotes of Harvard Dataverse (.csv, .tab)"
_POINTS = "a file of UN ideal points (.dta, .csv, .tab)"
ISSUES = {
    "me": "middle_east",
    "nu": "nuclear",
    "di": "disarmament",
    "hr": "human_rights",
    "co": "colonialism",
    "ec": "development",
}
_CAST = {"yes": 1, "abstain": 2, "no": 3}
_MANY = 100  # states from which on a file is taken to have all
_ABSENT = (8, 9)  # in Dataverse's file: absent, not a member
_QUANTILES = (5, 25, 50, 75, 95)
_SEATS = (
    "Russia before December 1991 is the Soviet Union, Germany before October 1990 the Federal Republic, as in the file; "
    "Yugoslavia is YUG to 2002, SCG 2003 to 2005 and SRB from 2006"
)
_CALL_RULES = (
    Rule("rcid", whole(1, 10**6), "is no number of a roll call"),
    Rule("rcid", delivered.once, "stands twice"),
)
_TEXTS = ("iso3c", "countryname")
_POINT = {
    name: name for name in (*_TEXTS, "ccode", "year", "session", "idealpointfp", "idealpointall")
}
_POINT_RULES = (
    Rule("year", whole(1900, 2100), "is no year"),
    Rule("ideal_point", lambda points: points.abs() <= 10, "is no ideal point (about -3 to 3)"),
    Rule(["country", "year"], delivered.once, "stands twice"),
)
#: Numbers of the Correlates of War project and codes. Those of Yugoslavia and of the two Germanies run on.
COW = dict(
    line.split(",") for line in Path(__file__).with_name("cow.csv").read_text("ascii").split()
)


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Agreement between states and its spread, or ideal points, as the content is; tables `un_vote_…`, `un_ideal_points`.

    Beside ``un_votes.rda``, the package's other two files must lie. With `only`, every pair with one of the countries is kept
    for all issues together, the pairs with two of them for single issues; the spread is always over all pairs. The year of
    a session is that in which it opens, session + 1945.
    """
    path, what = Path(path), f"{_VOTES} or {_POINTS}"
    data = delivered.content(path, what)
    if delivered.is_r(data):
        return _agreement(path, *_unvotes(path), only, "unvotes")
    if re.match(rb"<stata_dta>|[qrs][\x01\x02]", data):
        return _points(path, *_stata(path, data), None, only)
    header = ("idealpointall|idealpointfp|vote", "ccode|iso3c")
    table = delivered.table(path, delivered.utf8(path, data, what), what, header)
    if not any(cell.lower().startswith("idealpoint") for cell in table.cells):
        return _agreement(path, *_dataverse(table), only, "dataverse")
    places = delivered.columns(path, table.cells, _POINT, (), _POINTS)
    numbers = [name for name in places if name not in _TEXTS]
    return _points(path, delivered.rows(table, places, numbers, ("", "NA")), "", table.at, only)


# ---- votes


def _unvotes(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes (rcid, state, vote 1 to 3) and roll calls (rcid, day, a flag for each issue) of the package's three files."""
    votes = _frame(path, "un_votes", ("rcid", "country", "vote"))
    calls = _frame(path, "un_roll_calls", ("rcid", "date"))
    issues = _frame(path, "un_roll_call_issues", ("rcid", "short_name"))
    vote = votes["vote"].astype("category").cat.rename_categories(str)
    short = issues["short_name"].astype("str")
    fault = "is no roll call of un_roll_calls.rda: take all three files from one version of unvotes"
    of_calls = Rule("rcid", lambda rcid: rcid.isin(calls["rcid"]), fault)
    a_vote = Rule("vote", lambda v: v.isin(_CAST) | v.isna(), f"is no vote ({', '.join(_CAST)})")
    an_issue = Rule(
        "short_name", lambda name: name.isin(ISSUES), f"is no issue ({', '.join(ISSUES)})"
    )
    delivered.check(path, votes.assign(vote=vote), [of_calls, a_vote])
    beside = path.with_name("un_roll_call_issues.rda")
    delivered.check(beside, issues.assign(short_name=short), [of_calls, an_issue])
    calls["day"] = pd.to_datetime(calls["date"], errors="coerce")
    for code, issue in ISSUES.items():
        calls[issue] = calls["rcid"].isin(issues["rcid"][short == code])
    state, vote = delivered.coded(votes["country"]), vote.map(_CAST).astype("float64")
    return pd.DataFrame({"rcid": votes["rcid"], "state": state, "vote": vote}), calls


def _frame(path: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """One of the package's data frames, from the file of its name beside the votes."""
    file = path if name == "un_votes" else path.with_name(f"{name}.rda")
    what = f"{name}.rda of the R package unvotes"
    if not file.exists():
        raise DataError(f"{file}: there is no such file; put {what} beside {path.name}")
    frames = delivered.r_frames(file, what)
    if name not in frames:
        raise delivered.unlike(file, what, delivered.holds(frames), "give that file")
    headings = {column: delivered.plain(column) for column in columns}
    return delivered.picked(file, frames[name], headings, columns, what, columns)


def _dataverse(table: delivered.Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of Dataverse's one table, which has a row for every state and roll call, present or not."""
    needed = ("rcid", "ccode", "vote", "date", *ISSUES)
    headings = {name: name for name in (*needed, "countryname")}
    places = delivered.columns(table.path, table.cells, headings, needed, _VOTES)
    raw = delivered.rows(table, places, ["rcid", "ccode", "vote", *ISSUES], ("", "NA"))
    codes = (*_CAST.values(), *_ABSENT)
    a_vote = Rule("vote", lambda v: v.isin(codes) | v.isna(), f"is no vote {codes}")
    delivered.check(table.path, raw, [a_vote], table.at)
    cast, calls = raw[~raw["vote"].isin(_ABSENT)], raw.drop_duplicates("rcid")
    calls = calls.assign(day=pd.to_datetime(calls["date"].astype("str"), errors="coerce"))
    calls = calls.assign(**{issue: calls[code] == 1 for code, issue in ISSUES.items()})
    votes = {"rcid": cast["rcid"], "state": _states(cast), "vote": cast["vote"]}
    return pd.DataFrame(votes), calls


def _agreement(
    path: Path, votes: pd.DataFrame, calls: pd.DataFrame, only: frozenset[str], said: str
) -> compiled.Release:
    delivered.check(path, calls, _CALL_RULES)
    given = len(calls), len(votes)
    calls = calls.dropna(subset=["day"]).sort_values("rcid", ignore_index=True).assign(all=True)
    votes = votes[votes["vote"].notna() & votes["rcid"].isin(calls["rcid"])]
    if votes.empty:
        raise DataError(f"{path}: has no votes of roll calls with a day; {delivered.AGAIN}")
    undated, empty = given[0] - len(calls), given[1] - len(votes)
    left_out = (
        f"{undated} roll calls without a day and {empty} votes that are empty or of these left out"
    )
    lost = delivered.notes({left_out: undated or empty})
    year = calls["day"].dt.year.to_numpy()
    call = calls.set_index("rcid").index.get_indexer(votes["rcid"])
    state = _succeeded(votes["state"], year[call])
    codes = list(state.cat.categories)
    ballots = np.zeros((len(calls), len(codes)), dtype=np.uint8)
    ballots[call, state.cat.codes] = votes["vote"]
    if twice := len(votes) - np.count_nonzero(ballots):
        raise DataError(
            f"{path}: {twice} votes stand twice for a state and roll call; {delivered.AGAIN}"
        )
    topics = {issue: calls[issue].to_numpy() for issue in ("all", *ISSUES.values())}
    tables = agreements(ballots, codes, year, topics, only)
    pairs = tables["un_vote_agreement"]
    kept, notes = delivered.chosen(path, pairs, ["country_a", "country_b"], only)
    first, last = calls["day"].min().date(), calls["day"].max().date()
    return compiled.Release(
        tables=tables | {"un_vote_agreement": kept},
        title=f"United Nations General Assembly voting data: roll calls to {last}"
        + (" (R package unvotes)" if said == "unvotes" else ""),
        covers=tuple(f"country={c}" for c in sorted(only & set(codes))) if only else ("*",),
        data_from=f"{first}",
        data_through=f"{last}",
        notes=(*notes, *lost, *_told(ballots, year, topics, only)),
        **TERMS[said],
    )


def _told(
    ballots: np.ndarray, year: np.ndarray, topics: dict[str, np.ndarray], only: frozenset[str]
) -> list[str]:
    """Notes on roll calls of no issue, of few votes, and on years without any."""
    years, calls, took = np.unique(year), len(year), ballots > 0
    gaps = delivered.listed(sorted(set(range(years[0], years[-1])) - set(years)))
    active = {y: took[year == y].any(axis=0).sum() for y in years}
    thin = sum(row.sum() * 2 < active[y] for row, y in zip(took, year, strict=True))
    none = (~np.any([mask for issue, mask in topics.items() if issue != "all"], axis=0)).sum()
    told = {
        f"{none} of {calls} roll calls belong to no issue and count under all only": True,
        f"no roll calls in {gaps}": gaps,
        f"{thin} of {calls} roll calls have votes of fewer than half of the states that voted that year": True,
        f"{took.sum()} votes of {took.shape[1]} states in {calls} roll calls; absences are not recorded": True,
        _SEATS: True,
        f"pairs kept: with one of {', '.join(sorted(only))} for all issues together, with two of them for single issues": only,
    }
    return delivered.notes(told)


def agreements(
    ballots: np.ndarray,
    codes: list[str],
    year: np.ndarray,
    topics: dict[str, np.ndarray],
    only: frozenset[str] = frozenset(),
) -> dict[str, pd.DataFrame]:
    """Agreement of each pair of states by year and issue, and of all pairs by year and by window of years.

    `ballots` (roll calls × states) holds 0 where no vote is recorded; `topics` flags the roll calls of each issue.
    """

    def until(by_year: list) -> np.ndarray:  # before the first year, after it, after the second …
        return np.cumsum([np.zeros_like(by_year[0]), *by_year], axis=0)

    def shared(flags: np.ndarray) -> np.ndarray:  # calls in which both states of a pair have it
        flags = flags.astype("float32")  # exact up to 16 million
        # no product: the threads that make one wait for one another
        return np.einsum("ki,kj->ij", flags, flags).astype("int64")

    chosen = np.isin(codes, list(only)) if only else np.ones(len(codes), dtype=bool)
    a, b = np.triu_indices(len(codes), 1)
    years, parts, spread, windows = np.unique(year), [], [], []
    for issue, mask in topics.items():
        cast = [ballots[mask & (year == this)] for this in years]
        calls, took = until([len(c) for c in cast]), until([(c > 0).sum(axis=0) for c in cast])
        met = until([shared(c > 0)[a, b] for c in cast])
        same = until([shared(np.vstack([c == v for v in _CAST.values()]))[a, b] for c in cast])
        asked = chosen[a] | chosen[b] if issue == "all" else chosen[a] & chosen[b]
        for start, end in itertools.combinations(range(len(years) + 1), 2):
            if end - start > 1 and issue != "all" and end < len(years):
                continue  # single issues by year, and over windows to the last one
            first = years[start]
            together, held = met[end] - met[start], calls[end] - calls[start]
            regular = (took[end] - took[start]) * 2 >= held
            ranked = (together > 0) & regular[a] & regular[b]
            share = (same[end] - same[start]) * 100 / np.maximum(together, 1)
            ordered = np.sort(share[ranked])
            if len(ordered) and (issue == "all" or end == len(years)):
                cuts = np.percentile(ordered, range(1, 100))
                told = ";".join(f"{cut:.1f}".removesuffix(".0") for cut in cuts)
                windows.append((first, years[end - 1], issue, held, len(ordered), told))
            if end - start > 1:
                continue
            if len(ordered):
                cuts = np.percentile(ordered, _QUANTILES).round(4)
                spread.append((first, issue, held, len(ordered), *cuts))
            below = np.searchsorted(ordered, share) + np.searchsorted(ordered, share, "right")
            rank = below * 50 / max(len(ordered), 1)  # of ties, half lie below
            kept = np.flatnonzero((together > 0) & asked)
            pairs = {
                "country_a": pd.Categorical.from_codes(a[kept], codes),
                "country_b": pd.Categorical.from_codes(b[kept], codes),
                "year": first,
                "issue": issue,
                "votes": together[kept],
                "agree_share_pct": share[kept].round(4),
                "pairs_below_pct": np.where(ranked, rank, np.nan)[kept].round(4),
            }
            parts.append(pairs)
    common = ("issue", "roll_calls", "pairs")
    columns = ["year", *common, *(f"p{q:02}_pct" for q in _QUANTILES)]
    spans = ["first_year", "last_year", *common, "percentiles_pct"]
    return {
        "un_vote_agreement": pd.concat(map(pd.DataFrame, parts), ignore_index=True),
        "un_vote_spread": pd.DataFrame(spread, columns=columns),
        "un_vote_windows": pd.DataFrame(windows, columns=spans),
    }


# ---- ideal points


def _stata(path: Path, data: bytes) -> tuple[pd.DataFrame, str]:
    """A Stata file with the columns of `_POINT`, and the ISO day that Stata put into it."""
    if data.startswith(b"<stata_dta>") and not data.rstrip().endswith(b"</stata_dta>"):
        cut = "is cut off (a Stata file without its end)"
        raise delivered.unlike(path, _POINTS, cut, "download it again")
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            StataReader(io.BytesIO(data), convert_categoricals=False) as reader,
        ):
            stamp, raw = reader.time_stamp or "", reader.read()
    except Exception as error:  # whatever the parser makes of damaged bytes
        raise DataError(
            f"{path}: cannot be read as a Stata file ({delivered.listed([error])[:80] or type(error).__name__}), expected "
            f"{_POINTS}; download it again"
        ) from None
    raw = delivered.picked(path, raw, _POINT, (), _POINTS, _TEXTS)
    return raw, delivered.day(stamp[:11].strip(), "%d %b %Y")


def _points(
    path: Path,
    raw: pd.DataFrame,
    generated: str,
    line: Callable[[int], int] | None,
    only: frozenset[str],
) -> compiled.Release:
    for one in (("idealpointfp", "idealpointall"), ("year", "session"), ("ccode", "iso3c")):
        if not set(one) & set(raw):
            raise delivered.unlike(path, _POINTS, f"lacks the column {one[0]!r}", delivered.WHOLE)
    estimate = "idealpointfp" if "idealpointfp" in raw else "idealpointall"
    year = raw["year"] if "year" in raw else raw["session"] + 1945
    rows = raw.assign(year=year, ideal_point=raw[estimate].round(6))
    rows = rows[rows["ideal_point"].notna() | delivered.unread(rows)]
    if rows.empty:
        raise DataError(f"{path}: {estimate} is empty in every row; {delivered.AGAIN}")
    rows["country"] = _succeeded(_states(rows), rows["year"])
    west = (rows.get("ccode") == 260) & rows.duplicated(["country", "year"], keep=False)
    kept, strange = delivered.chosen(path, rows[~west], ["country"], only, line)
    delivered.check(path, kept, _POINT_RULES, line)
    frame = kept[["country", "year", "ideal_point"]].astype({"country": "str", "year": "int64"})
    first, last = int(rows["year"].min()), int(rows["year"].max())
    empty, rest = len(raw) - len(rows), rows.drop(kept.index)
    ends = frame.groupby("country")["year"].max()
    gaps = delivered.listed(sorted(set(range(first, last)) - {*rows["year"]}))
    votes = "votes on final passage" if estimate.endswith("fp") else "all votes"
    told = {
        **dict.fromkeys(strange, True),
        f"{west.sum()} rows of the Federal Republic left out in years in which united Germany has one": west.any(),
        f"{empty} of {len(raw)} rows have no {estimate} and are left out": empty,
        f"no rows for {gaps}": gaps,
        "by session: the year is that in which a session opens (session + 1945); some votes fall into the next": "year"
        not in raw,
        f"{len(rest)} rows of {rest['country'].nunique()} other states left out, as asked for": only,
        **{f"{c} has no row after {y}": only and y < last for c, y in ends.items()},
        f"estimates: {estimate} ({votes})": True,
        _SEATS: True,
    }
    every = not only and len(ends) >= _MANY
    return compiled.Release(
        tables={"un_ideal_points": frame},
        title=f"United Nations General Assembly ideal points, {first}-{last}",
        covers=("*",) if every else tuple(f"country={c}" for c in ends.index),
        data_from=f"{first}-01-01",
        data_through=f"{last}-12-31",
        generated=generated,
        notes=tuple(delivered.notes(told)),
        **TERMS["dataverse"],
    )


# ---- states


def _states(rows: pd.DataFrame) -> pd.Series:
    """Codes of the states by their numbers, which ISO codes must not contradict; by ISO code or name where there is none."""
    blank = pd.Series("", rows.index)
    iso, name = (rows.get(c, blank).astype("str") for c in ("iso3c", "countryname"))
    number = rows["ccode"].map("{:.0f}".format).replace("nan", "") if "ccode" in rows else blank
    return delivered.coded(iso.where(iso != "", name.where(~number.isin(COW), "")), number, COW)


def _succeeded(states: pd.Series, years: pd.Series | np.ndarray) -> pd.Series:
    """The states with Yugoslavia under the names of its later years."""
    states = states.cat.set_categories(sorted({*states.cat.categories, "YUG", "SCG", "SRB"}))
    years = pd.Series(years, states.index)
    states = states.mask((states == "YUG") & (years >= 2003), "SCG")
    return states.mask((states == "SCG") & (years >= 2006), "SRB").cat.remove_unused_categories()

"""UN General Assembly, recomputed: agreement of pairs, its spread, and ideal points."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pycountry

PAIR = ["country_a", "country_b", "year", "issue"]
WINDOW = ["first_year", "last_year", "issue"]
ISSUES = {
    "me": "middle_east",
    "nu": "nuclear",
    "di": "disarmament",
    "hr": "human_rights",
    "co": "colonialism",
    "ec": "development",
}
#: Members without an ISO code of their own today.
FORMER = {
    "Czechoslovakia": "CSK",
    "Federal Republic of Germany": "DEU",
    "German Democratic Republic": "DDR",
    "Yemen Arab Republic": "_YAR",
    "Yemen People's Republic": "YMD",
    "Zanzibar": "_ZAN",
}
QUANTILES = (5, 25, 50, 75, 95)
PERCENTILES = [f"p{q:02}_pct" for q in range(1, 100)]
ALPHA3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries}


def ballots(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Codes of members, roll calls, their years, and members × roll calls: 0 where none is recorded."""
    import pyreadr

    (votes,) = pyreadr.read_r(str(folder / "un_votes.rda")).values()
    (calls,) = pyreadr.read_r(str(folder / "un_roll_calls.rda")).values()
    calls = pd.DataFrame(
        {"rcid": calls["rcid"].astype(int), "year": pd.to_datetime(calls["date"]).dt.year}
    )
    named, names = pd.factorize(votes["country"])
    letters = dict(votes[["country", "country_code"]].drop_duplicates().astype(object).to_numpy())
    place = pd.Series(range(len(calls)), index=calls["rcid"])[votes["rcid"].astype(int)].to_numpy()
    cast = np.zeros((len(names), len(calls)), dtype=np.int8)
    cast[named, place] = 1 + pd.factorize(votes["vote"].astype(str))[0]
    codes = [FORMER.get(name) or ALPHA3.get(letters[name], name) for name in names]
    seat, years = codes.index("Yugoslavia"), calls["year"].to_numpy()
    held = [years <= 2002, (years > 2002) & (years <= 2005), years > 2005]
    cast = np.vstack([np.delete(cast, seat, axis=0), *(cast[seat] * years_in for years_in in held)])
    codes = [*codes[:seat], *codes[seat + 1 :], "YUG", "SCG", "SRB"]
    states = sorted(set(codes))  # in a pair the first code comes first; Germany has two names
    cast = np.stack([cast[[code == state for code in codes]].max(axis=0) for state in states])
    return np.array(states), calls["rcid"].to_numpy(), years, cast


def of_issues(folder: Path) -> dict[str, set[int]]:
    """Roll calls of each issue."""
    import pyreadr

    (rows,) = pyreadr.read_r(str(folder / "un_roll_call_issues.rda")).values()
    short = rows["short_name"].astype(str)
    return {
        issue: set(rows.loc[short == letters, "rcid"].astype(int))
        for letters, issue in ISSUES.items()
    }


def together(sheet: np.ndarray) -> np.ndarray:
    """Roll calls that two members share, for all pairs (einsum: threads of BLAS wait on busy cores)."""
    return np.einsum("ik,jk->ij", sheet, sheet).astype(float)


@cache
def counted(folder: Path) -> tuple[np.ndarray, dict[tuple[int, str], np.ndarray]]:
    """Codes, and by year and issue a stack: calls that both took part in, that both voted alike in, all calls.

    The diagonal of the first says in how many a member took part.
    """
    codes, rcid, years, cast = ballots(folder)
    found = {}
    for issue, members in ({"all": set(rcid)} | of_issues(folder)).items():
        of_issue = np.isin(rcid, list(members))
        for year in np.unique(years):
            sheet = cast[:, of_issue & (years == year)]
            if sheet.shape[1]:
                both = together((sheet > 0).astype(np.float32))
                alike = sum(together((sheet == vote).astype(np.float32)) for vote in (1, 2, 3))
                found[int(year), issue] = np.stack(
                    [both, alike, np.full_like(both, sheet.shape[1])]
                )
    return codes, found


@cache
def pairs_of(members: int) -> tuple[np.ndarray, np.ndarray]:
    """Every two of so many."""
    return np.triu_indices(members, 1)


def rated(stack: np.ndarray) -> tuple[np.ndarray, ...]:
    """All pairs of members: who, votes, share alike, and whether both took part in half of the calls."""
    first, second = pairs_of(stack.shape[1])
    often = np.diag(stack[0]) * 2 >= stack[2, 0, 0]
    votes, same = stack[0][first, second], stack[1][first, second]
    rate = 100 * same / np.where(votes > 0, votes, np.nan)
    return first, second, votes, rate, often[first] & often[second] & (votes > 0)


def judged(stack: np.ndarray) -> pd.DataFrame:
    """All pairs of members: votes, share alike, and place among pairs that took part in half of the calls."""
    first, second, votes, rate, ranked = rated(stack)
    order = np.sort(rate[ranked])
    less, not_more = np.searchsorted(order, rate - 1e-9), np.searchsorted(order, rate + 1e-9)
    below = 100 * (less + not_more) / 2 / max(1, len(order))  # ties count by half
    return pd.DataFrame(
        {
            "a": first,
            "b": second,
            "votes": votes,
            "agree_share_pct": rate,
            "pairs_below_pct": np.where(ranked, below, np.nan),
        }
    )


def chosen_pairs(
    pairs: pd.DataFrame, codes: np.ndarray, chosen: frozenset[str], least: int
) -> pd.DataFrame:
    """Pairs with votes of which one or two are of the chosen states, by code."""
    mine = np.isin(codes, list(chosen)).astype(int)
    kept = pairs[(pairs["votes"] > 0) & (mine[pairs["a"]] + mine[pairs["b"]] >= least)]
    kept = kept.assign(country_a=codes[kept["a"]], country_b=codes[kept["b"]])
    return kept.drop(columns=["a", "b"])


def agreement(folder: Path, chosen: frozenset[str]) -> pd.DataFrame:
    """Pairs with a chosen state for all issues together, pairs of two for single issues, by year."""
    codes, stacks = counted(folder)
    return pd.concat(
        [
            chosen_pairs(judged(stack), codes, chosen, 1 if issue == "all" else 2).assign(
                year=year, issue=issue
            )
            for (year, issue), stack in stacks.items()
        ],
        ignore_index=True,
    )


def spread(folder: Path) -> pd.DataFrame:
    """Quantiles over all pairs that are ranked, by year and issue."""
    rows = []
    for (year, issue), stack in counted(folder)[1].items():
        pairs = judged(stack).dropna(subset="pairs_below_pct")
        if len(pairs):
            quantiles = np.percentile(pairs["agree_share_pct"], QUANTILES)
            rows.append((year, issue, stack[2, 0, 0], len(pairs), *quantiles))
    columns = ["year", "issue", "roll_calls", "pairs", *(f"p{q:02}_pct" for q in QUANTILES)]
    return pd.DataFrame(rows, columns=columns)


def windows(folder: Path) -> pd.DataFrame:
    """Percentiles over all ranked pairs, years pooled: every window for all issues, to the last year for single ones."""
    _, stacks = counted(folder)
    years = sorted({year for year, _ in stacks})
    rows = []
    for issue in ("all", *ISSUES.values()):
        for first in years:
            so_far = np.zeros_like(stacks[years[0], "all"])
            for last in (year for year in years if year >= first):
                so_far = so_far + stacks.get((last, issue), 0)
                if issue == "all" or last == years[-1]:
                    *_, rate, ranked = rated(so_far)
                    rates = rate[ranked]
                    if len(rates):
                        cuts = np.percentile(rates, range(1, 100))
                        rows.append((first, last, issue, so_far[2, 0, 0], len(rates), *cuts))
    return pd.DataFrame(rows, columns=[*WINDOW, "roll_calls", "pairs", *PERCENTILES])


def spelled(table: pd.DataFrame) -> pd.DataFrame:
    """Windows with their joined percentiles in columns of their own."""
    cuts = table.pop("percentiles_pct").str.split(";", expand=True).astype(float)
    return pd.concat([table, cuts.set_axis(PERCENTILES, axis=1)], axis=1).copy()


def ideal_points(path: Path, chosen: frozenset[str]) -> pd.DataFrame:
    """Final-passage ideal points of the chosen states, by year."""
    frame = pd.read_stata(path)
    frame = frame[frame["iso3c"].isin(chosen) & frame["idealpointfp"].notna()]
    return pd.DataFrame(
        {
            "country": frame["iso3c"],
            "year": frame["year"].astype(int),
            "ideal_point": frame["idealpointfp"].astype(float),
        }
    )

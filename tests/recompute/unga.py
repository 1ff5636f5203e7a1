"""UN General Assembly, recomputed: agreement of pairs, its spread, and ideal points."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pycountry

PAIR = ["country_a", "country_b", "year", "issue"]
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
    order = np.argsort(codes)  # in a pair the first code comes first
    return np.array(codes)[order], calls["rcid"].to_numpy(), years, cast[order]


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
def agreement(folder: Path, chosen: frozenset[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of un_vote_agreement (pairs with a chosen state) and of un_vote_spread (all pairs)."""
    codes, rcid, years, cast = ballots(folder)
    issues = {"all": set(rcid)} | of_issues(folder)
    first, second = np.triu_indices(len(codes), 1)
    mine = np.isin(codes, list(chosen)).astype(int)
    touched = mine[first] + mine[second]
    pairs, spread = [], []
    for year in np.unique(years):
        for issue, members in issues.items():
            sheet = cast[:, (years == year) & np.isin(rcid, list(members))]
            calls = sheet.shape[1]
            present = (sheet > 0).astype(np.float32)
            n = together(present)[first, second]
            same = sum(together((sheet == v).astype(np.float32))[first, second] for v in (1, 2, 3))
            often = present.sum(axis=1) * 2 >= max(1, calls)
            ranked = often[first] & often[second] & (n > 0)
            rate = 100 * same / np.where(n > 0, n, np.nan)
            order = np.sort(rate[ranked])
            if len(order):
                quantiles = np.percentile(order, QUANTILES)
                spread.append((year, issue, calls, len(order), *quantiles))
            kept = np.flatnonzero((n > 0) & (touched >= (1 if issue == "all" else 2)))
            less = np.searchsorted(order, rate[kept] - 1e-9)
            not_more = np.searchsorted(order, rate[kept] + 1e-9)
            below = 100 * (less + not_more) / 2 / max(1, len(order))  # ties count by half
            pairs.append(
                pd.DataFrame(
                    {
                        "country_a": codes[first[kept]],
                        "country_b": codes[second[kept]],
                        "year": year,
                        "issue": issue,
                        "votes": n[kept],
                        "agree_share_pct": rate[kept],
                        "pairs_below_pct": np.where(ranked[kept], below, np.nan),
                    }
                )
            )
    columns = ["year", "issue", "roll_calls", "pairs", *(f"p{q:02}_pct" for q in QUANTILES)]
    return pd.concat(pairs, ignore_index=True), pd.DataFrame(spread, columns=columns)


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

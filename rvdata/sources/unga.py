"""UN General Assembly: roll-call votes of the R package unvotes, and ideal points of Bailey, Strezhnev and Voeten.

Votes become agreement: for two states and a year, the share of the roll calls with a recorded vote of both in which it was
the same. Since most resolutions pass by large majorities, the share says little alone; so every pair stands beside the
distribution over all pairs.

Both sets follow seats in the Assembly and name a seat once: "Russia" before December 1991 is the Soviet Union, whose seat it
continues, and stays RUS; "Germany" before October 1990 is the Federal Republic. "Yugoslavia" is kept by both sets beyond the
state of that name, and is split here.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_VOTES = "un_votes.rda of the R package unvotes"
_POINTS = "a file of UN ideal points (.dta by year, or .csv by session)"
ISSUES = {
    "me": "middle_east",
    "nu": "nuclear",
    "di": "disarmament",
    "hr": "human_rights",
    "co": "colonialism",
    "ec": "development",
}
_CAST = {"yes": 1, "abstain": 2, "no": 3}
_QUANTILES = (5, 25, 50, 75, 95)
_SEATS = (
    "Russia before December 1991 is the Soviet Union, Germany before October 1990 the Federal Republic, as in the file; "
    "Yugoslavia is YUG to 2002, SCG 2003 to 2005 and SRB from 2006"
)
#: Numbers of the Correlates of War project and codes. Those of Yugoslavia and of the two Germanies run on.
_COW = {
    int(pair.split(":")[0]): pair.split(":")[1]
    for pair in [
        "2:USA",
        "20:CAN",
        "31:BHS",
        "40:CUB",
        "41:HTI",
        "42:DOM",
        "51:JAM",
        "52:TTO",
        "53:BRB",
        "54:DMA",
        "55:GRD",
        "56:LCA",
        "57:VCT",
        "58:ATG",
        "60:KNA",
        "70:MEX",
        "80:BLZ",
        "90:GTM",
        "91:HND",
        "92:SLV",
        "93:NIC",
        "94:CRI",
        "95:PAN",
        "100:COL",
        "101:VEN",
        "110:GUY",
        "115:SUR",
        "130:ECU",
        "135:PER",
        "140:BRA",
        "145:BOL",
        "150:PRY",
        "155:CHL",
        "160:ARG",
        "165:URY",
        "200:GBR",
        "205:IRL",
        "210:NLD",
        "211:BEL",
        "212:LUX",
        "220:FRA",
        "221:MCO",
        "223:LIE",
        "225:CHE",
        "230:ESP",
        "232:AND",
        "235:PRT",
        "255:DEU",
        "260:DEU",
        "265:DDR",
        "290:POL",
        "305:AUT",
        "310:HUN",
        "315:CSK",
        "316:CZE",
        "317:SVK",
        "325:ITA",
        "327:VAT",
        "331:SMR",
        "338:MLT",
        "339:ALB",
        "341:MNE",
        "343:MKD",
        "344:HRV",
        "345:YUG",
        "346:BIH",
        "347:XKX",
        "349:SVN",
        "350:GRC",
        "352:CYP",
        "355:BGR",
        "359:MDA",
        "360:ROU",
        "365:RUS",
        "366:EST",
        "367:LVA",
        "368:LTU",
        "369:UKR",
        "370:BLR",
        "371:ARM",
        "372:GEO",
        "373:AZE",
        "375:FIN",
        "380:SWE",
        "385:NOR",
        "390:DNK",
        "395:ISL",
        "402:CPV",
        "403:STP",
        "404:GNB",
        "411:GNQ",
        "420:GMB",
        "432:MLI",
        "433:SEN",
        "434:BEN",
        "435:MRT",
        "436:NER",
        "437:CIV",
        "438:GIN",
        "439:BFA",
        "450:LBR",
        "451:SLE",
        "452:GHA",
        "461:TGO",
        "471:CMR",
        "475:NGA",
        "481:GAB",
        "482:CAF",
        "483:TCD",
        "484:COG",
        "490:COD",
        "500:UGA",
        "501:KEN",
        "510:TZA",
        "511:_ZAN",
        "516:BDI",
        "517:RWA",
        "520:SOM",
        "522:DJI",
        "530:ETH",
        "531:ERI",
        "540:AGO",
        "541:MOZ",
        "551:ZMB",
        "552:ZWE",
        "553:MWI",
        "560:ZAF",
        "565:NAM",
        "570:LSO",
        "571:BWA",
        "572:SWZ",
        "580:MDG",
        "581:COM",
        "590:MUS",
        "591:SYC",
        "600:MAR",
        "615:DZA",
        "616:TUN",
        "620:LBY",
        "625:SDN",
        "626:SSD",
        "630:IRN",
        "640:TUR",
        "645:IRQ",
        "651:EGY",
        "652:SYR",
        "660:LBN",
        "663:JOR",
        "666:ISR",
        "670:SAU",
        "678:_YAR",
        "679:YEM",
        "680:YMD",
        "690:KWT",
        "692:BHR",
        "694:QAT",
        "696:ARE",
        "698:OMN",
        "700:AFG",
        "701:TKM",
        "702:TJK",
        "703:KGZ",
        "704:UZB",
        "705:KAZ",
        "710:CHN",
        "712:MNG",
        "713:TWN",
        "731:PRK",
        "732:KOR",
        "740:JPN",
        "750:IND",
        "760:BTN",
        "770:PAK",
        "771:BGD",
        "775:MMR",
        "780:LKA",
        "781:MDV",
        "790:NPL",
        "800:THA",
        "811:KHM",
        "812:LAO",
        "816:VNM",
        "817:_RVN",
        "820:MYS",
        "830:SGP",
        "835:BRN",
        "840:PHL",
        "850:IDN",
        "860:TLS",
        "900:AUS",
        "910:PNG",
        "920:NZL",
        "935:VUT",
        "940:SLB",
        "946:KIR",
        "947:TUV",
        "950:FJI",
        "955:TON",
        "970:NRU",
        "983:MHL",
        "986:PLW",
        "987:FSM",
        "990:WSM",
    ]
}


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Agreement between states, or ideal points; which of the two, is seen from the content.

    Parameters
    ----------
    path : Path
        ``un_votes.rda``, beside which ``un_roll_calls.rda`` and ``un_roll_call_issues.rda`` must lie; or ideal points, as Stata
        file by year or as CSV file by session (its year is the session's first, session + 1945).
    only : frozenset of str, optional
        Countries to keep. Of the votes on all issues together every pair with one of them is kept, of those on a single issue
        the pairs with two of them. The spread is always over all pairs.

    Returns
    -------
    Release
        Tables `un_vote_agreement` and `un_vote_spread`, or `un_ideal_points`.

    Raises
    ------
    DataError
        If a file is another one, damaged, incomplete, or names a state that the project does not know.
    """
    data = delivered.content(path, f"{_VOTES} or {_POINTS}")
    return (
        _read_votes(Path(path), only)
        if delivered.is_r(data)
        else _read_points(Path(path), data, only)
    )


# ---- votes


def _read_votes(path: Path, only: frozenset[str]) -> compiled.Release:
    import pandas as pd

    votes = delivered.r_frames(path, {"un_votes": ("rcid", "country", "vote")}, _VOTES)["un_votes"]
    calls = _beside(path, "un_roll_calls", ("rcid", "date"))
    issues = _beside(path, "un_roll_call_issues", ("rcid", "short_name"))
    cast = (
        votes["vote"].map(_CAST)
        if votes["vote"].dtype != "category"
        else votes["vote"].cat.rename_categories(str).map(_CAST)
    )
    if cast.isna().any():
        odd = sorted(set(votes["vote"][cast.isna()].astype(str)))
        raise DataError(
            f"{path}: {int(cast.isna().sum())} votes are none of {', '.join(_CAST)} ({delivered.listed(odd, 5)}), expected "
            f"{_VOTES}; download it again"
        )
    if calls["rcid"].duplicated().any() or calls["rcid"].isna().any():
        raise DataError(
            f"{path.with_name('un_roll_calls.rda')}: rcid is empty or stands twice; download it again"
        )
    days = pd.to_datetime(calls["date"], errors="coerce")
    if days.isna().any():
        raise DataError(
            f"{path.with_name('un_roll_calls.rda')}: {int(days.isna().sum())} roll calls have no date; download it again"
        )
    calls = (
        pd.DataFrame({"rcid": calls["rcid"].astype("int64"), "day": days})
        .sort_values("rcid")
        .reset_index(drop=True)
    )
    at = pd.Index(calls["rcid"])
    call = at.get_indexer(votes["rcid"])
    if (call < 0).any():
        lost = sorted(set(votes["rcid"][call < 0]))
        raise DataError(
            f"{path}: {len(lost)} roll calls of it are not in un_roll_calls.rda (first: rcid {lost[0]:g}); take all three "
            "files from the same version of unvotes"
        )
    numbers, names = pd.factorize(votes["country"])
    if (numbers < 0).any():
        raise DataError(
            f"{path}: {int((numbers < 0).sum())} votes have no country; download it again"
        )
    named = delivered.all_coded(path, pd.Series(names, dtype="str")).to_numpy(dtype=object)
    year = calls["day"].dt.year.to_numpy()
    ballots, codes, twice = _ballots(
        call, numbers, cast.to_numpy(dtype="uint8"), named, len(calls), year
    )
    if twice:
        raise DataError(
            f"{path}: {twice} votes stand twice for a state and roll call; download it again"
        )
    topics, notes = _topics(path, issues, at)
    absent = set(only) - set(codes)
    notes += [f"not in the file: {', '.join(sorted(absent))}"] if absent else []
    if only and absent == set(only):
        raise DataError(
            f"{path}: has no vote of {delivered.listed(sorted(only))}; leave out --only or name others"
        )
    agreement, spread = agreements(ballots, codes, year, topics, only)
    years = spread.loc[spread["issue"] == "all", "year"]
    gaps = sorted(set(range(years.min(), years.max() + 1)) - set(years))
    thin = sum(_thin(ballots[year == y]) for y in years)
    notes += [f"no roll calls in {delivered.listed([str(y) for y in gaps])}"] if gaps else []
    notes += [
        f"{thin} of {len(calls)} roll calls have votes of fewer than half of the states that voted that year",
        f"{len(votes)} votes of {len(codes)} states in {len(calls)} roll calls; absences are not recorded",
        _SEATS,
    ]
    if only:
        notes.append(
            f"pairs kept: with one of {', '.join(sorted(only))} for all issues together, with two of them for single issues; "
            "the spread is over all pairs"
        )
    return compiled.Release(
        tables={"un_vote_agreement": agreement, "un_vote_spread": spread},
        title=f"United Nations General Assembly voting data: roll calls to {calls['day'].max().date()} (R package unvotes)",
        publisher="E. Voeten, A. Strezhnev and M. Bailey (Harvard Dataverse), via D. Robinson and N. Goguen-Compagnoni (unvotes)",
        url="https://doi.org/10.7910/DVN/LEJUQZ",
        licence="MIT (R package unvotes)",
        redistribution="with attribution",
        covers=tuple(f"country={c}" for c in sorted(only - absent)) if only else ("*",),
        data_from=str(calls["day"].min().date()),
        data_through=str(calls["day"].max().date()),
        notes=tuple(notes),
    )


def _beside(path: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    file = path.with_name(f"{name}.rda")
    what = f"{name}.rda of the R package unvotes"
    if not file.exists():
        raise DataError(f"{file}: there is no such file; put {what} beside {path.name}")
    return delivered.r_frames(file, {name: columns}, what)[name]


def _ballots(
    call, numbers, cast, named, roll_calls: int, year
) -> tuple[np.ndarray, list[str], int]:
    """Votes as a matrix of roll calls × states: 0 none, 1 yes, 2 abstain, 3 no; its columns' codes; votes given twice."""
    import numpy as np

    codes = sorted({*named} | ({"YUG", "SCG", "SRB"} if "YUG" in named else set()))
    place = {code: i for i, code in enumerate(codes)}
    column = np.array([place[c] for c in named])[numbers]
    if "YUG" in place:
        yugoslav = column == place["YUG"]
        column[yugoslav & (year[call] >= 2003)] = place["SCG"]
        column[yugoslav & (year[call] >= 2006)] = place["SRB"]
    cell = call.astype("int64") * len(codes) + column
    ballots = np.zeros(roll_calls * len(codes), dtype=np.uint8)
    ballots[cell] = cast
    ballots = ballots.reshape(roll_calls, len(codes))
    return ballots, codes, len(cell) - int(np.count_nonzero(ballots))


def _topics(
    path: Path, issues: pd.DataFrame, at: pd.Index
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Which roll calls belong to each issue; a roll call can belong to several or to none."""
    import numpy as np

    file = path.with_name("un_roll_call_issues.rda")
    short = issues["short_name"].astype("str")
    odd = sorted(set(short) - set(ISSUES))
    if odd:
        raise DataError(
            f"{file}: {len(odd)} issues are not known ({delivered.listed(odd, 5)}), expected {', '.join(ISSUES)}; download "
            "it again"
        )
    where = at.get_indexer(issues["rcid"])
    if (where < 0).any():
        raise DataError(
            f"{file}: {int((where < 0).sum())} rows are of roll calls that are not in un_roll_calls.rda; take all three "
            "files from the same version of unvotes"
        )
    topics = {"all": np.ones(len(at), dtype=bool)}
    for code, issue in ISSUES.items():
        topics[issue] = np.zeros(len(at), dtype=bool)
        topics[issue][where[(short == code).to_numpy()]] = True
    none = ~np.any([m for issue, m in topics.items() if issue != "all"], axis=0)
    return topics, [
        f"{int(none.sum())} of {len(at)} roll calls belong to no issue and count under all only"
    ]


def _thin(ballots: np.ndarray) -> int:
    """Roll calls of a year with votes of fewer than half of the states that voted that year."""
    took = ballots > 0
    return int((took.sum(axis=1) * 2 < took.any(axis=0).sum()).sum())


def agreements(
    ballots: np.ndarray,
    codes: list[str],
    year: np.ndarray,
    topics: dict[str, np.ndarray],
    only: frozenset[str] = frozenset(),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Agreement of every pair of states by year and issue, and its spread over all pairs.

    Parameters
    ----------
    ballots : ndarray of uint8, shape (roll calls, states)
        0 where no vote is recorded, otherwise the vote.
    codes : list of str
        Sorted codes of the states.
    year : ndarray of int, shape (roll calls,)
    topics : dict of str to ndarray of bool, shape (roll calls,)
        Roll calls of each issue.
    only : frozenset of str, optional
        Pairs to keep, see `read`.

    Returns
    -------
    agreement, spread : DataFrame
        Columns of `un_vote_agreement` and `un_vote_spread`. Percentages of agreement keep four digits after the point, ranks two.
    """
    import numpy as np
    import pandas as pd

    chosen = np.isin(codes, list(only)) if only else np.ones(len(codes), dtype=bool)
    parts, spread = [], []
    for this in np.unique(year):
        of_year = ballots[year == this]
        voted = np.flatnonzero(of_year.any(axis=0))
        of_year = of_year[:, voted]
        first, second = np.triu_indices(len(voted), 1)
        a_chosen, b_chosen = chosen[voted[first]], chosen[voted[second]]
        either, both = a_chosen | b_chosen, a_chosen & b_chosen
        for issue, mask in topics.items():
            cast = of_year[mask[year == this]]
            if not len(cast):
                continue
            together = _shared(cast > 0, first, second)
            same = sum(_shared(cast == vote, first, second) for vote in _CAST.values())
            regular = (cast > 0).sum(axis=0) * 2 >= len(cast)
            pair = together > 0
            share = np.full(len(first), np.nan)
            share[pair] = same[pair] * 100 / together[pair]
            ranked = pair & regular[first] & regular[second]
            below = np.full(len(first), np.nan)
            below[ranked] = _midrank(share[ranked])
            cuts = (
                np.percentile(share[ranked], _QUANTILES)
                if ranked.any()
                else np.full(len(_QUANTILES), np.nan)
            )
            spread.append((this, issue, len(cast), int(ranked.sum()), *cuts.round(4)))
            keep = np.flatnonzero(pair & (either if issue == "all" else both))
            parts.append(
                (
                    np.full(len(keep), this, np.int16),
                    np.full(len(keep), list(topics).index(issue), np.int8),
                    voted[first[keep]].astype(np.int16),
                    voted[second[keep]].astype(np.int16),
                    together[keep].astype(np.int16),
                    share[keep].round(4),
                    below[keep].round(2),
                )
            )
    years, issues, a, b, votes, share, below = (
        np.concatenate(column) for column in zip(*parts, strict=False)
    )
    agreement = pd.DataFrame(
        {
            "country_a": pd.Categorical.from_codes(a, codes),
            "country_b": pd.Categorical.from_codes(b, codes),
            "year": years,
            "issue": pd.Categorical.from_codes(issues, list(topics)),
            "votes": votes,
            "agree_share_pct": share,
            "pairs_below_pct": below,
        }
    )
    columns = ["year", "issue", "roll_calls", "pairs", *(f"p{q:02}_pct" for q in _QUANTILES)]
    table = pd.DataFrame(spread, columns=columns)
    return agreement, table[table["pairs"] > 0].reset_index(drop=True)


def _shared(flags: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """In how many roll calls a flag is set for both states of each pair; 64 roll calls at a time."""
    import numpy as np

    rows, states = flags.shape
    padded = np.zeros((states, -(-rows // 64) * 64), dtype=bool)
    padded[:, :rows] = flags.T
    words = np.packbits(padded, axis=1).view(np.uint64)
    return np.bitwise_count(words[first] & words[second]).sum(axis=1, dtype=np.int64)


def _midrank(share: np.ndarray) -> np.ndarray:
    """Percent of the values that lie below each, those equal to it (itself included) by half."""
    import numpy as np

    _, which, count = np.unique(share, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - count / 2)[which] * (100 / len(share))


# ---- ideal points


def _read_points(path: Path, data: bytes, only: frozenset[str]) -> compiled.Release:
    import pandas as pd

    stata = data.startswith(b"<stata_dta>") or data[:2] in (
        b"\x72\x01",
        b"\x72\x02",
        b"\x73\x01",
        b"\x73\x02",
    )
    raw, generated = _stata(path, data) if stata else (_points_csv(path, data), "")
    lower = {str(c).lower(): c for c in raw.columns}
    estimate = next((c for c in ("idealpointfp", "idealpointall") if c in lower), "")
    when = next((c for c in ("year", "session") if c in lower), "")
    missing = [] if estimate else ["idealpointfp"]
    missing += [] if when else ["year"]
    missing += [] if {"ccode", "iso3c"} & set(lower) else ["iso3c"]
    delivered.refuse_missing(path, missing, list(raw.columns), _POINTS)
    low, high = (1900, 2100) if when == "year" else (1, 150)
    year = delivered.whole(path, raw[lower[when]], when, low, high) + (
        0 if when == "year" else 1945
    )
    point = raw[lower[estimate]].astype("float64")
    if (point.abs() > 10).any():
        raise DataError(
            f"{path}: {estimate} = {point[point.abs() > 10].iloc[0]} is no ideal point, expected numbers of about -3 to 3; "
            "download it again"
        )
    none = point.isna()
    kept = raw[~none].assign(year=year[~none], point=point[~none])
    if kept.empty:
        raise DataError(f"{path}: {estimate} is empty in every row; download it again")
    frame = pd.DataFrame(
        {
            "country": _states(path, kept, lower),
            "year": kept["year"],
            "ideal_point": kept["point"].round(6),
        }
    )
    notes = (
        [f"{int(none.sum())} of {len(raw)} rows have no {estimate} and are left out"]
        if none.any()
        else []
    )
    frame, more = _one_each(path, frame, kept, lower)
    notes += [
        *more,
        f"estimates: {estimate}"
        + (" (votes on final passage)" if estimate.endswith("fp") else " (all votes)"),
        _SEATS,
    ]
    first, last = int(frame["year"].min()), int(frame["year"].max())
    gaps = sorted(set(range(first, last + 1)) - set(frame["year"]))
    notes += [f"no rows for {delivered.listed([str(y) for y in gaps])}"] if gaps else []
    if when == "session":
        notes.append(
            "by session: the year is that in which a session opens (session + 1945); some of its votes fall into the next"
        )
    if only:
        absent = only - set(frame["country"])
        notes += [f"not in the file: {', '.join(sorted(absent))}"] if absent else []
        chosen = frame["country"].isin(only)
        notes.append(
            f"{int((~chosen).sum())} rows of {frame.loc[~chosen, 'country'].nunique()} other states left out, as asked for"
        )
        frame = frame[chosen]
        if frame.empty:
            raise DataError(
                f"{path}: has no row of {delivered.listed(sorted(only))}; leave out --only or name others"
            )
        ends = frame.groupby("country")["year"].max()
        notes += [f"{c} has no row after {y}" for c, y in ends.items() if y < last]
    return compiled.Release(
        tables={"un_ideal_points": frame.reset_index(drop=True)},
        title=f"United Nations General Assembly ideal points, {first}-{last}",
        publisher="M. A. Bailey, A. Strezhnev and E. Voeten (Harvard Dataverse)",
        url="https://doi.org/10.7910/DVN/LEJUQZ",
        licence="CC0 1.0 (Harvard Dataverse's default; check there)",
        redistribution="with attribution",
        covers=tuple(f"country={c}" for c in sorted(set(frame["country"]))) if only else ("*",),
        data_from=f"{first}-01-01",
        data_through=f"{last}-12-31",
        generated=generated,
        notes=tuple(notes),
    )


def _stata(path: Path, data: bytes) -> tuple[pd.DataFrame, str]:
    """A Stata file, and the ISO day that Stata put into it."""
    from pandas.io.stata import StataReader

    if data.startswith(b"<stata_dta>") and not data.rstrip().endswith(b"</stata_dta>"):
        raise DataError(
            f"{path}: is cut off (a Stata file without its end), expected {_POINTS}; download it again"
        )
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            StataReader(io.BytesIO(data), convert_categoricals=False) as reader,
        ):
            stamp, frame = reader.time_stamp, reader.read()
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        OverflowError,
        OSError,
        AttributeError,
        struct.error,
        MemoryError,
    ) as error:
        raise DataError(
            f"{path}: cannot be read as a Stata file ({delivered.listed([error])[:80] or type(error).__name__}), expected {_POINTS}; "
            "download it again"
        ) from None
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day = re.match(r"\s*(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b", stamp or "")
    if not day or day[2] not in months:
        return frame, ""
    return frame, f"{day[3]}-{months.index(day[2]) + 1:02}-{int(day[1]):02}"


def _points_csv(path: Path, data: bytes) -> pd.DataFrame:
    text = delivered.utf8(path, data, _POINTS)

    def known(cells) -> bool:
        return any(c.lower().startswith("idealpoint") for c in cells) and bool(
            {"session", "year"} & {c.lower() for c in cells}
        )

    head = delivered.header(path, text, known, _POINTS, "ccode,session,IdealPointAll,…")
    wanted = ("ccode", "iso3c", "countryname", "session", "year", "idealpointall", "idealpointfp")
    position = {name: i for i, name in enumerate(c.lower() for c in head.cells) if name in wanted}
    return delivered.rows(
        path,
        text,
        head,
        position,
        [c for c in position if c not in ("iso3c", "countryname")],
        missing=("", "NA"),
    )


def _states(path: Path, kept: pd.DataFrame, lower: dict[str, str]) -> pd.Series:
    """Codes of the states: by number where the file has numbers, which its ISO codes must not contradict, else by ISO code."""
    known = countries.table()
    if "ccode" not in lower:
        codes = delivered.all_coded(path, kept[lower["iso3c"]]).astype("str")
    else:
        number = delivered.whole(path, kept[lower["ccode"]], "ccode", 1, 999)
        unseen = sorted(set(number) - set(_COW))
        if unseen:
            raise DataError(
                f"{path}: {len(unseen)} numbers of states are not known (ccode {delivered.listed([str(n) for n in unseen], 5)}); "
                "correct them or add them to rvdata/sources/unga.py"
            )
        codes = number.map(_COW).astype("str")
        if "iso3c" in lower:
            iso = kept[lower["iso3c"]].astype("str")
            odd = iso.isin(known) & (iso != codes)
            if odd.any():
                raise DataError(
                    f"{path}: ccode and iso3c contradict each other in {int(odd.sum())} rows (first: "
                    f"{number[odd].iloc[0]}, {iso[odd].iloc[0]}); download it again"
                )
    codes = codes.mask((codes == "YUG") & (kept["year"] >= 2003), "SCG")
    return codes.mask((codes == "SCG") & (kept["year"] >= 2006), "SRB")


def _one_each(
    path: Path, frame: pd.DataFrame, kept: pd.DataFrame, lower: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """One row per state and year: where the Federal Republic and united Germany both have one, the latter's."""
    notes = []
    if "ccode" in lower:
        west = (kept[lower["ccode"]] == 260) & frame.duplicated(["country", "year"], keep=False)
        notes = (
            [
                f"{int(west.sum())} rows of the Federal Republic left out in years in which united Germany has one"
            ]
            if west.any()
            else []
        )
        frame = frame[~west]
    twice = frame.duplicated(["country", "year"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise DataError(
            f"{path}: {int(twice.sum())} rows stand twice for a state and year (first: {row['country']}, {row['year']}); "
            "download it again"
        )
    return frame, notes

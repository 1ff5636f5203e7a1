"""Votes of two states against all pairs: what is weighted, what is drawn, what is said, also of nothing."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load
from rvdata.essays import diplomacy as essay


def votes(*rows):
    frame = pd.DataFrame(
        rows,
        columns=[
            "country_a",
            "country_b",
            "year",
            "issue",
            "votes",
            "agree_share_pct",
            "pairs_below_pct",
        ],
    )
    return frame.assign(origin_id="unga-x")


def spread(*years, issue="all"):
    return pd.DataFrame(
        [
            {
                "origin_id": "unga-x",
                "year": y,
                "issue": issue,
                "roll_calls": 50,
                "pairs": 100,
                "p05_pct": 40.0,
                "p25_pct": 60.0,
                "p50_pct": 75.0,
                "p75_pct": 85.0,
                "p95_pct": 95.0,
            }
            for y in years
        ]
    )


AGREEMENT = votes(
    ("RUS", "VEN", 2000, "all", 10, 90.0, 80.0),
    ("RUS", "VEN", 2001, "all", 30, 50.0, 20.0),
    ("RUS", "USA", 2000, "all", 40, 25.0, 5.0),
    ("USA", "VEN", 2001, "all", 40, 10.0, None),
    ("RUS", "VEN", 2000, "nuclear", 5, 20.0, 10.0),
    ("RUS", "VEN", 2000, "human_rights", 4, 100.0, 90.0),
)
SPREAD = pd.concat(
    [spread(2000, 2001, 2002), spread(2000, issue="nuclear"), spread(2000, issue="human_rights")]
)


def test_every_roll_call_counts_once_over_several_years():
    ours = essay.pair(AGREEMENT, "VEN", "RUS", 1990, 2020, "all")
    assert ours["year"].tolist() == [2000, 2001]
    assert essay.together(ours) == 60.0  # not 70, the mean of two percentages
    assert essay.yearly(ours, "pairs_below_pct") == 35.0
    assert pd.isna(essay.together(ours.head(0)))
    assert pd.isna(essay.yearly(ours.head(0), "pairs_below_pct"))


def test_years_without_a_vote_of_the_pair_are_a_gap_on_the_spread():
    plotted = essay.plotted_years(AGREEMENT, SPREAD, "VEN", "RUS", "USA", 2000, 2002)
    assert plotted["year"].tolist() == [2000, 2001, 2002]
    assert plotted["pair"].fillna(-1).tolist() == [90.0, 50.0, -1]
    assert plotted["b_third"].fillna(-1).tolist() == [25.0, -1, -1]
    assert plotted["a_third"].fillna(-1).tolist() == [-1, 10.0, -1]


def test_issues_carry_their_votes_and_their_place():
    rows = essay.plotted_issues(AGREEMENT, SPREAD, "RUS", "VEN", 2000, 2002)
    assert rows["label"].tolist() == ["All roll calls", "Nuclear arms", "Human rights"]
    assert rows["printed"].tolist() == [
        "60 %, on average above 35 % of a year's pairs",
        "20 %, above 10 % of pairs",
        "100 %, above 90 % of pairs",
    ]
    assert rows["least"].tolist() == [40.0] * 3 and rows["votes"].tolist() == [40, 5, 4]


def told(a="RUS", b="VEN", third="USA", start=2000, end=2002, agreement=AGREEMENT):
    return essay.tell_votes(
        agreement,
        essay.plotted_years(agreement, SPREAD, a, b, third, start, end),
        essay.plotted_issues(agreement, SPREAD, a, b, start, end),
        a,
        b,
        third,
        start,
        end,
        "unga-x",
    )


def test_a_share_is_said_beside_the_middle_pair_and_its_place():
    text = told()
    assert text.startswith(
        "**Russia and Venezuela voted alike in 60.0 % of the 40 roll calls of 2000 to 2001 in which both took part** [unga-x]."
    )
    assert (
        "on average over two years, each weighted by this pair's votes, the middle pair of a year agreed in 75.0 %, and 35 % of a "
        "year's pairs agreed less often than this one." in text
    )
    assert "neither close nor far apart" in text
    assert (
        "With the United States, over the same years: Russia in 25.0 % of 40 (above 5 % of pairs) and Venezuela in 10.0 % of 40."
        in text
    )
    assert "from 20 % (nuclear arms, 5 votes) to 100 % (human rights, 4 votes)" in text


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (90.0, "That is close even so."),
        (75.0, "That is close even so."),
        (74.0, "neither close"),
        (25.0, "further apart than most"),
        (5.0, "further apart than most"),
    ],
)
def test_the_place_among_all_pairs_decides_what_is_said(standing, said):
    assert said in told(agreement=AGREEMENT.assign(pairs_below_pct=standing))


def test_averages_of_yearly_ranks_are_no_statement_on_all_pairs_of_the_years_together():
    agreement = votes(
        ("RUS", "VEN", 2000, "all", 10, 10.0, 0.0),
        ("RUS", "VEN", 2001, "all", 90, 90.0, 0.0),
        ("RUS", "USA", 2000, "all", 10, 20.0, 50.0),
        ("RUS", "USA", 2001, "all", 90, 91.0, 99.9),
    )
    text = told(agreement=agreement)
    assert (
        "of all pairs" not in text and "less than 1 % of a year's pairs agreed less often" in text
    )
    assert "Russia in 83.9 % of 100 (on average above 95 % of a year's pairs)." in text


def test_the_rank_of_one_year_is_a_statement_on_all_pairs_and_one_that_is_missing_is_left_out():
    one = told(end=2000)
    assert (
        "in 2000 the middle pair of all states agreed in 75.0 %, and 80 % of all pairs agreed less often than this one."
        in one
    )
    assert "Russia in 25.0 % of 40 (above 5 % of pairs)." in one and "average" not in one
    bare = told(agreement=AGREEMENT.assign(pairs_below_pct=float("nan")))
    assert bare.startswith("**Russia and Venezuela voted alike in 60.0 %") and "pairs" not in bare
    half = AGREEMENT.assign(pairs_below_pct=[80.0, None, 5.0, None, 10.0, 90.0])
    assert "in 2000 the middle pair of all states agreed in 75.0 %, and 80 % of all pairs" in told(
        agreement=half
    )


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (0.3, "below more than 99 %"),
        (0.5, "below more than 99 %"),
        (1.6, "above 2 %"),
        (99.4, "above 99 %"),
        (99.7, "above more than 99 %"),
    ],
)
def test_some_pairs_are_neither_none_nor_all(below, said):
    rows = votes(("RUS", "VEN", 2000, "all", 10, 90.0, below))
    assert essay.standing(rows) == f"{said} of pairs"


def test_a_pair_that_is_not_in_the_release_is_a_gap_with_a_remedy():
    text = told("FRA", "DEU")
    assert text.startswith(
        "The collection has no roll calls in which France and Germany both took part from 2000 to 2002."
    )
    assert "rvdata import unga" in text and "not a sign of disagreement" in text
    assert "**" not in told(start=1950, end=1960)


def test_the_third_state_may_be_one_of_the_two():
    assert "With Russia, over the same years: Venezuela in 60.0 % of 40" in told(third="RUS")
    plotted = essay.plotted_years(AGREEMENT, SPREAD, "RUS", "VEN", "RUS", 2000, 2001)
    assert plotted["a_third"].isna().all() and plotted["b_third"].tolist() == [90.0, 50.0]


POINTS = pd.DataFrame(
    [
        ("RUS", 2000, 0.5),
        ("VEN", 2000, -1.25),
        ("USA", 2000, 2.5),
        ("RUS", 2001, 0.25),
        ("USA", 2001, 2.0),
    ],
    columns=["country", "year", "ideal_point"],
).assign(origin_id="unga-y")


def test_ideal_points_are_compared_in_the_last_common_year_and_gaps_are_said():
    text = essay.tell_points(POINTS, "RUS", "VEN", "USA", 2000, 2005, "unga-y")
    assert text == (
        "On the first dimension that is estimated from votes [unga-y], Russia stood at 0.50, Venezuela at −1.25 and the United States at 2.50 in "
        "2000, the last year in which each has an estimate. Venezuela's distance to Russia was 1.75, to the United States 3.75. Venezuela has no "
        "estimate after 2000."
    )
    assert "fewer than two" in essay.tell_points(POINTS, "RUS", "FRA", "DEU", 2000, 2005, "unga-y")
    apart = POINTS[~((POINTS["country"] == "VEN") | (POINTS["year"] == 2000))]
    assert "no year in which all" not in essay.tell_points(
        apart, "RUS", "USA", "USA", 2000, 2005, "unga-y"
    )


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (
            2002,
            "in 2000, the last year up to 2002 in which each has an estimate; there are estimates of each up to 2004.",
        ),
        (2003, "in 2003, the last year considered; there are estimates of each up to 2004."),
        (2004, "in 2004, the last year in which each has an estimate."),
        (2030, "in 2004, the last year in which each has an estimate."),
    ],
)
def test_the_last_year_of_a_window_is_not_the_last_that_has_estimates(end, said):
    rows = [(s, y, 1.0) for s in ("RUS", "VEN", "USA") for y in (2000, 2003, 2004)]
    rows += [("RUS", 2001, 1.0), ("RUS", 2002, 1.0), ("USA", 2002, 1.0), ("USA", 2005, 1.0)]
    points = pd.DataFrame(rows, columns=["country", "year", "ideal_point"])
    text = essay.tell_points(points, "RUS", "VEN", "USA", 2000, end, "unga-y")
    assert said in text
    assert ("Venezuela has no estimate from 2001 to 2002." in text) == (end == 2002)
    assert ("Venezuela has no estimate after 2004." in text) == (end == 2030)


def test_a_gap_of_one_year_and_a_window_without_a_common_year_are_said_of_the_window():
    rows = [("RUS", 2000, 1.0), ("USA", 2000, 1.0), ("RUS", 2001, 1.0), ("USA", 2002, 1.0)]
    points = pd.DataFrame(rows, columns=["country", "year", "ideal_point"])
    text = essay.tell_points(points, "RUS", "USA", "USA", 2000, 2001, "unga-y")
    assert "The United States have no estimate for 2001." in text
    assert essay.tell_points(points, "RUS", "USA", "USA", 2001, 2002, "unga-y").startswith(
        "From 2001 to 2002 there is no year in which all of the states have an estimate"
    )


@pytest.mark.parametrize(
    ("a", "b", "third", "later"),
    [
        ("RUS", "VEN", "USA", 2021),
        ("VEN", "USA", "RUS", 2021),
        ("CHN", "RUS", "USA", 2024),
        ("CUB", "RUS", "USA", 2024),
    ],
)
def test_estimates_of_the_shipped_release_go_on_after_the_votes_end(a, b, third, later):
    points = load("un_ideal_points", "unga-2025-07")
    common = points.pivot(index="year", columns="country", values="ideal_point")[
        [a, b, third]
    ].dropna()
    assert common.index.max() == later
    text = essay.tell_points(points, a, b, third, 1992, 2019, "unga-2025-07")
    assert f"in 2019, the last year considered; there are estimates of each up to {later}." in text


def test_recognition_and_arguments_of_none_and_of_some():
    figures, events, arguments = load("figures"), load("events"), load("arguments")
    counted = essay.recognised(figures, "RUS", "VEN", [], ("subject", "counterpart", "responsible"))
    assert counted["figure_id"].tolist() == [
        "geointel-2019-f03",
        "geointel-2019-f04",
        "rusi-2022-f02",
    ]
    plotted = essay.plotted_recognition(counted)
    assert plotted["printed"].tolist() == ["13, doubted", "16, inferred", "over 50, doubted"]
    none = essay.recognised(figures, "SYR", "CUB", [], ("subject", "counterpart", "responsible"))
    text = essay.tell_recognition(none, events.head(0), arguments.head(0), "SYR", "CUB")
    assert (
        text.startswith("No article in this selection counts the states")
        and "no evidence for a motive" in text
    )
    assert len(essay.recognised(events, "RUS", "VEN", ["kennan-2024"], ("actors",))) == 1
    assert essay.argued(arguments, "VEN", "VEN", ["kennan-2024"])["argument_id"].tolist() == [
        "kennan-2024-a06",
        "kennan-2024-a19",
    ]


@pytest.mark.parametrize(
    ("a", "b", "third", "start", "end"),
    [
        ("RUS", "VEN", "USA", 1992, 2019),
        ("VEN", "USA", "RUS", 1946, 2019),
        ("RUS", "CHN", "USA", 2000, 2000),
        ("FRA", "DEU", "ITA", 1992, 2019),
        ("RUS", "VEN", "VEN", 2021, 2024),
        ("CUB", "RUS", "USA", 2015, 2019),
    ],
)
def test_charts_are_whole_for_many_and_for_nothing(a, b, third, start, end):
    agreement, spreads, points = (
        load("un_vote_agreement", "unga-2020"),
        load("un_vote_spread", "unga-2020"),
        load("un_ideal_points", "all"),
    )
    drawn = [
        essay.draw_years(
            essay.plotted_years(agreement, spreads, a, b, third, start, end),
            a,
            b,
            third,
            start,
            end,
            "unga-2020",
        ),
        essay.draw_issues(
            essay.plotted_issues(agreement, spreads, a, b, start, end),
            a,
            b,
            start,
            end,
            "unga-2020",
        ),
        essay.draw_points(
            essay.plotted_points(points, (a, b, third), start, end),
            (a, b, third),
            start,
            end,
            "unga-2025-07",
        ),
        essay.draw_recognition(
            essay.plotted_recognition(
                essay.recognised(load("figures"), a, b, [], ("subject", "counterpart"))
            ),
            a,
            b,
            [],
        ),
    ]
    for fig, alt in drawn:
        assert charts.collisions(fig) == [] and alt.endswith(".")
        plt.close(fig)


@pytest.mark.parametrize(
    ("a", "b", "start", "end", "votes_", "share"),
    [
        ("RUS", "VEN", 2000, 2019, 1813, 71.5),
        ("USA", "VEN", 2000, 2019, 1826, 15.3),
        ("RUS", "VEN", 1992, 1998, 524, 56.9),
        ("USA", "VEN", 1992, 1998, 527, 25.4),
        ("RUS", "VEN", 2013, 2019, 623, 66.5),
        ("USA", "VEN", 2013, 2019, 631, 14.6),
    ],
)
def test_shares_of_the_shipped_release_are_those_counted_from_the_votes_one_by_one(
    a, b, start, end, votes_, share
):
    rows = essay.pair(load("un_vote_agreement", "unga-2020"), a, b, start, end, "all")
    assert int(rows["votes"].sum()) == votes_ and round(essay.together(rows), 1) == share


def test_places_among_all_pairs_recounted_from_the_votes():
    folder = os.environ.get("RVDATA_PRIMARY")
    if not folder:
        pytest.skip("RVDATA_PRIMARY is not set: the roll calls are not at hand")
    pyreadr = pytest.importorskip("pyreadr")
    base = Path(folder) / "un-voting"
    every = pyreadr.read_r(str(base / "un_votes.rda"))["un_votes"]
    calls = pyreadr.read_r(str(base / "un_roll_calls.rda"))["un_roll_calls"]
    year = every.merge(calls[["rcid", "date"]], on="rcid")
    year = year[pd.to_datetime(year["date"]).dt.year == 2007]
    table = year.pivot_table(
        index="rcid", columns="country_code", values="vote", aggfunc="first", observed=True
    ).astype("object")
    regular = table.notna().sum() * 2 >= len(table)
    states, shares = [s for s in table.columns if regular[s]], {}
    for i, a in enumerate(states):
        both = table.notna().mul(table[a].notna(), axis=0)
        same = table.eq(table[a], axis=0) & both
        for b in states[i + 1 :]:
            if both[b].any():
                shares[a, b] = same[b].sum() / both[b].sum()
    ours = shares[("RU", "VE")]
    below = (
        100
        * (sum(s < ours for s in shares.values()) + sum(s == ours for s in shares.values()) / 2)
        / len(shares)
    )
    row = essay.pair(load("un_vote_agreement", "unga-2020"), "RUS", "VEN", 2007, 2007, "all").iloc[
        0
    ]
    assert row["pairs_below_pct"] == pytest.approx(below, abs=0.02)

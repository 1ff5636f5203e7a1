"""Votes of two states against all pairs: what is counted together, what the notebook says of it, also of nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from in_process import run

from rvdata import load
from rvdata.analysis import agreement
from rvdata.errors import DataError


def votes(*rows):
    columns = ["year", "issue", "votes", "agree_share_pct"]
    return pd.DataFrame(rows, columns=columns).assign(release="unga-x")


ROWS = votes(
    (2000, "all", 10, 90.0),
    (2001, "all", 30, 50.0),
    (2000, "nuclear", 5, 20.0),
    (2000, "human_rights", 4, 100.0),
)


def windows(monkeypatch, *rows):
    """Windows of a release whose percentiles are 1, 2, … 99 times a factor."""
    table = pd.DataFrame(rows, columns=["first_year", "last_year", "issue", "roll_calls", "factor"])
    cuts = [";".join(str(q * factor) for q in range(1, 100)) for factor in table.pop("factor")]
    table["percentiles_pct"] = cuts
    monkeypatch.setattr(agreement.store, "load", lambda *_: table)


def test_every_roll_call_counts_once_over_several_years(monkeypatch):
    both = [("all", 80, 1.0), ("nuclear", 5, 0.5), ("human_rights", 9, 1.0)]
    windows(monkeypatch, *((2000, 2001, *row) for row in both), (2000, 2000, "all", 20, 0.9))
    table = agreement.by_issue(ROWS).set_index("issue")
    assert table.index.tolist() == ["all", "nuclear", "human_rights"]
    assert table["agree_share_pct"].tolist() == [60.0, 20.0, 100.0]  # not 70, the mean of two years
    assert table["votes"].tolist() == [40, 5, 4]
    assert table["p50_pct"].tolist() == [50.0, 25.0, 50.0]
    # took part in exactly half; of all; in fewer than half
    assert table["pairs_below_pct"].fillna(-1).tolist() == [60.0, 40.0, -1]
    assert agreement.by_issue(ROWS.head(0)).empty
    assert pd.isna(agreement.together(ROWS.head(0)))


def test_a_window_that_the_release_lacks_leaves_a_pair_without_a_place(monkeypatch):
    windows(monkeypatch, (2000, 2001, "all", 40, 1.0))
    table = agreement.by_issue(ROWS).set_index("issue")
    assert table["pairs_below_pct"].notna().tolist() == [True, False, False]
    assert table.loc["nuclear", ["p05_pct", "p50_pct", "p95_pct"]].isna().all()


@pytest.mark.parametrize(
    ("share", "place", "said"),
    [
        (0.2, 0.5, "less than 1 %"),
        (1.0, 1.0, "1 %"),
        (41.6, 41.6, "42 %"),
        (99.5, 99.5, "more than 99 %"),
    ],
)
def test_some_pairs_are_neither_none_nor_all(share, place, said):
    cuts = pd.Series(range(1, 100), index=range(1, 100), dtype=float)
    assert agreement.place(share, cuts) == pytest.approx(place)
    assert agreement.part(agreement.place(share, cuts)) == said


def test_runs_of_years_are_counted_together():
    rows = votes(*((y, "all", 10 * (y - 1999), 50.0 + y % 2) for y in (2003, 2000, 2001, 2002)))
    table = agreement.runs(rows, 3)
    assert table[["first", "last", "votes"]].values.tolist() == [[2000, 2002, 60], [2001, 2003, 90]]
    assert table["agree_share_pct"].round(4).tolist() == [50.3333, 50.6667]
    assert agreement.runs(rows, 5).empty


# ---- the shipped releases


@pytest.mark.parametrize(
    ("a", "b", "start", "end", "known", "share", "below"),
    [
        ("RUS", "VEN", 1992, 2019, 2426, 68.22, 41.6),
        ("RUS", "USA", 1992, 2019, 2453, 27.72, 1.5),
        ("USA", "VEN", 1992, 2019, 2442, 17.90, 0.3),
        ("RUS", "VEN", 1992, 1996, 355, 53.52, 10),
        ("RUS", "VEN", 2015, 2019, 489, 65.64, 41),
        ("RUS", "VEN", 2000, 2019, 1813, 71.5, None),
        ("USA", "VEN", 2013, 2019, 631, 14.6, None),
    ],
)
def test_shares_and_places_are_those_counted_from_the_votes_one_by_one(
    a, b, start, end, known, share, below
):
    """Places are of pairs whose roll calls are counted together, not averages of the places of the years."""
    row = agreement.by_issue(agreement.votes(b, a, start, end)).iloc[0]
    assert (row["votes"], row["first"], row["last"]) == (known, start, end)
    assert row["agree_share_pct"] == pytest.approx(share, abs=0.05)
    if below is not None:
        assert row["pairs_below_pct"] == pytest.approx(below, abs=0.6 if below == 10 else 0.4)


def test_places_by_issue_are_of_pairs_over_all_years_together():
    table = agreement.by_issue(agreement.votes("RUS", "VEN", 1992)).set_index("issue")
    issues = "all middle_east nuclear disarmament human_rights colonialism development"
    assert table.index.tolist() == issues.split()
    assert table["pairs_below_pct"].round().tolist() == [42, 21, 5, 7, 56, 31, 44]
    assert table.at["all", "p50_pct"] == 77.8


def test_a_year_s_place_keeps_the_digits_that_rounding_to_one_needs():
    rows = agreement.votes("RUS", "VEN", 2002, 2002)
    (place,) = rows[rows["issue"] == "all"]["pairs_below_pct"]
    assert (place, f"{place:.1f}") == (34.4502, "34.5")  # 34.45 would give 34.4


def test_what_is_not_there_is_refused_with_what_there_is():
    with pytest.raises(
        DataError, match=r"of France and Germany; the votes .* of pairs with Brazil"
    ):
        agreement.votes("FRA", "DEU")
    with pytest.raises(DataError, match="in 2021 to 2024; the release has 1946 to 2019"):
        agreement.votes("RUS", "VEN", 2021, 2024)
    with pytest.raises(DataError, match="VEN is given twice"):
        agreement.votes("VEN", "VEN", empty=True)
    with pytest.raises(DataError, match=r"'VNE' is no country code.*nearest: VEN"):
        agreement.votes("VNE", "RUS")
    assert agreement.votes("FRA", "DEU", empty=True).attrs["missing"].startswith("there are no")


def test_a_year_without_an_estimate_parts_a_line():
    table = agreement.points(["VEN", "USA"], 1962, 1966)
    assert table["country"].unique().tolist() == ["VEN", "USA"]
    segments = table.groupby(["country", "segment"], sort=False)["year"].apply(list)
    assert segments.tolist() == [[1962, 1963], [1965, 1966]] * 2


# ---- the notebook


@pytest.mark.parametrize(
    ("a", "b", "third", "last"),
    [("RUS", "VEN", "USA", 2021), ("CHN", "RUS", "USA", 2024), ("CUB", "RUS", "USA", 2024)],
)
def test_the_last_year_that_the_notebook_names_is_the_last_of_the_release(a, b, third, last):
    points = load("un_ideal_points", "unga-2025-07")
    wide = points.pivot(index="year", columns="country", values="ideal_point")[[a, b, third]]
    assert wide.dropna().index.max() == last
    for end in (2019, last):
        told = run("diplomacy", draw=False, country_a=a, country_b=b, third=third, end=end).told()
        assert f"In {min(end, last)}" in told
        assert ("the last year in which each" in told) == (end >= last)

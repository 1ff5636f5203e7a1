"""Undated sums in dollars of one year, pairs of states pooled over years, and breaks in a series."""

from __future__ import annotations

import pandas as pd
import pytest

from rvdata import load, reconcile
from rvdata.analysis import agreement, deflate

CPI = pd.DataFrame({"year": [2000, 2018, 2019, 2024], "cpi": [172.2, 251.107, 255.657, 313.689]})
SUM = {"amount_usd": 30e9, "least": 25e9, "most": 35e9, "as_of_end": pd.Timestamp("2019-02-10")}


def test_an_undated_sum_is_as_wide_as_its_rounding_and_its_possible_years():
    found = deflate.real_range(SUM, CPI, 2000, 2024)
    assert (found["first_year"], found["last_year"]) == (2000, 2018)  # 2019 had not passed
    billions = {k: round(v / 1e9, 1) for k, v in found.items() if k.endswith("usd")}
    assert billions == {
        "least_usd": 37.5,
        "most_usd": 54.6,
        "least_rounded_usd": 31.2,
        "most_rounded_usd": 63.8,
    }
    whole = deflate.real_range(SUM | {"as_of_end": pd.Timestamp("2019-12-31")}, CPI, 2000, 2024)
    assert round(whole["least_rounded_usd"] / 1e9, 1) == 30.7
    assert deflate.real_range(SUM, CPI, 2020, 2024) is None
    assert deflate.real_range(SUM, CPI, 2000, 1999) is None


def test_the_shipped_sum_has_the_interval_that_its_print_leaves_open():
    row = load("investment_totals").set_index("figure_id").loc["geointel-2019-f02"]
    assert row[["least", "most"]].tolist() == [25e9, 35e9]


@pytest.mark.parametrize(
    ("a", "b", "start", "issue", "votes", "share", "below"),
    [
        ("VEN", "RUS", 1992, "all", 2426, 68.2, 41.6),
        ("RUS", "VEN", 1992, "middle_east", None, None, 21),
        ("USA", "VEN", 1992, "all", 2442, 17.9, 0.3),
    ],
)
def test_pairs_are_pooled_over_the_years_and_not_averaged(a, b, start, issue, votes, share, below):
    table = load("un_vote_pooled")
    found = agreement.pooled(table, a, b, start, 2019, issue)
    assert votes is None or found["votes"] == votes
    assert share is None or round(found["agree_share_pct"], 1) == share
    assert round(found["pairs_below_pct"], 1 if below != 21 else 0) == below
    if issue == "all" and "RUS" in (a, b):
        assert (found["pairs"], round(found["middle_pct"], 1)) == (16_836, 77.8)
    assert agreement.pooled(table, a, b, 1993, 2001) is None


def test_a_share_of_pairs_is_rounded_once():
    rows = load("un_vote_agreement").set_index(["country_a", "country_b", "year", "issue"])
    assert rows.loc[("RUS", "VEN", 2002, "all"), "pairs_below_pct"] == pytest.approx(
        34.4502, abs=1e-4
    )


def test_a_new_category_is_a_break_and_not_a_flight():
    rows = load("displaced_persons")
    rows = rows[rows["origin_id"] == "unhcr-2025-12"]
    assert reconcile.breaks(rows, "VEN") == [2018]
    assert reconcile.breaks(rows, "SYR") == [] and reconcile.breaks(rows, "VEN", "refugees") == []

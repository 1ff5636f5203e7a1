"""A category that a publisher counts from some year on is a break of the series, not a flight."""

from __future__ import annotations

from rvdata import load, reconcile


def test_a_new_category_is_a_break_and_not_a_flight():
    rows = load("displaced_persons", "unhcr-2025-12")
    assert reconcile.breaks(rows, "VEN") == [2018]
    assert reconcile.breaks(rows, "SYR") == [] and reconcile.breaks(rows, "VEN", "refugees") == []


def test_the_shipped_sum_has_the_interval_that_its_print_leaves_open():
    row = load("investment_totals").set_index("figure_id").loc["geointel-2019-f02"]
    assert row[["least", "most"]].tolist() == [25e9, 35e9]

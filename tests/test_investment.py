"""Stated sums of money: which there are, when they can have been spent, other years' dollars; and what the notebook says."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from in_process import run

import rvdata
from rvdata import articles, store
from rvdata.analysis import deflate, stated
from rvdata.errors import DataError

NAN, DAY = float("nan"), pd.Timestamp
TOTAL = stated.verdicts("geointel-2019-f02").iloc[0].to_dict()
PAYMENTS = stated.verdicts("kennan-2024-f05").iloc[0].to_dict()


def ids(host, investor):
    return deflate.sums(host, investor)["figure_id"].tolist()


@pytest.fixture
def ledger(monkeypatch):
    """Puts rows in place of the figures that are stated; each a change of the total, in another article."""

    def put(*changes):
        rows = [
            {**TOTAL, "figure_id": f"rusi-2022-f{n:02d}", "source_id": "rusi-2022", **change}
            for n, change in enumerate(changes, 60)
        ]
        frame = pd.DataFrame(rows).astype(stated.verdicts().dtypes.to_dict())
        cells = frame.astype("object").where(frame.notna(), "").astype("str").to_dict("records")
        frame[["least", "most"]] = [articles.left_open(row) for row in cells]
        monkeypatch.setattr(stated, "verdicts", lambda of=None: frame)
        return frame

    return put


# ---- dollars of another year


def test_dollars_of_one_year_in_dollars_of_another():
    expected = 30e9 * 313.6888333 / 251.1068333  # means of the twelve months of each year
    assert rvdata.deflate(30e9, 2018, 2024) == pytest.approx(expected, rel=1e-8)
    assert (
        rvdata.deflate(100.0, 2024) == 100.0
    )  # the last year with all its months; 2025 has eleven
    worth = rvdata.deflate(pd.Series([25e9, 35e9]), pd.Series([2018, 2000]), 2024)
    assert (worth / 1e9).round(1).tolist() == [31.2, 63.8]


@pytest.mark.parametrize(
    ("year", "to", "told"),
    [
        (
            2018,
            2025,
            "uscpi-2026-05 has no twelve months of prices for 2025; use years from 1913 to",
        ),
        (1900, 2024, "no twelve months of prices for 1900;"),
        (pd.Series([1910, 1911, 1913]), 2024, "no twelve months of prices for 1910 to 1911;"),
        (2018, "2020", "must be a whole number such as 2020, not '2020'"),
        (2018, True, "must be a whole number such as 2020, not True"),
    ],
)
def test_a_year_without_all_its_prices_is_refused(year, to, told):
    with pytest.raises(DataError, match=told):
        deflate.deflate(1.0, year, to)


def test_without_a_price_index_the_remedy_is_said(monkeypatch):
    empty = store.load("us_cpi").head(0)
    monkeypatch.setattr(store, "load", lambda *_: empty)
    with pytest.raises(DataError, match="`rvdata import cpi` brings them in"):
        deflate.deflate(1.0, 2018)


# ---- which sums, and what the print leaves open


def test_sums_by_host_and_investor():
    assert ids("VEN", "RUS") == ["geointel-2019-f02", "kennan-2024-f05"]
    assert (
        ids("RUS", "VEN") == ids("VEN", "CHN") == ids("VEN", "USA") == []
    )  # a reward goes nowhere
    assert deflate.pairs().to_numpy().tolist() == [["VEN", "RUS", 2]]


@pytest.mark.parametrize(
    ("change", "amount", "least", "most"),
    [
        ({"stated_step": NAN}, 30e9, 30e9, 30e9),
        ({}, 30e9, 25e9, 35e9),  # an estimate is no better than a rounded number
        ({"qualifier": "exact", "low": 30e9, "high": 30e9}, 30e9, 25e9, 35e9),
        ({"qualifier": "over", "low": 30e9}, 30e9, 30e9, None),
        ({"qualifier": "at_most", "high": 30e9}, 30e9, None, 30e9),
        ({"qualifier": "vague", "value": NAN, "low": 2e6, "stated_step": NAN}, None, 2e6, None),
        ({"qualifier": "range", "value": NAN, "low": 3e9, "high": 5e9}, 4e9, 3e9, 5e9),
    ],
)
def test_what_the_print_leaves_open(ledger, change, amount, least, most):
    ledger(change, {"unit": "EUR"}, {"family": "reward"})  # no dollars, and no money into a country
    (row,) = deflate.sums("VEN", "RUS").to_dict("records")
    found = [row["amount_usd"], row["least"], row["most"]]
    assert [None if v != v else v for v in found] == [amount, least, most]


def test_sums_of_several_states_are_found_by_each_and_the_largest_comes_first(ledger):
    ledger({"value": 1e9}, {"value": NAN, "low": 2e6}, {"value": 3e9, "counterpart": "CHN;RUS"})
    assert ids("VEN", "RUS") == ["rusi-2022-f62", "rusi-2022-f60", "rusi-2022-f61"]
    assert ids("VEN", "CHN") == ["rusi-2022-f62"]


# ---- when a sum can have been spent, and what is said of it


@pytest.mark.parametrize(
    ("change", "years", "expected"),
    [
        ({}, (2000, 0), (2000, 2018, True)),  # it holds by 10 February 2019
        ({"as_of_end": DAY("2018-12-30")}, (2000, 0), (2000, 2017, True)),
        (
            {"as_of_end": pd.NaT},
            (2000, 0),
            (2000, 2018, True),
        ),  # by the article's last possible day
        ({}, (2006, 2014), (2006, 2014, True)),
        (
            {"period_start": DAY("2005-01-01"), "period_end": DAY("2010-12-31")},
            (2000, 2014),
            (2005, 2010, False),
        ),
    ],
)
def test_the_years_in_which_a_sum_can_have_been_spent(change, years, expected):
    assert deflate.spent({**TOTAL, **change}, *years) == expected


def test_a_sum_cannot_be_spent_after_it_holds():
    with pytest.raises(
        DataError,
        match="f02 holds by 10 February 2019, so spent_from = 2019 is too late; choose 2018",
    ):
        deflate.spent(TOTAL, 2019)


def said(**change):
    """What is said of the total with some cells changed."""
    row = {**TOTAL, "least": 25e9, "most": 35e9, **change}
    return deflate.said(row)


def test_of_a_bare_total_nothing_but_the_counter_is_said():
    told = said()
    assert told.pop("who counted it") == "US estimate"
    assert len(told) == 6 and set(told.values()) == {"not stated"}
    assert said(attributed_to=NAN)["who counted it"] == "not stated"


def test_of_payments_the_size_is_missing_and_the_rest_is_not():
    assert deflate.said(PAYMENTS) == {
        "when it was spent": "2014",
        "what counts as such money": "prepayment",
        "whether it is a stock or a flow": "single payments",
        "whether repayments are deducted": "–",
        "in prices of which year": "–",
        "who counted it": "not stated",
        "how large or small it may be": "2 million dollars or more",
    }


@pytest.mark.parametrize(
    ("measure", "aspect", "words"),
    [
        ("net direct investment", "whether repayments are deducted", "net"),
        ("direct investment", "what counts as such money", "direct"),
        ("outstanding loans", "whether it is a stock or a flow", "outstanding"),
        ("investment in constant dollars", "in prices of which year", "constant"),
        ("internet holdings", "whether repayments are deducted", "not stated"),
    ],
)
def test_words_of_the_measure_tell_what_a_sum_means(measure, aspect, words):
    assert said(measure=measure)[aspect] == words


# ---- the notebook


def test_range_and_shares_are_those_counted_from_the_publishers_files_by_hand():
    names = run("investment", draw=False).names
    worth, shares = names["worth"], names["beside"].set_index(["country", "year"])["share_pct"]
    assert worth["year"].tolist() == list(range(2000, 2019))
    ends = worth.least_usd.min() / 1e9, worth.most_usd.max() / 1e9
    assert ends == pytest.approx((31.23, 63.76), abs=0.005)
    at = [("VEN", 2003), ("VEN", 2014), ("RUS", 2000)]
    assert shares.loc[at].round(2).tolist() == [35.88, 6.22, 11.55]
    assert shares.loc["VEN"].index.max() == 2014  # none is published after 2014


def test_a_sum_of_a_stated_period_needs_no_assumption_and_two_are_not_added(ledger):
    years = {"period_start": DAY("2005-01-01"), "period_end": DAY("2007-12-31")}
    dated = years | {"period_start_basis": "printed", "as_of_end": pd.NaT, "status": "as_printed"}
    ledger(dated | {"qualifier": "at_least", "low": 30e9}, {"value": 4e9, "attributed_to": NAN})
    done = run("investment")
    told = re.sub("<sup>.*?</sup>", "", done.told())
    assert "In dollars of 2024 it may be 45 billion or more." in told
    assert "They are not added: one may be part of another." in told
    assert "assum" not in told and "doubted" not in told and "cannot be compared" not in told
    (readings,) = (t.frame for t in done.tables["figure"] if "if it was" in t.frame)
    assert readings["years"].tolist() == ["2005 to 2007"]


def test_a_sum_that_is_computed_is_not_said_to_be_printed(ledger):
    derived = {"status": "derived", "stated": NAN, "low": 3e10, "high": 3e10, "attributed_to": NAN}
    ledger(derived)
    done = run("investment", draw=False)
    assert (
        "It is computed here and not printed: total Russian investment in Venezuela, from RUSI"
        in done.answer()
    )
    assert "“" not in done.told() and "nan" not in done.told()

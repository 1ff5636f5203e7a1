"""Grammar on none, one, two and many; numbers and dates as prose says them."""

from __future__ import annotations

import pandas as pd
import pytest

from rvdata import load, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{words.count(0, 'row')} {words.verb(0, 'states', 'state')}", "no row states"),
        (f"{words.count(1, 'row')} {words.verb(1, 'states', 'state')}", "one row states"),
        (f"{words.count(12, 'row')} {words.verb(12, 'states', 'state')}", "twelve rows state"),
        (words.count(1234, "row"), "1,234 rows"),
        (words.count(2, "country"), "two countries"),
        (words.listed([]), "none"),
        (words.listed(["A"]), "A"),
        (words.listed(["A", "B"]), "A and B"),
        (words.listed(["A, of C", "B"]), "A, of C; and B"),
        (words.listed("ABCD", most=3), "A, B, C and D"),
        (words.possessive("United States"), "United States'"),
        (words.number(69.5), "69.5"),
        (words.number(-0.26), "−0.26"),
        (words.number(30e9), "30,000,000,000"),
        (words.number(999_999.0), "999,999"),
        (words.number(100 / 3), "33.3333"),
    ],
)
def test_numbers_lists_and_verbs_read_as_english(text, said):
    assert text == said


@pytest.mark.parametrize(
    ("first", "last", "precision", "said"),
    [
        ("2019-02-04", "2019-02-04", "day", "4 February 2019"),
        ("2025-10-01", "2025-10-31", "month", "October 2025"),
        ("2022-02-11", "2022-02-20", "part_of_month", "mid February 2022"),
        ("2020-09-01", "2020-12-31", "part_of_year", "late 2020"),
        ("2000-01-01", "2003-12-31", "part_of_decade", "the early 2000s"),
        ("2019-01-01", "2023-12-31", "period", "2019 to 2023"),
        ("2025-11-02", "2025-11-08", "period", "2 to 8 November 2025"),
        (None, "2018-05-26", "before", "by 26 May 2018"),
        ("2024-07-29", None, "after", "after 29 July 2024"),
        ("2024-07-01", None, "after", "from July 2024 on"),
        ("2020-01-01", None, "after", "from 2020 on"),
        (None, "2020-12-31", "before", "by the end of 2020"),
        ("2018-05-20", "2018-05-26", "week", "20 to 26 May 2018"),
        ("2025-10-23", "2025-11-08", "ongoing", "under way on 23 October 2025"),
        ("2017-05-27", "2018-05-26", "recent", "within the year to 26 May 2018"),
    ],
)
def test_dates_are_said_as_exactly_as_they_are_known(first, last, precision, said):
    assert words.days(pd.Timestamp(first), pd.Timestamp(last), precision) == said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("over 100", "over 100 persons"),
        ("$30 billion", "about $30 billion"),
        ("6.6 million", "6.6 million persons"),
        ("dozens", "dozens of persons"),
        ("70%", "70%"),
        ("decades", "decades"),
        ("number one", "No. 1"),
        ("doubled", "2-fold"),
    ],
)
def test_a_stated_quantity_is_said_with_its_hedge_and_unit(stated, said):
    figures = load("figures").set_index("stated", drop=False)
    assert words.quantity(figures.loc[[stated]].iloc[0]) == said


def test_derived_quantities_are_said_with_their_interval():
    figures = load("figures").query("status == 'derived'").set_index("family")
    assert words.quantity(figures.loc["arms_import_share"]) == "10 (0 to 20) percent"
    assert words.quantity(figures.loc["ship"]) == "at least 4 ships"
    assert words.quantity(figures.loc["recognition"]) == "at least 16 countries"
    assert words.quantity(figures.loc["reward"]) == "25,000,000 USD"


def test_a_publication_window_is_as_of_and_never_a_period():
    row = load("figures").set_index("figure_id").loc["rferl-2025-f02"]
    assert words.when(row) == "as of 2 to 8 November 2025 (inferred)"

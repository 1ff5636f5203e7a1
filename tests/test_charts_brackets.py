"""Rows of dots around a stated number, and bars by rank: what is drawn is what the frame holds."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts
from rvdata.charts import brackets as chart

TEXTS = {
    "title": "Who is counted",
    "subtitle": "Two year ends.",
    "source": "Source: nobody.",
    "unit": "million",
}
ROW = {
    "group": "Ruritania: 5 stated",
    "row": "refugees alone",
    "first": 4.0,
    "last": 6.0,
    "value": 5.0,
    "least": 4.9,
    "most": 5.1,
    "words": "4 to 6: around it",
    "checked": True,
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def draw(*rows):
    return chart.brackets(pd.DataFrame([ROW | row for row in rows or [{}]]), limit=8.0, **TEXTS)


def marks(fig, marker):
    return [float(line.get_xdata()[0]) for line in fig.axes[0].lines if line.get_marker() == marker]


def test_the_earlier_count_is_a_circle_and_the_later_a_square_joined_by_a_line():
    fig = draw()
    assert marks(fig, "o") == [4.0] and marks(fig, "s") == [6.0]
    assert [4.0, 6.0] in [list(line.get_xdata()) for line in fig.axes[0].lines]


def test_what_is_stated_is_a_line_with_its_interval():
    fig = draw()
    assert [5.0, 5.0] in [list(line.get_xdata()) for line in fig.axes[0].lines]
    field = fig.axes[0].collections[0].get_paths()[0].get_extents()
    assert (field.x0, field.x1) == (4.9, 5.1)


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        ({"least": 5.0, "most": math.nan}, (5.0, 8.0)),
        ({"least": math.nan, "most": 5.0}, (0.0, 5.0)),
    ],
)
def test_an_open_side_reaches_to_the_end_of_the_axis(bounds, field):
    extent = draw(bounds).axes[0].collections[0].get_paths()[0].get_extents()
    assert (extent.x0, extent.x1) == field


def test_a_row_without_counts_has_words_and_no_mark():
    fig = draw({"first": math.nan, "last": math.nan, "words": "not comparable"})
    assert marks(fig, "o") == marks(fig, "s") == []
    assert "not comparable" in [t.get_text() for t in fig.axes[0].texts]


def test_one_year_end_is_a_circle_alone():
    fig = draw({"last": math.nan})
    assert marks(fig, "o") == [4.0] and marks(fig, "s") == []


def test_many_groups_of_long_names_do_not_touch():
    rows = [
        {
            "group": f"State number {g}: 5 million stated; circle: end of 2021, square: end of 2022",
            "row": f"a definition with a long name that has to be wrapped {i}",
            "checked": i == 0,
            "words": "123,000 to 12.34 million: far too large to fit",
        }
        for g in range(4)
        for i in range(5)
    ]
    assert charts.collisions(draw(*rows)) == []


def test_bars_are_as_long_as_their_values_and_strong_ones_dark():
    plotted = pd.DataFrame(
        {
            "label": ["1  Ruritania", "2  Freedonia"],
            "value": [3.0, 2.0],
            "words": ["3.00 million, end of 2021", "2.00 million, end of 1990"],
            "strong": [False, True],
        }
    )
    fig = chart.ranked(plotted, **TEXTS)
    bars = fig.axes[0].patches
    assert [bar.get_width() for bar in bars] == [3.0, 2.0]
    assert [
        bar.get_facecolor()[:3] == plt.matplotlib.colors.to_rgb(charts.COLOURS[0]) for bar in bars
    ] == [False, True]
    assert charts.collisions(fig) == []


def test_two_groups_of_bars_have_a_heading_each():
    plotted = pd.DataFrame(
        {
            "group": ["first", "second"],
            "label": ["A", "B"],
            "value": [3.0, 2.0],
            "words": ["x", "y"],
            "strong": True,
        }
    )
    fig = chart.ranked(plotted, **TEXTS)
    assert {"first", "second"} <= {t.get_text() for t in fig.axes[0].texts} and charts.collisions(
        fig
    ) == []

import math

import matplotlib
import pandas as pd
import pytest

from rvdata import charts
from rvdata.charts import series

TEXTS = {
    "title": "People displaced abroad",
    "subtitle": "Counts at year ends.",
    "source": "Source: nobody.",
    "unit": "million",
}


def frame(**lines: dict[int, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"series": name, "year": year, "value": value}
            for name, values in lines.items()
            for year, value in values.items()
        ],
        columns=["series", "year", "value"],
    )


def stated(**row) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "label": "6 stated",
                "value": 6.0,
                "least": math.nan,
                "most": math.nan,
                "first": 2003.0,
                "last": 2003.5,
            }
            | row
        ]
    )


def drawn(fig) -> list[tuple[list[float], list[float]]]:
    """Places of every line of two points or more that is as wide as a series."""
    return [
        (list(map(float, line.get_xdata())), list(map(float, line.get_ydata())))
        for line in fig.axes[0].lines
        if line.get_linewidth() == 1.8 and len(line.get_xdata()) > 1 and line.get_ls() != "None"
    ]


def dots(fig, marker="o") -> list[tuple[float, float, str]]:
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_mfc())
        for line in fig.axes[0].lines
        if line.get_marker() == marker
    ]


def words(fig) -> list[str]:
    return [t.get_text() for t in fig.findobj(matplotlib.text.Text) if t.get_text().strip()]


def test_a_missing_year_and_an_empty_one_are_gaps():
    fig = series.lines(
        frame(A={2000: 1.0, 2001: 2.0, 2003: 3.0, 2004: 4.0, 2005: math.nan, 2006: 5.0, 2007: 6.0}),
        **TEXTS,
    )
    assert drawn(fig) == [([2000, 2001], [1, 2]), ([2003, 2004], [3, 4]), ([2006, 2007], [5, 6])]


def test_a_value_between_two_gaps_is_a_dot_even_on_a_long_axis():
    values = dict.fromkeys(range(1950, 2000), 1.0) | {2010: 7.0}
    fig = series.lines(frame(A=values), **TEXTS)
    assert [(x, y) for x, y, _ in dots(fig)] == [(2010, 7)]


def test_values_at_year_ends_stand_where_the_next_year_begins():
    fig = series.lines(frame(A={2000: 1.0, 2001: 2.0}), year_ends=True, **TEXTS)
    assert drawn(fig) == [([2001, 2002], [1, 2])]


def test_estimated_values_are_hollow():
    plotted = frame(A={2000: 1.0, 2001: 2.0}).assign(hollow=[False, True])
    assert [face == "white" for _, _, face in dots(series.lines(plotted, **TEXTS))] == [False, True]


def test_zero_on_a_logarithmic_axis_is_a_triangle_at_its_edge_and_not_lost():
    fig = series.lines(frame(A={2000: 0.0, 2001: 20.0, 2002: 30.0}), log=True, **TEXTS)
    assert [(x, y) for x, y, _ in dots(fig, "v")] == [(2000, 10)]
    assert drawn(fig) == [([2001, 2002], [20, 30])]


def test_every_series_ribbon_and_mark_is_named_on_the_figure():
    plotted = frame(Syria={2000: 1.0, 2001: 2.0}, Ukraine={2000: 1.1, 2001: 2.1})
    ribbons = pd.DataFrame(
        {"ribbon": "half of all", "year": [2000, 2001], "low": [0.5, 0.6], "high": [1.5, 1.6]}
    )
    fig = series.lines(plotted, ribbons=ribbons, marks=stated(), **TEXTS)
    assert {"Syria", "Ukraine", "half of all", "6 stated"} <= set(words(fig))
    assert charts.collisions(fig) == []


def test_names_of_lines_that_end_together_do_not_touch():
    plotted = frame(**{f"State {i}": {2000: 1.0, 2001: 2.0 + i / 1000} for i in range(9)})
    assert charts.collisions(series.lines(plotted, **TEXTS)) == []


@pytest.mark.parametrize(
    ("row", "arrow"),
    [
        ({"least": 6.0, "value": math.nan}, (6.0, "up")),
        ({"most": 6.0, "value": math.nan}, (6.0, "down")),
    ],
)
def test_an_open_side_of_a_stated_number_is_an_arrow(row, arrow):
    fig = series.lines(frame(A={2000: 1.0, 2004: 9.0}), marks=stated(**row), **TEXTS)
    arrows = [
        t
        for t in fig.axes[0].texts
        if isinstance(t, matplotlib.text.Annotation) and t.arrow_patch is not None
    ]
    assert len(arrows) == 1
    start, end = arrows[0].xyann[1], arrows[0].xy[1]
    assert (start, "up" if end > start else "down") == arrow


def test_the_interval_of_a_stated_number_is_a_field_over_its_time():
    fig = series.lines(frame(A={2000: 1.0, 2004: 9.0}), marks=stated(least=5.5, most=6.5), **TEXTS)
    box = fig.axes[0].collections[0].get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (5.5, 6.5)
    assert (box.x0, box.x1) == (2003.0, 2003.5)


def test_nothing_but_a_stated_number_can_be_drawn():
    fig = series.lines(frame(), marks=stated(), **TEXTS)
    assert "6 stated" in words(fig) and charts.collisions(fig) == []


def test_negative_values_are_not_cut_off():
    low, high = series.lines(frame(A={2000: -1.2, 2001: 0.4}), **TEXTS).axes[0].get_ylim()
    assert low < -1.2 and high > 0.4


@pytest.mark.parametrize("many", [1, 2, 3, 6])
def test_names_of_stated_numbers_are_neither_cut_off_nor_on_one_another(many):
    plotted = frame(
        A={y: float(y - 2000) for y in range(2000, 2012)},
        B={y: 11.0 - (y - 2000) for y in range(2000, 2012)},
    )
    marks = pd.concat(
        [
            stated(label=f"{i} million stated for state number {i}", value=float(i))
            for i in range(many)
        ]
    )
    assert charts.collisions(series.lines(plotted, marks=marks, year_ends=True, **TEXTS)) == []

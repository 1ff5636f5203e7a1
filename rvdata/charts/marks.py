"""Marks that carry doubt, which seaborn has not: intervals, hatched parts, breaks; each drawn on an axes that is given."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib.patches
import numpy as np
import pandas as pd

from rvdata.charts.house import INK, MUTED, REST, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def stacked(
    ax: Axes,
    data: pd.DataFrame,
    *,
    x: str,
    y: str,
    by: str,
    hatched: str = "",
    first: str = "",
    most: int = 5,
) -> None:
    """Stacked bars by year, with the part of each that rests on an estimate hatched, and a legend.

    Parameters
    ----------
    data : DataFrame
        One row per `x` and `by`; `hatched` is in the unit of `y`.
    x, y, by, hatched : str
        Columns: year, value, country code, and what of the value is estimated.
    first : str
        Code that comes first, where it has anything.
    most : int
        So many of `by` have their colours, the first by volume; the others are grey together.
    """
    from rvdata import countries, words

    sums = data.groupby(by)[y].sum().sort_values(ascending=False, kind="stable")
    sums = sums[sums > 0]
    sums = sums.loc[sorted(sums.index, key=lambda code: code != first)]
    named = list(sums.index if len(sums) <= most + 1 else sums.index[:most])
    rest = [c for c in sums.index if c not in named]
    years = np.arange(data[x].min(), data[x].max() + 1)
    floor = np.zeros(len(years))
    handles = []
    groups = [(countries.name(c), [c], colour(c)) for c in named]
    groups += [(words.count(len(rest), "other"), rest, REST)] * bool(rest)
    for label, codes, shade in groups:
        rows = data[data[by].isin(codes)].groupby(x)
        value = rows[y].sum().reindex(years, fill_value=0.0).to_numpy(dtype=float)
        part = (
            rows[hatched].sum().reindex(years, fill_value=0.0).to_numpy(dtype=float)
            if hatched
            else 0 * value
        )
        look = {"width": 0.8, "edgecolor": shade, "linewidth": 0.6}
        ax.bar(years, value - part, bottom=floor, color=shade, **look)
        ax.bar(years, part, bottom=floor + value - part, color="white", hatch="//////", **look)
        floor = floor + value
        handles.append(matplotlib.patches.Patch(facecolor=shade, label=label))
    if hatched and data[hatched].gt(0).any():
        handles.append(
            matplotlib.patches.Patch(
                facecolor="white", edgecolor=MUTED, hatch="//////", label="estimated"
            )
        )
    ax.legend(handles=handles, loc="best")
    ax.set(xlabel=x, ylabel=y)
    ax.grid(False, axis="x")


def span(ax: Axes, first: float, last: float, text: str) -> None:
    """A bracket over a window of years, with what is stated of it."""
    top = ax.get_ylim()[1]
    ax.set_ylim(ax.get_ylim()[0], top * 1.2)
    y = top * 1.06
    ax.plot([first - 0.4, last + 0.4], [y, y], color=INK, lw=1.2)
    for end in (first - 0.4, last + 0.4):
        ax.plot([end, end], [y - top * 0.02, y], color=INK, lw=1.2)
    ax.text((first + last) / 2, y + top * 0.02, text, ha="center", va="bottom")


def interval(ax: Axes, least: float, most: float, text: str, *, shade: str = INK) -> None:
    """A band across the chart for what a printed number leaves open, with its words."""
    ax.axhspan(least, most, color=shade, alpha=0.25, lw=0)
    ax.axhline((least + most) / 2, color=shade, lw=0.8)
    ax.annotate(
        text,
        (0, (least + most) / 2),
        (4, 3),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        color=shade,
        va="bottom",
    )


def breaks(ax: Axes, data: pd.DataFrame, *, x: str, y: str) -> None:
    """Where a series is broken, a hollow dot at the first count of the new segment, and why, in words."""
    for row in data[data["broken_by"].ne("")].to_dict("records"):
        ax.plot(row[x], row[y], "o", mfc="white", mec=INK, ms=5, zorder=4)
        ax.annotate(
            row["broken_by"].replace("_", " "),
            (row[x], row[y]),
            (-6, 6),
            textcoords="offset points",
            ha="right",
            color=MUTED,
        )


def dated(ax: Axes, data: pd.DataFrame, *, by: str, start: int, end: int) -> None:
    """A line a happening, drawn as exactly as its days are known, with its words beside it.

    A dot is a day, a bar lasts from the first day to the last, a dotted line is some day between them. A bar fades where it
    began before, and ends in an arrow where it goes on.

    Parameters
    ----------
    data : DataFrame
        Columns of `analysis.events.happenings`, part, and `by`: the code whose colour a line has; drawn from top to bottom.
    start, end : int
        First and last year of the axis; what reaches beyond is cut there.
    """

    def at(day: pd.Timestamp) -> float:
        return day.year + (day.day_of_year - 1) / (366 if day.is_leap_year else 365)

    labels = _labels(data)
    lines = [text.count("\n") + 1.5 for text in labels]
    places = [sum(lines[:i]) + lines[i] / 2 for i in range(len(lines))]
    for y, row in zip(places, data.to_dict("records"), strict=True):
        shade, first, last = colour(row[by]), at(row["first"]), at(row["last"]) + 1 / 365
        left, right = max(first, start), min(last, end + 1)
        if row["first"] == row["last"]:
            ax.plot(left, y, "o", color=shade, ms=6, zorder=4, clip_on=False)
        elif row["lasts"]:
            ax.plot([left, right], [y, y], color=shade, lw=5, solid_capstyle="butt", zorder=3)
        else:
            ax.plot([left, right], [y, y], color=shade, lw=1.6, ls=(0, (1, 1.5)), zorder=3)
            ax.plot([left, right], [y, y], "|", color=shade, ms=8, mew=1.6, zorder=3)
        if row["open_start"]:
            for step in range(3):
                edge, faint = left - 0.06 * step, 0.45 - 0.13 * step
                ax.plot([edge - 0.06, edge], [y, y], color=shade, lw=5, alpha=faint, zorder=2)
        for x, mark, cut in (
            (left, "<", first < start),
            (right, ">", last > end + 1 or row["open_end"]),
        ):
            if cut:
                ax.plot(x, y, mark, color=shade, ms=7, zorder=4, clip_on=False)
    ax.set_yticks(places, labels)
    ax.set(xlim=(start, end + 1), ylim=(sum(lines), 0), xlabel="year", ylabel="")
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.grid(False, axis="y")
    codes = list(dict.fromkeys(data[by]))
    handles = [matplotlib.patches.Patch(facecolor=colour(c), label=c) for c in codes]
    if 1 < len(codes) <= 4:
        look = {"frameon": True, "facecolor": "white", "edgecolor": "none"}
        ax.legend(handles=handles, loc="best", **look)


def tall(data: pd.DataFrame) -> float:
    """Inches that `dated` needs for the words of its lines."""
    return 0.7 + 0.148 * sum(text.count("\n") + 1.5 for text in _labels(data))


def _labels(data: pd.DataFrame) -> list[str]:
    rows = zip(data["summary"], data["part"], strict=True)
    return ["\n".join(textwrap.wrap("– " * part + text, 42)) for text, part in rows]

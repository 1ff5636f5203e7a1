"""Marks that carry doubt, which seaborn has not: intervals, hatched parts, breaks; each drawn on an axes that is given."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib.lines
import matplotlib.patches
import numpy as np
import pandas as pd

from rvdata import countries, words
from rvdata.charts.house import INK, MUTED, REST, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: So many of a stack have their colours, the first by volume; the others are grey together.
MOST_SHADES = 5


def stacked(
    ax: Axes,
    data: pd.DataFrame,
    *,
    x: str,
    y: str,
    by: str,
    hatched: str,
    first: str = "",
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
    """
    sums = data.groupby(by)[y].sum().sort_values(ascending=False, kind="stable")
    sums = sums[sums > 0]
    sums = sums.loc[sorted(sums.index, key=lambda code: code != first)]
    named = list(sums.index if len(sums) <= MOST_SHADES + 1 else sums.index[:MOST_SHADES])
    rest = [c for c in sums.index if c not in named]
    years = np.arange(data[x].min(), data[x].max() + 1)
    floor = np.zeros(len(years))
    handles = []
    groups = [(countries.name(c), [c], colour(c)) for c in named]
    groups += [(words.count(len(rest), "other"), rest, REST)] * bool(rest)
    for label, codes, shade in groups:
        rows = data[data[by].isin(codes)].groupby(x)[[y, hatched]].sum()
        value, part = rows.reindex(years, fill_value=0.0).to_numpy(dtype=float).T
        look = {"width": 0.8, "edgecolor": shade, "linewidth": 0.6}
        for height, fill in (
            (value - part, {"color": shade}),
            (part, {"color": "white", "hatch": "//////"}),
        ):
            here = height > 0  # what is 0 leaves no line
            ax.bar(years[here], height[here], bottom=floor[here], **fill, **look)
            floor = floor + height
        handles.append(matplotlib.patches.Patch(facecolor=shade, label=label))
    if data[hatched].gt(0).any():
        look = {"facecolor": "white", "edgecolor": MUTED, "hatch": "//////"}
        handles.append(matplotlib.patches.Patch(label="estimated", **look))
    ax.update_datalim([(years[0] - 0.4, 0), (years[-1] + 0.4, 0)])  # years without bars count
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


def interval(ax: Axes, least: float, most: float, text: str) -> None:
    """A band across the chart for what a printed number leaves open, with its words."""
    ax.axhspan(least, most, color=INK, alpha=0.25, lw=0)
    for edge in (least, most):  # no line in the middle: an interval has no best value
        ax.axhline(edge, color=INK, lw=0.7)
    at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "bottom"}
    ax.annotate(text, (0, most), (4, 3), color=INK, **at)


def breaks(ax: Axes, data: pd.DataFrame, *, x: str, y: str) -> None:
    """Where a series is broken, a hollow dot at the first count of the new segment."""
    new = data[data["broken_by"] != ""]
    ax.plot(new[x], new[y], "o", mfc="white", mec=INK, ms=5, zorder=4)


def stated(ax: Axes, x: float, value: float, least: float, most: float, shade: str) -> None:
    """What is stated at one place of an axis: a diamond, and a bar for what the print leaves open."""
    ax.plot([x, x], [least, most], color=shade, lw=5, alpha=0.4, solid_capstyle="butt", zorder=4)
    ax.plot(x, value, "D", color=shade, mec="white", ms=5, zorder=5)


def links(
    ax: Axes, data: pd.DataFrame, *, left: str, right: str, value: str, inferred: str
) -> None:
    """From a state in one reading to a state in another: a line as wide as the value, sloped where the readings differ.

    Parameters
    ----------
    data : DataFrame
        One row a line.
    left, right, value, inferred : str
        Columns: codes on either side (left may be empty), what the line is worth, and whether the code on the right is inferred, which is drawn
        hollow.
    """

    def text(x: float, code: str, more: str = "", **look: str) -> None:
        ax.text(x, places[code], words.capital(words.the(code)) + more, va="center", **look)

    ranked = data.sort_values(value, ascending=False)
    rows = [(row[left] if words.said(row[left]) else "", row) for row in ranked.to_dict("records")]
    codes = dict.fromkeys(code for before, row in rows for code in (before, row[right]) if code)
    places = {code: -float(i) for i, code in enumerate(codes)}
    for before, row in rows:
        shade, y = colour(row[right]), places[row[right]]
        if before:
            look = {"lw": 1.5 + 8 * row[value] / ranked[value].max(), "solid_capstyle": "butt"}
            ax.plot([0, 1], [places[before], y], color=shade, alpha=0.6, **look)
            ax.plot(0, places[before], "o", color=shade, ms=8, zorder=4)
        inside = "white" if row[inferred] else shade
        ax.plot(1, y, "o", mfc=inside, mec=shade, mew=2, ms=8, zorder=4)
        text(1.05, row[right], f": {words.about(row[value])}")
    for code in places:
        here = data[left].eq(code).any()
        text(-0.05, code, ha="right", color=INK if here else MUTED)
        if not data[right].eq(code).any():
            text(1.05, code, ": no count stated", color=MUTED)
    ax.set(xlim=(-0.75, 1.9), ylim=(min(places.values()) - 0.5, 0.5), yticks=[])
    ax.set_xticks([0, 1], ["held responsible", "fled from"])
    _bare(ax)


def _bare(ax: Axes) -> None:
    """An axes for marks in a grid: names above, no lines, no labels."""
    ax.set(xlabel="", ylabel="")
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)


_LOOK = {"marker": "o", "ms": 6, "mew": 1.2, "mec": INK, "mfc": INK, "zorder": 4}
#: Stance of an argument → how its mark looks, for `Axes.plot`.
LOOKS = {
    "asserted": _LOOK,
    "reported": _LOOK | {"mfc": "white"},
    "conditional": _LOOK | {"fillstyle": "left", "markerfacecoloralt": "white"},
    "predicted": _LOOK | {"marker": ">"},
    "rejected": _LOOK | {"marker": "x"},
}
#: Stance → what a reader is told of the mark.
SAID = words.terms("stance")


def grid(ax: Axes, data: pd.DataFrame, columns: list[str]) -> None:
    """One mark an argument: who argues what, and in whose voice; headings above groups of rows, a legend of the marks.

    Parameters
    ----------
    data : DataFrame
        One row a mark, as `analysis.arguments.marks` gives them: words, source_id, stance (a key of `LOOKS`) and group; rows
        and groups stand in order of appearance.
    columns : list of str
        Articles that may argue, from left to right.
    """
    lines: list[tuple[str, bool]] = []
    for head, block in data.groupby("group", sort=False):
        lines += [(head, True), *((name, False) for name in dict.fromkeys(block["words"]))]
    places = {line: -float(i) for i, line in enumerate(lines)}
    for (name, who), cell in data.groupby(["words", "source_id"], sort=False):
        shifts = (np.arange(len(cell)) - (len(cell) - 1) / 2) * min(0.2, 0.8 / len(cell))
        for shift, voice in zip(shifts, cell["stance"], strict=True):
            ax.plot(columns.index(who) + shift, places[name, False], **LOOKS[voice])
    for (_, heading), y in places.items():
        if not heading:
            ax.axhline(y, color="#e8e8e8", lw=0.6, zorder=0)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(0.6 - len(lines), 0.5))
    ax.set_yticks(list(places.values()), [name for name, _ in lines])
    for label, (_, heading) in zip(ax.get_yticklabels(), lines, strict=True):
        label.set_fontweight("bold" if heading else "normal")
    short, parts = words.terms("head"), [column.partition("-") for column in columns]
    ax.set_xticks(range(len(columns)), [f"{short.get(a, a)}\n{year}" for a, _, year in parts])
    _bare(ax)
    used = [voice for voice in LOOKS if voice in set(data["stance"])]
    handles = [matplotlib.lines.Line2D([], [], ls="", label=SAID[v], **LOOKS[v]) for v in used]
    look = {"handletextpad": 0.1, "columnspacing": 1.0, "ncol": len(used)}
    ax.legend(handles=handles, loc="upper right", bbox_to_anchor=(1, 0), **look)


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
        ends = {"<": (left, first < start), ">": (right, last > end + 1 or row["open_end"])}
        for mark, (x, cut) in ends.items():
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

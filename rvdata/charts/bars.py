"""Bars by year: stacked parts of a total, and two directions of one quantity mirrored at an axis."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from rvdata.charts import (
    _CHAR,
    COLOURS,
    INK,
    MUTED,
    REST,
    RULE,
    WIDTH,
    _frame,
    _key_places,
    house_style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Looks of parts by their place; `rest` and `unknown` are for what has no name of its own.
_LOOKS = tuple({"facecolor": c, "edgecolor": c} for c in COLOURS)
_REST = {"facecolor": "#b4b4b4", "edgecolor": "#8a8a8a"}
_UNKNOWN = {"facecolor": "white", "edgecolor": INK, "linestyle": (0, (2, 1.5))}
LEFT, RIGHT = 0.085, 0.985  # shares of the width that the bars take


def looks(parts: list[str], rest: str = "", unknown: str = "") -> dict[str, dict]:
    """How each part is drawn: colours in order, grey for the rest, a broken outline for what is unknown.

    Parameters
    ----------
    parts : list of str
        Names of all parts, from the bottom of the stack to its top; at most six besides `rest` and `unknown`.
    rest, unknown : str
        Which of them are the rest and the unknown; empty if there is none.
    """
    named = [p for p in parts if p not in (rest, unknown)]
    if len(named) > len(_LOOKS):
        raise ValueError(
            f"{len(named)} parts have no colours that can be told apart: name at most {len(_LOOKS)}"
        )
    return {
        p: _REST if p == rest else _UNKNOWN if p == unknown else _LOOKS[named.index(p)]
        for p in parts
    }


def stacked(
    plotted: pd.DataFrame,
    *,
    parts: dict[str, dict],
    title: str,
    subtitle: str,
    source: str,
    unit: str,
    nothing: str,
    hatched: str,
    span: tuple[int, int, str] | None = None,
) -> Figure:
    """One bar for each year, stacked of parts; what rests on an estimate is hatched, an empty year has a ring.

    Parameters
    ----------
    plotted : DataFrame
        Columns year, part, value and estimated (the part of the value that is hatched; NaN if that is not known). One
        row for each part of a year; a year in which there is nothing has one row of value 0. Years that do not occur
        are left empty.
    parts : dict
        Part → look, as `looks` gives them, from the bottom of the stack to its top.
    title, subtitle, source, unit : str
        Texts on the figure.
    nothing, hatched : str
        What a ring and hatching mean, for the key; what does not occur is left out.
    span : tuple, optional
        First year, last year and words of a bracket above the bars.

    Returns
    -------
    Figure
    """
    years = range(int(plotted["year"].min()), int(plotted["year"].max()) + 1)
    totals = plotted.groupby("year")["value"].sum()
    empty = [int(y) for y in totals.index[totals == 0]]
    used = [p for p in parts if (plotted.loc[plotted["part"] == p, "value"] > 0).any()]
    keyed = _key_places(
        {
            **{p: p for p in used},
            **({"//": hatched} if (plotted["estimated"] > 0).any() else {}),
            **({"o": nothing} if empty else {}),
        }
    )
    head = 0.24 * (1 + max((row for _, _, row, _ in keyed), default=0)) + 0.1
    above = 0.32 if span else 0.05
    fig, ax = _frame(title, subtitle, source, head + above + 2.5)
    with house_style():
        tall, box = fig.get_figheight(), ax.get_position()
        ax.set_position((LEFT, box.y0, RIGHT - LEFT, (2.5 + above) / tall))
        for what, words, row, x in keyed:
            _key(fig, x, box.y1 - (0.12 + 0.24 * row) / tall, what, words, parts)
        top = (totals.max() or 1.0) * 1.04
        high = top * (2.5 + above) / 2.5
        for year in totals.index:
            base = 0.0
            rows = plotted[plotted["year"] == year].set_index("part")
            for part in parts:
                if part in rows.index and rows.at[part, "value"] > 0:
                    base = _segment(
                        ax,
                        year,
                        base,
                        rows.at[part, "value"],
                        rows.at[part, "estimated"],
                        parts[part],
                    )
        ax.plot(
            empty,
            [top * 0.016] * len(empty),
            "o",
            ms=3.2,
            mfc="white",
            mec=MUTED,
            mew=0.9,
            ls="none",
            clip_on=False,
            zorder=4,
        )
        if span:
            first, last = max(span[0], years[0]) - 0.42, min(span[1], years[-1]) + 0.42
            y = top + 0.10 * (high - top) / above
            ax.plot(
                [first, first, last, last],
                [y - 0.03 * top, y, y, y - 0.03 * top],
                color=INK,
                lw=1.1,
                zorder=4,
            )
            half = (
                len(span[2]) * 8.5 * _CHAR / 2 / ((RIGHT - LEFT) * WIDTH) * len(years)
            )  # of the words, in years
            middle = max(min((first + last) / 2, years[-1] + 0.5 - half), years[0] - 0.5 + half)
            ax.annotate(
                span[2],
                (middle, y),
                xytext=(0, 3),
                textcoords="offset points",
                size=8.5,
                ha="center",
                va="bottom",
            )
        ax.set_ylim(0, high)
        _years(ax, years)
        ax.set_ylabel("")
        ax.set_yticks([t for t in ax.get_yticks() if 0 < t <= top])
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.10g}")
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
    return fig


def mirrored(
    plotted: pd.DataFrame,
    *,
    parts: dict[str, dict],
    directions: dict[str, tuple[int, int]],
    title: str,
    subtitle: str,
    source: str,
    unit: str,
) -> Figure:
    """Two directions of one quantity by year, one upwards and one downwards from a common axis, to one scale.

    Parameters
    ----------
    plotted : DataFrame
        Columns direction, year, part and value.
    parts : dict
        Part → look, as `looks` gives them, from the axis outwards.
    directions : dict
        The value of `direction` that goes up and the one that goes down, each with the first and the last year that is
        covered; other years are shaded. The values are also the words beside the axis.
    title, subtitle, source, unit : str
        Texts on the figure.

    Returns
    -------
    Figure
    """
    years = range(int(plotted["year"].min()), int(plotted["year"].max()) + 1)
    extents = {
        d: plotted[plotted["direction"] == d].groupby("year")["value"].sum().max()
        for d in directions
    }
    extents = {d: 0.0 if v != v else v for d, v in extents.items()}
    largest = max(extents.values()) or 1.0
    used = [p for p in parts if (plotted.loc[plotted["part"] == p, "value"] > 0).any()]
    keyed = _key_places({p: p for p in used})
    head = 0.24 * (1 + max((row for _, _, row, _ in keyed), default=0)) + 0.1
    fig, ax = _frame(title, subtitle, source, head + 3.0)
    with house_style():
        tall, box = fig.get_figheight(), ax.get_position()
        ax.set_position((LEFT, box.y0, RIGHT - LEFT, 3.0 / tall))
        for what, words, row, x in keyed:
            _key(fig, x, box.y1 - (0.12 + 0.24 * row) / tall, what, words, parts)
        for direction, sign in zip(directions, (1, -1), strict=False):
            for year, rows in plotted[plotted["direction"] == direction].groupby("year"):
                values, base = rows.set_index("part")["value"], 0.0
                for part in parts:
                    if values.get(part, 0) > 0:
                        base = _segment(ax, year, base, sign * values[part], 0.0, parts[part])
        ends = [
            max(extents[d] * 1.06, 0.0) + 0.16 * largest for d in directions
        ]  # the words stand clear of the bars
        ax.axhline(0, color=INK, lw=0.9, zorder=3)
        ax.set_ylim(-ends[1], ends[0])
        for (direction, covered), y, va, end in zip(
            directions.items(), (0.99, 0.01), ("top", "bottom"), (ends[0], -ends[1]), strict=False
        ):
            for a, b in ((years[0], covered[0] - 1), (covered[1] + 1, years[-1])):
                if a <= b:
                    b = min(b, years[-1])
                    ax.fill_between(
                        [max(a, years[0]) - 0.5, b + 0.5], 0, end, color=REST, lw=0, zorder=0.6
                    )
                    wide = (b - a + 1) / max(len(years), 9) * (RIGHT - LEFT) * WIDTH  # inches
                    words = textwrap.fill("not covered", 11 if wide > 0.8 else 3)
                    if wide > 0.35:
                        ax.text(
                            (a + b) / 2,
                            end / 2,
                            words,
                            size=8.5,
                            color=MUTED,
                            ha="center",
                            va="center",
                            zorder=3,
                            bbox={"fc": REST, "ec": "none", "pad": 1.0},
                        )
            ax.text(
                0.008,
                y,
                textwrap.fill(direction, 40),
                transform=ax.transAxes,
                size=9.5,
                weight="bold",
                va=va,
                ha="left",
                zorder=5,
                bbox={"fc": "white", "ec": "none", "pad": 1.0},
            )
        _years(ax, years)
        ax.yaxis.set_major_formatter(lambda v, _: f"{abs(v):,.10g}")
        ax.set_yticks([t for t in ax.get_yticks() if -ends[1] <= t <= ends[0]])
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
    return fig


def _segment(ax: Axes, year: int, base: float, value: float, estimated: float, look: dict) -> float:
    """One part of a bar: what is certain, and on it what is estimated, hatched. Returns where it ends."""
    part = min(estimated, value) if estimated > 0 else 0.0  # NaN is not told: nothing is hatched
    whole = {**look, "lw": 0.9, "zorder": 2}
    if abs(value) > part:
        ax.bar(year, value - part, bottom=base, width=0.78, **whole)
    if part:
        ax.bar(
            year,
            part,
            bottom=base + value - part,
            width=0.78,
            **{**whole, "facecolor": "white", "hatch": "//////"},
        )
    return base + value


def _key(fig: Figure, x: float, y: float, what: str, words: str, parts: dict[str, dict]) -> None:
    """One entry of a key; x in inches, y as a share of the height."""
    tall = fig.get_figheight()
    if what == "o":
        fig.add_artist(
            plt.Line2D(
                [(x + 0.09) / WIDTH],
                [y],
                marker="o",
                ms=4.5,
                mfc="white",
                mec=MUTED,
                mew=1.0,
                ls="none",
            )
        )
    else:
        look = parts.get(what, {"facecolor": "white", "edgecolor": MUTED, "hatch": "//////"})
        fig.add_artist(
            plt.Rectangle(
                (x / WIDTH, y - 0.065 / tall),
                0.022,
                0.13 / tall,
                transform=fig.transFigure,
                lw=0.9,
                **look,
            )
        )
    fig.text((x + 0.24) / WIDTH, y, words, size=9, va="center")


def _years(ax: Axes, years: range) -> None:
    """A time axis whose labels stay apart; the last year is always named."""
    step = next(s for s in (1, 2, 5, 10, 20) if len(years) / s <= 13)
    ticks = [y for y in years if (y % step == 0 and years[-1] - y >= step * 0.7) or y == years[-1]]
    spare = max(0.6, (9 - len(years)) / 2)  # few bars do not fill the page
    ax.set_xlim(years[0] - spare, years[-1] + spare)
    ax.set_xticks(ticks, [str(y) for y in ticks])
    ax.grid(False, axis="x")
    ax.grid(True, axis="y", color=RULE, lw=0.6)
    ax.tick_params(labelsize=8.5)

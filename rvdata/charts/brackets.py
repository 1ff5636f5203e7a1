"""Two counts around a stated one, and the places of many: rows of dots with their words beside them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.ticker

from rvdata.charts import _CHAR, COLOURS, INK, MUTED, REST, WIDTH, _frame, _place, house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STATED = COLOURS[5]


def brackets(
    plotted: pd.DataFrame, *, title: str, subtitle: str, source: str, unit: str, limit: float
) -> Figure:
    """Under each heading one row per definition: circle and square for two counts, a line for what is stated.

    Parameters
    ----------
    plotted : DataFrame
        Columns group (heading, with what is stated), row (definition), first, last (counts; NaN where there are none or
        none that can be compared), value, least, most (what is stated, NaN where open; the same for all rows of a
        group), words (beside the row) and checked (bool: the row behind the verdict, in strong colour). From top to
        bottom as given.
    title, subtitle, source, unit : str
        Texts on the figure; `unit` labels the axis.
    limit : float
        Right end of the axis, which begins with 0.

    Returns
    -------
    Figure
    """
    left, right = 0.315, 0.68  # of the figure's width
    lines = []  # (row or heading, label, words, height in inches)
    for group, rows in plotted.groupby("group", sort=False):
        lines.append((None, group, "", 0.33))
        for row in rows.to_dict("records"):
            label, words = (
                textwrap.fill(row["row"], 32 if row["checked"] else 36),
                textwrap.fill(row["words"], 35),
            )
            lines.append(
                (row, label, words, 0.13 + 0.135 * (1 + max(label.count("\n"), words.count("\n"))))
            )
    fig, ax = _frame(title, subtitle, source, sum(height for *_, height in lines) + 0.1)
    with house_style():
        _place(ax, left, right)
        y, top, stated = sum(height for *_, height in lines), 0.0, None
        for row, label, words, height in lines:
            y -= height
            middle = y + height / 2
            if row is None:
                ax.text(
                    0.015,
                    middle - 0.03,
                    label,
                    transform=matplotlib.transforms.blended_transform_factory(
                        fig.transFigure, ax.transData
                    ),
                    size=9.5,
                    weight="bold",
                    va="center",
                    bbox={"fc": "white", "ec": "none", "pad": 1.5},
                    zorder=6,
                )
                top = y
                continue
            stated = row
            _stated(ax, stated, y, min(top, y + height), limit)
            colour = COLOURS[0] if row["checked"] else COLOURS[4]
            known = [row[k] for k in ("first", "last") if row[k] == row[k]]
            if len(known) == 2:
                ax.plot(
                    known,
                    [middle] * 2,
                    color=colour,
                    lw=2.4,
                    alpha=0.5,
                    zorder=2,
                    solid_capstyle="butt",
                )
            for key, marker in (("first", "o"), ("last", "s")):
                if row[key] == row[key]:
                    ax.plot(row[key], middle, marker, ms=6, color=colour, zorder=4, clip_on=False)
            ax.annotate(
                label,
                (0, middle),
                xycoords=ax.get_yaxis_transform(),
                xytext=(-8, 0),
                textcoords="offset points",
                size=8.8,
                ha="right",
                va="center",
                linespacing=1.1,
                weight="bold" if row["checked"] else "normal",
            )
            ax.annotate(
                words,
                (1, middle),
                xycoords=ax.get_yaxis_transform(),
                xytext=(9, 0),
                textcoords="offset points",
                size=8.5,
                ha="left",
                va="center",
                linespacing=1.1,
                color=INK if known else MUTED,
            )
        ax.set_xlim(0, limit)
        ax.set_ylim(0, sum(height for *_, height in lines))
        ax.set_yticks([])
        _ticks(ax, limit, 5)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
    return fig


def _ticks(ax: Axes, limit: float, most: int) -> None:
    """Round numbers from 0 to the end of the axis."""
    places = matplotlib.ticker.MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(0, limit)
    ticks = [t for t in places if t <= limit]
    ax.set_xticks(ticks, [f"{t:,.12g}" for t in ticks])


def _stated(ax: Axes, row: dict, bottom: float, top: float, limit: float) -> None:
    """What is stated, as a line down the rows of its group, with its interval."""
    value, least, most = (row[k] if row[k] == row[k] else None for k in ("value", "least", "most"))
    if least is not None or most is not None:
        a, b = 0.0 if least is None else least, limit if most is None else most
        ax.fill_between(
            [a, b], [bottom] * 2, [top] * 2, facecolor=_STATED, alpha=0.18, lw=0, zorder=1
        )
    at = value if value is not None else least if least is not None else most
    if at is not None:
        ax.plot([at, at], [bottom, top], color=_STATED, lw=1.5, zorder=3, solid_capstyle="butt")


def ranked(plotted: pd.DataFrame, *, title: str, subtitle: str, source: str, unit: str) -> Figure:
    """One bar per row, with its words at the end: the places of many, those that are spoken of in strong colour.

    Parameters
    ----------
    plotted : DataFrame
        Columns label, value, words (at the end of the bar) and strong (bool); optional group, a heading above its rows.
    title, subtitle, source, unit : str
        Texts on the figure.

    Returns
    -------
    Figure
    """
    rows = []
    for row in plotted.to_dict("records"):
        if "group" in row and row["group"] != (rows[-1]["group"] if rows else None):
            rows.append({"group": row["group"], "heading": True})
        rows.append(row)
    limit = max(plotted["value"].max(), 1e-9)
    longest = max((len(words) for words in plotted["words"]), default=0)
    fig, ax = _frame(title, subtitle, source, 0.29 * len(rows) + 0.15)
    with house_style():
        _place(ax, 0.26, 0.965 - (longest * 9 * _CHAR + 0.12) / WIDTH)
        for i, row in enumerate(rows):
            y = len(rows) - 1 - i
            if "heading" in row:
                ax.text(
                    0.015,
                    y - 0.1,
                    row["group"],
                    transform=matplotlib.transforms.blended_transform_factory(
                        fig.transFigure, ax.transData
                    ),
                    size=9.5,
                    weight="bold",
                    va="center",
                    bbox={"fc": "white", "ec": "none", "pad": 1.5},
                    zorder=4,
                )
                continue
            ax.barh(
                y,
                row["value"],
                height=0.62,
                facecolor=COLOURS[0] if row["strong"] else REST,
                edgecolor=MUTED,
                lw=0.6,
                zorder=2,
            )
            weight = "bold" if row["strong"] else "normal"
            ax.annotate(
                row["label"],
                (0, y),
                xytext=(-7, 0),
                textcoords="offset points",
                size=9,
                ha="right",
                va="center",
                weight=weight,
            )
            ax.annotate(
                row["words"],
                (row["value"], y),
                xytext=(6, 0),
                textcoords="offset points",
                size=9,
                ha="left",
                va="center",
                annotation_clip=False,
                bbox={"fc": "white", "ec": "none", "pad": 0.6},
                zorder=3,
            )
        ax.set_xlim(0, limit)
        ax.set_ylim(-0.5, len(rows) - 0.4)
        ax.set_yticks([])
        _ticks(ax, limit, 4)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
    return fig

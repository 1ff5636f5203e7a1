"""Moves and volumes of several states on one axis of time: when something was done, and what was delivered that year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvdata.charts import (
    INK,
    MUTED,
    RULE,
    _frame,
    _lane_colour,
    _mark_years,
    _packed,
    _place,
    _spanned,
    house_style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVEL, _BARS, _HEAD, _GAP = (
    0.1,
    0.62,
    0.3,
    0.16,
)  # inches: between lines of marks, of bars, above them, and between both


def beside(
    plotted: pd.DataFrame,
    *,
    lanes: list[str],
    covered: tuple[int, int],
    title: str,
    subtitle: str,
    source: str,
    start: int,
    end: int,
) -> Figure:
    """One block per lane: its moves, packed, and below them one bar for each year with its value.

    A dot is a day, a bar of the upper part a time that lasts or is known less exactly, a triangle the only end that is known.
    Filled is printed, hollow inferred. What is estimated of a yearly value is hatched; a ring is a year without any; grey
    ground lies under years of which nothing is known.

    Parameters
    ----------
    plotted : DataFrame
        Columns lane, kind (move or delivery), first and last (days, NaT where open), inferred (bool), value and estimated
        (of deliveries, all in one unit; estimated is NaN where that is not known).
    lanes : list of str
        Lanes from top to bottom; one without rows says so.
    covered : tuple of int
        First and last year of which values are known.
    title, subtitle, source : str
        Texts on the figure.
    start, end : int
        First and last year on the axis.

    Returns
    -------
    Figure
    """
    from matplotlib.dates import date2num
    from pandas import Timestamp

    low, high = date2num(Timestamp(start, 1, 1)), date2num(Timestamp(end + 1, 1, 1))
    wide = (high - low) / 70
    values = plotted[plotted["kind"] == "delivery"]
    most = values["value"].max() if len(values) and values["value"].max() > 0 else 1.0
    laid = []
    for lane in lanes:
        moves = plotted[(plotted["lane"] == lane) & (plotted["kind"] == "move")]
        rows, n = _packed(moves.to_dict("records"), low, high, wide)
        laid.append((lane, rows, n, _HEAD + max(0.18, _LEVEL * n) + 0.24 + _BARS + _GAP))
    total = sum(height for *_, height in laid)
    fig, ax = _frame(title, subtitle, source, total + 0.1)
    with house_style():
        _place(ax, 0.215, 0.975)
        side, top = ax.get_yaxis_transform(), total
        for lane, rows, n, height in laid:
            colour = _lane_colour(lanes, lane)
            ax.axhline(top, color=RULE, lw=0.8, zorder=1)
            ax.text(
                -0.27,
                top - 0.16,
                lane,
                transform=side,
                size=9.5,
                weight="bold",
                va="center",
                color=colour,
            )
            y, deep = top - _HEAD, max(0.18, _LEVEL * n)
            ax.text(
                -0.02,
                y - deep / 2,
                "moves stated" if rows else "no move stated",
                transform=side,
                size=8.5,
                ha="right",
                va="center",
                color=INK if rows else MUTED,
            )
            for row, line in rows:
                _spanned(
                    ax, y - deep / 2 + _LEVEL * ((n - 1) / 2 - line), row, colour, low, high, wide
                )
            floor = top - height + _GAP
            ax.text(
                -0.02,
                floor + _BARS / 2,
                "delivered",
                transform=side,
                size=8.5,
                ha="right",
                va="center",
            )
            ax.plot([low, high], [floor, floor], color=MUTED, lw=0.6, zorder=2)
            for first, last in ((start, covered[0] - 1), (covered[1] + 1, end)):
                if first <= last:
                    a, b = (
                        date2num(Timestamp(year, 1, 1))
                        for year in (max(first, start), min(last, end) + 1)
                    )
                    ax.barh(
                        floor + _BARS / 2,
                        b - a,
                        left=a,
                        height=_BARS,
                        facecolor="#eeeeee",
                        edgecolor="none",
                        zorder=1,
                    )
            own = values[values["lane"] == lane].to_dict("records")
            for row in own:
                _year(ax, row, floor, most, colour, crowded=end - start > 24)
            top -= height
        ax.set_xlim(low, high)
        ax.set_ylim(-0.02, total)
        ax.set_yticks([])
        _mark_years(ax, start, end)
    return fig


def _year(ax: Axes, row: dict, floor: float, most: float, colour: str, crowded: bool) -> None:
    """The value of one year: a bar with its number, or a ring."""
    from matplotlib.dates import date2num

    middle = (date2num(row["first"]) + date2num(row["last"]) + 1) / 2
    if not row["value"] > 0:
        ax.plot(
            middle, floor + 0.05, "o", ms=3.2, mfc="white", mec=MUTED, mew=0.9, ls="none", zorder=3
        )
        return
    tall, wide = max(_BARS * row["value"] / most, 0.015), 220
    part = _BARS * row["estimated"] / most if row["estimated"] > 0 else 0.0
    ax.bar(
        middle,
        tall - part,
        bottom=floor,
        width=wide,
        facecolor=colour,
        edgecolor=colour,
        lw=0.8,
        zorder=3,
    )
    if part:
        ax.bar(
            middle,
            part,
            bottom=floor + tall - part,
            width=wide,
            facecolor="white",
            edgecolor=colour,
            lw=0.8,
            hatch="/////",
            zorder=3,
        )
    if not crowded:
        text = f"{row['value']:,.0f}" if row["value"] >= 0.5 else "<1"
        ax.text(
            middle,
            floor + tall + 0.03,
            text,
            size=8,
            ha="center",
            va="bottom",
            color=MUTED,
            zorder=4,
        )

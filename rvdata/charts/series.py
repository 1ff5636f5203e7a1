"""Lines by year, each named at its right end, with ribbons behind them and stated numbers set against them."""

from __future__ import annotations

import itertools
import math
import textwrap
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.ticker
import pandas as pd

from rvdata.charts import _CHAR, COLOURS, INK, MUTED, WIDTH, _frame, _place, house_style

if TYPE_CHECKING:
    from collections.abc import Collection

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STATED = COLOURS[5]  # of numbers that are set against the lines; the lines leave it out
_LINES = (COLOURS[0], COLOURS[2], COLOURS[3], COLOURS[4], COLOURS[1])
_DASHES = (
    "-",
    (0, (5, 2)),
    (0, (1, 1.3)),
    (0, (6, 2, 1, 2)),
)  # in turn, so that no line is known by its colour alone
_LOCATOR = matplotlib.ticker.MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
_GREYS = ("#ededed", "#d9d9d9", "#c4c4c4")  # of ribbons, from the widest to the narrowest


def decimal_year(day: pd.Timestamp) -> float:
    """A day as a place on an axis of time: where it begins.

    Examples
    --------
    >>> decimal_year(pd.Timestamp("2022-01-01")), decimal_year(pd.Timestamp("2020-07-02"))
    (2022.0, 2020.5)
    """
    return day.year + (day.dayofyear - 1) / (366 if day.is_leap_year else 365)


def lines(
    plotted: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    unit: str,
    ribbons: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
    muted: Collection[str] = (),
    log: bool = False,
    limits: tuple[float, float] | None = None,
    years: tuple[int, int] | None = None,
    year_ends: bool = False,
) -> Figure:
    """One line per series; years without a value are a gap, and a value between two gaps is a dot.

    Parameters
    ----------
    plotted : DataFrame
        Columns series (its name, which stands at the end of the line), year and value (NaN is a gap, as is a missing
        year); lines in order of appearance. Optional: hollow (bool), a value that is estimated or partial.
    title, subtitle, source, unit : str
        Texts on the figure; `unit` stands above the axis of values.
    ribbons : DataFrame, optional
        Columns ribbon (its name), year, low and high: bands behind the lines, the widest first.
    marks : DataFrame, optional
        Columns label, value, least, most (NaN where open) and first, last: stated numbers and the time that they are
        stated for, as decimal years.
    muted : collection of str
        Series that are drawn in grey: what the others are read against.
    log : bool
        Whether the axis of values is logarithmic. Zero lies below any such axis, and is a triangle at its lower edge.
    limits : tuple of float, optional
        Ends of the axis of values; what is drawn, and zero where it is not logarithmic, if left out.
    years : tuple of int, optional
        First and last year on the axis; those of the lines, ribbons and marks if left out.
    year_ends : bool
        Whether values hold at the ends of years: the axis is then one of time, whose marks stand where years begin.
        Else they are of whole years, and stand above them.

    Returns
    -------
    Figure
    """
    names = list(dict.fromkeys(plotted["series"]))
    bands = [] if ribbons is None else list(ribbons.groupby("ribbon", sort=False))
    stated = [] if marks is None else marks.to_dict("records")
    shift = 1.0 if year_ends else 0.0
    first, last = years or _years(plotted, bands, stated, shift)
    low, high = limits or _limits(plotted, bands, stated, log)
    texts = {
        name: "\n".join(textwrap.wrap(name, 24)) for name in (*names, *(name for name, _ in bands))
    }
    longest = max((len(line) for text in texts.values() for line in text.split("\n")), default=0)
    tall = max(2.6, 0.2 * sum(text.count("\n") + 1.3 for text in texts.values()))
    fig, ax = _frame(title, subtitle, source, tall + 0.3)
    with house_style():
        box = ax.get_position()
        ax.set_position((box.x0, box.y0, box.width, box.height * tall / (tall + 0.3)))
        _place(
            ax,
            0.035 + 9 * _CHAR * 0.95 * _widest_tick(low, high, log) / WIDTH,
            0.965 - 9.5 * _CHAR * 0.95 * longest / WIDTH,
        )
        ax.set_xlim((first, last + 1) if year_ends else (first - 0.5, last + 0.5))
        if log:
            ax.set_yscale("log")
        ax.set_ylim(low, high)
        ends = []  # (name, where its line ends, colour): labels to be set apart
        for i, (name, band) in enumerate(bands):
            rows = band.dropna(subset=["low", "high"]).sort_values("year")
            for part in _runs(rows):
                ax.fill_between(
                    part["year"] + shift,
                    part["low"],
                    part["high"],
                    color=_GREYS[min(i, 2)],
                    lw=0,
                    zorder=1,
                )
                if len(part) == 1:  # a band of one year has no width
                    ax.plot(
                        [part["year"].iloc[0] + shift] * 2,
                        part[["low", "high"]].iloc[0],
                        color=_GREYS[min(i, 2)],
                        lw=5,
                        zorder=1,
                        solid_capstyle="butt",
                    )
            if len(rows):
                ends.append((name, rows["year"].iloc[-1] + shift, rows["high"].iloc[-1], MUTED))
        drawn = [n for n in names if n not in muted]
        for name in names:
            colour = MUTED if name in muted else _LINES[drawn.index(name) % len(_LINES)]
            dash = _DASHES[(drawn.index(name) if name in drawn else 1) % len(_DASHES)]
            rows = plotted[(plotted["series"] == name) & plotted["value"].notna()].sort_values(
                "year"
            )
            if rows.empty:
                continue
            _line(ax, rows, shift, colour, dash, low if log else None, dense=last - first > 30)
            ends.append((name, rows["year"].iloc[-1] + shift, rows["value"].iloc[-1], colour))
        ax.grid(True, axis="y")
        ax.grid(False, axis="x")
        _year_ticks(ax, first, last, year_ends)
        _value_ticks(ax, low, high, log)
        ax.tick_params(labelsize=9)
        ax.annotate(
            unit,
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, 7),
            textcoords="offset points",
            size=9,
            color=MUTED,
            ha="left",
            va="bottom",
        )
        _name_lines(fig, ax, [(texts[name], *rest) for name, *rest in ends])
        for row in stated:
            _stated(ax, row, low, high)
        _name_marks(fig, ax, stated, plotted, shift)
    return fig


# ---- extent of the axes


def _years(plotted: pd.DataFrame, bands: list, stated: list[dict], shift: float) -> tuple[int, int]:
    known = plotted.loc[plotted["value"].notna(), "year"]
    seen = [
        float(y) + shift for frame in (known, *(band["year"] for _, band in bands)) for y in frame
    ]
    seen += [end for row in stated for end in (row["first"], row["last"])]
    if not seen:
        return 2000, 2001
    return math.floor(min(seen)), max(math.floor(min(seen)) + 1, math.ceil(max(seen)) - int(shift))


def _limits(
    plotted: pd.DataFrame, bands: list, stated: list[dict], log: bool
) -> tuple[float, float]:
    values = [float(v) for v in plotted["value"].dropna()]
    values += [
        float(v) for _, band in bands for column in ("low", "high") for v in band[column].dropna()
    ]
    values += [
        float(row[k]) for row in stated for k in ("value", "least", "most") if row[k] == row[k]
    ]
    if log:
        values = [v for v in values if v > 0] or [1.0]
        return 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(
            math.log10(max(values)) + 1e-9
        )
    values = values or [1.0]
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 0.06
    return low - room if low < 0 else low, high + room if high > 0 else high


def _year_ticks(ax: Axes, first: int, last: int, year_ends: bool) -> None:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first + 1) / s <= 12)
    ticks = [y for y in range(first, last + 1) if y % step == 0]
    ax.set_xticks(ticks, [str(y) for y in ticks])
    ax.tick_params(axis="x", length=4, width=0.8, color=MUTED)
    if year_ends:
        for label in ax.get_xticklabels():
            label.set_ha("left")


def _value_ticks(ax: Axes, low: float, high: float, log: bool) -> None:
    if log:
        decades = round(math.log10(high / low))
        powers = [
            10.0**n for n in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ]
        ticks = sorted(
            t
            for p in powers
            for t in ((p, 2 * p, 5 * p) if decades <= 2 else (p,))
            if low <= t <= high
        )
        ax.set_yticks(ticks, [_shown(t) for t in ticks])
        ax.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    else:
        ticks = [t for t in _LOCATOR.tick_values(low, high) if low <= t <= high]
        ax.set_yticks(ticks, [_shown(t) for t in ticks])


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.12g}".replace("-", "−")


def _widest_tick(low: float, high: float, log: bool) -> int:
    ticks = (low, high) if log else _LOCATOR.tick_values(low, high)
    return max(len(_shown(t)) for t in ticks)


# ---- lines


def _runs(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows in order of years, cut where a year is missing."""
    if rows.empty:
        return []
    cut = (rows["year"].astype(int).diff() != 1).cumsum()
    return [part for _, part in rows.groupby(cut, sort=True)]


def _line(
    ax: Axes,
    rows: pd.DataFrame,
    shift: float,
    colour: str,
    dash: object,
    floor: float | None,
    dense: bool,
) -> None:
    """A line with its gaps; dots on every value unless there are very many, hollow ones always."""
    zero = rows["value"] <= 0 if floor is not None else pd.Series(False, index=rows.index)
    hollow = rows["hollow"].astype(bool) if "hollow" in rows else pd.Series(False, index=rows.index)
    for part in _runs(rows[~zero]):
        ax.plot(part["year"] + shift, part["value"], color=colour, lw=1.8, ls=dash, zorder=3)
        for year, value, open_ in zip(
            part["year"] + shift, part["value"], hollow[part.index], strict=False
        ):
            if open_ or len(part) == 1 or not dense:
                ax.plot(
                    year,
                    value,
                    "o",
                    ms=4.5,
                    mfc="white" if open_ else colour,
                    mec=colour,
                    mew=1.2,
                    zorder=4,
                    clip_on=False,
                )
    for year, open_ in zip(rows.loc[zero, "year"] + shift, hollow[zero], strict=False):
        ax.plot(
            year,
            floor,
            "v",
            ms=5,
            mfc="white" if open_ else colour,
            mec=colour,
            mew=1.2,
            zorder=4,
            clip_on=False,
        )


def _name_lines(fig: Figure, ax: Axes, ends: list[tuple[str, float, float, str]]) -> None:
    """Names in the right margin, as near to the ends of their lines as they can stand without touching."""
    edge, to_pixels = ax.get_window_extent(), ax.transData.transform
    inverse, gap, dpi = ax.transData.inverted().transform, 3.0, fig.dpi
    rows = []
    for text, x, y, colour in sorted(ends, key=lambda end: end[2]):
        at = to_pixels((x, y if ax.get_yscale() == "linear" or y > 0 else ax.get_ylim()[0]))
        rows.append(
            [
                text,
                at,
                colour,
                (text.count("\n") + 1) * 9.5 * 1.25 * dpi / 72,
                min(max(at[1], edge.y0), edge.y1),
            ]
        )
    for _ in range(200):  # push neighbours apart by halves; few labels settle at once
        moved = False
        for low, up in itertools.pairwise(rows):
            overlap = (low[3] + up[3]) / 2 + gap - (up[4] - low[4])
            if overlap > 0.1:
                low[4], up[4], moved = low[4] - overlap / 2, up[4] + overlap / 2, True
        bottom, top = (rows[0], rows[-1]) if rows else (None, None)
        if bottom is not None and bottom[4] < edge.y0:
            bottom[4], moved = edge.y0, True
        if top is not None and top[4] > edge.y1:
            top[4], moved = edge.y1, True
        if not moved:
            break
    for text, at, colour, _, y in rows:
        x = edge.x1 + 0.10 * dpi
        ax.text(
            *inverse((x, y)),
            text,
            size=9.5,
            color=colour,
            va="center",
            ha="left",
            linespacing=1.15,
            zorder=5,
        )
        if (
            x - at[0] > 0.16 * dpi or abs(y - at[1]) > 0.06 * dpi
        ):  # the name stands apart from the end of its line
            path = [
                inverse(p)
                for p in (
                    (at[0] + 0.04 * dpi, at[1]),
                    (max(at[0], edge.x1) + 0.02 * dpi, y),
                    (x - 0.03 * dpi, y),
                )
            ]
            ax.plot(
                *zip(*path, strict=False),
                color=colour,
                lw=0.7,
                ls=(0, (1, 2)),
                zorder=2,
                clip_on=False,
            )


# ---- stated numbers


def _stated(ax: Axes, row: dict, low: float, high: float) -> None:
    """A stated number over its time: a field for its interval, a stroke for its value, an arrow to an open side."""
    value, least, most = (row[k] if row[k] == row[k] else None for k in ("value", "least", "most"))
    left, right = ax.get_xlim()
    spare = max(0.0, (right - left) / 50 - (row["last"] - row["first"])) / 2
    a, b = row["first"] - spare, row["last"] + spare
    if least is not None and most is not None and least < most:
        ax.fill_between(
            [a, b], [least] * 2, [most] * 2, facecolor=_STATED, alpha=0.35, lw=0, zorder=4.5
        )
    elif (least is None) != (most is None):
        bound, towards = (least, high) if most is None else (most, low)
        ax.annotate(
            "",
            ((a + b) / 2, towards),
            ((a + b) / 2, bound),
            zorder=4.5,
            arrowprops={
                "arrowstyle": "-|>",
                "color": _STATED,
                "lw": 1.4,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        value = bound if value is None else value
    if value is not None:
        ax.plot([a, b], [value] * 2, color=_STATED, lw=2.2, zorder=4.6, solid_capstyle="butt")


def _name_marks(
    fig: Figure, ax: Axes, stated: list[dict], plotted: pd.DataFrame, shift: float
) -> None:
    """Names of stated numbers, each where it covers least of the lines, the marks and the other names."""
    from matplotlib.transforms import Bbox

    renderer, edge, dpi = fig.canvas.get_renderer(), ax.get_window_extent(), fig.dpi
    inverse = ax.transData.inverted().transform
    points = []
    for _, rows in plotted[plotted["value"].notna()].groupby("series", sort=False):
        for part in _runs(rows.sort_values("year")):
            ends = [
                ax.transData.transform((y + shift, max(v, ax.get_ylim()[0])))
                for y, v in zip(part["year"], part["value"], strict=False)
            ]
            points += [tuple(p) for p in ends]
            points += [
                tuple(a + (b - a) * k / 12)
                for a, b in itertools.pairwise(ends)
                for k in range(1, 12)
            ]
    boxes = []
    for row in stated:
        known = [row[k] for k in ("value", "least", "most") if row[k] == row[k]]
        a, b = (
            ax.transData.transform((x, y))
            for x, y in ((row["first"], min(known)), (row["last"], max(known)))
        )
        boxes.append(Bbox.from_extents(a[0] - 4, a[1] - 3, b[0] + 4, b[1] + 3))
    for row in stated:
        known = [row[k] for k in ("value", "least", "most") if row[k] == row[k]]
        corners = (row["first"], min(known)), (row["last"], max(known))
        (x0, y0), (x1, y1) = (ax.transData.transform(corner) for corner in corners)
        text = ax.annotate(
            "\n".join(textwrap.wrap(row["label"], 30)),
            (0, 0),
            xycoords="axes fraction",
            size=9,
            color=INK,
            ha="left",
            va="bottom",
            linespacing=1.15,
            zorder=6,
            annotation_clip=False,
            bbox={"fc": "white", "ec": "none", "pad": 0.8, "alpha": 0.85},
        )
        extent = text.get_window_extent(renderer)
        wide, high = extent.width, extent.height
        best = None
        for near in (0.10, 0.3, 0.6, 0.95, 1.35):
            away = near * dpi
            for x, y in (
                (x0 - away - wide, (y0 + y1 - high) / 2),
                (x1 + away, (y0 + y1 - high) / 2),
                ((x0 + x1 - wide) / 2, y1 + away),
                ((x0 + x1 - wide) / 2, y0 - away - high),
                (x0 - away - wide, y1 + away / 2),
                (x0 - away - wide, y0 - away / 2 - high),
                (x1 + away, y1 + away / 2),
                (x1 + away, y0 - away / 2 - high),
            ):
                x, y = (
                    min(max(x, edge.x0 + 3), edge.x1 - wide - 3),
                    min(max(y, edge.y0 + 3), edge.y1 - high - 3),
                )
                box = Bbox.from_bounds(x, y, wide, high).padded(3)
                cost = (
                    200 * sum(box.overlaps(other) for other in boxes)
                    + 6 * sum(box.contains(*p) for p in points)
                    + 10 * near
                )
                if best is None or cost < best[0] - 1e-9:
                    best = cost, x, y
        _, x, y = best
        place = ax.transAxes.inverted().transform(
            (x, y)
        )  # pixels would not do in a picture of another resolution
        text.set_position(place)
        text.xy = place
        boxes.append(Bbox.from_bounds(x, y, wide, high))
        reach = min(max((x0 + x1) / 2, x), x + wide), min(max((y0 + y1) / 2, y), y + high)
        end = min(max(reach[0], x0), x1), min(max(reach[1], y0), y1)
        if math.hypot(reach[0] - end[0], reach[1] - end[1]) > 0.2 * dpi:
            ax.plot(
                *zip(inverse(end), inverse(reach), strict=False), color=_STATED, lw=0.8, zorder=4.4
            )

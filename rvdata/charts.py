"""One house style: figures that carry unit, source and doubt, and an alternative text computed from the data.

Hollow marks are inferred, filled ones printed; a bar is the interval that the print leaves open, an arrow a side
without a bound. Colours are told apart in colour blindness and in grey print, and never carry a meaning alone.
"""
from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.pyplot as plt
import matplotlib.ticker

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette, ordered so that neighbours differ in lightness as well.
INK, MUTED, RULE = "#1b1b1b", "#5a5a5a", "#d5d5d5"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
REST = "#e8e8e8"
WIDTH = 8.0  # inches: 70 characters of report text
STYLE = {
    "figure.dpi": 144, "savefig.dpi": 144, "figure.facecolor": "white", "axes.facecolor": "white",
    "font.family": "DejaVu Sans", "font.size": 10, "text.color": INK, "axes.labelcolor": INK,
    "axes.edgecolor": RULE, "xtick.color": MUTED, "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.spines.left": False, "axes.grid": True, "axes.grid.axis": "x",
    "grid.color": RULE, "grid.linewidth": 0.6, "axes.axisbelow": True, "xtick.major.size": 0, "ytick.major.size": 0,
    "hatch.linewidth": 0.8, "svg.hashsalt": "rvdata",
}


def _frame(title: str, subtitle: str, source: str, rows: float) -> tuple[Figure, Axes]:
    """A figure with room for its texts: heights in inches, so that nothing shrinks when rows are many."""
    title_lines = textwrap.wrap(title, 68)
    sub_lines = textwrap.wrap(subtitle, 92)
    source_lines = textwrap.wrap(source, 112)
    top = 0.12 + 0.25 * len(title_lines) + 0.20 * len(sub_lines) + 0.12
    bottom = 0.62 + 0.16 * len(source_lines)
    height = top + bottom + rows
    with matplotlib.rc_context(STYLE):
        fig = plt.figure(figsize=(WIDTH, height))
        ax = fig.add_axes((0.0, bottom / height, 1.0, rows / height))
        fig.text(0.015, 1 - 0.12 / height, "\n".join(title_lines), size=13, weight="bold", va="top", linespacing=1.25)
        fig.text(0.015, 1 - (0.14 + 0.25 * len(title_lines)) / height, "\n".join(sub_lines), size=10, color=MUTED,
                 va="top", linespacing=1.3)
        fig.text(0.015, 0.10 / height, "\n".join(source_lines), size=8, color=MUTED, va="bottom", linespacing=1.3)
    return fig, ax


def _place(ax: Axes, left: float, right: float) -> None:
    """Give the axes their share of the figure's width."""
    box = ax.get_position()
    ax.set_position((left, box.y0, right - left, box.height))


def intervals(plotted: pd.DataFrame, *, title: str, subtitle: str, source: str, unit: str,
              limits: tuple[float, float], log: bool = False) -> Figure:
    """One row per figure: its value as a dot, what the print leaves open as a bar, an open side as an arrow.

    Parameters
    ----------
    plotted : DataFrame
        Columns label, printed (text beside the mark), value, least, most (numbers or NaN), inferred (bool). Drawn
        from top to bottom in the order given.
    title, subtitle, source, unit : str
        Texts on the figure; `unit` labels the axis.
    limits : tuple of float
        Ends of the axis.
    log : bool
        Whether the axis is logarithmic.

    Returns
    -------
    Figure
    """
    import math

    rows = plotted.to_dict("records")
    labels = ["\n".join(textwrap.wrap(row["label"], 34)) for row in rows]
    pitch = 0.36 + 0.14 * max((label.count("\n") for label in labels), default=0)  # inches from row to row
    fig, ax = _frame(title, subtitle, source, pitch * len(rows) + 0.2)
    with matplotlib.rc_context(STYLE):
        _place(ax, 0.34, 0.965)
        low, high = limits
        if log:
            ax.set_xscale("log")
        for i, row in enumerate(rows):
            y = len(rows) - 1 - i
            colour = COLOURS[0]
            least, most, value = (row[k] if row[k] == row[k] else None for k in ("least", "most", "value"))
            if least is not None and most is not None and least < most:  # taller than the dot, which may be wider
                ax.barh(y, most - least, left=least, height=0.22 / pitch, color=colour, alpha=0.3, zorder=2)
            one_sided = (least is None) != (most is None)
            if one_sided:
                bound, towards = (least, high) if most is None else (most, low)
                ax.annotate("", (towards, y), (bound, y), zorder=2,
                            arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0})
                ax.plot(bound, y, "|", color=colour, ms=9, mew=1.8, zorder=3)
            if value is not None:
                face = "white" if row["inferred"] else colour
                ax.plot(value, y, "o", ms=6.5, mfc=face, mec=colour, mew=1.8, zorder=3)
            ends = [v for v in (value, least, most) if v is not None] or [low]
            share = [(math.log(v / low) / math.log(high / low) if log else (v - low) / (high - low)) for v in ends]
            if max(share) <= 0.55 and not one_sided:
                x, offset, ha, va = max(ends), (9, 0), "left", "center"
            elif min(share) >= 0.45 and not one_sided:
                x, offset, ha, va = min(ends), (-9, 0), "right", "center"
            else:  # above the mark, towards the middle of the axis
                x, ha, va = ends[0], "left" if share[0] < 0.35 else "right" if share[0] > 0.65 else "center", "bottom"
                offset = (0, 7)
            ax.annotate(row["printed"], (x, y), xytext=offset, textcoords="offset points", ha=ha, va=va, size=9.5, zorder=4,
                        bbox={"fc": "white", "ec": "none", "pad": 0.6})
        ax.set_yticks(range(len(rows)), labels[::-1])
        ax.set_ylim(-0.5, len(rows) - 0.3)
        ax.set_xlim(low, high)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
        ax.tick_params(axis="y", labelsize=9.5)
        if log:
            powers = [10.0**n for n in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
            ax.set_xticks(powers, [f"{p:,.0f}" for p in powers])
            ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    return fig


def whole(plotted: pd.DataFrame, *, title: str, subtitle: str, source: str, unit: str) -> Figure:
    """One bar of 100 per cent, cut into parts; what is inferred is hatched, what is not stated is empty.

    Parameters
    ----------
    plotted : DataFrame
        Columns label, short, printed, value (percent), basis (printed, inferred, not stated), edge_least and edge_most
        (interval of the right edge), in order.
    title, subtitle, source, unit : str
        Texts on the figure.

    Returns
    -------
    Figure
        Where a part begins and ends is marked with the interval in which its edge may lie.
    """
    rows = plotted.to_dict("records")
    bar, legend = 0.85, 0.27 * len(rows) + 0.05  # inches
    fig, ax = _frame(title, subtitle, source, bar + legend)
    with matplotlib.rc_context(STYLE):
        box = ax.get_position()
        ax.set_position((0.03, box.y0 + box.height * legend / (bar + legend), 0.94, box.height * bar / (bar + legend)))
        left = 0.0
        for i, row in enumerate(rows):
            look = {"printed": {"facecolor": COLOURS[0], "edgecolor": COLOURS[0]},
                    "inferred": {"facecolor": "white", "edgecolor": COLOURS[5], "hatch": "////"},
                    "not stated": {"facecolor": REST, "edgecolor": MUTED, "linestyle": (0, (3, 2))}}[row["basis"]]
            ax.barh(0, row["value"], left=left, height=0.6, lw=1.2, zorder=2, clip_on=False, **look)
            printed = row["basis"] == "printed"
            ax.text(left + row["value"] / 2, 0, row["short"], ha="center", va="center", size=10, zorder=4,
                    color="white" if printed else INK,
                    bbox=None if printed else {"fc": "white", "ec": "none", "pad": 1.2, "alpha": 0.9})
            left += row["value"]
            if row["edge_least"] < row["edge_most"]:
                edges = [row["edge_least"], row["edge_most"]]
                ax.plot(edges, [0.44, 0.44], color=INK, lw=1.4, zorder=5, solid_capstyle="butt")
                ax.plot(edges, [0.44, 0.44], "|", color=INK, ms=6, mew=1.4, zorder=5)
            y = box.y0 + box.height * (1 - (bar + 0.62 + 0.27 * i) / (bar + legend))
            swatch = plt.Rectangle((0.03, y), 0.022, 0.13 / fig.get_figheight(), transform=fig.transFigure, lw=1.2, **look)
            fig.add_artist(swatch)
            fig.text(0.062, y + 0.065 / fig.get_figheight(), f"{row['label']}: {row['printed']}", va="center", size=9.5)
        ax.set_xlim(0, 100)
        ax.set_ylim(-0.45, 0.55)
        ax.set_yticks([])
        ax.set_xticks(range(0, 101, 10))
        ax.grid(False)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
    return fig


def empty(*, title: str, message: str, source: str) -> Figure:
    """A figure that says that there is nothing to draw, and why."""
    fig, ax = _frame(title, "", source, 1.3)
    with matplotlib.rc_context(STYLE):
        _place(ax, 0.03, 0.97)
        ax.set_axis_off()
        ax.add_patch(plt.Rectangle((0, 0), 1, 1, transform=ax.transAxes, fc="none", ec=RULE, ls=(0, (4, 3)), lw=1.2))
        ax.text(0.5, 0.5, "\n".join(textwrap.wrap(message, 80)), transform=ax.transAxes, ha="center", va="center",
                color=MUTED, size=11, linespacing=1.4)
    return fig


def show(fig: Figure, alt: str) -> None:
    """Display a figure as a picture with its alternative text, which nbval compares, and close it.

    Parameters
    ----------
    fig : Figure
    alt : str
        What the picture shows, computed from the data behind it.
    """
    import base64
    import io

    from IPython.display import display

    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=STYLE["savefig.dpi"], metadata={"Software": None})
    plt.close(fig)
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")
    display({"image/png": picture, "text/plain": alt}, raw=True, metadata={"image/png": {"alt": alt}})


def collisions(fig: Figure) -> list[str]:
    """Texts of a figure that are cut off at its edge or lie on one another, for tests; empty if none.

    Parameters
    ----------
    fig : Figure

    Returns
    -------
    list of str
    """
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    boxes = []
    for text in fig.findobj(matplotlib.text.Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            if box.width > 0 and box.height > 0:
                boxes.append((text.get_text().replace("\n", " "), box))
    edge = fig.bbox
    found = [f"{label!r} is cut off" for label, box in boxes
             if box.x0 < edge.x0 - 1 or box.y0 < edge.y0 - 1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1]
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1:]:
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1:
                found.append(f"{one!r} lies on {other!r}")
    return found


def timeline(plotted: pd.DataFrame, *, title: str, subtitle: str, source: str, start: int, end: int) -> Figure:
    """Happenings as rows below the lane that they belong to, each drawn as exactly as it is dated.

    A dot is a day, a bar everything that lasts or is known less exactly; a dotted line ends at the only day that is
    known of an open date. Filled is printed, hollow inferred.

    Parameters
    ----------
    plotted : DataFrame
        Columns lane, label, first and last (days, NaT where open), inferred (bool); lanes in order of appearance.
    title, subtitle, source : str
        Texts on the figure.
    start, end : int
        First and last year on the axis; what reaches beyond is cut there and marked by an arrow head.

    Returns
    -------
    Figure
    """
    from matplotlib.dates import date2num
    from pandas import Timestamp

    lanes = list(dict.fromkeys(plotted["lane"]))
    lines = []  # lane heading or row, from top to bottom
    for lane in lanes:
        lines.append(("lane", lane))
        lines += [("row", row) for row in plotted[plotted["lane"] == lane].to_dict("records")]
    labels = [[what] if kind == "lane" else textwrap.wrap(what["label"], 60) for kind, what in lines]
    heights = [0.30 if kind == "lane" else 0.08 + 0.145 * len(text) for (kind, _), text in zip(lines, labels)]
    fig, ax = _frame(title, subtitle, source, sum(heights) + 0.2)
    with matplotlib.rc_context(STYLE):
        _place(ax, 0.475, 0.975)
        low, high = date2num(Timestamp(start, 1, 1)), date2num(Timestamp(end + 1, 1, 1))
        wide, top = (high - low) / 160, sum(heights)
        for (kind, what), text, height in zip(lines, labels, heights):
            y = top - height / 2
            top -= height
            if kind == "lane":
                ax.text(-0.93, y - 0.02, what, transform=ax.get_yaxis_transform(), size=9.5, weight="bold", va="center",
                        color=_lane_colour(lanes, what))
                ax.axhline(y + height / 2, color=RULE, lw=0.8, zorder=1)
                continue
            ax.text(-0.02, y, "\n".join(text), transform=ax.get_yaxis_transform(), size=8.2, va="center", ha="right",
                    linespacing=1.15)
            _dated(ax, y, what, _lane_colour(lanes, what["lane"]), low, high, wide)
        ax.set_xlim(low, high)
        ax.set_ylim(0, sum(heights))
        ax.set_yticks([])
        step = max(1, round((end + 1 - start) / 9))
        years = range(start, end + 1, step)
        ax.set_xticks([date2num(Timestamp(y, 1, 1)) for y in years], [str(y) for y in years], ha="left")
        ax.tick_params(labelsize=8.5)
    return fig


def _lane_colour(lanes: list[str], lane: str) -> str:
    dark = (COLOURS[0], COLOURS[5], COLOURS[2], "#7a4988", "#6b6b00", INK)
    return dark[lanes.index(lane) % len(dark)]


def _dated(ax: Axes, y: float, row: dict, colour: str, low: float, high: float, wide: float) -> None:
    """One happening on a time axis."""
    from matplotlib.dates import date2num

    known = [None if d != d else date2num(d) for d in (row["first"], row["last"])]
    face = "white" if row["inferred"] else colour
    if None in known:  # open to one side
        at, towards = (known[1], low) if known[0] is None else (known[0], high)
        at = min(max(at, low), high)
        ax.plot([towards, at], [y, y], color=colour, lw=1.1, ls=(0, (1, 2)), zorder=2)
        ax.plot(at, y, "|", color=colour, ms=8, mew=1.8, zorder=3, clip_on=False)
        ax.plot(towards, y, marker="<" if towards == low else ">", color=colour, mfc=face, ms=4, zorder=3, clip_on=False,
                ls="none")
        return
    first, last = known[0], known[1] + 1
    if known[0] == known[1]:
        ax.plot((first + last) / 2, y, "o", ms=5.5, mfc=face, mec=colour, mew=1.3, zorder=4, clip_on=False)
        return
    left, right = max(first, low), min(max(last, first + wide), high)
    ax.barh(y, right - left, left=left, height=0.095, facecolor=face, edgecolor=colour, lw=1.2, zorder=3)
    for edge, cut, marker in ((low, first < low, "<"), (high, last > high + 1, ">")):
        if cut:
            ax.plot(edge, y, marker=marker, color=colour, ms=5, zorder=4, clip_on=False, ls="none")

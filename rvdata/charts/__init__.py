"""One house style: figures that carry unit, source and doubt, and an alternative text computed from the data.

Hollow marks are inferred, filled ones printed; a bar is the interval that the print leaves open, an arrow a side
without a bound. Colours are told apart in colour blindness and in grey print, and never carry a meaning alone.
"""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.pyplot as plt
import matplotlib.ticker

from rvdata.charts import house, marks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

frame, colour, palette = house.frame, house.colour, house.palette
stacked, span, interval, breaks = marks.stacked, marks.span, marks.interval, marks.breaks
stated, links, grid, SAID = marks.stated, marks.links, marks.grid, marks.SAID
dated, tall = marks.dated, marks.tall

# Okabe and Ito's palette, ordered so that neighbours differ in lightness as well.
INK, MUTED, RULE = "#1b1b1b", "#5a5a5a", "#d5d5d5"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
REST = "#e8e8e8"
WIDTH = 8.0  # inches: 70 characters of report text
STYLE = {
    "figure.dpi": 144,
    "savefig.dpi": 144,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.8,
    "svg.hashsalt": "rvdata",
    "text.parse_math": False,  # a dollar sign in what an article prints is money, not mathematics
}


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """The house style while a figure is drawn; afterwards all that was set before, and plots of others appear.

    IPython's backend turns interactive mode on as it is loaded, which is when the first figure of a kernel is made.
    Loaded inside of `rc_context`, it would be off again afterwards; so it is loaded before.
    """
    plt.switch_backend(plt.get_backend())
    with matplotlib.rc_context(STYLE):
        yield


def _frame(title: str, subtitle: str, source: str, rows: float) -> tuple[Figure, Axes]:
    """A figure with room for its texts: heights in inches, so that nothing shrinks when rows are many."""
    title_lines = textwrap.wrap(title, 68)
    sub_lines = textwrap.wrap(subtitle, 92)
    source_lines = textwrap.wrap(source, 112)
    top = 0.12 + 0.25 * len(title_lines) + 0.20 * len(sub_lines) + 0.12
    bottom = 0.62 + 0.16 * len(source_lines)
    height = top + bottom + rows
    with house_style():
        fig = plt.figure(figsize=(WIDTH, height))
        ax = fig.add_axes((0.0, bottom / height, 1.0, rows / height))
        fig.text(
            0.015,
            1 - 0.12 / height,
            "\n".join(title_lines),
            size=13,
            weight="bold",
            va="top",
            linespacing=1.25,
        )
        fig.text(
            0.015,
            1 - (0.14 + 0.25 * len(title_lines)) / height,
            "\n".join(sub_lines),
            size=10,
            color=MUTED,
            va="top",
            linespacing=1.3,
        )
        fig.text(
            0.015,
            0.10 / height,
            "\n".join(source_lines),
            size=8,
            color=MUTED,
            va="bottom",
            linespacing=1.3,
        )
    return fig, ax


def _place(ax: Axes, left: float, right: float) -> None:
    """Give the axes their share of the figure's width."""
    box = ax.get_position()
    ax.set_position((left, box.y0, right - left, box.height))


def intervals(
    plotted: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    unit: str,
    limits: tuple[float, float],
    log: bool = False,
) -> Figure:
    """One row per figure: its value as a dot, what the print leaves open as a bar, an open side as an arrow.

    Parameters
    ----------
    plotted : DataFrame
        Columns label, printed (text beside the mark), value, least, most (numbers or NaN), inferred (bool). Drawn
        from top to bottom in the order given. Optional: below, a second line of the label; group, a heading above
        the rows that bear it; hazy (bool), a value that is printed as an estimate, ringed.
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

    rows = []
    for row in plotted.to_dict("records"):
        if "group" in row and row["group"] != (rows[-1]["group"] if rows else None):
            rows.append({"group": row["group"], "label": "", "heading": True})
        rows.append(row)
    labels = [
        "\n".join(textwrap.fill(line, 34) for line in (row["label"], row.get("below")) if line)
        for row in rows
    ]
    pitch = 0.36 + 0.14 * max(
        (label.count("\n") for label in labels), default=0
    )  # inches from row to row
    headed = (
        0.35 if rows and "heading" in rows[0] else 0.0
    )  # rows' height that a heading needs less of
    fig, ax = _frame(title, subtitle, source, pitch * (len(rows) - headed) + 0.2)
    with house_style():
        _place(ax, 0.34, 0.965)
        low, high = limits
        if log:
            ax.set_xscale("log")
        for i, row in enumerate(rows):
            y = len(rows) - 1 - i
            colour = COLOURS[0]
            if "heading" in row:
                ax.text(
                    0.015,
                    y - 0.2,
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
            least, most, value = (
                row[k] if row[k] == row[k] else None for k in ("least", "most", "value")
            )
            if (
                least is not None and most is not None and least < most
            ):  # taller than the dot, which may be wider
                ax.barh(
                    y,
                    most - least,
                    left=least,
                    height=0.22 / pitch,
                    color=colour,
                    alpha=0.3,
                    zorder=2,
                )
            one_sided = (least is None) != (most is None)
            if one_sided:
                bound, towards = (least, high) if most is None else (most, low)
                ax.annotate(
                    "",
                    (towards, y),
                    (bound, y),
                    zorder=2,
                    arrowprops={
                        "arrowstyle": "-|>",
                        "color": colour,
                        "lw": 1.6,
                        "shrinkA": 0,
                        "shrinkB": 0,
                    },
                )
                ax.plot(bound, y, "|", color=colour, ms=9, mew=1.8, zorder=3)
            if value is not None:
                face = "white" if row["inferred"] else colour
                ax.plot(value, y, "o", ms=6.5, mfc=face, mec=colour, mew=1.8, zorder=3)
                if row.get("hazy"):
                    ax.plot(value, y, "o", ms=13.5, mfc="none", mec=colour, mew=1.1, zorder=3)
            ends = [v for v in (value, least, most) if v is not None] or [low]
            share = [
                (math.log(v / low) / math.log(high / low) if log else (v - low) / (high - low))
                for v in ends
            ]
            gap = 13 if row.get("hazy") else 9
            needs = (gap / 72 + len(row["printed"]) * 9.5 * 0.8 * _CHAR) / (WIDTH * 0.625)
            if max(share) <= min(0.55, 1 - needs) and not one_sided:
                x, offset, ha, va = max(ends), (gap, 0), "left", "center"
            elif min(share) >= max(0.45, needs) and not one_sided:
                x, offset, ha, va = min(ends), (-gap, 0), "right", "center"
            else:  # above the mark, towards the middle of the axis
                x, ha, va = (
                    ends[0],
                    "left" if share[0] < 0.35 else "right" if share[0] > 0.65 else "center",
                    "bottom",
                )
                offset = (0, gap - 2)
            ax.annotate(
                row["printed"],
                (x, y),
                xytext=offset,
                textcoords="offset points",
                ha=ha,
                va=va,
                size=9.5,
                zorder=4,
                bbox={"fc": "white", "ec": "none", "pad": 0.6},
            )
        ax.set_yticks(range(len(rows)), labels[::-1])
        ax.set_ylim(-0.5, len(rows) - 0.3 - headed)
        ax.set_xlim(low, high)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
        ax.tick_params(axis="y", labelsize=9.5)
        if log:
            powers = [
                10.0**n for n in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
            ]
            powers = powers[::-1][:: -(-len(powers) // 6)][
                ::-1
            ]  # long numbers need room; the last one stays
            ax.set_xticks(powers, [f"{p:,.0f}" if p >= 1 else f"{p:g}" for p in powers])
            ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
            if powers[-1] >= 1e6:  # a long label would leave the figure
                ax.get_xticklabels()[-1].set_ha("right")
    return fig


def empty(*, title: str, message: str, source: str) -> Figure:
    """A figure that says that there is nothing to draw, and why."""
    fig, ax = _frame(title, "", source, 1.3)
    with house_style():
        _place(ax, 0.03, 0.97)
        ax.set_axis_off()
        ax.add_patch(
            plt.Rectangle(
                (0, 0), 1, 1, transform=ax.transAxes, fc="none", ec=RULE, ls=(0, (4, 3)), lw=1.2
            )
        )
        ax.text(
            0.5,
            0.5,
            "\n".join(textwrap.wrap(message, 80)),
            transform=ax.transAxes,
            ha="center",
            va="center",
            color=MUTED,
            size=11,
            linespacing=1.4,
        )
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
    display(
        {"image/png": picture, "text/plain": alt}, raw=True, metadata={"image/png": {"alt": alt}}
    )


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
    found = [
        f"{label!r} is cut off"
        for label, box in boxes
        if box.x0 < edge.x0 - 1
        or box.y0 < edge.y0 - 1
        or box.x1 > edge.x1 + 1
        or box.y1 > edge.y1 + 1
    ]
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1:
                found.append(f"{one!r} lies on {other!r}")
    return found


def _mark_years(ax: Axes, start: int, end: int) -> None:
    """Some ten years below an axis of days, each to the right of its first of January."""
    from matplotlib.dates import date2num
    from pandas import Timestamp

    years = range(start, end + 1, max(1, round((end + 1 - start) / 9)))
    ax.set_xticks([date2num(Timestamp(y, 1, 1)) for y in years], [str(y) for y in years], ha="left")
    ax.tick_params(labelsize=8.5)


def _lane_colour(lanes: list[str], lane: str) -> str:
    dark = (COLOURS[0], COLOURS[5], COLOURS[2], "#7a4988", "#6b6b00", INK)
    return dark[lanes.index(lane) % len(dark)]


# ---- marks in a grid, shares of rows, dates in lanes

#: How a mark looks, never by its colour alone.
_MARKS = {
    "filled": {"marker": "o", "mfc": COLOURS[0], "mec": COLOURS[0]},
    "ring": {"marker": "o", "mfc": "white", "mec": COLOURS[0]},
    "half": {
        "marker": "o",
        "mfc": COLOURS[0],
        "mec": COLOURS[0],
        "fillstyle": "left",
        "markerfacecoloralt": "white",
    },
    "ahead": {"marker": ">", "mfc": "white", "mec": COLOURS[0]},
    "cross": {"marker": "x", "mec": COLOURS[5]},
}
_CHAR = 0.0086  # inches a character takes on average, for each point of its size


def matrix(
    plotted: pd.DataFrame,
    *,
    columns: dict[str, str],
    key: dict[str, str],
    title: str,
    subtitle: str,
    source: str,
) -> Figure:
    """A grid in which every row of data is one mark; several in a cell stand side by side, and wrap.

    Parameters
    ----------
    plotted : DataFrame
        Columns group, row and column (words of the grid), look (filled, ring, half, cross), doubted (drawn as a
        question mark) and underlined (bool). Groups and rows stand in order of appearance, marks too.
    columns : dict of str
        Column → its heading, from left to right; a column without marks is shown empty.
    key : dict of str
        Look, `doubted` or `underlined` → what it means; what does not occur is left out.
    title, subtitle, source : str
        Texts on the figure.

    Returns
    -------
    Figure
    """
    left, right, pitch = 0.335, 0.985, 0.185  # shares of the width; inches from mark to mark
    names = list(columns)
    shown = max(len(names), 5)  # few columns do not spread over the page
    wide = (right - left) * WIDTH / shown
    per_line = max(1, int((wide - 0.08) / pitch))
    heads = [
        "\n".join(
            textwrap.fill(line, max(6, int(wide / (8.5 * _CHAR))))
            for line in columns[c].split("\n")
        )
        for c in names
    ]
    lines = []  # (group heading or row, wrapped label, marks by column, height in inches), from top to bottom
    for group, block in plotted.groupby("group", sort=False):
        lines.append((group, [], None, 0.30))
        for label, rows in block.groupby("row", sort=False):
            marks = [rows[rows["column"] == c].to_dict("records") for c in names]
            text = textwrap.wrap(label, 32)
            deep = max(-(-len(m) // per_line) for m in marks)
            lines.append((group, text, marks, max(0.14 * len(text), 0.20 * deep) + 0.10))
    used = {
        look: words
        for look, words in key.items()
        if (
            plotted[look].any()
            if look in ("doubted", "underlined")
            else (plotted["look"] == look).any()
        )
    }
    keyed, above = _key_places(used), 0.16 * max(h.count("\n") + 1 for h in heads) + 0.1
    tall = [0.24 * (1 + max((row for _, _, row, _ in keyed), default=0)) + 0.08, above]
    total = sum(height for *_, height in lines)
    spare = 0.4  # there is no axis below, for which a frame leaves room
    fig, ax = _frame(title, subtitle, source, sum(tall) + total + 0.05 - spare)
    with house_style():
        bottom = ax.get_position().y0 - spare / fig.get_figheight()
        ax.set_position((0.0, bottom, 1.0, (sum(tall) + total + 0.05) / fig.get_figheight()))
        ax.set_axis_off()
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(-0.05, sum(tall) + total)
        for look, words, row, x in keyed:
            y = sum(tall) + total - 0.12 - 0.24 * row
            _mark(
                ax,
                x + 0.08,
                y,
                look if look in _MARKS else "filled",
                look == "doubted",
                look == "underlined",
            )
            ax.text(x + (0.27 if look == "doubted" else 0.2), y, words, size=9, va="center")
        for i, head in enumerate(heads):
            ax.text(
                left * WIDTH + i * wide,
                total + above - 0.06,
                head,
                size=8.5,
                va="top",
                color=MUTED,
                linespacing=1.2,
            )
        y = total
        for group, text, marks, height in lines:
            if marks is None:
                ax.plot([0.12, right * WIDTH], [y, y], color=RULE, lw=0.8, zorder=1)
                ax.text(0.12, y - 0.17, group, size=9.5, weight="bold", va="center")
            else:
                ax.text(
                    left * WIDTH - 0.12,
                    y - height / 2,
                    "\n".join(text),
                    size=9,
                    va="center",
                    ha="right",
                    linespacing=1.1,
                )
                ax.plot(
                    [left * WIDTH - 0.06, right * WIDTH],
                    [y - height / 2] * 2,
                    color=RULE,
                    lw=0.5,
                    zorder=0.5,
                )
                for i, cell in enumerate(marks):
                    deep = -(-len(cell) // per_line)
                    for j, mark in enumerate(cell):
                        _mark(
                            ax,
                            left * WIDTH + i * wide + 0.07 + pitch * (j % per_line),
                            y - height / 2 + 0.20 * ((deep - 1) / 2 - j // per_line),
                            mark["look"],
                            mark["doubted"],
                            mark["underlined"],
                        )
            y -= height
    return fig


def _mark(ax: Axes, x: float, y: float, look: str, doubted: bool, underlined: bool) -> None:
    """One mark of a grid; coordinates in inches."""
    size = {"ms": 6.5, "mew": 2.2} if look == "cross" else {"ms": 7.5, "mew": 1.5}
    ax.plot(x, y, ls="none", zorder=3, **_MARKS[look], **size)
    if doubted:
        ax.text(
            x + 0.055, y + 0.055, "?", size=7.5, weight="bold", ha="left", va="center", zorder=4
        )
    if underlined:
        ax.plot(
            [x - 0.065, x + 0.065],
            [y - 0.095, y - 0.095],
            color=INK,
            lw=1.5,
            zorder=3,
            solid_capstyle="butt",
        )


def _key_places(key: dict[str, str]) -> list[tuple[str, str, int, float]]:
    """Each entry of a key with the line on which it stands and where it begins, in inches."""
    places, row, x = [], 0, 0.12
    for look, words in key.items():
        needs = 0.45 + len(words) * 9 * _CHAR
        if x + needs > WIDTH and x > 0.12:
            row, x = row + 1, 0.12
        places.append((look, words, row, x))
        x += needs
    return places


#: Fill of a part of a bar and colour of the digits in it; in grey print each has a lightness of its own.
_FILLS = {
    "dark": (COLOURS[0], "white"),
    "middle": (COLOURS[4], INK),
    "pale": (REST, INK),
    "grey": ("#b4b4b4", INK),
    "empty": ("white", INK),
    "black": (INK, "white"),
}


def shares(
    plotted: pd.DataFrame,
    *,
    parts: dict[str, str],
    title: str,
    subtitle: str,
    source: str,
    unit: str,
) -> Figure:
    """One bar of 100 per cent for each label, cut into parts in a fixed order, with the counts behind them.

    The first part begins at the left edge of every bar and the last ends at the right edge, so that these two can be
    compared by eye.

    Parameters
    ----------
    plotted : DataFrame
        Columns label, part and rows (how many); one line for each pair, labels in order of appearance.
    parts : dict of str
        Part → fill (dark, middle, pale, grey, empty, black), from left to right.
    title, subtitle, source, unit : str
        Texts on the figure.

    Returns
    -------
    Figure
        A label of which all parts are 0 says so instead of a bar.
    """
    labels = list(dict.fromkeys(plotted["label"]))
    texts = ["\n".join(textwrap.wrap(label, 34)) for label in labels]
    pitch = 0.36 + 0.14 * max((t.count("\n") for t in texts), default=0)
    keyed = _key_places({part: part for part in parts})
    head = 0.26 * (1 + max(row for _, _, row, _ in keyed)) + 0.1
    rows = pitch * len(labels) + 0.1
    fig, ax = _frame(title, subtitle, source, head + rows)
    with house_style():
        tall = fig.get_figheight()
        top = ax.get_position().y1
        box = ax.get_position()
        ax.set_position((0.34, box.y0, 0.55, rows / tall))
        for part, words, row, x in keyed:
            y = top - (0.12 + 0.26 * row) / tall
            fig.add_artist(
                plt.Rectangle(
                    (x / WIDTH, y - 0.065 / tall),
                    0.022,
                    0.13 / tall,
                    transform=fig.transFigure,
                    facecolor=_FILLS[parts[part]][0],
                    edgecolor=MUTED,
                    lw=0.8,
                )
            )
            fig.text((x + 0.24) / WIDTH, y, words, size=9, va="center")
        for i, label in enumerate(labels):
            y = len(labels) - 1 - i
            counts = plotted[plotted["label"] == label].set_index("part")["rows"]
            n, left = int(counts.sum()), 0.0
            for part in parts:
                share = 100 * counts.get(part, 0) / n if n else 0.0
                if share:
                    face, ink = _FILLS[parts[part]]
                    ax.barh(
                        y,
                        share,
                        left=left,
                        height=0.6,
                        facecolor=face,
                        edgecolor=MUTED,
                        lw=0.8,
                        zorder=2,
                    )
                    if share > 2.5 * len(str(counts[part])):  # room for the digits
                        ax.text(
                            left + share / 2,
                            y,
                            str(counts[part]),
                            ha="center",
                            va="center",
                            size=9,
                            color=ink,
                            zorder=3,
                        )
                left += share
            ax.annotate(
                f"n = {n}" if n else "no row",
                (100 if n else 0, y),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                size=9,
                color=MUTED,
            )
        ax.set_yticks(range(len(labels)), texts[::-1])
        ax.set_ylim(-0.5, len(labels) - 0.5)
        ax.set_xlim(0, 100)
        ax.set_xticks(range(0, 101, 20))
        ax.grid(False)
        ax.set_xlabel(unit, size=9, color=MUTED, loc="right")
        ax.tick_params(labelsize=9)
        ax.tick_params(axis="y", labelsize=9.5)
    return fig


def spans(
    plotted: pd.DataFrame,
    *,
    blocks: pd.DataFrame,
    title: str,
    subtitle: str,
    source: str,
    start: int,
    end: int,
) -> Figure:
    """The times that rows speak of, packed into as few lines as they need, one block for each article.

    A dot is a day, a bar a time that lasts or is known less exactly, a triangle the only end that is known of an open
    time and points to the open side. Filled is printed, hollow inferred. The first line of a block is its own window,
    and a broken line leads down from it.

    Parameters
    ----------
    plotted : DataFrame
        Columns block, lane, label (words beside the lane of this block), first and last (days, NaT where open) and
        inferred (bool). Lanes stand in order of appearance.
    blocks : DataFrame
        Columns block, label, first and last (days), said (words beside them) and inferred: one row for each block, from
        top to bottom.
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

    low, high = date2num(Timestamp(start, 1, 1)), date2num(Timestamp(end + 1, 1, 1))
    wide, level = (
        (high - low) / 70,
        0.082,
    )  # least width of a mark in days; inches from line to line
    lanes = list(dict.fromkeys(plotted["lane"]))
    laid = []  # (block, [(lane, label, [(row, line)], lines)], height)
    for block in blocks.to_dict("records"):
        own = plotted[plotted["block"] == block["block"]]
        parts = [
            (lane, rows["label"].iloc[0], *_packed(rows.to_dict("records"), low, high, wide))
            for lane, rows in ((lane, own[own["lane"] == lane]) for lane in lanes)
            if len(rows)
        ]
        laid.append(
            (
                block,
                parts,
                0.34 + sum(max(0.17, level * n) + 0.07 for *_, n in parts) + (0 if parts else 0.2),
            )
        )
    fig, ax = _frame(title, subtitle, source, sum(height for *_, height in laid) + 0.1)
    with house_style():
        _place(ax, 0.215, 0.965)
        top = sum(height for *_, height in laid)
        side = ax.get_yaxis_transform()
        for block, parts, height in laid:
            ax.axhline(top, color=RULE, lw=0.8, zorder=1)
            ax.text(
                -0.27,
                top - 0.17,
                block["label"],
                transform=side,
                size=9.5,
                weight="bold",
                va="center",
                bbox={"fc": "white", "ec": "none", "pad": 0.8},
                zorder=5,
            )
            first, last = date2num(block["first"]), date2num(block["last"]) + 1
            late = first > (low + high) / 2
            said = (
                f"{block['said']} →"
                if first >= high
                else f"← {block['said']}"
                if last <= low
                else block["said"]
            )
            beside = min(max(first if late else last, low), high)
            ax.annotate(
                said,
                (beside, top - 0.17),
                xytext=(-6 if late else 6, 0),
                textcoords="offset points",
                size=8.5,
                color=MUTED,
                ha="right" if late else "left",
                va="center",
                bbox={"fc": "white", "ec": "none", "pad": 0.6},
                zorder=5,
            )
            if last > low and first < high:
                _spanned(ax, top - 0.17, block, INK, low, high, wide)
                middle = min(max((first + last) / 2, low), high)
                ax.plot(
                    [middle] * 2,
                    [top - 0.22, top - height + 0.03],
                    color=MUTED,
                    lw=0.8,
                    ls=(0, (2, 2)),
                    zorder=1,
                )
            y = top - 0.31
            for lane, label, rows, n in parts:
                deep = max(0.17, level * n)
                ax.text(
                    -0.02, y - deep / 2, label, transform=side, size=8.5, ha="right", va="center"
                )
                for row, line in rows:
                    at = y - deep / 2 + level * ((n - 1) / 2 - line)
                    _spanned(ax, at, row, _lane_colour(lanes, lane), low, high, wide)
                y -= deep + 0.07
            if not parts:
                ax.text(
                    -0.02,
                    y - 0.07,
                    "no dated row",
                    transform=side,
                    size=8.5,
                    ha="right",
                    va="center",
                    color=MUTED,
                )
            top -= height
        ax.set_xlim(low, high)
        ax.set_ylim(0, sum(height for *_, height in laid))
        ax.set_yticks([])
        step = max(1, round((end + 1 - start) / 9))
        ticks = list(range(start, end + 1, step))
        ax.set_xticks(
            [date2num(Timestamp(t, 1, 1)) for t in ticks], [str(t) for t in ticks], ha="left"
        )
        ax.tick_params(labelsize=8.5)
    return fig


def _packed(
    rows: list[dict], low: float, high: float, wide: float
) -> tuple[list[tuple[dict, int]], int]:
    """Each row with its line, so that none lies on another; long ones lie below. And how many lines that takes."""
    from matplotlib.dates import date2num

    def extent(row: dict) -> tuple[float, float]:
        known = [date2num(d) for d in (row["first"], row["last"]) if d == d]
        first, last = max(min(known), low), min(max(known), high)
        spare = (
            max(0.0, wide - (last - first)) / 2 + wide / 8
        )  # so that neighbours do not look like one
        return first - spare, last + spare

    placed, lines = [], []
    for row in sorted(rows, key=lambda r: (-(extent(r)[1] - extent(r)[0]), extent(r)[0])):
        a, b = extent(row)
        line = next(
            (i for i, taken in enumerate(lines) if all(b <= c or a >= d for c, d in taken)),
            len(lines),
        )
        if line == len(lines):
            lines.append([])
        lines[line].append((a, b))
        placed.append((row, len(lines) - 1 if line == len(lines) else line))
    return placed, len(lines)


def _spanned(
    ax: Axes, y: float, row: dict, colour: str, low: float, high: float, wide: float
) -> None:
    """One time in its line."""
    from matplotlib.dates import date2num

    first, last = (None if d != d else date2num(d) for d in (row["first"], row["last"]))
    look = {
        "mfc": "white" if row["inferred"] else colour,
        "mec": colour,
        "mew": 0.9,
        "ls": "none",
        "zorder": 4,
        "ms": 4.0,
        "clip_on": False,
    }
    if first is None or last is None:
        at = min(max(last if first is None else first, low), high)
        ax.plot(at, y, marker="<" if first is None else ">", **look)
    elif last - first < 1:
        ax.plot(first + 0.5, y, marker="o", **look)
    else:
        a, b = max(first, low), min(last + 1, high)
        spare = max(0.0, 0.6 * wide - (b - a)) / 2
        ax.barh(
            y,
            b - a + 2 * spare,
            left=a - spare,
            height=0.05,
            facecolor=look["mfc"],
            edgecolor=colour,
            lw=0.9,
            zorder=3,
            clip_on=False,
        )
        for edge, cut, marker in ((low, first < low, "<"), (high, last > high, ">")):
            if cut:
                ax.plot(edge, y, marker=marker, **look)


# ---- what is known of each of a few things


def checklist(
    plotted: pd.DataFrame,
    *,
    columns: dict[str, str],
    key: dict[str, str],
    title: str,
    subtitle: str,
    source: str,
) -> Figure:
    """A grid with one mark and a few words in each cell: what is and what is not known of each of a few things.

    Parameters
    ----------
    plotted : DataFrame
        Columns group, row and column (words of the grid), look (filled, ring, half, cross; empty for no mark), words
        (beside the mark) and doubted (drawn as a question mark). One line per cell; groups and rows stand in order of
        appearance. Of more than five things there is no room for words.
    columns : dict of str
        Column → its heading, from left to right.
    key : dict of str
        Look, or `doubted` → what it means; what does not occur is left out.
    title, subtitle, source : str
        Texts on the figure.

    Returns
    -------
    Figure
    """
    left, right, size = 0.30, 0.985, 8.5
    names, worded = list(columns), len(columns) <= 5
    wide = (right - left) * WIDTH / max(len(names), 2)
    room = max(6, int((wide - 0.30) / (size * _CHAR)))
    across = max(6, int((wide - 0.08) / (size * _CHAR)))
    heads = [
        "\n".join(textwrap.fill(line, across) for line in columns[c].split("\n")) for c in names
    ]
    lines = []  # (heading or wrapped label, cells with their wrapped words, height in inches), from top to bottom
    for group, block in plotted.groupby("group", sort=False):
        lines.append((group, None, 0.30))
        for label, rows in block.groupby("row", sort=False):
            cells = {
                cell["column"]: (cell, textwrap.fill(cell["words"], room) if worded else "")
                for cell in rows.to_dict("records")
            }
            text = textwrap.fill(label, 28)
            deep = max(t.count("\n") for t in (text, *(words for _, words in cells.values())))
            lines.append((text, cells, 0.27 + 0.135 * deep))
    used = {
        look: words
        for look, words in key.items()
        if (plotted["doubted"].any() if look == "doubted" else (plotted["look"] == look).any())
    }
    keyed, above = _key_places(used), 0.16 * max(h.count("\n") + 1 for h in heads) + 0.1
    below = 0.24 * (1 + max((row for _, _, row, _ in keyed), default=0)) + 0.08
    total, spare = (
        sum(height for *_, height in lines),
        0.4,
    )  # there is no axis below, for which a frame leaves room
    high = below + above + total + 0.05
    fig, ax = _frame(title, subtitle, source, high - spare)
    with house_style():
        bottom = ax.get_position().y0 - spare / fig.get_figheight()
        ax.set_position((0.0, bottom, 1.0, high / fig.get_figheight()))
        ax.set_axis_off()
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(-0.05, high - 0.05)
        for look, words, row, x in keyed:
            y = high - 0.17 - 0.24 * row
            _mark(ax, x + 0.08, y, look if look in _MARKS else "filled", look == "doubted", False)
            ax.text(x + (0.27 if look == "doubted" else 0.2), y, words, size=9, va="center")
        for i, head in enumerate(heads):
            ax.text(
                left * WIDTH + i * wide,
                total + above - 0.06,
                head,
                size=size,
                va="top",
                weight="bold",
                linespacing=1.2,
            )
        y = total
        for text, cells, height in lines:
            if cells is None:
                ax.plot([0.12, right * WIDTH], [y, y], color=RULE, lw=0.8, zorder=1)
                ax.text(0.12, y - 0.17, text, size=9.5, weight="bold", va="center")
            else:
                ax.text(
                    left * WIDTH - 0.15,
                    y - height / 2,
                    text,
                    size=9,
                    va="center",
                    ha="right",
                    linespacing=1.1,
                )
                for i, name in enumerate(names):
                    cell, words = cells.get(name, ({"look": "", "doubted": False}, ""))
                    x = left * WIDTH + 0.07 + i * wide
                    if cell["look"]:
                        _mark(ax, x, y - height / 2, cell["look"], cell["doubted"], False)
                    ax.text(
                        x + 0.17,
                        y - height / 2,
                        words,
                        size=size,
                        va="center",
                        linespacing=1.1,
                        color=INK if cell["look"] in ("filled", "half") else MUTED,
                    )
            y -= height
    return fig

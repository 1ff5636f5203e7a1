"""The house style as a frame around any chart of seaborn or matplotlib: texts and alternative text follow from the data.

>>> import rvdata, seaborn as sns
>>> rows = rvdata.deliveries("VEN", "RUS")
>>> with rvdata.charts.frame(rows, title="Russia armed Venezuela for nine years", value="tiv_million") as ax:
...     _ = sns.barplot(rows, x="year", y="tiv_million", ax=ax)  # doctest: +SKIP
"""

from __future__ import annotations

import base64
import colorsys
import contextlib
import functools
import io
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.pyplot as plt
import matplotlib.ticker
import numpy as np
import pandas as pd
import seaborn as sns

from rvdata import countries, evidence, schemas, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, RULE, REST = "#1b1b1b", "#5a5a5a", "#d5d5d5", "#b9b9b9"
WIDTH, SMALLEST = 5.4, 9  # inches, points
MOST_MARKED = 3  # texts on a chart that its alternative text repeats
MOST_ROWS = 120  # of the table behind a figure
LONGEST_ALT = 150  # characters of an alternative text on a page; the data are in the table
DPI = 230  # twice the 115 pixels an inch at which a desk shows it
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": SMALLEST,
    **dict.fromkeys(("axes.titlesize", "axes.labelsize", "legend.fontsize"), SMALLEST),
    **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), SMALLEST),
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    **dict.fromkeys(("axes.spines.top", "axes.spines.right", "axes.spines.left"), False),
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "text.hinting": "no_hinting",
    "text.parse_math": False,  # a dollar sign in what an article prints is money, not mathematics
}
#: For seaborn's lineplot, so that no line crosses a break; and for its histplot, so that parts are stacked.
LINES = {"units": "segment", "estimator": None}
STACKS = {"multiple": "stack", "shrink": 0.75, "alpha": 1}
#: One colour a country in all charts; dark enough for a name to be written in it.
COLOURS = words.terms("colour")
#: Column → what it measures, and its unit, where the tables do not say it in few words.
MEASURES, UNITS = words.terms("measure"), words.terms("unit")
#: Columns of codes of countries.
_CODES = ("supplier", "recipient", "origin", "subject", "responsible", "country")
_SCALES = ((1e9, "billion"), (1e6, "million"))


def colour(code: str) -> str:
    """The colour of a country, the same in every chart."""
    if code in COLOURS:
        return COLOURS[code]
    known = sorted(countries.table())
    if code not in known:
        return REST
    hue = (known.index(code) * 0.618034) % 1
    return matplotlib.colors.to_hex(colorsys.hls_to_rgb(hue, 0.31, 0.45))


def palette(codes: Iterable[str]) -> dict[str, str]:
    """Code → colour, for ``palette=`` of seaborn."""
    return {code: colour(code) for code in dict.fromkeys(codes)}


@contextlib.contextmanager
def style(theme: str = "whitegrid") -> Iterator[None]:
    """The house style on seaborn's theme while something is drawn; all that was set before afterwards.

    IPython's backend turns interactive mode on as it is loaded, which is when the first figure of a kernel is made.
    Loaded within `rc_context`, it would be off again afterwards, and no plot of anybody else would appear.
    """
    plt.switch_backend(plt.get_backend())
    interactive = plt.isinteractive()
    with matplotlib.rc_context(sns.axes_style(theme) | STYLE):
        plt.ioff()
        try:
            yield
        finally:
            plt.interactive(interactive)


def measure(data: pd.DataFrame, value: str, what: str = "") -> tuple[str, str, float]:
    """What a column measures, its unit as the largest value wants it, and by what the values are to be divided."""
    told, unit = MEASURES.get(value, ""), UNITS.get(value, "")
    if not told and value in schemas.COLUMNS:
        told, unit = schemas.COLUMNS[value].meaning, schemas.COLUMNS[value].unit
    counted = len(data) and pd.api.types.is_numeric_dtype(data[value])
    largest = float(data[value].abs().max()) if counted else 0.0
    size, word = next(((s, w) for s, w in _SCALES if largest >= s), (1.0, ""))
    return what or told or value, " ".join(filter(None, (word, unit))), size


def covered(data: pd.DataFrame) -> tuple[int, int] | None:
    """First and last year in a frame: of its columns year, or first and last."""
    held = [data[c].dropna() for c in ("year", "first", "last") if c in data]
    numbers = pd.concat(held) if held else pd.Series(dtype=float)
    if numbers.empty:
        return None
    if str(numbers.dtype).startswith("datetime"):
        numbers = numbers.dt.year
    return int(numbers.min()), int(numbers.max())


def describe(data: pd.DataFrame, value: str, what: str = "") -> str:
    """The line below a title: measure, unit, years; all three follow from the frame."""
    told, unit, _ = measure(data, value, what)
    span = covered(data)
    return ", ".join(filter(None, (told, unit, words.years(*span) if span else "")))


def alternative(data: pd.DataFrame, title: str, subtitle: str, value: str) -> str:
    """The text for those who do not see the chart: what it shows, and where it is highest and lowest."""
    _, _, size = measure(data, value)
    known, begin = data[data[value].notna()], f"{title}. {subtitle.rstrip('.')}."
    if known.empty:
        return f"{begin} No value."
    if str(known[value].dtype).startswith("datetime"):
        ends = known.sort_values(value, kind="stable").iloc[[0, -1]]
        told = [f"{row.summary} ({words.day(row[value])})" for _, row in ends.iterrows()]
        return f"{begin} {len(known):,} in all; first {told[0]}, last {told[1]}."

    def at(row: pd.Series) -> str:
        named = ("issue", "year", "first", "last", "supplier", "origin", "subject", "country")
        places = ", ".join(_named(row[c]) for c in named if c in row)
        number = words.number(row[value] / size, 3)
        return f"{number} ({places})" if places else number

    most, least = known.loc[known[value].idxmax()], known.loc[known[value].idxmin()]
    return f"{begin} {len(known):,} values; highest {at(most)}, lowest {at(least)}."


def _named(place: object) -> str:
    if isinstance(place, str):
        return countries.name(place) if place in countries.table() else place
    return str(int(place)) if isinstance(place, float) else str(place)


@contextlib.contextmanager
def frame(
    data: pd.DataFrame,
    *,
    title: str,
    value: str,
    subtitle: str = "",
    note: str = "",
    height: float = 2.6,
    table: pd.DataFrame | None = None,
    theme: str = "whitegrid",
    seen: str = "",
) -> Iterator[Axes]:
    """A framed axes to draw on; at the end it is shown with its texts and its data, and closed.

    Parameters
    ----------
    data : DataFrame
        What is drawn. Unit, years, source and alternative text follow from it: from the names of its columns, and its columns
        year (or first and last), release, origin_id or source_id.
    title : str
        What the chart shows, as a statement.
    value : str
        Column that is drawn, with its unit in its name.
    subtitle : str
        What is measured, if the column's own words are too general; unit and years are added.
    note : str
        What must be known to read the chart, below the subtitle.
    height : float
        Inches of the axes.
    table : DataFrame, optional
        The rows for readers, folded below the picture; `data` by default.
    theme : str
        Of seaborn: "whitegrid", "white", "ticks" …
    seen : str
        What the alternative text says instead of the highest and the lowest value; it must come from the frame.

    Yields
    ------
    Axes
        Its labels and a legend of more than one entry may be changed; its texts are no smaller than nine points.

    Examples
    --------
    See the module.
    """
    if data.empty:
        raise ValueError("there is nothing to draw; say in a sentence what there is instead")
    line = describe(data, value, subtitle)
    with style(theme):
        fig, ax = plt.subplots(figsize=(WIDTH, height), layout="tight")
        try:
            yield ax
            _finish(ax, data, value, height, title, line, note)
            told = f"{title}. {line}. {seen}" if seen else alternative(data, title, line, value)
            marked = [text.get_text() for text in ax.texts if text.get_text().strip()]
            if 0 < len(marked) <= MOST_MARKED:  # more of them are names, which are told otherwise
                told += f" Marked: {'; '.join(marked)}."
            show(
                fig, told, data if table is None else table, short(title, line, told), source(data)
            )
        finally:
            plt.close(fig)


def _finish(ax: Axes, data: pd.DataFrame, value: str, height: float, *texts: str) -> None:
    """Texts around the axes, at heights in inches; unit and years of the axes."""
    (_, _, size), fig = measure(data, value), ax.figure
    for axis, its in ((ax.yaxis, ax.get_ylabel()), (ax.xaxis, ax.get_xlabel())):
        if its == value:
            axis.label.set_text("")
            if isinstance(axis.get_major_formatter(), matplotlib.ticker.ScalarFormatter):
                _ticks(axis, lambda v: words.number(v / size))
        elif its in ("year", "first", "last", "end of year"):
            axis.label.set_text(its if its == "end of year" else "")
            _years(axis)
        elif its in data or its == "Count":  # of seaborn's, where weights are counted
            axis.label.set_text("")
            if its in _CODES:
                names = [_named(tick.get_text()) for tick in axis.get_ticklabels()]
                axis.set_ticks(axis.get_ticklocs(), names)
        if isinstance(axis.get_major_formatter(), matplotlib.category.StrCategoryFormatter):
            axis.grid(False)  # no line leads to a name
    if legend := ax.get_legend():
        for text in legend.get_texts():
            text.set_text(_named(text.get_text()))
        if legend.get_title().get_text() in data:
            legend.set_title("")
    title, line, note = (re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", t) for t in texts)
    heads = textwrap.wrap(title, 52)
    lines = textwrap.wrap(line, 82) + (textwrap.wrap(note, 82) if note else [])
    below = textwrap.wrap(source(data), 82)
    top, bottom = 0.1 + 0.22 * len(heads) + 0.165 * len(lines) + 0.1, 0.08 + 0.165 * len(below)
    tall = height + top + bottom
    fig.set_size_inches(WIDTH, tall)
    fig.get_layout_engine().set(rect=(0.0, bottom / tall, 1.0, 1 - top / tall), pad=0.33)
    under, small = 1 - (0.1 + 0.22 * len(heads)) / tall, {"color": MUTED, "linespacing": 1.25}
    look = {"size": 12, "weight": "bold", "va": "top", "linespacing": 1.2}
    fig.text(0.015, 1 - 0.06 / tall, "\n".join(heads), **look)
    fig.text(0.015, under, "\n".join(lines), va="top", **small)
    fig.text(0.015, 0.06 / tall, "\n".join(below), va="bottom", **small)


def _years(axis: matplotlib.axis.Axis) -> None:
    """Years as whole numbers without separators, not more than there is room for."""
    if isinstance(axis.get_major_locator(), matplotlib.ticker.FixedLocator):
        return  # of a heat map: seaborn has thinned them out
    names = matplotlib.ticker.FixedFormatter | matplotlib.category.StrCategoryFormatter
    if isinstance(axis.get_major_formatter(), names):
        labels = [tick.get_text() for tick in axis.get_ticklabels()]
        step = -(-len(labels) // 9)
        at = list(axis.get_ticklocs())
        axis.set_ticks(at[::step], labels[::step])
        return
    axis.set_major_locator(matplotlib.ticker.MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
    _ticks(axis, lambda v: f"{v:.0f}")


def _ticks(axis: matplotlib.axis.Axis, label: Callable[[float], str]) -> None:
    """Ticks with their labels, those alone that are seen."""
    low, high = sorted(axis.get_view_interval())
    at = [float(v) for v in axis.get_ticklocs() if low <= v <= high]
    axis.set_ticks(at, [label(v) for v in at])


def source(data: pd.DataFrame) -> str:
    """The articles and releases of a frame, as the line below a chart."""
    held = [c for c in ("release", "origin_id", "source_id", "sources") if c in data]
    ids = [i for c in held for cell in data[c].dropna() for i in cell.split(";")]
    known = dict.fromkeys(i for i in ids if i and i != "none")
    names = [words.release(i) if words.is_release(i) else words.article(i) for i in known]
    return f"Source: {words.listed(names, nothing='none named')}; compiled by rvdata."


def short(title: str, line: str, told: str) -> str:
    """Alternative text of a page: the finding, and as much of what is told besides as `LONGEST_ALT` leaves room for.

    Examples
    --------
    >>> short("Few came", "Arms, 2000", "Few came. Arms, 2000. Two values; highest 4 (2001, Russia), lowest 0 (2000, Spain).")
    'Few came. Arms, 2000. Two values; highest 4 (2001, Russia), lowest 0 (2000, Spain).'
    >>> short("Few came", "Arms", "Few came. Arms. " + "Marked: a word. " * 20)
    'Few came. Arms.'
    """
    title, line = title.rstrip("."), line.rstrip(".")
    for text in (told, f"{title}. {line}.", f"{title}."):
        if len(text) <= LONGEST_ALT:
            return text
    return textwrap.shorten(title, LONGEST_ALT, placeholder=" …")


def show(fig: Figure, alt: str, table: pd.DataFrame, short: str, source: str) -> None:
    """Display a figure as a picture with its alternative text, of which a page reads out the short one, and its rows."""
    from IPython.display import display

    wide, high = (round(side * DPI / 2) for side in fig.get_size_inches())
    display(
        {"image/png": picture(fig), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": short, "width": wide, "height": high}},
    )
    display(_behind(table, source))


def picture(fig: Figure) -> str:
    """A figure as PNG, in base64."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # to import it is to draw
    from PIL import Image

    buffer = io.BytesIO()
    fig.set_dpi(DPI)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()  # once; savefig draws twice, the first time in order to lay out
    # 256 colours are enough for a chart, and take less than half the room
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _behind(table: pd.DataFrame, source: str) -> evidence.Table:
    """The rows behind a figure for readers, folded: without what the source line says, of a long one the first and last."""
    origins = table.columns.intersection(["release", "origin_id", "source_id"])
    told = every = table.drop(columns=[c for c in origins if table[c].nunique() < 2])
    caption = f"Table: the {words.count(len(told), 'row')} behind the figure"
    if len(told) > MOST_ROWS:
        told = pd.concat([told.head(MOST_ROWS // 2), told.tail(MOST_ROWS // 2)])
        caption += f", the first and the last {MOST_ROWS // 2} of them"
    names = {c: told[c].map(functools.cache(_named)) for c in _CODES if c in told}
    if "stance" in told:
        names["stance"] = told["stance"].replace(words.terms("stance"))
    told = told.apply(_even).assign(**names).rename(columns=_header)
    return evidence.Table(told, caption, folded=True, file=every, source=source)


def _even(column: pd.Series) -> pd.Series:
    """Numbers of a column, all with as many digits as a reader needs; years as they are."""
    plain = column.name in ("year", "first", "last") or column.dtype.kind not in "iuf"
    known = column.dropna()
    if plain or known.empty:
        return column
    small = known.abs().max() < 10 and not UNITS.get(column.name, "").startswith("per cent")
    digits = 0 if (known % 1 == 0).all() else 2 if small else 1
    shown = [f"{value:,.{digits}f}".replace("-", "−") for value in column]
    return pd.Series(shown, index=column.index).where(column.notna(), "–")


def _header(column: str) -> str:
    """A column as a reader of a table is told of it, with its unit."""
    what = MEASURES.get(column, column.replace("_", " "))
    return f"{what}, {UNITS[column]}" if column in UNITS else what

"""Proposes the figures of a new article: what is printed, where, and what it commits to. A person decides.

`propose` reads a text, `read` a file. The grammar finds expressions, the page tells the article from what stands around
it, the context says what is counted, by whom, where and when.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rvdata.errors import DataError
from rvdata.extraction import context, furniture, grammar, judge
from rvdata.extraction.view import view

KINDS = ("money", "percent", "count", "date", "year", "period", "ordinal", "measure")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One figure of an article, for a person to confirm.

    Attributes
    ----------
    file : str
        Where the text came from.
    start, end : int
        Code points of the text; the expression with a hedge beside it.
    stated : str
        The printed expression; where several numbers share one scale word, spelled with it.
    kind : str
        One of `KINDS`.
    value, low, high : float or None
        As `quantities.Quantity` has them; a year's own number. None for what is not stated, and for dates.
    unit, qualifier : str
        ISO 4217 code, percent, percentage_points, a unit of time or measure, rank, or what is counted; a qualifier of
        `quantities.QUALIFIERS`.
    noun, attribution : str
        The counted noun; who is said to say so.
    countries : tuple of str
        ISO 3166-1 alpha-3, the nearest first.
    date : str
        The day, month or year that the sentence names nearest; of a date itself its ISO form.
    confidence : float
        Between 0 and 1; an order, not a probability.
    """

    file: str
    start: int
    end: int
    stated: str
    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    qualifier: str
    noun: str
    attribution: str
    countries: tuple[str, ...]
    date: str
    confidence: float


def propose(text: str, file: str = "") -> list[Proposal]:
    """Every figure of an article, in its order, none overlapping another."""
    seen = view(text)
    figures = grammar.find(seen.cased, seen.plain)
    if not figures:
        return []
    page = furniture.Page(seen.plain)
    proposals = []
    around = None
    for figure in figures:
        figure.noun = context.noun(seen.plain, figure.right) if figure.kind in ("count", "year") else ()
        confidence = judge.confidence(figure, seen.cased, seen.plain, page)
        if confidence < judge.LEAST:
            continue
        if around is None or not around.start <= figure.start < around.end:
            around = context.sentence(seen.cased, figure.start)
        start, end = seen.at(figure.start), seen.after(figure.end)
        value, low, high = _bounds(figure)
        near = sorted(around.countries, key=lambda pair: abs(pair[0] - figure.start))
        date = figure.iso if figure.kind == "date" else min(
            around.dates, key=lambda pair: abs(pair[0] - figure.start), default=(0, ""))[1]
        proposals.append(Proposal(
            file, start, end, _stated(figure, seen.cased), figure.kind, value, low, high,
            figure.unit if figure.kind != "count" else context.noun_unit(figure.noun), figure.qualifier,
            " ".join(figure.noun), around.attribution, tuple(dict.fromkeys(code for _, code in near)), date,
            round(confidence, 2)))
    return proposals


def _bounds(figure: grammar.Figure) -> tuple[float | None, float | None, float | None]:
    if figure.kind == "date":
        return None, None, None
    if figure.fixed:
        return None, figure.low, figure.high
    value = figure.value
    bounds = {"exact": "lh", "nearly": "h", "at_most": "h", "over": "l", "at_least": "l"}.get(figure.qualifier, "")
    return value, value if "l" in bounds else None, value if "h" in bounds else None


def _stated(figure: grammar.Figure, cased: str) -> str:
    """The printed expression in one line, with a scale or unit that it shares with a later number."""
    if not figure.respell or figure.fixed:
        return " ".join(cased[figure.start:figure.end].split()) + figure.lent
    number = f"{figure.number / 10**figure.places:,.{figure.places}f}"
    hedge, tail = cased[figure.start:figure.left], cased[figure.digits:figure.end]
    return " ".join(f"{hedge}{figure.sign}{number}{tail}".split()) + figure.lent


def read(path: str | Path) -> tuple[str, bool]:
    """The text of a file, and whether it was taken out of HTML.

    Raises
    ------
    DataError
        If the file cannot be read, is not UTF-8, or is HTML and trafilatura is not installed.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); name a text or HTML file") from None
    try:
        return raw.decode("utf-8-sig"), False
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None

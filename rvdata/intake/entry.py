"""What a reader types for a column, read into cells at once or refused with the nearest valid answer. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from figurefind import locators, quantities
from rvdata import articles, countries, schemas
from rvdata.errors import DataError, nearest
from rvdata.rawcsv import Row
from rvdata.text import inert, plain

if TYPE_CHECKING:
    from figurefind.extract import Proposal

#: What a reader is asked for, in this order; a period and a date are typed as one expression each.
ASKED = schemas.words(
    "stated hedge unit family measure subject subject_basis counterpart responsible period as_of "
    "attributed_to note conflicts_with status"
)
#: How the note of a guessed date begins; the sentence goes when a reader types the date.
NOTE = "Date: inferred from"
NO_PLACE = (
    "the text at hand is not the one that was registered, so that no place in it can be recorded; give that text "
    "with --text"
)
CLEAR = "-"
LONGEST = 1000
_COUNTRIES = ("subject", "counterpart", "responsible")
#: Precision of a stretch by the frequency that pandas gives it, and what early, mid and late are in it, in days or months.
_PRECISIONS = {"D": "day", "M": "month", "Y-DEC": "year"}
_THIRDS = {
    "month": ("D", {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}),
    "year": ("M", {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}),
}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ONE_DATE = rf"\d{{4}}(-\d\d?){{0,2}}|(\d\d? )?{_MONTH} \d{{4}}|{_MONTH} \d\d? \d{{4}}"
_AUTO_NOTE = re.compile(rf"{NOTE}[^.]*\.\s?")


class Unreadable(DataError):
    """An answer that fits no cell: what is wrong with it, and what would fit."""


#: The only valid answers, where not all may be typed.
_CHOICES = {
    "family": schemas.FAMILIES,
    "unit": schemas.UNITS,
    "subject_basis": schemas.BASES,
    "status": ("as_printed", "doubted", "conflicting"),
}
_WHEN = "{}: 2021, 2021-03, 2021-03-04, mid 2021, 2000 to 2021, after 2008, before 2022-06-30; end it with ? if it is inferred"
_WANTED = {
    "stated": "the printed expression alone, hedge included, as it stands in the text: over 100, $30 billion",
    "hedge": "a hedge printed apart from the expression, as a hedge word of docs/protocol.md: estimated",
    "period": _WHEN.format("window that a flow or share is stated for"),
    "as_of": _WHEN.format("day at which the figure holds"),
}


def explain(column: str) -> str:
    """What is wanted, in a line or two."""
    if column in _WANTED:
        return _WANTED[column]
    if among := _CHOICES.get(column):
        return f"one of {', '.join(among)}"
    meaning = schemas.COLUMNS[column].meaning
    return meaning.replace("country codes", "names or codes, as in Venezuela; RUS")


def shown(column: str, cells: dict[str, str]) -> str:
    """The answer that stands in the cells, in the form in which it is typed."""
    if column == "period":
        return _typed(*(_cells(cells, name) for name in ("period_start", "period_end")))
    if column == "as_of":
        day, precision, basis = _cells(cells, "as_of")
        return _typed((day, precision, basis), (cells["as_of_end"], precision, basis))
    if column == "status" and cells["status"] in schemas.SET_ASIDE:
        return "as_printed"
    return cells[column]


def answer(
    column: str, typed: str, cells: dict[str, str], text: str | None = None
) -> dict[str, str]:
    """The cells that an answer changes in a row as it stands; a lone hyphen empties one.

    Without the article's `text`, as it was registered, no other place can be given to the figure.
    """
    typed = plain(typed)
    if len(typed) > LONGEST:
        raise Unreadable(
            f"{len(typed):,} characters are more than the {LONGEST:,} of any cell; say it in fewer words"
        )
    if typed == CLEAR:
        typed = ""
    if column == "stated":
        return _stated(typed, cells, text)
    if column == "hedge":
        return {"hedge": typed, **_numbers(cells["stated"], typed)}
    if column == "unit":
        return _unit(typed, cells)
    if among := _CHOICES.get(column):
        return {column: choice(typed, among, column)}
    if column in _COUNTRIES:
        try:
            return {column: ";".join(dict.fromkeys(_codes(typed)))}
        except countries.UnknownCountry as error:
            raise Unreadable(str(error)) from None
    if column in ("period", "as_of"):
        return _time(column, typed, cells)
    if column == "conflicts_with":
        return {column: inert(";".join(part for part in re.split(r"[;,\s]+", typed) if part))}
    return {column: inert(typed)}


# ---- the print


def _stated(typed: str, cells: dict[str, str], text: str | None) -> dict[str, str]:
    """Another extent of the printed expression around the same place, or the whole of one whose scale is shared."""
    place = articles.place_of(Row("", cells))
    if place is None:
        raise Unreadable(
            "the row has no place that can be read; correct start, end and context_hashes in the file"
        )
    start, end = place.start, place.end
    if text is None:
        raise Unreadable(NO_PLACE)
    typed = re.sub("^-", "−", typed)  # no spreadsheet takes a minus sign for a formula
    numbers = _numbers(typed, cells["hedge"])
    low = max(0, start - len(typed) - 40)
    for match in re.finditer(pattern(typed), text[low : end + len(typed) + 40], re.I):
        first, last = low + match.start(), low + match.end()
        if first < end and start < last:
            place = locators.make(text, first, last)
            return {**numbers, "stated": typed, **place_cells(place)}
    printed = " ".join(text[start:end].split())
    if typed.casefold().replace("−", "-").startswith(printed.casefold().replace("−", "-")):
        return {**numbers, "stated": typed}
    raise Unreadable(
        f"{typed!r} does not stand here; type it as it is printed, beginning with {printed!r} where "
        "numbers share a scale"
    )


def pattern(typed: str) -> str:
    """A regular expression that finds what is printed, whatever its blanks and its minus sign."""
    words = map(re.escape, typed.replace("−", "-").split())
    return r"\s+".join(words).replace(r"\-", "[-−]")


def _numbers(stated: str, hedge: str) -> dict[str, str]:
    try:
        q = quantities.parse(stated, hedge or None)
    except quantities.QuantityError as error:
        raise Unreadable(str(error)) from None
    unit = {"unit": q.unit} if q.unit else {}
    return {**number_cells(q), "qualifier": q.qualifier, **unit}


def number_cells(quantity: quantities.Quantity | Proposal) -> dict[str, str]:
    """The cells of a number and its bounds; a proposal has no step."""
    named = {"value": "value", "low": "low", "high": "high", "stated_step": "step"}
    return {
        cell: articles.number_cell(getattr(quantity, name, None)) for cell, name in named.items()
    }


def place_cells(place: locators.Locator) -> dict[str, str]:
    """The cells of a place in the text."""
    return {
        "start": str(place.start),
        "end": str(place.end),
        "span_sha256": place.span_sha256,
        "context_hashes": locators.format_hashes(place.context_hashes),
    }


def _unit(typed: str, cells: dict[str, str]) -> dict[str, str]:
    unit = choice(typed, schemas.UNITS, "unit")
    try:
        printed = quantities.parse(cells["stated"], cells["hedge"] or None).unit
    except quantities.QuantityError:
        printed = None
    if printed and unit != printed:
        raise Unreadable(f"{cells['stated']!r} prints {printed}; leave the unit, or correct stated")
    return {"unit": unit}


# ---- codes


def choice(typed: str, among: tuple[str, ...], what: str) -> str:
    """A valid code, or the only one that begins so."""
    codes = {code.casefold(): code for code in among}
    key = re.sub(r"[\s-]+", "_", typed).casefold()
    begun = [code for folded, code in codes.items() if folded.startswith(key)]
    if key in codes:
        return codes[key]
    if key and len(begun) == 1:
        return begun[0]
    raise Unreadable(
        f"{typed!r} is no {what.replace('_', ' ')}{nearest(key, codes)}; type ? for the list"
    )


def _codes(typed: str) -> list[str]:
    whole = ";" in typed or countries.find(typed)  # "Korea, Republic of" is one name
    found = []
    for name in filter(None, map(str.strip, re.split(";" if whole else ",", typed))):
        code = countries.find(name) or countries.find(name.upper())
        if not code and re.fullmatch("_?[A-Za-z]{2,4}", name):
            raise Unreadable(countries.refusal(name))
        found.append(code or countries.code(name))  # which says what names are near
    return found


# ---- days


@dataclass(frozen=True)
class Days:
    """Earliest and latest day of a stretch of time, with how exactly each end is known; None where it is open."""

    first: dt.date | None
    last: dt.date | None
    precision: str
    last_precision: str = ""


def days(typed: str) -> Days:
    """What a date or a stretch of time spans.

    It is a day, a month or a year, early, mid or late in one, two with "to" between, or one after "before", "after" or "since".

    Examples
    --------
    >>> days("2021-03")
    Days(first=datetime.date(2021, 3, 1), last=datetime.date(2021, 3, 31), precision='month', last_precision='month')
    >>> days("2000 to 2021").precision, days("mid 2021").last, days("before 3 May 2018").last
    ('years', datetime.date(2021, 8, 31), datetime.date(2018, 5, 3))
    """
    words = " ".join(typed.replace(",", " ").split()).casefold()
    if match := re.fullmatch(r"(before|until|by|after|since) (.+)", words):
        one = stretch(match[2])
        if one and match[1] in ("after", "since"):
            return Days(one.first, None, "after", one.precision)
        if one:
            return Days(None, one.last, "before", one.precision)
    ends = re.fullmatch(
        r"(?:from |between )?(.+?)(?: to | and | ?\.\. ?| ?– ?|/)(.+)", words
    ) or re.fullmatch(r"(\d{4})-(\d{4})", words)
    if ends:
        one, other = stretch(ends[1]), stretch(ends[2])
        if one and other:
            if one.first > other.last:
                raise Unreadable(f"{typed!r} runs backwards; write the earlier end first")
            ends_by = f"{one.precision}/{other.precision}"
            whole = "years" if ends_by == "year/year" else "period"
            return Days(one.first, other.last, whole, ends_by)
    if one := stretch(words):
        return one
    raise Unreadable(
        f"{typed!r} is no date; write it as 2021, 2021-03, 2021-03-04, mid 2021, 2000 to 2021, before 2022 "
        "or after 2008"
    )


def stretch(words: str) -> Days | None:
    """One day, month or year, or a third of one."""
    import pandas as pd

    third, core = re.fullmatch(r"(?:(early|mid|late)[ -])?(.*)", words, re.S).groups()
    try:
        one = pd.Period(core) if re.fullmatch(_ONE_DATE, core) else None
    except ValueError:
        return None
    precision = _PRECISIONS[one.freqstr] if one is not None else ""
    if not precision or (third and precision == "day"):
        return None
    first, last = one.asfreq("D", "start"), one.asfreq("D", "end")
    if third:
        finer, ends = _THIRDS[precision]
        a, b = (one.asfreq(finer, "start") + n - 1 for n in ends[third])
        first, last = a.asfreq("D", "start"), min(b.asfreq("D", "end"), last)
        precision = f"part_of_{precision}"
    days = (dt.date(day.year, day.month, day.day) for day in (first, last))
    return Days(*days, precision, precision)


def as_of_cells(span: Days | None, basis: str) -> dict[str, str]:
    """The cells of the day at which a figure holds; all empty for None."""
    names = ("as_of", "as_of_end", "as_of_precision", "as_of_basis")
    told = (_iso(span.first), _iso(span.last), span.precision, basis) if span else [""] * 4
    return dict(zip(names, told, strict=True))


def period_cells(span: Days | None, basis: str) -> dict[str, str]:
    """The cells of the window that a figure is stated for; all empty for None."""
    span = span or Days(None, None, "")
    exact = span.last_precision or span.precision
    first, _, last = exact.partition("/")
    ends = (("period_start", span.first, first), ("period_end", span.last, last or first))
    cells: dict[str, str] = {}
    for name, day, precision in ends:
        told = (_iso(day), precision, basis) if day else ("", "", "")
        cells |= dict(zip((name, f"{name}_precision", f"{name}_basis"), told, strict=True))
    return cells


def _time(column: str, typed: str, cells: dict[str, str]) -> dict[str, str]:
    inferred = typed.endswith("?")
    typed = typed.rstrip("? ")
    span = days(typed) if typed else None
    basis = "inferred" if inferred else "printed"
    dated = (period_cells if column == "period" else as_of_cells)(span, basis)
    # what a machine said of a date that it guessed no longer holds
    return {**dated, "note": _AUTO_NOTE.sub("", cells["note"]).strip()}


def _cells(cells: dict[str, str], name: str) -> tuple[str, str, str]:
    """A day with its precision and basis."""
    return cells[name], cells[f"{name}_precision"], cells[f"{name}_basis"]


def _typed(*ends: tuple[str, str, str]) -> str:
    """Two days, each with its precision and basis, as a reader types them."""
    long = {"year": 4, "years": 4, "month": 7}
    a, b = (day[: long.get(precision, 10)] for day, precision, _ in ends)
    said = f"after {a}" if not b else f"before {b}" if not a else a if a == b else f"{a} to {b}"
    return (said + " ?" * ("inferred" in (ends[0][2], ends[1][2]))) if a or b else ""


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""

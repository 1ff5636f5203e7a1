"""Proposals as people and programs read them: a table, CSV, JSON lines, Parquet."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

from figurefind import words

# What a spreadsheet would run, and what it reads as a plain number.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029\0]+")
_PLAIN_NUMBER = re.compile(r"-?[0-9][0-9,. ]*%?")


def cells(record: dict) -> list[str]:
    """A record as CSV cells: numbers without an exponent, lists joined by ;, and no text that runs as a formula."""
    return [str(value) if type(value) is int else _cell(value) for value in record.values()]


@functools.lru_cache(4096)  # a text gives the same names, units and nouns again and again
def _cell(value: str | float | tuple[str, ...] | None) -> str:
    if value is None or isinstance(value, float):
        return "" if value is None else number(value)
    text = value if isinstance(value, str) else ";".join(value)
    if not text.isprintable():
        text = _BREAKS.sub(" ", text)
    return f"'{text}" if text.startswith(_FORMULA) and not _PLAIN_NUMBER.fullmatch(text) else text


def number(value: float) -> str:
    """A number in full: no exponent, no needless decimals."""
    if value.is_integer():
        return str(int(value))
    return f"{value:.12f}".rstrip("0") if abs(value) < 1e-4 else repr(value)


def csv_lines(records: Iterable[dict]) -> str:
    """Records as CSV without a header."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows(cells(record) for record in records)
    return buffer.getvalue()


def json_lines(records: Iterable[dict]) -> str:
    """Records as one JSON object a line; `id` is the file's name without its ending, as an article's source_id."""
    return "".join(_encode({**record, "id": _stem(record["file"])}) + "\n" for record in records)


@functools.cache
def _stem(file: str) -> str:
    return PurePath(file).name.split(".")[0]


_encode = json.JSONEncoder(ensure_ascii=False).encode


def table(records: list[dict], width: int) -> str:
    """Records for people, no line longer than the terminal; control characters are shown as �."""
    rows = [("place", "stated", "kind", "reads as", "of", "said by", "sure")]
    for record in records:
        rows.append(
            (
                f"{record['start']}:{record['end']}",
                record["stated"],
                record["kind"],
                _reading(record),
                record["noun"],
                record["attribution"],
                f"{record['confidence']:.2f}",
            )
        )
    columns = [list(map(_inert, column)) for column in zip(*rows, strict=True)]
    sizes = [max(map(_columns, column)) for column in columns]
    widths = sizes.copy()
    # what may be cut, the least important first
    for index, least in ((5, 8), (4, 6), (1, 12), (3, 12)):
        over = sum(widths) + 2 * (len(widths) - 1) - width
        if over > 0:
            widths[index] = max(min(least, widths[index]), widths[index] - over)
    for index, column in enumerate(columns):  # a column of plain text that fits is filled up below
        if sizes[index] > widths[index] or not all(map(str.isascii, column)):
            columns[index] = [_fit(text, widths[index]) for text in column]
    line = "  ".join(f"%-{size}s" for size in widths)
    return "".join([(line % row).rstrip() + "\n" for row in zip(*columns, strict=True)])


def _reading(record: dict) -> str:
    value, low, high, unit = record["value"], record["low"], record["high"], record["unit"]
    if record["kind"] == "date":
        return record["date"]
    if record["kind"] == "year":
        return number(value)
    if value is None:
        text = f"{_short(low)} to {_short(high)}" if high is not None else f"{_short(low)} or more"
    else:
        text = words.PRINTED["hedges"][record["qualifier"]] + _short(value)
    return f"{text} {unit}".strip()


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _inert(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def _columns(text: str) -> int:
    """Terminal columns; wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _fit(text: str, size: int) -> str:
    columns = _columns(text)
    if columns > size:
        while text and columns > size - 1:
            text = text[:-1]
            columns = _columns(text)
        text, columns = text + "…", columns + 1
    return text + " " * (size - columns)

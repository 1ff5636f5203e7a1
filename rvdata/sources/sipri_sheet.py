"""Files of the SIPRI Arms Transfers Database: which form a file has, what stands above its header, its rows as text.

All is seen from the content, never from the name. Deals stand one a row, under headings that changed little since
2005; TIV tables have one state a row and one year a column.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rvdata.errors import DataError
from rvdata.sources import delivered

WHAT = "a deliveries file, trade register or TIV table of SIPRI"
#: Forms with one deal a row: our names of columns, and their headings, folded. The semicolon download of the old site
#: (to 2023) says seller and buyer. The register's marks stand in columns without a heading, right of what they are about.
DEALS = {form: delivered.headings(form) for form in ("deliveries", "register")}
#: What one heading of every form is.
_ONE_OF = "supplier|seller|total|percentageoftotal"
_COMMENT, _WIDTH = 12, 16  # cells of a register's row before the comment, and in all
#: Days on which a file was made: "Data generated: 3 Jan 2025 9:16:02 PM", "(created: 17-09-2022)".
_GENERATED = (
    r"(?i)(?:generated|created): *([0-9]{1,2})[ -]([a-z]{3}|[0-9]{1,2})[a-z]*[ -]([0-9]{4})\b"
)
YEAR = r"(?:19|20)[0-9]{2}"
#: The last line of the semicolon download, in UTF-8 or ISO-8859-1.
_CLOSING = rb"\n *\xc2?\xa9[^\n]*\s*\Z"
_END = 1000  # bytes in which it stands


@dataclass(frozen=True)
class Sheet:
    """A recognised file: its form, its rows as text (categories), the day it was made."""

    table: delivered.Table
    form: str  # "deliveries", "register" or "tiv"
    rows: pd.DataFrame  # of deals with our names of columns, of a TIV table with their places
    generated: datetime.date | None
    joined: int  # comments of a register that a line break cuts
    ended: bool  # whether the last line ends


def unlike(place: object, expected: str, found: str, remedy: str = delivered.AGAIN) -> DataError:
    """The error for a file that is not what it should be."""
    return DataError(f"{place}: expected {expected}, but found {found}; {remedy}")


def each(cells: pd.Series, value: Callable[[str], object]) -> pd.Series:
    """A value for every cell; every different text, without blanks at its ends, is looked at once."""
    values = pd.Series([value(text.strip()) for text in cells.cat.categories])
    return pd.Series(values.array.take(cells.cat.codes), index=cells.index)


def read(path: Path) -> Sheet:
    """Read and recognise a file."""
    data = delivered.content(path, WHAT)
    data = data[:-_END] + re.sub(_CLOSING, b"\n", data[-_END:])
    ended = data.endswith(b"\n")
    text = delivered.utf8(path, _utf8(data) + (b"" if ended else b"\n"), WHAT)
    table = delivered.table(path, text, WHAT, [_ONE_OF], ",;\t")
    headings = _headings(table.cells)
    form, joined = _form(table, headings), 0
    if form == "tiv":
        places = {str(place): place for place in range(len(headings))}
    else:
        places = delivered.columns(path, headings, DEALS[form], list(DEALS[form]), WHAT)
    if form == "register":
        body, joined = _quoted(table.body)
        table = dataclasses.replace(table, body=body)
    rows = delivered.rows(table, places)
    return Sheet(table, form, rows, _generated(table.above), joined, ended)


def _utf8(data: bytes) -> bytes:
    """A text in UTF-8, as it came or from ISO-8859-1, in which registers come."""
    try:
        return data.decode("utf-8").encode()
    except UnicodeDecodeError:
        return data if b"\0" in data else data.decode("latin-1").encode()


def _headings(cells: tuple[str, ...]) -> list[str]:
    """Headings folded; a column without one holds the marks of the column before it."""
    found: list[str] = []
    for cell in map(delivered.plain, cells):
        nameless = found and re.fullmatch("(unnamed)?[0-9]?", cell)  # numbered when saved again
        found.append(f"{found[-1]}mark" if nameless else cell)
    return found


def _form(table: delivered.Table, headings: list[str]) -> str:
    """Which form has these headings."""
    signs = {"deliveries": "tivdealunit|deliveryyear", "register": "yearsofdelivery", "tiv": YEAR}
    for form, sign in signs.items():
        if any(re.fullmatch(sign, heading) for heading in headings):
            return form
    found = f"the headings {', '.join(table.cells)[:80]}"
    raise unlike(f"{table.path}:{table.line}", WHAT, found)


def _quoted(body: bytes) -> tuple[bytes, int]:
    """A register in which comments that a line break cuts (the publisher does not) are quoted, and their number."""
    lines, cut = body.split(b"\n"), 0
    commas = [line.count(b",") for line in lines]
    for begin in (i for i, count in enumerate(commas) if count == _COMMENT):
        end = begin + 1
        while end < len(lines) - 1 and commas[end] == 0:
            end += 1
        if commas[end] == _WIDTH - 1 - _COMMENT and b'"' not in b"".join(lines[begin : end + 1]):
            cut += 1
            before, comment = lines[begin].rsplit(b",", 1)
            lines[begin] = before + b',"' + comment
            lines[end] = lines[end].replace(b",", b'",', 1)
    return (b"\n".join(lines) if cut else body), cut


def _generated(above: str) -> datetime.date | None:
    """The day on which the file was made, as far as it says so."""
    said = re.search(_GENERATED, above)
    found = delivered.day(" ".join(said.groups()) if said else "", "%d %b %Y", "%d %m %Y")
    return datetime.date.fromisoformat(found) if found else None


# ---- TIV tables


EVERYONE = ("all", "all countries", "world", "the world")
#: What the rows of a table of the new site are, by its heading and by words of its row of totals.
_PARTNERS = dict.fromkeys(("recipient", "imports by", "import", "from"), "recipient")
_PARTNERS |= dict.fromkeys(("supplier", "exports by", "export", "to"), "supplier")
_OTHER = "no table by supplier or by recipient: take one of these"
_TITLE = r"TIV of arms (exports|imports) (to|from|of) (.+?), *([0-9]{4}-[0-9]{4})"
_TOTAL = r"(?i)total (?:world (import|export)s?|(?:im|ex)ports? (to|from) (.+))"


@dataclass(frozen=True)
class Layout:
    """Where things stand in a TIV table, and whom it is about."""

    names: str  # column of names
    years: dict[str, int]  # column → its year
    sums: str  # column of the sums over all years
    total: bool  # whether the last row holds totals
    partners: str  # what the rows are: supplier or recipient
    other: str  # what the state on the other side is
    whom: str  # that state; empty for all of them


def layout(sheet: Sheet) -> Layout:
    """Find the columns of a TIV table by their headings, and in its title or its row of totals whom it is about."""
    place = f"{sheet.table.path}:{sheet.table.line}"
    cells = [cell.strip() for cell in sheet.table.cells]
    years = {i: int(cell) for i, cell in enumerate(cells) if re.fullmatch(YEAR, cell)}
    first, last = min(years), max(years)
    if list(years.items()) != [(first + i, years[first] + i) for i in range(last - first + 1)]:
        raise unlike(place, "one column for every year", ", ".join(map(str, years.values()))[:80])
    # later files of the old site lack the empty first column
    names = [i for i in range(first) if each(sheet.rows[str(i)], bool).any()]
    if len(names) != 1 or last + 1 == len(cells):
        raise unlike(place, "names before the years, and sums after them", repr(cells[0]))
    labels = each(sheet.rows[str(names[0])], str)
    label = labels[labels != ""].iloc[-1]
    total = label.casefold().startswith("total")
    if heading := cells[names[0]]:
        partners, whom, span = *_new_table(f"{place}: {heading}", heading, label), cells[last + 1]
    else:
        partners, whom, span = _old_table(place, sheet.table.above)
    if span != f"{years[first]}-{years[last]}":
        raise unlike(place, f"the years {span[:20]}", f"those from {years[first]} to {years[last]}")
    columns = {str(place): year for place, year in years.items()}
    other = "recipient" if partners == "supplier" else "supplier"
    return Layout(str(names[0]), columns, str(last + 1), total, partners, other, whom)


def _old_table(place: str, above: str) -> tuple[str, str, str]:
    """Partners, state and years of a table of the old site, which says them in its title."""
    title = re.search(_TITLE, above)
    if not title:
        raise unlike(
            place, "a title 'TIV of arms exports to …, 1950-2015'", repr(above[:60]), _OTHER
        )
    everyone = title[3].casefold() in EVERYONE
    gave = title[2] == "from" or (title[2] == "of" and title[1] == "exports")
    # "exports to X" lists X's suppliers, "exports from X" its recipients; "exports from all" lists those who export
    return "supplier" if gave == everyone else "recipient", "" if everyone else title[3], title[4]


def _new_table(place: str, heading: str, label: str) -> tuple[str, str]:
    """Partners and state of a table of the new site, which says them in its heading and its row of totals."""
    partners, total = _PARTNERS.get(heading.casefold()), re.fullmatch(_TOTAL, label)
    if not partners or not total or _PARTNERS[(total[1] or total[2]).lower()] != partners:
        raise unlike(
            place,
            "'Recipient', 'Supplier' or 'Exports by' above the names and a total such as 'Total world import'",
            repr(label[:40]),
            f"the file is cut short, or {_OTHER}",
        )
    return partners, total[3] or ""

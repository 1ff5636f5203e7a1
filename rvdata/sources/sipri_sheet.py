"""CSV files of the SIPRI Arms Transfers Database: of which kind a file is, what stands above the header, cells as text.

All is seen from the content. What is no such file, or no longer as SIPRI hands it out, is refused.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import rawcsv
from rvdata.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

DELIVERIES = (
    "SIPRI AT Database ID",
    "Supplier",
    "Recipient",
    "Designation",
    "Description",
    "Armament category",
    "Order date",
    "Order date is estimate",
    "Numbers delivered",
    "Numbers delivered is estimate",
    "Delivery year",
    "Delivery year is estimate",
    "Status",
    "SIPRI estimate",
    "TIV deal unit",
    "TIV delivery values",
    "Local production",
)
REGISTER = (
    "Recipient",
    "Supplier",
    "Year of order",
    "",
    "Number ordered",
    "",
    "Weapon designation",
    "Weapon description",
    "Number delivered",
    "",
    "Year(s) of delivery",
    "status",
    "Comments",
    "SIPRI TIV per unit",
    "SIPRI TIV for total order",
    "SIPRI TIV of delivered weapons",
)
_COMMENTS = REGISTER.index("Comments")
#: Columns that nothing is computed from: only that they are there is checked.
_IDLE = {
    "deliveries": ("Description", "Armament category", "Order date", "Status", "SIPRI estimate"),
    "register": ("Weapon description", "status", "Comments"),
}
_HEADERS = {"deliveries": DELIVERIES, "register": REGISTER}
#: Other headings that the site has printed over the same column.
_SYNONYMS = {"deliveries in the year range": "number delivered"}
KINDS = {
    "deliveries": "deliveries file",
    "register": "trade register",
    "old": "TIV table of the old site",
    "new": "TIV table",
}
_TITLES = {
    "deliveries": "Transfers of major conventional arms",
    "register": "Transfers of major conventional arms",
    "old": "TIV of arms",
    "new": "Volume of transfers of major arms",
}
_ABOVE = 60  # lines in which the header must be found
_YEAR = r"(?:19|20)[0-9]{2}"
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
AFRESH = "download it from SIPRI again and import it as it comes, never saved by a spreadsheet"


def unlike(place: str, expected: str, found: str, remedy: str = AFRESH) -> DataError:
    """The error for a file that is not what it should be."""
    return DataError(f"{place}: expected {expected}, but found {found}; {remedy}")


@dataclass(frozen=True)
class Sheet:
    """A recognised file: where it lies, its kind, first line and header, and the rows as text, columns by place.

    Cells are categories, so that each distinct text is looked at once, however long the file. Columns that nothing is
    computed from are left out.
    """

    name: str
    kind: str
    title: str
    header: tuple[str, ...]
    generated: datetime.date
    cells: pd.DataFrame
    ended: bool  # whether the last row ends with a line break
    joined: tuple[int, ...] = ()  # lines that were taken for the rest of the line before
    _at: int = 0  # line of the header, from 1
    _body: bytes | memoryview = b""
    _records: np.ndarray | None = (
        None  # which record below the header a row is, from 1, if not simply in their order
    )

    def place(self, row: int | None = None) -> str:
        """File and line, counted from 1, on which a row starts; without a row, that of the header."""
        if row is None:
            return f"{self.name}:{self._at}"
        before = row if self._records is None else int(self._records[row]) - 1
        reader = csv.reader(io.StringIO(bytes(self._body).decode(), newline=""))
        try:
            for _ in range(before):
                next(reader)
            before = reader.line_num
        except (csv.Error, StopIteration):  # only the message would suffer
            pass
        return f"{self.name}:{self._at + 1 + before}"

    def require(self, right: pd.Series | np.ndarray, column: int, expected: str) -> None:
        """Refuse the file for the cells of a column that are not right, naming the first of them and their number."""
        import numpy as np

        if not right.all():
            wrong = ~np.asarray(right, dtype="bool")
            row, number = int(wrong.argmax()), int(wrong.sum())
            raise unlike(
                self.place(row),
                f"{expected} in {self.header[column] or f'column {column + 1}'!r}",
                f"{self.cells[column].iloc[row][:40]!r}"
                + (f" ({number} such rows)" if number > 1 else ""),
                f"the file is cut short or was changed: {AFRESH}",
            )

    def distinct(self, column: int) -> pd.Series:
        """The different cells of a column without blanks at their ends, by the code that `each` takes."""
        import pandas as pd

        return pd.Series(self.cells[column].cat.categories.tolist(), dtype="str").str.strip()

    def each(self, column: int, values: pd.Series | np.ndarray) -> np.ndarray:
        """A value for every row from the values of the different cells of a column."""
        import numpy as np

        return np.asarray(values)[self.cells[column].cat.codes.to_numpy()]

    def text(self, column: int) -> pd.Series:
        """A column without blanks at the ends of its cells."""
        return self.distinct(column).take(self.cells[column].cat.codes).reset_index(drop=True)

    def numbers(self, column: int, empty: bool = False) -> pd.Series:
        """A column of numbers; an empty cell is refused, or missing where that is allowed."""
        import numpy as np
        import pandas as pd

        cells = [cell.strip() for cell in self.cells[column].cat.categories.tolist()]
        right = np.array(
            [bool(re.fullmatch(_NUMBER, cell)) or (empty and not cell) for cell in cells], "bool"
        )
        if not right.all():
            self.require(self.each(column, right), column, "a number with a decimal point")
        return pd.Series(self.each(column, np.array([float(cell or "nan") for cell in cells])))

    def years(self, column: int) -> pd.Series:
        """A column of years."""
        import pandas as pd

        cells = self.distinct(column)
        self.require(self.each(column, cells.str.fullmatch(_YEAR)), column, "a year")
        return pd.Series(self.each(column, cells.astype("int64")))

    def flags(self, column: int, yes: str, no: str) -> pd.Series:
        """A column of marks, true where `yes` stands."""
        import pandas as pd

        cells = self.distinct(column)
        expected = f"{yes!r} or {no!r}" if no else f"{yes!r} or nothing"
        self.require(self.each(column, cells.isin([yes, no])), column, expected)
        return pd.Series(self.each(column, cells == yes))


def read(path: Path) -> Sheet:
    """Read and recognise a file.

    Raises
    ------
    DataError
        In one line: what was expected, what was found, what to do.
    """
    name = rawcsv.shown(path)
    data = _data(path, name)
    raw = data[: _ABOVE * 2000].split(b"\n")[:_ABOVE]
    lines = [line.decode(errors="replace") for line in raw]
    rows = [_split(line) for line in lines]
    at = next((i for i, row in enumerate(rows) if _kind(row)), None)
    if at is None:
        raise unlike(
            name, "a deliveries file, trade register or TIV table of SIPRI", _strange(lines, rows)
        )
    kind, header = _kind(rows[at]), tuple(rows[at])
    # commas of a sentence are not quoted, those that fill the line up are no part of it
    above = [
        row[0] if line.startswith('"') and row else line.strip(" ,\r")
        for line, row in zip(lines[:at], rows, strict=False)
    ]
    if not above or not above[0].startswith(_TITLES[kind]):
        raise unlike(
            f"{name}:1",
            f"'{_TITLES[kind]} …' above the header of a {KINDS[kind]}",
            f"{above[0][:60]!r}" if above else "the header",
        )
    if not any(line.startswith("Source: SIPRI") for line in above):
        raise unlike(name, "a line 'Source: SIPRI …' above the header", "none")
    if kind in _HEADERS:
        _check_header(f"{name}:{at + 1}", kind, header)
    generated = _generated(name, above)
    end = len(data)
    while data[end - 1 : end] in (b"\n", b"\r"):
        end -= 1
    body = memoryview(data)[
        sum(len(line) + 1 for line in raw[: at + 1]) : end
    ]  # no copy: a file can be large
    used = [i for i, cell in enumerate(header) if cell == "" or cell not in _IDLE.get(kind, ())]
    table, bad = _parsed(body, len(header), used)
    records, joined = None, ()
    if bad and kind == "register":
        table, bad, records, joined = _joined(table, bad, len(header), used)
    if bad:
        number, found, row = bad[0]
        raise unlike(
            f"{name}:{number + at + 1}",
            f"{len(header)} cells",
            f"{found} in {row[:40]!r}" + (f" ({len(bad)} such rows)" if len(bad) > 1 else ""),
            f"the file is cut short or was changed: {AFRESH}",
        )
    if not table.num_rows:
        raise unlike(
            name,
            "rows below the header",
            "none",
            "the file is cut short, or the query found nothing: widen it",
        )
    cells = table.to_pandas()
    cells.columns = used
    return Sheet(
        name,
        kind,
        above[0],
        header,
        generated,
        cells,
        end < len(data),
        tuple(at + 1 + n for n in joined),
        at + 1,
        body,
        records,
    )


def _data(path: Path, name: str) -> bytes:
    """A file in UTF-8, refused if it was anything else than ISO-8859-1."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{name}: cannot be read ({error.strerror}); give the path of a file downloaded from SIPRI"
        ) from None
    head = data[:400].lstrip().lower()
    found = (
        "nothing"
        if not data[:4096].strip() and not data.strip()
        else "a ZIP archive or an Excel workbook"
        if data.startswith(b"PK\3\4")
        else "UTF-16"
        if data.startswith((b"\xff\xfe", b"\xfe\xff"))
        else "UTF-8 with a byte-order mark"
        if data.startswith(b"\xef\xbb\xbf")
        else "an HTML page"
        if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head"))
        else "binary data or UTF-16"
        if b"\0" in data
        else "UTF-8"
        if _is_utf8(data)
        else ""
    )
    if found:
        raise unlike(name, "a CSV file in ISO-8859-1", found)
    return data if data.isascii() else data.decode("latin-1").encode()


def _is_utf8(data: bytes) -> bool:
    """Whether there are letters beyond ASCII and all are UTF-8: in ISO-8859-1 that hardly ever happens by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _split(line: str, delimiter: str = ",") -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _kind(row: list[str]) -> str:
    """What kind of file has this header; empty if it is none."""
    names = {_plain(cell) for cell in row} - {""}
    for kind, header in _HEADERS.items():
        wanted = {_plain(cell) for cell in header} - {""}
        if len(names & wanted) > len(wanted) / 2:
            return kind
    if not any(re.fullmatch(_YEAR, cell) for cell in row):
        return ""
    if "percentage of total" in names:
        return "new"
    return "old" if _plain(row[-1]) == "total" and not row[0].isdigit() else ""


def _plain(cell: str) -> str:
    cell = " ".join(cell.split()).casefold()
    return _SYNONYMS.get(cell, cell)


def _strange(lines: list[str], rows: list[list[str]]) -> str:
    """What a file is whose header was not found."""
    for delimiter, called in ((";", "semicolons"), ("\t", "tabs")):
        if any(_kind(_split(line, delimiter)) for line in lines):
            return f"cells between {called} instead of commas"
    first = next((row[0] for row in rows if row and row[0]), "")
    known = next((kind for kind, title in _TITLES.items() if first.startswith(title)), "")
    if known:
        return f"the first line of a {KINDS[known]} without its header, which is cut off or short of columns"
    return f"the first line {first[:60]!r}"


def _check_header(place: str, kind: str, header: tuple[str, ...]) -> None:
    wanted = _HEADERS[kind]
    found, expected = [_plain(cell) for cell in header], [_plain(cell) for cell in wanted]
    if found == expected:
        return
    lacking = [cell for cell in wanted if _plain(cell) not in found]
    odd = [cell for cell in header if _plain(cell) not in expected]
    said = ([f"no {', '.join(map(repr, lacking[:5]))}"] if lacking else []) + (
        [", ".join(map(repr, odd[:5]))] if odd else []
    )
    said = said or ["another order" if len(found) == len(expected) else f"{len(found)} columns"]
    raise unlike(place, f"the {len(wanted)} columns of a {KINDS[kind]}", " and ".join(said))


def _generated(name: str, above: list[str]) -> datetime.date:
    """The day on which the file was made, from the line that says so."""
    line = next(
        (line for line in above if re.match("(?:Data )?generated:", line, re.IGNORECASE)), ""
    )
    said = re.search(r": *([0-9]{1,2}) ([A-Za-z]{3,9})\.? ([0-9]{4})\b", line)
    try:
        return datetime.date(int(said[3]), _MONTHS.index(said[2][:3].lower()) + 1, int(said[1]))
    except (TypeError, ValueError):
        raise unlike(
            name,
            "a line such as 'Data generated: 3 Jan 2025' above the header",
            f"{line[:60]!r}" if line else "none",
        ) from None


def _parsed(
    body: bytes | memoryview, width: int, used: list[int]
) -> tuple[pa.Table, list[tuple[int, int, str]]]:
    """Cells of some columns as text, and rows of another width: number from 1, cells, text."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names, text = [str(i) for i in range(width)], pa.dictionary(pa.int32(), pa.string())
    none = pa.table({str(i): pa.array([], text) for i in used})
    if not len(body):
        return none, []
    quoted = b'"' in (
        body.obj if isinstance(body, memoryview) else body
    )  # slower, so only where it is needed
    bad: list[tuple[int, int, str]] = []

    def wrong(row) -> str:
        bad.append((row.number, row.actual_columns, row.text))
        return "skip"

    def read(threads: bool, block_bytes: int, handler) -> pa.Table:
        return (
            arrow_csv.read_csv(
                pa.BufferReader(pa.py_buffer(body)),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, use_threads=threads, block_size=block_bytes
                ),
                parse_options=arrow_csv.ParseOptions(
                    newlines_in_values=quoted, invalid_row_handler=handler, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, text),
                    strings_can_be_null=False,
                    include_columns=[str(i) for i in used],
                ),
            )
            .unify_dictionaries()
            .combine_chunks()
        )

    try:
        return read(True, 1 << 22, None), bad
    except (
        pa.ArrowInvalid
    ):  # only one thread with one block can tell the numbers of the rows that do not fit
        pass
    try:
        return read(False, len(body) + 1, wrong), bad
    except pa.ArrowInvalid:
        return none, bad or [(1, 0, bytes(body[:80]).decode(errors="replace"))]


def _joined(
    table: pa.Table, bad: list[tuple[int, int, str]], width: int, used: list[int]
) -> tuple[pa.Table, list[tuple[int, int, str]], np.ndarray, tuple[int, ...]]:
    """Records that a line break inside an unquoted comment has cut, made whole.

    Such a record ends inside the comment, the parts between have one cell, and the last part has the other cells.
    Returns all rows in their order, the bad rows that are left, the number of the record each row begins with, and the
    numbers of those that were joined to the one before.
    """
    import numpy as np
    import pyarrow as pa

    whole, left, begin, joined, i = [], [], [], [], 0
    while i < len(bad):
        end = i + 1
        if bad[i][1] == _COMMENTS + 1:
            while end < len(bad) and bad[end][0] == bad[end - 1][0] + 1 and bad[end][1] == 1:
                end += 1
            if (
                end < len(bad)
                and bad[end][0] == bad[end - 1][0] + 1
                and bad[end][1] == width - _COMMENTS
            ):
                end += 1
                whole.append(" ".join(row[2] for row in bad[i:end]))
                begin.append(bad[i][0])
                joined += [row[0] for row in bad[i + 1 : end]]
                i = end
                continue
        left.append(bad[i])
        i += 1
    more, wrong = _parsed("\n".join(whole).encode(), width, used)
    good = np.delete(np.arange(1, table.num_rows + len(bad) + 1), [row[0] - 1 for row in bad])
    records = np.append(good, begin)
    order = np.argsort(records, kind="stable")
    both = pa.concat_tables([table, more]).unify_dictionaries().combine_chunks()
    return both.take(order), left + wrong, records[order], tuple(joined)

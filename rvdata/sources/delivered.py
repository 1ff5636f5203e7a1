"""Publishers' files as they were downloaded: recognised by content, read strictly, refused in one line.

What every importer needs stands here: the file's bytes, a table in them or the data frames of an R file, rules for their
cells, codes for the states that they name, and the rows that were asked for.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

AGAIN = "download it again and import it as it comes"
#: An R file is refused if it unpacks to more bytes: reading takes up to ten times as much memory. UNHCR's have 20 million.
R_MOST = 256 * 2**20
_HEAD = 60  # lines among which a header is looked for
_PACKED = {b"\xfd7zXZ\x00": lzma.open, b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
_R_MAGIC = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n")
#: Other files that people take for those which can be imported, by what to take instead: what stands near their beginning,
#: and what they are.
KIN = {
    "the CSV file of https://data.worldbank.org/indicator/NY.GDP.MKTP.CD": (
        (r"\d{4} \[YR\d{4}\]", "an export of the World Bank's DataBank"),
        (r"(?i)\A\W*country code\W+region\W|\A\W*indicator_code\b", "the World Bank's metadata"),
        (r"(?i)\A\W*entity\W+code\W+year\b", "a table of Our World in Data"),
    ),
    "cpiai.csv of https://datahub.io/core/cpi-us (prices) or the World Bank's own file (GDP)": (
        (r'(?m)^"?(observation_date|DATE)"?([,\t]"?[A-Z][A-Z0-9_]{2,}"?)+\s*$', "a series of FRED"),
        (
            r"(?im)^\W*series[ _]id\b|^\W*year\W+(period|jan)\b",
            "a table of the US labour statistics",
        ),
    ),
    "population figures of https://www.unhcr.org/refugee-statistics/": (
        (
            r"(?i)asylum\s*(/|or)\s*residence",
            "an export of popstats.unhcr.org, which ended in 2019",
        ),
        (
            r"(?i)(procedure|application) type|decision level|\bdec_",
            "UNHCR's table of asylum cases",
        ),
        (r"(?i)stage of procedure|\bapplied\b|ed decisions", "UNHCR's table of asylum cases"),
        (r"(?i)female\W*0\W*4\b|\bf_0_4\b", "UNHCR's table by sex and age"),
        (r"(?i)resettlement arrivals|naturali[sz]ation", "UNHCR's table of solutions"),
        (r"(?i)\Adate,individuals\b", "a series of UNHCR's Operational Data Portal"),
    ),
    "un_votes.rda of the R package unvotes, or UNVotes of https://doi.org/10.7910/DVN/LEJUQZ": (
        (r"(?i)\bundl_id\b|\bms_code\W+ms_name\b", "the votes of the UN Digital Library"),
        (r"(?i)\A\W*rcid\W+country\W+country_code\b", "a copy of un_votes without its roll calls"),
        (r"(?i)\bccode1\W+ccode2\b", "a table of agreement scores"),
    ),
}


@dataclass(frozen=True)
class Table:
    """A delimited text: line and cells of its header, the lines above it, what stands below it."""

    path: Path
    what: str  # is expected, as messages name it
    line: int  # 0 for a file without a header
    cells: tuple[str, ...]
    above: str
    body: bytes
    separator: str = ","

    def at(self, row: int) -> int:
        """The line of a record, unless cells hold line breaks."""
        return self.line + 1 + row


@dataclass(frozen=True)
class Rule:
    """What must hold of each cell of a column, and what is said of one of which it does not."""

    column: str
    holds: Callable[[pd.Series], pd.Series]
    fault: str


def whole(low: int, high: int, empty: bool = False) -> Callable[[pd.Series], pd.Series]:
    """Whether numbers are whole and within bounds; whether an empty cell will do."""
    return lambda cells: ((cells % 1 == 0) & cells.between(low, high)) | (cells.isna() & empty)


# ---- reading


def content(path: Path, what: str) -> bytes:
    """The bytes of a file; `what` is expected, as the messages name it ("a CSV file of …").

    Raises
    ------
    DataError
        If there is no such file, or nothing in it.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; give the path of {what}") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder; give the path of {what} in it") from None
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); give {what} that you may read"
        ) from None
    if not data.strip():
        raise DataError(f"{path}: is empty, expected {what}; download it again")
    return data


def utf8(path: Path, data: bytes, what: str) -> bytes:
    """Text in UTF-8 without its byte order mark, cut off nowhere.

    Raises
    ------
    DataError
        If the bytes are a web page, an archive, binary, in another encoding, a file of another kind that people take for
        this one, or stop before the end of a line.
    """

    def refused(found: str, remedy: str = AGAIN) -> DataError:
        return DataError(f"{path}: {found}, expected {what}; {remedy}")

    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")) or b"<html" in start:
        raise refused(
            "is a web page or XML, not data", "download the file itself, not the page about it"
        )
    if start.startswith((b"pk\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refused("is a ZIP archive or a spreadsheet workbook", "give the CSV file in it")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("is in UTF-16", "convert it to UTF-8")
    if b"\0" in data:
        raise refused(f"is no text (a NUL at byte {data.index(0)})")
    text = data.removeprefix(b"\xef\xbb\xbf")
    near = text[:4096].decode("utf-8", "replace")
    for instead, kin in KIN.items():
        for pattern, found in kin:
            if re.search(pattern, near):
                raise refused(f"is {found}", f"take {instead}")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(f"is not in UTF-8 (byte {error.start})") from None
    if text.count(b"\r") != text.count(b"\r\n"):
        raise refused("has a carriage return inside a line, or ends lines with it alone")
    if not text.endswith(b"\n"):
        raise refused("stops in the middle of a line: it seems cut off")
    if text.count(b'"') % 2:
        raise refused("opens a quotation mark and never closes it")
    return text


def plain(name: str) -> str:
    """A heading without what differs between downloads: case, blanks, punctuation, accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name).casefold())


def table(
    path: Path, text: bytes, what: str, header: Sequence[str], separators: str = ",\t"
) -> Table:
    """The table of a text: its header is the first line that has the headings asked for.

    Parameters
    ----------
    path : Path
    text : bytes
        From `utf8`.
    what : str
        What is expected.
    header : sequence of str
        Headings, as `plain` folds them; of several with bars between, one.
    separators : str, optional
        What may stand between cells.

    Raises
    ------
    DataError
        If none of the first lines is one; another separator is named.
    """
    lines = text.split(b"\n", _HEAD)[:_HEAD]
    for separator in (*separators, *(s for s in ",;|\t" if s not in separators)):
        for number, line in enumerate(lines):
            cells = _split(line.decode("utf-8").rstrip("\r"), separator)
            folded = {plain(cell) for cell in cells}
            if len(cells) > 1 and all(folded & set(one.split("|")) for one in header):
                if separator not in separators:
                    raise DataError(
                        f"{path}:{number + 1}: its cells are separated by {separator!r}, expected {what} as "
                        f"published; {AGAIN}"
                    )
                above = b"\n".join(lines[:number]).decode("utf-8")
                body = text.split(b"\n", number + 1)[number + 1]
                return Table(path, what, number + 1, cells, above, body, separator)
    first = next((line.decode("utf-8").strip() for line in lines if line.strip()), "")
    raise DataError(
        f"{path}: has no header with {', '.join(one.split('|')[0] for one in header)} among its first lines (the first "
        f"is {listed([first[:60]])!r}), expected {what}; give that file"
    )


def _split(line: str, separator: str) -> tuple[str, ...]:
    """Cells of one line; none if it cannot be taken apart."""
    try:
        return tuple(next(csv.reader([line], delimiter=separator), ()))
    except csv.Error:
        return ()


def columns(
    path: Path, cells: Sequence[str], headings: Mapping[str, str], needed: Sequence[str], what: str
) -> dict[str, int]:
    """Places of the columns that a header has.

    Parameters
    ----------
    path : Path
    cells : sequence of str
        The header.
    headings : mapping of str to str
        Headings of each column, as `plain` folds them, with bars between.
    needed : sequence of str
        Columns without which nothing can be compiled.
    what : str
        What is expected.

    Raises
    ------
    DataError
        If one is missing, or two mean the same.
    """
    found = {}
    for name, spellings in headings.items():
        places = [i for i, cell in enumerate(cells) if plain(str(cell)) in spellings.split("|")]
        if len(places) > 1:
            raise DataError(
                f"{path}: the columns {', '.join(repr(cells[i]) for i in places)} mean the same; {AGAIN}"
            )
        found |= dict.fromkeys([name] * len(places), *places)
    if missing := [name for name in needed if name not in found]:
        raise DataError(
            f"{path}: lacks the column{'s' if missing[1:] else ''} {', '.join(map(repr, missing))} of {what} "
            f"(found: {listed(cells, 40)[:200]}); download it with all columns"
        )
    return found


def rows(
    table: Table,
    places: Mapping[str, int],
    numbers: Sequence[str] = (),
    missing: Sequence[str] = ("",),
) -> pd.DataFrame:
    """The records of a table, every one as long as its header.

    Parameters
    ----------
    table : Table
    places : mapping of str to int
        Name in the frame and place in the file of each wanted column.
    numbers : sequence of str, optional
        Columns that hold numbers or nothing; the others become categories, an empty cell "".
    missing : sequence of str, optional
        What stands for no number.

    Raises
    ------
    DataError
        If records differ in length or a cell is no number.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow

    if not table.body.strip():
        raise DataError(f"{table.path}: has a header and no rows; download it again")
    wanted = {
        f"{place}": pa.float64() if name in numbers else pa.dictionary(pa.int32(), pa.string())
        for name, place in places.items()
    }
    try:
        read = arrow.read_csv(
            io.BytesIO(table.body),
            arrow.ReadOptions(
                use_threads=False,
                column_names=[f"{i}" for i in range(len(table.cells))],
                block_size=2**26,
            ),
            arrow.ParseOptions(delimiter=table.separator, newlines_in_values=True),
            arrow.ConvertOptions(
                column_types=wanted,
                include_columns=list(wanted),
                null_values=list(missing),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, ValueError) as error:
        raise DataError(_unread(table, str(error))) from None
    frame = read.to_pandas().set_axis(list(places), axis=1)
    for name, cells in zip(places, read.columns, strict=True):
        if name in numbers:  # Arrow also reads nan, inf and 400 digits
            finite = pc.fill_null(pc.is_finite(cells), True).to_numpy()
            rule = Rule(name, lambda _, finite=finite: finite, "is no number")
            check(table.path, frame, [rule], table.at)
    return frame


def _unread(table: Table, error: str) -> str:
    """What Arrow says of a table that it cannot read, with the place in the file."""
    if cells := re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", error):
        row, expected, got = map(int, cells.groups())
        return f"{table.path}:{table.at(row - 1)}: has {got} cells instead of {expected}: the file was cut off or changed; {AGAIN}"
    if cell := re.search(r"column #(\d+): Row #(\d+): .*invalid value '(.*)'", error, re.DOTALL):
        name = table.cells[int(cell[1])] or f"column {int(cell[1]) + 1}"
        return (
            f"{table.path}:{table.at(int(cell[2]) - 1)}: {name} = {listed([cell[3]])[:40]!r} is no number with a decimal "
            f"point and no separators; {AGAIN}"
        )
    return f"{table.path}: cannot be taken apart ({listed([error])[:200]}); {AGAIN}"


def is_r(data: bytes) -> bool:
    """Whether bytes look like an R data file: its own mark, or packed as R packs."""
    return data.startswith((*_R_MAGIC, *_PACKED))


def r_frames(path: Path, what: str) -> dict[str, pd.DataFrame]:
    """The data frames of an R file; `what` is expected.

    Raises
    ------
    DataError
        If pyreadr is missing, the file is no R file, damaged, or unpacks to more than `R_MOST`.
    """
    data = content(path, what)
    unpack = next((f for magic, f in _PACKED.items() if data.startswith(magic)), open)
    try:
        with unpack(path, "rb") as file:
            start, size = file.read(5), 5  # the check sums inside tell a damaged file
            while size <= R_MOST and (block := file.read(2**20)):
                size += len(block)
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise DataError(
            f"{path}: is cut off or damaged ({error}), expected {what}; download it again"
        ) from None
    if size > R_MOST:
        raise DataError(
            f"{path}: unpacks to more than {R_MOST // 2**20} MiB, which no file of the publisher does, expected {what}; "
            "give that file"
        )
    if start not in _R_MAGIC:
        raise DataError(
            f"{path}: is no R data file, expected {what}; download the .rda file itself"
        )
    try:
        import pyreadr
    except ImportError:
        raise DataError(
            f"{path}: R data files need the package pyreadr; run `pip install pyreadr`"
        ) from None
    try:
        return {
            name: frame.reset_index(drop=True) for name, frame in pyreadr.read_r(str(path)).items()
        }
    except Exception as error:  # whatever its C library makes of damaged bytes
        raise DataError(
            f"{path}: cannot be read as R data ({listed([error])[:200]}), expected {what}; "
            "download it again"
        ) from None


# ---- checking


def check(
    path: Path, rows: pd.DataFrame, rules: Sequence[Rule], line: Callable[[int], int] | None = None
) -> None:
    """Refuse the first rule that a cell breaks, with its line (or the number of its row), value and how many there are."""
    for rule in rules:
        odd = rows[rule.column][~rule.holds(rows[rule.column])]
        if len(odd):
            at = f":{line(odd.index[0])}" if line else f", row {odd.index[0] + 1}"
            value = odd.iloc[0]
            shown = f"{value:.15g}" if isinstance(value, float) else repr(listed([value])[:40])
            raise DataError(
                f"{path}{at}: {rule.column} = {shown} {rule.fault} ({len(odd)} such cells); {AGAIN}"
            )


def numbers(path: Path, rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows of an R or Stata file with columns that hold numbers or nothing as float64."""
    import pandas as pd

    read = {
        name: pd.to_numeric(rows[name].astype(object), errors="coerce").astype("float64")
        for name in names
    }
    for name, cells in read.items():
        check(
            path,
            rows,
            [Rule(name, lambda given, cells=cells: cells.notna() | given.isna(), "is no number")],
        )
    return rows.assign(**read)


# ---- naming


def coded(
    names: pd.Series,
    codes: pd.Series | None = None,
    meant: Mapping[str, str] | None = None,
    marked: bool = False,
) -> pd.Series:
    """Codes of the states that a file names, each distinct name looked up once.

    A name that the table does not know, or that contradicts the code beside it, becomes ``?`` and itself. So nothing is
    decided here: `chosen` refuses the file if a row that is kept has one, and counts the others.

    Parameters
    ----------
    names : Series of str or of categories
        Blanks at the ends do not count.
    codes : Series, optional
        The publisher's codes beside the names, where it has them. A code counts unless it is empty or unknown; publishers
        keep a code when the state's name changes, so that an old one beside a successor's name is the successor.
    meant : mapping of str to str, optional
        What this publisher means by names and codes that the table gives to nobody or to others.
    marked : bool, optional
        Whether asterisks are SIPRI's marks, see `countries.find`.

    Returns
    -------
    Series of categories
    """
    import pandas as pd

    asked = pd.DataFrame({"name": names, "code": "" if codes is None else codes})
    number = asked.groupby(["name", "code"], sort=False, observed=True, dropna=False).ngroup()
    distinct = asked.drop_duplicates().itertuples(index=False)
    found = [
        _code(*("" if pd.isna(x) else str(x).strip() for x in pair), meant or {}, marked)
        for pair in distinct
    ]
    return pd.Series(pd.Categorical(found).take(number.to_numpy()), index=names.index)


def _code(name: str, code: str, meant: Mapping[str, str], marked: bool) -> str:
    named, coded = (meant.get(x) or countries.find(x, marked) for x in (name, code))
    if named and coded and named != coded:
        heirs = countries.table()
        if named not in heirs or coded not in heirs[named].successor_of:
            return f"?{name} with the code {code} of {countries.name(coded)}"
        coded = named
    return coded or named or f"?{name or 'an empty cell'}" + (f" ({code})" if code else "")


def chosen(
    path: Path,
    rows: pd.DataFrame,
    columns: Sequence[str],
    only: frozenset[str],
    line: Callable[[int], int] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The rows in which a state that was asked for takes part, all if none was, and notes on the others.

    Parameters
    ----------
    path : Path
    rows : DataFrame
    columns : sequence of str
        Columns of `coded`, of which one must name a state of `only`.
    only : frozenset of str
        Codes; empty for all.
    line : callable, optional
        Line in the file of a row, by its label in the index.

    Raises
    ------
    DataError
        If no row is left, or one that is kept names a state that is not known: with the names and their rows.
    """
    kept = rows[rows[list(columns)].isin(only).any(axis=1)] if only else rows
    if kept.empty:
        raise DataError(
            f"{path}: has no row of {listed(sorted(only)) or 'a country'}; leave out --only or name others"
        )
    notes = known(path, kept, rows.drop(kept.index), columns, line)
    if absent := sorted(only.difference(*(rows[c].unique() for c in columns))):
        notes.append(f"not in the file: {', '.join(absent)}")
    return kept, notes


def known(
    path: Path,
    kept: pd.DataFrame,
    others: pd.DataFrame,
    columns: Sequence[str],
    line: Callable[[int], int] | None = None,
) -> list[str]:
    """Refuse rows that are kept and name a state that is not known; a note on such names in other rows."""
    strange = _strange(kept, columns)
    if len(strange):
        at = sorted(set(strange.index))
        where = (
            f"line{'s' if at[1:] else ''} {listed([line(i) for i in at], 5)}"
            if line
            else f"{len(at)} rows"
        )
        raise DataError(f"{path}, {where}: {countries.unknown_names(list(strange.unique()))}")
    names = sorted(set(_strange(others, columns)))
    return (
        [f"{len(names)} names in rows that are left out are not known: {listed(names, 5)}"]
        if names
        else []
    )


def _strange(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Names that `coded` did not find, without its mark, by row."""
    import pandas as pd

    odd = [
        rows[c][rows[c].isin([x for x in rows[c].unique() if x.startswith("?")])] for c in columns
    ]
    return pd.concat([cells.astype("str") for cells in odd]).str[1:]


def listed(items: Sequence[str], most: int = 12) -> str:
    """The first items in a row and how many more there are."""
    items = [re.sub(r"[\x00-\x1f\x7f]+", " ", str(item)) for item in items]
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")

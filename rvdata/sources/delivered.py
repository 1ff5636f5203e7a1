"""Publishers' files as they were downloaded: recognised by content, read strictly, refused in one line.

What every importer needs stands here: the file's bytes, a table in them or the data frames of an R file, rules for their
cells, codes for the states that they name, and the rows that were asked for. Whatever is refused is a `DataError`; `what`
is what was expected, as its message names it ("a CSV file of …"); `line` gives the line in the file of a row of a frame.
"""

from __future__ import annotations

import bz2
import csv
import datetime
import functools
import gzip
import io
import lzma
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow

from rvdata import countries
from rvdata.errors import DataError

AGAIN = "download it again and import it as it comes"
WHOLE = "download it with all columns"
#: An R file is refused if it unpacks to more bytes: reading takes up to ten times as much memory. UNHCR's have 20 million.
R_MOST = 256 * 2**20
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_FINITE = (-1e308, 1e308)
_PRINTED = " as printed"  # of a column beside another: its cells that are no numbers
_HEAD = 60  # lines among which a header is looked for
_PACKED = {b"\xfd7zXZ\x00": lzma.open, b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
_R_MAGIC = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n")
#: What no text in UTF-8 begins with, and what it is.
_NO_TEXT = {
    (b"<!doctype", b"<html", b"<?xml", b"<head"): "a web page or XML; give the data file itself",
    (b"pk\x03\x04", *_PACKED): "packed, or a workbook; give the text file in it",
    (b"\xd0\xcf\x11\xe0", b"%pdf"): "a workbook or a document; give the CSV file",
    (b"\xff\xfe", b"\xfe\xff"): "in UTF-16; convert it to UTF-8",
}


def declared(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file that lies beside the importers."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def headings(form: str) -> dict[str, str]:
    """Our names for the columns of a form of file, and the headings that it has for each, as `columns` takes them."""
    rows = declared("headings.csv")
    return {row["column"]: row["headings"] for row in rows if row["form"] == form}


#: What each publisher says of itself and its terms, as a `Release` has it.
TERMS = {row.pop("of"): row for row in declared("terms.csv")}


@dataclass(frozen=True)
class Table:
    """A delimited text: line and cells of its header, the lines above it, what stands below it."""

    path: Path
    what: str
    line: int  # 0 for a file without a header
    cells: tuple[str, ...]
    above: str
    body: bytes
    separator: str = ","

    def at(self, row: int) -> int:
        """The line of the file, counted from 1, on which a record starts."""
        return self._lines[row]

    @functools.cached_property
    def _lines(self) -> list[int]:
        starts, inside = [], 0
        for number, line in enumerate(self.body.split(b"\n"), self.line + 1):
            if not inside and line.strip():  # empty lines are no rows
                starts.append(number)
            inside ^= line.count(b'"') % 2
        return starts


@dataclass(frozen=True)
class Rule:
    """What must hold of each cell of a column (each row of several), and what is said of one of which it does not."""

    column: str | list[str]
    holds: Callable[[pd.Series], pd.Series]
    fault: str


def whole(low: int, high: int, empty: bool = False) -> Callable[[pd.Series], pd.Series]:
    """Whether numbers are whole and within bounds; whether an empty cell will do."""
    return lambda cells: ((cells % 1 == 0) & cells.between(low, high)) | (cells.isna() & empty)


def once(cells: pd.Series | pd.DataFrame) -> pd.Series:
    """Whether a cell or row stands for the first time."""
    return ~cells.duplicated()


# ---- reading


def unlike(place: object, what: str, found: str, remedy: str = AGAIN) -> DataError:
    """The error for a file that is not what it should be."""
    return DataError(f"{place}: {found}, expected {what}; {remedy}")


def content(path: Path, what: str) -> bytes:
    """The bytes of a file."""
    try:
        data = Path(path).read_bytes()
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
    """A text in UTF-8 without its byte order mark; refused if it is something else, re-encoded or cut off."""
    refused = functools.partial(unlike, path, what)
    text = data.removeprefix(b"\xef\xbb\xbf")
    start = text[:4096].lstrip(b" \t\r\n").lower()
    for marks, found in _NO_TEXT.items():
        begun = start.startswith(tuple(mark.lower() for mark in marks))
        if begun or (b"<html" in start and b"<html" in marks):
            raise refused(*f"is {found}".split("; "))
    if b"\0" in data:
        raise refused(f"is no text (a NUL at byte {data.index(0)})")
    near = text[:4096].decode("utf-8", "replace")
    for kin in declared("kin.csv"):  # files that people take for those which can be imported
        if re.search(kin["near_the_beginning"], near):
            raise refused(f"is {kin['is']}", f"take {kin['take']}")
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
    """The table of a text from `utf8`: its header is the first line with one of each of these headings.

    Headings are as `plain` folds them, with bars between those of which one is enough. Another separator than these is named.
    """
    lines = text.split(b"\n", _HEAD)[:_HEAD]
    for separator in dict.fromkeys(separators + ",;|\t"):
        for number, line in enumerate(lines):
            cells = _split(line.decode("utf-8").rstrip("\r"), separator)
            folded = {plain(cell) for cell in cells}
            if len(cells) < 2 or not all(folded & set(one.split("|")) for one in header):
                continue
            if separator not in separators:
                raise DataError(
                    f"{path}:{number + 1}: its cells are separated by {separator!r}, expected {what} as published; {AGAIN}"
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
    """Places of the columns that a header has, by the headings of each (folded, with bars between); all that are needed."""
    found = {}
    for name, spellings in headings.items():
        places = [i for i, cell in enumerate(cells) if plain(str(cell)) in spellings.split("|")]
        if places[1:]:
            same = ", ".join(repr(cells[i]) for i in places)
            raise DataError(f"{path}: the columns {same} mean the same; {AGAIN}")
        if places:
            found[name] = places[0]
    if missing := [name for name in needed if name not in found]:
        raise DataError(
            f"{path}: lacks the column{'s' if missing[1:] else ''} {', '.join(map(repr, missing))} of {what} "
            f"(found: {listed(cells, 40)[:200]}); {WHOLE}"
        )
    return found


def picked(
    path: Path,
    frame: pd.DataFrame,
    headings: Mapping[str, str],
    needed: Sequence[str],
    what: str,
    texts: Sequence[str],
) -> pd.DataFrame:
    """The columns of an R or Stata file under the names of `headings`, see `columns`; all but the texts as float64."""
    places = columns(path, list(frame), headings, needed, what)
    rows = frame.iloc[:, list(places.values())].set_axis(list(places), axis=1)
    for name in (n for n in places if n not in texts):
        given = rows[name].astype(object)
        read = pd.to_numeric(given, errors="coerce").astype("float64")
        rows = _with_numbers(rows, name, read, given.where(given.notna(), ""))
    return rows


def rows(
    table: Table,
    places: Mapping[str, int],
    numbers: Sequence[str] = (),
    missing: Sequence[str] = ("",),
) -> pd.DataFrame:
    """The wanted columns (by their places) of a table's records, every one as long as its header.

    Columns of `numbers` hold numbers or what stands for none (`missing`); the others become categories, an empty cell "".
    A cell that is no number is missing, and its row is `unread`: `check` refuses it, but only among the rows it is given.
    """
    if not table.body.strip():
        raise DataError(f"{table.path}: has a header and no rows; download it again")
    try:
        read = _taken_apart(table, places, numbers, missing)
        if all(pc.all(pc.is_finite(read[n]), min_count=0).as_py() for n in numbers):
            return read.to_pandas()  # Arrow also reads nan, inf and 400 digits
    except (pa.ArrowException, ValueError):
        pass  # a cell is no number, or the table is none: the second reading tells
    try:
        frame = _taken_apart(table, places, (), missing).to_pandas()
    except (pa.ArrowException, ValueError) as error:
        raise DataError(_unread(table, str(error))) from None
    for name in numbers:
        printed = frame[name].astype("str").str.strip()
        printed = printed.mask(printed.isin(missing), "")
        read = printed.where(printed.str.fullmatch(_NUMBER), "nan").astype("float64")
        frame = _with_numbers(frame, name, read, printed)
    return frame


def _taken_apart(
    table: Table, places: Mapping[str, int], numbers: Sequence[str], missing: Sequence[str]
) -> pa.Table:
    """What Arrow makes of a table; it raises its own errors."""
    text = pa.dictionary(pa.int32(), pa.string())
    types = {str(at): pa.float64() if name in numbers else text for name, at in places.items()}
    names = [str(at) for at in range(len(table.cells))]
    read = arrow.read_csv(
        io.BytesIO(table.body),
        arrow.ReadOptions(use_threads=False, column_names=names, block_size=2**26),
        arrow.ParseOptions(delimiter=table.separator, newlines_in_values=True),
        arrow.ConvertOptions(
            column_types=types, include_columns=list(types), null_values=list(missing)
        ),
    )
    return read.rename_columns(list(places))


def _with_numbers(
    frame: pd.DataFrame, name: str, read: pd.Series, printed: pd.Series
) -> pd.DataFrame:
    """The frame with the numbers of a column; what is printed and is none stands beside them, for `check`."""
    odd = ~read.between(*_FINITE) & (printed != "")
    frame = frame.assign(**{name: read.mask(odd)})
    return frame.assign(**{name + _PRINTED: printed.where(odd, "")}) if odd.any() else frame


def _unread(table: Table, error: str) -> str:
    """What Arrow says of a table that it cannot read, with the place in the file."""
    if cells := re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", error):
        line, of = table.at(int(cells[1]) - 1), f"has {cells[3]} cells instead of {cells[2]}"
        return f"{table.path}:{line}: {of}: the file was cut off or changed; {AGAIN}"
    return f"{table.path}: cannot be taken apart ({listed([error])[:200]}); {AGAIN}"


def is_r(data: bytes) -> bool:
    """Whether bytes look like an R data file: its own mark, or packed as R packs."""
    return data.startswith((*_R_MAGIC, *_PACKED))


def r_frames(path: Path, what: str) -> dict[str, pd.DataFrame]:
    """The data frames of an R file that is whole and unpacks to no more than `R_MOST`."""
    refused = functools.partial(unlike, path, what)
    data = content(path, what)
    unpack = next((f for magic, f in _PACKED.items() if data.startswith(magic)), open)
    try:
        with unpack(path, "rb") as file:
            start, size = file.read(5), 5  # the check sums inside tell a damaged file
            while size <= R_MOST and (block := file.read(2**20)):
                size += len(block)
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise refused(f"is cut off or damaged ({error})") from None
    if size > R_MOST:
        raise refused(
            f"unpacks to more than {R_MOST // 2**20} MiB, which none does", "give that file"
        )
    if start not in _R_MAGIC:
        raise refused("is no R data file", "download the .rda file itself")
    try:
        import pyreadr

        frames = pyreadr.read_r(str(path))
    except ImportError:
        raise refused("needs the package pyreadr", "run `pip install pyreadr`") from None
    except Exception as error:  # whatever its C library makes of damaged bytes
        raise refused(f"cannot be read as R data ({listed([error])[:200]})") from None
    return {name: frame.reset_index(drop=True) for name, frame in frames.items()}


def holds(frames: Mapping[str, object]) -> str:
    """What an R file that lacks the data frame wanted is said to hold."""
    return f"holds {listed(list(frames)) or 'no data frame'}"


# ---- checking


def unread(rows: pd.DataFrame) -> pd.Series:
    """Whether a row has a cell that should be a number and is none."""
    return (rows.filter(regex=f"{_PRINTED}$") != "").any(axis=1)


def check(
    path: Path, rows: pd.DataFrame, rules: Sequence[Rule], line: Callable[[int], int] | None = None
) -> None:
    """Refuse a cell that is no number and the first rule that one breaks, with its line (or the number of its row), value and how many there are."""
    no_number = "is no number with a decimal point and no separators"
    printed = rows.filter(regex=f"{_PRINTED}$")
    for rule in (*(Rule(c, lambda cells: cells == "", no_number) for c in printed), *rules):
        cells = rows[rule.column]
        odd = cells[~rule.holds(cells)]
        if len(odd):
            at = f":{line(odd.index[0])}" if line else f", row {odd.index[0] + 1}"
            first = (odd.to_frame() if odd.ndim == 1 else odd).iloc[0]
            shown = ", ".join(
                f"{v:.15g}" if isinstance(v, float) else f"{listed([v])[:40]!r}" for v in first
            )
            raise DataError(
                f"{path}{at}: {', '.join(first.index)} = {shown} {rule.fault} ({len(odd)} such cells); {AGAIN}"
            )


# ---- naming


def coded(
    names: pd.Series,
    codes: pd.Series | None = None,
    meant: Mapping[str, str] | None = None,
    marked: bool = False,
) -> pd.Series:
    """Codes of the states that a file names, as categories; each distinct name is looked up once.

    A publisher's code beside a name counts unless it is empty or unknown; `meant` says what this publisher means by names
    and codes that the table gives to nobody or to others, `marked` whether asterisks are SIPRI's marks. A name that the
    table does not know, or that contradicts its code, becomes ``?`` and itself. So nothing is decided here: `chosen`
    refuses the file if a row that is kept has one, and counts the others.
    """
    asked = pd.DataFrame({"name": names, "code": "" if codes is None else codes})
    number = asked.groupby(["name", "code"], sort=False, observed=True, dropna=False).ngroup()
    distinct = asked.drop_duplicates().itertuples(index=False)
    texts = [["" if pd.isna(cell) else str(cell).strip() for cell in pair] for pair in distinct]
    found = pd.Categorical([_code(*pair, meant or {}, marked) for pair in texts])
    return pd.Series(found.take(number.to_numpy()), index=names.index)


def _code(name: str, code: str, meant: Mapping[str, str], marked: bool) -> str:
    named = meant.get(name) or countries.find(name, marked)
    coded = code and (meant.get(code) or countries.find(code, marked))
    if named and coded and named != coded:
        # publishers keep a code when the state's name changes: an old one beside a successor's name is the successor
        heir = countries.table().get(named)
        if heir and coded in heir.successor_of:
            return named
        return f"?{name} with the code {code} of {countries.name(coded)}"
    return coded or named or f"?{name or 'an empty cell'}" + (f" ({code})" if code else "")


def chosen(
    path: Path,
    rows: pd.DataFrame,
    columns: Sequence[str],
    only: frozenset[str],
    line: Callable[[int], int] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The rows in which a state of `only` stands in one of the columns of `coded`, all if it is empty; notes on the others."""
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
    """Refuse rows that are kept and name a state that is not known, with their lines; a note on such names in others."""
    if len(strange := _strange(kept, columns)):
        at = sorted(set(strange.index))
        at = list(dict.fromkeys(map(line, at))) if line else at
        lines = f"line{'s' if at[1:] else ''} {listed(at, 5)}" if line else ""
        unknown = countries.unknown_names(list(strange.unique()))
        raise DataError(f"{path}, {lines or f'{len(at)} rows'}: {unknown}")
    names = sorted(set(_strange(others, columns)))
    told = f"{len(names)} names in rows that are left out are not known: {listed(names, 5)}"
    return notes({told: names})


def _strange(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Names that `coded` did not find, without its mark, by row."""
    odd = [rows[c].isin([x for x in rows[c].unique() if x.startswith("?")]) for c in columns]
    names = [rows[c][at].astype("str") for c, at in zip(columns, odd, strict=True)]
    return pd.concat(names).str.removeprefix("?")


# ---- telling


def day(printed: str, *forms: str) -> str:
    """ISO day of a printed one in the first of the forms of `strptime` that it has; empty if it has none."""
    for form in forms:
        try:
            return datetime.datetime.strptime(printed, form).date().isoformat()
        except ValueError:
            continue
    return ""


def notes(told: Mapping[str, object]) -> list[str]:
    """The notes beside which something stands that holds, or is not empty."""
    return [note for note, holds in told.items() if holds]


def listed(items: Sequence[str], most: int = 12) -> str:
    """The first items in a row and how many more there are."""
    items = [re.sub(r"[\x00-\x1f\x7f]+", " ", str(item)) for item in items]
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")

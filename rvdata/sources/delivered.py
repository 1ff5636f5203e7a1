"""Publishers' files as they were downloaded: recognised by content, read strictly, refused in one line.

What can be told from the bytes alone is told here, for every importer alike: a web page saved under the name of a data
file, another encoding, a spreadsheet's idea of a CSV file, a download that stopped half way.
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

AGAIN = "download it again and do not open it in a spreadsheet"
_HEAD = 60  # lines among which a header is looked for
_PACKED = {b"\xfd7zXZ\x00": lzma.decompress, b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress}
_R_MAGIC = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n")


@dataclass(frozen=True)
class Header:
    """Where the header of a delimited text stands: its line from 1, the byte it starts at, its cells."""

    line: int
    start: int
    cells: tuple[str, ...]


def content(path: Path, what: str) -> bytes:
    """The bytes of a file that may be what it should be.

    Parameters
    ----------
    path : Path
    what : str
        What is expected, as the messages name it ("a CSV file of …").

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
    """Text in UTF-8 without its byte order mark, lines ended by a line feed.

    Raises
    ------
    DataError
        If the bytes are a web page, an archive, binary, in another encoding, or stop before the end of a line.
    """

    def refused(found: str, remedy: str = AGAIN) -> DataError:
        return DataError(f"{path}: {found}, expected {what}; {remedy}")

    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")) or b"<html" in start:
        raise refused(
            "is a web page or XML, not data", "download the file itself, not the page about it"
        )
    if start.startswith(b"pk\x03\x04"):
        raise refused(
            "is a ZIP archive or a spreadsheet workbook", "unpack it and give the CSV file in it"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("is in UTF-16", "save it as UTF-8, or " + AGAIN)
    if b"\0" in data:
        raise refused(f"is no text (a NUL at byte {data.index(0)})")
    text = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(f"is not in UTF-8 (byte {error.start})") from None
    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        raise refused("has a carriage return inside a line, or ends lines with it alone")
    if not text.endswith(b"\n"):
        raise refused("stops in the middle of a line: it seems cut off", "download it again")
    return text


def plain(name: str) -> str:
    """A heading without what differs between downloads: case, blanks, punctuation, accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name).casefold())


def header(
    path: Path, text: bytes, known: Callable[[Sequence[str]], bool], what: str, example: str
) -> Header:
    """The first line whose cells are a header.

    Parameters
    ----------
    path : Path
    text : bytes
        UTF-8.
    known : callable
        Whether cells are those of the header.
    what, example : str
        What is expected, and how its header begins.

    Raises
    ------
    DataError
        If none of the first 60 lines is one; a semicolon or tab as separator is named.
    """
    start = 0
    lines = text.split(b"\n", _HEAD)[:_HEAD]
    other = ""
    for number, line in enumerate(lines, 1):
        shown = line.decode("utf-8").rstrip("\r")
        if known(_split(shown, ",")):
            return Header(number, start, _split(shown, ","))
        for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if not other and known(_split(shown, separator)):
                other = name
        start += len(line) + 1
    if other:
        raise DataError(
            f"{path}: its cells are separated by {other}, expected {what} with commas; {AGAIN}"
        )
    first = next((line.decode("utf-8").strip() for line in lines if line.strip()), "")
    raise DataError(
        f"{path}: has no header {example!r} among its first lines (the first is {first[:60]!r}), "
        f"expected {what}; {AGAIN}"
    )


def _split(line: str, separator: str) -> tuple[str, ...]:
    """Cells of one line; none if it cannot be taken apart."""
    try:
        return tuple(next(csv.reader([line], delimiter=separator), ()))
    except csv.Error:
        return ()


def rows(
    path: Path,
    text: bytes,
    head: Header | None,
    columns: Mapping[str, int],
    numbers: Sequence[str] = (),
    missing: Sequence[str] = ("",),
    prose: Sequence[str] = (),
) -> pd.DataFrame:
    """The records below a header, every one as long as the first.

    Parameters
    ----------
    path : Path
    text : bytes
        UTF-8, from `utf8`.
    head : Header or None
        None for a file without a header, which starts with its first record.
    columns : mapping of str to int
        Name in the frame and position in the file of each wanted column.
    numbers : sequence of str
        Columns that hold numbers or nothing.
    missing : sequence of str, optional
        What stands for no number.
    prose : sequence of str, optional
        Text columns in which hardly two cells are the same.

    Returns
    -------
    DataFrame
        Numbers as int64 or float64; text as categories, so that each distinct name is dealt with once, or as
        str if it is prose; an empty cell is "".

    Raises
    ------
    DataError
        If records differ in length, quotes do not match or a cell is no number.
    """
    import pandas as pd

    body = text[head.start :] if head else text
    line = head.line if head else 1
    _same_length(path, body, line)
    order = sorted(columns, key=columns.get)
    try:
        frame = pd.read_csv(
            io.BytesIO(body),
            header=0 if head else None,
            names=order,
            usecols=[columns[c] for c in order],
            dtype={c: "str" if c in prose else "category" for c in order if c not in numbers},
            keep_default_na=False,
            na_values={c: list(missing) for c in numbers},
            index_col=False,
            low_memory=False,
        )
    except (ValueError, OverflowError) as error:  # ParserError is a ValueError
        raise DataError(
            f"{path}: cannot be taken apart ({listed([error])[:200]}); {AGAIN}"
        ) from None
    if frame.empty:
        raise DataError(f"{path}: has a header and no rows; download it again")
    for column in order:
        if column not in (*numbers, *prose):  # pandas makes categories that are all digits numbers
            frame[column] = frame[column].cat.rename_categories(str)
    for column in numbers:
        frame[column] = _number(
            path, frame[column], head.cells[columns[column]] if head else column, line + bool(head)
        )
    return frame


def _same_length(path: Path, body: bytes, line: int) -> None:
    """Refuse records of another length than the first, without building any."""
    import numpy as np

    raw = np.frombuffer(body, np.uint8)
    marks = np.flatnonzero((raw == ord(",")) | (raw == ord("\n")) | (raw == ord('"')))
    kind = raw[marks]
    if b'"' in body:
        inside = np.bitwise_xor.accumulate(kind == ord('"'))
        if inside[-1]:
            raise DataError(f"{path}: a quotation mark is opened and never closed; {AGAIN}")
        kind = np.where(inside, 0, kind)
    commas = np.cumsum(kind == ord(","), dtype=np.int32)
    end = np.flatnonzero(kind == ord("\n"))
    cells = np.diff(commas[end], prepend=0) + 1
    wrong = cells != cells[0]
    if wrong.any():
        ends = marks[end]
        length = np.diff(ends, prepend=-1)
        wrong &= ~(
            (length == 1) | ((length == 2) & (raw[ends - 1] == ord("\r")))
        )  # blank lines are no records
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        place = line + int(np.count_nonzero(raw[: ends[i - 1] + 1] == ord("\n")))
        more = f", and {int(wrong.sum()) - 1} more rows like it" if wrong.sum() > 1 else ""
        raise DataError(
            f"{path}:{place}: has {cells[i]} cells instead of {cells[0]}{more}: the file was cut off or changed; "
            f"{AGAIN}"
        )


def _number(path: Path, series: pd.Series, name: str, line: int) -> pd.Series:
    import numpy as np
    import pandas as pd

    if series.dtype.kind in "if":
        odd = ~np.isfinite(series.to_numpy(dtype="float64", na_value=0.0))
        if series.dtype.kind == "f":
            odd = odd & series.notna().to_numpy()
    else:
        text = series.astype("str").fillna("")
        odd = (pd.to_numeric(text, errors="coerce").isna()).to_numpy() & (text != "").to_numpy()
        odd |= series.dtype.kind == "b"
    if odd.any():
        i = int(np.flatnonzero(odd)[0])
        raise DataError(
            f"{path}:{line + i}: {name} = {str(series.iloc[i])[:40]!r} is no number with a decimal point and no "
            f"separators ({int(odd.sum())} such cells); {AGAIN}"
        )
    return series.astype("float64") if series.dtype.kind not in "if" else series


def r_frames(path: Path, wanted: Mapping[str, Sequence[str]], what: str) -> dict[str, pd.DataFrame]:
    """Data frames of an R file.

    Parameters
    ----------
    path : Path
    wanted : mapping of str to sequence of str
        Columns that each named data frame must have.
    what : str
        What is expected, as the messages name it.

    Raises
    ------
    DataError
        If pyreadr is missing, the file is no R file or damaged, or a frame or column is missing.
    """
    data = content(path, what)
    unpack = next((f for magic, f in _PACKED.items() if data.startswith(magic)), bytes)
    try:
        inside = unpack(data)  # the check sums inside tell a damaged file
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise DataError(
            f"{path}: is cut off or damaged ({error}), expected {what}; download it again"
        ) from None
    if not inside.startswith(_R_MAGIC):
        raise DataError(
            f"{path}: is no R data file, expected {what}; download the .rda file itself"
        ) from None
    del inside
    try:
        import pyreadr
    except ImportError:
        raise DataError(
            f"{path}: R data files need the package pyreadr; run `pip install pyreadr`"
        ) from None
    try:
        frames = pyreadr.read_r(str(path))
    except (
        pyreadr.LibrdataError,
        pyreadr.PyreadrError,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
    ) as error:
        raise DataError(
            f"{path}: cannot be read as R data ({listed([error])[:200]}), expected {what}; "
            "download it again"
        ) from None
    for name, columns in wanted.items():
        if name not in frames:
            raise DataError(
                f"{path}: holds {listed(list(frames)) or 'no data frame'}, expected the data frame {name} of "
                f"{what}; give that file"
            )
        refuse_missing(
            path,
            [c for c in columns if c not in frames[name].columns],
            list(frames[name].columns),
            what,
        )
        if frames[name].empty:
            raise DataError(f"{path}: the data frame {name} has no rows; download it again")
    return {name: frames[name] for name in wanted}


def is_r(data: bytes) -> bool:
    """Whether bytes look like an R data file: its own mark, or packed as R packs."""
    return data.startswith((*_R_MAGIC, *_PACKED))


def refuse_missing(path: Path, missing: Sequence[str], found: Sequence[str], what: str) -> None:
    """Refuse a file that is short of columns, naming those that it has."""
    if missing:
        raise DataError(
            f"{path}: lacks the column{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))} of {what} "
            f"(found: {listed(found, 40)[:200]}); download it with all columns"
        )


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
    strange = _strange(kept, columns)
    if len(strange):
        at = sorted(set(strange.index))
        where = f"line {listed([line(i) for i in at], 5)}" if line else f"{len(at)} rows"
        raise DataError(f"{path}, {where}: {countries.unknown_names(list(strange.unique()))}")
    notes = []
    if absent := sorted(only.difference(*(rows[c].unique() for c in columns))):
        notes.append(f"not in the file: {', '.join(absent)}")
    if len(strange := _strange(rows, columns)):
        notes.append(
            f"{strange.nunique()} names in rows that are left out are not known: {listed(sorted(set(strange)), 5)}"
        )
    return kept, notes


def _strange(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Names that `coded` did not find, without its mark, by row."""
    import pandas as pd

    odd = [
        rows[c][rows[c].isin([x for x in rows[c].unique() if x.startswith("?")])] for c in columns
    ]
    return pd.concat([cells.astype("str") for cells in odd]).str[1:]


def all_coded(path: Path, names: pd.Series, meant: Mapping[str, str] | None = None) -> pd.Series:
    """Codes of names of which every one must be known."""
    codes = coded(names, meant=meant)
    chosen(path, codes.to_frame("code"), ["code"], frozenset())
    return codes


def whole(path: Path, series: pd.Series, name: str, low: int, high: int) -> pd.Series:
    """A column without gaps as int64 within bounds.

    Raises
    ------
    DataError
        With the first value that is none and their count.
    """
    values = series.astype("float64")
    odd = ~((values % 1 == 0) & values.between(low, high))
    if odd.any():
        raise DataError(
            f"{path}: {name} = {str(series[odd].iloc[0])!r} is no whole number from {low} to {high} "
            f"({int(odd.sum())} such cells); {AGAIN}"
        )
    return values.astype("int64")


def listed(items: Sequence[str], most: int = 12) -> str:
    """The first items in a row and how many more there are."""
    items = [re.sub(r"[\x00-\x1f\x7f]+", " ", str(item)) for item in items]
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")

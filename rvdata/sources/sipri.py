"""SIPRI Arms Transfers Database: the files that its site hands out, as volumes by supplier, recipient and year.

Four kinds are told apart by their content. All are CSV in ISO-8859-1 with lines above the header that say what was
asked for and when:

deliveries
    One row per deal and year of delivery ("SIPRI AT Database ID" first). Sums by year are exact. A volume counts as
    estimated where "Numbers delivered is estimate" or "Delivery year is estimate" says Yes; the column "SIPRI estimate"
    is no flag but the volume of one new weapon, and whether the order's date is estimated does not touch deliveries.
trade register
    One row per deal, volume not split by year. A deal with one year of delivery is exact, others are spread evenly over
    their years (`allocated`). Three columns without a name hold `?` where the year of order, the number ordered and the
    number delivered are uncertain: they are known by their place. Some comments hold a bare line break outside quotes;
    such records are joined again.
old TIV table, new TIV table
    Volumes by year, rounded to whole millions, with a printed total. A table of one state's partners gives rows by
    partner and the printed total as `_T`; a table of all states gives totals only.

What a release covers follows from the query that stands above the header, and from the rows where they show that
somebody cut the file: see `_covered`. The last year covered is never later than what SIPRI had published on the day of
the download: each spring it adds the year before.
"""
from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries, rawcsv
from rvdata.errors import DataError, nearest
from rvdata.sources.compiled import Release

if TYPE_CHECKING:
    import pandas as pd

PUBLISHER = "Stockholm International Peace Research Institute (SIPRI)"
URL = "https://www.sipri.org/databases/armstransfers"
LICENCE = ("SIPRI fair use: non-commercial, less than 10 per cent of a data set, with attribution "
           "(https://www.sipri.org/databases/terms)")
REDISTRIBUTION = "this project's own aggregates with attribution; never the publisher's file or rows of it"

DELIVERIES = (
    "SIPRI AT Database ID", "Supplier", "Recipient", "Designation", "Description", "Armament category", "Order date",
    "Order date is estimate", "Numbers delivered", "Numbers delivered is estimate", "Delivery year",
    "Delivery year is estimate", "Status", "SIPRI estimate", "TIV deal unit", "TIV delivery values", "Local production",
)
REGISTER = (
    "Recipient", "Supplier", "Year of order", "", "Number ordered", "", "Weapon designation", "Weapon description",
    "Number delivered", "", "Year(s) of delivery", "status", "Comments", "SIPRI TIV per unit",
    "SIPRI TIV for total order", "SIPRI TIV of delivered weapons",
)
#: Other headings that the site has printed over the same column.
_SYNONYMS = {"deliveries in the year range": "number delivered"}
_COMMENTS = REGISTER.index("Comments")
_TITLES = {"deliveries": "Transfers of major conventional arms", "register": "Transfers of major conventional arms",
           "old": "TIV of arms", "new": "Volume of transfers of major arms"}
_KINDS = {"deliveries": "deliveries file", "register": "trade register", "old": "TIV table of the old site",
          "new": "TIV table"}
_AFRESH = "download it from SIPRI again and import it as it comes, never saved by a spreadsheet"
#: Names that could mean two states and that SIPRI uses for one.
_SIPRI_NAMES = {"congo": "COG"}
_FIRST_YEAR = 1950  # of the database
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
#: In every year since 1950 more states than these received or supplied arms (tables of October 2024).
_FEW_RECIPIENTS, _FEW_SUPPLIERS = 50, 10


def read(path: Path, only: frozenset[str] = frozenset(), weapons: tuple[str, ...] = ()) -> Release:
    """Compile one file of the SIPRI Arms Transfers Database.

    Parameters
    ----------
    path : Path
        Deliveries file, trade register, or TIV table of the old or the new site, as downloaded.
    only : frozenset of str, optional
        Country codes: keep rows in which one of them is supplier or recipient. Empty for all.
    weapons : tuple of str, optional
        Designations whose numbers are counted too (``arms_units``); one of several names that are printed with slashes or
        brackets is enough, case does not matter. From deals only, not from TIV tables.

    Returns
    -------
    Release
        ``arms_transfers`` (TIV in millions); from a register ``arms_orders`` too; with `weapons`, ``arms_units``.

    Raises
    ------
    DataError
        In one line, if the file is none of these, is cut short, was saved again in another form, contradicts itself, or
        names states that ``countries.csv`` does not know.
    """
    file = _open(Path(path))
    if file.kind in ("old", "new") and weapons:
        raise DataError(f"{file.name}: is a {_KINDS[file.kind]} and counts no weapons; leave out --weapon or import a trade "
                        "register")
    return {"deliveries": _deliveries, "register": _register, "old": _tiv_table, "new": _tiv_table}[file.kind](
        file, only, weapons)


# ---- the file and what stands above its header

@dataclass(frozen=True)
class _File:
    """A recognised file: its text with plain line ends, the cells above the header, the header and its line (from 0)."""

    name: str
    kind: str
    text: str
    top: tuple[str, ...]
    header: tuple[str, ...]
    at: int
    generated: datetime.date

    @property
    def title(self) -> str:
        return self.top[0]


def _open(path: Path) -> _File:
    """Read and recognise a file, by content alone."""
    name = rawcsv.shown(path)
    text = _text(path, name)
    lines = list(itertools.islice(_lines(text), 60))
    cells = [_cells(line) for line in lines]
    at, kind = next(((i, k) for i, row in enumerate(cells) if (k := _kind(row))), (None, ""))
    first = next((row[0] for row in cells if row and row[0]), "")
    if at is None:
        for mark, called in ((";", "semicolons"), ("\t", "tabs")):
            if any(_kind(_cells(line, mark)) for line in lines):
                raise DataError(f"{name}: has its cells between {called}; expected commas: {_AFRESH}")
        known = [k for k, title in _TITLES.items() if first.startswith(title)]
        found = (f"the header of a {_KINDS[known[0]]} was not found: it is cut or short of columns" if known else
                 f"the first line is {first[:60]!r}")
        raise DataError(f"{name}: expected a deliveries file, trade register or TIV table of SIPRI, but {found}; {_AFRESH}")
    top = tuple(row[0] if row else "" for row in cells[:at])
    if not top or not top[0].startswith(_TITLES[kind]):
        found = f"the first line is {top[0][:60]!r}" if top and top[0] else "nothing stands there"
        raise DataError(f"{name}: expected {_TITLES[kind]!r} and so on above the header of a {_KINDS[kind]}, but {found}; "
                        f"{_AFRESH}")
    if not any(line.startswith("Source: SIPRI") for line in top):
        raise DataError(f"{name}: expected a line 'Source: SIPRI …' above the header, but found none; {_AFRESH}")
    header = tuple(cells[at])
    wanted = {"deliveries": DELIVERIES, "register": REGISTER}.get(kind)
    if wanted:
        _check_header(name, kind, header, wanted)
    return _File(name, kind, text, top, header, at, _generated(name, top))


def _text(path: Path, name: str) -> str:
    """The text of a file, refused if it is something else than ISO-8859-1."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{name}: is not there; give the path of a file downloaded from SIPRI") from None
    except OSError as error:
        raise DataError(f"{name}: cannot be read ({error.strerror}); give the path of a file downloaded from SIPRI") from None
    head = data[:400].lstrip().lower()
    found = ("empty" if not data.strip() else
             "a ZIP archive or an Excel workbook" if data.startswith(b"PK\3\4") else
             "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else
             "UTF-8 with a byte-order mark" if data.startswith(b"\xef\xbb\xbf") else
             "an HTML page" if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")) else
             "binary or UTF-16" if b"\0" in data else "")
    if not found and not data.isascii():
        try:  # accented Latin-1 letters in a row hardly ever make valid UTF-8
            data.decode("utf-8")
            found = "UTF-8"
        except UnicodeDecodeError:
            pass
    if found:
        raise DataError(f"{name}: is {found}; expected a CSV file in ISO-8859-1: {_AFRESH}")
    # a bare carriage return can only stand in a comment
    return data.decode("latin-1").replace("\r\n", "\n").replace("\r", " ")


def _lines(text: str):
    """The lines of a text, one after the other, without splitting all of it."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _cells(line: str, delimiter: str = ",") -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _kind(row: list[str]) -> str:
    """What kind of file has this header; empty if it is none."""
    names = {_plain(cell) for cell in row} - {""}
    for kind, header in (("deliveries", DELIVERIES), ("register", REGISTER)):
        wanted = {_plain(cell) for cell in header} - {""}
        if len(names & wanted) > len(wanted) / 2:
            return kind
    years = sum(bool(re.fullmatch(r"(?:19|20)[0-9]{2}", cell)) for cell in row)
    if years and "percentage of total" in names:
        return "new"
    if years and row[-1].casefold() == "total" and not row[0]:
        return "old"
    if years and row[-1].casefold() == "total" and not re.fullmatch("[0-9]+", row[0]):
        return "old"
    return ""


def _plain(cell: str) -> str:
    cell = " ".join(cell.split()).casefold()
    return _SYNONYMS.get(cell, cell)


def _check_header(name: str, kind: str, header: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    found, expected = [_plain(cell) for cell in header], [_plain(cell) for cell in wanted]
    if found == expected:
        return
    lacking = [cell for cell in wanted if cell and _plain(cell) not in found]
    odd = [cell for cell in header if cell and _plain(cell) not in expected]
    said = ([f"lacks {', '.join(map(repr, lacking[:5]))}"] if lacking else []) + (
        [f"has {', '.join(map(repr, odd[:5]))}"] if odd else [])
    said = said or [f"has {len(found)} columns in another order"]
    raise DataError(f"{name}: expected the {len(wanted)} columns of a {_KINDS[kind]}, but the header {' and '.join(said)}; "
                    f"{_AFRESH}")


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _generated(name: str, top: tuple[str, ...]) -> datetime.date:
    """The day on which the file was made, from the line that says so."""
    line = next((line for line in top if re.match(r"(?:Data )?generated:", line, re.IGNORECASE)), None)
    if line is None:
        raise DataError(f"{name}: expected a line 'Data generated: …' above the header, but found none; {_AFRESH}")
    said = re.search(r": *([0-9]{1,2}) ([A-Za-z]{3,9})\.? ([0-9]{4})\b", line)
    try:
        return datetime.date(int(said[3]), _MONTHS.index(said[2][:3].lower()) + 1, int(said[1]))
    except (TypeError, ValueError):
        raise DataError(f"{name}: expected a day such as '3 Jan 2025', but found {line[:60]!r}; {_AFRESH}") from None


# ---- rows

@dataclass(frozen=True)
class _Rows:
    """The rows below the header as text, one column for each place, and the lines that were joined to the one before."""

    file: _File
    cells: pd.DataFrame
    joined: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        """The line of the file on which a row starts, counted from 1."""
        body = io.StringIO(_body(self.file)[0], newline="")
        reader = csv.reader(body)
        for _ in range(row):
            next(reader)
        line = self.file.at + 2 + reader.line_num
        for other in self.joined:
            line += other <= line
        return line

    def refuse(self, wrong: pd.Series, column: int, expected: str) -> None:
        """Refuse the file for the cells of a column that are marked, naming the first and their number."""
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            more = f" ({int(wrong.sum())} rows in all)" if wrong.sum() > 1 else ""
            label = self.file.header[column] or f"column {column + 1}"
            raise DataError(f"{self.file.name}:{self.line(row)}: expected {expected} in {label!r}, but found "
                            f"{self.cells[column].iloc[row][:40]!r}{more}; the file is cut short or was changed: {_AFRESH}")

    def number(self, column: int, empty: bool = False) -> pd.Series:
        """A column of numbers; an empty cell is refused, or missing where that is allowed."""
        import pandas as pd

        cells = self.cells[column].str.strip()
        right = cells.str.fullmatch(_NUMBER)
        self.refuse(~(right | (cells == "")) if empty else ~right, column, "a number with a decimal point")
        return pd.to_numeric(cells.where(cells != "", None)).astype("float64")

    def year(self, column: int) -> pd.Series:
        cells = self.cells[column].str.strip()
        self.refuse(~cells.str.fullmatch(r"(?:19|20)[0-9]{2}"), column, "a year")
        return cells.astype("int64")

    def flag(self, column: int, yes: str, no: str) -> pd.Series:
        cells = self.cells[column].str.strip()
        self.refuse(~cells.isin([yes, no]), column, f"{yes!r} or {no!r}" if no else f"{yes!r} or nothing")
        return cells == yes


def _body(file: _File) -> tuple[str, bool]:
    """What stands below the header, without empty lines at its end, and whether the last row ends with a line break."""
    start = 0
    for _ in range(file.at + 1):
        start = file.text.find("\n", start) + 1
        if not start:
            return "", False
    body = file.text[start:]
    return body.rstrip("\n"), body.endswith("\n")


def _rows(file: _File) -> _Rows:
    """The rows below the header. A row with too few or too many cells is refused, unless a line break has cut its comment."""
    body, _ = _body(file)
    cells, bad = _parsed(body, len(file.header))
    joined: tuple[int, ...] = ()
    if bad and file.kind == "register":
        body, joined = _rejoined(body, len(file.header), file.at + 2)
        cells, bad = _parsed(body, len(file.header))
    if bad:
        number, found, text = bad[0]
        line = number + file.at + 1
        for other in joined:
            line += other <= line
        more = f" ({len(bad)} such rows)" if len(bad) > 1 else ""
        raise DataError(f"{file.name}:{line}: expected {len(file.header)} cells, but found {found} in {text[:40]!r}{more}; "
                        f"the file is cut short or was changed: {_AFRESH}")
    if not len(cells):
        raise DataError(f"{file.name}: expected rows below the header, but found none; the file is cut short or the query "
                        "found nothing: widen it")
    if joined:
        import dataclasses
        file = dataclasses.replace(file, text="\n".join([*itertools.islice(_lines(file.text), file.at + 1), body, ""]))
    return _Rows(file, cells, joined)


def _parsed(body: str, width: int) -> tuple[pd.DataFrame, list[tuple[int, int, str]]]:
    """Cells as text, and rows of another width: number from 1, cells, text."""
    import pandas as pd
    from pyarrow import csv as arrow_csv
    from pyarrow import lib, string

    bad: list[tuple[int, int, str]] = []

    def wrong(row) -> str:
        bad.append((row.number, row.actual_columns, row.text))
        return "skip"

    names = [str(i) for i in range(width)]
    data = body.encode()
    if not data:
        return pd.DataFrame(columns=range(width), dtype="str"), bad
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=wrong, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, string()), strings_can_be_null=False),
        )
    except lib.ArrowInvalid as error:
        return pd.DataFrame(), [(1, 0, str(error).splitlines()[0])]
    frame = table.to_pandas().astype("str")
    frame.columns = range(width)
    return frame, bad


def _rejoined(body: str, width: int, first_line: int) -> tuple[str, tuple[int, ...]]:
    """Records that a line break inside an unquoted comment has cut, as one line each; and the lines that were joined.

    Such a record ends inside the comment, the parts between have no comma, and the last part has the rest of the cells.
    """
    lines, joined, i = [], [], 0
    source = body.split("\n")
    while i < len(source):
        line = source[i]
        if line.count(",") == _COMMENTS or (line.count('"') and len(_cells(line)) == _COMMENTS + 1):
            end = i + 1
            while end < len(source) and "," not in source[end]:
                end += 1
            if end < len(source) and source[end].count(",") == width - _COMMENTS - 1:
                lines.append(" ".join(source[i:end + 1]))
                joined += [first_line + k for k in range(i + 1, end + 1)]
                i = end + 1
                continue
        lines.append(line)
        i += 1
    return "\n".join(lines), tuple(joined)


# ---- states

def _codes(file: _File, *columns: pd.Series) -> tuple[list[pd.Series], dict[str, list[str]]]:
    """Columns of names as columns of codes, each name looked up once; and the names of every code that has several."""
    import pandas as pd

    names = sorted(set().union(*(column.unique() for column in columns)))
    if "" in names or any(not name.strip() for name in names):
        raise DataError(f"{file.name}: expected a supplier and a recipient in every row, but {_blank(file, columns)} rows have "
                        f"an empty name; {_AFRESH}")
    found = _looked_up(file, names)
    sharing: dict[str, list[str]] = {}
    for name, code in found.items():
        sharing.setdefault(code, []).append(name)
    return [pd.Series(column.map(found), dtype="str") for column in columns], {
        code: same for code, same in sharing.items() if len(same) > 1}


def _summed_up(sharing: dict[str, list[str]], kept: pd.DataFrame) -> list[str]:
    """Notes on the names that share a code, of the codes that are in the rows."""
    present = set(kept["supplier"]) | set(kept["recipient"])
    return [f"{len(names)} names are summed up under {code} ({countries.name(code)}): {_some(names)}"
            for code, names in sorted(sharing.items()) if code in present]


def _blank(file: _File, columns: tuple[pd.Series, ...]) -> int:
    return max(int((column.str.strip() == "").sum()) for column in columns)


def _looked_up(file: _File, names: list[str]) -> dict[str, str]:
    own = {name: _SIPRI_NAMES[key] for name in names if (key := name.strip().casefold()) in _SIPRI_NAMES}
    others = [name for name in names if name not in own]
    try:
        return own | dict(zip(others, countries.codes(name.strip() for name in others)))
    except countries.UnknownCountry as error:
        raise DataError(f"{file.name}: {error}") from None


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


# ---- the query: which states and years the file is about

@dataclass(frozen=True)
class _Query:
    """What was asked for: states on either side (None for all, empty if it could not be read), first and last year."""

    suppliers: frozenset[str] | None
    recipients: frozenset[str] | None
    first: int | None
    last: int | None
    orders: bool  # whether deals without deliveries were asked for too


def _query(file: _File) -> _Query:
    """The query of a file of deals, from its first line."""
    sides = re.match(rf"{_TITLES['deliveries']} from (.+?) +to (.+?) *\. *Deals with (.+)", file.title)
    years = re.search(r"year range '([^']*)' to '([^']*)'", file.title)
    if not sides or not years:
        raise DataError(f"{file.name}: expected a first line 'Transfers of major conventional arms from … to …. Deals with … year "
                        f"range '…' to '…'', but found {file.title[:80]!r}; {_AFRESH}")
    first, last = (int(y) if re.fullmatch("[0-9]{4}", y) else None for y in years.groups())
    if first and last and last < first:
        raise DataError(f"{file.name}: expected a range of years, but found {first} to {last}; {_AFRESH}")
    return _Query(_selection(sides[1]), _selection(sides[2]), first or _FIRST_YEAR, last, "orders" in sides[3].split("made")[0])


def _selection(said: str) -> frozenset[str] | None:
    """States that a query names: None for all, empty where its words cannot be read."""
    said = said.strip()
    if said.casefold() in ("all countries", "all", "all suppliers", "all recipients", "world"):
        return None
    for names in ([said], [part.strip() for part in re.split("[,;]", said) if part.strip()]):
        try:
            return frozenset(_SIPRI_NAMES.get(name.casefold()) or countries.code(name) for name in names)
        except countries.UnknownCountry:
            continue
    return frozenset()


def _covered(query: _Query, suppliers: frozenset[str], recipients: frozenset[str],
             pairs: list[tuple[str, str]]) -> tuple[tuple[str, ...], list[str]]:
    """Of what a file of deals has everything, and notes on what was taken for granted.

    The query says it, but rows cut out of a download keep the query of the whole. So a query for all states counts for
    all only if there are several suppliers and several recipients. If there is one recipient, someone cut the file to it:
    all its suppliers are taken to be there. If there is one supplier, the recipients may be a region's: then only the
    pairs that are there are covered.
    """
    each = [f"pair={s}>{r}" for s, r in pairs]
    if query.suppliers is None and query.recipients is None:
        if len(suppliers) > 1 and len(recipients) > 1:
            few = len(recipients) < _FEW_RECIPIENTS or len(suppliers) < _FEW_SUPPLIERS
            return ("*",), [f"the query was for all states, but only {len(suppliers)} suppliers and {len(recipients)} recipients "
                            "occur: if rows were cut out, totals and shares are wrong" if few else
                            "this is the whole data set: SIPRI's terms allow passing on less than 10 per cent"]
        if len(suppliers) > 1:
            return tuple(f"recipient={r}" for r in recipients), [
                "the query was for all states, but one recipient occurs: taken to have all its suppliers"]
        return tuple(each), ["the query was for all states, but one supplier occurs: covers only its recipients that occur, one by "
                             "one, because others may have been cut out"]
    if query.suppliers is None:
        return tuple(f"recipient={r}" for r in sorted(query.recipients or recipients)), []
    if query.recipients is None:
        return tuple(f"supplier={s}" for s in sorted(query.suppliers or suppliers)), []
    if query.suppliers and query.recipients:
        return tuple(f"pair={s}>{r}" for s in sorted(query.suppliers) for r in sorted(query.recipients)), []
    return tuple(each), ["the states of the query could not be read: covers only the pairs that occur"]


def _narrowed(covers: tuple[str, ...], only: frozenset[str]) -> tuple[str, ...]:
    """What is still covered when only rows with these states are kept."""
    if not only:
        return covers
    kept: list[str] = []
    for item in covers:
        side, _, code = item.partition("=")
        if item == "*":
            kept += [f"{s}={c}" for c in sorted(only) for s in ("recipient", "supplier")]
        elif item == "imports=*" or item == "exports=*":
            kept += [f"{side}={c}" for c in sorted(only)]
        elif side == "pair":
            kept += [item] if only & set(code.split(">")) else []
        elif code in only:
            kept += [item]
        elif side == "recipient":
            kept += [f"pair={c}>{code}" for c in sorted(only)]
        elif side == "supplier":
            kept += [f"pair={code}>{c}" for c in sorted(only)]
    return tuple(dict.fromkeys(kept))


def _last_year(file: _File, asked: int | None, found: int | None) -> int:
    """The last year covered: what SIPRI had published by then, and was asked for; a year that has rows in any case."""
    published = file.generated.year - (1 if file.generated.month >= 4 else 2)
    return max(min(asked or published, published), found or 0)


# ---- deals

def _deliveries(file: _File, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    import pandas as pd

    rows = _rows(file)
    at = DELIVERIES.index
    (supplier, recipient), sharing = _codes(file, rows.cells[at("Supplier")], rows.cells[at("Recipient")])
    number, unit, tiv = (rows.number(at(c)) for c in ("Numbers delivered", "TIV deal unit", "TIV delivery values"))
    number_estimated = rows.flag(at("Numbers delivered is estimate"), "Yes", "No")
    year_estimated = rows.flag(at("Delivery year is estimate"), "Yes", "No")
    rows.flag(at("Order date is estimate"), "Yes", "No")
    rows.flag(at("Local production"), "Yes", "No")  # the last cell: a row that is cut short shows here
    year = rows.year(at("Delivery year"))
    query = _query(file)
    _check_query(rows, query, supplier, recipient, year, year, at("Supplier"), at("Recipient"), at("Delivery year"))
    notes = _contradictions(number, unit, tiv)
    deals = pd.DataFrame({
        "supplier": supplier, "recipient": recipient, "year": year, "tiv": tiv, "estimated": number_estimated | year_estimated,
        "allocated": False, "designation": rows.cells[at("Designation")].str.strip(), "units": number,
        "units_estimated": number_estimated, "deal": rows.cells[at("SIPRI AT Database ID")].str.strip()})
    twice = int(deals.duplicated(["deal", "year", "designation"]).sum())
    if twice:
        notes.append(f"{twice} rows repeat a deal and year of another row: both are counted")
    kept, said = _kept(file, deals, only)
    notes += said + _summed_up(sharing, kept)
    tables = {"arms_transfers": _transfers(kept)}
    if weapons:
        counted = kept.assign(first=kept["year"], last=kept["year"], ordered=float("nan"))
        tables["arms_units"], said = _units(file, counted, deals["designation"], weapons)
        notes += said
    notes.append(_balance(tables["arms_transfers"], f"{len(kept)} deliveries"))
    return _deals_release(file, query, deals, only, tables, notes, "deliveries")


def _register(file: _File, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    import pandas as pd

    rows = _rows(file)
    notes = []
    if rows.joined:
        notes.append(f"{len(rows.joined)} line breaks inside unquoted comments were taken out, so that their records are whole "
                     f"(lines {_some([str(line) for line in rows.joined])})")
    recipient_at, supplier_at, order_at, ordered_at, designation_at, delivered_at, years_at = 0, 1, 2, 4, 6, 8, 10
    unit_at, tiv_ordered_at, tiv_at = 13, 14, 15
    (supplier, recipient), sharing = _codes(file, rows.cells[supplier_at], rows.cells[recipient_at])
    order_year = rows.year(order_at)
    order_flag, ordered_flag, delivered_flag = (rows.flag(i, "?", "") for i in (order_at + 1, ordered_at + 1, delivered_at + 1))
    ordered, delivered, unit, tiv_ordered, tiv = (
        rows.number(i, empty=True) for i in (ordered_at, delivered_at, unit_at, tiv_ordered_at, tiv_at))
    _check_last_number(file, rows, ordered, delivered, unit, tiv_ordered, tiv)
    years = rows.cells[years_at].str.strip()
    rows.refuse(~years.str.fullmatch(r"(?:(?:19|20)[0-9]{2}(?:; *(?:19|20)[0-9]{2})*)?"), years_at, "years with semicolons between")
    each = years[years != ""].str.split(";").explode().str.strip().astype("int64")
    spans = each.groupby(level=0).agg(["min", "max", "size"]).reindex(years.index)
    query = _query(file)
    delivering = spans["size"].notna()
    _check_query(rows, query, supplier, recipient, spans["min"], spans["max"], supplier_at, recipient_at, years_at)
    notes += _contradictions(delivered, unit, tiv)
    for wrong, what in ((delivering & tiv.isna(), "with years of delivery but no volume: 0 in arms_transfers"),
                        (~delivering & (tiv > 0), f"with a volume ({tiv[~delivering].sum():g} million TIV in all) but no year of "
                                                  "delivery: in arms_orders, in no year of arms_transfers")):
        if wrong.any():
            notes.append(f"{int(wrong.sum())} deals {what}")
    deals = pd.DataFrame({
        "supplier": supplier, "recipient": recipient, "order_year": order_year, "tiv": tiv.fillna(0.0), "tiv_ordered": tiv_ordered.where(
            ordered.notna()), "estimated": delivered_flag, "order_estimated": order_flag | ordered_flag,
        "first": spans["min"], "last": spans["max"], "years": spans["size"],
        "designation": rows.cells[designation_at].str.strip(), "units": delivered.fillna(0.0), "ordered": ordered,
        "units_estimated": delivered_flag, "deal": range(len(supplier))})
    kept, said = _kept(file, deals, only)
    notes += said + _summed_up(sharing, kept)
    spread = kept.loc[each.index[each.index.isin(kept.index)]].assign(year=each[each.index.isin(kept.index)].to_numpy())
    spread = spread.assign(tiv=spread["tiv"] / spread["years"], allocated=spread["years"] > 1)
    tables = {"arms_transfers": _transfers(spread), "arms_orders": _orders(kept)}
    if weapons:
        tables["arms_units"], said = _units(file, kept, deals["designation"], weapons)
        notes += said
    several = kept["years"] > 1
    notes.append(_balance(tables["arms_transfers"], f"{len(kept)} deals"))
    if several.any():
        notes.append(f"{int(several.sum())} deals with {_share(kept['tiv'][several].sum(), kept['tiv'].sum())} of the volume were "
                     "delivered over several years: spread evenly over them")
    if unknown := int(kept["tiv_ordered"].isna().sum()):
        notes.append(f"{unknown} deals do not say how much was ordered: tiv_ordered_million is empty in their rows")
    if not query.orders:
        notes.append("the query was for deals with deliveries: orders of which nothing was delivered are missing")
    if query.first > _FIRST_YEAR:
        notes.append(f"deals that were wholly delivered before {query.first} are missing from arms_orders")
    return _deals_release(file, query, deals, only, tables, notes, "trade register")


def _check_query(rows: _Rows, query: _Query, supplier: pd.Series, recipient: pd.Series, first: pd.Series, last: pd.Series,
                 supplier_at: int, recipient_at: int, year_at: int) -> None:
    """Refuse rows that the query above the header cannot have found, and deliveries after the day of the download."""
    said = rows.file.title
    for codes, states, column in ((supplier, query.suppliers, supplier_at), (recipient, query.recipients, recipient_at)):
        if states:
            rows.refuse(~codes.isin(states), column, f"what the first line asks for ({said[:80]!r})")
    rows.refuse((first < query.first) | (last > (query.last or 9999)), year_at,
                f"deliveries of the years {query.first} to {query.last or 'now'}")
    rows.refuse(last > rows.file.generated.year, year_at, f"no delivery after the day of the download, {rows.file.generated}")


def _check_last_number(file: _File, rows: _Rows, ordered, delivered, unit, tiv_ordered, tiv) -> None:
    """A register whose last line does not end may have lost digits of its last number: it must follow from the others."""
    if _body(file)[1]:
        return
    said, count, each, order, total = (float(column.iloc[-1]) for column in (tiv, delivered, unit, tiv_ordered, ordered))
    if not (abs(count * each - said) < 0.006 or (count == total and said == order)):
        raise DataError(f"{file.name}:{rows.line(len(tiv) - 1)}: expected a line break after the last row, but the file ends with "
                        f"{file.text[-20:]!r}; it is cut short: {_AFRESH}")


def _contradictions(number: pd.Series, unit: pd.Series, tiv: pd.Series) -> list[str]:
    """A note on rows whose volume is not the number times the volume of one, which is printed to two decimals."""
    wrong = (number * unit - tiv).abs() > 0.005 * number + 0.0051
    if not wrong.any():
        return []
    return [f"{int(wrong.sum())} rows with {tiv[wrong].sum():g} million TIV: volume is not number times volume of one; taken as printed"]


def _kept(file: _File, deals: pd.DataFrame, only: frozenset[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows in which one of the states takes part, and notes on the others."""
    if not only:
        return deals, []
    kept = deals[deals["supplier"].isin(only) | deals["recipient"].isin(only)]
    if kept.empty:
        raise DataError(f"{file.name}: no row in which {', '.join(sorted(only))} takes part; leave out --only or name others")
    present = set(deals["supplier"]) | set(deals["recipient"])
    others = deals.drop(kept.index)
    others = others[(others["supplier"] != "_T") | (others["recipient"] != "_T")]  # the world's total would count them twice
    notes = [f"{len(others)} rows with {_tiv(others['tiv'].sum())} million TIV of other states left out"] if len(others) else []
    known = countries.table()
    for code in sorted(only & known.keys()):
        former = sorted(present & set(known[code].successor_of) - only)
        notes += [f"{known[f].name} ({f}) is not {known[code].name} ({code}) and is left out; name it with --only to keep it" for f in former]
    return kept, notes


def _transfers(deals: pd.DataFrame) -> pd.DataFrame:
    """Volumes by supplier, recipient and year of deliveries, with what part of them is estimated.

    Parameters
    ----------
    deals : DataFrame
        supplier, recipient, year, tiv (million), estimated, allocated (booleans).
    """
    import numpy as np

    sums = deals.assign(tiv_estimated=deals["tiv"] * deals["estimated"]).groupby(["supplier", "recipient", "year"]).agg(
        tiv_million=("tiv", "sum"), tiv_estimated=("tiv_estimated", "sum"), allocated=("allocated", "max")).reset_index()
    return sums.assign(
        tiv_million=sums["tiv_million"].round(6), tiv_basis=np.where(sums["allocated"].astype("bool"), "allocated", "exact"),
        estimated_share=_part(sums["tiv_estimated"], sums["tiv_million"]),
    )[["supplier", "recipient", "year", "tiv_million", "tiv_basis", "estimated_share"]]


def _orders(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals and volumes by supplier, recipient and year of order; what was ordered is empty where a deal does not say it."""
    weighed = deals.assign(estimated=deals["tiv_ordered"] * deals["order_estimated"])
    groups = weighed.groupby(["supplier", "recipient", "order_year"])
    sums = groups.agg(deals=("deal", "size"), tiv_delivered_million=("tiv", "sum"),
                      first_delivery_year=("first", "min"), last_delivery_year=("last", "max"))
    told = groups["tiv_ordered"].count() == groups.size()
    sums["tiv_ordered_million"] = groups["tiv_ordered"].sum().where(told).round(6)
    sums["estimated_share"] = _part(groups["estimated"].sum(), sums["tiv_ordered_million"])
    return sums.assign(tiv_delivered_million=sums["tiv_delivered_million"].round(6)).reset_index()


def _units(file: _File, deals: pd.DataFrame, designations: pd.Series, weapons: tuple[str, ...]) -> tuple[pd.DataFrame, list[str]]:
    """Numbers of the weapons that were asked for, and notes on which designations were counted and which were not."""
    import pandas as pd

    printed = sorted(designations.unique())
    parts, notes = [], []
    for weapon in dict.fromkeys(weapons):
        spelt = {name: hit for name in printed if (hit := _named(name, weapon))}
        if not spelt:
            raise DataError(f"{file.name}: no designation is {weapon!r}{nearest(weapon, printed)}; correct --weapon")
        label = min(spelt.values())
        similar = [name for name in printed if weapon.casefold() in name.casefold() and name not in spelt]
        counted = deals[deals["designation"].isin(spelt.keys())]
        notes.append(f"{label}: {len(counted)} rows, designated {_some(list(spelt))}"
                     + (f"; not counted: {_some(similar)}" if similar else ""))
        parts.append(counted.assign(designation=label))
    chosen = pd.concat(parts).drop_duplicates(["deal", "year", "designation"] if "year" in deals else ["deal", "designation"])
    weighed = chosen.assign(estimated=chosen["units"] * chosen["units_estimated"])
    groups = weighed.groupby(["supplier", "recipient", "designation"])
    sums = groups.agg(deals=("deal", "nunique"), units_delivered=("units", "sum"), first_delivery_year=("first", "min"),
                      last_delivery_year=("last", "max"))
    sums["units_ordered"] = groups["ordered"].sum().where(groups["ordered"].count() == groups.size())
    sums["estimated_share"] = _part(groups["estimated"].sum(), sums["units_delivered"])
    return sums.reset_index(), notes


def _named(designation: str, weapon: str) -> str:
    """How a printed designation spells a weapon: as a whole, or as one of its names; empty if it is another weapon.

    >>> _named("Igla-S/SA-24", "igla-s"), _named("SA-24 (Igla-S)", "Igla-S"), _named("Igla-1", "Igla")
    ('Igla-S', 'Igla-S', '')
    """
    names = [designation, *re.split(r"[/()\[\]]", designation)]
    return next((" ".join(n.split()) for n in names if " ".join(n.split()).casefold() == " ".join(weapon.split()).casefold()), "")


def _part(estimated: pd.Series, whole: pd.Series) -> pd.Series:
    """A fraction between 0 and 1; missing where there is nothing to take a part of."""
    return (estimated / whole.where(whole > 0)).clip(0, 1).round(6)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def _tiv(value: float) -> str:
    return f"{round(value, 2):.12g}"


def _balance(transfers: pd.DataFrame, of: str) -> str:
    return f"{of} make {len(transfers)} rows of arms_transfers with {_tiv(transfers['tiv_million'].sum())} million TIV"


def _deals_release(file: _File, query: _Query, deals: pd.DataFrame, only: frozenset[str], tables: dict[str, pd.DataFrame],
                   notes: list[str], what: str) -> Release:
    suppliers, recipients = frozenset(deals["supplier"]), frozenset(deals["recipient"])
    pairs = sorted(set(zip(deals["supplier"], deals["recipient"])))
    covers, said = _covered(query, suppliers, recipients, pairs)
    found = deals["year" if "year" in deals else "last"].max()
    last = _last_year(file, query.last, int(found) if found == found else None)
    if covers == ("*",) and only:
        said = []
    return _release(file, f"{what} {query.first}–{last}", tables, _narrowed(covers, only), query.first, last, notes + said)


def _release(file: _File, what: str, tables: dict[str, pd.DataFrame], covers: tuple[str, ...], first: int, last: int,
             notes: list[str]) -> Release:
    return Release(
        tables=tables, title=f"SIPRI Arms Transfers Database, {what} (own calculation)", publisher=PUBLISHER, url=URL, licence=LICENCE,
        redistribution=REDISTRIBUTION, covers=covers, data_from=f"{first}-01-01", data_through=f"{last}-12-31",
        generated=file.generated.isoformat(), notes=tuple(notes))


# ---- TIV tables

@dataclass(frozen=True)
class _Layout:
    """Where things stand in a TIV table, and whom it is about."""

    name_at: int
    years: dict[int, int]  # place of the column → year
    sum_at: int
    partners: str          # what the rows are: supplier or recipient
    whom: str              # the state on the other side; empty for all of them


def _tiv_table(file: _File, only: frozenset[str], weapons: tuple[str, ...]) -> Release:
    import pandas as pd

    rows = _rows(file)
    layout, labels = (_old_layout if file.kind == "old" else _new_layout)(rows)
    body = labels[labels != ""].index
    if not labels.iloc[-1].casefold().startswith("total"):
        raise DataError(f"{file.name}:{rows.line(len(labels) - 1)}: expected a row of totals at the end, but the last row is "
                        f"{labels.iloc[-1][:40]!r}; the file is cut short: {_AFRESH}")
    numbers = pd.DataFrame({column: rows.number(column, empty=True) for column in [*layout.years, layout.sum_at]}).loc[body]
    total, parts = numbers.iloc[-1], numbers.iloc[:-1]
    names = labels.loc[body].iloc[:-1]
    if names.empty:
        raise DataError(f"{file.name}: expected rows above the total, but found none; {_AFRESH}")
    rows.refuse(labels.duplicated() & (labels != ""), layout.name_at, "every name once")
    _check_sums(rows, layout, parts, total)
    (partner,), sharing = _codes(file, names)
    other = "recipient" if layout.partners == "supplier" else "supplier"
    whom = _looked_up(file, [layout.whom])[layout.whom] if layout.whom else "_T"
    values = parts[list(layout.years)].rename(columns=layout.years)
    long = values.assign(partner=partner).melt("partner", var_name="year", value_name="tiv").dropna(subset=["tiv"])
    printed = total[list(layout.years)].rename(layout.years).dropna()
    basis = "exact" if layout.whom else "total only"
    frame = pd.concat([
        pd.DataFrame({layout.partners: long["partner"], "year": long["year"], "tiv": long["tiv"], "tiv_basis": basis}),
        pd.DataFrame({layout.partners: "_T", "year": printed.index, "tiv": printed.to_numpy(), "tiv_basis": "total only"}),
    ], ignore_index=True).assign(**{other: whom})
    kept, notes = _kept(file, frame, only)
    notes += _summed_up(sharing, kept)
    sums = kept.groupby(["supplier", "recipient", "year", "tiv_basis"], as_index=False)["tiv"].sum()
    transfers = sums.rename(columns={"tiv": "tiv_million"}).assign(estimated_share=float("nan"))
    first, asked = min(layout.years.values()), max(layout.years.values())
    last = _last_year(file, asked, int(printed.index.max()) if len(printed) else None)
    notes.append(f"{len(transfers)} rows of arms_transfers, volumes as printed in whole millions (0 is less than half)")
    if layout.whom:
        notes.append(f"the parts make {_tiv(long['tiv'].sum())}, the printed totals by year {_tiv(printed.sum())} million TIV because of "
                     "rounding: take shares of the printed total, which is kept as `_T`")
    if asked > last:
        notes.append(f"nothing is printed for {', '.join(str(y) for y in range(last + 1, asked + 1))}: not covered")
    if layout.whom:
        side = "imports" if other == "recipient" else "exports"
        covers, what = (f"{other}={whom}",), f"arms {side} of {countries.name(whom)}"
    else:  # other names than recipient= and supplier=, because no partners are told apart
        side = "imports" if other == "supplier" else "exports"
        covers, what = (f"{side}=*",), f"arms {side} by {layout.partners}, totals only"
    return _release(file, f"{what}, {first}–{last}", {"arms_transfers": transfers}, _narrowed(covers, only), first, last, notes)


def _years(rows: _Rows) -> dict[int, int]:
    """Columns headed by a year, which must follow one another."""
    years = {i: int(cell) for i, cell in enumerate(rows.file.header) if re.fullmatch(r"(?:19|20)[0-9]{2}", cell)}
    places, values = list(years), list(years.values())
    if values != list(range(values[0], values[0] + len(values))) or places != list(range(places[0], places[0] + len(places))):
        gap = next((b for a, b in zip(values, values[1:]) if b != a + 1), values[-1])
        raise DataError(f"{rows.file.name}:{rows.file.at + 1}: expected years that follow one another, but the header jumps to {gap}; "
                        f"the file is short of a column: {_AFRESH}")
    return years


def _old_layout(rows: _Rows) -> tuple[_Layout, pd.Series]:
    """A table of the old site: whom it is about is said in the title, and names stand in the column before the years."""
    title = re.fullmatch(r"TIV of arms (?:exports|imports) (to|from|of) (.+?), *([0-9]{4})-([0-9]{4})", rows.file.title)
    if not title:
        raise DataError(f"{rows.file.name}:1: expected 'TIV of arms exports to …, 1950-2015' or 'from …', but found {rows.file.title[:60]!r}; "
                        "import a table of one state or of all")
    years = _years(rows)
    _check_span(rows, years, f"{title[3]}-{title[4]}", "the title")
    names = _name_column(rows, min(years))
    everyone = title[2].casefold() in ("all", "all countries", "world", "the world")
    gave = title[1] == "from" or (title[1] == "of" and "exports" in title[0])
    # "exports to X" lists X's suppliers; "exports from all" lists those who export
    partners = "supplier" if gave == everyone else "recipient"
    return _Layout(names, years, len(rows.file.header) - 1, partners, "" if everyone else title[2]), rows.cells[names].str.strip()


def _new_layout(rows: _Rows) -> tuple[_Layout, pd.Series]:
    """A table of the new site: whom it is about is said in the row of totals."""
    header, name = rows.file.header, rows.file.name
    years = _years(rows)
    names = _name_column(rows, min(years))
    span = re.fullmatch(r"([0-9]{4})-([0-9]{4})", header[max(years) + 1])
    if not span:
        raise DataError(f"{name}:{rows.file.at + 1}: expected a column of sums such as '1950-2024' after the years, but found "
                        f"{header[max(years) + 1]!r}; {_AFRESH}")
    _check_span(rows, years, span[0], "the column of sums")
    partners = {"recipient": "recipient", "imports by": "recipient", "supplier": "supplier", "exports by": "supplier"}.get(
        header[names].casefold())
    if not partners:
        raise DataError(f"{name}:{rows.file.at + 1}: expected 'Recipient', 'Supplier' or 'Exports by' above the names, but found "
                        f"{header[names]!r}; import a table by supplier or by recipient")
    labels = rows.cells[names].str.strip()
    last = labels.iloc[-1]
    world = re.fullmatch(r"total world (import|export)s?", last, re.IGNORECASE)
    one = re.fullmatch(r"total (?:imports?|exports?) (to|from|of|by) (.+)", last, re.IGNORECASE)
    if last.casefold().startswith("total") and not world and not one:
        raise DataError(f"{name}:{rows.line(len(labels) - 1)}: expected 'Total world import' or 'Total exports to …' in the last row, but "
                        f"found {last[:40]!r}; import a table by supplier or by recipient")
    if one and one[1].lower() in ("to", "from") and (one[1].lower() == "to") != (partners == "supplier"):
        raise DataError(f"{name}:{rows.line(len(labels) - 1)}: expected the total of what the rows are ({header[names]!r}), but found "
                        f"{last[:40]!r}; {_AFRESH}")
    return _Layout(names, years, max(years) + 1, partners, one[2] if one else ""), labels


def _name_column(rows: _Rows, before: int) -> int:
    """The column of names: the one before the years that is not empty."""
    filled = [i for i in range(before) if (rows.cells[i].str.strip() != "").any()]
    if len(filled) != 1:
        raise DataError(f"{rows.file.name}:{rows.file.at + 1}: expected one column of names before the years, but found {len(filled)}; "
                        f"{_AFRESH}")
    return filled[0]


def _check_span(rows: _Rows, years: dict[int, int], said: str, where: str) -> None:
    found = f"{min(years.values())}-{max(years.values())}"
    if found != said:
        raise DataError(f"{rows.file.name}:{rows.file.at + 1}: expected the years {said} as {where} says, but the columns are "
                        f"{found}; the file is short of a column: {_AFRESH}")


def _check_sums(rows: _Rows, layout: _Layout, parts: pd.DataFrame, total: pd.Series) -> None:
    """Hold the printed totals against the sums. Every printed number is off by less than half, and so is the total."""
    sums, count = parts.sum(), parts.count()
    wrong = (sums - total.fillna(0)).abs() > 0.5 * (count + 1)
    wrong |= (total.isna() & (sums > 0))
    if wrong.any():
        column = wrong.idxmax()
        raise DataError(f"{rows.file.name}: expected rows that make the total {total[column]:g} of {rows.file.header[column]}, but they make "
                        f"{sums[column]:g}; rows are missing or were changed: {_AFRESH}")
    years = list(layout.years)
    across, said = parts[years].sum(axis=1), parts[layout.sum_at]
    wrong = (across - said.fillna(0)).abs() > 0.5 * (parts[years].count(axis=1) + 1)
    if wrong.any():
        row = wrong.idxmax()
        raise DataError(f"{rows.file.name}:{rows.line(int(row))}: expected years that make the total {said[row]:g}, but they make "
                        f"{across[row]:g}; cells are missing or were changed: {_AFRESH}")

"""Hand-edited CSV files, read strictly: every row complete, every fault with its line."""

from __future__ import annotations

import csv
import errno
import io
from dataclasses import dataclass
from pathlib import Path

from nbfleet import reads, whole
from rvdata import paths
from rvdata.errors import Fault, nearest
from rvdata.text import unseen


@dataclass(frozen=True)
class Row:
    """One record: where it starts ("file:line") and its cells by column."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Give one cell as it stands in the file."""
        return self.cells[column]

    def listed(self, column: str) -> tuple[str, ...]:
        """A ;-joined cell, taken apart."""
        return tuple(part.strip() for part in self.cells[column].split(";") if part.strip())

    def fault(self, column: str, remedy: str, value: str | None = None) -> Fault:
        """What is wrong with one cell, or with the value named instead, and how to mend it."""
        return Fault(self.place, column, self.cells[column] if value is None else value, remedy)


def shown(path: Path) -> str:
    """A path as messages name it: below the home folder where it lies there."""
    path = Path(path).absolute()
    try:
        return path.relative_to(paths.home().absolute()).as_posix()
    except ValueError:
        return str(path)


def read(path: Path, columns: tuple[str, ...]) -> tuple[list[Row], list[Fault]]:
    """Rows of a CSV file with exactly these columns, in any order, and everything wrong with its form.

    Parameters
    ----------
    path : Path
        UTF-8 file with a header line.
    columns : tuple of str
        Columns that must be there, and no other.

    Returns
    -------
    list of Row, list of Fault
        Cells are stripped of blanks at their ends. No row is returned from a file that cannot be taken apart.
    """
    path = Path(path)
    name = shown(path)
    reads.note(path)
    try:
        text = content_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [
            Fault(name, "file", f"byte {error.start}", "is not UTF-8; save the file as UTF-8")
        ]
    except OSError as error:
        remedy = (
            "is missing; restore it from version control, or for a new article copy the header line of another one's"
            if isinstance(error, FileNotFoundError)
            else f"cannot be read ({error.strerror}); put a CSV file in its place that you may read"
        )
        return [], [Fault(shown(path.parent), "file", path.name, remedy)]
    if "\0" in text:
        return [], [Fault(name, "file", "NUL", "is no text; save the file as UTF-8")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, faults, line = [], [], 1
    try:
        header = [h.strip() for h in next(reader, [])]
        missing, odd = sorted(set(columns) - set(header)), [h for h in header if h not in columns]
        if missing or odd or len(header) != len(set(header)):
            twice = sorted({h for h in header if header.count(h) > 1} - set(odd))
            said = [(c, "is missing") for c in missing]
            said += [(h, f"is no column of this file{nearest(h, columns)}") for h in odd]
            said += [(h, "stands twice") for h in twice]
            return [], [Fault(f"{name}:1", "header", h, remedy) for h, remedy in said]
        line = reader.line_num + 1
        for record in reader:
            place = f"{name}:{line}"
            if len(record) == len(header):
                cells = {c: v.strip() for c, v in zip(header, record, strict=True)}
                if any(cells.values()):
                    rows.append(Row(place, cells))
                odd_cells = ((c, v, unseen(v)) for c, v in cells.items())
                faults += [Fault(place, c, v, remedy) for c, v, remedy in odd_cells if remedy]
            elif any(cell.strip() for cell in record):
                remedy = (
                    f"has {len(record)} cells instead of {len(header)}; quote cells with commas"
                )
                faults.append(Fault(place, "row", ",".join(record)[:60], remedy))
            line = reader.line_num + 1
    except csv.Error as error:
        return [], [Fault(f"{name}:{line}", "row", "", f"is malformed ({error}); check its quotes")]
    return rows, faults


def content_of(path: Path) -> bytes:
    """The bytes of a file; what is none, such as a pipe that nobody may ever write to, is an error like any other."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # of a folder the system says so
        raise OSError(errno.EINVAL, "it is no file")
    return path.read_bytes()


def duplicates(rows: list[Row], column: str) -> list[Fault]:
    """Rows whose identifier an earlier row has already taken."""
    first: dict[str, Row] = {}
    remedy = "is taken by {}; give the row an identifier of its own"
    return [
        row.fault(column, remedy.format(owner.place))
        for row in rows
        if (owner := first.setdefault(row[column], row)) is not row
    ]


def write(path: Path, columns: tuple[str, ...], records: list[dict[str, str]]) -> None:
    """A CSV file as `read` takes it, put in place in one step."""
    whole.write(path, content(columns, records))


def content(columns: tuple[str, ...], records: list[dict[str, str]]) -> bytes:
    """The bytes of a CSV file as `read` takes it."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue().encode("utf-8")

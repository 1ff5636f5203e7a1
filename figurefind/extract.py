"""Proposes the figures of a new article: what is printed, where, and what it commits to. A person decides.

`propose` reads a text, `read` a file. The grammar finds expressions, the page tells the article from what stands around
it, the context says what is counted, by whom, where and when.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from figurefind import context, furniture, grammar, judge, language, output, words
from figurefind.errors import FindError
from figurefind.files import HTML, STDIN, read, shown
from figurefind.quantities import bounded
from figurefind.view import view

FORMATS = ("table", "csv", "jsonl", "parquet")
KINDS = ("money", "percent", "count", "date", "year", "period", "ordinal", "measure")


class Proposal(NamedTuple):
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
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    qualifier: str = "exact"
    noun: str = ""
    attribution: str = ""
    countries: tuple[str, ...] = ()
    date: str = ""
    confidence: float = 1.0


#: Keys of a record, in their order.
COLUMNS = Proposal._fields
_ROWS = 50_000  # of a row group
_OBJECTS = 200_000  # figures are no garbage: to look for cycles among half a million takes a quarter of the time
#: A longer text is read in pieces of at most this many characters, cut between paragraphs; a number that stands
#: across a cut inside a paragraph of that length would be missed.
PIECE_CHARS = 1_000_000


def propose(
    text: str, file: str = "", countries: Mapping[str, str] = MappingProxyType({}), jobs: int = 1
) -> list[Proposal]:
    """Every figure of an article, in its order, none overlapping another.

    Parameters
    ----------
    text : str
        The article.
    file : str
        Where it came from; goes into each proposal.
    countries : mapping of str to str
        Names of countries as texts print them, with the code of each. Without it only what peoples are called is known.
    jobs : int
        Processes; more than one serves a text of several million characters only.

    Raises
    ------
    FindError
        If the text is not English.

    Examples
    --------
    >>> [figure] = propose("Nearly $30 billion was lent, the ministry said.")
    >>> figure.stated, figure.value, figure.low, figure.high, figure.unit, figure.attribution
    ('Nearly $30 billion', 30000000000.0, None, 30000000000.0, 'USD', 'the ministry')
    """
    if other := language.other_than_english(text):
        raise FindError(
            f"{file or 'the text'}: is not English, it reads like {other}; nothing is proposed, give an English text"
        )
    names = context.names(countries)
    cuts = [0]
    while cuts[-1] < len(text):
        cuts.append(_cut(text, cuts[-1]))
    pieces = [(text[start:end], file, start, names) for start, end in pairwise(cuts)]
    if jobs == 1 or len(pieces) < 3:
        return [proposal for piece in pieces for proposal in _propose(*piece)]
    with _pool(jobs) as pool:
        return [
            proposal
            for found in pool.map(_propose, *zip(*pieces, strict=True))
            for proposal in found
        ]


def _pool(jobs: int) -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, spawn, gc.set_threshold, (_OBJECTS,))


def _cut(text: str, start: int) -> int:
    """Where the piece from `start` ends: behind a paragraph if it can, then a line, a sentence, a word."""
    end = start + PIECE_CHARS
    if end >= len(text):
        return len(text)
    for border in ("\n\n", "\n", ". ", " "):
        if (at := text.rfind(border, start + PIECE_CHARS // 2, end)) >= 0:
            return at + len(border)
    return end


def _propose(text: str, file: str, shift: int, names: Mapping[str, str]) -> list[Proposal]:
    seen = view(text)
    figures = grammar.find(seen.cased, seen.plain)
    page = furniture.Page(seen.cased, seen.plain) if figures else None
    around, found = None, []
    for figure in figures:
        figure.noun = (
            context.noun(seen.plain, figure.end) if figure.kind in ("count", "year") else ()
        )
        whole_only = figure.places == 3 and figure.bare and figure.number >= 1000
        if whole_only and words.COUNTABLE.intersection(figure.noun):  # "2.500 soldiers"
            figure.places, figure.respell = 0, True
        confidence = judge.confidence(figure, seen.cased, seen.plain, page, names)
        if confidence < judge.LEAST:
            continue
        if around is None or not around.start <= figure.start < around.end:
            around = context.sentence(seen.cased, figure.start, names)
        value, low, high = _bounds(figure)
        unit = context.noun_unit(figure.noun, names) if figure.kind == "count" else figure.unit
        if around.trades and figure.noun[-1:] == ("fighters",):  # else they are persons
            unit = words.HEAD_UNITS["fighters"]
        proposal = Proposal(
            file,
            seen.at(figure.start) + shift,
            seen.after(figure.end) + shift,
            _stated(figure, seen.cased),
            figure.kind,
            value,
            low,
            high,
            unit,
            figure.qualifier,
            " ".join(figure.noun),
            around.attribution,
            around.nearest_countries(figure.start),
            figure.iso if figure.kind == "date" else around.nearest_date(figure.start, figure.end),
            round(confidence, 2),
        )
        found.append(proposal)
    return found


def _bounds(figure: grammar.Figure) -> tuple[float | None, float | None, float | None]:
    if figure.fixed or figure.kind == "date":
        return None, figure.low, figure.high
    return bounded(figure.value, figure.qualifier)


def _stated(figure: grammar.Figure, cased: str) -> str:
    """The printed expression in one line, with a scale or unit that it shares with a later number."""
    if not figure.respell or figure.fixed:
        return " ".join(cased[figure.start : figure.end].split()) + figure.lent
    if figure.is_share:  # "1/3"
        return f"{figure.number // 100} in {figure.whole}"
    number = f"{figure.number / 10**figure.places:,.{figure.places}f}"
    hedge, tail = cased[figure.start : figure.left], cased[figure.digits : figure.end]
    return " ".join(f"{hedge}{'-' * figure.minus}{figure.sign}{number}{tail}".split()) + figure.lent


def records(path: str | Path, countries: Mapping[str, str], jobs: int = 1) -> list[dict]:
    """The proposals of one file as plain records; what a worker of a batch does."""
    text, _ = read(path)
    name = "" if str(path) == STDIN else shown(path)
    return [proposal._asdict() for proposal in propose(text, name, countries, jobs)]


#: Below this size in all, starting processes costs more than it saves.
_ALONE_BYTES = 2_000_000


def batch(
    paths: list[Path], countries: Mapping[str, str], jobs: int | None = None
) -> Iterator[tuple[Path, list[dict] | FindError]]:
    """The records of many files in their order, or why a file could not be read; on all cores, a few files ahead.

    Parameters
    ----------
    paths : list of Path
        Files, as `files.expand` gives them.
    countries : mapping of str to str
        As `propose` takes them.
    jobs : int, optional
        Processes; by default one for each core, or none where the files are small.
    """
    gc.set_threshold(_OBJECTS)
    jobs = jobs or (os.cpu_count() or 1 if sum(map(_size, paths)) > _ALONE_BYTES else 1)
    if jobs == 1 or len(paths) == 1:
        yield from ((path, _attempt(path, countries, jobs)) for path in paths)
        return
    waiting: deque = deque()
    with _pool(jobs) as pool:
        try:
            ahead = iter(paths)
            for path in ahead:
                waiting.append((path, pool.submit(_attempt, path, countries)))
                if len(waiting) >= 4 * jobs:
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _size(path: Path) -> int:
    """Bytes, those of HTML counted several times for the parsing."""
    try:
        return path.stat().st_size * (50 if path.suffix.lower() in HTML else 1)
    except (OSError, ValueError):
        return 0


def _attempt(path: Path, countries: Mapping[str, str], jobs: int = 1) -> list[dict] | FindError:
    try:
        return records(path, countries, jobs)
    except FindError as error:
        return error


def _next(waiting: deque) -> tuple[Path, list[dict] | FindError]:
    path, future = waiting.popleft()
    try:
        return path, future.result()
    except BrokenProcessPool:
        raise FindError(
            f"{shown(path)}: the process that read it, or a file near it, was ended from outside, perhaps "
            "for want of memory; run it alone"
        ) from None


@contextlib.contextmanager
def sink(form: str, out: Path | None, width: int) -> Iterator[Callable[[Path, list[dict]], None]]:
    """A function that writes the records of one file after the other, to standard output or into a file.

    Parameters
    ----------
    form : str
        One of `FORMATS`.
    out : Path or None
        None for standard output, which takes no Parquet.
    width : int
        Columns of the terminal, for a table.
    """
    if out is None:
        yield _writer(form, sys.stdout.write, width)
        sys.stdout.flush()
        return
    if form == "parquet":
        with _parquet(out) as write:
            yield write
    else:
        with out.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield _writer(form, file.write, width)


def _writer(
    form: str, write: Callable[[str], object], width: int
) -> Callable[[Path, list[dict]], None]:
    if form == "csv":
        write(output.csv_lines([dict(zip(COLUMNS, COLUMNS, strict=True))]))
        return lambda path, found: write(output.csv_lines(found))
    if form == "jsonl":
        return lambda path, found: write(output.json_lines(found))

    def write_table(path: Path, found: list[dict]) -> None:
        table = output.table(found, width) if found else ""
        write(f"{shown(path)}: {len(found)} figures\n{table}")

    return write_table


@contextlib.contextmanager
def _parquet(out: Path) -> Iterator[Callable[[Path, list[dict]], None]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = dict.fromkeys(("value", "low", "high", "confidence"), pa.float64())
    types = {"start": pa.int64(), "end": pa.int64(), **numbers}
    schema = pa.schema([(column, types.get(column, pa.string())) for column in COLUMNS])
    waiting: list[dict] = []

    with pq.ParquetWriter(out, schema) as writer:

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
            waiting.clear()

        def write(path: Path, found: list[dict]) -> None:
            for at in range(0, len(found), _ROWS):
                waiting.extend(
                    record | {"countries": ";".join(record["countries"])}
                    for record in found[at : at + _ROWS]
                )
                if len(waiting) >= _ROWS:
                    flush()

        yield write
        flush()

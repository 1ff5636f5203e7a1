"""Register an article: its row in the registry and the figures that a machine proposes, both or neither."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shlex
import shutil
import unicodedata
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from figurefind import extract, locators
from nbfleet import whole
from rvdata import articles, countries, locks, origins, paths, rawcsv, schemas
from rvdata.errors import DataError, refuse
from rvdata.intake import entry, files, guess, likeness
from rvdata.rawcsv import Row
from rvdata.sources import compiled
from rvdata.text import inert, visible

_TITLE_WORDS = 8
_DATED = schemas.words("released released_end released_precision published_basis published_note")
_PUBLISHED = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


@dataclass(frozen=True)
class Added:
    """What `add` has put into the ledger."""

    source_id: str
    text: Path
    origin: dict[str, str]
    rows: list[dict[str, str]]
    kinds: Counter  # of all expressions found, those without a row too


def add(
    path: Path,
    *,
    title: str,
    publisher: str,
    published: str = "",
    source_id: str = "",
    authors: str = "",
    about: str = "",
    url: str = "",
    licence: str = "",
    today: dt.date | None = None,
) -> Added:
    """Register an article and put what a machine finds in it into the ledger, with status `proposed`; or leave nothing.

    Without `published` the day lies between the latest year that the text names and `today`.
    """
    path, today = Path(path), today or dt.date.today()
    names = ("title", "publisher", "authors", "about", "url", "licence")
    given = (title, publisher, authors, about, url, licence)
    said = {name: inert(value) for name, value in zip(names, given, strict=True)}
    for name in ("title", "publisher"):
        if not said[name]:
            how = "give it as it is printed, in brackets where none is"
            raise DataError(f"--{name}: is empty; {how}")
    if source_id and not re.fullmatch(schemas.ARTICLE_ID, source_id):
        how = "write letters, a hyphen and the year, as in rusi-2022"
        raise DataError(f"--source-id: {source_id!r} is no identifier; {how}")
    if said["url"] and not re.match("https?://[^/]", said["url"]):
        how = "begin it with https:// or http://"
        raise DataError(f"--url: {said['url']!r} is no address of the web; {how}")
    if str(path) == "-":
        lost = "leaves no copy of the text to review the figures by"
        raise DataError(f"standard input: {lost}; save it and name the file")
    text, from_html = extract.read(path)
    if from_html:
        saved = Path(f"{path}.txt")
        text = saved.read_bytes().decode("utf-8")
    if not text.strip():
        raise DataError(f"{path}: holds no text; give the article's text or its HTML page")
    found = extract.propose(text, file=visible(path), countries=countries.printed())
    kept = [p for p in found if p.kind in guess.KINDS]
    if len(kept) > files.MOST_FIGURES:
        raise DataError(
            f"{path}: {len(kept)} figures are found, and the ledger takes {files.MOST_FIGURES} of one article; "
            "add its parts as files of their own"
        )
    dates = _published(published, found, source_id, text, today)
    if from_html:
        page = (
            f"Text taken out of HTML with SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()} by trafilatura "
            f"{version('trafilatura')}."
        )
        dates["published_note"] = f"{dates['published_note']} {page}".strip()
    origin = {
        **dict.fromkeys(origins.COLUMNS, ""),
        "kind": "article",
        **said,
        "title": _cut(said["title"]),
        **dates,
        "licence": said["licence"] or "all rights reserved by the publisher",
        "redistribution": "none of the text; facts and values only",
        "sha256": locators.digest(text),
        "chars": str(len(text)),
    }
    with locks.writing():
        compiled.finish()
        registry, faults = origins.read()
        refuse(faults)
        for row in registry:
            if row["sha256"] == origin["sha256"]:
                raise DataError(
                    f"{path}: this text is registered as {row['origin_id']}; go on with "
                    f"`rvdata review {row['origin_id']}`"
                )
        origin["origin_id"] = _identifier(
            source_id, said["publisher"], dates["released"][:4], registry
        )
        days = (origin["released"], origin["released_end"])
        rows = guess.rows(text, found, origin["origin_id"], days)
        _write(registry, origin, rows)
    kinds = Counter(p.kind for p in found)
    return Added(origin["origin_id"], saved if from_html else path, origin, rows, kinds)


# ---- who and when


def _cut(title: str) -> str:
    words = title.split()
    if title.startswith("["):  # the project's own words, where no title is printed
        return title
    return title if len(words) <= _TITLE_WORDS else " ".join(words[:_TITLE_WORDS]) + " …"


def _published(
    given: str, found: list, source_id: str, text: str, today: dt.date
) -> dict[str, str]:
    """First and last possible day of publication, how exactly and from what it is known."""
    if given:
        days = entry.stretch(given) if _PUBLISHED.fullmatch(given) else None
        if days is None:
            how = "write YYYY-MM-DD, YYYY-MM or YYYY"
            raise DataError(f"--published: {given!r} is no day, month or year; {how}")
        if days.first > today + dt.timedelta(days=1):  # somewhere it is tomorrow already
            raise DataError(f"--published: {given} is after today, {today}; correct it")
        told = (days.first.isoformat(), days.last.isoformat(), days.precision, "printed", "")
        return dict(zip(_DATED, told, strict=True))
    dated = [text[p.start : p.end] for p in found if p.kind in ("date", "year", "period")]
    years = map(int, _YEAR.findall(" ".join(dated)))
    latest = max((y for y in years if y <= today.year), default=0)
    reason = f"{latest} is the latest year in the text"
    if source_id and int(source_id.split("-")[1][:4]) <= today.year:
        latest, reason = int(source_id.split("-")[1][:4]), "its identifier names the year"
    if latest < 1000:
        how = "say --published YYYY or more exactly"
        raise DataError(f"the text names no year that its publication could be dated by; {how}")
    note = f"No date of publication was given: {reason}, and the text was registered on {today}."
    told = (f"{latest}-01-01", today.isoformat(), "period", "inferred", note)
    return dict(zip(_DATED, told, strict=True))


def _identifier(given: str, publisher: str, year: str, registry: list[Row]) -> str:
    taken = {row["origin_id"] for row in registry}
    taken |= {path.name for path in (paths.raw() / "articles").glob("*")}
    if given in taken:
        where = "data/raw/origins.csv or a folder of data/raw/articles"
        raise DataError(f"--source-id: {given} is taken, by {where}; choose another one")
    stem = _slug(publisher) + "-" + year
    free = [stem + letter for letter in ("", *"bcdefghijklmnopqrstuvwxyz")]
    free = [given] if given else [name for name in free if name not in taken]
    if not free:
        raise DataError(f"{stem} to {stem}z are all taken; choose one with --source-id")
    return free[0]


def _slug(publisher: str) -> str:
    """The first word of a publisher's name, or as many as make four letters: rusi, axios, newyork."""
    name = unicodedata.normalize("NFKD", re.split(r"[(,/:|–—]", publisher)[0])
    words = re.findall(
        r"[A-Za-z][A-Za-z0-9]*", "".join(c for c in name if not unicodedata.combining(c))
    )
    while len(words) > 1 and words[0].lower() in ("the", "a", "an"):
        words.pop(0)
    slug = ""
    for word in words:
        slug += word.lower()
        if len(slug) >= 4 or (word.isupper() and len(word) > 1):
            break
    return slug[:30] or "article"


# ---- both or neither


def _write(known: list[Row], origin: dict[str, str], rows: list[dict[str, str]]) -> None:
    """Put the folder of the article and its row of the registry in place, or neither.

    Both are made whole beside the others; then the folder is renamed and the registry replaced. What fails or is
    interrupted takes the folder back; what a process killed in the instant between leaves, `compiled.finish` completes.
    """
    raw = paths.raw()
    registry, folder = raw / "origins.csv", raw / "articles" / origin["origin_id"]
    try:
        after = rawcsv.content(origins.COLUMNS, [*(row.cells for row in known), origin])
        folder.parent.mkdir(exist_ok=True)
        try:
            with whole.file(registry, after), whole.folder(folder, room=raw) as stage:
                for table, columns in articles.FILES.items():
                    content = rawcsv.content(columns, rows if table == "figures" else [])
                    (stage / f"{table}.csv").write_bytes(content)
        except BaseException:
            if registry.read_bytes() != after:
                shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise DataError(
            f"{rawcsv.shown(folder)}: cannot be written ({error.strerror or error}); nothing was added. "
            "Free space or change the permissions of data/raw"
        ) from error


# ---- what is left


def summary(added: Added) -> list[str]:
    """What was added and what is left to decide, in lines."""
    origin, rows, source = added.origin, added.rows, added.source_id
    folder = rawcsv.shown(paths.raw() / "articles" / source)
    days = " to ".join(dict.fromkeys((origin["released"], origin["released_end"])))
    lines = [
        f"{source}: registered in data/raw/origins.csv: {origin['publisher']}: {origin['title']}, "
        f"{days} ({origin['published_basis']})"
    ]
    if origin["published_basis"] == "inferred":
        lines.append(f"  {origin['published_note']} Correct it there if you know better.")
    lines.append(
        f"  text: {added.text}, {int(origin['chars']):,} characters, SHA-256 {origin['sha256'][:16]}…"
    )
    counted = {kind: f"{n} {kind}" for kind, n in added.kinds.most_common()}
    kinds = ", ".join(said for kind, said in counted.items() if kind in guess.KINDS)
    lines.append(
        f"{len(rows)} figures proposed in {folder}/figures.csv" + f": {kinds}" * bool(rows)
    )
    if left := ", ".join(said for kind, said in counted.items() if kind not in guess.KINDS):
        lines.append(f"  not proposed, as they date or number something: {left}")
    if rows:
        lines.append("left to decide, row by row (guessed / empty):")
        for column in schemas.words("family measure unit subject counterpart attributed_to as_of"):
            cells = [entry.shown(column, row) for row in rows]
            empty = sum(not cell or (column == "family" and cell == "other") for cell in cells)
            lines.append(f"  {column:<14} {len(rows) - empty:>3} / {empty}")
    alike = likeness.alike(source, rows)
    if likely := [(row, one) for row in rows for one in alike[row["figure_id"]]]:
        lines.append("likely in the ledger already:")
        lines += [f"  {row['figure_id']} {row['stated']!r}: {one}" for row, one in likely[:20]]
        if len(likely) > 20:
            more = len(likely) - 20
            lines.append(f"  … and {more} more; `rvdata review` shows each beside its figure")
    lines.append(
        f"next: rvdata review {source} --text {shlex.quote(str(added.text))}"
        if rows
        else "next: add rows by hand, by docs/protocol.md"
    )
    return lines

"""To look things up: what tables there are, what mentions some words, and what stands behind one identifier, on a card."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html import unescape

import pandas as pd

from rvdata import countries, paths, schemas, store, words
from rvdata.errors import DataError, nearest
from rvdata.evidence import Listing
from rvdata.text import Shown, md

#: Table, the column that identifies its rows, and those that `find` searches.
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("figures", "figure_id", ("stated", "hedge", "measure", "attributed_to", "note")),
    ("events", "event_id", ("summary", "attributed_to", "note")),
    ("happenings", "happening_id", ()),  # its events are found
    ("arguments", "argument_id", ("gloss", "code", "held_by", "note")),
    ("origins", "origin_id", ("title", "publisher", "authors", "about")),
)
_FAMILIES = ("arms_import_shares", "refugee_counts", "investment_totals")
#: Shown of a release or an article that much rests on.
_MOST_IDS = 12

Facts = list[tuple[str, str | None]]


def tables() -> Listing:
    """The processed tables: one row per table, with its rows, columns, grain and licence.

    Examples
    --------
    >>> "figures" in set(tables().table)
    True
    """
    rows = [
        (name, store.read(name).num_rows, len(spec.columns), spec.grain, spec.licence)
        for name, spec in schemas.TABLES.items()
    ]
    return Listing(rows, columns=["table", "rows", "columns", "grain", "licence"])


def find(said: str) -> Listing:
    """Everything that mentions some words: figures, events, arguments, articles and releases.

    Parameters
    ----------
    said : str
        Such as "30 billion"; case and kind of blank do not matter, and names of countries find their codes.

    Returns
    -------
    Listing
        Columns id (for `trace`), kind, said (what is printed of a figure, in our words else), about, by (to whom it is attributed) and
        source.

    Examples
    --------
    >>> find("30 billion")[["id", "by"]].values.tolist()
    [['geointel-2019-f02', 'US estimate']]
    """
    wanted, rows = _folded(said), []
    if not wanted:
        raise DataError('say what to find, such as find("30 billion")')
    for table, key, columns in KINDS:
        if not columns:
            continue
        frame = store.load(table, "all")
        places = [c for c in ("subject", "counterpart", "actors", "actor", "place") if c in frame]
        texts = frame[[key, *columns]].fillna("").astype("str").agg(" | ".join, axis=1)
        named = frame[places].fillna("").astype("str").agg(";".join, axis=1).map(_names)
        # a number must not be found within a longer one
        pattern = r"(?<![\d.,])" * wanted[0].isdigit() + re.escape(wanted)
        hit = (texts + " | " + named).map(_folded).str.contains(pattern, regex=True)
        for row in frame[hit].astype("object").where(frame[hit].notna(), "").to_dict("records"):
            said = row.get("stated") or row[columns[0]] or row.get("measure", "")
            by = row.get("attributed_to") or row.get("held_by") or row.get("publisher", "")
            about = row.get("measure") or row.get("about") or row.get("category") or row.get("kind")
            kind = row["kind"] if table == "origins" else table.removesuffix("s")
            rows.append((row[key], kind, said, about, by, row.get("source_id", row[key])))
    return Listing(rows, columns=["id", "kind", "said", "about", "by", "source"])


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _names(codes: str) -> str:
    known = countries.table()
    return " ".join(known[c].name for c in codes.split(";") if c in known)


def questions() -> pd.DataFrame:
    """What the published notebooks ask and answer.

    Returns
    -------
    DataFrame
        One row a notebook that has an answer: notebook, question (its title), answer (the first sentence of its published
        output, as Markdown without notes).

    Examples
    --------
    >>> questions().notebook.tolist()[:2]
    ['arms_imports', 'diplomacy']
    """
    rows = []
    for path in sorted(paths.notebooks().glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        said = [data["text/markdown"] for own, data, _ in outputs(cells) if own]
        if said:
            title = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
            rows.append((path.stem, title, md(answer(said[0])[1])))
    return pd.DataFrame(rows, columns=["notebook", "question", "answer"])


def outputs(cells: list[dict]) -> Iterator[tuple[bool, dict[str, str], dict]]:
    """Each output of a notebook's cells: whether it is a sentence of the answer, its data and their metadata by kind."""
    for cell in cells:
        for output in cell.get("outputs", []):
            data = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
            own = "answer" in cell["metadata"].get("tags", []) and "text/markdown" in data
            yield own, data, output.get("metadata", {})


def answer(markdown: str) -> tuple[str, str]:
    r"""An answer as plain text without its notes, and its first sentence, which is the one in bold if there is one.

    Examples
    --------
    >>> answer('**About \\$30 billion is stated.** A blog says so<sup><a href="#n-1">1</a></sup>.')
    ('About $30 billion is stated. A blog says so.', 'About $30 billion is stated.')
    >>> answer("Two moves are told. None is known to the day.")[1]
    'Two moves are told.'
    """
    bare = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", markdown.strip().split("\n\n")[0])
    bare = re.sub(r"\\([^\w\s])", r"\1", unescape(bare))
    bold = re.match(r"\*\*(.+?)\*\*", bare)
    plain = " ".join(bare.replace("**", "").split())
    first = re.match(r".+?[.?!](?= [A-Z\d]|$)", plain)
    one = " ".join(bold[1].split()) if bold else first[0] if first else plain
    return plain, one if one[-1:] in ".?!" else f"{one}."


def trace(identifier: str) -> Shown:
    """Everything behind a figure, an event, a happening, an argument, an article or a data release.

    Parameters
    ----------
    identifier : str
        As notes and tables give it; `find` searches for one.

    Returns
    -------
    Shown
        A card: what is printed or meant, who says it, where, how sure, the verdict against each release and what rests
        on it. As a string it is plain text, one fact a line; a notebook shows it as a table.

    Raises
    ------
    DataError
        If nothing has that identifier.

    Examples
    --------
    >>> print(trace("ven-election-2024").splitlines()[4])
    when         2024-07-28 (day, witnesses)
    """
    known: list[str] = []
    makers = (_figure, _event, _happening, _argument, _origin)
    for maker, (table, key, _) in zip(makers, KINDS, strict=True):
        rows = {row[key]: row for row in store.read(table).to_pylist()}
        if identifier in rows:
            facts = maker(rows[identifier])
            return Shown.of([(label, value) for label, value in facts if value])
        known += rows
    raise DataError(
        f"no figure, event, happening, argument, article or release is called {identifier!r}"
        f"{nearest(identifier, known)}; tables {', '.join(table for table, *_ in KINDS)} list them"
    )


def _figure(row: dict) -> Facts:
    figure_id = row["figure_id"]

    def number(column: str) -> str:
        return words.number(row[column]) if row[column] is not None else "not stated"

    printed = f"“{row['stated']}”" if row["stated"] else "nothing: the figure is derived"
    printed += f", hedged apart: {row['hedge']}" if row["hedge"] else ""
    bounds = f"low {number('low')}, high {number('high')}, step {number('stated_step')}"
    derived = row["derived_from"]
    place = _place(row)
    if derived:
        place = f"no place of its own: {row['derivation']} (from {derived.replace(';', ', ')})"
    figures = store.read("figures").to_pylist()
    on_it = [f["figure_id"] for f in figures if figure_id in (f["derived_from"] or "").split(";")]
    held = [t for t in _FAMILIES if figure_id in store.read(t)["figure_id"].to_pylist()]
    checks = [c for c in store.read("figure_checks").to_pylist() if c["figure_id"] == figure_id]
    return [
        ("figure", f"{figure_id} ({_plain(row['family'])}, {_plain(row['status'])})"),
        ("measures", row["measure"]),
        ("printed", printed),
        ("value", f"{number('value')} {row['unit']} ({_plain(row['qualifier'])}; {bounds})"),
        ("left open", _interval(row)),
        ("subject", f"{row['subject'] or 'none'} ({row['subject_basis']})"),
        ("counterpart", row["counterpart"]),
        ("responsible", row["responsible"]),
        ("period", _days(row, "period_start", "period_end")),
        ("as of", _days(row, "as_of", "as_of_end")),
        *_said(row, row["attributed_to"] or ("this project" if derived else "")),
        ("place", place),
        *_doubt(row),
        ("built on it", ", ".join(on_it)),
        ("tables", ", ".join(["figures", *held])),
        ("verdict", _verdict(next(c for c in checks if c["is_primary"]))),
        *_against(row, checks),
    ]


def _interval(row: dict) -> str:
    """What the print leaves open, where it leaves anything."""
    least, most = row["least"], row["most"]
    if least == most:
        return ""
    low, high = (words.number(v) if v is not None else "open" for v in (least, most))
    return f"{low} to {high} {row['unit']}"


def _verdict(check: dict) -> str:
    known = [check["method"], check["origin_id"], check["vintage"]]
    release = f" ({', '.join(filter(None, known))})" if check["origin_id"] != "none" else ""
    return f"{check['verdict']}{release}: {check['reason']}"


def _against(row: dict, checks: list[dict]) -> Facts:
    """One line for each release that something was computed from: its own method, not its variants."""
    own = [c for c in checks if c["origin_id"] != "none"]
    own.sort(key=lambda c: (not c["is_primary"], not c["method"].endswith(": release")))
    best = {c["origin_id"]: c for c in reversed(own)}  # the first of each
    told = [
        ("against", f"{one}: {words.computed(check, row)}, {check['verdict']}")
        for one, check in sorted(best.items())
    ]
    return told if len(told) > 1 else []


def _event(row: dict) -> Facts:
    others = [e for e in _witnesses(row) if e["event_id"] != row["event_id"]]
    return [
        ("event", f"{row['event_id']} ({row['category']}, {_plain(row['status'])})"),
        ("what", row["summary"]),
        ("actors", row["actors"]),
        ("place", row["place"]),
        ("when", _days(row)),
        *_said(row, row["attributed_to"]),
        ("found at", _place(row)),
        *_doubt(row),
        ("happening", row["happening_id"]),
        *(("witness", _witness(event)) for event in others),
    ]


def _happening(row: dict) -> Facts:
    rows = store.read("happenings").to_pylist()
    parts = [h["happening_id"] for h in rows if h["part_of"] == row["happening_id"]]
    return [
        ("happening", f"{row['happening_id']} ({row['category']})"),
        ("what", row["summary"]),
        ("actors", row["actors"]),
        ("acted on", row["targets"]),
        ("place", row["place"]),
        ("when", _days(row)),
        ("known from", row["known_from"]),
        ("part of", row["part_of"]),
        ("parts", ", ".join(parts)),
        ("note", row["note"]),
        *(("witness", _witness(event)) for event in _witnesses(row)),
    ]


def _witnesses(happening: dict) -> list[dict]:
    events = store.read("events").to_pylist()
    return [e for e in events if e["happening_id"] == happening["happening_id"]]


def _witness(event: dict) -> str:
    doubt = "" if event["status"] == "as_printed" else f"; {event['status']}: {event['note']}"
    return f"{event['event_id']}: {event['summary']}; {_days(event)}{doubt}"


def _argument(row: dict) -> Facts:
    argued = f"{_plain(row['kind'])}, {row['stance']}, {_plain(row['status'])}"
    return [
        ("argument", f"{row['argument_id']} ({argued})"),
        ("in short", f"{row['gloss']} (our summary)"),
        ("code", _plain(row["code"])),
        ("of", words.states(row["actor"])),
        *_said(row, row["held_by"]),
        ("place", _place(row)),
        ("note", row["note"]),
    ]


def _origin(row: dict) -> Facts:
    one = row["origin_id"]
    kind = {"dataset": "release"}.get(row["kind"], row["kind"])
    day = (row["released"], row["released_end"], row["released_precision"])
    released = f"{words.days(*day)} ({row['published_basis']})" if row["released"] else ""
    spans = (row["data_from"], row["data_through"])
    checks = store.read("figure_checks").to_pylist()
    own = [c for c in checks if c["origin_id"] == one and c["is_primary"]]
    checked = [f"{check['figure_id']} ({check['verdict']})" for check in own]
    held = []
    for name in schemas.TABLES:
        table = store.read(name)
        used = one in table.schema.metadata[b"rvdata.origins"].decode().split(";")
        if used and name not in ("origins", "figure_checks"):
            key = next((k for k in ("origin_id", "source_id") if k in table.schema.names), None)
            rows = sum(v == one for v in table[key].to_pylist()) if key else table.num_rows
            held.append(f"{rows} {name}")
    return [
        (kind, one),
        ("cite", words.cited(one)),
        ("about", row["about"]),
        ("published", released),
        ("known from", row["published_note"]),
        ("generated", f"{row['generated']:%Y-%m-%d}" if row["generated"] else ""),
        ("covers", f"{spans[0].year} to {spans[1].year}" if all(spans) else ""),
        ("address", row["url"]),
        ("licence", row["licence"]),
        ("file", f"SHA-256 {row['sha256'][:16]}…" if row["sha256"] else ""),
        ("rows", ", ".join(held)),
        ("decides", words.listed(checked, nothing="", most=_MOST_IDS)),
    ]


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _days(row: dict, first: str = "date", last: str = "date_end") -> str:
    """Earliest and latest day, how exactly, and from what; empty where there is neither."""
    if not row[first] and not row[last]:
        return ""
    days = dict.fromkeys(f"{row[c]:%Y-%m-%d}" if row[c] else "open" for c in (first, last))
    precision, basis = row[f"{first}_precision"], row[f"{first}_basis"]
    return f"{' to '.join(days)} ({_plain(precision)}, {basis})"


def _said(row: dict, by: str | None) -> Facts:
    return [("said by", by or "the article itself"), ("article", words.cited(row["source_id"]))]


def _place(row: dict) -> str:
    if row["start"] is None:
        return "no place of its own"
    span = f"code points {row['start']} to {row['end']} of {row['source_id']}"
    return f"{span}, SHA-256 {row['span_sha256'][:16]}…"


def _doubt(row: dict) -> Facts:
    return [("conflicts", (row["conflicts_with"] or "").replace(";", ", ")), ("note", row["note"])]

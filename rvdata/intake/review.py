"""One proposed figure after another in the terminal, with its words from the reader's own copy of the text.

Every decision is in the file before the next figure is shown, and so is every answer of an edit: a row that is being
edited stays `proposed`, so that Ctrl-C, a closed terminal or a killed process loses nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import click

from figurefind import extract, locators, quantities
from figurefind.errors import FindError
from rvdata import articles, countries, rawcsv, schemas
from rvdata.errors import DataError
from rvdata.intake import entry, files, guess, likeness
from rvdata.rawcsv import Row
from rvdata.text import plain, visible

_AROUND = 240  # characters of context on either side
_PARAGRAPH = re.compile(r"\n\s*\n")
_KEYS = {word[0]: word for word in schemas.words("accept edit reject skip back new quit")}
_PROMPT = "  " + " ".join(f"[{key}]{word[1:]}" for key, word in _KEYS.items()) + " > "
_HELP = f"""\
  a  accept: the row becomes part of the ledger, if it passes every check of `rvdata build`
  e  edit: every column is asked for with its present answer; e family asks for one only, of
     {", ".join(entry.ASKED[:8])},
     {", ".join(entry.ASKED[8:])}
     Enter keeps an answer, - empties it, ? says what is wanted
  r  reject: no figure, or none of the subject; the row stays in the file and is not proposed again
  s  skip: decide later
  b  back: to the figure before, whatever was decided
  n  new: n number one proposes an expression that was missed, from here on in the text
  q  quit: every decision is in the file already"""


@dataclass(frozen=True)
class Copy:
    """The reader's copy of an article's text, and whether it is the one that was registered."""

    path: Path
    text: str
    same: bool


def copy_of(article: Row, path: Path | None) -> Copy:
    """The reader's own copy: the file named, or ``<source_id>.txt`` in the folder that RVDATA_TEXTS names."""
    path = path or Path(os.environ.get("RVDATA_TEXTS", ""), f"{article['origin_id']}.txt")
    try:
        text, _ = extract.read(path)
    except FindError as error:
        how = "or name your copy with --text FILE, or its folder in RVDATA_TEXTS"
        raise DataError(f"{error}, {how}") from None
    return Copy(path, text, locators.digest(text) == article["sha256"])


def review(source: str, path: Path | None) -> None:
    """Ask a reader to decide on every proposed figure of an article, beside the words of the text."""
    article = files.article(source)
    copy = copy_of(article, path)
    if not copy.same:
        click.echo(
            f"{visible(copy.path)}: is not the text that was registered as {source} (SHA-256 differs; it has "
            f"{len(copy.text):,} characters, that one {int(article['chars']):,}). Figures are looked for by the words "
            "around them; their recorded places stay."
        )
    waits, counted = _counted(source)
    if not waits:
        click.echo(f"{source}: no figure waits; {counted}")
        return
    rows = [row for row in files.figures(source) if not row["derived_from"]]
    rows.sort(key=lambda row: getattr(articles.place_of(row), "start", float("inf")))
    order = [row["figure_id"] for row in rows]
    # the first proposal after the last decision; those skipped earlier come after it
    decided = [i for i, row in enumerate(rows) if row["status"] != "proposed"]
    at, skipped = _next(source, order, max(decided, default=-1), set()), set()
    try:
        while at is not None:
            at = _one(source, copy, order, at, skipped)
    except EOFError:  # the terminal is gone, or the answers have ended
        click.echo("")
    waits, counted = _counted(source)
    then = "go on with the same command" if waits else "`rvdata build` puts them into the tables"
    click.echo(f"{source}: {'' if waits else 'all decided, '}{counted}; {then}")


# ---- the way through the figures


def _rows(source: str) -> dict[str, Row]:
    return {row["figure_id"]: row for row in files.figures(source)}


def _next(source: str, order: list[str], at: int, skipped: set[str]) -> int | None:
    """The next proposal in the order of the text, from the top again after the end; None if none is left."""
    proposed = {one for one, row in _rows(source).items() if row["status"] == "proposed"}
    waiting = [i for i, figure in enumerate(order) if figure in proposed - skipped]
    return next((i for i in waiting if i > at), waiting[0] if waiting else None)


def _one(source: str, copy: Copy, order: list[str], at: int, skipped: set[str]) -> int | None:
    """Show one figure and do what the reader says; returns the next one, None to stop."""
    row = _rows(source).get(order[at])
    if row is None:
        click.echo(f"{order[at]} is no longer in {rawcsv.shown(files.path(source))}")
        return _next(source, order, at, skipped | {order[at]})
    here = place(row, copy)
    [alike] = likeness.alike(source, [row.cells]).values()
    for line in screen(row, copy, here, f"{at + 1} of {len(order)}", alike):
        click.echo(line)
    while True:
        key, _, what = ask(_PROMPT).strip().partition(" ")
        wish = _wish(key)
        try:
            if not wish:
                click.echo(_HELP)
            elif wish == "quit":
                return None
            elif wish == "skip":
                skipped.add(row["figure_id"])
                return _next(source, order, at, skipped)
            elif wish == "back":
                return max(at - 1, 0)
            elif wish == "accept" and here is None:
                click.echo(
                    "its words are not in your copy of the text, so that nothing can be confirmed; name the text that "
                    "was registered with --text, or reject or skip the figure"
                )
            elif wish in ("accept", "reject"):
                now = "as_printed" if row["status"] in schemas.SET_ASIDE else row["status"]
                if _written(source, row, {"status": now if wish == "accept" else "rejected"}):
                    click.echo(f"{row['figure_id']} {wish}ed")
                    return _next(source, order, at, skipped)
            elif wish == "new":
                new = propose(source, files.article(source), row, copy, what.strip())
                order.insert(at + 1, new)
                return at + 1
            elif wish == "edit":
                again = edit(source, row, copy, what.strip())
                return at if again else _next(source, order, at, skipped)
        except files.Changed as error:
            click.echo(str(error))
            return at
        except entry.Unreadable as error:
            click.echo(f"  {visible(error)}")


def _wish(key: str) -> str:
    """The wish that a letter, or the beginning of its word, stands for; empty for anything else."""
    word = _KEYS.get(key[:1].casefold(), "")
    return word if word.startswith(key.casefold()) else ""


def _written(source: str, row: Row, cells: dict[str, str]) -> bool:
    faults = files.put(source, row, cells, check=True)
    if faults:
        click.echo("not written, because the ledger would not hold with it; e mends it:")
        for fault in faults[:8]:
            said = f"{fault.column}: {fault.value and repr(fault.value) + ' '}{fault.remedy}"
            # of the row that the reader is looking at, without its place
            click.echo("  " + visible(said if fault.place == row.place else fault))
    return not faults


# ---- editing


def edit(source: str, row: Row, copy: Copy, only: str) -> bool:
    """Ask for the columns of a figure; returns whether it should be shown again.

    Each answer is written as it is given. A proposal stays one while it is edited, and the end of the edit is an
    acceptance: what passes every check is in the ledger. A row of the ledger stays there, and each answer is checked.
    """
    asked = [entry.choice(only, entry.ASKED, "column")] if only else entry.ASKED
    draft = row["status"] in schemas.SET_ASIDE
    together: dict[str, str] = {}  # a status and the rows in conflict hold only with one another
    for column in asked:
        while True:
            now = entry.shown(column, row.cells)
            typed = ask(f"  {column} [{visible(now)}]: ").strip()
            if typed == "?":
                click.echo("\n".join(_wrapped("    ", entry.explain(column), 96)))
                continue
            if not typed or (typed == now and column != "status"):
                break
            try:
                cells = entry.answer(column, typed, row.cells, copy.text if copy.same else None)
            except entry.Unreadable as error:
                click.echo(f"    {visible(error)}")
                continue
            if column in ("status", "conflicts_with"):
                together |= cells
            elif draft:
                files.put(source, row, {**cells, "status": "proposed"})
            elif not _written(source, row, cells):
                continue
            row = _rows(source)[row["figure_id"]]
            break
    if draft and ((only and "status" not in together) or place(row, copy) is None):
        files.put(source, row, {**together, "status": "proposed"})
        return True
    status = {"status": "as_printed"} if draft else {}
    if (draft or together) and not _written(source, row, {**status, **together}):
        return True
    click.echo(f"{row['figure_id']} {'accepted' if draft else 'changed'}")
    return False


# ---- what was missed


def propose(source: str, article: Row, row: Row, copy: Copy, typed: str) -> str:
    """Put an expression that was missed into the file as a proposal; returns its identifier."""
    if not copy.same:
        raise entry.Unreadable(entry.NO_PLACE)
    try:
        q = quantities.parse(typed)
    except quantities.QuantityError as error:
        raise entry.Unreadable(str(error)) from None
    taken = [found for other in files.figures(source) if (found := articles.place_of(other))]
    whole = rf"(?<![\w$€£])(?<!\d[.,]){entry.pattern(typed)}(?!\w|[.,]\d)"
    spans = [match.span() for match in re.finditer(whole, copy.text, re.I)]
    if not spans:
        raise entry.Unreadable(f"{typed!r} stands nowhere in the text")
    free = [(a, b) for a, b in spans if not any(a < t.end and t.start < b for t in taken)]
    if not free:
        raise entry.Unreadable(f"every {typed!r} of the text has a row already")
    here = articles.place_of(row)
    start, end = next((span for span in free if here and span[0] >= here.start), free[0])
    noun = re.match(r"\s+((?:[^\W\d_][\w’'-]*\s?){1,3})", copy.text[end : end + 80])
    told = {name: getattr(q, name) for name in ("value", "low", "high", "qualifier")}
    told |= {"unit": q.unit or "", "noun": noun[1].strip() if noun else ""}
    proposal = extract.Proposal("", start, end, copy.text[start:end], "count", **told)
    days = (article["released"], article["released_end"])
    return files.append(source, lambda figure_id: guess.row(copy.text, proposal, figure_id, days))


# ---- what is shown


def place(row: Row, copy: Copy) -> tuple[int, int] | None:
    """Where the figure stands in the reader's copy; None if it cannot be told."""
    locator = articles.place_of(row)
    found = locator and locators.check(copy.text, locator)
    return (found.start, found.end) if found and found.status in ("holds", "moved") else None


def screen(
    row: Row, copy: Copy, here: tuple[int, int] | None, where: str, alike: list[str]
) -> list[str]:
    """A figure with its words, what it is recorded as, and what the ledger has already; one line each.

    Everything that comes from the text or from the file is inert: no control character reaches the terminal.
    """
    cells = row.cells
    width = max(40, min(shutil.get_terminal_size().columns, 110) - 2)
    status = "" if cells["status"] == "proposed" else f"   {cells['status']}"
    lines = ["", click.style(visible(f"{row['figure_id']}   {where}{status}"), bold=True)]
    lost = ["  its words are not found in your copy of the text"]
    lines += _context(copy.text, here, width) if here else lost
    facts = {
        "stated": cells["stated"] + (cells["hedge"] and f"   hedged apart: {cells['hedge']}"),
        "value": _value(cells),
        **{name: cells[name].replace("_", " ") for name in ("family", "measure")},
        **{name: _states(cells[name]) for name in ("subject", "counterpart", "responsible")},
        **{n: entry.shown(n, cells).replace(" ?", "   (inferred)") for n in ("period", "as_of")},
        **{name: cells[name] for name in ("attributed_to", "conflicts_with", "note")},
        "missing": ", ".join(files.required(row)),
    }
    if facts["subject"]:
        facts["subject"] += f"   ({cells['subject_basis']})"
    for name, fact in facts.items():
        if fact:
            lines += _wrapped(f"  {name:<15}", visible(fact), width)
    for one in alike[:5]:
        lines += _wrapped(f"  {'like':<15}", visible(one), width)
    return lines + [f"  {'':<15}and {len(alike) - 5} more"] * (len(alike) > 5)


def _wrapped(label: str, text: str, width: int, below: str = "") -> list[str]:
    below = below or " " * len(label)
    return textwrap.wrap(text, width, initial_indent=label, subsequent_indent=below) or [label]


def _context(text: str, here: tuple[int, int], width: int) -> list[str]:
    """The words around a figure, the figure itself between marks that no other character of it can be taken for."""
    start, end = here
    before = _PARAGRAPH.split(text[max(0, start - _AROUND) : start])[-1]
    after = _PARAGRAPH.split(text[end : end + _AROUND])[0]
    if start > _AROUND and len(before) == _AROUND:
        before = before.partition(" ")[2] or before  # no half word
    if len(after) == _AROUND < len(text) - end:
        after = after.rpartition(" ")[0] or after
    inside = " ".join(visible(text[start:end]).split())
    before, after = (
        " ".join(visible(part).replace("»", "›").replace("«", "‹").split())
        for part in (before.replace("\n", " "), after.replace("\n", " "))
    )
    # blanks at the marks are those of the text
    before += " " if text[max(0, start - 1) : start].isspace() else ""
    after = (" " if text[end : end + 1].isspace() else "") + after
    marked = f"{before}»{inside}«{after}"
    return _wrapped("  │ ", marked.strip(), width - 2, "  │ ")


def _value(cells: dict[str, str]) -> str:
    def number(cell: str) -> str:
        try:
            return f"{float(cell):,.15g}" if abs(float(cell)) < 1e15 else cell
        except ValueError:
            return cell or "–"

    bounds = f"low {number(cells['low'])}, high {number(cells['high'])}, step {number(cells['stated_step'])}"
    return f"{number(cells['value'])} {cells['unit']} ({cells['qualifier'].replace('_', ' ')}; {bounds})"


def _states(cell: str) -> str:
    known = countries.table()
    return "; ".join(
        f"{code} {known[code].name}" if code in known else code for code in cell.split(";") if code
    )


def _counted(source: str) -> tuple[int, str]:
    """How many figures wait for a decision, and what has become of all."""
    states = [row["status"] for row in files.figures(source) if not row["derived_from"]]
    waits, rejected = states.count("proposed"), states.count("rejected")
    taken = len(states) - waits - rejected
    return waits, f"{taken} in the ledger, {rejected} rejected, {waits} still proposed"


# ---- answers


def ask(prompt: str) -> str:
    """One line from the reader, without what is no text; repeated where no terminal shows it."""
    typed = plain(input(prompt))
    if not sys.stdin.isatty():
        click.echo(typed)
    return typed

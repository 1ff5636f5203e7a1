"""What a published notebook must hold, beyond what nbval compares and tests/test_pictures.py draws again.

The guards are pure: they read an executed notebook and return complaints, each with the notebook, the cell and a remedy.
In messages, cells are counted from 1 over all cells; the number in brackets is the one beside a code cell. Cells carry
their part in the notebook as a tag, in the order of `ORDER`; docs/notebooks.md says what each holds; those of
`COMPANIONS` answer no question of their own and are free in their order. The tag
``fixed-number`` on a Markdown cell allows digits in it: for names such as ISO 3166, never for data.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

_FENCED = r"^(```|~~~).*?^\1"
#: The page that JupyterLab opens with, and the one with controls.
COMPANIONS = ("start", "explore")
#: Parts in their order; those of `FIGURE` may be repeated as a group, the folded ones after the others.
ORDER = ("question", "parameters", "data", "answer", "figure", "more", "evidence", "limits")
FIGURE = ("compute", "chart", "finding")
MOST = {
    "parameters": 7,
    "answer words": 60,
    "claims": 5,
    "compute lines": 15,
    "finding words": 40,
    "figures": 4,
    "words": 450,
}
#: Words of the project's own that a reader does not know.
PRIVATE = re.compile(r"\b(rows?|ledger|bracket|vintage|coarsely|own voice)\b", re.I)


def complaints(nb: NotebookNode, path: object) -> list[str]:
    """Everything in which an executed notebook departs from the notebook guide; ``path`` is how messages name it."""
    free = (_ordered, _sizes) if Path(str(path)).stem in COMPANIONS else ()
    guards = [guard for guard in _GUARDS if guard not in free]
    return [f"{path}{complaint}" for guard in guards for complaint in guard(nb)]


# ---------------------------------------------------------------- of any notebook


def _ran(nb: NotebookNode) -> Iterator[str]:
    """Each code cell is the notebook's own and ran once, from top to bottom, without a warning; its pictures have words.

    nbval silently passes cells that never ran, and neither compares what is written to stderr nor pictures.
    """
    written = [(where, cell) for where, cell in code_cells(nb) if cell.source.strip()]
    for expected, (where, cell) in enumerate(written, 1):
        if cell.execution_count is None:
            yield f"{where}: has not run. Refresh it."
        elif cell.execution_count != expected:
            yield f"{where}: ran as number {cell.execution_count}, stands at {expected}. Refresh it."
        if "injected-parameters" in tags(cell):
            yield f"{where}: was put in by papermill. Remove the cell and refresh it."
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                first = next(iter(output.text.strip().splitlines()), "")[:80]
                yield f"{where}: writes to stderr ({first}). Mend the cause of the warning."
        if not all(alt for _, alt in pictures(cell)):
            yield f"{where}: its picture has no alternative text. Display it with metadata alt."


def _fixed_numbers(nb: NotebookNode) -> Iterator[str]:
    """Prose in Markdown cells does not change with the data, so it may not state any."""
    for where, cell in cells(nb):
        if cell.cell_type != "markdown" or "fixed-number" in tags(cell):
            continue
        hit = re.search(r"\S*[\d%‰]\S*", _prose(cell.source))
        if hit:
            yield (
                f"{where}: fixed prose holds {hit[0]!r}. Compute the sentence in a code cell, or tag the cell"
                " fixed-number if it is a name such as a standard's."
            )


def _prose(markdown: str) -> str:
    """Markdown without code, link targets, addresses, HTML tags and character references."""
    for pattern in (
        _FENCED,
        r"(`+).+?\1",
        r"(?<=\])\([^)\s]*(\s+[^)]*)?\)",
        r"^\s*\[[^\]]+\]:\s+\S+",
        r"<[^<>\s][^<>]*>",
        r"https?://\S+",
        r"&#?\w+;",
    ):
        markdown = re.sub(pattern, " ", markdown, flags=re.M | re.S)
    return markdown


def _dollars(nb: NotebookNode) -> Iterator[str]:
    """Two dollar signs in a paragraph are a formula to JupyterLab: $30 billion and $40 billion come out garbled."""
    for where, text in ((where, text) for where, cell in cells(nb) for text in _markdown(cell)):
        parts = re.split(r"\n\s*\n", re.sub(r"(`+).+?\1", " ", text, flags=re.S))
        if any(len(re.findall(r"(?<!\\)\$", part)) > 1 for part in parts):
            yield f"{where}: two bare dollar signs in one paragraph are read as a formula. Write \\$ or USD."


# ---------------------------------------------------------------- of the notebook guide


def part(cell: NotebookNode) -> str:
    """The part that a cell belongs to, as `ORDER` names it; empty if it has none."""
    own = tags(cell)
    if "more" in own:
        return "more"
    return next(("figure" if tag in FIGURE else tag for tag in own if tag in (*ORDER, *FIGURE)), "")


def told(cells: list[NotebookNode]) -> str:
    """What cells say in sentences: their Markdown, written or displayed, without headings, tags and links."""
    texts = itertools.chain(*map(_markdown, cells))
    text = re.sub(r"^#.*$|<sup>.*?</sup>|<[^>]+>|\]\([^)]*\)", " ", "\n".join(texts), flags=re.M)
    return " ".join(text.split())


def _markdown(cell: NotebookNode) -> list[str]:
    """The Markdown of a cell, written or displayed."""
    shown = (output.get("data", {}).get("text/markdown") for output in cell.get("outputs", []))
    return [cell.source] if cell.cell_type == "markdown" else [text for text in shown if text]


def words(text: str) -> int:
    """How many words a text has; what holds neither letter nor digit is none."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def _ordered(nb: NotebookNode) -> Iterator[str]:
    """All parts are there and in order."""
    parts = [(where, part(cell)) for where, cell in cells(nb)]
    for where, found in parts:
        if not found:
            yield f"{where}: has no tag of a part. Tag it {', '.join((*ORDER, *FIGURE))}."
    for missing in [p for p in ORDER if p != "more" and p not in {found for _, found in parts}]:
        yield f": no cell is tagged {'compute, chart or finding' if missing == 'figure' else missing}."
    known = [(where, ORDER.index(found), found) for where, found in parts if found]
    for (_, before, name), (where, rank, found) in itertools.pairwise(known):
        if rank < before:
            yield f"{where}: {found} stands after {name}. The order is {', '.join(ORDER)}."


def _sizes(nb: NotebookNode) -> Iterator[str]:
    """Nothing is longer than the guide allows."""
    open_ = [c for c in nb.cells if part(c) not in ("more", "evidence")]
    drawn = sum(len(pictures(c)) for c in open_ if c.cell_type == "code")
    answer = told([c for c in nb.cells if part(c) == "answer"])
    sizes = [("", "words", words(told(open_))), ("", "answer words", words(answer))]
    sizes.append(("", "figures", drawn))
    for where, cell in code_cells(nb):
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if "parameters" in tags(cell):
            sizes.append((where, "parameters", lines))
        if "compute" in tags(cell) or (part(cell) == "answer" and not _hidden(cell)):
            sizes.append((where, "compute lines", lines))
        if "finding" in tags(cell):
            sizes.append((where, "finding words", words(told([cell]))))
        if part(cell) == "answer":
            tables = [o.data.get("text/html", "") for o in cell.outputs if "data" in o]
            rows = max((table.count("<tr") for table in tables), default=0)
            sizes.append((where, "claims", rows - 1))
    for where, what, size in sizes:
        if size > MOST[what]:
            yield f"{where}: has {size} {what}. {MOST[what]} are allowed."


def _hidden(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def _templates(nb: NotebookNode) -> Iterator[str]:
    """Templates of prose stand in hidden cells of their own, and their fixed text states no number and no private word."""
    for where, cell in code_cells(nb):
        calls = [call for call in ast.walk(_parsed(cell.source)) if isinstance(call, ast.Call)]
        said = [call for call in calls if ast.unparse(call.func) == "words.say"]
        if said and not _hidden(cell):
            yield f"{where}: holds a template and is not hidden. Set jupyter.source_hidden in its metadata."
        for call in said + [call for call in calls if ast.unparse(call.func) == "words.prose"]:
            template = "".join(str(a.value) for a in call.args[:1] if isinstance(a, ast.Constant))
            fixed = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", template, flags=re.S)
            if hit := re.search(r"\S*\d\S*", fixed):
                yield f"{where}: the fixed text of a template holds {hit[0]!r}. Let it come from a row."


def _spoken(nb: NotebookNode) -> Iterator[str]:
    """Readers are told nothing in words of the project's own."""
    for where, cell in cells(nb):
        if part(cell) != "evidence" and (hit := PRIVATE.search(told([cell]))):
            yield f"{where}: says {hit[0]!r}, which readers do not know. Say it in their words."


def _question(nb: NotebookNode) -> Iterator[str]:
    """The first cell begins with the question, which is the only top heading."""
    written = [(where, cell.source) for where, cell in cells(nb) if cell.cell_type == "markdown"]
    top = [
        (where, heading)
        for where, text in written
        for heading in re.findall(
            r"^# +(.+?)[ #]*$", re.sub(_FENCED, "", text, flags=re.M | re.S), re.M
        )
    ]
    if [where for where, _ in top] != [", cell 1"]:
        places = "".join(where for where, _ in top).removeprefix(", ") or "no cell"
        yield f": has top headings (#) in {places}. Keep one, the question, in the first cell."
    elif not top[0][1].endswith("?"):
        yield f", cell 1: the top heading {top[0][1]!r} is no question. Write # … ?"


def _parsed(source: str) -> ast.Module:
    """The code of a cell; lines of IPython's own language count for nothing."""
    try:
        return ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.M))
    except (SyntaxError, ValueError):
        return ast.Module([], [])


_GUARDS = (
    _ran,
    _fixed_numbers,
    _dollars,
    _ordered,
    _sizes,
    _templates,
    _spoken,
    _question,
)


# ---------------------------------------------------------------- walking a notebook


def tags(cell: NotebookNode) -> list[str]:
    """Tags of a cell."""
    return cell.metadata.get("tags", [])


def cells(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Each cell with its place: ``, cell 5 [3]``."""
    for number, cell in enumerate(nb.cells, 1):
        count = cell.get("execution_count")
        yield f", cell {number}" + (f" [{count}]" if count is not None else ""), cell


def code_cells(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Each code cell with its place."""
    return ((where, cell) for where, cell in cells(nb) if cell.cell_type == "code")


def pictures(cell: NotebookNode) -> list[tuple[str, str]]:
    """Each PNG of a cell with its alternative text."""
    return [
        (output.data["image/png"], output.metadata.get("image/png", {}).get("alt", ""))
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]

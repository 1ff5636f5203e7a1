"""What a published notebook of this project must hold, besides what `nbfleet.guards` looks for.

Cells carry their part in the notebook as a tag, in the order of `ORDER`; docs/notebooks.md says what each holds. Those of
`COMPANIONS` answer no question of their own and are free in their order.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from nbfleet import guards
from nbfleet.guards import code_cells, headings, pictures, tags

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
    """Everything in which an executed notebook departs from the notebook guide, and from what any notebook must hold."""
    ours = (_templates, _spoken, _drawn, _question)
    companion = Path(str(path)).stem in COMPANIONS
    return guards.complaints(nb, path, ours if companion else (_ordered, _sizes, *ours))


def part(cell: NotebookNode) -> str:
    """The part that a cell belongs to, as `ORDER` names it; empty if it has none."""
    own = tags(cell)
    if "more" in own:
        return "more"
    return next(("figure" if tag in FIGURE else tag for tag in own if tag in (*ORDER, *FIGURE)), "")


def told(cells: list[NotebookNode]) -> str:
    """What cells say in sentences: their Markdown, written or displayed, without headings, tags and links."""
    texts = [c.source for c in cells if c.cell_type == "markdown"]
    texts += [
        output.data["text/markdown"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]
    text = re.sub(r"^#.*$|<sup>.*?</sup>|<[^>]+>|\]\([^)]*\)", " ", "\n".join(texts), flags=re.M)
    return " ".join(text.split())


def words(text: str) -> int:
    """How many words a text has; what holds neither letter nor digit is none."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def _ordered(nb: NotebookNode) -> Iterator[str]:
    """All parts are there and in order."""
    parts = [(where, part(cell)) for where, cell in guards.cells(nb)]
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

    def over(where: str, what: str, size: int) -> Iterator[str]:
        if size > MOST[what]:
            yield f"{where}: has {size} {what}. {MOST[what]} are allowed."

    open_ = [c for c in nb.cells if part(c) not in ("more", "evidence")]
    answer = [c for c in nb.cells if part(c) == "answer"]
    yield from over("", "words", words(told(open_)))
    yield from over("", "answer words", words(told(answer)))
    yield from over("", "figures", sum(len(pictures(c)) for c in open_ if c.cell_type == "code"))
    for where, cell in code_cells(nb):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if "parameters" in tags(cell):
            yield from over(where, "parameters", len(lines))
        if "compute" in tags(cell) or (part(cell) == "answer" and not _hidden(cell)):
            yield from over(where, "compute lines", len(lines))
        if "finding" in tags(cell):
            yield from over(where, "finding words", words(told([cell])))
        if part(cell) == "answer":
            tables = [o.data.get("text/html", "") for o in cell.outputs if "data" in o]
            yield from over(
                where, "claims", max((t.count("<tr") - 1 for t in tables if t), default=0)
            )


def _hidden(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def _templates(nb: NotebookNode) -> Iterator[str]:
    """Templates of prose stand in hidden cells of their own, and their fixed text states no number and no private word."""
    for where, cell in code_cells(nb):
        for call in _calls(cell.source):
            name = ast.unparse(call.func)
            if name not in ("words.say", "words.prose"):
                continue
            if name == "words.say" and not _hidden(cell):
                yield f"{where}: holds a template and is not hidden. Set jupyter.source_hidden in its metadata."
            template = (
                call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
            )
            fixed = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", str(template), flags=re.S)
            if hit := re.search(r"\S*\d\S*", fixed):
                yield f"{where}: the fixed text of a template holds {hit[0]!r}. Let it come from a row."


def _spoken(nb: NotebookNode) -> Iterator[str]:
    """Readers are told nothing in words of the project's own."""
    for where, cell in guards.cells(nb):
        if part(cell) != "evidence" and (hit := PRIVATE.search(told([cell]))):
            yield f"{where}: says {hit[0]!r}, which readers do not know. Say it in their words."


def _calls(source: str) -> Iterator[ast.Call]:
    for statement in _parsed(source):
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def _drawn(nb: NotebookNode) -> Iterator[str]:
    """Each cell that draws left a picture."""
    for where, cell in code_cells(nb):
        if not pictures(cell) and ("chart" in tags(cell) or _calls_charts(cell.source)):
            yield f"{where}: draws a chart, but has no picture. Run rvdata refresh."


def _calls_charts(source: str) -> bool:
    """Whether a cell draws when it runs; what it only defines draws elsewhere."""
    ran = (s for s in _parsed(source) if not isinstance(s, ast.FunctionDef))
    calls = (node for s in ran for node in ast.walk(s) if isinstance(node, ast.Call))
    return any(re.fullmatch(r"charts\.\w+", ast.unparse(call.func)) for call in calls)


def _question(nb: NotebookNode) -> Iterator[str]:
    first = nb.cells[0] if nb.cells else None
    if first is None or first.cell_type != "markdown":
        yield ", cell 1: is no Markdown cell. Begin with the question as a heading: # … ?"
        return
    top = list(headings(nb, level=1))
    if len(top) != 1:
        yield f": has {len(top)} top headings (#). Keep one, the question, in the first cell."
    elif top[0][0] != ", cell 1" or not top[0][1].endswith("?"):
        yield f"{top[0][0]}: the top heading {top[0][1]!r} is no question in the first cell. Write # … ?"


def _parsed(source: str) -> list[ast.stmt]:
    """Statements of a cell; lines of IPython's own language count for nothing."""
    try:
        return ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.M)).body
    except (SyntaxError, ValueError):
        return []

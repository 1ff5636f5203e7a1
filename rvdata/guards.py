"""What a published notebook of this project must hold, besides what `nbfleet.guards` looks for.

Convention
----------
Cells carry their part in the notebook as a tag. Parts come in this order; ``compute``, ``chart`` and ``narrative``
may be repeated as a group, and a cell without a tag belongs to the part before it.

========== ======== ==================================================================================
tag        cell     what it holds
========== ======== ==================================================================================
question   Markdown the only top heading, first of all, ends with a question mark
why        Markdown why it matters and what could change the answer
parameters code     one annotated, commented literal a line
load       code     prints rows, years, releases
compute    code     makes the small frame ``plotted`` and shows it whole as its last expression
chart      code     draws from ``plotted``; leaves a picture
narrative  code     displays Markdown in which every number comes from a variable
evidence   code     shows the table of what is stated, by whom, where, how sure
limits     code     shows the usage warnings of the tables
========== ======== ==================================================================================
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from nbfleet import guards
from nbfleet.guards import code_cells, headings, pictures, tags

PARTS = (
    "question",
    "why",
    "parameters",
    "load",
    "compute",
    "chart",
    "narrative",
    "evidence",
    "limits",
)
_GROUP = ("compute", "chart", "narrative")
_SHOWING = ("load", "compute", "chart", "narrative", "evidence", "limits")
_TRUNCATED = re.compile(r"\[\d+ rows x \d+ columns\]|\.\.\.")


def complaints(nb: NotebookNode, path: object) -> list[str]:
    """Everything in which an executed notebook departs from the notebook guide, and from what any notebook must hold."""
    return guards.complaints(nb, path, (_charts, _drawn, _question, _parts))


def _charts(nb: NotebookNode) -> Iterator[str]:
    """Each picture comes with the data that it shows, because nbval compares data and not pictures."""
    shown = False
    for where, cell in code_cells(nb):
        if pictures(cell):
            if not shown:
                yield f"{where}: no cell before this chart shows plotted. End one with plotted, after the last chart."
            shown = False
            continue
        if not _shows_plotted(cell.source):
            continue
        texts = [output.data for output in cell.outputs if "data" in output]
        if not any("text/plain" in data or "text/html" in data for data in texts):
            yield f"{where}: plotted is shown, but there is no table. Run rvdata refresh."
        elif any(_TRUNCATED.search(data.get("text/plain", "")) for data in texts):
            yield f"{where}: plotted is cut off. Make it smaller, or raise pandas' display options."
        else:
            shown = True


def _shows_plotted(source: str) -> bool:
    """Whether the last expression shows ``plotted`` or ``plotted.<method>(…)``, all of it, by itself or in a call."""
    statements = _parsed(source)
    if not statements or not isinstance(statements[-1], ast.Expr):
        return False
    node = statements[-1].value
    if (
        isinstance(node, ast.Call)
        and node.args
        and ast.unparse(node.func) in ("display", "narrative.show_plotted")
    ):
        node = node.args[0]
    while isinstance(node, (ast.Call, ast.Attribute)):
        if isinstance(node, ast.Attribute) and node.attr in (
            "head",
            "tail",
            "sample",
            "describe",
            "info",
            "shape",
        ):
            return False
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == "plotted"


def _drawn(nb: NotebookNode) -> Iterator[str]:
    """Each cell that draws left a picture."""
    for where, cell in code_cells(nb):
        if not pictures(cell) and ("chart" in tags(cell) or _calls_charts(cell.source)):
            yield f"{where}: draws a chart, but has no picture. Run rvdata refresh."


def _calls_charts(source: str) -> bool:
    calls = (
        node
        for statement in _parsed(source)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    )
    return any(ast.unparse(call.func).startswith("charts.") for call in calls)


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


def _parts(nb: NotebookNode) -> Iterator[str]:
    """All parts of the notebook guide are there, in order, and show what they should."""
    parts = []
    for where, cell in guards.cells(nb):
        own = [tag for tag in tags(cell) if tag in PARTS]
        if len(own) > 1:
            yield f"{where}: is tagged {' and '.join(own)}. Keep one part a cell."
        parts += [(where, part) for part in own[:1]]
    first = {part: index for index, (_, part) in reversed(list(enumerate(parts)))}
    missing = [part for part in PARTS if part not in first]
    for part in missing:
        yield f": no cell is tagged {part}. Add the part, or tag its cell."
    rank = {
        part: min(PARTS.index(part), PARTS.index("compute"))
        if part in _GROUP
        else PARTS.index(part)
        for part in PARTS
    }
    for (_, before), (where, part) in itertools.pairwise(parts):
        if rank[part] < rank[before]:
            yield f"{where}: {part} stands after {before}. The order is {', '.join(PARTS)}."
    for before, part in itertools.pairwise(_GROUP):
        if before in first and part in first and first[part] < first[before]:
            yield f"{parts[first[part]][0]}: {part} stands before {before}. The order is {', '.join(PARTS)}."
    for part in _SHOWING:
        cells = [cell for _, cell in code_cells(nb) if part in tags(cell)]
        if part in first and not any(cell.outputs for cell in cells):
            yield f": no code cell tagged {part} shows anything. See the notebook guide for what it should show."
    narrative = [cell for _, cell in code_cells(nb) if "narrative" in tags(cell) and cell.outputs]
    if narrative and not any(
        "text/markdown" in output.get("data", {}) for cell in narrative for output in cell.outputs
    ):
        yield ": the narrative is not displayed as Markdown. Display it with rvdata.narrative."


def _parsed(source: str) -> list[ast.stmt]:
    """Statements of a cell; lines of IPython's own language count for nothing."""
    try:
        return ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.M)).body
    except (SyntaxError, ValueError):
        return []

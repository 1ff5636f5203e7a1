"""What a published notebook must hold, beyond what nbval compares.

nbval passes cells that never ran, ignores pictures and knows nothing of prose. The guards here are pure: they read
an executed notebook and return complaints, each with the notebook, the cell and a remedy.

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

The tag ``fixed-number`` on a Markdown cell allows digits in it: for names such as ISO 3166, never for data.

In messages, cells are counted from 1 over all cells; the number in brackets is the one beside a code cell.
"""

from __future__ import annotations

import ast
import base64
import binascii
import io
import itertools
import re
from collections.abc import Iterator
from copy import deepcopy

import nbformat
from nbformat import NotebookNode

from rvdata.reports import plan

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
_FOLDERS = (
    "Applications|Library|System|Users|Volumes|bin|builds|content|data|dev|etc|home|io|lib|media|mnt|opt|private|proc"
    "|root|run|srv|tmp|usr|var|work|workspace"
)
_ABSOLUTE = re.compile(
    rf"(?<![\w.:/~\\<-])/(?:(?:{_FOLDERS})/[\w.@~+-]+|(?:home|root|tmp)\b)"
    r"|\b[A-Z]:\\{1,2}\w+|\b[a-zA-Z]:/Users/\w+|file://[\w/.%~+-]+"
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_TRUNCATED = re.compile(r"\[\d+ rows x \d+ columns\]|\.\.\.")


def complaints(nb: NotebookNode, path: object) -> list[str]:
    """Everything in which an executed notebook departs from the notebook guide.

    Parameters
    ----------
    nb : NotebookNode
        As read from the file, version 4.
    path : str or Path
        How messages name the notebook.

    Returns
    -------
    list of str
        Empty if there is nothing to mend.
    """
    found = list(_format(nb))
    if not found:  # the others rely on it
        for guard in (
            _order,
            _errors,
            _places,
            _parameters,
            _stderr,
            _fixed_numbers,
            _dollars,
            _charts,
            _pictures,
            _question,
            _parts,
        ):
            found += guard(nb)
    return [f"{path}{complaint}" for complaint in found]


def _format(nb: NotebookNode) -> Iterator[str]:
    try:
        nbformat.validate(deepcopy(nb))  # it may add what is missing
    except nbformat.ValidationError as error:
        yield f": not a valid notebook ({str(error).splitlines()[0]}). Open and save it in JupyterLab."


def _order(nb: NotebookNode) -> Iterator[str]:
    """Each code cell ran, once, from top to bottom: nbval silently passes cells that never did."""
    expected = 0
    for where, cell in _code(nb):
        if not cell.source.strip():
            continue
        expected += 1
        if cell.execution_count is None:
            yield f"{where}: has not run. Run rvdata refresh."
        elif cell.execution_count != expected:
            yield f"{where}: ran as number {cell.execution_count}, stands at {expected}. Run rvdata refresh."


def _errors(nb: NotebookNode) -> Iterator[str]:
    for where, output in _outputs(nb):
        if output.output_type == "error":
            yield f"{where}: ends in {output.ename}. Mend the cell and run rvdata refresh."


def _places(nb: NotebookNode) -> Iterator[str]:
    """Neither source nor output knows the machine it ran on."""
    for where, text in _texts(nb):
        for pattern, fault, remedy in (
            (_ABSOLUTE, "absolute path", "Go through rvdata.paths and print no folder"),
            (_ADDRESS, "object address", "Show a value, not an object"),
        ):
            hit = pattern.search(text)
            if hit:
                yield f"{where}: holds the {fault} {hit[0]!r}. {remedy}."


def _parameters(nb: NotebookNode) -> Iterator[str]:
    try:
        plan.parameters_of(nb, "")
    except plan.PlanError as error:
        yield from (
            fault if fault.startswith(":") else f": {fault.removeprefix(', ')}"
            for fault in error.faults
        )
    for where, cell in _code(nb):
        if "injected-parameters" in _tags(cell):
            yield f"{where}: was put in by papermill. Remove the cell and run rvdata refresh."


def _stderr(nb: NotebookNode) -> Iterator[str]:
    for where, output in _outputs(nb):
        if output.output_type == "stream" and output.name == "stderr":
            first = output.text.strip().splitlines()[0][:80] if output.text.strip() else ""
            yield f"{where}: writes to stderr ({first}). Mend the cause of the warning."


def _fixed_numbers(nb: NotebookNode) -> Iterator[str]:
    """Prose in Markdown cells does not change with the data, so it may not state any."""
    for where, cell in _cells(nb):
        if cell.cell_type != "markdown" or "fixed-number" in _tags(cell):
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
        r"^(```|~~~).*?^\1",
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
    texts = [(where, cell.source) for where, cell in _cells(nb) if cell.cell_type == "markdown"]
    texts += [
        (where, output.data["text/markdown"])
        for where, output in _outputs(nb)
        if "text/markdown" in output.get("data", {})
    ]
    for where, text in texts:
        if any(
            len(re.findall(r"(?<!\\)\$", _code_free(part))) > 1
            for part in re.split(r"\n\s*\n", text)
        ):
            yield f"{where}: two bare dollar signs in one paragraph are read as a formula. Write \\$ or USD."


def _code_free(markdown: str) -> str:
    return re.sub(r"(`+).+?\1", " ", markdown, flags=re.S)


def _charts(nb: NotebookNode) -> Iterator[str]:
    """Each picture comes with the data that it shows, because nbval compares data and not pictures."""
    shown = False
    for where, cell in _code(nb):
        if _png(cell):
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


def _pictures(nb: NotebookNode) -> Iterator[str]:
    """Each chart left a picture: one that can be seen and is not that of another chart."""
    first: dict[str, str] = {}
    for where, cell in _code(nb):
        pictures = _png(cell)
        if not pictures and ("chart" in _tags(cell) or _calls_charts(cell.source)):
            yield f"{where}: draws a chart, but has no picture. Run rvdata refresh."
        for picture, alt in pictures:
            fault = _unseen(picture)
            if fault:
                yield f"{where}: its picture {fault}. Mend the chart and run rvdata refresh."
            elif not alt:
                yield f"{where}: its picture has no alternative text. Draw it with charts.show(figure, alt)."
            elif first.setdefault(picture, where) != where:
                twin = first[picture].removeprefix(",")
                yield f"{where}: has the picture of{twin}. Draw each chart from its own plotted."


def _unseen(picture: str) -> str:
    """Why nobody can see anything in a picture, empty if somebody can."""
    from PIL import Image, ImageFile

    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = (
        ImageFile.LOAD_TRUNCATED_IMAGES,
        False,
    )  # weasyprint sets it for all
    try:
        with Image.open(
            io.BytesIO(base64.b64decode(picture, validate=False)), formats=["PNG"]
        ) as image:
            lowest_and_highest = image.convert("RGBA").getextrema()
    except (OSError, SyntaxError, ValueError, binascii.Error):
        return "is no readable PNG"
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    if all(low == high for low, high in lowest_and_highest):
        return "is of one colour"
    return ""


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
    headings = [(where, text) for where, text in _headings(nb, level=1)]
    if len(headings) != 1:
        yield f": has {len(headings)} top headings (#). Keep one, the question, in the first cell."
    elif headings[0][0] != ", cell 1" or not headings[0][1].endswith("?"):
        yield f"{headings[0][0]}: the top heading {headings[0][1]!r} is no question in the first cell. Write # … ?"


def _headings(nb: NotebookNode, level: int) -> Iterator[tuple[str, str]]:
    for where, cell in _cells(nb):
        if cell.cell_type == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.M | re.S)
            for hit in re.finditer(rf"^#{{{level}}} +(.+?)[ #]*$", text, re.M):
                yield where, hit[1].strip()


def _parts(nb: NotebookNode) -> Iterator[str]:
    """All parts of the notebook guide are there, in order, and show what they should."""
    parts = []
    for where, cell in _cells(nb):
        own = [tag for tag in _tags(cell) if tag in PARTS]
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
        cells = [cell for _, cell in _code(nb) if part in _tags(cell)]
        if part in first and not any(cell.outputs for cell in cells):
            yield f": no code cell tagged {part} shows anything. See the notebook guide for what it should show."
    narrative = [cell for _, cell in _code(nb) if "narrative" in _tags(cell) and cell.outputs]
    if narrative and not any(
        "text/markdown" in output.get("data", {}) for cell in narrative for output in cell.outputs
    ):
        yield ": the narrative is not displayed as Markdown. Display it with rvdata.narrative."


# ---------------------------------------------------------------- walking a notebook


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _cells(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Each cell with its place: ``, cell 5 [3]``."""
    for number, cell in enumerate(nb.cells, 1):
        count = cell.get("execution_count")
        yield f", cell {number}" + (f" [{count}]" if count is not None else ""), cell


def _code(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    return ((where, cell) for where, cell in _cells(nb) if cell.cell_type == "code")


def _outputs(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    return ((where, output) for where, cell in _code(nb) for output in cell.outputs)


def _texts(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """Every source and every text in an output with its place; pictures are left out, SVG is not."""
    for where, cell in _cells(nb):
        yield where, cell.source
        for output in cell.get("outputs", []):
            yield where, output.get("text", "")
            yield where, "\n".join(output.get("traceback", []))
            for kind, data in output.get("data", {}).items():
                if kind == "image/svg+xml" or not kind.startswith(("image/", "application/pdf")):
                    yield where, data if isinstance(data, str) else repr(data)


def _png(cell: NotebookNode) -> list[tuple[str, str]]:
    """Each PNG of a cell with its alternative text."""
    return [
        (output.data["image/png"], output.metadata.get("image/png", {}).get("alt", ""))
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def _parsed(source: str) -> list[ast.stmt]:
    """Statements of a cell; lines of IPython's own language count for nothing."""
    try:
        return ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.M)).body
    except (SyntaxError, ValueError):
        return []

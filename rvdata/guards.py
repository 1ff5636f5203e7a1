"""What a published notebook must hold, beyond what nbval compares: nbval passes cells that never ran and ignores pictures.

The guards are pure: they read an executed notebook and return complaints, each with the notebook, the cell and a remedy.
In messages, cells are counted from 1 over all cells; the number in brackets is the one beside a code cell. Cells carry
their part in the notebook as a tag, in the order of `ORDER`; docs/notebooks.md says what each holds; those of
`COMPANIONS` answer no question of their own and are free in their order. The tag
``fixed-number`` on a Markdown cell allows digits in it: for names such as ISO 3166, never for data.
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
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nbfleet import plan

_FOLDERS = (
    "Applications|Library|System|Users|Volumes|bin|builds|content|data|dev|etc|home|io|lib|media|mnt|opt|private|proc"
    "|root|run|srv|tmp|usr|var|work|workspace"
)
_ABSOLUTE = re.compile(
    rf"(?<![\w.:/~\\<-])/(?:(?:{_FOLDERS})/[\w.@~+-]+|(?:home|root|tmp)\b)"
    r"|\b[A-Z]:\\{1,2}\w+|\b[a-zA-Z]:/Users/\w+|file://[\w/.%~+-]+"
)
_FENCED = r"^(```|~~~).*?^\1"
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
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
    found = list(_format(nb))
    if not found:  # the others rely on it
        free = (_ordered, _sizes) if Path(str(path)).stem in COMPANIONS else ()
        found = [complaint for guard in _GUARDS if guard not in free for complaint in guard(nb)]
    return [f"{path}{complaint}" for complaint in found]


# ---------------------------------------------------------------- of any notebook


def _format(nb: NotebookNode) -> Iterator[str]:
    try:
        nbformat.validate(deepcopy(nb))  # it may add what is missing
    except nbformat.ValidationError as error:
        yield f": not a valid notebook ({str(error).splitlines()[0]}). Open and save it in JupyterLab."


def _order(nb: NotebookNode) -> Iterator[str]:
    """Each code cell ran, once, from top to bottom: nbval silently passes cells that never did."""
    expected = 0
    for where, cell in code_cells(nb):
        if not cell.source.strip():
            continue
        expected += 1
        if cell.execution_count is None:
            yield f"{where}: has not run. Refresh it."
        elif cell.execution_count != expected:
            yield f"{where}: ran as number {cell.execution_count}, stands at {expected}. Refresh it."


def _outputs(nb: NotebookNode) -> Iterator[str]:
    """No cell ends in an error or warns."""
    for where, output in outputs(nb):
        if output.output_type == "error":
            yield f"{where}: ends in {output.ename}. Mend the cell and refresh it."
        elif output.output_type == "stream" and output.name == "stderr":
            first = next(iter(output.text.strip().splitlines()), "")[:80]
            yield f"{where}: writes to stderr ({first}). Mend the cause of the warning."


def _places(nb: NotebookNode) -> Iterator[str]:
    """Neither source nor output knows the machine it ran on."""
    for where, text in _texts(nb):
        for pattern, fault, remedy in (
            (_ABSOLUTE, "absolute path", "Find files from the project and print no folder"),
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
    for where, cell in code_cells(nb):
        if "injected-parameters" in tags(cell):
            yield f"{where}: was put in by papermill. Remove the cell and refresh it."


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


def _pictures(nb: NotebookNode) -> Iterator[str]:
    """Each chart left a picture: one that can be seen and is not that of another chart."""
    first: dict[str, str] = {}
    for where, cell in code_cells(nb):
        for picture, alt in pictures(cell):
            fault = _unseen(picture)
            if fault:
                yield f"{where}: its picture {fault}. Mend the chart and refresh it."
            elif not alt:
                yield f"{where}: its picture has no alternative text. Display it with metadata alt."
            elif first.setdefault(picture, where) != where:
                twin = first[picture].removeprefix(",")
                yield f"{where}: has the picture of{twin}. Draw each chart from its own data."


def _unseen(picture: str) -> str:
    """Why nobody can see anything in a picture, empty if somebody can."""
    from PIL import Image, ImageFile

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # weasyprint sets it for all
    try:
        data = io.BytesIO(base64.b64decode(picture, validate=False))
        with Image.open(data, formats=["PNG"]) as image:
            lowest_and_highest = image.convert("RGBA").getextrema()
    except (OSError, SyntaxError, ValueError, binascii.Error):
        return "is no readable PNG"
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    if all(low == high for low, high in lowest_and_highest):
        return "is of one colour"
    return ""


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
    for where, cell in cells(nb):
        if part(cell) != "evidence" and (hit := PRIVATE.search(told([cell]))):
            yield f"{where}: says {hit[0]!r}, which readers do not know. Say it in their words."


def _calls(source: str, defined: bool = True) -> Iterator[ast.Call]:
    """Calls in a cell, with or without those of functions that it only defines."""
    for statement in _parsed(source):
        if defined or not isinstance(statement, ast.FunctionDef):
            yield from (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def _drawn(nb: NotebookNode) -> Iterator[str]:
    """Each cell that draws left a picture."""
    for where, cell in code_cells(nb):
        calls = (ast.unparse(call.func) for call in _calls(cell.source, defined=False))
        draws = "chart" in tags(cell) or any(re.fullmatch(r"charts\.\w+", name) for name in calls)
        if draws and not pictures(cell):
            yield f"{where}: draws a chart, but has no picture. Run rvdata refresh."


def _question(nb: NotebookNode) -> Iterator[str]:
    first = nb.cells[0] if nb.cells else None
    if first is None or first.cell_type != "markdown":
        yield ", cell 1: is no Markdown cell. Begin with the question as a heading: # … ?"
        return
    top = [
        (where, hit[1].strip())
        for where, cell in cells(nb)
        if cell.cell_type == "markdown"
        for hit in re.finditer(
            r"^# +(.+?)[ #]*$", re.sub(_FENCED, "", cell.source, flags=re.M | re.S), re.M
        )
    ]
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


_GUARDS = (
    _order,
    _outputs,
    _places,
    _parameters,
    _fixed_numbers,
    _dollars,
    _pictures,
    _ordered,
    _sizes,
    _templates,
    _spoken,
    _drawn,
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


def outputs(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Each output with the place of its cell."""
    return ((where, output) for where, cell in code_cells(nb) for output in cell.outputs)


def _texts(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """Every source and every text in an output with its place; pictures are left out, SVG is not."""
    for where, cell in cells(nb):
        yield where, cell.source
        for output in cell.get("outputs", []):
            yield where, output.get("text", "")
            yield where, "\n".join(output.get("traceback", []))
            for kind, data in output.get("data", {}).items():
                if kind == "image/svg+xml" or not kind.startswith(("image/", "application/pdf")):
                    yield where, data if isinstance(data, str) else repr(data)


def pictures(cell: NotebookNode) -> list[tuple[str, str]]:
    """Each PNG of a cell with its alternative text."""
    return [
        (output.data["image/png"], output.metadata.get("image/png", {}).get("alt", ""))
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]

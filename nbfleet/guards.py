"""What a published notebook must hold, beyond what nbval compares: nbval passes cells that never ran and ignores pictures.

The guards are pure: they read an executed notebook and return complaints, each with the notebook, the cell and a remedy.
A project adds its own with the same helpers. In messages, cells are counted from 1 over all cells; the number in
brackets is the one beside a code cell. The tag ``fixed-number`` on a Markdown cell allows digits in it: for names such
as ISO 3166, never for data.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy

import nbformat
from nbformat import NotebookNode

from nbfleet import plan

Guard = Callable[[NotebookNode], Iterator[str]]
_FOLDERS = (
    "Applications|Library|System|Users|Volumes|bin|builds|content|data|dev|etc|home|io|lib|media|mnt|opt|private|proc"
    "|root|run|srv|tmp|usr|var|work|workspace"
)
_ABSOLUTE = re.compile(
    rf"(?<![\w.:/~\\<-])/(?:(?:{_FOLDERS})/[\w.@~+-]+|(?:home|root|tmp)\b)"
    r"|\b[A-Z]:\\{1,2}\w+|\b[a-zA-Z]:/Users/\w+|file://[\w/.%~+-]+"
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def complaints(nb: NotebookNode, path: object, more: Sequence[Guard] = ()) -> list[str]:
    """Everything that is wrong with an executed notebook.

    Parameters
    ----------
    nb : NotebookNode
        As read from the file, version 4.
    path : str or Path
        How messages name the notebook.
    more : sequence of callable
        Guards of the project, asked like those here.

    Returns
    -------
    list of str
        Empty if there is nothing to mend.
    """
    found = list(_format(nb))
    if not found:  # the others rely on it
        for guard in (*_GUARDS, *more):
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
    for where, cell in code_cells(nb):
        if not cell.source.strip():
            continue
        expected += 1
        if cell.execution_count is None:
            yield f"{where}: has not run. Refresh it."
        elif cell.execution_count != expected:
            yield f"{where}: ran as number {cell.execution_count}, stands at {expected}. Refresh it."


def _errors(nb: NotebookNode) -> Iterator[str]:
    for where, output in outputs(nb):
        if output.output_type == "error":
            yield f"{where}: ends in {output.ename}. Mend the cell and refresh it."


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


def _stderr(nb: NotebookNode) -> Iterator[str]:
    for where, output in outputs(nb):
        if output.output_type == "stream" and output.name == "stderr":
            first = output.text.strip().splitlines()[0][:80] if output.text.strip() else ""
            yield f"{where}: writes to stderr ({first}). Mend the cause of the warning."


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
    texts = [(where, cell.source) for where, cell in cells(nb) if cell.cell_type == "markdown"]
    texts += [
        (where, output.data["text/markdown"])
        for where, output in outputs(nb)
        if "text/markdown" in output.get("data", {})
    ]
    for where, text in texts:
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


def headings(nb: NotebookNode, level: int) -> Iterator[tuple[str, str]]:
    """Place and text of each Markdown heading of a level."""
    for where, cell in cells(nb):
        if cell.cell_type == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.M | re.S)
            for hit in re.finditer(rf"^#{{{level}}} +(.+?)[ #]*$", text, re.M):
                yield where, hit[1].strip()


_GUARDS: tuple[Guard, ...] = (
    _order,
    _errors,
    _places,
    _parameters,
    _stderr,
    _fixed_numbers,
    _dollars,
    _pictures,
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

"""Notebooks built in code: small ones that run in a second, and one that passes every guard."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PARAMETERS = """\
recipient: str = "VEN"  # ISO3 of the importing state
start: int = 2000  # first year
share: float = 0.5  # least share shown
detailed: bool = False  # whether to show every supplier
suppliers: list[str] = ["RUS", "CHN"]  # ISO3 of suppliers
end: int | None = None  # last year, the latest if None
"""


def code(
    source: str, *tags: str, outputs: list | None = None, count: int | None = None
) -> NotebookNode:
    cell = new_code_cell(source, outputs=outputs or [], execution_count=count)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def markdown(source: str, *tags: str) -> NotebookNode:
    cell = new_markdown_cell(source)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def notebook(*cells: NotebookNode) -> NotebookNode:
    """The cells with stable ids and a python3 kernelspec."""
    nb = new_notebook(cells=list(cells))
    nb.metadata["kernelspec"] = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"
    return nb


def runnable(
    *sources: str, title: str = "# Who arms whom?", parameters: str = PARAMETERS
) -> NotebookNode:
    """A notebook that has not run: a title, a parameters cell and code cells."""
    return notebook(
        markdown(title), code(parameters, "parameters"), *(code(source) for source in sources)
    )


def save(nb: NotebookNode, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


def png(*colours: str) -> str:
    """A picture with one vertical stripe a colour, as base64."""
    from PIL import Image

    image = Image.new("RGB", (8 * len(colours), 8))
    for position, colour in enumerate(colours):
        image.paste(Image.new("RGB", (8, 8), colour), (8 * position, 0))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def picture(data: str, alt: str = "Bars of two suppliers") -> NotebookNode:
    metadata = {"image/png": {"alt": alt}}
    return new_output(
        "display_data", data={"image/png": data, "text/plain": "<Figure>"}, metadata=metadata
    )


def table(text: str = "  supplier  share_pct\n0      RUS       73.0") -> NotebookNode:
    html = '<table border="1" class="dataframe"><tr><th></th><th>supplier</th></tr><tr><th>0</th><td>RUS</td></tr></table>'
    return new_output(
        "execute_result", data={"text/plain": text, "text/html": html}, execution_count=5
    )


def printed(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def narrated(text: str) -> NotebookNode:
    return new_output("display_data", data={"text/markdown": text, "text/plain": "<Markdown>"})


def good() -> NotebookNode:
    """An executed notebook by the notebook guide, for the guards."""
    return notebook(
        markdown("# Who supplies the arms of a recipient?", "question"),
        markdown(
            "## Why it matters\n\nThe answer changes with `step_2` and [the list](https://example.org/2025/a).",
            "why",
        ),
        code('recipient: str = "VEN"  # ISO3 of the importing state', "parameters", count=1),
        code(
            "print(len(rows), 'rows')", "load", count=2, outputs=[printed("3 rows, 2000 to 2024\n")]
        ),
        code("plotted = shares(rows)\nplotted", "compute", count=3, outputs=[table()]),
        code("charts.bars(plotted);", "chart", count=4, outputs=[picture(png("red", "blue"))]),
        code(
            "narrative.show(plotted)",
            "narrative",
            count=5,
            outputs=[narrated("Russia supplied 73 %.")],
        ),
        code("evidence(plotted)", "evidence", count=6, outputs=[table()]),
        code(
            "limits(rows)",
            "limits",
            count=7,
            outputs=[narrated("Shares are of volume, not of money.")],
        ),
    )

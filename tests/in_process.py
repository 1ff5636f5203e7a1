"""A published notebook run in this process, with other parameters: what each of its parts says, draws and shows."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import nbformat

from nbfleet import plan
from rvdata import guards, words
from rvdata.charts import house

# a report compiles each of its texts once; here the same ones are asked for again and again
words._environment().from_string = functools.cache(words._environment().from_string)
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


@dataclass
class Run:
    """What a notebook displayed, by part (answer, figure, more, evidence): sentences, alternative texts, tables; and all pictures."""

    said: dict[str, list[str]] = field(default_factory=dict)
    alts: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, list] = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)

    def answer(self) -> str:
        """Sentences of the answer."""
        return "\n".join(self.said.get("answer", []))

    def told(self) -> str:
        """All sentences."""
        return "\n".join(text for texts in self.said.values() for text in texts)

    def words(self) -> int:
        """Words of the answer."""
        return guards.words(guards.told([nbformat.v4.new_markdown_cell(self.answer())]))


@functools.cache
def notebook(name: str) -> nbformat.NotebookNode:
    """As it is published."""
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)


def run(name: str, *, draw: bool = True, paint: bool = False, **parameters: object) -> Run:
    """Every code cell of a notebook, in order.

    Parameters
    ----------
    draw, paint : bool
        Whether chart cells run, and whether their figures are made pictures: both take time. If they are, each chart cell
        runs once more at the end, and must show the same.
    parameters
        In place of those of the notebook; an unknown one is an error.
    """
    done, painted = Run(), house.show
    known = {p.name for p in plan.read_parameters(NOTEBOOKS / f"{name}.ipynb")}
    assert set(parameters) <= known, set(parameters) - known
    cells = [c for c in notebook(name).cells if c.cell_type == "code"]
    charts = [c for c in cells if "chart" in c.metadata.tags]

    def execute(cell: nbformat.NotebookNode) -> None:
        part = guards.part(cell)

        def display(*items: object, **more: object) -> None:
            for item in items:
                if isinstance(item, dict):
                    if "image/png" in item:
                        done.alts.setdefault(part, []).append(item["text/plain"])
                        done.pictures.append(base64.b64decode(item["image/png"]))
                elif hasattr(item, "frame"):
                    done.tables.setdefault(part, []).append(item)
                else:
                    done.said.setdefault(part, []).append(item.data)

        def show(fig, alt: str, *_: object) -> None:
            done.alts.setdefault(part, []).append(alt)

        done.names["display"] = display
        with (
            mock.patch("IPython.display.display", display),
            mock.patch("builtins.print"),
            mock.patch.object(house, "show", painted if paint else show),
        ):
            exec(compile(cell.source, f"{name}: {cell.id}", "exec"), done.names)
        if "parameters" in cell.metadata.tags:
            done.names.update(parameters)

    for cell in cells:
        if draw or cell not in charts:
            execute(cell)
    if paint:
        first, done.pictures = done.pictures, []
        for cell in charts:
            execute(cell)
        assert done.pictures == first, "a chart cell that runs again shows something else"
    return done

"""Guards of published notebooks: each fails on a notebook broken in one place, all pass on the good one."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from notebook_factory import notebook, picture, png, printed

from rvdata.guards import complaints

QUESTION, PARAMETERS, DATA, SHARE, ANSWER, COMPUTE, CHART, FINDING, EVIDENCE, LIMITS = range(10)
HIDDEN = {"source_hidden": True}


def told(text):
    return new_output("display_data", data={"text/markdown": text, "text/plain": "Markdown"})


def table(rows):
    html = "<table><thead><tr><th>a</th></tr></thead>" + "<tr><td>b</td></tr>" * rows + "</table>"
    return new_output("display_data", data={"text/html": html, "text/plain": "a b"})


def cell(source, *tags, outputs=(), hidden=False):
    made = new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})
    if hidden:
        made.metadata["jupyter"] = dict(HIDDEN)
    return made


def good():
    """A notebook by the guide."""
    nb = notebook(
        new_markdown_cell("# How much?\n\nIt matters.", metadata={"tags": ["question"]}),
        cell('country: str = "VEN"  # ISO3 code', "parameters"),
        cell("rows = load()", "data", outputs=[printed("rows: 3")]),
        cell("share = 100 * part / whole", "answer"),
        cell(
            'words.say("{{ share | pct }}.", globals())',
            "answer",
            outputs=[told("**70 %.**"), table(5)],
            hidden=True,
        ),
        cell("annual = rows.groupby('year').sum()", "compute"),
        cell(
            "with charts.frame(annual) as ax: pass", "chart", outputs=[picture(png("red", "white"))]
        ),
        cell(
            'words.say("It rose.", globals())', "finding", outputs=[told("It rose.")], hidden=True
        ),
        cell("notes.show()", "evidence", outputs=[table(30)]),
        new_markdown_cell("## What this cannot show\n\n- Much.", metadata={"tags": ["limits"]}),
    )
    number(nb)
    return nb


def number(nb):
    for count, code in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        code.execution_count = count


def test_a_notebook_by_the_guide_passes():
    assert complaints(good(), "arms") == []


def swapped(nb):
    nb.cells[DATA:COMPUTE] = [*nb.cells[SHARE:COMPUTE], nb.cells[DATA]]
    number(nb)


def figures(nb):
    extra = [
        cell("with charts.frame(a) as ax: pass", "chart", outputs=[picture(png("white", colour))])
        for colour in ("blue", "green", "black", "yellow")
    ]
    nb.cells[FINDING:FINDING] = extra
    number(nb)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (swapped, "data stands after answer"),
        (figures, "has 5 figures. 4 are allowed"),
        (lambda nb: nb.cells.pop(EVIDENCE) and number(nb), "no cell is tagged evidence"),
        (lambda nb: nb.cells[COMPUTE].metadata.pop("tags"), "has no tag of a part"),
        (
            lambda nb: nb.cells[ANSWER].outputs.__setitem__(0, told("word " * 61)),
            "has 61 answer words. 60 are allowed",
        ),
        (
            lambda nb: nb.cells[ANSWER].outputs.__setitem__(1, table(6)),
            "has 6 claims. 5 are allowed",
        ),
        (
            lambda nb: nb.cells[FINDING].outputs.__setitem__(0, told("word " * 41)),
            "has 41 finding words",
        ),
        (
            lambda nb: nb.cells[COMPUTE].update(source="a = 1\n" * 16),
            "has 16 compute lines. 15 are allowed",
        ),
        (lambda nb: nb.cells[SHARE].update(source="a = 1\n" * 16), "has 16 compute lines"),
        (
            lambda nb: nb.cells[PARAMETERS].update(
                source="".join(f"p{i}: int = 0  # a\n" for i in range(8))
            ),
            "has 8 parameters",
        ),
        (lambda nb: nb.cells[LIMITS].update(source="word " * 450), "words. 450 are allowed"),
        (
            lambda nb: nb.cells[FINDING].update(source='words.say("It rose by 7 %.", globals())'),
            "holds '7'. Let it come",
        ),
        (
            lambda nb: nb.cells[ANSWER].metadata.pop("jupyter"),
            "is not hidden. Set jupyter.source_hidden",
        ),
        (
            lambda nb: nb.cells[FINDING].outputs.__setitem__(0, told("Three rows say so.")),
            "says 'rows', which readers",
        ),
        (lambda nb: nb.cells[CHART].update(outputs=[]), "draws a chart, but has no picture"),
        (
            lambda nb: nb.cells[EVIDENCE].update(source="charts.show(figure)"),
            "cell 9 [8]: draws a chart, but has no picture",
        ),
        (lambda nb: nb.cells[QUESTION].update(source="# Arms imports"), "is no question"),
        (lambda nb: nb.cells[QUESTION].update(source="Who?"), "has 0 top headings"),
        (lambda nb: nb.cells[LIMITS].update(source="# And?"), "has 2 top headings"),
    ],
)
def test_one_departure_is_one_complaint(change, complaint):
    nb = good()
    change(nb)
    found = complaints(nb, "arms")
    assert len(found) == 1 and complaint in found[0], found


def test_what_is_folded_may_be_long():
    nb = good()
    more = [
        cell("x = 1", "more", "compute"),
        cell(
            'words.say("Much.", globals())',
            "more",
            "finding",
            outputs=[told("word " * 30)],
            hidden=True,
        ),
    ] * 20
    nb.cells[EVIDENCE:EVIDENCE] = [
        cell(c.source, *c.metadata.tags, outputs=c.outputs, hidden="jupyter" in c.metadata)
        for c in more
    ]
    number(nb)
    assert complaints(nb, "arms") == []


def test_all_complaints_come_at_once_and_a_notebook_without_cells_raises_nothing():
    nb = good()
    nb.cells[DATA].execution_count = None
    nb.cells[LIMITS].source = "Since 2000"
    assert len(complaints(nb, "arms")) == 2
    empty = "arms, cell 1: is no Markdown cell. Begin with the question as a heading: # … ?"
    assert empty in complaints(notebook(), "arms")


def test_the_start_page_has_an_order_of_its_own_and_is_held_to_the_rest():
    nb = good()
    nb.cells.pop(EVIDENCE)
    nb.cells[COMPUTE].metadata.pop("tags")
    assert complaints(nb, "start.ipynb") == []
    assert len(complaints(nb, "arms.ipynb")) == 2
    nb.cells[FINDING].outputs[0] = told("Three rows say so.")
    nb.cells[CHART].outputs = []
    assert len(complaints(nb, "start.ipynb")) == 2

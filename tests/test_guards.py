"""Guards of published notebooks: each fails on a notebook broken in one place, all pass on the good one."""

from __future__ import annotations

from copy import deepcopy

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


def broken(change) -> list[str]:
    """Complaints about the good notebook after one change."""
    nb = good()
    change(nb)
    return complaints(nb, "arms.ipynb")


def source(index: int, text: str):
    return lambda nb: nb.cells[index].update(source=text)


def outputs(index: int, *items):
    return lambda nb: nb.cells[index].update(outputs=list(items))


def replaced(index: int, which: int, output):
    return lambda nb: nb.cells[index].outputs.__setitem__(which, output)


def inserted(index: int, *cells):
    def change(nb):
        nb.cells[index:index] = cells
        number(nb)

    return change


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


def test_a_notebook_by_the_guide_passes_and_is_not_changed():
    nb = good()
    before = deepcopy(nb)
    assert complaints(nb, "arms.ipynb") == []
    assert nb == before


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda nb: nb.cells[CHART].update(execution_count=None), ", cell 7: has not run. Refresh"),
        (
            lambda nb: nb.cells[CHART].update(execution_count=9),
            ", cell 7 [9]: ran as number 9, stands at 6. Refresh it.",
        ),
        (
            inserted(
                DATA, new_code_cell("a = 1", metadata={"tags": ["injected-parameters", "data"]})
            ),
            ", cell 3 [2]: was put in by papermill. Remove the cell and refresh it.",
        ),
        (
            outputs(DATA, printed("rows"), printed("FutureWarning: soon\n  x()\n", "stderr")),
            ", cell 3 [2]: writes to stderr (FutureWarning: soon). Mend the cause of the warning.",
        ),
        (
            outputs(FINDING, told("Between $4 billion and $11 billion.")),
            ", cell 8 [7]: two bare dollar signs in one paragraph are read as a formula. Write \\$ or",
        ),
        (
            outputs(CHART, picture(png("red", "blue"), alt="")),
            ", cell 7 [6]: its picture has no alternative text. Display it with metadata alt.",
        ),
        (source(QUESTION, "# Arms imports"), "the top heading 'Arms imports' is no question"),
        (source(QUESTION, "Who?"), ": has top headings (#) in no cell. Keep one, the question, in"),
        (source(LIMITS, "# And why?"), ": has top headings (#) in cell 1, cell 10. Keep one, the"),
        (inserted(0, cell("a", "question")), ": has top headings (#) in cell 2. Keep one, the"),
        (swapped, "data stands after answer"),
        (figures, "has 5 figures. 4 are allowed"),
        (lambda nb: nb.cells.pop(EVIDENCE) and number(nb), "no cell is tagged evidence"),
        (lambda nb: nb.cells[COMPUTE].metadata.pop("tags"), "has no tag of a part"),
        (
            replaced(ANSWER, 0, told("word " * 61)),
            "has 61 answer words. 60 are allowed",
        ),
        (
            replaced(ANSWER, 1, table(6)),
            "has 6 claims. 5 are allowed",
        ),
        (
            replaced(FINDING, 0, told("word " * 41)),
            "has 41 finding words",
        ),
        (
            source(COMPUTE, "a = 1\n" * 16),
            "has 16 compute lines. 15 are allowed",
        ),
        (source(SHARE, "a = 1\n" * 16), "has 16 compute lines"),
        (
            lambda nb: nb.cells[PARAMETERS].update(
                source="".join(f"p{i}: int = 0  # a\n" for i in range(8))
            ),
            "has 8 parameters",
        ),
        (source(LIMITS, "word " * 450), "words. 450 are allowed"),
        (
            source(FINDING, 'words.say("It rose by 7 %.", globals())'),
            "holds '7'. Let it come",
        ),
        (
            lambda nb: nb.cells[ANSWER].metadata.pop("jupyter"),
            "is not hidden. Set jupyter.source_hidden",
        ),
        (
            replaced(FINDING, 0, told("Three rows say so.")),
            "says 'rows', which readers",
        ),
    ],
)
def test_one_departure_is_one_complaint(change, complaint):
    found = broken(change)
    assert len(found) == 1 and complaint in found[0], found


@pytest.mark.parametrize(
    "prose",
    ["About 73 of them.", "## Since 2000", "a share of 5%", "most, in %", "1. first", "H2O", "x²3"],
)
def test_a_number_in_fixed_prose_is_found(prose):
    (complaint,) = broken(source(LIMITS, prose))
    assert complaint.startswith("arms.ipynb, cell 10: fixed prose holds '")


@pytest.mark.parametrize(
    "prose",
    [
        "`start = 2000` is code",
        "``a ` 2``",
        "```\nx = 3\n```",
        "[text](https://example.org/2019)",
        "![a](x1.png)",
        "<https://example.org/2019>",
        "see https://example.org/2019/",
        "[a]: https://example.org/3",
        "a &#8211; b",
    ],
)
def test_code_and_link_targets_may_hold_digits(prose):
    assert broken(source(LIMITS, prose)) == []


def test_a_fixed_number_is_allowed_where_the_cell_says_so():
    def change(nb):
        nb.cells[LIMITS].source = "Codes are ISO 3166."
        nb.cells[LIMITS].metadata.tags = ["limits", "fixed-number"]

    assert broken(change) == []


@pytest.mark.parametrize(
    "change",
    [
        *(
            outputs(FINDING, told(text))
            for text in ("\\$4 and \\$11.", "Only $4.", "First $4.\n\nThen $11.", "`$4`, `$11`")
        ),
        lambda nb: nb.cells.append(cell("  ", "limits")),
    ],
)
def test_what_is_harmless_passes(change):
    """A dollar sign alone or escaped, an empty code cell."""
    assert broken(change) == []


def test_what_is_folded_may_be_long():
    more = cell("x = 1\n" * 20, "more", outputs=[told("word " * 600)])
    assert broken(inserted(EVIDENCE, more)) == []


def test_the_start_page_has_an_order_of_its_own_and_is_held_to_the_rest():
    nb = good()
    nb.cells.pop(EVIDENCE)
    nb.cells[COMPUTE].metadata.pop("tags")
    assert complaints(nb, "start.ipynb") == []
    assert len(complaints(nb, "arms.ipynb")) == 2
    nb.cells[FINDING].outputs[0] = told("Three rows say so.")
    assert len(complaints(nb, "start.ipynb")) == 1

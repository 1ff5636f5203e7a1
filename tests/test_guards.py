"""What published notebooks of this project must hold: each fails on a notebook broken in one place, all pass on the good one."""

from __future__ import annotations

import pytest
from notebook_factory import code, good, narrated, notebook, picture, png, printed, table

from rvdata.guards import complaints

QUESTION, WHY, PARAMETERS, LOAD, COMPUTE, CHART, NARRATIVE, EVIDENCE, LIMITS = range(9)


def broken(change) -> list[str]:
    """Complaints about the good notebook after one change."""
    nb = good()
    change(nb)
    return complaints(nb, "arms.ipynb")


def source(index: int, text: str):
    return lambda nb: nb.cells[index].update(source=text)


def outputs(index: int, *items):
    return lambda nb: nb.cells[index].update(outputs=list(items))


def tags(index: int, *names: str):
    return lambda nb: nb.cells[index].metadata.update(tags=list(names))


def number(nb) -> None:
    """Count the code cells anew, as a refresh would."""
    for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
        cell.execution_count = count


def second_chart(nb, *, shown: bool, data: str) -> None:
    cells = [code("charts.bars(plotted);", "chart", outputs=[picture(data)])]
    if shown:
        cells.insert(
            0, code("plotted = more(rows)\ndisplay(plotted)", "compute", outputs=[table()])
        )
    nb.cells[EVIDENCE:EVIDENCE] = cells
    number(nb)


def test_a_notebook_by_the_guide_passes():
    assert complaints(good(), "arms.ipynb") == []


def test_a_second_group_of_table_chart_and_narrative_passes():
    def change(nb):
        second_chart(nb, shown=True, data=png("green", "white"))
        nb.cells.insert(
            EVIDENCE + 2, code("narrative.show(plotted)", "narrative", outputs=[narrated("More.")])
        )
        number(nb)

    assert broken(change) == []


@pytest.mark.parametrize(
    "last",
    [
        "plotted.head()",
        "plotted.shape",
        "print(plotted)",
        "rows",
        "plotted = 1",
        "plotted.sort_values('x').tail(2)",
        "show(plotted)",
        "",
    ],
)
def test_a_chart_without_plotted_before_it_is_found(last):
    assert broken(source(COMPUTE, f"plotted = shares(rows)\n{last}")) == [
        "arms.ipynb, cell 6 [4]: no cell before this chart shows plotted. End one with plotted, after the last chart."
    ]


@pytest.mark.parametrize(
    "last",
    [
        "plotted",
        "display(plotted)",
        "plotted.round(1)",
        "display(plotted.style.hide())",
        "narrative.show_plotted(plotted)",
        "%time x\nplotted",
    ],
)
def test_plotted_may_be_shown_in_several_ways(last):
    assert broken(source(COMPUTE, f"plotted = shares(rows)\n{last}")) == []


def test_plotted_in_the_cell_of_the_chart_itself_does_not_count():
    def change(nb):
        nb.cells[COMPUTE].source = "plotted = shares(rows)"
        nb.cells[CHART].source = "charts.bars(plotted)\nplotted"

    assert len(broken(change)) == 1


def test_each_chart_needs_its_own_plotted():
    assert broken(lambda nb: second_chart(nb, shown=False, data=png("green", "white"))) == [
        "arms.ipynb, cell 8 [6]: no cell before this chart shows plotted. End one with plotted, after the last chart."
    ]


def test_plotted_without_a_table_is_found():
    found = broken(outputs(COMPUTE, printed("shown")))
    assert (
        found[0]
        == "arms.ipynb, cell 5 [3]: plotted is shown, but there is no table. Run rvdata refresh."
    )


@pytest.mark.parametrize("text", ["0  1\n..  ..\n[99 rows x 2 columns]", "0  a long lab..."])
def test_a_table_that_pandas_cut_off_is_found(text):
    assert "cell 5 [3]: plotted is cut off" in broken(outputs(COMPUTE, table(text)))[0]


def test_a_chart_whose_picture_is_lost_is_found():
    for change in (outputs(CHART, printed("<Figure size 640x480>")), outputs(CHART)):
        assert (
            "arms.ipynb, cell 6 [4]: draws a chart, but has no picture. Run rvdata refresh."
            in broken(change)
        )


def test_a_call_of_charts_needs_a_picture_in_any_cell():
    assert broken(source(EVIDENCE, "charts.show(figure, alt)")) == [
        "arms.ipynb, cell 8 [6]: draws a chart, but has no picture. Run rvdata refresh."
    ]


@pytest.mark.parametrize("title", ["# Arms imports", "## Who?", "Who?", "# One?\n\n# Two?"])
def test_a_title_that_is_not_one_question_is_found(title):
    assert len(broken(source(QUESTION, title))) == 1


def test_a_notebook_without_cells_is_complained_of_and_raises_nothing():
    assert (
        "arms.ipynb, cell 1: is no Markdown cell. Begin with the question as a heading: # … ?"
        in complaints(notebook(), "arms.ipynb")
    )


def test_a_second_top_heading_further_down_is_found():
    assert broken(source(WHY, "# And why?")) == [
        "arms.ipynb: has 2 top headings (#). Keep one, the question, in the first cell."
    ]


def test_a_first_cell_that_is_code_is_found():
    def change(nb):
        nb.cells.insert(0, code("import rvdata"))
        number(nb)

    assert broken(change) == [
        "arms.ipynb, cell 1 [1]: is no Markdown cell. Begin with the question as a heading: # … ?".replace(
            " [1]", ""
        )
    ]


@pytest.mark.parametrize(
    "part", ["question", "why", "load", "compute", "narrative", "evidence", "limits"]
)
def test_a_missing_part_is_found(part):
    def change(nb):
        for cell in nb.cells:
            cell.metadata["tags"] = [tag for tag in cell.metadata.tags if tag != part]

    assert broken(change) == [
        f"arms.ipynb: no cell is tagged {part}. Add the part, or tag its cell."
    ]


@pytest.mark.parametrize(
    ("first", "second", "before", "after"),
    [
        (WHY, PARAMETERS, "parameters", "why"),
        (EVIDENCE, LIMITS, "limits", "evidence"),
        (NARRATIVE, EVIDENCE, "evidence", "narrative"),
    ],
)
def test_parts_out_of_order_are_found(first, second, before, after):
    def change(nb):
        nb.cells[first], nb.cells[second] = nb.cells[second], nb.cells[first]
        number(nb)

    (complaint,) = broken(change)
    assert (
        f": {after} stands after {before}. The order is question, why, parameters, load,"
        in complaint
    )


def test_a_narrative_before_the_first_chart_is_found():
    def change(nb):
        nb.cells[CHART], nb.cells[NARRATIVE] = nb.cells[NARRATIVE], nb.cells[CHART]
        number(nb)

    (complaint,) = broken(change)
    assert complaint.startswith("arms.ipynb, cell 6 [4]: narrative stands before chart.")


def test_a_cell_with_two_parts_is_found():
    assert "arms.ipynb, cell 5 [3]: is tagged load and compute. Keep one part a cell." in broken(
        tags(COMPUTE, "load", "compute")
    )


@pytest.mark.parametrize("index", [LOAD, EVIDENCE, LIMITS])
def test_a_part_that_shows_nothing_is_found(index):
    (complaint,) = broken(outputs(index))
    assert "shows anything. See the notebook guide" in complaint


def test_a_narrative_that_is_not_markdown_is_found():
    assert broken(outputs(NARRATIVE, printed("73 percent"))) == [
        "arms.ipynb: the narrative is not displayed as Markdown. Display it with rvdata.narrative."
    ]


def test_all_complaints_come_at_once():
    def change(nb):
        nb.cells[LOAD].execution_count = None
        nb.cells[WHY].source = "Since 2000"

    assert len(broken(change)) == 2

"""Guards on any published notebook: each fails on a notebook broken in one place, all pass on the good one."""

from __future__ import annotations

from copy import deepcopy

import nbformat
import pytest
from notebook_factory import code, good, markdown, narrated, notebook, picture, png, printed
from PIL import ImageFile

from nbfleet.guards import complaints

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


def test_the_notebook_is_not_changed():
    nb = good()
    before = deepcopy(nb)
    complaints(nb, "arms.ipynb")
    assert nb == before


def test_an_invalid_notebook_is_refused():
    def change(nb):
        nb.cells[LOAD].outputs = [nbformat.from_dict({"output_type": "stream"})]

    (complaint,) = broken(change)
    assert complaint.startswith("arms.ipynb: not a valid notebook (")


def test_a_cell_that_never_ran_is_found():
    assert broken(lambda nb: nb.cells[CHART].update(execution_count=None)) == [
        "arms.ipynb, cell 6: has not run. Refresh it."
    ]


@pytest.mark.parametrize("count", [3, 5, 9])
def test_cells_that_ran_out_of_order_are_found(count):
    assert broken(lambda nb: nb.cells[CHART].update(execution_count=count)) == [
        f"arms.ipynb, cell 6 [{count}]: ran as number {count}, stands at 4. Refresh it."
    ]


def test_an_empty_code_cell_needs_no_number():
    assert broken(lambda nb: nb.cells.append(code("  "))) == []


def test_an_error_output_is_found():
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="3", traceback=[])
    assert broken(outputs(LOAD, printed("3 rows"), error)) == [
        "arms.ipynb, cell 4 [2]: ends in KeyError. Mend the cell and refresh it."
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/home/ann/x.csv",
        "/tmp",
        f"/{'root'}/a",
        "/Users/ann/x",
        "/mnt/c/x",
        "C:\\Users\\ann",
        "D:\\data",
        "c:/Users/ann",
        "file:///x",
    ],
)
@pytest.mark.parametrize("place", ["source", "stream", "html"])
def test_an_absolute_path_is_found_in_sources_and_outputs(path, place):
    change = {
        "source": source(LOAD, f"read('{path}')"),
        "stream": outputs(LOAD, printed(f"read {path}\n")),
        "html": outputs(
            LOAD, nbformat.v4.new_output("display_data", data={"text/html": f"<b>{path}</b>"})
        ),
    }[place]
    (complaint,) = broken(change)
    assert complaint.startswith("arms.ipynb, cell 4 [2]: holds the absolute path '")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/data/home/x",
        "../data/raw/x.csv",
        "and/or",
        "~/tmp/x",
        "1/2",
        "a:b",
        "</data></home>",
    ],
)
def test_addresses_and_relative_paths_are_no_absolute_paths(text):
    assert broken(outputs(LOAD, printed(text))) == []


def test_an_object_address_is_found():
    assert broken(outputs(LOAD, printed("<Axes at 0x7f3a2c1d>"))) == [
        "arms.ipynb, cell 4 [2]: holds the object address '0x7f3a2c1d'. Show a value, not an object."
    ]


def test_picture_data_is_not_searched_for_paths():
    data = png("red", "blue")
    assert (
        broken(
            outputs(
                CHART,
                picture(data),
                nbformat.v4.new_output("display_data", data={"image/jpeg": "/tmp/aa"}),
            )
        )
        == []
    )


def test_missing_unannotated_and_computed_parameters_are_found():
    assert broken(source(PARAMETERS, 'recipient = "VEN"  # state')) == [
        "arms.ipynb: parameters cell, line 1: recipient has no type. Write name: type = value  # what it means."
    ]
    assert (
        "the default of start is no literal"
        in broken(source(PARAMETERS, "start: int = 1 + x  # year"))[0]
    )
    assert broken(tags(PARAMETERS)) == [
        "arms.ipynb: no code cell is tagged parameters. Tag the cell that declares them."
    ]


def test_two_parameter_cells_are_found():
    assert "arms.ipynb: 2 cells are tagged parameters. Keep one and untag the others." in broken(
        tags(LOAD, "parameters")
    )


def test_a_cell_that_papermill_put_in_is_found():
    def change(nb):
        nb.cells.insert(LOAD, code("recipient = 'CUB'", "injected-parameters"))
        number(nb)

    assert broken(change) == [
        "arms.ipynb, cell 4 [2]: was put in by papermill. Remove the cell and refresh it."
    ]


def test_stderr_is_found():
    assert broken(
        outputs(LOAD, printed("rows"), printed("FutureWarning: soon\n  x()\n", "stderr"))
    ) == [
        "arms.ipynb, cell 4 [2]: writes to stderr (FutureWarning: soon). Mend the cause of the warning."
    ]


@pytest.mark.parametrize(
    "prose",
    ["About 73 of them.", "## Since 2000", "a share of 5%", "most, in %", "1. first", "H2O", "x²3"],
)
def test_a_number_in_fixed_prose_is_found(prose):
    (complaint,) = broken(source(WHY, prose))
    assert complaint.startswith("arms.ipynb, cell 2: fixed prose holds '")


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
    assert broken(source(WHY, prose)) == []


def test_a_number_in_the_text_of_a_link_is_found():
    assert "'[in" not in broken(source(WHY, "[in 2019](x)"))[0]
    assert "'2019]" in broken(source(WHY, "[in 2019](x)"))[0]


def test_a_fixed_number_is_allowed_where_the_cell_says_so():
    def change(nb):
        nb.cells[WHY].source = "Codes are ISO 3166."
        nb.cells[WHY].metadata.tags = ["why", "fixed-number"]

    assert broken(change) == []


def test_two_bare_dollar_signs_in_a_paragraph_are_found_in_computed_text_too():
    change = outputs(NARRATIVE, narrated("Between $4 billion and $11 billion."))
    assert broken(change) == [
        "arms.ipynb, cell 7 [5]: two bare dollar signs in one paragraph are read as a formula. Write \\$ or USD."
    ]
    for harmless in (
        "Some \\$4 and \\$11.",
        "Only $4.",
        "First $4.\n\nThen $11.",
        "`$4` and `$11`",
    ):
        assert broken(outputs(NARRATIVE, narrated(harmless))) == []


@pytest.mark.parametrize("data", ["", "bm8gcG5n", png("red", "blue")[:60], "/9j/4AAQSkZJRg=="])
def test_a_picture_that_is_no_png_is_found(data, monkeypatch):
    monkeypatch.setattr(
        ImageFile, "LOAD_TRUNCATED_IMAGES", True
    )  # as after an import of weasyprint
    assert broken(outputs(CHART, picture(data))) == [
        "arms.ipynb, cell 6 [4]: its picture is no readable PNG. Mend the chart and refresh it."
    ]


def test_a_picture_of_one_colour_is_found():
    assert broken(outputs(CHART, picture(png("white", "white")))) == [
        "arms.ipynb, cell 6 [4]: its picture is of one colour. Mend the chart and refresh it."
    ]


def test_the_same_picture_twice_is_found():
    def change(nb):
        nb.cells.insert(EVIDENCE, code("again", outputs=[picture(png("red", "blue"))]))
        number(nb)

    assert broken(change) == [
        "arms.ipynb, cell 8 [6]: has the picture of cell 6 [4]. Draw each chart from its own data."
    ]


def test_a_picture_without_alternative_text_is_found():
    assert broken(outputs(CHART, picture(png("red", "blue"), alt=""))) == [
        "arms.ipynb, cell 6 [4]: its picture has no alternative text. Display it with metadata alt."
    ]


def test_a_notebook_without_cells_is_complained_of_and_raises_nothing():
    assert complaints(notebook(), "arms.ipynb") == [
        "arms.ipynb: no code cell is tagged parameters. Tag the cell that declares them."
    ]
    assert complaints(notebook(markdown("# Q?", "question")), "arms.ipynb")

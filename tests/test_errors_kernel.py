"""What a user of JupyterLab sees of an error that he can mend: his own line and the message, nothing of ours."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from real_kernel import COLD, WARM, outputs, started

CELL = """import rvdata

def ask(table):
    return rvdata.load(table)"""
MESSAGE = "no table is called 'figure' (nearest: figures); there are: "


def shown(client, source: str) -> list[str]:
    """The lines of the one error that a cell gives."""
    (error,) = outputs(client, source)
    assert error["kind"] == "error" and error["ename"] == "DataError"
    return "\n".join(error["traceback"]).splitlines()


@pytest.mark.parametrize("name", [COLD, WARM])
def test_an_error_in_a_kernel_is_the_line_of_the_cell_and_the_message(name, tmp_path):
    with started(name, tmp_path) as kernel:
        assert outputs(kernel, CELL) == []
        *lines, message = shown(kernel, 'first = 1\nask(\n    "figure"\n)')
        assert lines == [
            "Cell In[2], line 2",
            "----> 2 ask(",
            "Cell In[1], line 4",
            "----> 4 return rvdata.load(table)",
        ]
        assert message.startswith(f"DataError: {MESSAGE}")
        # what another library calls in between is not shown either, nor what the error follows from
        *lines, message = shown(
            kernel, 'import pandas\npandas.Series(["figure"]).map(rvdata.describe)'
        )
        assert lines == [
            "Cell In[3], line 2",
            '----> 2 pandas.Series(["figure"]).map(rvdata.describe)',
        ]
        assert message.startswith(f"DataError: {MESSAGE}")


def test_the_error_of_papermill_ends_in_the_message(tmp_path):
    nb = new_notebook(cells=[new_code_cell('import rvdata\nrvdata.load("figure")')])
    nbformat.write(nb, tmp_path / "in.ipynb")
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        papermill.execute_notebook(
            tmp_path / "in.ipynb", None, kernel_name="python3", progress_bar=False
        )
    lines = str(caught.value).strip().splitlines()
    assert lines[-3:-1] == ["Cell In[1], line 2", '----> 2 rvdata.load("figure")']
    assert lines[-1].startswith(f"DataError: {MESSAGE}")


def test_outside_of_ipython_an_error_has_its_traceback(root):
    done = subprocess.run(
        [sys.executable, "-c", "import rvdata; rvdata.load('figure')"],
        capture_output=True,
        text=True,
        cwd=root,
    )
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert "rvdata/store.py" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"rvdata.errors.DataError: {MESSAGE}")

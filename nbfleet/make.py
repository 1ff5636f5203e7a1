"""One report, in a child process: the notebook run by papermill, and the files that it becomes, as bytes.

Whether a report succeeded is decided here, from the exception that its run raised and from the cells that ran.
The metadata that papermill leaves in a notebook says "completed" for cells that never ran after a dead kernel.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbfleet import pages, pdf, plan, reads, record, whole
from nbfleet.errors import FleetError, visible
from nbfleet.project import ALONE, Project

if TYPE_CHECKING:
    import nbformat

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class RefreshError(FleetError):
    """A notebook cannot be refreshed: one line with place and remedy."""


def page(report: plan.Report, message: str = "") -> pages.Page:
    """What is known of a report before it has run, or if it never can."""
    parameters: tuple = ()
    with contextlib.suppress(plan.PlanError):  # the notebook has gone, or is being edited
        parameters = tuple(plan.described(report))
    told = {"message": message, "formats": report.formats, "maker": report.project.maker}
    title = visible(report.title)
    return pages.Page(report.name, title, report.notebook.stem, parameters, **told)


def make(
    report: plan.Report, expected: Mapping[str, str] | None, tell: Callable[[int], object]
) -> record.Record:
    """Run one report in this process; every failure comes back as a `record.Record`.

    ``expected`` is what the one who asks says that the report starts from, all data included (`record.inputs`): where
    this machine has something else, nothing is run. ``tell`` takes the number of each code cell when it begins.
    """
    try:
        before = record.inputs(report)
        source = record.running.setdefault(report.project, before[report.project.name])
        if odd := record.other(expected or before, before, report.project):
            message = f"{socket.gethostname()}, process {os.getpid()}, {odd}"
            return record.Record(page(report, message), "failed", message)
        notes = whole.private()
        try:
            log = notes.path / "reads"
            log.touch()
            nb, cell, message = _executed(report, tell, {reads.VARIABLE: str(log)})
            noted = reads.noted(log)
        finally:
            notes.remove()
        sources, data_as_of = pages.provenance(nb)
        shown = replace(page(report, message), sources=sources, data_as_of=data_as_of)
        files = _files(report, nb, shown)
        after = record.inputs(report, noted or None)
        settled = after.items() <= before.items() and before[report.project.name] == source
    except Exception as error:  # whatever it is, the other reports go on
        message = one_line(error)
        return record.Record(page(report, message), "failed", message)
    status = "failed" if message else "ok"
    inputs = after if settled else {}
    return record.Record(shown, status, message, cell, inputs=inputs, files=files)


def _files(report: plan.Report, nb: nbformat.NotebookNode, shown: pages.Page) -> dict[str, bytes]:
    """The files of a report by name; of a failed one the notebook as far as it ran."""
    import nbformat

    nb.metadata["nbfleet"] = {**nb.metadata.get("nbfleet", {}), "report": asdict(shown)}
    notebook = (nbformat.writes(nb) + "\n").encode()
    files = {f"{report.name}{'.failed' if shown.message else ''}.ipynb": notebook}
    if shown.message or report.formats == ("ipynb",):
        return files
    plain, coded = pages.both(nb, shown, report.project)
    if "html" in report.formats:
        files[f"{report.name}.html"] = plain.encode()
        files[f"{report.name}-code.html"] = coded.encode()
    if "pdf" in report.formats:
        files[f"{report.name}.pdf"] = pdf.from_html(plain)
    return files


def _executed(
    report: plan.Report, tell: Callable[[int], object], environment: Mapping[str, str]
) -> tuple[nbformat.NotebookNode, int | None, str]:
    """The notebook as far as it ran in canonical form, the number of the failing cell, and the message."""
    import nbformat
    import papermill
    from nbconvert.preprocessors import ClearOutputPreprocessor

    # its warnings are our refusals, its errors our messages
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    notebook = report.notebook.absolute()
    running, begun = [], []  # papermill itself loses the notebook when a kernel dies
    problem = ""

    def begin(cell: nbformat.NotebookNode, cell_index: int) -> None:
        begun.append(cell_index)
        tell(len(begun))

    try:
        papermill.execute_notebook(
            str(notebook).replace("{", "{{").replace("}", "}}"),  # it fills {fields} in paths
            None,
            parameters=dict(report.parameters),
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(notebook.parent),
            on_notebook_start=lambda notebook: running.append(notebook),
            on_cell_execute=begin,
            engine_name="nbfleet",  # takes a warm kernel for notebooks that ask for python3
            environment={**home_variable(report.project), **environment},
        )
    except Exception as error:
        problem = one_line(error)
    if not running:
        unrun = nbformat.read(notebook, as_version=4)
        running.append(ClearOutputPreprocessor().preprocess(unrun, {})[0])
    nb = canonical(running[0])
    code = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    if not problem and not all(cell.execution_count for cell in code):
        problem = (
            "SystemExit: the run ended before the last cell; leave sys.exit() out of notebooks"
        )
    if not problem:
        return nb, None, ""
    return nb, len(begun) or None, f"{f'cell {len(begun)}' if begun else 'kernel'}: {problem}"


def home_variable(project: Project) -> dict[str, str]:
    """The variable of the home folder as a kernel needs it: absolute, because it starts in its notebook's folder."""
    name = project.home_variable
    return {name: str(project.home())} if os.environ.get(name) else {}


def one_line(error: Exception) -> str:
    """``ENAME: evalue`` of an error in the kernel, or of one around it."""
    name = getattr(error, "ename", None) or type(error).__name__
    # An error without a value, such as KeyboardInterrupt, has an empty one; its str() is the whole traceback
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(getattr(error, "evalue", error)))
    text = visible(" ".join(text[:10_000].split()))
    return f"{name}: {text[:297] + '…' if len(text) > 298 else text}" if text else name


# ---------------------------------------------------------------- canonical notebooks


def canonical(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of an executed notebook with what its run computed, without when, where and how fast.

    Execution counts, outputs and the parameters that papermill set are kept. Timings, paths, widget state, trust marks
    and the Python version are not, and neighbouring pieces of one stream are joined, because the kernel cuts them where
    it likes, without what a carriage return writes over.
    """
    from nbconvert.preprocessors import CoalesceStreamsPreprocessor

    nb, streams = deepcopy(nb), CoalesceStreamsPreprocessor()
    parameters = nb.metadata.get("papermill", {}).get("parameters", {})
    record.forget(nb)
    if parameters:
        nb.metadata["papermill"] = {"parameters": parameters}
    if nb.metadata.get("kernelspec", {}).get("language", "python") == "python":
        nb.metadata["kernelspec"] = dict(_KERNELSPEC)
        nb.metadata.get("language_info", {}).pop("version", None)
    for cell in nb.cells:
        if not cell.metadata.get("tags", ["some"]):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws a random one
        if cell.cell_type == "code":
            streams.preprocess_cell(cell, {}, 0)
            for output in cell.outputs:  # a view of widget state that is not kept shows an error
                output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
            if not cell.source.strip():
                cell.outputs, cell.execution_count = [], None
    return nb


def refresh(notebook: Path, project: Project = ALONE) -> bool:
    """Run a notebook with its default parameters and put the outcome in its place, in canonical form.

    Parameters
    ----------
    notebook : Path
        Runs in its own folder, like under JupyterLab and nbval.
    project : Project
        What it belongs to.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    RefreshError
        If a cell fails or no kernel starts; the notebook then stands as before.
    """
    import nbformat

    notebook = Path(notebook)
    plan.read_parameters(notebook)
    before = notebook.read_text(encoding="utf-8")
    report = plan.Report(notebook.stem, notebook, "", {}, project=project)
    nb, _, message = _executed(report, lambda cell: None, {})
    if message:
        raise RefreshError(f"{notebook}: {message}; the notebook stands as before")
    after = nbformat.writes(nb) + "\n"
    if after != before:
        whole.write(notebook, after.encode())
    return after != before

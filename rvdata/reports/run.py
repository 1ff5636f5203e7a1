"""Run reports: each in a kernel and a worker process of its own, kept or refused as a whole.

Whether a report succeeded is decided here, from the exception that its run raised and from the cells that ran.
The metadata that papermill leaves in a notebook says "completed" for cells that never ran after a dead kernel.
"""

from __future__ import annotations

import os
import re
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from rvdata import paths
from rvdata.errors import DataError
from rvdata.reports import plan, site

if TYPE_CHECKING:
    import nbformat

INDEX = "index.html"
_PYTHON = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


class RunError(DataError):
    """Reports cannot be run at all, or a notebook cannot be refreshed: one line with place and remedy."""


@dataclass(frozen=True)
class Result:
    """What became of one report.

    ``cell`` is the number that stands in brackets beside the failing cell in ``notebook``, None where no cell is
    to blame; ``message`` is one line, empty if the report is ``ok``; ``html`` is None if it is not.
    """

    name: str
    ok: bool
    seconds: float
    cell: int | None
    message: str
    notebook: Path | None
    html: Path | None


# ---------------------------------------------------------------- a batch


def run(
    reports: Sequence[plan.Report], out: Path, jobs: int = 1, echo: Callable[[str], object] = print
) -> list[Result]:
    """Run reports and write the site.

    Parameters
    ----------
    reports : sequence of Report
        From `plan.read_plan`, with names of their own.
    out : Path
        Folder for ``<name>.ipynb``, ``<name>.html``, ``<name>-code.html`` and ``index.html``; made if missing.
    jobs : int
        How many run at once.
    echo : callable
        Takes one line for each report when it is done, and one for all of them.

    Returns
    -------
    list of Result
        In the order of ``reports``. A report that fails stops no other; it leaves ``<name>.failed.ipynb`` and
        nothing under its final names, where an older success could be mistaken for this run.

    Raises
    ------
    RunError
        Before any kernel starts, if ``out`` cannot be written, holds the project or parts of it, or holds files
        under the reports' names that did not come from here.

    Notes
    -----
    Worker processes are spawned: a script that calls this needs the guard ``if __name__ == "__main__":``.
    """
    from tqdm import tqdm

    shown, out = Path(out), Path(out).absolute()
    _require_no_project(shown, reports)
    _require_writable(shown)
    _require_own_files(shown, reports)
    began = time.perf_counter()
    width = max((len(report.name) for report in reports), default=0)
    results: dict[str, Result] = {}
    with tqdm(total=len(reports), unit="report", disable=None, leave=False) as bar:
        for result in _results(reports, out, jobs):
            results[result.name] = result
            state, tail = ("ok", shown / f"{result.name}.html") if result.ok else ("fail", result.message)
            with bar.external_write_mode():
                echo(f"{state:<4} {result.name:<{width}} {result.seconds:6.1f} s  {tail}")
            bar.update()
    ordered = [results[report.name] for report in reports]
    try:
        site.write_index(_pages(reports, ordered, out), out / INDEX)
    except OSError as error:
        raise RunError(f"{shown / INDEX}: cannot be written ({error.strerror}); check the folder") from None
    failed = sum(not result.ok for result in ordered)
    noun = "report" if len(ordered) == 1 else "reports"
    counts = f"{len(ordered) - failed} ok, {failed} failed"
    echo(f"{len(ordered)} {noun}: {counts}, {time.perf_counter() - began:.1f} s  {shown / INDEX}")
    return ordered


def _require_no_project(out: Path, reports: Sequence[plan.Report]) -> None:
    """Refuse the folders that hold the project or the notebooks themselves, and the root."""
    here, home, notebooks = out.resolve(), paths.home().resolve(), paths.notebooks().resolve()
    what = ""
    if here == Path(here.anchor):
        what = "is the root of the file system"
    elif here == home or (here / "notebooks" / "reports.yaml").exists():
        what = "is the folder of a whole project"
    elif here.is_relative_to(home / "data"):
        what = "holds the project's data"
    elif here.is_relative_to(notebooks) or any(here == report.notebook.parent.resolve() for report in reports):
        what = "holds the notebooks that reports are made from"
    if what:
        raise RunError(f"{out}: {what}; choose another folder with --out")


def _require_own_files(out: Path, reports: Sequence[plan.Report]) -> None:
    """Refuse to write over, or clear away, what did not come from here."""
    names = [INDEX, *(f"{report.name}{ending}" for report in reports for ending in _FINAL + _FAILED)]
    foreign = [name for name in names if os.path.lexists(out / name) and not _own(out / name)]
    if foreign:
        more = f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""
        raise RunError(f"{out}: holds {', '.join(foreign[:5])}{more}, which rvdata did not write; "
                       "move it away or choose another folder with --out")


def _own(path: Path) -> bool:
    return _record(path) is not None if path.suffix == ".ipynb" else site.made_here(path)


def _require_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except (FileExistsError, NotADirectoryError):
        raise RunError(f"{out}: a file stands where the reports' folder should be; choose another with --out") from None
    except OSError as error:
        raise RunError(f"{out}: cannot be written ({error.strerror}); choose another folder with --out") from None


def _results(reports: Sequence[plan.Report], out: Path, jobs: int) -> Iterable[Result]:
    """Results as they come, each from a worker process.

    Processes, not threads, run notebooks, because papermill changes the working folder of the process it runs in;
    spawned ones, because the caller may have threads. Each of the pools holds one worker: when it dies, it is
    certain which report it died of, and no other is touched.
    """
    context = get_context("spawn")
    far_end, lifeline = context.Pipe(duplex=False)
    pools: SimpleQueue[ProcessPoolExecutor] = SimpleQueue()

    def open_pool() -> None:
        pools.put(ProcessPoolExecutor(1, mp_context=context, initializer=_hold, initargs=(far_end,)))

    def outcome(report: plan.Report) -> tuple[plan.Report, Future]:
        pool = pools.get()
        future = pool.submit(make, report, out)
        if isinstance(future.exception(), BrokenProcessPool):
            open_pool()
        else:
            pools.put(pool)
        return report, future

    threads = ThreadPoolExecutor(jobs)
    for _ in range(jobs):
        open_pool()
    try:
        for waiting in as_completed([threads.submit(outcome, report) for report in reports]):
            yield _result(*waiting.result(), out)
    except BaseException:  # Ctrl-C above all: running cells are not waited for
        threads.shutdown(wait=False, cancel_futures=True)
        lifeline.close()
        raise
    finally:
        threads.shutdown()
        while not pools.empty():
            pools.get().shutdown()
        lifeline.close()
        far_end.close()


def _result(report: plan.Report, future: Future, out: Path) -> Result:
    error = future.exception()
    if error is None:
        return future.result()
    _remove(out, report.name, _FINAL + _FAILED)
    died = "the worker process died; look for a lack of memory and run the report again"
    message = died if isinstance(error, BrokenProcessPool) else _one_line(error)
    return Result(report.name, False, 0.0, None, message, None, None)


def _hold(far_end: Connection) -> None:
    """End this worker, and with it its kernel, as soon as the other end of a pipe is closed or its holder gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one decides

    def wait() -> None:
        far_end.poll(None)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


# ---------------------------------------------------------------- one report

_FINAL = (".ipynb", ".html", "-code.html")
_FAILED = (".failed.ipynb",)


def _remove(out: Path, name: str, endings: Iterable[str]) -> None:
    for ending in endings:
        (out / f"{name}{ending}").unlink(missing_ok=True)


def make(report: plan.Report, out: Path) -> Result:
    """Run one report in this process and write its files; every failure comes back as a `Result`."""
    began = time.perf_counter()
    cell, message, notebook, html = None, "", None, None
    try:
        nb, cell, message = _executed(report)
        notebook, html = _written(report, nb, message, out)
    except Exception as error:  # whatever it is, the other reports go on
        cell, message, notebook, html = None, _one_line(error), None, None
        _remove(out, report.name, _FINAL + _FAILED)
    return Result(report.name, not message, time.perf_counter() - began, cell, message, notebook, html)


def _executed(report: plan.Report) -> tuple[nbformat.NotebookNode, int | None, str]:
    """The notebook as far as it ran in canonical form, the number of the failing cell, and the message."""
    import logging

    import nbformat
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # its warnings are our refusals, its errors our messages
    notebook = report.notebook.absolute()
    os.environ.update(_home())
    running: list[nbformat.NotebookNode] = []  # papermill itself loses the notebook when a kernel dies
    begun: list[int] = []
    problem = ""
    try:
        papermill.execute_notebook(
            str(notebook).replace("{", "{{").replace("}", "}}"),  # papermill fills {fields} in paths
            None,
            parameters=dict(report.parameters),
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(notebook.parent),
            on_notebook_start=lambda notebook: running.append(notebook),
            on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
            **_kernel(notebook),
        )
    except Exception as error:
        problem = _one_line(error)
    nb = canonical(running[0] if running else _without_outputs(nbformat.read(notebook, as_version=4)))
    problem = problem or _unfinished(nb)
    if not problem:
        return nb, None, ""
    return nb, len(begun) or None, f"cell {len(begun)}: {problem}" if begun else f"kernel: {problem}"


def _home() -> dict[str, str]:
    """RVDATA_HOME as a kernel needs it: absolute, because it starts in the folder of its notebook."""
    return {"RVDATA_HOME": str(paths.home())} if os.environ.get("RVDATA_HOME") else {}


def _kernel(notebook: Path) -> dict:
    """The kernel that a notebook asks for; python3 is the interpreter that runs this, activated or not."""
    import nbformat

    name = nbformat.read(notebook, as_version=4).metadata.get("kernelspec", {}).get("name", "python3")
    if name != "python3":
        return {"kernel_name": name}
    # A kernel's own log tells of being interrupted or left alone, which is how we end it; what matters is a message
    quiet = ["--IPKernelApp.log_level=50"]
    return {"kernel_name": name, "kernel_manager_class": _own_interpreter(), "extra_arguments": quiet}


def _own_interpreter() -> type:
    """A kernel manager that knows the native kernel only, which starts ``sys.executable``.

    A ``python3`` kernelspec installed for the user or named by JUPYTER_PATH may start another environment's Python.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnInterpreter(AsyncKernelManager):
        def _kernel_spec_manager_default(self) -> KernelSpecManager:
            return KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)

        def _transport_encryption_default(self) -> str:
            return "auto"  # otherwise code and outputs pass over TCP in the clear, and every kernel warns of it

    return OwnInterpreter


def _one_line(error: Exception) -> str:
    """``ENAME: evalue`` of an error in the kernel, or of one around it."""
    name = getattr(error, "ename", None) or type(error).__name__
    # An error without a value, such as KeyboardInterrupt, has an empty one; its str() is the whole traceback
    text = " ".join(str(getattr(error, "evalue", error)).split())
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return f"{name}: {text[:297] + '…' if len(text) > 298 else text}" if text else name


def _unfinished(nb: nbformat.NotebookNode) -> str:
    """What to say of a notebook that ended early without an error, as after ``sys.exit()``; empty if it did not."""
    if all(cell.execution_count for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()):
        return ""
    return "SystemExit: the run ended before the last cell; leave sys.exit() out of notebooks"


def _without_outputs(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


def _written(report: plan.Report, nb: nbformat.NotebookNode, message: str, out: Path) -> tuple[Path, Path | None]:
    """Put the files of a report in place, the notebook last: it is the record that the index goes by."""
    import nbformat

    page = _page(report, message, *site.provenance(nb))
    nb.metadata["rvdata"] = {**nb.metadata.get("rvdata", {}), "report": asdict(page)}
    text = nbformat.writes(nb) + "\n"
    if message:
        failed = out / f"{report.name}.failed.ipynb"
        _remove(out, report.name, _FINAL)
        site.write_text(failed, text)
        return failed, None
    html, executed = out / f"{report.name}.html", out / f"{report.name}.ipynb"
    site.write_html(nb, html, page)
    site.write_html(nb, out / f"{report.name}-code.html", page, code=True)
    site.write_text(executed, text)
    _remove(out, report.name, _FAILED)
    return executed, html


def _page(report: plan.Report, message: str, sources: tuple[str, ...] = (), data_as_of: str = "") -> site.Page:
    parameters = tuple(plan.described(report))
    return site.Page(report.name, report.title, report.notebook.stem, parameters, sources, data_as_of, message)


def _pages(reports: Sequence[plan.Report], results: Sequence[Result], out: Path) -> list[site.Page]:
    """This run's reports first, then those that stand in the folder from earlier runs."""
    pages = [_recorded(result.notebook) or _page(report, result.message) for report, result in zip(reports, results)]
    now = {report.name for report in reports}
    for path in sorted(out.glob("*.ipynb")):
        page = _recorded(path)
        if page and page.name not in now and path.name in (f"{page.name}.ipynb", f"{page.name}.failed.ipynb"):
            pages.append(replace(page, earlier=True))
    return pages


def _recorded(notebook: Path | None) -> site.Page | None:
    """The page that `_written` recorded in a notebook, None where there is none."""
    try:
        return site.Page(**_record(notebook))
    except TypeError:
        return None


def _record(notebook: Path | None) -> dict | None:
    """What `_written` put into the metadata of a notebook, None where there is nothing."""
    import json

    try:
        return json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["rvdata"]["report"]
    except (AttributeError, OSError, ValueError, KeyError, TypeError):
        return None


# ---------------------------------------------------------------- canonical notebooks


def canonical(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy with what a run computed, without when, where and how fast.

    Parameters
    ----------
    nb : NotebookNode
        Executed by papermill, nbclient or JupyterLab.

    Returns
    -------
    NotebookNode
        Execution counts, outputs and the parameters that papermill set are kept. Timings, paths, widget state,
        trust marks and the Python version are not, and neighbouring pieces of one stream are joined, because the
        kernel cuts them where it likes.
    """
    nb = deepcopy(nb)
    parameters = nb.metadata.get("papermill", {}).get("parameters", {})
    for key in ("papermill", "widgets", "signature"):
        nb.metadata.pop(key, None)
    if parameters:
        nb.metadata["papermill"] = {"parameters": parameters}
    if nb.metadata.get("kernelspec", {}).get("language", "python") == "python":
        nb.metadata.update(deepcopy(_PYTHON))
    for cell in nb.cells:
        for key in ("execution", "papermill", "trusted", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", ["some"]):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws a random one
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
            if not cell.source.strip():
                cell.outputs, cell.execution_count = [], None
    return nb


def _joined(outputs: list) -> list:
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def refresh(notebook: Path) -> bool:
    """Run a notebook with its default parameters and put the outcome in its place, in canonical form.

    Parameters
    ----------
    notebook : Path
        Runs in its own folder, like under JupyterLab and nbval.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    RunError
        If a cell fails or no kernel starts; the notebook then stands as before.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = Path(notebook)
    plan.read_parameters(notebook)
    before = notebook.read_text(encoding="utf-8")
    nb = nbformat.reads(before, as_version=4)
    begun: list[int] = []
    client = NotebookClient(
        nb,
        timeout=None,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(notebook.absolute().parent)}},
        on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
        **_kernel(notebook),
    )
    try:
        client.execute(env={**os.environ, **_home()})
    except Exception as error:
        where = f"cell {len(begun)}" if begun else "kernel"
        raise RunError(f"{notebook}: {where}: {_one_line(error)}; the notebook stands as before") from None
    after = nbformat.writes(canonical(nb)) + "\n"
    if after != before:
        site.write_text(notebook, after)
    return after != before

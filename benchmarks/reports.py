"""How fast reports are made, side by side in one run: stock papermill, this project, and the work alone.

    python benchmarks/reports.py [--jobs 2] [--parts 2] [--notebooks 24]

Four sides make the same reports of ``notebooks/reports.yaml``, each with its pages in HTML:

stock API
    ``papermill.execute_notebook`` in a loop, a cold kernel each.
stock command
    ``papermill`` and ``jupyter nbconvert --to html``, a process each.
this project
    ``rvdata report --force --jobs N`` from start to exit.
the work
    The same cells in one warm IPython that has imported everything and has every table at hand, and the same pages.

The stock sides run in parts, between which the others run in full, so that a busy machine is busy for all of them.
Each side runs in a fresh process; only the work is timed without its imports. The floor is the work divided by the
number of cores that the project may use. Overhead per report is worker time (wall time, times jobs) beyond the work.
At last the outputs of this project are compared with those of the stock loop, cell by cell, pictures included.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from rvdata import paths
from rvdata.reports import plan


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2, help="workers of this project")
    parser.add_argument("--parts", type=int, default=2, help="parts of the stock loops, between which the others run")
    parser.add_argument("--reports", type=int, default=None, help="how many of the plan's reports, all by default")
    parser.add_argument("--side", choices=("api", "work"), help=argparse.SUPPRESS)
    parser.add_argument("--names", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    reports = plan.read_plan(paths.notebooks() / "reports.yaml")[: options.reports]
    if options.side:
        chosen = [report for report in reports if report.name in options.names]
        seconds = {"api": stock_api, "work": the_work}[options.side](chosen, options.out)
        print(json.dumps(seconds))
        return 0
    with tempfile.TemporaryDirectory(prefix="rvdata-benchmark-") as folder:
        return compare(reports, Path(folder), options.jobs, options.parts)


# ---------------------------------------------------------------- the four sides; each returns seconds


def stock_api(reports: Sequence[plan.Report], out: Path) -> float:
    """A loop over the API as its documentation shows it, and pages by nbconvert's exporter in the same process."""
    import logging

    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    logging.disable(logging.WARNING)
    began = time.perf_counter()
    for report in reports:
        target = out / f"{report.name}.ipynb"
        papermill.execute_notebook(
            str(report.notebook), str(target), parameters=report.parameters, cwd=str(report.notebook.parent),
            progress_bar=False,
        )
        nb = nbformat.read(target, as_version=4)
        for ending, hidden in (("", True), ("-code", False)):
            html, _ = HTMLExporter(exclude_input=hidden).from_notebook_node(nb)
            (out / f"{report.name}{ending}.html").write_text(html, encoding="utf-8")
    return time.perf_counter() - began


def stock_command(reports: Sequence[plan.Report], out: Path) -> float:
    """What one types into a shell."""
    began = time.perf_counter()
    for report in reports:
        target = str(out / f"{report.name}.ipynb")
        given = [text for name, value in report.parameters.items() for text in ("-y", json.dumps({name: value}))]
        run("papermill", str(report.notebook), target, "--cwd", str(report.notebook.parent), "--no-progress-bar", *given)
        run("jupyter-nbconvert", "--to", "html", "--no-input", target)
        run("jupyter-nbconvert", "--to", "html", "--output", f"{report.name}-code", target)
    return time.perf_counter() - began


def this_project(reports: Sequence[plan.Report], out: Path, jobs: int) -> float:
    """The command that users type."""
    began = time.perf_counter()
    run("rvdata", "report", *(report.name for report in reports), "--force", "--jobs", str(jobs), "--out", str(out))
    return time.perf_counter() - began


def the_work(reports: Sequence[plan.Report], out: Path) -> float:
    """Run the cells in this very process, which has run each notebook before, and make the project's pages."""
    first = {report.notebook: report for report in reports}
    for report in first.values():
        in_process(report, out)
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    for report in reports:
        in_process(report, out)
    return time.perf_counter() - began


def in_process(report: plan.Report, out: Path) -> None:
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from rvdata.reports import make, site

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    nb = parameterize_notebook(load_notebook_node(str(report.notebook)), report.parameters)
    shell = InteractiveShell.instance()
    shell.reset()
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        with capture_output() as captured:
            result = shell.run_cell(cell.source, store_history=True)
        result.raise_error()
        cell.execution_count = shell.execution_count - 1
        cell.outputs = [
            nbformat.v4.new_output("display_data", data=picture(output.data), metadata=output.metadata)
            for output in captured.outputs
        ]
        if captured.stdout:
            cell.outputs.insert(0, nbformat.v4.new_output("stream", name="stdout", text=captured.stdout))
    page = make.page(report)
    (out / f"{report.name}.html").write_text(site.html(nb, page), encoding="utf-8")
    (out / f"{report.name}-code.html").write_text(site.html(nb, page, code=True), encoding="utf-8")


def picture(data: dict) -> dict:
    """As a kernel sends it: bytes of pictures in base64."""
    import base64

    return {kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value for kind, value in data.items()}


def run(command: str, *arguments: str) -> str:
    """Run a command of this environment; its output, or an end with it."""
    done = subprocess.run(
        [Path(sys.executable).parent / command, *arguments], capture_output=True, text=True, cwd=paths.home()
    )
    if done.returncode:
        sys.exit(f"{command} {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def alone(side: str, reports: Sequence[plan.Report], out: Path) -> float:
    """One side in a process of its own."""
    names = [report.name for report in reports]
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, "--out", str(out), "--names", *names], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{side}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------- the comparison


def compare(reports: Sequence[plan.Report], folder: Path, jobs: int, parts: int) -> int:
    """Run all sides and print what came of it; 1 if outputs differ."""
    out = {side: folder / side for side in ("api", "command", "ours", "work")}
    for path in out.values():
        path.mkdir()
    seconds: dict[str, list[float]] = {side: [] for side in out}

    def both() -> None:
        seconds["work"].append(alone("work", reports, out["work"]))
        seconds["ours"].append(this_project(reports, out["ours"], jobs))

    both()
    for part in range(parts):
        some = reports[part::parts]
        seconds["api"].append(alone("api", some, out["api"]))
        both()
        seconds["command"].append(stock_command(some, out["command"]))
        both()
    count = len(reports)
    wall = {"api": sum(seconds["api"]), "command": sum(seconds["command"]),
            "ours": median(seconds["ours"]), "work": median(seconds["work"])}
    floor = wall["work"] / jobs
    workers = {"api": 1, "command": 1, "ours": jobs, "work": 1}
    title = {"api": "stock papermill, API loop", "command": "stock papermill, command",
             "ours": f"rvdata report --jobs {jobs}", "work": "the work alone"}
    print(f"{count} reports, HTML included, {os.cpu_count()} cores; seconds")
    print(f"{'':<26} {'wall':>7} {'a report':>9} {'overhead a report':>18} {'ours is faster':>15}")
    for side in ("api", "command", "ours", "work"):
        overhead = (wall[side] * workers[side] - wall["work"]) / count
        times = f"{wall[side] / wall['ours']:14.1f}×" if side in ("api", "command") else ""
        print(f"{title[side]:<26} {wall[side]:7.1f} {wall[side] * workers[side] / count:9.2f} {overhead:18.2f} {times:>15}")
    ours = (wall["ours"] * jobs - wall["work"]) / count
    stock = (wall["api"] - wall["work"]) / count
    print(f"floor (work / {jobs}) {floor:.1f} s; ours / floor {wall['ours'] / floor:.2f}")
    print(f"overhead removed: {1 - ours / stock:.0%} of the API loop's {stock:.2f} s a report")
    print("runs: " + ", ".join(f"{side} {' '.join(f'{value:.1f}' for value in seconds[side])}" for side in ("ours", "work")))
    unequal = differences(reports, out["api"], out["ours"])
    print("\n".join(unequal) or "outputs equal the API loop's in every cell, pictures included")
    return 1 if unequal else 0


def differences(reports: Sequence[plan.Report], stock: Path, ours: Path) -> list[str]:
    """Cells whose source, count or outputs differ, of both sides in canonical form."""
    import nbformat

    from rvdata.reports import make

    found, pictures = [], 0
    for report in reports:
        theirs = make.canonical(nbformat.read(stock / f"{report.name}.ipynb", as_version=4))
        mine = make.canonical(nbformat.read(ours / report.name / f"{report.name}.ipynb", as_version=4))
        if len(theirs.cells) != len(mine.cells):
            found.append(f"{report.name}: {len(mine.cells)} cells instead of {len(theirs.cells)}")
        for number, (one, other) in enumerate(zip(theirs.cells, mine.cells)):
            pictures += sum("image/png" in output.get("data", {}) for output in other.get("outputs", []))
            for key in ("source", "execution_count", "outputs"):
                if one.get(key) != other.get(key):
                    found.append(f"{report.name}, cell {number}: {key} differs")
    print(f"{pictures} pictures compared")
    return found


if __name__ == "__main__":
    sys.exit(main())

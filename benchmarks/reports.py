"""How fast reports are made, side by side in one run: stock papermill, this project, and the work alone.

    python benchmarks/reports.py [--jobs 2] [--parts 2] [--reports 24]
    python benchmarks/reports.py --pairs 6

Four sides make the same reports of ``notebooks/reports.yaml``, each with two pages in HTML if the plan asks for pages:

stock API
    ``papermill.execute_notebook`` in a loop, a cold kernel each.
stock command
    ``papermill`` and ``jupyter nbconvert --to html``, a process each.
this project
    ``rvdata report --force --jobs N`` from start to exit, with the first page of the site and those that explain.
the work
    The same cells in one warm IPython that has imported everything and has every table at hand, and the same pages, those of
    the site included. What only ours does besides counts as its overhead: isolation, records, hashes.

The stock sides run in parts, between which the others run in full, so that a busy machine is busy for all of them.
Each side runs in a fresh process; only the work is timed without its imports. The floor is the work divided by the
number of cores that the project may use. Overhead per report is worker time (wall time, times jobs) beyond the work.
Seconds of processors are shown beside those of the clock: what else a machine has to do changes the latter by far more.
At last the outputs of this project are compared with those of the stock loop, cell by cell, pictures included.

A machine changes its pace within minutes. With ``--pairs``, this project (one worker) and the work run at the same time, a
core each, as often as that says, and only seconds of processors are compared.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent import futures
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median, stdev

from nbfleet import plan
from rvdata import fleet, paths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2, help="workers of this project")
    parser.add_argument(
        "--parts",
        type=int,
        default=2,
        help="parts of the stock loops, between which the others run",
    )
    parser.add_argument(
        "--reports", type=int, default=None, help="how many of the plan's reports, all by default"
    )
    parser.add_argument("--pairs", type=int, default=0, help="ours and the work at the same time")
    parser.add_argument("--side", choices=("api", "work", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--names", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    reports = fleet.plan()[: options.reports]
    if options.side:
        chosen = [report for report in reports if report.name in options.names]
        ours = functools.partial(this_project, jobs=1)
        used = {"api": stock_api, "work": the_work, "ours": ours}[options.side](chosen, options.out)
        print(json.dumps(asdict(used)))
        return 0
    with tempfile.TemporaryDirectory(prefix="rvdata-benchmark-") as folder:
        if options.pairs:
            return at_the_same_time(reports, Path(folder), options.pairs)
        return compare(reports, Path(folder), options.jobs, options.parts)


# ---------------------------------------------------------------- the four sides


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors, processes that were started and have ended included."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


def spent() -> Spent:
    """By this process so far; differences count."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Spent(time.perf_counter(), sum(used.ru_utime + used.ru_stime for used in usage))


def since(began: Spent) -> Spent:
    now = spent()
    return Spent(now.wall - began.wall, now.cpu - began.cpu)


def stock_api(reports: Sequence[plan.Report], out: Path) -> Spent:
    """A loop over the API as its documentation shows it, and pages by nbconvert's exporter in the same process."""
    import logging

    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    logging.disable(logging.WARNING)
    began = spent()
    for report in reports:
        target = out / f"{report.name}.ipynb"
        papermill.execute_notebook(
            str(report.notebook),
            str(target),
            parameters=report.parameters,
            cwd=str(report.notebook.parent),
            progress_bar=False,
        )
        nb = nbformat.read(target, as_version=4)
        if report.formats == ("ipynb",):
            continue
        for ending, hidden in (("", True), ("-code", False)):
            html, _ = HTMLExporter(exclude_input=hidden).from_notebook_node(nb)
            (out / f"{report.name}{ending}.html").write_text(html, encoding="utf-8")
    return since(began)


def stock_command(reports: Sequence[plan.Report], out: Path) -> Spent:
    """What one types into a shell."""
    began = spent()
    for report in reports:
        target = str(out / f"{report.name}.ipynb")
        given = [
            text
            for name, value in report.parameters.items()
            for text in ("-y", json.dumps({name: value}))
        ]
        options = ["--cwd", str(report.notebook.parent), "--no-progress-bar", *given]
        run("papermill", str(report.notebook), target, *options)
        if report.formats == ("ipynb",):
            continue
        run("jupyter-nbconvert", "--to", "html", "--no-input", target)
        run("jupyter-nbconvert", "--to", "html", "--output", f"{report.name}-code", target)
    return since(began)


def this_project(reports: Sequence[plan.Report], out: Path, jobs: int) -> Spent:
    """The command that users type."""
    began = spent()
    run(
        "rvdata",
        "report",
        *(report.name for report in reports),
        "--force",
        "--jobs",
        str(jobs),
        "--out",
        str(out),
    )
    return since(began)


def the_work(reports: Sequence[plan.Report], out: Path) -> Spent:
    """Run the cells in this very process, which has run each notebook before, and make the project's pages."""
    from nbfleet import make

    first = {report.notebook: report for report in reports}
    for some in (list(first.values()), reports):
        gc.collect()
        gc.freeze()
        began = spent()
        for report in some:
            in_process(report, out)
        for name, text in fleet.front([make.page(report) for report in some], out).items():
            (out / name).write_text(text, encoding="utf-8")
    return since(began)


def in_process(report: plan.Report, out: Path) -> None:
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from nbfleet import make, pages

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
            nbformat.v4.new_output(
                "display_data", data=picture(output.data), metadata=output.metadata
            )
            for output in captured.outputs
        ]
        if captured.stdout:
            cell.outputs.insert(
                0, nbformat.v4.new_output("stream", name="stdout", text=captured.stdout)
            )
    page = make.page(report)
    folder = out / report.name
    folder.mkdir(exist_ok=True)
    (folder / f"{report.name}.ipynb").write_text(nbformat.writes(nb), encoding="utf-8")
    if report.formats == ("ipynb",):
        return
    for ending, html in zip(("", "-code"), pages.both(nb, page, fleet.PROJECT), strict=True):
        (folder / f"{report.name}{ending}.html").write_text(html, encoding="utf-8")


def picture(data: dict) -> dict:
    """As a kernel sends it: bytes of pictures in base64."""
    import base64

    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }


def run(command: str, *arguments: str) -> str:
    """Run a command of this environment; its output, or an end with it."""
    done = subprocess.run(
        [Path(sys.executable).parent / command, *arguments],
        capture_output=True,
        text=True,
        cwd=paths.home(),
    )
    if done.returncode:
        sys.exit(f"{command} {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def alone(side: str, reports: Sequence[plan.Report], out: Path) -> Spent:
    """One side in a process of its own."""
    names = [report.name for report in reports]
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, "--out", str(out), "--names", *names],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{side}\n{done.stdout}{done.stderr}")
    return Spent(**json.loads(done.stdout.splitlines()[-1]))


# ---------------------------------------------------------------- the comparison


SIDES = {
    "api": "stock papermill, API loop",
    "command": "stock papermill, command",
    "ours": "rvdata report",
    "work": "the work alone",
}


def compare(reports: Sequence[plan.Report], folder: Path, jobs: int, parts: int) -> int:
    """Run all sides and print what came of it; 1 if outputs differ."""
    out = {side: folder / side for side in SIDES}
    for path in out.values():
        path.mkdir()
    runs: dict[str, list[Spent]] = {side: [] for side in SIDES}

    def note(side: str, used: Spent) -> None:
        runs[side].append(used)
        print(f"{SIDES[side]}: {used.wall:.1f} s ({used.cpu:.1f})", file=sys.stderr)

    def both() -> None:
        note("work", alone("work", reports, out["work"]))
        note("ours", this_project(reports, out["ours"], jobs))

    both()
    for part in range(parts):
        some = reports[part::parts]
        note("api", alone("api", some, out["api"]))
        both()
        note("command", stock_command(some, out["command"]))
        both()
    used = {side: sum(runs[side], Spent()) for side in ("api", "command")}
    for side in ("ours", "work"):
        used[side] = Spent(
            median(run.wall for run in runs[side]), median(run.cpu for run in runs[side])
        )
    show(used, len(reports), jobs)
    for side in ("ours", "work"):
        print(
            f"{SIDES[side]}, every run: "
            + " ".join(f"{run.wall:.1f} ({run.cpu:.1f})" for run in runs[side])
        )
    unequal = differences(reports, out["api"], out["ours"])
    print("\n".join(unequal) or "outputs equal the API loop's in every cell, pictures included")
    return 1 if unequal else 0


def at_the_same_time(reports: Sequence[plan.Report], folder: Path, pairs: int) -> int:
    """Run this project and the work side by side and print how much more of the processors ours takes."""
    overhead = []
    for number in range(pairs):
        sides = ("ours", "work") if number % 2 else ("work", "ours")
        places = [folder / f"{number}-{side}" for side in sides]
        for place in places:
            place.mkdir()
        with futures.ThreadPoolExecutor(2) as pool:
            runs = pool.map(alone, sides, [reports] * 2, places)
            used = {side: run.cpu for side, run in zip(sides, runs, strict=True)}
        overhead.append((used["ours"] - used["work"]) / len(reports))
        told = f"rvdata report {used['ours']:.1f} s, the work {used['work']:.1f} s"
        print(f"{told}: {overhead[-1]:.3f} s a report", flush=True)
    error = stdev(overhead) / pairs**0.5 if pairs > 1 else float("nan")
    print(f"{len(reports)} reports: {mean(overhead):.3f} s a report, standard error {error:.3f}")
    return 0


def show(used: dict[str, Spent], count: int, jobs: int) -> None:
    """Print ratios and overheads."""
    work, ours = used["work"], used["ours"]
    print(
        f"{count} reports, HTML included, {os.cpu_count()} cores, --jobs {jobs}; in brackets seconds of processors"
    )
    print(f"{'':<26} {'wall':>14} {'overhead a report':>18} {'ours is faster':>15}")
    overhead = {}
    for side, name in SIDES.items():
        workers = jobs if side == "ours" else 1
        overhead[side] = (used[side].wall * workers - work.wall) / count
        beyond = (used[side].cpu - work.cpu) / count
        times = f"{used[side].wall / ours.wall:.1f}×" if side in ("api", "command") else ""
        wall = f"{used[side].wall:.1f} ({used[side].cpu:.1f})"
        print(f"{name:<26} {wall:>14} {f'{overhead[side]:.2f} ({beyond:.2f})':>18} {times:>15}")
    floor = work.wall / jobs
    print(
        f"floor, work / {jobs}: {floor:.1f} s; ours is {ours.wall / floor:.2f} times the floor "
        f"({ours.cpu / work.cpu:.2f} by processors)"
    )
    print(
        f"of the API loop's overhead, {1 - overhead['ours'] / overhead['api']:.0%} are gone "
        f"({1 - (ours.cpu - work.cpu) / (used['api'].cpu - work.cpu):.0%} by processors)"
    )


def differences(reports: Sequence[plan.Report], stock: Path, ours: Path) -> list[str]:
    """Cells whose source, count or outputs differ, of both sides in canonical form."""
    import nbformat

    from nbfleet import make

    found, pictures = [], 0
    for report in reports:
        theirs = make.canonical(nbformat.read(stock / f"{report.name}.ipynb", as_version=4))
        mine = make.canonical(
            nbformat.read(ours / report.name / f"{report.name}.ipynb", as_version=4)
        )
        if len(theirs.cells) != len(mine.cells):
            found.append(f"{report.name}: {len(mine.cells)} cells instead of {len(theirs.cells)}")
        for number, (one, other) in enumerate(zip(theirs.cells, mine.cells, strict=False)):
            pictures += sum(
                "image/png" in output.get("data", {}) for output in other.get("outputs", [])
            )
            for key in ("source", "execution_count", "outputs"):
                if one.get(key) != other.get(key):
                    found.append(f"{report.name}, cell {number}: {key} differs")
    print(f"{pictures} pictures compared")
    return found


if __name__ == "__main__":
    sys.exit(main())

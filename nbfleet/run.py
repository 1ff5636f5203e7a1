"""A batch of reports: what has to run runs, each kept or refused as a whole; what is up to date is left alone.

Reports are made by `supervise.supervised` in threads that merely wait, here or on the workers of a cluster; the
outcomes come back to this process, which alone writes. A report's files and its record lie in one folder that takes
its place by one rename, so that a reader sees all of the old run or all of the new one, and whatever ends a batch
ends it between two reports.
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from nbfleet import make, pages, pdf, plan, record, supervise, whole
from nbfleet.errors import FleetError
from nbfleet.project import ALONE, Project

INDEX = "index.html"
LONGEST_SECONDS = 604_800
_OWN = ".nbfleet"  # folder of the lock and of what is being written
_REMEDY = "choose another folder with --out"


class RunError(FleetError):
    """Reports cannot be run, or run on: one line with place and remedy."""


def run(
    reports: Sequence[plan.Report],
    out: Path,
    jobs: int = 1,
    *,
    force: bool = False,
    retries: int = 0,
    timeout_seconds: float | None = None,
    cluster: str | None = None,
    echo: Callable[[str], object] = print,
) -> list[record.Record]:
    """Run the reports that need it and write the site.

    Parameters
    ----------
    reports : sequence of Report
        From one `plan.read_plan`, with names of their own.
    out : Path
        Folder for ``index.html`` and a folder for each report with ``<name>.ipynb``, its pages and its record; made
        if missing.
    jobs : int
        How many run at once on this machine.
    force : bool
        Run also what is up to date.
    retries : int
        How often to try a failed report again.
    timeout_seconds : float, optional
        Wall-clock limit of one attempt.
    cluster : str, optional
        Address of a Dask scheduler; its workers make the reports then, and ``jobs`` counts for nothing.
    echo : callable
        Takes one line for each report when it is done, and one for all of them.

    Returns
    -------
    list of Record
        In the order of ``reports``. A report that fails stops no other; it leaves ``<name>.failed.ipynb`` and
        its record, and no page, where an older success could be mistaken for this run.

    Raises
    ------
    RunError
        Before any kernel starts, if ``out`` cannot be written, holds the project or parts of it, files under the
        reports' names that did not come from here, or another batch at work. In the middle of a batch, if the
        folder vanishes or the disk is full; what is finished stands then.
    """
    if timeout_seconds is not None and not 0 < timeout_seconds <= LONGEST_SECONDS:
        raise RunError(
            f"a time limit of {timeout_seconds:g} s; allow more than 0 and at most {LONGEST_SECONDS:,} s, a week"
        )
    shown, out = Path(out), Path(out).absolute()
    project = reports[0].project if reports else ALONE
    began = time.perf_counter()
    with _usable(shown):
        _require_no_project(shown, reports, project)
        shown.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=shown).close()
        _require_own_files(shown, reports, project)
    with _locked(shown):
        results: dict[str, record.Record] = {}
        waiting, source = [], record.source_hash(project)
        for report in reports:
            if force or record.reasons(report, out / report.name, source):
                waiting.append(report)
            else:
                known = record.read(out / report.name)
                results[report.name] = replace(known, status="unchanged")
        if results:
            echo(f"{_counted(len(results))} unchanged since the last run")
        with contextlib.ExitStack() as workers:
            try:
                if waiting:
                    if not cluster and any("pdf" in report.formats for report in waiting):
                        pdf.require()
                    pool = workers.enter_context(_executor(jobs, cluster, project))
                    made = _made(waiting, pool, cluster, timeout_seconds, retries)
                    for result in _written(made, len(waiting), shown, echo):
                        results[result.name] = result
                _write_index(reports, results, shown, project)
            except BaseException:  # what is finished is listed, however the batch ends
                workers.close()
                with contextlib.suppress(OSError, RunError):
                    _write_index(reports, results, shown, project)
                raise
    ordered = [results[report.name] for report in reports]
    failed = [result for result in ordered if not result.ok]
    unchanged = sum(result.status == "unchanged" for result in ordered)
    told = f"{len(ordered) - unchanged - len(failed)} made, "
    told += (f"{unchanged} unchanged, " if unchanged else "") + f"{len(failed)} failed"
    for result in failed:  # once more, where they are seen
        echo(f"failed: {result.name}: {result.message}")
    echo(f"{_counted(len(ordered))}: {told}, {time.perf_counter() - began:.1f} s  {shown / INDEX}")
    return ordered


def rehearse(
    reports: Sequence[plan.Report],
    out: Path,
    force: bool = False,
    echo: Callable[[str], object] = print,
) -> None:
    """Say which reports would run and why, and run none."""
    width = max((len(report.name) for report in reports), default=0)
    count = 0
    for report in reports:
        why = record.reasons(report, Path(out) / report.name) or (["forced"] if force else [])
        count += bool(why)
        more = f" and {len(why) - 4} more" if len(why) > 4 else ""
        echo(
            f"{'run' if why else 'skip':<4} {report.name:<{width}}  {', '.join(why[:4]) or 'unchanged'}{more}"
        )
    echo(f"{_counted(len(reports))}: {count} would run, {len(reports) - count} unchanged")


def _counted(count: int) -> str:
    return f"{count} report" if count == 1 else f"{count} reports"


# ---------------------------------------------------------------- the folder


def _require_no_project(out: Path, reports: Sequence[plan.Report], project: Project) -> None:
    """Refuse the root, and folders that hold the project, its data or the notebooks themselves."""
    here, home = out.resolve(), project.home().resolve()
    notebooks = {report.notebook.parent.resolve() for report in reports}
    theirs = [home / name for name in project.data] + [n for n in notebooks if home in n.parents]
    if (
        here in {Path(here.anchor), home, *notebooks}
        or any(map(here.is_relative_to, theirs))
        or os.path.exists(here / "notebooks" / "reports.yaml")
    ):
        raise RunError(
            f"{out}: is the root, or a folder of a project, its data or notebooks; {_REMEDY}"
        )


def _require_own_files(out: Path, reports: Sequence[plan.Report], project: Project) -> None:
    """Refuse to write over, or clear away, what did not come from here, or comes from other values typed by hand."""
    ours = (INDEX, *(name for name, _ in project.around().get("links", ())))
    foreign = [name for name in ours if os.path.lexists(out / name)]
    foreign = [name for name in foreign if not pages.made_here(out / name, project.name)]
    foreign += [name for report in reports for name in record.foreign(out / report.name)]
    if foreign:
        more = f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""
        raise RunError(
            f"{out}: holds {', '.join(foreign[:5])}{more}, which {project.name} did not write; "
            f"move it away or {_REMEDY}"
        )
    for report in reports:
        if report.set_by_hand and (known := record.read(out / report.name)):
            ours = {p[:2] for p in plan.described(report)}
            theirs = [tuple(p[:2]) for p in known.page.parameters]
            if other := [" ".join(p) for p in theirs if p not in ours]:
                held = f"{out / report.name}: holds the report with {', '.join(other)}"
                raise RunError(f"{held}; remove it or choose another folder with --out")


@contextlib.contextmanager
def _usable(out: Path) -> Iterator[None]:
    """Say in a line what keeps a folder from being read or written."""
    try:
        yield
    except OSError as error:
        why = f"{error.filename or out}: cannot be used ({error.strerror})"
        raise RunError(f"{why}; mend that or {_REMEDY}") from None


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the folder; the system lets go of the lock when this process ends, however it ends."""
    path = out / _OWN / "lock"
    if path.parent.is_symlink():  # what lies behind it would be cleared away as ours
        raise RunError(f"{path.parent}: is a symbolic link; remove it")
    with contextlib.ExitStack() as opened:
        with _usable(path):
            path.parent.mkdir(exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            opened.callback(os.close, handle)
            try:
                if whole.fcntl:  # where there are no locks (Windows), everybody holds it
                    whole.fcntl.flock(handle, whole.fcntl.LOCK_EX | whole.fcntl.LOCK_NB)
            except BlockingIOError:
                holder = path.read_text(errors="replace").strip() or "another process"
                raise RunError(
                    f"{out}: another batch is writing here ({holder}); wait for its end or {_REMEDY}"
                ) from None
            os.truncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        whole.sweep(path.parent)
        yield


def _put(out: Path, made: record.Record) -> record.Record:
    """Let the folder of a report take its place, whole."""
    hashes = {name: sha256(data).hexdigest() for name, data in made.files.items()}
    told = replace(made, seconds=round(made.seconds, 3), files=hashes)
    with whole.folder(out / made.name, out / _OWN) as stage:
        for name, data in made.files.items():
            (stage / name).write_bytes(data)
        (stage / record.FILE).write_bytes(record.text(told).encode())
    return told


# ---------------------------------------------------------------- making and writing


@contextlib.contextmanager
def _executor(
    jobs: int, cluster: str | None, project: Project
) -> Iterator[tuple[futures.Executor, Callable]]:
    """Where reports are made, and how many of them to hand over ahead of time."""
    if cluster:
        from nbfleet import cluster as clusters

        with clusters.executor(cluster, project) as pool:
            yield pool
        return
    supervise.allow()
    threads = futures.ThreadPoolExecutor(jobs)
    try:
        # twice as many, so that no worker waits for the writing of what another has made
        yield threads, lambda: 2 * jobs
    finally:  # after the last report there is nothing to kill; after Ctrl-C running cells are not waited for
        supervise.stop()
        threads.shutdown(cancel_futures=True)


def _made(
    reports: Sequence[plan.Report],
    pool: tuple[futures.Executor, Callable],
    cluster,
    timeout_seconds,
    retries,
):
    """Outcomes as they come. Few are under way at a time, so that memory and Ctrl-C do not mind how many there are."""
    executor, window = pool
    left = iter(reports)
    running: dict[futures.Future, plan.Report] = {}
    while True:
        for report in islice(left, max(window() - len(running), 0)):
            if cluster:
                task, expected = supervise.portable(report), record.inputs(report)
            else:
                task, expected = replace(report, notebook=report.notebook.absolute()), None
            future = executor.submit(supervise.supervised, task, expected, timeout_seconds, retries)
            running[future] = report
        if not running:
            return
        for future in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
            report = running.pop(future)
            try:
                yield future.result()
            except futures.CancelledError:
                from nbfleet.cluster import gone

                raise gone(cluster) from None
            except Exception as error:
                where = "lost by the cluster" if cluster else "lost"
                message = f"{where} ({make.one_line(error)})"
                yield record.Record(make.page(report, message), "lost", message)


def _written(made, total: int, out: Path, echo: Callable[[str], object]) -> Iterator[record.Record]:
    """Results, each put in place and told in a line."""
    digits = len(str(total))
    for count, one in enumerate(made, 1):
        name = one.page.name
        try:
            result = _put(out, one)
        except OSError as error:
            done = f"{count - 1} of {total} reports are done and stand"
            raise RunError(
                f"{out}: cannot be written ({error.strerror or error}); {done}. Free space or mend"
                " the folder and run the same command again"
            ) from None
        tail = out / name / f"{name}.{one.page.formats[0]}" if result.ok else result.message
        echo(f"{count:>{digits}}/{total} {one.status:<7} {name} {one.seconds:.1f} s  {tail}")
        yield result


def _write_index(
    reports: Sequence[plan.Report], results: dict[str, record.Record], out: Path, project: Project
) -> None:
    """The index of all that lies in the folder: the reports of this run first, then those of earlier ones."""
    here = sorted(path.name for path in out.iterdir() if path.is_dir())
    names = dict.fromkeys([*(report.name for report in reports), *here])
    known = filter(None, (record.read(out / name) for name in names))
    listed = [replace(one.page, earlier=one.name not in results) for one in known]
    told = repr((listed, record.source_hash(project))).encode(errors="replace")
    kept, mark = all(one.status == "unchanged" for one in results.values()), out / _OWN / "front"
    with _usable(out / INDEX):
        if kept and (out / INDEX).exists() and mark.exists() and mark.read_bytes() == told:
            return  # to make it may take as long as to import half of the project
        front = supervise.front(project, listed, out) or {INDEX: pages.index(listed, out, project)}
        for name, text in front.items():
            whole.write(out / name, text.encode())
        whole.write(mark, told)

"""A batch on a Dask cluster, on this machine: what two workers gain over one, and what a killed worker costs.

    python benchmarks/nbfleet/cluster.py [--reports 200] [--timed 200]

A scheduler and workers of one thread each are started as processes of their own and talk over the loopback
interface. Reports that are products over the project's own notebooks are made

1. all of them by two workers, one of which is killed (SIGKILL) after a third of the batch, and replaced,
2. the timed ones by two workers, by one, by `rvdata report --jobs 2` without a cluster, by two and by one once more,
3. all of them again where nothing has changed.

Printed are times, ratios, the size of a report and of the index, and what the process that writes has to do for each
report.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from nbfleet import plan
from rvdata import fleet, paths

COMMAND = [sys.executable, "-c", "from rvdata.cli import main; main()", "report"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--reports", type=int, default=200, help="how many reports, a multiple of 4"
    )
    parser.add_argument(
        "--timed", type=int, default=200, help="how many of them in the batches that are compared"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rvdata-cluster-") as folder:
        measure(Path(folder), options.reports, min(options.timed, options.reports))


def measure(folder: Path, count: int, timed: int) -> None:
    """Run the batches and print what they took."""
    home = copy_project(folder / "home", count)
    names = [name for group in zip(*report_names(home), strict=False) for name in group][:timed]
    seconds: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}

    def run(what: str, *options: str, watch: Callable[[int], None] = lambda done: None) -> None:
        taken, used = batch(home, folder / what.replace(" ", "-"), *options, watch=watch)
        seconds.setdefault(what, []).append(taken)
        cpu.setdefault(what, []).append(used)

    killed, two = (
        "two workers, one killed and replaced",
        ("two workers", *names, "--force", "--cluster"),
    )
    with Cluster(folder, home) as cluster:
        doomed = [cluster.add_worker(), cluster.add_worker()][0]

        def kill_one(done: int) -> None:
            if done == count // 3:
                doomed.kill()
                cluster.add_worker()

        run(killed, "--cluster", cluster.address, watch=kill_one)
        run(*two, cluster.address)
    for _ in range(2):
        with Cluster(folder, home) as cluster:
            cluster.add_worker()
            run("one worker", *names, "--force", "--cluster", cluster.address)
            if len(seconds["two workers"]) == 1:
                run("two jobs, no cluster", *names, "--force", "--jobs", "2")
            else:
                break
            cluster.add_worker()
            run(*two, cluster.address)
    run(killed, "--jobs", "2")  # in the same folder: there is nothing to do
    nothing, all_of_it = seconds[killed].pop(), seconds[killed][0]

    print(
        f"\n{len(os.sched_getaffinity(0))} cores; {count} reports with a worker killed: {all_of_it:.1f} s, all made; "
        f"to find all {count} unchanged: {nothing:.1f} s\n"
    )
    print(f"| {timed} reports by | seconds | to one worker | caller's CPU, ms a report |")
    print("| --- | ---: | ---: | ---: |")
    for what in ("one worker", "two workers", "two jobs, no cluster"):
        ratio = median(seconds["one worker"]) / median(seconds[what])
        own = (
            f"{median(cpu[what]) / timed * 1000:.0f}"
            if "workers" in what or "worker" in what
            else ""
        )
        print(
            f"| {what} | {', '.join(f'{value:.1f}' for value in seconds[what])} | {ratio:.2f} | {own} |"
        )
    out = folder / killed.replace(" ", "-")
    sizes = [sum(path.stat().st_size for path in one.iterdir()) for one in out.glob("r_*")]
    index = sum(path.stat().st_size for path in out.glob("index*.html"))
    print(
        f"\nbytes a report: {sum(sizes) / len(sizes):,.0f}; of the index: {index / len(sizes):,.0f}"
    )


def report_names(home: Path) -> list[list[str]]:
    """Names of the reports, a list for each notebook."""
    names: dict[Path, list[str]] = {}
    for report in plan.read_plan(home / "notebooks" / "reports.yaml", fleet.PROJECT):
        names.setdefault(report.notebook, []).append(report.name)
    return list(names.values())


def copy_project(home: Path, count: int) -> Path:
    """The project's notebooks and data, with a plan of its own."""
    shutil.copytree(paths.home() / "data", home / "data")
    shutil.copytree(
        paths.notebooks(), home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    years = list(range(1990, 1990 + count // 4))
    (home / "notebooks" / "reports.yaml").write_text(f"""\
reports:
  - notebook: arms_imports
    name: r_arms_{{partner}}_{{end}}
    each: {{partner: [RUS, CHN], end: {[year + 31 for year in years]}}}
  - notebook: motives
    name: r_motives_{{actor}}_{{end}}
    each: {{actor: [RUS, VEN], end: {[year + 30 for year in years]}}}
""")
    return home


def batch(
    home: Path, out: Path, *options: str, watch: Callable[[int], None] = lambda done: None
) -> tuple[float, float]:
    """Seconds and CPU seconds of one `rvdata report`, which must succeed; ``watch`` sees the number of reports done."""
    began, before = time.perf_counter(), os.times()
    command, environment = (
        [*COMMAND, *options, "--out", str(out)],
        {**os.environ, "RVDATA_HOME": str(home)},
    )
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        hit = re.match(r" *(\d+)/\d+ (\w+)", line)
        if hit and hit[2] != "ok":
            print(line.rstrip(), file=sys.stderr)
        watch(int(hit[1]) if hit else 0)
    if process.wait():
        raise SystemExit(f"a batch failed: {line.strip()}")
    print(f"{out.name}: {line.strip()}", file=sys.stderr)
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return time.perf_counter() - began, cpu


class Cluster:
    """A scheduler and its workers, each a process that logs into a file of its own."""

    def __init__(self, folder: Path, home: Path):
        self.folder, self.home, self.processes = folder, home, []
        log = self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
        self.address = self._wait(log, r"Scheduler at:\s+(tcp://\S+)")

    def add_worker(self) -> subprocess.Popen:
        log = self._start(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(self.folder),
        )
        self._wait(log, "(Registered) to")
        return self.processes[-1]

    def _start(self, what: str, *args: str) -> Path:
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("w") as file:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.dask_{what}", *args],
                    stdout=file,
                    stderr=file,
                    cwd=self.folder,
                    env={**os.environ, "RVDATA_HOME": str(self.home)},
                )
            )
        return log

    def _wait(self, log: Path, pattern: str) -> str:
        end = time.monotonic() + 60
        while not (hit := re.search(pattern, log.read_text())):
            if time.monotonic() > end:
                raise SystemExit(log.read_text())
            time.sleep(0.1)
        return hit[1]

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    main()

"""A batch on a Dask cluster, on this machine: what two workers gain over one, and what a killed worker costs.

    python benchmarks/cluster.py [--reports 200]

A scheduler and workers of one thread each are started as processes of their own and talk over the loopback
interface. The same reports, products over the project's own notebooks, are made

1. by one worker,
2. by two workers, one of which is killed (SIGKILL) after a third of the batch, and replaced,
3. by two workers,
4. by `rvdata report --jobs 2`, without a cluster,

and the last folder is gone through once more, to see what it costs to find that nothing has changed. Printed are times,
ratios, the size of a report and of the index, and what the process that writes has to do for each report.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rvdata import paths

COMMAND = [sys.executable, "-c", "from rvdata.cli import main; main()", "report"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", type=int, default=200, help="how many reports, a multiple of 4")
    count = parser.parse_args().reports
    with tempfile.TemporaryDirectory(prefix="rvdata-cluster-") as folder:
        measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    """Run the four batches and print the table."""
    home = copy_project(folder / "home", count)
    seconds, cpu = {}, {}
    with Cluster(folder, home) as cluster:
        cluster.add_worker()
        seconds["one worker"], cpu["one worker"] = batch(home, folder / "one", "--cluster", cluster.address)
        doomed = cluster.add_worker()

        def kill_one(done: int) -> None:
            if done == count // 3:
                doomed.send_signal(signal.SIGKILL)
                cluster.add_worker()

        seconds["two workers, one killed and replaced"], _ = batch(
            home, folder / "killed", "--cluster", cluster.address, watch=kill_one
        )
        seconds["two workers"], cpu["two workers"] = batch(home, folder / "two", "--cluster", cluster.address)
    seconds["two jobs without a cluster"], cpu["two jobs without a cluster"] = batch(home, folder / "local", "--jobs", "2")
    seconds["nothing to do"], cpu["nothing to do"] = batch(home, folder / "local", "--jobs", "2")

    print(f"\n{count} reports, {len(os.sched_getaffinity(0))} cores\n\n| batch | seconds | to one worker | caller's CPU s |")
    print("| --- | ---: | ---: | ---: |")
    for name, value in seconds.items():
        ratio = f"{seconds['one worker'] / value:.2f} ×"
        print(f"| {name} | {value:.1f} | {ratio} | {f'{cpu[name]:.1f}' if name in cpu else ''} |")
    sizes = [sum(path.stat().st_size for path in one.iterdir()) for one in (folder / "two").glob("r_*")]
    index = (folder / "two" / "index.html").stat().st_size
    print(f"\nreports made, each whole: {len(sizes)}; bytes a report: {sum(sizes) / len(sizes):,.0f}; "
          f"bytes of the index a report: {index / len(sizes):,.0f}")
    print(f"the caller's CPU time a report on the cluster: {cpu['two workers'] / count * 1000:.1f} ms; "
          f"to find one unchanged: {seconds['nothing to do'] / count * 1000:.1f} ms")


def copy_project(home: Path, count: int) -> Path:
    """The project's notebooks and data, with a plan of its own."""
    shutil.copytree(paths.home() / "data", home / "data")
    shutil.copytree(paths.notebooks(), home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
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


def batch(home: Path, out: Path, *options: str, watch: Callable[[int], None] = lambda done: None) -> tuple[float, float]:
    """Seconds and CPU seconds of one `rvdata report`, which must succeed; ``watch`` sees the number of reports done."""
    began, before = time.perf_counter(), os.times()
    environment = {**os.environ, "RVDATA_HOME": str(home)}
    process = subprocess.Popen([*COMMAND, *options, "--out", str(out)], env=environment, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        hit = re.match(r" *(\d+)/", line)
        watch(int(hit[1]) if hit else 0)
    if process.wait():
        raise SystemExit(f"a batch failed: {line.strip()}")
    print(f"{out.name}: {line.strip()}", file=sys.stderr)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, cpu


class Cluster:
    """A scheduler and its workers, each a process that logs into a file of its own."""

    def __init__(self, folder: Path, home: Path):
        self.folder, self.home, self.processes = folder, home, []
        log = self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
        self.address = self._wait(log, r"Scheduler at:\s+(tcp://\S+)")

    def add_worker(self) -> subprocess.Popen:
        log = self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                          "--host", "127.0.0.1", "--local-directory", str(self.folder))
        self._wait(log, "(Registered) to")
        return self.processes[-1]

    def _start(self, what: str, *args: str) -> Path:
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("w") as file:
            self.processes.append(subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *args],
                stdout=file, stderr=file, cwd=self.folder, env={**os.environ, "RVDATA_HOME": str(self.home)}))
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

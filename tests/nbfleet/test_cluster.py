"""Reports on a real scheduler and real worker processes, on the loopback interface."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from invented import PROJECT
from notebook_factory import runnable, save
from processes import alive, wait_for

from nbfleet import cluster, plan, record, run

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="sessions and signals as on POSIX systems"),
    pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed"),
]

PARAMETERS = "start: int = 2000  # first year"
HERE = Path(__file__).parent


def make_home(folder: Path) -> Path:
    """A home with one notebook that takes a while and tells where it ran."""
    where = "import os\nopen(os.path.join(os.environ['FLEET_HOME'], f'started-{start}'), 'w').write(str(os.getpid()))"
    nb = runnable(where, "import time\ntime.sleep(0.5)", "start + 1", parameters=PARAMETERS)
    save(nb, folder / "notebooks" / "one.ipynb")
    (folder / "notebooks" / "reports.yaml").write_text(
        "reports:\n  - {notebook: one, name: 'r{start}', title: 'Since {start}?', each: {start: [0, 1, 2, 3]}}\n"
    )
    (folder / "data" / "raw").mkdir(parents=True)
    return folder


class Cluster:
    """A scheduler with workers of one thread each; each process logs into a file of its own."""

    def __init__(self, folder: Path):
        self.folder, self.processes = folder, []
        log = self.start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
        wait_for(lambda: "Scheduler at:" in log.read_text(), 60)
        self.address = re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text())[1]

    def start(self, *args: str, home: Path | None = None) -> Path:
        log = self.folder / f"{len(self.processes)}.log"
        environment = {**os.environ, "PYTHONPATH": str(HERE)}
        environment |= {"FLEET_HOME": str(home)} if home else {}
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + args[0], *args[1:]],
                stdout=file,
                stderr=file,
                env=environment,
                cwd=self.folder,
            )
        self.processes.append(process)
        return log

    def add_worker(self, home: Path, *options: str) -> subprocess.Popen:
        log = self.start(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(self.folder),
            *options,
            home=home,
        )
        wait_for(lambda: "Registered to" in log.read_text(), 60)
        return self.processes[-1]

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def dask(tmp_path):
    (tmp_path / "dask").mkdir()
    running = Cluster(tmp_path / "dask")
    yield running
    running.close()


def test_a_worker_that_is_killed_costs_a_retry_and_the_reports_are_those_of_one_machine(
    dask, tmp_path, monkeypatch
):
    here, there = (
        make_home(tmp_path / "here"),
        make_home(tmp_path / "there"),
    )  # nothing is shared but the network
    doomed = dask.add_worker(there, "--no-nanny")
    dask.add_worker(
        there, "--nanny"
    )  # whose process is a daemon, which may have no children of multiprocessing
    command = [
        sys.executable,
        "-c",
        "from pathlib import Path\nfrom invented import PROJECT\nfrom nbfleet import plan, run\nimport sys\n"
        "reports = plan.read_plan(Path('notebooks/reports.yaml'), PROJECT)\n"
        "run.run(reports, Path('reports'), cluster=sys.argv[1])",
        dask.address,
    ]
    batch = subprocess.Popen(
        command,
        cwd=here,
        env={**os.environ, "FLEET_HOME": str(here), "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_for(lambda: len(list(there.glob("started-*"))) >= 2, 60)
    doomed.send_signal(signal.SIGKILL)
    output, _ = batch.communicate(timeout=120)
    assert batch.returncode == 0, output
    assert output.splitlines()[-1].startswith("4 reports: 4 made, 0 failed, ")
    assert not list(here.glob("started-*"))
    kernels = [int(path.read_text()) for path in there.glob("started-*")]
    wait_for(lambda: not any(map(alive, kernels)))

    monkeypatch.setenv("FLEET_HOME", str(here))
    report = plan.read_plan(here / "notebooks" / "reports.yaml", PROJECT)[3]
    assert run.run([report], here / "reports", echo=lambda line: None)[0].status == "unchanged"
    run.run([report], here / "local", echo=lambda line: None)
    far, near = (record.read(here / folder / "r3") for folder in ("reports", "local"))
    assert (far.files, far.inputs, far.page) == (near.files, near.inputs, near.page)


def test_workers_with_other_data_another_notebook_or_none_are_refused(dask, tmp_path, monkeypatch):
    here, there = make_home(tmp_path / "here"), make_home(tmp_path / "there")
    monkeypatch.setenv("FLEET_HOME", str(here))
    monkeypatch.setattr(cluster, "_WORKERS_SECONDS", 0.5)
    reports = plan.read_plan(here / "notebooks" / "reports.yaml", PROJECT)[:1]

    def fault() -> str:
        with pytest.raises(cluster.ClusterError) as caught:
            run.run(reports, here / "reports", cluster=dask.address, echo=lambda line: None)
        return str(caught.value)

    assert fault() == (
        f"{dask.address}: the scheduler has no workers; start some with dask worker {dask.address}"
    )
    (there / "data" / "raw" / "more.csv").write_text("x")
    dask.add_worker(there, "--no-nanny")
    assert re.fullmatch(
        r"the worker tcp://\S+ has another data/raw/more.csv; give all machines the same version of "
        "invented, its packages and its data",
        fault(),
    )
    (there / "data" / "raw" / "more.csv").unlink()
    other = runnable("start", parameters=PARAMETERS)
    save(other, there / "notebooks" / "one.ipynb")
    (result,) = run.run(reports, here / "reports", cluster=dask.address, echo=lambda line: None)
    assert result.status == "failed"
    assert re.search(r"has another notebook; give all machines the same version", result.message)


def test_an_address_where_nothing_answers_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        refused = pytest.raises(cluster.ClusterError, match="no Dask scheduler answers")
        with refused as caught, cluster.executor(address, PROJECT):
            pass
        assert "\n" not in str(caught.value)


def test_without_dask_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(cluster.ClusterError, match=r"pip install distributed"),
        cluster.executor("tcp://x:1", PROJECT),
    ):
        pass


def test_a_scheduler_that_goes_away_ends_the_batch_and_marks_no_report(dask, tmp_path, monkeypatch):
    home = make_home(tmp_path / "home")
    monkeypatch.setenv("FLEET_HOME", str(home))
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    dask.add_worker(home, "--no-nanny")
    reports, lines = plan.read_plan(home / "notebooks" / "reports.yaml", PROJECT), []

    def echo(line: str) -> None:
        lines.append(line)
        dask.processes[0].kill()

    with pytest.raises(
        cluster.ClusterError,
        match=r"the scheduler has gone; finished reports are kept. Start it again",
    ):
        run.run(reports, home / "reports", cluster=dask.address, echo=echo)
    done = [record.read(home / "reports" / report.name) for report in reports]
    assert [one.status for one in done if one] == ["ok"] * len(lines)
    assert "r0/r0.html" in (home / "reports" / "index.html").read_text()

"""Children: processes that make one report at a time, end with its time, their supervisor or its fault, and leave nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import makings
import psutil
import pytest
from notebook_factory import runnable, save
from processes import alive, wait_for

from nbfleet import plan, record, supervise

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="sessions and signals as on POSIX systems"
)


@pytest.fixture(autouse=True)
def anew():
    supervise.allow()


@pytest.fixture
def report(tmp_path) -> plan.Report:
    notebook = save(
        runnable("1", parameters="start: int = 2000  # first year"), tmp_path / "one.ipynb"
    )
    return plan.Report("one", notebook, "Who?", {})


def pids(report: plan.Report) -> list[int]:
    started = report.notebook.parent / "started"
    wait_for(started.exists)
    return [int(text) for text in started.read_text().split()]


def test_at_the_time_limit_the_child_and_all_that_it_started_are_killed(report):
    made = supervise.supervised(report, timeout_seconds=1, making=makings.hanging)
    assert (made.status, made.cell) == ("timeout", 2)
    assert made.message == "cell 2: not done after 1 s; mend it or allow more with --timeout"
    assert made.page.message == made.message
    assert 1 <= made.seconds < 15
    wait_for(lambda: not any(map(alive, pids(report))))


def test_a_child_that_dies_is_lost_and_tried_again_as_often_as_asked(report):
    made = supervise.supervised(report, retries=2, making=makings.dying)
    assert (made.status, made.cell, made.attempts) == ("lost", 7, 3)
    assert (
        made.message
        == "cell 7: its process died; look for a lack of memory and run the report again"
    )
    assert (report.notebook.parent / "one.tries").read_text() == "xxx"


def test_a_report_that_succeeds_at_the_third_attempt_is_well(report):
    made = supervise.supervised(report, retries=5, making=makings.third_time)
    assert (made.status, made.message, made.attempts) == ("ok", "", 3)


def test_who_stops_in_the_middle_of_a_message_is_not_waited_for(report, monkeypatch):
    monkeypatch.setattr(supervise, "_MESSAGE_SECONDS", 1)
    made = supervise.supervised(report, making=makings.stopping)
    assert (made.status, made.cell) == ("lost", None)
    assert made.message == "its process died; look for a lack of memory and run the report again"


def test_a_fault_in_the_child_is_told(report):
    made = supervise.supervised(report, making=makings.raising)
    assert (made.status, made.message) == ("failed", "RuntimeError: a fault of ours")


def test_a_child_is_asked_again_after_a_report_that_went_well_and_after_no_other(report):
    supervise.stop()
    supervise.allow()
    one = supervise.supervised(report, making=makings.who).message
    assert supervise.supervised(report, making=makings.who).message == one
    wait_for(lambda: not any(alive(c.pid) for c in psutil.Process(int(one)).children()))
    for making, status in (
        (makings.third_time, "failed"),
        (makings.raising, "failed"),
        (makings.dying, "lost"),
    ):
        assert supervise.supervised(report, making=making).status == status
        wait_for(lambda one=one: not alive(int(one)))
        before, one = one, supervise.supervised(report, making=makings.who).message
        assert one != before


def test_a_child_that_was_killed_while_it_waited_costs_no_report(report):
    one = supervise.supervised(report, making=makings.who).message
    os.kill(int(one), signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(int(one)))  # all its threads, and collected
    made = supervise.supervised(report, making=makings.who)
    assert (made.status, made.attempts, made.message != one) == ("ok", 1, True)


def test_a_report_leaves_neither_environment_nor_folder_to_the_next(tmp_path):
    """Also what the first page is made by: it would note what it reads where notes of a report lay."""
    code = "import os; os.chdir('/'); os.environ['TRACE'] = 'yes'"
    notebook = save(runnable(code, parameters="start: int = 2000  # year"), tmp_path / "one.ipynb")
    before = supervise.supervised(plan.Report("one", notebook, "Who?", {}), making=makings.place)
    assert supervise.supervised(plan.Report("one", notebook, "Who?", {})).status == "ok"
    after = supervise.supervised(plan.Report("one", notebook, "Who?", {}), making=makings.place)
    assert after.message == before.message


def test_a_child_leads_a_session_of_its_own_in_the_environment_of_this_moment(report, monkeypatch):
    monkeypatch.setenv("RVDATA_OLD", "1")
    supervise.supervised(report, making=makings.third_time)  # the template runs
    monkeypatch.delenv("RVDATA_OLD")
    monkeypatch.setenv("RVDATA_NEW", "1")
    assert supervise.supervised(report, making=makings.session).message == "True None 1"


def test_the_template_has_one_thread_and_no_zombie(report):
    supervise.supervised(report, making=makings.third_time)
    server = supervise._held[0].process.pid
    if Path("/proc").exists():
        assert os.listdir(f"/proc/{server}/task") == [str(server)]
        wait_for(lambda: not psutil.Process(server).children())


def test_edited_source_gets_a_new_template(report, monkeypatch):
    supervise.supervised(report, making=makings.third_time)
    old = supervise._held[0].process.pid
    supervise.supervised(report, making=makings.third_time)
    assert supervise._held[0].process.pid == old
    monkeypatch.setattr(record, "source_hash", lambda project: "edited")
    supervise.supervised(report, making=makings.third_time)
    assert supervise._held[0].process.pid != old
    wait_for(lambda: not alive(old))


def test_a_template_that_is_killed_is_replaced(report):
    supervise.supervised(report, making=makings.third_time)
    os.kill(supervise._held[0].process.pid, signal.SIGKILL)
    supervise._held[0].process.wait()
    assert supervise.supervised(report, retries=1, making=makings.third_time).status in (
        "failed",
        "ok",
    )


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_children_and_template_end_with_the_one_who_waits_for_them(report, end):
    tests = Path(__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(tests)!r})\nimport makings\nfrom pathlib import Path\n"
        "from nbfleet import plan, supervise\n"
        f"report = plan.Report('one', Path({str(report.notebook)!r}), 'Who?', {{}})\n"
        "supervise._hold(report.project); print(supervise._held[0].process.pid, flush=True)\n"
        "supervise.supervised(report, making=makings.hanging)\n"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-c", code], text=True, **pipes)
    server = int(process.stdout.readline())
    everyone = [server, *pids(report)]
    assert all(map(alive, everyone))
    process.send_signal(end)
    process.wait(20)
    process.stdout.close()
    wait_for(lambda: not any(map(alive, everyone)))


def test_without_fork_a_new_interpreter_does_the_same(report, monkeypatch):
    supervise.stop()
    supervise.allow()
    monkeypatch.setattr(supervise.kernels, "warm", lambda *_: contextlib.nullcontext())
    assert supervise.supervised(report, making=makings.third_time).message == "cell 4: no"
    assert (
        supervise.supervised(report, timeout_seconds=2, making=makings.hanging).status == "timeout"
    )
    wait_for(lambda: not any(map(alive, pids(report))))
    supervise.stop()


def test_a_notebook_that_vanishes_fails_its_report_alone(report):
    report.notebook.unlink()
    made = supervise.supervised(report)
    assert (made.status, made.page.parameters, made.page.message) == ("failed", (), made.message)
    assert made.message.startswith("PlanError: ") and "no such notebook" in made.message


def test_after_stop_nothing_runs_until_it_is_allowed(report):
    supervise.supervised(report, making=makings.third_time)
    supervise.stop()
    assert supervise._held is None
    assert (
        supervise.supervised(report, retries=3, making=makings.third_time).message == "interrupted"
    )
    supervise.allow()
    assert supervise.supervised(report, making=makings.third_time).status in ("failed", "ok")

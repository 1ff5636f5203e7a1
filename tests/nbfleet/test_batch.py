"""Batches that are killed, interrupted, crowded or out of space: nothing is lost, nothing half is seen, all is said."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import makings
import pytest
from notebook_factory import runnable, save
from processes import wait_for

from nbfleet import make, plan, record, run, supervise, whole
from nbfleet.run import RunError

PARAMETERS = "start: int = 2000  # first year"
posix = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")


@pytest.fixture
def reports(tmp_path) -> list[plan.Report]:
    """Twelve reports of one notebook, whose stand-in writes the number in a file."""
    notebook = save(runnable("start", parameters=PARAMETERS), tmp_path / "notebooks" / "one.ipynb")
    (notebook.parent / "number").write_text("1")
    return [plan.Report(f"r{n:02}", notebook, "Who?", {"start": n}) for n in range(12)]


@pytest.fixture
def at_once(monkeypatch):
    """Make reports in this process, without children."""

    def supervised(report, expected, timeout_seconds, retries):
        return makings.quick(report, expected, print)

    monkeypatch.setattr(supervise, "supervised", supervised)


def batch(reports, out, **options) -> tuple[list[record.Record], list[str]]:
    lines: list[str] = []
    return run.run(reports, out, 2, echo=lines.append, **options), lines


def said_by(folder: Path) -> str:
    """The number that all files of a report's folder say, each as it was written."""
    known = record.read(folder)
    assert {path.name for path in folder.iterdir()} == {record.FILE, *known.files}
    contents = {name: (folder / name).read_bytes() for name in known.files}
    assert {name: sha256(data).hexdigest() for name, data in contents.items()} == known.files
    (number,) = {data[:1] for data in contents.values()}
    return number.decode()


# ---------------------------------------------------------------- what is up to date


def test_what_is_up_to_date_is_left_alone_and_what_is_not_runs(reports, tmp_path, at_once):
    out = tmp_path / "out"
    batch(reports, out)
    stamps = {path: path.stat().st_mtime_ns for path in out.glob("r*/*")}
    (out / "r03" / "r03.html").write_text("mine")
    shutil.rmtree(out / "r07")
    results, lines = batch(reports, out)
    assert [result.name for result in results if result.status == "ok"] == ["r03", "r07"]
    assert {result.status for result in results} == {"ok", "unchanged"}
    assert all(result.ok for result in results)
    assert lines[0] == "10 reports unchanged since the last run"
    assert lines[-1].startswith("12 reports: 2 made, 10 unchanged, 0 failed, ")
    assert all(
        path.stat().st_mtime_ns == stamps[path]
        for path in stamps
        if path.parent.name not in ("r03", "r07")
    )
    assert (out / "index.html").read_text().count('class="card"') == 12


@pytest.mark.parametrize("exchanging", [True, False])
def test_force_runs_everything(reports, tmp_path, at_once, monkeypatch, exchanging):
    if not exchanging:  # as on systems without renameat2
        monkeypatch.setattr(whole, "_exchange", lambda stage, folder: False)
    batch(reports, tmp_path / "out")
    (reports[0].notebook.parent / "number").write_text("2")
    results, _ = batch(reports, tmp_path / "out", force=True)
    assert {result.status for result in results} == {"ok"}
    assert {said_by(tmp_path / "out" / report.name) for report in reports} == {"2"}


def test_a_rehearsal_says_what_would_run_and_why_and_touches_nothing(reports, tmp_path, at_once):
    out, lines = tmp_path / "out", []
    run.rehearse(reports[:2], out, echo=lines.append)
    assert lines == ["run  r00  new", "run  r01  new", "2 reports: 2 would run, 0 unchanged"]
    assert not out.exists()
    batch(reports[:2], out)
    (out / "r01" / "r01.html").unlink()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    lines.clear()
    run.rehearse(reports[:2], out, echo=lines.append)
    assert lines == [
        "skip r00  unchanged",
        "run  r01  r01.html missing",
        "2 reports: 1 would run, 1 unchanged",
    ]
    lines.clear()
    run.rehearse(reports[:2], out, force=True, echo=lines.append)
    assert lines[:2] == ["run  r00  forced", "run  r01  r01.html missing"]
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


# ---------------------------------------------------------------- a batch that is killed


SCRIPT = """\
import sys
from functools import partial
from pathlib import Path
import makings
from nbfleet import plan, run, supervise

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
supervise.supervised = partial(supervise.supervised, making=makings.quick)
reports = [plan.Report(f"r{n:02}", folder / "one.ipynb", "Who?", {"start": n}) for n in range(12)]
results = run.run(reports, out, 2)
print(sum(result.status == "unchanged" for result in results))
"""


def start(reports, out, script: str = SCRIPT) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(
        [sys.executable, "-c", script, reports[0].notebook.parent, out],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@posix
def test_a_batch_killed_at_random_moments_leaves_whole_reports_and_goes_on_where_it_was(
    reports, tmp_path
):
    out, moments = tmp_path / "out", random.Random(7)
    for number in "12":  # the second round replaces the reports of the first
        (reports[0].notebook.parent / "number").write_text(number)
        if number == "2":  # what all reports rest on
            save(runnable("start", "2", parameters=PARAMETERS), reports[0].notebook)
        process = start(reports, out)
        wait_for(
            lambda process=process: process.stdout.readline().split(maxsplit=2)[1:2] == ["ok"]
        )  # the first of this batch
        time.sleep(moments.uniform(0, 0.25))
        process.kill()
        process.communicate()
        numbers = [said_by(folder) for folder in out.glob("r*")]
        assert set(numbers) <= {"1", number}
        done = numbers.count(number)
        assert done > 0
    process = start(reports, out)
    last = process.communicate()[0].splitlines()[-1]
    assert int(last) == done, "what was finished is made again"
    assert [said_by(out / report.name) for report in reports] == ["2"] * 12
    assert {path.name for path in (out / ".nbfleet").iterdir()} == {"front", "lock"}


def test_a_reader_of_the_folder_sees_one_run_or_the_other_never_both(reports, tmp_path, at_once):
    out, seen, stop = tmp_path / "out", [], threading.Event()
    batch(reports[:1], out)

    def read() -> None:
        while not stop.is_set():
            folder = os.open(out / "r00", os.O_RDONLY)
            try:
                contents = []
                for ending in (".html", "-code.html", ".ipynb"):
                    with open(os.open(f"r00{ending}", os.O_RDONLY, dir_fd=folder), "rb") as file:
                        contents.append(file.read())
                seen.append(
                    {data[:1] for data in contents}
                    if len({len(data) for data in contents}) == 1
                    else set()
                )
            except (
                FileNotFoundError
            ):  # the folder that was opened is the old one, and is being cleared away
                pass
            finally:
                os.close(folder)

    reader = threading.Thread(target=read)
    reader.start()
    for number in "23456":
        (reports[0].notebook.parent / "number").write_text(number)
        batch(reports[:1], out, force=True)
    stop.set()
    reader.join()
    assert len(seen) > 5
    assert all(len(numbers) == 1 for numbers in seen)


# ---------------------------------------------------------------- trouble with the folder


def test_two_batches_in_one_folder_do_not_meet(reports, tmp_path, at_once):
    (tmp_path / "out").mkdir()
    with run._locked(tmp_path / "out"), pytest.raises(RunError) as caught:
        batch(reports, tmp_path / "out")
    assert str(caught.value).startswith(
        f"{tmp_path}/out: another batch is writing here (process {os.getpid()} on "
    )
    assert str(caught.value).endswith("); wait for its end or choose another folder with --out")
    assert batch(reports, tmp_path / "out")[0][0].ok, "the lock is not let go of"


def test_a_full_disk_ends_the_batch_in_one_line_and_keeps_what_is_done(
    reports, tmp_path, at_once, monkeypatch
):
    out, written = tmp_path / "out", []

    def write_bytes(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 8 and path.parent.suffix == ".stage":  # in the middle of the third report
            with open(path, "wb") as file:
                file.write(data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        with open(path, "wb") as file:
            return file.write(data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(RunError) as caught:
        batch(reports, out)
    assert str(caught.value) == (
        f"{out}: cannot be written (No space left on device); 2 of 12 reports are done and stand. Free space or mend "
        "the folder and run the same command again"
    )
    monkeypatch.undo()
    assert [said_by(folder) for folder in out.glob("r*")] == ["1", "1"]
    assert {path.name for path in (out / ".nbfleet").iterdir()} == {"front", "lock"}
    assert (out / "index.html").read_text().count('class="card"') == 2


def nothing_was_made(out: Path) -> bool:
    return not out.exists() or {path.name for path in out.iterdir()} <= {".nbfleet", "here"}


def refused(reports, out, **options) -> str:
    with pytest.raises(RunError) as caught:
        batch(reports, out, **options)
    assert "\n" not in str(caught.value)
    assert nothing_was_made(out)
    return str(caught.value)


def test_a_disk_that_is_full_at_the_start_is_said_in_one_line(
    reports, tmp_path, at_once, monkeypatch
):
    def pwrite(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", pwrite)
    assert refused(reports, tmp_path / "out") == (
        f"{tmp_path}/out/.nbfleet/lock: cannot be used (No space left on device); mend that or choose another folder"
        " with --out"
    )
    monkeypatch.undo()
    with run._locked(tmp_path / "out"):
        pass


def test_a_folder_that_cannot_be_read_is_said_in_one_line(reports, tmp_path, at_once, monkeypatch):
    def iterdir(folder):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    (tmp_path / "out" / "r00").mkdir(parents=True)
    monkeypatch.setattr(Path, "iterdir", iterdir)
    with pytest.raises(RunError) as caught:
        batch(reports, tmp_path / "out")
    assert str(caught.value) == (
        f"{tmp_path}/out/r00: cannot be used (Permission denied); mend that or choose another folder"
        " with --out"
    )


@pytest.mark.parametrize("limit", [float("inf"), float("nan"), 0.0])
def test_a_time_limit_that_no_clock_can_keep_is_refused_and_destroys_nothing(
    reports, tmp_path, at_once, limit
):
    out = tmp_path / "out"
    batch(reports[:1], out)
    with pytest.raises(RunError) as caught:
        batch(reports[:1], out, force=True, timeout_seconds=limit)
    assert str(caught.value) == (
        f"a time limit of {limit:g} s; allow more than 0 and at most 604,800 s, a week"
    )
    assert said_by(out / "r00") == "1"


def test_the_lock_is_no_way_to_files_behind_a_link(reports, tmp_path, at_once):
    (tmp_path / "mine" / ".r00.00000000.stage").mkdir(parents=True)
    out = tmp_path / "out"
    out.mkdir()
    (out / ".nbfleet").symlink_to(tmp_path / "mine")
    assert refused(reports, out) == f"{out}/.nbfleet: is a symbolic link; remove it"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [".r00.00000000.stage"]


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o700), (0o002, 0o775)])
def test_folders_and_files_are_open_to_those_whom_the_umask_lets_in(
    reports, tmp_path, at_once, umask, mode
):
    before = os.umask(umask)
    try:
        for _ in range(2):
            batch(reports[:1], tmp_path / "out", force=True)
            places = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
            modes = {path.name: path.stat().st_mode & 0o777 for path in places}
            assert {modes.pop(name) for name in ("out", ".nbfleet", "r00")} == {mode}
            assert set(modes.values()) == {mode & 0o666}
    finally:
        os.umask(before)


def test_half_a_character_in_title_message_or_value_stops_no_other_report(
    reports, tmp_path, monkeypatch
):
    odd = "half \udcff"
    reports[2] = replace(reports[2], title=odd)
    reports[4] = replace(reports[4], parameters={"start": odd})

    def supervised(report, *_):
        if report.name == "r03":
            raise ValueError(odd)
        if report.name == "r05":
            message = make.one_line(ValueError(f"\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202e{odd}"))
            return record.Record(make.page(report, message), "failed", message)
        return makings.quick(report, None, print)

    monkeypatch.setattr(supervise, "supervised", supervised)
    results, lines = batch(reports, tmp_path / "out")
    assert [result.status for result in results] == ["ok"] * 3 + ["lost", "ok", "failed"] + [
        "ok"
    ] * 6
    assert results[3].message == r"lost (ValueError: half \udcff)"
    assert results[5].message == r"ValueError: \x1b]52;c;ZXZpbA==\x07\x1b[2J\u202ehalf \udcff"
    assert record.read(tmp_path / "out" / "r02").page.title == r"half \udcff"
    assert record.read(tmp_path / "out" / "r04").page.parameters[0][1] == r"half \udcff"
    assert r"half \udcff" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert all("\x1b" not in line and "\udcff" not in line for line in lines)


def test_values_typed_by_hand_with_one_name_do_not_share_a_folder(reports, tmp_path, at_once):
    notebook = reports[0].notebook
    save(runnable(parameters='label: str = ""  # any\nstart: int = 1  # year'), notebook)
    plain = replace(reports[0], name="one", parameters={})
    first, second, third = (
        plan.override([plain], [pair])[0]
        for pair in (("label", "a b"), ("label", "a-b"), ("start", "2"))
    )
    assert first.name == second.name == "one_a-b"
    out = tmp_path / "out"
    batch([first], out)
    assert batch([first], out, force=True)[0][0].ok
    with pytest.raises(RunError) as caught:
        batch([third, second], out)
    assert str(caught.value) == (
        f"{out}/one_a-b: holds the report with label a b; remove it or choose another folder with --out"
    )
    assert not (out / third.name).exists()


def test_a_folder_that_vanishes_ends_the_batch_in_one_line(reports, tmp_path, monkeypatch):
    out = tmp_path / "out"

    def supervised(report, *_):
        if report.name == "r05" and out.exists():
            shutil.move(out, tmp_path / "moved")
        return makings.quick(report, None, print)

    monkeypatch.setattr(supervise, "supervised", supervised)
    with pytest.raises(
        RunError, match=r"cannot be written \(No such file or directory\); \d+ of 12"
    ):
        batch(reports, out)
    assert not out.exists()
    assert len(list((tmp_path / "moved").glob("r*"))) >= 2  # so many are written before the sixth


def test_a_failure_stops_no_other_and_takes_an_older_success_away(
    reports, tmp_path, monkeypatch, at_once
):
    out = tmp_path / "out"
    batch(reports, out)

    def supervised(report, *_):
        if report.name == "r03":
            return record.Record(
                make.page(report, "cell 2: ValueError: no"), "failed", "cell 2: ValueError: no", 2
            )
        if report.name == "r04":
            raise ValueError("a fault")
        return makings.quick(report, None, print)

    monkeypatch.setattr(supervise, "supervised", supervised)
    results, lines = batch(reports, out, force=True)
    assert [result.status for result in results] == ["ok"] * 3 + ["failed", "lost"] + ["ok"] * 7
    assert [path.name for path in (out / "r03").iterdir()] == [record.FILE]
    assert lines[-3:-1] == [
        "failed: r03: cell 2: ValueError: no",
        "failed: r04: lost (ValueError: a fault)",
    ]
    results, lines = batch(reports, out)
    assert [result.status for result in results].count("unchanged") == 10
    assert record.reasons(reports[3], out / "r03") == ["failed last time"]
    assert record.reasons(reports[4], out / "r04") == ["lost last time"]


# ---------------------------------------------------------------- many


def test_thousands_of_reports_are_handed_over_few_at_a_time(reports, tmp_path, monkeypatch):
    handed = []

    class Pool:
        def submit(self, function, report, *_):
            handed.append(report.name)
            return threads.submit(time.sleep, 0.001)

    with ThreadPoolExecutor(2) as threads:
        outcomes = run._made(reports * 10, (Pool(), lambda: 2), None, None, 0)
        next(outcomes)
        assert len(handed) <= 3
        assert len(list(outcomes)) == 119

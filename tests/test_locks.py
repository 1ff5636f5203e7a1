"""The lock over data/raw: alone to write, together to read, and in one line who keeps it."""

from __future__ import annotations

import subprocess
import sys

import ledger_factory
import primary_factory
import pytest
from click.testing import CliRunner

from rvdata import cli, locks
from rvdata.errors import DataError
from rvdata.intake import review

pytest.importorskip("fcntl", reason="the system has no file locks")


@pytest.fixture
def other(ledger):
    """Another process that holds the lock, as it is told: `writing` or `reading`."""
    running = []

    def start(how):
        code = (
            f"from rvdata import locks\nwith locks.{how}():\n    print('held', flush=True); input()"
        )
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        )
        assert running[-1].stdout.readline() == b"held\n"
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("theirs", "ours"), [("writing", "writing"), ("writing", "reading"), ("reading", "writing")]
)
def test_who_writes_holds_it_alone_and_is_named(other, ledger, monkeypatch, theirs, ours):
    process = other(theirs)
    monkeypatch.setattr(locks, "PATIENCE_S", 0.1)
    with pytest.raises(DataError) as caught, getattr(locks, ours)():
        pytest.fail("both hold it")
    who = f"process {process.pid}" if sys.platform == "linux" else "another process"
    assert str(caught.value) == (
        f"{ledger.raw}: {who} has kept it locked for 0.1 seconds; wait until that has ended, or end it, and run "
        "the command again"
    )
    process.kill()
    assert process.wait() != 0
    with getattr(locks, ours)():
        pass


def test_readers_share_it(other, monkeypatch):
    other("reading")
    monkeypatch.setattr(locks, "PATIENCE_S", 0)
    with locks.reading(), locks.reading():
        pass


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ("writing", "build"),
        ("writing", "build --check"),
        ("writing", "verify --texts texts"),
        ("reading", "import cpi cpi.csv --origin uscpi-1991 --released 2024-02-01"),
        ("reading", "add article.txt --title T --publisher Harbour --published 2021"),
    ],
)
def test_each_command_waits_and_says_in_one_line_for_whom(
    other, ledger, monkeypatch, theirs, words
):
    monkeypatch.chdir(ledger.folder)
    (ledger.folder / "cpi.csv").write_text(primary_factory.CPI, encoding="utf-8")
    (ledger.folder / "article.txt").write_text("Two ships called in 2019.\n", encoding="utf-8")
    process = other(theirs)
    monkeypatch.setattr(locks, "PATIENCE_S", 0)
    done = CliRunner().invoke(cli.main, words.split())
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"rvdata: {ledger.raw}: ")
    assert sys.platform != "linux" or f"process {process.pid} has kept it locked" in line


def test_a_decision_of_a_review_waits_until_the_build_has_ended(other, ledger, monkeypatch):
    ledger.change("figures", 0, status="proposed")
    other("reading")
    monkeypatch.setattr(locks, "PATIENCE_S", 0)
    monkeypatch.setattr(review, "ask", lambda prompt: "r")
    with pytest.raises(DataError, match="has kept it locked"):
        review.review(
            ledger_factory.SOURCE, ledger.folder / "texts" / f"{ledger_factory.SOURCE}.txt"
        )
    assert ledger.rows("figures")[0]["status"] == "proposed"


def test_whoever_waits_goes_on_when_the_lock_is_free(other):
    process = other("writing")
    end = subprocess.Popen(["sh", "-c", f"sleep 0.2; kill {process.pid}"])
    with locks.writing():
        assert end.wait() == 0 and process.wait() != 0  # of a killed process nothing is left


def test_a_review_that_waits_for_an_answer_keeps_nobody_out(ledger, monkeypatch):
    ledger.change("figures", 0, status="proposed")
    asked = []

    def ask(prompt):
        with locks.writing():
            asked.append(prompt)
        return "q"

    monkeypatch.setattr(review, "ask", ask)
    monkeypatch.setattr(locks, "PATIENCE_S", 0)
    review.review(ledger_factory.SOURCE, ledger.folder / "texts" / f"{ledger_factory.SOURCE}.txt")
    assert len(asked) == 1


def test_without_locks_a_command_says_so_and_goes_on(ledger, monkeypatch, capsys):
    monkeypatch.setattr(locks, "fcntl", None)
    with locks.writing():
        pass
    assert capsys.readouterr().err == (
        f"rvdata: {ledger.raw} cannot be locked here; let nothing else write it meanwhile\n"
    )

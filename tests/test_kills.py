"""Commands that are killed; `make test-long` kills each of them 75 times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import primary_factory
import pytest
from click.testing import CliRunner

from rvdata import cli

pytest.importorskip("fcntl", reason="the system has no file locks")


def test_what_is_killed_leaves_old_or_new_or_is_healed():
    script = Path(__file__).with_name("kills.py")
    done = subprocess.run([sys.executable, script, "2"], capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "build",
        "import",
        "add",
        "review",
        "report",
    ]


def rvdata(*words):
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def cut_short(ledger, *words):
    """Run a command, and put the registry back as if the command had been killed before it replaced that."""
    registry = ledger.raw / "origins.csv"
    before = registry.read_bytes()
    assert rvdata(*words).exit_code == 0
    (ledger.raw / ".origins.csv.00000000.stage").write_bytes(registry.read_bytes())
    registry.write_bytes(before)


@pytest.mark.parametrize("healer", ["build", "import", "add"])
@pytest.mark.parametrize("killed", ["import", "import again", "add"])
def test_the_next_command_completes_what_a_killed_one_put_in_place(
    ledger, tmp_path, killed, healer
):
    prices, article, other = tmp_path / "cpi.csv", tmp_path / "a.txt", tmp_path / "b.txt"
    prices.write_text(primary_factory.CPI, encoding="utf-8")
    article.write_text("Two ships called in 2019.\n", encoding="utf-8")
    other.write_text("Three ships called in 2019.\n", encoding="utf-8")
    bring = ("import", "cpi", prices, "--released", "2024-02-01", "--origin")
    add = ("add", "--title", "T", "--published", "2021", "--publisher")
    if killed == "import again":
        assert rvdata(*bring, "uscpi-1991").exit_code == 0
        lines = primary_factory.CPI.rstrip().rsplit("\n", 1)
        prices.write_text(f"{lines[0]}\n", encoding="utf-8")
    words = (*add, "Harbour", article) if killed == "add" else (*bring, "uscpi-1991")
    name = "harbour-2021" if killed == "add" else "uscpi-1991"
    cut_short(ledger, *words)
    heals = {"build": ("build",), "import": (*bring, "uscpi-1992"), "add": (*add, "Quay", other)}
    done = rvdata(*heals[healer])
    assert (done.exit_code, done.stderr) == (
        0,
        f"rvdata: {name} was put in place by a command that was killed; it is now registered in "
        "data/raw/origins.csv\n",
    )
    assert name in [row["origin_id"] for row in ledger.rows("origins")]
    again = rvdata("build")
    assert (again.exit_code, again.stderr) == (0, "")


def test_what_was_not_put_in_place_is_cleared_away(ledger):
    registry = ledger.raw / "origins.csv"
    before = registry.read_bytes()
    (ledger.raw / ".origins.csv.00000000.stage").write_bytes(before[:-20])
    (ledger.raw / "cpi" / ".uscpi-1991.00000000.stage").mkdir(parents=True)
    (ledger.raw / ".harbour-2021.00000000.stage").mkdir()
    done = rvdata("build")
    assert (done.exit_code, done.stderr) == (
        0,
        "rvdata: what a killed command had begun in data/raw is cleared away; run it again if it "
        "was not completed\n",
    )
    assert registry.read_bytes() == before
    assert list(ledger.raw.rglob(".*")) == []

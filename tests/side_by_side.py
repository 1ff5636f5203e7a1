"""Commands side by side on one ledger: nothing is lost, half written or untrue.

`python tests/side_by_side.py ROUNDS` runs every campaign so many times, says how many rounds went wrong and why, and
exits with 1 if any did. Commands run in forks of this process, which has imported everything, so that they begin
within milliseconds of one another.
"""

from __future__ import annotations

import csv
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

import ledger_factory
import primary_factory
from click.testing import CliRunner

from rvdata import build, cli, store
from rvdata.errors import DataError

CAMPAIGNS = (
    ("import", "import"),
    ("import", "import the same"),
    ("import", "add"),
    ("import", "build"),
    ("import", "import", "add", "build"),
)
ADDED = "harbour-2021"


def main(rounds: int) -> int:
    """Run every campaign; returns the exit status."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        home = ledger_factory.make(
            Path(folder) / "home",
            Path(__file__).resolve().parent.parent / "data" / "raw" / "countries.csv",
        ).folder
        (home / "article.txt").write_text("Two ships called in 2019.\n", encoding="utf-8")
        older, last_month = primary_factory.CPI.rstrip().rsplit("\n", 1)
        (home / "cpi.csv").write_text(f"{older}\n", encoding="utf-8")
        _say(f"import cpi {home}/cpi.csv --origin uscpi-1991 --released 2024-02-01", home)
        _say("build", home)
        (home / "cpi.csv").write_text(f"{older}\n{last_month}\n", encoding="utf-8")
        for campaign in CAMPAIGNS:
            found = []
            for number in range(rounds):
                copy = shutil.copytree(home, Path(folder) / "round")
                found.append(_round(campaign, copy, random.Random(number)))
                shutil.rmtree(copy)
            bad = sum(map(bool, found))
            print(f"{' | '.join(campaign)}: {bad} of {rounds} rounds went wrong", flush=True)
            for complaint in sorted(set(itertools.chain(*found))):
                print(f"    {complaint}", flush=True)
            failed += bad
    return int(failed > 0)


def _round(campaign: tuple[str, ...], home: Path, chance: random.Random) -> list[str]:
    """Run the commands of a campaign at once; everything that is wrong afterwards."""
    os.environ["RVDATA_HOME"] = str(home)
    before = _registered(home)
    commands, expected = [], []
    for name in campaign:
        if name == "build":
            words = "build"
        elif name == "add":
            words = f"add {home}/article.txt --title T --publisher Harbour --published 2021"
            expected.append(ADDED)
        else:
            origin = "uscpi-1991" if name == "import the same" else f"uscpi-{1991 + len(commands)}"
            words = f"import cpi {home}/cpi.csv --origin {origin} --released 2024-02-01"
            expected.append(origin)
        commands.append(words.split())
    complaints = _together(commands, home, chance)
    if _registered(home) != sorted({*before, *expected}):
        complaints.append(
            f"registered are {_registered(home)} instead of {sorted({*before, *expected})}"
        )
    complaints += [f"{path.relative_to(home)} is left" for path in home.rglob(".*stage*")]
    try:
        built = build.build()
        releases = set(built.arrow["us_cpi"]["origin_id"].to_pylist())
        if releases != {origin for origin in expected if origin != ADDED}:
            complaints.append(f"the tables have {sorted(releases)} of {expected}")
        if (ADDED in built.waiting) != (ADDED in expected):
            complaints.append(f"proposals wait of {sorted(built.waiting)}")
        if "build" in campaign:  # what it has written is whole, from before or after the others
            complaints += [
                f"{name} is not in the folder"
                for name in built.arrow
                if not store.read(name).num_columns
            ]
    except DataError as error:
        complaints.append(f"afterwards: {error}")
    return [text.replace(str(home), "HOME") for text in complaints]


def _say(words: str, home: Path) -> None:
    """Run a command in this process, so that forks find everything imported; this one must succeed."""
    os.environ["RVDATA_HOME"] = str(home)
    done = CliRunner().invoke(cli.main, words.split())
    assert done.exit_code == 0, done.output


def _registered(home: Path) -> list[str]:
    with (home / "data" / "raw" / "origins.csv").open(newline="", encoding="utf-8") as file:
        return sorted(row["origin_id"] for row in csv.DictReader(file))


def _together(commands: list[list[str]], home: Path, chance: random.Random) -> list[str]:
    """Run commands at once, each a little later than it might; what each says that it should not."""
    running = {}
    for number, command in enumerate(commands):
        pause_s = chance.choice((0.02, 0.2)) * chance.random()
        pid = os.fork()
        if not pid:
            _run(command, home / f"said-{number}", pause_s)
        running[pid] = number
    complaints = []
    for pid, number in running.items():
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said = (home / f"said-{number}").read_text(encoding="utf-8")
        if status or "rvdata:" in said or "Traceback" in said:
            last = said.strip().splitlines()[-1:]
            complaints.append(f"{commands[number][0]} exits with {status} and ends in {last}")
    return complaints


def _run(command: list[str], said: Path, pause_s: float) -> None:
    """In a fork: run a command as the terminal would, and end."""
    status = 1
    try:
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(1, 2)
        time.sleep(pause_s)
        cli.main(command)
    except SystemExit as end:
        status = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

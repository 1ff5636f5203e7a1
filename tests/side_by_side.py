"""Commands side by side on one ledger: nothing is lost, half written or untrue.

`python tests/side_by_side.py ROUNDS` runs every campaign so many times, says how many rounds went wrong and why, and
exits with 1 if any did. Commands run in forks of this process, which has imported everything, and begin so that they
read or write data/raw within hundredths of a second of one another.
"""

from __future__ import annotations

import csv
import gc
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
ARTICLE = "harbour-2021"
COUNTRIES = Path(__file__).resolve().parent.parent / "data" / "raw" / "countries.csv"


def main(rounds: int) -> int:
    """Run every campaign; returns the exit status."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        home, copy = make_home(Path(folder) / "home"), Path(folder) / "round"
        moments_s = _moments(home, copy)
        for campaign in CAMPAIGNS:
            found = []
            for number in range(rounds):
                shutil.copytree(home, copy)
                found.append(_round(campaign, copy, moments_s, random.Random(number)))
                shutil.rmtree(copy)
            bad = sum(map(bool, found))
            print(f"{' | '.join(campaign)}: {bad} of {rounds} rounds went wrong", flush=True)
            for complaint in sorted(set(itertools.chain(*found))):
                print(f"    {complaint}", flush=True)
            failed += bad
    return int(failed > 0)


def make_home(folder: Path) -> Path:
    """An invented ledger with an older import of one release, built; this process has then imported everything."""
    ledger_factory.make(folder, COUNTRIES)
    (folder / "article.txt").write_text("Two ships called in 2019.\n", encoding="utf-8")
    cpi, (older, last_month) = (
        folder / "cpi.csv",
        primary_factory.CPI.rstrip().rsplit("\n", 1),
    )
    cpi.write_text(f"{older}\n", encoding="utf-8")
    os.environ["RVDATA_HOME"] = str(folder)
    for command in commands_of(("import", "build"), folder):
        assert CliRunner().invoke(cli.main, command).exit_code == 0
    cpi.write_text(f"{older}\n{last_month}\n", encoding="utf-8")
    gc.freeze()  # forks would copy what they look through for garbage
    gc.set_threshold(50_000, 20, 20)
    return folder


def _moments(home: Path, copy: Path) -> dict[str, float]:
    """How long after its start each command comes to data/raw: a build at once, the others as they end."""
    moments_s = {"build": 0.0}
    for name in ("import", "add"):
        shutil.copytree(home, copy)
        os.environ["RVDATA_HOME"] = str(copy)
        begun = time.monotonic()
        assert _together(commands_of((name,), copy), [0.0], copy) == []
        moments_s[name] = time.monotonic() - begun
        shutil.rmtree(copy)
    return moments_s


def commands_of(campaign: tuple[str, ...], home: Path) -> list[list[str]]:
    years = itertools.count(1991)
    words = {
        "build": lambda: "build",
        "add": lambda: f"add {home}/article.txt --title T --publisher Harbour --published 2021",
        "import": lambda: _import(home, next(years)),
        "import the same": lambda: _import(home, 1991),
    }
    return [words[name]().split() for name in campaign]


def _import(home: Path, year: int) -> str:
    return f"import cpi {home}/cpi.csv --origin uscpi-{year} --released 2024-02-01"


def _round(
    campaign: tuple[str, ...], home: Path, moments_s: dict[str, float], chance: random.Random
) -> list[str]:
    """Run the commands of a campaign at once; everything that is wrong afterwards."""
    os.environ["RVDATA_HOME"] = str(home)
    releases = {f"uscpi-{1991 + n}" for n in range(campaign.count("import"))}
    added = {ARTICLE} if "add" in campaign else set()
    commands = commands_of(campaign, home)
    latest_s = max(moments_s[command[0]] for command in commands)
    pauses_s = [latest_s - moments_s[command[0]] + 0.05 * chance.random() for command in commands]
    complaints = _together(commands, pauses_s, home)
    complaints += [f"{path.relative_to(home)} is left" for path in home.rglob(".*stage*")]
    with (home / "data" / "raw" / "origins.csv").open(newline="", encoding="utf-8") as file:
        registered = sorted(row["origin_id"] for row in csv.DictReader(file))
    expected = sorted({ledger_factory.SOURCE} | releases | added)
    if registered != expected:
        complaints.append(f"registered are {registered} instead of {expected}")
    try:
        built = build.build()
        found = set(built.arrow["us_cpi"]["origin_id"].to_pylist()) | set(built.waiting)
        if found != releases | added:
            complaints.append(f"built are {sorted(found)} instead of {sorted(releases | added)}")
        for name in built.arrow:
            store.read(name)  # what a build has written beside the others is whole
    except DataError as error:
        complaints.append(f"afterwards: {error}")
    return [text.replace(str(home), "HOME") for text in complaints]


def _together(commands: list[list[str]], pauses_s: list[float], home: Path) -> list[str]:
    """Run commands at once, each after a pause; what each says that it should not."""
    running = {}
    for number, (command, pause_s) in enumerate(zip(commands, pauses_s, strict=True)):
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

"""Commands killed at any moment: what they leave is the old state or the new, or is made so by the next build.

`python tests/kills.py KILLS` kills each command so many times, says what was left, and exits with 1 if that was anything
else. Each runs in a fork of this process. It dies as it is about to take its n-th step with a file that it writes or
moves, n from the first to the last; from the second time round at a random moment within milliseconds after that step.
Of a batch of reports any process may be killed, the one that was called or one that it has started, at any moment.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import ledger_factory
import psutil
from click.testing import CliRunner
from side_by_side import commands_of, make_home

from nbfleet import record
from rvdata import cli
from rvdata.intake import review

STEPS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "shutil.rmtree")
LONGEST_S = 0.004
PROPOSED = (2, 3)  # rows that nothing is derived from
ANSWERS = "r" * len(PROPOSED)
EXAMPLE = Path(__file__).parent / "nbfleet" / "example"
BATCH = """import sys
from pathlib import Path
from nbfleet import plan, run
results = run.run(plan.read_plan(Path("notebooks/reports.yaml")), Path("out"), jobs=2, force=sys.argv[1] == "force")
sys.exit(not all(result.ok for result in results))
"""


def main(kills: int) -> int:
    """Kill every command; returns the exit status."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        home, copy = make_home(Path(folder) / "home"), Path(folder) / "round"
        for row in PROPOSED:
            ledger_factory.Home(home).change("figures", row, status="proposed")
        for name in ("build", "import", "add", "review"):
            found = _campaign(name, home, copy, kills)
            said = ", ".join(f"{n} {what}" for what, n in sorted(found.items()))
            print(f"{name}: {kills} kills: {said}".replace(folder, ""), flush=True)
            failed += sum(n for what, n in found.items() if what not in ("old", "new", "healed"))
        odd = _batches(Path(folder) / "example", kills)
    return int(failed > 0 or odd)


# ---------------------------------------------------------------- a batch of reports


def _batches(home: Path, kills: int) -> bool:
    """Kill one process of a batch, so many times; says what was left, and returns whether anything was odd."""
    chance = random.Random("report")
    shutil.copytree(EXAMPLE, home)
    (home / "tmp").mkdir()
    began = time.monotonic()
    assert _batch(home, "force").wait() == 0
    longest_s, before = time.monotonic() - began, _reports(home)
    found: Counter[str] = Counter()
    for _ in range(kills):
        batch = _batch(home, "force")
        time.sleep(longest_s * chance.random())
        tree = [process := psutil.Process(batch.pid), *process.children(recursive=True)]
        victim = chance.choice(tree)
        who = "the batch" if victim == process else "another"
        who = who if victim.is_running() and batch.poll() is None else "nobody"
        if who != "nobody":
            victim.kill()
        batch.wait(60)
        ends = time.monotonic() + 20
        while (alive := [p for p in tree if _runs(p)]) and time.monotonic() < ends:
            time.sleep(0.05)
        left = _reports(home)
        what = "old or new" if None not in left.values() else "half"
        what = f"{len(alive)} processes left" if alive else what
        if _batch(home, "").wait() or list(home.glob("**/*.stage")) or list(home.glob("tmp/*")):
            what = "then the batch does not heal it"
        what = what if _reports(home).keys() == before.keys() else "reports are missing"
        found[f"{what} ({who} killed)"] += 1
    said = ", ".join(f"{n} {what}" for what, n in sorted(found.items()))
    print(f"report: {kills} kills: {said}", flush=True)
    return any("old or new" not in what for what in found)


def _runs(process: psutil.Process) -> bool:
    """Whether a process does anything; one that has ended may lie about until somebody collects it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _batch(home: Path, how: str) -> subprocess.Popen:
    """Run the example, with temporary files below itself."""
    named = {"TMPDIR": str(home / "tmp"), "XDG_RUNTIME_DIR": ""}
    out = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    called = [sys.executable, "-c", BATCH, how]
    return subprocess.Popen(called, cwd=home, env=os.environ | named, **out)


def _reports(home: Path) -> dict[str, str | None]:
    """Status of each report that lies in its folder; None where files and record are not of one run."""
    found: dict[str, str | None] = {}
    for folder in sorted(path for path in (home / "out").iterdir() if path.name[0] not in ".i"):
        known = record.read(folder)
        hashes = {p.name: sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
        hashes.pop(record.FILE, None)
        found[folder.name] = known.status if known and known.files == hashes else None
    return found


# ---------------------------------------------------------------- commands that write data


def _campaign(name: str, home: Path, copy: Path, kills: int) -> Counter[str]:
    """What so many kills of a command leave, spread from its first step to its last."""
    chance = random.Random(name)
    states = [_state(home)]
    for answers in range(1, len(ANSWERS) + 1) if name == "review" else [0]:
        shutil.copytree(home, copy)
        steps = _run(name, copy, answers=ANSWERS[:answers])
        states.append(_state(copy))
        shutil.rmtree(copy)
    assert steps > 3, f"{name} takes {steps} steps"
    assert states[0] != states[-1], f"{name} does nothing"
    found: Counter[str] = Counter()
    for number in range(kills):
        step = 1 + (number % steps if kills > steps else number * steps // kills)
        later_s = LONGEST_S * chance.random() if number >= steps else 0.0
        shutil.copytree(home, copy)
        _run(name, copy, step, later_s)
        found[_judge(copy, states)] += 1
        shutil.rmtree(copy)
    return found


def _state(home: Path) -> dict[str, bytes]:
    """Every file of the data but those that a command writes beside another."""
    files = [path for path in (home / "data").rglob("*") if path.is_file()]
    named = {path.relative_to(home).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if "/." not in name}


def _judge(home: Path, states: list[dict[str, bytes]]) -> str:
    """Whether what is left is old or new, at once or after a build, which says so, succeeds and clears what lies beside."""
    left = _state(home)
    os.environ["RVDATA_HOME"] = str(home)
    done = CliRunner().invoke(cli.main, ["build"])
    if done.exit_code:
        return f"then build fails: {done.stderr.strip()} {done.exception!r}"
    raw = [{k: v for k, v in s.items() if "/raw/" in k} for s in (_state(home), *states)]
    if raw[0] not in raw[1:]:
        return "neither old nor new after a build"
    beside = [path.name for path in (home / "data").rglob(".*stage*")]
    if any(".figures.csv." not in name for name in beside):  # the next decision clears those
        return f"then build leaves {beside}"
    if left not in states:
        return "healed" if "by a command that was killed" in done.stderr else "healed in silence"
    return "old" if left == states[0] else "new"


def _run(name: str, home: Path, step: int = 0, later_s: float = 0.0, answers: str = ANSWERS) -> int:
    """Run a command in a fork that dies after a step of its; without one, return how many it takes."""
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        _be(name, home, step, later_s, answers, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return len(said)


def _be(name: str, home: Path, step: int, later_s: float, answers: str, writer: int) -> None:
    """In the fork: run the command, count its steps into the pipe, and die at the one that is asked for."""
    taken = 0

    def watch(event: str, args: tuple) -> None:
        nonlocal taken
        if event not in STEPS or not str(args[0]).startswith(str(home)):
            return
        if event == "open" and not (args[2] & (os.O_WRONLY | os.O_RDWR) or "stage" in str(args[0])):
            return
        taken += 1
        os.write(writer, b".")
        if taken == step and later_s:
            signal.setitimer(signal.ITIMER_REAL, later_s)  # nothing catches it: the process is gone
        elif taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        os.environ["RVDATA_HOME"] = str(home)
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        given = iter(answers)
        review.ask = lambda prompt: next(given, "q")
        texts = f"{home}/texts/{ledger_factory.SOURCE}.txt"
        words = (
            ["review", ledger_factory.SOURCE, "--text", texts]
            if name == "review"
            else commands_of((name,), home)[0]
        )
        sys.addaudithook(watch)
        cli.main(words)
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

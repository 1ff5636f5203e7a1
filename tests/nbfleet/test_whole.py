"""What is put in place whole, and what a killed process leaves: the next one clears it, and nothing of the living."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_factory import runnable, save
from processes import alive, wait_for

from nbfleet import make, whole

pytest.importorskip("fcntl", reason="the system has no file locks")

OWNER = """\
import os, sys, time
from pathlib import Path
from nbfleet import whole
place = Path(sys.argv[1])
notes = whole.private()
(notes.path / "reads").touch()
with whole.file(place / "table.csv", b"new"), whole.folder(place / "tables") as stage:
    (stage / "half").touch()
    print("ready", flush=True)
    time.sleep(300)
"""


def started(script: str, *words, **variables) -> subprocess.Popen:
    """A process that has said a line, which is kept as ``said``."""
    environment = {k: v for k, v in os.environ.items() if k != "XDG_RUNTIME_DIR"} | variables
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words], stdout=subprocess.PIPE, text=True, env=environment
    )
    process.said = process.stdout.readline().strip()
    assert process.said
    return process


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A folder for things that are put in place, and one for temporary files beside it."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "place").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return tmp_path / "place"


def beside(place: Path) -> list[int]:
    """How much lies in the folder and in that of temporary files."""
    return [len(list(folder.iterdir())) for folder in (place, place.parent / "tmp")]


def test_what_a_killed_process_left_goes_and_what_a_living_one_has_stays(place):
    killed, living = (started(OWNER, place) for _ in range(2))
    killed.kill()
    killed.wait()
    assert beside(place) == [4, 2]
    for name in (".table.csv.mine.stage", ".0123abcd.stage", "table.csv.0123abcd.stage"):
        (place / name).touch()  # of somebody else
    whole.write(place / "other", b"x")
    whole.private().remove()
    assert beside(place) == [2 + 3 + 1, 1]
    living.send_signal(signal.SIGINT)
    living.wait()
    whole.private().remove()
    assert beside(place) == [3 + 1, 0]
    for process in (killed, living):
        process.stdout.close()


def test_nothing_is_replaced_if_the_block_fails(place):
    (place / "table.csv").write_text("old")
    (place / "tables").mkdir()
    with (  # noqa: PT012
        pytest.raises(KeyError),
        whole.file(place / "table.csv", b"new"),
        whole.folder(place / "tables") as stage,
    ):
        (stage / "half").touch()
        raise KeyError
    assert (place / "table.csv").read_text() == "old"
    assert [path.name for path in sorted(place.rglob("*"))] == ["table.csv", "tables"]


BATCH = """\
import os, sys, threading, time
from pathlib import Path
from nbfleet import plan, run
report = plan.Report("one", Path(sys.argv[1]), "Who?", {})
run.run([report], Path(sys.argv[1]).parent.parent / "out", echo=lambda line: None)
"""


def test_a_batch_that_is_killed_leaves_nothing_that_the_next_does_not_clear(place):
    """Killed together with its template, so that nobody is left who could."""
    told, path = place / "pids", place / "one.ipynb"
    begin = f"import os; open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}.')"
    save(runnable(begin, "import time; time.sleep(300)", parameters="x: int = 1  # any"), path)
    process = subprocess.Popen(
        [sys.executable, "-c", BATCH, path], stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    wait_for(lambda: told.exists() and told.read_text().endswith("."), 60)
    kernel, template = map(int, told.read_text().rstrip(".").split())
    os.kill(template, signal.SIGSTOP)  # it would notice
    process.kill()
    process.wait()
    os.kill(template, signal.SIGKILL)
    wait_for(lambda: not alive(kernel))
    assert beside(place)[1] >= 2  # sockets of kernel and template
    wait_for(lambda: not holders(place.parent / "tmp"))

    def cleared():  # a process that is ending may hold its lock a moment longer
        whole.private().remove()
        return beside(place)[1] == 0

    wait_for(cleared)


def holders(folder: Path) -> list[str]:
    """Processes whose command names a folder."""
    found = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if str(folder) in line]


REFRESH = """\
import sys, time
from pathlib import Path
from nbfleet import make, whole
whole.os.replace = lambda stage, path: (print("writing", flush=True), time.sleep(300))
make.refresh(Path(sys.argv[1]))
"""


def test_a_refresh_that_is_killed_leaves_nothing_that_the_next_does_not_clear(place):
    paths = [save(runnable("1"), place / f"{name}.ipynb") for name in ("one", "other")]
    process = started(REFRESH, paths[0])
    process.kill()
    process.communicate()
    assert beside(place)[0] == 3
    make.refresh(paths[1])
    assert beside(place)[0] == 2


def test_a_template_whose_starter_died_before_it_was_ready_clears_away(place):
    script = (
        "import os, sys\nfrom nbfleet.kernels import client\n"
        "popen = client.subprocess.Popen\n"
        "def start(*args, **options):\n"
        "    print(popen(*args, **options).pid, flush=True)\n    os._exit(1)\n"
        "client.subprocess.Popen = start\n"
        "client.start()\n"
    )
    process = started(script)
    process.communicate()
    wait_for(lambda: not alive(int(process.said)), 60)
    assert beside(place)[1] == 0

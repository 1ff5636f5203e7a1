"""Stand-ins for `nbfleet.make.make` that child processes import: quick, slow, dying, and those that remember."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time

from nbfleet import make, record


def quick(report, expected, tell) -> record.Record:
    """Three files that say the same number, from the file ``number`` beside the notebook."""
    number = (report.notebook.parent / "number").read_text()
    time.sleep(0.02)
    files = {
        f"{report.name}{ending}": f"{number}\n".encode() * 20_000
        for ending in (".ipynb", ".html", "-code.html")
    }
    return record.Record(make.page(report), "ok", "", inputs=record.inputs(report, []), files=files)


def tried(report) -> int:
    """How many attempts there have been, this one included."""
    with (report.notebook.parent / f"{report.name}.tries").open("a") as file:
        file.write("x")
    return len((report.notebook.parent / f"{report.name}.tries").read_text())


def third_time(report, expected, tell) -> record.Record:
    tell(4)
    if tried(report) < 3:
        return record.Record(make.page(report, "cell 4: no"), "failed", "cell 4: no", 4)
    return record.Record(make.page(report), "ok", "")


def hanging(report, expected, tell) -> None:
    """Hang in cell 2, with a helper in the group and one in a session of its own."""
    own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    far = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True
    )
    tell(2)
    started = report.notebook.parent / "started"
    started.with_suffix(".new").write_text(f"{os.getpid()} {own.pid} {far.pid}")
    os.replace(started.with_suffix(".new"), started)
    time.sleep(300)


def dying(report, expected, tell) -> None:
    tell(7)
    tried(report)
    os.kill(os.getpid(), 9)


def stopping(report, expected, tell) -> None:
    """Say half a message, and no more."""
    os.write(tell.__self__.fileno(), struct.pack("!i", 1000) + b"half")
    time.sleep(300)


def raising(report, expected, tell) -> None:
    raise RuntimeError("a fault of ours")


def who(report, expected, tell) -> record.Record:
    """Say which process this is, and leave it something to end."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
    return record.Record(make.page(report), "ok", str(os.getpid()))


def place(report, expected, tell) -> record.Record:
    """Say which process this is, where, and in which environment."""
    told = [os.getpid(), os.getcwd(), sorted(os.environ.items())]
    return record.Record(make.page(report), "ok", repr(told))


def session(report, expected, tell) -> record.Record:
    """Whether it leads one, and two variables of its environment."""
    told = [os.getpid() == os.getsid(0), *map(os.environ.get, ("RVDATA_OLD", "RVDATA_NEW"))]
    return record.Record(make.page(report), "ok", " ".join(map(str, told)))

"""Waiting for processes, and whether they live."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path


def wait_for(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and is not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
    except (FileNotFoundError, ProcessLookupError):
        return False


#: A cell that starts three processes which leave its session; ``MARK`` stands in the command of each.
LEAVING = """
import os, subprocess
mark = ["sleep", "MARK"]
subprocess.Popen(mark, start_new_session=True)
subprocess.run("setsid nohup sleep MARK > /dev/null 2>&1 &", shell=True)
if not os.fork():
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execvp(*mark[:1], mark)
"""


def marked(mark: str) -> int:
    """How many processes have a mark in their command."""
    found = subprocess.run(["ps", "axo", "stat,args"], capture_output=True, text=True).stdout
    return sum(line.endswith(f"sleep {mark}") and line[0] != "Z" for line in found.splitlines())

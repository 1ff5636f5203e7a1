"""Commands that write the ledger, at the same time; `make test-long` runs fifty rounds of each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fcntl", reason="the system has no file locks")


def test_nothing_is_lost_half_written_or_untrue():
    script = Path(__file__).with_name("side_by_side.py")
    done = subprocess.run([sys.executable, script, "1"], capture_output=True, text=True)
    assert (done.stderr, done.returncode, done.stdout.splitlines()) == (
        "",
        0,
        [
            "import | import: 0 of 1 rounds went wrong",
            "import | import the same: 0 of 1 rounds went wrong",
            "import | add: 0 of 1 rounds went wrong",
            "import | build: 0 of 1 rounds went wrong",
            "import | import | add | build: 0 of 1 rounds went wrong",
        ],
    )

"""What all reports of the plan, all tables and the commands say, word for word; `make golden` writes it anew."""

from __future__ import annotations

import os
import subprocess
import sys


def test_reports_tables_and_commands_say_what_they_said(root):
    """After a change that is meant, ``git diff tests/golden`` shows what it changes for readers."""
    unset = ("COLUMNS", "RVDATA_HOME", "RVDATA_TEXTS", "RVDATA_PRIMARY")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    command = [sys.executable, str(root / "tests" / "golden" / "make.py"), "--check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]

"""How long it takes from ``git clone`` to the first answer on the screen: ``python benchmarks/first_answer.py [REPOSITORY]``.

Cold: clone, environment from the lock, JupyterLab started, its start page open with an answer that can be read. Warm: the
same clone once more, its environment ready. Needs what requirements-browser.lock pins, Chromium, and a package index.
Prints seconds; nothing passes or fails.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright


def told(step: str, since: float) -> float:
    """Print what a step took; when the next one begins."""
    now = time.perf_counter()
    print(f"{step:<34} {now - since:6.1f} s", flush=True)
    return now


def first_answer(clone: Path, browser, port: int) -> None:
    """``make lab`` until an answer is seen."""
    began = at = time.perf_counter()
    command = ["make", "lab", "PYTHON=" + sys.executable]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    settings = clone.parent / f"settings-{port}"
    settings.mkdir()
    (settings / "jupyter_server_config.py").write_text(
        f"c.ServerApp.update(dict(port={port}, allow_root=True, open_browser=False))\n"
        "c.IdentityProvider.token = 'clock'\n"
    )
    environment["JUPYTER_CONFIG_DIR"] = str(settings)
    with (clone / "lab.log").open("w") as log:
        lab = subprocess.Popen(
            command, cwd=clone, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            while not re.search(r"http://\S+token", (clone / "lab.log").read_text()):
                if lab.poll() is not None:
                    sys.exit((clone / "lab.log").read_text()[-2000:])
                time.sleep(0.1)
            at = told("environment, server", at)
            (port_used,) = re.findall(
                r"http://127\.0\.0\.1:(\d+)/", (clone / "lab.log").read_text()
            )[:1]
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port_used}/lab/tree/notebooks/start.ipynb?token=clock")
            page.get_by_text(re.compile(r"\d % is stated")).first.wait_for(timeout=120_000)
            told("page with an answer", at)
            told("together", began)
            page.close()
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait(30)
            with contextlib.suppress(ProcessLookupError):  # the server outlives make
                os.killpg(lab.pid, signal.SIGKILL)


def main(repository: str) -> None:
    """Measure both."""
    chromium = shutil.which("chromium") or sys.exit("there is no Chromium on PATH")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        began, clone = time.perf_counter(), Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", repository, str(clone)], check=True)
        told("git clone", began)
        for state, port in (("cold", 8941), ("warm", 8942)):
            print(state)
            first_answer(clone, browser, port)
        browser.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] or [str(Path(__file__).resolve().parent.parent)]))

"""A browser, JupyterLab on a copy of the notebooks, and a small site: each once a worker; without a browser all skips."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
#: What the site is made of: claims of several kinds, long tables, and a question that has no answer.
REPORTS = ("arms_imports_ven_rus", "motives_ven", "displacement_from_ven")
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Debian's Chromium by Playwright, which is in a lock of its own: requirements-browser.lock."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: see requirements-browser.lock"
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("there is no Chromium on PATH: apt-get install chromium")
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
        running = started.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


@contextlib.contextmanager
def opened(browser, **options) -> Iterator:
    """A page of its own; at its end nothing may have been asked of any other machine, nor any script have failed."""
    context = browser.new_context(**({"viewport": DESK} | options))
    page = context.new_page()
    page.set_default_timeout(30_000)
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    yield page
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
    assert hosts <= {"127.0.0.1"}
    assert failed == []


@pytest.fixture(scope="session")
def lab_address(tmp_path_factory) -> Iterator[str]:
    """Address, with its token, of a JupyterLab whose notebooks are copies and which knows no settings of the user."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    (home / "data").symlink_to(ROOT / "data")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = "only-on-loopback"
    command = [BIN / "jupyter", "lab", "--no-browser", "--allow-root", f"--notebook-dir={home}"]
    command += [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
    command += ["--ServerApp.ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
    command += re.findall(r"--LabApp\.(?!default_url)\S+", (ROOT / "Makefile").read_text())
    own = {f"JUPYTER_{what}_DIR": str(home / what) for what in ("CONFIG", "RUNTIME", "DATA")}
    environment = os.environ | own | {"RVDATA_HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        base = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{base}/api?token={token}", timeout=5).close()
                    break
                assert server.poll() is None, (home / "log").read_text()[-2000:]
                time.sleep(0.1)
            yield f"{base}/lab/tree/notebooks/start.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Folder of a site of few reports."""
    folder = tmp_path_factory.mktemp("site")
    command = [BIN / "rvdata", "report", *REPORTS, "--jobs", "2", "--out", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder

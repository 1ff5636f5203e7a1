"""Shared fixtures: folders of texts and primary data, an invented ledger, hypothesis profiles."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import hypothesis
import ledger_factory
import matplotlib
import pytest

matplotlib.use("Agg")
hypothesis.settings.register_profile("short", derandomize=True, deadline=None, max_examples=100)
hypothesis.settings.register_profile(
    "long", deadline=None, max_examples=10_000, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish():
    """All that is imported stays: whoever looks through it for garbage again and again takes a quarter of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def texts() -> Path:
    """Folder of the five articles' texts, which are not ours to ship."""
    folder = os.environ.get("RVDATA_TEXTS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("RVDATA_TEXTS names no folder: the articles' texts are not in the repository")
    return Path(folder)


@pytest.fixture
def ledger(tmp_path, monkeypatch) -> ledger_factory.Home:
    """An invented article with a few figures, events and arguments, in a home folder of its own."""
    home = ledger_factory.make(tmp_path / "home", ROOT / "data" / "raw" / "countries.csv")
    monkeypatch.setenv("RVDATA_HOME", str(home.folder))
    return home

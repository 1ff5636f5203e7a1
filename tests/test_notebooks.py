"""The published notebooks: guarded, run by stock papermill and stock nbval from any folder, in step with tables and plan."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nbfleet import plan
from rvdata import build, fleet, guards, store

PUBLISHED = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
#: Those that answer a question, and become reports.
NOTEBOOKS = [path for path in PUBLISHED if path.stem not in guards.COMPANIONS]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: p.stem)
def test_a_published_notebook_has_nothing_to_complain_of(path):
    nb = nbformat.read(path, 4)
    nbformat.validate(nb)
    assert guards.complaints(nb, path.name) == []


def test_the_plan_is_sound_and_gives_every_notebook_two_sensible_sets(root):
    reports = fleet.plan()
    for path in NOTEBOOKS:
        assert sum(r.notebook.stem == path.stem for r in reports) >= 2, path.stem
    assert len({r.title for r in reports}) == len(reports)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_boolean_parameter_is_taken_as_true_or_false_alone(path):
    nb = nbformat.read(path, 4)
    parts = {"load", "data"}
    (loading,) = [c.source for c in nb.cells if parts & set(c.metadata.get("tags", []))]
    for name in (p.name for p in plan.read_parameters(path) if p.type == "bool"):
        assert f'{name} = parameters.truth("{name}", {name})\n' in loading


def papermill(notebook: Path, folder: Path, *options: str):
    """Stock papermill in a folder: what it left, and the notebook."""
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", *options]
    command.append("--no-progress-bar")
    environment = {k: v for k, v in os.environ.items() if k != "RVDATA_HOME"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done, nbformat.read(folder / "out.ipynb", 4)


def outputs(nb) -> list:
    return [output for cell in nb.cells for output in cell.get("outputs", [])]


def pictures(nb) -> list:
    return [o["data"] for o in outputs(nb) if "image/png" in o.get("data", {})]


def test_stock_papermill_runs_the_example_of_the_readme_from_another_folder(root, tmp_path):
    text = (root / "README.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "/papermill " in line]
    _, notebook, _, *options = line.split()
    assert options == ["-p", "partner", "CHN"]
    done, nb = papermill(root / "notebooks" / notebook, tmp_path, *options)
    assert done.returncode == 0, done.stderr
    told = [data["text/plain"] for data in pictures(nb)]
    assert len(told) == 3 and all("China" in alt for alt in told)
    published = pictures(nbformat.read(root / "notebooks" / notebook, 4))
    shown = base64.b64encode((root / "docs" / "arms_imports.png").read_bytes()).decode()
    assert shown in [data["image/png"].replace("\n", "") for data in published]


def test_what_makes_no_sense_is_refused_with_the_remedy_in_the_last_lines(root, tmp_path):
    options = ["-p", "recipient", "VNE", "-p", "start", "2030"]
    done, _ = papermill(root / "notebooks" / "arms_imports.ipynb", tmp_path, *options)
    assert done.returncode != 0
    last = done.stderr[-400:]
    assert "'VNE' is no country code" in last and "runs backwards; swap start and end" in last


def test_stock_strict_nbval_from_another_folder_fails_where_a_changed_figure_is_told_and_nowhere_else(
    root, tmp_path
):
    home, folder = tmp_path / "home", tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copytree(root / "data" / "raw", home / "data" / "raw")
    figures = home / "data" / "raw" / "articles" / "rusi-2022" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    changed = text.replace("arms imports,70%,,70,70,70,", "arms imports,66%,,66,66,66,")
    assert changed != text
    figures.write_text(changed, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVDATA_HOME", str(home))
        store.write(build.build().arrow, home / "data" / "processed")
    notebook = str(root / "notebooks" / "arms_imports.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", notebook, "-q", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, "--rootdir", str(folder)]
    environment = os.environ | {"RVDATA_HOME": str(home)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    # answer with its table; both charts that show the claim; windows in which it holds; notes
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert len(failed) == 5 and " passed" in done.stdout, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("name", "pair", "title"),
    [
        (
            "arms_imports_ven_rus",
            ("partner", "CHN"),
            "How much of Venezuela’s arms came from China, and who says so?",
        ),
        (
            "arms_imports_cub_rus",
            ("partner", "CHN"),
            "How much of a country’s arms comes from one supplier? (recipient Cuba; partner China)",
        ),
    ],
)
def test_no_title_of_the_plan_becomes_false_by_another_value(root, name, pair, title):
    reports = plan.select(fleet.plan(), [name])
    assert [report.title for report in plan.override(reports, [pair])] == [title]

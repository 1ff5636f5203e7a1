"""The published notebooks: guarded, run by stock papermill and stock nbval from any folder, in step with tables and plan."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nbfleet import plan
from rvdata import fleet, guards

PUBLISHED = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
#: Those that answer a question, and become reports.
NOTEBOOKS = [path for path in PUBLISHED if path.stem not in guards.COMPANIONS]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: p.stem)
def test_a_published_notebook_has_nothing_to_complain_of(path):
    assert guards.complaints(nbformat.read(path, 4), path.name) == []


def test_the_plan_is_sound_and_gives_every_notebook_two_sensible_sets(root):
    reports = fleet.plan()
    for path in NOTEBOOKS:
        assert sum(r.notebook.stem == path.stem for r in reports) >= 2, path.stem
    assert len({r.title for r in reports}) == len(reports)


def test_stock_papermill_runs_a_notebook_from_another_folder(root, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "RVDATA_HOME"}
    subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            str(root / "notebooks" / "arms_imports.ipynb"),
            "out.ipynb",
            "-p",
            "recipient",
            "CUB",
            "--no-progress-bar",
        ],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    nb = nbformat.read(tmp_path / "out.ipynb", 4)
    told = [
        o.data["text/markdown"]
        for c in nb.cells
        if c.cell_type == "code"
        for o in c.outputs
        if o.get("data", {}).get("text/markdown")
    ]
    assert told[0].startswith(
        "**No share can be computed.** SIPRI's release of 3 January 2025 has deliveries to Cuba from "
        "Russia alone: 8.3 million TIV in 2000 to 2023"
    )
    pictures = [
        o
        for c in nb.cells
        if c.cell_type == "code"
        for o in c.outputs
        if "image/png" in o.get("data", {})
    ]
    assert len(pictures) == 1  # Russia's deliveries; of shares there is nothing to draw


def test_a_senseless_parameter_is_refused_with_the_remedy(root, tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            str(root / "notebooks" / "arms_imports.ipynb"),
            "out.ipynb",
            "-p",
            "recipient",
            "VNE",
            "-p",
            "start",
            "2030",
            "--no-progress-bar",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert (
        "'VNE' is no country code" in done.stderr
        and "runs backwards; swap start and end" in done.stderr
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_boolean_parameter_is_taken_as_true_or_false_alone(path):
    nb = nbformat.read(path, 4)
    parts = {"load", "data"}
    (loading,) = [c.source for c in nb.cells if parts & set(c.metadata.get("tags", []))]
    for name in (p.name for p in plan.read_parameters(path) if p.type == "bool"):
        assert f'{name} = parameters.truth("{name}", {name})\n' in loading


def test_false_by_stock_papermill_excludes_what_is_derived_and_no_is_refused(root, tmp_path):
    """The share of China is derived (rusi-2022-f07); papermill hands both words over as text."""
    notebook = root / "notebooks" / "arms_imports.ipynb"

    def run(value):
        command = [sys.executable, "-m", "papermill", str(notebook), f"{value}.ipynb"]
        options = ["-p", "partner", "CHN", "-p", "include_derived", value, "--no-progress-bar"]
        return subprocess.run(command + options, cwd=tmp_path, capture_output=True, text=True)

    def mentions(path):
        outputs = [o for c in nbformat.read(path, 4).cells for o in c.get("outputs", [])]
        return sum("rusi-2022-f07" in str(output) for output in outputs)

    assert run("True").returncode == run("false").returncode == 0
    assert mentions(tmp_path / "True.ipynb") > 0 == mentions(tmp_path / "false.ipynb")
    refused = run("no")
    assert refused.returncode != 0
    assert refused.stderr.rstrip().splitlines()[-1] == (
        "DataError: include_derived must be True or False, not 'no'; write one of the two"
    )


def test_stock_strict_nbval_passes_from_another_folder_and_fails_on_a_changed_table(root, tmp_path):
    """The same run, once on the published tables and once on tables in which one share is another."""
    from rvdata import build, store

    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        str(root / "notebooks" / "arms_imports.ipynb"),
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(tmp_path),
    ]
    environment = {k: v for k, v in os.environ.items() if k != "RVDATA_HOME"}
    good = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert good.returncode == 0, good.stdout[-2000:]

    import shutil

    home = tmp_path / "home"
    shutil.copytree(root / "data" / "raw", home / "data" / "raw")
    figures = home / "data" / "raw" / "articles" / "rusi-2022" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    changed = text.replace("arms imports,70%,,70,70,70,", "arms imports,66%,,66,66,66,")
    assert changed != text
    figures.write_text(changed, encoding="utf-8")
    environment["RVDATA_HOME"] = str(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVDATA_HOME", str(home))
        store.write(build.build().arrow, home / "data" / "processed")
    bad = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert bad.returncode == 1
    failed = [line for line in bad.stdout.splitlines() if line.startswith("FAILED")]
    # answer with its table; both charts that show the claim; windows in which it holds; notes
    assert len(failed) == 5, failed


def test_the_picture_in_the_readme_is_the_published_chart(root):
    nb = nbformat.read(root / "notebooks" / "arms_imports.ipynb", 4)
    pictures = [
        base64.b64decode(o["data"]["image/png"])
        for c in nb.cells
        if c.cell_type == "code"
        for o in c.outputs
        if "image/png" in o.get("data", {})
    ]
    assert (root / "docs" / "arms_imports.png").read_bytes() in pictures


def test_the_papermill_example_of_the_readme_gives_charts_with_something_in_them(root, tmp_path):
    (line,) = [
        line
        for line in (root / "README.md").read_text(encoding="utf-8").splitlines()
        if "/papermill " in line
    ]
    _, notebook, _, *options = line.split()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            notebook,
            str(tmp_path / "out.ipynb"),
            *options,
            "--no-progress-bar",
        ],
        cwd=root / "notebooks",
        check=True,
        capture_output=True,
    )
    nb = nbformat.read(tmp_path / "out.ipynb", 4)
    alts = [
        o.data["text/plain"]
        for c in nb.cells
        if c.cell_type == "code"
        for o in c.outputs
        if "image/png" in o.get("data", {})
    ]
    assert options == ["-p", "partner", "CHN"]
    assert len(alts) == 3 and all("China" in alt for alt in alts), alts


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
            "How much of a country’s arms comes from one supplier? (recipient CUB; partner CHN)",
        ),
        (
            "presence_ven",
            ("country", "USA"),
            "Who moved what around the United States, and how exactly is it known?",
        ),
        (
            "source_audit_military",
            ("families", "ship"),
            "How far can what the articles state be trusted? (families ship)",
        ),
    ],
)
def test_no_title_of_the_plan_becomes_false_by_another_value(root, name, pair, title):
    reports = plan.select(fleet.plan(), [name])
    assert [report.title for report in plan.override(reports, [pair])] == [title]

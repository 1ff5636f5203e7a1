"""Pictures, which nbval leaves out: those of the published notebooks against freshly drawn ones, to a stated tolerance.

On a failure expected, actual and difference stand as files in the folder that the message names.
"""

from __future__ import annotations

import base64
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from in_process import NOTEBOOKS, notebook, run
from matplotlib.testing.compare import compare_images

from rvdata import charts, guards

#: Of the companions one has no picture, and the other draws through a shell, which is not here.
NAMES = sorted({p.stem for p in NOTEBOOKS.glob("*.ipynb")} - {*guards.COMPANIONS})
#: Root of the mean squared difference of all pixels, of 255: 1 is one pixel in ten thousand from white to mid-grey.
TOLERANCE = 1.0


def differs(expected: bytes, actual: bytes, folder: Path, name: str) -> str:
    """In what two pictures differ, with the files to look at; empty if they are alike."""
    paths = [folder / f"{name}-{which}.png" for which in ("expected", "actual")]
    for path, picture in zip(paths, (expected, actual), strict=True):
        path.write_bytes(picture)
    return compare_images(*map(str, paths), TOLERANCE) or ""


@pytest.mark.parametrize("name", NAMES)
def test_published_pictures_are_what_the_cells_draw(name, tmp_path):
    published = [
        base64.b64decode(picture)
        for cell in notebook(name).cells
        if cell.cell_type == "code"
        for picture, _ in guards.pictures(cell)
    ]
    drawn = run(name, paint=True).pictures
    assert len(drawn) == len(published)
    pairs = enumerate(zip(published, drawn, strict=True))
    faults = [differs(old, new, tmp_path, f"{name}-{i}") for i, (old, new) in pairs]
    assert [fault for fault in faults if fault] == []


def small(shade: str = "RUS", top: float = 5.0) -> bytes:
    """A chart in the house style: bars of Russia, and others on them."""
    shown: list[dict] = []
    rows = pd.DataFrame({"year": [2001, 2002], "tiv_million": [40.0, 25.0]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda item, **_: shown.append(item))
        with charts.frame(rows, title="Arms", value="tiv_million", height=2) as ax:
            ax.bar(rows.year, rows.tiv_million, color=charts.colour(shade))
            ax.bar(rows.year, top, bottom=rows.tiv_million, color=charts.colour("CHN"))
    return base64.b64decode(shown[0]["image/png"])


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, True),
        ({"top": 6.0}, False),  # bars that have moved by a fortieth of the height
        ({"top": 0.0}, False),
        ({"shade": "IRN"}, False),
    ],
    ids=["a rerun", "a moved bar", "a dropped series", "another colour"],
)
def test_a_rerun_passes_and_another_picture_leaves_three_files(other, alike, tmp_path):
    fault = differs(small(), small(**other), tmp_path, "small")
    assert (fault == "") == alike, fault
    files = {path.name.removeprefix("small-") for path in tmp_path.iterdir()}
    three = {"expected.png", "actual.png", "actual-failed-diff.png"}
    assert files == (three - {"actual-failed-diff.png"} if alike else three)
    plt.close("all")

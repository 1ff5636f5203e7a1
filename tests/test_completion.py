"""Tab in a real kernel: the public face of rvdata, and names of tables where one is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from real_kernel import COLD, WARM, outputs, printed, started

import rvdata
from rvdata import schemas

PUBLIC = [
    *("cite", "deflate", "deliveries", "describe", "displaced", "find", "load", "share"),
    *("show", "tables", "trace", "verdicts", "windows"),
]


def completed(client, code: str) -> tuple[list[str], str]:
    """What Tab offers at the end of some code, and the part of it that this takes the place of."""
    client.complete(code)
    content = client.get_shell_msg(timeout=60)["content"]
    return content["matches"], code[content["cursor_start"] : content["cursor_end"]]


@pytest.mark.parametrize("name", [COLD, WARM])
def test_tab_offers_the_public_face_and_the_names_of_tables(name, tmp_path):
    tables = sorted(schemas.TABLES)
    arms = ["arms_import_shares", "arms_orders", "arms_transfers", "arms_units"]
    with started(name, tmp_path) as kernel:
        outputs(kernel, "import rvdata\nimport rvdata as rv\nfrom rvdata import load")
        assert completed(kernel, "rvdata.") == (PUBLIC, "")
        assert completed(kernel, "rvdata.des") == (["describe"], "des")
        assert printed(kernel, "import sys; print('rvdata.charts' in sys.modules)") == "False"
        assert completed(kernel, 'rvdata.load("') == (tables, "")
        assert completed(kernel, "x = rv.describe('") == (tables, "")
        assert completed(kernel, 'rvdata.cite("us') == (["us_cpi"], "us")
        assert completed(kernel, 'print(load( "arm') == (arms, "arm")
        # what is not ours is left to others: files, and functions of the same name
        (tmp_path / "arms.txt").touch()
        assert completed(kernel, 'open("arm')[0] == ["arms.txt"]
        outputs(kernel, "def load(x): pass")
        assert completed(kernel, 'load("arm')[0] == ["arms.txt"]
        assert completed(kernel, 'nothing.load("arm')[0] == ["arms.txt"]


def test_the_public_face_is_what_can_be_imported():
    assert dir(rvdata) == PUBLIC
    assert all(callable(getattr(rvdata, name)) for name in PUBLIC)
    with pytest.raises(AttributeError, match="module 'rvdata' has no attribute 'chart'"):
        _ = rvdata.chart


def test_outside_of_ipython_nothing_is_offered_and_charts_wait_until_they_are_named(root):
    code = (
        "import rvdata, sys; print('IPython' in sys.modules, 'matplotlib' in sys.modules)\n"
        "rvdata.charts.frame; from rvdata import charts, store; import rvdata.charts\n"
        "print(charts is rvdata.charts)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False False\nTrue\n", "")

"""Charts in a real kernel leave it as they found it: a plot of the user's own still appears."""

from __future__ import annotations

import subprocess
import sys

import pytest
from real_kernel import COLD, WARM, outputs, pictures, printed, started

OWN = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);"
SEABORN = 'import seaborn\nseaborn.barplot({"a": [1], "b": [2]}, x="a", y="b");'
OURS = """import seaborn as sns
from rvdata import charts, deliveries
rows = deliveries("VEN", "RUS", 2010, 2015)
with charts.frame(rows, title="T", value="tiv_million") as ax:
    sns.barplot(rows, x="year", y="tiv_million", ax=ax)"""


@pytest.mark.parametrize("name", [COLD, WARM])
def test_plots_appear_and_what_a_user_has_set_stays_set(name, tmp_path):
    interactive = "import matplotlib; print(matplotlib.is_interactive())"
    with started(name, tmp_path) as kernel:
        assert [o["kind"] for o in outputs(kernel, OURS)] == ["display_data"] * 2  # picture, table
        assert printed(kernel, interactive) == "True"
        assert [pictures(kernel, chart) for chart in (SEABORN, OWN, OURS)] == [1, 1, 1]
        assert outputs(kernel, "plt.ioff()\nplt.rcParams['font.size'] = 7; None") == []
        assert pictures(kernel, OURS) == 1
        assert printed(kernel, interactive) == "False"
        assert printed(kernel, "print(plt.rcParams['font.size'])") == "7.0"
        assert pictures(kernel, OWN) == 0  # as whoever turned interactive mode off expects


def test_a_script_keeps_the_backend_that_it_chose(tmp_path):
    script = (
        "import matplotlib, sys; matplotlib.use('svg')\n"
        "from rvdata import charts\n"
        "assert 'matplotlib.backends.backend_agg' not in sys.modules, 'importing has drawn'\n"
        "from unittest import mock\n"
        "import pandas as pd\n"
        "rows = pd.DataFrame({'year': [2000], 'tiv_million': [1.0]})\n"
        "with mock.patch('IPython.display.display'), charts.frame(rows, title='T', value='tiv_million') as ax:\n"
        "    ax.plot(rows.year, rows.tiv_million)\n"
        "print(matplotlib.get_backend(), matplotlib.is_interactive())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("svg False\n", "")

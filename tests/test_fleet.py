"""What nbfleet learns of rvdata: values of parameters, and what reports rest on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_factory import runnable, save
from processes import alive, wait_for

from nbfleet import plan, reads, record, run
from rvdata import build, fleet, paths, store
from rvdata.errors import DataError

PARAMETERS = "start: int = 2000  # first year"
RAW = Path(__file__).parent.parent / "data" / "raw"

posix = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")


@posix
def test_an_interrupted_batch_ends_at_once_keeps_what_is_done_and_leaves_no_process(tmp_path):
    """With real kernels, and the command itself."""
    home = tmp_path / "home"
    started = tmp_path / "kernel.pid"
    save(runnable("start", parameters=PARAMETERS), home / "notebooks" / "quick.ipynb")
    slow = (
        f"import os\nopen({str(started)!r}, 'w').write(str(os.getpid()))",
        "import time\ntime.sleep(60)",
    )
    save(runnable(*slow, parameters=PARAMETERS), home / "notebooks" / "slow.ipynb")
    (home / "notebooks" / "reports.yaml").write_text(
        "reports:\n  - notebook: quick\n  - notebook: slow\n"
    )
    shutil.copytree(RAW, home / "data" / "raw")
    command = [
        sys.executable,
        "-c",
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rvdata.cli import main; main()",
        "report",
        "--jobs",
        "1",
    ]
    process = subprocess.Popen(
        command,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
        env={**os.environ, "RVDATA_HOME": str(home)},
    )
    wait_for(lambda: started.exists() and started.read_text(), 60)
    kernel = int(started.read_text())
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == (
        "rvdata: interrupted; finished reports are kept; run the same command again for the others"
    )
    assert "Traceback" not in errors
    wait_for(lambda: not alive(kernel))
    assert sorted(path.name for path in (home / "reports").iterdir()) == [
        ".nbfleet",
        "index.html",
        "quick",
    ]
    assert "quick/quick.html" in (home / "reports" / "index.html").read_text()


def test_articles_families_and_stances_that_there_are_none_of_are_named_with_the_nearest(tmp_path):
    parameters = "".join(
        f"{name}: list[str] = []  # which\n" for name in ("sources", "families", "stances")
    )
    parameters += 'recipient: str = "VEN"  # ISO3 of the importing state\n'
    parameters += "suppliers: list[str] = []  # ISO3 of suppliers"
    save(runnable("1", parameters=parameters), tmp_path / "audit.ipynb")
    (tmp_path / "reports.yaml").write_text(
        "reports:\n  - notebook: audit\n    parameters: {sources: [rusi-2021], families: [lone], "
        "stances: [assert], recipient: Cuba, suppliers: [rus, SRY]}\n"
    )
    with pytest.raises(plan.PlanError) as caught:
        plan.read_plan(tmp_path / "reports.yaml", fleet.PROJECT)
    assert [fault.split("parameters.")[1].split("; ")[0] for fault in caught.value.faults] == [
        "families: 'lone' is no family of figures (nearest: loan)",
        "recipient: 'Cuba' is no country code (nearest: CUB)",
        "sources: 'rusi-2021' is no article (nearest: rusi-2022)",
        "stances: 'assert' is no stance of an argument (nearest: asserted)",
        "suppliers: 'SRY' is no country code (nearest: SYR)",
        "suppliers: 'rus' is no country code (nearest: RUS)",
    ]


def test_importing_rvdata_installs_no_audit_hook_and_loading_notes_the_table_it_read(tmp_path):
    log = tmp_path / "log"
    source = (
        "import sys\nhooks = []\nsys.addaudithook = hooks.append\nimport rvdata\n"
        "rvdata.load('refugee_counts')\nopen(sys.argv[1]).close()\nassert hooks == []"
    )
    environment = {**os.environ, reads.VARIABLE: str(log)}
    subprocess.run([sys.executable, "-c", source, __file__], env=environment, check=True)
    table = paths.processed() / "refugee_counts.parquet"
    assert reads.noted(log) == {Path(os.path.realpath(table))}


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home with the published tables and three notebooks: of one table, of another, and one that reads by itself."""
    home = tmp_path / "home"
    shutil.copytree(RAW.parent, home / "data")
    load = "import rvdata\nlen(rvdata.load({!r}))"
    cells = {
        "counts": load.format("refugee_counts"),
        "prices": load.format("us_cpi"),
        "alone": "import pandas\nlen(pandas.read_parquet('../data/processed/us_cpi.parquet'))",
    }
    for name, cell in cells.items():
        save(runnable(cell, parameters=PARAMETERS), home / "notebooks" / f"{name}.ipynb")
    (home / "notebooks" / "reports.yaml").write_text(
        "reports:\n" + "".join(f"  - notebook: {name}\n" for name in cells)
    )
    monkeypatch.setenv("RVDATA_HOME", str(home))
    return home


def test_an_edited_table_remakes_the_reports_that_read_it_and_one_that_reads_by_itself(home):
    """And to find that nothing has changed no notebook library is imported."""
    out = home / "reports"

    def statuses() -> dict[str, str]:
        results = run.run(fleet.plan(), out, 2, echo=lambda line: None)
        return {result.name: result.status for result in results}

    assert set(statuses().values()) == {"ok"}
    source = (
        "import sys\nfrom rvdata.cli import main\ntry:\n    main(['report'])\nexcept SystemExit as end:\n"
        "    assert not end.code\n"
        "print([m for m in ('nbformat', 'papermill', 'nbconvert', 'pandas', 'pyarrow', 'IPython') if m in sys.modules])"
    )
    environment = {"RVDATA_HOME": str(home), "PATH": ""}
    command, pipe = [sys.executable, "-c", source], subprocess.PIPE
    again = subprocess.run(command, stdout=pipe, text=True, cwd=home, check=True, env=environment)
    lines = again.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("3 reports unchanged since the last run", "[]")
    figures = home / "data" / "raw" / "articles" / "rusi-2022" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    changed = text.replace(
        "4.5 million,,4500000,4500000,4500000,", "4.6 million,,4600000,4600000,4600000,"
    )
    assert changed != text
    figures.write_text(changed, encoding="utf-8")
    store.write(build.build().arrow, home / "data" / "processed")
    assert record.reasons(fleet.plan()[0], out / "counts") == ["table refugee_counts changed"]
    assert "table refugee_counts changed" in record.reasons(fleet.plan()[2], out / "alone")
    assert statuses() == {"counts": "ok", "prices": "unchanged", "alone": "ok"}


def test_a_copy_of_ones_own_takes_the_place_of_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("RVDATA_HOME", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "arms.ipynb").write_text("published")
    first = fleet.copy("arms")
    assert first == tmp_path / "notebooks" / "mine" / "arms.ipynb"
    first.write_text("tried out")
    assert fleet.copy("arms").name == "arms_2.ipynb"
    assert first.read_text() == "tried out"
    with pytest.raises(DataError, match=r"called 'arm' \(nearest: arms\)"):
        fleet.copy("arm")

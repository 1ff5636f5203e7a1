"""Full disks, odd terminals, damaged and strange files: one line that names the cause, and exit 1."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import primary_factory
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from rvdata import cli

RVDATA = (sys.executable, "-c", "from rvdata.cli import main; main()")


def rvdata(*words):
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def one_line(done):
    """What a command that failed said, if it was one line of its own."""
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")
@pytest.mark.parametrize("words", [("list",), ("--help",)])
def test_a_full_disk_behind_the_output_is_said_in_one_line(ledger, words):
    rvdata("build")
    with open("/dev/full", "w") as full:
        done = subprocess.run([*RVDATA, *words], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "rvdata: what is printed: No space left on device; free space, or change permissions or "
        "folder\n",
    )


def test_what_a_terminal_lacks_is_a_question_mark(ledger):
    ledger.change("figures", 0, measure="share of Müller’s “arms”")
    rvdata("build")
    spoken = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([*RVDATA, "trace", "paper-2020-f01"], capture_output=True, env=spoken)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


@pytest.mark.parametrize(
    ("table", "cell"), [("events", "9223372036854775808"), ("figures", "9" * 400)]
)
def test_a_number_that_no_table_holds_is_refused(ledger, table, cell):
    ledger.change(table, 0, end=cell)
    done = rvdata("build")
    assert isinstance(done.exception, SystemExit) and done.exit_code == 1
    assert f"data/raw/articles/paper-2020/{table}.csv:2: end = " in done.stderr


@pytest.mark.parametrize("text", ["[" * 100_000, '{"resources": [{"name": "figures", "hash": 5}]}'])
def test_a_descriptor_that_is_none_is_named(ledger, text):
    rvdata("build")
    (ledger.processed / "datapackage.json").write_text(text)
    for words in (("list",), ("describe", "figures"), ("build", "--check")):
        done = rvdata(*words)
        assert isinstance(done.exception, SystemExit) and done.exit_code == 1
        assert "datapackage.json: is no descriptor of ours" in done.stderr


def test_a_file_that_cannot_be_read_is_said_to_be_that(ledger, monkeypatch):
    rvdata("build")
    real = Path.read_text

    def refuse(path, *args, **kwargs):
        if path.name == "datapackage.json":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert one_line(rvdata("describe", "figures")) == (
        f"rvdata: {ledger.processed}/datapackage.json: cannot be read (Permission denied); change "
        "its permissions"
    )


def damage(ledger, name, change):
    (ledger.processed / "datapackage.json").unlink()
    path = ledger.processed / f"{name}.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def test_a_cell_that_is_no_text_is_refused_with_its_file(ledger):
    def spoil(table):
        index = table.column_names.index("measure")
        bad = pa.array([b"\xff\xfe"] * table.num_rows, pa.binary()).view(pa.string())
        return table.set_column(index, table.schema.field(index), bad)

    rvdata("build")
    damage(ledger, "figures", spoil)
    for words in (("list",), ("trace", "paper-2020-f01")):
        line = one_line(rvdata(*words))
        assert "figures.parquet: cannot be read as Parquet" in line
        assert line.endswith("run `rvdata build`")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with a name")
def test_a_pipe_in_place_of_a_file_is_refused(ledger):
    path = ledger.raw / "articles" / "paper-2020" / "events.csv"
    path.unlink()
    os.mkfifo(path)
    done = subprocess.run([*RVDATA, "build"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "it is no file" in done.stderr


def test_an_unreadable_registry_is_one_fault(ledger, tmp_path):
    prices = tmp_path / "cpi.csv"
    prices.write_text(primary_factory.CPI, encoding="utf-8")
    rvdata("import", "cpi", prices, "--origin", "uscpi-1991", "--released", "2024-02-01")
    (ledger.raw / "origins.csv").unlink()
    assert "origins.csv" in (said := rvdata("build").stderr)
    assert "uscpi-1991" not in said


def test_a_check_after_an_import_says_that_origins_differ(ledger, tmp_path):
    rvdata("build")
    prices = tmp_path / "cpi.csv"
    prices.write_text(primary_factory.CPI, encoding="utf-8")
    rvdata("import", "cpi", prices, "--origin", "uscpi-1991", "--released", "2024-02-01")
    said = rvdata("build", "--check").stderr
    assert "us_cpi.parquet: grain, licence or origins differ" in said
    assert "column types" not in said


def test_a_folder_that_is_gone_is_no_traceback(ledger, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = (
        f"import os; from rvdata.cli import main; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); "
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "build"], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == done.returncode  # it works, or says in a line why not

"""The commands as a shell sees them: what they print, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_markdown_cell, new_notebook

from rvdata import cli, schemas


def rvdata(*args):
    return CliRunner().invoke(cli.main, [str(a) for a in args])


def test_build_then_check_agree_and_a_changed_ledger_fails_the_check(ledger):
    done = rvdata("build")
    assert done.exit_code == 0 and "figures                 7 rows" in done.output
    checked = rvdata("build", "--check")
    assert (checked.exit_code, checked.output) == (
        0,
        f"{len(schemas.TABLES)} tables are what data/raw gives\n",
    )
    ledger.change("figures", 2, status="proposed")
    failed = rvdata("build", "--check")
    assert failed.exit_code == 1
    assert "run `rvdata build`" in failed.stderr and "figures.parquet" in failed.stderr
    assert "Traceback" not in failed.output
    elsewhere = rvdata("build", "--out", ledger.folder / "x")
    assert elsewhere.output.endswith("; 1 proposed rows wait for a reader\n")
    assert (ledger.folder / "x" / "figures.parquet").exists()


def test_verify_ends_with_the_count_and_status_1_if_anything_is_not_in_its_place(ledger):
    texts = ledger.folder / "texts"
    done = rvdata("verify", "--texts", texts)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "8 of 8 hold")
    path = texts / "paper-2020.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("75%", "76%"), encoding="utf-8")
    failed = rvdata("verify", "--texts", texts)
    assert (failed.exit_code, failed.output.splitlines()[-1]) == (1, "7 of 8 hold")


def test_verify_names_the_quotation_of_a_notebook_that_stands_in_no_text(ledger):
    def publish(text):
        nb = new_notebook(cells=[new_markdown_cell("# Why?"), new_markdown_cell(text)])
        nbformat.write(nb, ledger.folder / "notebooks" / "why.ipynb")

    (ledger.folder / "notebooks").mkdir()
    publish("“Over 100 officials,” it says, under “Arms and Harbours”.")
    texts = ledger.folder / "texts"
    assert rvdata("verify", "--texts", texts).exit_code == 0
    publish("They want “a harbour of\ntheir own”, “harbour”.")
    failed = rvdata("verify", "--texts", texts)
    assert (failed.exit_code, failed.output.splitlines()) == (
        1,
        [
            "why.ipynb, cell 2: “a harbour of their own” is printed nowhere; take the marks off, or quote what is printed",
            "1 derived rows have no place of their own",
            "8 of 8 hold",
        ],
    )
    (texts / "paper-2020.txt").unlink()
    failed = rvdata("verify", "--texts", texts)
    assert failed.exit_code == 1
    assert failed.output.startswith(
        "quotations in the notebooks are not checked: that takes the text"
    )


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["report", "--jobs", "0"], 2),
        (["report", "--timeout", "inf"], 2),
        (["report", "--timeout", "nan"], 2),
        (["report", "--timeout", "1e10"], 2),
        (["report", "--timeout", "0"], 2),
        (["report", "presence_ven", "-p", "country", "\udcff\udcfe"], 1),
        (["report", "presence_ven", "-p", "start", "2030"], 1),
        (["report", "presence_ven", "-p", "powers", "[" * 3000], 1),
        (["describe", "figure"], 1),
        (["trace", "rusi-2022-f99"], 1),
        (["cite", "nothing"], 1),
        (["verify", "--texts", "/nowhere"], 1),
    ],
)
def test_wrong_use_ends_with_2_and_a_failed_wish_with_1(args, status):
    done = rvdata(*args)
    assert done.exit_code == status
    assert "Traceback" not in done.output and done.stderr.strip()


@pytest.mark.skipif(os.name != "posix", reason="folders in use can be deleted on POSIX systems")
def test_a_current_folder_that_has_been_deleted_is_said_in_one_line(tmp_path):
    gone = tmp_path / "gone"
    source = (
        f"import os; os.mkdir({str(gone)!r}); os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})\n"
    )
    source += "import sys; sys.argv[1:] = ['report']\nfrom rvdata.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        "rvdata: the current folder has been deleted; change to another\n",
    )


def test_trace_shows_print_value_place_doubt_and_what_is_built_on_it():
    lines = dict(
        line.split(None, 1)
        for line in rvdata("trace", "rusi-2022-f05").output.splitlines()
        if line[:6].strip()
    )
    assert lines["printed"] == "“70%”"
    assert lines["value"] == "70 percent (exact; low 70, high 70, step 1)"
    assert lines["period"] == "2000-01-01 to 2021-12-31 (year, printed)"
    assert lines["place"].startswith("code points 4554 to 4557 of rusi-2022")
    assert "rusi-2022-f07" in rvdata("trace", "rusi-2022-f05").output
    assert "nearest: rusi-2022-f0" in rvdata("trace", "rusi-2022-f5").stderr


def test_trace_says_of_a_derived_figure_how_it_is_computed_and_that_nobody_else_says_it():
    lines = rvdata("trace", "rferl-2025-f05").output.splitlines()
    shown = {line[:12].strip(): line[13:] for line in lines}
    assert shown["printed"] == "nothing: the figure is derived"
    assert shown["value"].startswith("25,000,000 USD") and shown["said by"] == "this project"
    assert "(from rferl-2025-f04, rferl-2025-f03)" in shown["place"]


def test_describe_and_cite_speak_of_grain_units_and_articles():
    described, cited = rvdata("describe", "arms_import_shares"), rvdata("cite", "refugee_counts")
    assert "One row per stated share" in described.output and "[percent]" in described.output
    assert "Carlos Solar" in cited.output and "Axios" not in cited.output


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom rvdata.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('pandas', 'pyarrow', 'matplotlib', 'papermill', 'pandera', 'nbconvert', 'IPython') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("refresh arm_imports", 1, "nearest: arms_imports"),
        ("report --out r arms_imports_ven_rsu", 1, "nearest"),
        ("report --out r -p recipent CUB", 1, "nearest: recipient"),
        ("report --out r -p start soon", 1, "must be int"),
        ("import cpi x --origin cpi-1 --only ven", 2, "'ven' is no country name (nearest: 'VEN');"),
        (
            "import cpi x --origin cpi-1 --only SRY",
            2,
            "--only: 'SRY' is no country name (nearest: 'SYR');",
        ),
        ("import cpi x --origin cpi-1 --only Rusisa", 2, "(nearest: 'Russia');"),
    ],
)
def test_a_wrong_name_or_value_is_refused_with_the_nearest_before_anything_starts(
    tmp_path, monkeypatch, command, status, said
):
    monkeypatch.chdir(tmp_path)
    done = rvdata(*command.split())
    assert done.exit_code == status and said in done.stderr
    assert not (tmp_path / "r").exists()


def test_list_names_tables_notebooks_with_their_parameters_and_reports_with_their_titles():
    lines = rvdata("list").output.splitlines()
    assert any(line.startswith("  refugee_counts          3 rows") for line in lines)
    assert "    recipient: str = 'VEN'  ISO3 code of the importing state" in lines
    reports = dict(line.split(None, 1) for line in lines[lines.index("reports") + 1 :])
    assert reports["arms_imports_ven_rus"] == (
        "How much of Venezuela’s arms came from Russia, and who says so?"
    )


def test_without_notebooks_list_names_no_report_and_refresh_names_the_folder(ledger):
    rvdata("build")
    done = rvdata("list")
    assert (done.exit_code, done.output.splitlines()[-2:]) == (0, ["notebooks", "reports"])
    failed = rvdata("refresh")
    assert (failed.exit_code, failed.stderr) == (
        1,
        f"rvdata: {ledger.folder / 'notebooks'}: holds no notebook; "
        "put one there or correct RVDATA_HOME\n",
    )


def test_list_prints_nothing_before_it_fails(ledger):
    rvdata("build")
    (ledger.folder / "notebooks").mkdir()
    (ledger.folder / "notebooks" / "broken.ipynb").write_text("{}")
    failed = rvdata("list")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "broken.ipynb: no" in failed.stderr


@pytest.mark.parametrize("command", ["build", "report"])
def test_an_empty_out_is_wrong_use_and_writes_nothing(ledger, tmp_path, monkeypatch, command):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = rvdata(command, "--out", "")
    assert done.exit_code == 2
    assert "the path is empty; name a folder or leave the option out" in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


def test_an_interrupted_build_or_report_says_in_one_line_what_stands(ledger, tmp_path, monkeypatch):
    from nbfleet import run
    from rvdata import build, fleet

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "build", interrupt)
    monkeypatch.setattr(fleet, "plan", list)
    monkeypatch.setattr(run, "run", interrupt)
    built, reported = rvdata("build"), rvdata("report", "--out", tmp_path / "r")
    assert (built.exit_code, reported.exit_code) == (1, 1)
    assert built.output == (
        "rvdata: interrupted; the old tables stand until all new ones do, so no table is half "
        "written; run `rvdata build` again\n"
    )
    assert reported.output == (
        "rvdata: interrupted; finished reports are kept; run the same command again for the "
        "others\n"
    )

"""The commands as a shell sees them: what they print, and how they end."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from rvdata import cli


def rvdata(*args):
    return CliRunner().invoke(cli.main, [str(a) for a in args])


def test_build_then_check_agree_and_a_changed_ledger_fails_the_check(ledger):
    done = rvdata("build")
    assert done.exit_code == 0 and "figures                 7 rows" in done.output
    checked = rvdata("build", "--check")
    assert (checked.exit_code, checked.output) == (0, "8 tables are what data/raw gives\n")
    ledger.change("figures", 2, measure="another")
    failed = rvdata("build", "--check")
    assert failed.exit_code == 1
    assert "run `rvdata build`" in failed.stderr and "figures.parquet" in failed.stderr
    assert "Traceback" not in failed.output


def test_a_faulty_ledger_ends_with_status_1_and_no_table(ledger):
    ledger.change("figures", 0, value="61")
    done = rvdata("build")
    assert done.exit_code == 1
    assert done.stderr.startswith("rvdata: 2 faults in the data:")
    assert not ledger.processed.exists()


def test_build_says_how_many_proposals_wait(ledger):
    ledger.change("figures", 2, status="proposed")
    assert rvdata("build").output.endswith("; 1 proposed rows wait for a reader\n")


def test_build_writes_elsewhere_on_request(ledger, tmp_path):
    assert rvdata("build", "--out", tmp_path / "x").exit_code == 0
    assert (tmp_path / "x" / "figures.parquet").exists() and not ledger.processed.exists()


def test_verify_ends_with_the_count_and_status_1_if_anything_is_not_in_its_place(ledger):
    texts = ledger.folder / "texts"
    done = rvdata("verify", "--texts", texts)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "8 of 8 hold")
    path = texts / "paper-2020.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("75%", "76%"), encoding="utf-8")
    failed = rvdata("verify", "--texts", texts)
    assert (failed.exit_code, failed.output.splitlines()[-1]) == (1, "7 of 8 hold")


@pytest.mark.parametrize("args, status", [
    (["biuld"], 2), (["build", "--nonsense"], 2), (["verify"], 2), (["report", "--jobs", "0"], 2), (["trace"], 2),
    (["describe", "figure"], 1), (["trace", "rusi-2022-f99"], 1), (["cite", "nothing"], 1),
    (["verify", "--texts", "/nowhere"], 1),
])
def test_wrong_use_ends_with_2_and_a_failed_wish_with_1(args, status):
    done = rvdata(*args)
    assert done.exit_code == status
    assert "Traceback" not in done.output and done.stderr.strip()


def test_a_home_that_does_not_exist_is_said_in_one_line(monkeypatch):
    monkeypatch.setenv("RVDATA_HOME", "/no/such/home")
    done = rvdata("build")
    assert done.exit_code == 1
    assert done.stderr.startswith("rvdata: RVDATA_HOME: '/no/such/home' is no folder")


def test_trace_shows_print_value_place_doubt_and_what_is_built_on_it():
    lines = dict(line.split(None, 1) for line in rvdata("trace", "rusi-2022-f05").output.splitlines() if line[:6].strip())
    assert lines["printed"] == "“70%”"
    assert lines["value"] == "70 percent (exact; low 70, high 70, step 1)"
    assert lines["period"] == "2000-01-01 to 2021-12-31 (year, printed)"
    assert lines["place"].startswith("code points 4554 to 4557 of rusi-2022")
    assert "rusi-2022-f07" in rvdata("trace", "rusi-2022-f05").output
    assert "nearest: rusi-2022-f0" in rvdata("trace", "rusi-2022-f5").stderr


def test_describe_and_cite_speak_of_grain_units_licence_and_articles():
    described = rvdata("describe", "arms_import_shares").output
    assert "One row per stated share" in described and "[percent]" in described and "must not be added" in described
    cited = rvdata("cite", "refugee_counts").output
    assert "CC-BY-4.0" in cited and "Carlos Solar" in cited and "[2022]" in cited and "Axios" not in cited


def test_list_names_tables_and_notebooks_with_their_parameters():
    listed = rvdata("list").output
    assert "refugee_counts          3 rows" in listed and "arms_imports" in listed
    assert "recipient: str = 'VEN'  ISO3 code of the importing state" in listed


def test_help_imports_nothing_heavy():
    code = ("import sys\nfrom rvdata.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
            "print([m for m in ('pandas', 'pyarrow', 'matplotlib', 'papermill', 'pandera', 'nbconvert', 'IPython') "
            "if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_refresh_of_an_unknown_notebook_names_the_nearest():
    done = rvdata("refresh", "arm_imports")
    assert done.exit_code == 1 and "nearest: arms_imports" in done.stderr


def test_report_refuses_wrong_names_and_values_before_it_starts(tmp_path):
    for args, words in ((["arms_imports_ven_rsu"], "nearest"), (["-p", "recipent", "CUB"], "nearest: recipient"),
                        (["-p", "start", "soon"], "must be int")):
        done = rvdata("report", *args, "--out", tmp_path / "r")
        assert done.exit_code == 1 and words in done.stderr
        assert not (tmp_path / "r").exists()


def test_the_package_is_where_its_files_say():
    assert Path(cli.__file__).parent.name == "rvdata"

"""`rvdata check`: the verdicts as a table and as a gate."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from rvdata import cli, store


def rvdata(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_every_checkable_figure_has_a_line_with_its_verdict():
    done = rvdata("check")
    assert done.exit_code == 0
    lines = {line.split()[0]: line for line in done.output.splitlines() if line.strip()}
    said = "rusi-2022-f05 70% 69.5 % matches sipri-2022-03-ven contemporary 3 of 5"
    assert " ".join(lines["rusi-2022-f05"].split()) == said
    assert "close (coarsely: matches)" in lines["rusi-2022-f06"]
    assert "79,209 to 7,373,990" in lines["rusi-2022-f11"] and "undecided" in lines["rusi-2022-f11"]
    assert "places 1, 2, 4" in lines["rusi-2022-f08"] and "rferl-2025-f07" not in lines
    assert lines["all"].split() == ["all", "10", "7", "5", "6", "2", "10", "40"]


def test_a_named_figure_shows_what_was_tried_after_its_verdict():
    done = rvdata("check", "rusi-2022-f05")
    lines = done.output.splitlines()
    assert lines[2].startswith(
        "rusi-2022-f05  supplier_share [sipri-2022-03-ven]: matches, 69.5 % - 5,539 million TIV delivered to Venezuela 2000–2021"
    )
    assert any("release [sipri-2025-01-ven]: matches, 69.7 %" in line for line in lines)


def test_a_figure_without_data_says_what_would_be_needed():
    done = rvdata("check", "rferl-2025-f07")
    assert done.exit_code == 0 and "no data can decide it: A judgement" in done.output


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        (("matches",), 1),
        (("differs",), 1),
        (("between year ends",), 0),
        (("between year ends", "close"), 1),
    ],
)
def test_a_verdict_can_be_made_a_gate(verdicts, status):
    done = rvdata("check", *(part for v in verdicts for part in ("--fail-on", v)))
    assert done.exit_code == status
    assert ("--fail-on names" in done.stderr) == bool(status) and "rusi-2022-f05" in done.stdout


def test_the_gate_counts_the_figures_it_was_given():
    assert rvdata("check", "rusi-2022-f05", "--fail-on", "differs").exit_code == 0
    failed = rvdata("check", "rusi-2022-f08", "--fail-on", "differs")
    assert failed.exit_code == 1 and failed.stderr == (
        "rvdata: figures with a verdict that --fail-on names: 1 differs; see the table above\n"
    )


def test_unknown_figures_and_verdicts_are_refused():
    unknown = rvdata("check", "rusi-2022-f50")
    assert (
        unknown.exit_code == 1
        and "(nearest: rusi-2022-f10)" in unknown.stderr
        and "Traceback" not in unknown.output
    )
    wrong = rvdata("check", "--fail-on", "wrong")
    assert wrong.exit_code == 2 and "'matches'" in wrong.stderr


def test_the_trace_of_a_figure_ends_with_its_verdict():
    line = next(
        x for x in rvdata("trace", "rusi-2022-f10").output.splitlines() if x.startswith("verdict")
    )
    assert "differs (displaced_abroad, unhcr-2022-06, contemporary)" in line and "5,576,742" in line


def test_replaced_releases_and_documents_that_decide_are_no_explanations_of_the_time():
    checks = store.read("figure_checks").to_pandas().set_index("figure_id")
    members = checks.loc["kennan-2024-f06"].set_index("origin_id")["vintage"]
    assert members["factbook-2024-08-29"] == "contemporary"
    assert members["factbook-2024-08-15"] == "earlier"
    counted = checks[checks["is_primary"]][["tried", "matched"]]
    some = counted.loc[["rusi-2022-f11", "rusi-2022-f02", "rusi-2022-f03"]]
    assert some.to_numpy().tolist() == [[1, 1], [2, 2], [0, 0]]

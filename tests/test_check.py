"""`rvdata check`: the verdicts as a table and as a gate."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from rvdata import cli, load


def rvdata(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_every_checkable_figure_has_a_line_with_its_verdict():
    done = rvdata("check")
    assert done.exit_code == 0
    lines = {line.split()[0]: line for line in done.output.splitlines()}
    assert lines["rusi-2022-f05"].split() == [
        "rusi-2022-f05",
        "70%",
        "69.7",
        "%",
        "matches",
        "sipri-2025-01-ven",
        "later",
        "5",
        "of",
        "8",
    ]
    assert "close (coarsely: matches)" in lines["rusi-2022-f06"]
    assert (
        "46,988 to 5,718,814" in lines["rusi-2022-f11"]
        and "consistent with bracket" in lines["rusi-2022-f11"]
    )
    assert "rusi-2022-f02" not in lines
    checks = load("figure_checks", "all")
    silent = int((checks["is_primary"] & (checks["verdict"] == "no data")).sum())
    assert done.output.splitlines()[-1].startswith(f"no data: {silent} of 40 figures;")


def test_a_named_figure_shows_what_was_tried_after_its_verdict():
    done = rvdata("check", "rusi-2022-f05")
    lines = done.output.splitlines()
    assert lines[2].startswith(
        "rusi-2022-f05  supplier_share [sipri-2025-01-ven]: matches, 69.7 % - 5,538 million TIV delivered to Venezuela 2000–2021"
    )
    assert len(lines) == 3 + 8
    assert any("window 2001–2021 [sipri-2025-01-ven]: close, 71.1 %" in line for line in lines)


def test_a_figure_without_data_says_what_would_be_needed():
    done = rvdata("check", "geointel-2019-f02")
    assert done.exit_code == 0 and "no public series covers such a total" in done.output


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        (("matches",), 1),
        (("differs",), 1),
        (("not comparable",), 0),
        (("not comparable", "close"), 1),
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
    assert (
        "consistent with bracket (displaced_abroad, unhcr-2025-12, later)" in line
        and "5,576,740" in line
    )

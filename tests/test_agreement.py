"""The published agreement is what the two codings give."""

from __future__ import annotations

import importlib.util

import pytest


@pytest.fixture(scope="module")
def agreement(root):
    spec = importlib.util.spec_from_file_location(
        "agreement", root / "docs" / "agreement" / "agreement.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_tables_are_what_the_codings_give(agreement, root):
    text = (root / "docs" / "agreement" / "README.md").read_text(encoding="utf-8")
    assert agreement.report() in text
    assert agreement.report("present", "third") in text


def test_kappa_of_known_tables(agreement):
    assert agreement.kappa([("a", "a"), ("b", "b")]) == 1.0
    assert agreement.kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0.0
    twenty = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert round(agreement.kappa(twenty), 4) == 0.4  # the textbook case of 50 items


def test_rows_match_one_to_one_by_the_largest_overlap(agreement):
    def row(start, end, **more):
        return {"source_id": "x", "kind": "event", "start": start, "end": end, "value": "", **more}

    first, second = (
        [row("0", "10"), row("20", "30")],
        [row("8", "12"), row("2", "9"), row("40", "50")],
    )
    assert agreement.match(first, second) == [(0, 1)]
    derived = [row("", "", value="16"), row("", "", value="6")]
    assert agreement.match(derived, derived[::-1]) == [(0, 1), (1, 0)]


def test_every_row_that_one_reading_had_alone_is_settled_with_a_reason(agreement):
    first, second, settled = (agreement.read(n) for n in ("first", "second", "settled"))
    pairs = agreement.match(first, second)
    assert len(settled) == len(first) + len(second) - 2 * len(pairs)
    assert {s["decision"] for s in settled} == {"kept", "adopted", "merged", "rejected"}
    assert all(s["reason"] for s in settled if s["decision"] in ("merged", "rejected"))

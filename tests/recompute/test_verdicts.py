"""Verdicts of all figures, against a recomputation from the ledger, the tables and the protocol's words."""

from __future__ import annotations

import pandas as pd
import pytest
from recompute import verdicts
from recompute.cells import table

FIGURES = verdicts.ledger()
TEXTS = ("origin_id", "vintage", "relation", "places")
NUMBERS = ("computed", "computed_low", "computed_high", "relative_pct")


@pytest.fixture(scope="module")
def checks():
    """The table of checks, if it is of the revision that is recomputed."""
    frame = table("figure_checks")
    if "relative_pct" not in frame:
        pytest.skip("figure_checks is of the first revision of the protocol")
    return frame


@pytest.mark.parametrize("figure_id", FIGURES)
def test_verdict_follows_from_the_rules(checks, figure_id):
    (row,) = checks[checks["is_primary"] & (checks["figure_id"] == figure_id)].to_dict("records")
    found = verdicts.recomputed(FIGURES[figure_id])
    for column in ("verdict", "coarse_verdict"):
        assert (row[column] if pd.notna(row[column]) else None) == found.get(column), column
    for column in TEXTS:
        assert column not in found or row[column] == found[column], column
    for column in NUMBERS:
        if column in found and not (column.startswith("computed") and "places" in found):
            near = 0.051 if column == "relative_pct" else 1e-9 * abs(found[column])
            assert abs(row[column] - found[column]) <= near, column


def test_explanations_are_judged_as_verdicts_are(checks):
    rows = checks[~checks["is_primary"] & checks["computed"].notna() & checks["places"].isna()]
    rows = rows[~rows["method"].str.startswith("documents")]  # they hedge their numbers themselves
    wrong = [
        (row["figure_id"], row["origin_id"], row["method"], row["verdict"], verdict)
        for row in rows.to_dict("records")
        if row["verdict"] not in ("not comparable", "undecided")
        for number in [verdicts.outcome(FIGURES[row["figure_id"]], row["computed"])]
        if (verdict := verdicts.traced(number, row["relation"])) != row["verdict"]
    ]
    assert wrong == []

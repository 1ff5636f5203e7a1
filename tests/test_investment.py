"""Which sums apply, what is missing of each, and that chart, grid, sentence and evidence follow one changed value."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load, narrative, parameters
from rvdata.errors import DataError
from rvdata.essays import investment as essay

NAN, DAY = float("nan"), pd.Timestamp
TOTAL = {
    "family": "investment_total",
    "measure": "total Russian investment",
    "stated": "$30 billion",
    "hedge": "estimated",
    "qualifier": "approx",
    "amount_usd": 30e9,
    "stated_step": 10e9,
    "attributed_to": "US estimate",
    "status": "doubted",
}
PAYMENTS = {
    "family": "loan",
    "measure": "single prepayments for oil",
    "stated": "multimillion-dollar",
    "qualifier": "vague",
    "low": 2e6,
    "period_start": DAY("2014-01-01"),
    "period_end": DAY("2014-12-31"),
    "period_start_basis": "printed",
    "as_of": pd.NaT,
    "as_of_end": pd.NaT,
    "as_of_precision": NAN,
    "as_of_basis": NAN,
    "source_id": "kennan-2024",
}
REWARD = {
    "family": "reward",
    "measure": "reward for information",
    "stated": "$50 million",
    "qualifier": "exact",
    "amount_usd": 50e6,
    "low": 50e6,
    "high": 50e6,
    "stated_step": 10e6,
    "subject": "USA",
    "counterpart": "VEN",
    "into": False,
    "source_id": "rferl-2025",
}
HALVED = {
    **REWARD,
    "measure": "reward before",
    "stated": NAN,
    "amount_usd": 25e6,
    "low": 25e6,
    "high": 25e6,
    "status": "derived",
    "subject_basis": "inferred",
}
NONE = load("figures").head(0)


def sums(*rows):
    """Rows as `select` gives them, completed from a bare one, with their intervals."""
    bare = {
        "source_id": "geointel-2019",
        "hedge": NAN,
        "amount_usd": NAN,
        "low": NAN,
        "high": NAN,
        "stated_step": NAN,
        "subject": "VEN",
        "subject_basis": "printed",
        "counterpart": "RUS",
        "period_start": pd.NaT,
        "period_end": pd.NaT,
        "period_start_basis": NAN,
        "as_of": DAY("2019-02-04"),
        "as_of_end": DAY("2019-02-10"),
        "as_of_precision": "period",
        "as_of_basis": "inferred",
        "attributed_to": NAN,
        "status": "as_printed",
        "derived_from": NAN,
        "into": True,
    }
    frame = pd.DataFrame(
        [{"figure_id": f"x-2000-f{i:02d}", **bare, **row} for i, row in enumerate(rows, 1)]
    )
    for column in ("period_start", "period_end", "as_of", "as_of_end"):
        frame[column] = pd.to_datetime(frame[column])
    return essay.rounding(frame)


def told(*rows, others=NONE):
    frame = sums(*(rows or [TOTAL]))
    return essay.tell(frame if rows else frame.head(0), others, "VEN", "RUS")


def states(row):
    return {
        aspect: state
        for aspect, (state, _) in essay.stated_of(sums(row).to_dict("records")[0]).items()
    }


def test_selection_by_parties_family_source_and_derivation():
    totals, figures = load("investment_totals"), load("figures")

    def ids(
        host="VEN", investor="RUS", families=("investment_total", "loan"), sources=(), derived=True
    ):
        chosen = essay.select(
            totals, figures, host, investor, list(families), list(sources), derived
        )
        return chosen["figure_id"].tolist()

    assert ids() == ["geointel-2019-f02", "kennan-2024-f05"]
    assert ids(families=()) == [
        "geointel-2019-f02",
        "kennan-2024-f05",
        "rferl-2025-f04",
        "rferl-2025-f05",
    ]
    assert ids(families=(), derived=False) == [
        "geointel-2019-f02",
        "kennan-2024-f05",
        "rferl-2025-f04",
    ]
    assert ids(families=["loan"]) == ids(sources=["kennan-2024"]) == ["kennan-2024-f05"]
    assert ids(investor="CHN") == ids(host="CUB") == ids(host="RUS", investor="VEN") == []
    assert ids(families=["trade_growth"]) == []
    assert ids(investor="CHN", families=["reward"]) == [
        "rferl-2025-f04",
        "rferl-2025-f05",
    ]  # context, whoever invests


def test_context_is_kept_apart_from_sums_into_the_country():
    chosen = essay.select(load("investment_totals"), load("figures"), "VEN", "RUS", [], [], True)
    assert chosen["into"].tolist() == [True, True, False, False]


def test_rates_and_factors_stand_beside_and_are_not_drawn():
    ids = essay.beside(load("figures"), "VEN", [], [], True)["figure_id"].tolist()
    assert ids == ["rferl-2025-f03", "rusi-2022-f03"]
    assert essay.beside(load("figures"), "VEN", ["investment_total", "loan"], [], True).empty
    assert essay.beside(load("figures"), "CUB", [], [], True).empty


def test_a_family_without_money_is_refused_with_those_that_there_are():
    parameters.check(families=["reward"], among=essay.MONEY)
    with pytest.raises(
        DataError,
        match=(
            "'ship' is no family that this notebook can use; there are: investment_total, loan,"
        ),
    ):
        parameters.check(families=["ship"], among=essay.MONEY)


@pytest.mark.parametrize(
    ("row", "least", "most"),
    [
        ({**TOTAL, "qualifier": "exact", "low": 30e9, "high": 30e9}, 25e9, 35e9),
        (TOTAL, None, None),
        (PAYMENTS, 2e6, None),
        (REWARD, 50e6, 50e6),
        ({**TOTAL, "qualifier": "over", "low": 30e9}, 30e9, None),
    ],
)
def test_what_the_print_leaves_open(row, least, most):
    frame = sums(row)
    assert [None if pd.isna(v) else v for v in frame[["least", "most"]].iloc[0]] == [least, most]


# ---- what is stated of a sum


def test_of_a_bare_total_the_meaning_is_missing():
    assert states(TOTAL) == {
        "amount": "printed",
        "lowest and highest amount": "missing",
        "source of the number": "printed",
        "where the money comes from": "printed",
        "where it goes": "printed",
        "period it was paid in": "missing",
        "day it holds at": "inferred",
        "what counts as such money": "missing",
        "stock or flow": "missing",
        "gross or net of repayments": "missing",
        "prices of which year": "missing",
    }


def test_of_vague_payments_the_amount_is_missing_and_the_rest_is_not():
    assert states(PAYMENTS) == {
        "amount": "bound only",
        "lowest and highest amount": "bound only",
        "source of the number": "missing",
        "where the money comes from": "printed",
        "where it goes": "printed",
        "period it was paid in": "printed",
        "day it holds at": "",
        "what counts as such money": "printed",
        "stock or flow": "printed",
        "gross or net of repayments": "",
        "prices of which year": "",
    }


def test_a_reward_is_set_and_needs_neither_period_nor_prices_and_what_is_derived_is_inferred():
    assert {a for a, s in states(REWARD).items() if not s} == {
        "lowest and highest amount",
        "where it goes",
        "period it was paid in",
        "stock or flow",
        "gross or net of repayments",
        "prices of which year",
    }
    assert states(HALVED)["amount"] == states(HALVED)["where the money comes from"] == "inferred"
    assert "printed" not in states(HALVED).values()


@pytest.mark.parametrize(
    ("measure", "aspect"),
    [
        ("net direct investment", "gross or net of repayments"),
        ("direct investment", "what counts as such money"),
        ("outstanding loans", "stock or flow"),
        ("investment in constant dollars", "prices of which year"),
    ],
)
def test_words_of_the_measure_fill_in_what_a_sum_means(measure, aspect):
    assert (
        states(TOTAL)[aspect] == "missing"
        and states({**TOTAL, "measure": measure})[aspect] == "printed"
    )


def test_a_range_has_both_bounds_and_a_one_sided_hedge_one():
    assert (
        states({**TOTAL, "qualifier": "range", "low": 3e9, "high": 5e9})[
            "lowest and highest amount"
        ]
        == "printed"
    )
    frame = sums({**TOTAL, "qualifier": "nearly", "high": 30e9}).to_dict("records")[0]
    assert essay.stated_of(frame)["lowest and highest amount"] == (
        "bound only",
        "highest only, USD 30 billion",
    )


# ---- what is said


def test_nothing_stated_is_said_to_be_a_gap():
    assert told() == (
        "No article in this selection states a sum of money from Russia into Venezuela. That "
        "is a gap in what is "
        "stated, not a zero: it does not say that no money went."
    )


def test_one_estimate_is_told_with_what_rounding_would_leave_and_what_is_missing():
    text = told(TOTAL)
    assert text.startswith(
        "One article states one sum of money from Russia into Venezuela: **an estimated "
        "USD 30 billion** for "
        "total Russian investment, no date printed, attributed to a US estimate, doubted "
        "[x-2000-f01]."
    )
    assert (
        "the USD 30 billion would stand for anything from USD 25 billion to 35 billion; as an estimate "
        "it does not"
    ) in text
    assert (
        "Of the eleven things in the second chart that a reader would need to know, six are not stated "
        "of the USD 30 billion "
        "(lowest and highest amount, period it was paid in, "
    ) in text
    assert "and the day it holds at is inferred [x-2000-f01]" in text
    assert (
        "A US estimate counts in this project as the word of an interested party, and names no office"
        in text
    )
    assert "not added" not in text and "The ledger marks the sum as doubted" in text


def test_a_vague_word_is_told_as_a_bound_and_not_as_an_amount():
    text = told(PAYMENTS)
    assert (
        "**“multimillion-dollar”: USD 2 million or more** for single prepayments for oil, 2014, in the "
        "article's own voice"
    ) in text
    assert (
        "Of the eight things in the second chart that a reader would need to know, one is not stated of "
        "“multimillion-dollar” (source of the number)"
    ) in text
    assert (
        "all larger amounts remain possible" in text
        and "stock" not in text
        and "interested party" not in text
    )


def test_two_sums_are_not_added_and_do_not_check_one_another():
    text = told(TOTAL, PAYMENTS)
    assert text.startswith("Two articles state two sums of money")
    assert (
        "Where an amount is printed its period is not, and where a period is printed its amount is not."
        in text
    )
    assert "The sums are not added" in text and "15,000 times the lowest bound" in text
    assert "The ledger marks 1 of 2 sums as doubted." in text
    assert "times the lowest bound" not in told(TOTAL, {**TOTAL, "measure": "another"})
    assert "Where an amount is printed" not in told(TOTAL)


def test_what_a_sum_cannot_show_follows_from_what_is_missing():
    whole = {**TOTAL, "measure": "net direct investment, outstanding, in constant prices"}
    assert "cannot show" in told(TOTAL) and "cannot show" not in told(whole)


def test_other_money_is_kept_apart_and_rates_are_no_sums():
    others = load("figures").query("figure_id == 'rusi-2022-f03'")
    text = told(TOTAL, REWARD, HALVED, others=others)
    assert (
        "Kept apart, because they are no money into Venezuela: **USD 50 million** for reward for information"
        in text
    )
    assert (
        "**USD 25 million** for reward before, [4 to 10 February 2019], inferred by this project "
        "[x-2000-f03]"
    ) in text
    assert (
        "Not drawn, because it is no sum: growth of Russian-Venezuelan trade, 12%, 2021 [rusi-2022-f03]."
        in text
    )
    assert "The ledger marks 1 of 3 sums as doubted, one as inferred by this project." in text
    assert told(REWARD).startswith("No article in this selection states a sum")
    assert "because it is no money" in told(REWARD)


def test_a_second_statement_of_the_same_measure_is_not_called_unconfirmed():
    assert "No sum is stated by a second article" in told(TOTAL, PAYMENTS)
    assert "No sum is stated by a second article" not in told(
        TOTAL, {**TOTAL, "source_id": "kennan-2024"}
    )


# ---- what is drawn


def test_the_first_chart_rings_estimates_points_arrows_and_hollows_what_is_inferred():
    frame = sums(TOTAL, PAYMENTS, REWARD, HALVED)
    plotted = essay.plotted_sums(frame, "VEN", "RUS")
    assert (
        plotted["value"].tolist()[::2] == [30_000.0, 50.0] and plotted["least"].tolist()[1] == 2.0
    )
    assert plotted["group"].drop_duplicates().tolist() == [
        "From Russia into Venezuela",
        "For comparison only: other money around Venezuela",
    ]
    fig, alt = essay.draw_sums(plotted, frame, "VEN", "RUS")
    ax = fig.axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    marks = [
        (float(dot.get_xdata()[0]), dot.get_markerfacecolor(), dot.get_markersize()) for dot in dots
    ]
    assert marks == [
        (30_000.0, charts.COLOURS[0], 6.5),
        (30_000.0, "none", 13.5),
        (50.0, charts.COLOURS[0], 6.5),
        (25.0, "white", 6.5),
    ]
    arrows = [(a.xyann[0], a.xy[0]) for a in ax.texts if getattr(a, "arrow_patch", None)]
    assert arrows == [(2.0, 100_000.0)]
    assert ax.get_xscale() == "log" and ax.get_xlim() == (1.0, 100_000.0)
    assert (
        "estimated USD 30 billion, no bounds, doubted" in alt and "USD 25 million, inferred" in alt
    )
    plt.close(fig)


def test_the_grid_says_in_a_mark_and_in_words_what_is_missing():
    frame = sums(TOTAL, PAYMENTS)
    plotted = essay.plotted_aspects(frame)
    assert len(plotted) == 2 * len(essay.ASPECTS)
    cell = plotted.set_index(["row", "column"])[["look", "words", "doubted"]]
    assert cell.loc[("amount", "x-2000-f01")].tolist() == [
        "filled",
        "an estimated USD 30 billion",
        True,
    ]
    assert cell.loc[("amount", "x-2000-f02")].tolist() == ["half", "“multimillion-dollar”", False]
    assert cell.loc[("stock or flow", "x-2000-f01")].tolist() == ["cross", "not stated", False]
    assert cell.loc[("day it holds at", "x-2000-f02")].tolist() == ["", "does not apply", False]
    words = essay.in_words(plotted)
    assert words.index.tolist() == list(essay.ASPECTS) and words.columns.tolist() == [
        "x-2000-f01",
        "x-2000-f02",
    ]
    assert words.loc["amount"].tolist() == [
        "printed: an estimated USD 30 billion (doubted)",
        "bound only: “multimillion-dollar”",
    ]
    assert words.loc["stock or flow"].tolist() == ["not stated", "printed: paid over the period"]
    fig, alt = essay.draw_aspects(plotted, frame, "VEN", "RUS")
    crosses = [m for m in fig.axes[0].lines if m.get_marker() == "x"]
    assert len(crosses) == 7 + 1  # one explains the mark
    assert [t.get_text() for t in fig.axes[0].texts].count("not stated") == 7 + 1
    assert alt.startswith("Grid of two sums: 7 of 19 marks say not stated.")
    plt.close(fig)


@pytest.mark.parametrize(
    ("draw", "plot"),
    [
        (essay.draw_sums, lambda frame: essay.plotted_sums(frame, "CUB", "CHN")),
        (essay.draw_aspects, essay.plotted_aspects),
    ],
)
def test_nothing_to_draw_gives_a_figure_that_says_so(draw, plot):
    frame = sums(TOTAL).head(0)
    fig, alt = draw(plot(frame), frame, "CUB", "CHN")
    assert alt.startswith("Empty chart. No sum of money from China into Cuba is stated")
    assert charts.collisions(fig) == []
    plt.close(fig)


@pytest.mark.parametrize(
    "rows",
    [
        [TOTAL],
        [PAYMENTS],
        [REWARD],
        [TOTAL, PAYMENTS, REWARD, HALVED],
        [PAYMENTS] * 3 + [TOTAL, HALVED],
        [TOTAL] * 8,
        [{**TOTAL, "qualifier": "range", "amount_usd": NAN, "low": 3e9, "high": 5e9}],
        [
            {**TOTAL, "qualifier": "nearly", "high": 30e9, "amount_usd": 30e9},
            {**REWARD, "amount_usd": 4e3, "low": 4e3, "high": 4e3},
        ],
        [{**TOTAL, "qualifier": "exact", "amount_usd": 2e12, "low": 2e12, "high": 2e12}],
        [
            {
                **TOTAL,
                "qualifier": "exact",
                "amount_usd": 1e6,
                "low": 1e6,
                "high": 1e6,
                "stated_step": 1e6,
                "status": "conflicting",
            },
            PAYMENTS,
        ],
        [
            {
                **TOTAL,
                "measure": (
                    "investment, loans and promises of the state and of firms that it owns, over all "
                    "years together"
                ),
                "attributed_to": "Western industrialised states",
            },
            PAYMENTS,
            REWARD,
        ],
    ],
)
def test_no_text_leaves_the_figure_or_lies_on_another(rows):
    frame = sums(*rows)
    for fig, _ in (
        essay.draw_sums(essay.plotted_sums(frame, "VEN", "RUS"), frame, "VEN", "RUS"),
        essay.draw_aspects(essay.plotted_aspects(frame), frame, "VEN", "RUS"),
    ):
        assert charts.collisions(fig) == []
        plt.close(fig)
    assert essay.tell(frame, NONE, "VEN", "RUS")


def test_two_dollar_signs_in_the_notes_do_not_make_a_formula():
    rows = pd.DataFrame(
        {
            "figure_id": ["a", "b"],
            "derivation": [NAN, "$50 million halved"],
            "note": ["Of $30 billion.", NAN],
        }
    )
    assert (
        narrative.notes(rows)
        == r"""- **a**: Of \$30 billion.
- **b**: \$50 million halved."""
    )


def test_one_changed_value_changes_chart_data_narrative_and_evidence_together():
    def outcome(value):
        figures, totals = load("figures"), load("investment_totals")
        figures.loc[figures["figure_id"] == "geointel-2019-f02", "value"] = value
        totals.loc[totals["figure_id"] == "geointel-2019-f02", "amount_usd"] = value
        chosen = essay.rounding(
            essay.select(totals, figures, "VEN", "RUS", ["investment_total"], [], True)
        )
        return (
            essay.plotted_sums(chosen, "VEN", "RUS").to_csv(),
            essay.plotted_aspects(chosen).to_csv(),
            essay.tell(chosen, NONE, "VEN", "RUS"),
            narrative.evidence(
                essay.behind(chosen, NONE, figures), load("figure_checks", "all")
            ).to_csv(),
        )

    before, after = outcome(30e9), outcome(40e9)
    assert all(a != b for a, b in zip(before, after, strict=False))
    assert all("40 billion" in text for text in after) and not any(
        "40 billion" in text for text in before
    )
    assert "from USD 35 billion to 45 billion" in after[2]

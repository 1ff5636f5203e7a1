"""What the counts leave open, how the two readings differ, and that all outputs follow one changed value together."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load, narrative
from rvdata.essays import displacement as essay

NAN = float("nan")
NAMES = {"SYR": "Syria", "VEN": "Venezuela", "UKR": "Ukraine", "RUS": "Russia"}


def counts(*rows, basis="inferred", source="rusi-2022"):
    """(origin, responsible, persons, status) → rows of refugee_counts of one article, to tenths of a million."""
    table = pd.DataFrame(
        [
            {
                "figure_id": f"x-2000-f{i:02d}",
                "source_id": source,
                "origin": origin,
                "origin_basis": basis,
                "responsible": responsible,
                "persons": persons,
                "low": persons,
                "high": persons,
                "qualifier": "exact",
                "stated": f"{persons / 1e6:g} million",
                "as_of": pd.Timestamp("2022-04-01"),
                "as_of_end": pd.Timestamp("2022-06-30"),
                "as_of_precision": "period",
                "as_of_basis": "inferred",
                "attributed_to": "UN Refugee Agency",
                "status": status,
                "note": "The reason.",
            }
            for i, (origin, responsible, persons, status) in enumerate(rows, 1)
        ]
    )
    steps = pd.DataFrame({"figure_id": table["figure_id"], "stated_step": 100_000.0})
    return essay.rounding(table, steps)


SYRIA, UKRAINE = ("SYR", "SYR", 6.6e6, "as_printed"), ("UKR", "RUS", 4.5e6, "doubted")
ARTICLES = pd.DataFrame(
    {
        "origin_id": ["rusi-2022"],
        "published_note": ["No date printed; 4.5 million were reached in April."],
    }
)
NO_FIGURES = pd.DataFrame(
    {"figure_id": [], "family": [], "measure": [], "source_id": [], "subject": []}, dtype="str"
)


def told(*rows, others=None, unprinted=0, whose="", **more):
    table = counts(*(rows or [SYRIA]), **more)
    table = table if rows else table.head(0)
    return essay.tell(
        table, table.head(0) if others is None else others, unprinted, NO_FIGURES, ARTICLES, whose
    )


def test_one_printed_decimal_leaves_half_a_tenth_of_a_million_open_either_side():
    assert counts(SYRIA)[["least", "most"]].values.tolist() == [[6_550_000.0, 6_650_000.0]]


def test_a_stated_bound_is_kept_and_the_other_side_stays_open():
    table = counts(SYRIA).assign(qualifier="over", high=NAN)
    row = essay.rounding(
        table, pd.DataFrame({"figure_id": ["x-2000-f01"], "stated_step": [1e5]})
    ).iloc[0]
    assert row["least"] == 6_600_000 and pd.isna(row["most"])


def test_selection_by_origin_charge_source_and_printed_origin():
    table = load("refugee_counts")

    def ids(*asked):
        return essay.select(table, *asked)["figure_id"].tolist()

    assert ids([], [], [], True) == ["rusi-2022-f09", "rusi-2022-f10", "rusi-2022-f11"]
    assert ids(["UKR"], [], [], True) == ids([], ["RUS"], [], True) == ["rusi-2022-f11"]
    assert (
        ids(["RUS"], [], [], True)
        == ids([], [], ["axios-2018"], True)
        == ids([], [], [], False)
        == []
    )
    assert ids(["UKR"], ["SYR"], [], True) == []


def test_a_row_charged_to_several_states_is_found_under_each_and_one_charged_to_nobody_under_none():
    table = counts(("UKR", "RUS;BLR", 4.5e6, "as_printed"), ("SYR", NAN, 6.6e6, "as_printed"))
    assert essay.select(table, [], ["BLR"], [], True)["origin"].tolist() == ["UKR"]
    assert essay.select(table, [], ["SYR"], [], True)["origin"].tolist() == []


def test_the_mirror_holds_what_the_other_reading_would_have_put_here():
    table = counts(SYRIA, UKRAINE)

    def mirror(*asked):
        return essay.mirrored(table, *asked, [])["origin"].tolist()

    assert mirror(["RUS"], []) == mirror([], ["UKR"]) == ["UKR"]
    assert mirror(["SYR"], []) == mirror(["UKR"], []) == mirror([], ["RUS"]) == mirror([], []) == []


# ---- the sum of the list


def test_the_list_adds_up_with_its_intervals():
    assert essay.total(counts(SYRIA, UKRAINE)) == {
        "value": 11_100_000.0,
        "least": 11_000_000.0,
        "most": 11_200_000.0,
    }


@pytest.mark.parametrize(
    "table",
    [
        counts(SYRIA),
        counts(SYRIA, SYRIA),
        counts(SYRIA, UKRAINE).assign(source_id=["a-2000", "b-2000"]),
        counts(SYRIA, UKRAINE).assign(most=[6.65e6, NAN]),
        counts(SYRIA, UKRAINE).assign(
            as_of=[pd.Timestamp("2022-04-01"), pd.Timestamp("2021-04-01")]
        ),
    ],
    ids=["one", "same origin", "two articles", "no bound", "two times"],
)
def test_counts_that_may_overlap_or_lack_bounds_are_not_added(table):
    assert essay.total(table) is None


def test_the_sum_is_flagged_as_computed_and_absent_where_it_means_nothing():
    assert (
        "the two counts would come to 11.1 million (11 to 11.2 million). This sum was computed by the "
        "project"
    ) in told(SYRIA, UKRAINE)
    assert "not added up" in told(SYRIA, SYRIA)
    assert "dded up" not in told(SYRIA)


# ---- what is said


def test_nothing_stated_is_said_to_be_a_gap_and_names_what_was_asked():
    assert told(whose=" from Russia") == (
        "No article in this selection states a count of displaced people from Russia. That is a gap in what "
        "is stated, not a zero: "
        "it does not say that nobody fled."
    )
    assert (
        "Three counts are left out because the state of origin is understood and not printed."
        in told(unprinted=3)
    )
    assert "One count is left out because" in told(unprinted=1)


def test_the_other_reading_is_pointed_out_where_a_reader_may_miss_it():
    text = told(others=counts(UKRAINE), whose=" from Russia")
    assert text.endswith(
        "4.5 million who evidently fled Ukraine and for whom Russia is held responsible, "
        "doubted [x-2000-f01]."
    )


def test_one_count_whose_readings_agree():
    text = told(SYRIA)
    assert text.startswith(
        "One article states how many people were displaced: **6.6 million (6.55 to 6.65 "
        "million)** from Syria "
        "[x-2000-f01]. The number is attributed to the UN Refugee Agency."
    )
    assert "In this count both are the same state" in text and "whole list" not in text
    assert "That Syria is responsible is a charge made in the article." in text
    assert "The ledger does not mark the count as doubted." in text


def test_one_count_whose_readings_differ():
    text = told(UKRAINE)
    assert (
        "**4.5 million stand under Russia, but those counted evidently fled Ukraine** [x-2000-f01]."
        in text
    )
    assert "the number is Russia's; read by origin, it is Ukraine's" in text
    assert "The ledger marks the row as doubted, for the reason given below the evidence." in text
    assert "How many people fled from Russia is not stated here" in text
    assert "both readings give the same state" not in text


def test_two_and_many_counts():
    text = told(SYRIA, UKRAINE)
    assert (
        "**6.6 million (6.55 to 6.65 million)** from Syria [x-2000-f01] and **4.5 million" in text
    )
    assert "The numbers are attributed" in text and "in 2 of 2 counts" in text
    assert "For one count both readings give the same state; for one they do not." in text
    assert (
        "That Russia and Syria are responsible" in text
        and "The ledger marks 1 of 2 counts as doubted." in text
    )
    many = told(SYRIA, UKRAINE, ("VEN", "VEN", 5.9e6, "as_printed"))
    assert "For two counts both readings give the same state; for one they do not." in many
    assert "from Syria [x-2000-f01], **5.9 million" in many  # largest first


def test_a_printed_origin_is_not_called_evident_and_a_count_without_a_charge_not_charged():
    printed = told(UKRAINE, basis="printed")
    assert "those counted fled Ukraine" in printed and "understood" not in printed
    text = told(("SYR", NAN, 6.6e6, "as_printed"))
    assert (
        "For 6.6 million from Syria nobody is held responsible [x-2000-f01]." in text
        and "charge made" not in text
    )


def test_a_date_that_was_inferred_from_a_count_cannot_confirm_it():
    assert (
        "The reasons given for that time mention a count of the same list [x-2000-f01], so it cannot be used to "
        "confirm it."
    ) in told(UKRAINE)
    assert "cannot be used to confirm" not in told(SYRIA)
    assert "[April to June 2022] is inferred from when the article can have appeared" in told(SYRIA)
    reasons = essay.reasons(counts(UKRAINE).assign(derivation=None), ARTICLES)
    assert reasons["row_id"].tolist() == ["x-2000-f01", "rusi-2022"]
    assert reasons["note"].tolist() == [
        "The reason.",
        "No date printed; 4.5 million were reached in April.",
    ]


def test_a_rank_held_in_common_is_given_with_its_doubt():
    figures, table = load("figures"), load("refugee_counts")
    chosen = essay.rounding(essay.select(table, ["VEN"], [], [], True), figures)
    text = essay.tell(chosen, chosen.head(0), 0, figures, load("origins"))
    assert (
        "ranks the three crises together (Syria, Venezuela and Ukraine) as “largest” since 1980 "
        "[rusi-2022-f08]"
    ) in text
    assert "A rank held in common does not say which place any one of them has." in text
    assert "The ledger marks the rank as doubted, for the reason given below the evidence." in text
    assert essay.behind(chosen, chosen.head(0), figures)["figure_id"].tolist() == [
        "rusi-2022-f08",
        "rusi-2022-f10",
    ]


def test_a_rank_of_one_crisis_is_told_without_the_warning_and_of_other_states_not_at_all():
    figures, table = load("figures"), load("refugee_counts")
    figures.loc[figures["figure_id"] == "rusi-2022-f08", "subject"] = "VEN"

    def rank(origin):
        chosen = essay.rounding(essay.select(table, [origin], [], [], True), figures)
        return essay.tell(chosen, chosen.head(0), 0, figures, load("origins"))

    assert "ranks the crisis (Venezuela) as “largest” since 1980" in rank(
        "VEN"
    ) and "held in common" not in rank("VEN")
    assert "ranks" not in rank("SYR")


def test_counts_of_one_article_are_not_confirmed_and_of_two_not_called_so():
    assert "No second article states a count" in told(SYRIA, UKRAINE)
    two = counts(SYRIA, UKRAINE).assign(source_id=["geointel-2019", "rusi-2022"])
    text = essay.tell(two, two.head(0), 0, NO_FIGURES, ARTICLES)
    assert "No second article" not in text and text.startswith(
        "Two articles state how many people were displaced"
    )


# ---- what is drawn


def test_the_first_chart_has_hollow_dots_for_inferred_origins_and_bars_for_rounding():
    table = pd.concat(
        [counts(SYRIA, UKRAINE), counts(("VEN", "VEN", 5.9e6, "as_printed"), basis="printed")]
    )
    plotted = essay.plotted_counts(table)
    assert plotted[["label", "below"]].values.tolist() == [
        ["Syria", "held responsible: Syria"],
        ["Venezuela", "held responsible: Venezuela"],
        ["Ukraine", "held responsible: Russia"],
    ]
    assert plotted["printed"].iloc[2] == "4.5 million (4.45 to 4.55 million), doubted"
    fig, alt = essay.draw_counts(plotted, table)
    assert [t.get_text() for t in fig.axes[0].get_yticklabels()][::-1][
        0
    ] == "Syria\nheld responsible: Syria"
    dots = {
        float(d.get_xdata()[0]): d.get_markerfacecolor()
        for d in fig.axes[0].lines
        if d.get_marker() == "o"
    }
    assert dots == {6.6: "white", 5.9: charts.COLOURS[0], 4.5: "white"}
    bars = sorted((round(p.get_x(), 6), round(p.get_width(), 6)) for p in fig.axes[0].patches)
    assert bars == [(4.45, 0.1), (5.85, 0.1), (6.55, 0.1)]
    assert (
        fig.axes[0].get_xlim() == (0.0, 7.0)
        and "Ukraine, held responsible: Russia: 4.5 million" in alt
    )
    plt.close(fig)


def test_the_second_chart_draws_a_level_line_where_the_readings_agree_and_a_slope_where_not():
    table = counts(SYRIA, UKRAINE)
    plotted = essay.plotted_readings(table)
    assert plotted[["left", "right", "value", "same"]].values.tolist() == [
        ["Syria", "Syria", 6.6, True],
        ["Russia", "Ukraine", 4.5, False],
    ]
    fig, alt = essay.draw_readings(plotted, table)
    lines = [line for line in fig.axes[0].lines if line.get_marker() == "None"]
    level = [line.get_ydata()[0] == line.get_ydata()[1] for line in lines]
    assert level == [True, False] and [line.get_color() for line in lines] == [
        charts.COLOURS[0],
        charts.COLOURS[5],
    ]
    assert round((lines[1].get_linewidth() - 1.2) / (lines[0].get_linewidth() - 1.2), 4) == round(
        4.5 / 6.6, 4
    )
    faces = [d.get_markerfacecolor() for d in fig.axes[0].lines if d.get_marker() == "o"]
    assert faces == ["white", charts.COLOURS[0], "white", charts.COLOURS[5]]  # right end first
    words = [t.get_text() for t in fig.axes[0].texts]
    assert "Russia\nnot named" in words and "Ukraine\nnot named" in words
    assert (
        "Russia\n4.5 million, doubted" in words and "Ukraine\n4.5 million, origin inferred" in words
    )
    assert alt.startswith("Link diagram: 1 of 2 counts differs between the readings.")
    plt.close(fig)


def test_a_count_that_is_charged_to_nobody_has_a_right_end_only():
    table = counts(("SYR", NAN, 6.6e6, "as_printed"))
    fig, alt = essay.draw_readings(essay.plotted_readings(table), table)
    assert [line for line in fig.axes[0].lines if line.get_marker() == "None"] == []
    assert "Syria\n6.6 million, origin inferred,\nnobody charged" in [
        t.get_text() for t in fig.axes[0].texts
    ]
    assert "nobody is held responsible for 6.6 million" in alt
    plt.close(fig)


@pytest.mark.parametrize(
    ("draw", "plot"),
    [(essay.draw_counts, essay.plotted_counts), (essay.draw_readings, essay.plotted_readings)],
)
def test_nothing_to_draw_gives_a_figure_that_says_so(draw, plot):
    table = counts(SYRIA).head(0)
    fig, alt = draw(plot(table), table, " from Cuba")
    assert alt.startswith(
        "Empty chart. No count of displaced people from Cuba is stated in this selection"
    )
    assert charts.collisions(fig) == []
    plt.close(fig)


@pytest.mark.parametrize(
    "rows",
    [
        [SYRIA],
        [("UKR", "RUS;BLR;IRN;PRK", 4.5e6, "conflicting")],
        [("SYR", NAN, 250.0, "as_printed")],
        [("_OTH", "_U", 999.9e6, "doubted"), ("_U", "SYR", 1e6, "as_printed")],
        [
            (o, r, (9 - i) * 1e5, "doubted")
            for i, (o, r) in enumerate(zip(NAMES, [*NAMES][::-1], strict=False))
        ],
        [
            (o, "RUS", (9 - i) * 1.1e6, "doubted")
            for i, o in enumerate(["SYR", "VEN", "UKR", "BIH", "CAF", "PRK", "COD"])
        ],
    ],
)
def test_no_text_leaves_the_figure_or_lies_on_another(rows):
    table = counts(*rows)
    for fig, _ in (
        essay.draw_counts(essay.plotted_counts(table), table),
        essay.draw_readings(essay.plotted_readings(table), table),
    ):
        assert charts.collisions(fig) == []
        plt.close(fig)


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [("over", 4.5e6, NAN), ("nearly", NAN, 4.5e6), ("approx", NAN, NAN), ("vague", 2e6, NAN)],
)
def test_hedged_counts_are_drawn_and_told_as_printed(qualifier, low, high):
    table = counts(UKRAINE).assign(qualifier=qualifier, low=low, high=high, stated="as hedged")
    table = table.assign(persons=NAN) if qualifier == "vague" else table
    table = essay.rounding(table, pd.DataFrame({"figure_id": ["x-2000-f01"], "stated_step": [1e5]}))
    assert "**as hedged** from Ukraine" in essay.tell(table, table.head(0), 0, NO_FIGURES, ARTICLES)
    for fig, _ in (
        essay.draw_counts(essay.plotted_counts(table), table),
        essay.draw_readings(essay.plotted_readings(table), table),
    ):
        assert charts.collisions(fig) == []
        plt.close(fig)


def test_one_changed_value_changes_chart_data_narrative_and_evidence_together():
    def outcome(value):
        figures, table = load("figures"), load("refugee_counts")
        figures.loc[figures["figure_id"] == "rusi-2022-f11", ["value", "low", "high"]] = value
        table.loc[table["figure_id"] == "rusi-2022-f11", ["persons", "low", "high"]] = value
        chosen = essay.rounding(essay.select(table, [], [], [], True), figures)
        return (
            essay.plotted_counts(chosen).to_csv(),
            essay.plotted_readings(chosen).to_csv(),
            essay.tell(chosen, chosen.head(0), 0, figures, load("origins")),
            narrative.evidence(
                essay.behind(chosen, chosen.head(0), figures), load("figure_checks", "all")
            ).to_csv(),
        )

    before, after = outcome(4.5e6), outcome(3.7e6)
    assert all(a != b for a, b in zip(before, after, strict=False))
    assert all("3.7" in text for text in after) and not any(
        "3.7 million" in text for text in before
    )
    assert "16.2 million (16.05 to 16.35 million)" in after[2]

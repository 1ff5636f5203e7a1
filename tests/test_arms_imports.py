"""What nested shares imply, what is drawn, and that chart, sentence and evidence follow one changed value together."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load
from rvdata.essays import arms_imports as essay


def shares(*rows):
    """(suppliers, share, qualifier) → rows of arms_import_shares of one window, and the figures with their steps."""
    frame = pd.DataFrame(
        [
            {
                "figure_id": f"x-2000-f{i:02d}",
                "source_id": "rusi-2022",
                "recipient": "VEN",
                "suppliers": s,
                "share_pct": v,
                "low": v if q in ("exact", "over") else float("nan"),
                "high": v if q in ("exact", "nearly") else float("nan"),
                "qualifier": q,
                "stated": f"{v}%",
                "period_start": pd.Timestamp("2000-01-01"),
                "period_end": pd.Timestamp("2021-12-31"),
                "attributed_to": "SIPRI",
                "status": "as_printed",
                "note": "",
            }
            for i, (s, v, q) in enumerate(rows, 1)
        ]
    )
    figures = pd.DataFrame(
        {
            "figure_id": frame["figure_id"],
            "stated_step": 1.0,
            "family": "arms_import_share",
            "subject": "VEN",
            "counterpart": frame["suppliers"],
            "measure": "share",
            "source_id": "rusi-2022",
        }
    )
    return essay.rounding(frame, figures), figures


@pytest.mark.parametrize(
    ("qualifier", "least", "most"),
    [("exact", 69.5, 70.5), ("over", 70.0, 100.0), ("nearly", 0.0, 70.0), ("approx", None, None)],
)
def test_what_the_print_leaves_open(qualifier, least, most):
    row = shares(("RUS", 70.0, qualifier))[0].iloc[0]
    assert [None if v != v else v for v in (row["least"], row["most"])] == [least, most]


def test_nested_shares_cut_the_whole_and_the_parts_add_up():
    whole = essay.parts(shares(("RUS;CHN", 80.0, "exact"), ("RUS", 70.0, "exact"))[0])
    assert whole[["suppliers", "value", "least", "most", "basis"]].values.tolist() == [
        ["RUS", 70.0, 69.5, 70.5, "printed"],
        ["CHN", 10.0, 9.0, 11.0, "inferred"],
        ["", 20.0, 19.5, 20.5, "not stated"],
    ]
    assert whole["value"].sum() == 100
    assert whole["edge_least"].tolist() == [69.5, 79.5, 100.0] and whole["edge_most"].tolist() == [
        70.5,
        80.5,
        100.0,
    ]


def test_without_inference_only_the_first_share_is_cut_off():
    whole = essay.parts(shares(("RUS;CHN", 80.0, "exact"), ("RUS", 70.0, "exact"))[0], split=False)
    assert whole[["suppliers", "value", "basis"]].values.tolist() == [
        ["RUS", 70.0, "printed"],
        ["", 30.0, "not stated"],
    ]


def test_shares_that_do_not_nest_or_contradict_or_differ_in_window_are_not_combined():
    assert essay.parts(shares(("RUS", 70.0, "exact"), ("CHN;CUB", 80.0, "exact"))[0])[
        "suppliers"
    ].tolist() == ["RUS", ""]
    assert essay.parts(shares(("RUS", 90.0, "exact"), ("RUS;CHN", 80.0, "exact"))[0])[
        "suppliers"
    ].tolist() == ["RUS", ""]
    rows = shares(("RUS", 70.0, "exact"), ("RUS;CHN", 80.0, "exact"))[0]
    rows.loc[1, "period_end"] = pd.Timestamp("2013-12-31")
    assert essay.parts(rows)["suppliers"].tolist() == ["RUS", ""]


def test_nothing_stated_gives_no_parts():
    assert essay.parts(shares(("RUS", 70.0, "exact"))[0].head(0)).empty


def test_selection_by_recipient_window_source_and_inference():
    table = load("arms_import_shares")
    assert len(essay.select(table, "VEN", 1990, 2025, [], True)) == 3
    assert len(essay.select(table, "VEN", 1990, 2025, [], False)) == 2
    assert len(essay.select(table, "VEN", 2022, 2025, [], True)) == 0
    assert len(essay.select(table, "VEN", 2021, 2025, ["rusi-2022"], True)) == 3
    assert len(essay.select(table, "VEN", 1990, 2025, ["axios-2018"], True)) == 0
    assert len(essay.select(table, "CUB", 1990, 2025, [], True)) == 0


def told(*rows, partner="RUS"):
    selected, figures = shares(*rows)
    return essay.tell(selected, essay.parts(selected), figures, "VEN", partner)


def test_the_narrative_on_none_one_and_two_shares():
    nothing = told(("RUS", 70.0, "exact"))
    assert nothing.startswith(
        "One article states what share of Venezuela's arms imports came from Russia: **70 % (69.5 to 70.5 %)**"
    )
    assert (
        "30 % (29.5 to 30.5 %)" in nothing
        and "These 30 % (29.5 to 30.5 %) are not broken down" in nothing
    )
    two = told(("RUS", 70.0, "exact"), ("RUS;CHN", 80.0, "exact"))
    assert "Together with China, Russia is put at **80 % (79.5 to 80.5 %)**" in two
    assert (
        "Of this, 10 % (9 to 11 %) is what including China adds" in two
        and "The last 20 % (19.5 to 20.5 %) is not broken down" in two
    )
    selected, figures = shares(("RUS", 70.0, "exact"))
    empty = essay.tell(selected.head(0), essay.parts(selected.head(0)), figures, "CUB", "RUS")
    assert (
        empty.startswith("No article in this selection states a share of Cuba's arms imports")
        and "not a zero" in empty
    )


def test_the_narrative_for_a_supplier_that_no_share_names_alone():
    text = told(("RUS;CHN", 80.0, "exact"), partner="CHN")
    assert text.startswith(
        "No article in this selection states a share of Venezuela's arms imports for China alone."
    )
    assert "Together with Russia, China is put at" in text


def test_one_changed_value_changes_chart_data_narrative_and_evidence_together():
    from rvdata import narrative

    def outcome(value):
        figures, table = load("figures"), load("arms_import_shares")
        figures.loc[figures["figure_id"] == "rusi-2022-f05", ["value", "low", "high"]] = value
        table.loc[table["figure_id"] == "rusi-2022-f05", ["share_pct", "low", "high"]] = value
        selected = essay.rounding(essay.select(table, "VEN", 1990, 2025, [], True), figures)
        whole = essay.parts(selected[selected["status"] != "derived"])
        return (
            essay.plotted_shares(selected).to_csv(),
            essay.plotted_parts(whole).to_csv(),
            essay.tell(selected, whole, figures, "VEN", "RUS"),
            narrative.evidence(
                figures[figures["figure_id"].isin(selected["figure_id"])],
                load("figure_checks", "all"),
            ).to_csv(),
        )

    before, after = outcome(70.0), outcome(66.0)
    assert all(a != b for a, b in zip(before, after, strict=False))
    assert all("66" in text for text in after) and "66" not in before[2]
    assert "14 % (13 to 15 %)" in after[1] and "14 % (13 to 15 %)" in after[2]


def test_a_part_inferred_from_a_doubted_share_may_hold_others():
    rows = shares(("RUS", 70.0, "exact"), ("RUS;CHN", 80.0, "exact"))[0]
    rows.loc[1, ["status", "note"]] = ["doubted", "Others may be inside."]
    assert essay.parts(rows).loc[1, ["value", "least", "most", "basis"]].tolist() == [
        10.0,
        9.0,
        11.0,
        "doubted",
    ]
    assert essay.plotted_parts(essay.parts(rows)).loc[1, ["label", "basis"]].tolist() == [
        "China, and any others meant with it",
        "inferred",
    ]
    figures = shares(("RUS", 70.0, "exact"))[1]
    text = essay.tell(rows, essay.parts(rows), figures, "VEN", "RUS")
    assert (
        "That reading is doubted. Others may be inside." in text
        and "Of this, 10 % (9 to 11 %)" in text
    )
    assert essay.plotted_shares(rows)["printed"].tolist()[0] == "80 % (79.5 to 80.5 %), doubted"


# ---- what is handed to the marks


def test_dots_are_at_the_values_and_inferred_ones_are_hollow():
    selected, _ = shares(("RUS", 70.0, "exact"), ("RUS;CHN", 80.0, "over"))
    selected.loc[0, "status"] = "derived"
    fig, alt = essay.draw_shares(essay.plotted_shares(selected), selected, "VEN")
    ax = fig.axes[0]
    dots = {
        float(line.get_xdata()[0]): line.get_markerfacecolor()
        for line in ax.lines
        if line.get_marker() == "o"
    }
    assert dots == {80.0: charts.COLOURS[0], 70.0: "white"}
    bars = [
        (p.get_x(), round(p.get_width(), 6))
        for p in ax.patches
        if hasattr(p, "get_width") and p.get_width() < 50
    ]
    assert (69.5, 1.0) in bars
    assert "two shares of Venezuela's arms imports" in alt and "Source: RUSI [2022]" in " ".join(
        t.get_text() for t in fig.texts
    )
    plt.close(fig)


def test_the_bar_is_cut_where_the_parts_say():
    selected, _ = shares(("RUS", 70.0, "exact"), ("RUS;CHN", 80.0, "exact"))
    plotted = essay.plotted_parts(essay.parts(selected))
    fig, alt = essay.draw_parts(plotted, selected, "VEN")
    cuts = [
        (round(p.get_x(), 6), round(p.get_width(), 6), bool(p.get_hatch()))
        for p in fig.axes[0].patches
    ]
    assert cuts == [(0.0, 70.0, False), (70.0, 10.0, True), (80.0, 20.0, False)]
    assert alt.startswith(
        "One bar of 100 per cent, Venezuela's arms imports, 2000 to 2021. Russia: 70 %"
    )
    plt.close(fig)


def test_the_bar_names_the_window_of_the_shares_that_it_is_made_of():
    selected, _ = shares(("RUS;CHN", 80.0, "exact"), ("RUS", 70.0, "exact"))
    selected.loc[0, "period_end"] = pd.Timestamp(
        "2013-12-31"
    )  # so that only the second row is drawn
    fig, alt = essay.draw_parts(essay.plotted_parts(essay.parts(selected)), selected, "VEN")
    assert "arms imports, 2000 to 2021." in alt
    plt.close(fig)


@pytest.mark.parametrize(("draw", "plot"), [(essay.draw_shares, essay.plotted_shares)])
def test_nothing_to_draw_gives_a_figure_that_says_so(draw, plot):
    selected = shares(("RUS", 70.0, "exact"))[0].head(0)
    fig, alt = draw(plot(selected), selected, "CUB")
    assert alt == "Empty chart. No share of Cuba's arms imports is stated in this selection."
    plt.close(fig)
    fig, alt = essay.draw_parts(essay.plotted_parts(essay.parts(selected)), selected, "CUB")
    assert alt.startswith("Empty chart. Nothing follows for the parts of Cuba's arms imports")
    plt.close(fig)


@pytest.mark.parametrize(
    "rows",
    [
        [("RUS", 70.0, "exact")],
        [("RUS", 3.0, "exact"), ("RUS;CHN", 99.0, "exact")],
        [("RUS", 97.0, "over")],
        [("RUS;CHN;CUB;IRN;BLR;ESP;NLD", 88.0, "nearly"), ("RUS", 50.0, "approx")],
    ],
)
def test_no_text_leaves_the_figure_or_lies_on_another(rows):
    selected, _ = shares(*rows)
    for fig, _ in (
        essay.draw_shares(essay.plotted_shares(selected), selected, "VEN"),
        essay.draw_parts(essay.plotted_parts(essay.parts(selected)), selected, "VEN"),
    ):
        assert charts.collisions(fig) == []
        plt.close(fig)

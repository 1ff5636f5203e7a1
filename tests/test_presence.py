"""Which events and sizes belong to a country, how the timeline draws their dates, and how they are said."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.dates import date2num

from rvdata import charts, load
from rvdata.essays import arms_transfers
from rvdata.essays import presence as essay


def events(*rows):
    """(category, actors, first, last, precision, basis) → rows of the table events."""
    return pd.DataFrame(
        [
            {
                "event_id": f"x-2000-e{i:02d}",
                "source_id": "rferl-2025",
                "date": pd.Timestamp(a),
                "date_end": pd.Timestamp(b),
                "date_precision": p,
                "date_basis": basis,
                "category": c,
                "actors": who,
                "summary": f"Happening {i}",
                "attributed_to": None,
                "status": "as_printed",
                "note": None,
                "start": i,
                "end": i + 1,
                "conflicts_with": None,
            }
            for i, (c, who, a, b, p, basis) in enumerate(rows, 1)
        ]
    )


DAY = ("2019-02-04", "2019-02-04", "day", "printed")
NONE = load("figures").head(0)


def chosen(frame, **change):
    wish = {
        "country": "VEN",
        "powers": ["RUS", "USA"],
        "start": 2017,
        "end": 2025,
        "sources": [],
        "include_inferred": True,
    }
    return essay.select(frame, **{**wish, **change})


def test_lanes_hold_moves_of_each_power_elections_and_sanctions():
    frame = events(
        ("deployment", "RUS;VEN", *DAY),
        ("strike", "USA;_U", *DAY),
        ("election", "VEN", *DAY),
        ("sanction", "USA;VEN", *DAY),
        ("recognition", "FRA;VEN", *DAY),
    )
    lanes = chosen(frame)
    assert lanes[["event_id", "lane"]].values.tolist() == [
        ["x-2000-e01", "Russian moves"],
        ["x-2000-e02", "US moves"],
        ["x-2000-e03", "Elections"],
        ["x-2000-e04", "Sanctions and recognition"],
        ["x-2000-e05", "Sanctions and recognition"],
    ]


def test_moves_elsewhere_other_categories_and_other_powers_are_left_out():
    frame = events(
        ("deployment", "RUS;UKR", *DAY),
        ("deployment", "CUB;VEN", *DAY),
        ("statement", "RUS;VEN", *DAY),
        ("sanction", "USA;RUS", *DAY),
    )
    assert chosen(frame).empty
    assert chosen(frame, powers=["CUB"])["lane"].tolist() == ["Cuban moves"]


@pytest.mark.parametrize(
    ("first", "last", "start", "end", "kept"),
    [
        ("2019-01-01", "2019-12-31", 2019, 2019, True),
        ("2019-01-01", "2019-12-31", 2020, 2025, False),
        ("2008-01-01", "2022-06-30", 2017, 2018, True),
        (None, "2018-05-26", 2018, 2025, True),
        (None, "2018-05-26", 2019, 2025, False),
        ("1991-01-01", None, 2017, 2025, False),
        ("1991-01-01", "2025-11-08", 2017, 2025, False),
        ("2024-07-01", None, 2017, 2025, True),
    ],
)
def test_a_period_keeps_what_may_have_fallen_into_it(first, last, start, end, kept):
    precision = "after" if last is None or first == "1991-01-01" else "period"
    frame = events(("deployment", "RUS;VEN", first, last, precision, "printed"))
    assert len(chosen(frame, start=start, end=end)) == kept


def test_inferred_dates_and_sources_can_be_left_out():
    frame = events(
        ("deployment", "RUS;VEN", *DAY),
        ("deployment", "RUS;VEN", "2019-03-01", "2019-03-31", "month", "inferred"),
    )
    assert chosen(frame, include_inferred=False)["event_id"].tolist() == ["x-2000-e01"]
    assert chosen(frame, sources=["axios-2018"]).empty


def drawn(*rows):
    selected = chosen(events(*rows))
    fig, alt = essay.draw_timeline(essay.plotted_timeline(selected), selected, "VEN", 2017, 2025)
    return fig, alt


def test_a_day_is_a_dot_filled_if_printed_and_hollow_if_inferred():
    fig, alt = drawn(
        ("deployment", "RUS;VEN", *DAY),
        ("deployment", "RUS;VEN", "2024-08-06", "2024-08-06", "day", "inferred"),
    )
    dots = [
        (float(line.get_xdata()[0]), line.get_markerfacecolor())
        for line in fig.axes[0].lines
        if line.get_marker() == "o"
    ]
    assert dots == [
        (date2num(pd.Timestamp("2019-02-04")) + 0.5, charts.COLOURS[0]),
        (date2num(pd.Timestamp("2024-08-06")) + 0.5, "white"),
    ]
    assert alt.startswith(
        "Timeline of two events from 2017 to 2025. Russian moves: two rows. Happening 1: 2019-02-04."
    )
    plt.close(fig)


def test_a_year_is_a_bar_of_its_length_cut_at_the_axis():
    fig, _ = drawn(
        ("deployment", "RUS;VEN", "2019-01-01", "2019-12-31", "year", "printed"),
        ("sanction", "USA;VEN", "2008-01-01", "2018-12-31", "period", "inferred"),
    )
    bars = [(p.get_x(), p.get_x() + p.get_width()) for p in fig.axes[0].patches]
    year = [date2num(pd.Timestamp(y, 1, 1)) for y in (2017, 2019, 2020)]
    assert bars == [(year[1], year[2]), (year[0], year[1])]
    assert [line.get_marker() for line in fig.axes[0].lines if line.get_marker() in "<>"] == ["<"]
    plt.close(fig)


def test_an_open_date_is_a_dotted_line_from_the_day_that_is_known():
    fig, alt = drawn(
        ("deployment", "RUS;VEN", None, "2018-05-26", "before", "inferred"),
        ("deployment", "RUS;VEN", "2024-07-29", None, "after", "inferred"),
    )
    dotted = [
        sorted(map(float, line.get_xdata()))
        for line in fig.axes[0].lines
        if len(line.get_xdata()) == 2 and line.get_linestyle() not in ("-", "None")
    ]
    edge = [date2num(pd.Timestamp(y, 1, 1)) for y in (2017, 2026)]
    assert dotted == [
        [edge[0], date2num(pd.Timestamp("2018-05-26"))],
        [date2num(pd.Timestamp("2024-07-29")), edge[1]],
    ]
    assert "Happening 1: by 2018-05-26." in alt and "Happening 2: from 2024-07-29." in alt
    plt.close(fig)
    fig, _ = drawn(("deployment", "RUS;VEN", "2020-01-01", "2022-06-30", "after", "inferred"))
    assert fig.axes[0].patches[:] == []  # some time between the two days is no bar
    assert [
        float(line.get_xdata()[0]) for line in fig.axes[0].lines if line.get_marker() == "|"
    ] == [date2num(pd.Timestamp("2020-01-01")), date2num(pd.Timestamp("2022-06-30")) + 1]
    plt.close(fig)


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_no_text_of_the_timeline_is_cut_off_or_covered(n):
    rows = [
        (
            "deployment",
            "RUS;VEN",
            f"20{17 + i % 9}-02-04",
            f"20{17 + i % 9}-02-04",
            "day",
            "printed",
        )
        for i in range(n)
    ]
    selected = chosen(events(*rows)) if n else chosen(events(("election", "FRA", *DAY)))
    selected["summary"] = (
        "A very long account of a happening with many words in it that must be broken over several lines of text"
    )
    fig, _ = essay.draw_timeline(essay.plotted_timeline(selected), selected, "VEN", 2017, 2025)
    assert charts.collisions(fig) == []
    plt.close(fig)


def sized(**change):
    wish = {
        "country": "VEN",
        "powers": ["RUS", "USA"],
        "start": 2017,
        "end": 2025,
        "sources": [],
        "include_inferred": True,
    }
    return essay.sizes(load("figures"), **{**wish, **change})


def test_sizes_are_of_the_powers_or_of_arms_in_the_country():
    rows = sized()
    assert rows["stated"].fillna("derived").tolist() == [
        "two",
        "nearly 100",
        "two",
        "two",
        "derived",
        "two",
        "5,000",
        "dozens",
    ]
    assert sized(powers=["USA"])["stated"].tolist() == ["5,000", "dozens"]
    assert sized(include_inferred=False)["stated"].tolist() == ["two", "nearly 100", "two", "two"]
    assert sized(start=1990, end=2016).empty
    assert sized(country="CUB")["figure_id"].tolist() == [
        "kennan-2024-f03",
        "kennan-2024-f04",
        "rferl-2025-f02",
    ]


def test_bounds_open_to_one_side_are_drawn_as_arrows_and_inferred_totals_hollow():
    rows = sized()
    plotted = essay.plotted_sizes(rows)
    nearly, total = (
        plotted[plotted["printed"] == "nearly 100 persons"].iloc[0],
        plotted[plotted["inferred"]].iloc[0],
    )
    assert (nearly["least"] != nearly["least"], nearly["most"]) == (True, 100.0)
    assert (total["printed"], total["least"], total["most"] != total["most"]) == (
        "at least 4 ships, inferred total",
        4.0,
        True,
    )
    fig, _ = essay.draw_sizes(plotted, rows, "VEN")
    hollow = [
        line.get_xdata()[0]
        for line in fig.axes[0].lines
        if line.get_marker() == "o" and line.get_markerfacecolor() == "white"
    ]
    assert hollow == [4.0] and charts.collisions(fig) == []
    plt.close(fig)


@pytest.mark.parametrize(
    ("value", "end"), [(5.0, 1e3), (5_000.0, 1e4), (10_000.0, 1e5), (250_000.0, 1e6)]
)
def test_the_axis_of_sizes_holds_the_largest(value, end):
    rows = sized()
    rows.loc[rows["stated"] == "5,000", ["value", "low", "high", "stated_step"]] = [
        value,
        value,
        value,
        1.0,
    ]
    rows = rows[rows["stated"] == "5,000"]
    fig, _ = essay.draw_sizes(essay.plotted_sizes(rows), rows, "VEN")
    assert fig.axes[0].get_xlim() == (1.0, end) and charts.collisions(fig) == []
    plt.close(fig)


def test_the_narrative_on_none_one_and_many():
    empty = essay.tell(chosen(events(("election", "FRA", *DAY))), NONE, "VEN", ["RUS"])
    assert (
        empty.startswith("No article in this selection dates a move")
        and "does not say that nothing happened" in empty
    )
    one = essay.tell(chosen(events(("deployment", "RUS;VEN", *DAY))), NONE, "VEN", ["RUS", "USA"])
    assert (
        "One article (rferl-2025) dates one move: Happening 1 (4 February 2019) [x-2000-e01]."
        in one
    )
    assert "No article in this selection dates a move of the United States around Venezuela." in one
    assert "No article in this selection says how large any of these moves was." in one
    assert (
        "Of one dated row, one is dated to the day and none only to one side; the date of none is inferred."
        in one
    )
    many = essay.tell(chosen(load("events")), sized(), "VEN", ["RUS", "USA"])
    assert "(kennan-2024, rferl-2025, rusi-2022) date nine moves" in many


def test_one_changed_date_changes_chart_data_narrative_and_evidence_together():
    frame = load("events")

    def outcome(day):
        changed = frame.copy()
        changed.loc[changed["event_id"] == "kennan-2024-e05", ["date", "date_end"]] = pd.Timestamp(
            day
        )
        selected = chosen(changed)
        return (
            essay.plotted_timeline(selected).to_csv(),
            essay.tell(selected, sized(), "VEN", ["RUS"]),
            essay.evidence(selected).to_csv(),
        )

    before, after = outcome("2024-08-06"), outcome("2024-08-09")
    assert "2024-08-09" in after[0] and "2024-08-09" not in before[0]
    assert all(
        "9 August 2024" in text and "9 August 2024" not in old
        for text, old in zip(after[1:], before[1:], strict=False)
    )


# ---- beside deliveries and sanctions


def delivered(*rows, first=2010, last=2020):
    """(supplier, year, million TIV, estimated share) → deliveries to Venezuela as one release holds them."""
    frame = pd.DataFrame(
        [
            {"supplier": s, "recipient": "VEN", "year": y, "tiv_million": v, "estimated_share": e}
            for s, y, v, e in rows
        ],
        columns=["supplier", "recipient", "year", "tiv_million", "estimated_share"],
    )
    return arms_transfers.Deliveries(
        "VEN", "sipri-2025-01-ven", "2025-01-03", first, last, True, frame
    )


def beside(moves, d, powers=("RUS",), start=2009, end=2021):
    return essay.plotted_beside(
        chosen(moves, powers=list(powers), start=start, end=end), d, list(powers), start, end
    )


MOVES = events(
    ("deployment", "RUS;VEN", "2012-06-01", "2012-06-01", "day", "printed"),
    ("arms", "RUS;VEN", "2018-01-01", "2018-12-31", "year", "inferred"),
)


def test_a_covered_year_without_deliveries_is_zero_and_one_that_is_not_covered_has_no_row():
    plotted = beside(
        MOVES,
        delivered(
            ("RUS", 2011, 30.0, 0.5), ("RUS", 2014, 10.0, float("nan")), ("CHN", 2012, 7.0, 0.0)
        ),
    )
    given = plotted[plotted["kind"] == "delivery"]
    assert dict(zip(given["first"].dt.year, given["value"], strict=False)) == {
        y: {2011: 30.0, 2014: 10.0}.get(y, 0.0) for y in range(2010, 2021)
    }
    assert given.loc[given["value"] > 0, "estimated"].fillna(-1).tolist() == [15.0, -1]
    assert plotted.loc[plotted["kind"] == "move", "row_id"].tolist() == ["x-2000-e01", "x-2000-e02"]


def test_deliveries_are_told_by_power_with_the_moves_that_came_after_the_last():
    d = delivered(("RUS", 2011, 30.0, 0.5), ("RUS", 2014, 10.4, float("nan")))
    told = essay.tell_deliveries(beside(MOVES, d), d, "VEN", ["RUS"], 2009, 2021)
    assert told.startswith(
        "**Deliveries, 2010 to 2020** (sipri-2025-01-ven, of 2025-01-03). Russia delivered 40.4 million TIV, "
        "in 2 of 11 years, the last in 2014; 15 million rest on an estimate. 1 of 2 dated moves comes after that year "
        "[x-2000-e02]."
    )
    late = essay.tell_deliveries(
        beside(MOVES, d, ("RUS", "USA"), 2015, 2021), d, "VEN", ["RUS", "USA"], 2015, 2021
    )
    assert "**Deliveries, 2015 to 2020**" in late
    assert (
        "Nothing that the register counts came from Russia (its last delivery before was in 2014) or the United States."
        in late
    )


def test_without_a_release_the_sentence_and_the_empty_chart_say_what_is_missing():
    none = arms_transfers.pick(load("arms_transfers").head(0), load("origins"), "CUB", 2000, 2020)
    plotted = beside(MOVES, none)
    fig, alt = essay.draw_beside(plotted, none, "CUB", ["RUS"], 2000, 2020)
    assert plotted.empty and alt.startswith(
        "Empty chart. No release in the collection has all suppliers of Cuba by year."
    )
    assert essay.tell_deliveries(plotted, none, "CUB", ["RUS"], 2000, 2020).startswith(
        "**Deliveries.** No release in the collection has"
    )
    plt.close(fig)
    d = delivered()
    assert essay.tell_deliveries(beside(MOVES, d, ()), d, "VEN", [], 2009, 2021) == ""


def test_the_published_deliveries_agree_with_the_table():
    transfers = load("arms_transfers")
    d = arms_transfers.pick(transfers, load("origins"), "VEN", 2000, 2023)
    plotted = essay.plotted_beside(
        chosen(load("events"), start=2000, end=2023), d, ["RUS", "USA"], 2000, 2023
    )
    rows = transfers[
        (transfers["origin_id"] == d.origin_id)
        & (transfers["recipient"] == "VEN")
        & (transfers["supplier"] == "RUS")
    ]
    ours = plotted[(plotted["lane"] == "Russia") & (plotted["kind"] == "delivery")]
    assert (
        ours["value"].sum() == pytest.approx(rows["tiv_million"].sum(), abs=0.1) and len(ours) == 24
    )
    assert ours.loc[ours["value"] > 0, "first"].dt.year.max() == rows["year"].max() == 2014


@pytest.mark.parametrize(
    ("powers", "start", "end"),
    [
        (["RUS", "USA"], 2017, 2025),
        (["RUS", "CHN", "USA"], 2000, 2023),
        (["IRN"], 1950, 1960),
        (["RUS"], 2013, 2013),
        (["RUS"], 1950, 2025),
    ],
)
def test_no_text_of_the_third_chart_lies_on_another(powers, start, end):
    d = arms_transfers.pick(load("arms_transfers"), load("origins"), "VEN", start, end)
    plotted = essay.plotted_beside(
        chosen(load("events"), powers=powers, start=start, end=end), d, powers, start, end
    )
    fig, alt = essay.draw_beside(plotted, d, "VEN", powers, start, end)
    assert charts.collisions(fig) == [] and alt.startswith(
        f"Moves and deliveries, {start} to {end}; deliveries known from "
    )
    plt.close(fig)


def test_estimated_deliveries_are_hatched_and_years_without_any_are_rings():
    d = delivered(("RUS", 2011, 30.0, 0.5), ("RUS", 2014, 10.0, 0.0))
    fig, _ = essay.draw_beside(beside(MOVES, d), d, "VEN", ["RUS"], 2009, 2021)
    ax = fig.axes[0]
    hatched = [p for p in ax.patches if p.get_hatch()]
    assert len(hatched) == 1
    (solid,) = [p for p in ax.patches if not p.get_hatch() and p.get_x() == hatched[0].get_x()]
    assert solid.get_height() == pytest.approx(hatched[0].get_height())
    rings = [line for line in ax.lines if line.get_marker() == "o" and line.get_markersize() == 3.2]
    assert len(rings) == 9, "eleven covered years, two with deliveries"
    grey = [
        p
        for p in ax.patches
        if p.get_facecolor()[:3] == pytest.approx((0.933, 0.933, 0.933), abs=0.01)
    ]
    assert [round(p.get_width()) for p in grey] == [365, 365], (
        "one year before and one after the release"
    )
    plt.close(fig)


def lists(*rows, covers="nationality=VEN"):
    """(kind, programmes, nationalities, entries) → a sanctions list, and its release."""
    frame = pd.DataFrame(
        [
            {"origin_id": "ofac-1", "kind": k, "programmes": p, "nationalities": n, "entries": e}
            for k, p, n, e in rows
        ],
        columns=["origin_id", "kind", "programmes", "nationalities", "citizenships", "entries"],
    )
    origins = pd.DataFrame(
        [
            {
                "origin_id": "ofac-1",
                "kind": "dataset",
                "covers": covers,
                "generated": pd.NaT,
                "released": pd.Timestamp("2023-01-20"),
                "published_basis": "inferred",
            }
        ]
    )
    return frame, origins


def test_a_sanctions_list_is_counted_by_kind_and_said_to_have_no_dates():
    frame, origins = lists(
        ("individual", "VENEZUELA", "VEN", 7),
        ("individual", "SDNTK", "COL;VEN", 2),
        ("individual", "VENEZUELA", None, 3),
        ("vessel", "VENEZUELA-EO13850", None, 4),
        ("individual", "SDNTK", "COL", 50),
    )
    rows = essay.listed(frame, origins, "VEN")
    assert rows["entries"].sum() == 16
    told = essay.tell_sanctions(rows, origins, "VEN")
    assert told.startswith(
        "**Sanctions.** On the US list of [2023-01-20] (ofac-1) stand ten individuals and four vessels under programmes "
        "named after Venezuela, and nine individuals with its nationality under whatever programme; some are both."
    )
    assert "does not say when anyone was put on it" in told
    assert essay.table_sanctions(rows)["entries"].sum() == 16


def test_a_country_that_no_list_covers_is_a_gap_and_not_a_zero():
    frame, origins = lists(("individual", "VENEZUELA", "VEN", 7))
    assert essay.tell_sanctions(essay.listed(frame, origins, "CUB"), origins, "CUB").startswith(
        "**Sanctions.** No US sanctions list in the collection covers Cuba"
    )
    assert essay.listed(frame.head(0), origins, "VEN").empty


def test_the_published_list_agrees_with_the_table():
    table = load("sanctions_listed").query("origin_id == 'ofac-2023-01'")
    rows = essay.listed(table, load("origins"), "VEN")
    given = table["nationalities"].fillna("") + ";" + table["citizenships"].fillna("")
    national = table[(table["kind"] == "individual") & given.str.contains("VEN")]["entries"].sum()
    assert (
        rows.loc[rows["national"] & (rows["kind"] == "individual"), "entries"].sum()
        == national
        == 98
    )

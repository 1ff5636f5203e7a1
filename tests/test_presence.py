"""Moves around a country: which happenings count, how their days are known, and what the notebook says of none, one and many."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from rvdata import charts, load
from rvdata.analysis import events


def ids(frame):
    return frame["happening_id"].tolist()


def test_each_move_is_there_once_with_its_parts_below_it():
    moved = events.moves("VEN", ["RUS", "USA"], start=2017, end=2025)
    assert ids(moved) == [
        "tu160-2018",
        "russian-presence-2019",
        "russian-soldiers-2019",
        "russian-contractors-2019",
        "russian-special-forces-2020",
        "flotilla-2024",
        "la-guaira-call-2024",
        "smolny-2024",
        "us-buildup-2025",
        "us-carrier-2025",
        "us-boat-strikes-2025",
        "il76-caracas-2025",
    ]
    told = moved.set_index("happening_id")
    assert told.index[told["part"]].tolist() == [
        "russian-soldiers-2019",
        "la-guaira-call-2024",
        "us-carrier-2025",
    ]
    assert told.loc["la-guaira-call-2024", ["articles", "printed"]].tolist() == [2, "July 2024"]
    assert told.index[told["exact"] & told["basis"].eq("witnesses")].tolist() == ["smolny-2024"]
    assert told.loc["tu160-2018", ["when", "printed"]].tolist() == ["10 December 2018", "2018"]
    assert told.loc["tu160-2018", "begins"] == pytest.approx(2018 + 343 / 365)


def test_strikes_in_the_sea_are_nobodys_neighbours_and_a_state_moves_nothing_around_itself():
    assert ids(events.moves("CUB")) == ["cuba-withdrawal-1993", "flotilla-2024"]
    assert "us-boat-strikes-2025" in ids(events.moves("VEN", "USA"))
    for country in ("COL", "USA", "RUS", "TTO"):
        assert events.moves(country).empty
    assert events.moves("RUS", "RUS").empty
    assert "two nuclear" not in events.moves("VEN", "VEN").attrs["missing"]


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [(2018, 2018, "tu160-2018", "tu160-2018"), (2022, 2023, "russian-special-forces-2020", "russian-special-forces-2020")],
)  # fmt: skip
def test_a_period_keeps_what_may_have_fallen_into_it(start, end, first, last):
    moved = events.moves("VEN", start=start, end=end)
    assert (ids(moved)[0], ids(moved)[-1]) == (first, last)


def test_what_stands_around_is_elections_sanctions_on_it_and_recognition_of_its_governments():
    beside = events.around("VEN", start=2017, end=2025)
    whole = beside[~beside["part"]].groupby("category").size()
    assert whole.to_dict() == {"election": 3, "recognition": 2, "sanction": 4}
    assert events.around("RUS")["category"].isin(["sanction"]).all()


def test_sizes_are_of_moves_or_of_arms_in_the_country_and_never_of_the_dead():
    sizes = events.sizes("VEN", ["RUS", "USA"], (), 2017, 2025)
    stated = sizes["stated"].fillna("derived").tolist()
    assert stated == [*["two"] * 4, "5,000", "derived", "nearly 100"]
    assert events.sizes("VEN", ["USA"])["stated"].tolist() == ["5,000"]
    cuban = events.sizes("CUB", ["RUS"])["figure_id"].tolist()
    assert cuban == ["kennan-2024-f03", "kennan-2024-f04"]
    assert events.sizes("VEN", ["RUS"], (), 1990, 2016).empty


def test_individuals_of_both_counts_of_the_sanctions_list_are_counted_from_the_table():
    rows, table = events.sanctioned("VEN"), load("sanctions_listed")
    given = table["nationalities"].fillna("") + ";" + table["citizenships"].fillna("")
    people = table[(table["kind"] == "individual") & given.str.contains("VEN")]
    both = people[people["programmes"].str.contains("VENEZUELA")]
    assert (people["entries"].sum(), both["entries"].sum()) == (98, 88)
    own = rows[rows["kind"] == "individual"]
    assert own.loc[own["national"], "entries"].sum() == 98
    assert own.loc[own["programme"], "entries"].sum() == 146
    assert own.loc[own["national"] & own["programme"], "entries"].sum() == 88
    kinds = rows[rows["programme"]].groupby("kind")["entries"].sum().to_dict()
    assert kinds == {"aircraft": 55, "entity": 101, "individual": 146, "vessel": 53}
    assert events.sanctioned("CUB").empty


def test_marks_are_a_dot_for_a_day_a_bar_for_what_lasts_and_a_dotted_line_for_some_day():
    moved = events.moves("VEN", "RUS").set_index("happening_id", drop=False)
    three = moved.loc[["tu160-2018", "russian-contractors-2019", "russian-special-forces-2020"]]
    fig, ax = plt.subplots()
    charts.dated(ax, three, by="power", start=2017, end=2025)
    dot, bar, dotted, ends = ax.lines
    assert dot.get_marker() == "o" and dot.get_xdata()[0] == pytest.approx(2018.94, abs=0.01)
    assert bar.get_xdata().tolist() == pytest.approx([2019.05, 2020.0], abs=0.01)
    assert (dotted.get_linestyle(), ends.get_marker()) == ("--", "|")
    early = three.assign(open_start=True).iloc[1:2]
    charts.dated(ax, early, by="power", start=2017, end=2025)
    tail = [line for line in ax.lines[4:] if line.get_alpha()]
    assert min(line.get_xdata().min() for line in tail) > 2018.8, "a short tail and not years"
    plt.close(fig)

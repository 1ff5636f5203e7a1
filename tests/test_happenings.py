"""What happened once is one happening: which rows tell of the same thing, which only look alike, and what is refused."""

from __future__ import annotations

import pytest

from rvdata import articles, cards, evidence, load
from rvdata.analysis import events as verbs
from rvdata.errors import DataError

#: Happenings of which more than one article tells, with their witnesses.
TOLD_TWICE = {
    "ven-election-2018": ["axios-2018-e04", "rusi-2022-e08"],
    "ven-election-2024": ["kennan-2024-e03", "rferl-2025-e26"],
    "la-guaira-call-2024": ["kennan-2024-e20", "rferl-2025-e25"],
    "ukraine-invasion-2022": ["rferl-2025-e33", "rusi-2022-e03"],
    "guaido-maduro-contest": ["kennan-2024-e12", "rferl-2025-e01"],
    "russia-venezuela-alliance": ["kennan-2024-e10", "rusi-2022-e11"],
}
#: Rows that look alike and tell of different things.
LOOK_ALIKE = [
    ("rusi-2022-e17", "rferl-2025-e28", "contractors of January, soldiers of March 2019"),
    ("rusi-2022-e18", "rferl-2025-e02", "protests, a call to the military"),
    ("kennan-2024-e05", "rferl-2025-e25", "a training ship of August, a frigate of July 2024"),
    ("axios-2018-e07", "rferl-2025-e35", "sanctions on Russia before 2018, from 2022"),
    ("geointel-2019-e09", "rferl-2025-e36", "threats of force of 2019 and 2025"),
    ("kennan-2024-e15", "axios-2018-e06", "Moscow's welcome of 2024 and 2018"),
    ("kennan-2024-e07", "rusi-2022-e17", "badges of 2024, contractors of 2019"),
    ("kennan-2024-e11", "axios-2018-e11", "Rosneft's money of 2014 and of 2018"),
    ("rferl-2025-e10", "rferl-2025-e37", "an interview and an answer of the same days"),
    ("kennan-2024-e01", "rusi-2022-e01", "a dated meeting, a photo of a year"),
    ("rferl-2025-e03", "geointel-2019-e04", "recognition by one state, by many"),
]
#: Parts of larger happenings.
PARTS = {
    "flotilla-2024": ["la-guaira-call-2024"],
    "guaido-maduro-contest": ["guaido-uprising-2019", "protests-2019"],
    "recognition-of-guaido": ["european-recognition-2019", "us-recognises-guaido"],
    "russia-venezuela-alliance": ["russia-chavez-ties"],
    "russian-presence-2019": ["russian-soldiers-2019"],
    "russian-pullback-1990s": ["cuba-withdrawal-1993"],
    "us-buildup-2025": ["us-carrier-2025"],
    "us-sanctions-ven-since-2008": [
        "us-pdvsa-sanctions-2019",
        "us-sanctions-ven-2017",
        "us-sanctions-ven-2019",
    ],
}


@pytest.fixture(scope="module")
def told():
    return load("events").set_index("event_id")["happening_id"]


def test_what_several_articles_tell_of_is_one_happening_and_nothing_else_is(told):
    rows = load("events").groupby("happening_id")
    twice = rows["source_id"].nunique().loc[lambda n: n > 1].index
    assert {h: sorted(told.index[told == h]) for h in twice} == TOLD_TWICE
    assert (len(load("happenings")), len(told)) == (91, 98)
    assert sorted(told.index[told == "ven-result-2024"]) == ["kennan-2024-e02", "kennan-2024-e13"]


@pytest.mark.parametrize(("one", "other", "why"), LOOK_ALIKE)
def test_what_only_looks_alike_stays_apart(told, one, other, why):
    assert told[one] != told[other], why


def test_parts_lie_in_their_wholes_and_are_these():
    rows = load("happenings").set_index("happening_id")
    part = rows["part_of"].dropna()
    assert {w: sorted(part.index[part == w]) for w in set(part)} == PARTS


def test_days_of_the_world_have_a_source_and_those_of_the_articles_stay():
    best = load("happenings").set_index("happening_id")
    days = {
        "la-guaira-call-2024": "2024-07-02",
        "lavrov-caracas-2020": "2020-02-07",
        "ryabkov-forces-2022": "2022-01-13",
        "tu160-2018": "2018-12-10",
        "ukraine-invasion-2022": "2022-02-24",
        "us-boat-strikes-2025": "2025-11-08",
        "us-indictment-2020": "2020-03-26",
        "us-recognises-guaido": "2019-01-23",
        "us-reward-2025": "2025-08-07",
        "ven-election-2018": "2018-05-20",
        "ven-election-2024": "2024-07-28",
    }
    assert {h: f"{best.loc[h, 'date_end']:%Y-%m-%d}" for h in days} == days
    sourced = best[best["date_basis"] == "source"]
    assert len(sourced) == 42 and sourced["known_from"].str.contains("https?://").all()
    rows = load("events").set_index("event_id")
    assert [f"{d:%Y-%m-%d}" for d in rows.loc["rusi-2022-e19", ["date", "date_end"]]] == [
        "2020-09-01",
        "2020-12-31",
    ]


# ---- what can be drawn


def test_every_row_has_days_that_can_be_drawn_and_what_goes_on_has_no_years():
    happened, rows = verbs.happenings(), verbs.events()
    for frame in (happened, rows):
        assert frame[["first", "last"]].notna().all(axis=None)
        assert (frame["first"] <= frame["last"]).all()
    going = rows[rows["open_start"]]
    assert sorted(going["event_id"]) == [
        *("axios-2018-e05", "axios-2018-e11"),
        *(f"rferl-2025-e0{n}" for n in (4, 5, 6, 7)),
    ]
    assert (going["last"] - going["first"]).dt.days.max() == 17
    open_start = load("events").query("date_precision == 'before'")
    assert open_start["event_id"].tolist() == ["geointel-2019-e03"]
    assert rows[~rows["agrees"]]["event_id"].tolist() == [
        "rusi-2022-e19",
        "rusi-2022-e22",
        "kennan-2024-e02",
    ]


def test_strikes_on_boats_stand_around_the_state_that_they_press_and_no_other():
    for state in ("CUB", "SYR", "ARG", "CHN", "UKR"):
        assert "us-boat-strikes-2025" not in set(verbs.happenings(state)["happening_id"]), state
    moves = verbs.moves("VEN", "USA").sort_values("first")
    assert moves[["happening_id", "place"]].values.tolist() == [
        ["us-buildup-2025", "_CAR"],
        ["us-boat-strikes-2025", "_CAR"],
        ["us-carrier-2025", "_CAR"],
    ]
    assert f"{moves['first'].min():%Y-%m-%d}" == "2025-08-21"


def test_events_are_narrowed_by_what_is_known_and_keep_what_is_told():
    row = verbs.events("VEN", "election", "rferl-2025").iloc[0]
    days = [f"{row[c]:%Y-%m-%d}" for c in ("told_first", "told_last", "first", "last")]
    assert days == ["2024-07-01", "2025-06-30", "2024-07-28", "2024-07-28"]
    assert verbs.happenings("VEN", start=2018, end=2018)["first"].dt.year.min() == 2000
    assert verbs.happenings(sources="geointel-2019", start=2019).shape[0] == 6


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"states": "VNE"}, "no country code"),
        ({"categories": "electoin"}, "nearest: election"),
        ({"sources": "rferl-2024"}, "nearest: rferl-2025"),
    ],
)
def test_a_word_that_is_none_is_refused_with_the_nearest(wish, words):
    with pytest.raises(DataError, match=words):
        verbs.happenings(**wish)


def test_a_happening_is_traced_to_its_witnesses():
    lines = cards.trace("ven-election-2024").splitlines()
    assert lines[0] == "happening    ven-election-2024 (election)"
    assert [line for line in lines if line.startswith("witness")] == [
        "witness      kennan-2024-e03: Presidential election in Venezuela; 2024-07-28 (day, inferred)",
        "witness      rferl-2025-e26: An election extends Maduro's rule; 2024-07-01 to 2025-06-30 (after, inferred)",
    ]
    with pytest.raises(
        DataError, match="is called 'ven-election-2025x' \\(nearest: ven-election-2024"
    ):
        cards.trace("ven-election-2025x")


def test_a_doubted_event_may_contradict_its_happening(ledger):
    ledger.change("happenings", 0, date="2019-06-01")
    ledger.change("events", 0, status="doubted", note="Others say June.")
    assert articles.read()[1] == []


def test_the_note_of_a_happening_names_who_dates_it_and_its_address_if_there_is_one():
    told = evidence._known(["tu160-2018", "samper-1990s", "ven-election-2018"]).values()
    assert [(row["who"], row["where"]) for row in told] == [
        (
            "russianforces.org, December 2018, after the Russian defence ministry",
            "http://russianforces.org/blog/2018/12/third_visit_of_tu-160_bombers.shtml",
        ),
        ("Samper left office on 7 August 1998 (remembered, not looked up).", "–"),
        ("the articles", "–"),
    ]

"""The notebook displacement: its answer for none, one and several counts, and by whom they are charged."""

from __future__ import annotations

import random
import re

import pytest
from in_process import run

from rvdata import countries
from rvdata.analysis import people


def said(done) -> str:
    return re.sub("<sup>.*?</sup>", "", done.told())


def test_the_default_answer_says_what_is_stated_what_holds_and_who_was_charged():
    done = run("displacement", again=True)
    told = said(done)
    for words in (
        "**6.6 million from Syria, 5.9 million from Venezuela and 4.5 million from Ukraine are stated**",
        "Syria's and Venezuela's differ from UNHCR’s year ends.",
        "Ukraine's cannot be decided.",
        "The 4.5 million stand under Russia, but fled Ukraine.",
        "112,000 to 146,000 had fled Russia itself.",
        "Syria 6.72 to 6.99 million; Venezuela 5.58 to 6.59 million; Ukraine 47,000 to 5.72 million; UNHCR's release",
        "Venezuela's line breaks at 2018: other people in need of protection first counted.",
        "are called “largest” since 1980. By their highest year ends they take places 1, 2 and 4.",
    ):
        assert words in told
    assert done.words() <= 60 and sum(map(len, done.alts.values())) == 3
    (claims,) = done.tables["answer"]
    assert claims.frame["data say"].tolist() == [
        "6.99 million people",
        "5.58 million people",
        "79,200 to 7.37 million people",
    ]
    (rank,) = (t.frame for t in done.tables["figure"] if "data say" in t.frame)
    assert rank["data say"].tolist() == ["places 1, 2, 4"]
    (definitions,) = done.tables["more"]
    assert definitions.frame.iloc[:, 1].tolist()[:3] == [
        "6.72 to 6.99 million",
        "6.56 to 6.85 million",
        "6.72 to 6.99 million",
    ]


@pytest.mark.parametrize(
    ("parameters", "begins", "pictures"),
    [
        ({"origins": ["VEN"]}, "**5.9 million from Venezuela is stated** (RUSI", 3),
        ({"responsible": ["RUS"]}, "**4.5 million from Ukraine is stated** (RUSI", 3),
        (
            {"origins": ["RUS"]},
            "**Not stated.** The 4.5 million listed under Russia fled Ukraine",
            1,
        ),
        (
            {"origins": ["CUB", "HTI"]},
            "**Not stated.** No article of this selection says how many people fled Cuba and Haiti.",
            1,
        ),
        ({"include_inferred": False}, "**No article prints it.** In three counts the state", 0),
        (
            {"sources": ["axios-2018"]},
            "**Not stated.** No article of this selection says how many people fled.",
            0,
        ),
        ({"release": "unhcr-2025-csv"}, "**6.6 million from Syria, 5.9 million", 3),
    ],
)
def test_other_selections(parameters, begins, pictures):
    done = run("displacement", **parameters)
    assert done.answer().startswith(begins)
    assert sum(map(len, done.alts.values())) == pictures
    assert not re.search(r"\bnan\b|None|NaT", done.told())


def test_a_state_that_no_article_counts_is_told_by_the_data():
    told = said(run("displacement", draw=False, origins=["CUB", "HTI"]))
    rows = people.displaced("CUB")
    last, most = rows.persons.iloc[-1], rows.persons.max()
    assert f"From Cuba UNHCR counted {last / 1000:,.0f},000 people at the end of 2025" in told
    assert f"at most {most / 1000:,.0f},000" in told


def test_an_answer_has_at_most_sixty_words_whatever_is_asked():
    chance = random.Random(3)
    codes = [c for c, row in countries.table().items() if row.kind == "country"]
    for _ in range(50):
        pick = chance.choice(
            [[], ["VEN"], ["SYR", "UKR"], chance.sample(codes, chance.choice([1, 2, 6]))]
        )
        done = run(
            "displacement",
            draw=False,
            origins=pick,
            responsible=chance.choice([[], [], ["RUS"], ["SYR", "VEN"]]),
            include_inferred=chance.choice([True, True, False]),
            release=chance.choice(["", "unhcr-2025-csv"]),
        )
        assert 4 <= done.words() <= 60, done.answer()


def test_the_rank_is_the_place_among_the_peaks_of_all_states_of_origin():
    peaks = people.peaks(1980, 2022)
    assert peaks.head(4)[["origin", "year"]].values.tolist() == [
        ["SYR", 2021],
        ["VEN", 2022],
        ["AFG", 1990],
        ["UKR", 2022],
    ]
    for row in peaks.head(4).itertuples():
        series = people.displaced(row.origin, start=1980, end=2022)
        assert series.persons.max() == row.persons


def test_claims_follow_origin_charge_and_print():
    ids = {
        name: people.claims(**asked)["figure_id"].tolist()
        for name, asked in {
            "all": {},
            "venezuela": {"origins": ["VEN"]},
            "charged": {"responsible": ["RUS"]},
            "printed": {"inferred": False},
        }.items()
    }
    assert ids == {
        "all": ["rusi-2022-f09", "rusi-2022-f10", "rusi-2022-f11"],
        "venezuela": ["rusi-2022-f10"],
        "charged": ["rusi-2022-f11"],
        "printed": [],
    }
    assert people.claims()["ends"].tolist() == [(2021, 2022)] * 3

"""The notebook arms_imports: its answer for none, one and several claims, with all, some and no deliveries."""

from __future__ import annotations

import random
import re

import pytest
from in_process import run

from rvdata import store


def test_the_default_answer_says_claim_check_and_what_the_check_is_worth():
    done = run("arms_imports", again=True)
    answer = re.sub("<sup>.*?</sup>", "", done.answer())
    assert answer.startswith("**70 % is stated; the data agree.** RUSI")
    for words in (
        "puts Russia's share of Venezuela's arms imports at 70 %, 2000 to 2021",
        "SIPRI's release of \\[14 to 31 March 2022\\] gives 69.5 %",
        "Both rest on one database: only the quotation is confirmed.",
    ):
        assert words in answer
    (claims,) = done.tables["answer"]
    assert claims.frame["data say"].tolist() == ["69.5 %", "place 1", "80.9 %"]
    assert claims.frame["verdict"].tolist() == ["matches", "follows from others", "close"]
    assert [len(alts) for alts in done.alts.values()] == [2, 1]
    for words in (
        "Since 2014 others delivered 394 million TIV, the most from China (205 million TIV).",
        "Of all volume 44 % is estimated.",
        "of 295 possible spans, 70 % is right for five",
        "Of what Russia delivered to the ten recipients",
        "Venezuela took 82 %",
    ):
        assert words in done.told()
    (periods,) = (t.frame for t in done.tables["figure"] if "its share" in t.frame)
    assert periods["its share"].tolist() == ["18 %", "90 %", "68 %", "75 %", "32 %"]
    (releases,) = (t.frame for t in done.tables["more"] if "share" in t.frame)
    assert releases["share"].tolist() == ["72.1 %", "72.1 %", "72.3 %", "72.0 %", "72.2 %"]


@pytest.mark.parametrize(
    ("parameters", "begins", "claims", "pictures"),
    [
        (
            {"partner": "CHN"},
            "**No article prints a share for China alone; 10 (0 to 20) % follows from others, and is no check of its own.",
            2,
            3,
        ),
        (
            {"partner": "CHN", "include_derived": False},
            "**11.7 % by the data; no article states it.**",
            1,
            3,
        ),
        (
            {"partner": "USA", "start": 1950, "release": "sipri-2025-10-ven"},
            "**15.1 % by the data; no article states it.** The United States delivered 1,995 of the 13,178 million TIV",
            0,
            3,
        ),
        (
            {"partner": "PER"},
            "**0.0 % by the data; no article states it.** Peru delivered 0 of",
            0,
            3,
        ),
        ({"sources": ["axios-2018"]}, "**68.7 % by the data; no article states it.**", 0, 3),
        (
            {"recipient": "PER"},
            "**No share can be computed.** SIPRI's release of 3 January 2025 has deliveries to Peru from Russia alone: 254 million TIV",
            0,
            1,
        ),
        (
            {"recipient": "CUB", "partner": "CHN"},
            "**No share can be computed.** SIPRI's release of 3 January 2025 has deliveries to Cuba from Russia",
            0,
            0,
        ),
        (
            {"recipient": "SYR"},
            "**Not to be answered from these sources.** No article states Russia's share of Syria's",
            0,
            0,
        ),
        (
            {"start": 2024},
            "**Nothing to share.** SIPRI's release of 23 October 2025 has no delivery",
            0,
            0,
        ),
        ({"start": 2030, "end": 2031}, "**Not to be answered from these sources.**", 0, 0),
    ],
)
def test_other_selections(parameters, begins, claims, pictures):
    done = run("arms_imports", **parameters)
    assert done.answer().startswith(begins)
    assert sum(len(t.frame) for t in done.tables.get("answer", [])) == claims
    assert sum(map(len, done.alts.values())) == pictures
    assert "nan" not in done.told() and "None" not in done.told()


def test_an_answer_has_at_most_sixty_words_whatever_is_asked():
    chance = random.Random(7)
    codes = store.load("countries").query("kind == 'country'").code.tolist()
    for _ in range(50):
        start = chance.choice([1950, 1990, 2000, 2010, 2022])
        done = run(
            "arms_imports",
            draw=False,
            recipient=chance.choice(["VEN", "VEN", "CUB", "PER", *codes]),
            partner=chance.choice(["RUS", "CHN", "USA", *codes]),
            start=start,
            end=chance.choice([start, start + 10, 2025]),
            include_derived=chance.choice([True, False]),
            release=chance.choice(["", "", "sipri-2016-07-ven"]),
        )
        assert 5 <= done.words() <= 60, done.answer()

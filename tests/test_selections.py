"""Every notebook of the plan with other parameters: what it answers for none, one and many, and in how few words."""

from __future__ import annotations

import random
import re

import pytest
from in_process import NOTEBOOKS, run

from nbfleet import plan
from rvdata import schemas, store

#: Notebook → parameters, how its text begins or what stands in it, number of pictures.
SELECTIONS = {
    "arms_imports": [
        ({}, "**70 % is stated; its own source agrees.** RUSI", 3),
        (
            {"partner": "CHN"},
            "No article prints a share for China alone; 10 (0 to 20) % follows",
            3,
        ),
        (
            {"partner": "CHN", "include_derived": "false"},
            "**11.7 % by the data; no article states it",
            3,
        ),
        (
            {"partner": "USA", "start": 1950, "release": "sipri-2025-10-ven"},
            "The United States delivered 1,995 of the 13,178 million TIV",
            3,
        ),
        ({"partner": "PER"}, "**0.0 % by the data; no article states it.** Peru delivered 0 of", 3),
        ({"sources": ["axios-2018"]}, "**68.7 % by the data; no article states it.**", 3),
        (
            {"recipient": "PER"},
            "to Peru this collection has those from Russia alone: 254 million TIV",
            1,
        ),
        (
            {"recipient": "CUB", "partner": "CHN"},
            "to Cuba this collection has those from Russia",
            0,
        ),
        (
            {"recipient": "SYR"},
            "**Not to be answered from these sources.** No article states Russia",
            0,
        ),
        (
            {"start": 2024},
            "**Nothing to share.** SIPRI's release of 23 October 2025 has no delivery",
            0,
        ),
        ({"start": 2030, "end": 2031}, "**Not to be answered from these sources.**", 0),
    ],
    "diplomacy": [
        (
            {},
            "voted alike in 68.2 % of 2,426 roll calls, 1992 to 2019, less often than the typical pair of states",
            3,
        ),
        ({"country_a": "FRA", "country_b": "DEU"}, "Estimates of France and Germany are not", 1),
        ({"country_a": "FRA", "country_b": "DEU", "third": "ITA"}, "**Not to be answered from", 0),
        ({"country_b": "PER"}, "Votes on single issues are not at hand for this pair.", 2),
        ({"third": "RUS"}, "Venezuela stood 1.72 points from Russia. Venezuela's estimates end", 3),
        ({"start": 2000, "end": 2010}, "only for spans that end with the last year", 3),
        ({"start": 2019, "end": 2019}, "roll calls, 2019, less often than the typical pair", 1),
        (
            {"start": 2018, "end": 2019},
            "roll calls, 2018 to 2019, less often than the typical pair",
            3,
        ),
        ({"start": 2021}, "There are no roll calls of Russia and Venezuela in 2021 to 2025", 1),
        ({"country_b": "CHN"}, "In 2024, the last year in which each has an estimate, China", 3),
        (
            {"country_a": "CUB", "start": 2014},
            "more often than the typical pair of states (76.1 %)",
            3,
        ),
        ({"sources": ["kennan-2024"]}, "No article selected counts states that recognise", 3),
    ],
    "displacement": [
        (
            {},
            "**6.6 million attributed to Syria, 5.9 million attributed to Venezuela and 4.5 million",
            3,
        ),
        ({"origins": ["VEN"]}, "**5.9 million attributed to Venezuela is stated** (RUSI", 2),
        ({"responsible": ["RUS"]}, "**4.5 million attributed to Russia is stated** (RUSI", 3),
        (
            {"origins": ["RUS"]},
            "**Not stated.** The 4.5 million listed under Russia fled Ukraine",
            1,
        ),
        ({"origins": ["CUB", "HTI"]}, "says how many people fled Cuba and Haiti.", 1),
        ({"include_inferred": False}, "**No article prints it.** In three counts the state", 0),
        ({"sources": ["axios-2018"]}, "No article of this selection says how many people fled.", 0),
        ({"release": "unhcr-2025-csv"}, "**6.6 million attributed to Syria, 5.9 million", 3),
    ],
    "investment": [
        ({}, r"**About \$30 billion is stated, and nothing here can check it.**", 2),
        (
            {"investor": "CHN"},
            "sums into Venezuela are stated from Russia alone. That is a gap in",
            0,
        ),
        ({"host": "CUB"}, "into Cuba; sums are stated from Russia into Venezuela alone.", 0),
        ({"sources": ["rusi-2022"]}, "None of the articles chosen states a sum of money from", 0),
        ({"sources": ["kennan-2024"]}, "**No amount is stated.** Kennan Institute", 0),
        ({"spent_from": 2018}, r"**About \$30 billion is stated", 0),
        ({"spent_from": 2006, "spent_to": 2014}, r"**About \$30 billion is stated", 2),
        ({"price_year": 2000}, r"**About \$30 billion is stated", 2),
        ({"spent_from": 1905}, r"**About \$30 billion is stated", 2),
    ],
    "motives": [
        (
            {},
            "**Two reasons are found in all five articles: a lasting position in the region; and an economic stake (oil, debt",
            2,
        ),
        (
            {"kinds": ["limit"]},
            "**No limit is common to the four articles that name any of Russia's; the most frequent, in three each, are too few means, or needed elsewhere; and distance",
            1,
        ),
        ({"kinds": ["other"]}, "**What is argued about Russia fits none of the codes.**", 1),
        ({"actor": "CHN"}, "**No article of this selection argues why China acts.**", 0),
        (
            {"actor": "VEN", "stances": ["predicted"], "sources": ["kennan-2024"]},
            "Of one argument none is asserted; it is predicted.",
            1,
        ),
        (
            {"stances": ["reported"], "actor": "VEN"},
            "name the same reason; four different ones are",
            1,
        ),
        ({"sources": ["axios-2018"]}, r"**Axios \[2018\] alone argues about Russia: ", 2),
        (
            {"sources": ["axios-2018", "geointel-2019"]},
            "**Two reasons are found in both articles: ",
            2,
        ),
        (
            {"start": 2026, "end": 2026},
            "**No article of this selection argues why Russia acts.**",
            0,
        ),
    ],
    "presence": [
        (
            {},
            "**Three articles tell of nine moves around Venezuela: seven by Russia (2018 to 2025), two",
            3,
        ),
        (
            {"country": "CUB", "start": 1990},
            "tell of two moves by Russia around Cuba, 1990 to 2024.**",
            2,
        ),
        ({"start": 2018, "end": 2018}, "Its day is known, but only from a source outside the", 3),
        (
            {"country": "SYR", "powers": ["IRN"]},
            "tell of moves around Cuba and Venezuela alone.",
            0,
        ),
        (
            {"powers": ["IRN"]},
            "have nine moves there, by Russia and the United States, in 2018 to",
            2,
        ),
        (
            {"powers": []},
            "**Three articles tell of nine moves around Venezuela: seven by Russia",
            3,
        ),
        (
            {"powers": ["RUS", "CHN", "USA"], "start": 2000, "end": 2023},
            "2018 to 2022.** No move is told of China or of the United States in 2000 to 2023.",
            3,
        ),
    ],
    "source_audit": [
        (
            {},
            "**Ten of 40 figures (36 printed, four derived here) could be checked against data or documents: seven hold up; three differ.** Five",
            2,
        ),
        (
            {"sources": ["axios-2018"]},
            "**The one figure cannot be checked against data or documents.** One stays",
            2,
        ),
        (
            {"families": ["missile", "reward"]},
            "**Not one of four figures can be checked against data or documents",
            2,
        ),
        (
            {"families": ["aircraft"]},
            "**One of two figures could be checked against data or documents: it holds up.**",
            2,
        ),
        ({"sources": ["kennan-2024", "rferl-2025"], "start": 2017}, "**Four of ", 2),
        (
            {"families": ["other"]},
            "**No figure is stated here.** 98 events and 137 arguments are",
            1,
        ),
        ({"start": 1900, "end": 1930}, "**No figure is stated here.** No event and", 1),
    ],
}
CASES = [(name, *case) for name, cases in SELECTIONS.items() for case in cases]


def bare(text: str) -> str:
    return re.sub("<sup>.*?</sup>", "", text)


@pytest.mark.parametrize(("name", "parameters", "words", "pictures"), CASES)
def test_a_selection_has_its_answer_and_its_charts_and_says_nothing_that_is_none(
    name, parameters, words, pictures
):
    done = run(name, **parameters)
    assert words in bare(done.told())
    assert 4 <= done.words() <= 60, done.answer()
    assert words in bare(done.answer()) or not words.startswith("**")
    assert sum(map(len, done.alts.values())) == pictures
    assert not re.search(r"\b(nan|NaN|NaT|<NA>)\b|\bNone\b(?! of)|\.0 to|backwards", done.told())
    heads = [head for tables in done.tables.values() for table in tables for head in table.frame]
    assert all(str(head).strip() for head in heads), "a column without a heading"


def asked(chance: random.Random, name: str) -> dict[str, object]:
    """Parameters of a notebook that somebody may choose."""
    codes = store.load("countries").query("kind == 'country'").code.tolist()
    articles = store.load("origins").query("kind == 'article'").origin_id.tolist()

    def code(*often: str) -> str:
        return chance.choice([*often, chance.choice(codes)])

    def some(pool, *sizes: int) -> list[str]:
        return chance.sample(sorted(pool), chance.choice(sizes))

    start = chance.choice([1950, 1990, 2000, 2014, 2019, 2022])
    values = {
        "recipient": code("VEN", "VEN", "CUB", "PER"),
        "partner": code("RUS", "CHN", "USA"),
        "country_a": chance.choice(["RUS", "CHN", "CUB"]),
        "country_b": chance.choice(["VEN", "BRA", "UKR"]),
        "third": code("USA", "RUS"),
        "host": code("VEN", "VEN", "VEN"),
        "investor": code("RUS", "RUS"),
        "country": code("VEN", "VEN", "CUB"),
        "powers": some(["RUS", "USA", "CHN", *chance.sample(codes, 2)], 0, 1, 2, 4),
        "actor": code("RUS", "VEN", "USA", "ESP", "CUB"),
        "origins": some(["VEN", "SYR", "UKR", *chance.sample(codes, 4)], 0, 1, 2, 6),
        "responsible": some(["RUS", "SYR", "VEN"], 0, 0, 1, 2),
        "sources": some(articles, 0, 0, 1, 3),
        "families": some(schemas.FAMILIES, 0, 0, 1, 4),
        "kinds": some(set(schemas.CODES.values()), 0, 0, 1, 2),
        "stances": some(schemas.STANCES, 0, 0, 1, 2),
        "include_derived": chance.choice([True, False]),
        "include_inferred": chance.choice([True, True, False]),
        "start": start,
        "end": chance.choice([start, start + 10, 2030]),
        "spent_from": chance.choice([1905, 1990, 2000, 2018]),
        "spent_to": chance.choice([0, 0, 2018]),
        "price_year": chance.choice([0, 1990, 2015]),
    }
    known = {parameter.name for parameter in plan.read_parameters(NOTEBOOKS / f"{name}.ipynb")}
    return {key: value for key, value in values.items() if key in known}


@pytest.mark.parametrize("name", SELECTIONS)
def test_an_answer_has_at_most_sixty_words_whatever_is_asked(name):
    chance = random.Random(7)
    for parameters in [asked(chance, name) for _ in range(3)]:
        done = run(name, draw=False, **parameters)
        assert 4 <= done.words() <= 60, (parameters, done.answer())
        assert not re.search(r"\b(nan|NaT|<NA>)\b", done.told()), parameters

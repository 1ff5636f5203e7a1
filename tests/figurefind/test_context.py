"""What stands around a figure is its own: who says so, where, when and what is counted."""

from __future__ import annotations

import pytest

from figurefind.extract import propose

COUNTRIES = {"Peru": "PER", "Chile": "CHL", "Brazil": "BRA", "Japan": "JPN", "Russia": "RUS"}


@pytest.mark.parametrize(
    "text", ["Peru - 1,200\nChile - 800\nBrazil - 600", "Peru: 1,200\nChile: 800\nBrazil: 600"]
)
def test_a_line_of_a_list_has_its_own_country(text):
    found = propose("They live in these countries today:\n\n" + text, countries=COUNTRIES)
    assert [(p.value, p.countries) for p in found] == [
        (1200, ("PER",)),
        (800, ("CHL",)),
        (600, ("BRA",)),
    ]


@pytest.mark.parametrize(
    ("text", "attribution"),
    [
        ("An estimated 5,000 people fled, the UN said.", "the UN"),
        ("Some estimated 5,000 people fled.", ""),
        ("Iran estimated that 5,000 people fled.", "Iran"),
    ],
)
def test_what_is_estimated_says_nothing(text, attribution):
    assert propose(text)[0].attribution == attribution


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Venezuela bought 24 fighters from Russia in the spring.", "aircraft"),
        ("The army said that 24 fighters were killed in the town.", "persons"),
        ("The army sold the land and 24 farmers were angry.", ""),
    ],
)
def test_fighters_that_are_bought_are_aircraft(text, unit):
    assert propose(text)[0].unit == unit


@pytest.mark.parametrize(
    ("text", "unit", "confidence"),
    [
        ("They borrowed ¥300 million from Japan in the spring.", "JPY", 0.95),
        ("The Japanese ¥5bn loan was paid in the spring.", "JPY", 0.95),
        ("They borrowed ¥300 million from the bank in the spring.", "CNY", 0.75),
        ("They borrowed CNY 300 million from the bank in the spring.", "CNY", 0.95),
    ],
)
def test_the_sign_of_yuan_and_yen_is_yen_near_japan_and_else_unsure(text, unit, confidence):
    [figure] = propose(text)
    assert (figure.unit, figure.confidence) == (unit, confidence)

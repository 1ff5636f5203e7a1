"""What is English is read, whatever names stand in it; numbers printed by other languages' rules are not."""

from __future__ import annotations

import pytest

from figurefind.extract import propose
from figurefind.language import other_than_english


@pytest.mark.parametrize(
    "text",
    [
        "PDVSA's Orinoco belt: 300 billion barrels. Rosneft's stake: 40%. Lukoil's stake: 8%.",
        "U.S. sanctions hit Venezuela's oil. U.S. firms lost $3 billion. U.S. banks left.",
        "Four Mi-26T2s, 16 Mi-17s, 10 Mi-35s.",
        "San José de Barlovento, Los Teques, La Victoria and El Tigre lost power: 3,000 homes.",
        "Rosneft’s stake: 40%. Lukoil’s stake: 8%. Gazprom’s stake: 2%.",
    ],
)
def test_plurals_abbreviations_and_names_make_no_text_foreign(text):
    assert other_than_english(text) == ""


def test_a_short_text_in_another_script_is_foreign():
    assert other_than_english("В 2006 году Россия продала 24 Су-30.") == "text in another script"


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Venezuela: 24 Sukhoi por US$ 1.600 millones.", ["24"]),
        ("Deuda: US$ 1.200 millones.", []),
        ("Der Kredit beträgt 1.500 Millionen Dollar und 24 Flugzeuge.", ["24"]),
        ("3 milliards de dollars", []),
        ("3 milhões de casas", []),
        ("$5.000 millones", []),
        ("They spoke of 5 млрд or $3 billion.", ["$3 billion"]),
    ],
)
def test_a_number_before_another_languages_scale_is_left(text, stated):
    assert [figure.stated for figure in propose(text)] == stated

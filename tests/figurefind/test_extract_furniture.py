"""Page furniture and the figures that look like it: what stands between two paragraphs is told apart by its own words.

`labels/furniture.json` has one case a line: `text`, a line or a block of a page in invented words, and `figures`,
the money, percentages and counts that it states as [kind, value] or [kind, [low, high]]. A text without any is furniture:
nothing of any kind may be proposed there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from figurefind import patterns
from figurefind.extract import propose

CASES = json.loads((Path(__file__).parent / "labels/furniture.json").read_text(encoding="utf-8"))
PROSE = "The war has driven people from their homes, and the agencies say that they cannot meet the needs of all.\n"
COUNTED = ("money", "percent", "count")


@pytest.mark.parametrize(
    ("kind", "group"),
    [(kind, group) for kind, groups in patterns.GROUPS.items() for group in groups],
    ids=lambda value: value if isinstance(value, str) else value["finds"],
)
def test_a_pattern_finds_its_example_and_leaves_its_counter_example(kind, group):
    pattern = re.compile(patterns.joined(group))
    whole = kind in ("others", "tail", "stamp", "ticker", "counted")
    at_start = kind in ("byline", "numbered", "stamped")
    find = pattern.fullmatch if whole else pattern.match if at_start else pattern.search
    lowered = kind not in ("sentence_end", "according", "say", "clause")
    example, other = (group[k].lower() if lowered else group[k] for k in ("finds", "leaves"))
    assert find(example) and not find(other)


def counted(text: str) -> list[list]:
    return [
        [p.kind, pytest.approx(p.value) if p.value is not None else [p.low, p.high]]
        for p in propose(text)
        if p.kind in COUNTED
    ]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: case["text"][:40].encode("ascii", "replace").decode()
)
def test_a_block_between_paragraphs_states_what_a_reader_would_say(case):
    text = PROSE * 3 + case["text"] + "\n" + PROSE * 3
    if case["figures"]:
        assert counted(text) == case["figures"]
    else:
        assert [p.stated for p in propose(text)] == []


def test_the_cases_hold_as_much_of_what_must_be_found_as_of_what_must_not():
    real = sum(len(case["figures"]) for case in CASES)
    furniture = sum(not case["figures"] for case in CASES)
    assert furniture >= 100 and real >= 150


def test_a_reference_mark_is_no_figure_whatever_stands_before_it():
    for before in ("word", "word,", "word.", "word;", "word)", 'word"', "1.8 million", "[3]"):
        for mark in ("[7]", "[222]", "[1045]", "[12, 14]", "[12–14]", "[note 3]", "[12]:34", "¹²"):
            text = f"They came to the town as {before}{mark} and left again, which was seen by all of us."
            stated = [p.stated for p in propose(text)]
            assert stated == (["1.8 million"] if before[0] == "1" else []), text


def test_a_number_in_brackets_that_stands_for_a_word_of_a_quotation_is_a_figure():
    [figure] = propose(
        'The letter spoke of "the [340] people" whom nobody had seen again in the town.'
    )
    assert (figure.stated, figure.value) == ("340", 340)


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("The team won 2-3 on Monday, as all had hoped it would.", []),
        ("The house voted 52-48 to end the aid to the town.", [52, 48]),
        ("It took 4-5 ships to carry the grain of the town.", [(4, 5)]),
        ("They lost 2-3 tanks a day in the fields of the town.", [(2, 3)]),
        ("The price went from 12-3 to nothing, he said, of the town.", []),
    ],
)
def test_scores_are_no_figures_and_votes_and_ranges_are(sentence, numbers):
    assert [
        p.value if p.value is not None else (p.low, p.high)
        for p in propose(sentence)
        if p.kind in COUNTED
    ] == numbers


def test_pence_and_cents_are_parts_of_the_currency_and_lines_of_a_picture_are_none():
    [pence, cents] = propose(
        "The loaf cost about 95p, or 60¢ in the other town, they said, and the film was in 1080p."
    )
    assert (pence.stated, pence.kind, pence.value, pence.unit, pence.qualifier) == (
        "about 95p",
        "money",
        0.95,
        "GBP",
        "approx",
    )
    assert (cents.stated, cents.kind, cents.value, cents.unit) == ("60¢", "money", 0.6, "USD")


def test_the_only_headline_under_a_tab_of_the_page_is_the_articles_own():
    text = (
        "Latest news\nToo little flour for 5 wet counties of the coast\nMay 7, 2015, 5:12 AM\n"
        + PROSE * 3
    )
    assert [p.value for p in propose(text)] == [5]
    text = (
        "Latest news\nRain kills 12 in the hills of the coast\nToo little flour for 5 wet counties of the coast\n"
        + PROSE * 3
    )
    assert [p.value for p in propose(text)] == []
    others = [f"Rain kills {number} in the hills of the coast" for number in (12, 7, 9)]
    text = "Related articles\n-\n" + "\n-\n".join(others) + "\n" + PROSE * 3
    assert [p.value for p in propose(text)] == []


def test_sentences_about_what_pages_sell_are_read_and_offers_to_the_reader_are_not():
    assert [
        p.value
        for p in propose(
            "Its subscribers, 4,500 in all, paid for the advertised 12 ships by Monday."
        )
    ] == [4500, 12]
    assert (
        propose("You can subscribe with us for the price of 12 ships, dear reader, by Monday.")
        == []
    )
    assert propose("Subscribe today and read 12 stories of ships at sea, all in one place.") == []


@pytest.mark.parametrize(
    "unit",
    [
        "1999;",
        "aaaa5 ",
        "5 men ",
        "[1]",
        ",[12",
        "1.1 a\n",
        "1-0 ",
        "2-1,",
        "°|",
        "$1",
        "?1",
        "1........................................",
        "(1999), ",
        "shares\n12\n",
        "accept all ",
        "by june 5 ",
        "1 Aa ",
    ],
)
def test_long_repetitions_are_read(unit):
    """Time in proportion is measured by the benchmark; here nothing may raise."""
    propose(unit * (20_000 // len(unit)))


def test_a_subheading_without_a_verb_of_headlines_is_the_articles_own():
    text = PROSE * 3 + "\nToo little flour for 5 wet counties of the coast\n\n" + PROSE * 3
    assert [p.value for p in propose(text)] == [5]

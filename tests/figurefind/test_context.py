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
        ("The highest daily total of all shows that 5,000 people fled.", ""),
        ("Of 4,160 recorded that day, 12 people fled.", ""),
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


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Growth was: 2015 – 5.2%, 2016 – 6.1%, 2017 – –1.3%.", ["2015", "2016", "2017"]),
        ("In 2014, exports were 5 tonnes; in 2015, 8 tonnes.", ["2014", "2015"]),
        ("It was 2.3 million bpd in 2014 and 700,000 bpd in 2021.", ["2014", "2021"]),
        ("It made 5 tonnes on 3 May 2014, up from 2 tonnes in 2013.", ["2014-05-03", "2013"]),
        ("Resolution 1929 was passed with 12 votes in the council.", [""]),
    ],
)
def test_a_figure_has_the_date_beside_it(text, dates):
    found = propose(text)
    assert [p.date for p in found if p.kind in ("percent", "measure", "count")] == dates


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("He said that Rossiya 1 and Telesur 2 did not.", []),
        ("See chart 4 for what the ministry said.", []),
        ("He ordered two Type 209 submarines.", ["two"]),
    ],
)
def test_channels_and_charts_are_no_figures(text, stated):
    assert [p.stated for p in propose(text)] == stated


def test_the_type_of_a_ship_belongs_to_the_noun():
    assert propose("He ordered two Type 209 submarines.")[0].noun == "type 209 submarines"
    assert propose("They have five Project 22460 boats.")[0].noun == "project 22460 boats"


def test_a_minus_before_a_range_with_a_dash_is_less_sure():
    found = propose("It fell by –$4.5-5 million and by -35–25% and by –2% to 1% in the end.")
    assert [p.confidence for p in found] == [0.75, 0.75, 0.95]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Some 5,000 South Sudanese fled.", ("SSD",)),
        ("Some 5,000 Sudanese fled.", ("SDN",)),
        ("Voice of America said that 5,000 people fled.", ()),
        ("Of the Republic of Peru 5,000 people fled.", ("PER",)),
    ],
)
def test_a_country_is_named_by_its_whole_name(text, codes):
    assert propose(text, countries=COUNTRIES)[0].countries == codes

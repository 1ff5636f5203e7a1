"""Sign, scale, unit, range and noun: whatever is printed with a number belongs to it, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurefind.extract import Proposal, propose
from figurefind.quantities import parse
from figurefind.words import COMPOUND_ORDINALS

REST = " was what the officials of the agency said at the end of a long day."


def found(expression: str) -> list[Proposal]:
    return propose("It is certain that " + expression + REST)


def readings(expression: str) -> list[tuple]:
    """(value or bounds, unit) of each figure."""
    return [
        (p.value if p.value is not None else (p.low, p.high), p.unit) for p in found(expression)
    ]


MINUS = ("-", "–", "−", "minus ", "negative ")
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "US$": "USD", "EUR ": "EUR", "": ""}
SCALES = {"": 1, " million": 10**6, "bn": 10**9, " billion": 10**9, " trillion": 10**12}
SHARES = {"%": "percent", " per cent": "percent", " percentage points": "percentage_points"}
numerals = st.integers(1, 999).map(str) | st.decimals("0.1", 99, places=1).map(str)


@given(
    st.sampled_from(("", *MINUS)),
    st.sampled_from([*CURRENCIES]),
    numerals,
    st.sampled_from([*SCALES]),
)
def test_any_sign_currency_and_scale_reads_back_to_itself(minus, currency, number, scale):
    if not currency and (minus or not scale):
        return
    [figure] = found(f"a sum of {minus}{currency}{number}{scale} in all")
    value = float(number) * SCALES[scale] * (-1 if minus else 1)
    assert (figure.value, figure.unit) == (pytest.approx(value), CURRENCIES[currency])
    if currency != "EUR ":
        assert parse(figure.stated).value == figure.value


@given(st.sampled_from(MINUS[:3]), st.sampled_from(["$", "€", "US$ ", "EUR "]), numerals)
def test_a_minus_behind_the_currency_is_the_numbers(minus, currency, number):
    [figure] = found(f"a balance of {currency}{minus}{number} million")
    assert figure.value == pytest.approx(-float(number) * 10**6)


@given(st.sampled_from(("", *MINUS)), numerals, st.sampled_from([*SHARES]))
def test_any_signed_share_reads_back_to_itself(minus, number, share):
    for text in (f"({minus}{number}{share})", f"a change of {minus}{number}{share} in all"):
        [figure] = found(text)
        assert (figure.value, figure.unit) == (float(number) * (-1 if minus else 1), SHARES[share])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("5–10% of them", [((5, 10), "percent")]),
        ("5 –10% of them", [((5, 10), "percent")]),
        ("plus or minus 3 percent", [(3, "percent")]),
        ("the ships –12 of them new– sank", [(12, "")]),
        ("the war—12 years—went on", [(12, "years")]),
        ("the T-72 and the COVID-19 wards", []),
        ("mid-2012 and pre-1990", [(2012, "year"), (1990, "year")]),
        ("temperatures of –40°C", [(-40, "degrees")]),
        ("a balance of –300,000 people", [(-300_000, "persons")]),
        ("–5 to –3 per cent", [((-5, -3), "percent")]),
        ("-$1.5 to -$2 billion", [((-2e9, -1.5e9), "USD")]),
        ("between –2% and 1%", [((-2, 1), "percent")]),
        ("from spending levels of $3bn to $5bn", [(3e9, "USD"), (5e9, "USD")]),
        ("between levels of 3 and 5 million ships", [(3e6, ""), (5e6, "ships")]),
        ("from a low of 3 to 5 million ships", [(3e6, ""), (5e6, "ships")]),
        ("40- to 50-tonne tanks", [((40, 50), "tonnes")]),
        ("five- to ten-year plans", [((5, 10), "years")]),
        ("rates of 3 to 5 per cent", [((3, 5), "percent")]),
    ],
)
def test_a_dash_is_a_minus_only_where_it_is_one(expression, expected):
    assert readings(expression) == expected


@pytest.mark.parametrize(
    "unit",
    [
        "Mt",
        "kt",
        "mt",
        "bcm",
        "GW",
        "MW",
        "kW",
        "TWh",
        "GWh",
        "mb/d",
        "kb/d",
        "mbpd",
        "MMbbl",
        "Mtoe",
        "tcf",
        "GB",
        "km/h",
        "mcm/d",
        "t/d",
        "m/s",
    ],
)
@pytest.mark.parametrize("form", ["{} {}", "{}{}"])
def test_a_unit_with_a_scale_inside_stays_as_printed(unit, form):
    assert readings(f"output of {form.format('3.4', unit)} in all") == [(3.4, unit)]


@pytest.mark.parametrize(
    ("expression", "value", "unit"),
    [
        ("1.3m b/d", 1.3e6, "barrels"),
        ("1.1 million b/d", 1.1e6, "barrels"),
        ("500,000 bpd", 500_000, "barrels"),
        ("816 000 t", 816_000, "tonnes"),
        ("10 million t", 10e6, "tonnes"),
        ("2.5bn cubic metres", 2.5e9, "m3"),
        ("30,000 sq km", 30_000, "km2"),
        ("5 square miles", 5, "miles2"),
        ("2.5 m people", 2.5e6, "persons"),
        ("50 basis points", 0.5, "percentage_points"),
        ("$.50", 0.5, "USD"),
    ],
)
def test_a_scale_of_its_own_multiplies_and_the_unit_keeps_one_name(expression, value, unit):
    assert readings(expression) == [(value, unit)]


@given(
    st.integers(1950, 2029),
    st.sampled_from(["–", "-"]),
    st.sampled_from([" to ", " and ", ", "]),
    st.sampled_from(["845,000 tonnes", "$1.8 billion", "1,500", "40%", "5 million people"]),
)
def test_no_range_begins_in_the_second_half_of_a_span_of_years(year, dash, link, amount):
    span = f"{year}{dash}{(year + 1) % 100:02}"
    plain = [(p.value, p.unit) for p in found(f"they had {amount}") if p.kind != "year"]
    seen = found(f"in {span}{link}{amount}")
    assert [(p.value, p.unit) for p in seen if p.kind not in ("period", "year")] == plain
    if (year + 1) % 100:
        assert (seen[0].stated, seen[0].low, seen[0].high) == (span, year, year + 1)


@given(
    st.sampled_from(
        ["Alandia: 3.45 million", "- Peru: 2,150", "Ecuador 377,800", "Some 5,000", "1.2m"]
    ),
    st.sampled_from(["\n", "\n\n", "\r\n", " \n"]),
    st.sampled_from(["peru", "soldiers came", "Guyana: 5", "men and women"]),
)
def test_a_noun_ends_with_its_line(line, end, following):
    first = propose(
        f"They live in these countries of the world today:\n\n{line}{end}{following}\n"
    )[0]
    assert first.noun == ""


@pytest.mark.parametrize(
    ("expression", "noun", "unit"),
    [
        ("24 Su-30MK2 fighters", "su-30mk2 fighters", "aircraft"),
        ("92 T-72B1 tanks", "t-72b1 tanks", "vehicles"),
        ("two Tu-160 bombers", "tu-160 bombers", "aircraft"),
        ("5 9K338 missiles", "9k338 missiles", "missiles"),
        ("36 MiG-29s", "mig-29s", ""),
        ("20 fighters", "fighters", "persons"),
    ],
)
def test_a_designation_belongs_to_the_noun_and_the_noun_is_counted(expression, noun, unit):
    [figure] = found(expression)
    assert (figure.noun, figure.unit) == (noun, unit)


@pytest.mark.parametrize(
    "name", ["BBC Radio 4", "Radio 5 Live", "France 24", "Channel 4", "ABC 7", "Sky News 24"]
)
def test_names_of_stations_are_no_figures(name):
    assert (
        propose(f"He told {name} that all was well in the town.", countries={"France": "FRA"}) == []
    )
    assert (
        propose(f"As {name} reported, all was well in the town.", countries={"France": "FRA"}) == []
    )


def test_doubtful_readings_are_less_sure():
    sure = {p.stated: p.confidence for p in found("5,000 men, 2,9 % and –12 ships")}
    assert sure == {"5,000": 0.95, "2.9 %": 0.75, "–12": 0.75}


def test_a_number_with_a_scale_of_its_own_takes_no_measure_from_the_next():
    assert readings("a population of 146m and 17.1m sq km of land") == [
        (146e6, ""),
        (17.1e6, "km2"),
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("5 MM USD", [(5e6, "USD")]),
        ("$5MM", [(5e6, "USD")]),
        ("US$ 5 MM", [(5e6, "USD")]),
        ("USD 5 MM", [(5e6, "USD")]),
        ("$3 mm", [(3e6, "USD")]),
        ("a gap of 5 mm", [(5, "mm")]),
        ("a load of 5 MM", [(5, "MM")]),
        ("The 737-800 crashed", []),
        ("the 777-300ER", []),
        ("-0.5 to +0.7 percent", [((-0.5, 0.7), "percent")]),
        ("+2.5 to +3.5 percent", [((2.5, 3.5), "percent")]),
        ("between minus 5 and plus 3 percent", [((-5, 3), "percent")]),
        ("1 billion 600 million dollars", [(1.6e9, "USD")]),
        ("$1 billion 600 million", [(1.6e9, "USD")]),
        ("2 million 300 thousand people", [(2.3e6, "persons")]),
        ("3×10^9 dollars", []),
        ("10^6 barrels", []),
        ("3 × 10⁹ dollars", []),
        ("2.500 soldiers", [(2500, "persons")]),
        ("2.500 Russian tanks", [(2500, "vehicles")]),
        ("0.125 people", [(0.125, "persons")]),
        ("2.125 tonnes", [(2.125, "tonnes")]),
    ],
)
def test_one_amount_is_one_figure_with_its_scale(expression, expected):
    assert readings(expression) == expected


def test_points_between_thousands_are_less_sure():
    [figure] = found("It took 1.500 soldiers")
    assert (figure.stated, figure.confidence) == ("1,500", 0.75)


@pytest.mark.parametrize(
    ("expression", "value", "unit"),
    [
        ("30 MMtpa", 30, "MMtpa"),
        ("200 MMscfd", 200, "MMscfd"),
        ("3 mbo/d", 3, "mbo/d"),
        ("3 Moz", 3, "Moz"),
        ("31 koz", 31, "koz"),
        ("5 MWe", 5, "MWe"),
        ("3 million tpa", 3e6, "tpa"),
        ("5 Tm3", 5, "Tm3"),
        ("5 Mm3", 5, "Mm3"),
        ("10 Nm³", 10, "Nm3"),
        ("15 g/t", 15, "g/t"),
        ("916,445 sq. km", 916_445, "km2"),
        ("10 million sq. ft.", 10e6, "feet2"),
        ("300 mln. barrels", 300e6, "barrels"),
        ("12 thsd tonnes", 12_000, "tonnes"),
        ("4-bn euros", 4e9, "EUR"),
        ("10 pc", 10, "percent"),
        ("10pc", 10, "percent"),
        ("30 p.c.", 30, "percent"),
        ("5 percents", 5, "percent"),
        ("10 PC games", 10, ""),
        ("the '90s", 1990, "year"),
        ("the 90s", 1990, "year"),
        ("5G networks and 3 tonnes", 3, "tonnes"),
    ],
)
def test_a_unit_as_the_trade_prints_it_is_a_unit(expression, value, unit):
    assert readings(expression) == [(value, unit)]


def test_both_decades_of_a_span_are_read_and_a_century_is_no_rank():
    assert readings("in the 1970s-80s") == [(1970, "year"), (1980, "year")]
    assert readings("the 21st century and the nineteenth century") == []


@pytest.mark.parametrize(
    ("expression", "stated", "qualifier"),
    [
        ("≥ 20 ships", "≥ 20", "at_least"),
        ("≈ 3,000 ships", "≈ 3,000", "approx"),
        ("max. 30 ships", "max. 30", "at_most"),
        ("a minimum of 100 ships", "a minimum of 100", "at_least"),
        ("a maximum of $4m", "a maximum of $4m", "at_most"),
        ("±5%", "±5%", "approx"),
        ("plus or minus 3 percent", "plus or minus 3 percent", "approx"),
        ("50-odd ships", "50-odd", "approx"),
    ],
)
def test_a_hedge_of_signs_or_of_several_words_is_taken(expression, stated, qualifier):
    [figure] = found(expression)
    assert (figure.stated, figure.qualifier) == (stated, qualifier)


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("a sum of US dollars 3 billion in all", [(3e9, "USD")]),
        ("loans of Bs.F 300 million in all", [(3e8, "VEF")]),
        ("an order of 92x T-72B1V tanks there", [(92.0, "vehicles")]),
        ("an order of 24 × Su-30MK2 fighters there", [(24.0, "aircraft")]),
        ("an order of 24 x Su-30 fighters there", [(24.0, "aircraft")]),
        ("an increase of 3x since then", [(3.0, "factor")]),
        ("a man in his 90s who then", []),
        ("a woman in her early 60s who then", []),
        ("a loan of SDR 3 billion that then", [(3e9, "XDR")]),
        ("the end of the trillion dollar mark that then", [(1e12, "USD")]),
        ("the trillion dollar question that then", []),
        ("exports above 2016 levels that then", [(2016.0, "year")]),
        ("a plan for phase 3 in ten districts that then", [(10.0, "")]),
        ("a plan for two of every five that then", [(40.0, "percent")]),
        ("a rate of five (5) per cent that then", [(5.0, "percent")]),
        ("the Second Committee that then", []),
        ("a cut of 3.5 GtCO2 and 400 MtCO2e that then", [(3.5, "GtCO2"), (400.0, "MtCO2")]),
        ("a sum of Rs 5.94 lakh crore in all", [(5.94e12, "INR")]),
        ("a sum of Rs 5,93,537.64 crore in all", [(5935376400000.0, "INR")]),
        ("a rise from three in spring to seven last year that", [(3.0, ""), (7.0, "")]),
        ("a mother of seven who then", [(7.0, "")]),
        ("a --one --one that then", [(1.0, "")]),
        ("a nineteenth ship that then", [(19.0, "rank")]),
        ("a war in the 1990s that then", [(1990.0, "year")]),
    ],
)
def test_a_currency_in_letters_a_factor_and_an_age(expression, read):
    assert readings(expression) == read


@given(st.sampled_from(("$", "€", "")), numerals, st.sampled_from(("bn", " million")), numerals)
def test_a_share_lends_its_unit_to_no_amount_with_a_scale(currency, number, scale, share):
    amount, percent = found(f"sold {currency}{number}{scale} or {share}% of it")
    assert (amount.value, amount.unit) == (
        pytest.approx(float(number) * SCALES[scale]),
        CURRENCIES[currency],
    )
    assert (percent.value, percent.unit) == (float(share), "percent")


@given(numerals, st.sampled_from([*SHARES]))
def test_brackets_around_the_number_alone_change_no_share(number, share):
    if share != " percentage points":
        [figure] = found(f"a rate of ({number}){share} in all")
        assert (figure.value, figure.unit, figure.stated) == (
            float(number),
            "percent",
            f"{number}{share}",
        )


@given(st.integers(1950, 2089), st.sampled_from("-–/"), st.sampled_from(("", "FY")))
def test_a_span_of_years_is_one_period_however_it_is_printed(year, mark, fiscal):
    span = f"{fiscal}{year}{mark}{(year + 1) % 100:02}"
    if year % 100 < 99:
        assert readings(f"a rise in {span} of it") == [((year, year + 1), "years")]
        assert readings(f"a rise by resolution {year}/{(year + 1) % 100:02} of it") == []


@given(st.sampled_from([*COMPOUND_ORDINALS]))
def test_a_rank_in_two_words_is_one_figure(rank):
    place = COMPOUND_ORDINALS[rank]
    assert readings(f"the {rank.replace(' ', '-')} session of it") == [(place, "rank")]
    assert readings(f"the {rank.replace(' ', '-')} century of it") == []

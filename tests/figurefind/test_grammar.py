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


@pytest.mark.parametrize("form", ["{} {}", "{}{}"])
def test_a_unit_with_a_scale_inside_stays_as_printed(form):
    units = "Mt kt mt bcm GW MW kW TWh GWh mb/d kb/d mbpd MMbbl Mtoe tcf GB km/h mcm/d t/d m/s"
    for unit in units.split():
        assert readings(f"output of {form.format('3.4', unit)} in all") == [(3.4, unit)]


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


def test_points_between_thousands_are_less_sure():
    [figure] = found("It took 1.500 soldiers")
    assert (figure.stated, figure.confidence) == ("1,500", 0.75)


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

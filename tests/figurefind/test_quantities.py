"""Printed expressions and what they commit to: literal tables in two case files, and properties of the grammar."""

import csv
import math
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from figurefind import quantities, words
from figurefind.quantities import QUALIFIERS, Quantity, QuantityError, parse, to_print

HERE = Path(__file__).parent
with open(HERE / "quantities_good.csv", encoding="utf-8", newline="") as file:
    GOOD = list(csv.DictReader(file))
REFUSED = [
    line.split(" | ")
    for line in (HERE / "quantities_refused.txt").read_text("utf-8").splitlines()[1:]
]
steady = settings(derandomize=True, deadline=None)


def parsed(text: str) -> Quantity | None:
    try:
        return parse(text)
    except QuantityError:
        return None


# --- The tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOOD, ids=lambda case: f"{case['hedge']} {case['stated']}".strip())
def test_a_good_expression_gives_its_row_of_the_table(case):
    value, low, high, step = (
        float(case[name]) if case[name] else None for name in ("value", "low", "high", "step")
    )
    expected = Quantity(value, low, high, case["unit"] or None, case["qualifier"], step)
    assert parse(case["stated"], case["hedge"] or None) == expected


@pytest.mark.parametrize("case", GOOD, ids=lambda case: f"{case['hedge']} {case['stated']}".strip())
def test_a_good_expression_survives_printing(case):
    quantity = parse(case["stated"], case["hedge"])
    assert parse(to_print(quantity)) == quantity


@pytest.mark.parametrize(("expression", "reason"), REFUSED)
def test_a_bad_expression_is_refused_with_its_reason(expression, reason):
    expression = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), expression).replace(
        "\\n", "\n"
    )
    with pytest.raises(QuantityError) as refusal:
        parse(expression)
    message = str(refusal.value)
    assert message.startswith(f"{expression!r}: ") and reason in message.removeprefix(
        f"{expression!r}: "
    )
    assert "\n" not in message and ";" in message


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("30 billion U.S. dollars", "$30 billion"),
        ("US$ 1.50 bn", "$1.50 billion"),
        ("4.1m", "4.1 million"),
        ("1 234 567", "1,234,567"),
        ("twenty-four", "24"),
        ("half a million", "500,000"),
        ("6.0 million", "6.0 million"),
        ("1.50 hundred", "0.150 thousand"),
        ("100 or more", "at least 100"),
        ("some 300", "about 300"),
        ("fewer than 5", "up to 5"),
        ("10–12%", "10% to 12%"),
        ("$35–40 billion", "$35 billion to $40 billion"),
        ("one third", "a third"),
        ("2 in 3", "two thirds"),
        ("25 in 100", "a quarter"),
        ("3 in 4", "three quarters"),
        ("5 in 10", "half"),
        ("5 in 100", "1 in 20"),
        ("doubled", "2-fold"),
        ("the second-largest", "No. 2"),
        ("No. 1000", "No. 1000"),
        ("zero percent", "0%"),
        ("$1,234,567 million", "$1,234.567 billion"),
        ("thousands of euros", "thousands of euros"),
        ("dozens of euros", "dozens of euros"),
        ("scores of pounds", "scores of pounds"),
        ("multimillion-euro", "millions of euros"),
        ("a few hundred dollars", "several hundred dollars"),
        ("tens of billions of dollars", "tens of billions of dollars"),
        ("the majority", "most"),
        ("−5%", "-5%"),
        ("-$5m", "-$5 million"),
        ("3 pp", "3 percentage points"),
        ("RUB 5bn", "RUB 5 billion"),
        ("decades-long", "decades"),
    ],
)
def test_the_normal_form_is_plain(printed, normal):
    assert to_print(parse(printed)) == normal


# --- Spelling and typography ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("more than\nthirteen million", "more than thirteen million"),
        ("\ufeff$30\u00a0billion", "$30 billion"),
        ("1\u2009234\u202f567", "1,234,567"),
        ("5 mil\u00adlion", "5 million"),
        ("5\u200b,000", "5,000"),
        ("twenty-\nfour", "twenty-four"),
        ("10\u201112%", "10-12%"),
        ("10\u201412%", "10–12%"),
        ("10 – 12 %", "10–12%"),
        ("\uff15\uff10\uff05", "50%"),
        ("NEARLY  HALF", "nearly half"),
        ("u.s.$5", "$5"),
        ("\uffe15m", "£5m"),
        ("\uffe55m", "¥5m"),
    ],
)
def test_typography_does_not_change_the_reading(odd, plain):
    assert parse(odd) == parse(plain)


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 10**6,
        "1," * 10**6,
        "1 " * 10**6,
        "-" * 10**6,
        "\u200b" * 10**6,
        "about " * 10**6,
        "five hundred and " * 10**6,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_text_far_too_long_is_refused_without_being_read(hostile):
    with pytest.raises(QuantityError, match="longer than 200") as refusal:
        parse(hostile)
    assert len(str(refusal.value)) < 400


def test_the_length_limit_is_two_hundred_characters():
    assert parse("5" + " " * 199).value == 5
    with pytest.raises(QuantityError, match="longer than 200"):
        parse("5" + " " * 200)


@pytest.mark.parametrize(
    "mark", "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\ufeff", ids=ascii
)
def test_invisible_characters_do_not_count(mark):
    assert parse(f"{mark}6{mark}.6 mil{mark}lion").value == 6_600_000


@pytest.mark.parametrize("odd", [None, 5, 5.0, math.nan, b"5", ["5"]])
def test_what_is_no_text_is_refused(odd):
    with pytest.raises(QuantityError, match="not a text"):
        parse(odd)


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(n: int, joint: str = " ", bridge: str = " and ") -> str:
    """The number in English words, written independently of the module."""
    small, tens = SMALL.split(), TENS.split()
    if n < 20:
        return small[n]
    if n < 100:
        return tens[n // 10] + (joint + small[n % 10] if n % 10 else "")
    for size, word in zip(
        (10**12, 10**9, 10**6, 1000, 100),
        ["trillion", "billion", "million", "thousand", "hundred"],
        strict=False,
    ):
        if n >= size:
            rest = n % size
            link = bridge if rest < 100 else " "
            return f"{spelled(n // size, joint, bridge)} {word}" + (
                link + spelled(rest, joint, bridge) if rest else ""
            )


def test_every_spelled_number_below_ten_thousand_is_read_as_itself():
    assert [n for n in range(10_000) if parse(spelled(n)).value != n] == []


@steady
@given(st.integers(0, 10**15 - 1), st.sampled_from(" -"), st.sampled_from((" and ", " ")))
def test_large_spelled_numbers_are_read_as_themselves(n, joint, bridge):
    words = spelled(n, joint, bridge)
    if len(words) <= quantities.MAX_CHARS:
        assert parse(words).value == n


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "expressions"),
    [
        ("USD", "$5|us$5|US $5|U.S.$5|U.S. $5|USD 5|5 USD|5 dollars|5 dollar"),
        ("USD", "5 US dollars|5 US dollar|5 U.S. dollars|5 U.S. dollar"),
        ("EUR", "€5|EUR 5|5 EUR|5€|5 euros|5 euro"),
        ("GBP", "£5|GBP 5|5 GBP|5 pounds|5 pound|5 pounds sterling"),
        ("RUB", "₽5|RUB 5|5 ₽|5 rubles|5 ruble|5 roubles|5 rouble"),
        ("CNY", "¥5|CNY 5|RMB 5|5 yuan"),
        ("VES", "VES 5|5 bolivars|5 bolivar|5 bolivares"),
        ("percent", "5%|5 %|5 percent|5 per cent|5-percent"),
        ("percentage_points", "5 percentage points|5 percentage point|5pp|5 pp"),
        ("factor", "5-fold|five-fold|fivefold|5fold"),
    ],
)
def test_each_word_for_a_unit_is_that_unit(unit, expressions):
    assert {parse(text) for text in expressions.split("|")} == {Quantity(5, 5, 5, unit, "exact", 1)}


@pytest.mark.parametrize(
    ("value", "expressions"),
    [
        (5000, "5k|5K|5 k|5 thousand|five thousand|5000"),
        (5e6, "5m|5mn|5mln|5 million|five million|5,000,000"),
        (5e9, "5b|5bn|5bln|5 billion|five billion"),
        (5e12, "5tn|5trln|5 trillion|five trillion"),
        (500, "5 hundred|five hundred|500"),
        (60, "5 dozen|five dozen"),
        (2.5, "two and a half|2.5"),
        (2, "doubled|double|doubles|doubling|twice|two-fold"),
        (3, "tripled|triple|triples|tripling|trebled|thrice|threefold"),
        (4, "quadrupled|quadruple|quadruples|quadrupling|four-fold"),
        (0.5, "halved|halve|halves|halving|0.5-fold"),
        (
            1,
            "largest|the largest|biggest|highest|longest|oldest|first|the first|1st|number one|No. 1|no.1",
        ),
        (25, "a quarter|one quarter|a fourth|one in four|1 out of 4"),
        (50, "half|a half|one half|two quarters|1 in 2"),
    ],
)
def test_each_word_for_a_number_is_that_number(value, expressions):
    assert {parse(text).value for text in expressions.split("|")} == {value}


def test_a_majority_is_more_than_half():
    sizes = "a majority|the majority|a vast majority|the vast majority|the great majority|a large majority"
    more = "most|a clear majority|the overwhelming majority|an overwhelming majority"
    majorities = {parse(text) for text in f"{sizes}|{more}".split("|")}
    assert majorities == {Quantity(None, 50, None, "percent", "vague", None)}


def test_every_ordinal_below_a_hundred_is_its_rank_in_words_and_in_figures():
    irregular = {"one": "first", "two": "second", "three": "third", "five": "fifth"}
    irregular |= {"eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
    for n in range(1, 100):
        *tens, last = spelled(n).split()
        ending = irregular.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")
        short = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        figures = f"{n}th" if n in (11, 12, 13) else f"{n}{short}"
        words = " ".join((*tens, ending)), "-".join((*tens, ending))
        for text in (*words, figures, f"the {figures}-largest"):
            assert parse(text) == Quantity(n, n, n, "rank", "exact", 1), text


UNITS = "|of dollars|euros|pounds|rubles|yuan|bolivars|percent|pp|fold"


def test_every_vague_phrase_survives_printing_in_every_unit():
    for phrase in quantities.VAGUE:
        for unit in UNITS.split("|"):
            quantity = parsed(f"{phrase} {unit}")
            assert quantity is None or parse(to_print(quantity)) == quantity


# --- Hedges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "hedges"),
    [
        (
            "approx",
            None,
            None,
            "about|around|roughly|some|estimated|an estimated|approximately|circa|c.|ca.|~|or so",
        ),
        (
            "nearly",
            None,
            40,
            "nearly|almost|close to|just under|just below|just less than|a little under|"
            "slightly below|just short of",
        ),
        (
            "over",
            40,
            None,
            "over|more than|above|exceeding|well over|well above|just over|"
            "slightly more than|a little over|upwards of|in excess of",
        ),
        ("at_least", 40, None, "at least|or more|no fewer than|no less than|not less than"),
        (
            "at_most",
            None,
            40,
            "up to|at most|as many as|less than|fewer than|under|or less|as much as|below|"
            "well under|well below|no more than|not more than|or fewer",
        ),
    ],
)
def test_each_hedge_sets_its_bounds_adjacent_or_apart(qualifier, low, high, hedges):
    expected = Quantity(40, low, high, "percent", qualifier, 1)
    for hedge in hedges.split("|"):
        assert parse("40%", hedge) == expected, hedge
        assert parse(f"40% {hedge}" if hedge.startswith("or ") else f"{hedge} 40%") == expected


@pytest.mark.parametrize(
    "hedge", ["according to", "perhaps", "overly", " ", "about 5", 5, math.nan]
)
def test_an_unknown_hedge_is_refused(hedge):
    with pytest.raises(QuantityError, match="unknown hedge"):
        parse("5", hedge)


def test_a_hedge_apart_does_not_double_a_printed_one():
    with pytest.raises(QuantityError, match="more than one hedge"):
        parse("over 5", "estimated")


# --- Quantity ---------------------------------------------------------------------------------------------------------

STATED = {
    "exact": "value low high",
    "approx": "value",
    "nearly": "value high",
    "over": "value low",
    "at_least": "value low",
    "at_most": "value high",
    "range": "low high",
    "vague": "low",
}


@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_a_quantity_states_exactly_the_bounds_of_its_qualifier(qualifier):
    names = ("value", "low", "high")
    accepted = []
    for stated in ([name for i, name in enumerate(names) if mask >> i & 1] for mask in range(8)):
        try:
            Quantity(*(1.0 if name in stated else None for name in names), None, qualifier, None)
            accepted.append(" ".join(stated))
        except QuantityError:
            pass
    assert accepted == [STATED[qualifier]]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ((1, 1, 1, None, "certain", 1), "unknown qualifier"),
        ((None, 2, 1, None, "range", 1), "order"),
        ((1, 2, 3, None, "exact", 1), "order"),
        ((1, 2, None, None, "over", 1), "order"),
        ((2, None, 1, None, "at_most", 1), "order"),
        ((math.nan, None, None, None, "approx", 1), "not finite"),
        ((None, 1, math.inf, None, "range", 1), "not finite"),
        ((1, 1, 1, None, "exact", math.nan), "not finite"),
        ((1, 1, 1, None, "exact", 0), "step"),
        ((1, 1, 1, None, "exact", -1), "step"),
        ((None, 3, None, None, "vague", 1), "step"),
        ((None, None, None, None, "exact", None), "fit"),
    ],
)
def test_an_inconsistent_quantity_is_refused(fields, reason):
    with pytest.raises(QuantityError, match=reason):
        Quantity(*fields)


@pytest.mark.parametrize(
    "unprintable",
    [
        Quantity(5, 5, 5, "persons", "exact", 1),
        Quantity(5, 5, 5, None, "exact", 2),
        Quantity(5, 5, 5, None, "exact", 10),
        Quantity(None, 7, None, None, "vague", None),
        Quantity(None, 3, None, "rank", "vague", None),
        Quantity(1, 1, 1, "rank", "exact", None),
        Quantity(5, None, None, "rank", "approx", 1),
        Quantity(1e300, 1e300, 1e300, None, "exact", 1),
        Quantity(5, 5, 5, None, "exact", 1e-300),
        Quantity(-5, -5, -5, None, "exact", 1),
        Quantity(200, 200, 200, "percent", "exact", None),
    ],
)
def test_what_no_expression_says_is_not_printed(unprintable):
    with pytest.raises(QuantityError, match="no expression says exactly this"):
        to_print(unprintable)


# --- Properties -------------------------------------------------------------------------------------------------------


def either(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split("|"))


BEFORE = "|about |an estimated |nearly |over |at least |up to |just under |c. "
grouped = st.integers(0, 10**9).flatmap(
    lambda n: st.sampled_from((str(n), f"{n:,}", f"{n:,}".replace(",", "\u2009")))
)
numerals = st.builds(
    "{}{}".format, grouped, st.just("") | st.from_regex(r"\.[0-9]{1,6}", fullmatch=True)
)
parts = "half a|a|two and a half|a quarter of a|half|a third|2 in 7|one in 40|three quarters"
numbers = numerals | st.integers(0, 10**8).map(spelled) | either(parts)
amounts = st.builds(
    "{}{}{}{}{}".format,
    either("|||-"),
    either("|$|US$ |€|£|₽|¥|VES "),
    numbers,
    either("|k|m|bn| bn| hundred| thousand| million| billion| trillion| dozen"),
    either("|%| percent| percentage points|pp|-fold| dollars| euros| roubles"),
)
ranges = st.builds(
    "{}{}{}".format, amounts, st.sampled_from((" to ", "–", "-")), amounts
) | st.builds("{} {} and {}".format, st.sampled_from(("between", "from")), amounts, amounts)
vague = st.builds(
    "{}{}".format,
    st.sampled_from(sorted(quantities.VAGUE)),
    either("| of dollars|-euro| pounds| percent| percentage points| yuan| bolivars| fold"),
)
ranks = st.builds(
    "{}{}".format, st.sampled_from(("No. ", "number ")), st.integers(1, 10**6)
) | st.sampled_from(("first", "twelfth", "ninety-ninth", "the third-largest", "oldest"))
expressions = st.builds(
    "{}{}{}".format,
    either(BEFORE),
    amounts | ranges | vague | ranks | st.sampled_from(sorted(words.FACTORS)),
    st.sampled_from(("", "", "", " or more", "+", " or less")),
)
soup = st.lists(
    st.sampled_from(sorted(quantities._VOCABULARY) + list("0123456789.,%$€£+~–-") + ["100", "2.5"]),
    max_size=8,
).flatmap(lambda words: st.sampled_from((" ".join(words), "".join(words), "-".join(words))))


@steady
@example("half a dozen to a million dollars")
@example("123456789012345 hundred")
@example("12345678901234.0 hundred")
@example("0.000000000000000001 trillion")
@example("five dozen percent")
@example("two and a half dozen percent")
@example("998 in 999")
@example("123456789012345 thousand percent")
@example("No. 1000")
@example("-1000000bn to $1")
@given(expressions | soup)
def test_whatever_is_read_survives_printing(text):
    quantity = parsed(text)
    if quantity is not None:
        assert parse(to_print(quantity)) == quantity


@steady
@given(expressions | soup)
def test_bounds_are_in_order_and_follow_the_qualifier(text):
    quantity = parsed(text)
    if quantity is not None:
        stated = {name: getattr(quantity, name) for name in ("value", "low", "high")}
        stated = {name: number for name, number in stated.items() if number is not None}
        assert " ".join(stated) == STATED[quantity.qualifier]
        assert list(stated.values()) == sorted(
            stated[name] for name in ("low", "value", "high") if name in stated
        )


@steady
@given(
    st.text() | st.text(alphabet="0123456789 .,-–+$€%~") | soup,
    st.none() | st.text() | either(BEFORE),
)
def test_arbitrary_text_is_read_or_refused_but_never_breaks(text, hedge):
    try:
        parse(text, hedge)
    except QuantityError as refusal:
        assert "\n" not in str(refusal)


@steady
@given(
    st.integers(1, 999),
    st.integers(0, 9),
    st.sampled_from(("$", "US$", "US$ ", "USD ")),
    st.sampled_from(("bn", " bn", " billion", "-billion", "b")),
)
def test_spacing_and_scale_do_not_change_the_value(whole, tenth, sign, scale):
    # The step may differ: "$1,500 million" and "$1.50 billion" print different last digits.
    number = f"{whole}.{tenth}"
    expected = float(f"{whole}{tenth}00000000")
    texts = (
        sign + number + scale,
        f"{number} billion dollars",
        f"{number}bn US dollars",
        f"${whole}{tenth}00 million",
        f"${number}00 billion",
    )
    assert {parse(text).value for text in texts} == {expected}


@steady
@given(
    st.integers(1, 10**6), st.integers(0, 3), st.sampled_from(("thousand", "million", "billion"))
)
def test_the_step_is_a_power_of_ten_that_divides_the_value(number, places, scale):
    quantity = parse(f"{number / 10**places:.{places}f} {scale}")
    size = {"thousand": 10**3, "million": 10**6, "billion": 10**9}[scale]
    assert quantity.value == number * size / 10**places
    assert quantity.step == size / 10**places if places else quantity.value % quantity.step == 0
    assert math.log10(quantity.step) == round(math.log10(quantity.step))


@steady
@given(numerals, numerals, st.sampled_from((" million", " billion", "bn", "%", " per cent")))
def test_a_range_reads_as_its_two_ends_where_both_are_printed_alike(first, second, tail):
    ends = parsed(first + tail), parsed(second + tail)
    quantity = parsed(f"{first}{tail} to {second}{tail}")
    if None in ends or ends[0].value > ends[1].value:
        assert quantity is None
    else:
        expected = (ends[0].value, ends[1].value, ends[0].unit, min(ends[0].step, ends[1].step))
        assert (quantity.low, quantity.high, quantity.unit, quantity.step) == expected


def test_spelled_numbers_agree_with_an_independent_reader():
    text_to_num = pytest.importorskip("text_to_num")
    for n in (7, 12, 20, 24, 99, 100, 105, 321, 2008, 45_000, 652_401, 10**6, 2_300_000, 10**9):
        assert parse(spelled(n)).value == n == text_to_num.text2num(spelled(n), "en")

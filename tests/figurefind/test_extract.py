"""Finding figures: numbers and what they commit to, what counts nothing, what is not the article."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurefind import extract, quantities, words
from figurefind.errors import FindError
from figurefind.extract import Proposal, propose

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks/figurefind"
REST = " was what the officials of the agency said at the end of a long day."


def found(expression: str) -> list[tuple]:
    """(stated, kind, value or bounds, unit, qualifier) of each figure of a sentence."""
    return [
        (p.stated, p.kind, p.value if p.value is not None else (p.low, p.high), p.unit, p.qualifier)
        for p in propose("It is certain that " + expression + REST)
    ]


def numbers(text: str) -> list:
    return [
        p.value if p.value is not None else (p.low, p.high)
        for p in propose(text)
        if p.kind in ("money", "percent", "count")
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$35–40 billion", [("$35–40 billion", "money", (35e9, 40e9), "USD", "range")]),
        ("between $35-40bn", [("between $35-40bn", "money", (35e9, 40e9), "USD", "range")]),
        (
            "$900m (£479m)",
            [("$900m", "money", 9e8, "USD", "exact"), ("£479m", "money", 4.79e8, "GBP", "exact")],
        ),
        ("US$ 41.2 M", [("US$ 41.2 M", "money", 41.2e6, "USD", "exact")]),
        ("EUR 34\nbn", [("EUR 34 bn", "money", 34e9, "EUR", "exact")]),
        ("20 billion roubles", [("20 billion roubles", "money", 20e9, "RUB", "exact")]),
        ("300 Syrian pounds", [("300 Syrian pounds", "money", 300, "SYP", "exact")]),
        ("C$5m", [("C$5m", "money", 5e6, "CAD", "exact")]),
        ("50 cents", [("50 cents", "money", 0.5, "USD", "exact")]),
        ("40 million U.S. dollars", [("40 million U.S. dollars", "money", 40e6, "USD", "exact")]),
        ("$60 a barrel", [("$60", "money", 60, "USD", "exact")]),
        ("110m tons", [("110m", "measure", 110e6, "tonnes", "exact")]),
        ("2.5 million barrels per day", [("2.5 million", "measure", 2.5e6, "barrels", "exact")]),
        ("a 500-pound bomb", [("500", "count", 500, "", "exact")]),
        (
            "more than\nthirteen million people",
            [("more than thirteen million", "count", 13e6, "persons", "over")],
        ),
        ("200,000 or more Syrians", [("200,000 or more", "count", 200_000, "persons", "at_least")]),
        ("2 million or less", [("2 million or less", "count", 2e6, "", "at_most")]),
        ("5,000+ soldiers", [("5,000+", "count", 5000, "persons", "at_least")]),
        (
            "close to three thousand refugees",
            [("close to three thousand", "count", 3000, "persons", "nearly")],
        ),
        ("as many as 42 civilians", [("as many as 42", "count", 42, "persons", "at_most")]),
        ("~4,000 entries", [("~4,000", "count", 4000, "", "approx")]),
        (
            "sixty-six thousand two hundred and five",
            [("sixty-six thousand two hundred and five", "count", 66_205, "", "exact")],
        ),
        ("almost a dozen", [("almost a dozen", "count", 12, "", "nearly")]),
        ("half a million women", [("half a million", "count", 500_000, "persons", "exact")]),
        ("two and a half million", [("two and a half million", "count", 2.5e6, "", "exact")]),
        ("2½ million", [("2.5 million", "count", 2.5e6, "", "exact")]),
        ("10 000 people", [("10 000", "count", 10_000, "persons", "exact")]),
        ("1.234.567 people", [("1,234,567", "count", 1_234_567, "persons", "exact")]),
        ("2,9 %", [("2.9 %", "percent", 2.9, "percent", "exact")]),
        ("12,000 to 15,000", [("12,000 to 15,000", "count", (12_000, 15_000), "", "range")]),
        ("around 700 to 1000 shops", [("around 700 to 1000", "count", (700, 1000), "", "range")]),
        (
            "between 1,099 and 1,745",
            [("between 1,099 and 1,745", "count", (1099, 1745), "", "range")],
        ),
        ("1.5 million–2 million", [("1.5 million–2 million", "count", (1.5e6, 2e6), "", "range")]),
        ("500,000 to 1 million", [("500,000 to 1 million", "count", (500_000, 1e6), "", "range")]),
        ("70 to 80 percent", [("70 to 80 percent", "percent", (70, 80), "percent", "range")]),
        (
            "from 27% to 21%",
            [
                ("27%", "percent", 27, "percent", "exact"),
                ("21%", "percent", 21, "percent", "exact"),
            ],
        ),
        (
            "from $5 billion to $7 billion",
            [
                ("$5 billion", "money", 5e9, "USD", "exact"),
                ("$7 billion", "money", 7e9, "USD", "exact"),
            ],
        ),
        (
            "from 34 to 42%",
            [
                ("34 percent", "percent", 34, "percent", "exact"),
                ("42%", "percent", 42, "percent", "exact"),
            ],
        ),
        (
            "6.6, 5.9 and 4.5 million people",
            [
                ("6.6 million", "count", 6.6e6, "", "exact"),
                ("5.9 million", "count", 5.9e6, "", "exact"),
                ("4.5 million", "count", 4.5e6, "persons", "exact"),
            ],
        ),
        (
            "$5 and $7 billion",
            [
                ("$5 billion", "money", 5e9, "USD", "exact"),
                ("$7 billion", "money", 7e9, "USD", "exact"),
            ],
        ),
        ("two or three dozen", [("two or three dozen", "count", (24, 36), "", "range")]),
        (
            "1,500 and 2.5 million",
            [("1,500", "count", 1500, "", "exact"), ("2.5 million", "count", 2.5e6, "", "exact")],
        ),
        ("more than a third", [("more than a third", "percent", 100 / 3, "percent", "over")]),
        ("half of them", [("half", "percent", 50, "percent", "exact")]),
        ("three-quarters", [("three-quarters", "percent", 75, "percent", "exact")]),
        ("one in five children", [("one in five", "percent", 20, "percent", "exact")]),
        ("nine out of ten homes", [("nine out of ten", "percent", 90, "percent", "exact")]),
        (
            "22 out of the 210 sites",
            [("22", "count", 22, "", "exact"), ("210", "count", 210, "", "exact")],
        ),
        (
            "0.5 percentage points",
            [("0.5 percentage points", "percent", 0.5, "percentage_points", "exact")],
        ),
        ("dozens of men", [("dozens", "count", (24, None), "persons", "vague")]),
        (
            "tens of billions of dollars",
            [("tens of billions of dollars", "money", (20e9, None), "USD", "vague")],
        ),
        (
            "hundreds of thousands",
            [("hundreds of thousands", "count", (200_000, None), "", "vague")],
        ),
        ("several hundred men", [("several hundred", "count", (300, None), "persons", "vague")]),
        (
            "multimillion-dollar deals",
            [("multimillion-dollar", "money", (2e6, None), "USD", "vague")],
        ),
        ("2,000 a day", [("2,000", "count", 2000, "", "exact")]),
        ("in 1,500 cases", [("1,500", "count", 1500, "", "exact")]),
        (
            "by 2015, 2,000 soldiers",
            [("2015", "year", 2015, "year", "exact"), ("2,000", "count", 2000, "persons", "exact")],
        ),
        (
            "1500 of the 1600 shops",
            [("1500", "count", 1500, "", "exact"), ("1600", "count", 1600, "", "exact")],
        ),
        ("from 2000 to 2021", [("from 2000 to 2021", "period", (2000, 2021), "years", "range")]),
        ("in 2019-23", [("2019-23", "period", (2019, 2023), "years", "range")]),
        ("the early 1990s", [("1990s", "year", 1990, "year", "approx")]),
        ("three and a half years", [("three and a half years", "period", 3.5, "years", "exact")]),
        ("over two days", [("two days", "period", 2, "days", "exact")]),
        ("his 18-year-old son", [("18-year", "period", 18, "years", "exact")]),
        ("the second-largest share", [("second", "ordinal", 2, "rank", "exact")]),
        ("5 km of road", [("5", "measure", 5, "km", "exact")]),
    ],
)
def test_an_expression_commits_to_what_it_prints(expression, expected):
    assert [
        (
            stated,
            kind,
            pytest.approx(value) if not isinstance(value, tuple) else value,
            unit,
            qualifier,
        )
        for stated, kind, value, unit, qualifier in expected
    ] == found(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "T-72 tanks",
        "F-35 jets",
        "COVID-19",
        "the S-300",
        "an Il-76",
        "MH17",
        "the G20",
        "Resolution 2254",
        "a Boeing 737",
        "Article 5",
        "Highway 60",
        "Nord Stream 2",
        "AK-203 rifles",
        "the Five Eyes",
        "World War Two",
        "the 3RP",
        "#5",
        "a 4x4",
        "24/7",
        "at 10:30 am",
        "at 5 p.m.",
        "at 14:00",
        "at 9.30am",
        "at 0600 GMT",
        "Tel. 020 7946 0000",
        "+1 (202) 555-0123",
        "202-555-0123",
        "see page 12",
        "see Figure 3",
        "Table 2",
        "[12]",
        "(3)",
        "note 5",
        "ISBN 978-1-62313-0039",
        "one of the men",
        "no one",
        "the number one ally",
        "one another",
        "zero tolerance",
        "24 hours a day",
        "a year",
        "version 1.2.3",
        "192.168.0.1",
        "1-2-3",
        "A1234-1",
        "1,1,1,1",
        "in May",
        "World War II",
        "both",
        "several men",
        "http://a.org/2019/05/12",
        "info@2019.org",
        "36°12′N",
    ],
)
def test_what_counts_nothing_is_not_proposed(expression):
    assert found(expression) == []


def test_dates_are_read_in_every_order():
    text = (
        "On 5 May 2018, May 6, 2018, 07.05.2018, 2018-05-08, July 22nd and in June 2019 it was so, and 12-15 June 2020 were "
        "the days of it."
    )
    assert [(p.kind, p.date) for p in propose(text)] == [
        ("date", "2018-05-05"),
        ("date", "2018-05-06"),
        ("date", "2018-05-07"),
        ("date", "2018-05-08"),
        ("date", "-07-22"),
        ("date", "2019-06"),
        ("date", "2020-06-15"),
    ]


PROSE = "The war has driven people from their homes, and the agencies say that they cannot meet the needs of all.\n"


@pytest.mark.parametrize(
    "line",
    [
        "Published 3 days ago",
        "4 min read",
        "Listen (4 mins)",
        "345 Comments",
        "1.2k shares",
        "Views: 5,432",
        "Facebook 37 Twitter 112",
        "By Jane Doe | March 3, 2022",
        "March 3, 2022",
        "14.02.2025 10:05",
        "Updated: March 3, 2022 at 5:14 p.m.",
        "Page 3 of 12",
        "1 2 3 4 Next »",
        "[1/5] People wait. AGENCY/A. Person",
        "Photo: Agency via Getty Images, 2019",
        "© 2024 A Publisher",
        "Copyright 1999-2024",
        "Related: 5 killed in bus crash",
        "READ MORE: 1,000 troops lost",
        "Also read | 96 helicopters bought",
        "Save up to 70% on a subscription",
        "$1.99/week",
        "We use cookies from 850 partners",
        "Registered charity number 210183",
        "Download report (PDF, 2.3 MB)",
        "A Journal 7 (2016) 60–70",
        "Vol. 12, pp. 45-67",
        "1 Some Street, London",
        "Brent $84.32 +0.5%",
        "Slideshow (2 images)",
        "1. ",
        "(3)",
        "12",
        "7 things to know today",
        "Chrome 98",
        "Rating: 4.5/5 (23 votes)",
        "(billions of euros)",
        "Date 2022-05-16 | The Agency",
        "A version of this story was first published by the agency.",
        "Please support independent journalism. For as little as three euros a month you can.",
    ],
)
def test_page_furniture_is_not_proposed(line):
    assert propose(PROSE * 3 + line + "\n" + PROSE * 3) == []


@pytest.mark.parametrize(
    "line",
    [
        "10.8 million people",
        "€4.3 billion",
        "38% of children",
        "8,983 civilians killed",
        "1 in 5 children",
        "Total 45,000",
        "Killed: 1,234",
        "USD 450 million required",
        "sixty-six thousand incidents",
        "pledged over $50 billion",
        "Council adopts the text by 13 votes to none",
        "Arrivals rose from the previous year to 1,644 people",
        "The coast route (885 386)",
    ],
)
def test_key_figures_on_lines_of_their_own_are_proposed(line):
    assert len(propose(PROSE * 3 + line + "\n" + PROSE * 3)) == 1


def test_other_stories_under_their_heading_are_not_proposed_and_the_article_goes_on_after_them():
    text = (
        PROSE * 4
        + "READ NEXT\nOil climbs 2% in a day\nAt least 17 dead in blast\n"
        + PROSE
        + "In all, 5,000 people came, "
        "they said, to the place." + "\nTrending now\nBitcoin below $65,000\n40 drones shot down\n"
    )
    assert numbers(text) == [5000]


def test_notes_and_comments_behind_the_article_are_not_proposed():
    text = (
        PROSE * 4
        + "References\nThe report said in 2019 that 400 people were counted in all the camps.\n"
    )
    assert propose(text) == []


def test_runs_of_headlines_before_and_behind_the_article_are_not_proposed():
    others = "Poland buys 1,000 tanks from abroad\nBitcoin rises above $65,000 in trade\nSeven dead in bus crash near city\n"
    assert numbers(others + "Aid cut by 40%\nA subtitle\n" + PROSE * 3 + others) == [40]


def test_a_wrapped_sentence_is_prose_whatever_its_lines_begin_with():
    text = "More than 2 million refugees went home in\nthe first months, killed\nby 300 soldiers in the city after\nthe troops left."
    assert numbers(text) == [2e6, 300]


def test_numbered_lists_count_nothing_but_what_stands_in_them_does():
    assert numbers(
        "1. The first point says that 20 people came to us.\n2. The second says that none did at all."
    ) == [20]
    assert numbers(
        "The largest donors of all (in billion euros) were these:\n1 United States 114.2\n2 Germany 17.3\n"
    ) == [114.2, 17.3]


def test_context_names_the_noun_the_source_the_countries_and_the_date():
    [people] = [
        p
        for p in propose(
            "According to the UN refugee agency, 5.5 million Syrian refugees lived in Turkey in May 2018.",
            countries={"Turkey": "TUR"},
        )
        if p.kind == "count"
    ]
    assert (people.noun, people.attribution, people.countries, people.date, people.unit) == (
        "syrian refugees",
        "the UN refugee agency",
        ("SYR", "TUR"),
        "2018-05",
        "persons",
    )
    [money] = list(
        propose("The Ministry of Finance said that $5 billion was missing, and no more.")
    )
    assert money.attribution == "The Ministry of Finance"


def test_offsets_count_invisible_and_special_characters_of_the_text():
    text = "In\u00a0all, 10\u200b,000\u00a0people and \u00adabout\u00a0$\u202f3\u00a0\u200bbillion \U0001d7d9 came; 5\u2011to 7 left in the end."
    assert [
        (text[p.start : p.end], p.value) for p in propose(text) if p.kind in ("count", "money")
    ][:2] == [("10\u200b,000", 10_000), ("about\u00a0$\u202f3\u00a0\u200bbillion", 3e9)]


def test_a_byte_order_mark_and_line_ends_keep_their_places():
    text = "\ufeffIt began.\r\nMore than\r\n5 million people came to the city then.\r\n"
    [figure] = propose(text)
    assert (text[figure.start : figure.end], figure.value, figure.qualifier) == (
        "More than\r\n5 million",
        5e6,
        "over",
    )


def test_a_long_text_is_read_in_pieces_with_the_same_offsets(monkeypatch):
    text = (
        PROSE + "Some 1,200 people fled in the night and $3 billion was spent on them.\n\n"
    ) * 30
    whole = propose(text)
    monkeypatch.setattr(extract, "PIECE_CHARS", 1000)
    assert [(p.start, p.end, p.value) for p in propose(text)] == [
        (p.start, p.end, p.value) for p in whole
    ]


# ---- against the labels and against `quantities`


def test_the_five_articles_are_read_as_they_are_labelled(texts):
    done = subprocess.run(
        [
            sys.executable,
            BENCHMARKS / "quality.py",
            texts,
            Path(__file__).parent / "labels",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("figurefind"))
    assert float(line.split("F1 ")[1].split()[0]) >= 0.95, done.stdout


def test_labels_hold_no_text_of_the_articles(root):
    for path in (root / "tests/figurefind/labels").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            assert not {"text", "core_text", "wide_text", "note"} & set(label), path.name


hedges = st.sampled_from(["", *(hedge for hedge in words.HEDGES_BEFORE)])
amounts = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "$", "€", "EUR ", "US$"]),
    st.one_of(
        st.integers(1, 999).map(str),
        st.integers(1000, 10**7).map("{:,}".format),
        st.decimals("0.1", 999, places=1).map(str),
    ),
    st.sampled_from(["", " million", " billion", "bn", " thousand", "\nmillion", "-million"]),
    st.sampled_from(["", "%", " percent", " dollars", " percentage points"]),
)
expressions = st.one_of(
    st.builds("{} {}{}".format, hedges, amounts, st.sampled_from(["", " or more", "+", " or so"])),
    st.builds("{}{}{}".format, amounts, st.sampled_from(["–", "-", " to "]), amounts),
    st.builds("between {} and {}".format, amounts, amounts),
)


@given(expressions)
def test_what_quantities_reads_in_a_proposal_is_what_it_proposes(expression):
    for p in propose("The report says that " + expression.strip() + REST):
        if p.kind not in ("money", "percent", "count"):
            continue
        try:
            read = quantities.parse(p.stated)
        except quantities.QuantityError:
            continue
        assert (read.value, read.low, read.high, read.qualifier) == (
            p.value,
            p.low,
            p.high,
            p.qualifier,
        )
        assert (read.unit or "") == (p.unit if p.kind != "count" else "")


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "1",
            "7,",
            "1.5",
            "10 000",
            "1-",
            "–",
            "$",
            "€",
            "%",
            " million",
            " people ",
            "\n",
            "\n\n",
            " and ",
            " to ",
            "between ",
            "one ",
            "half ",
            "a ",
            "of ",
            "hundred ",
            "May ",
            "2019 ",
            "+1 ",
            "(",
            ")",
            "[",
            "]",
            "\u200b",
            "\u00a0",
            "\u0130",
            "ﬁ",
            "\U0001f600",
            "\ud800",
            "Read more",
            "References",
            "© 2020",
            "tens of thousands ",
            "\r\n",
            "=cmd|' /C calc'!A0",
            "more than ",
            "or more",
            "½",
            "٣",
            "²",
            "1st ",
            "third ",
        ]
    ),
)
soup = st.lists(pieces, max_size=40).map("".join)


@given(soup)
def test_any_text_is_read_with_exact_offsets_in_order(text):
    end = 0
    try:
        found = propose(text)
    except FindError as error:
        assert "is not English" in str(error)
        return
    for p in found:
        assert end <= p.start < p.end <= len(text)
        end = p.end
        assert (
            p.kind in extract.KINDS
            and p.qualifier in quantities.QUALIFIERS
            and 0 <= p.confidence <= 1
        )
        assert (
            any(c.isalnum() for c in text[p.start : p.end])
            and p.stated
            and p.stated == " ".join(p.stated.split())
        )
        if p.kind == "date":
            assert p.date and p.value is p.low is p.high is None
        else:
            assert p.value is not None or p.low is not None
            assert p.low is None or p.high is None or p.low <= p.high


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                ",",
                ".",
                "-",
                " ",
                "–",
                "a ",
                "million ",
                "and ",
                "(",
                "$",
                "%",
                "one ",
                "hundred ",
                "1 May ",
            ]
        ),
        min_size=1,
        max_size=4,
    ).map("".join)
)
def test_repeated_input_costs_time_in_proportion(unit):
    """No pattern may blow up: a hundred thousand characters of any pattern are read within the test's patience."""
    propose(unit * (100_000 // len(unit) // 10))


def test_a_proposal_has_the_ten_keys_first():
    assert extract.COLUMNS[:10] == (
        "file",
        "start",
        "end",
        "stated",
        "kind",
        "value",
        "low",
        "high",
        "unit",
        "qualifier",
    )
    assert Proposal._fields == extract.COLUMNS

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
CASES = json.loads((Path(__file__).parent / "labels/expressions.json").read_text("utf-8"))
REST = " was what the officials of the agency said at the end of a long day."


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"][:40]))
def test_an_expression_commits_to_what_it_prints(case):
    """`labels/expressions.json`: stated, kind, value or bounds, unit and qualifier of each figure, or value and unit alone."""
    found = [
        [p.stated, p.kind, p.value if p.value is not None else [p.low, p.high], p.unit, p.qualifier]
        for p in propose("It is certain that " + case["text"] + REST)
    ]
    expected = case.get("figures", case.get("reads"))
    assert [f if "figures" in case else f[2:4] for f in found] == [
        [pytest.approx(cell) if isinstance(cell, int | float) else cell for cell in figure]
        for figure in expected
    ]


def numbers(text: str) -> list:
    return [
        p.value if p.value is not None else (p.low, p.high)
        for p in propose(text)
        if p.kind in ("money", "percent", "count")
    ]


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


def parts(text: str) -> list[str]:
    return text.split("¦")


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
        assert (read.value, read.low, read.high, read.qualifier) == (*p[5:8], p.qualifier)
        assert (read.unit or "") == (p.unit if p.kind != "count" else "")


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        parts("1¦7,¦1.5¦10 000¦1-¦–¦$¦€¦%¦ million¦ people ¦\n¦\n\n¦ and ¦ to ¦between ¦one ")
    ),
    st.sampled_from(
        parts("half ¦a ¦of ¦hundred ¦May ¦2019 ¦+1 ¦(¦)¦[¦]¦\u200b¦\u00a0¦\u0130¦ﬁ¦\U0001f600")
    ),
    st.sampled_from(
        parts("\ud800¦Read more¦References¦© 2020¦tens of thousands ¦\r\n¦more than ¦or more")
    ),
    st.sampled_from(parts("½¦٣¦²¦1st ¦third ¦=cmd|' /C calc'!A0")),
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
        st.sampled_from(parts("1¦,¦.¦-¦ ¦–¦a ¦million ¦and ¦(¦$¦%¦one ¦hundred ¦1 May ")),
        min_size=1,
        max_size=4,
    ).map("".join)
)
def test_repeated_input_costs_time_in_proportion(unit):
    """No pattern may blow up: a hundred thousand characters of any pattern are read within the test's patience."""
    propose(unit * (100_000 // len(unit) // 10))


def test_a_proposal_has_the_ten_keys_first():
    first = "file start end stated kind value low high unit qualifier"
    assert " ".join(extract.COLUMNS[:10]) == first
    assert Proposal._fields == extract.COLUMNS

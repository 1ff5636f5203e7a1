"""Finding a figure again in a text that has changed, and not finding what is another figure."""

import hashlib
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from figurefind import locators
from figurefind.errors import FindError
from figurefind.locators import Locator, Place

TEXT = (
    "In spring the harbour of Port Lorne received 40 fishing boats, and the harbour master said that at least "
    "12 of them came from the northern islands. A pair of boats sank in May. By autumn the islands had sent 40 "
    "more, which brought 7,500 tonnes of herring worth $3 million to the market.\n\nNobody counted the 40 crews."
)


def made(text: str, span: str, nth: int = 1) -> Locator:
    start = -1
    for _ in range(nth):
        start = text.index(span, start + 1)
    return locators.make(text, start, start + len(span))


def found(text: str, place: Place) -> str:
    return text[place.start : place.end]


# ---- what a locator records


def test_a_locator_holds_offsets_and_the_hash_of_exactly_the_span():
    locator = made(TEXT, "at least 12")
    assert (locator.start, locator.end) == (96, 107)
    assert locator.span_sha256 == hashlib.sha256(b"at least 12").hexdigest()


def test_context_is_eight_words_each_side_in_runs_of_three():
    locator = made("z z one two three four five six seven eight 40 a b c d e f g h i j", "40")
    runs = [
        "one two three",
        "two three four",
        "three four five",
        "four five six",
        "five six seven",
        "six seven eight",
    ]
    after = ["a b c", "b c d", "c d e", "d e f", "e f g", "f g h"]
    assert locator.context_hashes == tuple(
        [f"b:{hashlib.sha256(run.encode()).hexdigest()[:8]}" for run in runs]
        + [f"a:{hashlib.sha256(run.encode()).hexdigest()[:8]}" for run in after]
    )


@pytest.mark.parametrize(
    ("text", "span", "sides"),
    [
        ("40 boats came home late", "40", "aa"),
        ("home came 40", "40", "b"),
        ("only 40 boats", "40", "ba"),
        ("we saw 40.", "40", "b"),
        ("(40)", "40", ""),
        ("40", "40", ""),
    ],
)
def test_at_the_ends_of_a_text_there_is_less_context(text, span, sides):
    assert "".join(h[0] for h in made(text, span).context_hashes) == sides


def test_a_side_with_one_or_two_words_is_hashed_as_one_run():
    assert made("only 40 boats came", "40").context_hashes == (
        f"b:{hashlib.sha256(b'only').hexdigest()[:8]}",
        f"a:{hashlib.sha256(b'boats came').hexdigest()[:8]}",
    )


@pytest.mark.parametrize(
    "other",
    [
        "THE CAFÉ’S GUESTS ATE 40 FRESH HERRINGS",
        "the cafe\u0301's guests ate 40 fresh herrings",
        "the  café's\r\nguests\u00a0ate 40 — fresh, herrings!",
        "\ufeffthe ca\u00adfé's guests \u200bate 40 fresh her\u200brings",
    ],
)
def test_case_accent_form_punctuation_and_invisible_characters_do_not_change_the_context(other):
    assert (
        made(other, "40").context_hashes
        == made("the café's guests ate 40 fresh herrings", "40").context_hashes
    )


def test_a_long_stretch_without_words_does_not_hide_the_words_before_it():
    text = "one two three four five six seven eight nine" + " -" * 400 + " 40"
    assert (
        made(text, "40").context_hashes
        == made("two three four five six seven eight nine 40", "40").context_hashes
    )


def test_a_long_word_is_not_cut_where_the_reading_stops():
    words = " ".join(letter * 40 for letter in "abcdefgh")
    assert (
        made("y" * 90 + f" {words} 40", "40").context_hashes
        == made(f"{words} 40", "40").context_hashes
    )


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 3), (0, 6), (6, 7)])
def test_offsets_that_enclose_nothing_are_refused(start, end):
    with pytest.raises(FindError) as caught:
        locators.make("Fünf!", start, end)
    assert str(caught.value) == (
        f"offsets {start}:{end} are no stretch of the text, which has 5 characters; "
        "count code points from 0, the end exclusive"
    )


@pytest.mark.parametrize(
    ("cell", "item"),
    [
        ("b:0a1b2c3d;", ""),
        ("c:0a1b2c3d", "c:0a1b2c3d"),
        ("b:0A1B2C3D", "b:0A1B2C3D"),
        ("b:0a1b2c3", "b:0a1b2c3"),
        ("b:0a1b2c3d, a:0a1b2c3d", "b:0a1b2c3d, a:0a1b2c3d"),
        ("b:0a1b2c3d\n", "b:0a1b2c3d\n"),
    ],
)
def test_a_cell_that_holds_anything_else_is_refused(cell, item):
    with pytest.raises(ValueError, match=r"hexadecimal") as caught:
        locators.parse_hashes(cell)
    assert str(caught.value) == (
        f"{item!r} is not b: or a: and eight hexadecimal digits; write the cell as "
        "locators.format_hashes does"
    )


# ---- found again, or not

EIGHT = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
SHIPS = "🚢🚢🚢 The fleet of 𝟟 old ships and 40 new boats left in the rain."
QUAY = "On the quay they counted 5 boats from the north in one day and night."
OLD = "The old report from the north counted 40 boats in the whole of that year."
OTHER = "Quite different: some people say that 40 is a number that nobody likes. "
MAY = (
    "They came back after the long winter. In May, 40 boats sailed out of the bay again and again."
)
JUNE = "They came back after the long winter. In early June, 40 nets were mended on the sand by old people."
ROW = "and the harbour took in 40 boats from the islands that year; "
UNTIDY = "The  harbour\n of  Port  Lorne\n\nreceived 40  fishing boats."
OF = "{} of {} context hashes agree"
OTHERS = "its characters stand at {}, but among other words than were recorded"
LESS, LEAST = EIGHT.replace("a8", "z8"), EIGHT.replace("a7", "z7")
ALIKE = "places that fit about alike: {} context hashes agree at the first"


@pytest.mark.parametrize(
    ("text", "span", "changed", "status", "at", "reason"),
    [
        # changes elsewhere, and near by
        (TEXT, "7,500", "It was a good year. " + TEXT, "moved", 251, OF.format(12, 12)),
        (TEXT, "7,500", TEXT.replace(" A pair of boats sank in May.", ""), "moved", 202, OF.format(12, 12)),
        (TEXT, "at least 12", TEXT.replace("Nobody", "The mayor"), "holds", 96, ""),
        (TEXT, "40", TEXT.replace("fishing", "sailing"), "holds", 45, OF.format(11, 12)),
        (TEXT, "at least 12", TEXT.replace("the harbour master", "our harbourmaster"), "moved", 95, OF.format(7, 12)),
        (TEXT, "crews", TEXT[TEXT.index("By autumn") :], "moved", 133, "310:315 is outside the text, which has 139 characters; 6 of 6 context hashes agree"),
        (SHIPS, "40", "🐟" + SHIPS, "moved", 34, OF.format(9, 9)),
        # three of twelve hashes are enough and two are not; with little context a quarter
        (EIGHT, "40", "z zz zz zz zz b5 b6 b7 b8 40 a1 a2 a3 zz zz", "moved", 26, OF.format(3, 12)),
        (EIGHT, "40", "zz zz zz zz b5 b6 b7 b8 40 a1 a2 a3 zz zz", "holds", 24, OF.format(3, 12)),
        (EIGHT, "40", "z zz zz zz zz zz b6 b7 b8 40 a1 a2 a3 zz zz", "lost", None, OTHERS.format("26:28")),
        ("b1 b2 b3 b4 40 a1 a2 a3 a4", "40", "z z z z 40 a1 a2 a3 z", "moved", 8, OF.format(1, 4)),
        ("b1 b2 b3 b4 40 a1 a2 a3 a4 a5", "40", "z z z z 40 a1 a2 a3 z", "lost", None, OTHERS.format("8:10")),
        # words put in between may push the context two words away
        (EIGHT, "40", EIGHT.replace("40", "x x 40"), "moved", 28, OF.format(12, 12)),
        (EIGHT, "40", EIGHT.replace("b7 b8 40", "40"), "moved", 18, OF.format(10, 12)),
        (EIGHT, "40", EIGHT.replace("b4", "x b4").replace("a4", "a4 y"), "moved", 26, OF.format(8, 12)),
        (EIGHT, "40", EIGHT.replace("40", "x x x 40"), "moved", 30, OF.format(6, 12)),
        (EIGHT, "40", EIGHT.replace("40", "x 40 y"), "lost", None, OTHERS.format("26:28")),
        # one side is enough if it is whole, else the run next to the figure or some run on both
        (EIGHT, "40", "New words. 40 a1 a2 a3 a4 a5 a6 a7 a8", "moved", 11, OF.format(6, 12)),
        (EIGHT, "40", "Here b1 b2 b3 b4 b5 b6 b7 b8 40. The end.", "moved", 29, OF.format(6, 12)),
        (EIGHT, "40", EIGHT.replace("b8 40 a1", "zz 40 zz"), "holds", 24, OF.format(10, 12)),
        (EIGHT, "40", "b1 b2 b3 b4 b5 b6 b7 zz 40 zz zz zz zz", "lost", None, OTHERS.format("24:26")),
        (EIGHT, "40", "zz zz zz zz zz zz zz zz 40 zz a2 a3 a4 a5 a6 a7 a8", "lost", None, OTHERS.format("24:26")),
        ("all of them came home, 40", "40", "And so: all of them came home, 40", "moved", 31, OF.format(3, 3)),
        # the best of several must be two of twelve hashes ahead, with little context one
        (EIGHT, "40", f"x. {LEAST}. {EIGHT}", "moved", 79, OF.format(12, 12)),
        (EIGHT, "40", f"x. {LESS}. {EIGHT}", "ambiguous", None, ALIKE.format("79:81, 27:29; 12 of 12")),
        (EIGHT, "40", f"{LESS}. {LESS}", "holds", 24, OF.format(11, 12)),
        ("First: " + ROW + "then rain. ", "40", "Well, start. " + ROW * 3 + "End.", "ambiguous", None, ALIKE.format("37:39, 98:100, 159:161; 7 of 10")),
        ("only 40 boats", "40", "The mayor saw 40 boats. Here only 40 boats", "moved", 34, OF.format(2, 2)),
        # what is another figure is not found
        (TEXT, "$3 million", TEXT.replace(" worth $3 million", ""), "lost", None, "its characters are nowhere in the text"),
        (TEXT, "40", TEXT.replace("40 fishing", "45 fishing"), "lost", None, OTHERS.format("208:210, 307:309")),
        (OLD, "40", OTHER, "lost", None, OTHERS.format("38:40")),
        (OLD, "40", OTHER + OLD, "moved", 110, OF.format(10, 10)),
        (MAY, "40", JUNE, "lost", None, OTHERS.format("53:55")),
        (QUAY, "5", QUAY.replace("5", "5,000"), "lost", None, "its characters are only a part of a longer word or number"),
        (TEXT, "ish", TEXT, "holds", 49, ""),
        (TEXT, "ish", " " + TEXT, "lost", None, "its characters are nowhere in the text"),
        (TEXT, "40", "", "lost", None, "45:47 is outside the text, which has 0 characters; its characters are nowhere in the text"),
        # white space
        (UNTIDY, "40", " ".join(UNTIDY.split()), "moved", 35, OF.format(5, 5)),
        ("It was worth $3\nmillion to us.", "$3\nmillion", "It was worth $3 million to us.", "lost", None, "its characters are nowhere in the text"),
        ("It was worth $3\nmillion to us.", "$3\nmillion", "So: It was worth $3\nmillion to us.", "moved", 17, OF.format(2, 2)),
    ],
)  # fmt: skip
def test_a_figure_is_found_by_its_characters_among_enough_of_its_words(
    text, span, changed, status, at, reason
):
    end = None if at is None else at + len(span)
    assert locators.check(changed, made(text, span)) == Place(status, at, end, reason)


def test_three_identical_figures_keep_their_places_when_line_ends_change():
    places = [locators.check(TEXT.replace("\n", "\r\n"), made(TEXT, "40", n)) for n in (1, 2, 3)]
    assert [place.start for place in places] == [45, 208, 309]


@pytest.mark.parametrize(
    "changed", ["$3\u00a0million was paid to the crews", "the crews got a mere $3\u00a0million"]
)
def test_a_figure_at_an_end_of_the_text_is_found_with_another_blank_inside(changed):
    place = locators.check(changed, made(changed.replace("\u00a0", " "), "$3 million"))
    assert (place.status, found(changed, place)) == ("moved", "$3\u00a0million")


def test_the_first_and_the_last_word_of_a_text_are_found_inside_another():
    for text in ("40 boats", "boats: 40", "only 40 boats", "we saw 40 boats go"):
        changed = f"Long ago and far away {text} into the sunset they say"
        assert found(changed, locators.check(changed, made(text, "40"))) == "40"


def test_three_identical_figures_are_told_apart_by_their_words():
    changed = "It was a good year. " + TEXT
    starts = [locators.check(changed, made(TEXT, "40", nth)).start for nth in (1, 2, 3)]
    assert starts == [65, 228, 327]
    assert [changed[start : start + 2] for start in starts] == ["40", "40", "40"]


def test_the_same_number_two_words_away_is_another():
    text = (
        "In the bay lay one frigate, one tanker, one tug, one barge, one ferry, and nobody aboard."
    )
    for nth in (1, 2, 3, 4, 5):
        locator = made(text, "one", nth)
        assert locators.check("So: " + text, locator).start == locator.start + 4
    assert locators.check(text.replace("one tug", "a tug"), made(text, "one", 3)).status == "lost"


@pytest.mark.parametrize("changed", ["5,000", "5.5", "0.5", "1,5", "15", "50", "x5", "5x", "5_"])
def test_a_number_that_has_grown_is_not_the_same_number(changed):
    assert locators.check(QUAY.replace("5", changed), made(QUAY, "5")).status == "lost"


@pytest.mark.parametrize("changed", ["5, 6", "5.", "(5)", "5-", "$5", "5%", "5;6"])
def test_punctuation_beside_a_number_does_not_make_it_another(changed):
    place = locators.check(QUAY.replace("5", changed), made(QUAY, "5"))
    assert found(QUAY.replace("5", changed), place) == "5"


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 5)])
def test_a_locator_without_characters_is_lost(start, end):
    locator = Locator(start, end, hashlib.sha256(b"").hexdigest(), ())
    assert locators.check(TEXT, locator) == Place(
        "lost", None, None, f"a span from {start} to {end} has no characters"
    )


def test_negative_offsets_are_outside_the_text():
    right = made(TEXT, "40", 3)
    wrong = Locator(
        right.start - len(TEXT), right.end - len(TEXT), right.span_sha256, right.context_hashes
    )
    assert locators.check(TEXT, wrong).reason == (
        "-9:-7 is outside the text, which has 316 characters; 7 of 7 context hashes agree"
    )


# ---- without recorded context


def test_without_context_the_old_offsets_hold_with_a_remark():
    locator = Locator(45, 47, hashlib.sha256(b"40").hexdigest(), ())
    assert locators.check(TEXT, locator) == Place(
        "holds", 45, 47, "no context is recorded, only the characters have been compared"
    )


def test_without_context_a_short_span_elsewhere_is_ambiguous():
    locator = Locator(0, 2, hashlib.sha256(b"12").hexdigest(), ())
    assert locators.check(TEXT, locator) == Place(
        "ambiguous",
        None,
        None,
        "no context is recorded to tell by; its characters stand at 105:107",
    )


def test_without_context_a_span_of_three_words_is_found_if_it_stands_once():
    locator = Locator(0, 11, hashlib.sha256(b"at least 12").hexdigest(), ())
    assert locators.check(TEXT, locator) == Place("moved", 96, 107, "0 of 0 context hashes agree")
    assert locators.check(TEXT + TEXT, locator).status == "ambiguous"
    assert (
        locators.check(TEXT, Locator(0, 8, hashlib.sha256(b"at least").hexdigest(), ())).status
        == "ambiguous"
    )


@pytest.mark.parametrize(
    ("clause", "status"),
    [
        (
            "the harbour master said that at least 12 of them came from the northern islands",
            "moved",
        ),
        ("master said that at least 12", "moved"),
        ("said that at least 12", "lost"),
    ],
)
def test_six_words_are_found_among_entirely_other_words_and_five_are_not(clause, status):
    assert len(made(TEXT, clause).context_hashes) == 12
    changed = f"Later papers only repeat what everybody agrees on: {clause}; or so people like to think these days."
    assert locators.check(changed, made(TEXT, clause)).status == status


def test_at_most_five_places_are_listed():
    locator = Locator(1, 3, hashlib.sha256(b"40").hexdigest(), ())
    assert locators.check("40 " * 7, locator).reason == (
        "no context is recorded to tell by; its characters stand at 0:2, 3:5, 6:8, 9:11, 12:14 and 2 more"
    )
    assert locators.check("40 " * 5, locator).reason.endswith("stand at 0:2, 3:5, 6:8, 9:11, 12:14")


# ---- white space and invisible characters


@pytest.mark.parametrize("blank", ["\u00a0", "\n", "\r\n", "  ", "\u2009", " \u200b", "\u200b "])
def test_a_figure_is_found_with_another_blank_inside(blank):
    changed = TEXT.replace("$3 million", f"$3{blank}million")
    place = locators.check(changed, made(TEXT, "$3 million"))
    assert place == Place(
        "moved",
        261,
        270 + len(blank),
        "12 of 12 context hashes agree; white space or apostrophes in the span have changed",
    )
    assert found(changed, place) == f"$3{blank}million"


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_a_figure_is_found_with_an_invisible_character_inside(invisible):
    changed = "News: " + TEXT.replace("$3 million", f"$3 mil{invisible}lion")
    assert (
        found(changed, locators.check(changed, made(TEXT, "$3 million")))
        == f"$3 mil{invisible}lion"
    )


@pytest.mark.parametrize(("old", "new"), [("’", "'"), ("'", "’")])
def test_a_clause_is_found_with_other_apostrophes(old, new):
    text = f"On the quay people said: the mayor{old}s one boat isn{old}t worth the nets it carries, nor the paint."
    clause = f"mayor{old}s one boat isn{old}t"
    changed = text.replace(old, new)
    place = locators.check(changed, made(text, clause))
    assert (
        place.reason
        == "10 of 10 context hashes agree; white space or apostrophes in the span have changed"
    )
    assert found(changed, place) == f"mayor{new}s one boat isn{new}t"


# ---- properties


@given(st.data())
def test_whatever_is_made_holds_in_the_same_text(data):
    text = data.draw(st.text(min_size=1, max_size=60))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    locator = locators.make(text, start, end)
    assert locators.check(text, locator) == Place("holds", start, end, "")
    assert (
        locators.parse_hashes(locators.format_hashes(locator.context_hashes))
        == locator.context_hashes
    )


@given(st.data())
def test_whatever_is_changed_offsets_enclose_the_span_or_there_are_none(data):
    text = data.draw(
        st.text(alphabet=st.sampled_from("a5. \n\u200b\u00a0é"), min_size=1, max_size=40)
    )
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    edge = data.draw(st.integers(0, len(text)))
    added = data.draw(st.text(alphabet="a5. ", max_size=9))
    changed = text[:edge] + added + text[data.draw(st.integers(0, len(text))) :]
    place = locators.check(changed, locators.make(text, start, end))
    assert (place.start is None) == (place.status in ("ambiguous", "lost"))
    if place.start is not None:
        plain = [
            " ".join(span.replace("\u200b", "").split())
            for span in (found(changed, place), text[start:end])
        ]
        assert plain[0] == plain[1]
    if place.status == "holds":
        assert (place.start, place.end) == (start, end)
        assert changed[start:end] == text[start:end]


old_words = st.lists(
    st.text(alphabet="abcdéß12", min_size=1, max_size=5),
    min_size=2,
    max_size=30,
    unique_by=str.casefold,
)
new_words = st.lists(st.text(alphabet="xyz78,.", min_size=1, max_size=5), min_size=1, max_size=20)


@given(st.data(), old_words, new_words)
def test_a_sentence_put_in_outside_the_context_leaves_the_figure_findable(data, words, sentence):
    assume(len({unicodedata.normalize("NFC", word).casefold() for word in words}) == len(words))
    at = data.draw(st.integers(0, len(words) - 1))
    gaps = [
        gap
        for gap in range(len(words) + 1)
        if gap <= max(0, at - 8) or gap >= min(len(words), at + 9)
    ]
    gap = data.draw(st.sampled_from(gaps))
    starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words) + 1)]
    text = "".join(word + " " for word in words)
    locator = locators.make(text, starts[at], starts[at] + len(words[at]))
    # the figure itself may stand in the new sentence, among other words
    added = " ".join([*sentence, words[at], *sentence]) + " "
    place = locators.check(text[: starts[gap]] + added + text[starts[gap] :], locator)
    moved_to = locator.start + (len(added) if gap <= at else 0)
    assert (place.start, place.end) == (moved_to, moved_to + len(words[at]))
    assert place.status == ("moved" if gap <= at else "holds")

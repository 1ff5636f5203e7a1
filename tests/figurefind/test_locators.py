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


def test_context_hashes_fit_into_one_cell_and_back():
    hashes = ("b:0a1b2c3d", "b:00000000", "a:ffffffff")
    assert locators.format_hashes(hashes) == "b:0a1b2c3d;b:00000000;a:ffffffff"
    assert locators.parse_hashes("b:0a1b2c3d;b:00000000;a:ffffffff") == hashes
    assert locators.format_hashes(()) == ""
    assert locators.parse_hashes("") == ()


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


# ---- found again


def test_an_unchanged_text_holds_without_a_remark():
    for span, nth in (
        ("40", 1),
        ("40", 2),
        ("40", 3),
        ("at least 12", 1),
        ("7,500", 1),
        ("$3 million", 1),
        ("In", 1),
    ):
        locator = made(TEXT, span, nth)
        assert locators.check(TEXT, locator) == Place("holds", locator.start, locator.end, "")


def test_a_sentence_put_in_before_moves_the_figure():
    changed = "It was a good year. " + TEXT
    assert locators.check(changed, made(TEXT, "7,500")) == Place(
        "moved", 251, 256, "12 of 12 context hashes agree"
    )
    assert changed[251:256] == "7,500"


def test_a_sentence_taken_out_before_moves_the_figure():
    changed = TEXT.replace(" A pair of boats sank in May.", "")
    assert locators.check(changed, made(TEXT, "7,500")) == Place(
        "moved", 202, 207, "12 of 12 context hashes agree"
    )


def test_a_change_behind_the_figure_leaves_it_where_it_is():
    changed = TEXT.replace("Nobody counted", "The mayor counted")
    assert locators.check(changed, made(TEXT, "at least 12")).reason == ""


def test_changed_words_near_by_are_counted_in_the_reason():
    changed = TEXT.replace("fishing", "sailing")
    assert locators.check(changed, made(TEXT, "40")) == Place(
        "holds", 45, 47, "11 of 12 context hashes agree"
    )
    changed = TEXT.replace("the harbour master", "our harbourmaster")
    assert locators.check(changed, made(TEXT, "at least 12")) == Place(
        "moved", 95, 106, "7 of 12 context hashes agree"
    )


def test_three_of_twelve_hashes_are_enough_and_two_are_not():
    text = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
    locator = made(text, "40")
    three = "zz zz zz zz b5 b6 b7 b8 40 a1 a2 a3 zz zz"
    assert locators.check("z " + three, locator) == Place(
        "moved", 26, 28, "3 of 12 context hashes agree"
    )
    assert locators.check(three, locator) == Place("holds", 24, 26, "3 of 12 context hashes agree")
    two = "zz zz zz zz zz b6 b7 b8 40 a1 a2 a3 zz zz"
    assert locators.check("z " + two, locator) == Place(
        "lost",
        None,
        None,
        "its characters stand at 26:28, but among other words than were recorded",
    )


def test_with_little_context_a_quarter_is_enough_too():
    assert locators.check(
        "z z z z 40 a1 a2 a3 z", made("b1 b2 b3 b4 40 a1 a2 a3 a4", "40")
    ) == Place("moved", 8, 10, "1 of 4 context hashes agree")
    assert (
        locators.check("z z z z 40 a1 a2 a3 z", made("b1 b2 b3 b4 40 a1 a2 a3 a4 a5", "40")).status
        == "lost"
    )


def test_words_put_in_between_may_push_the_context_two_words_away():
    text = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
    locator = made(text, "40")
    assert (
        locators.check(text.replace("40", "x x 40"), locator).reason
        == "12 of 12 context hashes agree"
    )
    assert (
        locators.check(text.replace("b7 b8 40", "40"), locator).reason
        == "10 of 12 context hashes agree"
    )
    assert locators.check(text.replace("b4", "x b4").replace("a4", "a4 y"), locator).reason == (
        "8 of 12 context hashes agree"
    )
    assert (
        locators.check(text.replace("40", "x x x 40"), locator).reason
        == "6 of 12 context hashes agree"
    )
    assert locators.check(text.replace("40", "x 40 y"), locator).status == "lost"


def test_one_side_is_enough_if_it_is_whole():
    text = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
    assert locators.check("New words. 40 a1 a2 a3 a4 a5 a6 a7 a8", made(text, "40")) == Place(
        "moved", 11, 13, "6 of 12 context hashes agree"
    )
    assert locators.check("Here b1 b2 b3 b4 b5 b6 b7 b8 40. The end.", made(text, "40")) == Place(
        "moved", 29, 31, "6 of 12 context hashes agree"
    )


def test_the_run_next_to_the_figure_must_stand_on_one_side_or_some_run_on_both():
    locator = made("b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8", "40")
    far_left, far_right = "b1 b2 b3 b4 b5 b6 b7 zz", "zz a2 a3 a4 a5 a6 a7 a8"
    assert (
        locators.check(f"{far_left} 40 {far_right}", locator).reason
        == "10 of 12 context hashes agree"
    )
    assert locators.check(f"{far_left} 40 zz zz zz zz zz zz zz zz", locator).status == "lost"
    assert locators.check(f"zz zz zz zz zz zz zz zz 40 {far_right}", locator).status == "lost"


@pytest.mark.parametrize(
    "changed", ["$3\u00a0million was paid to the crews", "the crews got a mere $3\u00a0million"]
)
def test_a_figure_at_an_end_of_the_text_is_found_with_another_blank_inside(changed):
    place = locators.check(changed, made(changed.replace("\u00a0", " "), "$3 million"))
    assert (place.status, found(changed, place)) == ("moved", "$3\u00a0million")


def test_the_last_word_of_a_text_is_found_as_the_last_word_of_another():
    assert locators.check(
        "And so: all of them came home, 40", made("all of them came home, 40", "40")
    ) == Place("moved", 31, 33, "3 of 3 context hashes agree")


def test_the_first_and_the_last_word_of_a_text_are_found_inside_another():
    for text in ("40 boats", "boats: 40", "only 40 boats", "we saw 40 boats go"):
        changed = f"Long ago and far away {text} into the sunset they say"
        assert found(changed, locators.check(changed, made(text, "40"))) == "40"


def test_offsets_count_code_points_not_utf_16_units():
    text = "🚢🚢🚢 The fleet of 𝟟 old ships and 40 new boats left in the rain."
    assert (made(text, "40").start, made(text, "40").end) == (33, 35)
    assert locators.check("🐟" + text, made(text, "40")) == Place(
        "moved", 34, 36, "9 of 9 context hashes agree"
    )


# ---- several identical figures


def test_three_identical_figures_are_told_apart_by_their_words():
    changed = "It was a good year. " + TEXT
    starts = [locators.check(changed, made(TEXT, "40", nth)).start for nth in (1, 2, 3)]
    assert starts == [65, 228, 327]
    assert [changed[start : start + 2] for start in starts] == ["40", "40", "40"]


def test_places_with_the_same_words_around_are_ambiguous():
    row = "and the harbour took in 40 boats from the islands that year; "
    text = "First: " + row + "then rain. "
    assert locators.check("Well, start. " + row * 3 + "End.", made(text, "40")) == Place(
        "ambiguous",
        None,
        None,
        "places that fit about alike: 37:39, 98:100, 159:161; 7 of 10 context hashes agree at the first",
    )


def test_a_place_must_be_two_of_twelve_hashes_ahead():
    text = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
    one_less, two_less = text.replace("a8", "z8"), text.replace("a7", "z7")
    assert locators.check(f"x. {two_less}. {text}", made(text, "40")) == Place(
        "moved", 79, 81, "12 of 12 context hashes agree"
    )
    assert locators.check(f"x. {one_less}. {text}", made(text, "40")).reason == (
        "places that fit about alike: 79:81, 27:29; 12 of 12 context hashes agree at the first"
    )


def test_the_same_number_two_words_away_is_another():
    text = (
        "In the bay lay one frigate, one tanker, one tug, one barge, one ferry, and nobody aboard."
    )
    for nth in (1, 2, 3, 4, 5):
        locator = made(text, "one", nth)
        assert locators.check("So: " + text, locator).start == locator.start + 4
    assert locators.check(text.replace("one tug", "a tug"), made(text, "one", 3)).status == "lost"


def test_with_little_context_one_hash_ahead_is_enough():
    text = "only 40 boats"
    assert locators.check("The mayor saw 40 boats. Here only 40 boats", made(text, "40")) == Place(
        "moved", 34, 36, "2 of 2 context hashes agree"
    )


def test_at_an_equal_score_the_old_offsets_win():
    text = "b1 b2 b3 b4 b5 b6 b7 b8 40 a1 a2 a3 a4 a5 a6 a7 a8"
    changed = text.replace("a8", "z8")
    assert locators.check(f"{changed}. {changed}", made(text, "40")) == Place(
        "holds", 24, 26, "11 of 12 context hashes agree"
    )


# ---- not found


def test_a_figure_taken_out_is_lost_though_its_neighbours_stay():
    changed = TEXT.replace(" worth $3 million", "")
    assert locators.check(changed, made(TEXT, "$3 million")) == Place(
        "lost", None, None, "its characters are nowhere in the text"
    )


def test_a_corrected_figure_is_lost_though_the_same_number_stands_elsewhere():
    changed = TEXT.replace("40 fishing", "45 fishing")
    assert locators.check(changed, made(TEXT, "40")) == Place(
        "lost",
        None,
        None,
        "its characters stand at 208:210, 307:309, but among other words than were recorded",
    )


def test_an_identical_number_at_the_old_offset_does_not_hold():
    text = "The old report from the north counted 40 boats in the whole of that year."
    other = "Quite different: some people say that 40 is a number that nobody likes. "
    assert text.index("40") == other.index("40")
    locator = made(text, "40")
    assert locators.check(other, locator) == Place(
        "lost",
        None,
        None,
        "its characters stand at 38:40, but among other words than were recorded",
    )
    assert locators.check(other + text, locator) == Place(
        "moved", 110, 112, "10 of 10 context hashes agree"
    )


def test_the_far_end_of_one_side_is_the_neighbourhood_and_not_the_figure():
    text = "They came back after the long winter. In May, 40 boats sailed out of the bay again and again."
    changed = "They came back after the long winter. In early June, 40 nets were mended on the sand by old people."
    assert locators.check(changed, made(text, "40")) == Place(
        "lost",
        None,
        None,
        "its characters stand at 53:55, but among other words than were recorded",
    )


@pytest.mark.parametrize("changed", ["5,000", "5.5", "0.5", "1,5", "15", "50", "x5", "5x", "5_"])
def test_a_number_that_has_grown_is_not_the_same_number(changed):
    text = "On the quay they counted 5 boats from the north in one day and night."
    assert locators.check(text.replace("5", changed), made(text, "5")).status == "lost"


@pytest.mark.parametrize("changed", ["5, 6", "5.", "(5)", "5-", "$5", "5%", "5;6"])
def test_punctuation_beside_a_number_does_not_make_it_another(changed):
    text = "On the quay they counted 5 boats from the north in one day and night."
    place = locators.check(text.replace("5", changed), made(text, "5"))
    assert found(text.replace("5", changed), place) == "5"


def test_a_number_that_has_grown_at_the_old_offset_says_so():
    text = "On the quay they counted 5 boats from the north in one day and night."
    assert locators.check(text.replace("5", "5,000"), made(text, "5")) == Place(
        "lost", None, None, "its characters are only a part of a longer word or number"
    )


def test_a_span_that_cuts_a_word_holds_where_it_was_and_is_not_found_elsewhere():
    locator = made(TEXT, "ish")
    assert locators.check(TEXT, locator).status == "holds"
    assert locators.check(" " + TEXT, locator).status == "lost"


def test_an_empty_text_has_lost_everything():
    assert locators.check("", made(TEXT, "40")) == Place(
        "lost",
        None,
        None,
        "45:47 is outside the text, which has 0 characters; its characters are nowhere in the text",
    )


def test_offsets_outside_the_text_are_said_even_if_the_figure_is_found():
    short = TEXT[TEXT.index("By autumn") :]
    assert locators.check(short, made(TEXT, "crews")) == Place(
        "moved",
        133,
        138,
        "310:315 is outside the text, which has 139 characters; 6 of 6 context hashes agree",
    )


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


def test_other_line_ends_around_a_figure_only_move_it():
    changed = TEXT.replace("\n", "\r\n")
    assert locators.check(changed, made(TEXT, "40", 3)) == Place(
        "moved", 309, 311, "7 of 7 context hashes agree"
    )


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


def test_a_figure_is_found_in_a_text_whose_white_space_was_tidied():
    untidy = "The  harbour\n of  Port  Lorne\n\nreceived 40  fishing boats."
    assert locators.check(" ".join(untidy.split()), made(untidy, "40")) == Place(
        "moved", 35, 37, "5 of 5 context hashes agree"
    )


def test_a_span_with_more_than_single_blanks_is_not_found_once_they_are_tidied():
    untidy = "It was worth $3\nmillion to the market."
    assert locators.check(untidy.replace("\n", " "), made(untidy, "$3\nmillion")).status == "lost"
    assert locators.check("So: " + untidy, made(untidy, "$3\nmillion")).status == "moved"


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

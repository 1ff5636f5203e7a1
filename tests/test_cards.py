"""Looking things up: cards, listings and searchable tables, as a console, a notebook and a terminal show them."""

from __future__ import annotations

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

import rvdata
from rvdata import cards, store
from rvdata.errors import DataError


def facts(identifier: str) -> dict[str, list[str]]:
    """What the card says, by label."""
    told: dict[str, list[str]] = {}
    for line in cards.trace(identifier).splitlines():
        label, value = line[:12].strip(), line[13:]
        told.setdefault(label, []).append(value)
    return told


def shown(thing: object) -> dict[str, str]:
    """What a notebook is given of the last line of a cell."""
    return DisplayFormatter().format(thing)[0]


def test_the_card_of_a_figure_has_print_speaker_place_doubt_verdicts_and_what_rests_on_it():
    card = facts("rusi-2022-f05")
    assert card["printed"] == ["“70%”"]
    assert card["left open"] == ["65 to 75 percent"]
    assert card["said by"] == ["SIPRI Arms Transfers Database"]
    assert card["place"][0].startswith("code points 4554 to 4557 of rusi-2022")
    assert card["verdict"][0].startswith(
        "matches (supplier_share, sipri-2022-03-ven, contemporary)"
    )
    # each release once, by the primary method, and not by windows a year off (68.5, 70.9)
    assert card["against"] == [
        "sipri-2022-03-ven: 69.5 %, matches",
        "sipri-2024-10-ven: 69.7 %, matches",
        "sipri-2025-01-ven: 69.7 %, matches",
        "sipri-2025-10-ven: 69.8 %, matches",
    ]
    assert card["built on it"] == ["rusi-2022-f07"]
    assert facts("geointel-2019-f02")["value"] == [
        "30,000,000,000 USD (approx; low not stated, high not stated, step 10,000,000,000)"
    ]


def test_the_cards_of_an_event_an_argument_an_article_and_a_release():
    event = facts("kennan-2024-e03")
    assert event["event"] == ["kennan-2024-e03 (election, as printed)"]
    assert event["happening"] == ["ven-election-2024"]
    assert event["witness"] == [
        "rferl-2025-e26: An election extends Maduro's rule; 2024-07-01 to 2025-06-30 (after, inferred)"
    ]
    argument = facts("rusi-2022-a01")
    assert argument["argument"] == ["rusi-2022-a01 (limit, predicted, as printed)"]
    assert argument["said by"] == ["the article itself"] and argument["of"] == ["Russia"]
    article = facts("rusi-2022")
    assert article["published"] == ["1 April 2022 to 30 June 2022 (inferred)"]
    assert article["rows"][0].startswith("12 figures, ")
    release = facts("sipri-2022-03-ven")
    assert release["release"] == ["sipri-2022-03-ven"]
    assert "rusi-2022-f05 (matches)" in release["decides"][0]


def test_every_sixth_thing_that_has_an_identifier_has_a_card():
    for table, key, _ in cards.KINDS:
        for identifier in store.read(table)[key].to_pylist()[::6]:
            lines = cards.trace(identifier).splitlines()
            assert len(lines) > 2 and identifier in lines[0]
            assert all(line[12] == " " and line[13:].strip() not in ("", "None") for line in lines)
    with pytest.raises(
        DataError, match=r"is called .sipri-2022-03-vne. \(nearest: sipri-2022-03-ven\)"
    ):
        cards.trace("sipri-2022-03-vne")


def test_texts_are_the_same_as_a_last_line_and_printed_and_have_markup_of_their_own():
    card, described = rvdata.trace("geointel-2019-f02"), rvdata.describe("us_cpi")
    for text in (card, described, rvdata.cite("us_cpi")):
        seen = shown(text)
        assert seen["text/plain"] == repr(text) == str(text)
        assert set(seen) == {"text/plain", "text/html", "text/markdown"}
    seen = shown(card)
    # two bare dollar signs would be a formula
    assert '<th scope="row">printed</th><td>“<span>&#36;</span>30 billion”' in seen["text/html"]
    assert "“\\$30 billion”" in seen["text/markdown"]
    assert "<td>us</td>" not in shown(described)["text/html"]
    assert "<tr><td>cpi</td><td>number</td><td>114</td>" in shown(described)["text/html"]


def test_listings_show_every_cell_whole_and_what_is_selected_from_them_is_a_plain_frame():
    tables = rvdata.tables()
    grain = tables.set_index("table").grain["arms_units"]
    assert len(grain) > 90
    assert grain in repr(tables) and grain in shown(tables)["text/html"]
    assert type(tables[["table", "rows"]]) is pd.DataFrame
    assert "nothing" in repr(rvdata.find("no such words"))


def test_a_searchable_table_is_a_plain_one_without_its_script_and_says_where_it_is_cut():
    html = rvdata.show("refugee_counts")._repr_html_()
    table, _, script = html.partition("<script>")
    assert table.startswith('<div><table><thead><tr><th scope="col">figure_id</th>')
    assert table.count("<tr>") == 4 and "input" not in table and "http" not in script
    assert html == rvdata.show("refugee_counts")._repr_html_()  # no identifier drawn by lot
    many = rvdata.show(pd.DataFrame({"n": range(2_001)}))
    assert many.caption == "The first 2,000 of 2,001 rows: select before showing"
    assert len(many.frame) == 2_000 and len(repr(many).splitlines()) < 70

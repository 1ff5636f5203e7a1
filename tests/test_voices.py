"""Articles in order of publication, how their days are written, and whose word is whose."""

from __future__ import annotations

import pandas as pd
import pytest

from rvdata import load
from rvdata.essays import voices


def article(first, last, basis="inferred", name="x-2000"):
    return {
        "origin_id": name,
        "kind": "article",
        "released": pd.Timestamp(first),
        "released_end": pd.Timestamp(last),
        "published_basis": basis,
    }


@pytest.mark.parametrize(
    ("first", "last", "basis", "said"),
    [
        ("2018-05-21", "2018-05-26", "inferred", "[21 to 26 May 2018]"),
        ("2022-04-01", "2022-06-30", "inferred", "[April to June 2022]"),
        ("2024-12-20", "2025-01-05", "inferred", "[20 December 2024 to 5 January 2025]"),
        ("2024-02-20", "2024-03-05", "inferred", "[20 February to 5 March 2024]"),
        ("2024-02-01", "2024-02-29", "inferred", "[February 2024]"),
        ("2024-02-20", "2024-02-20", "printed", "20 February 2024"),
        ("2024-02-20", None, "printed", "20 February 2024"),
    ],
)
def test_a_day_of_publication_says_once_what_its_ends_share(first, last, basis, said):
    assert voices.day(article(first, last, basis)) == said


def test_a_heading_is_short_and_brackets_what_is_inferred():
    assert voices.heading(article("2022-04-01", "2022-06-30"), 3) == "x-2000\n[Apr–Jun 2022]\nn = 3"
    assert (
        voices.heading(article("2022-06-01", "2022-06-01", "printed"), 0)
        == "x-2000\nJun 2022\nn = 0"
    )


def test_articles_come_in_order_of_publication_and_are_kept_if_they_may_fall_into_the_years():
    origins = pd.DataFrame(
        [
            article("2022-12-20", "2023-01-05", name="b-2022"),
            article("2018-05-21", "2018-05-26", name="c-2018"),
            article("2018-05-21", "2018-05-26", name="a-2018"),
            article("2010-01-01", "2010-01-01", name="sipri") | {"kind": "dataset"},
        ]
    )
    assert voices.published(origins, [])["origin_id"].tolist() == ["a-2018", "c-2018", "b-2022"]
    assert voices.published(origins, [], 2023, 2024)["origin_id"].tolist() == ["b-2022"]
    assert voices.published(origins, [], 2019, 2021).empty
    assert voices.published(origins, ["c-2018"], 2018, 2018)["origin_id"].tolist() == ["c-2018"]


def test_every_name_in_the_tables_is_sorted_and_an_unknown_one_is_said_to_be_unsorted():
    named = {
        *load("figures")["attributed_to"].dropna(),
        *load("events")["attributed_to"].dropna(),
        *load("arguments")["held_by"].dropna(),
    }
    assert {n for n in named if voices.kind(n) == "unsorted"} == set()
    assert (
        set(voices.VOICES.values()) <= set(voices.KINDS) and voices.kind("a new name") == "unsorted"
    )
    assert set(voices.VOICES) == named, "a name that no article gives any more"

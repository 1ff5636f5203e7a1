"""Votes of two states against all pairs: what is counted together, what the notebook says of it, also of nothing."""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest
from in_process import run

from rvdata import load
from rvdata.analysis import agreement
from rvdata.errors import DataError


def votes(*rows):
    columns = ["year", "issue", "votes", "agree_share_pct"]
    return pd.DataFrame(rows, columns=columns).assign(release="unga-x")


ROWS = votes(
    (2000, "all", 10, 90.0),
    (2001, "all", 30, 50.0),
    (2000, "nuclear", 5, 20.0),
    (2000, "human_rights", 4, 100.0),
)


def windows(monkeypatch, *rows):
    """Windows of a release whose percentiles are 1, 2, … 99 times a factor."""
    table = pd.DataFrame(rows, columns=["first_year", "last_year", "issue", "roll_calls", "factor"])
    cuts = [";".join(str(q * factor) for q in range(1, 100)) for factor in table.pop("factor")]
    table["percentiles_pct"] = cuts
    monkeypatch.setattr(agreement.store, "load", lambda *_: table)


def test_every_roll_call_counts_once_over_several_years(monkeypatch):
    windows(
        monkeypatch,
        (2000, 2001, "all", 80, 1.0),
        (2000, 2001, "nuclear", 5, 0.5),
        (2000, 2001, "human_rights", 9, 1.0),
        (2000, 2000, "all", 20, 0.9),
    )
    table = agreement.by_issue(ROWS).set_index("issue")
    assert table.index.tolist() == ["all", "nuclear", "human_rights"]
    assert table["agree_share_pct"].tolist() == [60.0, 20.0, 100.0]  # not 70, the mean of two years
    assert table["votes"].tolist() == [40, 5, 4]
    assert table["p50_pct"].tolist() == [50.0, 25.0, 50.0]
    # took part in exactly half; of all; in fewer than half
    assert table["pairs_below_pct"].fillna(-1).tolist() == [60.0, 40.0, -1]
    assert agreement.by_issue(ROWS.head(0)).empty
    assert pd.isna(agreement.together(ROWS.head(0)))


def test_a_window_that_the_release_lacks_leaves_a_pair_without_a_place(monkeypatch):
    windows(monkeypatch, (2000, 2001, "all", 40, 1.0))
    table = agreement.by_issue(ROWS).set_index("issue")
    assert table["pairs_below_pct"].notna().tolist() == [True, False, False]
    assert table.loc["nuclear", ["p05_pct", "p50_pct", "p95_pct"]].isna().all()


@pytest.mark.parametrize(
    ("share", "place", "said"),
    [
        (0.2, 0.5, "less than 1 %"),
        (1.0, 1.0, "1 %"),
        (41.6, 41.6, "42 %"),
        (99.5, 99.5, "more than 99 %"),
    ],
)
def test_some_pairs_are_neither_none_nor_all(share, place, said):
    cuts = pd.Series(range(1, 100), index=range(1, 100), dtype=float)
    assert agreement.place(share, cuts) == pytest.approx(place)
    assert agreement.part(agreement.place(share, cuts)) == said


def test_runs_of_years_are_counted_together():
    rows = votes(*((y, "all", 10 * (y - 1999), 50.0 + y % 2) for y in (2003, 2000, 2001, 2002)))
    table = agreement.runs(rows, 3)
    assert table[["first", "last", "votes"]].values.tolist() == [[2000, 2002, 60], [2001, 2003, 90]]
    assert table["agree_share_pct"].round(4).tolist() == [50.3333, 50.6667]
    assert agreement.runs(rows, 5).empty


# ---- the shipped releases


@pytest.mark.parametrize(
    ("a", "b", "start", "end", "known", "share", "below"),
    [
        ("RUS", "VEN", 1992, 2019, 2426, 68.22, 41.6),
        ("RUS", "USA", 1992, 2019, 2453, 27.72, 1.5),
        ("USA", "VEN", 1992, 2019, 2442, 17.90, 0.3),
        ("RUS", "VEN", 1992, 1996, 355, 53.52, 10),
        ("RUS", "VEN", 2015, 2019, 489, 65.64, 41),
        ("RUS", "VEN", 2000, 2019, 1813, 71.5, None),
        ("USA", "VEN", 2000, 2019, 1826, 15.3, None),
        ("RUS", "VEN", 1992, 1998, 524, 56.9, None),
        ("USA", "VEN", 1992, 1998, 527, 25.4, None),
        ("RUS", "VEN", 2013, 2019, 623, 66.5, None),
        ("USA", "VEN", 2013, 2019, 631, 14.6, None),
    ],
)
def test_shares_and_places_are_those_counted_from_the_votes_one_by_one(
    a, b, start, end, known, share, below
):
    """Places are of pairs whose roll calls are counted together, not averages of the places of the years."""
    row = agreement.by_issue(agreement.votes(b, a, start, end)).iloc[0]
    assert (row["votes"], row["first"], row["last"]) == (known, start, end)
    assert row["agree_share_pct"] == pytest.approx(share, abs=0.05)
    if below is not None:
        assert row["pairs_below_pct"] == pytest.approx(below, abs=0.6 if below == 10 else 0.4)


def test_places_by_issue_are_of_pairs_over_all_years_together():
    table = agreement.by_issue(agreement.votes("RUS", "VEN", 1992)).set_index("issue")
    assert table["pairs_below_pct"].round().to_dict() == {
        "all": 42,
        "middle_east": 21,
        "nuclear": 5,
        "disarmament": 7,
        "human_rights": 56,
        "colonialism": 31,
        "development": 44,
    }
    assert table.at["all", "p50_pct"] == 77.8


def test_a_year_s_place_keeps_the_digits_that_rounding_to_one_needs():
    rows = agreement.votes("RUS", "VEN", 2002, 2002)
    (place,) = rows[rows["issue"] == "all"]["pairs_below_pct"]
    assert (place, f"{place:.1f}") == (34.4502, "34.5")  # 34.45 would give 34.4


def test_what_is_not_there_is_refused_with_what_there_is():
    with pytest.raises(
        DataError, match=r"of France and Germany; the votes .* of pairs with Brazil"
    ):
        agreement.votes("FRA", "DEU")
    with pytest.raises(DataError, match="in 2021 to 2024; the release has 1946 to 2019"):
        agreement.votes("RUS", "VEN", 2021, 2024)
    with pytest.raises(DataError, match="VEN is given twice"):
        agreement.votes("VEN", "VEN", empty=True)
    with pytest.raises(DataError, match=r"'VNE' is no country code.*nearest: VEN"):
        agreement.votes("VNE", "RUS")
    assert agreement.votes("FRA", "DEU", empty=True).attrs["missing"].startswith("there are no")


def test_a_year_without_an_estimate_parts_a_line():
    table = agreement.points(["VEN", "USA"], 1962, 1966)
    assert table["country"].unique().tolist() == ["VEN", "USA"]
    assert table.groupby(["country", "segment"], sort=False)["year"].apply(list).tolist() == [
        [1962, 1963],
        [1965, 1966],
        [1962, 1963],
        [1965, 1966],
    ]


# ---- the notebook


def bare(text):
    return re.sub("<sup>.*?</sup>", "", text)


def test_the_default_page_answers_and_tells_the_peak_and_the_fall():
    done = run("diplomacy", again=True)
    assert bare(done.answer()) == (
        "**Russia and Venezuela voted alike in 68.2 % of 2,426 roll calls, less often than the typical pair of states (77.8 %).** "
        "Of all pairs in 1992 to 2019, 42 % agreed less often. With the United States, Russia did so in 27.7 % and Venezuela in 17.9 %. "
        "The votes at hand end in 2019."
    )
    (table,) = done.tables["answer"]
    assert table.frame["pairs that agreed less often"].tolist()[::2] == ["42 %", "less than 1 %"]
    assert table.frame["roll calls, 1992 to 2019"].tolist() == ["2,426", "2,453", "2,442"]
    told = bare(done.told())
    for words in (
        "From 1992 to 1996 they voted alike in 53.5 %, from 2015 to 2019 in 65.6 %.",
        "After the peak of 80.0 % in 2006 it went down to 61.1 % in 2016.",
        "In 25 of 28 years they stood below the typical pair.",
        "On nuclear arms they agreed in 36.5 %, the typical pair in 72.4 %.",
        "Venezuela stood 1.72 from Russia and 4.25 from the United States",
        "Four articles argue what moves one or both of them.",
        "Two articles count states that withhold or withdraw recognition from the government of Venezuela.",
    ):
        assert words in told
    (claims,) = (t.frame for t in done.tables["more"])
    assert len(claims) == 3 and set(claims["verdict"]) == {
        "follows from others",
        "undecided",
    }
    assert done.alts["figure"][2].startswith(
        "Russia moved most in a year: from −0.03 in 2021 to −0.81 in 2022."
    )
    (argued,) = (t.frame for t in done.tables["figure"] if "reported as the view of" in t.frame)
    assert all(hasattr(note, "__html__") for note in argued["notes"])
    assert argued["reported as the view of"].tolist() == [
        "Venezuelan and Russian leaders",
        "Western industrialised states",
    ]


@pytest.mark.parametrize(
    ("parameters", "words", "pictures"),
    [
        ({"country_a": "FRA", "country_b": "DEU"}, "Estimates of France and Germany are not", 1),
        ({"country_a": "FRA", "country_b": "DEU", "third": "ITA"}, "**Not to be answered from", 0),
        ({"country_b": "PER"}, "Votes on single issues are not at hand for this pair.", 2),
        ({"third": "RUS"}, "Venezuela stood 1.72 from Russia. Venezuela's estimates end", 3),
        ({"start": 2000, "end": 2010}, "only for spans that end with the last year", 3),
        ({"start": 2019, "end": 2019}, "Of all pairs in 2019, 46 % agreed less often.", 1),
        ({"start": 2018, "end": 2019}, "In every year they stood below the typical pair.", 3),
        ({"start": 2021}, "There are no roll calls of Russia and Venezuela in 2021 to 2025", 1),
        ({"end": 2019}, "In 2019 Venezuela stood 1.64 from Russia", 3),
        ({"country_b": "CHN"}, "In 2024, the last year in which each has an estimate, China", 3),
        (
            {"country_a": "CUB", "start": 2014},
            "roll calls, more often than the typical pair of states (76.1 %)",
            3,
        ),
        ({"sources": ["kennan-2024"]}, "No article selected counts states that recognise", 3),
    ],
)
def test_other_selections(parameters, words, pictures):
    done = run("diplomacy", **parameters)
    assert words in bare(done.told()) + " ".join(map(str, done.alts.values()))
    assert sum(map(len, done.alts.values())) == pictures
    assert not re.search(r"\b(nan|None|NaN)\b|\.0 to|backwards", done.told())


@pytest.mark.parametrize(
    ("a", "b", "third", "last"),
    [("RUS", "VEN", "USA", 2021), ("CHN", "RUS", "USA", 2024), ("CUB", "RUS", "USA", 2024)],
)
def test_the_last_year_that_the_notebook_names_is_the_last_of_the_release(a, b, third, last):
    points = load("un_ideal_points", "unga-2025-07")
    wide = points.pivot(index="year", columns="country", values="ideal_point")[[a, b, third]]
    assert wide.dropna().index.max() == last
    for end in (2019, last, 2025):
        told = run("diplomacy", draw=False, country_a=a, country_b=b, third=third, end=end).told()
        assert f"In {min(end, last)}" in told
        assert ("the last year in which each" in told) == (end >= last)


def test_an_answer_has_at_most_sixty_words_whatever_is_asked():
    chance = random.Random(7)
    known = ["BRA", "CHN", "COL", "CUB", "NIC", "RUS", "SYR", "UKR", "USA", "VEN"]
    codes = load("countries").query("kind == 'country'").code.tolist()
    for _ in range(15):
        a, b, third = chance.sample([*known, *chance.sample(codes, 3)], 3)
        start = chance.choice([1946, 1960, 1992, 2010, 2019])
        end = chance.choice([start, start + 10, 2025])
        if a != b:
            done = run(
                "diplomacy", draw=False, country_a=a, country_b=b, third=third, start=start, end=end
            )
            assert 5 <= done.words() <= 60, done.answer()

"""How far figures can be trusted: how they stand, whose word they are, what conflicts; and the notebook source_audit."""

from __future__ import annotations

import collections
import csv
import re

import pandas as pd
import pytest
from in_process import run

from rvdata import load, reconcile
from rvdata.analysis import audit, events, stated

NAN = float("nan")


def figure(name, family="ship", unit="ships", low=2.0, high=2.0, **more):
    """A figure as `audit.figures` gives it, of Russia and Venezuela."""
    row = {"figure_id": name, "source_id": name[:-4], "family": family, "unit": unit}
    row |= {"what": audit.NAMES[family], "low": low, "high": high, "value": low}
    row |= {"subject": "RUS", "counterpart": "VEN", "responsible": None, "conflicts_with": None}
    row |= {"status": "as_printed", "verdict": "no data", "relative_pct": NAN} | more
    checked = {"relation": "data"} | row
    return row | {"standing": reconcile.standing(checked), "outcome": audit.outcome(checked)}


def rows(*figures):
    return pd.DataFrame([figure(name, **more) for name, more in figures])


KENNAN, RFERL = "kennan-2024-f01", "rferl-2025-f01"


# ---- how figures stand


@pytest.mark.parametrize(
    ("verdict", "relation", "comes_to"),
    [
        ("matches", "data", "holds up"),
        ("close", "independent", "holds up"),
        ("differs", "independent", "differs"),
        ("between year ends", "data", "between year ends"),
        ("differs", "interested party", "traced"),
        ("traced", "own source", "traced"),
        ("undecided", "data", "undecided"),
        ("follows", "data", "follows"),
        ("no data", NAN, "no data"),
        ("not comparable", "independent", "not comparable"),
    ],
)
def test_what_a_verdict_comes_to(verdict, relation, comes_to):
    assert audit.outcome({"verdict": verdict, "relation": relation}) == comes_to


def test_the_counts_are_those_of_rvdata_check_by_family_and_by_article():
    figures = audit.figures()
    theirs = reconcile.coverage(stated.verdicts())
    ours = pd.crosstab(figures.family, figures.standing).reindex_like(theirs.drop(index="all"))
    assert (
        ours.fillna(0).drop(columns="figures") == theirs.drop(index="all").drop(columns="figures")
    ).all(axis=None)
    by_article = audit.coverage(figures, "source_id").set_index(["source_id", "outcome"]).figures
    comes = {"holds up": 2, "differs": 3, "follows": 2, "undecided": 4, "no data": 1}
    assert by_article["rusi-2022"].to_dict() == comes
    assert by_article["axios-2018"].to_dict() == {"no data": 1}


def test_verdicts_that_say_more_than_the_data_can_are_none_of_failure():
    """98 of "over 100" with 45 unknown; 5,000 in stock against deliveries; year ends too far apart."""
    comes = audit.figures().set_index("figure_id").outcome
    assert comes["rusi-2022-f01"] == comes["rusi-2022-f11"] == "undecided"
    assert comes["rferl-2025-f17"] == "not comparable"
    assert comes["rusi-2022-f07"] == comes["rusi-2022-f04"] == "follows"


def test_figures_are_selected_by_article_family_years_and_derivation():
    def chosen(**asked):
        return audit.figures(**asked).figure_id.tolist()

    assert chosen(sources=["axios-2018"]) == ["axios-2018-f01"]
    assert chosen(families=["missile"]) == ["rferl-2025-f17"]
    rewards = chosen(families=["reward"], include_derived=False)
    assert rewards == ["rferl-2025-f03", "rferl-2025-f04"]
    assert "kennan-2024-f05" in chosen(start=2014, end=2014)  # said of 2014
    assert "kennan-2024-f05" not in chosen(start=2015, end=2024)
    assert "geointel-2019-f02" in chosen(end=2019)  # open to the past, by 10 February 2019
    assert "geointel-2019-f02" not in chosen(start=2020)
    assert chosen(end=1944) == []


def test_a_reader_sees_one_of_each_kind_first_and_what_is_checked_and_departs_before_the_rest():
    table = rows(
        ("a-2000-f01", {"verdict": "matches", "family": "ship"}),
        ("a-2000-f02", {"verdict": "differs", "family": "ship", "relative_pct": -4.0}),
        ("a-2000-f03", {"verdict": "differs", "family": "ship", "relative_pct": 9.0}),
        ("a-2000-f04", {"verdict": "undecided", "family": "loan"}),
        ("a-2000-f05", {"verdict": "no data", "family": "reward"}),
        ("a-2000-f06", {"verdict": "follows", "family": "refugee_count"}),
    )
    chosen = audit.for_reader(table, 3).figure_id.tolist()
    assert chosen == ["a-2000-f03", "a-2000-f02", "a-2000-f04"]
    assert audit.for_reader(table.tail(2)).figure_id.tolist() == ["a-2000-f06", "a-2000-f05"]


# ---- whose word


def test_one_name_counts_once_whatever_stands_after_it():
    table = rows(
        (KENNAN, {"attributed_to": "Vladimir Rouvinski"}),
        (RFERL, {"attributed_to": "Vladimir Rouvinski (2020)"}),
        ("rferl-2025-f02", {"attributed_to": None}),
        ("rferl-2025-f03", {"attributed_to": "photos", "status": "derived"}),
    )
    held = audit.attributed(figures=table)
    assert held[["holder", "kind"]].values.tolist() == [
        ["Vladimir Rouvinski", "expert"],
        ["Vladimir Rouvinski", "expert"],
        ["", "article"],
    ]


def test_every_name_in_the_tables_is_sorted():
    named = {
        *load("figures")["attributed_to"].dropna(),
        *load("events")["attributed_to"].dropna(),
        *load("arguments")["held_by"].dropna(),
    }
    assert {n for n in named if audit.kind(n) == "unsorted"} == set()
    assert set(audit.VOICES) == {audit.holder(n) for n in named}, "a name that no article gives"
    assert set(audit.VOICES.values()) <= set(audit.KINDS)


# ---- what meets, and what conflicts


def test_figures_of_one_kind_are_not_the_same_thing():
    """Two ships of a group and two at a quay: neither agreement nor conflict."""
    table = rows((KENNAN, {}), (RFERL, {}))
    assert audit.pairs(table).values.tolist() == [[KENNAN, RFERL, "Ships", False]]
    assert audit.pairs(audit.figures())[["one", "other", "same"]].values.tolist() == [
        ["geointel-2019-f03", "rusi-2022-f02", False],
        ["geointel-2019-f04", "rusi-2022-f02", False],
        ["kennan-2024-f03", "rferl-2025-f09", False],
        ["kennan-2024-f04", "rferl-2025-f09", False],
    ]


def test_only_what_the_ledger_marks_is_the_same_whatever_family_or_article():
    for other in (RFERL, "kennan-2024-f02"):
        marked = {"conflicts_with": KENNAN, "family": "rank"}
        table = rows((KENNAN, {"family": "rank"}), (other, marked))
        assert audit.pairs(table)["same"].tolist() == [True]


@pytest.mark.parametrize(
    "change",
    [
        {"family": "aircraft"},
        {"unit": "aircraft"},
        {"subject": "USA", "counterpart": "CUB"},
        {"subject": "_EUR", "counterpart": None},
    ],
)
def test_another_family_unit_or_country_is_of_no_one_kind(change):
    assert audit.pairs(rows((KENNAN, change), (RFERL, {}))).empty
    assert audit.pairs(rows((KENNAN, {}), ("kennan-2024-f02", {}))).empty, "one article"
    for form in audit.FORMS:
        assert audit.pairs(rows((KENNAN, {"family": form}), (RFERL, {"family": form}))).empty


def test_dates_that_contradict_what_is_known_otherwise():
    found = audit.misdated(events.events(), events.happenings())
    assert found.set_index("event_id").known_first.dt.strftime("%Y-%m-%d").to_dict() == {
        "rusi-2022-e19": "2020-02-06",
        "rusi-2022-e22": "2022-01-13",
        "kennan-2024-e02": "2024-07-29",
    }
    assert found.known_from.notna().all()


# ---- the notebook


def recount(root):
    """The ledger's own text files, read line by line: no code is shared with the notebook."""
    return {
        table: [
            row
            for path in sorted((root / "data" / "raw" / "articles").glob(f"*/{table}.csv"))
            for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
            if row["status"] not in ("proposed", "rejected")
        ]
        for table in ("figures", "events", "arguments")
    }


def test_the_default_page_says_what_the_raw_files_count(root):
    raw = recount(root)
    printed = [r for r in raw["figures"] if r["status"] != "derived"]
    who = [r["attributed_to"] for r in printed + raw["events"]]
    who += [r["held_by"] for r in raw["arguments"]]
    done = run("source_audit", draw=False)
    assert re.sub("<sup>.*?</sup>", "", done.answer()) == (
        "**Ten of 40 figures (36 printed, four derived here) could be checked against data or documents: seven hold"
        " up; three differ.** Five of the ten rest on the database that the article itself cites. Seven more can only"
        " be traced to a source; one departs from it. Five follow from other figures. 18 stay open. Three dates"
        " contradict other sources."
    )
    alone = sum(not r["attributed_to"] for r in printed)
    names = {re.sub(r" \(\d{4}\)$|, citing .*$", "", name) for name in who if name}
    party = collections.Counter(audit.kind(r["attributed_to"]) for r in printed)["party"]
    assert (len(raw["figures"]), len(printed), alone, party) == (40, 36, 19, 4)
    for said in (
        f"{sum(map(bool, who))} of {len(who)} statements cite somebody, under {len(names)} names",
        f"Of {len(printed)} figures that are printed {alone} rest on the article alone, four on an interested party.",
        "Three dates contradict what other sources know. Six things that happened are told by more than one article",
    ):
        assert said in re.sub("<sup>.*?</sup>", "", done.told()), said

"""The notebook motives: which arguments are shared, whose they are, and where they pull apart."""

from __future__ import annotations

from rvdata import charts, load, schemas
from rvdata.analysis import arguments, audit

ORDER = ["axios-2018", "geointel-2019", "rusi-2022", "kennan-2024", "rferl-2025"]


# ---- the verbs


def test_every_code_kind_and_stance_has_its_words_and_its_mark():
    assert set(arguments.WORDS) == set(schemas.CODES)
    assert set(audit.NAMES) == set(schemas.FAMILIES)
    assert set(arguments.KINDS) == set(schemas.CODES.values())
    assert set(charts.SAID) == set(schemas.STANCES) == set(charts.marks.LOOKS)


def test_arguments_follow_actor_kind_stance_article_and_year_in_order_of_publication():
    rows = arguments.arguments("RUS")
    assert list(dict.fromkeys(rows.source_id)) == ORDER
    assert all("RUS" in codes.split(";") for codes in rows.actor)
    assert set(arguments.arguments("RUS", ["limit"]).kind) == {"limit"}
    assert set(arguments.arguments("RUS", stances=["reported"]).stance) == {"reported"}
    assert set(arguments.arguments(start=2024).source_id) == {"kennan-2024", "rferl-2025"}
    assert len(arguments.arguments()) == len(load("arguments"))


def test_a_side_follows_from_code_stance_and_word():
    rows = arguments.arguments()
    split = arguments.contested(arguments.arguments("RUS"), rows)
    assert split["arguments"].tolist() == [25, 17, 6, 5, 5, 2, 2, 1]
    told = rows[rows.code.isin(["means_economic", "narrative_gain"]) & (rows.stance != "rejected")]
    told = told[told.gloss.str.lower().str.contains("sanction")]
    assert split.set_index("side").ids["no: help or propaganda makes up for them"] == [
        *told.argument_id
    ]
    assert arguments.contested(rows.head(0), rows.head(0)).empty

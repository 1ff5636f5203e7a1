"""The notebook motives: which arguments are shared, whose they are, and where they pull apart."""

from __future__ import annotations

import random

import pytest
from in_process import run

from rvdata import charts, load, schemas
from rvdata.analysis import arguments

ORDER = ["axios-2018", "geointel-2019", "rusi-2022", "kennan-2024", "rferl-2025"]


def test_the_default_answer_names_what_all_share_and_whose_word_it_is():
    done = run("motives", again=True)
    assert done.answer() == (
        "**All five articles name two reasons: a lasting position in the region; and oil, debt and arms sales.** Of 101 "
        "arguments 65 are the articles’ own; the others are reported, conditional, predicted or denied. Four articles see "
        "limits as well."
    )
    (table,) = done.tables["answer"]
    assert table.frame["articles"].tolist() == [5, 5, 4, 3, 3]
    assert [len(alts) for alts in done.alts.values()] == [1, 1]
    assert "RFE/RL \\[2025\\] names ten limits in 30 arguments" in done.told()
    (split,) = (t.frame for t in done.tables["more"] if "side" in t.frame)
    assert split["arguments"].tolist() == [25, 17, 6, 5, 5, 2, 2, 1]
    (notes,) = done.tables["evidence"]
    assert set(load("arguments").query("actor.str.contains('RUS')").argument_id) < set(
        notes.frame["id"]
    )


@pytest.mark.parametrize(
    ("parameters", "begins", "pictures"),
    [
        (
            {"kinds": ["limit"]},
            "**No limit is common to the four articles that argue about Russia; the most frequent, in three, is too few means",
            1,
        ),
        ({"kinds": ["other"]}, "**What is argued about Russia fits none of the codes.**", 1),
        ({"actor": "CHN"}, "**No article of this selection argues about China.**", 0),
        (
            {"actor": "CHN", "stances": ["reported"]},
            "**No article of this selection argues about China.**",
            0,
        ),
        (
            {"stances": ["reported"], "actor": "VEN"},
            "**No two articles name the same reason; four different ones are named:",
            1,
        ),
        ({"sources": ["axios-2018"]}, "**Axios \\[2018\\] alone argues about Russia: ", 2),
        ({"sources": ["axios-2018", "geointel-2019"]}, "**Both articles name two reasons: ", 2),
        ({"start": 2026, "end": 2026}, "**No article of this selection argues about Russia.**", 0),
    ],
)
def test_other_selections(parameters, begins, pictures):
    done = run("motives", **parameters)
    assert done.answer().startswith(begins)
    assert sum(map(len, done.alts.values())) == pictures
    assert "nan" not in done.told()


def test_an_answer_has_at_most_sixty_words_whatever_is_asked():
    chance = random.Random(5)
    for _ in range(50):
        done = run(
            "motives",
            draw=False,
            actor=chance.choice(["RUS", "VEN", "USA", "ESP", "CUB", "CHN"]),
            kinds=chance.sample(arguments.KINDS, chance.choice([0, 0, 1, 2])),
            stances=chance.sample(schemas.STANCES, chance.choice([0, 0, 1, 2])),
            sources=chance.sample(ORDER, chance.choice([0, 0, 1, 3])),
        )
        assert 5 <= done.words() <= 60, done.answer()


# ---- the verbs


def test_every_code_kind_and_stance_has_its_words_and_its_mark():
    assert set(arguments.WORDS) == set(schemas.CODES)
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


def test_codes_are_counted_by_article_and_voice():
    rows = arguments.arguments("RUS")
    table = arguments.by_code(rows)
    assert table.arguments.sum() == len(rows)
    for code, row in table.iterrows():
        own = rows[rows.code == code]
        assert (row.articles, row.arguments) == (own.source_id.nunique(), len(own))
        assert (
            sum(row[s] for s in schemas.STANCES) == len(own) and row.ids == own.argument_id.tolist()
        )
    assert table.articles.is_monotonic_decreasing
    assert arguments.by_code(rows.head(0)).empty


def test_a_side_follows_from_code_stance_and_word():
    rows = arguments.arguments()
    side = arguments.Side("s", ("means_economic",), ("asserted",), "sanction")
    held = side.of(rows)
    assert len(held) and held.gloss.str.lower().str.contains("sanction").all()
    assert set(held.code) == {"means_economic"} and set(held.stance) == {"asserted"}
    assert arguments.contested(rows.head(0), rows.head(0)).empty

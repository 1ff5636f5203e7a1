"""Which arguments are shared, held, denied and contested, and that grid, bars and sentences follow the rows."""

from __future__ import annotations

import itertools
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load, narrative, schemas
from rvdata.essays import motives as essay
from rvdata.essays import voices

ORDER = ["axios-2018", "geointel-2019", "rusi-2022", "kennan-2024", "rferl-2025"]


def publications(*sources):
    return voices.published(load("origins"), list(sources))


def arguments(*rows):
    """(source, code, stance, actor, holder) → rows of the table `arguments`, numbered by article."""
    numbers = dict.fromkeys(ORDER, 0)
    out = []
    for source, code, stance, actor, holder in rows:
        numbers[source] += 1
        out.append(
            {
                "argument_id": f"{source}-a{numbers[source]:02d}",
                "source_id": source,
                "code": code,
                "kind": schemas.CODES[code],
                "stance": stance,
                "actor": actor,
                "held_by": holder,
                "gloss": f"Point of {code}",
                "start": 1,
                "end": 2,
                "status": "as_printed",
                "note": None,
            }
        )
    columns = [
        "argument_id",
        "source_id",
        "code",
        "kind",
        "stance",
        "actor",
        "held_by",
        "gloss",
        "start",
        "end",
        "status",
        "note",
    ]
    return pd.DataFrame(out, columns=columns)


def told(*rows, sources=("axios-2018", "geointel-2019"), actor="RUS", kinds=()):
    published = publications(*sources)
    heard = essay.select(arguments(*rows), published)
    about = essay.select(heard, published, actor)
    return essay.tell(
        essay.select(about, published, kinds=list(kinds)), about, heard, published, actor
    )


TWO = [
    ("axios-2018", "foothold", "asserted", "RUS", None),
    ("geointel-2019", "foothold", "reported", "RUS;VEN", "Mark Galeotti"),
    ("geointel-2019", "limit_distance", "conditional", "RUS", None),
    ("axios-2018", "other", "rejected", "RUS", None),
]


def test_selection_by_actor_kind_stance_and_article_in_order_of_publication():
    table, everyone = load("arguments"), publications()
    assert everyone["origin_id"].tolist() == ORDER
    chosen = essay.select(table, everyone, "RUS")
    assert list(dict.fromkeys(chosen["source_id"])) == ORDER
    assert all("RUS" in a.split(";") for a in chosen["actor"]) and {
        "RUS",
        "RUS;VEN",
        "VEN;RUS",
    } <= set(chosen["actor"])
    assert set(essay.select(table, everyone, "RUS", ["limit"])["kind"]) == {"limit"}
    assert set(essay.select(table, everyone, "", [], ["rejected"])["argument_id"]) == {
        "kennan-2024-a04",
        "rusi-2022-a10",
    }
    assert len(essay.select(table, everyone)) == len(table)
    assert essay.select(table, publications("rusi-2022"), "CHN").empty
    assert essay.select(table, everyone.head(0), "RUS").empty


def test_every_code_kind_and_stance_of_the_protocol_has_its_words_and_mark():
    assert set(essay.WORDS) == set(schemas.CODES) and len(set(essay.WORDS.values())) == len(
        schemas.CODES
    )
    assert (
        set(essay.KINDS)
        == set(schemas.CODES.values())
        == set(essay.HEADINGS)
        == set(essay.PARTS) - {"rest"}
    )
    assert set(essay.LOOKS) == set(schemas.STANCES) == set(essay._STANCE_WORDS)
    for _, _, sides in essay.QUESTIONS:
        assert all(
            set(side.codes) <= set(schemas.CODES) and "rejected" not in side.stances
            for side in sides
        )


def test_rows_of_the_grid_stand_by_kind_then_most_frequent_code_and_marks_by_stance():
    rows = arguments(
        ("axios-2018", "limit_distance", "asserted", "RUS", None),
        ("axios-2018", "foothold", "conditional", "RUS", None),
        ("axios-2018", "foothold", "asserted", "RUS", None),
        ("axios-2018", "credibility", "rejected", "RUS", None),
        ("geointel-2019", "anti_us", "reported", "RUS", "x"),
    )
    rows.loc[0, "status"] = "doubted"
    assert essay.plotted_matrix(rows)[
        ["group", "row", "column", "look", "doubted"]
    ].values.tolist() == [
        ["Motives", "Defying the United States", "geointel-2019", "ring", False],
        ["Interests", "A lasting position in the region", "axios-2018", "filled", False],
        ["Interests", "A lasting position in the region", "axios-2018", "half", False],
        ["Interests", "Standing as a patron or power", "axios-2018", "cross", False],
        ["Limits", "Distance and lack of levers", "axios-2018", "filled", True],
    ]


def test_bars_count_each_kind_and_take_together_what_was_not_asked_for():
    published = publications("axios-2018", "geointel-2019")
    about = essay.select(arguments(*TWO), published, "RUS")
    everything = essay.plotted_shift(about, published, [])
    assert everything[["source_id", "part", "rows"]].values.tolist() == [
        ["axios-2018", "motive", 0],
        ["axios-2018", "interest", 1],
        ["axios-2018", "means", 0],
        ["axios-2018", "outside the codes", 1],
        ["axios-2018", "limit", 0],
        ["geointel-2019", "motive", 0],
        ["geointel-2019", "interest", 1],
        ["geointel-2019", "means", 0],
        ["geointel-2019", "outside the codes", 0],
        ["geointel-2019", "limit", 1],
    ]
    limits = essay.plotted_shift(about, published, ["limit"])
    assert limits[["source_id", "part", "rows"]].values.tolist() == [
        ["axios-2018", "kinds not asked for", 2],
        ["axios-2018", "limit", 0],
        ["geointel-2019", "kinds not asked for", 1],
        ["geointel-2019", "limit", 1],
    ]
    assert essay.plotted_shift(about, published, list(essay.KINDS)).equals(everything)


# ---- what is said


def test_nothing_argued_is_a_gap_and_not_a_denial():
    text = told(*TWO, actor="CHN")
    assert text.startswith(
        "No row of this selection, with two articles in it, says why China would act so"
    )
    assert text.endswith("it does not say that there is no motive and no limit.")
    assert "with no article in it at all" in essay.tell(
        *[arguments()] * 3, publications().head(0), "CHN"
    )


def test_the_narrative_on_one_row():
    text = told(("axios-2018", "foothold", "asserted", "RUS", None))
    assert (
        "One article (axios-2018) argues about Russia in one row, under the heading Interests. Without such a row:"
        " geointel-2019." in text
    )
    assert (
        "Only axios-2018 speaks by a code here, so nothing can be set side by side: a lasting position in the region "
        "(point of foothold) [axios-2018-a01]." in text
    )
    assert (
        "The one row is asserted in the article's own voice." in text
        and "No holder is named" in text
    )
    assert (
        "From article to article" not in text
        and "pull apart" not in text
        and "What they share" not in text
    )


def test_the_narrative_on_two_articles():
    text = told(*TWO)
    assert (
        "Two articles (axios-2018, geointel-2019) argue about Russia in four rows: two interests, one limit and "
        "one row outside the codes." in text
    )
    assert (
        "- **In both**: a lasting position in the region [axios-2018-a01, geointel-2019-a01]."
        in text
    )
    assert (
        "- **Only in geointel-2019**: distance and lack of levers (point of limit\\_distance) [geointel-2019-a02]."
        in text
    )
    assert "No code of its own is in axios-2018." in text
    assert "One row fits no code: point of other (rejected) [axios-2018-a02]." in text
    assert (
        "Of 4 rows, 1 is asserted in the article's own voice, 1 is reported of somebody else, 1 is conditional"
        in text
    )
    assert "The denial: point of other [axios-2018-a02]." in text
    assert "distance and lack of levers (only conditional) [geointel-2019-a02]" in text
    assert (
        "3 of 4 rows name no holder and are the article's own; the others rest on one named expert: "
        "Mark Galeotti [geointel-2019-a01]." in text
    )
    assert (
        "limits make up 0 of 2 in axios-2018 and 1 of 2 in geointel-2019. The share of limits is highest in"
        " geointel-2019 and lowest in axios-2018. One row moves such a share by 50 points" in text
    )


def test_the_narrative_on_all_articles_says_what_counts_of_rows_are_and_whose_articles_they_are():
    table, published = load("arguments"), publications()
    about = essay.select(table, published, "RUS")
    text = essay.tell(about, about, table, published, "RUS")
    assert "Counts of rows measure how often something is argued, not whether it is true" in text
    assert (
        schemas.ARTICLE_WARNINGS[1] in text
        and "oil, debt and arms sales [" in text.split("- **In all five**: ")[1]
    )
    assert "loyalty to Maduro is not devotion [kennan-2024-a04]" in text
    assert "summed up in words of this project and not quoted" in text and "“" not in text
    assert (
        "Mark Galeotti [rferl-2025-a05," in text
        and "a difference between articles, not a trend" in text
    )


def test_a_code_of_two_articles_out_of_three_is_in_several_and_not_in_all():
    text = told(
        ("axios-2018", "anti_us", "asserted", "RUS", None),
        ("geointel-2019", "anti_us", "asserted", "RUS", None),
        ("rusi-2022", "foothold", "asserted", "RUS", None),
        sources=ORDER[:3],
    )
    assert (
        "- **In all three**: nothing.\n- **In several**: defying the United States (in two) [axios-2018-a01,"
        " geointel-2019-a01]." in text
    )
    assert (
        "- **Only in rusi-2022**: a lasting position in the region (point of foothold) [rusi-2022-a01]."
        in text
    )


def test_only_one_stance_is_said_once():
    text = told(
        ("axios-2018", "foothold", "reported", "RUS", "experts"),
        ("geointel-2019", "anti_us", "reported", "RUS", "photos"),
    )
    assert (
        "All two rows are reported of somebody else." in text and "No article asserts" not in text
    )
    assert (
        "No row is the article's own; they rest on one picture or tracking record: photos [geointel-2019-a01]; "
        "one source without a name: experts [axios-2018-a01]." in text
    )


def test_ties_name_every_article():
    text = told(
        ("axios-2018", "anti_us", "asserted", "RUS", None),
        ("geointel-2019", "limit_distance", "asserted", "RUS", None),
        ("rusi-2022", "limit_distance", "asserted", "RUS", None),
        sources=ORDER[:3],
    )
    assert (
        "The share of limits is highest in geointel-2019 and rusi-2022 and lowest in axios-2018."
        in text
    )
    assert "One row moves such a share by 100 points" in text


def test_sides_of_a_question_follow_from_code_stance_and_gloss():
    rows = [
        ("axios-2018", "means_military", "asserted", "RUS", None),
        ("axios-2018", "limit_resources", "asserted", "RUS", None),
        ("geointel-2019", "limit_symbolic", "reported", "RUS", "experts"),
        ("geointel-2019", "foothold", "conditional", "RUS", None),
        ("geointel-2019", "foothold", "asserted", "RUS", None),
        ("geointel-2019", "distraction", "asserted", "RUS", None),
    ]
    text = told(*rows)
    assert (
        "- **Can Russia help, and how much?** One row on a means of help (1 in axios-2018) [axios-2018-a01]; two rows"
        " on a limit of means, reach or substance (1 in axios-2018, 1 in geointel-2019) [axios-2018-a02,"
        " geointel-2019-a01]. On more than one side: axios-2018." in text
    )
    assert (
        "- **What does Russia stand to lose or to gain?** One row in which a stake hangs on the partner's survival (1"
        " in geointel-2019) [geointel-2019-a02]; one row in which the crisis itself brings a gain (1 in geointel-2019)"
        " [geointel-2019-a04]. On more than one side: geointel-2019." in text
    )
    assert "pull apart" not in told(*rows[1:3]), "one side alone is no question"
    assert "On more than one side: no article." in told(rows[0], rows[2])


def test_the_question_on_sanctions_takes_rows_about_any_state_and_reads_the_gloss():
    table, published = load("arguments"), publications()
    about = essay.select(table, published, "RUS")
    sides = {
        asks: {side.says: own["argument_id"].tolist() for side, own in found}
        for asks, _, found in essay.contested(about, about, table)
    }["Do sanctions and pressure work?"]
    assert list(sides.values()) == [
        ["axios-2018-a07", "axios-2018-a10", "rusi-2022-a13", "rusi-2022-a18", "rusi-2022-a33"],
        ["axios-2018-a13", "kennan-2024-a11"],
        ["rferl-2025-a16", "rferl-2025-a23"],
        ["rusi-2022-a40"],
    ]


SETS = [
    {"actor": a, "kinds": k, "stances": s, "sources": w}
    for a, k, s, w in itertools.product(
        ("RUS", "VEN", "USA", "CHN"),
        ([], ["limit"], ["other", "means"]),
        ([], ["reported"], ["rejected"]),
        ([], ["geointel-2019"]),
    )
]


def frames(actor, kinds, stances, sources):
    published = publications(*sources)
    heard = essay.select(load("arguments"), published, stances=stances)
    about = essay.select(heard, published, actor)
    return essay.select(about, published, kinds=kinds), about, heard, published


@pytest.mark.parametrize("chosen", SETS, ids=lambda s: "-".join(str(v) for v in s.values()))
def test_whatever_is_asked_every_mark_has_its_evidence_and_no_text_of_a_chart_lies_on_another(
    chosen,
):
    selected, about, heard, published = frames(**chosen)
    text = essay.tell(selected, about, heard, published, chosen["actor"])
    marked = set(re.findall(r"[a-z]+-\d{4}-a\d+", text))
    behind = essay.behind(selected, about, heard)
    assert marked <= set(essay.evidence(behind).index) and set(selected["argument_id"]) <= set(
        behind["argument_id"]
    )
    assert not re.search(r"\bnan\b|\bNone\b|  |\(\)|\[\]| ,|\.\.", text)
    for fig, alt in (
        essay.draw_matrix(essay.plotted_matrix(selected), selected, published, chosen["actor"]),
        essay.draw_shift(
            essay.plotted_shift(about, published, chosen["kinds"]), about, chosen["actor"]
        ),
    ):
        assert charts.collisions(fig) == [] and alt
        plt.close(fig)


def test_one_changed_row_changes_chart_data_narrative_and_evidence_together():
    def outcome(stance):
        table, published = load("arguments"), publications()
        table.loc[table["argument_id"] == "axios-2018-a06", ["stance", "code", "kind"]] = [
            stance,
            "backfire",
            "limit",
        ]
        about = essay.select(table, published, "RUS")
        return [
            essay.plotted_matrix(about).to_csv(),
            essay.tell(about, about, table, published, "RUS"),
            essay.evidence(about).to_csv(),
            essay.plotted_shift(about, published, []).to_csv(),
        ]

    before, after = outcome("asserted"), outcome("rejected")
    assert (
        all(a != b for a, b in zip(before[:3], after[:3], strict=False)) and before[3] == after[3]
    )
    assert "axios-2018-a06,Limits,Pressure misses its aim,axios-2018,cross" in after[0]
    assert "in the author's view [axios-2018-a06]" in after[1].split("The denials:")[1]
    assert "pressure misses its aim (only rejected) [axios-2018-a06]" in after[1]


def test_a_doubted_row_is_said_to_be_doubted_and_drawn_with_a_question_mark():
    selected, about, heard, published = frames("VEN", ["means"], [], [])
    text = essay.tell(selected, about, heard, published, "VEN")
    assert "One row is marked as doubted, for reasons given in the notes [rusi-2022-a05]." in text
    fig, _ = essay.draw_matrix(essay.plotted_matrix(selected), selected, published, "VEN")
    assert [t.get_text() for t in fig.axes[0].texts].count("?") == 2  # the row and the key
    assert essay.evidence(selected).loc["rusi-2022-a05", "doubt"] == "doubted"
    assert narrative.notes(selected, key="argument_id").startswith(
        "- **rusi-2022-a05**: Printed as casting"
    )
    plt.close(fig)


# ---- what is handed to the marks


def grid(fig, columns):
    """Marks of a grid by column and line: (column, marker, filled) from top to bottom, the key left out."""
    ax = fig.axes[0]
    heads = {
        t.get_text().split("\n")[0]: t.get_position()[0]
        for t in ax.texts
        if t.get_text().split("\n")[0] in columns
    }
    top = min(t.get_position()[1] for t in ax.texts if t.get_text().split("\n")[0] in columns)
    marks = [
        (line.get_xdata()[0], line.get_ydata()[0], line)
        for line in ax.lines
        if line.get_marker() in ("o", "x")
    ]
    out = []
    for x, y, line in sorted(marks, key=lambda m: (-m[1], m[0])):
        if y < top:
            column = max((c for c in heads if heads[c] <= x), key=lambda c: heads[c])
            out.append(
                (column, line.get_marker(), line.get_fillstyle(), line.get_markerfacecolor())
            )
    return out


def test_each_row_is_one_mark_in_its_column_with_the_look_of_its_stance():
    published = publications("axios-2018", "geointel-2019")
    selected = essay.select(arguments(*TWO), published, "RUS")
    fig, alt = essay.draw_matrix(essay.plotted_matrix(selected), selected, published, "RUS")
    blue = charts.COLOURS[0]
    assert [m[:3] for m in grid(fig, published["origin_id"].tolist())] == [
        ("axios-2018", "o", "full"),
        ("geointel-2019", "o", "full"),
        ("geointel-2019", "o", "left"),
        ("axios-2018", "x", "full"),
    ]
    assert [m[3] for m in grid(fig, published["origin_id"].tolist())][:2] == [blue, "white"]
    assert "n = 2" in " ".join(t.get_text() for t in fig.axes[0].texts)
    assert (
        alt
        == "Grid of three codes by two articles, four marks. A lasting position in the region: axios-2018 1 asserted, "
        "geointel-2019 1 reported; Distance and lack of levers: geointel-2019 1 conditional; None of these: axios-2018 "
        "1 rejected."
    )
    plt.close(fig)


def test_the_key_explains_only_the_looks_that_occur():
    published = publications("axios-2018")
    selected = essay.select(arguments(TWO[0]), published, "RUS")
    fig, _ = essay.draw_matrix(essay.plotted_matrix(selected), selected, published, "RUS")
    texts = [t.get_text() for t in fig.axes[0].texts]
    assert (
        "asserted by the article" in texts
        and "denied" not in texts
        and "reported of somebody" not in texts
    )
    plt.close(fig)


def test_many_marks_in_a_cell_wrap_and_stay_in_their_column():
    rows = arguments(
        *[("geointel-2019", "foothold", "asserted", "RUS", None)] * 14,
        ("rusi-2022", "foothold", "asserted", "RUS", None),
    )
    published = publications()
    fig, _ = essay.draw_matrix(essay.plotted_matrix(rows), rows, published, "RUS")
    marks = grid(fig, ORDER)
    assert [m[0] for m in marks].count("geointel-2019") == 14 and [m[0] for m in marks].count(
        "rusi-2022"
    ) == 1
    assert charts.collisions(fig) == []
    plt.close(fig)


def test_bars_are_as_wide_as_the_share_and_an_article_without_rows_says_so():
    published = publications("axios-2018", "geointel-2019", "rusi-2022")
    about = essay.select(arguments(*TWO), published, "RUS")
    fig, alt = essay.draw_shift(essay.plotted_shift(about, published, []), about, "RUS")
    bars = [
        (round(p.get_x(), 3), round(p.get_width(), 3), round(p.get_y() + p.get_height() / 2))
        for p in fig.axes[0].patches
    ]
    assert bars == [(0.0, 50.0, 2), (50.0, 50.0, 2), (0.0, 50.0, 1), (50.0, 50.0, 1)]
    texts = [t.get_text() for t in fig.axes[0].texts]
    assert texts.count("1") == 4 and texts.count("n = 2") == 2 and texts.count("no row") == 1
    assert alt.startswith(
        "Bars of 100 per cent, one for each of three articles, in rows. axios-2018 [21 to 26 May 2018]: motive 0,"
        " interest 1"
    )
    plt.close(fig)


def test_nothing_to_draw_gives_figures_that_say_so():
    selected, about, _, published = frames("CHN", [], [], [])
    fig, alt = essay.draw_matrix(essay.plotted_matrix(selected), selected, published, "CHN")
    assert alt == "Empty chart. No article in this selection argues about China in this way."
    plt.close(fig)
    fig, alt = essay.draw_shift(essay.plotted_shift(about, published, []), about, "CHN")
    assert (
        alt
        == "Empty chart. No article in this selection has a row about China, so there is no emphasis to compare."
    )
    plt.close(fig)


def test_senseless_kinds_and_stances_are_refused_with_what_there_is():
    from rvdata import parameters
    from rvdata.errors import DataError

    with pytest.raises(DataError) as refused:
        parameters.check(states=("RUS",), kinds=["motif"], stances=["denied"])
    assert (
        "'motif' is no kind of argument (nearest: motive); there are: motive, interest, means"
        in str(refused.value)
    )
    assert "'denied' is no stance of an argument" in str(refused.value)
    parameters.check(states=("RUS",), kinds=["limit"], stances=["reported"])

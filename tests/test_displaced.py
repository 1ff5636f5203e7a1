"""Stated counts against year ends: where they lie, whom they count, what a definition or a release leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from test_displacement import SYRIA, UKRAINE, counts

from rvdata import charts, load, reconcile
from rvdata.errors import DataError
from rvdata.essays import displaced as essay
from rvdata.essays import displacement, releases

NAN, DAY = float("nan"), pd.Timestamp
COLUMNS = [
    "refugees",
    "asylum_seekers",
    "other_in_need",
    "others_of_concern",
    "internally_displaced",
]


def people(**rows):
    """`VEN_2021=(refugees, asylum-seekers, others in need, of concern, inside)` → rows of one release, in thousands."""
    frame = pd.DataFrame(
        [
            {
                "origin_id": "un-2025",
                "origin": key[:-5],
                "year": int(key[-4:]),
                **dict(zip(COLUMNS, values, strict=False)),
            }
            for key, values in rows.items()
        ],
        columns=["origin_id", "origin", "year", *COLUMNS],
    )
    thousand = (1000 * frame[COLUMNS].astype("float64")).round().astype("Int64")
    return frame.assign(**{c: thousand[c] for c in COLUMNS}, year=frame["year"].astype("Int64"))


FULL = people(
    VEN_2021=(200, 1000, 4400, 1500, 0),
    VEN_2022=(230, 1100, 5200, 3500, 0),
    VEN_2020=(170, 850, 3900, 0, 0),
    UKR_2021=(27, 20, NAN, 1000, 850),
    UKR_2022=(5600, 100, NAN, 500, 6000),
    RUS_2021=(60, 40, NAN, 0, 0),
    RUS_2022=(80, 60, NAN, 0, 0),
    SYR_2021=(6800, 140, NAN, 0, 7000),
    SYR_2022=(6500, 150, NAN, 0, 7000),
    AFG_1990=(6300, 0, NAN, 0, 0),
    AFG_2021=(2700, 200, NAN, 0, 3500),
)
BARE = FULL[~FULL["origin"].isin(["AFG"])].assign(
    origin_id="un-bare", other_in_need=pd.array([pd.NA] * 9, dtype="Int64")
)
BOTH = pd.concat([FULL, BARE], ignore_index=True)
ORIGINS = pd.DataFrame(
    {
        "origin_id": ["un-2025", "un-bare", "rusi-2022"],
        "kind": ["dataset", "dataset", "article"],
        "publisher": ["UN", "UN", "RUSI"],
        "generated": [DAY("2025-12-01"), DAY("2026-01-01"), pd.NaT],
        "released": [pd.NaT, pd.NaT, DAY("2022-04-01")],
        "released_end": [pd.NaT, pd.NaT, DAY("2022-06-30")],
        "published_basis": [NAN, NAN, "inferred"],
        "released_precision": [NAN, NAN, "period"],
        "covers": ["*", "*", NAN],
        "data_from": DAY("1951-12-31"),
        "data_through": DAY("2022-12-31"),
    }
)
NO_LINES = essay.by_year(FULL, [], 2010, 0)
VENEZUELA = ("VEN", "VEN", 5.9e6, "as_printed")
RANK = {
    "figure_id": "x-2000-f09",
    "source_id": "rusi-2022",
    "family": "rank",
    "measure": "place among refugee crises",
    "stated": "largest",
    "value": 1.0,
    "low": 1.0,
    "high": 1.0,
    "stated_step": 1.0,
    "unit": "rank",
    "qualifier": "exact",
    "subject": "VEN;SYR;UKR",
    "subject_basis": "printed",
    "responsible": NAN,
    "counterpart": NAN,
    "period_start": DAY("1980-01-01"),
    "period_end": pd.NaT,
    "as_of": pd.NaT,
    "as_of_end": DAY("2022-06-30"),
    "as_of_precision": "before",
    "check_method": "displaced_rank",
}


def checks_of(table, displaced=BOTH, rank=None):
    """The table `figure_checks` as the project itself would compute it for some counts."""
    figures = pd.DataFrame(
        [
            {
                "figure_id": row["figure_id"],
                "source_id": "rusi-2022",
                "family": "refugee_count",
                "measure": "people displaced",
                "stated": row["stated"],
                "value": row["persons"],
                "low": row["low"],
                "high": row["high"],
                "stated_step": 1e5,
                "unit": "persons",
                "qualifier": row["qualifier"],
                "subject": row["origin"],
                "subject_basis": row["origin_basis"],
                "responsible": row["responsible"],
                "counterpart": NAN,
                "period_start": pd.NaT,
                "period_end": pd.NaT,
                "as_of": row["as_of"],
                "as_of_end": row["as_of_end"],
                "as_of_precision": row["as_of_precision"],
                "check_method": "displaced_abroad",
            }
            for row in table.to_dict("records")
        ]
        + ([rank] if rank else [])
    )
    frames = {
        name: load(name).head(0)
        for name in (
            "arms_transfers",
            "arms_orders",
            "arms_units",
            "economy",
            "us_cpi",
            "un_vote_agreement",
            "un_vote_spread",
            "un_vote_windows",
            "un_ideal_points",
            "sanctions_listed",
        )
    }
    return reconcile.check(
        frames | {"figures": figures, "origins": ORIGINS, "displaced_persons": displaced}
    )


def told(*rows, displaced=BOTH, rank=None, shown="un-2025", asked=(), **more):
    table = counts(*rows, **more) if rows else counts(SYRIA).head(0)
    ranks = pd.DataFrame([rank] if rank else [], columns=list(RANK))
    checks = checks_of(table, displaced, rank) if rows else checks_of(counts(SYRIA), displaced)
    own = displaced[displaced["origin_id"] == shown]
    lines = essay.by_year(own, asked, 2010, 0)
    return essay.tell(
        table,
        ranks,
        checks,
        displaced,
        ORIGINS,
        lines,
        essay.around(table, displaced, shown),
        shown,
        " from Cuba",
    )


def words_of(plotted, row):
    return plotted.set_index("row").loc[row, "words"]


# ---- which release


def test_the_release_drawn_is_the_newest_with_all_definitions_unless_another_is_wished_for():
    assert releases.choose(BOTH, ORIGINS, fits=essay.whole) == "un-2025"  # un-bare is newer
    assert (
        releases.choose(BOTH, ORIGINS)
        == releases.choose(BOTH, ORIGINS, "un-bare", essay.whole)
        == "un-bare"
    )
    assert (
        releases.choose(BARE, ORIGINS, fits=essay.whole)
        == releases.choose(BOTH.head(0), ORIGINS)
        == ""
    )


def test_a_release_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(
        DataError,
        match=r"'un-2024' is no release of these data \(nearest: un-2025\); there are: "
        r"un-2025, un-bare",
    ):
        releases.choose(BOTH, ORIGINS, "un-2024")
    with pytest.raises(DataError, match="there is none; rvdata import adds one"):
        releases.choose(BOTH.head(0), ORIGINS, "un-2024")


def test_the_load_cell_names_the_release_and_its_day():
    assert releases.shown(ORIGINS, displaced_persons="un-2025", economy="") == (
        "displaced_persons: un-2025, UN, of 1 December 2025\neconomy: no release in the collection"
    )


# ---- by year


def test_lines_hold_millions_abroad_by_state_and_year_and_leave_years_without_rows_out():
    plotted = essay.by_year(FULL, ["VEN", "AFG"], 1990, 0)
    assert plotted.values.tolist() == [
        ["Venezuela", "VEN", 2020, 4.92],
        ["Venezuela", "VEN", 2021, 5.6],
        ["Venezuela", "VEN", 2022, 6.53],
        ["Afghanistan", "AFG", 1990, 6.3],
        ["Afghanistan", "AFG", 2021, 2.9],
    ]
    assert essay.by_year(FULL, ["VEN"], 2021, 2021)["year"].tolist() == [2021]
    table = essay.wide(plotted)
    assert table.loc[1990].tolist() == ["", 6.3] and table.loc[2022].tolist() == [6.53, ""]


def test_a_state_without_any_count_is_a_gap_that_is_said():
    plotted = essay.by_year(FULL, ["VEN", "CUB"], 2021, 0)
    assert essay.uncounted(plotted) == ["CUB"] and essay.wide(plotted)["Cuba"].tolist() == ["", ""]
    fig, alt = essay.draw_by_year(plotted, counts(VENEZUELA), ORIGINS, "un-2025", True)
    assert "No count of Cuba in these years." in alt and "one state" in alt
    plt.close(fig)
    assert "Of Cuba the release has no count." in told(asked=["VEN", "CUB"])
    assert told(asked=["CUB"]) == told() and essay.by_year(FULL.head(0), ["CUB"], 2010, 0).empty
    _, alt = essay.draw_by_year(
        essay.by_year(FULL, ["CUB"], 2010, 0), counts(SYRIA).head(0), ORIGINS, "un-2025", True
    )
    assert alt.startswith("Empty chart.")
    plt.close("all")


def test_states_that_a_literal_reading_would_have_are_drawn_beside_those_that_fled():
    assert essay.states_of(counts(SYRIA, UKRAINE), []) == ["SYR", "UKR", "RUS"]
    assert essay.states_of(counts(UKRAINE, basis="printed"), []) == ["UKR"]
    assert essay.states_of(counts(SYRIA).head(0), ["CUB"]) == ["CUB"]
    assert essay.states_of(counts(("SYR", NAN, 6.6e6, "as_printed")), []) == ["SYR"]


def test_a_stated_count_is_set_at_the_last_day_at_which_it_can_hold_and_says_under_whom_it_is_listed():
    marks = essay.stated_marks(counts(UKRAINE).assign(as_of=pd.NaT))
    assert marks["label"].tolist() == ["4.5 million stated of Ukraine, listed under Russia"]
    assert marks[["value", "least", "most"]].values.tolist() == [[4.5, 4.45, 4.55]]
    assert marks["first"].tolist() == marks["last"].tolist() == [2022 + 180 / 365]
    assert essay.stated_marks(counts(UKRAINE))["first"].tolist() == [2022 + 90 / 365]
    assert essay.stated_marks(counts(UKRAINE).assign(as_of_end=pd.NaT)).empty


# ---- around the stated number


def test_every_definition_is_counted_at_both_year_ends_in_millions():
    plotted = essay.around(counts(VENEZUELA), BOTH, "un-2025")
    rows = plotted.set_index("row")
    assert rows[["first", "last"]].iloc[:5].values.tolist() == [
        [5.6, 6.53],
        [0.2, 0.23],
        [1.2, 1.33],
        [7.1, 10.03],
        [5.6, 6.53],
    ]
    assert rows["side"].iloc[:5].tolist() == ["between", "below", "below", "above", "same"]
    assert rows["words"].iloc[:4].tolist() == [
        "5.60 to 6.53 million: around it",
        "200,000 to 230,000: too small",
        "1.20 to 1.33 million: too small",
        "7.10 to 10.03 million: too large",
    ]
    assert rows["first_year"].unique().tolist() == [2021] and rows[
        "last_year"
    ].unique().tolist() == [2022]
    assert rows["checked"].tolist() == [True, False, False, False, False, False]


def test_a_release_without_others_in_need_is_not_comparable_and_says_how_many_times_too_small():
    row = essay.around(counts(VENEZUELA), BOTH, "un-2025").iloc[-1]
    assert (
        row["words"] == "not comparable: 4.7 to 4.9 times too small"
    )  # 5.6 / 1.2 and 6.53 / 1.33 million
    assert pd.isna(row["first"]) and pd.isna(row["last"]) and row["side"] == "not comparable"
    assert essay.around(counts(SYRIA), BOTH, "un-2025")["words"].iloc[-1] == (
        "not comparable: though none are missing for this state"
    )


def test_a_release_without_the_column_that_is_wished_for_gives_no_count_by_the_checked_definition():
    plotted = essay.around(counts(VENEZUELA), BOTH, "un-bare")
    checked = plotted[plotted["checked"]].iloc[0]
    assert checked["words"] == "not comparable: the release has no such column" and pd.isna(
        checked["first"]
    )
    assert not plotted["row"].str.startswith("release").any()
    assert plotted.set_index("row").loc["refugees alone", "first"] == 0.2
    fig, alt = essay.draw_by_year(
        essay.by_year(BARE, ["VEN"], 2010, 0), counts(VENEZUELA), ORIGINS, "un-bare", False
    )
    assert "without others in need" in alt
    plt.close(fig)
    assert essay.places(pd.DataFrame([RANK]), BOTH, "un-bare").empty


def test_a_missing_year_end_is_no_data_and_not_zero():
    plotted = essay.around(counts(("CUB", "CUB", 1e6, "as_printed")), BOTH, "un-2025")
    assert set(plotted["side"].iloc[:5]) == {"no data"} and plotted[["first", "last"]].isna().all(
        axis=None
    )
    assert words_of(plotted, "refugees alone") == "no data for both year ends"


@pytest.mark.parametrize(
    ("qualifier", "persons", "least", "most", "side"),
    [
        ("over", 6.6e6, 6.6e6, NAN, "below"),
        ("at_least", 5e6, 5e6, NAN, "between"),
        ("at_most", 5e6, NAN, 5e6, "above"),
        ("vague", NAN, 2e6, NAN, "between"),
        ("approx", 5.9e6, NAN, NAN, "between"),
        ("approx", 7e6, NAN, NAN, "below"),
        ("nearly", 9e6, NAN, 9e6, "below"),
        ("range", NAN, 6.53e6, 6.6e6, "between"),
        ("range", NAN, 5e6, 5.5e6, "above"),
    ],
)
def test_a_bound_opens_a_side_and_a_hedge_does_not(qualifier, persons, least, most, side):
    row = counts(VENEZUELA).assign(
        qualifier=qualifier, persons=persons, least=least, most=most, low=least, high=most
    )
    assert essay.around(row, BOTH, "un-2025")["side"].iloc[0] == side
    text = essay.tell(
        row,
        pd.DataFrame(columns=list(RANK)),
        checks_of(row),
        BOTH,
        ORIGINS,
        NO_LINES,
        essay.around(row, BOTH, "un-2025"),
        "un-2025",
    )
    assert "nan" not in text and text.startswith("**Held against")
    assert ("above both year ends" in text) == (side == "below")


def test_a_count_of_a_year_end_has_one_end():
    table = counts(VENEZUELA).assign(as_of_end=DAY("2021-12-31"), as_of_precision="day")
    row = essay.around(table, BOTH, "un-2025").iloc[0]
    assert (row["first"], row["first_year"], row["last_year"]) == (5.6, 2021, 2021) and pd.isna(
        row["last"]
    )
    assert row["words"] == "5.60 million: too small"


# ---- the rank


def test_places_show_the_largest_peaks_and_every_named_origin():
    plotted = essay.places(pd.DataFrame([RANK]), BOTH, "un-2025", longest=2)
    assert plotted[["rank", "code", "persons", "year", "strong"]].values.tolist() == [
        [1, "SYR", 6_940_000.0, 2021, True],
        [2, "VEN", 6_530_000.0, 2022, True],
        [4, "UKR", 5_700_000.0, 2022, True],
    ]
    assert essay.places(pd.DataFrame([RANK]), BOTH, "un-2025")["code"].tolist() == [
        "SYR",
        "VEN",
        "AFG",
        "UKR",
        "RUS",
    ]
    assert essay.by_rank(plotted).values.tolist()[2] == [4, "Ukraine", 5_700_000, 2022, True]
    assert essay.by_rank(plotted.head(0)).empty
    assert essay.places(pd.DataFrame([RANK | {"period_start": pd.NaT}]), BOTH, "un-2025").empty


# ---- what is said


def test_one_count_between_two_year_ends_is_no_match():
    text = told(VENEZUELA)
    assert text.startswith(
        "**Held against UNHCR's year ends, the count is consistent with a bracket.** Venezuela's "
        "5.9 million lies "
        "between 5.60 million (end of 2021) and 6.53 million (end of 2022) [x-2000-f01]."
    )
    assert "The release, un-2025 of 1 December 2025, is later than the article" in text
    assert "is no match: nothing is interpolated" in text
    assert "refugees alone are 28 times fewer" in text
    assert (
        "Release un-bare has no column of others in need and would make Venezuela's count 4.7 to 4.9 "
        "times too small"
    ) in text


def test_a_count_outside_its_bracket_is_told_with_its_distance():
    assert "lies between 6.94 million (end of 2021) and 6.65 million" in told(
        SYRIA
    )  # 6.65 may be printed as 6.6
    far = told(("SYR", "SYR", 6.5e6, "as_printed"))
    assert (
        "lies below both year ends, 6.94 million (end of 2021) and 6.65 million (end of 2022), by "
        "150,000 or more (close)"
    ) in far
    assert (
        "only the count of refugees alone lies around the stated number [" in far
        and "too [" not in far
    )
    assert "above both year ends" in told(("SYR", "SYR", 8e6, "as_printed"))


def test_a_number_that_counts_other_people_than_it_says_is_shown_with_the_evidence():
    text = told(UKRAINE)
    assert "**4.5 million stand under Russia and count other people than that suggests.**" in text
    assert (
        "People who fled Ukraine fit; people who fled Russia were 100,000 and 140,000 at the same year "
        "ends, which does not"
    ) in text
    assert (
        "47,000 (end of 2021) and 5.70 million (end of 2022), so far apart that almost any number would fit"
        in text
    )
    assert "other people" not in told(UKRAINE, basis="printed") and "other people" not in told(
        VENEZUELA
    )


def test_a_number_that_fits_neither_reading_is_not_said_to_count_others():
    text = told(("UKR", "RUS", 9e6, "doubted"))
    assert "count other people" not in text and "which does not fit either" in text


def test_several_counts_are_counted_by_verdict():
    text = told(("SYR", "SYR", 6.5e6, "as_printed"), VENEZUELA, UKRAINE)
    assert text.startswith(
        "**Of three counts held against UNHCR's year ends, two are consistent with a bracket and "
        "one is close.**"
    )
    assert "0 of 31 for Venezuela" not in text  # fewer years are in these invented data
    assert "proves nothing" in text and text.index("Syria's") < text.index(
        "Venezuela's"
    ) < text.index("Ukraine's")


def test_no_data_is_said_with_the_remedy():
    assert "the count finds no data" in told(
        ("CUB", "CUB", 1e6, "as_printed"), displaced=BOTH.head(0)
    )
    assert "import UNHCR's population data" in told(
        ("CUB", "CUB", 1e6, "as_printed"), displaced=BOTH.head(0)
    )
    assert told() == "**Nothing to check:** no count is stated from Cuba."


def test_where_nothing_is_stated_the_data_are_told_for_themselves():
    assert told(asked=["RUS", "VEN"]) == (
        "**Nothing to check:** no count is stated from Cuba. UNHCR counts 140,000 from Russia at the end of 2022 and 6.53 million from "
        "Venezuela at the end of 2022 (release un-2025), beside which no article is set."
    )
    assert "(release un-bare, without other people in need of protection)" in told(
        asked=["VEN"], shown="un-bare"
    )


def test_a_rank_is_told_with_the_place_of_each_and_with_who_comes_before():
    text = told(VENEZUELA, rank=RANK)
    assert (
        "**The rank “largest” differs:** among all origins, by the highest year end of 1980 to 2022, Syria comes "
        "first, Venezuela "
        "second and Ukraine fourth; Afghanistan (6.30 million, end of 1990) comes before the last of them "
        "[x-2000-f09]."
    ) in text
    held = told(VENEZUELA, rank=RANK | {"subject": "SYR;VEN"})
    assert "**The rank “largest” matches:**" in held and "before the last" not in held
    lost = told(VENEZUELA, rank=RANK | {"subject": "SYR;CUB"})
    assert "of Cuba there is no count" in lost


def test_another_release_that_is_drawn_is_named_beside_that_of_the_verdicts():
    assert "The charts show release un-bare." in told(VENEZUELA, shown="un-bare")
    assert "The charts show" not in told(VENEZUELA)


def test_explanations_are_listed_with_how_many_were_tried():
    checks = checks_of(counts(VENEZUELA))
    table = essay.explanations(checks, pd.DataFrame({"figure_id": ["x-2000-f01", "x-2000-f02"]}))
    assert table.index.tolist() == ["x-2000-f01"]
    row = table.iloc[0]
    assert (
        row["verdict"] == "consistent with bracket"
        and int(row["tried"]) > 10
        and row["matched"] == "0"
    )


# ---- what is drawn


@pytest.mark.parametrize(
    ("rows", "release"),
    [
        ([SYRIA], "un-2025"),
        ([SYRIA, VENEZUELA, UKRAINE], "un-2025"),
        ([("CUB", "CUB", 1e6, "as_printed")], "un-2025"),
        ([], "un-2025"),
        ([SYRIA, VENEZUELA, UKRAINE], "un-bare"),
        ([SYRIA], ""),
        ([], ""),
    ],
)
def test_no_text_leaves_a_figure_or_lies_on_another(rows, release):
    table = counts(*rows) if rows else counts(SYRIA).head(0)
    own, ranks = (
        BOTH[BOTH["origin_id"] == release],
        pd.DataFrame([RANK] if rows else [], columns=list(RANK)),
    )
    drawn = [
        essay.draw_by_year(
            essay.by_year(own, essay.states_of(table, []), 2010, 0),
            table,
            ORIGINS,
            release,
            essay.whole(own),
        ),
        essay.draw_around(essay.around(table, BOTH, release), table, ORIGINS, release),
        essay.draw_places(essay.places(ranks, BOTH, release), ranks, ORIGINS, release),
    ]
    for fig, alt in drawn:
        assert charts.collisions(fig) == [] and len(alt) > 40
        plt.close(fig)


def test_one_changed_count_of_the_data_changes_every_chart_and_the_text_together():
    def outcome(refugees):
        changed = BOTH.assign(
            refugees=BOTH["refugees"].where(
                (BOTH["origin"] != "VEN") | (BOTH["year"] != 2022), refugees
            )
        )
        table, ranks = counts(VENEZUELA), pd.DataFrame([RANK])
        plotted = essay.around(table, changed, "un-2025")
        return (
            essay.by_year(changed[changed["origin_id"] == "un-2025"], ["VEN"], 2010, 0).to_csv(),
            plotted.to_csv(),
            essay.places(ranks, changed, "un-2025").to_csv(),
            essay.tell(
                table,
                ranks,
                checks_of(table, changed, RANK),
                changed,
                ORIGINS,
                NO_LINES,
                plotted,
                "un-2025",
            ),
        )

    assert all(a != b for a, b in zip(outcome(230_000), outcome(1_230_000), strict=False))


# ---- the collection itself, a second way


def test_the_default_lines_are_what_the_table_holds():
    table = load("displaced_persons", "all")
    drawn = releases.choose(table, load("origins"), fits=essay.whole)
    plotted = essay.by_year(table[table["origin_id"] == drawn], ["VEN", "UKR"], 2010, 0)
    for row in plotted.to_dict("records"):
        own = table.query(
            f"origin_id == '{drawn}' and origin == '{row['code']}' and year == {row['year']}"
        ).iloc[0]
        parts = [own[c] for c in ("refugees", "asylum_seekers", "other_in_need")]
        assert round(row["value"] * 1e6) == sum(int(p) for p in parts if not pd.isna(p))


def test_the_stated_counts_stand_among_the_publishers_own_year_ends():
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    frame = pd.read_csv(Path(folder) / "unhcr" / "population_origin-VEN-SYR-UKR-RUS.csv")
    frame["abroad"] = frame[["refugees", "asylum_seekers", "oip"]].sum(axis=1)
    ends = frame[frame["year"].isin([2021, 2022])].groupby(["coo_iso", "year"])["abroad"].sum()
    table = load("refugee_counts")
    chosen = displacement.rounding(displacement.select(table, [], [], [], True), load("figures"))
    plotted = essay.around(chosen, load("displaced_persons", "all"), "unhcr-2025-12")
    rows = plotted[plotted["checked"]].merge(chosen[["figure_id", "origin"]], on="figure_id")
    assert {
        (r["origin"], round(r["first"] * 1e6), round(r["last"] * 1e6))
        for r in rows.to_dict("records")
    } == {(code, int(ends[code, 2021]), int(ends[code, 2022])) for code in ("VEN", "SYR", "UKR")}
    assert rows.set_index("origin")["side"].to_dict() == {
        "SYR": "above",
        "VEN": "between",
        "UKR": "between",
    }


def test_the_rank_is_what_plain_pandas_makes_of_the_table():
    figures, table = load("figures"), load("displaced_persons", "all")
    own = table[(table["origin_id"] == "unhcr-2025-12") & table["year"].between(1980, 2022)]
    own = own[~own["origin"].str.startswith("_")]
    abroad = own[["refugees", "asylum_seekers", "other_in_need"]].fillna(0).sum(axis=1)
    peak = own.assign(abroad=abroad).groupby("origin")["abroad"].max()
    plotted = essay.places(figures[figures["figure_id"] == "rusi-2022-f08"], table, "unhcr-2025-12")
    expected = peak.sort_values(ascending=False).head(8)
    assert plotted["code"].tolist() == expected.index.tolist()
    assert plotted["persons"].tolist() == [float(v) for v in expected]
    assert plotted.set_index("code")["rank"].reindex(["SYR", "VEN", "AFG", "UKR"]).tolist() == [
        1,
        2,
        3,
        4,
    ]

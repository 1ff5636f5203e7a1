"""Grammar on none, one, two and many; numbers and dates as prose says them; evidence from rows."""

from __future__ import annotations

import pandas as pd
import pytest

from rvdata import load, narrative, schemas


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "no row states"),
        (1, "one row states"),
        (2, "two rows state"),
        (12, "twelve rows state"),
        (13, "13 rows state"),
        (1234, "1,234 rows state"),
    ],
)
def test_counts_agree_with_noun_and_verb(n, said):
    assert f"{narrative.count(n, 'row')} {narrative.verb(n, 'states', 'state')}" == said


def test_irregular_plurals_are_known():
    assert (
        narrative.count(2, "country") == "two countries"
        and narrative.count(3, "person") == "three people"
    )


@pytest.mark.parametrize(
    ("items", "said"),
    [([], "none"), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_lists_read_as_english(items, said):
    assert narrative.listed(items) == said


def test_possessives_of_names_in_s():
    assert (
        narrative.possessive("Cuba") == "Cuba's"
        and narrative.possessive("United States") == "United States'"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (4_500_000.0, "4,500,000"),
        (70.0, "70"),
        (69.5, "69.5"),
        (0.0, "0"),
        (30e9, "30,000,000,000"),
        (100 / 3, "33.3333"),
        (999_999.0, "999,999"),
    ],
)
def test_numbers_have_separators_and_no_exponent(value, said):
    assert narrative.number(value) == said


def test_a_share_without_an_interval_stands_alone():
    assert (
        narrative.percent(70)
        == "70 %"
        == narrative.percent(70, float("nan"), float("nan"))
        == narrative.percent(70, 70, 70)
    )
    assert narrative.percent(10, 9, 11) == "10 % (9 to 11 %)"


@pytest.mark.parametrize(
    ("first", "last", "precision", "said"),
    [
        ("2019-02-04", "2019-02-04", "day", "4 February 2019"),
        ("2025-10-01", "2025-10-31", "month", "October 2025"),
        ("2022-02-11", "2022-02-20", "part_of_month", "mid February 2022"),
        ("2020-09-01", "2020-12-31", "part_of_year", "late 2020"),
        ("2018-01-01", "2018-12-31", "year", "2018"),
        ("2000-01-01", "2003-12-31", "part_of_decade", "the early 2000s"),
        ("1996-01-01", "1999-12-31", "part_of_decade", "the late 1990s"),
        ("2019-01-01", "2023-12-31", "period", "2019 to 2023"),
        ("2025-11-02", "2025-11-08", "period", "2 to 8 November 2025"),
        (None, "2018-05-26", "before", "by 26 May 2018"),
        ("2024-07-29", None, "after", "after 29 July 2024"),
        ("2024-07-01", None, "after", "from July 2024 on"),
        ("2020-01-01", None, "after", "from 2020 on"),
        (None, "2020-12-31", "before", "by the end of 2020"),
        ("2018-05-20", "2018-05-26", "week", "20 to 26 May 2018"),
        ("2025-10-23", "2025-11-08", "ongoing", "under way on 23 October 2025"),
        ("2017-05-27", "2018-05-26", "recent", "within the year to 26 May 2018"),
    ],
)
def test_dates_are_said_as_exactly_as_they_are_known(first, last, precision, said):
    assert narrative.days(pd.Timestamp(first), pd.Timestamp(last), precision) == said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("over 100", "over 100 persons"),
        ("$30 billion", "about $30 billion"),
        ("6.6 million", "6.6 million persons"),
        ("dozens", "dozens of persons"),
        ("70%", "70%"),
        ("decades", "decades"),
        ("number one", "first"),
        ("doubled", "doubled"),
    ],
)
def test_a_stated_quantity_is_said_with_its_hedge_and_unit(stated, said):
    figures = load("figures").set_index("stated", drop=False)
    row = figures.loc[[stated]].iloc[0]
    from figurefind import quantities

    spoken = narrative.quantity(row)
    own = spoken.removesuffix(f" {row['unit']}").removesuffix(" of")
    assert quantities.parse(own).qualifier == row["qualifier"]
    assert quantities.parse(own).value == (row["value"] if row["value"] == row["value"] else None)
    assert (f" {row['unit']}" in spoken) == (
        row["unit"] not in ("USD", "percent", "rank", "factor") and stated != "decades"
    )
    assert stated in ("$30 billion", "number one", "decades", "doubled") or spoken == said


def test_derived_quantities_are_said_with_their_interval():
    figures = load("figures").query("status == 'derived'").set_index("family")
    assert narrative.quantity(figures.loc["arms_import_share"]) == "10 (0 to 20) percent"
    assert narrative.quantity(figures.loc["ship"]) == "at least 4 ships"
    assert narrative.quantity(figures.loc["recognition"]) == "at least 16 countries"
    assert narrative.quantity(figures.loc["reward"]) == "25,000,000 USD"


def test_every_figure_of_the_collection_has_a_line_of_evidence():
    figures = load("figures")
    evidence = narrative.evidence(figures, load("figure_checks", "all"))
    assert list(evidence.index) == list(figures["figure_id"])
    assert not (evidence == "").any().any() and not evidence.isna().any().any()
    row = evidence.loc["rusi-2022-f11"]
    assert (row["stated"], row["value"], row["who"], row["doubt"]) == (
        "4.5 million",
        "4.5 million persons",
        "UN Refugee Agency",
        "doubted",
    )
    assert evidence.loc["geointel-2019-f02", "stated"] == "$30 billion (estimated)"
    assert evidence.loc["rferl-2025-f05", ["stated", "who", "doubt"]].tolist() == [
        "not printed",
        "this project",
        "inferred",
    ]
    assert (
        evidence.loc["rusi-2022-f01", "of what, when"]
        == "Venezuelans sanctioned by the US, since 2008"
    )
    assert evidence.loc["rferl-2025-f17", "of what, when"].endswith(", 22 October 2025 (inferred)")


def test_notes_list_derivation_and_doubt_of_each_row_or_say_that_there_are_none():
    figures = load("figures").set_index("figure_id", drop=False)
    text = narrative.notes(figures.loc[["rusi-2022-f07", "rusi-2022-f05"]])
    assert (
        text.startswith("- **rusi-2022-f07**: 80 % (with China) less 70 % (Russia);")
        and text.count("\n") == 0
    )
    assert (
        narrative.notes(figures.loc[["rusi-2022-f05"]])
        == "No inference and no doubt is recorded for these rows."
    )


def test_evidence_of_nothing_is_an_empty_table_with_its_columns():
    evidence = narrative.evidence(load("figures").head(0), load("figure_checks", "all"))
    assert len(evidence) == 0 and "doubt" in evidence.columns


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ({"verdict": "no data"}, "no data"),
        (
            {
                "verdict": "close",
                "coarse_verdict": "matches",
                "computed": 81.04,
                "vintage": "later",
                "origin_id": "sipri-x",
                "tried": 9,
                "matched": 2,
            },
            "close (matches if read more coarsely): 81.0 %, later release sipri-x; explanations: 2 of 9 match",
        ),
        (
            {
                "verdict": "consistent with bracket",
                "coarse_verdict": None,
                "computed": float("nan"),
                "computed_low": 10.0,
                "computed_high": 20.0,
                "vintage": "contemporary",
                "origin_id": "unhcr-x",
                "tried": 1,
                "matched": 0,
            },
            "consistent with bracket: 10.0 % to 20.0 %, contemporary release unhcr-x; explanations: 0 of 1 match",
        ),
    ],
)
def test_a_verdict_in_a_few_words(check, said):
    assert narrative.verdict(check, {"unit": "percent"}) == said


def test_a_release_is_named_with_its_day(monkeypatch):
    origins = pd.DataFrame(
        [
            {
                "origin_id": "sipri-x",
                "kind": "dataset",
                "publisher": "SIPRI",
                "generated": pd.Timestamp("2025-01-03"),
                "released": pd.NaT,
                "published_basis": None,
            },
            {
                "origin_id": "unhcr-x",
                "kind": "dataset",
                "publisher": "UNHCR",
                "generated": pd.NaT,
                "released": pd.Timestamp("2025-06-12"),
                "published_basis": "inferred",
            },
        ]
    )
    monkeypatch.setattr(narrative.store, "load", lambda name: origins)
    assert narrative.source_line(["sipri-x", "unhcr-x"]) == (
        "Source: own calculation from SIPRI, release of 2025-01-03; own calculation from UNHCR, release of [2025-06-12]; "
        "compiled by rvdata."
    )


def test_limits_name_each_warning_once():
    text = narrative.limits("arms_import_shares", "refugee_counts")
    lines = text.splitlines()
    assert (
        len(lines)
        == len(set(lines))
        == len(
            set(
                schemas.TABLES["arms_import_shares"].warnings
                + schemas.TABLES["refugee_counts"].warnings
            )
        )
    )


def test_the_source_line_brackets_inferred_years_and_names_who_is_cited():
    assert (
        narrative.source_line(["rusi-2022", "rusi-2022"], ["SIPRI", float("nan"), "SIPRI"])
        == "Source: RUSI [2022], citing SIPRI; compiled by rvdata."
    )
    assert narrative.source_line([]) == "Source: no article; compiled by rvdata."


def test_loaded_tables_say_rows_years_and_articles():
    shares = load("arms_import_shares")
    assert (
        narrative.loaded(arms_import_shares=shares)
        == "arms_import_shares: three rows, 2000 to 2021, from rusi-2022"
    )
    assert (
        narrative.loaded(refugee_counts=load("refugee_counts"))
        == "refugee_counts: three rows, 2022, from rusi-2022"
    )
    assert narrative.loaded(arms_import_shares=shares.head(0)) == "arms_import_shares: no row"


def test_a_long_table_behind_a_chart_is_folded_and_told_whole(monkeypatch):
    import pandas as pd

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    for rows in (12, 13):
        pd.DataFrame({"a": [f"row {i} " + "x" * 90 for i in range(rows)]}).pipe(
            narrative.show_plotted
        )
    assert "<details>" not in shown[0]["text/html"]
    assert shown[1]["text/html"].startswith(
        "<details><summary>The 13 rows behind the chart</summary><table"
    )
    assert shown[1]["text/plain"].count("x" * 90) == shown[1]["text/html"].count("x" * 90) == 13


def test_a_publication_window_is_as_of_and_never_a_period():
    row = load("figures").set_index("figure_id").loc["rferl-2025-f02"]
    assert narrative.when(row) == "as of 2 to 8 November 2025 (inferred)"

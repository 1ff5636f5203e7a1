"""Undated totals: only a range in constant dollars, only years that have a GDP, and what other releases say."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from test_investment import PAYMENTS, REWARD, TOTAL, sums

from rvdata import charts, load
from rvdata.errors import DataError
from rvdata.essays import investment, releases
from rvdata.essays import money as essay

NAN = float("nan")
CPI = pd.DataFrame(
    {
        "origin_id": "cpi-2025",
        "year": range(2000, 2022),
        "cpi": [100.0 + 5 * i for i in range(22)],
        "months": [12] * 21 + [11],
    }
)
ORIGINS = load("origins").head(0).astype("object")
ORIGINS = pd.concat(
    [
        load("origins").query("kind == 'article'"),
        pd.DataFrame(
            [
                {"origin_id": o, "kind": "dataset", "publisher": p, "generated": pd.Timestamp(g)}
                for o, p, g in (
                    ("cpi-2025", "Statistics Office", "2022-01-01"),
                    ("bank-2023", "Bank", "2023-05-01"),
                    ("bank-2024", "Bank", "2024-05-01"),
                )
            ]
        ),
    ],
    ignore_index=True,
)


def economy(origin, **series):
    """`VEN={2000: 100.0}` → rows of one release, in billions."""
    return pd.DataFrame(
        [
            {"origin_id": origin, "country": code, "year": year, "gdp_usd": value * 1e9}
            for code, values in series.items()
            for year, value in values.items()
        ],
        columns=["origin_id", "country", "year", "gdp_usd"],
    )


NEW = economy(
    "bank-2024",
    VEN={
        **{y: 100.0 + 20 * (y - 2000) for y in range(2000, 2015)},
        **dict.fromkeys(range(2015, 2020), NAN),
    },
    RUS={y: 300.0 + 100 * (y - 2000) for y in range(2000, 2020)},
)
OLD = economy(
    "bank-2023",
    VEN={y: 100.0 + 20 * (y - 2000) for y in range(2000, 2015)},
    RUS={y: (300.0 + 100 * (y - 2000)) * (1.25 if y == 2019 else 1.0) for y in range(2001, 2020)},
)
ALL = pd.concat([NEW, OLD], ignore_index=True)


def told(
    *rows,
    first=2000,
    last=0,
    price=0,
    data=ALL,
    cpi=CPI,
    gdp="bank-2024",
    host="VEN",
    investor="RUS",
):
    table = essay.undated(sums(*rows)) if rows else essay.undated(sums(TOTAL)).head(0)
    dollars_of = essay.price_year(cpi, price)
    plotted = essay.beside(table, data[data["origin_id"] == gdp], [host, investor], first, last)
    checks = (
        load("figure_checks", "all")
        .head(1)
        .assign(
            figure_id="x-2000-f01",
            is_primary=True,
            verdict="no data",
            reason="nothing here can check it; needed: accounts",
        )
    )
    return essay.tell(
        table,
        essay.ranges(table, cpi, first, last, dollars_of),
        plotted,
        essay.revisions(data, plotted, gdp),
        checks,
        ORIGINS,
        gdp,
        "cpi-2025" if len(cpi) else "",
        dollars_of,
        last == 0,
        host,
        investor,
    )


# ---- which sums, which years


def test_only_totals_with_an_amount_and_without_a_period_are_placed():
    dated = {
        **TOTAL,
        "period_start": pd.Timestamp("2005-01-01"),
        "period_end": pd.Timestamp("2010-12-31"),
    }
    assert essay.undated(sums(TOTAL, PAYMENTS, REWARD, dated))["figure_id"].tolist() == [
        "x-2000-f01"
    ]
    assert essay.undated(
        sums({**TOTAL, "measure": "single payment"}, {**TOTAL, "amount_usd": NAN, "low": 1e9})
    ).empty


def test_the_window_ends_with_the_year_of_the_figure_unless_said_otherwise():
    row = sums(TOTAL).iloc[0].to_dict()
    assert essay.window(row, 2000, 0) == (2000, 2019) and essay.window(row, 2006, 2014) == (
        2006,
        2014,
    )
    with pytest.raises(
        DataError, match="x-2000-f01 holds by 2019, before spent_from = 2020; choose an earlier"
    ):
        essay.window(row, 2020, 0)


def test_dollars_are_of_the_last_whole_year_unless_another_is_wished_for():
    assert essay.price_year(CPI, 0) == 2020 and essay.price_year(CPI, 2021) == 2021
    assert essay.price_year(CPI.head(0), 0) == 0
    with pytest.raises(
        DataError, match="price_year = 1999: the price index runs from 2000 to 2021"
    ):
        essay.price_year(CPI, 1999)
    with pytest.raises(
        DataError, match="price_year must be a whole number such as 2020, or 0, not '2020'"
    ):
        essay.price_year(CPI, "2020")


# ---- in constant dollars


def test_a_sum_is_worth_least_if_spent_last_and_most_if_spent_first():
    row = essay.ranges(essay.undated(sums(TOTAL)), CPI, 2000, 0, 2020).iloc[0]
    assert (row["least_year"], row["most_year"], row["start"], row["end"]) == (
        2019,
        2000,
        2000,
        2019,
    )
    assert round(row["least"], 6) == round(30 * 200 / 195, 6) and round(row["most"], 6) == 60.0
    assert row["missing"] == 0 and row["partial"] == ""


def test_where_prices_fell_the_extremes_lie_inside_the_window():
    cpi = pd.DataFrame(
        {"year": [2000, 2001, 2002, 2003], "cpi": [100.0, 80.0, 125.0, 100.0], "months": 12}
    )
    row = essay.ranges(essay.undated(sums(TOTAL)), cpi, 2000, 2003, 2003).iloc[0]
    assert (row["least_year"], row["least"], row["most_year"], row["most"]) == (
        2002,
        24.0,
        2001,
        37.5,
    )


def test_bounds_of_the_sum_itself_widen_the_range_and_an_open_one_does_not():
    exact = {**TOTAL, "qualifier": "exact", "low": 30e9, "high": 30e9}
    row = essay.ranges(essay.undated(sums(exact)), CPI, 2000, 2000, 2020).iloc[0]
    assert (row["least"], row["most"]) == (50.0, 70.0)  # 25 to 35 billion, doubled
    over = essay.ranges(
        essay.undated(sums({**TOTAL, "qualifier": "over", "low": 30e9})), CPI, 2000, 2000, 2020
    ).iloc[0]
    assert (over["least"], over["most"]) == (60.0, 60.0)


def test_years_without_an_index_and_years_of_few_months_are_counted():
    row = essay.ranges(essay.undated(sums(TOTAL)), CPI, 1998, 2001, 2021).iloc[0]
    assert row["missing"] == 2 and row["partial"] == "2021: 11 months"
    assert essay.ranges(essay.undated(sums(TOTAL)), CPI, 1990, 1995, 2020).empty
    assert "Two years of the window have no index." in told(TOTAL, first=1998, last=2001)
    assert "Index means of part of a year: 2021: 11 months." in told(TOTAL, price=2021)
    assert "Index means" not in told(TOTAL)


# ---- beside GDP


def test_years_without_a_gdp_stay_as_gaps_and_the_sum_is_a_share_of_the_others():
    plotted = essay.beside(essay.undated(sums(TOTAL)), NEW, ["VEN", "RUS"], 2000, 0)
    own = plotted.set_index(["code", "year"])
    assert (
        own.loc[("VEN", 2000), "x-2000-f01"] == 30.0
        and own.loc[("RUS", 2000), "x-2000-f01"] == 10.0
    )
    assert pd.isna(own.loc[("VEN", 2015), "value"]) and pd.isna(
        own.loc[("VEN", 2015), "x-2000-f01"]
    )
    assert essay.gaps(plotted) == {"VEN": [2015, 2016, 2017, 2018, 2019]}
    assert essay.wide(plotted).loc[2015].tolist() == ["", "", 1800.0, 1.67]


def test_a_state_without_a_row_is_a_gap_throughout():
    plotted = essay.beside(essay.undated(sums(TOTAL)), NEW, ["CUB"], 2018, 0)
    assert essay.gaps(plotted) == {"CUB": [2018, 2019]}


def test_other_releases_are_compared_over_the_years_used():
    plotted = essay.beside(essay.undated(sums(TOTAL)), NEW, ["VEN", "RUS"], 2000, 0)
    table = essay.revisions(ALL, plotted, "bank-2024").set_index("state")
    assert table.loc["Venezuela", ["years", "revised", "only_used", "only_other"]].tolist() == [
        15,
        0,
        0,
        0,
    ]
    russia = table.loc["Russia", ["years", "revised", "largest_pct", "in_year", "only_used"]]
    assert russia.tolist() == [19, 1, -20.0, 2019, 1]
    assert essay.revisions(NEW, plotted, "bank-2024").empty


# ---- what is said


def test_the_text_begins_with_the_verdict_and_says_that_the_window_is_an_assumption():
    text = told(TOTAL)
    assert text.startswith(
        "**No verdict on the USD 30 billion: nothing here can check it; needed: accounts** "
        "[x-2000-f01]."
    )
    assert (
        "anything from **USD 30.8 to 60.0 billion**: the least if all was spent in 2019, the most if "
        "all in 2000"
    ) in text
    assert (
        "The window 2000 to 2019 is this notebook's assumption, up to the year of the figure; no "
        "article states one."
    ) in text
    assert "notebook's assumption; no article" in told(TOTAL, last=2014)


def test_the_text_says_for_how_many_years_nothing_can_be_said():
    text = told(TOTAL)
    assert (
        "Venezuela's GDP: it would be 7.9 % of that of 2014 and 30 % of that of 2000; for 2015 to 2019 the release "
        "has none, so of 5 "
        "of the 20 years nothing can be said [x-2000-f01]."
    ) in text
    assert (
        "Russia's GDP: it would be 1.4 % of that of 2019 and 10 % of that of 2000 [x-2000-f01]."
        in text
    )
    assert "Cuba's GDP is in the release for none of these years." in told(TOTAL, host="CUB")


def test_revisions_are_told_where_there_are_any_and_summed_up_where_not():
    text = told(TOTAL)
    assert (
        "It departs from bank-2023 by more than 0.1 % for Venezuela in none of 15 years and for Russia in 1 of 19 "
        "years (most in 2019: −20.0 %), one year only here."
    ) in text
    unrevised = told(TOTAL, first=2001, last=2014)
    assert (
        "In the years used bank-2023 gives the same to 0.1 % for Venezuela and Russia." in unrevised
    )
    assert "No other release in the collection has these states." in told(TOTAL, data=NEW)


def test_without_data_and_without_sums_the_text_says_so():
    assert told() == (
        "**Nothing to place:** no undated total of money from Russia into Venezuela is stated in this "
        "selection."
    )
    text = told(TOTAL, data=NEW.head(0), gdp="", cpi=CPI.head(0))
    assert (
        "not even a range in constant dollars" in text
        and "No release of GDP is in the collection" in text
    )


def test_volumes_of_arms_are_not_set_against_money():
    assert "Volumes of arms are no dollars" in told(TOTAL)


# ---- what is drawn


@pytest.mark.parametrize(
    "rows",
    [
        [TOTAL],
        [TOTAL, {**TOTAL, "qualifier": "exact", "low": 30e9, "high": 30e9, "measure": "all loans"}],
        [],
    ],
    ids=["one", "two", "none"],
)
@pytest.mark.parametrize(("first", "host"), [(2000, "VEN"), (2018, "CUB")])
def test_no_text_leaves_a_figure_or_lies_on_another(rows, first, host):
    table = essay.undated(sums(*rows)) if rows else essay.undated(sums(TOTAL)).head(0)
    plotted = essay.plotted_ranges(table, essay.ranges(table, CPI, first, 0, 2020), 2020)
    beside = essay.beside(table, NEW, [host, "RUS"], first, 0)
    for fig, alt in (
        essay.draw_ranges(plotted, table, ORIGINS, "cpi-2025", 2020, host, "RUS"),
        essay.draw_beside(beside, table, ORIGINS, "bank-2024", first, 0, host, "RUS"),
    ):
        assert charts.collisions(fig) == [] and len(alt) > 40
        assert alt.startswith("Empty chart.") == (not rows)
        plt.close(fig)


def test_the_gap_is_said_on_the_chart_and_in_its_alternative_text():
    table = essay.undated(sums(TOTAL))
    fig, alt = essay.draw_beside(
        essay.beside(table, NEW, ["VEN", "RUS"], 2000, 0),
        table,
        ORIGINS,
        "bank-2024",
        2000,
        0,
        "VEN",
        "RUS",
    )
    words = " ".join(t.get_text().replace("\n", " ") for t in fig.texts)
    assert (
        "No GDP of Venezuela for 2015 to 2019." in words
        and "No GDP of Venezuela for 2015 to 2019." in alt
    )
    plt.close(fig)


def test_no_gdp_at_all_is_an_empty_chart_with_the_remedy():
    table = essay.undated(sums(TOTAL))
    _, alt = essay.draw_beside(
        essay.beside(table, NEW, ["CUB"], 2000, 0),
        table,
        ORIGINS,
        "bank-2024",
        2000,
        0,
        "CUB",
        "CUB",
    )
    assert alt.startswith("Empty chart. No GDP of Cuba") and "rvdata import worldbank" in alt
    _, alt = essay.draw_ranges(
        essay.plotted_ranges(table, essay.ranges(table, CPI.head(0), 2000, 0, 0), 0),
        table,
        ORIGINS,
        "",
        0,
        "VEN",
        "RUS",
    )
    assert alt.startswith("Empty chart. No price index")
    plt.close("all")


def test_one_changed_sum_changes_range_shares_and_text_together():
    def outcome(amount):
        table = essay.undated(sums({**TOTAL, "amount_usd": amount}))
        return (
            essay.ranges(table, CPI, 2000, 0, 2020).to_csv(),
            essay.beside(table, NEW, ["VEN"], 2000, 0).to_csv(),
            told({**TOTAL, "amount_usd": amount}),
        )

    assert all(a != b for a, b in zip(outcome(30e9), outcome(29e9), strict=False))


# ---- the collection itself, a second way


def test_the_default_range_is_what_the_publishers_index_gives():
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    monthly = pd.read_csv(Path(folder) / "us-cpi" / "cpiai.csv", parse_dates=["Date"])
    yearly = monthly.groupby(monthly["Date"].dt.year)["Index"].mean()
    figures, prices = load("figures"), load("us_cpi", "all")
    selected = investment.rounding(
        investment.select(load("investment_totals"), figures, "VEN", "RUS", [], [], True)
    )
    prices = prices[prices["origin_id"] == releases.choose(prices, load("origins"))]
    row = essay.ranges(essay.undated(selected), prices, 2000, 0, essay.price_year(prices, 0)).iloc[
        0
    ]
    assert round(row["most"], 3) == round(30 * yearly[2024] / yearly[2000], 3) == 54.65
    assert round(row["least"], 3) == round(30 * yearly[2024] / yearly[2019], 3)


def test_the_default_shares_are_what_the_publishers_gdp_gives():
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    gdp = pd.read_csv(
        Path(folder) / "worldbank" / "gdp-2024-vintage" / "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_2.csv",
        skiprows=4,
    )
    gdp = gdp.set_index("Country Code")
    table = load("economy", "all")
    used = table[table["origin_id"] == releases.choose(table, load("origins"))]
    plotted = essay.beside(essay.undated(sums(TOTAL)), used, ["VEN", "RUS"], 2000, 0).set_index(
        ["code", "year"]
    )
    for code, year in (("VEN", 2000), ("VEN", 2014), ("RUS", 2019)):
        share = 100 * 30e9 / float(gdp.loc[code, str(year)])
        assert round(plotted.loc[(code, year), "x-2000-f01"], 6) == round(share, 6)
    assert plotted.loc["VEN"]["value"].isna().tolist() == [False] * 15 + [True] * 5

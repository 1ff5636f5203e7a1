"""Importers of UNHCR, World Bank, CPI, OFAC and UN files: what they compile, and what they refuse in one line."""

from __future__ import annotations

import csv
import importlib
import shutil

import pandas as pd
import primary_factory as factory
import primary_factory_sipri as made
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rvdata import cli, schemas
from rvdata.errors import DataError
from rvdata.sources import compiled, cpi, ofac, sipri, unga, unhcr, worldbank


def saved(folder, text, name="download", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def cells(frame, *columns):
    """Rows as tuples, missing cells as None."""
    return [
        tuple(None if v is pd.NA or v != v else v for v in row)
        for row in frame[list(columns)].astype(object).itertuples(index=False, name=None)
    ]


def noted(release, words):
    """Whether words stand in one of the notes."""
    return any(words in note for note in release.notes)


def refusal(reader, path, only=frozenset()):
    with pytest.raises(DataError) as caught:
        reader.read(path, only)
    message = str(caught.value)
    assert "\n" not in message and message.startswith(str(path.parent))
    return message


# ---- UNHCR


def test_unhcr_counts_every_origin_and_says_loudly_that_a_column_is_missing(tmp_path):
    release = unhcr.read(saved(tmp_path, factory.UNHCR_CSV + "2020,-,-,-,-,1301,0,0,0,0,0\n"))
    assert "1 rows of all origins together left out: 1,301 refugees" in release.notes
    table = release.tables["displaced_persons"].sort_values(["origin", "year"])
    assert cells(table, "origin", "year", *unhcr.COUNTS) == [
        ("COG", 2019, 15, 5, None, 10, 0),
        ("RUS", 2019, 410, 520, None, 0, 7),
        ("SRB", 2020, 31, 0, None, 0, 9),
        ("VEN", 2019, 1100, 2200, None, 3300, 0),
        ("VEN", 2020, 1200, 2300, None, 3400, 0),
        ("_STL", 2020, 70, 80, None, 0, 0),
        ("_U", 2019, 900, 40, None, 0, 0),
    ]
    assert release.notes[0].startswith("THE FILE HAS NO COLUMN FOR other_in_need")
    assert noted(release, "Stateless persons, Host community")
    assert (release.data_from, release.data_through) == ("2019-12-31", "2020-12-31")
    assert release.covers == tuple(
        f"origin={c}" for c in ("COG", "RUS", "SRB", "VEN", "_STL", "_U")
    )


def test_unhcr_older_downloads_have_fourteen_lines_before_their_header_and_other_headings(tmp_path):
    release = unhcr.read(saved(tmp_path, factory.UNHCR_OLD))
    assert cells(
        release.tables["displaced_persons"],
        "origin",
        "year",
        "refugees",
        "asylum_seekers",
        "other_in_need",
    ) == [("RUS", 2019, 40, 50, None), ("VEN", 2019, 101, 202, 3030)]
    assert release.covers == ()  # three countries of asylum may not be all
    assert noted(release, "3 countries of asylum")


def test_unhcr_rows_by_country_of_asylum_are_not_added_to_the_total_over_them(tmp_path):
    both = (
        factory.UNHCR_CSV
        + "2019,Colombia,Venezuela (Bolivarian Republic of),COL,VEN,700,2200,0,0,0,0\n"
    )
    table = unhcr.read(saved(tmp_path, both)).tables["displaced_persons"]
    assert cells(table[table.origin == "VEN"], "year", "refugees") == [(2019, 1100), (2020, 1200)]
    more = both.replace(",VEN,700,", ",VEN,1106,")  # rounding explains 5 a row
    assert "smaller than the rows that they sum up (first: VEN, 2019)" in refusal(
        unhcr, saved(tmp_path, more)
    )
    assert unhcr.read(saved(tmp_path, both.replace(",VEN,700,", ",VEN,1105,")))


def test_unhcr_r_file_sums_over_asylum_and_keeps_missing_apart_from_zero(tmp_path):
    release = unhcr.read(factory.unhcr_rda(tmp_path / "population.rda"))
    assert cells(release.tables["displaced_persons"], "origin", "year", *unhcr.COUNTS) == [
        ("SYR", 2020, 60, 6, None, 0, 3),
        ("VEN", 2019, 110, 220, 3000, 3, 0),
        ("_STL", 2019, 7, 0, None, 0, 0),
        ("_U", 2019, 5, 0, None, 0, 0),
    ]


def test_unhcr_only_keeps_the_origins_asked_for_and_counts_the_rest(tmp_path):
    release = unhcr.read(saved(tmp_path, factory.UNHCR_CSV), frozenset({"VEN", "CUB"}))
    assert set(release.tables["displaced_persons"]["origin"]) == {"VEN"}
    assert release.covers == ("origin=VEN",)
    assert "not in the file: CUB" in release.notes
    assert noted(release, "5 other origins left out, as asked for: 5 rows, 1,426 refugees")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("Refugees,", "", 1), "lacks the column 'refugees'"),
        (
            lambda t: t.replace('"Host community",', ""),
            ":2: has 11 cells instead of 10",
        ),
        (
            lambda t: (
                "\n".join(
                    ",".join(line.split(",")[:5] + line.split(",")[6:])
                    for line in t.replace('"', "").splitlines()
                )
                + "\n"
            ),
            "lacks the column 'refugees'",
        ),
        (lambda t: t.replace(",", ";"), "separated by ';'"),
        (lambda t: t.replace(",1100,", ",1100.5,"), "is no count of people"),
        (lambda t: t.replace("2019,-,Russian", "2019.5,-,Russian"), ":3: year = 2019.5 is no year"),
        (
            lambda t: t.replace("Russian Federation,-,RUS", "Rusland,-,RSL").replace(
                "Congo,-,COG", "Kongo,-,KGO"
            ),
            ", lines 3, 4: 2 names are no country names: 'Rusland (RSL)', 'Kongo (KGO)'",
        ),
        (
            lambda t: t + t.splitlines()[1] + "\n",
            " stands twice (1 such cells)",
        ),
        (lambda t: t[:-15], "stops in the middle of a line"),
        (lambda t: t[:-15] + "\n", "cells instead of 11"),
        (lambda t: t.replace('"Unknown "', '"Unknown '), "quotation mark"),
        (lambda t: t.split("\n")[0] + "\n", "no rows"),
        (lambda t: t.replace("Country of Origin", "Land"), "lacks the column 'Country of Origin'"),
        (lambda t: t.replace("Year", "Jahr"), "has no header with year, countryoforigin among"),
        (lambda t: "<!DOCTYPE html>\n<html><body>Error 503</body></html>\n", "is a web page"),
        (lambda t: "", "is empty"),
        (lambda t: "\x00\x01\x02" * 50, "is no text"),
        (lambda t: t.encode("utf-16"), "UTF-16"),
        (
            lambda t: t.replace("Congo", "Türkiye").replace("COG", "TUR").encode("latin-1"),
            "is not in UTF-8",
        ),
        (lambda t: b"PK\x03\x04" + b"\x00" * 50, "is packed, or a workbook"),
    ],
)
def test_unhcr_refuses_in_one_line_what_is_not_as_published(tmp_path, change, said):
    assert said in refusal(unhcr, saved(tmp_path, change(factory.UNHCR_CSV)))


def test_unhcr_file_that_stops_inside_its_last_year_is_refused(tmp_path):
    codes = schemas.words(
        "VEN RUS SYR UKR CUB NIC COL BRA PER CHL ARG BOL ECU USA CAN MEX FRA DEU ITA ESP PRT GBR"
    )
    rows = [f"{year},-,{code},-,{code},1,1,0,0,0,0\n" for year in (2019, 2020) for code in codes]
    assert unhcr.read(saved(tmp_path, factory.UNHCR_HEADER + "\n" + "".join(rows)))
    assert "10 origins in 2020 but 22 in 2019" in refusal(
        unhcr, saved(tmp_path, factory.UNHCR_HEADER + "\n" + "".join(rows[:32]))
    )


def test_unhcr_damaged_or_foreign_r_files_are_refused(tmp_path):
    whole = factory.unhcr_rda(tmp_path / "population.rda").read_bytes()
    assert "cut off or damaged" in refusal(unhcr, saved(tmp_path, whole[:-20], "a.rda"))
    assert "cut off or damaged" in refusal(
        unhcr, saved(tmp_path, whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], "b.rda")
    )
    import gzip

    assert "is no R data file" in refusal(
        unhcr, saved(tmp_path, gzip.compress(b"year,coo\n"), "c.rda")
    )
    assert "holds un_votes, expected a CSV file of UNHCR" in refusal(unhcr, factory.unga(tmp_path))
    short = pd.DataFrame({"year": [2019.0], "coo_iso": ["VEN"]})
    import pyreadr

    pyreadr.write_rdata(str(tmp_path / "d.rda"), short, df_name="population")
    assert "lacks the columns 'refugees', 'asylum_seekers'" in refusal(unhcr, tmp_path / "d.rda")


# ---- World Bank

GDP = {
    "ABW": (405463417.117, None, None),
    "TUR": (1.0, 2.0, 3.0),
    "VEN": (482359318767.7, None, None),
    "WSM": (None, None, 800000000.0),
    "XKX": (None, 9400000000.5, 10000000000.0),
}


@pytest.mark.parametrize(
    ("text", "generated"),
    [(factory.worldbank_published(), "2024-11-13"), (factory.worldbank_bare(), "")],
)
def test_worldbank_gives_every_country_and_year_and_leaves_aggregates_out(
    tmp_path, text, generated
):
    release = worldbank.read(saved(tmp_path, text))
    table = release.tables["economy"].sort_values(["country", "year"])
    assert cells(table, "country", "year", "gdp_usd") == [
        (code, year, value) for code in GDP for year, value in enumerate(GDP[code], 2014)
    ]
    assert release.generated == generated
    assert release.notes[0] == "2 aggregates left out: ARB, WLD"
    assert release.covers == tuple(f"country={c}" for c in ("ABW", "TUR", "VEN", "WSM", "XKX"))
    assert (release.data_from, release.data_through) == ("2014-01-01", "2016-12-31")


def test_worldbank_saved_again_by_a_spreadsheet_keeps_its_date_and_says_that_values_are_cut(
    tmp_path,
):
    release = worldbank.read(saved(tmp_path, factory.worldbank_resaved()))
    table = release.tables["economy"].set_index(["country", "year"])["gdp_usd"]
    assert release.generated == "2024-11-13"
    assert table["VEN", 2014] == 4.82359e11
    assert noted(release, "values were cut by a spreadsheet")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda t: t.replace("NY.GDP.MKTP.CD", "NY.GDP.MKTP.KD"),
            "'NY.GDP.MKTP.KD' is not NY.GDP.MKTP.CD",
        ),
        (lambda t: t.replace("2024-11-13", "13/11/2024"), "neither YYYY-MM-DD nor MM/DD/YYYY"),
        (
            lambda t: t.replace('"Aruba","ABW"', '"Atlantis","ATL"'),
            ", line 6: 'Atlantis (ATL)' is no country name",
        ),
        (
            lambda t: t.replace('"Aruba","ABW"', '"Aruba","AND"'),
            "'Aruba with the code AND of Andorra'",
        ),
        (lambda t: t.replace('"Kosovo","XKX"', '"Aruba","ABW"'), "country = 'ABW' stands twice"),
        (lambda t: t.replace('"2015"', '"2013"'), "are not years in a row"),
        (
            lambda t: t.replace("405463417.117", "405463417,117"),
            "is no number with a decimal point",
        ),
        (lambda t: t.replace('"Country Code",', ""), "has no header"),
    ],
)
def test_worldbank_refuses_in_one_line_what_is_not_as_published(tmp_path, change, said):
    assert said in refusal(worldbank, saved(tmp_path, change(factory.worldbank_published())))


def test_worldbank_countries_must_add_up_to_the_row_world_in_a_complete_file(tmp_path):
    from rvdata import countries

    rows = [
        f"{c.name if ',' not in c.name else c.code},{c.code},GDP (current US$),NY.GDP.MKTP.CD,10,10"
        for c in countries.table().values()
        if c.kind == "country"
    ]
    rows = [
        r.replace(f"{r.split(',')[1]},{r.split(',')[1]}", f"A name,{r.split(',')[1]}") for r in rows
    ]
    text = "\n".join(
        ["Country Name,Country Code,Indicator Name,Indicator Code,2014,2015", *rows, ""]
    )
    assert worldbank.read(saved(tmp_path, text)).covers == ("*",)
    world = f"World,WLD,GDP (current US$),NY.GDP.MKTP.CD,{len(rows) * 10},{len(rows) * 10}\n"
    assert worldbank.read(saved(tmp_path, text + world)).covers == ("*",)
    assert "adds up to 50% of the row World" in refusal(
        worldbank,
        saved(tmp_path, text + world.replace(f",{len(rows) * 10}\n", f",{len(rows) * 20}\n")),
    )


# ---- consumer prices


def test_cpi_is_the_mean_of_the_months_there_are_and_says_how_many(tmp_path):
    release = cpi.read(saved(tmp_path, factory.CPI))
    assert cells(release.tables["us_cpi"], "year", "cpi", "months") == [
        (2019, 201.0, 2),
        (2020, 203.34, 3),
    ]
    assert release.notes == (
        "2019 is the mean of 2 months",
        "2020 is the mean of 3 months",
        "missing inside the series: 2020-03",
    )
    assert (release.data_from, release.data_through) == ("2019-11-01", "2020-04-30")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("2020-02-01", "2/1/2020"), "is no first day of a month"),
        (lambda t: t.replace("2020-02-01", "2020-01-01"), "does not follow the month before it"),
        (
            lambda t: t.replace("203.0,-0.5", "213.0,-0.5"),
            ":5: Inflation less the change of Index = -4.9015 is more",
        ),
        (lambda t: t.replace("203.0,-0.5", "203.0,-0.49"), "= 0.01 is more than rounding"),
        (lambda t: t.replace("204.02,1.0", "-204.02,1.0"), ":4: index = -204.02 is no index"),
    ],
)
def test_cpi_refuses_in_one_line_what_is_not_as_published(tmp_path, change, said):
    assert said in refusal(cpi, saved(tmp_path, change(factory.CPI)))


def test_cpi_of_another_base_or_country_is_refused(tmp_path):
    rows = [
        f"{1982 + m // 12}-{m % 12 + 1:02}-01,150.0,{'' if m == 0 else '0.0'}\n" for m in range(36)
    ]
    assert "1982 to 1984 is 150.0 on average, not 100" in refusal(
        cpi, saved(tmp_path, "Date,Index,Inflation\n" + "".join(rows))
    )
    assert "holds the United States only" in refusal(
        cpi, saved(tmp_path, factory.CPI), frozenset({"VEN"})
    )


# ---- sanctions


@pytest.mark.parametrize("text", [factory.ofac_published(), factory.ofac_headed()])
def test_ofac_counts_entries_by_programme_and_by_nationality_without_overlap(tmp_path, text):
    release = ofac.read(saved(tmp_path, text))
    table = release.tables["sanctions_listed"]
    assert cells(table.astype(str), *table.columns) == [
        ("entity", "VENEZUELA-EO13850", "", "", "", "", "1"),
        ("individual", "DPRK4", "PRK", "", "", "", "1"),
        ("individual", "IFSR;SDGT", "PSE", "", "", "", "1"),
        ("individual", "RUSSIA-EO14024", "RUS", "", "", "PRK", "1"),
        ("individual", "SDNTK", "", "VEN", "", "", "1"),
        ("individual", "UKRAINE-EO13662;VENEZUELA-EO13850", "RUS", "ESP;VEN", "", "", "1"),
        ("individual", "VENEZUELA", "", "", "", "", "1"),
        ("individual", "VENEZUELA", "VEN", "", "COL;VEN", "VEN", "1"),
        ("vessel", "VENEZUELA-EO13850", "", "", "", "", "1"),
    ]
    assert table["entries"].sum() == 9
    assert release.notes == (
        "6 of 7 individuals have a nationality or citizenship; no other kind of entry is asked for one",
        "1 nationalities or citizenships are called possible by the list; they are counted",
    )


def test_ofac_only_keeps_nationals_and_programmes_named_after_the_country(tmp_path):
    release = ofac.read(saved(tmp_path, factory.ofac_published()), frozenset({"VEN"}))
    assert release.tables["sanctions_listed"]["entries"].sum() == 6  # not Dmitri, Emil and Fatima
    marks = ("nationality", "citizenship", "document", "birthplace")
    assert release.covers == (
        *(f"{mark}=VEN" for mark in marks),
        "programme=VENEZUELA",
        "programme=VENEZUELA-EO13850",
    )
    north = ofac.read(saved(tmp_path, factory.ofac_published()), frozenset({"PRK"}))
    assert north.covers == (*(f"{mark}=PRK" for mark in marks), "programme=DPRK4")
    assert north.tables["sanctions_listed"]["entries"].sum() == 2  # one is born there


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("\x1a\r\n", ""), "does not end with the publisher's end mark"),
        (lambda t: t.replace("106,", "\x1a\r\n106,"), "before its end"),
        (
            lambda t: t.replace(
                "nationality Russia; Gender", "nationality Ruritania; Gender"
            ).replace("citizen Venezuela.", "citizen Utopia."),
            "2 names are no country names: 'Ruritania'",
        ),
        (
            lambda t: t.replace('"vessel"', '"submarine"'),
            ":5: kind = 'submarine' is no kind of entry",
        ),
        (lambda t: t.replace('"SDNTK"', "-0- "), "is no programme"),
        (lambda t: t.replace("105,", "104,"), ":5: id = 104 stands twice"),
        (lambda t: t.replace("105,", "x5,"), "= 'x5' is no number"),
        (lambda t: t.replace(",", ";"), "expected OFAC's sdn.csv"),
        (lambda t: "Year,Value\n1,2\n\x1a\n", "has no header"),
    ],
)
def test_ofac_refuses_in_one_line_what_is_not_as_published(tmp_path, change, said):
    assert said in refusal(ofac, saved(tmp_path, change(factory.ofac_published())))


# ---- UN votes


def pairs(frame, year, issue):
    chosen = frame[(frame.year == year) & (frame.issue == issue)].astype(
        {"country_a": str, "country_b": str}
    )
    return cells(chosen, "country_a", "country_b", "votes", "agree_share_pct", "pairs_below_pct")


def test_unga_agreement_is_the_same_recorded_vote_among_those_in_which_both_voted(tmp_path):
    release = unga.read(factory.unga(tmp_path))
    table, spread = release.tables["un_vote_agreement"], release.tables["un_vote_spread"]
    assert pairs(table, 1998, "all") == [
        ("CUB", "RUS", 2, 100.0, 91.6667),
        ("CUB", "USA", 2, 50.0, 33.3333),
        ("CUB", "VEN", 2, 50.0, 33.3333),
        ("RUS", "USA", 3, 66.6667, 66.6667),
        ("RUS", "VEN", 3, 66.6667, 66.6667),
        ("USA", "VEN", 3, 33.3333, 8.3333),
    ]
    assert pairs(table, 1998, "human_rights") == [
        ("CUB", "RUS", 1, 100.0, 75.0),
        ("CUB", "USA", 1, 100.0, 75.0),
        ("CUB", "VEN", 1, 0.0, 25.0),
        ("RUS", "USA", 1, 100.0, 75.0),
        ("RUS", "VEN", 1, 0.0, 25.0),
        ("USA", "VEN", 1, 0.0, 25.0),
    ]
    assert cells(
        spread[(spread.year == 1998) & (spread.issue == "all")],
        "roll_calls",
        "pairs",
        "p05_pct",
        "p50_pct",
        "p95_pct",
    ) == [(3, 6, 37.5, 58.3333, 91.6667)]
    windows = release.tables["un_vote_windows"]
    spans = cells(windows[windows.issue == "all"], "first_year", "last_year", "roll_calls", "pairs")
    assert spans == [(1998, 1998, 3, 6), (1998, 2007, 5, 3), (2007, 2007, 2, 11)]
    single = windows[windows.issue == "human_rights"]
    assert cells(single, "first_year", "last_year") == [(1998, 2007), (2007, 2007)]
    assert windows.percentiles_pct.iloc[0].startswith("34.2;35;35.8;")  # between 33.3 and 50
    assert "2 of 5 roll calls belong to no issue and count under all only" in release.notes
    assert noted(release, "no roll calls in 1999, 2000")
    assert (release.data_from, release.data_through) == ("1998-03-01", "2007-10-02")


def test_unga_states_that_seldom_vote_have_agreements_but_no_rank_and_are_not_in_the_spread(
    tmp_path,
):
    many = {n: {"Russia": "yes", "Venezuela": "yes", "Cuba": "no"} for n in range(1, 6)}
    many[1]["Nauru"] = many[2]["Nauru"] = "yes"
    release = unga.read(factory.unga(tmp_path, many, dict.fromkeys(many, "2001-05-05"), {1: "me"}))
    assert pairs(release.tables["un_vote_agreement"], 2001, "all") == [
        ("CUB", "NRU", 2, 0.0, None),
        ("CUB", "RUS", 5, 0.0, 33.3333),
        ("CUB", "VEN", 5, 0.0, 33.3333),
        ("NRU", "RUS", 2, 100.0, None),
        ("NRU", "VEN", 2, 100.0, None),
        ("RUS", "VEN", 5, 100.0, 83.3333),
    ]
    spread = release.tables["un_vote_spread"]
    assert cells(
        spread[spread.issue == "all"], "year", "roll_calls", "pairs", "p50_pct", "p95_pct"
    ) == [(2001, 5, 3, 0.0, 90.0)]


def test_unga_a_state_that_votes_in_exactly_half_of_the_roll_calls_counts(tmp_path):
    four = {n: {"Russia": "yes", "Venezuela": "yes"} for n in range(1, 5)}
    four[1]["Nauru"] = four[2]["Nauru"] = four[3]["Peru"] = "no"
    release = unga.read(factory.unga(tmp_path, four, dict.fromkeys(four, "2001-05-05"), {1: "me"}))
    assert pairs(release.tables["un_vote_agreement"], 2001, "all") == [
        ("NRU", "RUS", 2, 0.0, 33.3333),
        ("NRU", "VEN", 2, 0.0, 33.3333),
        ("PER", "RUS", 1, 0.0, None),
        ("PER", "VEN", 1, 0.0, None),
        ("RUS", "VEN", 4, 100.0, 83.3333),
    ]


def test_unga_former_states_keep_their_codes_and_yugoslavia_ends_with_its_name(tmp_path):
    table = unga.read(factory.unga(tmp_path)).tables["un_vote_agreement"]
    late = " ".join(f"{a}-{b}" for a, b, *_ in pairs(table, 2007, "all"))
    assert late == (
        "COD-NAM COD-RUS COD-_YAR DDR-NAM DDR-RUS DDR-SRB NAM-RUS NAM-SRB NAM-_YAR RUS-SRB RUS-_YAR"
    )
    old = unga.read(
        factory.unga(
            tmp_path,
            {1: {"Yugoslavia": "yes", "Russia": "yes"}, 2: {"Yugoslavia": "yes", "Russia": "yes"}},
            {1: "1970-01-01", 2: "2004-01-01"},
            {1: "me"},
        )
    ).tables["un_vote_agreement"]
    assert [(r[0], r[1]) for y in (1970, 2004) for r in pairs(old, y, "all")] == [
        ("RUS", "YUG"),
        ("RUS", "SCG"),
    ]


def test_unga_only_keeps_pairs_with_one_for_all_issues_and_with_two_for_single_ones(tmp_path):
    whole = unga.read(factory.unga(tmp_path))
    release = unga.read(factory.unga(tmp_path), frozenset({"VEN", "RUS"}))
    table = release.tables["un_vote_agreement"]
    kept = " ".join(f"{a}-{b}" for a, b, *_ in pairs(table, 1998, "all"))
    assert kept == "CUB-RUS CUB-VEN RUS-USA RUS-VEN USA-VEN"
    assert pairs(table, 1998, "human_rights") == [("RUS", "VEN", 1, 0.0, 25.0)]
    pd.testing.assert_frame_equal(release.tables["un_vote_spread"], whole.tables["un_vote_spread"])
    assert release.covers == ("country=RUS", "country=VEN")


def test_unga_files_that_do_not_belong_together_are_refused(tmp_path):
    path = factory.unga(tmp_path)
    issues = tmp_path / "un_roll_call_issues.rda"
    moved = issues.rename(tmp_path / "elsewhere.rda")
    said = "un_roll_call_issues.rda: there is no such file; put un_roll_call_issues.rda"
    assert said in refusal(unga, path)
    issues.write_bytes(moved.read_bytes())
    moved.replace(tmp_path / "un_roll_calls.rda")
    assert "holds un_roll_call_issues, expected un_roll_calls.rda" in refusal(unga, path)


TWO = {"Cuba": "yes", "Peru": "no"}


@pytest.mark.parametrize(
    ("votes", "day", "issues", "said"),
    [
        (
            {1: {"Cuba": "yes", "Peru": "perhaps"}},
            "2001-01-01",
            {1: "me"},
            "row 2: vote = 'perhaps' is no vote",
        ),
        (
            {1: {"Cuba": "yes", "Ruritania": "no", "Utopia": "no"}},
            "2001-01-01",
            {1: "me"},
            "2 names are no country names",
        ),
        (
            {1: {**TWO, "CUB": "no"}},
            "2001-01-01",
            {1: "me"},
            "1 votes stand twice for a state and roll call",
        ),
        ({1: TWO}, "2001-01-01", {1: "xx"}, "short_name = 'xx' is no issue"),
        ({1: TWO}, "soon", {1: "me"}, "has no votes of roll calls with a day"),
        (
            {1: TWO, 2: {"Cuba": "yes"}},
            "2001-01-01",
            {1: "me"},
            "rcid = 2 is no roll call of un_roll_calls.rda",
        ),
        (
            {1: TWO},
            "2001-01-01",
            {7: "me"},
            "un_roll_call_issues.rda, row 1: rcid = 7 is no roll call",
        ),
    ],
)
def test_unga_refuses_what_it_cannot_count(tmp_path, votes, day, issues, said):
    assert said in refusal(unga, factory.unga(tmp_path, votes, {1: day}, issues))


# ---- ideal points


def test_ideal_points_come_from_the_stata_file_with_the_day_that_it_holds(tmp_path):
    release = unga.read(factory.points(tmp_path / "points.dta"))
    assert release.generated == "2024-07-08"
    assert sorted(cells(release.tables["un_ideal_points"], "country", "year", "ideal_point")) == [
        ("RUS", 2013, -0.05),
        ("SRB", 2013, 0.2),
        ("VEN", 2012, -1.4),
        ("VEN", 2013, -1.5),
        ("YMD", 1980, -1.0),
        ("YUG", 1990, 0.3),
    ]
    assert "1 of 7 rows have no idealpointfp and are left out" in release.notes


def test_ideal_points_by_session_are_dated_by_the_year_in_which_it_opens(tmp_path):
    release = unga.read(saved(tmp_path, factory.POINTS_CSV))
    assert sorted(cells(release.tables["un_ideal_points"], "country", "year", "ideal_point")) == [
        ("DEU", 1990, 1.6),
        ("VEN", 2012, -1.25),
        ("VEN", 2013, -1.5),
    ]
    assert noted(release, "1 rows of the Federal Republic left out")
    assert noted(release, "session + 1945")
    only = unga.read(saved(tmp_path, factory.POINTS_CSV), frozenset({"VEN"}))
    assert set(only.tables["un_ideal_points"]["country"]) == {"VEN"} and only.covers == (
        "country=VEN",
    )


def test_ideal_points_files_with_faults_are_refused(tmp_path):
    whole = factory.points(tmp_path / "points.dta").read_bytes()
    assert "is cut off" in refusal(unga, saved(tmp_path, whole[:-30]))
    assert "'USA with the code 365 of Russia' is no country name" in refusal(
        unga,
        factory.points(tmp_path / "a.dta", iso3c=["USA", "VEN", "VEN", "YUG", "YUG", "YAR", ""]),
    )
    strange = {"ccode": [999, 101, 101, 345, 345, 680, 260]}
    assert unga.read(factory.points(tmp_path / "b.dta", **strange))  # its ISO code says RUS
    nameless = strange | {"iso3c": ["", "VEN", "VEN", "YUG", "YUG", "YAR", ""]}
    nameless["countryname"] = ["Ruritania", *["Elsewhere"] * 6]
    path = factory.points(tmp_path / "b.dta", **nameless)
    assert "'Ruritania (999)' is no country name" in refusal(unga, path)
    release = unga.read(path, frozenset({"VEN"}))
    assert set(release.tables["un_ideal_points"]["country"]) == {"VEN"}
    assert noted(release, "1 names in rows that are left out are not known: Ruritania (999)")
    assert "country, year = 'VEN', 2012 stands twice" in refusal(
        unga, factory.points(tmp_path / "c.dta", year=[2013.0, 2012, 2012, 1990, 2013, 1980, 1990])
    )
    assert "is no ideal point" in refusal(
        unga, saved(tmp_path, factory.POINTS_CSV.replace("-1.25", "-125"))
    )
    assert "has no header" in refusal(
        unga, saved(tmp_path, factory.POINTS_CSV.replace("IdealPointAll", "Point"))
    )
    assert "separated by ';'" in refusal(
        unga, saved(tmp_path, factory.POINTS_CSV.replace(",", ";"))
    )
    pd.DataFrame({"ccode": [1], "year": [2000]}).to_stata(tmp_path / "d.dta", write_index=False)
    assert "lacks the column 'idealpointfp'" in refusal(unga, tmp_path / "d.dta")


# ---- whatever is given

READERS = {
    "unhcr": unhcr,
    "worldbank": worldbank,
    "cpi": cpi,
    "ofac": ofac,
    "unga": unga,
    "sipri": sipri,
}


def _texts():
    return {
        "unhcr": factory.UNHCR_CSV,
        "worldbank": factory.worldbank_published(),
        "cpi": factory.CPI,
        "ofac": factory.ofac_published(),
        "unga": factory.POINTS_CSV,
        "sipri": made.deliveries(),
    }


class Files(dict):
    """Every format as bytes, by format; not shown at length when a test fails."""

    def __repr__(self):
        return f"Files({', '.join(self)})"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return Files(
        {name: text.encode("utf-8") for name, text in _texts().items()}
        | {
            "unhcr rda": factory.unhcr_rda(folder / "p.rda").read_bytes(),
            "unga dta": factory.points(folder / "p.dta").read_bytes(),
            "sipri register": made.register().encode(),
            "sipri semicolons": made.semicolons().encode(),
            "sipri old": made.old_table().encode(),
            "sipri new": made.new_table().encode(),
        }
    )


def reader_of(kind):
    return READERS[kind.split()[0]]


@pytest.mark.parametrize("name", READERS)
def test_every_reader_refuses_what_is_no_file_of_its_publisher(tmp_path, name):
    reader = READERS[name]
    others = [text for other, text in _texts().items() if other != name]
    broken = ["", "\n\n", "x", "a,b\n1,2\n", "<html></html>", "\ufeff", "'" * 99 + "\n", '"\n']
    for i, text in enumerate([*others, *broken, ",\n" * 99]):
        refusal(reader, saved(tmp_path, text, f"file{i}"))
    refusal(reader, tmp_path / "missing")
    with pytest.raises(DataError, match=r"is a folder|in file0|found none"):
        reader.read(tmp_path)


@settings(max_examples=120)
@given(data=st.data())
def test_a_file_cut_at_any_byte_is_refused_or_gives_no_other_rows(tmp_path_factory, files, data):
    kind = data.draw(st.sampled_from([kind for kind in sorted(files) if "sipri" not in kind]))
    whole = files[kind]
    end = data.draw(st.integers(0, len(whole) - 1))
    folder = tmp_path_factory.mktemp("cut")
    try:
        got = reader_of(kind).read(saved(folder, whole[:end]))
    except DataError as error:
        assert "\n" not in str(error)
        return
    finally:
        shutil.rmtree(folder)
    # only where a line ends can a cut go unnoticed, and then the rows that are left are as they were
    assert whole[end - 1 : end] == b"\n" or not whole[end:].strip()
    folder = tmp_path_factory.mktemp("whole")
    full = reader_of(kind).read(saved(folder, whole))
    shutil.rmtree(folder)
    # a mean depends on the months there are, and a state's last row can replace an earlier one
    if kind not in ("cpi", "unga"):
        for table, frame in got.tables.items():
            rows = {tuple(map(str, r)) for r in full.tables[table].itertuples(index=False)}
            assert {tuple(map(str, r)) for r in frame.itertuples(index=False)} <= rows


@settings(max_examples=100)
@given(data=st.data())
def test_a_file_with_changed_bytes_is_read_or_refused_but_nothing_else(
    tmp_path_factory, files, data
):
    kind = data.draw(st.sampled_from(sorted(files)))
    whole = files[kind]
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        how = data.draw(st.sampled_from(["set", "drop", "double", "line"]))
        if how == "set":
            changed[at] = data.draw(st.sampled_from(list(b',"\n\r\x00\x1a;-.0e\xe9\xff ')))
        elif how == "drop":
            del changed[at]
        elif how == "double":
            changed[at:at] = changed[at : at + 9]
        else:
            changed[at : changed.find(b"\n", at) + 1] = b""
    folder = tmp_path_factory.mktemp("changed")
    try:
        release = reader_of(kind).read(saved(folder, bytes(changed)))
        for table, frame in release.tables.items():
            assert set(frame.columns) == set(compiled.columns(table))
            assert len(frame) or "sipri" in kind
    except DataError as error:
        assert "\n" not in str(error)
    finally:
        shutil.rmtree(folder)


# ---- the command


@pytest.fixture
def home(tmp_path, root, monkeypatch):
    """An empty home with the table of countries and a registry without rows."""
    folder = tmp_path / "home"
    (folder / "data" / "raw").mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / "countries.csv", folder / "data" / "raw")
    header = (root / "data" / "raw" / "origins.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "data" / "raw" / "origins.csv").write_text(header + "\n", encoding="utf-8")
    monkeypatch.setenv("RVDATA_HOME", str(folder))
    return folder


def registered(home, names):
    """Cells of the one row of the registry, in one line."""
    [row] = csv.DictReader((home / "data/raw/origins.csv").read_text("utf-8").splitlines())
    return " | ".join(row[name] for name in names.split())


def run(*words):
    return CliRunner().invoke(cli.main, ["import", *map(str, words)])


def test_import_writes_the_tables_and_their_row_of_the_registry(home, tmp_path):
    path, note = saved(tmp_path, factory.ofac_published()), "The file does not say; about that day."
    days = ["--released", "2023-01-20", "--released-note", note]
    done = run("ofac", path, "--origin", "ofac-2023-01", "--only", "VEN", *days)
    assert done.exit_code == 0, done.output
    assert (home / "data/raw/ofac/ofac-2023-01/sanctions_listed.csv").read_text(
        encoding="utf-8"
    ) == (
        "kind,programmes,nationalities,citizenships,documents,birthplaces,entries\n"
        "entity,VENEZUELA-EO13850,,,,,1\nindividual,SDNTK,,VEN,,,1\n"
        "individual,UKRAINE-EO13662;VENEZUELA-EO13850,RUS,ESP;VEN,,,1\nindividual,VENEZUELA,,,,,1\n"
        "individual,VENEZUELA,VEN,,COL;VEN,VEN,1\nvessel,VENEZUELA-EO13850,,,,,1\n"
    )
    names = "origin_id released released_end released_precision published_basis published_note"
    assert registered(home, names) == (
        f"ofac-2023-01 | 2023-01-20 | 2023-01-20 | day | inferred | {note}"
    )
    days[1] = "2023-01-20/2023-02-20"
    assert run("ofac", path, "--origin", "ofac-2023-01", "--only", "VEN", *days).exit_code == 0
    assert registered(home, "released released_end released_precision published_basis") == (
        "2023-01-20 | 2023-02-20 | period | inferred"
    )
    assert registered(home, "covers") == (
        "nationality=VEN;citizenship=VEN;document=VEN;birthplace=VEN;programme=VENEZUELA;programme=VENEZUELA-EO13850"
    )
    assert "note: 3 of 9 entries left out, as asked for" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "does not say when it was generated"),
        (["--released", "January 2023"], "is no day; write YYYY-MM-DD"),
        (["--released", "2023-02-30"], "is no day"),
        (["--released", "2023-02-01/2023-01-01", "--released-note", "x"], "is no day"),
        (["--released", "2023-01-01/2023-02-01"], "say from what with --released-note"),
        (["--released-note", "x"], "give that day with --released"),
    ],
)
def test_import_insists_on_a_day_of_release_and_on_how_it_is_known(home, tmp_path, words, said):
    done = run("cpi", saved(tmp_path, factory.CPI), "--origin", "cpi-1", *words)
    assert done.exit_code == 1 and said in done.output
    assert not (home / "data/raw/cpi").exists()


def test_a_printed_day_that_cannot_be_read_is_told_where_a_day_is_asked_for(home, tmp_path):
    path = saved(tmp_path, '"Last updated:","31 February 2024"\n' + factory.UNHCR_CSV)
    output = run("unhcr", path, "--origin", "unhcr-x").output
    said = "generated (last updated '31 February 2024': is no day that can be read); give the day"
    assert said in output


def test_importing_again_replaces_a_release_as_a_whole_and_a_refused_file_changes_nothing(
    home, tmp_path
):
    words = ["--origin", "worldbank-1"]
    assert run("worldbank", saved(tmp_path, factory.worldbank_published()), *words).exit_code == 0
    before = {p: p.read_bytes() for p in (home / "data/raw").rglob("*.csv")}
    broken = run("worldbank", saved(tmp_path, factory.worldbank_published()[:-40]), *words)
    assert broken.exit_code == 1 and "cut off" in broken.output and "Traceback" not in broken.output
    assert {p: p.read_bytes() for p in (home / "data/raw").rglob("*.csv")} == before
    path = saved(tmp_path, factory.worldbank_published())
    assert run("worldbank", path, *words, "--only", "VEN").exit_code == 0
    assert (home / "data/raw/worldbank/worldbank-1/economy.csv").read_text(encoding="utf-8") == (
        "country,year,gdp_usd\nVEN,2014,482359318768\nVEN,2015,\nVEN,2016,\n"
    )
    assert len(pd.read_csv(home / "data/raw/origins.csv")) == 1


@pytest.mark.parametrize(("provider", "text"), [*_texts().items()])
def test_every_provider_of_the_command_has_its_reader_and_builds(home, tmp_path, provider, text):
    note = ["--released", "2025-01-01", "--released-note", "invented"]
    done = run(provider, saved(tmp_path, text), "--origin", f"{provider}-1", *note)
    assert done.exit_code == 0, done.output
    frames, faults = compiled.read(importlib.import_module("rvdata.origins").read()[0])
    assert faults == [] and sum(map(len, frames.values())) > 0

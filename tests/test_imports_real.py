"""Importers on the publishers' own files: known facts, independent recomputation, and the shipped releases made again."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadr
import pytest

from rvdata import origins
from rvdata.errors import DataError
from rvdata.sources import compiled, cpi, ofac, series, unga, unhcr, worldbank

STATES = frozenset(["RUS", "VEN", "USA", "CHN", "CUB", "SYR", "UKR", "NIC", "COL", "BRA"])
GDP = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_2.csv"
UNHCR = "unhcr-contemporary/end_year_population_totals_{}.RData"
ODP = "unhcr-odp-ukraine-2022/timeseries_{}.csv"
FACTBOOK = "factbook-brics/cia_factbook_international_organization_participation_2024-08-{}.csv"
#: Release → provider, file and countries with which it was compiled.
SHIPPED = {
    "unhcr-2025-csv": (unhcr, "unhcr/persons_of_concern.csv", frozenset()),
    "unhcr-2025-12": (unhcr, "unhcr/population.rda", frozenset()),
    "unhcr-2021-11": (unhcr, UNHCR.format("2021-11-13"), frozenset()),
    "unhcr-2022-06": (unhcr, UNHCR.format("2022-06-17"), frozenset()),
    "unhcr-odp-2022-04": (unhcr, ODP.format("2022-04-16"), frozenset({"UKR"})),
    "unhcr-odp-2022-06": (unhcr, ODP.format("2022-06-12"), frozenset({"UKR"})),
    "ofac-2022-04": (ofac, "ofac-2022/sdn_2022-04-08.csv", frozenset({"VEN"})),
    **{
        origin_id: (series, file, frozenset())
        for origin_id, file in {
            "factbook-2025-10": "oil-reserves/cia_factbook_crude_oil_estimated_reserves_2025-10-07.csv",
            "owid-oil-2022-10": "oil-reserves/oil-proved-reserves_owid-2022-10.csv",
            "factbook-2024-08-15": FACTBOOK.format("15"),
            "factbook-2024-08-29": FACTBOOK.format("29"),
            "ucdp-brd-24-1": "ucdp-prio-battle-deaths/BattleDeaths_v24_1.csv",
            "prio-battle-deaths-3-1": "ucdp-prio-battle-deaths/prio_battle_deaths_3.1_converted.csv",
            "cow-diplomatic-2006": "cow-diplomatic-exchange/diplomatic_exchange_40-365.csv",
            "actas-2024-08-02": "venezuela-actas-2024/RESULTADOS_2024_CSV_V1.csv.gz",
            "actas-2024-08-06": "venezuela-actas-2024/RESULTADOS_2024_CSV_V2.csv.gz",
        }.items()
    },
    "worldbank-2023": (worldbank, f"worldbank/gdp-2023-vintage/{GDP}", STATES),
    "worldbank-2024-11": (worldbank, f"worldbank/gdp-2024-vintage/{GDP}", frozenset()),
    "uscpi-2026-05": (cpi, "us-cpi/cpiai.csv", frozenset()),
    "ofac-2023-01": (ofac, "ofac/sdn.csv", frozenset({"VEN"})),
    "unga-2020": (unga, "un-voting/un_votes.rda", STATES),
    "unga-2025-07": (unga, "un-voting/IdealpointsJuly2025.dta", STATES),
}


@pytest.fixture(scope="module")
def primary():
    """Folder of the publishers' files, which are not ours to ship."""
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    return Path(folder)


@pytest.mark.parametrize("origin_id", SHIPPED)
def test_shipped_release_is_what_the_publishers_file_gives(
    root, primary, tmp_path, monkeypatch, origin_id
):
    reader, file, only = SHIPPED[origin_id]
    registered = {row["origin_id"]: row for row in origins.read()[0]}[origin_id]
    (tmp_path / "data" / "raw").mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / "countries.csv", tmp_path / "data" / "raw")
    (tmp_path / "data" / "raw" / "origins.csv").write_text(
        ",".join(origins.COLUMNS) + "\n", encoding="utf-8"
    )
    monkeypatch.setenv("RVDATA_HOME", str(tmp_path))
    provider = reader.__name__.split(".")[-1]
    days = "/".join(dict.fromkeys([registered["released"], registered["released_end"]])).strip("/")
    folder = compiled.write(
        reader.read(primary / file, only),
        provider,
        origin_id,
        primary / file,
        days,
        registered["published_note"],
    )
    shipped = root / "data" / "raw" / provider / origin_id
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in shipped.iterdir())
    for path in folder.iterdir():
        assert path.read_bytes() == (shipped / path.name).read_bytes(), path.name
    again = origins.read()[0][0].cells
    assert again == registered.cells


#: Files that are no table of a provider: of the unvotes package beside its votes, and of subjects without a table.
BESIDE = (
    "un-voting/un_roll_call*.rda",
    "unhcr/countries.rda",
    "ofac-2022/*_rows-with-Venezuela.csv",
)
NO_TABLE = (
    "documents.csv",
    "cow-diplomatic-exchange/*",
    "factbook-brics/*",
    "oil*/*",
    "ucdp-prio-battle-deaths/*",
    "unhcr-odp-ukraine-2022/*",
    "venezuela-actas-2024/*",
)
OF = {"unhcr": unhcr, "worldbank": worldbank, "us-cpi": cpi, "ofac": ofac, "un-voting": unga}


def test_everything_that_has_a_table_imports_and_the_rest_is_refused_in_one_line(primary):
    imported = set()
    for path in sorted(primary.rglob("*")):
        name = path.relative_to(primary)
        if path.is_dir() or path.suffix == ".md" or name.parts[0].startswith("sipri"):
            continue
        reader = next((r for start, r in OF.items() if name.parts[0].startswith(start)), unhcr)
        if any(name.match(pattern) for pattern in (*BESIDE, *NO_TABLE)):
            with pytest.raises(DataError) as caught:
                reader.read(path)
            assert "\n" not in str(caught.value)
            continue
        release = reader.read(path, frozenset({"VEN"}) if reader is unga else frozenset())
        assert all(len(frame) for frame in release.tables.values()), name
        imported.add(str(name))
    assert (
        len(imported) == 12
        and {
            "ofac-2022/sdn_2022-04-08.csv",
            "unhcr-contemporary/end_year_population_totals_2021-11-13.RData",
        }
        <= imported
    )


def test_unhcr_releases_of_2021_and_2022_are_as_known(primary):
    abroad = []
    for day in ("2021-11-13", "2022-06-17"):
        path = primary / "unhcr-contemporary" / f"end_year_population_totals_{day}.RData"
        table = unhcr.read(path).tables["displaced_persons"].set_index(["origin", "year"])
        row = table.loc[("VEN", 2021), ["refugees", "asylum_seekers", "other_in_need"]]
        abroad.append(row.astype(int).tolist())
    assert abroad == [[186832, 952246, 3944279], [199202, 971131, 4406409]]


# ---- UNHCR


@pytest.fixture(scope="module")
def population(primary):
    return pyreadr.read_r(str(primary / "unhcr" / "population.rda"))["population"]


@pytest.fixture(scope="module")
def displaced(primary):
    return (
        unhcr.read(primary / "unhcr" / "population.rda")
        .tables["displaced_persons"]
        .set_index(["origin", "year"])
    )


def test_unhcr_people_abroad_are_as_known(displaced):
    abroad = displaced[["refugees", "asylum_seekers", "other_in_need"]].sum(axis=1)
    assert [int(abroad[o, y]) for y in range(2018, 2024) for o in ("RUS", "SYR", "UKR", "VEN")] == [
        104725,
        6793950,
        125213,
        3078217,
        110635,
        6733699,
        87835,
        4469932,
        97141,
        6809995,
        56582,
        4884479,
        111506,
        6988619,
        46988,
        5576740,
        146466,
        6716352,
        5718814,
        6585011,
        200804,
        6538742,
        5994350,
        7303188,
    ]
    assert abroad.xs(2023, level="year").nlargest(4).astype(int).to_dict() == {
        "VEN": 7303188,
        "AFG": 6699177,
        "SYR": 6538742,
        "UKR": 5994350,
    }
    assert displaced.loc[
        ("VEN", 2023), ["refugees", "asylum_seekers", "other_in_need", "others_of_concern"]
    ].tolist() == [347695, 1200130, 5755363, 3293301]


def test_unhcr_table_loses_nobody_and_calls_no_missing_count_zero(population, displaced):
    for column, theirs in (
        ("refugees", "refugees"),
        ("asylum_seekers", "asylum_seekers"),
        ("other_in_need", "oip"),
        ("others_of_concern", "ooc"),
        ("internally_displaced", "idps"),
    ):
        assert displaced[column].sum() == population[theirs].sum()
    assert len(displaced) == len(population[["year", "coo_iso"]].drop_duplicates()) == 7673
    stated = population[population.oip.notna()][["coo_iso", "year"]].drop_duplicates()
    assert displaced["other_in_need"].notna().sum() == len(stated)


def test_unhcr_download_without_the_column_says_so_and_agrees_in_the_others(primary, displaced):
    release = unhcr.read(primary / "unhcr" / "persons_of_concern.csv")
    table = release.tables["displaced_persons"].set_index(["origin", "year"])
    assert table["other_in_need"].isna().all() and len(table) == 2973
    assert table.loc[
        ("VEN", 2023), ["refugees", "asylum_seekers", "others_of_concern"]
    ].tolist() == [347695, 1200130, 3293301]
    assert (
        int(table.loc[("SYR", 2022), "asylum_seekers"]),
        int(displaced.loc[("SYR", 2022), "asylum_seekers"]),
    ) == (156621, 156616)
    assert release.covers == ("*",)


def test_unhcr_derived_extract_gives_the_same_rows(primary, displaced):
    extract = (
        unhcr.read(primary / "unhcr" / "population_origin-VEN-SYR-UKR-RUS.csv")
        .tables["displaced_persons"]
        .set_index(["origin", "year"])
    )
    pd.testing.assert_frame_equal(extract, displaced.loc[["RUS", "SYR", "UKR", "VEN"]])


# ---- World Bank, consumer prices


def test_worldbank_vintages_are_as_known(primary):
    old = worldbank.read(primary / "worldbank" / "gdp-2023-vintage" / GDP)
    new = worldbank.read(primary / "worldbank" / "gdp-2024-vintage" / GDP)
    g = old.tables["economy"].set_index(["country", "year"])["gdp_usd"]
    h = new.tables["economy"].set_index(["country", "year"])["gdp_usd"]
    assert [round(g["VEN", y] / 1e9, 1) for y in range(1998, 2015)] == [
        91.3,
        98.0,
        117.1,
        122.9,
        92.9,
        83.6,
        112.5,
        145.5,
        183.5,
        230.4,
        316.0,
        329.8,
        393.2,
        316.5,
        381.3,
        371.0,
        482.4,
    ]
    assert all(
        np.isnan(s["VEN", y]) for s, last in ((g, 2022), (h, 2023)) for y in range(2015, last + 1)
    )
    assert [round(g["RUS", y] / 1e9, 1) for y in (2000, 2013, 2022)] == [259.7, 2292.5, 2240.4]
    assert [round(h["RUS", y] / 1e9, 1) for y in (2022, 2023)] == [2266.0, 2021.4]
    assert (old.generated, new.generated) == ("", "2024-11-13")
    assert old.notes[0].startswith("50 aggregates left out: AFE, AFW, ARB")
    assert g.index.get_level_values(
        "country"
    ).nunique() == 216 and "XKX" in g.index.get_level_values("country")


def test_worldbank_values_are_all_there(primary):
    raw = pd.read_csv(
        primary / "worldbank" / "gdp-2023-vintage" / GDP, encoding="utf-8-sig"
    ).set_index("Country Code")
    table = worldbank.read(primary / "worldbank" / "gdp-2023-vintage" / GDP).tables["economy"]
    wide = table.pivot(index="country", columns="year", values="gdp_usd")
    theirs = raw.loc[wide.index, [str(y) for y in range(1960, 2023)]].astype(float)
    np.testing.assert_array_equal(wide.to_numpy(), theirs.to_numpy())


def test_cpi_means_are_as_known(primary):
    table = cpi.read(primary / "us-cpi" / "cpiai.csv").tables["us_cpi"].set_index("year")
    assert table.loc[[2000, 2005, 2010, 2013, 2020, 2021, 2022, 2023, 2024, 2025], "cpi"].round(
        3
    ).tolist() == [
        172.2,
        195.292,
        218.056,
        232.957,
        258.811,
        270.97,
        292.655,
        304.702,
        313.689,
        321.943,
    ]
    assert (
        table.loc[2025, "months"] == 11
        and table.loc[2026, "months"] == 5
        and (table.loc[1913:2024, "months"] == 12).all()
    )
    assert round(table.loc[2023, "cpi"] / table.loc[2006, "cpi"], 4) == 1.5115


# ---- sanctions


def test_ofac_counts_are_as_known_and_nobody_is_lost(primary):
    table = (
        ofac.read(primary / "ofac" / "sdn.csv")
        .tables["sanctions_listed"]
        .astype({"kind": str, "programmes": str, "nationalities": str})
    )
    assert table["entries"].sum() == 11443  # the file's last line is the mark of its end
    assert table.groupby("kind")["entries"].sum().to_dict() == {
        "aircraft": 293,
        "entity": 4575,
        "individual": 5890,
        "vessel": 685,
    }
    named = table[table["programmes"].str.contains("VENEZUELA")]
    assert named.groupby("kind")["entries"].sum().to_dict() == {
        "individual": 146,
        "entity": 101,
        "aircraft": 55,
        "vessel": 53,
    }
    lists = table["programmes"].str.split(";")
    assert {
        k: int(table["entries"][lists.map(lambda x, k=k: k in x)].sum())
        for k in ("VENEZUELA", "VENEZUELA-EO13850", "VENEZUELA-EO13884")
    } == {"VENEZUELA": 124, "VENEZUELA-EO13850": 164, "VENEZUELA-EO13884": 67}


@pytest.mark.parametrize(
    ("code", "name"),
    [("VEN", "Venezuela"), ("RUS", "Russia"), ("PRK", "Korea, North"), ("CUB", "Cuba")],
)
def test_ofac_nationals_are_those_whose_remarks_say_so(primary, code, name):
    table = (
        ofac.read(primary / "ofac" / "sdn.csv")
        .tables["sanctions_listed"]
        .astype({"nationalities": str})
    )
    raw = pd.read_csv(primary / "ofac" / "sdn.csv", dtype=str, keep_default_na=False)
    found = 0
    for column, word in (("nationalities", "nationality"), ("citizenships", "citizen")):
        said = raw["Details"].str.contains(rf"{word} {name}(?:[;.]|$)", regex=True)
        marked = table[column].astype(str).str.split(";").map(lambda codes: code in codes)
        assert table["entries"][marked].sum() == said.sum()
        found += said.sum()
    assert found > 0


@pytest.mark.parametrize(("code", "name"), [("VEN", "Venezuela"), ("CUB", "Cuba")])
def test_ofac_documents_are_those_whose_remarks_name_the_state_in_brackets(primary, code, name):
    table = ofac.read(primary / "ofac" / "sdn.csv").tables["sanctions_listed"]
    raw = pd.read_csv(primary / "ofac" / "sdn.csv", dtype=str, keep_default_na=False)
    people = raw[raw["Type"].str.strip() == "individual"]["Details"]
    said = people.str.contains(rf"\d[^;(]*\({name}\)(?:[;.]| issued| expire|$)", regex=True)
    marked = table["documents"].str.split(";").map(lambda codes: code in codes)
    assert table["entries"][marked].sum() == said.sum() > 0


# ---- UN votes


@pytest.fixture(scope="module")
def votes(primary):
    cast = pyreadr.read_r(str(primary / "un-voting" / "un_votes.rda"))["un_votes"]
    calls = pyreadr.read_r(str(primary / "un-voting" / "un_roll_calls.rda"))["un_roll_calls"]
    cast["vote"] = cast["vote"].astype(str)
    return cast.merge(
        calls[["rcid", "date"]].assign(year=pd.to_datetime(calls["date"]).dt.year)[
            ["rcid", "year"]
        ],
        on="rcid",
    )


@pytest.fixture(scope="module")
def agreement(primary):
    release = unga.read(primary / "un-voting" / "un_votes.rda", STATES)
    return {
        name: frame.astype({c: str for c in ("country_a", "country_b", "issue") if c in frame})
        for name, frame in release.tables.items()
    }


@pytest.mark.parametrize(
    ("a", "b", "first", "last", "known", "share"),
    [
        ("RUS", "VEN", 2000, 2019, 1813, 0.715),
        ("USA", "VEN", 2000, 2019, 1826, 0.153),
        ("RUS", "VEN", 1992, 1998, 524, 0.569),
        ("USA", "VEN", 1992, 1998, 527, 0.254),
        ("RUS", "VEN", 2013, 2019, 623, 0.665),
        ("USA", "VEN", 2013, 2019, 631, 0.146),
    ],
)
def test_unga_agreement_over_a_window_is_as_known(agreement, a, b, first, last, known, share):
    t = agreement["un_vote_agreement"]
    t = t[
        (t.country_a == a) & (t.country_b == b) & (t.issue == "all") & t.year.between(first, last)
    ]
    assert t["votes"].sum() == known
    same = (t["votes"] * t["agree_share_pct"] / 100).round()
    assert (
        same - t["votes"] * t["agree_share_pct"] / 100
    ).abs().max() < 1e-3  # the digits kept give whole votes back
    assert round(same.sum() / known, 3) == share


def test_unga_spread_and_rank_are_those_of_a_recomputation_pair_by_pair(votes, agreement):
    of_year = votes[votes["year"] == 2003]
    wide = of_year.pivot_table(index="rcid", columns="country", values="vote", aggfunc="first")
    regular = wide.columns[wide.notna().sum() * 2 >= len(wide)]
    cast = {
        name: wide[name].map({"yes": 1.0, "abstain": 2.0, "no": 3.0}).to_numpy() for name in regular
    }
    shares = {}
    for i, a in enumerate(regular):
        for b in regular[i + 1 :]:
            both = ~np.isnan(cast[a] + cast[b])
            if both.any():
                shares[a, b] = (cast[a] == cast[b]).sum() / both.sum() * 100
    values = pd.Series(shares)
    row = agreement["un_vote_spread"].query("year == 2003 and issue == 'all'").iloc[0]
    assert (row["roll_calls"], row["pairs"]) == (len(wide), len(values))
    np.testing.assert_allclose(
        row[["p05_pct", "p25_pct", "p50_pct", "p75_pct", "p95_pct"]].astype(float),
        values.quantile([0.05, 0.25, 0.5, 0.75, 0.95]),
        atol=1e-4,
    )
    pair = (
        agreement["un_vote_agreement"]
        .query("year == 2003 and issue == 'all' and country_a == 'RUS' and country_b == 'VEN'")
        .iloc[0]
    )
    mine = values["Russia", "Venezuela"]
    assert abs(pair["agree_share_pct"] - mine) < 1e-4
    tied = np.isclose(values, mine).sum()
    assert (
        abs(pair["pairs_below_pct"] - ((values < mine - 1e-9).sum() + tied / 2) / len(values) * 100)
        <= 5e-5
    )


def test_unga_windows_are_those_of_all_roll_calls_counted_together(votes, agreement):
    """Counted over again, pair by pair; a state counts that took part in half of the window's roll calls."""
    windows = agreement["un_vote_windows"].set_index(["first_year", "last_year", "issue"])
    assert windows.loc[(1992, 2019, "all"), "pairs"] == 16_836
    of_window = votes[votes["year"].between(2016, 2019)]
    wide = of_window.pivot_table(index="rcid", columns="country", values="vote", aggfunc="first")
    wide = wide[wide.columns[wide.notna().sum() * 2 >= len(wide)]]
    coded = {"yes": 1.0, "abstain": 2.0, "no": 3.0}
    cast = [wide[name].map(coded).to_numpy() for name in wide]
    shares = pd.Series(
        [
            100 * (a == b).sum() / (~np.isnan(a + b)).sum()
            for a, b in itertools.combinations(cast, 2)
        ]
    )
    row = windows.loc[(2016, 2019, "all")]
    assert (row["roll_calls"], row["pairs"]) == (len(wide), len(shares))
    mine = shares.quantile(np.arange(1, 100) / 100)
    np.testing.assert_allclose(
        [float(cut) for cut in row["percentiles_pct"].split(";")], mine, atol=0.051
    )


def test_unga_single_issues_are_those_of_the_issue_file(primary, votes, agreement):
    issues = pyreadr.read_r(str(primary / "un-voting" / "un_roll_call_issues.rda"))[
        "un_roll_call_issues"
    ]
    rights = votes[
        votes["rcid"].isin(issues[issues["short_name"] == "hr"]["rcid"])
        & votes["country"].isin(["Cuba", "United States"])
    ]
    wide = rights.pivot_table(
        index="rcid", columns="country", values="vote", aggfunc="first"
    ).dropna()
    year = votes.drop_duplicates("rcid").set_index("rcid")["year"][wide.index]
    mine = (wide["Cuba"] == wide["United States"]).groupby(year).agg(["size", "mean"])
    t = (
        agreement["un_vote_agreement"]
        .query("issue == 'human_rights' and country_a == 'CUB' and country_b == 'USA'")
        .set_index("year")
    )
    assert t["votes"].tolist() == mine["size"].tolist()
    np.testing.assert_allclose(t["agree_share_pct"], mine["mean"] * 100, atol=1e-4)


def test_unga_ideal_points_are_as_known(primary):
    release = unga.read(primary / "un-voting" / "IdealpointsJuly2025.dta")
    points = release.tables["un_ideal_points"].set_index(["country", "year"])["ideal_point"]
    assert [
        round(points[c, y], 2) for y in (1999, 2006, 2013, 2021) for c in ("RUS", "USA", "VEN")
    ] == [0.39, 2.59, -0.48, -0.06, 2.70, -1.07, -0.05, 2.51, -1.48, -0.03, 2.51, -1.74]
    assert (round(points["RUS", 2024], 2), round(points["USA", 2024], 2)) == (-0.60, 2.21) and (
        "VEN",
        2024,
    ) not in points
    assert len(points["VEN"]) == 75 and len(points) == 11421
    assert release.generated == "2025-07-28"
    assert "19 of 11440 rows have no idealpointfp and are left out" in release.notes

"""Verdict numbers recomputed from the publishers' files, in other code: pandas alone, nothing of rvdata."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pandas as pd
import pyreadr
import pytest

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def primary():
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    return Path(folder)


@pytest.fixture(scope="module")
def checks():
    table = pd.read_parquet(HERE / "data" / "processed" / "figure_checks.parquet")
    return table[table["is_primary"]].set_index("figure_id")


def test_shares_of_the_release_of_march_2022(primary, checks):
    tiv = pd.read_csv(
        primary / "sipri-2022-release" / "tiv_recipient-Venezuela_by_supplier_1950-2021.csv",
        index_col=0,
    )
    sums = tiv[[str(year) for year in range(2000, 2022)]].fillna(0).sum(axis=1)
    russia, china = (100 * sums[name] / sums.sum() for name in ("Russia", "China"))
    assert checks.loc["rusi-2022-f05", "computed"] == pytest.approx(russia)
    assert checks.loc["rusi-2022-f06", "computed"] == pytest.approx(russia + china)
    assert checks.loc["rusi-2022-f07", "computed"] == pytest.approx(china)
    assert sums.idxmax() == "Russia"


def test_people_displaced_at_the_end_of_2021(primary, checks):
    path = primary / "unhcr-contemporary" / "end_year_population_totals_2022-06-17.RData"
    (frame,) = pyreadr.read_r(str(path)).values()
    own = frame[frame["Year"] == 2021]
    for figure, code in (("rusi-2022-f09", "SYR"), ("rusi-2022-f10", "VEN")):
        rows = own[own["CountryOriginCode"] == code]
        assert checks.loc[figure, "computed"] == rows[["REF", "ASY", "VDA"]].sum().sum()


def test_crossings_by_day(primary, checks):
    days = pd.read_csv(primary / "unhcr-odp-ukraine-2022" / "timeseries_2022-06-12.csv")
    row = checks.loc["rusi-2022-f11"]
    assert (row["computed_low"], row["computed_high"]) == (
        days["individuals"].iloc[0],
        days["individuals"].sum(),
    )


def test_nationals_on_the_list_of_april_2022(primary, checks):
    names = ["id", "name", "type", "programme", *"abcdefg", "remarks"]
    rows = pd.read_csv(
        primary / "ofac-2022" / "sdn_2022-04-08.csv", header=None, names=names, dtype=str
    )
    people = rows[rows["type"].str.strip() == "individual"]
    marked = people["remarks"].str.contains(r"(?:nationality|citizen) Venezuela", na=False)
    assert marked.sum() == checks.loc["rusi-2022-f01", "computed"]


def test_reserves_members_relations_and_sheets(primary, checks):
    oil = pd.read_csv(primary / "oil-reserves" / "oil-proved-reserves_owid-2022-10.csv")
    last = oil[(oil["Year"] == 2020) & (oil["Code"].str.len() == 3)]
    assert last.set_index("Code")["Oil - Proved reserves"].idxmax() == "VEN"
    assert checks.loc["rferl-2025-f16", "places"] == "1"
    (file,) = (primary / "factbook-brics").glob("*2024-08-29.csv")
    table = pd.read_csv(file)
    region = table["file"].str.startswith(("south-america", "central-america"))
    region |= table["file"] == "north-america/mx.json"
    inside = table.loc[region & table["text"].str.contains("BRICS"), "country"].tolist()
    assert inside == ["Brazil"] and checks.loc["kennan-2024-f06", "places"] == "2"
    (file,) = (primary / "cow-diplomatic-exchange").glob("*.csv")
    years = pd.read_csv(file).set_index("year")["DE"]
    since = years.index[years.index > years.index[years == 0].max()].min()
    assert checks.loc["geointel-2019-f01", "computed"] == years.index.max() - since
    with gzip.open(primary / "venezuela-actas-2024" / "RESULTADOS_2024_CSV_V2.csv.gz") as packed:
        sheets = sum(1 for line in packed if line.strip()) - 1
    assert checks.loc["kennan-2024-f01", "computed"] == pytest.approx(100 * sheets / 30_026)


def test_no_war_in_europe_had_more_battle_deaths_by_any_estimate(primary, checks):
    folder = primary / "ucdp-prio-battle-deaths"
    ucdp = pd.read_csv(folder / "BattleDeaths_v24_1.csv", dtype={"region": str})
    ucdp = ucdp[ucdp["region"] == "1"].groupby(["location_inc", "conflict_id"])
    ucdp = ucdp[["bd_low", "bd_best", "bd_high"]].sum()
    prio = pd.read_csv(folder / "prio_battle_deaths_3.1_converted.csv", dtype={"region": str})
    prio = prio[prio["region"] == "1"]
    best = prio["bdeadbes"].where(prio["bdeadbes"] >= 0, prio["bdeadhig"])
    prio = prio.assign(bdeadbes=best).groupby("id")[["bdeadlow", "bdeadbes", "bdeadhig"]].sum()
    ours = ucdp.xs("Russia (Soviet Union), Ukraine", level="location_inc").iloc[0].tolist()
    others = ucdp[~ucdp.index.get_level_values("location_inc").str.contains("Ukraine")]
    for mine, a, b in zip(ours, others.max(), prio.max(), strict=True):
        assert mine > max(a, b)
    assert f"{ours[1]:,} ({ours[0]:,} to {ours[2]:,})" in checks.loc["rferl-2025-f15", "reason"]

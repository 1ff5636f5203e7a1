"""Importers on the publishers' own files: the shipped releases made again to the byte, and what no release holds.

That every cell of the releases follows from the files is recomputed in tests/recompute.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rvdata import origins
from rvdata.errors import DataError
from rvdata.sources import compiled, cpi, ofac, series, sipri, unga, unhcr, worldbank

STATES = frozenset(["RUS", "VEN", "USA", "CHN", "CUB", "SYR", "UKR", "NIC", "COL", "BRA"])
GDP = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_2.csv"
UNHCR = "unhcr-contemporary/end_year_population_totals_{}.RData"
EXTRACT = "unhcr/population_origin-VEN-SYR-UKR-RUS.csv"
DELIVERIES = "trade_2023_recipient-Venezuela.csv"
RUSSIAN = "trade_2023_supplier-Russia_Latin-America.csv"
REGISTER = "sipri/trade-register_{}_recipient-Venezuela.csv"
ODP = "unhcr-odp-ukraine-2022/timeseries_{}.csv"
FACTBOOK = "factbook-brics/cia_factbook_international_organization_participation_2024-08-{}.csv"
#: Release → provider, file and countries with which it was compiled; and weapons.
SHIPPED = {
    "sipri-2025-01-ven": (sipri, f"sipri/{DELIVERIES}", frozenset(), ("Igla-S",)),
    "sipri-2022-03-ven": (sipri, "sipri-2022-release/excerpts", frozenset({"VEN"})),
    "sipri-2025-01-rus-latam": (sipri, f"sipri/{RUSSIAN}", frozenset()),
    "sipri-2016-07-ven": (sipri, "sipri/TIV-Import-VEN-1950-2015.csv", frozenset()),
    "sipri-2024-10-totals": (
        sipri,
        "sipri/import-export-values_1950-2024.csv",
        frozenset({"VEN", "CUB", "NIC"}),
    ),
    "sipri-2024-10-ven": (sipri, REGISTER.format("2024-10-13"), frozenset(), ("Igla-S",)),
    "sipri-2025-10-ven": (sipri, REGISTER.format("2025-10-23"), frozenset(), ("Igla-S",)),
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
    reader, file, *chosen = SHIPPED[origin_id]
    registered = {row["origin_id"]: row for row in origins.read()[0]}[origin_id]
    (tmp_path / "data" / "raw").mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / "countries.csv", tmp_path / "data" / "raw")
    (tmp_path / "data" / "raw" / "origins.csv").write_text(
        ",".join(origins.COLUMNS) + "\n", encoding="utf-8"
    )
    monkeypatch.setenv("RVDATA_HOME", str(tmp_path))
    provider = reader.__name__.split(".")[-1]
    days = "/".join(dict.fromkeys([registered["released"], registered["released_end"]])).strip("/")
    release = reader.read(primary / file, *chosen)
    if reader is sipri and registered["released"]:
        # what the file cannot show was given by hand, with the reason
        release = replace(release, covers=(registered["covers"],))
    folder = compiled.write(
        release,
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


def test_everything_that_has_a_table_is_imported_here_and_the_rest_is_refused_in_one_line(primary):
    imported = {primary / file for _, file, *_ in SHIPPED.values()} | {primary / EXTRACT}
    for path in sorted(primary.rglob("*")):
        name = path.relative_to(primary)
        if path.is_dir() or path.suffix == ".md" or name.parts[0].startswith("sipri"):
            continue
        if any(name.match(pattern) for pattern in (*BESIDE, *NO_TABLE)):
            reader = next((r for start, r in OF.items() if name.parts[0].startswith(start)), unhcr)
            with pytest.raises(DataError) as caught:
                reader.read(path)
            assert "\n" not in str(caught.value)
        else:
            assert path in imported


# ---- arms

CODES = ("VEN", "CUB", "NIC", "RUS", "UKR")


def test_every_file_and_the_folder_of_tables_of_sipri_is_read_with_and_without_a_choice(primary):
    files = [
        *sorted((primary / "sipri").glob("*.csv")),
        primary / "sipri-2022-release" / "excerpts",
    ]
    assert len(files) == 13
    for path in files:
        whole = sipri.read(path).tables["arms_transfers"]
        code = next(c for c in CODES if c in {*whole["supplier"], *whole["recipient"]})
        kept = whole[(whole["supplier"] == code) | (whole["recipient"] == code)]
        alone = sipri.read(path, frozenset({code})).tables["arms_transfers"]
        assert alone.to_csv(index=False) == kept.to_csv(index=False)


def test_no_shipped_release_of_sipri_is_a_tenth_of_the_data_set(root):
    """By SIPRI's terms: fewer than a tenth of the 28,348 deals of the register of October 2025."""
    for path in (root / "data" / "raw" / "sipri").rglob("*.csv"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 2800, path


def test_shares_of_deliveries_2000_to_2021_are_as_known(primary):
    def sums(name, side):
        table = sipri.read(primary / "sipri" / name).tables["arms_transfers"]
        return table.query("2000 <= year <= 2021").groupby(side)["tiv_million"].sum()

    to_venezuela, russian = sums(DELIVERIES, "supplier"), sums(RUSSIAN, "recipient")
    assert to_venezuela.nlargest(2).round(2).to_dict() == {"RUS": 3861.86, "CHN": 626.06}
    assert round(to_venezuela.sum(), 2) == 5537.64
    assert russian.nlargest(2).round(2).to_dict() == {"VEN": 3861.86, "PER": 253.64}
    assert round(russian["VEN"] / russian.sum() * 100, 2) == 81.92


def test_the_broken_records_of_the_register_are_whole(primary):
    release = sipri.read(primary / "sipri/trade-register_2025-10-23_malformed-rows-excerpt.csv")
    assert release.tables["arms_orders"]["deals"].sum() == 6
    assert "2 records that a line break in a comment cuts are made whole" in release.notes
    ukrainian = release.tables["arms_transfers"].query("supplier == 'UKR'")
    assert ukrainian[["year", "tiv_million"]].values.tolist() == [[2010, 1.625], [2012, 1.625]]


# ---- UNHCR


def test_unhcr_derived_extract_gives_the_same_rows(primary):
    names = ("unhcr/population.rda", EXTRACT)
    tables = (unhcr.read(primary / name).tables["displaced_persons"] for name in names)
    whole, extract = (table.set_index(["origin", "year"]) for table in tables)
    pd.testing.assert_frame_equal(extract, whole.loc[["RUS", "SYR", "UKR", "VEN"]])


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

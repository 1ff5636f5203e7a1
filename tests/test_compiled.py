"""Compiled releases are replaced with their row of the registry or not at all, and what does not fit together is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from rvdata import build
from rvdata.errors import DataError
from rvdata.sources import compiled


def release(**more):
    frame = pd.DataFrame({"year": [2000, 2001], "cpi": [172.2, 177.0666667], "months": [12, 3]})
    return compiled.Release(
        **(
            {
                "tables": {"us_cpi": frame},
                "title": "Prices",
                "publisher": "The Bureau",
                "url": "",
                "licence": "free",
                "redistribution": "free",
                "covers": ("*",),
                "data_from": "2000-01-01",
                "data_through": "2001-03-31",
                "generated": "2001-04-02",
            }
            | more
        )
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("anything")
    return path


def state(ledger):
    return {
        p.relative_to(ledger.raw): p.read_bytes()
        for p in sorted(ledger.raw.rglob("*"))
        if p.is_file()
    }


def test_a_release_is_stored_registered_and_built(ledger, file):
    compiled.write(release(), "cpi", "cpi-2001", file)
    assert (
        ledger.raw / "cpi/cpi-2001/us_cpi.csv"
    ).read_text() == "year,cpi,months\n2000,172.2,12\n2001,177.0666667,3\n"
    table = build.build().arrow["us_cpi"].to_pylist()
    assert table[1] == {"origin_id": "cpi-2001", "year": 2001, "cpi": 177.0666667, "months": 3}
    row = next(r for r in ledger.rows("origins") if r["origin_id"] == "cpi-2001")
    assert (row["kind"], row["generated"], row["released"], row["covers"], row["sha256"][:8]) == (
        "dataset",
        "2001-04-02",
        "",
        "*",
        "ee0874170b7f6f32b8c2ac9573c428d35b575270a66b757c2c0185d2bd09718d"[:8],
    )


def test_a_full_disk_leaves_the_release_and_the_registry_as_they_were(ledger, file, monkeypatch):
    compiled.write(release(), "cpi", "cpi-2001", file)
    before = state(ledger)

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)  # of the registry
    with pytest.raises(DataError, match=r"No space left on device.*import again"):
        compiled.write(
            release(
                data_through="2001-12-31", tables={"us_cpi": release().tables["us_cpi"].head(1)}
            ),
            "cpi",
            "cpi-2001",
            file,
        )
    assert state(ledger) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda raw: (raw / "cpi/cpi-2001/us_cpi.csv").write_text(
                "year,cpi,months\n2000,999,12\n"
            ),
            "was changed, or an import was cut short",
        ),
        (
            lambda raw: (raw / "cpi/cpi-2001/us_cpi.csv").unlink(),
            "was changed, or an import was cut short",
        ),
        (
            lambda raw: (raw / "cpi/cpi-2001/prices.csv").write_text("x"),
            "is no table that importers compile",
        ),
        (
            lambda raw: (raw / "cpi/cpi-2001").rename(raw / "cpi/cpi-2002"),
            "has no folder of compiled tables",
        ),
        (lambda raw: (raw / "cpi/other").mkdir(), "has no row in data/raw/origins.csv"),
    ],
)
def test_what_was_changed_by_hand_is_refused_with_its_place(ledger, file, change, said):
    compiled.write(release(), "cpi", "cpi-2001", file)
    change(ledger.raw)
    with pytest.raises(DataError, match=said) as error:
        build.build()
    assert "data/raw/cpi" in str(error.value) or "data/raw/origins.csv" in str(error.value)


@pytest.mark.parametrize(
    ("provider", "origin", "more", "said"),
    [
        ("cpi", "CPI 2001", {}, "is no identifier"),
        ("cpi", "../cpi-2001", {}, "is no identifier"),
        ("cpi", "paper-2020", {}, "an article; choose another"),
        ("cpi", "cpi-2001", {"generated": ""}, "give the day of the release with --released"),
        (
            "cpi",
            "cpi-2001",
            {"tables": {"us_cpi": pd.DataFrame({"year": [2000], "cpi": [-1.0], "months": [12]})}},
            "cpi = '-1.0'",
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_and_changes_nothing(
    ledger, file, provider, origin, more, said
):
    before = state(ledger)
    with pytest.raises(DataError, match=said):
        compiled.write(release(**more), provider, origin, file)
    assert state(ledger) == before


def test_an_identifier_belongs_to_one_provider(ledger, file):
    compiled.write(release(), "cpi", "data-2001", file)
    with pytest.raises(DataError, match="taken by a release of cpi"):
        compiled.write(release(), "ofac", "data-2001", file)


def test_a_foreign_file_in_the_folder_of_a_release_is_not_deleted(ledger, file):
    compiled.write(release(), "cpi", "cpi-2001", file)
    (ledger.raw / "cpi/cpi-2001/notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"notes.txt.*move them away"):
        compiled.write(release(), "cpi", "cpi-2001", file)

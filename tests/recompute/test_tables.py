"""Every cell of the tables compiled from publishers' files, against a recomputation in other code.

A release is recomputed where its file is at hand: RVDATA_PRIMARY names a folder with it, and the registry its hash.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from recompute import money, ofac, series, sipri, unga, unhcr
from recompute.cells import DATA, differences, files_by_hash, kept, registry, table

#: Table → its key within a release, and the decimals kept of a column (of others every digit).
TABLES: dict[str, tuple[list[str], dict[str, int]]] = {
    "arms_transfers": (sipri.KEYS["arms_transfers"], {"tiv_million": 6, "estimated_share": 6}),
    "arms_orders": (sipri.KEYS["arms_orders"], {"estimated_share": 6}),
    "arms_units": (sipri.KEYS["arms_units"], {"estimated_share": 6}),
    "displaced_persons": (unhcr.KEY, {}),
    "economy": (["country", "year"], {}),
    "us_cpi": (["year"], {"cpi": 6}),
    "un_ideal_points": (["country", "year"], {"ideal_point": 6}),
    "un_vote_agreement": (unga.PAIR, {"agree_share_pct": 4, "pairs_below_pct": 4}),
    "un_vote_windows": (unga.WINDOW, dict.fromkeys(unga.PERCENTILES, 1)),
    "un_vote_spread": (["year", "issue"], {f"p{q:02}_pct": 4 for q in unga.QUANTILES}),
    "sanctions_listed": (ofac.KEY, {}),
    "series": (series.KEY, {}),
    "displaced_daily": (["origin", "day"], {}),
}
RELEASES = [
    (path.stem, path.parent.name)
    for path in sorted((DATA / "raw").glob("*/*/*.csv"))
    if path.stem in TABLES
]


def recomputed(name: str, origin_id: str, path: Path) -> pd.DataFrame:
    """The rows that a release gives to a table, from the publisher's file alone."""
    countries = kept(origin_id, "country")
    if name.startswith("arms_"):
        return sipri.recomputed(name, path, origin_id)
    if name == "displaced_persons":
        return unhcr.displaced(path)
    if name == "displaced_daily":
        return series.days(path)
    if name == "series":
        return series.recomputed(path)
    if name == "economy":
        return money.gdp(path, countries)
    if name == "us_cpi":
        return money.consumer_prices(path)
    if name == "sanctions_listed":
        return ofac.listed(path, "VEN", "VENEZUELA")
    if name == "un_vote_windows":
        return unga.windows(path.parent)
    assert countries, f"{origin_id} covers no countries"
    if name == "un_ideal_points":
        return unga.ideal_points(path, countries)
    if name == "un_vote_spread":
        return unga.spread(path.parent)
    return unga.agreement(path.parent, countries)


@pytest.mark.parametrize(("name", "origin_id"), RELEASES)
def test_every_cell_follows_from_the_publishers_file(name, origin_id):
    path = files_by_hash().get(registry()[origin_id]["sha256"])
    if path is None:
        pytest.skip(f"the publisher's file of {origin_id} is not in the folder RVDATA_PRIMARY")
    if path.suffix.lower() in (".rda", ".rdata"):
        pytest.importorskip("pyreadr", reason="R files need pyreadr")
    rows = table(name)
    rows = rows[rows["origin_id"] == origin_id].drop(columns="origin_id")
    assert len(rows)
    if name == "un_vote_windows":
        rows = unga.spelled(rows)
    key, decimals = TABLES[name]
    assert differences(rows, recomputed(name, origin_id, path), key, decimals) == []


@pytest.mark.parametrize("name", sorted({name for name, _ in RELEASES}))
def test_no_release_escapes(name):
    assert set(table(name)["origin_id"]) == {origin for table, origin in RELEASES if table == name}


def test_a_comparison_tells_every_kind_of_difference():
    rows = pd.DataFrame({"a": ["x", "y", "z"], "n": [1.0, 2.0, None]})
    assert differences(rows, rows, ["a"], {}) == []
    other = pd.DataFrame({"a": ["x", "y", "w"], "n": [1.06, None, 3.0]})
    assert differences(rows, other, ["a"], {"n": 1}) == [
        "missing in the table: ['w']",
        "only in the table: ['z']",
        "n of ['x']: table np.float64(1.0), recomputed np.float64(1.06)",
        "n of ['y']: table np.float64(2.0), recomputed np.float64(nan)",
    ]
    assert differences(rows, other.assign(n=[1.04, 2.0, 3.0]), ["a"], {"n": 1})[2:] == []
    assert differences(rows, rows[["a"]], ["a"], {}) == ["columns not recomputed: ['n']"]
    assert "key occurs twice" in differences(rows, rows.assign(a="x"), ["a"], {})[0]

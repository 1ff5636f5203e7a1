"""The public verbs: right numbers in three lines, on the published tables and on literal ones."""

from __future__ import annotations

import re
import warnings

import pandas as pd
import pytest

import rvdata
from nbfleet import reads
from rvdata import store
from rvdata.analysis import arms
from rvdata.errors import DataError


def test_the_examples_of_the_readme_give_the_numbers_that_stand_beside_them(root):
    """Each task of a researcher in three lines at most; a comment after an expression is its value."""
    text = (root / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- tasks -->\n```python\n(.*?)```", text, re.S)
    tasks = [task for task in re.split(r"\n\n", block.strip()) if not task.startswith("import")]
    assert len(tasks) == 7
    names: dict = {}
    exec(block.split("\n\n")[0], names)
    checked = 0
    for task in tasks:
        lines = [line for line in task.splitlines() if not line.startswith("#")]
        assert len(lines) <= 3, task
        for line in lines[:-1]:
            exec(line, names)
        source, _, wanted = lines[-1].partition("  # ")
        if wanted:
            assert str(eval(source, names)) == wanted, task
            checked += 1
        else:
            exec(source, names)
    assert checked == 5
    events = rvdata.load("events")  # none is lost, and the seventh task cites what it found
    assert len(events[events.date.isna()]) > 0


# ---- load


def test_load_gives_one_release_a_slice_and_no_totals():
    with pytest.warns(UserWarning, match=r"2000 to 2023; .*sipri-2025-10-ven has 1950 to 2024"):
        arms_rows = rvdata.load("arms_transfers")
    assert set(arms_rows["origin_id"]) == {"sipri-2025-01-ven"} and len(arms_rows) == 84
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(rvdata.load("arms_orders")["origin_id"]) == {"sipri-2025-10-ven"}
        for table in ("displaced_persons", "economy", "us_cpi", "un_ideal_points"):
            rows = rvdata.load(table)
            assert rows["origin_id"].nunique() == 1
            assert not rows.duplicated([c for c in store.spec(table).key if c != "origin_id"]).any()
    assert rvdata.load("figure_checks")["figure_id"].is_unique


def test_all_and_one_release_are_given_when_asked_for():
    whole = rvdata.load("arms_transfers", release="all")
    assert whole["origin_id"].nunique() == 7 and "_T" in set(whole["supplier"])
    one = rvdata.load("arms_transfers", "sipri-2025-01-rus-latam")
    assert set(one["supplier"]) == {"RUS"} and "PER" in set(one["recipient"])


def test_peru_has_one_supplier_and_so_is_not_in_what_load_gives_and_has_no_share():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "PER" not in set(rvdata.load("arms_transfers")["recipient"])
    rows = rvdata.deliveries("PER")
    assert round(rows["tiv_million"].sum(), 2) == 253.64
    with pytest.raises(
        DataError, match="Peru's suppliers, sipri-2025-01-rus-latam has Russia alone"
    ):
        rvdata.share(rows, "RUS", 2000, 2021)


def _best(rows: list[tuple], best: str, releases: dict[str, str], name="economy"):
    """What `load` makes of rows (release, country, year) where releases cover something."""
    frame = pd.DataFrame(rows, columns=["origin_id", "country", "year"]).assign(gdp_usd=1.0)
    days = ("data_from", "2000-01-01"), ("data_through", "2001-12-31")
    years = {name: pd.Timestamp(day) for name, day in days} | {"released": None}
    table = {
        one: {"covers": covers, "generated": pd.Timestamp(one[-10:]), **years}
        for one, covers in releases.items()
    }
    assert store._best(name, frame, table)[0]["origin_id"].unique().tolist() == [best]


def test_a_later_import_of_one_country_does_not_replace_the_table():
    releases = {"wb-2024-01-01": "*", "wb-2026-01-01": "country=CUB"}
    held = ("2024", "CUB"), ("2024", "VEN"), ("2026", "CUB")
    rows = [(f"wb-{year}-01-01", country, 2000) for year, country in held]
    _best(rows, "wb-2024-01-01", releases)
    _best(rows, "wb-2026-01-01", releases | {"wb-2026-01-01": "*"})


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: rvdata.load("un_vote_spread"), {"un_vote_spread", "origins", "un_vote_agreement"}),
        (rvdata.verdicts, {"figures", "figure_checks"}),
    ],
)
def test_what_is_kept_from_an_earlier_call_is_noted_as_read_again(
    call, names, monkeypatch, tmp_path
):
    for log in (tmp_path / "first", tmp_path / "again"):
        monkeypatch.setenv(reads.VARIABLE, str(log))
        frame = call()
        assert {path.stem for path in reads.noted(log)} == names
        assert frame.iloc[:, 0].notna().all()
        frame.loc[:, frame.columns[0]] = None  # what a caller changes is his alone


# ---- arms


def test_deliveries_are_those_of_the_table_with_every_covered_year_and_windows_their_shares():
    rows, table = rvdata.deliveries("VEN"), rvdata.load("arms_transfers", "sipri-2025-01-ven")
    years = rows.groupby("supplier")["year"].apply(list)
    assert years.map(lambda own: own == list(range(2000, 2024))).all()
    assert rows[rows.year == 2017]["tiv_million"].sum() == 0  # nothing came
    estimated = (table["tiv_million"] * table["estimated_share"]).sum()
    assert rows["estimated_tiv_million"].sum() == pytest.approx(estimated)
    shares = rvdata.windows(rows, "RUS").set_index(["first", "last"])["share_pct"]
    assert len(shares) == 24 * 25 / 2 and shares.isna().sum() == 5
    for first, last in ((2000, 2021), (2006, 2006), (2013, 2023)):
        own = table[table.year.between(first, last)]
        expected = 100 * own[own.supplier == "RUS"].tiv_million.sum() / own.tiv_million.sum()
        assert shares[first, last] == pytest.approx(expected)
        assert rvdata.share(rows, "RUS", first, last) == pytest.approx(expected)


ROWS = pd.DataFrame(
    {
        "recipient": "VEN",
        "supplier": ["RUS", "RUS", "_U", "_U"],
        "year": [2000, 2001, 2000, 2001],
        "tiv_million": [30.0, 0.0, 10.0, 20.0],
        "all_suppliers_tiv_million": [40.0, 20.0, 40.0, 20.0],
        "release": "sipri-2000-01",
    }
)


def test_unknown_suppliers_count_in_the_denominator():
    assert rvdata.share(ROWS, "RUS", 2000, 2001) == 50.0
    assert rvdata.share(ROWS, "RUS", 2000, 2000) == 75.0
    assert rvdata.share(ROWS, "RUS;CHN", 2001, 2001) == 0.0
    assert rvdata.share(ROWS[ROWS.supplier == "RUS"], "RUS", 2000, 2001) == 50.0


@pytest.mark.parametrize("window", [(1999, 2000), (2001, 2002), (2001, 2000)])
def test_a_window_that_the_deliveries_lack_is_refused(window):
    with pytest.raises(DataError, match="have 2000 to 2001, not all of"):
        rvdata.share(ROWS, "RUS", *window)


def test_what_no_release_has_is_refused_with_what_there_is():
    with pytest.raises(DataError, match="deliveries to Syria; `rvdata import sipri`"):
        rvdata.deliveries("SYR")
    with pytest.raises(DataError, match=r"from China.*from RUS alone"):
        rvdata.deliveries("CUB", "CHN")
    with pytest.raises(DataError, match=r"in 1930 to 1940; .*sipri-2025-10-ven has 1950 to 2024"):
        rvdata.deliveries("VEN", start=1930, end=1940)
    with pytest.raises(DataError, match="nearest: sipri-2025-10-ven"):
        rvdata.deliveries("VEN", release="sipri-2025-11-ven")
    assert "no release" in rvdata.deliveries("SYR", empty=True).attrs["missing"]


def test_the_stated_share_holds_in_five_windows():
    claim = rvdata.verdicts(["rusi-2022-f05"]).iloc[0]
    assert (claim["least"], claim["most"]) == (65.0, 75.0)  # as the coarser reading leaves it open
    outcomes = arms.outcomes(rvdata.deliveries("VEN"), "RUS", claim)
    assert (outcomes["verdict"] == "matches").sum() == 5
    assert outcomes.share_pct.between(69.5, 70.5).sum() == 5


def test_claims_are_of_the_supplier_and_the_years():
    ids = arms.claims("VEN", "RUS", 1990, 2025)["figure_id"].tolist()
    assert ids == ["rusi-2022-f05", "rusi-2022-f04", "rusi-2022-f06"]
    ids = arms.claims("VEN", "CHN", 1990, 2025, derived=False)["figure_id"].tolist()
    assert ids == ["rusi-2022-f06"]
    assert arms.claims("VEN", "RUS", 2022, 2025).empty
    assert arms.claims("CUB", "RUS", 1990, 2025).empty
    assert arms.claims("VEN", "RUS", 1990, 2025, ["axios-2018"]).empty


def test_venezuela_takes_four_fifths_of_what_russia_delivered_to_ten_states():
    table = arms.recipients("RUS", 2000, 2021)
    assert len(table) == 10 and round(table.share_pct.sum(), 9) == 100
    assert table.iloc[0].recipient == "VEN" and round(table.iloc[0].share_pct) == 82
    assert arms.recipients("CHN", 2000, 2021).empty


# ---- people


def test_a_new_category_and_a_gap_break_a_series():
    people = rvdata.displaced(["VEN", "SYR"])
    broken = people[people.broken_by != ""][["origin", "year", "broken_by"]].values.tolist()
    assert broken == [
        ["VEN", 2018, "other people in need of protection first counted"],
        ["SYR", 1979, "no count from 1970 to 1978"],
    ]
    assert people.groupby("origin").segment.max().to_dict() == {"SYR": 2, "VEN": 2}
    assert rvdata.displaced("VEN", "refugees")["broken_by"].eq("").all()


def test_people_are_told_by_definition_and_codes():
    with pytest.raises(DataError, match="nearest: abroad"):
        rvdata.displaced("VEN", "abroads")
    with pytest.raises(DataError, match="'VNE' is no country code"):
        rvdata.displaced("VNE")


# ---- what is stated


def test_verdicts_are_one_row_a_figure_in_the_order_asked_for():
    table = rvdata.verdicts()
    assert table.figure_id.is_unique and len(table) == len(rvdata.load("figures"))
    ids = ["rusi-2022-f06", "rusi-2022-f05"]
    assert rvdata.verdicts(ids).figure_id.tolist() == ids
    assert rvdata.verdicts("rusi-2022").source_id.unique().tolist() == ["rusi-2022"]
    with pytest.raises(DataError, match="nearest: rusi-2022-f10"):
        rvdata.verdicts("rusi-2022-f0")


def test_find_looks_through_everything_and_not_within_numbers():
    assert rvdata.find("30 billion").id.tolist() == ["geointel-2019-f02"]
    assert rvdata.find("0 billion").empty
    kinds = set(rvdata.find("Cuba").kind)
    assert {"figure", "event", "argument"} <= kinds
    assert rvdata.find("SIPRI").kind.eq("dataset").any()
    with pytest.raises(DataError, match="say what to find"):
        rvdata.find("  ")

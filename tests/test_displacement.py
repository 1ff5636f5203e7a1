"""The notebook displacement: its answer for none, one and several counts, and by whom they are charged."""

from __future__ import annotations

import re

from in_process import run

from rvdata import displaced
from rvdata.analysis import people


def said(done) -> str:
    return re.sub("<sup>.*?</sup>", "", done.told())


def test_a_state_that_no_article_counts_is_told_by_the_data():
    told = said(run("displacement", draw=False, origins=["CUB", "HTI"]))
    rows = people.displaced("CUB")
    last, most = rows.persons.iloc[-1], rows.persons.max()
    assert f"From Cuba UNHCR counted {last / 1000:,.0f},000 people at the end of 2025" in told
    assert f"at most {most / 1000:,.0f},000" in told


def test_the_rank_is_the_place_among_the_peaks_of_all_states_of_origin():
    peaks = people.peaks(1980, 2022)
    assert peaks.head(4)[["origin", "year"]].values.tolist() == [
        ["SYR", 2021],
        ["VEN", 2022],
        ["AFG", 1990],
        ["UKR", 2022],
    ]
    for row in peaks.head(4).itertuples():
        series = people.displaced(row.origin, start=1980, end=2022)
        assert series.persons.max() == row.persons


def test_claims_follow_origin_charge_and_print():
    ids = {
        name: people.claims(**asked)["figure_id"].tolist()
        for name, asked in {
            "all": {},
            "venezuela": {"origins": ["VEN"]},
            "charged": {"responsible": ["RUS"]},
            "printed": {"inferred": False},
        }.items()
    }
    assert ids == {
        "all": ["rusi-2022-f09", "rusi-2022-f10", "rusi-2022-f11"],
        "venezuela": ["rusi-2022-f10"],
        "charged": ["rusi-2022-f11"],
        "printed": [],
    }
    assert people.claims()["ends"].tolist() == [(2021, 2022)] * 3


def test_a_release_that_leaves_people_out_says_whom():
    """The yearly file of 2025 has no column of other people in need: most Venezuelans are missing from it."""
    assert displaced("VEN").attrs["missing"] == ""
    counts = displaced("VEN", start=2021, end=2021, release="unhcr-2025-csv")
    assert counts.persons.tolist() == [199_202 + 971_106]
    said = "other people in need of protection are not counted in this release"
    assert counts.attrs["missing"] == said
    assert "unhcr-2025-csv" not in people.releases()
    done = run("displacement", release="unhcr-2025-csv")
    assert f"{said.capitalize()}." in done.told()

"""Verdicts that could have been otherwise: rules, releases, and what is tried beside the primary method."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rvdata import origins, reconcile, schemas
from rvdata.reconcile import compare


def stated(value, unit="percent", qualifier="exact", step=1.0, low=None, high=None):
    low = value if qualifier in ("exact", "over", "at_least") and low is None else low
    high = value if qualifier in ("exact", "nearly", "at_most") and high is None else high
    return {
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
        "qualifier": qualifier,
        "stated_step": step,
    }


def rows_of(columns, *rows):
    return pd.DataFrame(rows, columns=list(schemas.words(columns)))


def told(figure, computed, unknown=0):
    """Verdict, coarser verdict and difference of a comparison."""
    found = compare(figure, computed, unknown)
    return found.verdict, found.coarse, found.difference


@pytest.mark.parametrize(
    ("computed", "verdict", "difference"),
    [
        (70.0, "matches", 0.0),
        (69.74, "matches", -0.26),
        (69.5, "matches", -0.5),
        (69.49, "close", -0.51),
        (71.5, "close", 1.5),
        (71.51, "differs", 1.51),
        (0.0, "differs", -70.0),
    ],
)
def test_a_whole_percentage_is_held_to_half_a_point(computed, verdict, difference):
    found = compare(stated(70.0), computed)
    assert (found.verdict, found.difference) == (verdict, difference)


def test_a_coarser_reading_is_shown_where_it_changes_the_verdict_and_only_there():
    assert told(stated(80.0), 81.04) == ("close", "matches", 1.04)
    assert told(stated(80.0), 95.0) == ("differs", "", 15.0)  # close is near: five per cent
    assert told(stated(35.0), 36.6) == ("differs", "matches", 1.6)
    assert compare(stated(80.0), 80.2).coarse == ""
    assert told(stated(73.0), 74.0) == ("close", "", 1.0)


@pytest.mark.parametrize(
    ("qualifier", "computed", "verdict", "difference"),
    [
        ("over", 100.0, "matches", 0.0),
        ("over", 146.0, "matches", 46.0),
        ("over", 99.0, "differs", -1.0),
        ("at_least", 5000.0, "matches", 4900.0),
        ("at_most", 90.0, "matches", -10.0),
        ("at_most", 101.0, "differs", 1.0),
    ],
)
def test_a_bound_holds_or_not_and_says_with_how_much_to_spare(
    qualifier, computed, verdict, difference
):
    assert told(stated(100.0, "persons", qualifier, 100.0), computed) == (verdict, "", difference)


def test_a_vague_plural_is_a_bound_and_a_range_has_two():
    several = stated(float("nan"), "waves", "vague", None, low=3.0, high=float("nan"))
    assert told(several, 4.0) == ("matches", "", 1.0)
    assert told(several, 2.0) == ("differs", "", -1.0)
    between = stated(None, "percent", "range", None, low=35.0, high=40.0)
    assert told(between, 36.0) == ("matches", "", 1.0)
    assert told(between, 39.5) == ("matches", "", -0.5)
    assert told(between, 41.0) == ("differs", "", 1.0)
    assert told(between, 30.0) == ("differs", "", -5.0)


def test_nearly_a_hundred_is_compared_from_below():
    nearly = stated(100.0, "persons", "nearly", 10.0)
    assert compare(nearly, 96.0).verdict == "matches"
    assert compare(nearly, 95.0).verdict == "matches" and compare(nearly, 94.0).verdict == "differs"
    assert compare(nearly, 60.0).verdict == "differs"
    assert compare(nearly, 101.0).verdict == "close"


@pytest.mark.parametrize(
    ("ends", "verdict", "difference"),
    [
        ((5_576_740, 6_585_011), "between year ends", None),
        ((6_585_011, 5_576_740), "between year ends", None),
        ((5_900_000, 5_900_000), "between year ends", None),
        ((5_800_000, 6_979_999), "between year ends", None),  # a fifth of 5.9 million is 1.18
        ((5_800_000, 6_980_000), "undecided", None),
        ((46_988, 5_918_814), "undecided", None),
        ((6_000_000, 7_000_000), "close", 100_000),
        ((4_000_000, 5_760_000), "close", -140_000),
        ((6_100_000, 7_000_000), "differs", 200_000),
        ((1, 2), "differs", -5_899_998),
    ],
)
def test_between_two_year_ends_nothing_ever_matches(ends, verdict, difference):
    figure = stated(5_900_000.0, "persons", step=100_000.0)
    assert told(figure, tuple(map(float, ends))) == (verdict, "", difference)


def test_a_bracket_and_a_bound():
    over = stated(100.0, "persons", "over", 100.0)
    assert told(over, (120.0, 300.0)) == ("matches", "", 20.0)
    assert told(over, (50.0, 300.0)) == ("undecided", "", -50.0)
    assert told(over, (50.0, 80.0)) == ("differs", "", -20.0)


def test_a_rank_is_the_very_place_and_never_close():
    first = stated(1.0, "rank")
    three = stated(None, "rank", "range", low=1.0, high=3.0)
    assert told(three, (3.0, 1.0, 2.0)) == ("matches", "", 0.0)
    assert told(three, (1.0, 2.0, 4.0)) == ("differs", "", 1.0)
    assert told(first, 1.0) == ("matches", "", 0.0)
    assert told(first, 2.0) == ("differs", "", 1.0)


def test_rows_of_unknown_membership_leave_open_what_they_could_turn():
    over = stated(100.0, "persons", "over", 100.0)
    assert told(over, 98.0, 45) == ("undecided", "", -2.0)
    assert told(over, 98.0, 1)[0] == "differs" and told(over, 105.0, 45)[0] == "matches"
    exact = stated(100.0, "persons", step=1.0)
    assert told(exact, 60.0, 80)[0] == "undecided" and told(exact, 60.0, 20)[0] == "differs"


def test_the_relative_difference_is_of_the_stated_number_or_its_bound():
    assert compare(stated(80.0), 81.04).relative_pct == 1.3
    assert compare(stated(100.0, "persons", "over", 100.0), 98.0).relative_pct == -2.0
    assert compare(stated(1.0, "rank"), 2.0).relative_pct is None


def test_close_is_within_five_per_cent_too():
    missiles = stated(5000.0, "missiles", step=1000.0)
    assert told(missiles, 4000.0) == ("differs", "", -1000.0)  # within three times half a step
    assert told(stated(40.0, "missiles", step=1.0), 41.5) == ("close", "", 1.5)
    assert told(stated(20.0, "missiles", step=1.0), 21.5) == ("differs", "", 1.5)


@given(
    value=st.integers(1, 10**9),
    step=st.sampled_from([1, 10, 100]),
    off=st.floats(-1e6, 1e6, allow_nan=False),
)
def test_verdicts_are_ordered_by_distance(value, step, off):
    rank = {"matches": 0, "close": 1, "differs": 2}
    figure = stated(float(value), "persons", step=float(step))
    near, far = compare(figure, value + off), compare(figure, value + 2 * off)
    assert rank[near.verdict] <= rank[far.verdict]
    assert compare(figure, float(value)).verdict == "matches"


# ---- releases

ARTICLE = {"released_end": pd.Timestamp("2022-06-30")}


def release(day, covers="*", start="1990-01-01", through="2024-12-31", generated=True):
    day = pd.Timestamp(day)
    return {
        "kind": "dataset",
        "generated": day if generated else pd.NaT,
        "released": pd.NaT if generated else day,
        "released_end": pd.NaT if generated else day,
        "covers": covers,
        "data_from": pd.Timestamp(start),
        "data_through": pd.Timestamp(through),
    }


@pytest.mark.parametrize(
    ("day", "vintage"),
    [
        ("2022-06-30", "contemporary"),
        ("2021-07-01", "contemporary"),
        ("2021-06-30", "earlier"),
        ("2016-07-24", "earlier"),
        ("2022-07-01", "later"),
    ],
)
def test_the_vintage_of_a_release(day, vintage):
    assert reconcile.vintage(release(day), ARTICLE) == vintage
    assert reconcile.vintage(release(day, generated=False), ARTICLE) == vintage


def test_a_release_counts_by_its_own_day_and_not_by_that_of_a_copy():
    tables = release("2022-07-28") | {
        "released": pd.Timestamp("2022-03-14"),
        "released_end": pd.Timestamp("2022-03-31"),
    }
    assert reconcile.vintage(tables, ARTICLE) == "contemporary"
    assert reconcile.as_known(tables) == "14 to 31 March 2022"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-06-01", "2026-06-30", "June 2026"),
        ("2006-01-01", "2006-12-31", "2006"),
        ("2022-04-08", "2022-04-08", "2022-04-08"),
        ("2020-01-01", "2021-03-09", "2020-01-01 to 2021-03-09"),
    ],
)
def test_a_day_is_told_as_exactly_as_it_is_known(first, last, said):
    row = {"generated": pd.NaT, "released": pd.Timestamp(first), "released_end": pd.Timestamp(last)}
    assert reconcile.as_known(row) == said


@pytest.mark.parametrize(
    ("held", "chosen"), [("abcdef", "f"), ("abde", "d"), ("ab", "b"), ("", None)]
)
def test_a_contemporary_release_gives_the_verdict_else_the_first_later_else_the_last_earlier(
    held, chosen
):
    days = ("2019-03-01", "2020-03-01", "2022-03-14", "2023-03-01", "2024-03-01", "2022-04-01")
    releases = dict(zip("abcdef", map(release, days), strict=True))
    assert reconcile.Question({}, ARTICLE, releases, {}).choose(held) == chosen


def test_a_release_covers_what_it_says_and_no_year_more():
    ours = release("2025-01-03", "recipient=VEN", "2000-01-01", "2023-12-31")
    assert origins.covers(ours, "recipient=VEN", start=2000, end=2021)
    assert not origins.covers(ours, "recipient=VEN", start=1999, end=2019)
    assert not origins.covers(ours, "recipient=VEN", start=2000, end=2024)
    assert not origins.covers(ours, "recipient=CUB", start=2000, end=2021)
    assert not origins.covers(ours, start=2000, end=2021)
    assert origins.covers(release("2025-01-03"), "recipient=CUB", start=2000, end=2021)


# ---- what the data give


def transfers(*rows):
    frame = rows_of("supplier year tiv_million", *rows)
    return frame.assign(
        recipient="VEN", tiv_basis="exact", estimated_share=0.0, origin_id="sipri-x"
    )


def test_share_counts_unknown_suppliers_in_the_denominator_and_gives_them_no_place():
    outside = (("USA", 1999, 999.0), ("USA", 2002, 999.0), ("_T", 2000, 80.0))
    inside = (("RUS", 2000, 50.0), ("_U", 2000, 30.0), ("CHN", 2001, 20.0))
    table = reconcile._supplier_shares(transfers(*inside, *outside), "VEN", 2000, 2001)
    assert table["supplier"].tolist() == ["RUS", "_U", "CHN"]
    assert table["share_pct"].tolist() == [50.0, 30.0, 20.0]
    assert table["rank"].astype("float64").fillna(-1).tolist() == [1, -1, 2]


def test_a_share_is_of_the_printed_total_where_the_release_has_one():
    rows = (("RUS", 2000, 4008.0), ("CHN", 2000, 1529.0), ("_T", 2000, 5545.0))
    table = reconcile._supplier_shares(transfers(*rows), "VEN", 2000, 2000)
    assert table["share_pct"].round(2).tolist() == [72.28, 27.57]
    table = reconcile._supplier_shares(transfers(*rows[:2]), "VEN", 2000, 2000)
    assert table["share_pct"].round(2).tolist() == [72.39, 27.61]


def test_equal_suppliers_share_the_better_place_and_no_deliveries_give_no_rows():
    table = reconcile._supplier_shares(
        transfers(("RUS", 2000, 5.0), ("CHN", 2000, 5.0), ("ESP", 2000, 1.0)), "VEN", 2000, 2000
    )
    places = dict(zip(table["supplier"], table["rank"], strict=True))
    assert places == {"RUS": 1, "CHN": 1, "ESP": 3}
    assert reconcile._supplier_shares(transfers(("RUS", 2000, 5.0)), "CUB", 2000, 2000).empty


def displaced(*rows, oip=True):
    frame = rows_of("origin year refugees asylum_seekers other_in_need internally_displaced", *rows)
    frame = frame.assign(others_of_concern=0, origin_id="unhcr-x")
    return frame if oip else frame.assign(other_in_need=float("nan"))


COUNTS = displaced(
    ("VEN", 2021, 100, 900, 4000, None),
    ("VEN", 2022, 200, 1000, 5000, None),
    ("SYR", 2021, 6000, 100, None, 9000),
    ("SYR", 2022, 5000, 100, None, 9000),
    ("AFG", 2000, 6500, 0, None, 0),
    ("_U", 2021, 99999, 0, None, 0),
    ("UKR", 2021, 10, 10, None, 0),
    ("UKR", 2022, 5500, 0, None, 0),
)


def test_missing_categories_add_nothing_and_definitions_differ():
    assert reconcile._people(COUNTS)["VEN", 2021] == 5000
    assert reconcile._people(COUNTS)["SYR", 2021] == 6100
    assert reconcile._people(COUNTS, "refugees")["VEN", 2021] == 100
    assert reconcile._people(COUNTS, "abroad and inside the country")["SYR", 2021] == 15100


def test_peaks_rank_states_only_by_their_highest_year_end():
    table = reconcile.peaks(COUNTS, 1990, 2022)
    assert table.values.tolist() == [
        ["AFG", 6500, 2000, 1],
        ["VEN", 6200, 2022, 2],
        ["SYR", 6100, 2021, 3],
        ["UKR", 5500, 2022, 4],
    ]
    assert reconcile.peaks(COUNTS, 2001, 2021)["origin"].tolist() == ["SYR", "VEN", "UKR"]
    assert reconcile.peaks(COUNTS, 1950, 1951).empty


# ---- the table


def checked(figure, days=None, **tables):
    """The rows of one figure, its verdict first; releases are of 2025, or of the days given for them."""
    days, names = days or {}, (*schemas.PRIMARY, "statements")
    frames = {name: pd.DataFrame(columns=schemas.TABLES[name].columns) for name in names} | tables
    article = {"origin_id": "rusi-2022", "kind": "article"} | ARTICLE
    article |= {"generated": pd.NaT, "released": pd.Timestamp("2022-04-01")}
    known = sorted({origin for frame in tables.values() for origin in frame["origin_id"]})
    releases = [
        {"origin_id": origin} | release("2025-01-03", generated=False) | days.get(origin, {})
        for origin in known
    ]
    row = dict.fromkeys(schemas.TABLES["figures"].columns) | {"source_id": "rusi-2022"}
    row |= {"measure": "m", "family": "other", "subject_basis": "printed"} | figure
    table = reconcile.check(
        frames | {"figures": pd.DataFrame([row]), "origins": pd.DataFrame([article, *releases])}
    )
    return table.sort_values("is_primary", ascending=False, kind="stable", ignore_index=True)


def outcome(figure, days=None, **tables):
    """The one row that counts."""
    return checked(figure, days, **tables).iloc[0]


SHARE = {
    "figure_id": "f05",
    "check_method": "supplier_share",
    "subject": "VEN",
    "counterpart": "RUS",
    **stated(70.0),
    "period_start": pd.Timestamp("2000-01-01"),
    "period_end": pd.Timestamp("2002-12-31"),
}


def test_the_verdict_of_a_share_and_its_explanations():
    data = transfers(("RUS", 2000, 70.0), ("CHN", 2001, 20.0), ("_U", 2002, 10.0))
    table = checked(SHARE, arms_transfers=data)
    first = table.iloc[0]
    said = ["verdict", "computed", "difference", "tolerance", "vintage"]
    assert first[said].tolist() == ["matches", 70.0, 0.0, 0.5, "later"]
    assert "no contemporary release at hand" in first["reason"]
    assert "Russia 70.0 %" in first["reason"]
    others = table[~table["is_primary"]].set_index("method")
    assert others.loc["supplier_share: without unknown suppliers", "computed"] == pytest.approx(
        100 * 70 / 90
    )
    assert others.loc["supplier_share: window 2001–2002", "computed"] == 0
    assert others.loc["supplier_share: window 1999–2002", "verdict"] == "matches"
    assert len([m for m in others.index if "window" in m]) == 8
    assert len(others) == 9 and (others["verdict"] == "matches").sum() == 3
    # the others give 70 % again, or 0 %, or 77.8 %: two distinct numbers, none of which matches
    assert (first["tried"], first["matched"]) == (2, 0)


def test_a_changed_volume_changes_the_verdict():
    data = transfers(("RUS", 2000, 60.0), ("CHN", 2001, 20.0), ("_U", 2002, 10.0))
    first = checked(SHARE, arms_transfers=data).iloc[0]
    assert first["verdict"] == "differs" and first["computed"] == pytest.approx(66.6667, abs=1e-4)


def test_totals_and_allocated_years_give_no_verdict():
    totals = transfers(("_T", 2000, 100.0))
    found = outcome(SHARE, arms_transfers=totals)
    assert found[["verdict", "origin_id"]].tolist() == ["no data", "none"]
    assert "import SIPRI's deliveries file" in found["reason"]
    spread = transfers(("RUS", 2000, 70.0), ("CHN", 2000, 30.0)).assign(tiv_basis="allocated")
    assert outcome(SHARE, arms_transfers=spread)["verdict"] == "no data"
    both = pd.concat(
        [transfers(("RUS", 2000, 70.0), ("CHN", 2000, 30.0)), spread.assign(origin_id="sipri-new")]
    )
    table = checked(SHARE, arms_transfers=both)
    assert table.iloc[0]["verdict"] == "matches"
    assert "partly allocated" in table[table["origin_id"] == "sipri-new"].iloc[0]["reason"]


def test_suppliers_together_and_each_alone_and_outside_the_west():
    measure = "share from non-Western partners"
    figure = SHARE | {"counterpart": "RUS;CHN", "measure": measure} | stated(80.0)
    some = (("RUS", 70.0), ("CHN", 10.0), ("BLR", 5.0), ("ESP", 10.0), ("_U", 5.0))
    data = transfers(*((supplier, 2001, volume) for supplier, volume in some))
    table = checked(figure, arms_transfers=data).set_index("method")
    assert table.loc["supplier_share", "computed"] == 80.0
    assert table.loc["supplier_share: RUS alone", "computed"] == 70.0
    assert table.loc["supplier_share: CHN alone", "computed"] == 10.0
    assert table.loc["supplier_share: all suppliers outside the West", "computed"] == 85.0


def test_a_rank_among_suppliers():
    figure = SHARE | {"check_method": "supplier_rank", "subject": "RUS", "counterpart": "VEN"}
    figure |= stated(1.0, "rank")
    data = transfers(("RUS", 2000, 30.0), ("CHN", 2001, 20.0), ("_U", 2002, 50.0))
    found = outcome(figure, arms_transfers=data)
    assert (found["computed"], found["verdict"]) == (1.0, "matches")
    data.loc[1, "tiv_million"] = 31.0
    found = outcome(figure, arms_transfers=data)
    assert (found["computed"], found["verdict"]) == (2.0, "differs")


PEOPLE = {
    "figure_id": "f10",
    "check_method": "displaced_abroad",
    "subject": "VEN",
    **stated(5500.0, "persons", step=100.0),
    "as_of_end": pd.Timestamp("2022-06-30"),
    "as_of_precision": "before",
}


def test_a_count_inside_the_year_lies_between_two_year_ends():
    first = outcome(PEOPLE, displaced_persons=COUNTS)
    found = first[["verdict", "computed_low", "computed_high"]].tolist()
    assert found == ["undecided", 5000, 6200]
    assert pd.isna(first["computed"]) and pd.isna(first["difference"])


def test_a_release_without_the_category_is_not_comparable():
    short = displaced(
        ("VEN", 2021, 100, 900, 4000, None), ("VEN", 2022, 200, 1000, 5000, None), oip=False
    )
    alone = outcome(PEOPLE, displaced_persons=short)
    assert alone["verdict"] == "no data" and "other people in need" in alone["reason"]
    both = checked(
        PEOPLE, displaced_persons=pd.concat([COUNTS, short.assign(origin_id="sipri-new")])
    )
    row = both[both["origin_id"] == "sipri-new"].iloc[0]
    assert row["verdict"] == "not comparable" and not row["is_primary"] and pd.isna(row["computed"])
    # distinct: neither the bracket's ends nor what has no category
    assert both.iloc[0]["tried"] == 4


def test_a_count_charged_to_another_state_is_also_read_literally_with_the_evidence():
    figure = PEOPLE | stated(4500.0, "persons", step=100.0)
    figure |= {"subject": "UKR", "subject_basis": "inferred", "responsible": "SYR"}
    table = checked(figure, displaced_persons=COUNTS)
    first = table.iloc[0]
    assert first["verdict"] == "undecided"
    assert "the number counts other people than its wording suggests" in first["reason"]
    assert "6,100" in first["reason"]
    assert "displaced_abroad: from SYR, end of 2021" in set(table["method"])


def test_three_named_together_must_take_the_first_three_places():
    figure = {
        "figure_id": "f08",
        "check_method": "displaced_rank",
        "subject": "SYR;VEN;UKR",
        **stated(None, "rank", "range", low=1.0, high=3.0),
        "period_start": pd.Timestamp("1990-01-01"),
        "as_of_end": pd.Timestamp("2022-06-30"),
    }
    first = outcome(figure, displaced_persons=COUNTS)
    found = ["verdict", "places", "computed_low", "computed_high", "difference"]
    assert first[found].tolist() == ["differs", "2;3;4", 2.0, 4.0, 1.0]
    assert first["reason"].startswith("stated 1 to 3; found 2, 3, 4: ")
    assert "1 Afghanistan 6,500 (2000), 2 Venezuela" in first["reason"]
    assert "UNRWA, and people of unknown origin, at most 99,999 (2021)" in first["reason"]
    three = [(code, 2000, 5600 + i, 0, None, 0) for i, code in enumerate(("IRQ", "ETH", "MMR"))]
    lower = pd.concat([COUNTS, displaced(*three)])
    assert "7 Ukraine" in outcome(figure, displaced_persons=lower)["reason"]
    assert "Iraq" not in outcome(figure, displaced_persons=lower)["reason"]
    without = COUNTS[COUNTS["origin"] != "AFG"]
    assert outcome(figure, displaced_persons=without)["verdict"] == "matches"


def test_nationals_on_the_list_are_counted_whatever_the_programme():
    listed = rows_of(
        "kind programmes nationalities citizenships entries",
        ("individual", "VENEZUELA", "VEN", None, 80),
        ("individual", "VENEZUELA", None, "VEN", 10),
        ("individual", "SDGT", "SYR", "SYR;VEN", 15),
        ("entity", "VENEZUELA", "VEN", None, 40),
        ("individual", "VENEZUELA-EO13850", None, None, 7),
    ).assign(origin_id="ofac-x")
    figure = {"check_method": "sanctioned_nationals", "subject": "VEN", "responsible": "USA"}
    figure |= {"figure_id": "f01"} | stated(100.0, "persons", "over", 100.0)
    table = checked(figure, sanctions_listed=listed).set_index("method")
    found = table.loc["sanctioned_nationals", ["computed", "verdict", "difference"]].tolist()
    assert found == [105.0, "matches", 5.0]
    assert table.loc["sanctioned_nationals: programme", "computed"] == 97
    assert table.loc["sanctioned_nationals: programme and nationality", "computed"] == 90
    silent = "of 7 more under a programme named after Venezuela the list gives no nationality"
    assert silent in table.loc["sanctioned_nationals", "reason"]
    assert table.loc["sanctioned_nationals", "tried"] == 2
    more = figure | stated(110.0, "persons", "over", 100.0)  # the seven could turn it
    assert outcome(more, sanctions_listed=listed)["verdict"] == "undecided"
    british = figure | {"responsible": "GBR"}
    assert outcome(british, sanctions_listed=listed)["verdict"] == "no data"


def test_weapons_delivered_up_to_the_date():
    units = rows_of(
        "supplier recipient designation deals units_ordered units_delivered first_delivery_year last_delivery_year estimated_share",
        ("RUS", "VEN", "Igla-S", 4, 5000.0, 4800.0, 2009, 2013, 0.5),
    ).assign(origin_id="sipri-new")
    figure = {"check_method": "units_delivered:Igla-S", "subject": "VEN", "counterpart": "RUS"}
    figure |= {"figure_id": "f17"} | stated(5000.0, "missiles", step=1000.0)
    table = checked(figure, arms_units=units).set_index("method")
    found = table.loc["units_delivered:Igla-S", ["computed", "verdict"]].tolist()
    assert found == [4800.0, "not comparable"]  # what came in, not what is held
    assert "50% of them by estimate" in table.loc["units_delivered:Igla-S", "reason"]
    assert table.loc["units_delivered:Igla-S: ordered", "computed"] == 5000


# ---- documents, series, days

BOUND = {
    "figure_id": "f02",
    "check_method": "documents",
    "as_of": pd.Timestamp("2022-04-01"),
    "as_of_end": pd.Timestamp("2022-06-30"),
    **stated(50.0, "countries", "over", 10.0),
}


def stating(*rows):
    """Documents: origin, value, what it is to the figure, what it counts."""
    frame = rows_of("origin_id value relation compares", *rows)
    return frame.assign(
        figure_id="f02", states="counted", unit="countries", seen_as="excerpt", low=None, high=None
    ).assign(second_reading=None, note=None)


@pytest.mark.parametrize(
    ("documents", "verdict", "standing"),
    [
        ([("d-a", 57.0, "independent", "same")], "matches", "checked independently"),
        ([("d-a", 57.0, "own source", "same")], "traced", "traced"),
        ([("d-a", 57.0, "interested party", "same")], "traced", "traced"),
        ([("d-a", 16.0, "own source", "same")], "differs", "traced"),
        ([("d-a", 15.0, "independent", "part")], "undecided", "undecided"),
        ([("d-a", 60.0, "independent", "part")], "matches", "checked independently"),
        ([("d-a", 60.0, "independent", "unlike")], "not comparable", "not comparable"),
        (
            [("d-a", 57.0, "own source", "same"), ("d-b", 58.0, "independent", "same")],
            "matches",
            "checked independently",
        ),
        (
            [("d-a", 57.0, "independent", "same"), ("d-b", 16.0, "interested party", "same")],
            "undecided",
            "undecided",
        ),
        ([("d-old", 57.0, "independent", "same")], "matches", "checked independently"),
        (
            [("d-old", 57.0, "independent", "same"), ("d-b", 16.0, "independent", "same")],
            "differs",
            "checked independently",
        ),
    ],
)
def test_what_documents_decide(documents, verdict, standing):
    days = {
        name: {"kind": "document", "publisher": "an office"}
        | dict.fromkeys(("released", "released_end"), pd.Timestamp(day))
        for name, day in (("d-a", "2021-12-06"), ("d-b", "2022-05-01"), ("d-old", "2019-02-15"))
    }
    table = checked(BOUND, days, statements=stating(*documents))
    first = table.iloc[0]
    assert (first["verdict"], reconcile.standing(first)) == (verdict, standing)
    assert len(table) == len(documents) + (first["origin_id"] == "none")


def test_a_figure_that_follows_from_another_is_no_check_of_its_own():
    figure = SHARE | {"follows_from": "f06", **stated(70.0)}
    data = transfers(("RUS", 2000, 70.0), ("CHN", 2001, 30.0))
    first = outcome(figure, arms_transfers=data)
    assert (first["verdict"], first["computed"], first["follows_from"]) == ("follows", 70.0, "f06")
    assert first["reason"].startswith("follows from f06; ")
    assert "on its own: matches" in first["reason"]


def series(measure, *rows, origin="series-x"):
    frame = rows_of("item year value low high", *rows)
    return frame.assign(measure=measure, unit="persons", origin_id=origin)


WAR = {
    "figure_id": "f15",
    "check_method": "ranked:battle_deaths",
    "subject": "UKR",
    "counterpart": "RUS",
    **stated(1.0, "rank"),
}


@pytest.mark.parametrize(
    ("greece", "verdict", "places"),
    [
        ((150.0, 20.0, 160.0), "matches", "1"),
        ((170.0, 120.0, 400.0), "differs", "2"),
        ((150.0, 120.0, 160.0), "undecided", "1"),  # by the low estimates it is second
        ((float("nan"), 20.0, 170.0), "undecided", "2"),  # no best estimate: taken at its high
    ],
)
def test_wars_are_ranked_by_all_three_estimates(greece, verdict, places):
    rows = (
        ("Russia (Soviet Union), Ukraine [1]", 2022, 100.0, 60.0, 180.0),
        ("Russia (Soviet Union), Ukraine [1]", 2023, 60.0, 50.0, 120.0),
        ("Ukraine [2]", 2014, 5.0, 4.0, 6.0),
        ("Greece [4]", 1946, *greece),
    )
    first = outcome(WAR, series=series("battle_deaths", *rows))
    assert (first["verdict"], first["places"]) == (verdict, places)
    assert "measured by battle deaths" in first["reason"]


def test_one_war_in_two_series_is_one_war():
    ours = ("Russia (Soviet Union), Ukraine [1]", 2022, 10.0, 10.0, 10.0)
    one = series("battle_deaths", ours, ("Bosnia-Herzegovina [389]", 1992, 30.0, 30.0, 30.0))
    other = ("Bosnia and Herzegovina [194]", 1992, 40.0, 40.0, 40.0)
    both = pd.concat([one, series("battle_deaths", other, origin="series-y")])
    assert outcome(WAR, series=both)["places"] == "2"


def test_reserves_members_and_relations():
    oil = series(
        "oil_reserves",
        ("VEN", 2020, 304.0, None, None),
        ("SAU", 2010, 400.0, None, None),
        ("SAU", 2020, 298.0, None, None),
    )
    figure = {"figure_id": "f16", "check_method": "ranked:oil_reserves", "subject": "VEN"}
    figure |= stated(1.0, "rank")
    assert outcome(figure, series=oil)["verdict"] == "matches"
    figure["subject"] = "SAU"
    assert outcome(figure, series=oil)["places"] == "2"
    inside = series("brics", ("BRA", None, 1.0, None, None), ("ARG", None, 0.0, None, None))
    second = {"figure_id": "f06", "check_method": "members:brics", "subject": "VEN"}
    second |= stated(2.0, "rank")
    assert outcome(second, series=inside)["verdict"] == "matches"
    inside["value"] = 1.0
    assert outcome(second, series=inside)["places"] == "3"
    two = pd.concat([inside, inside.assign(origin_id="series-y")])
    assert checked(second, series=two)[["method", "is_primary"]].to_numpy().tolist() == [
        ["members:brics", True],
        ["members:brics: release", False],
    ]
    years = [("CUB;RUS", y, v, None, None) for y, v in ((1960, 1), (1965, 0), (1970, 1), (2005, 1))]
    method = "years_spanned:diplomatic_representation"
    decades = {"figure_id": "f01", "check_method": method, "subject": "RUS;CUB", "unit": "years"}
    decades |= {"value": None, "low": 20.0, "high": None, "qualifier": "vague", "stated_step": None}
    table = checked(decades, series=series(method.partition(":")[2], *years))
    assert table.iloc[0][["computed", "difference", "verdict"]].tolist() == [35.0, 15.0, "matches"]
    broken = series(method.partition(":")[2], ("CUB;RUS", 1965, 0, None, None))
    assert outcome(decades, series=broken)["verdict"] == "no data"


def test_sheets_published_are_a_share_of_the_number_of_tables_that_most_documents_give():
    figure = {"figure_id": "f02", "subject": "VEN", **stated(80.0)}
    figure["check_method"] = "sheets_published:tally_sheets"
    tables = stating(
        ("d-a", 1010.0, "independent", "whole"),
        ("d-b", 1000.0, "independent", "whole"),
        ("d-c", 1000.0, "independent", "whole"),
    )
    sheets = series("tally_sheets", ("VEN", 2024, 801.0, None, None))
    table = checked(figure, series=sheets, statements=tables)
    first = table.iloc[0]
    assert (first["computed"], first["verdict"], len(table)) == (80.1, "traced", 2)


def test_a_count_that_begins_within_the_year_is_held_against_a_series_by_day_of_the_time():
    figure = PEOPLE | {"subject": "UKR", "as_of": pd.Timestamp("2022-02-24")}
    figure |= stated(4500.0, "persons", step=100.0)
    days = pd.date_range("2022-02-24", periods=4)
    daily = pd.DataFrame({"day": days, "crossed_so_far": [100, 3000, 4600, 5000], "crossed": 1})
    daily = daily.assign(origin="UKR", origin_id="odp-x")
    of_the_time = {"odp-x": dict.fromkeys(("released", "released_end"), pd.Timestamp("2022-04-16"))}
    table = checked(figure, of_the_time, displaced_persons=COUNTS, displaced_daily=daily)
    first = table.iloc[0]
    assert (first["origin_id"], first["verdict"]) == ("odp-x", "undecided")
    assert first[["computed_low", "computed_high"]].tolist() == [100.0, 5000.0]
    assert "passed the stated number on 2022-02-26" in first["reason"]
    assert not [m for m in table["method"] if "2021" in m]  # before the invasion it cannot hold


def test_a_contemporary_release_that_ends_between_gives_its_one_year_end():
    early = COUNTS[COUNTS["year"] <= 2021].assign(origin_id="unhcr-then")
    days = {
        "unhcr-then": dict.fromkeys(("released", "released_end"), pd.Timestamp("2022-06-17"))
        | {"data_through": pd.Timestamp("2021-12-31")}
    }
    table = checked(PEOPLE, days, displaced_persons=pd.concat([COUNTS, early]))
    first = table.iloc[0]
    assert first[["origin_id", "computed", "verdict"]].tolist() == ["unhcr-then", 5000.0, "differs"]
    later = table[table["method"] == "displaced_abroad: release"].iloc[0]
    assert (later["origin_id"], later["verdict"]) == ("unhcr-x", "undecided")
    days["unhcr-then"]["data_through"] = pd.Timestamp("2021-11-13")  # of autumn: no year end
    table = checked(PEOPLE, days, displaced_persons=pd.concat([COUNTS, early]))
    assert table.iloc[0]["origin_id"] == "unhcr-x"


def test_the_coverage_counts_each_figure_once():
    verdicts = rows_of(
        "family verdict relation",
        ("rank", "matches", "data"),
        ("ship", "differs", "own source"),
        ("rank", "follows", "data"),
    )
    table = reconcile.coverage(verdicts)
    assert table.index.tolist() == ["ship", "rank", "all"]
    assert table.loc["all"].tolist() == [1, 1, 1, 0, 0, 0, 3]


def test_what_nothing_can_check_says_what_would_be_needed():
    family = {"family": "investment_total", "unit": "USD"}
    table = checked({"figure_id": "f02"} | family)
    assert table[["origin_id", "verdict"]].values.tolist() == [["none", "no data"]]
    assert table.iloc[0]["reason"] == (
        "nothing here can check it; needed: company accounts and debt records; no public series covers "
        "such a total"
    )


def test_every_method_and_every_family_is_known():
    assert set(reconcile.METHODS) == set(schemas.METHODS)
    assert all(schemas.NEEDED.values())

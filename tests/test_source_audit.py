"""Every "x of N" against an independent count, what counts as an overlap, and that charts follow the rows."""

from __future__ import annotations

import csv
import itertools
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from rvdata import charts, load, narrative, reconcile, schemas
from rvdata.essays import source_audit as essay
from rvdata.essays import voices

NAN = float("nan")
NO_EVENTS = essay.select(load("events").head(0), [], 1900, 2100)


def day(text):
    return pd.Timestamp(text) if text else pd.NaT


def figure(
    name,
    family="ship",
    unit="ships",
    low=2.0,
    high=2.0,
    first="2024-07-01",
    last="2024-07-31",
    basis="printed",
    subject="RUS",
    counterpart="VEN",
    status="as_printed",
    by=None,
    conflicts=None,
):
    value = next((v for v in (low, high) if v == v), float("nan"))
    return {
        "figure_id": name,
        "source_id": name[:-4],
        "family": family,
        "measure": "ships counted",
        "stated": "two",
        "hedge": None,
        "value": value,
        "low": low,
        "high": high,
        "stated_step": 1.0,
        "unit": unit,
        "qualifier": "exact"
        if low == high
        else "at_least"
        if low == low
        else "at_most"
        if high == high
        else "approx",
        "subject": subject,
        "counterpart": counterpart,
        "responsible": None,
        "period_start": pd.NaT,
        "period_end": pd.NaT,
        "period_start_precision": None,
        "period_end_precision": None,
        "period_start_basis": None,
        "period_end_basis": None,
        "as_of": day(first),
        "as_of_end": day(last),
        "as_of_precision": "month",
        "as_of_basis": basis,
        "attributed_to": by,
        "start": 1,
        "end": 2,
        "derivation": None,
        "status": status,
        "conflicts_with": conflicts,
        "check_method": None,
        "note": None,
    }


def event(
    name,
    first,
    last,
    category="election",
    actors="VEN",
    basis="printed",
    status="as_printed",
    conflicts=None,
    by=None,
):
    return {
        "event_id": name,
        "source_id": name[:-4],
        "date": day(first),
        "date_end": day(last),
        "date_precision": "period" if first and last else "after" if first else "before",
        "date_basis": basis,
        "date_end_basis": basis,
        "category": category,
        "actors": actors,
        "summary": f"What {name} tells",
        "attributed_to": by,
        "start": 1,
        "end": 2,
        "status": status,
        "conflicts_with": conflicts,
        "note": None,
    }


def selected(make, *rows):
    frame = pd.DataFrame([make(*r[:-1], **r[-1]) for r in rows])
    return essay.select(frame, [], 1900, 2100)


def figures(*rows):
    return selected(figure, *rows)


def events(*rows):
    return selected(event, *rows)


KENNAN, RFERL = "kennan-2024-f01", "rferl-2025-f01"


# ---- which rows


def test_a_row_is_dated_by_its_widest_window_and_inferred_if_any_date_is():
    row = figure("rusi-2022-f01", first="2022-04-01", last="2022-06-30", basis="inferred")
    row |= {"period_start": day("2008-01-01"), "period_start_basis": "printed"}
    undated = figure("rusi-2022-f02", first=None, last=None, basis=None)
    dated = essay.dated(pd.DataFrame([row, undated, figure("rusi-2022-f03")]))
    assert dated["basis"].tolist() == ["inferred", "none", "printed"]
    assert dated.loc[0, ["first", "last"]].tolist() == [day("2008-01-01"), day("2022-06-30")]
    assert dated.loc[1, ["first", "last"]].isna().all()


@pytest.mark.parametrize(
    ("first", "last", "start", "end", "kept"),
    [
        ("2018-01-01", "2018-12-31", 2018, 2018, True),
        ("2018-01-01", "2018-12-31", 2019, 2025, False),
        ("2018-01-01", "2018-12-31", 2010, 2017, False),
        ("2018-01-01", None, 2018, 2018, True),
        ("2018-01-01", None, 2019, 2025, False),
        (None, "2018-05-26", 2018, 2018, True),
        (None, "2018-05-26", 2010, 2017, False),
        (None, None, 1950, 1951, True),
    ],
)
def test_a_period_keeps_what_may_fall_into_it_and_counts_an_open_row_by_the_day_that_is_known(
    first, last, start, end, kept
):
    assert (
        len(essay.select(pd.DataFrame([event("rusi-2022-e01", first, last)]), [], start, end))
        == kept
    )


def test_selection_by_article_family_and_derivation_leaves_events_alone():
    table, happenings = load("figures"), load("events")
    assert len(essay.select(table, [], 1990, 2026)) == len(table) and len(
        essay.select(happenings, [], 1990, 2026)
    ) == len(happenings)
    assert set(essay.select(table, ["rusi-2022"], 1990, 2026)["source_id"]) == {"rusi-2022"}
    assert set(essay.select(table, [], 1990, 2026, ["ship"])["family"]) == {"ship"}
    assert "derived" not in set(
        essay.select(table, [], 1990, 2026, include_derived=False)["status"]
    )
    assert len(essay.select(happenings, [], 1990, 2026, ["ship"], False)) == len(happenings)


def test_every_family_needs_exactly_one_kind_of_primary_data():
    listed = [family for families in essay.NEEDS.values() for family in families]
    assert sorted(listed) == sorted(schemas.FAMILIES) and set(essay._NAMES) == set(schemas.FAMILIES)
    assert sorted(listed) == sorted(reconcile.NEEDED)


# ---- verdicts


def check(
    name, verdict="matches", origin="sipri-2025-01-ven", vintage="later", computed=2.0, **cells
):
    row = dict.fromkeys(schemas.TABLES["figure_checks"].columns)
    row |= {
        "computed_low": NAN,
        "computed_high": NAN,
        "coarse_verdict": NAN,
        "difference": 0.0,
        "tolerance": 0.5,
    }
    row |= {
        "figure_id": name,
        "origin_id": origin,
        "method": "supplier_share",
        "is_primary": True,
        "vintage": vintage,
    }
    return (
        row
        | {
            "computed": computed,
            "unit": "ships",
            "verdict": verdict,
            "reason": "counted",
            "tried": 3,
            "matched": 1,
        }
        | cells
    )


def silent(name):
    return check(name, "no data", "none", None, NAN, difference=NAN, tolerance=NAN)


def verdicts(*rows):
    frame = pd.DataFrame(rows, columns=list(schemas.TABLES["figure_checks"].columns))
    return frame.astype({"is_primary": bool})


def test_verdicts_are_counted_by_kind_and_only_primary_ones():
    figs = figures(*((f"kennan-2024-f0{n}", {}) for n in range(1, 8)))
    checks = verdicts(
        check("kennan-2024-f01"),
        check("kennan-2024-f01", "differs", is_primary=False, method="another"),
        check(
            "kennan-2024-f02",
            "close",
            coarse_verdict="matches",
            vintage="contemporary",
            difference=1.0,
        ),
        check("kennan-2024-f03", "differs", vintage="earlier"),
        check(
            "kennan-2024-f04",
            "between year ends",
            computed=NAN,
            computed_low=1.0,
            computed_high=9.0,
            difference=NAN,
        ),
        check("kennan-2024-f05", "not comparable", computed=NAN),
        silent("kennan-2024-f06"),
        silent("kennan-2024-f07"),
    )
    figs.loc[5, "check_method"] = "supplier_share"
    rows = essay.checked(figs, checks)
    assert essay._checked(rows) == (
        "**Checked: 4 of 7 figures.** One matches [kennan-2024-f01]; one is close [kennan-2024-f02]; one differs [kennan-2024-f03];"
        " one lies between the counts of two year ends [kennan-2024-f04]. Read more coarsely than printed, the verdict on"
        " [kennan-2024-f02] would change from close to matches. How they stand: checked independently 4, not comparable 1, no data 2. Nothing is interpolated between year ends, so a number between them is not"
        " confirmed."
    )
    assert essay._vintages(rows) == (
        "**Vintages.** One verdict rests on data of the article's own time, which its author could have read; two rest on data released"
        " after the article, which its author could not have read and which may have been revised since; one rests on data older"
        " than the article, which know nothing of the time in between."
    )
    assert essay._uncovered(rows) == (
        "**Not checked: 3 of 7 figures.** By what they would need: records of movements and holdings (3); the table of"
        " coverage says what exactly. For one of them a method is fixed, but nothing in the collection covers it"
        " [kennan-2024-f06]."
    )
    shown = essay.plotted_verdicts(figs, checks)
    assert shown[
        ["figure_id", "computed", "off", "tolerance", "verdict", "coarse", "explained"]
    ].values.tolist() == [
        ["kennan-2024-f01", "2", "+0", "±0.5", "matches", "", "1 of 3"],
        ["kennan-2024-f02", "2", "+1", "±0.5", "close", "matches", "1 of 3"],
        ["kennan-2024-f03", "2", "+0", "±0.5", "differs", "", "1 of 3"],
        ["kennan-2024-f04", "1 to 9", "inside", "±0.5", "between year ends", "", "1 of 3"],
    ]
    assert essay.coverage(figs, checks).values.tolist() == [
        ["Records of movements and holdings", 7, 1, 4, "port calls and ship tracking"]
    ]


@pytest.mark.parametrize(
    ("row", "off", "tolerance"),
    [
        ({"unit": "percent", "difference": -0.31}, "-0.3 points", "±0.5"),
        ({"unit": "rank", "difference": 1.0}, "one place", "a rank"),
        ({"unit": "rank", "difference": 0.0}, "no place", "a rank"),
        ({"qualifier": "over", "difference": -2.0}, "-2", "a bound"),
        ({"qualifier": "vague", "value": NAN, "difference": 12000.0}, "+12,000", "a bound"),
        ({"qualifier": "nearly", "difference": 1.0, "tolerance": NAN}, "+1", "none"),
    ],
)
def test_how_far_off_and_what_may_be_off_are_said_in_the_figure_s_unit(row, off, tolerance):
    row = {"unit": "ships", "value": 2.0, "qualifier": "exact", "tolerance": 0.5} | row
    assert (essay._off(row), essay._tolerance(row)) == (off, tolerance)


def test_the_published_verdicts_are_those_of_the_table():
    figs, checks = essay.select(load("figures"), [], 1990, 2026), load("figure_checks", "all")
    primary = checks[checks["is_primary"]]
    counts = primary["verdict"].value_counts()
    known = primary[primary["verdict"].isin(list(essay.CHECKED))]
    text = essay.tell(
        figs,
        NO_EVENTS,
        load("arguments").head(0),
        checks,
        voices.published(load("origins"), []),
        load("origins"),
    )
    assert text.startswith(f"**Checked: {len(known)} of {len(figs)} figures.**")
    said = text.split("\n\n")[0]
    for verdict, (_, singular, plural) in essay.CHECKED.items():
        ids = sorted(primary.loc[primary["verdict"] == verdict, "figure_id"])
        if ids:
            assert f"{plural if len(ids) > 1 else singular} [{', '.join(ids)}]" in said, verdict
    shown = essay.plotted_verdicts(figs, checks)
    assert shown["verdict"].value_counts().to_dict() == {
        v: counts[v] for v in essay.CHECKED if v in counts
    }
    table = essay.coverage(figs, checks)
    assert table["checked"].sum() == len(known) and table["figures"].sum() == len(figs)
    assert table["with a method"].sum() == figs["check_method"].notna().sum()
    assert set(shown["release"]) <= set(load("origins")["origin_id"])


# ---- which rows may speak of the same thing


def test_figures_of_two_articles_are_a_candidate_by_family_unit_and_country():
    pairs = essay.figure_pairs(figures((KENNAN, {"low": 6.0, "high": float("nan")}), (RFERL, {})))
    assert pairs.values.tolist() == [[KENNAN, RFERL, "ship", "same", "no", False]]


@pytest.mark.parametrize(
    "change",
    [
        {"family": "aircraft"},
        {"unit": "aircraft"},
        {"subject": "USA", "counterpart": "CUB"},
        {"subject": "_EUR", "counterpart": None},
    ],
)
def test_another_family_unit_or_country_makes_no_candidate(change):
    assert essay.figure_pairs(figures((KENNAN, change), (RFERL, {}))).empty
    assert essay.figure_pairs(figures(("kennan-2024-f01", {}), ("kennan-2024-f02", {}))).empty, (
        "one article is no two sources"
    )


def test_forms_of_numbers_and_codes_that_are_no_country_do_not_tie_figures_together():
    for form in essay.FORMS:
        assert essay.figure_pairs(
            figures((KENNAN, {"family": form}), (RFERL, {"family": form}))
        ).empty
    groups = {"subject": "_OTH", "counterpart": None}
    assert essay.figure_pairs(figures((KENNAN, groups), (RFERL, groups))).empty


def test_a_conflict_noted_in_the_ledger_is_a_candidate_whatever_the_family():
    pairs = essay.figure_pairs(
        figures(
            (KENNAN, {"family": "rank"}), (RFERL, {"status": "conflicting", "conflicts": KENNAN})
        )
    )
    assert pairs[["time", "fit", "noted"]].values.tolist() == [["same", "yes", True]]


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ((2, 2), (2, 2), "yes"),
        ((6, NAN), (2, 2), "no"),
        ((2, NAN), (2, 2), "yes"),
        ((NAN, 100), (50, NAN), "yes"),
        ((NAN, 40), (50, NAN), "no"),
        ((6, NAN), (9, NAN), "yes"),
        ((NAN, NAN), (2, 2), "unknown"),
    ],
)
def test_two_bounds_fit_if_one_number_can_satisfy_both(one, other, fit):
    for a, b in ((one, other), (other, one)):
        pairs = essay.figure_pairs(
            figures(
                (KENNAN, {"low": float(a[0]), "high": float(a[1])}),
                (RFERL, {"low": float(b[0]), "high": float(b[1])}),
            )
        )
        assert pairs["fit"].tolist() == [fit]


def test_figures_of_two_times_are_not_compared():
    pairs = essay.figure_pairs(
        figures(
            (KENNAN, {"low": 9.0, "high": 9.0}),
            (RFERL, {"first": "2025-08-01", "last": "2025-08-31"}),
        )
    )
    assert pairs[["time", "fit"]].values.tolist() == [["other", "unknown"]]
    assert essay.figure_pairs(figures((KENNAN, {}), (RFERL, {"last": None})))["time"].tolist() == [
        "unknown"
    ]


ORIGINS = pd.DataFrame(
    {
        "origin_id": ["kennan-2024", "rferl-2025"],
        "kind": "article",
        "released_end": [day("2024-08-31"), day("2025-11-08")],
    }
)


@pytest.mark.parametrize(
    ("one", "other", "change", "found"),
    [
        (("2024-07-28", "2024-07-28"), ("2024-07-01", "2024-07-31"), {}, [True]),
        (("2024-07-28", "2024-07-28"), ("2024-08-01", "2024-08-31"), {}, []),
        (("2024-07-28", "2024-07-28"), ("2024-07-28", "2024-07-28"), {"category": "sanction"}, []),
        (("2024-07-28", "2024-07-28"), ("2024-07-28", "2024-07-28"), {"actors": "USA;RUS"}, []),
        (("2024-07-28", "2024-07-28"), ("2024-07-28", "2024-07-28"), {"actors": "VEN;USA"}, [True]),
        (
            ("2024-07-28", "2024-07-28"),
            ("2024-07-01", None),
            {},
            [True],
        ),  # an open end is looked for in the year that follows
        (("2024-07-28", "2024-07-28"), ("2022-07-01", None), {}, []),
        (("2024-07-28", "2024-07-28"), (None, "2025-11-08"), {}, [False]),
        (("2024-07-28", "2024-07-28"), (None, "2024-07-01"), {}, []),
        (
            ("2024-01-01", "2024-12-31"),
            ("2024-01-01", "2024-12-31"),
            {},
            [True],
        ),  # a leap year is still one year
        (("2024-07-28", "2024-07-28"), ("2000-01-01", "2024-08-31"), {}, [False]),
    ],
)
def test_events_of_two_articles_are_a_candidate_by_category_actors_and_dates(
    one, other, change, found
):
    rows = events(("kennan-2024-e01", *one, {}), ("rferl-2025-e01", *other, change))
    assert essay.event_pairs(rows, ORIGINS)["close"].tolist() == found


def test_an_open_event_is_not_looked_for_after_its_article():
    rows = events(
        ("kennan-2024-e01", "2024-06-01", None, {}),
        ("rferl-2025-e01", "2024-10-01", "2024-10-01", {}),
    )
    assert essay.event_pairs(rows, ORIGINS).empty
    outlook = events(
        ("kennan-2024-e01", "2026-01-01", None, {}),
        ("rferl-2025-e01", "2026-01-01", "2026-01-31", {}),
    )
    assert essay.event_pairs(outlook, ORIGINS)["close"].tolist() == [True], (
        "what lies ahead keeps its own first day"
    )


def test_the_overlaps_that_readers_of_the_articles_know_are_among_the_candidates():
    found = {
        tuple(p)
        for p in essay.figure_pairs(essay.select(load("figures"), [], 1990, 2026))[
            ["one", "other"]
        ].values.tolist()
    }
    assert {("kennan-2024-f04", "rferl-2025-f09"), ("geointel-2019-f04", "rusi-2022-f02")} <= found
    pairs = essay.event_pairs(essay.select(load("events"), [], 1990, 2026), load("origins"))
    close = {tuple(p) for p in pairs[pairs["close"]][["one", "other"]].values.tolist()}
    assert {
        ("kennan-2024-e06", "rferl-2025-e25"),
        ("rferl-2025-e33", "rusi-2022-e03"),
    } <= close
    assert (
        "sanction"
        in essay.loose(essay.select(load("events"), [], 1990, 2026), load("origins")).index
    )


# ---- what is said


def told(figs, evts=None, sources=("kennan-2024", "rferl-2025"), checks=None):
    origins, published = load("origins"), voices.published(load("origins"), list(sources))
    evts = essay.select(load("events").head(0), [], 1900, 2100) if evts is None else evts
    checks = verdicts(*(silent(name) for name in figs["figure_id"])) if checks is None else checks
    return essay.tell(figs, evts, load("arguments").head(0), checks, published, origins)


NO_FIGURES = essay.select(load("figures").head(0), [], 1900, 2100)


def test_nothing_selected_is_a_gap_and_not_a_judgement():
    assert told(NO_FIGURES).startswith(
        "Nothing in this selection states a figure or dates an event"
    )


def test_the_narrative_on_one_figure():
    text = told(figures((KENNAN, {"by": "Nicolás Maduro"})), sources=["kennan-2024"])
    assert text.startswith(
        "**Checked: 0 of 1 figure.** Every verdict is open: what follows says what stands on the page and whose word it is"
    )
    assert (
        "1 of 1 figure is printed; 1 of 1 printed figure names a source, 0 stand in the article's own voice; the dates"
        " of 1 of 1 figure can be read off the text, 0 rest on an inference." in text
    )
    assert "One article alone can neither agree nor disagree with another." in text
    assert (
        "1 of 1 printed figure names a source: one interested party in one [kennan-2024-f01]. So 1 of 1"
        " printed figure rests on the word of an interested party, and 0 on that of the article alone."
        in text
    )
    assert (
        "**Not checked: 1 of 1 figure.** By what they would need: records of movements and holdings (1);"
        in text
    )


def test_the_narrative_on_two_figures_that_do_not_fit():
    text = told(
        figures(
            (KENNAN, {"low": 6.0, "high": NAN, "status": "doubted"}),
            (RFERL, {"status": "conflicting", "conflicts": KENNAN, "basis": "inferred"}),
        )
    )
    assert (
        "1 of 2 figures is doubted [kennan-2024-f01]; 1 of 2 figures is conflicting [rferl-2025-f01]."
        in text
    )
    assert "the dates of 1 of 2 figures can be read off the text, 1 rests on an inference" in text
    assert (
        "Rows from 1 of 1 pair of articles may speak of the same thing: one pair of figures and no pair of events."
        in text
    )
    assert (
        "none is a confirmation" in text
        and "1 is of one time; there the bounds leave room for one number in 0 and for none in 1."
        in text
    )
    assert (
        "- At least 6 ships (ships counted, July 2024, doubted) [kennan-2024-f01] and 2 ships (ships counted, July 2024"
        " (inferred), conflicting) [rferl-2025-f01]: at one time; no one number fits both bounds; the ledger marks a"
        " conflict." in text
    )
    assert (
        "0 of 2 printed figures name a source. So 0 of 2 printed figures rest on the word" in text
    )
    assert "Of all 2 rows, events and arguments included, none names a source of its own." in text


def test_the_narrative_on_events_alone():
    text = told(
        NO_FIGURES,
        events(
            ("kennan-2024-e01", "2024-07-28", "2024-07-28", {"basis": "inferred"}),
            ("rferl-2025-e01", "2024-07-01", None, {"by": "Russian state media"}),
        ),
    )
    assert text.startswith(
        "**Checked.** No figure is stated in this selection, so none can be checked"
    )
    assert (
        "- **Events**: 1 of 2 events names a source, 1 stands in the article's own voice; the dates of 1 of 2 events"
        " can be read off the text, 1 rests on an inference." in text
    )
    assert (
        "- Events: [kennan-2024-e01, rferl-2025-e01]. The table of events says what each tells."
        in text
    )
    assert (
        "With events and arguments, 1 of 2 rows names a source, under one name; no name occurs in more than"
        in text
    )
    assert "Not checked" not in text


def test_loosely_dated_events_are_counted_and_not_listed():
    text = told(
        NO_FIGURES,
        events(
            ("kennan-2024-e01", None, "2024-08-31", {}),
            ("rferl-2025-e01", None, "2025-11-08", {}),
            ("rferl-2025-e02", "2024-07-01", "2024-07-01", {}),
        ),
    )
    assert "No row of one article can be paired with a row of another" in text
    assert (
        "- Two further pairs of events are dated too loosely to say more, open to one side or over more than a year."
        in text
    )


def test_one_name_counts_once_whatever_stands_after_it():
    text = told(
        figures(
            (KENNAN, {"by": "Vladimir Rouvinski"}), (RFERL, {"by": "Vladimir Rouvinski (2020)"})
        )
    )
    assert "one named expert in two [kennan-2024-f01, rferl-2025-f01]" in text
    apart = told(figures((KENNAN, {"by": "photos"}), (RFERL, {"by": "experts"})))
    assert (
        "under two names; no name occurs in more than one article." in apart
        and "named by more" not in apart
    )
    assert "under one name; named by more than one article: Vladimir Rouvinski." in text


# ---- every "x of N" against a count that shares no code with the essay


def recount(root):
    """The ledger's own text files, read line by line."""
    rows = {}
    for table in ("figures", "events", "arguments"):
        rows[table] = [
            row
            for path in sorted((root / "data" / "raw" / "articles").glob(f"*/{table}.csv"))
            for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
            if row["status"] not in ("proposed", "rejected")
        ]
    return rows


def test_every_x_of_n_of_the_published_report_agrees_with_the_raw_files(root):
    raw = recount(root)
    figs, evts = raw["figures"], raw["events"]
    printed = [r for r in figs if r["status"] != "derived"]

    def basis(row, *columns):
        said = {row[c] for c in columns} - {""}
        return "inferred" if "inferred" in said else "printed" if said else "none"

    figure_dates = [basis(r, "period_start_basis", "period_end_basis", "as_of_basis") for r in figs]
    event_dates = [basis(r, "date_basis") for r in evts]
    party = [r for r in printed if voices.VOICES.get(r["attributed_to"]) == "party"]
    named = [r for r in figs + evts if r["attributed_to"]] + [
        r for r in raw["arguments"] if r["held_by"]
    ]
    rows = sum(map(len, raw.values()))

    frames = (
        essay.select(load("figures"), [], 1990, 2026),
        essay.select(load("events"), [], 1990, 2026),
        load("arguments"),
    )
    text = essay.tell(
        *frames,
        load("figure_checks", "all"),
        voices.published(load("origins"), []),
        load("origins"),
    )
    unchecked = re.search(r"\*\*Not checked: (\d+) of", text)
    for said in (
        f"Checked: {len(figs) - int(unchecked[1])} of {len(figs)} figures",
        f"{len(printed)} of {len(figs)} figures are printed, {len(figs) - len(printed)} derived",
        (
            f"{sum(bool(r['attributed_to']) for r in printed)} of {len(printed)} printed figures name a source, "
            f"{sum(not r['attributed_to'] for r in printed)} stand in the article's own voice"
        ),
        (
            f"the dates of {figure_dates.count('printed')} of {len(figs)} figures can be read off the text, "
            f"{figure_dates.count('inferred')} rest on an inference"
        ),
        f"{sum(r['status'] == 'doubted' for r in figs)} of {len(figs)} figures are doubted",
        f"{sum(bool(r['attributed_to']) for r in evts)} of {len(evts)} events name a source",
        (
            f"the dates of {event_dates.count('printed')} of {len(evts)} events can be read off the text, "
            f"{event_dates.count('inferred')} rest on an inference"
        ),
        f"{sum(r['status'] == 'doubted' for r in evts)} of {len(evts)} events are doubted",
        f"{sum(r['status'] == 'conflicting' for r in evts)} of {len(evts)} events are conflicting",
        f"So {len(party)} of {len(printed)} printed figures rest on the word of an interested party",
        f"{len(named)} of {rows} rows name a source, under",
    ):
        assert said in text, said
    shares = [
        int(n) for n in re.findall(r"\((\d+)\)", text[unchecked.start() :].split("; the table")[0])
    ]
    assert sum(shares) == int(unchecked[1]), "each figure needs one kind of data"
    assert figure_dates.count("none") == 0 and "have none" not in text


SETS = [
    {"sources": s, "families": f, "derived": d, "years": y}
    for s, f, d, y in itertools.product(
        ([], ["kennan-2024", "rferl-2025"], ["axios-2018"]),
        ([], ["ship", "rank"], ["other"]),
        (True, False),
        ((1990, 2026), (2024, 2024)),
    )
]
SETS += [
    {"sources": [], "families": [], "derived": True, "years": y}
    for y in ((1900, 1930), (1945, 1999), (2010, 2017), (1900, 2100))
]


@pytest.mark.parametrize("chosen", SETS, ids=lambda s: "-".join(str(v) for v in s.values()))
def test_whatever_is_asked_every_mark_has_its_evidence_and_no_text_of_a_chart_lies_on_another(
    chosen,
):
    sources, (start, end), origins = chosen["sources"], chosen["years"], load("origins")
    published = voices.published(origins, sources)
    figs = essay.select(load("figures"), sources, start, end, chosen["families"], chosen["derived"])
    evts = essay.select(load("events"), sources, start, end)
    checks = load("figure_checks", "all")
    text = essay.tell(
        figs, evts, voices.select(load("arguments"), published), checks, published, origins
    )
    evidence = {
        *narrative.evidence(figs, checks).index,
        *essay.evidence_of_events(essay.told_events(evts, origins)).index,
    }
    assert set(re.findall(r"[a-z]+-\d{4}-[fe]\d+", text)) <= evidence
    assert not re.search(r"\bnan\b|\bNaT\b|\bNone\b|  |\(\)|\[\]| ,|\.\.", text)
    for fig, alt in (
        essay.draw_verdicts(essay.plotted_verdicts(figs, checks), figs),
        essay.draw_status(essay.plotted_status(figs), figs, published),
        essay.draw_times(essay.plotted_times(figs, evts), published, start, end),
    ):
        assert charts.collisions(fig) == [] and alt
        plt.close(fig)


def test_one_changed_row_changes_chart_data_narrative_and_evidence_together():
    def outcome(status):
        table = load("figures")
        table.loc[table["figure_id"] == "rusi-2022-f03", "status"] = status
        figs = essay.select(table, ["rusi-2022"], 1990, 2026)
        published = voices.published(load("origins"), ["rusi-2022"])
        empty = essay.select(load("events").head(0), [], 1990, 2026)
        return [
            essay.plotted_status(figs).to_csv(),
            essay.tell(
                figs,
                empty,
                load("arguments").head(0),
                load("figure_checks", "all"),
                published,
                load("origins"),
            ),
            narrative.evidence(figs, load("figure_checks", "all")).to_csv(),
            essay.articles(published, figs, empty, empty).to_csv(),
        ]

    before, after = outcome("as_printed"), outcome("doubted")
    assert all(a != b for a, b in zip(before, after, strict=False))
    assert "rusi-2022-f03,Published statistics,Growth of trade,rusi-2022,half" in after[0]
    assert (
        "doubted [rusi-2022-f02, rusi-2022-f03," in after[1]
        and "rusi-2022-f03" not in before[1].split("doubted [")[1].split("]")[0]
    )


def test_the_table_of_articles_counts_each_of_them():
    published = voices.published(load("origins"), ["geointel-2019", "rferl-2025"])
    figs, evts = (essay.select(load(t), [], 1990, 2026) for t in ("figures", "events"))
    table = essay.articles(published, figs, evts, load("arguments"))
    assert table.loc["geointel-2019"].tolist()[:9] == [
        "a geointelligence blog, not named in the text; no author named",
        "[4 to 10 February 2019]",
        "4",
        "7",
        "13",
        "1",
        "2",
        "1",
        "4",
    ]
    assert table.loc["rferl-2025", "how the day is known"].startswith("No date printed.")


def test_notes_are_given_for_what_is_derived_or_doubtful_and_for_nothing_else():
    figs, evts = (essay.select(load(t), ["rusi-2022"], 1990, 2026) for t in ("figures", "events"))
    rows = essay.behind(figs, evts)["row_id"].tolist()
    assert rows == [
        "rusi-2022-f02",
        "rusi-2022-f06",
        "rusi-2022-f07",
        "rusi-2022-f08",
        "rusi-2022-f11",
        "rusi-2022-e03",
        "rusi-2022-e19",
        "rusi-2022-e22",
    ]
    assert narrative.notes(essay.behind(figs, evts), key="row_id").count("\n") == len(rows) - 1


# ---- what is handed to the marks


def test_each_figure_is_one_mark_with_the_look_of_its_status_and_a_line_below_if_it_names_a_source():
    figs = figures(
        ("kennan-2024-f01", {"by": "photos"}),
        ("kennan-2024-f02", {"status": "doubted"}),
        ("kennan-2024-f03", {"status": "derived"}),
        ("rferl-2025-f01", {"status": "conflicting", "family": "rank"}),
    )
    published = voices.published(load("origins"), ["kennan-2024", "rferl-2025"])
    fig, alt = essay.draw_status(essay.plotted_status(figs), figs, published)
    top = min(
        t.get_position()[1]
        for t in fig.axes[0].texts
        if t.get_text().startswith(("kennan", "rferl"))
    )
    marks = [
        (line.get_marker(), line.get_fillstyle(), line.get_markerfacecolor())
        for line in fig.axes[0].lines
        if line.get_marker() in ("o", "x") and line.get_ydata()[0] < top
    ]
    blue = charts.COLOURS[0]
    assert (
        marks[:3] == [("o", "full", blue), ("o", "left", blue), ("o", "full", "white")]
        and marks[3][0] == "x"
    )
    lines = [
        line
        for line in fig.axes[0].lines
        if line.get_color() == charts.INK and line.get_ydata()[0] < top
    ]
    assert len(lines) == 1
    assert (
        alt
        == "Grid of two families by two articles: 1 of 4 figures names a source. Ships: kennan-2024 1 as"
        " printed, 1 doubted and 1 derived; Ranks: rferl-2025 1 conflicting."
    )
    plt.close(fig)


def test_times_are_drawn_where_they_are_and_hollow_where_they_are_inferred():
    figs = figures(("kennan-2024-f01", {"first": "2020-01-01", "last": "2021-12-31"}))
    evts = events(
        ("kennan-2024-e01", "2022-06-15", "2022-06-15", {"basis": "inferred"}),
        ("kennan-2024-e02", None, "2023-01-01", {}),
        ("kennan-2024-e03", "2023-06-01", None, {}),
        ("kennan-2024-e04", "2010-01-01", "2040-12-31", {"basis": "inferred"}),
    )
    plotted = essay.plotted_times(figs, evts)
    assert plotted[["row_id", "lane", "label", "inferred"]].values.tolist() == [
        ["kennan-2024-f01", "figure", "1 figure", False],
        ["kennan-2024-e01", "event", "4 events", True],
        ["kennan-2024-e02", "event", "4 events", False],
        ["kennan-2024-e03", "event", "4 events", False],
        ["kennan-2024-e04", "event", "4 events", True],
    ]
    published = voices.published(load("origins"), ["kennan-2024"])
    fig, alt = essay.draw_times(plotted, published, 2018, 2025)
    from matplotlib.dates import date2num

    bars = {
        (round(p.get_x()), round(p.get_x() + p.get_width())): p.get_facecolor()
        for p in fig.axes[0].patches
    }
    white = (1.0, 1.0, 1.0, 1.0)
    assert bars[(date2num(day("2020-01-01")), date2num(day("2022-01-01")))] != white
    assert bars[(date2num(day("2018-01-01")), date2num(day("2026-01-01")))] == white, (
        "cut at both ends of the axis"
    )
    marks = {
        line.get_marker(): (float(line.get_xdata()[0]), line.get_markerfacecolor())
        for line in fig.axes[0].lines
        if line.get_marker() in ("o", "<", ">")
        and date2num(day("2018-01-01")) < line.get_xdata()[0] < date2num(day("2026-01-01"))
    }
    assert marks["o"] == (date2num(day("2022-06-15")) + 0.5, "white")
    assert marks["<"][0] == date2num(day("2023-01-01")) and marks[">"][0] == date2num(
        day("2023-06-01")
    )
    assert (
        alt
        == "Times that rows speak of, from 2018 to 2025. kennan-2024, published [11 to 31 August 2024]: five dated"
        " rows, "
        "2 inferred, 2010 to 2040."
    )
    plt.close(fig)


def test_times_that_overlap_never_share_a_line():
    rows = [
        {"first": day(a), "last": day(b)}
        for a, b in itertools.combinations(
            ("2018-01-01", "2019-03-01", "2019-04-01", "2021-01-01", "2024-12-31"), 2
        )
    ] * 3
    from matplotlib.dates import date2num

    placed, lines = charts._packed(
        rows, date2num(day("2018-01-01")), date2num(day("2026-01-01")), 40.0
    )
    assert len(placed) == len(rows) and {line for _, line in placed} == set(range(lines))
    for (a, i), (b, j) in itertools.combinations(placed, 2):
        assert i != j or a["last"] < b["first"] or b["last"] < a["first"]


def test_a_publication_outside_the_axis_is_pointed_to():
    figs = figures(("kennan-2024-f01", {"first": "1996-01-01", "last": "1999-12-31"}))
    published = voices.published(load("origins"), ["kennan-2024"])
    fig, _ = essay.draw_times(essay.plotted_times(figs, NO_EVENTS), published, 1990, 2000)
    assert "published [11 to 31 August 2024] →" in [t.get_text() for t in fig.axes[0].texts]
    plt.close(fig)


def test_nothing_to_draw_gives_figures_that_say_so():
    published = voices.published(load("origins"), [])
    fig, alt = essay.draw_status(essay.plotted_status(NO_FIGURES), NO_FIGURES, published)
    assert alt == "Empty chart. No figure is stated in this selection."
    plt.close(fig)
    fig, alt = essay.draw_verdicts(essay.plotted_verdicts(NO_FIGURES, verdicts()), NO_FIGURES)
    assert alt.startswith("Empty chart. No figure of this selection can be checked")
    plt.close(fig)
    fig, alt = essay.draw_times(essay.plotted_times(NO_FIGURES, NO_EVENTS), published, 1950, 1955)
    assert alt == "Empty chart. No dated figure or event in this selection speaks of 1950 to 1955."
    plt.close(fig)

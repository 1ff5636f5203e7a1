"""Every processed table: grain, key, columns with meaning and unit, licence, usage warnings; as pandera models.

One dictionary gives every column its type and meaning, so that one quantity keeps one name everywhere; a table
is a list of its names. Nothing heavy is imported until a model is asked for.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def words(text: str) -> tuple[str, ...]:
    """Names that stand in a row with blanks between."""
    return tuple(text.split())


FAMILIES = words(
    "arms_import_share refugee_count investment_total loan trade_growth reward recognition "
    "sanction election_share deployment ship aircraft soldier missile casualty rank duration "
    "other"
)
QUALIFIERS = ("exact", "approx", "nearly", "over", "at_least", "at_most", "range", "vague")
CURRENCIES = ("USD", "EUR", "GBP", "RUB", "CNY", "VES")
UNITS = (
    *CURRENCIES,
    *words(
        "percent percentage_points factor rank years persons countries organisations ships "
        "aircraft missiles vehicles weapons operations rounds waves stops barrels_per_day months "
        "days tonnes kilometres barrels items"
    ),
)
STATUSES = ("as_printed", "doubted", "conflicting", "derived", "proposed", "rejected")
#: Statuses of rows that stay in the ledger and out of the tables: no reader has confirmed them, or one has declined.
SET_ASIDE = ("proposed", "rejected")
PRECISIONS = words(
    "day week part_of_month month part_of_year year years part_of_decade period ongoing recent "
    "after before"
)
#: From what the date of a happening is known: the articles that tell of it, a named source, or nothing that was looked up.
KNOWLEDGE = ("witnesses", "source", "general knowledge")
BASES = ("printed", "inferred")
CATEGORIES = words(
    "election recognition sanction deployment strike arms diplomacy statement agreement legal "
    "economy aid conflict publication outlook"
)
STANCES = ("asserted", "reported", "conditional", "predicted", "rejected")
#: Argument code → the kind of argument it is; defined with boundary cases in docs/protocol.md, section 8.
CODES = {
    "anti_us": "motive",
    "reciprocity": "motive",
    "multipolarity": "motive",
    "authoritarian_affinity": "motive",
    "anti_sanctions": "motive",
    "sphere_of_influence": "motive",
    "regime_change": "motive",
    "democracy": "motive",
    "economic_stake": "interest",
    "foothold": "interest",
    "credibility": "interest",
    "distraction": "interest",
    "narrative_gain": "interest",
    "regime_survival": "interest",
    "resource_leverage": "interest",
    "means_diplomatic": "means",
    "means_military": "means",
    "means_economic": "means",
    "means_information": "means",
    "limit_resources": "limit",
    "limit_distance": "limit",
    "limit_symbolic": "limit",
    "limit_rivalry": "limit",
    "limit_dependence": "limit",
    "backfire": "limit",
    "cost_spillover": "limit",
    "other": "other",
}
#: Primary methods of checking: what a figure's own words say is to be computed. docs/protocol.md, section 12.
METHODS = {
    "supplier_share": "share of the counterparts together in the volume (TIV) delivered to the subject over the stated window",
    "supplier_rank": "rank of the subject among all suppliers of the counterpart, by volume (TIV) delivered over the stated window",
    "units_delivered": "number of weapons of the named designation delivered by the counterpart to the subject up to the date",
    "displaced_abroad": "refugees, asylum-seekers and other people in need of international protection from the subject",
    "displaced_rank": "rank of the subject's highest year-end count of people displaced abroad among all origins of the window",
    "sanctioned_nationals": "individuals of the subject's nationality on the sanctions list of the state that is held responsible",
    "ranked": "place of the subject in the named series, largest first",
    "members": "members in the named series, plus one",
    "years_spanned": "years over which the subjects are related in the named series without a break",
    "sheets_published": "tally sheets that the claimant published, in per cent of all polling tables announced",
    "documents": "what dated documents state of the same quantity",
    "never": "nothing: no data can decide the figure, and check_note says why",
}
VERDICTS = (
    "matches",
    "close",
    "differs",
    "between year ends",
    "traced",
    "follows",
    "undecided",
    "not comparable",
    "no data",
)
#: What the data or the document are to the article that states the figure.
RELATIONS = ("data", "independent", "own source", "interested party")
#: Whether a document counts the same as the figure, a part of it, the whole that it is a share of, or something else.
COMPARES = ("same", "part", "whole", "unlike")
VINTAGES = ("earlier", "contemporary", "later")
TIV_BASES = ("exact", "allocated", "total only")
ISSUES = words("all middle_east nuclear disarmament human_rights colonialism development")
#: Measures of the table `series`.
SERIES = words("oil_reserves battle_deaths brics diplomatic_representation tally_sheets")
LISTED = ("individual", "entity", "vessel", "aircraft")
COUNTRY_KINDS = ("country", "former", "aggregate", "organisation", "group", "region", "unknown")


@dataclass(frozen=True)
class Column:
    """One column: its type, what it means, its unit, and what a value must satisfy."""

    dtype: str  # string, number, integer, boolean or date
    meaning: str
    unit: str = ""
    among: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Best:
    """Which rows `load` gives where no release is named: one release for the whole table, or for each value of `by`.

    Of the releases that a slice may come from, those count first that fill the column `filled`, then those without a row
    in which the column of `inexact` has its value, then, for a whole table, those that cover most; of these, the newest.
    """

    by: tuple[str, ...] | None = ()  # none: all releases, of which `rows` chooses
    covering: str = (
        ""  # a release must cover `*` or this, such as recipient=CODE of the first column of `by`
    )
    filled: str = ""
    inexact: tuple[str, str] = ("", "")
    alike: str = ""  # another table, whose releases alone may serve
    rows: Callable | None = None  # frame → bool series: what of a release can be used as it is


@dataclass(frozen=True)
class Table:
    """One processed table: what a row is, its key, its columns and what a user must be warned of."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...]
    licence: str = "CC-BY-4.0"
    foreign: dict[str, tuple[str, str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    where: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # narrower bounds of a column in this table
    rules: tuple[
        tuple[str, Callable], ...
    ] = ()  # what a whole row must satisfy: message, frame → bool series
    best: Best | None = None  # none: all rows are of one kind, or of one release


ARTICLE_ID = r"[a-z][a-z0-9]*-[0-9]{4}[a-z]?"
RELEASE_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
HEX64 = r"[0-9a-f]{64}"


#: Columns that hold one of a few words.
_AMONG: dict[str, tuple[str, ...]] = {
    "family": FAMILIES,
    "unit": UNITS,
    "qualifier": QUALIFIERS,
    "status": STATUSES,
    "category": CATEGORIES,
    "stance": STANCES,
    "instrument": ("investment", "loan"),
    "tiv_basis": TIV_BASES,
    "issue": ISSUES,
    "compares": COMPARES,
    "relation": RELATIONS,
    "seen_as": ("whole page", "excerpt", "press report"),
    "vintage": VINTAGES,
    "verdict": VERDICTS,
    "coarse_verdict": VERDICTS,
    **dict.fromkeys(words("subject_basis origin_basis published_basis"), BASES),
    "released_precision": PRECISIONS,
}
for _day in words("period_start period_end as_of date date_end"):
    _AMONG |= {f"{_day}_precision": PRECISIONS, f"{_day}_basis": BASES}
#: Columns whose text has a form.
_PATTERNS = {
    "source_id": ARTICLE_ID,
    "figure_id": ARTICLE_ID + "-f[0-9]{2,3}",
    "event_id": ARTICLE_ID + "-e[0-9]{2,3}",
    "argument_id": ARTICLE_ID + "-a[0-9]{2,3}",
    "happening_id": r"[a-z0-9]+(?:-[a-z0-9]+)+",
    **dict.fromkeys(words("sha256 compiled_sha256 span_sha256"), HEX64),
    "code": r"[A-Z]{3}|_[A-Z][A-Z_]*",
    "check_method": "(?:" + "|".join(METHODS) + r")(?::[A-Za-z0-9][\w. /-]*)?",
    "percentiles_pct": r"(?:\d{1,3}(?:\.\d)?;){98}\d{1,3}(?:\.\d)?",
}


def _columns() -> dict[str, Column]:
    """What `columns.csv` says of every column, in its order, with the words and forms that it may have."""
    with Path(__file__).with_name("columns.csv").open(encoding="utf-8", newline="") as file:
        return {
            name: Column(
                row["type"],
                row["meaning"],
                row["unit"],
                _AMONG.get(name, ()),
                _PATTERNS.get(name, ""),
                *(int(row[bound]) if row[bound] else None for bound in ("low", "high")),
            )
            for row in csv.DictReader(file)
            for name in (row["name"],)
        }


COLUMNS = _columns()

_LOCATOR = "start end span_sha256 context_hashes"
LOCATOR = words(_LOCATOR)
ARTICLE_WARNINGS = (
    "Rows say what articles state, not what is the case.",
    "The five articles that come with this project are, as far as can be told, all from Western outlets; none is Russian or Venezuelan.",
)
SIPRI = "SIPRI-fair-use"
SIPRI_WARNINGS = (
    "This project's own calculation from the SIPRI Arms Transfers Database; SIPRI is not responsible for it.",
    "TIV is a volume of military capability, not money: never compare it with dollars.",
    "SIPRI revises every year back to 1950 each spring: name the release.",
)
_PERIOD = "period_start period_start_precision period_start_basis period_end period_end_precision period_end_basis"
_AS_OF = "as_of as_of_end as_of_precision as_of_basis"
#: What a column of that name refers to in any table but the one that has it as its key.
_REFERS = {
    **dict.fromkeys(("origin_id", "source_id"), ("origins", "origin_id")),
    "figure_id": ("figures", "figure_id"),
    "happening_id": ("happenings", "happening_id"),
    **dict.fromkeys(
        words("recipient supplier origin country country_a country_b"), ("countries", "code")
    ),
}


def _ordered(*columns: str) -> tuple[str, Callable]:
    """Rule: where stated, the columns do not decrease from left to right."""

    def holds(frame):
        ok = frame[columns[0]].notna() | True
        for a, b in itertools.pairwise(columns):
            ok &= ~(frame[a] > frame[b]).fillna(False)
        if len(columns) == 3:  # the middle one may be missing
            ok &= ~(frame[columns[0]] > frame[columns[2]]).fillna(False)
        return ok.astype(bool)

    return " ≤ ".join(columns) + " does not hold", holds


def _table(name: str, grain: str, key: str, columns: str, required: str, **more: Any) -> Table:
    names = words(columns)
    refers = {c: _REFERS[c] for c in names if _REFERS.get(c, (name, c)) != (name, c)}
    return Table(name, grain, words(key), names, words(required), **{"foreign": refers, **more})


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "origins",
            "One row per article, data release or dated document.",
            "origin_id",
            "origin_id kind title publisher authors about generated released released_end "
            "released_precision data_through published_basis published_note url licence "
            "redistribution sha256 chars covers data_from compiled_sha256",
            "origin_id kind title publisher licence redistribution",
            where={"kind": {"among": ("article", "dataset", "document")}},
            rules=(
                _ordered("released", "released_end"),
                (
                    "sha256 must not be empty, unless the row is a document that was seen elsewhere",
                    lambda f: f["sha256"].notna() | (f["kind"] == "document"),
                ),
            ),
            warnings=(
                "Days of publication that are not printed are inferred; published_note says from what.",
            ),
        ),
        _table(
            "countries",
            "One row per country code, former states and reserved codes included.",
            "code",
            "code name kind successor_of",
            "code name kind",
            licence="CC0-1.0",
            where={"kind": {"among": COUNTRY_KINDS}},
            warnings=(
                "Codes with a leading underscore are no countries: leave them out of counts of states.",
            ),
        ),
        _table(
            "figures",
            "One row per figure stated in an article, or derived from such figures.",
            "figure_id",
            "figure_id source_id family measure stated hedge value low high stated_step least "
            f"most unit qualifier subject subject_basis counterpart responsible {_PERIOD} "
            f"{_AS_OF} attributed_to {_LOCATOR} derived_from derivation status conflicts_with "
            "check_method check_note follows_from note",
            "figure_id source_id family measure unit qualifier subject_basis status",
            rules=(
                _ordered("low", "value", "high"),
                _ordered("period_start", "period_end"),
                _ordered("as_of", "as_of_end"),
                _ordered("start", "end"),
            ),
            warnings=(
                *ARTICLE_WARNINGS,
                "An empty bound means not stated, not zero.",
                "The qualifier exact says that no hedge is printed, not that the number is exactly true.",
                "Rows with the status derived are inferred by this project, not printed in an article.",
            ),
        ),
        _table(
            "arms_import_shares",
            "One row per stated share of a recipient's arms imports.",
            "figure_id",
            "figure_id source_id recipient suppliers share_pct low high least most qualifier "
            f"stated {_PERIOD} attributed_to status note",
            "figure_id source_id recipient suppliers qualifier status",
            where={"low": {"low": 0, "high": 100}, "high": {"low": 0, "high": 100}},
            rules=(_ordered("low", "share_pct", "high"), _ordered("period_start", "period_end")),
            warnings=(
                *ARTICLE_WARNINGS,
                "A share of arms imports measured in SIPRI's trend-indicator values is a share of volume, not of money.",
                "Shares of one recipient with nested suppliers (Russia; Russia and China) must not be added.",
            ),
        ),
        _table(
            "refugee_counts",
            "One row per stated count of displaced people.",
            "figure_id",
            "figure_id source_id origin origin_basis responsible persons low high least most "
            f"qualifier stated {_AS_OF} attributed_to status note",
            "figure_id source_id origin origin_basis qualifier status",
            rules=(_ordered("low", "persons", "high"), _ordered("as_of", "as_of_end")),
            warnings=(
                *ARTICLE_WARNINGS,
                "Origin is who is counted, responsible is who is blamed: they differ for people who fled an invasion.",
                "Who counts as displaced (refugees, asylum-seekers, others abroad) is not defined in the article.",
            ),
        ),
        _table(
            "investment_totals",
            "One row per stated total or flow of money invested or lent.",
            "figure_id",
            "figure_id source_id investor host instrument amount_usd low high least most "
            f"qualifier stated {_PERIOD} {_AS_OF} attributed_to status note",
            "figure_id source_id investor host instrument qualifier status",
            rules=(
                _ordered("low", "amount_usd", "high"),
                _ordered("period_start", "period_end"),
                _ordered("as_of", "as_of_end"),
            ),
            warnings=(
                *ARTICLE_WARNINGS,
                "Totals and single payments stand in one table: never add rows.",
                "The year whose prices an amount is in is not stated.",
            ),
        ),
        _table(
            "happenings",
            "One row per thing that happened in the world, however many articles tell of it.",
            "happening_id",
            "happening_id summary category actors targets place date date_end date_precision "
            "date_basis known_from part_of note",
            "happening_id summary category actors date date_end date_precision date_basis",
            where={
                "actors": {"meaning": "who acts, ;-joined country codes"},
                "date": {
                    "meaning": "first day, or earliest possible day, by the best knowledge at hand"
                },
                "date_end": {
                    "meaning": "last day, or latest possible day, by the best knowledge at hand"
                },
                "date_basis": {"among": KNOWLEDGE, "meaning": "from what the days are known"},
            },
            rules=(_ordered("date", "date_end"),),
            warnings=(
                "Days with the basis source or general knowledge are not what the articles print: events have those.",
                "A happening with part_of lies inside another one: do not count both.",
                "Only what the articles tell of is here: no list of all that happened.",
            ),
        ),
        _table(
            "events",
            "One row per dated event in an article: one witness of a happening.",
            "event_id",
            "event_id source_id happening_id date date_precision date_basis date_end "
            "date_end_precision date_end_basis category actors place summary attributed_to "
            f"{_LOCATOR} status conflicts_with note",
            "event_id source_id happening_id date_precision date_basis category actors summary start end "
            "span_sha256 status",
            rules=(_ordered("date", "date_end"), _ordered("start", "end")),
            warnings=(
                *ARTICLE_WARNINGS,
                "One happening may have several rows, one for each article that dates it: count happening_id.",
                "Dates are the earliest and the latest possible day by the text alone; an empty one is open. "
                "Table happenings has the best known ones.",
            ),
        ),
        _table(
            "arguments",
            "One row per motive, interest, means or limit that an article argues for or reports.",
            "argument_id",
            f"argument_id source_id code kind stance actor held_by gloss {_LOCATOR} status note",
            "argument_id source_id code kind stance actor gloss start end span_sha256 status",
            where={
                "code": {
                    "among": tuple(CODES),
                    "pattern": "",
                    "meaning": "motive, interest, means or limit",
                },
                "kind": {"among": ("motive", "interest", "means", "limit", "other")},
            },
            rules=(_ordered("start", "end"),),
            warnings=(
                *ARTICLE_WARNINGS,
                "Counts of rows say how articles argue, not how strong or how true an argument is.",
            ),
        ),
        _table(
            "arms_transfers",
            "One row per supplier, recipient, year and release; volumes of major arms.",
            "origin_id supplier recipient year",
            "origin_id supplier recipient year tiv_million tiv_basis estimated_share",
            "origin_id supplier recipient year tiv_million tiv_basis",
            licence=SIPRI,
            where={"recipient": {"meaning": "state that receives the arms"}},
            best=Best(
                by=("recipient",),
                covering="recipient",
                inexact=("tiv_basis", "allocated"),
                rows=lambda f: f["supplier"] != "_T",
            ),
            warnings=(
                *SIPRI_WARNINGS,
                "Choose one release: rows of several must never be added.",
                "Rows whose supplier is `_T` are totals, not a supplier.",
                "Sums by year come from the deliveries or the TIV tables; what a trade register gives is allocated.",
                "A release holds what its `covers` says: without all suppliers of a recipient no share can be computed.",
            ),
        ),
        _table(
            "arms_orders",
            "One row per supplier, recipient, year of order and release.",
            "origin_id supplier recipient order_year",
            "origin_id supplier recipient order_year deals tiv_ordered_million "
            "tiv_delivered_million first_delivery_year last_delivery_year estimated_share",
            "origin_id supplier recipient order_year deals",
            licence=SIPRI,
            where={"recipient": {"meaning": "state that ordered the arms"}},
            best=Best(by=("recipient",), covering="recipient"),
            warnings=(*SIPRI_WARNINGS, "Deliveries are counted under the year of their order."),
        ),
        _table(
            "arms_units",
            "One row per supplier, recipient, designation and release; of the designations that were asked for.",
            "origin_id supplier recipient designation",
            "origin_id supplier recipient designation deals units_ordered units_delivered "
            "first_delivery_year last_delivery_year estimated_share",
            "origin_id supplier recipient designation deals",
            licence=SIPRI,
            where={
                "recipient": {"meaning": "state that receives the arms"},
                "estimated_share": {
                    "meaning": "part of the units delivered whose number is estimated"
                },
            },
            best=Best(by=("recipient", "designation"), covering="recipient"),
            warnings=(
                *SIPRI_WARNINGS,
                "Deliveries to date: what was used up, lost or passed on is not deducted.",
            ),
        ),
        _table(
            "displaced_persons",
            "One row per origin, year end and release; all countries of asylum together.",
            "origin_id origin year",
            "origin_id origin year refugees asylum_seekers other_in_need others_of_concern "
            "internally_displaced",
            "origin_id origin year",
            best=Best(filled="other_in_need"),
            warnings=(
                "Counts hold at the end of the year.",
                "A release without the column other_in_need makes Venezuela several times too small: empty is not zero.",
                "People registered in several countries may be counted several times; those never registered are not counted.",
                "Others of concern are partly inside the state itself: do not add them to people abroad.",
            ),
        ),
        _table(
            "displaced_daily",
            "One row per origin, day and release: people who crossed the border, as published at the time.",
            "origin_id origin day",
            "origin_id origin day crossed crossed_so_far",
            "origin_id origin day crossed crossed_so_far",
            warnings=(
                "Crossings, not people: who crossed twice counts twice, and returns are not subtracted.",
                "Each release revises earlier days: choose one.",
            ),
        ),
        _table(
            "series",
            "One row per measure, item, year and release: small series that a figure is held against.",
            "origin_id measure item year",
            "origin_id measure item year value low high unit",
            "origin_id measure item unit",
            licence="mixed",
            where={
                "measure": {"meaning": "what the value is of", "among": SERIES},
                "year": {
                    "meaning": "year of the value; empty where the release gives its state on one day"
                },
                "value": {"meaning": "best value; empty where the publisher has none"},
                "low": {"meaning": "lowest value that the publisher gives"},
                "high": {"meaning": "highest value that the publisher gives"},
                "unit": {"among": (*UNITS,), "meaning": "unit of value, low and high"},
            },
            rules=(_ordered("low", "value", "high"),),
            warnings=(
                "Measures and units differ from row to row: choose one measure and one release.",
                "Proven oil reserves are what governments report; battle deaths are ranges, and a missing best value is not 0.",
                "Tally sheets are those that one party to the dispute published.",
            ),
        ),
        _table(
            "economy",
            "One row per country, year and release.",
            "origin_id country year",
            "origin_id country year gdp_usd",
            "origin_id country year",
            best=Best(),
            warnings=(
                "An empty GDP means that the publisher has none: Venezuela has none after 2014.",
                "Current dollars at official rates; where the official rate is far from the market's, so is the GDP.",
            ),
        ),
        _table(
            "us_cpi",
            "One row per year and release: US consumer prices.",
            "origin_id year",
            "origin_id year cpi months",
            "origin_id year cpi months",
            licence="CC0-1.0",
            best=Best(),
            warnings=("Years with fewer than twelve months are means of those that there are.",),
        ),
        _table(
            "un_vote_agreement",
            "One row per pair of states, year, issue and release: UN General Assembly roll calls.",
            "origin_id country_a country_b year issue",
            "origin_id country_a country_b year issue votes agree_share_pct pairs_below_pct",
            "origin_id country_a country_b year issue votes agree_share_pct",
            rules=(
                ("country_a < country_b does not hold", lambda f: f["country_a"] < f["country_b"]),
            ),
            best=Best(alike="un_vote_spread"),
            warnings=(
                "Most roll calls pass by large majorities, so most pairs agree often: read a share beside pairs_below_pct.",
                "Agreement is the same recorded vote; an abstention and a yes are no agreement, absences are left out.",
                "States are the publisher's: Russia carries the votes of the Soviet Union before 1992.",
                "pairs_below_pct is empty where either took part in fewer than half of the roll calls.",
            ),
        ),
        _table(
            "un_vote_spread",
            "One row per year, issue and release: agreement of all pairs of states.",
            "origin_id year issue",
            "origin_id year issue roll_calls pairs p05_pct p25_pct p50_pct p75_pct p95_pct",
            "origin_id year issue roll_calls pairs",
            rules=(
                _ordered("p05_pct", "p50_pct", "p95_pct"),
                _ordered("p25_pct", "p50_pct", "p75_pct"),
            ),
            best=Best(alike="un_vote_agreement"),
            warnings=(
                "Only states that took part in at least half of the roll calls of the year and issue count.",
            ),
        ),
        _table(
            "un_vote_windows",
            "One row per window of years, issue and release: agreement of all pairs of states, their roll calls pooled.",
            "origin_id first_year last_year issue",
            "origin_id first_year last_year issue roll_calls pairs percentiles_pct",
            "origin_id first_year last_year issue roll_calls pairs percentiles_pct",
            rules=(_ordered("first_year", "last_year"),),
            best=Best(alike="un_vote_agreement"),
            warnings=(
                "Only states that took part in at least half of the roll calls of the window and issue count.",
                "Single issues have windows to the last year of the release alone; all roll calls together have every window.",
            ),
        ),
        _table(
            "un_ideal_points",
            "One row per state, year and release.",
            "origin_id country year",
            "origin_id country year ideal_point",
            "origin_id country year ideal_point",
            best=Best(),
            warnings=(
                "Estimates from votes, not statements of aims; their uncertainty is not in the table.",
                "A state that did not vote in a year has no row.",
            ),
        ),
        _table(
            "sanctions_listed",
            "One row per kind, set of programmes, sets of states that mark the entry, and release of a sanctions list.",
            "origin_id kind programmes nationalities citizenships documents birthplaces",
            "origin_id kind programmes nationalities citizenships documents birthplaces entries",
            "origin_id kind programmes entries",
            licence="CC0-1.0",
            where={"kind": {"among": LISTED, "meaning": "what is listed"}},
            best=Best(),
            warnings=(
                "A list says who stands on it that day: who was taken off before is not counted.",
                "Nationality, citizenship, documents and place of birth are given for part of the individuals only.",
                "No dates of listing.",
            ),
        ),
        _table(
            "statements",
            "One row per document and figure: what a dated document states of the same, or beside it.",
            "origin_id figure_id",
            "origin_id figure_id states value low high unit compares relation seen_as "
            "second_reading note",
            "origin_id figure_id states unit compares relation seen_as",
            where={
                "value": {"meaning": "number that the document gives"},
                "low": {"meaning": "lower bound that it gives"},
                "high": {"meaning": "upper bound that it gives"},
                "note": {"meaning": "what else must be known of it"},
            },
            rules=(_ordered("low", "value", "high"),),
            warnings=(
                "A document says what its issuer says: read relation before using its number.",
                "Most documents were seen in excerpts or in press reports; second_reading is empty where nobody read one twice, "
                "and says where the second reader was not blind.",
            ),
        ),
        _table(
            "figure_checks",
            "One row per figure, release and method: stated against primary data.",
            "figure_id origin_id method",
            "figure_id origin_id method is_primary relation vintage computed computed_low "
            "computed_high places unit difference relative_pct tolerance verdict "
            "coarse_verdict follows_from reason tried matched",
            "figure_id origin_id method is_primary verdict reason",
            foreign={"figure_id": ("figures", "figure_id")},
            where={
                "unit": {"among": ()},
                "origin_id": {
                    "meaning": "data release or document, or `none` where nothing can check the figure"
                },
            },
            best=Best(by=None, rows=lambda f: f["is_primary"]),
            warnings=(
                "Only rows with is_primary are verdicts; the others are explanations tried afterwards, and some of many will match.",
                "Primary methods were fixed from the articles' words before this project computed anything, but not blind to "
                "every result: docs/protocol.md, section 12.",
            ),
        ),
    )
}

#: Tables that importers compile from publishers' files.
PRIMARY = words(
    "arms_transfers arms_orders arms_units displaced_persons displaced_daily series economy "
    "us_cpi un_vote_agreement un_vote_spread un_vote_windows un_ideal_points sanctions_listed"
)


def column(table: str, name: str) -> Column:
    """A column as it stands in one table.

    Parameters
    ----------
    table, name : str
        Names of the table and of the column.

    Returns
    -------
    Column

    Examples
    --------
    >>> column("arms_import_shares", "share_pct").unit
    'percent'
    """
    base = COLUMNS[name]
    return Column(**{**base.__dict__, **TABLES[table].where.get(name, {})})


PANDAS = {
    "string": "str",
    "number": "float64",
    "integer": "Int64",
    "boolean": "bool",
    "date": "datetime64[s]",
}


def model(table: str):
    """The pandera model of a processed table.

    Parameters
    ----------
    table : str
        Name of the table, a key of ``TABLES``.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict and ordered: every column, no other, of the exact type; the key is unique.
    """
    import pandera.pandas as pa

    spec = TABLES[table]
    columns = {}
    for name in spec.columns:
        col = column(table, name)
        checks = []
        if col.among:
            checks.append(pa.Check.isin(col.among, error=f"is none of: {', '.join(col.among)}"))
        if col.pattern:
            checks.append(
                pa.Check.str_matches(
                    f"^(?:{col.pattern})$", error=f"does not look like {col.pattern}"
                )
            )
        if col.low is not None:
            checks.append(pa.Check.ge(col.low, error=f"is below {col.low:g}"))
        if col.high is not None:
            checks.append(pa.Check.le(col.high, error=f"is above {col.high:g}"))
        columns[name] = pa.Column(
            PANDAS[col.dtype],
            checks,
            nullable=name not in spec.required,
            description=col.meaning,
            metadata={"unit": col.unit},
        )
    rules = [pa.Check(holds, error=message, ignore_na=False) for message, holds in spec.rules]
    return pa.DataFrameSchema(
        columns,
        checks=rules,
        unique=list(spec.key),
        strict=True,
        ordered=True,
        name=table,
        description=spec.grain,
    )

"""Every processed table: grain, key, columns with meaning and unit, licence, usage warnings; as pandera models.

One dictionary gives every column its type and meaning, so that one quantity keeps one name everywhere; a table
is a list of its names. Nothing heavy is imported until a model is asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FAMILIES = (
    "arms_import_share",
    "refugee_count",
    "investment_total",
    "loan",
    "trade_growth",
    "reward",
    "recognition",
    "sanction",
    "election_share",
    "deployment",
    "ship",
    "aircraft",
    "soldier",
    "missile",
    "casualty",
    "rank",
    "duration",
    "other",
)
QUALIFIERS = ("exact", "approx", "nearly", "over", "at_least", "at_most", "range", "vague")
CURRENCIES = ("USD", "EUR", "GBP", "RUB", "CNY", "VES")
UNITS = (
    *CURRENCIES,
    "percent",
    "percentage_points",
    "factor",
    "rank",
    "years",
    "persons",
    "countries",
    "organisations",
    "ships",
    "aircraft",
    "missiles",
    "vehicles",
    "weapons",
    "operations",
    "rounds",
    "waves",
    "stops",
    "barrels_per_day",
    "months",
    "days",
    "tonnes",
    "kilometres",
    "barrels",
    "items",
)
STATUSES = ("as_printed", "doubted", "conflicting", "derived", "proposed", "rejected")
#: Statuses of rows that stay in the ledger and out of the tables: no reader has confirmed them, or one has declined.
SET_ASIDE = ("proposed", "rejected")
PRECISIONS = (
    "day",
    "week",
    "part_of_month",
    "month",
    "part_of_year",
    "year",
    "years",
    "part_of_decade",
    "period",
    "ongoing",
    "recent",
    "after",
    "before",
)
#: From what the date of a happening is known: the articles that tell of it, a named source, or nothing that was looked up.
KNOWLEDGE = ("witnesses", "source", "general knowledge")
BASES = ("printed", "inferred")
CATEGORIES = (
    "election",
    "recognition",
    "sanction",
    "deployment",
    "strike",
    "arms",
    "diplomacy",
    "statement",
    "agreement",
    "legal",
    "economy",
    "aid",
    "conflict",
    "publication",
    "outlook",
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
ISSUES = (
    "all",
    "middle_east",
    "nuclear",
    "disarmament",
    "human_rights",
    "colonialism",
    "development",
)
#: Measures of the table `series`.
SERIES = (
    "oil_reserves",
    "battle_deaths",
    "brics",
    "diplomatic_representation",
    "tally_sheets",
)
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


def _dated(name: str, meaning: str) -> dict[str, Column]:
    """A date column with the precision and the basis that always go with it."""
    return {
        name: Column("date", meaning),
        f"{name}_precision": Column("string", f"how exactly {name} is known", among=PRECISIONS),
        f"{name}_basis": Column("string", f"whether {name} is printed or inferred", among=BASES),
    }


COLUMNS: dict[str, Column] = {
    # who said it
    "origin_id": Column("string", "article or data release"),
    "source_id": Column("string", "article that states it", pattern=ARTICLE_ID),
    "kind": Column("string", "what sort of thing the row is"),
    "title": Column("string", "title, cut after eight words; in brackets where none is printed"),
    "publisher": Column("string", "who published it, as printed"),
    "authors": Column("string", "who wrote it, with post, as printed"),
    "about": Column(
        "string",
        "what the publisher and the author are, and how they are funded, as far as printed or known",
    ),
    "generated": Column("date", "day on which a data release was generated"),
    "released": Column("date", "earliest possible day of publication"),
    "released_end": Column("date", "latest possible day of publication"),
    "released_precision": Column(
        "string", "how exactly the day of publication is known", among=PRECISIONS
    ),
    "data_through": Column("date", "last day that a data release covers"),
    "published_basis": Column(
        "string", "whether the day of publication is printed or inferred", among=BASES
    ),
    "published_note": Column("string", "from what the day of publication is inferred"),
    "url": Column("string", "address, where known"),
    "licence": Column("string", "terms of the article or release"),
    "redistribution": Column("string", "what of it may be passed on"),
    "sha256": Column("string", "SHA-256 of the text or file that was read", pattern=HEX64),
    "chars": Column("integer", "length of the text", "code points", low=1),
    "covers": Column(
        "string",
        "what a data release covers in full, ;-joined: `*`, or `recipient=CODE`, `supplier=CODE`, "
        "`pair=SUPPLIER>RECIPIENT`, or `imports=CODE`, `exports=CODE` for totals without partners, …",
    ),
    "data_from": Column("date", "first day that a data release covers"),
    "compiled_sha256": Column(
        "string", "SHA-256 over the tables compiled from the file", pattern=HEX64
    ),
    # places and parties
    "code": Column(
        "string",
        "ISO 3166-1 alpha-3 code; a leading underscore marks what is no country",
        pattern=r"[A-Z]{3}|_[A-Z][A-Z_]*",
    ),
    "name": Column("string", "short English name"),
    "successor_of": Column("string", "former states that the row succeeds, ;-joined codes"),
    "subject": Column("string", "who or what is counted, ;-joined country codes"),
    "subject_basis": Column("string", "whether the subject is printed or inferred", among=BASES),
    "counterpart": Column("string", "other side of the relation, ;-joined country codes"),
    "responsible": Column("string", "whom the text holds responsible, ;-joined country codes"),
    "recipient": Column("string", "state that imports the arms"),
    "suppliers": Column("string", "states that the share covers together, ;-joined country codes"),
    "origin": Column("string", "state from which the people counted fled"),
    "origin_basis": Column("string", "whether the origin is printed or inferred", among=BASES),
    "investor": Column("string", "where the money comes from, ;-joined country codes"),
    "host": Column("string", "where the money goes, ;-joined country codes"),
    "instrument": Column(
        "string", "kind of money: investment or loan", among=("investment", "loan")
    ),
    "actors": Column("string", "who acts, then who is acted on, ;-joined country codes"),
    "place": Column("string", "where, as a country code"),
    "attributed_to": Column(
        "string", "who is said to have said it; empty if the article states it itself"
    ),
    # the figure
    "figure_id": Column(
        "string", "identifier of a stated figure", pattern=ARTICLE_ID + "-f[0-9]{2,3}"
    ),
    "family": Column("string", "what kind of quantity it is", among=FAMILIES),
    "measure": Column("string", "what exactly is counted or measured"),
    "stated": Column("string", "printed expression alone, with its adjacent hedge"),
    "hedge": Column("string", "hedge that is printed apart from the expression"),
    "value": Column("number", "stated number", "see unit"),
    "low": Column("number", "lower bound; empty if none is stated", "see unit"),
    "high": Column("number", "upper bound; empty if none is stated", "see unit"),
    "stated_step": Column(
        "number", "last digit that the figure plausibly commits to", "see unit", low=0
    ),
    "unit": Column("string", "unit of value, low, high and step", among=UNITS),
    "qualifier": Column("string", "how the number is hedged", among=QUALIFIERS),
    "share_pct": Column("number", "stated share", "percent", low=0, high=100),
    "persons": Column("number", "stated count of people", "persons", low=0),
    "amount_usd": Column("number", "stated amount", "US dollars of unstated year", low=0),
    **_dated("period_start", "first day of the window that the figure is stated for"),
    **_dated("period_end", "last day of the window that the figure is stated for"),
    **_dated("as_of", "earliest possible day at which the figure holds"),
    "as_of_end": Column("date", "latest possible day at which the figure holds"),
    "status": Column("string", "how the row stands", among=STATUSES),
    "conflicts_with": Column("string", "rows that say otherwise, ;-joined identifiers"),
    "derived_from": Column("string", "rows that the figure is computed from, ;-joined identifiers"),
    "derivation": Column("string", "how the figure is computed from them"),
    "check_method": Column(
        "string",
        "primary method of checking it, fixed from the article's words before this project "
        "computed anything; empty where nothing in the collection can check it",
        pattern="(?:" + "|".join(METHODS) + r")(?::[A-Za-z0-9][\w. /-]*)?",
    ),
    "check_note": Column(
        "string", "choices that the method makes from the words, or why no data can decide"
    ),
    "follows_from": Column(
        "string", "figures from which it follows, so that it is no check of its own; ;-joined"
    ),
    "note": Column("string", "what is inferred, and what is doubtful, with the reason"),
    # where it stands
    "start": Column(
        "integer", "first code point of the expression in the text", "code points", low=0
    ),
    "end": Column("integer", "code point after the expression", "code points", low=1),
    "span_sha256": Column("string", "SHA-256 of exactly those characters", pattern=HEX64),
    "context_hashes": Column(
        "string", "truncated hashes of the words around, ;-joined, b: before and a: after"
    ),
    # events and arguments
    "event_id": Column("string", "identifier of an event", pattern=ARTICLE_ID + "-e[0-9]{2,3}"),
    **_dated("date", "earliest possible day of the event"),
    **_dated("date_end", "latest possible day of the event"),
    "happening_id": Column(
        "string", "what happened, whoever tells of it", pattern=r"[a-z0-9]+(?:-[a-z0-9]+)+"
    ),
    "targets": Column("string", "who is acted on, ;-joined country codes; empty if nobody is"),
    "known_from": Column(
        "string", "who says when it happened, with day and address; empty if the witnesses do"
    ),
    "part_of": Column("string", "larger happening that this one belongs to"),
    "category": Column("string", "kind of event", among=CATEGORIES),
    "summary": Column("string", "what happened, in the project's words"),
    "argument_id": Column(
        "string", "identifier of an argument", pattern=ARTICLE_ID + "-a[0-9]{2,3}"
    ),
    "stance": Column("string", "in whose voice it is put", among=STANCES),
    "actor": Column(
        "string", "state whose motive, interest or limit it is, ;-joined country codes"
    ),
    "held_by": Column("string", "who holds it where the article does not say it itself"),
    "gloss": Column("string", "the point, in the project's words"),
}

# primary data
COLUMNS |= {
    "year": Column("integer", "calendar year", low=1900, high=2100),
    "country": Column("string", "state, as a country code"),
    "supplier": Column(
        "string", "state that delivers the arms; `_T` for all together, `_U` unknown"
    ),
    "tiv_million": Column(
        "number",
        "volume of major arms delivered; 0 is less than half a million",
        "million SIPRI trend-indicator values",
        low=0,
    ),
    "tiv_basis": Column(
        "string",
        "exact: summed by year of delivery, or printed by year; allocated: spread evenly over the "
        "years of deals of several years; total only: no suppliers told apart",
        among=TIV_BASES,
    ),
    "estimated_share": Column(
        "number",
        "part of the volume that rests on an estimated number or year; empty where not told",
        "fraction",
        low=0,
        high=1,
    ),
    "order_year": Column("integer", "year in which the arms were ordered", low=1900, high=2100),
    "deals": Column("integer", "deals summed up in the row", low=1),
    "tiv_ordered_million": Column(
        "number", "volume ordered", "million SIPRI trend-indicator values", low=0
    ),
    "tiv_delivered_million": Column(
        "number", "volume delivered of it so far", "million SIPRI trend-indicator values", low=0
    ),
    "first_delivery_year": Column("integer", "first year of delivery", low=1900, high=2100),
    "last_delivery_year": Column("integer", "last year of delivery", low=1900, high=2100),
    "designation": Column("string", "type of weapon, as designated"),
    "units_ordered": Column("number", "weapons ordered", "units", low=0),
    "units_delivered": Column("number", "weapons delivered", "units", low=0),
    "refugees": Column(
        "integer", "refugees and people in refugee-like situations", "persons", low=0
    ),
    "asylum_seekers": Column("integer", "people whose claim is open", "persons", low=0),
    "other_in_need": Column(
        "integer",
        "other people in need of international protection; empty where the release has no "
        "such column or the category does not apply",
        "persons",
        low=0,
    ),
    "others_of_concern": Column(
        "integer", "others of concern to UNHCR, inside and outside the state", "persons", low=0
    ),
    "internally_displaced": Column(
        "integer", "people displaced inside the state", "persons", low=0
    ),
    "gdp_usd": Column(
        "number",
        "gross domestic product; empty where the publisher has none",
        "current US dollars",
        low=0,
    ),
    "cpi": Column(
        "number", "mean of the months' consumer price index, 1982 to 1984 = 100", "index", low=0
    ),
    "months": Column("integer", "months that the mean is over", low=1, high=12),
    "country_a": Column("string", "state of the pair whose code comes first"),
    "country_b": Column("string", "state of the pair whose code comes second"),
    "issue": Column(
        "string", "subject of the roll calls; one roll call can belong to several", among=ISSUES
    ),
    "votes": Column("integer", "roll calls in which both took part", low=1),
    "agree_share_pct": Column(
        "number",
        "share of them in which both voted alike: yes, no or abstain",
        "percent",
        low=0,
        high=100,
    ),
    "pairs_below_pct": Column(
        "number",
        "share of all pairs of that year and issue that voted alike less often, ties by half",
        "percent",
        low=0,
        high=100,
    ),
    "first_year": Column("integer", "first year of the window", low=1900, high=2100),
    "last_year": Column("integer", "last year of the window", low=1900, high=2100),
    "pairs": Column(
        "integer",
        "pairs of states each of which took part in at least half of the roll calls",
        low=1,
    ),
    "roll_calls": Column("integer", "roll calls of that issue and those years", low=1),
    "percentiles_pct": Column(
        "string",
        "agreement that 1, 2, … 99 % of the pairs do not exceed, ;-joined",
        "percent",
        pattern=r"(?:\d{1,3}(?:\.\d)?;){98}\d{1,3}(?:\.\d)?",
    ),
    **{
        f"p{q:02}_pct": Column(
            "number", f"agreement that {q} % of the pairs do not exceed", "percent", low=0, high=100
        )
        for q in (5, 25, 50, 75, 95)
    },
    "ideal_point": Column(
        "number", "position of the state on the first dimension of UN votes", "standard deviations"
    ),
    "day": Column("date", "day that the count is of"),
    "crossed": Column("integer", "people who crossed the border outwards that day", "persons"),
    "crossed_so_far": Column(
        "integer", "all who had crossed by then, returns not subtracted", "persons", low=0
    ),
    "item": Column(
        "string", "what the value is of: country codes, ;-joined, or the name of a conflict"
    ),
    "programmes": Column("string", "sanctions programmes as the list names them, ;-joined"),
    "nationalities": Column(
        "string",
        "nationalities that the list gives, ;-joined country codes; empty if none",
    ),
    "citizenships": Column(
        "string", "citizenships that the list gives, ;-joined country codes; empty if none"
    ),
    "documents": Column(
        "string", "states of the identity documents listed, ;-joined country codes; empty if none"
    ),
    "birthplaces": Column(
        "string", "states of the places of birth listed, ;-joined country codes; empty if none"
    ),
    "entries": Column("integer", "entries of the list", low=1),
    "states": Column("string", "what the document counts or prints, in the project's words"),
    "compares": Column(
        "string",
        "whether it is the same as the figure, a part of it, the whole it is a share of, or unlike it",
        among=COMPARES,
    ),
    "relation": Column(
        "string",
        "what the data or the document are to the figure: its own source, an interested party, independent",
        among=RELATIONS,
    ),
    "seen_as": Column(
        "string",
        "how the document was seen",
        among=("whole page", "excerpt", "press report"),
    ),
    "second_reading": Column(
        "string",
        "number that a second, independent reader took from it; empty where nobody has read it twice",
    ),
    "least": Column("number", "lower end of what the print leaves open", "see unit"),
    "most": Column("number", "upper end of what the print leaves open", "see unit"),
    "places": Column("string", "places found, of a rank, best first; ;-joined"),
    "relative_pct": Column(
        "number", "difference in per cent of the stated number, or of the bound", "percent"
    ),
    "method": Column(
        "string", "what was computed; the primary method, or an explanation with what it departs in"
    ),
    "is_primary": Column("boolean", "whether the row is the figure's verdict"),
    "vintage": Column(
        "string",
        "whether the release is earlier than, contemporary with or later than the article",
        among=VINTAGES,
    ),
    "computed": Column("number", "what the primary data give", "see unit"),
    "computed_low": Column(
        "number", "lower end of the bracket that the primary data give", "see unit"
    ),
    "computed_high": Column("number", "upper end of that bracket", "see unit"),
    "difference": Column(
        "number",
        "computed less stated, or less the nearer bound or end; empty where nothing is compared",
        "see unit",
    ),
    "tolerance": Column(
        "number", "half of the stated step; empty for bounds, ranges and ranks", "see unit", low=0
    ),
    "verdict": Column("string", "how stated and computed agree", among=VERDICTS),
    "coarse_verdict": Column(
        "string",
        "verdict under the coarser reading of the step, where that changes it",
        among=VERDICTS,
    ),
    "reason": Column("string", "why the verdict is what it is, or what would be needed"),
    "tried": Column(
        "integer", "distinct explanations tried for the figure; in its primary row", low=0
    ),
    "matched": Column("integer", "of them, how many matched", low=0),
}

LOCATOR = ("start", "end", "span_sha256", "context_hashes")
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
_RELEASE = {"origin_id": ("origins", "origin_id")}
_PERIOD = (
    "period_start",
    "period_start_precision",
    "period_start_basis",
    "period_end",
    "period_end_precision",
    "period_end_basis",
)
_AS_OF = ("as_of", "as_of_end", "as_of_precision", "as_of_basis")


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


def _table(
    name: str, grain: str, key: str, columns: tuple[str, ...], required: str, **more: Any
) -> Table:
    return Table(name, grain, tuple(key.split()), columns, tuple(required.split()), **more)


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "origins",
            "One row per article, data release or dated document.",
            "origin_id",
            (
                "origin_id",
                "kind",
                "title",
                "publisher",
                "authors",
                "about",
                "generated",
                "released",
                "released_end",
                "released_precision",
                "data_through",
                "published_basis",
                "published_note",
                "url",
                "licence",
                "redistribution",
                "sha256",
                "chars",
                "covers",
                "data_from",
                "compiled_sha256",
            ),
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
            ("code", "name", "kind", "successor_of"),
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
            (
                "figure_id",
                "source_id",
                "family",
                "measure",
                "stated",
                "hedge",
                "value",
                "low",
                "high",
                "stated_step",
                "least",
                "most",
                "unit",
                "qualifier",
                "subject",
                "subject_basis",
                "counterpart",
                "responsible",
                *_PERIOD,
                *_AS_OF,
                "attributed_to",
                *LOCATOR,
                "derived_from",
                "derivation",
                "status",
                "conflicts_with",
                "check_method",
                "check_note",
                "follows_from",
                "note",
            ),
            "figure_id source_id family measure unit qualifier subject_basis status",
            foreign={"source_id": ("origins", "origin_id")},
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
            (
                "figure_id",
                "source_id",
                "recipient",
                "suppliers",
                "share_pct",
                "low",
                "high",
                "least",
                "most",
                "qualifier",
                "stated",
                *_PERIOD,
                "attributed_to",
                "status",
                "note",
            ),
            "figure_id source_id recipient suppliers qualifier status",
            foreign={
                "figure_id": ("figures", "figure_id"),
                "source_id": ("origins", "origin_id"),
                "recipient": ("countries", "code"),
            },
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
            (
                "figure_id",
                "source_id",
                "origin",
                "origin_basis",
                "responsible",
                "persons",
                "low",
                "high",
                "least",
                "most",
                "qualifier",
                "stated",
                *_AS_OF,
                "attributed_to",
                "status",
                "note",
            ),
            "figure_id source_id origin origin_basis qualifier status",
            foreign={
                "figure_id": ("figures", "figure_id"),
                "source_id": ("origins", "origin_id"),
                "origin": ("countries", "code"),
            },
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
            (
                "figure_id",
                "source_id",
                "investor",
                "host",
                "instrument",
                "amount_usd",
                "low",
                "high",
                "least",
                "most",
                "qualifier",
                "stated",
                *_PERIOD,
                *_AS_OF,
                "attributed_to",
                "status",
                "note",
            ),
            "figure_id source_id investor host instrument qualifier status",
            foreign={"figure_id": ("figures", "figure_id"), "source_id": ("origins", "origin_id")},
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
            (
                "happening_id",
                "summary",
                "category",
                "actors",
                "targets",
                "place",
                "date",
                "date_end",
                "date_precision",
                "date_basis",
                "known_from",
                "part_of",
                "note",
            ),
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
            (
                "event_id",
                "source_id",
                "happening_id",
                "date",
                "date_precision",
                "date_basis",
                "date_end",
                "date_end_precision",
                "date_end_basis",
                "category",
                "actors",
                "place",
                "summary",
                "attributed_to",
                *LOCATOR,
                "status",
                "conflicts_with",
                "note",
            ),
            "event_id source_id happening_id date_precision date_basis category actors summary start end "
            "span_sha256 status",
            foreign={
                "source_id": ("origins", "origin_id"),
                "happening_id": ("happenings", "happening_id"),
            },
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
            (
                "argument_id",
                "source_id",
                "code",
                "kind",
                "stance",
                "actor",
                "held_by",
                "gloss",
                *LOCATOR,
                "status",
                "note",
            ),
            "argument_id source_id code kind stance actor gloss start end span_sha256 status",
            foreign={"source_id": ("origins", "origin_id")},
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
            (
                "origin_id",
                "supplier",
                "recipient",
                "year",
                "tiv_million",
                "tiv_basis",
                "estimated_share",
            ),
            "origin_id supplier recipient year tiv_million tiv_basis",
            licence=SIPRI,
            foreign=_RELEASE
            | {"supplier": ("countries", "code"), "recipient": ("countries", "code")},
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
            (
                "origin_id",
                "supplier",
                "recipient",
                "order_year",
                "deals",
                "tiv_ordered_million",
                "tiv_delivered_million",
                "first_delivery_year",
                "last_delivery_year",
                "estimated_share",
            ),
            "origin_id supplier recipient order_year deals",
            licence=SIPRI,
            foreign=_RELEASE
            | {"supplier": ("countries", "code"), "recipient": ("countries", "code")},
            where={"recipient": {"meaning": "state that ordered the arms"}},
            best=Best(by=("recipient",), covering="recipient"),
            warnings=(*SIPRI_WARNINGS, "Deliveries are counted under the year of their order."),
        ),
        _table(
            "arms_units",
            "One row per supplier, recipient, designation and release; of the designations that were asked for.",
            "origin_id supplier recipient designation",
            (
                "origin_id",
                "supplier",
                "recipient",
                "designation",
                "deals",
                "units_ordered",
                "units_delivered",
                "first_delivery_year",
                "last_delivery_year",
                "estimated_share",
            ),
            "origin_id supplier recipient designation deals",
            licence=SIPRI,
            foreign=_RELEASE
            | {"supplier": ("countries", "code"), "recipient": ("countries", "code")},
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
            (
                "origin_id",
                "origin",
                "year",
                "refugees",
                "asylum_seekers",
                "other_in_need",
                "others_of_concern",
                "internally_displaced",
            ),
            "origin_id origin year",
            foreign=_RELEASE | {"origin": ("countries", "code")},
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
            ("origin_id", "origin", "day", "crossed", "crossed_so_far"),
            "origin_id origin day crossed crossed_so_far",
            foreign=_RELEASE | {"origin": ("countries", "code")},
            warnings=(
                "Crossings, not people: who crossed twice counts twice, and returns are not subtracted.",
                "Each release revises earlier days: choose one.",
            ),
        ),
        _table(
            "series",
            "One row per measure, item, year and release: small series that a figure is held against.",
            "origin_id measure item year",
            ("origin_id", "measure", "item", "year", "value", "low", "high", "unit"),
            "origin_id measure item unit",
            foreign=_RELEASE,
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
            ("origin_id", "country", "year", "gdp_usd"),
            "origin_id country year",
            foreign=_RELEASE | {"country": ("countries", "code")},
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
            ("origin_id", "year", "cpi", "months"),
            "origin_id year cpi months",
            foreign=_RELEASE,
            licence="CC0-1.0",
            best=Best(),
            warnings=("Years with fewer than twelve months are means of those that there are.",),
        ),
        _table(
            "un_vote_agreement",
            "One row per pair of states, year, issue and release: UN General Assembly roll calls.",
            "origin_id country_a country_b year issue",
            (
                "origin_id",
                "country_a",
                "country_b",
                "year",
                "issue",
                "votes",
                "agree_share_pct",
                "pairs_below_pct",
            ),
            "origin_id country_a country_b year issue votes agree_share_pct",
            foreign=_RELEASE
            | {"country_a": ("countries", "code"), "country_b": ("countries", "code")},
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
            (
                "origin_id",
                "year",
                "issue",
                "roll_calls",
                "pairs",
                "p05_pct",
                "p25_pct",
                "p50_pct",
                "p75_pct",
                "p95_pct",
            ),
            "origin_id year issue roll_calls pairs",
            foreign=_RELEASE,
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
            (
                "origin_id",
                "first_year",
                "last_year",
                "issue",
                "roll_calls",
                "pairs",
                "percentiles_pct",
            ),
            "origin_id first_year last_year issue roll_calls pairs percentiles_pct",
            foreign=_RELEASE,
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
            ("origin_id", "country", "year", "ideal_point"),
            "origin_id country year ideal_point",
            foreign=_RELEASE | {"country": ("countries", "code")},
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
            (
                "origin_id",
                "kind",
                "programmes",
                "nationalities",
                "citizenships",
                "documents",
                "birthplaces",
                "entries",
            ),
            "origin_id kind programmes entries",
            foreign=_RELEASE,
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
            (
                "origin_id",
                "figure_id",
                "states",
                "value",
                "low",
                "high",
                "unit",
                "compares",
                "relation",
                "seen_as",
                "second_reading",
                "note",
            ),
            "origin_id figure_id states unit compares relation seen_as",
            foreign=_RELEASE | {"figure_id": ("figures", "figure_id")},
            where={
                "value": {"meaning": "number that the document gives"},
                "low": {"meaning": "lower bound that it gives"},
                "high": {"meaning": "upper bound that it gives"},
                "note": {"meaning": "what else must be known of it"},
            },
            rules=(_ordered("low", "value", "high"),),
            warnings=(
                "A document says what its issuer says: read relation before using its number.",
                "Most documents were seen in excerpts or in press reports, and none has been read by a second reader "
                "where second_reading is empty.",
            ),
        ),
        _table(
            "figure_checks",
            "One row per figure, release and method: stated against primary data.",
            "figure_id origin_id method",
            (
                "figure_id",
                "origin_id",
                "method",
                "is_primary",
                "relation",
                "vintage",
                "computed",
                "computed_low",
                "computed_high",
                "places",
                "unit",
                "difference",
                "relative_pct",
                "tolerance",
                "verdict",
                "coarse_verdict",
                "follows_from",
                "reason",
                "tried",
                "matched",
            ),
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
PRIMARY = (
    "arms_transfers",
    "arms_orders",
    "arms_units",
    "displaced_persons",
    "displaced_daily",
    "series",
    "economy",
    "us_cpi",
    "un_vote_agreement",
    "un_vote_spread",
    "un_vote_windows",
    "un_ideal_points",
    "sanctions_listed",
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

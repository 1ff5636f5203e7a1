"""Every processed table: grain, key, columns with meaning and unit, licence, usage warnings; as pandera models.

One dictionary gives every column its type and meaning, so that one quantity keeps one name everywhere; a table
is a list of its names. Nothing heavy is imported until a model is asked for.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FAMILIES = (
    "arms_import_share", "refugee_count", "investment_total", "loan", "trade_growth", "reward", "recognition",
    "sanction", "election_share", "deployment", "ship", "aircraft", "soldier", "missile", "casualty", "rank",
    "duration", "other",
)
QUALIFIERS = ("exact", "approx", "nearly", "over", "at_least", "at_most", "range", "vague")
CURRENCIES = ("USD", "EUR", "GBP", "RUB", "CNY", "VES")
UNITS = CURRENCIES + (
    "percent", "percentage_points", "factor", "rank", "years", "persons", "countries", "organisations", "ships",
    "aircraft", "missiles", "vehicles", "weapons", "operations", "rounds", "waves", "stops", "barrels_per_day",
    "months", "days", "tonnes", "kilometres", "barrels", "items",
)
STATUSES = ("as_printed", "doubted", "conflicting", "derived", "proposed", "rejected")
#: Statuses of rows that stay in the ledger and out of the tables: no reader has confirmed them, or one has declined.
SET_ASIDE = ("proposed", "rejected")
PRECISIONS = (
    "day", "week", "part_of_month", "month", "part_of_year", "year", "years", "part_of_decade", "period", "after",
    "before",
)
BASES = ("printed", "inferred")
CATEGORIES = (
    "election", "recognition", "sanction", "deployment", "strike", "arms", "diplomacy", "statement", "agreement",
    "legal", "economy", "aid", "conflict", "publication", "outlook",
)
STANCES = ("asserted", "reported", "conditional", "rejected")
#: Argument code → the kind of argument it is; defined with boundary cases in docs/protocol.md, section 8.
CODES = {
    "anti_us": "motive", "reciprocity": "motive", "multipolarity": "motive", "authoritarian_affinity": "motive",
    "anti_sanctions": "motive", "economic_stake": "interest", "foothold": "interest", "credibility": "interest",
    "distraction": "interest", "narrative_gain": "interest", "regime_survival": "interest",
    "resource_leverage": "interest", "means_diplomatic": "means", "means_military": "means",
    "means_economic": "means", "means_information": "means", "limit_resources": "limit", "limit_distance": "limit",
    "limit_symbolic": "limit", "limit_rivalry": "limit", "limit_dependence": "limit", "backfire": "limit",
    "cost_spillover": "limit", "other": "other",
}
COUNTRY_KINDS = ("country", "former", "aggregate", "organisation", "group", "unknown")


@dataclass(frozen=True)
class Column:
    """One column: its type, what it means, its unit, and what a value must satisfy."""

    dtype: str  # string, number, integer or date
    meaning: str
    unit: str = ""
    among: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None


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
    where: dict[str, dict[str, Any]] = field(default_factory=dict)  # narrower bounds of a column in this table
    rules: tuple[tuple[str, Callable], ...] = ()  # what a whole row must satisfy: message, frame → bool series


ARTICLE_ID = r"[a-z][a-z0-9]*-[0-9]{4}[a-z]?"
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
    "about": Column("string", "what the publisher and the author are, and how they are funded, as far as printed or known"),
    "generated": Column("date", "day on which a data release was generated"),
    "released": Column("date", "earliest possible day of publication"),
    "released_end": Column("date", "latest possible day of publication"),
    "released_precision": Column("string", "how exactly the day of publication is known", among=PRECISIONS),
    "data_through": Column("date", "last day that a data release covers"),
    "published_basis": Column("string", "whether the day of publication is printed or inferred", among=BASES),
    "published_note": Column("string", "from what the day of publication is inferred"),
    "url": Column("string", "address, where known"),
    "licence": Column("string", "terms of the article or release"),
    "redistribution": Column("string", "what of it may be passed on"),
    "sha256": Column("string", "SHA-256 of the text or file that was read", pattern=HEX64),
    "chars": Column("integer", "length of the text", "code points", low=1),
    # places and parties
    "code": Column("string", "ISO 3166-1 alpha-3 code; a leading underscore marks what is no country",
                   pattern=r"[A-Z]{3}|_[A-Z][A-Z_]*"),
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
    "instrument": Column("string", "kind of money: investment or loan", among=("investment", "loan")),
    "actors": Column("string", "who acts, then who is acted on, ;-joined country codes"),
    "place": Column("string", "where, as a country code"),
    "attributed_to": Column("string", "who is said to have said it; empty if the article states it itself"),
    # the figure
    "figure_id": Column("string", "identifier of a stated figure", pattern=ARTICLE_ID + "-f[0-9]{2,3}"),
    "family": Column("string", "what kind of quantity it is", among=FAMILIES),
    "measure": Column("string", "what exactly is counted or measured"),
    "stated": Column("string", "printed expression alone, with its adjacent hedge"),
    "hedge": Column("string", "hedge that is printed apart from the expression"),
    "value": Column("number", "stated number", "see unit"),
    "low": Column("number", "lower bound; empty if none is stated", "see unit"),
    "high": Column("number", "upper bound; empty if none is stated", "see unit"),
    "stated_step": Column("number", "last digit that the figure plausibly commits to", "see unit", low=0),
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
    "check_method": Column("string", "primary method fixed for checking it; empty until one is fixed"),
    "note": Column("string", "what is inferred, and what is doubtful, with the reason"),
    # where it stands
    "start": Column("integer", "first code point of the expression in the text", "code points", low=0),
    "end": Column("integer", "code point after the expression", "code points", low=1),
    "span_sha256": Column("string", "SHA-256 of exactly those characters", pattern=HEX64),
    "context_hashes": Column("string", "truncated hashes of the words around, ;-joined, b: before and a: after"),
    # events and arguments
    "event_id": Column("string", "identifier of an event", pattern=ARTICLE_ID + "-e[0-9]{2,3}"),
    **_dated("date", "earliest possible day of the event"),
    **_dated("date_end", "latest possible day of the event"),
    "category": Column("string", "kind of event", among=CATEGORIES),
    "summary": Column("string", "what happened, in the project's words"),
    "argument_id": Column("string", "identifier of an argument", pattern=ARTICLE_ID + "-a[0-9]{2,3}"),
    "stance": Column("string", "in whose voice it is put", among=STANCES),
    "actor": Column("string", "state whose motive, interest or limit it is, ;-joined country codes"),
    "held_by": Column("string", "who holds it where the article does not say it itself"),
    "gloss": Column("string", "the point, in the project's words"),
}

LOCATOR = ("start", "end", "span_sha256", "context_hashes")
ARTICLE_WARNINGS = (
    "Rows say what articles state, not what is the case.",
    "As far as can be told all articles so far come from Western outlets; no Russian and no Venezuelan source is among them.",
)
_PERIOD = ("period_start", "period_start_precision", "period_start_basis",
           "period_end", "period_end_precision", "period_end_basis")
_AS_OF = ("as_of", "as_of_end", "as_of_precision", "as_of_basis")


def _ordered(*columns: str) -> tuple[str, Callable]:
    """Rule: where stated, the columns do not decrease from left to right."""
    def holds(frame):
        ok = frame[columns[0]].notna() | True
        for a, b in zip(columns, columns[1:]):
            ok &= ~(frame[a] > frame[b]).fillna(False)
        if len(columns) == 3:  # the middle one may be missing
            ok &= ~(frame[columns[0]] > frame[columns[2]]).fillna(False)
        return ok.astype(bool)
    return " ≤ ".join(columns) + " does not hold", holds


def _table(name: str, grain: str, key: str, columns: tuple[str, ...], required: str, **more: Any) -> Table:
    return Table(name, grain, tuple(key.split()), columns, tuple(required.split()), **more)


TABLES: dict[str, Table] = {t.name: t for t in (
    _table(
        "origins", "One row per article or data release.", "origin_id",
        ("origin_id", "kind", "title", "publisher", "authors", "about", "generated", "released", "released_end",
         "released_precision", "data_through", "published_basis", "published_note", "url", "licence",
         "redistribution", "sha256", "chars"),
        "origin_id kind title publisher licence redistribution sha256",
        where={"kind": {"among": ("article", "dataset")}},
        rules=(_ordered("released", "released_end"),),
        warnings=("Days of publication that are not printed are inferred; published_note says from what.",),
    ),
    _table(
        "countries", "One row per country code, former states and reserved codes included.", "code",
        ("code", "name", "kind", "successor_of"), "code name kind",
        licence="CC0-1.0",
        where={"kind": {"among": COUNTRY_KINDS}},
        warnings=("Codes with a leading underscore are no countries: leave them out of counts of states.",),
    ),
    _table(
        "figures", "One row per figure stated in an article, or derived from such figures.", "figure_id",
        ("figure_id", "source_id", "family", "measure", "stated", "hedge", "value", "low", "high", "stated_step",
         "unit", "qualifier", "subject", "subject_basis", "counterpart", "responsible", *_PERIOD, *_AS_OF,
         "attributed_to", *LOCATOR, "derived_from", "derivation", "status", "conflicts_with", "check_method", "note"),
        "figure_id source_id family measure unit qualifier subject_basis status",
        foreign={"source_id": ("origins", "origin_id")},
        rules=(_ordered("low", "value", "high"), _ordered("period_start", "period_end"),
               _ordered("as_of", "as_of_end"), _ordered("start", "end")),
        warnings=ARTICLE_WARNINGS + (
            "An empty bound means not stated, not zero.",
            "Qualifier 'exact' says that no hedge is printed, not that the number is exactly true.",
            "Rows with status 'derived' are inferred by this project, not printed in an article.",
        ),
    ),
    _table(
        "arms_import_shares", "One row per stated share of a recipient's arms imports.", "figure_id",
        ("figure_id", "source_id", "recipient", "suppliers", "share_pct", "low", "high", "qualifier", "stated",
         *_PERIOD, "attributed_to", "status", "note"),
        "figure_id source_id recipient suppliers qualifier status",
        foreign={"figure_id": ("figures", "figure_id"), "source_id": ("origins", "origin_id"),
                 "recipient": ("countries", "code")},
        where={"low": {"low": 0, "high": 100}, "high": {"low": 0, "high": 100}},
        rules=(_ordered("low", "share_pct", "high"), _ordered("period_start", "period_end")),
        warnings=ARTICLE_WARNINGS + (
            "A share of arms imports measured in SIPRI's trend-indicator values is a share of volume, not of money.",
            "Shares of one recipient with nested suppliers (Russia; Russia and China) must not be added.",
        ),
    ),
    _table(
        "refugee_counts", "One row per stated count of displaced people.", "figure_id",
        ("figure_id", "source_id", "origin", "origin_basis", "responsible", "persons", "low", "high", "qualifier",
         "stated", *_AS_OF, "attributed_to", "status", "note"),
        "figure_id source_id origin origin_basis qualifier status",
        foreign={"figure_id": ("figures", "figure_id"), "source_id": ("origins", "origin_id"),
                 "origin": ("countries", "code")},
        rules=(_ordered("low", "persons", "high"), _ordered("as_of", "as_of_end")),
        warnings=ARTICLE_WARNINGS + (
            "Origin is who is counted, responsible is who is blamed: they differ for people who fled an invasion.",
            "Who counts as displaced (refugees, asylum-seekers, others abroad) is not defined in the article.",
        ),
    ),
    _table(
        "investment_totals", "One row per stated total or flow of money invested or lent.", "figure_id",
        ("figure_id", "source_id", "investor", "host", "instrument", "amount_usd", "low", "high", "qualifier",
         "stated", *_PERIOD, *_AS_OF, "attributed_to", "status", "note"),
        "figure_id source_id investor host instrument qualifier status",
        foreign={"figure_id": ("figures", "figure_id"), "source_id": ("origins", "origin_id")},
        rules=(_ordered("low", "amount_usd", "high"), _ordered("period_start", "period_end"),
               _ordered("as_of", "as_of_end")),
        warnings=ARTICLE_WARNINGS + (
            "Totals and single payments stand in one table: never add rows.",
            "The year whose prices an amount is in is not stated.",
        ),
    ),
    _table(
        "events", "One row per dated event in an article.", "event_id",
        ("event_id", "source_id", "date", "date_precision", "date_basis", "date_end", "date_end_precision",
         "date_end_basis", "category", "actors", "place", "summary", "attributed_to", *LOCATOR, "status",
         "conflicts_with", "note"),
        "event_id source_id date_precision date_basis category actors summary start end span_sha256 status",
        foreign={"source_id": ("origins", "origin_id")},
        rules=(_ordered("date", "date_end"), _ordered("start", "end")),
        warnings=ARTICLE_WARNINGS + (
            "One happening may have several rows, one for each article that dates it.",
            "Dates are the earliest and the latest possible day; an empty one is open.",
        ),
    ),
    _table(
        "arguments", "One row per motive, interest, means or limit that an article argues for or reports.",
        "argument_id",
        ("argument_id", "source_id", "code", "kind", "stance", "actor", "held_by", "gloss", *LOCATOR, "status",
         "note"),
        "argument_id source_id code kind stance actor gloss start end span_sha256 status",
        foreign={"source_id": ("origins", "origin_id")},
        where={"code": {"among": tuple(CODES), "pattern": "", "meaning": "motive, interest, means or limit"},
               "kind": {"among": ("motive", "interest", "means", "limit", "other")}},
        rules=(_ordered("start", "end"),),
        warnings=ARTICLE_WARNINGS + (
            "Counts of rows say how articles argue, not how strong or how true an argument is.",
        ),
    ),
)}


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


PANDAS = {"string": "str", "number": "float64", "integer": "Int64", "date": "datetime64[s]"}


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
            checks.append(pa.Check.str_matches(f"^(?:{col.pattern})$", error=f"does not look like {col.pattern}"))
        if col.low is not None:
            checks.append(pa.Check.ge(col.low, error=f"is below {col.low:g}"))
        if col.high is not None:
            checks.append(pa.Check.le(col.high, error=f"is above {col.high:g}"))
        columns[name] = pa.Column(
            PANDAS[col.dtype], checks, nullable=name not in spec.required, description=col.meaning,
            metadata={"unit": col.unit},
        )
    rules = [pa.Check(holds, error=message, ignore_na=False) for message, holds in spec.rules]
    return pa.DataFrameSchema(columns, checks=rules, unique=list(spec.key), strict=True, ordered=True,
                              name=table, description=spec.grain)

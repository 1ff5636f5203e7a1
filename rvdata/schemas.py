"""Every processed table: grain, key, columns with meaning and unit, licence, usage warnings; as pandera models.

`columns.csv` gives every column its type and meaning, so that one quantity keeps one name everywhere; a table of
`tables.toml` is a list of its names; `families.csv` has the families of figures. Nothing heavy is imported until a model is asked for.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def words(text: str) -> tuple[str, ...]:
    """Names that stand in a row with blanks between."""
    return tuple(text.split())


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
    code: kind
    for kind, codes in {
        "motive": "anti_us reciprocity multipolarity authoritarian_affinity anti_sanctions "
        "sphere_of_influence regime_change democracy",
        "interest": "economic_stake foothold credibility distraction narrative_gain "
        "regime_survival resource_leverage",
        "means": "means_diplomatic means_military means_economic means_information",
        "limit": "limit_resources limit_distance limit_symbolic limit_rivalry limit_dependence "
        "backfire cost_spillover",
        "other": "other",
    }.items()
    for code in words(codes)
}
#: Primary methods of checking: what each computes stands in docs/protocol.md, section 12.
METHODS = words(
    "supplier_share supplier_rank units_delivered displaced_abroad displaced_rank "
    "sanctioned_nationals ranked members years_spanned sheets_published documents never"
)
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
VINTAGES = ("earlier", "contemporary", "later")
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
    """Which release `load` gives where none is named: one for the whole table, or for each value of `by`.

    Of the releases that a slice may come from, those count first that fill the column `filled`, then those without a row
    in which the column of `inexact` has its value, then, for a whole table, those that cover most; of these, the newest.
    """

    by: tuple[str, ...] = ()
    covering: str = (
        ""  # must be covered for the first value of `by`, such as recipient=CODE; or `*`
    )
    filled: str = ""
    inexact: tuple[str, str] = ("", "")
    alike: str = ""  # another table, whose releases alone may serve


@dataclass(frozen=True)
class Table:
    """One processed table: what a row is, its key, its columns and what a user must be warned of."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...]
    foreign: dict[str, tuple[str, str]]
    licence: str
    warnings: tuple[str, ...]
    where: Mapping[str, dict[str, Any]]  # what holds of a column in this table alone
    ordered: tuple[tuple[str, ...], ...]  # columns that do not decrease from left to right
    rules: Mapping[str, str]  # expression of pandas that holds of every row → its message
    best: Best | None  # none: all rows are of one kind, or of one release
    rows: str  # expression of pandas: rows that can be used as they are; all if empty


ARTICLE_ID = r"[a-z][a-z0-9]*-[0-9]{4}[a-z]?"
RELEASE_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
HEX64 = r"[0-9a-f]{64}"
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
#: What a column of that name refers to in any table but the one that has it as its key.
_REFERS = {
    **dict.fromkeys(("origin_id", "source_id"), ("origins", "origin_id")),
    "figure_id": ("figures", "figure_id"),
    "happening_id": ("happenings", "happening_id"),
    **dict.fromkeys(
        words("recipient supplier origin country country_a country_b"), ("countries", "code")
    ),
}


def _among(cell: str) -> tuple[str, ...]:
    """The words of a ;-joined cell, or those of the vocabulary above that it names."""
    return tuple(globals().get(cell) or filter(None, cell.split(";")))


def _rows(file: str) -> list[dict[str, str]]:
    """The rows of a table beside this module."""
    with Path(__file__).with_name(file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _table(name: str, said: dict[str, Any], shared: Mapping[str, list[str]]) -> Table:
    """One table of `tables.toml`; `shared` has the warnings that several tables give."""
    columns, best = words(said["columns"]), said.get("best")
    refer = [c for c in columns if c in _REFERS and c not in words(said.get("free", ""))]
    warnings = (shared[w[1:]] if w.startswith("@") else [w] for w in said["warnings"])
    return Table(
        name,
        said["grain"],
        words(said["key"]),
        columns,
        words(said["required"]),
        {c: _REFERS[c] for c in refer if _REFERS[c] != (name, c)},
        said.get("licence", "CC-BY-4.0"),
        tuple(itertools.chain(*warnings)),
        {
            c: own | ({"among": _among(own["among"])} if "among" in own else {})
            for c, own in said.get("where", {}).items()
        },
        tuple(map(words, said.get("ordered", []))),
        said.get("rules", {}),
        None if best is None else Best(**best | {"by": words(best.get("by", ""))}),
        said.get("rows", ""),
    )


#: Family of figures → units that it is counted in, any if none are named; and what would be needed to check a figure of
#: it that nothing here can check.
UNITS_OF, NEEDED = (
    {row["family"]: read(row[cell]) for row in _rows("families.csv")}
    for cell, read in (("units", _among), ("needed", str))
)
FAMILIES = tuple(NEEDED)
COLUMNS = {
    row["name"]: Column(
        row["type"],
        row["meaning"],
        row["unit"],
        _among(row["among"]),
        _PATTERNS.get(row["name"], ""),
        *(int(row[bound]) if row[bound] else None for bound in ("low", "high")),
    )
    for row in _rows("columns.csv")
}
LOCATOR = words("start end span_sha256 context_hashes")
_DECLARED = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))
TABLES: dict[str, Table] = {
    name: _table(name, said, _DECLARED["warnings"]) for name, said in _DECLARED["tables"].items()
}

#: Tables that importers compile from publishers' files.
PRIMARY = words(
    "arms_transfers arms_orders arms_units displaced_persons displaced_daily series economy "
    "us_cpi un_vote_agreement un_vote_spread un_vote_windows un_ideal_points sanctions_listed"
)


PANDAS = {
    "string": "str",
    "number": "float64",
    "integer": "Int64",
    "boolean": "bool",
    "date": "datetime64[s]",
}


def columns(table: str) -> dict[str, Column]:
    """The columns of a table by name, in their order, each as it stands there.

    Examples
    --------
    >>> columns("arms_import_shares")["share_pct"].unit
    'percent'
    """
    where = TABLES[table].where
    return {name: replace(COLUMNS[name], **where.get(name, {})) for name in TABLES[table].columns}


def types(table: str) -> dict[str, str]:
    """The types of pandas of a table's columns."""
    return {name: PANDAS[col.dtype] for name, col in columns(table).items()}


@functools.cache
def model(table: str):
    """The pandera model of a processed table.

    Parameters
    ----------
    table : str
        Name of the table, a key of ``TABLES``.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict and ordered: every column, no other, numbers and days of the exact type; the key is unique.
    """
    import pandera.pandas as pa

    spec, fields = TABLES[table], {}
    for name, col in columns(table).items():
        checks = []
        if col.among:
            checks.append(pa.Check.isin(col.among, error=f"is none of: {', '.join(col.among)}"))
        if col.pattern:
            unlike = f"does not look like {col.pattern}"
            checks.append(pa.Check.str_matches(f"^(?:{col.pattern})$", error=unlike))
        if col.low is not None:
            checks.append(pa.Check.ge(col.low, error=f"is below {col.low:g}"))
        if col.high is not None:
            checks.append(pa.Check.le(col.high, error=f"is above {col.high:g}"))
        # texts have become such before, and pandera would look at every cell
        dtype = None if col.dtype == "string" else PANDAS[col.dtype]
        fields[name] = pa.Column(dtype, checks, nullable=name not in spec.required)
    rules = dict(spec.rules)
    for names in spec.ordered:
        pairs = itertools.combinations(names, 2)
        rules[" & ".join(f"~({a} > {b})" for a, b in pairs)] = (
            f"{' ≤ '.join(names)} must hold; correct them"
        )
    holds = [pa.Check(_holding(rule), error=said, ignore_na=False) for rule, said in rules.items()]
    return pa.DataFrameSchema(
        fields, checks=holds, unique=list(spec.key), strict=True, ordered=True
    )


def _holding(rule: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Check: an expression of pandas holds of every row in which it is known whether it does."""
    named = set(re.findall(r"\w+", rule))  # `eval` makes a series of every column that it is given

    def holds(frame: pd.DataFrame) -> pd.Series:
        needed = frame[[column for column in frame if column in named]]
        return needed.eval(rule, engine="python").fillna(True).astype(bool)

    return holds

"""How far stated figures can be trusted: how each stands, whose word it is, and which statements conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from rvdata import reconcile, schemas
from rvdata.analysis import stated
from rvdata.words import said, terms

#: Verdict of an independent check → what it says of the figure.
_CHECKED = {"matches": "holds up", "close": "holds up", "differs": "differs"}
#: What a figure comes to: the first three are independent checks, the others are never added to them.
OUTCOMES = ("holds up", "differs", "between year ends", *reconcile.STANDINGS[1:])
#: Family of figures → its name for readers.
NAMES = terms("family")
#: Families that are a form of number rather than a thing: sharing one ties no two figures together.
FORMS = ("rank", "duration", "other")
#: Kind of voice → how a chart names it; an interested party has a stake in what it says, on whichever side.
KINDS = terms("voice")
#: Whom the articles name → the kind of voice it is; what is not listed is `unsorted`.
VOICES = terms("holder")


# ---- how figures stand


def outcome(check: Mapping) -> str:
    """What a figure comes to, one of `OUTCOMES`.

    Parameters
    ----------
    check : mapping
        With verdict and relation, as the primary row of `figure_checks` has them.

    Examples
    --------
    >>> outcome({"verdict": "close", "relation": "data"}), outcome({"verdict": "matches", "relation": "own source"})
    ('holds up', 'traced')
    """
    stands, verdict = reconcile.standing(check), check["verdict"]
    return _CHECKED.get(verdict, verdict) if stands == reconcile.STANDINGS[0] else stands


def figures(
    sources: Sequence[str] = (),
    families: Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
    include_derived: bool = True,
) -> pd.DataFrame:
    """Stated figures that may speak of some years, each with how it stands and whose word it is.

    Parameters
    ----------
    sources, families : sequence of str, optional
        Articles, and families of figures; all by default.
    start, end : int, optional
        First and last year; one open to a side is kept by the day that is known of it.
    include_derived : bool
        Whether figures that this project computed count.

    Returns
    -------
    DataFrame
        Columns of `verdicts`; first and last (days); standing (one of `reconcile.STANDINGS`), outcome (one of `OUTCOMES`), what
        (the family's name).

    Examples
    --------
    >>> figures(["rusi-2022"], ["arms_import_share"])[["figure_id", "outcome"]].values.tolist()
    [['rusi-2022-f05', 'holds up'], ['rusi-2022-f06', 'holds up'], ['rusi-2022-f07', 'follows']]
    """
    rows = stated.verdicts()
    rows = rows.assign(
        first=rows[["period_start", "as_of"]].min(axis=1),
        last=rows[["period_end", "as_of_end"]].max(axis=1),
    )
    keep = stated.within(rows, start, end) & (rows["status"].ne("derived") | include_derived)
    keep &= stated.holds(rows, "source_id", sources) & stated.holds(rows, "family", families)
    rows = rows[keep].reset_index(drop=True)
    checks = rows.to_dict("records")
    return rows.assign(
        standing=pd.Series([reconcile.standing(c) for c in checks], dtype="str"),
        outcome=pd.Series([outcome(c) for c in checks], dtype="str"),
        what=rows["family"].map(NAMES).astype("str"),
    )


def coverage(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many figures of each family, article or voice come to what: one row for what there is.

    Parameters
    ----------
    rows : DataFrame
        As `figures` gives it.
    by : str
        Column to count by.

    Returns
    -------
    DataFrame
        Columns `by`, outcome, figures (how many) and sources (;-joined), in the order of the rows, then of `OUTCOMES`.
    """
    place, order = rows.groupby(by, sort=False).ngroup(), rows["outcome"].map(OUTCOMES.index)
    counted = rows.groupby([place.rename("place"), order.rename("order"), by, "outcome"])
    table = counted["source_id"].agg(["size", lambda ids: ";".join(dict.fromkeys(ids))])
    table = table.set_axis(["figures", "sources"], axis=1).reset_index()
    return table.drop(columns=["place", "order"])


def for_reader(rows: pd.DataFrame, most: int = 5) -> pd.DataFrame:
    """The figures that tell a reader most of how far a selection can be trusted.

    One of each family in the order of `schemas.FAMILIES` (arms, people, money first), then a second of each; within a
    family what is checked independently, of that what departs, of that what is printed plainly and departs the most. Figures that follow from others or that
    nothing here covers are left out, unless there is nothing else. What is checked stands first in the end.
    """
    known = rows[~rows["standing"].isin(("follows", "no data"))]
    known = rows if known.empty else known
    order = known.assign(
        _standing=known["standing"].map(reconcile.STANDINGS.index),
        _kept=known["verdict"] != "differs",
        _doubted=known["status"] != "as_printed",
        _off=-known["relative_pct"].abs().fillna(0),
        _small=-known["value"].fillna(0),
        _family=known["family"].map(list(schemas.FAMILIES).index),
    ).sort_values(
        ["_family", "_standing", "_kept", "_doubted", "_off", "_small", "figure_id"], kind="stable"
    )
    order["_turn"] = order.groupby("family").cumcount()
    chosen = order.sort_values(["_turn", "_family"], kind="stable").head(most)
    chosen = chosen.sort_values(["_standing", "_turn", "_family"], kind="stable")
    return chosen[rows.columns].reset_index(drop=True)


# ---- whose word


def holder(name: object) -> str:
    """A name without what stands after it, so that one voice counts once; empty for the article itself.

    Examples
    --------
    >>> holder("Vladimir Rouvinski (2020)"), holder("The Washington Post, citing Russia"), holder(float("nan"))
    ('Vladimir Rouvinski', 'The Washington Post', '')
    """
    return re.sub(r" \(\d{4}\)$|, citing .*$", "", str(name)) if said(name) else ""


def kind(name: object) -> str:
    """The kind of voice that a name is, a key of `KINDS`.

    Examples
    --------
    >>> kind("Mark Galeotti"), kind("somebody new"), kind(None)
    ('expert', 'unsorted', 'article')
    """
    return VOICES.get(holder(name), "unsorted") if said(name) else "article"


def attributed(**tables: pd.DataFrame) -> pd.DataFrame:
    """Whose word each statement is: one row a figure that is printed, an event or an argument.

    Parameters
    ----------
    **tables : DataFrame
        Rows with source_id and attributed_to or held_by, by what they are called. Those with the status derived are nobody's.

    Returns
    -------
    DataFrame
        Columns table, source_id, holder (as `holder` gives it) and kind (a key of `KINDS`).
    """
    parts = []
    for table, rows in tables.items():
        named = rows["held_by" if "held_by" in rows else "attributed_to"]
        own = rows.assign(table=table, holder=named.map(holder), kind=named.map(kind))
        parts.append(own.loc[own["status"] != "derived", ["table", "source_id", "holder", "kind"]])
    return pd.concat(parts, ignore_index=True).astype("str")


# ---- what meets, and what conflicts


def pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of different articles that can be set side by side, and those of which the ledger says that they conflict.

    Figures of one family and unit that share a country are of one kind. That does not make them statements of the same thing: two
    ships of a group and two ships at a quay are neither agreement nor conflict. Only what the ledger marks is held to be the same.

    Parameters
    ----------
    rows : DataFrame
        As `figures` gives it.

    Returns
    -------
    DataFrame
        Columns one, other (identifiers), what (the family's name) and same (bool: a conflict is marked).
    """
    found = []
    for a, b in combinations(rows.to_dict("records"), 2):
        same = any(
            said(x["conflicts_with"]) and y["figure_id"] in x["conflicts_with"].split(";")
            for x, y in ((a, b), (b, a))
        )
        alike = (
            a["source_id"] != b["source_id"]
            and a["family"] == b["family"] not in FORMS
            and a["unit"] == b["unit"]
            and _states(a) & _states(b)
        )
        if same or alike:
            found.append((a["figure_id"], b["figure_id"], a["what"], same))
    return pd.DataFrame(found, columns=["one", "other", "what", "same"]).astype({"same": bool})


def _states(row: Mapping) -> set[str]:
    """Countries of a figure; codes that are no country do not tell which."""
    cells = [row[c] for c in ("subject", "counterpart", "responsible") if said(row[c])]
    return {code for cell in cells for code in cell.split(";") if not code.startswith("_")}


def misdated(told: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    """Events whose printed days contradict what is otherwise known of what happened.

    Parameters
    ----------
    told, happened : DataFrame
        As `events.events` and `events.happenings` give them, all witnesses included.

    Returns
    -------
    DataFrame
        Rows of `told` with known_first, known_last, known_precision and known_from of the happening (empty where another
        witness, and not a source of its own, gives the days).
    """
    best = happened.set_index("happening_id")[["first", "last", "precision", "known_from"]]
    off = told[~told["agrees"] & told["happening_id"].isin(best.index)]
    known = best.add_prefix("known_").rename(columns={"known_known_from": "known_from"})
    return off.join(known, on="happening_id").reset_index(drop=True)

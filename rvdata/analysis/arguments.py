"""What articles argue about a state: its motives, interests, means and limits, by article and by whose word it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from rvdata import schemas, store
from rvdata.analysis import stated
from rvdata.words import capital, terms

#: Kind of an argument → its heading.
HEADINGS = {
    "motive": "Motives",
    "interest": "Interests",
    "means": "Means",
    "limit": "Limits",
    "other": "Others",
}
KINDS = tuple(HEADINGS)
#: Code of an argument → a few words for it; docs/protocol.md, section 8, defines them.
WORDS = terms("argument")


def published(
    sources: Sequence[str] = (), start: int | None = None, end: int | None = None
) -> pd.DataFrame:
    """Articles in order of publication, by the earliest day that each can be of: rows of `origins`.

    Parameters
    ----------
    sources : sequence of str
        Articles; empty for all.
    start, end : int, optional
        First and last year; an article is kept if it may have been published in them.
    """
    origins = store.load("origins")
    keep = origins["kind"].eq("article") & stated.holds(origins, "origin_id", sources)
    keep &= ~(origins["released_end"].dt.year < (start or 0))
    keep &= ~(origins["released"].dt.year > (end or 9999))
    return origins[keep].sort_values(["released", "origin_id"], ignore_index=True)


def arguments(
    actor: str = "",
    kinds: Sequence[str] = (),
    stances: Sequence[str] = (),
    sources: Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """What articles argue, in order of publication and of the text.

    Parameters
    ----------
    actor : str
        Code of the state whose motive, interest, means or limit it is, alone or with others; empty for any.
    kinds, stances, sources : sequence of str
        Empty for all.
    start, end : int, optional
        Years of publication.

    Returns
    -------
    DataFrame
        Columns of the table, `words` (the code in a few words) and `year` (earliest of publication).
    """
    articles = published(sources, start, end)
    table = store.load("arguments")
    keep = stated.holds(table, "actor", [actor] if actor else [])
    for column, wanted in (("kind", kinds), ("stance", stances)):
        keep &= stated.holds(table, column, wanted)
    told = table[keep].sort_values("argument_id")
    chosen = articles[["origin_id", "released"]].merge(
        told, left_on="origin_id", right_on="source_id"
    )
    years = chosen["released"].dt.year.astype("Int64")
    return chosen[list(table)].assign(words=chosen["code"].map(WORDS), year=years)


def by_code(rows: pd.DataFrame) -> pd.DataFrame:
    """How many articles and arguments a code has, and in whose voice; most articles first, then most arguments.

    Returns
    -------
    DataFrame
        Indexed by code: words, kind, articles, arguments, a column for each stance, and ids (a list).
    """
    columns = ["words", "kind", "articles", "arguments", *schemas.STANCES, "ids"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    grouped = rows.groupby("code", sort=False)
    table = grouped.agg(
        words=("words", "first"),
        kind=("kind", "first"),
        articles=("source_id", "nunique"),
        arguments=("argument_id", "size"),
        ids=("argument_id", list),
    )
    voices = pd.crosstab(rows["code"], rows["stance"])
    table = table.join(voices.reindex(columns=list(schemas.STANCES), fill_value=0))
    table = table.sort_values("kind", key=lambda kind: kind.map(KINDS.index), kind="stable")
    return table.sort_values(["articles", "arguments"], ascending=False, kind="stable")[columns]


def marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Arguments as `charts.grid` draws them: by kind, the most frequent first; with group (heading) and arguments (1 each)."""
    codes = list(by_code(rows).index)
    told = rows.assign(
        words=rows["words"].map(capital), group=rows["kind"].map(HEADINGS), arguments=1
    )
    order = rows.assign(kind=rows["kind"].map(KINDS.index), code=rows["code"].map(codes.index))
    return told.loc[order.sort_values(["kind", "code"], kind="stable").index]


# ---- questions on which arguments pull in different directions

#: Of arguments about any state; the other questions are about the state that is asked for.
PRESSURE = "Do sanctions and pressure work?"


def contested(about: pd.DataFrame, heard: pd.DataFrame) -> pd.DataFrame:
    """The questions on which arguments stand on two sides or more: one row a side.

    A side follows from code, stance and a word of the summary alone, as ``sides.csv`` lists them.

    Parameters
    ----------
    about, heard : DataFrame
        Arguments about the state in question, and about any state.

    Returns
    -------
    DataFrame
        Columns question, side, arguments, articles and ids (a list).
    """
    found, sides = [], pd.read_csv(Path(schemas.__file__).with_name("sides.csv"), dtype=str)
    for question, side, codes, stances, word in sides.fillna("").itertuples(index=False):
        rows = heard if question == PRESSURE else about
        rows = rows[rows["code"].isin(codes.split(";")) & rows["stance"].isin(stances.split(";"))]
        rows = rows[rows["gloss"].str.lower().str.contains(word, regex=False)]
        ids = list(rows["argument_id"])
        found.append((question, side, len(rows), rows["source_id"].nunique(), ids))
    table = pd.DataFrame(found, columns=["question", "side", "arguments", "articles", "ids"])
    table = table[table["arguments"] > 0]
    return table[table["question"].duplicated(keep=False)].reset_index(drop=True)

"""Articles in order of publication, and the voices that they quote; what several essays share."""

from __future__ import annotations

import pandas as pd

from rvdata import narrative

#: Kinds of voices, as sentences name them, with the plural.
KINDS = {
    "party": ("interested party", "interested parties"),
    "institution": ("institution that publishes data", "institutions that publish data"),
    "expert": ("named expert", "named experts"),
    "medium": ("news medium", "news media"),
    "record": ("picture or tracking record", "pictures or tracking records"),
    "unnamed": ("source without a name", "sources without a name"),
    "unsorted": ("voice not sorted yet", "voices not sorted yet"),
}
#: Whom the articles name → the kind of voice it is. An interested party is a government, an office-holder, an
#: opposition or a leadership with a stake in what it says, on whichever side; what is not listed is `unsorted`.
VOICES = {
    "Bolivarian elite": "party",
    "FlightData24 (as printed)": "record",
    "Maria Zakharova": "party",
    "Mark Galeotti": "expert",
    "Nicolás Maduro": "party",
    "Oleg Ignatov": "expert",
    "Pedro Sánchez": "party",
    "Russian state media": "party",
    "SIPRI Arms Transfers Database": "institution",
    "Sergei Ryabkov": "party",
    "The Washington Post": "medium",
    "The Washington Post, citing Russia": "medium",
    "UN Refugee Agency": "institution",
    "US estimate": "party",
    "Venezuelan and Russian leaders": "party",
    "Venezuelan opposition": "party",
    "Vladimir Rouvinski": "expert",
    "Vladimir Rouvinski (2020)": "expert",
    "Volodymyr Zelensky": "party",
    "Western industrialised states": "party",
    "analysts": "unnamed",
    "common opinion": "unnamed",
    "experts": "unnamed",
    "government sources": "party",
    "photos": "record",
    "the states themselves": "party",
    "unnamed reports": "unnamed",
    "unnamed voices": "unnamed",
}


def kind(name: str) -> str:
    """The kind of voice that a name is, a key of `KINDS`.

    Examples
    --------
    >>> kind("Mark Galeotti"), kind("somebody new")
    ('expert', 'unsorted')
    """
    return VOICES.get(name, "unsorted")


def cited(name: str) -> str:
    """A voice as a sentence cites it, with the article that English wants.

    Examples
    --------
    >>> cited("UN Refugee Agency"), cited("US estimate"), cited("Mark Galeotti"), cited("government sources")
    ('the UN Refugee Agency', 'a US estimate', 'Mark Galeotti', 'government sources')
    """
    if name.endswith("estimate"):
        return f"a {name}"
    return (
        f"the {name}"
        if kind(name) == "institution" or name.endswith(("Agency", "opposition"))
        else name
    )


def published(
    origins: pd.DataFrame, sources: list[str], start: int | None = None, end: int | None = None
) -> pd.DataFrame:
    """Articles in order of publication, by the earliest day that each can be of.

    Parameters
    ----------
    origins : DataFrame
        Table `origins`.
    sources : list of str
        Articles to take into account; empty for all.
    start, end : int, optional
        First and last year; an article is kept if it may have been published in them.

    Returns
    -------
    DataFrame
        Rows of `origins`.
    """
    keep = origins["kind"] == "article"
    if sources:
        keep &= origins["origin_id"].isin(sources)
    if start is not None:
        keep &= ~(origins["released_end"].dt.year < start)
    if end is not None:
        keep &= ~(origins["released"].dt.year > end)
    return origins[keep].sort_values(["released", "origin_id"]).reset_index(drop=True)


def day(article: dict) -> str:
    """When an article was published, in square brackets where that is inferred.

    Examples
    --------
    >>> from pandas import Timestamp
    >>> day({"released": Timestamp("2022-04-01"), "released_end": Timestamp("2022-06-30"),
    ...      "published_basis": "inferred"})
    '[April to June 2022]'
    """
    first, last = article["released"], article["released_end"]
    whole_months = last == last and first.day == 1 and last.day == last.days_in_month
    return _bracketed(article, _between(first, last, "month" if whole_months else "day"))


def holds(row: dict) -> str:
    """When a stock or a count holds, in square brackets where that is inferred, in the manner of `day`.

    Examples
    --------
    >>> from pandas import NaT, Timestamp
    >>> row = {"as_of": Timestamp("2022-04-01"), "as_of_end": Timestamp("2022-06-30"), "as_of_precision": "period",
    ...        "as_of_basis": "inferred"}
    >>> holds(row), holds({**row, "as_of": NaT, "as_of_precision": "before", "as_of_basis": "printed"})
    ('[April to June 2022]', 'by 30 June 2022')
    """
    if row["as_of_precision"] != row["as_of_precision"]:
        return "no date stated"
    if row["as_of_precision"] == "period":
        return day(
            {
                "released": row["as_of"],
                "released_end": row["as_of_end"],
                "published_basis": row["as_of_basis"],
            }
        )
    said = narrative.days(row["as_of"], row["as_of_end"], row["as_of_precision"])
    return f"[{said}]" if row["as_of_basis"] == "inferred" else said


def heading(article: dict, n: int) -> str:
    """An article as the head of a column: its identifier, the month of publication in short, how many rows."""
    months = _between(article["released"], article["released_end"], "month").split()
    short = " ".join(w[:3] if w.isalpha() else w for w in months).replace(" to ", "–")
    return f"{article['origin_id']}\n{_bracketed(article, short)}\nn = {n}"


def counted(words: pd.Series) -> str:
    """How often each word occurs, for an alternative text: "2 asserted and 1 reported"."""
    return narrative.listed([f"{n} {word}" for word, n in words.value_counts(sort=False).items()])


def _bracketed(article: dict, text: str) -> str:
    return f"[{text}]" if article["published_basis"] == "inferred" else text


def _between(first: pd.Timestamp, last: pd.Timestamp, precision: str) -> str:
    """Two days or months in a row, what they share said once."""
    one = narrative.days(first, first, precision)
    other = narrative.days(last, last, precision) if last == last else one
    if one == other:
        return one
    left, right = one.split(), other.split()
    while left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return f"{' '.join(left)} to {other}"


def select(
    arguments: pd.DataFrame,
    published: pd.DataFrame,
    actor: str = "",
    kinds: list[str] | None = None,
    stances: list[str] | None = None,
) -> pd.DataFrame:
    """Arguments of some articles, about one state or all, of some kinds and stances or all.

    Parameters
    ----------
    arguments : DataFrame
        Table `arguments`.
    published : DataFrame
        Articles in order, as `voices.published` gives them.
    actor : str
        Code of the state whose motive, interest, means or limit it is, alone or with others; empty for any.
    kinds, stances : list of str, optional
        Empty for all.

    Returns
    -------
    DataFrame
        Rows in the order of publication, then of the text.
    """
    order = {source: i for i, source in enumerate(published["origin_id"])}
    keep = arguments["source_id"].isin(order)
    if actor:
        keep &= pd.Series(
            [actor in a.split(";") for a in arguments["actor"]], index=arguments.index, dtype=bool
        )
    for column, wanted in (("kind", kinds), ("stance", stances)):
        if wanted:
            keep &= arguments[column].isin(wanted)
    chosen = arguments[keep]
    return (
        chosen.sort_values("argument_id")
        .sort_values("source_id", key=lambda s: s.map(order), kind="stable")
        .reset_index(drop=True)
    )

"""What articles state: the verdicts of figures; and what verbs share: rows by codes or years, frames without a row."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from rvdata import countries, store
from rvdata.errors import DataError, nearest, no_such


def holds(
    frame: pd.DataFrame, columns: str | Sequence[str], wanted: str | Sequence[str]
) -> pd.Series:
    """Rows in one of whose ;-joined columns one of the wanted words stands; all where none is wanted."""
    names, words = ([one] if isinstance(one, str) else list(one) for one in (columns, wanted))
    cells = frame[names].astype(object).fillna("").to_numpy().tolist()
    held = [not words or not set(words).isdisjoint(";".join(row).split(";")) for row in cells]
    return pd.Series(held, index=frame.index, dtype=bool)


def asked(
    wanted: str | Sequence[str], known: Sequence[str] | None = None, what: str = ""
) -> list[str]:
    """Words that were asked for; one is refused that is not among the known or, without these, no country's code."""
    words = wanted.split(";") if isinstance(wanted, str) else list(wanted)
    for word in words:
        if known is None:
            countries.name(word)  # refuses what is none
        elif word not in known:
            raise DataError(no_such(what, word, known))
    return words


def within(frame: pd.DataFrame, start: int | None, end: int | None) -> pd.Series:
    """Rows that may have fallen into some years, by their first and last days; of one alone, by that."""
    first, last = frame["first"].dt.year, frame["last"].dt.year
    return ~(last.fillna(first) < (start or 0)) & ~(first.fillna(last) > (end or 9999))


def nothing(columns: Sequence[str], why: str, empty: bool) -> pd.DataFrame:
    """A frame without rows that says in ``attrs["missing"]`` why, if it is asked for; an error with the reason else."""
    if not empty:
        raise DataError(why)
    frame = pd.DataFrame(columns=list(columns))
    frame.attrs["missing"] = why
    return frame


def verdicts(of: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Stated figures with their verdicts, one row a figure.

    Parameters
    ----------
    of : str or sequence of str, optional
        An article, or identifiers of figures; all figures by default.

    Returns
    -------
    DataFrame
        Columns of `figures`, and those of the primary row of `figure_checks`: origin_id as release, method, vintage, computed,
        computed_low, computed_high (a bracket of two year ends), difference, relative_pct (of the stated number),
        verdict, coarse_verdict, reason, tried, matched. In the order asked for.

    Raises
    ------
    DataError
        If there is no such article or figure.

    Examples
    --------
    >>> verdicts("rusi-2022").query("verdict == 'matches'").figure_id.tolist()
    ['rusi-2022-f05']
    """
    table = _verdicts(store.state("figures", "figure_checks")).copy(deep=False)
    if of is None:
        return table
    ids = [of] if isinstance(of, str) else list(of)
    known = {*table["figure_id"], *table["source_id"]}
    for one in ids:
        if one not in known:
            raise DataError(f"{one!r} is no figure and no article{nearest(one, known)}")
    parts = [table[(table["figure_id"] == one) | (table["source_id"] == one)] for one in ids]
    return pd.concat(parts or [table.head(0)]).drop_duplicates("figure_id", ignore_index=True)


@functools.lru_cache(maxsize=4)
def _verdicts(state: tuple) -> pd.DataFrame:
    checks = store.load("figure_checks").drop(columns=["is_primary", "unit"])
    # figure_checks says more of what follows from what: the ledger leaves out what is plain from derived_from
    figures = store.load("figures").drop(columns="follows_from")
    return figures.merge(
        checks.rename(columns={"origin_id": "release"}), on="figure_id", how="left"
    )

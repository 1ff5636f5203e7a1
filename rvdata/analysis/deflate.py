"""Stated sums of money: what is and is not said of them, when they can have been spent, and dollars of another year."""

from __future__ import annotations

import numbers
import re
from collections.abc import Mapping

import pandas as pd

from rvdata import store, words
from rvdata.analysis import stated
from rvdata.errors import DataError

NOT_STATED = "not stated"
NOT_ASKED = "–"  # does not apply
#: What a reader needs to know of a sum → words of its `measure` that tell it.
TOLD = {
    "what counts as such money": "direct|portfolio|loan|credit|prepayment|bond|equity|debt",
    "whether it is a stock or a flow": "stock|flow|annual|yearly|cumulative|outstanding|single",
    "whether repayments are deducted": r"gross|net\b|repaid|outstanding",
    "in prices of which year": r"price|constant|real\b|nominal|deflated",
}


def prices(release: str | None = None) -> pd.Series:
    """US consumer prices by year, of years that have all twelve months.

    Parameters
    ----------
    release : str, optional
        Identifier of a release; the best by default.

    Returns
    -------
    Series
        Index year, values the mean of the months' index (1982 to 1984 = 100); its name is the release. Empty, without a
        name, where the collection has none.
    """
    table = store.load("us_cpi", release)
    whole = table[table["months"] == 12].astype({"year": int, "cpi": float})
    whole = whole.set_index("year")["cpi"]
    return whole.rename(table["origin_id"].iloc[0] if len(table) else None)


def deflate(
    amount_usd: float | pd.Series,
    year: int | pd.Series,
    to: int | None = None,
    release: str | None = None,
) -> float | pd.Series:
    """Dollars of one year in dollars of another, by US consumer prices.

    Parameters
    ----------
    amount_usd : float or Series
        US dollars of `year`.
    year : int or Series of int
        Year of the dollars.
    to : int, optional
        Year whose dollars are wanted; the last that has all twelve months by default.
    release : str, optional
        Identifier of a release of `us_cpi`; the best by default.

    Returns
    -------
    float or Series
        US dollars of the year `to`. These are the prices that US consumers pay, not those of what the money bought.

    Raises
    ------
    DataError
        If the index lacks a year, or months of it: the mean of a part of a year is none of the year.

    Examples
    --------
    >>> round(deflate(30e9, 2018, 2024) / 1e9, 1)
    37.5
    """
    index = prices(release)
    if index.empty:
        raise DataError("there are no US consumer prices; `rvdata import cpi` brings them in")
    to = int(index.index[-1]) if to is None else to
    if isinstance(to, bool) or not isinstance(to, numbers.Integral):
        raise DataError(f"the year of the dollars must be a whole number such as 2020, not {to!r}")
    many = isinstance(year, pd.Series)
    absent = sorted({to, *(year if many else [year])} - set(index.index))
    if absent:
        span = f"{index.index[0]} to {index.index[-1]}"
        raise DataError(
            f"{index.name} has no twelve months of prices for {words.runs(absent)}; use years from {span}"
        )
    then = year.map(index).astype("float64") if many else float(index[year])
    return amount_usd * float(index[to]) / then


def sums(host: str, investor: str) -> pd.DataFrame:
    """Sums of money that are said to have gone from one state into another, as `verdicts` gives them.

    Parameters
    ----------
    host, investor : str
        Codes of the state that the money goes to, and of the state that it comes from.

    Returns
    -------
    DataFrame
        Columns of `verdicts` for sums in US dollars, and amount_usd (as printed; of a range its middle; NaN where only one bound
        is stated), the largest first. `least` and `most` (US dollars) are what the print leaves open; of an estimate without
        bounds too, as if it were rounded like a plain number, though it promises not even that. NaN where that side is open.
    """
    table = stated.verdicts()
    kept = table[
        table["family"].isin(("investment_total", "loan"))
        & table["unit"].eq("USD")
        & stated.holds(table, "subject", host)
        & stated.holds(table, "counterpart", investor)
    ]
    half = (kept["stated_step"].fillna(0) / 2).where(kept["qualifier"].eq("approx"))
    kept = kept.assign(
        least=kept["least"].fillna(kept["value"] - half),
        most=kept["most"].fillna(kept["value"] + half),
    )
    kept["amount_usd"] = kept["value"].fillna((kept["low"] + kept["high"]) / 2)
    order = ["amount_usd", "least", "figure_id"]
    return kept.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def pairs() -> pd.DataFrame:
    """The states between which any sum is stated: host, investor, figures (how many)."""
    table = store.load("investment_totals")[["host", "investor"]]
    for column in table:
        table = table.assign(**{column: table[column].str.split(";")}).explode(column)
    counted = table.groupby(["host", "investor"], as_index=False).size()
    return counted.rename(columns={"size": "figures"})


def spent(figure: Mapping | None, first: int, last: int = 0) -> tuple[int, int, bool]:
    """First and last year in which a sum can have been spent, and whether these are assumed.

    Parameters
    ----------
    figure : mapping, optional
        A row of `sums`; without one no year is given.
    first, last : int
        Years to assume where no period is stated; a `last` of 0 is the last full year before the day by which the figure
        holds, or else before that by which its article was published.

    Raises
    ------
    DataError
        If the sum would have to be spent before it holds.
    """
    if figure is None:
        return 0, -1, False
    start, end = figure["period_start"], figure["period_end"]
    if pd.notna(start) and pd.notna(end):
        return start.year, end.year, False
    by = figure["as_of_end"]
    if pd.isna(by):
        by = pd.Timestamp(words.origin(figure["source_id"])["released_end"])
    full = by.year if (by.month, by.day) == (12, 31) else by.year - 1
    if (last or full) < first:
        raise DataError(
            f"{figure['figure_id']} holds by {words.day(by)}, so spent_from = {first} is too late; "
            f"choose {full} or earlier, or set spent_to"
        )
    return first, last or full, True


def said(figure: Mapping) -> dict[str, str]:
    """What is said of a sum that a reader needs to know: aspect → words, `NOT_STATED` or `NOT_ASKED`.

    Parameters
    ----------
    figure : mapping
        A row of `sums`. What a sum means is read off its `measure`, which is this project's wording of the article.
    """
    single = "single" in figure["measure"].lower()  # a payment is a flow, in the money of its day
    dated = pd.notna(figure["period_start"])
    meant = figure["measure"].lower()
    bounded = figure["qualifier"] not in ("exact", "approx")
    found = {a: sorted(set(re.findall(rf"\b(?:{stems})", meant))) for a, stems in TOLD.items()}
    told = {aspect: words.listed(them) if them else NOT_STATED for aspect, them in found.items()}
    if single:
        told |= {"whether it is a stock or a flow": "single payments"}
        told |= dict.fromkeys(list(TOLD)[2:], NOT_ASKED)
    by, bounds = figure["attributed_to"], words.rough(figure["least"], figure["most"], "dollars")
    return {
        "when it was spent": words.when(figure) if dated else NOT_STATED,
        **told,
        "who counted it": str(by) if words.said(by) else NOT_STATED,
        "how large or small it may be": bounds if bounded else NOT_STATED,
    }

"""A sum of money without a year, in dollars of one year: as wide as its own rounding and the years that are possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def last_full_year(figure: Mapping[str, Any]) -> int | None:
    """The last whole year in which a sum can have been spent: one that holds by 10 February 2019 cannot be of 2019.

    Examples
    --------
    >>> import pandas as pd
    >>> last_full_year({"as_of_end": pd.Timestamp("2019-02-10")})
    2018
    """
    day = figure["as_of_end"]
    if day != day:
        return None
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def real_range(
    figure: Mapping[str, Any], cpi: pd.DataFrame, first: int, dollars_of: int
) -> dict[str, float] | None:
    """The least and the most that an undated sum can be worth in dollars of one year.

    Parameters
    ----------
    figure : mapping
        Row of `investment_totals`: amount_usd, least, most (what its print leaves open) and as_of_end.
    cpi : DataFrame
        Rows of one release of `us_cpi`.
    first : int
        First year in which it can have been spent: an assumption, to be named beside the result.
    dollars_of : int
        Year of the dollars.

    Returns
    -------
    dict or None
        first_year and last_year (of the window used), least_usd and most_usd (of the printed number), least_rounded_usd
        and most_rounded_usd (of the ends that its rounding leaves open). None without an index for the years.
    """
    index = cpi.set_index("year")["cpi"].astype("float64")
    last = last_full_year(figure)
    years = [y for y in index.index if first <= y <= (last if last is not None else y)]
    if not years or dollars_of not in index.index:
        return None
    factor = index[dollars_of] / index[years]
    value = figure["amount_usd"]
    low, high = (figure[c] if figure[c] == figure[c] else value for c in ("least", "most"))
    return {
        "first_year": min(years),
        "last_year": max(years),
        "least_usd": float(value * factor.min()),
        "most_usd": float(value * factor.max()),
        "least_rounded_usd": float(low * factor.min()),
        "most_rounded_usd": float(high * factor.max()),
    }

"""Which release of primary data a notebook shows, and how it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rvdata.errors import DataError, nearest
from rvdata.essays import voices
from rvdata.narrative import days

if TYPE_CHECKING:
    from collections.abc import Callable


def choose(
    rows: pd.DataFrame,
    origins: pd.DataFrame,
    wish: str = "",
    fits: Callable[[pd.DataFrame], bool] = lambda rows: True,
) -> str:
    """The release to show: the one that is wished for, else the newest that fits, else none.

    Parameters
    ----------
    rows : DataFrame
        A table of primary data, all releases.
    origins : DataFrame
        Table `origins`.
    wish : str
        Identifier of a release; empty for the newest.
    fits : callable
        Whether the rows of a release are what is needed; a wish is taken as it is.

    Returns
    -------
    str
        Identifier of the release; empty if none fits.

    Raises
    ------
    DataError
        If the table has no such release.

    Examples
    --------
    >>> rows = pd.DataFrame({"origin_id": ["a-2023", "a-2024"]})
    >>> days = pd.to_datetime(["2023-05-01", "2024-05-01"])
    >>> origins = pd.DataFrame({"origin_id": ["a-2023", "a-2024"], "generated": days, "released": pd.NaT})
    >>> choose(rows, origins), choose(rows, origins, "a-2023"), choose(rows.head(0), origins)
    ('a-2024', 'a-2023', '')
    """
    held = sorted(set(rows["origin_id"]))
    if wish and wish not in held:
        there = f"there are: {', '.join(held)}" if held else "there is none; rvdata import adds one"
        raise DataError(f"{wish!r} is no release of these data{nearest(wish, held)}; {there}")
    if wish:
        return wish
    told = origins.set_index("origin_id")
    fitting = [
        (
            told.loc[o, "generated"]
            if pd.notna(told.loc[o, "generated"])
            else told.loc[o, "released"],
            o,
        )
        for o in held
        if fits(rows[rows["origin_id"] == o])
    ]
    return max(fitting, key=lambda pair: (pd.notna(pair[0]), pair))[1] if fitting else ""


def day(release: dict) -> str:
    """When a release is of, in words; in square brackets where that is inferred."""
    if pd.notna(release["generated"]):
        return days(release["generated"], release["generated"], "day")
    if pd.isna(release["released"]):
        return "day unknown"
    return voices.day(release)


def shown(origins: pd.DataFrame, **chosen: str) -> str:
    """A line per table: the release shown and of when it is; for the load cell of a notebook."""
    told = origins.set_index("origin_id")
    return "\n".join(
        f"{table}: {origin}, {told.loc[origin, 'publisher']}, of {day(told.loc[origin])}"
        if origin
        else f"{table}: no release in the collection"
        for table, origin in chosen.items()
    )


def source_line(origins: pd.DataFrame, chosen: list[str], stated: str = "") -> str:
    """Source line of a chart of primary data: publishers, releases, and the articles set against them."""
    told = origins.set_index("origin_id")
    data = []
    for origin in dict.fromkeys(o for o in chosen if o):
        row = told.loc[origin]
        known = row["generated"] if pd.notna(row["generated"]) else row["released"]
        inferred = pd.isna(row["generated"]) and row["published_basis"] == "inferred"
        of = "" if pd.isna(known) else f"[{known:%Y-%m-%d}]" if inferred else f"{known:%Y-%m-%d}"
        data.append(
            f"own calculation from {row['publisher']}, release of {of}" if of else row["publisher"]
        )
    stated = stated.removeprefix("Source: ").removesuffix("; compiled by rvdata.")
    both = "; ".join([*data, *([] if "no article" in stated or not stated else [stated])])
    return f"Source: {both or 'nothing in the collection'}; compiled by rvdata."

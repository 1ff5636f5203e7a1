"""People who fled, by origin and year end, by one definition; breaks of a series are marked and never joined."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rvdata import countries, reconcile, store
from rvdata.errors import DataError, nearest


def displaced(
    origins: str | Sequence[str],
    definition: str = "abroad",
    start: int | None = None,
    end: int | None = None,
    release: str | None = None,
) -> pd.DataFrame:
    """Year-end counts of the people who fled some states.

    Parameters
    ----------
    origins : str or sequence of str
        Codes of the states that the people fled; ``"VEN"``, ``"VEN;SYR"`` or ``["VEN", "SYR"]``.
    definition : str
        Who counts: "abroad" (refugees, asylum-seekers and other people in need of international protection), "refugees",
        "refugees and asylum-seekers", "abroad and others of concern" or "abroad and inside the country".
    start, end : int, optional
        First and last year; all by default.
    release : str, optional
        Identifier of a release; the best by default.

    Returns
    -------
    DataFrame
        Columns origin, year (the count holds at its end), persons, segment (1, 2, …; counts of two segments cannot be compared,
        and no line may join them), broken_by (why a segment begins: a category that was counted for the first time, or
        years without a count; empty elsewhere) and release. Years without a count are absent.

    Raises
    ------
    DataError
        If a code, the definition or the release does not exist.

    Examples
    --------
    >>> people = displaced(["VEN", "SYR"], start=2017)
    >>> people[people.year == 2025].set_index("origin").persons.to_dict()
    {'VEN': 7640872.0, 'SYR': 5020119.0}
    >>> people[people.broken_by != ""][["origin", "year", "broken_by"]].values.tolist()
    [['VEN', 2018, 'other_in_need counted for the first time']]
    """
    codes = origins.split(";") if isinstance(origins, str) else list(origins)
    for code in codes:
        if code not in countries.table():
            raise DataError(
                f"{code!r} is no country code{countries.hint(code)}; use ISO 3166-1 alpha-3, such as VEN"
            )
    if definition not in reconcile.DEFINITIONS:
        raise DataError(
            f"{definition!r} is no definition{nearest(definition, reconcile.DEFINITIONS)}; "
            f"there are: {', '.join(reconcile.DEFINITIONS)}"
        )
    table, parts = store.load("displaced_persons", release), []
    columns = list(reconcile.DEFINITIONS[definition])
    for code in codes:
        rows = table[table["origin"] == code].sort_values("year", ignore_index=True)
        years = rows["year"].astype(int)
        counted = rows[columns].notna()
        begun = counted & ~counted.cummax().shift(fill_value=False)  # the first count of a category
        gap = years.diff().gt(1)
        why = [
            " and ".join(
                [f"no count from {before + 1} to {year - 1}"] * bool(jump)
                + [f"{c} counted for the first time" for c in columns if new[c]]
            )
            for before, year, jump, new in zip(
                years.shift(fill_value=0),
                years,
                gap,
                begun.to_dict("records"),
                strict=True,
            )
        ]
        why = ["", *why[1:]] if why else []
        parts.append(
            pd.DataFrame(
                {
                    "origin": code,
                    "year": years,
                    "persons": rows[columns].astype("float64").sum(axis=1),
                    "segment": 1 + pd.Series(why, dtype="str").ne("").cumsum(),
                    "broken_by": pd.Series(why, dtype="str"),
                    "release": rows["origin_id"],
                }
            )
        )
    names = ["origin", "year", "persons", "segment", "broken_by", "release"]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=names)
    return frame[frame["year"].between(start or 0, end or 9999)].reset_index(drop=True)

"""People who fled, by origin and year end, by one definition; breaks of a series are marked and never joined."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rvdata import reconcile, store
from rvdata.analysis import stated

DEFINITIONS = reconcile.DEFINITIONS
#: Column of `displaced_persons` → whom it counts.
CATEGORIES = {
    "refugees": "refugees",
    "asylum_seekers": "asylum-seekers",
    "other_in_need": "other people in need of protection",
    "others_of_concern": "others of concern",
    "internally_displaced": "people displaced inside the country",
}


def releases() -> list[str]:
    """The releases of `displaced_persons` that count everybody who is displaced abroad, not the refugees alone."""
    counted = (
        store.load("displaced_persons", "all")
        .groupby("origin_id")[list(DEFINITIONS["abroad"])]
        .count()
    )
    return sorted(counted.index[counted.gt(0).all(axis=1)])


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
        years without a count; empty elsewhere) and release. Years without a count are absent. Where the release does not count
        everybody whom the definition means, ``attrs["missing"]`` says whom it leaves out.

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
    [['VEN', 2018, 'other people in need of protection first counted']]
    """
    codes = stated.asked(origins)
    stated.asked([definition], tuple(DEFINITIONS), "definition")
    table, parts = store.load("displaced_persons", release), []
    columns = list(DEFINITIONS[definition])
    names = ["origin", "year", "persons", "segment", "broken_by", "release"]
    for code in codes:
        rows = table[table["origin"] == code].sort_values("year", ignore_index=True)
        years, counted = rows["year"].astype(int), rows[columns].notna()
        begun = counted & ~counted.cummax().shift(fill_value=False)  # the first count of a category
        why = pd.Series("", index=rows.index, dtype="str")
        for i in years.index[years.diff().gt(1) | begun.any(axis=1) & (years.index > 0)]:
            before, year = years[i - 1], years[i]
            gap = [f"no count from {before + 1} to {year - 1}"] if year > before + 1 else []
            new = [f"{CATEGORIES[c]} first counted" for c in columns if begun.at[i, c]]
            why[i] = " and ".join(gap + new)
        part = rows.assign(origin=code, year=years, broken_by=why, release=rows["origin_id"])
        part["persons"] = rows[columns].astype("float64").sum(axis=1)
        parts.append(part.assign(segment=1 + why.ne("").cumsum())[names])
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=names)
    frame = frame[frame["year"].between(start or 0, end or 9999)].reset_index(drop=True)
    uncounted = [CATEGORIES[column] for column in columns if table[column].isna().all()]
    frame.attrs["missing"] = (
        f"{' and '.join(uncounted)} are not counted in this release" if uncounted else ""
    )
    return frame


def claims(
    origins: Sequence[str] = (),
    responsible: Sequence[str] = (),
    sources: Sequence[str] = (),
    inferred: bool = True,
) -> pd.DataFrame:
    """Stated counts of people who fled, as `verdicts` gives them, the largest first.

    Parameters
    ----------
    origins, responsible : sequence of str
        Codes of the states that people fled, and of those held responsible; empty for all.
    sources : sequence of str
        Articles; empty for all.
    inferred : bool
        Whether counts whose state of origin is not printed count.

    Returns
    -------
    DataFrame
        Of `verdicts`; subject is the state of origin. The column ends has the year ends on either side of the last day at which
        the count can hold, a pair or a single one; empty where no day is known.
    """
    table = stated.verdicts()
    kept = table[
        table["family"].eq("refugee_count")
        & (table["subject"].isin(origins) if origins else True)
        & stated.holds(table, "responsible", responsible)
        & stated.holds(table, "source_id", sources)
        & (table["subject_basis"].eq("printed") | inferred)
    ].sort_values(["value", "figure_id"], ascending=[False, True], ignore_index=True)
    ends = [
        reconcile.year_ends(row) if pd.notna(row["as_of_end"]) else ()
        for row in kept.to_dict("records")
    ]
    return kept.assign(ends=pd.Series(ends, dtype=object))


def ranks(claims: pd.DataFrame) -> pd.DataFrame:
    """What the articles of some claims state of the place of their crises among all: rows of `verdicts`."""
    table = stated.verdicts()
    places = table["check_method"].eq("displaced_rank")
    places &= table["source_id"].isin(claims["source_id"])
    return table[places & stated.holds(table, "subject", claims["subject"])].reset_index(drop=True)


def peaks(start: int, end: int, release: str | None = None) -> pd.DataFrame:
    """The highest year-end count of every state of origin in a window, the largest first.

    Returns
    -------
    DataFrame
        Columns rank, origin, persons, year (of the peak) and release.
    """
    table = store.load("displaced_persons", release)
    found = reconcile.peaks(table, start, end)
    return found.assign(release=table["origin_id"].max())[
        ["rank", "origin", "persons", "year", "release"]
    ]

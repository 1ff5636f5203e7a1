"""US consumer price index (CPI-U, all items, 1982 to 1984 = 100), monthly, as DataHub repackages it."""

from __future__ import annotations

from pathlib import Path

from rvdata.errors import DataError
from rvdata.sources import compiled, delivered

_WHAT = "DataHub's cpiai.csv (US consumer price index by month)"
_HEADER = ("Date", "Index", "Inflation")


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Mean index of each year and the number of months that it is over.

    Parameters
    ----------
    path : Path
    only : frozenset of str, optional
        Must be empty or contain USA: the file is of no other country.

    Returns
    -------
    Release
        Table `us_cpi`; years with fewer than twelve months are in the notes.

    Raises
    ------
    DataError
        If the file is another one, changed, or contradicts itself.
    """
    import pandas as pd

    if only and "USA" not in only:
        raise DataError(f"{path}: holds the United States only; leave out --only")
    text = delivered.utf8(path, delivered.content(path, _WHAT), _WHAT)
    head = delivered.header(
        path, text, lambda cells: tuple(cells) == _HEADER, _WHAT, ",".join(_HEADER)
    )
    if head.line != 1:
        raise DataError(
            f"{path}: has {head.line - 1} lines before its header, expected {_WHAT} without; {delivered.AGAIN}"
        )
    raw = delivered.rows(
        path, text, head, {"date": 0, "index": 1, "inflation": 2}, ["index", "inflation"]
    )
    raw["date"] = raw["date"].astype("str")
    odd = ~raw["date"].str.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])-01")
    if odd.any():
        raise DataError(
            f"{path}:{2 + int(odd.idxmax())}: Date = {raw['date'][odd].iloc[0]!r} is no first day of a month in the form "
            f"YYYY-MM-01 ({int(odd.sum())} such cells); {delivered.AGAIN}"
        )
    if not (raw["index"] > 0).all():
        raise DataError(
            f"{path}: Index is empty or not above zero in {int((~(raw['index'] > 0)).sum())} rows; {delivered.AGAIN}"
        )
    days = pd.PeriodIndex(raw["date"].str[:7], freq="M")
    if not days.is_monotonic_increasing or not days.is_unique:
        raise DataError(f"{path}: its months do not follow one another; {delivered.AGAIN}")
    _consistent(path, raw, days)
    means = raw.groupby(days.year)["index"].agg(["mean", "count"])
    frame = pd.DataFrame(
        {
            "year": means.index.astype("int64"),
            "cpi": means["mean"].round(6).to_numpy(),
            "months": means["count"].to_numpy(),
        }
    )
    absent = pd.period_range(days[0], days[-1], freq="M").difference(days)
    notes = [
        f"{y} is the mean of {m} months"
        for y, m in zip(frame["year"], frame["months"], strict=False)
        if m < 12
    ]
    notes += (
        [f"missing inside the series: {delivered.listed([str(m) for m in absent])}"]
        if len(absent)
        else []
    )
    return compiled.Release(
        tables={"us_cpi": frame},
        title="Consumer Price Index for All Urban Consumers, US city average, all items (1982-84 = 100)",
        publisher="US Bureau of Labor Statistics, via DataHub",
        url="https://datahub.io/core/cpi-us",
        licence="public domain (US government); package ODC-PDDL-1.0",
        redistribution="free",
        covers=("*",),
        data_from=days[0].start_time.date().isoformat(),
        data_through=days[-1].end_time.date().isoformat(),
        notes=tuple(notes),
    )


def _consistent(path: Path, raw, days) -> None:
    """Hold the printed changes against the index, and the index against its base."""
    import numpy as np

    change = (raw["index"].to_numpy()[1:] / raw["index"].to_numpy()[:-1] - 1) * 100
    printed = raw["inflation"].to_numpy(dtype="float64")[1:]
    wrong = np.flatnonzero(
        ~(np.abs(change - printed) <= 0.0051)
    )  # printed to two digits; empty only in the first row
    if len(wrong):
        i = int(wrong[0]) + 1
        raise DataError(
            f"{path}:{i + 2}: Inflation = {raw['inflation'].iloc[i]} and the index of that month and the one before "
            f"({change[i - 1]:.2f} %) contradict each other ({len(wrong)} such rows); {delivered.AGAIN}"
        )
    base = raw["index"][(days.year >= 1982) & (days.year <= 1984)]
    if len(base) == 36 and not abs(base.mean() - 100) <= 0.1:
        raise DataError(
            f"{path}: the index of 1982 to 1984 is {base.mean():.1f} on average, not 100: it is of another base or another "
            f"country, expected {_WHAT}; download that file"
        )

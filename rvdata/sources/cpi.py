"""US consumer price index (CPI-U, all items, 1982 to 1984 = 100), monthly, as DataHub repackages it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import TERMS, Rule

_WHAT = "DataHub's cpiai.csv (US consumer price index by month)"
_HEADER = ("date", "index", "inflation")
_AGAINST = "Inflation less the change of Index"
_RULES = (
    Rule(
        "date",
        lambda days: days.str.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])-01"),
        "is no first day of a month (YYYY-MM-01)",
    ),
    Rule(
        "date", lambda days: days > days.shift(fill_value=""), "does not follow the month before it"
    ),
    Rule("index", lambda index: index > 0, "is no index"),
    # printed to two digits; after a month that is missing, the change since the last that there is
    Rule(_AGAINST, lambda points: ~(points.abs() > 0.0051), "is more than rounding"),
)


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Mean index of each year and the number of months that it is over: table `us_cpi`, of the USA alone."""
    if only and "USA" not in only:
        raise DataError(f"{path}: holds the United States only; leave out --only")
    text = delivered.utf8(path, delivered.content(path, _WHAT), _WHAT)
    table = delivered.table(path, text, _WHAT, _HEADER)
    places = delivered.columns(path, table.cells, {h: h for h in _HEADER}, _HEADER, _WHAT)
    raw = delivered.rows(table, places, ["index", "inflation"]).astype({"date": "str"})
    # a month without an index is a month that is missing
    raw = raw[raw["index"].notna() | delivered.unread(raw)]
    change = (raw["index"] / raw["index"].shift() - 1) * 100
    raw[_AGAINST] = (raw["inflation"] - change).round(4)
    delivered.check(path, raw, _RULES, table.at)
    months = pd.PeriodIndex(raw["date"].str[:7], freq="M")
    base = raw["index"][(months.year >= 1982) & (months.year <= 1984)]
    if len(base) == 36 and not abs(base.mean() - 100) <= 0.1:
        raise DataError(
            f"{path}: the index of 1982 to 1984 is {base.mean():.1f} on average, not 100: it is of another base or another "
            f"country, expected {_WHAT}; download that file"
        )
    means = raw.groupby(months.year)["index"].agg(cpi="mean", months="size").round(6)
    frame = means.rename_axis("year").reset_index()
    absent = pd.period_range(months[0], months[-1], freq="M").difference(months)
    told = {f"{y} is the mean of {n} months": n < 12 for y, _, n in frame.itertuples(index=False)}
    told[f"missing inside the series: {delivered.listed(absent)}"] = len(absent)
    return compiled.Release(
        tables={"us_cpi": frame},
        title="Consumer Price Index for All Urban Consumers, US city average, all items (1982-84 = 100)",
        **TERMS["cpi"],
        covers=("*",),
        data_from=f"{months[0].start_time.date()}",
        data_through=f"{months[-1].end_time.date()}",
        notes=tuple(delivered.notes(told)),
    )

"""World Bank's gross domestic product and US consumer prices, recomputed."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pandas as pd
from recompute.cells import ISO3


def gdp(path: Path, countries: frozenset[str] | None) -> pd.DataFrame:
    """One row a country and year, empty cells included; groups of states have no ISO code."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head = next(i for i, row in enumerate(rows) if row[:2] == ["Country Name", "Country Code"])
    years = {i: int(cell) for i, cell in enumerate(rows[head]) if cell.isdigit()}
    cells = [
        (row[1], year, float(row[i]) if row[i] else None)
        for row in rows[head + 1 :]
        if row[1] in ISO3 | {"XKX"} and (countries is None or row[1] in countries)
        for i, year in years.items()
    ]
    out = pd.DataFrame(cells, columns=["country", "year", "gdp_usd"])
    last = out.loc[out["gdp_usd"].notna(), "year"].max()
    return out[out["year"] <= last]  # the download ends in a column for a year that is not out


def consumer_prices(path: Path) -> pd.DataFrame:
    """Mean of the months that a year has, and their number."""
    months = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["Index"]:
                months[int(row["Date"][:4])].append(float(row["Index"]))
    cells = [(year, sum(values) / len(values), len(values)) for year, values in months.items()]
    return pd.DataFrame(cells, columns=["year", "cpi", "months"])

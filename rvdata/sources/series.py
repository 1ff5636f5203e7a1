"""Small series that need no importer each: `series.csv` says where each file has its item, year and value."""

from __future__ import annotations

import csv
import gzip
import html
import io
from pathlib import Path

import pandas as pd

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered, unga

_SCALE = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
# the Factbook's names that by themselves could be of another state, too
_PRINTED = {"The Dominican": "DOM", "Saint Martin": "MAF", "Virgin Islands": "VIR"}
_UNKNOWN = -999  # how a data set of battle deaths writes that it has no best estimate


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """One measure by item and year, of a file whose header `series.csv` knows: table `series`."""
    recipes = delivered.declared("series.csv")
    what = "a table of " + ", ".join(dict.fromkeys(r["measure"] for r in recipes))
    data = delivered.content(path, what)
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    cells = next(csv.reader(io.StringIO(text)), [])
    recipe = next((r for r in recipes if set(r["header"].split(";")) <= set(cells)), None)
    if recipe is None:
        raise DataError(f"{path}: has none of the headers that are known, expected {what}")
    raw = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    column, _, pattern = recipe["only"].partition(":")
    kept = raw[raw[column].str.fullmatch(pattern)] if column else raw
    items = _items(kept, recipe["item"])
    table = pd.DataFrame(
        {
            "item": items,
            "year": _numbers(kept, recipe["year"]),
            **{c: _numbers(kept, recipe[c]) for c in ("value", "low", "high")},
        }
    )
    lost = sorted(set(kept[items == ""].get(recipe["item"].removeprefix("@"), [])))
    table = table[(items != "") & table[["value", "low", "high"]].notna().any(axis=1)]
    if only:
        table = table[table["item"].map(lambda item: bool(only & set(item.split(";"))))]
    sums = table.groupby(["item", "year"], dropna=False).agg(lambda s: s.sum(min_count=len(s)))
    rows = sums.reset_index().assign(measure=recipe["measure"], unit=recipe["unit"])
    if rows.empty:
        raise DataError(f"{path}: has no row of {recipe['measure']}; give {what}")
    first, last = rows["year"].min(), rows["year"].max()
    told = {
        f"{len(raw) - len(kept)} rows of other places left out": len(raw) - len(kept),
        f"{len(lost)} names of no state left out: {delivered.listed(lost)}": lost,
    }
    return compiled.Release(
        tables={"series": rows.astype({"year": "Int64"})},
        **{of: recipe[of] for of in ("title", "publisher", "url", "licence", "redistribution")},
        covers=(recipe["scope"],),
        data_from=recipe["data_from"] or ("" if first != first else f"{first:.0f}-01-01"),
        data_through=recipe["data_through"] or ("" if last != last else f"{last:.0f}-12-31"),
        notes=tuple(delivered.notes(told)),
    )


def _items(rows: pd.DataFrame, how: str) -> pd.Series:
    """What a value is of: a constant, codes of states by name or number, or a name made of columns."""
    if how.startswith("="):
        return pd.Series(how[1:], rows.index)
    if how == "@cow":
        sides = (rows[c].map(unga.COW) for c in ("ccode1", "ccode2"))
        return next(sides).str.cat(next(sides), sep=";")
    if how.startswith("@"):
        found = {
            name: _PRINTED.get(name) or countries.find(html.unescape(name)) or ""
            for name in set(rows[how[1:]])
        }
        return rows[how[1:]].map(found).mask(lambda codes: codes.str.startswith("_"), "")
    return rows.apply(lambda row: how.format(**row), axis=1)


def _numbers(rows: pd.DataFrame, how: str) -> pd.Series:
    """Numbers of a column, printed in its text, or of the rows themselves; unknown ones are missing."""
    kind, _, pattern = how.partition(":")
    if not how:
        return pd.Series(float("nan"), rows.index)
    if how.startswith("="):
        return pd.Series(float(how[1:]), rows.index)
    if how == "rows":
        return pd.Series(1.0, rows.index)
    if kind == "has":
        return rows["text"].str.contains(pattern).astype("float64")
    if kind == "text":
        found = rows["text"].str.extract(pattern)
        scale = found[1].map(_SCALE).fillna(1) if found.shape[1] > 1 else 1
        return pd.to_numeric(found[0].str.replace(",", ""), errors="coerce") * scale
    return pd.to_numeric(rows[how], errors="coerce").replace(_UNKNOWN, float("nan"))

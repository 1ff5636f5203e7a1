"""World Development Indicators, bulk CSV of one indicator: gross domestic product in current US dollars."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import TERMS, Rule

INDICATOR = "NY.GDP.MKTP.CD"
_WHAT = f"the World Bank's bulk CSV file of {INDICATOR} (GDP, current US$)"
_FIXED = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
_COMPLETE = 200  # countries from which on a file counts as complete; the publisher lists 217
_MOST = 1e16  # US dollars: a hundred times the world's
#: What the countries' sum may be of the row World: its gaps are filled, theirs are not, and before 1990 these are many.
_OF_WORLD = {False: (0.9, 1.02), True: (0.6, 1.02)}


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """GDP of every country (of `only`) and year of a bulk CSV file: table `economy`, empty where the publisher has none.

    The publisher's preamble may be missing, and a spreadsheet may have saved the file again. Groups of states are left out.
    """
    text = delivered.utf8(path, delivered.content(path, _WHAT), _WHAT)
    table = delivered.table(path, text, _WHAT, [delivered.plain(name) for name in _FIXED], ",")
    generated = _updated(path, table.above)
    years = _years(table)
    places = {name: at for at, name in enumerate((*_FIXED, *years))}
    wide = delivered.rows(table, places, years)
    other = f"is not {INDICATOR} (GDP, current US$): take the file of that indicator"
    of_gdp = Rule("Indicator Code", lambda codes: codes == INDICATOR, other)
    delivered.check(path, wide[["Indicator Code"]], [of_gdp], table.at)
    wide["country"] = delivered.coded(wide["Country Name"], wide["Country Code"])
    kinds = {code: row.kind for code, row in countries.table().items()}
    group = wide["country"].astype("str").map(kinds).isin(["aggregate", "organisation"])
    groups, economies = wide[group], wide[~group]
    complete = len(economies) >= _COMPLETE
    if complete:
        _check_world(path, wide[wide["country"] == "_T"][years].sum(), economies[years].sum())
    kept, strange = delivered.chosen(path, economies, ["country"], only, table.at)
    fault = f"is no GDP (0 to {_MOST:.0e} US dollars)"
    values = (Rule(y, lambda gdp: gdp.between(0, _MOST) | gdp.isna(), fault) for y in years)
    once = Rule("country", delivered.once, "stands twice")
    delivered.check(path, kept, [once, *values], table.at)
    frame = kept.astype({"country": "str"}).melt("country", years, "year", "gdp_usd")
    frame = frame.astype({"year": "int64"})
    last = frame.loc[frame["gdp_usd"].notna(), "year"].max()
    cut = len(re.findall(rb"\d[eE]\+?\d", table.body))
    told = {
        f"{len(groups)} aggregates left out: {', '.join(sorted(groups['Country Code']))}": groups.size,
        f"{cut} values were cut by a spreadsheet to the digits it showed (such as 1.05623E+11)": cut,
        **{f"no country has a GDP for {y}": not (economies[y] > 0).any() for y in years},
        f"the file holds {len(economies)} countries, a complete one about 217: no claim is made for others": not complete,
        **dict.fromkeys(strange, True),
        f"{len(economies) - len(kept)} other countries left out, as asked for": only,
        f"{frame['gdp_usd'].isna().sum()} of {len(frame)} cells are empty: the publisher has no GDP there": True,
    }
    every = complete and not only
    return compiled.Release(
        tables={"economy": frame},
        title=f"World Development Indicators: GDP (current US$), {INDICATOR}",
        **TERMS["worldbank"],
        covers=("*",) if every else tuple(f"country={c}" for c in sorted(kept["country"])),
        data_from=f"{years[0]}-01-01",
        data_through=f"{last if last == last else years[-1]}-12-31",
        generated=generated,
        notes=tuple(delivered.notes(told)),
    )


def _updated(path: Path, above: str) -> str:
    """ISO day of "Last Updated Date"; empty for a file that starts with its header."""
    if not above.strip(' ,"\r\n'):
        return ""
    said = re.search(r'(?m)^"?Last Updated Date"?,"?([^",\r\n]+)', above)
    printed = said[1] if said else ""
    # as published, and as a US spreadsheet saves it
    if found := delivered.day(printed, "%Y-%m-%d", "%m/%d/%Y"):
        return found
    raise DataError(
        f"{path}: Last Updated Date = {printed!r} above its header is neither YYYY-MM-DD nor MM/DD/YYYY; "
        f"{delivered.AGAIN}"
    )


def _years(table: delivered.Table) -> list[str]:
    """The years of the columns after the fixed ones; the publisher ends every line with a comma."""
    named = [cell for cell in table.cells[len(_FIXED) :] if cell]
    if named and re.fullmatch(r"(19|20)\d\d", named[0]):
        years = [str(year) for year in range(int(named[0]), int(named[0]) + len(named))]
        if years == named:
            return years
    raise DataError(
        f"{table.path}:{table.line}: the columns after {_FIXED[-1]!r} are not years in a row "
        f"({', '.join(named)[:60]}), expected {_WHAT}; {delivered.AGAIN}"
    )


def _check_world(path: Path, world: pd.Series, summed: pd.Series) -> None:
    """Hold the countries' sum of each year against the row World, where the file has one."""
    for year, part in (summed / world)[(world > 0) & (summed > 0)].items():
        least, most = _OF_WORLD[int(year) < 1990]
        if not least <= part <= most:
            raise DataError(
                f"{path}: the countries' GDP of {year} adds up to {part:.0%} of the row World: rows were cut off or changed; "
                f"{delivered.AGAIN}"
            )

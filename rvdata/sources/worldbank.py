"""World Development Indicators, bulk CSV of one indicator: gross domestic product in current US dollars."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import Rule

if TYPE_CHECKING:
    import pandas as pd

INDICATOR = "NY.GDP.MKTP.CD"
_WHAT = f"the World Bank's bulk CSV file of {INDICATOR} (GDP, current US$)"
_FIXED = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
_COMPLETE = 200  # countries from which on a file counts as complete; the publisher lists 217
_RULES = (
    Rule(
        "Indicator Code",
        lambda codes: codes == INDICATOR,
        f"is not {INDICATOR} (GDP, current US$): take the file of that indicator",
    ),
)
#: What the countries' sum may be of the row World: its gaps are filled, theirs are not, and before 1990 these are many.
_OF_WORLD = {False: (0.9, 1.02), True: (0.6, 1.02)}


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """GDP of every country and year of a bulk CSV file.

    Parameters
    ----------
    path : Path
        With the publisher's preamble or without, as downloaded or saved again by a spreadsheet.
    only : frozenset of str, optional
        Countries to keep; all by default.

    Returns
    -------
    Release
        Table `economy`: a row for every year of the file, with an empty GDP where the publisher has none. Groups of
        states are left out, as the notes say.

    Raises
    ------
    DataError
        If the file is another one, incomplete, changed, or names an economy that the project does not know.
    """
    text = delivered.utf8(path, delivered.content(path, _WHAT), _WHAT)
    table = delivered.table(path, text, _WHAT, [delivered.plain(name) for name in _FIXED], ",")
    generated = _updated(path, table.above)
    years = _years(table)
    places = {name: i for i, name in enumerate(_FIXED)} | {
        f"{y}": 4 + i for i, y in enumerate(years)
    }
    wide = delivered.rows(table, places, [f"{y}" for y in years])
    delivered.check(path, wide, _RULES, table.at)
    wide["country"] = delivered.coded(wide["Country Name"], wide["Country Code"])
    kinds = {code: row.kind for code, row in countries.table().items()}
    group = wide["country"].astype("str").map(kinds).isin(["aggregate", "organisation"])
    economies = wide[~group]
    complete = len(economies) >= _COMPLETE
    if complete:
        _check_world(path, wide, economies, years)
    kept, notes = delivered.chosen(path, economies, ["country"], only, table.at)
    once = Rule("country", lambda codes: ~codes.duplicated(), "stands twice")
    delivered.check(path, kept, [once], table.at)
    frame = (
        kept.astype({"country": "str"})
        .melt("country", [f"{y}" for y in years], "year", "gdp_usd")
        .astype({"year": "int64"})
    )
    with_data = frame.loc[frame["gdp_usd"].notna(), "year"]
    return compiled.Release(
        tables={"economy": frame},
        title=f"World Development Indicators: GDP (current US$), {INDICATOR}",
        publisher="World Bank",
        url=f"https://data.worldbank.org/indicator/{INDICATOR}",
        licence="CC BY 4.0",
        redistribution="with attribution",
        covers=("*",)
        if complete and not only
        else tuple(f"country={c}" for c in sorted(kept["country"])),
        data_from=f"{years[0]}-01-01",
        data_through=f"{with_data.max() if len(with_data) else years[-1]}-12-31",
        generated=generated,
        notes=tuple(
            _notes(wide[group], economies, table, years) + notes + _told(economies, kept, frame)
        ),
    )


def _updated(path: Path, above: str) -> str:
    """ISO day of "Last Updated Date"; empty for a file that starts with its header."""
    if not above.strip(' ,"\r\n'):
        return ""
    said = re.search(r'(?m)^"?Last Updated Date"?,"?([^",\r\n]+)', above)
    for form in ("%Y-%m-%d", "%m/%d/%Y"):  # as published, and as a US spreadsheet saves it
        try:
            return datetime.datetime.strptime(said[1] if said else "", form).date().isoformat()
        except ValueError:
            continue
    raise DataError(
        f"{path}: Last Updated Date = {said[1] if said else ''!r} above its header is neither YYYY-MM-DD nor MM/DD/YYYY; "
        f"{delivered.AGAIN}"
    )


def _years(table: delivered.Table) -> list[int]:
    """The years of the columns after the fixed ones; the publisher ends every line with a comma."""
    named = [cell for cell in table.cells[4:] if cell]
    years = [int(cell) for cell in named if re.fullmatch(r"(19|20)\d\d", cell)]
    if len(years) < len(named) or not years or years != list(range(years[0], years[-1] + 1)):
        raise DataError(
            f"{table.path}:{table.line}: the columns after {_FIXED[-1]!r} are not years in a row "
            f"({', '.join(named)[:60]}), expected {_WHAT}; {delivered.AGAIN}"
        )
    return years


def _check_world(path: Path, wide: pd.DataFrame, economies: pd.DataFrame, years: list[int]) -> None:
    """Hold the countries' sum of each year against the row World, where the file has one."""
    columns = [f"{y}" for y in years]
    world, summed = wide[wide["country"] == "_T"][columns].sum(), economies[columns].sum()
    for year, part in (summed / world.where(world > 0)).where(summed > 0).dropna().items():
        least, most = _OF_WORLD[int(year) < 1990]
        if not least <= part <= most:
            raise DataError(
                f"{path}: the countries' GDP of {year} adds up to {part:.0%} of the row World: rows were cut off or changed; "
                f"{delivered.AGAIN}"
            )


def _notes(
    groups: pd.DataFrame, economies: pd.DataFrame, table: delivered.Table, years: list[int]
) -> list[str]:
    """What the file has and lacks."""
    notes = []
    if len(groups):
        notes.append(
            f"{len(groups)} aggregates left out: {', '.join(sorted(groups['Country Code']))}"
        )
    if cut := len(re.findall(rb"\d[eE]\+?\d", table.body)):
        notes.append(
            f"{cut} values were cut by a spreadsheet to the digits it showed (such as 1.05623E+11)"
        )
    notes += [f"no country has a GDP for {y}" for y in years if not (economies[f"{y}"] > 0).any()]
    if len(economies) < _COMPLETE:
        notes.append(
            f"the file holds {len(economies)} countries, a complete one about 217: no claim is made for others"
        )
    return notes


def _told(economies: pd.DataFrame, kept: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    notes = []
    if others := len(economies) - len(kept):
        notes.append(f"{others} other countries left out, as asked for")
    empty = frame["gdp_usd"].isna().sum()
    return [*notes, f"{empty} of {len(frame)} cells are empty: the publisher has no GDP there"]

"""World Development Indicators, bulk CSV of one indicator: gross domestic product in current US dollars."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered

if TYPE_CHECKING:
    import pandas as pd

INDICATOR = "NY.GDP.MKTP.CD"
_WHAT = f"the World Bank's bulk CSV file of {INDICATOR} (GDP, current US$)"
_FIXED = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
_COMPLETE = 200  # countries from which on a file counts as complete; the publisher lists 217


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """GDP of every country and year of a bulk CSV file.

    Parameters
    ----------
    path : Path
        With the publisher's four preamble lines or without, as downloaded or saved again by a spreadsheet.
    only : frozenset of str, optional
        Countries to keep; all by default.

    Returns
    -------
    Release
        Table `economy`: a row for every year of the file, with an empty GDP where the publisher has none. Aggregates are
        left out, as the notes say.

    Raises
    ------
    DataError
        If the file is another one, incomplete, changed, or names an economy that the project does not know.
    """
    text = delivered.utf8(path, delivered.content(path, _WHAT), _WHAT)
    head = delivered.header(
        path, text, lambda cells: tuple(cells[:4]) == _FIXED, _WHAT, ",".join(_FIXED)
    )
    generated = _generated(path, text[: head.start])
    cells = list(head.cells)
    if cells[-1] == "":  # the publisher ends every line with a comma
        cells.pop()
    years = [int(c) for c in cells[4:] if re.fullmatch(r"(19|20)\d\d", c)]
    if len(years) != len(cells) - 4 or not years or years != list(range(years[0], years[-1] + 1)):
        raise DataError(
            f"{path}:{head.line}: the columns after {_FIXED[-1]!r} are not years in a row "
            f"({', '.join(cells[4:])[:60]}), expected {_WHAT}; {delivered.AGAIN}"
        )
    position = {name: i for i, name in enumerate(_FIXED)} | {
        str(y): 4 + i for i, y in enumerate(years)
    }
    wide = delivered.rows(path, text, head, position, [str(y) for y in years])
    wrong = sorted(set(wide["Indicator Code"].cat.categories) - {INDICATOR})
    if wrong:
        raise DataError(
            f"{path}: is of the indicator {delivered.listed(wrong, 3)!r}, expected {INDICATOR} (GDP, current US$); "
            "download that indicator"
        )
    codes, aggregates = _codes(path, wide)
    values = wide[[str(y) for y in years]].to_numpy(dtype="float64")
    _plausible(path, wide, codes, values, years)
    notes = (
        [f"{len(aggregates)} aggregates left out: {', '.join(aggregates)}"] if aggregates else []
    )
    kept = codes.notna().to_numpy()
    named = codes[kept]
    if named.duplicated().any():
        raise DataError(
            f"{path}: lists {delivered.listed(sorted(set(named[named.duplicated()])), 5)} twice; {delivered.AGAIN}"
        )
    notes += _rounded(text[head.start :])
    notes += [
        f"no country has a GDP for {y}"
        for y in years
        if not (values[kept][:, y - years[0]] > 0).any()
    ]
    complete = int(kept.sum()) >= _COMPLETE
    if not complete:
        notes.append(
            f"the file holds {int(kept.sum())} countries, a complete one about 217: no claim is made for others"
        )
    if only:
        chosen = codes.isin(only).to_numpy()
        absent = sorted(only - set(named))
        if absent:
            notes.append(f"not in the file: {', '.join(absent)}")
        notes.append(f"{int((kept & ~chosen).sum())} other countries left out, as asked for")
        kept = kept & chosen
    if not kept.any():
        raise DataError(
            f"{path}: has no row of {delivered.listed(sorted(only)) or 'a country'}; leave out --only or name others"
        )
    frame = _long(codes[kept], values[kept], years)
    covers = ("*",) if complete and not only else tuple(f"country={c}" for c in sorted(codes[kept]))
    with_data = frame.loc[frame["gdp_usd"].notna(), "year"]
    notes.append(
        f"{frame['gdp_usd'].isna().sum()} of {len(frame)} cells are empty: the publisher has no GDP there"
    )
    return compiled.Release(
        tables={"economy": frame},
        title="World Development Indicators: GDP (current US$), NY.GDP.MKTP.CD",
        publisher="World Bank",
        url="https://data.worldbank.org/indicator/NY.GDP.MKTP.CD",
        licence="CC BY 4.0",
        redistribution="with attribution",
        covers=covers,
        data_from=f"{years[0]}-01-01",
        data_through=f"{with_data.max() if len(with_data) else years[-1]}-12-31",
        generated=generated,
        notes=tuple(notes),
    )


def _generated(path: Path, preamble: bytes) -> str:
    """ISO day of "Last Updated Date"; empty for a file that starts with its header."""
    lines = [line.split(",") for line in preamble.decode("utf-8").replace('"', "").splitlines()]
    if not any(cell.strip() for line in lines for cell in line):
        return ""
    said = {line[0].strip(): line[1].strip() for line in lines if len(line) > 1}
    if "Data Source" not in said or "Last Updated Date" not in said:
        raise DataError(
            f"{path}: the lines before its header are not the publisher's (Data Source, Last Updated Date): the file "
            f"was cut or changed; {delivered.AGAIN}"
        )
    day = said["Last Updated Date"]
    for form in ("%Y-%m-%d", "%m/%d/%Y"):  # as published, and as a US spreadsheet saves it
        try:
            return datetime.datetime.strptime(day, form).date().isoformat()
        except ValueError:
            continue
    raise DataError(
        f"{path}: Last Updated Date = {day!r} is neither YYYY-MM-DD nor MM/DD/YYYY; {delivered.AGAIN}"
    )


def _codes(path: Path, wide: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """The project's code of each row, missing for aggregates; and the publisher's codes of those."""
    known = countries.table()
    found, aggregates, unseen = [], [], []
    for name, named, code in zip(
        wide["Country Name"], _named(list(wide["Country Name"])), wide["Country Code"], strict=False
    ):
        country = code in known and known[code].kind in ("country", "former")
        if country and named in (code, ""):  # the publisher changes names, not codes
            found.append(code)
        elif named and not country and known[named].kind in ("aggregate", "organisation"):
            found.append(None)
            aggregates.append(code)
        else:
            unseen.append(f"{name} ({code})")
            found.append(None)
    if unseen:
        raise DataError(
            f"{path}: {len(unseen)} economies are not known under name and code ({delivered.listed(unseen, 5)}); "
            "correct them, or add the name in data/raw/countries.csv, to _AGG if it is a group of states"
        )
    import pandas as pd

    return pd.Series(found, dtype="str"), sorted(aggregates)


def _named(names: list[str]) -> list[str]:
    """Codes of names, empty for those that the table does not know."""
    try:
        return countries.codes(names)
    except countries.UnknownCountry:
        pass
    found = []
    for name in names:
        try:
            found.append(countries.code(name))
        except countries.UnknownCountry:
            found.append("")
    return found


def _plausible(path: Path, wide: pd.DataFrame, codes: pd.Series, values, years: list[int]) -> None:
    """Hold the countries' sum against the World row: it fills gaps, so that the sum is at most as large, and not much less."""
    import numpy as np

    world = np.flatnonzero(wide["Country Code"] == "WLD")
    if len(world) != 1 or codes.notna().sum() < _COMPLETE:
        return
    total, summed = values[world[0]], np.nansum(values[codes.notna().to_numpy()], axis=0)
    for i, year in enumerate(years):
        if (
            total[i] > 0
            and summed[i] > 0
            and not (0.6 if year < 1990 else 0.9) <= summed[i] / total[i] <= 1.02
        ):
            raise DataError(
                f"{path}: the countries' GDP of {year} adds up to {summed[i] / total[i]:.0%} of the row World: rows were "
                f"cut off or changed; {delivered.AGAIN}"
            )


def _rounded(body: bytes) -> list[str]:
    short = len(re.findall(rb"\d[eE]\+?\d", body))
    return (
        [f"{short} values were cut by a spreadsheet to the digits it showed (such as 1.05623E+11)"]
        if short
        else []
    )


def _long(codes: pd.Series, values, years: list[int]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    return pd.DataFrame(
        {
            "country": pd.Series(np.repeat(codes.to_numpy(dtype=object), len(years)), dtype="str"),
            "year": np.tile(np.array(years), len(codes)),
            "gdp_usd": values.reshape(-1),
        }
    )

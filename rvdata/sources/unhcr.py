"""UNHCR Refugee Population Statistics: the Refugee Data Finder's CSV file, or an R file of UNHCR's packages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import TERMS, Rule, whole

_WHAT = (
    "a CSV file of UNHCR's Refugee Data Finder, or population figures of UNHCR's R packages "
    "(population.rda, end_year_population_totals.RData)"
)
#: Headings of today's downloads, of those of about 2021 to 2023, of population.rda and of end_year_population_totals.RData.
_HEADINGS = delivered.headings("unhcr")
_NEEDED = ("year", "refugees", "asylum_seekers")
COUNTS = tuple(_HEADINGS)[5:]
_A_YEAR = Rule("year", whole(1900, 2100), "is no year")
_ROW = ("year", "origin", "origin_name", "asylum", "asylum_name")
_COUNT = whole(0, 10**10, empty=True)
_ALL = "-"
#: UNHCR's bare "Congo" is the republic; the other one it spells out. A dash stands for all countries together.
_MEANT = {"Congo": "COG", _ALL: _ALL}
_MANY = 100  # countries of asylum or origin from which on a selection counts as all of them
_SMALL = re.compile(rb'(?<=[,\t])"? *\* *"?(?=[,\t\r\n])')


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """People displaced by origin (of `only`) and year end, all countries of asylum together: table `displaced_persons`.

    A column that the file does not have is empty in every row, and a note says so.
    """
    data = delivered.content(path, _WHAT)
    if data.startswith(b"date,individuals,cumsum"):
        return _daily(path, only)
    raw, line, updated, notes = _rda(path) if delivered.is_r(data) else _csv(path, data)
    raw["origin"] = delivered.coded(raw["origin_name"], raw.get("origin"), _MEANT)
    together = raw["origin"] == _ALL
    if together.all():
        raise DataError(
            f"{path}: its rows are of all origins together; in the Refugee Data Finder choose every country of origin "
            "and download it again"
        )
    undated = raw["year"].isna() & ~delivered.unread(raw)
    everywhere, raw = raw[together & ~undated], raw[~together & ~undated]
    _check_end(path, raw)
    kept, strange = delivered.chosen(path, raw, ["origin"], only, line)
    once = Rule([c for c in _ROW if c in kept], delivered.once, "stands twice")
    counts = (Rule(c, _COUNT, "is no count of people") for c in COUNTS if c in kept)
    delivered.check(path, kept, [_A_YEAR, once, *counts], line)
    shared = kept[kept.duplicated(["year", "origin", "asylum"], keep=False)]
    names = delivered.listed(sorted(shared["origin_name"].astype("str").str.strip().unique()), 5)
    totals, summed = _totals(path, kept)
    rest, asylum = raw.drop(kept.index), raw.loc[raw["asylum"] != _ALL, "asylum"].nunique()
    every_asylum = asylum == 0 or asylum >= _MANY
    years = sorted(totals["year"].unique())
    first, last = years[0], years[-1]
    gaps = delivered.listed(sorted(set(range(first, last)) - set(years)))
    loud = {"other_in_need": " (Venezuela is then several times too small)"}
    told = {
        **{
            f"THE FILE HAS NO COLUMN FOR {c}: it is empty in every row{loud.get(c, '')}; download it with that column": True
            for c in COUNTS
            if c not in kept
        },
        **dict.fromkeys(notes, True),
        f"{len(everywhere)} rows of all origins together left out: {everywhere['refugees'].sum():,.0f} refugees": everywhere.size,
        f"{undated.sum()} rows have no year and are left out": undated.any(),
        f"{len(shared)} rows of names that share a code with another are summed up with it: {names}": shared.size,
        f"summed over {asylum} countries of asylum": asylum,
        f"only {asylum} countries of asylum are in the file: if not all were chosen, every count is too small; no claim is "
        "made that it covers any origin": not every_asylum,
        **dict.fromkeys((*summed, *strange), True),
        f"{rest['origin'].nunique()} other origins left out, as asked for: {len(rest)} rows, "
        f"{rest['refugees'].sum():,.0f} refugees over all years": len(rest),
        "small counts are rounded by the publisher to 0 or 5 in tables by country of asylum": True,
        f"no rows for {gaps}": gaps,
        f"last updated {updated}: the counts of {last} are not of the year's end": updated
        and updated < f"{last}-12-31",
    }
    every = not only and raw["origin"].nunique() >= _MANY
    covers = ("*",) if every else tuple(f"origin={o}" for o in sorted(kept["origin"].unique()))
    return compiled.Release(
        tables={"displaced_persons": totals},
        title=f"Refugee Population Statistics Database: population by origin, {first}-{last}",
        **TERMS["unhcr"],
        covers=covers if every_asylum else (),
        data_from=f"{first}-12-31",
        data_through=f"{last}-12-31",
        generated=updated,
        notes=tuple(delivered.notes(told)),
    )


def _daily(path: Path, only: frozenset[str]) -> compiled.Release:
    """Crossings by day out of the one country that `only` names, as the Operational Data Portal gave them: `displaced_daily`."""
    if len(only) != 1:
        raise DataError(f"{path}: does not say whose border was crossed; name that one with --only")
    raw = pd.read_csv(path).rename(
        columns={"date": "day", "individuals": "crossed", "cumsum": "crossed_so_far"}
    )
    if (raw["crossed"].cumsum() != raw["crossed_so_far"]).any() or not raw["day"].is_unique:
        raise DataError(f"{path}: its sums are not those of its days; {delivered.AGAIN}")
    (origin,) = only
    return compiled.Release(
        tables={"displaced_daily": raw.assign(origin=origin)},
        title=f"Operational Data Portal: crossings by day, {countries.name(origin)}",
        **TERMS["unhcr_daily"],
        covers=(f"origin={origin}",),
        data_from=raw["day"].min(),
        data_through=raw["day"].max(),
    )


# ---- reading


def _csv(path: Path, data: bytes) -> tuple[pd.DataFrame, Callable, str, list[str]]:
    """The rows of a download, the lines that they stand on, the day of its last update, and notes."""
    text = delivered.utf8(path, data, _WHAT)
    header = ("year", f"{_HEADINGS['origin_name']}|{_HEADINGS['origin']}|countryofasylum")
    table = delivered.table(path, text, _WHAT, header)
    places = delivered.columns(path, table.cells, _HEADINGS, _NEEDED, _WHAT)
    numbers = [c for c in ("year", *COUNTS) if c in places]
    raw = delivered.rows(table, places, numbers, ("", "-", "*"))
    unused = [cell for i, cell in enumerate(table.cells) if i not in places.values()]
    small = len(_SMALL.findall(table.body)) if b"*" in table.body else 0
    printed = re.search(r'(?i)last updated:?\W*([^"\t\r\n]*\w)', table.above)
    updated = _day(printed[1]) if printed else ""
    told = {
        f"columns not compiled: {', '.join(unused)}": unused,
        f"{small} counts are printed as * (one to four people): a sum leaves them out, alone they are empty": small,
        f"last updated {printed and printed[1]!r}: is no day that can be read": printed
        and not updated,
    }
    return _sides(path, raw), table.at, updated, delivered.notes(told)


def _rda(path: Path) -> tuple[pd.DataFrame, None, str, list[str]]:
    """The rows of the data frame of an R file that has what is needed, or should have."""
    frames = delivered.r_frames(path, _WHAT)
    folded = {
        name: {delivered.plain(str(cell)) for cell in frame} for name, frame in frames.items()
    }
    needed = [set(_HEADINGS[column].split("|")) for column in _NEEDED]
    fit = [name for name, cells in folded.items() if all(cells & one for one in needed)]
    name = next((n for n in (*fit, "population") if n in frames and len(frames[n])), None)
    if name is None:
        raise delivered.unlike(path, _WHAT, delivered.holds(frames), "give that file")
    raw = delivered.picked(path, frames[name], _HEADINGS, _NEEDED, _WHAT, tuple(_HEADINGS)[1:5])
    note = "the file does not say whether its last year is the year's end or, in a release of autumn, its middle"
    return _sides(path, raw), None, "", delivered.notes({note: name != "population"})


def _sides(path: Path, raw: pd.DataFrame) -> pd.DataFrame:
    """The rows with a name of the origin and a country of asylum, whatever the file has of both."""
    if not {"origin", "origin_name"} & set(raw):
        lack = "lacks the column 'Country of Origin'"
        raise delivered.unlike(path, _WHAT, lack, delivered.WHOLE)
    asylum = raw.get("asylum", raw.get("asylum_name", pd.Series(_ALL, raw.index)))
    return raw.assign(origin_name=raw.get("origin_name", ""), asylum=asylum.astype("category"))


def _day(printed: str) -> str:
    """ISO day of a printed one, whatever its hour; or an empty string."""
    day = " ".join(re.sub(r"(?i)[T\s]+\d\d?:\d\d.*|,|\b[a-z]{3,6}day\b", " ", printed).split())
    return delivered.day(
        day, "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d", "%d/%m/%Y"
    )


# ---- checking and compiling


def _check_end(path: Path, raw: pd.DataFrame) -> None:
    """A text that was cut where a line ends shows by the origins of its last year, if it is sorted by years."""
    origins = raw.groupby("year")["origin"].nunique()
    if len(origins) > 1 and origins.iloc[-2] >= 20 and origins.iloc[-1] < origins.iloc[-2] / 2:
        raise DataError(
            f"{path}: has {origins.iloc[-1]} origins in {origins.index[-1]:.0f} but {origins.iloc[-2]} in "
            f"{origins.index[-2]:.0f}: rows at its end were cut off; download it again"
        )


def _totals(path: Path, kept: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per origin and year: the publisher's own total where it stands, else the sum over the countries of asylum."""
    counts = [c for c in COUNTS if c in kept]
    kept = kept.astype({"year": "int64", "origin": "str"})
    given = kept["asylum"] == _ALL
    totals, parts = (kept[side].groupby(["origin", "year"])[counts] for side in (given, ~given))
    total, summed = totals.sum(min_count=1), parts.sum(min_count=1)
    both, rest = total.index.intersection(summed.index), summed.index.difference(total.index)
    # parts fall short of a total if not all countries were chosen; rounding to 5 alone can make them exceed it
    over = (summed.loc[both].sub(parts.size().loc[both] * 5, axis=0) > total.loc[both]).any(axis=1)
    if over.any():
        origin, year = over.index[over][0]
        raise DataError(
            f"{path}: {over.sum()} totals over all countries of asylum are smaller than the rows that they sum up (first: "
            f"{origin}, {year}); {delivered.AGAIN}"
        )
    short = total.loc[both, "refugees"].sum() - summed.loc[both, "refugees"].sum()
    told = {
        f"{len(both)} origins and years have a total and rows by country of asylum: the total counts; the rows give "
        f"{short:,.0f} refugees less over all years": len(both),
        f"{len(rest)} origins and years have no total and are summed over countries of asylum": len(
            total
        )
        and len(rest),
    }
    table = pd.concat([total, summed.loc[rest]]).sort_index().reindex(columns=list(COUNTS))
    return table.astype("Int64").reset_index(), delivered.notes(told)

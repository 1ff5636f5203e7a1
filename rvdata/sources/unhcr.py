"""UNHCR Refugee Population Statistics: the Refugee Data Finder's CSV file, or an R file of UNHCR's packages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import Rule, whole

if TYPE_CHECKING:
    import pandas as pd

_WHAT = (
    "a CSV file of UNHCR's Refugee Data Finder, or population figures of UNHCR's R packages "
    "(population.rda, end_year_population_totals.RData)"
)
COUNTS = (
    "refugees",
    "asylum_seekers",
    "other_in_need",
    "others_of_concern",
    "internally_displaced",
)
#: Headings of today's downloads, of those of about 2021 to 2023, of population.rda and of end_year_population_totals.RData.
_HEADINGS = {
    "year": "year",
    "origin": "countryoforiginiso|cooiso|countryorigincode",
    "origin_name": "countryoforigin|cooname|countryoriginname",
    "asylum": "countryofasylumiso|coaiso|countryasylumcode",
    "asylum_name": "countryofasylum|coaname|countryasylumname",
    "refugees": "refugees|refugeesunderunhcrsmandate|ref",
    "asylum_seekers": "asylumseekers|asy",
    "other_in_need": "oip|otherpeopleinneedofinternationalprotection|venezuelansdisplacedabroad|vda",
    "others_of_concern": "othersofconcern|othersofconcerntounhcr|ooc",
    "internally_displaced": "idps|idpsofconcerntounhcr|internallydisplacedpersons|idp",
}
_NEEDED = ("year", "refugees", "asylum_seekers")
_RULES = (
    Rule("year", whole(1900, 2100), "is no year"),
    *(Rule(count, whole(0, 10**10, empty=True), "is no count of people") for count in COUNTS),
)
_ALL = "-"
#: UNHCR's bare "Congo" is the republic; the other one it spells out. A dash stands for all countries together.
_MEANT = {"Congo": "COG", _ALL: _ALL}
_MANY = 100  # countries of asylum or origin from which on a selection counts as all of them
_SMALL = re.compile(rb'(?<=[,\t])"?\*"?(?=[,\t\r\n])')


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """People displaced by origin and year end, all countries of asylum together.

    Parameters
    ----------
    path : Path
        CSV download or R data file; which, is seen from the content.
    only : frozenset of str, optional
        Origins to keep; all by default.

    Returns
    -------
    Release
        Table `displaced_persons`. A column that the file does not have is empty in every row, and a note says so.

    Raises
    ------
    DataError
        If the file is another one, incomplete, changed, contradicts itself or names an origin that the project does not know.
    """
    data = delivered.content(path, _WHAT)
    raw, line, updated, notes = _rda(path) if delivered.is_r(data) else _csv(path, data)
    raw["origin"] = delivered.coded(raw["origin_name"], raw.get("origin"), _MEANT)
    everywhere = raw["origin"] == _ALL
    if everywhere.all():
        raise DataError(
            f"{path}: its rows are of all origins together; in the Refugee Data Finder choose every country of origin "
            "and download it again"
        )
    if everywhere.any():
        notes.append(
            f"{everywhere.sum()} rows of all origins together left out: "
            f"{raw.loc[everywhere, 'refugees'].sum():,.0f} refugees over all years"
        )
        raw = raw[~everywhere]
    _check_end(path, raw)
    kept, more = delivered.chosen(path, raw, ["origin"], only, line)
    delivered.check(path, kept, [rule for rule in _RULES if rule.column in kept], line)
    _check_twice(path, kept)
    totals, summed = _totals(path, kept)
    rest = raw.drop(kept.index)
    if len(rest):
        more.append(
            f"{rest['origin'].nunique()} other origins left out, as asked for: {len(rest)} rows, "
            f"{rest['refugees'].sum():,.0f} refugees over all years"
        )
    asylum = raw.loc[raw["asylum"] != _ALL, "asylum"].nunique()
    whole_world = asylum == 0 or asylum >= _MANY
    years = sorted(totals["year"].unique())
    first, last = years[0], years[-1]
    return compiled.Release(
        tables={"displaced_persons": totals},
        title=f"Refugee Population Statistics Database: population by origin, {first}-{last}",
        publisher="United Nations High Commissioner for Refugees",
        url="https://www.unhcr.org/refugee-statistics/",
        licence="CC BY 4.0",
        redistribution="with attribution",
        covers=_covers(raw, kept, only) if whole_world else (),
        data_from=f"{first}-12-31",
        data_through=f"{last}-12-31",
        generated=updated,
        notes=(
            *_absent(kept),
            *notes,
            *_asylum(asylum, whole_world),
            *summed,
            *more,
            *_years(years, updated),
        ),
    )


# ---- reading


def _csv(path: Path, data: bytes) -> tuple[pd.DataFrame, Callable, str, list[str]]:
    """The rows of a download, the lines that they stand on, the day of its last update, and notes."""
    text = delivered.utf8(path, data, _WHAT)
    header = ("year", f"{_HEADINGS['origin_name']}|{_HEADINGS['origin']}|countryofasylum")
    table = delivered.table(path, text, _WHAT, header)
    places = delivered.columns(path, table.cells, _HEADINGS, _NEEDED, _WHAT)
    counts = [c for c in COUNTS if c in places]
    unused = [cell for i, cell in enumerate(table.cells) if i not in places.values()]
    raw = delivered.rows(table, places, ["year", *counts], ("", "-", "*"))
    notes = [f"columns not compiled: {', '.join(unused)}"] if unused else []
    if small := len(_SMALL.findall(table.body)):
        notes.append(
            f"{small} counts are printed as * (one to four people): a sum leaves them out, alone they are empty"
        )
    updated, said = _updated(table.above)
    return _sides(path, raw), table.at, updated, notes + said


def _rda(path: Path) -> tuple[pd.DataFrame, None, str, list[str]]:
    """The rows of the first data frame of an R file that has what is needed."""
    frames = delivered.r_frames(path, _WHAT)
    folded = {name: {delivered.plain(str(c)) for c in frame} for name, frame in frames.items()}
    fit = [
        n
        for n, cells in folded.items()
        if all(cells & set(_HEADINGS[c].split("|")) for c in _NEEDED)
    ]
    name = (fit or [n for n in frames if "population" in n] or [""])[0]
    if not name:
        raise DataError(
            f"{path}: holds {delivered.listed(list(frames)) or 'no data frame'}, expected {_WHAT}; give that file"
        )
    places = delivered.columns(path, list(frames[name]), _HEADINGS, _NEEDED, _WHAT)
    raw = frames[name].iloc[:, list(places.values())].set_axis(list(places), axis=1)
    if raw.empty:
        raise DataError(f"{path}: the data frame {name} has no rows; download it again")
    raw = delivered.numbers(path, raw, ["year", *(c for c in COUNTS if c in raw)])
    note = "the file does not say whether its last year is the year's end or, in a release of autumn, its middle"
    return _sides(path, raw), None, "", [note] if name != "population" else []


def _sides(path: Path, raw: pd.DataFrame) -> pd.DataFrame:
    """The rows with a name of the origin and a country of asylum, whatever the file has of both."""
    import pandas as pd

    if not {"origin", "origin_name"} & set(raw):
        raise DataError(
            f"{path}: lacks the column 'Country of Origin', expected {_WHAT}; download it with all columns"
        )
    asylum = raw.get("asylum", raw.get("asylum_name", pd.Series(_ALL, raw.index)))
    return raw.assign(
        origin_name=raw.get("origin_name", ""),
        asylum=asylum.astype("str").str.strip().astype("category"),
    )


def _updated(above: str) -> tuple[str, list[str]]:
    """ISO day of "Last updated" above the header, and a note if it cannot be read."""
    said = re.search(r"(?i)last updated:?\W*([\w /.-]*\w)", above)
    if not said:
        return "", []
    for form in ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(said[1], form).date().isoformat(), []
        except ValueError:
            continue
    return "", [f"last updated {said[1]!r}: is no day that can be read"]


# ---- checking


def _check_end(path: Path, raw: pd.DataFrame) -> None:
    """A text that was cut where a line ends shows by the origins of its last year, if it is sorted by years."""
    per_year = raw.groupby("year")["origin"].nunique()
    if len(per_year) > 1 and per_year.iloc[-2] >= 20 and per_year.iloc[-1] < per_year.iloc[-2] / 2:
        raise DataError(
            f"{path}: has {per_year.iloc[-1]} origins in {per_year.index[-1]:.0f} but {per_year.iloc[-2]} in "
            f"{per_year.index[-2]:.0f}: rows at its end were cut off; download it again"
        )


def _check_twice(path: Path, kept: pd.DataFrame) -> None:
    again = kept.duplicated(["year", "origin", "asylum"])
    if again.any():
        row = kept[again].iloc[0]
        raise DataError(
            f"{path}: {again.sum()} rows stand twice for the same year, origin and country of asylum (first: "
            f"{row['year']:.0f}, {row['origin']}, {row['asylum']}); {delivered.AGAIN}"
        )


# ---- compiling


def _totals(path: Path, kept: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per origin and year: the publisher's own total where it stands, else the sum over the countries of asylum.

    A sum is empty only where every part is. Where a file holds both, the total counts and the parts are held against it:
    they may fall short, if not all countries were chosen, but not exceed it by more than rounding (5 a part) explains.
    """
    import pandas as pd

    counts = [c for c in COUNTS if c in kept]
    kept = kept.astype({"year": "int64", "origin": "str"})
    given = kept["asylum"] == _ALL
    totals, parts = (kept[side].groupby(["origin", "year"])[counts] for side in (given, ~given))
    total, summed = totals.sum(min_count=1), parts.sum(min_count=1)
    both = total.index.intersection(summed.index)
    over = summed.loc[both].sub(parts.size().loc[both] * 5, axis=0) > total.loc[both]
    if over.to_numpy().any():
        origin, year = over.index[over.any(axis=1)][0]
        raise DataError(
            f"{path}: {over.any(axis=1).sum()} totals over all countries of asylum are smaller than the rows that they "
            f"sum up (first: {origin}, {year}); {delivered.AGAIN}"
        )
    rest = summed.loc[summed.index.difference(total.index)]
    notes = []
    if len(both):
        short = total.loc[both, "refugees"].sum() - summed.loc[both, "refugees"].sum()
        notes.append(
            f"{len(both)} origins and years have a total and rows by country of asylum: the total counts; the rows give "
            f"{short:,.0f} refugees less over all years"
        )
    if len(total) and len(rest):
        notes.append(
            f"{len(rest)} origins and years have no total and are summed over countries of asylum"
        )
    table = pd.concat([total, rest]).sort_index().reindex(columns=list(COUNTS))
    return table.astype("Int64").reset_index(), notes


def _covers(raw: pd.DataFrame, kept: pd.DataFrame, only: frozenset[str]) -> tuple[str, ...]:
    if not only and raw["origin"].nunique() >= _MANY:
        return ("*",)
    return tuple(f"origin={o}" for o in sorted(kept["origin"].unique()))


def _absent(kept: pd.DataFrame) -> list[str]:
    loud = {"other_in_need": " (Venezuela is then several times too small)"}
    return [
        f"THE FILE HAS NO COLUMN FOR {c}: it is empty in every row{loud.get(c, '')}; download it with that column"
        for c in COUNTS
        if c not in kept
    ]


def _asylum(count: int, whole_world: bool) -> list[str]:
    notes = [f"summed over {count} countries of asylum"] if count else []
    if not whole_world:
        notes.append(
            f"only {count} countries of asylum are in the file: if not all were chosen, every count is too small; "
            "no claim is made that it covers any origin"
        )
    return notes


def _years(years: list[int], updated: str) -> list[str]:
    notes = ["small counts are rounded by the publisher to 0 or 5 in tables by country of asylum"]
    if gaps := sorted(set(range(years[0], years[-1] + 1)) - set(years)):
        notes.append(f"no rows for {delivered.listed(gaps)}")
    if updated and updated < f"{years[-1]}-12-31":
        notes.append(f"last updated {updated}: the counts of {years[-1]} are not of the year's end")
    return notes

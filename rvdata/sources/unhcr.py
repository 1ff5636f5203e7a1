"""UNHCR Refugee Population Statistics: the Refugee Data Finder's CSV file, or `population.rda` of the R package refugees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rvdata.errors import DataError
from rvdata.sources import compiled, delivered

if TYPE_CHECKING:
    import pandas as pd

_CSV = "a CSV file of UNHCR's Refugee Data Finder"
_RDA = "population.rda of the R package refugees"
#: Headings by column, as `delivered.plain` folds them: current downloads, those of about 2021 to 2023, the database's own.
_HEADINGS = {
    "year": ("year",),
    "origin": ("countryoforiginiso", "cooiso"),
    "origin_name": ("countryoforigin", "cooname"),
    "asylum": ("countryofasylumiso", "coaiso"),
    "asylum_name": ("countryofasylum", "coaname"),
    "refugees": ("refugees", "refugeesunderunhcrsmandate"),
    "asylum_seekers": ("asylumseekers",),
    "other_in_need": (
        "oip",
        "otherpeopleinneedofinternationalprotection",
        "venezuelansdisplacedabroad",
    ),
    "others_of_concern": ("othersofconcern", "othersofconcerntounhcr", "ooc"),
    "internally_displaced": ("idps", "idpsofconcerntounhcr", "internallydisplacedpersons"),
}
COUNTS = (
    "refugees",
    "asylum_seekers",
    "other_in_need",
    "others_of_concern",
    "internally_displaced",
)
#: UNHCR's bare "Congo" is the republic; the other one it spells out.
_MEANT = {"Congo": "COG"}
_ALL = "-"
_MANY = 100  # countries of asylum or origin from which on a selection counts as all of them


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
    what = f"{_CSV} or {_RDA}"
    data = delivered.content(path, what)
    raw, notes, covered = _rda(path) if delivered.is_r(data) else _csv(path, data)
    absent = [c for c in COUNTS if c not in raw]
    loud = {"other_in_need": " (Venezuela is then several times too small)"}
    notes = [
        f"THE FILE HAS NO COLUMN FOR {c}: it is empty in every row{loud.get(c, '')}; download it with that column"
        for c in absent
    ] + notes
    totals, more = _totals(path, raw, [c for c in COUNTS if c in raw])
    notes += more
    first, last = int(totals["year"].min()), int(totals["year"].max())
    per_year = totals.groupby("year").size()
    if len(per_year) > 1 and per_year.iloc[-2] >= 20 and per_year.iloc[-1] < per_year.iloc[-2] / 2:
        raise DataError(
            f"{path}: has {per_year.iloc[-1]} origins in {last} but {per_year.iloc[-2]} in {per_year.index[-2]}: rows at "
            "its end were cut off; download it again"
        )
    gaps = sorted(set(range(first, last + 1)) - set(per_year.index))
    notes += [f"no rows for {delivered.listed([str(y) for y in gaps])}"] if gaps else []
    origins = sorted(totals["origin"].unique())
    covers = tuple(f"origin={o}" for o in origins) if len(origins) < _MANY else ("*",)
    if only:
        missing = sorted(only - set(origins))
        notes += [f"not in the file: {', '.join(missing)}"] if missing else []
        kept = totals[totals["origin"].isin(only)]
        if kept.empty:
            raise DataError(
                f"{path}: has no row of {delivered.listed(sorted(only))}; leave out --only or name others"
            )
        rest = totals[~totals["origin"].isin(only)]
        notes.append(
            f"{len(origins) - kept['origin'].nunique()} other origins left out, as asked for: {len(rest)} rows, "
            f"{rest['refugees'].sum():,.0f} refugees over all years"
        )
        totals, covers = kept, tuple(f"origin={o}" for o in sorted(kept["origin"].unique()))
    notes += ["small counts are rounded by the publisher to 0 or 5 in tables by country of asylum"]
    return compiled.Release(
        tables={"displaced_persons": totals},
        title=f"Refugee Population Statistics Database: population by origin, {first}-{last}",
        publisher="United Nations High Commissioner for Refugees",
        url="https://www.unhcr.org/refugee-statistics/",
        licence="CC BY 4.0",
        redistribution="with attribution",
        covers=covers if covered else (),
        data_from=f"{first}-12-31",
        data_through=f"{last}-12-31",
        notes=tuple(notes),
    )


def _rda(path: Path) -> tuple[pd.DataFrame, list[str], bool]:
    names = {
        "year": "year",
        "coo_iso": "origin",
        "coa_iso": "asylum",
        "refugees": "refugees",
        "asylum_seekers": "asylum_seekers",
        "oip": "other_in_need",
        "ooc": "others_of_concern",
        "idps": "internally_displaced",
    }
    raw = delivered.r_frames(path, {"population": tuple(names)}, _RDA)["population"][
        list(names)
    ].rename(columns=names)
    raw["year"] = delivered.whole(path, raw["year"], "year", 1900, 2100)
    for column in ("origin", "asylum"):
        if raw[column].isna().any():
            raise DataError(
                f"{path}: {int(raw[column].isna().sum())} rows have no {column}; download it again"
            )
    raw["origin"] = delivered.all_coded(path, raw["origin"], _MEANT)
    raw["asylum"] = raw["asylum"].astype("category")
    count = raw["asylum"].nunique()
    complete = count >= _MANY
    return raw, [_summed(count)] if complete else [_summed(count), _incomplete(count)], complete


def _csv(path: Path, data: bytes) -> tuple[pd.DataFrame, list[str], bool]:
    import pandas as pd

    text = delivered.utf8(path, data, _CSV)

    def known(cells) -> bool:
        folded = {delivered.plain(c) for c in cells}
        return "year" in folded and bool(
            folded & {*_HEADINGS["origin"], *_HEADINGS["origin_name"], *_HEADINGS["asylum_name"]}
        )

    head = delivered.header(path, text, known, _CSV, "Year,Country of Origin,…,Refugees,…")
    folded = [delivered.plain(c) for c in head.cells]
    position: dict[str, int] = {}
    for column, spellings in _HEADINGS.items():
        hits = [i for i, cell in enumerate(folded) if cell in spellings]
        if len(hits) > 1:
            raise DataError(
                f"{path}:{head.line}: the columns {', '.join(repr(head.cells[i]) for i in hits)} mean the same; "
                f"{delivered.AGAIN}"
            )
        position |= {column: hits[0]} if hits else {}
    if head.line > 1 and head.line != 15:
        raise DataError(
            f"{path}: its header stands on line {head.line}, expected line 1, or 15 in older downloads: lines before it "
            f"were cut or added; {delivered.AGAIN}"
        )
    missing = ["Country of Origin"] if not {"origin", "origin_name"} & set(position) else []
    missing += [
        label
        for c, label in (("refugees", "Refugees"), ("asylum_seekers", "Asylum-seekers"))
        if c not in position
    ]
    delivered.refuse_missing(path, missing, head.cells, _CSV)
    counts = [c for c in COUNTS if c in position]
    unused = [cell for i, cell in enumerate(head.cells) if i not in position.values()]
    if "asylum" in position:
        position.pop("asylum_name", None)
    raw = delivered.rows(path, text, head, position, ["year", *counts])
    raw["year"] = delivered.whole(path, raw["year"], "Year", 1900, 2100)
    for column in counts:
        odd = raw[column] < 0
        if raw[column].dtype.kind == "f":
            odd |= raw[column] % 1 > 0
        if odd.any():
            raise DataError(
                f"{path}: {head.cells[position[column]]} = {raw[column][odd].iloc[0]} is no count of people "
                f"({int(odd.sum())} such cells); {delivered.AGAIN}"
            )
    raw["origin"] = _origins(path, raw)
    if "asylum" not in raw:
        raw["asylum"] = (
            raw["asylum_name"] if "asylum_name" in raw else pd.Categorical([_ALL] * len(raw))
        )
    blank = [c for c in raw["asylum"].cat.categories if c != c.strip()]
    if blank:
        raw["asylum"] = raw["asylum"].astype("str").str.strip().astype("category")
    raw = raw[["year", "origin", "asylum", *counts]]
    notes = [f"columns not compiled: {', '.join(unused)}"] if unused else []
    every = raw["origin"] == _ALL
    if every.all():
        raise DataError(
            f"{path}: its rows are of all origins together; in the Refugee Data Finder choose every country of origin "
            "and download it again"
        )
    if every.any():
        notes.append(
            f"{int(every.sum())} rows of all origins together left out: {raw.loc[every, 'refugees'].sum():,.0f} refugees "
            "over all years"
        )
        raw = raw[~every].reset_index(drop=True)
    listed = raw["asylum"].nunique() - int((raw["asylum"] == _ALL).any())
    complete = listed == 0 or listed >= _MANY
    return (
        raw,
        notes + ([_summed(listed)] if listed else []) + ([] if complete else [_incomplete(listed)]),
        complete,
    )


def _origins(path: Path, raw: pd.DataFrame) -> pd.Series:
    """Codes of the origins, `-` for all together; ISO codes come first, names must not contradict them."""
    meant = _MEANT | {_ALL: _ALL}
    codes = delivered.all_coded(
        path, raw["origin"] if "origin" in raw else raw["origin_name"], meant
    )
    if "origin" in raw and "origin_name" in raw:
        pairs = raw[["origin", "origin_name"]].drop_duplicates()
        named = delivered.all_coded(path, pairs["origin_name"], meant).astype("str")
        odd = named != codes[pairs.index].astype("str")
        if odd.any():
            shown = [f"{n} ({c})" for c, n in pairs[odd].itertuples(index=False)]
            raise DataError(
                f"{path}: {len(shown)} names and ISO codes of origins contradict each other "
                f"({delivered.listed(shown, 5)}); {delivered.AGAIN}"
            )
    return codes


def _totals(path: Path, raw: pd.DataFrame, counts: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """One row per origin and year: the publisher's own total where it stands, else the sum over the countries of asylum.

    A sum is empty only where every part is. Where a file holds both, the total counts and the parts are held against it:
    they may fall short, if not all countries were chosen, but not exceed it by more than rounding (5 a part) explains.
    """
    import pandas as pd

    cell = (raw["year"].to_numpy() * 1000 + raw["origin"].cat.codes.to_numpy()) * 1000 + raw[
        "asylum"
    ].cat.codes.to_numpy()
    again = pd.Series(cell).duplicated().to_numpy()
    if again.any():
        row = raw[again].iloc[0]
        raise DataError(
            f"{path}: {int(again.sum())} rows stand twice for the same year, origin and country of asylum (first: "
            f"{row['year']}, {row['origin']}, {row['asylum']}); {delivered.AGAIN}"
        )
    is_total = (raw["asylum"] == _ALL).to_numpy()
    if is_total.all() or not is_total.any():
        return _table(_sums(raw, counts)[0]), []
    totals, (parts, size) = _sums(raw[is_total], counts)[0], _sums(raw[~is_total], counts)
    notes = []
    both = totals.index.intersection(parts.index)
    over = parts.loc[both].sub(size[both] * 5, axis=0) > totals.loc[both]
    if over.to_numpy().any():
        origin, year = over.index[over.any(axis=1)][0]
        raise DataError(
            f"{path}: {int(over.any(axis=1).sum())} totals over all countries of asylum are smaller than the rows that they "
            f"sum up (first: {origin}, {year}); {delivered.AGAIN}"
        )
    short = totals.loc[both, "refugees"].sum() - parts.loc[both, "refugees"].sum()
    notes.append(
        f"{len(both)} origins and years have a total and rows by country of asylum: the total counts; the rows give "
        f"{short:,.0f} refugees less over all years"
    )
    rest = parts.loc[parts.index.difference(totals.index)]
    if len(rest):
        notes.append(
            f"{len(rest)} origins and years have no total and are summed over countries of asylum"
        )
    return _table(pd.concat([totals, rest]).sort_index()), notes


def _sums(rows: pd.DataFrame, counts: list[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Sums by origin and year, empty only where every row is, and the number of rows summed."""
    import numpy as np
    import pandas as pd

    year, origins = rows["year"].to_numpy(), rows["origin"].cat
    first, span = year.min(), int(year.max() - year.min()) + 1
    cell = origins.codes.to_numpy(dtype="int64") * span + (year - first)
    size = np.bincount(cell)
    at = np.flatnonzero(size)
    index = pd.MultiIndex.from_arrays(
        [origins.categories.astype("str")[at // span], at % span + first], names=["origin", "year"]
    )
    sums = {}
    for column in counts:  # whole numbers far below 2**53: exact
        values = rows[column].to_numpy(dtype="float64")
        known = ~np.isnan(values)
        total = np.bincount(cell, weights=np.where(known, values, 0.0))[at]
        sums[column] = np.where(np.bincount(cell, weights=known)[at] > 0, total, np.nan)
    return pd.DataFrame(sums, index=index), pd.Series(size[at], index=index)


def _table(indexed: pd.DataFrame) -> pd.DataFrame:
    """Columns of the table, whole numbers; those that the file does not have are empty."""
    return indexed.reindex(columns=list(COUNTS)).astype("Int64").reset_index()


def _summed(count: int) -> str:
    return f"summed over {count} countries of asylum"


def _incomplete(count: int) -> str:
    return (
        f"only {count} countries of asylum are in the file: if not all were chosen, every count is too small; "
        "no claim is made that it covers any origin"
    )

"""Verdicts, recomputed from the rules in docs/protocol.md (section 12), the ledger and the tables alone."""

from __future__ import annotations

import csv
from typing import Any

import pandas as pd
from recompute.cells import DATA, registry, table

Row = dict[str, Any]
CHECKED = ("matches", "close", "differs", "between year ends")


def ledger() -> dict[str, Row]:
    """Figures as transcribed: numbers as numbers, gaps as None."""
    out: dict[str, Row] = {}
    for path in sorted((DATA / "raw" / "articles").glob("*/figures.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                figure: Row = {k: v or None for k, v in row.items()} | {"source": path.parent.name}
                for column in ("value", "low", "high", "stated_step"):
                    figure[column] = float(row[column]) if row[column] else None
                if row["status"] not in ("proposed", "rejected"):
                    out[row["figure_id"]] = figure
    return out


def codes(cell: Any) -> set[str]:
    """Codes of a ;-joined cell; none of a gap."""
    return set(cell.split(";")) if isinstance(cell, str) and cell else set()


def year_before(day: str) -> str:
    """The same day a year earlier."""
    return f"{int(day[:4]) - 1}{day[4:]}"


def published(origin_id: str) -> tuple[str, str]:
    """First and last possible day of a release; of the copy where the release is unknown."""
    row = registry()[origin_id]
    return row["released"] or row["generated"], row["released_end"] or row["generated"]


def chosen(origins: set[str], figure: Row) -> Row:
    """The release of a verdict: the latest contemporary one, else the first later, else the last earlier."""
    last = registry()[figure["source"]]["released_end"]
    by: dict[str, list[str]] = {"contemporary": [], "later": [], "earlier": []}
    for origin in sorted(origins, key=published):
        first_day, last_day = published(origin)
        recent = year_before(last) <= last_day <= last
        by["later" if first_day > last else "contemporary" if recent else "earlier"].append(origin)
    vintage = next(v for v in by if by[v])
    return {"origin_id": by[vintage][0 if vintage == "later" else -1], "vintage": vintage}


def covering(name: str, start: str, end: str, *marks: str) -> set[str]:
    """Releases in a table whose days hold the window, and that cover one of the marks if any are given."""
    rows = {origin: registry()[origin] for origin in set(table(name)["origin_id"])}
    return {
        origin
        for origin, row in rows.items()
        if row["data_from"] <= start and row["data_through"] >= end
        if not marks or codes(row["covers"]) & set(marks)
    }


def rows_of(name: str, found: Row) -> pd.DataFrame:
    """Rows of the release that was chosen."""
    return table(name)[table(name)["origin_id"] == found["origin_id"]]


def place(amounts: pd.Series, code: str) -> int:
    """Place of one among all, largest first."""
    return 1 + int((amounts > amounts[code]).sum())


def ranking(*places: int) -> Row:
    """Places found; a single one is the computed number, too."""
    found = {"places": ";".join(str(p) for p in sorted(places))}
    return found | ({"computed": places[0]} if len(places) == 1 else {})


def delivered(figure: Row, recipient: str) -> tuple[Row, pd.Series]:
    """Release, and volume by supplier to one recipient over the stated years."""
    start, end = figure["period_start"], figure["period_end"]
    found = chosen(covering("arms_transfers", start, end, "*", f"recipient={recipient}"), figure)
    rows = rows_of("arms_transfers", found)
    rows = rows[
        rows["year"].between(int(start[:4]), int(end[:4])) & (rows["recipient"] == recipient)
    ]
    return found, rows.groupby("supplier")["tiv_million"].sum()


def supplier_share(figure: Row) -> Row:
    """TIV of the counterparts over TIV of all: the printed total where there is one, else the sum."""
    found, volume = delivered(figure, figure["subject"])
    part = sum(volume.get(code, 0.0) for code in codes(figure["counterpart"]))
    return found | {"computed": 100 * part / volume.get("_T", volume.sum())}


def supplier_rank(figure: Row) -> Row:
    """Place of the subject; unknown suppliers together are no supplier."""
    found, volume = delivered(figure, figure["counterpart"])
    return found | ranking(place(volume.drop(["_T", "_U"], errors="ignore"), figure["subject"]))


def units_delivered(figure: Row) -> Row:
    """Units of a designation that came in; deliveries say nothing of what is held."""
    found = chosen(set(table("arms_units")["origin_id"]), figure)
    rows = rows_of("arms_units", found)
    rows = rows[
        (rows["recipient"] == figure["subject"]) & (rows["supplier"] == figure["counterpart"])
    ]
    rows = rows[rows["designation"] == figure["check_method"].split(":")[1]]
    return found | {"computed": rows["units_delivered"].sum(), "verdict": "not comparable"}


def abroad(found: Row) -> pd.DataFrame:
    """Origins × years: refugees, asylum-seekers and others in need of protection."""
    rows = rows_of("displaced_persons", found)
    count = rows[["refugees", "asylum_seekers", "other_in_need"]].sum(axis=1)
    return rows.assign(count=count).pivot_table("count", "origin", "year", aggfunc="sum")


def whole(origins: set[str]) -> set[str]:
    """Releases that have the people in need of protection at all."""
    rows = table("displaced_persons")
    return origins & set(rows.loc[rows["other_in_need"].notna(), "origin_id"])


def displaced_abroad(figure: Row) -> Row:
    """Year ends around the last day, or the daily series where the figure can hold at neither."""
    last, subject = figure["as_of_end"], figure["subject"]
    year = int(last[:4])
    if (figure["as_of"] or "") > f"{year - 1}-12-31":
        found = chosen(set(table("displaced_daily")["origin_id"]), figure)
        rows = rows_of("displaced_daily", found)
        days = pd.to_datetime(rows["day"])
        rows = rows[(rows["origin"] == subject) & (days >= figure["as_of"]) & (days <= last)]
        ends = [float(rows["crossed_so_far"].min()), float(rows["crossed_so_far"].max())]
    else:
        day = f"{year - 1}-12-31"
        found = chosen(whole(covering("displaced_persons", day, day)), figure)
        counts = abroad(found).loc[subject]
        ended = registry()[found["origin_id"]]["data_through"] < f"{year}-12-31"
        if found["vintage"] == "contemporary" and ended:
            return found | {"computed": float(counts[year - 1])}
        ends = sorted([float(counts[year - 1]), float(counts[year])])
    return found | {"computed_low": ends[0], "computed_high": ends[1]}


def displaced_rank(figure: Row) -> Row:
    """Places of the subjects, each by its highest year end; people of unknown origin are no origin."""
    first, last = figure["period_start"][:4], figure["as_of_end"][:4]
    releases = covering("displaced_persons", f"{first}-12-31", f"{last}-12-31")
    found = chosen(whole(releases), figure)
    peaks = abroad(found).drop(["_U", "_STL"], errors="ignore").loc[:, int(first) : int(last)]
    peaks = peaks.max(axis=1)
    return found | ranking(*(place(peaks, code) for code in codes(figure["subject"])))


def sanctioned_nationals(figure: Row) -> Row:
    """Nationals or citizens; of those listed under the state's programmes without either it is not known."""
    found = chosen(set(table("sanctions_listed")["origin_id"]), figure)
    rows = rows_of("sanctions_listed", found)
    rows = rows[rows["kind"] == "individual"]
    marks = rows["nationalities"].fillna("") + ";" + rows["citizenships"].fillna("")
    sure = rows.loc[marks.str.contains(figure["subject"]), "entries"].sum()
    programme = rows["programmes"].str.contains("VENEZUELA")
    unknown = rows.loc[(marks == ";") & programme, "entries"].sum()
    turned = outcome(figure, sure) != outcome(figure, sure + unknown)
    return found | {"computed": float(sure)} | ({"verdict": "undecided"} if turned else {})


def series(figure: Row) -> tuple[Row, pd.DataFrame]:
    """Release, and all rows of the measure that a method names."""
    rows = table("series")
    rows = rows[rows["measure"] == figure["check_method"].split(":")[1]].sort_values("year")
    return chosen(set(rows["origin_id"]), figure), rows


def ranked(figure: Row) -> Row:
    """Reserves of each state at its last date, or battle deaths of all years of a conflict together."""
    found, rows = series(figure)
    if figure["check_method"] != "ranked:battle_deaths":
        last = rows[rows["origin_id"] == found["origin_id"]].groupby("item")["value"].last()
        return found | ranking(place(last, figure["subject"]))
    rows = rows.assign(best=rows["value"].fillna(rows["high"]))
    total = rows.groupby("item")[["low", "best", "high"]].sum()
    (war,) = [item for item in total.index if "Russia" in item and "Ukraine" in item]
    places = {place(total[bound], war) for bound in total}
    return found | ranking(*places) | ({"verdict": "undecided"} if len(places) > 1 else {})


def members(figure: Row) -> Row:
    """Members on the last day that the release covers, plus one."""
    found, rows = series(figure)
    return found | ranking(
        1 + int(rows.loc[rows["origin_id"] == found["origin_id"], "value"].sum())
    )


def years_spanned(figure: Row) -> Row:
    """From the first observation after which none is without the relation to the last one."""
    found, rows = series(figure)
    years = rows.loc[rows["year"] > rows.loc[rows["value"] == 0, "year"].max(), "year"]
    return found | {"computed": float(years.max() - years.min())}


def sheets_published(figure: Row) -> Row:
    """Sheets in the claimant's later file over the tables that most documents announce."""
    found, rows = series(figure)
    said = table("statements")
    said = said[(said["figure_id"] == figure["figure_id"]) & (said["compares"] == "whole")]
    sheets = rows.set_index("origin_id")["value"][found["origin_id"]]
    share = 100 * float(sheets) / float(said["value"].mode().iloc[0])
    return found | {"computed": share, "relation": "interested party"}


def statement(figure: Row, row: pd.Series) -> str | None:
    """What one document makes of a figure; None if it is of another time and only explains."""
    day, day_end = published(row["origin_id"])
    first = figure["as_of"] or figure["period_start"]
    last = figure["as_of_end"] or figure["period_end"]
    if not (year_before(last) <= day_end <= last or (first and day >= first)):
        return None
    if row["compares"] == "unlike":
        return "not comparable"
    if row["compares"] == "part":
        return "matches" if figure["low"] and row["value"] > figure["low"] else "undecided"
    if pd.isna(row["value"]):
        ends = outcome(figure, float(row["low"])), outcome(figure, float(row["high"]))
        return ends[0] if ends[0] == ends[1] else "undecided"
    return outcome(figure, float(row["value"]))


def documents(figure: Row) -> Row:
    """The documents that decide, together: an independent one checks, any other traces."""
    said = table("statements")
    said = said[said["figure_id"] == figure["figure_id"]]
    meant = figure["check_method"].partition(":")[2]
    said = said[said["relation"] == meant] if meant else said
    said = said.assign(found=[statement(figure, row) for _, row in said.iterrows()])
    told = said[said["found"].notna() & (said["found"] != "not comparable")]
    if told.empty:
        return {"verdict": "not comparable" if len(said) else "no data"}
    told = told[told["found"].isin(CHECKED)]  # one that cannot say takes nothing from one that does
    if told["found"].nunique() != 1:
        return {"verdict": "undecided"}
    first = told.sort_values("relation", key=lambda r: r != "independent", kind="stable").iloc[0]
    verdict = traced(first["found"], first["relation"])
    return {"verdict": verdict, "computed": first["value"]} | first[
        ["origin_id", "relation"]
    ].to_dict()


def traced(found: str, relation: str) -> str:
    """Agreement with the own source or an interested party tells where a figure comes from."""
    return (
        "traced" if found == "matches" and relation in ("own source", "interested party") else found
    )


def outcome(figure: Row, number: float) -> str:
    """One number against what is stated."""
    kind, low, high, value = (figure[c] for c in ("qualifier", "low", "high", "value"))
    if kind in ("over", "at_least", "at_most", "vague", "range"):
        above = low is None or number > low or (number == low and kind != "over")
        return "matches" if above and (high is None or number <= high) else "differs"
    off, half = abs(number - value), figure["stated_step"] / 2
    if figure["unit"] == "rank":
        return "differs" if off else "matches"
    if kind == "nearly" and number > value:
        return "differs"
    if off <= half:
        return "matches"
    return "close" if off <= 3 * half and off <= 0.05 * abs(value) else "differs"


def judged(figure: Row, found: Row) -> str:
    """What the rules say of a number, of a bracket or of places."""
    if "verdict" in found:
        return str(found["verdict"])
    if "computed_low" in found:
        low, high, value = found["computed_low"], found["computed_high"], figure["value"]
        if high - low >= value / 5:
            return "undecided"
        half = figure["stated_step"] / 2
        if low - half <= value <= high + half:
            return "between year ends"
        return outcome(figure, low if value < low else high)
    subjects = len(codes(figure["subject"]))
    if "places" in found and subjects > 1:
        wanted = ";".join(str(i + 1) for i in range(subjects))
        return "matches" if found["places"] == wanted else "differs"
    return traced(outcome(figure, found["computed"]), found.get("relation", "data"))


def recomputed(figure: Row) -> Row:
    """Release, vintage, computed number, bracket or places, relative difference and verdict of a figure."""
    method = (figure["check_method"] or "never").split(":")[0]
    found = {"verdict": "no data"} if method == "never" else globals()[method](figure)
    verdict = judged(figure, found)
    stated = figure["value"] or figure["low"]
    if "computed" in found:
        if figure["unit"] != "rank" and verdict != "not comparable":
            found["relative_pct"] = 100 * (found["computed"] - stated) / stated
        if figure["unit"] == "percent" and stated % 10 == 0:
            coarse = judged(figure | {"stated_step": 10.0}, found)
            found["coarse_verdict"] = coarse if coarse != verdict else None
    if figure["derived_from"] or figure["follows_from"]:
        return found | {"verdict": "follows", "coarse_verdict": None}
    return found | {"verdict": verdict}

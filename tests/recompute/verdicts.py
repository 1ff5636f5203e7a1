"""Verdicts, recomputed from the rules in docs/protocol.md (section 12), the ledger and the tables alone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pandas as pd
from recompute.cells import ROOT, registry, table

Row = dict[str, Any]
BOUNDS = ("over", "at_least", "at_most", "vague", "range")
CHECKED = ("matches", "close", "differs", "between year ends")


def ledger() -> dict[str, Row]:
    """Figures as transcribed, numbers as numbers, gaps as None."""
    out: dict[str, Row] = {}
    for path in sorted((ROOT / "data" / "raw" / "articles").glob("*/figures.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] in ("proposed", "rejected"):
                    continue
                figure: Row = {k: v or None for k, v in row.items()}
                for column in ("value", "low", "high", "stated_step"):
                    figure[column] = float(row[column]) if row[column] else None
                figure["source"] = row["figure_id"].rsplit("-", 1)[0]
                out[row["figure_id"]] = figure
    return out


def year_before(day: str) -> str:
    """The same day a year earlier."""
    return f"{int(day[:4]) - 1}{day[4:]}"


def published(origin_id: str) -> tuple[str, str]:
    """First and last possible day of a release; of the copy where the release is unknown."""
    row = registry()[origin_id]
    return row["released"] or row["generated"], row["released_end"] or row["generated"]


def vintages(origins: set[str], source: str) -> dict[str, str]:
    """Earlier, contemporary or later than the article; the latest contemporary one replaces others."""
    last = registry()[source]["released_end"]
    out = {}
    for origin in origins:
        first_day, last_day = published(origin)
        late, recent = first_day > last, last_day >= year_before(last) and last_day <= last
        out[origin] = "later" if late else "contemporary" if recent else "earlier"
    recent_ones = sorted((o for o in out if out[o] == "contemporary"), key=published)
    return out | dict.fromkeys(recent_ones[:-1], "earlier")


def chosen(origins: set[str], source: str) -> tuple[str, str]:
    """The release that the verdict rests on, and its vintage."""
    found = vintages(origins, source)
    order = {"contemporary": 0, "later": 1, "earlier": 2}
    best = min(order[v] for v in found.values())
    same = sorted((o for o in found if order[found[o]] == best), key=published)
    origin = same[0] if best == 1 else same[-1]
    return origin, found[origin]


def codes(cell: Any) -> set[str]:
    """Codes of a ;-joined cell; none of a gap."""
    return set(cell.split(";")) if isinstance(cell, str) and cell else set()


def covering(figure: Row, name: str, start: str, end: str) -> set[str]:
    """Releases in a table whose days hold the window."""
    return {
        origin
        for origin in set(table(name)["origin_id"])
        if (row := registry()[origin])["data_from"] <= start and row["data_through"] >= end
    }


def delivered(figure: Row) -> tuple[str, str, pd.Series]:
    """Release, vintage, and volume by supplier to one recipient over the stated years."""
    recipient = figure["counterpart" if figure["check_method"] == "supplier_rank" else "subject"]
    start, end = figure["period_start"], figure["period_end"]
    origins = {
        o
        for o in covering(figure, "arms_transfers", start, end)
        if codes(registry()[o]["covers"]) & {"*", f"recipient={recipient}"}
    }
    origin, vintage = chosen(origins, figure["source"])
    rows = table("arms_transfers")
    rows = rows[(rows["origin_id"] == origin) & (rows["recipient"] == recipient)]
    rows = rows[rows["year"].between(int(start[:4]), int(end[:4]))]
    return origin, vintage, rows.groupby("supplier")["tiv_million"].sum()


def supplier_share(figure: Row) -> Row:
    """TIV of the counterparts over TIV of all: the printed total where there is one, else the sum."""
    origin, vintage, volume = delivered(figure)
    whole = volume.get("_T", volume.sum())
    part = sum(volume.get(code, 0.0) for code in codes(figure["counterpart"]))
    return {"origin_id": origin, "vintage": vintage, "computed": 100 * part / whole}


def supplier_rank(figure: Row) -> Row:
    """Place of the subject; suppliers unknown are no supplier."""
    origin, vintage, volume = delivered(figure)
    volume = volume.drop(["_T", "_U"], errors="ignore")
    place = 1 + int((volume > volume[figure["subject"]]).sum())
    return {"origin_id": origin, "vintage": vintage, "computed": place, "places": str(place)}


def units_delivered(figure: Row) -> Row:
    """Units of a designation that came in; deliveries say nothing of what is held."""
    designation = figure["check_method"].split(":")[1]
    rows = table("arms_units")
    rows = rows[(rows["designation"] == designation) & (rows["recipient"] == figure["subject"])]
    rows = rows[rows["supplier"] == figure["counterpart"]].set_index("origin_id")
    origin, vintage = chosen(set(rows.index), figure["source"])
    units = float(rows.loc[origin, "units_delivered"])
    return {
        "origin_id": origin,
        "vintage": vintage,
        "computed": units,
        "verdict": "not comparable",
    }


def abroad(origin_id: str) -> pd.DataFrame:
    """Origins × years: refugees, asylum-seekers and others in need of protection."""
    rows = table("displaced_persons")
    rows = rows[rows["origin_id"] == origin_id]
    count = rows[["refugees", "asylum_seekers", "other_in_need"]].sum(axis=1)
    return rows.assign(count=count).pivot(index="origin", columns="year", values="count")


def with_protection(origins: set[str]) -> set[str]:
    """Releases that have the people in need of protection at all."""
    rows = table("displaced_persons")
    return origins & set(rows.loc[rows["other_in_need"].notna(), "origin_id"])


def displaced_abroad(figure: Row) -> Row:
    """Year ends around the last day, or the daily series where the figure can hold at neither."""
    last, subject = figure["as_of_end"], figure["subject"]
    before = int(last[:4]) - 1
    if figure["as_of"] and figure["as_of"] > f"{before}-12-31":
        daily = table("displaced_daily")
        origin, vintage = chosen(set(daily["origin_id"]), figure["source"])
        rows = daily[(daily["origin_id"] == origin) & (daily["origin"] == subject)]
        days = pd.to_datetime(rows["day"])
        rows = rows[(days >= figure["as_of"]) & (days <= last)].sort_values("day")
        low, high = rows["crossed_so_far"].iloc[0], rows["crossed_so_far"].iloc[-1]
        return {
            "origin_id": origin,
            "vintage": vintage,
            "computed_low": float(low),
            "computed_high": float(high),
        }
    # a release of autumn ends with the middle of the year, not with a year end
    origins = with_protection(
        covering(figure, "displaced_persons", f"{before}-12-31", f"{before}-12-31")
    )
    origin, vintage = chosen(origins, figure["source"])
    counts = abroad(origin).loc[subject]
    if vintage == "contemporary" and registry()[origin]["data_through"] < f"{before + 1}-12-31":
        return {"origin_id": origin, "vintage": vintage, "computed": float(counts[before])}
    ends = sorted([float(counts[before]), float(counts[before + 1])])
    return {
        "origin_id": origin,
        "vintage": vintage,
        "computed_low": ends[0],
        "computed_high": ends[1],
    }


def displaced_rank(figure: Row) -> Row:
    """Places of the subjects, each by its highest year end; people of unknown origin are no origin."""
    first, last = int(figure["period_start"][:4]), int(figure["as_of_end"][:4])
    origins = with_protection(
        covering(figure, "displaced_persons", f"{first}-12-31", f"{last}-12-31")
    )
    origin, vintage = chosen(origins, figure["source"])
    counts = abroad(origin).drop(["_U", "_STL"], errors="ignore").loc[:, first:last].max(axis=1)
    places = sorted(1 + int((counts > counts[code]).sum()) for code in codes(figure["subject"]))
    return {"origin_id": origin, "vintage": vintage, "places": ";".join(map(str, places))}


def sanctioned_nationals(figure: Row) -> Row:
    """Individuals by nationality or citizenship; those without either under the subject's programmes may belong."""
    rows = table("sanctions_listed")
    origin, vintage = chosen(set(rows["origin_id"]), figure["source"])
    rows = rows[(rows["origin_id"] == origin) & (rows["kind"] == "individual")]
    marks = rows["nationalities"].fillna("") + ";" + rows["citizenships"].fillna("")
    sure = rows.loc[marks.str.contains(figure["subject"]), "entries"].sum()
    name = "VENEZUELA"
    unknown = rows.loc[
        (marks == ";") & rows["programmes"].str.contains(name), "entries"
    ].sum()
    bound = figure["low"]
    return {
        "origin_id": origin,
        "vintage": vintage,
        "computed": float(sure),
        "turns": (sure > bound) != (sure + unknown > bound),
    }


def ranked(figure: Row) -> Row:
    """Place in a series: reserves of each state at its last date, battle deaths of all years together."""
    measure = figure["check_method"].split(":")[1]
    rows = table("series")
    rows = rows[rows["measure"] == measure]
    origin, vintage = chosen(set(rows["origin_id"]), figure["source"])
    if measure == "oil_reserves":
        rows = rows[rows["origin_id"] == origin].sort_values("year")
        last = rows.groupby("item")["value"].last()
        place = 1 + int((last > last[figure["subject"]]).sum())
        return {"origin_id": origin, "vintage": vintage, "computed": place, "places": str(place)}
    rows = rows.assign(best=rows["value"].fillna(rows["high"]))
    total = rows.groupby(["origin_id", "item"])[["low", "best", "high"]].sum()
    (war,) = [k for k in total.index if "Russia" in k[1] and "Ukraine" in k[1]]
    found = {1 + int((total[c] > total.loc[war, c]).sum()) for c in total}
    places = ";".join(str(place) for place in sorted(found))
    return {
        "origin_id": war[0],
        "vintage": vintages({war[0]}, figure["source"])[war[0]],
        "places": places,
    } | ({"verdict": "undecided"} if len(found) > 1 else {"computed": found.pop()})


def members(figure: Row) -> Row:
    """Members on the last day that the release covers, plus one."""
    rows = table("series")
    rows = rows[rows["measure"] == figure["check_method"].split(":")[1]]
    origin, vintage = chosen(set(rows["origin_id"]), figure["source"])
    place = 1 + int(rows.loc[rows["origin_id"] == origin, "value"].sum())
    return {"origin_id": origin, "vintage": vintage, "computed": place, "places": str(place)}


def years_spanned(figure: Row) -> Row:
    """From the first observation after which none is without the relation to the last one."""
    rows = table("series")
    rows = rows[rows["measure"] == figure["check_method"].split(":")[1]].sort_values("year")
    origin, vintage = chosen(set(rows["origin_id"]), figure["source"])
    without = rows.loc[rows["value"] == 0, "year"].max()
    years = rows.loc[rows["year"] > without, "year"]
    return {"origin_id": origin, "vintage": vintage, "computed": float(years.max() - years.min())}


def sheets_published(figure: Row) -> Row:
    """Sheets in the claimant's later file over the tables that most documents announce."""
    rows = table("series")
    rows = rows[rows["measure"] == figure["check_method"].split(":")[1]].set_index("origin_id")
    origin, vintage = chosen(set(rows.index), figure["source"])
    said = table("statements")
    said = said[(said["figure_id"] == figure["figure_id"]) & (said["compares"] == "whole")]
    share = 100 * float(rows.loc[origin, "value"]) / float(said["value"].mode().iloc[0])
    return {
        "origin_id": origin,
        "vintage": vintage,
        "computed": share,
        "relation": "interested party",
    }


def holds(figure: Row, low: float, high: float) -> str:
    """One number, or an interval that a document leaves open, against what is stated."""
    if figure["qualifier"] in BOUNDS:
        least, most = figure["low"], figure["high"]
        above = least is None or (low > least if figure["qualifier"] == "over" else low >= least)
        return "matches" if above and (most is None or high <= most) else "differs"
    value, step = figure["value"], figure["stated_step"]
    off = max(abs(low - value), abs(high - value))
    if figure["unit"] == "rank":
        return "matches" if off == 0 else "differs"
    if figure["qualifier"] == "nearly" and high > value:
        return "differs"
    if off <= step / 2:
        return "matches"
    return "close" if off <= 1.5 * step and off <= 0.05 * abs(value) else "differs"


def documents(figure: Row) -> Row:
    """Dated documents: which decide, and what they say together."""
    said = table("statements")
    outcomes: list[tuple[str, str]] = []
    rows = said[said["figure_id"] == figure["figure_id"]]
    last, first = (
        figure["as_of_end"] or figure["period_end"],
        figure["as_of"] or figure["period_start"],
    )
    for _, row in rows.iterrows():
        day, day_end = published(row["origin_id"])
        decides = year_before(last) <= day_end <= last or (first is not None and day >= first)
        if not decides:
            continue
        if row["compares"] in ("part", "unlike"):
            bears = (
                row["compares"] == "part"
                and figure["low"] is not None
                and row["value"] > figure["low"]
            )
            outcomes.append(
                (
                    row["relation"],
                    "matches"
                    if bears
                    else {"part": "undecided"}.get(row["compares"], "not comparable"),
                )
            )
            continue
        value = row["value"] if pd.notna(row["value"]) else None
        if value is None:
            low, high = float(row["low"]), float(row["high"])
            inside = low <= figure["value"] <= high
            outcomes.append(
                (
                    row["relation"],
                    "undecided" if inside and low < high else holds(figure, low, high),
                )
            )
        else:
            outcomes.append((row["relation"], holds(figure, float(value), float(value))))
    agree = {o in ("matches", "close") for _, o in outcomes if o in CHECKED}
    if not outcomes or all(o == "not comparable" for _, o in outcomes):
        return {"verdict": "not comparable" if len(rows) else "no data"}
    if len(agree) != 1:
        return {"verdict": "undecided"}
    independent = [o for relation, o in outcomes if relation == "independent" and o in CHECKED]
    if independent:
        return {"verdict": independent[0], "relation": "independent"}
    relation, outcome = next((r, o) for r, o in outcomes if o in CHECKED)
    return {"verdict": "traced" if outcome == "matches" else outcome, "relation": relation}


METHODS: dict[str, Callable[[Row], Row]] = {
    f.__name__: f
    for f in (
        supplier_share,
        supplier_rank,
        units_delivered,
        displaced_abroad,
        displaced_rank,
        sanctioned_nationals,
        ranked,
        members,
        years_spanned,
        sheets_published,
        documents,
    )
}


def verdict(figure: Row, found: Row) -> str:
    """What the rules say of a computed number, bracket or list of places."""
    if "verdict" in found:
        return str(found["verdict"])
    if found.get("turns"):
        return "undecided"
    if "computed_low" in found:
        low, high, value = found["computed_low"], found["computed_high"], figure["value"]
        half = figure["stated_step"] / 2
        if high - low >= value / 5:
            return "undecided"
        if low - half <= value <= high + half:
            return "between year ends"
        nearer = low if value < low else high
        outcome = holds(figure, nearer, nearer)
        return "close" if outcome == "matches" else outcome
    if "places" in found and len(codes(figure["subject"])) > 1:
        wanted = [str(i + 1) for i in range(len(codes(figure["subject"])))]
        return "matches" if found["places"].split(";") == wanted else "differs"
    outcome = holds(figure, found["computed"], found["computed"])
    party = found.get("relation", "data") in ("own source", "interested party")
    return "traced" if party and outcome == "matches" else outcome


def recomputed(figure: Row) -> Row:
    """Origin, vintage, computed value or bracket or places, relative difference and verdict of a figure."""
    method = (figure["check_method"] or "never").split(":")[0]
    found = {"verdict": "no data"} if method == "never" else METHODS[method](figure)
    found["verdict"] = verdict(figure, found)
    stated = figure["value"] or figure["low"]
    if "computed" in found and found["verdict"] != "not comparable" and figure["unit"] != "rank":
        found["difference"] = found["computed"] - stated
        found["relative_pct"] = 100 * found["difference"] / stated
    if (
        figure["unit"] == "percent"
        and figure["value"]
        and figure["value"] % 10 == 0
        and "computed" in found
    ):
        coarse = verdict(
            figure | {"stated_step": 10.0}, {k: v for k, v in found.items() if k != "verdict"}
        )
        if coarse != found["verdict"]:
            found["coarse_verdict"] = coarse
    if figure["derived_from"] or figure["follows_from"]:
        found |= {"verdict": "follows", "coarse_verdict": None}
    return found

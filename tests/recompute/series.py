"""Small series that figures are held against, recomputed: reserves, deaths, members, representation, sheets, days."""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import pandas as pd
from recompute.cells import ISO3, code_of

KEY = ["measure", "item", "year"]
SCALE = {"": 1, "million ": 1e6, "billion ": 1e9}
#: Number and place of a conflict; best, low and high of its deaths.
UCDP = ("conflict_id", "location_inc", "bd_best", "bd_low", "bd_high")
PRIO = ("id", "location", "bdeadbes", "bdeadlow", "bdeadhig")


def records(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def days(path: Path) -> pd.DataFrame:
    """Crossings of the Ukrainian border by day; the sum so far is added up, and not read."""
    frame = pd.DataFrame(records(path))
    crossed = frame["individuals"].astype(int)
    return pd.DataFrame(
        {
            "origin": "UKR",
            "day": pd.to_datetime(frame["date"]).dt.date,
            "crossed": crossed,
            "crossed_so_far": crossed.cumsum(),
        }
    )


def barrels(path: Path) -> list[tuple]:
    """The Factbook's reserves: "12.2 billion barrels (2021 est.)"."""
    found = []
    for row in records(path):
        code = code_of(unescape(row["country"]))
        text = re.match(r"([\d,.]+) (million |billion |)barrels.*\((\d{4}) est\.\)", row["text"])
        if code and text:
            found.append((code, int(text[3]), float(text[1].replace(",", "")) * SCALE[text[2]]))
    return found


def tonnes(path: Path) -> list[tuple]:
    """Our World in Data: states alone, every year."""
    rows = [row for row in records(path) if row["Code"] in ISO3]
    return [(r["Code"], int(r["Year"]), float(r["Oil - Proved reserves"])) for r in rows]


def members(path: Path) -> list[tuple]:
    """States of Latin America and the Caribbean, and whether BRICS stands in their list of organisations."""
    found = []
    for row in records(path):
        folder, code = row["file"].split("/")[0], code_of(row["country"])
        if folder in ("south-america", "central-america-n-caribbean") or code == "MEX":
            found.append((code, None, float("BRICS" in re.split(r", ?", row["text"]))))
    return found


def deaths(path: Path) -> list[tuple]:
    """Conflicts in Europe by year: dyads added up (UCDP), or as they stand (PRIO); -999 is no estimate."""
    rows = records(path)
    number, place, *bounds = UCDP if "bd_best" in rows[0] else PRIO
    total: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in rows:
        if row["region"] == "1":  # not wars of states of several regions, elsewhere
            key = (f"{row[place]} [{row[number]}]", int(row["year"]))
            for i, bound in enumerate(bounds):
                total[key][i] += float("nan") if float(row[bound]) < 0 else float(row[bound])
    return [(*key, *three) for key, three in total.items()]


def representation(path: Path) -> list[tuple]:
    """Whether either side has a representative (DE); the pair is Cuba and Russia."""
    rows = [row for row in records(path) if (row["ccode1"], row["ccode2"]) == ("40", "365")]
    return [("CUB;RUS", int(row["year"]), float(row["DE"])) for row in rows]


def sheets(path: Path) -> list[tuple]:
    """Distinct tally sheets (centre and table) in the claimant's file."""
    text = gzip.decompress(path.read_bytes()).decode("latin-1")
    rows = csv.DictReader(text.splitlines())
    return [("VEN", 2024, float(len({(row["CENTRO"], row["MESA"]) for row in rows})))]


#: A column that only one kind of file has → how that kind is read, what it is of, and its unit.
KINDS = {
    "CENTRO": (sheets, "tally_sheets", "items"),
    "field": (barrels, "oil_reserves", "barrels"),
    "Oil - Proved reserves": (tonnes, "oil_reserves", "tonnes"),
    "bd_best": (deaths, "battle_deaths", "persons"),
    "bdeadbes": (deaths, "battle_deaths", "persons"),
    "DE": (representation, "diplomatic_representation", "items"),
    "text": (members, "brics", "items"),
}


def recomputed(path: Path) -> pd.DataFrame:
    """Rows of the table series; what a file is shows in its header."""
    raw = path.read_bytes()
    head = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("latin-1").split("\n")[0]
    names = next(csv.reader([head.strip()]))
    make, measure, unit = next(kind for column, kind in KINDS.items() if column in names)
    out = pd.DataFrame(make(path)).reindex(columns=range(5))
    out.columns = ["item", "year", "value", "low", "high"]
    return out.assign(measure=measure, unit=unit).astype({"low": float, "high": float})

"""An invented article and its ledger, small enough to read, for tests that break it in one place."""

from __future__ import annotations

import csv
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from figurefind import locators, quantities
from rvdata import articles, origins, rawcsv

SOURCE = "paper-2020"
TEXT = (
    "Ruritania bought 60% of its arms from Freedonia between 2005 and 2015, said the Institute.\n"
    "With Sylvania the share was 75%. Over 100 officials were listed.\n"
    "Some 2.5 and 3.5 million people fled Ruritania and Sylvania. In mid-May 2019 two ships called at the port.\n"
    "The lender put $1.5 billion into the mines, because it wanted a harbour.\n"
)


@dataclass(frozen=True)
class Home:
    """A home folder, with the means to read and rewrite its raw files."""

    folder: Path

    @property
    def raw(self) -> Path:
        return self.folder / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.folder / "data" / "processed"

    def file(self, name: str) -> Path:
        return (
            self.raw / f"{name}.csv"
            if name in ("origins", "countries", "happenings")
            else self.raw / "articles" / SOURCE / f"{name}.csv"
        )

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.file(name).open(newline="", encoding="utf-8") as handle:
            return list(csv.DictReader(handle))

    def put(self, name: str, rows: list[dict[str, str]]) -> None:
        rawcsv.write(self.file(name), tuple(rows[0]), rows)

    def change(self, name: str, row: int, **cells: str) -> None:
        """Set cells of one row (counted from 0)."""
        rows = self.rows(name)
        rows[row].update(cells)
        self.put(name, rows)


def place(expression: str, nth: int = 1) -> dict[str, str]:
    """The locator cells of the nth occurrence of an expression in the invented text."""
    start = -1
    for _ in range(nth):
        start = TEXT.index(expression, start + 1)
    found = locators.make(TEXT, start, start + len(expression))
    return {
        "start": str(found.start),
        "end": str(found.end),
        "span_sha256": found.span_sha256,
        "context_hashes": locators.format_hashes(found.context_hashes),
    }


def figure(
    number: int, stated: str, kind: str, unit: str, sides: str, span: str = "", **cells: str
) -> dict[str, str]:
    """A row; `sides` are subject, counterpart and responsible, with bars between."""
    q = quantities.parse(stated)
    numbers = {"value": q.value, "low": q.low, "high": q.high, "stated_step": q.step}
    return {
        **dict.fromkeys(articles.FIGURES, ""),
        "figure_id": f"{SOURCE}-f{number:02d}",
        "stated": stated,
        "family": kind,
        **dict(zip(("subject", "counterpart", "responsible"), sides.split("|"), strict=True)),
        "unit": unit,
        "measure": f"measure {number}",
        "qualifier": q.qualifier,
        "subject_basis": "printed",
        "status": "as_printed",
        **{k: articles.number_cell(v) for k, v in numbers.items()},
        **place(span or stated),
        **cells,
    }


def years(first: int, last: int) -> dict[str, str]:
    return {
        "period_start": f"{first}-01-01",
        "period_start_precision": "year",
        "period_start_basis": "printed",
        "period_end": f"{last}-12-31",
        "period_end_precision": "year",
        "period_end_basis": "printed",
    }


def make(folder: Path, countries: Path) -> Home:
    """Write the ledger below a folder, and the text it was coded from into ``texts/``."""
    home = Home(folder)
    (home.raw / "articles" / SOURCE).mkdir(parents=True)
    shutil.copy(countries, home.file("countries"))
    (folder / "texts").mkdir()
    (folder / "texts" / f"{SOURCE}.txt").write_bytes(TEXT.encode())
    home.put(
        "origins",
        [
            {
                **dict.fromkeys(origins.COLUMNS, ""),
                "origin_id": SOURCE,
                "kind": "article",
                "title": "Arms and Harbours",
                "publisher": "The Paper",
                "authors": "A. Author",
                "released": "2020-03-01",
                "released_end": "2020-03-01",
                "released_precision": "day",
                "published_basis": "printed",
                "licence": "all rights reserved",
                "redistribution": "none",
                "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
                "chars": str(len(TEXT)),
            }
        ],
    )
    share, window = "arms_import_share", years(2005, 2015)
    doubted = {"subject_basis": "inferred", "status": "doubted"}
    doubted["note"] = "Listed under another state."
    home.put(
        "figures",
        [
            figure(1, "60%", share, "percent", "VEN|RUS|", attributed_to="Institute", **window),
            figure(2, "75%", share, "percent", "VEN|RUS;CHN|", **window),
            figure(3, "Over 100", "sanction", "persons", "VEN||USA"),
            figure(4, "some 2.5 million", "refugee_count", "persons", "VEN||VEN", "Some 2.5"),
            figure(5, "3.5 million", "refugee_count", "persons", "UKR||RUS", **doubted),
            figure(6, "$1.5 billion", "investment_total", "USD", "VEN|RUS|"),
            {
                **dict.fromkeys(articles.FIGURES, ""),
                "figure_id": f"{SOURCE}-f07",
                "family": "arms_import_share",
                "measure": "implied share",
                "value": "15",
                "low": "14",
                "high": "16",
                "stated_step": "1",
                "unit": "percent",
                "qualifier": "approx",
                "subject": "VEN",
                "subject_basis": "inferred",
                "counterpart": "CHN",
                "status": "derived",
                "derived_from": f"{SOURCE}-f01;{SOURCE}-f02",
                "derivation": "75 less 60",
                "note": "Inferred.",
                **window,
            },
        ],
    )
    home.put(
        "happenings",
        [
            {
                **dict.fromkeys(articles.HAPPENINGS, ""),
                "happening_id": "ships-2019",
                "summary": "Two ships call",
                "category": "deployment",
                "actors": "RUS",
                "targets": "VEN",
                "date": "2000-01-01",
                "date_end": "2020-12-31",
                "date_precision": "period",
                "date_basis": "source",
                "known_from": "The Harbour Office, 15 May 2019; https://example.org/ships",
            }
        ],
    )
    home.put(
        "events",
        [
            {
                **dict.fromkeys(articles.EVENTS, ""),
                "event_id": f"{SOURCE}-e01",
                "happening_id": "ships-2019",
                "date": "2019-05-11",
                "date_end": "2019-05-20",
                "date_precision": "part_of_month",
                "date_basis": "printed",
                "category": "deployment",
                "actors": "RUS;VEN",
                "place": "VEN",
                "summary": "Ships call",
                "status": "as_printed",
                **place("mid-May 2019"),
            }
        ],
    )
    home.put(
        "arguments",
        [
            {
                **dict.fromkeys(articles.ARGUMENTS, ""),
                "argument_id": f"{SOURCE}-a01",
                "code": "foothold",
                "stance": "asserted",
                "actor": "RUS",
                "gloss": "A harbour is wanted",
                "status": "as_printed",
                **place("it wanted a harbour"),
            }
        ],
    )
    return home

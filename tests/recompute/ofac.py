"""OFAC's list, recomputed: entries by kind, programmes and the states that mark an individual."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pandas as pd
from recompute.cells import code_of

KEY = ["kind", "programmes", "nationalities", "citizenships", "documents", "birthplaces"]
#: "Passport 123 (Ruritania) issued …", "Tax ID No. 123 (Ruritania)": whatever bears a number of a state.
DOCUMENT = re.compile(r".*\(([^()]+)\)(?: (?:issued|expires) .*)?$")


def codes(names: list[str]) -> str:
    """Codes of the states named, sorted and joined; what names no state is left out."""
    return ";".join(sorted({code for name in names if (code := code_of(name))}))


def given(remarks: list[str], word: str) -> str:
    """States given after a word, "alt." or not."""
    return codes([m[1] for r in remarks if (m := re.match(rf"(?:alt\. )?{word} (.+)", r))])


def marks(text: str) -> tuple[str, str, str, str]:
    """Nationalities, citizenships, documents and places of birth in an individual's remarks."""
    remarks = [part.strip() for part in text.strip().rstrip(".").split(";")]
    places = [r.split("POB ", 1)[1].rsplit(", ", 1)[-1] for r in remarks if "POB " in r]
    papers = [m[1] for r in remarks if (m := DOCUMENT.match(r)) and not m[1].isupper()]
    return (
        given(remarks, "nationality"),
        given(remarks, "citizen"),
        codes(papers),
        codes(places),
    )


def listed(path: Path, country: str, word: str) -> pd.DataFrame:
    """Entries that the country marks, or whose programme has its name."""
    count: Counter[tuple[str, ...]] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if len(row) < 12 or row[0] == "ID":
                continue  # a header, or the mark of the end
            kind = {"-0-": "entity"}.get(row[2].strip(), row[2].strip())
            programmes = row[3].strip().split("] [")
            what = marks(row[11]) if kind == "individual" else ("",) * 4
            if any(country in states.split(";") for states in what) or any(
                word in re.split(r"\W", programme) for programme in programmes
            ):
                count[kind, ";".join(sorted(programmes)), *what] += 1
    return pd.DataFrame([(*key, n) for key, n in count.items()], columns=[*KEY, "entries"])

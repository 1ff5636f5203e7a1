"""How far two independent readings of the articles agree: recomputes the tables of README.md from the two codings.

Run `python docs/agreement/agreement.py` to print them. Rows are matched without looking at their codes: one to one,
where their spans overlap, largest overlap first; derived rows, which have no span, by article and value.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
KINDS = ("figure", "event", "argument")
NAMES = {
    "first": "first reading",
    "second": "second reading",
    "present": "ledger of 28 November 2026",
    "third": "third coding",
}


def read(name: str) -> list[dict[str, str]]:
    """Rows of one of the CSV files beside this module."""
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def overlap(a: dict[str, str], b: dict[str, str]) -> int:
    """Code points that two rows share; derived rows share one if their value is the same."""
    if a["source_id"] != b["source_id"] or a["kind"] != b["kind"]:
        return 0
    if not a["start"] or not b["start"]:
        return int(not a["start"] and not b["start"] and a["value"] == b["value"])
    return max(0, min(int(a["end"]), int(b["end"])) - max(int(a["start"]), int(b["start"])))


def match(first: list[dict[str, str]], second: list[dict[str, str]]) -> list[tuple[int, int]]:
    """Pairs of positions of matching rows."""
    shared = sorted(
        (
            (overlap(a, b), -i, -j)
            for i, a in enumerate(first)
            for j, b in enumerate(second)
            if overlap(a, b)
        ),
        reverse=True,
    )
    pairs, taken_a, taken_b = [], set(), set()
    for _, i, j in shared:
        if -i not in taken_a and -j not in taken_b:
            pairs.append((-i, -j))
            taken_a.add(-i)
            taken_b.add(-j)
    return sorted(pairs)


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of pairs of codes: agreement beyond what the two distributions of codes give by chance."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(one[code] * other[code] for code in one) / n**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def report(one: str = "first", other: str = "second") -> str:
    """The two tables of README.md for two codings, by the names of their files."""
    first, second = read(one), read(other)
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in first)]
    pairs = match(first, second)
    lines = [
        f"| | {NAMES[one]} | {NAMES[other]} | found by both | share of all found |",
        "| --- | --- | --- | --- | --- |",
    ]
    for kind in kinds:
        a, b = (sum(r["kind"] == kind for r in rows) for rows in (first, second))
        both = sum(first[i]["kind"] == kind for i, _ in pairs)
        lines.append(f"| {kind}s | {a} | {b} | {both} | {100 * both / (a + b - both):.0f} % |")
    lines += ["", "| code | compared | same | Cohen's kappa |", "| --- | --- | --- | --- |"]
    for kind, column, name in (
        ("figure", "code", "family of figures"),
        ("figure", "qualifier", "hedge of figures"),
        ("figure", "value", "value of figures"),
        ("figure", "numbers", "value, low and high of figures"),
        ("event", "code", "category of events"),
        ("event", "dates", "earliest and latest day of events"),
        ("argument", "code", "code of arguments"),
        ("argument", "stance", "stance of arguments"),
    ):
        if kind not in kinds:
            continue
        codes = [
            (first[i][column], second[j][column]) for i, j in pairs if first[i]["kind"] == kind
        ]
        same = sum(a == b for a, b in codes)
        beyond = f"{kappa(codes):.2f}" if column in ("code", "qualifier", "stance") else "–"
        lines.append(
            f"| {name} | {len(codes)} | {same} ({100 * same / len(codes):.0f} %) | {beyond} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(), report("present", "third"), sep="\n\n")

"""How good `rvdata extract` is: precision, recall and F1 on labelled texts, beside quantulum3 on the same texts.

    .venv/bin/pip install -r benchmarks/requirements.txt
    .venv/bin/python benchmarks/figurefind/quality.py TEXTS LABELS…

TEXTS is the folder of the labelled texts, ``<id>.txt``; LABELS are files of one label a line, or folders of them.
Counted are labels of substantive money, percentages and counts; a proposal is right if it overlaps the number and has
its value (a range its two bounds). Dates, years, ordinals, periods and measures are neutral; a proposal on anything
else, or on what is labelled as not substantive, is wrong. The interval is the middle 95 % of 2,000 bootstrap resamples
of the lines of the texts.
"""

from __future__ import annotations

import argparse
import json
import random
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from figurefind.extract import propose

COUNTED = ("money", "percent", "count")
BOUNDS = ("low", "high")


def read_labels(paths: Iterable[Path]) -> list[dict]:
    """The labels of files, and of all .jsonl files of folders."""
    files = [
        file
        for path in paths
        for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    ]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def is_counted(label: dict) -> bool:
    return (
        label["kind"] in COUNTED
        and label["substantive"]
        and any(label[k] is not None for k in ("value", *BOUNDS))
    )


def agrees(label: dict, found: dict) -> bool:
    """Whether a proposal has the label's number: its value, or the bounds that it states."""
    if label["value"] is not None:
        if found["value"] is None:
            return False
        share = label["kind"] == "percent" and _near(found["value"] * 100, label["value"])
        return share or _near(found["value"], label["value"])
    return all(
        label[k] is None or (found[k] is not None and _near(found[k], label[k])) for k in BOUNDS
    )


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1, abs(a), abs(b))


def outcomes(text: str, labels: list[dict], found: list[dict]) -> dict[int, list[int]]:
    """Right, wrong and missed, by the line of the text."""
    lines: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    used = set()
    for label in filter(is_counted, labels):
        left, right = label.get("core_start", label["start"]), label.get("core_end", label["end"])
        hits = [
            k
            for k, f in enumerate(found)
            if f["start"] < right and left < f["end"] and agrees(label, f)
        ]
        lines[text.count("\n", 0, label["start"])][0 if hits else 2] += 1
        used.update(hits[:1])
    for k, proposal in enumerate(found):
        over = [g for g in labels if proposal["start"] < g["end"] and g["start"] < proposal["end"]]
        counted = [g for g in over if is_counted(g)]
        misread = counted and not any(agrees(g, proposal) for g in counted)
        if k not in used and (misread or not any(g["substantive"] for g in over)):
            lines[text.count("\n", 0, proposal["start"])][1] += 1
    return lines


def scores(counts: Iterable[list[int]]) -> tuple[float, float, float, list[int]]:
    right, wrong, missed = (sum(column) for column in zip(*counts, strict=False))
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return (
        precision,
        recall,
        2 * precision * recall / max(1e-9, precision + recall),
        [right, wrong, missed],
    )


def interval(counts: list[list[int]], draws: int = 2000) -> tuple[float, float]:
    """The middle 95 % of F1 over resampled lines."""
    chance = random.Random(0)
    drawn = sorted(scores(chance.choices(counts, k=len(counts)))[2] for _ in range(draws))
    return drawn[draws // 40], drawn[-draws // 40]


def ours(text: str) -> list[dict]:
    return [
        {"start": p.start, "end": p.end, "value": p.value, "low": p.low, "high": p.high}
        for p in propose(text)
    ]


def theirs() -> Callable[[str], list[dict]] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from quantulum3 import parser
    except ImportError:
        return None

    def read(text: str) -> list[dict]:
        found = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for q in parser.parse(text):
                spread = q.uncertainty or 0  # of a range it gives the middle and half the width
                found.append(
                    {
                        "start": q.span[0],
                        "end": q.span[1],
                        "value": q.value,
                        "low": q.value - spread,
                        "high": q.value + spread,
                    }
                )
        return found

    return read


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("texts", type=Path)
    arguments.add_argument("labels", nargs="+", type=Path)
    wish = arguments.parse_args()
    labels = read_labels(wish.labels)
    names = sorted({label["id"] for label in labels})
    texts = {name: (wish.texts / f"{name}.txt").read_bytes().decode("utf-8") for name in names}
    quantulum = theirs()
    print(
        f"{len(texts)} texts, {sum(map(len, texts.values())):,} characters, "
        f"{sum(map(is_counted, labels))} counted labels"
    )
    for name, read in (("rvdata extract", ours), ("quantulum3", quantulum)):
        if read is None:
            print(f"{name:<16}not installed: pip install -r benchmarks/requirements.txt")
            continue
        counts = []
        for key, text in texts.items():
            by_line = outcomes(text, [g for g in labels if g["id"] == key], read(text))
            counts += [by_line[line] for line in range(text.count("\n") + 1)]
        precision, recall, f1, (right, wrong, missed) = scores(counts)
        low, high = interval([c for c in counts if any(c)])
        print(
            f"{name:<16}precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f} ({low:.3f} to {high:.3f})  "
            f"right {right}, wrong {wrong}, missed {missed}"
        )


if __name__ == "__main__":
    main()

"""How good `figurefind` is on labelled texts: each text by itself, all without it, all; and what its confidence is worth.

    RVDATA_TEXTS=… FIGUREFIND_LABELLED=… .venv/bin/python benchmarks/figurefind/quality.py
    .venv/bin/python benchmarks/figurefind/quality.py TEXTS LABELS…

Without arguments the five articles are scored (their texts in the folder RVDATA_TEXTS, their labels in
tests/figurefind/labels) and the passages in FIGUREFIND_LABELLED, a folder of ``<id>.txt`` and of labels in .jsonl, one a
line. Beside them stands quantulum3 on the same texts, if it is installed (benchmarks/requirements.txt).

Counted are labels of substantive money, percentages and counts; a proposal is right if it overlaps the number and has
its value (a range its two bounds). Dates, years, ordinals, periods and measures are neutral; a proposal on anything
else, or on what is labelled as not substantive, is wrong. The interval is the middle 95 % of 2,000 bootstrap resamples
of the lines of the texts.
"""

from __future__ import annotations

import argparse
import json
import os
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


def judged(labels: list[dict], found: list[dict]) -> tuple[list[str], list[dict]]:
    """Of each proposal "right", "wrong" or "neutral", and the labels that none has found."""
    verdicts, missed = ["neutral"] * len(found), []
    for label in filter(is_counted, labels):
        left, right = label.get("core_start", label["start"]), label.get("core_end", label["end"])
        hits = [
            k
            for k, f in enumerate(found)
            if f["start"] < right and left < f["end"] and agrees(label, f)
        ]
        for k in hits[:1]:
            verdicts[k] = "right"
        if not hits:
            missed.append(label)
    for k, proposal in enumerate(found):
        over = [g for g in labels if proposal["start"] < g["end"] and g["start"] < proposal["end"]]
        counted = [g for g in over if is_counted(g)]
        misread = counted and not any(agrees(g, proposal) for g in counted)
        if verdicts[k] != "right" and (misread or not any(g["substantive"] for g in over)):
            verdicts[k] = "wrong"
    return verdicts, missed


def outcomes(text: str, labels: list[dict], found: list[dict]) -> list[list[int]]:
    """Right, wrong and missed of each line of the text that has any."""
    lines: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    verdicts, missed = judged(labels, found)
    for proposal, verdict in zip(found, verdicts, strict=True):
        if verdict != "neutral":
            lines[text.count("\n", 0, proposal["start"])][verdict == "wrong"] += 1
    for label in missed:
        lines[text.count("\n", 0, label["start"])][2] += 1
    return list(lines.values())


def scores(counts: Iterable[list[int]]) -> tuple[float, float, float, list[int]]:
    right, wrong, missed = (sum(column) for column in zip([0] * 3, *counts, strict=True))
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
    return [proposal._asdict() for proposal in propose(text)]


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


def calibration(texts: dict[str, str], labels: list[dict]) -> dict[float, list[int]]:
    """Of each confidence how many proposals of money, percent and counts are right, and how many there are."""
    table: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for key, text in texts.items():
        found = ours(text)
        verdicts, _ = judged([g for g in labels if g["id"] == key], found)
        for proposal, verdict in zip(found, verdicts, strict=True):
            if verdict != "neutral":
                table[proposal["confidence"]][0] += verdict == "right"
                table[proposal["confidence"]][1] += 1
    return dict(sorted(table.items(), reverse=True))


def report(texts: dict[str, str], labels: list[dict]) -> None:
    """Print the scores of a set of texts."""
    print(
        f"{len(texts)} texts, {sum(map(len, texts.values())):,} characters, "
        f"{sum(map(is_counted, labels))} counted labels"
    )
    for name, read in (("figurefind", ours), ("quantulum3", theirs())):
        if read is None:
            print(f"{name:<14}not installed: pip install -r benchmarks/requirements.txt")
            continue
        counts = {
            key: outcomes(text, [g for g in labels if g["id"] == key], read(text))
            for key, text in texts.items()
        }
        for key in counts if name == "figurefind" else ():
            without = [line for other, lines in counts.items() if other != key for line in lines]
            print(f"{key:<14}{told(counts[key])}  without it F1 {scores(without)[2]:.3f}")
        every = [line for lines in counts.values() for line in lines]
        low, high = interval(every)
        print(f"{name:<14}{told(every)}  F1 between {low:.3f} and {high:.3f}")
    for sure, (right, count) in calibration(texts, labels).items():
        print(f"marked {sure:.2f}   {right} of {count} right")


def told(counts: list[list[int]]) -> str:
    precision, recall, f1, (right, wrong, missed) = scores(counts)
    return (
        f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  "
        f"right {right}, wrong {wrong}, missed {missed}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("texts", type=Path, nargs="?")
    arguments.add_argument("labels", nargs="*", type=Path)
    wish = arguments.parse_args()
    own = Path(__file__).resolve().parents[2] / "tests/figurefind/labels"
    sets = [
        (Path(folder), labels or [Path(folder)])
        for name, labels in (("RVDATA_TEXTS", [own]), ("FIGUREFIND_LABELLED", None))
        if (folder := os.environ.get(name))
    ]
    if wish.texts:
        sets = [(wish.texts, wish.labels or [wish.texts])]
    if not sets:
        arguments.error("no texts; name a folder, or set RVDATA_TEXTS or FIGUREFIND_LABELLED")
    texts, labels = {}, []
    for folder, files in sets:
        labels += read_labels(files)
        texts |= {
            name: (folder / f"{name}.txt").read_bytes().decode("utf-8")
            for name in sorted({label["id"] for label in read_labels(files)})
        }
    report(texts, labels)


if __name__ == "__main__":
    main()

"""How fast `figurefind` reads, beside quantulum3 on the same text in the same run, and on hostile input.

    .venv/bin/pip install -r benchmarks/requirements.txt
    .venv/bin/python benchmarks/figurefind/speed.py TEXT…

Without quantulum3 only our own speed is measured. Times are the best of five; quantulum3, which is slow, is timed once
after a run that loads its tables. The texts are read as one, a sentence being at most 20,000 characters for quantulum3.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from pathlib import Path

from figurefind.extract import propose

HOSTILE = {
    "digits": "7",
    "nested commas": "1,",
    "points": "1.",
    "thousands": "123,456,",
    "blank groups": "123 ",
    "unclosed ranges": "1-",
    "dashes": "–",
    "ands": "and ",
    "hundreds": "hundred ",
    "a million million": "a million ",
    "one hundred and": "one hundred and ",
    "twenty-": "twenty-",
    "parentheses": "(",
    "closed": "((1))",
    "blanks": " ",
    "lines": "\n",
    "line ends and blanks": "\n \n",
    "dollars": "$",
    "dollar ones": "$1 ",
    "percent": "1% ",
    "or more": "1 or more ",
    "between": "between 1 and ",
    "from": "from 1 to ",
    "lists": "1, 2 and 3 million, ",
    "dates": "1 May 2020, ",
    "phones": "+1 202 ",
    "hedges": "more than about ",
    "capitals": "Aa ",
    "points and capitals": "A. ",
    "according": "according to the ",
    "said": "The Said said ",
    "no-break blanks": "\u00a0",
    "zero-width": "1\u200b",
    "combining": "e\u0301",
    "astral": "\U0001d7d9",
    "brackets": "[1]",
    "slashes": "1/2/",
    "months": "May ",
    "headlines": "Seven men were seen in two towns\n",
    "one letter": "a",
    "words": "word ",
    "halves": "half a ",
    "ones": "one in ",
    "points between": "1" + "." * 40,
    "years in a row": "1999;",
    "a word, then ones": "aaaaaaaaaa5 ",
    "marks": ",[12",
    "degrees": "°|",
    "scores": "2-1,",
    "numbered headings": "1.1 Aa\n",
    "counters": "shares\n12\n",
    "cited": "1 (1999), ",
    "prices": "$1.1",
}


def best(call, runs: int = 5) -> float:
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("texts", nargs="+", type=Path, metavar="TEXT")
    arguments.add_argument("--hostile-chars", type=int, default=1_000_000, metavar="N")
    wish = arguments.parse_args()
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in wish.texts)
    propose(text)
    seconds = best(lambda: propose(text))
    ours = len(text.encode()) / seconds
    print(f"text                 {len(text):>10,} characters, {len(propose(text))} figures")
    print(f"figurefind           {ours / 1e3:>10,.0f} kB/s")
    longer = text * max(1, 200_000 // len(text))
    once, tenfold = best(lambda: propose(longer), 3), best(lambda: propose(longer * 10), 1)
    print(f"ten times the text   {tenfold / once:>10.1f} times the time")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from quantulum3 import parser

            parser.parse(text[:2_000])
            theirs = len(text.encode()) / best(
                lambda: [
                    parser.parse(text[at : at + 20_000]) for at in range(0, len(text), 20_000)
                ],
                1,
            )
        print(f"quantulum3           {theirs / 1e3:>10,.1f} kB/s")
        print(f"ratio                {ours / theirs:>10,.0f}")
    except ImportError:
        print("quantulum3             not installed: pip install -r benchmarks/requirements.txt")
    print(
        f"\nhostile input, {wish.hostile_chars // 10:,} and {wish.hostile_chars:,} characters in one piece of text"
    )
    worst = ("", 0.0)
    for name, unit in HOSTILE.items():
        short = unit * (wish.hostile_chars // 10 // len(unit))
        tenth, whole = (best(lambda text=short * n: propose(text), 1) for n in (1, 10))
        worst = max(worst, (name, whole), key=lambda pair: pair[1])
        print(
            f"  {name:<22} {tenth:>8.3f} s {whole:>8.3f} s   {whole / max(tenth, 1e-9):>5.1f} times"
        )
    print(f"slowest: {worst[0]}, {worst[1]:.2f} s")
    line = "Some 1,200 people fled in 2013 and $3 billion was spent, " * (10_000_000 // 57)
    cores = os.cpu_count() or 1
    print(
        f"one line of 10 MB      {best(lambda: propose(line, jobs=cores), 1):.1f} s on {cores} cores"
    )


if __name__ == "__main__":
    main()

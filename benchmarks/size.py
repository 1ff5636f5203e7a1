"""Formatted lines of Python by package beside the budget of each: ``make size``."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
#: Most lines; docstrings count, golden texts and the independent recomputation do not.
BUDGETS = {
    "rvdata": 13_000,
    "nbfleet": 3_900,
    "figurefind": 3_600,
    "tests": 18_500,
    "notebooks": 900,
    "templates": 900,
}


def templates(source: str) -> int:
    """Lines of the Jinja templates in a cell: texts of more than a line that hold a filter or a condition."""
    return sum(
        len(node.value.strip().splitlines())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "\n" in node.value
        and "{" in node.value
    )


def lines() -> dict[str, int]:
    """Lines by room, of the files that git knows or would know."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    counts = dict.fromkeys(BUDGETS, 0)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        room = name.split("/")[0]
        if name.startswith("tests/recompute/") or not path.is_file():
            continue
        if path.suffix == ".py" and room in BUDGETS:
            counts[room] += len(path.read_text(encoding="utf-8").splitlines())
        elif path.suffix == ".ipynb" and room == "notebooks":
            for cell in nbformat.read(path, 4).cells:
                if cell.cell_type == "code":
                    prose = templates(cell.source)
                    counts[room] += len(cell.source.splitlines()) - prose
                    counts["templates"] += prose
    return counts


def main() -> int:
    """Print the table; the exit status says whether a room is larger than its budget."""
    print(f"{'lines at 100 columns':<20} {'now':>7} {'budget':>7}")
    over = 0
    for room, count in lines().items():
        more = count - BUDGETS[room]
        over += more > 0
        print(f"{room:<20} {count:>7,} {BUDGETS[room]:>7,}{f'  {more:,} over' if more > 0 else ''}")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())

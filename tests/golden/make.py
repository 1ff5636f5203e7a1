"""What the project produces, as texts that a change can be held against: ``python tests/golden/make.py [--check]``.

``reports/`` holds what every report of the plan says: its texts, the alternative texts of its charts and its tables,
cell by cell. ``tables/`` holds every processed table: columns, types, a hash a column, and the rows of small ones.
``commands.txt`` holds the help of every command and what the commands answer that look things up.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pandas as pd
import pyarrow.parquet as pq
from click.testing import CliRunner

from rvdata.cli import main as main_command

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RVDATA = str(Path(sys.executable).parent / "rvdata")
WHOLE_ROWS = 400  # longer tables are told by the hashes of their columns alone, and so are longer cells' outputs
ANSWERS = (
    ("list",),
    ("check",),
    ("check", "rusi-2022-f05"),
    ("trace", "rusi-2022-f11"),
    ("describe", "figures"),
    ("cite", "figures"),
)


def command(*words: str) -> str:
    """Output of one command, errors included."""
    # click leaves two of 80 columns free
    done = CliRunner().invoke(main_command, words, prog_name="rvdata", terminal_width=78)
    return f"$ rvdata {' '.join(words)}\n{done.stdout}{done.stderr}exit {done.exit_code}\n"


def commands() -> str:
    """Help of each command, and answers of those that look things up."""
    names = sorted(main_command.commands)
    asked = [("--help",), *((name, "--help") for name in names), *ANSWERS]
    return "\n".join(command(*words) for words in asked)


def table(path: Path) -> str:
    """Columns with type and hash, and the rows if they are few."""
    arrow = pq.read_table(path)
    frame = arrow.to_pandas()
    lines = [f"{path.stem}: {len(frame)} rows"]
    for name, column in frame.items():
        cells = "\n".join("" if pd.isna(cell) else str(cell) for cell in column)
        digest = hashlib.sha256(cells.encode()).hexdigest()[:16]
        lines.append(f"{name}  {arrow.schema.field(name).type}  {digest}")
    if len(frame) <= WHOLE_ROWS:
        lines += ["", frame.to_csv(index=False, sep="|", lineterminator="\n").rstrip("\n")]
    return "\n".join(lines) + "\n"


def squeezed(text: str) -> str:
    """A printed table without the padding that one long cell gives to all, long ones by head, tail and hash."""
    lines = [re.sub(r" {2,}", "  ", line).strip() for line in text.rstrip("\n").split("\n")]
    if len(lines) > WHOLE_ROWS:
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        lines = [*lines[:30], f"… {len(lines) - 60} lines; all of them {digest} …", *lines[-30:]]
    return "\n".join(lines)


def said(path: Path) -> str:
    """Texts, alternative texts and tables of one executed notebook, cell by cell."""
    lines = []
    for number, cell in enumerate(nbformat.read(path, 4).cells):
        tags = " ".join(cell.metadata.get("tags", []))
        lines.append(f"--- cell {number}: {cell.cell_type} {tags}".rstrip())
        if cell.cell_type == "markdown":
            lines.append(cell.source)
            continue
        for output in cell.outputs:
            if output.output_type == "stream":
                lines.append(squeezed(output.text))
                continue
            data = output.get("data", {})
            for mime in ("text/markdown", "text/plain", "application/vnd.nbfleet.provenance+json"):
                if mime in data and not (mime == "text/plain" and "text/markdown" in data):
                    lines.append(f"[{mime}]\n{squeezed(str(data[mime]))}")
            for mime, about in output.get("metadata", {}).items():
                if isinstance(about, dict) and "alt" in about:
                    lines.append(f"[alternative text of {mime}]\n{about['alt']}")
    return "\n".join(lines) + "\n"


def reports() -> dict[str, str]:
    """What every report of the plan says, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [RVDATA, "report", "--out", folder],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        made = sorted(Path(folder).glob("*/*.ipynb"))
        return {path.stem: said(path) for path in made if path.stem == path.parent.name}


def everything() -> dict[str, str]:
    """Every golden text, by its path below this folder."""
    texts = {
        f"tables/{p.stem}.txt": table(p) for p in (ROOT / "data" / "processed").glob("*.parquet")
    }
    texts["commands.txt"] = commands()
    texts |= {f"reports/{name}.md": text for name, text in reports().items()}
    return texts


def kept() -> dict[str, str]:
    """The texts as they are stored."""
    paths = [*HERE.glob("*.txt"), *HERE.glob("*/*.txt"), *HERE.glob("*/*.md")]
    return {str(path.relative_to(HERE)): path.read_text(encoding="utf-8") for path in paths}


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Unified differences, file by file."""
    lines: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        lines += difflib.unified_diff(before, after, name, name, lineterm="", n=1)
    return lines


def main() -> int:
    """Write the texts, or say what differs from them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="only say what differs; exit with 1 if anything does"
    )
    asked = parser.parse_args()
    old, new = kept(), everything()
    lines = differences(old, new)
    if asked.check:
        print("\n".join(lines) if lines else f"{len(new)} golden texts are as they were")
        return int(bool(lines))
    for name in old.keys() - new.keys():
        (HERE / name).unlink()
    for name, text in new.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text, encoding="utf-8")
    print(f"{len(new)} golden texts written, {len(lines)} lines of difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())

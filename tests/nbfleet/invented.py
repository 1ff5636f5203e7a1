"""A project for the tests, with hooks that leave a trace in what a batch says and does; its home is FLEET_HOME."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from nbfleet.errors import nearest
from nbfleet.plan import Parameter
from nbfleet.project import Project

STATES = {
    "CHN": "China",
    "CUB": "Cuba",
    "IRN": "Iran",
    "RUS": "Russia",
    "SYR": "Syria",
    "USA": "the United States",
    "VEN": "Venezuela",
}


def home() -> Path:
    return Path(os.environ["FLEET_HOME"]).absolute()


def refusal(parameter: Parameter, word: str) -> str:
    """Parameters whose help says ISO3 take codes of states."""
    if "ISO3" not in parameter.help or word in STATES:
        return ""
    return f"{word!r} is no state{nearest(word.upper(), STATES)}. Use a code, such as VEN"


def conflict(values: Mapping[str, object]) -> str:
    """Years that run backwards."""
    start, end = values.get("start"), values.get("end")
    backwards = isinstance(start, int) and isinstance(end, int) and start > end
    return f"start {start} is after end {end}. Swap them" if backwards else ""


def worded(word: str) -> str:
    return STATES.get(word, word)


def contents(path: Path, digest: str) -> str:
    """Of a table, what stands before the stroke, if the descriptor beside it knows the file."""
    if path.suffix != ".parquet":
        return "tables" if path.name == "datapackage.json" else ""
    known = json.loads((path.parent / "datapackage.json").read_text())
    data = path.read_bytes()
    if known.get(path.stem) != sha256(data).hexdigest():
        return ""
    return sha256(data.split(b"|")[0]).hexdigest()


PROJECT = Project(
    name="invented",
    version="1.0",
    home=home,
    home_variable="FLEET_HOME",
    refusal=refusal,
    conflict=conflict,
    worded=worded,
    contents=contents,
)

"""Long patterns are data: alternatives in groups, each with a text that it finds and one that it leaves alone.

patterns.toml has what is looked for in sentences, furniture.toml what tells the lines of a page.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from figurefind.figure import GAP

GROUPS: dict[str, list[dict]] = {
    kind: groups
    for file in ("patterns.toml", "furniture.toml")
    for kind, groups in tomllib.loads(
        Path(__file__).with_name(file).read_text(encoding="utf-8")
    ).items()
}
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_PARTS = {"GAP": GAP, "MONTH": _MONTH, "COUNTED": "|".join(GROUPS["counted"][0]["patterns"])}


def joined(*groups: dict) -> str:
    """The alternatives of groups as the source of one pattern."""
    source = "|".join(pattern for group in groups for pattern in group["patterns"])
    for name, part in _PARTS.items():
        source = source.replace(name, part)
    return f"(?:{source})"


def pattern(kind: str, before: str = "", behind: str = "") -> re.Pattern[str]:
    """All groups of a kind as one pattern, between what else belongs to it."""
    return re.compile(before + joined(*GROUPS[kind]) + behind)

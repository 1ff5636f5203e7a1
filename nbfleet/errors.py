"""Errors that a user can mend: one line with the fact, the place and the remedy."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


class FleetError(Exception):
    """Something in a plan, a notebook or a wish is not right; the message says what, where and what to do."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`' (nearest: …)'` with the closest valid word, or an empty string."""
    close = difflib.get_close_matches(word[:100], [str(w) for w in words], 1)
    return f" (nearest: {close[0]})" if close else ""


def visible(text: str) -> str:
    r"""A text in which characters that a terminal obeys, hides or cannot take are written as Python writes them.

    Examples
    --------
    >>> visible("a\x1b[2J b\u202e ü\udcff")
    'a\\x1b[2J b\\u202e ü\\udcff'
    """
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in hidden else c for c in text)

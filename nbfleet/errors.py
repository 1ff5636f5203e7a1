"""Errors that a user can mend: one line with the fact, the place and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FleetError(Exception):
    """Something in a plan, a notebook or a wish is not right; the message says what, where and what to do."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`' (nearest: …)'` with the closest valid word, or an empty string."""
    close = difflib.get_close_matches(word, [str(w) for w in words], 1)
    return f" (nearest: {close[0]})" if close else ""

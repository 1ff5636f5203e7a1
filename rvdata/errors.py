"""Errors that a user can mend: one message with the fact, the place and the remedy."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass

from rvdata.text import visible


class DataError(Exception):
    """Something in the data or in a wish is not right; the message says what, where and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the lines of cells that led here, and the message."""
        from IPython import get_ipython

        label, lines = get_ipython().compile.format_code_name, []
        for frame in traceback.extract_tb(self.__traceback__):
            if cell := label(frame.filename):  # none for a file: it is a library's, or our own
                lines += [
                    f"{' '.join(cell)}, line {frame.lineno}",
                    f"----> {frame.lineno} {frame.line}",
                ]
        return [*lines, visible(f"{type(self).__name__}: {self}")]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one value: where, what and how to mend it."""

    place: str
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """In one line."""
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return f"{self.place}: {self.column} = {shown!r}: {self.remedy}"


def refuse(faults: list[Fault], shown: int = 40) -> None:
    """Raise one `DataError` that lists all faults, or return if there are none."""
    if not faults:
        return
    unique = list(dict.fromkeys(str(f) for f in faults))
    more = [f"… and {len(unique) - shown} more"] if len(unique) > shown else []
    head = [] if len(unique) == 1 else [f"{len(unique)} faults in the data:"]
    raise DataError("\n".join(head + unique[:shown] + more))


def nearest(word: str, words: Iterable[str]) -> str:
    """`' (nearest: …)'` with the closest valid word, or an empty string."""
    close = difflib.get_close_matches(word, [str(w) for w in words], 1)
    return f" (nearest: {close[0]})" if close else ""


def unknown(what: str, word: str, words: Iterable[str]) -> str:
    """What to say of a name that nothing of a kind has: the nearest, and all that there are."""
    return f"no {what} is called {word!r}{nearest(word, words)}; there are: {', '.join(words) or 'none'}"


def no_such(what: str, word: str, words: Iterable[str]) -> str:
    """What to say of a word that is none of a kind: the nearest, and all that there are."""
    return f"{word!r} is no {what}{nearest(word, words)}; there are: {', '.join(words) or 'none'}"

"""A plain view of a text for searching: lower case, plain characters, and the way back to the offsets of the text."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

# Characters that print nothing. Between two digits or letters they would part a number.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK = re.compile("[\t\v\f\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_END = re.compile("[\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = [
    ("\u2010\u2011\u2212", "-"),
    ("\u2012\u2014\u2015", "–"),
    ("’‘ʼ´`", "'"),
    ("“”„«»", '"'),
    ("﹩", "$"),
    ("﹪", "%"),
    ("￡", "£"),
    ("￥", "¥"),
    ("İ", "I"),
    ("²", "^"),
    ("³", "`"),
    ("¹⁰⁴⁵⁶⁷⁸⁹", "'"),
]  # small digits are no part of the word before them: "km²", "people.¹²"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class View:
    """`cased` is the text in plain characters, `plain` the same in lower case: the one offset serves both."""

    cased: str
    plain: str
    removed: tuple[int, ...]  # offsets in `plain` before which a character was taken out, ascending

    def at(self, offset: int) -> int:
        """The offset in the text of a character of `plain`."""
        return offset + bisect.bisect_right(self.removed, offset) if self.removed else offset

    def after(self, offset: int) -> int:
        """The offset in the text behind the last character of a span of `plain`."""
        return self.at(offset - 1) + 1 if self.removed else offset


def view(text: str) -> View:
    """Every character in its place, but for invisible ones, which go."""
    removed = []
    if not text.isascii():
        for found in _INVISIBLE.finditer(text):
            removed.append(found.start() - len(removed))
        text = _INVISIBLE.sub("", text) if removed else text
        text = _LINE_END.sub("\n", text)
        for strange, plain in _PLAIN:
            for character in strange:
                text = text.replace(character, plain)
        if re.search("[\uff01-\uff5e]", text):
            text = text.translate(_WIDE)
    text = _BLANK.sub(" ", text)
    return View(text, text.lower(), tuple(removed))

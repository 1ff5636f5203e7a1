"""Where a figure stands in a text, without storing the text.

A locator keeps the offsets of a span, the hash of its characters, and hashes of the words around it. In a text that
has changed, the span is looked for by its hash and recognised by its words:

- *Context* is up to eight words on each side, as overlapping runs of three, which makes twelve hashes. Words are
  compared without case, and neither white space nor punctuation nor invisible characters count. A run agrees if it
  stands on the same side and at most two words nearer to the span or further away than it did.
- A place with the span's characters is *accepted* if a quarter of its evidence agrees, three of twelve hashes: three
  changed words of the sixteen leave that much nearly always, four in nine cases of ten, while unrelated articles never
  had more than two in common. Besides, the run next to the span must stand where it was on one side, or else runs on
  both sides agree, one of them at its old distance: the far end of one side, or all of it two words off, is the
  neighbourhood of the span without the span. A span of three words and more counts as evidence in itself.
- It must be *clearly ahead* of any other place, by a sixth, two of twelve hashes, or else the span is ambiguous. Here
  a hash at its old distance counts double, which tells "one tug, one tanker" apart. At an equal score the old offsets
  win.
- The old offsets hold without further search if characters and context are all as they were. If only the characters
  are, they are judged like any other place: an identical number that has come to stand there by chance does not hold.
- Places that cut a word or a number do not count: "5" is not found in "5,000", nor "12" in "2012".

A span is found though its blanks have become other white space, invisible characters have come into it, or all its
apostrophes have become straight or curly. What is not found again: a span that itself cuts a word or a number (it
holds only where it was); one with a changed letter, quotation mark, dash or accent; one whose white space was more
than single blanks and has changed. What is not noticed: a hedge put in beside a span ("about 5,000") changes a word of
the context only. Wherever the reason counts fewer hashes than there are, read the place again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from figurefind.errors import FindError

WORDS_EACH_SIDE = 8
RUN = 3
SLACK = 2
ENOUGH = 1 / 4
AHEAD = 1 / 6

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[\w\u0300-\u036f{_INVISIBLE}]+")
_TOKEN = re.compile(r"\w+(?:(?<=\d)[.,](?=\d)\w+)*")
_GAP = re.compile(rf"[\s{_INVISIBLE}]+")
_CONTEXT_HASH = re.compile(r"[ab]:[0-9a-f]{8}")


class LocatorError(FindError):
    """Offsets or context hashes that cannot be right."""


@dataclass(frozen=True)
class Locator:
    """A span of a text: offsets in code points, SHA-256 of its characters in UTF-8, hashes of the words around it."""

    start: int
    end: int
    span_sha256: str
    context_hashes: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """What became of a locator: where the span stands now, and why that is believed. Offsets are None if not known."""

    status: Literal["holds", "moved", "ambiguous", "lost"]
    start: int | None
    end: int | None
    reason: str


def digest(text: str) -> str:
    """SHA-256 of a text or span in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def make(text: str, start: int, end: int) -> Locator:
    """The locator of ``text[start:end]``.

    Parameters
    ----------
    text : str
        The text as it stands, newlines untouched.
    start, end : int
        Offsets in code points.

    Raises
    ------
    LocatorError
        If the offsets do not enclose at least one character of the text.

    Examples
    --------
    >>> text = "The port took in over 100 ships last year."
    >>> locator = make(text, 17, 25)
    >>> format_hashes(locator.context_hashes)
    'b:3a6240d0;b:55ce63db;a:1af8b074'
    >>> check(text, locator)
    Place(status='holds', start=17, end=25, reason='')
    >>> check("Yesterday's news: " + text, locator).start
    35
    """
    if not 0 <= start < end <= len(text):
        raise LocatorError(
            f"offsets {start}:{end} are no stretch of the text, which has {len(text)} characters; "
            "count code points from 0, the end exclusive"
        )
    return Locator(start, end, digest(text[start:end]), _context(text, start, end))


def format_hashes(hashes: tuple[str, ...]) -> str:
    """Context hashes as one cell."""
    return ";".join(hashes)


def parse_hashes(cell: str) -> tuple[str, ...]:
    """Context hashes of one cell; none for an empty one.

    Raises
    ------
    LocatorError
        If an item is not ``b:`` or ``a:`` and eight hexadecimal digits.
    """
    hashes = tuple(cell.split(";")) if cell else ()
    for item in hashes:
        if not _CONTEXT_HASH.fullmatch(item):
            raise LocatorError(
                f"{item!r} is not b: or a: and eight hexadecimal digits; write the cell as "
                "locators.format_hashes does"
            )
    return hashes


def check(text: str, locator: Locator) -> Place:
    """Where the span of a locator stands in a text that may have changed.

    Parameters
    ----------
    text : str
        Any state of the text.
    locator : Locator
        Made from the same or an earlier state.

    Returns
    -------
    Place
        `holds` at its old offsets, `moved` to others, `ambiguous` between several places or for want of context,
        `lost` if it is nowhere. The reason is empty only if nothing at all has changed.
    """
    start, end = locator.start, locator.end
    inside = 0 <= start < end <= len(text)
    same = inside and digest(text[start:end]) == locator.span_sha256
    if same and _context(text, start, end) == locator.context_hashes:
        return Place("holds", start, end, "")
    if end <= start:
        return Place("lost", None, None, f"a span from {start} to {end} has no characters")
    if same and not locator.context_hashes:
        return Place(
            "holds", start, end, "no context is recorded, only the characters have been compared"
        )
    outside = (
        "" if inside else f"{start}:{end} is outside the text, which has {len(text)} characters; "
    )
    places = _places(text, end - start, locator.span_sha256)
    if not places:
        where = "only a part of a longer word or number" if same else "nowhere in the text"
        return Place("lost", None, None, f"{outside}its characters are {where}")
    status, place, reason = _choose(text, locator, places)
    return Place(status, *place, outside + reason)


def _choose(text: str, locator: Locator, places: list[tuple[int, int]]) -> tuple[str, tuple, str]:
    """Status, offsets and reason, given every place with the span's characters."""
    old, nowhere, total = (locator.start, locator.end), (None, None), len(locator.context_hashes)
    agreed = {place: _agreement(text, place, locator.context_hashes) for place in places}
    score = {place: sum(points) for place, points in agreed.items()}
    best, *others = sorted(places, key=lambda place: (-score[place], place != old, place))
    agreeing = sum(map(bool, agreed[best]))
    own = max(0, len(_words(text, *best)) - RUN + 1)
    stand = f"its characters stand at {_listed(places)}"
    if not total + own:
        return "ambiguous", nowhere, f"no context is recorded to tell by; {stand}"
    if agreeing + own < ENOUGH * (total + own):
        return "lost", nowhere, f"{stand}, but among other words than were recorded"
    finding = f"{agreeing} of {total} context hashes agree"
    rivals = [place for place in others if score[best] - score[place] < max(1, AHEAD * 2 * total)]
    if rivals and best != old:
        return (
            "ambiguous",
            nowhere,
            f"places that fit about alike: {_listed([best, *rivals])}; {finding} at the first",
        )
    if digest(text[slice(*best)]) != locator.span_sha256:
        return "moved", best, f"{finding}; white space or apostrophes in the span have changed"
    return "holds" if best == old else "moved", best, finding


def _listed(places: list[tuple[int, int]]) -> str:
    shown = ", ".join(f"{start}:{end}" for start, end in places[:5])
    return shown + (f" and {len(places) - 5} more" if len(places) > 5 else "")


# ---- words around a place


def _words(text: str, start: int, end: int) -> list[str]:
    return [plain for word in _WORD.findall(text, start, end) if (plain := _plain(word))]


def _plain(word: str) -> str:
    visible = word.translate(dict.fromkeys(map(ord, _INVISIBLE)))
    return unicodedata.normalize("NFC", visible).casefold()


def _words_before(text: str, start: int, count: int) -> list[str]:
    reach = 16 * count
    while True:
        low = max(0, start - reach)
        words = _words(text, low, start)
        # the first word of the stretch may be the end of a longer one
        if low == 0 or len(words) > count:
            return words[-count:]
        reach *= 4


def _words_after(text: str, end: int, count: int) -> list[str]:
    found = (plain for match in _WORD.finditer(text, end) if (plain := _plain(match[0])))
    return list(islice(found, count))


def _hashed(side: str, words: list[str]) -> str:
    return f"{side}:{digest(' '.join(words))[:8]}"


def _runs(side: str, words: list[str]) -> list[str]:
    """Hashes of all runs of three; of all there is, if there is less."""
    if not words:
        return []
    return [_hashed(side, words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))]


def _context(text: str, start: int, end: int) -> tuple[str, ...]:
    before = _words_before(text, start, WORDS_EACH_SIDE)
    after = _words_after(text, end, WORDS_EACH_SIDE)
    return (*_runs("b", before), *_runs("a", after))


def _agreement(text: str, place: tuple[int, int], recorded: tuple[str, ...]) -> list[int]:
    """Points of each recorded hash at a place; none at all if only the neighbourhood of the span is there."""
    before = _words_before(text, place[0], WORDS_EACH_SIDE + SLACK)
    after = _words_after(text, place[1], WORDS_EACH_SIDE + SLACK)
    # a side that once had one or two words, at an end of the text, was hashed as one short run
    left = _points(
        [h for h in reversed(recorded) if h[0] == "b"],
        _runs("b", before)[::-1],
        [_hashed("b", before[-n:]) for n in range(1, RUN)],
    )
    right = _points(
        [h for h in recorded if h[0] == "a"],
        _runs("a", after),
        [_hashed("a", after[:n]) for n in range(1, RUN)],
    )
    if 2 in left[:1] + right[:1] or (2 in left + right and any(left) and any(right)):
        return left + right
    return []


def _points(recorded: list[str], found: list[str], short: list[str]) -> list[int]:
    """2 for a recorded run found as far from the span as it was, 1 for one nearly so; nearest run first everywhere."""
    return [
        2
        if found[i : i + 1] == [run] or (i == 0 and run in short)
        else int(run in found[max(0, i - SLACK) : i + SLACK + 1])
        for i, run in enumerate(recorded)
    ]


# ---- places with the same characters


def _places(text: str, length: int, sha256: str) -> list[tuple[int, int]]:
    """Every stretch that cuts no word and has the hash, as it stands or with its white space made single blanks.

    Only the hash is known, so it is the text that has to take the form of the span: also with one kind of apostrophe.
    """
    places = {(i, i + length) for i in _matches(text, length, sha256)}
    plain, offsets = _single_blanks(text)
    for form in {plain, plain.replace("'", "’"), plain.replace("’", "'")} - {text}:
        places |= {
            (offsets[i], offsets[i + length - 1] + 1) for i in _matches(form, length, sha256)
        }
    return sorted(places)


def _matches(text: str, length: int, sha256: str) -> list[int]:
    cut = bytearray(len(text) + 1)
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        cut[start + 1 : end] = b"\1" * (end - start - 1)
    return [
        i
        for i in range(len(text) - length + 1)
        if not (cut[i] or cut[i + length]) and digest(text[i : i + length]) == sha256
    ]


def _single_blanks(text: str) -> tuple[str, array]:
    """The text with every gap as one blank and without invisible characters, and where each character came from."""
    pieces, offsets, position = [], array("q"), 0
    for gap in _GAP.finditer(text):
        pieces.append(text[position : gap.start()])
        offsets.extend(range(position, gap.start()))
        if any(character not in _INVISIBLE for character in gap[0]):
            pieces.append(" ")
            offsets.append(gap.start())
        position = gap.end()
    pieces.append(text[position:])
    offsets.extend(range(position, len(text)))
    return "".join(pieces), offsets

"""What on a page is not the article: menus, bylines, counters, other stories' headlines, notes, legal lines.

Every line is judged once, from its own words and from the heading that it stands under. A line is *prose* if it reads
as a sentence. Sections of other stories, notes or comments begin at a heading of their kind; they end where prose takes
up again, unless more prose lies before the heading than behind it: then the article is over.
"""

from __future__ import annotations

import bisect
import re
from enum import IntEnum
from itertools import accumulate, pairwise

from figurefind.patterns import pattern


class Line(IntEnum):
    """What a line is; only the first two kinds are read for figures."""

    PROSE = 0
    SHORT = 1  # a heading, a caption, a key figure, a part of a sentence
    FURNITURE = 2


_OTHERS = pattern("others", behind="[ :.…>»|–-]*")
_TAIL = pattern("tail", before="(?:#+ ?)?", behind=r"[ :.]*(?:\[edit\])?")
_MARKED, _NUMBERED, _VERB = pattern("marked"), pattern("numbered"), pattern("headline")
_OFFERED, _ADDRESSED = pattern("offered"), pattern("addressed")
_BYLINE, _COUNTER, _CREDIT = pattern("byline"), pattern("counter"), pattern("credit")
_STAMPED, _STAMP = pattern("stamped"), pattern("stamp")
_TICKER, _TICKERS = pattern("ticker"), pattern("tickers")
_MANY = re.compile(
    r"stories|articles|posts|news|popular|deeper|trending|latest|headlines|recommended|most|picks"
)
_AGO = re.compile(
    r"\b(?:[0-9]+|an?) ?(?:h|m|d|s|min|mins|minutes?|hours?|hrs?|days?|weeks?|months?|years?) ago\b"
)
_PAGINATION = re.compile(
    r"[\W\d]*(?:(?:next|previous|prev|last|first|page|older|newer|posts?|of)[\W\d]+)*"
    r"(?:next|previous|prev|last|page|older|newer|posts)?[\W\d]*"
)
_STOPS = re.compile(r"[.!?][\"')\]]*(?:\[[0-9a-z ]{1,8}\])*[0-9]{0,3}(?: |$)")
_END = re.compile(r"[.!?:;…][\"')\]]{0,2}(?:\[[0-9a-z ]{1,8}\]){0,6}$|\]$|[a-z][.!?][0-9]{1,2}$")


class Page:
    """The lines of a page and what each of them is.

    Parameters
    ----------
    cased, plain : str
        A text in plain characters as `view` gives it, and the same in lower case.
    """

    def __init__(self, cased: str, plain: str):
        self.lines = plain.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines[:-1]), initial=0))
        self.kinds = _judge(self.lines, cased.split("\n"))

    def at(self, offset: int) -> tuple[Line, int, str]:
        """The kind of the line at an offset of the text, where it starts, and the line."""
        index = bisect.bisect_right(self.starts, offset) - 1
        return self.kinds[index], self.starts[index], self.lines[index]


def _judge(lines: list[str], cased: list[str]) -> list[Line]:
    """What each line is: by itself, by its neighbours, and by the section that it stands in."""
    own = []
    before = ""
    for line, printed in zip(lines, cased, strict=False):
        text = printed.strip()
        goes_on = text[:1].islower() and before.count(" ") > 2 and not _END.search(before)
        if goes_on and not _NUMBERED.match(line):
            own.append(Line.PROSE)  # a sentence goes on
            if (
                own[-2] is Line.FURNITURE
                and before.count(" ") > 5
                and not _MARKED.search(before.lower())
            ):
                own[-2] = Line.PROSE
        else:
            own.append(_own_kind(line, text))
        before = text
    _mark_lists(own, lines)
    unlisted = own.copy()
    _mark_headlines(own, cased)
    _mark_inner_headlines(own, cased)
    weights = [
        len(line) if kind is Line.PROSE else 0 for line, kind in zip(lines, own, strict=False)
    ]
    total, seen = sum(weights), 0
    kinds, section = [], ""  # "", "others" or "over"
    for line, kind, weight in zip(lines, own, weights, strict=False):
        if kind is Line.PROSE and section == "others":
            section = ""
        elif kind is not Line.PROSE and section != "over" and 0 < len(line) < 90:
            heading = line.strip(" *#_=|•·")
            if heading and (heading[0] not in "0123456789" or "comment" in heading):
                if _TAIL.fullmatch(heading):
                    section = "over" if seen * 2 > total else "others"
                elif _OTHERS.fullmatch(heading):
                    far = (0.6 if _MANY.search(heading) else 0.85) * total
                    section = "over" if far < seen < total else "others"
        seen += weight
        kinds.append(Line.FURNITURE if section else kind)
    first = next((index for index, kind in enumerate(own) if kind is Line.PROSE), 0)
    titles = [
        index
        for index in range(first)
        if own[index] is Line.SHORT is not kinds[index] and lines[index].strip().count(" ") > 3
    ]
    # the page's own headline, below a tab such as "Latest news"
    if len(titles) == 1 and own[:first] == unlisted[:first]:
        kinds[titles[0]] = Line.SHORT
    return kinds


_COUNTER_NAME = pattern("counted")
_BARE = re.compile(r"[0-9][0-9.,]*[km]?")
_MORE = re.compile(r"\W*(?:read|learn) more\W*|\W*continue reading\W*")
_DATED = pattern("dated", before=r"[^\n]{20,160} ?[-–|•] ")


def _mark_lists(kinds: list[Line], lines: list[str]) -> None:
    """Counters with the name on another line, teasers above "Read more", lists of three dated headlines and more."""
    filled = [
        (index, text)
        for index, line in enumerate(lines)
        if kinds[index] is Line.SHORT and (text := line.strip())
    ]
    for (first, name), (second, other) in pairwise(filled):
        if _BARE.fullmatch(other) and _COUNTER_NAME.fullmatch(name):
            kinds[second] = Line.FURNITURE
        elif _BARE.fullmatch(name) and _COUNTER_NAME.fullmatch(other):
            kinds[first] = Line.FURNITURE
    teased = [
        before
        for before, index in pairwise(index for index, line in enumerate(lines) if line.strip())
        if _MORE.fullmatch(lines[index])
    ]
    for index in teased if len(teased) > 1 else ():
        kinds[index] = Line.FURNITURE
    dated = [index for index, text in filled if _DATED.fullmatch(text)]
    if len(dated) > 2:
        for index in dated:
            kinds[index] = Line.FURNITURE


def _mark_headlines(kinds: list[Line], cased: list[str]) -> None:
    """Runs of three headlines and more, before the first sentence of a page or behind its last, are of other stories.

    The last two lines before the first sentence are the article's own headline and the line under it.
    """
    prose = [index for index, kind in enumerate(kinds) if kind is Line.PROSE]
    if not prose:
        return
    filled = [index for index in range(prose[0]) if cased[index].strip()][:-2]
    for span in (
        filled,
        [index for index in range(prose[-1] + 1, len(cased)) if cased[index].strip()],
    ):
        run: list[int] = []
        for index in (*span, -1):
            if (
                index >= 0
                and _HEADLINE.fullmatch(cased[index].strip())
                and 4 <= cased[index].strip().count(" ") < 18
            ):
                run.append(index)
            elif index < 0 or cased[index].strip().count(" ") > 3:
                if len(run) > 2:
                    for other in run:
                        kinds[other] = Line.FURNITURE
                run = []


def _mark_inner_headlines(kinds: list[Line], cased: list[str]) -> None:
    """A line between the sentences of a page that says something, as a sentence does, but does not end: a link."""
    prose = [index for index, kind in enumerate(kinds) if kind is Line.PROSE]
    for index in range(*(prose[0], prose[-1]) if prose else (0, 0)):
        text = cased[index].strip(" -•*")
        if (
            kinds[index] is Line.SHORT
            and 4 <= text.count(" ") < 18
            and _HEADLINE.fullmatch(text)
            and _VERB.search(text.lower())
        ):
            kinds[index] = Line.FURNITURE


_GLUED = re.compile(r"\s*[0-9]{1,2}[A-Z][a-z]{3}")  # "7Ships Restored": the seventh of a list
_HEADLINE = re.compile(r"[\"'A-Z][^•|]*[^\s.:;,!•|]")


def _own_kind(line: str, printed: str) -> Line:
    """What a line is from its own words; `printed` with its capitals."""
    text = line.strip()
    if not text:
        return Line.SHORT
    count = text.count(" ") + 1
    if count > 40:
        menu = (
            not _STOPS.search(text)
            and sum(word[0].isupper() for word in printed.split()) > 0.4 * count
        )
        return Line.FURNITURE if menu else Line.PROSE
    if _MARKED.search(text) or _NUMBERED.match(text) or _GLUED.match(printed):
        return Line.FURNITURE
    if count < 16 and _STAMPED.match(text):
        return Line.FURNITURE
    if text[-1] == ":" and count < 16 and (_BYLINE.match(text) or _COUNTER.search(text)):
        return Line.FURNITURE
    prose = count > 24 or (
        count > 5 and _END.search(text) is not None and (count > 7 or text[-1] in ".!?")
    )
    if _OFFERED.search(text) and (not prose or count < 8 or _ADDRESSED.search(text)):
        return Line.FURNITURE
    if prose:
        return Line.PROSE
    if _BYLINE.match(text) or _COUNTER.search(text) or _AGO.search(text):
        return Line.FURNITURE
    if _STAMP.fullmatch(text):
        return Line.FURNITURE
    if _TICKER.fullmatch(text) or (count < 16 and len(set(_TICKERS.findall(text))) > 2):
        return Line.FURNITURE
    if _is_pagination(text) or _CREDIT.search(text):
        return Line.FURNITURE
    return Line.SHORT


def _is_pagination(text: str) -> bool:
    """As in "1 2 3 … 45 Next »": several small numbers and nothing to read."""
    numbers = re.findall(r"[0-9]+(?:[.,][0-9]+)*", text)
    return (
        len(numbers) > 2
        and all(len(number) < 4 for number in numbers)
        and _PAGINATION.fullmatch(text) is not None
    )

"""Whether an expression is a figure of the article: how sure one can be from its neighbours and its line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from figurefind import words
from figurefind.furniture import Line, Page
from figurefind.grammar import Figure
from figurefind.patterns import pattern

#: Below this nothing is proposed.
LEAST = 0.5

_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]+)['.]{0,2}[ \n]{1,2}[\"'(]?$")
_AFTER = re.compile(r"[ \n]{1,2}([^\W\d_]+)")
_CAPITAL = re.compile(r" [A-Z]")
_NUMBERED = re.compile(r"\s*[\[(]?[0-9]{1,3}[.)\]]")
_RANKED = re.compile(r"\s*([0-9]{1,2})\.? {1,3}[^\W\d_]")
_COUNTING = re.compile("total|missing|hurt|lost|[a-z]{3,}ed")
_LABELLED = re.compile(r"\s*([^\W\d_]+) [0-9]{1,3}\s*")
_NEUTRAL = ("date", "year", "period", "ordinal", "measure")


def confidence(
    figure: Figure, cased: str, plain: str, page: Page, known: Mapping[str, str]
) -> float:
    """How likely it is that a reader would call this a figure of the article; 0 for what counts nothing."""
    line, at, text = page.at(figure.left)
    if line is Line.FURNITURE or _names(figure, cased, plain, known):
        return 0.0
    if _labels(figure, text) or _enumerates(figure, plain, at, text):
        return 0.0
    if figure.kind == "count" and _is_year(figure, plain):
        figure.kind, figure.unit = "year", "year"
    if figure.kind == "count" and _is_age(figure, cased, plain):
        figure.kind, figure.unit = "period", "years"
    if _is_idle(figure, line, text, cased, plain):
        return 0.0
    sure = 0.95 if line is Line.PROSE else 0.8
    below_none = figure.minus and figure.kind == "count"
    yuan = figure.unit == "CNY" and figure.sign == "¥"  # or yen
    return sure - 0.2 * (figure.kind == "ordinal" or figure.respell or below_none or yuan)


_STAMP_BEFORE, _SURELY = pattern("stamp_before"), pattern("surely")


def _is_idle(figure: Figure, line: Line, text: str, cased: str, plain: str) -> bool:
    """Whether a date, a rank or a share says nothing: of a masthead, a stamp, a name, "100 % sure", "24 hours a day"."""
    left, right = figure.left, figure.right
    if line is Line.SHORT and figure.kind in _NEUTRAL:
        since = plain.endswith(("since ", "est. ", "established ", "founded "), 0, left)
        ends = plain[right : right + 1] in ("", "\n")
        masthead = figure.unit == "degrees" or (figure.kind == "year" and since and ends)
        stamp = figure.kind == "date" and ends and plain[left - 3 : left] in (" - ", " – ")
        few = len(text) < 80 and len(text.split()) < 6
        if few or masthead or stamp or "|" in text[:400] or figure.kind == "ordinal":
            return True
    if figure.qualifier == "vague" and line is Line.SHORT and plain[left - 1 : left] == "(":
        return True  # "(billions of euros)" beside a chart
    if figure.kind in ("date", "year"):
        return bool(_STAMP_BEFORE.search(plain[max(0, left - 80) : left]))
    if figure.kind == "percent":
        return figure.number == 100 and bool(_SURELY.match(plain, right))
    if figure.kind == "ordinal":  # "42nd Street", "the Second Committee"
        inside = cased[left].isupper() and cased[left - 2 : left - 1].islower()
        street = (not figure.worded or inside) and _CAPITAL.match(cased, right)
        return bool(street) or plain.startswith(" centur", right)
    return figure.kind == "period" and figure.number == 24 and plain.startswith(" a day", right)


_CITES = re.compile(r"[^\s\[(]\[(?:[0-9]{1,4}[,–-] ?){0,4}$")
_CITED = re.compile(r"(?:(?:, ?|–|-)[0-9]{1,4}){0,4}\]")
_STREET = re.compile(
    r" (?:[A-Z][^\W\d_]+ ){1,3}"
    r"(?:Street|Avenue|Road|Lane|Boulevard|Square|Drive|Place|Terrace|Plaza)\b"
    r"(?! (?!was|is|has)[a-z]+s\b)"
)
_RADIO = re.compile(r"[ ]?(?:FM|AM)\b")


def _is_mark(figure: Figure, cased: str, plain: str) -> bool:
    """A reference mark "[222]", a section "§ 12", a note without its brackets (",12 and"), an address, a radio."""
    left, right = figure.left, figure.right
    before, behind = plain[max(0, left - 28) : left], plain[right : right + 3]
    cited = "[" in before and _CITED.match(plain, right)
    bracketed = before[-1:] == "[" and not re.match(r"\] [a-z]", behind)  # not "the [340] people"
    if cited and (bracketed or _CITES.search(before)):
        return True
    if before[-2:].strip(" ").endswith(("§", "№")):
        return True
    if not (figure.worded or figure.noun) and before[-1:] == "," and before[-2:-1].isalpha():
        return figure.number < 400 and not plain.startswith((" of ", "\nof "), right)
    named = not figure.worded and cased[right : right + 2].strip().isupper()
    return named and bool(_STREET.match(cased, right) or _RADIO.match(cased, right))


def _names(figure: Figure, cased: str, plain: str, known: Mapping[str, str]) -> bool:
    """Whether the number is part of a name or an idiom."""
    left, right = figure.left, figure.right
    if figure.kind != "count" or figure.scale > 1 or figure.qualifier == "vague":
        return False
    before, behind = plain[left - 1 : left] if left else "", plain[right : right + 2]
    bracketed = before in ("(", "[") and behind[:1] in (")", "]")
    if (bracketed and figure.number < 100 and not figure.places) or _is_mark(figure, cased, plain):
        return True
    if before == "/" or behind[:1] == "/" or behind == " /" or plain.endswith("group of ", 0, left):
        return True
    if plain.endswith("per ", 0, left) and figure.number in (100, 1000, 10_000, 100_000):
        return True
    word = _BEFORE.search(plain[max(0, left - 24) : left])
    if word and _is_named(figure, word, cased, known):
        return True
    return figure.worded and _worded_name(figure, cased, plain)


def _is_named(figure: Figure, word: re.Match[str], cased: str, known: Mapping[str, str]) -> bool:
    """Whether the word before makes a name with the number: "Article 5", "ABC 7", "Nord Stream 2"."""
    name, first = word[1], figure.left - len(word[0])
    if name in words.DESIGNATORS and figure.start == figure.left and not set("\n(") & set(word[0]):
        return True
    capital = cased[first].isupper()
    station = name in words.BROADCASTERS and figure.number < 100  # "ABC 7 reported"
    if station or (figure.number == 24 and capital):  # "France 24"
        return not (figure.worded or set(figure.noun) & words.COUNTABLE)
    if figure.worded or figure.noun or figure.places or figure.start < figure.left:
        return False
    # a capital of a name, not of a sentence's beginning
    inside = not first or bool(re.search(r"[\w,'] $", cased[max(0, first - 2) : first]))
    own = capital and inside and word[0][-1] != "(" and figure.number < 1000
    return own and name not in words.STOP and not known.get(name.capitalize())


def _worded_name(figure: Figure, cased: str, plain: str) -> bool:
    left, right = figure.left, figure.right
    if figure.number * figure.scale == 1:
        follows = _AFTER.match(plain, right)
        ahead = plain[max(0, left - 8) : left].split()
        pointed = bool(ahead) and ahead[-1] in words.NOT_BEFORE_ONE
        idiom = follows and follows[1] in words.IDIOM_AFTER_ONE
        return not figure.noun or pointed or bool(idiom)
    if figure.number == 0:
        return not figure.noun or figure.noun[0] in ("tolerance", "sum", "hour")
    joined = plain[left - 1 : left] in (" ", "-") and plain[left - 2 : left - 1].isalnum()
    if cased[left].isupper() and joined:  # "World War Two"
        ahead = re.search(r"(\w+)[ -]$", cased[max(0, left - 20) : left])
        return cased[right + 1 : right + 2].isupper() or bool(ahead and ahead[1][0].isupper())
    if figure.number == 2 and figure.noun[:1] == ("sides",):
        return True
    hyphen = plain[right : right + 1] == "-"
    return hyphen and (
        plain[left - 1 : left] == "-" or plain.startswith(plain[left:right], right + 1)
    )


def _labels(figure: Figure, text: str) -> bool:
    """Whether a word and the number are all of a line, as in "Chrome 98"."""
    if figure.worded or not figure.bare or figure.number >= 1000 or len(text) >= 60:
        return False
    label = _LABELLED.fullmatch(text)
    return bool(label) and not _COUNTING.fullmatch(label[1]) and label[1] not in words.COUNTABLE


def _enumerates(figure: Figure, plain: str, at: int, text: str) -> bool:
    """Whether the number only counts the line it begins."""
    if figure.worded or figure.kind != "count" or not figure.bare or figure.left - at > 40:
        return False
    if plain[at : figure.left].strip(" [("):
        return False
    if _is_heading(plain, at, text):
        return True
    if figure.places:
        return False
    if numbered := _NUMBERED.match(text):
        before = plain[max(0, at - 40) : max(0, at - 1)]  # else a sentence's last word
        alone = "\n" in before or before.count(" ") < 4 or before.rstrip()[-1:] in ".!?:;"
        return alone or numbered.end() < len(text.rstrip())
    if figure.number > 50 or not _RANKED.match(text):
        return False
    ranks = [_RANKED.match(line) for line in _beside(plain, at)]
    return any(rank and abs(int(rank[1]) - figure.number) == 1 for rank in ranks)


def _beside(plain: str, at: int) -> tuple[str, str]:
    """How the lines before and behind a line begin."""
    before = plain.rfind("\n", 0, max(0, at - 1)) + 1
    after = plain.find("\n", at) + 1
    behind = plain[after : after + 29] if after else ""
    return plain[before : min(before + 30, max(0, at - 1))], behind


_HEADING = re.compile(r"\s*([0-9]{1,2}(?:\.[0-9]{1,2}){0,3})\.? {1,3}[^\W\d_]")


def _is_heading(plain: str, at: int, text: str) -> bool:
    """Whether a line bears a number of a table of contents: "1.2 Background" beside "1.1 …", "1 …" or "2 …"."""
    if not (own := _HEADING.match(text)):
        return False
    number = own[1].split(".")
    for other, first in zip(_beside(plain, at), (False, True), strict=False):
        if match := _HEADING.match(other):
            pair = (number, match[1].split(".")) if first else (match[1].split("."), number)
            if max(map(len, pair)) > 1 and _follows(*pair):
                return True
    return False


def _follows(number: list[str], after: list[str]) -> bool:
    """Whether one number of a heading comes right behind another: 1 and 1.1, 1.1 and 1.2, 1.2.3 and 1.3 or 2."""
    if len(after) > len(number):
        return after == [*number, "1"]
    level = len(after) - 1
    return after[:level] == number[:level] and int(after[level]) == int(number[level]) + 1


_AGED = pattern("aged")


def _is_age(figure: Figure, cased: str, plain: str) -> bool:
    """As in "aged 42", "John Smith, 42, said"."""
    left, right = figure.left, figure.right
    if figure.scale > 1 or figure.places or not 0 < figure.number < 120:
        return False
    if figure.noun and figure.noun[0] != "said":
        return False
    ahead = plain[max(0, left - 20) : left]
    at = ahead.endswith((" at ", "\nat ")) and re.match(",? s?he ", plain[right : right + 6])
    if at or _AGED.search(ahead):
        return True
    named = re.search(r"\b[A-Z][^\W\d_]+ [A-Z][^\W\d_]+, $", cased[max(0, left - 40) : left])
    return plain[right : right + 1] == "," and figure.number > 2 and bool(named)


def _is_year(figure: Figure, plain: str) -> bool:
    four_digits = figure.right - figure.left == 4 and not (figure.worded or figure.places)
    if not four_digits or figure.scale > 1 or figure.fixed or not 1000 <= figure.number <= 2100:
        return False
    before = plain[max(0, figure.left - 12) : figure.left].split()
    last = before[-1].strip("(\"'") if before else ""
    if figure.number < 1900 or figure.number > 2060:
        return last in ("in", "since", "from", "until", "by", "during", "circa") and not figure.noun
    if figure.start < figure.left and figure.qualifier != "exact":
        return not figure.noun or figure.noun[0] in ("level", "levels")  # "above 2016 levels"
    counted = set(figure.noun) & words.COUNTABLE
    return not counted or last in words.BEFORE_YEAR

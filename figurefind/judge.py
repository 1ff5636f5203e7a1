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
_NOT_COUNTED = frozenset(["tolerance", "sum", "hour"])


def confidence(
    figure: Figure, cased: str, plain: str, page: Page, known: Mapping[str, str]
) -> float:
    """How likely it is that a reader would call this a figure of the article; 0 for what counts nothing."""
    line, at, text = page.at(figure.left)
    if (
        line is Line.FURNITURE
        or _names(figure, cased, plain, known)
        or _enumerates(figure, plain, page, at, text)
    ):
        return 0.0
    if figure.kind == "count" and _is_year(figure, cased, plain):
        figure.kind, figure.unit = "year", "year"
    if figure.kind == "count" and _is_age(figure, cased, plain):
        figure.kind, figure.unit = "period", "years"
    if (
        figure.kind in _NEUTRAL
        and line is Line.SHORT
        and (
            (len(text) < 80 and len(text.split()) < 6)
            or "|" in text[:400]
            or _is_masthead(figure, plain)
        )
    ):
        return 0.0
    if figure.kind in ("date", "year") and _STAMP_BEFORE.search(
        plain[max(0, figure.left - 80) : figure.left]
    ):
        return 0.0
    if figure.kind == "percent" and figure.number == 100 and _SURELY.match(plain, figure.right):
        return 0.0
    if figure.kind == "ordinal" and (
        line is Line.SHORT or (not figure.worded and _CAPITAL.match(cased, figure.right))
    ):
        return 0.0  # "42nd Street"
    if figure.kind == "period" and figure.number == 24 and plain.startswith(" a day", figure.right):
        return 0.0
    sure = 0.95 if line is Line.PROSE else 0.8
    doubtful = (
        figure.kind == "ordinal" or figure.respell or (figure.minus and figure.kind == "count")
    )
    return sure - 0.2 * doubtful


_STAMP_BEFORE = pattern("stamp_before")
_SURELY = pattern("surely")


def _is_masthead(figure: Figure, plain: str) -> bool:
    """As in "News you can trust since 1890", "74° in town" in a line that is no sentence."""
    if figure.unit == "degrees":
        return True
    since = plain.endswith(("since ", "est. ", "established ", "founded "), 0, figure.left)
    return (
        figure.kind == "year" and since and (plain[figure.right : figure.right + 1] in ("", "\n"))
    )


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
    around = plain[max(0, left - 28) : left]
    if "[" in around and _CITES.search(around) and _CITED.match(plain, right):
        return True
    if (
        plain[left - 1 : left] == "["
        and _CITED.match(plain, right)
        and not re.match(r"\] [a-z]", plain[right : right + 3])
    ):
        return True
    if plain[max(0, left - 2) : left].strip(" ").endswith(("§", "№")):
        return True
    if figure.worded:
        return False
    if (
        plain[left - 1 : left] == ","
        and plain[left - 2 : left - 1].isalpha()
        and figure.number < 400
        and not figure.noun
    ):
        return not plain.startswith((" of ", "\nof "), right)
    named = cased[right : right + 2].strip().isupper()
    return named and bool(_STREET.match(cased, right) or _RADIO.match(cased, right))


def _names(figure: Figure, cased: str, plain: str, known: Mapping[str, str]) -> bool:
    """Whether the number is part of a name or an idiom."""
    left, right = figure.left, figure.right
    if figure.kind in ("money", "percent", "date") or figure.qualifier == "vague":
        return False
    after = figure.noun[0] if figure.noun else ""
    if figure.kind == "count" and figure.scale == 1:
        if _is_mark(figure, cased, plain):
            return True
        if (
            plain[left - 1 : left] in "(["
            and plain[right : right + 1] in ")]"
            and left
            and figure.number < 100
            and (not figure.places)
        ):
            return True
        if plain[left - 4 : left] == "per " and figure.number in (100, 1000, 10_000, 100_000):
            return True
        if (
            plain[left - 1 : left] == "/"
            or plain[right : right + 1] == "/"
            or plain[right : right + 2] == " /"
        ):
            return True
        if plain.endswith("group of ", 0, left):
            return True
        before = _BEFORE.search(plain[max(0, left - 24) : left])
        if before:
            word = before[1]
            if word in words.DESIGNATORS and figure.start == left and "\n" not in before[0]:
                return True
            counted = set(figure.noun) & (words.PERSONS | words.HEAD_UNITS.keys())
            if (
                word in words.BROADCASTERS
                and figure.number < 100
                and not (figure.worded or counted)
            ):
                return True  # "ABC 7 reported"
            first = left - len(before[0])
            if figure.number == 24 and cased[first].isupper() and not counted:
                return True  # "France 24"
            small = (
                not figure.worded
                and not (figure.noun or figure.places)
                and figure.number < 1000
                and figure.start == left
            )
            if (
                (
                    small
                    and cased[first].isupper()
                    and before[0][-1] != "("
                    and _name_before(cased, first)
                )
                and word not in words.STOP
                and not known.get(word.capitalize())
            ):
                return True  # "Nord Stream 2"
        if figure.worded:
            return _worded_name(figure, cased, plain, after)
    return False


def _name_before(cased: str, first: int) -> bool:
    """Whether the capital is one of a name, not of a sentence's beginning."""
    return bool(re.search(r"[\w,'] $", cased[max(0, first - 2) : first])) or not first


def _worded_name(figure: Figure, cased: str, plain: str, after: str) -> bool:
    left, right = figure.left, figure.right
    if figure.number * figure.scale == 1:
        follows = _AFTER.match(plain, right)
        if not follows or not figure.noun or follows[1] in words.IDIOM_AFTER_ONE:
            return True
        ahead = plain[max(0, left - 8) : left].split()
        return bool(ahead) and ahead[-1] in (
            "no",
            "any",
            "each",
            "every",
            "this",
            "that",
            "which",
            "the",
            "not",
        )
    if figure.number == 0:
        return not figure.noun or after in _NOT_COUNTED
    if (
        cased[left].isupper()
        and plain[left - 1 : left] in " -"
        and plain[left - 2 : left - 1].isalnum()
    ):  # "World War Two"
        ahead = re.search(r"(\w+)[ -]$", cased[max(0, left - 20) : left])
        return cased[right + 1 : right + 2].isupper() or bool(ahead and ahead[1][0].isupper())
    if (after == "sides" and figure.number == 2) or plain.startswith(
        f"-{plain[left:right]}", right
    ):
        return True  # "the two sides", "fifty-fifty"
    return plain[right : right + 1] == "-" and plain[left - 1 : left] == "-"


def _enumerates(figure: Figure, plain: str, page: Page, at: int, text: str) -> bool:
    """Whether the number only counts the line it begins."""
    if (
        not figure.worded
        and figure.bare
        and figure.number < 1000
        and len(text) < 60
        and (label := _LABELLED.fullmatch(text))
        and not _COUNTING.fullmatch(label[1])
        and (label[1] not in words.PERSONS and label[1] not in words.HEAD_UNITS)
    ):
        return True  # "Chrome 98"
    if (
        figure.worded
        or figure.kind != "count"
        or not figure.bare
        or figure.left - at > 40
        or (plain[at : figure.left].strip(" [("))
    ):
        return False
    if _is_heading(plain, at, text):
        return True
    if figure.places:
        return False
    if numbered := _NUMBERED.match(text):
        if numbered.end() < len(text.rstrip()):
            return True
        before = plain[max(0, at - 40) : max(0, at - 1)]
        return (
            "\n" in before or before.count(" ") < 4 or before.rstrip()[-1:] in ".!?:;"
        )  # else a sentence's last word
    ranked = _RANKED.match(text)
    if not ranked or figure.number > 50:
        return False
    neighbours = (figure.number - 1, figure.number + 1)
    return any(
        (match := _RANKED.match(line)) and int(match[1]) in neighbours
        for line in _beside(plain, at)
    )


def _beside(plain: str, at: int) -> tuple[str, str]:
    """How the lines before and behind a line begin."""
    before = plain.rfind("\n", 0, max(0, at - 1)) + 1
    after = plain.find("\n", at)
    return plain[before : min(before + 30, max(0, at - 1))], plain[
        after + 1 : after + 30
    ] if after >= 0 else ""


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
    if (
        figure.scale > 1
        or figure.places
        or not 0 < figure.number < 120
        or (figure.noun and figure.noun[0] != "said")
    ):
        return False
    ahead = plain[max(0, figure.left - 20) : figure.left]
    if _AGED.search(ahead) or (
        ahead.lower().endswith((" at ", "\nat "))
        and re.match(",? s?he ", plain[figure.right : figure.right + 6])
    ):
        return True
    return bool(
        plain[figure.right : figure.right + 1] == ","
        and figure.number > 2
        and re.search(
            r"\b[A-Z][^\W\d_]+ [A-Z][^\W\d_]+, $", cased[max(0, figure.left - 40) : figure.left]
        )
    )


def _is_year(figure: Figure, cased: str, plain: str) -> bool:
    if (
        figure.worded
        or figure.places
        or figure.scale > 1
        or figure.fixed
        or not 1000 <= figure.number <= 2100
        or (figure.right - figure.left != 4)
    ):
        return False
    counted = any(word in words.PERSONS or word in words.HEAD_UNITS for word in figure.noun)
    before = plain[max(0, figure.left - 12) : figure.left].split()
    last = before[-1].strip("(\"'") if before else ""
    if figure.number < 1900 or figure.number > 2060:
        return last in ("in", "since", "from", "until", "by", "during", "circa") and not figure.noun
    if figure.start < figure.left and figure.qualifier != "exact":
        return not figure.noun
    return not counted or last in words.BEFORE_YEAR

"""What a number takes from its neighbours: the other end of a range, a scale that several share, a hedge."""

from __future__ import annotations

import re

from figurefind import words
from figurefind.figure import NEXT, Figure

_RANGE_LINKS = ("-", "–", "to", "-to-", "- to", "and", "or")


def join(found: list[Figure], plain: str) -> None:
    """Make ranges of neighbours and lend the scale that several share; a figure taken into another loses its kind."""
    for k in range(len(found) - 2, -1, -1):
        low, high = found[k], found[k + 1]
        if not (low.kind and high.kind):
            continue
        between = plain[low.right : high.left].removesuffix("+").removesuffix("plus ")
        if len(between) > 8:
            continue
        link = between.strip()
        if between == " " and plain[high.left] == "(" and low.value == high.number:
            low.kind = ""  # "five (5) per cent"
        if between == " " and _add(low, high):
            continue
        if link in _RANGE_LINKS and _range(low, high, between, plain):
            continue
        if link in (",", "and", "or", ", and", ", or", "&", "/"):
            _lend(low, high, link)


def _add(low: Figure, high: Figure) -> bool:
    """As in "1 billion 600 million dollars": one amount in two scales."""
    apart = low.unit and not low.sign
    if apart or high.sign or low.fixed or high.fixed or low.places or low.minus or high.minus:
        return False
    if high.scale == 1 or high.value >= low.scale or low.scale % high.scale:
        return False
    high.number += low.number * low.scale // high.scale * 10**high.places
    high.left, high.sign, low.kind = low.left, low.sign, ""
    if low.sign:
        high.kind, high.unit = "money", low.unit
    return True


_OPENER = re.compile(
    r"(?<![^\W_])(?:(between|from|ranging from|range from)[ \n]{1,2}"
    r"|from [a-z -]{0,24}(?:level|low|high|peak|average|rate)s? of )$"
)
_RANGING = re.compile(r"(?:rang\w+|var\w+|anywhere|estimates|estimated at) $")
_SCALABLE = ("count", "money", "percent", "measure", "period")


def _range(low: Figure, high: Figure, between: str, plain: str) -> bool:
    link = between.strip()
    if link in ("-to-", "- to"):  # "40- to 50-tonne tanks"
        link = "to"
    if low.bare and high.bare:
        even = link in ("-", "–") and low.value == high.value
        to_one = link == "to" and high.value == 1 < low.value
        mixed = between == "-" and low.worded != high.worded
        score = between in ("-", "–") and _is_score(low, high, plain)
        if even or to_one or mixed or score:  # "fifty-fifty", "3 to 1", "7-Eleven", "lost 12-3"
            low.kind = high.kind = ""
            return True
    if not link or low.fixed or high.fixed or low.is_share != high.is_share:
        return False
    if low.kind not in _SCALABLE or high.kind not in _SCALABLE:
        return False
    opener = _OPENER.search(plain[max(0, low.left - 48) : low.left])
    word = (opener[1] or "from") if opener else ""
    if link == "and" and word != "between":
        return False
    if link == "or" and (low.places or high.number not in (low.number + 1, low.number * 2)):
        return False
    if (low.unit and high.unit and low.unit != high.unit) or (
        low.unit and not high.unit and not low.sign
    ):
        return False
    years = [_year(low) and low.bare, _year(high) and high.bare]
    if any(years) and not all(years):
        return False
    if high.whole == 100 and low.bare:
        low.whole = 100
    scale = lent_scale(low, high)
    first, last = low.scaled(scale), high.value
    if low.minus and high.minus:  # "–1.5 to –2 million" as well as "–2 to –1.5 million"
        first, last = sorted((first, last))
    if first >= last and not low.is_share:
        return False
    if word == "from" and link == "to" and not all(years):
        start = low.left - len(opener[0])
        if not _RANGING.search(plain[max(0, start - 14) : start]):
            if low.bare:
                low.kind, low.unit = high.kind, high.unit
                low.lent = _unit_name(high)
            if scale != low.scale:
                low.lent, low.scale = _SCALE_NAMES.get(scale, "") + low.lent, scale
            return True
    apart = link in ("-", "–") and between != link
    if apart and ((high.sign and not low.sign) or any(years) != all(years)):
        return False
    high.respell |= low.minus and not high.minus and link in ("-", "–")  # "-35–25%": of both?
    high.low, high.high, high.fixed, high.qualifier = first, last, True, "range"
    high.left, high.unit, high.sign = low.left, high.unit or low.unit, low.sign or high.sign
    if low.kind == "money":
        high.kind = "money"
    if opener and (word == "between" or link == "to"):
        high.start = low.left - len(opener[0]) if word in ("between", "from") else -1
    if all(years) and high.kind == "count" and not _counted(plain, high.right):
        high.kind, high.unit = "period", "years"
    low.kind = ""
    return True


def lent_scale(low: Figure, high: Figure) -> int:
    """The scale of the first end of a range: that of the second where it prints none and stays below."""
    if low.scale not in (1, 100):
        return low.scale
    thousands = next(size for size in (10**12, 10**9, 10**6, 10**3, 1) if high.scale % size == 0)
    # "five to six hundred" lends all, "fifty to one hundred thousand" the thousand, "ten to a dozen" nothing.
    for scale in (high.scale, thousands) if low.scale == 1 else (100 * thousands,):
        first, last = low.scaled(scale), high.value
        if abs(first) <= abs(last) if high.minus else first <= last:
            return scale
    stands_alone = abs(low.value) >= (100 if low.worded or low.scale > 1 else 1000)
    return low.scale if stands_alone else scale


_VOTE = re.compile(
    r"\b(?:vot|pass|approv|reject|adopt|ratif|ruling|ruled|senate|parliament|assembly|council)"
)
_GAME = re.compile(
    r"\b(?:w[io]n|winning|los[et]|losing|beat|beaten|drew|draw|defeat|defeated|victory|lead|leads|led)\b"
    r"[^.,;:!?\n]{0,24}$"
)


def _is_score(low: Figure, high: Figure, plain: str) -> bool:
    """Of a game: "lost 12-3", "won 2-3"; what falls is no range, and votes are counts."""
    if low.kind != "count" or high.kind != "count" or low.worded or low.places or high.places:
        return False
    if max(low.number, high.number) >= 200:
        return False
    before = plain[max(0, low.left - 48) : low.left]
    follows = NEXT.match(plain, high.right)
    if follows and follows[2] in words.COUNTABLE:
        return False
    if low.number > high.number:
        return not _VOTE.search(before) and not _VOTE.search(plain, high.right, high.right + 24)
    alone = not follows or follows[2] in words.STOP - {"a", "an", "per", "of"}
    return high.number < 20 and alone and _GAME.search(before) is not None


_SCALE_NAMES = {12: " dozen", **{size: f" {word}" for word, size in words.SCALES.items()}}


def _unit_name(figure: Figure) -> str:
    """The unit as an earlier number would print it; nothing for a sign, which stands in front."""
    if figure.sign or figure.kind not in ("percent", "money"):
        return ""
    return {"percentage_points": " percentage points"}.get(figure.unit, f" {figure.unit}")


def _lend(low: Figure, high: Figure, link: str) -> None:
    """As in "6.6, 5.9 and 4.5 million": the earlier numbers share the scale and the unit of the last."""
    if low.fixed or low.is_share or high.is_share or high.qualifier == "vague":
        return
    if low.kind not in ("count", "money") or high.kind not in _SCALABLE:
        return
    if (low.worded and low.scale > 1) or (low.unit and not low.sign):
        return
    if _year(low) and low.bare and not low.places:
        return
    likely = low.places or (low.sign and high.sign) or link in ("and", "or", "&") or high.lent
    if (
        high.scale > 1
        and high.scale < 10**18
        and low.scale == 1
        and likely
        and low.number / 10**low.places < 1000
        and (not high.sign or low.sign)
        and (not low.sign or low.unit == high.unit or not high.unit)
    ):
        low.scale, low.lent = high.scale, _SCALE_NAMES.get(high.scale, "")
    own_scale = low.scale > 1 and not low.lent and high.kind in ("measure", "period", "percent")
    if high.unit and not (low.unit or high.sign or own_scale) and (likely or link == ","):
        low.kind, low.unit = high.kind, high.unit
        low.lent += _unit_name(high)


def _year(figure: Figure) -> bool:
    return not figure.worded and figure.right - figure.left == 4 and 1500 <= figure.number <= 2100


def _counted(plain: str, right: int) -> bool:
    follows = NEXT.match(plain, right)
    return bool(follows) and follows[2] in words.COUNTABLE


_HEDGE_AFTER = re.compile(r"[ \n]or[ \n](more|less|fewer|so)\b|([ ]?\+|-(?:plus|odd)\b)(?!\w)")
HEDGE_ENDS = frozenset(phrase.split()[-1].strip(".~") for phrase in words.HEDGES_BEFORE) - {""}
_HEDGE_ENDINGS = tuple(HEDGE_ENDS)
_BACK = re.compile(r"[^\s(\"'\[]+")


def take_hedge(figure: Figure, plain: str) -> None:
    """Take the hedge beside the number into the span, and set the bounds that it leaves."""
    left = figure.start if figure.start >= 0 else figure.left
    hedge = _hedge_before(left, plain)
    if hedge and figure.kind == "period" and plain.startswith("over ", hedge[0]):
        hedge = None  # "over two days": a preposition of time
    figure.start, figure.end = hedge[0] if hedge else left, figure.right
    qualifier = hedge[1] if hedge else ""
    if not hedge and (after := _HEDGE_AFTER.match(plain, figure.right)):
        qualifier = words.HEDGES_AFTER[f"or {after[1]}" if after[1] else after[2].strip()]
        figure.end = after.end()
    if not figure.fixed and figure.kind not in ("date", "ordinal", "year"):
        figure.qualifier = qualifier or figure.qualifier


def _hedge_before(left: int, plain: str) -> tuple[int, str] | None:
    """Where the longest hedge that ends at an offset begins, and what it means."""
    before = plain[left - 1 : left]
    signed = left - (before == " ")
    if left and (meaning := words.SIGNS_OF_DOUBT.get(plain[signed - 1 : signed])):
        return signed - 1, meaning
    if before != " " and before != "\n":
        return None
    window = max(0, left - 28)
    if not plain[window:left].rstrip(" .\n").endswith(_HEDGE_ENDINGS):
        return None
    found = list(_BACK.finditer(plain, window, left))
    if not found or plain.count("\n", found[-1].end(), left) > 1:
        return None
    if window and found[0].start() == window and not plain[window - 1].isspace():
        del found[0]  # half a word
    for size in (4, 3, 2, 1):
        phrase = " ".join(match[0] for match in found[-size:])
        if len(found) >= size and (meaning := words.HEDGES_BEFORE.get(phrase)):
            return found[-size].start(), meaning
    return None

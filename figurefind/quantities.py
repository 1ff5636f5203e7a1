"""Printed expression ⇄ Quantity: what "nearly $30 billion" commits to, and nothing more.

`parse` reads one expression as an article prints it (hedge, sign, number, scale, unit) by sections 3 and 4 of
docs/protocol.md; `to_print` writes it back in a normal form that reads as the same quantity. What is not understood in
full is refused with the reason: a figure misread in silence is worse than one not read. Where the protocol is silent:

- "$" alone is the US dollar, "¥" the yuan, a pound money; k, m, mn, mln, b, bn, bln, tn, trln are scales. A point marks
  decimals; commas or spaces part thousands.
- A scale on the second end of a range serves the first too ("6 to 7 million", "five to six hundred"), unless the first
  would then exceed the second and is large enough to stand as printed ("500,000 to 1 million", "fifty to a hundred").
  One on the first end alone serves only that.
- A range keeps its bounds under "about", a vague plural also under "over" and "at least"; no other hedge fits them.
- A negative amount takes no one-sided hedge ("over -5%" does not say which way), a rank no hedge at all.
- A rank has step 1; factors and words follow the digits of their value ("ten": 10, "doubled": 1); a range has the
  smaller step of its ends, and both ends are fractions or none is.
- At most 15 digits, which a float holds as printed.

The compiled patterns also serve to find expressions in running text: they bear line breaks and hyphens between words,
and every repetition in them is bounded. They propose; only `parse` decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from figurefind.errors import FindError

# Which bounds each qualifier states: v(alue), l(ow), h(igh).
_BOUNDS = {
    "exact": "vlh",
    "approx": "v",
    "nearly": "vh",
    "over": "vl",
    "at_least": "vl",
    "at_most": "vh",
    "range": "lh",
    "vague": "l",
}
QUALIFIERS = tuple(_BOUNDS)
MAX_CHARS = 200
MAX_DIGITS = 15


class QuantityError(FindError):
    """An expression that cannot be read, or a quantity that contradicts itself: reason and remedy in one line."""


@dataclass(frozen=True)
class Quantity:
    """What a printed expression commits to; None means not stated, not zero.

    Attributes
    ----------
    value, low, high : float or None
        The printed number, and the least and the greatest that the print allows, in `unit`; percent run to 100.
    unit : str or None
        USD, EUR, GBP, RUB, CNY, VES, percent, percentage_points, factor, rank, years, or None for a bare count.
    qualifier : str
        One of `QUALIFIERS`; it decides which of the three numbers are stated.
    step : float or None
        The last digit that the print plausibly commits to; None for vague plurals and fractions.

    Raises
    ------
    QuantityError
        Unknown qualifier, bounds that do not fit it or are out of order, a number not finite, a step not above 0.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    qualifier: str
    step: float | None

    def __post_init__(self):
        """Refuse bounds that no print can mean."""
        if self.qualifier not in QUALIFIERS:
            raise QuantityError(
                f"unknown qualifier {self.qualifier!r}; use one of {', '.join(QUALIFIERS)}"
            )
        named = {"v": self.value, "l": self.low, "h": self.high}
        stated = {name: number for name, number in named.items() if number is not None}
        if not all(map(math.isfinite, (*stated.values(), self.step or 0))):
            raise QuantityError(f"{self}: a number is not finite; use None for what is not stated")
        if set(stated) != set(_BOUNDS[self.qualifier]):
            raise QuantityError(
                f"{self}: bounds do not fit the qualifier; see the hedge table in docs/protocol.md"
            )
        if stated.get("l", -math.inf) > stated.get("h", math.inf) or (
            "v" in stated and len(set(stated.values())) > 1
        ):
            raise QuantityError(
                f"{self}: bounds out of order; only the ends of a range differ, the lower comes first"
            )
        if self.step is not None and (self.step <= 0 or self.qualifier == "vague"):
            raise QuantityError(f"{self}: a step is above 0, and a vague plural has none; use None")


# --- Vocabulary: what each printed word stands for --------------------------------------------------------------------


def _each(meanings: dict) -> dict:
    """{"about|some": "approx"} -> {"about": "approx", "some": "approx"}."""
    return {word: meaning for words, meaning in meanings.items() for word in words.split("|")}


def _numbered(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * i for i, word in enumerate(words.split())}


_MORE, _LESS = ("over", "more than", "above"), ("under", "less than", "fewer than", "below")
HEDGES_BEFORE = _each(
    {
        "about|around|roughly|some|approximately|circa|c.|ca.|~|estimated|an estimated": "approx",
        "nearly|almost|close to|just short of": "nearly",
        "exceeding|in excess of|upwards of": "over",
        "at least|no fewer than|no less than|not less than": "at_least",
        "up to|at most|as many as|as much as|no more than|not more than": "at_most",
        "|".join(
            f"{by}{more}"
            for by, more in product(("", "well ", "just ", "slightly ", "a little "), _MORE)
        ): "over",
        "|".join(f"{by}{less}" for by, less in product(("", "well "), _LESS)): "at_most",
        "|".join(
            f"{by}{less}" for by, less in product(("just ", "slightly ", "a little "), _LESS)
        ): "nearly",
    }
)
HEDGES_AFTER = _each({"or more|+": "at_least", "or less|or fewer": "at_most", "or so": "approx"})

_ONES = _numbered("one two three four five six seven eight nine", 1)
_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
NUMBERS = {"zero": 0, "a": 1, **_ONES, **_TEENS, **_TENS}
_THOUSANDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SCALES = {"dozen": 12, "hundred": 100, **_THOUSANDS}
_SCALE_WORDS = SCALES | _each({"k": 10**3, "m|mn|mln": 10**6, "b|bn|bln": 10**9, "tn|trln": 10**12})

_SIGNS = _each(
    {
        "$|us$|us $|u.s.$|u.s. $|usd": "USD",
        "€|eur": "EUR",
        "£|gbp": "GBP",
        "₽|rub": "RUB",
        "¥|cny|rmb": "CNY",
        "ves": "VES",
    }
)
_UNITS = _SIGNS | _each(
    {
        "dollars|dollar|us dollars|us dollar|u.s. dollars|u.s. dollar": "USD",
        "euros|euro": "EUR",
        "yuan": "CNY",
        "pounds|pound|pounds sterling": "GBP",
        "rubles|ruble|roubles|rouble": "RUB",
        "bolivars|bolivar|bolivares": "VES",
        "%|percent|per cent": "percent",
        "percentage points|percentage point|pp": "percentage_points",
        "fold": "factor",
    }
)
_SIGNED = {"percent", "percentage_points", *_SIGNS.values()}

FACTORS = _each(
    {
        "doubled|double|doubles|doubling|twice": "2",
        "tripled|triple|triples|tripling|trebled|thrice": "3",
        "quadrupled|quadruple|quadruples|quadrupling": "4",
        "halved|halve|halves|halving": "0.5",
    }
)
_ORDINAL_ONES = _numbered("first second third fourth fifth sixth seventh eighth ninth", 1)
ORDINALS = {
    **_ORDINAL_ONES,
    "twelfth": 12,
    **{word + "th": n for word, n in _TEENS.items() if n != 12},
    **{word[:-1] + "ieth": n for word, n in _TENS.items()},
    **{
        f"{tens} {one}": n + m
        for (tens, n), (one, m) in product(_TENS.items(), _ORDINAL_ONES.items())
    },
}
_SUPERLATIVES = (
    "largest",
    "biggest",
    "highest",
    "longest",
    "oldest",
)  # what can be measured; no "strongest"
_PARTS = {
    "half": 2,
    "quarter": 4,
    "tenth": 10,
    **{word: n for word, n in _ORDINAL_ONES.items() if n > 2},
}


def _vague_phrases() -> Iterator[tuple[str, tuple[int, str | None]]]:
    """Each vague phrase with the lower bound and the unit that it sets; of those that agree, the usual one first."""
    plurals = {"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200}
    yield from ((phrase, (low, None)) for phrase, low in plurals.items())
    yield from ((f"{word}s", (2 * size, None)) for word, size in _THOUSANDS.items())
    for (phrase, low), (word, size) in product(
        {**plurals, "thousands": 2000}.items(), _THOUSANDS.items()
    ):
        if low < 2 * size:
            yield f"{phrase} of {word}s", (low * size, None)
    for few in ("several", "a few"):
        yield few, (3, None)
        yield f"{few} decades", (30, "years")
        yield from ((f"{few} {word}", (3 * size, None)) for word, size in SCALES.items())
        yield from (
            (f"{few} hundred {word}", (300 * size, None)) for word, size in _THOUSANDS.items()
        )
    for word, joint in product(("million", "billion"), ("", " ")):
        yield f"multi{joint}{word}", (2 * _THOUSANDS[word], None)
    yield from ((phrase, (20, "years")) for phrase in ("decades", "decades long"))
    yield from ((phrase, (50, "percent")) for phrase in ("most", "an overwhelming majority"))
    for article, how in product(
        ("a", "the"), ("", "vast ", "great ", "large ", "clear ", "overwhelming ")
    ):
        yield f"{article} {how}majority", (50, "percent")


_VAGUE = dict(_vague_phrases())
_NO_BOUND = {
    "some",
    "many",
    "numerous",
    "multiple",
    "various",
    "countless",
    "few",
    "a",
    "number",
    "handful",
    "couple",
    "lot",
    "of",
    "the",
}

# --- Patterns ---------------------------------------------------------------------------------------------------------

_GAP = r"(?:-|\s{1,3})"


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a line break or a hyphen serves for a space."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", _GAP) for word in ordered) + ")"


# Atomic groups (?>…) give nothing back: a hostile run of digits costs no time, and words are not regrouped when what
# follows fails ("a hundred and five hundred" must not become 600).
_NUMERAL = (
    r"(?>(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,6}|(?:[ \u00a0\u2009\u202f][0-9]{3}){1,6})|[1-9][0-9]{0,17}|0)"
    r"(?:\.[0-9]{1,18})?)"
)
_BELOW_100 = rf"(?:{_any(_TENS)}(?:{_GAP}{_any(_ONES)})?|{_any(_TEENS)}|{_any(_ONES)})"
_GROUP = rf"(?>(?:a|{_BELOW_100}){_GAP}hundred(?:{_GAP}(?:and{_GAP})?{_BELOW_100})?|{_BELOW_100})"
_SCALED = rf"(?:{_GROUP}|a(?={_GAP}{_any(('dozen', *_THOUSANDS))}))(?:{_GAP}{_any(_THOUSANDS)})?"
_SPELLED = rf"(?:zero|{_SCALED}(?:{_GAP}(?:and{_GAP})?{_SCALED}){{0,4}})"
_SPELLED_GROUP = re.compile(rf"(zero|{_GROUP}|a\b)(?:{_GAP}({_any(_THOUSANDS)}))?")
_SMALL = rf"(?:[1-9][0-9]{{0,2}}|{_BELOW_100})"
_PART = (
    rf"(?:half|(?P<count>a|{_any(_ONES)}){_GAP}(?P<whole>{_any(_PARTS)})s?"
    rf"|(?P<hits>{_SMALL})\s(?:in|out\sof)\s(?P<among>{_SMALL}))"
)
_WORD_HEDGES = _any(word for word in HEDGES_BEFORE if word[-1].isalpha())
_START, _END = r"(?<![a-z0-9$€£₽¥])", r"(?![a-z0-9])"

NUMERAL = re.compile(_NUMERAL)
SPELLED = re.compile(_START + _SPELLED + _END, re.I)
AMOUNT = re.compile(
    rf"{_START}(?P<sign>[-−])?(?:(?P<before>{_any(_SIGNS)})\s?)?"
    rf"(?:(?P<numeral>{_NUMERAL})|(?P<part>{_PART})(?P<of>{_GAP}(?:of{_GAP})?a(?![a-z]))?"
    rf"|(?P<words>{_SPELLED})(?P<half>{_GAP}and{_GAP}a{_GAP}half)?)"
    rf"(?:{_GAP}?(?P<scale>{_any(_SCALE_WORDS)})(?![a-z]))?(?:{_GAP}?(?P<after>{_any(_UNITS)}))?{_END}",
    re.I,
)
VAGUE = re.compile(
    rf"{_START}(?P<phrase>{_any(_VAGUE)})(?:{_GAP}(?:of{_GAP})?(?P<after>{_any(_UNITS)}))?{_END}",
    re.I,
)
RANK = re.compile(
    rf"{_START}(?:(?:number\s|no\.\s?)(?P<digits>[1-9][0-9]{{0,8}})|number\s(?P<spelled>{_SPELLED})|(?:the\s)?(?:"
    r"(?:(?P<nth>(?:[1-9][0-9]{0,8})?(?:(?<!1)(?:1st|2nd|3rd)|(?:[04-9]|(?<=1)[1-3])th))"
    rf"|(?P<word>{_any(ORDINALS)}))(?:{_GAP}{_any(_SUPERLATIVES)})?|{_any(_SUPERLATIVES)})){_END}",
    re.I,
)
FACTOR = re.compile(_START + _any(FACTORS) + _END, re.I)
HEDGE_BEFORE = re.compile(rf"{_START}(?:{_WORD_HEDGES}(?=\s)|c\.|ca\.|~)\s?", re.I)
HEDGE_AFTER = re.compile(
    rf"(?:\s{_any(word for word in HEDGES_AFTER if word != '+')}|\s?\+){_END}", re.I
)
RANGE_OPENER = re.compile(r"(?:between|from)\s", re.I)
RANGE_SEPARATOR = re.compile(r"\s(?:to|and)\s|\s?[–—-]\s?", re.I)

_VOCABULARY = set(
    re.findall(
        "[a-z]+",
        " ".join(
            (
                *HEDGES_BEFORE,
                *HEDGES_AFTER,
                *NUMBERS,
                *_SCALE_WORDS,
                *_UNITS,
                *FACTORS,
                *ORDINALS,
                *_VAGUE,
                *_SUPERLATIVES,
                *_PARTS,
                *(part + "s" for part in _PARTS),
                "number no between from to and of in out an the",
            )
        ),
    )
)

# Invisible characters go; wide forms, hyphens and dashes become the plain ones. No NFKC: it would make 102 of 10².
_TIDY = {
    **dict.fromkeys((0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)),
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0xFFE1: "£",
    0xFFE5: "¥",
    **dict.fromkeys((0x2010, 0x2011, 0x2212), "-"),
    **dict.fromkeys((0x2012, 0x2014, 0x2015), "–"),
}
_FOREIGN = re.compile(r"[^0-9A-Za-z .,%$€£₽¥+~–-]")
_WORD_HYPHEN = re.compile(
    r"(?<=[a-z0-9])- ?(?=[a-z])"
)  # before a digit a hyphen parts the ends of a range

# --- Reading ----------------------------------------------------------------------------------------------------------


class _Amount(NamedTuple):
    """One end of an expression before its value is fixed: a range may still lend it a scale or a unit."""

    number: Decimal
    places: int  # printed decimals; -1 for a fraction such as "a third"
    scale: int
    unit: str | None
    worded: bool

    @property
    def value(self) -> Decimal:
        return self.number * self.scale

    @property
    def step(self) -> Decimal | None:
        if self.places < 0:
            return None
        if self.places and self.scale != 12:
            return Decimal(self.scale).scaleb(-self.places)
        if not self.value or (
            self.unit in ("percent", "percentage_points") and self.value % 1 == 0
        ):
            return Decimal(1)
        return Decimal(1).scaleb(self.value.normalize().as_tuple().exponent)


def parse(text: str, hedge: str | None = None) -> Quantity:
    """Read one printed expression, the counted noun left out.

    Parameters
    ----------
    text : str
        The expression as printed: "nearly $30 billion", "10–12%", "hundreds of thousands", "number one".
    hedge : str, optional
        A hedge that is printed apart from the expression ("estimated"), applied as if it stood before it; empty: none.

    Raises
    ------
    QuantityError
        If the expression or the hedge is not understood in full, or if hedges contradict or double one another.

    Examples
    --------
    >>> parse("over $1.5bn")
    Quantity(value=1500000000.0, low=1500000000.0, high=None, unit='USD', qualifier='over', step=100000000.0)
    >>> parse("6 to 7 million", hedge="estimated").high
    7000000.0
    """
    try:
        qualifier, core = _split_hedges(_normalise(text), hedge)
        for read in (_read_rank, _read_vague, _read_amount, _read_range):
            if found := read(core, qualifier):
                return found
        raise QuantityError(_reason(core))
    except QuantityError as error:
        raise QuantityError(f"{text!r:.80}: {error}") from None


def _normalise(text: str) -> str:
    """Lower case, plain characters, single spaces, no hyphens between words."""
    if not isinstance(text, str):
        raise QuantityError("not a text; give the expression as printed")
    if len(text) > MAX_CHARS:
        raise QuantityError(f"longer than {MAX_CHARS} characters; give the expression alone")
    plain = " ".join(text.translate(_TIDY).split())
    if foreign := _FOREIGN.search(plain):
        raise QuantityError(
            f"the character {foreign[0]!r} belongs to no expression; leave it out or use words"
        )
    return _WORD_HYPHEN.sub(" ", plain.lower())


def _split_hedges(text: str, hedge: str | None) -> tuple[str, str]:
    """Qualifier and what it qualifies; the hedge is printed before, after, or apart."""
    found = []
    if hedge:
        if not isinstance(hedge, str) or not (
            meaning := (HEDGES_BEFORE | HEDGES_AFTER).get(_normalise(hedge))
        ):
            raise QuantityError(
                f"unknown hedge {hedge!r}; use a hedge word of docs/protocol.md, such as 'estimated'"
            )
        found.append(meaning)
    while before := HEDGE_BEFORE.match(text):
        found.append(HEDGES_BEFORE[before[0].strip()])
        text = text[before.end() :]
    while after := next(
        (match for match in HEDGE_AFTER.finditer(text) if match.end() == len(text)), None
    ):
        found.append(HEDGES_AFTER[after[0].strip()])
        text = text[: after.start()]
    if len(found) > 1:
        raise QuantityError(
            f"more than one hedge ({', '.join(found)}); keep the one that belongs to the number"
        )
    return found[0] if found else "exact", text


def _read_rank(core: str, qualifier: str) -> Quantity | None:
    if not (match := RANK.fullmatch(core)):
        return None
    if match["spelled"]:
        place = math.prod(_spelled(match["spelled"]) or [0])
    else:
        place = int(match["digits"] or (match["nth"] or "")[:-2] or ORDINALS.get(match["word"], 1))
    if qualifier != "exact" or place < 1:
        raise QuantityError(
            "a rank takes no hedge and counts from 1; record the plain rank, the doubt in a note"
        )
    return Quantity(float(place), float(place), float(place), "rank", "exact", 1.0)


def _read_vague(core: str, qualifier: str) -> Quantity | None:
    if not (match := VAGUE.fullmatch(core)):
        return None
    if qualifier not in ("exact", "approx", "over", "at_least"):
        raise QuantityError("a vague plural is bounded below only; leave the upper hedge out")
    low, unit = _VAGUE[match["phrase"]]
    return Quantity(
        None, float(low), None, _one_unit(unit, _UNITS.get(match["after"])), "vague", None
    )


def _read_amount(core: str, qualifier: str) -> Quantity | None:
    # A factor word is never one end of a range: "doubled to 5 million" has no factor of 5 million.
    amount = (
        _Amount(Decimal(FACTORS[core]), 0, 1, "factor", True) if core in FACTORS else _amount(core)
    )
    if not amount or (amount.number < 0 and amount.unit not in _SIGNED):
        return None
    if amount.number < 0 and qualifier not in ("exact", "approx"):
        raise QuantityError(
            "a one-sided hedge on a negative amount has no clear side; state the fall without a sign"
        )
    value, bounds = float(amount.value), _BOUNDS[qualifier]
    return Quantity(
        value,
        value if "l" in bounds else None,
        value if "h" in bounds else None,
        amount.unit,
        qualifier,
        None if amount.step is None else float(amount.step),
    )


def _read_range(core: str, qualifier: str) -> Quantity | None:
    opener = RANGE_OPENER.match(core)
    body = core[opener.end() :] if opener else core
    pairs = [
        (_amount(body[: gap.start()]), _amount(body[gap.end() :]))
        for gap in RANGE_SEPARATOR.finditer(body)
        if gap[0] != " and " or (opener and opener[0] == "between ")
    ]
    pairs = [pair for pair in pairs if all(pair)]
    if not pairs:
        return None
    if qualifier not in ("exact", "approx"):
        raise QuantityError("a range has both bounds already; leave the hedge out")
    low, high = pairs[0]
    if len(pairs) > 1 or (low.places < 0) != (high.places < 0):
        raise QuantityError("the ends of the range are not clear; print both in figures")
    unit = _one_unit(low.unit, high.unit)
    low, high = _lend_scale(low, high)._replace(unit=unit), high._replace(unit=unit)
    if low.value > high.value:
        raise QuantityError(
            "the second end is below the first; print the scale on both, or record a change as two"
        )
    if low.number < 0 and unit not in _SIGNED:
        return None
    step = None if low.step is None else float(min(low.step, high.step))
    return Quantity(None, float(low.value), float(high.value), unit, "range", step)


def _lend_scale(low: _Amount, high: _Amount) -> _Amount:
    """The first end of a range, with the scale of the second where it prints none and stays below."""
    if low.scale not in (1, 100):
        return low
    thousands = next(
        size for size in (*sorted(_THOUSANDS.values(), reverse=True), 1) if high.scale % size == 0
    )
    # "five to six hundred" lends all, "fifty to one hundred thousand" the thousand, "ten to a dozen" nothing.
    for scale in (high.scale, thousands) if low.scale == 1 else (100 * thousands,):
        lent = low._replace(scale=scale)
        if lent.value <= high.value:
            return lent
    stands_alone = low.value >= (100 if low.worded or low.scale > 1 else 1000)
    return low if stands_alone else lent


def _one_unit(*units: str | None) -> str | None:
    known = sorted({unit for unit in units if unit})
    if len(known) > 1:
        raise QuantityError(f"two units ({', '.join(known)}); give one expression for each")
    return known[0] if known else None


def _amount(text: str) -> _Amount | None:
    """One amount without a hedge, or None if the text is none."""
    match = AMOUNT.fullmatch(text)
    if not match or (match["sign"] and not match["numeral"]):
        return None
    unit = _one_unit(_SIGNS.get(match["before"]), _UNITS.get(match["after"]))
    scale = _SCALE_WORDS.get(match["scale"], 1)
    if match["part"]:
        return _part(match, scale, unit)
    if match["words"]:
        number, size = _spelled(match["words"]) or (0, 0)
        extended = match["half"] or scale == 12  # "two and a half million", "two dozen"
        if not size or (extended and size > 1) or (scale > 1 and not extended):
            return None
        found = _Amount(
            number + Decimal("0.5") if match["half"] else number, 0, scale * size, unit, True
        )
    else:
        digits = re.sub("[, ]", "", match["numeral"])
        number = 0 - Decimal(digits) if match["sign"] else Decimal(digits)
        found = _Amount(number, len(digits.partition(".")[2]), scale, unit, False)
    if (
        max(len(found.number.as_tuple().digits), len(found.value.normalize().as_tuple().digits))
        > MAX_DIGITS
    ):
        raise QuantityError(f"more than {MAX_DIGITS} digits; round it")
    return found


def _part(match: re.Match[str], scale: int, unit: str | None) -> _Amount | None:
    """A share ("two thirds": percent), or a part of a scale or a unit ("half a million", "half a percent")."""
    if match["among"]:
        n, m = (
            int(word) if word.isdigit() else _group(word)
            for word in (match["hits"], match["among"])
        )
    else:
        n, m = NUMBERS[match["count"] or "a"], _PARTS[match["whole"] or "half"]
    if n < m and not (match["of"] or match["scale"] or unit):
        return _Amount(Decimal(100 * n) / m, -1, 1, "percent", True)
    dangling = match["of"] and not (match["scale"] or unit)
    if (
        n >= m or 1000 * n % m or match["among"] or dangling
    ):  # "two thirds of a million" has no last digit
        return None
    return _Amount(Decimal(n) / m, 0, scale, unit, True)


def _spelled(text: str) -> tuple[Decimal, int] | None:
    """Number and scale: "six million" is 6 and 10**6, "six hundred" 6 and 100, "two thousand and five" 2005 and 1."""
    total, below, groups = 0, math.inf, _SPELLED_GROUP.findall(text)
    for group, scale in groups:
        number, size = _group(group), _THOUSANDS.get(scale, 1)
        if number * size >= below:
            return None
        total, below = total + number * size, size
    if len(groups) > 1:
        return Decimal(total), 1
    return (
        (Decimal(number // 100), 100 * size)
        if number and number % 100 == 0
        else (Decimal(number), size)
    )


def _group(text: str) -> int:
    number = 0
    for word in text.split():
        number = number * 100 if word == "hundred" else number + NUMBERS.get(word, 0)
    return number


def _reason(core: str) -> str:
    """Why the core of an expression is none, and what to do about it."""
    words = re.findall("[a-z]+", core)
    if words and set(words) <= _NO_BOUND and words == core.split():
        return "sets no bound; leave it unrecorded"
    if re.search(r"[0-9]e[+-]?[0-9]", core):
        return "an exponent; write the number out or with a scale word"
    if strange := [word for word in words if word not in _VOCABULARY]:
        return f"{strange[0]!r} is no part of an expression; leave out the counted noun and other words"
    for run in re.findall(r"[0-9][0-9,. ]*", core):
        if len(re.sub("[^0-9]", "", run)) > MAX_DIGITS:
            return f"more than {MAX_DIGITS} digits; round it"
        if not NUMERAL.fullmatch(run.strip()):
            return f"bad grouping, leading zero or decimal comma in {run.strip()!r}; write it as 1,234,567 or 5.9"
    if not set(words) & {*NUMBERS, *_PARTS} and not re.search("[0-9]", core):
        return "no number; a hedge, sign, unit or scale alone says nothing ('a million' does)"
    if re.search(rf"\b{_WORD_HEDGES}\b", core):
        return "a hedge inside the expression; print it first, once"
    if re.search(r"[+~]|(?<![a-z0-9% ])[–-]|[–-]$", core):
        return "a sign or dash out of place; a minus stands directly before an amount of money or percent"
    return "its parts stand in an unknown order; write it as in '$1.5 billion' or 'from 5 to 6 percent'"


# --- Printing ---------------------------------------------------------------------------------------------------------

_HEDGE_PRINTED = {
    "exact": "",
    "range": "",
    "approx": "about ",
    "nearly": "nearly ",
    "over": "over ",
    "at_least": "at least ",
    "at_most": "up to ",
}
_UNIT_PRINTED = {
    None: "{}",
    "USD": "${}",
    "EUR": "€{}",
    "GBP": "£{}",
    "RUB": "RUB {}",
    "CNY": "CNY {}",
    "VES": "VES {}",
    "percent": "{}%",
    "percentage_points": "{} percentage points",
    "factor": "{}-fold",
}
_NOUN_PRINTED = {
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "RUB": "rubles",
    "CNY": "yuan",
    "VES": "bolivars",
    "percent": "percent",
    "percentage_points": "percentage points",
    "factor": "fold",
}
_VAGUE_PRINTED = {bound: phrase for phrase, bound in reversed(_VAGUE.items())}
_SHARE_PRINTED = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "a third",
    Fraction(2, 3): "two thirds",
    Fraction(1, 4): "a quarter",
    Fraction(3, 4): "three quarters",
}


def to_print(quantity: Quantity) -> str:
    """The normal form: whatever `parse` returned, it parses to an equal quantity.

    Raises
    ------
    QuantityError
        If no expression says exactly this, as with a counted noun for a unit.

    Examples
    --------
    >>> to_print(parse("more than 1,500 million dollars"))
    'over $1.5 billion'
    """
    for printed in _printed(quantity):
        try:
            if parse(printed) == quantity:
                return printed
        except QuantityError:
            continue
    raise QuantityError(
        f"{quantity}: no expression says exactly this; check the unit (no counted noun) and the step"
    )


def _printed(quantity: Quantity) -> Iterator[str]:
    """Expressions that may say the quantity, the plainest first."""
    unit, ends = (
        quantity.unit,
        (quantity.low, quantity.high) if quantity.value is None else (quantity.value,),
    )
    if quantity.qualifier == "vague":
        phrase = _VAGUE_PRINTED.get((quantity.low, None), "")
        yield _VAGUE_PRINTED.get((quantity.low, unit), "")
        yield f"{phrase} {'of ' * phrase.endswith(('ds', 'ns', 'es'))}{_NOUN_PRINTED.get(unit, '')}"
        return
    hedge, numbers = _HEDGE_PRINTED[quantity.qualifier], [Decimal(repr(float(end))) for end in ends]
    if quantity.step is None:
        yield hedge + " to ".join(map(_printed_share, numbers))
    elif unit == "rank":
        yield f"No. {numbers[0]:.0f}"
    elif unit in _UNIT_PRINTED:
        for word, size, places in _layouts(
            min(map(abs, numbers)), Decimal(repr(float(quantity.step))).adjusted()
        ):
            yield hedge + " to ".join(
                "-" * (number < 0)
                + _UNIT_PRINTED[unit].format(f"{abs(number) / size:,.{places}f}{word}")
                for number in numbers
            )


def _layouts(least: Decimal, step_exponent: int) -> Iterator[tuple[str, int, int]]:
    """Scale word, its size and the decimals that show the step; scales from a million up where they read well."""
    scales = [("", 1), *((f" {word}", size) for word, size in _THOUSANDS.items())]
    laid = [(word, size, max(0, len(str(size)) - 1 - step_exponent)) for word, size in scales]
    yield from (
        layout for layout in reversed(laid) if 10**6 <= layout[1] <= least and layout[2] <= 3
    )
    yield from laid
    yield from ((word, size, 0) for word, size, _ in laid)


def _printed_share(percent: Decimal) -> str:
    """33.3… is "a third", 5 "1 in 20"; the denominators that `parse` reads have three digits at most."""
    share = (Fraction(percent) / 100).limit_denominator(999)
    return _SHARE_PRINTED.get(share, f"{share.numerator} in {share.denominator}")

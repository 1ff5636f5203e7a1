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

Numbers, scales and units are read by `grammar`, the same that finds them in running text; here stands what the ledger
takes of that: its units, its hedges, ranks and factors, and why anything else is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from figurefind import grammar, neighbours, words
from figurefind.errors import FindError
from figurefind.figure import Figure

# Which bounds each qualifier states: v(alue), l(ow), h(igh).
BOUNDS = {
    "exact": "vlh",
    "approx": "v",
    "nearly": "vh",
    "over": "vl",
    "at_least": "vl",
    "at_most": "vh",
    "range": "lh",
    "vague": "l",
}
QUALIFIERS = tuple(BOUNDS)
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
        if set(stated) != set(BOUNDS[self.qualifier]):
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


# --- Vocabulary of the ledger beside that of the grammar ---------------------------------------------------------------

_ORDINALS = words.ORDINALS | words.COMPOUND_ORDINALS
_SUPERLATIVES = "(?:largest|biggest|highest|longest|oldest)"  # what can be measured; no "strongest"
_RANK = re.compile(
    rf"(?:number |no\. ?)(?P<place>.+)|(?:the )?(?:(?P<nth>[1-9][0-9]{{0,8}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
    rf"(?: {_SUPERLATIVES})?|{_SUPERLATIVES})"
)
_HOW = ("", "vast ", "great ", "large ", "clear ", "overwhelming ")
#: Phrases that set a lower bound, with their unit.
VAGUE: dict[str, tuple[int, str | None]] = {
    **{phrase: (low, None) for phrase, low in words.VAGUE.items()},
    **dict.fromkeys(("several", "a few"), (3, None)),
    **dict.fromkeys(("several decades", "a few decades"), (30, "years")),
    **dict.fromkeys(("decades", "decades long"), (20, "years")),
    **dict.fromkeys(("most", "an overwhelming majority"), (50, "percent")),
    **{f"{article} {how}majority": (50, "percent") for article in ("a", "the") for how in _HOW},
}
_WORD_HEDGES = "|".join(
    sorted((h for h in words.HEDGES_BEFORE if h[-1].isalpha()), key=len, reverse=True)
)
_HEDGE_BEFORE = re.compile(rf"(?:(?:{_WORD_HEDGES})(?= )|c\.|ca\.|~) ?")
_HEDGE_AFTER = re.compile(r" ?\+$| or (?:more|less|fewer|so)$")
_OPENER = re.compile("(?:between|from) ")
_SEPARATOR = re.compile("-? (?:to|and) | ?[–-] ?")
_LEDGER_UNITS: dict[str, str] = words.PRINTED["units"]
_PHRASES = (
    *(words.HEDGES_BEFORE | words.HEDGES_AFTER | words.NUMBERS | words.THOUSANDS),
    *(word for word, code in words.CURRENCIES.items() if code in _LEDGER_UNITS and word != "quid"),
    *(words.FACTORS | _ORDINALS | VAGUE | words.PARTS),
    *(_SUPERLATIVES, *words.LEDGER["scales_units"], *words.LEDGER["others"]),
)
_VOCABULARY = set(re.findall("[a-z]+", " ".join(_PHRASES)))

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
# Before a digit a hyphen parts the ends of a range.
_WORD_HYPHEN = re.compile(r"(?<=[a-z0-9])- ?(?=[a-z])")
_SHORT_SCALE = re.compile(r"(?<=[0-9]) (k|m|b)\b")  # one letter is a scale here, not metres

# --- Reading ----------------------------------------------------------------------------------------------------------


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
    return _SHORT_SCALE.sub(r"\1", _WORD_HYPHEN.sub(" ", plain.lower()))


def _split_hedges(text: str, hedge: str | None) -> tuple[str, str]:
    """Qualifier and what it qualifies; the hedge is printed before, after, or apart."""
    found = []
    if hedge:
        if not isinstance(hedge, str) or not (
            meaning := (words.HEDGES_BEFORE | words.HEDGES_AFTER).get(_normalise(hedge))
        ):
            raise QuantityError(
                f"unknown hedge {hedge!r}; use a hedge word of docs/protocol.md, such as 'estimated'"
            )
        found.append(meaning)
    while before := _HEDGE_BEFORE.match(text):
        found.append(words.HEDGES_BEFORE[before[0].strip()])
        text = text[before.end() :]
    while after := _HEDGE_AFTER.search(text):
        found.append(words.HEDGES_AFTER[after[0].strip()])
        text = text[: after.start()]
    if len(found) > 1:
        raise QuantityError(
            f"more than one hedge ({', '.join(found)}); keep the one that belongs to the number"
        )
    return found[0] if found else "exact", text


def _read_rank(core: str, qualifier: str) -> Quantity | None:
    if not (match := _RANK.fullmatch(core)):
        return None
    figure = grammar.amount(match["place"] or "")
    if match["place"] and (not figure or figure.unit or figure.places or figure.value % 1):
        return None
    nth = match["nth"] or "1st"
    place = figure.value if figure else _ORDINALS.get(nth) or _nth(nth)
    if place is None:
        return None
    if qualifier != "exact" or place < 1:
        raise QuantityError(
            "a rank takes no hedge and counts from 1; record the plain rank, the doubt in a note"
        )
    return Quantity(float(place), float(place), float(place), "rank", "exact", 1.0)


def _nth(text: str) -> int | None:
    """The place that figures with an ending name; none if the ending is another number's ("22th")."""
    place = int(text[:-2])
    ending = (
        "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    )
    return place if text[-2:] == ending else None


def _read_vague(core: str, qualifier: str) -> Quantity | None:
    phrase = max((p for p in VAGUE if f"{core} ".startswith(f"{p} ")), key=len, default="")
    rest = core[len(phrase) :].removeprefix(" of")
    counted = grammar.amount(f"2{rest}")
    if not phrase or not counted or counted.unit not in ("", *_LEDGER_UNITS):
        return None
    if qualifier not in ("exact", "approx", "over", "at_least"):
        raise QuantityError("a vague plural is bounded below only; leave the upper hedge out")
    low, unit = VAGUE[phrase]
    return Quantity(None, float(low), None, _one_unit({unit, counted.unit}) or None, "vague", None)


def _read_amount(core: str, qualifier: str) -> Quantity | None:
    # A factor word is never one end of a range: "doubled to 5 million" has no factor of 5 million.
    if core in words.FACTORS:
        value, unit = words.FACTORS[core], "factor"
        step = _last_digit(Decimal(str(value)))
    elif figure := _amount(core):
        value, unit, step = figure.value, figure.unit or None, _step(figure)
    else:
        return None
    if value < 0 and qualifier not in ("exact", "approx"):
        raise QuantityError(
            "a one-sided hedge on a negative amount has no clear side; state the fall without a sign"
        )
    return Quantity(*bounded(value, qualifier), unit, qualifier, step)


def bounded(value: float, qualifier: str) -> tuple[float, float | None, float | None]:
    """A printed number with the bounds that its qualifier states: value, low, high."""
    bounds = BOUNDS[qualifier]
    return value, value if "l" in bounds else None, value if "h" in bounds else None


def _read_range(core: str, qualifier: str) -> Quantity | None:
    opener = _OPENER.match(core)
    body = core[opener.end() :] if opener else core
    pairs = [
        (_amount(body[: gap.start()], end=True), _amount(body[gap.end() :], end=True))
        for gap in _SEPARATOR.finditer(body)
        if not gap[0].endswith("and ") or (opener and opener[0] == "between ")
    ]
    pairs = [pair for pair in pairs if all(pair)]
    if not pairs:
        return None
    if qualifier not in ("exact", "approx"):
        raise QuantityError("a range has both bounds already; leave the hedge out")
    low, high = pairs[0]
    if len(pairs) > 1 or low.is_share != high.is_share:
        raise QuantityError("the ends of the range are not clear; print both in figures")
    unit = _one_unit({low.unit, high.unit})
    low.scale, low.unit, high.unit = neighbours.lent_scale(low, high), unit, unit
    if low.value > high.value:
        raise QuantityError(
            "the second end is below the first; print the scale on both, or record a change as two"
        )
    if low.minus and not unit:
        return None
    step = None if low.is_share else min(_step(low), _step(high))
    return Quantity(None, low.value, high.value, unit or None, "range", step)


def _amount(text: str, end: bool = False) -> Figure | None:
    """One amount without a hedge in the ledger's words and units; None for anything else.

    A count below 0 is none; as an end of a range it may still take the unit of the other.
    """
    if set(re.findall("[a-z]+", text)) - _VOCABULARY:
        return None
    figure = grammar.amount(text)
    if (
        not figure
        or figure.respell
        or figure.kind not in ("money", "percent", "count", "measure")
        or figure.unit not in ("", *_LEDGER_UNITS)
        or figure.qualifier == "vague"
        or (figure.whole > 1 and not figure.is_share)
        or (figure.minus and not figure.unit and not end)
    ):
        return None
    number = figure.number // (100 if figure.is_share else 1)
    if max(len(str(number)), len(str(number * figure.scale).rstrip("0"))) > MAX_DIGITS:
        raise QuantityError(f"more than {MAX_DIGITS} digits; round it")
    return figure


def _step(figure: Figure) -> float | None:
    """The last digit that the print commits to; none of a share such as "a third"."""
    if figure.is_share:
        return None
    if figure.places and figure.scale != 12:
        return float(Decimal(figure.scale).scaleb(-figure.places))
    value = Decimal(figure.number * figure.scale).scaleb(-figure.places)
    return 1.0 if figure.kind == "percent" and value % 1 == 0 else _last_digit(value)


def _last_digit(value: Decimal) -> float:
    return float(Decimal(1).scaleb(value.normalize().as_tuple().exponent)) if value else 1.0


def _one_unit(units: Iterable[str]) -> str:
    """The unit of several expressions that each have one or none."""
    known = sorted(filter(None, units))
    if len(known) > 1:
        raise QuantityError(f"two units ({', '.join(known)}); give one expression for each")
    return known[0] if known else ""


def _units_printed(core: str) -> set[str]:
    """Every unit that a word or a sign of an expression names."""
    printed = re.findall(r"[a-z]+|[$€£₽¥%]", core)
    shares = dict.fromkeys(("percent", "%", "most"), "percent")
    named = words.CURRENCIES | words.SIGNS | shares
    return {named[word] for word in printed if word in named}


def _reason(core: str) -> str:
    """Why the core of an expression is none, and what to do about it."""
    printed = re.findall("[a-z]+", core)
    if printed and set(printed) <= set(words.LEDGER["sets_no_bound"]) and printed == core.split():
        return "sets no bound; leave it unrecorded"
    if re.search(r"[0-9]e[+-]?[0-9]", core):
        return "an exponent; write the number out or with a scale word"
    if strange := [word for word in printed if word not in _VOCABULARY]:
        return f"{strange[0]!r} is no part of an expression; leave out the counted noun and other words"
    for run in re.findall(r"[0-9][0-9,. ]*", core):
        if len(re.sub("[^0-9]", "", run)) > MAX_DIGITS:
            return f"more than {MAX_DIGITS} digits; round it"
        if not grammar.NUMERAL.fullmatch(run.strip()):
            return f"bad grouping, leading zero or decimal comma in {run.strip()!r}; write it as 1,234,567 or 5.9"
    _one_unit(_units_printed(core))
    if not set(printed) & {"a", *words.NUMBERS, *words.PARTS} and not re.search("[0-9]", core):
        return "no number; a hedge, sign, unit or scale alone says nothing ('a million' does)"
    if re.search(rf"\b(?:{_WORD_HEDGES})\b", core):
        return "a hedge inside the expression; print it first, once"
    if re.search(r"[+~]|(?<![a-z0-9% ])[–-]|[–-]$", core):
        return "a sign or dash out of place; a minus stands directly before an amount of money or percent"
    return "its parts stand in an unknown order; write it as in '$1.5 billion' or 'from 5 to 6 percent'"


# --- Printing ---------------------------------------------------------------------------------------------------------

_VAGUE_PRINTED = {bound: phrase for phrase, bound in reversed(VAGUE.items())}
_SCALES = [("", 1, 0), *((f" {word}", size, 0) for word, size in words.THOUSANDS.items())]
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
    unit = quantity.unit
    ends = (quantity.low, quantity.high) if quantity.value is None else (quantity.value,)
    if quantity.qualifier == "vague":
        phrase = _VAGUE_PRINTED.get((quantity.low, None), "")
        yield _VAGUE_PRINTED.get((quantity.low, unit), "")
        yield f"{phrase} {'of ' * phrase.endswith(('ds', 'ns', 'es'))}{words.PRINTED['nouns'].get(unit, '')}"
        return
    hedge = words.PRINTED["hedges"][quantity.qualifier]
    numbers = [Decimal(repr(float(end))) for end in ends]
    if quantity.step is None:
        yield hedge + " to ".join(map(_printed_share, numbers))
    elif unit == "rank":
        yield f"No. {numbers[0]:.0f}"
    elif unit is None or unit in _LEDGER_UNITS:
        form, step = _LEDGER_UNITS.get(unit, "{}"), Decimal(repr(float(quantity.step)))
        alike = _layouts(min(map(abs, numbers)), step.adjusted())
        # or each end in the largest scale of which it is a whole number
        own = [[_SCALES[0], *(s for s in _SCALES if Fraction(n) % s[1] == 0)][-1] for n in numbers]
        for laid in (*([layout] * len(numbers) for layout in alike), own):
            yield hedge + " to ".join(
                "-" * (number < 0) + form.format(f"{abs(number) / size:,.{places}f}{word}")
                for number, (word, size, places) in zip(numbers, laid, strict=True)
            )


def _layouts(least: Decimal, step_exponent: int) -> Iterator[tuple[str, int, int]]:
    """Scale word, its size and the decimals that show the step; scales from a million up where they read well."""
    laid = [(word, size, max(0, len(str(size)) - 1 - step_exponent)) for word, size, _ in _SCALES]
    yield from (
        layout for layout in reversed(laid) if 10**6 <= layout[1] <= least and layout[2] <= 3
    )
    yield from laid
    yield from _SCALES


def _printed_share(percent: Decimal) -> str:
    """33.3… is "a third", 5 "1 in 20"; the denominators that `parse` reads have three digits at most."""
    share = (Fraction(percent) / 100).limit_denominator(999)
    return _SHARE_PRINTED.get(share, f"{share.numerator} in {share.denominator}")

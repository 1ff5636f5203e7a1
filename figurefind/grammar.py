"""Numbers of running text: where each expression stands, and what it commits to.

One pass over the words finds where numbers begin; at each beginning a few bounded expressions read the number, its
sign, scale and unit; a second pass joins neighbours into ranges and lends a shared scale. No pattern holds a repetition
within a repetition, so that time is linear in the length of any text. `quantities.parse` reads one expression by the
same functions.
"""

from __future__ import annotations

import re
from itertools import accumulate

from figurefind import neighbours, words
from figurefind.figure import GAP, NEXT, Figure
from figurefind.patterns import pattern

_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+(?:[.,][0-9]+)*|[\W_]+|\d")
_WORD = re.compile(r"[^\W\d_]+")
_GROUPED = re.compile(
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,2}(?:,[0-9]{2}){1,5},[0-9]{3})(?:\.[0-9]{1,9})?"
)
_SIMPLE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
NUMERAL = re.compile(
    r"(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)|[1-9][0-9]*|0)(?:\.[0-9]+)?"
)
_POINTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,5}")
_BLANK_GROUPS = re.compile(r"(?: [0-9]{3}){1,4}(?:\.[0-9]{1,9})?(?![0-9.,:/-]*[0-9]|mm|cm|kg|th)")
_NUMERIC_DATE = re.compile(r"([0-3]?[0-9])([./-])([01]?[0-9])\2([12][0-9]{3}|[0-9]{2})(?![0-9/-])")
_ISO_DATE = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?![0-9])")
_MONTH_OF_YEAR = re.compile(r"([01]?[0-9])/([12][0-9]{3})(?![0-9/])")
_YEARS = re.compile(r"((?:1[5-9]|20)[0-9]{2})[-–/]([0-9]{1,2})(?![-/.,:]?[0-9]|[^\W_]| ?%)")
#: Each with its groups for year, month and day.
_NUMERIC_DATES = ((_ISO_DATE, (1, 2, 3)), (_NUMERIC_DATE, (4, 3, 1)), (_MONTH_OF_YEAR, (2, 1)))
_PHONE_GOES_ON = frozenset("0123456789( -.")
_PHONE = pattern("phone")
_CLOCK = pattern("clock")
_PERCENT = pattern("percent")
_AFTER_DAY = re.compile(r"(?:st|nd|rd|th)?(?:[ ]{1,3}|[ ]?\n[ ]?|-)(?:of )?$")
_AFTER_MONTH = pattern("after_month")
_SPELLING = "|".join(sorted((*words.NUMBERS, *words.SCALES), key=len, reverse=True))
_SPELLED_WORD = re.compile(rf"(and{GAP})?({_SPELLING})(?![^\W_])")
_GAP = re.compile(GAP)
_HALF_MORE = re.compile(rf"{GAP}and{GAP}(?:a|one){GAP}half(?![a-z])")
_OF_A = re.compile(
    rf"{GAP}(?:of{GAP})?an?{GAP}(hundred|thousand|million|billion|trillion|dozen)(?![a-z])"
)
_IN = re.compile(
    rf"{GAP}(in|of(?={GAP}every)|out{GAP}of){GAP}(every{GAP})?([^\W\d_]+|[0-9]{{1,4}})(?![0-9%]|[.,][0-9]|[^\W_])"
)
_US_DOLLAR = re.compile(rf"{GAP}u\.s\.{GAP}dollars?(?![a-z])")


def amount(plain: str) -> Figure | None:
    """The one number that a whole expression in lower case is, neither hedged nor a range; None if it is anything else."""
    found = _read(plain.upper(), plain)
    alone = len(found) == 1 and (found[0].left, found[0].right) == (0, len(plain))
    return found[0] if alone else None


def find(cased: str, plain: str) -> list[Figure]:
    """Every figure of a text in the order of the text, none overlapping another.

    Parameters
    ----------
    cased, plain : str
        The text of a view, and the same in lower case.
    """
    found = _read(cased, plain)
    neighbours.join(found, plain)
    for figure in found:
        if figure.kind:
            neighbours.take_hedge(figure, plain)
    return [figure for figure in found if figure.kind]


# ---- where numbers begin

_DIGITS = frozenset("0123456789")


def _read(cased: str, plain: str) -> list[Figure]:
    tokens = _TOKEN.findall(plain)
    ends = list(accumulate(map(len, tokens)))
    found: list[Figure] = []
    done = 0  # everything before has been read
    for i, token in enumerate(tokens):
        reader = _READERS.get(token)
        if reader is None and token[0] not in _DIGITS:
            continue
        end = ends[i]
        start = end - len(token)
        if start < done:
            continue
        if reader is None:
            figure = _numeral(cased, plain, start, end)
        elif reader is _date:
            figure = _date(cased, plain, start, end, found)
        elif plain[start - 1 : start] in _DIGITS and start:
            continue
        else:
            figure = reader(cased, plain, start, end)
        if figure is None:
            continue
        if type(figure) is int:
            done = figure
            continue
        _take_minus(figure, plain, done)
        done = figure.right
        found.append(figure)
    return found


# ---- numbers in digits

_SLASHED = re.compile(r"([1-9])/([2-9]|10)(?= of | the )")
_CHAIN = re.compile(r"[0-9]+(?:(?:-[0-9]+){2,}|-to-(?:1|one)\b)")
_PART_NUMBER = re.compile(
    r"[0-9]+-(?:[A-Z]{1,4}-?[0-9]|[A-Z]-)[A-Z0-9-]{0,40}|7[0-9]7-[1-9]00(?:ER|LR)?(?![0-9])"
)
_POWER_OF_TEN = re.compile(  # "3×10^9", "10^6"; `view` has small digits as "^", "`" and "'"
    r"[0-9]+(?:[.,][0-9]+)* ?[×x*·] ?10[\^`'](?:[-+–]?[0-9]+)?|10\^[-+–]?[0-9]+"
)
_SIGN_BEHIND = re.compile(r"[ ]?([€£₽₴₺₹$])(?![ ]?[0-9])")
_RATIO = re.compile(r"[0-9]+(?::[0-9]+)+")
_APOSTROPHES = re.compile(r"[0-9]{1,3}(?:'[0-9]{3}){1,4}(?![0-9])")
_NOTED_YEAR = re.compile(r"(?:19|20)[0-9]{2}\.[0-9]{1,2}(?![0-9])")
_NOTE_END = re.compile(r"\s*$|\s+[\"'(]?[A-Z]")
_VULGAR = {"½": "5", "¼": "25", "¾": "75"}
_NEXT_SCALE = re.compile(
    rf"[ ]?[%€]|{GAP}?(?:[mbt]n|dozen|hundred|thousand|[mbt]r?illion|percent|per cent|%)"
)

_SIGN_BEFORE, _JAPAN = pattern("currency_before"), re.compile(r"\b(?:japan|tokyo|yen\b)")


_SCALED_END = re.compile(
    rf"(?:^|-)(?:{'|'.join(words.SCALES)}|percent|cent)$|[0-9](?:s|{'|'.join(words.SHORT_SCALES)})$"
)
_PREFIXES = ("mid", "pre", "post", "early", "late", "of", "and", "to")


def _no_number(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """What else a run of digits is: a date, a share such as 1/5; the end of a time, a score, a phone, a place."""
    before, after, beyond = plain[start - 1 : start], plain[end : end + 1], plain[end + 1 : end + 2]
    if (
        after == ":" or (after and after in "aphgueco.") or (after == " " and beyond in "apogueh")
    ) and (clock := _CLOCK.match(plain, start) or _RATIO.match(plain, start)):
        return clock.end()
    fiscal = plain[start - 2 : start] == "fy" or not (before.isalnum() or before == "/")
    if after in ("-", "–", "/") and fiscal and (span := _YEARS.match(plain, start)):
        return span.end() if after == "/" and _is_designated(start, plain) else _years(span)
    if (after and after in "-/.") or "." in plain[start:end]:
        for printed, order in _NUMERIC_DATES:
            if date := printed.match(plain, start):
                return _numeric_date(date, order, start)
    if after == "-" and (chain := _CHAIN.match(plain, start) or _PART_NUMBER.match(cased, start)):
        return chain.end()
    if before in ("+", "(") or (after in ("-", ")") or (after == " " and beyond in _PHONE_GOES_ON)):
        first = start - (before in ("+", "(")) - (plain[start - 2 : start] == "+(")
        phone = _PHONE.match(plain, first)
        grouped = phone and re.fullmatch(r"[0-9]{1,3}(?:[ .][0-9]{3}){1,4}", phone[0])
        if phone and not grouped and _is_phone(phone, plain):
            return phone.end()
    if after == "/" and (share := _SLASHED.match(plain, start)):
        number, whole = 100 * int(share[1]), int(share[2])
        figure = Figure(start, share.end(2), "percent", number, unit="percent", whole=whole)
        figure.respell = True
        return figure
    if after and after in " ×x*·^" and (power := _POWER_OF_TEN.match(plain, start)):
        return power.end()
    return end if after == "°" and beyond in _DIGITS and beyond else None


def _is_designated(left: int, plain: str) -> bool:
    word = re.search(r"([^\W\d_]+)[ ]$", plain[max(0, left - 16) : left])
    return bool(word) and word[1] in words.DESIGNATORS


def _years(span: re.Match[str]) -> Figure | int:
    """As in "2012–13": one period, so that nothing else is joined with its second half."""
    first = int(span[1])
    last = first // 100 * 100 + int(span[2])
    if last <= first:
        return span.end()
    figure = Figure(*span.span(), "period", last, unit="years", qualifier="range", fixed=True)
    figure.low, figure.high = float(first), float(last)
    return figure


def _numeral(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """The number at a run of digits; the offset behind it if it counts nothing."""
    if (other := _no_number(cased, plain, start, end)) is not None:
        return other
    spoken = plain[start - 1 : start] in (" ", "\n") and _NOTED_YEAR.match(plain, start)
    if spoken and _NOTE_END.match(cased, end):  # "in 2021.1 Its forces"
        end = start + 4
    token, after = plain[start:end], plain[end : end + 1]
    figure = Figure(start, end, "count")
    may_go_on = len(token) < 4 and after == " " and token[0] != "0"
    if may_go_on and (blanks := _BLANK_GROUPS.match(plain, end)):
        token, figure.right = token + blanks[0].replace(" ", ""), blanks.end()
    if after == "'" and (grouped := _APOSTROPHES.match(plain, start)):
        token, figure.right, figure.respell = grouped[0].replace("'", ""), grouped.end(), True
    if _SIMPLE.fullmatch(token):
        digits, _, decimals = token.partition(".")
    elif _GROUPED.fullmatch(token):
        digits, _, decimals = token.replace(",", "").partition(".")
        figure.respell = not NUMERAL.fullmatch(token)
    elif _POINTED.fullmatch(token):
        digits, decimals, figure.respell = token.replace(".", ""), "", True
    elif re.fullmatch("[0-9]{1,3},[0-9]{1,2}", token) and _NEXT_SCALE.match(plain, end):
        digits, _, decimals = token.partition(",")
        figure.respell = True
    else:
        return end
    if half := after and _VULGAR.get(after):
        if decimals:
            return end
        decimals, figure.right, figure.respell = half, figure.right + 1, True
    elif decimals == "000" and len(token) < 8 and not _NEXT_SCALE.match(plain, figure.right):
        # "10.000" as printed in most of Europe
        digits, decimals, figure.respell = digits + decimals, "", True
    if len(digits) > 15 or (len(digits) > 1 and digits[0] == "0"):
        return end
    pointed = plain[start - 1 : start] == "." and not plain[start - 2 : start - 1].isalnum()
    if pointed and token.isdigit():
        digits, decimals, figure.left, figure.respell = "0", token, start - 1, True  # ".50"
    figure.number, figure.places = int(digits + decimals), len(decimals)
    figure.digits = figure.right
    if plain.startswith((" in ", " out "), end) and (share := _share(figure, plain)):
        return share
    if plain[start - 1 : start] == "(" and _BRACKETED.match(
        plain, figure.right
    ):  # "(3.4) per cent"
        figure.left, figure.right, figure.digits, figure.respell = start - 1, end + 1, end + 1, True
    named = _sign(figure, cased, plain)
    if not figure.sign and named:
        return end
    return _tail(figure, cased, plain)


_BRACKETED = re.compile(r"\)(?: ?%| per ?cent\b)")
_CALLED = re.compile(
    r"\b(?:tel|phone|telephone|fax|call|mobile|hotline|cell|whatsapp|t|m)[.: ]{0,4}\+?\(?$"
)


def _is_phone(match: re.Match[str], plain: str) -> bool:
    text = match[0]
    if text[0] == "+" or _CALLED.search(plain[max(0, match.start() - 12) : match.start()]):
        return True
    groups = re.findall("[0-9]+", text)
    if re.fullmatch(r"[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{5}-[0-9]{4}|[0-9]{2}-[0-9]{7}", text):
        return True
    years = any(len(group) == 4 and group[0] in "12" for group in groups)
    long = len("".join(groups)) >= 7 and len(groups) > 1 and len(groups[-1]) > 2
    return long and not years and " - " not in text


def _numeric_date(match: re.Match[str], order: tuple[int, ...], start: int) -> Figure | int:
    year, month, *day = (int(match[group]) for group in order)
    if day and month > 12 >= day[0]:
        month, day = day[0], [month]
    if not 1 <= month <= 12 or (day and not 1 <= day[0] <= _DAYS[month - 1]):
        return match.end()
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    return Figure(
        start, match.end(), "date", iso=f"{year:04}-{month:02}" + "".join(f"-{d:02}" for d in day)
    )


def _sign(figure: Figure, cased: str, plain: str) -> bool:
    """Take the currency in front into the figure; true if what stands there makes a name of the number instead."""
    start = figure.left
    before = plain[start - 1 : start]
    money = None
    if before in ("-", "–"):  # "$-5", "EUR –5": the minus stands behind the currency
        spaced = plain[start - 2 : start - 1] in (" ", *words.SIGNS)
        money = spaced and _currency_before(cased, plain, start - 1)
        figure.minus = bool(money)
    elif before.isalpha() or before == " " or before in words.SIGNS:
        money = _currency_before(cased, plain, start)
    if money:
        figure.kind, (figure.unit, figure.left) = "money", money
        figure.sign = cased[figure.left : start - figure.minus]
        return False
    if not start or before in "\n(\"'[–,;:":
        return plain[start - 2 : start] == "]:"  # the page that a note cites
    if before == "-":
        cluster = re.search(r"[\w-]+$", plain[max(0, start - 16) : start - 1])
        named = cluster and cluster[0] not in _PREFIXES and re.search(r"[^\W\d_]", cluster[0])
        return bool(named) and not _SCALED_END.search(cluster[0])
    if before == "+":
        return plain[start - 2 : start - 1].isalnum()
    glued = before in ".#/_@=&\\^°" and (before != "." or plain[start - 2 : start - 1].isalnum())
    return glued or before.isalpha()


def _currency_before(cased: str, plain: str, start: int) -> tuple[str, int] | None:
    """The currency that a sign or a code in front of an offset names, and where it begins."""
    window = plain[max(0, start - 13) : start]
    match = _SIGN_BEFORE.search(window)
    if not match:
        return None
    left = start - len(window) + match.start()
    if match[1] == "$":
        return words.DOLLARS.get(match[0][: match.start(1) - match.start()].strip(), "USD"), left
    if match[1]:
        yen = match[1] == "¥" and _JAPAN.search(plain, max(0, start - 80), start + 80)
        return "JPY" if yen else words.SIGNS[match[1]], left
    printed = match[2].replace(" ", "_")
    code = words.CODES.get(printed)
    worded = printed in words.IN_LETTERS and plain[left - 4 : left] != "the "
    return (code, left) if code and (worded or cased[left:start].strip(" .").isupper()) else None


# ---- scale and unit


def _tail(figure: Figure, cased: str, plain: str) -> Figure | int | None:
    """Read the scale and the unit behind a number."""
    end = figure.right
    word = _WORD.match(plain, end)
    if word and not figure.worded:  # letters without a gap: "10bn", "5km", "1990s", "T-90S"
        figure = _attached(figure, word[0], word.end(), cased, plain)
        if not isinstance(figure, Figure) or figure.kind not in ("count", "money"):
            return figure
        end = figure.right
    elif plain[end : end + 1].isalnum() or plain[end : end + 1] == "_":
        return end + 1
    for _ in range(2):
        follows = NEXT.match(plain, end)
        if not follows:
            break
        if follows[2] in words.FOREIGN_SCALES:
            return follows.end()
        if follows[2] not in words.GO_ON:
            return figure
        size = words.SIZES.get(follows[2], 0)
        upon = size == 12 or (figure.scale in (1, 100) and not figure.worded)
        if size and (upon or (figure.scale, size) in ((1000, 10**6), (10**5, 10**7))):
            figure.scale *= size
        elif figure.scale == 1 and _is_short(figure, follows, cased, plain):
            figure.scale = words.SHORT_SCALES[follows[2]]
        else:
            break
        end = figure.right = follows.end()
        if size == 0 and plain.startswith(". ", end) and cased[end + 2 : end + 3].islower():
            end = figure.right = end + 1  # "300 mln. barrels"
    few = figure.scale == 1 and figure.places == 0 and figure.number < 100
    if few and (half := _HALF_MORE.match(plain, end)):
        figure.number, figure.places, figure.right = figure.number * 10 + 5, 1, half.end()
        scale = NEXT.match(plain, half.end())
        if scale and (size := words.SIZES.get(scale[2])):
            figure.scale, figure.right = size, scale.end()
    return _unit(figure, cased, plain, figure.right)


def _is_short(figure: Figure, follows: re.Match[str], cased: str, plain: str) -> bool:
    """Whether letters apart from the number are a scale: "34 bn", "$5 m", "41.2 M", but no metres."""
    word = follows[2]
    if word == "mm":
        return _is_million(figure, follows.end(), cased, plain)
    if word not in words.SHORT_SCALES:
        return False
    if len(word) > 1:
        return True
    capital = figure.places > 0 and cased[follows.start(2)] in "MB"
    noun = NEXT.match(plain, follows.end())
    persons = word == "m" and noun and noun[2] in words.PERSONS
    return bool(figure.sign or capital or persons) and follows[1] in (" ", "\n")


def _is_million(figure: Figure, end: int, cased: str, plain: str) -> bool:
    """Whether "mm" before an offset is the banks' million: beside a currency it is."""
    code = NEXT.match(plain, end)
    money = _SIGN_BEHIND.match(plain, end) or (code and code[2] in words.CURRENCIES)
    return bool(figure.sign or (money and cased[end - 2 : end] == "MM"))


_PICTURE_LINES = (240, 360, 480, 720, 1080, 1440, 2160)  # "1080p"


def _attached(figure: Figure, word: str, end: int, cased: str, plain: str) -> Figure | int:
    follows = NEXT.match(plain, end)
    after = follows[2] if follows else ""
    if (
        end < len(plain)
        and plain[end] in _DIGITS
        and not _measure(figure, word, end, cased, plain).endswith(("2", "3"))
    ) or (word == "k" and figure.number in (2, 4, 8) and after in words.PICTURES):
        return end  # "4x4", "9K338", "4K"
    if word in ("pp", "bp", "bps", "pc"):
        return figure
    figure.right = end
    bare = not figure.sign and not figure.places
    short = words.SHORT_SCALES.get(word) or words.SCALES.get(word)
    if word == "mm" and not _is_million(figure, end, cased, plain):
        short = None
    if short and (figure.sign or not _PER.match(plain, end)):  # not "3.4m/s"
        noun = follows and after not in words.LENGTHS and follows[1] != "-"
        if figure.sign or len(word) > 1 or word in "kb" or (word == "m" and (noun or not follows)):
            figure.scale = short
            return figure
    if word in ("st", "nd", "rd", "th") and bare:
        figure.kind, figure.unit = "ordinal", "rank"
    elif word == "x" and _DESIGNATION.match(plain, end):
        return figure  # "92x T-72B1V tanks"
    elif figure.number < 100 and _OWN.search(plain, max(0, figure.left - 16), figure.left):
        return end  # "in his 90s"
    elif word == "s" and bare and (figure.number in range(1000, 2101) or figure.number in _DECADES):
        figure.kind, figure.unit, figure.qualifier = "year", "year", "approx"
        of = _CENTURY.search(plain[max(0, figure.left - 12) : figure.left])
        if of and figure.number < 100:
            figure.number += 100 * int(of[1] or 19)
    elif word == "p" and bare and figure.number not in _PICTURE_LINES:
        figure.kind, figure.unit, figure.whole = "money", "GBP", 100  # "159p a litre"
    elif unit := _measure(figure, word, end, cased, plain):
        figure.kind, figure.unit = "measure", unit
        if per := _PER.match(plain, end):
            figure.right = per.end()
    elif word in words.TIMES or word == "h":
        figure.kind, figure.unit = "period", words.TIMES.get(word, "hours")
    elif word in words.CURRENCIES:
        figure.kind, figure.unit = "money", words.CURRENCIES[word]
    else:
        return end
    return figure


_OWN = re.compile(r"\b(?:his|her|their)(?:[ ](?:early|mid|late))?[ -]$")
_DECADES = range(10, 100, 10)
_DESIGNATION = re.compile(r" [a-z]{1,4}-?[0-9]")
_CENTURY = re.compile(r"(?:(?:the |')'?|([12][0-9])[0-9]0s(?:[-–]| to | and )'?)$")  # of "80s"
_PER = re.compile(r"/(?:d|day|h|s|yr|y|t)(?![^\W_])")
_POWER = re.compile(r"([\^2])|[`3](?![^\W_])")  # `view` has the small digits of "km²" and "m³" so


def _measure(figure: Figure, word: str, end: int, cased: str, plain: str) -> str:
    """The unit that a word behind a number names, one name for all words of the same amount; empty for any other word.

    A unit with a scale inside stays as printed: "3.4 mb/d" are 3.4 mb/d, whatever else "mb" may mean.
    """
    if word == "x" and _DESIGNATION.match(plain, end):  # "24 x Su-30"
        return ""
    if per := _PER.match(plain, end):
        printed = cased[end - len(word) : per.end()]
        known = word in words.PRINTED_UNITS or word in words.MEASURES or printed in ("m/s", "g/t")
        return words.MEASURES.get(word + per[0], printed if known else "")
    printed, power = cased[end - len(word) : end], _POWER.match(plain, end)
    own = word in words.PRINTED_UNITS or (word == "mm" and printed != "mm")  # "Mm3", "MM"
    unit = printed if own else words.MEASURES.get(word, "m" if word == "m" else "")
    if own or (unit and power):
        return unit + (("2" if power[1] else "3") if power else "")
    if word == "m" or (len(word) == 1 and (figure.worded or plain[end : end + 1] in ("-", "'"))):
        return ""
    return unit


def _unit(figure: Figure, cased: str, plain: str, end: int) -> Figure:
    """Percent, currency, time or measure behind the number; without any it is a count."""
    follows = NEXT.match(plain, end)
    word = follows[2] if follows else ""
    if figure.kind == "money" and figure.sign:
        # "$5 million dollars", "US$ 5 m USD": the word says nothing new
        if follows and words.CURRENCIES.get(word) == figure.unit:
            figure.right = follows.end()
        return figure
    percent = _PERCENT.match(plain, end)
    if percent and cased[percent.end() - 2 : percent.end()] != "PC":  # a computer
        points = percent["basis"] or "point" in percent[0] or percent[0].endswith("pp")
        figure.kind, figure.right = "percent", percent.end()
        figure.unit = "percentage_points" if points else "percent"
        if percent["basis"]:
            figure.whole = 100
        return figure
    if plain.startswith("¢", end):
        return _money(figure, "USD", end + 1, 100)
    if sign := _SIGN_BEHIND.match(plain, end):
        return _money(figure, words.SIGNS[sign[1]], sign.end())
    if dollar := _US_DOLLAR.match(plain, end):
        return _money(figure, "USD", dollar.end())
    if not follows:
        if plain.startswith(("°", " °"), end):
            figure.kind, figure.unit = "measure", "degrees"
        return figure
    behind = follows.end() + (word in ("sq", "cu") and plain.startswith(". ", follows.end()))
    if plain[behind : behind + 1] == "-" and plain[behind + 1 : behind + 2] in _DIGITS:
        return figure  # "20 Mi-17 helicopters" are no miles
    next_but_one = NEXT.match(plain, behind)
    second = next_but_one[2] if next_but_one else ""
    if national := words.NATIONAL.get((word, words.CURRENCIES.get(second, ""))):
        return _money(figure, national, next_but_one.end())
    short = len(word) == 3 and word not in ("yen", "won")
    if word in words.CURRENCIES and not _weighs(word, follows, plain):
        if not short or cased[follows.start(2) : behind].isupper():
            return _money(figure, words.CURRENCIES[word], behind)
    elif word in ("cents", "cent", "pence") and follows[1] == " ":
        return _money(figure, "GBP" if word == "pence" else "USD", behind, 100)
    elif word in words.TIMES:
        figure.kind, figure.unit, figure.right = "period", words.TIMES[word], behind
    elif (
        word in words.TIME_ADJECTIVES
        and second in words.TIMES
        and (word, second) != ("last", "year")
    ):
        figure.kind, figure.unit = "period", words.TIMES[second]
    elif unit := _measure(figure, word, behind, cased, plain):
        figure.kind, figure.unit = "measure", unit
        figure.right = behind if unit == "factor" else figure.right
    elif word in words.MEASURE_ADJECTIVES and second in ("m", *words.MEASURES):
        power = {"square": "2", "sq": "2", "cubic": "3", "cu": "3"}.get(word, "")
        if power or second != "m":
            figure.kind, figure.unit = "measure", words.MEASURES.get(second, "m") + power
    return figure


def _money(figure: Figure, unit: str, end: int, whole: int = 1) -> Figure:
    figure.kind, figure.unit, figure.right, figure.whole = "money", unit, end, figure.whole * whole
    return figure


def _weighs(word: str, follows: re.Match[str], plain: str) -> bool:
    """Whether pounds are a weight: "500 pounds of explosives", "a 500-pound bomb"."""
    return word in ("pound", "pounds") and (
        follows[1] == "-" or plain.startswith((" of ", " ("), follows.end())
    )


# ---- the minus


_MINUS_WORD = re.compile(r"(?<![^\W_])(?<!or )(?<!plus-)(?:minus|negative)[ \n]$")
_ASIDE = re.compile(r"[^\n.;]{0,80}?[^\W_][-–](?=[\s,.;])")


def _take_minus(figure: Figure, plain: str, done: int) -> None:
    """Take a minus in front into the figure: a hyphen, a dash, "minus"; `done` is where the figure before it ends.

    A dash is none between two numbers, before a number in words, as the mark of a list of counts, or if it opens an aside that another one closes
    ("ships –12 of them new– sank").
    """
    left = figure.left
    if figure.minus or figure.kind not in ("count", "money", "percent", "measure"):
        return
    mark, ahead = plain[left - 1 : left], plain[left - 2 : left - 1] if left > 1 else ""
    if mark in ("-", "–"):
        listed = ahead == "\n" and figure.kind == "count"
        if (
            not (figure.worded or listed)
            and (not ahead or ahead in " \n([\"'|:")
            and not (done and done == left - 2)
            and not _ASIDE.match(plain, figure.right)
        ):
            figure.left, figure.minus = left - 1, True
    elif mark in (" ", "\n") and (word := _MINUS_WORD.search(plain, max(done, left - 12), left)):
        figure.left, figure.minus = word.start(), True


# ---- numbers in words


def _spelled(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """A number in words: "sixty-six thousand", "two hundred and five", "one in five"."""
    if plain[start - 1 : start] == "-" and plain[start - 2 : start - 1].isalpha():
        return None
    number, right = _add_up(plain, start)
    if right == start:
        return None
    figure = Figure(start, right, "count", number=number, worded=True)
    if share := _share(figure, plain):
        return share
    follows = NEXT.match(plain, right)
    compound = plain[start : follows.end()].replace("-", " ") if follows else ""
    if place := words.COMPOUND_ORDINALS.get(compound):  # "the sixty-sixth session"
        rank = _ordinal(cased, plain, *follows.span(2))
        if isinstance(rank, Figure):
            rank.left, rank.number = start, place
        return rank
    if follows and number < words.PARTS.get(follows[2], 0):
        part = follows[2]
        plural = part.endswith("s")
        if (part not in words.ORDINALS or follows[1] == "-" or number == 1 or plural) and (
            (number == 1) != plural or part in ("half", "quarters")
        ):
            return _part(figure, number, words.PARTS[part], follows.end(), cased, plain)
    return _tail(_scaled(figure), cased, plain)


def _add_up(plain: str, start: int, group: int | None = None) -> tuple[int, int]:
    """The number that the words from `start` spell, and where it ends; `group` is what an "a" before them counts."""
    total, ceiling, last, right, position = 0, 10**18, "unit" if group else "", start, start
    while part := _SPELLED_WORD.match(plain, position):
        joined, word = part[1], part[2]
        if word in words.NUMBERS:
            number = words.NUMBERS[word]
            if (last == "" and not joined) or (last == "scale" and number):
                group = number
            elif last == "hundred" or (last == "tens" and 0 < number < 10 and not joined):
                group += number
            else:
                break
            last = "tens" if number >= 20 else "unit"
        elif joined or not group:
            break
        elif word == "hundred":
            if group >= 100 or group * 100 >= ceiling or last == "hundred":
                break
            group, last = group * 100, "hundred"
        else:
            size = words.SCALES[word]
            if size >= ceiling:
                break
            total, ceiling, group, last = total + group * size, size, None, "scale"
        right = part.end()
        gap = _GAP.match(plain, right)
        if not gap:
            break
        position = gap.end()
    return total + (group or 0), right


def _scaled(figure: Figure) -> Figure:
    """Number and scale apart, so that a range can lend the scale: "six million" is 6 and 10**6, "six hundred" 6 and 100."""
    while figure.number and figure.number % 1000 == 0 and figure.scale < 10**12:
        figure.number, figure.scale = figure.number // 1000, figure.scale * 1000
    if figure.number and figure.number % 100 == 0:
        figure.number, figure.scale = figure.number // 100, figure.scale * 100
    return figure


_ARTICLE = re.compile(rf"(?<![^\W_])(?:an?|the)(?={GAP}$)")
_MARK = re.compile(
    rf"(?:{GAP}(?:dollar|euro|pound|barrel))?{GAP}(?:mark|threshold|barrier|milestone)(?![a-z])"
)


def _scale_word(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """As in "a million", "a hundred and five": a scale word that only an article stands before."""
    article = _ARTICLE.search(plain, max(0, start - 12), start)
    fixed = article and article[0] == "the"  # "the trillion dollar mark"
    if not article or (fixed and not _MARK.match(plain, end)):
        return None
    number, right = _add_up(plain, start, 1)
    figure = Figure(start if fixed else article.start(), right, "count", number=number, worded=True)
    if right == start:  # "a dozen"
        figure.right = article.end()
    return _tail(_scaled(figure), cased, plain)


def _share(figure: Figure, plain: str) -> Figure | None:
    """As in "one in five", "nine out of ten"; whatever the numbers, if nothing else is printed."""
    match = _IN.match(plain, figure.right)
    if not match or figure.places or figure.scale > 1:
        return None
    if figure.number > 1 and not figure.worded and _is_designated(figure.left, plain):
        return None  # "phase 3 in ten districts"
    among = int(match[3]) if match[3].isdigit() else words.NUMBERS.get(match[3], 0)
    if not 0 < figure.number < among < 1000:
        return None
    if figure.left or match.end() < len(plain):
        if match[1] == "in":
            usual = among <= (100 if figure.number == 1 else 10)
        else:
            usual = among in (3, 4, 5, 10, 100)
        follows = NEXT.match(plain, match.end())
        after = follows[2] if follows else ""
        timed = after in words.TIMES or after in words.SCALES or after in words.MONTHS
        if not usual or timed or (follows and follows[1] == "-"):
            return None
    figure.kind, figure.unit, figure.right = "percent", "percent", match.end()
    figure.number, figure.whole = figure.number * 100, among
    return figure


def _part(figure: Figure, number: int, whole: int, end: int, cased: str, plain: str) -> Figure:
    """A share of a whole, or a part of a million."""
    figure.right, figure.worded = end, True
    of = _OF_A.match(plain, end) or (NEXT.match(plain, end) if whole == 2 or number == 1 else None)
    if of and (size := words.SIZES.get(of[of.lastindex])):
        exact = number * size % whole == 0
        figure.number, figure.whole = (
            (number * size // whole, 1) if exact else (number * size, whole)
        )
        figure.right = of.end()
        return _unit(figure, cased, plain, figure.right)
    figure.kind = figure.unit = "percent"
    figure.number, figure.whole = 100 * number, whole
    return figure


def _fraction(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """As in "half", "a third", "three quarters"."""
    word = plain[start:end]
    ahead = plain[max(0, start - 16) : start].split()
    last = ahead[-1].strip("(\"'") if ahead else ""
    if plain[start - 1 : start] == "-" or (
        plain[end : end + 1] == "-" and plain[end : end + 3] not in ("-a-", "-mi", "-do")
    ):
        return None
    follows = NEXT.match(plain, end)
    after = follows[2] if follows else ""
    figure = Figure(start, end, "count", worded=True)
    if last == "a":
        figure.left = plain.rindex("a", 0, start)
    if word == "half":
        named = after in words.TIMES or after in ("way", "brother", "sister", "time", "past")
        if named or last in words.PERIOD_PARTS:
            return end
        if after in ("a", "an") and not _OF_A.match(plain, end):
            figure.number, figure.places, figure.right = 5, 1, follows.end()
            if _unit(figure, cased, plain, figure.right).kind in ("percent", "money"):
                return figure
            noun = NEXT.match(plain, follows.end())
            timed = noun and (noun[2] in words.TIMES or noun[2] in ("century", "hour"))
            return noun.end() if timed else end
        return _part(figure, 1, 2, end, cased, plain)
    if last == "a" and word[-1] != "s":
        alone = figure.left == 0 and end == len(plain)
        if (
            after == "of"
            or (not follows and (word != "quarter" or alone))
            or _hedged(plain, figure.left)
            or (word == "third" and after in words.STOP)
        ):
            return _part(figure, 1, words.PARTS[word], end, cased, plain)
    return None if word in words.ORDINALS or word in ("halves", "quarters") else end


def _hedged(plain: str, left: int) -> bool:
    ahead = plain[max(0, left - 12) : left].split()
    return bool(ahead) and ahead[-1] in neighbours.HEDGE_ENDS | {"by"}


_VAGUE = re.compile(
    "(?:"
    + "|".join(phrase.replace(" ", GAP) for phrase in sorted(words.VAGUE, key=len, reverse=True))
    + r")(?![^\W_])"
)
_OF = re.compile(rf"{GAP}of(?={GAP})")


def _vague(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """As in "dozens", "tens of thousands", "several hundred", "billions of dollars"."""
    article = plain[start - 2 : start] == "a " and not plain[start - 3 : start - 2].isalnum()
    match = (_VAGUE.match(plain, start - 2) if article else None) or _VAGUE.match(plain, start)
    if not match:
        return None
    phrase = " ".join(re.split(GAP, match[0]))
    of = _OF.match(plain, match.end())
    if phrase in ("tens", "scores") and not of:
        return match.end()
    low = float(words.VAGUE[phrase])
    figure = Figure(*match.span(), "count", low=low, fixed=True, qualifier="vague", worded=True)
    figure.scale = 10**18  # takes no further scale
    return _unit(figure, cased, plain, of.end() if of else match.end())


def _ordinal(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    article = plain[start - 2 : start] == "a " and not plain[start - 3 : start - 2].isalnum()
    is_part = article and plain[start:end] in words.PARTS  # "a tenth", not "a nineteenth"
    if is_part and (part := _fraction(cased, plain, start, end)):
        return part
    follows = NEXT.match(plain, end)
    if not follows or follows[2] in words.ORDINAL_IDIOMS:
        return end
    number = words.ORDINALS[plain[start:end]]
    return Figure(start, end, "ordinal", number=number, worded=True, unit="rank")


# ---- dates

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TO_DAY = re.compile(r" ?[–-] ?| (?:to|and) |, ?")


def _is_day(figure: Figure) -> bool:
    return (
        0 < figure.number < 32
        and figure.kind in ("count", "ordinal")
        and not (figure.worded or figure.places or figure.scale > 1 or figure.sign)
    )


def _date(cased: str, plain: str, start: int, end: int, found: list[Figure]) -> Figure | int | None:
    """A month with a day or a year; the day in front was read as a number and is taken back."""
    if not cased[start].isupper():
        return None
    month = words.MONTHS[plain[start:end]]
    day = 0
    left = start
    previous = found[-1] if found else None
    if previous and _is_day(previous) and _AFTER_DAY.match(plain[previous.right : start]):
        day, left = previous.number, previous.left
        found.pop()
        if found and _is_day(found[-1]) and _TO_DAY.fullmatch(plain[found[-1].right : left]):
            left = found.pop().left
    match = _AFTER_MONTH.match(plain, end)
    year = 0
    right = end
    if match:
        year = int(match["year"] or match["only"] or match["comma"] or 0)
        if day and match["day"]:  # "5 May 10": not a year
            match = None
        elif match["day"]:
            day = int(match["day"])
        if match:
            right = match.end()
    if (not day and not year) or day > _DAYS[month - 1]:
        return None
    iso = (f"{year:04}" if year else "") + f"-{month:02}" + (f"-{day:02}" if day else "")
    return Figure(left, right, "date", iso=iso)


#: What reads on at a word.
_READERS = {
    **dict.fromkeys(words.NUMBERS, _spelled),
    **dict.fromkeys((*words.SCALES, "dozen"), _scale_word),
    **dict.fromkeys((phrase for phrase in words.VAGUE if " " not in phrase), _vague),
    **dict.fromkeys(("several", "few", "couple", "many", "multiple", "multi"), _vague),
    **dict.fromkeys(words.PARTS, _fraction),
    **dict.fromkeys(words.ORDINALS, _ordinal),
    **dict.fromkeys(("quarter", "half"), _fraction),
    **dict.fromkeys(words.MONTHS, _date),
}

"""Numbers of running text: where each expression stands, and what it commits to.

One pass over the words finds where numbers begin; at each beginning a few bounded expressions read the number, its
sign, scale and unit; a second pass joins neighbours into ranges and lends a shared scale. No pattern holds a repetition
within a repetition, so that time is linear in the length of any text. `quantities.parse` reads the same expressions,
one by one and more slowly; a property test holds the two against each other.
"""

from __future__ import annotations

import re
from itertools import accumulate

from figurefind import neighbours, quantities, words
from figurefind.figure import GAP, NEXT, Figure

_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+(?:[.,][0-9]+)*|[\W_]+|\d")
_WORD = re.compile(r"[^\W\d_]+")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,9})?|[0-9]{1,2}(?:,[0-9]{2}){1,5},[0-9]{3}"
)
_SIMPLE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_POINTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,5}")
_BLANK_GROUPS = re.compile(r"(?: [0-9]{3}){1,4}(?:\.[0-9]{1,9})?(?![0-9.,:/-]*[0-9]|mm|cm|kg|th)")
_NUMERIC_DATE = re.compile(r"([0-3]?[0-9])([./-])([01]?[0-9])\2([12][0-9]{3}|[0-9]{2})(?![0-9/-])")
_ISO_DATE = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?![0-9])")
_MONTH_OF_YEAR = re.compile(r"([01]?[0-9])/([12][0-9]{3})(?![0-9/])")
_PHONE = re.compile(
    r"\+?\(?[0-9]{1,4}\)?(?:[ .-]{1,2}\(?[0-9]{1,5}\)?){2,6}(?![0-9,%])|[0-9]{3}-[0-9]{4}(?![0-9,])|"
    r"[0-9]{5}-[0-9]{4}(?![0-9,])|[0-9]{2}-[0-9]{7}(?![0-9,])"
    r"|\+[0-9]{6,15}"
)
_CLOCK = re.compile(
    r"[0-9]{1,2}(?:[:.][0-9]{2}){0,2}[ ]?(?:[ap]\.?[ ]?m\b\.?|o'clock|gmt|utc|est|edt|cet|bst)"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])|[0-9]{4} (?:hours|hrs|gmt|utc)\b|"
    r"[0-9]{1,2}h[0-9]{2}\b"
)
_PERCENT = re.compile(
    rf"[ ]?%(?! ?-?age)(?P<points>{GAP}points?\b)?|{GAP}(?:per{GAP}cent|percent|pct)(?![a-z])"
    rf"(?P<points2>{GAP}points?\b)?|{GAP}percentage{GAP}points?\b|{GAP}pp\b|(?P<basis>{GAP}basis"
    rf"{GAP}points?\b)"
)
_AFTER_DAY = re.compile(r"(?:st|nd|rd|th)?(?:[ ]{1,3}|[ ]?\n[ ]?|-)(?:of )?$")
_AFTER_MONTH = re.compile(
    r"\.?(?:[ ]{1,2}|[ ]?\n[ ]?|-)(?:the )?(?:(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9%]|[.,][0-9]{3}|:[0-9]"
    r"| (?:million|billion|percent|per cent))(?:(?:-|–| ?to ?| and )(?P<last>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9]))?"
    r"(?:,?[ ]{1,2}(?P<year>[12][0-9]{3})(?![0-9%]|,[0-9]{3}))?|(?:of )?(?P<only>[12][0-9]{3})(?![0-9%]|,[0-9]{3}))"
    r"|,[ ]?(?P<comma>[12][0-9]{3})(?![0-9%]|,[0-9]{3})"
)
_SPELLING = "|".join(
    sorted(
        (*words.NUMBERS, "hundred", *(w for w, n in words.SCALES.items() if n >= 1000)),
        key=len,
        reverse=True,
    )
)
_RUN = re.compile(
    rf"(?:{_SPELLING})(?![^\W_])(?:{GAP}(?:and{GAP})?(?:{_SPELLING})(?![^\W_])){{0,10}}"
)
_RUN_WORD = re.compile(rf"(and{GAP})?({_SPELLING})(?![^\W_])")
_HALF_MORE = re.compile(rf"{GAP}and{GAP}(?:a|one){GAP}half(?![a-z])")
_OF_A = re.compile(
    rf"{GAP}(?:of{GAP})?an?{GAP}(hundred|thousand|million|billion|trillion|dozen)(?![a-z])"
)
_OF_PLURAL = re.compile(rf"{GAP}of{GAP}(thousands|millions|billions|trillions)(?![a-z])")
_OF_MONEY = re.compile(rf"{GAP}of{GAP}(?:(u\.s\.|[^\W\d_]+){GAP})?([^\W\d_]+)")
_IN = re.compile(
    rf"{GAP}(in|out{GAP}of){GAP}(every{GAP})?([^\W\d_]+|[0-9]{{1,4}})(?![0-9%]|[.,][0-9]|[^\W_])"
)
_US_DOLLAR = re.compile(rf"{GAP}u\.s\.{GAP}dollars?(?![a-z])")


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

_KEYS = {
    **dict.fromkeys(words.NUMBERS, "n"),
    **dict.fromkeys(words.PLURALS, "v"),
    **dict.fromkeys(words.PARTS, "p"),
    **dict.fromkeys(words.ORDINALS, "o"),
    **dict.fromkeys(words.MONTHS, "m"),
    "dozen": "s",
    "hundred": "s",
    "thousand": "s",
    "million": "s",
    "billion": "s",
    "trillion": "s",
    "multimillion": "x",
    "multibillion": "x",
}
_KEYS |= {word: "p" for word in words.PARTS if word not in words.ORDINALS} | {
    "third": "o",
    "quarter": "p",
    "half": "p",
}
_DIGITS = frozenset("0123456789")


def _read(cased: str, plain: str) -> list[Figure]:
    tokens = _TOKEN.findall(plain)
    ends = list(accumulate(map(len, tokens)))
    found: list[Figure] = []
    done = 0  # everything before has been read
    for i, token in enumerate(tokens):
        key = _KEYS.get(token)
        if key is None:
            if token[0] not in _DIGITS:
                continue
            key = "d"
        end = ends[i]
        start = end - len(token)
        if start < done:
            continue
        if key == "d":
            figure = _numeral(cased, plain, start, end)
        elif key == "m":
            figure = _date(cased, plain, start, end, found)
        elif plain[start - 1 : start] in _DIGITS and start:
            continue
        else:
            figure = _WORDED[key](cased, plain, start, end)
        if figure is None:
            continue
        if type(figure) is int:
            done = figure
            continue
        done = figure.right
        found.append(figure)
    return found


# ---- numbers in digits

_SLASHED = re.compile(r"([1-9])/([2-9]|10)(?= of | the )")
_CHAIN = re.compile(r"[0-9]+(?:(?:-[0-9]+){2,}|-to-(?:1|one)\b)")
_PART_NUMBER = re.compile(r"[0-9]+-(?:[A-Z]{1,4}-?[0-9]|[A-Z]-)[A-Z0-9-]{0,40}")
_SIGN_BEHIND = re.compile(r"[ ]?([€£₽₴₺₹$])(?![ ]?[0-9])")
_RATIO = re.compile(r"[0-9]+(?::[0-9]+)+")
_APOSTROPHES = re.compile(r"[0-9]{1,3}(?:'[0-9]{3}){1,4}(?![0-9])")
_NOTED_YEAR = re.compile(r"(?:19|20)[0-9]{2}\.[0-9]{1,2}(?![0-9])")
_NOTE_END = re.compile(r"\s*$|\s+[\"'(]?[A-Z]")
_VULGAR = {"½": "5", "¼": "25", "¾": "75"}
_NEXT_SCALE = re.compile(
    rf"[ ]?[%€]|{GAP}?(?:[mbt]n|hundred|thousand|[mbt]r?illion|percent|per cent|%)"
)

_SIGN_BEFORE = re.compile(
    r"(?:\b(?:(?:us|u\.s\.)[ ]?|a|au|c|ca|can|nz|hk|s|nt|r|col|mx|cu))?([$€£₽¥₴₺₹₪₩₦])[ ]?$|"
    r"(?<![^\W_])([a-z]{2,5})\.?[ ]?$"
)


_SCALED_END = re.compile(
    rf"(?:^|-)(?:{'|'.join(words.SCALES)}|percent|cent)$|[0-9](?:{'|'.join(words.SHORT_SCALES)})$"
)
_PREFIXES = ("mid", "pre", "post", "early", "late", "of", "and", "to")


def _numeral(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """The number at a run of digits; the offset behind it if it counts nothing."""
    token = plain[start:end]
    before, after = plain[start - 1 : start], plain[end : end + 1]
    may_be_clock = after == ":" or after in "aphgueco ."
    if may_be_clock and (clock := _CLOCK.match(plain, start) or _RATIO.match(plain, start)):
        return clock.end()
    if (after and after in "-/.") or "." in token:
        for pattern, order in (
            (_ISO_DATE, (1, 2, 3)),
            (_NUMERIC_DATE, (4, 3, 1)),
            (_MONTH_OF_YEAR, (2, 1)),
        ):
            if date := pattern.match(plain, start):
                return _numeric_date(date, order, start)
    if after == "-" and (
        chain := _CHAIN.match(plain, start) or _PART_NUMBER.match(cased, start)
    ):  # a score, a part, a date
        return chain.end()
    if before == "+" or before == "(" or (after and after in " -)"):
        phone = _PHONE.match(
            plain, start - (before in ("+", "(")) - (plain[start - 2 : start] == "+(")
        )
        if (
            phone
            and not re.fullmatch(r"[0-9]{1,3}(?:[ .][0-9]{3}){1,4}", phone[0])
            and _is_phone(phone, plain)
        ):
            return phone.end()
    if after == "/" and (share := _SLASHED.match(plain, start)):
        return Figure(
            start,
            share.end(2),
            "percent",
            100 * int(share[1]),
            unit="percent",
            whole=int(share[2]),
            respell=True,
        )
    if after == "°" and plain[end + 1 : end + 2] in _DIGITS:  # a place on the globe
        return end
    if _NOTED_YEAR.match(plain, start) and _NOTE_END.match(cased, end):  # "in 2021.1 Its forces"
        end, token, after = start + 4, plain[start : start + 4], "."
    figure = Figure(start, end, "count")
    if (
        blanks := len(token) < 4
        and after == " "
        and token[0] != "0"
        and _BLANK_GROUPS.match(plain, end)
    ):
        token, figure.right = token + blanks[0].replace(" ", ""), blanks.end()
    if after == "'" and (grouped := _APOSTROPHES.match(plain, start)):
        token, figure.right, figure.respell = grouped[0].replace("'", ""), grouped.end(), True
    if _SIMPLE.fullmatch(token):
        digits, _, decimals = token.partition(".")
    elif _GROUPED.fullmatch(token):
        digits, _, decimals = token.replace(",", "").partition(".")
        figure.respell = not quantities.NUMERAL.fullmatch(token)
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
        digits, decimals, figure.respell = (
            digits + decimals,
            "",
            True,
        )  # "10.000" as printed in most of Europe
    if len(digits) > 15 or (len(digits) > 1 and digits[0] == "0"):
        return end
    figure.number, figure.places, figure.digits = (
        int(digits + decimals),
        len(decimals),
        figure.right,
    )
    if after == " " and (share := _share(figure, plain)):
        return share
    named = _sign(figure, cased, plain)
    if not figure.sign and named:
        return end
    return _tail(figure, cased, plain)


def _is_phone(match: re.Match[str], plain: str) -> bool:
    text = match[0]
    if text[0] == "+" or re.search(
        r"\b(?:tel|phone|telephone|fax|call|mobile|hotline|cell|whatsapp|t|"
        r"m)[.: ]{0,4}\+?\(?$",
        plain[max(0, match.start() - 12) : match.start()],
    ):
        return True
    groups = re.findall("[0-9]+", text)
    if re.fullmatch(r"[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{5}-[0-9]{4}|[0-9]{2}-[0-9]{7}", text):
        return True
    years = any(len(group) == 4 and group[0] in "12" for group in groups)
    return (
        len("".join(groups)) >= 7
        and len(groups) > 1
        and not years
        and " - " not in text
        and len(groups[-1]) > 2
    )


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
    if not start or before in "\n(\"'[–,;:":
        return plain[start - 2 : start] == "]:"  # the page that a note cites
    if before == "-":
        cluster = re.search(r"[\w-]+$", plain[max(0, start - 16) : start - 1])
        return bool(
            cluster
            and re.search(r"[^\W\d_]", cluster[0])
            and cluster[0] not in _PREFIXES
            and not _SCALED_END.search(cluster[0])
        )
    if before.isalpha() or before == " " or before in words.SIGNS:
        window = plain[max(0, start - 9) : start]
        if match := _SIGN_BEFORE.search(window):
            left = start - len(window) + match.start()
            if match[1]:
                prefix = match[0][: match.start(1) - match.start()].strip()
                figure.unit = (
                    words.DOLLARS.get(prefix, "USD") if match[1] == "$" else words.SIGNS[match[1]]
                )
                figure.kind, figure.left, figure.sign = "money", left, cased[left:start]
                return False
            code = words.CODES.get(match[2])
            printed = cased[left : left + len(match[2])]
            word = (
                match[2] in ("rs", "bs", "euro", "euros", "bsf")
                and plain[left - 4 : left] != "the "
            )
            if code and (printed.isupper() or word):
                figure.unit, figure.kind, figure.left, figure.sign = (
                    code,
                    "money",
                    left,
                    cased[left:start],
                )
                return False
        return before.isalpha()
    if before == "+":
        return plain[start - 2 : start - 1].isalnum()
    return before in ".#/_@=&\\^°" and (before != "." or plain[start - 2 : start - 1].isalnum())


_HIGH = frozenset(
    [
        "long",
        "high",
        "tall",
        "deep",
        "wide",
        "away",
        "from",
        "below",
        "above",
        "north",
        "south",
        "east",
        "west",
        "thick",
        "race",
        "sprint",
        "by",
        "to",
    ]
)


def _tail(figure: Figure, cased: str, plain: str) -> Figure | int | None:
    """Read the scale and the unit behind a number."""
    end = figure.right
    word = _WORD.match(plain, end)
    if word and not figure.worded:  # letters without a gap: "10bn", "5km", "1990s", "T-90S"
        figure = _attached(figure, word[0], word.end(), plain)
        if not isinstance(figure, Figure) or figure.kind not in ("count", "money"):
            return figure
        end = figure.right
    elif re.match("[^\\W]", plain[end : end + 1]):
        return end + 1
    for _ in range(2):
        follows = NEXT.match(plain, end)
        if not follows:
            break
        size = words.SCALES.get(follows[2]) or (12 if follows[2] == "dozen" else 0)
        short = words.SHORT_SCALES.get(follows[2])
        if size and (figure.scale in (1, 100) or (size == 10**6 and figure.scale == 1000)):
            figure.scale *= size
        elif (
            short
            and figure.scale == 1
            and follows[1] in (" ", "\n")
            and (
                (len(follows[2]) > 1 and follows[2] != "mil")
                or figure.sign
                or (cased[follows.start(2)] in "MB" and figure.places and len(follows[2]) == 1)
            )
        ):
            figure.scale = short
        else:
            break
        end = figure.right = follows.end()
    if (
        figure.scale == 1
        and figure.places == 0
        and figure.number < 100
        and (half := _HALF_MORE.match(plain, end))
    ):
        figure.number, figure.places, figure.right = figure.number * 10 + 5, 1, half.end()
        scale = NEXT.match(plain, half.end())
        if scale and (size := words.SCALES.get(scale[2]) or 12 * (scale[2] == "dozen")):
            figure.scale, figure.right = size, scale.end()
    return _unit(figure, cased, plain)


_PICTURE_LINES = (240, 360, 480, 720, 1080, 1440, 2160)  # "1080p"


def _attached(figure: Figure, word: str, end: int, plain: str) -> Figure | int:
    if (end < len(plain) and plain[end] in _DIGITS) or (
        word == "k" and figure.number in (2, 4, 8) and not figure.sign
    ):
        return end  # "4x4", "9K338", "4K"
    figure.right = end
    short = words.SHORT_SCALES.get(word) or words.SCALES.get(word)
    if short:
        follows = NEXT.match(plain, end)
        noun = follows and follows[2] not in _HIGH and follows[1] != "-"
        if figure.sign or len(word) > 1 or word in "kb" or (word == "m" and (noun or not follows)):
            figure.scale = short
            return figure
    if word in ("st", "nd", "rd", "th") and not figure.places and not figure.sign:
        figure.kind, figure.unit = "ordinal", "rank"
        return figure
    if (
        word == "s"
        and not figure.sign
        and not figure.places
        and (1000 <= figure.number <= 2100 or figure.number in range(10, 100, 10))
    ):
        figure.kind, figure.unit, figure.qualifier = "year", "year", "approx"
        return figure
    if (
        word == "p"
        and not figure.sign
        and not figure.places
        and figure.number not in _PICTURE_LINES
    ):
        figure.kind, figure.unit, figure.whole = "money", "GBP", 100  # "159p a litre"
        return figure
    if word == "x" or word in words.MEASURES:
        figure.kind, figure.unit = "measure", words.MEASURES.get(word, "factor")
        return figure
    if word in words.TIMES or word == "h":
        figure.kind, figure.unit = "period", words.TIMES.get(word, "hours")
        return figure
    if word in words.CURRENCIES:
        figure.kind, figure.unit = "money", words.CURRENCIES[word]
        return figure
    return end


_POWERS = {"^": "2", "`": "3"}  # as `view` has the small digits of "km²" and "m³"


def _unit(figure: Figure, cased: str, plain: str) -> Figure:
    """Percent, currency, time or measure behind the number; without any it is a count."""
    end = figure.right
    if figure.kind == "money" and figure.sign:
        # "$5 million dollars", "US$ 5 m USD": the word says nothing new
        follows = NEXT.match(plain, end)
        if follows and words.CURRENCIES.get(follows[2]) == figure.unit:
            figure.right = follows.end()
        return figure
    if percent := _PERCENT.match(plain, end):
        figure.kind, figure.right = "percent", percent.end()
        if (
            plain[figure.left - 1 : figure.left] == "-"
            and plain[figure.left - 2 : figure.left - 1] in " (\n"
        ):
            figure.left, figure.number = figure.left - 1, -figure.number
        points = (
            percent["points"]
            or percent["points2"]
            or "points" in percent[0]
            or percent[0].endswith("pp")
        )
        figure.unit = "percentage_points" if points or "point" in percent[0] else "percent"
        if percent["basis"]:
            figure.whole = 100
        return figure
    if plain.startswith("¢", end):
        figure.kind, figure.unit, figure.whole, figure.right = "money", "USD", 100, end + 1
        return figure
    if sign := _SIGN_BEHIND.match(plain, end):
        figure.kind, figure.unit, figure.right = "money", words.SIGNS[sign[1]], sign.end()
        return figure
    if dollar := _US_DOLLAR.match(plain, end):
        figure.kind, figure.unit, figure.right = "money", "USD", dollar.end()
        return figure
    follows = NEXT.match(plain, end)
    if not follows:
        if plain.startswith(("°", " °"), end):
            figure.kind, figure.unit = "measure", "degrees"
        return figure
    word = follows[2]
    if (
        plain[follows.end() : follows.end() + 1] == "-"
        and plain[follows.end() + 1 : follows.end() + 2] in _DIGITS
    ):
        return figure  # "20 Mi-17 helicopters" are no miles
    second = NEXT.match(plain, follows.end())
    if second and (national := words.NATIONAL.get((word, words.CURRENCIES.get(second[2], "")))):
        figure.kind, figure.unit, figure.right = "money", national, second.end()
    elif (
        word in words.CURRENCIES
        and not _weighs(word, follows, plain)
        and (
            len(word) != 3
            or word in ("yen", "won")
            or cased[follows.start(2) : follows.end()].isupper()
        )
    ):
        figure.kind, figure.unit, figure.right = "money", words.CURRENCIES[word], follows.end()
    elif word in ("cents", "cent", "pence") and follows[1] == " ":
        figure.kind, figure.unit, figure.right = (
            "money",
            "GBP" if word == "pence" else "USD",
            follows.end(),
        )
        figure.whole = 100
    elif word in words.TIMES:
        figure.kind, figure.unit, figure.right = "period", words.TIMES[word], follows.end()
    elif word in words.TIME_ADJECTIVES and second and second[2] in words.TIMES:
        figure.kind, figure.unit = "period", words.TIMES[second[2]]
    elif word in words.MEASURES and (len(word) > 1 or not figure.worded):
        figure.kind, figure.unit = (
            "measure",
            words.MEASURES[word] + _POWERS.get(plain[follows.end() : follows.end() + 1], ""),
        )
    elif word == "m" and plain[follows.end() : follows.end() + 1] in _POWERS:
        figure.kind, figure.unit = "measure", "m" + _POWERS[plain[follows.end()]]
    elif word in words.MEASURE_ADJECTIVES and second and second[2] in words.MEASURES:
        figure.kind, figure.unit = "measure", words.MEASURES[second[2]]
    return figure


def _weighs(word: str, follows: re.Match[str], plain: str) -> bool:
    """Whether pounds are a weight: "500 pounds of explosives", "a 500-pound bomb"."""
    if word not in ("pound", "pounds"):
        return False
    return (
        follows[1] == "-"
        or plain.startswith(" of ", follows.end())
        or plain.startswith(" (", follows.end())
    )


# ---- numbers in words


def _spelled(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """A number in words: "sixty-six thousand", "two hundred and five", "one in five"."""
    run = _RUN.match(plain, start)
    if not run or (plain[start - 1 : start] == "-" and plain[start - 2 : start - 1].isalpha()):
        return None
    total, group, ceiling, last, right, position = 0, None, 10**18, "", start, start
    while part := _RUN_WORD.match(plain, position):
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
        elif word == "hundred":
            if joined or group is None or not 0 < group < 100 or last == "hundred":
                break
            group, last = group * 100, "hundred"
        else:
            size = words.SCALES[word]
            if joined or group is None or size >= ceiling:
                break
            total, ceiling, group, last = total + group * size, size, None, "scale"
        right = part.end()
        gap = re.compile(GAP).match(plain, right)
        if not gap or right >= run.end():
            break
        position = gap.end()
    if right == start:
        return None
    figure = Figure(start, right, "count", number=total + (group or 0), worded=True)
    if share := _share(figure, plain):
        return share
    if (
        (follows := NEXT.match(plain, right))
        and follows[2] in words.PARTS
        and figure.number < words.PARTS[follows[2]]
    ):
        number = figure.number
        if (
            follows[2] not in words.ORDINALS
            or follows[1] == "-"
            or number == 1
            or follows[2].endswith("s")
        ) and ((number == 1) == (follows[2][-1] != "s") or follows[2] in ("half", "quarters")):
            return _part(figure, number, words.PARTS[follows[2]], follows.end(), plain)
    while (
        figure.number and figure.number % 1000 == 0 and figure.scale < 10**12
    ):  # so that ranges can lend the scale
        figure.number, figure.scale = figure.number // 1000, figure.scale * 1000
    if figure.number and figure.number % 100 == 0 and figure.number < 1000 and figure.scale == 1:
        figure.number, figure.scale = figure.number // 100, 100
    return _tail(figure, cased, plain)


def _share(figure: Figure, plain: str) -> Figure | None:
    """As in "one in five", "nine out of ten"."""
    match = _IN.match(plain, figure.right)
    if not match or figure.places or figure.scale > 1:
        return None
    among = int(match[3]) if match[3].isdigit() else words.NUMBERS.get(match[3], 0)
    if (
        not figure.number
        or figure.number >= among
        or (
            among not in (3, 4, 5, 10, 100)
            if match[1] != "in"
            else among > (100 if figure.number == 1 else 10)
        )
    ):
        return None
    follows = NEXT.match(plain, match.end())
    if follows and (
        follows[2] in words.TIMES
        or follows[2] in words.SCALES
        or follows[2] in words.MONTHS
        or (follows[1] == "-")
    ):
        return None
    figure.kind, figure.unit, figure.right = "percent", "percent", match.end()
    figure.number, figure.whole = figure.number * 100, among
    return figure


def _part(figure: Figure, number: int, whole: int, end: int, plain: str) -> Figure:
    """A share of a whole, or a part of a million."""
    figure.right, figure.worded, figure.kind = end, True, "percent"
    of = _OF_A.match(plain, end) or (NEXT.match(plain, end) if whole == 2 or number == 1 else None)
    if of and (
        size := 12 if of[of.lastindex] == "dozen" else words.SCALES.get(of[of.lastindex], 0)
    ):
        figure.number, figure.places = number * size * 100 // whole, 2
        figure.kind, figure.right = "count", of.end()
        return _unit(figure, plain, plain)
    figure.unit, figure.number, figure.whole = "percent", 100 * number, whole
    return figure


_PERIOD_PARTS = frozenset(
    [
        "first",
        "second",
        "latter",
        "other",
        "better",
        "top",
        "bottom",
        "last",
        "next",
        "third",
        "fourth",
        "final",
        "current",
        "this",
        "previous",
        "each",
        "per",
        "every",
        "fiscal",
        "one",
        "two",
        "three",
        "four",
    ]
)


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
    if word in ("halves", "quarters"):
        return None
    figure = Figure(start, end, "percent", worded=True)
    if word == "half":
        if (
            last in _PERIOD_PARTS
            or after in words.TIMES
            or after in ("way", "brother", "sister", "time", "past")
        ):
            return end
        if after in ("a", "an") and not _OF_A.match(plain, end):
            figure.kind, figure.number, figure.places, figure.right = "count", 5, 1, follows.end()
            if _unit(figure, cased, plain).kind in ("percent", "money"):
                return figure
            noun = NEXT.match(plain, follows.end())
            return (
                noun.end()
                if (noun and noun[2] in words.TIMES) or (noun and noun[2] in ("century", "hour"))
                else end
            )
        return _part(figure, 1, 2, end, plain)
    if last != "a" or word[-1] == "s":
        return None if word in words.ORDINALS else end
    figure.left = plain.rindex("a", 0, start)
    if (
        after == "of"
        or (not follows and word != "quarter")
        or _hedged(plain, figure.left)
        or (word == "third" and after in words.STOP)
    ):
        return _part(figure, 1, words.PARTS[word], end, plain)
    return None if word in words.ORDINALS else end


def _hedged(plain: str, left: int) -> bool:
    ahead = plain[max(0, left - 12) : left].split()
    return bool(ahead) and ahead[-1] in neighbours.HEDGE_ENDS | {"by", "roughly"}


def _scale_word(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """As in "a million", "several hundred": a scale word without a number before it."""
    size = words.SCALES.get(plain[start:end]) or 12
    ahead = plain[max(0, start - 24) : start]
    match = re.search(
        r"(?<![^\W_])(an?|half a|several|a few|few|a couple of|a couple|couple of|multi|multiple|many)"
        r"(?:[ ]{1,3}|[ ]?\n[ ]?|-)$",
        ahead,
    )
    if not match:
        return None
    left = start - len(ahead) + match.start()
    figure = Figure(left, end, "count", number=1, scale=size, worded=True)
    if match[1] in ("a", "an"):
        if (
            (more := _RUN.match(plain, start)) and more.end() > end and size >= 100
        ):  # "a hundred and five"
            rest = _spelled_rest(plain, start, size)
            if rest:
                figure.number, figure.scale, figure.right = rest[0], 1, rest[1]
        return _tail(figure, cased, plain)
    figure.low, figure.fixed, figure.qualifier = (
        (2.0 if "couple" in match[1] else 3.0) * size,
        True,
        "vague",
    )
    if (
        size in (12, 100, 1000)
        and (bigger := NEXT.match(plain, end))
        and words.SCALES.get(bigger[2], 0) > size
    ):
        figure.low *= words.SCALES[bigger[2]]
        figure.right = bigger.end()
    figure.scale = 10**18  # takes no further scale
    return _unit(figure, cased, plain)


def _spelled_rest(plain: str, start: int, size: int) -> tuple[int, int] | None:
    """As in "hundred and five thousand" behind "a": the number and its end."""
    figure = _spelled("", "one " + plain[start : start + 80], 0, 3)
    if isinstance(figure, Figure) and figure.kind == "count" and figure.value % 1 == 0:
        right = min(figure.right, 84)
        printed = ("one " + plain[start : start + 80])[:right]
        run = _RUN.match(printed)
        return (int(figure.value), start + run.end() - 4) if run else None
    return None


def _plural(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    """As in "dozens", "tens of thousands", "billions of dollars"."""
    word = plain[start:end]
    low = words.PLURALS[word]
    if of := _OF_PLURAL.match(plain, end):
        size = words.PLURALS[of[1]] // 2
        if size > low or word in ("tens", "hundreds", "thousands", "dozens"):
            low, end = low * size, of.end()
    elif word in ("tens", "scores") and not plain.startswith(" of ", end):
        return end
    figure = Figure(
        start,
        end,
        "count",
        low=float(low),
        fixed=True,
        qualifier="vague",
        worded=True,
        scale=10**18,
    )
    if money := _OF_MONEY.match(plain, end):
        unit = (
            words.CURRENCIES.get(money[2])
            if len(money[2]) != 3 or money[2] in ("yen", "won")
            else None
        )
        if unit:
            national = words.NATIONAL.get((money[1], unit), unit) if money[1] else unit
            if not money[1] or (money[1], unit) in words.NATIONAL or money[1] == "u.s.":
                figure.kind, figure.unit, figure.right = "money", national, money.end()
        elif money[1] in words.CURRENCIES and len(money[1]) != 3:
            figure.kind, figure.unit, figure.right = (
                "money",
                words.CURRENCIES[money[1]],
                money.end(1),
            )
        elif money[2] in words.MEASURES or money[1] in words.MEASURES:
            figure.kind, figure.unit = (
                "measure",
                words.MEASURES.get(money[2]) or words.MEASURES[money[1]],
            )
        elif (money[1] or money[2]) in words.TIMES:
            figure.kind, figure.unit = "period", words.TIMES[money[1] or money[2]]
    return figure


def _multi(cased: str, plain: str, start: int, end: int) -> Figure:
    size = 10**6 if "mill" in plain[start:end] else 10**9
    figure = Figure(
        start,
        end,
        "count",
        low=2.0 * size,
        fixed=True,
        qualifier="vague",
        worded=True,
        scale=10**18,
    )
    return _unit(figure, cased, plain)


def _ordinal(cased: str, plain: str, start: int, end: int) -> Figure | int | None:
    if (plain[start - 2 : start] == "a " and not plain[start - 3 : start - 2].isalnum()) and (
        part := _fraction(cased, plain, start, end)
    ):
        return part
    follows = NEXT.match(plain, end)
    if not follows or follows[2] in (
        "hand",
        "lady",
        "aid",
        "glance",
        "and",
        "class",
        "world",
        "name",
        "half",
        "thing",
    ):
        return end
    figure = Figure(
        start, end, "ordinal", number=words.ORDINALS[plain[start:end]], worded=True, unit="rank"
    )
    return figure


_WORDED = {
    "n": _spelled,
    "p": _fraction,
    "s": _scale_word,
    "v": _plural,
    "x": _multi,
    "o": _ordinal,
}


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

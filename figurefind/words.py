"""The vocabulary: what each word stands for. Lists of words are data, in words.toml; numbers and hedges are made here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
_SETS = {name: frozenset(words.split()) for name, words in _DATA["words"].items()}


def _by_word(meanings: Mapping[str, str], between: str | None = None) -> dict[str, str]:
    """{"ships": "ship vessel"} -> {"ship": "ships", "vessel": "ships"}."""
    return {word: meaning for meaning, words in meanings.items() for word in words.split(between)}


def _numbered(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * i for i, word in enumerate(words.split())}


# ---- numbers

ONES = _numbered("one two three four five six seven eight nine", 1)
TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
NUMBERS = {"zero": 0, **ONES, **TEENS, **TENS}
THOUSANDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
#: Scales that a number in words is made of; "dozen" stands behind one.
SCALES = {"hundred": 100, **THOUSANDS, "lakh": 10**5, "crore": 10**7}
#: Scales behind a number.
SIZES = {"dozen": 12, **SCALES}
SHORT_SCALES = {word: THOUSANDS[size] for word, size in _by_word(_DATA["short_scales"]).items()}
_ORDINAL_ONES = _numbered("first second third fourth fifth sixth seventh eighth ninth", 1)
ORDINALS = {
    **_ORDINAL_ONES,
    "twelfth": 12,
    **{word + "th": n for word, n in TEENS.items() if n != 12},
    **{word[:-1] + "ieth": n for word, n in TENS.items()},
}
COMPOUND_ORDINALS = {
    f"{tens} {one}": n + m for (tens, n), (one, m) in product(TENS.items(), _ORDINAL_ONES.items())
}
PARTS = {
    **{"half": 2, "halves": 2, "quarter": 4, "quarters": 4},
    **{word + s: n for word, n in ORDINALS.items() if 2 < n <= 10 for s in ("", "s")},
}
#: Lower bounds of the vague plurals.
PLURALS = {
    **{"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200},
    **{f"{word}s": 2 * size for word, size in THOUSANDS.items()},
}


def _vague_phrases() -> Iterator[tuple[str, int]]:
    """Each vague phrase with the lower bound that it sets; of those that agree, the usual one first."""
    yield from PLURALS.items()
    for (phrase, low), (word, size) in product(PLURALS.items(), THOUSANDS.items()):
        if low < 2 * size and low <= 2000:
            yield f"{phrase} of {word}s", low * size
    fews = {
        **dict.fromkeys(("several", "a few", "few", "many", "multiple"), 3),
        **dict.fromkeys(("a couple of", "couple of", "a couple"), 2),
    }
    for (few, n), (word, size) in product(fews.items(), SIZES.items()):
        yield f"{few} {word}", n * size
        if size in THOUSANDS.values():
            yield from ((f"{few} {by} {word}", n * m * size) for by, m in _UPON_SCALE if m < size)
    for word, joint in product(("million", "billion"), ("", " ")):
        yield f"multi{joint}{word}", 2 * THOUSANDS[word]


_UPON_SCALE = (("dozen", 12), ("hundred", 100), ("thousand", 1000))
VAGUE = dict(_vague_phrases())

# ---- hedges: what a word before or behind a number makes of it

_MORE, _LESS = ("over", "more than", "above"), ("under", "less than", "fewer than", "below")
_SLIGHT = ("just ", "slightly ", "a little ")
HEDGES_BEFORE = {
    **_by_word(_DATA["hedges"], "|"),
    **{f"{by}{more}": "over" for by, more in product(("", "well ", *_SLIGHT), _MORE)},
    **{f"{by}{less}": "at_most" for by, less in product(("", "well "), _LESS)},
    **{f"{by}{less}": "nearly" for by, less in product(_SLIGHT, _LESS)},
}
SIGNS_OF_DOUBT = _by_word(_DATA["signs_of_doubt"])
HEDGES_AFTER = {
    **dict.fromkeys(("or more", "+", "-plus"), "at_least"),
    **dict.fromkeys(("or less", "or fewer"), "at_most"),
    **dict.fromkeys(("or so", "-odd"), "approx"),
}

# ---- money, time, measures, nouns

SIGNS, DOLLARS = _by_word(_DATA["signs"]), _by_word(_DATA["dollars"])
IN_LETTERS = _by_word(_DATA["codes"]["others"])
CODES = {code.lower(): code for code in _DATA["codes"]["iso"].split()} | IN_LETTERS
CURRENCIES = _by_word(_DATA["currencies"]) | {
    word: code for word, code in CODES.items() if word not in ("bs", "rs", "try", "cup")
}
#: A nation in front of the currency's name changes which one it is ("Syrian pounds").
NATIONAL = {
    (nation, named): code
    for named, meant in _DATA["national"].items()
    for nation, code in _by_word(meant).items()
}
TIMES, MEASURES = _by_word(_DATA["times"]), _by_word(_DATA["measures"])
MONTHS = {
    name: number
    for number, names in enumerate(_DATA["months"]["names"].splitlines(), 1)
    for name in names.split()
}
HEAD_UNITS = _by_word(_DATA["heads"])
PEOPLES = {name.replace("_", " "): code for name, code in _by_word(_DATA["peoples"]).items()}
COUNTRIES = _by_word(_DATA["countries"])
LANGUAGES = {name: frozenset(words.split()) for name, words in _DATA["languages"].items()}
NATION_ENDINGS = ("ians", "eans", "ans", "ese", "ish", "is", "ns")

PERSONS = _SETS["persons"]
DESIGNATORS = _SETS["designators"]
COUNTABLE = PERSONS | HEAD_UNITS.keys()
STOP = _SETS["stop"]
NOT_BEFORE_ONE = _SETS["not_before_one"]
IDIOM_AFTER_ONE = _SETS["idiom_after_one"]
TIME_ADJECTIVES = _SETS["time_adjectives"]
MEASURE_ADJECTIVES = _SETS["measure_adjectives"]
BEFORE_YEAR = _SETS["before_year"]
PERIOD_PARTS = _SETS["period_parts"]
ORDINAL_IDIOMS = _SETS["ordinal_idioms"]
LENGTHS = _SETS["lengths"]
PRINTED_UNITS = _SETS["printed_units"].union(
    map("".join, product(_SETS["unit_scales"], _SETS["powers"])),
    map("".join, product(_SETS["unit_scales"], _SETS["flows"], ("", "d", "pd", "pa", "py"))),
)
FOREIGN_SCALES = _SETS["foreign_scales"]
BROADCASTERS = _SETS["broadcasters"]
PICTURES = _SETS["pictures"]
FILLERS = _SETS["fillers"]
PRONOUNS = _SETS["pronouns"]

#: Words that go on a number: nothing else behind one is its scale or unit.
GO_ON = {*SIZES, *SHORT_SCALES, *CURRENCIES, *TIMES, *TIME_ADJECTIVES, *MEASURES, *PRINTED_UNITS}
GO_ON |= {*MEASURE_ADJECTIVES, *_SETS["go_on"], *(nation for nation, _ in NATIONAL)}
GO_ON |= {u.split("/")[0] for u in MEASURES}

# ---- what the ledger reads and prints beside all that

FACTORS = {word: float(n) for word, n in _by_word(_DATA["factors"]).items()}
FACTORS |= {f"{word}fold": float(n) for word, n in NUMBERS.items() if n > 1}
LEDGER = {name: words.split() for name, words in _DATA["ledger"].items()}
PRINTED = {name: _DATA[f"printed_{name}"] for name in ("units", "nouns", "hedges")}

"""What a proposed figure is probably about: unit, family, measure, states and date, for a reader to confirm.

A guess is a suggestion: it stands in a row with status `proposed`, its basis is `inferred`, and where nothing speaks
for any answer the cell stays empty.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from figurefind import locators, quantities
from rvdata import articles, countries, schemas
from rvdata.intake import entry
from rvdata.text import inert, plain

if TYPE_CHECKING:
    from figurefind.extract import Proposal

#: Kinds of expression that are figures of the ledger; dates and years become the time of one, ordinals mostly identify.
KINDS = ("money", "percent", "count", "measure")
_REACH = 400  # characters on either side in which the sentence of a figure is looked for
_SUFFERED = re.compile(
    r"killed|dead|wounded|injured|displaced|sanctioned|detained|arrested|missing", re.I
)
_PRONOUNS = ("them", "these", "those", "whom", "which")
_STOPS = schemas.words(
    "and or but that which who whom whose is are was were has have had will would in on at by "
    "to from for with as since after before during while when where between came come comes "
    "went"
)
_LIST = 20  # characters at most between two numbers of a list that share a noun
_ENDS = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(]?[A-Z0-9$€£])|\n\s*\n")

_KNOWN = tomllib.loads(Path(__file__).with_name("guess.toml").read_text("utf-8"))
_NOUNS = {unit: re.compile(f"(?:{words})", re.I) for unit, words in _KNOWN["nouns"].items()}
_FAMILIES, _MEASURES = _KNOWN["families"], _KNOWN["measures"]
_A_DAY = re.compile(
    r"^[^.;]{0,20}\b(?:a|per|each|every)[ -]day\b|^[^.;]{0,12}\bbpd\b|^[^.;]{0,12}\bdaily\b", re.I
)


def row(
    text: str,
    found: Proposal,
    figure_id: str,
    published: tuple[str, str],
    periods: Iterable[Proposal] = (),
) -> dict[str, str]:
    """The ledger's row of a proposal: what its print commits to, where it stands, and what it is probably about.

    `published` are the first and last possible day of publication, `periods` stretches of time that the text names.
    """
    before, after = surroundings(text, found.start, found.end)
    sentence = " ".join(f"{before}{text[found.start : found.end]}{after}".split())
    numbers = quantity_cells(found)
    noun = "" if found.noun.lower() in _PRONOUNS else found.noun
    noun = inert(_as_printed(noun, text[found.end : found.end + _REACH]))
    unit = _unit(numbers["unit"], found, noun, after)
    family = _family(unit, before, after)
    place = locators.make(text, found.start, found.end)
    cells = {
        **dict.fromkeys(articles.FIGURES, ""),
        "figure_id": figure_id,
        "status": "proposed",
        "family": family,
        "measure": _measure(unit, family, noun, after),
        **numbers,
        "unit": unit,
        "subject_basis": "inferred",
        "attributed_to": inert(found.attribution)[:120],
        **entry.place_cells(place),
    }
    date = next(
        (text[p.start : p.end] for p in periods if _in_one_sentence(text, p, found)),
        found.date if found.date[:4] in sentence else "",
    )
    dated = _time(family, date, published, sentence)
    return {**cells, **_parties(family, found, sentence), **dated}


def rows(
    text: str, found: list[Proposal], source: str, published: tuple[str, str]
) -> list[dict[str, str]]:
    """The rows of an article's proposals, numbered in the order of the text.

    A count that names nothing takes what the next one of its sentence names, as in "6 and 4 million people", and "2 of
    them" the unit of the one before.
    """
    kept, periods = [p for p in found if p.kind in KINDS], [p for p in found if p.kind == "period"]
    digits = 2 if len(kept) < 100 else 3  # so that identifiers sort in the order of the text
    made = [
        row(text, p, f"{source}-f{n:0{digits}}", published, periods) for n, p in enumerate(kept, 1)
    ]
    pairs = list(zip(kept, made, strict=False))
    for (one, cells), (other, named) in reversed(list(itertools.pairwise(pairs))):
        near = other.start - one.end <= _LIST and _in_one_sentence(text, one, other)
        bare = one.kind == "count" and not one.noun and not cells["unit"]
        if near and bare and named["unit"] and other.kind in ("count", "measure"):
            cells |= {c: named[c] for c in ("unit", "family", "measure")}
    for (other, named), (one, cells) in itertools.pairwise(pairs):
        near = one.start - other.end <= _REACH
        if near and other.kind == "count" and one.noun.lower() in _PRONOUNS:
            cells |= {c: named[c] for c in ("unit", "family")}
    return made


def quantity_cells(found: Proposal) -> dict[str, str]:
    """Print, bounds, step, unit and hedge: as the ledger computes them, or as proposed where it cannot read the print."""
    stated = plain(found.stated)
    if re.match("[A-Z][a-z]+( |$)", stated):  # a capital of the sentence, not of the expression
        stated = stated[0].lower() + stated[1:]
    # the minus sign reads the same, and no spreadsheet takes it for a formula
    stated = re.sub("^-", "−", stated)
    try:
        q = quantities.parse(stated)
    except quantities.QuantityError:
        stated, q = inert(stated), found
    return {
        "stated": stated,
        "unit": q.unit or "",
        "qualifier": q.qualifier or "exact",
        **entry.number_cells(q),
    }


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure in its sentence."""
    # the figure may begin its sentence
    before = _ENDS.split(text[max(0, start - _REACH) : start + 1])[-1][:-1]
    after = _ENDS.split(text[end : end + _REACH])[0]
    return before, after


def _as_printed(noun: str, after: str) -> str:
    """The counted noun in the letters of the text, as far as it names what is counted; ten words at most."""
    if not noun.split():
        return ""
    printed = r"[\s-]+".join(map(re.escape, noun.split()[:10]))
    match = re.search(printed + r"(?:-\d\w*\s[^\W\d_]+)?", after, re.I)  # "Tu-160 bombers"
    words = (match[0] if match else noun).split()
    ends = [n for n, word in enumerate(words, 1) if any(k.fullmatch(word) for k in _NOUNS.values())]
    if ends and len(words) > ends[-1]:
        # what follows the noun is a verb or an object, but for a few participles
        words = words[: ends[-1] + bool(_SUFFERED.fullmatch(words[ends[-1]]))]
    return " ".join(words)


def _measure(unit: str, family: str, noun: str, after: str) -> str:
    """What is counted: the noun, what a share is printed to be of, or the usual one of the family."""
    if unit in ("percent", "percentage_points"):
        of = re.match(r"\s+of\s+((?:[^\W\d_][\w’'-]*\s?){1,6})", after)
        words = of[1].split() if of else []
        stop = next((n for n, word in enumerate(words) if n and word.lower() in _STOPS), len(words))
        if words and family not in ("arms_import_share", "trade_growth"):
            return inert("share of " + " ".join(words[:stop]))
        return _MEASURES.get(family, "")
    usual = _MEASURES.get(family, "money" if unit in schemas.CURRENCIES else "")
    return usual if usual and noun.lower() in ("", "people", "persons", "individuals") else noun


def _in_one_sentence(text: str, one: Proposal, other: Proposal) -> bool:
    first, second = sorted((one, other), key=lambda p: p.start)
    between = text[first.end : second.start + 1]
    return len(between) <= _REACH + 1 and not _ENDS.search(between)


def _unit(unit: str, found: Proposal, noun: str, after: str) -> str:
    if unit:
        return unit
    named = (
        known
        for word in reversed(noun.replace("-", " ").split())
        for known, words in _NOUNS.items()
        if words.fullmatch(word.strip(".,;:()’'\""))
    )
    known = next(named, {"km": "kilometres"}.get(found.unit, found.unit))
    if known == "barrels" and _A_DAY.search(after):
        return "barrels_per_day"
    return known if known in schemas.UNITS else "items" if noun and found.kind == "count" else ""


def _family(unit: str, before: str, after: str) -> str:
    """The family for which the word nearest to the figure speaks, those behind it, its noun among them, first."""
    best, nearest = "other", float("inf")
    for family, word, also in _FAMILIES.get("money" if unit in schemas.CURRENCIES else unit, ()):
        if also and not re.search(also, before + " " + after, re.I):
            continue
        if not word:
            return family
        behind = [found.start() for found in re.finditer(word, after, re.I)][:1]
        ahead = [found.end() for found in re.finditer(word, before, re.I)][-1:]
        distance = min([*behind, *(4 * (len(before) - end) for end in ahead), nearest])
        if distance < nearest:
            best, nearest = family, distance
    return best


def _parties(family: str, found: Proposal, sentence: str) -> dict[str, str]:
    """Who is counted and who stands on the other side, as far as the states named near the figure tell."""
    codes = [code for code in dict.fromkeys(found.countries) if code in countries.table()]
    if family == "refugee_count":
        words = "from|fled|fleeing|flee|left|leaving|leave|of"
        origin = [c for c in codes if _follows(sentence, c, words)]
        return {"subject": (origin or codes or [""])[0]}
    if family in ("arms_import_share", "investment_total", "loan") and len(codes) > 1:
        giver = [c for c in codes if _follows(sentence, c, "from|by|supplied by")]
        taker = [c for c in codes if c not in giver[:1] and _follows(sentence, c, "in|into|to")]
        subject = (taker or [c for c in codes if c not in giver[:1]])[0]
        return {"subject": subject, "counterpart": ";".join(c for c in codes if c != subject)}
    sent = family in ("ship", "aircraft", "soldier", "missile", "deployment")
    return {"subject": "".join(codes[:1]), "counterpart": ";".join(codes[1:3] if sent else ())}


def _follows(sentence: str, code: str, words: str) -> bool:
    """Whether one of the words stands directly before a name of the state."""
    state = countries.table()[code]
    names = "|".join(re.escape(name) for name in (state.name, *state.aliases))
    return bool(re.search(rf"\b(?:{words})\s+(?:the\s+)?(?:{names})\b", sentence, re.I))


def _time(family: str, date: str, published: tuple[str, str], sentence: str) -> dict[str, str]:
    """When the figure holds: at a date printed with it, or at the latest when its article appeared."""
    period = family in ("arms_import_share", "trade_growth")
    since = rf"\bsince\s+(?:[^\W\d_]+\s+|\d\d?\s+){{0,2}}{date[:4]}"
    if re.fullmatch(r"\d{4}.*", date) and re.search(since, sentence, re.I):
        date, period = f"since {date}", True
    try:
        span = entry.days(date) if date else None
    except entry.Unreadable:
        span = None
    last = dt.date.fromisoformat(published[1])
    held = entry.as_of_cells(entry.Days(None, last, "before"), "inferred")
    if span and (span.first is None or span.first <= last):
        said = {"note": f"{entry.NOTE} the same sentence."}
        if not period:
            return {**entry.as_of_cells(span, "inferred"), **said}
        until = held if date.startswith("since") else {}
        return {**until, **entry.period_cells(span, "inferred"), **said}
    return {} if period else {**held, "note": f"{entry.NOTE} the latest day of publication."}

"""What stands around a figure: the counted noun, who says so, which countries, which date."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping

from figurefind import words
from figurefind.patterns import pattern

#: A word of a noun phrase, on the same line; designations are words too: "su-30mk2", "9k338".
_NOUN = re.compile(
    r"[ -]{1,3}\*{0,2}((?:su|mig|mi|tu|ka|yak|il|bmp|btr|t|s|f) [0-9]{1,3}[^\W_]*"
    r"|(?:type|project) [0-9]{2,5}[^\W_]*"
    r"|[^\W\d_][^\W_]*(?:['-][^\W_]+)*|[0-9]{1,3}[^\W\d_]{1,3}[0-9][^\W_]*)"
)
_SENTENCE_END = pattern("sentence_end")
_NAME = r"(?:[Tt]he )?(?:[A-Z][\w.&'-]*|(?:UN|EU|US)\b)(?:(?: of| for| and| the| on|,? Inc\.)? (?:[A-Z][\w.&'-]*)){0,6}"
_ACCORDING = pattern("according")
_SAY = pattern("say")
_BY = re.compile(
    rf"\b(?:estimated|reported|compiled|published|recorded|documented) by (?:the )?({_NAME})|\b(?:data|"
    rf"figures) from ({_NAME})"
)
_CLAUSE, _TRADED = pattern("clause"), pattern("traded")
_CAPITAL = re.compile(
    r"\b(?:[A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)?|[A-Z]{2,5}|U\.S\.|U\.K\.)(?:['.]s\b)?"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = re.compile(
    rf"(?P<month>{_MONTHS})(?: (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?)?,? (?P<year>[12][0-9]{{3}})"
)
_NAME_OF = re.compile(r"\b(?:Voice|Bank|Bay|Gulf|Sea|Times|University) of (?:the )?$")
_DAY_BEFORE = re.compile(r"([0-3]?[0-9])(?:st|nd|rd|th)? $")
_YEAR = re.compile(r"(?<![Rr]esolution )(?<![Dd]ecree )\b(?:19|20)[0-9]{2}\b(?![,.]?[0-9%])")


def names(countries: Mapping[str, str]) -> dict[str, str]:
    """What a text may call a country or its people, with its code: the caller's names and those known here."""
    washington = {"Washington": ""}  # as often the government
    return {**countries, **words.COUNTRIES, **words.PEOPLES, **washington}


class Sentence:
    """One sentence with what it says about its figures, looked up once."""

    __slots__ = ("attribution", "countries", "dates", "end", "start", "text", "trades")

    def __init__(self, cased: str, start: int, end: int, known: Mapping[str, str]):
        self.start, self.end = start, end
        self.text = text = cased[start:end]
        self.countries = _countries(text, start, known)
        self.attribution = _attribution(text)
        self.trades = bool(_TRADED.search(text))
        self.dates = _dates(text, start)

    def nearest_countries(self, offset: int) -> tuple[str, ...]:
        """Codes of the countries that the sentence names, the nearest first."""
        if len(self.countries) < 2:
            return tuple(code for _, code in self.countries)
        near = sorted(self.countries, key=lambda pair: abs(pair[0] - offset))
        return tuple(dict.fromkeys(code for _, code in near))

    def nearest_date(self, start: int, end: int) -> str:
        """The date or year that the sentence names nearest to a span; empty if it names none."""
        after = bisect(self.dates, (start, ""))
        near = self.dates[max(0, after - 1) : after + 1]
        return min(near, key=lambda date: self._apart(start, end, date), default=(0, ""))[1]

    def _apart(self, start: int, end: int, date: tuple[int, str, int]) -> int:
        """How far a date is from a span: the characters between, stops and "and" counting more."""
        gap = (date[2], start) if date[0] < start else (end, date[0])
        between = self.text[max(0, gap[0] - self.start) : max(0, gap[1] - self.start)]
        commas, ands, stops = map(between.count, (",", " and ", ";"))
        return len(between) + 10 * commas + 20 * ands + 40 * stops


def sentence(cased: str, offset: int, known: Mapping[str, str]) -> Sentence:
    """The sentence around an offset; of a very long one, 400 characters before and 1,200 behind."""
    left, right = max(0, offset - 400), min(len(cased), offset + 1200)
    start = left
    for match in _SENTENCE_END.finditer(cased, left, offset + 40):  # looks beyond the number
        start = match.end() if match.end() <= offset else start
    match = _SENTENCE_END.search(cased, offset, right)
    return Sentence(cased, start, match.start() + 1 if match else right, known)


def _countries(text: str, start: int, known: Mapping[str, str]) -> list[tuple[int, str]]:
    found = []
    capitals = _CAPITAL.finditer(text)
    names = [(m.start(), m[0].removesuffix("'s").removesuffix(".s")) for m in capitals]
    skip = 0
    for k, (at, name) in enumerate(names):
        if at < skip or _NAME_OF.search(text, max(0, at - 18), at):
            continue
        after = names[k + 1] if k + 1 < len(names) else (-1, "")
        if after[0] == at + len(name) + 1 and (code := known.get(f"{name} {after[1]}")):
            found.append((start + at, code))
            skip = after[0] + 1
        elif code := known.get(name):
            found.append((start + at, code))
    return found


def _attribution(text: str) -> str:
    """Who is said to say so: "according to …", the subject of a verb of saying, or what follows it."""
    name = ""
    if "ccording to" in text and (match := _ACCORDING.search(text)):
        name = match[1]
    elif (" by " in text or " from " in text) and (match := _BY.search(text)):
        name = match[1] or match[2]
    elif match := _SAY.search(text):
        subject = _CLAUSE.split(text[max(0, match.start() - 120) : match.start()])[-1].split()
        while subject and subject[-1].lower() in words.FILLERS:
            subject.pop()
        if subject and len(subject) < 9:
            name = "" if subject[-1].lower() in words.PRONOUNS else " ".join(subject)
        elif not subject and (behind := re.compile(_NAME).match(text, match.end() + 1)):
            name = behind[0]
    name = " ".join(name.split()).strip(" '\"*")[:80]
    if re.search(r"[0-9]|-$|^(?:with|although|while|[tT]he highest) ", name):
        return ""  # a total that a sentence gives as the subject of "show"
    return "".join(c for c in name if c.isprintable())


def _dates(text: str, start: int) -> list[tuple[int, str, int]]:
    """Where a text names a day, a month of a year or a year: start, ISO form, end; a year of a date is none of its own."""
    found, years = [], set()
    for match in _DATED.finditer(text):
        before = _DAY_BEFORE.search(text, max(0, match.start() - 6), match.start())
        day = before[1] if before else match["day"]
        iso = f"{match['year']}-{words.MONTHS[match['month'].lower()]:02}"
        iso += f"-{int(day):02}" if day else ""
        found.append(((before or match).start() + start, iso, match.end() + start))
        years.add(match.start("year"))
    others = (m for m in _YEAR.finditer(text) if m.start() not in years)
    return sorted(found + [(m.start() + start, m[0], m.end() + start) for m in others])


def noun(plain: str, right: int) -> tuple[str, ...]:
    """The words behind a number that say what it counts, up to the first word that ends a noun phrase."""
    found: list[str] = []
    position = right + 2 * plain.startswith((" × ", " x "), right)
    while len(found) < 5 and (match := _NOUN.match(plain, position)):
        if match[1] in words.STOP:
            if match[1] == "of" and not found and (plain.startswith(" of ", position)):
                position = match.end()
                article = _NOUN.match(plain, position)
                if article and article[1] in ("the", "these", "those", "its", "their", "all"):
                    position = article.end()
                continue
            break
        found.append(match[1])
        position = match.end()
    return tuple(found)


def noun_unit(noun: tuple[str, ...], known: Mapping[str, str]) -> str:
    """The ledger's unit for a counted noun; empty where it has none."""
    if any(map(str.isdigit, "".join(noun))):  # of "su-30mk2 fighters" neither
        noun = tuple(word for word in noun if word not in words.PERSONS or word in words.HEAD_UNITS)
        units = [words.HEAD_UNITS[word] for word in noun if word in words.HEAD_UNITS]
        return units[-1] if units else ""
    for word in reversed(noun):
        if word in words.PERSONS or (
            word.endswith(words.NATION_ENDINGS) and len(word) > 5 and known.get(word.capitalize())
        ):
            return "persons"
        if word in words.HEAD_UNITS:
            return words.HEAD_UNITS[word]
    return ""

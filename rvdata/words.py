"""Words for readers: numbers with their doubt, names, lists, dates and verbs, and templates of prose that use them."""

from __future__ import annotations

import csv
import datetime
import functools
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries, origins, schemas, store
from rvdata.errors import DataError
from rvdata.text import md

if TYPE_CHECKING:
    import jinja2

_WORDS = schemas.words("no one two three four five six seven eight nine ten eleven twelve")
_MONTHS = schemas.words(
    "January February March April May June July August September October November December"
)
_PLURALS = {
    "aircraft": "aircraft",
    "country": "countries",
    "entity": "entities",
    "person": "people",
}


def terms(kind: str) -> dict[str, str]:
    """Code → its words for readers, of one kind in ``terms.csv``, in the order of that file.

    Examples
    --------
    >>> terms("stance")["rejected"]
    'denied'
    """
    return _terms().get(kind, {})


@functools.cache
def _terms() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with Path(__file__).with_name("terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], {})[row["code"]] = row["words"]
    return found


# ---- grammar


def count(n: int, noun: str, plural: str = "") -> str:
    """A number of things in words: "no article", "one article", "two articles", "13 articles".

    Examples
    --------
    >>> [count(n, "article") for n in (0, 1, 2, 13)]
    ['no article', 'one article', 'two articles', '13 articles']
    """
    number = _WORDS[n] if 0 <= n < len(_WORDS) else f"{n:,}"
    return f"{number} {noun if n in (0, 1) else plural or _PLURALS.get(noun, noun + 's')}"


def cardinal(n: int) -> str:
    """A number standing alone: "none", "one", "twelve", "13".

    Examples
    --------
    >>> [cardinal(n) for n in (0, 1, 2, 13)]
    ['none', 'one', 'two', '13']
    """
    return "none" if n == 0 else count(n, "", " ").strip()


def listed(items: Iterable[str], nothing: str = "none", most: int | None = None) -> str:
    """Names in a row: "A", "A and B", "A, B and C"; of more than `most`, so many and how many others.

    Examples
    --------
    >>> listed(["Russia", "China", "Cuba"]), listed([]), listed("ABCDE", most=3)
    ('Russia, China and Cuba', 'none', 'A, B, C and two others')
    """
    items = list(items)
    comma, last_comma = ("; ", ";") if any("," in item for item in items) else (", ", "")
    if most is not None and len(items) > most + 1:  # one other takes no less room than its name
        items = [*items[:most], count(len(items) - most, "other")]
    *head, last = items or [nothing]
    return f"{comma.join(head)}{last_comma} and {last}" if head else last


def verb(n: int, singular: str, plural: str) -> str:
    """The form of a verb that goes with `n` things; none takes the singular, as `count` does."""
    return singular if n in (0, 1) else plural


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def possessive(name: str) -> str:
    """The genitive of a name: "Russia's", "United States'"."""
    return name + ("'" if name.endswith("s") else "'s")


def adjective(code: str) -> str:
    """The adjective of a state where the project has one, else its genitive: "Russian", "Belarus'"."""
    return terms("adjective").get(code) or possessive(countries.name(code))


def the(code: str) -> str:
    """A state as a subject, with its article where English wants one: "Russia", "the United States"."""
    name = countries.name(code)
    plural = name.startswith(
        ("United ", "European ", "Netherlands", "Philippines", "Latin American ", "Soviet ")
    )
    return f"the {name}" if plural else name


def states(codes: str) -> str:
    """Names of ;-joined country codes, in a row: "Russia and China"."""
    return listed(map(countries.name, codes.split(";")))


def names(codes: str | Iterable[str], most: int | None = 3) -> str:
    """States as subjects, in a row; of more than `most`, so many and how many others.

    Examples
    --------
    >>> names("RUS;CHN")
    'Russia and China'
    """
    return listed(map(the, codes.split(";") if isinstance(codes, str) else codes), most=most)


# ---- numbers and dates


def number(value: float, digits: int = 6) -> str:
    """A number for prose: separators, and no decimals that are not there.

    Examples
    --------
    >>> number(4500000.0), number(69.5), number(70.0)
    ('4,500,000', '69.5', '70')
    """
    text = f"{value:,.{digits}g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return (text if "e" not in text else f"{value:,.0f}").replace("-", "−")


def scaled(value: float, least: float | None = None, most: float | None = None) -> str:
    """A large number as it is read, with the interval that it stands for, where there is one.

    Examples
    --------
    >>> scaled(4_500_000, 4_450_000, 4_550_000), scaled(30e9), scaled(950_000)
    ('4.5 million (4.45 to 4.55 million)', '30 billion', '950,000')
    >>> scaled(1e9, 0.95e9, 1.05e9)
    '1 billion (950 million to 1.05 billion)'
    """

    def parts(v: float) -> tuple[str, str]:
        for size, word in ((1e9, " billion"), (1e6, " million")):
            if abs(v) >= size:
                return number(v / size), word
        return number(v), ""

    text = "".join(parts(value))
    if least is None or most is None or least != least or most != most or least == most:
        return text
    (low, its), (high, word) = parts(least), parts(most)
    return f"{text} ({low}{'' if its == word else its} to {high}{word})"


def rough(least: float, most: float | None = None, unit: str = "") -> str:
    """A computed amount, or the two ends of one, with no more than two digits: no more is known of what it rests on.

    Examples
    --------
    >>> rough(31.2e9, 63.8e9), rough(37.48e9), rough(0.95e9, 1.14e9), rough(3.14e9, 3.11e9)
    ('31 to 64 billion', '37 billion', '950 million to 1.1 billion', '3.1 billion')
    >>> rough(31.2e9, float("nan"), "dollars"), rough(float("nan"), 44)
    ('31 billion dollars or more', 'up to 44')
    """
    ends = [least] if most is None else [least, most]
    low, *high = ["" if v != v else scaled(float(f"{v:.2g}")) for v in ends]
    of = f" {unit}" if unit else ""
    if not high or not low or not high[0]:
        return f"up to {high[0]}{of}" if not low else f"{low}{of} or more" if high else f"{low}{of}"
    same = low.rpartition(" ")[2] == high[0].rpartition(" ")[2]  # such as billion
    short = low.rpartition(" ")[0] if same else low
    return f"{low}{of}" if low == high[0] else f"{short} to {high[0]}{of}"


def quantity(row) -> str:
    """What a row of `figures` states, normalised, with its unit: "over 100 persons", "$30 billion (about)".

    Parameters
    ----------
    row : mapping
        With value, low, high, stated_step, unit and qualifier.
    """
    names, unit = ("value", "low", "high", "stated_step"), row["unit"]
    value, low, high, step = (None if row[k] != row[k] else row[k] for k in names)
    if row.get("status") == "derived":  # interval arithmetic, no printed expression
        text = number(value)
        if low == high:
            text = f"about {text}" if low is None else text
        elif high is None:
            text = f"at least {text}" if low == value else f"{text} ({number(low)} or more)"
        else:
            text += f" ({'up to' if low is None else f'{number(low)} to'} {number(high)})"
        return f"{text} {unit}"
    if unit == "rank" and value is None:
        return f"places {number(low)} to {number(high)}"
    bare = (*schemas.CURRENCIES, "percent", "percentage_points", "factor", "rank")
    own = unit if unit in bare or (unit == "years" and row["qualifier"] == "vague") else None
    from figurefind import quantities  # compiling its patterns takes longer than all other imports

    stated = quantities.Quantity(value, low, high, own, row["qualifier"], step)
    said = quantities.to_print(stated)
    return said if own else f"{said} of {unit}" if said.endswith("s") else f"{said} {unit}"


def days(first, last, precision: str) -> str:
    """A date as exactly as it is known: "4 February 2019", "October 2025", "2000", "2014 to 2023", "before May 2018".

    Parameters
    ----------
    first, last : Timestamp or NaT
        Earliest and latest possible day.
    precision : str
        One of `schemas.PRECISIONS`.
    """

    def month(at) -> str:
        return f"{_MONTHS[at.month - 1]} {at.year}"

    part = ("early", "mid", "late")
    match precision:
        case "before":
            whole = (last.month, last.day) == (12, 31)
            return f"by the end of {last.year}" if whole else f"by {day(last)}"
        case "ongoing":
            return f"under way on {day(first)}"
        case "recent":
            return f"within the year to {day(last)}"
        case "after" if first.day == 1:  # printed no more exactly than the year or month
            return f"from {month(first) if first.month > 1 else first.year} on"
        case "after":
            return f"after {day(first)}"
        case "day":
            return day(first)
        case "month":
            return month(first)
        case "year":
            return str(first.year)
        case "part_of_month":
            return f"{part[first.day // 10]} {month(first)}"
        case "part_of_year":
            return f"{part[first.month // 4]} {first.year}"
        case "part_of_decade":
            return f"the {part[first.year % 10 // 3]} {first.year // 10 * 10}s"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return years(first.year, last.year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def day(at) -> str:
    """A day in words: "3 January 2025"."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def years(first: int, last: int | None = None) -> str:
    """A span of years in words: "2014", "2000 to 2021"."""
    return str(first) if last is None or first == last else f"{first} to {last}"


def runs(given: Iterable[int]) -> str:
    """Years in a row, as spans where they follow one another: "1990, 1992 to 1995 and 1999"."""
    return listed(years(*span) for span in spans(given))


def spans(given: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of numbers that follow one another."""
    held = set(given)
    ends = (sorted(n for n in held if n + step not in held) for step in (-1, 1))
    return list(zip(*ends, strict=True))


def volume(tiv_million: float) -> str:
    """A volume of arms with as many digits as a reader needs: "3,862 million TIV", "8.3 million TIV"."""
    digits = 0 if tiv_million >= 10 or tiv_million == 0 else 1
    return f"{tiv_million:,.{digits}f} million TIV"


def pct(value: float, digits: int = 1) -> str:
    """A share that was computed: "69.7 %"; a small one is not rounded to nothing."""
    text = f"{value:.{digits}f}"
    return f"{text} %" if float(text) or not value else f"less than {10**-digits:g} %"


def about(value: float) -> str:
    """A count to three digits, as it is read: "6.72 million", "47,000", "98"."""
    return scaled(float(f"{value:.3g}"))


def between(first: float, last: float | None = None) -> str:
    """A count, or two from the smaller to the larger: "47,000 to 5.72 million", "6.72 to 6.99 million"."""
    if last is None or last != last or about(first) == about(last):
        return about(first)
    low, high = sorted((first, last))
    return scaled(0, float(f"{low:.3g}"), float(f"{high:.3g}"))[len("0 (") : -1]


def signed(value: float, digits: int = 2) -> str:
    """A number that may be below zero, with a minus sign: "−0.81"."""
    return f"{value:.{digits}f}".replace("-", "−")


def printed(figure) -> str:
    """What a row of `figures` states, as prose has it: "70 %", "over 100 people"."""
    return re.sub(r"\s*(%|percent)$", " %", re.sub(r"\bpersons$", "people", quantity(figure)))


def quoted(figure) -> str:
    """What a row of `figures` states, in quotation marks if the article prints it so: a shared scale word is spelled out."""
    as_printed = figure["end"] - figure["start"] == len(figure["stated"])
    return f"“{figure['stated']}”" if as_printed else figure["stated"]


def computed(check, figure) -> str:
    """What the primary data give, in the figure's unit: a number, or the two year ends of a bracket."""
    if said(check.get("places")) and ";" in check["places"]:
        return f"places {check['places'].replace(';', ', ')}"
    shown = {"percent": "{:.1f} %", "rank": "place {:.0f}"}.get(figure["unit"], "{:,.0f}")
    return " to ".join(map(shown.format, ends(check))) or "nothing"


def ends(check) -> list[float]:
    """What the primary data give for a figure: one number, the two year ends of a bracket, or none."""
    columns = ("computed", "computed_low", "computed_high")
    return [check[column] for column in columns if said(check[column])]


def said(text) -> bool:
    """Whether a cell says anything."""
    return text is not None and text == text and text != ""


def when(row) -> str:
    """The period or the day of a figure in words, marked where it is inferred."""
    start, end, basis = row["period_start"], row["period_end"], row["period_start_basis"]
    if said(start):
        told = years(start.year, end.year) if said(end) else f"since {start.year}"
    elif said(row["as_of_precision"]):
        told = days(row["as_of"], row["as_of_end"], row["as_of_precision"])
        basis = row["as_of_basis"]
        if row["as_of_precision"] == "period":  # some day of a window, never a time that lasts
            told = f"as of {told}"
    else:
        return "no date stated"
    return f"{told} (inferred)" if basis == "inferred" else told


# ---- articles and releases


def article(source_id: str) -> str:
    """An article as a reader names it: publisher in short and year, in brackets where it is inferred."""
    row = origin(source_id)
    year = row["released"].year
    return f"{publisher(source_id)} {f'[{year}]' if row['published_basis'] == 'inferred' else year}"


def release(origin_id: str) -> str:
    """A data release as a reader names it: "SIPRI, release of 3 January 2025"; in brackets where the time is inferred."""
    row = origin(origin_id)
    at = day(row["generated"]) if row["generated"] else ""
    if row["released"]:  # the release, not the day on which somebody had his copy made
        first, last = row["released"], row["released_end"] or row["released"]
        month = first.day == (last + datetime.timedelta(1)).day == 1 and first.month == last.month
        at = days(first, last, "month" if month else row["released_precision"])
        at = f"[{at}]" if row["published_basis"] == "inferred" else at
    name = terms("publisher").get(origin_id.partition("-")[0], row["publisher"])
    return f"{name}, release of {at}" if at else name


def publisher(origin_id: str) -> str:
    """Whose an article, a release or a document is, in short: "SIPRI", "Reuters"."""
    known = terms("publisher").items()
    short = next((name for begin, name in known if f"{origin_id}-".startswith(f"{begin}-")), None)
    return short or re.split(r",| \(", origin(origin_id)["publisher"])[0]


def release_of(origin_id: str) -> str:
    """A data release within a sentence: "SIPRI's release of 3 January 2025"."""
    publisher, _, of = release(origin_id).partition(", ")
    return f"{possessive(publisher)} {of}" if of else publisher


def is_release(origin_id: str) -> bool:
    """Whether an identifier is that of a data release."""
    return origin(origin_id)["kind"] == "dataset"


def origin(origin_id: str) -> dict:
    """The row of an article or a release in the table of origins."""
    try:
        return store.origins()[origin_id]
    except KeyError:
        raise DataError(f"there is no article and no release {origin_id!r}") from None


def cited(origin_id: str) -> str:
    """An article or a release as a line of a bibliography."""
    row = origin(origin_id)
    return origins.citation(row | {c: str(row[c] or "") for c in ("released", "generated")})


# ---- templates


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    @jinja2.pass_context
    def note(context: jinja2.runtime.Context, ids: str | Iterable[str]) -> str:
        return context["notes"](ids)

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        # what comes from a row is text and no markup; what a filter has made of it may be
        finalize=lambda value: md(value) if type(value) is str else value,
    )
    of_numbers = (about, cardinal, count, number, pct, rough, runs, signed, verb, volume, when)
    of_names = (article, capital, names, note, possessive, printed, quoted, the)
    environment.filters |= {own.__name__: own for own in (*of_numbers, *of_names)}
    environment.filters |= {
        "between": lambda pair: between(*pair),
        "listed": functools.partial(listed, most=3),
        "release": release_of,
        "years": lambda pair: years(*pair),
    }
    environment.tests["said"] = said
    return environment


def prose(template: str, values: Mapping[str, object] | None = None) -> str:
    """A Jinja template as Markdown: white space means nothing, ``¶`` parts paragraphs, an unknown name is an error.

    Without `values` it uses the variables of the cell, or the module, that calls it.

    Examples
    --------
    >>> prose("{{ n | count('figure') | capital }} {{ n | verb('is', 'are') }}   checked. ¶ {% if n > 5 %}Many.{% endif %}", {"n": 2})
    'Two figures are checked.'
    >>> prose("{{ codes | names }}", {"codes": "RUS;CHN;CUB;USA;IRN;SYR"})
    'Russia, China, Cuba and three others'
    """
    names = sys._getframe(1).f_globals if values is None else values
    text = _environment().from_string(template).render(names)
    paragraphs = (" ".join(part.split()) for part in text.split("¶"))
    tidy = (re.sub(r" +(<sup>|[,.;:](?=\s|$|<sup>))", r"\1", part) for part in paragraphs)
    bold = (re.sub(r"^\*\* +", "**", re.sub(r" +\*\*(?=[\s.,:(]|$)", "**", part)) for part in tidy)
    return "\n\n".join(part for part in bold if part)


def say(template: str, values: Mapping[str, object] | None = None) -> None:
    """Display a template as `prose` makes it, with the variables of the cell that calls it; nothing if it says nothing."""
    from IPython.display import Markdown, display

    if text := prose(template, sys._getframe(1).f_globals if values is None else values):
        display(Markdown(text))

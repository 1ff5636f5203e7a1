"""Sentences and evidence tables computed from rows: every number comes from a row and carries its mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rvdata import countries, schemas, store
from rvdata.text import md

if TYPE_CHECKING:
    import pandas as pd

_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PLURALS = {"country": "countries", "person": "people"}


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


def listed(items: Iterable[str], nothing: str = "none") -> str:
    """Names in a row: "A", "A and B", "A, B and C".

    Examples
    --------
    >>> listed(["Russia", "China", "Cuba"]), listed([])
    ('Russia, China and Cuba', 'none')
    """
    *head, last = list(items) or [nothing]
    return f"{', '.join(head)} and {last}" if head else last


def out_of(n: int, total: int, noun: str, singular: str = "", plural: str = "") -> str:
    """A part of a known number of things, in digits, with the verb that goes with it.

    Examples
    --------
    >>> [out_of(n, 3, "figure", "is derived", "are derived") for n in (0, 1)]
    ['0 of 3 figures are derived', '1 of 3 figures is derived']
    >>> out_of(1, 1, "figure", "has a date", "have a date"), out_of(2, 3, "figure")
    ('1 of 1 figure has a date', '2 of 3 figures')
    """
    things = noun if total == 1 else _PLURALS.get(noun, noun + "s")
    said = singular if n == 1 or total == 1 else plural
    return f"{n:,} of {total:,} {things} {said}".rstrip()


def verb(n: int, singular: str, plural: str) -> str:
    """The form of a verb that goes with `n` things; none takes the singular, as `count` does."""
    return singular if n in (0, 1) else plural


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def possessive(name: str) -> str:
    """The genitive of a name: "Russia's", "United States'"."""
    return name + ("'" if name.endswith("s") else "'s")


_ADJECTIVES = {
    "RUS": "Russian",
    "USA": "US",
    "VEN": "Venezuelan",
    "CUB": "Cuban",
    "CHN": "Chinese",
    "GBR": "British",
    "IRN": "Iranian",
    "SYR": "Syrian",
    "UKR": "Ukrainian",
    "SUN": "Soviet",
}


def adjective(code: str) -> str:
    """The adjective of a state where the project has one, else its genitive: "Russian", "Belarus'"."""
    return _ADJECTIVES.get(code) or possessive(countries.name(code))


def the(code: str) -> str:
    """A state as a subject, with its article where English wants one: "Russia", "the United States"."""
    name = countries.name(code)
    plural = name.startswith(
        ("United ", "European ", "Netherlands", "Philippines", "Latin American ", "Soviet ")
    )
    return f"the {name}" if plural else name


def states(codes: str | Iterable[str]) -> str:
    """Names of ;-joined country codes, in a row.

    Examples
    --------
    >>> states("RUS;CHN")
    'Russia and China'
    """
    codes = codes.split(";") if isinstance(codes, str) else codes
    return listed([countries.name(c) for c in codes if c], nothing="nobody named")


def mark(figure_ids: str | Iterable[str]) -> str:
    """The rows behind a statement, as a reader finds them in the evidence table.

    Examples
    --------
    >>> mark("rusi-2022-f05;rusi-2022-f06")
    '[rusi-2022-f05, rusi-2022-f06]'
    """
    ids = figure_ids.split(";") if isinstance(figure_ids, str) else figure_ids
    return f"[{', '.join(ids)}]"


# ---- numbers and dates


def number(value: float, digits: int = 6) -> str:
    """A number for prose: separators, and no decimals that are not there.

    Examples
    --------
    >>> number(4500000.0), number(69.5), number(70.0)
    ('4,500,000', '69.5', '70')
    """
    text = f"{value:,.{digits}g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return text if "e" not in text else f"{value:,.0f}"


def percent(value: float, least: float | None = None, most: float | None = None) -> str:
    """A share with the interval that it stands for, where there is one.

    Examples
    --------
    >>> percent(30, 29.5, 30.5), percent(70)
    ('30 % (29.5 to 30.5 %)', '70 %')
    """
    text = f"{number(value)} %"
    if least is None or most is None or least != least or most != most or least == most:
        return text
    return f"{text} ({number(least)} to {number(most)} %)"


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


def quantity(row) -> str:
    """What a row of `figures` states, normalised, with its unit: "over 100 persons", "$30 billion (about)".

    Parameters
    ----------
    row : mapping
        With value, low, high, stated_step, unit and qualifier.
    """
    cells = {
        k: None if row[k] != row[k] else row[k]
        for k in ("value", "low", "high", "stated_step", "unit")
    }
    unit = cells["unit"]
    if row.get("status") == "derived":  # interval arithmetic, no printed expression
        text = number(cells["value"])
        low, high = cells["low"], cells["high"]
        if low is None and high is None:
            text = f"about {text}"
        elif low is None:
            text += f" (up to {number(high)})"
        elif high is None:
            text = (
                f"at least {text}" if low == cells["value"] else f"{text} ({number(low)} or more)"
            )
        elif low != high:
            text += f" ({number(low)} to {number(high)})"
        return f"{text} {unit}"
    own = (
        unit
        if unit in (*schemas.CURRENCIES, "percent", "percentage_points", "factor", "rank")
        else None
    )
    if unit == "years" and row["qualifier"] == "vague":
        own = unit
    from figurefind import quantities  # compiling its patterns takes longer than all other imports

    printed = quantities.to_print(
        quantities.Quantity(
            cells["value"], cells["low"], cells["high"], own, row["qualifier"], cells["stated_step"]
        )
    )
    return (
        printed if own else f"{printed} of {unit}" if printed.endswith("s") else f"{printed} {unit}"
    )


def days(first, last, precision: str) -> str:
    """A date as exactly as it is known: "4 February 2019", "October 2025", "2000", "2014 to 2023", "before May 2018".

    Parameters
    ----------
    first, last : Timestamp or NaT
        Earliest and latest possible day.
    precision : str
        One of `schemas.PRECISIONS`.
    """

    def day(d) -> str:
        return f"{d.day} {_MONTHS[d.month - 1]} {d.year}"

    def month(d) -> str:
        return f"{_MONTHS[d.month - 1]} {d.year}"

    if precision == "before":
        return (
            f"by the end of {last.year}"
            if (last.month, last.day) == (12, 31)
            else f"by {day(last)}"
        )
    if precision == "ongoing":
        return f"under way on {day(first)}"
    if precision == "recent":
        return f"within the year to {day(last)}"
    if (
        precision == "after"
    ):  # a bound that is the first day of a year or month was printed no more exactly
        return (
            f"after {day(first)}"
            if first.day > 1
            else f"from {month(first) if first.month > 1 else first.year} on"
        )
    if precision == "day":
        return day(first)
    if precision == "month":
        return month(first)
    if precision == "year":
        return str(first.year)
    if precision == "part_of_month":
        return (
            f"{'early' if first.day == 1 else 'mid' if first.day == 11 else 'late'} {month(first)}"
        )
    if precision == "part_of_year":
        return f"{ {1: 'early', 5: 'mid', 9: 'late'}[first.month] } {first.year}"
    if precision == "part_of_decade":
        part = {0: "early", 3: "mid", 6: "late"}[first.year % 10]
        return f"the {part} {first.year // 10 * 10}s"
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    if whole_years:
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def window(row) -> str:
    """The period of a figure in words, or what is missing of it."""
    start, end = row["period_start"], row["period_end"]
    if start == start and end == end:
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    if start == start:
        return f"since {start.year}"
    return "no period stated"


# ---- evidence and limits


def evidence(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row per figure: what is printed, as which value, of what and when, who says it, where, how sure, the verdict.

    Parameters
    ----------
    figures : DataFrame
        Rows of the table `figures`.
    checks : DataFrame
        Table `figure_checks`; only its primary rows are used.

    Returns
    -------
    DataFrame
        Indexed by figure; columns stated, value, of what and when, who, where (code points), doubt, verdict; all text.
        The reasons for doubts are in `notes`.
    """
    import pandas as pd

    verdicts = checks[checks["is_primary"]].set_index("figure_id")
    rows = []
    for row in figures.to_dict("records"):
        derived = row["status"] == "derived"
        hedge = f" ({row['hedge']})" if row["hedge"] == row["hedge"] else ""
        rows.append(
            {
                "figure": row["figure_id"],
                "stated": "not printed" if derived else row["stated"] + hedge,
                "value": quantity(row),
                "of what, when": f"{row['measure']}, {when(row)}",
                "who": row["attributed_to"]
                if row["attributed_to"] == row["attributed_to"]
                else ("this project" if derived else "the article"),
                "where": "derived" if derived else f"{row['start']} to {row['end']}",
                "doubt": {"as_printed": "none", "derived": "inferred"}.get(
                    row["status"], row["status"]
                ),
                "verdict": verdict(verdicts.loc[row["figure_id"]].to_dict(), row),
            }
        )
    columns = ["figure", "stated", "value", "of what, when", "who", "where", "doubt", "verdict"]
    return pd.DataFrame(rows, columns=columns).set_index("figure")


def verdict(check, figure) -> str:
    """A primary row of `figure_checks` in a few words: verdict, what the data give, release, what was tried beside it."""
    if check["verdict"] == "no data":
        return "no data"
    found = check["verdict"] + (
        f" ({check['coarse_verdict']} if read more coarsely)"
        if _said(check["coarse_verdict"])
        else ""
    )
    return (
        f"{found}: {computed(check, figure)}, {check['vintage']} release {check['origin_id']}; explanations: "
        f"{check['matched']} of {check['tried']} match"
    )


def computed(check, figure) -> str:
    """What the primary data give, in the figure's unit: a number, or the two year ends of a bracket."""

    def shown(value: float) -> str:
        if figure["unit"] == "percent":
            return f"{value:.1f} %"
        return f"{value:,.0f}" if figure["unit"] != "rank" else f"place {value:.0f}"

    if check["computed"] == check["computed"]:
        return shown(check["computed"])
    if check["computed_low"] == check["computed_low"]:
        return f"{shown(check['computed_low'])} to {shown(check['computed_high'])}"
    return "nothing"


def _said(text) -> bool:
    return text is not None and text == text and text != ""


def when(row) -> str:
    """The period or the day of a figure in words, marked where it is inferred."""
    if row["period_start"] == row["period_start"]:
        return window(row) + (" (inferred)" if row["period_start_basis"] == "inferred" else "")
    if row["as_of_precision"] == row["as_of_precision"]:
        said = days(row["as_of"], row["as_of_end"], row["as_of_precision"])
        if row["as_of_precision"] == "period":  # some day of a window, never a time that lasts
            said = f"as of {said}"
        return said + (" (inferred)" if row["as_of_basis"] == "inferred" else "")
    return "no date stated"


def notes(rows: pd.DataFrame, key: str = "figure_id") -> str:
    """What is inferred or doubtful in rows, with the reasons, as a Markdown list; a sentence if there is nothing."""
    lines = []
    for row in rows.to_dict("records"):
        derivation = row.get("derivation")
        text = " ".join(
            capital(t).rstrip(".") + "."
            for t in (derivation, row["note"])
            if t is not None and t == t
        )
        if text:
            lines.append(f"- **{row[key]}**: {md(text)}")
    return "\n".join(lines) or "No inference and no doubt is recorded for these rows."


def limits(*tables: str) -> str:
    """The usage warnings of tables as a Markdown list, each once."""
    warnings = [w for table in tables for w in schemas.TABLES[table].warnings]
    return "\n".join(f"- {w}" for w in dict.fromkeys(warnings))


def loaded(**frames: pd.DataFrame) -> str:
    """Rows, years, articles and releases of loaded tables, a line each; for the load cell of a notebook."""
    lines = []
    for name, frame in frames.items():
        dates = [
            frame[c].dropna()
            for c in ("period_start", "period_end", "as_of", "as_of_end", "date", "date_end")
            if c in frame
        ]
        years = [int(y) for d in dates for y in d.dt.year] + [
            int(y) for c in ("year", "order_year") if c in frame for y in frame[c]
        ]
        sources = next(
            (sorted(set(frame[c]) - {"none"}) for c in ("source_id", "origin_id") if c in frame), []
        )
        lines.append(
            f"{name}: {count(len(frame), 'row')}"
            + (f", {' to '.join(map(str, sorted({min(years), max(years)})))}" if years else "")
            + (f", from {', '.join(sources)}" if sources else "")
        )
    return "\n".join(lines)


def source_line(sources: Iterable[str], attributed: Iterable[str] = ()) -> str:
    """The articles and releases behind a chart as its source line names them, inferred years in brackets, and whom they cite.

    Parameters
    ----------
    sources : iterable of str
        Identifiers of articles and data releases; repetitions count once. A release is named with its day.
    attributed : iterable of str
        To whom the articles attribute the figures; missing ones are passed over.
    """
    origins = store.load("origins").set_index("origin_id")
    names, releases = [], {}
    for source in sorted(set(sources)):
        row = origins.loc[source]
        inferred = row["published_basis"] == "inferred"
        if row["kind"] == "dataset":
            day = f"{release_day(row):%Y-%m-%d}"
            guessed = inferred and row["generated"] != row["generated"]
            releases.setdefault(row["publisher"], []).append(f"[{day}]" if guessed else day)
        else:
            names.append(
                f"{row['publisher']} {'[' if inferred else ''}{row['released'].year}{']' if inferred else ''}"
            )
    names += [
        f"own calculation from {publisher}, {'release' if len(days_) == 1 else 'releases'} of {listed(sorted(set(days_)))}"
        for publisher, days_ in releases.items()
    ]
    cited = sorted({a for a in attributed if a == a})
    citing = f", citing {listed(cited)}" if cited else ""
    return f"Source: {'; '.join(names) if names else 'no article'}{citing}; compiled by rvdata."


def release_day(origin) -> pd.Timestamp:
    """The day that a data release is known by: on which it was generated, or else released."""
    return origin["released"] if origin["generated"] != origin["generated"] else origin["generated"]


def show_sources(sources: Iterable[str]) -> None:
    """Tell the report that is made of this notebook which articles and releases it rests on, and of when the latest is."""
    from IPython.display import display

    origins = store.load("origins").set_index("origin_id")
    used = origins.loc[sorted(set(sources))]
    told = {"sources": [f"{i}: {row['publisher']}" for i, row in used.iterrows()]}
    if len(used):
        days = [
            row["released_end"] if row["kind"] == "article" else release_day(row)
            for _, row in used.iterrows()
        ]
        told["data_as_of"] = f"{max(days):%Y-%m-%d}"
    display(
        {
            "application/vnd.nbfleet.provenance+json": told,
            "text/plain": "; ".join(told["sources"]) or "no article",
        },
        raw=True,
    )


def show_table(frame: pd.DataFrame) -> None:
    """Display a table with its texts uncut."""
    from IPython.display import display

    table, text = _uncut(frame)
    display({"text/html": table, "text/plain": text}, raw=True)


def show_plotted(frame: pd.DataFrame, longest: int = 12) -> None:
    """Display the data behind a chart whole; a long table is folded, so that the chart is not far below its heading."""
    from IPython.display import display

    table, text = _uncut(frame)
    if len(frame) > longest:
        table = (
            f"<details><summary>The {len(frame)} rows behind the chart</summary>{table}</details>"
        )
    display({"text/html": table, "text/plain": text}, raw=True)


def _uncut(frame: pd.DataFrame) -> tuple[str, str]:
    """A table with its texts uncut, as HTML in which no cell is markup or a formula, and as text."""
    import pandas as pd

    with pd.option_context(
        "display.max_colwidth",
        None,
        "display.max_columns",
        None,
        "display.width",
        10_000,
        "display.max_rows",
        None,
    ):
        return _FORMULA.sub(_unformed, frame.to_html(escape=True)), frame.to_string()


#: The text of a cell that JupyterLab might take for a formula: a backslash, or two dollar signs.
_FORMULA = re.compile(r">[^<>]*(?:\\|\$[^<>$]*\$)[^<>]*<")


def _unformed(found: re.Match) -> str:
    """The same with these in elements of their own, beyond whose ends no formula goes."""
    return re.sub(r"[\\$]", r"<span>\g<0></span>", found[0])


def show(markdown: str) -> None:
    """Display a computed text as Markdown."""
    from IPython.display import Markdown, display

    display(Markdown(markdown))

"""Stated counts of people who fled against UNHCR's year ends: who counts, where the number lies, what it is called."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative, reconcile
from rvdata.charts import brackets as bracket_charts
from rvdata.charts import series as series_charts
from rvdata.essays import releases
from rvdata.narrative import capital, cardinal, count, listed, mark, scaled, verb
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MILLION = 1e6
#: How a definition is named on a chart; keys as in `reconcile.DEFINITIONS`.
WORDS = {
    "abroad": "refugees, asylum-seekers and others in need (checked)",
    "refugees": "refugees alone",
    "refugees and asylum-seekers": "refugees and asylum-seekers",
    "abroad and others of concern": "all of them and others of concern",
    "abroad and inside the country": "all of them and people displaced inside the country",
}
_SIDES = {"between": "around it", "below": "too small", "above": "too large"}


def whole(rows: pd.DataFrame) -> bool:
    """Whether a release has the column of other people in need, without which no count is one of people abroad."""
    return reconcile.has_category(rows)


def uncounted(plotted: pd.DataFrame) -> list[str]:
    """Codes of states that the lines have no value of."""
    known = set(plotted.loc[plotted["value"].notna(), "code"])
    return [code for code in dict.fromkeys(plotted["code"]) if code not in known]


def states_of(counts: pd.DataFrame, asked: list[str]) -> list[str]:
    """States whose counts are drawn: the origins stated, else those asked for, and those of a literal reading."""
    codes = list(counts["origin"]) or list(asked)
    return list(
        dict.fromkeys(
            [*codes, *(code for row in counts.to_dict("records") for code in literal(row))]
        )
    )


def literal(row: dict) -> list[str]:
    """States that a count stands under, though the people counted are taken to have fled another."""
    if row["origin_basis"] != "inferred" or row["responsible"] != row["responsible"]:
        return []
    return [code for code in str(row["responsible"]).split(";") if code and code != row["origin"]]


# ---- by year


def by_year(displaced: pd.DataFrame, codes: list[str], start: int, end: int) -> pd.DataFrame:
    """People displaced abroad from some states at the ends of years.

    Parameters
    ----------
    displaced : DataFrame
        Rows of one release of `displaced_persons`.
    codes : list of str
        States of origin.
    start, end : int
        First and last year; 0 for the last that the release has.

    Returns
    -------
    DataFrame
        Columns series (name of the state), code, year and value (million people); a year that the release has no row of is
        missing. A state without any row has one line with an empty value, so that the gap is seen.
    """
    counted = reconcile.people(displaced).rename("value") / _MILLION
    frame = counted.reset_index()
    frame = frame[(frame["year"] >= start) & (frame["year"] <= (end or 9999))]
    last = int(frame["year"].max()) if len(frame) else 0
    frame = frame[frame["origin"].isin(codes)]
    lost = [code for code in codes if last and code not in set(frame["origin"])]
    if lost:
        frame = pd.concat(
            [frame, pd.DataFrame({"origin": lost, "year": last, "value": math.nan})],
            ignore_index=True,
        )
    frame = frame.assign(
        code=frame["origin"],
        series=frame["origin"].map(lambda c: narrative.states([c])),
        order=frame["origin"].map(codes.index),
    )
    return frame.sort_values(["order", "year"])[["series", "code", "year", "value"]].reset_index(
        drop=True
    )


def wide(plotted: pd.DataFrame) -> pd.DataFrame:
    """The lines as a table of years by states, in million people; an empty cell is a year without a row."""
    table = plotted.pivot(index="year", columns="series", values="value").round(4)
    return (
        table[list(dict.fromkeys(plotted["series"]))]
        .rename_axis(index="end of", columns=None)
        .fillna("")
    )


def stated_marks(counts: pd.DataFrame) -> pd.DataFrame:
    """The stated counts as set against the lines: label, value, least, most (million), first and last (years)."""
    rows = []
    for row in counts.to_dict("records"):
        if pd.isna(row["as_of_end"]):
            continue
        last = series_charts.decimal_year(row["as_of_end"])
        first = series_charts.decimal_year(row["as_of"]) if pd.notna(row["as_of"]) else last
        under = f", listed under {narrative.states(literal(row))}" if literal(row) else ""
        rows.append(
            {
                "label": f"{_printed(row)} stated of {narrative.states([row['origin']])}{under}",
                "value": row["persons"] / _MILLION,
                "least": row["least"] / _MILLION,
                "most": row["most"] / _MILLION,
                "first": first,
                "last": last,
            }
        )
    return pd.DataFrame(rows, columns=["label", "value", "least", "most", "first", "last"])


def _printed(row: dict) -> str:
    return scaled(row["persons"]) if row["qualifier"] == "exact" else row["stated"]


def short(persons: float) -> str:
    """A count as precisely as a sentence needs it.

    Examples
    --------
    >>> short(6988619), short(146466), short(46988), short(12)
    ('6.99 million', '146,000', '47,000', '12')
    """
    if persons >= _MILLION:
        return f"{persons / _MILLION:.2f} million"
    return f"{float(f'{persons:.3g}') if persons >= 1000 else persons:,.0f}"


def draw_by_year(
    plotted: pd.DataFrame,
    counts: pd.DataFrame,
    origins: pd.DataFrame,
    release: str,
    complete: bool,
    whose: str = "",
) -> tuple[Figure, str]:
    """The lines with the stated counts against them, and the alternative text; `complete` is what `whole` says."""
    who = (
        "People displaced abroad"
        if complete
        else "Refugees and asylum-seekers, without others in need,"
    )
    title = f"{who} at the ends of years{'' if counts.empty else ', and the counts stated'}"
    marks = stated_marks(counts)
    source = releases.source_line(origins, [release], narrative.source_line(counts["source_id"]))
    if plotted["value"].isna().all():
        message = _nothing(release, whose)
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    lost = (
        f" No count of {narrative.states(uncounted(plotted))} in these years."
        if uncounted(plotted)
        else ""
    )
    fig = series_charts.lines(
        plotted,
        marks=marks,
        title=title,
        source=source,
        unit="million people",
        year_ends=True,
        subtitle=(
            "Lines: refugees, asylum-seekers and other people in need of international protection, in all "
            "countries of asylum."
            if complete
            else "The release has no column of other people in need of international protection: not comparable with "
            "the counts stated."
        )
        + lost
        + ("" if marks.empty else " Orange: as stated, at the last day at which it can hold."),
    )
    said = []
    for name, rows in plotted.dropna(subset=["value"]).groupby("series", sort=False):
        a, b = rows.iloc[0], rows.iloc[-1]
        top = rows.loc[rows["value"].idxmax()]
        said.append(
            f"{name}: {short(a['value'] * _MILLION)} at the end of {a['year']}, "
            f"{short(b['value'] * _MILLION)} at the end of {b['year']}, "
            f"most at the end of {top['year']} ({short(top['value'] * _MILLION)})"
        )
    drawn = f" Set against them: {'; '.join(marks['label'])}." if len(marks) else ""
    return (
        fig,
        f"Line chart of {count(len(said), 'state')}: {title[0].lower()}{title[1:]}. {'. '.join(said)}.{lost}{drawn}",
    )


def _nothing(release: str, whose: str) -> str:
    if not release:
        return (
            "No release in the collection counts people displaced abroad with other people in need of "
            "international protection. "
            "rvdata import unhcr adds one."
        )
    return f"Nothing to draw: no count is stated{whose}, or the release has none of these states and years."


# ---- around the stated number


def around(counts: pd.DataFrame, displaced: pd.DataFrame, release: str) -> pd.DataFrame:
    """Every definition's counts at the year ends around each stated count.

    Parameters
    ----------
    counts : DataFrame
        Rows of `refugee_counts` with least and most.
    displaced : DataFrame
        Table `displaced_persons`, all releases.
    release : str
        The release that the definitions are computed from.

    Returns
    -------
    DataFrame
        Columns figure_id, group (what is stated), row (definition), first_year, first, last_year, last (million; NaN
        where there are none that can be compared), value, least, most (stated, million), side (between, below, above,
        same, not comparable, no data; same is the count of the checked definition again), words and checked. Releases
        that lack the column of other people in need have a row each at the end of a group, without counts and with how
        many times too small they would make them.
    """
    held = dict(iter(displaced.groupby("origin_id", sort=True)))
    own = held.get(release, displaced.head(0))
    bare = [
        origin
        for origin, rows in held.items()
        if origin != release and whole(own) and not whole(rows)
    ]
    found = []
    for row in counts.to_dict("records"):
        if pd.isna(row["as_of_end"]):
            continue
        ends = reconcile.year_ends(row)
        shared = {
            "figure_id": row["figure_id"],
            "first_year": ends[0],
            "last_year": ends[-1],
            "value": row["persons"] / _MILLION,
            "least": row["least"] / _MILLION,
            "most": row["most"] / _MILLION,
            "group": f"{narrative.states([row['origin']])}: {_printed(row)} stated; {_ends_in_words(ends)}",
        }
        main = None if not whole(own) else at_ends(own, row["origin"], ends)
        for definition, columns in reconcile.DEFINITIONS.items():
            lacking = [c for c in columns if not reconcile.has_category(own, c)]
            values = None if lacking else at_ends(own, row["origin"], ends, definition)
            if lacking:
                side, words = "not comparable", "not comparable: the release has no such column"
            elif values is None:
                side, words = (
                    "no data",
                    "no data for both year ends" if len(ends) > 1 else "no data for the year end",
                )
            else:
                side = _side(values, row)
                same = definition != "abroad" and values == main
                side, words = (
                    ("same", "the same count")
                    if same
                    else (side, f"{_span(values)}: {_SIDES[side]}")
                )
            first, last = (
                (math.nan, math.nan)
                if values is None
                else (values[0] / _MILLION, values[-1] / _MILLION)
            )
            found.append(
                shared
                | {
                    "row": WORDS.get(definition, definition),
                    "first": first,
                    "last": last if len(ends) > 1 else math.nan,
                    "side": side,
                    "words": words,
                    "checked": definition == "abroad",
                }
            )
        for origin in bare:
            factor = times_too_small(own, held[origin], row["origin"], ends)
            words = "not comparable" + (f": {_factor(factor)}" if factor else "")
            found.append(
                shared
                | {
                    "row": f"release {origin}, which lacks the others in need",
                    "first": math.nan,
                    "last": math.nan,
                    "side": "not comparable",
                    "words": words,
                    "checked": False,
                }
            )
    columns = [
        "figure_id",
        "group",
        "row",
        "first_year",
        "first",
        "last_year",
        "last",
        "value",
        "least",
        "most",
        "side",
        "words",
        "checked",
    ]
    return pd.DataFrame(found, columns=columns)


def _span(values: list[float]) -> str:
    """Counts in order, with a shared unit said once.

    Examples
    --------
    >>> _span([6988619, 6716352]), _span([46988, 5718814]), _span([5e6])
    ('6.99 to 6.72 million', '47,000 to 5.72 million', '5.00 million')
    """
    said = list(dict.fromkeys(short(v) for v in values))
    if len(said) > 1 and all(s.endswith(" million") for s in said):
        said[0] = said[0].removesuffix(" million")
    return " to ".join(said)


def _ends_in_words(ends: tuple[int, ...]) -> str:
    return f"circle: end of {ends[0]}" + (f", square: end of {ends[-1]}" if len(ends) > 1 else "")


def at_ends(
    rows: pd.DataFrame, origin: str, ends: tuple[int, ...], definition: str = "abroad"
) -> list[float] | None:
    """Counts of one state at year ends, in persons; None where one of them is missing."""
    counted = reconcile.people(rows[rows["origin"] == origin], definition)
    there = all((origin, year) in counted.index for year in ends)
    return [float(counted[origin, year]) for year in ends] if there else None


def _side(values: list[float], row: dict) -> str:
    """Whether counts lie around what is stated, below or above it; a hedge such as "nearly" opens no side."""
    least, most = (row[k] if row[k] == row[k] else None for k in ("least", "most"))
    if row["qualifier"] not in ("over", "at_least", "at_most", "vague"):
        least, most = (row["persons"] if bound is None else bound for bound in (least, most))
    if least is not None and max(values) < least:
        return "below"
    return "above" if most is not None and min(values) > most else "between"


def times_too_small(
    full: pd.DataFrame, bare: pd.DataFrame, origin: str, ends: tuple[int, ...]
) -> list[float]:
    """How many times too small a release without a column makes the counts at the year ends that both have."""
    a = reconcile.people(full[full["origin"] == origin])
    b = reconcile.people(bare[bare["origin"] == origin])
    both = [
        (origin, y)
        for y in ends
        if (origin, y) in a.index and (origin, y) in b.index and b[origin, y]
    ]
    return [float(a[place] / b[place]) for place in both]


def _factor(factors: list[float]) -> str:
    low, high = (f"{f:.1f}" for f in (min(factors), max(factors)))
    if high == "1.0":
        return "though none are missing for this state"
    return f"{low if low == high else f'{low} to {high}'} times too small"


def in_words(plotted: pd.DataFrame) -> pd.DataFrame:
    """The rows of dots as a table of words, in million people."""
    table = plotted.assign(
        **{
            "stated": plotted["group"].str.split(";").str[0],
            "counts at the year ends": plotted["words"],
        }
    )
    table = table.rename(columns={"row": "definition", "first": "earlier", "last": "later"})
    columns = [
        "stated",
        "definition",
        "first_year",
        "earlier",
        "last_year",
        "later",
        "counts at the year ends",
    ]
    return table.set_index("figure_id")[columns].round(4)


def draw_around(
    plotted: pd.DataFrame,
    counts: pd.DataFrame,
    origins: pd.DataFrame,
    release: str,
    whose: str = "",
) -> tuple[Figure, str]:
    """A row of dots per definition around each stated count, and the alternative text."""
    title = "Who is counted, and where the stated number lies"
    source = releases.source_line(origins, [release], narrative.source_line(counts["source_id"]))
    if plotted.empty or plotted[["first", "last"]].isna().all(axis=None):
        title, message = (
            "Counts by definition at the year ends around a stated number",
            _nothing(release, whose),
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    top = plotted[["first", "last", "value", "least", "most"]].max(axis=None)
    fig = bracket_charts.brackets(
        plotted,
        title=title,
        source=source,
        unit="million people",
        limit=1.06 * top,
        subtitle="Each row is one definition at the year ends around the stated number, which is the orange line. "
        "Nothing is interpolated between them.",
    )
    said = [
        f"{group}. " + "; ".join(f"{r['row']}: {r['words']}" for r in rows.to_dict("records"))
        for group, rows in plotted.groupby("group", sort=False)
    ]
    return fig, f"Dot rows of {count(len(said), 'stated count')} by definition. {'. '.join(said)}."


# ---- the rank


def places(
    ranks: pd.DataFrame, displaced: pd.DataFrame, release: str, longest: int = 8
) -> pd.DataFrame:
    """Peaks of all origins in the window of each stated rank, the largest ones and those that the figure names.

    Parameters
    ----------
    ranks : DataFrame
        Rows of `figures` that rank refugee crises.
    displaced : DataFrame
        Table `displaced_persons`.
    release : str
        The release that the peaks are computed from.
    longest : int
        How many places are shown for a figure; a named origin further down is shown as well.

    Returns
    -------
    DataFrame
        Columns figure_id, group, rank, code, label, persons, year, value (million), words and strong (named by the
        figure).
    """
    own = displaced[displaced["origin_id"] == release]
    found = []
    for row in ranks.to_dict("records"):
        if pd.isna(row["period_start"]) or pd.isna(row["as_of_end"]) or not whole(own):
            continue
        start, end, named = (
            row["period_start"].year,
            row["as_of_end"].year,
            row["subject"].split(";"),
        )
        table = reconcile.peaks(own, start, end)
        for peak in table[(table["rank"] <= longest) | table["origin"].isin(named)].to_dict(
            "records"
        ):
            name = narrative.states([peak["origin"]])
            found.append(
                {
                    "figure_id": row["figure_id"],
                    "group": f"“{row['stated']}”: year ends {start} to {end}",
                    "rank": peak["rank"],
                    "code": peak["origin"],
                    "label": f"{peak['rank']}  {name}",
                    "persons": peak["persons"],
                    "year": peak["year"],
                    "value": peak["persons"] / _MILLION,
                    "words": f"{short(peak['persons'])}, end of {peak['year']}",
                    "strong": peak["origin"] in named,
                }
            )
    return pd.DataFrame(
        found,
        columns=[
            "figure_id",
            "group",
            "rank",
            "code",
            "label",
            "persons",
            "year",
            "value",
            "words",
            "strong",
        ],
    )


def by_rank(plotted: pd.DataFrame) -> pd.DataFrame:
    """The places as a short table: state, persons, the year of the peak and whether the figure names it, by rank."""
    table = plotted.assign(
        state=plotted["code"].map(lambda c: narrative.states([c])),
        named=plotted["strong"],
        persons=plotted["persons"].astype("int64"),
    )
    return table.set_index("figure_id")[["rank", "state", "persons", "year", "named"]]


def draw_places(
    plotted: pd.DataFrame, ranks: pd.DataFrame, origins: pd.DataFrame, release: str, whose: str = ""
) -> tuple[Figure, str]:
    """Peaks of all origins, those that the rank names in strong colour, and the alternative text."""
    title = "The largest refugee crises by their highest year-end count"
    source = releases.source_line(origins, [release])
    if plotted.empty:
        message = (
            f"No rank among refugee crises is stated in this selection{whose}."
            if ranks.empty
            else "The rank cannot be held against data: no release is shown that has all origins and the others in "
            "need, or the rank "
            "has no window."
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    drawn = plotted if plotted["group"].nunique() > 1 else plotted.drop(columns="group")
    window = plotted["group"].iloc[0].split(": ")[-1]
    scope = " All origins." if plotted["group"].nunique() > 1 else f" All origins, {window}."
    fig = bracket_charts.ranked(
        drawn,
        title=title,
        source=source,
        unit="million people displaced abroad",
        subtitle=f"Dark: the crises that the article ranks as largest.{scope}",
    )
    said = "; ".join(
        f"{r['label']} {r['words']}{' (named)' if r['strong'] else ''}"
        for r in plotted.to_dict("records")
    )
    return fig, f"Bar chart of peaks over all origins. {said}."


# ---- what is said


def tell(
    counts: pd.DataFrame,
    ranks: pd.DataFrame,
    checks: pd.DataFrame,
    displaced: pd.DataFrame,
    origins: pd.DataFrame,
    lines: pd.DataFrame,
    plotted: pd.DataFrame,
    shown: str,
    whose: str = "",
) -> str:
    """What UNHCR's year ends say of the stated counts, verdicts first.

    Parameters
    ----------
    counts : DataFrame
        Rows of `refugee_counts` with least and most.
    ranks : DataFrame
        Rows of `figures` that rank the same crises.
    checks, displaced, origins : DataFrame
        Tables `figure_checks`, `displaced_persons` and `origins`.
    lines, plotted : DataFrame
        As `by_year` and `around` give them.
    shown : str
        The release that is drawn.
    whose : str
        What was asked for.

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    if counts.empty:
        return (
            f"**Nothing to check:** no count is stated{whose}.{_unstated(lines, displaced, shown)}"
        )
    primary = checks[checks["is_primary"]].set_index("figure_id")
    rows = [
        row
        for row in counts.sort_values(["persons", "figure_id"], ascending=[False, True]).to_dict(
            "records"
        )
        if row["figure_id"] in primary.index
    ]
    verdicts = Counter(primary.loc[row["figure_id"], "verdict"] for row in rows)
    head = [f"{cardinal(n)} {_verdict_words(v, n)}" for v, n in verdicts.most_common()]
    first = (
        f"Of {count(len(rows), 'count')} held against UNHCR's year ends, {listed(head)}"
        if len(rows) > 1
        else f"Held against UNHCR's year ends, the count {_verdict_words(next(iter(verdicts)), 1)}"
    )
    paragraphs = [
        f"**{first}.** "
        + " ".join(_placed(row, primary.loc[row["figure_id"]], displaced) for row in rows)
    ]
    paragraphs[0] += _vintage(primary.loc[[row["figure_id"] for row in rows]], origins, shown)
    paragraphs += [_reading(row, primary.loc[row["figure_id"]], displaced) for row in rows]
    paragraphs += [
        _definitions(plotted, rows),
        _ranks(ranks, primary, displaced),
        _explained(rows, primary),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _unstated(lines: pd.DataFrame, displaced: pd.DataFrame, shown: str) -> str:
    """What the lines show where no article states a count."""
    if lines["value"].isna().all():
        return ""
    last = [
        rows.iloc[-1] for _, rows in lines.dropna(subset=["value"]).groupby("series", sort=False)
    ]
    said = listed(
        f"{short(row['value'] * _MILLION)} from {narrative.the(row['code'])} at the end of {row['year']}"
        for row in last
    )
    who = (
        ""
        if whole(displaced[displaced["origin_id"] == shown])
        else ", without other people in need of protection"
    )
    lost = (
        f" Of {narrative.states(uncounted(lines))} the release has no count."
        if uncounted(lines)
        else ""
    )
    return f" UNHCR counts {said} (release {shown}{who}), beside which no article is set.{lost}"


def _verdict_words(verdict: str, n: int) -> str:
    verbs = {
        "matches": ("matches", "match"),
        "close": ("is close", "are close"),
        "differs": ("differs", "differ"),
        "between year ends": (
            "lies between the counts of two year ends",
            "lie between the counts of two year ends",
        ),
        "traced": ("is traced to its source", "are traced to their source"),
        "follows": ("follows from others", "follow from others"),
        "undecided": ("stays undecided", "stay undecided"),
        "not comparable": ("cannot be compared", "cannot be compared"),
        "no data": ("finds no data", "find no data"),
    }
    return verb(n, *verbs[verdict])


def _placed(row: dict, check: pd.Series, displaced: pd.DataFrame) -> str:
    """Where a stated count lies, by its primary check."""
    name, said, id_ = (
        narrative.possessive(narrative.the(row["origin"])),
        md(_printed(row)),
        mark(row["figure_id"]),
    )
    own = displaced[displaced["origin_id"] == check["origin_id"]]
    if check["verdict"] in ("no data", "not comparable") or own.empty:
        return f"{capital(name)} {said}: {check['verdict']} ({md(check['reason'])}) {id_}."
    ends = reconcile.year_ends(row)
    held = [y for y in ends if y in set(own["year"])]
    values = at_ends(own, row["origin"], tuple(held)) or []
    pairs = listed(f"{short(v)} (end of {y})" for v, y in zip(values, held, strict=False))
    if len(held) == 1 or check["verdict"] == "matches":
        return f"{capital(name)} {said} {_verdict_words(check['verdict'], 1)}: {pairs} {id_}."
    if check["verdict"] in ("between year ends", "undecided"):
        width = max(values) / max(min(values), 1.0)
        loose = ", so far apart that almost any number would fit" if width >= 10 else ""
        return f"{capital(name)} {said} lies between {pairs}{loose} {id_}."
    where = "below" if check["difference"] > 0 else "above"  # computed less stated
    return (
        f"{capital(name)} {said} lies {where} both year ends, {pairs}, by {short(abs(check['difference']))} "
        f"or more ({check['verdict']}) {id_}."
    )


def _vintage(primary: pd.DataFrame, origins: pd.DataFrame, shown: str) -> str:
    told = origins.set_index("origin_id")
    said = ""
    for (origin, age), _rows in primary[primary["origin_id"] != "none"].groupby(
        ["origin_id", "vintage"], sort=True
    ):
        said += f" The release, {origin} of {releases.day(told.loc[origin])}, is "
        said += (
            "contemporary with the article."
            if age == "contemporary"
            else f"{age} than the article; none of its time is at hand."
        )
        if shown and shown != origin:
            said += f" The charts show release {shown}."
    if primary["verdict"].isin(["between year ends"]).any():
        said += " Lying between two year ends is no match: nothing is interpolated."
    return said


def _reading(row: dict, check: pd.Series, displaced: pd.DataFrame) -> str:
    """Whether a count fits other people than its wording suggests."""
    if check["origin_id"] == "none":
        return ""
    ends, own = reconcile.year_ends(row), displaced[displaced["origin_id"] == check["origin_id"]]
    sentences = []
    for code in literal(row):
        values = at_ends(own, code, ends)
        if values is None:
            continue
        unfit = _side(values, row) != "between"
        numbers = listed(dict.fromkeys(short(v) for v in values))
        if unfit and check["verdict"] != "differs":
            sentences.append(
                f"**{md(_printed(row))} stand under {narrative.the(code)} and count other people than that suggests.** "
                f"People who fled {narrative.the(row['origin'])} fit; people who fled {narrative.the(code)} were "
                f"{numbers} at the same year ends, which does not {mark(row['figure_id'])}."
            )
        else:
            sentences.append(
                f"Read literally, as people who fled {narrative.the(code)}, {md(_printed(row))} would stand "
                f"against {numbers} at the same year ends{', which does not fit either' if unfit else ''} "
                f"{mark(row['figure_id'])}."
            )
    return " ".join(sentences)


def _definitions(plotted: pd.DataFrame, rows: list[dict]) -> str:
    """What a definition leaves out, and what a release without a column would do."""
    text = []
    for row in rows:
        own = plotted[plotted["figure_id"] == row["figure_id"]]
        main = own[own["checked"] & own["first"].notna()]
        alone = own[(own["row"] == WORDS["refugees"]) & own["first"].notna()]
        if main.empty:
            continue
        others = own[~own["checked"] & own["side"].isin(["between", "below", "above"])]
        fits = others[others["side"] == "between"]["row"].tolist()
        times = min(
            (
                main[c].iloc[0] / alone[c].iloc[0]
                for c in ("first", "last")
                if len(alone) and main[c].notna().all() and alone[c].iloc[0] > 0
            ),
            default=1.0,
        )
        less = f", and refugees alone are {times:,.0f} times fewer" if times >= 1.5 else ""
        text.append(
            f"{narrative.states([row['origin']])}: "
            f"{_whichever(fits, len(others), main['side'].iloc[0] == 'between')}{less} "
            f"{mark(row['figure_id'])}."
        )
    if text:
        text.insert(0, "Who is counted matters.")
    bare = plotted[plotted["words"].str.contains("times too small", regex=False)]
    for release, group in bare.groupby("row", sort=True):
        name = release.split(",")[0]
        said = listed(
            f"{narrative.possessive(r['group'].split(':')[0])} count {r['words'].split(': ')[1]}"
            for r in group.to_dict("records")
        )
        text.append(
            f"{capital(name)} has no column of others in need and would make {said}: it is not comparable."
        )
    return " ".join(text)


def _whichever(fitting: list[str], others: int, checked: bool) -> str:
    too = " too" if checked else ""
    if not others:
        return "no other definition gives another count"
    if not fitting:
        return "no other count lies around the stated number"
    if len(fitting) == 1:
        return f"{'only' if others > 1 else 'also'} the count of {fitting[0]} lies around the stated number{too}"
    many = "all" if len(fitting) == others else cardinal(len(fitting))
    return f"{many} other definitions lie around the stated number{too}"


def _explained(rows: list[dict], primary: pd.DataFrame) -> str:
    """How many other readings were tried, and how many of them match."""
    tried = [(row, primary.loc[row["figure_id"]]) for row in rows]
    said = [
        f"{check['matched']} of {check['tried']} for {narrative.the(row['origin'])}"
        for row, check in tried
        if check["tried"]
    ]
    if not said:
        return ""
    return (
        f"Other definitions, dates and releases that were tried and match the printed number: {listed(said)}. "
        "Found by searching, such a match proves nothing."
    )


def explanations(checks: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Per checked figure how many explanations were tried, how many match or are close, and which match.

    Parameters
    ----------
    checks : DataFrame
        Table `figure_checks`.
    figures : DataFrame
        Rows of `figures`.

    Returns
    -------
    DataFrame
        Indexed by figure: verdict, tried, matched, close, those that match, all text; figures that nothing can check are left out.
    """
    own = checks[checks["figure_id"].isin(set(figures["figure_id"]))]
    found = []
    for figure, rows in own.groupby("figure_id", sort=True):
        main = rows[rows["is_primary"]].iloc[0]
        if main["origin_id"] == "none":
            continue
        others = rows[~rows["is_primary"]]
        which = [
            f"{r['method'].split(': ', 1)[-1]} ({r['origin_id']})"
            for r in others[others["verdict"] == "matches"].to_dict("records")
        ]
        found.append(
            {
                "figure": figure,
                "verdict": main["verdict"],
                "tried": str(main["tried"]),
                "matched": str(main["matched"]),
                "close": str(int((others["verdict"] == "close").sum())),
                "those that match": "; ".join(which) or "none",
            }
        )
    columns = ["figure", "verdict", "tried", "matched", "close", "those that match"]
    return pd.DataFrame(found, columns=columns).set_index("figure")


def _ranks(ranks: pd.DataFrame, primary: pd.DataFrame, displaced: pd.DataFrame) -> str:
    sentences = []
    for row in ranks.to_dict("records"):
        if row["figure_id"] not in primary.index:
            continue
        check = primary.loc[row["figure_id"]]
        if check["origin_id"] == "none":
            sentences.append(
                f"The rank “{md(row['stated'])}”: {check['verdict']} ({md(check['reason'])}) "
                f"{mark(row['figure_id'])}."
            )
            continue
        named, start, end = (
            row["subject"].split(";"),
            row["period_start"].year,
            row["as_of_end"].year,
        )
        table = reconcile.peaks(displaced[displaced["origin_id"] == check["origin_id"]], start, end)
        ours = table[table["origin"].isin(named)]
        said = listed(
            f"{narrative.the(r['origin'])} {'comes ' if i == 0 else ''}{_ordinal(r['rank'])}"
            for i, r in enumerate(ours.to_dict("records"))
        )
        last = ours["rank"].max() if len(ours) else 0
        before = table[~table["origin"].isin(named) & (table["rank"] < last)]
        ahead = (
            listed(
                f"{narrative.the(r['origin'])} ({short(r['persons'])}, end of {r['year']})"
                for r in before.to_dict("records")
            )
            if len(before)
            else ""
        )
        absent = [c for c in named if c not in set(ours["origin"])]
        sentences.append(
            f"**The rank “{md(row['stated'])}” {_verdict_words(check['verdict'], 1)}:** among all origins, by the highest "
            f"year end of {start} to {end}, "
            f"{said}"
            + (
                f"; {ahead} {verb(len(before), 'comes', 'come')} before the last of them"
                if ahead
                else ""
            )
            + (f"; of {narrative.states(absent)} there is no count" if absent else "")
            + f" {mark(row['figure_id'])}."
        )
    return " ".join(sentences)


def _ordinal(n: int) -> str:
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    if n in words:
        return words[n]
    tail = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{tail}"

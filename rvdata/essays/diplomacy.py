"""How often two states vote alike in the UN General Assembly, against all pairs; who recognises whom, and who argues what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative, schemas
from rvdata.charts import series
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ISSUES = {
    "all": "all roll calls",
    "middle_east": "the Middle East",
    "nuclear": "nuclear arms",
    "disarmament": "arms control",
    "human_rights": "human rights",
    "colonialism": "colonialism",
    "development": "economic development",
}
QUANTILES = ("p05_pct", "p25_pct", "p50_pct", "p75_pct", "p95_pct")
#: Codes of arguments that voting is often brought up for.
CODES = {
    "multipolarity": "another order of the world",
    "anti_us": "standing against the United States",
}


# ---- which rows


def release(frame: pd.DataFrame, origins: pd.DataFrame, wanted: str = "") -> str:
    """The data release to use: the one that is wanted, or else the newest that the table has; empty if it has none.

    Parameters
    ----------
    frame : DataFrame
        Table with the column origin_id.
    origins : DataFrame
        Table `origins`.
    wanted : str
        Identifier; not in the table counts as none.
    """
    held = set(frame["origin_id"])
    if wanted:
        return wanted if wanted in held else ""
    rows = origins[origins["origin_id"].isin(held)]
    return (
        ""
        if rows.empty
        else max((narrative.release_day(r), r["origin_id"]) for _, r in rows.iterrows())[1]
    )


def pair(
    agreement: pd.DataFrame, a: str, b: str, start: int, end: int, issue: str | None = None
) -> pd.DataFrame:
    """Rows of `un_vote_agreement` of two states, in either order, over a window of years, of one issue or of all."""
    first, second = sorted((a, b))
    keep = (
        (agreement["country_a"] == first)
        & (agreement["country_b"] == second)
        & agreement["year"].between(start, end)
    )
    if issue is not None:
        keep &= agreement["issue"] == issue
    return agreement[keep].sort_values(["issue", "year"]).reset_index(drop=True)


def together(rows: pd.DataFrame) -> float:
    """Share of roll calls in which a pair voted alike, over all rows together: every roll call counts once.

    Examples
    --------
    >>> together(pd.DataFrame({"votes": [10, 30], "agree_share_pct": [100.0, 60.0]}))
    70.0
    """
    votes = rows["votes"].astype("float64")
    return (
        float((votes * rows["agree_share_pct"]).sum() / votes.sum())
        if votes.sum()
        else float("nan")
    )


def yearly(rows: pd.DataFrame, column: str) -> float:
    """Average of a yearly figure, weighted by the pair's votes, of the years that have it.

    It is no figure of all the years together: the middle pair of all years, or the pair's rank among all pairs over all
    years, would need the votes of every pair.

    Examples
    --------
    >>> yearly(pd.DataFrame({"votes": [10, 30, 9], "pairs_below_pct": [80.0, 20.0, None]}), "pairs_below_pct")
    35.0
    """
    known = rows[rows[column].notna()]
    votes = known["votes"].astype("float64")
    return float((votes * known[column]).sum() / votes.sum()) if votes.sum() else float("nan")


def standing(rows: pd.DataFrame) -> str:
    """Where the pair stands among the pairs of a year, on average if the years are several; empty if that is not known."""
    years = int(rows["pairs_below_pct"].notna().sum())
    if not years:
        return ""
    below = yearly(rows, "pairs_below_pct")
    side = f"above {_part(below)}" if round(below) else f"below {_part(100 - below)}"
    return f"{side} of pairs" if years == 1 else f"on average {side} of a year's pairs"


def _part(percent: float) -> str:
    """A share of pairs in whole per cent; some are not none, and not all."""
    whole = f"{percent:.0f}"
    return f"{ {'0': 'less than 1', '100': 'more than 99'}.get(whole, whole) } %"


# ---- what is drawn


def plotted_years(
    agreement: pd.DataFrame, spread: pd.DataFrame, a: str, b: str, third: str, start: int, end: int
) -> pd.DataFrame:
    """One row per year: agreement of the pair and of each with the third state, and the spread over all pairs.

    Returns
    -------
    DataFrame
        year, roll_calls, votes (of the pair), pair, a_third, b_third, p05_pct … p95_pct (percent), pairs_below_pct; years
        without a row of the spread are left out, a missing share is NaN. Empty without a row of the pair.
    """
    columns = [
        "year",
        "roll_calls",
        "votes",
        "pair",
        "a_third",
        "b_third",
        *QUANTILES,
        "pairs_below_pct",
    ]
    ours = pair(agreement, a, b, start, end, "all").set_index("year")
    if ours.empty:
        return pd.DataFrame(columns=columns)
    frame = (
        spread[(spread["issue"] == "all") & spread["year"].between(start, end)]
        .sort_values("year")
        .set_index("year")
    )
    others = {
        name: pair(agreement, x, third, start, end, "all").set_index("year")["agree_share_pct"]
        for name, x in (("a_third", a), ("b_third", b))
        if x != third
    }
    frame = frame.assign(
        pair=ours["agree_share_pct"],
        votes=ours["votes"],
        pairs_below_pct=ours["pairs_below_pct"],
        **{name: others.get(name, float("nan")) for name in ("a_third", "b_third")},
    )
    return frame.reset_index()[columns]


def plotted_issues(
    agreement: pd.DataFrame, spread: pd.DataFrame, a: str, b: str, start: int, end: int
) -> pd.DataFrame:
    """One row per issue over a window: the pair's share beside what nine in ten of all pairs lie between.

    Returns
    -------
    DataFrame
        label, printed, value (percent), least, most (yearly 5 % and 95 % quantiles of all pairs, weighted by the pair's votes),
        votes, place (average of the yearly share of pairs below, weighted by votes), below (what the label adds) and inferred
        (always False); the issues in a fixed order, those without roll calls left out.
    """
    rows = []
    for issue, name in ISSUES.items():
        ours = pair(agreement, a, b, start, end, issue)
        if ours.empty:
            continue
        ends = ours.merge(
            spread[spread["issue"] == issue], on="year", how="left", suffixes=("", "_spread")
        )
        where = standing(ours)
        rows.append(
            {
                "label": narrative.capital(name),
                "below": narrative.count(int(ours["votes"].sum()), "vote"),
                "printed": f"{together(ours):.0f} %{', ' if where else ''}{where}",
                "value": together(ours),
                "least": yearly(ends, "p05_pct"),
                "most": yearly(ends, "p95_pct"),
                "votes": int(ours["votes"].sum()),
                "place": yearly(ours, "pairs_below_pct"),
                "inferred": False,
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "label",
            "below",
            "printed",
            "value",
            "least",
            "most",
            "votes",
            "place",
            "inferred",
        ],
    )


def plotted_points(
    points: pd.DataFrame, states: tuple[str, ...], start: int, end: int
) -> pd.DataFrame:
    """Ideal points by year, one column per state that has any; years in which none has one are left out."""
    rows = points[points["country"].isin(states) & points["year"].between(start, end)]
    wide = rows.pivot(index="year", columns="country", values="ideal_point")
    return (
        wide[[s for s in dict.fromkeys(states) if s in wide.columns]]
        .rename_axis(columns=None)
        .reset_index()
    )


def plotted_recognition(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per stated count of states that do or do not recognise a government, as the chart draws it."""
    rows = []
    for row in figures.to_dict("records"):
        derived = row["status"] == "derived"
        rows.append(
            {
                "figure_id": row["figure_id"],
                "label": narrative.capital(row["measure"]),
                "below": f"{row['source_id']}, {narrative.when(row)}",
                "printed": (str(int(row["value"])) + ", inferred" if derived else row["stated"])
                + (", doubted" if row["status"] == "doubted" else ""),
                "value": row["value"] if row["qualifier"] == "exact" else float("nan"),
                "least": row["low"],
                "most": row["high"],
                "inferred": derived,
            }
        )
    return pd.DataFrame(
        rows,
        columns=["figure_id", "label", "below", "printed", "value", "least", "most", "inferred"],
    )


def argued(arguments: pd.DataFrame, a: str, b: str, sources: list[str]) -> pd.DataFrame:
    """Rows of `arguments` on another order of the world or against the United States that are argued of either state."""
    keep = arguments["code"].isin(CODES) & arguments["actor"].str.split(";").map(
        lambda actors: bool({a, b} & set(actors))
    )
    if sources:
        keep &= arguments["source_id"].isin(sources)
    return arguments[keep].sort_values("argument_id").reset_index(drop=True)


def recognised(
    rows: pd.DataFrame, a: str, b: str, sources: list[str], actors: tuple[str, ...]
) -> pd.DataFrame:
    """Rows on recognition (of `figures` by family, of `events` by category) in whose columns `actors` either state stands."""
    kind = rows["family" if "family" in rows else "category"] == "recognition"
    named = pd.concat(
        [
            rows[c].fillna("").str.split(";").map(lambda codes: bool({a, b} & set(codes)))
            for c in actors
        ],
        axis=1,
    )
    keep = kind & named.any(axis=1)
    if sources:
        keep &= rows["source_id"].isin(sources)
    return rows[keep].reset_index(drop=True)


# ---- what is said


def _both(a: str, b: str) -> str:
    return narrative.listed([narrative.the(a), narrative.the(b)])


def tell_votes(
    agreement: pd.DataFrame,
    plotted: pd.DataFrame,
    issues: pd.DataFrame,
    a: str,
    b: str,
    third: str,
    start: int,
    end: int,
    origin: str,
) -> str:
    """How often the pair voted alike, and what that is worth, in sentences.

    Parameters
    ----------
    agreement : DataFrame
        Rows of one release of `un_vote_agreement`.
    plotted, issues : DataFrame
        As `plotted_years` and `plotted_issues` give them.
    a, b, third : str
        Country codes.
    start, end : int
        Years asked for.
    origin : str
        The release.
    """
    ours = pair(agreement, a, b, start, end, "all")
    if ours.empty:
        held = "" if agreement.empty else f" The release {origin} was compiled for other pairs."
        return (
            f"The collection has no roll calls in which {_both(a, b)} both took part from {start} to {end}.{held} That is a gap in the "
            "data, not a sign of disagreement: `rvdata import unga … --only` with their codes adds them."
        )
    share, votes, first, last = (
        together(ours),
        int(ours["votes"].sum()),
        ours["year"].min(),
        ours["year"].max(),
    )
    window = str(first) if first == last else f"{first} to {last}"
    text = (
        f"**{narrative.capital(_both(a, b))} voted alike in {share:.1f} % of the {votes:,} roll calls of {window} in which both took part** "
        f"{narrative.mark(origin)}."
    )
    paragraphs = [
        text + _beside_all(plotted),
        _against(agreement, a, b, third, start, end),
        _changed(ours),
        _issues(issues),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _beside_all(plotted: pd.DataFrame) -> str:
    """The pair beside the middle pair and among all pairs, year by year and on average, where both are known."""
    known = plotted.dropna(subset=["votes", "p50_pct", "pairs_below_pct"])
    if known.empty:
        return ""
    usual, below = (yearly(known, column) for column in ("p50_pct", "pairs_below_pct"))
    if len(known) == 1:
        middle, pairs = (
            f"in {int(known['year'].iloc[0])} the middle pair of all states",
            "all pairs",
        )
    else:
        years = f"{narrative.count(len(known), 'year')}, each weighted by this pair's votes"
        middle, pairs = f"on average over {years}, the middle pair of a year", "a year's pairs"
    return (
        f" By itself that number says little, because most pairs agree often: {middle} agreed in {usual:.1f} %, and "
        f"{_part(below)} of {pairs} agreed less often than this one. {_rank_word(below)}"
    )


def _rank_word(below: float) -> str:
    if below >= 75:
        return "That is close even so."
    if below <= 25:
        return "Seen so, the two are further apart than most."
    return "Seen so, the two are neither close nor far apart."


def _against(agreement: pd.DataFrame, a: str, b: str, third: str, start: int, end: int) -> str:
    said = []
    for state in dict.fromkeys((a, b)):
        if state == third:
            continue
        rows = pair(agreement, state, third, start, end, "all")
        if len(rows):
            said.append(
                f"{narrative.the(state)} in {together(rows):.1f} % of {int(rows['votes'].sum()):,}{_bracketed(rows)}"
            )
    return (
        f"With {narrative.the(third)}, over the same years: {narrative.listed(said)}."
        if said
        else ""
    )


def _changed(ours: pd.DataFrame, years: int = 5) -> str:
    """The first and the last five years beside one another, where they do not overlap."""
    if len(ours) < 2 * years:
        return ""
    early, late = ours.head(years), ours.tail(years)
    return (
        f"From {early['year'].min()}–{early['year'].max()} to {late['year'].min()}–{late['year'].max()} the share went from "
        f"{together(early):.1f} %{_bracketed(early)} to {together(late):.1f} %{_bracketed(late)}."
    )


def _bracketed(rows: pd.DataFrame) -> str:
    where = standing(rows)
    return f" ({where})" if where else ""


def _issues(issues: pd.DataFrame) -> str:
    parts = issues[issues["label"] != narrative.capital(ISSUES["all"])].dropna(subset=["value"])
    if len(parts) < 2:
        return ""
    ordered = parts.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"By issue the share runs from {low['value']:.0f} % ({_lower(low['label'])}, {low['votes']:,} votes) to {high['value']:.0f} % "
        f"({_lower(high['label'])}, {high['votes']:,} votes); one roll call can belong to several issues."
    )


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def tell_points(
    points: pd.DataFrame, a: str, b: str, third: str, start: int, end: int, origin: str
) -> str:
    """Where the states stand on the first dimension of UN votes, in sentences."""
    wide = plotted_points(points, (a, b, third), start, end)
    if len(wide.columns) < 3:
        return (
            f"Ideal points of fewer than two of {narrative.listed([narrative.states(s) for s in dict.fromkeys((a, b, third))])} are in the "
            f"collection for {start} to {end}; nothing is compared."
        )
    states = [s for s in wide.columns if s != "year"]
    both = wide.dropna(subset=states)
    if both.empty:
        return (
            f"From {start} to {end} there is no year in which all of the states have an estimate; the chart shows each for its "
            "own years."
        )
    row = both.iloc[-1]
    said = [
        f"{narrative.the(s)} {'stood ' if s == states[0] else ''}at {_signed(row[s])}"
        for s in states
    ]
    year, after = int(row["year"]), _estimated(points, states, end)
    last = (
        "the last year in which each has an estimate"
        if not after
        else "the last year considered"
        if year == end
        else f"the last year up to {end} in which each has an estimate"
    )
    text = (
        f"On the first dimension that is estimated from votes {narrative.mark(origin)}, {narrative.listed(said)} in {year}, {last}"
        f"{f'; there are estimates of each up to {after}' if after else ''}. "
    )
    if {a, b, third} <= set(states):
        text += (
            f"{narrative.capital(narrative.possessive(narrative.the(b)))} distance to {narrative.the(a)} was {abs(row[a] - row[b]):.2f}, to "
            f"{narrative.the(third)} {abs(row[third] - row[b]):.2f}."
        )
    for state in states:
        last, latest = int(wide.loc[wide[state].notna(), "year"].max()), int(wide["year"].max())
        if last < latest:
            gap = f"from {last + 1} to {latest}" if last + 1 < latest else f"for {latest}"
            when = gap if _estimated(points, [state], end) else f"after {last}"
            text += f" {narrative.capital(narrative.the(state))} {_has(state)} no estimate {when}."
    return text.strip()


def _estimated(points: pd.DataFrame, states: list[str], after: int) -> int:
    """The last year after another in which each of some states has an estimate; 0 if there is none."""
    later = points[points["country"].isin(states) & (points["year"] > after)].dropna(
        subset="ideal_point"
    )
    years = later.groupby("year")["country"].nunique()
    return int(max(years.index[years == len(states)], default=0))


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _has(state: str) -> str:
    return "have" if narrative.the(state) != narrative.states(state) else "has"


def tell_recognition(
    figures: pd.DataFrame, events: pd.DataFrame, arguments: pd.DataFrame, a: str, b: str
) -> str:
    """What the articles say of recognition and what they argue, in sentences."""
    parts = []
    if len(figures):
        said = [
            f"{md(row['stated']) if row['stated'] == row['stated'] else 'no number printed'} ({md(row['measure'])}) {narrative.mark(row['figure_id'])}"
            for row in figures[figures["status"] != "derived"].to_dict("records")
        ]
        articles = figures["source_id"].nunique()
        parts.append(
            f"{narrative.capital(narrative.count(articles, 'article'))} {narrative.verb(articles, 'counts', 'count')} states that withhold or "
            f"withdraw recognition: {narrative.listed(said)}. Running counts of one affair: they must not be added."
        )
    else:
        parts.append(
            f"No article in this selection counts the states that do or do not recognise a government of {narrative.listed([narrative.states(a), narrative.states(b)])}."
        )
    if len(events):
        parts.append(
            f"{narrative.capital(narrative.count(len(events), 'dated act'))} of recognition {narrative.verb(len(events), 'is', 'are')} recorded "
            f"{narrative.mark(events['event_id'])}."
        )
    for code, name in CODES.items():
        rows = arguments[arguments["code"] == code]
        if rows.empty:
            continue
        stances = [
            f"{narrative.cardinal(int((rows['stance'] == s).sum()))} {s}"
            for s in schemas.STANCES
            if (rows["stance"] == s).any()
        ]
        articles = rows["source_id"].nunique()
        parts.append(
            f"{narrative.capital(name)} is argued of either state in {narrative.count(articles, 'article')} "
            f"({narrative.listed(stances)}) {narrative.mark(rows['argument_id'])}."
        )
    parts.append(
        "Votes can show whether two states stand together, not why: agreement between them is no evidence for a motive, and most "
        "roll calls are about other matters than the one argued over."
    )
    return " ".join(parts)


# ---- charts


def draw_years(
    plotted: pd.DataFrame, a: str, b: str, third: str, start: int, end: int, origin: str
) -> tuple[Figure, str]:
    """Agreement by year on the spread over all pairs, and its alternative text."""
    title = f"How often {_both(a, b)} vote alike in the UN General Assembly"
    source = narrative.source_line([origin] if origin else [])
    if plotted.empty:
        message = f"No roll calls of {_both(a, b)} from {start} to {end} are in the collection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    names = {
        "pair": f"{a}–{b}",
        "a_third": f"{a}–{third}",
        "b_third": f"{b}–{third}",
        "p50_pct": "median of all pairs",
    }
    columns = [c for c in names if plotted[c].notna().any()]
    lines = plotted.melt("year", columns, "series", "value").assign(
        series=lambda f: f["series"].map(names)
    )
    ribbons = pd.concat(
        [
            plotted[["year"]].assign(ribbon=name, low=plotted[low], high=plotted[high])
            for name, low, high in (
                ("nine tenths of all pairs", "p05_pct", "p95_pct"),
                ("middle half of all pairs", "p25_pct", "p75_pct"),
            )
        ]
    )
    fig = series.lines(
        lines,
        title=title,
        source=source,
        unit="per cent of roll calls in which both took part",
        subtitle="Same vote (yes, no or abstain), by year. Grey: nine tenths and the middle half of all pairs of states.",
        ribbons=ribbons,
        muted=("median of all pairs",),
        limits=(0, 100),
    )
    known = plotted.dropna(subset=["pair"])
    ends = [
        f"{int(r['year'])}: {r['pair']:.0f} %, median of all pairs {r['p50_pct']:.0f} %"
        for r in (known.iloc[0], known.iloc[-1])
    ]
    return (
        fig,
        f"Lines by year, {_both(a, b)}, {narrative.count(len(known), 'year')}. {'; '.join(dict.fromkeys(ends))}.",
    )


def draw_issues(
    plotted: pd.DataFrame, a: str, b: str, start: int, end: int, origin: str
) -> tuple[Figure, str]:
    """Agreement by issue beside the spread over all pairs, and its alternative text."""
    title = f"{narrative.capital(_both(a, b))}: agreement by issue"
    source = narrative.source_line([origin] if origin else [])
    if plotted.empty:
        message = f"No roll calls of {_both(a, b)} from {start} to {end} are in the collection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    fig = charts.intervals(
        plotted,
        title=title,
        source=source,
        unit="per cent of roll calls",
        limits=(0, 100),
        subtitle="Dot: the pair. Bar: nine tenths of all pairs, mean of the years.",
    )
    rows = [f"{r['label']}: {r['printed']}" for r in plotted.to_dict("records")]
    return fig, f"Dots with bars, {_both(a, b)}, {start} to {end}. {'; '.join(rows)}."


def draw_points(
    plotted: pd.DataFrame, states: tuple[str, ...], start: int, end: int, origin: str
) -> tuple[Figure, str]:
    """Ideal points by year, and their alternative text."""
    title = "Where the states stand in UN votes"
    source = narrative.source_line([origin] if origin else [])
    found = [c for c in plotted.columns if c != "year"]
    if plotted.empty or not found:
        message = f"No ideal point of {narrative.listed([narrative.states(s) for s in dict.fromkeys(states)])} from {start} to {end} is in the collection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    lines = plotted.melt("year", found, "series", "value").assign(
        series=lambda f: f["series"].map(narrative.states)
    )
    fig = series.lines(
        lines,
        title=title,
        source=source,
        unit="ideal point, first dimension of all votes",
        subtitle="Estimated from votes: states that vote alike stand close together. A gap: no estimate for the year.",
    )
    ends = [
        f"{narrative.states(s)} {plotted.loc[plotted[s].notna(), s].iloc[-1]:.2f} in "
        f"{int(plotted.loc[plotted[s].notna(), 'year'].iloc[-1])}"
        for s in found
    ]
    return fig, f"Lines by year, last values: {'; '.join(ends)}."


def draw_recognition(
    plotted: pd.DataFrame, a: str, b: str, sources: list[str]
) -> tuple[Figure, str]:
    """Stated counts of states that recognise or do not, and their alternative text."""
    title = "States said to withhold or withdraw recognition"
    source = narrative.source_line(sources)
    if plotted.empty:
        message = f"No count of states that recognise or do not recognise a government of {narrative.listed([narrative.states(a), narrative.states(b)])} is stated in this selection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    top = max(float(plotted[["value", "least", "most"]].max().max()) * 1.4, 10.0)
    fig = charts.intervals(
        plotted,
        title=title,
        source=source,
        unit="states",
        limits=(0, top),
        subtitle="Dot: count as printed. Arrow: a bound. Hollow: inferred.",
    )
    rows = [f"{r['label']}: {r['printed']}" for r in plotted.to_dict("records")]
    return fig, f"Dots with intervals, {narrative.count(len(rows), 'count')}. {'; '.join(rows)}."


def table_arguments(arguments: pd.DataFrame) -> pd.DataFrame:
    """Arguments as a table for readers: who argues what of whom, in whose voice."""
    rows = [
        {
            "argument": r["argument_id"],
            "about": CODES[r["code"]],
            "of": narrative.states(r["actor"]),
            "stance": r["stance"],
            "held by": r["held_by"] if r["held_by"] == r["held_by"] else "the article",
            "gloss": r["gloss"],
        }
        for r in arguments.to_dict("records")
    ]
    return pd.DataFrame(
        rows, columns=["argument", "about", "of", "stance", "held by", "gloss"]
    ).set_index("argument")

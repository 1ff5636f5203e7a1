"""How the collection rests on its sources: what is printed, whose word it is, what overlaps, what could be checked."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative, schemas
from rvdata.essays import voices

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Kind of primary data → families of figures that would need it, with what exactly.
NEEDS = {
    "Published statistics": {
        "arms_import_share": "transfers by supplier and year, in trend-indicator values (SIPRI)",
        "refugee_count": "displaced people by origin and definition (UNHCR)",
        "trade_growth": "bilateral trade by year (UN Comtrade, or customs of either side)",
    },
    "Accounts of firms and treasuries": {
        "investment_total": "company accounts and debt records; no public series covers such a total",
        "loan": "accounts of lender and borrower",
    },
    "Official notices and lists": {
        "reward": "the notice of the office that offers it",
        "recognition": "declarations of each foreign ministry",
        "sanction": "sanctions lists with dates of listing",
        "election_share": "tally sheets and results by polling station",
    },
    "Records of movements and holdings": {
        "deployment": "port calls, flight tracks, official announcements",
        "ship": "port calls and ship tracking",
        "aircraft": "flight tracks and pictures",
        "soldier": "pictures and official announcements",
        "missile": "transfer register and inventories",
        "casualty": "a list of incidents with sources",
    },
    "Depends on what is ranked or timed": {
        "rank": "the series that is ranked",
        "duration": "the dates of beginning and end",
        "other": "depends on the figure",
    },
}
GROUPS = {family: group for group, families in NEEDS.items() for family in families}
#: Families that name a form of number rather than a thing: sharing one ties no two figures together.
FORMS = ("rank", "duration", "other")
LOOKS = {"as_printed": "filled", "doubted": "half", "conflicting": "cross", "derived": "ring"}
KEY = {
    "filled": "as printed",
    "half": "doubted",
    "cross": "conflicting",
    "ring": "derived, not printed",
    "underlined": "with a source of its own",
}
_NAMES = {
    "arms_import_share": "Shares of arms imports",
    "refugee_count": "Displaced people",
    "trade_growth": "Growth of trade",
    "investment_total": "Investment",
    "loan": "Loans and prepayments",
    "reward": "Rewards",
    "recognition": "Recognition",
    "sanction": "Sanctions",
    "election_share": "Shares of votes",
    "deployment": "Deployments",
    "ship": "Ships",
    "aircraft": "Aircraft",
    "soldier": "Soldiers",
    "missile": "Missiles",
    "casualty": "People killed",
    "rank": "Ranks",
    "duration": "Lengths of time",
    "other": "Other figures",
}


# ---- which rows


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `figures` or `events` with the time that they speak of.

    Returns
    -------
    DataFrame
        The rows with first and last (earliest and latest day, NaT where open or not stated) and basis (printed if every
        stated date is printed, inferred if any is not, none without dates).
    """
    pairs = [("period_start", "period_end"), ("as_of", "as_of_end")] if "as_of" in rows else [("date", "date_end")]
    # An open end is a date too, so the precision says whether there is one.
    bases = [
        c
        for c in ("period_start_basis", "period_end_basis", "as_of_basis", "date_basis", "date_end_basis")
        if c in rows
    ]
    first = rows[[a for a, _ in pairs]].min(axis=1)
    last = rows[[b for _, b in pairs]].max(axis=1)
    inferred, printed = ((rows[bases] == b).any(axis=1) for b in ("inferred", "printed"))
    basis = pd.Series("none", index=rows.index).mask(printed, "printed").mask(inferred, "inferred")
    return rows.assign(first=first, last=last, basis=basis)


def select(
    rows: pd.DataFrame,
    sources: list[str],
    start: int,
    end: int,
    families: list[str] | None = None,
    include_derived: bool = True,
) -> pd.DataFrame:
    """Figures or events of some articles that may speak of a period.

    Parameters
    ----------
    rows : DataFrame
        Table `figures` or `events`.
    sources : list of str
        Articles to take into account; empty for all.
    start, end : int
        First and last year; a row is kept if it may fall into them, one open to a side by the day that is known of it.
    families : list of str, optional
        Families of figures; empty for all, and without effect on events.
    include_derived : bool
        Whether figures that this project derived count.

    Returns
    -------
    DataFrame
        As `dated` gives it, by identifier.
    """
    rows = dated(rows)
    keep = ~(rows["last"].fillna(rows["first"]).dt.year < start) & ~(rows["first"].fillna(rows["last"]).dt.year > end)
    if sources:
        keep &= rows["source_id"].isin(sources)
    if families and "family" in rows:
        keep &= rows["family"].isin(families)
    if not include_derived:
        keep &= rows["status"] != "derived"
    return rows[keep].reset_index(drop=True)


# ---- which rows may speak of the same thing


def _codes(row: dict, columns: tuple[str, ...]) -> set[str]:
    """Countries of a row; codes that are no country tell nothing about which."""
    return {c for k in columns if isinstance(row[k], str) for c in row[k].split(";") if not c.startswith("_")}


def figure_pairs(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures of different articles that may speak of the same thing, whether at one time or at two.

    Two figures are a candidate if the ledger says that they conflict, or if they share the family, the unit and at
    least one country. Families that are forms of numbers (`FORMS`) give no candidates of the second kind.

    Parameters
    ----------
    figures : DataFrame
        As `select` gives it.

    Returns
    -------
    DataFrame
        Columns one, other (identifiers), family, time (same, other, unknown), fit (yes, no, unknown: whether the bounds
        leave room for one number; only at the same time) and noted (whether the ledger names the conflict).
    """
    pairs = []
    for a, b in combinations(figures.to_dict("records"), 2):
        if a["source_id"] == b["source_id"]:
            continue
        noted = any(
            isinstance(x["conflicts_with"], str) and y["figure_id"] in x["conflicts_with"].split(";")
            for x, y in ((a, b), (b, a))
        )
        alike = (
            a["family"] == b["family"] not in FORMS
            and a["unit"] == b["unit"]
            and (
                _codes(a, ("subject", "counterpart", "responsible"))
                & _codes(b, ("subject", "counterpart", "responsible"))
            )
        )
        if noted or alike:
            time = _overlap(a, b)
            pairs.append(
                {
                    "one": a["figure_id"],
                    "other": b["figure_id"],
                    "family": a["family"],
                    "time": time,
                    "fit": _fit(a, b) if time == "same" and a["unit"] == b["unit"] else "unknown",
                    "noted": noted,
                }
            )
    return pd.DataFrame(pairs, columns=["one", "other", "family", "time", "fit", "noted"]).astype({"noted": bool})


def _overlap(a: dict, b: dict) -> str:
    known = [d for d in (a["first"], a["last"], b["first"], b["last"]) if d == d]
    if len(known) < 4:
        return "unknown"
    return "same" if a["first"] <= b["last"] and b["first"] <= a["last"] else "other"


def _fit(a: dict, b: dict) -> str:
    """Whether two intervals of values share a number; a hedge without bounds tells nothing."""
    if any(row["low"] != row["low"] and row["high"] != row["high"] for row in (a, b)):
        return "unknown"
    lows, highs = ([row[k] for row in (a, b) if row[k] == row[k]] for k in ("low", "high"))
    return "yes" if not lows or not highs or max(lows) <= min(highs) else "no"


#: Longest window, in days, in which two events of one category and the same actors count as a candidate.
CLOSE = 366


def event_pairs(events: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Events of different articles that may be the same happening.

    Two events are a candidate if they share the category, if the actors of one are among those of the other, and if
    their windows overlap; `close` if neither window is longer than a year. An event dated only as later than another
    is looked for in the year that follows, up to its article's publication; one dated only as earlier is never close.

    Parameters
    ----------
    events : DataFrame
        As `select` gives it.
    origins : DataFrame
        Table `origins`, for the days of publication.

    Returns
    -------
    DataFrame
        Columns one, other (identifiers), category, close (bool) and noted (whether the ledger names a conflict).
    """
    published = origins.set_index("origin_id")["released_end"]
    year = pd.Timedelta(days=CLOSE - 1)
    rows = []
    for row in events.to_dict("records"):
        first, last = row["first"], row["last"]
        if first == first and last != last:
            last = min(d for d in (first + year, published.get(row["source_id"])) if d is not None and d == d)
            last = max(first, last)
        rows.append(row | {"first": first, "last": last, "actors": set(row["actors"].split(";"))})
    pairs = []
    for a, b in combinations(rows, 2):
        nested = a["actors"] <= b["actors"] or b["actors"] <= a["actors"]
        apart = any(x["first"] > y["last"] for x, y in ((a, b), (b, a)))  # never for an open side
        if a["source_id"] == b["source_id"] or a["category"] != b["category"] or not nested or apart:
            continue
        close = all(x["first"] == x["first"] and x["last"] - x["first"] < year + pd.Timedelta(days=1) for x in (a, b))
        noted = any(
            isinstance(x["conflicts_with"], str) and y["event_id"] in x["conflicts_with"].split(";")
            for x, y in ((a, b), (b, a))
        )
        pairs.append(
            {"one": a["event_id"], "other": b["event_id"], "category": a["category"], "close": close, "noted": noted}
        )
    return pd.DataFrame(pairs, columns=["one", "other", "category", "close", "noted"]).astype(
        {"close": bool, "noted": bool}
    )


# ---- what is drawn


def plotted_status(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per figure as the first chart draws it: by what would check it, then by family, as printed first.

    Returns
    -------
    DataFrame
        Columns figure_id, group, row, column, look, doubted and underlined (whether a source of its own is named).
    """
    families = list(GROUPS)
    looks = list(LOOKS)
    rows = [
        {
            "figure_id": row["figure_id"],
            "group": GROUPS[row["family"]],
            "row": _NAMES[row["family"]],
            "column": row["source_id"],
            "look": LOOKS[row["status"]],
            "doubted": False,
            "underlined": isinstance(row["attributed_to"], str),
            "_order": (families.index(row["family"]), looks.index(row["status"]), row["figure_id"]),
        }
        for row in figures.to_dict("records")
    ]
    rows.sort(key=lambda r: r["_order"])
    return pd.DataFrame(rows, columns=["figure_id", "group", "row", "column", "look", "doubted", "underlined"])


def draw_status(plotted: pd.DataFrame, figures: pd.DataFrame, published: pd.DataFrame) -> tuple[Figure, str]:
    """Every figure as one mark, by article and by what would check it, and the alternative text."""
    source = narrative.source_line(figures["source_id"])
    title = "Every figure of this selection, by what would be needed to check it"
    if plotted.empty:
        message = "No figure is stated in this selection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    counts = figures["source_id"].value_counts()
    heads = {
        a["origin_id"]: voices.heading(a, int(counts.get(a["origin_id"], 0))) for a in published.to_dict("records")
    }
    fig = charts.matrix(
        plotted,
        columns=heads,
        key=KEY,
        source=source,
        title=title,
        subtitle="One mark is one figure. In order of publication; in brackets: inferred months.",
    )
    words = {look: KEY[look].split(",")[0] for look in LOOKS.values()}
    lines = []
    for name, rows in plotted.groupby("row", sort=False):
        cells = [
            f"{c} {voices.counted(cell['look'].map(words))}"
            for c, cell in ((c, rows[rows["column"] == c]) for c in heads)
            if len(cell)
        ]
        lines.append(f"{name}: {', '.join(cells)}")
    named = int(plotted["underlined"].sum())
    return fig, (
        f"Grid of {narrative.count(plotted['row'].nunique(), 'family', 'families')} by "
        f"{narrative.count(len(heads), 'article')}: {narrative.out_of(named, len(plotted), 'figure', 'names', 'name')} "
        f"a source. {'; '.join(lines)}."
    )


def plotted_times(figures: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The time that each dated figure and event speaks of, as the second chart draws it.

    Returns
    -------
    DataFrame
        Columns row_id, block (article), lane (figures or events), label, first, last and inferred; rows without a date
        are left out.
    """
    frames = [
        rows.assign(row_id=rows[key], block=rows["source_id"], lane=lane, inferred=rows["basis"] == "inferred")
        for rows, key, lane in ((figures, "figure_id", "figure"), (events, "event_id", "event"))
    ]
    plotted = pd.concat(
        [
            f[f["first"].notna() | f["last"].notna()][["row_id", "block", "lane", "first", "last", "inferred"]]
            for f in frames
        ],
        ignore_index=True,
    )
    often = plotted.groupby(["block", "lane"])["row_id"].transform("size")
    labels = [f"{n} {lane}{'' if n == 1 else 's'}" for n, lane in zip(often, plotted["lane"])]
    plotted.insert(3, "label", pd.Series(labels, index=plotted.index, dtype="str"))
    return plotted.sort_values(["lane", "row_id"], ascending=[False, True], ignore_index=True)


def blocks(published: pd.DataFrame) -> pd.DataFrame:
    """Articles as blocks of the second chart: block, label, said, first, last and inferred, in order."""
    rows = [
        {
            "block": a["origin_id"],
            "label": a["origin_id"],
            "said": f"published {voices.day(a)}",
            "first": a["released"],
            "last": a["released_end"] if a["released_end"] == a["released_end"] else a["released"],
            "inferred": a["published_basis"] == "inferred",
        }
        for a in published.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["block", "label", "said", "first", "last", "inferred"])


def draw_times(plotted: pd.DataFrame, published: pd.DataFrame, start: int, end: int) -> tuple[Figure, str]:
    """When the articles were published and what years they speak of, and the alternative text."""
    source = narrative.source_line(published["origin_id"])
    title = "When each article was published, and the years that it speaks of"
    if plotted.empty:
        message = f"No dated figure or event in this selection speaks of {start} to {end}."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    fig = charts.spans(
        plotted,
        blocks=blocks(published),
        title=title,
        source=source,
        start=start,
        end=end,
        subtitle=(
            "Dot: a day. Bar: known less exactly, or lasting. Triangle: one end known, open where it points. "
            "Filled: printed. Hollow: inferred."
        ),
    )
    lines = []
    for a in published.to_dict("records"):
        rows = plotted[plotted["block"] == a["origin_id"]]
        inferred = int(rows["inferred"].sum())
        about = f", {inferred} inferred, {_years(rows)}" if len(rows) else ""
        lines.append(f"{a['origin_id']}, published {voices.day(a)}: {narrative.count(len(rows), 'dated row')}{about}")
    return fig, f"Times that rows speak of, from {start} to {end}. {'; '.join(lines)}."


def _years(rows: pd.DataFrame) -> str:
    """First and last year that dated rows name."""
    years = [int(d.year) for c in ("first", "last") for d in rows[c].dropna()]
    return f"{min(years)} to {max(years)}" if min(years) < max(years) else str(min(years))


# ---- what is said


def tell(
    figures: pd.DataFrame, events: pd.DataFrame, arguments: pd.DataFrame, published: pd.DataFrame, origins: pd.DataFrame
) -> str:
    """How far the selection can be relied on, in sentences whose every number comes from rows.

    Parameters
    ----------
    figures, events : DataFrame
        As `select` gives them.
    arguments : DataFrame
        Arguments of the same articles.
    published : DataFrame
        Articles in order.
    origins : DataFrame
        Table `origins`.

    Returns
    -------
    str
        Markdown, a paragraph or list per thought.
    """
    if figures.empty and events.empty:
        return (
            "Nothing in this selection states a figure or dates an event, so there is nothing to check, to compare or"
            " to doubt. That is a gap in what is recorded here, not a judgement on any article."
        )
    paragraphs = [
        _checked(figures, origins),
        _basis(figures, events),
        _articles(figures, events, arguments, published),
        _overlaps(figures, events, published, origins),
        _independence(figures, events, arguments),
        _needed(figures),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _checked(figures: pd.DataFrame, origins: pd.DataFrame) -> str:
    if figures.empty:
        return (
            "**Checked.** No figure is stated in this selection, so none can be checked; what follows concerns events."
        )
    n = len(figures)
    sets, fixed = int((origins["kind"] == "dataset").sum()), int(figures["check_method"].notna().sum())
    primary = (
        f"{narrative.capital(narrative.count(sets, 'data release'))} {narrative.verb(sets, 'is', 'are')} in the"
        f" collection{' yet' if not sets else ''}, and a method of checking is fixed for"
        f" {narrative.out_of(fixed, n, 'figure')}."
    )
    return (
        f"**Checked: {narrative.out_of(0, n, 'figure')}.** {primary} Every verdict is therefore open: what follows says"
        " what stands on the page and whose word it is, not what is true."
    )


def _ids(rows: pd.DataFrame) -> str:
    return narrative.mark(rows["figure_id" if "figure_id" in rows else "event_id"])


def _basis(figures: pd.DataFrame, events: pd.DataFrame) -> str:
    """Printed or derived, whose word, which dates, which doubts: of figures, then of events."""
    lines = []
    for rows, noun in ((figures, "figure"), (events, "event")):
        n = len(rows)
        if not n:
            continue
        derived = rows[rows["status"] == "derived"]
        stated = rows[rows["status"] != "derived"]
        said = []
        if noun == "figure":
            said.append(
                f"{narrative.out_of(len(stated), n, noun, 'is', 'are')} printed"
                + (f", {len(derived)} derived {_ids(derived)}" if len(derived) else "")
            )
        if len(stated):
            named = int(stated["attributed_to"].notna().sum())
            kind_of_row = "printed figure" if noun == "figure" else noun
            said.append(
                f"{narrative.out_of(named, len(stated), kind_of_row, 'names', 'name')}"
                f" a source, {len(stated) - named} {'stands' if len(stated) - named == 1 else 'stand'} in the article's"
                " own voice"
            )
        dates = rows["basis"].value_counts()
        said.append(
            f"the dates of {narrative.out_of(int(dates.get('printed', 0)), n, noun)} can be read off the text, "
            f"{int(dates.get('inferred', 0))} {'rests' if dates.get('inferred', 0) == 1 else 'rest'} on an inference"
            + (f", {dates['none']} {narrative.verb(dates['none'], 'has', 'have')} none" if "none" in dates else "")
        )
        for status in ("doubted", "conflicting"):
            bad = rows[rows["status"] == status]
            if len(bad):
                said.append(f"{narrative.out_of(len(bad), n, noun, 'is', 'are')} {status} {_ids(bad)}")
        lines.append(f"- **{narrative.capital(noun)}s**: {'; '.join(said)}.")
    return "**What stands on the page.**\n\n" + "\n".join(lines)


def _articles(figures: pd.DataFrame, events: pd.DataFrame, arguments: pd.DataFrame, published: pd.DataFrame) -> str:
    """Each article: what it gives, when it was published, and what is recorded of its funding and author."""
    lines = []
    for a in published.to_dict("records"):
        own = [int((rows["source_id"] == a["origin_id"]).sum()) for rows in (figures, events, arguments)]
        gives = narrative.listed([narrative.count(n, noun) for n, noun in zip(own, ("figure", "event", "argument"))])
        author = a["authors"] if isinstance(a["authors"], str) else "no author named"
        about = f" {a['about'].rstrip('.')}." if isinstance(a["about"], str) else ""
        lines.append(f"- **{a['origin_id']}** ({a['publisher']}; {author}), published {voices.day(a)}: {gives}.{about}")
    inferred = int((published["published_basis"] == "inferred").sum())
    return (
        "**Who speaks, and since when.**"
        f" {narrative.out_of(len(published) - inferred, len(published), 'article', 'prints', 'print')} a day of"
        " publication; a window in square brackets is inferred, for the reason given in the table of articles.\n\n"
        + "\n".join(lines)
    )


def _overlaps(figures: pd.DataFrame, events: pd.DataFrame, published: pd.DataFrame, origins: pd.DataFrame) -> str:
    """Where two articles may speak of the same thing, and whether they agree."""
    if len(published) < 2:
        return "**Agreement.** One article alone can neither agree nor disagree with another."
    by_id = {r["figure_id"]: r for r in figures.to_dict("records")} | {
        r["event_id"]: r for r in events.to_dict("records")
    }
    found, dates = figure_pairs(figures), event_pairs(events, origins)
    close = dates[dates["close"]]
    lines = [_figure_line(by_id[p["one"]], by_id[p["other"]], p) for p in found.to_dict("records")]
    lines += [_event_line(by_id[p["one"]], by_id[p["other"]]) for p in close.to_dict("records")]
    possible = list(combinations(published["origin_id"], 2))
    met = {
        tuple(sorted((by_id[p["one"]]["source_id"], by_id[p["other"]]["source_id"])))
        for frame in (found, close)
        for p in frame.to_dict("records")
    }
    if not met:
        text = (
            "**Agreement.** No row of one article can be paired with a row of another as a candidate for the same"
            " thing."
        )
    else:
        text = (
            f"**Agreement.** Rows from {len(met)} of {len(possible)} {narrative.verb(len(possible), 'pair', 'pairs')}"
            f" of articles may speak of the same thing: {narrative.count(len(found), 'pair')} of figures and"
            f" {narrative.count(len(close), 'pair')} of events. They are candidates, found by family, unit and"
            " countries, or by category, actors and dates alone; none is a confirmation, and two articles that agree"
            " may have read the same report."
        )
    strangers = [f"{a} and {b}" for a, b in possible if tuple(sorted((a, b))) not in met]
    if strangers and met:
        text += f" No candidate links {'; '.join(strangers)}."
    if len(found):
        same = found[found["time"] == "same"]
        text += (
            f" Of the pairs of figures, {len(same)} {narrative.verb(len(same), 'is', 'are')} of one time; there the"
            f" bounds leave room for one number in {int((same['fit'] == 'yes').sum())} and for none in"
            f" {int((same['fit'] == 'no').sum())}."
        )
    loose = dates[~dates["close"]]
    if len(loose):
        per = [f"{n} on {category}" for category, n in loose["category"].value_counts().items()]
        lines.append(
            f"- {narrative.capital(narrative.count(len(loose), 'further pair'))} of events"
            f" {narrative.verb(len(loose), 'shares', 'share')} category and actors, but at least one of the two is"
            f" dated too loosely to say more, open to one side or over more than a year: {narrative.listed(per)}."
        )
    return text + ("\n\n" + "\n".join(lines) if lines else "")


def _figure_line(a: dict, b: dict, pair: dict) -> str:
    said = [
        f"{narrative.quantity(r)} ({r['measure']}, {narrative.when(r)}{_flag(r)}) {narrative.mark(r['figure_id'])}"
        for r in (a, b)
    ]
    verdict = {
        ("same", "yes"): "at one time; the bounds leave room for one number",
        ("same", "no"): "at one time; no one number fits both bounds",
        ("same", "unknown"): "at one time; the hedges set no bounds to compare",
        ("other", "unknown"): "at two times, so that both may hold",
        ("unknown", "unknown"): "at times that are not both known",
    }[pair["time"], pair["fit"]]
    return (
        f"- {narrative.capital(said[0])} and {said[1]}:"
        f" {verdict}{'; the ledger marks a conflict' if pair['noted'] else ''}."
    )


def _flag(row: dict) -> str:
    return "" if row["status"] == "as_printed" else f", {row['status']}"


def _event_line(a: dict, b: dict) -> str:
    said = [
        f"“{r['summary']}” ({narrative.days(r['date'], r['date_end'], r['date_precision'])}"
        f"{', inferred' if r['date_basis'] == 'inferred' else ''}{_flag(r)}) {narrative.mark(r['event_id'])}"
        for r in (a, b)
    ]
    return f"- {said[0]} and {said[1]}."


def _independence(figures: pd.DataFrame, events: pd.DataFrame, arguments: pd.DataFrame) -> str:
    """How many sources are named, by whom, and how much rests on the word of interested parties."""
    named = pd.concat(
        [
            rows[rows[column].notna()].rename(columns={key: "row_id", column: "named"})[
                ["row_id", "source_id", "named"]
            ]
            for rows, key, column in (
                (figures, "figure_id", "attributed_to"),
                (events, "event_id", "attributed_to"),
                (arguments, "argument_id", "held_by"),
            )
        ],
        ignore_index=True,
    )
    # One name, whatever stands after it: "(2020)", ", citing Russia".
    named = named.assign(
        name=named["named"].str.replace(r" \(\d{4}\)$|, citing .*$", "", regex=True),
        kind=named["named"].map(voices.kind),
    )
    text, total = "**Independence.** ", len(figures) + len(events) + len(arguments)
    stated = figures[figures["status"] != "derived"]
    if len(stated):
        items = []
        for kind, nouns in voices.KINDS.items():
            rows = named[(named["kind"] == kind) & named["row_id"].isin(stated["figure_id"])]
            if len(rows):
                who = [f"{name} {narrative.mark(own['row_id'])}" for name, own in rows.groupby("name", sort=False)]
                items.append(f"{narrative.count(len(who), *nouns)}: {', '.join(who)}")
        n = int(stated["attributed_to"].notna().sum())
        text += (
            f"{narrative.out_of(n, len(stated), 'printed figure', 'names', 'name')} a"
            f" source{': ' if items else ''}{'; '.join(items)}. "
        )
        party = int((stated["attributed_to"].dropna().map(voices.kind) == "party").sum())
        text += (
            f"So {narrative.out_of(party, len(stated), 'printed figure', 'rests', 'rest')} on the word of an interested"
            f" party, and {len(stated) - n} on that of the article alone. "
        )
    if named.empty:
        return text + f"Of all {total} rows, events and arguments included, none names a source of its own."
    names = named["name"].nunique()
    shared = [name for name, rows in named.groupby("name") if rows["source_id"].nunique() > 1]
    kinds = [
        f"{narrative.count(rows['name'].nunique(), *nouns)} in {narrative.count(len(rows), 'row')}"
        for kind, nouns in voices.KINDS.items()
        for rows in [named[named["kind"] == kind]]
        if len(rows)
    ]
    return text + (
        f"With events and arguments, {narrative.out_of(len(named), total, 'row', 'names', 'name')} a source, under "
        f"{narrative.count(names, 'name')}: {narrative.listed(kinds)}. "
        + (
            f"Named by more than one article: {narrative.listed(shared)}. "
            if shared
            else "No name occurs in more than one article. "
        )
        + schemas.ARTICLE_WARNINGS[1]
    )


def _needed(figures: pd.DataFrame) -> str:
    """Which kind of primary data the figures would need."""
    if figures.empty:
        return ""
    lines = []
    for group, families in NEEDS.items():
        rows = figures[figures["family"].isin(families)]
        if rows.empty:
            continue
        wants = [
            f"{_NAMES[f].lower()}: {what} {_ids(rows[rows['family'] == f])}"
            for f, what in families.items()
            if (rows["family"] == f).any()
        ]
        lines.append(f"- **{group}**, {narrative.out_of(len(rows), len(figures), 'figure')}: {'; '.join(wants)}.")
    return (
        "**What could be checked in principle.** By the family of each figure; a derived one needs what its parents"
        " need:\n\n"
        + "\n".join(lines)
    )


# ---- evidence


def articles(
    published: pd.DataFrame, figures: pd.DataFrame, events: pd.DataFrame, arguments: pd.DataFrame
) -> pd.DataFrame:
    """One row per article: what it gives, what of it is sure, when it was published and how that is known; all text."""
    rows = []
    for a in published.to_dict("records"):
        own = {
            name: frame[frame["source_id"] == a["origin_id"]]
            for name, frame in (("figures", figures), ("events", events), ("arguments", arguments))
        }
        of = own["figures"]
        rows.append(
            {
                "article": a["origin_id"],
                "published": voices.day(a),
                **{name: str(len(frame)) for name, frame in own.items()},
                "derived": str(int((of["status"] == "derived").sum())),
                "doubted or conflicting": str(int(of["status"].isin(["doubted", "conflicting"]).sum())),
                "with a source": str(int(of["attributed_to"].notna().sum())),
                "dates inferred": str(int((of["basis"] == "inferred").sum())),
                "how the day is known": a["published_note"] if isinstance(a["published_note"], str) else "printed",
            }
        )
    columns = [
        "article",
        "published",
        "figures",
        "events",
        "arguments",
        "derived",
        "doubted or conflicting",
        "with a source",
        "dates inferred",
        "how the day is known",
    ]
    return pd.DataFrame(rows, columns=columns).set_index("article")


def told_events(events: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """The events that sentences name: doubted, conflicting, or one of a close pair."""
    pairs = event_pairs(events, origins)
    close = pairs[pairs["close"]]
    return events[(events["status"] != "as_printed") | events["event_id"].isin([*close["one"], *close["other"]])]


def loose(events: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """The events that might be the same happening but are dated too loosely to tell: one row per category; all text."""
    pairs = event_pairs(events, origins)
    rows = []
    for category, own in pairs[~pairs["close"]].groupby("category"):
        rows.append(
            {"category": category, "pairs": str(len(own)), "events": ", ".join(sorted({*own["one"], *own["other"]}))}
        )
    return pd.DataFrame(rows, columns=["category", "pairs", "events"]).set_index("category")


def behind(figures: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Rows that are derived, doubted or conflicting, as notes are listed: identifier, derivation and note."""
    frames = [
        figures.rename(columns={"figure_id": "row_id"}),
        events.rename(columns={"event_id": "row_id"}).assign(derivation=None),
    ]
    return pd.concat(
        [f[f["status"] != "as_printed"][["row_id", "derivation", "note"]].astype(object) for f in frames],
        ignore_index=True,
    )

"""Military moves of several states around one country: which rows apply, a timeline, sizes, and how to say it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, countries, narrative, reconcile
from rvdata.charts import beside
from rvdata.essays import arms_transfers
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Categories of events that are moves of forces or arms.
MOVES = ("deployment", "strike", "arms")
#: Precisions of what fell on some day between its two, or beyond the one that is known.
LOOSE = ("after", "before", "recent")
#: Families of figures that give the size of a move, with the noun for one of them.
SIZES = ("ship", "aircraft", "soldier", "missile", "casualty")


def select(
    events: pd.DataFrame,
    country: str,
    powers: list[str],
    start: int,
    end: int,
    sources: list[str],
    include_inferred: bool,
) -> pd.DataFrame:
    """Moves of the powers, and the elections, recognitions and sanctions around the country, in a period.

    Parameters
    ----------
    events : DataFrame
        Table `events`.
    country : str
        Code of the country in question.
    powers : list of str
        Codes of the states whose moves are shown.
    start, end : int
        First and last year; an event is kept if it may have fallen into them, an open one by the day that is known.
    sources : list of str
        Articles to take into account; empty for all.
    include_inferred : bool
        Whether events whose date is inferred count.

    Returns
    -------
    DataFrame
        The rows with a column `lane`, ordered by lane and date. A move of a power counts only if the country is acted on.
    """
    actors = events["actors"].str.split(";")
    first = actors.str[0]
    lane = pd.Series(pd.NA, index=events.index, dtype="object")
    for power in powers:
        near = actors.map(lambda a: country in a)
        ours = events["category"].isin(MOVES) & (first == power) & near
        lane = lane.mask(ours, f"{narrative.capital(narrative.adjective(power))} moves")
    around = actors.map(lambda a: country in a)
    lane = lane.mask((events["category"] == "election") & around, "Elections")
    lane = lane.mask(
        events["category"].isin(["sanction", "recognition"]) & around, "Sanctions and recognition"
    )
    keep = lane.notna()
    loose = events["date_precision"] == "after"
    first_day, last_day = (
        events["date"].fillna(events["date_end"]),
        events["date_end"].mask(loose).fillna(events["date"]),
    )
    keep &= (last_day.dt.year >= start) & (
        first_day.dt.year <= end
    )  # an open date counts by the day that is known
    if sources:
        keep &= events["source_id"].isin(sources)
    if not include_inferred:
        keep &= events["date_basis"] == "printed"
    order = [f"{narrative.capital(narrative.adjective(p))} moves" for p in powers] + [
        "Elections",
        "Sanctions and recognition",
    ]
    chosen = events.assign(lane=lane)[keep]
    chosen = chosen.assign(
        _lane=chosen["lane"].map(order.index), _day=chosen["date"].fillna(chosen["date_end"])
    )
    return (
        chosen.sort_values(["_lane", "_day", "event_id"])
        .drop(columns=["_lane", "_day"])
        .reset_index(drop=True)
    )


def plotted_timeline(selected: pd.DataFrame) -> pd.DataFrame:
    """One row per event as the timeline draws it: event_id, lane, label, first, last, loose, inferred, status."""
    label = selected["summary"] + selected["status"].map(
        {"as_printed": "", "doubted": " (date or wording doubted)", "conflicting": " (disputed)"}
    ).astype("str")
    return pd.DataFrame(
        {
            "event_id": selected["event_id"],
            "lane": selected["lane"],
            "label": label,
            "first": selected["date"],
            "last": selected["date_end"],
            "loose": selected["date_precision"].isin(LOOSE),
            "inferred": selected["date_basis"] == "inferred",
            "status": selected["status"],
        }
    )


def sizes(
    figures: pd.DataFrame,
    country: str,
    powers: list[str],
    start: int,
    end: int,
    sources: list[str],
    include_inferred: bool,
) -> pd.DataFrame:
    """Figures that say how large a move was or what it did, of the powers or of arms in the country.

    Parameters
    ----------
    figures : DataFrame
        Table `figures`; the other parameters as in `select`. Derived rows count as inferred.

    Returns
    -------
    DataFrame
        Rows of `figures`, by day.
    """
    keep = figures["family"].isin(SIZES)
    parties = (
        figures[["subject", "counterpart", "responsible"]]
        .fillna("")
        .apply(lambda c: c.str.split(";").map(set))
    )
    held, facing, involved = (parties[c] for c in ("subject", "counterpart", "responsible"))
    near = [country in s | o for s, o in zip(held, facing, strict=False)]
    ours = [
        bool(set(powers) & (s | r)) or s == {country} for s, r in zip(held, involved, strict=False)
    ]
    keep &= pd.Series([a and b for a, b in zip(near, ours, strict=False)], index=figures.index)
    keep &= ~(figures["as_of_end"].dt.year < start) & ~(figures["as_of"].dt.year > end)
    if sources:
        keep &= figures["source_id"].isin(sources)
    if not include_inferred:
        keep &= (figures["as_of_basis"] == "printed") & (figures["status"] != "derived")
    return figures[keep].sort_values(["as_of", "figure_id"]).reset_index(drop=True)


def plotted_sizes(selected: pd.DataFrame) -> pd.DataFrame:
    """One row per size as the second chart draws it.

    Returns
    -------
    DataFrame
        Columns figure_id, label, printed, value, least, most and inferred. A hedge with one bound leaves the other
        side open; an unhedged count of things is what it says.
    """
    rows = []
    for row in selected.to_dict("records"):
        doubt = {
            "doubted": ", doubted",
            "conflicting": ", disputed",
            "derived": ", inferred total",
        }.get(row["status"], "")
        rows.append(
            {
                "figure_id": row["figure_id"],
                "label": f"{narrative.capital(row['measure'])}, {narrative.when(row).removesuffix(' (inferred)')}",
                "printed": narrative.quantity(row) + doubt,
                "value": row["value"],
                "least": row["low"],
                "most": row["high"],
                "inferred": row["status"] == "derived",
            }
        )
    return pd.DataFrame(
        rows, columns=["figure_id", "label", "printed", "value", "least", "most", "inferred"]
    )


def plotted_beside(
    selected: pd.DataFrame,
    delivered: arms_transfers.Deliveries,
    powers: list[str],
    start: int,
    end: int,
) -> pd.DataFrame:
    """Moves of each power, and what it delivered in each year, as the third chart draws them.

    Parameters
    ----------
    selected : DataFrame
        As `select` gives it.
    delivered : Deliveries
        As `arms_transfers.pick` gives it for the country.
    powers : list of str
    start, end : int
        First and last year of the axis.

    Returns
    -------
    DataFrame
        Columns lane (name of the power), kind (move, delivery), row_id (event, release), source_id (article, release), first, last, inferred, value and
        estimated (million TIV; NaN of moves, and where the release does not tell what is estimated). A covered year
        without a delivery has the value 0, a year that is not covered has no row. Empty without a release.
    """
    columns = [
        "lane",
        "kind",
        "row_id",
        "source_id",
        "first",
        "last",
        "inferred",
        "value",
        "estimated",
    ]
    rows = []
    years = _covered(delivered, start, end)
    for power in powers if delivered.origin_id else []:
        lane = narrative.capital(narrative.the(power))
        rows += [
            {
                "lane": lane,
                "kind": "move",
                "row_id": row["event_id"],
                "source_id": row["source_id"],
                "first": row["date"],
                "last": row["date_end"],
                "inferred": row["date_basis"] == "inferred",
                "value": math.nan,
                "estimated": math.nan,
            }
            for row in selected[selected["lane"] == _lane(power)].to_dict("records")
        ]
        own = delivered.rows[delivered.rows["supplier"] == power]
        for year in range(years[0], years[1] + 1):
            of = own[own["year"] == year]
            rows.append(
                {
                    "lane": lane,
                    "kind": "delivery",
                    "row_id": delivered.origin_id,
                    "source_id": delivered.origin_id,
                    "first": pd.Timestamp(year, 1, 1),
                    "last": pd.Timestamp(year, 12, 31),
                    "inferred": False,
                    "value": float(of["tiv_million"].sum()),
                    "estimated": float((of["tiv_million"] * of["estimated_share"]).sum(min_count=1))
                    if len(of)
                    else 0.0,
                }
            )
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype(
        {
            "inferred": bool,
            "value": float,
            "estimated": float,
            "first": "datetime64[s]",
            "last": "datetime64[s]",
        }
    )
    return frame.assign(**{c: frame[c].round(2) for c in ("value", "estimated")})


def _lane(power: str) -> str:
    return f"{narrative.capital(narrative.adjective(power))} moves"


def _covered(delivered: arms_transfers.Deliveries, start: int, end: int) -> tuple[int, int]:
    """The years of the axis that the release covers; none without a release."""
    return (
        arms_transfers.period(delivered, start, end) if delivered.origin_id else (start, start - 1)
    )


def listed(sanctions: pd.DataFrame, origins: pd.DataFrame, country: str) -> pd.DataFrame:
    """Who and what stands on the newest sanctions list for a country's sake, by kind and programme.

    Parameters
    ----------
    sanctions, origins : DataFrame
        Tables `sanctions_listed` and `origins`.
    country : str
        Code of the country in question.

    Returns
    -------
    DataFrame
        Columns origin_id, kind, programmes, national (whether the country is among the nationalities and citizenships given), named (whether
        a programme bears the country's name) and entries; rows that are neither are left out. Empty where no list covers the
        country.
    """
    columns = ["origin_id", "kind", "programmes", "national", "named", "entries"]
    releases = {
        row["origin_id"]: row for row in origins.to_dict("records") if row["kind"] == "dataset"
    }
    covering = [
        o
        for o in sorted(set(sanctions["origin_id"]))
        if {"*", f"nationality={country}"} & set(str(releases[o]["covers"]).split(";"))
    ]
    if not covering:
        return pd.DataFrame(columns=columns)
    newest = max(covering, key=lambda o: (narrative.release_day(releases[o]), o))
    rows = sanctions[sanctions["origin_id"] == newest]
    rows = rows.assign(
        national=(rows["nationalities"].fillna("") + ";" + rows["citizenships"].fillna(""))
        .str.split(";")
        .map(lambda codes: country in codes)
        .astype(bool),
        named=rows["programmes"]
        .str.contains(countries.name(country).upper(), regex=False)
        .astype(bool),
    )
    sums = (
        rows[rows["national"] | rows["named"]]
        .groupby(columns[:-1], as_index=False)["entries"]
        .sum()
    )
    return sums[columns]


# ---- what is drawn


def draw_timeline(
    plotted: pd.DataFrame, selected: pd.DataFrame, country: str, start: int, end: int
) -> tuple[Figure, str]:
    """The timeline and its alternative text."""
    where = narrative.states(country)
    source = narrative.source_line(selected["source_id"])
    if plotted.empty:
        message = f"No dated move, election, sanction or recognition around {where} is stated in this selection."
        return charts.empty(
            title=f"Around {where}, {start} to {end}", message=message, source=source
        ), f"Empty chart. {message}"
    fig = charts.timeline(
        plotted,
        title=f"Moves, elections and sanctions around {where}, {start} to {end}",
        source=source,
        start=start,
        end=end,
        subtitle="Dot: a day. Bar: a time that lasts or is known less exactly. Dotted: some time between the ends, or open. "
        "Filled: date printed. Hollow: date inferred.",
    )
    lanes = [
        f"{lane}: {narrative.count(n, 'row')}"
        for lane, n in plotted.groupby("lane", sort=False).size().items()
    ]
    return (
        fig,
        f"Timeline of {narrative.count(len(plotted), 'event')} from {start} to {end}. {'; '.join(lanes)}. "
        + " ".join(f"{r['label'].rstrip('.')}: {_day(r)}." for r in plotted.to_dict("records")),
    )


def _day(row: dict) -> str:
    first, last = row["first"], row["last"]
    if first != first:
        return f"by {last:%Y-%m-%d}"
    if last != last:
        return f"from {first:%Y-%m-%d}"
    return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def draw_sizes(plotted: pd.DataFrame, selected: pd.DataFrame, country: str) -> tuple[Figure, str]:
    """The stated sizes and their alternative text."""
    where = narrative.states(country)
    source = narrative.source_line(selected["source_id"], selected["attributed_to"])
    if plotted.empty:
        message = f"No size of a military move around {where} is stated in this selection."
        return charts.empty(
            title=f"Stated sizes around {where}", message=message, source=source
        ), f"Empty chart. {message}"
    inferred = " Hollow: inferred." if plotted["inferred"].any() else ""
    fig = charts.intervals(
        plotted,
        title=f"How large the moves around {where} are said to have been",
        source=source,
        log=True,
        unit="number, logarithmic",
        limits=(1, _decade_above(plotted)),
        subtitle=f"Dot: number as printed. Arrow: the side left open.{inferred}",
    )
    rows = [f"{r['label']}: {r['printed']}" for r in plotted.to_dict("records")]
    return (
        fig,
        f"Dot chart on a logarithmic axis: {narrative.count(len(rows), 'stated size')}. {'; '.join(rows)}.",
    )


def _decade_above(plotted: pd.DataFrame) -> float:
    """A power of ten that leaves room above every number of the chart; at least a thousand."""
    top = plotted[["value", "least", "most"]].max().max()
    return 10.0 ** max(3, math.floor(math.log10(max(top, 1))) + 1)


def draw_beside(
    plotted: pd.DataFrame,
    delivered: arms_transfers.Deliveries,
    country: str,
    powers: list[str],
    start: int,
    end: int,
) -> tuple[Figure, str]:
    """Moves beside deliveries, and the alternative text."""
    where = narrative.the(country)
    title = f"Moves around {where} beside arms delivered to it, {start} to {end}"
    if plotted.empty:
        message = delivered.missing or "No power is chosen."
        return charts.empty(
            title=title, message=message, source=narrative.source_line([])
        ), f"Empty chart. {message}"
    years = _covered(delivered, start, end)
    lanes = [narrative.capital(narrative.the(power)) for power in powers]
    estimated = " Hatched: estimated." if (plotted["estimated"] > 0).any() else ""
    ring = " Ring: a year without any." if (plotted["value"] == 0).any() else ""
    grey = " Grey: not in the release." if years != (start, end) else ""
    fig = beside.beside(
        plotted,
        lanes=lanes,
        covered=years,
        title=title,
        start=start,
        end=end,
        source=narrative.source_line(plotted["source_id"]),
        subtitle="Moves: dot a day, bar longer or less exact, triangle only one end known; hollow: date inferred. "
        f"Delivered: million trend-indicator values a year (volume, not money).{estimated}{ring}{grey}",
    )
    said = []
    for lane in lanes:
        own = plotted[(plotted["lane"] == lane)]
        by_year = [
            f"{row['first'].year} {_tiv(row['value'])}"
            for row in own[own["value"] > 0].to_dict("records")
        ]
        said.append(
            f"{lane}: {narrative.count(int((own['kind'] == 'move').sum()), 'move')}; "
            f"{'million TIV delivered: ' + ', '.join(by_year) if by_year else 'nothing delivered'}"
        )
    return (
        fig,
        f"Moves and deliveries, {start} to {end}; deliveries known from {years[0]} to {years[1]}. {'. '.join(said)}.",
    )


def _tiv(value: float) -> str:
    return narrative.number(round(value, 1))


# ---- what is said


def tell_deliveries(
    plotted: pd.DataFrame,
    delivered: arms_transfers.Deliveries,
    country: str,
    powers: list[str],
    start: int,
    end: int,
) -> str:
    """What the powers delivered in the years of the axis, and which of their moves came after the last delivery."""
    if not delivered.origin_id:
        return f"**Deliveries.** {delivered.missing}"
    first, last = _covered(delivered, start, end)
    lines, nothing = [], []
    for power in powers:
        name = narrative.the(power)
        own = plotted[plotted["lane"] == narrative.capital(name)]
        given = own[own["value"] > 0]
        moves = own[own["kind"] == "move"]
        if given.empty:
            earlier = delivered.rows[
                (delivered.rows["supplier"] == power) & (delivered.rows["year"] < first)
            ]
            nothing.append(
                f"{name} (its last delivery before was in {earlier['year'].max()})"
                if len(earlier)
                else name
            )
            continue
        latest = int(given["last"].dt.year.max())
        after = moves[moves["first"].dt.year > latest]
        estimated = given["estimated"].sum()
        text = (
            f"{narrative.capital(name)} delivered {_tiv(given['value'].sum())} million TIV, in "
            f"{narrative.out_of(len(given), last - first + 1, 'year')}, "
            f"{f'the last in {latest}' if len(given) > 1 else f'in {latest} alone'}"
        )
        text += f"; {_tiv(estimated)} million rest on an estimate. " if estimated > 0 else ". "
        if len(moves):
            text += (
                f"{narrative.capital(narrative.out_of(len(after), len(moves), 'dated move', 'comes', 'come'))} after that year"
                f"{' ' + narrative.mark(after['row_id']) if len(after) else ''}."
            )
        lines.append(text.strip())
    if nothing:
        lines.append(f"Nothing that the register counts came from {' or '.join(nothing)}.")
    if not lines:
        return ""
    return (
        f"**Deliveries, {arms_transfers.in_years(first, last)}** ({delivered.origin_id}, of {delivered.day}). {' '.join(lines)} Moves "
        "count what articles tell of, deliveries what a register knows of major arms: neither causes the other by "
        "standing beside it."
    )


def tell_sanctions(rows: pd.DataFrame, origins: pd.DataFrame, country: str) -> str:
    """Who stands on the sanctions list for a country's sake, by kind; without dates, because the list has none."""
    name, whose = narrative.the(country), narrative.adjective(reconcile.LISTED_BY)
    if rows.empty:
        return (
            f"**Sanctions.** No {whose} sanctions list in the collection covers {name}, or none that does names anyone; "
            "`rvdata import ofac` brings one in."
        )
    origin = rows["origin_id"].iloc[0]
    release = origins.set_index("origin_id").loc[origin].to_dict()
    day = f"{narrative.release_day(release):%Y-%m-%d}"
    if pd.isna(release["generated"]) and release["published_basis"] == "inferred":
        day = f"[{day}]"
    named = rows[rows["named"]].groupby("kind")["entries"].sum()
    nationals = int(rows.loc[rows["national"] & (rows["kind"] == "individual"), "entries"].sum())
    kinds = {
        "individual": ("individual", "individuals"),
        "entity": ("entity", "entities"),
        "vessel": ("vessel", "vessels"),
        "aircraft": ("aircraft", "aircraft"),
    }
    per = [narrative.count(int(named[kind]), *kinds[kind]) for kind in kinds if kind in named]
    return (
        f"**Sanctions.** On the {whose} list of {day} ({origin}) stand {narrative.listed(per, 'no entries')} under programmes "
        f"named after {name}, and {narrative.count(nationals, 'individual')} with its nationality under whatever programme; some "
        "are both. The list does not say when anyone was put on it, so none of this can be placed on the axis; who was taken "
        "off before is not on it."
    )


def table_sanctions(rows: pd.DataFrame) -> pd.DataFrame:
    """Entries by kind and programme; all text but the counts, indexed by kind."""
    table = rows.assign(
        **{"nationality of the country": rows["national"].map({True: "given", False: "not given"})}
    )
    return table[["kind", "programmes", "nationality of the country", "entries"]].set_index("kind")


def behind(selected: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures and events that charts and sentences rest on, as notes are listed: identifier, derivation and note."""
    events = selected.rename(columns={"event_id": "row_id"})
    rows = figures.rename(columns={"figure_id": "row_id"})
    return pd.concat(
        [
            rows[["row_id", "derivation", "note", "status"]],
            events.assign(derivation=None)[["row_id", "derivation", "note", "status"]],
        ],
        ignore_index=True,
    )


def tell(selected: pd.DataFrame, figures: pd.DataFrame, country: str, powers: list[str]) -> str:
    """What the articles state of the moves around a country, in sentences whose every number comes from a row.

    Parameters
    ----------
    selected : DataFrame
        As `select` gives it.
    figures : DataFrame
        As `sizes` gives it.
    country : str
    powers : list of str

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    where = narrative.states(country)
    if selected.empty and figures.empty:
        return (
            f"No article in this selection dates a move, an election, a sanction or a recognition around {where}. "
            "That is a gap in what is stated; it does not say that nothing happened."
        )
    paragraphs = [_moves_of(selected, power, where) for power in powers]
    paragraphs += [
        _sizes(figures),
        _disputed(figures),
        _surroundings(selected),
        _exactness(selected),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _moves_of(selected: pd.DataFrame, power: str, where: str) -> str:
    lane = f"{narrative.capital(narrative.adjective(power))} moves"
    rows = selected[selected["lane"] == lane]
    n, articles = len(rows), sorted(set(rows["source_id"]))
    if rows.empty:
        return (
            f"No article in this selection dates a move of {narrative.the(power)} around {where}."
        )
    text = (
        f"**{narrative.capital(narrative.the(power))}.** {narrative.capital(narrative.count(len(articles), 'article'))} "
        f"({', '.join(articles)}) {narrative.verb(len(articles), 'dates', 'date')} {narrative.count(n, 'move')}: "
    )
    items = [
        f"{md(_lower(row['summary']))} ({narrative.days(row['date'], row['date_end'], row['date_precision'])}"
        f"{', inferred' if row['date_basis'] == 'inferred' else ''}) {narrative.mark(row['event_id'])}"
        for row in rows.to_dict("records")
    ]
    return text + "; ".join(items) + "."


def _lower(summary: str) -> str:
    """A summary inside a sentence: an opening article or number word in lower case."""
    first = summary.split()[0]
    return (
        summary[:1].lower() + summary[1:]
        if first in ("A", "An", "The", "Two", "Three", "More", "Most", "Training")
        else summary
    )


def _sizes(figures: pd.DataFrame) -> str:
    if figures.empty:
        return "No article in this selection says how large any of these moves was."
    n = len(figures)
    items = [
        f"{narrative.quantity(row)} ({md(row['measure'])}, {narrative.when(row)})"
        f"{'' if row['status'] == 'as_printed' else ', ' + row['status']} {narrative.mark(row['figure_id'])}"
        for row in figures.to_dict("records")
    ]
    return (
        f"**Sizes.** {narrative.capital(narrative.count(n, 'figure'))} {narrative.verb(n, 'says', 'say')} how large a move or a "
        f"stock was: {'; '.join(items)}. They count different things and must not be added."
    )


def _disputed(figures: pd.DataFrame) -> str:
    rows = {row["figure_id"]: row for row in figures.to_dict("records")}
    pairs = sorted(
        {
            tuple(sorted((i, other)))
            for i, row in rows.items()
            if row["conflicts_with"] == row["conflicts_with"]
            for other in row["conflicts_with"].split(";")
            if other in rows
        }
    )
    return " ".join(
        f"{narrative.capital(narrative.quantity(rows[a]))} {narrative.mark(a)} and {narrative.quantity(rows[b])} "
        f"{narrative.mark(b)} are said of one occasion or of two that cannot be told apart: both are kept, "
        "and neither is preferred."
        for a, b in pairs
    )


def _surroundings(selected: pd.DataFrame) -> str:
    parts = []
    for lane, noun, plural in (
        ("Elections", "row", "rows"),
        ("Sanctions and recognition", "row", "rows"),
    ):
        n = int((selected["lane"] == lane).sum())
        if n:
            parts.append(f"{narrative.count(n, noun, plural)} on {lane.lower()}")
    if not parts:
        return ""
    return (
        f"Around them stand {narrative.listed(parts)}. One happening may have a row in each article that dates it, so rows are not "
        "happenings; and that two things stand close in time does not show that one led to the other."
    )


def _exactness(selected: pd.DataFrame) -> str:
    if selected.empty:
        return ""
    n = len(selected)
    days = int((selected["date_precision"] == "day").sum())
    open_ended = int(selected["date_precision"].isin(LOOSE).sum())
    inferred = int((selected["date_basis"] == "inferred").sum())
    doubted = int(selected["status"].isin(["doubted", "conflicting"]).sum())
    text = (
        f"Of {narrative.count(n, 'dated row')}, {narrative.cardinal(days)} {narrative.verb(days, 'is', 'are')} dated to the day "
        f"and {narrative.cardinal(open_ended)} no closer than between two days or to one side; the date of {narrative.cardinal(inferred)} is inferred."
    )
    if inferred or doubted:
        text += f" {narrative.capital(narrative.count(doubted, 'row'))} {narrative.verb(doubted, 'is', 'are')} doubted or disputed."
        text += " The notes say why and from what."
    return text


def evidence(selected: pd.DataFrame) -> pd.DataFrame:
    """One row per event: when, what, who reports it, where it stands, how sure; all text, indexed by event."""
    rows = [
        {
            "event": row["event_id"],
            "when": narrative.days(row["date"], row["date_end"], row["date_precision"]),
            "what": row["summary"],
            "who": row["attributed_to"]
            if row["attributed_to"] == row["attributed_to"]
            else "the article",
            "where": f"{row['start']} to {row['end']}",
            "date": row["date_basis"],
            "doubt": {"as_printed": "none"}.get(row["status"], row["status"]),
        }
        for row in selected.to_dict("records")
    ]
    return pd.DataFrame(
        rows, columns=["event", "when", "what", "who", "where", "date", "doubt"]
    ).set_index("event")

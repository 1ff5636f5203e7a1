"""How the collection rests on its sources: what is printed, whose word it is, what overlaps, what could be checked."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative, reconcile
from rvdata.essays import voices
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Kind of primary data → families of figures that would need it; what exactly is in `reconcile.NEEDED`.
NEEDS = {
    "Published statistics": ("arms_import_share", "refugee_count", "trade_growth"),
    "Accounts of firms and treasuries": ("investment_total", "loan"),
    "Official notices and lists": ("reward", "recognition", "sanction", "election_share"),
    "Records of movements and holdings": (
        "deployment",
        "ship",
        "aircraft",
        "soldier",
        "missile",
        "casualty",
    ),
    "Depends on what is ranked or timed": ("rank", "duration", "other"),
}
GROUPS = {family: group for group, families in NEEDS.items() for family in families}
#: Verdicts that say something of the number, with the mark and the verb of each; the others leave it unchecked.
CHECKED = {
    "matches": ("filled", "matches", "match"),
    "close": ("half", "is close", "are close"),
    "differs": ("cross", "differs", "differ"),
    "between year ends": (
        "ring",
        "lies between the counts of two year ends",
        "lie between the counts of two year ends",
    ),
    "traced": ("ring", "is traced to its source", "are traced to their source"),
}
VERDICT_KEY = {
    "filled": "matches",
    "half": "close: within three times the tolerance",
    "cross": "differs",
    "ring": "between two year ends, or traced to its source",
}
#: Vintage → what data of it are, beside an article.
VINTAGES = {
    "contemporary": "data of the article's own time, which its author could have read",
    "later": "data released after the article, which its author could not have read and which may have been revised since",
    "earlier": "data older than the article, which know nothing of the time in between",
}
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
    pairs = (
        [("period_start", "period_end"), ("as_of", "as_of_end")]
        if "as_of" in rows
        else [("date", "date_end")]
    )
    # An open end is a date too, so the precision says whether there is one.
    bases = [
        c
        for c in (
            "period_start_basis",
            "period_end_basis",
            "as_of_basis",
            "date_basis",
            "date_end_basis",
        )
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
    keep = ~(rows["last"].fillna(rows["first"]).dt.year < start) & ~(
        rows["first"].fillna(rows["last"]).dt.year > end
    )
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
    return {
        c
        for k in columns
        if isinstance(row[k], str)
        for c in row[k].split(";")
        if not c.startswith("_")
    }


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
            isinstance(x["conflicts_with"], str)
            and y["figure_id"] in x["conflicts_with"].split(";")
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
    return pd.DataFrame(pairs, columns=["one", "other", "family", "time", "fit", "noted"]).astype(
        {"noted": bool}
    )


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
            last = min(
                d
                for d in (first + year, published.get(row["source_id"]))
                if d is not None and d == d
            )
            last = max(first, last)
        rows.append(row | {"first": first, "last": last, "actors": set(row["actors"].split(";"))})
    pairs = []
    for a, b in combinations(rows, 2):
        nested = a["actors"] <= b["actors"] or b["actors"] <= a["actors"]
        apart = any(x["first"] > y["last"] for x, y in ((a, b), (b, a)))  # never for an open side
        if (
            a["source_id"] == b["source_id"]
            or a["category"] != b["category"]
            or not nested
            or apart
        ):
            continue
        close = all(
            x["first"] == x["first"] and x["last"] - x["first"] < year + pd.Timedelta(days=1)
            for x in (a, b)
        )
        noted = any(
            isinstance(x["conflicts_with"], str) and y["event_id"] in x["conflicts_with"].split(";")
            for x, y in ((a, b), (b, a))
        )
        pairs.append(
            {
                "one": a["event_id"],
                "other": b["event_id"],
                "category": a["category"],
                "close": close,
                "noted": noted,
            }
        )
    return pd.DataFrame(pairs, columns=["one", "other", "category", "close", "noted"]).astype(
        {"close": bool, "noted": bool}
    )


# ---- verdicts


def checked(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Each figure with its verdict.

    Parameters
    ----------
    figures : DataFrame
        As `select` gives it.
    checks : DataFrame
        Table `figure_checks`; only its primary rows are used.

    Returns
    -------
    DataFrame
        The rows of `figures` with the columns of their primary rows; origin_id is that of the release.
    """
    primary = checks[checks["is_primary"]].drop(columns=["is_primary", "unit"])
    return figures.merge(primary, on="figure_id", how="left", validate="1:1")


def has_verdict(rows: pd.DataFrame) -> pd.DataFrame:
    """Those of the rows of `checked` whose number primary data say something of."""
    return rows[rows["verdict"].isin(CHECKED)]


def plotted_verdicts(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row per figure that primary data say something of, by verdict; all text but the figure's place.

    Returns
    -------
    DataFrame
        Columns figure_id, measure, stated, computed, off (computed less stated, where the two are apart), tolerance, verdict,
        coarse (the verdict if the step is read more coarsely, where it is another), release, vintage and explained (how many
        of the explanations that were tried match).
    """
    rows = has_verdict(checked(figures, checks))
    order = list(CHECKED)
    table = [
        {
            "figure_id": row["figure_id"],
            "measure": row["measure"],
            "stated": narrative.quantity(row),
            "computed": narrative.computed(row, row),
            "off": _off(row),
            "tolerance": _tolerance(row),
            "verdict": row["verdict"],
            "coarse": row["coarse_verdict"] if isinstance(row["coarse_verdict"], str) else "",
            "release": row["origin_id"],
            "vintage": row["vintage"] if isinstance(row["vintage"], str) else "document",
            "explained": f"{row['matched']} of {row['tried']}",
        }
        for row in rows.to_dict("records")
    ]
    table.sort(key=lambda r: (order.index(r["verdict"]), r["figure_id"]))
    columns = [
        "figure_id",
        "measure",
        "stated",
        "computed",
        "off",
        "tolerance",
        "verdict",
        "coarse",
        "release",
        "vintage",
    ]
    return pd.DataFrame(table, columns=[*columns, "explained"], dtype="object")


def _off(row: dict) -> str:
    """By how much the data depart from what is stated, with its sign and unit."""
    difference = row["difference"]
    if difference != difference:
        return "inside"
    if row["unit"] == "percent":
        return f"{difference:+.1f} points"
    if row["unit"] == "rank":
        return narrative.count(round(abs(difference)), "place")
    return f"{difference:+,.0f}"


def _tolerance(row: dict) -> str:
    """What may be off: half of the last digit stated; a rank has to be the very place, and a bound to hold."""
    if row["unit"] == "rank":
        return "a rank"
    if row["value"] != row["value"] or row["qualifier"] in ("over", "at_least", "at_most"):
        return "a bound"
    tolerance = row["tolerance"]
    return "none" if tolerance != tolerance else f"±{narrative.number(tolerance)}"


def draw_verdicts(plotted: pd.DataFrame, figures: pd.DataFrame) -> tuple[Figure, str]:
    """Each checked figure beside what primary data give, and the alternative text."""
    own = figures[figures["figure_id"].isin(plotted["figure_id"])]
    source = narrative.source_line([*own["source_id"], *plotted["release"]])
    title = "What primary data say of each figure that they can check"
    if plotted.empty:
        message = (
            "No figure of this selection can be checked with the data releases of the collection."
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    columns = {
        "stated": "stated",
        "computed": "primary data give",
        "off": "off by (tolerance)",
        "release": "release, beside the article",
        "explained": "explanations that match",
    }
    cells = []
    for row in plotted.to_dict("records"):
        coarse = f" (more coarsely: {row['coarse']})" if row["coarse"] else ""
        age = "of its time" if row["vintage"] == "contemporary" else row["vintage"]
        words = row | {"off": f"{row['off']} ({row['tolerance']})", "release": age}
        cells += [
            {
                "group": narrative.capital(row["verdict"]),
                "row": f"{row['figure_id']}: {row['measure']}{coarse}",
                "column": column,
                "look": CHECKED[row["verdict"]][0] if column == "stated" else "",
                "words": words[column],
                "doubted": False,
            }
            for column in columns
        ]
    fig = charts.checklist(
        pd.DataFrame(cells),
        columns=columns,
        key=VERDICT_KEY,
        title=title,
        source=source,
        subtitle="By methods fixed beforehand, though not blind to every result; explanations change no verdict.",
    )
    return fig, f"Grid of {narrative.count(len(plotted), 'checked figure')}. " + " ".join(
        f"{r['figure_id']}: stated {r['stated']}, primary data give {r['computed']}, {r['verdict']}"
        f"{', more coarsely ' + r['coarse'] if r['coarse'] else ''}, {r['vintage']} release {r['release']}."
        for r in plotted.to_dict("records")
    )


def coverage(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row per family: how many figures, with a method, checked, and what would be needed; all text but the counts.

    Returns
    -------
    DataFrame
        Indexed by family, in the order of `NEEDS`; columns kind of data, figures, with a method, checked and needed.
    """
    rows = checked(figures, checks)
    table = []
    for family, group in GROUPS.items():
        own = rows[rows["family"] == family]
        if len(own):
            table.append(
                {
                    "family": _NAMES[family],
                    "kind of data": group,
                    "figures": len(own),
                    "with a method": int(own["check_method"].notna().sum()),
                    "checked": len(has_verdict(own)),
                    "needed": reconcile.NEEDED[family],
                }
            )
    columns = ["family", "kind of data", "figures", "with a method", "checked", "needed"]
    return pd.DataFrame(table, columns=columns).set_index("family")


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
    return pd.DataFrame(
        rows, columns=["figure_id", "group", "row", "column", "look", "doubted", "underlined"]
    )


def draw_status(
    plotted: pd.DataFrame, figures: pd.DataFrame, published: pd.DataFrame
) -> tuple[Figure, str]:
    """Every figure as one mark, by article and by what would check it, and the alternative text."""
    source = narrative.source_line(figures["source_id"])
    title = "Every figure of this selection, by what would be needed to check it"
    if plotted.empty:
        message = "No figure is stated in this selection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    counts = figures["source_id"].value_counts()
    heads = {
        a["origin_id"]: voices.heading(a, int(counts.get(a["origin_id"], 0)))
        for a in published.to_dict("records")
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
        rows.assign(
            row_id=rows[key],
            block=rows["source_id"],
            lane=lane,
            inferred=rows["basis"] == "inferred",
        )
        for rows, key, lane in ((figures, "figure_id", "figure"), (events, "event_id", "event"))
    ]
    plotted = pd.concat(
        [
            f[f["first"].notna() | f["last"].notna()][
                ["row_id", "block", "lane", "first", "last", "inferred"]
            ]
            for f in frames
        ],
        ignore_index=True,
    )
    often = plotted.groupby(["block", "lane"])["row_id"].transform("size")
    labels = [
        f"{n} {lane}{'' if n == 1 else 's'}"
        for n, lane in zip(often, plotted["lane"], strict=False)
    ]
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


def draw_times(
    plotted: pd.DataFrame, published: pd.DataFrame, start: int, end: int
) -> tuple[Figure, str]:
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
        lines.append(
            f"{a['origin_id']}, published {voices.day(a)}: {narrative.count(len(rows), 'dated row')}{about}"
        )
    return fig, f"Times that rows speak of, from {start} to {end}. {'; '.join(lines)}."


def _years(rows: pd.DataFrame) -> str:
    """First and last year that dated rows name."""
    years = [int(d.year) for c in ("first", "last") for d in rows[c].dropna()]
    return f"{min(years)} to {max(years)}" if min(years) < max(years) else str(min(years))


# ---- what is said


def tell(
    figures: pd.DataFrame,
    events: pd.DataFrame,
    arguments: pd.DataFrame,
    checks: pd.DataFrame,
    published: pd.DataFrame,
    origins: pd.DataFrame,
) -> str:
    """How far the selection can be relied on, in sentences whose every number comes from rows.

    Parameters
    ----------
    figures, events : DataFrame
        As `select` gives them.
    arguments : DataFrame
        Arguments of the same articles.
    checks : DataFrame
        Table `figure_checks`.
    published : DataFrame
        Articles in order.
    origins : DataFrame
        Table `origins`.

    Returns
    -------
    str
        Markdown, a paragraph or list per thought; the verdicts first.
    """
    if figures.empty and events.empty:
        return (
            "Nothing in this selection states a figure or dates an event, so there is nothing to check, to compare or"
            " to doubt. That is a gap in what is recorded here, not a judgement on any article."
        )
    rows = checked(figures, checks)
    paragraphs = [
        _checked(rows),
        _vintages(rows),
        _uncovered(rows),
        _basis(figures, events),
        _overlaps(figures, events, published, origins),
        _independence(figures, events, arguments),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _checked(rows: pd.DataFrame) -> str:
    """How many figures primary data say something of, and what."""
    if rows.empty:
        return "**Checked.** No figure is stated in this selection, so none can be checked; what follows concerns events."
    n, known = len(rows), has_verdict(rows)
    text = f"**Checked: {narrative.out_of(len(known), n, 'figure')}.** "
    if known.empty:
        return text + (
            "Every verdict is open: what follows says what stands on the page and whose word it is, not what is true."
        )
    said = []
    for verdict, (_, singular, plural) in CHECKED.items():
        own = known[known["verdict"] == verdict]
        if len(own):
            said.append(
                f"{narrative.cardinal(len(own))} {narrative.verb(len(own), singular, plural)} {_ids(own)}"
            )
    text += narrative.capital("; ".join(said)) + "."
    for (verdict, coarse), own in known.groupby(["verdict", "coarse_verdict"], sort=False):
        whose = f"{narrative.verb(len(own), 'verdict', 'verdicts')} on {_ids(own)}"
        text += f" Read more coarsely than printed, the {whose} would change from {verdict} to {coarse}."
    apart = rows.apply(reconcile.standing, axis=1).value_counts()
    counted = [f"{name} {apart[name]}" for name in reconcile.STANDINGS if name in apart]
    text += f" How they stand: {', '.join(counted)}."
    if (known["verdict"] == "between year ends").any():
        text += (
            " Nothing is interpolated between year ends, so a number between them is not confirmed."
        )
    return text


def _vintages(rows: pd.DataFrame) -> str:
    """How old the releases behind the verdicts are beside the articles, and what that means."""
    known = has_verdict(rows)
    said = []
    for vintage, meaning in VINTAGES.items():
        n = int((known["vintage"] == vintage).sum())
        if n:
            whole = (
                ""
                if n < len(known)
                else "the one verdict "
                if n == 1
                else f"all {narrative.cardinal(n)} verdicts "
            )
            verb = narrative.verb(n, "rests", "rest")
            some = f"{narrative.cardinal(n)} " + (
                "" if said else "verdict " if n == 1 else "verdicts "
            )
            said.append(f"{whole or some}{verb} on {meaning}")
    if not said:
        return ""
    text = f"**Vintages.** {narrative.capital('; '.join(said))}."
    if not (known["vintage"] == "contemporary").any():
        text += " A difference may therefore be a revision and not a mistake."
    return text


def _uncovered(rows: pd.DataFrame) -> str:
    """What keeps the other figures from being checked."""
    open_ = rows[~rows["figure_id"].isin(has_verdict(rows)["figure_id"])]
    if open_.empty:
        return ""
    kinds = open_["family"].map(GROUPS).value_counts()
    per = [f"{group[:1].lower() + group[1:]} ({kinds[group]})" for group in NEEDS if group in kinds]
    fixed = open_[open_["check_method"].notna()]
    text = (
        f"**Not checked: {narrative.out_of(len(open_), len(rows), 'figure')}.** By what they would need:"
        f" {', '.join(per)}; the table of coverage says what exactly."
    )
    if len(fixed):
        text += (
            f" For {narrative.cardinal(len(fixed))} of them a method is fixed, but nothing in the collection covers"
            f" {narrative.verb(len(fixed), 'it', 'them')} {_ids(fixed)}."
        )
    return text


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
            + (
                f", {dates['none']} {narrative.verb(dates['none'], 'has', 'have')} none"
                if "none" in dates
                else ""
            )
        )
        for status in ("doubted", "conflicting"):
            bad = rows[rows["status"] == status]
            if len(bad):
                said.append(
                    f"{narrative.out_of(len(bad), n, noun, 'is', 'are')} {status} {_ids(bad)}"
                )
        lines.append(f"- **{narrative.capital(noun)}s**: {'; '.join(said)}.")
    return "**What stands on the page.**\n\n" + "\n".join(lines)


def _overlaps(
    figures: pd.DataFrame, events: pd.DataFrame, published: pd.DataFrame, origins: pd.DataFrame
) -> str:
    """Where two articles may speak of the same thing, and whether they agree."""
    if len(published) < 2:
        return "**Agreement.** One article alone can neither agree nor disagree with another."
    by_id = {r["figure_id"]: r for r in figures.to_dict("records")} | {
        r["event_id"]: r for r in events.to_dict("records")
    }
    found, dates = figure_pairs(figures), event_pairs(events, origins)
    close = dates[dates["close"]]
    lines = [_figure_line(by_id[p["one"]], by_id[p["other"]], p) for p in found.to_dict("records")]
    if len(close):
        marks = [narrative.mark([p["one"], p["other"]]) for p in close.to_dict("records")]
        lines.append(f"- Events: {', '.join(marks)}. The table of events says what each tells.")
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
    if len(found):
        same = found[found["time"] == "same"]
        text += (
            f" Of the pairs of figures, {len(same)} {narrative.verb(len(same), 'is', 'are')} of one time; there the"
            f" bounds leave room for one number in {int((same['fit'] == 'yes').sum())} and for none in"
            f" {int((same['fit'] == 'no').sum())}."
        )
    loose = dates[~dates["close"]]
    if len(loose):
        lines.append(
            f"- {narrative.capital(narrative.count(len(loose), 'further pair'))} of events"
            f" {narrative.verb(len(loose), 'is', 'are')} dated too loosely to say more, open to one side or over more than"
            " a year."
        )
    return text + ("\n\n" + "\n".join(lines) if lines else "")


def _figure_line(a: dict, b: dict, pair: dict) -> str:
    said = [
        f"{narrative.quantity(r)} ({md(r['measure'])}, {narrative.when(r)}{_flag(r)}) {narrative.mark(r['figure_id'])}"
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
                who = rows["name"].nunique()
                items.append(
                    f"{narrative.count(who, *nouns)} in {narrative.cardinal(len(rows))} {narrative.mark(rows['row_id'])}"
                )
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
        return (
            text
            + f"Of all {total} rows, events and arguments included, none names a source of its own."
        )
    names = named["name"].nunique()
    shared = [name for name, rows in named.groupby("name") if rows["source_id"].nunique() > 1]
    return text + (
        f"With events and arguments, {narrative.out_of(len(named), total, 'row', 'names', 'name')} a source, under "
        f"{narrative.count(names, 'name')}; "
        + (
            f"named by more than one article: {narrative.listed(map(md, shared))}."
            if shared
            else "no name occurs in more than one article."
        )
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
                "by": f"{a['publisher']}; {a['authors'] if isinstance(a['authors'], str) else 'no author named'}",
                "published": voices.day(a),
                **{name: str(len(frame)) for name, frame in own.items()},
                "derived": str(int((of["status"] == "derived").sum())),
                "doubted or conflicting": str(
                    int(of["status"].isin(["doubted", "conflicting"]).sum())
                ),
                "with a source": str(int(of["attributed_to"].notna().sum())),
                "dates inferred": str(int((of["basis"] == "inferred").sum())),
                "how the day is known": a["published_note"]
                if isinstance(a["published_note"], str)
                else "printed",
                "funding and author": a["about"] if isinstance(a["about"], str) else "",
            }
        )
    columns = [
        "article",
        "by",
        "published",
        "figures",
        "events",
        "arguments",
        "derived",
        "doubted or conflicting",
        "with a source",
        "dates inferred",
        "how the day is known",
        "funding and author",
    ]
    return pd.DataFrame(rows, columns=columns).set_index("article")


def told_events(events: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """The events that sentences name: doubted, conflicting, or one of a close pair."""
    pairs = event_pairs(events, origins)
    close = pairs[pairs["close"]]
    return events[
        (events["status"] != "as_printed")
        | events["event_id"].isin([*close["one"], *close["other"]])
    ]


def loose(events: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """The events that might be the same happening but are dated too loosely to tell: one row per category; all text."""
    pairs = event_pairs(events, origins)
    rows = []
    for category, own in pairs[~pairs["close"]].groupby("category"):
        rows.append(
            {
                "category": category,
                "pairs": str(len(own)),
                "events": ", ".join(sorted({*own["one"], *own["other"]})),
            }
        )
    return pd.DataFrame(rows, columns=["category", "pairs", "events"]).set_index("category")


def behind(figures: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Rows that are derived, doubted or conflicting, as notes are listed: identifier, derivation and note."""
    frames = [
        figures.rename(columns={"figure_id": "row_id"}),
        events.rename(columns={"event_id": "row_id"}).assign(derivation=None),
    ]
    return pd.concat(
        [
            f[f["status"] != "as_printed"][["row_id", "derivation", "note"]].astype(object)
            for f in frames
        ],
        ignore_index=True,
    )


def evidence_of_events(selected: pd.DataFrame) -> pd.DataFrame:
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

"""Stated counts of people who fled: by state of origin, by whom the text holds responsible, and how to say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative
from rvdata.essays import voices
from rvdata.narrative import capital, cardinal, count, listed, mark, out_of, scaled, verb
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MILLION = 1e6


def select(
    counts: pd.DataFrame,
    origins: list[str],
    responsible: list[str],
    sources: list[str],
    include_inferred: bool,
) -> pd.DataFrame:
    """The stated counts of people from some states, or charged to some states.

    Parameters
    ----------
    counts : DataFrame
        Table `refugee_counts`.
    origins : list of str
        Codes of the states from which those counted fled; empty for all.
    responsible : list of str
        Codes of the states that the text holds responsible; empty for all, nobody included.
    sources : list of str
        Articles to take into account; empty for all.
    include_inferred : bool
        Whether counts whose origin is not printed count.

    Returns
    -------
    DataFrame
        The same columns, in the order of figure_id.
    """
    keep = counts["figure_id"].notna()
    if origins:
        keep &= counts["origin"].isin(origins)
    if responsible:
        keep &= (
            counts["responsible"]
            .fillna("")
            .map(lambda codes: bool(set(codes.split(";")) & set(responsible)))
        )
    if sources:
        keep &= counts["source_id"].isin(sources)
    if not include_inferred:
        keep &= counts["origin_basis"] == "printed"
    return counts[keep].sort_values("figure_id").reset_index(drop=True)


def mirrored(
    counts: pd.DataFrame, origins: list[str], responsible: list[str], sources: list[str]
) -> pd.DataFrame:
    """The counts that a reader might expect who takes one reading of the list for the other: left out by `select`.

    Asked for people from a state, these are the counts charged to it that are of people from elsewhere; asked for
    counts charged to a state, those of its people that are charged to another.
    """
    if not origins and not responsible:
        return counts.head(0)
    own = select(counts, origins, responsible, sources, include_inferred=True)
    other = select(counts, responsible, origins, sources, include_inferred=True)
    return other[~other["figure_id"].isin(set(own["figure_id"]))].reset_index(drop=True)


def scope(origins: list[str], responsible: list[str]) -> str:
    """What was asked for, as the end of a noun phrase.

    Examples
    --------
    >>> scope(["UKR"], []), scope([], ["RUS"]), scope([], [])
    (' from Ukraine', ' charged to Russia', '')
    """
    places = f" from {listed([_whence(c) for c in origins])}" if origins else ""
    return places + (f" charged to {_the(';'.join(responsible))}" if responsible else "")


def rounding(counts: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Every count with the interval that its print leaves open, in columns `least` and `most`.

    A count printed without a hedge may stand for anything that rounds to it: half a step either side. A stated bound
    is taken as it is, and an unstated one stays empty.

    Parameters
    ----------
    counts : DataFrame
        Rows of `refugee_counts`.
    figures : DataFrame
        Table `figures`, for the step of each.

    Returns
    -------
    DataFrame
        The rows with `least` and `most`, in persons.

    Examples
    --------
    >>> rows = pd.DataFrame({"figure_id": ["x-2000-f01"], "low": [6.6e6], "high": [6.6e6], "qualifier": ["exact"]})
    >>> steps = pd.DataFrame({"figure_id": ["x-2000-f01"], "stated_step": [1e5]})
    >>> rounding(rows, steps)[["least", "most"]].iloc[0].tolist()
    [6550000.0, 6650000.0]
    """
    step = counts["figure_id"].map(figures.set_index("figure_id")["stated_step"]).astype("float64")
    rounded = (counts["qualifier"] == "exact") & step.notna()
    return counts.assign(
        least=counts["low"].mask(rounded, counts["low"] - step / 2).clip(lower=0),
        most=counts["high"].mask(rounded, counts["high"] + step / 2),
    )


def total(counts: pd.DataFrame) -> dict[str, float] | None:
    """What the list adds up to, where nothing speaks against adding before anybody asks who counts as displaced.

    Parameters
    ----------
    counts : DataFrame
        Rows as `rounding` gives them.

    Returns
    -------
    dict of str to float, or None
        Value, least and most, in persons. None unless two or more counts with both bounds stand in one article, for one
        time, each of another origin.

    Examples
    --------
    >>> rows = pd.DataFrame({"source_id": "x-2000", "origin": ["SYR", "UKR"], "persons": [6.6e6, 4.5e6],
    ...     "least": [6.55e6, 4.45e6], "most": [6.65e6, 4.55e6], "as_of": pd.NaT, "as_of_end": pd.NaT})
    >>> total(rows)
    {'value': 11100000.0, 'least': 11000000.0, 'most': 11200000.0}
    """
    same = len(counts[["source_id", "as_of", "as_of_end"]].drop_duplicates()) == 1
    known = counts[["persons", "least", "most"]].notna().all(axis=None)
    if len(counts) < 2 or not same or not known or counts["origin"].duplicated().any():
        return None
    value, least, most = (float(counts[c].sum()) for c in ("persons", "least", "most"))
    return {"value": value, "least": least, "most": most}


def ranks(figures: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of `figures` that rank refugee crises, of the articles and states of some counts."""
    codes = set(counts["origin"])
    return figures[
        (figures["family"] == "rank")
        & figures["measure"].str.contains("refugee")
        & figures["source_id"].isin(set(counts["source_id"]))
        & figures["subject"].fillna("").map(lambda subject: bool(set(subject.split(";")) & codes))
    ]


def behind(counts: pd.DataFrame, others: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The rows of `figures` that charts and sentences rest on."""
    used = {*counts["figure_id"], *others["figure_id"], *ranks(figures, counts)["figure_id"]}
    return figures[figures["figure_id"].isin(used)]


def reasons(rows: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Notes of figures, and of how their articles are dated, as they are listed: row_id, derivation and note."""
    dated = articles[articles["origin_id"].isin(set(rows["source_id"]))]
    dated = dated.rename(columns={"origin_id": "row_id", "published_note": "note"}).assign(
        derivation=None
    )
    columns = ["row_id", "derivation", "note"]
    return pd.concat(
        [rows.rename(columns={"figure_id": "row_id"})[columns], dated[columns]], ignore_index=True
    )


# ---- what is drawn


def plotted_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per count as the first chart draws it.

    Parameters
    ----------
    counts : DataFrame
        Rows as `rounding` gives them.

    Returns
    -------
    DataFrame
        Columns figure_id, label (origin), below (whom the text holds responsible), printed, value, least, most (million
        people) and inferred (the origin); largest count first.
    """
    rows = [
        {
            "figure_id": row["figure_id"],
            "label": narrative.states(row["origin"]),
            "below": f"held responsible: {_charged(row)}",
            "printed": _printed(row) + _doubt(row),
            "value": row["persons"] / _MILLION,
            "least": row["least"] / _MILLION,
            "most": row["most"] / _MILLION,
            "inferred": row["origin_basis"] == "inferred",
        }
        for row in counts.to_dict("records")
    ]
    frame = pd.DataFrame(
        rows,
        columns=["figure_id", "label", "below", "printed", "value", "least", "most", "inferred"],
    )
    return frame.sort_values(["value", "figure_id"], ascending=[False, True], ignore_index=True)


def plotted_readings(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per count as the second chart draws it.

    Returns
    -------
    DataFrame
        Columns figure_id, left (held responsible, empty where nobody is), right (origin), value (million people),
        printed_left, printed_right, inferred (the origin) and same (whether both readings name the same state); largest
        count first.
    """
    rows = [
        {
            "figure_id": row["figure_id"],
            "left": _charged(row) if row["responsible"] == row["responsible"] else "",
            "right": narrative.states(row["origin"]),
            "value": row["persons"] / _MILLION,
            "printed_left": _short(row) + _doubt(row),
            "printed_right": _short(row)
            + (", origin inferred" if row["origin_basis"] == "inferred" else "")
            + ("" if row["responsible"] == row["responsible"] else ", nobody charged"),
            "inferred": row["origin_basis"] == "inferred",
            "same": row["origin"] == row["responsible"],
        }
        for row in counts.to_dict("records")
    ]
    frame = pd.DataFrame(
        rows,
        columns=[
            "figure_id",
            "left",
            "right",
            "value",
            "printed_left",
            "printed_right",
            "inferred",
            "same",
        ],
    )
    return frame.sort_values(["value", "figure_id"], ascending=[False, True], ignore_index=True)


def _charged(row: dict) -> str:
    return (
        narrative.states(row["responsible"])
        if row["responsible"] == row["responsible"]
        else "nobody named"
    )


def _printed(row: dict) -> str:
    """The count in words, with the interval that rounding leaves open; a hedge as it is printed."""
    if row["qualifier"] != "exact" and row["stated"] == row["stated"]:
        return row["stated"]
    return scaled(row["persons"], row["least"], row["most"])


def _mirrored(others: pd.DataFrame) -> str:
    said = []
    for row in _rows(others):
        sure = "evidently " if row["origin_basis"] == "inferred" else ""
        charged = _the(row["responsible"]) if row["responsible"] == row["responsible"] else "nobody"
        said.append(
            f"{md(_short(row))} who {sure}fled {_whence(row['origin'])} and for whom {charged} "
            f"{'is' if ';' not in str(row['responsible']) else 'are'} held responsible{_doubt(row)} "
            f"{mark(row['figure_id'])}"
        )
    if not said:
        return ""
    return f"Not counted here, though the other reading of the list would have it here: {'; '.join(said)}."


def _short(row: dict) -> str:
    return scaled(row["persons"]) if row["qualifier"] == "exact" else _printed(row)


def _doubt(row: dict) -> str:
    return {"doubted": ", doubted", "conflicting": ", disputed", "derived": ", inferred"}.get(
        row["status"], ""
    )


def draw_counts(plotted: pd.DataFrame, counts: pd.DataFrame, whose: str = "") -> tuple[Figure, str]:
    """The first chart, one row per count, and its alternative text."""
    source = narrative.source_line(counts["source_id"], counts["attributed_to"])
    if plotted.empty:
        message = f"No count of displaced people{whose} is stated in this selection."
        title = f"Stated counts of displaced people{whose}"
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    inferred = " Hollow: origin inferred, not printed." if plotted["inferred"].any() else ""
    top = max(plotted[["value", "least", "most"]].max(axis=None), 0.001)
    fig = charts.intervals(
        plotted,
        title="Stated counts of displaced people, by state of origin",
        source=source,
        unit="million people",
        subtitle=f"Dot: count as printed. Bar: what rounding leaves open.{inferred}",
        limits=(0, above(top)),
    )
    rows = [f"{r['label']}, {r['below']}: {r['printed']}" for r in plotted.to_dict("records")]
    return (
        fig,
        f"Dot chart with intervals: {count(len(rows), 'count')} of displaced people. {'; '.join(rows)}.",
    )


def above(value: float) -> float:
    """A round number above a value: the end of an axis.

    Examples
    --------
    >>> above(6.65), above(0.4), above(12.0)
    (7.0, 0.5, 20.0)
    """
    import math

    size = 10.0 ** math.floor(math.log10(value))
    return round((math.floor(value / size) + 1) * size, 9)


def draw_readings(
    plotted: pd.DataFrame, counts: pd.DataFrame, whose: str = ""
) -> tuple[Figure, str]:
    """The second chart, the list read by responsibility and by origin, and its alternative text."""
    source = narrative.source_line(counts["source_id"], counts["attributed_to"])
    title = "The same counts, read by responsibility and by origin"
    if plotted.empty:
        message = f"No count of displaced people{whose} is stated in this selection: nothing to read either way."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    other = int((~plotted["same"]).sum())
    inferred = " Hollow: origin inferred." if plotted["inferred"].any() else ""
    fig = charts.links(
        plotted,
        heads=("held responsible by the text", "state from which they fled"),
        title=title,
        source=source,
        subtitle=f"Level: the same state in both. Sloped: the readings differ. Width: count.{inferred}",
    )
    rows = [
        f"{r['left'] or 'nobody'} is held responsible for {r['printed_left']}, who fled {r['right']}"
        f"{' (inferred)' if r['inferred'] else ''}{'' if r['same'] else ': the readings differ'}"
        for r in plotted.to_dict("records")
    ]
    return fig, (
        f"Link diagram: {out_of(other, len(plotted), 'count', 'differs', 'differ')} between the readings. "
        f"{'; '.join(rows)}."
    )


# ---- what is said


def tell(
    counts: pd.DataFrame,
    others: pd.DataFrame,
    unprinted: int,
    figures: pd.DataFrame,
    articles: pd.DataFrame,
    whose: str = "",
) -> str:
    """What the articles state of people who fled, in sentences whose every number comes from a row.

    Parameters
    ----------
    counts : DataFrame
        Rows as `rounding` gives them.
    others : DataFrame
        As `mirrored` gives them.
    unprinted : int
        How many counts were left out because their origin is inferred.
    figures, articles : DataFrame
        Tables `figures` and `origins`, for ranks and for the dates of the articles.
    whose : str
        As `scope` gives it.

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    if counts.empty:
        left_out = (
            f" {capital(count(unprinted, 'count'))} {verb(unprinted, 'is', 'are')} left "
            "out because the state of origin is understood and not printed."
            if unprinted
            else ""
        )
        nothing = (
            f"No article in this selection states a count of displaced people{whose}.{left_out} "
            "That is a gap in what is stated, not a zero: it does not say that nobody fled."
        )
        return "\n\n".join(p for p in (nothing, _mirrored(others)) if p)
    paragraphs = [
        _stated(counts),
        _readings(counts),
        _mirrored(others),
        _charge(counts),
        _rank(ranks(figures, counts)),
        _dates(counts, articles),
        _meaning(counts),
        _standing(counts, unprinted),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _rows(counts: pd.DataFrame) -> list[dict]:
    return counts.sort_values(["persons", "figure_id"], ascending=[False, True]).to_dict("records")


def _stated(counts: pd.DataFrame) -> str:
    articles, named = (
        sorted(set(counts["source_id"])),
        sorted(set(counts["attributed_to"].dropna())),
    )
    said = [
        f"**{md(_printed(row))}** from {_whence(row['origin'])} {mark(row['figure_id'])}"
        for row in _rows(counts)
    ]
    text = (
        f"{capital(count(len(articles), 'article'))} {verb(len(articles), 'states', 'state')} "
        f"how many people were displaced: {listed(said)}."
    )
    if named:
        text += (
            f" The {verb(len(counts), 'number is', 'numbers are')} attributed to "
            f"{listed(md(voices.cited(name)) for name in named)}."
        )
    if (counts["qualifier"] == "exact").any():
        text += " The interval in brackets is what the printed digits leave open, not what counting may have missed."
    return text


def _readings(counts: pd.DataFrame) -> str:
    inferred = counts[counts["origin_basis"] == "inferred"]
    text = ""
    if len(inferred):
        where = "" if len(counts) == 1 else f" in {out_of(len(inferred), len(counts), 'count')}"
        text = (
            f"The state of origin is understood and not printed{where}: the text names whom it holds responsible, "
            "not from "
            "where people fled. "
        )
    other = counts[counts["origin"] != counts["responsible"]]
    same = len(counts) - len(other)
    if other.empty:
        return text + (
            f"In {'this count' if same == 1 else 'each of these counts'} both are the same state, so "
            "origin and responsibility cannot be told apart here."
        )
    if same:
        text += (
            f"For {count(same, 'count')} both readings give the same state; for {cardinal(len(other))} they "
            "do not. "
        )
    for row in _rows(other):
        if row["responsible"] != row["responsible"]:
            text += (
                f"For {md(_short(row))} from {_whence(row['origin'])} nobody is held responsible "
                f"{mark(row['figure_id'])}. "
            )
            continue
        sure = "evidently " if row["origin_basis"] == "inferred" else ""
        text += (
            f"**{md(capital(_short(row)))} stand under {_the(row['responsible'])}, but those counted {sure}fled "
            f"{_whence(row['origin'])}** {mark(row['figure_id'])}. Read by responsibility, the number is "
            f"{_genitive(row['responsible'])}; read by origin, it is {_genitive(row['origin'])}. "
        )
        if row["status"] == "doubted":
            text += "The ledger marks the row as doubted, for the reason given below the evidence. "
    absent = [c for c in _codes(other["responsible"]) if c not in set(counts["origin"])]
    if absent:
        text += (
            f"How many people fled from {listed([narrative.the(c) for c in absent])} is not stated here, and must "
            "not "
            "be read off this list."
        )
    return text.strip()


def _whence(code: str) -> str:
    return "a state that is not known" if code == "_U" else narrative.the(code)


def _the(codes: str) -> str:
    return listed([narrative.the(c) for c in codes.split(";")])


def _genitive(codes: str) -> str:
    return narrative.possessive(_the(codes))


def _codes(column: pd.Series) -> list[str]:
    return sorted({code for codes in column.dropna() for code in codes.split(";")})


def _charge(counts: pd.DataFrame) -> str:
    """Who holds whom responsible, and how far that goes."""
    charged = counts[counts["responsible"].notna()]
    if charged.empty:
        return ""
    own = charged[charged["origin"] == charged["responsible"]]
    accused = _codes(charged["responsible"])
    text = (
        f"That {_the(';'.join(accused))} {verb(len(accused), 'is', 'are')} "
        "responsible is a charge made in the article. "
    )
    if charged["attributed_to"].notna().any():
        text += "Whoever is cited for a number is not thereby cited for the charge. "
    if not charged["responsible"].str.contains(";").any():
        text += f"{'Each count is' if len(charged) > 1 else 'The count is'} laid at the door of one state alone, "
        text += "which leaves no place for others that may have had a part"
        text += (
            f", nor, where a state is held responsible for its own people "
            f"({narrative.states(_codes(own['origin']))}), for the "
            "difference between a state, its government and its opponents. "
            if len(own)
            else ". "
        )
    return text.strip()


def _rank(rows: pd.DataFrame) -> str:
    sentences = []
    for row in rows.to_dict("records"):
        crises = row["subject"].split(";")
        since = (
            f" since {row['period_start'].year}"
            if row["period_start"] == row["period_start"]
            else ""
        )
        what = f"{count(len(crises), 'crisis', 'crises')} together" if len(crises) > 1 else "crisis"
        sentences.append(
            f"The article also ranks the {what} ({narrative.states(crises)}) as “{md(row['stated'])}”{since} "
            f"{mark(row['figure_id'])}."
        )
        if len(crises) > 1:
            sentences.append("A rank held in common does not say which place any one of them has.")
        if row["status"] == "doubted":
            sentences.append(
                "The ledger marks the rank as doubted, for the reason given below the evidence."
            )
    return " ".join(sentences)


def _dates(counts: pd.DataFrame, articles: pd.DataFrame) -> str:
    inferred = counts[counts["as_of_basis"] == "inferred"]
    if inferred.empty:
        return ""
    days = list(dict.fromkeys(voices.holds(row) for row in inferred.to_dict("records")))
    text = (
        f"No day is printed at which {'the count holds' if len(inferred) == 1 else 'these counts hold'}: "
        f"{listed(days)} is inferred from when the {verb(inferred['source_id'].nunique(), 'article', 'articles')} "
        "can have appeared, which only bounds the day of counting from above. "
    )
    reasons = articles.set_index("origin_id")["published_note"]
    circular = [
        row["figure_id"]
        for row in inferred.to_dict("records")
        if row["stated"] in str(reasons.get(row["source_id"], ""))
    ]
    if circular:
        text += (
            f"The reasons given for that time mention {'a count' if len(circular) == 1 else 'counts'} of the same list "
            f"{mark(circular)}, so it cannot be used to confirm {'it' if len(circular) == 1 else 'them'}. "
        )
    return text.strip()


def _meaning(counts: pd.DataFrame) -> str:
    """What the counts do not say, and what they would add up to."""
    text = (
        "Who counts as displaced is not defined: refugees alone, asylum-seekers as well, others abroad, or people "
        "who "
        "fled within their own state. Nor is it said whether a count is of those abroad on a day or of all who "
        "ever left, "
        f"returned ones included"
        f"{', nor whether one definition serves the whole list' if len(counts) > 1 else ''}. "
    )
    added = total(counts)
    if added:
        text += (
            f"Added up, the {count(len(counts), 'count')} would come to {scaled(**added)}. This sum was "
            "computed by the project, is printed nowhere, and would mean something only if one definition and one "
            "day held "
            "for the whole list."
        )
    elif len(counts) > 1:
        text += "The counts are not added up: they are of several articles or times, overlap in origin, or lack bounds."
    return text.strip()


def _standing(counts: pd.DataFrame, unprinted: int) -> str:
    articles = sorted(set(counts["source_id"]))
    doubted = int(counts["status"].isin(["doubted", "conflicting"]).sum())
    text = f"All of this rests on {count(len(articles), 'article')} ({', '.join(articles)}). "
    if len(articles) == 1:
        text += "No second article states a count, so nothing here is confirmed independently. "
    if len(counts) == 1:
        text += f"The ledger {'marks' if doubted else 'does not mark'} the count as doubted."
    else:
        text += f"The ledger marks {out_of(doubted, len(counts), 'count')} as doubted."
    if unprinted:
        text += (
            f" {capital(count(unprinted, 'count'))} with an inferred origin "
            f"{verb(unprinted, 'is', 'are')} left out."
        )
    return text

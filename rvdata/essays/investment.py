"""Stated sums of money into a country: what is printed of them, what is missing, and how to say it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative
from rvdata.essays import voices
from rvdata.narrative import capital, cardinal, count, listed, mark, out_of, scaled, verb
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Families of figures that speak of money.
MONEY = ("investment_total", "loan", "trade_growth", "reward")
_MILLION = 1e6
#: Words by which `measure` gives away what is counted; without one of them the text does not say it.
_KINDS = ("direct", "portfolio", "loan", "credit", "prepayment", "bond", "equity", "debt", "reward")
_STOCKS = ("stock", "flow", "annual", "yearly", "cumulative", "outstanding", "single")
_NETS = ("gross", "net ", "repaid", "outstanding")
_PRICES = ("price", "constant", "real ", "nominal", "deflated")
#: What a reader needs to know of a sum, under the headings of the second chart.
ASPECTS = {
    "amount": "The sum",
    "lowest and highest amount": "The sum",
    "source of the number": "The parties",
    "where the money comes from": "The parties",
    "where it goes": "The parties",
    "period it was paid in": "The time",
    "day it holds at": "The time",
    "what counts as such money": "The meaning",
    "stock or flow": "The meaning",
    "gross or net of repayments": "The meaning",
    "prices of which year": "The meaning",
}


def select(
    totals: pd.DataFrame,
    figures: pd.DataFrame,
    host: str,
    investor: str,
    families: list[str],
    sources: list[str],
    include_derived: bool,
) -> pd.DataFrame:
    """Sums of money from one state into another, and other sums that concern the latter.

    Parameters
    ----------
    totals, figures : DataFrame
        Tables `investment_totals` and `figures`.
    host, investor : str
        Codes of the state that the money goes to and of the state that it comes from.
    families : list of str
        Families of figures, among `MONEY`; empty for all of them.
    sources : list of str
        Articles to take into account; empty for all.
    include_derived : bool
        Whether rows that this project inferred count.

    Returns
    -------
    DataFrame
        Rows of `figures` with amount_usd, low and high, and `into`: whether the row is a sum from the investor into the
        host. Other sums in dollars are context if the host is a party to them. Sums into the host come first, largest
        first.
    """
    wanted = _wanted(figures, families, sources, include_derived)
    pairs = zip(totals["host"].str.split(";"), totals["investor"].str.split(";"), strict=False)
    into = totals[[host in hosts and investor in investors for hosts, investors in pairs]]
    rows = wanted[wanted["figure_id"].isin(set(into["figure_id"]))].drop(
        columns=["value", "low", "high"]
    )
    rows = rows.merge(into[["figure_id", "amount_usd", "low", "high"]], on="figure_id").assign(
        into=True
    )
    context = wanted[
        (wanted["unit"] == "USD")
        & ~wanted["figure_id"].isin(set(totals["figure_id"]))
        & _party(wanted, host)
    ]
    context = context.rename(columns={"value": "amount_usd"}).assign(into=False)
    rows = pd.concat([rows, context[rows.columns]], ignore_index=True) if len(context) else rows
    size = rows["amount_usd"].fillna(rows["low"]).fillna(rows["high"])
    return (
        rows.assign(_size=size)
        .sort_values(["into", "_size", "figure_id"], ascending=[False, False, True])
        .drop(columns="_size")
        .reset_index(drop=True)
    )


def beside(
    figures: pd.DataFrame, host: str, families: list[str], sources: list[str], include_derived: bool
) -> pd.DataFrame:
    """Rows of `figures` that speak of money around the host, but in no sum: growth rates and factors."""
    wanted = _wanted(figures, families, sources, include_derived)
    return (
        wanted[(wanted["unit"] != "USD") & _party(wanted, host)]
        .sort_values("figure_id")
        .reset_index(drop=True)
    )


def _wanted(
    figures: pd.DataFrame, families: list[str], sources: list[str], include_derived: bool
) -> pd.DataFrame:
    keep = figures["family"].isin(families or MONEY)
    if sources:
        keep &= figures["source_id"].isin(sources)
    if not include_derived:
        keep &= figures["status"] != "derived"
    return figures[keep]


def _party(figures: pd.DataFrame, host: str) -> pd.Series:
    parties = figures[["subject", "counterpart"]].fillna("")
    named = [
        host in f"{subject};{other}".split(";")
        for subject, other in parties.itertuples(index=False)
    ]
    return pd.Series(named, index=figures.index, dtype=bool)


def rounding(sums: pd.DataFrame) -> pd.DataFrame:
    """Every sum with the interval that its print leaves open, in columns `least` and `most`, in US dollars.

    A total of investment printed without a hedge may stand for anything that rounds to it: half a step either side.
    What somebody sets (a reward, a payment) is what it says. A stated bound is taken as it is; a hedge such as "about"
    states none.

    Examples
    --------
    >>> rows = pd.DataFrame({"family": ["investment_total", "reward"], "qualifier": "exact", "low": [3e10, 5e7],
    ...                      "high": [3e10, 5e7], "stated_step": [1e10, 1e7]})
    >>> rounding(rows)[["least", "most"]].values.tolist()
    [[25000000000.0, 35000000000.0], [50000000.0, 50000000.0]]
    """
    rounded = (
        (sums["family"] == "investment_total")
        & (sums["qualifier"] == "exact")
        & sums["stated_step"].notna()
    )
    return sums.assign(
        least=sums["low"].mask(rounded, sums["low"] - sums["stated_step"] / 2),
        most=sums["high"].mask(rounded, sums["high"] + sums["stated_step"] / 2),
    )


def stated_of(row: dict) -> dict[str, tuple[str, str]]:
    """What is and what is not stated of a sum, with the words for it.

    Parameters
    ----------
    row : dict
        As `select` gives it.

    Returns
    -------
    dict of str to tuple of str
        By the keys of `ASPECTS`, in their order: printed, inferred, bound only, missing, or empty where the aspect does
        not apply; and what the row says. What a sum means is read off the words of `measure`.

    Examples
    --------
    >>> nan = float("nan")
    >>> row = {"family": "investment_total", "status": "as_printed", "qualifier": "approx", "amount_usd": 3e10,
    ...     "low": nan, "high": nan, "stated": "$30 billion", "measure": "total investment", "subject": "VEN",
    ...     "subject_basis": "printed", "counterpart": "RUS", "attributed_to": nan, "period_start": nan,
    ...     "period_end": nan, "period_start_basis": nan,
    ...     "as_of": pd.Timestamp("2019-02-04"), "as_of_end": pd.Timestamp("2019-02-10"), "as_of_precision": "period",
    ...     "as_of_basis": "inferred"}
    >>> stated_of(row)["amount"], stated_of(row)["day it holds at"]
    (('printed', 'about USD 30 billion'), ('inferred', '[4 to 10 February 2019]'))
    >>> [state for state, _ in stated_of(row).values()].count("missing")
    7
    """
    derived, words = row["status"] == "derived", f"{row['measure'].lower()} "
    paid = (
        row["family"] == "reward"
    )  # set by somebody, so that neither a measuring period nor a price basis is needed
    single = paid or "single" in words  # a payment is a flow, in the money of its day
    dated = _known(row["period_start"])
    payer, basis = (
        (row["subject"], row["subject_basis"]) if paid else (row["counterpart"], "printed")
    )
    meant = _said(words, _KINDS)
    return dict(
        zip(
            ASPECTS,
            (
                (
                    "inferred"
                    if derived
                    else "printed"
                    if _known(row["amount_usd"])
                    else "bound only",
                    _head(row),
                ),
                _bounds(row, measured=not single),
                ("inferred", "this project")
                if derived
                else _stated_as(row["attributed_to"], "printed"),
                _stated_as(
                    narrative.states(payer) if _known(payer) else None,
                    "inferred" if derived else basis,
                ),
                _NOT_APPLICABLE
                if paid
                else _stated_as(narrative.states(row["subject"]), row["subject_basis"]),
                _NOT_APPLICABLE
                if paid
                else _stated_as(_when(row) if dated else None, row["period_start_basis"]),
                _NOT_APPLICABLE
                if dated
                else _stated_as(
                    _when(row) if _known(row["as_of_precision"]) else None, row["as_of_basis"]
                ),
                ("inferred", meant[1]) if derived and meant[1] else meant,
                _NOT_APPLICABLE
                if paid
                else ("printed", "paid over the period")
                if dated
                else _said(words, _STOCKS),
                _NOT_APPLICABLE if single else _said(words, _NETS),
                _NOT_APPLICABLE if single else _said(words, _PRICES),
            ),
            strict=False,
        )
    )


_NOT_APPLICABLE = ("", "does not apply")
_NOT_STATED = ("missing", "not stated")


def _known(cell: object) -> bool:
    return cell is not None and cell == cell and cell != ""


def _stated_as(words: object, basis: str) -> tuple[str, str]:
    return (basis, str(words)) if _known(words) else _NOT_STATED


def _said(words: str, stems: tuple[str, ...]) -> tuple[str, str]:
    found = [stem.strip() for stem in stems if stem in words]
    return ("printed", listed(found)) if found else _NOT_STATED


def _bounds(row: dict, measured: bool) -> tuple[str, str]:
    """What is stated of the lowest and the highest amount."""
    if row["qualifier"] == "exact":
        return _NOT_STATED if measured else _NOT_APPLICABLE
    if row["qualifier"] == "range":
        return "printed", _head(row)
    for bound, words in (("low", "lowest only"), ("high", "highest only")):
        if _known(row[bound]):
            return "bound only", f"{words}, USD {scaled(row[bound])}"
    return _NOT_STATED


def behind(sums: pd.DataFrame, others: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The rows of `figures` that charts and sentences rest on, those that derived rows come from included."""
    used = {
        *sums["figure_id"],
        *others["figure_id"],
        *(parent for parents in sums["derived_from"].dropna() for parent in parents.split(";")),
    }
    return figures[figures["figure_id"].isin(used)]


# ---- what is drawn


def printed(row: dict) -> str:
    """A sum in words, as it is hedged.

    Examples
    --------
    >>> nan = float("nan")
    >>> printed({"amount_usd": 3e10, "low": nan, "high": nan, "qualifier": "approx", "stated": "$30 billion"})
    'about USD 30 billion'
    >>> printed({"amount_usd": nan, "low": 2e6, "high": nan, "qualifier": "vague", "stated": "multimillion-dollar"})
    '“multimillion-dollar”: USD 2 million or more'
    >>> printed({"amount_usd": nan, "low": 3e9, "high": 5e9, "qualifier": "range", "stated": "$3 to 5 billion"})
    'USD 3 billion to 5 billion'
    """
    if row["qualifier"] == "vague":
        return f"“{row['stated']}”: USD {scaled(row['low'])} or more"
    if row["qualifier"] == "range":
        return f"USD {scaled(row['low'])} to {scaled(row['high'])}"
    about = "an estimated " if row.get("hedge") == "estimated" else "about "
    words = {"approx": about, "at_most": "up to ", "at_least": "at least ", "exact": ""}
    hedge = words.get(row["qualifier"], f"{row['qualifier']} ")
    return f"{hedge}USD {scaled(row['amount_usd'])}"


def _interval(row: dict) -> str:
    """The sum with the interval that rounding leaves open, where it does."""
    if row["qualifier"] == "exact" and row["least"] < row["most"]:
        return f"USD {scaled(row['amount_usd'], row['least'], row['most'])}"
    return printed(row)


def plotted_sums(sums: pd.DataFrame, host: str, investor: str) -> pd.DataFrame:
    """One row per sum as the first chart draws it.

    Parameters
    ----------
    sums : DataFrame
        Rows as `rounding` gives them.
    host, investor : str

    Returns
    -------
    DataFrame
        Columns group, figure_id, label, below (period or day), printed, value, least, most (million US dollars),
        inferred (derived by the project) and hazy (printed as an estimate, without bounds).
    """
    rows = [
        {
            "group": _group(row["into"], host, investor),
            "figure_id": row["figure_id"],
            "label": capital(row["measure"]),
            "below": _when(row),
            "printed": (
                _interval(row).removeprefix("an ")
                + (", no bounds" if row["qualifier"] == "approx" else "")
                + _doubt(row)
            ),
            "value": row["amount_usd"] / _MILLION,
            "least": row["least"] / _MILLION,
            "most": row["most"] / _MILLION,
            "inferred": row["status"] == "derived",
            "hazy": row["qualifier"] == "approx",
        }
        for row in sums.to_dict("records")
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "group",
            "figure_id",
            "label",
            "below",
            "printed",
            "value",
            "least",
            "most",
            "inferred",
            "hazy",
        ],
    )


def _group(into: bool, host: str, investor: str) -> str:
    if into:
        return capital(_between(host, investor))
    return f"For comparison only: other money around {narrative.the(host)}"


def _between(host: str, investor: str) -> str:
    return f"from {narrative.the(investor)} into {narrative.the(host)}"


def _doubt(row: dict) -> str:
    return {"doubted": ", doubted", "conflicting": ", disputed", "derived": ", inferred"}.get(
        row["status"], ""
    )


def _when(row: dict) -> str:
    """The period of a sum, or the day at which it holds, in square brackets where that is inferred."""
    if row["period_start"] == row["period_start"]:
        said = narrative.window(row)
        return f"[{said}]" if row["period_start_basis"] == "inferred" else said
    return voices.holds(row)


def draw_sums(
    plotted: pd.DataFrame, sums: pd.DataFrame, host: str, investor: str
) -> tuple[Figure, str]:
    """The first chart, one row per sum on a logarithmic axis, and its alternative text."""
    source = narrative.source_line(sums["source_id"], sums["attributed_to"])
    title = f"Money said to have gone {_between(host, investor)}"
    if plotted.empty:
        message = f"No sum of money {_between(host, investor)} is stated in this selection."
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    marks = [
        "Dot: amount as printed.",
        "Ringed: an estimate without bounds." if plotted["hazy"].any() else "",
        "Arrow: the side left open."
        if (plotted["least"].isna() != plotted["most"].isna()).any()
        else "",
        "Bar: what rounding leaves open." if (plotted["least"] < plotted["most"]).any() else "",
        "Hollow: inferred." if plotted["inferred"].any() else "",
        "In brackets: date inferred."
        if plotted["below"].str.contains("[", regex=False).any()
        else "",
    ]
    if not sums["into"].any():
        title = f"No sum stated {_between(host, investor)}: other money, for comparison"
    drawn = (
        plotted
        if plotted["group"].nunique() > 1 or not sums["into"].any()
        else plotted.drop(columns="group")
    )
    fig = charts.intervals(
        drawn,
        title=title,
        subtitle=" ".join(m for m in marks if m),
        source=source,
        log=True,
        unit="million US dollars of unstated year, logarithmic",
        limits=_decades(plotted),
    )
    rows = [f"{r['label']}, {r['below']}: {r['printed']}" for r in plotted.to_dict("records")]
    return (
        fig,
        f"Dot chart on a logarithmic axis: {count(len(rows), 'sum')} of money. {'; '.join(rows)}.",
    )


def _decades(plotted: pd.DataFrame) -> tuple[float, float]:
    """Powers of ten below and above everything that is drawn, with room for an arrow.

    Examples
    --------
    >>> _decades(pd.DataFrame({"value": [30000.0, float("nan")], "least": [float("nan"), 2.0], "most": float("nan")}))
    (1.0, 100000.0)
    >>> _decades(pd.DataFrame({"value": [float("nan")], "least": [2.0], "most": [float("nan")]}))
    (1.0, 10000.0)
    >>> _decades(pd.DataFrame({"value": [10.0], "least": [10.0], "most": [10.0]}))
    (0.01, 100.0)
    """
    ends = plotted[["value", "least", "most"]].stack()
    ends = ends[ends > 0]
    low, high = math.ceil(math.log10(ends.min())) - 1, math.floor(math.log10(ends.max())) + 1
    if (
        plotted["least"].notna() & plotted["most"].isna()
    ).any():  # four at least, so that an arrow can be seen
        return 10.0**low, 10.0 ** max(high, low + 4)
    return 10.0 ** min(low, high - 4), 10.0**high


def plotted_aspects(sums: pd.DataFrame) -> pd.DataFrame:
    """One row per sum and aspect as the second chart draws it.

    Returns
    -------
    DataFrame
        Columns group, row (the aspect), column (figure_id), look (filled: printed, ring: inferred, half: a bound only,
        cross:
        missing, empty: does not apply), words and doubted; by aspect in the order of `ASPECTS`.
    """
    per_sum = [(row, stated_of(row)) for row in sums.to_dict("records")]
    rows = [
        {
            "group": group,
            "row": aspect,
            "column": row["figure_id"],
            "look": _LOOKS[states[aspect][0]],
            "words": states[aspect][1],
            "doubted": aspect == "amount" and row["status"] in ("doubted", "conflicting"),
        }
        for aspect, group in ASPECTS.items()
        for row, states in per_sum
    ]
    return pd.DataFrame(rows, columns=["group", "row", "column", "look", "words", "doubted"])


def in_words(plotted: pd.DataFrame) -> pd.DataFrame:
    """The grid as a table of words, aspects by sums, for those who read no marks."""
    states = {look: state for state, look in _LOOKS.items()}
    cells = [
        f"{states[look]}: {words}" if look in ("filled", "ring", "half") else words
        for look, words in zip(plotted["look"], plotted["words"], strict=False)
    ]
    cells = [
        f"{cell} (doubted)" if doubted else cell
        for cell, doubted in zip(cells, plotted["doubted"], strict=False)
    ]
    wide = plotted.assign(cell=cells).pivot(index="row", columns="column", values="cell")
    return wide.reindex(list(dict.fromkeys(plotted["row"])))[
        list(dict.fromkeys(plotted["column"]))
    ].rename_axis(index="what a reader needs to know", columns=None)


_LOOKS = {"printed": "filled", "inferred": "ring", "bound only": "half", "missing": "cross", "": ""}


def draw_aspects(
    plotted: pd.DataFrame, sums: pd.DataFrame, host: str, investor: str
) -> tuple[Figure, str]:
    """The second chart, a grid of what is stated about each sum, and its alternative text."""
    source = narrative.source_line(sums["source_id"], sums["attributed_to"])
    title = "What is stated about each sum, and what is missing"
    if plotted.empty:
        message = (
            f"No sum of money {_between(host, investor)} is stated, so there is nothing to examine."
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    heads = {
        row["figure_id"]: f"{capital(row['measure'])}{'' if row['into'] else ' (comparison)'}"
        for row in sums.to_dict("records")
    }
    fig = charts.checklist(
        plotted,
        columns=heads,
        title=title,
        source=source,
        subtitle="One column is one sum. In brackets: inferred from other dates.",
        key={
            "filled": "printed",
            "ring": "inferred",
            "half": "a bound or a vague word",
            "cross": "not stated",
            "doubted": "sum is doubted",
        },
    )
    rows = [
        f"{_head(row)}, {row['measure']}: "
        + "; ".join(f"{k}: {words}" for k, (_, words) in stated_of(row).items())
        for row in sums.to_dict("records")
    ]
    missing, apply = int((plotted["look"] == "cross").sum()), int((plotted["look"] != "").sum())
    return fig, (
        f"Grid of {count(len(sums), 'sum')}: {out_of(missing, apply, 'mark', 'says', 'say')} not stated. "
        f"{'. '.join(rows)}."
    )


def _head(row: dict) -> str:
    return f"“{row['stated']}”" if row["qualifier"] == "vague" else printed(row)


# ---- what is said


def tell(sums: pd.DataFrame, others: pd.DataFrame, host: str, investor: str) -> str:
    """What the articles state of money into a country, in sentences whose every number comes from a row.

    Parameters
    ----------
    sums : DataFrame
        Rows as `rounding` gives them.
    others : DataFrame
        As `beside` gives them.
    host, investor : str

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    to, by = narrative.the(host), narrative.the(investor)
    into = sums[sums["into"]]
    paragraphs = []
    if into.empty:
        paragraphs.append(
            f"No article in this selection states a sum of money from {by} into {to}. "
            "That is a gap in what is stated, not a zero: it does not say that no money went."
        )
    else:
        paragraphs += [
            _stated(into, to, by),
            _missing(into),
            _meaning(into),
            _voice(into),
            _adding(into),
        ]
    paragraphs += [
        _context(sums[~sums["into"]], to),
        _beside(others),
        _standing(sums) if len(sums) else "",
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _who(row: dict) -> str:
    if row["status"] == "derived":
        return "inferred by this project"
    if row["attributed_to"] != row["attributed_to"]:
        return "in the article's own voice"
    return f"attributed to {md(voices.cited(row['attributed_to']))}"


def _claim(row: dict) -> str:
    doubt = ", doubted" if row["status"] in ("doubted", "conflicting") else ""
    dated = row["period_start"] == row["period_start"] or row["as_of_basis"] == "printed"
    when = _when(row) if dated or not row["into"] else "no date printed"
    return f"**{_interval(row)}** for {md(row['measure'])}, {when}, {_who(row)}{doubt} {mark(row['figure_id'])}"


def _stated(into: pd.DataFrame, to: str, by: str) -> str:
    articles = sorted(set(into["source_id"]))
    text = (
        f"{capital(count(len(articles), 'article'))} {verb(len(articles), 'states', 'state')} "
        f"{count(len(into), 'sum')} of money from {by} into {to}: "
        f"{'; '.join(_claim(row) for row in into.to_dict('records'))}."
    )
    for row in into.to_dict("records"):
        if row["qualifier"] == "approx" and row["stated_step"] == row["stated_step"]:
            half = row["stated_step"] / 2
            least, most = scaled(row["amount_usd"] - half), scaled(row["amount_usd"] + half)
            text += (
                f" Taken as rounded to its last digit that is not zero, {_bare(row)} would stand for anything "
                f"from USD {least} "
                f"to {most}; as an estimate it does not promise even that {mark(row['figure_id'])}."
            )
        if row["qualifier"] == "vague":
            text += (
                f" A word such as “{md(row['stated'])}” is no amount: the bound of USD {scaled(row['low'])} is what "
                f"the project's rule makes of it, and all larger amounts remain possible "
                f"{mark(row['figure_id'])}."
            )
    return text


def _missing(into: pd.DataFrame) -> str:
    sentences = []
    for row in into.to_dict("records"):
        states = {k: state for k, (state, _) in stated_of(row).items() if state}
        absent, inferred = (
            [k for k, state in states.items() if state == s] for s in ("missing", "inferred")
        )
        text = (
            f"Of the {cardinal(len(states))} things in the second chart that a reader would need to know, "
            f"{cardinal(len(absent))} {verb(len(absent), 'is', 'are')} not stated of {_bare(row)}"
        )
        text += f" ({listed(absent)})" if absent else ""
        text += (
            f", and the {listed(inferred)} {verb(len(inferred), 'is', 'are')} inferred"
            if inferred
            else ""
        )
        sentences.append(f"{text} {mark(row['figure_id'])}.")
    known = {
        (s["amount"][0], s["period it was paid in"][0])
        for s in map(stated_of, into.to_dict("records"))
    }
    if known == {("printed", "missing"), ("bound only", "printed")}:
        sentences.append(
            "Where an amount is printed its period is not, and where a period is printed its amount is "
            "not."
        )
    return " ".join(sentences)


def _bare(row: dict) -> str:
    """A sum without its hedge, or the word that stands for it."""
    if not _known(row["amount_usd"]):
        return md(_head(row))
    return f"the USD {scaled(row['amount_usd'])}"


def _meaning(into: pd.DataFrame) -> str:
    """What a sum cannot show, as far as the things that would show it are missing."""
    looks = [stated_of(row) for row in into.to_dict("records")]

    def lacking(aspect: str) -> bool:
        return any(s[aspect] == _NOT_STATED for s in looks)

    said = []
    if lacking("what counts as such money"):
        said.append(
            "Whether loans, advance payments for oil, arms on credit or promises count beside what was spent "
            "on assets "
            "is left open."
        )
    if lacking("stock or flow"):
        said.append(
            "A sum can be what stands on a day or what was paid over years, and the two drift apart with every "
            "repayment, loss and sale."
        )
    if lacking("gross or net of repayments"):
        said.append(
            "Without a word on repayments, money that came back may be counted as money that is there."
        )
    if lacking("prices of which year"):
        said.append("Dollars of different years may be added in it.")
    if not said:
        return ""
    return (
        " ".join(said)
        + " So the sum cannot show what one state stands to lose in the other, can be set "
        "against an economy only by supposing when it was spent, and cannot be compared with a sum from elsewhere."
    )


def _voice(into: pd.DataFrame) -> str:
    named = list(dict.fromkeys(into["attributed_to"].dropna()))
    text = ""
    for name in named:
        if voices.kind(name) == "party":
            text += f"{md(capital(voices.cited(name)))} counts in this project as the word of an interested party"
            text += (
                ", and names no office, report or method through which it could be looked up. "
                if name.endswith("estimate")
                else ". "
            )
    silent = into[into["attributed_to"].isna() & (into["status"] != "derived")]
    if len(silent):
        text += (
            f"No source is named for {listed([md(_head(row)) for row in silent.to_dict('records')])} "
            f"{mark(silent['figure_id'])}."
        )
    return text.strip()


def _adding(into: pd.DataFrame) -> str:
    if len(into) < 2:
        return ""
    known = into["amount_usd"].fillna(into["low"]).dropna()
    text = (
        "The sums are not added: one of them may be part of another, and totals and single payments are different "
        "things."
    )
    if into["amount_usd"].isna().any() and into["amount_usd"].notna().any():
        text += (
            f" Nor does one check the other: the largest amount is {narrative.number(known.max() / known.min())} "
            "times the lowest "
            f"bound, and any relation between them is possible {mark(into['figure_id'])}."
        )
    return text


def _context(rows: pd.DataFrame, to: str) -> str:
    if rows.empty:
        return ""
    said = "; ".join(_claim(row) for row in rows.to_dict("records"))
    return (
        f"Kept apart, because {verb(len(rows), 'it is', 'they are')} no money into {to}: {said}. "
        f"{verb(len(rows), 'It shows', 'They show')} what size of sum the articles print elsewhere, nothing more."
    )


def _beside(others: pd.DataFrame) -> str:
    if others.empty:
        return ""
    said = [
        f"{md(row['measure'])}, {md(row['stated'])}, {_when(row)} {mark(row['figure_id'])}"
        for row in others.to_dict("records")
    ]
    return (
        f"Not drawn, because {verb(len(others), 'it is', 'they are')} no sum: {'; '.join(said)}. A rate or a "
        "factor "
        "says nothing of dollars without the level that it starts from."
    )


def _standing(sums: pd.DataFrame) -> str:
    articles = sorted(set(sums["source_id"]))
    doubted, derived = (
        int(sums["status"].isin(s).sum()) for s in (("doubted", "conflicting"), ("derived",))
    )
    text = f"All of this rests on {count(len(articles), 'article')} ({', '.join(articles)}). "
    if not sums["measure"].duplicated().any():
        text += "No sum is stated by a second article, so nothing here is confirmed independently. "
    if len(sums) == 1:
        return f"{text}The ledger {'marks' if doubted else 'does not mark'} the sum as doubted."
    text += f"The ledger marks {out_of(doubted, len(sums), 'sum')} as doubted"
    return text + (f", {cardinal(derived)} as inferred by this project." if derived else ".")

"""Stated shares of a recipient's arms imports: which rows apply, what nested shares imply, and how to say it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def select(
    shares: pd.DataFrame,
    recipient: str,
    start: int,
    end: int,
    sources: list[str],
    include_derived: bool,
) -> pd.DataFrame:
    """The stated shares of a recipient whose window overlaps a period.

    Parameters
    ----------
    shares : DataFrame
        Table `arms_import_shares`.
    recipient : str
        ISO 3166-1 alpha-3 code of the importing state.
    start, end : int
        First and last year; a share without a window is kept.
    sources : list of str
        Articles to take into account; empty for all.
    include_derived : bool
        Whether rows that this project inferred count.

    Returns
    -------
    DataFrame
        The same columns, in the order of figure_id.
    """
    keep = shares["recipient"] == recipient
    keep &= ~(shares["period_end"].dt.year < start) & ~(shares["period_start"].dt.year > end)
    if sources:
        keep &= shares["source_id"].isin(sources)
    if not include_derived:
        keep &= shares["status"] != "derived"
    return shares[keep].sort_values("figure_id").reset_index(drop=True)


def rounding(shares: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Every share with the interval that its print leaves open, in columns `least` and `most`.

    A share printed without a hedge may stand for anything that rounds to it: half a step either side. A stated
    bound is taken as it is and the open side runs to 0 or 100. A hedge without bounds leaves both empty.

    Parameters
    ----------
    shares : DataFrame
        Rows of `arms_import_shares`.
    figures : DataFrame
        Table `figures`, for the step of each.

    Returns
    -------
    DataFrame
        The rows with `least` and `most`, in percent.

    Examples
    --------
    >>> rows = pd.DataFrame({"figure_id": ["x-2000-f01"], "share_pct": [70.0], "low": [70.0], "high": [70.0],
    ...                      "qualifier": ["exact"]})
    >>> steps = pd.DataFrame({"figure_id": ["x-2000-f01"], "stated_step": [1.0]})
    >>> rounding(rows, steps)[["least", "most"]].iloc[0].tolist()
    [69.5, 70.5]
    """
    step = shares["figure_id"].map(figures.set_index("figure_id")["stated_step"]).astype("float64")
    exact = (shares["qualifier"] == "exact") & step.notna()
    one_sided = shares["low"].notna() ^ shares["high"].notna()
    least = (
        shares["low"]
        .mask(exact, shares["low"] - step / 2)
        .mask(one_sided & shares["low"].isna(), 0.0)
    )
    most = (
        shares["high"]
        .mask(exact, shares["high"] + step / 2)
        .mask(one_sided & shares["high"].isna(), 100.0)
    )
    return shares.assign(least=least.clip(0, 100), most=most.clip(0, 100))


def parts(shares: pd.DataFrame, split: bool = True) -> pd.DataFrame:
    """What nested stated shares of one window imply for the parts of the whole.

    Each printed share of a group of suppliers that contains the group before it leaves a part for the suppliers
    added; what no share covers is the last part. If one of the two shares is doubted, the part is
    that of the suppliers added and of any others inside the wider share. Shares that do not nest, or of another window than the first,
    are left out: nothing follows from them together.

    Parameters
    ----------
    shares : DataFrame
        Rows as `rounding` gives them, derived rows left out.
    split : bool
        Whether differences of printed shares may be inferred; if not, the first share alone is used.

    Returns
    -------
    DataFrame
        One row per part: suppliers (codes, empty for the rest), value, least, most (percent), basis (printed,
        inferred, doubted, not stated) and figure_ids. Empty without shares. The values add up to 100.

    Examples
    --------
    >>> rows = pd.DataFrame({"status": "as_printed", "suppliers": ["RUS", "RUS;CHN"], "share_pct": [70.0, 80.0], "least": [69.5, 79.5],
    ...     "most": [70.5, 80.5], "figure_id": ["x-2000-f01", "x-2000-f02"], "period_start": [2000, 2000],
    ...     "period_end": [2021, 2021]})
    >>> parts(rows)[["suppliers", "value", "least", "most"]].values.tolist()
    [['RUS', 70.0, 69.5, 70.5], ['CHN', 10.0, 9.0, 11.0], ['', 20.0, 19.5, 20.5]]
    """
    columns = [
        "suppliers",
        "value",
        "least",
        "most",
        "basis",
        "edge_least",
        "edge_most",
        "figure_ids",
    ]
    stated = shares[shares["share_pct"].notna()]
    if stated.empty:
        return pd.DataFrame(columns=columns)
    ordered = _narrowest_first(stated)
    chain = ordered[:1]
    for row in ordered[1:]:
        inner = chain[-1]
        nested = set(inner["suppliers"].split(";")) < set(row["suppliers"].split(";"))
        window = all(_same(row[c], inner[c]) for c in ("period_start", "period_end"))
        if split and nested and window and row["share_pct"] >= inner["share_pct"]:
            chain.append(row)
    first, last = chain[0], chain[-1]
    out = [
        (
            first["suppliers"],
            first["share_pct"],
            first["least"],
            first["most"],
            "printed",
            first["least"],
            first["most"],
            first["figure_id"],
        )
    ]
    for before, row in itertools.pairwise(chain):
        added = [s for s in row["suppliers"].split(";") if s not in before["suppliers"].split(";")]
        out.append(
            (
                ";".join(added),
                row["share_pct"] - before["share_pct"],
                max(0.0, row["least"] - before["most"]),
                row["most"] - before["least"],
                "doubted" if "doubted" in (before["status"], row["status"]) else "inferred",
                row["least"],
                row["most"],
                f"{before['figure_id']};{row['figure_id']}",
            )
        )
    out.append(
        (
            "",
            100 - last["share_pct"],
            100 - last["most"],
            100 - last["least"],
            "not stated",
            100.0,
            100.0,
            last["figure_id"],
        )
    )
    return pd.DataFrame(out, columns=columns)


def _narrowest_first(shares: pd.DataFrame) -> list[dict]:
    """Rows with the fewest suppliers first: the order in which they nest."""
    return sorted(
        shares.to_dict("records"), key=lambda r: (len(r["suppliers"].split(";")), r["figure_id"])
    )


def _same(a, b) -> bool:
    """Equal, or both missing."""
    return a == b or (a != a and b != b)


# ---- what is drawn


def plotted_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """One row per stated share as the first chart draws it.

    Parameters
    ----------
    shares : DataFrame
        Rows as `rounding` gives them.

    Returns
    -------
    DataFrame
        Columns figure_id, label, printed, value, least, most (percent) and inferred; largest share first.
    """
    rows = [
        {
            "figure_id": row["figure_id"],
            "label": f"{narrative.states(row['suppliers'])}, {narrative.window(row)}",
            "printed": (
                narrative.percent(row["share_pct"], row["least"], row["most"])
                if row["share_pct"] == row["share_pct"]
                else row["stated"]
            )
            + {"derived": ", inferred", "doubted": ", doubted", "conflicting": ", disputed"}.get(
                row["status"], ""
            ),
            "value": row["share_pct"],
            "least": row["least"],
            "most": row["most"],
            "inferred": row["status"] == "derived",
        }
        for row in shares.to_dict("records")
    ]
    frame = pd.DataFrame(
        rows, columns=["figure_id", "label", "printed", "value", "least", "most", "inferred"]
    )
    return frame.sort_values(["value", "figure_id"], ascending=[False, True], ignore_index=True)


def plotted_parts(whole: pd.DataFrame) -> pd.DataFrame:
    """One row per part of the whole as the second chart draws it.

    Parameters
    ----------
    whole : DataFrame
        As `parts` gives it.

    Returns
    -------
    DataFrame
        Columns label, short, printed, value, least, most, basis, edge_least and edge_most: the interval in which
        the right edge of the part may lie.
    """
    ends = {
        "printed": "",
        "inferred": ", inferred as a difference",
        "doubted": ", inferred as a difference",
        "not stated": ", what is left",
    }
    rows = [
        {
            "label": (
                "all others, not broken down"
                if not row["suppliers"]
                else narrative.states(row["suppliers"])
                + (", and any others meant with it" if row["basis"] == "doubted" else "")
            ),
            "short": row["suppliers"].replace(";", ", ") or "others",
            "printed": narrative.percent(row["value"], row["least"], row["most"])
            + ends[row["basis"]],
            "basis": row["basis"].replace("doubted", "inferred"),
            **{c: row[c] for c in ("value", "least", "most", "edge_least", "edge_most")},
        }
        for row in whole.to_dict("records")
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "label",
            "short",
            "printed",
            "value",
            "least",
            "most",
            "basis",
            "edge_least",
            "edge_most",
        ],
    )


def draw_shares(plotted: pd.DataFrame, shares: pd.DataFrame, recipient: str) -> tuple[Figure, str]:
    """The first chart, one row per stated share, and its alternative text."""
    whose = narrative.possessive(narrative.states(recipient))
    source = narrative.source_line(shares["source_id"], shares["attributed_to"])
    if plotted.empty:
        message = f"No share of {whose} arms imports is stated in this selection."
        return charts.empty(
            title=f"{whose} arms imports", message=message, source=source
        ), f"Empty chart. {message}"
    inferred = " Hollow: inferred." if plotted["inferred"].any() else ""
    fig = charts.intervals(
        plotted,
        title=f"Stated shares of {whose} arms imports",
        source=source,
        unit="per cent of arms imports",
        limits=(0, 100),
        subtitle=f"Dot: share as printed. Bar: what rounding leaves open.{inferred}",
    )
    rows = [f"{r['label']}: {r['printed']}" for r in plotted.to_dict("records")]
    return (
        fig,
        f"Dot chart with intervals: {narrative.count(len(rows), 'share')} of {whose} arms imports. {'; '.join(rows)}.",
    )


def draw_parts(plotted: pd.DataFrame, shares: pd.DataFrame, recipient: str) -> tuple[Figure, str]:
    """The second chart, one bar cut into parts, and its alternative text."""
    whose = narrative.possessive(narrative.states(recipient))
    source = narrative.source_line(shares["source_id"], shares["attributed_to"])
    if plotted.empty:
        message = f"Nothing follows for the parts of {whose} arms imports: no share is stated in this selection."
        return charts.empty(
            title=f"{whose} arms imports", message=message, source=source
        ), f"Empty chart. {message}"
    when = narrative.window(
        _narrowest_first(shares[(shares["status"] != "derived") & shares["share_pct"].notna()])[0]
    )
    fig = charts.whole(
        plotted,
        title=f"What the stated shares leave for others, {when}",
        source=source,
        unit=f"per cent of {whose} arms imports",
        subtitle="Filled: printed. Hatched: inferred. Grey: not broken down. Brackets: where an edge may lie.",
    )
    rows = [f"{r['label']}: {r['printed']}" for r in plotted.to_dict("records")]
    return fig, f"One bar of 100 per cent, {whose} arms imports, {when}. {'; '.join(rows)}."


# ---- what is said


def tell(
    shares: pd.DataFrame, whole: pd.DataFrame, figures: pd.DataFrame, recipient: str, partner: str
) -> str:
    """What the articles state of a recipient's arms imports, in sentences whose every number comes from a row.

    Parameters
    ----------
    shares : DataFrame
        Rows as `rounding` gives them.
    whole : DataFrame
        As `parts` gives it.
    figures : DataFrame
        Table `figures`, for ranks and derivations.
    recipient, partner : str
        Codes of the importer and of the supplier in question.

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    to, by = narrative.states(recipient), narrative.states(partner)
    if shares.empty:
        return (
            f"No article in this selection states a share of {narrative.possessive(to)} arms imports for this period. "
            "That says nothing about whether there were any: it is a gap in what is stated, not a zero."
        )
    lists = shares["suppliers"].str.split(";")
    alone = shares[[s == [partner] for s in lists]]
    joint = shares[[partner in s and len(s) > 1 for s in lists]]
    paragraphs = [
        _own_share(alone, to, by),
        _joint_share(joint, partner),
        _rest(whole),
        _rank(figures, shares, alone, recipient, partner),
        _standing(shares),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _claim(row: dict) -> str:
    who = (
        f", attributed to {md(_the(row['attributed_to']))}"
        if row["attributed_to"] == row["attributed_to"]
        else ""
    )
    return (
        f"**{narrative.percent(row['share_pct'], row['least'], row['most'])}** for {narrative.window(row)}"
        f"{who} {narrative.mark(row['figure_id'])}"
    )


def _the(name: str) -> str:
    return f"the {name}" if name.endswith(("Database", "Agency", "government", "sources")) else name


def _own_share(alone: pd.DataFrame, to: str, by: str) -> str:
    printed, derived = (
        alone[(alone["status"] == "derived") == d].to_dict("records") for d in (False, True)
    )
    if printed:
        articles = {row["source_id"] for row in printed}
        return (
            f"{narrative.capital(narrative.count(len(articles), 'article'))} "
            f"{narrative.verb(len(articles), 'states', 'state')} what share of {narrative.possessive(to)} arms imports "
            f"came from {by}: {narrative.listed([_claim(row) for row in printed])}. The interval in brackets is what "
            "a whole percentage leaves open."
        )
    if derived:
        return (
            f"No article in this selection prints a share for {by} alone. This project infers "
            f"{narrative.listed([_claim(row) for row in derived])} as a difference of printed shares."
        )
    return f"No article in this selection states a share of {narrative.possessive(to)} arms imports for {by} alone."


def _joint_share(joint: pd.DataFrame, partner: str) -> str:
    if joint.empty:
        return ""
    sentences = []
    for row in joint.to_dict("records"):
        others = [s for s in row["suppliers"].split(";") if s != partner]
        sentences.append(
            f"Together with {narrative.states(others)}, {narrative.states(partner)} is put at {_claim(row)}."
        )
        if row["status"] == "doubted":
            sentences.append(f"That reading is doubted. {md(row['note'])}")
    return " ".join(sentences)


def _rest(whole: pd.DataFrame) -> str:
    if whole.empty:
        return ""
    printed, inferred, last = (
        whole[whole["basis"].isin(b)].to_dict("records")
        for b in (["printed"], ["inferred", "doubted"], ["not stated"])
    )
    first, rest = printed[0], last[0]
    left = narrative.percent(100 - first["value"], 100 - first["most"], 100 - first["least"])
    text = f"{narrative.possessive(narrative.states(first['suppliers']))} share leaves {left} for everybody else. "
    for part in inferred:
        text += (
            f"Of this, {narrative.percent(part['value'], part['least'], part['most'])} is what including "
            f"{narrative.states(part['suppliers'])} adds; it is the share of {narrative.states(part['suppliers'])} only if the "
            f"wider figure covers no one else {narrative.mark(part['figure_ids'])}. "
        )
    text += (
        f"{'The last ' if inferred else 'These '}{narrative.percent(rest['value'], rest['least'], rest['most'])} {'is' if inferred else 'are'} not broken down: no "
        "supplier is named, and it does not follow that any given state supplied nothing. Nor does a share say how much "
        "was bought: it can hold while the imports themselves rise or vanish."
    )
    return text


def _ranks(
    figures: pd.DataFrame, shares: pd.DataFrame, recipient: str, partner: str
) -> pd.DataFrame:
    """Ranks of the partner among arms exporters to the recipient, in the articles that state shares."""
    return figures[
        (figures["family"] == "rank")
        & (figures["subject"] == partner)
        & (figures["counterpart"] == recipient)
        & figures["measure"].str.contains("arms")
        & figures["source_id"].isin(set(shares["source_id"]))
    ]


def behind(
    shares: pd.DataFrame, figures: pd.DataFrame, recipient: str, partner: str
) -> pd.DataFrame:
    """The rows of `figures` that charts and sentences rest on."""
    used = set(shares["figure_id"]) | set(_ranks(figures, shares, recipient, partner)["figure_id"])
    return figures[figures["figure_id"].isin(used)]


def _rank(
    figures: pd.DataFrame, shares: pd.DataFrame, alone: pd.DataFrame, recipient: str, partner: str
) -> str:
    ranks = _ranks(figures, shares, recipient, partner)
    if ranks.empty:
        return ""
    row = ranks.iloc[0]
    text = (
        f"{narrative.states(partner)} is also ranked {md(row['stated'])} among the exporters of arms to "
        f"{narrative.states(recipient)} {narrative.mark(row['figure_id'])}."
    )
    if (alone["least"] > 50).any():
        text += " With a share above one half that follows of itself, and adds no evidence."
    return text


def _standing(shares: pd.DataFrame) -> str:
    articles, named = (
        sorted(set(shares["source_id"])),
        sorted(set(shares["attributed_to"].dropna())),
    )
    derived = int((shares["status"] == "derived").sum())
    text = (
        f"All of this rests on {narrative.count(len(articles), 'article')} ({', '.join(articles)}), which "
        f"{narrative.verb(len(articles), 'names', 'name')} "
        + (
            f"{narrative.listed([md(_the(n)) for n in named])} as the source. "
            if named
            else "no source. "
        )
    )
    if len(articles) == 1:
        text += "No second article states a share, so nothing here is confirmed independently. "
    if derived:
        text += (
            f"{narrative.capital(narrative.count(derived, 'row'))} of {len(shares)} "
            f"{narrative.verb(derived, 'is', 'are')} inferred by this project, not printed."
        )
    return text.strip()

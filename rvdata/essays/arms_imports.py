"""Stated shares of a recipient's arms imports: which rows apply, what nested shares imply, and how to say it."""
from __future__ import annotations

import pandas as pd

from rvdata import narrative


def select(shares: pd.DataFrame, recipient: str, start: int, end: int, sources: list[str],
           include_derived: bool) -> pd.DataFrame:
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


def rounding(shares: pd.DataFrame, step: pd.Series) -> pd.DataFrame:
    """Every share with the interval that its print leaves open, in columns `least` and `most`.

    A share printed without a hedge may stand for anything that rounds to it: half a step either side. A stated
    bound is taken as it is and the open side runs to 0 or 100. A hedge without bounds leaves both empty.

    Parameters
    ----------
    shares : DataFrame
        Rows of `arms_import_shares`.
    step : Series
        `stated_step` of the same figures, by the same index.

    Returns
    -------
    DataFrame
        The rows with `least` and `most`, in percent.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"share_pct": [70.0], "low": [70.0], "high": [70.0], "qualifier": ["exact"]})
    >>> rounding(rows, pd.Series([1.0]))[["least", "most"]].iloc[0].tolist()
    [69.5, 70.5]
    """
    exact = (shares["qualifier"] == "exact") & step.notna()
    one_sided = shares["low"].notna() ^ shares["high"].notna()
    least = shares["low"].mask(exact, shares["low"] - step / 2).mask(one_sided & shares["low"].isna(), 0.0)
    most = shares["high"].mask(exact, shares["high"] + step / 2).mask(one_sided & shares["high"].isna(), 100.0)
    return shares.assign(least=least.clip(0, 100), most=most.clip(0, 100))


def parts(shares: pd.DataFrame) -> pd.DataFrame:
    """What nested stated shares of one window imply for the parts of the whole.

    Each printed share of a group of suppliers that contains the group before it leaves a part for the suppliers
    added; what no share covers is the last part. Shares that do not nest, or of another window than the first,
    are left out: nothing follows from them together.

    Parameters
    ----------
    shares : DataFrame
        Rows as `rounding` gives them, derived rows left out.

    Returns
    -------
    DataFrame
        One row per part: suppliers (codes, empty for the rest), value, least, most (percent), basis (printed,
        inferred, not stated) and figure_ids. Empty without shares. The values add up to 100.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"suppliers": ["RUS", "RUS;CHN"], "share_pct": [70.0, 80.0], "least": [69.5, 79.5],
    ...     "most": [70.5, 80.5], "figure_id": ["x-2000-f01", "x-2000-f02"], "period_start": [2000, 2000],
    ...     "period_end": [2021, 2021]})
    >>> parts(rows)[["suppliers", "value", "least", "most"]].values.tolist()
    [['RUS', 70.0, 69.5, 70.5], ['CHN', 10.0, 9.0, 11.0], ['', 20.0, 19.5, 20.5]]
    """
    columns = ["suppliers", "value", "least", "most", "basis", "figure_ids"]
    stated = shares[shares["share_pct"].notna()]
    if stated.empty:
        return pd.DataFrame(columns=columns)
    ordered = sorted(stated.to_dict("records"), key=lambda r: (len(r["suppliers"].split(";")), r["figure_id"]))
    chain = ordered[:1]
    for row in ordered[1:]:
        inner = chain[-1]
        nested = set(inner["suppliers"].split(";")) < set(row["suppliers"].split(";"))
        window = all(_same(row[c], inner[c]) for c in ("period_start", "period_end"))
        if nested and window and row["share_pct"] >= inner["share_pct"]:
            chain.append(row)
    out, seen = [], []
    for i, row in enumerate(chain):
        before = chain[i - 1] if i else None
        added = [s for s in row["suppliers"].split(";") if s not in seen]
        seen += added
        if before is None:
            out.append((row["suppliers"], row["share_pct"], row["least"], row["most"], "printed", row["figure_id"]))
        else:
            out.append((";".join(added), row["share_pct"] - before["share_pct"],
                        max(0.0, row["least"] - before["most"]), row["most"] - before["least"], "inferred",
                        f"{before['figure_id']};{row['figure_id']}"))
    last = chain[-1]
    out.append(("", 100 - last["share_pct"], 100 - last["most"], 100 - last["least"], "not stated",
                last["figure_id"]))
    return pd.DataFrame(out, columns=columns)


def _same(a, b) -> bool:
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
    rows = [{
        "figure_id": row["figure_id"],
        "label": f"{narrative.states(row['suppliers'])}, {narrative.window(row)}",
        "printed": narrative.percent(row["share_pct"]) + (", inferred" if row["status"] == "derived" else "")
        if row["share_pct"] == row["share_pct"] else row["stated"],
        "value": row["share_pct"], "least": row["least"], "most": row["most"],
        "inferred": row["status"] == "derived",
    } for row in shares.to_dict("records")]
    frame = pd.DataFrame(rows, columns=["figure_id", "label", "printed", "value", "least", "most", "inferred"])
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
        Columns label, short, printed, value, least, most, basis, and edge_least and edge_most: the interval in which
        the right edge of the part may lie.
    """
    rows, named = [], []
    for row in whole.to_dict("records"):
        codes = [c for c in row["suppliers"].split(";") if c]
        label = narrative.states(codes) if codes else "all others together, not broken down"
        open_to = 100 - row["least"], 100 - row["most"]
        named.append(row)
        rows.append({
            "label": label, "short": ", ".join(codes) or "others",
            "printed": narrative.percent(row["value"], row["least"], row["most"])
            + {"printed": "", "inferred": ", inferred as a difference", "not stated": ", what is left"}[row["basis"]],
            "value": row["value"], "least": row["least"], "most": row["most"], "basis": row["basis"],
            "edge_least": float("nan"), "edge_most": float("nan"), "_": open_to,
        })
    for i in range(len(rows) - 1):  # the edge after part i is the share of all suppliers up to it
        after = rows[i + 1:]
        rest_least, rest_most = (after[0]["least"], after[0]["most"]) if len(after) == 1 else (None, None)
        if rest_least is not None:
            rows[i]["edge_least"], rows[i]["edge_most"] = 100 - rest_most, 100 - rest_least
        elif i == 0:
            rows[i]["edge_least"], rows[i]["edge_most"] = rows[0]["least"], rows[0]["most"]
    columns = ["label", "short", "printed", "value", "least", "most", "basis", "edge_least", "edge_most"]
    return pd.DataFrame(rows, columns=columns)

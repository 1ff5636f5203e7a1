"""Undated sums of money in constant dollars, as a range, and beside the economies of both sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative
from rvdata.charts import series as series_charts
from rvdata.errors import DataError
from rvdata.essays import investment, releases
from rvdata.narrative import capital, count, listed, mark, scaled, verb
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BILLION = 1e9
_NOTABLE_PCT = 0.1  # a revision below it is rounding of the file


def undated(sums: pd.DataFrame) -> pd.DataFrame:
    """Totals of money into the host whose amount is printed and whose period is not: only a range can place them."""
    total = (
        sums["into"]
        & (sums["family"] == "investment_total")
        & sums["amount_usd"].notna()
        & sums["period_start"].isna()
        & ~sums["measure"].str.lower().str.contains("single")
    )
    return sums[total].reset_index(drop=True)


def window(row: dict, first: int, last: int) -> tuple[int, int]:
    """Years in which a sum is assumed to have been spent; `last` 0 is the year of the last day at which it can hold.

    Raises
    ------
    DataError
        If the sum would have to be spent before the window begins.
    """
    end = last or (row["as_of_end"].year if pd.notna(row["as_of_end"]) else first)
    if end < first:
        raise DataError(
            f"{row['figure_id']} holds by {end}, before spent_from = {first}; choose an earlier "
            "spent_from, or set spent_to"
        )
    return first, end


def price_year(cpi: pd.DataFrame, wish: int) -> int:
    """The year whose dollars are used: the one wished for, else the last with all its months; 0 if there is none.

    Raises
    ------
    DataError
        If the release has no index of that year.
    """
    if isinstance(wish, bool) or not isinstance(wish, int):
        raise DataError(f"price_year must be a whole number such as 2020, or 0, not {wish!r}")
    if cpi.empty:
        return 0
    if wish and wish not in set(cpi["year"]):
        raise DataError(
            f"price_year = {wish}: the price index runs from {cpi['year'].min()} to {cpi['year'].max()}; "
            "choose a year of it"
        )
    whole = cpi[cpi["months"] == 12]
    return wish or int((whole if len(whole) else cpi)["year"].max())


def ranges(
    sums: pd.DataFrame, cpi: pd.DataFrame, first: int, last: int, dollars_of: int
) -> pd.DataFrame:
    """Each sum in dollars of one year, as if spent wholly in the year of the window that makes it least, or most.

    Parameters
    ----------
    sums : DataFrame
        As `undated` gives them, with least and most.
    cpi : DataFrame
        Rows of one release of `us_cpi`.
    first, last : int
        Assumed window, as `window` takes it.
    dollars_of : int
        Year of the dollars; 0 for no range.

    Returns
    -------
    DataFrame
        Columns figure_id, start and end (the window), least_year, least, most_year and most (billion dollars of that
        year; the bounds of the sum itself where it has any), missing (years of the window without an index) and partial
        (years used of which months are missing). Sums without any index in the window are left out.

    Examples
    --------
    >>> sums = pd.DataFrame({"figure_id": ["x-2000-f01"], "amount_usd": [30e9], "least": float("nan"),
    ...                      "most": float("nan"), "as_of_end": pd.Timestamp("2002-06-30")})
    >>> cpi = pd.DataFrame({"year": [2000, 2001, 2002, 2003], "cpi": [100.0, 105.0, 110.0, 220.0], "months": 12})
    >>> ranges(sums, cpi, 2000, 0, 2003)[["least_year", "least", "most_year", "most"]].round(6).values.tolist()
    [[2002.0, 60.0, 2000.0, 66.0]]
    """
    index = cpi.set_index("year")["cpi"].astype("float64")
    months = cpi.set_index("year")["months"]
    found = []
    for row in sums.to_dict("records"):
        start, end = window(row, first, last)
        years = [y for y in range(start, end + 1) if y in index.index]
        if not years or not dollars_of:
            continue
        factor = index[dollars_of] / index[years]
        low, high = (row[k] if row[k] == row[k] else row["amount_usd"] for k in ("least", "most"))
        used = sorted({int(factor.idxmin()), int(factor.idxmax()), dollars_of})
        found.append(
            {
                "figure_id": row["figure_id"],
                "start": start,
                "end": end,
                "least_year": int(factor.idxmin()),
                "least": low * factor.min() / _BILLION,
                "most_year": int(factor.idxmax()),
                "most": high * factor.max() / _BILLION,
                "missing": end - start + 1 - len(years),
                "partial": "; ".join(f"{y}: {months[y]} months" for y in used if months[y] < 12),
            }
        )
    return pd.DataFrame(
        found,
        columns=[
            "figure_id",
            "start",
            "end",
            "least_year",
            "least",
            "most_year",
            "most",
            "missing",
            "partial",
        ],
    )


def beside(
    sums: pd.DataFrame, economy: pd.DataFrame, codes: list[str], first: int, last: int
) -> pd.DataFrame:
    """The GDP of some states in every year of the assumed window, and each sum as a share of it.

    Parameters
    ----------
    sums : DataFrame
        As `undated` gives them.
    economy : DataFrame
        Rows of one release of `economy`.
    codes : list of str
        States whose GDP is shown.
    first, last : int
        Assumed window, as `window` takes it; the widest over all sums is shown.

    Returns
    -------
    DataFrame
        Columns series, code, year, value (GDP, billion US dollars of the year; NaN where there is none) and one column
        per sum, named by its figure: the sum, in its own dollars, in percent of that GDP.
    """
    windows = [window(row, first, last) for row in sums.to_dict("records")]
    if not windows:
        return pd.DataFrame(columns=["series", "code", "year", "value"])
    years = range(min(a for a, _ in windows), max(b for _, b in windows) + 1)
    gdp = economy.set_index(["country", "year"])["gdp_usd"].astype("float64")
    rows = []
    for code in dict.fromkeys(codes):
        for year in years:
            value = float(gdp[code, year]) if (code, year) in gdp.index else math.nan
            shares = {
                row["figure_id"]: 100 * row["amount_usd"] / value
                if window(row, first, last)[0] <= year <= window(row, first, last)[1]
                else math.nan
                for row in sums.to_dict("records")
            }
            rows.append(
                {
                    "series": f"GDP of {narrative.the(code)}",
                    "code": code,
                    "year": year,
                    "value": value / _BILLION,
                }
                | shares
            )
    return pd.DataFrame(rows)


def wide(plotted: pd.DataFrame) -> pd.DataFrame:
    """GDP and shares as a table of years; empty cells are years without a GDP."""
    if plotted.empty:
        return plotted
    parts = {}
    for name, rows in plotted.groupby("series", sort=False):
        own = rows.set_index("year")
        parts[f"{name}, billion USD"] = own["value"].round(1)
        parts |= {f"{figure}, % of {name}": own[figure].round(2) for figure in own.columns[3:]}
    return pd.DataFrame(parts).astype("object").where(lambda f: f.notna(), "")


def gaps(plotted: pd.DataFrame) -> dict[str, list[int]]:
    """Years of the window without a GDP, by state."""
    return {
        code: rows.loc[rows["value"].isna(), "year"].tolist()
        for code, rows in plotted.groupby("code", sort=False)
        if rows["value"].isna().any()
    }


def spells(years: list[int]) -> str:
    """Years in a row, runs drawn together.

    Examples
    --------
    >>> spells([2015, 2016, 2017, 2019]), spells([2000])
    ('2015 to 2017 and 2019', '2000')
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return listed(
        str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" if len(r) > 2 else f"{r[0]} and {r[1]}"
        for r in runs
    )


def revisions(economy: pd.DataFrame, plotted: pd.DataFrame, release: str) -> pd.DataFrame:
    """How the other releases differ from the one used, for the states and years used.

    Returns
    -------
    DataFrame
        Columns release (the other), state, years (that both have), revised (of them, by how many more than a tenth of a
        per cent), largest_pct (of the one used against the other), in_year, and only_used and only_other (years with a
        GDP in one of them alone).
    """
    used = plotted.dropna(subset=["value"]).set_index(["code", "year"])["value"]
    rows = []
    for other, own in economy[economy["origin_id"] != release].groupby("origin_id", sort=True):
        gdp = own.set_index(["country", "year"])["gdp_usd"].astype("float64").dropna() / _BILLION
        for code in dict.fromkeys(plotted["code"]):
            if code not in set(own["country"]):
                continue
            years = plotted.loc[plotted["code"] == code, "year"]
            both = [y for y in years if (code, y) in used.index and (code, y) in gdp.index]
            change = pd.Series(
                {y: 100 * (used[code, y] / gdp[code, y] - 1) for y in both}, dtype="float64"
            )
            worst = change.abs().idxmax() if len(change) else None
            rows.append(
                {
                    "release": other,
                    "state": narrative.states([code]),
                    "years": len(both),
                    "revised": int((change.abs() > _NOTABLE_PCT).sum()),
                    "largest_pct": math.nan if worst is None else round(change[worst], 2) + 0.0,
                    "in_year": worst,
                    "only_used": sum(
                        (code, y) in used.index and (code, y) not in gdp.index for y in years
                    ),
                    "only_other": sum(
                        (code, y) not in used.index and (code, y) in gdp.index for y in years
                    ),
                }
            )
    return pd.DataFrame(
        rows,
        columns=[
            "release",
            "state",
            "years",
            "revised",
            "largest_pct",
            "in_year",
            "only_used",
            "only_other",
        ],
    )


# ---- what is drawn


def plotted_ranges(sums: pd.DataFrame, found: pd.DataFrame, dollars_of: int) -> pd.DataFrame:
    """Two rows per sum as the chart draws them: as printed, and the range in dollars of one year (billion)."""
    rows = []
    for row in found.to_dict("records"):
        own = sums[sums["figure_id"] == row["figure_id"]].iloc[0].to_dict()
        rows.append(
            {
                "figure_id": row["figure_id"],
                "label": capital(own["measure"]),
                "below": "as printed, dollars of no stated year",
                "printed": investment.printed(own),
                "value": own["amount_usd"] / _BILLION,
                "least": own["least"] / _BILLION,
                "most": own["most"] / _BILLION,
                "inferred": False,
                "hazy": own["qualifier"] == "approx",
            }
        )
        rows.append(
            {
                "figure_id": row["figure_id"],
                "label": f"The same in dollars of {dollars_of}",
                "below": f"if spent wholly in one year from {row['start']} to {row['end']}",
                "printed": f"USD {_range(row)}",
                "value": math.nan,
                "least": row["least"],
                "most": row["most"],
                "inferred": True,
                "hazy": False,
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
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


def _range(row: dict) -> str:
    a, b = (f"{v:,.1f}" if v < 100 else f"{v:,.0f}" for v in (row["least"], row["most"]))
    return f"{a} billion" if a == b else f"{a} to {b} billion"


def draw_ranges(
    plotted: pd.DataFrame,
    sums: pd.DataFrame,
    origins: pd.DataFrame,
    release: str,
    dollars_of: int,
    host: str,
    investor: str,
) -> tuple[Figure, str]:
    """The range in constant dollars beside the printed sum, and the alternative text."""
    between = f"from {narrative.the(investor)} into {narrative.the(host)}"
    title = "What a sum of no stated year may be worth in dollars of one year"
    source = releases.source_line(
        origins, [release] if len(plotted) else [], narrative.source_line(sums["source_id"])
    )
    if plotted.empty:
        message = (
            f"No undated total of money {between} is stated in this selection, so there is nothing to put into "
            "constant dollars."
            if sums.empty
            else "No price index in the collection covers the assumed window. rvdata import cpi "
            "adds one."
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    top = plotted[["value", "least", "most"]].max(axis=None)
    limit = above(top)
    if (
        plotted.loc[plotted["inferred"], "least"].min() < 0.45 * limit
    ):  # no room for words to the left of a bar
        limit = above(1.85 * top)
    fig = charts.intervals(
        plotted,
        title=title,
        source=source,
        unit="billion US dollars",
        limits=(0, limit),
        subtitle="Bar: from all spent in the year that makes it least to all spent in the year that makes it most, by "
        "US consumer "
        "prices. The window is an assumption, not stated.",
    )
    said = "; ".join(
        f"{r['label']}, {r['below']}: {r['printed']}" for r in plotted.to_dict("records")
    )
    return fig, f"Range chart in dollars of {dollars_of}. {said}."


def draw_beside(
    plotted: pd.DataFrame,
    sums: pd.DataFrame,
    origins: pd.DataFrame,
    release: str,
    first: int,
    last: int,
    host: str,
    investor: str,
) -> tuple[Figure, str]:
    """GDP of both sides in the years of the window with the sums across it, and the alternative text."""
    title = "The sum beside both economies, in the years that have a GDP"
    source = releases.source_line(
        origins, [release] if len(plotted) else [], narrative.source_line(sums["source_id"])
    )
    known = plotted["value"].notna().any() if len(plotted) else False
    if not known:
        message = (
            "No undated total of money is stated in this selection, so there is nothing to set beside an "
            "economy."
            if sums.empty
            else f"No GDP of {narrative.the(host)} or {narrative.the(investor)} in the collection covers the "
            "assumed window. "
            "rvdata import worldbank adds one."
        )
        return charts.empty(title=title, message=message, source=source), f"Empty chart. {message}"
    rows = []
    for row in sums.to_dict("records"):
        start, end = window(row, first, last)
        rows.append(
            {
                "label": f"{capital(investment.printed(row).removeprefix('an '))}, spent in no stated year",
                "value": row["amount_usd"] / _BILLION,
                "least": row["least"] / _BILLION,
                "most": row["most"] / _BILLION,
                "first": float(start),
                "last": float(end),
            }
        )
    missing = [
        f"{narrative.the(code)} for {spells(years)}" for code, years in gaps(plotted).items()
    ]
    fig = series_charts.lines(
        plotted[["series", "year", "value"]],
        marks=pd.DataFrame(rows),
        title=title,
        source=source,
        log=True,
        unit="billion US dollars of the year, logarithmic",
        years=(int(plotted["year"].min()), int(plotted["year"].max())),
        subtitle=f"{'No GDP of ' + listed(missing) + '. ' if missing else ''}A sum of many years against the output of "
        "one: a size, not a rate.",
    )
    said = []
    for name, own in plotted.dropna(subset=["value"]).groupby("series", sort=False):
        a, b = own.iloc[0], own.iloc[-1]
        said.append(
            f"{name}: {a['value']:,.0f} billion in {a['year']}, {b['value']:,.0f} billion in {b['year']}"
        )
    gap = f" No GDP of {listed(missing)}." if missing else ""
    across = "; ".join(r["label"] for r in rows)
    return fig, f"Line chart on a logarithmic axis. {'; '.join(said)}; across it {across}.{gap}"


# ---- what is said


def tell(
    sums: pd.DataFrame,
    found: pd.DataFrame,
    plotted: pd.DataFrame,
    changes: pd.DataFrame,
    checks: pd.DataFrame,
    origins: pd.DataFrame,
    gdp_release: str,
    cpi_release: str,
    dollars_of: int,
    assumed: bool,
    host: str,
    investor: str,
) -> str:
    """What can and what cannot be said of the undated sums, verdict first.

    Parameters
    ----------
    sums : DataFrame
        As `undated` gives them.
    found, plotted, changes : DataFrame
        As `ranges`, `beside` and `revisions` give them.
    checks, origins : DataFrame
        Tables `figure_checks` and `origins`.
    gdp_release, cpi_release : str
        The releases used; empty if there is none.
    dollars_of : int
        Year of the dollars.
    assumed : bool
        Whether the end of the window was left to the figure.
    host, investor : str

    Returns
    -------
    str
        Markdown, a paragraph per thought.
    """
    if sums.empty:
        return (
            "**Nothing to place:** no undated total of money from "
            f"{narrative.the(investor)} into {narrative.the(host)} is stated in this selection."
        )
    primary = checks[checks["is_primary"]].set_index("figure_id")
    paragraphs = []
    for row in sums.to_dict("records"):
        said = f"the USD {scaled(row['amount_usd'])}"
        check = primary.loc[row["figure_id"]] if row["figure_id"] in primary.index else None
        verdict = (
            ""
            if check is None
            else (
                f"**No verdict on {said}: {md(check['reason'])}** {mark(row['figure_id'])}."
                if check["verdict"] == "no data"
                else f"**{capital(said)}: {check['verdict']}** ({md(check['reason'])}) {mark(row['figure_id'])}."
            )
        )
        own = found[found["figure_id"] == row["figure_id"]]
        paragraphs.append(
            " ".join(
                p for p in (verdict, _worth(own, dollars_of, cpi_release, origins, assumed)) if p
            )
        )
        paragraphs.append(_shares(row, plotted, gdp_release, host, investor))
    paragraphs.append(_vintages(changes, gdp_release, origins) if gdp_release else "")
    paragraphs.append(
        "Missing is all that would make it more: what was paid in which year, at whose prices, as what "
        "(assets, loans, "
        "advance payments, arms on credit), and what was repaid or written off. Volumes of arms are no "
        "dollars and are "
        "not set against it."
    )
    return "\n\n".join(p for p in paragraphs if p)


def _worth(
    own: pd.DataFrame, dollars_of: int, release: str, origins: pd.DataFrame, assumed: bool
) -> str:
    if own.empty:
        return (
            "No price index in the collection covers the assumed window, so not even a range in constant dollars "
            "can be given."
        )
    row = own.iloc[0].to_dict()
    day = releases.day(origins.set_index("origin_id").loc[release])
    text = (
        f"In dollars of {dollars_of} the sum, taken as printed, may stand for anything from **USD {_range(row)}**: "
        "the least if all was spent in "
        f"{row['least_year']}, the most if all in {row['most_year']}. The window {row['start']} to {row['end']} is "
        "this notebook's "
        f"assumption{', up to the year of the figure' if assumed else ''}; no article states one. Prices are those "
        "of US consumers "
        f"({release}, of {day}), not of what was bought."
    )
    if row["missing"]:
        text += (
            f" {capital(count(row['missing'], 'year'))} of the window {verb(row['missing'], 'has', 'have')} "
            "no index."
        )
    return text + (f" Index means of part of a year: {row['partial']}." if row["partial"] else "")


def _shares(row: dict, plotted: pd.DataFrame, release: str, host: str, investor: str) -> str:
    if not release or plotted.empty:
        return "No release of GDP is in the collection, so the sum cannot be set beside either economy."
    own = (
        plotted.dropna(subset=[row["figure_id"]])
        if row["figure_id"] in plotted
        else plotted.head(0)
    )
    said = []
    for code in dict.fromkeys((host, investor)):
        rows, years = own[own["code"] == code], plotted.loc[plotted["code"] == code, "year"]
        missing = gaps(plotted).get(code, [])
        whose = narrative.possessive(narrative.the(code))
        if rows.empty:
            said.append(f"{capital(whose)} GDP is in the release for none of these years.")
            continue
        least, most = (
            rows.loc[rows[row["figure_id"]].idxmin()],
            rows.loc[rows[row["figure_id"]].idxmax()],
        )
        text = (
            f"{capital(whose)} GDP: it would be {_pct(least[row['figure_id']])} of that of {least['year']} and "
            f"{_pct(most[row['figure_id']])} of that of {most['year']}"
            if least["year"] != most["year"]
            else f"{capital(whose)} GDP: it would be {_pct(most[row['figure_id']])} of that of {most['year']}"
        )
        if missing:
            text += (
                f"; for {spells(missing)} the release has none, so of {len(missing)} of the {len(years)} years "
                "nothing can be said"
            )
        said.append(f"{text} {mark(row['figure_id'])}.")
    return (
        "Set against the output of one year at a time, both in dollars of that year. "
        + " ".join(said)
    )


def _pct(value: float) -> str:
    return (
        f"{value:,.0f} %"
        if value >= 10
        else f"{value:.1f} %"
        if value >= 0.1
        else "less than 0.1 %"
    )


def _vintages(changes: pd.DataFrame, release: str, origins: pd.DataFrame) -> str:
    day = releases.day(origins.set_index("origin_id").loc[release])
    text = f"GDP is that of {release}, of {day}."
    if changes.empty:
        return f"{text} No other release in the collection has these states."
    for other, rows in changes.groupby("release", sort=True):
        if not rows[["revised", "only_used", "only_other"]].any(axis=None):
            text += f" In the years used {other} gives the same to {_NOTABLE_PCT:g} % for {listed(rows['state'])}."
            continue
        said = []
        for row in rows.to_dict("records"):
            part = (
                f"for {row['state']} in {row['revised'] or 'none'} of {count(row['years'], 'year')}"
            )
            if row["revised"]:
                part += f" (most in {row['in_year']:.0f}: {row['largest_pct']:+.1f} %)".replace(
                    "-", "−"
                )
            alone = (row["only_used"], "only here"), (row["only_other"], "only there")
            only = [f"{count(n, 'year')} {where}" for n, where in alone if n]
            said.append(part + (f", {listed(only)}" if only else ""))
        text += f" It departs from {other} by more than {_NOTABLE_PCT:g} % {listed(said)}."
    return text


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

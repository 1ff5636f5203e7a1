"""Evidence tables and displays of notebooks written by the first guide; their words are in `words`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rvdata import schemas, store
from rvdata.text import md
from rvdata.words import (  # noqa: F401
    adjective,
    capital,
    cardinal,
    computed,
    count,
    days,
    listed,
    mark,
    number,
    out_of,
    percent,
    possessive,
    quantity,
    said,
    scaled,
    states,
    the,
    verb,
    when,
    window,
)

if TYPE_CHECKING:
    import pandas as pd

# ---- evidence and limits


def evidence(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row per figure: what is printed, as which value, of what and when, who says it, where, how sure, the verdict.

    Parameters
    ----------
    figures : DataFrame
        Rows of the table `figures`.
    checks : DataFrame
        Table `figure_checks`; only its primary rows are used.

    Returns
    -------
    DataFrame
        Indexed by figure; columns stated, value, of what and when, who, where (code points), doubt, verdict; all text.
        The reasons for doubts are in `notes`.
    """
    import pandas as pd

    verdicts = checks[checks["is_primary"]].set_index("figure_id")
    rows = []
    for row in figures.to_dict("records"):
        derived = row["status"] == "derived"
        hedge = f" ({row['hedge']})" if row["hedge"] == row["hedge"] else ""
        rows.append(
            {
                "figure": row["figure_id"],
                "stated": "not printed" if derived else row["stated"] + hedge,
                "value": quantity(row),
                "of what, when": f"{row['measure']}, {when(row)}",
                "who": row["attributed_to"]
                if row["attributed_to"] == row["attributed_to"]
                else ("this project" if derived else "the article"),
                "where": "derived" if derived else f"{row['start']} to {row['end']}",
                "doubt": {"as_printed": "none", "derived": "inferred"}.get(
                    row["status"], row["status"]
                ),
                "verdict": verdict(verdicts.loc[row["figure_id"]].to_dict(), row),
            }
        )
    columns = ["figure", "stated", "value", "of what, when", "who", "where", "doubt", "verdict"]
    return pd.DataFrame(rows, columns=columns).set_index("figure")


def verdict(check, figure) -> str:
    """A primary row of `figure_checks` in a few words: verdict, what the data give, release, what was tried beside it."""
    if check["verdict"] == "no data":
        return "no data"
    found = check["verdict"] + (
        f" ({check['coarse_verdict']} if read more coarsely)"
        if said(check["coarse_verdict"])
        else ""
    )
    if check["origin_id"] == "none":
        return found
    what = f"{check['vintage']} release" if said(check["vintage"]) else "document"
    return (
        f"{found}: {computed(check, figure)}, {what} {check['origin_id']}; explanations: "
        f"{check['matched']} of {check['tried']} match"
    )


def notes(rows: pd.DataFrame, key: str = "figure_id") -> str:
    """What is inferred or doubtful in rows, with the reasons, as a Markdown list; a sentence if there is nothing."""
    lines = []
    for row in rows.to_dict("records"):
        derivation = row.get("derivation")
        text = " ".join(
            capital(t).rstrip(".") + "."
            for t in (derivation, row["note"])
            if t is not None and t == t
        )
        if text:
            lines.append(f"- **{row[key]}**: {md(text)}")
    return "\n".join(lines) or "No inference and no doubt is recorded for these rows."


def limits(*tables: str) -> str:
    """The usage warnings of tables as a Markdown list, each once."""
    warnings = [w for table in tables for w in schemas.TABLES[table].warnings]
    return "\n".join(f"- {w}" for w in dict.fromkeys(warnings))


def loaded(**frames: pd.DataFrame) -> str:
    """Rows, years, articles and releases of loaded tables, a line each; for the load cell of a notebook."""
    lines = []
    for name, frame in frames.items():
        dates = [
            frame[c].dropna()
            for c in ("period_start", "period_end", "as_of", "as_of_end", "date", "date_end")
            if c in frame
        ]
        years = [int(y) for d in dates for y in d.dt.year] + [
            int(y) for c in ("year", "order_year") if c in frame for y in frame[c]
        ]
        sources = next(
            (sorted(set(frame[c]) - {"none"}) for c in ("source_id", "origin_id") if c in frame), []
        )
        lines.append(
            f"{name}: {count(len(frame), 'row')}"
            + (f", {' to '.join(map(str, sorted({min(years), max(years)})))}" if years else "")
            + (f", from {', '.join(sources)}" if sources else "")
        )
    return "\n".join(lines)


def source_line(sources: Iterable[str], attributed: Iterable[str] = ()) -> str:
    """The articles and releases behind a chart as its source line names them, inferred years in brackets, and whom they cite.

    Parameters
    ----------
    sources : iterable of str
        Identifiers of articles and data releases; repetitions count once. A release is named with its day.
    attributed : iterable of str
        To whom the articles attribute the figures; missing ones are passed over.
    """
    origins = store.load("origins").set_index("origin_id")
    names, releases = [], {}
    for source in sorted(set(sources)):
        row = origins.loc[source]
        inferred = row["published_basis"] == "inferred"
        if row["kind"] == "dataset":
            day = f"{release_day(row):%Y-%m-%d}"
            guessed = inferred and row["generated"] != row["generated"]
            releases.setdefault(row["publisher"], []).append(f"[{day}]" if guessed else day)
        else:
            names.append(
                f"{row['publisher']} {'[' if inferred else ''}{row['released'].year}{']' if inferred else ''}"
            )
    names += [
        f"own calculation from {publisher}, {'release' if len(days_) == 1 else 'releases'} of {listed(sorted(set(days_)))}"
        for publisher, days_ in releases.items()
    ]
    cited = sorted({a for a in attributed if a == a})
    citing = f", citing {listed(cited)}" if cited else ""
    return f"Source: {'; '.join(names) if names else 'no article'}{citing}; compiled by rvdata."


def release_day(origin) -> pd.Timestamp:
    """The day that a data release is known by: on which it was generated, or else released."""
    return origin["released"] if origin["generated"] != origin["generated"] else origin["generated"]


def show_sources(sources: Iterable[str]) -> None:
    """Tell the report that is made of this notebook which articles and releases it rests on, and of when the latest is."""
    from IPython.display import display

    origins = store.load("origins").set_index("origin_id")
    used = origins.loc[sorted(set(sources))]
    told = {"sources": [f"{i}: {row['publisher']}" for i, row in used.iterrows()]}
    if len(used):
        days = [
            row["released_end"] if row["kind"] == "article" else release_day(row)
            for _, row in used.iterrows()
        ]
        told["data_as_of"] = f"{max(days):%Y-%m-%d}"
    display(
        {
            "application/vnd.nbfleet.provenance+json": told,
            "text/plain": "; ".join(told["sources"]) or "no article",
        },
        raw=True,
    )


def show_table(frame: pd.DataFrame) -> None:
    """Display a table with its texts uncut."""
    from IPython.display import display

    table, text = _uncut(frame)
    display({"text/html": table, "text/plain": text}, raw=True)


def show_plotted(frame: pd.DataFrame, longest: int = 12) -> None:
    """Display the data behind a chart whole; a long table is folded, so that the chart is not far below its heading."""
    from IPython.display import display

    table, text = _uncut(frame)
    if len(frame) > longest:
        table = (
            f"<details><summary>The {len(frame)} rows behind the chart</summary>{table}</details>"
        )
    display({"text/html": table, "text/plain": text}, raw=True)


def _uncut(frame: pd.DataFrame) -> tuple[str, str]:
    """A table with its texts uncut, as HTML in which no cell is markup or a formula, and as text."""
    import pandas as pd

    with pd.option_context(
        "display.max_colwidth",
        None,
        "display.max_columns",
        None,
        "display.width",
        10_000,
        "display.max_rows",
        None,
    ):
        return _FORMULA.sub(_unformed, frame.to_html(escape=True)), frame.to_string()


#: The text of a cell that JupyterLab might take for a formula: a backslash, or two dollar signs.
_FORMULA = re.compile(r">[^<>]*(?:\\|\$[^<>$]*\$)[^<>]*<")


def _unformed(found: re.Match) -> str:
    """The same with these in elements of their own, beyond whose ends no formula goes."""
    return re.sub(r"[\\$]", r"<span>\g<0></span>", found[0])


def show(markdown: str) -> None:
    """Display a computed text as Markdown."""
    from IPython.display import Markdown, display

    display(Markdown(markdown))

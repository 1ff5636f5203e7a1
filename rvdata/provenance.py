"""Where a table or a figure comes from: listing, citing, tracing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvdata import __version__, origins, schemas, store
from rvdata.errors import DataError, nearest

if TYPE_CHECKING:
    import pandas as pd


def tables() -> pd.DataFrame:
    """The processed tables: one row per table, with its rows, columns, grain and licence.

    Examples
    --------
    >>> "figures" in set(tables().table)
    True
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "table": name,
                "rows": store.read(name).num_rows,
                "columns": len(spec.columns),
                "grain": spec.grain,
                "licence": spec.licence,
            }
            for name, spec in schemas.TABLES.items()
        ]
    )


def cite(table: str) -> str:
    """How to cite a table: the project's edition of it, and every article or release behind it.

    Examples
    --------
    >>> cite("refugee_counts").splitlines()[-1].startswith("- Carlos Solar")
    True
    """
    spec = store.spec(table)
    used = [
        o for o in store.read(table).schema.metadata[b"rvdata.origins"].decode().split(";") if o
    ]
    registry = store.origins()
    lines = [f"rvdata {__version__}, table {table}, licence {spec.licence}."]
    if used:
        lines += ["It records what these state; cite them too:"] + [
            f"- {origins.citation(registry[o])}" for o in used
        ]
    return "\n".join(lines)


def _verdict(figure_id: str) -> str:
    """The primary row of `figure_checks` in one line."""
    checks = store.load("figure_checks", "all")
    row = checks[checks["is_primary"] & (checks["figure_id"] == figure_id)].iloc[0]
    release = (
        ""
        if row["origin_id"] == "none"
        else f" ({', '.join(row[['method', 'origin_id', 'vintage']].dropna())})"
    )
    return f"{row['verdict']}{release}: {row['reason']}"


def _days(row: dict) -> str:
    """The days of an event or a happening, how exactly, and from what."""
    first, last = (f"{row[c]:%Y-%m-%d}" if row[c] else "open" for c in ("date", "date_end"))
    said = first if first == last else f"{first} to {last}"
    return f"{said} ({row['date_precision'].replace('_', ' ')}, {row['date_basis']})"


def _trace_happening(happening_id: str) -> str:
    """One happening: what, when, who says so, and every article that tells of it."""
    rows = {h["happening_id"]: h for h in store.read("happenings").to_pylist()}
    row = rows[happening_id]
    parts = [h for h, other in rows.items() if other["part_of"] == happening_id]
    lines = [
        ("happening", f"{happening_id} ({row['category']})"),
        ("what", row["summary"]),
        ("actors", row["actors"]),
        ("acted on", row["targets"]),
        ("place", row["place"]),
        ("when", _days(row)),
        ("known from", row["known_from"]),
        ("part of", row["part_of"]),
        ("parts", ", ".join(parts)),
        ("note", row["note"]),
    ]
    for event in store.read("events").to_pylist():
        if event["happening_id"] == happening_id:
            said = f"{event['event_id']}: {event['summary']}; {_days(event)}"
            doubt = (
                "" if event["status"] == "as_printed" else f"; {event['status']}: {event['note']}"
            )
            lines.append(("witness", said + doubt))
    return "\n".join(f"{label:<12} {value}" for label, value in lines if value)


def trace(figure_id: str) -> str:
    """Everything behind one figure, or behind one happening and its witnesses.

    Of a figure: what is printed, where, by whom, how sure, and what is built on it.

    Parameters
    ----------
    figure_id : str
        Identifier of a figure or of a happening; that of an event stands for its happening.

    Returns
    -------
    str
        Plain text, one fact a line.

    Raises
    ------
    DataError
        If nothing has that identifier.

    Examples
    --------
    >>> print(trace("kennan-2024-e03").splitlines()[4])
    when         2024-07-28 (day, witnesses)
    """
    import pandas as pd

    figures = store.load("figures").set_index("figure_id", drop=False)
    if figure_id not in figures.index:
        told = {e["event_id"]: e["happening_id"] for e in store.read("events").to_pylist()}
        happening = told.get(figure_id, figure_id)
        if happening in told.values():
            return _trace_happening(happening)
        known = [*figures.index, *told, *told.values()]
        raise DataError(
            f"no figure, event or happening is called {figure_id!r}{nearest(figure_id, known)}; "
            "tables figures, events and happenings list them"
        )
    row = {k: ("" if pd.isna(v) else v) for k, v in figures.loc[figure_id].items()}
    origin = store.origins()[row["source_id"]]
    printed = f"“{row['stated']}”" if row["stated"] else "nothing: the figure is derived"
    if row["hedge"]:
        printed += f", hedged apart: {row['hedge']}"

    def number(column: str) -> str:
        return f"{row[column]:,.10g}" if row[column] != "" else "not stated"

    def day(column: str) -> str:
        return f"{row[column]:%Y-%m-%d}" if row[column] != "" else "open"

    def span(first: str, last: str, precision: str, basis: str) -> str:
        if not row[first] and not row[last]:
            return ""
        return f"{day(first)} to {day(last)} ({row[precision].replace('_', ' ')}, {row[basis]})"

    period = span("period_start", "period_end", "period_start_precision", "period_start_basis")
    as_of = span("as_of", "as_of_end", "as_of_precision", "as_of_basis")
    used_by = sorted(
        i for i, d in figures["derived_from"].dropna().items() if figure_id in d.split(";")
    )
    stands_in = [
        t
        for t in ("figures", "arms_import_shares", "refugee_counts", "investment_totals")
        if figure_id in set(store.load(t)["figure_id"])
    ]
    if row["derived_from"]:
        place = f"no place of its own: {row['derivation']} (from {row['derived_from'].replace(';', ', ')})"
    else:
        place = f"code points {row['start']} to {row['end']} of {row['source_id']}, SHA-256 {row['span_sha256'][:16]}…"
    lines = [
        (
            "figure",
            f"{figure_id} ({row['family'].replace('_', ' ')}, {row['status'].replace('_', ' ')})",
        ),
        ("measures", row["measure"]),
        ("printed", printed),
        (
            "value",
            f"{number('value')} {row['unit']} ({row['qualifier'].replace('_', ' ')}; low {number('low')}, "
            f"high {number('high')}, step {number('stated_step')})",
        ),
        ("subject", f"{row['subject'] or 'none'} ({row['subject_basis']})"),
        ("counterpart", row["counterpart"]),
        ("responsible", row["responsible"]),
        ("period", period),
        ("as of", as_of),
        (
            "said by",
            row["attributed_to"]
            or ("this project" if row["derived_from"] else "the article itself"),
        ),
        ("article", origins.citation({**origin, "released": str(origin["released"] or "")})),
        ("place", place),
        ("conflicts", row["conflicts_with"].replace(";", ", ")),
        ("built on it", ", ".join(used_by)),
        ("tables", ", ".join(stands_in)),
        ("verdict", _verdict(figure_id)),
        ("note", row["note"]),
    ]
    return "\n".join(f"{label:<12} {value}" for label, value in lines if value)

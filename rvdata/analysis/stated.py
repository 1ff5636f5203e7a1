"""What articles state: verdicts of figures, and a search over everything that has an identifier."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from rvdata import countries, store
from rvdata.errors import DataError, nearest

#: Table → its identifier, and the columns that say what a row is about.
SEARCHED = {
    "figures": ("figure_id", ("stated", "hedge", "measure", "attributed_to", "note")),
    "events": ("event_id", ("summary", "attributed_to", "note")),
    "arguments": ("argument_id", ("gloss", "code", "held_by", "note")),
    "origins": ("origin_id", ("title", "publisher", "authors", "about")),
}


def verdicts(of: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Stated figures with their verdicts, one row a figure.

    Parameters
    ----------
    of : str or sequence of str, optional
        An article, or identifiers of figures; all figures by default.

    Returns
    -------
    DataFrame
        Columns of `figures`, and those of the primary row of `figure_checks`: origin_id as release, method, vintage, computed,
        computed_low, computed_high (a bracket of two year ends), difference, difference_pct (of the stated number),
        verdict, coarse_verdict, reason, tried, matched. In the order asked for.

    Raises
    ------
    DataError
        If there is no such article or figure.

    Examples
    --------
    >>> verdicts("rusi-2022").query("verdict == 'matches'").figure_id.tolist()
    ['rusi-2022-f05']
    """
    checks = store.load("figure_checks").drop(columns=["is_primary", "unit"])
    # figure_checks says more of what follows from what: the ledger leaves out what is plain from derived_from
    table = (
        store.load("figures")
        .drop(columns="follows_from")
        .merge(checks.rename(columns={"origin_id": "release"}), on="figure_id", how="left")
    )
    stated = table["value"].where(table["value"].ne(0))
    at = table.columns.get_loc("difference") + 1
    table.insert(at, "difference_pct", 100 * table["difference"] / stated)
    if of is None:
        return table
    ids = [of] if isinstance(of, str) else list(of)
    known = {*table["figure_id"], *table["source_id"]}
    for one in ids:
        if one not in known:
            raise DataError(f"{one!r} is no figure and no article{nearest(one, known)}")
    order = [
        i
        for one in ids
        for i in table.index[(table["figure_id"] == one) | (table["source_id"] == one)]
    ]
    return table.loc[list(dict.fromkeys(order))].reset_index(drop=True)


def find(words: str) -> pd.DataFrame:
    """Everything that mentions some words: figures, events, arguments, articles and releases.

    Parameters
    ----------
    words : str
        Such as "30 billion"; case and kind of blank do not matter, and names of countries find their codes.

    Returns
    -------
    DataFrame
        Columns id (for `trace`), kind, said (what is printed of a figure, in our words else), about, by (to whom it is attributed) and
        source.

    Examples
    --------
    >>> find("30 billion")[["id", "by"]].values.tolist()
    [['geointel-2019-f02', 'US estimate']]
    """
    wanted, rows = _plain(words), []
    if not wanted:
        raise DataError('say what to find, such as find("30 billion")')
    for table, (key, columns) in SEARCHED.items():
        frame = store.load(table, "all")
        places = [c for c in ("subject", "counterpart", "actors", "actor", "place") if c in frame]
        texts = frame[[key, *columns]].fillna("").astype("str").agg(" | ".join, axis=1)
        named = frame[places].fillna("").astype("str").agg(";".join, axis=1).map(_names)
        # a number must not be found within a longer one
        pattern = r"(?<![\d.,])" * wanted[0].isdigit() + re.escape(wanted)
        hit = (texts + " | " + named).map(_plain).str.contains(pattern, regex=True)
        for row in frame[hit].astype("object").where(frame[hit].notna(), "").to_dict("records"):
            said = row.get("stated") or row[columns[0]] or row.get("measure", "")
            by = row.get("attributed_to") or row.get("held_by") or row.get("publisher", "")
            about = row.get("measure") or row.get("about") or row.get("category") or row.get("kind")
            kind = row["kind"] if table == "origins" else table.removesuffix("s")
            rows.append((row[key], kind, said, about, by, row.get("source_id", row[key])))
    return pd.DataFrame(rows, columns=["id", "kind", "said", "about", "by", "source"])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _names(codes: str) -> str:
    known = countries.table()
    return " ".join(known[c].name for c in codes.split(";") if c in known)

"""Specially Designated Nationals list of the US Treasury (OFAC), `sdn.csv`: entries by kind, programme and what marks a state.

What marks an entry as a state's stands in the remarks of individuals, in four ways that are kept apart: nationality,
citizenship, identity documents ("Passport 1 (Ruritania)") and place of birth.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import Rule, whole

if TYPE_CHECKING:
    import pandas as pd

_WHAT = "OFAC's sdn.csv (Specially Designated Nationals)"
_EMPTY = "-0-"
_END = b"\x1a"  # Ctrl-Z: the publisher's mark of the end
_CELLS = 12
_CUT = 1000  # characters: remarks of so many were longer
_PLACES = {"id": 0, "kind": 2, "programmes": 3, "remarks": 11}
_KINDS = {_EMPTY: "entity", "individual": "individual", "vessel": "vessel", "aircraft": "aircraft"}
_RULES = (
    Rule("id", whole(1, 10**9), "is no number of an entry"),
    Rule("id", lambda ids: ~ids.duplicated(), "stands twice"),
    Rule("kind", lambda kinds: kinds.isin(_KINDS), f"is no kind of entry ({', '.join(_KINDS)})"),
    Rule("programmes", lambda names: ~names.isin(["", _EMPTY]), "is no programme"),
)
#: Column → how a segment of the remarks says it.
MARKS = {
    "nationalities": r"^(?:alt\. )?nationality:? (.+)",
    "citizenships": r"^(?:alt\. )?citizen:? (.+)",
    "documents": r"^(?!Linked To|Executive)[^(]*\d.*\(([^()\d]+)\)$",
    "birthplaces": r"^(?:alt\. )?POB:? (.+)",
}
#: Spellings that only this list uses.
_MEANT = {"Eritrean": "ERI"}
#: Programmes named after a country under another name than the table has.
_AFTER = {"HK": "HKG", "CAR": "CAF", "DRCONGO": "COD", "DARFUR": "SDN"}
#: Programmes of the Consolidated list, which has the layout of this one, and what its remarks say.
_CONSOLIDATED = r"\b(?:NS-PLC|NS-ISA|CMIC|561|CAPTA|MBS|FSE|SSI)\b|\(Directive \d|\bDirective \d"


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Entries of the list, counted by kind, set of programmes and the states that mark them.

    Parameters
    ----------
    path : Path
        As the publisher has it, or with a header line added.
    only : frozenset of str, optional
        Keep entries that one of these countries marks, or under a programme named after one of them; all by default.

    Returns
    -------
    Release
        Table `sanctions_listed`. Its cells do not overlap, so that adding them counts every entry once.

    Raises
    ------
    DataError
        If the file is another one, cut off, changed, or gives a nationality that the project does not know.
    """
    table = _table(path, delivered.content(path, _WHAT))
    entries = delivered.rows(table, _PLACES, ["id"]).astype(
        {c: "str" for c in _PLACES if c != "id"}
    )
    entries = entries.assign(**{c: entries[c].str.strip() for c in ("kind", "programmes")})
    delivered.check(path, entries, _RULES, table.at)
    _check_list(path, entries)
    entries["kind"] = entries["kind"].map(_KINDS)
    entries["programmes"] = _each(
        entries["programmes"],
        lambda given: ";".join(sorted(re.split(r"\] \[", given.strip("[] ")))),
    )
    marks, notes = _marked(entries[entries["kind"] == "individual"])
    kept, named = entries, []
    if only:
        after = {
            p: _named_after(p) in only
            for given in entries["programmes"].unique()
            for p in given.split(";")
        }
        named = sorted(p for p, asked in after.items() if asked)
        under = _each(entries["programmes"], lambda given: any(after[p] for p in given.split(";")))
        kept = entries[under | entries.index.isin(marks.index[marks["code"].isin(only)])]
        if kept.empty:
            raise DataError(
                f"{path}: has no entry of {delivered.listed(sorted(only))}; leave out --only or name others"
            )
        notes += [
            f"{len(entries) - len(kept)} of {len(entries)} entries left out, as asked for",
            f"programmes named after {', '.join(sorted(only))}: {', '.join(named) or 'none'}",
        ]
    mine = marks[marks.index.isin(kept.index)]
    notes += delivered.known(path, mine, marks.drop(mine.index), ["code"], table.at)
    sets = (
        mine.reset_index(names="entry")
        .drop_duplicates()
        .sort_values("code")
        .astype({"code": "str"})
    )
    sets = sets.groupby(["entry", "mark"])["code"].agg(";".join).unstack()
    kept = kept.join(sets.reindex(columns=list(MARKS))).fillna("")
    return compiled.Release(
        tables={
            "sanctions_listed": kept.groupby(["kind", "programmes", *MARKS])
            .size()
            .rename("entries")
            .reset_index()
        },
        title="Specially Designated Nationals and Blocked Persons List (sdn.csv)",
        publisher="US Department of the Treasury, Office of Foreign Assets Control",
        url="https://sanctionslist.ofac.treas.gov/",
        licence="public domain (US government work)",
        redistribution="free",
        covers=_covers(only, named),
        data_from="",
        data_through="",
        notes=(*_said(kept[kept["kind"] == "individual"]), *notes),
    )


# ---- reading


def _table(path: Path, data: bytes) -> delivered.Table:
    """The list without the publisher's end mark, with or without a header."""
    body = data.rstrip(b"\r\n, ")
    ended = body.endswith(_END)
    text = delivered.utf8(path, body.removesuffix(_END).rstrip(b'"') if ended else data, _WHAT)
    if not ended:
        raise DataError(
            f"{path}: does not end with the publisher's end mark (Ctrl-Z), expected {_WHAT}: it is another file or was cut "
            f"off; {delivered.AGAIN}"
        )
    if _END in text:
        raise DataError(f"{path}: holds an end mark (Ctrl-Z) before its end; {delivered.AGAIN}")
    if not re.match(rb'"?\d+"?,', text):
        table = delivered.table(path, text, _WHAT, ["id|entnum|uid", "type|sdntype"], ",")
        if len(table.cells) == _CELLS:
            return table
    if text.split(b"\n", 1)[0].count(b",") < _CELLS - 1:
        raise DataError(
            f"{path}: its first record has fewer than {_CELLS} cells, expected {_WHAT}; give that file"
        )
    return delivered.Table(path, _WHAT, 0, ("",) * _CELLS, "", text)


def _check_list(path: Path, entries: pd.DataFrame) -> None:
    """Refuse the Consolidated list; a few entries of this one are under its programmes too."""
    others = entries["programmes"].str.contains(_CONSOLIDATED) | entries["remarks"].str.contains(
        _CONSOLIDATED
    )
    if others.mean() > 0.5:
        raise DataError(
            f"{path}: is OFAC's Consolidated (non-SDN) list: {others.sum()} of {len(entries)} entries are under its "
            f"programmes, expected {_WHAT}; take SDN.CSV of the SDN list"
        )


# ---- naming


def _each(column: pd.Series, change) -> pd.Series:
    """A column with each distinct value changed once."""
    return column.map({value: change(value) for value in column.unique()})


def _named_after(programme: str) -> str:
    """Code of the country whose name is a word of a programme's ("VENEZUELA-EO13850" is VEN), or an empty string.

    Words of fewer than four letters are acronyms, not codes of countries.
    """
    words = [word.strip().rstrip("0123456789") for word in programme.split("-")]
    hits = [_AFTER.get(word) or (countries.find(word) if len(word) > 3 else "") for word in words]
    return next(filter(None, hits), "")


def _marked(people: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """What marks each individual (`mark`, a column of `MARKS`) as which state's (`code`), one row each; and notes."""
    import pandas as pd

    cut = people["remarks"].str.len() >= _CUT
    whole = people["remarks"].mask(cut, people["remarks"].str.replace(r";[^;]*$", "", regex=True))
    segments = whole.str.split(";").explode().str.strip().str.removesuffix(".")
    parts, notes = [], []
    for mark, pattern in MARKS.items():
        given = segments.str.extract(pattern)[0].dropna()
        if mark == "birthplaces":  # "Pyongyang, Korea, North": the last two parts, or the last one
            pieces = given.str.rsplit(", ", n=2)
            codes = delivered.coded(pieces.str[-2:].str.join(", "), pieces.str[-1], _MEANT)
        else:
            doubt = given.str.startswith("possibly ")
            if doubt.any():
                notes.append(
                    f"{doubt.sum()} {mark} are called possible by the list; they are counted"
                )
            codes = delivered.coded(given.str.removeprefix("possibly "), meant=_MEANT)
        unknown = codes.astype("str").str.startswith("?")
        if mark in (
            "documents",
            "birthplaces",
        ):  # a city alone, or a word in brackets: not a state in the first place
            notes += (
                [f"{unknown.sum()} places of birth name no state"]
                if mark == "birthplaces" and unknown.any()
                else []
            )
            codes = codes[~unknown]
        parts.append(pd.DataFrame({"mark": mark, "code": codes.astype("str")}))
    if cut.any():
        notes.append(
            f"{cut.sum()} individuals have remarks of {_CUT:,} characters, where the list cuts them: what stood behind is unknown"
        )
    return pd.concat(parts), notes


# ---- compiling


def _covers(only: frozenset[str], named: list[str]) -> tuple[str, ...]:
    if not only:
        return ("*",)
    marks = ("nationality", "citizenship", "document", "birthplace")
    return (*(f"{m}={c}" for c in sorted(only) for m in marks), *(f"programme={p}" for p in named))


def _said(people: pd.DataFrame) -> list[str]:
    given = people["nationalities"].ne("") | people["citizenships"].ne("")
    several = people["nationalities"].str.contains(";").sum()
    notes = [
        f"{given.sum()} of {len(people)} individuals have a nationality or citizenship; no other kind of entry is asked for one"
    ]
    return notes + ([f"{several} individuals have several nationalities"] if several else [])

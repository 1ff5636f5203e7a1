"""Specially Designated Nationals list of the US Treasury (OFAC), `sdn.csv`: entries by kind, programme and what marks a state.

What marks an entry as a state's stands in the remarks of individuals, in four ways that are kept apart: nationality,
citizenship, identity documents ("Passport 1 (Ruritania)") and place of birth.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered
from rvdata.sources.delivered import TERMS, Rule, whole

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
MARKS = ("nationalities", "citizenships", "documents", "birthplaces")
#: How a segment of the remarks says each of them.
_MARKED = (
    r"^(?:alt\. )?nationality:? (?P<nationalities>.+)|^(?:alt\. )?citizen:? (?P<citizenships>.+)|"
    r"^(?:alt\. )?POB:? (?P<birthplaces>.+)|^(?!Linked To|Executive).*\d.*\((?!individual\))(?P<documents>[^()\d]+)\)"
    r"(?: (?:issued|expires|expired)\b.*)?(?: \(individual\))?$"
)
#: Spellings that only this list uses.
_MEANT = {"Eritrean": "ERI"}
#: Programmes named after a country under another name than the table has.
_AFTER = {"HK": "HKG", "CAR": "CAF", "DRCONGO": "COD", "DARFUR": "SDN"}
#: Programmes of the Consolidated list, which has the layout of this one; its other entries are under directives.
_CONSOLIDATED = r"\b(?:NS-PLC|NS-ISA|CMIC|561|CAPTA|MBS|FSE|SSI)\b"
#: Those of which the SDN list has next to none: one entry in ten thousand (2022, 2023).
_NEVER_MANY = r"\b(?:NS-PLC|NS-ISA|CMIC|CAPTA)\b"


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Entries of the list, counted by kind, set of programmes and the states that mark them: table `sanctions_listed`.

    Its cells do not overlap, so that adding them counts every entry once. With `only`, entries are kept that one of these
    countries marks, or that are under a programme named after one of them.
    """
    table = _table(path, delivered.content(path, _WHAT))
    entries = delivered.rows(table, _PLACES, ["id"])
    texts = ("kind", "programmes", "remarks")
    entries = entries.assign(**{c: entries[c].astype("str").str.strip() for c in texts})
    _check_list(path, entries)
    programmes = entries["programmes"].str.strip("[] ").str.split("] [", regex=False).explode()
    people = entries["kind"] == "individual"
    marks = _marks(entries.loc[people, "remarks"])
    after = sorted(p for p in programmes.unique() if _named_after(p) in only)
    asked = {*programmes.index[programmes.isin(after)], *marks.index[marks["code"].isin(only)]}
    kept = entries.index.isin(asked) if only else entries.index >= 0
    if not kept.any():
        raise DataError(
            f"{path}: has no entry of {delivered.listed(sorted(only))}; leave out --only or name others"
        )
    delivered.check(path, entries[kept], _RULES, table.at)
    mine = marks[kept[marks.index]]
    nowhere = (mine["loose"] & (mine["mark"] == "birthplaces")).sum()
    cut = (entries.loc[people & kept, "remarks"].str.len() >= _CUT).sum()
    doubted = mine["doubted"].sum()
    marks, mine = marks[~marks["loose"]], mine[~mine["loose"]]
    strange = delivered.known(path, mine, marks.drop(mine.index), ["code"], table.at)
    counted = _counted(entries.loc[kept, "kind"], programmes[kept[programmes.index]], mine)
    several = counted.loc[counted["nationalities"].str.contains(";"), "entries"].sum()
    with_state = mine["mark"].isin(["nationalities", "citizenships"])
    told = {
        f"{mine.index[with_state].nunique()} of {(people & kept).sum()} individuals have a nationality or citizenship; no other "
        "kind of entry is asked for one": True,
        f"{several} individuals have several nationalities": several,
        f"{doubted} nationalities or citizenships are called possible by the list; they are counted": doubted,
        f"{nowhere} places of birth name no state": nowhere,
        f"{cut} individuals have remarks of {_CUT:,} characters, where the list cuts them: what stood behind is unknown": cut,
        **dict.fromkeys(strange, True),
        f"{(~kept).sum()} of {len(kept)} entries left out, as asked for": only,
        f"programmes named after {', '.join(sorted(only))}: {', '.join(after) or 'none'}": only,
    }
    sides = ("nationality", "citizenship", "document", "birthplace")
    covers = (
        *(f"{side}={c}" for c in sorted(only) for side in sides),
        *(f"programme={p}" for p in after),
    )
    return compiled.Release(
        tables={"sanctions_listed": counted},
        title="Specially Designated Nationals and Blocked Persons List (sdn.csv)",
        **TERMS["ofac"],
        covers=covers or ("*",),
        data_from="",
        data_through="",
        notes=tuple(delivered.notes(told)),
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
    table = delivered.Table(path, _WHAT, 0, ("",) * _CELLS, "", text)
    if not re.match(rb'"?\d+"?,', text):
        table = delivered.table(path, text, _WHAT, ["id|entnum|uid", "type|sdntype"], ",")
    if table.body.split(b"\n", 1)[0].count(b",") < _CELLS - 1:
        few = f"its first record has fewer than {_CELLS} cells"
        raise delivered.unlike(path, _WHAT, few, "give that file")
    return table


def _check_list(path: Path, entries: pd.DataFrame) -> None:
    """Refuse the Consolidated list; a few entries of this one are under its programmes too."""
    others = entries["programmes"].str.contains(_CONSOLIDATED)
    alone = entries["programmes"].str.contains(_NEVER_MANY)
    others |= entries["remarks"].str.contains("Directive ", regex=False)
    if others.mean() > 0.5 or alone.mean() >= 0.02:
        raise DataError(
            f"{path}: is OFAC's Consolidated (non-SDN) list: {others.sum()} of {len(entries)} entries are under its "
            f"programmes, expected {_WHAT}; take SDN.CSV of the SDN list"
        )


# ---- naming


def _named_after(programme: str) -> str | None:
    """Code of the country whose name is a word of a programme's: "VENEZUELA-EO13850" is VEN."""
    words = [word.strip().rstrip("0123456789") for word in programme.split("-")]
    # fewer than four letters are an acronym, not the code of a country
    hits = [_AFTER.get(word) or (countries.find(word) if len(word) > 3 else "") for word in words]
    return next(filter(None, hits), None)


def _marks(remarks: pd.Series) -> pd.DataFrame:
    """What marks an individual (`mark`) as which state's (`code`), one row each; possibly so (`doubted`), or no state (`loose`)."""
    cut = remarks.str.len() >= _CUT
    whole = remarks.mask(cut, remarks.str.replace(r";[^;]*$", "", regex=True))
    segments = whole.str.split(";").explode().str.strip().str.removesuffix(".")
    said = segments.str.extract(_MARKED)
    given = {mark: said[mark].dropna() for mark in MARKS}
    codes = {
        mark: delivered.coded(texts.str.removeprefix("possibly "), meant=_MEANT)
        for mark, texts in given.items()
    }
    # "Pyongyang, Korea, North": the last two parts name a state, or the last one
    parts = given["birthplaces"].str.rsplit(", ", n=2)
    codes["birthplaces"] = delivered.coded(parts.str[-2:].str.join(", "), parts.str[-1])
    found = pd.concat(
        code.astype("str").to_frame("code").assign(mark=mark, said=given[mark])
        for mark, code in codes.items()
    )
    doubted = found.pop("said").str.startswith("possibly ")
    loose = found["mark"].isin(["documents", "birthplaces"]) & found["code"].str.startswith("?")
    return found.assign(doubted=doubted, loose=loose)


# ---- compiling


def _counted(kinds: pd.Series, programmes: pd.Series, marks: pd.DataFrame) -> pd.DataFrame:
    """Entries by kind and ;-joined sets of programmes and of the states of each mark."""
    marks = marks[["mark", "code"]]
    said = pd.concat([programmes.to_frame("code").assign(mark="programmes"), marks])
    said = said.rename_axis("entry").reset_index().drop_duplicates().sort_values("code")
    said["code"] = said["code"].astype(object) + ";"  # to add is quicker than to join
    sets = said.groupby(["entry", "mark"])["code"].sum().str[:-1].unstack(fill_value="")
    sets = sets.reindex(columns=["programmes", *MARKS], fill_value="")
    sets["kind"] = kinds.map(_KINDS)
    return sets.groupby(["kind", "programmes", *MARKS]).size().rename("entries").reset_index()

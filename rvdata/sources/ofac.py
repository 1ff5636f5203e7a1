"""Specially Designated Nationals list of the US Treasury (OFAC), `sdn.csv`: entries by kind, programme and nationality."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import countries
from rvdata.errors import DataError
from rvdata.sources import compiled, delivered

if TYPE_CHECKING:
    import pandas as pd

_WHAT = "OFAC's sdn.csv (Specially Designated Nationals)"
_EMPTY = "-0-"
_END = b"\x1a"  # Ctrl-Z: the publisher's mark of the end
_CELLS = 12
_KINDS = {_EMPTY: "entity", "individual": "individual", "vessel": "vessel", "aircraft": "aircraft"}
#: Spellings that only this list uses.
_MEANT = {"North Macedonia, The Republic of": "MKD", "Eritrean": "ERI"}
#: Programmes named after a country under another name than the table has.
_AFTER = {"HK": "HKG", "CAR": "CAF", "DRCONGO": "COD", "DARFUR": "SDN"}
_NATIONALITY = re.compile(r"\b(?:nationality|citizen)\b:?\s+(possibly )?([^;]+?)\.?\s*(?:;|$)")


def read(path: Path, only: frozenset[str] = frozenset()) -> compiled.Release:
    """Entries of the list, counted by kind, set of programmes and set of nationalities.

    Parameters
    ----------
    path : Path
        As the publisher has it, or with a header line added.
    only : frozenset of str, optional
        Keep entries with one of these nationalities or citizenships, or under a programme named after one of these countries;
        all by default.

    Returns
    -------
    Release
        Table `sanctions_listed`. Its cells do not overlap, so that adding them counts every entry once.

    Raises
    ------
    DataError
        If the file is another one, cut off, changed, or gives a nationality that the project does not know.
    """
    import pandas as pd

    text = delivered.utf8(path, _ended(path, delivered.content(path, _WHAT)), _WHAT)
    first = text.split(b"\n", 1)[0].decode("utf-8")
    named = not re.match(r'"?\d+"?,', first)
    head = delivered.header(path, text, _is_header, _WHAT, "ID,Name,Type,…") if named else None
    if head and head.line > 1:
        raise DataError(
            f"{path}: has {head.line - 1} lines before its header, expected {_WHAT}; {delivered.AGAIN}"
        )
    if not named and first.count(",") < _CELLS - 1:
        raise DataError(
            f"{path}: its first record has fewer than {_CELLS} cells, expected {_WHAT}; {delivered.AGAIN}"
        )
    raw = delivered.rows(
        path,
        text,
        head,
        {"id": 0, "kind": 2, "programmes": 3, "remarks": _CELLS - 1},
        ["id"],
        prose=["remarks"],
    )
    delivered.whole(path, raw["id"], "the number of an entry", 1, 10**9)
    twice = raw["id"].duplicated()
    if twice.any():
        raise DataError(
            f"{path}: {int(twice.sum())} entries stand twice (first: {raw['id'][twice].iloc[0]}); {delivered.AGAIN}"
        )
    unknown = sorted({k.strip() for k in raw["kind"].cat.categories} - set(_KINDS))
    if unknown:
        raise DataError(
            f"{path}: {len(unknown)} kinds of entry are not known ({delivered.listed(unknown, 5)}), expected "
            f"{', '.join(_KINDS)}; {delivered.AGAIN}"
        )
    kinds = _each(raw["kind"], lambda k: _KINDS[k.strip()])
    programmes, tied = _programmes(path, raw["programmes"])
    nationalities, notes = _nationalities(path, raw["remarks"])
    cells = kept = pd.DataFrame(
        {"kind": kinds, "programmes": programmes, "nationalities": nationalities}
    )
    people = int((cells["kind"] == "individual").sum())
    given = int(((cells["kind"] == "individual") & (cells["nationalities"] != "")).sum())
    notes = [
        f"{given} of {people} individuals have a nationality or citizenship; no other kind of entry is asked for one",
        *notes,
    ]
    covers: tuple[str, ...] = ("*",)
    if only:
        mine = [n for n in cells["nationalities"].cat.categories if only & set(n.split(";"))]
        after = [
            p
            for p in cells["programmes"].cat.categories
            if any(tied[x] in only for x in p.split(";"))
        ]
        kept = cells[cells["nationalities"].isin(mine) | cells["programmes"].isin(after)]
        if kept.empty:
            raise DataError(
                f"{path}: has no entry of {delivered.listed(sorted(only))}; leave out --only or name others"
            )
        used = sorted(
            {x for p in kept["programmes"].unique() for x in p.split(";") if tied[x] in only}
        )
        covers = tuple(f"nationality={c}" for c in sorted(only)) + tuple(
            f"programme={x}" for x in used
        )
        notes += [
            f"{len(cells) - len(kept)} of {len(cells)} entries left out, as asked for",
            f"programmes named after {', '.join(sorted(only))}: {', '.join(used) or 'none'}",
        ]
    counted = (
        kept.groupby(["kind", "programmes", "nationalities"], observed=True)
        .size()
        .rename("entries")
        .reset_index()
    )
    return compiled.Release(
        tables={"sanctions_listed": counted},
        title="Specially Designated Nationals and Blocked Persons List (sdn.csv)",
        publisher="US Department of the Treasury, Office of Foreign Assets Control",
        url="https://sanctionslist.ofac.treas.gov/",
        licence="public domain (US government work)",
        redistribution="free",
        covers=covers,
        data_from="",
        data_through="",
        notes=tuple(notes),
    )


def _ended(path: Path, data: bytes) -> bytes:
    """The file without the publisher's end mark, alone on its line or followed by the commas of a line that was filled up."""
    body = data.rstrip(b"\r\n, ")
    if not body.endswith(_END):
        if (
            data[:2] in (b"PK", b"\xff\xfe", b"\xfe\xff")
            or b"<html" in data[:4096].lower()
            or b"\0" in data
        ):
            return data  # refused by name in the next step
        raise DataError(
            f"{path}: does not end with the publisher's end mark (Ctrl-Z), expected {_WHAT}: it is another file or was cut "
            f"off; {delivered.AGAIN}"
        )
    body = body.removesuffix(_END).rstrip(b'"')
    if _END in body:
        raise DataError(f"{path}: holds an end mark (Ctrl-Z) before its end; {delivered.AGAIN}")
    return body


def _is_header(cells) -> bool:
    return (
        len(cells) == _CELLS
        and delivered.plain(cells[0]) in ("id", "entnum", "uid")
        and not any(c.isdigit() for c in cells)
    )


def _each(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column of categories with each distinct value changed once."""
    import numpy as np
    import pandas as pd

    values, which = np.unique(
        [change(value) for value in column.cat.categories], return_inverse=True
    )
    return pd.Series(pd.Categorical.from_codes(which[column.cat.codes], values), index=column.index)


def _programmes(path: Path, column: pd.Series) -> tuple[pd.Series, dict[str, str]]:
    """Each entry's programmes, sorted and ;-joined; and the country that a programme is named after, if one."""
    missing = column.isin(
        [value for value in column.cat.categories if value.strip() in ("", _EMPTY)]
    )
    if missing.any():
        raise DataError(
            f"{path}: {int(missing.sum())} entries have no programme, expected {_WHAT}; {delivered.AGAIN}"
        )
    joined = _each(
        column, lambda value: ";".join(sorted({part.strip(" []") for part in value.split("] [")}))
    )
    named = {
        label.casefold(): row.code
        for row in countries.table().values()
        for label in (row.name, *row.aliases)
    }
    return joined, {
        name: _named_after(name, named)
        for value in joined.cat.categories
        for name in value.split(";")
    }


def _named_after(programme: str, named: dict[str, str]) -> str:
    """Code of the country whose name is a word of a programme's ("VENEZUELA-EO13850" is VEN), or an empty string.

    Words of fewer than four letters are acronyms, not codes of countries.
    """
    words = [word.strip().rstrip("0123456789") for word in programme.split("-")]
    hits = [
        _AFTER.get(word) or (named.get(word.casefold(), "") if len(word) > 3 else "")
        for word in words
    ]
    return next(filter(None, hits), "")


def _nationalities(path: Path, remarks: pd.Series) -> tuple[pd.Series, list[str]]:
    """Each entry's nationalities and citizenships as sorted, ;-joined codes; first and alternative ones alike."""
    import numpy as np
    import pandas as pd

    asked = remarks.str.contains("nationality|citizen").to_numpy()
    given = [tuple(_NATIONALITY.findall(remark)) for remark in remarks[asked]]
    distinct = {found: {name.strip() for _, name in found} for found in set(given)}
    names = sorted(set().union(*distinct.values()))
    codes = (
        dict(
            zip(
                names,
                delivered.all_coded(path, pd.Series(names, dtype="str"), _MEANT),
                strict=False,
            )
        )
        if names
        else {}
    )
    joined = {
        found: ";".join(sorted({codes[name] for name in its})) for found, its in distinct.items()
    }
    sets = np.full(len(remarks), "", dtype=object)
    sets[asked] = [joined[found] for found in given]
    notes = []
    doubtful = sum(any(doubt for doubt, _ in found) for found in given)
    several = sum(";" in joined[found] for found in given)
    if doubtful:
        notes.append(
            f"{doubtful} entries have a nationality that the list calls possible; they are counted under it"
        )
    if several:
        notes.append(f"{several} entries have several nationalities")
    return pd.Series(sets, index=remarks.index, dtype="category"), notes

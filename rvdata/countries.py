"""Names of countries and their codes: ISO 3166-1 alpha-3, withdrawn codes, and reserved ones for what is no country.

The table is ``data/raw/countries.csv``. Every kind of row has its rule:

country
    What ISO 3166-1 lists, and Kosovo under the user-assigned XKX.
former
    What ISO 3166-3 withdrew, under its old code; former states that ISO never coded have a reserved one. `successor_of`
    stands on those who took over when it ended: Kosovo names none, because Serbia, which it was then part of, goes on.
aggregate, organisation, group, region, unknown
    Reserved codes: several states together, bodies of states, parties or people that are no state, seas and parts of
    the world, and not known.

A bare name is given to whoever bears it today ("Burma" is MMR), a former state's own name to the former state
("Zaire" is ZAR; "West Germany", which goes on, is DEU). A name that two could bear ("Congo", "Korea") is given to
nobody: an importer whose publisher uses it for one of them says so itself. The publishers' groups of states share one
code, so that taking them for countries makes a duplicate key rather than a double count.
"""

from __future__ import annotations

import difflib
import functools
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rvdata import paths, rawcsv, schemas
from rvdata.errors import DataError, nearest, refuse

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("code", "name", "kind", "successor_of", "aliases")
_CODE = re.compile(r"[A-Z]{3}|_[A-Z][A-Z_]*")
_REMEDY = "correct it or, if it can mean one only, add it as an alias in data/raw/countries.csv"


class UnknownCountry(DataError, LookupError):
    """A name or code that the table does not know."""


@dataclass(frozen=True)
class Country:
    """One row of the table."""

    code: str
    name: str
    kind: str
    successor_of: tuple[str, ...]
    aliases: tuple[str, ...]


def table() -> dict[str, Country]:
    """Every row by its code, in the order of the file.

    Returns
    -------
    dict of str to Country
        A copy: changing it changes nothing else. The file is read again when it has changed.

    Raises
    ------
    DataError
        With every fault of the file and its line.
    """
    return dict(_current()[0])


def frame() -> pd.DataFrame:
    """The table as text, one column per column of the processed table, indexed by place."""
    import pandas as pd

    rows = [(row.code, row.name, row.kind, ";".join(row.successor_of)) for row in table().values()]
    places = pd.Index([f"data/raw/countries.csv: {row[0]}" for row in rows], dtype="str")
    return pd.DataFrame(rows, columns=list(COLUMNS[:4]), index=places, dtype="str")


def code(name: str) -> str:
    """The code of a name that the table knows, be it a name, an alias or a code.

    Case, accents, punctuation, "the" at either end and asterisks (see `find`) do not matter, except that abbreviations and
    codes must be in capitals: "US" is a country, "us" is not.

    Raises
    ------
    UnknownCountry
        With the nearest names. Nothing is guessed.

    Examples
    --------
    >>> code("Viet Nam"), code("The Gambia"), code("Türkiye"), code("European Union**"), code("Soviet Union")
    ('VNM', 'GMB', 'TUR', '_EU', 'SUN')
    >>> code("Ukriane")
    Traceback (most recent call last):
    rvdata.countries.UnknownCountry: 'Ukriane' is no country name (nearest: 'Ukraine'); correct it or, if it can mean \
one only, add it as an alias in data/raw/countries.csv
    """
    return codes([name])[0]


def codes(names: Iterable[str]) -> list[str]:
    """The codes of many names, in their order.

    Raises
    ------
    UnknownCountry
        One error for all unknown names: how many they are, and five of them.

    Examples
    --------
    >>> codes(["Russia", "Venezuela, RB", "unknown supplier(s)"])
    ['RUS', 'VEN', '_U']
    """
    names = list(names)
    found = {name: find(name) for name in dict.fromkeys(names)}
    unknown = [name for name, hit in found.items() if hit is None]
    if unknown:
        raise UnknownCountry(unknown_names(unknown))
    return [found[name] for name in names]


def name(code: str) -> str:
    """The name that the project uses for a code.

    Raises
    ------
    UnknownCountry
        With the nearest code.

    Examples
    --------
    >>> name("VEN"), name("SUN"), name("_U")
    ('Venezuela', 'Soviet Union', 'Unknown')
    """
    known = _current()[0]
    if code not in known:
        raise UnknownCountry(f"{code!r} {no_code(code)}")
    return known[code].name


def no_code(word: str) -> str:
    """What to say of a word that is no code: the nearest and the remedy."""
    return f"is no country code{hint(word)}; use a code of data/raw/countries.csv or add it there"


def refusal(word: str) -> str:
    """Why a parameter cannot have a word as a country's code; empty if it can."""
    if word in _current()[0]:
        return ""
    return f"{word!r} is no country code{hint(word)}; use ISO 3166-1 alpha-3, such as VEN"


def printed() -> dict[str, str]:
    """Every name and alias as the table prints it, with its code; reserved codes but the European Union's left out.

    Empty where the table cannot be read: figures are found without it.
    """
    try:
        rows = table().values()
    except DataError:
        return {}
    return {
        label: row.code
        for row in rows
        for label in (row.name, *row.aliases)
        if not row.code.startswith("_") or row.code == "_EU"
    }


def find(name: str, marked: bool = False) -> str | None:
    """The code of a name, an alias or a code; None where the table does not know it.

    A name that the table does not know is an armed group if it ends with one asterisk, an organisation if with two:
    SIPRI marks them so, and names new ones every year.

    Parameters
    ----------
    name : str
    marked : bool, optional
        Whether such a mark also tells a group from the state whose name it bears, as in SIPRI's files. Elsewhere it is
        a footnote: "Kosovo*" is XKX.

    Examples
    --------
    >>> find("Kosovo*"), find("Front of Ruritania*"), find("NATO**"), find("Ruritania")
    ('XKX', '_NSAG', '_NATO', None)
    """
    if not isinstance(name, str):  # an empty cell read by pandas
        return None
    rows, spellings = _current()
    spelling = _spelling(name)
    code = spellings.get(spelling) or spellings.get(spelling.casefold())
    marks = len(name.rstrip()) - len(name.rstrip().rstrip("*"))
    if marks and spelling and (not code or (marked and rows[code].kind in ("country", "former"))):
        return "_NSAG" if marks == 1 else "_ORG"
    return code


def unknown_names(names: Sequence[str]) -> str:
    """What to say of names that the table does not know: how many they are, five of them, the nearest and the remedy."""
    first = [name[:80] if isinstance(name, str) else name for name in names[:5]]
    if len(names) == 1:
        return f"{first[0]!r} is no country name{_nearest(first[0])}; {_REMEDY}"
    shown = ", ".join(f"{name!r}{_nearest(name)}" for name in first)
    more = ", …" if names[5:] else ""
    return f"{len(names)} names are no country names: {shown}{more}; {_REMEDY}"


# ---- spellings


def _spelling(name: str) -> str:
    """A name without what does not tell countries apart; case is kept.

    A hyphen at an end stays, so that the half of a name that a line break has cut ("Guinea-") is not taken for a whole.
    """
    marked = unicodedata.normalize("NFKD", name.replace("&", " and "))
    plain = "".join(c for c in marked if unicodedata.category(c) not in ("Mn", "Cf"))
    plain = re.sub(r"[.'`´‘’ʼ]", "", plain)
    plain = re.sub(r"[‐‑‒–—−]", "-", plain)
    plain = re.sub(r"(?<=\w)\s*-\s*(?=\w)", " ", plain)
    plain = re.sub(r"[^\w-]+", " ", plain).strip()
    return re.sub(r"^the | the$", "", plain, flags=re.IGNORECASE)


def _key(name: str) -> str:
    """What a name of the table is found by: folded, unless it is an abbreviation."""
    spelling = _spelling(name)
    return spelling if spelling.isupper() else spelling.casefold()


def hint(word: str) -> str:
    """`' (nearest: …)'` with the code that a word which is none may be meant for, or an empty string.

    Names in any spelling, lower case and letters that changed places are seen through.

    Examples
    --------
    >>> hint("venezuela"), hint("SRY"), hint("VENE"), hint("42")
    (' (nearest: VEN)', ' (nearest: SYR)', ' (nearest: VEN)', '')
    """
    return "".join(f" (nearest: {code(label)})" for label in _alike(word, 1, 0.6))


def _nearest(name: str) -> str:
    close = _alike(name, 3, 0.7)
    return f" (nearest: {', '.join(map(repr, close))})" if close else ""


def _alike(word: str, most: int, cutoff: float) -> list[str]:
    """Codes, names and aliases like a word: the one that it is but for case or two letters that changed places, if any."""
    labels = {
        _key(label).casefold(): label
        for row in table().values()
        for label in (row.code, row.name, *row.aliases)
    }
    typed = _spelling(str(word)).casefold()
    swapped = [typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(len(typed) - 1)]
    meant = [key for key in (typed, *swapped) if key in labels][:1]
    return [labels[key] for key in meant or difflib.get_close_matches(typed, labels, most, cutoff)]


# ---- the file


def _current() -> tuple[dict[str, Country], dict[str, str]]:
    path = paths.raw() / "countries.csv"
    try:
        state = os.stat(path)
    except OSError:
        return _read(path, None)
    return _read(path, (state.st_mtime_ns, state.st_size))


@functools.lru_cache(maxsize=4)
def _read(path: Path, stamp: tuple[int, int] | None) -> tuple[dict[str, Country], dict[str, str]]:
    """The rows by code, and every spelling's code. `stamp` is there to tell one state of the file from the next."""
    rows, faults = rawcsv.read(path, COLUMNS)
    faults += rawcsv.duplicates(rows, "code")
    known = {row["code"] for row in rows}
    owners = {row["code"].casefold(): row for row in rows}
    spellings = {row["code"]: row["code"] for row in rows}
    kinds = schemas.COUNTRY_KINDS
    for row in rows:
        if not _CODE.fullmatch(row["code"]):
            remedy = "is neither three capitals nor an underscore and capitals; write it so"
            faults.append(row.fault("code", remedy))
        if row["kind"] not in kinds:
            remedy = f"is none of {', '.join(kinds)}{nearest(row['kind'], kinds)}"
            faults.append(row.fault("kind", remedy))
        for former in row.listed("successor_of"):
            if former not in known:
                close = nearest(former, known)
                remedy = f"is no code of this file{close}; correct it or give it a row"
                faults.append(row.fault("successor_of", remedy, former))
        labels = [("name", row["name"]), *(("aliases", one) for one in row.listed("aliases"))]
        for column, label in labels:
            key = _key(label)
            if not key:
                faults.append(row.fault(column, "has no letter; write a name", label))
                continue
            spellings.setdefault(key, row["code"])
            owner = owners.setdefault(key.casefold(), row)
            if owner["code"] != row["code"]:
                whose = f"{owner['code']} ({owner.place})"
                remedy = f"already belongs to {whose}; leave it with one of them"
                faults.append(row.fault(column, remedy, label))
    refuse(faults)
    lists = ("successor_of", "aliases")
    countries = {
        row["code"]: Country(*(row.listed(c) if c in lists else row[c] for c in COLUMNS))
        for row in rows
    }
    return countries, spellings

"""Notebook parameters that make no sense are refused in the first lines, with the remedy."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rvdata import countries, schemas, store
from rvdata.errors import DataError, no_such


def check(
    *,
    states: tuple[str, ...] = (),
    start: int | None = None,
    end: int | None = None,
    **lists: list[str] | None,
) -> None:
    """Refuse parameter values that no table can answer; all of them at once.

    Parameters
    ----------
    states : tuple of str
        Codes that must be in the table `countries`.
    start, end : int, optional
        First and last year of a period.
    lists : list of str, optional
        What is taken into account; empty lists mean all: `sources` (articles), `families` (of figures), `kinds` (of
        arguments) and `stances` (the ways in which they are put).

    Raises
    ------
    DataError
        One line per wrong value, with the nearest valid one.

    Examples
    --------
    >>> check(states=("VEN", "RUS"), start=2000, end=2021, sources=["rusi-2022"])
    """
    faults = [
        f"{name} must be a whole number, not {year!r}"
        for name, year in (("start", start), ("end", end))
        if year is not None and (isinstance(year, bool) or not isinstance(year, int))
    ]
    for name, values in lists.items():
        faults += _list_faults(f"{name} must be a list", values, LISTS[name][2])
    # a text put where a list of codes is unpacked arrives letter by letter
    letters = "".join(code for code in states if isinstance(code, str) and len(code) == 1)
    if len(letters) > 1:
        faults += _list_faults("several countries must be a list", letters, '["VEN", "RUS"]')
    faults += [
        f'a country must be a code such as "VEN", not {code!r}'
        for code in states
        if not isinstance(code, str)
    ]
    if faults:
        raise DataError("; ".join(faults))
    faults += filter(None, map(countries.refusal, states))
    faults += [
        f"{year} is no year of this collection; use one from 1900 to 2100"
        for year in (start, end)
        if year is not None and not 1900 <= year <= 2100
    ]
    if start is not None and end is not None and start > end:
        faults.append(f"the period {start} to {end} runs backwards; swap start and end")
    for name, values in lists.items():
        known = LISTS[name][1] or [o for o, r in store.origins().items() if r["kind"] == "article"]
        faults += filter(None, (refusal(name, value, known) for value in values or []))
    if faults:
        raise DataError("; ".join(faults))


#: Parameter that is a list → one of what it holds, all that there are (articles are for the caller to say), an example.
LISTS: dict[str, tuple[str, Sequence[str], str]] = {
    "sources": ("article", (), '["rusi-2022"]'),
    "families": ("family of figures", schemas.FAMILIES, '["loan"]'),
    "kinds": ("kind of argument", tuple(dict.fromkeys(schemas.CODES.values())), '["motive"]'),
    "stances": ("stance of an argument", schemas.STANCES, '["reported"]'),
}


def refusal(name: str, value: str, known: Collection[str]) -> str:
    """Why a list of `LISTS` cannot hold a value; empty if it can."""
    return "" if value in known else no_such(LISTS[name][0], value, known)


def truth(name: str, value: object) -> bool:
    """A parameter that is true or false, also where papermill has handed it over as text.

    Parameters
    ----------
    name : str
        Of the parameter, for the message.
    value : bool or str
        True, False, or the text "true" or "false" in any case, which is what ``papermill -p`` makes of ``false``.

    Raises
    ------
    DataError
        For all else: any other text would count as true.

    Examples
    --------
    >>> truth("include_derived", "false"), truth("include_derived", True)
    (False, True)
    """
    if isinstance(value, bool):
        return value
    text = value.lower() if isinstance(value, str) else ""
    if text not in ("true", "false"):
        raise DataError(f"{name} must be True or False, not {value!r}; write one of the two")
    return text == "true"


def _list_faults(must: str, value: object, example: str) -> list[str]:
    if isinstance(value, str):
        return [
            f"{must} such as {example}, not the text {value!r} (papermill takes a list with -y)"
        ]
    if value is not None and not isinstance(value, (list, tuple)):
        return [f"{must} such as {example}, not {value!r}"]
    return [
        f"{must} of texts such as {example}, not of {item!r}"
        for item in value or []
        if not isinstance(item, str)
    ]

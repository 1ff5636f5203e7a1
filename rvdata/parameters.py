"""Notebook parameters that make no sense are refused in the first lines, with the remedy."""

from __future__ import annotations

from rvdata import countries, store
from rvdata.errors import DataError, nearest


def check(
    *,
    states: tuple[str, ...] = (),
    start: int | None = None,
    end: int | None = None,
    sources: list[str] | None = None,
    families: list[str] | None = None,
    kinds: list[str] | None = None,
    stances: list[str] | None = None,
    among: tuple[str, ...] = (),
) -> None:
    """Refuse parameter values that no table can answer; all of them at once.

    Parameters
    ----------
    states : tuple of str
        Codes that must be in the table `countries`.
    start, end : int, optional
        First and last year of a period.
    sources : list of str, optional
        Articles to take into account; an empty list means all.
    families : list of str, optional
        Families of figures; an empty list means all.
    among : tuple of str, optional
        The families that the notebook can use; all if empty.
    kinds, stances : list of str, optional
        Kinds of arguments, and the ways in which they are put; an empty list means all.

    Raises
    ------
    DataError
        One line per wrong value, with the nearest valid one.

    Examples
    --------
    >>> check(states=("VEN", "RUS"), start=2000, end=2021, sources=["rusi-2022"])
    """
    from rvdata import schemas

    lists = {
        "sources": (sources, '["rusi-2022"]'),
        "families": (families, '["loan"]'),
        "kinds": (kinds, '["motive"]'),
        "stances": (stances, '["reported"]'),
    }
    faults = [
        f"{name} must be a whole number, not {year!r}"
        for name, year in (("start", start), ("end", end))
        if year is not None and (isinstance(year, bool) or not isinstance(year, int))
    ]
    for name, (value, example) in lists.items():
        faults += _list_faults(f"{name} must be a list", value, example)
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
    known = countries.table()
    for code in states:
        if code not in known:
            faults.append(
                f"{code!r} is no country code{countries.hint(code)}; use ISO 3166-1 alpha-3, such as VEN"
            )
    for year in (start, end):
        if year is not None and not 1900 <= year <= 2100:
            faults.append(f"{year} is no year of this collection; use one from 1900 to 2100")
    if start is not None and end is not None and start > end:
        faults.append(f"the period {start} to {end} runs backwards; swap start and end")
    articles = store.load("origins").query("kind == 'article'").origin_id.tolist()
    for source in sources or []:
        if source not in articles:
            faults.append(
                f"{source!r} is no article{nearest(source, articles)}; there are: {', '.join(articles)}"
            )
    for family in families or []:
        if family not in schemas.FAMILIES:
            faults.append(f"{family!r} is no family of figures{nearest(family, schemas.FAMILIES)}")
        elif among and family not in among:
            faults.append(
                f"{family!r} is no family that this notebook can use; there are: {', '.join(among)}"
            )
    for values, known, what in (
        (kinds, tuple(dict.fromkeys(schemas.CODES.values())), "kind of argument"),
        (stances, schemas.STANCES, "stance of an argument"),
    ):
        for value in values or []:
            if value not in known:
                faults.append(
                    f"{value!r} is no {what}{nearest(value, known)}; there are: {', '.join(known)}"
                )
    if faults:
        raise DataError("; ".join(faults))


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

"""What happened, and which article tells of it: tidy frames whose first and last days can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvdata import countries, schemas, store
from rvdata.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

#: Precisions of what lasts from the first day to the last; everything else fell on some day between them.
LASTING = ("period", "ongoing")


def happenings(
    states: str | Sequence[str] = (),
    by: str | Sequence[str] = (),
    categories: str | Sequence[str] = (),
    sources: str | Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Things that happened, each once, with the best known days and the articles that tell of it.

    Parameters
    ----------
    states : str or sequence of str, optional
        Country codes: what any of them does, what is done to it, and what takes place in it. An unknown party (``_U``)
        is nobody's neighbour: strikes on vessels of unknown flag belong to no state but those that are named.
    by : str or sequence of str, optional
        Country codes of which one must act.
    categories, sources : str or sequence of str, optional
        Kinds of events; articles of which one must tell of it. All by default.
    start, end : int, optional
        First and last year; a happening is kept if it may have fallen into them.

    Returns
    -------
    DataFrame
        One row a happening, by first day. happening_id, summary, category; actors, targets, place (;-joined codes); first
        and last (days, never missing); lasts (bool: from first to last, else some day between them), open_start and
        open_end (bool: began before, goes on after); basis (`witnesses`, `source`, `general knowledge`), known_from;
        witnesses (;-joined event_ids), sources (;-joined source_ids), articles (how many, independent or not); part_of, note.

    Raises
    ------
    DataError
        If a code, a category or an article does not exist.

    Examples
    --------
    >>> happenings("VEN", categories="election")[["happening_id", "articles"]].values.tolist()
    [['ven-election-2018', 2], ['ven-election-2024', 2], ['ven-result-2024', 1]]
    """
    frame = store.load("happenings")
    told = store.load("events").sort_values("event_id").groupby("happening_id")
    sourced = told["source_id"].agg(lambda ids: ";".join(dict.fromkeys(ids)))
    frame = frame.assign(
        first=frame["date"],
        last=frame["date_end"],
        lasts=frame["date_precision"].isin(LASTING),
        open_start=(frame["date_precision"] == "ongoing") & (frame["date_basis"] == "witnesses"),
        open_end=frame["date_precision"] == "ongoing",
        basis=frame["date_basis"],
        witnesses=frame["happening_id"].map(told["event_id"].agg(";".join)),
        sources=frame["happening_id"].map(sourced),
        articles=frame["happening_id"].map(told["source_id"].nunique()),
    )
    keep = _holds(frame, ("actors", "targets", "place"), _states(states))
    keep &= _holds(frame, ("actors",), _states(by))
    keep &= _holds(frame, ("category",), _words(categories, schemas.CATEGORIES, "kind of event"))
    keep &= _holds(frame, ("sources",), _words(sources, _articles(), "article"))
    columns = (
        "happening_id summary category actors targets place first last lasts open_start open_end basis known_from "
        "witnesses sources articles part_of note"
    )
    return _within(frame[keep], start, end, "happening_id")[columns.split()]


def events(
    states: str | Sequence[str] = (),
    categories: str | Sequence[str] = (),
    sources: str | Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """What articles tell of, one row a witness, with days that can be drawn.

    Parameters
    ----------
    states, categories, sources, start, end
        As in `happenings`; the states of an event are its actors and its place.

    Returns
    -------
    DataFrame
        One row an event, by first day. event_id, happening_id, source_id, category, summary, actors and place (;-joined
        codes), attributed_to; told_first and told_last (days by the text alone, NaT where open) with precision and
        basis (`printed`, `inferred`); first and last (the days told, narrowed by what is known of the happening where the
        two agree; never missing but for an outlook); lasts, open_start, open_end (as in `happenings`); agrees (bool:
        whether the days told share one with those of the happening); status, note.
    """
    import pandas as pd

    frame = store.load("events")
    known = store.load("happenings").set_index("happening_id")[["date", "date_end"]]
    best = known.loc[frame["happening_id"]].set_axis(frame.index)
    told, told_end = frame["date"], frame["date_end"]
    agrees = ~((told > best["date_end"]) | (told_end < best["date"]))
    first = told.where(~agrees, pd.concat([told, best["date"]], axis=1).max(axis=1))
    last = told_end.where(~agrees, pd.concat([told_end, best["date_end"]], axis=1).min(axis=1))
    frame = frame.assign(
        told_first=told,
        told_last=told_end,
        first=first,
        last=last,
        precision=frame["date_precision"],
        basis=frame["date_basis"],
        lasts=frame["date_precision"].isin(LASTING),
        open_start=frame["date_precision"] == "ongoing",
        open_end=frame["date_precision"] == "ongoing",
        agrees=agrees,
    )
    keep = _holds(frame, ("actors", "place"), _states(states))
    keep &= _holds(frame, ("category",), _words(categories, schemas.CATEGORIES, "kind of event"))
    keep &= _holds(frame, ("source_id",), _words(sources, _articles(), "article"))
    columns = (
        "event_id happening_id source_id category summary actors place attributed_to told_first told_last precision basis "
        "first last lasts open_start open_end agrees status note"
    )
    return _within(frame[keep], start, end, "event_id")[columns.split()]


def _articles() -> list[str]:
    return [o["origin_id"] for o in store.read("origins").to_pylist() if o["kind"] == "article"]


def _states(wanted: str | Sequence[str]) -> list[str]:
    """Country codes that were asked for; one that is none is refused."""
    codes = [wanted] if isinstance(wanted, str) else list(wanted)
    for code in codes:
        countries.name(code)
    return codes


def _words(wanted: str | Sequence[str], known: Sequence[str], what: str) -> list[str]:
    """Words that were asked for; one that is not among the known is refused."""
    words = [wanted] if isinstance(wanted, str) else list(wanted)
    for word in words:
        if word not in known:
            raise DataError(
                f"{word!r} is no {what}{nearest(word, known)}; there are: {', '.join(known)}"
            )
    return words


def _holds(frame: pd.DataFrame, columns: tuple[str, ...], wanted: list[str]) -> pd.Series:
    """Rows in one of whose ;-joined columns one of the wanted words stands; all where none is wanted."""
    held = frame[list(columns)].fillna("").agg(";".join, axis=1).str.split(";")
    return held.map(lambda words: not wanted or not set(wanted).isdisjoint(words)).astype(bool)


def _within(frame: pd.DataFrame, start: int | None, end: int | None, key: str) -> pd.DataFrame:
    """Rows that may have fallen into the years from `start` to `end`, by first day."""
    if start is not None:
        frame = frame[frame["last"].fillna(frame["first"]).dt.year >= start]
    if end is not None:
        frame = frame[frame["first"].fillna(frame["last"]).dt.year <= end]
    return frame.sort_values(["first", "last", key]).reset_index(drop=True)

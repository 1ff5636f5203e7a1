"""What happened, and which article tells of it: tidy frames whose first and last days can be drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rvdata import countries, schemas, store, words
from rvdata.analysis import stated
from rvdata.origins import came_out, covers

#: Precisions of what lasts from the first day to the last; everything else fell on some day between them.
LASTING = ("period", "ongoing")
_DAYS = {"date_precision": "precision", "date_basis": "basis"}
#: Kinds of happenings that move forces or arms, and those that such moves are told beside.
MOVES = ("deployment", "strike", "arms")
AROUND = ("election", "sanction", "recognition")
#: Families of figures that say how large a move was, or what of it stands in a country.
SIZES = ("ship", "aircraft", "soldier", "missile")


def happenings(
    states: str | Sequence[str] = (),
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
    categories, sources : str or sequence of str, optional
        Kinds of events; articles of which one must tell of it. All by default.
    start, end : int, optional
        First and last year; a happening is kept if it may have fallen into them.

    Returns
    -------
    DataFrame
        One row a happening, by first day. happening_id, summary, category; actors, targets, place (;-joined codes); first
        and last (days, never missing), precision; lasts (bool: from first to last, else some day between them), open_start
        and open_end (bool: began before, goes on after); basis (`witnesses`, `source`, `general knowledge`), known_from;
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
    frame = store.load("happenings").rename(columns=_DAYS | {"date": "first", "date_end": "last"})
    told = store.load("events").sort_values("event_id").groupby("happening_id")
    sourced = told["source_id"].agg(lambda ids: ";".join(dict.fromkeys(ids)))
    going, ids = frame["precision"] == "ongoing", frame["happening_id"]
    frame = frame.assign(
        lasts=frame["precision"].isin(LASTING),
        open_start=going & (frame["basis"] == "witnesses"),
        open_end=going,
        witnesses=ids.map(told["event_id"].agg(";".join)),
        sources=ids.map(sourced),
        articles=ids.map(told["source_id"].nunique()),
    )
    keep = stated.holds(frame, ("actors", "targets", "place"), stated.asked(states))
    keep &= _told(frame, "sources", categories, sources) & stated.within(frame, start, end)
    columns = schemas.words(
        "happening_id summary category actors targets place first last precision lasts open_start open_end basis "
        "known_from witnesses sources articles part_of note"
    )
    return frame.loc[keep, list(columns)].sort_values(
        ["first", "last", "happening_id"], ignore_index=True
    )


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
    renamed = _DAYS | {"date": "told_first", "date_end": "told_last"}
    frame = store.load("events").rename(columns=renamed)
    known = store.load("happenings").set_index("happening_id")[["date", "date_end"]]
    best = known.loc[frame["happening_id"]].set_axis(frame.index)
    told, told_end, going = frame["told_first"], frame["told_last"], frame["precision"] == "ongoing"
    agrees = ~((told > best["date_end"]) | (told_end < best["date"]))
    frame = frame.assign(
        first=told.where(~agrees, pd.concat([told, best["date"]], axis=1).max(axis=1)),
        last=told_end.where(~agrees, pd.concat([told_end, best["date_end"]], axis=1).min(axis=1)),
        lasts=frame["precision"].isin(LASTING),
        open_start=going,
        open_end=going,
        agrees=agrees,
    )
    keep = stated.holds(frame, ("actors", "place"), stated.asked(states))
    keep &= _told(frame, "source_id", categories, sources) & stated.within(frame, start, end)
    columns = schemas.words(
        "event_id happening_id source_id category summary actors place attributed_to told_first told_last precision basis "
        "first last lasts open_start open_end agrees status note"
    )
    return frame.loc[keep, list(columns)].sort_values(
        ["first", "last", "event_id"], ignore_index=True
    )


def _told(
    frame: pd.DataFrame, column: str, categories: str | Sequence[str], sources: str | Sequence[str]
) -> pd.Series:
    """Rows of some categories that some articles tell of; a word that is none is refused."""
    kinds = stated.asked(categories, schemas.CATEGORIES, "kind of event")
    return stated.holds(frame, "category", kinds) & stated.holds(frame, column, _sources(sources))


def _sources(wanted: str | Sequence[str]) -> list[str]:
    """Articles that were asked for; one that is none is refused."""
    known = [one for one, row in store.origins().items() if row["kind"] == "article"]
    return stated.asked(wanted, known, "article")


def moves(
    country: str,
    powers: str | Sequence[str] = (),
    sources: str | Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Forces and arms that other states move to a country or against it, each move once, however many articles tell of it.

    Parameters
    ----------
    country : str
        Code of the country: it must be aimed at, or the move take place in it. What happens in the sea around it and is not
        aimed at it is nobody's neighbour.
    powers : str or sequence of str, optional
        Codes of states of which one must act; every other state by default.
    sources, start, end
        As in `happenings`.

    Returns
    -------
    DataFrame
        Columns of `happenings`, and power (the first of those that act), part (bool: of another move in the frame, which
        stands before it), begins (the first day as a year and its part, for axes), exact (bool: known to the day), when (the best days in words) and printed (how the articles
        date it, in words, with what is inferred). Of an empty one, ``attrs["missing"]`` says what there is instead.

    Examples
    --------
    >>> moves("VEN", "USA")[["when", "part", "articles"]].values.tolist()
    [['since 21 August 2025', False, 1], ['since 24 October 2025', True, 1], ['since 2 September 2025', False, 1]]
    """
    wanted = [p for p in stated.asked(powers) if p != country]
    frame = happenings(country, MOVES, sources, start, end)
    frame = frame[stated.holds(frame, ("targets", "place"), [country])]
    acting = [[c for c in codes.split(";") if c != country] for codes in frame["actors"]]
    power = [next((c for c in codes if c in wanted or not powers), "") for codes in acting]
    frame = frame.assign(power=pd.Series(power, index=frame.index, dtype="str"))
    frame = _described(frame[frame["power"] != ""])
    if frame.empty:
        frame.attrs["missing"] = _no_move(country)
    return frame


def _no_move(country: str) -> str:
    """What moves the collection has instead: around this country, or around which others."""
    rows = happenings(categories=MOVES)
    near = rows[stated.holds(rows, ("targets", "place"), [country])]
    near = near[near["actors"].ne(country) & ~near["part_of"].isin(near["happening_id"])]
    if len(near):
        by = words.listed(map(words.the, sorted({a.split(";")[0] for a in near["actors"]})))
        years = words.years(near["first"].dt.year.min(), near["last"].dt.year.max())
        return f"the articles have {words.count(len(near), 'move')} there, by {by}, in {years}"
    codes = {c for row in rows["targets"].dropna() for c in row.split(";") if not c.startswith("_")}
    told = words.listed(map(words.the, sorted(codes)), nothing="no country")
    return f"the articles tell of moves around {told} alone"


def around(
    country: str,
    sources: str | Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Elections in a country, sanctions on it and recognition of its governments, each once.

    Parameters
    ----------
    country : str
        Code of the country, which must be aimed at; or vote.
    sources, start, end
        As in `happenings`.

    Returns
    -------
    DataFrame
        As `moves` gives it; power is the first of those that act.

    Examples
    --------
    >>> around("VEN", "rusi-2022", end=2018)["summary"].tolist()[1:]
    ['The US under Trump imposes sanctions', 'Presidential election in Venezuela: Maduro is re-elected']
    """
    frame = happenings(country, AROUND, sources, start, end)
    votes = frame["category"].eq("election")
    frame = frame[votes | stated.holds(frame, ("targets",), [country])]
    return _described(frame.assign(power=frame["actors"].str.split(";").str[0]))


def _described(frame: pd.DataFrame) -> pd.DataFrame:
    """Happenings with their days in words, parts below their wholes."""
    told = events().set_index("event_id")

    def printed(ids: str) -> str:
        rows = told.loc[ids.split(";")].to_dict("records")
        days: dict[str, bool] = {}
        for row in rows:
            day = words.days(row["told_first"], row["told_last"], row["precision"])
            days[day] = days.get(day, False) or row["basis"] == "printed"
        return "; ".join(day if shown else f"{day}, inferred" for day, shown in days.items())

    start = dict(zip(frame["happening_id"], frame["first"], strict=True))
    part = frame["part_of"].isin(list(start)).astype(bool)
    whole = frame["part_of"].where(part, frame["happening_id"])
    day = frame["first"]
    frame = frame.assign(
        part=part,
        begins=day.dt.year + (day.dt.day_of_year - 1) / (365 + day.dt.is_leap_year),
        exact=frame["first"].eq(frame["last"]) & ~frame["lasts"],
        when=[_when(row) for row in frame.to_dict("records")],
        printed=[printed(ids) for ids in frame["witnesses"]],
        whole=whole,
        from_=whole.map(start),
    )
    frame = frame.sort_values(["from_", "whole", "part", "first", "happening_id"])
    return frame.drop(columns=["whole", "from_"]).reset_index(drop=True)


def behind(frame: pd.DataFrame) -> pd.Series:
    """What the days of each row rest on: events and, where a source outside the articles gives them, the happening.

    Parameters
    ----------
    frame : DataFrame
        As `moves` or `audit.misdated` gives it.

    Returns
    -------
    Series of str
        ;-joined identifiers, for notes.
    """
    ids = frame["witnesses" if "witnesses" in frame else "event_id"]
    own = frame["happening_id"].where(frame["known_from"].notna(), "")
    return (ids + ";" + own).str.strip(";")


def _when(row: dict) -> str:
    """The best days of a happening in words: "since" of what began on a known day and goes on."""
    if row["open_end"] and not row["open_start"]:
        return f"since {words.day(row['first'])}"
    return words.days(row["first"], row["last"], row["precision"])


def sizes(
    country: str,
    powers: Sequence[str],
    sources: Sequence[str] = (),
    start: int = 0,
    end: int = 9999,
) -> pd.DataFrame:
    """Figures that say how many ships, aircraft, soldiers or missiles some states moved to a country, or it has.

    Parameters
    ----------
    country : str
        Code of a country that must be a party of the figure.
    powers : sequence of str
        Codes of states of which one must act; all that the country itself holds counts as well.
    sources, start, end
        As in `happenings`; a figure holds as of some day of its window.

    Returns
    -------
    DataFrame
        As `verdicts` gives it; first what can be checked, then what is printed, then what is derived, each by day.
    """
    frame = stated.verdicts()
    keep = stated.holds(frame, ("subject", "responsible"), stated.asked(powers))
    keep |= frame["subject"].eq(country)
    keep &= stated.holds(frame, ("subject", "counterpart"), [country])
    keep &= stated.holds(frame, "source_id", _sources(sources)) & frame["family"].isin(SIZES)
    keep &= ~(frame["as_of_end"].dt.year < start) & ~(frame["as_of"].dt.year > end)
    order = {"unchecked": frame["verdict"].eq("no data"), "derived": frame["status"].eq("derived")}
    rows = frame.assign(**order)[keep].sort_values(["unchecked", "derived", "as_of", "figure_id"])
    return rows.drop(columns=[*order]).reset_index(drop=True)


def sanctioned(country: str) -> pd.DataFrame:
    """Who and what stands on the newest sanctions list for a country's sake; without dates, because the list has none.

    Parameters
    ----------
    country : str
        Code of the country.

    Returns
    -------
    DataFrame
        One row per kind and reason: kind (individual, entity, vessel, aircraft), programme (bool: under a programme that bears
        the country's name), national (bool: the country is among the nationalities and citizenships given), entries, release. Entries that are
        neither are left out. Empty where no list covers the country.

    Examples
    --------
    >>> rows = sanctioned("VEN").query("kind == 'individual'")
    >>> rows[["programme", "national", "entries"]].values.tolist()
    [[False, True, 10], [True, False, 58], [True, True, 88]]
    """
    rows = store.load("sanctions_listed", "all")
    releases = {one: store.origins()[one] for one in set(rows["origin_id"])}
    lists = [one for one in releases if covers(releases[one], f"nationality={country}")]
    newest = max(lists, key=lambda one: (came_out(releases[one]), one), default="")
    rows = rows[rows["origin_id"] == newest]
    name = countries.name(country).upper()
    rows = rows.assign(
        programme=rows["programmes"].str.contains(name, regex=False).astype(bool),
        national=stated.holds(rows, ("nationalities", "citizenships"), [country]),
        release=rows["origin_id"],
    )
    rows = rows[rows["programme"] | rows["national"]]
    keys = ["kind", "programme", "national", "release"]
    return rows.groupby(keys, as_index=False)["entries"].sum()

"""What stands behind a sentence: numbered notes that lead to it, and tables that are read as text, HTML and by nbval."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import countries, reconcile, store, text, words
from rvdata.analysis import stated
from rvdata.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

PROVENANCE = "application/vnd.nbfleet.provenance+json"
#: Most rows of a table of claims: the answer is to be seen at one look.
MOST_CLAIMS = 5
#: So many characters of a cell stay on one line, on a phone too.
SHORT = 14
#: Most rows that `show` puts into a notebook, and prints.
MOST_ROWS, MOST_PRINTED = 2_000, 60
#: Verdict → what a reader is told, in the order of the first page.
VERDICTS = {
    "matches": "matches",
    "close": "close",
    "between year ends": "between year ends",
    "differs": "differs",
    "undecided": "undecided",
    "not comparable": "not comparable",
    "traced": "traced, not tested",
    "follows": "follows from other figures",
    "no data": "no data here",
}
#: Unit of a figure → as a reader is told it, where that is another word.
_UNITS = {"USD": "dollars", "persons": "people", "factor": "times"}


@dataclass(eq=False, repr=False)
class Table:
    """A small table for display: text from the frame, HTML without style, ids on rows where others lead to them.

    Parameters
    ----------
    frame : DataFrame
        Shown without its index.
    caption : str
        Summary of the fold, or caption above the table; none if empty.
    folded : bool
        Whether a reader has to open it.
    anchors : sequence of str
        Identifier of each row, if any.
    file : DataFrame, optional
        What a page offers as a CSV file below the table: all rows, by the names of the columns.
    source : str
        Where it comes from, below the table.
    """

    frame: pd.DataFrame
    caption: str = ""
    folded: bool = False
    anchors: Sequence[str] = ()
    file: pd.DataFrame | None = None
    source: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The file; text and HTML come from the methods below."""
        if self.file is None:
            return {}
        return {"text/csv": self.file.to_csv(index=False, lineterminator="\n")}

    def __repr__(self) -> str:
        """The table as text, uncut."""
        bare = self.frame.map(lambda v: v.plain() if isinstance(v, Numbers) else v)
        told = bare.to_string(index=False) if len(bare) else "nothing"
        return f"{self.caption}\n{told}" if self.caption else told

    def _repr_html_(self) -> str:
        """The table as HTML that needs no style sheet."""
        caption, rows = "" if self.folded else self.caption, self.frame.to_numpy(dtype=object)
        table = text.grid(self.frame.columns, rows, _cell, caption, self.anchors)
        table += f"<p>{_cell(self.source)}</p>" if self.source else ""
        if self.folded:
            return f"<details><summary>{_cell(self.caption)}</summary>{table}</details>"
        return table


def _cell(value: object) -> str:
    """A cell as HTML."""
    if isinstance(value, Numbers):
        return value.__html__()
    if value is None or value is pd.NA or value != value:
        value = "–"
    if isinstance(value, float):
        value = words.number(value)
    if isinstance(value, pd.Timestamp):
        value = f"{value:%Y-%m-%d}"
    short = str(value) if len(str(value)) > SHORT else str(value).replace(" ", "\N{NO-BREAK SPACE}")
    return text.cell(short)


class Searchable(Table):
    """A table with a search, a filter for each column and sorting, where a notebook is trusted; a plain one elsewhere.

    The script is part of each table and asks for nothing: several tables and notebooks stand side by side.
    """

    def __init__(self, frame: pd.DataFrame):
        left = len(frame) - MOST_ROWS
        cut = f"The first {MOST_ROWS:,} of {len(frame):,} rows: select before showing"
        super().__init__(frame.head(MOST_ROWS), cut if left > 0 else "")

    def __repr__(self) -> str:
        """As pandas prints it, columns uncut."""
        shown = self.frame.to_string(index=False, max_rows=MOST_PRINTED) if len(self.frame) else ""
        return "\n".join(filter(None, (self.caption, shown or "nothing")))

    def _repr_html_(self) -> str:
        script = (Path(__file__).parent / "show.js").read_text(encoding="utf-8")
        return f"<div>{super()._repr_html_()}<script>{script}</script></div>"


class Listing(pd.DataFrame):
    """A frame whose cells are shown whole and can be searched; what is selected from it is a plain frame."""

    def __repr__(self) -> str:
        """With every cell whole."""
        return repr(Searchable(self))

    def _repr_html_(self) -> str:
        return Searchable(self)._repr_html_()


def show(table: str | pd.DataFrame) -> Searchable:
    """A table, by name or as a frame, to be searched; as the last line of a cell.

    Examples
    --------
    >>> show("refugee_counts").frame.shape[0]
    3
    """
    return Searchable(store.load(table) if isinstance(table, str) else table)


# ---- claims


def claims(verdicts: pd.DataFrame, notes: Notes) -> Table:
    """What is claimed, who says so, what the data say and the verdict: at most `MOST_CLAIMS` rows, none folded.

    Parameters
    ----------
    verdicts : DataFrame
        Rows as `analysis.stated.verdicts` gives them, the most important first; later ones are left to the evidence.
    notes : Notes
        Numbers the rows.
    """
    rows = [
        claim(row) | {"said by": _speaker(row, cited=False), "note": notes(row["figure_id"])}
        for row in verdicts.head(MOST_CLAIMS).to_dict("records")
    ]
    more = len(verdicts) - len(rows)
    caption = f"Claims; {words.count(more, 'more')} in the evidence" if more > 0 else ""
    columns = ["claim", "said by", "data say", "verdict", "note"]
    return Table(pd.DataFrame(rows, columns=columns, dtype=object), caption)


def claim(row: Mapping) -> dict[str, str]:
    """What is claimed, who says so, what the data say and the verdict, of a row of `analysis.stated.verdicts`."""
    return {
        "claim": _claim(row),
        "said by": _speaker(row),
        "data say": _by_whom(row),
        "verdict": verdict(row),
    }


def verdict(row: Mapping) -> str:
    """The verdict for readers; beside what is only traced to its source or to a party, that it is no more."""
    told = VERDICTS.get(row["verdict"], row["verdict"])
    only_traced = row["verdict"] != "traced" and reconcile.standing(row) == "traced"
    return f"traced; {told}" if only_traced else told


def _speaker(row: Mapping, cited: bool = True) -> str:
    """The article, and whom it cites."""
    if row["status"] == "derived":
        return "this project"
    cites = cited and words.said(row["attributed_to"])
    return words.article(row["source_id"]) + (f", citing {row['attributed_to']}" if cites else "")


def _unnamed(row: Mapping) -> str:
    """The states that the words of a figure do not name, as readers know them; a group that is none is what they say."""
    sides = []
    for codes in (row[c].split(";") for c in ("subject", "counterpart") if words.said(row[c])):
        if not any(c.startswith("_") for c in codes):
            forms = ({countries.name(c), words.adjective(c)} for c in codes)
            if not all(any(f in row["measure"] for f in either) for either in forms):
                sides.append(codes)
    told = words.listed((words.the(code) for side in sides for code in side), "", most=3)
    return f"parties: {told}" if len(sides) > 1 else told


def _claim(row: Mapping) -> str:
    """What is claimed, on one line, with the states that its own words do not name; what is inferred of it, the notes say."""
    parties = f" ({states})" if (states := _unnamed(row)) else ""
    stated = words.printed(row) if row["status"] == "derived" else words.quoted(row)
    return f"{stated}: {row['measure']}{parties}, {words.when(row).removesuffix(' (inferred)')}"


def _by_whom(row: Mapping) -> str:
    """What the data give, and whose they are; said to be something else where it is no measure of what is claimed."""
    found = data_say(row)
    if found == "–" or row["release"] not in store.origins():
        return found
    if row["verdict"] == "not comparable":
        states = store.load("statements").set_index(["figure_id", "origin_id"])["states"]
        what = states.get((row["figure_id"], row["release"]), "").partition(": ")[0]
        found = f"{found} {what}" if what else f"something else: {found}"
    return f"{found} ({words.publisher(row['release'])})"


def data_say(row: Mapping) -> str:
    """What the primary data give for a figure, in its unit, or that they give nothing."""
    ends = words.ends(row)
    if not ends and not words.said(row.get("places")):
        return "–"
    if row["unit"] in ("percent", "rank"):
        return words.computed(row, row)
    return f"{words.between(*ends)} {_UNITS.get(row['unit'], row['unit'])}"


# ---- notes


@dataclass(frozen=True)
class Numbers:
    """Numbers of notes, in runs: small links in a sentence or a cell, plain in a text. No str, which pandas would flatten."""

    notebook: str
    runs: tuple[tuple[int, int], ...]

    def __html__(self) -> str:
        """As links, each run to its first note."""
        to = f'<a href="#{self.notebook}-note-'
        links = (f'{to}{run[0]}">{_numbered(*run)}</a>' for run in self.runs)
        return f"<sup>{', '.join(links)}</sup>"

    __str__ = __html__

    def plain(self) -> str:
        """Without links."""
        return ", ".join(_numbered(*run) for run in self.runs)


def _numbered(first: int, last: int) -> str:
    """Numbers in a row as one: "3", "3, 4", "3–5"."""
    return str(first) if first == last else f"{first}{', ' if last == first + 1 else '–'}{last}"


class Notes:
    """The notes of one notebook: numbered as they are first used, shown at its end, each an anchor for its numbers.

    Calling it gives the Markdown of the numbers; running a cell again changes none of them.
    """

    def __init__(self, notebook: str):
        self.notebook, self.ids = notebook, {}

    def number(self, one: str) -> int:
        """The number of an identifier; a new one for a new one."""
        return self.ids.setdefault(one, len(self.ids) + 1)

    def __call__(self, ids: str | Iterable[str]) -> Numbers:
        """Links to the notes of some identifiers, as small raised numbers."""
        wanted = ids.split(";") if isinstance(ids, str) else list(ids)
        return Numbers(self.notebook, tuple(words.spans(map(self.number, wanted))))

    def table(self) -> Table:
        """One row a note: number, id, what is printed or meant, who says it, where, verdict."""
        known = _known(self.ids)
        rows = [{"note": n, "id": one, **known[one]} for one, n in self.ids.items()]
        columns = ["note", "id", "what", "who", "where", "verdict"]
        anchors = [f"{self.notebook}-note-{n}" for n in self.ids.values()]
        return Table(pd.DataFrame(rows, columns=columns), "Notes", anchors=anchors)

    def show(self) -> None:
        """Display the notes, and tell the page of this report which articles and releases it rests on."""
        from IPython.display import display

        display(self.table())
        checked = stated.verdicts().query("figure_id in @self.ids").to_dict("records")
        # what a figure was set against is a source as well
        against = [one for row in checked for one in (row["release"], *_others(row))]
        against = filter(store.origins().__contains__, against)
        sources = {one: None for one in [*map(_source, self.ids), *against] if one}
        told: dict = {"sources": list(dict.fromkeys(map(words.cited, sorted(sources))))}
        releases = [o for o in sources if words.is_release(o)]
        if releases:
            told["data_as_of"] = "; ".join(sorted({_covering(o) for o in releases}))
        display(
            {PROVENANCE: told, "text/plain": "Sources:\n" + "\n".join(told["sources"])}, raw=True
        )


def _covering(release: str) -> str:
    """A release, and to which year it has data."""
    last = words.origin(release)["data_through"]
    return words.release(release) + (f", data to {last.year}" if last else "")


def _source(one: str) -> str:
    """The article or release that an identifier is, or belongs to; empty if there is none."""
    return next((o for o in (one, one.rpartition("-")[0]) if o in store.origins()), "")


def _known(ids: Iterable[str]) -> dict[str, dict]:
    """What a note says of each identifier."""
    ids, every, told = list(ids), stated.verdicts(), {}
    columns = ("what", "who", "where", "verdict")

    def rows(table: pd.DataFrame, key: str) -> dict[str, dict]:
        return {row[key]: row for row in table[table[key].isin(ids)].to_dict("records")}

    figures = rows(every, "figure_id")
    events = rows(store.load("events"), "event_id")
    arguments = rows(store.load("arguments"), "argument_id")
    happenings = rows(store.load("happenings"), "happening_id")
    for one in ids:
        if row := figures.get(one):
            told[one] = _figure(row)
        elif row := events.get(one):
            when = words.days(row["date"], row["date_end"], row["date_precision"])
            told[one] = _told(f"{when}: {row['summary']}", row, row["attributed_to"])
        elif row := arguments.get(one):
            told[one] = _told(f"{row['gloss']} (our summary)", row, row["held_by"])
        elif row := happenings.get(one):
            when = words.days(row["date"], row["date_end"], row["date_precision"])
            known = row["known_from"] if words.said(row["known_from"]) else "the articles"
            who, found, address = known.partition("; http")
            where = f"http{address}" if found else "–"
            cells = (f"{when}: {row['summary']}", who, where, "–")
            told[one] = dict(zip(columns, cells, strict=True))
        elif one == _source(one):
            origin = words.origin(one)
            cells = (origin["title"], origin["publisher"], origin["url"] or "–", "–")
            told[one] = dict(zip(columns, cells, strict=True))
        else:
            raise DataError(f"no row is called {one!r}{nearest(one, every['figure_id'])}")
    return told


def _others(row: Mapping) -> list[str]:
    """What the reason of a check names, by identifier, besides its release: another data set, documents that differ."""
    named, known = re.findall(r"[\w-]+", str(row["reason"])), store.origins()
    return [o for o in dict.fromkeys(named) if o in known and o != row["release"]]


def _figure(row: Mapping) -> dict:
    derived = row["status"] == "derived"
    printed = "not printed" if derived else words.quoted(row)
    hedge = f", hedged {row['hedge']}" if words.said(row["hedge"]) else ""
    about = row["measure"]
    if "inferred" in row["subject_basis"] or row["status"] == "doubted":
        states = _unnamed(row).removeprefix("parties: ")
        about += f" (read as {states})" if states else ""
    told = verdict(row)
    if row["verdict"] != "no data" and row["release"] != "none":
        told += f": {data_say(row)} in {words.release(row['release'])}"
    if others := _others(row):
        told += "; set against " if row["release"] == "none" else ", and "
        told += words.listed(map(words.publisher, others))
    what = f"{printed}{hedge}: {about}, {words.when(row)}"
    told = _told(what, row, row["attributed_to"], told)
    if derived:
        told["who"] = f"this project, from {told['who']}"
    remarks = [f"{cell}." for cell in (row["derivation"], row["note"]) if words.said(cell)]
    note = " ".join(remarks).replace("..", ".")
    return told | {"what": f"{told['what']}. {note}"} if note else told


def _told(what: str, row: Mapping, by: object, verdict: str = "–") -> dict:
    start, who = row["start"], words.article(row["source_id"])
    who += f", citing {by}" if words.said(by) else ""
    where = f"from character {start:,} of the text" if pd.notna(start) else "no place of its own"
    return {"what": what, "who": who, "where": where, "verdict": verdict}

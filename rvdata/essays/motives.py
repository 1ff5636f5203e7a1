"""What each article argues about a state's motives, interests, means and limits, side by side and over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, narrative, schemas
from rvdata.essays import voices
from rvdata.text import md

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("motive", "interest", "means", "limit", "other")
HEADINGS = {
    "motive": "Motives",
    "interest": "Interests",
    "means": "Means",
    "limit": "Limits",
    "other": "Outside the codes",
}
#: Code of an argument → a few words for it; the definitions are in docs/protocol.md, section 8.
WORDS = {
    "anti_us": "defying the United States",
    "reciprocity": "an answer to US conduct nearby",
    "multipolarity": "another international order",
    "authoritarian_affinity": "kinship of regimes",
    "anti_sanctions": "resistance to sanctions",
    "sphere_of_influence": "the last word in one's neighbourhood",
    "regime_change": "a change of regime as an aim",
    "democracy": "democracy or rights as the aim given",
    "economic_stake": "oil, debt and arms sales",
    "foothold": "a lasting position in the region",
    "credibility": "standing as a patron or power",
    "distraction": "drawing Washington's attention",
    "narrative_gain": "propaganda value",
    "regime_survival": "staying in power",
    "resource_leverage": "energy as a lever",
    "means_diplomatic": "diplomatic support",
    "means_military": "military support",
    "means_economic": "economic support",
    "means_information": "propaganda as a tool",
    "limit_resources": "too few means, or needed elsewhere",
    "limit_distance": "distance and lack of levers",
    "limit_symbolic": "moves for show",
    "limit_rivalry": "diverging interests",
    "limit_dependence": "isolation leaves no choice",
    "backfire": "pressure misses its aim",
    "cost_spillover": "harm to the region or to standing",
    "other": "none of these",
}
#: Kind → its name and fill in a bar: motives at one edge and limits at the other, where bars can be compared by eye.
PARTS = {
    "motive": ("motive", "dark"),
    "interest": ("interest", "middle"),
    "means": ("means", "pale"),
    "other": ("outside the codes", "empty"),
    "rest": ("kinds not asked for", "grey"),
    "limit": ("limit", "black"),
}
LOOKS = {
    "asserted": "filled",
    "reported": "ring",
    "conditional": "half",
    "predicted": "ahead",
    "rejected": "cross",
}
KEY = {
    "filled": "asserted by the article",
    "ring": "reported of somebody",
    "half": "conditional",
    "ahead": "predicted",
    "cross": "denied",
    "doubted": "doubted: see the notes",
}


@dataclass(frozen=True)
class Side:
    """What one side of a question says, and which rows say it: of these codes and, where given, stances and words."""

    says: str
    codes: tuple[str, ...]
    stances: tuple[str, ...] = ("asserted", "reported", "conditional", "predicted")
    word: str = ""  # must occur in the gloss

    def holds(self, row: dict) -> bool:
        """Whether a row is on this side."""
        return (
            row["code"] in self.codes
            and row["stance"] in self.stances
            and self.word in row["gloss"].lower()
        )


#: Questions on which rows pull in different directions. Which side a row is on follows from its code and stance, where
#: a code does not tell, from a word in its gloss. The second entry says whether rows about any state count.
QUESTIONS = (
    (
        "Can {state} help, and how much?",
        "actor",
        (
            Side("on a means of help", ("means_diplomatic", "means_military", "means_economic")),
            Side(
                "on a limit of means, reach or substance",
                ("limit_resources", "limit_distance", "limit_symbolic"),
            ),
        ),
    ),
    (
        "What does {state} stand to lose or to gain?",
        "actor",
        (
            Side(
                "in which a stake hangs on the partner's survival",
                ("economic_stake", "foothold", "credibility"),
                ("conditional", "predicted"),
            ),
            Side("in which the crisis itself brings a gain", ("distraction", "narrative_gain")),
        ),
    ),
    (
        "Do sanctions and pressure work?",
        "anyone",
        (
            Side(
                "on resistance to them, or on their missing the aim", ("anti_sanctions", "backfire")
            ),
            Side(
                "on help or propaganda that makes up for them",
                ("means_economic", "narrative_gain"),
                word="sanction",
            ),
            Side(
                "on their weakening or dividing those under them",
                ("limit_resources", "limit_rivalry", "limit_dependence"),
                word="sanction",
            ),
            Side(
                "on a condition under which they would work", ("other",), word="pressure works only"
            ),
        ),
    ),
)


def select(
    arguments: pd.DataFrame,
    published: pd.DataFrame,
    actor: str = "",
    kinds: list[str] | None = None,
    stances: list[str] | None = None,
) -> pd.DataFrame:
    """Arguments of some articles, about one state or all, of some kinds and stances or all.

    Parameters
    ----------
    arguments : DataFrame
        Table `arguments`.
    published : DataFrame
        Articles in order, as `voices.published` gives them.
    actor : str
        Code of the state whose motive, interest, means or limit it is, alone or with others; empty for any.
    kinds, stances : list of str, optional
        Empty for all.

    Returns
    -------
    DataFrame
        Rows in the order of publication, then of the text.
    """
    order = {source: i for i, source in enumerate(published["origin_id"])}
    keep = arguments["source_id"].isin(order)
    if actor:
        keep &= pd.Series(
            [actor in a.split(";") for a in arguments["actor"]], index=arguments.index, dtype=bool
        )
    for column, wanted in (("kind", kinds), ("stance", stances)):
        if wanted:
            keep &= arguments[column].isin(wanted)
    chosen = arguments[keep]
    return (
        chosen.sort_values("argument_id")
        .sort_values("source_id", key=lambda s: s.map(order), kind="stable")
        .reset_index(drop=True)
    )


# ---- what is drawn


def plotted_matrix(selected: pd.DataFrame) -> pd.DataFrame:
    """One row per argument as the first chart draws it: kinds in order, within them the most frequent code first.

    Returns
    -------
    DataFrame
        Columns argument_id, group, row, column, look, doubted and underlined.
    """
    often = selected["code"].value_counts()
    rows = [
        {
            "argument_id": row["argument_id"],
            "group": HEADINGS[row["kind"]],
            "row": narrative.capital(WORDS[row["code"]]),
            "column": row["source_id"],
            "look": LOOKS[row["stance"]],
            "doubted": row["status"] != "as_printed",
            "underlined": False,
            "_order": (
                KINDS.index(row["kind"]),
                -often[row["code"]],
                row["code"],
                schemas.STANCES.index(row["stance"]),
            ),
        }
        for row in selected.to_dict("records")
    ]
    rows.sort(key=lambda r: r["_order"])
    return pd.DataFrame(
        rows, columns=["argument_id", "group", "row", "column", "look", "doubted", "underlined"]
    )


def plotted_shift(about: pd.DataFrame, published: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """How many rows of each kind an article has; kinds that were not asked for are taken together.

    Parameters
    ----------
    about : DataFrame
        Arguments about the state, of all kinds.
    published : DataFrame
        Articles in order.
    kinds : list of str
        Kinds asked for; empty for all.

    Returns
    -------
    DataFrame
        Columns source_id, label, part and rows, one line for each article and part.
    """
    asked = [k for k in PARTS if k != "rest" and (not kinds or k in kinds)]
    parts = [k for k in PARTS if k in asked or (k == "rest" and len(asked) < len(KINDS))]
    rows = []
    for article in published.to_dict("records"):
        own = about[about["source_id"] == article["origin_id"]]["kind"].map(
            lambda k: k if k in asked else "rest"
        )
        rows += [
            {
                "source_id": article["origin_id"],
                "label": f"{article['origin_id']} {voices.day(article)}",
                "part": PARTS[part][0],
                "rows": int((own == part).sum()),
            }
            for part in parts
        ]
    return pd.DataFrame(rows, columns=["source_id", "label", "part", "rows"])


def draw_matrix(
    plotted: pd.DataFrame, selected: pd.DataFrame, published: pd.DataFrame, actor: str
) -> tuple[Figure, str]:
    """The codes of each article as marks in a grid, and the alternative text."""
    whom, source = narrative.the(actor), narrative.source_line(selected["source_id"])
    if plotted.empty:
        message = f"No article in this selection argues about {whom} in this way."
        return (
            charts.empty(title=f"What is argued about {whom}", message=message, source=source),
            f"Empty chart. {message}",
        )
    heads = {
        a["origin_id"]: voices.heading(a, int((selected["source_id"] == a["origin_id"]).sum()))
        for a in published.to_dict("records")
    }
    fig = charts.matrix(
        plotted,
        columns=heads,
        key=KEY,
        source=source,
        title=f"What is argued about {whom}, article by article",
        subtitle="One mark is one row, not a weight. In order of publication; in brackets: inferred months.",
    )
    stances = {look: stance for stance, look in LOOKS.items()}
    lines = []
    for name, rows in plotted.groupby("row", sort=False):
        said = [
            f"{article} {voices.counted(cell['look'].map(stances))}"
            for article, cell in ((c, rows[rows["column"] == c]) for c in heads)
            if len(cell)
        ]
        lines.append(f"{name}: {', '.join(said)}")
    return (
        fig,
        (
            f"Grid of {narrative.count(plotted['row'].nunique(), 'code')} by {narrative.count(len(heads), 'article')}, "
            f"{narrative.count(len(plotted), 'mark')}. {'; '.join(lines)}."
        ),
    )


def draw_shift(plotted: pd.DataFrame, about: pd.DataFrame, actor: str) -> tuple[Figure, str]:
    """How the kinds of arguments are spread in each article, and the alternative text."""
    whom, source = narrative.the(actor), narrative.source_line(about["source_id"])
    if about.empty:
        message = f"No article in this selection has a row about {whom}, so there is no emphasis to compare."
        return (
            charts.empty(
                title=f"Where the emphasis lies about {whom}", message=message, source=source
            ),
            f"Empty chart. {message}",
        )
    fills = dict(PARTS.values())
    fig = charts.shares(
        plotted,
        parts={part: fills[part] for part in dict.fromkeys(plotted["part"])},
        source=source,
        unit="per cent of the article's rows",
        title=f"Where the emphasis lies about {whom}",
        subtitle="Digits: rows, few of them: one moves a share by points. In brackets: inferred dates.",
    )
    lines = [
        f"{label}: {narrative.listed([f'{p} {r}' for p, r in zip(rows['part'], rows['rows'], strict=False)])}"
        for label, rows in plotted.groupby("label", sort=False)
    ]
    bars = (
        f"Bars of 100 per cent, one for each of {_number(len(lines))} articles"
        if len(lines) > 1
        else "One bar of 100 per cent"
    )
    return fig, f"{bars}, in rows. {'; '.join(lines)}."


# ---- what is said


def tell(
    selected: pd.DataFrame,
    about: pd.DataFrame,
    heard: pd.DataFrame,
    published: pd.DataFrame,
    actor: str,
) -> str:
    """What the articles argue about a state, in sentences whose every number comes from a row.

    Parameters
    ----------
    selected : DataFrame
        Arguments about the state, of the kinds and stances asked for.
    about : DataFrame
        The same of all kinds.
    heard : DataFrame
        The same about any state, of all kinds.
    published : DataFrame
        Articles in order.
    actor : str
        Code of the state.

    Returns
    -------
    str
        Markdown, a paragraph or list per thought.
    """
    if selected.empty:
        speak = (
            f"{narrative.count(len(published), 'article')} in it"
            if len(published)
            else "no article in it at all"
        )
        return (
            f"No row of this selection, with {speak}, says why {narrative.the(actor)} would act so, or what stands"
            " against it. That is a gap in what is argued here; it does not say that there is no motive and no limit."
        )
    paragraphs = [
        _stock(selected, published, actor),
        _shared(selected, published),
        _outside(selected),
        _put(selected),
        _holders(selected),
        _emphasis(selected, about, published),
        _contested(contested(selected, about, heard), about, heard, actor),
        _doubted(selected),
    ]
    return "\n\n".join(p for p in paragraphs if p)


def _marks(rows: pd.DataFrame) -> str:
    return narrative.mark(rows["argument_id"])


def _stock(selected: pd.DataFrame, published: pd.DataFrame, actor: str) -> str:
    sources = [s for s in published["origin_id"] if (selected["source_id"] == s).any()]
    silent = [s for s in published["origin_id"] if s not in sources]
    kinds = [k for k in KINDS if (selected["kind"] == k).any()]
    n = len(selected)
    if len(kinds) > 1:
        made_of = ": " + narrative.listed(
            [narrative.count(int((selected["kind"] == k).sum()), *_KIND_NOUN[k]) for k in kinds]
        )
    else:
        made_of = f", {'all ' if n > 1 else ''}under the heading {HEADINGS[kinds[0]]}"
    text = (
        f"**What there is.** {narrative.capital(narrative.count(len(sources), 'article'))} ({', '.join(sources)})"
        f" {narrative.verb(len(sources), 'argues', 'argue')} about {narrative.the(actor)} in"
        f" {narrative.count(n, 'row')}{made_of}. "
    )
    if silent:
        text += f"Without such a row: {narrative.listed(silent)}. "
    return (
        text
        + "A row is a way of arguing, summed up in words of this project and not quoted. Counts of rows measure how often"
        f" something is argued, not whether it is true or how strongly it weighs. {schemas.ARTICLE_WARNINGS[1]}"
    )


_KIND_NOUN = {
    "motive": ("motive", ""),
    "interest": ("interest", ""),
    "means": ("means", "means"),
    "limit": ("limit", ""),
    "other": ("row outside the codes", "rows outside the codes"),
}


def _shared(selected: pd.DataFrame, published: pd.DataFrame) -> str:
    """Which codes occur in all, in several and in one article."""
    coded = selected[selected["code"] != "other"]
    speaking = list(dict.fromkeys(coded["source_id"]))
    if not speaking:
        return ""
    in_all, in_several, alone = [], [], {s: [] for s in published["origin_id"]}
    for code, rows in _by_code(coded):
        sources = list(dict.fromkeys(rows["source_id"]))
        if len(sources) == 1:
            points = "; ".join(md(_lower(gloss)) for gloss in rows["gloss"])
            alone[sources[0]].append(f"{WORDS[code]} ({points}) {_marks(rows)}")
        elif len(sources) == len(published):
            in_all.append(f"{WORDS[code]} {_marks(rows)}")
        else:
            in_several.append(f"{WORDS[code]} (in {_number(len(sources))}) {_marks(rows)}")
    if len(speaking) == 1:
        return (
            f"**What it argues.** Only {speaking[0]} speaks by a code here, so nothing can be set side by side: "
            f"{'; '.join(alone[speaking[0]] + in_all)}."
        )
    everyone = "both" if len(published) == 2 else f"all {_number(len(published))}"
    lines = [f"- **In {everyone}**: {'; '.join(in_all) or 'nothing'}."]
    lines += [f"- **In several**: {'; '.join(in_several)}."] if in_several else []
    lines += [
        f"- **Only in {source}**: {'; '.join(said)}." for source, said in alone.items() if said
    ]
    nothing_own = [s for s in speaking if not alone[s]]
    unused = [
        WORDS[c]
        for c, kind in schemas.CODES.items()
        if c != "other" and kind in set(selected["kind"]) and c not in set(coded["code"])
    ]
    after = (
        [f"No code of its own is in {narrative.listed(nothing_own)}."] if nothing_own else []
    ) + ([f"Not argued here: {'; '.join(unused)}."] if unused else [])
    return "\n\n".join(
        [
            "**What they share.** By the code of the argument, whatever its stance:",
            "\n".join(lines),
            *([" ".join(after)] if after else []),
        ]
    )


def _number(n: int) -> str:
    """A number as `narrative.count` writes it."""
    return narrative.count(n, "article").split()[0]


def _by_code(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Rows of each code: most articles first, then by kind, then most rows first."""
    groups = [(code, group) for code, group in rows.groupby("code", sort=True)]
    return sorted(
        groups,
        key=lambda g: (
            -g[1]["source_id"].nunique(),
            KINDS.index(g[1]["kind"].iloc[0]),
            -len(g[1]),
            g[0],
        ),
    )


def _lower(gloss: str) -> str:
    """A gloss inside a sentence: its first word in lower case unless it is a name."""
    first = gloss.split()[0].rstrip(",")
    return (
        gloss
        if first in _NAMES or (first.endswith("'s") and first[:-2] in _NAMES)
        else gloss[:1].lower() + gloss[1:]
    )


_NAMES = {
    "Maduro",
    "Russia",
    "Russian",
    "Moscow",
    "Caracas",
    "Venezuela",
    "Venezuelan",
    "Rosneft",
    "Washington",
    "China",
    "Cuban",
    "Europeans",
    "Western",
}


def _outside(selected: pd.DataFrame) -> str:
    rows = selected[selected["code"] == "other"]
    if rows.empty:
        return ""
    points = [
        f"{md(_lower(r['gloss']))} ({r['stance']}) {narrative.mark(r['argument_id'])}"
        for r in rows.to_dict("records")
    ]
    return (
        f"{narrative.capital(narrative.count(len(rows), 'row'))} {narrative.verb(len(rows), 'fits', 'fit')} no code:"
        f" {'; '.join(points)}."
    )


def _put(selected: pd.DataFrame) -> str:
    n = len(selected)
    counts = {s: int((selected["stance"] == s).sum()) for s in _STANCE_WORDS}
    said = [(c, _STANCE_WORDS[s]) for s, c in counts.items() if c]
    if n == 1:
        text = f"**How it is put.** The one row is {said[0][1]}. "
    elif len(said) == 1:
        text = f"**How it is put.** All {_number(n)} rows are {said[0][1]}. "
    else:
        items = [f"{c} {narrative.verb(c, 'is', 'are')} {words}" for c, words in said]
        text = f"**How it is put.** Of {n} rows, {narrative.listed(items)}. "
    never = [
        (code, rows)
        for code, rows in _by_code(selected[selected["code"] != "other"])
        if "asserted" not in set(rows["stance"])
    ]
    if never and counts["asserted"]:
        items = [
            f"{WORDS[code]} (only {' or '.join(dict.fromkeys(rows['stance']))}) {_marks(rows)}"
            for code, rows in never
        ]
        text += f"No article asserts, in its own voice: {'; '.join(items)}. "
    denied = selected[selected["stance"] == "rejected"].to_dict("records")
    if denied:
        items = [
            f"{md(_lower(r['gloss']))}{_of(r)} {narrative.mark(r['argument_id'])}" for r in denied
        ]
        text += f"The {narrative.verb(len(items), 'denial', 'denials')}: {'; '.join(items)}. "
    return text.rstrip()


_STANCE_WORDS = {
    "asserted": "asserted in the article's own voice",
    "reported": "reported of somebody else",
    "conditional": "conditional (argued for a case that has not come about)",
    "predicted": "predicted (expected or thought possible by the article)",
    "rejected": "denied (named in order to be rejected)",
}


def _of(row: dict) -> str:
    return (
        f", held by {md(row['held_by'])}"
        if row["held_by"] == row["held_by"] and row["held_by"]
        else ""
    )


def _holders(selected: pd.DataFrame) -> str:
    """Who is said to hold what is not the article's own voice."""
    named = selected[selected["held_by"].notna()]
    own = len(selected) - len(named)
    if named.empty:
        return "**Who holds it.** No holder is named: what is argued here is the article's own."
    items = []
    for kind, nouns in voices.KINDS.items():
        rows = named[named["held_by"].map(voices.kind) == kind]
        names = list(dict.fromkeys(rows["held_by"]))
        if names:
            who = [f"{md(name)} {_marks(rows[rows['held_by'] == name])}" for name in names]
            items.append(f"{narrative.count(len(names), *nouns)}: {', '.join(who)}")
    rest = (
        f"{narrative.out_of(own, len(selected), 'row', 'names', 'name')} no holder and {'is' if own == 1 else 'are'}"
        " the article's own; the others rest on"
        if own
        else "The row rests on"
        if len(selected) == 1
        else "No row is the article's own; they rest on"
    )
    return f"**Who holds it.** {rest} {'; '.join(items)}. A voice that an article quotes is one that it chose."


def _emphasis(selected: pd.DataFrame, about: pd.DataFrame, published: pd.DataFrame) -> str:
    """How many of each article's rows are motives and how many limits; of other kinds if neither is asked for."""
    totals = about["source_id"].value_counts()
    sources = [s for s in published["origin_id"] if s in totals]
    asked = set(selected["kind"])
    kinds = [k for k in ("motive", "limit") if k in asked] or [
        k for k in KINDS if k in asked and k != "other"
    ]
    if len(sources) < 2 or not kinds:
        return ""
    counts = {
        kind: {s: int(((about["kind"] == kind) & (about["source_id"] == s)).sum()) for s in sources}
        for kind in kinds
    }
    names = {kind: _KIND_NOUN[kind][1] or kind + "s" for kind in kinds}
    parts = [
        f"{names[kind]} make up {narrative.listed([f'{counts[kind][s]} of {totals[s]} in {s}' for s in sources])}"
        for kind in kinds
    ]
    text = f"**From article to article**, in order of publication and over all kinds, {'; '.join(parts)}. "
    for kind in kinds:
        share = {s: counts[kind][s] / totals[s] for s in sources}
        top, bottom = (
            [s for s in sources if share[s] == edge]
            for edge in (max(share.values()), min(share.values()))
        )
        if max(share.values()) > min(share.values()):
            text += (
                f"The share of {names[kind]} is highest in {narrative.listed(top)} and lowest in"
                f" {narrative.listed(bottom)}. "
            )
    least, most = (round(100 / n) for n in (totals[sources].max(), totals[sources].min()))
    points = f"{least} to {most}" if least < most else f"{least}"
    return (
        text
        + f"One row moves such a share by {points} points, and every article has another author, occasion and"
        " length: a "
        "difference between articles, not a trend."
    )


def contested(selected: pd.DataFrame, about: pd.DataFrame, heard: pd.DataFrame) -> list[tuple]:
    """The questions on which rows stand on two sides or more, one of them at least among those selected.

    Parameters
    ----------
    selected, about, heard : DataFrame
        As in `tell`.

    Returns
    -------
    list of tuple
        Of each question of `QUESTIONS`: what it asks, whose rows count, and a list of (side, its rows), none empty.
    """
    found = []
    for asks, whose, sides in QUESTIONS:
        rows = about if whose == "actor" else heard
        taken = [(side, rows[[side.holds(r) for r in rows.to_dict("records")]]) for side in sides]
        taken = [(side, own) for side, own in taken if len(own)]
        ours = {i for _, own in taken for i in own["argument_id"]} & set(selected["argument_id"])
        if len(taken) > 1 and ours:
            found.append((asks, whose, taken))
    return found


def _contested(found: list[tuple], about: pd.DataFrame, heard: pd.DataFrame, actor: str) -> str:
    lines = []
    for asks, whose, sides in found:
        told = []
        for side, own in sides:
            by = [
                f"{n} in {source}"
                for source, n in own["source_id"].value_counts(sort=False).items()
            ]
            told.append(
                f"{narrative.count(len(own), 'row')} {side.says} ({', '.join(by)}) {_marks(own)}"
            )
        articles = [set(own["source_id"]) for _, own in sides]
        torn = [
            s
            for s in dict.fromkeys((about if whose == "actor" else heard)["source_id"])
            if sum(s in a for a in articles) > 1
        ]
        scope = " (Rows about any state.)" if whose == "anyone" else ""
        lines.append(
            f"- **{asks.format(state=narrative.the(actor))}**{scope} {narrative.capital('; '.join(told))}. "
            f"On more than one side: {narrative.listed(torn, 'no article')}."
        )
    if not lines:
        return ""
    return (
        "**Where rows pull apart.** Sides follow from code, stance and gloss, not from a judgement on who is right:\n\n"
        + "\n".join(lines)
    )


def behind(selected: pd.DataFrame, about: pd.DataFrame, heard: pd.DataFrame) -> pd.DataFrame:
    """The rows that charts and sentences rest on: those selected, and those on the sides of a question."""
    used = set(selected["argument_id"])
    for _, _, sides in contested(selected, about, heard):
        used |= {i for _, own in sides for i in own["argument_id"]}
    return heard[heard["argument_id"].isin(used)]


def _doubted(selected: pd.DataFrame) -> str:
    rows = selected[selected["status"] != "as_printed"]
    if rows.empty:
        return ""
    return (
        f"{narrative.capital(narrative.count(len(rows), 'row'))} {narrative.verb(len(rows), 'is', 'are')} marked as"
        f" doubted, for reasons given in the notes {_marks(rows)}."
    )


def evidence(selected: pd.DataFrame) -> pd.DataFrame:
    """One row per argument: what is argued, of which kind, about whom, who holds it, how, where, how sure; all text.

    Returns
    -------
    DataFrame
        Indexed by argument; `verdict` says that nothing here can be held against data.
    """
    rows = [
        {
            "argument": row["argument_id"],
            "what": row["gloss"],
            "code": f"{row['kind']}: {WORDS[row['code']]}",
            "about": narrative.states(row["actor"]),
            "who": row["held_by"]
            if row["held_by"] == row["held_by"] and row["held_by"]
            else "the article",
            "stance": row["stance"],
            "where": f"{row['start']} to {row['end']}",
            "doubt": {"as_printed": "none"}.get(row["status"], row["status"]),
            "verdict": "not checkable by data",
        }
        for row in selected.to_dict("records")
    ]
    columns = ["argument", "what", "code", "about", "who", "stance", "where", "doubt", "verdict"]
    return pd.DataFrame(rows, columns=columns).set_index("argument")

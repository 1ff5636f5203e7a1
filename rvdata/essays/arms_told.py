"""What the primary data say of stated shares of arms imports and of the deliveries themselves, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rvdata import countries, narrative
from rvdata.essays.arms_transfers import Deliveries, as_stated, in_years, period, volume, windows


def tell(
    d: Deliveries,
    partner: str,
    start: int,
    end: int,
    *,
    judged: pd.DataFrame,
    mine: pd.DataFrame,
    table: pd.DataFrame,
    in_common: pd.DataFrame,
    periods: pd.DataFrame,
    by_supplier: pd.DataFrame,
    placed: pd.DataFrame,
    others: pd.DataFrame,
) -> str:
    """What the primary data say of stated shares and of the deliveries themselves, the verdict first.

    Parameters
    ----------
    d : Deliveries
    partner : str
        Code of the supplier in question.
    start, end : int
        Years of interest.
    judged, mine, table, in_common, periods, by_supplier, placed, others : DataFrame
        As `against`, `quoted`, `windows` (for the first row of `mine`), `common`, `concentration`, `suppliers`,
        `orders` and `elsewhere` of `arms_transfers` give them.

    Returns
    -------
    str
        Markdown, a paragraph per thought; every number comes from a row and names its figure or release.
    """
    paragraphs = [_verdicts(judged, d.recipient, partner)]
    if d.origin_id:
        paragraphs += [
            _windows(d, partner, mine, table),
            _releases(in_common, partner),
            _when(d, partner, start, end, by_supplier),
            _ordered(placed, d, partner, start, end),
            _concentrated(periods, d),
            _elsewhere(others, partner, d.recipient),
        ]
    else:
        paragraphs += [d.missing, _ordered(placed, d, partner, start, end)]
    return "\n\n".join(p for p in paragraphs if p)


def _verdicts(judged: pd.DataFrame, recipient: str, partner: str) -> str:
    """The verdicts on shares that name the partner, its own first; on the others where none does."""
    main = judged[judged["is_primary"].astype(bool)]
    if main.empty:
        whose = narrative.possessive(narrative.the(recipient))
        return f"There is no verdict: nothing is stated of {whose} arms imports in this selection."
    parties = [s.split(";") for s in main["suppliers"]]
    main = main.assign(place=[0 if p == [partner] else 1 if partner in p else 2 for p in parties])
    main = (
        main[(main["place"] < 2) | (main["place"].min() == 2)]
        .sort_values(["place", "figure_id"])
        .to_dict("records")
    )
    texts = []
    for row in main:
        if row["computed"] != row["computed"]:
            texts.append(
                f"**{narrative.capital(row['verdict'])}** for {row['group']} {narrative.mark(row['figure_id'])}."
            )
            continue
        gap = abs(row["value"])
        off = (
            "no tenth of a point away"
            if gap < 0.05
            else f"{gap:.1f} points {'more' if row['value'] > 0 else 'less'}"
        )
        word, _, more = row["verdict"].partition(" (")
        texts.append(
            f"**{narrative.capital(word)}**{f' ({more}' if more else ''}: {row['group']}; "
            f"the data give {row['computed']:.1f} %, {off} {narrative.mark([row['figure_id'], row['origin_id']])}."
        )
    ages = {row["vintage"] for row in main if row["computed"] == row["computed"]}
    if len(ages) == 1 and ages != {"contemporary"}:
        texts.append(f"The release is {ages.pop()} than the article.")
    return " ".join(texts)


def _windows(d: Deliveries, partner: str, mine: pd.DataFrame, table: pd.DataFrame) -> str:
    known = table[table["share_pct"].notna()]
    if known.empty:
        return ""
    by = narrative.possessive(narrative.the(partner))
    low, high = known["share_pct"].min(), known["share_pct"].max()
    within = f"within {in_years(d.first, d.last)}"
    if low < high:
        over = f"Over the {narrative.count(len(known), 'window')} {within} that have deliveries"
        run = f"{over}, {by} share runs from {low:.0f} to"
    else:
        run = f"In every window {within} that has deliveries, {by} share is"
    run += f" {high:.0f} % {narrative.mark(d.origin_id)}"
    if mine.empty:
        return (
            f"{run}. No share is stated for {narrative.the(partner)} alone, so no window is marked."
        )
    texts = []
    for i, row in enumerate(mine.to_dict("records")):
        own = known if i == 0 else windows(d, partner, row).dropna(subset="share_pct")
        texts.append(_held(own, d, row, first=i == 0))
    return f"{run}. {' '.join(texts)}"


def _held(known: pd.DataFrame, d: Deliveries, row: Mapping, first: bool) -> str:
    """In how many windows a stated share holds, whether the stated one is among them, and which say the same."""
    a, b = row["period_start"].year, row["period_end"].year
    held, n = known[known["holds"]], len(known)
    what = f"The stated {as_stated(row)}" if first else f"The other, {as_stated(row)},"
    what += f" {narrative.mark(row['figure_id'])} holds in "
    if held.empty:
        text = f"{what}none of {n:,}"
    else:
        part = 100 * len(held) / n
        text = f"{what}{len(held):,} of {n:,} ({f'{part:.0f}' if part >= 0.5 else 'less than 1'} %)"
    at = known[(known["first"] == a) & (known["last"] == b)]
    if at.empty:
        return f"{text}; the stated window, {in_years(a, b)}, is not covered, or has no delivery."
    if held.empty:
        return f"{text}, nor in the stated one, {in_years(a, b)}."
    if not at["holds"].iloc[0]:
        return f"{text}, but not in the stated one, {in_years(a, b)}."
    if len(held) == 1:
        return f"{text}: in the stated one, {in_years(a, b)}, alone."
    inside = d.between(a, b)["year"]
    busy = set(d.rows["year"])
    same = sum(
        1
        for w in held.itertuples()
        if (w.first, w.last) != (a, b)
        and {y for y in busy if w.first <= y <= w.last} == set(inside)
    )
    text += f", the stated one, {in_years(a, b)}, among them"
    if same:
        differ = narrative.verb(same, "differs", "differ")
        text += (
            f"; {narrative.cardinal(same)} more {differ} from it only by years without deliveries"
        )
    return text + "."


def _releases(in_common: pd.DataFrame, partner: str) -> str:
    known = in_common.dropna(subset="share_pct")
    if len(known) < 2:
        return ""
    low, high = known["share_pct"].min(), known["share_pct"].max()
    first, last = int(known["first"].iloc[0]), int(known["last"].iloc[0])
    moved = "all give" if f"{low:.1f}" == f"{high:.1f}" else f"range from {low:.1f} to"
    several = narrative.capital(narrative.count(len(known), "release"))
    return (
        f"{several} can be compared over {in_years(first, last)}; they {moved} {high:.1f} % "
        f"for {narrative.the(partner)} {narrative.mark(known['release'])}."
    )


def _when(d: Deliveries, partner: str, start: int, end: int, by_supplier: pd.DataFrame) -> str:
    first, last = period(d, start, end)
    the, to = narrative.the(partner), narrative.the(d.recipient)
    if by_supplier.empty:
        return (
            f"From {first} to {last} no delivery to {to} is recorded {narrative.mark(d.origin_id)}."
            if first < last
            else (f"In {first} no delivery to {to} is recorded {narrative.mark(d.origin_id)}.")
        )
    own = by_supplier[by_supplier["supplier"] == partner]
    total = by_supplier["tiv_million"].sum()
    if own.empty:
        text = (
            f"In {in_years(first, last)} {the} delivered none of the {volume(total)} million TIV that {to} received "
            f"{narrative.mark(d.origin_id)}."
        )
    elif first == last:
        text = (
            f"In {first} {the} delivered {volume(own['tiv_million'].iloc[0])} of the {volume(total)} million TIV "
            f"that {to} received {narrative.mark(d.origin_id)}."
        )
    else:
        row = own.iloc[0]
        since = d.between(row["last"] + 1, last)
        text = (
            f"{narrative.capital(narrative.possessive(the))} deliveries within {in_years(first, last)} "
            f"fall in {in_years(row['first'], row['last'])}"
            + (f"; {_since(since)}" if row["last"] < last else "")
            + f" {narrative.mark(d.origin_id)}."
        )
    former = [s for s in by_supplier["supplier"] if s in countries.table()[partner].successor_of]
    if former:
        before = narrative.listed(narrative.the(s) for s in former)
        text += f" Deliveries of {before} are not counted as {narrative.possessive(the)}."
    rows = d.between(first, last)
    if rows["estimated_share"].notna().any():
        part = (
            (rows["tiv_million"] * rows["estimated_share"]).sum() / rows["tiv_million"].sum()
            if rows["tiv_million"].sum()
            else 0
        )
        text += f" Of all volume {100 * part:.0f} % is estimated."
    return text


def _since(rows: pd.DataFrame) -> str:
    total = rows["tiv_million"].sum()
    if rows.empty:
        return "since then nobody has delivered anything"
    if not total > 0:
        return "since then less than half a million TIV came from others"
    who = rows.groupby("supplier")["tiv_million"].sum().sort_values(ascending=False, kind="stable")
    part = (
        "all" if len(who) == 1 else "most of it" if who.iloc[0] > total / 2 else "the largest part"
    )
    top = "" if who.index[0] == "_U" else f", {part} from {narrative.the(who.index[0])}"
    return f"since then {volume(total)} million TIV came from others{top}, the last in {int(rows['year'].max())}"


def _ordered(placed: pd.DataFrame, d: Deliveries, partner: str, start: int, end: int) -> str:
    rows = placed[placed["order_year"].between(start, end) & (placed["supplier"] == partner)]
    if rows.empty:
        return ""
    a, b = int(rows["order_year"].min()), int(rows["order_year"].max())
    ordered, came = rows["tiv_ordered_million"].sum(), rows["tiv_delivered_million"].sum()
    all_ = (
        "all"
        if ordered and came >= 0.9995 * ordered
        else f"{100 * came / ordered:.0f} %"
        if ordered
        else "none"
    )
    whose = narrative.capital(narrative.possessive(narrative.the(partner)))
    return (
        f"{whose} recorded orders fall in {in_years(a, b)}; {all_} of their volume has been delivered "
        f"{narrative.mark(rows['origin_id'].iloc[0])}."
    )


def _concentrated(periods: pd.DataFrame, d: Deliveries) -> str:
    """The most and the least concentrated periods of the table, a shorter first one among them; ties together."""
    known = (periods.iloc[:-1] if len(periods) > 1 else periods).dropna(subset="herfindahl")
    if known.empty:
        return ""
    index, mark = known["herfindahl"], narrative.mark(d.origin_id)
    most, least = (known[index == edge] for edge in (index.max(), index.min()))
    told = _index(most.iloc[0])
    if len(known) == 1:
        return f"In {known['years'].iloc[0]} {_hands(known.iloc[0])}{told} {mark}."
    if len(most) == len(known):
        return f"Imports were equally concentrated in {_when_so(known, told)} {mark}."
    low = least.iloc[0]  # what the index is, is said once
    short = f" ({low['herfindahl']:.2f})" if told else _index(low)
    return (
        f"Imports were most concentrated in {_when_so(most, told)}, "
        f"and least in {_when_so(least, short)} {mark}."
    )


def _when_so(rows: pd.DataFrame, index: str) -> str:
    """Periods of one index: who supplied, if it is one period, or else that it was one in each."""
    if len(rows) == 1:
        return f"{rows['years'].iloc[0]}, when {_hands(rows.iloc[0])}{index}"
    return f"{narrative.listed(rows['years'])}{index or ', when one supplied alone'}"


def _hands(row: Mapping) -> str:
    if row["herfindahl"] == 1:
        return f"{row['largest']} alone supplied"
    each = " each" if " and " in row["largest"] else ""
    return f"{row['largest']} had {row['largest_pct']:.0f} %{each}"


def _index(row: Mapping) -> str:
    """The concentration in brackets; nothing for a single supplier."""
    if row["herfindahl"] == 1:
        return ""
    few = f"as if {row['equal_suppliers']:.1f} equal suppliers shared all"
    return f" (Herfindahl index {row['herfindahl']:.2f}, {few})"


def _elsewhere(others: pd.DataFrame, partner: str, recipient: str) -> str:
    the, to = narrative.the(partner), narrative.the(recipient)
    if others.empty:
        return f"How much {the} delivered to others in these years, no release in the collection tells."
    release = others["release"].iloc[0]
    scope = (
        "all recipients"
        if others["everywhere"].iloc[0]
        else f"the {narrative.count(len(others), 'recipient')} that a release covers"
    )
    scope += f" in {others['years'].iloc[0]}"
    if others["share_pct"].isna().all():
        return f"To {scope} {the} delivered nothing {narrative.mark(release)}."
    own = others[others["recipient"] == recipient].iloc[0]
    rest = (
        others[(others["recipient"] != recipient) & (others["tiv_million"] > 0)]
        .head(2)
        .to_dict("records")
    )
    beside = narrative.listed(
        f"{narrative.the(r['recipient'])} {r['share_pct']:.0f} %" for r in rest
    )
    return (
        f"Of what {the} delivered to {scope}, {to} took {own['share_pct']:.0f} %"
        + (f", {beside}" if rest else "")
        + f" {narrative.mark(release)}."
    )

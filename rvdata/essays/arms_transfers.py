"""Deliveries of arms to a recipient in the primary data: by supplier, over windows, against stated shares; drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from rvdata import charts, countries, narrative, reconcile
from rvdata.charts import bars
from rvdata.charts import windows as windows_chart
from rvdata.errors import DataError, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNIT = "million trend-indicator values (volume, not money)"
NOTHING, UNKNOWN, OTHERS = "nothing delivered", "unknown suppliers", "all others"
ORDERED, DELIVERED = "ordered, by year of order", "delivered, by year of delivery"


# ---- which release


@dataclass(frozen=True)
class Deliveries:
    """All deliveries to a recipient that one release holds, in the years that it covers; without a release, why not."""

    recipient: str
    origin_id: str = ""
    day: str = ""  # ISO day by which the release is known
    first: int = 0  # years covered, both included
    last: int = -1
    exact: bool = True  # whether every volume belongs to its year; else some were spread over the years of a deal
    rows: pd.DataFrame | None = None  # rows of arms_transfers, totals left out
    missing: str = ""  # why there is no release, as a sentence

    def between(self, start: int, end: int) -> pd.DataFrame:
        """Rows of the years from `start` to `end`."""
        return self.rows[self.rows["year"].between(start, end)]


def releases(transfers: pd.DataFrame, origins: pd.DataFrame, recipient: str) -> list[Deliveries]:
    """The releases that have every supplier of a recipient by year, from the oldest to the newest.

    Parameters
    ----------
    transfers, origins : DataFrame
        Tables `arms_transfers` and `origins`.
    recipient : str
        Code of the importing state.

    Returns
    -------
    list of Deliveries
    """
    found = []
    for release in origins[origins["kind"] == "dataset"].to_dict("records"):
        whole = transfers[transfers["origin_id"] == release["origin_id"]]
        mine = whole[whole["recipient"] == recipient]
        rows = mine[mine["supplier"] != "_T"]
        if whole.empty or (len(mine) and rows.empty):
            continue
        first, last = release["data_from"].year, release["data_through"].year
        if reconcile.covers(release, first, last, f"recipient={recipient}"):
            found.append(
                Deliveries(
                    recipient,
                    release["origin_id"],
                    f"{narrative.release_day(release):%Y-%m-%d}",
                    first,
                    last,
                    bool((rows["tiv_basis"] == "exact").all()),
                    rows.reset_index(drop=True),
                )
            )
    return sorted(found, key=lambda d: (d.day, d.origin_id))


def pick(
    transfers: pd.DataFrame,
    origins: pd.DataFrame,
    recipient: str,
    start: int,
    end: int,
    release: str = "",
) -> Deliveries:
    """The release to draw and tell from.

    Without a name: of the releases that meet the period, the newest in which every volume belongs to its year, else the
    newest of all. A trade register gives a deal and the years of its deliveries; what was spread over them comes
    second.

    Parameters
    ----------
    transfers, origins : DataFrame
        Tables `arms_transfers` and `origins`.
    recipient : str
        Code of the importing state.
    start, end : int
        First and last year of interest.
    release : str, optional
        Identifier of a release.

    Returns
    -------
    Deliveries
        Without a release, and with the reason, where none has what is asked for.

    Raises
    ------
    DataError
        If `release` names no data release.
    """
    known = origins.loc[origins["kind"] == "dataset", "origin_id"].tolist()
    if not isinstance(release, str):
        raise DataError(
            f'release must be the identifier of a data release such as "{(known or ["sipri-2025-01"])[0]}", '
            f"not {release!r}"
        )
    if release and release not in known:
        held = [d.origin_id for d in releases(transfers, origins, recipient)]
        raise DataError(
            f"{release!r} is no data release{nearest(release, known)}; "
            + (
                f"of {countries.name(recipient)}'s arms imports there are: {', '.join(held)}"
                if held
                else f"none in the collection has {countries.name(recipient)}'s arms imports"
            )
        )
    name = narrative.the(recipient)
    held = releases(transfers, origins, recipient)
    if release:
        held = [d for d in held if d.origin_id == release]
    meeting = [d for d in held if d.first <= end and d.last >= start]
    if meeting:
        return [*(d for d in meeting if not d.exact), *(d for d in meeting if d.exact)][-1]
    if held:
        covered = narrative.listed(
            f"{d.origin_id} covers {in_years(d.first, d.last)}" for d in held
        )
        return Deliveries(
            recipient,
            missing=f"No release has deliveries to {name} for {in_years(start, end)}: {covered}.",
        )
    which = (
        f"The release {release} does not have" if release else "No release in the collection has"
    )
    return Deliveries(
        recipient,
        missing=f"{which} all suppliers of {name} by year. SIPRI's deliveries file, trade register or table of "
        "imports would have them; `rvdata import sipri` brings them in.",
    )


def said(d: Deliveries) -> str:
    """One line for the load cell: which release is used, of which day and years, and how its years come about."""
    if not d.origin_id:
        return d.missing
    basis = "by year of delivery" if d.exact else "partly spread over the years of a deal"
    return f"deliveries to {d.recipient}: {d.origin_id}, of {d.day}, covers {d.first} to {d.last}, {basis}"


def period(d: Deliveries, start: int, end: int) -> tuple[int, int]:
    """The years of interest that the release covers."""
    return max(start, d.first), min(end, d.last)


def in_years(first: int, last: int) -> str:
    """A span of years in words."""
    return str(first) if first == last else f"{first} to {last}"


# ---- deliveries by year


def annual(d: Deliveries, partner: str, start: int, end: int, named: int = 5) -> pd.DataFrame:
    """Deliveries by year and supplier as the chart stacks them: the partner, the largest others, the rest, the unknown.

    Parameters
    ----------
    d : Deliveries
    partner : str
        Code of the supplier in question; it comes first where it delivered.
    start, end : int
        Years of interest.
    named : int
        How many other suppliers bear their names; no name is given up for a rest of one.

    Returns
    -------
    DataFrame
        Columns year, part, value and estimated (million TIV; NaN where the release does not tell what is estimated). A
        covered year without any delivery has one row, its part is `NOTHING`. Empty without a release.
    """
    columns = ["year", "part", "value", "estimated"]
    if not d.origin_id:
        return pd.DataFrame(columns=columns)
    first, last = period(d, start, end)
    rows = d.between(first, last)
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(
        part=rows["supplier"].map(_parts(rows, partner, named)),
        estimated=rows["tiv_million"] * rows["estimated_share"],
    )
    sums = (
        rows.groupby(["year", "part"])
        .agg(
            value=("tiv_million", "sum"),
            estimated=("estimated", "sum"),
            told=("estimated", "count"),
        )
        .reset_index()
    )
    sums["estimated"] = sums["estimated"].where(sums["told"] > 0)
    order = {part: i for i, part in enumerate(_stack(sums, partner))}
    idle = pd.DataFrame({"year": [y for y in range(first, last + 1) if y not in set(rows["year"])]})
    idle = idle.assign(part=NOTHING, value=0.0, estimated=0.0)
    table = pd.concat([sums[columns], idle], ignore_index=True) if len(idle) else sums[columns]
    table = table.sort_values(
        ["year", "part"], key=lambda s: s.map(order) if s.name == "part" else s, ignore_index=True
    )
    return table.assign(
        year=table["year"].astype(int), **{c: table[c].round(2) for c in ("value", "estimated")}
    )


def _parts(rows: pd.DataFrame, partner: str, named: int) -> dict[str, str]:
    """Supplier → the part that it belongs to."""
    sums = (
        rows[rows["supplier"] != "_U"]
        .groupby("supplier")["tiv_million"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    others = [s for s in sums.index if s != partner]
    shown = others if len(others) <= named else others[: named - 1]
    rest = len(others) - len(shown)
    label = narrative.count(rest, "other")
    return {"_U": UNKNOWN, partner: countries.name(partner)} | {
        s: countries.name(s) if s in shown else label for s in others
    }


def _stack(table: pd.DataFrame, partner: str) -> list[str]:
    """Parts in the order in which they are stacked: the partner, others by volume, the rest, the unknown."""
    sums = (
        table[table["part"] != NOTHING]
        .groupby("part")["value"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    name = countries.name(partner)
    place = {
        p: 0 if p == name else 3 if p == UNKNOWN else 2 if p.endswith(" others") else 1
        for p in sums.index
    }
    return sorted(sums.index, key=place.get)


def _looks(plotted: pd.DataFrame, partner: str) -> dict[str, dict]:
    """Look of every part; the partner's colour stays its own where it delivered nothing."""
    ordered, name = _stack(plotted, partner), countries.name(partner)
    rest = next((p for p in ordered if p.endswith(" others")), "")
    looks = bars.looks(list(dict.fromkeys([name, *ordered])), rest, UNKNOWN)
    return {p: looks[p] for p in ordered}


def draw_annual(
    plotted: pd.DataFrame, d: Deliveries, partner: str, start: int, end: int, quoted: pd.DataFrame
) -> tuple[Figure, str]:
    """The chart of deliveries by year and supplier, and its alternative text."""
    whose = narrative.possessive(narrative.the(d.recipient))
    title = narrative.capital(f"{whose} arms imports by year and supplier")
    if plotted.empty:
        first, last = period(d, start, end)
        message = d.missing or (
            f"The release {d.origin_id} records no delivery to {narrative.the(d.recipient)} in {in_years(first, last)}."
        )
        return _empty(title, message, d)
    first, last = int(plotted["year"].min()), int(plotted["year"].max())
    subtitle = [f"Release of {d.day}, covers {in_years(d.first, d.last)}."]
    if not d.exact:
        subtitle.append("Volumes of a deal are spread evenly over its years of delivery.")
    if plotted["estimated"].isna().all():
        subtitle.append("What is estimated is not told.")
    span = None
    if len(quoted):
        row = quoted.iloc[0]
        a, b = row["period_start"].year, row["period_end"].year
        if a <= last and b >= first:
            cut = "" if first <= a and b <= last else ", cut off here"
            span = (
                a,
                b,
                f"stated for {in_years(a, b)}{cut}: {as_stated(row)} from {narrative.states(partner)}",
            )
    fig = bars.stacked(
        plotted,
        parts=_looks(plotted, partner),
        title=title,
        subtitle=" ".join(subtitle),
        unit=UNIT,
        source=narrative.source_line([d.origin_id]),
        nothing=_nothing(d),
        hatched="estimated",
        span=span,
    )
    sums = plotted[plotted["part"] != NOTHING].groupby("part")["value"].sum()
    told = [f"{p} {volume(sums[p])}" for p in _looks(plotted, partner) if sums[p] > 0]
    totals = plotted.groupby("year")["value"].sum()
    idle = [int(y) for y in totals.index[totals == 0]]
    alt = (
        f"Stacked bars, {title}, {in_years(first, last)}: {'; '.join(told)} million TIV. Most in {totals.idxmax()} "
        f"({volume(totals.max())})."
    )
    if idle:
        alt += f" {narrative.capital(_nothing(d))} in {_runs(idle)}."
    if (plotted["estimated"] > 0).any():
        part = 100 * plotted["estimated"].sum() / plotted["value"].sum()
        alt += f" Hatched as estimated: {narrative.number(part, 2)} %."
    return fig, alt + (f" Bracket: {span[2]}." if span else "")


def as_stated(figure: Mapping) -> str:
    """A stated share as prose has it: "70 %", "over 50 %", "10 (up to 11) %"."""
    return re.sub(r"\s*(%|percent)$", " %", narrative.quantity(figure))


def _runs(years: list[int]) -> str:
    """Years in a row, as spans where they follow one another: "1990, 1992 to 1995 and 1999"."""
    starts = [y for y in years if y - 1 not in years]
    ends = [y for y in years if y + 1 not in years]
    return narrative.listed(in_years(a, b) for a, b in zip(starts, ends, strict=False))


def _nothing(d: Deliveries) -> str:
    """What a volume of 0 means: in tables of whole millions it may be a small one."""
    return (
        f"{NOTHING}, or under half a million TIV" if (d.rows["tiv_million"] == 0).any() else NOTHING
    )


def volume(value: float) -> str:
    """A volume with as many digits as a reader needs."""
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:,.1f}"


def _empty(
    title: str, message: str, d: Deliveries, extra: tuple[str, ...] = ()
) -> tuple[Figure, str]:
    used = [o for o in (d.origin_id, *extra) if o]
    source = narrative.source_line(used) if used else "No data release; compiled by rvdata."
    return (
        charts.empty(title=title, message=message.replace("`", ""), source=source),
        f"Empty chart. {title}: {message}",
    )


# ---- the share over windows


def quoted(shares: pd.DataFrame, figures: pd.DataFrame, partner: str) -> pd.DataFrame:
    """The stated shares of one supplier alone that have a window: rows of `figures`, printed ones before inferred ones.

    Parameters
    ----------
    shares : DataFrame
        Rows of `arms_import_shares`.
    figures : DataFrame
        Table `figures`.
    partner : str
        Code of the supplier.
    """
    mine = shares[
        (shares["suppliers"] == partner)
        & shares["period_start"].notna()
        & shares["period_end"].notna()
    ]
    rows = figures[figures["figure_id"].isin(mine["figure_id"])]
    return (
        rows.assign(derived=rows["status"] == "derived")
        .sort_values(["derived", "figure_id"], ignore_index=True)
        .drop(columns="derived")
    )


def windows(d: Deliveries, partner: str, figure: Mapping | None = None) -> pd.DataFrame:
    """The partner's share for every window of years that the release covers, and whether a stated share holds in it.

    A share holds where the verdict of the protocol would be `matches`: within half of its last digit, or a bound that
    holds.

    Parameters
    ----------
    d : Deliveries
    partner : str
        Code of the supplier.
    figure : mapping, optional
        Row of `figures`.

    Returns
    -------
    DataFrame
        Columns first, last, share_pct (of all deliveries of the window, unknown suppliers included; NaN where nothing
        was delivered) and holds (bool).
    """
    rows = []
    if d.origin_id:
        years = range(d.first, d.last + 1)
        whole = (
            d.rows.groupby("year")["tiv_million"].sum().reindex(years, fill_value=0.0).to_numpy()
        )
        mine = (
            d.rows[d.rows["supplier"] == partner]
            .groupby("year")["tiv_million"]
            .sum()
            .reindex(years, fill_value=0.0)
            .to_numpy()
        )
        for i, first in enumerate(years):
            total, part = whole[i:].cumsum(), mine[i:].cumsum()
            for j, last in enumerate(range(first, d.last + 1)):
                share = 100 * part[j] / total[j] if total[j] > 0 else None
                holds = (
                    figure is not None
                    and share is not None
                    and reconcile.compare(figure, float(share)).verdict == "matches"
                )
                rows.append((first, last, float("nan") if share is None else share, holds))
    return pd.DataFrame(rows, columns=["first", "last", "share_pct", "holds"]).astype(
        {"share_pct": float, "holds": bool}
    )


def plotted_windows(table: pd.DataFrame) -> pd.DataFrame:
    """The windows as the chart draws them: shares to a tenth of a per cent."""
    return table.assign(share_pct=table["share_pct"].round(1))


def draw_windows(
    plotted: pd.DataFrame, d: Deliveries, partner: str, quoted: pd.DataFrame
) -> tuple[Figure, str]:
    """The map of shares by first and last year of the window, and its alternative text."""
    by, whose = (
        narrative.possessive(narrative.the(partner)),
        narrative.possessive(narrative.the(d.recipient)),
    )
    title = narrative.capital(f"{by} share of {whose} arms imports, by window of years")
    if plotted["share_pct"].isna().all():
        message = (
            d.missing
            or f"The release {d.origin_id} records no delivery to {narrative.the(d.recipient)}."
        )
        return _empty(title, message, d)
    stated, holds, said_ = (
        None,
        "",
        "No share is stated for this supplier alone: no window is marked.",
    )
    known = plotted[plotted["share_pct"].notna()]
    if len(quoted):
        row = quoted.iloc[0]
        a, b = row["period_start"].year, row["period_end"].year
        on = ((plotted["first"] == a) & (plotted["last"] == b)).any()
        stated = (a, b, f"stated: {in_years(a, b)}" + ("" if on else ", not covered"))
        holds = f"{as_stated(row)} holds"
        what, held = narrative.capital(as_stated(row)), known["holds"].sum()
        said_ = f"{what} holds in {held:,} of {len(known):,} windows with deliveries."
    subtitle = f"Each cell is a window: first year down the diagonal, last year across. {said_}"
    fig = windows_chart.triangle(
        plotted,
        stated=stated,
        holds=holds,
        zero=f"none from {narrative.the(partner)}",
        nothing=_nothing(d),
        title=title,
        subtitle=subtitle,
        source=narrative.source_line([d.origin_id]),
        unit=narrative.capital(f"{by} share, per cent of volume"),
    )
    alt = (
        f"Triangle map of {len(plotted):,} windows from {in_years(d.first, d.last)}: {title}. From "
        f"{known['share_pct'].min():.1f} to {known['share_pct'].max():.1f} %. {said_}"
    )
    if stated:
        at = plotted[(plotted["first"] == stated[0]) & (plotted["last"] == stated[1])]
        alt += f" Stated window {in_years(*stated[:2])}: " + (
            "not covered."
            if at.empty
            else "nothing delivered."
            if at["share_pct"].isna().all()
            else f"{at['share_pct'].iloc[0]:.1f} %."
        )
    return fig, alt


# ---- stated shares against the releases


def against(
    shares: pd.DataFrame,
    figures: pd.DataFrame,
    checks: pd.DataFrame,
    transfers: pd.DataFrame,
    origins: pd.DataFrame,
) -> pd.DataFrame:
    """How far every release departs from every stated share, over the stated window, by the verdicts of the collection.

    Parameters
    ----------
    shares : DataFrame
        Rows of `arms_import_shares`.
    figures, checks, transfers, origins : DataFrame
        Tables `figures`, `figure_checks`, `arms_transfers` and `origins`.

    Returns
    -------
    DataFrame
        As `charts.intervals` draws it, one row per share and release, the verdict's release first: figure_id,
        suppliers, origin_id, vintage, group, label, below, printed, value (computed less stated, percentage points),
        least and most (what rounding leaves open around the stated share), computed, verdict, is_primary, inferred
        (whether years are partly spread).
    """
    by_origin = origins.set_index("origin_id")
    rows = []
    for share in shares.to_dict("records"):
        figure = figures.set_index("figure_id").loc[share["figure_id"]]
        found = checks[checks["figure_id"] == share["figure_id"]]
        methods = (
            {figure["check_method"], f"{figure['check_method']}: release"}
            if figure["check_method"] == figure["check_method"]
            else {"none"}
        )
        found = found[found["is_primary"] | found["method"].isin(methods)]
        for check in found.sort_values(
            ["is_primary", "origin_id"], ascending=[False, True]
        ).to_dict("records"):
            release = check["origin_id"]
            spread = bool(
                len(transfers)
                and (
                    transfers.loc[
                        (transfers["origin_id"] == release)
                        & (transfers["recipient"] == share["recipient"]),
                        "tiv_basis",
                    ]
                    == "allocated"
                ).any()
            )
            open_ = _tolerated(figure, check["tolerance"])
            got = check["computed"] == check["computed"]
            coarse = check["coarse_verdict"]
            verdict = check["verdict"] + (
                f" ({coarse} if read coarsely)" if coarse == coarse and coarse else ""
            )
            rows.append(
                {
                    "figure_id": share["figure_id"],
                    "suppliers": share["suppliers"],
                    "origin_id": release,
                    "vintage": check["vintage"],
                    "group": f"{narrative.states(share['suppliers'])}, {narrative.window(share)}: {as_stated(figure)}"
                    + {"derived": " inferred", "doubted": " stated, doubted"}.get(
                        share["status"], " stated"
                    ),
                    "label": (
                        f"{check['computed']:.1f} %: {check['verdict']}"
                        + (f", coarsely {coarse}" if coarse == coarse and coarse else "")
                        if got
                        else verdict
                    ),
                    "below": (
                        "no release"
                        if release == "none"
                        else f"{narrative.release_day(by_origin.loc[release]):%Y-%m-%d}"
                        + (", the verdict" if check["is_primary"] else "")
                        + (", years partly spread" if spread else "")
                    ),
                    "printed": f"{check['difference']:+.1f}".replace("-", "−") if got else "",
                    "value": round(check["difference"], 2) if got else float("nan"),
                    "least": open_[0] if got else float("nan"),
                    "most": open_[1] if got else float("nan"),
                    "computed": round(check["computed"], 2),
                    "verdict": verdict,
                    "is_primary": check["is_primary"],
                    "inferred": spread,
                }
            )
    columns = [
        "figure_id",
        "suppliers",
        "origin_id",
        "vintage",
        "group",
        "label",
        "below",
        "printed",
        "value",
        "least",
        "most",
        "computed",
        "verdict",
        "is_primary",
        "inferred",
    ]
    return pd.DataFrame(rows, columns=columns)


def _tolerated(figure: Mapping, tolerance: float) -> tuple[float, float]:
    """Which differences from a stated share are none: an interval, open to one side for a bound."""
    if figure["qualifier"] in ("over", "at_least"):
        return 0.0, float("nan")
    if figure["qualifier"] == "at_most":
        return float("nan"), 0.0
    return (float("nan"),) * 2 if tolerance != tolerance else (-tolerance, tolerance)


def draw_against(plotted: pd.DataFrame, recipient: str) -> tuple[Figure, str]:
    """The chart of differences between stated and computed shares, and its alternative text."""
    whose = narrative.possessive(narrative.the(recipient))
    title = narrative.capital(f"Stated shares of {whose} arms imports against the data")
    used = sorted(set(plotted["origin_id"]) - {"none"})
    if plotted["value"].isna().all():
        message = (
            f"No share of {whose} arms imports is stated in this selection: there is nothing to check."
            if plotted.empty
            else f"No release covers the window of a stated share of {whose} arms imports."
        )
        return charts.empty(
            title=title,
            message=message,
            source=narrative.source_line(used) if used else "No data release; compiled by rvdata.",
        ), (f"Empty chart. {message}")
    reach = (
        max(
            plotted["value"].abs().max(),
            3 * max(plotted[["least", "most"]].abs().max().fillna(0)),
            0.5,
        )
        * 1.15
    )
    hollow = " Hollow: years partly spread." if plotted["inferred"].any() else ""
    fig = charts.intervals(
        plotted,
        title=title,
        source=narrative.source_line(used),
        limits=(-reach, reach),
        unit="computed less stated, percentage points",
        subtitle=f"Dot: how far each release, named by its day, departs. Bar: what rounding leaves open.{hollow}",
    )
    step = next(s for p in (0.1, 1, 10, 100) for s in (p, 2 * p, 5 * p) if reach / s < 4)
    ticks = [i * step for i in range(-int(reach / step), int(reach / step) + 1)]
    fig.axes[0].set_xticks(ticks, [f"{t:+.10g}".replace("-", "−") if t else "0" for t in ticks])
    rows = [f"{r['group']}: {r['label']} ({r['below']})" for r in plotted.to_dict("records")]
    return fig, f"Dot chart of differences, {title}. {'; '.join(rows)}."


def common(held: list[Deliveries], partner: str, start: int, end: int) -> pd.DataFrame:
    """The partner's share in every release over the years of a window that all of them cover.

    Parameters
    ----------
    held : list of Deliveries
        As `releases` gives them.
    partner : str
        Code of the supplier.
    start, end : int
        The window; releases that cover none of it are left out.

    Returns
    -------
    DataFrame
        One row per release: release, of (day), years (of the release), basis, first, last (the common years),
        tiv_million (of all suppliers in these), share_pct. Empty where the releases have no year in common.
    """
    columns = ["release", "of", "years", "basis", "first", "last", "tiv_million", "share_pct"]
    meeting = [d for d in held if d.first <= end and d.last >= start]
    if not meeting:
        return pd.DataFrame(columns=columns)
    first, last = max(start, *(d.first for d in meeting)), min(end, *(d.last for d in meeting))
    if first > last:
        return pd.DataFrame(columns=columns)
    rows = []
    for d in meeting:
        table = reconcile.supplier_shares(d.rows, d.recipient, first, last)
        rows.append(
            (
                d.origin_id,
                d.day,
                f"{d.first} to {d.last}",
                "exact" if d.exact else "partly spread",
                first,
                last,
                round(table["tiv_million"].sum(), 2),
                _share(table, partner),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def _share(table: pd.DataFrame, supplier: str) -> float:
    """A supplier's share in a table of suppliers; NaN where nothing was delivered."""
    if table.empty or not table["tiv_million"].sum() > 0:
        return float("nan")
    return round(float(table.loc[table["supplier"] == supplier, "share_pct"].sum()), 2)


# ---- concentration, last deliveries, elsewhere


def concentration(d: Deliveries, start: int, end: int, years: int = 5) -> pd.DataFrame:
    """How far deliveries came from few hands, in periods counted back from the last year, and over all of them.

    Parameters
    ----------
    d : Deliveries
    start, end : int
        Years of interest.
    years : int
        Length of a period; the earliest may be shorter.

    Returns
    -------
    DataFrame
        One row per period, all of them together last: years (in words), first, last, tiv_million, suppliers (known
        ones), largest, largest_pct, herfindahl (0 to 1: sum of the squared shares; unknown suppliers counted as one, so
        that the true value can only be less) and equal_suppliers (1 ÷ herfindahl: so many of equal size would be as
        concentrated). Empty without a release.
    """
    columns = [
        "years",
        "first",
        "last",
        "tiv_million",
        "suppliers",
        "largest",
        "largest_pct",
        "herfindahl",
        "equal_suppliers",
    ]
    if not d.origin_id:
        return pd.DataFrame(columns=columns)
    first, last = period(d, start, end)
    spans = [(max(first, b - years + 1), b) for b in range(last, first - 1, -years)][::-1]
    rows = []
    for a, b in spans + ([(first, last)] if len(spans) > 1 else []):
        table = reconcile.supplier_shares(d.rows, d.recipient, a, b)
        table = table[table["tiv_million"] > 0]
        if table.empty:
            rows.append(
                (in_years(a, b), a, b, 0.0, 0, "", float("nan"), float("nan"), float("nan"))
            )
            continue
        top = table[table["rank"] == 1]
        index = float(((table["share_pct"] / 100) ** 2).sum())
        rows.append(
            (
                in_years(a, b),
                a,
                b,
                round(table["tiv_million"].sum(), 1),
                int(table["rank"].notna().sum()),
                narrative.listed(narrative.the(c) for c in top["supplier"])
                if len(top)
                else UNKNOWN,
                round(float(top["share_pct"].max() if len(top) else table["share_pct"].max()), 1),
                round(index, 3),
                round(1 / index, 1),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def suppliers(d: Deliveries, start: int, end: int) -> pd.DataFrame:
    """Every supplier with its first and its last year of delivery, volume and share; the latest delivery first.

    Returns
    -------
    DataFrame
        Columns supplier (code), name, first, last, tiv_million, share_pct. Empty without a release.
    """
    columns = ["supplier", "name", "first", "last", "tiv_million", "share_pct"]
    if not d.origin_id:
        return pd.DataFrame(columns=columns)
    first, last = period(d, start, end)
    rows = d.between(first, last)
    spans = rows.groupby("supplier")["year"].agg(["min", "max"])
    table = reconcile.supplier_shares(d.rows, d.recipient, first, last).assign(
        name=lambda t: [countries.name(s) if s != "_U" else UNKNOWN for s in t["supplier"]],
        first=lambda t: spans.loc[t["supplier"], "min"].to_numpy(),
        last=lambda t: spans.loc[t["supplier"], "max"].to_numpy(),
    )
    table = table.sort_values(
        ["last", "tiv_million"], ascending=False, kind="stable", ignore_index=True
    )
    return table.assign(
        tiv_million=table["tiv_million"].round(1), share_pct=table["share_pct"].round(1)
    )[columns]


def elsewhere(
    transfers: pd.DataFrame,
    origins: pd.DataFrame,
    supplier: str,
    recipient: str,
    start: int,
    end: int,
) -> pd.DataFrame:
    """Where a supplier's deliveries went, over the recipients that the newest fitting release covers.

    Parameters
    ----------
    transfers, origins : DataFrame
        Tables `arms_transfers` and `origins`.
    supplier, recipient : str
        Codes; a release fits if it covers what the supplier delivered to this recipient and to others, over the whole
        window.
    start, end : int
        The window.

    Returns
    -------
    DataFrame
        One row per recipient covered, largest first: release, years, recipient (code), name, tiv_million, share_pct (of
        the sum over the recipients covered), everywhere (whether these are all recipients of the supplier). Empty where
        no release fits.
    """
    columns = ["release", "years", "recipient", "name", "tiv_million", "share_pct", "everywhere"]
    found = []
    for release in origins[origins["kind"] == "dataset"].to_dict("records"):
        rows = transfers[
            (transfers["origin_id"] == release["origin_id"])
            & (transfers["supplier"] == supplier)
            & transfers["year"].between(start, end)
            & (transfers["recipient"] != "_T")
        ]
        if transfers[transfers["origin_id"] == release["origin_id"]].empty:
            continue
        everywhere = reconcile.covers(release, start, end, f"supplier={supplier}")
        held = (
            set(rows["recipient"])
            if everywhere
            else {
                token.partition(">")[2]
                for token in str(release["covers"]).split(";")
                if token.startswith(f"pair={supplier}>")
            }
        )
        if not reconcile.covers(
            release, start, end, f"supplier={supplier}", *(f"pair={supplier}>{r}" for r in held)
        ):
            continue
        if everywhere or (recipient in held and held - {recipient}):
            found.append(
                (everywhere, narrative.release_day(release), release["origin_id"], rows, held)
            )
    if not found:
        return pd.DataFrame(columns=columns)
    everywhere, _, origin_id, rows, held = max(found, key=lambda f: f[:3])
    sums = rows.groupby("recipient")["tiv_million"].sum().reindex(sorted(held), fill_value=0.0)
    if everywhere and recipient not in sums.index:
        sums[recipient] = 0.0
    sums = sums.sort_values(ascending=False, kind="stable")
    total = sums.sum()
    return pd.DataFrame(
        {
            "release": origin_id,
            "years": in_years(start, end),
            "recipient": sums.index,
            "name": [countries.name(r) for r in sums.index],
            "tiv_million": sums.round(1).to_numpy(),
            "share_pct": (100 * sums / total).round(1).to_numpy() if total else float("nan"),
            "everywhere": everywhere,
        }
    )


# ---- orders


def orders(table: pd.DataFrame, origins: pd.DataFrame, d: Deliveries) -> pd.DataFrame:
    """Orders of a recipient in one release: the one that its deliveries come from if it has orders, else the newest.

    Parameters
    ----------
    table, origins : DataFrame
        Tables `arms_orders` and `origins`.
    d : Deliveries

    Returns
    -------
    DataFrame
        Rows of `arms_orders`; empty where no release has any.
    """
    mine = table[(table["recipient"] == d.recipient) & (table["supplier"] != "_T")]
    held = origins[origins["origin_id"].isin(mine["origin_id"])].to_dict("records")
    held = [
        o
        for o in held
        if reconcile.covers(
            o, o["data_from"].year, o["data_through"].year, f"recipient={d.recipient}"
        )
    ]
    if not held:
        return mine.head(0)
    newest = max(
        held,
        key=lambda o: (o["origin_id"] == d.origin_id, narrative.release_day(o), o["origin_id"]),
    )
    return mine[mine["origin_id"] == newest["origin_id"]].reset_index(drop=True)


def plotted_orders(
    placed: pd.DataFrame, d: Deliveries, partner: str, start: int, end: int
) -> pd.DataFrame:
    """Orders by year of order and deliveries by year of delivery as the chart mirrors them: partner and all others.

    Returns
    -------
    DataFrame
        Columns direction, year, part and value (million TIV), in the years of interest that have any. Empty without
        orders.
    """
    columns = ["direction", "year", "part", "value"]
    placed = placed[placed["order_year"].between(start, end)]
    if placed.empty:
        return pd.DataFrame(columns=columns)
    frames = [
        placed.assign(
            direction=ORDERED, year=placed["order_year"], value=placed["tiv_ordered_million"]
        )
    ]
    if d.origin_id:
        delivered = d.between(*period(d, start, end))
        frames.append(delivered.assign(direction=DELIVERED, value=delivered["tiv_million"]))
    rows = pd.concat(
        [
            f[["direction", "year", "supplier", "value"]].astype({"year": int, "value": float})
            for f in frames
        ]
    )
    rows["part"] = rows["supplier"].map(
        lambda s: countries.name(partner) if s == partner else OTHERS
    )
    sums = rows.groupby(["direction", "year", "part"])["value"].sum().round(2).reset_index()
    return sums.sort_values(
        ["direction", "year", "part"], ascending=[False, True, True], ignore_index=True
    )[columns]


def _covered(origin_id: str, origins: pd.DataFrame) -> tuple[int, int]:
    row = origins.set_index("origin_id").loc[origin_id]
    return row["data_from"].year, row["data_through"].year


def draw_orders(
    plotted: pd.DataFrame, placed: pd.DataFrame, d: Deliveries, partner: str, origins: pd.DataFrame
) -> tuple[Figure, str]:
    """The chart of orders above and deliveries below the axis, and its alternative text."""
    whose = narrative.possessive(narrative.the(d.recipient))
    title = narrative.capital(f"When {whose} arms imports were ordered, and when they came")
    used = [*sorted(set(placed["origin_id"])), d.origin_id]
    if plotted.empty:
        message = (
            "In the years of interest no order is recorded."
            if len(placed)
            else f"No release in the collection has all orders of {narrative.the(d.recipient)}. SIPRI's trade register "
            "would have them; `rvdata import sipri` brings it in."
        )
        return _empty(title, message, d, tuple(sorted(set(placed["origin_id"]))))
    name = countries.name(partner)
    found = [p for p in (name, OTHERS) if (plotted["part"] == p).any()]
    looks = {p: look for p, look in bars.looks([name, OTHERS], OTHERS).items() if p in found}
    day = f"orders: {used[0]}" + (
        f"; deliveries: {d.origin_id}, {in_years(d.first, d.last)}"
        if d.origin_id and d.origin_id != used[0]
        else ""
    )
    fig = bars.mirrored(
        plotted,
        parts=looks,
        title=title,
        unit=UNIT,
        directions={ORDERED: _covered(used[0], origins), DELIVERED: (d.first, d.last)},
        subtitle=f"Both directions to one scale. Releases: {day}.",
        source=narrative.source_line(sorted({o for o in used if o})),
    )
    sums = plotted.groupby(["direction", "part"])["value"].sum()
    told = [
        f"{direction}: " + ", ".join(f"{p} {volume(sums.get((direction, p), 0.0))}" for p in found)
        for direction in (ORDERED, DELIVERED)
    ]
    ordered = plotted[
        (plotted["direction"] == ORDERED) & (plotted["part"] == name) & (plotted["value"] > 0)
    ]["year"]
    when = (
        f" {narrative.capital(narrative.possessive(name))} orders fall in {in_years(ordered.min(), ordered.max())}."
        if len(ordered)
        else ""
    )
    return fig, f"Mirrored bars, {title}, million TIV. {'; '.join(told)}.{when}"


def window(d: Deliveries, quoted: pd.DataFrame, start: int, end: int) -> tuple[int, int]:
    """Over which years releases and recipients are compared: the stated window, or else the years covered."""
    if len(quoted):
        return quoted.iloc[0]["period_start"].year, quoted.iloc[0]["period_end"].year
    return period(d, start, end) if d.origin_id else (start, end)


def used(
    d: Deliveries,
    judged: pd.DataFrame,
    in_common: pd.DataFrame,
    placed: pd.DataFrame,
    others: pd.DataFrame,
) -> list[str]:
    """The releases behind charts, tables and sentences."""
    ids = {
        d.origin_id,
        *judged["origin_id"],
        *in_common["release"],
        *placed["origin_id"],
        *others["release"],
    }
    return sorted(ids - {"", "none"})

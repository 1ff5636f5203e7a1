"""Which release has all deliveries of arms to a recipient, for the notebook presence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rvdata import countries, narrative, reconcile
from rvdata.errors import DataError, nearest

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

"""Deliveries of arms to a recipient, and shares of them over windows of years."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import pandas as pd

from rvdata import countries, reconcile, store
from rvdata.analysis import stated
from rvdata.errors import DataError, nearest
from rvdata.origins import came_out, covers

_VOLUMES = ["tiv_million", "estimated_tiv_million", "all_suppliers_tiv_million"]
COLUMNS = ["recipient", "supplier", "year", *_VOLUMES, "release"]
_TYPES = {"year": int} | dict.fromkeys(_VOLUMES, float)


def held(recipient: str) -> pd.DataFrame:
    """The releases that have deliveries to a recipient by year, the best one last.

    Parameters
    ----------
    recipient : str
        ISO 3166-1 alpha-3 code of the importing state.

    Returns
    -------
    DataFrame
        Columns release, day, first and last (years covered), suppliers (``*`` for all, else ;-joined codes) and exact:
        whether every volume belongs to its year; a trade register's is spread over the years of a deal. All suppliers
        come after some, exact after spread, new after old.
    """
    return _held(recipient, store.state("arms_transfers", "origins")).copy(deep=False)


@functools.lru_cache(maxsize=64)
def _held(recipient: str, state: tuple) -> pd.DataFrame:
    releases, transfers = store.origins(), store.load("arms_transfers", "all")
    own = transfers["recipient"].eq(recipient) & transfers["tiv_basis"].eq("allocated")
    spread = set(transfers.loc[own & transfers["supplier"].ne("_T"), "origin_id"])
    named: dict[str, set[str]] = {}
    for one, supplier in transfers[["origin_id", "supplier"]].to_numpy(dtype=object):
        named.setdefault(one, set()).add(supplier)
    rows = []
    for one, names in named.items():
        release = releases[one]
        every = covers(release, f"recipient={recipient}")
        wanted = ((s, f"pair={s}>{recipient}", f"supplier={s}") for s in sorted(names - {"_T"}))
        suppliers = "*" if every else ";".join(s for s, *pairs in wanted if covers(release, *pairs))
        if suppliers:
            years = (release["data_from"].year, release["data_through"].year)
            rows.append(
                [one, pd.Timestamp(came_out(release)), *years, suppliers, one not in spread]
            )
    columns = ["release", "day", "first", "last", "suppliers", "exact"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.assign(whole=table["suppliers"].eq("*"))
    return table.sort_values(["whole", "exact", "day", "release"], ignore_index=True)[columns]


def deliveries(
    recipient: str,
    supplier: str | None = None,
    start: int | None = None,
    end: int | None = None,
    release: str | None = None,
    *,
    empty: bool = False,
) -> pd.DataFrame:
    """Volumes of major arms delivered to a recipient, with a row for every supplier and every covered year.

    Parameters
    ----------
    recipient : str
        ISO 3166-1 alpha-3 code of the importing state.
    supplier : str, optional
        Code of one supplier; all by default.
    start, end : int, optional
        First and last year wanted; all that the release covers by default.
    release : str, optional
        Identifier of a release; by default the best that meets the years: with all suppliers, exact by year, newest.
    empty : bool
        Give a frame without rows where no release has them, and the reason in ``attrs["missing"]``, not an error.

    Returns
    -------
    DataFrame
        Columns recipient, supplier (``_U``: unknown), year, tiv_million (0 where nothing came), estimated_tiv_million (what
        of it rests on an estimate; NaN where not told), all_suppliers_tiv_million (what all delivered to the recipient in that year; NaN
        where the release lacks other suppliers, so that no share can be computed) and release. The unit is million SIPRI
        trend-indicator values, a measure of volume. Years that the release does not cover are absent, never 0.

    Raises
    ------
    DataError
        If no release has what is asked for.

    Examples
    --------
    >>> deliveries("VEN", "RUS", 2013, 2015)[["year", "tiv_million"]].values.tolist()
    [[2013.0, 881.44], [2014.0, 78.72], [2015.0, 0.0]]
    """
    stated.asked([code for code in (recipient, supplier) if code])
    table = held(recipient)
    first, last = start or 0, end or 9999
    fitting = table[(table["first"] <= last) & (table["last"] >= first)]
    if supplier:
        fitting = fitting[stated.holds(fitting, "suppliers", ["*", supplier])]
    if release:
        known = {one for one, row in store.origins().items() if row["kind"] == "dataset"}
        if release not in known:
            raise DataError(f"{release!r} is no data release{nearest(release, known)}")
        fitting = fitting[fitting["release"] == release]
    if fitting.empty:
        wanted = f"deliveries to {countries.name(recipient)}"
        wanted += f" from {countries.name(supplier)}" if supplier else ""
        wanted += f" in {start or ''} to {end or ''}" if start or end else ""
        why = _missing(wanted, release, table)
        return stated.nothing(COLUMNS, why, empty).astype(_TYPES)
    chosen = fitting.iloc[-1]
    rows = store.load("arms_transfers", chosen["release"])
    rows = rows[(rows["recipient"] == recipient) & (rows["supplier"] != "_T")]
    years = range(max(first, chosen["first"]), min(last, chosen["last"]) + 1)
    rows = rows[rows["year"].between(years.start, years.stop - 1)]
    some = [] if chosen["suppliers"] == "*" else chosen["suppliers"].split(";")
    names = [supplier] if supplier else some or sorted(set(rows["supplier"])) or ["_U"]
    whole = rows.groupby("year")["tiv_million"].sum().reindex(years, fill_value=0.0)
    grid = pd.MultiIndex.from_product([names, years], names=["supplier", "year"])
    frame = rows.set_index(["supplier", "year"]).reindex(grid).reset_index()
    told = frame["estimated_share"].where(frame["tiv_million"].notna(), 0.0)
    frame["tiv_million"] = frame["tiv_million"].fillna(0.0)
    return frame.assign(
        recipient=recipient,
        estimated_tiv_million=frame["tiv_million"] * told,
        all_suppliers_tiv_million=float("nan") if some else frame["year"].map(whole),
        release=chosen["release"],
    )[COLUMNS].astype(_TYPES)


def _missing(wanted: str, release: str | None, table: pd.DataFrame) -> str:
    """Why there are no deliveries, and what there is instead."""
    which = f"the release {release} does not have" if release else "no release has"
    there = [
        f"{r.release} has {r.first} to {r.last}"
        + ("" if r.suppliers == "*" else f" from {r.suppliers.replace(';', ', ')} alone")
        for r in table.itertuples()
    ]
    return f"{which} {wanted}; {', '.join(there) or '`rvdata import sipri` brings them in'}"


def share(deliveries: pd.DataFrame, suppliers: str | Sequence[str], start: int, end: int) -> float:
    """Share of suppliers together in the volume delivered to a recipient over a window, in per cent.

    The denominator is all that was delivered, by unknown suppliers too.

    Parameters
    ----------
    deliveries : DataFrame
        As `deliveries` gives it, of a release that has all suppliers; years may have been taken out.
    suppliers : str or sequence of str
        Codes; ``"RUS"``, ``"RUS;CHN"`` or ``["RUS", "CHN"]``.
    start, end : int
        First and last year of the window, both included.

    Returns
    -------
    float
        NaN where nothing was delivered at all.

    Raises
    ------
    DataError
        If suppliers are missing from the frame or its release, or years of the window.

    Examples
    --------
    >>> round(share(deliveries("VEN"), "RUS", 2001, 2013), 1)
    76.6
    """
    whole = _by_year(deliveries)
    absent = [y for y in range(start, end + 1) if y not in whole.index]
    if absent or start > end:
        spans = f"{whole.index.min()} to {whole.index.max()}" if len(whole) else "no year"
        raise DataError(f"the deliveries have {spans}, not all of {start} to {end}; ask for those")
    total = whole.loc[start:end].sum()
    part = _of(deliveries, suppliers).loc[start:end].sum()
    return float(100 * part / total) if total > 0 else float("nan")


def windows(deliveries: pd.DataFrame, suppliers: str | Sequence[str]) -> pd.DataFrame:
    """The share of suppliers for every window of years in the deliveries: first, last, share_pct.

    Parameters
    ----------
    deliveries, suppliers
        As for `share`.

    Returns
    -------
    DataFrame
        One row per window, shorter ones of a first year before longer ones; NaN where nothing was delivered. None where
        there are no deliveries.

    Raises
    ------
    DataError
        As `share` does.

    Examples
    --------
    >>> table = windows(deliveries("VEN"), "RUS")
    >>> table[(table["first"] == 2000) & (table["last"] == 2021)].share_pct.round(1).tolist()
    [69.7]
    """
    if deliveries.empty:
        return pd.DataFrame(columns=["first", "last", "share_pct"], dtype=float)
    whole = _by_year(deliveries)
    mine = _of(deliveries, suppliers).reindex(whole.index, fill_value=0.0)
    rows = []
    for i, first in enumerate(whole.index):
        total, part = whole.iloc[i:].cumsum(), mine.iloc[i:].cumsum()
        shares = 100 * part / total.where(total > 0)
        rows += [(first, last, value) for last, value in shares.items()]
    return pd.DataFrame(rows, columns=["first", "last", "share_pct"])


def _of(deliveries: pd.DataFrame, suppliers: str | Sequence[str]) -> pd.Series:
    """Volume of suppliers together by year."""
    codes = suppliers.split(";") if isinstance(suppliers, str) else list(suppliers)
    rows = deliveries[deliveries["supplier"].isin(codes)]
    return rows.groupby("year")["tiv_million"].sum()


def _by_year(deliveries: pd.DataFrame) -> pd.Series:
    """Volume of all suppliers by year; refused where the frame does not have them all."""
    if deliveries.empty:
        raise DataError(deliveries.attrs.get("missing") or "there are no deliveries; ask for some")
    if deliveries["all_suppliers_tiv_million"].isna().any():
        only = ", ".join(countries.name(s) for s in dict.fromkeys(deliveries["supplier"]))
        raise DataError(
            f"of {countries.name(deliveries['recipient'].iloc[0])}'s suppliers, "
            f"{deliveries['release'].iloc[0]} has {only} alone; a share needs all of them"
        )
    if deliveries["release"].nunique() > 1 or deliveries["recipient"].nunique() > 1:
        raise DataError("these are deliveries of several releases or recipients; take one of each")
    return deliveries.groupby("year")["all_suppliers_tiv_million"].first()


def outcomes(deliveries: pd.DataFrame, suppliers: str, figure: Mapping) -> pd.DataFrame:
    """Every window with the verdict that a stated share would have in it: the columns of `windows`, and verdict."""
    table = windows(deliveries, suppliers)
    return table.assign(
        verdict=[
            reconcile.compare(figure, value).verdict if value == value else "no data"
            for value in table["share_pct"]
        ]
    )


def claims(
    recipient: str,
    supplier: str,
    start: int,
    end: int,
    sources: Sequence[str] = (),
    derived: bool = True,
) -> pd.DataFrame:
    """What is stated of a supplier in a recipient's arms imports, shares and places, as `verdicts` gives them.

    Parameters
    ----------
    recipient, supplier : str
        Codes; shares of this supplier alone come first, then its places, then shares of several.
    start, end : int
        Years that the window of a claim must meet; one without a window is kept.
    sources : sequence of str
        Articles; empty for all.
    derived : bool
        Whether shares that this project computed from others count.
    """
    table = stated.verdicts()
    shares = table["family"].eq("arms_import_share") & table["subject"].eq(recipient)
    shares &= stated.holds(table, "counterpart", supplier)
    places = table["check_method"].eq("supplier_rank") & table["counterpart"].eq(recipient)
    places &= table["subject"].eq(supplier)
    kept = table[
        (shares | places)
        & ~(table["period_end"].dt.year < start)
        & ~(table["period_start"].dt.year > end)
        & stated.holds(table, "source_id", sources)
        & (table["status"].ne("derived") | derived)
    ]
    several, place = kept["counterpart"].str.contains(";"), kept["family"] != "arms_import_share"
    order = (2 * several + place).sort_values(kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def share_of_one(claims: pd.DataFrame) -> pd.Series | None:
    """The first stated share of the supplier alone, with a window, of what `claims` gives; None if there is none."""
    alone = claims["counterpart"].notna() & ~claims["counterpart"].str.contains(";", na=False)
    shares = claims[claims["family"].eq("arms_import_share") & alone & claims["period_end"].notna()]
    return shares.iloc[0] if len(shares) else None


def recipients(supplier: str, first: int, last: int) -> pd.DataFrame:
    """Who took how much of what a supplier delivered in a window, from the newest release that has several recipients.

    Returns
    -------
    DataFrame
        Columns recipient, tiv_million, share_pct (of what the supplier delivered to them together) and release, the
        largest first. Empty where no release covers several recipients over the window.
    """
    transfers = store.load("arms_transfers", "all")
    transfers = transfers[transfers["supplier"] == supplier]
    found = []
    for one, release in store.origins().items():
        rows = transfers[transfers["origin_id"] == one]
        tokens = str(release["covers"]).split(";")
        codes = [t.partition(">")[2] for t in tokens if t.startswith(f"pair={supplier}>")]
        if covers(release, f"supplier={supplier}"):
            codes = sorted(set(rows["recipient"]))
        if len(codes) > 1 and covers(release, *tokens, start=first, end=last):
            sums = rows[rows["year"].between(first, last)].groupby("recipient")["tiv_million"].sum()
            found.append((came_out(release), sums.reindex(codes, fill_value=0.0), one))
    columns = ["recipient", "tiv_million", "share_pct", "release"]
    if not found:
        return pd.DataFrame(columns=columns)
    _, sums, origin = max(found, key=lambda one: one[0])
    sums = sums.sort_values(ascending=False, kind="stable")
    table = sums.rename_axis("recipient").reset_index(name="tiv_million")
    share_pct = 100 * table["tiv_million"] / (sums.sum() or float("nan"))
    return table.assign(share_pct=share_pct, release=origin)[columns]

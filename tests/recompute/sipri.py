"""SIPRI's arms transfers, recomputed: deliveries, trade registers, TIV tables of the old and the new site."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from recompute.cells import code_of, kept, lines, must_code, table

#: The register's columns by place: three of them are printed without a name.
REGISTER = [
    "recipient",
    "supplier",
    "ordered_in",
    "ordered_in_doubt",
    "ordered",
    "ordered_doubt",
    "designation",
    "description",
    "delivered",
    "delivered_doubt",
    "delivered_in",
    "status",
    "comments",
    "tiv_unit",
    "tiv_ordered",
    "tiv_delivered",
]
KEYS = {
    "arms_transfers": ["supplier", "recipient", "year"],
    "arms_orders": ["supplier", "recipient", "order_year"],
    "arms_units": ["supplier", "recipient", "designation"],
}


def share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Part of a whole; 0 where the whole is nothing."""
    return (part / whole).where(whole > 0, 0.0)


def delivered(path: Path) -> pd.DataFrame:
    """Rows of a download of deliveries: one a deal and year, with its own TIV."""
    rows = lines(path)
    head = next(i for i, row in enumerate(rows) if "TIV delivery values" in row)
    deals = pd.DataFrame(rows[head + 1 :], columns=rows[head])
    out = pd.DataFrame(
        {
            "supplier": deals["Supplier"].map(must_code),
            "recipient": deals["Recipient"].map(must_code),
            "designation": deals["Designation"],
            "year": deals["Delivery year"].astype(int),
            "deal": deals["SIPRI AT Database ID"],
            "tiv": deals["TIV delivery values"].astype(float),
            "units": deals["Numbers delivered"].astype(float),
        }
    )
    doubt = deals[["Numbers delivered is estimate", "Delivery year is estimate"]] == "Yes"
    return out.assign(
        tiv_guessed=out["tiv"].where(doubt.any(axis=1), 0.0),
        units_guessed=out["units"].where(doubt.iloc[:, 0], 0.0),
    )


def deliveries(path: Path) -> pd.DataFrame:
    """Volume by supplier, recipient and year of delivery."""
    out = (
        delivered(path)
        .groupby(KEYS["arms_transfers"], as_index=False)[["tiv", "tiv_guessed"]]
        .sum()
    )
    out["tiv_basis"] = "exact"
    out["estimated_share"] = share(out["tiv_guessed"], out["tiv"])
    return out.rename(columns={"tiv": "tiv_million"}).drop(columns="tiv_guessed")


def register(path: Path) -> pd.DataFrame:
    """Deals of a trade register, one row each, with their numbers, years and marks."""
    rows = lines(path)
    head = next(i for i, row in enumerate(rows) if "Weapon designation" in row)
    deals = pd.DataFrame(rows[head + 1 :], columns=REGISTER)
    for column in ("ordered", "delivered", "tiv_ordered", "tiv_delivered"):
        deals[column] = pd.to_numeric(deals[column])
    deals["deal"] = deals.index
    deals["order_year"] = deals["ordered_in"].astype(int)
    deals["supplier"] = deals["supplier"].map(must_code)
    deals["recipient"] = deals["recipient"].map(must_code)
    deals["years"] = deals["delivered_in"].map(lambda cell: [int(y) for y in cell.split(";")])
    deals["first"], deals["last"] = deals["years"].map(min), deals["years"].map(max)
    return deals


def register_transfers(path: Path) -> pd.DataFrame:
    """A deal's volume, spread evenly over the years that are named."""
    deals = register(path)
    deals["count"] = deals["years"].map(len)
    spread = deals.explode("years").rename(columns={"years": "year"})
    spread["tiv"] = spread["tiv_delivered"] / spread["count"]
    spread["guessed"] = spread["tiv"].where(spread["delivered_doubt"] == "?", 0.0)
    groups = spread.groupby(KEYS["arms_transfers"])
    out = groups[["tiv", "guessed"]].sum()
    out["tiv_basis"] = (groups["count"].max() > 1).map({True: "allocated", False: "exact"})
    out["estimated_share"] = share(out["guessed"], out["tiv"])
    return out.reset_index().rename(columns={"tiv": "tiv_million"}).drop(columns="guessed")


def summed(rows: pd.DataFrame, key: list[str], sums: dict[str, str], whole: str) -> pd.DataFrame:
    """Deals, sums, first and last year of delivery, and the part of the whole that is guessed."""
    groups = rows.groupby(key)
    out = groups[list(sums)].sum(min_count=1).rename(columns=sums)
    out["deals"] = groups["deal"].nunique()
    out["first_delivery_year"], out["last_delivery_year"] = (
        groups["first"].min(),
        groups["last"].max(),
    )
    out["estimated_share"] = share(groups["guessed"].sum(), out[sums[whole]])
    return out.reset_index()


def register_orders(path: Path) -> pd.DataFrame:
    """Deals by year of order."""
    deals = register(path)
    doubt = (deals["ordered_in_doubt"] == "?") | (deals["ordered_doubt"] == "?")
    deals["guessed"] = deals["tiv_ordered"].where(doubt, 0.0)
    sums = {"tiv_ordered": "tiv_ordered_million", "tiv_delivered": "tiv_delivered_million"}
    return summed(deals, KEYS["arms_orders"], sums, "tiv_ordered")


def units(path: Path, designations: set[str]) -> pd.DataFrame:
    """Units of the designations that were asked for; a download of deliveries does not tell the order."""
    if is_deliveries(path):
        rows = delivered(path).rename(columns={"units": "delivered", "units_guessed": "guessed"})
        rows = rows.assign(ordered=float("nan"), first=rows["year"], last=rows["year"])
    else:
        rows = register(path)
        rows["guessed"] = rows["delivered"].where(rows["delivered_doubt"] == "?", 0.0)
    rows = rows[rows["designation"].isin(designations)]
    sums = {"ordered": "units_ordered", "delivered": "units_delivered"}
    return summed(rows, KEYS["arms_units"], sums, "delivered")


def is_deliveries(path: Path) -> bool:
    """Whether a file is a download of deliveries."""
    return b"TIV delivery values" in path.read_bytes()[:6000]


def grid(path: Path) -> list[tuple[str, int, float]]:
    """Name, year and printed volume of a TIV table; an empty cell is no delivery and no row."""
    rows = lines(path)
    head = next(i for i, row in enumerate(rows) if "1950" in row)
    years = {i: int(cell) for i, cell in enumerate(rows[head]) if cell.isdigit() and len(cell) == 4}
    named = min(years) - 1  # the name stands left of the first year, after an empty column or none
    return [
        (row[named], year, float(row[i]))
        for row in rows[head + 1 :]
        if len(row) > named and row[named]
        for i, year in years.items()
        if row[i]
    ]


def tiv_rows(cells: list[tuple[str, str, int, float]]) -> pd.DataFrame:
    """Cells of TIV tables as rows of the table; a printed total tells no suppliers apart."""
    out = pd.DataFrame(cells, columns=[*KEYS["arms_transfers"], "tiv_million"])
    out["tiv_basis"] = out["supplier"].map(lambda code: "total only" if code == "_T" else "exact")
    out["estimated_share"] = float("nan")
    return out


def import_table(path: Path) -> pd.DataFrame:
    """Old site, one recipient ("TIV of arms exports to Venezuela, 1950-2015"): rows are suppliers and their total."""
    recipient = must_code(lines(path)[0][0].split(" to ")[1].split(",")[0])
    suppliers = [("_T" if n == "Total" else must_code(n), year, tiv) for n, year, tiv in grid(path)]
    return tiv_rows([(supplier, recipient, year, tiv) for supplier, year, tiv in suppliers])


def export_tables(paths: list[Path], recipients: frozenset[str]) -> pd.DataFrame:
    """Old site, a file a supplier ("TIV of arms exports from Russia, 1950-2021"); only recipients asked for."""
    cells = []
    for path in paths:
        supplier = must_code(lines(path)[0][0].split(" from ")[1].split(",")[0])
        for name, year, tiv in grid(path):
            if name != "Total" and must_code(name) in recipients:
                cells.append((supplier, must_code(name), year, tiv))
    return tiv_rows(cells)


def totals_table(path: Path, recipients: frozenset[str]) -> pd.DataFrame:
    """New site, all recipients: printed totals of those asked for."""
    cells = [("_T", str(code_of(name)), year, tiv) for name, year, tiv in grid(path)]
    return tiv_rows([cell for cell in cells if cell[1] in recipients])


def recomputed(name: str, path: Path, origin_id: str) -> pd.DataFrame:
    """Rows of one of the arms tables; what kind of download it is shows in its first lines."""
    if name == "arms_orders":
        return register_orders(path)
    if name == "arms_units":
        return units(path, set(table(name)["designation"]))
    if path.is_dir():
        return export_tables(
            sorted(path.glob("*.csv")), kept(origin_id, "recipient") or frozenset()
        )
    if is_deliveries(path):
        return deliveries(path)
    top = path.read_bytes()[:6000]
    if b"Weapon designation" in top:
        return register_transfers(path)
    if b"TIV of arms exports to" in top:
        return import_table(path)
    return totals_table(path, kept(origin_id, "imports") or frozenset())

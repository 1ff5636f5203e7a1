"""SIPRI's part of the benchmark of imports: invented files of any size, and what a plain user would read them with."""

from __future__ import annotations

from pathlib import Path

_ABOVE = (
    "Transfers of major conventional arms from All countries  to All countries . Deals with deliveries or orders made for "
    "year range '1950' to '2024' \nNotes stand here.\n\nSource: SIPRI Arms Transfers Database (c) SIPRI.\n"
    "Data generated: 3 Oct 2025 9:16:02 PM\n"
)
_DELIVERIES = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,"
    "Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production\n"
)
_REGISTER = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)


def _names(count: int) -> list[str]:
    from rvdata import countries

    return [
        c.name
        for c in countries.table().values()
        if c.kind == "country" and "," not in c.name and c.name.isascii()
    ][:count]


def _pairs(draw, rows: int):
    """Places of a supplier and a recipient for every row: of the many pairs that could be, 300 trade with each other."""
    pair = draw.integers(0, 300, rows)
    return pair % 60, 60 + pair % 89


def deliveries(folder: Path, size: int) -> Path:
    """20,000 rows, as many as the publisher has for 2000 to 2023; ten times as many."""
    import numpy as np

    rows, draw, names = max(2, 20_000 * size), np.random.default_rng(6), _names(150)
    suppliers, recipients = _pairs(draw, rows)
    years, numbers, unsure = (
        draw.integers(2000, 2025, rows),
        draw.integers(1, 40, rows),
        draw.choice(["Yes", "No"], (rows, 2)),
    )
    path = folder / "deliveries.csv"
    with path.open("w", encoding="latin-1", newline="") as file:
        file.write(_ABOVE + _DELIVERIES)
        for i in range(rows):
            number = numbers[i]
            file.write(
                f"{i // 2},{names[suppliers[i]]},{names[recipients[i]]},Falcon-{i % 900},transport helicopter,Aircraft,1999,"
                f"No,{number},{unsure[i, 0]},{years[i]},{unsure[i, 1]},New,2.5,2.5,{number * 2.5:g},No\n"
            )
    return path


def register(folder: Path, size: int) -> Path:
    """28,000 deals, as many as the publisher has from 1950 on, one in 5,000 cut in two by its comment; ten times as many."""
    import numpy as np

    rows, draw, names = max(2, 28_000 * size), np.random.default_rng(7), _names(150)
    suppliers, recipients = _pairs(draw, rows)
    years, numbers, spans = (
        draw.integers(1950, 2020, rows),
        draw.integers(1, 40, rows),
        draw.integers(1, 5, rows),
    )
    unsure = draw.choice(["?", ""], (rows, 3))
    path = folder / "register.csv"
    with path.open("w", encoding="latin-1", newline="") as file:
        file.write(_ABOVE + _REGISTER)
        for i in range(rows):
            number, cut = numbers[i], "\r\n" if i % 5000 == 1 else ""
            delivered = "; ".join(str(years[i] + k) for k in range(spans[i]))
            file.write(
                f"{names[recipients[i]]},{names[suppliers[i]]},{years[i]},{unsure[i, 0]},{number},{unsure[i, 1]},"
                f"Falcon-{i % 900},transport helicopter,{number},{unsure[i, 2]},{delivered},New,An invented comment; with "
                f"ärger{cut},2.5,{number * 2.5:g},{number * 2.5:g}\n"
            )
    return path


def _bare(skiprows: int):
    def read(path: Path) -> object:
        import pandas as pd

        return pd.read_csv(path, skiprows=skiprows, encoding="latin-1")

    return read


#: name → provider, how to make the file, how to read it bare, states to keep (SIPRI's terms allow a tenth). TIV tables are
#: left out: the largest has 50 kB, and a bare read of a millisecond is no measure.
CASES = {
    "sipri-deliveries": ("sipri", deliveries, _bare(5)),
    "sipri-register": ("sipri", register, _bare(5), ("AFG", "AGO", "ARG")),
}

"""Invented files in the formats of the SIPRI Arms Transfers Database: no deal and no number in them is real."""

from __future__ import annotations

import csv
import io
from pathlib import Path


def _row(text: str) -> list[str]:
    return next(csv.reader([text]))


DELIVERIES = _row(
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,"
    "Order date,Order date is estimate,Numbers delivered,Numbers delivered is estimate,"
    "Delivery year,Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,"
    "TIV delivery values,Local production"
)
REGISTER = _row(
    "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,"
    "Weapon description,Number delivered,,Year(s) of delivery,status,Comments,"
    "SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons"
)
FILLER = (
    "Notes on the columns stand here; they are invented.",
    "More notes.",
    "",
    "Source: SIPRI Arms Transfers Database (c) SIPRI.",
)

#: supplier, recipient, year, number, number estimated, year estimated, volume of one, volume, weapon, deal
DELIVERED = (
    ("Sweden", "Peru", 2001, 4, "No", "No", 2.5, 10, "Falcon-1", 11),
    ("Sweden", "Peru", 2001, 3, "Yes", "No", 10, 30, "Falcon-2", 12),
    ("Sweden", "Peru", 2003, 1, "No", "Yes", 20, 20, "Falcon-2", 12),
    ("Norway", "Peru", 2003, 8, "No", "No", 5, 40, "Heron/MX-4", 13),
    ("Soviet Union", "Kenya", 2002, 5, "Yes", "Yes", 1.1, 5.5, "Heron/MX-4", 14),
    ("unknown supplier(s)", "Kenya", 2004, 2, "No", "No", 0.25, 0.5, "Owl (Kite)", 15),
    ("Congo", "FMLN (El Salvador)*", 2001, 1, "No", "No", 3, 3, "Owl (Kite)", 16),
    ("Norway", "LTTE (Sri Lanka)*", 2001, 1, "No", "No", 4, 4, "Owl (Kite)", 17),
)

ENGINE, STORED = "Wärtsilä engine", "In store; may be more"
#: recipient, supplier, order, ?, ordered, ?, weapon, delivered, ?, years, comment, one, of order, delivered
ORDERED = (
    ("Peru", "Sweden", 1999, "", 10, "", "Falcon-1", 10, "", "2001", "Painted", 3, 30, 30),
    ("Peru", "Sweden", 1999, "?", 4, "", "Falcon-2", 4, "?", "2001; 2003", ENGINE, 20, 80, 80),
    ("Peru", "Norway", 2000, "", 6, "?", "Heron/MX-4", 3, "", "2002; 2003; 2005", "", 5, 30, 15),
    ("Kenya", "Soviet Union", 1980, "", "", "?", "heron", 7, "?", "1982", STORED, 1, 0, 7),
    ("Kenya", "Sweden", 2004, "", 2, "", "Owl (MX-4)", "", "", "", "Not delivered", 6, 12, ""),
)

#: name, volumes by year from 1990 on, sum
OLD = (
    ("Austria", ("", "3", "", "2"), 5),
    ("Soviet Union", ("10", "", "0", ""), 10),
    ("Unknown country", ("", "", "0", "1"), 1),
)
OLD_TOTAL = ("11", "3", "0", "2")
NEW = (
    ("Peru", ("12", "0 ", "", "30", ""), "41"),
    ("Libya HoR*", ("", "", "5", "", ""), "5"),
    ("LTTE (Sri Lanka)*", ("", "", "2", "", ""), "2"),
)
NEW_TOTAL = ("12", "0 ", "7", "30", "")


def _csv(rows: list[list[object]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def title(
    suppliers: str = "All countries",
    recipients: str = "All countries",
    what: str = "deliveries or orders made for",
    years: tuple[str, str] = ("2000", "2030"),
) -> str:
    return (
        f"Transfers of major conventional arms from {suppliers}  to {recipients} . Deals with {what} year range "
        f"'{years[0]}' to '{years[1]}' "
    )


def _deals(first: str, generated: str, rows: list[list[object]], filler: tuple[str, ...]) -> str:
    return "\n".join([first, *filler, f"Data generated: {generated}"]) + "\n" + _csv(rows)


def deliveries(
    rows=DELIVERED,
    first: str = "",
    generated: str = "3 Jan 2025 9:16:02 PM",
    header=DELIVERIES,
    filler=FILLER,
) -> str:
    kind = ["kind", "Aircraft", 2000, "No"]
    lines = [
        [deal, supplier, recipient, weapon, *kind, number, a, year, b, "New", one, one, tiv, "No"]
        for supplier, recipient, year, number, a, b, one, tiv, weapon, deal in rows
    ]
    return _deals(first or title(), generated, [list(header), *lines], filler)


#: The last line of the semicolon download, which no line end follows.
CLOSING = "\n© an institute, 2022. Terms: see its pages."


def semicolons(rows=DELIVERED, buyer="All Countries", closing: str = CLOSING) -> str:
    """Deliveries as the old site handed them out to 2023."""
    head = "SIPRI Transfers Database \n\n\n"
    query = f" Database search results for buyer '{buyer}' and seller  'All Countries' and the years from 2000 to 2015"
    lines = deliveries(rows).splitlines()[-len(rows) :] if rows else []
    names = [{"Supplier": "Seller", "Recipient": "Buyer"}.get(name, name) for name in DELIVERIES]
    table = [["Deal ID", *names[1:]], *csv.reader(lines)]
    body = "".join(";".join(map(str, row)) + "\n" for row in table)
    return f"{head}{query} - (created: 17-09-2022)\n\n{body}{closing}"


def register(
    rows=ORDERED, first: str = "", generated: str = "13 Oct 2024 2:20:11 PM", filler=FILLER
) -> str:
    header = [name or " " for name in REGISTER]
    lines = [[*deal[:7], "kind", *deal[7:10], "New", *deal[10:]] for deal in rows]
    return _deals(first or title(years=("1950", "2024")), generated, [header, *lines], filler)


def old_table(
    rows=OLD,
    total=OLD_TOTAL,
    first: str = "TIV of arms exports to Peru, 1990-1993",
    years=range(1990, 1994),
    empty_column: bool = True,
    generated: str = "24 July 2016",
) -> str:
    pad = [""] if empty_column else []
    width = len(pad) + len(years) + 2
    above = [
        [first],
        [f"Generated: {generated}"],
        ["Notes stand here."],
        [],
        ["Source: SIPRI Arms Transfers Database"],
        [],
    ]
    body = [[*pad, name, *cells, whole] for name, cells, whole in rows]
    summed = sum(int(cell) for cell in total if cell)
    lines = [*above, [*pad, "", *years, "Total"], *body, [], [*pad, "Total", *total, summed]]
    return _csv([line + [""] * (width - len(line)) for line in lines])


def new_table(
    rows=NEW,
    total=NEW_TOTAL,
    heading: str = "Recipient",
    label: str = "Total world import",
    years=range(2020, 2025),
    generated: str = "13 Oct 2024 12:33:29 PM",
) -> str:
    above = [
        "Volume of transfers of major arms",
        "Notes stand here.",
        "",
        "Source: SIPRI Arms Transfers Database (c) SIPRI.",
        f"Data generated: {generated}",
        "",
    ]
    summed = str(sum(int(cell) for cell in total if cell.strip()))
    lines = [
        [
            heading,
            *years,
            f"{min(years)}-{max(years)}",
            "Percentage",
            "Sum total years",
            "Percentage of total",
        ],
        *[[name, *cells, whole, "1%", whole, "1%"] for name, cells, whole in rows],
        [label, *total, summed, "100%", summed, ""],
    ]
    return "\n".join(above) + "\n" + _csv(lines) + "\n"


def exporter(
    supplier: str,
    rows=(("Peru", ("12", "", ""), 12), ("Kenya", ("", "3", ""), 3)),
    total=("12", "3", ""),
    years=range(1990, 1993),
    generated: str = "28 July 2022",
    cut: bool = False,
) -> str:
    """A table of one supplier's recipients, as the old site handed them out to 2022."""
    pad = ("",) * (len(years) - 3)
    wide = tuple((name, (*cells, *pad), whole) for name, cells, whole in rows)
    first = f"TIV of arms exports from {supplier}, {min(years)}-{max(years)}"
    text = old_table(wide, (*total, *pad), first, years, empty_column=False, generated=generated)
    return text[: text.index("Total,12")] if cut else text


def exporters(folder: Path) -> Path:
    """A folder of three such tables, and a file that is none."""
    folder = folder / "exporters"
    folder.mkdir()
    put(folder, exporter("Sweden"), "TIV-Export-SWE.csv")
    put(
        folder,
        exporter("Unknown supplier(s)", (("Peru", ("1", "", ""), 1),), ("1", "", "")),
        "TIV-Export-XXS.csv",
    )
    union = exporter("European Union**", (("Kenya", ("", "", "0"), 0),), ("", "", "0"))
    put(folder, union, "TIV-Export-EU.csv")
    put(folder, "Where these come from.", "README.txt")
    return folder


def put(folder: Path, text: str, name: str = "download.csv", encoding: str = "latin-1") -> Path:
    """Write a file without touching its line ends."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path

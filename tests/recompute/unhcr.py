"""UNHCR's people displaced, recomputed: sums by origin and year over all countries of asylum."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from recompute.cells import ISO3

KEY = ["origin", "year"]
COUNTS = [
    "refugees",
    "asylum_seekers",
    "other_in_need",
    "others_of_concern",
    "internally_displaced",
]
#: Headings of the three forms in which the data set is handed out, in the order of KEY and COUNTS.
FORMS = {
    "population.rda": ["coo_iso", "year", "refugees", "asylum_seekers", "oip", "ooc", "idps"],
    "end_year_population_totals": ["CountryOriginCode", "Year", "REF", "ASY", "VDA", "OOC", "IDP"],
    "persons_of_concern.csv": [
        "Country of Origin ISO",
        "Year",
        "Refugees",
        "Asylum-seekers",
        "-",  # this download has no other people in need of protection
        "Others of concern",
        "IDPs",
    ],
}
#: Origins that are no ISO code.
ORIGINS = {"UNK": "_U", "UKN": "_U", "XXA": "_STL", "STA": "_STL", "XKX": "XKX", "TIB": "_TIB"}


def displaced(path: Path) -> pd.DataFrame:
    """Rows of displaced_persons; a sum is a gap only where every part of it is one."""
    if path.suffix == ".csv":
        frame = pd.read_csv(path, keep_default_na=False)
        assert set(frame["Country of Asylum ISO"]) == {"-"}, "one row an origin is expected"
    else:
        import pyreadr

        (frame,) = pyreadr.read_r(str(path)).values()
    (form,) = [names for start, names in FORMS.items() if path.name.startswith(start)]
    frame["-"] = float("nan")
    out = frame[form].set_axis([*KEY, *COUNTS], axis=1)
    unknown = set(out["origin"]) - ISO3 - set(ORIGINS)
    assert not unknown, f"origins without a code: {sorted(unknown)}"
    out["origin"] = out["origin"].replace(ORIGINS)
    out["year"] = out["year"].astype(int)
    return out.groupby(KEY, as_index=False)[COUNTS].sum(min_count=1)

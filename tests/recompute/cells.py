"""What all recomputations share: publishers' files found by hash, state codes, cell-by-cell comparison."""

from __future__ import annotations

import csv
import hashlib
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pycountry

#: Data under test; RECOMPUTE_DATA names a copy, to be mutated.
DATA = Path(os.environ.get("RECOMPUTE_DATA") or Path(__file__).resolve().parents[2] / "data")
#: Names that pycountry does not find, or finds wrongly, with the code that docs/primary.md gives them.
CODES = {
    "unknown supplier(s)": "_U",
    "unknown supplier": "_U",
    "unknown country": "_U",
    "germany (frg)": "DEU",
    "soviet union": "SUN",
    "czechoslovakia": "CSK",
    "yugoslavia": "YUG",
    "russia": "RUS",
    "turkey": "TUR",
    "korea, north": "PRK",
    "korea, south": "KOR",
    "burma": "MMR",
    "the gambia": "GMB",
    "the bahamas": "BHS",
    "congo, democratic republic of the": "COD",
    "congo, republic of the": "COG",
    "cote d'ivoire": "CIV",
    "kosovo": "XKX",
    "brunei": "BRN",
    "congo (brazzaville)": "COG",
    "congo (kinshasa)": "COD",
    "drc": "COD",
    "curacao": "CUW",
    "saint barthelemy": "BLM",
    "sint maarten": "SXM",
    "the dominican": "DOM",
    "saint martin": "MAF",
    "virgin islands": "VIR",
    "falkland islands (islas malvinas)": "FLK",
    "south georgia and south sandwich islands": "SGS",
    "palestinian": "PSE",
}
ISO3 = {country.alpha_3 for country in pycountry.countries}


def code_of(name: str) -> str | None:
    """Code of a state by its English name; None where the name is of no state."""
    known = CODES.get(name.strip().lower())
    if known:
        return known
    try:
        return str(pycountry.countries.lookup(name.strip()).alpha_3)
    except LookupError:
        return None


def must_code(name: str) -> str:
    """Code of a state that has to have one."""
    code = code_of(name)
    assert code, f"no code is known for {name!r}: add it to CODES in tests/recompute/cells.py"
    return code


@cache
def table(name: str) -> pd.DataFrame:
    """One processed table, with pandas alone."""
    return pd.read_parquet(DATA / "processed" / f"{name}.parquet")


@cache
def registry() -> dict[str, dict[str, str]]:
    """Rows of the registry of origins by identifier."""
    with (DATA / "raw" / "origins.csv").open(encoding="utf-8", newline="") as file:
        return {row["origin_id"]: row for row in csv.DictReader(file)}


@cache
def files_by_hash() -> dict[str, Path]:
    """Publishers' files at hand, by SHA-256; a folder of tables by that of its files' sums and names.

    Empty where RVDATA_PRIMARY names no folder.
    """
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        return {}
    found, sums = {}, defaultdict(list)
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[digest] = path
            if path.suffix == ".csv":
                sums[path.parent].append(f"{digest}  {path.name}\n")
    return found | {hashlib.sha256("".join(s).encode()).hexdigest(): p for p, s in sums.items()}


def kept(origin_id: str, *marks: str) -> frozenset[str] | None:
    """Codes that a release is said to cover under these marks; None where it covers all."""
    covers = registry()[origin_id]["covers"].split(";")
    if covers == ["*"]:
        return None
    pairs = [part.partition("=") for part in covers]
    return frozenset(value for mark, _, value in pairs if mark in marks)


def lines(path: Path) -> list[list[str]]:
    """Cells of a file, line by line, blanks around them taken off."""
    text = path.read_bytes().decode("latin-1")
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]


def differences(
    got: pd.DataFrame, want: pd.DataFrame, key: list[str], decimals: dict[str, int]
) -> list[str]:
    """Every cell of `want` against `got`: rows missing on either side, gaps, unequal values.

    A number is equal within half of the last decimal that the table keeps of it (`decimals`), others to twelve digits.
    """
    for side, frame in (("table", got), ("recomputed", want)):
        twice = frame.duplicated(key)
        if twice.any():
            return [f"{side}: key occurs twice: {frame.loc[twice, key].head(3).values.tolist()}"]
    # a gap in a key is a value like another: the sanctions table has them
    left = got.assign(**{k: got[k].astype(object).where(got[k].notna(), "") for k in key})
    right = want.assign(**{k: want[k].astype(object).where(want[k].notna(), "") for k in key})
    both = left.merge(right, on=key, how="outer", suffixes=("", "~"), indicator="side")
    found = [
        f"{'only in the table' if row['side'] == 'left_only' else 'missing in the table'}: "
        f"{[row[k] for k in key]}"
        for _, row in both[both["side"] != "both"].head(5).iterrows()
    ]
    both = both[both["side"] == "both"]
    for column in (c for c in want.columns if c not in key):
        a, b = both[column], both[f"{column}~"]
        if pd.api.types.is_numeric_dtype(b):
            x = pd.to_numeric(a, errors="coerce").astype(float).to_numpy(float, na_value=np.nan)
            y = b.astype(float).to_numpy(float, na_value=np.nan)
            slack = 0.5 * 10.0 ** -decimals[column] if column in decimals else 0.0
            near = np.abs(x - y) <= slack + 1e-11 * np.maximum(100, np.abs(y))
            equal = near | (np.isnan(x) & np.isnan(y))
        else:
            equal = (a.fillna("") == b.fillna("")).to_numpy()
        for i in np.flatnonzero(~equal)[:5]:
            found.append(
                f"{column} of {both[key].iloc[i].tolist()}: "
                f"table {a.iloc[i]!r}, recomputed {b.iloc[i]!r}"
            )
    missing = [c for c in got.columns if c not in want.columns]
    return found + ([f"columns not recomputed: {missing}"] if missing else [])

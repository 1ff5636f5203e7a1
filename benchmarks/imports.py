"""What an import costs against a bare read of the same file: time and memory, at 1× and 10× the size, in one run.

    python benchmarks/imports.py [CASE …] [--repeat N]

Files are invented in the publishers' formats. Every measurement is a fresh process that has loaded its modules before the
clock starts. Seconds are processor time, which a busy machine changes little, and the least of the repetitions counts. The import
is the whole of it: reading, checking, compiling, writing the tables and their row of origins.csv. Start-up is what the smallest
valid file costs, for the import as for the bare read; ratio and growth are beyond it, and are left open where the bare read takes
less than a hundredth of a second beyond it. Memory is the peak beyond what the process held before. To add a case, add a line to
CASES. Exits with 1 if a ratio of time is above three, or what the case allows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imports_sipri

ROOT = Path(__file__).resolve().parent.parent
SIZES = (0, 1, 10)  # 0 is the smallest valid file
MOST = 3.0  # times the bare read
TELLING = 0.01  # seconds of the bare read from which on a ratio says something


@dataclass(frozen=True)
class Case:
    """One publisher's format: how to invent a file of a size, and what a plain user would read it with."""

    provider: str
    make: Callable[[Path, int], Path]  # folder, size → the file
    bare: Callable[[Path], object]
    only: tuple[str, ...] = ()
    most: float = MOST  # docs/primary.md says why it is more for some


# ---- invented files


def _states(count: int) -> list[tuple[str, str]]:
    from rvdata import countries

    known = [(c.code, c.name) for c in countries.table().values() if c.kind == "country"]
    return known[:count]


def unhcr_csv(folder: Path, size: int) -> Path:
    """15,000 rows of origins, years and five countries of asylum; ten times as many with fifty."""
    import numpy as np

    draw = np.random.default_rng(1)
    asylum = _states(max(1, 5 * size))
    origins, years = (_states(2), (2020,)) if size == 0 else (_states(200), range(2010, 2025))
    path = folder / "persons.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(
            'Year,"Country of Asylum","Country of Origin","Country of Asylum ISO","Country of Origin ISO",Refugees,'
            'Asylum-seekers,IDPs,OIP,"Others of concern"\n'
        )
        for year in years:
            for code, name in origins:
                for a_code, a_name in asylum:
                    counts = ",".join(map(str, draw.integers(0, 200_000, 5) * 5))
                    file.write(f'{year},"{a_name}","{name}",{a_code},{code},{counts}\n')
    return path


def unhcr_rda(folder: Path, size: int) -> Path:
    """30,000 rows of years, origins and countries of asylum; ten times as many by naming more countries of asylum."""
    import numpy as np
    import pandas as pd
    import pyreadr

    draw = np.random.default_rng(2)
    origins, asylum, years = (
        (_states(2), _states(2), (2020,))
        if size == 0
        else (_states(100), _states(10 * size), range(1990, 2020))
    )
    frame = pd.MultiIndex.from_product(
        [years, [c for c, _ in origins], [c for c, _ in asylum]],
        names=["year", "coo_iso", "coa_iso"],
    ).to_frame(index=False)
    frame["year"] = frame["year"].astype("float64")
    names = dict(_states(300))
    for side in ("coo", "coa"):
        frame[side] = frame[f"{side}_iso"]
        frame[f"{side}_name"] = frame[f"{side}_iso"].map(names)
    for column in (
        "refugees",
        "asylum_seekers",
        "returned_refugees",
        "idps",
        "returned_idps",
        "stateless",
        "ooc",
        "oip",
        "hst",
    ):
        frame[column] = draw.integers(0, 200_000, len(frame)).astype("float64")
    path = folder / "population.rda"
    pyreadr.write_rdata(str(path), frame, df_name="population", compress="gzip")
    return path


def worldbank(folder: Path, size: int) -> Path:
    """21 countries over 63 years; ten times as many countries."""
    import numpy as np

    draw = np.random.default_rng(3)
    years = range(1960, 2023)
    path = folder / "gdp.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(
            '"Data Source","World Development Indicators",\n\n"Last Updated Date","2023-09-19",\n\n'
        )
        file.write(
            ",".join(
                f'"{c}"'
                for c in (
                    "Country Name",
                    "Country Code",
                    "Indicator Name",
                    "Indicator Code",
                    *years,
                )
            )
            + ",\n"
        )
        for code, name in _states(max(2, 21 * size)):
            values = ",".join(f'"{v:.6f}"' for v in draw.uniform(1e9, 1e12, len(years)))
            file.write(f'"{name}","{code}","GDP (current US$)","NY.GDP.MKTP.CD",{values},\n')
    return path


def cpi(folder: Path, size: int) -> Path:
    """130 months to the end of 2020; ten times as many. 1982 to 1984 is 100, as the publisher has it."""
    months = max(2, 130 * size)
    month = [2021 * 12 - months + i for i in range(months)]
    level = [round(100 * 1.001 ** (m - (1983 * 12 + 5.5)), 3) for m in month]
    path = folder / "cpi.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Date,Index,Inflation\n")
        for i, (m, index) in enumerate(zip(month, level, strict=False)):
            change = f"{(index / level[i - 1] - 1) * 100:.2f}" if i else ""
            file.write(f"{m // 12}-{m % 12 + 1:02}-01,{index},{change}\n")
    return path


def ofac(folder: Path, size: int) -> Path:
    """11,000 entries, half of them individuals; ten times as many."""
    states = _states(120)
    path = folder / "sdn.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        for i in range(max(2, 11_000 * size)):
            name = states[i % 120][1]
            person = i % 2 == 0
            remark = (
                f'"DOB 01 Jan 1960; POB City, {name}; nationality {name}; Gender Male; ID 0{i} ({name})."'
                if person
                else "-0- "
            )
            kind = '"individual"' if person else "-0- "
            programme = ("VENEZUELA", "RUSSIA-EO14024", "SDGT] [IFSR")[i % 3]
            file.write(
                f'{i + 1},"INVENTED, Name {i}",{kind},"{programme}",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{remark}\r\n'
            )
        file.write("\x1a\r\n")
    return path


def unga_votes(folder: Path, size: int) -> Path:
    """600 roll calls of 150 states in 7 years; ten times as many in ten times the years."""
    import numpy as np
    import pandas as pd
    import pyreadr

    draw = np.random.default_rng(4)
    count, states = (2, _states(3)) if size == 0 else (600 * size, _states(150))
    rcid = np.arange(1, count + 1)
    year = 1946 + rcid * 7 * max(1, size) // (count + 1)
    calls = pd.DataFrame(
        {"rcid": rcid, "session": (year - 1945).astype(float), "date": [f"{y}-10-01" for y in year]}
    )
    votes = pd.DataFrame(
        {
            "rcid": np.repeat(rcid, len(states)).astype(float),
            "country": [n for _, n in states] * count,
            "country_code": [c[:2] for c, _ in states] * count,
            "vote": draw.choice(["yes", "abstain", "no"], count * len(states), p=[0.7, 0.1, 0.2]),
        }
    )
    issues = pd.DataFrame(
        {
            "rcid": rcid[::2],
            "short_name": np.resize(["me", "nu", "di", "hr", "co", "ec"], len(rcid[::2])),
        }
    )
    for name, frame in (
        ("un_votes", votes),
        ("un_roll_calls", calls),
        ("un_roll_call_issues", issues),
    ):
        pyreadr.write_rdata(str(folder / f"{name}.rda"), frame, df_name=name, compress="gzip")
    return folder / "un_votes.rda"


def unga_points(folder: Path, size: int) -> Path:
    """1,100 rows of states and years; ten times as many."""
    import numpy as np
    import pandas as pd

    draw = np.random.default_rng(5)
    frame = pd.MultiIndex.from_product(
        [[c for c, _ in _states(150)], range(1946, 1946 + max(1, int(7.4 * size)))],
        names=["iso3c", "year"],
    ).to_frame(index=False)
    frame["idealpointfp"] = draw.normal(0, 1, len(frame)).astype("float32")
    for i in range(20):
        frame[f"q{i}"] = draw.normal(0, 1, len(frame)).astype("float32")
    frame.to_stata(folder / "points.dta", write_index=False)
    return folder / "points.dta"


# ---- bare reads


def _csv(**options) -> Callable[[Path], object]:
    def bare(path: Path) -> object:
        import pandas as pd

        return pd.read_csv(path, **options)

    return bare


def _rda(*names: str) -> Callable[[Path], object]:
    def bare(path: Path) -> object:
        import pyreadr

        return [pyreadr.read_r(str(path.with_name(f"{name}.rda"))) for name in names]

    return bare


def _dta(path: Path) -> object:
    import pandas as pd

    return pd.read_stata(path)


CASES = {
    "unhcr-csv": Case("unhcr", unhcr_csv, _csv(), most=5.0),
    "unhcr-rda": Case("unhcr", unhcr_rda, _rda("population")),
    "worldbank": Case("worldbank", worldbank, _csv(skiprows=4)),
    "cpi": Case("cpi", cpi, _csv()),
    "ofac": Case("ofac", ofac, _csv(header=None, dtype=str), most=12.0),
    "unga-votes": Case(
        "unga",
        unga_votes,
        _rda("un_votes", "un_roll_calls", "un_roll_call_issues"),
        ("AFG", "ALB", "AGO"),
    ),
    "unga-points": Case("unga", unga_points, _dta),
}
CASES |= {name: Case(*case) for name, case in imports_sipri.CASES.items()}


# ---- one measurement, in a process of its own


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(case: Case, what: str, path: Path, home: Path) -> dict[str, float]:
    """Seconds and MiB of one bare read or one import, loading of modules not included."""
    import importlib

    os.environ["RVDATA_HOME"] = str(home)
    import pandas
    import pandas.io.stata  # noqa: F401
    import pandera.pandas  # noqa: F401
    import pyarrow.compute
    import pyarrow.csv  # noqa: F401
    import pyreadr  # noqa: F401

    from rvdata import countries
    from rvdata.sources import compiled

    reader = importlib.import_module(f"rvdata.sources.{case.provider}")
    countries.table()
    before = _peak_kib()
    start = time.process_time()
    if what == "bare":
        kept = case.bare(path)
    else:
        kept = compiled.write(
            reader.read(path, frozenset(case.only)), case.provider, "bench-1", path, "2025-01-01"
        )
    seconds = time.process_time() - start
    del kept
    return {"seconds": seconds, "mib": (_peak_kib() - before) / 1024}


def _child(name: str, what: str, path: Path, home: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--measure", name, what, str(path), str(home)],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # waiting threads are no work
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} {what}: {done.stderr.strip()[-1500:]}")
    return json.loads(done.stdout)


def _home(folder: Path) -> Path:
    """An empty home with the table of countries and a registry without rows."""
    raw = folder / "home" / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "raw" / "countries.csv", raw)
    with (ROOT / "data" / "raw" / "origins.csv").open(encoding="utf-8") as file:
        (raw / "origins.csv").write_text(file.readline(), encoding="utf-8")
    return folder / "home"


def _times(one: float, other: float) -> str:
    return f"{one / other:.1f}" if other >= 1 else "–"


def run(names: list[str], repeat: int) -> bool:
    """Measure and print; whether every case stays within the bound."""
    print(
        f"{'case':<13}{'size':>5}{'file MB':>9}{'bare s':>9}{'import s':>10}{'ratio':>7}{'bare MiB':>10}{'import MiB':>12}{'ratio':>7}"
    )
    good = True
    for name in names:
        seconds: dict[tuple[str, int], float] = {}
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                work = Path(folder) / "file"
                work.mkdir()
                path, home = CASES[name].make(work, size), _home(Path(folder))
                megabytes = sum(p.stat().st_size for p in work.iterdir()) / 1e6
                mib = {}
                for what in ("bare", "import"):
                    runs = [_child(name, what, path, home) for _ in range(repeat)]
                    seconds[what, size] = min(r["seconds"] for r in runs)
                    mib[what] = min(r["mib"] for r in runs)
            if not size:
                continue
            bare, whole = (seconds[w, size] - seconds[w, 0] for w in ("bare", "import"))
            ratio = whole / bare if bare >= TELLING else None
            good &= ratio is None or ratio <= CASES[name].most
            print(
                f"{name:<13}{size:>4}×{megabytes:>9.2f}{seconds['bare', size]:>9.3f}{seconds['import', size]:>10.3f}"
                f"{'–' if ratio is None else f'{ratio:.1f}':>7}{mib['bare']:>10.0f}{mib['import']:>12.0f}"
                f"{_times(mib['import'], mib['bare']):>7}",
                flush=True,
            )
        small = {w: seconds[w, 1] - seconds[w, 0] for w in ("bare", "import")}
        growth = (
            "; ten times the size takes "
            + " and ".join(
                f"{(seconds[w, 10] - seconds[w, 0]) / small[w]:.1f} times ({w})" for w in small
            )
            if min(small.values()) >= TELLING
            else ""
        )
        print(
            f"{'':<13}start-up: bare {seconds['bare', 0]:.3f} s, import {seconds['import', 0]:.3f} s{growth}",
            flush=True,
        )
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", nargs="*", help=", ".join(CASES))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        name, what, path, home = given.measure
        print(json.dumps(measure(CASES[name], what, Path(path), Path(home))))
        return 0
    unknown = [c for c in given.cases if c not in CASES]
    if unknown:
        parser.error(f"no case is called {', '.join(unknown)}; there are: {', '.join(CASES)}")
    return 0 if run(given.cases or list(CASES), given.repeat) else 1


if __name__ == "__main__":
    sys.exit(main())

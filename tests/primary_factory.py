"""Files in the formats of UNHCR, the World Bank, DataHub, OFAC, unvotes and the ideal points; every value invented."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pyreadr

UNHCR_HEADER = (
    'Year,"Country of Asylum","Country of Origin","Country of Asylum ISO","Country of Origin ISO",Refugees,Asylum-seekers,'
    'IDPs,"Stateless persons","Host community","Others of concern"'
)
UNHCR_CSV = (
    UNHCR_HEADER
    + """
2019,-,Venezuela (Bolivarian Republic of),-,VEN,1100,2200,0,0,0,3300
2019,-,Russian Federation,-,RUS,410,520,7,0,0,0
2019,-,Congo,-,COG,15,5,0,0,0,10
2019,-,"Unknown ",-,UNK,900,40,0,0,0,0
2020,-,Venezuela (Bolivarian Republic of),-,VEN,1200,2300,0,0,0,3400
2020,-,Stateless,-,XXA,70,80,0,0,0,0
2020,-,"Serbia and Kosovo: S/RES/1244 (1999)",-,SRB,31,0,9,0,0,0
"""
)
UNHCR_OLD = (
    "".join(f"Preamble of an older download, line {n}\n" for n in range(1, 13))
    + "\n\n"
    + """\
Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,Asylum-seekers,\
IDPs of concern to UNHCR,Venezuelans displaced abroad,Stateless persons,Others of concern
2019,Venezuela (Bolivarian Republic of),VEN,Colombia,COL,100,200,0,3000,0,0
2019,Venezuela (Bolivarian Republic of),VEN,Peru,PER,1,2,0,30,0,0
2019,Russian Federation,RUS,Germany,DEU,40,50,0,,0,0
"""
)


def unhcr_rda(path: Path, **change) -> Path:
    """Two origins in two countries of asylum; other people in need missing, not 0, for one of them throughout."""
    nan = float("nan")
    rows = pd.DataFrame(
        {
            "year": [2019.0, 2019, 2019, 2019, 2020],
            "coo_name": ["Venezuela", "Venezuela", "Unknown", "Stateless", "Syria"],
            "coo": ["VEN", "VEN", "UKN", "STA", "SYR"],
            "coo_iso": ["VEN", "VEN", "UNK", "XXA", "SYR"],
            "coa_name": ["Colombia", "Austria", "Austria", "Colombia", "Austria"],
            "coa": ["COL", "AUS", "AUS", "COL", "AUS"],
            "coa_iso": ["COL", "AUT", "AUT", "COL", "AUT"],
            "refugees": [100.0, 10, 5, 7, 60],
            "asylum_seekers": [200.0, 20, 0, 0, 6],
            "returned_refugees": [0.0] * 5,
            "idps": [0.0, 0, 0, 0, 3],
            "returned_idps": [0.0] * 5,
            "stateless": [0.0] * 5,
            "ooc": [1.0, 2, 0, 0, 0],
            "oip": [3000.0, nan, nan, nan, nan],
            "hst": [0.0] * 5,
        }
    ).assign(**change)
    pyreadr.write_rdata(str(path), rows, df_name="population", compress="gzip")
    return path


WORLDBANK = """\
"Data Source","World Development Indicators",

"Last Updated Date","2024-11-13",

"Country Name","Country Code","Indicator Name","Indicator Code","2014","2015","2016",
"Aruba","ABW","GDP (current US$)","NY.GDP.MKTP.CD","405463417.117","","",
"World","WLD","GDP (current US$)","NY.GDP.MKTP.CD","8e12","9000000000000","",
"Arab World","ARB","GDP (current US$)","NY.GDP.MKTP.CD","1000","2000","3000",
"Kosovo","XKX","GDP (current US$)","NY.GDP.MKTP.CD","","9400000000.5","10000000000",
"Venezuela, RB","VEN","GDP (current US$)","NY.GDP.MKTP.CD","482359318767.7","","",
"Turkiye","TUR","GDP (current US$)","NY.GDP.MKTP.CD","1","2","3",
"Some new name of Samoa","WSM","GDP (current US$)","NY.GDP.MKTP.CD","","","800000000",
"""


def worldbank_published() -> str:
    """As downloaded: byte order mark, preamble, everything quoted, a comma at each end."""
    return "\ufeff" + WORLDBANK.replace("\n", "\r\n")


def worldbank_bare() -> str:
    """Without its preamble."""
    return "\ufeff" + worldbank_published().split("\r\n", 4)[4]


def worldbank_resaved() -> str:
    """Saved again by a spreadsheet: quotes where needed, US date, cut numbers, preamble lines filled up with commas."""
    text = re.sub(r'"([^",]*)"', r"\1", re.sub(",$", "", WORLDBANK, flags=re.M))
    for old, new in (
        ("482359318767.7", "4.82359E+11"),
        ("8e12", "8.00000E+12"),
        ("9000000000000", "9.00000E+12"),
        ("Indicators\n\n", "Indicators,,,,,\n,,,,,,\n"),
        ("2024-11-13\n\n", "11/13/2024,,,,,\n,,,,,,\n"),
    ):
        text = text.replace(old, new)
    return text.replace("\n", "\r\n")


CPI = """Date,Index,Inflation
2019-11-01,200.0,
2019-12-01,202.0,1.0
2020-01-01,204.02,1.0
2020-02-01,203.0,-0.5
2020-04-01,203.0,0.0
"""

OFAC_HEADER = "ID,Name,Type,Country,Title,Col_F,Col_G,Col_H,Col_I,Col_J,Col_K,Details"
OFAC = """\
101,"INVENTED, Ana","individual","VENEZUELA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 01 Jan 1960; POB Caracas, Venezuela; nationality Venezuela; Gender Female; Cedula No. 1 (Venezuela); alt. Passport A2 (Colombia); Executive Order 1 (Peru)."
102,"INVENTED, Boris","individual","UKRAINE-EO13662] [VENEZUELA-EO13850",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"nationality Russia; citizen Venezuela; alt. citizen Spain."
103,"INVENTED, Carla","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"citizen Venezuela."
104,"INVENTED BANK",-0- ,"VENEZUELA-EO13850",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
105,"INVENTED SHIP","vessel","VENEZUELA-EO13850",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Vessel Registration Identification IMO 1; Linked To: INVENTED BANK."
106,"INVENTED, Dmitri","individual","RUSSIA-EO14024",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"POB Wonsan, Korea, North; nationality Russia; Gender Male."
107,"INVENTED, Emil","individual","SDGT] [IFSR",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"nationality possibly Palestinian; DOB 1970."
108,"INVENTED, Fatima","individual","DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1971; nationality Korea, North."
109,"INVENTED, Gil","individual","VENEZUELA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
""".replace("-0-\n", "-0- \n")


def ofac_published() -> str:
    """As the publisher has it: no header, text quoted, Ctrl-Z on the last line."""
    return OFAC.replace("\n", "\r\n") + "\x1a\r\n"


def ofac_headed() -> str:
    """With a header added, quotes only where needed, and the mark of the end filled up with commas."""
    saved = io.StringIO()
    csv.writer(saved).writerows(csv.reader(io.StringIO(OFAC)))
    return OFAC_HEADER + "\n" + saved.getvalue() + "\x1a" + "," * 11


def unga(
    folder: Path,
    votes: dict[int, dict[str, str]] | None = None,
    dates: dict[int, str] | None = None,
    issues: dict[int, str] | None = None,
) -> Path:
    """The three files of unvotes, from what each state voted in each roll call."""
    votes = votes or {
        1: {"Russia": "yes", "Venezuela": "yes", "United States": "no", "Cuba": "yes"},
        2: {"Russia": "no", "Venezuela": "abstain", "United States": "no", "Cuba": "no"},
        3: {"Russia": "yes", "Venezuela": "yes", "United States": "yes"},
        4: {
            "Russia": "yes",
            "Namibia": "yes",
            "Yugoslavia": "no",
            "German Democratic Republic": "no",
        },
        5: {
            "Russia": "abstain",
            "Namibia": "abstain",
            "Yemen Arab Republic": "no",
            "Congo - Kinshasa": "yes",
        },
    }
    dates = dates or {
        1: "1998-03-01",
        2: "1998-11-05",
        3: "1998-12-31",
        4: "2007-10-01",
        5: "2007-10-02",
    }
    issues = {1: "me", 2: "hr", 4: "hr"} if issues is None else issues
    iso = {"Namibia": "NA", "Yemen Arab Republic": ""}
    cast = pd.DataFrame(
        [
            (float(r), c, iso.get(c, c[:2].upper()), v)
            for r, given in votes.items()
            for c, v in given.items()
        ],
        columns=["rcid", "country", "country_code", "vote"],
    )
    calls = pd.DataFrame(
        {
            "rcid": list(dates),
            "session": [1.0] * len(dates),
            "importantvote": [0] * len(dates),
            "date": list(dates.values()),
        }
    )
    topics = pd.DataFrame(
        {"rcid": list(issues), "short_name": list(issues.values()), "issue": list(issues.values())}
    )
    for name, frame in (
        ("un_votes", cast),
        ("un_roll_calls", calls),
        ("un_roll_call_issues", topics),
    ):
        pyreadr.write_rdata(str(folder / f"{name}.rda"), frame, df_name=name, compress="gzip")
    return folder / "un_votes.rda"


def points(path: Path, stamp=None, **change) -> Path:
    """A Stata file by year, with a row that has neither state nor estimate."""
    nan = float("nan")
    frame = pd.DataFrame(
        {
            "ccode": [365, 101, 101, 345, 345, 680, 260],
            "iso3c": ["RUS", "VEN", "VEN", "YUG", "YUG", "YAR", ""],
            "countryname": [
                "Russia",
                "Venezuela",
                "Venezuela",
                "Yugoslavia",
                "Yugoslavia",
                "Yemen People's Republic",
                "",
            ],
            "year": [2013.0, 2012, 2013, 1990, 2013, 1980, 1990],
            "idealpointfp": [-0.05, -1.4, -1.5, 0.3, 0.2, -1.0, nan],
            "idealpointall": [-0.1, -1.3, -1.4, 0.4, 0.1, -0.9, nan],
        }
    ).assign(**change)
    frame.to_stata(
        path,
        write_index=False,
        version=118,
        time_stamp=stamp or pd.Timestamp("2024-07-08 09:10").to_pydatetime(),
    )
    return path


POINTS_CSV = """"","ccode","session","IdealPointAll","NVotesAll"
"1",101,67,-1.25,70
"2",101,68,-1.5,60
"3",365,68,NA,0
"4",260,45,1.5,20
"5",255,45,1.6,50
"""


def unvotes_tab() -> str:
    """Votes as Dataverse has them: a row for every state and roll call, 8 absent, 9 not a member; a flag for each issue."""
    calls = {
        1: ("1998-03-01", "1\t0\t0\t0\t0\t0"),
        2: ("1998-11-05", "0\t0\t0\t1\t0\t0"),
        3: ("2007-10-01", "0\t0\t0\t0\t0\t0"),
    }
    votes = {
        1: {2: 3, 101: 1, 365: 1, 345: 9},
        2: {2: 2, 101: 2, 365: 2, 345: 9},
        3: {2: 8, 345: 1, 365: 3},
    }
    rows = [
        f'{rcid}\t{state}\t{vote}\t"Invented"\t{calls[rcid][0]}\t{calls[rcid][1]}\n'
        for rcid, given in votes.items()
        for state, vote in given.items()
    ]
    return "rcid\tccode\tvote\tCountryname\tdate\tme\tnu\tdi\thr\tco\tec\n" + "".join(rows)

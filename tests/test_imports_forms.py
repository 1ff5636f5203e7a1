"""Files as they really come: other forms are read, other files named, and what nobody asks for stops nothing."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import re

import pandas as pd
import primary_factory as factory
import pyreadr
import pytest
from test_imports import READERS, cells, noted, refusal, saved

from rvdata.errors import DataError
from rvdata.sources import cpi, delivered, ofac, unga, unhcr, worldbank

VEN = frozenset({"VEN"})
HEADER = "Year,Country of Origin,Country of Origin ISO,Refugees,Asylum-seekers,OIP\n"


# ---- other files are named for what they are, with the file to take instead

#: Other headers of them than those of `kin.csv`, and what they are.
OTHERS = [
    ("Time,Time Code,Country Name,GDP (current US$) [NY.GDP.MKTP.CD]", "World Bank's DataBank"),
    ("DATE,CPIAUCSL,CPIAUCNS", "a series of FRED"),
    ('"DATE","MKTGDPVEA646NWDB"', "a series of FRED"),
    ("Prices\nOriginal Data Value\n\nSeries Id:,CUUR0000SA0", "the US labour statistics"),
    ("Year,Jan,Feb", "the US labour statistics"),
    ('x\nYear,"Country / territory of asylum/residence",Origin', "popstats.unhcr.org"),
    ("Year,Country of origin,Recognized decisions", "UNHCR's table of asylum cases"),
    ("year,coo_name,dec_recognized", "UNHCR's table of asylum cases"),
    ("Year,Country of origin,Resettlement arrivals", "UNHCR's table of solutions"),
]


def test_a_file_that_people_take_for_the_right_one_is_named_with_the_one_to_take(tmp_path, root):
    kin = list(csv.DictReader((root / "rvdata/sources/kin.csv").open(encoding="utf-8", newline="")))
    takes = {one["is"]: one["take"] for one in kin}
    for text, name in [*((one["example"], one["is"]) for one in kin), *OTHERS]:
        found = {one["is"] for one in kin if re.search(one["near_the_beginning"], text)}
        assert len(found) == 1 and name in (full := found.pop())
        said = refusal(worldbank, saved(tmp_path, f"{text}\n1,2\n"))
        assert f" is {full}, expected " in said and said.endswith(f"; take {takes[full]}")


def entry(number, remarks, programme="SDGT"):
    return f'{number},"X","individual","{programme}",' + "-0- ," * 7 + f'"{remarks}"\r\n'


@pytest.mark.parametrize(
    "text",
    [
        factory.UNHCR_CSV,
        factory.UNHCR_OLD,
        factory.worldbank_published(),
        factory.worldbank_resaved(),
        factory.CPI,
        factory.ofac_published(),
        factory.POINTS_CSV,
        factory.unvotes_tab(),
    ],
)
def test_the_right_files_are_taken_for_no_others(tmp_path, text):
    delivered.utf8(tmp_path, text.replace("\x1a\r\n", "").encode(), "anything")


def test_ofacs_consolidated_list_has_the_same_layout_and_is_not_taken_for_the_sdn_list(tmp_path):
    directive = "Listing Date (Directive 1): 29 Jul 2014."
    rows = [
        entry(1, "DOB 1962.", "NS-PLC"),
        entry(2, directive, "UKRAINE-EO13662] [RUSSIA-EO14024"),
        entry(3, "-0- ", "CMIC-EO13959"),
        entry(4, "nationality Venezuela.", "VENEZUELA"),
    ]
    mostly = saved(tmp_path, "".join(rows) + "\x1a\r\n")
    said = refusal(ofac, mostly, VEN)
    assert (
        "is OFAC's Consolidated (non-SDN) list: 3 of 4 entries" in said and "take SDN.CSV" in said
    )
    few = [
        entry(n, "DOB 1962.", "SDGT] [NS-PLC" if n == 1 else "RUSSIA-EO14024") for n in range(1, 52)
    ]
    both = saved(tmp_path, "".join(few) + "\x1a\r\n")
    assert ofac.read(both).tables["sanctions_listed"]["entries"].sum() == 51  # some are on both
    doubt = refusal(ofac, saved(tmp_path, "".join(few[:50]) + "\x1a\r\n"))
    assert "is OFAC's Consolidated (non-SDN) list: 1 of 50 entries" in doubt


# ---- what is not asked for never stops what is


@pytest.mark.parametrize(
    ("provider", "text", "strange", "line"),
    [
        ("unhcr", factory.UNHCR_CSV.replace("Russian Federation,-,RUS", "Rusland,-,"), "Rusland", 3),
        ("unhcr", factory.UNHCR_CSV.replace("-,RUS", "-,FRA"), "Russian Federation with the code FRA", 3),
        ("unhcr", factory.UNHCR_CSV.replace("Russian Federation,-,RUS", ",-,"), "an empty cell", 3),
        ("worldbank", factory.worldbank_published().replace('"Aruba","ABW"', '"Ruritania","RUR"'), "Ruritania (RUR)", 6),
        ("ofac", factory.ofac_published().replace("nationality Russia; Gender", "nationality Ruritania; Gender"), "Ruritania", 6),
        ("unga", factory.POINTS_CSV.replace('"5",255', '"5",999'), "an empty cell (999)", 6),
    ],
)  # fmt: skip
def test_a_name_that_is_not_known_stops_only_an_import_that_needs_its_row(
    tmp_path, provider, text, strange, line
):
    path = saved(tmp_path, text)
    message = refusal(READERS[provider], path)
    assert f", line {line}: '{strange}" in message and "is no country name" in message
    release = READERS[provider].read(path, VEN)
    assert noted(release, f"1 names in rows that are left out are not known: {strange}")
    assert all(len(frame) for frame in release.tables.values())


@pytest.mark.parametrize(
    ("provider", "text", "said"),
    [
        ("unhcr", factory.UNHCR_CSV.replace(",410,520,", ",-410,520,"), ":3: refugees = -410 is no count of people"),
        ("unhcr", factory.UNHCR_CSV.replace(",410,520,", ",x,520,"), ":3: refugees as printed = 'x' is no number"),
        ("unhcr", factory.UNHCR_CSV.replace(",410,520,", ',"1,000",520,'), ":3: refugees as printed = '1,000' is no number"),
        ("unhcr", factory.UNHCR_CSV.replace(",410,520,", ",inf,520,"), ":3: refugees as printed = 'inf' is no number"),
        ("unhcr", factory.UNHCR_CSV.replace("2019,-,Russian", "MMXIX,-,Russian"), ":3: year as printed = 'MMXIX' is no number"),
        ("worldbank", factory.worldbank_published().replace("405463417.117", ".."), ":6: 2014 as printed = '..' is no number"),
        ("worldbank", factory.worldbank_published().replace("405463417.117", "9" * 300), ":6: 2014 = 1e+300 is no GDP"),
        ("worldbank", factory.worldbank_published().replace("405463417.117", "-5"), ":6: 2014 = -5 is no GDP"),
        ("ofac", entry(2, "nationality Venezuela.") + entry("x", "nationality Cuba.") + "\x1a\r\n", ":2: id as printed = 'x' is no number"),
        ("unga", 'ccode,year,IdealPointAll\n365,2001,x\n101,2001,0.5\n', ":2: idealpointall as printed = 'x' is no number"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_stops_only_an_import_that_needs_its_row(
    tmp_path, provider, text, said
):
    path = saved(tmp_path, text)
    assert said in refusal(READERS[provider], path)
    release = READERS[provider].read(path, VEN)
    assert all(len(frame) for frame in release.tables.values())


def test_a_month_whose_index_is_no_number_is_not_a_month_that_is_missing(tmp_path):
    text = "Date,Index,Inflation\n2001-01-01,100.0,0\n2001-02-01,x,0\n2001-03-01,100.0,0\n"
    assert ":3: index as printed = 'x' is no number" in refusal(cpi, saved(tmp_path, text))


def test_a_cell_of_an_r_file_that_is_no_number_stops_only_an_import_that_needs_its_row(tmp_path):
    columns = {"year": [2001, 2001], "coo_iso": ["CUB", "VEN"], "asylum_seekers": [1, 2]}
    frame = pd.DataFrame({**columns, "refugees": ["1,000", "3"]})
    path = tmp_path / "population.rda"
    pyreadr.write_rdata(str(path), frame, df_name="population")
    assert ", row 1: refugees as printed = '1,000' is no number" in refusal(unhcr, path)
    table = unhcr.read(path, VEN).tables["displaced_persons"]
    assert cells(table, "origin", "refugees") == [("VEN", 3)]


def test_a_state_of_the_votes_that_is_not_known_stops_whoever_votes_with_it(tmp_path):
    path = factory.unga(
        tmp_path,
        {1: {"Cuba": "yes", "Peru": "no"}, 2: {"Venezuela": "yes", "Ruritania": "no"}},
        {1: "2001-01-01", 2: "2002-01-01"},
        {1: "me"},
    )
    assert "'Ruritania' is no country name" in refusal(unga, path, VEN)
    release = unga.read(path, frozenset({"CUB"}))
    assert set(release.tables["un_vote_agreement"]["country_b"].astype(str)) == {"PER"}


def test_an_empty_cell_is_unknown_for_its_row_and_said_to_be(tmp_path):
    text = factory.UNHCR_CSV.replace("2019,-,Congo", ",-,Congo").replace(",1100,2200", ",,2200")
    release = unhcr.read(saved(tmp_path, text))
    table = release.tables["displaced_persons"].set_index(["origin", "year"])
    assert pd.isna(table.loc[("VEN", 2019), "refugees"]) and "COG" not in table.index
    assert "1 rows have no year and are left out" in release.notes
    prices = cpi.read(saved(tmp_path, factory.CPI.replace("2020-04", "2020-03-01,,\n2020-04")))
    assert "missing inside the series: 2020-03" in prices.notes
    text = re.sub(r'"RUSSIA-EO14024"|"SDGT\] \[IFSR"', "-0- ", factory.ofac_published())
    assert "= '-0-' is no programme (2 such cells)" in refusal(ofac, saved(tmp_path, text))
    assert ofac.read(saved(tmp_path, text), VEN).tables["sanctions_listed"]["entries"].sum() == 6
    gaps = factory.unvotes_tab().replace("1998-11-05", "").replace("\t365\t3\t", "\t365\t\t")
    release = unga.read(saved(tmp_path, gaps))
    assert len(release.tables["un_vote_agreement"].query("issue == 'all'")) == 3
    assert noted(release, "1 roll calls without a day and 4 votes that are empty or of these left")


# ---- names and codes of other years


def test_worldbanks_codes_before_2018_are_those_of_the_states(tmp_path):
    old = {"Kosovo": ("KSV", "XKX"), "Romania": ("ROM", "ROU"), "Congo, Dem. Rep.": ("ZAR", "COD")}
    old |= {"Timor-Leste": ("TMP", "TLS"), "West Bank and Gaza": ("WBG", "PSE")}
    old |= {"Andorra": ("ADO", "AND"), "Isle of Man": ("IMY", "IMN")}
    groups = {"East Asia & Pacific (developing only)": "EAP", "High income: nonOECD": "NOC"}
    rows = [
        f'"{name}","{code}","GDP (current US$)","NY.GDP.MKTP.CD","1","2",\r\n'
        for name, code in [*((n, c) for n, (c, _) in old.items()), *groups.items()]
    ]
    head = factory.WORLDBANK.splitlines()[4].replace('"2016",', "") + "\r\n"
    release = worldbank.read(saved(tmp_path, head + "".join(rows)))
    assert set(release.tables["economy"]["country"]) == {code for _, code in old.values()}
    assert release.notes[0] == "2 aggregates left out: EAP, NOC"


def test_an_empty_code_beside_a_speaking_name_is_the_names(tmp_path):
    text = (
        HEADER
        + "2019,Venezuela (Bolivarian Republic of),,1,2,3\n2019,Turkey,,4,5,6\n2019,,CUB,7,8,9\n"
    )
    assert cells(
        unhcr.read(saved(tmp_path, text)).tables["displaced_persons"], "origin", "refugees"
    ) == [
        ("CUB", 7),
        ("TUR", 4),
        ("VEN", 1),
    ]
    assert "lacks the column 'Country of Origin'" in refusal(
        unhcr, saved(tmp_path, "Year,Country of Asylum,Refugees,Asylum-seekers\n2019,Peru,1,2\n")
    )


# ---- UNHCR


def test_a_dash_is_not_applicable_and_a_star_a_small_count_and_neither_is_zero(tmp_path):
    text = (
        "Year,Country of Origin,Country of Origin ISO,Country of Asylum,Country of Asylum ISO,Refugees,"
        "Asylum-seekers,OIP\n"
        "2018,Venezuela,VEN,Peru,PER,*,40,-\n2018,Venezuela,VEN,Chile,CHL,20,*,900\n"
        '2018,Cuba,CUB,Peru,PER,"*",-,-\n'
    )
    release = unhcr.read(saved(tmp_path, text))
    assert cells(
        release.tables["displaced_persons"], "origin", "refugees", "asylum_seekers", "other_in_need"
    ) == [("CUB", None, None, None), ("VEN", 20, 40, 900)]
    assert noted(release, "3 counts are printed as * (one to four people)")


def test_rows_of_two_names_with_one_code_are_summed_up_and_the_same_row_twice_is_refused(tmp_path):
    head = "Year,Country of Origin,Country of Origin ISO,Refugees,Asylum-seekers\n"
    rows = ["2019,Unknown,UNK,5,1\n", "2019,Various,UNK,7,2\n"]
    release = unhcr.read(saved(tmp_path, head + "".join(rows)))
    table = release.tables["displaced_persons"]
    assert cells(table, "origin", "refugees", "asylum_seekers") == [("_U", 12, 3)]
    told = "2 rows of names that share a code with another are summed up with it: Unknown, Various"
    assert told in release.notes
    assert ":3: " in refusal(unhcr, saved(tmp_path, head + rows[0] * 2))


def test_blanks_around_a_dash_or_a_star_do_not_count(tmp_path):
    release = unhcr.read(saved(tmp_path, HEADER + '2024,Venezuela,VEN, * ," - ", 3 \n'))
    table = release.tables["displaced_persons"]
    assert cells(table, "refugees", "asylum_seekers", "other_in_need") == [(None, None, 3)]
    assert noted(release, "1 counts are printed as *")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("13 June 2024", "2024-06-13"),
        ("13 Jun 2024", "2024-06-13"),
        ("2024-06-13", "2024-06-13"),
        ("13/06/2024", "2024-06-13"),
        ("June 13, 2024", "2024-06-13"),
        ("Thursday, 13 Jun 2024 10:00 UTC", "2024-06-13"),
        ("2024-06-13T10:00:00Z", "2024-06-13"),
        ("31 February 2024", ""),
        ("June 2024", ""),
        ("soon", ""),
    ],
)
def test_the_printed_day_of_the_last_update_is_the_releases(tmp_path, printed, day):
    above = f'"Date extracted:","21/07/2024 14:54 UTC"\n"Last updated:","{printed}"\n'
    release = unhcr.read(saved(tmp_path, above + HEADER + "2024,Venezuela,VEN,1,2,3\n"))
    assert release.generated == day
    assert (f"last updated {printed!r}: is no day that can be read" in release.notes) == (day == "")
    assert noted(release, "of 2024 are not of the year's end") == (day != "")


def test_r_files_of_unhcrs_packages_are_known_by_their_columns(tmp_path):
    names = "Year,CountryOriginCode,CountryAsylumCode,CountryOriginName,CountryAsylumName"
    rows = [
        f"{names},REF,IDP,ASY,OOC,STA,VDA",
        "2020,VEN,PER,Venezuela (Bolivarian Republic of),Peru,10,0,1,4,0,700",
        "2020,UKN,PER,Various / unknown,Peru,20,0,2,5,0,0",
        "2021,STA,PER,Stateless,Peru,30,0,3,6,0,0",
    ]
    frame = pd.read_csv(io.StringIO("\n".join(rows)))
    path = tmp_path / "any name.RData"
    pyreadr.write_rdata(str(path), frame, df_name="end_year_population_totals", compress="gzip")
    release = unhcr.read(path)
    names = ("origin", "year", "refugees", "other_in_need", "others_of_concern")
    assert cells(release.tables["displaced_persons"], *names) == [
        ("VEN", 2020, 10, 700, 4),
        ("_STL", 2021, 30, 0, 6),
        ("_U", 2020, 20, 0, 5),
    ]
    assert noted(release, "whether its last year is the year's end")


# ---- Dataverse


def test_yugoslavias_number_goes_on_under_the_names_of_its_successors(tmp_path):
    rows = "".join(f"345,{year},0.1\n" for year in (2002, 2003, 2005, 2006))
    table = unga.read(saved(tmp_path, "ccode,year,IdealPointFP\n" + rows)).tables["un_ideal_points"]
    assert cells(table, "year", "country") == [
        (2002, "YUG"),
        (2003, "SCG"),
        (2005, "SCG"),
        (2006, "SRB"),
    ]


def test_ideal_points_and_votes_of_dataverse_are_read_with_commas_and_with_tabs(tmp_path):
    commas = unga.read(saved(tmp_path, factory.POINTS_CSV)).tables["un_ideal_points"]
    tabs = unga.read(saved(tmp_path, factory.POINTS_CSV.replace(",", "\t"))).tables[
        "un_ideal_points"
    ]
    pd.testing.assert_frame_equal(commas, tabs)
    release = unga.read(saved(tmp_path, factory.unvotes_tab()))
    table = release.tables["un_vote_agreement"].astype({"country_a": str, "country_b": str})
    assert cells(
        table[table["issue"] == "all"], "country_a", "country_b", "year", "votes", "agree_share_pct"
    ) == [
        ("RUS", "USA", 1998, 2, 50.0),
        ("RUS", "VEN", 1998, 2, 100.0),
        ("USA", "VEN", 1998, 2, 50.0),
        ("RUS", "SRB", 2007, 1, 0.0),
    ]
    assert set(table["issue"]) == {"all", "human_rights", "middle_east"}
    assert (release.data_from, release.licence[:3]) == ("1998-03-01", "CC0")


def test_dataverses_votes_with_another_number_are_refused(tmp_path):
    text = factory.unvotes_tab().replace("\t101\t1\t", "\t101\t7\t", 1)
    assert "vote = 7 is no vote (1, 2, 3, 8, 9)" in refusal(unga, saved(tmp_path, text))


# ---- sanctions


def test_what_marks_a_person_as_a_states_is_kept_apart(tmp_path):
    text = entry(
        1,
        "DOB 1970; POB Gaza, Region: Gaza; nationality Region: Gaza; citizen Jordan; Gender Male.",
    )
    text += entry(
        2,
        "alt. POB Korea, North; National ID No. 7 (Lebanon); Passport (Cuba); Linked To: X1 (Iran).",
    )
    text += entry(
        3, "POB Caracas; Executive Order 1 (Peru); alt. nationality possibly Palestinian."
    )
    release = ofac.read(saved(tmp_path, text + "\x1a\r\n"))
    assert cells(release.tables["sanctions_listed"], *ofac.MARKS) == [
        ("", "", "LBN", "PRK"),
        ("PSE", "", "", ""),
        ("PSE", "JOR", "", "PSE"),
    ]
    assert "1 places of birth name no state" in release.notes


def test_notes_on_marks_count_the_entries_that_are_kept_and_are_left_out_where_there_is_nothing(
    tmp_path,
):
    other = "nationality possibly Cuba; POB Nowhere; a.k.a. '"
    text = entry(1, other + "X" * (1000 - len(other))) + entry(
        2, "Passport 1 (Ruritania); citizen Venezuela."
    )
    notes = " ".join(ofac.read(saved(tmp_path, text + "\x1a\r\n"), VEN).notes)
    assert not any(words in notes for words in ("places of birth", "1,000", "possible"))
    assert "possible" in " ".join(ofac.read(tmp_path / "download").notes)


def test_a_document_names_its_state_before_the_days_of_issue_and_expiry_too(tmp_path):
    documents = (
        "Passport 042 (Venezuela) expires 25 Feb 2016 (individual)",
        "Passport A1 (Egypt) issued 12 Jun 2012 expires 11 Jun 2019",
        "National ID No. 7 (Korea, North) expired 2016; Tax ID No. 8 (Peru) (individual)",
        "Passport 9 (Cuba) of a cousin; Identification (Code) 5 (Chile)",
    )
    text = "".join(entry(at, document + ".") for at, document in enumerate(documents, 1))
    path = saved(tmp_path, text + "\x1a\r\n")
    marked = cells(ofac.read(path).tables["sanctions_listed"], "documents")
    assert marked == [("CHL",), ("EGY",), ("PER;PRK",), ("VEN",)]
    assert len(ofac.read(path, VEN).tables["sanctions_listed"]) == 1


def test_a_list_without_individuals_marks_nobody(tmp_path):
    text = '1,"BANK",-0- ,"CUBA",' + "-0- ," * 7 + "-0- \r\n\x1a\r\n"
    table = ofac.read(saved(tmp_path, text)).tables["sanctions_listed"]
    assert cells(table, *table.columns) == [("entity", "CUBA", "", "", "", "", 1)]
    assert len(ofac.read(saved(tmp_path, text), frozenset({"CUB"})).tables["sanctions_listed"]) == 1


def test_remarks_of_a_thousand_characters_are_known_to_be_cut(tmp_path):
    cut = "nationality Venezuela; a.k.a. '" + "X" * 955 + "'; citizen Ven"
    assert len(cut) == 1000
    release = ofac.read(saved(tmp_path, entry(1, cut) + "\x1a\r\n"))
    assert cells(release.tables["sanctions_listed"], "nationalities", "citizenships") == [
        ("VEN", "")
    ]
    assert noted(release, "1 individuals have remarks of 1,000 characters")
    assert "'Ven' is no country name" in refusal(
        ofac, saved(tmp_path, entry(1, cut[1:]) + "\x1a\r\n")
    )


# ---- numbers and files out of bounds


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "1e19", "9" * 300, "9" * 400, "-1", "inf", "nan"]
)
def test_numbers_that_no_count_can_have_get_their_line(tmp_path, number):
    path = saved(tmp_path, factory.UNHCR_CSV.replace(",1100,", f",{number},"))
    assert ":2: " in refusal(unhcr, path)
    year = factory.UNHCR_CSV.replace("2019,-,Congo", f"{number},-,Congo")
    assert ":4: " in refusal(unhcr, saved(tmp_path, year))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_an_r_file_that_unpacks_to_more_than_the_bound_is_refused_unread(
    tmp_path, monkeypatch, pack
):
    path = saved(tmp_path, pack(b"RDX3\n" + bytes(3 * 2**20)), "bomb.rda")
    assert "cannot be read as R data" in refusal(unhcr, path)
    monkeypatch.setattr(delivered, "R_MOST", 2**20)
    monkeypatch.setattr(pyreadr, "read_r", lambda _: pytest.fail("was read"))
    assert "unpacks to more than 1 MiB" in refusal(unhcr, path)


def test_damaged_stata_files_get_their_line(tmp_path):
    whole = factory.points(tmp_path / "p.dta").read_bytes()
    for at in range(0, len(whole), 97):
        changed = whole[:at] + bytes([whole[at] ^ 0xFF, 0xFF]) + whole[at + 2 :]
        try:
            unga.read(saved(tmp_path, changed))
        except DataError as error:
            assert "\n" not in str(error)

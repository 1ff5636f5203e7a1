"""Names to codes and back; the table's own order and completeness; faults of the file."""

import csv
import os
import re
from pathlib import Path

import pycountry
import pyreadr
import pytest

from rvdata import countries
from rvdata.errors import DataError

HERE = Path(__file__).parent
with open(HERE / "country_names.csv", encoding="utf-8", newline="") as file:
    NAMES = [(row["name"], row["code"]) for row in csv.DictReader(file)]
NOT_COUNTRIES = [
    line
    for line in (HERE / "not_countries.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_names_in_use_have_their_codes_and_what_is_no_country_name_is_refused():
    wrong = {name: countries.find(name) for name, code in NAMES if countries.find(name) != code}
    assert wrong == {}
    assert [name for name in NOT_COUNTRIES if countries.find(name)] == []


@pytest.mark.parametrize("name", ["", "  ", None, float("nan"), 862])
def test_an_empty_cell_or_a_number_is_refused_not_taken_for_unknown(name):
    with pytest.raises(countries.UnknownCountry, match="is no country name"):
        countries.code(name)


def test_every_name_alias_and_code_of_the_table_finds_its_own_row():
    for row in countries.table().values():
        for label in (row.code, row.name, *row.aliases):
            assert countries.code(label) == row.code, label


# ---- the table


def test_countries_are_those_of_iso_3166_1_and_kosovo_former_ones_what_it_withdrew_and_a_few():
    listed = {code for code, row in countries.table().items() if row.kind == "country"}
    former = {code for code, row in countries.table().items() if row.kind == "former"}
    in_use = {c.alpha_3 for c in pycountry.countries}
    assert listed == in_use | {"XKX"} and len(listed) == 250
    assert {c for c in former if not c.startswith("_")} == {
        c.alpha_3 for c in pycountry.historic_countries
    } - in_use
    assert {c for c in former if c.startswith("_")} == {"_BIA", "_KAT", "_RVN", "_YAR", "_ZAN"}


def test_iso_names_have_their_codes():
    for entry in pycountry.countries:
        for name in {entry.name, getattr(entry, "common_name", entry.name)} - {"Congo"}:
            assert countries.code(name) == entry.alpha_3, name


def test_reserved_codes_are_what_is_no_country():
    table = countries.table()
    kinds: dict[str, set[str]] = {}
    for row in table.values():
        kinds.setdefault(row.kind, set()).add(row.code)
    assert {kind: kinds[kind] for kind in kinds.keys() - {"country", "former"}} == {
        "aggregate": {"_AGG", "_EUR", "_LAC", "_OTH", "_T", "_WEST"},
        "organisation": {"_EU", "_NATO", "_ORG", "_UN"},
        "group": {"_LBY_GNC", "_NCY", "_NSAG", "_PUB", "_STL", "_TIB", "_VEN_OPP"},
        "region": {"_CAR"},
        "unknown": {"_U"},
    }


def test_every_former_state_has_a_successor_and_only_former_states_have():
    table = countries.table()
    succeeded = {former for row in table.values() for former in row.successor_of}
    assert succeeded == {code for code, row in table.items() if row.kind == "former"}


@pytest.mark.parametrize(
    ("former", "successors"),
    [
        ("SUN", "ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB"),
        ("CSK", "CZE SVK"),
        ("YUG", "BIH HRV MKD SVN SCG"),
        ("DDR", "DEU"),
        ("_YAR", "YEM"),
        ("ANT", "BES CUW SXM"),
    ],
)
def test_successors_stand_on_those_who_took_over(former, successors):
    found = [code for code, row in countries.table().items() if former in row.successor_of]
    assert sorted(found) == sorted(successors.split())


# ---- errors


@pytest.mark.parametrize(("word", "near"), [("VENE", " (nearest: VEN)"), ("qqqq", "")])
def test_an_unknown_code_is_refused_with_the_nearest(word, near):
    with pytest.raises(countries.UnknownCountry) as caught:
        countries.name(word)
    assert str(caught.value) == (
        f"{word!r} is no country code{near}; use a code of data/raw/countries.csv or add it there"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ven", "VEN"),
        ("Venezuela", "VEN"),
        ("venezuela", "VEN"),
        ("SRY", "SYR"),  # not Uruguay's, which is as like
        ("UKARINE", "UKR"),
        ("us", "USA"),
        ("_ue", "_EU"),
        *((word, None) for word in ("", "V", "42", "qqqq")),
    ],
)
def test_a_word_that_is_no_code_is_offered_the_code_that_it_is_meant_for_if_any(typed, meant):
    assert countries.hint(typed) == (f" (nearest: {meant})" if meant else "")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Nigera", " (nearest: 'Nigeria', 'Niger')"),
        ("Nigre", " (nearest: 'Niger')"),  # letters that changed places lead to that name alone
        ("Qqqq", ""),
        (
            "Virgin Islands",
            " (nearest: 'Virgin Islands (U.S.)', 'U.S. Virgin Islands', 'Virgin Islands (British)')",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_at_most_three_near_ones_and_the_remedy(typed, near):
    with pytest.raises(LookupError) as caught:
        countries.code(typed)
    assert isinstance(caught.value, DataError)
    assert str(caught.value) == (
        f"{typed!r} is no country name{near}; correct it or, if it can mean one only, add it as an "
        "alias in data/raw/countries.csv"
    )


def test_codes_keep_their_order_or_collect_all_unknown_names_and_show_five():
    assert countries.codes(["Cuba", "Russia", "Cuba"]) == ["CUB", "RUS", "CUB"]
    names = ["Cuba", "Qqqa", "Qqqb", "Qqqa", "Qqqc", "Qqqd", "Qqqe", "Qqqf"]
    with pytest.raises(countries.UnknownCountry) as caught:
        countries.codes(names)
    assert str(caught.value) == (
        "6 names are no country names: 'Qqqa', 'Qqqb', 'Qqqc', 'Qqqd', 'Qqqe', …; correct it "
        "or, if it can mean one only, add it as an alias in data/raw/countries.csv"
    )
    with pytest.raises(countries.UnknownCountry, match=r"^5 names are .*'Qqqe'; correct"):
        countries.codes(names[:-1])


# ---- the file


def write(folder: Path, *lines: str) -> Path:
    path = folder / "data" / "raw" / "countries.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join(("code,name,kind,successor_of,aliases", *lines, "")), encoding="utf-8"
    )
    return path


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RVDATA_HOME", str(tmp_path))
    return tmp_path


def test_all_faults_of_the_file_are_told_at_once_with_their_lines(home):
    write(
        home,
        "VEN,Venezuela,country,,RB",
        "BOL,Bolivia,country,,RB",
        "VEN,Venezuela again,country,,",
        "RUS,Russia,contry,SUM,",
        "Sun,Soviet Union,former,,",
        "PER,,country,,",
        "CUB,Peru,country,,*",
    )
    with pytest.raises(DataError) as caught:
        countries.table()
    at = "data/raw/countries.csv"
    assert str(caught.value).splitlines() == [
        "7 faults in the data:",
        f"{at}:4: code = 'VEN': is taken by {at}:2; give the row an identifier of its own",
        f"{at}:3: aliases = 'RB': already belongs to VEN ({at}:2); leave it with one of them",
        f"{at}:5: kind = 'contry': is none of country, former, aggregate, organisation, group, region, unknown "
        "(nearest: country)",
        f"{at}:5: successor_of = 'SUM': is no code of this file; correct it or give it a row",
        f"{at}:6: code = 'Sun': is neither three capitals nor an underscore and capitals; write it so",
        f"{at}:7: name = '': has no letter; write a name",
        f"{at}:8: aliases = '*': has no letter; write a name",
    ]


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [
        ("VEN,Venezuela,country,,", "VNZ,VENEZUELA,country,,", "VENEZUELA"),
        ("CIV,Côte d'Ivoire,country,,", "IVC,Ivory Coast,country,,Cote d’Ivoire", "Cote d’Ivoire"),
        ("VEN,Venezuela,country,,", "CUB,Cuba,country,,VEN", "VEN"),
    ],
)
def test_names_that_differ_only_in_case_accents_or_punctuation_are_one_name(
    home, first, second, label
):
    write(home, first, second)
    with pytest.raises(DataError) as caught:
        countries.table()
    assert f"= {label!r}: already belongs to {first[:3]} (data/raw/countries.csv:2)" in str(
        caught.value
    )


def test_the_file_is_read_again_when_it_has_changed(home):
    path = write(home, "VEN,Venezuela,country,,")
    assert list(countries.table()) == ["VEN"]
    write(home, "VEN,Venezuela,country,,", "CUB,Cuba,country,,")
    os.utime(path, ns=(1, 1))
    assert countries.code("Cuba") == "CUB"
    write(home, "VEN,Venezuela,country,,", "CUB,Kuba,country,,")
    os.utime(path, ns=(2, 2))
    assert countries.code("Kuba") == "CUB"


def test_a_caller_cannot_change_the_table_for_others():
    countries.table().clear()
    assert "VEN" in countries.table()


# ---- the publishers' files


@pytest.fixture(scope="module")
def primary() -> Path:
    folder = os.environ.get("RVDATA_PRIMARY", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(
            "RVDATA_PRIMARY names no folder: the publishers' files are not in the repository"
        )
    return Path(folder)


def unknown(names) -> set[str]:
    return {name for name in names if not countries.find(name)}


def column(path: Path, skip: int, position: int, encoding: str = "utf-8-sig") -> list[str]:
    with open(path, encoding=encoding, newline="") as file:
        rows = list(csv.reader(file))[skip:]
    return [row[position] for row in rows if len(row) > position and row[position].strip()]


def test_names_in_sipri_files_are_known_but_for_congo(primary):
    files = (("trade_2023_*", 12, 1), ("trade_2023_*", 12, 2))
    files += (("import-export-values_*", 10, 0), ("TIV-Import-*", 11, 1))
    names = [
        name
        for pattern, skip, position in files
        for path in sorted(primary.glob(f"sipri/{pattern}.csv"))
        for name in column(path, skip, position)
    ]
    assert len(set(names)) > 250
    assert unknown(names) == {"Congo"}


def test_names_and_codes_in_world_bank_files_are_known(primary):
    folder = primary / "worldbank" / "gdp-2023-vintage"
    path = folder / "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_2.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        pairs = [(row["Country Name"], row["Country Code"]) for row in csv.DictReader(file)]
    assert len(pairs) == 266
    table = countries.table()
    for name, code in pairs:
        found = countries.code(name)
        assert found == code or table[found].kind in ("aggregate", "organisation"), name


def test_names_and_codes_in_unhcr_files_are_known_but_for_congo(primary):
    with open(primary / "unhcr" / "persons_of_concern.csv", encoding="utf-8", newline="") as file:
        pairs = {
            (row["Country of Origin"], row["Country of Origin ISO"]) for row in csv.DictReader(file)
        }
    assert len(pairs) > 200
    assert unknown(name for name, _ in pairs) == {"Congo"}
    for name, code in pairs - {("Congo", "COG")}:
        assert countries.code(name) == countries.code(code), name


def test_names_in_unhcrs_r_files_are_known_but_for_congo(primary):
    for path in sorted(primary.glob("unhcr*/*.[rR][dD]a*")):
        for frame in pyreadr.read_r(str(path)).values():
            named = [c for c in frame if c.lower().endswith("name")]
            assert unknown({n for c in named for n in frame[c]}) <= {"Congo", "CRB", "CUR"}, (
                path.name
            )


def test_names_in_ofacs_lists_are_known(primary):
    said = set()
    for path in sorted(primary.glob("ofac*/*.csv")):
        said |= set(re.findall(r"\b(?:nationality|citizen) ([^;.]+)[;.]", path.read_text("utf-8")))
    assert len(said) > 100
    assert unknown(name.removeprefix("possibly ") for name in said) == set()


# ---- marks


@pytest.mark.parametrize(
    ("name", "code", "marked"),
    [
        ("New Front (Ruritania)*", "_NSAG", "_NSAG"),
        ("New Front (Ruritania) * ", "_NSAG", "_NSAG"),
        ("New League**", "_ORG", "_ORG"),
        ("NATO**", "_NATO", "_NATO"),
        ("Libya GNC*", "_LBY_GNC", "_LBY_GNC"),
        ("Kosovo*", "XKX", "_NSAG"),
        ("Sudan**", "SDN", "_ORG"),
        ("Ruritania", None, None),
        ("*", None, None),
        ("**", None, None),
        (float("nan"), None, None),
    ],
)
def test_a_mark_tells_groups_and_organisations_whatever_the_name(name, code, marked):
    assert (countries.find(name), countries.find(name, marked=True)) == (code, marked)

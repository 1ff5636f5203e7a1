"""SIPRI files: recognised by content, compiled into tables, refused in one line when they are not what they should be."""

from __future__ import annotations

import io
import math
import re

import pandas as pd
import primary_factory_sipri as made
import pytest
from click.testing import CliRunner
from test_imports import noted

from rvdata import cli, store
from rvdata.errors import DataError
from rvdata.sources import compiled, sipri


def read(folder, text, only=(), weapons=(), encoding="latin-1"):
    return sipri.read(made.put(folder, text, encoding=encoding), frozenset(only), tuple(weapons))


def rows(release, table="arms_transfers"):
    """The rows of a table as tuples in the order of its columns, sorted; missing cells None."""
    columns = list(compiled.columns(table))
    frame = release.tables[table][columns].sort_values(columns[:3]).reset_index(drop=True)
    return [
        tuple(None if isinstance(v, float) and math.isnan(v) else v for v in row)
        for row in frame.itertuples(index=False, name=None)
    ]


def message(folder, text, **how):
    with pytest.raises(DataError) as error:
        read(folder, text, **how)
    assert "\n" not in str(error.value)
    return str(error.value)


# ---- deliveries


def test_deliveries_are_summed_by_supplier_recipient_and_year_with_their_estimated_part(tmp_path):
    release = read(tmp_path, made.deliveries())
    assert rows(release) == [
        ("COG", "_NSAG", 2001, 3.0, "exact", 0.0),
        ("NOR", "PER", 2003, 40.0, "exact", 0.0),
        ("NOR", "_NSAG", 2001, 4.0, "exact", 0.0),
        ("SUN", "KEN", 2002, 5.5, "exact", 1.0),
        ("SWE", "PER", 2001, 40.0, "exact", 0.75),
        ("SWE", "PER", 2003, 20.0, "exact", 1.0),
        ("_U", "KEN", 2004, 0.5, "exact", 0.0),
    ]
    assert release.generated == "2025-01-03"
    assert (release.data_from, release.data_through) == ("2000-01-01", "2023-12-31")
    assert noted(
        release,
        "2 names are summed up under _NSAG (Non-state armed groups): FMLN (El Salvador)*, LTTE (Sri Lanka)*",
    )


def test_only_keeps_rows_with_the_state_on_either_side_and_says_what_is_left_out(tmp_path):
    release = read(tmp_path, made.deliveries(), only=["NOR"])
    assert [row[:3] for row in rows(release)] == [("NOR", "PER", 2003), ("NOR", "_NSAG", 2001)]
    assert "6 rows with 69 million TIV of other states are left out" in release.notes
    assert release.covers == ("recipient=NOR", "supplier=NOR")


def test_a_former_state_is_not_its_successor_and_that_is_said(tmp_path):
    text = made.deliveries(
        (*made.DELIVERED, ("Russia", "Kenya", 2005, 1, "No", "No", 2, 2, "Owl", 18))
    )
    release = read(tmp_path, text, only=["RUS"])
    assert [row[:3] for row in rows(release)] == [("RUS", "KEN", 2005)]
    assert noted(release, "Soviet Union (SUN) is not Russia (RUS): left out")


@pytest.mark.parametrize(
    ("deals", "note"),
    [
        (
            (("Sweden", "Peru", 2001, 4, "No", "No", 2.5, 11, "Falcon", 1), *made.DELIVERED[2:4]),
            "1 rows with 11 million TIV whose volume is not the number times",
        ),
        (
            made.DELIVERED + made.DELIVERED[:1],
            "1 rows with 10 million TIV repeat deal and year of another row: both are counted",
        ),
    ],
)
def test_rows_that_look_wrong_are_counted_and_noted(tmp_path, deals, note):
    assert noted(read(tmp_path, made.deliveries(deals)), note)


# ---- what is covered


@pytest.mark.parametrize(
    ("suppliers", "recipients", "pairs", "covers"),
    [
        ("All countries", "All countries", "SP NP SK", ("*",)),
        ("All countries", "All countries", "SP NP", ("recipient=PER",)),
        ("All countries", "All countries", "SP SK", ("pair=SWE>KEN", "pair=SWE>PER")),
        ("All countries", "All countries", "SP", ("pair=SWE>PER",)),
        ("All countries", "Peru", "SP", ("recipient=PER",)),
        ("Sweden", "All countries", "SP SK", ("supplier=SWE",)),
        ("Sweden", "Kenya; Peru", "SP", ("pair=SWE>KEN", "pair=SWE>PER")),
        ("Sweden, Norway", "All countries", "SP", ("supplier=NOR", "supplier=SWE")),
        ("All countries", "States of a region", "SP NP SK", ("recipient=KEN", "recipient=PER")),
        ("Sweden", "States of a region", "SP SK", ("pair=SWE>KEN", "pair=SWE>PER")),
    ],
)
def test_what_is_covered_follows_from_the_query_and_from_signs_that_rows_were_cut_out(
    tmp_path, suppliers, recipients, pairs, covers
):
    names = {"S": "Sweden", "N": "Norway", "P": "Peru", "K": "Kenya"}
    deals = tuple(
        (names[a], names[b], 2001, 1, "No", "No", 1, 1, "Falcon", i)
        for i, (a, b) in enumerate(pairs.split())
    )
    assert (
        read(tmp_path, made.deliveries(deals, made.title(suppliers, recipients))).covers == covers
    )


def test_only_narrows_what_is_covered(tmp_path):
    to_peru = made.deliveries(made.DELIVERED[:4], made.title(recipients="Peru"))
    assert read(tmp_path, to_peru, only=["PER"]).covers == ("recipient=PER",)
    assert read(tmp_path, to_peru, only=["SWE"]).covers == ("pair=SWE>PER",)
    from_sweden = made.deliveries(made.DELIVERED[:3], made.title("Sweden"))
    assert read(tmp_path, from_sweden, only=["PER"]).covers == ("pair=SWE>PER",)
    assert read(tmp_path, made.new_table(), only=["PER"]).covers == ("imports=PER",)


@pytest.mark.parametrize(
    ("generated", "asked", "last_row", "through"),
    [
        ("3 Jan 2025", "2030", 2023, 2023),
        ("20 March 2025", "2030", 2024, 2024),
        ("20 March 2025", "2030", 2019, 2023),
        ("1 Apr 2025", "2030", 2019, 2024),
        ("1 Apr 2025", "2021", 2019, 2021),
        ("1 Apr 2025", "Not specified", 2019, 2024),
    ],
)
def test_a_release_covers_the_years_published_by_the_day_of_the_download(
    tmp_path, generated, asked, last_row, through
):
    deals = (("Sweden", "Peru", last_row, 1, "No", "No", 1, 1, "Falcon", 1),)
    first = made.title(years=("Not specified", asked))
    release = read(tmp_path, made.deliveries(deals, first, generated=generated + " 9:16:02 PM"))
    assert (release.data_from, release.data_through) == ("1950-01-01", f"{through}-12-31")


@pytest.mark.parametrize(
    "first",
    [
        made.title("Norway"),
        made.title(years=("2002", "2030")),
        made.title(years=("2000", "2002")),
        "Somebody's own title",
    ],
)
def test_a_query_that_does_not_fit_the_rows_is_not_believed(tmp_path, first):
    release = read(tmp_path, made.deliveries(made.DELIVERED[:4], first))
    assert release.covers == ("pair=NOR>PER", "pair=SWE>PER")
    assert (release.data_from, release.data_through) == ("2001-01-01", "2003-12-31")
    assert "no query is known that fits these rows" in release.notes[-1]


# ---- trade register


def test_a_register_spreads_deals_of_several_years_and_says_so(tmp_path):
    release = read(tmp_path, made.register())
    assert rows(release) == [
        ("NOR", "PER", 2002, 5.0, "allocated", 0.0),
        ("NOR", "PER", 2003, 5.0, "allocated", 0.0),
        ("NOR", "PER", 2005, 5.0, "allocated", 0.0),
        ("SUN", "KEN", 1982, 7.0, "exact", 1.0),
        ("SWE", "PER", 2001, 70.0, "allocated", round(40 / 70, 6)),
        ("SWE", "PER", 2003, 40.0, "allocated", 1.0),
    ]
    assert noted(
        release,
        "2 rows with 95 million TIV were delivered over several years: spread evenly over them",
    )


def test_a_register_gives_orders_by_year_and_empty_where_a_deal_does_not_say_how_many(tmp_path):
    release = read(tmp_path, made.register())
    assert rows(release, "arms_orders") == [
        ("NOR", "PER", 2000, 1, 30.0, 15.0, 2002.0, 2005.0, 1.0),
        ("SUN", "KEN", 1980, 1, None, 7.0, 1982.0, 1982.0, None),
        ("SWE", "KEN", 2004, 1, 12.0, 0.0, None, None, 0.0),
        ("SWE", "PER", 1999, 2, 110.0, 110.0, 2001.0, 2003.0, round(80 / 110, 6)),
    ]
    assert noted(
        release, "1 rows with 7 million TIV do not say how much was ordered: nor does arms_orders"
    )


def test_flags_of_a_register_are_known_by_their_place(tmp_path):
    one = ("Peru", "Sweden", 1999, "", 10, "", "Falcon-1", 10, "", "2001", "", 3, 30, 30)
    flagged = {place: (*one[:place], "?", *one[place + 1 :]) for place in (3, 5, 8)}
    shares = {
        place: [
            rows(read(tmp_path, made.register((deal,))), table)[0][-1]
            for table in ("arms_transfers", "arms_orders")
        ]
        for place, deal in flagged.items()
    }
    assert shares == {3: [0.0, 1.0], 5: [0.0, 1.0], 8: [1.0, 0.0]}


def test_records_cut_by_a_line_break_in_a_comment_are_joined_and_counted(tmp_path):
    text = made.register()
    broken = text.replace("Painted", "Painted\r\n").replace(
        "In store; may be more", "In store\r\nmay be\r\nmore"
    )
    release = read(tmp_path, broken)
    assert rows(release) == rows(read(tmp_path, text))
    assert "2 records that a line break in a comment cuts are made whole" in release.notes


FEWER = ("Source: SIPRI Arms Transfers Database (c) SIPRI.",)
REGISTER, QUOTED = made.register(), '"Painted, twice\r\nand ""again"""'


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (REGISTER.replace("Painted", "Painted\n").replace("\n", "\r\n"), REGISTER),
        (REGISTER.replace("Painted", QUOTED), REGISTER),
        (
            made.register(filler=FEWER).replace("Number delivered", "Deliveries in the Year Range"),
            REGISTER,
        ),
        *(
            (t.replace("\n", "\r\n"), t)
            for t in (made.deliveries(), made.old_table(), made.new_table())
        ),
    ],
)
def test_line_ends_breaks_in_quotes_and_other_headings_change_nothing(tmp_path, text, same):
    assert rows(read(tmp_path, text)) == rows(read(tmp_path, same))


def test_a_register_of_deliveries_says_that_open_orders_are_missing(tmp_path):
    asked = made.title(what="deliveries made for the", years=("2000", "2024"))
    release = read(tmp_path, made.register(made.ORDERED[:3], asked))
    assert noted(release, "orders of which nothing was delivered are missing")
    assert noted(release, "without a delivery since 2000 are missing")


def test_volumes_and_years_that_lack_each_other_are_noted(tmp_path):
    deals = (
        ("Peru", "Sweden", 1999, "", 2, "", "Falcon", 2, "", "", "", 3, 6, 6),
        ("Peru", "Norway", 1999, "", 2, "", "Falcon", 2, "", "2001", "", 3, 6, ""),
    )
    release = read(tmp_path, made.register(deals))
    assert rows(release) == [("NOR", "PER", 2001, 0.0, "exact", None)]
    assert noted(release, "1 rows with 6 million TIV without a year of delivery")
    assert noted(release, "1 rows with 0 million TIV without a volume")


def test_a_register_without_any_delivery_has_orders_only(tmp_path):
    release = read(tmp_path, made.register(made.ORDERED[4:]))
    assert rows(release) == []
    assert rows(release, "arms_orders") == [("SWE", "KEN", 2004, 1, 12.0, 0.0, None, None, 0.0)]


# ---- weapons


def test_weapons_are_counted_under_every_name_that_is_printed(tmp_path):
    release = read(tmp_path, made.register(), weapons=["mx-4"])
    assert rows(release, "arms_units") == [
        ("NOR", "PER", "MX-4", 1, 6.0, 3.0, 2002.0, 2005.0, 0.0),
        ("SWE", "KEN", "MX-4", 1, 2.0, 0.0, None, None, None),
    ]
    assert "MX-4: designated Heron/MX-4, Owl (MX-4)" in release.notes


def test_a_weapon_is_not_one_that_only_begins_like_it_and_both_spellings_count_once(tmp_path):
    release = read(tmp_path, made.register(), weapons=["Heron", "HERON"])
    assert [row[:5] for row in rows(release, "arms_units")] == [
        ("NOR", "PER", "Heron", 1, 6.0),
        ("SUN", "KEN", "Heron", 1, None),
    ]
    falcon = ("Peru", "Sweden", 1999, "", 1, "", "Falcon", 1, "", "2001", "", 3, 3, 3)
    release = read(tmp_path, made.register((*made.ORDERED, falcon)), weapons=["falcon"])
    assert noted(release, "not counted: Falcon-1, Falcon-2")


def test_a_designation_of_two_names_counts_for_each_of_them(tmp_path):
    release = read(tmp_path, made.register(), weapons=["Heron", "MX-4"], only=["PER"])
    assert [row[:5] for row in rows(release, "arms_units")] == [
        ("NOR", "PER", "Heron", 1, 6.0),
        ("NOR", "PER", "MX-4", 1, 6.0),
    ]
    without = read(tmp_path, made.register(), weapons=["Falcon-1"], only=["KEN"])
    assert rows(without, "arms_units") == []


def test_deliveries_count_weapons_too_but_not_what_was_ordered(tmp_path):
    release = read(tmp_path, made.deliveries(), weapons=["Falcon-2"])
    assert rows(release, "arms_units") == [
        ("SWE", "PER", "Falcon-2", 1, None, 4.0, 2001, 2003, 0.75)
    ]


# ---- TIV tables


@pytest.mark.parametrize("empty_column", [True, False])
def test_an_old_table_keeps_the_printed_total_beside_the_parts(tmp_path, empty_column):
    release = read(tmp_path, made.old_table(empty_column=empty_column))
    assert rows(release) == [
        ("AUT", "PER", 1991, 3.0, "exact", None),
        ("AUT", "PER", 1993, 2.0, "exact", None),
        ("SUN", "PER", 1990, 10.0, "exact", None),
        ("SUN", "PER", 1992, 0.0, "exact", None),
        ("_T", "PER", 1990, 11.0, "total only", None),
        ("_T", "PER", 1991, 3.0, "total only", None),
        ("_T", "PER", 1992, 0.0, "total only", None),
        ("_T", "PER", 1993, 2.0, "total only", None),
        ("_U", "PER", 1992, 0.0, "exact", None),
        ("_U", "PER", 1993, 1.0, "exact", None),
    ]
    assert release.covers == ("recipient=PER",)
    assert (release.generated, release.data_from, release.data_through) == (
        "2016-07-24",
        "1990-01-01",
        "1993-12-31",
    )


@pytest.mark.parametrize(
    ("first", "keys", "covers"),
    [
        ("TIV of arms exports from Peru, 1990-1993", ("PER", "AUT"), "supplier=PER"),
        ("TIV of arms imports to Peru, 1990-1993", ("AUT", "PER"), "recipient=PER"),
        ("TIV of arms exports from all, 1990-1993", ("AUT", "_T"), "exports=*"),
        ("TIV of arms exports to All, 1990-1993", ("_T", "AUT"), "imports=*"),
        ("TIV of arms imports from Congo, 1990-1993", ("COG", "AUT"), "supplier=COG"),
    ],
)
def test_the_title_of_an_old_table_says_who_gave_and_who_took(tmp_path, first, keys, covers):
    release = read(tmp_path, made.old_table(first=first))
    assert keys in {row[:2] for row in rows(release)}
    assert release.covers == (covers,)


def test_a_new_table_of_all_states_gives_totals_of_covered_years_only(tmp_path):
    release = read(tmp_path, made.new_table())
    assert rows(release) == [
        ("_T", "PER", 2020, 12.0, "total only", None),
        ("_T", "PER", 2021, 0.0, "total only", None),
        ("_T", "PER", 2023, 30.0, "total only", None),
        ("_T", "_NSAG", 2022, 7.0, "total only", None),
        ("_T", "_T", 2020, 12.0, "total only", None),
        ("_T", "_T", 2021, 0.0, "total only", None),
        ("_T", "_T", 2022, 7.0, "total only", None),
        ("_T", "_T", 2023, 30.0, "total only", None),
    ]
    assert release.covers == ("imports=*",)
    assert release.data_through == "2023-12-31"
    assert "nothing is printed for 2024: not covered" in release.notes


def test_a_new_table_by_supplier_gives_totals_of_exports(tmp_path):
    release = read(
        tmp_path, made.new_table(heading="Exports by", label="Total world export"), only=["PER"]
    )
    assert {row[:2] for row in rows(release)} == {("PER", "_T")}
    assert release.covers == ("exports=PER",)
    assert "1 rows with 7 million TIV of other states are left out" not in release.notes
    assert "2 rows with 7 million TIV of other states are left out" in release.notes


@pytest.mark.parametrize(
    ("heading", "label", "pair", "covers"),
    [
        ("Supplier", "Total exports to Kenya", ("PER", "KEN"), "recipient=KEN"),
        ("Recipient", "Total imports from Kenya", ("KEN", "PER"), "supplier=KEN"),
    ],
)
def test_a_new_table_of_one_state_gives_its_partners(tmp_path, heading, label, pair, covers):
    release = read(tmp_path, made.new_table(heading=heading, label=label))
    assert (*pair, 2020, 12.0, "exact", None) in rows(release)
    assert release.covers == (covers,)
    assert [row[4] for row in rows(release) if "_T" in row[:2]] == ["total only"] * 4


THREE = tuple((name, ("1", "", "", ""), 1) for name in ("Austria", "Norway", "Sweden"))
FREEDONIA = made.new_table((*made.NEW, ("Freedonia", ("0", "", "", "", ""), "0")))


def test_totals_may_be_off_by_half_a_unit_for_each_number(tmp_path):
    table = read(tmp_path, made.old_table(THREE, ("5", "", "", "")))
    assert ("_T", "PER", 1990, 5.0, "total only", None) in rows(table)


def test_a_tiv_table_without_its_total_is_refused(tmp_path):
    for text in (made.new_table(), made.old_table()):
        cut = text[: text.rindex("Total")]
        assert "the file is cut short" in message(
            tmp_path, cut + "\n" if cut.endswith("\n") else cut.rstrip(",")
        )


def test_a_tiv_table_of_one_year_is_read(tmp_path):
    title = "TIV of arms exports to Peru, 1990-1990"
    text = made.old_table((("Austria", ("1",), 1),), ("1",), title, years=[1990])
    found = [row[:4] for row in rows(read(tmp_path, text))]
    assert found == [("AUT", "PER", 1990, 1.0), ("_T", "PER", 1990, 1.0)]


# ---- names


def test_marks_tell_armed_groups_and_organisations_whatever_their_names(tmp_path):
    deals = tuple(
        ("Sweden", name, 2001, 1, "No", "No", 1, 1, "Falcon", i)
        for i, name in enumerate(
            [
                "Peru",
                "Front of the Hills (Kenya)*",
                "Kenya*",
                "Lake Union**",
                "NATO**",
                "European Union **",
            ]
        )
    )
    release = read(tmp_path, made.deliveries(deals))
    assert [row[1:4] for row in rows(release)] == [
        ("PER", 2001, 1.0),
        ("_EU", 2001, 1.0),
        ("_NATO", 2001, 1.0),
        ("_NSAG", 2001, 2.0),
        ("_ORG", 2001, 1.0),
    ]
    new = "2 names are new and known by their marks, * for armed groups (_NSAG), ** for organisations (_ORG)"
    assert f"{new}: Front of the Hills (Kenya)*, Lake Union**" in release.notes


NOWHERE = ("Freedonia", "Sylvania", 2001, 1, "No", "No", 1, 1, "Falcon", 1)


def test_an_unknown_name_stops_only_an_import_that_keeps_its_row(tmp_path):
    text = made.deliveries((*made.DELIVERED, NOWHERE, ("Peru", *NOWHERE[1:])))
    release = read(tmp_path, text, only=["NOR"])
    assert [row[:3] for row in rows(release)] == [("NOR", "PER", 2003), ("NOR", "_NSAG", 2001)]
    assert "2 names in rows that are left out are not known: Freedonia, Sylvania" in release.notes
    region = made.deliveries((*made.DELIVERED, NOWHERE), made.title(recipients="A region"))
    covers = ("pair=NOR>KEN", "pair=NOR>PER", "pair=NOR>_NSAG")
    assert read(tmp_path, region, only=["NOR"]).covers == covers
    said = message(tmp_path, text, only=["PER"])
    assert "17: 'Sylvania' is no country name" in said
    assert "Freedonia" not in said
    assert "add it as an alias in data/raw/countries.csv" in said
    assert "16, 17: 2 names are no country names" in message(tmp_path, text)


def test_an_unknown_name_in_a_tiv_table_does_no_harm_where_it_is_left_out(tmp_path):
    assert {row[1] for row in rows(read(tmp_path, FREEDONIA, only=["PER"]))} == {"PER"}


# ---- what a row does not say


def test_an_empty_cell_is_unknown_for_its_row_and_noted(tmp_path):
    empty = {
        "flags": ("Sweden", "Peru", 2001, 4, "", "", 2.5, 10, "Falcon", 1),
        "year": ("Sweden", "Peru", "", 1, "No", "No", 3, 3, "Falcon", 2),
        "volume": ("Sweden", "Kenya", 2001, 1, "No", "No", 3, "", "Falcon", 3),
        "supplier": ("", "Peru", 2002, 1, "No", "No", 5, 5, "Falcon", 4),
        "number": ("Norway", "Peru", 2002, "", "No", "No", 5, 5, "Falcon", 5),
    }
    release = read(tmp_path, made.deliveries(tuple(empty.values())))
    assert rows(release) == [
        ("NOR", "PER", 2002, 5.0, "exact", 0.0),
        ("SWE", "KEN", 2001, 0.0, "exact", None),
        ("SWE", "PER", 2001, 10.0, "exact", None),
        ("_U", "PER", 2002, 5.0, "exact", 0.0),
    ]
    assert set(release.notes) >= {
        "1 cells name no state: counted as _U (Unknown)",
        "1 rows with 0 million TIV without a volume: counted as 0",
        "1 rows with 3 million TIV without a year of delivery: in no year of arms_transfers",
        "1 rows with 10 million TIV do not say what is estimated: nor does estimated_share",
    }


def test_one_flag_that_says_yes_is_enough_and_one_that_says_no_is_not(tmp_path):
    deals = tuple(
        ("Sweden", "Peru", 2001 + i, 1, a, b, 4, 4, "Falcon", i)
        for i, (a, b) in enumerate([("Yes", ""), ("", "Yes"), ("No", ""), ("", "No")])
    )
    shares = [row[-1] for row in rows(read(tmp_path, made.deliveries(deals)))]
    assert shares == [1.0, 1.0, None, None]


def test_a_register_without_a_year_of_order_keeps_its_deliveries(tmp_path):
    deal = ("Peru", "Sweden", "", "", 2, "", "Falcon", 2, "", "2001", "", 3, 6, 6)
    release = read(tmp_path, made.register((deal,)))
    assert rows(release) == [("SWE", "PER", 2001, 6.0, "exact", 0.0)]
    assert rows(release, "arms_orders") == []
    assert "1 rows with 6 million TIV without a year of order: not in arms_orders" in release.notes


def test_a_damaged_cell_stops_only_an_import_that_keeps_its_row(tmp_path):
    text = made.deliveries().replace("2.5,10,No", "2.5,ten,No", 1)
    assert rows(read(tmp_path, text, only=["NOR"])) == rows(
        read(tmp_path, made.deliveries(), only=["NOR"])
    )
    assert "tiv = 'ten'" in message(tmp_path, text, only=["SWE"])


# ---- other forms of the publisher


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("closing", [made.CLOSING, made.CLOSING + "\n", ""])
def test_the_semicolon_download_is_read_as_deliveries(tmp_path, encoding, closing):
    release = read(tmp_path, made.semicolons(closing=closing), encoding=encoding)
    assert rows(release) == rows(read(tmp_path, made.deliveries()))
    assert (release.generated, release.covers) == ("2022-09-17", ("*",))
    assert (release.data_from, release.data_through) == ("2000-01-01", "2015-12-31")
    bought = made.semicolons(made.DELIVERED[:4], buyer="Peru")
    assert read(tmp_path, bought, encoding=encoding).covers == ("recipient=PER",)


def test_deals_without_the_lines_above_them_cover_the_pairs_that_occur(tmp_path, ledger):
    for text in (made.semicolons(), made.deliveries(made.DELIVERED), made.register()):
        bare = text[re.search("(?m)^(Deal ID|SIPRI AT|Recipient)", text).start() :]
        release = read(tmp_path, bare)
        assert rows(release) == rows(read(tmp_path, text))
        assert (release.generated, release.covers[0][:5]) == ("", "pair=")
    path = made.put(tmp_path, bare)
    command = ["import", "sipri", str(path), "--origin", "sipri-x"]
    refused = CliRunner().invoke(cli.main, command)
    assert refused.exit_code == 1
    assert "does not say when it was generated; give the day" in refused.output
    assert CliRunner().invoke(cli.main, [*command, "--released", "2022-09-17"]).exit_code == 0


def test_a_folder_of_tables_of_suppliers_is_one_release(tmp_path):
    folder = made.exporters(tmp_path)
    release = sipri.read(folder)
    assert rows(release) == [
        ("SWE", "KEN", 1991, 3.0, "exact", None),
        ("SWE", "PER", 1990, 12.0, "exact", None),
        ("SWE", "_T", 1990, 12.0, "total only", None),
        ("SWE", "_T", 1991, 3.0, "total only", None),
        ("_EU", "KEN", 1992, 0.0, "exact", None),
        ("_EU", "_T", 1992, 0.0, "total only", None),
        ("_U", "PER", 1990, 1.0, "exact", None),
        ("_U", "_T", 1990, 1.0, "total only", None),
    ]
    assert release.covers == ("supplier=SWE", "supplier=_EU", "supplier=_U")
    assert (release.generated, release.data_from, release.data_through) == (
        "2022-07-28",
        "1990-01-01",
        "1992-12-31",
    )
    kept = sipri.read(folder, frozenset({"PER"}))
    assert [row[:3] for row in rows(kept)] == [("SWE", "PER", 1990), ("_U", "PER", 1990)]
    assert kept.covers == ("pair=SWE>PER", "pair=_EU>PER", "pair=_U>PER")


def test_a_folder_of_all_suppliers_covers_every_recipient(tmp_path, monkeypatch):
    monkeypatch.setattr(sipri, "_ALL_SUPPLIERS", 3)
    release = sipri.read(made.exporters(tmp_path), frozenset({"PER"}))
    assert release.covers == ("recipient=PER", "supplier=PER")
    assert "3 tables are taken for those of all suppliers" in release.notes


def test_a_folder_whose_tables_all_lack_their_totals_covers_the_pairs_that_occur(tmp_path):
    folder = made.exporters(tmp_path)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text().rsplit("\n,", 1)[0] + "\n")
    release = sipri.read(folder)
    assert {row[:2] for row in rows(release)} == {
        ("SWE", "KEN"),
        ("SWE", "PER"),
        ("_EU", "KEN"),
        ("_U", "PER"),
    }
    assert release.covers == ("pair=SWE>KEN", "pair=SWE>PER", "pair=_EU>KEN", "pair=_U>PER")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "b.csv",
            made.exporter("Norway", cut=True),
            "b.csv: expected side, years, totals and release as in TIV-Export-EU.csv, but found other totals;",
        ),
        (
            "b.csv",
            made.exporter("Norway", generated="2 May 2023"),
            "but found other release;",
        ),
        ("b.csv", made.exporter("Norway", years=range(1990, 1994)), "but found other years"),
        ("b.csv", made.exporter("Sweden"), "another of Sweden, after TIV-Export-SWE.csv"),
        ("b.csv", made.old_table(), "but found other side and years"),
        ("b.csv", made.register(), "but found deals in b.csv; give one file"),
        ("b.csv", "name,value\nPeru,3\n", "give that file, or take it out of the folder"),
    ],
)
def test_a_folder_of_unlike_tables_is_refused(tmp_path, name, text, said):
    folder = made.exporters(tmp_path)
    made.put(folder, text, name)
    with pytest.raises(DataError) as error:
        sipri.read(folder)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_a_bare_mark_is_a_name_that_is_not_known_and_no_new_group(tmp_path):
    folder = made.exporters(tmp_path)
    table = made.exporter("Norway", (("**", ("1", "2", ""), 3),), ("1", "2", ""))
    made.put(folder, table, "b.csv")
    release = sipri.read(folder, frozenset({"PER"}))
    assert noted(release, "1 names in rows that are left out are not known: **")
    assert not noted(release, "known by their marks")


def test_a_name_that_is_not_known_in_a_folder_has_its_file_and_its_line(tmp_path):
    folder = made.exporters(tmp_path)
    table = made.exporter("Norway", (("Ruritania", ("1", "2", ""), 3),), ("1", "2", ""))
    made.put(folder, table, "b.csv")
    with pytest.raises(DataError, match=r"line \d+ of b.csv: 'Ruritania' is no country name"):
        sipri.read(folder)


def test_a_folder_is_stored_with_the_hash_of_its_files(ledger, tmp_path):
    folder = made.exporters(tmp_path)
    command = ["import", "sipri", str(folder), "--origin", "sipri-2022-03", "--only", "PER"]
    hashes = []
    for change in (b"", b"", b"\n"):
        with (folder / "TIV-Export-SWE.csv").open("ab") as file:
            file.write(change)
        done = CliRunner().invoke(cli.main, command)
        assert done.exit_code == 0, done.output
        hashes.append(ledger.rows("origins")[-1]["sha256"])
    assert hashes[0] == hashes[1] != hashes[2]


# ---- saved again


TEXTS = {
    "deliveries": made.deliveries(),
    "register": made.register(),
    "semicolons": made.semicolons(),
    "old": made.old_table(),
    "new": made.new_table(),
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_file_is_read_in_either_encoding(tmp_path, kind, encoding):
    again = read(tmp_path, TEXTS[kind], encoding=encoding)
    assert rows(again) == rows(read(tmp_path, TEXTS[kind]))


@pytest.mark.parametrize("kind", ["deliveries", "register"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_deals_saved_again_with_other_separators_or_columns_are_read(tmp_path, kind, separator):
    lines = TEXTS[kind].splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.count(",") > 10)
    frame = pd.read_csv(io.StringIO("".join(lines[at:])), dtype="str", keep_default_na=False)
    body = frame[frame.columns[::-1]] if kind == "deliveries" else frame
    saved = "".join(lines[:at]) + body.to_csv(sep=separator, index=False)
    assert rows(read(tmp_path, saved)) == rows(read(tmp_path, TEXTS[kind]))


# ---- refused


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("i", "\0", 1), "NUL"),
        (lambda t: "name,value\nPeru,3\n", "the first is 'name,value'"),
        (lambda t: "Supplier,Recipient,Year\nSweden,Peru,3\n", "the headings Supplier, Recipient"),
    ],
)
def test_files_of_another_kind_are_refused_with_what_was_expected_and_found(
    tmp_path, kind, change, said
):
    found = message(tmp_path, change(TEXTS[kind]))
    assert said in found and "expected a" in found and "spreadsheet" not in found


def short_of_a_year(years):
    return made.old_table((("Austria", ("1", "1", "1"), 3),), ("1", "1", "1"), years=years)


def header(replaced):
    """The headings of deliveries with another list for that of the year."""
    return [
        n for name in made.DELIVERIES for n in (replaced if name == "Delivery year" else [name])
    ]


@pytest.mark.parametrize(
    ("text", "how", "said"),
    [
        (made.deliveries(), {"only": ["ISL"]}, "has no row of ISL"),
        (
            made.deliveries(made.DELIVERED[2:3], generated="3 Jan 2002"),
            {},
            "8: years = '2003' is no year up to the download on 2002-01-03",
        ),
        (made.register(), {"weapons": ["Falkon-1"]}, "is 'Falkon-1' (nearest: Falcon-1)"),
        (made.register(), {"weapons": [" "]}, "no designation is ' '"),
        (made.new_table(), {"weapons": ["Falcon-1"]}, "TIV tables count no weapons"),
        (made.new_table(heading=""), {}, "no table by supplier or by recipient: take one"),
        (made.new_table(heading="Weapon category"), {}, "no table by supplier or by recipient"),
        (made.new_table(heading="Supplier"), {}, "no table by supplier or by recipient"),
        (made.new_table(made.NEW + made.NEW[1:2]), {}, "every name once"),
        (
            made.new_table(made.NEW[1:]),
            {},
            "2020: expected numbers that make the printed total 12, but found 0",
        ),
        (
            made.old_table(made.OLD[:1]),
            {},
            "1990: expected numbers that make the printed total 11, but found 0",
        ),
        (
            made.new_table(
                [
                    (*row[:2], total)
                    for row, total in zip(made.NEW, ("3", made.NEW[1][2], "41"), strict=True)
                ]
            ),
            {},
            "csv:8: expected numbers that make the printed total 3, but found 42",
        ),
        (made.old_table(THREE, ("6", "", "", "")), {}, "the printed total 6, but found 3"),
        (short_of_a_year([1990, 1991, 1993]), {}, "every year, but found 1990, 1991, 1993"),
        (short_of_a_year(range(1990, 1993)), {}, "1990-1993, but found those from 1990 to 1992"),
        (made.deliveries(header=header([])), {}, "lacks the column 'years'"),
        (made.deliveries(header=header(["Year"])), {}, "lacks the column 'years'"),
        (made.register().replace("weapons\n", "weapons,\n", 1), {}, "has 16 cells instead of 17"),
        (FREEDONIA, {}, "'Freedonia' is no country name"),
        (
            made.old_table(first="TIV of arms exports to Freedonia, 1990-1993"),
            {},
            "'Freedonia' is no",
        ),
    ],
)
def test_a_file_that_cannot_be_believed_is_refused(tmp_path, text, how, said):
    assert said in message(tmp_path, text, **how)


def test_an_endless_name_is_shown_by_its_beginning(tmp_path):
    text = made.deliveries((("x" * 200_000, *NOWHERE[1:]),))
    for only, shown in (["x" * 3], ""), ((), f"'{'x' * 80}'"):
        said = message(tmp_path, text, only=only)
        assert len(said) < 1000 and shown in said


LONG = "9" * 300


@pytest.mark.parametrize(
    ("kind", "old", "new", "said"),
    [
        ("deliveries", "2.5,10,No", "2.5,ten,No", "tiv = 'ten' is no number with a decimal point"),
        ("deliveries", "2.5,10,No", '2.5,"10,5",No', "'10,5'"),
        ("deliveries", "2.5,10,No", "2.5,-10,No", "'-10'"),
        ("deliveries", "2.5,10,No", "2.5,1e3,No", "'1e3'"),
        ("deliveries", "2.5,10,No", "2.5,inf,No", "'inf'"),
        ("deliveries", "2.5,10,No", f"2.5,{LONG},No", "'9999999999"),
        ("deliveries", "2.5,10,No", "2.5,9223372036854775808,No", "'9223372036854775808'"),
        ("deliveries", ",2001,No,New,10", ",20x1,No,New,10", "years = '20x1' is no list of years"),
        ("deliveries", ",2001,No,New,10", f",{LONG},No,New,10", "years = '9999"),
        ("deliveries", ",2001,No,New,10", ",2001,?,New,10", "years_estimated = '?' is no flag"),
        ("register", "2001; 2003", "2001 and 2003", "years with semicolons between"),
        ("register", "1999,?,4", "1999,x,4", "order_year_estimated = 'x' is no flag"),
        ("register", "1999,?,4", f"1999,?,{LONG}", "ordered = '9999"),
        ("old", "Austria,,3", "Austria,,3.x", "1991 = '3.x' is no number with a decimal point"),
        ("old", "Austria,,3", f"Austria,,{LONG}", "1991 = '9999"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_line(tmp_path, kind, old, new, said):
    found = message(tmp_path, TEXTS[kind].replace(old, new, 1))
    assert said in found
    line = int(re.search(r"download\.csv:(\d+):", found)[1])
    assert new in TEXTS[kind].replace(old, new, 1).splitlines()[line - 1]


def test_the_line_is_right_after_a_joined_record_and_a_quoted_break(tmp_path):
    text = made.register().replace("Painted", "Painted\r\n")
    text = text.replace("Not delivered", '"Not\ndelivered"')
    wrong = ("Peru", "Chile", 2000, "", 1, "", "Owl", 1, "", "20x0", "", 1, 1, 1)
    text += made.register((wrong,)).splitlines()[-1] + "\n"
    line = int(re.search(r"download\.csv:(\d+):", message(tmp_path, text))[1])
    assert "20x0" in text.replace("\r\n", "\n").split("\n")[line - 1]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_file_cut_anywhere_gives_what_its_whole_rows_say_or_is_refused(tmp_path, kind):
    text = TEXTS[kind]
    whole = {t: rows(read(tmp_path, text), t) for t in read(tmp_path, text).tables}
    makers = {
        "deliveries": (made.deliveries, made.DELIVERED),
        "register": (made.register, made.ORDERED),
        "semicolons": (made.semicolons, made.DELIVERED),
    }
    accepted, parts = 0, {}
    for end in sorted({*range(0, len(text), 41), *range(len(text) - 90, len(text))}):
        try:
            release = read(tmp_path, text[:end])
        except DataError as error:
            assert "\n" not in str(error)
            continue
        accepted += 1
        expected = whole
        if kind in makers:
            make, deals = makers[kind]
            begun = text[len(make(())) - text.endswith(made.CLOSING) * len(made.CLOSING) : end]
            if (number := begun.strip("\n").count("\n") + 1) not in parts:
                parts[number] = read(tmp_path, make(deals[:number]))
            expected = {table: rows(parts[number], table) for table in whole}
        assert {table: rows(release, table) for table in whole} == expected, text[:end][-40:]
    assert accepted


def test_a_last_line_that_does_not_end_is_believed_only_if_its_volume_is_whole(tmp_path):
    deal = ("Peru", "Sweden", 1999, "", 202, "", "Falcon", 202, "", "2001", "", 0.48, 96.96, 96.96)
    text = made.register((deal,)).rstrip("\n")
    assert rows(read(tmp_path, text)) == [("SWE", "PER", 2001, 96.96, "exact", 0.0)]
    assert "download.csv:8: number, unit, tiv = '202', '0.48', '96.9' do not multiply" in message(
        tmp_path, text[:-1]
    )


# ---- stored, and the command


def test_every_kind_is_stored_and_built(ledger, tmp_path):
    runner = CliRunner()
    for kind, text in TEXTS.items():
        path = made.put(tmp_path, text, f"{kind}.csv")
        extra = ["--weapon", "Falcon-1"] if kind == "register" else []
        done = runner.invoke(
            cli.main, ["import", "sipri", str(path), "--origin", f"sipri-{kind}", *extra]
        )
        assert done.exit_code == 0, done.output
    assert runner.invoke(cli.main, ["build"]).exit_code == 0
    assert {
        t: len(store.load(t, "all")) for t in ("arms_transfers", "arms_orders", "arms_units")
    } == {
        "arms_transfers": 7 + 6 + 7 + 10 + 8,
        "arms_orders": 4,
        "arms_units": 1,
    }

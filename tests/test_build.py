"""From raw to processed: what is assembled, what is refused and with which words, and that nothing is half written."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nbfleet import whole
from rvdata import build, schemas, store
from rvdata.errors import DataError

F01 = "data/raw/articles/paper-2020/figures.csv:2"


def test_an_invented_ledger_gives_the_tables_that_it_feeds(ledger):
    built = build.build()
    assert {n: t.num_rows for n, t in built.arrow.items()} | {"countries": 0} == {
        "origins": 1,
        "countries": 0,
        "figures": 7,
        "arms_import_shares": 3,
        "statements": 0,
        "refugee_counts": 2,
        "investment_totals": 1,
        "happenings": 1,
        "events": 1,
        "arguments": 1,
    } | dict.fromkeys(schemas.PRIMARY, 0) | {"figure_checks": 7}
    shares = built.arrow["arms_import_shares"].to_pandas()
    assert shares[["suppliers", "share_pct", "low", "high"]].values.tolist() == [
        ["RUS", 60.0, 60.0, 60.0],
        ["RUS;CHN", 75.0, 75.0, 75.0],
        ["CHN", 15.0, 14.0, 16.0],
    ]
    people = built.arrow["refugee_counts"].to_pylist()
    assert [(p["origin"], p["responsible"], p["persons"], p["low"]) for p in people] == [
        ("VEN", "VEN", 2500000.0, None),
        ("UKR", "RUS", 3500000.0, 3500000.0),
    ]
    money = built.arrow["investment_totals"].to_pylist()[0]
    assert (money["investor"], money["host"], money["instrument"], money["amount_usd"]) == (
        "RUS",
        "VEN",
        "investment",
        1.5e9,
    )


def test_dates_are_date32_and_units_stand_in_the_schema(ledger):
    figures = build.build().arrow["figures"]
    assert figures.schema.field("period_start").type == pa.date32()
    shares = build.build().arrow["arms_import_shares"]
    assert shares.schema.field("share_pct").metadata[b"unit"] == b"percent"
    assert shares.schema.metadata[b"rvdata.origins"] == b"paper-2020"


def test_two_builds_write_the_same_bytes(ledger, tmp_path):
    for name in ("one", "two"):
        store.write(build.build().arrow, tmp_path / name)
    assert {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()
    }


def test_check_finds_nothing_after_a_build_and_names_the_table_after_a_change(ledger):
    built = build.build()
    store.write(built.arrow, ledger.processed)
    assert build.differences(built) == []
    ledger.change("figures", 0, stated="65%", value="65", low="65", high="65")
    found = build.differences(build.build())
    assert [line.split("/")[-1].split(":")[0] for line in found] == [
        "figures.parquet",
        "arms_import_shares.parquet",
        "datapackage.json",
    ]
    assert found[0].endswith("rows only in the folder: 1, rows only in what the raw files give: 1")


def test_check_finds_a_file_that_is_not_the_recorded_one_and_a_missing_one(ledger):
    built = build.build()
    store.write(built.arrow, ledger.processed)
    pq.write_table(built.arrow["events"], ledger.processed / "events.parquet", compression="none")
    assert build.differences(built) == [
        f"{ledger.processed}/events.parquet: is not the file that datapackage.json "
        "records; run `rvdata build`"
    ]
    (ledger.processed / "events.parquet").unlink()
    assert any("events.parquet: not there" in line for line in build.differences(built))


def test_proposals_wait_outside_the_tables(ledger):
    ledger.change("figures", 2, status="proposed", value="", qualifier="")
    built = build.build()
    assert built.proposed == 1
    assert "paper-2020-f03" not in built.arrow["figures"]["figure_id"].to_pylist()


@pytest.mark.parametrize(
    ("cells", "place", "words"),
    [
        ({"value": "61"}, F01, ["value = '61'", "'60%'", "write 60"]),
        ({"value": "sixty"}, F01, ["value = 'sixty'", "write 60"]),
        ({"stated": "sixty-ish percent"}, F01, ["stated = 'sixty-ish percent'"]),
        ({"qualifier": "aproximate"}, F01, ["qualifier = 'aproximate'", "'exact'"]),
        ({"unit": "persents"}, F01, ["unit = 'persents'", "write percent"]),
        ({"family": "arms_import_shares"}, F01, ["is none of", "nearest: arms_import_share"]),
        (
            {"subject": "SRY"},
            F01,
            ["subject = 'SRY'", "no country code (nearest: SYR)", "countries.csv"],
        ),
        ({"hedge": "perhaps"}, F01, ["stated", "perhaps"]),
        ({"start": "100000", "end": "100003"}, F01, ["no stretch of the text", str(len("x"))]),
        ({"start": "20", "end": "17"}, F01, ["no stretch of the text"]),
        ({"span_sha256": "abc"}, F01, ["span_sha256 = 'abc'"]),
        ({"context_hashes": "zzz"}, F01, ["context_hashes"]),
        (
            {"period_start": "2016-01-01"},
            F01,
            ["period_start, period_end = '2016-01-01, 2015-12-31'", "swap the two days"],
        ),
        ({"period_start": "2005-02-30"}, F01, ["period_start = '2005-02-30'", "YYYY-MM-DD"]),
        ({"period_start_basis": ""}, F01, ["period_start_basis"]),
        ({"status": "doubted"}, F01, ["note", "reason"]),
        ({"status": "conflicting", "note": "x"}, F01, ["conflicts_with"]),
        (
            {"figure_id": "paper-2020-f02"},
            F01.replace(":2", ":3"),
            ["figure_id", "is taken by", "figures.csv:2"],
        ),
        ({"figure_id": "other-2020-f01"}, F01, ["must begin with paper-2020-"]),
        ({"measure": ""}, F01, ["measure", "must not be empty"]),
        ({"derived_from": "paper-2020-f99"}, F01, ["paper-2020-f99", "no figure of the ledger"]),
        ({"stated": "130%", "value": "130", "low": "130", "high": "130"}, F01, ["is above 100"]),
    ],
)
def test_a_wrong_cell_is_refused_with_place_column_value_and_remedy(ledger, cells, place, words):
    ledger.change("figures", 0, **cells)
    with pytest.raises(DataError) as caught:
        build.build()
    lines = [line for line in str(caught.value).splitlines() if line.startswith(place + ":")]
    assert all(any(word in line for line in lines) for word in words), str(caught.value)


def faults():
    """What a build refuses, a line for each fault."""
    try:
        build.build()
    except DataError as error:
        lines = str(error).splitlines()
        return lines[1:] if lines[0].endswith("faults in the data:") else lines
    return []


E01, A01, PLACE = "events.csv:2: ", "arguments.csv:2: ", "data/raw/articles/paper-2020/"


@pytest.mark.parametrize(
    ("table", "row", "cells", "fault"),
    [
        (
            "figures",
            2,
            {"start": "99990.0"},
            "figures.csv:4: start = '99990.0': is no whole number; write digits only",
        ),
        (
            "figures",
            2,
            {"end": "1e5"},
            "figures.csv:4: end = '1e5': is no whole number; write digits only",
        ),
        ("events", 0, {"start": "-3"}, E01 + "start = '-3': is no whole number; write digits only"),
        (
            "figures",
            2,
            {"start": "20", "end": "17"},
            "figures.csv:4: start, end = '20, 17': is no stretch of the text, which "
            "has 336 characters",
        ),
        (
            "figures",
            0,
            {"value": "61"},
            "figures.csv:2: value = '61': is not what '60%' gives; write 60",
        ),
        (
            "figures",
            6,
            {"low": "15.5"},
            "figures.csv:8: low, value, high = '15.5, 15.0, 16.0': low ≤ value ≤ high does not hold",
        ),
        (
            "figures",
            0,
            {"period_start": "2021-01-01"},
            "figures.csv:2: period_start, period_end = '2021-01-01, 2015-12-31': runs "
            "backwards; swap the two days",
        ),
        (
            "events",
            0,
            {"date": "2019-05-21"},
            E01 + "date, date_end = '2019-05-21, 2019-05-20': runs backwards; swap the two days",
        ),
        (
            "figures",
            2,
            {"figure_id": "paper-2020-f04"},
            f"figures.csv:5: figure_id = 'paper-2020-f04': is taken by {PLACE}"
            "figures.csv:4; give the row an identifier of its own",
        ),
        (
            "figures",
            0,
            {"period_start": "2005-02-03"},
            "figures.csv:2: period_start = '2005-02-03': is not the first day that "
            "precision year means; see docs/protocol.md, section 5",
        ),
        (
            "figures",
            0,
            {"period_end": "2015-12-30"},
            "figures.csv:2: period_end = '2015-12-30': is not the last day that "
            "precision year means; see docs/protocol.md, section 5",
        ),
        (
            "figures",
            6,
            {"derived_from": "paper-2020-f01;paper-2020-f07"},
            "figures.csv:8: derived_from = 'paper-2020-f07': is the row itself; name the rows that it is computed from",
        ),
        (
            "figures",
            2,
            {"conflicts_with": "paper-2020-f03", "status": "conflicting", "note": "x"},
            "figures.csv:4: conflicts_with = 'paper-2020-f03': is the row itself; name the other row",
        ),
        (
            "figures",
            2,
            {"conflicts_with": "paper-2020-f04", "status": "conflicting", "note": "x"},
            "figures.csv:4: conflicts_with = 'paper-2020-f04': does not name paper-2020-f03 back; name it in "
            f"{PLACE}figures.csv:5 too",
        ),
        (
            "arguments",
            0,
            {"stance": "reported"},
            A01
            + "held_by = '': must be filled if the stance is reported, may be if it is rejected, "
            "and never else; name the holder, or change the stance",
        ),
        (
            "arguments",
            0,
            {"held_by": "A witness"},
            A01
            + "held_by = 'A witness': must be filled if the stance is reported, may be if it is "
            "rejected, and never else; empty it, or change the stance",
        ),
        (
            "events",
            0,
            {"place": "VEN;CUB"},
            E01 + "place = 'VEN;CUB': holds more than one code; keep one, or leave it empty",
        ),
        (
            "events",
            0,
            {"date": "2020-03-11", "date_end": "2020-03-20"},
            E01
            + "date = '2020-03-11': is after the publication of its article (2020-03-01); correct it, or make the category "
            "outlook",
        ),
        (
            "events",
            0,
            {"actors": "RUS;RUS"},
            E01 + "actors = 'RUS;RUS': holds an empty, repeated or spaced part; write RUS",
        ),
        (
            "figures",
            1,
            {"counterpart": "RUS;CHN;"},
            "figures.csv:3: counterpart = 'RUS;CHN;': holds an empty, repeated or spaced "
            "part; write RUS;CHN",
        ),
        (
            "arguments",
            0,
            {"actor": "RUS; VEN"},
            A01 + "actor = 'RUS; VEN': holds an empty, repeated or spaced part; write RUS;VEN",
        ),
        (
            "figures",
            2,
            {"measure": "one\ntwo"},
            "figures.csv:4: measure = 'one\\ntwo': holds a line break; write it in one line",
        ),
        (
            "origins",
            0,
            {"released": ""},
            "data/raw/origins.csv:2: released = '': must not be empty: an article has a first and a "
            "last possible day of publication",
        ),
        (
            "origins",
            0,
            {"released_end": ""},
            "data/raw/origins.csv:2: released_end = '': must not be empty: an article has a first "
            "and a last possible day of publication",
        ),
        ("origins", 0, {"licence": ""}, "data/raw/origins.csv:2: licence = '': must not be empty"),
    ],
)
def test_one_wrong_row_gives_one_fault(ledger, table, row, cells, fault):
    ledger.change(table, row, **cells)
    assert faults() == [fault if fault.startswith("data") else PLACE + fault]


def test_two_empty_cells_of_a_row_are_two_faults(ledger):
    ledger.change("origins", 0, released="", released_end="")
    assert [line.split(": ")[1] for line in faults()] == ["released = ''", "released_end = ''"]


def test_an_outlook_may_lie_ahead_of_its_article_and_two_rows_may_contradict_each_other(ledger):
    ledger.change("events", 0, date="2020-03-11", date_end="2020-03-20", category="outlook")
    ledger.change("figures", 2, conflicts_with="paper-2020-f07", status="conflicting", note="x")
    ledger.change("figures", 6, conflicts_with="paper-2020-f03")
    assert faults() == []


@pytest.mark.parametrize(
    ("table", "key", "fault"),
    [
        (
            "origins",
            "origin_id",
            "data/raw/origins.csv:3: origin_id = 'paper-2020': is taken by data/raw/origins.csv:2",
        ),
        (
            "events",
            "event_id",
            PLACE + f"events.csv:3: event_id = 'paper-2020-e01': is taken by {PLACE}events.csv:2",
        ),
        (
            "arguments",
            "argument_id",
            PLACE
            + f"arguments.csv:3: argument_id = 'paper-2020-a01': is taken by {PLACE}arguments.csv:2",
        ),
    ],
)
def test_an_identifier_taken_twice_is_one_fault(ledger, table, key, fault):
    ledger.put(table, ledger.rows(table) * 2)
    assert faults() == [fault + "; give the row an identifier of its own"]


@pytest.mark.parametrize(
    ("start", "end", "precision", "wrong"),
    [
        ("2019-02-01", "2019-02-28", "month", []),
        ("2019-02-02", "2019-02-27", "month", ["period_start", "period_end"]),
        ("2019-02-11", "2019-02-20", "part_of_month", []),
        ("2019-02-21", "2019-02-28", "part_of_month", []),
        ("2019-02-10", "2019-02-11", "part_of_month", ["period_start", "period_end"]),
        ("2019-05-01", "2019-08-31", "part_of_year", []),
        ("2019-06-01", "2019-07-31", "part_of_year", ["period_start", "period_end"]),
        ("2003-01-01", "2006-12-31", "part_of_decade", []),
        ("2006-01-01", "2009-12-31", "part_of_decade", []),
        ("2004-01-01", "2007-12-31", "part_of_decade", ["period_start", "period_end"]),
        ("2019-02-02", "9999-12-31", "day", []),
        ("2019-01-01", "9999-12-31", "year", []),
        ("2019-01-01", "2019-12-30", "year", ["period_end"]),
    ],
)
def test_the_edges_of_a_period_are_what_their_precisions_say(ledger, start, end, precision, wrong):
    ledger.change(
        "figures",
        0,
        period_start=start,
        period_end=end,
        period_start_precision=precision,
        period_end_precision=precision,
    )
    assert [line.split(": ")[1].split(" = ")[0] for line in faults()] == wrong


@pytest.mark.parametrize(
    ("family", "unit", "fits"),
    [
        ("refugee_count", "persons", True),
        ("soldier", "persons", True),
        ("casualty", "persons", True),
        ("ship", "ships", True),
        ("aircraft", "aircraft", True),
        ("missile", "missiles", True),
        ("rank", "rank", True),
        ("duration", "years", True),
        ("trade_growth", "percent", True),
        ("election_share", "percent", True),
        ("loan", "EUR", True),
        ("other", "stops", True),
        ("investment_total", "GBP", True),
        ("refugee_count", "ships", False),
        ("soldier", "percent", False),
        ("casualty", "countries", False),
        ("ship", "vehicles", False),
        ("aircraft", "ships", False),
        ("missile", "weapons", False),
        ("rank", "factor", False),
        ("duration", "rounds", False),
        ("loan", "percent", False),
        ("investment_total", "persons", False),
        ("trade_growth", "USD", False),
        ("election_share", "persons", False),
        ("arms_import_share", "factor", False),
    ],
)
def test_a_unit_fits_its_family(ledger, family, unit, fits):
    ledger.change("figures", 6, family=family, unit=unit, subject="VEN", counterpart="RUS")
    assert [line.split("; ")[0] for line in faults()] == (
        [] if fits else [f"{PLACE}figures.csv:8: unit = {unit!r}: does not fit family {family}"]
    )


def test_every_fault_of_every_file_is_reported_at_once(ledger):
    ledger.change("figures", 0, value="61")
    ledger.change("figures", 4, subject="UKX")
    ledger.change("events", 0, date="2019-05-12", category="visit")
    ledger.change("arguments", 0, code="foot_hold", stance="maybe")
    with pytest.raises(DataError) as caught:
        build.build()
    message = str(caught.value)
    assert message.startswith("6 faults in the data:"), message
    for part in (
        "figures.csv:2: value",
        "figures.csv:6: subject",
        "events.csv:2: date, date_end",
        "events.csv:2: category",
        "arguments.csv:2: code",
        "nearest: foothold",
        "arguments.csv:2: stance",
    ):
        assert part in message, message


def test_a_span_inside_another_is_refused(ledger):
    row = ledger.rows("figures")[1]
    ledger.change("figures", 2, start=row["start"], end=row["end"])
    with pytest.raises(DataError, match="lies inside paper-2020-f02"):
        build.build()


def test_one_measure_twice_over_overlapping_periods_is_refused_unless_the_conflict_is_named(ledger):
    first = ledger.rows("figures")[0]
    same = {
        c: first[c]
        for c in ("measure", "subject", "counterpart", "responsible", "unit", "attributed_to")
    }
    ledger.change("figures", 1, **same)
    with pytest.raises(DataError, match="overlaps the period of paper-2020-f01"):
        build.build()
    ledger.change(
        "figures",
        0,
        conflicts_with="paper-2020-f02",
        status="conflicting",
        note="Both are printed.",
    )
    ledger.change(
        "figures",
        1,
        **same,
        conflicts_with="paper-2020-f01",
        status="conflicting",
        note="Both are printed.",
    )
    assert build.build().arrow["figures"].num_rows == 7


@pytest.mark.parametrize(
    ("first", "last", "precision", "fits"),
    [
        ("2019-05-11", "2019-05-20", "part_of_month", True),
        ("2019-05-11", "2019-05-21", "part_of_month", False),
        ("2019-02-21", "2019-02-28", "part_of_month", True),
        ("2019-05-01", "2019-05-31", "month", True),
        ("2019-05-01", "2019-05-30", "month", False),
        ("2019-01-01", "2019-12-31", "year", True),
        ("2019-01-01", "2020-12-31", "year", False),
        ("2019-09-01", "2019-12-31", "part_of_year", True),
        ("2000-01-01", "2003-12-31", "part_of_decade", True),
        ("2001-01-01", "2004-12-31", "part_of_decade", False),
        ("2019-05-11", "2019-05-11", "day", True),
        ("2019-05-11", "2019-05-12", "day", False),
        ("2019-05-11", "2019-05-17", "week", True),
        ("2019-05-11", "2019-05-18", "week", False),
        ("", "2019-05-11", "before", True),
        ("2019-05-11", "", "before", False),
        ("2019-05-11", "", "after", True),
        ("2019-05-11", "", "day", False),
        ("2019-01-01", "9999-12-31", "year", False),
        ("2019-05-12", "2019-05-11", "period", False),
    ],
)
def test_days_must_be_what_their_precision_says(ledger, first, last, precision, fits):
    ledger.change("events", 0, date=first, date_end=last, date_precision=precision)
    if fits:
        build.build()
    else:
        with pytest.raises(DataError, match=r"events\.csv:2: date, date_end"):
            build.build()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda t: t.replace("figure_id,", "figure,", 1),
            ["header", "figure_id", "is missing", "no column of this file"],
        ),
        (lambda t: t.replace('"', "'").replace("persons", '"persons', 1), ["is malformed"]),
        (lambda t: t + "too,few\n", ["has 2 cells instead of", "figures.csv:9"]),
        (lambda t: t.replace("Institute", "Institut\x00", 1), ["is no text"]),
        (lambda t: "", ["header", "is missing"]),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(ledger, damage, words):
    path = ledger.file("figures")
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        build.build()
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_file_in_another_encoding_or_gone_is_refused(ledger):
    ledger.file("events").write_bytes(b"event_id,date\nk\xe9,1\n")
    ledger.file("arguments").unlink()
    with pytest.raises(DataError) as caught:
        build.build()
    assert "events.csv: file = 'byte 15': is not UTF-8" in str(caught.value)
    assert (
        "data/raw/articles/paper-2020: file = 'arguments.csv': is missing; restore it from version control"
        in str(caught.value)
    )
    assert "stance" not in str(caught.value)  # no header of many columns
    ledger.file("arguments").mkdir()
    assert (
        "data/raw/articles/paper-2020: file = 'arguments.csv': cannot be read (Is a directory); put a CSV file in its "
        "place that you may read"
    ) in faults()


def test_an_unregistered_article_folder_is_refused(ledger):
    (ledger.raw / "articles" / "papre-2020").mkdir()
    with pytest.raises(DataError, match=r"papre-2020.*nearest: paper-2020"):
        build.build()


# ---- writing


def _state(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("pyarrow.parquet.write_table", OSError(28, "No space left on device")),
        ("nbfleet.whole._sync", OSError(5, "Input/output error")),
        ("nbfleet.whole._exchange", OSError(30, "Read-only file system")),
        ("json.dumps", KeyboardInterrupt()),
    ],
)
def test_a_build_that_fails_while_writing_leaves_the_old_tables_whole(
    ledger, monkeypatch, call, error
):
    store.write(build.build().arrow, ledger.processed)
    before = _state(ledger.processed)
    ledger.change("figures", 0, stated="65%", value="65", low="65", high="65")
    built = build.build()

    def fail(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(DataError if isinstance(error, OSError) else KeyboardInterrupt):
            store.write(built.arrow, ledger.processed)
    assert _state(ledger.processed) == before
    assert [p.name for p in ledger.processed.parent.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("step", [1, 2])
def test_without_an_exchange_the_two_renames_are_undone_if_one_fails(ledger, monkeypatch, step):
    store.write(build.build().arrow, ledger.processed)
    before = _state(ledger.processed)
    monkeypatch.setattr(whole, "_exchange", lambda a, b: False)
    real, calls = os.rename, []

    def rename(a, b):
        calls.append(a)
        if len(calls) == step:
            raise OSError(1, "Operation not permitted")
        real(a, b)

    monkeypatch.setattr(os, "rename", rename)
    ledger.change("figures", 0, measure="changed")
    with pytest.raises(DataError, match="the old tables are untouched"):
        store.write(build.build().arrow, ledger.processed)
    assert _state(ledger.processed) == before


def test_a_build_killed_at_random_moments_never_leaves_a_mixture(ledger):
    store.write(build.build().arrow, ledger.processed)
    old = _state(ledger.processed)
    ledger.change("figures", 0, measure="changed")
    store.write(build.build().arrow, ledger.folder / "new")
    new = _state(ledger.folder / "new")
    assert old != new
    code = (
        "import sys\nfrom pathlib import Path\nfrom rvdata import build, store\nbuilt = build.build()\n"
        "print('go', flush=True)\nwhile True:\n    store.write(built.arrow, Path(sys.argv[1]))\n"
    )
    for i in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(ledger.processed)], stdout=subprocess.PIPE
        )
        process.stdout.readline()
        time.sleep(0.004 * i)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert _state(ledger.processed) in (old, new)


def test_two_builds_at_once_both_succeed_and_one_of_them_stands(ledger):
    store.write(build.build().arrow, ledger.processed)
    whole = _state(ledger.processed)
    code = "import sys\nfrom pathlib import Path\nfrom rvdata import build, store\nstore.write(build.build().arrow, Path(sys.argv[1]))"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(ledger.processed)]) for _ in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert _state(ledger.processed) == whole
    assert [p.name for p in ledger.processed.parent.iterdir() if p.name.startswith(".")] == []


def test_what_a_killed_build_left_is_cleared_away_and_a_running_one_is_let_be(ledger):
    dead = ledger.processed.with_name(".processed.00000000.stage")
    (dead / "half").mkdir(parents=True)
    with whole.folder(ledger.processed.with_name("other")) as alive:
        store.write(build.build().arrow, ledger.processed)
        assert not dead.exists() and alive.exists()


def test_a_folder_with_foreign_files_is_not_replaced(ledger, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("precious")
    with pytest.raises(DataError, match=r"holds thesis.docx, which rvdata did not write"):
        store.write(build.build().arrow, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "precious"


def test_dot_files_neither_block_a_build_nor_get_lost(ledger):
    store.write(build.build().arrow, ledger.processed)
    (ledger.processed / ".gitkeep").write_text("kept")
    (ledger.processed / ".cache").mkdir()
    (ledger.processed / ".cache" / "x").write_text("kept too")
    (ledger.processed / ".lost").symlink_to("nowhere")
    store.write(build.build().arrow, ledger.processed)
    assert (ledger.processed / ".gitkeep").read_text() == "kept"
    assert (ledger.processed / ".cache" / "x").read_text() == "kept too"
    assert os.readlink(ledger.processed / ".lost") == "nowhere"


def test_a_link_in_place_of_the_folder_stays_a_link(ledger, tmp_path):
    ledger.processed.symlink_to(tmp_path / "elsewhere")
    for _ in range(2):
        store.write(build.build().arrow, ledger.processed)
        assert (
            ledger.processed.is_symlink() and (tmp_path / "elsewhere" / "figures.parquet").exists()
        )


def test_an_output_folder_below_a_file_is_refused(ledger, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(
        DataError, match=r"cannot be written \(.*\); .*free space or choose another folder"
    ):
        store.write(build.build().arrow, tmp_path / "file" / "out")


# ---- reading


@pytest.fixture
def built(ledger):
    store.write(build.build().arrow, ledger.processed)
    return ledger


def test_load_gives_typed_columns(built):
    figures = store.load("figures")
    assert figures["start"].dtype == "Int64" and figures["value"].dtype == "float64"
    assert str(figures["period_start"].dtype) == "datetime64[s]"
    assert figures.loc[0, "period_end"] == pd.Timestamp("2015-12-31")
    assert store.load("figures", release="paper-2020").equals(figures)


def test_an_unknown_table_or_origin_names_the_nearest(built):
    with pytest.raises(DataError, match="no table is called 'figure' \\(nearest: figures\\)"):
        store.load("figure")
    with pytest.raises(DataError, match="nearest: paper-2020"):
        store.load("figures", release="paper-2021")
    with pytest.raises(DataError, match="has no releases"):
        store.load("countries", release="paper-2020")


def test_a_missing_foreign_or_broken_parquet_file_is_refused(built):
    path = built.processed / "events.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(DataError, match="was not written by rvdata; run `rvdata build`"):
        store.load("events")
    path.write_bytes((built.processed / "figures.parquet").read_bytes())
    with pytest.raises(DataError, match="is the rvdata table 'figures'"):
        store.load("events")
    path.write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        store.load("events")
    path.unlink()
    with pytest.raises(DataError, match="not there; run `rvdata build`"):
        store.load("events")


def test_an_altered_table_or_descriptor_is_refused(built):
    path = built.processed / "events.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    with pytest.raises(
        DataError, match=r"is not the file that datapackage.json records; run `rvdata build`"
    ):
        store.load("events")
    assert len(store.load("figures")) == 7
    descriptor = built.processed / "datapackage.json"
    descriptor.write_text(json.dumps({"resources": []}))
    with pytest.raises(
        DataError, match=r"is not the file that datapackage.json records; run `rvdata build`"
    ):
        store.load("figures")
    descriptor.write_text("{")
    with pytest.raises(
        DataError,
        match=r"datapackage.json: is no descriptor of ours \(JSONDecodeError.*; run `rvdata build`",
    ):
        store.load("figures")
    assert len(build.differences(build.build())) == 1
    descriptor.unlink()
    assert len(store.load("events")) == 0


def test_a_build_between_reading_a_table_and_its_descriptor_does_no_harm(built, monkeypatch):
    real, calls = store._recorded, []

    def recorded(folder, name):
        calls.append(name)
        return "0" * 64 if len(calls) == 1 else real(folder, name)

    monkeypatch.setattr(store, "_recorded", recorded)
    assert (store.read("events").num_rows, calls) == (1, ["events", "events"])


def test_a_table_of_another_version_is_refused(built):
    path = built.processed / "events.parquet"
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["summary"]), path)
    with pytest.raises(DataError, match=r"another version of rvdata \(summary\)"):
        store.load("events")


def test_the_descriptor_lists_every_table_with_units_keys_and_licence(built):
    package = json.loads((built.processed / "datapackage.json").read_text())
    assert [r["name"] for r in package["resources"]] == list(schemas.TABLES)
    shares = next(r for r in package["resources"] if r["name"] == "arms_import_shares")
    field = next(f for f in shares["schema"]["fields"] if f["name"] == "share_pct")
    assert field["unit"] == "percent" and "constraints" not in field  # it may be empty
    assert shares["licenses"][0]["name"] == "CC-BY-4.0"
    assert shares["schema"]["foreignKeys"][0]["reference"] == {
        "resource": "figures",
        "fields": ["figure_id"],
    }
    for resource in package["resources"]:
        digest = hashlib.sha256((built.processed / resource["path"]).read_bytes()).hexdigest()
        assert resource["hash"] == f"sha256:{digest}"


def test_frictionless_reads_the_package_and_finds_its_rows_valid(built):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(built.processed / "datapackage.json"))
    assert report.valid, report.flatten(["fieldName", "rowNumber", "message"])[:5]
    assert report.tasks[2].stats["rows"] == 7

"""From raw to processed: what is assembled, what is refused and with which words, and that nothing is half written."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import ledger_factory
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nbfleet import whole
from rvdata import articles, build, schemas, store
from rvdata.errors import DataError


def test_an_invented_ledger_gives_the_tables_that_it_feeds(tables):
    arrow, _ = tables
    assert {n: t.num_rows for n, t in arrow.items()} | {"countries": 0} == {
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
    shares = arrow["arms_import_shares"].to_pandas()
    assert shares[["suppliers", "share_pct", "low", "high"]].values.tolist() == [
        ["RUS", 60.0, 60.0, 60.0],
        ["RUS;CHN", 75.0, 75.0, 75.0],
        ["CHN", 15.0, 14.0, 16.0],
    ]
    people = arrow["refugee_counts"].to_pylist()
    assert [(p["origin"], p["responsible"], p["persons"], p["low"]) for p in people] == [
        ("VEN", "VEN", 2500000.0, None),
        ("UKR", "RUS", 3500000.0, 3500000.0),
    ]
    money = arrow["investment_totals"].to_pylist()[0]
    assert (money["investor"], money["host"], money["instrument"], money["amount_usd"]) == (
        "RUS",
        "VEN",
        "investment",
        1.5e9,
    )


def test_dates_are_date32_and_units_stand_in_the_schema(tables):
    figures, shares = (tables[0][name] for name in ("figures", "arms_import_shares"))
    assert figures.schema.field("period_start").type == pa.date32()
    assert shares.schema.field("share_pct").metadata[b"unit"] == b"percent"
    assert shares.schema.metadata[b"rvdata.origins"] == b"paper-2020"


def test_two_builds_write_the_same_bytes(ledger, tables, out):
    store.write(build.build().arrow, out.with_name("again"))
    assert _state(out.with_name("again")) == _state(out)


def test_check_finds_nothing_after_a_build_and_names_the_table_after_a_change(tables, out):
    assert build.differences(build.Built(tables[0], {}), out) == []
    found = build.differences(build.Built(tables[1], {}), out)
    assert [line.split("/")[-1].split(":")[0] for line in found] == [
        "figures.parquet",
        "arms_import_shares.parquet",
        "datapackage.json",
    ]
    assert found[0].endswith("rows only in the folder: 1, rows only in what the raw files give: 1")


def test_proposals_wait_outside_the_tables(ledger):
    ledger.change("figures", 2, status="proposed", value="", qualifier="")
    built = build.build()
    assert built.proposed == 1
    assert "paper-2020-f03" not in built.arrow["figures"]["figure_id"].to_pylist()


def faults():
    """What a build refuses, a line for each fault."""
    try:
        build.build()
    except DataError as error:
        lines = str(error).splitlines()
        return lines[1:] if lines[0].endswith("faults in the data:") else lines
    return []


def told():
    """What reading the ledger alone refuses: quicker than a build."""
    return [str(fault) for fault in articles.read()[1]]


PLACE, F01, E01 = "data/raw/articles/paper-2020/", "figures.csv:2: ", "events.csv:2: "
#: Cells to put into the invented ledger, and every fault that this is by a build or by reading the ledger alone.
with (Path(__file__).parent / "faults.csv").open(encoding="utf-8", newline="") as file:
    FAULTS = list(csv.DictReader(file))


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case['table']}: {case['cells']}")
def test_a_wrong_row_is_told_with_place_column_value_and_remedy_and_told_once(ledger, case):
    cells = dict(cell.split("=", 1) for cell in case["cells"].split(" & "))
    ledger.change(case["table"], int(case["row"]), **cells)
    assert {"build": faults, "ledger": told}[case["read"]]() == case["faults"].splitlines()


def test_an_outlook_may_lie_ahead_of_its_article_and_two_rows_may_contradict_each_other(ledger):
    ledger.change("events", 0, date="2020-03-11", date_end="2020-03-20", category="outlook")
    ledger.change("figures", 2, conflicts_with="paper-2020-f07", status="conflicting", note="x")
    ledger.change("figures", 6, conflicts_with="paper-2020-f03")
    assert told() == []


def test_identifiers_taken_twice_are_one_fault_each(ledger):
    for table in ("origins", "events", "arguments"):
        ledger.put(table, ledger.rows(table) * 2)
    assert [line.split(" = ")[1] for line in faults() if "taken" in line] == [
        f"{name!r}: is taken by data/raw/{place}.csv:2; give the row an identifier of its own"
        for name, place in (
            ("paper-2020", "origins"),
            ("paper-2020-e01", "articles/paper-2020/events"),
            ("paper-2020-a01", "articles/paper-2020/arguments"),
        )
    ]


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
    assert [line.split(": ")[1].split(" = ")[0] for line in told()] == wrong


@pytest.mark.parametrize(
    ("family", "unit", "fits"),
    [
        ("refugee_count", "persons", True),
        ("duration", "years", True),
        ("loan", "EUR", True),
        ("other", "stops", True),
        ("refugee_count", "ships", False),
        ("loan", "percent", False),
        ("rank", "factor", False),
        ("trade_growth", "USD", False),
    ],
)
def test_a_unit_fits_its_family(ledger, family, unit, fits):
    ledger.change("figures", 6, family=family, unit=unit, subject="VEN", counterpart="RUS")
    assert [line.split("; ")[0] for line in told()] == (
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
    (line,) = told()
    assert line.endswith("lies inside paper-2020-f02; one expression is one figure")


def test_one_measure_twice_over_overlapping_periods_is_refused_unless_the_conflict_is_named(ledger):
    same = ("measure", "subject", "counterpart", "responsible", "unit", "attributed_to")
    ledger.change("figures", 1, **{c: ledger.rows("figures")[0][c] for c in same})
    (line,) = told()
    assert "'2005-01-01, 2015-12-31': overlaps the period of paper-2020-f01, which" in line
    named = {"status": "conflicting", "note": "Both are printed."}
    ledger.change("figures", 0, conflicts_with="paper-2020-f02", **named)
    ledger.change("figures", 1, conflicts_with="paper-2020-f01", **named)
    assert told() == []


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
        ("2019-01-01", "2019-08-31", "part_of_year", False),
        ("2001-01-01", "2004-12-31", "part_of_decade", False),
        ("2000-01-01", "2006-12-31", "part_of_decade", False),
        ("2000-01-01", "2004-12-31", "years", True),
        ("2000-01-01", "2004-11-30", "years", False),
        ("2019-05-11", "2019-05-11", "day", True),
        ("2019-05-11", "2019-05-12", "day", False),
        ("2019-05-11", "2019-05-17", "week", True),
        ("2019-05-11", "2019-05-18", "week", False),
        ("", "2019-05-11", "before", True),
        ("2019-05-11", "", "before", False),
        ("2019-05-11", "", "after", True),
        ("2019-05-11", "", "day", False),
        ("2019-01-01", "9999-12-31", "year", False),
    ],
)
def test_days_must_be_what_their_precision_says(ledger, first, last, precision, fits):
    ledger.change("events", 0, date=first, date_end=last, date_precision=precision)
    assert any(line.startswith(f"{PLACE}{E01}date, date_end = ") for line in told()) is not fits


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
    assert all(word in "\n".join(told()) for word in words), told()


def test_a_file_in_another_encoding_or_gone_and_an_unregistered_folder_are_refused(ledger):
    ledger.file("events").write_bytes(b"event_id,date\nk\xe9,1\n")
    ledger.file("arguments").unlink()
    (ledger.raw / "articles" / "papre-2020").mkdir()
    unknown, encoding, missing, *rest = told()
    assert unknown.startswith(
        "data/raw/articles/papre-2020: origin_id = 'papre-2020': is no article"
    )
    assert unknown.endswith("(nearest: paper-2020); register it there")
    assert encoding.startswith(f"{PLACE}events.csv: file = 'byte 15': is not UTF-8")
    gone = f"{PLACE[:-1]}: file = 'arguments.csv': is missing; restore it from version control"
    assert missing.startswith(gone)
    assert [line.split(": ")[2] for line in rest] == [
        "has no witness; let an event of an article name it, or remove the row"
    ]
    ledger.file("arguments").mkdir()
    closed = "cannot be read (Is a directory); put a CSV file in its place that you may read"
    assert f"{PLACE[:-1]}: file = 'arguments.csv': {closed}" in told()


# ---- writing


@pytest.fixture(scope="module")
def tables(root, tmp_path_factory):
    """The tables of the invented ledger, and those after one of its figures has changed."""
    home = ledger_factory.make(
        tmp_path_factory.mktemp("built") / "home", root / "data" / "raw" / "countries.csv"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVDATA_HOME", str(home.folder))
        old = build.build().arrow
        home.change("figures", 0, stated="65%", value="65", low="65", high="65")
        return old, build.build().arrow


def _state(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.fixture
def out(tables, tmp_path):
    """A folder with the old tables."""
    store.write(tables[0], tmp_path / "tables")
    return tmp_path / "tables"


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
    tables, out, monkeypatch, call, error
):
    before = _state(out)

    def fail(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(DataError if isinstance(error, OSError) else KeyboardInterrupt):
            store.write(tables[1], out)
    assert _state(out) == before
    assert [p.name for p in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize("step", [2, 3])
def test_without_an_exchange_the_two_renames_are_undone_if_one_fails(
    tables, out, monkeypatch, step
):
    before = _state(out)
    monkeypatch.setattr(whole, "_exchange", lambda a, b: False)
    real, calls = os.rename, []

    def rename(a, b):
        calls.append(a)
        if len(calls) == step:
            raise OSError(1, "Operation not permitted")
        real(a, b)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(DataError, match="the old tables are untouched"):
        store.write(tables[1], out)
    assert _state(out) == before


def test_two_builds_at_once_both_succeed_and_one_of_them_stands(tables, out):
    before = _state(out)
    code = (
        "import sys\nfrom pathlib import Path\nfrom rvdata import schemas, store\nout = Path(sys.argv[1])\n"
        "tables = {name: store.read(name, out) for name in schemas.TABLES}\n"
        "for _ in range(10):\n    store.write(tables, out)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(out)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert _state(out) == before
    assert [p.name for p in out.parent.iterdir()] == [out.name]


def test_what_a_killed_build_left_is_cleared_away_and_a_running_one_is_let_be(tables, out):
    dead = out.with_name(f".{out.name}.00000000.stage")
    (dead / "half").mkdir(parents=True)
    with whole.folder(out.with_name("other")) as alive:
        store.write(tables[0], out)
        assert not dead.exists() and alive.exists()


def test_a_folder_with_foreign_files_is_not_replaced(tables, out):
    (out / "thesis.docx").write_text("precious")
    with pytest.raises(DataError, match=r"holds thesis.docx, which rvdata did not write"):
        store.write(tables[1], out)
    assert (out / "thesis.docx").read_text() == "precious"


def test_dot_files_neither_block_a_build_nor_get_lost(tables, out):
    (out / ".gitkeep").write_text("kept")
    (out / ".cache").mkdir()
    (out / ".cache" / "x").write_text("kept too")
    (out / ".lost").symlink_to("nowhere")
    store.write(tables[1], out)
    assert (out / ".gitkeep").read_text() == "kept"
    assert (out / ".cache" / "x").read_text() == "kept too"
    assert os.readlink(out / ".lost") == "nowhere"


def test_a_link_in_place_of_the_folder_stays_a_link(tables, out):
    link = out.with_name("link")
    link.symlink_to(out)
    before = _state(out)
    store.write(tables[1], link)
    assert link.is_symlink() and _state(out) != before


def test_an_output_folder_below_a_file_is_refused(tables, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(
        DataError, match=r"cannot be written \(.*\); .*free space or choose another folder"
    ):
        store.write(tables[0], tmp_path / "file" / "out")


# ---- reading


@pytest.fixture
def built(tables, ledger):
    store.write(tables[0], ledger.processed)
    return ledger


def test_load_gives_typed_columns(built):
    figures = store.load("figures")
    assert figures["start"].dtype == "Int64" and figures["value"].dtype == "float64"
    assert str(figures["period_start"].dtype) == "datetime64[s]"
    assert figures.loc[0, "period_end"] == pd.Timestamp("2015-12-31")
    assert store.load("figures", release="paper-2020").equals(figures)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (("figure",), r"no table is called 'figure' \(nearest: figures\)"),
        (("figures", "paper-2021"), "nearest: paper-2020"),
        (("countries", "paper-2020"), "has no releases"),
    ],
)
def test_an_unknown_table_or_origin_names_the_nearest(built, wish, words):
    with pytest.raises(DataError, match=words):
        store.load(*wish)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: pq.write_table(pa.table({"a": [1]}), path), "was not written by rvdata"),
        (
            lambda path: path.write_bytes(path.with_name("figures.parquet").read_bytes()),
            "is the rvdata table 'figures'",
        ),
        (lambda path: path.write_bytes(b"PAR1 no"), "cannot be read as Parquet"),
        (lambda path: path.unlink(), "not there"),
        (
            lambda path: pq.write_table(pq.read_table(path).slice(0, 0), path),
            "is not the file that datapackage.json records",
        ),
        (
            lambda path: pq.write_table(pq.read_table(path).drop_columns(["summary"]), path),
            r"was written by another version of rvdata \(summary\)",
        ),
        (
            lambda path: path.with_name("datapackage.json").write_text('{"resources": []}'),
            "is not the file that datapackage.json records",
        ),
        (
            lambda path: path.with_name("datapackage.json").write_text("{"),
            r"datapackage.json: is no descriptor of ours \(JSONDecodeError.*",
        ),
    ],
)
def test_a_damaged_table_or_descriptor_is_refused(tables, built, damage, words):
    damage(built.processed / "events.parquet")
    with pytest.raises(DataError, match=f"{words}.*; run `rvdata build`"):
        store.load("events")
    assert build.differences(build.Built(tables[0], {}), built.processed)


def test_a_build_between_reading_a_table_and_its_descriptor_does_no_harm(built, monkeypatch):
    real, calls = store._recorded, []

    def recorded(folder, name):
        calls.append(name)
        return "0" * 64 if len(calls) == 1 else real(folder, name)

    monkeypatch.setattr(store, "_recorded", recorded)
    assert (store.read("events").num_rows, calls) == (1, ["events", "events"])


def test_a_table_without_its_descriptor_is_taken_as_it_is(built):
    (built.processed / "datapackage.json").unlink()
    assert len(store.load("events")) == 1


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

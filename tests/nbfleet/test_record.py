"""When a report runs again, and why: what it was made of against what there is."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from invented import PROJECT
from notebook_factory import code, markdown, printed, runnable, save

from nbfleet import pages, plan, reads, record

PARAMETERS = 'recipient: str = "VEN"  # whose arms'
TABLES = ("figures", "events")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_tables(home: Path, **contents: str) -> None:
    """Invented tables and their descriptor; the bytes of a file differ from its contents, as Parquet's do."""
    folder = home / "data" / "processed"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / f"{name}.parquet").write_bytes(text.encode())
    hashes = {path.stem: sha256(path.read_bytes()) for path in folder.glob("*.parquet")}
    (folder / "datapackage.json").write_text(json.dumps(hashes))


class Made:
    """A home with a notebook, two tables and a report that was made of one of them."""

    def __init__(self, home: Path):
        self.home, self.folder = home, home / "reports" / "one"
        write_tables(home, figures="f1|arrow 1", events="e1|arrow 1")
        self.notebook = save(
            runnable("recipient", parameters=PARAMETERS), home / "notebooks" / "one.ipynb"
        )
        self.report = plan.Report(
            "one", self.notebook, "Who?", {"recipient": "CUB"}, project=PROJECT
        )
        self.make()

    def make(self, read: tuple[str, ...] | None = ("figures",), status: str = "ok") -> None:
        paths = (
            None
            if read is None
            else [self.home / "data" / "processed" / f"{name}.parquet" for name in read]
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "one.html").write_text("a page")
        page = pages.Page(
            "one", "Who?", "one", (("recipient", "CUB", "whose arms"),), ("A",), "2025-01"
        )
        inputs = record.inputs(self.report, paths)
        told = record.Record(
            page, status, "", None, 1.5, 1, inputs, {"one.html": sha256(b"a page")}
        )
        (self.folder / record.FILE).write_text(record.text(told))

    def reasons(self) -> list[str]:
        return record.reasons(self.report, self.folder)

    def edit(self, change) -> None:
        nb = nbformat.read(self.notebook, as_version=4)
        change(nb)
        nbformat.write(nb, self.notebook)


@pytest.fixture
def made(tmp_path, monkeypatch) -> Made:
    monkeypatch.setenv("FLEET_HOME", str(tmp_path))
    return Made(tmp_path)


def test_a_record_comes_back_as_it_was_written(made):
    known = record.read(made.folder)
    assert known.page == pages.Page(
        "one", "Who?", "one", (("recipient", "CUB", "whose arms"),), ("A",), "2025-01"
    )
    assert (known.status, known.seconds, known.attempts, known.name) == ("ok", 1.5, 1, "one")
    assert known.inputs["parameter recipient"] == '"CUB"'


@pytest.mark.parametrize("status", ["failed", "timeout", "lost"])
def test_what_did_not_succeed_runs_again(made, status):
    made.make(status=status)
    assert made.reasons() == [f"{status} last time"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "{", '{"nbfleet_record": 2}', "[" * 100_000, '{"page": ' * 100_000]
)
def test_a_record_that_cannot_be_read_counts_for_nothing(made, text):
    (made.folder / record.FILE).write_text(text)
    assert made.reasons() == ["no record that can be read"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nbfleet_record", 1),
        ("status", "fine"),
        ("seconds", "1.5"),
        ("inputs", {"notebook": 3}),
        ("page", {"name": "one"}),
        ("more", 1),
    ],
)
def test_a_record_with_anything_odd_counts_for_nothing(made, key, value):
    told = json.loads((made.folder / record.FILE).read_text())
    (made.folder / record.FILE).write_text(json.dumps({**told, key: value}))
    assert record.read(made.folder) is None


def test_a_record_of_another_report_counts_for_nothing(made):
    made.folder.rename(made.folder.parent / "two")
    assert record.reasons(replace(made.report, name="two"), made.folder.parent / "two") == [
        "no record that can be read"
    ]


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda nb: nb.cells[2].update(source="recipient  # which"), ["notebook changed"]),
        (lambda nb: nb.cells[0].update(source="# Who else?"), ["notebook changed"]),
        (lambda nb: nb.cells.append(markdown("more")), ["notebook changed"]),
        (lambda nb: nb.cells.reverse(), ["notebook changed"]),
        (lambda nb: nb.cells[2].metadata.update(tags=["chart"]), ["notebook changed"]),
        (lambda nb: nb.metadata.kernelspec.update(name="other"), ["notebook changed"]),
        (lambda nb: nb.metadata.update(nbfleet={"sources": ["B"]}), ["notebook changed"]),
        (lambda nb: nb.cells[2].update(outputs=[printed("run")], execution_count=7), []),
        (lambda nb: nb.cells[2].metadata.update(execution={"iopub": "now"}), []),
        (lambda nb: nb.metadata.update(language_info={"name": "python", "version": "3.99"}), []),
    ],
)
def test_a_notebook_counts_without_what_a_run_leaves_in_it(made, change, reasons):
    made.edit(change)
    assert made.reasons() == reasons


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"parameters": {"recipient": "SYR"}}, ['parameter recipient changed ("CUB", now "SYR")']),
        ({"parameters": {}}, ["parameter recipient is gone"]),
        ({"title": "Who else?"}, ["title changed"]),
        ({"formats": ("html", "pdf")}, None),
    ],
)
def test_what_the_plan_says_counts(made, changes, reasons):
    made.report = replace(made.report, **changes)
    found = made.reasons()
    assert found == reasons if reasons else found[0] == "formats changed (html, now html, pdf)"


def test_a_table_that_the_run_read_counts_and_another_does_not(made):
    write_tables(made.home, events="e2|arrow 1")
    assert made.reasons() == []
    write_tables(made.home, figures="f2|arrow 1")
    assert made.reasons() == ["table figures changed"]
    (made.home / "data" / "processed" / "figures.parquet").unlink()
    assert made.reasons() == ["table figures is gone"]


def test_a_table_that_is_not_what_the_descriptor_says_counts(made):
    (made.home / "data" / "processed" / "figures.parquet").write_bytes(b"f1|meddled")
    assert made.reasons() == ["table figures changed"]


def test_where_it_is_not_known_what_the_run_read_every_data_file_counts(made):
    made.make(read=None)
    assert made.reasons() == []
    write_tables(made.home, events="e2|arrow 1")
    assert made.reasons() == ["table events changed"]
    write_tables(made.home, events="e1|arrow 1", more="m")
    assert made.reasons() == ["table more is new"]


@pytest.mark.parametrize(
    "source",
    [
        "pd.read_parquet(paths.processed() / 'events.parquet')",
        "import duckdb",
        "!cat ../data/x.csv",
        "open('../data/processed/events.parquet')",
        "text = Path('../data').rglob('*')",
        "np.load('../data/x.npy')",
        "for name in os.listdir('../data'): pass",
        "%run other.py",
        "exec(something)",
    ],
)
def test_a_notebook_that_may_reach_files_unseen_rests_on_all_of_them(made, source):
    made.edit(lambda nb: nb.cells.append(code(source)))
    made.make()
    write_tables(made.home, events="e2|arrow 1")
    assert made.reasons() == ["table events changed"]


def test_versions_of_all_that_is_installed_count(made, monkeypatch):
    past = record._packages()
    assert past["package pandas"] == importlib.metadata.version("pandas")
    assert past["package jupyter-client"] == importlib.metadata.version("jupyter-client")
    newer = past | {"package pandas": "0.2"}
    monkeypatch.setattr(record, "_packages", lambda: newer)
    assert made.reasons() == [f"package pandas changed ({past['package pandas']}, now 0.2)"]


def test_the_source_of_the_projects_own_packages_counts(made, monkeypatch, tmp_path):
    package = tmp_path / "own_package"
    (package / "styles").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "styles" / "report.css").write_text("a {}")
    monkeypatch.syspath_prepend(tmp_path)
    made.report = replace(made.report, project=replace(PROJECT, packages=("own_package",)))
    made.make()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"compiled")
    assert made.reasons() == []
    (package / "styles" / "report.css").write_text("a { color: red }")
    assert made.reasons() == ["invented changed"]


def test_files_that_are_not_as_they_were_written_count(made):
    (made.folder / "one.html").write_text("b page")
    assert made.reasons() == ["one.html altered"]
    (made.folder / "one.html").unlink()
    assert made.reasons() == ["one.html missing"]


def test_a_run_whose_ground_moved_does_not_count(made):
    known = record.read(made.folder)
    (made.folder / record.FILE).write_text(record.text(replace(known, inputs={})))
    assert made.reasons() == ["something it rests on changed while it ran"]


def test_foreign_files_in_a_reports_folder_are_seen_and_a_desktops_are_not(made):
    assert record.foreign(made.folder) == []
    (made.folder / ".DS_Store").write_text("x")
    assert record.foreign(made.folder) == []
    (made.folder / "notes.txt").write_text("mine")
    assert record.foreign(made.folder) == ["one/notes.txt"]


# ---------------------------------------------------------------- what a run reads


def test_who_loads_data_notes_the_file_itself_and_only_where_a_batch_asked(tmp_path, monkeypatch):
    log, table = tmp_path / "log", tmp_path / "tables" / "a.parquet"
    (tmp_path / "link").symlink_to(tmp_path / "tables")
    monkeypatch.delenv(reads.VARIABLE, raising=False)
    reads.note(table)
    assert not log.exists()
    monkeypatch.setenv(reads.VARIABLE, str(log))
    reads.note(tmp_path / "link" / "a.parquet")
    reads.note(Path("/elsewhere"))
    reads.note(tmp_path / "line\nbreak")
    reads.note(tmp_path / os.fsdecode(b"\xff"))
    assert reads.noted(log) == {
        table,
        Path("/elsewhere"),
        tmp_path / "line\nbreak",
        tmp_path / "\udcff",
    }
    size = log.stat().st_size
    reads.note(tmp_path / "link" / "a.parquet")
    assert log.stat().st_size == size  # said once, however often it is read
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        reads.note(Path("same"))
    assert {tmp_path / "one" / "same", tmp_path / "other" / "same"} < reads.noted(log)


def test_data_behind_a_link_is_named_as_if_it_lay_there(made, tmp_path_factory):
    real = tmp_path_factory.mktemp("real") / "data"
    (made.home / "data").rename(real)
    (made.home / "data").symlink_to(real)
    made.make()
    assert "data/processed/figures.parquet" in record.read(made.folder).inputs
    assert made.reasons() == []


def test_a_data_file_whose_name_is_no_text_has_its_place_in_a_record(made):
    odd = made.home / "data" / os.fsdecode(b"\xff.csv")
    odd.write_text("1")
    inputs = record.inputs(made.report, [odd])
    assert "data/\\udcff.csv" in inputs
    assert record.text(replace(record.read(made.folder), inputs=inputs)).encode()


def test_a_module_beside_the_notebook_counts_and_one_that_reads_files_makes_all_data_count(made):
    helper = made.notebook.parent / "helper.py"
    helper.write_text("x = 1")
    made.make()
    assert made.reasons() == []
    helper.write_text("x = 2")
    assert made.reasons() == ["beside helper.py changed"]
    helper.write_text("x = open('../data/processed/events.parquet').read()")
    made.make()
    write_tables(made.home, events="e2|arrow 1")
    assert made.reasons() == ["table events changed"]


@pytest.mark.parametrize(
    "source", ["rvdata.load('figures')", "table = figures", "reopened = 3", "walked(1)", "x.load()"]
)
def test_a_notebook_that_only_calls_a_loader_that_notes_rests_on_what_is_noted(made, source):
    made.edit(lambda nb: nb.cells.append(code(source)))
    made.make()
    write_tables(made.home, events="e2|arrow 1")
    assert made.reasons() == []

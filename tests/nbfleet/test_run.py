"""Reports run for real: kernels, worker processes, files, failures, and notebooks refreshed in place."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from invented import PROJECT
from nbformat.v4 import new_output
from notebook_factory import code, markdown, notebook, printed, runnable, save
from processes import LEAVING, marked, wait_for

from nbfleet import pages, plan, record, run, supervise
from nbfleet.make import RefreshError, canonical, refresh
from nbfleet.run import RunError

PLAN = """\
reports:
  - notebook: good
  - notebook: killing
  - {notebook: good, title: "Who arms {recipient}?", parameters: {recipient: CUB, end: 2010}}
  - notebook: failing
  - notebook: dying
  - notebook: leaving
  - notebook: kernelless
  - notebook: interrupting
"""


def bare(*sources: str) -> nbformat.NotebookNode:
    return runnable(*sources, parameters="start: int = 2000  # first year")


def write_own(folder: Path, *endings: str, status: str = "ok") -> None:
    """A stale report as an earlier run left it."""
    folder.mkdir(parents=True)
    page = pages.Page(folder.name, f"An older {folder.name}", "other", sources=("A",))
    files = {f"{folder.name}{ending}": "stale" for ending in endings}
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / record.FILE).write_text(
        record.text(record.Record(page, status, "", None, 1.0, 1, {}, files))
    )


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Eight reports run once, two at a time, among traps: the folders, the results, what was echoed."""
    home = tmp_path_factory.mktemp("home {x}")  # papermill fills {fields} in paths
    folder, out = home / "notebooks", home / "out"
    told = '{"application/vnd.nbfleet.provenance+json": {"sources": ["RUSI 2022"], "data_as_of": "2025-01"}}'
    save(
        runnable(
            "import os, sys\nprint(recipient, end, os.path.basename(os.getcwd()))",
            "print(os.path.samefile(os.environ['FLEET_HOME'], '..'))\nprint('noise', file=sys.stderr)",
            f"from IPython.display import display\ndisplay({told}, raw=True)\nsys.prefix == {sys.prefix!r}",
        ),
        folder / "good.ipynb",
    )
    save(
        bare("'fine'", "raise ValueError('no such\\nstate: \\x1b[31mXXX\\x1b[0m')", "'never'"),
        folder / "failing.ipynb",
    )
    save(bare("'fine'", "import os\nos.kill(os.getpid(), 9)", "'never'"), folder / "dying.ipynb")
    save(bare("import sys\nsys.exit(0)", "'never'"), folder / "leaving.ipynb")
    kernelless = bare("1")
    kernelless.metadata.kernelspec.name = "no-such-kernel"
    save(kernelless, folder / "kernelless.ipynb")
    save(bare("raise KeyboardInterrupt"), folder / "interrupting.ipynb")
    save(
        bare("import os\nos.kill(int(os.environ['JPY_PARENT_PID']), 9)"), folder / "killing.ipynb"
    )  # out of memory
    (folder / "reports.yaml").write_text(PLAN)

    # What earlier runs left: successes that must not be passed off as fresh, a failure that is over, another report
    for name in ("failing", "dying", "killing", "older"):
        write_own(out / name, ".html", "-code.html", ".ipynb")
    write_own(out / "good", ".failed.ipynb", status="failed")
    (out / "foreign").mkdir()
    (out / "foreign" / "foreign.ipynb").write_text("{}")

    # A kernel called python3 that belongs to another environment comes first on the path
    spec = home / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = ["false", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "x", "language": "python"}))

    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("FLEET_HOME", ".")
        patch.setenv("JUPYTER_PATH", str(home / "jupyter"))
        results = run.run(
            plan.read_plan(folder / "reports.yaml", PROJECT), Path("out"), jobs=2, echo=lines.append
        )
    return {"out": out, "results": results, "lines": lines}


def executed(batch, name: str) -> nbformat.NotebookNode:
    return nbformat.read(
        batch["out"] / name.removesuffix(".failed") / f"{name}.ipynb", as_version=4
    )


def printed_in(nb, index: int) -> str:
    return "".join(
        output.text for output in nb.cells[index].outputs if output.get("name") == "stdout"
    )


# ---------------------------------------------------------------- a batch


def test_every_report_has_a_result_in_the_order_of_the_plan(batch):
    assert [(result.name, result.status, result.cell) for result in batch["results"]] == [
        ("good", "ok", None),
        ("killing", "lost", 2),
        ("good_cub_2010", "ok", None),
        ("failing", "failed", 3),
        ("dying", "failed", 3),
        ("leaving", "failed", 2),
        ("kernelless", "failed", None),
        ("interrupting", "failed", 2),
    ]


def test_a_failure_is_told_in_one_line_with_cell_name_and_value(batch):
    assert [result.message for result in batch["results"]] == [
        "",
        "cell 2: its process died; look for a lack of memory and run the report again",
        "",
        "cell 3: ValueError: no such state: XXX",
        "cell 3: DeadKernelError: Kernel died",
        "cell 2: SystemExit: the run ended before the last cell; leave sys.exit() out of notebooks",
        "kernel: NoSuchKernel: No such kernel named no-such-kernel",
        "cell 2: KeyboardInterrupt",
    ]


def test_good_reports_leave_their_files_and_failed_ones_none_under_a_final_name(batch):
    files = {
        folder.name: sorted(path.name.removeprefix(folder.name) for path in folder.iterdir())
        for folder in batch["out"].iterdir()
        if folder.is_dir() and folder.name != ".nbfleet"
    }
    assert files == {
        "good": ["-code.html", ".html", ".ipynb", "record.json"],
        "good_cub_2010": ["-code.html", ".html", ".ipynb", "record.json"],
        "older": ["-code.html", ".html", ".ipynb", "record.json"],
        "killing": ["record.json"],
        **{
            name: [".failed.ipynb", "record.json"]
            for name in ("failing", "dying", "leaving", "kernelless", "interrupting")
        },
        "foreign": [".ipynb"],
    }
    assert [path.name for path in batch["out"].iterdir() if path.is_file()] == ["index.html"]
    assert {path.name for path in (batch["out"] / ".nbfleet").iterdir()} == {"front", "lock"}


def test_records_say_what_the_files_are_and_what_the_run_started_from(batch):
    for result in batch["results"]:
        folder = batch["out"] / result.name
        assert record.read(folder) == result
        assert set(result.files) == {path.name for path in folder.iterdir()} - {"record.json"}
    known = record.read(batch["out"] / "good_cub_2010")
    assert known.inputs["parameter recipient"] == '"CUB"'
    assert {"notebook", "invented", "python", "package pandas", "package nbconvert"} < set(
        known.inputs
    )


def test_one_line_is_echoed_for_each_report_again_for_each_failure_and_one_for_all(batch):
    lines = batch["lines"]
    first = [line.split(maxsplit=5) for line in lines[:8]]
    assert [count for count, *_ in first] == [f"{n}/8" for n in range(1, 9)]
    told = {result.name: (result.status, result.message) for result in batch["results"]}
    told["good"] = ("ok", "out/good/good.html")
    told["good_cub_2010"] = ("ok", "out/good_cub_2010/good_cub_2010.html")
    assert {name: (state, rest) for _, state, name, _, _, rest in first} == told
    assert {unit for *_, unit, _ in first} == {"s"}
    assert lines[8:-1] == [
        f"failed: {result.name}: {result.message}" for result in batch["results"] if not result.ok
    ]
    assert lines[-1].startswith("8 reports: 2 made, 6 failed, ")
    assert lines[-1].endswith(" s  out/index.html")


def test_a_kernel_has_parameters_folder_and_home_and_is_the_interpreter_that_runs_us(batch):
    """The home although its variable is relative, the interpreter whatever else is called python3."""
    assert printed_in(executed(batch, "good"), 2) == "VEN None notebooks\n"
    assert printed_in(executed(batch, "good_cub_2010"), 3) == "CUB 2010 notebooks\n"
    assert printed_in(executed(batch, "good"), 3) == "True\n"
    assert executed(batch, "good").cells[4].outputs[-1].data["text/plain"] == "True"


def test_executed_notebooks_are_canonical(batch):
    nb = executed(batch, "good_cub_2010")
    assert nb.metadata.papermill == {"parameters": {"recipient": "CUB", "end": 2010}}
    assert "version" not in nb.metadata.language_info
    assert [cell.execution_count for cell in nb.cells[1:]] == [1, 2, 3, 4, 5]
    tags = [{"tags": ["parameters"]}, {"tags": ["injected-parameters"]}]
    assert [cell.metadata for cell in nb.cells] == [{}, *tags, {}, {}, {}]
    assert [cell.id for cell in nb.cells[1:4]] == ["cell-1", "injected-parameters", "cell-2"]
    assert "papermill" not in executed(batch, "good").metadata
    assert tempfile.gettempdir() + "/" not in json.dumps(nb.metadata)


def test_a_failed_notebook_holds_what_ran_and_the_error(batch):
    nb = executed(batch, "failing.failed")
    counts = [cell.execution_count for cell in nb.cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3, None]
    assert [
        output.ename
        for cell in nb.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ] == ["ValueError"]
    assert nb.metadata.nbfleet.report.message == "cell 3: ValueError: no such state: XXX"
    assert [cell.execution_count for cell in executed(batch, "dying.failed").cells[1:3]] == [1, 2]
    assert all(not cell.get("outputs") for cell in executed(batch, "kernelless.failed").cells)


def test_the_report_page_shows_parameters_sources_and_results(batch):
    soup = BeautifulSoup(
        (batch["out"] / "good_cub_2010" / "good_cub_2010.html").read_text(), "html.parser"
    )
    assert soup.h1.get_text() == "Who arms Cuba?"
    assert soup.select_one(".question").get_text() == "Who arms whom?"
    box = " ".join(soup.select_one(".provenance").get_text(" ").split())
    assert "share 0.5 least share shown" in box and "Data 2025-01 Sources RUSI 2022" in box
    assert "CUB 2010 notebooks" in soup.main.get_text()


def test_the_index_lists_this_run_and_earlier_reports_and_links_only_what_is_there(batch):
    soup = BeautifulSoup((batch["out"] / "index.html").read_text(), "html.parser")
    assert [a["href"] for a in soup.select("h3 a")] == [
        "good/good.html",
        "good_cub_2010/good_cub_2010.html",
        "older/older.html",
    ]
    assert [p.get_text() for p in soup.select(".message")] == [
        result.message for result in batch["results"] if not result.ok
    ]
    assert ["From an earlier run" in card.get_text() for card in soup.select(".card")] == [
        False
    ] * 8 + [True]


# ---------------------------------------------------------------- an output folder that will not do


def one_report(folder: Path, *sources: str, name: str = "one") -> plan.Report:
    notebook = save(bare(*sources), folder / f"{name}.ipynb")
    return plan.Report(name, notebook, "Who?", {})


@pytest.fixture
def no_workers(monkeypatch):
    def refuse(*args):
        raise AssertionError("a worker was started")

    monkeypatch.setattr(supervise, "supervised", refuse)


@pytest.mark.parametrize(
    ("out", "why"), [("file", "File exists"), ("file/below", "Not a directory")]
)
def test_an_output_folder_that_cannot_be_written_is_refused_before_any_kernel_starts(
    tmp_path, no_workers, out, why
):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunError) as caught:
        run.run([one_report(tmp_path)], tmp_path / out)
    assert str(caught.value) == (
        f"{tmp_path / out}: cannot be used ({why}); mend that or choose another folder with --out"
    )


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A home with one notebook and data."""
    home = tmp_path / "home"
    (home / "data" / "raw").mkdir(parents=True)
    report = replace(one_report(home / "notebooks"), project=PROJECT)
    monkeypatch.setenv("FLEET_HOME", str(home))
    return home, report


@pytest.mark.parametrize(
    "out",
    [
        *("/", "home", "home/../home/notebooks", "home/notebooks/new"),
        *("home/data", "home/data/processed", "link", "other", "apart"),
    ],
)
def test_folders_that_hold_the_project_are_refused_and_left_as_they_were(
    project, tmp_path, no_workers, out
):
    home, report = project
    apart = one_report(tmp_path / "apart")
    (tmp_path / "link").symlink_to(home / "notebooks")
    (tmp_path / "other" / "notebooks").mkdir(parents=True)
    (tmp_path / "other" / "notebooks" / "reports.yaml").write_text("reports: []\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    with pytest.raises(
        RunError, match="is the root, or a folder of a project, its data or notebooks; choose"
    ):
        run.run([report, apart], tmp_path / out)
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["index.html", "one/mine.txt", "own/mine.txt"])
def test_files_that_came_from_elsewhere_are_refused_and_left_as_they_were(
    tmp_path, no_workers, name
):
    out = tmp_path / "out"
    write_own(out / "own", ".html")
    foreign = out / name
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("<!DOCTYPE html>\n<title>Mine</title>")
    before = sorted(out.rglob("*"))
    with pytest.raises(RunError) as caught:
        run.run([one_report(tmp_path), one_report(tmp_path, name="own")], out)
    told = "one" if name == "one/mine.txt" else name
    assert str(caught.value) == (
        f"{out}: holds {told}, which nbfleet did not write; move it away or choose another folder with --out"
    )
    assert sorted(out.rglob("*")) == before


# ---------------------------------------------------------------- more output than anybody can read


FLOODS = {
    "printing": "while True:\n    print('x' * 1000)",
    "updating": "from IPython.display import display\nhandle = display('x', display_id=True)\n"
    "while True:\n    handle.update('x' * 100_000)",
    "much": "print('x' * 15_000_000)",
    "writing": "import os\nos.write(2, b'x' * 50_000)",
}


def test_a_cell_that_never_stops_talking_ends_its_report_and_no_other(tmp_path, capfd):
    reports = [one_report(tmp_path, "1", source, name=name) for name, source in FLOODS.items()]
    results = run.run(reports, tmp_path / "out", 2, timeout_seconds=120, echo=lambda line: None)
    told = "cell 3: TooMuchOutput: more than 20 MB of output"
    assert {result.name: (result.status, result.cell, result.message) for result in results} == {
        **dict.fromkeys(FLOODS, ("failed", 3, told)),
        "much": ("ok", None, ""),
        "writing": ("ok", None, ""),
    }
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("out/*/*.failed.ipynb")}
    assert len(sizes) == 2 and all(size < 25_000_000 for size in sizes.values())
    assert sum(map(len, capfd.readouterr())) < 1000, "the terminal is flooded instead"


# ---------------------------------------------------------------- what has left the session of a cell


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")
def test_what_left_the_session_of_a_cell_ends_with_its_report(tmp_path, monkeypatch, warm):
    """At a time-out, at the death of the kernel and at a normal end."""
    mark = f"300.{os.getpid()}{warm:d}"
    begin = LEAVING.replace("MARK", mark)
    ends = {"ok": "1", "failed": "os.kill(os.getpid(), 9)", "timeout": "os.read(os.pipe()[0], 1)"}
    reports = [one_report(tmp_path, begin, end, name=name) for name, end in ends.items()]
    if not warm:
        monkeypatch.setattr(supervise.kernels, "warm", lambda *_: contextlib.nullcontext())
        monkeypatch.setenv("NBFLEET_WARM", "")
    for some, limit in ((reports[:2], None), (reports[2:], 10)):
        results = run.run(some, tmp_path / "out", 2, timeout_seconds=limit, echo=lambda line: None)
        assert [result.status for result in results] == [report.name for report in some]
        wait_for(lambda: not marked(mark))


# ---------------------------------------------------------------- canonical notebooks


def test_canonical_drops_when_where_and_how_fast_and_keeps_what_was_computed():
    cell = code("x", "chart", outputs=[printed("a")], count=7)
    cell.metadata.update(
        execution={"iopub": "2025"}, papermill={"duration": 3}, trusted=True, collapsed=True
    )
    empty = code(" ", outputs=[printed("left over")], count=3)
    untagged = markdown("# Q?")
    untagged.metadata["tags"] = []
    nb = notebook(untagged, cell, empty)
    nb.metadata.update(
        papermill={"input_path": "/home/x", "parameters": {"start": 1}},
        widgets={"state": {}},
        language_info={"name": "python", "version": "3.11.7", "pygments_lexer": "ipython3"},
        nbfleet={"sources": ["A"]},
        authors=[{"name": "B"}],
    )
    nb.metadata.kernelspec = {"name": "conda-env", "display_name": "Mine", "language": "python"}
    result = canonical(nb)
    metadata = [cell.metadata for cell in result.cells]
    assert metadata == [{}, {"tags": ["chart"], "collapsed": True}, {}]
    assert (result.cells[1].execution_count, result.cells[1].outputs) == (7, [printed("a")])
    assert (result.cells[2].execution_count, result.cells[2].outputs) == (None, [])
    python3 = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert result.metadata == {
        "papermill": {"parameters": {"start": 1}},
        "kernelspec": python3,
        "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        "nbfleet": {"sources": ["A"]},
        "authors": [{"name": "B"}],
    }
    assert nb.cells[1].metadata.papermill == {"duration": 3}, "what was given is changed"


def test_canonical_joins_neighbouring_pieces_of_one_stream_only():
    shown = new_output("display_data", data={"text/plain": "t"})
    pieces = [printed("a\n"), printed("b\n"), printed("w\n", "stderr"), printed("c\n"), shown]
    pieces += [printed("d\n"), printed("e\n")]
    outputs = canonical(notebook(code("x", outputs=pieces))).cells[0].outputs
    joined = [printed("a\nb\n"), printed("w\n", "stderr"), printed("c\n"), shown, printed("d\ne\n")]
    assert outputs == joined


# ---------------------------------------------------------------- refresh


def test_two_refreshes_give_the_same_bytes(tmp_path):
    nb = bare(
        "import os\nprint('a', flush=True)\nprint(os.path.basename(os.getcwd()))", "start", ""
    )
    nb.cells[2].update(outputs=[printed("stale")], execution_count=9)
    path = save(nb, tmp_path / "here" / "one.ipynb")
    assert refresh(path) is True
    first, file = path.read_bytes(), path.stat().st_ino
    assert refresh(path) is False
    assert path.stat().st_ino == file, "an unchanged notebook is written again"
    assert path.read_bytes() == first
    result = nbformat.reads(first, as_version=4)
    assert [cell.get("execution_count") for cell in result.cells] == [None, 1, 2, 3, None]
    assert printed_in(result, 2) == "a\nhere\n"
    assert [cell.id for cell in result.cells] == ["cell-0", "cell-1", "cell-2", "cell-3", "cell-4"]
    assert list(path.parent.iterdir()) == [path]


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path):
    path = save(bare("1 / 0", "2"), tmp_path / "one.ipynb")
    before = path.read_bytes()
    with pytest.raises(RefreshError) as caught:
        refresh(path)
    assert str(caught.value) == (
        f"{path}: cell 2: ZeroDivisionError: division by zero; the notebook stands as before"
    )
    assert path.read_bytes() == before

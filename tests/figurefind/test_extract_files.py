"""`rvdata extract` on files: what is read, what is refused, what is written, and that nothing in it runs anywhere."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from figurefind import extract, files, language, output
from figurefind.errors import FindError
from rvdata.cli import main

ARTICLE = "The agency said that 5,000 people fled in May 2019, and that $3 billion was needed to house them all.\n"
KEYS = "file,start,end,stated,kind,value,low,high,unit,qualifier"
PAGE = (
    "<!DOCTYPE html><html><head><title>Flight</title></head><body><nav>Home 24</nav><article><h1>Flight</h1><p>"
    + ARTICLE * 4
    + "</p></article><footer>Copyright 2019</footer></body></html>"
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, **keywords):
        return CliRunner().invoke(main, ["extract", *map(str, arguments)], **keywords)

    return invoke


@pytest.fixture
def article(tmp_path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_the_table_is_for_people_and_fits_the_terminal(run, article, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    shown = run("article.txt")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == "article.txt: 3 figures"
    assert " ".join(lines[1].split()) == "place stated kind reads as of said by sure"
    assert " ".join(lines[2].split()) == "21:26 5,000 count 5,000 persons people The agency 0.95"
    assert max(map(len, lines)) <= 100


def test_csv_has_the_ten_keys_first_and_numbers_without_exponents(run, article):
    rows = list(csv.reader(io.StringIO(run("--format", "csv", "article.txt").stdout)))
    assert ",".join(rows[0][:10]) == KEYS
    assert rows[3][:4] == ["article.txt", "61", "71", "$3 billion"]
    billion = "3000000000"
    assert rows[3][4:10] == ["money", billion, billion, billion, "USD", "exact"]


def test_json_lines_have_the_ten_keys_first_and_an_id(run, article):
    records = [
        json.loads(line) for line in run("--format", "jsonl", "article.txt").stdout.splitlines()
    ]
    assert ",".join(list(records[0])[:10]) == KEYS
    assert {record["id"] for record in records} == {"article"}
    assert (
        records[0]["value"] == 5000 and ARTICLE[records[0]["start"] : records[0]["end"]] == "5,000"
    )


def test_standard_input_is_read(run):
    assert run("--format", "csv", "-", input=ARTICLE).stdout.splitlines()[1].startswith(",21,26")


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_done(run, article, tmp_path):
    (tmp_path / "latin.txt").write_bytes("Caf\xe9 5,000 people".encode("latin-1"))
    (tmp_path / "wide.txt").write_bytes("5,000 people".encode("utf-16"))
    (tmp_path / "binary.txt").write_bytes(b"5,000\0people")
    result = run("--format", "jsonl", tmp_path, "missing.txt")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    said = result.stderr
    assert (
        "byte 3 is not UTF-8; save the file as UTF-8" in said
        and "is UTF-16; save it as UTF-8" in said
    )
    assert "NUL" in said and "missing.txt: not there; correct the path" in said
    assert "4 of 5 files could not be read; the others are done" in said and "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [[], ["--format", "parquet", "article.txt"], ["-", "-"], ["--format", "xml", "article.txt"]],
)
def test_wrong_use_ends_with_2(run, article, arguments):
    assert run(*arguments).exit_code == 2


def test_a_folder_streams_to_parquet_on_several_processes(run, tmp_path, monkeypatch):
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    for number in range(12):
        (folder / ("deep" if number % 2 else ".") / f"a{number:02}.txt").write_text(
            ARTICLE * 40, encoding="utf-8"
        )
    (folder / "broken.txt").write_bytes(b"\xff\xff\xff")
    monkeypatch.setattr(extract, "_ALONE_BYTES", 1000)
    monkeypatch.setattr(extract, "_ROWS", 100)
    result = run("articles", "--out", "found.parquet")
    assert result.exit_code == 1 and "1 of 13 files could not be read" in result.stderr
    table = pd.read_parquet(tmp_path / "found.parquet")
    assert list(table.columns) == list(extract.COLUMNS) and len(table) == 12 * 120
    assert list(table["file"].drop_duplicates()) == sorted(
        table["file"].unique(), key=lambda name: ("deep" in name, name)
    )
    assert [p.name for p in tmp_path.iterdir() if "stage" in p.name] == []


def test_several_processes_find_what_one_finds(article, monkeypatch):
    paths = [article] * 5
    alone = [found for _, found in extract.batch(paths, {}, jobs=1)]
    assert [found for _, found in extract.batch(paths, {}, jobs=2)] == alone and len(alone[0]) == 3


def test_an_unwritable_target_is_said_and_leaves_nothing(run, article, tmp_path):
    (tmp_path / ".found.csv.00000000.stage").touch()  # of a command that was killed
    result = run("article.txt", "--out", "nowhere/found.csv")
    assert result.exit_code == 1 and "nowhere/found.csv: cannot be written" in result.stderr
    assert run("article.txt", "--out", "found.csv").exit_code == 0
    assert (tmp_path / "found.csv").read_text(encoding="utf-8").count("\n") == 4
    assert [p.name for p in tmp_path.iterdir() if "stage" in p.name] == []


def test_html_is_read_without_its_frame_and_its_text_saved_beside(run, tmp_path):
    pytest.importorskip("trafilatura")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    result = run("--format", "jsonl", "page.html")
    assert "the text of 1 HTML pages stands beside them as NAME.html.txt" in result.stderr
    records = [json.loads(line) for line in result.stdout.splitlines()]
    text = (tmp_path / "page.html.txt").read_text(encoding="utf-8")
    assert {text[r["start"] : r["end"]] for r in records} == {"5,000", "May 2019", "$3 billion"}
    assert run(".", "--format", "jsonl").stdout.count("\n") == len(
        records
    )  # the saved text is no second article
    (tmp_path / "page.html.txt").write_text(text[:20], encoding="utf-8")  # as after a kill
    run("page.html")
    assert (tmp_path / "page.html.txt").read_text(encoding="utf-8") == text
    (tmp_path / "page.html.txt").write_text("mine", encoding="utf-8")
    refused = run("page.html")
    assert refused.exit_code == 1 and "is there with other content" in refused.stderr
    assert (tmp_path / "page.html.txt").read_text(encoding="utf-8") == "mine"


def test_html_without_its_library_names_the_remedy(run, tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    result = run("page.html")
    assert result.exit_code == 1 and "pip install 'rvdata[html]'" in result.stderr


def test_links_out_of_a_folder_are_not_followed_and_said(run, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (tmp_path / "in" / "all").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / ".hidden.txt").write_text(ARTICLE, encoding="utf-8")
    result = run("in", "--format", "jsonl")
    assert result.exit_code == 0 and len(result.stdout.splitlines()) == 3
    assert result.stderr.count("not followed") == 3


NAMES = ["a\nb", "=cmd", "-x", "tab\t", "\x1b[31m", "ünï", "\udcff", 'a;b,c"']


@pytest.mark.parametrize("name", [f"{name}.txt" for name in NAMES])
def test_odd_file_names_are_printed_inert(run, tmp_path, name):
    (tmp_path / name).write_text(ARTICLE, encoding="utf-8")
    for form in ("table", "csv", "jsonl"):
        result = run("--format", form, ".")
        assert result.exit_code == 0, result.stderr
        assert (
            "\x1b" not in result.stdout
            and len(result.stdout.splitlines()) == {"table": 5, "csv": 4, "jsonl": 3}[form]
        )


def test_a_file_larger_than_an_article_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "large.txt").write_text(ARTICLE, encoding="utf-8")
    with pytest.raises(FindError, match=r"large.txt: .* are more than an article's .*; split it"):
        extract.read(tmp_path / "large.txt")


def test_a_folder_a_pipe_and_a_name_with_nul_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path, tmp_path / "pipe.txt", tmp_path / "a\0b.txt"):
        with pytest.raises(FindError):
            extract.read(path)


def test_the_progress_bar_is_for_a_terminal_only(run, article, tmp_path):
    (tmp_path / "other.txt").write_text(ARTICLE, encoding="utf-8")
    assert "file" not in run(tmp_path, "--format", "csv").stderr
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from rvdata.cli import main; main()",
            "extract",
            str(tmp_path),
            "--format",
            "csv",
        ],
        stderr=follower,
        stdout=subprocess.PIPE,
    )
    os.set_blocking(leader, False)
    assert done.returncode == 0 and b"/2 [" in os.read(leader, 10_000)


# ---- nothing runs as a formula, nothing breaks a row


@given(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))
def test_cells_come_back_as_they_are_and_none_runs_as_a_formula(text, number):
    record = {"file": text, "value": number, "noun": "", "countries": ("RUS", "VEN")}
    printed = output.csv_lines([record])
    [row] = csv.reader(io.StringIO(printed, newline=""), strict=True)
    assert float(row[1]) == pytest.approx(number) and row[2:] == ["", "RUS;VEN"]
    assert row[0][:1] not in [*"=+-@\t\r|%"] or output._PLAIN_NUMBER.fullmatch(row[0])
    assert len(printed.splitlines()) == 1


def test_numbers_stay_numbers_and_formulas_become_text():
    given = ["-5%", "=1+1", "+1", "@x", -5.0, 1e21, "-cmd", "1 000", None, 0.1]
    cells = output.cells(dict(enumerate(given)))
    assert cells[:5] == ["-5%", "'=1+1", "'+1", "'@x", "-5"]
    assert cells[5:] == ["1000000000000000000000", "'-cmd", "1 000", "", "0.1"]


def test_control_characters_are_inert_in_the_table():
    [found] = extract.propose("It said that 5 people came.")
    record = found._asdict() | {"stated": "\x1b[31m5", "noun": "\u202eabc"}
    assert "\x1b" not in output.table([record], 80) and "\u202e" not in output.table([record], 80)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "a.txt"
    path.write_bytes(raw)
    try:
        text, _ = extract.read(path)
    except FindError as error:
        assert "\n" not in str(error)
    else:
        assert text.encode() == raw
        extract.propose(text)


TAGS = (
    "<p>¦</p>¦<div>¦<table><tr><td>¦</td></tr></table>¦<!--¦-->¦<script>¦</script>¦&amp;¦&#0;¦<br>¦<svg>"
    "¦&#x110000;¦<![CDATA[¦]]>¦5,000 people fled. ¦\0¦<iframe src=x>¦<li>¦<ul>¦<h1>¦\ufffd¦<¦>¦\u202e"
    "¦<meta charset=utf-7>¦<style>"
)
tags = st.sampled_from([*TAGS.split("¦"), ARTICLE, "<p " + "a=1 " * 50 + ">"])


@given(st.lists(st.one_of(tags, st.text(max_size=10)), max_size=40).map("".join))
def test_any_html_is_read_or_refused(tmp_path_factory, body):
    pytest.importorskip("trafilatura")
    path = tmp_path_factory.mktemp("html") / "a.html"
    path.write_bytes(("<html><body>" + body + "</body></html>").encode("utf-8", "replace"))
    try:
        text, extracted = extract.read(path)
        assert extracted and Path(f"{path}.txt").read_bytes().decode("utf-8") == text
        for p in extract.propose(text):
            assert text[p.start : p.end].strip()
    except FindError as error:
        assert "\n" not in str(error)


MHTML = (
    "From: <Saved by Blink>\r\nSubject: =?utf-8?Q?Flight?=\r\nDate: Tue, 1 Jan 2019 10:00:00 -0000\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----M"\r\n\r\n'
    "------M\r\nContent-Type: text/html\r\n\r\n" + PAGE
)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.mhtml", "a.pdf", "a"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (b"\xef\xbb\xbf%PDF-1.4\n", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        (b"{\\rtf1\\ansi 5,000 people}", "RTF"),
        (MHTML.encode(), "a web archive (MHTML)"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(run, tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    result = run(name)
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.startswith(f"rvdata: {name}: is {kind}") and result.stderr.count("\n") == 1


def test_a_text_that_only_speaks_of_mail_is_read(run, tmp_path):
    (tmp_path / "a.txt").write_text(
        "Subject: content\n\n" + ARTICLE + "Content-Type: multipart/x\n"
    )
    assert run("a.txt", "--format", "csv").stdout.count("\n") == 4


@pytest.mark.parametrize(
    ("attributes", "limit"),
    [
        (" ".join(f"a{i}=x" for i in range(1100)), "a tag with 1,100 attributes"),
        ("x='>' " + " ".join(f'a{i}="x"' for i in range(1100)), "a tag with 1,101 attributes"),
        (" ".join(f"attribute{i}" for i in range(1100)), "a tag with 1,100 attributes"),
        ("a=b></p><p " * 200_001, "attributes are more than the 200,000"),
    ],
    ids=["bare", "quoted", "without values", "many tags"],
)
def test_a_page_with_more_attributes_than_its_parser_bears_is_refused(
    run, tmp_path, attributes, limit
):
    pytest.importorskip("trafilatura")
    page = PAGE.replace("<article>", f"<article><p {attributes}>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    result = run("page.html")
    assert result.exit_code == 1 and limit in result.stderr and result.stderr.count("\n") == 1


def test_a_page_with_a_long_picture_and_script_in_it_is_read(run, tmp_path):
    pytest.importorskip("trafilatura")
    long = (
        "<img src='data:image/png;base64,"
        + "A B=" * 5000
        + "'><script>"
        + "a=1;" * 5000
        + "</script>"
    )
    (tmp_path / "page.html").write_text(PAGE.replace("<nav>", f"<nav>{long}"), encoding="utf-8")
    assert run("page.html").exit_code == 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El gobierno obtuvo un préstamo de 1.600 millones de dólares. Unos 3.700 soldados llegaron a la capital.", "Spanish"),
        ("Il governo ha ottenuto un prestito di 1.200 milioni di dollari e 2.500 soldati nel 2019.", "Italian"),
        ("Über 2.500 Soldaten wurden nach Angaben der Regierung und der Armee in die Stadt geschickt.", "German"),
        ("Le gouvernement a obtenu un prêt de 1,2 milliard de dollars en 2019, selon les autorités.", "French"),
        ("Правительство получило кредит в размере 1,2 млрд долларов.", "text in another script"),
        ("Hallitus sai lainaa miljardia dollaria ja sotilaita saapui kaupunkiin. " * 12, "another language"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_english_is_said_to_be_so_and_not_read(run, tmp_path, text, language):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    result = run("a.txt", "--format", "csv")
    assert result.exit_code == 1 and result.stdout.count("\n") == 1  # the header
    assert result.stderr == (
        f"rvdata: a.txt: is not English, it reads like {language}; nothing is proposed, give an English text\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        "Peru: 2.15 million\nEcuador: 377,800\nGuyana 31,200\n",
        "The Fuerza Armada de la República and the Guardia del Pueblo got $5 million of it.",
        "5,000",
        "",
    ],
)
def test_english_and_tables_are_read(text):
    assert language.other_than_english(text) == ""

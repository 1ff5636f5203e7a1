"""Quotation marks stand around what is printed alone: in the published notebooks, their charts, and all that is told."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from matplotlib.text import Text
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rvdata import charts, guards, load, quotations, trace

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
GOLDEN = [*sorted((ROOT / "tests" / "golden").glob("*/*.md")), ROOT / "tests/golden/commands.txt"]


@pytest.fixture(scope="module")
def ledger():
    articles = load("origins").query("kind == 'article'")
    return quotations.printed(load("figures")["stated"].dropna(), articles["title"])


@pytest.fixture
def in_an_article(texts):
    return quotations.in_texts(path.read_text(encoding="utf-8") for path in texts.glob("*.txt"))


def strays(text, stands):
    return [q for q in quotations.quoted(text) if not stands(quotations.bare(q))]


# ---- what is published


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_published_notebook_quotes_only_what_the_ledger_has_as_printed(path, ledger):
    assert quotations.complaints(nbformat.read(path, 4), path.name, ledger.__contains__) == []


def test_a_report_or_command_quotes_only_what_the_ledger_has_as_printed(ledger):
    told = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN}
    assert {name: strays(text, ledger.__contains__) for name, text in told.items()} == {
        name: [] for name in told
    }


@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p.stem not in guards.COMPANIONS], ids=lambda p: p.stem
)
def test_the_charts_of_a_published_notebook_quote_only_what_is_printed(path, ledger, monkeypatch):
    drawn = []

    def gather(fig, alt, *_):
        drawn.extend([alt, *(text.get_text() for text in fig.findobj(Text))])
        plt.close(fig)

    monkeypatch.setattr(charts.house, "show", gather)
    variables: dict = {"display": lambda *shown: None}
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, path.name, "exec"), variables)
    assert len(drawn) > 20
    assert strays("\n".join(drawn), ledger.__contains__) == []


def test_the_trace_of_any_figure_quotes_only_what_is_printed(ledger):
    told = "\n".join(map(trace, load("figures")["figure_id"]))
    assert "“$30 billion”, hedged apart: estimated\n" in told  # the article has a verb for it
    assert strays(told, ledger.__contains__) == []


def test_what_is_quoted_stands_in_an_article(in_an_article):
    quoted = {q for path in GOLDEN for q in quotations.quoted(path.read_text(encoding="utf-8"))}
    assert {"multimillion-dollar", "largest", "4.5 million"} <= quoted
    assert [q for q in sorted(quoted) if not in_an_article(quotations.bare(q))] == []
    assert quotations.in_notebooks(ROOT / "notebooks", in_an_article) == []


def test_what_the_ledger_has_as_printed_stands_in_an_article_but_for_a_scale_word_shared_by_several(
    in_an_article,
):
    stated = quotations.printed(load("figures")["stated"].dropna(), [])
    assert len(stated) > 20
    lost = [words for words in sorted(stated) if not in_an_article(words)]
    assert lost == ["5.9 million", "6.6 million"]  # the article: 6.6, 5.9 and 4.5 million


def test_neither_plan_nor_questions_promise_the_words_of_an_article():
    texts = [(ROOT / "notebooks" / "reports.yaml").read_text(encoding="utf-8")]
    for path in NOTEBOOKS:
        texts += [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown"]
    promises = ("“", "”", "in the words of")
    assert [text for text in texts if any(words in text for words in promises)] == []


# ---- the guard itself

LEDGER = quotations.printed(["over 100", ""], ["Ruritania Arms Itself …", "[Report on Ruritania]"])


def test_printed_are_expressions_and_titles_but_no_title_of_ours():
    assert sorted(LEDGER) == ["over 100", "ruritania arms itself …"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("none", []),
        ("“over two\nlines” and &ldquo;in HTML&rdquo;", ["over two\nlines", "in HTML"]),
        ("“one “in another” and on", ["one ", "in another"]),
        ("“”", [""]),
    ],
)
def test_marks_are_found_wherever_they_stand(text, quoted):
    assert quotations.quoted(text) == quoted


def test_words_are_compared_without_case_blanks_and_stops():
    stands = quotations.in_texts(["Forces: Over  100\nmen, it says."], LEDGER)
    held = ["over 100 men", "“Over 100 men,”", "OVER\n100", "Ruritania arms itself …"]
    assert [stands(quotations.bare(q.strip("“”"))) for q in held] == [True] * 4
    assert [
        stands(quotations.bare(q)) for q in ("over 1,000", "ruritania arms itself", "", " . ")
    ] == [False] * 4


def test_a_complaint_says_cell_and_words_of_prose_output_table_and_alternative_text():
    drawn = new_output(
        "display_data",
        data={"text/plain": "x", "image/png": "“no text”"},
        metadata={"image/png": {"alt": "“d”"}, "isolated": True},
    )
    nb = new_notebook(
        cells=[
            new_markdown_cell("“a” and “over 100”"),
            new_code_cell("x = '“code is no output”'"),
            new_code_cell("", outputs=[new_output("stream", text="“b\nc” “b c”"), drawn]),
            new_code_cell(
                "",
                outputs=[
                    new_output("execute_result", data={"text/html": "<i>&ldquo;e&rdquo;</i>"})
                ],
            ),
        ]
    )
    assert quotations.complaints(nb, "x.ipynb", LEDGER.__contains__) == [
        f"x.ipynb, cell {cell}: “{words}” is printed nowhere; take the marks off, or quote what is printed"
        for cell, words in ((1, "a"), (3, "b c"), (3, "d"), (4, "e"))
    ]

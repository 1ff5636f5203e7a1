"""What no cell may hold reaches no table and no terminal; what a ledger says is shown as the text it is."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import markdown2html_mistune as markdown2html

from rvdata import build, cli, evidence, store
from rvdata import words as words_
from rvdata.text import md, visible

#: A title set, the screen cleared, the direction turned, a blank of no width, a soft hyphen.
STEERING = ("\x1b]0;X\x07", "\x1b[2J", "\u202e", "\u200b", "\xad", "\x9b2J")


def rvdata(*words):
    return CliRunner().invoke(cli.main, words)


@pytest.mark.parametrize(
    ("table", "column", "place", "hidden"),
    [
        ("figures", "measure", "articles/paper-2020/figures.csv:2", STEERING[0]),
        ("figures", "measure", "articles/paper-2020/figures.csv:2", STEERING[1]),
        ("events", "summary", "articles/paper-2020/events.csv:2", STEERING[2]),
        ("arguments", "gloss", "articles/paper-2020/arguments.csv:2", STEERING[3]),
        ("origins", "title", "origins.csv:2", STEERING[4]),
        ("countries", "aliases", "countries.csv:2", STEERING[5]),
    ],
)
def test_a_cell_that_hides_or_steers_is_refused_with_its_place(
    ledger, table, column, place, hidden
):
    ledger.change(table, 0, **{column: f"a{hidden}b"})
    done = rvdata("build")
    codes = ", ".join(f"U+{ord(c):04X}" for c in hidden if not c.isprintable())
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "",
        f"rvdata: data/raw/{place}: {column} = {f'a{hidden}b'!r}: holds {codes}, which is not "
        "seen or steers what is; remove it\n",
    )
    assert not ledger.processed.exists()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("trace", "paper-2020-f01"), "measures     a�]0;X�b�c"),
        (("cite", "figures"), "A. Author (2020): a�]0;X�b�c. The Paper."),
    ],
)
def test_commands_show_what_steers_a_terminal(ledger, monkeypatch, words, shown):
    built = build.build().arrow
    for table, column in (("figures", "measure"), ("origins", "title")):
        hostile = pa.array(["a\x1b]0;X\x07b\u202ec"] * built[table].num_rows)
        index = built[table].column_names.index(column)
        built[table] = built[table].set_column(index, built[table].schema.field(index), hostile)
    store.write(built, ledger.processed)
    done = rvdata(*words)
    assert done.exit_code == 0
    assert shown in done.output
    assert visible(done.output) == done.output


def test_an_error_shows_what_steers_a_terminal(ledger, tmp_path, monkeypatch):
    odd = tmp_path / "a\x1b]0;X\x07\u202e"
    odd.mkdir()
    done = rvdata("verify", "--texts", str(odd))
    assert done.exit_code == 1
    monkeypatch.setenv("RVDATA_HOME", str(odd))
    built = rvdata("build")
    used = rvdata("import", "c\x1b[2Jpi", "x.csv", "--origin", "cpi-2024")
    assert (built.exit_code, used.exit_code) == (1, 2)
    for said in (done.output, built.output, used.output):
        assert said and visible(said) == said


def test_a_terminal_without_a_character_shows_a_question_mark(ledger, monkeypatch):
    ledger.change("figures", 0, measure="“share”")
    rvdata("build")
    for words in ("trace paper-2020-f01", "list", "check paper-2020-f01", "cite figures"):
        done = CliRunner(charset="latin-1").invoke(cli.main, words.split())
        assert done.exception is None, words


# ---- Markdown and HTML

TRICKS = r"""[Login](https://evil.example) <h2>FAKE</h2>
![x](https://evil.example/x.png)
<https://evil.example>
`code` **bold** _it_ ~~gone~~ | a | b |
$x$ and $$y$$, \(z\), \[w\], \begin{align}v\end{align}
&lt;b&gt; &#60;i&#62; \<b>
# heading
- item
1. item
+ item
> quoted
---
[x]: https://evil.example
Footnote[^1]""".splitlines()
HOSTILE = st.lists(
    st.sampled_from([*TRICKS, "words", "30", *"[]()<>!`*_~|$\\&;:#-+=. "]), min_size=1, max_size=6
).map(lambda parts: " ".join("".join(parts).split()))


def rendered(markdown: str) -> list[BeautifulSoup]:
    """What two readers of Markdown make of a text: that of nbconvert, and CommonMark with tables and strikethrough."""
    common = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [
        BeautifulSoup(page, "lxml") for page in (markdown2html(markdown), common.render(markdown))
    ]


def tags(page: BeautifulSoup) -> list[str]:
    """Names of a page's elements, but for those that keep formulas apart."""
    return [tag.name for tag in page.find_all() if tag.name != "span"]


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text().split())


def shown_as_text(tell, hostile: str) -> None:
    """Hold a text with a hostile cell against the same with a harmless one: no element more, and the cell in its words."""
    for page, harmless in zip(rendered(tell(hostile)), rendered(tell("Qqq")), strict=True):
        assert tags(page) == tags(harmless)
        assert words(page) == words(harmless).replace("Qqq", hostile).replace("qqq", hostile)
    assert not re.search(r"(?<!\\)\$", tell(hostile))


@given(HOSTILE)
def test_a_cell_is_no_markup_in_markdown(hostile):
    assume(hostile)
    shown_as_text(lambda cell: f"{md(cell)}, it says: **{md(cell)}**.\n\n- {md(cell)}", hostile)


def prose_with(cell: str) -> str:
    """A template of a notebook whose every value is the cell."""
    template = "{{ a }}: **{{ a | capital }}**, {{ rows | listed }}. ¶ {{ a }}"
    return words_.prose(template, {"a": cell, "rows": [cell] * 5})


@pytest.mark.parametrize("hostile", [TRICKS[0], " ".join(TRICKS)])
def test_prose_shows_hostile_cells_as_text(hostile):
    pages = map(rendered, (prose_with(hostile), prose_with("Qqq")))
    for page, harmless in zip(*pages, strict=True):
        assert tags(page) == tags(harmless)
        assert hostile[1:] in words(page)


@given(hostile=HOSTILE)
def test_tables_show_hostile_cells_as_text(hostile):
    assume(hostile)
    table = pd.DataFrame({"what": [hostile] * 2, "who": [hostile] * 2})
    page = BeautifulSoup(evidence.Table(table)._repr_html_(), "lxml")
    assert set(tags(page)) == {"html", "body", "table", "thead", "tbody", "tr", "th", "td"}
    cells = [cell.get_text().replace("\N{NO-BREAK SPACE}", " ") for cell in page.find_all("td")]
    assert cells.count(hostile.replace("\N{NO-BREAK SPACE}", " ")) == 4
    for text in page.find_all(string=True):
        assert text.count("$") < 2 and (text == "\\" or "\\" not in text)


def test_no_table_takes_a_cell_that_hides_wherever_it_comes_from():
    frame = store.load("us_cpi", "all").head(3)
    assert store.violations("us_cpi", frame) == []
    frame.loc[[0, 2], "origin_id"] = "uscpi-2026-05\u200b"
    faults = store.violations("us_cpi", frame)
    assert [(fault.place, fault.column, fault.value) for fault in faults] == [
        ("0", "origin_id", "uscpi-2026-05\u200b"),
        ("2", "origin_id", "uscpi-2026-05\u200b"),
    ]

"""What no cell may hold reaches no table and no terminal; what a ledger says is shown as the text it is."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

from rvdata import build, cli, store
from rvdata.text import visible

#: A title set, the screen cleared, the direction turned, a blank of no width, a soft hyphen.
STEERING = ("\x1b]0;X\x07", "\x1b[2J", "\u202e", "\u200b", "\xad", "\x9b2J")


def rvdata(*words):
    return CliRunner().invoke(cli.main, words)


@pytest.mark.parametrize("hidden", STEERING)
@pytest.mark.parametrize(
    ("table", "column", "place"),
    [
        ("figures", "measure", "articles/paper-2020/figures.csv:2"),
        ("events", "summary", "articles/paper-2020/events.csv:2"),
        ("arguments", "gloss", "articles/paper-2020/arguments.csv:2"),
        ("origins", "title", "origins.csv:2"),
        ("countries", "aliases", "countries.csv:2"),
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


def test_of_a_publishers_file_no_such_cell_is_compiled_or_built():
    frame = pd.DataFrame({"country_a": ["RUS"], "country_b": ["VEN"], "issue": ["all\u202e"]})
    found = store.violations("un_vote_agreement", frame.assign(origin_id="x"))
    assert (
        "0: issue = 'all\\u202e': holds U+202E, which is not seen or steers what is; remove it"
        in map(str, found)
    )


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
    for words in (
        ("trace", "paper-2020-f01"),
        ("list",),
        ("check", "paper-2020-f01"),
        ("cite", "figures"),
    ):
        done = CliRunner(charset="latin-1").invoke(cli.main, words)
        assert done.exception is None, words

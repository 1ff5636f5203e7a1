"""The ledger held against texts: invented ones, and the five articles where they are at hand."""

from __future__ import annotations

import re

import pytest

from rvdata import articles, paths
from rvdata.errors import DataError


def verified(home):
    ledger, faults = articles.read()
    assert faults == []
    return articles.verify(ledger, home.folder / "texts")


def text_of(home):
    return home.folder / "texts" / "paper-2020.txt"


def test_every_row_of_an_unchanged_text_holds_and_derived_rows_are_counted_apart(ledger):
    result = verified(ledger)
    assert (result.holding, result.located, result.derived, result.complaints) == (8, 8, 1, ())


def test_a_changed_text_is_reported_and_its_figures_are_found_at_their_new_place(ledger):
    path = text_of(ledger)
    text = path.read_text(encoding="utf-8")
    path.write_text("A new first sentence stands here.\n" + text, encoding="utf-8")
    result = verified(ledger)
    assert result.holding == 0
    assert "is not the text that was coded (370 characters instead of 336)" in result.complaints[0]
    assert result.complaints[1] == f"{path}: all 8 rows moved by +34 code points"
    moved = [c for c in result.complaints if "moved from" in c]
    assert len(moved) == 8
    start = int(ledger.rows("figures")[0]["start"])
    assert f"moved from {start}:{start + 3} to {start + 34}:{start + 37}" in moved[0]
    path.write_text(text.replace("The lender", "Here the lender"), encoding="utf-8")
    assert [c for c in verified(ledger).complaints if "rows moved by" in c] == []


def test_a_text_of_the_same_length_is_told_apart_by_its_hash(ledger):
    path = text_of(ledger)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Ruritania bought", "Freedonia bought"),
        encoding="utf-8",
    )
    assert (
        "is not the text that was coded (SHA-256 differs); rows" in verified(ledger).complaints[0]
    )


def test_a_figure_that_has_gone_from_its_text_is_lost(ledger):
    path = text_of(ledger)
    path.write_text(path.read_text(encoding="utf-8").replace("60%", "61%"), encoding="utf-8")
    result = verified(ledger)
    assert result.holding == 7
    assert [c for c in result.complaints if "paper-2020-f01: lost" in c]


def test_an_expression_that_its_place_does_not_print_is_reported(ledger):
    ledger.change(
        "figures", 4, stated="3.6 million", value="3600000", low="3600000", high="3600000"
    )
    result = verified(ledger)
    assert result.complaints == (
        "data/raw/articles/paper-2020/figures.csv:6: paper-2020-f05: stands at 169:180, but does "
        "not print '3.6 million'",
    )


def test_a_missing_text_and_a_missing_folder_are_said(ledger):
    text_of(ledger).unlink()
    assert "not there; 8 rows of paper-2020" in verified(ledger).complaints[0]
    with pytest.raises(DataError, match="is no folder"):
        articles.verify(articles.read()[0], ledger.folder / "nowhere")


# ---- the five articles


def test_every_place_in_the_five_articles_holds(texts):
    ledger, faults = articles.read()
    assert faults == []
    result = articles.verify(ledger, texts)
    assert result.complaints == ()
    assert (
        result.holding
        == result.located
        == sum(len(r) for r in ledger.rows.values()) - result.derived
    )


def test_no_nine_words_of_an_article_stand_in_the_repository(texts, root):
    words = re.compile(r"[A-Za-z0-9’'$%.,-]+")
    passages = set()
    for path in texts.glob("*-*.txt"):
        found = [w.lower() for w in words.findall(path.read_text(encoding="utf-8"))]
        passages |= {tuple(found[i : i + 9]) for i in range(len(found) - 8)}
    assert len(passages) > 4000
    hits = []
    for path in root.rglob("*"):
        top = path.relative_to(root).parts[0]
        if (
            path.is_file()
            and top not in {".git", ".venv", "reports", ".hypothesis"}
            and path.suffix
            in {".py", ".md", ".csv", ".ipynb", ".yaml", ".yml", ".json", ".txt", ".html", ".cff"}
        ):
            found = [w.lower() for w in words.findall(path.read_text(encoding="utf-8"))]
            hits += [
                (path.name, found[i : i + 9])
                for i in range(len(found) - 8)
                if tuple(found[i : i + 9]) in passages
            ]
    assert hits == []


# ---- facts of the collection that other work relies on


@pytest.fixture(scope="module")
def committed():
    from rvdata import load

    return {table: load(table) for table in ("origins", "figures", "events", *articles.FED)}


def test_the_people_who_fled_ukraine_are_counted_there_and_charged_to_russia(committed):
    counts = committed["refugee_counts"].set_index("persons")
    row = counts.loc[4_500_000, ["origin", "origin_basis", "responsible", "status"]]
    assert row.tolist() == ["UKR", "inferred", "RUS", "doubted"]
    assert counts.loc[6_600_000, "origin"] == "SYR" and counts.loc[5_900_000, "origin"] == "VEN"
    assert set(counts["stated"]) == {"6.6 million", "5.9 million", "4.5 million"}


def test_the_arms_shares_carry_window_supplier_and_who_says_so(committed):
    shares = committed["arms_import_shares"].set_index("suppliers")
    assert shares["share_pct"].to_dict() == {"RUS": 70.0, "RUS;CHN": 80.0, "CHN": 10.0}
    assert shares.loc["CHN", "status"] == "derived" and shares.loc["CHN", "high"] == 20.0
    assert shares.loc["CHN", "low"] == 0.0 and shares.loc["RUS;CHN", "status"] == "doubted"
    assert set(shares["period_start"].dt.year) == {2000}
    assert set(shares["period_end"].dt.year) == {2021}
    assert shares.loc["RUS", "attributed_to"] == "SIPRI Arms Transfers Database"


def test_the_investment_total_is_an_estimate_without_bounds(committed):
    row = committed["investment_totals"].set_index("stated").loc["$30 billion"]
    said = row[["amount_usd", "qualifier", "investor", "host"]].tolist()
    assert said == [30e9, "approx", "RUS", "VEN"]
    assert row[["low", "high"]].isna().all() and row["status"] == "doubted"


def test_what_is_not_printed_is_derived_with_its_parents(committed):
    derived = committed["figures"].query("status == 'derived'").set_index("measure")
    assert derived["value"].to_dict() == {
        "China's share of Venezuela's arms imports implied by two stated shares": 10.0,
        "US reward before it was doubled": 25e6,
        "vessels of the July flotilla": 4.0,
        "all European states withdrawing recognition of Maduro": 16.0,
    }
    assert derived["derived_from"].notna().all() and derived["start"].isna().all()


def test_every_publication_date_is_inferred_and_says_from_what(committed):
    articles = committed["origins"].query("kind == 'article'")
    assert set(articles["published_basis"]) == {"inferred"}
    assert articles["published_note"].str.len().min() > 40


def test_processed_tables_are_what_the_raw_files_give():
    from rvdata import build

    assert build.differences(build.build(), paths.processed()) == []

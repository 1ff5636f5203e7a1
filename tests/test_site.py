"""The first page of the site: what is claimed, asked and not found, from the reports that lie in a folder."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from bs4 import BeautifulSoup
from notebook_factory import png

from nbfleet.pages import Page
from rvdata import fleet, site


def made(out, page: Page, answer: str, notes: str = "") -> Page:
    """A report's notebook as a run leaves it, with an answer, a chart and a note."""
    image = {"image/png": png("red", "blue")}
    note = f'<table><tr id="n-1"><td>1</td><td>{notes}</td></tr></table>'
    cells = [
        {"answer": {"text/markdown": answer}},
        {"chart": image},
        {"evidence": {"text/html": note}},
    ]
    told = [
        {"metadata": {"tags": [tag]}, "outputs": [{"data": data, "metadata": {"image/png": {"alt": "Two bars."}}}]}
        for cell in cells
        for tag, data in cell.items()
    ]  # fmt: skip
    (out / page.name).mkdir()
    (out / page.name / f"{page.name}.ipynb").write_text(json.dumps({"cells": told}))
    return page


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    stated = "**70 % is stated.** RUSI says so<sup><a href='#n-1'>1</a></sup>. More."
    listed = [
        made(out, Page("arms_rus", "How much?", "arms_imports"), stated, "rusi-2022-f05"),
        made(out, Page("arms_chn", "And China?", "arms_imports"), "Ten. Or so."),
        made(
            out, Page("money", "Is it stated?", "investment", formats=("ipynb",)), "**No.** A gap."
        ),
        Page("dead", "Who died?", "motives", message="cell 3: ValueError: <no>"),
    ]
    return site.front(listed, out, fleet.PROJECT)


@pytest.fixture(scope="module")
def soup(front):
    return BeautifulSoup(front["index.html"], "html.parser")


def test_each_question_has_its_answer_and_variants_are_folded_below(soup):
    cards = [" ".join(card.get_text(" ").split()) for card in soup.select("#questions .card")]
    assert cards == [
        "How much? 70 % is stated.",
        "And China? Ten.",
        "Who died? failed cell 3: ValueError: <no>",
    ]
    folded = soup.select_one("#questions details")
    assert folded.summary.get_text() == "Arms: 1 more question"
    assert [a["href"] for a in folded.select("h3 a")] == ["arms_chn/arms_chn.html"]
    assert [img["alt"] for img in soup.select("img")] == ["Two bars."]


def test_what_was_asked_in_vain_has_its_whole_answer_and_no_page(soup):
    asked = soup.select_one("#asked")
    assert [asked.dt.get_text(), asked.dd.get_text()] == ["Is it stated?", "No. A gap."]
    assert asked.select("a") == []


def test_a_claim_stands_with_its_verdict_and_leads_to_the_note_of_its_report(soup):
    row = soup.select_one("#rusi-2022-f05")
    cells = [cell.get_text() for cell in row.select("td")]
    assert cells[1:] == ["RUSI [2022], citing SIPRI Arms Transfers Database", "69.5 % (SIPRI)", "matches", "Arms"]  # fmt: skip
    assert row.a["href"] == "arms_rus/arms_rus.html#n-1"
    ids = [row["id"] for row in soup.select("#verdicts tr.item")]
    assert len(ids) == len(set(ids)) == 40
    assert soup.select_one("#rferl-2025-f07").find_parent("details"), "no data can decide it"
    years = [re.search(r"\[(\d{4})\]", li.get_text())[1] for li in soup.select(".articles li")]
    assert years == ["2018", "2019", "2022", "2024", "2025"]


def test_one_script_runs_by_its_hash_and_nothing_is_loaded(soup):
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    (script,) = soup.find_all("script")
    digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
    )
    assert soup.select_one("#search").has_attr("hidden"), "without a script, no field to type into"
    assert all(img["src"].startswith("data:image/png") for img in soup.find_all("img"))


def test_pages_that_explain_are_led_to_and_lead_nowhere_that_is_not(front):
    assert sorted(front) == ["glossary.html", "index.html", "limits.html", "method.html"]
    pages = {name: BeautifulSoup(text, "html.parser") for name, text in front.items()}
    for name, page in pages.items():
        assert "Cite: The rvdata developers" in page.footer.get_text()
        for link in page.select("a[href]"):
            file, _, place = link["href"].partition("#")
            if not re.match(r"https?:|\w+/", file):
                assert not place or pages[file or name].find(id=place), link["href"]


def test_a_home_without_tables_has_a_first_page_too(tmp_path, monkeypatch):
    monkeypatch.setenv("RVDATA_HOME", str(tmp_path))
    text = site.front([Page("quick", "Quick?", "quick")], tmp_path, fleet.PROJECT)["index.html"]
    assert "quick/quick.html" in text and 'id="verdicts"' not in text

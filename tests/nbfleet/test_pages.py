"""Report pages and the index: what is on them, what is not, and that they stand alone."""

from __future__ import annotations

import re
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from notebook_factory import code, good, markdown, narrated, notebook, picture, png, printed

from nbfleet import pages
from nbfleet.pages import Page
from nbfleet.project import Project

PAGE = Page(
    name="arms_cub",
    title="Who arms <Cuba>?",
    notebook="arms",
    parameters=(("recipient", "CUB", "ISO3 of the importing state"),),
    sources=("RUSI & others 2022",),
    data_as_of="2025-01",
)


def shown(nb, with_code: bool = False, page: Page = PAGE) -> BeautifulSoup:
    return BeautifulSoup(pages.both(nb, page)[with_code], "html.parser")


def displayed(**data: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data={"text/plain": "x", **data})


def html_output(html: str) -> nbformat.NotebookNode:
    return notebook(code("x", outputs=[displayed(**{"text/html": html})]))


# ---------------------------------------------------------------- a report


def test_the_page_says_what_it_is_in_english_with_one_top_heading():
    soup = shown(good())
    assert soup.html["lang"] == "en"
    assert soup.title.string == "Who arms <Cuba>?"
    assert [heading.get_text() for heading in soup.find_all("h1")] == ["Who arms <Cuba>?"]
    assert soup.select_one(".question").get_text() == "Who supplies the arms of a recipient?"


def test_the_question_is_not_repeated_where_it_is_the_title():
    soup = shown(good(), page=Page("arms", "Who supplies the arms of a recipient?", "arms"))
    assert (
        soup.get_text().count("Who supplies the arms of a recipient?") == 2
    )  # in the window's title and as heading
    assert soup.select_one(".question") is None
    valued = Page("arms", "Who supplies the arms of a recipient? (partner CHN)", "arms")
    assert shown(good(), page=valued).select_one(".question") is None


def test_a_page_or_an_index_is_known_as_made_here_and_another_is_not(tmp_path):
    (tmp_path / "page.html").write_text(pages.both(good(), PAGE)[0], encoding="utf-8")
    index(tmp_path, PAGE)
    (tmp_path / "other.html").write_text('<meta name="generator" content="Hugo">')
    names = ("page.html", "index.html", "other.html", "missing.html")
    assert [pages.made_here(tmp_path / name) for name in names] == [True, True, False, False]


def test_the_provenance_box_holds_parameters_sources_date_notebook_and_version():
    box = shown(good()).select_one(".provenance")
    assert " ".join(box.get_text(" ").split()) == (
        "recipient CUB ISO3 of the importing state Data 2025-01 Sources RUSI & others 2022"
        " Made from arms.ipynb with nbfleet"
    )


def test_the_page_without_code_shows_no_code_no_prompt_no_parameter_and_no_stderr():
    nb = good()
    nb.cells.insert(3, code("# Parameters\nrecipient = 'CUB'", "injected-parameters", count=2))
    nb.cells[5].outputs.append(printed("a warning", "stderr"))
    soup = shown(nb)
    text = soup.get_text()
    for hidden in (
        "plotted = shares",
        'recipient: str = "VEN"',
        "recipient = 'CUB'",
        "a warning",
        "In\xa0[",
        "Out[",
    ):
        assert hidden not in text
    assert "3 rows, 2000 to 2024" in text
    assert soup.select_one(".links a[href='arms_cub-code.html']").get_text() == "Show the code"
    assert soup.select(".input_area") == []


def test_the_page_with_code_shows_it_highlighted_and_links_back():
    nb = good()
    nb.cells.append(code(" "))
    soup = shown(nb, with_code=True)
    areas = [area.get_text().strip() for area in soup.select(".input_area")]
    assert len(areas) == 7 and areas[:3] == [
        'recipient: str = "VEN"  # ISO3 of the importing state',
        "print(len(rows), 'rows')",
        "plotted = shares(rows)\nplotted",
    ]
    assert (
        soup.select_one(".input_area .highlight .c1").get_text() == "# ISO3 of the importing state"
    )
    assert ".highlight pre .c1 {" in soup.style.string
    assert soup.select_one(".links a[href='arms_cub.html']").get_text() == "Hide the code"


@pytest.mark.parametrize("with_code", [False, True])
def test_the_page_loads_nothing_and_runs_nothing(with_code):
    soup = shown(good(), with_code)
    assert soup.find_all(["script", "iframe", "object", "base"]) == []
    assert [link["href"] for link in soup.find_all("link")] == ["data:,"]
    assert all(image["src"].startswith("data:image/") for image in soup.find_all("img"))
    assert "url(" not in soup.style.string and "@import" not in soup.style.string
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_alternative_texts_reach_the_page():
    drawn = picture(png("red", "blue"), alt='Bars "of" <two> & more')
    image = shown(notebook(code("x", outputs=[drawn]))).img
    assert image["alt"] == 'Bars "of" <two> & more'
    assert image["src"] == "data:image/png;base64," + png("red", "blue")


def test_a_picture_from_elsewhere_loses_its_address_and_keeps_its_text():
    image = shown(notebook(markdown("![A map](https://example.org/map.png)"))).img
    assert image.attrs == {"alt": "A map"}


def test_scripts_and_widgets_fall_back_to_their_text():
    data = {
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {"model_id": "a"},
        "text/plain": "three rows",
    }
    nb = notebook(code("x", outputs=[displayed(**data)]))
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    soup = shown(nb)
    assert "three rows" in soup.main.get_text()
    assert soup.find_all("script") == []


def test_headings_leave_no_level_out():
    nb = notebook(
        markdown("# Q?\n\n#### Deep\n\n# Top again\n\n### Next"),
        code("x", outputs=[narrated("##### Computed")]),
    )
    assert [(h.name, h.get_text()) for h in shown(nb).main.find_all(re.compile("^h[1-6]$"))] == [
        ("h2", "Deep"),
        ("h2", "Top again"),
        ("h3", "Next"),
        ("h4", "Computed"),
    ]


def test_two_amounts_in_dollars_stay_as_they_are():
    nb = notebook(code("x", outputs=[narrated("From \\$4 billion to \\$11 *billion*.")]))
    main = shown(nb).main
    assert main.get_text().strip() == "From $4 billion to $11 billion."
    assert main.em.string == "billion"


PANDAS = (
    '<div><style scoped>.dataframe tbody tr th {vertical-align: top;}</style><table border="1" class="dataframe">'
    '<thead><tr style="text-align: right;"><th></th><th>who</th><th>share</th></tr></thead>'
    "<tbody><tr><th>a</th><td>RUS</td><td>73.5</td></tr><tr><th>b</th><td>NaN</td><td>NaN</td></tr></tbody></table></div>"
)


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches_with_numbers_to_the_right():
    box = shown(html_output(PANDAS)).main.select_one(".table-box")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Table 1")
    assert box.table.get("border") is None
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in box.select("tr")]
    assert rows == [["", "who", "share"], ["a", "RUS", "73.5"], ["b", "–", "–"]]
    assert [cell.get_text() for cell in box.select(".number")] == ["share", "73.5", "–"]


def test_a_table_with_joined_cells_is_left_as_it_is():
    html = "<table><tr><th></th><th colspan='2'>a</th></tr><tr><th>0</th><td>1</td><td>NaN</td></tr></table>"
    table = shown(html_output(html)).table
    assert [cell.get_text() for cell in table.find_all("td")] == ["1", "NaN"]
    assert table.select(".number") == []


def test_the_notebook_is_not_changed():
    nb = good()
    before = nbformat.writes(nb)
    pages.both(nb, PAGE)[0]
    assert nbformat.writes(nb) == before


def test_the_page_prints_without_links_and_code_and_breaks_no_figure():
    css = " ".join(shown(good(), with_code=True).style.string.split())
    printing = css[css.index("@media print") :]
    hidden = re.search(r"([^{}]+) { display: none; }", printing)[1]
    assert {".links", ".contents", ".input_area", ".csv", ".filter"} <= {
        *hidden.strip().split(", ")
    }
    assert "::details-content { content-visibility: visible;" in printing  # folds are printed open
    assert "figure, img, tr, pre, .provenance, .card { break-inside: avoid; }" in printing
    assert ":focus-visible" in css
    assert "img { max-width: 100%;" in css


# ---------------------------------------------------------------- provenance that a notebook tells


def test_sources_and_data_date_come_from_outputs_and_metadata():
    told = [
        {"sources": ["B", "A"], "data_as_of": "2024-03"},
        {"sources": ["A", "C"], "data_as_of": "2025-01"},
    ]
    nb = notebook(*(code("x", outputs=[displayed(**{pages.PROVENANCE: t})]) for t in told))
    nb.metadata["nbfleet"] = {"sources": ["M"]}
    assert pages.provenance(nb) == (("M", "B", "A", "C"), "2025-01")


# ---------------------------------------------------------------- the index


def index(tmp_path, *listed: Page) -> BeautifulSoup:
    (tmp_path / "index.html").write_text(pages.index(listed, tmp_path), encoding="utf-8")
    return BeautifulSoup((tmp_path / "index.html").read_text(encoding="utf-8"), "html.parser")


def test_the_index_links_good_reports_and_names_failed_ones_with_their_message(tmp_path):
    failed = Page(
        "arms_syr", "Who arms Syria?", "arms", message="cell 3: ValueError: <no> such state"
    )
    dead = Page("arms_usa", "Who arms them?", "arms", message="the worker process died")
    (tmp_path / "arms_syr").mkdir()
    (tmp_path / "arms_syr" / "arms_syr.failed.ipynb").write_text("{}")
    soup = index(
        tmp_path, PAGE, failed, dead, Page("refugees", "Where to?", "refugees", earlier=True)
    )
    assert [a["href"] for a in soup.select("h3 a")] == [
        "arms_cub/arms_cub.html",
        "refugees/refugees.html",
    ]
    assert [h.get_text() for h in soup.select("h2")] == ["arms", "refugees"]
    cards = [" ".join(card.get_text(" ").split()) for card in soup.select(".card")]
    assert cards == [
        "Who arms <Cuba>? recipient CUB Data: 2025-01 Sources: RUSI & others 2022 With code · Notebook",
        "Who arms Syria? failed cell 3: ValueError: <no> such state Notebook as far as it ran",
        "Who arms them? failed the worker process died",
        "Where to? From an earlier run With code · Notebook",
    ]
    assert [a["href"] for a in soup.select(".failed a")] == ["arms_syr/arms_syr.failed.ipynb"]
    assert " ".join(soup.header.get_text().split()) == (
        "Reports 4 reports from 2 notebooks, 2 failed."
    )


def test_the_index_leads_to_each_of_several_groups_with_its_count(tmp_path):
    listed = [Page(name, name, notebook) for name, notebook in (("a", "x"), ("b", "y"), ("c", "x"))]
    soup = index(tmp_path, *listed)
    assert " ".join(soup.select_one(".groups").get_text().split()) == "x 2 · y 1"
    assert [soup.select_one(a["href"]).h2.get_text() for a in soup.select(".groups a")] == [
        "x",
        "y",
    ]
    assert index(tmp_path, *listed[::2]).select_one(".groups") is None


ANCHORED = (
    "<table><caption>Notes</caption><tr><th>note</th><th>what</th></tr>"
    '<tr id="arms-note-1"><td>1</td><td>a figure that is printed somewhere</td></tr></table>'
)


def answering() -> nbformat.NotebookNode:
    """A notebook that answers first, with a note and a file."""
    table = "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
    bundle = {"text/html": f"<details><summary>Table: two rows</summary>{table}</details>"}
    bundle |= {"text/csv": 'a,b\n1,"x, 50 %"\n'}
    noted = 'It is half<sup><a href="#arms-note-1">1</a></sup>.'
    return notebook(
        markdown("# How much?\n\nIt matters.", "question"),
        code("load()", "data"),
        code("divide()", "answer", outputs=[printed("a division"), narrated(noted)]),
        markdown("## By year", "compute"),
        code("draw()", "chart", outputs=[picture(png("red", "white")), displayed(**bundle)]),
        markdown("## Further", "more"),
        code("draw(2)", "more", "chart", outputs=[picture(png("blue", "white"))]),
        *html_output(ANCHORED).cells,
        markdown("## What this cannot show\n\nMuch; see `docs/protocol.md`.", "limits"),
    )


def test_a_notebook_that_answers_first_has_its_page_lead_with_it():
    """Figures are numbered, further ones folded, what is printed left out, the rest about it last."""
    nb = answering()
    plain, coded = (page.split("</style>")[1] for page in pages.both(nb, PAGE))
    assert "a division" not in plain and "a division" in coded and "celltag_data" not in plain
    assert "How much?" not in plain, "the title is not followed by the notebook's own"
    places = [
        "It is half",
        'class="contents"',
        "It matters.",
        "Figure 1",
        "<summary><h2",
        "Figure 2",
    ]
    places += ["</main>", "recipient", "</footer>"]
    assert [plain.index(place) for place in places] == sorted(map(plain.index, places))
    assert coded.index("It matters.") < coded.index("celltag_data") < coded.index("It is half")
    nb.cells[2].metadata.tags = ["compute"]  # without an answer, all is as it stands
    body = pages.both(nb, PAGE)[0].split("</style>")[1]
    assert "a division" in body and "Figure 1" not in body and "fold" not in body
    assert body.index("recipient") < body.index("<main")


def test_the_contents_lead_to_each_part_and_notes_both_ways():
    soup = shown(answering())
    listed = soup.select(".contents a")
    assert [a.get_text() for a in listed] == ["By year", "Further", "What this cannot show"]
    assert [soup.select_one(a["href"]).get_text() for a in listed] == [a.get_text() for a in listed]
    note = soup.select_one("#arms-note-1")
    assert note.select_one(".back")["href"] == "#from-arms-note-1"
    assert soup.select_one("#from-arms-note-1")["href"] == "#arms-note-1"


def test_the_rows_behind_a_figure_are_a_file_below_it():
    link = shown(answering()).select_one("details .csv a")
    assert (
        link["download"] == "arms_cub-1.csv" and link.get_text() == "Download the data (CSV, 1 kB)"
    )
    head, _, text = link["href"].partition(",")
    assert head == "data:text/csv;charset=utf-8" and unquote(text) == 'a,b\n1,"x, 50 %"\n'


def test_tables_of_sentences_stack_on_a_phone_and_each_has_a_name_of_its_own():
    boxes = shown(answering()).select(".table-box")
    assert [box["aria-label"] for box in boxes] == ["Table 1: two rows", "Table 2: Notes"]
    assert ["stack" in box["class"] for box in boxes] == [False, True]
    assert [cell["data-label"] for cell in boxes[1].select("td")] == ["note", "what"]


@pytest.mark.parametrize(
    ("rows", "text", "stacked"),
    [(12, "x" * 15, True), (13, "x" * 15, False), (12, "x" * 14, False)],
)
def test_few_rows_of_short_cells_stack_where_a_phone_would_cut_them_off(rows, text, stacked):
    head = "<tr><th>years</th><th>first</th><th>second</th></tr>"
    row = f"<tr><td>{text}</td><td>{text}</td><td>{text}</td></tr>"
    html = f"<table>{head}{row * rows}</table>"
    box = shown(html_output(html)).select_one(".table-box")
    assert ("stack" in box["class"]) is stacked


def test_what_a_project_says_stands_around_each_page():
    project = Project(name="ours", around=around)
    page = BeautifulSoup(pages.both(answering(), PAGE, project)[0], "html.parser")
    assert [a["href"] for a in page.select(".links a")] == [
        "../index.html",
        "../method.html",
        "arms_cub-code.html",
    ]
    assert page.title.string == "Who arms <Cuba>? · Ours"
    assert page.footer.p.get_text() == "Cite: us, 2025."
    assert page.main.select_one("a[href='../method.html']").get_text() == "the method"


def around() -> dict:
    places = {"docs/protocol.md": ("../method.html", "the method")}
    links = (("method.html", "Method"),)
    return {"site": "Ours", "links": links, "foot": ("Cite: us, 2025.",), "places": places}

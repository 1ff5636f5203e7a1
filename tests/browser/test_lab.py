"""JupyterLab as a researcher meets it: start page, every notebook run, foreign plots, cards and searchable tables."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from browser.conftest import opened

NOTEBOOKS = sorted(p.stem for p in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
#: A window of 1440 × 900 shows so much of a notebook.
SCREEN = 780


class Lab:
    """JupyterLab in a page, driven by its own commands."""

    def __init__(self, page, address: str):
        self.page = page
        page.goto(address)
        page.wait_for_function("window.jupyterapp && window.jupyterapp.shell.currentWidget")
        self.ready()
        self.kernel = page.evaluate(
            """() => {
              const {id, name} = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
              return {id, name};
            }"""
        )

    def ready(self) -> None:
        """Wait until the notebook in front is shown and its kernel is idle."""
        self.page.evaluate(
            """async () => {
              await window.jupyterapp.restored;
              const {context, sessionContext} = window.jupyterapp.shell.currentWidget;
              await context.ready; await sessionContext.ready;
              while (sessionContext.session?.kernel?.status !== "idle")
                await new Promise(done => setTimeout(done, 50));
            }"""
        )

    def open(self, name: str) -> None:
        """Bring a notebook to the front, in the one kernel of these tests: imports take longer than all the rest."""
        self.page.evaluate(
            """async ([path, kernel]) => {
              await window.jupyterapp.commands.execute("docmanager:open", {path, kernel});
            }""",
            [f"notebooks/{name}.ipynb", self.kernel],
        )
        self.ready()

    def close(self) -> None:
        """Save the notebook in front and close it; the kernel stays."""
        self.page.evaluate(
            """async () => {
              const panel = window.jupyterapp.shell.currentWidget;
              await panel.context.save();
              panel.close();
            }"""
        )

    def run_all(self) -> None:
        """Run > Run All Cells; ends with the last cell."""
        self.page.evaluate(
            "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells') }"
        )

    def cells(self) -> list[dict]:
        """Cells of the notebook in front: tags, outputs."""
        told = self.page.evaluate(
            """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets.map(cell => ({
              tags: cell.model.getMetadata("tags") || [],
              outputs: cell.model.type === "code" ? cell.model.outputs.toJSON() : []})))"""
        )
        return json.loads(told)

    def run(self, code: str) -> list[dict]:
        """Outputs of a new last cell."""
        self.page.evaluate(
            """async source => {
              const {content} = window.jupyterapp.shell.currentWidget;
              content.model.sharedModel.addCell({cell_type: "code", source});
              content.activeCellIndex = content.widgets.length - 1;
              await window.jupyterapp.commands.execute("notebook:run-cell");
            }""",
            code,
        )
        self.bottom()
        return self.cells()[-1]["outputs"]

    def bottom(self) -> None:
        """Scroll to the last cell: those out of sight are not in the page."""
        self.page.evaluate(
            """async () => {
              const {content} = window.jupyterapp.shell.currentWidget;
              await content.scrollToItem(content.widgets.length - 1);
            }"""
        )

    def last(self):
        """The output area of the last cell in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").last


@pytest.fixture(scope="module")
def lab(browser, lab_address):
    with opened(browser) as page:
        yield Lab(page, lab_address)


ANSWER_ENDS = """() => {
  const {content} = window.jupyterapp.shell.currentWidget;
  const top = content.outerNode.getBoundingClientRect().top - content.outerNode.scrollTop;
  const ends = content.widgets.filter(cell => (cell.model.getMetadata("tags") || []).includes("answer"))
    .map(cell => cell.node.getBoundingClientRect().bottom - top);
  return Math.round(Math.max(...ends));
}"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_ends_without_error_and_with_the_answer_on_the_first_screen(lab, name):
    lab.open(name)
    ends = lab.page.evaluate(ANSWER_ENDS) if any("answer" in c["tags"] for c in lab.cells()) else 0
    before = lab.cells()
    lab.run_all()
    after = lab.cells()
    lab.close()
    assert [o for cell in after for o in cell["outputs"] if o["output_type"] == "error"] == []
    assert [len(cell["outputs"]) for cell in after] == [len(cell["outputs"]) for cell in before]
    assert ends <= SCREEN


#: A chart in the house style, as a notebook draws one.
OURS = """import pandas as pd, seaborn as sns
from rvdata import charts
with charts.frame(pd.DataFrame({"year": [2001], "tiv_million": [4.0]}), title="Arms", value="tiv_million") as ax:
    ax.bar([2001], [4.0])"""


def test_a_plot_of_ones_own_appears_after_a_chart_of_ours(lab):
    lab.open("start")
    lab.run(OURS)
    outputs = lab.run("sns.barplot(x=['a', 'b'], y=[1, 2])")
    assert [o for o in outputs if "image/png" in o.get("data", {})], outputs
    assert lab.last().locator("img").count() == 1


def test_cards_and_searchable_tables_work_in_two_notebooks_side_by_side(lab):
    lab.open("start")
    lab.run("import rvdata\nrvdata.show('refugee_counts')")
    lab.open("arms_imports")
    lab.run("rvdata.trace('geointel-2019-f02')")
    assert "“$30 billion”, hedged apart: estimated" in lab.last().locator("table").inner_text()
    lab.run("rvdata.show('refugee_counts')")
    table = lab.last()
    search = table.get_by_label("Search all columns")
    rows = table.locator("tbody tr:visible")
    assert rows.count() == 3
    before = len(lab.cells())
    search.press_sequentially("syr aab")  # a and b would make cells
    assert rows.count() == 0 and len(lab.cells()) == before
    search.fill("syr")
    assert rows.count() == 1 and table.locator("output").inner_text() == "1 of 3 rows"
    search.fill("")
    table.get_by_label("Filter origin", exact=True).fill("ukr")
    assert rows.locator("td:first-child").all_inner_texts() == ["rusi-2022-f11"]
    table.get_by_label("Filter origin", exact=True).fill("")
    table.get_by_role("button", name="persons", exact=True).click()
    assert rows.locator("td:first-child").all_inner_texts() == [
        "rusi-2022-f11",  # 4.5, 5.9, 6.6 million
        "rusi-2022-f10",
        "rusi-2022-f09",
    ]
    lab.open("start")  # the same table there is as it was
    lab.bottom()
    lab.last().locator("tbody tr:visible").nth(2).wait_for()


def test_controls_lead_answer_chart_and_evidence(lab):
    lab.open("explore")
    lab.run_all()
    front = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    places = front.locator(".jp-Cell").last
    places.scroll_into_view_if_needed()
    assert "Russia delivered 3,862 million TIV to Venezuela" in places.inner_text()
    front.get_by_label("Measure").select_option("votes alike")
    places.get_by_text("voted alike in").wait_for()
    assert places.locator("img").count() == 1
    front.get_by_label("Other state").select_option("Russia (RUS)")
    front.get_by_label("State", exact=True).select_option("Russia (RUS)")
    places.get_by_text("No answer from these sources").wait_for()
    assert places.locator("img").count() == 0


def test_the_lab_asks_nobody_for_news_or_for_a_newer_version(lab_address):
    base, _, query = lab_address.partition("/lab/tree/notebooks/start.ipynb")
    with urllib.request.urlopen(f"{base}/lab/tree/notebooks/start.ipynb{query}") as page:
        assert '"news": {"disabled": true}' in page.read().decode()
    with urllib.request.urlopen(f"{base}/lab/api/update{query}") as answer:
        assert json.load(answer) == {"notification": None}

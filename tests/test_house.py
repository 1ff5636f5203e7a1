"""The frame around charts: what it says follows from the data; it leaves kernel and matplotlib as they were."""

from __future__ import annotations

import base64
import io
import re

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from PIL import Image

import rvdata
from rvdata import charts, countries
from rvdata.charts import house, marks

ROWS = pd.DataFrame(
    {
        "year": [2000, 2001, 2002, 2003],
        "supplier": ["RUS", "RUS", "CHN", "CHN"],
        "tiv_million": [1.0, 4.0, 2.0, 0.0],
        "release": "sipri-2025-01-ven",
    }
)


@pytest.fixture
def shown(monkeypatch):
    """What is displayed."""
    heard: list = []
    monkeypatch.setattr(
        "IPython.display.display", lambda *items, **more: heard.append((*items, more))
    )
    return heard


@pytest.fixture
def texts(monkeypatch):
    """Every text of each figure, with its size, and the figure's width, as it is shown."""
    heard: list = []
    real = house.show

    def show(fig, *told):
        fig.canvas.draw()
        inches = fig.get_size_inches()[0]
        found = [t for t in fig.findobj(plt.Text) if t.get_text().strip() and t.get_visible()]
        heard.append((inches, [(t.get_text(), t.get_fontsize()) for t in found]))
        real(fig, *told)

    monkeypatch.setattr(house, "show", show)
    return heard


def drawn(data, **more):
    with charts.frame(data, title="A title", value="tiv_million", **more) as ax:
        sns.barplot(data, x="year", y="tiv_million", ax=ax)


def test_halving_the_rows_changes_years_and_alternative_text(shown):
    drawn(ROWS)
    drawn(ROWS.head(2))
    alts = [data["text/plain"] for data, more in shown if "raw" in more]
    assert alts == [
        "A title. Arms delivered, million TIV, 2000 to 2003. 4 values; highest 4 (2001, Russia), lowest 0 (2003, China).",
        "A title. Arms delivered, million TIV, 2000 to 2001. 2 values; highest 4 (2001, Russia), lowest 1 (2000, Russia).",
    ]


def test_the_rows_behind_a_figure_name_the_source_of_the_figure(shown):
    """Also where the table that readers see has no column that says it."""
    drawn(ROWS, table=ROWS[["year", "tiv_million"]])
    tables = [item for item, *_ in shown if hasattr(item, "source")]
    said = "Source: SIPRI, release of 3 January 2025; compiled by rvdata."
    assert [table.source for table in tables] == [said]


def test_the_unit_follows_from_the_largest_value():
    people = pd.DataFrame({"year": [2000, 2001], "persons": [900_000.0, 2_500_000.0]})
    told = [house.describe(rows, "persons", "Who fled") for rows in (people, people.head(1))]
    assert told == ["Who fled, million people, 2000 to 2001", "Who fled, people, 2000"]


def test_numbers_of_a_column_behind_a_figure_have_one_format_and_years_none():
    rows = ROWS.assign(share_pct=[42.8571, 0.5, 100.0, float("nan")], votes=[2426, 70, 5, 1])
    table = house._behind(rows.assign(ideal_point=[-0.264, 1.5, 2.0, 0.0]), "").frame
    assert table["Share, per cent"].tolist() == ["42.9", "0.5", "100.0", "–"]
    assert table["Roll calls"].tolist() == ["2,426", "70", "5", "1"]
    assert table.iloc[:, -1].tolist() == ["−0.26", "1.50", "2.00", "0.00"]
    assert table["year"].tolist() == [2000, 2001, 2002, 2003]


def test_one_width_no_small_text_and_twice_the_pixels(shown, texts):
    drawn(ROWS, note="A note. " * 30)
    ((inches, found),) = texts
    assert inches == pytest.approx(5.4) and min(size for _, size in found) >= 9
    assert any(t.startswith("Source: SIPRI, release of 3 January 2025") for t, _ in found)
    (data, more), (table, _) = shown
    size = more["metadata"]["image/png"]
    width, height = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).size
    assert size["width"] == 621 and (width, height) == pytest.approx(
        (2 * 621, 2 * size["height"]), abs=2
    )
    assert "Russia" in table._repr_html_() and "<details>" in table._repr_html_()


def collisions(fig) -> list[str]:
    """Texts of a figure that are cut off at its edge or lie on one another, empty if none."""
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    boxes = []
    for text in fig.findobj(matplotlib.text.Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            if box.width > 0 and box.height > 0:
                boxes.append((text.get_text().replace("\n", " "), box))
    edge = fig.bbox
    found = [
        f"{label!r} is cut off"
        for label, box in boxes
        if box.x0 < edge.x0 - 1
        or box.y0 < edge.y0 - 1
        or box.x1 > edge.x1 + 1
        or box.y1 > edge.y1 + 1
    ]
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1:
                found.append(f"{one!r} lies on {other!r}")
    return found


def test_texts_of_a_frame_do_not_lie_on_one_another(monkeypatch, shown):
    found = []
    real = house.show
    monkeypatch.setattr(
        house,
        "show",
        lambda fig, *more, **also: (found.extend(collisions(fig)), real(fig, *more, **also)),
    )
    rows = rvdata.deliveries("VEN")
    with charts.frame(
        rows, title="A long title that goes over one line for certain, " * 2, value="tiv_million"
    ) as ax:
        marks.stacked(
            ax, rows, x="year", y="tiv_million", by="supplier", hatched="estimated_tiv_million"
        )
        marks.span(ax, 2000, 2021, "stated: 70 % from Russia")
    assert found == []


def test_a_frame_leaves_matplotlib_as_it_was_also_after_an_error(shown):
    before = dict(plt.rcParams), plt.get_fignums(), plt.isinteractive()
    drawn(ROWS)
    with pytest.raises(ZeroDivisionError), charts.frame(ROWS, title="T", value="tiv_million"):
        raise ZeroDivisionError
    assert (dict(plt.rcParams), plt.get_fignums(), plt.isinteractive()) == before


def test_an_empty_frame_is_refused():
    with pytest.raises(ValueError, match="there is nothing to draw"):
        drawn(ROWS.head(0))


def test_a_country_has_one_colour_everywhere():
    codes = ["RUS", "CHN", "USA", "VEN", "PER", "BLR", "IRN"]
    assert len({charts.colour(c) for c in codes}) == len(codes)
    assert charts.palette(["PER", "RUS"])["RUS"] == charts.colour("RUS") == "#0b5fa5"
    for code in [
        *house.COLOURS,
        *sorted(countries.table())[::25],
    ]:  # a name written in its colour can be read: 4.5 on white, WCAG 2
        parts = [int(charts.colour(code)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        light = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        assert 1.05 / (light + 0.05) >= 4.5, code


def test_stacked_bars_add_up_and_hatch_what_is_estimated():
    rows = ROWS.assign(estimated=[0.0, 1.0, 2.0, 0.0])
    _, ax = plt.subplots()
    marks.stacked(
        ax, rows, x="year", y="tiv_million", by="supplier", hatched="estimated", first="CHN"
    )
    bars = [
        (round(b.get_x() + 0.4), b.get_y(), b.get_height(), bool(b.get_hatch())) for b in ax.patches
    ]
    assert {b for b in bars if b[2]} == {
        (2000, 0.0, 1.0, False),
        (2001, 0.0, 3.0, False),
        (2001, 3.0, 1.0, True),
        (2002, 0.0, 2.0, True),
    }
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["China", "Russia", "estimated"]
    plt.close()


def test_no_line_joins_two_segments_and_a_break_is_marked():
    people = rvdata.displaced("VEN", start=2016, end=2019)
    _, ax = plt.subplots()
    sns.lineplot(people, x="year", y="persons", units="segment", estimator=None, ax=ax)
    charts.breaks(ax, people, x="year", y="persons")
    spans = [list(line.get_xdata()) for line in ax.lines]
    assert spans == [[2016, 2017], [2018, 2019], [2018]]
    plt.close()


def test_the_chart_of_the_readme_takes_three_lines(root, shown):
    text = (root / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- chart -->\n```python\n(.*?)```", text, re.S)
    assert sum(map(bool, block.strip().splitlines())) == 3
    exec(block, {"rvdata": rvdata, "rows": rvdata.deliveries("VEN", "RUS")})
    assert shown[0][0]["text/plain"].startswith("Nine years of Russian arms. Arms delivered, ")

"""Pages as PDF: whole charts, no code, numbered, the same bytes each time; and what is said where none can be made."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from notebook_factory import code, good, markdown, notebook, picture, png, runnable, save

from nbfleet import make, pages, pdf, plan, run, supervise

PAGE = pages.Page(
    "arms", "Who arms Cuba?", "arms", (("start", "2000", "first year"),), formats=("html", "pdf")
)


@pytest.fixture(scope="module")
def prints():
    """Skips where nothing can be printed; not known before a test asks, since it takes a second to find out."""
    try:
        pdf.require()
    except pdf.PdfError as error:
        pytest.skip(str(error))


def boxes(html: str) -> list[tuple[object, list]]:
    """Each page with the pictures on it, as weasyprint lays them out."""
    from weasyprint import HTML

    found = []
    for page in HTML(string=html).render().pages:
        pictures = [box for box in page._page_box.descendants() if box.element_tag == "img"]
        found.append((page, pictures))
    return found


@pytest.mark.usefixtures("prints")
def test_two_prints_are_the_same_bytes_in_other_processes_too(tmp_path):
    html = pages.both(good(), PAGE)[0]
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    first = pdf.from_html(html)
    assert first.startswith(b"%PDF-")
    script = (
        "import sys, pathlib; from nbfleet import pdf\n"
        "sys.stdout.buffer.write(pdf.from_html(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')))"
    )
    again = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "page.html"], capture_output=True, check=True
    )
    assert again.stdout == first
    assert again.stderr == b""


@pytest.mark.usefixtures("prints")
def test_large_pictures_are_made_to_fit_the_page_whole():
    from PIL import Image

    def drawing(width: int, height: int) -> str:
        buffer = io.BytesIO()
        Image.effect_noise((width, height), 50).save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue()).decode()

    sizes = ((2400, 400), (500, 3000))
    nb = notebook(
        markdown("# Q?"), *(code("x", outputs=[picture(drawing(*size))]) for size in sizes)
    )
    laid = [(page, box) for page, pictures in boxes(pages.both(nb, PAGE)[0]) for box in pictures]
    assert len(laid) == 2, "a picture is missing or cut in two"
    for page, box in laid:
        assert box.position_x > 0 and box.position_x + box.width <= page.width
        assert box.position_y > 0 and box.position_y + box.height <= page.height
        assert box.width > 100 and box.height > 50
    shapes = [round(box.width / box.height, 1) for _, box in laid]
    assert shapes == [6.0, 0.2], "a picture is out of shape"


@pytest.mark.usefixtures("prints")
@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed"
)
def test_pages_are_numbered_and_show_results_without_code_or_links(tmp_path):
    cells = [code("secret_call(1)", outputs=[picture(png("red", "blue"))])]
    cells += [markdown(f"word{n}\n\n" * 30) for n in range(4)]
    (tmp_path / "a.pdf").write_bytes(
        pdf.from_html(pages.both(notebook(markdown("# Q?"), *cells), PAGE)[0])
    )
    command = ["pdftotext", "-layout", tmp_path / "a.pdf", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    printed_pages = text.split("\f")[:-1]
    assert len(printed_pages) > 1
    feet = ["".join(page.split()) for page in printed_pages]
    assert [
        foot.endswith(f"WhoarmsCuba?{n}/{len(printed_pages)}") for n, foot in enumerate(feet, 1)
    ] == [True] * len(printed_pages)
    assert text.count("word3") == 30 and "first year" in text
    assert "secret_call" not in text and "Show the code" not in text


@pytest.mark.usefixtures("prints")
def test_nothing_is_fetched_from_a_file_or_the_network(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    far = "http://127.0.0.1:9/a"
    html = f'<img src="file://{tmp_path}/a.png"><img src="{far}.png"><link rel=stylesheet href="{far}.css">'
    assert pdf.from_html(html).startswith(b"%PDF-")


@pytest.mark.usefixtures("prints")
@pytest.mark.parametrize(
    ("formats", "endings"),
    [
        (("html", "pdf"), ["-code.html", ".html", ".ipynb", ".pdf"]),
        (("pdf",), [".ipynb", ".pdf"]),
        (("html",), ["-code.html", ".html", ".ipynb"]),
        (("ipynb",), [".ipynb"]),
    ],
)
def test_a_report_has_the_formats_that_it_asks_for(tmp_path, formats, endings):
    report = plan.Report(
        "arms", save(runnable("1"), tmp_path / "arms.ipynb"), "Who?", {}, formats=formats
    )
    files = make._files(report, good(), make.page(report))
    assert sorted(name.removeprefix("arms") for name in files) == endings


def test_the_index_leads_to_the_pdf(tmp_path):
    listed = [PAGE, pages.Page("only", "Only", "arms", formats=("pdf",))]
    soup = BeautifulSoup(pages.index(listed, tmp_path), "html.parser")
    assert [a["href"] for a in soup.select("h3 a")] == ["arms/arms.html", "only/only.pdf"]
    arms = [f"arms/arms{ending}" for ending in ("-code.html", ".pdf", ".ipynb")]
    only = ["only/only.pdf", "only/only.ipynb"]
    assert [a["href"] for a in soup.select(".meta a")] == arms + only
    page = BeautifulSoup(pages.both(good(), PAGE)[0], "html.parser")
    links = ["../index.html", "arms-code.html", "arms.pdf"]
    assert [a["href"] for a in page.select(".links a")] == links


@pytest.mark.parametrize(
    ("error", "reason"),
    [("ImportError", "No module"), ("OSError", "cannot load library libpango-1.0-0")],
)
def test_what_is_missing_is_said_in_one_line_before_anything_runs(
    tmp_path, monkeypatch, error, reason
):
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "weasyprint.py").write_text(f"raise {error}({reason!r})")
    monkeypatch.syspath_prepend(tmp_path / "path")
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(supervise, "supervised", None)
    report = plan.Report(
        "arms", save(runnable("1"), tmp_path / "arms.ipynb"), "Who?", {}, formats=("html", "pdf")
    )
    with pytest.raises(pdf.PdfError) as caught:
        run.run([report], tmp_path / "out")
    assert str(caught.value).startswith(
        f"PDF needs weasyprint and the system library Pango ({reason}); install what is missing ("
    )
    assert str(caught.value).endswith(") or leave pdf out of formats:")

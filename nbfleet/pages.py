"""The pages that people read without Python: one for each report, one with its code, and the index.

Every page of a report stands alone: no script, no font, no picture and no style from elsewhere, so that it can be mailed,
archived and printed. What a notebook displays is cleaned against a list of allowed tags, and a content security
policy in the page forbids the rest.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import jinja2
import nh3
from markupsafe import Markup

from nbfleet.project import ALONE, Project

if TYPE_CHECKING:
    import nbformat
    from bs4 import BeautifulSoup, Tag
    from nbconvert import HTMLExporter

PROVENANCE = "application/vnd.nbfleet.provenance+json"
_SHOWN_TYPES = {"text/html", "text/markdown", "text/latex", "text/plain"} | {
    f"image/{kind}" for kind in ("svg+xml", "png", "jpeg")
}
#: What nh3 lets pass, but for tags that divide a page or draw on a picture: those are the page's own affair.
_DIVIDING = {"article", "aside", "center", "footer", "header", "hgroup", "nav", "area", "map"}
_TAGS = nh3.ALLOWED_TAGS - _DIVIDING | {"tfoot"}
_GONE_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "embed"}
_GONE_WITH_CONTENT |= {"svg", "math", "title"}
_ATTRIBUTES = {
    "*": {"class", "style", "id"},
    "a": {"href"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "col": {"span"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_SCHEMES = ("http", "https", "mailto")
#: What colours and aligns: no address, no escape, no quotation mark.
_STYLE = re.compile(
    r"\s*(background-color|color|font-style|font-weight|text-align|vertical-align|white-space)\s*:"
    r"\s*((?:[\w#%.,\s+!-]|(?:rgb|hsl)a?\([\w.,%\s+-]*\))*)",
    re.A | re.I,
)
_MOST_ROUNDS = 5  # of cleaning; two do for all but riddles
_NUMBER = re.compile(
    r"[<>≤≥≈~+−-]?\s?[$€£]?[\d,.\s]*\d[\d,.]*\s?(%|[a-z]{1,3})?|[–—-]|nan|none|<na>|", re.I
)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_MISSING = ("NaN", "None", "<NA>", "NaT", "nan")
_SHORT = 18  # characters that stay on one line of a table
_PHONE = 42  # characters, over all columns, that a phone shows beside each other
_FEW = 12  # rows that are not too long to read one below the other
#: Parts of a notebook, by tag, that a page folds, and what stands on the fold where they have no heading.
_FOLDED = {"more": "More charts and tables", "evidence": "Evidence"}
#: Of cells that lead the page: where there are none, all stands as it ran.
_ANSWER = "celltag_answer"
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


@dataclass(frozen=True)
class Page:
    """What a reader is told about one report; ``message`` is empty unless it failed.

    ``parameters`` are name, value as shown and help of each parameter, defaults included. The files lie in a folder
    of the report's name, beside the index.
    """

    name: str
    title: str
    notebook: str
    parameters: tuple[tuple[str, str, str], ...] = ()
    sources: tuple[str, ...] = ()
    data_as_of: str = ""
    message: str = ""
    formats: tuple[str, ...] = ("html",)
    earlier: bool = False
    maker: str = "nbfleet"


def provenance(nb: nbformat.NotebookNode) -> tuple[tuple[str, ...], str]:
    """Sources and data date that an executed notebook tells about itself.

    They come from outputs of the type `PROVENANCE` (``{"sources": [...], "data_as_of": "2025-01"}``), which a
    notebook computes from the tables that it loads, and from the key ``nbfleet`` of its metadata.
    """
    outputs = [output.get("data", {}) for cell in nb.cells for output in cell.get("outputs", [])]
    told = [nb.metadata.get("nbfleet", {})]
    told += [data[PROVENANCE] for data in outputs if PROVENANCE in data]
    sources = dict.fromkeys(str(source) for item in told for source in item.get("sources", ()))
    dates = [str(item["data_as_of"]) for item in told if item.get("data_as_of")]
    return tuple(sources), max(dates, default="")


def both(nb: nbformat.NotebookNode, page: Page, project: Project = ALONE) -> tuple[str, str]:
    """An executed notebook as a page without code, which links to ``<name>-code.html``, and as that page.

    Parameters
    ----------
    nb : NotebookNode
        Executed; it is not changed.
    page : Page
        Title, parameters and provenance to show.
    project : Project
        What stands around the page.
    """
    soup, question, answered = _body(_presentable(nb), page, project.around().get("places", {}))

    def page_of(code: bool, lead: list[Tag], rest: list[Tag]) -> str:
        bodies = [Markup("".join(_printed(frames, answered))) for frames in (lead, rest)]
        headings = re.findall(r'<h2 id="([\w-]+)">(.*?)</h2>', "".join(bodies), re.S)
        contents = [(place, Markup(text).striptags()) for place, text in headings]
        parts = {"lead": bodies[0], "rest": bodies[1], "contents": contents}
        told = {"page": page, "code": code, "question": question, "answered": answered}
        return rendered("page.html", project, root="../", **parts, **told)

    frames = soup.find_all("div", class_="cell", recursive=False)
    coded = page_of(True, [], frames)  # as it ran
    for frame in frames:
        for source in frame.find_all("div", class_="input", recursive=False):
            source.decompose()
        for stream in frame.find_all("div", class_="output_stream") if answered else ():
            stream.decompose()  # what the computing cells of an analysis print
    told = [frame for frame in frames if frame.find(True)]
    lead = [frame for frame in told if _ANSWER in frame["class"]]
    rest = [frame for frame in told if _ANSWER not in frame["class"]]
    return page_of(False, lead, rest), coded


def index(listed: Sequence[Page], out: Path, project: Project = ALONE) -> str:
    """The list of reports that lie in a folder, grouped by notebook in the order given."""
    groups: dict[str, list[Page]] = {}
    for page in listed:
        groups.setdefault(page.notebook, []).append(page)
    failed = [page.name for page in listed if page.message]
    kept = {name for name in failed if (out / name / f"{name}.failed.ipynb").exists()}
    told = {"groups": groups, "count": len(listed), "failed": len(failed), "kept": kept}
    return rendered("index.html", project, **told)


def rendered(name: str, project: Project, folder: Path | None = None, **values: object) -> str:
    """A template of ours, or of a project's folder, with what the project puts around every page."""
    around = {"site": "", "links": (), "foot": (), "script": ""} | dict(project.around())
    css = _css(bool(values.get("code")))
    values = {"root": "", "css": css, "maker": project.maker, "around": around} | values
    return _template(name, folder).render(values)


def made_here(path: Path, project: str = "nbfleet") -> bool:
    """Whether a file is a page or an index that this module wrote for a project, by the generator that it names."""
    generator = re.compile(rf'<meta name="generator" content="{re.escape(project)}[ "]')
    try:
        return (
            generator.search(path.read_text(encoding="utf-8", errors="replace")[:2000]) is not None
        )
    except OSError:
        return False


@functools.cache
def _template(name: str, folder: Path | None) -> jinja2.Template:
    folders = jinja2.FileSystemLoader([*filter(None, [folder]), Path(__file__).parent])
    options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    environment = jinja2.Environment(loader=folders, undefined=jinja2.StrictUndefined, **options)
    return environment.get_template(name)


@functools.cache
def _css(highlighting: bool) -> str:
    css = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    if highlighting:
        from pygments.formatters import HtmlFormatter

        css += HtmlFormatter(style="xcode").get_style_defs(".highlight pre")
    return Markup(css)


# ---------------------------------------------------------------- from cells to the body of a page


def _body(
    nb: nbformat.NotebookNode, page: Page, places: Mapping[str, tuple[str, str]]
) -> tuple[BeautifulSoup, str, bool]:
    """Clean cells, the notebook's own top heading if the title differs, and whether the answer comes first.

    What notebooks display is foreign. nbconvert has each piece cleaned before it puts it into a frame, so that no
    piece can close its frame or swallow the next; the whole is cleaned once more.
    """
    from bs4 import BeautifulSoup
    from nbconvert.exporters import TemplateExporter

    # not by the method of HTMLExporter, which parses all to give texts to pictures: ours comes anyway
    rendered, _ = TemplateExporter.from_notebook_node(_exporter(), nb)
    soup = BeautifulSoup(_clean(rendered), "html.parser")
    for number, table in enumerate(soup.find_all("table"), 1):
        _box_table(soup, table, number)
    _link_both_ways(soup)
    _offer_files(soup, page.name)
    for number, text in enumerate(soup.find_all("pre"), 1):
        _reached_by_keys(text, f"Text {number}")
    for text in soup.find_all("code", string=[*places]):
        address, name = places[text.string]
        text.replace_with(soup.new_tag("a", href=address, string=name))
    for picture in soup.find_all("div", class_=("output_png", "output_jpeg", "output_svg")):
        picture.name = "figure"
    for picture in soup.find_all("img", alt=False):
        picture["alt"] = "No description has been provided for this image"
    for text in soup.find_all(string=re.compile(r"\d %")):
        text.replace_with(re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text))
    answered = soup.find("div", class_=_ANSWER, recursive=False) is not None
    for number, picture in enumerate(soup.find_all("figure") if answered else (), 1):
        picture["id"] = f"figure-{number}"
        picture.insert(0, soup.new_tag("figcaption", string=f"Figure {number}"))
    return soup, _order_headings(soup, page.title), answered


def _printed(frames: Iterable[Tag], answered: bool) -> Iterator[str]:
    """Cells as HTML, some parts folded where the answer comes first."""

    def fold(frame: Tag) -> str:
        return next((t for t in _FOLDED if answered and f"celltag_{t}" in frame["class"]), "")

    for part, group in itertools.groupby(frames, fold):
        body = "".join(map(str, group))
        if part:
            found = re.search(r"<h[2-6][^>]*>(.*?)</h[2-6]>", body, re.S)
            summary = found[0] if found else f'<h2 id="{part}">{_FOLDED[part]}</h2>'
            body = body.replace(summary, "", 1)
            body = f'<details class="fold"><summary>{summary}</summary>{body}</details>'
        yield body


@functools.cache
def _exporter() -> HTMLExporter:
    """What makes HTML of cells; its templates are compiled once."""
    from nbconvert import HTMLExporter
    from nbconvert.filters import Highlight2HTML

    return HTMLExporter(
        template_name="basic",
        sanitize_html=True,
        filters={"clean_html": _clean, "highlight_code": Highlight2HTML()},
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _presentable(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy without what no page shows: stderr, scripts, widgets, raw and empty cells."""
    nb = deepcopy(nb)
    for cell in nb.cells:
        cell.metadata = {"tags": cell.metadata.get("tags", []), "alt": cell.metadata.get("alt")}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data and (file := data.get("text/csv")):
                data["text/html"] += f'<p class="csv">{quote(file)}</p>'
            output.get("metadata", {}).pop("text/html", None)
            for kind in {*data} - _SHOWN_TYPES if PROVENANCE not in data else {*data}:
                del data[kind]
        if cell.cell_type == "code":
            told = (o for o in cell.outputs if o.get("name") != "stderr")
            cell.outputs = [output for output in told if output.get("data", True)]
    nb.cells = [
        cell
        for cell in nb.cells
        if cell.cell_type == "markdown" or cell.get("outputs") or cell.source.strip()
    ]
    return nb


def _clean(html: str) -> str:
    """HTML with allowed tags, attributes and styles only; scripts and style sheets go with their content.

    It is cleaned until cleaning changes nothing: then a browser reads it as the cleaner did.
    """
    for _ in range(_MOST_ROUNDS):
        before, html = html, _CLEANER.clean(html)
        # a reader passes over the first line end
        html = re.sub(r"(<pre(?: [^>]*)?>)(?=\n)", r"\1\n", html)
        if html == before:
            return html
    return escape(html)  # a riddle is shown as what it is


def _allowed(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute that may be kept, or None."""
    if name == "style":
        declarations = filter(None, map(_STYLE.fullmatch, value.split(";")))
        kept = [f"{found[1].lower()}: {found[2].strip()};" for found in declarations]
        return " ".join(kept) or None
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name == "href":  # browsers pass over control characters and blanks
        scheme = re.match(r"([^/?#]*?):", re.sub(r"[\x00-\x20\x7f-\xa0]", "", value))
        return value if scheme is None or scheme[1].lower() in _SCHEMES else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_GONE_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed,
    url_schemes={*_SCHEMES, "data"},
    link_rel=None,
)


def _order_headings(soup: BeautifulSoup, title: str) -> str:
    """Leave the top level to the page's title, and no level out; the notebook's own title if that says something else."""
    question, level, top = "", 1, soup.find(_HEADINGS)
    if top is not None and top.name == "h1":
        text = top.get_text(" ", strip=True)
        question = "" if title.startswith(text) else text  # a title may add values to it
        top.decompose()
    for number, heading in enumerate(soup.find_all(_HEADINGS), 1):
        level = min(max(int(heading.name[1]), 2), level + 1)
        heading.name = f"h{level}"
        words = re.findall(r"[a-z0-9]+", heading.get_text().lower())
        heading.attrs = {"id": "-".join(["part", str(number), *words[:6]])}
    return question


def _reached_by_keys(element: Tag, name: str) -> None:
    """Let what scrolls on narrow screens scroll without a mouse, under a name of its own."""
    element.attrs |= {"tabindex": "0", "role": "region", "aria-label": name}


def _box_table(soup: BeautifulSoup, table: Tag, number: int) -> None:
    """Put a table into a box of its own that scrolls on narrow screens, numbers to the right.

    Each cell knows its column's name: on a phone, rows with sentences, and few rows that are too wide, are read one
    below the other.
    """
    if table.find_parent("table"):
        return
    box = table.wrap(soup.new_tag("div", attrs={"class": "table-box"}))
    fold = box.find_parent("details")
    named = table.caption or (fold and fold.summary)
    told = f": {named.get_text(strip=True).removeprefix('Table: ')}" if named else ""
    _reached_by_keys(box, f"Table {number}{told}")
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    spanning = any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row)
    if not rows or spanning or table.find("table"):
        return
    kinds, width = [], 0
    for column in itertools.zip_longest(*rows):
        cells = [cell for cell in column if cell is not None]
        data = [cell for cell in cells if cell.name == "td"]
        texts = [cell.get_text(strip=True) for cell in data]
        numbers = re.search(r"\d", "".join(texts)) and all(map(_NUMBER.fullmatch, texts))
        for cell, text in zip(data, texts, strict=True):
            if text in _MISSING:
                cell.string = "–"
            cell["data-label"] = cells[0].get_text(strip=True)
        short = max(map(len, texts), default=0) <= _SHORT
        kinds.append("number" if numbers else "short" if short else "")
        for cell in cells if kinds[-1] else ():
            cell["class"] = [*cell.get("class", []), kinds[-1]]
        width += max(len(cell.get_text(strip=True)) for cell in cells)
    cut_off = width > _PHONE and len(rows) <= _FEW + 1
    if (not all(kinds) or cut_off) and all(cell.name == "th" for cell in rows[0]):
        box["class"] = "table-box stack"


def _link_both_ways(soup: BeautifulSoup) -> None:
    """Lead from each place that the page itself links to back to where it is first spoken of; link addresses."""
    places = {place["id"]: place for place in soup.find_all(id=True)}
    for link in soup.find_all("a", href=re.compile("^#.")):
        name, back = link["href"][1:], f"from-{link['href'][1:]}"
        if name in places and back not in places:
            link["id"], places[back] = back, link
            again = {"href": f"#{back}", "class": "back", "aria-label": "Back to the text"}
            (places[name].find(["td", "th"]) or places[name]).append(
                soup.new_tag("a", attrs=again, string="\N{LEFTWARDS ARROW WITH HOOK}")
            )
    for cell in soup.find_all("td", string=re.compile(r"^https?://\S+$")):
        cell.string.wrap(soup.new_tag("a", href=cell.string))


def _offer_files(soup: BeautifulSoup, name: str) -> None:
    """Turn the data that a table brings along into a link that saves them, in the table's fold."""
    for number, place in enumerate(soup.find_all("p", class_="csv"), 1):
        text, fold = quote(place.get_text(), safe="%"), place.find_previous_sibling("details")
        size = max(1, round(len(unquote(text)) / 1000))
        link = soup.new_tag("a", string=f"Download the data (CSV, {size} kB)")
        link["href"], link["download"] = (
            f"data:text/csv;charset=utf-8,{text}",
            f"{name}-{number}.csv",
        )
        place.string = ""
        place.append(link)
        if fold:
            fold.append(place.extract())

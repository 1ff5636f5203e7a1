"""The pages that people read without Python: one for each report, one with its code, and the index.

Every page of a report stands alone: no script, no font, no picture and no style from elsewhere, so that it can be mailed,
archived and printed. What a notebook displays is cleaned against a list of allowed tags, and a content security
policy in the page forbids the rest.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import jinja2
import nh3

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
_TAGS = frozenset(nh3.ALLOWED_TAGS - _DIVIDING | {"tfoot"})
_GONE_WITH_CONTENT = frozenset(
    ["script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title"]
)
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
_MANY = 7  # columns that need more room than a line of text
#: Parts of a notebook, by tag, that a page folds, and what stands on the fold where they have no heading.
_FOLDED = {"more": "More charts and tables", "evidence": "Evidence"}
_CONTENTS = '<nav class="contents"></nav>'  # where the list of a page's parts is to stand
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
    told = [
        nb.metadata.get("nbfleet", {}),
        *(data[PROVENANCE] for data in outputs if PROVENANCE in data),
    ]
    sources = dict.fromkeys(str(source) for item in told for source in item.get("sources", ()))
    dates = [str(item["data_as_of"]) for item in told if item.get("data_as_of")]
    return tuple(sources), max(dates, default="")


def html(nb: nbformat.NotebookNode, page: Page, code: bool = False) -> str:
    """One of the two pages of `both`."""
    return both(nb, page)[code]


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
    from markupsafe import Markup

    def page_of(body: str, code: bool) -> str:
        told = {"question": question, "answered": answered, "highlighting": code, "root": "../"}
        headings = re.findall(r'<h2 id="([\w-]+)">(.*?)</h2>', body, re.S)
        contents = [(place, Markup(text).striptags()) for place, text in headings]
        lead, _, rest = map(Markup, body.partition(_CONTENTS))
        about = {"page": page, "code": code, "lead": lead, "rest": rest, "contents": contents}
        return rendered("page.html", project, maker=page.maker, **about, **told)

    answered = _answered(nb)
    plain, coded, question = _bodies(nb, page, project.around().get("places", {}))
    return page_of(plain, False), page_of(coded, True)


def index(pages: Iterable[Page], out: Path, project: Project = ALONE) -> str:
    """The list of reports that lie in a folder, grouped by notebook in the order given."""
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.notebook, []).append(page)
    failed = [page.name for group in groups.values() for page in group if page.message]
    told = {
        "count": sum(map(len, groups.values())),
        "failed": len(failed),
        "kept": {name for name in failed if (out / name / f"{name}.failed.ipynb").exists()},
    }
    return rendered("index.html", project, groups=groups, **told)


def rendered(name: str, project: Project, folder: Path | None = None, **values: object) -> str:
    """A template of ours, or of a project's folder, with what the project puts around every page."""
    around = {"site": "", "links": (), "foot": (), "script": ""} | dict(project.around())
    css = _css(bool(values.pop("highlighting", False)))
    values = {"root": "", "css": css, "maker": project.maker, "around": around} | values
    return _template(name, folder).render(values)


def made_here(path: Path, project: str = "nbfleet") -> bool:
    """Whether a file is a page or an index that this module wrote for a project, by the generator that it names."""
    generator = re.compile(rf'<meta name="generator" content="{re.escape(project)}[ "]')
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return generator.search(file.read(2000)) is not None
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
    from markupsafe import Markup

    css = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    if highlighting:
        from pygments.formatters import HtmlFormatter

        css += HtmlFormatter(style="xcode").get_style_defs(".highlight pre")
    return Markup(css)


# ---------------------------------------------------------------- from cells to the body of a page


def _bodies(
    nb: nbformat.NotebookNode, page: Page, places: Mapping[str, tuple[str, str]]
) -> tuple[str, str, str]:
    """Clean HTML of the cells without and with code, and the notebook's own top heading if the title differs.

    What notebooks display is foreign. nbconvert has each piece cleaned before it puts it into a frame, so that no
    piece can close its frame or swallow the next; the whole is cleaned once more.
    """
    from bs4 import BeautifulSoup

    shown = _presentable(nb)
    rendered, _ = _exporter().from_notebook_node(shown)
    soup = BeautifulSoup(_clean(rendered), "html.parser")
    for number, table in enumerate(soup.find_all("table"), 1):
        _box_table(soup, table, number)
    _link_both_ways(soup)
    _offer_files(soup, page.name)
    for number, text in enumerate(soup.find_all("pre"), 1):
        _reached_by_keys(text, f"Text {number}")
    for text in soup.find_all("code", string=[*places]):
        text.replace_with(
            soup.new_tag("a", href=places[text.string][0], string=places[text.string][1])
        )
    for picture in soup.find_all("div", class_=("output_png", "output_jpeg", "output_svg")):
        picture.name = "figure"
    for picture in soup.find_all("img", alt=False):
        picture["alt"] = "No description has been provided for this image"
    for text in soup.find_all(string=re.compile(r"\d %")):
        text.replace_with(re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text))
    frames = soup.find_all("div", class_="cell", recursive=False)
    contents = soup.new_tag("nav", attrs={"class": "contents"})
    soup.insert(0, contents)
    headings = [(heading, int(heading.name[1])) for heading in soup.find_all(_HEADINGS)]
    question = _take_top_heading(headings, page.title)
    answered = _answered(nb)
    for number, picture in enumerate(soup.find_all("figure") if answered else (), 1):
        caption = soup.new_tag("figcaption", string=f"Figure {number}")
        picture["id"] = f"figure-{number}"
        picture.insert(0, caption)
    parts = [
        next((t for t in _FOLDED if answered and t in c.metadata.tags), "") for c in shown.cells
    ]
    coded = _printed(soup, frames, headings, _told(shown.cells, code=True), parts)
    for frame in frames:
        for source in frame.find_all("div", class_="input", recursive=False):
            source.decompose()
        for stream in frame.find_all("div", class_="output_stream") if answered else ():
            stream.decompose()  # what the computing cells of an analysis print
    for frame, cell in zip(frames, shown.cells, strict=True):
        if answered and "answer" in cell.metadata.tags:
            contents.insert_before(frame)  # leads the page that is read; the other stands as it ran
    return _printed(soup, frames, headings, _told(shown.cells, code=False), parts), coded, question


def _answered(nb: nbformat.NotebookNode) -> bool:
    """Whether a notebook gives its answer first, in cells tagged so: then its page leads with it."""
    return any("answer" in cell.metadata.get("tags", []) for cell in nb.cells)


def _printed(
    soup: BeautifulSoup,
    frames: list[Tag],
    headings: list[tuple[Tag, int]],
    told: list[bool],
    parts: list[str],
) -> str:
    """Those cells that a page tells, with headings in order, some parts folded; the tree keeps the others."""
    left_out = {id(frame) for frame, tells in zip(frames, told, strict=True) if not tells}
    _order_headings(
        (heading, level)
        for heading, level in headings
        if id([heading, *heading.parents][-2]) not in left_out  # its cell, below the whole
    )
    folds = {id(frame): part for frame, part in zip(frames, parts, strict=True)}
    shown = [part for part in soup.contents if id(part) not in left_out and str(part).strip()]
    told_html = []
    for fold, group in itertools.groupby(shown, lambda part: folds.get(id(part), "")):
        body = "".join(map(str, group))
        if fold:
            found = re.search(r"<h[2-6][^>]*>(.*?)</h[2-6]>", body, re.S)
            summary = found[0] if found else f'<h2 id="{fold}">{_FOLDED[fold]}</h2>'
            body = body.replace(found[0], "", 1) if found else body
            body = f'<details class="fold"><summary>{summary}</summary>{body}</details>'
        told_html.append(body)
    return "".join(told_html)


@functools.cache
def _exporter() -> HTMLExporter:
    """What makes HTML of cells; its templates are compiled once."""
    from nbconvert import HTMLExporter

    class Fragments(HTMLExporter):
        """Without the parsing by which its parent gives texts to pictures: ours comes anyway."""

        def from_notebook_node(self, nb, resources=None, **options):
            from nbconvert.exporters.templateexporter import TemplateExporter
            from nbconvert.filters import Highlight2HTML

            lexer = nb.metadata.get("language_info", {}).get("pygments_lexer")
            self.register_filter(
                "highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self)
            )
            return TemplateExporter.from_notebook_node(
                self, nb, self._init_resources(resources), **options
            )

    return Fragments(
        template_name="basic",
        sanitize_html=True,
        filters={"clean_html": _clean},
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _presentable(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy without what no page shows: stderr, scripts, widgets, raw cells."""
    nb = deepcopy(nb)
    nb.metadata.pop("widgets", None)
    nb.cells = [cell for cell in nb.cells if cell.cell_type != "raw"]
    for cell in nb.cells:
        cell.metadata = {"tags": cell.metadata.get("tags", []), "alt": cell.metadata.get("alt")}
        outputs = [
            output
            for output in cell.get("outputs", [])
            if output.get("name") != "stderr" and PROVENANCE not in output.get("data", {})
        ]
        for output in outputs:
            if "data" in output:
                if "text/html" in output["data"] and (file := output["data"].get("text/csv")):
                    output["data"]["text/html"] += f'<p class="csv">{quote(file)}</p>'
                output["data"] = {k: v for k, v in output["data"].items() if k in _SHOWN_TYPES}
                output["metadata"].pop("text/html", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in outputs if output.get("data", True)]
    return nb


def _told(cells: list[nbformat.NotebookNode], code: bool) -> list[bool]:
    """Which cells a page shows: not those that would be empty."""
    return [
        bool(cell.cell_type == "markdown" or cell.get("outputs") or (code and cell.source.strip()))
        for cell in cells
    ]


def _clean(html: str) -> str:
    """HTML with allowed tags, attributes and styles only; scripts and style sheets go with their content.

    It is cleaned until cleaning changes nothing: then a browser reads it as the cleaner did.
    """
    for _ in range(_MOST_ROUNDS):
        before, html = html, _cleaner().clean(html)
        # a reader passes over the first line end
        html = re.sub(r"(<pre(?: [^>]*)?>)(?=\n)", r"\1\n", html)
        if html == before:
            return html
    return escape(html)  # a riddle is shown as what it is


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_GONE_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={*_SCHEMES, "data"},
        link_rel=None,
    )


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


def _take_top_heading(headings: list[tuple[Tag, int]], title: str) -> str:
    """Leave the top level to the page's title; return the notebook's own top heading if that says something else."""
    if not headings or headings[0][1] != 1:
        return ""
    heading, _ = headings.pop(0)
    text = heading.get_text(" ", strip=True)
    within = {id(inner) for inner in heading.find_all(_HEADINGS)}
    headings[:] = [(other, level) for other, level in headings if id(other) not in within]
    heading.decompose()
    return "" if title.startswith(text) else text  # a title may add values to it


def _order_headings(headings: Iterable[tuple[Tag, int]]) -> None:
    """Leave out no level, and the first to the title."""
    level = 1
    for number, (heading, stated) in enumerate(headings, 1):
        level = min(max(stated, 2), level + 1)
        heading.name = f"h{level}"
        words = re.findall(r"[a-z0-9]+", heading.get_text().lower())
        heading.attrs = {"id": "-".join(["part", str(number), *words[:6]])}


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
    box = soup.new_tag("div", attrs={"class": "table-box"})
    fold = table.find_parent("details")
    named = table.caption or (fold.summary if fold else None)
    told = f": {named.get_text(strip=True).removeprefix('Table: ')}" if named else ""
    _reached_by_keys(box, f"Table {number}{told}")
    table.wrap(box)
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    if max(map(len, rows), default=0) >= _MANY:
        box["class"] = ["table-box", "wide"]
    spanning = any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row)
    if not rows or spanning or table.find("table"):
        return
    kinds, width = [], 0
    for column in range(max(map(len, rows))):
        cells = [row[column] for row in rows if column < len(row)]
        data = [cell for cell in cells if cell.name == "td"]
        texts = [cell.get_text(strip=True) for cell in data]
        numbers = re.search(r"\d", "".join(texts)) and all(map(_NUMBER.fullmatch, texts))
        for cell, text in zip(data, texts, strict=False):
            if text in _MISSING:
                cell.string = "–"
            cell["data-label"] = cells[0].get_text(strip=True)
        short = max(map(len, texts), default=0) <= _SHORT
        kind = "number" if numbers else "short" if short else ""
        kinds.append(kind)
        width += max(len(cell.get_text(strip=True)) for cell in cells)
        for cell in cells if kind else ():
            cell["class"] = [*cell.get("class", []), kind]
    cut_off = width > _PHONE and len(rows) <= _FEW + 1
    if (not all(kinds) or cut_off) and all(cell.name == "th" for cell in rows[0]):
        box["class"] = [*box.get_attribute_list("class"), "stack"]


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
        saved = {
            "href": f"data:text/csv;charset=utf-8,{text}",
            "download": f"{name}-{number}.csv",
        }
        place.string = ""
        place.append(soup.new_tag("a", attrs=saved, string=f"Download the data (CSV, {size} kB)"))
        if fold:
            fold.append(place.extract())

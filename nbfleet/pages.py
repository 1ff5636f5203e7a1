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
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import jinja2
import nh3
from lxml import etree
from lxml.builder import E
from lxml.html import HtmlElement, XHTMLParser
from markupsafe import Markup

from nbfleet.project import ALONE, Project

if TYPE_CHECKING:
    import nbformat
    from nbconvert import HTMLExporter

PROVENANCE = "application/vnd.nbfleet.provenance+json"
_SHOWN_TYPES = {f"text/{kind}" for kind in ("html", "markdown", "latex", "plain")}
_SHOWN_TYPES |= {f"image/{kind}" for kind in ("svg+xml", "png", "jpeg")}
#: What nh3 lets pass, but for tags that divide a page or draw on a picture: those are the page's own affair.
_DIVIDING = {"article", "aside", "center", "footer", "header", "hgroup", "nav", "area", "map"}
_TAGS = nh3.ALLOWED_TAGS - _DIVIDING | {"tfoot"}
_GONE_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "embed"}
_GONE_WITH_CONTENT |= {"svg", "math", "title"}
_ATTRIBUTES = {"*": {"class", "style", "id"}, "a": {"href"}, "abbr": {"title"}, "col": {"span"}}
_ATTRIBUTES |= {"details": {"open"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"}}
_ATTRIBUTES |= {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_SCHEMES = ("http", "https", "mailto")
#: What colours and aligns: no address, no escape, no quotation mark.
_STYLE = re.compile(
    r"(?ai)\s*(background-color|color|font-style|font-weight|text-align|vertical-align|white-space)"
    r"\s*:\s*((?:[\w#%.,\s+!-]|(?:rgb|hsl)a?\([\w.,%\s+-]*\))*)"
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
_REACHED = {"tabindex": "0", "role": "region"}  # what scrolls on narrow screens, without a mouse
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ue000]")  # for XML; the last is a sign
_VOID = r"(?:br|col|hr|img|wbr)\b"  # tags that are never closed


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
    """A page without code of an executed notebook, which is not changed, and the page ``<name>-code.html`` that it links to."""
    tree, question, answered = _body(_presentable(nb), page, project.around().get("places", {}))

    def page_of(code: bool, lead: list[HtmlElement], rest: list[HtmlElement]) -> str:
        bodies = [Markup("".join(_printed(frames, answered))) for frames in (lead, rest)]
        headings = re.findall(r'<h2 id="([\w-]+)">(.*?)</h2>', "".join(bodies), re.S)
        contents = [(place, Markup(text).striptags()) for place, text in headings]
        parts = {"lead": bodies[0], "rest": bodies[1], "contents": contents}
        told = {"page": page, "code": code, "question": question, "answered": answered}
        return rendered("page.html", project, root="../", **parts, **told)

    frames = tree.xpath("div[starts-with(@class, 'cell ')]")
    coded = page_of(True, [], frames)  # as it ran
    streams = "//div[contains(@class, ' output_stream ')]"  # what computing cells print
    for part in tree.xpath("div/div[@class='input']" + f" | {streams}" * answered):
        part.drop_tree()
    lead, rest = ([f for f in frames if len(f) and (_ANSWER in f.classes) == x] for x in (1, 0))
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
    generator = rf'<meta name="generator" content="{re.escape(project)}[ "]'
    try:
        return bool(re.search(generator, path.read_text("utf-8", "replace")[:2000]))
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


def _body(nb: nbformat.NotebookNode, page: Page, places: Mapping) -> tuple[HtmlElement, str, bool]:
    """Clean cells, the notebook's own top heading if the title differs, and whether the answer comes first.

    What notebooks display is foreign. nbconvert has each piece cleaned before it puts it into a frame, so that no
    piece can close its frame or swallow the next; the whole is cleaned once more.
    """
    from nbconvert.exporters import TemplateExporter

    # not by the method of HTMLExporter, which parses all to give texts to pictures: ours comes anyway
    rendered, _ = TemplateExporter.from_notebook_node(_exporter(), nb)
    tree = _parsed(_clean(rendered))
    for number, table in enumerate([*tree.iter("table")], 1):
        if next(table.iterancestors("table"), None) is None:
            _box_table(table, number)
    _link_both_ways(tree)
    _offer_files(tree, page.name)
    for number, text in enumerate(tree.iter("pre"), 1):
        text.attrib.update(_REACHED | {"aria-label": f"Text {number}"})
    for text in tree.xpath("//code[not(*)]"):
        if place := places.get(text.text):
            text.addprevious(E.a(place[1], href=place[0]))
            text.drop_tree()
    for picture in tree.iter("div"):
        if not picture.classes.isdisjoint({"output_png", "output_jpeg", "output_svg"}):
            picture.tag = "figure"
    for picture in tree.xpath("//img[not(@alt)]"):
        picture.set("alt", "No description has been provided for this image")
    answered = any(_ANSWER in frame.classes for frame in tree.iterchildren("div"))
    for number, picture in enumerate(tree.iter("figure") if answered else (), 1):
        picture.set("id", f"figure-{number}")
        picture.insert(0, E.figcaption(f"Figure {number}"))
        picture[0].tail, picture.text = picture.text, None
    return tree, _order_headings(tree, page.title), answered


def _parsed(html: str) -> HtmlElement:
    """The tree of clean HTML, read as the XML that it nearly is: nothing is closed, moved, or added to it."""
    html = _UNFIT.sub(lambda odd: "\ue000" + chr(ord(odd[0]) ^ 0xE100), html)
    html = re.sub(rf"<({_VOID}[^<>]*)", r"<\1/", html.replace("&nbsp;", "\xa0"))
    html = f"<body>{html}</body>".replace("\n", "&#10;").replace("\t", "&#9;")
    parser = XHTMLParser(huge_tree=True, collect_ids=False)
    try:
        return etree.XML(html, parser)
    except etree.XMLSyntaxError:  # it goes 2,048 elements deep, this one has no limit
        return ElementTree.XML(html, ElementTree.XMLParser(target=etree.TreeBuilder(parser=parser)))


def _html(element: HtmlElement) -> str:
    """An element as HTML, without what follows it."""
    html = etree.tostring(element, encoding="unicode", with_tail=False)
    html = re.sub(r" (?<=\d )(?=%[^<>]*<)", "\N{NO-BREAK SPACE}", html)
    html = re.sub(rf"<(?!{_VOID})(\w+)([^<>]*)/>", r"<\1\2></\1>", html)
    html = html.replace("&#10;", "\n").replace("&#9;", "\t")
    return re.sub("\ue000(.)", lambda odd: chr(ord(odd[1]) ^ 0xE100), html)


def _text(element: HtmlElement) -> str:
    """All text of an element, without blanks around its pieces."""
    return "".join(map(str.strip, element.itertext()))


def _printed(frames: Iterable[HtmlElement], answered: bool) -> Iterator[str]:
    """Cells as HTML, some parts folded where the answer comes first."""

    def fold(frame: HtmlElement) -> str:
        return next((t for t in _FOLDED if answered and f"celltag_{t}" in frame.classes), "")

    for part, group in itertools.groupby(frames, fold):
        body = "".join(map(_html, group))
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

    @functools.lru_cache(256)  # reports of one notebook show the same code
    def shown(code: str, magic: str | None) -> str:
        return Highlight2HTML()(code, metadata=magic and {"magics_language": magic})

    filters = {"clean_html": _clean}
    filters["highlight_code"] = lambda code, metadata: shown(code, metadata.get("magics_language"))
    options = {f"exclude_{x}": True for x in ("input_prompt", "output_prompt", "anchor_links")}
    options |= {"filters": filters, "sanitize_html": True, "optimistic_validation": True}
    return HTMLExporter(template_name="basic", **options)


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
        c for c in nb.cells if c.cell_type != "code" or c.get("outputs") or c.source.strip()
    ]
    return nb


def _clean(html: str) -> str:
    """HTML with allowed tags, attributes and styles only; scripts and style sheets go with their content.

    It is cleaned until cleaning changes nothing: then a browser reads it as the cleaner did.
    """
    for _ in range(_MOST_ROUNDS):
        before, html = html, _CLEANER.clean(html)
        html = re.sub(r"(<pre(?: [^>]*)?>)(?=\n)", r"\1\n", html)  # a reader skips one
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


_RULES = {"tags": _TAGS, "clean_content_tags": _GONE_WITH_CONTENT, "attributes": _ATTRIBUTES}
_RULES |= {"attribute_filter": _allowed, "url_schemes": {*_SCHEMES, "data"}, "link_rel": None}
_CLEANER = nh3.Cleaner(**_RULES)


def _order_headings(tree: HtmlElement, title: str) -> str:
    """Leave the top level to the page's title, and no level out; the notebook's own title if that says something else."""
    question, level, top = "", 1, next(tree.iter(_HEADINGS), None)
    if top is not None and top.tag == "h1":
        text = " ".join(unescape(re.sub("<[^<>]*>", " ", _html(top))).split())
        question = "" if title.startswith(text) else text  # a title may add values to it
        top.drop_tree()
    for number, heading in enumerate(tree.iter(_HEADINGS), 1):
        level = min(max(int(heading.tag[1]), 2), level + 1)
        heading.tag = f"h{level}"
        words = re.findall(r"[a-z0-9]+", heading.text_content().lower())
        heading.attrib.clear()
        heading.set("id", "-".join(["part", str(number), *words[:6]]))
    return question


def _box_table(table: HtmlElement, number: int) -> None:
    """Put a table into a box of its own that scrolls on narrow screens, numbers to the right.

    Each cell knows its column's name: on a phone, rows with sentences, and few rows that are too wide, are read one
    below the other.
    """
    fold = next(table.iterancestors("details"), table)
    named = next(itertools.chain(table.iter("caption"), fold.iter("summary")), None)
    told = "" if named is None else f": {_text(named).removeprefix('Table: ')}"
    box = E.div(_REACHED | {"aria-label": f"Table {number}{told}", "class": "table-box"})
    table.addprevious(box)
    box.tail, table.tail = table.tail, None
    box.append(table)
    rows = [[*row.iterchildren("td", "th")] for row in table.iter("tr")]
    if not rows or table.xpath(".//table | .//tr/*[@colspan != '' or @rowspan != '']"):
        return
    kinds, width = [], 0
    for column in itertools.zip_longest(*rows):
        cells = [cell for cell in column if cell is not None]
        texts = [_text(cell) for cell in cells]
        data = [text for cell, text in zip(cells, texts, strict=True) if cell.tag == "td"]
        numbers = re.search(r"\d", "".join(data)) and all(map(_NUMBER.fullmatch, data))
        short = max(map(len, data), default=0) <= _SHORT
        kinds.append("number" if numbers else "short" if short else "")
        for at, cell in enumerate(cells):
            if cell.tag == "td":
                if texts[at] in _MISSING:
                    cell[:], cell.text, texts[at] = (), "–", "–"
                cell.set("data-label", texts[0])
            if kinds[-1]:
                cell.set("class", f"{cell.get('class', '')} {kinds[-1]}".strip())
        width += max(map(len, texts))
    cut_off = width > _PHONE and len(rows) <= _FEW + 1
    if (not all(kinds) or cut_off) and all(cell.tag == "th" for cell in rows[0]):
        box.set("class", "table-box stack")


def _link_both_ways(tree: HtmlElement) -> None:
    """Lead from each place that the page itself links to back to where it is first spoken of; link addresses."""
    places = {place.get("id"): place for place in tree.xpath("//*[@id]")}
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        name, back = link.get("href")[1:], f"from-{link.get('href')[1:]}"
        if name in places and back not in places:
            link.attrib["id"], places[back] = back, link
            again = {"href": f"#{back}", "class": "back", "aria-label": "Back to the text"}
            cell = next(places[name].iterdescendants("td", "th"), places[name])
            cell.append(E.a("\N{LEFTWARDS ARROW WITH HOOK}", again))
    for cell in tree.xpath("//td[not(*)][starts-with(., 'http')]"):
        if re.search(r"^https?://\S+$", cell.text):
            cell[:], cell.text = [E.a(cell.text, href=cell.text)], None


def _offer_files(tree: HtmlElement, name: str) -> None:
    """Turn the data that a table brings along into a link that saves them, in the table's fold."""
    for number, place in enumerate(tree.xpath("//p[@class='csv']"), 1):
        text = quote(place.text_content(), safe="%")
        size = max(1, round(len(unquote(text)) / 1000))
        told = {"href": f"data:text/csv;charset=utf-8,{text}", "download": f"{name}-{number}.csv"}
        place[:], place.text = [E.a(f"Download the data (CSV, {size} kB)", told)], None
        for fold in itertools.islice(place.itersiblings("details", preceding=True), 1):
            fold.append(E.p(*place, dict(place.attrib)))
            place.drop_tree()

"""Whatever a notebook displays is inert on its pages, and stays in its frame."""

from __future__ import annotations

import re
from html import escape
from xml.etree.ElementTree import Element

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from notebook_factory import code, markdown, narrated, notebook, png, printed

from nbfleet import pages

tinyhtml5 = pytest.importorskip(
    "tinyhtml5", reason="tinyhtml5 comes with weasyprint; it reads pages as browsers do"
)

PAGE = pages.Page("a", "A?", "a")
FRAMES = {"tabindex", "role", "aria-label", "data-label"}
MXSS = '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">'

HOSTILE = [
    # scripts in disguise
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0c>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    '<object data="javascript:alert(1)"></object><embed src="data:text/html,evil">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<template><script>alert(1)</script></template>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=import href=//evil.example><link rel=stylesheet href=data:text/css,*{color:red}>",
    # handlers of events
    "<img src=x onerror=alert(1)>",
    "<b onmouseover\x00=alert(1)>x</b>",
    "<b/onclick=alert(1)//x>x</b>",
    "<details open ontoggle=alert(1)><summary onfocus=alert(1) tabindex=1 autofocus>x</summary></details>",
    "<a href=x style=animation-name:x onanimationstart=alert(1)>x</a>",
    '<img alt="`><script>alert(1)</script>`" OnError="alert(1)">',
    "<td onclick=alert(1)><table><tr onclick=alert(1)><td background=javascript:alert(1)>x</table>",
    # addresses
    *(
        f'<a href="{url}">x</a><img src="{url}"><p style="background-color:url({url})">y</p>'
        for url in (
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " \x01javascript:alert(1)",
            "java\tscript:alert(1)",
            "java&#10;script:alert(1)",
            "javascript&colon;alert(1)",
            "&#x6a;avascript:alert(1)",
            "jav\xadascript:alert(1)",
            "vbscript:msgbox(1)",
            "VBSCRIPT:msgbox(1)",
            "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
            "DATA:text/html,<script>alert(1)</script>",
            "\ndata:text/html,<script>alert(1)</script>",
            "da\nta:image/svg+xml,<svg onload=alert(1)>",
            "data:image/svg+xml;utf8,<svg onload=alert(1)>",
            "data:image/png;base64,AA==,<script>",
            "data:image/svg+xml;base64;x,AA==",
            "blob:https://evil.example/1",
            "file:///etc/passwd",
            "view-source:javascript:alert(1)",
            "feed:javascript:alert(1)",
        )
    ),
    "<a href='//evil.example' target=_top ping=//evil.example download>x</a>",
    "<a xlink:href='javascript:alert(1)'>x</a>",
    # styles
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='color:red;background:url(//evil.example)'>x</p>",
    "<p style='color:url(//evil.example)'>x</p>",
    "<p style='color:\\75rl(//evil.example)'>x</p>",
    "<p style='color:image-set(\"//evil.example\" 1x)'>x</p>",
    "<p style='position:fixed;top:0;left:0;white-space:pre/**/;color:/*'>x</p>",
    "<p style='color:red\"><script>alert(1)</script>'>x</p>",
    "<style>p{background:url(//evil.example)}</style>",
    "<style><!--</style><script>alert(1)</script>-->",
    # elements of other vocabularies, and what is read twice
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><foreignObject><p onclick=alert(1)>x</p></foreignObject></svg>",
    '<svg></p><style><a title="</style><img src=x onerror=alert(1)>">',
    "<svg><desc><b><p><style><!--</style><img onerror=alert(1) src>--></style>",
    "<svg><style><img title='</style><img src=x onerror=alert(1)>'>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    MXSS,
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title='</style><img src onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><img title='</noframes><script>alert(1)</script>'></noframes>",
    "<textarea><img title='</textarea><script>alert(1)</script>'></textarea>",
    "<title><a title='</title><script>alert(1)</script>'></title>",
    "<xmp><p title='</xmp><script>alert(1)</script>'></xmp>",
    "<select><style></select><img src=x onerror=alert(1)></style></select>",
    "<select><option><script>alert(1)</script><table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><script>alert(1)</script>--!>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE html><html><head><script>alert(1)</script></head><body onload=alert(1)>x</body></html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p id='&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;' class='</td><script>'>x</p>",
    # what would close or swallow the page
    "</article></main></body></html><script>alert(1)</script>",
    "</figure></div></div></div></div></main><b>out",
    "<!--",
    "<!-- <b>",
    "<b",
    "<img alt='",
    '<a href="',
    *("<plaintext>", "<xmp>", "<textarea>", "<noscript>", "<iframe>"),
    *("<select>", "<title>", "<svg>", "<math>", "<frameset>"),
    "<table><tr><td>",
    "<table><tbody><b>x<tr><i>",
    "<b><i><u><a href=x><code>",
    "<ul><li><ol><li><dl><dd>",
    "<details><summary>",
    "<p><button><table><tr><td>1</table>",
    "<a href=x><marquee><a href=y>",
    "<h1><marquee><h1><div></h1></marquee>",
    "<table><caption><table><tr><td>1</td></tr></table></caption></table>",
    "<table><tr><td>1<td><img alt='</td></tr></table>'></table>",
    # attributes that look like the end of one and the beginning of the next
    "<table><tr><td id=' class=' class='x onclick=alert(1) y'>1</td></tr></table>",
    "<table><tr><td style='color: red' id=' class=' title=\"'\" class=' onclick=alert(1) '>1</td></tr></table>",
    "<img id=' alt=' class=' onerror=alert(1) '><img class=' alt='>",
    "<pre>\n\n\n</pre><pre>\n<b>",
    "\x00<b>\x0b\x1b[31m\x7f\ufffe\r\n\u2028\u202e",
]


def browsed(html: str) -> Element:
    """A page as a browser reads it."""
    return tinyhtml5.parse(html, namespace_html_elements=False)


def text(element: Element) -> str:
    return "".join(element.itertext())


def address(url: str) -> str:
    """An address as a browser takes it."""
    return re.sub(r"[\t\n\r]", "", url).strip("".join(map(chr, range(0x21)))).lower()


def assert_inert(root: Element) -> None:
    for element in root.iter():
        assert isinstance(element.tag, str), "a comment"
        assert element.tag in pages._TAGS, element.tag
        allowed = pages._ATTRIBUTES["*"] | pages._ATTRIBUTES.get(element.tag, set())
        boxed = "table-box" in element.get("class", "") or element.tag in ("pre", "td")
        assert not any(name.startswith("on") for name in element.attrib)
        assert set(element.attrib) <= (allowed | FRAMES if boxed else allowed), element.attrib
        assert not re.match(r"(?!https?:|mailto:)[^/?#]*:", address(element.get("href", "")))
        assert "src" not in element.attrib or pages._PICTURE.fullmatch(element.attrib["src"])
        assert re.fullmatch(r"([a-z-]+: [\w#%.,()\s+!-]*; ?)*", element.get("style", ""))
        assert not re.search(r"url|expression|image", element.get("style", ""))


def assert_framed(html: str, count: int) -> Element:
    """A page whose cells lie side by side, nothing of them outside, and whose last one says but "after"."""
    root = browsed(html)
    outside = root.find("body")
    assert [child.tag for child in outside] == ["a", "nav", "header", "section", "main", "footer"]
    main = outside.find("main")
    cells = [child for child in main if child.tag != "nav"]  # a list of the page's parts
    assert [child.get("class").split()[0] for child in cells] == ["cell"] * count
    assert not (main.text or "").strip() and not any((child.tail or "").strip() for child in main)
    last = main[-1]
    assert text(last).strip() == "after"
    assert {element.tag for element in last.iter()} == {"div", "p"}
    for cell in cells:
        assert_inert(cell)
    return main


def everywhere(html: str) -> nbformat.NotebookNode:
    """A notebook that shows HTML in each way there is."""
    data = {"text/html": html, "text/plain": "x"}
    outputs = [
        nbformat.v4.new_output("display_data", data=data),
        narrated(f"before\n\n{html}"),
        narrated(html),
    ]
    return notebook(
        markdown(html),
        markdown(f"before\n\n{html}"),
        code("x", outputs=outputs),
        code(html, outputs=[nbformat.v4.new_output("execute_result", data=data)]),
        code("y", outputs=[printed(html)]),
        markdown("after"),
    )


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_inert_and_stays_in_its_frame(html):
    for page in pages.both(everywhere(html), PAGE):
        assert_framed(page, count=6)


_STRANGE = [
    *("svg", "math", "mtext", "mglyph", "annotation-xml", "foreignObject", "desc"),
    *("style", "script", "template", "noscript", "title", "textarea", "select"),
    *("option", "button", "form", "marquee", "applet", "object", "plaintext"),
    *("xmp", "noembed", "frameset", "html", "body", "main", "p/"),
]
PIECES = [
    *"<>/\"'=&;-! \n\x00",
    *(f"<{tag}>" for tag in [*sorted(pages._TAGS), *_STRANGE]),
    *(f"</{tag}>" for tag in [*sorted(pages._TAGS), *_STRANGE]),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<!--</style>"),
    *("javascript:", "&#106;", "&lt;", "&quot;", "color:red;", "url(", "x"),
    "<img title='-->",
    "<a href='",
    '<img src="',
    "<b class='x\">",
    "<p style='",
    "<td colspan=2>",
    "<table><tr><td id=' class=' class='",
    "<img id=' alt='",
    " onerror=alert(1) ",
    " class=' onclick=alert(1) '",
    "1 %",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("<p><button><table><tr><td>1</table>")
@example("<a href=x><marquee><a href=y>z")
@example("<h1><marquee><h1>x")
@example("<pre>\n\n\nx</pre>")
def test_any_html_is_inert_in_its_frame_and_clean_html_is_as_its_reader_takes_it(html):
    assert_framed(pages.both(everywhere(html), PAGE)[1], count=6)
    clean = pages._clean(html)
    assert pages._clean(clean) == clean
    assert not re.search(r"<(?![^<>]*>)|(?<!>)>", re.sub(r"<[^<>]*>", "", clean)), (
        "a bracket that is no tag's"
    )
    read = browsed(f"<!DOCTYPE html><div>{clean}</div>x").find("body")
    assert [child.tag for child in read] == ["div"] and read[0].tail == "x"
    assert [element.tag for element in list(read[0].iter())[1:]] == re.findall(r"<(\w+)", clean)


@given(st.text(max_size=60))
@example("\x01\x0b\x0c\ufffe\uffff \ue000\ue10b \U0010000b")
def test_text_comes_out_as_it_went_in(shown):
    page = pages.both(
        notebook(code("x", outputs=[printed(f"[{shown}]")]), markdown("after")), PAGE
    )[0]
    main = assert_framed(page, count=2)
    expected = re.sub("\r\n?", "\n", re.sub(r"(?<=\d) (?=%)", "\xa0", f"[{shown}]")).replace(
        "\x00", ""
    )
    if "\x1b" not in shown:
        assert text(main.find(".//pre")).replace("\ufffd", "") == expected.replace("\ufffd", "")


def test_styles_keep_what_colours_and_aligns():
    style = "COLOR: rgb(1, 2, 3);text-align : right; width: 3em; font-weight: bold !important; color: rgba(1,2"
    assert pages._clean(f'<p style="{style}">x</p>') == (
        '<p style="color: rgb(1, 2, 3); text-align: right; font-weight: bold !important;">x</p>'
    )


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c:d#e", "mailto:a@example.org", "#x", "a/b.html", "/a", "?q=a:b"],
)
def test_addresses_that_may_stand_stand(url):
    assert pages._clean(f'<a href="{url}">x</a>') == f'<a href="{url}">x</a>'


# ---------------------------------------------------------------- outputs


def output(data: dict, **metadata) -> Element:
    shown = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    return browsed(pages.both(notebook(code("x", outputs=[shown])), PAGE)[0]).find(".//main")


def page_of(html: str) -> str:
    """A page that shows HTML and then says "after"."""
    shown = nbformat.v4.new_output("display_data", data={"text/html": html})
    return pages.both(notebook(code("x", outputs=[shown]), markdown("after")), PAGE)[0]


@pytest.mark.parametrize(
    "url",
    ["https://example.org/ü ö?a=%C3%BC&b='c'#é", '?q="<1>"', "#[x]|{y}^`", " a\\b\n\tc", "x/"],
)
def test_an_address_is_not_written_anew(url):
    link = output({"text/html": f'<a href="{escape(url)}" id="5 %\n">x</a>end'}).find(".//a")
    assert (link.get("href"), link.get("id"), link.tail) == (url, "5 %\n", "end")


@pytest.mark.parametrize("tag", ["div", "b", "code", "h2", "table><tr><td", "td>http"])
def test_what_is_nested_deep_stays_in_its_frame(tag):
    html = page_of(f"<{tag}>" * 2_100 + "<u>x</u>")
    assert_framed(html, count=2)
    assert "<u>x</u>" in html


def test_what_is_very_long_is_shown_in_full():
    size = 10_000_001  # a limit of libxml2's lies one below
    html = page_of(f'<p id="{"x" * size}">{"y" * size}</p><p>end</p>')
    assert "x" * size in html and "y" * size in html
    assert html.index("<p>end</p>") < html.index("<p>after</p>")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<pre>\n\n  x\n</pre>", "\n  x\n"),
        ("<p></p>a<i></i>b<br>c<wbr>d<hr>e<img>f", "abcdef"),
        ("<h1>Gone</h1>a<table><tr><td>1</td></tr></table>b", "a1b"),
        (
            "<p>0</p>a<details>b</details>c<p class='csv'>x</p>d",
            "0abDownload the data (CSV, 1 kB)cd",
        ),
        ("<table><tr><td>NaN<b>x</b></td><td><b>NaN</b></td></tr></table>a", "NaNx–a"),
        ("<table><tr><td>https://e.org</td></tr></table>a", "https://e.orga"),
        ("5 % <b title='5 %'>5 % of &lt; 5 %</b> 5 %", "5\xa0% 5\xa0% of < 5\xa0% 5\xa0%"),
    ],
)
def test_what_stands_around_a_change_stays_where_it_was(html, shown):
    main = output({"text/html": html})
    assert shown in [text(part) for part in main.iter()]
    assert not any(table.tail for table in main.iter("table")), "the tail is in the table's box"


def test_a_picture_has_its_size_and_always_a_text():
    image = output({"image/jpeg": "AA==\n"}, width=300, **{"image/jpeg": {"height": "50%"}}).find(
        ".//figure/img"
    )
    assert image.attrib == {
        "src": "data:image/jpeg;base64,AA==\n",
        "width": "300",
        "height": "50%",
        "alt": "No description has been provided for this image",
    }
    image = output({"image/svg+xml": "<svg onload='alert(1)'/>"}).find(".//figure/img")
    assert image.get("src") == "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9J2FsZXJ0KDEpJy8+"
    assert "src" not in output({"image/png": '"><script>alert(1)</script>'}).find(".//img").attrib
    assert (
        output({"text/html": '<img class=" alt=">'})
        .find(".//img")
        .get("alt")
        .startswith("No description")
    )


def test_colours_of_a_terminal_are_kept_and_its_text_is_text():
    pre = output({"text/plain": "\x1b[31m<b>\x1b[38;2;1;2;3mx\x1b[0m 3 %"}).find(".//pre")
    assert text(pre) == "<b>x 3\xa0%"
    assert [span.attrib for span in pre] == [
        {"class": "ansi-red-fg"},
        {"style": "color: rgb(1,2,3);"},
    ]


def test_an_error_that_the_notebook_expects_is_shown():
    error = nbformat.v4.new_output(
        "error", ename="E", evalue="<e>", traceback=["\x1b[31mE\x1b[0m", "<e>"]
    )
    main = browsed(pages.both(notebook(code("x", outputs=[error])), PAGE)[0]).find(".//main")
    assert text(main.find(".//pre")) == "E\n<e>"


def test_what_is_attached_to_a_text_is_shown():
    cell = markdown("![A red stripe](attachment:image.png)")
    cell["attachments"] = {"image.png": {"image/png": png("red")}}
    image = browsed(pages.both(notebook(cell), PAGE)[0]).find(".//main//img")
    assert image.attrib == {"src": f"data:image/png;base64,{png('red')}", "alt": "A red stripe"}


def test_a_table_in_a_table_lies_in_the_box_of_the_outer_one():
    inner = "<table><tr><th>0</th><td>1</td></tr></table>"
    main = output({"text/html": f"<table><tr><td>{inner}</td><td>2</td></tr></table>"})
    assert len(main.findall(".//table")) == 2
    assert [box.get("class") for box in main.iter("div") if "table-box" in box.get("class")] == [
        "table-box"
    ]
    assert "number" not in {cell.get("class") for cell in main.iter("td")}


def test_a_cell_of_a_table_keeps_its_class_and_its_tags():
    rows = '<tr><td class="a">1 &amp; <b>2</b></td></tr><tr><td> <i>3</i> </td></tr><tr></tr>'
    cells = list(output({"text/html": f"<table>{rows}</table>"}).iter("td"))
    assert [cell.get("class") for cell in cells] == ["a short", "short"]
    assert [text(cell) for cell in cells] == ["1 & 2", " 3 "]


def test_a_heading_that_holds_others_takes_them_along():
    nested = "<h1>A<marquee><div><h1>B</h1></div></marquee></h1><h4>C</h4>"
    html = pages.both(notebook(markdown(nested), markdown("after")), PAGE)[0]
    main = assert_framed(html, count=2)
    assert [(found.tag, text(found)) for found in main.iter() if re.fullmatch("h[1-6]", found.tag)][
        -1
    ] == ("h2", "C")

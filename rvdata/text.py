"""Text that comes from elsewhere: what a cell may hold, and how a terminal shows it."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

#: General categories of characters that show nothing of themselves and can move the cursor, hide or turn round what
#: stands beside them: controls, format characters (marks of direction, joiners, soft hyphens), halves of pairs, private
#: and unassigned ones, separators of lines. None is excepted: no cell needs one, and two cells that look alike are alike.
_HIDING = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
#: What Markdown makes tags, links, emphasis, code, tables and formulas of; addresses are links by themselves.
_MARKUP = re.compile(r"[\\`*_\[\]|~#$&<>@]|(?<=:)/|(?<=[wW]{3})\.")
#: What makes a list, a rule or a heading of a paragraph that begins with it.
_BULLET = re.compile(r"^((?:\d+(?=[.)](?:\s|$)))?)([-+=.)])")
_FORMULA = ("=", "+", "-", "@")


def hiding(text: str) -> str:
    r"""The characters of a text that no cell may hold, in their order.

    Examples
    --------
    >>> hiding("Müller 30\u00a0%"), hiding("ab\u202ec\td")
    ('', '\u202e\t')
    """
    if text.isprintable():
        return ""
    return "".join(c for c in text if unicodedata.category(c) in _HIDING)


def unseen(text: str) -> str:
    r"""What is wrong with a cell that holds what none may hold, and what to do; empty if it holds no such thing.

    Examples
    --------
    >>> unseen("a\u202eb"), unseen("a b")
    ('holds U+202E, which is not seen or steers what is; remove it', '')
    """
    found = hiding(text)
    if len(text.splitlines()) > 1:
        return "holds a line break; write it in one line"
    codes = ", ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(found[:3]))
    return found and f"holds {codes}, which is not seen or steers what is; remove it"


def visible(text: object) -> str:
    r"""Text for a terminal: lines stay, other white space is a blank, and what hides or steers shows as �.

    Examples
    --------
    >>> visible("a\tb \x1b[2J")
    'a b �[2J'
    """
    text = str(text)
    shown = dict.fromkeys(hiding(text), "�") | dict.fromkeys("\t\r\v\f", " ") | {"\n": "\n"}
    return text.translate(str.maketrans(shown))


def plain(text: str) -> str:
    """One line of visible text: white space as single blanks, and without what hides or steers."""
    text = re.sub(r"\s", " ", text)
    return " ".join(text.translate(dict.fromkeys(map(ord, hiding(text)))).split())


def inert(text: str) -> str:
    """Free text for a cell: plain, and with an apostrophe before what a spreadsheet would run as a formula."""
    text = plain(text)
    return "'" + text if text.startswith(_FORMULA) else text


def md(text: str) -> str:
    r"""A cell as a piece of Markdown that shows as the text that it is: no link, heading, emphasis, tag or formula.

    Backslashes, and dollar signs if there are several, stand in elements of their own: JupyterLab looks for formulas
    in the page as well, where escapes are gone, but not beyond the ends of elements.

    Examples
    --------
    >>> print(md("[a](b) <h2>c</h2>"), md("$5"), md("$5 or $6"))
    \[a\](b) &lt;h2&gt;c&lt;/h2&gt; \$5 <span>&#36;</span>5 or <span>&#36;</span>6
    """
    instead = {
        "\\": "<span>&#92;</span>",
        "$": r"\$" if text.count("$") == 1 else "<span>&#36;</span>",
        **{c: html.escape(c) for c in "&<>"},
    }
    text = _MARKUP.sub(lambda found: instead.get(found[0], f"\\{found[0]}"), text)
    return _BULLET.sub(r"\1\\\2", text)


def coarser(value: float, step: float, unit: str) -> float:
    """The step to which a whole percentage may have been rounded: ten or five, where it is a multiple of it.

    Examples
    --------
    >>> coarser(70, 1, "percent"), coarser(45, 1, "percent"), coarser(12, 1, "percent"), coarser(70, 10, "ships")
    (10.0, 5.0, 1, 10)
    """
    if unit not in ("percent", "percentage_points") or step != 1 or not value:
        return step
    return next((s for s in (10.0, 5.0) if value % s == 0), step)


class Shown(str):
    """Text that is the same as the last line of a cell and printed; in a notebook with HTML and Markdown of its own.

    Examples
    --------
    >>> Shown.of([("figure", "a-f01"), ("printed", "“70%”")])
    figure       a-f01
    printed      “70%”
    """

    def __new__(cls, text: str, markup: str = "", markdown: str = "") -> Shown:
        """The text, and what is shown for it as HTML and Markdown; its lines as they stand if nothing is given."""
        self = super().__new__(cls, text)
        self.markup = markup or f'<pre style="white-space: pre-wrap">{cell(text)}</pre>'
        self.markdown = markdown or "\n".join(
            f"- {md(line.removeprefix('- '))}" for line in text.splitlines() if line.strip()
        )
        return self

    @classmethod
    def of(cls, facts: list[tuple[str, str]]) -> Shown:
        """Labels and what they say: lines, and a table whose caption is the first of them."""
        (kind, what), *rest = facts
        body = (f'<tr><th scope="row">{cell(k)}</th><td>{cell(v)}</td></tr>' for k, v in rest)
        caption = f"<caption>{cell(kind)} <strong>{cell(what)}</strong></caption>"
        text = "\n".join(f"{label:<12} {value}" for label, value in facts)
        return cls(
            text,
            f"<table>{caption}<tbody>{''.join(body)}</tbody></table>",
            "\n".join(f"- *{md(label)}* {md(value)}" for label, value in facts),
        )

    def __repr__(self) -> str:
        """Without quotes: what a console shows."""
        return str(self)

    def _repr_html_(self) -> str:
        return self.markup

    def _repr_markdown_(self) -> str:
        return self.markdown


def cell(text: str) -> str:
    """Text as HTML that no browser takes for markup and JupyterLab takes for no formula."""
    text = html.escape(str(text))
    return text.replace("\\", "<span>&#92;</span>").replace("$", "<span>&#36;</span>")


def grid(
    names: Iterable,
    rows: Iterable[Sequence],
    cell: Callable[[Any], str] = cell,
    caption: str = "",
    anchors: Iterable[str] = (),
) -> str:
    """A plain table as HTML, with identifiers on its rows if there are any."""
    head = "".join(f'<th scope="col">{cell(name)}</th>' for name in names)
    ids = (f' id="{html.escape(anchor)}"' for anchor in anchors)
    body = "".join(
        f"<tr{own}>{''.join(f'<td>{cell(v)}</td>' for v in row)}</tr>"
        for row, own in itertools.zip_longest(rows, ids, fillvalue="")
    )
    caption = caption and f"<caption>{cell(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

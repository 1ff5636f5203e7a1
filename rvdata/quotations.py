"""Quotation marks stand around what is printed and around nothing else: a reader takes “…” for an article's own words.

Printed is what a `stated` cell of table `figures` holds, and the title under which an article is registered, but not a
title in square brackets, by which the project describes an article, nor a gloss, a code or a `hedge`, which are its words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode


def quoted(text: str) -> list[str]:
    r"""What stands between “ and ”, without the escapes of a dollar sign; after a mark that nothing closes, all that follows.

    Examples
    --------
    >>> quoted("He says “over 100”, she “some \n 90”."), quoted("“never closed")
    (['over 100', 'some \n 90'], ['never closed'])
    >>> quoted(r"“\$30 billion” <td>“<span>&#36;</span>30 billion”</td>")
    ['$30 billion', '$30 billion']
    """
    plain = re.sub(r"</?span>|\\(?=\$)", "", text)
    return re.findall(r"“([^“”]*)", html.unescape(plain))


def bare(text: str) -> str:
    r"""A text as it is compared: in lower case, with single blanks, without a comma or stop at its ends.

    Examples
    --------
    >>> bare("Over\n 100,")
    'over 100'
    """
    return " ".join(text.lower().split()).strip(" .,;")


def printed(stated: Iterable[str], titles: Iterable[str]) -> frozenset[str]:
    """What may be quoted by the ledger alone, `bare`.

    Examples
    --------
    >>> sorted(printed(["over 100", ""], ["Arms for Ruritania …", "[Report on Ruritania]"]))
    ['arms for ruritania …', 'over 100']
    """
    own = (title for title in titles if not title.startswith("["))
    return frozenset(map(bare, filter(None, [*stated, *own])))


def in_texts(texts: Iterable[str], besides: Collection[str] = ()) -> Callable[[str], bool]:
    """A test of whether some words, `bare`, stand in one of these texts or are among others that may be quoted."""
    folded = [bare(text) for text in texts]
    return lambda words: words in besides or (bool(words) and any(words in t for t in folded))


def complaints(nb: NotebookNode, name: str, stands: Callable[[str], bool]) -> list[str]:
    """The quotations of an executed notebook that are none, each with its cell, counted from 1, and the remedy.

    Parameters
    ----------
    nb : NotebookNode
        As read from the file, version 4.
    name : str
        How messages name it.
    stands : callable
        Whether words, `bare`, are printed: ``printed(…).__contains__``, or what `in_texts` gives.
    """
    return [
        f"{name}, cell {number}: “{words}” is printed nowhere; take the marks off, or quote what is printed"
        for number, text in _shown(nb)
        for words in dict.fromkeys(" ".join(q.split()) for q in quoted(text))
        if not stands(bare(words))
    ]


def in_notebooks(folder: Path, stands: Callable[[str], bool]) -> list[str]:
    """The `complaints` of every notebook of a folder."""
    import nbformat

    return [
        complaint
        for path in sorted(folder.glob("*.ipynb"))
        for complaint in complaints(nbformat.read(path, 4), path.name, stands)
    ]


def _shown(nb: NotebookNode) -> Iterator[tuple[int, str]]:
    """Each text that a reader of a notebook meets, with its cell: prose, outputs, alternative texts; no code."""
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown":
            yield number, cell.source
        for output in cell.get("outputs", []):
            texts = [output.get("text", "")]
            texts += [str(d) for kind, d in output.get("data", {}).items() if "image" not in kind]
            about = output.get("metadata", {}).values()
            texts += [a["alt"] for a in about if isinstance(a, dict) and "alt" in a]
            yield number, "\n".join(texts)

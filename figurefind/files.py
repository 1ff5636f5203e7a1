"""The files of articles: which ones a wish means, and the text of each."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from figurefind.errors import FindError

#: Longer files are no articles; reading one would fill the memory.
MAX_BYTES = 64 * 2**20
MAX_HTML_BYTES = 16 * 2**20
#: Attributes of a page, and of one of its tags, where the time of the parser grows with their square.
MAX_ATTRIBUTES, MAX_ATTRIBUTES_OF_A_TAG = 200_000, 1000
TEXT = (".txt", ".text")
HTML = (".html", ".htm", ".xhtml")
STDIN = "-"
_HTML_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|"
    rb"html|head|body)\b",
    re.I | re.S,
)
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
#: How files of other kinds begin, whatever they are named, and the way to a text.
_KINDS = (
    (rb"\s{0,1024}%PDF-", "a PDF", "take its text out (pdftotext FILE)"),
    (
        rb"PK(?:\x03\x04|\x05\x06|\x07\x08)",
        "a ZIP archive, perhaps of an office program",
        "save the article as text",
    ),
    (rb"\xd0\xcf\x11\xe0", "an old office file", "save the article as text"),
    (rb"\{\\rtf", "RTF", "save the article as text"),
    (rb"\x1f\x8b|BZh[1-9]|\xfd7zXZ|7z\xbc\xaf|Rar!", "a compressed file", "unpack it"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", "a picture", "give the article as text or HTML"),
    (
        rb"(?i:(?:[\w-]{1,40}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,20}){0,40}?content-type:\s*multipart/)",
        "a web archive (MHTML) or a mail",
        "open it in a browser and save the page as HTML or text",
    ),
)


def shown(path: str | Path) -> str:
    """A path that can be printed anywhere: no control character, no byte that is not UTF-8."""
    text = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def expand(names: Iterable[str | Path], say) -> Iterator[Path]:
    """The files that are meant: each file by itself, of each folder all texts and pages in it and below.

    Hidden files, links that lead out of the folder and texts that were saved beside a page are left out; `say` is told
    of the links.
    """
    for name in names:
        path = Path(name)
        if str(name) == STDIN or not path.is_dir():
            yield path
            continue
        root = path.resolve()
        found = 0

        def unreadable(error: OSError) -> None:
            say(f"{shown(error.filename)}: cannot be read ({error.strerror}); left out")

        for folder, folders, files in os.walk(path, onerror=unreadable):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for link in [f for f in folders if os.path.islink(os.path.join(folder, f))]:
                say(f"{shown(os.path.join(folder, link))}: a link to a folder; not followed")
            here = set(files)
            for file in sorted(files):
                if file.startswith(".") or not file.lower().endswith(TEXT + HTML):
                    continue
                if file.endswith(".txt") and file[:-4] in here and file[:-4].lower().endswith(HTML):
                    continue  # the text of the page beside it
                inside = Path(folder, file)
                if inside.is_symlink() and not inside.resolve().is_relative_to(root):
                    say(f"{shown(inside)}: a link out of the folder; not followed")
                    continue
                found += 1
                yield inside
        if not found:
            say(f"{shown(path)}: holds no {', '.join(TEXT + HTML)} file")


def read(path: str | Path) -> tuple[str, bool]:
    """The text of an article, and whether it was taken out of HTML.

    A text is returned as it stands, a byte order mark and line ends included, so that offsets are those of the file.
    Text taken out of HTML is saved beside the page as ``<name>.txt``: the offsets are those of that file.

    Parameters
    ----------
    path : str or Path
        A UTF-8 text, a page of HTML, or ``-`` for standard input.

    Raises
    ------
    FindError
        If the file cannot be read, is too large, is a PDF or another kind of file, is no UTF-8 text, or is HTML and
        trafilatura is not installed.
    """
    raw = _bytes(path)
    name = "standard input" if str(path) == STDIN else shown(path)
    for beginning, kind, remedy in _KINDS:
        if re.match(beginning, raw[:20_000].removeprefix(b"\xef\xbb\xbf"), re.S):
            raise FindError(f"{name}: is {kind}, no text and no page; {remedy}")
    if str(path).lower().endswith(HTML) or _HTML_START.match(raw[:2000]):
        return _from_html(raw, path, name), True
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            raise FindError(
                f"{name}: is {encoding}; save it as UTF-8 (iconv -f {encoding} -t UTF-8)"
            )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FindError(
            f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8, from an old Windows file "
            "with iconv -f WINDOWS-1252 -t UTF-8"
        ) from None
    if "\0" in text:
        raise FindError(
            f"{name}: holds NUL bytes and is no text; give the article as UTF-8 text or HTML"
        )
    return text, False


def _bytes(path: str | Path) -> bytes:
    if str(path) == STDIN:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise FindError(f"standard input: more than {MAX_BYTES >> 20} MB; split it")
        return raw
    path = Path(path)
    try:
        if not path.is_file():
            there = path.exists()
            fault = "no file; name a text or page" if there else "not there; correct the path"
            raise FindError(f"{shown(path)}: {fault}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FindError(
                f"{shown(path)}: {size >> 20} MB are more than an article's {MAX_BYTES >> 20}; split it"
            )
        return path.read_bytes()
    except FindError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FindError(
            f"{shown(path)}: cannot be read ({reason}); name a file that you may read"
        ) from None


def _from_html(raw: bytes, path: str | Path, name: str) -> str:
    try:
        import trafilatura
    except ImportError:
        raise FindError(
            f"{name}: is HTML, which needs trafilatura; run `pip install 'rvdata[html]'`, or save the "
            "article as text"
        ) from None
    if len(raw) > MAX_HTML_BYTES:
        raise FindError(
            f"{name}: {len(raw) >> 20} MB of HTML are more than the {MAX_HTML_BYTES >> 20} that are read; "
            "save the article as text"
        )
    if excess := _excess(raw):
        raise FindError(f"{name}: {excess}; save the article as text")
    try:
        text = trafilatura.extract(
            raw, include_comments=False, include_tables=True, favor_recall=True
        )
    # whatever a hostile page makes of its parser, it must not end a batch
    except Exception as error:
        raise FindError(
            f"{name}: trafilatura fails on it ({type(error).__name__}); save the article as text"
        ) from None
    if not text:
        raise FindError(f"{name}: no article text in this page; save the article as text")
    text = text.replace("\0", "")
    _save(beside(path), text)
    return text


_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NO_TAG = (b"script", b"style", b"!--", b"![cdata", b"/")


def _excess(raw: bytes) -> str:
    """What a page has too much of for its parser; no page that people read comes near."""
    total = 0
    for piece in raw.split(b"<"):
        if piece[:8].lower().startswith(_NO_TAG):
            continue
        total += piece.count(b"=")
        if len(piece) > 2 * MAX_ATTRIBUTES_OF_A_TAG:
            inside = _QUOTED.sub(b"", piece).partition(b">")[0]
            if (count := len(inside.split()) - 1) > MAX_ATTRIBUTES_OF_A_TAG:
                return f"a tag with {count:,} attributes, more than the {MAX_ATTRIBUTES_OF_A_TAG:,} that are read"
    if total > MAX_ATTRIBUTES:
        return f"{total:,} attributes are more than the {MAX_ATTRIBUTES:,} that are read"
    return ""


def beside(path: str | Path) -> Path:
    """Where the text taken out of a page is saved."""
    return Path("standard-input.html.txt") if str(path) == STDIN else Path(f"{os.fspath(path)}.txt")


def _save(target: Path, text: str) -> None:
    """Write the extracted text unless it is there; another file of that name is never overwritten."""
    raw = text.encode("utf-8", "replace")
    try:
        if target.exists() or target.is_symlink():
            if target.is_file() and target.read_bytes() == raw:
                return
            # the beginning of it is what a command that was killed, or a full disk, has left
            if not target.is_file() or not raw.startswith(target.read_bytes()):
                raise FindError(
                    f"{shown(target)}: is there with other content, and the extracted text belongs there; move "
                    "it away"
                )
        target.write_bytes(raw)
    except OSError as error:
        raise FindError(
            f"{shown(target)}: cannot be written ({error.strerror}), and the offsets are those of the "
            "extracted text; copy the page to a folder of your own"
        ) from None

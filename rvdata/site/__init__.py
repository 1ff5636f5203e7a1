"""The first page of a site of reports and those that explain: what is claimed, what the data say, what was asked in vain."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbfleet import pages
from nbfleet.pages import Page
from nbfleet.project import Project
from rvdata import cards, evidence, origins, reconcile, store, words
from rvdata.analysis import stated
from rvdata.errors import DataError

HERE = Path(__file__).parent
#: Notebook → what its reports are about, in a word or two.
SUBJECTS = {
    "arms_imports": "Arms",
    "displacement": "Displacement",
    "investment": "Money",
    "diplomacy": "Votes",
    "presence": "Forces",
    "motives": "Motives",
    "source_audit": "Sources",
}
#: Verdicts in the order of the table; of the others nothing is to be seen but what they follow from, or that there is none.
TOLD = tuple(evidence.VERDICTS)[:7]
_NOTE = r'<tr id="([\w-]+)"><td>[^<]*</td><td>([\w-]+)</td>'  # of the table of notes
THUMB_PX = 560  # of a picture that is shown at half of this


def front(listed: Sequence[Page], out: Path, project: Project) -> dict[str, str]:
    """The first page and those that explain, by name, as HTML; reports lie in `out`, those without a page stand under "asked, not found"."""
    reports = [_report(page, out) for page in listed]
    groups: dict[str, list[dict]] = {}
    for one in reports:
        if one["page"].formats != ("ipynb",):
            groups.setdefault(one["page"].notebook, []).append(one)
    for main, *_ in groups.values():
        main["picture"] = _small(main["picture"])
    script = (HERE / "filter.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    try:
        articles = origins.articles(store.read("origins").to_pylist()).values()
        verdicts = stated.verdicts().to_dict("records")
    except DataError:  # nothing is built yet
        articles, verdicts = [], []
    named = [row | {"name": words.capital(words.article(row["origin_id"]))} for row in articles]
    told = {
        "articles": sorted(named, key=lambda row: row["released"]),
        "counted": words.capital(words.count(len(named), "article")),
        "claims": _claims(reports, verdicts),
        "groups": {SUBJECTS.get(name, name): group for name, group in groups.items()},
        "asked": [one for one in reports if one["page"].formats == ("ipynb",)],
        "script": script,
        "digest": digest,
    }
    done = {"index.html": pages.rendered("front.html", project, HERE, **told)}
    for name, _ in project.around().get("links", ()):
        done[name] = pages.rendered(name, project, HERE, verdicts=evidence.VERDICTS)
    return done


def _report(page: Page, out: Path) -> dict:
    """A report with its answer, its first picture and the notes that it has, from its notebook."""
    told = {"page": page, "answer": "", "bold": "", "picture": None, "notes": {}}
    path = out / page.name / f"{page.name}.ipynb"
    if page.message or not path.exists():
        return told
    for own, data, about in cards.outputs(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        if own and not told["answer"]:
            told["answer"], told["bold"] = cards.answer(data["text/markdown"])
        if "image/png" in data and told["picture"] is None:
            told["picture"] = (data["image/png"], about.get("image/png", {}).get("alt", ""))
        found = re.findall(_NOTE, data.get("text/html", ""))
        told["notes"] |= {one: anchor for anchor, one in found}
    return told


def _small(picture: tuple[str, str] | None) -> tuple[str, str] | None:
    """A picture made small, as an address, with its alternative text."""
    if picture is None:
        return None
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture[0]))).convert("RGB")
    image = image.resize(
        (THUMB_PX, round(THUMB_PX * image.height / image.width)), Image.Resampling.LANCZOS
    )
    buffer = io.BytesIO()
    image.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        buffer, "png", optimize=True
    )
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(), picture[1]


def _claims(reports: Iterable[dict], verdicts: Iterable[dict]) -> dict[str, list[dict]]:
    """What is claimed, with its verdict and the note of the first report that treats it; apart, what no data can tell."""
    at: dict[str, tuple[Page, str]] = {}
    for one in reports:
        if "html" in one["page"].formats:
            for figure, anchor in one["notes"].items():
                at.setdefault(figure, (one["page"], anchor))
    claims: dict[str, list[dict]] = {"told": [], "open": []}
    for row in verdicts:
        page, anchor = at.get(row["figure_id"], (None, ""))
        told = evidence.claim(row) | {"id": row["figure_id"], "page": page, "anchor": anchor}
        kind = "traced" if reconcile.standing(row) == "traced" else row["verdict"]
        told |= {"kind": kind, "subject": SUBJECTS.get(page.notebook, "") if page else ""}
        claims["told" if kind in TOLD else "open"].append(told)
    claims["told"].sort(key=lambda one: TOLD.index(one["kind"]))
    return claims

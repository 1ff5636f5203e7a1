"""What `nbfleet` has to know of rvdata: values that parameters may take, and what reports rest on."""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import json
import pkgutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from nbfleet import whole
from nbfleet.plan import Parameter, Report, read_plan
from nbfleet.project import Project
from rvdata import __version__, countries, errors, origins, parameters, paths, schemas, store, words

if TYPE_CHECKING:
    from nbfleet.pages import Page

#: Pages that explain, and what leads to them.
EXPLAINED = (
    ("method.html", "Method"),
    ("glossary.html", "Glossary"),
    ("limits.html", "Limits and corrections"),
)


def refusal(parameter: Parameter, word: str) -> str:
    """Why a parameter cannot have a word, by its name or its help; empty if it can.

    Examples
    --------
    >>> from nbfleet.plan import Parameter
    >>> recipient = Parameter("recipient", "str", "VEN", "ISO3 of the importing state")
    >>> refusal(recipient, "VEN"), refusal(recipient, "VENE")
    ('', "'VENE' is no country code (nearest: VEN); use ISO 3166-1 alpha-3, such as VEN")
    """
    if "ISO3" in parameter.help:
        return countries.refusal(word)
    if parameter.name not in parameters.LISTS or parameter.type != "list[str]":
        return ""
    named = parameter.name == "sources"
    known = origins.articles(origins.read()[0]) if named else parameters.LISTS[parameter.name][1]
    return parameters.refusal(parameter.name, word, known)


def conflict(values: Mapping[str, object]) -> str:
    """Why the values of a report cannot stand together: a period that runs backwards. A last year of 0 is the latest.

    Examples
    --------
    >>> conflict({"start": 2020, "end": 2010})
    'start 2020 is after end 2010. Swap them'
    >>> conflict({"start": 2020, "end": 0})
    ''
    """
    for first, last in (("start", "end"), ("spent_from", "spent_to")):
        start, end = values.get(first), values.get(last)
        if isinstance(start, int) and isinstance(end, int) and start > end > 0:
            return f"{first} {start} is after {last} {end}. Swap them"
    return ""


def worded(word: str) -> str:
    """A country's name for its code, as titles say it; any other word as it is."""
    return words.the(word) if word in countries.table() else word


def contents(path: Path, digest: str) -> str:
    """What a processed table says, by the hash of its cells: its file changes with its writer as well."""
    if path.name == store.DESCRIPTOR:
        return "what its tables say"
    if path.suffix != ".parquet":
        return ""
    descriptor = path.parent / store.DESCRIPTOR
    try:
        state = descriptor.stat()
        known = _contents(descriptor, state.st_mtime_ns, state.st_size, state.st_ino)
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return known.get(digest, "")


@functools.lru_cache(maxsize=4)
def _contents(descriptor: Path, *state: int) -> dict[str, str]:
    """From the hash of each table's file to that of its contents, in one state of a descriptor."""
    resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    return {
        one["hash"].removeprefix("sha256:"): f"{one['name']} {one['rvdata:contents']}"
        for one in resources
    }


def _modules() -> tuple[str, ...]:
    """What notebooks import of rvdata and, of figurefind, what they need as soon as they word a number."""
    names = ["charts", "evidence", "parameters", "words"]
    modules = pkgutil.iter_modules([str(Path(__file__).parent / "analysis")])
    names += [f"analysis.{module.name}" for module in modules]
    return ("figurefind.quantities", *(f"rvdata.{name}" for name in names))


def rehearse() -> None:
    """Read every table, word a sentence and draw a chart, so that kernels forked afterwards have all that at hand.

    Nothing may ask pyplot for a figure here: it would choose a backend, for the kernels as well.
    """
    import matplotlib.figure
    import seaborn as sns

    from rvdata.analysis import stated
    from rvdata.charts import house

    with warnings.catch_warnings(action="ignore"):
        for name in schemas.TABLES:
            with contextlib.suppress(errors.DataError):
                store.load(name)
    words.prose("{{ code | the | capital }}", {"code": stated.verdicts()["subject"].iloc[0]})
    with matplotlib.rc_context(sns.axes_style("whitegrid") | house.STYLE):
        fig = matplotlib.figure.Figure((2, 2), layout="tight")
        ax = fig.subplots()
        sns.lineplot(x=[1, 2], y=[1, 2], hue=["a", "b"], errorbar=None, ax=ax)
        ax.bar([1, 2], [1, 2], hatch="//")
        ax.set_title("A title", size=12, weight="bold")
        house.picture(fig)


def copy(name: str) -> Path:
    """Copy a published notebook to ``notebooks/mine``, which Git ignores, under a name that is free there.

    Returns
    -------
    Path
        The copy, in which things can be tried out: the published notebook stays as it is.
    """
    source = paths.notebooks() / f"{name}.ipynb"
    if not source.is_file():
        known = sorted(path.stem for path in paths.notebooks().glob("*.ipynb"))
        raise errors.DataError(errors.unknown("notebook", name, known))
    folder = paths.notebooks() / "mine"
    folder.mkdir(exist_ok=True)
    names = itertools.chain([name], (f"{name}_{n}" for n in itertools.count(2)))
    target = next(p for p in (folder / f"{free}.ipynb" for free in names) if not p.exists())
    whole.write(target, source.read_bytes())
    return target


_read = functools.lru_cache(1)(yaml.safe_load)  # what stands around one page stands around all


def around() -> dict[str, object]:
    """What stands around every page: the site, the pages that explain, how to cite, licence and date."""
    try:
        cited = _read((paths.home() / "CITATION.cff").read_text(encoding="utf-8"))
    except OSError:  # data and notebooks of somebody else
        return {"site": PROJECT.name}
    day = words.day(datetime.date.fromisoformat(cited["date-released"]))
    names = ", ".join(author["name"] for author in cited["authors"])
    foot = (
        f"Cite: {names}: {cited['title']}. Version {cited['version']}, {day}.",
        "Licence: texts, charts and tables CC BY 4.0, code MIT; numbers of SIPRI under SIPRI's terms of fair use; "
        "all rights in the articles stay with their publishers.",
    )
    places = {"docs/protocol.md": ("../method.html", "the method page")}
    return {"site": PROJECT.name, "links": EXPLAINED, "foot": foot, "places": places}


def front(listed: Sequence[Page], out: Path) -> dict[str, str]:
    """The first page, and those that explain; see `rvdata.site`."""
    from rvdata import site  # reads tables, which no other hook does

    return site.front(listed, out, PROJECT)


PROJECT = Project(
    name="rvdata",
    version=__version__,
    home=paths.home,
    home_variable="RVDATA_HOME",
    packages=("rvdata", "figurefind"),
    modules=_modules(),
    rehearse=rehearse,
    refusal=refusal,
    conflict=conflict,
    worded=worded,
    contents=contents,
    around=around,
    front=front,
)


def plan() -> list[Report]:
    """The reports of ``notebooks/reports.yaml``."""
    return read_plan(paths.notebooks() / "reports.yaml", PROJECT)

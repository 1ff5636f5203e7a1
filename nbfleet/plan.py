"""What to run: the parameters that a notebook declares and the batch plan ``notebooks/reports.yaml``.

Nothing here starts a kernel. Everything that can be wrong with a plan is found at once, before anything runs,
because papermill itself only warns about an unknown parameter and never looks at a value's type.

The plan is a list; only ``notebook`` is required::

    reports:
      - notebook: arms_imports
      - notebook: arms_imports
        name: arms_imports_{recipient}
        title: "Who arms {recipient}?"
        parameters: {include_derived: false}
        each: {recipient: [VEN, CUB, SYR], start: [2000, 2010]}
        formats: [html, pdf]

``parameters`` sets one value each. ``each`` lists values, and every combination of them is a report, the last
parameter changing fastest: six here. Of a parameter that is a list itself, it lists lists.

``{parameter}`` fields are filled from all parameters of the notebook, defaults included. In titles the project says
how a value reads. A title that speaks of a value without a field holds for the entry's own values only.

``formats`` says which pages a report has, html unless it says otherwise; beside ``reports:`` it holds for all entries
that say nothing. The executed notebook is always there; ``[ipynb]`` asks for no page beside it, where a report would have
nothing to show but its answer.
"""

from __future__ import annotations

import ast
import functools
import itertools
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, get_args

import yaml
from pydantic import AfterValidator, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from nbfleet.errors import FleetError, nearest, visible
from nbfleet.project import ALONE, Project

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from pydantic_core import ErrorDetails

_Format = Literal["html", "pdf", "ipynb"]
FORMATS = get_args(_Format)
_LONGEST_NAME = 100
_LONGEST_TITLE = 2000
#: Most reports that one plan may make: a product grows faster than one thinks.
_MOST = 200_000
#: Longest plan, which takes some ten seconds to read, and deepest: a list of lists under each: lies six deep.
_LONGEST_PLAN_BYTES = 1_000_000
_DEEPEST = 20
#: Numbers that all readers of YAML and of tables take for the same one: 010 is eight in YAML 1.1, 1:30 is ninety.
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")
_MOST_FAULTS = 40
_LONGEST_FAULT = 2000
_TEXT = Annotated[str, Field(max_length=_LONGEST_PLAN_BYTES)]  # a bound has half characters refused
_TYPES = {
    "str": _TEXT,
    "int": int,
    "float": FiniteFloat,
    "bool": bool,
    "list[str]": list[_TEXT],
    "list[int]": list[int],
}


class PlanError(FleetError):
    """Every fault of a plan, a notebook's parameters or the command line, one line each, in ``faults``."""

    def __init__(self, *faults: str):
        self.faults = tuple(visible(fault[:_LONGEST_FAULT]) for fault in faults[:_MOST_FAULTS])
        if len(faults) > _MOST_FAULTS:
            self.faults += (f"… and {len(faults) - _MOST_FAULTS:,} more",)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell: ``name: type = default  # help``."""

    name: str
    type: str
    default: object
    help: str


@dataclass(frozen=True)
class Report:
    """One notebook with one set of parameters; ``parameters`` holds only those that are set, not the defaults.

    ``name_pattern`` and ``title_pattern`` are what the plan says before its fields are filled, or None; ``formats``
    are some of `FORMATS`; ``project`` is what the notebook belongs to; ``set_by_hand`` says that the command line has
    changed a value, and the name with it.
    """

    name: str
    notebook: Path
    title: str
    parameters: dict
    name_pattern: str | None = None
    title_pattern: str | None = None
    formats: tuple[str, ...] = FORMATS[:1]
    project: Project = ALONE
    set_by_hand: bool = False


# ---------------------------------------------------------------- the parameters that a notebook declares


def read_parameters(notebook: Path) -> tuple[Parameter, ...]:
    """Read the parameters that a notebook declares.

    Parameters
    ----------
    notebook : Path
        A notebook with exactly one cell tagged ``parameters``: one annotated literal a line, each with a comment.

    Returns
    -------
    tuple of Parameter
        In the order of the cell.

    Raises
    ------
    PlanError
        With every line that is not of this form.
    """
    return parameters_of(read_notebook(notebook), str(notebook))


def parameters_of(nb: NotebookNode, place: str) -> tuple[Parameter, ...]:
    """As `read_parameters`, of a notebook that has been read already; ``place`` names it in messages.

    Examples
    --------
    >>> source = "start: int = 2000  # first year"
    >>> cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    >>> parameters_of({"cells": [cell]}, "arms.ipynb")
    (Parameter(name='start', type='int', default=2000, help='first year'),)
    """
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    cells = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    if len(cells) != 1:
        found = f"{len(cells)} code cells are tagged parameters"
        raise PlanError(f"{place}: {found}. Tag the one that declares them.")
    parameters: dict[str, Parameter] = {}
    faults = []
    for number, line in enumerate(cells[0]["source"].splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            parameter = _parameter(line)
            if parameter.name in parameters:
                raise _Unfit(f"{parameter.name} is declared twice. Keep one")
            parameters[parameter.name] = parameter
        except _Unfit as error:
            faults.append(f"{place}, parameters cell, line {number}: {error}.")
    if faults:
        raise PlanError(*faults)
    return tuple(parameters.values())


class _Unfit(ValueError):
    """A value or a line that is not what was declared: the message says why and what to do."""


def _parameter(line: str) -> Parameter:
    """What one line of a parameters cell declares."""
    try:
        (statement,) = ast.parse(line).body
        name, declared = statement.target.id, ast.unparse(statement.annotation)
        default = ast.literal_eval(statement.value)
        comment = line.encode()[statement.end_col_offset :].decode().lstrip(" ;#").strip()
    except (SyntaxError, ValueError, AttributeError, MemoryError, RecursionError) as error:
        reason = f"not Python ({error.msg})" if isinstance(error, SyntaxError) else "no parameter"
        form = "Write name: type = value  # what it means, in one line with a plain value"
        raise _Unfit(f"{reason}. {form}") from None
    if declared.removesuffix(" | None") not in _TYPES:
        known = f"Use one of {', '.join(_TYPES)}, or one of these | None"
        raise _Unfit(f"{name} has the type {_quoted(declared)}. {known}")
    if not comment:
        raise _Unfit(f"{name} has no comment. Say after # what it means")
    try:
        checked = TypeAdapter(_type(Parameter(name, declared, default, comment), ALONE))
        default = checked.validate_python(default, strict=True)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise _Unfit(f"the default of {name} is no {declared} ({reason}). Write one") from None
    return Parameter(name, declared, default, comment)


def read_notebook(notebook: Path) -> dict:
    """The cells and metadata of a notebook; nbformat, which would check more, takes a second to import."""
    try:
        nb = json.loads(notebook.read_text(encoding="utf-8"))
        fit = nb["nbformat"] == 4 and isinstance(nb["metadata"], dict)
        for cell in nb["cells"]:
            cell["source"] = "".join(cell["source"])  # a text or its lines
            cell["source"].encode()  # half a character, which no file and no page can hold
            tags = cell["metadata"].get("tags", [])
            fit = fit and isinstance(cell["cell_type"], str) and isinstance(tags, list)
        if not fit:
            raise ValueError("not of format 4")
        return nb
    except FileNotFoundError:
        raise PlanError(f"{notebook}: no such notebook. Check the path.") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        remedy = "Open and save it in JupyterLab."
        raise PlanError(f"{notebook}: not a readable notebook ({reason}). {remedy}") from None


def _question(nb: dict, fallback: str) -> str:
    """The first top-level heading of a notebook, without its Markdown marks."""
    text = "\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "markdown")
    heading = re.search(r"^# +(.+?)[ #]*$", text, re.M)
    return re.sub(r"[*`]", "", heading[1]).strip() if heading else fallback


# ---------------------------------------------------------------- the plan


def read_plan(path: Path, project: Project = ALONE) -> list[Report]:
    """Read a batch plan.

    Parameters
    ----------
    path : Path
        A YAML file, see the top of this module. Notebooks are looked for beside it.
    project : Project
        What the notebooks belong to.

    Returns
    -------
    list of Report
        In the order of the plan; names are unique, also where upper and lower case are one.

    Raises
    ------
    PlanError
        With every fault of the plan: file, line, key and the nearest valid name.
    """
    path = Path(path)
    document = _read(path)
    formats = (document.read((), _PLAN) or {}).get("formats", FORMATS[:1])
    entries = document.data.get("reports") if isinstance(document.data, dict) else None
    book = functools.cache(functools.partial(_book, path.parent, project=project))
    reports: list[tuple[int, Report]] = []
    for number in range(len(entries) if isinstance(entries, list) else 0):
        place = ("reports", number)
        made = _reports(document, place, book, _MOST - len(reports))
        made = [one if one.formats else replace(one, formats=formats) for one in made]
        reports += [(document.lines[place], report) for report in made]
    faults = [*document.faults, *_repeated(reports, "line ")]
    if faults:
        told = sorted(dict.fromkeys(faults))
        raise PlanError(*(f"{path}, line {line}: {text}" for line, text in told))
    return [report for _, report in reports]


class _Form:
    """What may stand somewhere: its keys and types; strict, nothing is converted but a whole number to a float."""

    def __init__(self, what: str, /, **fields: Any):
        model = TypedDict(what, fields, total=False)
        model.__pydantic_config__ = ConfigDict(strict=True, extra="forbid")
        self.what, self.keys, self.adapter = what, tuple(fields), TypeAdapter(model)

    def told(self, error: ErrorDetails, place: tuple) -> str:
        """What is refused, in one line: the key, what is wrong, the nearest name or another remedy."""
        given, kind = error["input"], error["type"]
        where = _dotted((*place, *error["loc"])) or self.what
        if kind == "value_error":
            return f"{where}: {error['ctx']['error']}"
        if kind == "extra_forbidden":
            known = _nearest(str(error["loc"][-1]), self.keys)
            return f"{where}: no such name in {self.what}{known}"
        if kind == "missing":
            return f"{where}: is missing. Add it to {self.what}"
        must, remedy = _KINDS.get(kind, (error["msg"].removeprefix("Input should be "), ""))
        if isinstance(given, list) and "parameters" in place and error["loc"]:
            remedy = "Put several values under each:"
        return f"{where}: must be {must}, not {_quoted(given)}. {remedy}".rstrip(". ")


#: By kind of pydantic's errors: what a value must be, and the remedy.
_KINDS = {
    "bool_type": ("bool", "Write true or false, without quotes"),
    "dict_type": ("keys and values", "Write key: value"),
    "float_type": ("float", "Write a number, without quotes"),
    "int_type": ("int", "Write a whole number, without quotes"),
    "list_type": ("a list of values", "Write [first, second]"),
    "string_type": ("str", "Put it into quotes"),
    "string_unicode": ("whole characters", "Write it in UTF-8"),
    "too_short": ("a list of values", "Write [first, second]"),
}


_SOME = Field(min_length=1)
_PAGES = Annotated[
    list[_Format], _SOME, AfterValidator(lambda given: tuple(f for f in FORMATS if f in given))
]
_PLAN = _Form("the plan", reports=Required[Annotated[list[Any], _SOME]], formats=_PAGES)
_ENTRY = _Form(
    "a report",
    notebook=Required[str],
    name=str,
    title=str,
    parameters=Any,
    each=Any,
    formats=_PAGES,
)


def _type(parameter: Parameter, project: Project) -> Any:
    """What a parameter may have: its declared type, and of words those that the project knows."""

    def known(word: str) -> str:
        if refused := project.refusal(parameter, word):
            raise ValueError(refused)
        return word

    base = parameter.type.removesuffix(" | None")
    word = Annotated[_TEXT, AfterValidator(known)]
    found = {"str": word, "list[str]": list[word]}.get(base, _TYPES[base])
    return found if base == parameter.type else found | None


@dataclass(frozen=True)
class _Book:
    """A notebook: its path, project, question and parameters, and the forms of parameters: and each:."""

    path: Path
    project: Project
    question: str
    declared: tuple[Parameter, ...]
    values: _Form
    lists: _Form


def _book(folder: Path, stem: str, project: Project) -> _Book:
    known = sorted(path.stem for path in folder.glob("*.ipynb"))
    if stem not in known:
        remedy = _nearest(stem.removesuffix(".ipynb"), known)
        raise PlanError(f"no notebook {_quoted(stem)} in {folder}{remedy}")
    path = folder / f"{stem}.ipynb"
    nb = read_notebook(path)
    declared = parameters_of(nb, str(path))
    types = {parameter.name: _type(parameter, project) for parameter in declared}
    lists = {name: Annotated[list[one], _SOME] for name, one in types.items()}
    forms = _Form(stem, **types), _Form(stem, **lists)
    return _Book(path, project, _question(nb, stem), declared, *forms)


def _reports(document: _Document, place: tuple, book_of: Callable, room: int) -> list[Report]:
    """The reports of one entry of the plan, at most ``room`` of them, or none with its faults added."""
    data, entry = document.data["reports"][place[1]], document.read(place, _ENTRY)
    stem = data.get("notebook") if isinstance(data, dict) else None
    if not isinstance(stem, str):
        return []
    try:
        book = book_of(stem)
    except PlanError as error:
        for fault in error.faults:
            document.fault((*place, "notebook"), f"notebook: {fault}")
        return []
    values, products = (
        {} if data.get(key) is None else document.read((*place, key), form)
        for key, form in (("parameters", book.values), ("each", book.lists))
    )
    if entry is None or values is None or products is None:
        return []
    for name in products.keys() & values.keys():
        text = f"each.{name}: is set under parameters: too. Keep one"
        document.fault((*place, "each", name), text)
        return []
    sizes = [len(listed) for listed in products.values()]
    if (count := math.prod(sizes)) > room:
        text = f"each: {' × '.join(map(str, sizes)) or '1'} = {count:,} reports, with which the plan has"
        document.fault((*place, "each"), f"{text} more than {_MOST:,}. Make several plans")
        return []
    reports = []
    for combination in itertools.product(*products.values()):
        chosen = {**values, **dict(zip(products, combination, strict=True))}
        ordered = {p.name: chosen[p.name] for p in book.declared if p.name in chosen}
        said = entry.get("name"), entry.get("title"), entry.get("formats", ()), book.project
        report, faults = _finished(Report("", book.path, "", ordered, *said), book)
        for key, text in faults.items():
            document.fault((*place, key if key in data else "parameters"), text)
        if faults:  # the others of a product have the same ones
            return []
        reports.append(report)
    return reports


def _finished(report: Report, book: _Book) -> tuple[Report, dict[str, str]]:
    """A report with its name and title, and by key of the plan what is wrong with these and with its values."""
    values, faults = _all_values(report, book.declared), {}
    for key, filled in (("name", _name), ("title", _title)):
        try:
            report = replace(report, **{key: filled(report, book, values)})
        except _Unfit as error:
            faults[key] = f"{key}: {error}"
    if refused := report.project.conflict(values):
        faults["each"] = refused
    return report, faults


def _repeated(reports: Iterable[tuple[Any, Report]], word: str = "") -> list[tuple[Any, str]]:
    """Names that two reports would share, one fault for each pair of entries."""
    first: dict[str, tuple[Any, Report]] = {}
    faults = {}
    for at, report in reports:
        before, twin = first.setdefault(report.name.casefold(), (at, report))
        if twin is not report:
            values = twin.parameters
            differ = "".join(f"{{{p}}}" for p, v in report.parameters.items() if v != values.get(p))
            remedy = f"Put {differ} into the name" if differ else "Give them two names"
            text = f"name: {report.name!r} is taken by {word}{before}. {remedy}, or leave one out"
            faults.setdefault((at, before), text)
    return [(at, text) for (at, _), text in faults.items()]


# ---------------------------------------------------------------- YAML with its lines, and what is wrong with it

#: Stands for a value that cannot be read: its fault is known already.
_ODD = object()
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Reads what a plan may hold: no aliases, which multiply, and nothing deeper than a plan can be."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event, problem = self.peek_event(), ""
        if isinstance(event, yaml.AliasEvent):
            problem = f"*{event.anchor} is an alias, which a plan may not have; write out its value"
        elif self.depth == _DEEPEST:
            problem = f"nested more than {_DEEPEST} deep"
        if problem:
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


# YAML 1.1 wants point and sign in 1e3
_EXPONENT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)e[+-]?\d+$", re.I)
_Loader.add_implicit_resolver(f"{_TAG}float", _EXPONENT, list("+-.0123456789"))


class _Document:
    """A plan, or what is typed, as plain data, the line of each place in it, and the faults found so far."""

    def __init__(self, loader: _Loader, root: yaml.Node):
        self.lines: dict[tuple, int] = {}
        self.faults: list[tuple[int, str]] = []
        self._loader = loader
        self.data = self._plain(root, ())

    def fault(self, place: tuple, text: str) -> None:
        """Add a fault at a place, or at the nearest one around it that has a line."""
        while place not in self.lines:
            place = place[:-1]
        self.faults.append((self.lines[place], text))

    def read(self, place: tuple, form: _Form) -> Any:
        """What stands at a place as a form says, or None with its faults added."""
        try:
            found = functools.reduce(lambda part, key: part[key], place, self.data)
            return form.adapter.validate_python(found)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                if one["input"] is not _ODD:
                    self.fault((*place, *one["loc"]), form.told(one, place))
            return None

    def _plain(self, node: yaml.Node, place: tuple) -> Any:
        """A node as plain data; repeated keys and values that cannot be read become faults."""
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*place, n)) for n, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key, value in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else "?"
                line = key.start_mark.line + 1
                if name in found:
                    self.faults.append((line, f"{name}: is given twice. Keep one"))
                    continue
                self.lines[*place, name] = line
                found[name] = self._plain(value, (*place, name))
            return found
        try:
            if node.tag == f"{_TAG}int" and not _WHOLE.fullmatch(node.value):
                raise ValueError("whole numbers have at most 18 digits, and no zeros before them")
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            problem = getattr(error, "problem", None) or error
            text = f"{_quoted(node.value)} is no plain value ({problem}). Write one, or put it into quotes"
            self.fault(place, f"{_dotted(place)}: {text}")
            return _ODD


def _read(path: Path) -> _Document:
    try:
        if (size := path.stat().st_size) > _LONGEST_PLAN_BYTES:
            most = f"{size:,} bytes, and a plan has at most {_LONGEST_PLAN_BYTES:,}"
            raise PlanError(f"{path}: {most}. List values under each:, or make several plans.")
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: no readable plan ({error}). Write one in UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or getattr(error, "reason", type(error).__name__)
        remedy = "Check indentation, quotes and brackets."
        raise PlanError(f"{place}: not the YAML of a plan ({problem}). {remedy}") from None
    if root is None:
        raise PlanError(f"{path}: empty plan. List reports under reports:")
    return _Document(loader, root)


def _dotted(place: tuple) -> str:
    """A place in the words of messages, without the numbers of items: ``parameters.start``."""
    below = place[2:] if place[:1] == ("reports",) and len(place) > 1 else place
    return ".".join(part for part in below if isinstance(part, str))


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:80]}… ({len(text):,} characters)"


def _nearest(word: str, known: Iterable[str]) -> str:
    """The nearest valid name, or all of them where none is near, for the end of a message."""
    return nearest(word, known) or f"; known: {', '.join(known) or 'none'}"


# ---------------------------------------------------------------- names and titles


def _all_values(report: Report, declared: Iterable[Parameter]) -> dict:
    return {p.name: report.parameters.get(p.name, p.default) for p in declared}


def _name(report: Report, book: _Book, values: dict) -> str:
    """The file name of a report, from its pattern or from the values that differ from the defaults."""
    if report.name_pattern is not None:
        name = _filled(report.name_pattern, values, _slug)
    else:
        name = report.notebook.stem
        for p in book.declared:
            if (value := values[p.name]) != p.default:
                bare = value is None or isinstance(value, bool)  # says nothing by itself
                name += f"_{p.name}-{_slug(value)}" if bare else f"_{_slug(value)}"
    safe = r"(?!index$|.*(-code|\.failed|\.html)$)\w(\.?[\w-])*"  # and of no other page
    if len(name) > _LONGEST_NAME or not re.fullmatch(safe, name, re.ASCII | re.IGNORECASE):
        remedy = (
            f"Give one of 1 to {_LONGEST_NAME} letters, digits, - and _, with single dots inside"
        )
        raise _Unfit(f"{_quoted(name)} is no safe file name, or another page's. {remedy}")
    return name


def _title(report: Report, book: _Book, values: dict) -> str:
    """The title from its pattern, or the notebook's question and, set by hand, what differs from the defaults."""
    said = functools.partial(_worded, report.project)
    title = book.question
    if report.title_pattern is not None:
        title = _filled(report.title_pattern, values, said).strip()
    elif report.set_by_hand:
        differ = [p.name for p in book.declared if values[p.name] != p.default]
        title += (
            f" ({'; '.join(f'{name} {said(values[name])}' for name in differ)})" if differ else ""
        )
    if not 0 < len(title) <= _LONGEST_TITLE or visible(title) != title:
        remedy = f"Give one of 1 to {_LONGEST_TITLE:,} characters that a page can show"
        raise _Unfit(f"{_quoted(title)} is no title. {remedy}")
    return title


def _worded(project: Project, value: object) -> str:
    """A value as a title says it: words as the project says them, lists as in a sentence."""
    if isinstance(value, list) and value:
        *most, last = (_worded(project, item) for item in value)
        return f"{', '.join(most)} and {last}" if most else last
    return project.worded(value) if isinstance(value, str) else _shown(value)


_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def _filled(pattern: str, values: dict, said: Callable[[object], str]) -> str:
    """Fill ``{parameter}`` fields; nothing else of Python's format language is allowed in a plan."""

    def one(found: re.Match) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] not in values:
            known = _nearest(found[1] or "", values)
            raise _Unfit(f"{_quoted(found[0])} names no parameter{known}")
        return said(values[found[1]])

    return _FIELD.sub(one, pattern)


def _shown(value: object) -> str:
    """A parameter's value as a reader sees it."""
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "empty"
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value) or "empty"


def _slug(value: object) -> str:
    plain = unicodedata.normalize("NFKD", _shown(value)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.") or "empty"


# ---------------------------------------------------------------- what the command line asks for


def select(reports: Sequence[Report], names: Sequence[str]) -> list[Report]:
    """The named reports in the order of the plan, all of them without names.

    A notebook's name stands for all its reports, unless one bears it; raises `PlanError` with every unknown name.
    """
    named = dict.fromkeys(report.name for report in reports)
    known = named | dict.fromkeys(report.notebook.stem for report in reports)
    if unknown := [name for name in dict.fromkeys(names) if name not in known]:
        raise PlanError(*(f"no report is named {n!r}{_nearest(n, known)}" for n in unknown))
    stems = set(names) - named.keys()
    return [r for r in reports if not names or r.name in names or r.notebook.stem in stems]


def override(reports: Sequence[Report], pairs: Iterable[tuple[str, str]]) -> list[Report]:
    """Set parameters from the command line, names and values as typed, in each of the selected reports.

    A value is converted by the type that the notebook declares: ``true`` and ``false``, ``2000``, ``[VEN, CUB]`` or a
    single ``VEN`` for a list, ``null`` where None is allowed. Names and titles are filled anew; where one has no field for
    a changed value, the notebook's own name or question and the values take its place. So no file says one thing and
    holds another. Raises `PlanError` with every name that one of the notebooks does not declare, every value of another
    type, and names that fall together.
    """
    pairs, book = list(pairs), functools.cache(_book)
    faults: list[str] = []
    result: list[tuple[str, Report]] = []
    for before in reports:
        known = book(before.notebook.parent, before.notebook.stem, before.project)
        typed = _typed(pairs, known.declared)
        values = typed.read((), known.values)
        faults += [f"-p {text}" for _, text in typed.faults]
        if not typed.faults:
            after, wrong = _changed(before, values, known)
            faults += [f"-p with {before.name}: {text}" for text in wrong.values()]
            result.append((before.name, after))
    faults += [f"-p with {name}: {text}" for name, text in _repeated(result)]
    if faults:
        raise PlanError(*dict.fromkeys(faults))
    return [after for _, after in result]


def _changed(report: Report, given: dict, book: _Book) -> tuple[Report, dict[str, str]]:
    """A report with other values, and what is wrong; a pattern that hides one may be true of the former alone."""
    before = _all_values(report, book.declared)
    changed = {name for name, value in given.items() if value != before[name]}
    report = replace(report, parameters={**report.parameters, **given})
    empty = any(given[name] in ([], None) for name in changed)  # which reads ill
    for key in ("name_pattern", "title_pattern"):
        if empty or not changed.issubset(_FIELD.findall(getattr(report, key) or "")):
            report = replace(report, **{key: None})
    return _finished(replace(report, set_by_hand=True), book) if changed else (report, {})


def _typed(pairs: Iterable[tuple[str, str]], declared: Iterable[Parameter]) -> _Document:
    """What is typed, as a plan would hold it: words need no quotes, and a list of one no brackets."""
    loader, types = _Loader(""), {parameter.name: parameter.type for parameter in declared}
    word = functools.partial(yaml.ScalarNode, f"{_TAG}str", start_mark=loader.get_mark())
    nodes = [(word(name), _node(word(text), types.get(name, "str"))) for name, text in pairs]
    return _Document(loader, yaml.MappingNode(f"{_TAG}map", nodes, loader.get_mark()))


def _node(word: yaml.ScalarNode, declared: str) -> yaml.Node:
    """What is typed for a parameter of a type, a word if it is nothing else."""
    base = declared.removesuffix(" | None")
    if base != declared and word.value.strip().lower() in ("null", "none", "~"):
        return yaml.ScalarNode(f"{_TAG}null", "", word.start_mark)
    try:
        node = _Loader(word.value).get_single_node()
    except yaml.YAMLError:
        return word
    if node is None or base == "str":
        return word
    if base.startswith("list") and isinstance(node, yaml.ScalarNode):
        node = yaml.SequenceNode(f"{_TAG}seq", [node], node.start_mark)
    if base == "list[str]" and isinstance(node, yaml.SequenceNode):
        for item in node.value:  # also NO, which is false in YAML
            item.tag = f"{_TAG}str"
    return node


def described(report: Report) -> list[tuple[str, str, str]]:
    """Name, value as shown and help of every parameter of a report, defaults included."""
    declared = read_parameters(report.notebook)
    values = _all_values(report, declared)
    return [(p.name, visible(_shown(values[p.name])), visible(p.help)) for p in declared]

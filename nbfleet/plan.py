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
import string
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    TypeAdapter,
    ValidationError,
    create_model,
)
from typing_extensions import TypedDict

from nbfleet.errors import FleetError, nearest, visible
from nbfleet.project import ALONE, Project

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from pydantic_core import ErrorDetails

_TYPES = {
    "str": str,
    "int": int,
    "float": FiniteFloat,
    "bool": bool,
    "list[str]": list[str],
    "list[int]": list[int],
}
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
        found = f"{len(cells)} cells are" if cells else "no code cell is"
        remedy = "Keep one and untag the others" if cells else "Tag the cell that declares them"
        raise PlanError(f"{place}: {found} tagged parameters. {remedy}.")
    where = f"{place}, parameters cell"
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
            faults.append(f"{where}, line {number}: {error}.")
        except RecursionError:
            faults.append(f"{where}, line {number}: too deeply nested. Write a literal.")
    if faults:
        raise PlanError(*faults)
    return tuple(parameters.values())


class _Unfit(ValueError):
    """A value or a line that is not what was declared: the message says why and what to do."""


def _parameter(line: str) -> Parameter:
    """What one line of a parameters cell declares."""
    try:
        statement, *more = ast.parse(line).body
    except (SyntaxError, ValueError, MemoryError) as error:
        reason = getattr(error, "msg", "") or str(error) or "too deeply nested"
        raise _Unfit(
            f"not Python ({reason}). Write name: type = value  # meaning, in one line"
        ) from None
    if more:
        raise _Unfit("second statement on one line. Give each parameter a line of its own")
    comment = line.encode()[statement.end_col_offset :].decode().lstrip(" ;#").strip()
    if isinstance(statement, ast.Assign):
        raise _Unfit(
            f"{ast.unparse(statement.targets[0])} has no type. Write name: type = value  # what it means"
        )
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise _Unfit(
            "not a parameter. Write name: type = value  # what it means, and move other code to another cell"
        )
    name, declared = statement.target.id, ast.unparse(statement.annotation)
    if declared.removesuffix(" | None") not in _TYPES:
        known = f"Use one of {', '.join(_TYPES)}, or one of these | None"
        raise _Unfit(f"{name} has the type {declared}. {known}")
    if statement.value is None:
        raise _Unfit(f"{name} has no default. Give it one")
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        raise _Unfit(f"the default of {name} is no literal. Write a plain value") from None
    try:
        default = _adapter(declared).validate_python(default, strict=True)
    except ValidationError as error:
        raise _Unfit(f"the default of {name} {_told(error.errors()[0])}") from None
    if not comment:
        raise _Unfit(f"{name} has no comment. Say after # what it means")
    return Parameter(name, declared, default, comment)


@functools.cache
def _adapter(declared: str) -> TypeAdapter:
    return TypeAdapter(_type(Parameter("", declared, None, "")))


def read_notebook(notebook: Path) -> dict:
    """The cells and metadata of a notebook; nbformat, which would check more, takes a second to import."""
    try:
        nb = json.loads(notebook.read_text(encoding="utf-8"))
        if nb["nbformat"] != 4:
            raise ValueError(f"format {nb['nbformat']}")
        for cell in nb["cells"]:
            cell["source"] = "".join(cell["source"])  # a text or its lines
            cell["source"].encode()  # half a character, which no file and no page can hold
            if not isinstance(cell["cell_type"], str) or not isinstance(
                cell["metadata"].get("tags", []), list
            ):
                raise ValueError("an odd cell")
        if not isinstance(nb["metadata"], dict):
            raise ValueError("odd metadata")
        return nb
    except FileNotFoundError:
        raise PlanError(f"{notebook}: no such notebook. Check the path.") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise PlanError(
            f"{notebook}: not a readable notebook ({reason}). Open and save it in JupyterLab."
        ) from None


def notebook_title(nb: NotebookNode, fallback: str) -> str:
    """The first top-level heading of a notebook, without its Markdown marks.

    Examples
    --------
    >>> notebook_title({"cells": [{"cell_type": "markdown", "source": "# Who *arms* whom?"}]}, "arms")
    'Who arms whom?'
    """
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
    plan = document.validated((), _Plan, {(): ("the plan", _Plan.model_fields)})
    formats = plan.formats if plan else _ordered(None)
    entries = document.data.get("reports") if isinstance(document.data, dict) else None
    entries = entries if isinstance(entries, list) else []
    books: dict[str, _Book | PlanError] = {}
    reports: list[tuple[int, Report]] = []
    for number in range(len(entries)):
        place = ("reports", number)
        room = _MOST - len(reports)
        made = _reports(document, place, path.parent, project, books, room)
        made = [report if report.formats else replace(report, formats=formats) for report in made]
        reports += [(document.lines[place], report) for report in made]
    faults = [*document.faults, *_repeated(reports)]
    if faults:
        told = sorted(dict.fromkeys(faults))
        raise PlanError(*(f"{path}, line {line}: {text}" for line, text in told))
    return [report for _, report in reports]


# What a plan says. Models are strict: nothing is converted but a whole number to a float.

_STRICT = ConfigDict(strict=True, extra="forbid")


def _ordered(formats: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(name for name in FORMATS if name in (formats or Report.formats))


_Formats = Annotated[list[_Format], Field(min_length=1), AfterValidator(_ordered)]


class _Plan(BaseModel):
    model_config = _STRICT

    reports: Annotated[list[Any], Field(min_length=1)]  # each is an `_Entry`
    formats: _Formats = Field(default=_ordered(None))


class _Entry(BaseModel):
    model_config = _STRICT

    notebook: str
    name: str = Field(default=None)  # may be left out, and not be null
    title: str = Field(default=None)
    parameters: Any = None  # the model of a notebook's entries says which, see `_Book`
    each: Any = None
    formats: _Formats = Field(default=())


def _type(parameter: Parameter, project: Project = ALONE) -> Any:
    """What a parameter may have: its declared type, and of words those that the project knows."""

    def known(word: str) -> str:
        if refused := project.refusal(parameter, word):
            raise ValueError(refused)
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise ValueError(f"{_quoted(word)} holds half a character. Write it in UTF-8")
        return word

    base = parameter.type.removesuffix(" | None")
    word = Annotated[str, AfterValidator(known)]
    found = {"str": word, "list[str]": list[word]}.get(base, _TYPES[base])
    return found if base == parameter.type else found | None


def _values_model(parameters: Iterable[Parameter], project: Project, lists: bool = False) -> Any:
    """A dictionary of some of the parameters; with ``lists``, of lists of their values."""
    fields = {parameter.name: _type(parameter, project) for parameter in parameters}
    if lists:
        fields = {key: Annotated[list[one], Field(min_length=1)] for key, one in fields.items()}
    model = TypedDict("model", fields, total=False)
    model.__pydantic_config__ = _STRICT
    return model


@dataclass(frozen=True)
class _Book:
    """A notebook of a plan: its path, its cells, what it declares, and the model of its entries."""

    path: Path
    nb: dict
    declared: tuple[Parameter, ...]
    model: type[_Entry]


def _book(folder: Path, stem: str, project: Project) -> _Book | PlanError:
    known = sorted(path.stem for path in folder.glob("*.ipynb"))
    if stem not in known:
        remedy = _nearest(stem.removesuffix(".ipynb"), known)
        return PlanError(f"no notebook {_quoted(stem)} in {folder}{remedy}")
    path = folder / f"{stem}.ipynb"
    try:
        nb = read_notebook(path)
        declared = parameters_of(nb, str(path))
    except PlanError as error:
        return error
    values, lists = (_values_model(declared, project, many) for many in (False, True))
    model = create_model(
        "_Entry", __base__=_Entry, parameters=(values | None, None), each=(lists | None, None)
    )
    return _Book(path, nb, declared, model)


def _reports(
    document: _Document,
    place: tuple,
    folder: Path,
    project: Project,
    books: dict[str, _Book | PlanError],
    room: int,
) -> list[Report]:
    """The reports of one entry of the plan, at most ``room`` of them, or none with its faults added."""
    data = document.data[place[0]][place[1]]
    stem = data.get("notebook") if isinstance(data, dict) else None
    if isinstance(stem, str) and stem not in books:
        books[stem] = _book(folder, stem, project)
    book = books.get(stem) if isinstance(stem, str) else None
    levels = {(): ("a report", _Entry.model_fields)}
    if not isinstance(book, _Book):
        for fault in book.faults if book else ():
            document.fault((*place, "notebook"), f"notebook: {fault}")
        document.validated(place, _Entry, levels)
        return []
    names = [parameter.name for parameter in book.declared]
    levels["parameters",] = f"the parameters of {stem}", names
    levels["each",] = f"each: of {stem}", names
    entry = document.validated(place, book.model, levels)
    if entry is None:
        return []
    values, products = entry.parameters or {}, entry.each or {}
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
        ordered = {name: chosen[name] for name in names if name in chosen}
        report = Report("", book.path, "", ordered, entry.name, entry.title, entry.formats, project)
        said = {}
        for key, filled in (("name", _name), ("title", functools.partial(_title, nb=book.nb))):
            try:
                report = replace(report, **{key: filled(report, book.declared)})
            except _Unfit as error:
                said[key] = f"{key}: {error}"
        if refused := project.conflict(_all_values(report, book.declared)):
            said["each" if products else "parameters"] = refused
        for key, text in said.items():
            document.fault((*place, key), text)
        if said:  # the others of a product have the same ones
            return []
        reports.append(report)
    return reports


def _repeated(reports: list[tuple[int, Report]]) -> list[tuple[int, str]]:
    """Names that two reports would share, one fault for each pair of entries."""
    first: dict[str, tuple[int, Report]] = {}
    faults = {}
    for line, report in reports:
        at, twin = first.setdefault(report.name.casefold(), (line, report))
        if twin is not report:
            text = f"is taken by line {at}. Give one of them another name:"
            if at == line:  # of one product
                told = [f"{{{p}}}" for p, v in report.parameters.items() if v != twin.parameters[p]]
                remedy = "A value stands in its list twice. Leave one out"
                remedy = f"Put {''.join(told)} into the name" if told else remedy
                text = f"comes twice out of each:. {remedy}"
            faults.setdefault((line, at), f"name: {report.name!r} {text}")
    return [(line, text) for (line, _), text in faults.items()]


# ---------------------------------------------------------------- YAML with its lines, and what is wrong with it

#: Stands for a value that cannot be read: its fault is known already.
_ODD = object()


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
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


@dataclass(frozen=True)
class _Document:
    """A plan as plain data, the line of each place in it, and the faults found so far."""

    data: Any
    lines: dict[tuple, int]
    faults: list[tuple[int, str]]

    def fault(self, place: tuple, text: str) -> None:
        """Add a fault at a place, or at the nearest one around it that has a line."""
        while place not in self.lines:
            place = place[:-1]
        self.faults.append((self.lines[place], text))

    def validated(self, place: tuple, model: type[BaseModel], levels: Mapping) -> Any:
        """What stands at a place as a model says, or None with its faults added.

        ``levels`` maps places below this one to what stands there, in words, and the keys that it may have.
        """
        data = functools.reduce(lambda part, key: part[key], place, self.data)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=True):
                if one["input"] is not _ODD:
                    self.fault((*place, *one["loc"]), _fault(one, levels))
            return None


def _read(path: Path) -> _Document:
    try:
        if (size := path.stat().st_size) > _LONGEST_PLAN_BYTES:
            most = f"and a plan has at most {_LONGEST_PLAN_BYTES:,}"
            raise PlanError(
                f"{path}: {size:,} bytes, {most}. List values under each:, or make several plans."
            )
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
    except FileNotFoundError:
        raise PlanError(f"{path}: no such plan. Write one, or give the path of yours.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: not readable as UTF-8 text ({error}). Check the file.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or getattr(error, "reason", type(error).__name__)
        remedy = "Check indentation, quotes and brackets."
        raise PlanError(f"{place}: not the YAML of a plan ({problem}). {remedy}") from None
    if root is None:
        raise PlanError(f"{path}: empty plan. List reports under reports:")
    document = _Document(None, {}, [])
    return replace(document, data=_plain(loader, root, (), document))


def _plain(loader: _Loader, node: yaml.Node, place: tuple, document: _Document) -> Any:
    """A node as plain data; repeated keys and values that cannot be read become faults."""
    key = _dotted(place)
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_plain(loader, item, (*place, number), document) for number, item in items]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if name in found:
                line = key_node.start_mark.line + 1
                document.faults.append((line, f"{name}: is given twice. Keep one"))
                continue
            document.lines[*place, name] = key_node.start_mark.line + 1
            found[name] = _plain(loader, value_node, (*place, name), document)
        return found
    if node.tag == "tag:yaml.org,2002:int" and not _WHOLE.fullmatch(node.value):
        text = f"{key}: {_quoted(node.value)} is no plain whole number. Write at most 18 digits, without zeros"
        document.fault(place, f"{text} before them, or put it into quotes")
        return _ODD
    try:
        return loader.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        problem = getattr(error, "problem", None) or error
        document.fault(place, f"{key}: not a plain value ({problem}). Write one")
        return _ODD


def _dotted(place: tuple) -> str:
    """A place in the words of messages, without the numbers of items: ``parameters.start``."""
    below = place[2:] if place[:1] == ("reports",) and len(place) > 2 else place
    return ".".join(part for part in below if isinstance(part, str))


_REMEDIES = {"reports": "Write one - notebook: … for each", "formats": "Write [html, pdf]"}


def _fault(error: ErrorDetails, levels: Mapping[tuple, tuple[str, Iterable[str]]]) -> str:
    """What a model has refused, in one line: the key, what is wrong, the nearest name or another remedy."""
    place = error["loc"]
    if error["type"] == "extra_forbidden":
        what, known = levels[place[:-1]]
        return f"unknown key {_quoted(place[-1])} in {what}{_nearest(str(place[-1]), known)}"
    if error["type"] == "missing":
        remedy = _REMEDIES.get(str(place[-1]), "Name the notebook, without .ipynb")
        return f"no key {place[-1]}:. {remedy}"
    if place in levels:
        what, known = levels[place]
        return f"{what} must be keys and values ({', '.join(known)})"
    return f"{_dotted(place)}: {_told(error)}"


_KINDS = {"string_type": "str", "int_type": "int", "float_type": "float", "bool_type": "bool"}


def _told(error: ErrorDetails) -> str:
    """What is wrong with a value, and what to do."""
    given, place = error["input"], error["loc"]
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "literal_error":
        word = given if isinstance(given, str) else "a list"
        return f"unknown format {_quoted(word)}{_nearest(word, FORMATS)}"
    if error["type"] == "finite_number":
        return f"must be a finite number, not {given!r}"
    if error["type"] not in _KINDS:
        remedy = _REMEDIES.get(str(place[-1]) if place else "", "Write [first, second]")
        return f"must be a list of values, not {_quoted(given)}. {remedy}"
    kind, remedy = _KINDS[error["type"]], ""
    if isinstance(given, list) and place[:1] == ("parameters",):
        return f"must be {kind}, not a list. Put several values under each:"
    if kind == "str" and not isinstance(given, (list, dict)):
        remedy = ". Put it into quotes"
    elif kind != "str" and isinstance(given, str):
        remedy = ". Leave the quotes out"
    return f"must be {kind}, not {type(given).__name__} ({_quoted(given)}){remedy}"


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:80]}… ({len(text):,} characters)"


def _nearest(word: str, known: Iterable[str]) -> str:
    """The nearest valid name, or all of them where none is near, for the end of a message."""
    known = list(known)
    return nearest(word, known) or f"; known: {', '.join(known) or 'none'}"


# ---------------------------------------------------------------- names and titles


def _all_values(report: Report, declared: Iterable[Parameter]) -> dict:
    return {p.name: report.parameters.get(p.name, p.default) for p in declared}


def _name(report: Report, declared: tuple[Parameter, ...]) -> str:
    """The file name of a report, from its pattern or from the values that differ from the defaults."""
    values = _all_values(report, declared)
    if report.name_pattern is not None:
        name = _filled(report.name_pattern, values, _slug)
    else:
        name = report.notebook.stem
        for p in declared:
            if (value := values[p.name]) != p.default:
                bare = value is None or isinstance(value, bool)  # says nothing by itself
                name += f"_{p.name}-{_slug(value)}" if bare else f"_{_slug(value)}"
    if not name:
        raise _Unfit("empty. Write a name or leave the key out")
    if len(name) > _LONGEST_NAME:
        raise _Unfit(
            f"{len(name)} characters ({name[:20]}…). Give a name: of at most {_LONGEST_NAME}"
        )
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", name) or ".." in name or name.endswith("."):
        raise _Unfit(
            f"{name!r} is no safe file name. Use letters, digits, - and _, and single dots that stand inside"
        )
    if name.casefold() == "index" or name.casefold().endswith(("-code", ".failed", ".html")):
        raise _Unfit(f"{name!r} is taken by another page of the site. Choose another name")
    return name


def _title(report: Report, declared: tuple[Parameter, ...], nb: NotebookNode) -> str:
    said = functools.partial(_worded, report.project)
    if report.title_pattern is None:
        title = notebook_title(nb, report.notebook.stem)
    else:
        title = _filled(report.title_pattern, _all_values(report, declared), said).strip()
    if not title:
        raise _Unfit("empty. Write a title or leave the key out")
    if len(title) > _LONGEST_TITLE:
        raise _Unfit(f"{len(title):,} characters. Give a title: of at most {_LONGEST_TITLE:,}")
    if visible(title) != title:
        raise _Unfit(f"{_quoted(title)} holds a character that no page can show. Leave it out")
    return title


def _changed_title(
    report: Report, changed: list[str], declared: tuple[Parameter, ...], nb: NotebookNode
) -> str:
    """The plan's title if its fields say all that has changed; else the notebook's own question and the values.

    The rest of a plan's title need not hold for other values than the entry's own.
    """
    fields, values = _fields(report.title_pattern), _all_values(report, declared)
    if fields.issuperset(changed) and all(values[name] not in ([], None) for name in changed):
        return _title(report, declared, nb)
    said = fields.union(changed, (p.name for p in declared if values[p.name] != p.default))
    told = [f"{p.name} {shown(values[p.name])}" for p in declared if p.name in said]
    return f"{notebook_title(nb, report.notebook.stem)} ({'; '.join(told)})"


def _worded(project: Project, value: object) -> str:
    """A value as a title says it: words as the project says them, lists as in a sentence."""
    if isinstance(value, list) and value:
        *most, last = (_worded(project, item) for item in value)
        return f"{', '.join(most)} and {last}" if most else last
    return project.worded(value) if isinstance(value, str) else shown(value)


def _fields(pattern: str | None) -> set[str]:
    """The names in braces of a name or title."""
    try:
        return {part[1] for part in string.Formatter().parse(pattern or "")} - {None}
    except ValueError:  # `_filled` says what is wrong
        return set()


def _filled(pattern: str, values: dict, said: Callable[[object], str]) -> str:
    """Fill ``{parameter}`` fields; nothing else of Python's format language is allowed in a plan."""
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise _Unfit(
            f"{pattern!r} has a stray brace ({error}). Write {{parameter}}, or {{{{ for a brace"
        ) from None
    text = ""
    for literal, field, spec, conversion in parts:
        text += literal
        if field is None:
            continue
        if field not in values:
            raise _Unfit(f"unknown parameter {{{field}}}{_nearest(field, values)}")
        if spec or conversion:
            raise _Unfit(f"{{{field}}} carries a format. Write {{{field}}} alone")
        text += said(values[field])
    return text


def shown(value: object) -> str:
    """A parameter's value as a reader sees it.

    Examples
    --------
    >>> shown(["VEN", "CUB"]), shown([]), shown(""), shown(None), shown(True)
    ('VEN, CUB', 'empty', 'empty', 'none', 'yes')
    """
    if isinstance(value, list):
        return ", ".join(map(shown, value)) or "empty"
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value) or "empty"


def _slug(value: object) -> str:
    plain = unicodedata.normalize("NFKD", shown(value)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.") or "empty"


# ---------------------------------------------------------------- what the command line asks for


def select(reports: Sequence[Report], names: Sequence[str]) -> list[Report]:
    """The named reports in the order of the plan, all of them without names.

    A notebook's name stands for all its reports, unless one of the reports bears it.

    Raises
    ------
    PlanError
        With every name that neither a report nor a notebook of the plan has, and the nearest.
    """
    named = dict.fromkeys(report.name for report in reports)
    known = named | dict.fromkeys(report.notebook.stem for report in reports)
    if unknown := [name for name in dict.fromkeys(names) if name not in known]:
        raise PlanError(*(f"no report is named {n!r}{_nearest(n, known)}" for n in unknown))
    stems = set(names) - named.keys()
    return [r for r in reports if not names or r.name in names or r.notebook.stem in stems]


def override(reports: Sequence[Report], pairs: Iterable[tuple[str, str]]) -> list[Report]:
    """Set parameters from the command line in each of the selected reports.

    Parameters
    ----------
    reports : sequence of Report
    pairs : iterable of (str, str)
        Name and value as typed. A value is converted by the type that the notebook declares: ``true`` and
        ``false``, ``2000``, ``[VEN, CUB]`` or a single ``VEN`` for a list, ``null`` where None is allowed.

    Returns
    -------
    list of Report
        With names and titles filled anew. Where one has no field for a changed value, the notebook's own name or
        question and the values take its place. So no file says one thing and holds another.

    Raises
    ------
    PlanError
        With every name that one of the notebooks does not declare, every value of another type, and names that
        fall together.
    """
    pairs, faults, result = list(pairs), [], []
    declared = {report.notebook: read_parameters(report.notebook) for report in reports}
    seen: dict[str, Report] = {}
    for before in reports:
        known = declared[before.notebook]
        try:
            after = _overridden(before, _from_texts(pairs, known, before), known)
        except PlanError as error:
            faults += error.faults
            continue
        except _Unfit as error:
            faults.append(f"-p with {before.name}: name: {error}")
            continue
        if refused := before.project.conflict(_all_values(after, known)):
            faults.append(f"-p with {before.name}: {refused}")
        twin = seen.setdefault(after.name.casefold(), before)
        if twin is not before:
            both = f"{twin.name} and {before.name}"
            faults.append(f"-p makes {both} the same report. Select one of them")
        result.append(after)
    if faults:
        raise PlanError(*dict.fromkeys(faults))
    return result


def _from_texts(
    pairs: Iterable[tuple[str, str]], declared: Iterable[Parameter], report: Report
) -> dict:
    """What the command line sets in a report."""
    known, values, faults = {parameter.name: parameter for parameter in declared}, {}, []
    for name, text in pairs:
        try:
            if name not in known:
                hint = _nearest(name, known)
                raise _Unfit(f"{report.notebook.stem} has no such parameter{hint}")
            value = _from_text(text, known[name], report.project)
            if values.setdefault(name, value) != value:
                raise _Unfit("given twice with two values. Keep one")
        except _Unfit as error:
            faults.append(f"-p {name}: {error}")
    if faults:
        raise PlanError(*faults)
    return values


def _overridden(report: Report, values: dict, declared: tuple[Parameter, ...]) -> Report:
    before = _all_values(report, declared)
    after = replace(report, parameters={**report.parameters, **values})
    changed = [p.name for p in declared if p.name in values and values[p.name] != before[p.name]]
    if not changed:
        return after
    if not _fields(report.name_pattern).issuperset(changed):
        after = replace(after, name_pattern=None)
    title = _changed_title(after, changed, declared, read_notebook(report.notebook))
    return replace(after, name=_name(after, declared), title=title, set_by_hand=True)


#: How numbers and truths are typed on the command line, and what to say else; 010 could mean ten or eight.
_TYPED = {
    "bool": (re.compile("true|false", re.I), ". Write true or false"),
    "int": (_WHOLE, ". Write at most 18 digits, without zeros before"),
    "float": (
        re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})(e[+-]?\d{1,3})?", re.I | re.A),
        "",
    ),
}


def _from_text(text: str, parameter: Parameter, project: Project = ALONE) -> object:
    """A value typed on the command line as the declared type, if a plan could say it."""
    declared = parameter.type
    base = declared.removesuffix(" | None")
    if base != declared and text.strip().lower() in ("null", "none", "~"):
        return None
    kind = base.removeprefix("list[").removesuffix("]")
    words, remedy = (_texts(text) if kind != base else [text]), ". Write [first, second]"
    if words is not None and kind != "str":
        form, remedy = _TYPED[kind]
        words = [word.strip() for word in words]
        words = words if all(map(form.fullmatch, words)) else None
    if words is None:
        raise _Unfit(f"must be {declared}, not {_quoted(text)}{remedy}")
    try:  # not strict: words become numbers and truths
        given = words[0] if kind == base else words
        return TypeAdapter(_type(parameter, project)).validate_python(given)
    except ValidationError as error:
        raise _Unfit(_told(error.errors()[0])) from None


def _texts(text: str) -> list[str] | None:
    """The items of a list as they are typed, one alone without brackets; each stays text, also the country code NO."""
    try:
        node = _Loader(text).get_single_node()
    except yaml.YAMLError:
        return None
    if isinstance(node, yaml.ScalarNode) and node.value and "," not in node.value:
        return [node.value]
    items = node.value if isinstance(node, yaml.SequenceNode) else [None]
    plain = all(isinstance(item, yaml.ScalarNode) for item in items)
    return [item.value for item in items] if plain else None


def described(report: Report) -> list[tuple[str, str, str]]:
    """Name, value as shown and help of every parameter of a report, defaults included."""
    declared = read_parameters(report.notebook)
    values = _all_values(report, declared)
    return [(p.name, visible(shown(values[p.name])), visible(p.help)) for p in declared]

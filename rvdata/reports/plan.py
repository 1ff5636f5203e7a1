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

``{parameter}`` fields are filled from all parameters of the notebook, defaults included. In titles a country's code
becomes its name. A title that speaks of a value without a field holds for the entry's own values only.

``formats`` says which pages a report has, html unless it says otherwise; beside ``reports:`` it holds for all entries
that say nothing. The executed notebook is always there.
"""

from __future__ import annotations

import ast
import functools
import io
import itertools
import json
import math
import re
import string
import tokenize
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from rvdata import countries, narrative, origins, schemas
from rvdata.errors import DataError, nearest

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SCALARS = {"str": str, "int": int, "float": float, "bool": bool}
_TYPES = (*_SCALARS, "list[str]", "list[int]")
_PLAN_KEYS = ("reports", "formats")
_ENTRY_KEYS = ("notebook", "name", "title", "parameters", "each", "formats")
FORMATS = ("html", "pdf")
_LONGEST_NAME = 100
#: Most reports that one plan may make: a product grows faster than one thinks.
_MOST = 200_000


class PlanError(DataError):
    """Every fault of a plan, a notebook's parameters or the command line, one line each, in ``faults``."""

    def __init__(self, faults: Sequence[str]):
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


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
    are some of `FORMATS`.
    """

    name: str
    notebook: Path
    title: str
    parameters: dict
    name_pattern: str | None = None
    title_pattern: str | None = None
    formats: tuple[str, ...] = FORMATS[:1]


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
    if not cells:
        raise PlanError(
            [f"{place}: no code cell is tagged parameters. Tag the cell that declares them."]
        )
    if len(cells) > 1:
        raise PlanError(
            [f"{place}: {len(cells)} cells are tagged parameters. Keep one and untag the others."]
        )
    source, where = cells[0]["source"], f"{place}, parameters cell"
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise PlanError(
            [f"{where}, line {line}: not Python ({error}). Correct the line."]
        ) from None
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    parameters: dict[str, Parameter] = {}
    faults, lines = [], set()
    for statement in statements:
        try:
            if statement.lineno in lines:
                raise _Unfit("second statement on one line. Give each parameter a line of its own")
            lines.add(statement.lineno)
            parameter = _parameter(statement, comments)
            if parameter.name in parameters:
                raise _Unfit(f"{parameter.name} is declared twice. Keep one")
            parameters[parameter.name] = parameter
        except _Unfit as error:
            faults.append(f"{where}, line {statement.lineno}: {error}.")
    if faults:
        raise PlanError(faults)
    return tuple(parameters.values())


class _Unfit(ValueError):
    """A value or a line that is not what was declared: the message says why and what to do."""


def _parameter(statement: ast.stmt, comments: dict[int, str]) -> Parameter:
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
        raise _Unfit(
            f"{name} has the type {declared}. Use one of {', '.join(_TYPES)}, or one of these | None"
        )
    if statement.value is None:
        raise _Unfit(f"{name} has no default. Give it one")
    if statement.end_lineno != statement.lineno:
        raise _Unfit(f"{name} takes several lines. Write it in one")
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        raise _Unfit(f"the default of {name} is no literal. Write a plain value") from None
    try:
        default = _typed(default, declared)
    except _Unfit as error:
        raise _Unfit(f"the default of {name} {error}") from None
    if not comments.get(statement.lineno):
        raise _Unfit(f"{name} has no comment. Say after # what it means")
    return Parameter(name, declared, default, comments[statement.lineno])


def _typed(value: object, declared: str) -> object:
    """The value as the declared type, or a refusal: a bool is no int, "2000" is no int, 2000 is a float."""
    base = declared.removesuffix(" | None")
    if value is None and base != declared:
        return None
    if base.startswith("list["):
        if not isinstance(value, list):
            raise _Unfit(f"must be {declared}, not {value!r}. Write a list: [first, second]")
        return [_typed(item, base[5:-1]) for item in value]
    if base == "float" and type(value) is int:
        value = float(value)
    if type(value) is not _SCALARS[base]:
        remedy = (
            ". Put it into quotes" if base == "str" and not isinstance(value, (list, dict)) else ""
        )
        remedy = ". Leave the quotes out" if base != "str" and isinstance(value, str) else remedy
        raise _Unfit(f"must be {declared}, not {type(value).__name__} ({value!r}){remedy}")
    if base == "float" and not math.isfinite(value):
        raise _Unfit(f"must be a finite number, not {value!r}")
    return value


def read_notebook(notebook: Path) -> dict:
    """The cells and metadata of a notebook; nbformat, which would check more, takes a second to import."""
    try:
        nb = json.loads(notebook.read_text(encoding="utf-8"))
        if nb["nbformat"] != 4:
            raise ValueError(f"format {nb['nbformat']}")
        for cell in nb["cells"]:
            cell["source"] = (
                cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            )
            if not isinstance(cell["cell_type"], str) or not isinstance(
                cell["metadata"].get("tags", []), list
            ):
                raise ValueError("an odd cell")
        if not isinstance(nb["metadata"], dict):
            raise ValueError("odd metadata")
        return nb
    except FileNotFoundError:
        raise PlanError([f"{notebook}: no such notebook. Check the path."]) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise PlanError(
            [f"{notebook}: not a readable notebook ({reason}). Open and save it in JupyterLab."]
        ) from None


def notebook_title(nb: NotebookNode, fallback: str) -> str:
    """The first top-level heading of a notebook, without its Markdown marks.

    Examples
    --------
    >>> notebook_title({"cells": [{"cell_type": "markdown", "source": "# Who *arms* whom?"}]}, "arms")
    'Who arms whom?'
    """
    for cell in nb["cells"]:
        heading = (
            re.search(r"^# +(.+?)[ #]*$", cell["source"], re.M)
            if cell["cell_type"] == "markdown"
            else None
        )
        if heading:
            return re.sub(r"[*`]", "", heading[1]).strip()
    return fallback


# ---------------------------------------------------------------- the plan


def read_plan(path: Path) -> list[Report]:
    """Read a batch plan.

    Parameters
    ----------
    path : Path
        A YAML file, see the top of this module. Notebooks are looked for beside it.

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
    _country.cache_clear()
    loader, root = _compose(path)
    faults: list[tuple[int, str]] = []
    reports: list[tuple[int, Report]] = []
    entries, formats = _entries(loader, root, faults)
    notebooks: dict[Path, tuple[dict, tuple[Parameter, ...]]] = {}
    for node in entries:
        made = _reports(loader, node, path.parent, formats, notebooks, _MOST - len(reports), faults)
        reports += [(_line(node), report) for report in made]
    faults += _repeated(reports)
    if faults:
        raise PlanError(
            [f"{path}, line {line}: {text}" for line, text in sorted(dict.fromkeys(faults))]
        )
    return [report for _, report in reports]


def _repeated(reports: list[tuple[int, Report]]) -> list[tuple[int, str]]:
    """Names that two reports would share, one fault for each pair of entries."""
    first: dict[str, tuple[int, Report]] = {}
    faults = {}
    for line, report in reports:
        at, twin = first.setdefault(report.name.casefold(), (line, report))
        if twin is report:
            continue
        if at != line:
            text = f"name: {report.name!r} is taken by line {at}. Give one of them another name:"
        else:  # of one product
            told = [p for p, v in report.parameters.items() if v != twin.parameters[p]]
            fields = "".join(f"{{{p}}}" for p in told)
            text = f"name: {report.name!r} comes twice out of each:. "
            text += (
                f"Put {fields} into the name"
                if told
                else "A value stands in its list twice. Leave one out"
            )
        faults.setdefault((line, at), text)
    return [(line, text) for (line, _), text in faults.items()]


def _compose(path: Path) -> tuple[yaml.SafeLoader, yaml.Node]:
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
    except FileNotFoundError:
        raise PlanError([f"{path}: no such plan. Write one, or give the path of yours."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(
            [f"{path}: not readable as UTF-8 text ({error}). Check the file."]
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = (
            getattr(error, "problem", None)
            or getattr(error, "reason", None)
            or type(error).__name__
        )
        raise PlanError(
            [f"{place}: not YAML ({problem}). Check indentation, quotes and brackets."]
        ) from None
    if root is None:
        raise PlanError([f"{path}: empty plan. List reports under reports:"])
    return loader, root


def _entries(
    loader: yaml.SafeLoader, root: yaml.Node, faults: list
) -> tuple[list[yaml.Node], tuple[str, ...]]:
    """The nodes of the reports, and the formats of those that name none."""
    items = _mapping(root, _PLAN_KEYS, "the plan", faults)
    formats = _formats(loader, items["formats"], faults) if "formats" in items else Report.formats
    node = items.get("reports")
    if node is None:
        if isinstance(root, yaml.MappingNode):
            faults.append((_line(root), "no key reports:. List the reports under it"))
        return [], formats
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        faults.append(
            (_line(node), "reports: holds no list of reports. Write one - notebook: … for each")
        )
        return [], formats
    return node.value, formats


def _formats(loader: yaml.SafeLoader, node: yaml.Node, faults: list) -> tuple[str, ...]:
    """Formats in the order of `FORMATS`; every other word becomes a fault."""
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        faults.append(
            (
                _line(node),
                f"formats: must be a list of some of {', '.join(FORMATS)}. Write [html, pdf]",
            )
        )
        return Report.formats
    given = [
        (item, item.value if isinstance(item, yaml.ScalarNode) else "a list") for item in node.value
    ]
    faults.extend(
        (_line(item), f"formats: unknown format {text!r}{_nearest(text, FORMATS)}")
        for item, text in given
        if text not in FORMATS
    )
    return tuple(name for name in FORMATS if name in [text for _, text in given])


def _reports(
    loader: yaml.SafeLoader,
    node: yaml.Node,
    folder: Path,
    formats: tuple[str, ...],
    notebooks: dict[Path, tuple[dict, tuple[Parameter, ...]]],
    room: int,
    faults: list,
) -> list[Report]:
    """The reports of one entry of the plan, at most ``room`` of them, or none with its faults added."""
    before = len(faults)
    items = _mapping(node, _ENTRY_KEYS, "a report", faults)
    if not isinstance(node, yaml.MappingNode):
        return []
    if "notebook" not in items:
        faults.append((_line(node), "no key notebook:. Name the notebook, without .ipynb"))
        return []
    stem = _text(loader, items["notebook"], "notebook", faults)
    if stem is None:
        return []
    known = sorted(path.stem for path in folder.glob("*.ipynb"))
    if stem not in known:
        remedy = _nearest(stem.removesuffix(".ipynb"), known)
        faults.append(
            (_line(items["notebook"]), f"notebook: no notebook {stem!r} in {folder}{remedy}")
        )
        return []
    notebook = folder / f"{stem}.ipynb"
    try:
        if notebook not in notebooks:
            nb = read_notebook(notebook)
            notebooks[notebook] = nb, parameters_of(nb, str(notebook))
        nb, declared = notebooks[notebook]
    except PlanError as error:
        faults.extend((_line(items["notebook"]), f"notebook: {fault}") for fault in error.faults)
        return []
    values = _values(loader, items.get("parameters"), declared, stem, faults)
    products = _products(loader, items.get("each"), declared, stem, values, faults)
    patterns = {
        key: _text(loader, items[key], key, faults) for key in ("name", "title") if key in items
    }
    formats = _formats(loader, items["formats"], faults) if "formats" in items else formats
    count = math.prod(map(len, products.values()))
    if count > room:
        sizes = " × ".join(str(len(listed)) for listed in products.values()) or "1"
        text = f"each: {sizes} = {count:,} reports, with which the plan has more than {_MOST:,}. Make several plans"
        faults.append((_line(items.get("each", node)), text))
    if len(faults) > before:
        return []
    reports = []
    for combination in itertools.product(*products.values()):
        all_values = {**values, **dict(zip(products, combination, strict=False))}
        ordered = {p.name: all_values[p.name] for p in declared if p.name in all_values}
        report = Report(
            "", notebook, "", ordered, patterns.get("name"), patterns.get("title"), formats
        )
        for key in ("name", "title"):
            try:
                filled = (_name if key == "name" else _title)(report, declared, nb)
                report = replace(report, **{key: filled})
            except _Unfit as error:
                faults.append((_line(items.get(key, node)), f"{key}: {error}"))
        if len(faults) > before:
            return []  # the others of a product have the same faults
        reports.append(report)
    return reports


def _mapping(
    node: yaml.Node, known: Iterable[str], what: str, faults: list
) -> dict[str, yaml.Node]:
    """The value nodes of a mapping by key; unknown and repeated keys become faults."""
    if not isinstance(node, yaml.MappingNode):
        faults.append((_line(node), f"{what} must be keys and values ({', '.join(known)})"))
        return {}
    known, items = tuple(known), {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        if key not in known:
            faults.append((_line(key_node), f"unknown key {key!r} in {what}{_nearest(key, known)}"))
        elif key in items:
            faults.append((_line(key_node), f"{key}: given twice in {what}. Keep one"))
        else:
            items[key] = value_node
    return items


def _values(
    loader: yaml.SafeLoader,
    node: yaml.Node | None,
    declared: tuple[Parameter, ...],
    stem: str,
    faults: list,
) -> dict:
    """The values that an entry sets, one for each parameter."""
    if _is_null(node):
        return {}
    by_name = {parameter.name: parameter for parameter in declared}
    values = {}
    for name, value_node in _mapping(node, by_name, f"the parameters of {stem}", faults).items():
        if isinstance(value_node, yaml.SequenceNode) and not by_name[name].type.startswith("list["):
            text = f"parameters.{name}: must be {by_name[name].type}, not a list. Put several values under each:"
            faults.append((_line(value_node), text))
        else:
            values |= _checked(loader, value_node, by_name[name], f"parameters.{name}", faults)
    return values


def _products(
    loader: yaml.SafeLoader,
    node: yaml.Node | None,
    declared: tuple[Parameter, ...],
    stem: str,
    values: dict,
    faults: list,
) -> dict[str, list]:
    """The values that an entry goes through, a list for each parameter, in the order of the plan."""
    if _is_null(node):
        return {}
    by_name = {parameter.name: parameter for parameter in declared}
    products: dict[str, list] = {}
    for name, list_node in _mapping(node, by_name, f"each: of {stem}", faults).items():
        key, declared_type = f"each.{name}", by_name[name].type
        if name in values:
            faults.append((_line(list_node), f"{key}: is set under parameters: too. Keep one"))
        elif not isinstance(list_node, yaml.SequenceNode) or not list_node.value:
            text = f"{key}: must be a list of values of {declared_type}. Write [first, second]"
            faults.append((_line(list_node), text))
        else:
            found = [_checked(loader, item, by_name[name], key, faults) for item in list_node.value]
            products[name] = [item[name] for item in found if item]
    return products


def _is_null(node: yaml.Node | None) -> bool:
    return node is None or (
        isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
    )


def _checked(
    loader: yaml.SafeLoader, node: yaml.Node, parameter: Parameter, key: str, faults: list
) -> dict:
    """The value of a node under the parameter's name, or nothing with its faults added."""
    try:
        value = _typed(loader.construct_object(node, deep=True), parameter.type)
        _require_known(value, parameter)
        return {parameter.name: value}
    except _Unfit as error:
        faults.append((_line(node), f"{key}: {error}"))
    except (yaml.YAMLError, ValueError) as error:
        problem = getattr(error, "problem", None) or error
        faults.append((_line(node), f"{key}: not a plain value ({problem}). Write one"))
    return {}


def _require_known(value: object, parameter: Parameter) -> None:
    """Refuse a country, article, family … that there is none of, in a parameter that takes only those."""
    known, what = _known_values(parameter)
    for word in value if isinstance(value, list) else [value]:
        if isinstance(word, str) and known and word not in known:
            remedy = countries.hint(word) if what == "country code" else nearest(word, known)
            more = (
                "Use ISO 3166-1 alpha-3, such as VEN"
                if what == "country code"
                else f"Use {', '.join(known)}"
            )
            raise _Unfit(f"{word!r} is no {what}{remedy}. {more}")


def _known_values(parameter: Parameter) -> tuple[Collection[str], str]:
    """What a parameter may say, by its help or by its name, and what that is; nothing where all may be."""
    if "ISO3" in parameter.help:
        return countries.table(), "country code"
    if parameter.name == "sources" and parameter.type == "list[str]":
        return list(origins.articles(origins.read()[0])), "article"
    named = {
        "families": (schemas.FAMILIES, "family of figures"),
        "stances": (schemas.STANCES, "stance"),
        "kinds": (sorted(set(schemas.CODES.values())), "kind of argument"),
    }
    return named.get(parameter.name, ((), ""))


def _text(loader: yaml.SafeLoader, node: yaml.Node, key: str, faults: list) -> str | None:
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        return node.value
    faults.append((_line(node), f"{key}: must be text. Put it into quotes"))
    return None


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _nearest(word: str, known: Iterable[str]) -> str:
    """The nearest valid name, or all of them where none is near, for the end of a message."""
    known = list(known)
    return nearest(word, known) or f"; known: {', '.join(known) or 'none'}"


# ---------------------------------------------------------------- names and titles


def _all_values(report: Report, declared: Iterable[Parameter]) -> dict:
    return {
        parameter.name: report.parameters.get(parameter.name, parameter.default)
        for parameter in declared
    }


def _name(report: Report, declared: tuple[Parameter, ...], nb: NotebookNode) -> str:
    """The file name of a report, from its pattern or from the values that differ from the defaults."""
    if report.name_pattern is not None:
        name = _filled(report.name_pattern, _all_values(report, declared), _slug)
    else:
        name = "_".join([report.notebook.stem, *_differing(report.parameters, declared)])
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


def _differing(parameters: dict, declared: Iterable[Parameter]) -> list[str]:
    """File-name-safe texts of the values that are not the default, in the order of the parameters cell."""
    return [
        f"{parameter.name}-{_slug(value)}"
        if value is None or isinstance(value, bool)
        else _slug(value)
        for parameter in declared
        if parameter.name in parameters
        and (value := parameters[parameter.name]) != parameter.default
    ]


def _title(report: Report, declared: tuple[Parameter, ...], nb: NotebookNode) -> str:
    if report.title_pattern is None:
        return notebook_title(nb, report.notebook.stem)
    title = _filled(report.title_pattern, _all_values(report, declared), _worded)
    if not title.strip():
        raise _Unfit("empty. Write a title or leave the key out")
    return title.strip()


def _changed_title(
    report: Report, changed: list[str], declared: tuple[Parameter, ...], nb: NotebookNode
) -> str:
    """The plan's title if its fields say all that has changed; else the notebook's own question and the values.

    The rest of a plan's title need not hold for other values than the entry's own.
    """
    fields, values = _fields(report.title_pattern), _all_values(report, declared)
    if fields.issuperset(changed) and all(values[name] not in ([], None) for name in changed):
        return _title(report, declared, nb)
    told = [
        p.name for p in declared if p.name in fields.union(changed) or values[p.name] != p.default
    ]
    question = notebook_title(nb, report.notebook.stem)
    return f"{question} ({'; '.join(f'{name} {shown(values[name])}' for name in told)})"


def _worded(value: object) -> str:
    """A value as a title says it: countries by name, lists as in a sentence."""
    if isinstance(value, list) and value:
        return narrative.listed(map(_worded, value))
    return _country(value) if isinstance(value, str) else shown(value)


@functools.cache
def _country(word: str) -> str:
    """The name of a country for its code; any other word as it is."""
    return narrative.the(word) if word in countries.table() else word


def _fields(pattern: str | None) -> set[str]:
    """The names in braces of a name or title."""
    try:
        return {
            field for _, field, _, _ in string.Formatter().parse(pattern or "") if field is not None
        }
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
    named = {report.name for report in reports}
    known = list(
        dict.fromkeys(
            [report.name for report in reports] + [report.notebook.stem for report in reports]
        )
    )
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    if unknown:
        raise PlanError([f"no report is named {name!r}{_nearest(name, known)}" for name in unknown])
    stems = set(names) - named
    return [
        report
        for report in reports
        if not names or report.name in names or report.notebook.stem in stems
    ]


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
        With names and titles filled anew. Changed values that a name has no field for are added to it; where a
        title has no field for one, the notebook's own question and the values take its place. So no file says one
        thing and holds another.

    Raises
    ------
    PlanError
        With every name that one of the notebooks does not declare, every value of another type, and names that
        fall together.
    """
    pairs, faults = list(pairs), []
    declared = {report.notebook: read_parameters(report.notebook) for report in reports}
    changed: dict[Path, dict] = {notebook: {} for notebook in declared}
    for notebook, parameters in declared.items():
        types = {parameter.name: parameter.type for parameter in parameters}
        for name, text in pairs:
            if name not in types:
                faults.append(
                    f"-p {name}: {notebook.stem} has no such parameter{_nearest(name, types)}"
                )
                continue
            try:
                value = _from_text(text, types[name])
            except _Unfit as error:
                faults.append(f"-p {name}: {error}")
                continue
            if changed[notebook].setdefault(name, value) != value:
                faults.append(f"-p {name}: given twice with two values. Keep one")
    if faults:
        raise PlanError(list(dict.fromkeys(faults)))
    result = [
        _overridden(report, changed[report.notebook], declared[report.notebook])
        for report in reports
    ]
    seen: dict[str, Report] = {}
    for before, after in zip(reports, result, strict=False):
        twin = seen.setdefault(after.name.casefold(), before)
        if twin is not before:
            faults.append(
                f"-p makes {twin.name} and {before.name} the same report. Select one of them"
            )
    if faults:
        raise PlanError(faults)
    return result


def _overridden(report: Report, values: dict, declared: tuple[Parameter, ...]) -> Report:
    before = _all_values(report, declared)
    after = replace(report, parameters={**report.parameters, **values})
    changed = [p.name for p in declared if p.name in values and values[p.name] != before[p.name]]
    if not changed:
        return after
    nb = read_notebook(report.notebook)
    try:
        name = _name(after, declared, nb)
        hidden = changed
        if name != report.name:
            hidden = [
                p
                for p in changed
                if report.name_pattern is not None and p not in _fields(report.name_pattern)
            ]
        if hidden:
            fixed = "_".join([name, *(f"{p}-{_slug(values[p])}" for p in hidden)])
            name = _name(
                replace(after, name_pattern=fixed.replace("{", "{{").replace("}", "}}")),
                declared,
                nb,
            )
        return replace(after, name=name, title=_changed_title(after, changed, declared, nb))
    except _Unfit as error:
        raise PlanError([f"-p with {report.name}: name: {error}"]) from None


def _from_text(text: str, declared: str) -> object:
    """A value typed on the command line as the declared type."""
    base = declared.removesuffix(" | None")
    if base != declared and text.strip().lower() in ("null", "none", "~"):
        return None
    if base.startswith("list["):
        try:
            # BaseLoader keeps every scalar as text: the country code NO must not become False
            items = yaml.load(text, Loader=yaml.BaseLoader)
        except yaml.YAMLError:
            items = None
        if isinstance(items, str) and items and "," not in items:
            items = [items]
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise _Unfit(f"must be {declared}, not {text!r}. Write [first, second]")
        return [_from_text(item, base[5:-1]) for item in items]
    if base == "bool" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    if base == "int" and re.fullmatch(r"\s*[+-]?[0-9]+\s*", text):
        return int(text)
    if base == "float" and re.fullmatch(
        r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?\s*", text, re.I
    ):
        return _typed(float(text), declared)
    if base == "str":
        return text
    raise _Unfit(
        f"must be {declared}, not {text!r}" + (". Write true or false" if base == "bool" else "")
    )


def described(report: Report) -> list[tuple[str, str, str]]:
    """Name, value as shown and help of every parameter of a report, defaults included."""
    declared = read_parameters(report.notebook)
    values = _all_values(report, declared)
    return [
        (parameter.name, shown(values[parameter.name]), parameter.help) for parameter in declared
    ]

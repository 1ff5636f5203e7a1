"""The environment: lock, conda file and project agree; nothing names a package index or a machine."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import rvdata


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirement(text):
    """Name without extras, and version range."""
    name, _extras, versions = re.fullmatch(r"([A-Za-z0-9_.-]+)(\[[\w,]+\])?(.*)", text).groups()
    return name.lower(), versions


def wanted(project):
    """What the project and all its extras ask for."""
    return project["dependencies"] + [
        text for extra in project["optional-dependencies"].values() for text in extra
    ]


def test_environment_yml_offers_what_pyproject_asks_for(root, project):
    listed = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    conda = [item for item in listed if isinstance(item, str) and item != "pip"]
    asked = [*wanted(project), f"python{project['requires-python']}"]
    offered = conda + [item for item in pip if not item.startswith("--")]
    assert sorted(map(requirement, offered)) == sorted(map(requirement, asked))
    assert "--editable ." in pip


def test_the_locks_pin_every_requirement_with_hashes_and_no_address_and_agree(root, project):
    pins = {}
    for name in ("requirements.lock", "requirements-browser.lock"):
        lock = (root / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|index|find-links|file:", lock)
        found = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", lock, re.M)
        entries = re.split(r"\n(?=[a-z0-9])", lock)
        assert len(entries) == len(found)
        assert all("--hash=sha256:" in entry for entry in entries)
        pins[name] = dict(found)
    main, browser = pins.values()
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = wanted(project) + pyproject["build-system"]["requires"]
    assert {requirement(text)[0] for text in asked} <= set(main)
    assert {"playwright", "axe-playwright-python"} <= browser.keys() - main.keys()
    assert all(main.get(name, version) == version for name, version in browser.items())


def test_one_version_everywhere(root, project):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    package = json.loads(
        (root / "data" / "processed" / "datapackage.json").read_text(encoding="utf-8")
    )
    assert rvdata.__version__ == project["version"] == citation["version"] == package["version"]


def test_citation_has_what_the_format_requires(root):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"message", "title", "version", "license"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(citation["date-released"]))
    assert citation["authors"] and all(author["name"] for author in citation["authors"])
    assert citation["type"] in ("software", "dataset")


def test_make_help_lists_the_targets(root):
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith("MAKE")
    }  # the tests may run under make
    listed = subprocess.run(
        ["make", "help"], cwd=root, env=environment, capture_output=True, text=True, check=True
    ).stdout
    targets = "help report test test-long lint size golden lab build notebooks lock clean"
    assert {line.split()[0] for line in listed.splitlines()} == set(targets.split())


def test_make_lets_python_keep_what_it_compiles(root):
    """Else each of the hundreds of processes of `make test` compiles anew what it imports."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    asked = ["make", "-s", "--eval=asked:;@env | grep -c ^PYTHONDONTWRITEBYTECODE", "asked"]
    told = subprocess.run(
        asked,
        cwd=root,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert told.stdout == "0\n"


def test_no_file_names_a_machine(root):
    """Paths of home folders, and the folder that this very clone lies in."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    here = str(root) + "/"
    for name in filter(None, tracked):
        path = root / name
        if path.suffix in {".png", ".parquet"} or not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        assert here not in text, name
        if not name.startswith("tests/"):
            assert not re.search(r"/(?:home|Users|root)/\w+", text), name


#: Modules by floor, the lowest first. Imports only go down; no module imports another of its floor.
FLOORS = {
    package: {module: floor for floor, modules in enumerate(floors) for module in modules.split()}
    for package, floors in {
        "rvdata": (
            "text",
            "errors schemas",
            "paths",
            "locks",
            "rawcsv",
            "countries origins",
            "store quotations",
            "words",
            "articles sources reconcile parameters provenance",
            "analysis",
            "evidence",
            "cards",
            "charts",
            "site",
            "build completion fleet guards intake",
            "cli",
        ),
        "nbfleet": (
            "errors reads whole project",
            "kernels",
            "plan",
            "pages pdf",
            "record",
            "cluster make",
            "supervise",
            "run",
        ),
    }.items()
}
#: What of the packages beside it a package may import.
BESIDE = {"rvdata": {"nbfleet", "figurefind"}, "nbfleet": set(), "figurefind": set()}


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Package and module, if one is named, of each import of ours in a file that is not for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            package, _, module = node.module.partition(".")
            names = [module.split(".")[0]] if module else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                package, _, module = alias.name.partition(".")
                yield package, module.split(".")[0]
            continue
        else:
            continue
        if node not in typing or package not in FLOORS:
            yield from ((package, name) for name in names)


@pytest.mark.parametrize("package", BESIDE)
def test_imports_only_go_down_and_packages_beside_import_nothing_of_rvdata(root, package):
    floors = FLOORS.get(package, {})
    for path in sorted((root / package).rglob("*.py")):
        module = path.relative_to(root / package).with_suffix("").parts[0]
        for other, name in imported(path):
            if other != package:
                assert other not in BESIDE or other in BESIDE[package], f"{path} imports {other}"
            elif module != "__init__" and name in floors and name != module:
                assert floors[name] < floors[module], f"{package}.{module} imports {name}"
    known = {path.relative_to(root / package).parts[0] for path in (root / package).rglob("*.py")}
    assert not floors or {name.removesuffix(".py") for name in known} - {"__init__"} == set(floors)

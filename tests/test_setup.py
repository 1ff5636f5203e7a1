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

import jsonschema
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


def test_the_lock_pins_every_requirement_with_hashes_and_no_address(root, project):
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|index|find-links|file:", lock)
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    pinned = {}
    for entry in entries:
        name, version = re.match(r"([A-Za-z0-9_.-]+)==(\S+)", entry).groups()
        assert "--hash=sha256:" in entry, name
        pinned[name] = version
    asked = {requirement(text)[0] for text in wanted(project)}
    assert asked <= set(pinned)
    build = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"][
        "requires"
    ]
    assert {requirement(text)[0] for text in build} <= set(pinned)


def test_the_lock_of_the_browser_tests_agrees_with_the_other_and_has_no_address(root):
    lock = (root / "requirements-browser.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|index|find-links|file:", lock)
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.M))
    assert {"playwright", "axe-playwright-python"} <= set(pins)
    main = re.findall(r"^([a-z0-9-]+)==(\S+)", (root / "requirements.lock").read_text(), re.M)
    assert all(dict(main).get(name, version) == version for name, version in pins.items())
    assert len(re.split(r"\n(?=[a-z0-9])", lock)) == len(pins) and "playwright" not in dict(main)


def test_one_version_everywhere(root, project):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    package = json.loads(
        (root / "data" / "processed" / "datapackage.json").read_text(encoding="utf-8")
    )
    assert rvdata.__version__ == project["version"] == citation["version"] == package["version"]


def test_citation_has_what_the_format_requires(root):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    jsonschema.validate(
        citation,
        {
            "type": "object",
            "required": [
                "cff-version",
                "message",
                "title",
                "authors",
                "version",
                "license",
                "date-released",
            ],
            "properties": {
                "cff-version": {"const": "1.2.0"},
                "date-released": {"pattern": r"^\d{4}-\d{2}-\d{2}$"},
                "authors": {"minItems": 1, "items": {"required": ["name"]}},
                "type": {"enum": ["software", "dataset"]},
            },
        },
    )


def test_make_help_lists_the_targets(root):
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith("MAKE")
    }  # the tests may run under make
    listed = subprocess.run(
        ["make", "help"], cwd=root, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[0] for line in listed.splitlines()} == {
        "help",
        "report",
        "test",
        "test-long",
        "lint",
        "size",
        "golden",
        "lab",
        "build",
        "notebooks",
        "lock",
        "clean",
    }


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
        if not name.startswith(("tests/", "rvdata/guards.py")):
            assert not re.search(r"/(?:home|Users|root)/\w+", text), name


#: Floor of every module. Imports only go down; the ground floor has an order of its own, and no module of floor 2 or 3
#: imports another of its floor.
FLOORS = {
    "rvdata": {
        "errors": 0,
        "schemas": 0,
        "text": -1,
        "paths": 0.1,
        "locks": 0.2,
        "rawcsv": 0.3,
        "countries": 0.4,
        "store": 1,
        "origins": 1,
        "quotations": 1,
        "articles": 2,
        "sources": 2,
        "reconcile": 2,
        "parameters": 2,
        "provenance": 2,
        "words": 1.5,
        "analysis": 2.3,
        "evidence": 2.6,
        "cards": 2.7,
        "charts": 2.8,
        "site": 2.9,
        "build": 3,
        "completion": 3,
        "fleet": 3,
        "guards": 3,
        "intake": 3,
        "cli": 4,
    },
    "nbfleet": {
        "errors": 0,
        "reads": 0,
        "whole": 0,
        "project": 0,
        "kernels": 0.1,
        "plan": 1,
        "pages": 2,
        "pdf": 2,
        "record": 3,
        "cluster": 4,
        "make": 4,
        "supervise": 5,
        "run": 6,
    },
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

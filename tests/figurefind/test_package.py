"""The package by itself: what it imports, and the example of its README."""

from __future__ import annotations

import ast
import re


def test_it_imports_nothing_of_its_neighbours(root):
    for path in sorted((root / "figurefind").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            assert not {name.split(".")[0] for name in names} & {"rvdata", "nbfleet"}, path


def test_the_example_of_the_readme_runs(root, capsys):
    example = re.search(
        r"```python\n(.*?)```", (root / "figurefind/README.md").read_text(encoding="utf-8"), re.S
    )[1]
    assert len(example.splitlines()) == 5
    exec(example, {})
    assert capsys.readouterr().out == (
        "0 Nearly $30 billion None 30000000000.0 USD \n33 over 5,000 5000.0 None persons soldiers\n"
    )


def test_countries_are_the_callers():
    from figurefind.extract import propose

    text = "Alandia lent $5 billion to the Syrian ministry in all those years of the war."
    assert [p.countries for p in propose(text)] == [("SYR",)]
    assert [p.countries for p in propose(text, countries={"Alandia": "ALA"})] == [("ALA", "SYR")]

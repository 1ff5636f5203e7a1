"""docs/new-article.md, run as a newcomer would: its commands, its answers, and what it says they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROMPT = re.compile(r"  \[a\]ccept .* > |  [a-z_]+ \[[^\]]*\]: ")


def transcript(page):
    """(command, passages that it prints, with the answers typed) of every command of the page, in order.

    A passage is a run of lines; a line of … and the text between two blocks stand for anything.
    """
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```", page, re.S | re.M):
        for line in ["…", *block.splitlines()]:
            if line.startswith("$ "):
                commands.append((line[2:], [[]]))
            elif line == "…" and commands:
                commands[-1][1].append([])
            elif commands and not line.endswith(
                "[q]uit >"
            ):  # the page stops before it goes on to explain
                commands[-1][1][-1].append(line)
    return [
        (command, [passage for passage in passages if passage]) for command, passages in commands
    ]


def answers(passages):
    """What the reader types: all that stands behind a prompt."""
    return [
        line[match.end() :]
        for passage in passages
        for line in passage
        if (match := PROMPT.match(line))
    ]


def missing(passages, output):
    """The first passage that an output does not print where the page has it; None if all are there, in their order."""
    lines, at = output.splitlines(), 0
    for passage in passages:
        patterns = [re.compile(re.escape(line).replace("…", ".*")) for line in passage]
        while not all(
            at + n < len(lines) and p.fullmatch(lines[at + n]) for n, p in enumerate(patterns)
        ):
            if at >= len(lines):
                return passage
            at += 1
        at += len(passage)
    return None


@pytest.fixture(scope="module")
def clone(tmp_path_factory, root):
    """What a newcomer has: the folders that the page speaks of, and the commands in reach."""
    folder = tmp_path_factory.mktemp("new") / "rvdata"
    for name in ("data", "notebooks", "docs"):
        shutil.copytree(root / name, folder / name)
    return folder


def test_a_newcomer_gets_from_the_text_to_the_chart_by_the_page_alone(clone, root):
    commands = transcript((root / "docs" / "new-article.md").read_text(encoding="utf-8"))
    assert [c.split()[1] for c, _ in commands if c.startswith("rvdata ")] == [
        "extract",
        "add",
        "build",
        "review",
        "verify",
        "build",
        "trace",
        "report",
    ]
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("RVDATA_HOME", "RVDATA_TEXTS", "RVDATA_PRIMARY")
    }
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
    }
    for command, passages in commands:
        typed = "".join(f"{answer}\n" for answer in answers(passages))
        # what one command sets, the next one finds
        done = subprocess.run(
            ["bash", "-c", f"{command}\nenv -0 > ../environment"],
            cwd=clone,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert "Traceback" not in done.stderr, done.stderr
        environment |= dict(
            item.split("=", 1)
            for item in (clone.parent / "environment").read_text().split("\0")
            if item
        )
        lost = missing(passages, done.stdout)
        assert lost is None, f"{command}\ndoes not print\n{lost}\nbut\n{done.stdout}{done.stderr}"
    pages = [
        p.read_text(encoding="utf-8") for p in (clone.parent / "try" / "reports").rglob("*.html")
    ]
    shown = [re.sub(r"<[^>]+>", "", html) for html in pages]
    assert any("Nicaragua" in text and "example-2024-f01" in text for text in shown)


def test_a_page_that_says_something_else_is_noticed():
    commands = transcript(
        "```console\n$ go\na 5…\nb\n…\nd\n  unit [x]: ships\n```\nText.\n```console\nf\n```\n"
    )
    [(command, passages)] = commands
    assert (command, passages, answers(passages)) == (
        "go",
        [["a 5…", "b"], ["d", "  unit [x]: ships"], ["f"]],
        ["ships"],
    )
    assert missing(passages, "a 57\nb\nc\nd\n  unit [x]: ships\ne\nf") is None
    assert missing(passages, "a 57\nx\nb\nd\n  unit [x]: ships\nf") == ["a 5…", "b"]
    assert missing(passages, "a 57\nb\nf\nd\n  unit [x]: ships\n") == ["f"]

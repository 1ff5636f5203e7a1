"""The example of the README, in a folder that holds nothing of any project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

EXAMPLE = Path(__file__).parent / "example"


def test_the_example_of_the_readme_makes_the_pages_of_the_example_folder(root, tmp_path):
    home = shutil.copytree(EXAMPLE, tmp_path / "rain")
    text = (root / "nbfleet" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len([line for line in example.splitlines() if line]) <= 5
    more = (
        "\nprint([result.status for result in results])\nimport sys\nprint('rvdata' in sys.modules)"
    )
    command = [sys.executable, "-c", example + more]
    first, second = (
        subprocess.run(command, cwd=home, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert first.splitlines()[-2:] == ["['ok', 'ok', 'ok']", "False"]
    assert second.splitlines()[-2:] == ["['unchanged', 'unchanged', 'unchanged']", "False"]
    page = BeautifulSoup((home / "reports/rain_coast/rain_coast.html").read_text(), "html.parser")
    assert page.h1.get_text() == "How much does it rain on the coast?"
    assert "It rains 215 mm in the four months that were measured." in page.get_text()
    (home / "data" / "rain.csv").write_text("place,month,rain_mm\ncoast,1,7\nhill,1,1\n")
    third = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True).stdout
    assert "['ok', 'ok', 'ok']" in third

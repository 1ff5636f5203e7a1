"""Where things lie, and how RVDATA_HOME moves them."""

from pathlib import Path

import pytest

import rvdata
from rvdata import paths
from rvdata.errors import DataError


def test_home_is_the_folder_above_the_package_without_the_variable(monkeypatch):
    monkeypatch.setenv("RVDATA_HOME", "")
    for _ in ("an empty one is as good as", "none"):
        assert paths.home() / "rvdata" == Path(rvdata.__file__).absolute().parent
        monkeypatch.delenv("RVDATA_HOME", raising=False)


def test_every_folder_moves_with_the_variable_at_call_time(monkeypatch, tmp_path):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv("RVDATA_HOME", str(tmp_path / name))
        assert paths.home() == tmp_path / name
        assert paths.raw() == tmp_path / name / "data" / "raw"
        assert paths.processed() == tmp_path / name / "data" / "processed"
        assert paths.notebooks() == tmp_path / name / "notebooks"
        assert paths.reports() == tmp_path / name / "reports"


def test_a_relative_variable_is_made_absolute_and_a_tilde_is_the_home_of_the_user(
    monkeypatch, tmp_path
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for named in ("here", "~/here"):
        monkeypatch.setenv("RVDATA_HOME", named)
        assert paths.raw() == tmp_path / "here" / "data" / "raw"
        assert not paths.processed().exists()  # it need not


def test_a_variable_that_names_no_folder_is_refused_with_fact_place_and_remedy(
    monkeypatch, tmp_path
):
    file = tmp_path / "file"
    file.write_text("not a folder")
    for named in (tmp_path / "nowhere", file):
        monkeypatch.setenv("RVDATA_HOME", str(named))
        with pytest.raises(DataError) as caught:
            paths.raw()
        assert str(caught.value) == (
            f"RVDATA_HOME: {str(named)!r} is no folder; create it, correct the variable or unset it"
        )

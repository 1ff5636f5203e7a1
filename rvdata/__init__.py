"""What articles state about Russia and Venezuela, with its place, its doubt and its check.

>>> import rvdata
>>> rvdata.load("refugee_counts")[["origin", "responsible", "persons"]].to_dict("records")[-1]
{'origin': 'UKR', 'responsible': 'RUS', 'persons': 4500000.0}
"""
import os as _os

__version__ = "0.1.0"

if _os.environ.get("RVDATA_READS"):  # a report is being made of what is read from here on
    from rvdata import paths as _paths, reads as _reads

    _reads.note(_os.environ["RVDATA_READS"], (_paths.home() / "data", _paths.notebooks()))

from rvdata.provenance import cite, tables, trace  # noqa: E402
from rvdata.store import describe, load  # noqa: E402

__all__ = ["cite", "describe", "load", "tables", "trace"]

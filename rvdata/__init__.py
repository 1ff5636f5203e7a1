"""What articles state about Russia and Venezuela, with its place, its doubt and its check.

>>> import rvdata
>>> rvdata.load("refugee_counts")[["origin", "responsible", "persons"]].to_dict("records")[-1]
{'origin': 'UKR', 'responsible': 'RUS', 'persons': 4500000.0}
"""

import importlib as _importlib

__version__ = "0.1.0"

from rvdata import completion as _completion
from rvdata.provenance import cite, tables, trace
from rvdata.store import describe, load

__all__ = ["cite", "describe", "load", "tables", "trace"]

_completion.offer()


def __dir__() -> list[str]:
    """What Tab shows: the public face alone; of `charts` it would look for more, and so import matplotlib."""
    return __all__


def __getattr__(name: str) -> object:
    """`rvdata.charts` without an import of its own."""
    if name == "charts":
        return _importlib.import_module("rvdata.charts")
    raise AttributeError(f"module 'rvdata' has no attribute {name!r}")

"""What articles state about Russia and Venezuela, with its place, its doubt and its check.

>>> import rvdata
>>> rvdata.load("refugee_counts")[["origin", "responsible", "persons"]].to_dict("records")[-1]
{'origin': 'UKR', 'responsible': 'RUS', 'persons': 4500000.0}
>>> round(rvdata.share(rvdata.deliveries("VEN"), "RUS", 2001, 2013), 1)
76.6
"""

import importlib as _importlib

__version__ = "0.1.0"

from rvdata import completion as _completion
from rvdata.provenance import cite
from rvdata.store import describe, load

#: Verb → the module that has it; imported when it is first asked for.
_VERBS = {
    "deflate": "analysis.deflate",
    "deliveries": "analysis.arms",
    "share": "analysis.arms",
    "windows": "analysis.arms",
    "displaced": "analysis.people",
    "find": "cards",
    "verdicts": "analysis.stated",
    "show": "evidence",
    "tables": "cards",
    "trace": "cards",
}

__all__ = ["cite", "describe", "load", *_VERBS]

_completion.offer()


def __dir__() -> list[str]:
    """What Tab shows: the public face alone; of `charts` it would look for more, and so import matplotlib."""
    return __all__


def __getattr__(name: str) -> object:
    """The verbs, and `rvdata.charts`, without an import of their own."""
    if name in _VERBS:
        return getattr(_importlib.import_module(f"rvdata.{_VERBS[name]}"), name)
    if name == "charts":
        return _importlib.import_module("rvdata.charts")
    raise AttributeError(f"module 'rvdata' has no attribute {name!r}")

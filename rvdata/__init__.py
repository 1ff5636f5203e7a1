"""What articles state about Russia and Venezuela, with its place, its doubt and its check.

>>> import rvdata
>>> rvdata.load("refugee_counts")[["origin", "responsible", "persons"]].to_dict("records")[-1]
{'origin': 'UKR', 'responsible': 'RUS', 'persons': 4500000.0}
"""

__version__ = "0.1.0"

from rvdata.provenance import cite, tables, trace
from rvdata.store import describe, load

__all__ = ["cite", "describe", "load", "tables", "trace"]

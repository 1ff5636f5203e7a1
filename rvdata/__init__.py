"""What articles state about Russia and Venezuela, with its place, its doubt and its check.

>>> import rvdata
>>> rvdata.load("refugee_counts")[["origin", "responsible", "persons"]].to_dict("records")[-1]
{'origin': 'UKR', 'responsible': 'RUS', 'persons': 4500000.0}
"""

from rvdata import reads as _reads

__version__ = "0.1.0"

_reads.kernel_begins()  # before anything is read

from rvdata.provenance import cite, tables, trace  # noqa: E402
from rvdata.store import describe, load  # noqa: E402

__all__ = ["cite", "describe", "load", "tables", "trace"]

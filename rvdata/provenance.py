"""How a table is cited."""

from __future__ import annotations

from rvdata import __version__, origins, store
from rvdata.text import Shown


def cite(table: str) -> Shown:
    """How to cite a table: the project's edition of it, and every article or release behind it.

    Examples
    --------
    >>> cite("refugee_counts").splitlines()[-1].startswith("- Carlos Solar")
    True
    """
    spec = store.spec(table)
    used = store.origins_of(table)
    registry = store.origins()
    lines = [f"rvdata {__version__}, table {table}, licence {spec.licence}."]
    if used:
        lines += ["It records what these state; cite them too:"] + [
            f"- {origins.citation(registry[o])}" for o in used
        ]
    return Shown("\n".join(lines))

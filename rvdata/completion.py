"""Tab within the quotes of ``load("``, ``describe("`` and ``cite("`` offers the names of tables, in IPython and JupyterLab."""

from __future__ import annotations

import inspect
import re
import sys
from functools import reduce

from rvdata import provenance, schemas, store

_CALL = re.compile(r"""(?P<function>[\w.]+)\(\s*["'](?P<typed>\w*)$""")


def offer() -> None:
    """Let the shell that runs, if one does, ask for the names of tables; outside of IPython nothing happens."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    matchers = getattr(getattr(shell, "Completer", None), "custom_matchers", None)
    if matchers is not None and _tables not in matchers:
        matchers.append(_tables)


def _tables(context):
    """What IPython calls with the line up to the cursor."""
    from IPython.core.completer import SimpleCompletion

    call = _CALL.search(context.text_until_cursor)
    takes_table = call and _named(call["function"]) in (
        store.load,
        store.describe,
        provenance.cite,
    )
    typed = call["typed"] if takes_table else ""
    names = [name for name in schemas.TABLES if takes_table and name.startswith(typed)]
    return {
        "completions": [SimpleCompletion(name, type="table") for name in names],
        "matched_fragment": typed,
        "suppress": bool(names),  # neither files nor magics
    }


_tables.matcher_api_version = 2  # as IPython's own decorator has it


def _named(dotted: str) -> object:
    """What a dotted name of the user's stands for; nothing of his is called."""
    first, *more = dotted.split(".")
    known = sys.modules["IPython"].get_ipython().user_ns.get(first)
    return reduce(lambda thing, name: inspect.getattr_static(thing, name, None), more, known)

"""Warm kernels: each notebook gets a kernel of its own, forked from a process that has the heavy imports behind it.

The parts
---------
``template``
    The process that kernels are forked from. It runs as a script and knows nothing of the rest of the project; what is
    imported besides packages of others, it is told.
``client``
    Starts templates and asks them for kernels.
``provisioner``
    What Jupyter calls to start, watch and end a kernel; the kernelspec `NAME` names it.
``engine``
    What papermill calls to run a notebook: no waiting, and cell states that are true.

Whose life ends whose
---------------------
A template ends when nobody holds a connection to it: the process that started it holds one, every kernel's manager
holds another. A kernel is killed, with all that it has started, when the connection of its manager closes. Sockets
close whatever a process dies of. If the template itself is killed, the operating system kills its kernels.
"""

from __future__ import annotations

from nbfleet.kernels.client import ADDRESS, NAME, warm

__all__ = ["ADDRESS", "NAME", "warm"]

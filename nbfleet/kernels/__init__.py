"""Warm kernels: each notebook gets a kernel of its own, forked from a process that has the heavy imports behind it.

A template ends when nobody holds a connection to it: the process that started it holds one, every kernel's manager
holds another. A kernel is killed, with all that it has started, when the connection of its manager closes. Sockets
close whatever a process dies of. If the template itself is killed, the operating system kills its kernels.
"""

from __future__ import annotations

from nbfleet.kernels.client import ADDRESS, NAME, warm

__all__ = ["ADDRESS", "NAME", "warm"]

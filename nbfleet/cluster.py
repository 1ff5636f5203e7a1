"""The workers of a Dask cluster as an executor, after a look at whether they have what this machine has."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor

from nbfleet import record
from nbfleet.errors import FleetError
from nbfleet.project import Project

_CONNECT_SECONDS = 10
_WORKERS_SECONDS = 30


class ClusterError(FleetError):
    """No reports can be made on a cluster: one line with the remedy."""


@contextlib.contextmanager
def executor(address: str, project: Project) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """An executor on the workers of a scheduler, and a function that says how many tasks to hand over ahead.

    Raises
    ------
    ClusterError
        If there is no such scheduler, no worker, or workers with another version of the project, packages or data.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "--cluster needs Dask, which is not installed; run pip install distributed"
        ) from None
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":  # what matters of it is said by us
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ClusterError(
            f"{address}: no Dask scheduler answers ({reason}); start one with dask scheduler, or "
            "correct --cluster"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        except TimeoutError:
            remedy = f"start some with dask worker {address}"
            raise ClusterError(f"{address}: the scheduler has no workers; {remedy}") from None
        _require_same(client, project)
        pool = client.get_executor(pure=False)

        def ahead() -> int:
            """Two for each thread, so that the next report waits at the worker when one is done."""
            try:
                return max(2 * sum(client.nthreads().values()), 2)
            except Exception:
                raise gone(address) from None

        try:
            yield pool, ahead
        finally:
            pool.shutdown(wait=False)


def gone(address: str) -> ClusterError:
    """What to say of a scheduler that has gone away in the middle of a batch."""
    return ClusterError(
        f"{address}: the scheduler has gone; finished reports are kept. Start it again and run the "
        "same command for the others"
    )


def _require_same(client, project: Project) -> None:
    """Refuse workers whose reports would not be those of this machine."""
    ours = record.surroundings(project)
    try:
        workers = client.run(record.surroundings, project)
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ClusterError(
            f"the workers cannot run {project.name} ({reason}); install the same version with its data there, "
            f"and set {project.home_variable or 'its folder'} if it lies elsewhere"
        ) from None
    for address, theirs in sorted(workers.items()):
        if odd := record.other(ours, theirs, project):
            raise ClusterError(f"the worker {address} {odd}")

"""One short-lived process per report, watched from outside: no report outlives its time or its batch.

The template of warm kernels has imported papermill, nbconvert and what else a report needs as well, once; a child forked
from it starts in milliseconds. Each child leads a session of its own and holds one socket to its supervisor: frames
with the number of the running cell and at last the outcome go one way, and the end of the supervisor, however it comes,
ends the child. `supervised` is a plain function, so that a thread of the batch and a worker of a cluster run the same
code. The standard library's own fork server will not do: it refuses to work in workers of Dask, which are daemons, and
imports the caller's script again in every child. Where there is no template, each child is a new interpreter.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from nbfleet import kernels, make, pages, plan, record
from nbfleet.kernels import client, template
from nbfleet.project import Project

_START_SECONDS = 120.0
_END_SECONDS = 10.0
#: How long a message may pause once it has begun.
_MESSAGE_SECONDS = 60

_lock = threading.Lock()
#: The template, the project and state of its source that it serves, and what holds it.
_held: tuple[client.Template | None, tuple[Project, str], contextlib.ExitStack] | None = None
_children: set[int] = set()
_stopped = threading.Event()


def supervised(
    report: plan.Report,
    expected: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    retries: int = 0,
    making: Callable = make.make,
) -> record.Record:
    """Make one report in a process of its own.

    Parameters
    ----------
    report : Report
    expected : mapping of str to str, optional
        What the report starts from where the batch runs; a machine that has something else refuses.
    timeout_seconds : float, optional
        Wall-clock limit of each attempt; its whole process group is killed then.
    retries : int
        How often to try again.
    making : callable
        Takes the report, ``expected`` and a function to tell the running cell to.

    Returns
    -------
    Record
        With status ok, failed, timeout, or lost if the process died.
    """
    # an absolute one stays as it is
    report = replace(report, notebook=report.project.home() / report.notebook)
    attempts = 0
    while attempts <= retries:
        attempts += 1
        made = _attempt(report, expected, timeout_seconds, making)
        if made.status == "ok" or _stopped.is_set():
            break
    return replace(made, attempts=attempts)


def front(project: Project, listed: Sequence[pages.Page], out: Path) -> Mapping[str, str]:
    """The first pages of a project, in a child of the template where there is one: it has imported the project."""
    if _held is not None and _held[0] is not None:
        with contextlib.suppress(OSError, EOFError):
            with _child(project, _front, project, listed, out) as conn:
                made = _heard(conn, time.monotonic() + _START_SECONDS)
            if isinstance(made, dict):
                return made
    return project.front(listed, out)  # whatever a child died of is said here


def _front(project: Project, listed: Sequence[pages.Page], out: Path, tell: Callable) -> dict:
    return dict(project.front(listed, out))


def stop() -> None:
    """Kill every child of this process and end the template; until `allow`, no other begins."""
    _stopped.set()
    with _lock:
        for pid in list(_children):
            _kill(pid)
        _release()


def allow() -> None:
    """Allow children again, after `stop`."""
    _stopped.clear()


def portable(report: plan.Report) -> plan.Report:
    """A report that names its notebook relative to the home folder, which differs from machine to machine."""
    notebook = Path(os.path.realpath(report.notebook))
    with contextlib.suppress(ValueError):
        notebook = notebook.relative_to(os.path.realpath(report.project.home()))
    return replace(report, notebook=notebook)


def _attempt(
    report: plan.Report, expected, timeout_seconds: float | None, making: Callable
) -> record.Record:
    began, cell, ends = time.monotonic(), None, None
    status, message = "lost", "its process could not be started; look for a lack of memory"
    try:
        with _child(report.project, making, report, expected) as conn:
            message = "its process died; look for a lack of memory and run the report again"
            began = time.monotonic()
            ends = timeout_seconds and began + timeout_seconds
            while isinstance(got := _heard(conn, ends), int):
                cell = got
        if isinstance(got, record.Record):
            return replace(got, seconds=time.monotonic() - began)
        status, _, message = got.partition(": ")
    except TimeoutError:
        if ends:
            status = "timeout"
            message = f"not done after {timeout_seconds:g} s; mend it or allow more with --timeout"
    except (OSError, EOFError):
        message = "interrupted" if _stopped.is_set() else message
    message = f"cell {cell}: {message}" if cell else message
    return record.Record(
        make.page(report, message), status, message, cell, time.monotonic() - began
    )


def _kill(pid: int) -> None:
    """Kill a child with everything that it started, in its process group or out of it."""
    import psutil

    with contextlib.suppress(psutil.Error):
        template.end([psutil.Process(pid)])
    if hasattr(os, "killpg"):  # what has lost its parents where they are not given new ones
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


# ---------------------------------------------------------------- children


@contextlib.contextmanager
def _child(project: Project, *call: object) -> Iterator[Connection]:
    """What a new process says that calls a function; it is killed if the block does not end well."""
    ours, theirs = socket.socketpair()
    with contextlib.closing(_connection(ours)) as conn:
        with theirs, _lock:
            if _stopped.is_set():
                raise InterruptedError
            process = _forked(project, theirs.fileno())
            _children.add(process.pid)
        patience = 0.0
        try:
            _heard(conn, time.monotonic() + _START_SECONDS)  # that it is there
            conn.send(call)
            yield conn
            patience = _END_SECONDS
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
            if process.poll() is None:
                _kill(process.pid)
                process.wait()
            _children.discard(process.pid)


def _heard(conn: Connection, until: float | None) -> object:
    """What a child says next, if that comes in time."""
    if not conn.poll(until and max(until - time.monotonic(), 0.0)):
        raise TimeoutError
    return conn.recv()


def _forked(project: Project, handle: int) -> client.Kernel | subprocess.Popen:
    """A process that works for the other end of a socket, in the environment of this moment."""
    _hold(project)
    environment = {**os.environ, **make.home_variable(project)}
    with contextlib.suppress(client.ColdError):
        call = {"call": [__name__, "_work"], "path": sys.path, "cwd": os.getcwd()}
        return client.forked({**call, "env": environment}, 1, 2, handle)
    code = f"import sys; sys.path[:] = {sys.path!r}; from nbfleet import supervise; supervise._work({handle})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        pass_fds=[handle],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # so that a terminal's Ctrl-C does not reach it
    )


def _hold(project: Project) -> None:
    """Hold a template that has imported what reports of a project need and runs one state of its code."""
    global _held
    state = (project, record.source_hash(project))
    if _held is not None and _held[1] == state and not (_held[0] and _held[0].ended):
        return
    _release()
    holding = contextlib.ExitStack()
    prepare = [__name__, "_import_all", pickle.dumps(project).hex(), state[1]]
    _held = holding.enter_context(kernels.warm(project.modules, prepare)), state, holding


def _release() -> None:
    global _held
    if _held is not None:
        _held[2].close()
    _held = None


def _connection(end: socket.socket) -> Connection:
    """The end of a socket for whole messages; who stops in the middle of one has gone."""
    limit = struct.pack("@ll", _MESSAGE_SECONDS, 0)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    return Connection(end.detach())


def _import_all(pickled: str, source: str) -> None:
    """What every report needs and a kernel does not, in the template."""
    project = pickle.loads(bytes.fromhex(pickled))
    record.running[project] = source  # from before the first import
    import nbformat.v4
    import papermill
    import papermill.clientwrap  # noqa: F401
    import psutil  # noqa: F401
    from jupyter_client.provisioning import KernelProvisionerFactory

    from nbfleet.kernels import provisioner  # noqa: F401

    KernelProvisionerFactory.instance()  # looks through all packages for provisioners
    text = "# *Q* & A?\n\n| a |\n| - |\n| 5 % |"
    cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell("1")]
    # compiles, and imports on the way
    pages.both(nbformat.v4.new_notebook(cells=cells), pages.Page("", "", ""))
    with contextlib.suppress(Exception):  # the notebook that needs it shows what is wrong
        project.rehearse()
    record.surroundings(project)  # children find the hashes of all files that have not changed


def _work(handle: int) -> None:
    """The life of a child: tell that it is there, receive, make, tell, end."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
        gc.disable()  # it ends before its garbage matters
        template.adopt()
        os.set_inheritable(handle, False)
        conn = _connection(socket.socket(fileno=handle))
        conn.send(0)
        try:
            making, *arguments = conn.recv()
            threading.Thread(target=_die_with, args=(conn,), daemon=True).start()
            made = making(*arguments, conn.send)
        except Exception as error:  # `make.make` has none that are not ours
            made = f"failed: {make.one_line(error)}"
        conn.send(made)
    except (OSError, EOFError):
        pass  # nobody waits any more
    finally:
        _end_own()
        os._exit(0)


def _end_own() -> None:
    """End what this process has started, and what that has."""
    template.end(template.children())


def _die_with(conn: Connection) -> None:
    """End this process, and with it its kernel, as soon as the other end is closed or its holder gone."""
    conn.poll(None)  # nothing more is said there
    _end_own()
    os._exit(1)


atexit.register(stop)

"""Processes that make reports, one at a time each, watched from outside: no report outlives its time or its batch.

The template of warm kernels has imported papermill, nbconvert and what else a report needs as well, once; a child forked
from it starts in milliseconds, and is asked for the next report after one that went well. Each child leads a session of
its own and holds one socket to its supervisor: frames with the number of the running cell and at last the outcome go one
way, and the end of the supervisor, however it comes, ends the child. `supervised` is a plain function, so that a thread
of the batch and a worker of a cluster run the same code. The standard library's own fork server will not do: it refuses
to work in workers of Dask, which are daemons, and imports the caller's script again in every child. Where there is no
template, each child is a new interpreter.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import queue
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
_children: set[_Child] = set()
#: Those of them that have done well and wait for the next report.
_idle: list[_Child] = []
_stopped = threading.Event()


def supervised(
    report: plan.Report,
    expected: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    retries: int = 0,
    making: Callable = make.make,
) -> record.Record:
    """Make one report in a child of this process, which makes no other meanwhile; with status lost if the child died.

    ``expected`` is what the report starts from where the batch runs: a machine that has something else refuses. The
    limit is for each attempt, by the clock: the child's whole process group is killed then. ``making`` takes the report,
    ``expected`` and a function to tell the running cell to.
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
        call = _front, project, listed, out
        with contextlib.suppress(OSError, EOFError), _asked(project, *call) as child:
            made = _heard(child.conn, time.monotonic() + _START_SECONDS)
            if isinstance(made, dict):
                return made
    return project.front(listed, out)  # whatever a child died of is said here


def _front(project: Project, listed: Sequence[pages.Page], out: Path, tell: Callable) -> dict:
    return dict(project.front(listed, out))


def stop() -> None:
    """Kill every child of this process and end the template; until `allow`, no other begins."""
    _stopped.set()
    with _lock:
        for child in _children.difference(_idle):
            child.kill()
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
        with _asked(report.project, making, report, expected) as child:
            message = "its process died; look for a lack of memory and run the report again"
            began = time.monotonic()
            ends = timeout_seconds and began + timeout_seconds
            while isinstance(got := _heard(child.conn, ends), int):
                cell = got
            child.well = isinstance(got, record.Record) and got.ok
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


# ---------------------------------------------------------------- children


@dataclass(eq=False)
class _Child:
    """A process that calls functions, in the environment of the moment at which it began."""

    process: client.Kernel | subprocess.Popen
    conn: Connection
    began: tuple
    #: Whether it may be asked for more.
    well: bool = False

    def kill(self) -> None:
        """Kill it with everything that it started, in its process group or out of it."""
        import psutil

        with contextlib.suppress(psutil.Error):
            template.end([psutil.Process(self.process.pid)])
        if hasattr(os, "killpg"):  # what has lost its parents where they are not given new ones
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Part with it, which ends one that is well; kill what does not end."""
        self.conn.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_SECONDS if self.well else 0.0)
        if self.process.poll() is None:
            self.kill()
            self.process.wait()
        _children.discard(self)


@contextlib.contextmanager
def _asked(project: Project, *call: object) -> Iterator[_Child]:
    """A process that calls a function; it is killed if the block does not find it well."""
    with _lock:
        if _stopped.is_set():
            raise InterruptedError
        child = _free(project)
    try:
        child.conn.send(call)
        _heard(child.conn, time.monotonic() + _START_SECONDS)  # that it begins
        yield child
    finally:
        with _lock:
            if again := child.well and not _stopped.is_set():
                _idle.append(child)
        if not again:
            child.close()


def _free(project: Project) -> _Child:
    """A child that waits for work and would not be another if it began now; else a new one."""
    _hold(project)
    environment = {**os.environ, **make.home_variable(project)}
    now = (environment, os.getcwd(), sys.path[:])
    for child in _idle[::-1]:
        _idle.remove(child)
        if child.began == now and not child.conn.poll():  # it has not closed its end
            child.well = False
            return child
        child.close()
    ours, theirs = socket.socketpair()
    with theirs:
        process = _forked(environment, theirs.fileno())
    child = _Child(process, _connection(ours), now)
    _children.add(child)
    return child


def _heard(conn: Connection, until: float | None) -> object:
    """What a child says next, if that comes in time."""
    if not conn.poll(until and max(until - time.monotonic(), 0.0)):
        raise TimeoutError
    return conn.recv()


def _forked(environment: dict[str, str], handle: int) -> client.Kernel | subprocess.Popen:
    """A process that works for the other end of a socket."""
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
    while _idle:
        _idle.pop().close()
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
    """The life of a child: make what it is asked for and tell the outcome, until nobody waits any more."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
        template.adopt()
        os.set_inheritable(handle, False)
        conn = _connection(socket.socket(fileno=handle))
        calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(conn, calls), daemon=True).start()
        while asked := calls.get():
            conn.send(0)
            try:
                making, *arguments = pickle.loads(asked)
                made = making(*arguments, conn.send)
            except Exception as error:  # `make.make` has none that are not ours
                made = f"failed: {make.one_line(error)}"
            template.end(template.children())
            conn.send(made)
    finally:
        template.end(template.children())
        os._exit(0)


def _listen(conn: Connection, calls: queue.SimpleQueue[bytes]) -> None:
    """Pass on what is asked; end this process, and its kernel, as soon as the other end is closed or its holder gone."""
    try:
        while conn.poll(None):  # which may take long, what follows may not
            calls.put(conn.recv_bytes())
    finally:
        template.end(template.children())
        os._exit(1)


atexit.register(stop)

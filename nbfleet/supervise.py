"""One short-lived process per report, watched from outside: no report outlives its time or its batch.

A fork server, itself forked from the template of warm kernels, imports papermill, nbconvert and what else a report needs,
once; a child forked from it starts in milliseconds. Each child leads a session of its own and holds one socket to its supervisor: frames with the number of
the running cell and at last the outcome go one way, and the end of the supervisor, however it comes, ends the child.
`supervised` is a plain function, so that a thread of the batch and a worker of a cluster run the same code. The
standard library's own fork server will not do: it refuses to work in workers of Dask, which are daemons, and imports
the caller's script again in every child. Where there is no fork, each child is a new interpreter.
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
from collections.abc import Callable, Mapping, Sequence
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
_server: _Server | None = None
_children: set[int] = set()
_stopped = threading.Event()


def supervised(
    report: plan.Report,
    expected: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    retries: int = 0,
    making: Callable = make.make,
) -> make.Made:
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
    Made
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
    """The first pages of a project, in a child of the fork server where there is one: it has imported the project."""
    if _server is not None and _server.process is not None:
        request = (sys.path, dict(os.environ), pickle.dumps((_front, project, listed, out)))
        child, ends = _new_child(project, b"."), time.monotonic() + 2 * _START_SECONDS
        with contextlib.closing(child), contextlib.suppress(OSError, EOFError):
            child.conn.send(request)
            child.heard(ends)  # its number
            if isinstance(made := child.heard(ends), dict):
                return made
    return project.front(listed, out)  # whatever a child died of is said here


def _front(project: Project, listed: Sequence[pages.Page], out: Path, tell: Callable) -> dict:
    return dict(project.front(listed, out))


def stop() -> None:
    """Kill every child of this process and end the fork server; until `allow`, no other begins."""
    global _server
    _stopped.set()
    with _lock:
        for pid in list(_children):
            _kill(pid)
        server, _server = _server, None
    if server:
        server.close()


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
) -> make.Made:
    began, pid, cell, child = time.monotonic(), 0, None, None
    status, message = "lost", "its process could not be started; look for a lack of memory"
    try:
        kind = b"p" if "pdf" in report.formats else b"."
        child = _new_child(report.project, kind)
        environment = {**os.environ, **make.home_variable(report.project)}
        child.conn.send((sys.path, environment, pickle.dumps((making, report, expected))))
        pid = child.heard(time.monotonic() + _START_SECONDS)
        _children.add(pid)
        if _stopped.is_set():
            raise InterruptedError
        began = time.monotonic()
        while True:
            message = "its process died; look for a lack of memory and run the report again"
            got = child.heard(timeout_seconds and began + timeout_seconds)
            if isinstance(got, make.Made):
                if child.conn.poll(_END_SECONDS):  # it has ended, with all that it started
                    _children.discard(pid)
                    pid = 0
                return replace(got, seconds=time.monotonic() - began)
            if isinstance(got, str):
                status, _, message = got.partition(": ")
                break
            cell = got
    except TimeoutError:
        if pid:
            status = "timeout"
            message = f"not done after {timeout_seconds:g} s; mend it or allow more with --timeout"
    except InterruptedError:
        message = "interrupted"
    except (OSError, EOFError):
        message = "interrupted" if _stopped.is_set() else message
    finally:
        if child is not None:
            if pid:
                _kill(pid)
                _children.discard(pid)
            child.close()
    message = f"cell {cell}: {message}" if cell else message
    return make.Made(make.page(report, message), status, message, cell, time.monotonic() - began)


def _kill(pid: int) -> None:
    """Kill a child with everything that it started, in its process group or out of it."""
    import psutil

    with contextlib.suppress(psutil.Error):
        template.end([psutil.Process(pid)])
    if hasattr(os, "killpg"):  # what has lost its parents where they are not given new ones
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


# ---------------------------------------------------------------- children


@dataclass
class _Child:
    """Our end of the socket to a child, and the process where this one has to collect it."""

    conn: Connection
    process: subprocess.Popen | None = None

    def heard(self, until: float | None) -> object:
        """What it says next, if that comes in time."""
        if not self.conn.poll(until and max(until - time.monotonic(), 0.0)):
            raise TimeoutError
        return self.conn.recv()

    def close(self) -> None:
        self.conn.close()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_END_SECONDS)


class _Server:
    """A fork server: a process that has imported what reports of a project need and runs one state of its code.

    It is forked from the template of warm kernels, and lives as long; where there is none, `process` is None.
    """

    def __init__(self, project: Project) -> None:
        self.project, self.source = project, record.source_hash(project)
        self.kernels = contextlib.ExitStack()
        self.kernels.enter_context(kernels.warm(project.modules))
        self.control, theirs = socket.socketpair()
        call = [__name__, "_serve", pickle.dumps(project).hex(), self.source]
        request = {"call": call, "path": sys.path, "cwd": os.getcwd(), "env": dict(os.environ)}
        self.process: client.Kernel | None = None
        with theirs, contextlib.suppress(client.ColdError):
            self.process = client.forked(request, 1, 2, theirs.fileno())

    def serves(self, project: Project) -> bool:
        return (
            (self.process is None or self.process.poll() is None)
            and self.project == project
            and self.source == record.source_hash(project)
        )

    def close(self) -> None:
        self.control.close()
        self.kernels.close()
        if self.process is not None:
            self.process.close()


def _new_child(project: Project, kind: bytes) -> _Child:
    """A child that waits for its request; of kind ``p`` it has imported what prints PDF."""
    global _server
    ours, theirs = socket.socketpair()
    process = None
    with theirs, _lock:
        if _stopped.is_set():
            raise InterruptedError
        if _server is not None and not _server.serves(project):
            _server.close()
            _server = None
        if _server is None:
            _server = _Server(project)
        if _server.process is not None:
            socket.send_fds(_server.control, [kind], [theirs.fileno()])
        else:  # a new Python, in a session of its own, so that a terminal's Ctrl-C does not reach it
            code = f"import sys; sys.path[:] = {sys.path!r}; from nbfleet import supervise; supervise._work({theirs.fileno()})"
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
    return _Child(_connection(ours), process)


def _connection(end: socket.socket) -> Connection:
    """The end of a socket for whole messages; who stops in the middle of one has gone."""
    limit = struct.pack("@ll", _MESSAGE_SECONDS, 0)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    return Connection(end.detach())


def _serve(handle: int, project: str, source: str) -> None:
    """The fork server: a child for each socket that comes, until the other end is closed or its holder gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _collect)
    _import_all(pickle.loads(bytes.fromhex(project)), source)
    control = socket.socket(fileno=handle)
    while True:
        kind, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not kind:
            return
        if kind == b"p" and "weasyprint" not in sys.modules:
            with contextlib.suppress(ImportError, OSError):  # the child that needs it says so
                import weasyprint  # noqa: F401
        try:
            child = os.fork()
        except OSError:  # the one who waits is told by the closed socket
            child = -1
        if child == 0:
            control.close()
            os.setsid()
            _work(handles[0])
        os.close(handles[0])


def _collect(*_: object) -> None:
    """Take note of children that have ended; their CPU time then counts as ours."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _import_all(project: Project, source: str) -> None:
    """What every report needs and the template has not imported."""
    record.running[project] = source  # from before the first import
    gc.disable()  # nor do children look for garbage: each ends before its own matters
    # jsonschema would compile a grammar of internationalised addresses, which takes longer than all the rest and checks
    # nothing in a notebook; without the module it leaves that check out
    sys.modules.setdefault("rfc3987_syntax", None)
    import nbformat.v4
    import papermill
    import papermill.clientwrap  # noqa: F401
    import psutil  # noqa: F401
    from jupyter_client.provisioning import KernelProvisionerFactory

    from nbfleet.kernels import provisioner  # noqa: F401

    KernelProvisionerFactory.instance()  # looks through all packages for provisioners
    cells = [nbformat.v4.new_markdown_cell("# *Q*?"), nbformat.v4.new_code_cell("1")]
    # compiles, and imports on the way
    pages.both(nbformat.v4.new_notebook(cells=cells), pages.Page("", "", ""))
    record.surroundings(project)  # children find the hashes of all files that have not changed
    gc.freeze()  # children do not touch, and so do not copy, what is there


def _work(handle: int) -> None:
    """The life of a child: receive, tell its number, make, tell, end."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
        if hasattr(signal, "SIGCHLD"):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        template.adopt()
        os.set_inheritable(handle, False)
        conn = _connection(socket.socket(fileno=handle))
        sys.path[:], environment, call = conn.recv()
        os.environ.clear()
        os.environ.update(environment)
        conn.send(os.getpid())
        threading.Thread(target=_die_with, args=(conn,), daemon=True).start()
        making, *arguments = pickle.loads(call)
        try:
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
    import psutil

    with contextlib.suppress(psutil.Error):
        template.end(psutil.Process().children())


def _die_with(conn: Connection) -> None:
    """End this process, and with it its kernel, as soon as the other end is closed or its holder gone."""
    conn.poll(None)  # nothing more is said there
    _end_own()
    os._exit(1)


atexit.register(stop)

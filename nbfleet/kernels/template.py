"""The process that warm kernels are forked from: runs as a script, in the Python and environment of its kernels.

Standard input is a socket to the process that started this one; "ready", or the reason why not, is said there. More
connections come in at the socket named on the command line, each of which may ask for one kernel, or for a process that
calls a function instead. Its messages keep their bounds, so that none arrives by half and nobody waits for the rest:

    → {"command", "cwd", "env"}, and two descriptors for its output
    → {"call", "path", "cwd", "env"}, and a third descriptor, which the function takes after its arguments
    ← {"pid": 4711}            from the kernel itself, as soon as its sockets are bound
    ← {"returncode": 0}        when it has ended and has been waited for
    ← {"refused": "reason"}    instead of both

Packages of others are imported here, and what the command line names besides: what is edited later is not seen. Forking
is safe only without threads, which is counted before each fork.

With the options of a kernel instead of an address it is one itself: a cold one, as closed as the others.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import contextvars
import ctypes
import gc
import importlib.util
import io
import json
import os
import random
import select
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

#: What a kernel needs, and what a notebook of the field is likely to import; what is not installed is left out.
#: seaborn is not here: it registers colours with matplotlib, which a notebook that does not import it would see.
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "encodings.utf_8_sig",
    "faulthandler",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "yaml",
)

#: Without these, OpenBLAS and Arrow's allocator start threads while they are imported.
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

#: What the allocator of GNU sets itself once it has freed a block of 32 MB (its options -3 and -1, M_MMAP_THRESHOLD and
#: M_TRIM_THRESHOLD): it keeps the memory of a picture for the next one, where each page costs a fault.
_KEPT = {-3: 32 << 20, -1: 64 << 20}

_INLINE = "module://matplotlib_inline.backend_inline"
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
#: Longest message: that of a process with a large environment.
MOST_BYTES = 1 << 20
_FAREWELL_S = 1.0  # far more than the last message takes


# ---------------------------------------------------------------- preloading


def _preload(modules: Sequence[str], call: Sequence[str], path: list[str]) -> str:
    """Import everything; return why no kernel may be forked afterwards, empty if one may."""
    os.environ.update(SINGLE)
    with contextlib.suppress(AttributeError):  # another C library
        for option, most in _KEPT.items():
            ctypes.CDLL(None).mallopt(option, most)
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = _INLINE  # as a kernel does before matplotlib is imported
    with _as_in_a_kernel():
        for name in PRELOADED:
            try:
                importlib.import_module(name)
            except ImportError as error:
                if name.startswith("ipykernel."):
                    return f"{name} cannot be imported ({error})"
        for name in modules:
            with contextlib.suppress(Exception):  # the notebook that imports it shows what is wrong
                importlib.import_module(name)
    if call:
        own, sys.path[:] = sys.path[:], path
        _called(*call)
        sys.path[:] = own
    if _alone():
        return ""
    return f"a package has started {_threads() - 1} threads, and only one may run at a fork"


def _called(module: str, function: str, *arguments: object) -> None:
    getattr(importlib.import_module(module), function)(*arguments)


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """What packages look at while they are imported: pandas shows fewer columns in a terminal than in a notebook."""
    output, builtins.get_ipython = sys.stdout, lambda: types.SimpleNamespace(kernel=None)
    sys.stdout = types.SimpleNamespace(
        encoding="UTF-8", isatty=lambda: False, write=len, flush=lambda: None
    )
    try:
        yield
    finally:
        sys.stdout = output
        del builtins.get_ipython


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


def _alone() -> bool:
    """Whether this is the only thread; one that is just ending is waited for."""
    for _ in range(100):
        if _threads() == 1:
            return True
        time.sleep(0.002)
    return False


# ---------------------------------------------------------------- serving


class _Child(Exception):
    """Unwinds the stack in a forked child, so that it starts from where a script starts."""

    def __init__(self, peer: socket.socket, request: dict, descriptors: list[int]):
        self.peer, self.request, self.descriptors = peer, request, descriptors


def _serve(starter: socket.socket, listener: socket.socket) -> None:
    """Fork for who asks until nobody is connected; raises `_Child` in each process that is forked."""
    template = os.getpid()
    served = {starter: 0}  # each peer, and the process that was forked for it and still runs
    woken, wake = socket.socketpair()
    selector = selectors.PollSelector()  # has no descriptor of its own that a child would inherit
    for watched in (starter, listener, woken):
        selector.register(watched, selectors.EVENT_READ)
    for never_waits in (listener, wake):
        never_waits.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt()
    try:
        while served:
            for key, _ in selector.select():
                peer = key.fileobj
                if peer is listener:
                    # it may have gone, or there are too many: those who wait are served when others have left
                    with contextlib.suppress(OSError):
                        peer, _ = listener.accept()
                        peer.settimeout(_FAREWELL_S)
                        selector.register(peer, selectors.EVENT_READ)
                        served[peer] = 0
                        served[peer] = _forked(peer)
                    continue
                if peer is woken:
                    woken.recv(4096)
                else:  # it has gone, or says more than it may
                    selector.unregister(peer)
                    peer.close()
                    del served[peer]
                _clear(served)
    except _Child as child:
        for other in (*served, listener, woken, wake):
            if other is not child.peer:
                other.detach()  # or its collection would close what has its number by then
        signal.set_wakeup_fd(-1)
        _part(template)
        raise
    finally:
        if os.getpid() == template:
            for peer in served:
                peer.close()
            _end_all()


def _forked(peer: socket.socket) -> int:
    """The process that a peer asks for, 0 after a refusal."""
    data, descriptors, _, _ = socket.recv_fds(peer, MOST_BYTES, 3)
    refusal, pid = "", 0
    try:
        refusal = _refusal(request := json.loads(data), descriptors)
        pid = 0 if refusal else os.fork()
        if not refusal and not pid:
            raise _Child(peer, request, descriptors)
    except (ValueError, TypeError, KeyError):
        refusal = "this is no request"
    except OSError as error:
        refusal = f"no process can be forked ({error.strerror})"
    for descriptor in descriptors:
        os.close(descriptor)
    if refusal:
        _tell(peer, refused=refusal)
    return pid


def _refusal(request: dict, descriptors: list[int]) -> str:
    """Why a process forked from here would not be what was asked for, empty if it would."""
    if len(descriptors) < 2:
        return "there is no output"
    if "command" in request and os.path.exists(os.path.join(request["cwd"], "matplotlibrc")):
        return "the notebook's folder has a matplotlibrc of its own"
    return "" if _alone() else "the template runs more than one thread"


def _tell(peer: socket.socket, **message: object) -> None:
    with contextlib.suppress(OSError):  # it has gone, which the next turn of the loop notices
        peer.sendall(json.dumps(message).encode())


def _clear(served: dict[socket.socket, int]) -> None:
    """Wait for processes that have ended, end what they have left, and tell their peers how they ended.

    A kernel whose manager has gone is as left as what a cell has started: nobody here answers for it.
    """
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (waited := os.waitpid(-1, os.WNOHANG))[0]:
            ended[waited[0]] = os.waitstatus_to_exitcode(waited[1])
    end(child for child in children() if child.pid not in served.values())
    for peer in [peer for peer, pid in served.items() if pid in ended]:
        _tell(peer, returncode=ended[served[peer]])
        served[peer] = 0


def children() -> list[psutil.Process]:
    """What this process has started or adopted; psutil alone would look at every process of the machine."""
    import psutil

    pids, found = [], []
    try:
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children") as listed:
                pids += map(int, listed.read().split())
    except OSError:  # a system without such lists, or a thread has just ended
        return psutil.Process().children()
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            found.append(psutil.Process(pid))
    return found


def _end_all() -> None:
    """Kill and wait for every process that is left."""
    ends = time.monotonic() + _FAREWELL_S
    while children() and time.monotonic() < ends:
        _clear({})
        time.sleep(0.002)


# ---------------------------------------------------------------- families of processes


def adopt() -> None:
    """Make this process (on Linux) the parent of all that descends from it and outlives what has started it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(roots: Iterable[psutil.Process]) -> None:
    """Kill processes with all that descends from them, whatever session that leads.

    Each is stopped before the next look for more, so that none is started in between.
    """
    import psutil

    roots, stopped = list(roots), set()
    while found := {process for root in roots for process in _with_descendants(root)} - stopped:
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.suspend()
        stopped |= found
    for process in stopped:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _with_descendants(root: psutil.Process) -> list[psutil.Process]:
    import psutil

    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


# ---------------------------------------------------------------- in a forked kernel


def _part(template: int) -> None:
    """Leave the template's session and signals; die with it, whatever it dies of."""
    os.setsid()
    adopt()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != template:
        os._exit(1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _become(child: _Child, added: dict[str, str]) -> None:
    """Make this process what the request says, as if a new interpreter had started."""
    output, error, *kept = child.descriptors
    kept += [0, 1, 2, child.peer.fileno()]
    os.dup2(output, 1)
    os.dup2(error, 2)
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with contextlib.suppress(OSError):  # the one that listed them
                os.close(int(name))
    os.chdir(child.request["cwd"])
    os.environ.clear()
    os.environ.update({**added, **child.request["env"]})
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    importlib.invalidate_caches()


def _run(child: _Child, added: dict[str, str], files: str) -> None:
    """Be a kernel until told to end, or call a function; ``added`` are variables that packages set while they were imported, ``files`` their own."""
    from ipykernel import ipkernel, kernelapp

    _become(child, added)
    request, application = child.request, None
    if "call" in request:
        sys.path[:] = request["path"]
    else:
        sys.orig_argv = list(request["command"])
        sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin, *request["command"][3:]]
        _close_port()
        _flush_what_is_there()
        application = kernelapp.IPKernelApp.instance(parent_handle=os.getppid())
        ipkernel.sys = types.SimpleNamespace(modules={})  # to look at each copies the pages of all
        application.initialize(sys.argv[1:])
        application.log.setLevel(application.log_level)  # else records are made, and dropped
        ipkernel.sys, application.kernel._kernel_modules[:] = sys, files.split("\0")
    _tell(child.peer, pid=os.getpid())
    child.peer.close()
    if application:
        application.start()
        _leave(application)  # for good
    _called(*request["call"], child.descriptors[2])


def _cold(*options: str) -> None:
    """Be a kernel in a new interpreter, as ``python -m ipykernel_launcher`` is one."""
    from ipykernel.kernelapp import IPKernelApp

    del sys.path[0]  # the folder of this script
    sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin, *options]
    adopt()
    _close_port()
    IPKernelApp.launch_instance()


def _close_port() -> None:
    """Take in what forked children of the kernel print by a Unix socket beside its others.

    ipykernel has a port for it, which every user of the machine can write to: what has not its token is printed.
    """
    import zmq
    from ipykernel.iostream import IOPubThread
    from zmq.eventloop.zmqstream import ZMQStream

    stock = IOPubThread._setup_pipe_in

    def pipe_in(thread: IOPubThread) -> None:
        beside = thread.socket.getsockopt(zmq.LAST_ENDPOINT).decode().rstrip("\0")
        if not beside.startswith("ipc://"):  # the kernel has ports in any case
            stock(thread)
            return
        thread._pipe_uuid, thread._pipe_port = os.urandom(16), f"{beside}-forked"
        pipe = thread.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        pipe.bind(thread._pipe_port)
        thread._pipe_in = ZMQStream(pipe, thread.io_loop)
        thread._pipe_in.on_recv(thread._handle_pipe_msg)

    def pipe_out(thread: IOPubThread) -> tuple[zmq.Context, zmq.Socket]:
        context = zmq.Context()  # a new one after a fork
        pipe = context.socket(zmq.PUSH)
        pipe.linger = 3000
        port = thread._pipe_port
        pipe.connect(port if isinstance(port, str) else f"tcp://127.0.0.1:{port}")
        return context, pipe

    IOPubThread._setup_pipe_in, IOPubThread._setup_pipe_out = pipe_in, pipe_out


def _flush_what_is_there() -> None:
    """Have a flush take in what was written past Python, else read too late, and wait only if there is something to send."""
    from ipykernel.iostream import PIPE_BUFFER_SIZE, OutStream

    stock, send, lock = OutStream.flush, OutStream._flush, threading.RLock()

    def take(stream: OutStream) -> bool:
        """Whether more may come."""
        with lock:
            try:
                os.set_blocking(stream._fid, False)
                while raw := os.read(stream._fid, PIPE_BUFFER_SIZE):
                    # of the cell that runs, not of the task or thread that has come here
                    contextvars.Context().run(stream.write, raw.decode(errors="replace"))
                    _echo(stream._original_stdstream_copy, raw)
            except BlockingIOError:
                return True
            except OSError:  # somebody has closed it
                pass
        return False

    def watch(stream: OutStream) -> None:
        poller = select.poll()
        poller.register(stream._fid, select.POLLIN)
        while poller.poll() and stream._should_watch and take(stream):
            pass

    def flush(stream: OutStream) -> None:
        if stream._should_watch and stream._is_master_process():
            take(stream)
        if stream._buffers or stream._sends:  # in this order: it sends before it takes the buffers
            stock(stream)

    def sending(stream: OutStream) -> None:
        stream._sends = True
        try:
            send(stream)
        finally:
            stream._sends = False

    OutStream.flush, OutStream._watch_pipe_fd = flush, watch
    OutStream._flush, OutStream._sends = sending, False


def _echo(descriptor: int, raw: bytes) -> None:
    """Write to what the kernel's output was, unless nobody reads there."""
    poller = select.poll()
    poller.register(descriptor, select.POLLOUT)
    with contextlib.suppress(OSError):
        if poller.poll(0):
            os.write(descriptor, raw)


def _leave(application) -> None:
    """End as an interpreter does, but do not take apart what was imported: that copies every shared page, for 0.1 s."""
    # it may still have to say that it is idle, and waits for ever if nobody listens
    if application.control_thread:
        application.control_thread.join(_FAREWELL_S)
    threading._shutdown()  # waits for threads that are no daemons
    application.shell.displayhook.do_full_cache = False  # or IPython collects garbage as well
    atexit._run_exitfuncs()
    application.shell.user_module.__dict__.clear()
    application.shell.user_ns.clear()
    gc.collect()
    kinds = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)  # in the order of flushing
    files = [file for file in gc.get_objects() if type(file) in kinds and not file.closed]
    for file in sorted(files, key=lambda file: kinds.index(type(file))):
        with contextlib.suppress(OSError, ValueError):  # as the interpreter would do
            file.flush()
    os._exit(0)


def _main(address: str, wanted: str) -> None:
    """Serve until nobody needs it any more; in a forked child, be a kernel."""
    starter = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    del sys.path[0]  # the folder of this script
    before = {**os.environ, **SINGLE, "MPLBACKEND": ""}
    gc.disable()  # imports leave no garbage worth the time of looking for it
    try:
        reason = _preload(**json.loads(wanted))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    if reason:
        with contextlib.suppress(OSError):
            starter.sendall(reason.encode())
        return
    added = {name: value for name, value in os.environ.items() if name not in before}
    files = "\0".join(filter(None, (getattr(m, "__file__", "") for m in sys.modules.values())))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen(128)
    gc.enable()
    gc.set_threshold(50_000, 20, 20)  # charts and pages are built of many small things that stay
    gc.freeze()  # what was imported is no garbage, and looking for it would copy its pages in every kernel
    template = os.getpid()
    forked = None
    try:
        starter.sendall(b"ready")
        _serve(starter, listener)
    except _Child as child:
        forked = child
    except (SystemExit, BrokenPipeError):
        pass  # asked to end, or nobody waits any more
    finally:
        if os.getpid() == template:
            shutil.rmtree(os.path.dirname(address), ignore_errors=True)
    if forked:
        _run(forked, added, files)
    os._exit(0)


if __name__ == "__main__":
    (_cold if sys.argv[1] == "-f" else _main)(*sys.argv[1:])

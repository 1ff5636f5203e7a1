"""Start templates and ask them for kernels."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nbfleet import whole
from nbfleet.kernels import template

#: The kernelspec, and the provisioner that it names.
NAME = "nbfleet-warm"

#: Variable that names the socket of a template which other processes may use.
ADDRESS = "NBFLEET_WARM"

_PATIENCE_S = 60.0  # for a template or a kernel to come up: far more than it takes, for the sake of busy machines
_SCRIPT = Path(template.__file__)


class ColdError(Exception):
    """No warm kernel can be had; the message says why, unless that has been said before."""


def homeless(folder: whole.Temporary) -> dict[str, str]:
    """Where packages may keep files if the home folder cannot be written: else each warns, and leaves a folder behind."""
    if os.access(os.path.expanduser("~/"), os.W_OK):
        return {}
    names = {"IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib"}
    return {variable: str(folder.path / name) for variable, name in names.items()}


# ---------------------------------------------------------------- templates


@dataclass(frozen=True)
class Template:
    """A template that this process has started; once ``held`` is closed, it ends with the last of its kernels."""

    process: subprocess.Popen
    held: socket.socket
    folder: whole.Temporary

    @property
    def address(self) -> str:
        """Path of its socket."""
        return str(self.folder.path / "t")

    @property
    def ended(self) -> bool:
        """Whether it has died of itself."""
        return self.process.poll() is not None

    def close(self) -> None:
        """End it with all its kernels, and clear away."""
        self.held.close()
        self.process.terminate()
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.remove()


def start(modules: Sequence[str] = (), prepare: Sequence[str] = ()) -> Template:
    """Start a template and wait until it serves; raises `ColdError` if that does not come up."""
    if sys.platform != "linux":
        raise ColdError(f"processes are not safely forked on {sys.platform}")
    paths = os.environ.get("PYTHONPATH", "/").split(os.pathsep)
    if not all(map(os.path.isabs, paths)):
        raise ColdError("PYTHONPATH is relative to the folder of each notebook")
    try:
        folder = whole.private()
    except OSError as error:
        raise ColdError(f"no folder for sockets can be made ({error})") from None
    held, theirs = socket.socketpair()
    process = None
    wanted = json.dumps({"modules": list(modules), "call": list(prepare), "path": sys.path})
    try:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, str(_SCRIPT), str(folder.path / "t"), wanted],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[folder.lock],  # it may outlive this process, and holds its folder then
                cwd=folder.path,
                env={**homeless(folder), **os.environ},
                start_new_session=True,  # Ctrl-C is for those who use it; it goes when they go
            )
        held.settimeout(_PATIENCE_S)
        said = held.recv(1 << 16).decode(errors="replace")
        held.settimeout(None)
        if said != "ready":
            raise ColdError(
                f"the template did not come up: {said or f'it ended with status {process.wait()}'}"
            )
        return Template(process, held, folder)
    except BaseException as error:
        held.close()
        if process:
            process.kill()
            process.wait()
        folder.remove()
        if isinstance(error, OSError):
            raise ColdError(f"the template did not come up: {error.strerror or error}") from None
        raise


@contextmanager
def warm(modules: Sequence[str] = (), prepare: Sequence[str] = ()) -> Iterator[Template | None]:
    """Hold one template for all kernels that start within, in this process or in those that it starts.

    Parameters
    ----------
    modules : sequence of str
        What notebooks import besides packages of others, imported beforehand. What is edited within is not seen.
    prepare : sequence of str
        A function that the template calls before it serves: its module, its name, its arguments.

    Yields
    ------
    Template or None
        Named to others by the variable `ADDRESS` of the environment; None if there is none, which one line on
        standard error has said then, and kernels start cold.
    """
    before = os.environ.get(ADDRESS)
    held = None
    try:
        held = start(modules, prepare)
        os.environ[ADDRESS] = held.address
    except ColdError as error:
        os.environ[ADDRESS] = ""
        say_cold(error)
    try:
        yield held
    finally:
        if before is None:
            os.environ.pop(ADDRESS, None)
        else:
            os.environ[ADDRESS] = before
        if held:
            held.close()


def say_cold(reason: ColdError) -> None:
    """The one line that tells of a cold kernel."""
    if str(reason):
        print(f"{NAME}: kernels start cold: {reason}", file=sys.stderr)


# ---------------------------------------------------------------- kernels


class Kernel:
    """A forked kernel, in the manner of `subprocess.Popen`: what a provisioner needs of it.

    Signals are sent, and its end is learnt of, through the template, whose child it is.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int):
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        if self.returncode is None:
            self._listen(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Exit status, as soon as there is one."""
        ends = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if ends is None else max(ends - time.monotonic(), 0.0)
            if not self._listen(left) and left is not None and left <= 0:
                raise subprocess.TimeoutExpired("kernel", timeout)
        return self.returncode

    def _listen(self, timeout: float | None) -> bool:
        self._connection.settimeout(timeout)
        try:
            said = _message(self._connection)
        except (BlockingIOError, TimeoutError):
            return False
        # A template that has died has taken its kernels with it
        self.returncode = said["returncode"] if said else -signal.SIGKILL
        self.close()
        return True

    def send_signal(self, number: int) -> None:
        """To the whole group of processes."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """Without a chance to clean up."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """With one."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Part with the template, which kills what still runs."""
        self._connection.close()


def launch(
    command: Sequence[str], environment: dict[str, str], cwd: str, out: int, error: int
) -> Kernel:
    """Have a kernel forked, and wait until its sockets are bound; raises `ColdError` if it cannot be had warm.

    The command is that of a cold kernel, ``python -m ipykernel_launcher -f FILE …``, with all of its environment, its
    folder, absolute, and the descriptors of its standard output and error.
    """
    if list(command[1:3]) != ["-m", "ipykernel_launcher"]:
        raise ColdError("the kernelspec does not name ipykernel_launcher")
    if not os.path.isdir(cwd):
        raise ColdError  # and a cold one will not start either, and says so
    return forked({"command": list(command), "cwd": cwd, "env": environment}, out, error)


def forked(request: dict, *descriptors: int) -> Kernel:
    """Have the template fork what a request describes; raises `ColdError` as `launch` does."""
    address = os.environ.get(ADDRESS)
    if not address:
        raise ColdError  # as nobody holds a template
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(_PATIENCE_S)
    gone = "it has died"
    try:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps(request).encode()], descriptors)
        said = _message(connection)
    except OSError as failure:
        said, gone = {}, f"it does not answer ({failure.strerror or failure})"
    if "pid" in said:
        return Kernel(connection, said["pid"])
    connection.close()
    if "returncode" in said:
        raise ColdError(f"a forked kernel ended with status {said['returncode']}")
    raise ColdError(said.get("refused") or f"the template cannot serve: {gone}")


def cold(command: Sequence[str]) -> list[str]:
    """What starts a cold kernel instead of a command for a stock one; any other command as it is."""
    python, *options = command
    ours = options[:3] == ["-m", "ipykernel_launcher", "-f"]
    return [python, str(_SCRIPT), *options[2:]] if ours else list(command)


def _message(connection: socket.socket) -> dict:
    """The next message, empty if the other end is closed."""
    return json.loads(connection.recv(template.MOST_BYTES) or b"{}")

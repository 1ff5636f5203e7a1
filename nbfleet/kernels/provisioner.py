"""The kernel provisioner: what Jupyter calls to start, watch, interrupt and end a warm kernel."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from nbfleet import whole
from nbfleet.kernels import client

_QUICK_S = 0.002  # how often to look whether a killed kernel has gone


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by fork, or cold where that cannot be; their sockets lie in a folder that others cannot enter."""

    _folder: whole.Temporary | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Put the kernel's sockets into a folder of its own instead of open TCP."""
        manager = self.parent
        if manager and os.name == "posix" and not self._folder:
            try:
                self._folder = whole.private()
            except OSError:
                pass  # TCP then, as for any kernel
            else:
                manager.cache_ports = False
                manager.transport, manager.ip = "ipc", str(self._folder.path / "k")
                manager.connection_file = str(self._folder.path / "kernel.json")
                kwargs["transport_encryption"] = "disabled"  # the folder keeps others out
        kwargs = await super().pre_launch(**kwargs)
        if self._folder:
            kwargs["env"] = {**client.homeless(self._folder), **kwargs["env"]}
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, and start one with a line about it if none can be forked."""
        try:
            kernel = await asyncio.to_thread(self._forked, cmd, kwargs)
        except client.ColdError as reason:
            client.say_cold(reason)
            try:
                return await super().launch_kernel(client.cold(cmd), **kwargs)
            except Exception:
                await self.cleanup()  # nobody cleans up after a kernel that has not started
                raise
        self.process = kernel
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    def _forked(self, cmd: list[str], kwargs: dict[str, Any]) -> client.Kernel:
        if not self._folder:
            raise client.ColdError("there is no folder for its sockets")
        usual = ("env", "cwd", "stdout", "stderr", "kernel_id")
        asked = [k for k, v in kwargs.items() if v is not None and v is not False]
        if unusual := sorted(set(asked).difference(usual)):
            raise client.ColdError(f"it was asked for with {', '.join(unusual)}")
        environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        cwd = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        out, error = _descriptor(kwargs.get("stdout"), 1), _descriptor(kwargs.get("stderr"), 2)
        return client.launch(cmd, environment, cwd, out, error)

    async def send_signal(self, signum: int) -> None:
        """To the group of the kernel, unless it has ended and its number may be another's."""
        if isinstance(self.process, client.Kernel):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill it and see it gone: who asks next need not wait for the next look at it."""
        await super().kill(restart)
        ends = time.monotonic() + 1.0
        while await self.poll() is None and time.monotonic() < ends:
            await asyncio.sleep(_QUICK_S)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the folder of its sockets, unless the next kernel takes them over."""
        await super().cleanup(restart)
        if isinstance(self.process, client.Kernel) and not restart:
            self.process.close()  # a kernel that died of itself is not waited for by everybody
        if self._folder and not restart:
            self._folder.remove()
            self._folder = None


def _descriptor(stream: Any, default: int) -> int:
    """Of what a caller gave as an output, in the manner of `subprocess.Popen`."""
    number = default if stream is None else stream if isinstance(stream, int) else stream.fileno()
    if number < 0:  # PIPE and its like
        raise client.ColdError("its output is asked for in a pipe")
    try:
        os.fstat(number)
    except OSError:
        raise client.ColdError("its output is closed") from None
    return number

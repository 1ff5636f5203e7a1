"""The papermill engine: notebooks on warm kernels, without waiting."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_hook, run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from nbfleet.kernels.client import NAME

_IDLE_S = 1.0  # that a kernel with nothing to do may take to end
_POLITE_S = 2.0  # that it may take after an interrupt
_LOOK_S = 0.001  # how often to look whether it has
#: Most output of a notebook: no browser shows a page of that size at ease, and an endless loop fills it in a second.
MOST_OUTPUT_BYTES = 20_000_000
#: What matters is in the notebook. And a kernel need not give outputs time before it replies: we wait for their end.
#: Nobody reads its history, which nbclient keeps in memory; to copy a picture costs less than a thread that sends it uncopied.
_QUIET_AND_QUICK = (
    "--IPKernelApp.log_level=50",
    "--IPythonKernel._execute_sleep=0",
    "--HistoryManager.enabled=False",
    "--Session.copy_threshold=100_000_000",
)


class ReportEngine(NBClientEngine):
    """Notebooks that ask for python3 get a warm kernel, others the kernel that they ask for."""

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that is asked for by name or in the notebook; a warm one instead of python3 in the latter."""
        found = super().nb_kernel_name(nb, name)
        return NAME if found == "python3" and not name else found

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        environment: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the cells in a kernel that is started for them, with more variables if any are named, and ended afterwards."""
        options = {k: v for k, v in kwargs.items() if k not in ("input_path", "startup_timeout")}
        options["timeout"] = execution_timeout or options.get("timeout")
        options.setdefault("kernel_manager_class", _Manager)
        options.setdefault("extra_arguments", list(_QUIET_AND_QUICK))
        options.setdefault("log", logging.getLogger("papermill"))
        client = _Client(nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, **options)
        with open(os.devnull, "wb") as nothing:  # ipykernel repeats there what it has sent us
            env = {**os.environ, **(environment or {})}
            client.execute(stdout=nothing, stderr=nothing, env=env)


class _Channel(AsyncZMQSocketChannel):
    """Receives messages that are waited for without end by one wait instead of two."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message."""
        return await (self._recv() if timeout is None else super().get_msg(timeout))


class TooMuchOutput(Exception):
    """A notebook was ended because of what it had put out."""


class _Client(PapermillNotebookClient):
    output_bytes = 0

    def process_message(self, msg: dict, *args: Any, **kwargs: Any) -> Any:
        """Take an output, and give up the kernel if it is one too many."""
        content = msg["content"]
        shown = (content.get("text"), content.get("traceback"), *content.get("data", {}).values())
        self.output_bytes += sum(len(str(part)) for part in shown if part)
        if self.output_bytes > MOST_OUTPUT_BYTES:
            self.task_poll_for_reply.cancel()
            return None
        return super().process_message(msg, *args, **kwargs)

    async def async_start_new_kernel_client(self) -> Any:
        """Connect to the kernel, and go on as soon as it answers on both channels that are used."""
        self.kc = self.km.client(shell_channel_class=_Channel, iopub_channel_class=_Channel)
        self.kc.start_channels(stdin=False, hb=False, control=False)
        try:
            await self._answered(time.monotonic() + self.startup_timeout)
        except BaseException:
            await self._async_cleanup_kernel()
            raise
        self.kc.allow_stdin = False
        await run_hook(self.on_notebook_start, notebook=self.nb)
        return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _answered(self, ends: float) -> None:
        """Wait for a reply, and for the state that is published after it: what is published later is then heard."""
        while True:
            asked = self.kc.kernel_info()
            try:
                heard: dict = {"parent_header": {}}
                while heard["parent_header"].get("msg_id") != asked:
                    heard = await self.kc.get_shell_msg(timeout=1)
                while True:
                    heard = await self.kc.get_iopub_msg(timeout=0.2)
                    state = heard["content"].get("execution_state")
                    if state == "idle" and heard["parent_header"].get("msg_id") == asked:
                        return
            except Empty:
                pass
            if not await self.km.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > ends:
                raise RuntimeError(f"Kernel didn't respond in {self.startup_timeout} seconds")

    async def async_execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Run a cell; where its output has ended the kernel, say that."""
        try:
            return await super().async_execute_cell(cell, cell_index, **kwargs)
        except DeadKernelError:
            if self.output_bytes <= MOST_OUTPUT_BYTES:
                raise
            most = f"more than {MOST_OUTPUT_BYTES // 10**6} MB of output"
            raise TooMuchOutput(most) from None

    execute_cell = run_sync(async_execute_cell)


class _Specs(KernelSpecManager):
    """Knows our own kernelspec without its being installed, and takes no other for it."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernelspec of that name."""
        if kernel_name == NAME:
            return KernelSpec.from_resource_dir(str(Path(__file__).parent))
        return super().get_kernel_spec(kernel_name)


_shutdown = inspect.unwrap(AsyncKernelManager.shutdown_kernel)


class _Manager(AsyncKernelManager):
    """Ends kernels as politely as any manager, and notices sooner that they have ended."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return _Specs()

    def _transport_encryption_default(self) -> str:
        return "auto"  # where sockets are TCP, on Windows, code and outputs would pass in the clear

    # Stock managers pause after a start and after an end, so that their own tests see the state in between
    start_kernel = inspect.unwrap(AsyncKernelManager.start_kernel)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        """Ask the kernel to end; interrupt it if it is busy, and kill it if it still does not end."""
        if self.has_kernel and not now and not restart:
            self.shutting_down = True
            await self.request_shutdown()
            if not await self._ended(_IDLE_S):
                await self.interrupt_kernel()
                await self._ended(_POLITE_S)
        await _shutdown(self, now=True, restart=restart)

    async def _ended(self, within_s: float) -> bool:
        ends = time.monotonic() + within_s
        while alive := await self.is_alive():
            if time.monotonic() > ends:
                break
            await asyncio.sleep(_LOOK_S)
        return not alive

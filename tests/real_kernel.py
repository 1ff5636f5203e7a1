"""A kernel as JupyterLab starts it, and what its cells put out."""

from __future__ import annotations

import contextlib
import sys

import jupyter_client.manager
import pytest

COLD = "python3"
WARM = pytest.param(
    "nbfleet-warm",
    marks=pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only"),
)


@contextlib.contextmanager
def started(name: str, folder):
    """A client of a kernel that runs in a folder."""
    with jupyter_client.manager.run_kernel(kernel_name=name, cwd=str(folder)) as client:
        yield client


def outputs(client, source: str, timeout: int = 60) -> list[dict]:
    """What a cell puts out: the contents of its messages, each with its `kind`."""
    heard = []

    def hear(message):
        if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            heard.append({"kind": message["msg_type"], **message["content"]})

    client.execute_interactive(source, output_hook=hear, timeout=timeout)
    return heard


def printed(client, source: str) -> str:
    """What a cell prints, if that is all it puts out."""
    found = outputs(client, source)
    assert {output["kind"] for output in found} <= {"stream"}, found
    return "".join(output["text"] for output in found).strip()


def pictures(client, source: str) -> int:
    """How many pictures a cell shows."""
    return sum("image/png" in output.get("data", {}) for output in outputs(client, source))

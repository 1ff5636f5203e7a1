"""``python -m nbfleet.kernels COMMAND …`` runs a command that finds warm kernels: JupyterLab, papermill, pytest."""

from __future__ import annotations

import subprocess
import sys

from nbfleet import kernels

if __name__ == "__main__":
    with kernels.warm():
        sys.exit(subprocess.call(sys.argv[1:]))

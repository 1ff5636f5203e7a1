"""Warm kernels: like cold ones in all that a notebook can see, apart from one another, and gone when they should be."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import jupyter_client
import nbformat
import papermill
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from notebook_factory import code, notebook, printed
from processes import LEAVING, marked, wait_for

from nbfleet import kernels, whole
from nbfleet.kernels import client, provisioner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
PATIENCE_S = 20


@pytest.fixture(scope="module")
def template():
    """Address of one template for all tests here."""
    with kernels.warm() as held:
        yield held.address


def run(folder, *cells, engine="nbfleet", kernel=None, **options):
    """Run cells by papermill in a folder; the notebook."""
    nb = notebook(*(code(cell) for cell in cells))
    nb.metadata = nbformat.from_dict(PYTHON)
    path = Path(folder) / "notebook.ipynb"
    nbformat.write(nb, path)
    return papermill.execute_notebook(
        path,
        options.pop("output", None),
        engine_name=engine,
        kernel_name=kernel,
        progress_bar=False,
        cwd=folder,
        **options,
    )


def said(nb) -> list[str]:
    """What each cell printed."""
    return [
        "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
        for cell in nb.cells
    ]


def facts(nb):
    return json.loads(said(nb)[-1])


class Session:
    """A kernel with a client, in the manner of a test."""

    def __init__(self, **options):
        self.manager = jupyter_client.KernelManager(kernel_name=kernels.NAME)
        self.manager.start_kernel(**options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def do(self, source, timeout=60):
        """Run a cell: what it printed, or the name of its error."""
        printed = []

        def hear(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(source, output_hook=hear, timeout=timeout)
        return reply["content"].get("ename") or "".join(printed).strip()

    def end(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


@pytest.fixture
def session(template, tmp_path):
    session = Session(cwd=str(tmp_path))
    yield session
    session.end()


def gone(*pids) -> bool:
    """Whether processes are away; what init of a container leaves as a zombie is not ours to collect."""
    ends = time.monotonic() + PATIENCE_S
    while left := [pid for pid in pids if psutil.pid_exists(pid) and not _left_to_init(pid)]:
        if time.monotonic() > ends:
            print(
                "left:",
                [psutil.Process(pid).as_dict(["pid", "ppid", "status", "cmdline"]) for pid in left],
            )
            return False
        time.sleep(0.02)
    return True


def _left_to_init(pid) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE and process.ppid() == 1
    except psutil.NoSuchProcess:
        return True


# ---------------------------------------------------------------- what a notebook finds

PROBE = r"""
import gc, json, locale, os, random, resource, signal, sys, threading, time, warnings
def open_files():
    links = (f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd"))
    kinds = sorted(os.readlink(link).split(":")[0] for link in links if os.path.islink(link))
    return [kind for kind in kinds if kind != "/dev/null"]
facts = {
    "environment": {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "PYTEST_CURRENT_TEST")},
    "cwd": os.getcwd(), "path": sys.path, "argv": sys.argv[:2], "orig_argv": sys.orig_argv[:4],
    "stdin": os.read(0, 10).decode(), "inherited": [f for f in open_files() if f.startswith("/")],
    "signals": {str(n): str(signal.getsignal(n)) for n in signal.valid_signals()},
    "mask": [int(n) for n in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    "leads": [os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()],
    "threads": sorted(t.name.split("-")[0] for t in threading.enumerate()),
    "locale": locale.setlocale(locale.LC_ALL), "time zone": time.tzname, "gc": [gc.isenabled(), gc.get_threshold()],
    "recursion": sys.getrecursionlimit(), "flags": str(sys.flags), "executable": [sys.executable, sys.prefix],
    "limits": [resource.getrlimit(r) for r in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS)],
    "main": sorted(k for k in vars(sys.modules["__main__"]) if k not in ("facts", "open_files")),
    "ours": sorted(m for m in sys.modules if m.startswith("rvdata")),
}
old = os.umask(0o22); os.umask(old); facts["umask"] = old
import decimal, matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
facts |= {
    "rc": {k: str(v) for k, v in matplotlib.rcParams.items()}, "backend": matplotlib.get_backend(),
    "colours": sorted(matplotlib.colormaps), "interactive": plt.isinteractive(), "figures": plt.get_fignums(),
    "numpy": [np.geterr(), str(np.get_printoptions())], "decimal": str(decimal.getcontext()),
    "filters": sorted({str(f[:4]) for f in warnings.filters}),
}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    facts["pandas"] = {k: str(pd.get_option(k)) for k in sorted(pd._config.config._registered_options)}
print(json.dumps(facts))
"""

PICTURE = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 3, 2]); axes.set_title("A line")
"""


def test_a_warm_kernel_finds_what_a_cold_one_finds(template, tmp_path):
    warm = run(tmp_path, PICTURE, PROBE)
    cold = run(tmp_path, PICTURE, PROBE, kernel="python3")
    found, expected = facts(warm), facts(cold)
    assert found["gc"] == [True, [50_000, 20, 20]]  # which no result may depend on
    for fact in expected.keys() - {"gc"}:
        assert found[fact] == expected[fact], fact
    assert found["ours"] == []
    shown, drawn = (
        [o.data["image/png"] for o in nb.cells[0].outputs if "image/png" in o.get("data", {})]
        for nb in (warm, cold)
    )
    assert len(shown) == 1 and shown == drawn
    assert base64.b64decode(shown[0]).startswith(b"\x89PNG")


SPOIL = r"""
import builtins, decimal, gc, locale, os, random, signal, sys, time, warnings
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
left_over = 1; builtins.left_over = 1
os.environ["LEFT_OVER"] = "1"; os.environ["TZ"] = "Asia/Tokyo"; time.tzset()
os.chdir("/"); os.umask(0)
random.seed(1); np.random.seed(1)
plt.rcParams["font.size"] = 40; matplotlib.use("svg"); plt.figure(); plt.style.use("dark_background")
warnings.simplefilter("error"); np.seterr(all="raise"); decimal.getcontext().prec = 3
pd.set_option("display.max_rows", 3); sys.path.append("/left_over"); sys.setrecursionlimit(777); gc.disable()
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
pd.DataFrame.left_over = 1
kept = open("/dev/zero"); os.dup2(kept.fileno(), 200)
"""


def test_nothing_that_a_notebook_does_is_found_by_the_next(template, tmp_path):
    unspoilt = "import builtins, pandas\nassert not hasattr(builtins, 'left_over') and not hasattr(pandas.DataFrame, 'left_over')"
    before = facts(run(tmp_path, unspoilt, PROBE))
    run(tmp_path, SPOIL)
    after = facts(run(tmp_path, unspoilt, PROBE))
    assert after == before
    assert "LEFT_OVER" not in after["environment"]


def test_each_kernel_draws_its_own_random_numbers(template, tmp_path):
    draw = "import random, numpy, uuid, tempfile\nprint(random.random(), numpy.random.random(), uuid.uuid4(), tempfile.mktemp())"
    one, other = (said(run(tmp_path, draw))[0].split() for _ in range(2))
    assert [a == b for a, b in zip(one, other, strict=False)] == [False] * 4


def test_what_is_left_open_is_written_when_a_kernel_ends(template, tmp_path):
    run(
        tmp_path,
        """
import atexit, sys, threading, time, types
file = open("file", "w"); file.write("text")
sys.modules["module"] = types.ModuleType("module"); sys.modules["module"].file = open("module", "wb"); sys.modules["module"].file.write(b"bytes")
atexit.register(lambda: open("atexit", "w").write("called"))
class Thing:
    def __del__(self): open("thing", "w").write("deleted")
thing = Thing()
threading.Thread(target=lambda: (time.sleep(0.2), open("thread", "w").write("waited for"))).start()
""",
    )
    written = {
        name: (tmp_path / name).read_text()
        for name in ("file", "module", "atexit", "thing", "thread")
    }
    assert written == {
        "file": "text",
        "module": "bytes",
        "atexit": "called",
        "thing": "deleted",
        "thread": "waited for",
    }


# ---------------------------------------------------------------- what the template is


def test_the_template_runs_one_thread_and_does_not_know_rvdata(session):
    template = int(session.do("import os; print(os.getppid())"))
    assert len(os.listdir(f"/proc/{template}/task")) == 1
    assert (
        session.do("import sys; print([m for m in sys.modules if m.startswith('rvdata')])") == "[]"
    )


def test_modules_of_a_batch_are_imported_beforehand_and_others_when_asked_for(
    monkeypatch, tmp_path, capfd
):
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "ours.py").write_text("import os\nimported_by, told = os.getpid(), 'first'\n")
    (folder / "broken.py").write_text("1 / 0")
    (folder / "other.py").write_text("told = 'old'")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    show = "import os, ours, other; print(ours.imported_by == os.getppid(), ours.told, other.told)"
    with kernels.warm(["ours", "broken", "not_there"]):
        spoil = "import sys, ours; sys.modules['ours'].told = 'spoilt'"
        assert said(run(tmp_path, spoil, show))[1] == "True spoilt old\n"
        (folder / "other.py").write_text("told = 'new'")
        assert said(run(tmp_path, show)) == ["True first new\n"]
        with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError"):
            run(tmp_path, "import broken")
    assert capfd.readouterr().err == ""


def test_who_sends_anything_else_is_refused_and_the_others_are_served(template, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
        peer.settimeout(PATIENCE_S)
        peer.connect(template)
        peer.sendall(b'{"command"')
        assert peer.recv(100) == b'{"refused": "this is no request"}'
    assert said(run(tmp_path, "import os; print(os.getppid())")) != [f"{os.getpid()}\n"]


def test_sockets_lie_in_a_folder_that_only_the_owner_enters(session):
    info = session.manager.get_connection_info()
    folder = Path(info["ip"]).parent
    assert info["transport"] == "ipc"
    assert folder.stat().st_mode & 0o777 == 0o700 and folder.stat().st_uid == os.getuid()
    assert (
        all(len(os.fsencode(path)) < 104 for path in folder.iterdir())
        and len(list(folder.iterdir())) >= 4
    )
    session.end()
    assert not folder.exists()


@pytest.mark.parametrize("warm", [True, False])
def test_nobody_else_can_write_to_a_kernel_and_its_forked_children_can(
    template, tmp_path, monkeypatch, warm
):
    if not warm:
        monkeypatch.setenv(kernels.ADDRESS, "")
    listening = """
import psutil
print([c for c in psutil.Process().net_connections("tcp") if c.status == psutil.CONN_LISTEN])
"""
    forked = """
import os
if not os.fork():
    print("from a child", flush=True)
    os._exit(0)
os.wait()
print("from the parent")
"""
    ours, child = said(run(tmp_path, listening, forked))
    assert ours == "[]\n"
    assert sorted(child.split("\n")) == ["", "from a child", "from the parent"]
    assert said(run(tmp_path, listening, kernel="python3")) != ["[]\n"]  # a stock one can be


def test_a_home_folder_that_cannot_be_written_is_no_warning_and_leaves_no_folder(
    template, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    nb = run(
        tmp_path, "import IPython\nprint(IPython.paths.get_ipython_dir())", "%matplotlib inline"
    )
    assert [output.get("name") for cell in nb.cells for output in cell.outputs] == ["stdout"]
    assert not os.path.exists(said(nb)[0].strip())
    assert [path.name for path in tmp_path.iterdir()] == ["notebook.ipynb"]


def test_a_long_folder_for_temporary_files_is_not_used(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(long))
    folder = whole.private()
    folder.remove()
    assert str(folder.path).startswith("/tmp/nbfleet-")


# ---------------------------------------------------------------- interrupt, restart, kill, shutdown


def test_an_interrupt_stops_the_cell_and_nothing_else(session):
    session.do("kept = 5")
    threading.Timer(0.5, session.manager.interrupt_kernel).start()
    assert session.do("import time; time.sleep(30)") == "KeyboardInterrupt"
    assert session.do("print(kept)") == "5"


def test_a_restart_gives_a_new_kernel_in_the_same_place(session):
    first = session.do("kept = 5; import os; print(os.getpid(), os.getcwd())").split()
    session.manager.restart_kernel(now=False)
    session.client.wait_for_ready(timeout=60)
    second = session.do("import os; print(os.getpid(), os.getcwd(), 'kept' in globals())").split()
    assert second[0] != first[0] and second[1:] == [first[1], "False"]
    assert gone(int(first[0]))


@pytest.mark.parametrize("now", [True, False], ids=["kill", "shutdown"])
def test_a_kernel_that_is_ended_leaves_no_process_and_no_file(session, now):
    pid, child = map(
        int,
        session.do(
            "import os, subprocess; print(os.getpid(), subprocess.Popen(['sleep', '300']).pid)"
        ).split(),
    )
    folder = Path(session.manager.ip).parent
    assert Path(session.manager.connection_file).parent == folder
    session.client.stop_channels()
    session.manager.shutdown_kernel(now=now)
    assert not session.manager.is_alive()
    assert gone(pid, child)
    assert not folder.exists()


def test_a_kernel_whose_last_word_is_late_ends_by_itself(session):
    """In stock kernels the thread that was told to end sometimes publishes its state to one that has gone, for ever."""
    session.do("""
def slowed(kernel, end, threading):  # a kernel that ends has no globals any more
    async def slowly(*args):
        await end(*args)
        kernel.iopub_thread.thread.join(0.5)
        if not kernel.iopub_thread.thread.is_alive():
            threading.Event().wait()
    return slowly
import threading
handlers = get_ipython().kernel.control_handlers
handlers["shutdown_request"] = slowed(get_ipython().kernel, handlers["shutdown_request"], threading)
""")
    kernel = session.manager.provisioner.process
    session.manager.shutdown_kernel(now=False)
    assert kernel.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("ending", ["normal", "abandoned"])
def test_what_left_the_session_of_a_kernel_ends_with_it(session, ending):
    mark = f"300.{os.getpid()}{len(ending)}"
    pid = int(session.do(LEAVING.replace("MARK", mark) + "print(os.getpid())"))
    wait_for(lambda: marked(mark) == 3)
    if ending == "normal":
        session.manager.shutdown_kernel(now=False)
    else:
        session.manager.provisioner.process._connection.shutdown(socket.SHUT_RDWR)
    wait_for(lambda: not marked(mark))
    assert gone(pid)


# ---------------------------------------------------------------- nothing is left behind

WORKER = """
import contextlib, os, sys, time
import jupyter_client
from nbfleet import kernels
(ending,) = sys.argv[1:]
with kernels.warm():
    manager = jupyter_client.KernelManager(kernel_name=kernels.NAME)
    manager.start_kernel()
    kernel = manager.client()
    kernel.start_channels()
    kernel.wait_for_ready(timeout=60)
    def hear(message):
        if message["msg_type"] == "stream":
            print(message["content"]["text"].strip(), os.path.dirname(manager.ip), flush=True)
    kernel.execute_interactive("import os, subprocess\\n"
                               "print(os.getppid(), os.getpid(), subprocess.Popen(['sleep', '300']).pid)", output_hook=hear)
    if ending == "busy":
        kernel.execute("while True: pass")
    while ending != "normal":
        time.sleep(1)
"""


def worker(ending, **variables):
    """A process with a kernel: itself, pids of template, kernel and the kernel's child, and the kernel's folder."""
    environment = {k: v for k, v in os.environ.items() if k != kernels.ADDRESS} | variables
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, ending],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    template, kernel, child, folder = process.stdout.readline().split()
    return process, [int(template), int(kernel), int(child)], Path(folder)


@pytest.mark.parametrize(
    ("ending", "number"),
    [
        ("busy", signal.SIGKILL),
        ("busy", signal.SIGTERM),
        ("waits", signal.SIGINT),
        ("normal", None),
    ],
)
def test_nothing_outlives_the_process_that_started_it(ending, number):
    process, pids, folder = worker(ending)
    if number:
        process.send_signal(number)
    process.communicate(timeout=30)
    assert gone(*pids)
    whole.private().remove()  # clears away what the killed have left
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_kernels_die_with_the_template(number):
    place = tempfile.mkdtemp(dir="/tmp")  # if all are killed, nobody is left to clear away
    process, (template, kernel, child), *_ = worker("busy", XDG_RUNTIME_DIR=place)
    try:
        os.kill(template, number)
        assert gone(kernel)
        if number == signal.SIGTERM:
            assert gone(child)
    finally:
        if psutil.pid_exists(child):
            os.kill(child, signal.SIGKILL)
        process.kill()
        process.communicate(timeout=30)
        shutil.rmtree(place)


def test_a_kernel_dies_with_its_worker_while_the_template_serves_on(template, tmp_path):
    script = WORKER.replace("with kernels.warm()", "with contextlib.nullcontext()")
    process = subprocess.Popen(
        [sys.executable, "-c", script, "busy"], stdout=subprocess.PIPE, text=True
    )
    first, kernel, child, folder = process.stdout.readline().split()
    process.kill()
    process.communicate()
    assert gone(int(kernel), int(child))
    assert said(run(tmp_path, "import os; print(os.getppid())")) == [first + "\n"]
    assert not Path(folder).exists()


# ---------------------------------------------------------------- cold where it must be


def test_a_platform_without_fork_gets_a_cold_kernel_and_one_line(monkeypatch, tmp_path, capfd):
    before = os.environ.get(kernels.ADDRESS)
    elsewhere = SimpleNamespace(platform="elsewhere", executable=sys.executable, stderr=sys.stderr)
    monkeypatch.setattr(client, "sys", elsewhere)
    with kernels.warm() as held:
        assert held is None
        assert said(run(tmp_path, "import os; print(os.getppid())")) == [f"{os.getpid()}\n"]
    told = [line for line in capfd.readouterr().err.splitlines() if "cold" in line]
    assert told == [
        "nbfleet-warm: kernels start cold: processes are not safely forked on elsewhere"
    ]
    assert os.environ.get(kernels.ADDRESS) == before


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            "the template did not come up: a package has started 1 threads, and only one may run at a fork",
        ),
        ("raise RuntimeError('broken')", "the template did not come up: RuntimeError: broken"),
    ],
    ids=["threads", "error"],
)
def test_a_template_that_fails_gives_way_to_a_cold_kernel_and_one_line(
    package, reason, monkeypatch, tmp_path, capfd
):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "yaml.py").write_text(package)
    with kernels.warm():
        assert said(run(tmp_path, "print('served')")) == ["served\n"]
    assert [line for line in capfd.readouterr().err.splitlines() if "cold" in line] == [
        f"nbfleet-warm: kernels start cold: {reason}"
    ]


def test_a_dead_template_of_a_batch_gives_way_to_a_cold_kernel(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv(kernels.ADDRESS, str(tmp_path / "none"))
    assert said(run(tmp_path, "import os; print(os.getppid())")) == [f"{os.getpid()}\n"]
    assert (
        "nbfleet-warm: kernels start cold: the template cannot serve: it does not answer"
        in capfd.readouterr().err
    )


def test_matplotlibrc_beside_a_notebook_counts(template, tmp_path, capfd):
    (tmp_path / "matplotlibrc").write_text("font.size: 31\n")
    assert said(run(tmp_path, "import matplotlib; print(matplotlib.rcParams['font.size'])")) == [
        "31.0\n"
    ]
    assert "matplotlibrc" in capfd.readouterr().err


# ---------------------------------------------------------------- tools of others


def test_the_kernelspec_is_installed_with_the_package(root):
    installed = Path(KernelSpecManager().find_kernel_specs()[kernels.NAME])
    assert installed.is_relative_to(sys.prefix)
    assert (installed / "kernel.json").read_text() == (
        root / "nbfleet" / "kernels" / "kernel.json"
    ).read_text()
    assert isinstance(provisioner.WarmProvisioner, type)


def test_stock_papermill_runs_on_it(monkeypatch, tmp_path):
    monkeypatch.delenv(kernels.ADDRESS, raising=False)
    whose = "import psutil\nprint(psutil.Process().parent().cmdline()[1].endswith('template.py'))"
    nb = notebook(code(whose))
    nb.metadata = nbformat.from_dict(PYTHON)
    nbformat.write(nb, tmp_path / "in.ipynb")
    command = [
        *(sys.executable, "-m", "nbfleet.kernels"),
        Path(sys.executable).parent / "papermill",
        "-k",
        kernels.NAME,
        "in.ipynb",
        "out.ipynb",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert said(nbformat.read(tmp_path / "out.ipynb", as_version=4)) == ["True\n"]
    assert "cold" not in done.stderr


def test_strict_nbval_gives_the_verdicts_of_cold_kernels(template, tmp_path):
    """Of three cells, that with an altered output fails and the others pass."""
    shown = nbformat.v4.new_output("execute_result", data={"text/plain": "3"}, execution_count=3)
    cells = [
        code("print('one')", outputs=[printed("one\n")], count=1),
        code("print('two')", outputs=[printed("three\n")], count=2),
        code("1 + 2", outputs=[shown], count=3),
    ]
    nb = notebook(*cells)
    nbformat.write(nb, tmp_path / "altered.ipynb")
    options = f"-m pytest -q -p no:cacheprovider -c {os.devnull} --nbval --nbval-kernel-name"
    command = [sys.executable, *options.split(), kernels.NAME, str(tmp_path / "altered.ipynb")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 failed, 2 passed" in done.stdout, done.stdout
    assert "altered.ipynb::Cell 1" in done.stdout
    assert f"{kernels.NAME}: " not in done.stderr


# ---------------------------------------------------------------- the engine


def test_a_kernel_that_does_not_wait_before_it_replies_loses_no_output(
    template, tmp_path, monkeypatch
):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel looks for it, and leaves out the rest
    past = ["os.write(1, b'raw')", "subprocess.run(['printf', 'raw'])", "os.write(2, b'raw')"]
    cells = [
        f"import os, subprocess\nprint({n})\n{past[n % 3]}\nprint('x' * 20_000)" for n in range(60)
    ]
    nb = run(tmp_path, "print(get_ipython().kernel._execute_sleep)", *cells, past[0], past[1])
    waited, *told = said(nb)
    assert waited == "0.0\n"
    assert told[-2:] == ["raw", "raw"]  # by which no line of Python asks for a flush
    assert [text.replace("raw", "", n % 3 < 2) for n, text in enumerate(told[:60])] == [
        f"{n}\n{'x' * 20_000}\n" for n in range(60)
    ]
    errors = ["".join(o.text for o in c.outputs if o.get("name") == "stderr") for c in nb.cells]
    assert errors == ["", *["", "", "raw"] * 20, "", ""]


def test_what_a_child_writes_past_its_parent_ends_up_in_the_same_cell(
    template, tmp_path, monkeypatch
):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    nb = run(
        tmp_path,
        """
import os, sys
for n in range(20):
    sys.stdout.flush()  # else the child has it as well
    if not (pid := os.fork()):
        print("child")  # to which the pipe of its parent belongs as well
        os.write(1, b"raw")
        os._exit(0)
    os.waitpid(pid, 0)
os.close(1)
""",
        "print('still here', flush=True)",
    )
    assert said(nb)[0].count("raw") == 20
    assert said(nb)[1] == "still here\n"


def test_a_flush_waits_only_where_there_is_something_to_send(template, tmp_path):
    counted = """
import sys
asked, thread = [], sys.stdout.pub_thread
stock, thread.schedule = thread.schedule, lambda f: (asked.append(f), stock(f))
sys.stdout.flush(), sys.stderr.flush()
nothing = len(asked)
print("a", end="", flush=True)
something, thread.schedule = len(asked), stock
print(nothing, something > 0)
"""
    assert said(run(tmp_path, counted)) == ["a0 True\n"]


SLOW = """
import sys, time
session = sys.stdout.session; stock = session.msg
def slow(kind, *args, **kwargs):
    if kind == "stream": time.sleep(0.1)
    return stock(kind, *args, **kwargs)
session.msg = slow
"""


def test_a_flush_waits_for_what_is_just_being_sent(template, tmp_path):
    late = "time.sleep(0.25)"  # by which a timer has begun to send it
    thread = "import threading; threading.Thread(target=sys.stdout.flush).start(); time.sleep(0.02)"
    cells = [f"print('A'); {late}", f"print('B'); {late}; display(1)"]
    nb = run(tmp_path, SLOW, *cells, f"print('C')\n{thread}\ndisplay(2)")
    kinds = [[output.output_type for output in cell.outputs] for cell in nb.cells[1:]]
    assert kinds == [["stream"], ["stream", "display_data"], ["stream", "display_data"]]
    assert said(nb)[1:] == ["A\n", "B\n", "C\n"]


def test_what_is_taken_in_belongs_to_the_cell_that_runs(template, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    task = """
import asyncio, os, sys
async def flush():
    while True:
        await asyncio.sleep(0)
        sys.stdout.flush()
task = asyncio.create_task(flush())
"""
    written = "for n in range(100):\n    os.write(1, b'raw'); await asyncio.sleep(0)"
    nb = run(tmp_path, task, written, "task.cancel()")
    assert said(nb) == ["", "raw" * 100, ""]


def test_nobody_who_reads_the_echo_keeps_a_cell_waiting(template, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    full = """
import os, sys
for stream in (sys.stdout, sys.stderr):
    stream._original_stdstream_copy = os.pipe()[1]
for _ in range(100): os.write(1, b"x" * 1000), sys.stdout.flush()
"""
    closed = "os.close(sys.stderr._fid)\nprint('still here', flush=True)"
    assert said(run(tmp_path, full, closed, execution_timeout=30)) == [
        "x" * 100_000,
        "still here\n",
    ]


def test_a_large_output_starts_no_thread(template, tmp_path):
    nb = run(
        tmp_path, "import sys\nprint('x' * 1_000_000)", "print('zmq.utils.garbage' in sys.modules)"
    )
    assert said(nb)[1] == "False\n"


def test_the_memory_of_a_picture_is_there_for_the_next_one(template, tmp_path):
    faults = """
import mmap, resource
def touched():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    picture = bytearray(8 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
first, *others = [touched() for _ in range(4)]
print(max(others) < (1 << 20) // mmap.PAGESIZE)
"""
    assert said(run(tmp_path, faults)) == ["True\n"]

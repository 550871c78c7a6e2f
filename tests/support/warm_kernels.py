"""Kernels that start at once: children of a process which has imported what each notebook imports.

To import Keras, TensorFlow and the rest takes some five seconds of a processor, and a course has six notebooks.

    with warm_kernels(folder) as name:
        NotebookClient(notebook, kernel_name=name).execute()

A kernel specification of that name starts `stand_in`, which asks the warm process for a child with its own arguments,
environment and folder, passes signals on to it, and ends when it ends.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

NAME = "warm"
LIBRARIES = ("ipykernel.kernelapp", "keras", "pandas", "matplotlib.pyplot", "scipy.ndimage", "skimage.measure")


@contextlib.contextmanager
def warm_kernels(folder: Path):
    """Start the warm process; yield the name of the kernels, which Jupyter knows while this lasts."""
    if not sys.platform.startswith("linux"):
        yield "python3"
        return
    place = folder / "kernels" / NAME
    place.mkdir(parents=True)
    door = str(folder / "door")
    stand_in = [sys.executable, "-I", "-S", __file__, "stand-in", door, "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": stand_in, "display_name": NAME, "language": "python"}))
    path = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(folder)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    warm = subprocess.Popen(
        [sys.executable, "-P", __file__, "warm", door],
        env={**os.environ, **quiet},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert warm.stdout.readline() == b"warm\n"
        yield NAME
    finally:
        os.killpg(warm.pid, signal.SIGKILL)
        warm.communicate()
        os.environ.pop("JUPYTER_PATH")
        if path is not None:
            os.environ["JUPYTER_PATH"] = path


def be_warm(door: str) -> None:
    """Import, then make a kernel of a child for each stand-in that asks for one."""
    import importlib

    for library in LIBRARIES:
        importlib.import_module(library)
    assert len(os.listdir("/proc/self/task")) == 1, "a fork copies one thread"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(door)
    listening.listen()
    print("warm", flush=True)
    while True:
        connection, _ = listening.accept()
        asked = json.loads(connection.makefile().readline())
        if os.fork() == 0:
            listening.close()
            connection.sendall(b"%d\n" % os.getpid())
            be_a_kernel(asked)  # the connection stays open as long as this process lives
            os._exit(0)
        connection.close()


def be_a_kernel(asked: dict) -> None:
    """Be the kernel that a stand-in was asked to be."""
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.path[:] = ["", *filter(None, asked["environment"].get("PYTHONPATH", "").split(os.pathsep)), *sys.path[1:]]
    os.environ.pop("JPY_PARENT_PID", None)  # the stand-in is not the parent
    IPKernelApp.launch_instance(["-f", asked["connection_file"]])


def stand_in(door: str, connection_file: str) -> None:
    """Ask for a kernel, and be there in its place for whoever started this process."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(door)
    asked = {"connection_file": connection_file, "environment": dict(os.environ), "folder": os.getcwd()}
    connection.sendall(json.dumps(asked).encode() + b"\n")
    answer = connection.makefile()
    kernel = int(answer.readline())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: os.kill(kernel, number))
    answer.readline()  # which comes to its end with the kernel


if __name__ == "__main__":
    {"warm": be_warm, "stand-in": stand_in}[sys.argv[1]](*sys.argv[2:])

"""JupyterLab in a folder: whether it runs already, at which address, and how it is started."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

STARTUP = Path(__file__).parents[1] / "startup.py"
LAB_SETTINGS = Path(__file__).parents[1] / "lab_settings"  # pages shown as pages, no news, no menu for graders
SECONDS = 3  # in which a server that runs says so


def running_lab(root: Path, page: str) -> str | None:
    """Return the address of a page in a JupyterLab that runs in a folder; None if none runs there.

    Jupyter keeps a note of each server. After a crash the note stays, and by then another program may have its number:
    so the server is asked.

    Parameters
    ----------
    root : Path
    page : str
        "my_course/Start.md", as seen from the folder.

    Returns
    -------
    str or None
        "http://localhost:8888/lab/tree/my_course/Start.md?token=1a2b".
    """
    from jupyter_server.serverapp import list_running_servers  # it comes with JupyterLab

    for server in list_running_servers():
        if Path(server["root_dir"]).resolve() == root.resolve() and _answers(server["url"]):
            token = f"?token={server['token']}" if server.get("token") else ""
            return f"{server['url']}lab/tree/{page}{token}"
    return None


def start_lab(root: Path, page: str, arguments: Sequence[str]) -> int:
    """Start JupyterLab in a folder, with a page of it open, and wait for its end.

    Parameters
    ----------
    root : Path
    page : str
        "my_course/Start.md", as seen from the folder.
    arguments : sequence of str
        For JupyterLab.

    Returns
    -------
    int
        Its exit status.
    """
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{page}", *arguments]
    # IPython runs it in each kernel before the first cell; a file that somebody has set there stays.
    environment = {"PYTHONSTARTUP": str(STARTUP), **os.environ}
    others = [path for path in [environment.get("JUPYTER_CONFIG_PATH")] if path]
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([*others, str(LAB_SETTINGS)])
    server = subprocess.Popen(command, cwd=root, env=environment)
    signal.signal(signal.SIGTERM, lambda number, frame: server.terminate())
    while True:
        try:
            status = server.wait()
            break
        except KeyboardInterrupt:  # JupyterLab asks whether to stop
            continue
    if status and _is_root() and "--allow-root" not in arguments:
        print(
            "JupyterLab starts for root only where it is told to: make lab LAB_ARGS=--allow-root, or "
            "python -m lungseg_course lab --allow-root",
            file=sys.stderr,
        )
    return status


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0  # Windows has no such thing


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}api", timeout=SECONDS) as answer:
            return b"version" in answer.read(1000)
    except (OSError, HTTPException, ValueError):  # nothing there, or something else
        return False

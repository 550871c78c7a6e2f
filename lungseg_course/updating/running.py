"""Whether JupyterLab runs in a folder already, and at which address."""

import urllib.request
from http.client import HTTPException
from pathlib import Path

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


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}api", timeout=SECONDS) as answer:
            return b"version" in answer.read(1000)
    except (OSError, HTTPException, ValueError):  # nothing there, or something else
        return False

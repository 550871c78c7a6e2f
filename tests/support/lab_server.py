"""What a running JupyterLab is asked for, beside its pages."""

import json
import urllib.parse
import urllib.request

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def ask(server, path, method="GET", body=None):
    """Ask a server, of which this is the address and the token; return what it answers."""
    url, token = server
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/{path}", data, headers, method=method)) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def end_kernels(server):
    for session in ask(server, "api/sessions"):
        ask(server, f"api/sessions/{session['id']}", "DELETE")


def choose_theme(server, name):
    """Choose "light" or "dark" in the settings; it holds for the next page that is opened."""
    plugin = urllib.parse.quote("@jupyterlab/apputils-extension:themes")
    ask(server, f"lab/api/settings/{plugin}", "PUT", {"raw": json.dumps({"theme": THEMES[name]})})

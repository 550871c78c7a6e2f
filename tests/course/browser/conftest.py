"""JupyterLab with a copy of the course, and a student in Chromium before it: one of each for all the tests.

Chromium, its driver and selenium are needed; without them the tests are skipped. Each step leaves a screenshot in the
temporary folder, whose name is printed. A test module says which `NOTEBOOK` it opens, and in `prepare` what the student
has written into it before.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from lab_server import end_kernels
from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.updating.copies import update
from student_page import PATIENCE, Page

ROOT = Path(__file__).resolve().parents[3]
# The news dialogue would stand in front of the notebook; cells that are out of sight shall be in the page.
SETTINGS = {
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}},
    "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


@pytest.fixture(scope="session")
def programs():
    """The paths of browser and driver."""
    pytest.importorskip("selenium", reason='selenium is not installed: pip install -e ".[browser]"')
    browser, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("Chromium or chromedriver is not installed: apt install chromium chromium-driver")
    return browser, driver


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """The folder of the project, as a student has it at the start."""
    folder = tmp_path_factory.mktemp("browser") / "The project"
    lay_out(folder)
    for package in ("lungseg", "lungseg_course"):
        (folder / package).symlink_to(ROOT / package)
    return folder


def lay_out(project):
    """Put the notebooks there as they are given out, and take away what came of working in them."""
    for name in ("my_course", "results"):
        shutil.rmtree(project / name, ignore_errors=True)
    for path in NOTEBOOKS.values():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, project / path)


@pytest.fixture(scope="module")
def course(project, request):
    """The student's folder, new for each test module, as its `prepare` leaves it."""
    lay_out(project)
    update(root=project)
    getattr(request.module, "prepare", lambda folder: None)(project / "my_course")
    return project / "my_course"


@pytest.fixture(scope="session")
def server(programs, project):
    """JupyterLab on a free port, as `lab` has opened it; ended afterwards. Gives its address and its token."""
    here = project.parent
    config = here / "config"
    for name, content in SETTINGS.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    settings = [f"--IdentityProvider.token={token}", f"--ServerApp.port={port}"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "lab" / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(config / "runtime"),
        "LUNGSEG_FAST": "1",
        "LUNGSEG_CACHE": str(here / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    with open(here / "server.log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "lungseg_course", "lab", "--no-browser", "--allow-root", *settings],
            cwd=project,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_server(f"{url}/api?token={token}", server, Path(log.name))
            yield url, token
        finally:
            server.terminate()  # it ends its kernels, too
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for_server(url, server, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            assert server.poll() is None, log.read_text(errors="replace")[-2000:]
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer within {PATIENCE} s: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def window(programs, project):
    """The browser."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser, driver = programs
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,1000"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={project.parent / 'profile'}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=Service(driver))
    yield window
    window.quit()


@pytest.fixture(scope="module")
def address(server, course, request):
    """The address of the module's notebook. Its kernel is ended afterwards."""
    url, token = server
    yield f"{url}/lab/tree/my_course/{request.module.NOTEBOOK}?token={token}"
    end_kernels(server)


@pytest.fixture(scope="module")
def page(window, address, project):
    """The notebook, open in the browser, with its kernel ready."""
    page = Page(window, project.parent)
    page.open(address)
    yield page
    window.get("about:blank")

"""JupyterLab with a copy of the course, and a student in Chromium before it.

Chromium, its driver and selenium are needed; without them the tests are skipped. Each step leaves a screenshot in the
temporary folder, whose name is printed.
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

from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.updating.copies import update

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120  # seconds, for a slow machine that starts JupyterLab and a kernel
# The news dialogue would stand in front of the notebook; cells that are out of sight shall be in the page.
SETTINGS = {
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}},
    "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


@pytest.fixture(scope="module")
def programs():
    """The paths of browser and driver."""
    pytest.importorskip("selenium", reason='selenium is not installed: pip install -e ".[browser]"')
    browser, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("Chromium or chromedriver is not installed: apt install chromium chromium-driver")
    return browser, driver


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, as a student has it at the start."""
    folder = tmp_path_factory.mktemp("browser") / "The project"
    for path in NOTEBOOKS.values():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    for package in ("lungseg", "lungseg_course"):
        (folder / package).symlink_to(ROOT / package)
    return folder


@pytest.fixture(scope="module")
def course(project, request):
    """The student's folder in it, as `prepare` of the test's module leaves it."""
    update(root=project)
    getattr(request.module, "prepare", lambda folder: None)(project / "my_course")
    return project / "my_course"


@pytest.fixture(scope="module")
def address(project, course, request):
    """The address of a notebook, in a JupyterLab on a free port that `lab` has opened; ended afterwards."""
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
            yield f"{url}/lab/tree/my_course/{request.module.NOTEBOOK}?token={token}"
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


@pytest.fixture(scope="module")
def page(programs, address, project):
    """The notebook, open in a browser, with its kernel ready."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser, driver = programs
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,1000"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={project.parent / 'profile'}")
    window = webdriver.Chrome(options=options, service=Service(driver))
    try:
        page = Page(window, project.parent)
        page.open(address)
        yield page
    finally:
        window.quit()


class Page:
    """What a student does and sees."""

    def __init__(self, window, folder):
        self.window, self.folder = window, folder

    def open(self, address):
        self.window.get(address)
        self.wait(lambda: self.all(".jp-CodeCell") and self.is_idle())

    def all(self, selector):
        return self.window.find_elements("css selector", selector)

    def is_idle(self):
        return bool(self.all(".jp-Notebook-ExecutionIndicator[data-status=idle]"))

    def wait(self, condition):
        from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
        from selenium.webdriver.support.wait import WebDriverWait

        wait = WebDriverWait(self.window, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(lambda _: condition())
        except WebDriverException:
            self.photograph("failed")
            raise

    def cell(self, start):
        """Return the code cell whose text begins so."""
        cells = [cell for cell in self.all(".jp-CodeCell") if self.code(cell).startswith(start)]
        assert len(cells) == 1, f"{len(cells)} cells begin with {start!r}"
        return cells[0]

    def code(self, cell):
        lines = cell.find_elements("css selector", ".cm-line")
        return "\n".join(line.get_attribute("textContent") for line in lines)

    def output(self, cell):
        return cell.find_element("css selector", ".jp-OutputArea").text

    def replace_line(self, cell, old, new):
        """Click on a line, select it up to its indentation, and type."""
        from selenium.webdriver import ActionChains, Keys

        line = next(line for line in cell.find_elements("css selector", ".cm-line") if line.text.strip() == old)
        self.show(cell)
        keys = ActionChains(self.window).click(line).send_keys(Keys.END)
        keys.key_down(Keys.SHIFT).send_keys(Keys.HOME).key_up(Keys.SHIFT).send_keys(new).perform()
        self.wait(lambda: new in self.code(cell))

    def run(self, cell):
        """Click into a cell and press shift and return; wait for its end, and return its output."""
        from selenium.webdriver import ActionChains, Keys

        self.show(cell)
        before = self.prompt(cell)
        editor = cell.find_element("css selector", ".cm-content")
        ActionChains(self.window).click(editor).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
        self.wait(lambda: self.prompt(cell) not in (before, "[*]:", "[ ]:"))
        time.sleep(0.5)  # the last words of an output may come after the number
        return self.output(cell)

    def start_all(self):
        """Choose `Run All Cells` in the menu."""
        self.click_text(".lm-MenuBar-itemLabel", "Run")
        self.click_text(".lm-Menu-itemLabel", "Run All Cells")

    def restart_and_run_all(self):
        """Choose `Restart Kernel and Run All Cells`, and say yes."""
        self.click_text(".lm-MenuBar-itemLabel", "Kernel")
        self.click_text(".lm-Menu-itemLabel", "Restart Kernel and Run All Cells…")
        self.click_text(".jp-Dialog-buttonLabel", "Restart")

    def run_all(self, last):
        """Run all cells, and wait for the output of the last one that is run."""
        self.start_all()
        self.wait(lambda: self.output(last) and self.is_idle())

    def click_text(self, selector, text):
        self.wait(lambda: [item for item in self.all(selector) if item.text == text])
        next(item for item in self.all(selector) if item.text == text).click()

    def prompt(self, cell):
        return cell.find_element("css selector", ".jp-InputPrompt").text

    def show(self, cell):
        self.window.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)

    def photograph(self, name):
        path = self.folder / f"{name}.png"
        self.window.save_screenshot(str(path))
        print(f"screenshot: {path}")

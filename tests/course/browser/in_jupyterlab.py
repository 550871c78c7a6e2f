"""A student in a browser: open the first notebook in JupyterLab, fill a cell, run it, read what the check says.

    make test-browser

Chromium, its driver and selenium are needed; without them it is skipped. Each
step leaves a screenshot in the temporary folder, whose name is printed.
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

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = "Data_Generator/DataGenerator.ipynb"
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
def course(tmp_path_factory):
    """A copy of the course, as a student has it at the start."""
    folder = tmp_path_factory.mktemp("browser") / "My course"
    for path in [*ROOT.glob("*.ipynb"), *ROOT.glob("*/*.ipynb"), *ROOT.glob("images/*.*")]:
        if path.parent.name != "solutions":
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return folder


@pytest.fixture(scope="module")
def address(course):
    """A JupyterLab on a free port, in that folder; ended afterwards."""
    config = course.parent / "config"
    for name, content in SETTINGS.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    settings = [f"--ServerApp.root_dir={course}", f"--IdentityProvider.token={token}", f"--ServerApp.port={port}"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "lab" / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(config / "runtime"),
        "LUNGSEG_FAST": "1",
        "LUNGSEG_CACHE": str(course.parent / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    with open(course.parent / "server.log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *settings],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_server(f"{url}/api?token={token}", server, Path(log.name))
            yield f"{url}/lab/tree/{NOTEBOOK}?token={token}"
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
def page(programs, address, course):
    """The notebook, open in a browser, with its kernel ready."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser, driver = programs
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,1000"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={course.parent / 'profile'}")
    window = webdriver.Chrome(options=options, service=Service(driver))
    try:
        page = Page(window, course.parent)
        window.get(address)
        page.wait(lambda: page.all(".jp-CodeCell") and page.is_idle())
        yield page
    finally:
        window.quit()


class Page:
    """What a student does and sees."""

    def __init__(self, window, folder):
        self.window, self.folder = window, folder

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

    def run_all(self, last):
        """Choose `Run All Cells` in the menu, and wait for the output of the last cell that is run."""
        self.click_text(".lm-MenuBar-itemLabel", "Run")
        self.click_text(".lm-Menu-itemLabel", "Run All Cells")
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


BLANK = (
    "Exercise 1.1 is not done yet: `array_gigabytes` still has its `todo()`. Put your code in its place, run that "
    'cell, then this one. Stuck? hint("1.1")'
)


def test_a_student_s_first_exercise(page, course):
    exercise, check = page.cell("# Exercise 1.1"), page.cell('check("1.1"')

    page.run_all(last=check)
    assert " ".join(page.output(check).split()) == BLANK
    page.show(check)
    page.photograph("1 blank")
    assert page.prompt(page.cell("# Question 1.1")) == "[ ]:", "it stops there"

    page.replace_line(exercise, "todo()", "return count * size * channels * bytes_per_number / 1e9")
    assert page.run(exercise) == ""
    said = page.run(check)
    page.photograph("2 wrong")
    assert said.startswith("Exercise 1.1: not right yet.\n  I tried   array_gigabytes(")
    for label in ("It gave", "Expected", "Mistake", "Try", '(A hint: hint("1.1"))'):
        assert f"\n  {label}" in said

    page.replace_line(
        exercise,
        "return count * size * channels * bytes_per_number / 1e9",
        "return count * size * size * channels * bytes_per_number / 1e9",
    )
    page.run(exercise)
    said = page.run(check)
    page.photograph("3 correct")
    assert said.startswith("Exercise 1.1: correct.")

    record = json.loads((course / ".lungseg_progress.json").read_text(encoding="utf-8"))
    assert record["exercises"]["1.1"] == {"tries": 2, "solved": True}
    assert not (course / "Data_Generator" / ".lungseg_progress.json").exists()

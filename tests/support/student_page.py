"""What a student does in JupyterLab, and sees, through selenium."""

import re
import time
from pathlib import Path

import nbformat

from lungseg_course.engine.panel import KINDS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, for a slow machine that starts JupyterLab and a kernel
SIGNS = re.compile(rf"^[{''.join(re.escape(sign) for _, sign, _ in KINDS.values())}]\n", re.MULTILINE)
PARTS = ".jp-Notebook .cm-line, .jp-Notebook .jp-RenderedHTMLCommon, .jp-Notebook .jp-OutputArea-output"
TEXT_OF_CELLS = """
return Array.from(document.querySelectorAll('.jp-CodeCell')).map(cell => [
    cell, Array.from(cell.querySelectorAll('.cm-line')).map(line => line.textContent).join('\\n')])
"""


def fill_in(course, path, edits):
    """Write into a notebook what the solution has, with some other texts: as it is there → as the student has it."""
    solution = nbformat.read(ROOT / "solutions" / path, as_version=4)
    notebook = nbformat.read(course / path, as_version=4)
    for cell, answer in zip(notebook.cells, solution.cells, strict=True):
        cell.source = answer.source
        for old, new in edits.items():
            cell.source = cell.source.replace(old, new)
    for new in edits.values():
        assert any(new in cell.source for cell in notebook.cells), (
            f"not in the solution of {path}: what becomes {new!r}"
        )
    nbformat.write(notebook, course / path)


def words(text):
    """Return a text, which is in lines of some length, in one; without the backticks, which a panel does not show."""
    return " ".join(text.replace("`", "").split())


class Page:
    """A notebook in JupyterLab.

    Parameters
    ----------
    window : selenium.webdriver.Chrome
    folder : Path
        For screenshots.
    """

    def __init__(self, window, folder: Path):
        self.window, self.folder = window, folder

    def open(self, address):
        """Open a notebook, with nothing beside it, and wait for its kernel."""
        self.window.get(f"{address}&reset")
        self.wait(lambda: self.all(".jp-CodeCell") and self.is_idle())
        self.wait(self.is_whole)

    # ---- What is seen ----------------------------------------------------------------------------

    def all(self, selector):
        return self.window.find_elements("css selector", selector)

    def is_idle(self):
        return bool(self.all(".jp-Notebook-ExecutionIndicator[data-status=idle]"))

    def is_whole(self):
        """Whether no more cells and outputs have come for a second: they come one after the other."""
        before = len(self.all(PARTS))
        time.sleep(1)
        return len(self.all(PARTS)) == before

    def wait(self, condition, patience=PATIENCE):
        from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
        from selenium.webdriver.support.wait import WebDriverWait

        wait = WebDriverWait(self.window, patience, ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(lambda _: condition())
        except WebDriverException:
            self.photograph("failed")
            raise

    def cells(self, start):
        """Return the code cells whose text begins so."""
        return [cell for cell, text in self.window.execute_script(TEXT_OF_CELLS) if text.startswith(start)]

    def cell(self, start):
        """Return the one code cell whose text begins so."""
        cells = self.cells(start)
        assert len(cells) == 1, f"{len(cells)} cells begin with {start!r}"
        return cells[0]

    def code(self, cell):
        return dict(self.window.execute_script(TEXT_OF_CELLS))[cell]

    def output(self, cell):
        """Return what stands under a cell, without the signs of panels, which are for the eye alone."""
        return SIGNS.sub("", cell.find_element("css selector", ".jp-OutputArea").text)

    def rows(self, cell):
        """Return what a panel under a cell says of a wrong answer: label → text."""
        labels, texts = (cell.find_elements("css selector", f".lungseg-panel {tag}") for tag in ("dt", "dd"))
        return {label.text: text.text for label, text in zip(labels, texts, strict=True)}

    def prompt(self, cell):
        return cell.find_element("css selector", ".jp-InputPrompt").text

    def has_ended(self, cell):
        return self.prompt(cell) not in ("[*]:", "[ ]:")

    def show(self, cell):
        self.window.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)

    def photograph(self, name):
        path = self.folder / f"{name}.png"
        self.window.save_screenshot(str(path))
        print(f"screenshot: {path}")

    # ---- What is done ----------------------------------------------------------------------------

    def keys(self):
        from selenium.webdriver import ActionChains

        return ActionChains(self.window)

    def replace_line(self, cell, old, new):
        """Click on a line, select it up to its indentation, and type."""
        from selenium.webdriver import Keys

        line = next(line for line in cell.find_elements("css selector", ".cm-line") if line.text.strip() == old)
        self.show(cell)
        keys = self.keys().click(line).send_keys(Keys.END)
        keys.key_down(Keys.SHIFT).send_keys(Keys.HOME).key_up(Keys.SHIFT).send_keys(new).perform()
        self.wait(lambda: new in self.code(cell))

    def start(self, cell):
        """Click into a cell and press shift and return."""
        from selenium.webdriver import Keys

        self.show(cell)
        editor = cell.find_element("css selector", ".cm-content")
        self.keys().click(editor).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()

    def run(self, cell):
        """Run a cell, wait for its end, and return its output."""
        # After a restart a cell may get the number again that it has already.
        self.window.execute_script("arguments[0].querySelector('.jp-InputPrompt').textContent = '[ ]:'", cell)
        self.start(cell)
        self.wait(lambda: self.has_ended(cell))
        time.sleep(0.5)  # the last words of an output may come after the number
        return self.output(cell)

    def start_all(self):
        self.choose("Run", "Run All Cells")

    def run_all(self, last):
        """Run all cells, and wait for the output of the last one that is run."""
        self.start_all()
        self.wait(lambda: self.output(last) and self.is_idle())

    def run_all_above(self, cell, patience=PATIENCE):
        """Select a cell, run all above it, and wait for the end."""
        cells = self.window.execute_script(TEXT_OF_CELLS)
        above = [each for each, text in cells[: [each for each, _ in cells].index(cell)] if text]
        self._forget_the_numbers()
        self.select(cell)
        self.choose("Run", "Run All Above Selected Cell")
        self.wait(lambda: all(map(self.has_ended, above)) and self.is_idle(), patience)

    def run_all_to_the_end(self, patience):
        """Run all cells, and wait until the last one has ended."""
        self._forget_the_numbers()
        self.start_all()
        cells = [cell for cell, text in self.window.execute_script(TEXT_OF_CELLS) if text]
        self.wait(lambda: all(map(self.has_ended, cells)) and self.is_idle(), patience)
        time.sleep(1)  # the last outputs may come after the number

    def _forget_the_numbers(self):
        """See that cells which were run before count as not run."""
        self.window.execute_script("document.querySelectorAll('.jp-InputPrompt').forEach(e => e.textContent = '[ ]:')")

    def new_cell_below(self, cell, text):
        """Select a cell, press B, and type into the new one."""
        from selenium.webdriver import Keys

        self.select(cell)
        self.keys().send_keys("b").pause(0.5).send_keys(Keys.ENTER).send_keys(text).perform()
        self.wait(lambda: self.cells(text))
        return self.cell(text)

    def restart(self):
        """Restart the kernel, and wait for the new one."""
        self.choose("Kernel", "Restart Kernel…")
        self.click_text(".jp-Dialog-buttonLabel", "Restart")
        self.wait(lambda: not self.all(".jp-Dialog"))
        time.sleep(1)  # what is idle before is the former kernel
        self.wait(self.is_idle)

    def restart_and_run_all(self):
        self.choose("Kernel", "Restart Kernel and Run All Cells…")
        self.click_text(".jp-Dialog-buttonLabel", "Restart")

    def interrupt(self):
        """Press the square button."""
        self.all('[data-command="notebook:interrupt-kernel"], [title^="Interrupt the kernel"]')[0].click()

    def save(self, path):
        """Save the notebook, which is this file."""
        before = path.stat().st_mtime_ns
        self.choose("File", "Save Notebook")
        self.wait(lambda: path.stat().st_mtime_ns != before)

    def reload(self, is_new):
        """Choose `Reload Notebook from Disk`, and wait until a condition holds."""
        self.choose("File", "Reload Notebook from Disk")
        self.wait(is_new)

    def select(self, cell):
        """Click beside a cell."""
        self.show(cell)
        self.keys().click(cell.find_element("css selector", ".jp-InputPrompt")).perform()

    def press_d_twice(self, cell):
        """Click beside a cell, and press D twice, which deletes it."""
        self.select(cell)
        self.keys().send_keys("dd").perform()

    def delete(self, cell):
        count = len(self.all(".jp-Notebook .jp-Cell"))
        self.press_d_twice(cell)
        self.wait(lambda: len(self.all(".jp-Notebook .jp-Cell")) == count - 1)

    def rename(self, old, new):
        """Rename a file in the file browser: right button, `Rename`, the name, return."""
        from selenium.webdriver import Keys

        def find(name):
            return [item for item in self.all(".jp-DirListing-item") if item.text.split("\n")[0] == name]

        self.wait(lambda: find(old))
        self.keys().context_click(find(old)[0]).perform()
        self.click_text(".lm-Menu-itemLabel", "Rename")
        self.wait(lambda: self.all("input.jp-DirListing-editor"))
        self.keys().key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(new, Keys.ENTER).perform()
        self.wait(lambda: find(new))

    def choose(self, menu, item):
        self.click_text(".lm-MenuBar-itemLabel", menu)
        self.click_text(".lm-Menu-itemLabel", item)

    def click_text(self, selector, text):
        self.wait(lambda: [item for item in self.all(selector) if item.text == text])
        next(item for item in self.all(selector) if item.text == text).click()

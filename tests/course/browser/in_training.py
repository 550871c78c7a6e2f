"""A student trains in a browser: closes it meanwhile, runs all the next day, interrupts, gets a new version.

make test-browser
"""

import re
import subprocess
import sys

import nbformat

from lungseg.errors import InputError
from lungseg.runs import load_run
from lungseg_course.updating.marks import stamp
from student_page import fill_in, words

NOTEBOOK = "Train_UNET.ipynb"
FIRST, BEGIN, TRAIN, CURVES, LAST = (
    "import os\n",
    "from lungseg_course import begin_training",
    "if attempt.finished:",
    "from lungseg.plotting import plot_history",
    "for path in sorted(run.folder.iterdir())",
)


def prepare(course):
    """All is answered, and the training is long enough to do something meanwhile."""
    fill_in(course, NOTEBOOK, {"EPOCHS, DEPTH = (2, 2)": "EPOCHS, DEPTH = (8, 2)"})


def is_finished(run):
    try:
        return load_run(run).settings.get("finished")
    except InputError:
        return False


# Looks at the figure in each frame that the browser draws, while it is replaced again and again.
WATCH = """
const cell = arguments[0], seen = window.seen = {frames: 0, without: 0, heights: {}, pictures: {}};
(function look() {
    const pictures = cell.querySelectorAll('.jp-OutputArea img');
    if (pictures.length) {
        seen.frames += 1;
        const whole = pictures.length === 1 && pictures[0].complete && pictures[0].naturalWidth > 0;
        seen.without += whole ? 0 : 1;
        seen.heights[pictures[0].parentElement.offsetHeight] = true;
        seen.pictures[pictures[0].alt] = true;
    }
    requestAnimationFrame(look);
})();
"""


def has_picture(page):
    return bool(page.cell(CURVES).find_elements("css selector", ".jp-OutputArea img"))


def has_one_figure(page):
    """Whether the cell that trains shows one figure, which has its text for those who do not see it."""
    (picture,) = page.cell(TRAIN).find_elements("css selector", ".jp-OutputArea img")
    return picture.get_attribute("alt").startswith("Training after epoch ")


def watch_it_train(page):
    """The figure changes, without a frame in which it is not there, and without a jump of what stands below."""
    page.show(page.cell(TRAIN))
    page.window.execute_script(WATCH, page.cell(TRAIN))
    page.wait(lambda: "val_dice" in page.output(page.cell(TRAIN)))  # after the first epoch
    page.show(page.cell(TRAIN))
    page.photograph("training, going on")
    seen = page.window.execute_script("return window.seen")
    print("the figure:", {**seen, "pictures": len(seen["pictures"])})
    assert len(seen["pictures"]) > 1
    assert seen["without"] == 0
    assert len(seen["heights"]) == 1


def train_and_close_the_browser(page, project):
    page.start_all()
    watch_it_train(page)
    closed = page.window.current_window_handle
    page.window.switch_to.new_window("tab")
    opened = page.window.current_window_handle
    page.window.switch_to.window(closed)
    page.window.close()
    page.window.switch_to.window(opened)
    assert not is_finished(project / "results" / "run"), "it was too quick for this test"
    page.wait(lambda: is_finished(project / "results" / "run"))


def open_it_again(page, address):
    page.open(address)
    page.show(page.cell(TRAIN))
    page.photograph("training, opened again")
    page.start_all()
    look_for_the_training(page)


def run_all_the_next_day(page):
    page.restart_and_run_all()
    look_for_the_training(page)
    page.show(page.cell(BEGIN))
    page.photograph("training, next day")


def look_for_the_training(page):
    page.wait(lambda: not page.has_ended(page.cell(LAST)))
    page.wait(lambda: page.has_ended(page.cell(LAST)) and page.is_idle())
    said = words(page.output(page.cell(BEGIN)))
    assert said.startswith("This training is finished: it is in results/run, with a val_dice of ")
    assert has_one_figure(page)
    assert has_picture(page)


def train_again_and_interrupt(page, project):
    before = (project / "results" / "run" / "best.keras").read_bytes()
    line = "TRAIN_AGAIN = False  # True: train once more, even if this very training is finished and kept"
    page.replace_line(page.cell(FIRST), line, "TRAIN_AGAIN = True")
    page.restart_and_run_all()
    page.wait(lambda: "val_dice" in page.output(page.cell(TRAIN)))  # after the first epoch
    page.interrupt()
    page.wait(lambda: page.has_ended(page.cell(LAST)) and page.is_idle())
    page.show(page.cell(TRAIN))
    page.photograph("training, interrupted")
    said = words(page.output(page.cell(TRAIN)))
    assert re.search(r"Interrupted after epoch \d: its best network so far, with a val_dice of 0\.\d+, is in", said)
    assert "results/run is as it was, and notebook 5 will use it." in said
    assert "Traceback" not in said
    assert has_one_figure(page)
    assert has_picture(page)
    assert (project / "results" / "run" / "best.keras").read_bytes() == before


def get_a_new_version(page, project, course):
    page.save(course / NOTEBOOK)
    given = nbformat.read(project / NOTEBOOK, as_version=4)
    given.cells[0].source = "# A new heading\n\nAnd a new text."
    nbformat.write(stamp(given, "Train_UNET"), project / NOTEBOOK)
    done = subprocess.run(
        [sys.executable, "-m", "lungseg_course", "update"], cwd=course, capture_output=True, text=True, check=True
    )
    said = words(done.stdout)
    assert "my_course/Train_UNET.ipynb: up to date, with 1 new or changed cell; what you wrote is kept." in said
    assert "open in JupyterLab, choose Reload Notebook from Disk in its menu File." in said
    page.reload(lambda: page.all(".jp-MarkdownOutput h1")[0].text.startswith("A new heading"))
    assert "TRAIN_AGAIN = True" in page.code(page.cell(FIRST))
    assert "np.random.default_rng(seed).shuffle(mixed)" in page.code(page.cell("# Exercise 4.1"))
    assert "Exercise 4.1: correct." in page.output(page.cell('check("4.1"'))
    assert has_picture(page)
    page.photograph("training, new version")


def test_a_training_is_not_lost_whatever_happens_to_the_browser(page, project, course, address):
    train_and_close_the_browser(page, project)
    open_it_again(page, address)
    run_all_the_next_day(page)
    train_again_and_interrupt(page, project)
    get_a_new_version(page, project, course)

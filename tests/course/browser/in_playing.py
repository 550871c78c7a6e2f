"""A student moves the sliders of notebooks 1, 2 and 3: the picture changes, and so do the words beside it.

make test-browser
"""

import pytest

from lab_server import end_kernels
from lungseg_course.engine.exercises import NOTEBOOKS
from student_page import Page, fill_in

# Notebook → how the cell begins that makes the figure, and the label of a slider.
SLIDERS = {
    "1": ("from lungseg_course.play.stretching", "white: percentile"),
    "2": ("from lungseg_course.play.sizes", "depth"),
    "3": ("from lungseg_course.figures import unsure_prediction", "threshold"),
}
PATIENCE = 300  # seconds for all the cells above, on a busy machine


def prepare(course):
    """What stands above the figures is answered."""
    for number in SLIDERS:
        fill_in(course, NOTEBOOKS[number], {})


@pytest.fixture
def page(window, server, project, course):
    """The browser. Kernels are ended afterwards."""
    window.get_log("browser")  # what was before
    yield Page(window, project.parent)
    window.get("about:blank")
    end_kernels(server)


def picture(cell):
    """Return the words and the bytes of the one picture that is seen under a cell."""
    images = cell.find_elements("css selector", ".jp-OutputArea img")
    (seen,) = [image for image in images if image.is_displayed()]
    return seen.get_attribute("alt"), seen.get_attribute("src")


def find_slider(cell, label):
    """Return the handle of a slider, and the number beside it."""
    boxes = cell.find_elements("css selector", ".widget-slider")
    (box,) = [box for box in boxes if box.find_element("css selector", ".widget-label").text == label]
    return box.find_element("css selector", ".noUi-handle"), box.find_element("css selector", ".widget-readout")


@pytest.mark.parametrize("number", SLIDERS)
def test_moving_a_slider_changes_picture_and_words(page, server, number):
    from selenium.webdriver import Keys

    url, token = server
    page.open(f"{url}/lab/tree/my_course/{NOTEBOOKS[number]}?token={token}")
    start, label = SLIDERS[number]
    cell = page.cell(start)
    page.run_all_above(cell, PATIENCE)
    page.run(cell)
    page.wait(lambda: cell.find_elements("css selector", ".noUi-handle"))
    handle, readout = find_slider(cell, label)
    page.show(handle)
    seen = [(*picture(cell), readout.text)]
    page.photograph(f"{number}, sliders")
    by_mouse = page.keys().drag_and_drop_by_offset(handle, -40, 0)
    by_key = page.keys().send_keys_to_element(handle, Keys.ARROW_RIGHT)
    for move in (by_mouse, by_key):
        move.perform()
        page.wait(lambda: picture(cell)[1] != seen[-1][1])
        page.wait(page.is_idle)
        seen.append((*picture(cell), readout.text))
    page.photograph(f"{number}, moved")
    for part in zip(*seen, strict=True):  # the words, the pictures, the numbers
        assert len(set(part)) == len(seen)
    complaints = [entry["message"] for entry in page.window.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []

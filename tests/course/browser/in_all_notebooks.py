"""A student goes through all the notebooks: a wrong answer, a hint, the right answer, all cells; in light and in dark.

make test-browser
"""

from pathlib import Path

import pytest

from lab_server import choose_theme, end_kernels
from lungseg_course.engine.exercises import NOTEBOOKS
from student_page import Page, fill_in

# Of the first exercise of each notebook: a line of the solution, and what the student has in its place.
WRONG = {
    "1": ("return count * size * size * channels * bytes_per_number / 1e9", "return count * size * channels / 1e9"),
    "2": ("x = layers.BatchNormalization(momentum=0.9)(x)", "x = layers.BatchNormalization()(x)"),
    "3": ("return (2 * overlap + smooth) / (total + smooth)", "return (overlap + smooth) / (total + smooth)"),
    "4": ("np.random.default_rng(seed).shuffle(mixed)", "mixed.reverse()"),
    "5": ("return model.predict_on_batch(image[None, :, :, None])[0, :, :, 0]", "return model(image)"),
    "6": ("d = scores_b - scores_a", "d = scores_a - scores_b"),
}
AT_MOST = 900  # seconds for all the cells of a notebook, on a busy machine
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PICTURES = "return Array.from(document.querySelectorAll('.jp-OutputArea img')).map(image => [image.alt, image.width])"
ERRORS = (
    '.jp-OutputArea [data-mime-type="application/vnd.jupyter.stderr"]',
    '.jp-OutputArea [data-mime-type="application/vnd.jupyter.error"]',
)


def prepare(course):
    """All is answered, with something wrong in each notebook."""
    for number, path in NOTEBOOKS.items():
        right, wrong = WRONG[number]
        fill_in(course, path, {right: wrong})


@pytest.fixture
def page(window, server, project, course):
    """The browser. Kernels are ended afterwards, and JupyterLab is light again."""
    window.get_log("browser")  # what was before
    yield Page(window, project.parent)
    window.get("about:blank")
    end_kernels(server)
    choose_theme(server, "light")


def answer_the_first_exercise(page, number):
    """Run what stands above it, be wrong, ask for a hint, be right."""
    right, wrong = WRONG[number]
    exercise, check = page.cell(f"# Exercise {number}.1"), page.cell(f'check("{number}.1"')
    page.run_all_above(check)
    said = page.run(check)
    assert said.startswith(f"Exercise {number}.1: not right yet."), said
    page.photograph(f"{number}, wrong")
    hint = page.new_cell_below(check, f'hint("{number}.1")')
    assert page.run(hint).startswith(f"Hint 1 of 3 for exercise {number}.1:")
    page.delete(hint)
    page.replace_line(exercise, wrong, right)
    page.run(exercise)
    said = page.run(check)
    assert said.startswith(f"Exercise {number}.1: correct."), said


def look_at(page, name):
    """Look for errors, for pictures without words, and for panels that are hard to read."""
    for selector in ERRORS:
        assert [element.text for element in page.all(selector)] == []
    pictures = page.window.execute_script(PICTURES)
    assert pictures, "no figure at all"
    assert [alt for alt, width in pictures if len(alt.split()) < 5 or width < 100] == []
    panels = page.window.execute_script(CONTRAST)
    assert len(panels) >= 6
    hard = [panel for panel in panels if panel[1] < 4.5]
    assert hard == []
    least = min(contrast for _, contrast in panels)
    print(f"{name}: {len(pictures)} pictures with words, {len(panels)} panels, contrast at least {least:.1f}")
    complaints = [entry["message"] for entry in page.window.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []


def read_the_report(page):
    """Click on the link at the end of notebook 5, if a training came before; else the report is in the notebook."""
    window, here = page.window, page.window.current_window_handle
    cell, before = page.cell("trained.write_report()"), set(window.window_handles)
    links = cell.find_elements("css selector", '.jp-OutputArea a[href*="report.html"]')
    for link in links:
        page.show(link)
        link.click()
    frames = ".jp-HTMLViewer iframe" if links else 'iframe[title="The report"]'
    page.wait(lambda: set(window.window_handles) - before or page.all(frames))
    for new in set(window.window_handles) - before:
        window.switch_to.window(new)
    for frame in page.all(frames):
        window.switch_to.frame(frame)
    page.wait(lambda: page.all("table") and page.all("img"))
    page.photograph("5, the report")
    text = page.all("body")[0].text
    assert "Dice" in text
    assert len(text.split()) > 200
    if window.current_window_handle != here:
        window.close()
    window.switch_to.window(here)


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_a_notebook_from_top_to_bottom(page, server, course, number):
    url, token = server
    path = NOTEBOOKS[number]
    address = f"{url}/lab/tree/my_course/{path}?token={token}"
    page.open(address)
    answer_the_first_exercise(page, number)
    page.run_all_to_the_end(AT_MOST)
    look_at(page, f"{path}, light")
    page.show(page.all(".lungseg-panel")[-1])
    page.photograph(f"{number}, light")
    page.save(course / path)
    if number == "5":
        read_the_report(page)
    choose_theme(server, "dark")
    page.open(address)
    assert page.all('body[data-jp-theme-light="false"]')
    look_at(page, f"{path}, dark")
    page.show(page.all(".lungseg-panel")[-1])
    page.photograph(f"{number}, dark")

"""The pages of feedback: nothing from the network, formulas drawn, pictures small and with words, verdicts in words."""

import base64
import io
import json
import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from traitlets.config import Config

from grader import feedback
from lungseg.plotting.in_notebooks import picture as as_shown
from lungseg_course.engine.panel import hint_offered, panel


def picture(kind="PNG", size=(900, 700)):
    """A picture that hardly any compression makes smaller, in base64."""
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype="uint8")
    data = io.BytesIO()
    Image.fromarray(noise).save(data, kind)
    return base64.b64encode(data.getvalue()).decode("ascii")


def shown(data, kind="image/png", **bundle):
    words = {kind: {"alt": bundle.pop("alt")}} if "alt" in bundle else {}
    return new_output("display_data", data={kind: data, **bundle}, metadata=words)


def graded(grade_id, score, points, *outputs):
    facts = {"grade_id": grade_id, "grade": True, "score": score, "points": points}
    return new_code_cell(f'check("{grade_id}")', metadata={"nbgrader": facts}, outputs=list(outputs))


def panel_of(kind, words, title, body=""):
    return shown(panel(kind, title, body), "text/html", **{"text/plain": words})


def page_of(*cells, penalty=0):
    settings = Config()
    settings.HTMLExporter.template_name = "lungseg"
    settings.HTMLExporter.extra_template_basedirs = [str(feedback.TEMPLATES)]
    exporter = feedback.FeedbackExporter(config=settings)
    settings.MakePlain.folders = {"/marks/0/graded/ada": "your folder"}
    for step in (feedback.MakePlain, feedback.MakeSmall):
        exporter.register_preprocessor(step(config=settings), enabled=True)
    facts = {"notebook": "LossMetrics", "score": 3.5, "max_score": 22, "late_penalty": penalty}
    return exporter.from_notebook_node(nbformat.from_dict(new_notebook(cells=list(cells))), {"nbgrader": facts})[0]


def test_formulas_are_drawn_by_the_browser():
    text = "Half: $\\frac{1}{2}$.\n\n$$ \\mathrm{DSC} = \\frac{2\\,|A \\cap B|}{|A| + |B|} $$\n\nNo formula: $\\frac{$."
    page = page_of(new_markdown_cell(text))
    assert page.count("<math") == 2
    assert page.count("<mfrac>") == 2
    assert "$" not in re.sub(r"<style>.*?</style>|<code>.*?</code>", "", page, flags=re.DOTALL)


def test_nothing_is_loaded_from_anywhere():
    page = page_of(new_markdown_cell("text"), new_code_cell("1", outputs=[shown("<b>1</b>", "text/html")]))
    policy = BeautifulSoup(page, "html.parser").find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert (
        policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )  # what a student's own HTML asks for
    assert not re.search(r"<(script|link|iframe|object)|@import|url\(|\bsrc=|https?:", page)


def test_verdicts_and_links_have_words():
    page = page_of(
        *(graded("check_3_1", 4, 4), graded("check_3_2", 1.5, 4), graded("quiz_3_1", 0, 1), new_code_cell("1")),
        graded("check_1_4", 0, 0),
        penalty=2,
    )
    assert "<title>LossMetrics: 3.5 of 22 points</title>" in page
    assert '<a href="#check_3_1">Exercise 3.1</a>: 4 of 4 points' in page
    assert '<a href="#quiz_3_1">Question 3.1</a>: 0 of 1 points' in page
    assert '<a href="#check_1_4">Exercise 1.4</a>: optional' in page
    assert '<p class="verdict">Optional: it counts no points</p>' in page
    verdicts = re.findall(r'<p class="verdict (\w+)">\s*(.*?)</p>', page)
    assert verdicts == [
        ("wrong", "Handed in late: 2 points less"),
        ("right", "✓ Right: 4 of 4 points"),
        ("partly", "◐ Partly right: 1.5 of 4 points"),
        ("wrong", "✗ Not right yet: 0 of 1 points"),
    ]
    assert set(re.findall(r'href="#(\w+)"', page)) == set(re.findall(r'<section class="code check" id="(\w+)"', page))


def test_a_check_says_first_why_it_has_its_points_and_nothing_of_hidden_tests():
    why = "Graded with the reference solution of `dice` in place of yours: that it does not work costs nothing more."
    verdict = {"title": "Exercise 3.2: not right yet.", "body": hint_offered("3.2")}
    said = 'Exercise 3.2: not right yet.\n  Mistake   factor 2\n  (A hint: hint("3.2"))'
    outputs = (panel_of("wrong", said, **verdict), panel_of("note", why, why))
    cell = graded("check_3_2", 4, 4, new_output("stream", text="Your code printed:\n"), *outputs)
    cell.source = 'check("3.2", f)\n### BEGIN HIDDEN TESTS\npoints("3.2", f, of=4)\n### END HIDDEN TESTS'
    page = BeautifulSoup(page_of(cell), "html.parser")
    text, words = page.get_text(), " ".join(page.get_text(" ").split())
    assert "costs nothing more. With your own: Your code printed: ✗ Exercise 3.2: not right yet." in words
    assert "A hint" not in text
    assert "HIDDEN" not in text
    assert 'points("3.2"' in text


def test_no_page_tells_places_on_the_computer_that_grades_or_insides_of_libraries():
    inside = f"File {json.__file__}:3, in loads(s)\n----> 3 raise"
    error = new_output(
        "error",
        ename="StdinNotImplementedError",
        evalue="raw_input was called",
        traceback=["Traceback\nCell In[2], line 1\n----> 1 input()\n", f"{inside}\n", "StdinNotImplementedError: raw"],
    )
    printed = new_output(
        "stream",
        text=f'(A hint: hint("3.2"))\nin /marks/0/graded/ada, from /marks/0/graded/ada/a.npy and {json.__file__}',
    )
    text = BeautifulSoup(page_of(new_code_cell("1", outputs=[printed, error])), "html.parser").get_text()
    assert "in your folder, from your folder/a.npy and json/__init__.py" in text
    assert "----> 1 input()\n\nStdinNotImplementedError: it asks with `input()`" in text
    assert "raise" not in text
    assert "hint(" not in text


def test_it_can_be_read_in_the_dark():
    page = page_of(new_markdown_cell("text"))
    assert page.count("@media (prefers-color-scheme: dark)") == 2
    assert '<html lang="en">' in page


def test_pictures_keep_their_words():
    small = picture(size=(8, 8))
    page = page_of(
        new_code_cell("1", outputs=[shown(small, alt='Two discs, "A" and B')]),
        new_code_cell("2", outputs=[shown(small, **{"text/plain": "A histogram"})]),
        new_code_cell(
            "3", outputs=[shown(picture("JPEG", (8, 8)), "image/jpeg", **{"text/plain": "<Figure size 1x1>"})]
        ),
        new_code_cell("4", outputs=[shown("no picture")]),
        new_code_cell("5", outputs=[shown(as_shown(base64.b64decode(small), "Dice > 0.9"), "text/html")]),
    )
    words = [image["alt"] for image in BeautifulSoup(page, "html.parser").find_all("img")]
    assert words == ['Two discs, "A" and B', "A histogram", "A picture that your code has drawn", "Dice > 0.9"]
    assert "A picture has no place on this page: A picture that your code has drawn" in page


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(25, marks=pytest.mark.thorough)])
def test_a_page_stays_below_a_megabyte(count):
    data = picture()
    assert len(data) > 2_000_000
    text = new_output("stream", text="x" * 2_000_000)
    error = new_output("error", ename="E", evalue="e", traceback=["y" * 2_000_000])
    html = shown("z" * 2_000_000, "text/html", **{"text/plain": "a table"})
    page = page_of(*(new_code_cell("1", outputs=[shown(data), text, error, html]) for _ in range(count)))
    assert len(page.encode()) < 1_000_000
    assert page.count("<img") + page.count("A picture has no place") == count
    assert page.count("<img") >= min(count, 4)
    assert page.count("1,994,000 characters more") == page.count("a table") == count

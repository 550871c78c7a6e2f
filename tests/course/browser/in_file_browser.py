"""A notebook that is renamed in JupyterLab: what is done in it goes where it belongs.

make test-browser
"""

import json

from student_page import fill_in, words

NOTEBOOK = "Data_Generator/DataGenerator.ipynb"


def prepare(course):
    fill_in(course, NOTEBOOK, {})


def run_what_is_handed_in(page):
    for start in ("import os", "import numpy", "# Exercise 1.2", "import math", "# Exercise 1.3"):
        page.run(page.cell(start))


def test_a_notebook_that_is_renamed(page, course):
    run_what_is_handed_in(page)
    page.rename("DataGenerator.ipynb", "ada.ipynb")
    assert page.run(page.cell('check("1.3"')).startswith("Exercise 1.3: correct.")
    said = page.run(page.cell("hand_in"))
    page.photograph("renamed")
    place = "Handed in: DataGenerator → Data_Generator/DataGenerator.py (checked), in "
    assert words(said) == f"{place}{course}. Notebook 4 will use it."
    handed_in, record = course / "Data_Generator" / "DataGenerator.py", course / ".lungseg_progress.json"
    assert "class DataGenerator" in handed_in.read_text(encoding="utf-8")

    handed_in.unlink()
    page.restart()
    run_what_is_handed_in(page)
    assert words(page.run(page.cell("hand_in"))).startswith(place)
    assert page.run(page.cell('check("1.2"')).startswith("Exercise 1.2: correct.")
    assert json.loads(record.read_text(encoding="utf-8"))["exercises"]["1.2"]["solved"]
    assert list(course.rglob(".lungseg_progress.json")) == [record]
    assert list(course.rglob("DataGenerator.py")) == [handed_in]

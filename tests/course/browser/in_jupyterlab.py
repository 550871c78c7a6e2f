"""A student in a browser: open the first notebook in JupyterLab, fill a cell, run it, read what the check says.

make test-browser
"""

import json

from student_page import words

NOTEBOOK = "Data_Generator/DataGenerator.ipynb"


BLANK = (
    "Exercise 1.1 is not done yet: `array_gigabytes` still has its `todo()`. Put your code in its place, run that "
    'cell, then this one. Stuck? hint("1.1") Stopped here.'
)


def test_a_student_s_first_exercise(page, course):
    exercise, check = page.cell("# Exercise 1.1"), page.cell('check("1.1"')

    page.run_all(last=check)
    assert words(page.output(check)) == words(BLANK)
    page.show(check)
    page.photograph("1 blank")
    assert page.prompt(page.cell("# Question 1.1")) == "[ ]:", "it stops there"

    page.replace_line(exercise, "todo()", "return count * size * channels * bytes_per_number / 1e9")
    assert page.run(exercise) == ""
    said = page.run(check)
    page.photograph("2 wrong")
    assert said.startswith("Exercise 1.1: not right yet.\n")
    assert said.endswith('\n(A hint: hint("1.1"))')
    rows = page.rows(check)
    assert list(rows) == ["I tried", "It gave", "Expected", "Mistake", "Try"]
    assert rows["I tried"].startswith("array_gigabytes(")

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

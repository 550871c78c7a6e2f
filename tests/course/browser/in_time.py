"""A loop that never ends: `check` stops it, or the student does, with the square button.

make test-browser
"""

import time

from student_page import fill_in

NOTEBOOK = "Data_Generator/DataGenerator.ipynb"
LOOP = """total = 0
    while True:
        total += size
    return total"""


def prepare(course):
    fill_in(course, NOTEBOOK, {"return count * size * size * channels * bytes_per_number / 1e9": LOOP})


def begin(page):
    """Run what the check needs."""
    assert page.run(page.cell("import os")).startswith("lungseg ")
    assert page.run(page.cell("# Exercise 1.1")) == ""
    return page.cell('check("1.1"')


def is_alive(page):
    return page.run(page.cell("import os")).startswith("lungseg ")


def test_a_loop_that_never_ends(page):
    check = begin(page)
    began = time.monotonic()
    said = page.run(check)
    print(f"stopped after {time.monotonic() - began:.0f} s by the clock")
    page.photograph("endless loop")
    assert said.startswith("Exercise 1.1: not right yet.")
    rows = page.rows(check)
    stopped, place = rows["It gave"].split("\n")
    assert stopped == "nothing; it was stopped after 10 seconds of computing"
    assert place in ("in line 6 of your cell:  total += size", "in line 5 of your cell:  while True:")
    assert rows["Mistake"].startswith("it does not come to an end. Such a loop goes round until break or")
    assert is_alive(page)


def test_an_interrupt_of_a_check(page):
    check = begin(page)
    page.start(check)
    page.wait(lambda: page.prompt(check) == "[*]:")
    time.sleep(2)  # for the loop to be reached
    page.interrupt()
    page.wait(lambda: page.has_ended(check))
    time.sleep(0.5)
    page.photograph("interrupted check")
    assert page.output(check).startswith("The check was stopped, as you asked for, in line ")
    assert page.output(check).split("\n")[1:] == ["Stopped here."]
    assert is_alive(page)

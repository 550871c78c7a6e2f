"""The page that `make lab` opens: parts in order, each a link, what is done and what is next."""

import json

import pytest

from lungseg_course import check, hint, quiz, record
from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.start_page import FILE, write_start_page
from tiny_course import double


@pytest.fixture
def page(course):
    """Its lines, as they are now; of the course with a first notebook that says how long it takes."""
    first = "# 1. Counting, and more\n\nPart 1 of 6.\n\n**Time:** about an hour and a half. You need nothing."
    for number, path in NOTEBOOKS.items():
        (course / path).parent.mkdir(exist_ok=True)
        cells = [{"cell_type": "markdown", "source": first.splitlines(keepends=True)}] if number == "1" else []
        (course / path).write_text(json.dumps({"cells": cells}), encoding="utf-8")
    write_start_page(course, record.read_book(course))
    return lambda: (course / FILE).read_text(encoding="utf-8").splitlines()


def rows(lines):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][1:]


def test_at_the_start_it_says_where_to_begin(page):
    lines = page()
    assert "**Next: [1. Counting, and more](Data_Generator/DataGenerator.ipynb)**, begin here." in lines
    title = "[Counting, and more](Data_Generator/DataGenerator.ipynb)"
    assert rows(lines)[0] == ["1", title, "an hour and a half", "0 of 2, and 0 of 1 optional", "0 of 1", "**← next**"]
    assert [row[1].partition("](")[2].rstrip(")") for row in rows(lines)] == list(NOTEBOOKS.values())
    assert rows(lines)[1][:3] == ["2", "[UNET_architecture](UNet_Arch/UNET_architecture.ipynb)", ""]


def test_it_keeps_up_with_what_is_done(page):
    check("1.1", double)
    assert rows(page())[0][3:] == ["1 of 2, and 0 of 1 optional", "0 of 1", "**← next**"]
    assert any(line.endswith("**, go on with exercise 1.2.") for line in page())
    check("1.2", lambda: 1, lambda: 2)
    quiz("1.1", "b")
    assert [row[5] for row in rows(page())[:2]] == ["done ✓", "**← next**"]
    assert any(line.startswith("**Next: [2. ") and line.endswith(", begin with exercise 2.1.") for line in page())
    check("2.1", double)
    assert "**All done. Well done!**" in page()


def test_a_notebook_with_another_name_is_linked(page, course):
    given = course / NOTEBOOKS["2"]
    names = ("exercise_2_1", "check_2_1", "question_2_1")
    cells = [{"cell_type": "code", "id": name, "source": "y = 2", "metadata": {"tags": ["exercise"]}} for name in names]
    given.with_name("my U-Net, 2nd try.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    given.unlink()
    write_start_page(course, record.read_book(course))
    assert rows(page())[1][1] == "[my U-Net, 2nd try](UNet_Arch/my%20U-Net%2C%202nd%20try.ipynb)"


def test_no_page_appears_where_there_is_none(course):
    check("1.1", double)
    hint("1.1")
    assert not (course / FILE).exists()


def test_a_page_that_cannot_be_written_stops_nobody(page, course):
    (course / FILE).unlink()
    (course / FILE).mkdir()
    write_start_page(course, record.read_book(course))
    check("1.1", double)

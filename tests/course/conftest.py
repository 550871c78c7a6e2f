"""A small course, and the same with its notebooks built."""

import pytest

import build
import notebooks
from lungseg_course.updating.copies import update
from small_sources import SOURCE, TABLE, TRAIN, answer, chapter, edit


@pytest.fixture
def course(tmp_path):
    """Five small sources with the table of their points, and nothing built."""
    small = build.Course(tmp_path, chapter)
    for n, name in enumerate(notebooks.NOTEBOOKS, start=1):
        small.source(name).parent.mkdir(parents=True, exist_ok=True)
        small.source(name).write_text(SOURCE.format(n=n), encoding="utf-8")
    small.instructors.write_text(TABLE, encoding="utf-8")
    return small


@pytest.fixture
def built(course):
    build.write(course)
    return course


@pytest.fixture
def mine(built, capsys):
    """The student's folder, with an answer in it."""
    update(root=built.root)
    edit(built.root / "my_course" / TRAIN, answer)
    capsys.readouterr()
    return built.root / "my_course"

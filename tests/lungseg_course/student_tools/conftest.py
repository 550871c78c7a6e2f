"""The small course that the tools of a student are tried on."""

import pytest

from lungseg_course import helping
from lungseg_course.chapters import chapter_1, chapter_2, chapter_3, chapter_4, chapter_5, chapter_6
from lungseg_course.engine.exercises import Exercise
from lungseg_course.engine.notebook import cells
from tiny_course import DOUBLE, EXTRA, HINTS, PAIR, WHY, look_at_three


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course with three exercises and a question in its first notebook, and one exercise in its second."""
    monkeypatch.chdir(tmp_path)
    for module in (chapter_1, chapter_2, chapter_3, chapter_4, chapter_5, chapter_6):
        monkeypatch.setattr(module, "EXERCISES", ())
        monkeypatch.setattr(module, "QUESTIONS", ())
    monkeypatch.setattr(chapter_1, "EXERCISES", (DOUBLE, PAIR, EXTRA))
    monkeypatch.setattr(chapter_1, "QUESTIONS", (WHY,))
    monkeypatch.setattr(chapter_2, "EXERCISES", (Exercise("2.1", "", ("f",), (look_at_three,), "Well.", HINTS),))
    monkeypatch.setattr(helping, "_solutions", lambda: {"1.1": "def double(n):\n    return 2 * n"})
    (tmp_path / "Train_UNET.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def no_notebook(monkeypatch):
    """Whatever a test has watched, the next one is outside of a notebook."""
    monkeypatch.setattr(cells, "_watched", None)


@pytest.fixture
def session(course, monkeypatch):
    """Return the notebook's file, of which a kernel knows where it lies."""
    file = course / "Data_Generator" / "DataGenerator.ipynb"
    file.parent.mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    return file

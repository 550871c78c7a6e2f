"""The skeleton of a new exercise: three files, which can be built and checked as they are."""

from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import build
from lungseg_course.engine.exercises import Exercise
from lungseg_course.engine.verdict import Wrong
from new_exercise import FILL_IN, new_exercise
from notebooks import SourceError
from small_sources import chapter

TABLES = SimpleNamespace(look_jaccard=None, look_loss=None)
CHAPTER = """from lungseg_course.chapters.chapter_3 import jaccard, loss
from lungseg_course.engine.exercises import Exercise

EXERCISES = (
    Exercise("3.1", "twice", ("twice",), (jaccard.look_jaccard, loss.look_loss), "Well done.", ("1", "2", "3")),
)
"""


@pytest.fixture
def folders(course):
    folder = course.root / "lungseg_course" / "chapters" / "chapter_3"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(CHAPTER, encoding="utf-8")
    return course


def load(path, **names):
    module = ModuleType(path.stem)
    vars(module).update(names)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return module


def test_at_most_three_files_are_touched(folders):
    before = {path: path.read_bytes() for path in folders.root.rglob("*") if path.is_file()}
    told = new_exercise("3.2", "specificity", folders.root, chapter)
    after = {path: path.read_bytes() for path in folders.root.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} == set(told)
    assert len(told) == 3


def test_the_list_of_the_chapter_names_the_new_table(folders):
    _, record, table = new_exercise("3.2", "specificity", folders.root, chapter)
    text = record.read_text(encoding="utf-8")
    assert "chapter_3 import jaccard, loss, specificity\n" in text
    _, _, tail = text.partition("EXERCISES = (")
    looks = load(table)
    exercises = eval(f"({tail}", {"Exercise": Exercise, "jaccard": TABLES, "loss": TABLES, "specificity": looks})
    assert [exercise.number for exercise in exercises] == ["3.1", "3.2"]
    assert exercises[1].looks == (looks.look_at_some_values,)


def test_the_skeleton_passes_the_rules_but_for_what_is_to_be_filled_in(folders):
    *_, table = new_exercise("3.2", "specificity", folders.root, chapter)
    made = Exercise("3.2", "specificity", ("specificity",), (load(table).look_at_some_values,), "", ("1", "2", "3"))
    with_it = SimpleNamespace(EXERCISES=(*chapter("3").EXERCISES, made), QUESTIONS=chapter("3").QUESTIONS)
    problems = build.problems_in_sources(build.Course(folders.root, lambda n: with_it if n == "3" else chapter(n)))
    assert len(problems) == 3
    assert all(FILL_IN in problem for problem in problems)


def test_its_mistake_has_its_name(folders):
    *_, table = new_exercise("3.2", "specificity", folders.root, chapter)
    look = load(table).look_at_some_values
    look(lambda value: value + value, rng=np.random.default_rng(0))
    with pytest.raises(Wrong, match="the value itself"):
        look(lambda value: value, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("number", "title", "message"),
    [
        ("3.4", "specificity", "the next number of notebook 3, 3.2"),
        ("3.1", "specificity", "the next number of notebook 3, 3.2"),
        ("9.1", "specificity", "a number of notebook 1 to 6"),
        ("3.2", "2 times", "a function can be named"),
        ("3.2", "lambda", "a function can be named"),
        ("3.2", 'the "best" one', "a function can be named"),
    ],
)
def test_other_numbers_and_titles_are_refused(folders, number, title, message):
    with pytest.raises(SourceError, match=message):
        new_exercise(number, title, folders.root, chapter)


def test_a_file_that_is_there_stays(folders):
    new_exercise("3.2", "specificity", folders.root, chapter)
    with pytest.raises(SourceError, match="exists already"):
        new_exercise("3.2", "specificity", folders.root, chapter)

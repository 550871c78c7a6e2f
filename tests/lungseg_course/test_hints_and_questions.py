"""The words around the exercises: hints, praise, questions, and what is said to each option."""

import re
from pathlib import Path

import pytest

from lungseg_course import hint, quiz
from lungseg_course.engine.exercises import NOTEBOOKS, chapter, find_exercise, find_question

COURSE = Path(__file__).parents[2] / "course"
EXERCISES = [exercise for number in NOTEBOOKS for exercise in chapter(number).EXERCISES]
QUESTIONS = [question for number in NOTEBOOKS for question in chapter(number).QUESTIONS]


def number_of(thing):
    return thing.number


def words(text):
    return " ".join(text.split())


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # progress is kept there


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_they_are_counted_from_one(notebook):
    for things, fewest in ((chapter(notebook).EXERCISES, 2), (chapter(notebook).QUESTIONS, 4)):
        assert [thing.number for thing in things] == [f"{notebook}.{k + 1}" for k in range(max(fewest, len(things)))]


def test_the_advanced_exercises_are_optional():
    assert [exercise.number for exercise in EXERCISES if exercise.optional] == ["1.4", "2.3", "6.3"]


@pytest.mark.parametrize("exercise", EXERCISES, ids=number_of)
def test_each_exercise_has_three_hints_and_its_words(exercise, capsys):
    assert find_exercise(exercise.number) is exercise
    assert len(set(exercise.hints)) == 3
    assert "" not in (exercise.title, exercise.praise, *exercise.hints)
    for level, text in enumerate(exercise.hints, start=1):
        hint(exercise.number)
        said = words(capsys.readouterr().out)
        assert f"Hint {level} of 3 for exercise {exercise.number}" in said
        assert words(text) in said


@pytest.mark.parametrize("question", QUESTIONS, ids=number_of)
def test_each_option_has_its_feedback(question, capsys):
    assert find_question(question.number) is question
    assert list(question.feedback) == ["a", "b", "c", "d"]
    assert min(map(len, question.feedback.values())) > 40
    assert len(set(question.feedback.values())) == 4
    for letter, text in question.feedback.items():
        quiz(question.number, letter)
        verdict = "right" if letter == question.right else "not this one"
        assert words(capsys.readouterr().out) == words(f"Question {question.number}, {letter}: {verdict}. {text}")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_right_letter_varies(notebook):
    assert {question.right for question in chapter(notebook).QUESTIONS} == {"a", "b", "c", "d"}


@pytest.mark.parametrize("question", QUESTIONS, ids=number_of)
def test_the_notebook_asks_with_all_the_options(question):
    name = NOTEBOOKS[question.number[0]].replace(".ipynb", ".py")
    asked, _, given = (COURSE / name).read_text(encoding="utf-8").partition(f"# Question {question.number}\n")
    text = asked.rpartition(f"**Question {question.number}.**")[2]
    assert re.findall(r"- \*\*(\w)\)\*\*", text) == list(question.feedback)
    assert re.search(r'answer_\d_\d = "(\w)"', given).group(1) == question.right

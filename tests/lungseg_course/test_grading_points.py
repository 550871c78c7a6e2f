"""What a hidden test gives: what comes after a mistake is graded with the reference, and all is published."""

import json
from pathlib import Path

import pytest

import lungseg_course.grading as grading
from lungseg_course.engine import checking, time_limit
from lungseg_course.engine.exercises import NOTEBOOKS, chapter
from lungseg_course.engine.verdict import Wrong
from lungseg_course.references import exercises_before, reference_of

SOLUTIONS = json.loads((Path(grading.__file__).parent / "solutions.json").read_text(encoding="utf-8"))
FIRST = "from keras import ops\nimport keras\n"
# 3.1 over the whole batch; what follows is right, given 3.1.
WHOLE_BATCH = SOLUTIONS["3.1"].replace(", axis=(1, 2, 3)", "")
BLANK = "from lungseg_course import todo\ndef dice_coefficient(y_true, y_pred, smooth=1.0):\n    todo()"
# Goes with its own 3.2 alone.
OTHER_ARGUMENTS = SOLUTIONS["3.1"].replace("smooth=1.0", "smoothing=1.0").replace("smooth)", "smoothing)")


@pytest.fixture
def published(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # where progress is kept
    verdicts = []
    monkeypatch.setattr(grading, "_publish", verdicts.append)
    return verdicts


@pytest.mark.parametrize("number", ["3.2", "3.3"])
@pytest.mark.parametrize("first", [WHOLE_BATCH, BLANK, "dice_coefficient = 3", ""])
def test_what_is_right_given_a_wrong_exercise_gets_its_points(cell, published, capsys, number, first):
    names = cell(FIRST + first + "\n\n" + SOLUTIONS[number])
    before = names.get("dice_coefficient")
    answer = names[{"3.2": "dice_loss", "3.3": "Dice"}[number]]
    assert grading.points(number, answer, of=4) == 4
    assert names.get("dice_coefficient") is before
    assert "the reference solution of `dice_coefficient` in place of yours" in " ".join(capsys.readouterr().out.split())
    assert published == [{"exercise": number, "points": 4, "of": 4, "mistakes": [], "references": ["dice_coefficient"]}]


def test_a_helper_of_the_students_own_may_stand_between(cell, published):
    helper = (
        "def helper(*both):\n    return dice_coefficient(*both)\n\ndef dice_loss(a, b):\n    return 1 - helper(a, b)"
    )
    assert grading.points("3.2", cell(f"{FIRST}{WHOLE_BATCH}\n\n{helper}")["dice_loss"], of=4) == 4


def test_the_students_own_counts_where_it_is_better(cell, published, capsys):
    own = "def dice_loss(a, b):\n    return 1 - dice_coefficient(a, b, smoothing=1.0)"
    assert grading.points("3.2", cell(f"{FIRST}{OTHER_ARGUMENTS}\n\n{own}")["dice_loss"], of=4) == 4
    assert (capsys.readouterr().out, published[0]["references"]) == ("", [])


def test_a_mistake_of_its_own_stays_one(cell, published, capsys):
    answer = cell(f"{FIRST}{SOLUTIONS['3.1']}\n\ndef dice_loss(a, b):\n    return dice_coefficient(a, b)")["dice_loss"]
    assert grading.points("3.2", answer, of=4) < 4
    assert capsys.readouterr().out == ""
    assert published[0]["mistakes"]
    assert published[0]["references"] == []


def test_the_exercise_that_is_wrong_itself_is_not_replaced(cell, published):
    assert grading.points("3.1", cell(FIRST + WHOLE_BATCH)["dice_coefficient"], of=4) < 4
    assert published[0]["mistakes"]


def test_what_does_not_end_is_replaced_for_the_cells_below(cell, published, capsys, monkeypatch):
    monkeypatch.setattr(time_limit, "CPU_SECONDS", 0.3)
    monkeypatch.setattr(checking, "SECONDS_MORE", 0.1)
    names = cell("def jaccard_from_dice(dice):\n    while True:\n        pass")
    endless = names["jaccard_from_dice"]
    grading.check("3.4", endless)
    assert grading.points("3.4", endless, of=2) == 0
    assert published[0]["mistakes"][0] == "it does not come to an end"
    assert "reference solution of `jaccard_from_dice`" in " ".join(capsys.readouterr().out.split())
    assert names["jaccard_from_dice"](0.5) == pytest.approx(1 / 3)


def test_mistakes_that_are_known_by_name_come_before_what_they_led_to(cell, published, monkeypatch):
    led_to = Wrong("another value", received="1", expected="2", named=False)
    known = Wrong("factor 2 is forgotten", received="1", expected="2")
    monkeypatch.setattr(checking, "verdicts", lambda number, *answers: [led_to, None, known, led_to])
    grading.points("3.4", cell(SOLUTIONS["3.4"])["jaccard_from_dice"], of=4)
    assert published[0]["mistakes"] == ["factor 2 is forgotten", "another value"]


def test_a_blank_is_published_as_one(cell, published):
    assert grading.points("3.1", cell(BLANK)["dice_coefficient"], of=4) == 0
    assert published == [
        {"exercise": "3.1", "points": 0, "of": 4, "mistakes": ["not attempted"], "references": []},
    ]


@pytest.mark.parametrize(
    ("answer", "points", "mistakes"),
    [("c", 1, []), ("(C)", 1, []), ("b", 0, ["answer b"]), (None, 0, ["not attempted"]), ("x", 0, ["not attempted"])],
)
def test_the_letter_of_a_wrong_answer_is_published(published, answer, points, mistakes):
    assert grading.quiz_points("3.1", answer, of=1) == points
    assert published == [{"question": "3.1", "points": points, "of": 1, "mistakes": mistakes, "references": []}]


def test_each_reference_can_be_made_of_its_solution():
    for notebook in NOTEBOOKS:
        for exercise in chapter(notebook).EXERCISES:
            made = reference_of(exercise.number)
            assert list(made) == list(exercise.names)
            assert all(callable(thing) for thing in made.values())
    assert exercises_before("3.3") == {"dice_coefficient": "3.1", "dice_loss": "3.2"}


@pytest.mark.slow
@pytest.mark.parametrize("number", ["1.3", "2.2", "3.3", "4.2"])
def test_the_references_get_all_the_points(published, number):
    assert grading.points(number, *reference_of(number).values(), of=4) == 4

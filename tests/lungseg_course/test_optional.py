"""own_or_package: what the cells below an optional exercise work with."""

import numpy as np
import pytest

from lungseg import InputError
from lungseg_course import own_or_package, todo
from lungseg_course.references import reference_of


def blank(images, masks, seed):
    todo()


def wrong(images, masks, seed):
    return images, masks


def raises(images, masks, seed):
    return images[seed * 1000]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # progress is kept there


@pytest.mark.parametrize(
    ("answer", "why"), [(blank, "is not done"), (wrong, "is not right yet"), (raises, "is not right yet")]
)
def test_without_a_right_answer_the_course_has_one(capsys, answer, why):
    chosen = own_or_package("1.4", answer)
    said = " ".join(capsys.readouterr().out.split())
    assert said == f"Exercise 1.4 {why}: what follows is made with the `augment` of the course."
    images, masks = np.full((40, 4, 4, 1), 0.5), np.zeros((40, 4, 4, 1))
    changed, _ = chosen(images, masks, seed=1)
    assert changed.shape == images.shape
    assert not np.array_equal(changed, images)


def test_a_right_answer_is_taken(capsys):
    own = reference_of("1.4")["augment"]
    assert own_or_package("1.4", own) is own
    assert capsys.readouterr().out == "What follows is made with your `augment`.\n"


def test_an_exercise_of_several_functions_gives_all_of_them(capsys):
    own = tuple(reference_of("6.3").values())
    names = "`output_layer`, `add_background` and `cardiothoracic_ratio`"
    assert own_or_package("6.3", *own) == own
    assert " ".join(capsys.readouterr().out.split()) == f"What follows is made with your {names}."
    chosen = own_or_package("6.3", *own[:2], lambda masks: 0.5)
    said = " ".join(capsys.readouterr().out.split())
    assert said == f"Exercise 6.3 is not right yet: what follows is made with the {names} of the course."
    assert [each.__name__ for each in chosen] == ["output_layer", "add_background", "cardiothoracic_ratio"]
    assert chosen[2] is not own[2]


def test_exercises_that_must_be_done_are_refused():
    with pytest.raises(InputError, match="expected the number of an optional exercise"):
        own_or_package("1.1", blank)

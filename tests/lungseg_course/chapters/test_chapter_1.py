"""Exercises 1.1 to 1.4: what their checks say beside the names of the mistakes, and what parts are worth."""

import math
import random

import keras
import numpy as np
import pytest

from answers.chapter_1.array_gigabytes import rounded_to_six_places
from answers.chapter_1.augment_right import flip_and_brighten
from answers.chapter_1.generator_given import Given, given_with, given_with_blanks
from answers.chapter_1.read_batch import read_batch
from lungseg.generator import DataGenerator as PackageGenerator
from lungseg_course import NotAttempted, check, points
from lungseg_course.engine.checking import first_wrong

# ---- 1.1: array_gigabytes ---------------------------------------------------------------------


def test_small_numbers_are_shown_in_gigabytes():
    wrong = first_wrong("1.1", rounded_to_six_places)
    assert float(wrong.received) == pytest.approx(float(wrong.expected), rel=0.1)
    assert wrong.received != wrong.expected


def test_copied_numbers_are_worth_nothing():
    message = first_wrong("1.1", lambda count, size, channels=2, bytes_per_number=4: 0.0)
    copied = float(message.expected)
    assert points("1.1", lambda count, size, channels=2, bytes_per_number=4: copied, of=3) == 0


# ---- 1.3: DataGenerator -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blanks", "shares"),
    [
        (["__getitem__", "on_epoch_end"], 1),
        (["__getitem__"], 3),
        (["on_epoch_end"], 4),
        (["__len__", "__getitem__"], 2),
        (["__len__"], 5),
    ],
)
def test_a_blank_is_no_mistake_and_leaves_the_other_points(blanks, shares):
    answer = given_with_blanks(*blanks)
    with pytest.raises(NotAttempted, match=r"not (done|written) yet"):
        first_wrong("1.3", answer)
    assert points("1.3", answer, of=6) == pytest.approx(shares)


def test_who_reads_too_much_is_told_so_and_not_of_a_missing_file():
    @given_with
    def __getitem__(self, index):
        images, masks = read_batch(self.cases)
        places = self.order[index * self.batch_size :][: self.batch_size]
        return images[places], masks[places]

    report = first_wrong("1.3", __getitem__).report()
    assert "not in this batch" in report
    assert "of your cell:  batch = np.stack([load_case(path) for path in paths])" in report
    assert "no such file" not in report
    assert "Error" not in report


def test_one_case_is_not_called_cases():
    class TooMany(Given):
        def __len__(self):
            return 1 + len(self.cases) // 4

    class NoneForOneCase(Given):
        def __len__(self):
            return math.ceil(len(self.cases) / self.batch_size) if len(self.cases) > 1 else 0

    assert "1 cases" not in first_wrong("1.3", TooMany).report()
    one = first_wrong("1.3", NoneForOneCase).report()
    assert "1 case fills 0 batches of" in one
    assert "1 cases" not in one


def test_an_object_in_place_of_the_class():
    assert first_wrong("1.3", PackageGenerator(["a.npy"])).cause == "not a function"


def test_the_line_of_a_method_is_shown():
    class DataGenerator(Given):
        def on_epoch_end(self):
            self.epoch += 1
            self.shufle_cases()

    report = first_wrong("1.3", DataGenerator).report()
    assert "has no attribute 'shufle_cases'" in report
    assert "of your cell:  self.shufle_cases()" in report


# ---- 1.4: augment -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(20))
def test_no_right_augmentation_is_rejected_by_chance(number):
    def augment(images, masks, seed):
        return flip_and_brighten(images, masks, [number, *seed])

    assert first_wrong("1.4", augment) is None


# ---- Wrong answers that draw random numbers, and the numbers of the student's training --------


def reads_nothing(paths):
    np.random.shuffle(np.arange(9))  # noqa: NPY002
    random.random()


class ShufflesWithoutASeed(Given):
    def on_epoch_end(self):
        np.random.shuffle(self.order)  # noqa: NPY002
        random.random()


def brightens_without_a_seed(images, masks, seed):
    random.shuffle([1, 2, 3])
    return images * np.random.uniform(0.8, 1.2), masks  # noqa: NPY002


@pytest.mark.parametrize(
    ("number", "answer"), [("1.2", reads_nothing), ("1.3", ShufflesWithoutASeed), ("1.4", brightens_without_a_seed)]
)
def test_a_check_leaves_the_random_numbers_alone(number, answer, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    seeds = keras.random.SeedGenerator(1)

    def states():
        return random.getstate(), np.random.get_state()[1].tolist(), np.asarray(seeds.state).tolist()  # noqa: NPY002

    before = states()
    check(number, answer)
    assert states() == before
    assert "not right yet" in capsys.readouterr().out

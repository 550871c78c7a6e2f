"""Batches of any problem: from cases with a description, and from a function of one's own."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.generator import DataGenerator
from lungseg.loading import load_pair
from lungseg.problems import Problem, write_problem

TWO = Problem(("red", "green"), ("left", "right"), recipe="colour")
OVERLAPPING = Problem(("red", "green"), ("left", "right"), exclusive=False, recipe="colour")


def image(channels=2, value=0.5):
    return np.full((2, 3, channels), value)


@pytest.mark.parametrize(
    ("problem", "given", "masks"),
    [
        (TWO, (image(), np.array([[0, 1, 2], [2, -1, 0]])), [[[0, 0], [1, 0], [0, 1]], [[0, 1], [-1, -1], [0, 0]]]),
        (OVERLAPPING, (image(), np.ones((2, 3, 2), dtype=bool)), np.ones((2, 3, 2))),
        (None, (image()[..., 0], np.eye(2, 3)), np.eye(2, 3)[..., None]),
        (None, (image(5), np.zeros((2, 3, 4))), np.zeros((2, 3, 4))),
        (Problem(), (image(1), np.array([[0, 1, -1]] * 2)), [[[0], [1], [-1]]] * 2),
    ],
)
def test_what_a_function_may_return(problem, given, masks):
    found_image, found_masks = load_pair("x", problem, lambda item: given)
    assert found_image.dtype == found_masks.dtype == np.float32
    assert found_image.ndim == 3
    assert found_masks.tolist() == np.asarray(masks, dtype=float).tolist()


@pytest.mark.parametrize(
    ("problem", "given", "said"),
    [
        (TWO, image(), "an image and its mask. Received: ndarray"),
        (TWO, (image(3), np.zeros((2, 3))), r"2 channels and 2 classes. Received: image \(2, 3, 3\), mask \(2, 3, 2\)"),
        (TWO, (image(), np.zeros((2, 3, 1))), "2 channels and 2 classes"),
        (TWO, (image(), np.zeros((2, 4))), "of the same size"),
        (TWO, (image(value=127), np.zeros((2, 3))), r"an image in \[0, 1\]. Received: 127 to 127"),
        (TWO, (image(value=np.nan), np.zeros((2, 3))), r"an image in \[0, 1\]. Received: nan"),
        (TWO, (image(), np.full((2, 3), 255)), "labels from 0 to 2, and -1 to ignore a pixel. Received: values 255"),
        (TWO, (image(), np.ones((2, 3, 2))), "classes that do not overlap"),
        (OVERLAPPING, (image(), np.full((2, 3, 2), 0.5)), "masks of 0 and 1"),
        (None, (image(), np.full((2, 3), "a")), "arrays of real numbers"),
    ],
)
def test_what_it_may_not(problem, given, said):
    with pytest.raises(InputError, match=said) as raised:
        load_pair("slide_7", problem, lambda item: given)
    assert str(raised.value).startswith("load('slide_7'): ")


def test_items_of_any_kind_make_batches():
    def load(number):
        return image(value=number / 10), np.full((2, 3), number % 3)

    generator = DataGenerator([4, 5, 6], batch_size=2, shuffle=False, load=load, problem=TWO)
    images, masks = generator[0]
    assert (images.shape, masks.shape) == ((2, 2, 3, 2), (2, 2, 3, 3))
    np.testing.assert_allclose(images[:, 0, 0, 0], [0.4, 0.5])
    assert masks[:, 0, 0].tolist() == [[0, 1, 0], [0, 0, 1]]
    assert generator[1][1][0, 0, 0].tolist() == [1, 0, 0]


def test_cases_with_a_description_make_batches(tmp_path):
    write_problem(TWO, tmp_path)
    np.save(tmp_path / "x.npy", np.array([[[0.1, 0.2, 1, 0], [0.3, 0.4, 0, 0], [0.5, 0.6, -1, -1]]]))
    images, masks = DataGenerator([tmp_path / "x.npy"])[0]
    np.testing.assert_allclose(images[0, 0], [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    assert masks[0, 0].tolist() == [[0, 1, 0], [1, 0, 0], [-1, -1, -1]]


def test_what_is_ignored_moves_with_the_image(tmp_path):
    write_problem(TWO, tmp_path)
    np.save(tmp_path / "x.npy", np.array([[[0, 0, 1, 0], [0, 0, 0, 0], [1, 1, -1, -1]]]))

    def roll(images, masks, seed):
        assert masks.min() == 0  # what is ignored is a channel of its own
        return np.roll(images, 1, axis=2), np.roll(masks, 1, axis=2)

    images, masks = DataGenerator([tmp_path / "x.npy"], augment=roll)[0]
    assert images[0, 0, :, 0].tolist() == [1, 0, 0]
    assert masks[0, 0].tolist() == [[-1, -1, -1], [0, 1, 0], [1, 0, 0]]


def test_an_augmentation_cannot_make_exclusive_classes_overlap(tmp_path):
    write_problem(TWO, tmp_path)
    np.save(tmp_path / "x.npy", np.array([[[0, 0, 1, 0], [0, 0, 0, 1]]]))
    _, masks = DataGenerator([tmp_path / "x.npy"], augment=lambda i, m, seed: (i, np.ones_like(m)))[0]
    assert masks[0, 0].tolist() == [[0, 1, 0], [0, 1, 0]]

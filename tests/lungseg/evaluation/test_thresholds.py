"""The Dice by threshold, and the threshold that the validation cases would choose."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import evaluate
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold, dice_by_threshold, threshold_dice


def test_dice_by_threshold_by_hand(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.stack([[[0.25, 0.5, 0.75, 0.625]], [[0, 1, 1, 0]]], axis=-1))
    dice = dice_by_threshold(lambda images: images, [path], [0.1, 0.25, 0.5, 0.7, 0.9])
    assert dice[0] == pytest.approx([4 / 6, 4 / 6, 4 / 5, 2 / 3, 0])


def test_every_twentieth_from_a_tenth_to_nine_tenths():
    np.testing.assert_allclose(THRESHOLDS, np.linspace(0.1, 0.9, 17))


def test_masks_are_taken_as_they_are_and_without_a_bar_unless_asked(tmp_path, capsys):
    pieces = np.zeros((1, 9))
    pieces[0, [0, 2, 4, 6, 8]] = 1  # five components, of which cleaning keeps two
    np.save(tmp_path / "a.npy", np.stack([pieces, pieces], axis=-1))
    assert threshold_dice(pieces == 1, pieces, [0.5]) == [1.0]
    assert dice_by_threshold(lambda images: images, [tmp_path / "a.npy"], [0.5]).tolist() == [[1.0]]
    assert capsys.readouterr().err == ""
    dice_by_threshold(lambda images: images, [tmp_path / "a.npy"], [0.5], progress=True)
    assert "Thresholds" in capsys.readouterr().err


def test_at_one_half_it_is_the_dice_of_the_evaluation(phantom_cases):
    for clean in (False, True):
        dice = dice_by_threshold(lambda images: 1 - images, phantom_cases, clean=clean)
        assert dice.shape == (10, len(THRESHOLDS))
        expected = evaluate(lambda images: 1 - images, phantom_cases, clean=clean)["dice"]
        np.testing.assert_allclose(dice[:, THRESHOLDS.index(0.5)], expected)


def test_the_best_threshold_and_ties():
    assert choose_threshold([0.3, 0.5, 0.7], np.array([[0.9, 0.8, 0.7]])) == 0
    assert choose_threshold([0.3, 0.4, 0.6], np.array([[0.8, 0.8, 0.7]])) == 1
    for wrong in (np.empty((0, 3)), np.ones(3), np.ones((2, 2))):
        with pytest.raises(InputError, match="3 thresholds"):
            choose_threshold([0.3, 0.5, 0.7], wrong)

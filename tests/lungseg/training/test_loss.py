"""The loss of a training, and weights of classes: as they are asked for, made, and written down."""

import numpy as np
import pytest

from lungseg.losses import DiceCrossentropyLoss, DiceLoss, dice_crossentropy_loss, dice_loss
from lungseg.problems import LUNGS, Problem
from lungseg.training.loss import describe_loss, known_loss, known_weights, make_loss
from refusals import refusal

ORGANS = Problem(classes=("lung", "heart"))
SIGNS = Problem(classes=("effusion", "mass"), exclusive=False)


@pytest.mark.parametrize(
    ("loss", "problem", "weights", "told"),
    [
        (dice_crossentropy_loss, LUNGS, None, "dice_crossentropy_loss"),
        ("dice", ORGANS, None, "dice_loss"),
        ("dice", ORGANS, {"heart": 2}, "dice_loss(smooth=1.0, class_weights=[1.0, 1.0, 2.0])"),
        ("dice_crossentropy", SIGNS, None, "dice_crossentropy_loss(smooth=1.0, exclusive=False)"),
        (
            "dice_crossentropy",
            SIGNS,
            {"mass": 3},
            "dice_crossentropy_loss(smooth=1.0, exclusive=False, class_weights=[1.0, 3.0])",
        ),
        ("binary_crossentropy", SIGNS, None, "binary_crossentropy"),
        (DiceLoss(smooth=5), ORGANS, {}, "dice_loss(smooth=5)"),
        (DiceCrossentropyLoss, ORGANS, None, "dice_crossentropy_loss(smooth=1.0)"),
    ],
)
def test_the_loss_of_a_problem(loss, problem, weights, told):
    assert describe_loss(make_loss(known_loss(loss), problem, known_weights(weights))) == told


def test_a_class_that_counts_more_costs_more():
    truth = np.zeros((1, 4, 4, 3), "float32")
    truth[0, :2, :, 1] = truth[0, 2:, :, 2] = 1  # lung above, heart below
    lung_alone = np.roll(truth, 0)
    lung_alone[0, 2:] = [0.9, 0.05, 0.05]  # the heart is missed
    even, heavy = (make_loss(dice_crossentropy_loss, ORGANS, weights) for weights in ({"lung": 1}, {"heart": 4}))
    assert float(heavy(truth, lung_alone)) > 1.5 * float(even(truth, lung_alone))


@pytest.mark.parametrize(
    ("weights", "problem", "loss", "said"),
    [
        ({"hart": 2}, ORGANS, dice_loss, "names of background, lung, heart. Received: 'hart'"),
        ({"background": 2}, SIGNS, dice_loss, "names of effusion, mass. Received: 'background'"),
        ({"lung": 2}, LUNGS, dice_loss, "nothing to weigh it against"),
        ({"background": 0, "lung": 0, "heart": 0}, ORGANS, dice_loss, "at least one above 0"),
        ({"heart": 2}, ORGANS, "binary_crossentropy", "'dice' or 'dice_crossentropy'. Received: binary_crossentropy"),
    ],
)
def test_weights_that_do_not_suit_the_classes(weights, problem, loss, said):
    assert said in refusal(make_loss, known_loss(loss), problem, known_weights(weights))


def test_a_loss_with_settings_of_another_problem_is_refused():
    assert "DiceCrossentropyLoss(exclusive=False)" in refusal(make_loss, DiceCrossentropyLoss(smooth=2), SIGNS)
    own = DiceCrossentropyLoss(exclusive=False)
    assert make_loss(own, SIGNS) is own
    assert "for background, lung, heart. Received: 2 of them" in refusal(
        make_loss, DiceLoss(class_weights=[1, 2]), ORGANS
    )


@pytest.mark.parametrize("wrong", [[1, 2], "heart=2", {"heart": -1}, {"heart": "2"}, {"heart": float("nan")}])
def test_weights_that_are_none(wrong):
    assert "class_weights: expected" in refusal(known_weights, wrong)


@pytest.mark.parametrize("wrong", ["dice_los", "sparse_categorical_crossentropy", 3, None])
def test_losses_that_are_none(wrong):
    assert "train expected as loss" in refusal(known_loss, wrong) or "one of labels" in refusal(known_loss, wrong)

"""Metrics: as they are asked for, made, and written down; and a network compiled with them."""

import keras
import numpy as np
import pytest

from lungseg.losses import dice_loss
from lungseg.problems import LUNGS, Problem
from lungseg.training.compiling import compile_model, describe_metrics, make_metrics
from refusals import refusal

ORGANS = Problem(classes=("lung", "heart"))


def test_metrics_of_several_classes_and_of_ones_own():
    def brightness(y_true, y_pred):
        return keras.ops.mean(y_pred)

    own = [brightness, keras.metrics.MeanSquaredError(name="squares"), "accuracy"]
    assert describe_metrics(own) == ["brightness", "squares", "accuracy"]
    assert [metric.name for metric in make_metrics(LUNGS)] == ["dice", "jaccard"]
    names = [metric.name for metric in make_metrics(ORGANS, own)[:-3]]
    assert names == ["dice", "jaccard", "dice_lung", "dice_heart"]
    assert [m.name for m in make_metrics(ORGANS, [])[2:]] == ["dice_lung", "dice_heart"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("accuracy", "expected a list"),
        (["acuracy"], "Received: 'acuracy'"),
        ([keras.metrics.MeanSquaredError], "instances of keras.metrics.Metric"),
        ([3], "Received: 3"),
        ([dice_loss, dice_loss], "'dice_loss' once more"),
        ([keras.metrics.Mean(name="dice_heart")], "'dice_heart' once more"),
    ],
)
def test_metrics_that_are_none(wrong, said):
    assert said in refusal(make_metrics, ORGANS, wrong)


def test_each_class_is_measured_by_its_own_channel():
    image = keras.Input((4, 4, 3))
    model = keras.Model(image, keras.layers.Identity()(image))
    compile_model(model, 0.1, problem=ORGANS, optimizer="sgd", metrics=["accuracy"])
    truth = np.zeros((1, 4, 4, 3), "float32")
    truth[0, :2, :, 1] = truth[0, 2:, :, 2] = 1
    found = truth.copy()
    found[0, 2:, :2] = [1, 0, 0]  # half of the heart is missed: Dice 2/3
    scores = model.evaluate(found, truth, verbose=0, return_dict=True)
    expected = {"dice_lung": 1.0, "dice_heart": 2 / 3, "dice": 5 / 6, "jaccard": 0.75, "accuracy": 0.75}
    assert {name: scores[name] for name in expected} == pytest.approx(expected, abs=1e-4)
    assert type(model.optimizer).__name__ == "SGD"

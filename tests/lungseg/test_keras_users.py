"""What users of Keras do with the losses, the metrics and the generator in networks of their own."""

import keras
import numpy as np
import pytest

from lungseg.generator import DataGenerator
from lungseg.losses import DiceLoss, dice_crossentropy_loss, dice_loss
from lungseg.metrics import Dice, Jaccard
from lungseg.prediction import segment
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.shapes import check_shapes_of_network
from lungseg.problems import Problem
from lungseg.unet import build_unet
from networks import pictures
from refusals import refusal
from trainings import computing_eagerly

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def with_graphs():
    """As users compute."""
    with computing_eagerly(False):
        yield


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.last = keras.layers.Conv2D(1, 1, activation="sigmoid")

    def call(self, inputs):
        return self.last(inputs)


def functional(policy=None):
    inputs = keras.Input((16, 16, 1), dtype=policy and keras.DTypePolicy(policy).compute_dtype)
    return keras.Model(inputs, keras.layers.Conv2D(1, 1, activation="sigmoid", dtype=policy)(inputs))


def data(count=4):
    images = pictures(count, 16, 16, 1)
    return images, (images > 0.5).astype("float32")


@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss, DiceLoss(2.0)])
@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (functional, {}),
        (Subclassed, {"run_eagerly": True}),
        (lambda: functional("mixed_float16"), {}),
        (lambda: functional("mixed_bfloat16"), {"jit_compile": False}),
        (lambda: functional("float64"), {"run_eagerly": True}),
        (functional, {"steps_per_execution": 2}),
    ],
)
def test_they_train_under_any_way_of_compiling(make, settings, loss):
    if (make is not functional or settings) and not isinstance(loss, DiceLoss):
        pytest.skip("one is enough")
    images, masks = data()
    model = make()
    model.compile("adam", loss, metrics=[Dice(), Jaccard()], **settings)
    scores = model.fit(images, masks, batch_size=2, verbose=0).history
    assert {"loss", "dice", "jaccard"} <= set(scores)
    assert all(np.isfinite(values).all() for values in scores.values())


def test_a_weight_for_each_image():
    images, masks = data(2)
    model = functional()
    model.compile("adam", dice_loss, weighted_metrics=[Dice()])
    each = [model.evaluate(images[k : k + 1], masks[k : k + 1], verbose=0, return_dict=True) for k in range(2)]
    both = model.evaluate(images, masks, sample_weight=np.array([1.0, 0.0]), verbose=0, return_dict=True)
    assert both["dice"] == pytest.approx(each[0]["dice"], abs=1e-6)
    assert both["loss"] == pytest.approx(each[0]["loss"] / 2, abs=1e-6)  # Keras divides by the number of images


def test_weights_of_classes_are_refused_by_keras():
    images, masks = data(2)
    model = functional()
    model.compile("adam", dice_loss)
    with pytest.raises((TypeError, ValueError)):
        model.fit(images, masks, class_weight={0: 1.0, 1: 2.0}, verbose=0)


def test_a_share_for_validation_needs_arrays(phantom_cases):
    generator = DataGenerator(phantom_cases, batch_size=5)
    model = build_unet((32, 32, 1), filters=2, depth=1)
    model.compile("adam", dice_loss)
    with pytest.raises(ValueError, match="validation_split"):
        model.fit(generator, validation_split=0.2, verbose=0)


def network(shape=(32, 32, 1), *layers):
    inputs = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


RESIZED = keras.layers.AveragePooling2D(2)
OTHERS = {
    "soft-max of two": (
        lambda: build_unet((32, 32, 1), filters=2, depth=1, classes=2),
        "Keep the channel of the lungs",
    ),
    "soft-max of one": (
        lambda: network((32, 32, 1), keras.layers.Conv2D(1, 1, activation="softmax")),
        "A softmax over one channel is 1 everywhere",
    ),
    "colours": (lambda: network((32, 32, 3), keras.layers.Conv2D(1, 1)), "takes colours"),
    "channels first": (lambda: network((1, 32, 32)), "build it with data_format"),
    "channels first in the output": (lambda: network((32, 32, 1), keras.layers.Permute((3, 1, 2))), "channels first"),
    "half the size": (lambda: network((32, 32, 1), RESIZED), "another size"),
    "a label": (lambda: network((32, 32, 1), keras.layers.Flatten(), keras.layers.Dense(1)), "build_unet"),
    "two outputs": (lambda: network((32, 32, 1), lambda x: [x, x * 1]), "choose one"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_networks_of_another_habit_are_refused_with_what_mends_them(name, phantom_cases):
    make, said = OTHERS[name]
    model = make()
    assert said in refusal(check_shapes_of_network, model)
    assert said in refusal(predict_cases, model, phantom_cases)
    if name != "colours":  # which images may have
        assert said in refusal(segment, model, "film.png")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (lambda x: 20 * x - 10, lambda m: keras.Model(m.input, keras.ops.sigmoid(m.output))),  # logits
        (lambda x: keras.ops.tanh(8 * x - 4), lambda m: keras.Model(m.input, (m.output + 1) / 2)),
    ],
)
def test_values_that_are_no_probabilities_are_refused_and_mended(wrong, right, phantom_cases):
    model = network((32, 32, 1), wrong)
    with pytest.raises(ValueError, match="from 0 to 1"):
        list(predict_cases(model, phantom_cases))
    for _, _, probability in predict_cases(right(model), phantom_cases):
        assert 0 <= probability.min() <= probability.max() <= 1


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (lambda x: keras.ops.log(x + 1e-7), lambda m: keras.Model(m.input, keras.ops.softmax(m.output))),  # logits
        (
            lambda x: keras.ops.take(x, [1, 2, 0], axis=-1),  # the background last
            lambda m: keras.Model(m.input, keras.ops.take(m.output, [2, 0, 1], axis=-1)),
        ),
    ],
)
def test_a_soft_max_of_another_habit_is_mended(wrong, right):
    problem = Problem(classes=("left", "right"), recipe="grey")
    usual = network((8, 8, 1), keras.layers.Conv2D(3, 1, activation="softmax", bias_initializer="glorot_uniform"))
    mended = right(keras.Model(usual.input, wrong(usual.output)))
    check_shapes_of_network(mended, problem)
    image = pictures(1, 8, 8, 1)
    np.testing.assert_allclose(mended.predict_on_batch(image), usual.predict_on_batch(image), atol=1e-5)


def test_several_arrays_in_place_of_one(phantom_cases):
    with pytest.raises(ValueError, match="a list of 2"):
        list(predict_cases(lambda images: [images, images[:1]], phantom_cases))

"""Dice and Jaccard as Keras metrics, against numbers worked out by hand. Runs on any backend of Keras."""

import keras
import numpy as np
import pytest
from keras import ops

from lungseg.losses import DiceLoss, dice_loss
from lungseg.metrics import Dice, Jaccard, jaccard_coefficient

# Each metric, for what holds of all of them, and the name under which Keras logs it.
KINDS = {Dice: "dice", Jaccard: "jaccard"}


def masks(*images):
    """Images as rows of numbers to a tensor (B, 1, W, 1)."""
    return np.array(images, dtype="float32")[:, None, :, None]


def value(metric, *batches):
    for true, predicted in batches:
        metric.update_state(true, predicted)
    return float(metric.result())


# Settings, truth, prediction, then Dice and Jaccard of each image. Rows are images: (B, 1, W, 1).
METRICS = [
    ({}, masks([1, 1, 0, 0]), masks([0.9, 0.8, 0.1, 0.2]), [1], [1]),
    ({}, masks([1, 1, 0, 0]), masks([0.1, 0.2, 0.9, 0.8]), [0], [0]),
    # One of two found, none too many: 2 * 1 / (2 + 1) and 1 / 2.
    ({}, masks([1, 1, 0, 0]), masks([0.9, 0.3, 0.1, 0.2]), [2 / 3], [1 / 2]),
    # Both found, and two too many: 2 * 2 / (2 + 4) and 2 / 4.
    ({}, masks([1, 1, 0, 0]), masks([0.9, 0.9, 0.9, 0.9]), [2 / 3], [1 / 2]),
    # One found, one missed, one too many: 2 * 1 / (2 + 2) and 1 / 3.
    ({}, masks([1, 1, 0, 0]), masks([0.9, 0.1, 0.9, 0.1]), [1 / 2], [1 / 3]),
    # The threshold itself counts as lung.
    ({}, masks([1, 1, 0, 0]), masks([0.5, 0.5, 0.49, 0.49]), [1], [1]),
    # Another threshold finds other pixels: 2 / 3, then all four.
    ({"threshold": 0.75}, masks([1, 1, 0, 0]), masks([0.9, 0.6, 0.3, 0.1]), [2 / 3], [1 / 2]),
    ({"threshold": 0.05}, masks([1, 1, 0, 0]), masks([0.9, 0.6, 0.3, 0.1]), [2 / 3], [1 / 2]),
    # Two empty masks agree.
    ({}, masks([0, 0, 0, 0]), masks([0.1, 0.1, 0.1, 0.1]), [1], [1]),
    # One pixel in an empty mask, or one that was missed, is a full miss.
    ({}, masks([0, 0, 0, 0]), masks([0.9, 0.1, 0.1, 0.1]), [0], [0]),
    ({}, masks([1, 0, 0, 0]), masks([0.1, 0.1, 0.1, 0.1]), [0], [0]),
    # Image by image: pooled, it would be 2 * 3 / (5 + 3) = 3/4.
    ({}, masks([1, 0, 0, 0], [1, 1, 1, 1]), masks([0, 0, 0, 0], [1, 1, 1, 0]), [0, 6 / 7], [0, 3 / 4]),
]


@pytest.mark.parametrize(("settings", "true", "predicted", "dice", "jaccard"), METRICS)
def test_metrics_by_hand(settings, true, predicted, dice, jaccard):
    assert value(Dice(**settings), (true, predicted)) == pytest.approx(np.mean(dice), abs=2e-4)
    assert value(Jaccard(**settings), (true, predicted)) == pytest.approx(np.mean(jaccard), abs=2e-4)
    for i, (d, j) in enumerate(zip(dice, jaccard, strict=True)):
        one = true[i : i + 1], predicted[i : i + 1]
        assert value(Dice(**settings), one) == pytest.approx(d, abs=2e-4)
        assert value(Jaccard(**settings), one) == pytest.approx(j, abs=2e-4)


def test_jaccard_by_counting():
    rng = np.random.default_rng(2)
    true, predicted = (rng.random((2, 5, 6, 7, 2)) < 0.4).astype("float32")
    both, either = np.sum(true * predicted, axis=(1, 2)), np.sum(np.maximum(true, predicted), axis=(1, 2))
    np.testing.assert_allclose(ops.convert_to_numpy(jaccard_coefficient(true, predicted)), both / either, rtol=1e-6)


def test_smoothing_does_not_flatter_small_lungs():
    # One of two pixels, in a large image.
    true, predicted = np.zeros((2, 1, 64, 64, 1), dtype="float32")
    true[0, 0, :2], predicted[0, 0, 0] = 1, 1
    assert value(Dice(), (true, predicted)) == pytest.approx(2 / 3, abs=1e-4)


def test_several_classes():
    # (1, 1, 2, 3): class 0 is found, class 1 is empty and stays so, class 2 is missed.
    true = np.array([[[[1, 0, 0], [0, 0, 1]]]], dtype="float32")
    predicted = np.array([[[[0.8, 0.1, 0.1], [0.4, 0.4, 0.2]]]], dtype="float32")
    assert value(Dice(), (true, predicted)) == pytest.approx(2 / 3, abs=1e-4)
    assert value(Jaccard(), (true, predicted)) == pytest.approx(2 / 3, abs=1e-4)


# ---- Over an epoch ---------------------------------------------------------------------------


def test_classes_of_a_softmax():
    # Background, two classes; the last pixel is to be ignored.
    true = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]], "float32").reshape(1, 1, 4, 3)
    # Found: the first class twice, although it has less than one half; the second one not at all.
    predicted = np.array([[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [0, 0, 1]], "float32").reshape(1, 1, 4, 3)
    expected = {None: (2 / 3 + 0) / 2, 0: 1, 1: 2 / 3, 2: 0}
    for channel, value in expected.items():
        metric = Dice(exclusive=True, channel=channel)
        metric.update_state(true, predicted)
        assert float(metric.result()) == pytest.approx(value, abs=1e-3), channel


@pytest.fixture
def images():
    """Seven masks and predictions of very different sizes, and their Dice, counted in NumPy."""
    rng = np.random.default_rng(1)
    true = (rng.random((7, 6, 6, 1)) < np.linspace(0.1, 0.9, 7).reshape(-1, 1, 1, 1)).astype("float32")
    predicted = rng.random(true.shape).astype("float32")
    found = predicted >= 0.5
    dice = 2 * np.sum(true * found, axis=(1, 2, 3)) / (true.sum(axis=(1, 2, 3)) + found.sum(axis=(1, 2, 3)))
    assert np.ptp(dice) > 0.3
    return true, predicted, dice


@pytest.mark.parametrize("sizes", [[7], [4, 3], [3, 3, 1], [1, 6], [1] * 7])
def test_every_image_counts_the_same_in_batches_of_any_size(images, sizes):
    true, predicted, dice = images
    ends = np.cumsum(sizes)[:-1]
    batches = list(zip(np.split(true, ends), np.split(predicted, ends), strict=True))
    assert value(Dice(), *batches) == pytest.approx(dice.mean(), abs=1e-4)
    assert value(Jaccard(), *batches) == pytest.approx((dice / (2 - dice)).mean(), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reset_forgets(kind):
    metric, true = kind(), masks([1, 1, 0, 0])
    assert value(metric, (true, 1 - true)) == pytest.approx(0, abs=1e-4)
    assert value(metric, (true, true)) == pytest.approx(0.5, abs=1e-4)
    metric.reset_state()
    assert value(metric, (true, true)) == pytest.approx(1)


def test_weights_of_images(images):
    true, predicted, dice = images
    weights = np.array([0, 1, 2, 0, 1, 0, 4], dtype="float32")
    for shaped in [weights, weights[:, None]]:
        metric = Dice()
        metric.update_state(true, predicted, sample_weight=shaped)
        assert float(metric.result()) == pytest.approx(np.average(dice, weights=weights), abs=1e-4)


def test_half_precision_does_not_overflow():
    true = ops.ones((1, 512, 512, 1), dtype="float16")
    predicted = ops.concatenate([true[:, :256], 0 * true[:, 256:]], axis=1)
    assert value(Dice(), (true, predicted)) == pytest.approx(2 / 3, abs=1e-4)
    assert value(Jaccard(), (true, predicted)) == pytest.approx(1 / 2, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sum_of_an_epoch_stays_float32_under_mixed_precision(kind):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_float16")
        metric = kind()
    finally:
        keras.config.set_dtype_policy(before)
    assert metric.dtype == "float32"
    assert Dice(dtype="float64").dtype == "float64"
    for _ in range(3):
        metric.update_state(np.ones((1000, 1, 1, 1)), np.ones((1000, 1, 1, 1)))
    assert float(metric.result()) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 4, 5, 1), (3, 4, 4, 1), (2, 4, 4, 2), (2, 4, 4)])
def test_shapes_that_differ_are_refused_and_not_broadcast(kind, shape):
    with pytest.raises(ValueError, match=r"one shape \(B, H, W, C\)") as raised:
        kind().update_state(np.ones((2, 4, 4, 1)), np.ones(shape))
    assert str(shape) in str(raised.value)


# ---- Names and settings ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_settings_survive_a_round_trip(kind):
    metric = kind(threshold=0.25, name="lungs")
    for again in [
        kind.from_config(metric.get_config()),
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric)),
        keras.metrics.deserialize(keras.metrics.serialize(metric)),
    ]:
        assert type(again) is kind
        assert (again.threshold, again.name, again.dtype) == (0.25, "lungs", "float32")
        batch = masks([1, 1, 0, 0]), masks([0.3, 0.3, 0.3, 0.1])
        assert value(again, batch) == value(kind(threshold=0.25), batch) != value(kind(), batch)


def test_default_names():
    assert {kind: kind().name for kind in KINDS} == KINDS


def small_model(loss=dice_loss, **settings):
    inputs = keras.Input((8, 8, 1))
    outputs = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")(inputs)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss=loss, metrics=[Dice(), Jaccard()], **settings)
    return model


@pytest.fixture
def squares():
    rng = np.random.default_rng(0)
    true = np.zeros((6, 8, 8, 1), dtype="float32")
    true[:, 2:6, 2:6] = 1
    return (0.6 * true + 0.4 * rng.random(true.shape)).astype("float32"), true


def test_what_keras_reports_is_the_mean_over_images(squares):
    x, y = squares
    model = small_model(loss=DiceLoss())
    logs = model.evaluate(x, y, batch_size=4, verbose=0, return_dict=True)  # batches of 4 and 2
    predicted = model.predict(x, verbose=0)
    assert logs["dice"] == pytest.approx(value(Dice(), (y, predicted)), abs=1e-5)
    assert logs["jaccard"] == pytest.approx(value(Jaccard(), (y, predicted)), abs=1e-5)
    assert logs["loss"] == pytest.approx(float(np.mean(ops.convert_to_numpy(dice_loss(y, predicted)))), abs=1e-5)

"""Losses, against numbers worked out by hand. Runs on any backend of Keras."""

import keras
import numpy as np
import pytest
from keras import ops

from lungseg.losses import (
    DiceCrossentropyLoss,
    DiceLoss,
    dice_coefficient,
    dice_crossentropy_loss,
    dice_loss,
)
from networks import numpy


def masks(*images, dtype="float32"):
    """Images as rows of numbers (or lists of rows) to a tensor (B, H, W, 1)."""
    array = np.array(images, dtype=dtype)
    return array.reshape(len(images), *array.shape[1:], 1) if array.ndim == 3 else array[:, None, :, None]


# Settings, truth, prediction, then the Dice coefficient of each image. Rows are images: (B, 1, W, 1).
COEFFICIENTS = [
    # 2 of 2 pixels found.
    ({"smooth": 0}, masks([1, 1, 0, 0]), masks([1, 1, 0, 0]), [1]),
    # None found.
    ({"smooth": 0}, masks([1, 1, 0, 0]), masks([0, 0, 1, 1]), [0]),
    # 2 * 1 / (2 + 1).
    ({"smooth": 0}, masks([1, 1, 0, 0]), masks([1, 0, 0, 0]), [2 / 3]),
    # 2 * 2 / (2 + 4).
    ({"smooth": 0}, masks([1, 1, 0, 0]), masks([1, 1, 1, 1]), [2 / 3]),
    # Smoothed by 1 in both places: (2 * 1 + 1) / (2 + 1 + 1).
    ({}, masks([1, 1, 0, 0]), masks([1, 0, 0, 0]), [3 / 4]),
    ({"smooth": 1}, masks([1, 1, 0, 0]), masks([0, 0, 1, 1]), [1 / 5]),
    ({"smooth": 10}, masks([1, 1, 0, 0]), masks([0, 0, 1, 1]), [10 / 14]),
    # Empty, and found empty: (0 + 1) / (0 + 1), not 0 / 0.
    ({}, masks([0, 0, 0, 0]), masks([0, 0, 0, 0]), [1]),
    ({"smooth": 1e-6}, masks([0, 0, 0, 0]), masks([0, 0, 0, 0]), [1]),
    # Empty, but 3 pixels found: 1 / (3 + 1).
    ({}, masks([0, 0, 0, 0]), masks([1, 1, 1, 0]), [1 / 4]),
    # Probabilities count as they are: 2 * (0.5 + 0.25) / (2 + 0.5 + 0.25 + 0.25).
    ({"smooth": 0}, masks([1, 1, 0, 0]), masks([0.5, 0.25, 0.25, 0]), [1.5 / 3]),
    # Of each image for itself. Both at once would be 2 * 3 / (5 + 3) = 3/4.
    ({"smooth": 0}, masks([1, 0, 0, 0], [1, 1, 1, 1]), masks([0, 0, 0, 0], [1, 1, 1, 0]), [0, 6 / 7]),
    # Two rows and two columns, (1, 2, 2, 1): 2 * 1 / (3 + 1).
    ({"smooth": 0}, masks([[1, 1], [1, 0]]), masks([[0, 1], [0, 0]]), [1 / 2]),
]


@pytest.mark.parametrize(("settings", "true", "predicted", "expected"), COEFFICIENTS)
def test_dice_by_hand(settings, true, predicted, expected):
    coefficients = numpy(dice_coefficient(true, predicted, **settings))
    assert coefficients.shape == (len(expected), 1)
    np.testing.assert_allclose(coefficients[:, 0], expected, atol=1e-6)
    np.testing.assert_allclose(numpy(dice_loss(true, predicted, **settings)), 1 - np.array(expected), atol=1e-6)
    # Keras takes the mean over the images.
    assert float(DiceLoss(**settings)(true, predicted)) == pytest.approx(1 - np.mean(expected), abs=1e-6)
    # The coefficient is symmetric.
    np.testing.assert_allclose(numpy(dice_coefficient(predicted, true, **settings)), coefficients, atol=1e-6)


# Truth, prediction, then the mean cross-entropy of each image: -log of what the true answer was given.
CROSSENTROPIES = [
    (masks([1, 1, 0, 0]), masks([0.5, 0.5, 0.5, 0.5]), [np.log(2)]),
    (masks([1, 0]), masks([0.9, 0.2]), [-(np.log(0.9) + np.log(0.8)) / 2]),
    (masks([1, 0], [1, 1]), masks([0.9, 0.2], [0.5, 0.25]), [-(np.log(0.9) + np.log(0.8)) / 2, np.log(8) / 2]),
    (masks([[1, 0], [0, 0]]), masks([[0.25, 0.5], [0.5, 0.5]]), [np.log(4 * 2 * 2 * 2) / 4]),
]


@pytest.mark.parametrize(("true", "predicted", "crossentropy"), CROSSENTROPIES)
def test_crossentropy_by_hand(true, predicted, crossentropy):
    loss = numpy(dice_crossentropy_loss(true, predicted))
    assert loss.shape == (len(crossentropy),)
    np.testing.assert_allclose(loss - numpy(dice_loss(true, predicted)), crossentropy, rtol=1e-5)
    assert float(DiceCrossentropyLoss()(true, predicted)) == pytest.approx(loss.mean())


# Three classes, (1, 1, 2, 3): the left pixel is of class 0, the right one of class 2.
ONE_HOT = np.array([[[[1, 0, 0], [0, 0, 1]]]], dtype="float32")
SOFT = np.array([[[[0.5, 0.25, 0.25], [0, 0.5, 0.5]]]], dtype="float32")


def test_several_classes_by_hand():
    # Class 0: 2 * 0.5 / (1 + 0.5). Class 1: 0 / (0 + 0.75). Class 2: 2 * 0.5 / (1 + 0.75).
    expected = np.array([[1 / 1.5, 0, 1 / 1.75]])
    np.testing.assert_allclose(numpy(dice_coefficient(ONE_HOT, SOFT, smooth=0)), expected, rtol=1e-6)
    np.testing.assert_allclose(numpy(dice_loss(ONE_HOT, SOFT, smooth=0)), [1 - expected.mean()], rtol=1e-6)
    # Cross-entropy: both pixels gave their class a half.
    both = numpy(dice_crossentropy_loss(ONE_HOT, SOFT, smooth=0))
    np.testing.assert_allclose(both, [1 - expected.mean() + np.log(2)], rtol=1e-5)


def test_several_classes_of_several_images_stay_apart():
    true, predicted = np.concatenate([ONE_HOT, ONE_HOT]), np.concatenate([ONE_HOT, SOFT])
    for loss in dice_loss, dice_crossentropy_loss:
        first, second = numpy(loss(true, predicted))
        assert first == pytest.approx(0, abs=1e-5)
        assert second == pytest.approx(numpy(loss(ONE_HOT, SOFT))[0])


# ---- Numbers that misbehave ------------------------------------------------------------------


def test_pixels_to_be_ignored_count_nowhere():
    true = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]], "float32").reshape(1, 1, 4, 3)
    predicted = np.array([[0.5, 0.25, 0.25], [0, 1, 0], [0, 0, 1], [0.2, 0.3, 0.5]], "float32").reshape(1, 1, 4, 3)
    for loss in (dice_loss, dice_crossentropy_loss, DiceCrossentropyLoss(exclusive=False)):
        np.testing.assert_allclose(loss(true, predicted), loss(true[:, :, :3], predicted[:, :, :3]), rtol=1e-5)
    none = np.full((1, 1, 4, 3), -1, "float32")  # nothing is known, so nothing is to be learned
    assert float(dice_crossentropy_loss(none, predicted)[0]) == 0


def test_classes_that_overlap_get_the_cross_entropy_of_each():
    true = np.array([[1, 1], [0, 1]], "float32").reshape(1, 1, 2, 2)
    predicted = np.array([[0.5, 0.5], [0.5, 0.25]], "float32").reshape(1, 1, 2, 2)
    expected = (3 * np.log(2) + np.log(4)) / 4
    loss = dice_crossentropy_loss(true, predicted, exclusive=False) - dice_loss(true, predicted)
    np.testing.assert_allclose(loss, [expected], rtol=1e-5)


def test_weights_of_classes_by_hand():
    true = np.array([[1, 0], [0, 1]], "float32").reshape(1, 1, 2, 2)
    predicted = np.array([[0.5, 0.5], [0, 1]], "float32").reshape(1, 1, 2, 2)
    # Dice: 2 * 0.5 / (1 + 0.5) and 2 * 1 / (1 + 1.5).
    dice = 1 - (3 * 2 / 3 + 1 * 4 / 5) / 4
    np.testing.assert_allclose(dice_loss(true, predicted, smooth=0, class_weights=[3, 1]), [dice], rtol=1e-6)
    both = dice_crossentropy_loss(true, predicted, smooth=0, class_weights=[3, 1])
    np.testing.assert_allclose(both, [dice + 3 * np.log(2) / 2], rtol=1e-5)
    # -log of what was given to the truth: both pixels of the first class are taken for half.
    each = dice_crossentropy_loss(true, predicted, smooth=0, exclusive=False, class_weights=[3, 1])
    np.testing.assert_allclose(each, [dice + (3 * np.log(2) + np.log(2)) / 4 / 2], rtol=1e-4)
    same = [loss(true, predicted, class_weights=[2, 2]) - loss(true, predicted) for loss in (dice_loss,)]
    np.testing.assert_allclose(same, [[0]], atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss, DiceLoss(), DiceCrossentropyLoss()])
def test_half_precision_does_not_overflow(dtype, loss):
    # A sum of 512 * 512 ones is four times what float16 can hold.
    true, predicted = ops.ones((1, 512, 512, 1), dtype=dtype), ops.full((1, 512, 512, 1), 0.5, dtype=dtype)
    value = float(ops.mean(loss(true, predicted)))
    expected = 1 - (2 * 0.5 * 512**2 + 1) / (1.5 * 512**2 + 1)
    expected += 0 if loss is dice_loss or isinstance(loss, DiceLoss) else np.log(2)
    assert value == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss])
@pytest.mark.parametrize("dtype", ["uint8", "bool", "int32", "float64", "float16"])
def test_masks_of_any_type_and_float32_comes_out(loss, dtype):
    true, predicted = masks([1, 1, 0, 0]), masks([0.75, 0.5, 0.25, 0])
    value = loss(true.astype(dtype), predicted)
    assert keras.backend.standardize_dtype(value.dtype) == "float32"
    np.testing.assert_allclose(numpy(value), numpy(loss(true, predicted)))


@pytest.mark.parametrize(
    "shape", [(2, 4, 5, 1), (2, 5, 4, 1), (3, 4, 4, 1), (2, 4, 4, 3), (2, 4, 4), (4, 4), (2, 4, 4, 1, 1)]
)
@pytest.mark.parametrize("loss", [dice_coefficient, dice_loss, dice_crossentropy_loss])
def test_shapes_that_differ_are_refused_and_not_broadcast(loss, shape):
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        loss(np.ones((2, 4, 4, 1)), np.ones(shape))
    if loss is not dice_crossentropy_loss:
        assert "(2, 4, 4, 1)" in str(raised.value)
        assert str(shape) in str(raised.value)


# ---- Gradients -------------------------------------------------------------------------------


class Pictures(keras.layers.Layer):
    """Gives the same trainable pictures, whatever comes in."""

    def __init__(self, pictures):
        super().__init__()
        self.pictures = self.add_weight(shape=pictures.shape, name="pictures")
        self.pictures.assign(pictures)

    def call(self, x):
        return self.pictures + 0 * x


def gradient_of(loss, true, predicted):
    """The gradient with respect to each pixel of each prediction, as one step of descent shows it."""
    true, predicted = (np.asarray(array, dtype="float32") for array in (true, predicted))
    layer = Pictures(predicted)
    inputs = keras.Input(batch_shape=predicted.shape)
    model = keras.Model(inputs, layer(inputs))
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss, run_eagerly=True)
    model.train_on_batch(np.zeros_like(predicted), true)
    # Keras takes the mean over the images.
    return (predicted - numpy(layer.pictures.value)) * len(predicted)


def test_the_gradient_of_dice_by_hand():
    # D = (2 I + 1) / (T + P + 1) with I = 0.75, T = 2, P = 1: dD/dp = 2 t / 4 - 2.5 / 16.
    gradient = gradient_of(dice_loss, masks([1, 1, 0, 0]), masks([0.5, 0.25, 0.25, 0]))
    np.testing.assert_allclose(gradient.ravel(), -(np.array([2, 2, 0, 0]) / 4 - 2.5 / 16), atol=1e-6)


@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss])
def test_the_gradient_agrees_with_small_differences(loss):
    rng = np.random.default_rng(0)
    true = (rng.random((1, 3, 4, 1)) < 0.5).astype("float32")
    predicted = rng.uniform(0.1, 0.9, true.shape).astype("float32")
    gradient, h = gradient_of(loss, true, predicted), 1e-2
    for place in np.ndindex(true.shape):
        up, down = predicted.copy(), predicted.copy()
        up[place] += h
        down[place] -= h
        difference = (numpy(loss(true, up)) - numpy(loss(true, down)))[0] / (2 * h)
        assert gradient[place] == pytest.approx(difference, abs=2e-3)
        # Downhill is towards the mask: rounding would leave no gradient at all.
        assert np.sign(gradient[place]) == (-1 if true[place] else 1)


@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss])
def test_the_gradient_is_finite_everywhere(loss):
    kinds = masks([0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1])
    levels = [0.0, 1e-8, 0.5, 1 - 1e-7, 1.0]
    predicted = np.concatenate([np.full_like(kinds, level) for level in levels])
    gradient = gradient_of(loss, np.concatenate(len(levels) * [kinds]), predicted)
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 0.1


def test_dice_has_a_gradient_where_nothing_is_found():
    assert (gradient_of(dice_loss, masks([1, 1, 0, 0]), masks([0, 0, 0, 0])).ravel()[:2] < -0.1).all()


# ---- Keeping a loss --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [DiceLoss, DiceCrossentropyLoss])
def test_settings_survive_a_round_trip(kind):
    loss = kind(smooth=7.0, name="own", reduction="sum")
    for again in [
        kind.from_config(loss.get_config()),
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss)),
        keras.losses.deserialize(keras.losses.serialize(loss)),
    ]:
        assert type(again) is kind
        assert (again.smooth, again.name, again.reduction) == (7.0, "own", "sum")
        true, predicted = masks([1, 1, 0, 0], [1, 0, 0, 0]), masks([0.5, 0.5, 0.5, 0.25], [0.5, 0.5, 0.5, 0.5])
        assert float(again(true, predicted)) == pytest.approx(float(loss(true, predicted)))


@pytest.mark.parametrize(
    ("loss", "kind", "added"), [(dice_loss, DiceLoss, 0), (dice_crossentropy_loss, DiceCrossentropyLoss, np.log(2))]
)
@pytest.mark.parametrize("smooth", [0.0, 1.0, 10.0])
def test_smooth_is_used(loss, kind, added, smooth):
    # Half of both pixels found, and half of two too many: (2 * 1 + smooth) / (2 + 2 + smooth).
    batch = masks([1, 1, 0, 0]), masks([0.5, 0.5, 0.5, 0.5])
    expected = 1 - (2 + smooth) / (4 + smooth) + added
    assert float(loss(*batch, smooth=smooth)[0]) == pytest.approx(expected, rel=1e-5)
    assert float(kind(smooth=smooth)(*batch)) == pytest.approx(expected, rel=1e-5)
    if smooth == 1:
        assert float(kind()(*batch)) == pytest.approx(float(loss(*batch)[0])) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("loss", [dice_loss, dice_crossentropy_loss])
def test_functions_are_found_again_by_their_name(loss):
    assert keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss)) is loss
    assert keras.saving.get_registered_name(loss) == f"lungseg>{loss.__name__}"

"""Notebook 3, exercises 3.1 and 3.2: the Dice coefficient, and the loss made of it."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_3 import miswritten
from lungseg_course.chapters.chapter_3.miswritten import SUMMED_UP, computed_from, for_each_image, mapped
from lungseg_course.chapters.chapter_3.overlaps import (
    IMAGES,
    PIXELS,
    Coefficients,
    dice_of_each,
    masks_and_probabilities,
)
from lungseg_course.chapters.chapter_3.tensors import GRADIENT, TENSORS, prepare, tensors
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, When
from lungseg_course.engine.table import Case, Look, look_at
from lungseg_course.engine.verdict import Wrong

UP = "The better the prediction, the larger this is. Training makes the loss small, so it would unlearn the lungs."
TOWARDS = (
    "It falls as the prediction gets better, and yet it is another function, with another gradient.",
    "Take the coefficient from 1, and nothing else.",
)
COMPARE = "Give `dice_coefficient` both: `dice_coefficient(y_true, y_pred)`."


def _dice_loss(y_true, y_pred, smooth: float = 1.0) -> np.ndarray:
    return 1 - dice_of_each(y_true, y_pred, smooth)


def _entropy(y_true, y_pred) -> np.ndarray:
    true, sure = np.asarray(y_true, "float64"), np.clip(np.asarray(y_pred, "float64"), 1e-7, 1 - 1e-7)
    return -(true * np.log(sure) + (1 - true) * np.log(1 - sure)).mean(axis=PIXELS)


# fmt: off
A_LOSS = Gives("a loss in place of the coefficient", _dice_loss, "The coefficient is 1 where all is right. Taking it "
               "from 1 is the next exercise.", "Leave out the `1 -`.")
OF_COEFFICIENTS = (*mapped(SUMMED_UP, computed_from(dice_of_each)), A_LOSS)
SIXTEEN_BITS = When("sums in 16 bits", lambda out: not out.is_right,
                    "The largest number of 16 bits is 65,504, and here are 90,000 pixels.",
                    'Cast both to "float32" first, before anything is multiplied or summed.')
LOSSES = (
    *mapped(SUMMED_UP, computed_from(_dice_loss)),
    *mapped((
        Gives("`1 -` is forgotten", lambda c: c, UP, "Take the coefficient from 1."),
        Gives("minus in place of `1 -`", lambda c: -c,
              "It has the same gradient and would train as well. But a loss of -0.95 is hard to read; ours is 0 where "
              "all is right.", "Take the coefficient from 1."),
        Gives("the other way round", lambda c: c - 1, UP, "The coefficient is taken from 1, not 1 from it."),
        Gives("the coefficient is squared", lambda c: 1 - c**2, *TOWARDS),
        Gives("the loss is squared", lambda c: (1 - c) ** 2, *TOWARDS),
        Gives("the logarithm of the coefficient", lambda c: -np.log(c), *TOWARDS),
        Gives("1 divided by the coefficient", lambda c: 1 / c, *TOWARDS),
        Gives("2 in place of 1", lambda c: 2 - c, "Where all is right, this is 1 and not 0.", "Take it from 1."),
        Gives("in percent", lambda c: 100 * (1 - c), "", "Leave it between 0 and 1."),
        Gives("half of the loss", lambda c: (1 - c) / 2, "", "Take the coefficient from 1, and no more."),
    ), computed_from(dice_of_each)),
    Gives("the mask is compared with itself", lambda y_true, y_pred: _dice_loss(y_true, y_true),
          "The prediction is not used, so the loss says nothing of it.", COMPARE),
    Gives("the prediction is compared with itself", lambda y_true, y_pred: _dice_loss(y_pred, y_pred),
          "The mask is not used, so the loss says nothing of what is right.", COMPARE),
    Gives("cross-entropy", _entropy, "A good loss, and another one.", "Use `dice_coefficient`."),
    Gives("Dice and cross-entropy together", lambda *inputs: _dice_loss(*inputs) + _entropy(*inputs),
          "A good loss, and another one.", "Leave out the cross-entropy."),
    Gives("the mean squared error", lambda y_true, y_pred: np.square(np.subtract(y_true, y_pred)).mean(axis=PIXELS),
          "It looks at each pixel alone, and is small wherever most of the image is background.",
          "Use `dice_coefficient`."),
)
OTHER_DICE = (*miswritten.AXES, *miswritten.SMOOTHING, miswritten.fixed_smoothing(
    "another smoothing", "This loss smooths by 1, as `dice_coefficient` does unless it is told otherwise.",
    "Call `dice_coefficient` without `smooth`.", (10, 100, *miswritten.TINY)), *miswritten.FORMULAS)
OTHER_LOSSES = (
    *mapped(OTHER_DICE, lambda sign: lambda y_true, y_pred: 1 - sign(y_true, y_pred)),
    *mapped((row for row in OTHER_DICE if row.name != "upside down"),  # that is 1 divided by the coefficient
            lambda sign: lambda y_true, y_pred: sign(y_true, y_pred), "{}, and `1 -` is forgotten"),
)
NO_GRADIENT = When("no gradient", lambda out: out.result is not None and _stand_still(*out.result),
                   GRADIENT, "Compute with the probabilities themselves, and with functions of `keras.ops` alone.",
                   received=lambda out: "weights {} before and {} after the step".format(*map(describe, out.result)),
                   expected="weights that have moved")
# fmt: on


look = partial(look_at, "dice_coefficient", dice_of_each, kind=Coefficients("the coefficients"))


@look(for_each_image(*OF_COEFFICIENTS, *miswritten.WITHOUT_SMOOTHING))
def look_overlap(rng):
    """The formula without smoothing, for probabilities."""
    inputs = tensors(*masks_and_probabilities(rng))
    yield Case(*inputs, keywords={"smooth": 0}, tried=f"dice_coefficient(y_true, y_pred, smooth=0) with {IMAGES}")


@look(for_each_image(*OF_COEFFICIENTS, *miswritten.MISWRITTEN))
def look_smoothing(rng):
    """The smoothing of numerator and denominator; an empty mask that is predicted empty."""
    masks, predicted = masks_and_probabilities(rng)
    masks[0], predicted[0] = 0, 0
    smooth = float(rng.integers(2, 6))
    with_empty = f"with {IMAGES}, the first mask and prediction empty"
    tried = f"dice_coefficient(y_true, y_pred, smooth={smooth:g}) {with_empty}"
    yield Case(*tensors(masks, predicted), keywords={"smooth": smooth}, tried=tried)
    rows = for_each_image(miswritten.BY_DEFAULT, *miswritten.MISWRITTEN)
    yield Case(*tensors(masks, predicted), tried=f"dice_coefficient(y_true, y_pred) {with_empty}", rows=rows)


@look(for_each_image(*miswritten.MISWRITTEN))
def look_types(rng):
    """Masks of whole numbers; sums that are too large for 16 bits."""
    masks, predicted = masks_and_probabilities(rng)
    inputs = tensors(masks.astype("uint8"), predicted)
    yield Case(*inputs, tried=f"dice_coefficient(y_true, y_pred) with {IMAGES}, the masks as uint8")
    large = np.ones((1, 300, 300, 1), "float16")
    share = int(rng.integers(24, 31)) / 32  # exact in 16 bits
    tried = f"one image of 300 x 300 pixels in float16, all of them 1, predicted as {share:.4g}"
    rows, kind = (SIXTEEN_BITS, *TENSORS), Numbers("the coefficient", tolerance=1e-3)
    yield Case(*tensors(large, share * large), tried=tried, rows=rows, kind=kind)


def _loss(answer: Callable, *inputs):
    if isinstance(answer, type):
        raise Wrong(
            "a class in place of a function",
            received=f"the class `{answer.__name__}`",
            expected="a function of the masks and the predictions",
            why="Keras takes both, and calls a class in another way.",
            remedy="Write `def dice_loss(y_true, y_pred):`, and return the numbers.",
        )
    return answer(*inputs)


@look_at(
    "dice_loss", _dice_loss, run=_loss, rows=for_each_image(*LOSSES, *OTHER_LOSSES), kind=Coefficients("the losses")
)
def look_loss(rng):
    """1 - DSC of each image, one of them empty."""
    masks, predicted = masks_and_probabilities(rng)
    masks[-1], predicted[-1] = 0, 0
    tried = f"dice_loss(y_true, y_pred) with {IMAGES}, the last mask and prediction empty"
    yield Case(*tensors(masks, predicted), tried=tried)


def _training(name: str, shown: str, loss_of: Callable = lambda answer: answer) -> Look:
    """Return a look: Keras can train with the loss made of an answer, and a step moves the weights."""

    @look_at(name, rows=(NO_GRADIENT, *TENSORS), run=lambda answer, use, *arrays: use(loss_of(answer), *arrays))
    def look(rng):
        masks, noise = masks_and_probabilities(rng)
        with same_chance():
            yield Case(prepare, tried=f"to prepare the training of a tiny network with the loss {shown}")
            tried = f"a step of training of a tiny network with the loss {shown}"
            yield Case(_weights_of_a_step, masks + noise, masks, tried=tried)

    return look


def _weights_of_a_step(loss: Callable, images: np.ndarray, masks: np.ndarray) -> list[np.ndarray]:
    """Return the two weights of a tiny network before and after a step of training."""
    import keras

    up, down = map(keras.initializers.Constant, (0.5, -0.5))
    weights = {"kernel_initializer": up, "bias_initializer": down}
    layer = keras.layers.Conv2D(1, 1, activation="sigmoid", name="only_layer", **weights)
    model = keras.Sequential([keras.Input(images.shape[1:], name="images"), layer], name="checked")
    model.compile(keras.optimizers.SGD(1.0, name="steps"), loss=loss, run_eagerly=True)
    before = np.concatenate(model.get_weights(), axis=None)
    model.train_on_batch(images, masks)
    return [before, np.concatenate(model.get_weights(), axis=None)]


def _stand_still(before: np.ndarray, after: np.ndarray) -> bool:
    return not np.isfinite(after).all() or np.allclose(after, before, atol=1e-5)


look_coefficient_gradient = _training(
    "dice_coefficient", "1 - dice_coefficient", lambda answer: lambda y_true, y_pred: 1 - answer(y_true, y_pred)
)
look_loss_gradient = _training("dice_loss", "dice_loss")

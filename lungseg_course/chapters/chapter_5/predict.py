"""Notebook 5, exercise 5.1: the prediction of one image."""

import contextlib
import io
import re
from collections.abc import Callable
from functools import partial

import numpy as np

from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.sharing import once
from lungseg_course.engine.table import Case, look_at

HEIGHT, WIDTH = 3, 4


class OfTheFirst(Numbers):
    """The probabilities of the first of two images."""

    def read(self, result) -> np.ndarray:
        return super().read(result[0])


class OnlyShape(OfTheFirst):
    """Probabilities whose shape is looked at."""

    def same(self, value: np.ndarray, right) -> bool:
        return value.shape == right.shape


def _of_two_images(predict: Callable, model, image: np.ndarray, other: np.ndarray) -> tuple:
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bar of `model.predict`
        return predict(model, image), predict(model, other)


def _predict(model, image: np.ndarray, training: bool = False) -> np.ndarray:
    return np.asarray(model(image[None, :, :, None].astype("float32"), training=training))[0, :, :, 0]


def _of(change: Callable) -> Callable:
    """Return the wrong reference of a function of the right probabilities."""
    return lambda model, image, other: change(_predict(model, image))


def _of_image(change: Callable) -> Callable:
    """Return the wrong reference of another image that is made of the right one."""
    return lambda model, image, other: _predict(model, change(image))


def _shown(out: Outcome) -> tuple[int, ...]:
    """Return the shape that the network was shown, as Keras writes it in its error."""
    return tuple(map(int, re.findall(r"\d+", out.found.group(1) or out.found.group(2))))


def _same_for_both(out: Outcome) -> bool:
    return len(np.unique(out.value)) > 2 and np.allclose(out.value, np.asarray(out.result[1]))


FOUND = r"Exception: found shape=\(([\d, ]*)\)|Full shape received: \(([\d, ]*)\)"
BATCH = f"a batch with one image, shape (1, {HEIGHT}, {WIDTH}, 1)"
ADD_AXES = (
    "The network takes batches only, also when there is one image in it.",
    "Add an axis in front and one behind with `None`, and print the shape.",
)
FROM_NOTEBOOK = (
    "The function uses a name of the notebook, which means the same image in each call; or makes an image of a fixed "
    "size.",
    "Use the name of the argument, as it stands in the line with `def`.",
)
ANOTHER_IMAGE, THE_ARGUMENT = "another image than the argument", "the probabilities of the argument"
TO_BATCH = "The network gives a batch, (B, H, W, 1), also for one image."
SIZES = (32, 64, 128, 256, 512)
FIXED = (
    "A number of pixels is written into the function, and images come in other sizes, too.",
    "Add the axes with `None`, or ask for the size: `height, width = image.shape`.",
)
ORDER, AS_IT_IS = "Leave the order of rows and columns as it is.", "Give the network the image as it is."
AS_GIVEN = "Return what the network gives."

# fmt: off
SHAPES = (
    Shape("the batch is returned", (1, HEIGHT, WIDTH, 1), TO_BATCH, "Take image 0 and channel 0 of the result."),
    Shape("the channel axis is still there", (HEIGHT, WIDTH, 1), TO_BATCH, "Take channel 0 of the last axis."),
    Shape("the batch axis is still there", (1, HEIGHT, WIDTH), TO_BATCH, "Take image 0 of the first axis."),
    Shape("height and width are swapped", (WIDTH, HEIGHT), "", ORDER),
    Shape("the pixels in a row", (HEIGHT * WIDTH,), "", "Leave height and width: take `[0, :, :, 0]` of the result."),
    Shape("a fixed size", [(size, size) for size in SIZES], *FIXED),
    Shape("one row of the image", [(WIDTH,), (WIDTH, 1)], TO_BATCH,
          "Take image 0 of the first axis, and channel 0 of the last: `[0, :, :, 0]`."),
    Shape("one column of the image", [(HEIGHT,), (HEIGHT, 1)], TO_BATCH,
          "Take image 0 of the first axis, and channel 0 of the last: `[0, :, :, 0]`."),
    Shape("one number for the whole image", (), "", "Return the probability of each pixel."),
)
ERRORS = (
    Raises("a fixed size", "ValueError: cannot reshape array", *FIXED, expected=THE_ARGUMENT),
    Raises("channels that the network has not", "Exception: expected axis -1 of input shape to have value 1",
           "The images of the course are grey: one channel.", "Add an axis of length 1: `image[None, :, :, None]`.",
           expected=BATCH),
    Raises("a fixed size", FOUND, *FIXED, line="resize|reshape", when=lambda out: {*_shown(out)} & {*SIZES},
           expected=THE_ARGUMENT),
    Raises(ANOTHER_IMAGE, FOUND, *FROM_NOTEBOOK, when=lambda out: not {HEIGHT, WIDTH} <= {*_shown(out)},
           expected=THE_ARGUMENT),
    Raises("height and width are swapped", FOUND, "The image lies on its side: `.T` makes a row of each column.",
           "Leave the order of rows and columns as it is, and add the two axes only.",
           # Keras leaves out a last axis of length 1.
           when=lambda out: _shown(out) in ((1, WIDTH, HEIGHT, 1), (1, WIDTH, HEIGHT)), expected=BATCH),
    Raises("the batch axis is missing", FOUND, *ADD_AXES,
           when=lambda out: len(_shown(out)) == 2 or _shown(out)[:2] == (HEIGHT, WIDTH), expected=BATCH),
    Raises("an axis is missing", FOUND, *ADD_AXES, when=lambda out: len(_shown(out)) == 3, expected=BATCH),
    Raises("the axes are in another order", FOUND,
           "A batch has the axes (batch, height, width, channels), in this order.", ADD_AXES[1], expected=BATCH),
)
VALUES = (
    Gives("the image became whole numbers", _of_image(np.floor),
          "As an integer, every grey value below 1 is 0, and the network sees black.", AS_IT_IS),
    When(ANOTHER_IMAGE, _same_for_both, *FROM_NOTEBOOK,
         received="the same probabilities for two different images", expected=THE_ARGUMENT),
    Gives("thresholded already", _of(lambda right: right >= 0.5),
          "Whoever cuts at 0.5 here cannot see any more where the network is unsure.",
          "Return what the network gives. The threshold comes later."),
    Gives("the image is scaled once more", _of_image(lambda image: image / 255),
          "The images of the cases lie in [0, 1] already, and the network was trained on such.", AS_IT_IS,
          also=[_of_image(change) for change in
                (lambda image: 255 * image, lambda image: image - 0.5, lambda image: 2 * image - 1)]),
    Gives("the image is scaled by its own maximum", _of_image(lambda image: image / image.max()),
          "The network was trained on images as they are in the cases.", AS_IT_IS),
    Gives("the image is scaled by its own darkest and brightest pixel",
          _of_image(lambda image: (image - image.min()) / np.ptp(image)),
          "They became 0 and 1, whatever they were. The network was trained on images as they are in the cases.",
          AS_IT_IS),
    Gives("the image is cut at 0.5", _of_image(lambda image: image >= 0.5),
          "The threshold is for the probabilities, later.", AS_IT_IS),
    Gives("bright and dark are exchanged", _of_image(lambda image: 1 - image), "", AS_IT_IS),
    Gives("averaged with the mirrored image",
          lambda model, image, other: (_predict(model, image) + _predict(model, image[:, ::-1])[:, ::-1]) / 2,
          "It may even be a little better, and it is another answer than that of the network.", AS_GIVEN),
    Gives("cut off to whole numbers", _of(np.floor),
          "An integer type drops what stands behind the point: every probability below 1 becomes 0. So does "
          "`argmax` over a single channel.", AS_GIVEN),
    Gives("stretched to the range from 0 to 1", _of(lambda right: (right - right.min()) / np.ptp(right)),
          "The network is never quite sure, and its lowest answer need not be 0.", AS_GIVEN,
          also=(_of(lambda right: right / right.max()),)),
    Gives("the image is standardised", _of_image(lambda image: (image - image.mean()) / image.std()),
          "The network was trained on images as they are in the cases, between 0 and 1.", AS_IT_IS),
    Gives("the sigmoid twice", _of(lambda right: 1 / (1 + np.exp(-right))),
          "The last layer of the network is a sigmoid: it gives probabilities already.", AS_GIVEN),
    Gives("the probability of background", _of(lambda right: 1 - right), "", AS_GIVEN),
    Gives("turned upside down", _of(lambda right: right[::-1]), "", ORDER),
    Gives("mirrored", _of(lambda right: right[:, ::-1]), "", ORDER),
    Gives("the logarithm of the odds", _of(lambda right: np.log(right / (1 - right))), "", AS_GIVEN),
    Gives("in percent", _of(lambda right: 100 * right), "", AS_GIVEN),
    Gives("grey values in place of probabilities", _of(lambda right: np.floor(255 * right)),
          "From 0 to 255, as in a picture file.", AS_GIVEN, also=(_of(lambda right: 255 * right),)),
    # With its own statistics of this batch, so the order of the calls does not matter.
    Gives("the network is in training mode", lambda model, image, other: _predict(model, image, training=True),
          "With `training=True`, dropout and batch normalisation behave as they do in the training: the answer depends "
          "on the other images of the batch, and the network itself is changed.",
          "Leave `training=True` out, or call `model.predict_on_batch`."),
    When("the image that you were given is changed", lambda out: out.changed,
         "`image /= 255` and the like work in place, on the caller's own array.",
         "Make a new array, or leave the image as it is.",
         received="another image than before the call", expected="the image as it was"),
)
# fmt: on


def _network() -> tuple:
    """Return a network whose answer depends on the place and on whether it is being trained, and its two layers."""
    import keras

    normalise = keras.layers.BatchNormalization()
    convolve = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", kernel_initializer="zeros")
    inputs = keras.Input((HEIGHT, WIDTH, 1))
    return keras.Model(inputs, convolve(normalise(inputs))), normalise, convolve


def _case(rng: np.random.Generator) -> Case:
    """Return the network, with weights of its own, and two images."""
    model, normalise, convolve = once(_network)
    convolve.set_weights([rng.normal(size=(3, 3, 1, 1)), np.full(1, 0.2)])
    normalise.set_weights([np.full(1, value) for value in (1.0, 0.0, 0.3, 0.5)])  # scale, shift, mean, variance
    model.run_eagerly = True  # a graph is not worth its making
    image, other = rng.uniform(0.1, 0.8, size=(2, HEIGHT, WIDTH)).astype("float32")
    return Case(
        *(model, image, other),
        tried=f"predict_probability(model, image) with an image of shape ({HEIGHT}, {WIDTH})",
        right=_predict(model, image),  # before the answer may change the network
    )


look = partial(look_at, "predict_probability", run=_of_two_images)


@look(rows=(*SHAPES, *ERRORS), kind=OnlyShape("the probabilities"))
def look_axes(rng):
    """An image in, a map of the same shape out."""
    yield _case(rng)


@look(rows=(*SHAPES, *VALUES, *ERRORS), kind=OfTheFirst("the probabilities"))
def look_probabilities(rng):
    """The probabilities of the network, as they are."""
    yield _case(rng)

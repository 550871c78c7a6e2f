"""Notebook 5, exercise 5.1: what is looked at in the prediction of one image."""

import contextlib
import io
import re

import numpy as np

from lungseg_course.engine.verdict import Wrong, as_array, expect_close, expect_shape, trying

HEIGHT, WIDTH = 3, 4


def look_axes(predict_probability, rng) -> None:
    """An image in, a map of the same shape out."""
    with _trying_prediction():
        model, image = _small_network(rng), _image(rng)
        result = as_array(_call(predict_probability, model, image), "the probabilities")
        _expect_image_shape(result)


def look_probabilities(predict_probability, rng) -> None:
    """The probabilities of the network, as they are."""
    with _trying_prediction():
        model, image = _small_network(rng), _image(rng)
        given = image.copy()
        expected = _predict(model, image)
        others = {
            "thresholded already": (
                expected >= 0.5,
                "Whoever cuts at 0.5 here cannot see any more where the network is unsure.",
                "Return what the network gives. The threshold comes later.",
            ),
            "the image is scaled once more": (
                _predict(model, image / 255),
                "The images of the cases lie in [0, 1] already, and the network was trained on such.",
                "Give the network the image as it is.",
            ),
            "the image is scaled by its own maximum": (
                _predict(model, image / image.max()),
                "The network was trained on images as they are in the cases.",
                "Give the network the image as it is.",
            ),
            "cut off to whole numbers": (
                np.floor(expected),
                "An integer type drops what stands behind the point: every probability below 1 becomes 0.",
                "Return what the network gives.",
            ),
            "the image is standardised": (
                _predict(model, (image - image.mean()) / image.std()),
                "The network was trained on images as they are in the cases, between 0 and 1.",
                "Give the network the image as it is.",
            ),
            "the sigmoid twice": (
                1 / (1 + np.exp(-expected)),
                "The last layer of the network is a sigmoid: it gives probabilities already.",
                "Return what the network gives.",
            ),
            "the probability of background": (1 - expected, "", "Return what the network gives."),
            "turned upside down": (expected[::-1], "", "Leave the order of rows and columns as it is."),
            "in percent": (100 * expected, "", "Return what the network gives."),
        }
        result = as_array(_call(predict_probability, model, image), "the probabilities")
        others["the network is in training mode"] = (
            # Its own statistics of this batch, so the order of the calls does not matter.
            np.asarray(model(image[None, :, :, None], training=True))[0, :, :, 0],
            "With `training=True`, dropout and batch normalisation behave as they do in the training: the answer "
            "depends on the other images of the batch, and the network itself is changed.",
            "Leave `training=True` out, or call `model.predict_on_batch`.",
        )
        _expect_image_shape(result)
        if len(np.unique(result)) > 2 and np.allclose(result, as_array(_call(predict_probability, model, _image(rng)))):
            raise _another_image("the same probabilities for two different images")
        expect_close(result, expected, others, what="the probabilities")
        if not np.array_equal(image, given):
            raise Wrong(
                "the image that you were given is changed",
                received="another image than before the call",
                expected="the image as it was",
                why="`image /= 255` and the like work in place, on the caller's own array.",
                remedy="Make a new array, or leave the image as it is.",
            )


def _trying_prediction():
    return trying(f"predict_probability(model, image) with an image of shape ({HEIGHT}, {WIDTH})", _explain)


def _explain(error: Exception) -> Wrong | None:
    text = str(error)
    found = re.search(r"found shape=\(([\d, ]*)\)|Full shape received: \(([\d, ]*)\)", text)
    if found is None:
        return None
    shape = tuple(int(size) for size in re.findall(r"\d+", found.group(1) or found.group(2)))
    if HEIGHT not in shape or WIDTH not in shape:
        return _another_image("")
    if shape in ((1, WIDTH, HEIGHT, 1), (1, WIDTH, HEIGHT)):  # Keras leaves out a last axis of length 1
        return Wrong(
            "height and width are swapped",
            received="",
            expected=f"a batch with one image, shape (1, {HEIGHT}, {WIDTH}, 1)",
            why="The image lies on its side: `.T` makes a row of each column.",
            remedy="Leave the order of rows and columns as it is, and add the two axes only.",
        )
    cause = "an axis is missing" if len(shape) == 3 else "the axes are in another order"
    if len(shape) == 2 or shape[:2] == (HEIGHT, WIDTH):
        cause = "the batch axis is missing"
    return Wrong(
        cause,
        received="",
        expected=f"a batch with one image, shape (1, {HEIGHT}, {WIDTH}, 1)",
        why="The network takes batches only, also when there is one image in it.",
        remedy="Add an axis in front and one behind with `None`, and print the shape.",
    )


def _another_image(received: str) -> Wrong:
    return Wrong(
        "another image than the one that is handed over",
        received=received,
        expected="the probabilities of the image in the brackets",
        why="The function uses a name of the notebook, which means the same image in each call.",
        remedy="Use the name of the argument, as it stands in the line with `def`.",
    )


def _expect_image_shape(result: np.ndarray) -> None:
    why = "The network gives a batch, (B, H, W, 1), also for one image."
    expect_shape(
        result,
        (HEIGHT, WIDTH),
        {
            (1, HEIGHT, WIDTH, 1): ("the batch is returned", why, "Take image 0 and channel 0 of the result."),
            (HEIGHT, WIDTH, 1): ("the channel axis is still there", why, "Take channel 0 of the last axis."),
            (1, HEIGHT, WIDTH): ("the batch axis is still there", why, "Take image 0 of the first axis."),
            (WIDTH, HEIGHT): ("height and width are swapped", "", "Leave the order of rows and columns as it is."),
            (): ("one number for the whole image", "", "Return the probability of each pixel."),
        },
    )


def _call(predict_probability, model, image):
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bar of `model.predict`
        return predict_probability(model, image)


def _image(rng) -> np.ndarray:
    return rng.uniform(0.1, 0.8, size=(HEIGHT, WIDTH)).astype("float32")


def _predict(model, image) -> np.ndarray:
    return np.asarray(model(image[None, :, :, None].astype("float32"), training=False))[0, :, :, 0]


def _small_network(rng):
    """Make a network whose answer depends on the place, and on whether it is being trained."""
    import keras

    normalise = keras.layers.BatchNormalization()
    convolve = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", kernel_initializer="zeros")
    inputs = keras.Input((HEIGHT, WIDTH, 1))
    model = keras.Model(inputs, convolve(normalise(inputs)))
    convolve.set_weights([rng.normal(size=(3, 3, 1, 1)), np.full(1, 0.2)])
    normalise.set_weights([np.full(1, value) for value in (1.0, 0.0, 0.3, 0.5)])  # slope, shift, mean, variance
    model.run_eagerly = True  # a graph is not worth its making
    return model

"""Notebook 6, exercise 6.3: the last layer of a network for three classes."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_2 import networks
from lungseg_course.chapters.chapter_2.networks import is_a
from lungseg_course.engine.describing import describe
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at

X = (6, 10, 8)  # height, width and channels of what comes in
CLASSES = 4
TRIED = "output_layer(x), with x of shape (B, {}, {}, {})".format(*X)
STRONG = 14  # so large that a softmax is all but sure of each pixel, and no exponential overflows
AXES = ("the batch", "the height", "the width", "the channels")
NEAR = 1e-3


class Layer(networks.Built):
    """What the student puts behind the last decoder block, as a model from x to probabilities."""

    def build(self, function: Callable) -> None:
        """Call the student's function with a symbolic tensor."""
        import keras

        inputs = keras.Input(X)
        self.returned = function(inputs)
        if is_a(self.returned, "KerasTensor"):
            self.model = keras.Model(inputs, self.returned)

    def shape(self) -> tuple:
        """Return the shape that comes out, with the batch."""
        return self.model.output_shape


def _probabilities(layer: Layer, rng: np.random.Generator, training: bool = False) -> np.ndarray:
    """Return what comes out of random images, with new weights, where every difference is large."""
    layer.choose_weights(rng)
    return layer(STRONG * rng.normal(size=(5, *X)), training)


def _sums(values: np.ndarray, axis: int | tuple[int, ...] | None = -1) -> bool:
    """Whether all the sums along an axis are 1."""
    return bool(np.abs(values.sum(axis=axis) - 1).max() < NEAR)


def _other_axis(out: Outcome) -> str:
    """Return the axis along which the numbers add up to 1, where it is not that of the channels; "" without one."""
    if _sums(out.result):
        return ""
    found = [name for axis, name in enumerate(AXES[:-1]) if _sums(out.result, axis)]
    if any(_sums(out.result, axes) for axes in ((1, 2), (1, 2, 3), None)):
        found.append("more than one axis")
    return found[0] if found else ""


def _adds_up_to(out: Outcome) -> str:
    return f"numbers of a pixel that add up to {describe(out.result.sum(axis=-1).ravel()[:3].round(3))}, ..."


def _sure(out: Outcome) -> float:
    """Return the largest of the four probabilities, in the median of the pixels."""
    return float(np.median(out.result.max(axis=-1)))


def _numbers_before(out: Outcome) -> np.ndarray:
    """Return what a softmax has made the probabilities of, where that adds up to 1 as behind another softmax."""
    z = np.log(np.maximum(out.result, 1e-30))
    return z - z.mean(axis=-1, keepdims=True) + 1 / CLASSES


def _ties(probabilities: np.ndarray) -> float:
    """Return in which share of the pixels two of the four are equal, and not because both are all but 0."""
    ordered = np.sort(probabilities, axis=-1)
    equal = (np.diff(ordered) <= 1e-6 * ordered[..., 1:]) & (ordered[..., :-1] > 1e-30)
    return float(equal.any(axis=-1).mean())


# fmt: off
returned = partial(When, of=networks.not_built, received=networks.what_returned,
                   expected="a tensor of shape (B, {}, {}, 4)".format(*X[:2]))
shape = partial(When, of=lambda out: None if out.is_right else out.value)
values = partial(When, expected="four probabilities for each pixel, which add up to 1")
SOFTMAX = 'Write `layers.Conv2D(4, 1, activation="softmax")(x)`: it works along the channels.'
BUILDING = (
    Raises("an activation that Keras does not know", "Exception: interpret activation",
           "As an activation, softmax is written small and in one word; `layers.Softmax` is the layer.", SOFTMAX),
    *networks.LAYERS,
    returned("nothing is returned", lambda layer: layer.returned is None, networks.RETURN,
             "End the function with `return` and the result."),
    returned("a layer that was not called", lambda layer: is_a(layer.returned, "Layer")
             and not is_a(layer.returned, "Model"), *networks.NOT_CALLED),
    returned("a model in place of a tensor", lambda layer: is_a(layer.returned, "Model"),
             "The cells below put the model together, from the input to this tensor.",
             "Return the result of the last layer."),
    returned("not a tensor of this network", lambda layer: True, "The result must be made of `x`, by layers.",
             "Give `x` to a layer, and return what comes out."),
)
SHAPES = (
    shape("the class in place of its probability", lambda shape: shape == X[:2],
          "`argmax` makes the decision, and nothing can be learnt behind it: it has no slope.",
          "Return the four probabilities. The decision is made after the training."),
    shape("the pixels stand in one row", lambda shape: shape == (X[0] * X[1], CLASSES),
          "The masks have a height and a width, and the answer is compared with them.", "Leave out the `Reshape`."),
    shape("one answer for the image", lambda shape: len(shape) != 3 or shape[:2] == (1, 1),
          "Segmentation asks for an answer for each pixel, so height and width must stay.",
          "End with a convolution of 1 × 1."),
    shape("the background is no class", lambda shape: shape == (*X[:2], 3),
          "A softmax over three must call each pixel right lung, left lung or heart: there is nothing else for it.",
          "Give the convolution 4 filters."),
    shape("one channel, as for lung or not", lambda shape: shape == (*X[:2], 1),
          "One probability tells two classes apart. Here there are four.", "Give the convolution 4 filters."),
    shape("no convolution", lambda shape: shape == X,
          "There are as many channels as came in, and nothing has made four numbers of them.", SOFTMAX),
    shape("another number of channels", lambda shape: shape[:2] == X[:2],
          "Three classes and the background are four.", "Give the convolution 4 filters."),
    shape("a stride", lambda shape: shape[0] <= X[0] // 2, "The answer has fewer pixels than what comes in.",
          "Leave out `strides`."),
    shape("enlarged once more", lambda shape: shape[0] > X[0],
          "The last decoder block has reached full size already.", SOFTMAX),
    shape('padding="valid"', lambda shape: True, 'With "valid" padding, Keras\' default, a kernel larger than 1 takes '
          "the border away.", "Use a kernel of 1; it needs no neighbours any more."),
)
PROBABILITIES = (
    values("not a number", lambda out: not np.isfinite(out.result).all(),
           "The exponential of a large number is more than a float holds.",
           "Use Keras' own softmax, which subtracts the largest number first.",
           received="numbers that are infinite, or none (nan)"),
    values("the logarithm of the probabilities", lambda out: out.result.max() <= 0 and _sums(np.exp(out.result)),
           "What Keras calls a cross-entropy takes probabilities, or the numbers before the softmax.", SOFTMAX,
           received=lambda out: f"numbers from {out.result.min():.3g} to {out.result.max():.3g}"),
    values(lambda out: f"the softmax runs along {out.found}", _other_axis,
           "A softmax makes the numbers along one axis add up to 1. It should be the four of one pixel.", SOFTMAX,
           received=_adds_up_to),
    values("the decision in place of the probability", lambda out: set(np.unique(out.result)) == {0, 1},
           "A jump from 0 to 1 has no slope, so nothing can be learnt behind it.",
           "Return the four probabilities. The decision is made after the training.",
           received="0 and 1 alone"),
    values("turned around", lambda out: np.abs(out.result.sum(axis=-1) - CLASSES + 1).max() < NEAR,
           "`1 - p` is the probability of all the others together.", SOFTMAX, received=_adds_up_to),
    values("the sigmoid is kept", lambda out: not _sums(out.result) and out.result.min() >= 0 and out.result.max() <= 1,
           "A sigmoid for each channel asks four separate questions: a pixel may be right lung and heart, or nothing "
           "at all.", SOFTMAX, received=_adds_up_to),
    values("a ReLU in place of the softmax", lambda out: not _sums(out.result) and out.result.min() == 0,
           "It cuts off what is below 0 and makes no probabilities.", SOFTMAX, received=_adds_up_to),
    values("another activation", lambda out: not _sums(out.result) and out.result.min() > -2,
           "There are several with similar names. Softplus, for one, works on each number by itself.", SOFTMAX,
           received=_adds_up_to),
    values("no activation", lambda out: not _sums(out.result),
           "A convolution gives any numbers. The softmax makes probabilities of them.", SOFTMAX, received=_adds_up_to),
    values("a sigmoid before the softmax", lambda out: _numbers_before(out).max() < 1 + NEAR and
           _numbers_before(out).min() < -NEAR,
           "Between 0 and 1 the numbers differ by 1 at most, and then none of the four probabilities can rise above "
           f"{np.e / (np.e + 3):.3f}.", "Keep the softmax alone.",
           received=lambda out: f"probabilities up to {out.result.max():.3f}", expected="up to 1"),
    values("the softmax is applied twice", lambda out: out.result.max() < np.e / (np.e + 3) + NEAR,
           "The second one gets numbers between 0 and 1. None of its probabilities can rise above "
           f"{np.e / (np.e + 3):.3f}, so the network is never sure.", "Keep one of the two.",
           received=lambda out: f"probabilities up to {out.result.max():.3f}", expected="up to 1"),
    values("not a softmax", lambda out: _sure(out) < 0.9,
           "The four add up to 1, but two of them share a pixel where one number is much larger than all others. "
           "Sigmoids that are divided by their sum do that.", SOFTMAX,
           received=lambda out: f"a largest probability of about {_sure(out):.2f}",
           expected="nearly 1, with numbers as large as these"),
    values("a ReLU before the softmax", lambda out: _ties(out.result) > 0.1,
           "It makes 0 of all that is negative, so that classes which are unlikely become equally unlikely.",
           "The last convolution has one activation, the softmax.",
           received=lambda out: f"two equal probabilities in {_ties(out.result):.0%} of the pixels",
           expected="four different ones"),
)
NORMALISED = values("batch normalisation behind the softmax",
                    lambda out: not _sums(out.result) and out.result.min() < -NEAR,
                    "In training it brings each channel to a mean of 0, so that half of the numbers are negative.",
                    "Leave it out: the blocks have theirs.", received=_adds_up_to)
DROPPED = values("dropout behind the softmax", lambda out: not _sums(out.result),
                 "In training it sets some of the probabilities to 0 and multiplies the others.",
                 "Leave it out: the blocks have theirs.", received=_adds_up_to)
# fmt: on


@look_at("output_layer", run=networks.measured)
def look_at_the_outputs(rng):
    """Its shape, and whether the four numbers of a pixel are the probabilities of a softmax."""
    layer, kind = Layer(), networks.ShapeOfResult("shape {}", "shape {}")
    yield Case(layer, tried=TRIED, rows=BUILDING)
    yield Case(layer, Layer.shape, tried=TRIED, right=(*X[:2], CLASSES), rows=SHAPES, kind=kind)
    yield Case(layer, _probabilities, rng, tried=f"{TRIED}, with random weights", rows=PROBABILITIES)
    yield Case(layer, _probabilities, rng, True, tried=f"{TRIED}, in training", rows=[NORMALISED, DROPPED])

"""Looks at exercise 2.2, `build_unet`, in use: probabilities, training, saving."""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from lungseg_course.chapters.chapter_2.networks import KERAS_KNOWS, Built, agree, compared, differ
from lungseg_course.chapters.chapter_2.shape import BUILDING, Network, look
from lungseg_course.chapters.chapter_2.unet import WIDE, with_dropout, without_dropout
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case


def _answers(network: Network, rng, images: np.ndarray) -> np.ndarray:
    """Return the answers of several random networks, also to images that are very bright."""
    results = []
    for factor in (1, 1, 10, 10, 1000):
        network.choose_weights(rng)
        results.append(network(factor * images))
    return np.array(results)


SIGMOID = 'The last convolution takes `activation="sigmoid"`, and nothing comes after it.'
values = partial(When, received=lambda out: f"values from {out.result.min():.3g} to {out.result.max():.3g}",
                 expected="probabilities, from 0 to 1, on both sides")  # fmt: skip

# fmt: off
PROBABILITIES = (
    values("not a number", lambda out: not np.isfinite(out.result).all(),
           "Something overflows, or is divided by 0.", SIGMOID),
    values("softmax of a single channel", lambda out: np.abs(out.result - 1).max() < 1e-6,
           "Softmax makes the channels of a pixel add up to 1. With a single one, this is always 1.", SIGMOID),
    values("tanh at the end", lambda out: -1.001 < out.result.min() < 0 and out.result.max() < 1.001,
           "It goes from -1 to 1, and a probability does not.", SIGMOID),
    values("no sigmoid at the end", lambda out: out.result.min() < 0,
           "A convolution gives any number, and a probability is from 0 to 1.", SIGMOID),
    values("a ReLU at the end", lambda out: out.result.max() > 1.001,
           "It cuts off what is below 0, and lets everything else through. A probability is at most 1.", SIGMOID),
    values("always the same", lambda out: out.result.min() == out.result.max(),
           "The answer does not depend on the image.", "Is `x` passed on from layer to layer?"),
    values("rounded", lambda out: any(set(np.unique(some)) <= {0, 1} for some in (out.result, out.result[0])),
           "Only 0 and 1 come out. A step has no gradient, so that such a network cannot learn.",
           "Leave the probabilities as they are; whoever wants a mask asks whether they exceed 0.5."),
    values("cut off at 0 and 1", lambda out: _is_cut(out.result),
           "A sigmoid comes near 0 and 1 without reaching them. What is cut off has no gradient, so that the network "
           "cannot learn from its worst mistakes.", SIGMOID),
    values("a sigmoid twice", lambda out: out.result.min() >= 0.4999 and out.result.max() <= 0.7312,
           "The sigmoid of what is already from 0 to 1 is from 0.5 to 0.73.", SIGMOID),
    values("a ReLU before the sigmoid", lambda out: out.result.min() >= 0.4999,
           "The sigmoid of numbers from 0 on is at least 0.5: the network can never say no.",
           "Between the last convolution and its sigmoid, let nothing cut off the negative numbers."),
)
# fmt: on


@look()
def look_at_the_probabilities(rng):
    """Whatever the network sees, its answer is a probability, and may be any."""
    network = without_dropout(1)
    tried = f"{network.call}, with random kernels, on random images"
    yield Case(network, tried=tried, rows=BUILDING)
    yield Case(network, _answers, rng, rng.normal(size=(4, *WIDE)), tried=tried, rows=PROBABILITIES)


def _is_cut(results: np.ndarray) -> bool:
    """Whether many answers to bright images are 0 itself, and few lie near it, as those of a sigmoid would."""
    bright = results[2:4]
    return (bright == 0).sum() > 5 * ((bright > 0) & (bright < 1e-3)).sum()


def _leaves(out) -> bool:
    """Whether answers in training are no probabilities, though they are when predicting."""

    def leaves(answers: np.ndarray) -> bool:
        return bool(answers.min() < -0.1 or answers.max() > 1.1)  # averages that training has moved change a little

    network, images = out.args[0], out.args[2]
    return leaves(out.result[0]) and not leaves(network(images))


def _dropouts(network: Network) -> int:
    """Count the places where a network drops something; 0 if it does so without the layers of Keras."""
    return sum(max(1, len(layer._inbound_nodes)) for layer in network.dropouts() if layer.rate > 0)


def _saved_and_loaded(network: Network, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the answer to an image, and that after saving and loading."""
    import keras

    model = network.model
    own = [type(thing) for thing in (model, *model.layers) if not type(thing).__module__.startswith("keras")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        loaded = keras.saving.load_model(path, custom_objects={kind.__name__: kind for kind in own}, compile=False)
    return network(image), Built(loaded)(image)


def _noting_prediction(network: Network, rng, images: np.ndarray) -> None:
    """Note what comes out when predicting, as training will move the averages."""
    network.choose_weights(rng)
    network.noted = (network(images),)


def _twice_in_training(network: Network, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Note two results in training behind that of predicting, and return them."""
    results = compared(network, images, images, True)
    network.noted += results
    return results


# fmt: off
AT_0 = When("dropout although it is 0", lambda out: differ(out) or np.ptp(out.result[0]) < 1e-6,
            "Chance plays a part, or everything is dropped. Is the rate written as a number?",
            "Pass `dropout` on to each block, as it is.", received="two results", expected="the same twice")
AFTER = When("something follows the sigmoid", _leaves,
             "In training, a normalisation or a dropout multiplies what is a probability already.", SIGMOID,
             received=lambda out: f"in training, values from {out.result[0].min():.3g} to {out.result[0].max():.3g}",
             expected="probabilities, from 0 to 1")
NO_BATCH = When("no batch normalisation", agree,
                "In training, the blocks should normalise with the batch. Nothing of the kind happens.",
                "Use `encoder_block` and your `decoder_block`, which normalise.",
                received="the same result in training and when predicting", expected="two results")
PREDICTING = When("dropout when predicting", differ,
                  "The same image gets another answer each time. Dropout is for the training alone.", KERAS_KNOWS,
                  received="two results when predicting", expected="the same twice")
NONE = When("`dropout` is not passed on", agree,
            "In training, half of the channels should be dropped, others each time.",
            "Each block takes `dropout=dropout`; without it, theirs is 0.",
            received="the same twice in training", expected="two results")
SOME = When("`dropout` is not passed on to each block", lambda out: 0 < out.result < 3,  # down, bottleneck, up
            "Some blocks drop channels, and some do not.",
            "Go through the calls of both blocks, before, in and after the loops: each takes `dropout=dropout`.",
            received=lambda out: f"dropout in {out.result} of 3 blocks", expected="dropout in 3 of 3")
ANY_SIZE = Raises("the size must be known beforehand", "TypeError: None",
                  "With None for height and width a network takes images of any size. Your function calculates with "
                  "them.",
                  "Nothing in a U-Net needs the size: strides halve it, and transposed convolutions double it.",
                  expected="a network for any size")
LOADING = (
    When("another network after loading", differ,
         "Something that the network uses is not in the file, so it answers differently.",
         "Use the layers of Keras. A layer of your own must make its weights in `__init__` or `build`.",
         received="another answer to the same image", expected="the same answer"),
    Raises("a Lambda layer cannot be loaded again", "Exception: ambda",
           "It holds Python code, which Keras does not run from a file. Notebook 4 keeps the best network in one.",
           "Use a layer of Keras, or a function of `keras.ops`.", expected="the same network"),
    Raises("it cannot be saved and loaded", "Exception",
           "Notebook 4 keeps the best network in a file, and notebook 5 loads it.",
           "Use the layers of Keras. A layer of your own needs `get_config`, which returns what its `__init__` takes.",
           expected="the same network"),
)
# fmt: on


@look()
def look_at_the_training(rng):
    """In training the blocks normalise with the batch, and drop what they are asked to."""
    images = rng.normal(0.5, 1, size=(3, *WIDE))
    network = without_dropout(1)
    tried = f"{network.call}, in training, twice"
    yield Case(network, tried=tried, rows=BUILDING)
    yield Case(network, _noting_prediction, rng, images, tried=tried)
    yield Case(network, _twice_in_training, images, tried=tried, rows=[AT_0, AFTER])
    yield Case(network, lambda network: network.noted[:2], tried=tried, rows=[NO_BATCH])
    dropping = with_dropout()
    yield Case(dropping, tried=dropping.call, rows=BUILDING)
    yield Case(dropping, Network.choose_weights, rng, tried=dropping.call)
    yield Case(dropping, compared, images, images, None, tried=dropping.call, rows=[PREDICTING])
    yield Case(dropping, compared, images, images, True, tried=dropping.call, rows=[NONE, AFTER])
    yield Case(dropping, _dropouts, tried=dropping.call, rows=[SOME])


@look()
def look_at_the_saving(rng):
    """It takes any size, and it is the same when it is loaded from a file."""
    network = Network((None, None, 1), filters=2, depth=1)
    yield Case(network, tried=f"{network.call}, which takes any size", rows=(ANY_SIZE, *BUILDING))
    yield Case(network, Network.choose_weights, rng, tried=network.call)
    image = rng.normal(size=(1, 16, 16, 1))
    tried = f"{network.call}, saved in a file and loaded again"
    yield Case(network, _saved_and_loaded, image, tried=tried, rows=LOADING)

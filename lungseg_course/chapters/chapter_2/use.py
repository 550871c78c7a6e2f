"""Looks at exercise 2.2, `build_unet`, in use: probabilities, training, saving."""

import tempfile
from pathlib import Path

import numpy as np

from lungseg_course.chapters.chapter_2.networks import answer_of, choose_weights, dropouts_in, mistake, same
from lungseg_course.chapters.chapter_2.shape import explain_the_build, make_model, tried_with
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, describe_error, trying

# ---- Probabilities ----------------------------------------------------------------------------


@same_chance()
def look_at_the_probabilities(build_unet, rng):
    settings = {"filters": 4, "depth": 1, "dropout": 0.0}
    tried = tried_with((16, 32, 1), **settings)
    with trying(f"{tried}, with random kernels, on random images", explain_the_build):
        model = make_model(build_unet, (16, 32, 1), **settings)
        images, results = rng.normal(size=(4, 16, 32, 1)), []
        for factor in (1, 1, 10, 10, 1000):
            choose_weights(model, rng)
            results.append(answer_of(model, factor * images))
        low, high = min(map(np.min, results)), max(map(np.max, results))
        wrong = _wrong_values(results, low, high)
        if wrong is not None:
            raise mistake(*wrong, f"values from {low:.3g} to {high:.3g}", "probabilities, from 0 to 1, on both sides")


def _wrong_values(results: list, low: float, high: float) -> tuple[str, str, str] | None:
    sigmoid = 'The last convolution takes `activation="sigmoid"`, and nothing comes after it.'
    if not np.isfinite([low, high]).all():
        return "not a number", "Something overflows, or is divided by 0.", sigmoid
    if low == high == 1:
        return (
            "softmax of a single channel",
            "Softmax makes the channels of a pixel add up to 1. With a single one, this is always 1.",
            sigmoid,
        )
    if low < 0 and low > -1.001 and high < 1.001:
        return "tanh at the end", "It goes from -1 to 1, and a probability does not.", sigmoid
    if low < 0:
        return "no sigmoid at the end", "A convolution gives any number, and a probability is from 0 to 1.", sigmoid
    if high > 1.001:
        return (
            "a ReLU at the end",
            "It cuts off what is below 0, and lets everything else through. A probability is at most 1.",
            sigmoid,
        )
    if low == high:
        return "always the same", "The answer does not depend on the image.", "Is `x` handed on from layer to layer?"
    if set(np.unique(np.concatenate(results, axis=None))) <= {0, 1} or set(np.unique(results[0])) <= {0, 1}:
        return (
            "rounded",
            "Only 0 and 1 come out. A step has no slope, so that such a network cannot learn.",
            "Leave the probabilities as they are; whoever wants a mask asks whether they exceed 0.5.",
        )
    if low >= 0.4999 and high <= 0.7312:
        return "a sigmoid twice", "The sigmoid of what is already from 0 to 1 is from 0.5 to 0.73.", sigmoid
    if low >= 0.4999:
        return (
            "a ReLU before the sigmoid",
            "The sigmoid of numbers from 0 on is at least 0.5: the network can never say no.",
            "Between the last convolution and its sigmoid, let nothing cut off the negative numbers.",
        )
    return None


# ---- Training and saving ----------------------------------------------------------------------


@same_chance()
def look_at_the_training(build_unet, rng):
    images = rng.normal(0.5, 1, size=(3, 16, 32, 1))
    settings = {"filters": 4, "depth": 1, "dropout": 0.0}
    with trying(f"{tried_with((16, 32, 1), **settings)}, in training, twice", explain_the_build):
        model = make_model(build_unet, (16, 32, 1), **settings)
        choose_weights(model, rng)
        predicting = answer_of(model, images)
        once, twice = (answer_of(model, images, training=True) for _ in range(2))
        if not same(once, twice) or _is_flat(once):
            raise mistake(
                "dropout although it is 0",
                "Chance plays a part, or everything is dropped. Is the rate written as a number?",
                "Hand `dropout` on to each block, as it is.",
                "two results",
                "the same twice",
            )
        if same(once, predicting):
            raise mistake(
                "no batch normalisation",
                "In training, the blocks should normalise with the batch. Nothing of the kind happens.",
                "Use `encoder_block` and your `decoder_block`, which normalise.",
                "the same result in training and when predicting",
                "two results",
            )
    settings["dropout"] = 0.5
    with trying(tried_with((16, 32, 1), **settings), explain_the_build):
        model = make_model(build_unet, (16, 32, 1), **settings)
        choose_weights(model, rng)
        if not same(*(answer_of(model, images, training=None) for _ in range(2))):
            raise mistake(
                "dropout when predicting",
                "The same image gets another answer each time. Dropout is for the training alone.",
                "Leave out `training=True`: Keras itself tells the layers whether it trains.",
                "two results when predicting",
                "the same twice",
            )
        if same(*(answer_of(model, images, training=True) for _ in range(2))):
            raise mistake(
                "`dropout` is not handed on",
                "In training, half of the channels should be dropped, others each time.",
                "Each block takes `dropout=dropout`; without it, theirs is 0.",
                "the same twice in training",
                "two results",
            )
        blocks, dropping = 3, _count_dropouts(model)  # down, bottleneck, up
        if 0 < dropping < blocks:
            raise mistake(
                "`dropout` is not handed on to each block",
                "Some blocks drop channels, and some do not.",
                "Go through the calls of both blocks, before, in and after the loops: each takes `dropout=dropout`.",
                f"dropout in {dropping} of {blocks} blocks",
                f"dropout in {blocks} of {blocks}",
            )


def _count_dropouts(model) -> int:
    """Count the places where a network drops something; 0 if it does so without the layers of Keras."""
    dropouts = [layer for layer in dropouts_in(model) if layer.rate > 0]
    return sum(max(1, len(layer._inbound_nodes)) for layer in dropouts)  # one layer may stand in several places


def _is_flat(result) -> bool:
    return result.max() - result.min() < 1e-6


@same_chance()
def look_at_the_saving(build_unet, rng):
    tried = tried_with((None, None, 1), filters=2, depth=1)
    with trying(f"{tried}, which takes any size", _explain_size):
        model = make_model(build_unet, (None, None, 1), filters=2, depth=1)
        choose_weights(model, rng)
        image = rng.normal(size=(1, 16, 16, 1))
        answer = answer_of(model, image)
    with trying(f"{tried}, saved in a file and loaded again"):
        try:
            loaded = _save_and_load(model)
        except Exception as error:
            raise _not_loaded(error) from None
        if not same(answer, answer_of(loaded, image)):
            raise mistake(
                "another network after loading",
                "Something that the network uses is not in the file, so it answers differently.",
                "Use the layers of Keras. A layer of your own must make its weights in `__init__` or `build`.",
                "another answer to the same image",
                "the same answer",
            )


def _save_and_load(model):
    import keras

    own = [type(thing) for thing in (model, *model.layers) if not type(thing).__module__.startswith("keras")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return keras.saving.load_model(path, custom_objects={kind.__name__: kind for kind in own}, compile=False)


def _not_loaded(error: Exception) -> Wrong:
    received = describe_error(error)
    if "ambda" in str(error):
        return mistake(
            "a Lambda layer cannot be loaded again",
            "It holds Python code, which Keras does not run from a file. Notebook 4 keeps the best network in one.",
            "Use a layer of Keras, or a function of `keras.ops`.",
            received,
            "the same network",
        )
    return mistake(
        "it cannot be saved and loaded",
        "Notebook 4 keeps the best network in a file, and notebook 5 loads it.",
        "Use the layers of Keras. A layer of your own needs `get_config`, which returns what its `__init__` takes.",
        received,
        "the same network",
    )


def _explain_size(error: Exception) -> Wrong | None:
    if isinstance(error, TypeError) and "None" in str(error):
        return mistake(
            "the size must be known beforehand",
            "With None for height and width a network takes images of any size. Your function calculates with them.",
            "Nothing in a U-Net needs the size: strides halve it, and transposed convolutions double it.",
            describe_error(error),
            "a network for any size",
        )
    return explain_the_build(error)

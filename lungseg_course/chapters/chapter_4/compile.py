"""Notebook 4, exercise 4.3: what is looked at in compiling."""

import re

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, expect_close, trying


def look_optimizer(compile_model, rng) -> None:
    """Adam itself, with the learning rate asked for, a number."""

    rate = round(float(rng.uniform(0.01, 0.05)), 4)
    with trying(f"compile_model(model, {rate}, loss, metrics) with a tiny network", _explain_compile):
        model = _compiled(compile_model, rng, rate, _seven_times_the_error, _two_metrics())
        _expect_adam(model.optimizer)
        expect_close(
            float(model.optimizer.learning_rate),
            rate,
            {
                "the learning rate is Adam's own": (
                    0.001,
                    '`"adam"`, or `Adam()` without an argument, steps by 0.001 whatever you ask for.',
                    "Hand `learning_rate` on to `keras.optimizers.Adam`.",
                ),
                "a fixed learning rate": (
                    2e-3,
                    "It is the notebook's LEARNING_RATE, not the argument of the function.",
                    "Use the argument `learning_rate`.",
                ),
            },
            tolerance=1e-6,
            what="the learning rate",
        )


def look_loss_and_metrics(compile_model, rng) -> None:
    """The loss and the metrics that were handed over."""
    import keras

    from lungseg.losses import dice_crossentropy_loss, dice_loss

    with trying("compile_model(model, 0.01, loss, metrics), then model.evaluate(...)", _explain_compile):
        model = _compiled(compile_model, rng, 0.01, _seven_times_the_error, _two_metrics())
        images = rng.uniform(size=(3, 4, 4, 1)).astype("float32")
        masks = (rng.uniform(size=(3, 4, 4, 1)) > 0.5).astype("float32")
        predicted = np.asarray(model(images))
        logs = model.evaluate(images, masks, verbose=0, return_dict=True)
        known = {
            "lungseg.dice_loss": dice_loss,
            "lungseg.dice_crossentropy_loss": dice_crossentropy_loss,
            "binary cross-entropy": keras.losses.BinaryCrossentropy(),
            "the mean squared error": keras.losses.MeanSquaredError(),
            "the mean absolute error": keras.losses.MeanAbsoluteError(),
            "Keras' own Dice": keras.losses.Dice(),
        }
        mistakes = {
            f"another loss: {name}": (
                float(np.mean(np.asarray(loss(masks, predicted)))),
                "The function should take the loss that it is given, so that yours can be trained.",
                "Use the argument: `loss=loss`.",
            )
            for name, loss in known.items()
        }
        expect_close(
            float(logs.get("loss", 0.0)), 7 * float(np.abs(masks - predicted).mean()), mistakes, what="the loss"
        )
        _expect_metrics(logs)


def _expect_adam(optimizer) -> None:
    import keras

    kind = type(optimizer)
    if kind is not keras.optimizers.Adam:
        cause, why = "another optimizer", ""
        if issubclass(kind, keras.optimizers.Adam):
            cause = "a relative of Adam"
            why = "It is made of Adam and does more: AdamW also makes the weights a little smaller in each step."
        elif kind is keras.optimizers.RMSprop:
            why = "Without `optimizer=`, Keras takes RMSprop."
        remedy = "Make one with `keras.optimizers.Adam`."
        raise Wrong(cause, received=kind.__name__, expected="Adam", why=why, remedy=remedy)
    if not isinstance(optimizer.learning_rate, keras.Variable):
        raise Wrong(
            "a schedule in place of a learning rate",
            received="a learning rate that is computed anew in each step",
            expected="a learning rate that is a number",
            why="In exercise 4.4 a callback lowers the learning rate. Of an optimizer with a schedule it cannot.",
            remedy="Write `keras.optimizers.Adam(learning_rate)`.",
        )


def _expect_metrics(logs: dict) -> None:
    names = sorted(set(logs) - {"loss"})
    if {"first", "second"} <= set(names):
        return
    given = {"received": f"Keras logs {', '.join(sorted(logs))}", "expected": "Keras logs first, loss, second"}
    if names and not {"first", "second"} & set(names):
        raise Wrong(
            "other metrics than those given",
            **given,
            why="The function makes its own, and ignores the argument.",
            remedy="Use the argument: `metrics=metrics`.",
        )
    if names:
        raise Wrong("a metric is missing", **given, remedy="Hand over the whole list: `metrics=metrics`.")
    raise Wrong(
        "the metrics are missing",
        **given,
        why="A loss says little to people; and callbacks that watch `val_dice` would find no such number.",
        remedy="Write `metrics=metrics`, with the name: the third place of `compile` is for something else.",
    )


def _seven_times_the_error(y_true, y_pred):
    from keras import ops

    return 7 * ops.mean(ops.abs(y_true - y_pred), axis=(1, 2, 3))


def _two_metrics() -> list:
    import keras

    return [keras.metrics.MeanAbsoluteError(name="first"), keras.metrics.MeanSquaredError(name="second")]


def _compiled(compile_model, rng, rate, loss, metrics):
    import keras

    with same_chance():
        slope, shift = keras.initializers.Constant(rng.uniform(1, 2)), keras.initializers.Constant(rng.uniform(-1, 0))
        layer = keras.layers.Conv2D(1, 1, activation="sigmoid", kernel_initializer=slope, bias_initializer=shift)
        model = keras.Sequential([keras.Input((4, 4, 1)), layer])
        compile_model(model, rate, loss, metrics)
    if not model.compiled:
        raise Wrong(
            "the network is not compiled",
            received="the network that you were given is as it was",
            expected="a compiled network",
            why="`compile` works in place, on the network whose method it is. A copy, or a new network, is another.",
            remedy="Call `model.compile(...)` on the argument `model`.",
        )
    model.run_eagerly = True
    return model


def _explain_compile(error: Exception) -> Wrong | None:
    text = str(error)
    if "No loss" in text:
        return Wrong(
            "no loss",
            received="",
            expected="a loss for each batch",
            why="Without `loss=` there is nothing to make small.",
            remedy="Write `loss=loss`.",
        )
    if "Could not interpret optimizer" in text and "<class" in text:
        return Wrong(
            "a class in place of an optimizer",
            received="",
            expected="an optimizer with its learning rate",
            why="The class is the plan; with brackets and a learning rate behind it, it makes an optimizer.",
            remedy="Write `keras.optimizers.Adam(learning_rate)`.",
        )
    unknown = re.search(r"Could not interpret \w+ identifier: (\w+)$", text.strip(), re.MULTILINE)
    if unknown:
        return Wrong(
            "a name in quotes that Keras does not know",
            received="",
            expected="a compiled network",
            why=f"In quotes, `{unknown.group(1)}` is a piece of text, and Keras has nothing of that name.",
            remedy="Take the arguments of the function, without quotes: `loss=loss`.",
        )
    if "lr" in re.findall(r"'(\w+)'", text) and "not recognized" in text:
        return Wrong(
            "an argument of older versions",
            received="",
            expected="a compiled network",
            why="In Keras 3 `lr` is called `learning_rate`.",
            remedy="Write `keras.optimizers.Adam(learning_rate)`.",
        )
    if isinstance(error, TypeError) and "_seven_times_the_error() missing" in text:
        return Wrong(
            "the loss is called, not handed over",
            received="",
            expected="a compiled network",
            why="With brackets behind it you call the loss here, without masks and predictions. Keras calls it later.",
            remedy="Write `loss=loss`, without brackets.",
        )
    if "Could not interpret optimizer" in text or "Could not interpret loss" in text or "loss_weights" in text:
        return Wrong(
            "the arguments of compile are in another order",
            received="",
            expected="a compiled network",
            why="`compile` takes the optimizer, the loss, and weights of losses, in this order; metrics come later.",
            remedy="Name each: `optimizer=...`, `loss=...`, `metrics=...`.",
        )
    return None

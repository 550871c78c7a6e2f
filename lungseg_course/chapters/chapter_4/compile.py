"""Notebook 4, exercise 4.3: a network that is compiled."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.table import Case, look_at


class Network:
    """A tiny network to compile, and a batch to evaluate it on."""

    def __init__(self, rng: np.random.Generator):
        import keras

        weight, bias = (keras.initializers.Constant(rng.uniform(*limits)) for limits in ((1, 2), (-1, 0)))
        layer = keras.layers.Conv2D(1, 1, activation="sigmoid", kernel_initializer=weight, bias_initializer=bias)
        self.model = keras.Sequential([keras.Input((4, 4, 1)), layer])
        self.images = rng.uniform(size=(3, 4, 4, 1)).astype("float32")
        self.masks = (rng.uniform(size=(3, 4, 4, 1)) > 0.5).astype("float32")
        self.logs: dict[str, float] = {}
        self.is_trained = False
        self.model.fit = self.note_training

    def note_training(self, *_, **__) -> Any:
        """Stand in for `fit`, which has no place in this exercise."""
        import keras

        self.is_trained = True
        return keras.callbacks.History()

    def loss(self, of: Callable) -> float:
        return float(np.mean(np.asarray(of(self.masks, np.asarray(self.model(self.images))))))

    def compile(self, compile_model: Callable, rate: float) -> bool:
        """Compile the network with a student's function, and say whether it is compiled now."""
        import keras

        metrics = [keras.metrics.MeanAbsoluteError(name="first"), keras.metrics.MeanSquaredError(name="second")]
        compile_model(self.model, rate, _seven_times_the_error, metrics)
        self.model.run_eagerly = True
        return self.model.compiled


def _seven_times_the_error(y_true, y_pred):
    from keras import ops

    return 7 * ops.mean(ops.abs(y_true - y_pred), axis=(1, 2, 3))


def _rate(compile_model: Callable, network: Network, rate: float) -> float | None:
    return float(network.model.optimizer.learning_rate) if network.compile(compile_model, rate) else None


def _loss(compile_model: Callable, network: Network, rate: float) -> float | None:
    if network.compile(compile_model, rate):
        network.logs = network.model.evaluate(network.images, network.masks, verbose=0, return_dict=True)
    return network.logs.get("loss")


def _known_loss(out) -> str | None:
    """Return the name of the loss, where it is known and not the one that was passed."""
    import keras

    from lungseg.losses import dice_crossentropy_loss, dice_loss

    known = {
        "lungseg.dice_loss": dice_loss,
        "lungseg.dice_crossentropy_loss": dice_crossentropy_loss,
        "binary cross-entropy": keras.losses.BinaryCrossentropy(),
        "the mean squared error": keras.losses.MeanSquaredError(),
        "the mean absolute error": keras.losses.MeanAbsoluteError(),
        "Keras' own Dice": keras.losses.Dice(),
    }
    near = (name for name in known if out.kind.distance(out.value, out.args[0].loss(known[name])) < np.inf)
    return None if out.is_right else next(near, None)


def _not_adam(out) -> list[str] | None:
    """Return the names of the classes of the optimizer, its own first; None if that is Adam."""
    classes = [each.__name__ for each in type(out.args[0].model.optimizer).__mro__]
    return None if classes[0] == "Adam" else classes


def _other_metrics(out) -> set[str] | None:
    """Return the names of the metrics if these are others than the two that were passed."""
    names = set(out.args[0].logs) - {"loss"}
    return None if not out.is_right or {"first", "second"} <= names else names


# fmt: off
ADAM = "Write `keras.optimizers.Adam(learning_rate)`."
compiling = partial(Raises, expected="a compiled network")
COMPILING = (
    Raises("no loss", "Exception: No loss", "Without `loss=` there is nothing to make small.",
           "Write `loss=loss`.", expected="a loss for each batch"),
    Raises("a class in place of an optimizer", "Exception: Could not interpret optimizer.*<class",
           "The class is the plan; with parentheses and a learning rate behind it, it makes an optimizer.", ADAM,
           expected="an optimizer with its learning rate"),
    compiling("a name in quotes that Keras does not know", r"Exception: Could not interpret \w+ identifier: (\w+)\s*$",
              lambda out: f"In quotes, `{out.found[1]}` is a piece of text, and Keras has nothing of that name.",
              "Take the arguments of the function, without quotes: `loss=loss`."),
    compiling("the loss is called, not passed", r"TypeError: _seven_times_the_error\(\) missing",
              "With parentheses behind it you call the loss here, without masks and predictions. Keras calls it "
              "later.", "Write `loss=loss`, without parentheses."),
    compiling("the loss in place of the metrics", "ValueError: Expected `metrics` argument.*metrics=<function",
              "`metrics` takes a list of what is told of each epoch; the loss is one function.",
              "Write `loss=loss, metrics=metrics`."),
    compiling("a single metric in place of the list", "ValueError: Expected `metrics` argument",
              "`metrics` takes a list, even of one.", "Pass the whole list: `metrics=metrics`."),
    compiling("the arguments of compile are in another order",
              "Exception: Could not interpret optimizer|Could not interpret loss|loss_weights",
              "`compile` takes the optimizer, the loss, and weights of losses, in this order; metrics come later.",
              "Name each: `optimizer=...`, `loss=...`, `metrics=...`."),
    When("the network is trained, too", lambda out: out.args[0].is_trained,
         "`compile` says how a network is to be trained. Exercise 4.5 does it, with callbacks that keep the "
         "best network.",
         "Leave `fit` out.", received="a call of `fit`", expected="a compiled network, which is not trained yet"),
    When("the network is not compiled", lambda out: not out.args[0].model.compiled,
         "`compile` works in place, on the network whose method it is. A copy, or a new network, is another.",
         "Call `model.compile(...)` on the argument `model`.",
         received="the network that you were given is as it was", expected="a compiled network"),
)
optimizer = partial(When, of=_not_adam, remedy="Make one with `keras.optimizers.Adam`.",
                    received=lambda out: type(out.args[0].model.optimizer).__name__, expected="Adam")
OPTIMIZER = (
    optimizer("a relative of Adam", lambda classes: "Adam" in classes,
              "It is made of Adam and does more: AdamW also makes the weights a little smaller in each step."),
    optimizer("another optimizer", lambda classes: classes[0] == "RMSprop",
              "Without `optimizer=`, Keras takes RMSprop."),
    optimizer("another optimizer", lambda classes: True),
    When("a schedule in place of a learning rate",
         lambda out: not hasattr(out.args[0].model.optimizer.learning_rate, "assign"),
         "In exercise 4.4 a callback lowers the learning rate. Of an optimizer with a schedule it cannot.", ADAM,
         received="a learning rate that is computed anew in each step", expected="a learning rate that is a number"),
    Gives("the learning rate is Adam's own", 0.001,
          '`"adam"`, or `Adam()` without an argument, steps by 0.001 whatever you ask for.',
          "Pass `learning_rate` to `keras.optimizers.Adam`."),
    Gives("a fixed learning rate", 2e-3, "It is the notebook's LEARNING_RATE, not the argument of the function.",
          "Use the argument `learning_rate`."),
    When("another learning rate", lambda out: not out.is_right, "It was computed on the way.",
         "Pass `learning_rate` on as it is."),
)
metrics = partial(When, of=_other_metrics, expected="Keras logs first, loss, second",
                  received=lambda out: f"Keras logs {', '.join(sorted(out.args[0].logs))}")
LOSS = (
    When(lambda out: f"another loss: {out.found}", _known_loss,
         "The function should take the loss that it is given, so that yours can be trained.",
         "Use the argument: `loss=loss`."),
    When("the loss is changed on the way", lambda out: not out.is_right,
         "The network is trained by another number than that of the loss that was given.",
         "Write `loss=loss`, and leave `loss_weights` out."),
    metrics("the metrics are missing", lambda names: not names,
            "A loss says little to people; and callbacks that watch `val_dice` would find no such number.",
            "Write `metrics=metrics`, with the name: the third place of `compile` is for something else."),
    metrics("other metrics than those given", {"first", "second"}.isdisjoint,
            "The function makes its own, and ignores the argument.", "Use the argument: `metrics=metrics`."),
    metrics("a metric is missing", lambda names: True, "", "Pass the whole list: `metrics=metrics`."),
)
# fmt: on
look = partial(look_at, "compile_model")


@look(lambda network, rate: rate, (*COMPILING, *OPTIMIZER), kind=Numbers("the learning rate", 1e-6), run=_rate)
def look_optimizer(rng):
    """Adam itself, with the learning rate asked for, a number."""
    rate = round(float(rng.uniform(0.01, 0.05)), 4)
    with same_chance():
        yield Case(Network(rng), rate, tried=f"compile_model(model, {rate}, loss, metrics) with a tiny network")


@look(lambda network, _: network.loss(_seven_times_the_error), (*COMPILING, *LOSS), kind=Numbers("the loss"), run=_loss)
def look_loss_and_metrics(rng):
    """The loss and the metrics that were passed."""
    with same_chance():
        yield Case(Network(rng), 0.01, tried="compile_model(model, 0.01, loss, metrics), then model.evaluate(...)")

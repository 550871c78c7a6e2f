"""Notebook 4, exercise 4.5: a training run."""

import contextlib
import io
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at

EPOCHS, BATCHES = 2, 5


class Training:
    """A tiny network, trained by a student's function: what was read of the data, told to a callback, and returned."""

    def __init__(self, run_training: Callable, epochs: int, *targets: float):
        import keras

        self.logs: list[dict] = []  # of each epoch
        self.begun: list = []
        listening = keras.callbacks.LambdaCallback(
            on_train_begin=self.begun.append, on_epoch_end=lambda epoch, logs: self.logs.append(dict(logs or {}))
        )
        self.training, self.validation = map(_batches, targets)
        with same_chance(), contextlib.redirect_stdout(io.StringIO()):
            random.seed(2)  # should Keras shuffle the batches, then the same way each time
            model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
            # Steps of length 0: the network goes on saying 0, and each loss is the target.
            optimizer = keras.optimizers.SGD(0.0)
            model.compile(optimizer=optimizer, loss="mae", run_eagerly=True)
            self.result = run_training(model, self.training, self.validation, epochs, [listening])
        self.compiled_anew = model.optimizer is not optimizer

    @property
    def epochs(self) -> list[list[int]]:
        """The batches of each epoch. (Before, Keras has a look at the shapes of the first ones.)"""
        read = self.training.read[-EPOCHS * BATCHES :]
        return [read[start : start + BATCHES] for start in range(0, EPOCHS * BATCHES, BATCHES)]


def _batches(target: float) -> Any:
    import keras

    class Batches(keras.utils.PyDataset):
        """A few batches of two numbers each; notes which are read."""

        def __init__(self):
            super().__init__()
            self.read = []

        def __len__(self):
            return BATCHES

        def __getitem__(self, index):
            self.read.append(index)
            return np.full((2, 1), 1.0 + index, dtype="float32"), np.full((2, 1), target, dtype="float32")

    return Batches()


def _returned(out) -> str | None:
    """Return what was returned, in words, where that is no history."""
    result = out.result.result
    table = getattr(result, "history", result)
    if isinstance(table, dict) and len(table.get("loss", ())) > 0:
        return None
    return describe(result) if result is None or isinstance(result, dict) else f"a {type(result).__name__}"


def _epochs(count: int) -> str:
    return f"{count} epoch{'s' * (count != 1)}"


VALIDATION = "Write `validation_data=validation`."
# fmt: off
trained = partial(When, of=lambda out: out.result)
RUNNING = (
    Raises("the validation generator is in the place of the targets",
           "Exception: `y` should not be passed|`y` argument|(?s:PyDataset.*`y`|`y`.*PyDataset)",
           "The second argument of `fit` is `y`, the right answers. A generator brings its own.",
           "Name the argument: `validation_data=validation`."),
    Raises("a share of the training cases in place of the validation cases", "Exception: validation_split",
           "`validation_split` cuts off a part of the training arrays. We have a generator of validation cases.",
           VALIDATION),
    trained("the network is compiled anew", lambda run: run.compiled_anew,
            "Your loss, your metrics and your learning rate of exercise 4.3 are thrown away, and with them the "
            "`val_dice` that the callbacks watch.", "Leave `compile` out: the network comes compiled.",
            received="another optimizer than the one that the network came with",
            expected="the network trained as it is compiled"),
    trained("each epoch starts anew", lambda run: len(run.begun) > 1,
            "`fit` in a loop resets the patience of the callbacks and overwrites the table each time.",
            "Call `fit` once, with `epochs=epochs`.",
            received=lambda out: f"{len(out.result.begun)} trainings, one after the other",
            expected=lambda out: f"one training of {_epochs(out.args[0])}"),
)
not_called = partial(trained, received="no callback was called", expected=lambda out: "the callbacks are called after "
                     + ("the epoch" if out.args[0] == 1 else f"each of {_epochs(out.args[0])}"))
NOT_CALLED = not_called("the callbacks are not called", lambda run: not run.logs,
                        "Nobody watches: no network is kept, and no table is written.",
                        "Pass them: `callbacks=callbacks`.")
ALL_EPOCHS = (
    not_called("nothing is trained", lambda run: not run.logs and not run.training.read, "", "Call `model.fit`."),
    NOT_CALLED,
    trained("another number of epochs", lambda run: len(run.logs) != EPOCHS,
            lambda out: "Without `epochs` it is one." if len(out.result.logs) == 1
            else "It is a fixed number, or the notebook's EPOCHS, not the argument.", "Pass it: `epochs=epochs`.",
            received=lambda out: _epochs(len(out.result.logs)), expected=_epochs(EPOCHS)),
    When("trained on the validation cases", lambda out: np.isclose(out.result.logs[-1]["loss"], out.args[2], rtol=1e-3),
         "The two generators have changed places.", "The first argument of `fit` is the training generator.",
         received=lambda out: f"a training loss of {out.args[2]:.4g}, that of the validation cases",
         expected=lambda out: f"{out.args[1]:.4g}, that of the training cases"),
    trained("not all the batches are used",
            lambda run: any(sorted(epoch) != list(range(BATCHES)) for epoch in run.epochs),
            "`fit` asks a generator for each of its batches by itself. `training[0]` is one batch, and "
            "`steps_per_epoch` cuts the others off.",
            "Pass the whole generator, and no number of steps: `model.fit(training, ...)`.",
            received=lambda out: f"not each of the {BATCHES} training batches was read in each epoch"
            if (different := len(set(out.result.training.read))) == BATCHES
            else f"the network was trained on {different} of {BATCHES} training batches",
            expected=f"all {BATCHES}, in each epoch"),
    trained("the batches are shuffled once more", lambda run: any(epoch != sorted(epoch) for epoch in run.epochs),
            "`fit` shuffles the batches unless you say otherwise, in an order that the generator's seed does not fix.",
            "Give `fit` `shuffle=False`.",
            received=lambda out: f"the batches came in the order {out.result.epochs[0]}",
            expected=f"{list(range(BATCHES))}: the generator has mixed the cases already"),
)
VALIDATED = (
    NOT_CALLED,
    trained("no validation", lambda run: any("val_loss" not in logs for logs in run.logs),
            "Then there is no `val_dice`, and the three callbacks that watch it do nothing.",
            "Pass the validation generator: `validation_data=validation`.",
            received=lambda out: f"the log of an epoch holds {', '.join(sorted(out.result.logs[-1]))}",
            expected="val_loss too, and the metrics with `val_` before the name"),
    trained("validated on the training cases", lambda run: not run.validation.read,
            "The network is asked about cases that it has just learnt from: over-fitting goes unseen.", VALIDATION,
            received=lambda out: "a val_loss of {val_loss:.4g}, and no validation case was read".format(
                **out.result.logs[-1]),
            expected=lambda out: f"a val_loss of {out.args[2]:.4g}, that of the validation cases"),
    trained("not all the validation cases are used", lambda run: len(set(run.validation.read)) < BATCHES,
            "`validation[0]` is one batch, and `validation_steps` cuts the others off.",
            "Pass the whole generator, and no number of steps: `validation_data=validation`.",
            received=lambda out: f"the network was asked about {len(set(out.result.validation.read))} of {BATCHES} "
                                 "validation batches",
            expected=f"all {BATCHES}, after each epoch"),
)
RETURNED = When("the history is not returned", _returned,
                lambda out: "A function returns only what follows `return`." if out.result.result is None else "",
                "Write `return` before the call of `fit`.", received=lambda out: out.found,
                expected="the History that `model.fit` returns: its `.history` holds the numbers of each epoch")
# fmt: on


def _case(rng, epochs: int, what: str) -> Case:
    tried = f"run_training(model, training, validation, epochs={epochs}, callbacks=[...]) with a tiny network, {what}"
    return Case(epochs, float(rng.uniform(1, 2)), float(rng.uniform(3, 4)), tried=tried)


look = partial(look_at, "run_training", run=Training)


@look(rows=(*RUNNING, *ALL_EPOCHS))
def look_epochs(rng):
    """So many epochs as asked for, over all the batches, in their order; the callbacks are called."""
    yield _case(rng, EPOCHS, "and counted the epochs and the batches")


@look(rows=(*RUNNING, *VALIDATED))
def look_validation(rng):
    """After each epoch the validation cases are looked at, those of the validation generator."""
    yield _case(rng, 1, "and looked at what was logged")


@look(rows=(*RUNNING, RETURNED))
def look_history(rng):
    """What `fit` returns is returned."""
    yield _case(rng, 1, "and looked at what it returns")

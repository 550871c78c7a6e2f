"""Notebook 4, what is looked at in the training run."""

import contextlib
import io
import random

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, describe, trying

EPOCHS, BATCHES = 2, 5


def look_epochs(run_training, rng) -> None:
    """So many epochs as asked for, over all the batches, in their order; the callbacks are called."""
    with _trying_run(EPOCHS, "and counted the epochs and the batches"):
        told, training, validation, _ = _run(run_training, rng, EPOCHS)
        if not told:
            raise Wrong(
                "the callbacks are not called" if training.read else "nothing is trained",
                received="no callback was called",
                expected=f"the callbacks are called after each of {EPOCHS} epochs",
                why="Nobody watches: no network is kept, and no table is written." if training.read else "",
                remedy="Hand them over: `callbacks=callbacks`." if training.read else "Call `model.fit`.",
            )
        epochs = [epoch for epoch, _ in told]
        if len(epochs) != EPOCHS:
            raise Wrong(
                "another number of epochs",
                received=counted(len(epochs), "epoch"),
                expected=f"{EPOCHS} epochs",
                why="Without `epochs` it is one."
                if len(epochs) == 1
                else "It is a fixed number, or the notebook's EPOCHS, not the argument.",
                remedy="Hand it over: `epochs=epochs`.",
            )
        if np.isclose(told[-1][1]["loss"], validation.target, rtol=1e-3):
            raise Wrong(
                "trained on the validation cases",
                received=f"a training loss of {validation.target:.4g}, that of the validation cases",
                expected=f"{training.target:.4g}, that of the training cases",
                why="The two generators have changed places.",
                remedy="The first argument of `fit` is the training generator.",
            )
        _expect_batches(training)


def look_validation(run_training, rng) -> None:
    """After each epoch the validation cases are looked at, those of the validation generator."""
    with _trying_run(1, "and looked at what was logged"):
        told, _, validation, _ = _run(run_training, rng, epochs=1)
        logs = [values for _, values in told]
        if not logs:
            raise Wrong(
                "the callbacks are not called",
                received="no callback was called",
                expected="the callbacks are called after the epoch",
                remedy="Hand them over: `callbacks=callbacks`.",
            )
        if any("val_loss" not in values for values in logs):
            raise Wrong(
                "no validation",
                received=f"the log of an epoch holds {', '.join(sorted(logs[-1]))}",
                expected="val_loss too, and the metrics with `val_` before the name",
                why="Then there is no `val_dice`, and the three callbacks that watch it do nothing.",
                remedy="Hand the validation generator over: `validation_data=validation`.",
            )
        if not validation.read:
            raise Wrong(
                "validated on the training cases",
                received=f"a val_loss of {logs[-1]['val_loss']:.4g}, and no validation case was read",
                expected=f"a val_loss of {validation.target:.4g}, that of the validation cases",
                why="The network is asked about cases that it has just learnt from: over-fitting goes unseen.",
                remedy="Write `validation_data=validation`.",
            )
        if len(set(validation.read)) < BATCHES:
            raise Wrong(
                "not all the validation cases are used",
                received=f"the network was asked about {len(set(validation.read))} of {BATCHES} validation batches",
                expected=f"all {BATCHES}, after each epoch",
                why="`validation[0]` is one batch, and `validation_steps` cuts the others off.",
                remedy="Hand the whole generator over, and no number of steps: `validation_data=validation`.",
            )


def look_history(run_training, rng) -> None:
    """What `fit` gives is returned."""
    with _trying_run(1, "and looked at what it returns"):
        result = _run(run_training, rng, epochs=1)[3]
        table = getattr(result, "history", result)
        if isinstance(table, dict) and len(table.get("loss", ())) > 0:
            return
        raise Wrong(
            "the history is not returned",
            received=describe(result) if result is None or isinstance(result, dict) else f"a {type(result).__name__}",
            expected="the History that `model.fit` gives: its `.history` holds the numbers of each epoch",
            why="A function gives back only what stands behind `return`." if result is None else "",
            remedy="Write `return` before the call of `fit`.",
        )


def _trying_run(epochs: int, what: str):
    call = f"run_training(model, training, validation, epochs={epochs}, callbacks=[...])"
    return trying(f"{call} with a tiny network, {what}", _explain)


def _explain(error: Exception) -> Wrong | None:
    text = str(error)
    if "`y` should not be passed" in text or "`y` argument" in text or ("PyDataset" in text and "`y`" in text):
        return Wrong(
            "the validation generator is in the place of the targets",
            received="",
            expected="no error",
            why="The second argument of `fit` is `y`, the right answers. A generator brings its own.",
            remedy="Name the argument: `validation_data=validation`.",
        )
    if "validation_split" in text:
        return Wrong(
            "a share of the training cases in place of the validation cases",
            received="",
            expected="no error",
            why="`validation_split` cuts off a part of the training arrays. We have a generator of validation cases.",
            remedy="Write `validation_data=validation`.",
        )
    return None


def _run(run_training, rng, epochs: int):
    """Train a tiny network; return what the callbacks were told, the two data sets, and the result."""
    import keras

    class Batches(keras.utils.PyDataset):
        """A few batches of two numbers each; notes which are read."""

        def __init__(self, target: float):
            super().__init__()
            self.target, self.read = target, []

        def __len__(self):
            return BATCHES

        def __getitem__(self, index):
            self.read.append(index)
            return np.full((2, 1), 1.0 + index, dtype="float32"), np.full((2, 1), self.target, dtype="float32")

    class Listening(keras.callbacks.Callback):
        """Notes the epochs and their numbers."""

        def __init__(self):
            super().__init__()
            self.told, self.begun = [], 0

        def on_train_begin(self, logs=None):
            self.begun += 1

        def on_epoch_end(self, epoch, logs=None):
            self.told.append((epoch, dict(logs or {})))

    with same_chance(), contextlib.redirect_stdout(io.StringIO()):
        random.seed(2)  # should Keras shuffle the batches, then the same way each time
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
        # Steps of length 0: the network goes on saying 0, and each loss is the target.
        optimizer = keras.optimizers.SGD(0.0)
        model.compile(optimizer=optimizer, loss="mae", run_eagerly=True)
        training, validation = Batches(float(rng.uniform(1, 2))), Batches(float(rng.uniform(3, 4)))
        listening = Listening()
        result = run_training(model, training, validation, epochs, [listening])
    if model.optimizer is not optimizer:
        raise Wrong(
            "the network is compiled anew",
            received="another optimizer than the one that the network came with",
            expected="the network trained as it is compiled",
            why="Your loss, your metrics and your learning rate of exercise 4.3 are thrown away, and with them the "
            "`val_dice` that the callbacks watch.",
            remedy="Leave `compile` out: the network comes compiled.",
        )
    if listening.begun > 1:
        raise Wrong(
            "each epoch starts anew",
            received=f"{listening.begun} trainings, one after the other",
            expected=f"one training of {counted(epochs, 'epoch')}",
            why="`fit` in a loop resets the patience of the callbacks and overwrites the table each time.",
            remedy="Call `fit` once, with `epochs=epochs`.",
        )
    return listening.told, training, validation, result


def _expect_batches(training) -> None:
    calls = training.read[-EPOCHS * BATCHES :]  # before, Keras has a look at the shapes of the first ones
    epochs = [calls[epoch * BATCHES : (epoch + 1) * BATCHES] for epoch in range(EPOCHS)]
    if any(sorted(epoch) != list(range(BATCHES)) for epoch in epochs):
        different = len(set(training.read))
        raise Wrong(
            "not all the batches are used",
            received=f"the network was trained on {different} of {BATCHES} training batches"
            if different < BATCHES
            else f"not each of the {BATCHES} training batches was read in each epoch",
            expected=f"all {BATCHES}, in each epoch",
            why="`fit` asks a generator for each of its batches by itself. `training[0]` is one batch, and "
            "`steps_per_epoch` cuts the others off.",
            remedy="Hand the whole generator over, and no number of steps: `model.fit(training, ...)`.",
        )
    if any(epoch != sorted(epoch) for epoch in epochs):
        raise Wrong(
            "the batches are shuffled once more",
            received=f"the batches came in the order {epochs[0]}",
            expected=f"{list(range(BATCHES))}: the generator has mixed the cases already",
            why="`fit` shuffles the batches unless you say otherwise, in an order that the generator's seed does not "
            "fix.",
            remedy="Give `fit` `shuffle=False`.",
        )

"""Notebook 4, exercise 4.5: a training run."""

import contextlib
import functools
import inspect
import io
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.sharing import once
from lungseg_course.engine.table import Case, look_at

EPOCHS, BATCHES = 2, 5


class Training:
    """A tiny network, trained by a student's function: what was read of the data, told to a callback, and returned."""

    def __init__(self, run_training: Callable, epochs: int, *targets: float):
        import keras

        self.logs: list[dict] = []  # of each epoch
        self.begun: list = []
        self.calls: list[dict] = []  # the arguments of each call of `fit`, without those that are as by default
        listening = keras.callbacks.LambdaCallback(
            on_train_begin=self.begun.append, on_epoch_end=lambda epoch, logs: self.logs.append(dict(logs or {}))
        )
        self.second: list[int] = []  # epochs that the second callback was told of
        second = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self.second.append(epoch))
        self.training, self.validation = map(_batches, targets)
        with same_chance(), contextlib.redirect_stdout(io.StringIO()):
            random.seed(2)  # should Keras shuffle the batches, then the same way each time
            model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
            # Steps of length 0: the network goes on saying 0, and each loss is the target.
            optimizer = keras.optimizers.SGD(0.0)
            model.compile(optimizer=optimizer, loss="mae", run_eagerly=True)
            model.fit = _noting(model.fit, self.calls)
            self.result = run_training(model, self.training, self.validation, epochs, [listening, second])
        self.compiled_anew = model.optimizer is not optimizer
        self.steps = int(optimizer.iterations)
        self.rate = float(optimizer.learning_rate)

    @property
    def epochs(self) -> list[list[int]]:
        """The batches of each epoch. (Before, Keras has a look at the shapes of the first ones.)"""
        read = self.training.read[-EPOCHS * BATCHES :]
        return [read[start : start + BATCHES] for start in range(0, EPOCHS * BATCHES, BATCHES)]


def _noting(fit: Callable, calls: list[dict]) -> Callable:
    """Return a function like `fit` that notes the arguments of its calls."""
    signature = inspect.signature(fit)

    @functools.wraps(fit)
    def fit_and_note(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        calls.append({name: value for name, value in given.items() if value is not signature.parameters[name].default})
        return fit(*args, **kwargs)

    return fit_and_note


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
    return counted(count, "epoch")


UNASKED = {  # argument of `fit` → what it does
    "initial_epoch": "`fit` counts from there up to `epochs`, so that epochs are left out, or have other numbers.",
    "class_weight": "It makes some pixels count more than others, and with them the loss is another.",
    "steps_per_epoch": "`fit` asks a generator for all its batches by itself. A number of steps ends an epoch too "
    "early, or goes on into the next one.",
    "validation_freq": "Then there is no `val_dice` after some of the epochs, and the callbacks that watch it wait.",
}

HARMLESS = {"initial_epoch": 0, "steps_per_epoch": BATCHES, "validation_freq": 1}


def _given(run: Training, name: str) -> Any:
    return next((call[name] for call in run.calls if name in call), None)


def _first_set(run: Training, *names: str) -> str | None:
    """Return the first of these arguments of `fit` that was set to something that matters."""
    return next((name for name in names if _given(run, name) not in (None, HARMLESS.get(name))), None)


def _why_another_number(out) -> str:
    given = _given(out.result, "epochs")
    if given is None:
        return "Without `epochs` it is one."
    return f"`fit` was told epochs={given}. It is a fixed number, the notebook's EPOCHS, or computed, not the argument."


VALIDATION = "Write `validation_data=validation`."
# fmt: off
trained = partial(When, of=lambda out: out.result)
RUNNING = (
    Raises("a list in place of a generator",
           "ValueError: Data is expected to be in format|Attempt to convert|different structures",
           "Keras takes a generator, or arrays; a list of batches is neither.",
           "Pass the generators themselves: `training`, and `validation_data=validation`."),
    Raises("the list of callbacks is called", "TypeError: 'list' object is not callable",
           "With parentheses behind it, a list is called like a function.", "Write `callbacks=callbacks`."),
    Raises("weights of images", "ValueError: sample_weight", "The generator has none, and each image counts the same.",
           "Leave `sample_weight` out."),
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
    trained("the learning rate is changed", lambda run: run.rate != 0, "That of exercise 4.3 is thrown away.",
            "Leave the optimizer as it is.", received="another learning rate than that of the compiled network",
            expected="the network trained as it is compiled"),
    trained("another network is trained", lambda run: run.logs and not run.steps,
            "The network that you were given has learnt nothing.", "Call `fit` of the argument `model`.",
            received="a training of a copy", expected="the network trained that you were given"),
    trained(lambda out: "it is trained more than once" if out.found == EPOCHS else "each epoch starts anew",
            lambda run: len(run.begun) > 1 and (len(run.logs) // len(run.begun) or 1),
            "Each call of `fit` resets the patience of the callbacks and overwrites the table.",
            "Call `fit` once, with `epochs=epochs`, and without a loop around it.",
            received=lambda out: f"{len(out.result.begun)} trainings, one after the other",
            expected=lambda out: f"one training of {_epochs(out.args[0])}"),
)
not_called = partial(trained, received="no callback was called", expected=lambda out: "the callbacks are called after "
                     + ("the epoch" if out.args[0] == 1 else f"each of {_epochs(out.args[0])}"))
NOT_CALLED = not_called("the callbacks are not called", lambda run: not run.logs,
                        "Nobody watches: no network is kept, and no table is written.",
                        "Pass them: `callbacks=callbacks`.")
changing = partial(When, lambda out: f"`{out.found}` of `fit` is set", why=lambda out: UNASKED[out.found],
                   remedy=lambda out: f"Leave `{out.found}` out.",
                   received=lambda out: f"{out.found}={_given(out.result, out.found)!r}",
                   expected=f"all {BATCHES} batches of each epoch, from the first epoch on, as they are")
ANOTHER_NUMBER = When("another number of epochs", lambda out: len(out.result.logs) != out.args[0], _why_another_number,
                      "Pass it as it is: `epochs=epochs`.", received=lambda out: _epochs(len(out.result.logs)),
                      expected=lambda out: _epochs(out.args[0]))
ALL_EPOCHS = (
    not_called("nothing is trained", lambda run: not run.logs and not run.training.read, "", "Call `model.fit`."),
    changing(lambda out: _first_set(out.result, "initial_epoch", "class_weight", "steps_per_epoch")),
    NOT_CALLED,
    trained("some callbacks are missing", lambda run: len(run.second) < len(run.logs),
            "An index takes one of them out of the list.", "Pass the whole list: `callbacks=callbacks`.",
            received="only the first of two callbacks was called", expected="both are called"),
    trained("arrays in place of the training generator", lambda run: isinstance(_given(run, "x"), (np.ndarray, list)),
            "All the batches were read at once, which fills the memory; and the generator can mix its cases no more.",
            "Pass the generator itself: `model.fit(training, ...)`.",
            received=lambda out: describe(_given(out.result, "x")), expected="the training generator"),
    ANOTHER_NUMBER,
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
    changing(lambda out: _first_set(out.result, "validation_freq"), expected="a val_loss after each epoch"),
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


def _targets(rng) -> tuple[float, float]:
    """Return those of the training and of the validation: the same in each look, so that they can share a training."""
    return float(rng.uniform(1, 2)), float(rng.uniform(3, 4))


def _case(targets: tuple[float, float], epochs: int, what: str, rows: list | None = None) -> Case:
    tried = f"run_training(model, training, validation, epochs={epochs}, callbacks=[...]) with a tiny network, {what}"
    return Case(epochs, *targets, tried=tried, rows=rows)


look = partial(look_at, "run_training", run=partial(once, Training))


@look(rows=(*RUNNING, *ALL_EPOCHS))
def look_epochs(rng):
    """So many epochs as asked for, over all the batches, in their order; the callbacks are called."""
    targets = _targets(rng)
    yield _case(targets, EPOCHS, "and counted the epochs and the batches")
    # Another number, as the first one may be written in the answer.
    yield _case(targets, 1, "and counted the epochs", rows=[ANOTHER_NUMBER])


@look(rows=(*RUNNING, *VALIDATED))
def look_validation(rng):
    """After each epoch the validation cases are looked at, those of the validation generator."""
    yield _case(_targets(rng), 1, "and looked at what was logged")


@look(rows=(*RUNNING, RETURNED))
def look_history(rng):
    """What `fit` returns is returned."""
    yield _case(_targets(rng), 1, "and looked at what it returns")

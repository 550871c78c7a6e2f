"""The callbacks of a training: keep the best network, steer the learning rate, stop in time, and report."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from lungseg.arguments import described
from lungseg.errors import InputError
from lungseg.runs import BEST_MODEL, HISTORY
from lungseg.training.clock import Clock
from lungseg.training.saving import SaveHistory, SaveNetwork

SCHEDULES = ("plateau", "cosine", "constant")
KEPT = ("best", "last")


def make_callbacks(
    run: str | Path, steering: list[keras.callbacks.Callback] | None = None, keep: str = "best"
) -> list[keras.callbacks.Callback]:
    """Return the callbacks of `train`; those that choose watch `val_dice`, where higher is better.

    Parameters
    ----------
    run : str or Path
        The run folder, for `best.keras` and `history.csv`.
    steering : list of keras.callbacks.Callback, optional
        What sets the learning rate and the end. By default ReduceLROnPlateau and EarlyStopping.
    keep : {"best", "last"}
        Which epoch `best.keras` holds.

    Returns
    -------
    list of keras.callbacks.Callback
        One that stops when the loss is no longer a number, SaveNetwork, those of `steering`, and SaveHistory.
    """
    run = Path(run)
    # Keras cannot guess from the name `val_dice` that higher is better.
    watched = {"monitor": "val_dice", "mode": "max"}
    if steering is None:
        steering = [
            keras.callbacks.ReduceLROnPlateau(factor=0.3, patience=2, min_delta=5e-4, **watched),
            keras.callbacks.EarlyStopping(patience=6, **watched),
        ]
    return [
        StopAtNaN(),  # first: no network of such an epoch is kept
        SaveNetwork(run / BEST_MODEL, only_best=keep == "best"),
        *steering,
        SaveHistory(run / HISTORY),
    ]


def known_callbacks(
    callbacks: Sequence[keras.callbacks.Callback] | None, report: Callable[[str], object] = print
) -> list[keras.callbacks.Callback]:
    """Return the callbacks that `train` was given as a list, and refuse what cannot watch a training.

    Parameters
    ----------
    callbacks : sequence of keras.callbacks.Callback, or None
    report : callable
        Is given lines, see `lungseg.train`.

    Returns
    -------
    list of keras.callbacks.Callback

    Raises
    ------
    InputError
        If one of them is no callback, or `report` no function.
    """
    if not callable(report):
        raise InputError(f"train expected report to be a function of a line. Received: {described(report)}. Try print.")
    if isinstance(callbacks, keras.callbacks.Callback) or not isinstance(callbacks, Iterable | None):
        raise InputError(f"train expected a list of callbacks. Received: {described(callbacks)}. Put it into brackets.")
    known = list(callbacks or ())
    for callback in known:
        if not isinstance(callback, keras.callbacks.Callback):
            raise InputError(
                f"train expected callbacks of Keras. Received: {described(callback)}. A class has to be called; a "
                "function goes into keras.callbacks.LambdaCallback."
            )
    return known


class CosineDecay(keras.callbacks.Callback):
    """Lower the learning rate batch by batch, along half a cosine from its start to a hundredth of it.

    A training that goes on after an interruption needs only the number of the
    epoch, which a schedule inside the optimizer would count anew.

    Parameters
    ----------
    learning_rate : float
        At the start, after a warm-up of 20 batches.
    batches, epochs : int
        In an epoch, and in all.

    References
    ----------
    .. [1] I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with
       warm restarts", ICLR (2017), arXiv:1608.03983.
    """

    WARM_UP = 20

    def __init__(self, learning_rate: float, batches: int, epochs: int):
        super().__init__()
        self.start = learning_rate
        self.batches = batches
        self.total = batches * epochs
        self.epoch = 0

    def rate(self, step: int) -> float:
        """Return the learning rate of a step.

        Parameters
        ----------
        step : int
            The batches so far, counted from 0 over all epochs.

        Returns
        -------
        float

        Examples
        --------
        >>> decay = CosineDecay(1.0, batches=100, epochs=10)
        >>> [round(decay.rate(step), 3) for step in (0, 20, 500, 999)]
        [0.05, 0.999, 0.505, 0.01]
        """
        warm = min(1.0, (step + 1) / self.WARM_UP)
        return self.start * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / self.total)))

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.model.optimizer.learning_rate = self.rate(self.epoch * self.batches + batch)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is not None:  # for the table of the epochs, as ReduceLROnPlateau does it
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class TellRate(keras.callbacks.Callback):
    """Log the learning rate of each epoch, for the table of the epochs, where no callback steers it."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class StopAtNaN(keras.callbacks.Callback):
    """Raise an error that helps when the loss of an epoch is not a number."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if not np.isfinite((logs or {}).get("loss", 0.0)):
            raise self.reason()

    def reason(self) -> InputError:
        """Return what is to be raised in this epoch."""
        return InputError(
            f"the loss of epoch {self.epoch + 1} is not a number: the steps were too large. Expected a finite loss. "
            "Train again into a new folder with a lower learning rate."
        )


class Progress(keras.callbacks.Callback):
    """Report one line an epoch, and how long the training will take.

    Parameters
    ----------
    report : callable
        Is given each line.
    batches, epochs : int
        In an epoch, and in all.
    start : float
        When the training began, by `time.perf_counter`.
    """

    def __init__(self, report: Callable[[str], object], batches: int, epochs: int, start: float):
        super().__init__()
        self.report = report
        self.start = start
        self.clock = Clock(batches, epochs)
        self.announced = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.clock.begin(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.clock.count(batch)
        each = self.clock.an_epoch()
        if not self.announced and each is not None:
            all_of_them = each * (self.clock.epochs - self.clock.epoch)
            self.report(f"About {duration(each)} an epoch, at most {duration(all_of_them)} in all.")
            self.announced = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.clock.end()
        self.announced = True
        numbers = f"epoch {epoch + 1:3d}/{self.clock.epochs}  {in_numbers(logs or {})}"
        self.report(f"{numbers}{self._times()}")

    def _times(self) -> str:
        """Return what is to be told of the time after the numbers of an epoch."""
        left = self.clock.left()
        return f"  after {duration(time.perf_counter() - self.start)}" + (
            f", at most {duration(left)} left" if left else ""
        )

    def close(self) -> None:
        """End the report, also of a training that was interrupted."""


def in_numbers(logs: dict[str, Any]) -> str:
    """Return what is to be told of the numbers of an epoch, as far as they are there.

    Parameters
    ----------
    logs : dict
        As Keras gives it to callbacks.

    Returns
    -------
    str

    Examples
    --------
    >>> in_numbers({"loss": 0.25, "val_dice": 0.9, "val_jaccard": 0.8})
    'loss 0.2500  val_dice 0.9000'
    """
    return "  ".join(f"{name} {logs[name]:.4f}" for name in ("loss", "dice", "val_loss", "val_dice") if name in logs)


def duration(seconds: float) -> str:
    """Say a time as people do.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str

    Examples
    --------
    >>> duration(8.4), duration(75), duration(5000)
    ('8 s', '1 min 15 s', '1 h 23 min')
    """
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"

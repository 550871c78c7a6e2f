"""Notebook 4: callbacks, led by hand through twelve epochs of made-up scores."""

import contextlib
import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

START_RATE = 2e-3  # that of the notebook: a lower bound on the rate shows where it would there
# Twelve epochs. val_dice is highest in epoch 5, by little, so that a `min_delta` that is too large shows; it is lowest
# in epoch 2. The others are so elsewhere, to tell who watches what.
SERIES = {
    "loss": [0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.2, 0.3, 0.3, 0.3],
    "dice": [0.5, 0.6, 0.7, 0.75, 0.8, 0.82, 0.84, 0.85, 0.86, 0.87, 0.9, 0.88],
    "jaccard": [0.4, 0.5, 0.6, 0.65, 0.7, 0.72, 0.9, 0.75, 0.76, 0.77, 0.8, 0.78],
    "val_loss": [0.8, 0.9, 0.6, 0.5, 0.45, 0.3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    "val_dice": [0.6, 0.4, 0.75, 0.89, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
    "val_jaccard": [0.5, 0.3, 0.95, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7],
}
BEST, LAST = 4, 11


@dataclass
class Story:
    """What the callbacks did in the twelve epochs. Epochs are counted from 1, as people do."""

    callbacks: list  # or what was returned in place of them; then nothing was done
    saved: int | None = None  # the epoch whose network is in best.keras
    files: Sequence[str] = ()  # what else than history.csv there is in the run folder
    elsewhere: Sequence[str] = ()  # what was written into the working directory
    rates: Sequence[float] = ()  # the learning rate after each epoch
    stopped: int | None = None  # the epoch after which the training was to stop
    columns: Sequence[str] = ()  # of history.csv

    def of_kind(self, kind: str) -> list:
        import keras

        return [each for each in self.callbacks if isinstance(each, getattr(keras.callbacks, kind))]

    @property
    def not_callbacks(self) -> list:
        import keras

        no_list = keras.callbacks.CallbackList  # it holds callbacks, and cannot be added to a list
        return [
            each
            for each in self.callbacks
            if isinstance(each, no_list) or not isinstance(each, keras.callbacks.Callback)
        ]

    @property
    def falls(self) -> list[int]:
        """The epochs after which the learning rate is lower."""
        return [epoch for epoch, (old, new) in enumerate(pairwise(self.rates), start=2) if new < 0.999 * old]

    def setting(self, kind: str, name: str) -> float:
        """Return a number that the callback of this kind was given, or 0 if there is no such callback."""
        return max((abs(getattr(each, name) or 0) for each in self.of_kind(kind)), default=0)


def play(make_callbacks: Callable) -> Story:
    """Lead the callbacks through the twelve epochs by hand, with a network whose one weight is the epoch."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(optimizer=keras.optimizers.SGD(START_RATE), loss="mse")
    rates, stopped = [], None
    with tempfile.TemporaryDirectory() as here, contextlib.redirect_stdout(io.StringIO()):
        folder = Path(here) / "run"
        folder.mkdir()
        with contextlib.chdir(here):  # a file name without the folder must not land in the student's
            make_callbacks(folder)  # a cell may be run twice, and a list outside of the function would still hold these
            story = Story(_flat(make_callbacks(folder)))
            if story.not_callbacks:
                return story
            everyone = keras.callbacks.CallbackList(story.callbacks, model=model, epochs=LAST + 1, steps=1, verbose=0)
            everyone.on_train_begin()
            for epoch in range(12):
                model.set_weights([np.full((1, 1), epoch + 1.0)])
                everyone.on_epoch_begin(epoch)
                everyone.on_epoch_end(epoch, {name: values[epoch] for name, values in SERIES.items()})
                rates.append(float(model.optimizer.learning_rate))
                if model.stop_training and stopped is None:
                    stopped = epoch + 1
            everyone.on_train_end()
        story.rates, story.stopped = rates, stopped
        best, history = folder / "best.keras", folder / "history.csv"
        story.files, story.elsewhere = (
            sorted(path.name for path in where.iterdir() if path != folder and path.name != history.name)
            for where in (folder, Path(here))
        )
        if best.is_file():
            weights = keras.saving.load_model(best, compile=False).get_weights()
            story.saved = round(float(weights[0][0, 0]))
        lines = history.read_text(encoding="utf-8", errors="replace").splitlines() if history.is_file() else []
        story.columns = next(csv.reader(lines), [])
    return story


def _flat(result: Any) -> list:
    """Return a list of the callbacks, also where there is only one, or a list in the list."""
    outer = result if isinstance(result, (list, tuple)) else [result]
    return [each for item in outer for each in (item if isinstance(item, (list, tuple)) else [item])]


def waits_of(name: str, better: Callable, patience: int, least: float = 0) -> list[int]:
    """Return after which epochs a callback has lost its patience, that watches this number.

    `better` is `max` or `min`, and `least` the `min_delta`.
    """
    best, wait, lost = None, 0, []
    for epoch, value in enumerate(SERIES[name], start=1):
        wait += 1
        if best is None or (better(value, best) == value and abs(value - best) > least + 1e-9):
            best, wait = value, 0
        elif wait >= patience:
            wait = 0
            lost.append(epoch)
    return lost


def rates_of(name: str, better: Callable, least: float = 0) -> np.ndarray:
    """Return the learning rate after each epoch, with a ReduceLROnPlateau whose factor and patience are right."""
    falls = waits_of(name, better, 2, least)
    return np.array([START_RATE * 0.3 ** sum(fall <= epoch for fall in falls) for epoch in range(1, LAST + 2)])

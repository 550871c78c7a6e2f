"""Notebook 4: callbacks, led by hand through twelve epochs of made-up scores."""

import contextlib
import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg_course.engine.verdict import Wrong, describe

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

    saved: int | None  # the epoch whose network is in best.keras
    files: list[str]  # what else there is in the run folder
    elsewhere: list[str]  # what was written into the working directory
    rates: list[float]  # the learning rate after each epoch
    stopped: int | None  # the epoch after which the training was to stop
    columns: list[str]  # of history.csv
    callbacks: list

    def setting(self, kind: str, name: str) -> float:
        """Return a number that the callback of this kind was given, or 0 if there is no such callback."""
        import keras

        found = [each for each in self.callbacks if isinstance(each, getattr(keras.callbacks, kind))]
        return max((abs(getattr(each, name)) for each in found), default=0)


def play(make_callbacks) -> Story:
    """Lead the callbacks through the twelve epochs by hand, with a network whose one weight is the epoch."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(optimizer=keras.optimizers.SGD(START_RATE), loss="mse")
    rates, stopped = [], None
    with tempfile.TemporaryDirectory() as here, contextlib.redirect_stdout(io.StringIO()):
        folder = Path(here) / "run"
        folder.mkdir()
        with contextlib.chdir(here):  # a file name without the folder must not land in the student's
            callbacks = _list_of_callbacks(make_callbacks(folder))
            everyone = keras.callbacks.CallbackList(callbacks, model=model, epochs=LAST + 1, steps=1, verbose=0)
            everyone.on_train_begin()
            for epoch in range(12):
                model.set_weights([np.full((1, 1), epoch + 1.0)])
                everyone.on_epoch_begin(epoch)
                everyone.on_epoch_end(epoch, {name: values[epoch] for name, values in SERIES.items()})
                rates.append(float(model.optimizer.learning_rate))
                if model.stop_training and stopped is None:
                    stopped = epoch + 1
            everyone.on_train_end()
        files = sorted(path.name for path in folder.iterdir())
        elsewhere = sorted(path.name for path in Path(here).iterdir() if path != folder)
        saved = None
        if "best.keras" in files:
            best = keras.saving.load_model(folder / "best.keras", compile=False)
            saved = round(float(best.get_weights()[0][0, 0]))
        history = folder / "history.csv"
        columns = next(csv.reader(history.read_text().splitlines()), []) if history.is_file() else []
    return Story(saved, files, elsewhere, rates, stopped, columns, callbacks)


def _list_of_callbacks(result) -> list:
    import keras

    if isinstance(result, keras.callbacks.Callback):
        result = [result]
    flat = []
    for item in result if isinstance(result, list | tuple) else [result]:
        flat.extend(item if isinstance(item, list | tuple) else [item])
    for item in flat:
        if isinstance(item, keras.callbacks.Callback):
            continue
        if isinstance(item, type):
            raise Wrong(
                "a class in place of a callback",
                received=f"{item.__name__} itself",
                expected="a callback that is ready to work",
                why="The class is the plan; with brackets and settings behind it, it makes a callback.",
                remedy=f"Write `keras.callbacks.{item.__name__}(...)`.",
            )
        raise Wrong(
            "not a list of callbacks",
            received=describe(result),
            expected="a list of four callbacks",
            why="Without `return` a function gives None." if item is None else "",
            remedy="Return the callbacks in square brackets.",
        )
    return flat


def rates_of(series: list[float], better, factor: float, patience: int, least: float = 0) -> list[float]:
    """The learning rate after each epoch, with such a ReduceLROnPlateau. `least` is its `min_delta`."""
    rates, rate, best, wait = [], START_RATE, None, 0
    for value in series:
        if best is None or _is_progress(value, best, better, least):
            best, wait = value, 0
        else:
            wait += 1
            if wait >= patience:
                rate, wait = rate * factor, 0
        rates.append(rate)
    return rates


def stop_of(series: list[float], better, patience: int, least: float = 0) -> int | None:
    """The epoch after which such an EarlyStopping ends the training. `least` is its `min_delta`."""
    best, wait = None, 0
    for epoch, value in enumerate(series, start=1):
        if best is None or _is_progress(value, best, better, least):
            best, wait = value, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch
    return None


def _is_progress(value: float, best: float, better, least: float) -> bool:
    return better(value, best) == value and abs(value - best) > least + 1e-9

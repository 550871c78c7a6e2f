"""The callbacks that write the network and the history of a run, each file whole or not at all."""

import csv
import math
from pathlib import Path
from typing import Any

import keras

from lungseg.errors import InputError
from lungseg.files import write_text, writing


class SaveNetwork(keras.callbacks.Callback):
    """Save the network after an epoch, in place of the one before.

    (`keras.callbacks.ModelCheckpoint` does the same, but writes into the file
    itself: a process that is killed meanwhile leaves neither network.)

    Parameters
    ----------
    path : str or Path
        Of the file, whose name ends in `.keras`.
    only_best : bool
        Whether an epoch is saved only if what is watched is higher than ever before.
    monitor : str
        What is watched, as Keras logs it.
    """

    def __init__(self, path: str | Path, only_best: bool = True, monitor: str = "val_dice"):
        super().__init__()
        self.path = Path(path)
        self.only_best = only_best
        self.monitor = monitor
        self.best: float | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.only_best:
            score = (logs or {}).get(self.monitor)
            if score is None:
                raise InputError(
                    f"{self.path.name}: expected {self.monitor}, which tells the best epoch. Received: an epoch with "
                    f"{', '.join(sorted(logs or ())) or 'nothing'}. Validate with a metric of that name, or keep the "
                    "last epoch."
                )
            if not score > (-math.inf if self.best is None else self.best):
                return
            self.best = float(score)
        with writing(self.path, suffix=".keras") as temporary:
            self.model.save(temporary)


class SaveHistory(keras.callbacks.Callback):
    """Add a row to a table after each epoch: its number, counted from 0, and what Keras logs.

    Parameters
    ----------
    path : str or Path
        A table of an earlier training is gone on with, in its columns.
    """

    def __init__(self, path: str | Path):
        super().__init__()
        self.path = Path(path)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        if not self.path.exists():  # it also tells that the network beside it is one of a training
            write_text(self.path, "")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        before = self.path.read_bytes().decode("utf-8") if self.path.exists() else ""
        row = {"epoch": epoch, **dict(sorted((logs or {}).items()))}
        columns = next(csv.reader(before.splitlines()), None) or list(row)
        with writing(self.path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
            file.write(before)
            writer = csv.DictWriter(file, columns, restval="NA", extrasaction="ignore")
            if not before:
                writer.writeheader()
            writer.writerow(row)


def reserve(path: Path, model: keras.Model) -> None:
    """Ask the disk for the room that a file of the weights takes.

    HDF5 writes dozens of lines to the terminal when the disk is full halfway through.

    Parameters
    ----------
    path : Path
        Of a temporary file, which may then be written anew.
    model : keras.Model
        Compiled.

    Raises
    ------
    OSError
        If the disk is full.
    """
    variables = [*model.variables, *model.optimizer.variables]
    numbers = sum(math.prod(variable.shape) * (8 if variable.dtype == "float64" else 4) for variable in variables)
    with path.open("wb") as file:
        for _ in range(0, numbers + 4096 * len(variables), 2**16):
            file.write(bytes(2**16))

"""KeepState: what lets an interrupted training go on as if nothing had happened."""

import csv
import hashlib
import io
import re
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.files import remove_unfinished, writing
from lungseg.files.untrusted import read_table
from lungseg.files.untrusted.run_files import checksum_of, read_state
from lungseg.runs import HISTORY, write_json
from lungseg.training.saving import reserve

STATE = "state.json"
WEIGHTS = re.compile(r"epoch_\d{4,}\.weights\.h5")
# What counted in the place of a callback when version 0.1.0 wrote the state.
FORMER = {"SaveNetwork": "ModelCheckpoint"}
# What callbacks count from epoch to epoch, and forget when `fit` starts anew.
COUNTED = ("best", "wait", "cooldown_counter", "stopped_epoch", "best_epoch")


class KeepState(keras.callbacks.Callback):
    """Save the state of a training after each epoch, and restore it when `fit` starts.

    Weights and optimizer go into `epoch_NNNN.weights.h5`; the seeds of dropout, and what the other callbacks have
    counted, into `state.json`. The JSON file names the weights file and is replaced in one step: a power cut at any
    moment leaves one whole state. Checksums in it tell whether both files are read as they were written. Put it last in
    the list of callbacks.

    (`keras.callbacks.BackupAndRestore` keeps weights and optimizer only, so a
    training that goes on differs from one that was never interrupted.)

    Parameters
    ----------
    folder : str or Path
        The run folder.
    others : list of keras.callbacks.Callback
        The callbacks whose counting is kept, each by its place in the list and its class.
    """

    def __init__(self, folder: str | Path, others: list[keras.callbacks.Callback]):
        super().__init__()
        self.folder = Path(folder)
        self.others = others

    @property
    def epochs_done(self) -> int:
        """How many epochs are finished, 0 for a new run."""
        return self._read()["epochs_done"]

    @property
    def finished(self) -> bool:
        """Whether the training came to its end, by its last epoch or early stopping."""
        return self._read()["finished"]

    def _read(self) -> dict[str, Any]:
        """Return what `state.json` holds, or would hold before the first epoch."""
        path = self.folder / STATE
        if not path.exists():
            return {"epochs_done": 0, "finished": False}
        return read_state(path)

    def _write(self, state: dict[str, Any]) -> None:
        write_json(self.folder / STATE, {**state, "checksum": checksum_of(state)})

    def clear_up(self) -> None:
        """Remove what a killed training left: files half-written, and weights that no state names."""
        remove_unfinished(self.folder)
        named = self._read().get("weights")
        for file in self.folder.iterdir():
            if WEIGHTS.fullmatch(file.name) and file.name != named:
                file.unlink(missing_ok=True)

    def reopen(self) -> None:
        """Let a finished training go on: if it stopped early, the patience of its callbacks begins anew."""
        state = self._read()
        callbacks = [dict(counted) for counted in state["callbacks"]]
        if any(counted.get("stopped_epoch") for counted in callbacks):
            for counted in callbacks:
                counted.update({name: 0 for name in ("wait", "stopped_epoch") if name in counted})
        self._write({**state, "finished": False, "callbacks": callbacks})

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        state = self._read()
        if state["epochs_done"] == 0:
            return
        optimizer = self.model.optimizer
        if not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                warnings.filterwarnings("error", "Skipping variable loading")  # an optimizer that begins anew
                self.model.load_weights(self.folder / state["weights"])
            for seed, value in zip(self._seeds(), state["seeds"], strict=True):
                seed.assign(value)
            if "numbers" in state and state["numbers"] != self._numbers():  # older versions wrote none
                raise ValueError(f"{state['weights']} holds other numbers than were written")
        except Exception as error:  # what HDF5 raises depends on which bytes are damaged
            raise InputError(
                f"{self.folder / STATE}: the state it names cannot be loaded: {one_line(error)[:200]}. Copy the run "
                "folder again, or train into a new one."
            ) from None
        # Callbacks of one's own may be others than before.
        missing = {"SaveNetwork"} & {type(callback).__name__ for callback in self.others}
        for callback, counted in zip(self.others, state["callbacks"], strict=False):
            kind = type(callback).__name__
            if counted.get("class") in (kind, FORMER.get(kind, kind)):
                known = {name for name in COUNTED if name in counted and (counted[name] is not None or name == "best")}
                vars(callback).update({name: counted[name] for name in known})
                missing.discard(kind)
        if missing:  # the next network, however bad, would be written over the best
            raise InputError(
                f"{self.folder / STATE}: expected the best score so far, of the callback {', '.join(missing)}. "
                "Received: none. Copy the run folder again, or train into a new one."
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        weights = f"epoch_{epoch + 1:04d}.weights.h5"
        with writing(self.folder / weights, suffix=".weights.h5") as temporary:
            reserve(temporary, self.model)
            self.model.save_weights(temporary)
        before = self._read().get("weights")
        state = {
            "epochs_done": epoch + 1,
            "finished": False,
            "weights": weights,
            "seeds": [keras.ops.convert_to_numpy(seed).tolist() for seed in self._seeds()],
            "callbacks": [_counted(callback) for callback in self.others],
            "numbers": self._numbers(),
        }
        self._write(state)
        if before not in (None, weights):
            (self.folder / before).unlink(missing_ok=True)

    def _seeds(self) -> list[Any]:
        """Return the counters that random layers draw from; Keras saves weights without them."""
        return [variable for variable in self.model.variables if variable.name == "seed_generator_state"]

    def _numbers(self) -> str:
        """Return a checksum of weights, seeds and optimizer: not of their file, which also holds times."""
        digest = hashlib.sha256()
        for variable in [*self.model.variables, *self.model.optimizer.variables]:
            digest.update(keras.ops.convert_to_numpy(variable).tobytes())
        return digest.hexdigest()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        # Not called when the training is interrupted.
        self._write({**self._read(), "finished": True})


def _counted(callback: keras.callbacks.Callback) -> dict[str, Any]:
    """Return what a callback has counted so far, with its class."""
    found = {name: vars(callback)[name] for name in COUNTED if name in vars(callback)}
    found = {name: value.item() if isinstance(value, np.generic) else value for name, value in found.items()}
    plain = {name: value for name, value in found.items() if value is None or isinstance(value, (bool, int, float))}
    return {"class": type(callback).__name__, **plain}


def cut_history(folder: Path, epochs: int) -> None:
    """Drop the rows of `history.csv` that were written after the last kept state.

    Parameters
    ----------
    folder : Path
        The run folder.
    epochs : int
        How many rows stay; without any, the file stays empty, and tells that a training has begun.
    """
    path = folder / HISTORY
    if path.exists():
        kept = kept_history(path, epochs)
        with writing(path) as temporary:
            temporary.write_bytes(kept)


def kept_history(path: Path, epochs: int) -> bytes:
    """Return the first rows of `history.csv` as they were written, also if a spreadsheet has saved it in between.

    Parameters
    ----------
    path : Path
    epochs : int
        How many rows.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If the file is no table, so that no row can be added to it.
    """
    content = path.read_bytes()
    if not epochs or not content:
        return b""
    if content.startswith(b"epoch,") and content.isascii() and b"\0" not in content:  # as it was written
        return b"".join(content.splitlines(keepends=True)[: epochs + 1])
    rows = read_table(path, ("epoch",), "Copy it again, or delete it to go on with a new table.")[:epochs]
    text = io.StringIO(newline="")
    if rows:
        writer = csv.writer(text)
        writer.writerow(rows[0])
        writer.writerows([cell.replace(",", ".") for cell in row.values()] for row in rows)
    return text.getvalue().encode("utf-8")

"""KeepState: what lets an interrupted training go on as if nothing had happened."""

import json
import os
from pathlib import Path

import keras

from lungseg.runs import HISTORY, write_json

STATE = "state.json"
# What callbacks count from epoch to epoch, and forget when `fit` starts anew.
COUNTED = ("best", "wait", "cooldown_counter", "stopped_epoch", "best_epoch")


class KeepState(keras.callbacks.Callback):
    """Save the state of a training after each epoch, and restore it when `fit` starts.

    Weights and optimizer go into `epoch_NNNN.weights.h5`; the seeds of dropout,
    and what the other callbacks have counted, into `state.json`. The JSON file
    names the weights file and is replaced in one step: a power cut at any
    moment leaves one whole state. Put it last in the list of callbacks.

    (`keras.callbacks.BackupAndRestore` keeps weights and optimizer only, so a
    training that goes on differs from one that was never interrupted.)

    Parameters
    ----------
    folder : str or Path
        The run folder.
    others : list of keras.callbacks.Callback
        The callbacks whose counting is kept.
    """

    def __init__(self, folder, others):
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

    def _read(self) -> dict:
        path = self.folder / STATE
        if not path.exists():
            return {"epochs_done": 0, "finished": False}
        return json.loads(path.read_text(encoding="utf-8"))

    def on_train_begin(self, logs=None):
        state = self._read()
        if state["epochs_done"] == 0:
            return
        optimizer = self.model.optimizer
        if not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        self.model.load_weights(self.folder / state["weights"])
        for seed, value in zip(self._seeds(), state["seeds"], strict=True):
            seed.assign(value)
        for callback, counted in zip(self.others, state["callbacks"], strict=True):
            vars(callback).update(counted)

    def on_epoch_end(self, epoch, logs=None):
        weights = f"epoch_{epoch + 1:04d}.weights.h5"
        self.model.save_weights(self.folder / weights)
        counted = [{name: vars(c)[name] for name in COUNTED if name in vars(c)} for c in self.others]
        state = {
            "epochs_done": epoch + 1,
            "finished": False,
            "weights": weights,
            "seeds": [keras.ops.convert_to_numpy(seed).tolist() for seed in self._seeds()],
            "callbacks": counted,
        }
        write_json(self.folder / STATE, state)
        for old in self.folder.glob("epoch_*.weights.h5"):
            if old.name != weights:
                old.unlink()

    def _seeds(self) -> list:
        """Return the counters that random layers draw from; Keras saves weights without them."""
        return [variable for variable in self.model.variables if variable.name == "seed_generator_state"]

    def on_train_end(self, logs=None):
        # Not called when the training is interrupted.
        write_json(self.folder / STATE, {**self._read(), "finished": True})


def cut_history(folder: Path, epochs: int) -> None:
    """Drop the rows of `history.csv` that were written after the last kept state."""
    path = folder / HISTORY
    if epochs == 0:
        path.unlink(missing_ok=True)
    elif path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[: epochs + 1]
        temporary = path.with_name(f".{path.name}.part")
        temporary.write_text("".join(lines), encoding="utf-8")
        os.replace(temporary, path)

"""A run folder: what a training leaves behind, how to read it again, and the one that is part of the package."""

import json
from collections.abc import Iterable
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg._former_split import find_own_split
from lungseg.arguments import image_size
from lungseg.cases import list_cases
from lungseg.errors import InputError
from lungseg.files import as_folder, as_items, as_paths, case_key, write_text
from lungseg.files.networks import load_network, refuse_other_networks
from lungseg.files.untrusted import read_arrays
from lungseg.files.untrusted.run_files import read_history, read_settings, read_split
from lungseg.problems import LUNGS, Problem, problem_from
from lungseg.splits import Split, load_split

if TYPE_CHECKING:
    import keras
    import pandas as pd

BEST_MODEL, HISTORY, SPLIT, SETTINGS = "best.keras", "history.csv", "split.json", "settings.json"
# Of the network that comes with the package:
PRETRAINED, WEIGHTS, CARD = "pretrained", "weights.npz", "MODEL_CARD.md"


class Run:
    """A run folder. What is missing in it, or damaged, raises an InputError when it is asked for.

    Parameters
    ----------
    folder : str or Path

    Attributes
    ----------
    folder : Path
        Holds `best.keras`, `history.csv`, `split.json` and `settings.json`.
    settings : dict
        What the training was asked to do, and how its cases were prepared.
    model : keras.Model
        The network of the epoch with the highest `val_dice`, or of the last one, as `settings["keep"]` says.
    history : pandas.DataFrame
        One row an epoch: `epoch` (counted from 0), `loss`, `dice`, `jaccard`, the same for the validation cases with
        `val_` before the name, and `learning_rate`.
    split : Split
        The paths of its cases, if they are where the training had them; if not, see `find_split`.
    """

    def __init__(self, folder: str | Path):
        self.folder = as_folder(folder, "run")

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"

    @cached_property
    def settings(self) -> dict[str, Any]:
        return read_settings(self._file(SETTINGS))

    @cached_property
    def problem(self) -> Problem:
        """The channels and classes of its cases."""
        described = self.settings.get("problem")
        return problem_from(described, self._file(SETTINGS)) if described else LUNGS

    @cached_property
    def model(self) -> "keras.Model":
        return load_network(self._file(BEST_MODEL))

    def build(self, size: int | tuple[int | None, int | None] | None = None) -> "keras.Model":
        """Return the network anew, with the same weights, for images of another size.

        Parameters
        ----------
        size : int or tuple of int or None, optional
            Height and width, or one number for both; None takes any. By default the size of its training.

        Returns
        -------
        keras.Model

        Raises
        ------
        InputError
            If the network is not one of `build_unet`, or the size does not suit it.
        """
        from lungseg.unet import build_unet

        network = self.settings.get("network")
        if not isinstance(network, dict):
            raise InputError(
                f"{self.folder}: holds a network of your own, which nobody but you can build for another size. "
                "Expected one of build_unet. Give train() your own model, with the weights of this one."
            )
        size = size or self.settings.get("size")
        if size is None:
            raise InputError(f"{self.folder / SETTINGS}: expected the size of the cases. Received: none. Name a size.")
        shape = (*image_size(size, "Run.build"), len(self.problem.channels))
        model = build_unet(shape, **network, classes=self.problem.outputs, exclusive=self.problem.exclusive)
        try:
            model.set_weights(self._weights())
        except InputError:
            raise
        except ValueError:  # of Keras, which has a line for each weight
            raise InputError(
                f"{self.folder}: expected weights of the network that {SETTINGS} describes. Received: those of another "
                f"one (weights.npz or {BEST_MODEL}). Copy the folder again."
            ) from None
        return model

    def _weights(self) -> list[np.ndarray]:
        return self.model.get_weights()

    @cached_property
    def history(self) -> "pd.DataFrame":
        return read_history(self._file(HISTORY))

    @cached_property
    def split_ids(self) -> dict[str, list[str]]:
        """The case ids of the split, by the name of the part, as `lungseg.files.case_key` has them."""
        return read_split(self._file(SPLIT))

    @property
    def seen_before(self) -> set[str]:
        """The ids of the cases that trained or chose the network that this training started from, if any."""
        return set(map(case_key, self.settings.get("seen_before") or ()))

    @cached_property
    def split(self) -> Split:
        return find_own_split(self.folder, self.settings.get("cases"), self.find_split)

    def find_split(self, cases: str | Path | Iterable[str | Path]) -> Split:
        """Find the cases of the run's split in a folder or a list of cases, see `lungseg.splits.load_split`."""
        as_list = as_items if self.settings.get("load") else as_paths  # a function of the user's own loads any items
        paths = list_cases(cases) if isinstance(cases, str | Path) else as_list(cases, "find_split")
        return load_split(self._file(SPLIT), paths)

    def _file(self, name: str) -> Path:
        """Return the path of a file of the folder, which must exist."""
        path = self.folder / name
        if not path.is_file():
            found = "found none" if self.folder.exists() else "but there is no such folder"
            raise InputError(
                f"{self.folder}: expected a run folder with {name}, {found}. Make one with `lungseg train`, or "
                f'with the notebook Train_UNET; or name the network that comes with the package, "{PRETRAINED}".'
            )
        return path


class PretrainedRun(Run):
    """The run folder that is part of the package. Its network is kept in half precision."""

    def __init__(self) -> None:
        super().__init__(Path(str(resources.files("lungseg") / "data" / PRETRAINED)))

    def __repr__(self) -> str:
        return "PretrainedRun()"

    @cached_property
    def model(self) -> "keras.Model":
        return self.build()

    @property
    def card(self) -> str:
        """The model card, in Markdown: what it was trained on, how good it is, and where it fails."""
        return self._file(CARD).read_text(encoding="utf-8")

    def _weights(self) -> list[np.ndarray]:
        """Return the weights in the order of the layers, in single precision again."""
        arrays = read_arrays(self._file(WEIGHTS), "Install the package again.")
        return [arrays[name].astype("float32") for name in sorted(arrays)]


def load_run(folder: str | Path) -> Run:
    """Open a run folder.

    Parameters
    ----------
    folder : str or Path
        As `lungseg.train` or the notebook Train_UNET made it; or "pretrained", for the network that comes
        with the package.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If there is no such folder, or it has no settings.
    """
    if str(folder) == PRETRAINED and not Path(folder).exists():
        return PretrainedRun()
    run = Run(folder)
    refuse_other_networks(run.folder)
    _ = run.settings
    return run


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file, whole or not at all.

    Parameters
    ----------
    path : Path
    content : dict
    """
    text = json.dumps(content, indent=1, ensure_ascii=False)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        text = json.dumps(content, indent=1)  # a folder whose name is no text, as old archives have them
    write_text(path, text + "\n")

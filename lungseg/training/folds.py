"""The networks of a cross-validation: a training for each fold, each in a run folder of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras

from lungseg.cases import list_cases
from lungseg.errors import InputError
from lungseg.files import as_folder, as_items
from lungseg.grouping import Groups
from lungseg.runs import SETTINGS, Run
from lungseg.splits import split_cases
from lungseg.training.training import train


def train_folds(
    cases: str | Path | Sequence[Any],
    run: str | Path,
    folds: int = 5,
    groups: Groups | None = None,
    *,
    model: Callable[[], keras.Model] | None = None,
    report: Callable[[str], object] = print,
    **settings: Any,
) -> list[Run]:
    """Train a network for each fold of a cross-validation, into `run/fold_1`, `run/fold_2`, ...

    Call it again with the same arguments after an interruption: folds that are finished are found again, and the one
    that was interrupted goes on. Each is a training of its own, `train(cases, "run/fold_2", "fold 2 of 5")`, so several
    computers may share the folds.

    Parameters
    ----------
    cases, report
        See `lungseg.train`.
    run : str or Path
        The folder of the run folders.
    folds : int
        See `split_cases`.
    groups : optional
        See `split_cases`.
    model : callable, optional
        A function without arguments that builds a network of your own: each fold begins with a new one.
    **settings
        Of `lungseg.train`, but `split`.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        As `lungseg.train` and `split_cases` do; or if `run` is that of the cases or of a training without folds, or
        holds another cross-validation.
    """
    run = as_folder(run, "run")
    paths = list_cases(cases) if isinstance(cases, str | Path) else as_items(cases, "cross_validate")
    folds = len(split_cases(paths, settings.get("seed", 0), groups=groups, folds=folds))
    _check(run, paths, model, settings)
    runs = []
    for number in range(1, folds + 1):
        folder = run / f"fold_{number}"
        report(f"Fold {number} of {folds}: {folder}")
        if model is not None:
            keras.utils.set_random_seed(settings.get("seed", 0))  # the weights that it had before an interruption
            settings["model"] = model()
        runs.append(train(paths, folder, f"fold {number} of {folds}", groups=groups, report=report, **settings))
    return runs


def _check(run: Path, paths: Sequence[Any], model: object, settings: dict[str, Any]) -> None:
    """Refuse what would fit the first fold alone, or none."""
    if "split" in settings:
        raise InputError("split: expected none, as folds are splits themselves. Received: one. Leave it out.")
    if isinstance(model, keras.Model):
        raise InputError(
            "model: expected a function that builds the network, as each fold begins with a new one. Received: one "
            "network. Give model=build, for a function build() that returns it."
        )
    if (run / SETTINGS).exists():
        raise InputError(f"{run}: expected a folder of folds. Received: that of one training. Name a new folder.")
    files = paths if settings.get("load") is None else ()
    if run.resolve() in {Path(path).parent.resolve() for path in files}:
        raise InputError(f"{run}: expected a folder for the folds alone. Received: that of the cases. Name another.")

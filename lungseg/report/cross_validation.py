"""A cross-validation: a network for each fold, each evaluated on the cases it has not seen, and one table of all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.cases import case_id, list_cases
from lungseg.errors import InputError
from lungseg.evaluation.evaluation import Evaluation
from lungseg.evaluation.folds import find_folds, folds_text, summarise_folds
from lungseg.evaluation.summary import write_evaluation
from lungseg.evaluation.table import evaluate
from lungseg.files import as_folder, as_items, case_key, folder_lock, open_folder, telling_of_a_full_disk, writing
from lungseg.grouping import Groups
from lungseg.loading import Load
from lungseg.report.workflow import evaluate_run
from lungseg.runs import Run

if TYPE_CHECKING:
    import pandas as pd

FOLDS_FILE = "folds.csv"


def cross_validate(
    cases: str | Path | Sequence[Any],
    run: str | Path,
    folds: int = 5,
    groups: Groups | None = None,
    *,
    load: Load | None = None,
    report: Callable[[str], object] = print,
    progress: bool = False,
    **settings: Any,
) -> "pd.DataFrame":
    """Train a network for each fold, and evaluate each on the cases that it has not seen.

    In the end every case has been tested once. Call it again with the same arguments after an interruption, and it
    goes on.

    Parameters
    ----------
    cases : folder, or sequence of paths
        All cases. Those of a sequence lie in one folder; with `load`, items of any kind, see `lungseg.train`.
    run : str or Path
        For the run folders, `fold_1` and so on, and for the results: see `evaluate_folds`.
    folds : int
        How many, from 2 upwards.
    groups : optional
        Cases that are in one fold, as those of a patient: a table, a pattern of the names, a mapping or a function, see
        `lungseg.split_cases`.
    load : callable, optional
        Returns the image and the mask of an item, for the training and for the evaluation, and needs a `problem`: see
        `lungseg.train`. There are no reports then, whose pictures are of files of cases.
    report : callable
        Is given each line about the progress; `print` by default.
    progress : bool
        Show progress bars.
    **settings
        Of `lungseg.train`: epochs, seed and others. `model` is a function that builds a network of your own.

    Returns
    -------
    pandas.DataFrame
        A row for each case, with its `fold`, see `evaluate_folds`.

    Raises
    ------
    InputError
        As `lungseg.train` and `lungseg.split_cases` do.
    """
    from lungseg.training.folds import train_folds

    if load is None:
        train_folds(cases, run, folds, groups, report=report, progress=progress, **settings)
        return evaluate_folds(run, report=report, progress=progress)
    items = list_cases(cases) if isinstance(cases, str | Path) else as_items(cases, "cross_validate")
    runs = train_folds(items, run, folds, groups, load=load, report=report, progress=progress, **settings)
    tables = []
    for fold in runs:
        tested = set(fold.split_ids["test"])
        part = [item for item in items if case_key(case_id(item)) in tested]
        tables.append(evaluate(fold, part, progress=progress, load=load, problem=fold.problem))
    table = _write_all(tables, runs, as_folder(run, "run"), clean=False, report=report)
    report("There is no report.html, whose pictures are of files of cases.")
    return table


def evaluate_folds(
    run: str | Path,
    cases: str | Path | None = None,
    part: str | None = None,
    out: str | Path | None = None,
    clean: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = False,
) -> "pd.DataFrame":
    """Evaluate each network of a cross-validation on the cases of its fold; `lungseg evaluate` does it.

    Writes `evaluation.csv`, with a row for each case, `summary.json`, and `folds.csv`: a row for each fold, mean and
    spread over the folds, and over all cases. Each fold has a report of its own, see `evaluate_run`.

    Parameters
    ----------
    run : str or Path
        The folder of the folds.
    cases : str or Path, optional
        The folder of the cases, if it is another one by now.
    part : {"test"}, optional
        The test parts of the folds, as all else is no cross-validation.
    out : str or Path, optional
        Where to write the results; by default `run`.
    clean, report, progress
        See `evaluate_run`.

    Returns
    -------
    pandas.DataFrame
        The tables of all folds below each other, with the column `fold`, counted from 1.

    Raises
    ------
    InputError
        If a fold is missing or not finished, or the folds do not test each case once; or as `evaluate_run` does.
    """
    if part not in (None, "test"):
        raise InputError(f"part: expected the test parts of the folds. Received: {part!r}. Evaluate one fold for that.")
    run = as_folder(run, "run")
    out = run if out is None else as_folder(out, "out")
    runs = find_folds(run)
    tested = [name for fold in runs for name in fold.split_ids["test"]]
    if len(set(tested)) < len(tested):
        twice = max(tested, key=tested.count)
        raise InputError(
            f"{run}: expected each case in the test part of one fold. Received: {twice} in several, so the folds are "
            "of different trainings. Train all into a new folder."
        )
    open_folder(out, "Name another --out.")
    with folder_lock(out), telling_of_a_full_disk("The results of before, if any, are as they were."):
        found: list[Evaluation] = []
        for number, fold in enumerate(runs, start=1):
            report(f"Fold {number} of {len(runs)}.")
            place = out / fold.folder.name
            found.append(evaluate_run(fold, cases, "test", place, clean, report=report, progress=progress))
        matrices = [one.confusion for one in found if one.confusion is not None]
        confusion = np.sum(matrices, axis=0) if matrices else None
        table = _write_all([one.table for one in found], runs, out, clean, report, confusion)
    report("Each fold has a report.html.")
    return table


def _write_all(
    tables: Sequence["pd.DataFrame"],
    runs: Sequence[Run],
    out: Path,
    clean: bool,
    report: Callable[[str], object],
    confusion: np.ndarray | None = None,
) -> "pd.DataFrame":
    """Write and tell what the tables of the folds come to together; return them as one."""
    import pandas as pd

    table = pd.concat([one.assign(fold=number) for number, one in enumerate(tables, start=1)], ignore_index=True)
    summary = summarise_folds(table)
    about = {
        "run": runs[0].folder.resolve().parent.name,
        "folds": len(runs),
        "groups": runs[0].settings.get("groups"),
        "part": "test",
        "clean": clean,
    }
    with writing(out / FOLDS_FILE) as temporary:
        summary.to_csv(temporary, index=False, lineterminator="\n")
    write_evaluation(table, out, about, runs[0].problem, confusion)
    report(f"\n{folds_text(summary)}")
    report(f"\nWritten to {out}: evaluation.csv, summary.json, {FOLDS_FILE}.")
    return table

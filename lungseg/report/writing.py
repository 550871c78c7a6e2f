"""The report of an evaluation: one HTML page that holds all its figures and loads nothing from elsewhere."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.evaluation.evaluation import Evaluation
from lungseg.evaluation.thresholds import dice_by_threshold, validation_cases
from lungseg.files import telling_of_a_full_disk, writing
from lungseg.report.page import render_page
from lungseg.runs import Run

REPORT = "report.html"


def write_report(
    run: Run,
    measured: Evaluation,
    cases: Sequence[str | Path],
    folder: str | Path,
    candidates: Sequence[str | Path] = (),
    progress: bool = False,
) -> Path:
    """Write `report.html` into a folder, which is made if need be. It appears whole or not at all.

    The same input gives the same bytes.

    Parameters
    ----------
    run : lungseg.runs.Run
        Its network, its settings and its split; the network may be a function, as for `evaluate`.
    measured : Evaluation
        From `lungseg.evaluation.evaluation.measure_cases`, of the same network. All numbers come from there.
    cases : sequence of paths
        The cases that were measured. Those that are shown are read again, to draw them.
    folder : str or Path
        Usually the run folder.
    candidates : sequence of paths
        Where to look for the validation part of the run's split. Others are not even read: a
        threshold is never chosen on test cases. Those that `measured` has not predicted are predicted here.
        If one cannot be used, the page says so.
    progress : bool
        Show a progress bar for the validation cases.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the cases are not those of the table, or the predictions do not have the Dice of the
        table; or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from types import SimpleNamespace
    >>> from lungseg.evaluation.evaluation import measure_cases
    >>> from lungseg.phantom.writing import write_phantoms
    >>> folder = Path(tempfile.mkdtemp())
    >>> cases = write_phantoms(folder, count=3, size=32)
    >>> facts = {"folder": "darkness", "settings": {}, "split_ids": {}, "seen_before": set()}
    >>> run = SimpleNamespace(model=lambda images: 1 - images, **facts)
    >>> write_report(run, measure_cases(run.model, cases), cases, folder).name
    'report.html'
    """
    folder = Path(folder)
    page = render_page(run, measured, cases, _validate(run, measured, candidates, progress))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with telling_of_a_full_disk(), writing(folder / REPORT) as temporary:
            temporary.write_bytes(page.encode("utf-8"))
    except OSError as error:
        raise InputError(
            f"{folder}: the report cannot be written. Received: {error.strerror or error}. "
            "Name a folder that you may write to."
        ) from error
    return folder / REPORT


def _validate(run: Run, measured: Evaluation, candidates: Sequence[str | Path], progress: bool) -> np.ndarray | str:
    """Return the Dice of the validation cases by threshold, or why there is none."""
    if measured.problem.softmax:
        return "Each pixel gets the most probable class"
    known = len(run.split_ids.get("validation", ()))
    validation = [Path(path).resolve() for path in validation_cases(run.split_ids, candidates)]
    if not validation:
        return (
            f"None of the run's {known:,} validation cases is at hand" if known else "The run names no validation cases"
        )
    dice = dict(measured.by_threshold)
    missing = [path for path in validation if path not in dice]
    try:
        if missing:
            found = dice_by_threshold(
                run.model, missing, clean=measured.clean, progress=progress, problem=measured.problem
            )
            dice |= zip(missing, found, strict=True)
    except InputError:  # the evaluated cases are in order, and their report should not be lost
        return "The run's validation cases cannot be used: a file is damaged, or of another size"
    return np.array([dice[path] for path in validation])

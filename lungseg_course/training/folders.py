"""The run folder of notebook 4 and those beside it: which is free, how good each is, and how two change places."""

import os
import zipfile
from pathlib import Path

from lungseg.errors import InputError
from lungseg.files import open_folder
from lungseg.runs import BEST_MODEL, Run, load_run
from lungseg_course.record import CHOSEN, course_root

# What a training or its evaluation leaves. Where one of them is, no other training may write.
LEFT_BEHIND = (BEST_MODEL, "state.json", "evaluation.csv", "summary.json", "report.html")
# What makes a training another one is all of settings.json but this: where its cases lie, and what changes by itself.
NOT_COMPARED = ("cases", "keras", "finished")


def find_run_folder(make: bool = True) -> Path:
    """Return the run folder: `results/run` in the folder of the project.

    Parameters
    ----------
    make : bool
        Whether it is made if there is none.

    Notes
    -----
    The environment variable `LUNGSEG_RUN` names another one. The project is the folder that `LUNGSEG_COURSE` names; or
    the nearest one with the package, from the folder of the course upwards; or the folder of the course itself.
    """
    run_folder = project_folder() / (os.environ.get("LUNGSEG_RUN") or "results/run")
    if make:
        open_folder(run_folder, "Name another run folder with LUNGSEG_RUN.")
    return run_folder


def project_folder() -> Path:
    """Return the folder in whose `results` the notebooks write; see `find_run_folder`."""
    course = course_root()
    above = () if os.environ.get(CHOSEN) else (course, *course.parents)
    return next((path for path in above if (path / "lungseg" / "__init__.py").is_file()), course)


def beside(run_folder: Path, number: int) -> Path:
    """Return the folder beside a run folder with a number: `results/run_1`."""
    return run_folder.with_name(f"{run_folder.name}_{number}")


def trainings(run_folder: Path) -> list[Path]:
    """Return the run folder, and those beside it that exist."""
    numbered = [path for path in run_folder.parent.glob(f"{run_folder.name}_*") if path.is_dir()]
    numbers = sorted(int(rest) for path in numbered if (rest := path.name[len(run_folder.name) + 1 :]).isdecimal())
    return [run_folder, *(beside(run_folder, number) for number in numbers)]


def new_folder(run_folder: Path) -> Path:
    """Return the first folder beside a run folder that does not exist."""
    number = 1
    while beside(run_folder, number).exists():
        number += 1
    return beside(run_folder, number)


def free_folder(run_folder: Path) -> Path:
    """Return where a new training may write: the run folder if nothing is in it, or one beside it."""
    for folder in trainings(run_folder):
        used = epochs_in(folder) or any((folder / name).exists() for name in LEFT_BEHIND)
        if not used and (folder == run_folder or _is_ours(folder)):
            return folder
    return new_folder(run_folder)


def _is_ours(folder: Path) -> bool:
    """Whether a training of notebook 4 was begun in a folder, and nothing else."""
    try:
        return "code_mark" in load_run(folder).settings
    except InputError:
        return False


def epochs_in(folder: Path) -> int:
    """Return how many epochs a training has finished."""
    try:
        return len(Run(folder).history)
    except InputError:  # none yet
        return 0


def score_of(folder: Path) -> float | None:
    """Return the `val_dice` of the network that a run folder holds, or None if it holds none that can be read."""
    if not zipfile.is_zipfile(folder / BEST_MODEL):
        return None
    try:
        run = load_run(folder)
        scores = run.history["val_dice"]
    except (InputError, KeyError):
        return None
    score = scores.iloc[-1] if run.settings.get("keep") == "last" else scores.max()
    return float(score) if score == score else None


def are_comparable(one: Path, other: Path) -> bool:
    """Whether two trainings were validated on the same cases."""
    try:
        first, second = load_run(one), load_run(other)
        same_cases = set(first.split_ids["validation"]) == set(second.split_ids["validation"])
    except InputError:
        return False
    marks = [(run.settings.get("fingerprint") or {}).get("validation") for run in (first, second)]
    return same_cases and first.settings.get("size") == second.settings.get("size") and len({*marks} - {None}) < 2


def is_finished(folder: Path, settings: dict) -> bool:
    """Whether a folder holds a training with these settings, from its first epoch to its last."""
    try:
        there = load_run(folder).settings
    except InputError:
        return False
    names = (there.keys() | settings.keys()) - set(NOT_COMPARED)
    same = settings["code_mark"] is not None and all(there.get(name) == settings.get(name) for name in names)
    return same and there.get("finished") is True and score_of(folder) is not None


def change_places(folder: Path, run_folder: Path) -> Path | None:
    """Make a training that lies beside the run folder the one in it.

    Parameters
    ----------
    folder : Path
        The training.
    run_folder : Path
        What is there moves to a free place beside it; nothing is deleted.

    Returns
    -------
    Path or None
        Where that is now; None if there was nothing.

    Raises
    ------
    InputError
        If a folder cannot be moved; then all is as it was.
    """
    try:
        if run_folder.is_dir() and not any(run_folder.iterdir()):
            run_folder.rmdir()
        former = new_folder(run_folder) if run_folder.exists() else None
        if former:
            run_folder.rename(former)
        try:
            folder.rename(run_folder)
        except OSError:
            if former:
                former.rename(run_folder)
            raise
    except OSError as error:
        raise InputError(
            f"{run_folder}: expected a folder that can be moved. Received: {error.strerror or error}. Close the "
            f"programs that have a file of it open, and take the training in {folder.name} once more."
        ) from None
    return former


def shown(folder: Path) -> str:
    """Return a folder as the notebook tells it: `results/run`."""
    return f"{folder.parent.name}/{folder.name}"

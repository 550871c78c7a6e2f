"""compare(): trains the variants of an experiment several times each, and says what each is worth."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.errors import InputError, counted
from lungseg_course.experiments.refusing import stop_if_refused
from lungseg_course.experiments.settings import EXPECTED, MOST_SEEDS, Settings, settings_of
from lungseg_course.experiments.statistics import mean_interval
from lungseg_course.experiments.telling import Telling, display_in_a_notebook
from lungseg_course.training.folders import project_folder

USUAL_SECONDS = 10  # of a usual training, on two cores
USUAL = Path("results", "experiments")  # where scores are kept, in the folder of the project

if TYPE_CHECKING:
    import pandas as pd

    from lungseg_course.experiments.cases import Cases


def compare(
    variants: Mapping[str, Mapping[str, Any]],
    cases: Sequence[str | Path],
    seeds: int = 3,
    basis: Mapping[str, Any] | None = None,
    folder: str | Path | None = None,
) -> "pd.DataFrame":
    """Train each variant of a small U-Net several times, and compare how well they do on the validation cases.

    Parameters
    ----------
    variants : dict
        Name → settings, a dictionary of what is other than usual: `{"with skips": {}, "without": {"skips": False}}`.
        `lungseg_course.experiments.settings.Settings` lists them all.
    cases : sequence of paths
        As `list_cases` gives them. They are split as in notebook 4; the test cases are left alone.
    seeds : int
        Trainings of each variant. Seed 0, 1, 2 ... decide the first weights and the order of the cases; the split
        stays the same.
    basis : dict, optional
        Settings that all variants share.
    folder : str or Path, optional
        Where the scores of finished trainings are kept; `results/experiments` in the folder of the project, unless
        you name another one. What is there already is not trained again.

    Returns
    -------
    DataFrame
        A row for each variant: `mean`, the mean Dice over the seeds, with the ends of its 95 % interval, `low` and
        `high`; a column for each seed; `parameters`, and `seconds` of a training. In a notebook, the chart of it is
        shown as well.

    Raises
    ------
    InputError
        If a setting is unknown or not possible, or there are not enough cases.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=6, size=32)
    >>> tiny = {"size": 16, "steps": 1, "depth": 1, "filters": 2}
    >>> table = compare({"small": {}, "deep": {"depth": 2}}, cases, seeds=1, basis=tiny, folder=tempfile.mkdtemp())
    ... # doctest: +ELLIPSIS
    2 trainings to do: about 10 seconds, if this computer has two processor cores.
    1 of 2: small, seed 0, Dice ...
    2 of 2: deep, seed 0, Dice ...
    2 trainings...
    >>> list(table.index), list(table.columns)
    (['small', 'deep'], ['mean', 'low', 'high', 'seed 0', 'parameters', 'seconds'])
    """
    stop_if_refused()
    chosen = _checked(variants, seeds, basis)
    if isinstance(cases, str | Path) or not isinstance(cases, Iterable):
        raise InputError(
            f"compare expected a list of cases, as `list_cases` gives it. Received: {type(cases).__name__}."
        )
    # Now that all is well: TensorFlow takes a moment to load.
    from lungseg_course.experiments.cases import Cases

    found = Cases(cases)
    if os.environ.get("LUNGSEG_FAST") == "1":
        chosen = {name: found.within_reach(settings, name) for name, settings in chosen.items()}
    table = _trained(chosen, found, int(seeds), Path(folder or project_folder() / USUAL))
    if (display := display_in_a_notebook()) is not None:
        from lungseg_course.experiments.chart import plot_comparison

        display(plot_comparison(table))
    return table


def _checked(variants: Any, seeds: Any, basis: Any) -> dict[str, Settings]:
    if not isinstance(variants, Mapping) or not variants:
        raise InputError(
            'compare expected a dictionary of variants, {"with skips": {}, "without skips": {"skips": False}} for one. '
            f"Received: {'an empty one' if isinstance(variants, Mapping) else type(variants).__name__}."
        )
    if not isinstance(seeds, int | np.integer) or isinstance(seeds, bool) or not 1 <= seeds <= MOST_SEEDS:
        raise InputError(
            f"compare expected seeds to be a number of trainings, from 1 to {MOST_SEEDS}. Received: {seeds!r}."
        )
    usual = settings_of(basis if basis is not None else {}, "basis")
    return {str(name): settings_of(given, str(name), _large_enough(usual, given)) for name, given in variants.items()}


def _large_enough(usual: Settings, given: Any) -> Settings:
    """Return the basis with images that a variant can halve as often as it wants to; with LUNGSEG_FAST=1 they are tiny.

    So a plan that fits the usual size fits here, too.
    """
    depth = given.get("depth", usual.depth) if isinstance(given, Mapping) else usual.depth
    if os.environ.get("LUNGSEG_FAST") != "1" or EXPECTED["depth"](depth) is not None:
        return usual
    return replace(usual, size=max(usual.size, 2**depth))


def _trained(variants: dict[str, Settings], cases: "Cases", seeds: int, folder: Path) -> "pd.DataFrame":
    """Train what is not trained yet, and return the table."""
    from lungseg_course.experiments.keeping import Kept
    from lungseg_course.experiments.training import train_once

    kept = Kept(folder, cases.mark)
    counts = {name: cases.count(settings) for name, settings in variants.items()}
    runs = [(name, seed) for seed in range(seeds) for name in variants]
    scores = {run: kept.read(variants[run[0]], counts[run[0]], run[1]) for run in runs}
    missing = sorted((run for run in runs if scores[run] is None), key=lambda run: list(variants).index(run[0]))
    telling = Telling(len(missing))
    telling.begin(*_time_for(missing, variants, scores))
    try:
        for name, seed in missing:
            settings, what = variants[name], f"{name}, seed {seed}"

            def tell(step: int, what: str = what, steps: int = settings.steps) -> None:
                telling.step(what, step, steps)

            score = kept.read(settings, counts[name], seed)  # two names may stand for the same variant
            if score is None:
                score = train_once(settings, cases.arrays(settings), seed, tell)
                kept.write(settings, counts[name], seed, score)
            scores[name, seed] = score
            telling.finished(what, score["dice"], score["seconds"])
    except KeyboardInterrupt:
        telling.end(
            f"Interrupted: {telling.done} of {counted(len(missing), 'training')} finished, and kept. Run the cell "
            "again, and it goes on."
        )
    else:
        telling.end(_summary(scores, missing))
    return _as_table(variants, scores, seeds)


def _time_for(missing: list, variants: dict[str, Settings], scores: dict) -> tuple[float, bool]:
    """Return how many seconds some trainings will take, and whether that is a guess, as none is done yet."""
    known = [score["seconds"] / variants[name].effort for (name, _), score in scores.items() if score]
    usual = float(np.median(known)) if known else USUAL_SECONDS
    return usual * sum(variants[name].effort for name, _ in missing), not known


def _summary(scores: dict, missing: list) -> str:
    seconds = sum(scores[run]["seconds"] for run in missing)
    old = len(scores) - len(missing)
    if not missing:
        return f"{counted(old, 'training')}, all of them done before."
    before = f", {old} of them done before" if old else ""
    return f"{counted(len(scores), 'training')}{before}; {seconds:.0f} seconds."


def _as_table(variants: dict[str, Settings], scores: dict, seeds: int) -> "pd.DataFrame":
    import pandas as pd

    rows = {}
    for name in variants:
        found = [scores[name, seed] for seed in range(seeds)]
        dice = [score["dice"] if score else np.nan for score in found]
        done = [score for score in found if score]
        rows[name] = {
            **{key: round(value, 4) for key, value in mean_interval(dice)._asdict().items()},
            **{f"seed {seed}": round(value, 4) for seed, value in enumerate(dice)},
            "parameters": int(done[0]["parameters"]) if done else 0,
            "seconds": round(float(np.mean([score["seconds"] for score in done])), 1) if done else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index")

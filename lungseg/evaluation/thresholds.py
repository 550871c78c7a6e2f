"""How the Dice depends on the threshold, and which one the validation cases would choose."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.files import case_key
from lungseg.masks.cleaning import THRESHOLD, clean_masks
from lungseg.masks.overlap import mean_dice
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.outcome import components_to_keep, without_ignored
from lungseg.problems import Problem, problem_of

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 19))  # 0.1, 0.15 … 0.9


def threshold_dice(
    truth: np.ndarray,
    probability: np.ndarray,
    thresholds: Sequence[float] = THRESHOLDS,
    clean: bool = False,
    components: int = 2,
) -> list[float]:
    """Compute the Dice of one case at several thresholds.

    Parameters
    ----------
    truth : numpy.ndarray of bool, shape (H, W) or (H, W, K)
        The true mask, or one for each of several classes that may overlap.
    probability : numpy.ndarray of the same shape
        The predicted probability of lung, or of each class, from 0 to 1.
    thresholds : sequence of float
        Probabilities from there on count as lung.
    clean : bool
        Whether each mask is cleaned first, see `lungseg.masks.cleaning.clean_mask`.
    components : int
        How many components cleaning keeps of each mask.

    Returns
    -------
    list of float
        The Dice at each threshold; of several classes, its mean over those that truth or prediction have.

    Examples
    --------
    >>> threshold_dice(np.array([[False, True]]), np.array([[0.2, 0.4]]), thresholds=[0.3, 0.5])
    [1.0, 0.0]
    """
    truth, probability = (np.reshape(array, (*truth.shape[:2], -1)) for array in (truth, probability))  # (H, W, K)
    found = []
    for threshold in thresholds:
        masks = probability >= float(threshold)
        masks = clean_masks(masks, components, exclusive=False) if clean else masks
        found.append(mean_dice(truth, masks))
    return found


def dice_by_threshold(
    model: Callable[..., Any],
    cases: Sequence[str | Path],
    thresholds: Sequence[float] = THRESHOLDS,
    clean: bool = False,
    progress: bool = False,
    problem: Problem | None = None,
) -> np.ndarray:
    """Compute the Dice of each case at several thresholds. Each case is predicted once.

    Parameters
    ----------
    model, clean, progress, problem
        As `lungseg.evaluate` takes them. Classes that share a softmax have no threshold.
    cases : sequence of paths
        Cases of the validation part. A threshold that was chosen on test cases makes them training
        cases of a sort: their Dice no longer tells how new cases would fare.
    thresholds : sequence of float
        Probabilities from there on count as lung.

    Returns
    -------
    numpy.ndarray, shape (cases, thresholds)

    Raises
    ------
    InputError
        As `lungseg.evaluate` does.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.npy"
    >>> np.save(path, [[[0.2, 0], [0.4, 1], [0.8, 1]]])
    >>> dice_by_threshold(lambda images: images, [path], thresholds=[0.1, 0.3, 0.5]).round(2)
    array([[0.8 , 1.  , 0.67]])
    """
    from tqdm.auto import tqdm

    problem = problem or problem_of(cases)
    if problem.softmax:
        raise InputError(
            f"expected one class, or classes that overlap. Received: {', '.join(problem.classes)}, of which each pixel "
            "gets the most probable one. Leave the threshold out."
        )
    components = components_to_keep(problem, cases) if clean else 1
    predictions = predict_cases(model, cases, problem=problem)
    bar = tqdm(predictions, total=len(cases), unit="case", desc="Thresholds", disable=not progress)
    found = []
    for _, truth, probability in bar:
        truth, probability = without_ignored(truth, probability)
        found.append(threshold_dice(truth == 1, probability, thresholds, clean, components))
    return np.array(found)


def validation_cases(split_ids: dict[str, list[str]], paths: Sequence[str | Path]) -> list[str | Path]:
    """Select the cases of the validation part of a split, without those that the test part names too.

    Parameters
    ----------
    split_ids : dict
        Case ids by the name of the part, as `Run.split_ids` has them.
    paths : sequence of paths

    Returns
    -------
    list of paths

    Examples
    --------
    >>> validation_cases({"validation": ["a", "b"], "test": ["b", "c"]}, ["a.npy", "b.npy", "c.npy"])
    ['a.npy']
    """
    wanted = set(split_ids.get("validation", ())) - set(split_ids.get("test", ()))
    return [path for path in paths if case_key(case_id(path)) in wanted]


def choose_threshold(thresholds: Sequence[float], dice: np.ndarray) -> int:
    """Return the index of the threshold with the highest mean Dice; of equals, the one nearest to 0.5.

    Parameters
    ----------
    thresholds : sequence of float
    dice : numpy.ndarray, shape (cases, thresholds)
        From `dice_by_threshold`.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If there is no case, or another number of thresholds.

    Examples
    --------
    >>> choose_threshold([0.3, 0.5, 0.7], np.array([[0.9, 0.8, 0.6], [0.5, 0.8, 0.6]]))
    1
    """
    if np.ndim(dice) != 2 or len(dice) == 0 or np.shape(dice)[1] != len(thresholds):
        raise InputError(
            f"expected a Dice for each case and each of {len(thresholds)} thresholds. Received: shape "
            f"{np.shape(dice)}. Make it with `dice_by_threshold`."
        )
    means = np.mean(dice, axis=0)
    return min(range(len(thresholds)), key=lambda at: (-means[at], abs(thresholds[at] - THRESHOLD)))

"""All that an evaluation tells, from one pass over the cases: table, masks, calibration, confusion."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.evaluation.comparison import columns_of, evaluate_masks, mean_of
from lungseg.evaluation.confusion import confusion_matrix
from lungseg.evaluation.packed_masks import PackedMasks
from lungseg.evaluation.spacing import Spacing, spacing_of
from lungseg.evaluation.statistics import BINS, calibration_table
from lungseg.evaluation.surface import TOLERANCE, surface_dice, surface_distances
from lungseg.evaluation.thresholds import threshold_dice
from lungseg.prediction.cases import predict_cases, shown_by
from lungseg.prediction.outcome import components_to_keep, known_components, predicted, tidy, without_ignored
from lungseg.problems import LUNGS, Problem

if TYPE_CHECKING:
    import pandas as pd

PAIRED = ("dice", "hd95")  # the scores that are compared with and without cleaning
EXTRA = ("surface_dice", "height", "width", "pixels")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What one pass over the cases gave: all that table, figures and report need, so that they predict nothing.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of `lungseg.evaluate`; and `surface_dice`, at a tolerance of 2 pixels; `height`,
        `width` and `pixels`, their product, of the image (without the pixels that are ignored). Of lungs also
        `dice_raw`, `hd95_raw` of the prediction as it is, and `dice_cleaned`, `hd95_cleaned` of its two
        largest components with their holes filled; and of others, whose recipe names another number.
    calibration : numpy.ndarray, shape (3, 10)
        See `lungseg.evaluation.statistics.calibration_table`: the sum over all cases, and over all classes.
    clean : bool
        Whether the first columns and the masks are of the cleaned predictions.
    cases : tuple of paths
        The files of the cases, in the order of the table.
    masks : mapping from case id to numpy.ndarray of bool, shape (H, W)
        The predicted masks, for the figures that show them; of several classes (H, W, K).
    by_threshold : dict
        For each validation case among the cases, by its resolved path, the Dice at each of `THRESHOLDS`.
    about : dict
        What was evaluated and how, as text and plain numbers; `write_evaluation` puts it into the summary.
    problem : Problem
        The classes.
    confusion : numpy.ndarray of int, shape (K + 1, K + 1), or None
        Pixels of all cases by true class (rows) and predicted class (columns), the background first: see
        `lungseg.evaluation.confusion`. None for a single class and for classes that overlap.
    """

    table: "pd.DataFrame"
    calibration: np.ndarray
    clean: bool
    cases: tuple[str | Path, ...] = ()
    masks: Mapping[str, np.ndarray] = field(default_factory=PackedMasks)
    by_threshold: dict[Path, list[float]] = field(default_factory=dict)
    about: dict = field(default_factory=dict)
    problem: Problem = LUNGS
    confusion: np.ndarray | None = None

    # `measure_cases` returned a named tuple of the first three before; code that takes it apart goes on working.
    def __iter__(self) -> Iterator:
        return iter((self.table, self.calibration, self.clean))

    _replace = replace


def measure_cases(
    model: Callable,
    cases: Sequence[Any],
    clean: bool = False,
    progress: bool = False,
    validation: Sequence[str | Path] = (),
    problem: Problem | None = None,
) -> Evaluation:
    """Predict each case once, and keep all that an evaluation tells of it.

    Memory holds one batch at a time. Of the probabilities only counts are kept, of the masks one bit a pixel,
    compressed.

    Parameters
    ----------
    model, cases, clean, progress, problem
        As `lungseg.evaluate` takes them, but no run; the threshold is 0.5.
    validation : sequence of paths
        Cases that help to choose a threshold. Of those among `cases` the Dice at several thresholds is
        computed as well, so that they need not be predicted again; the others are not read.

    Returns
    -------
    Evaluation
        With a row for each case, in the order given.

    Raises
    ------
    InputError
        As `lungseg.evaluate` does; and if a case is given twice.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=3, size=32)
    >>> evaluation = measure_cases(lambda images: 1 - images, cases)
    >>> len(evaluation.table), float(evaluation.calibration[0].sum()) == 3 * 32 * 32
    (3, True)
    >>> evaluation.masks["PHANTOM_0001_0"].shape
    (32, 32)
    """
    import pandas as pd

    problem = shown_by(cases, problem=problem)
    components = components_to_keep(problem, cases) if clean else known_components(problem, cases)
    rows, calibration = [], np.zeros((3, BINS))
    confusion = np.zeros([problem.outputs] * 2, dtype=int) if problem.softmax else None
    masks, by_threshold = PackedMasks(), {}
    predictions = predict_cases(model, cases, problem=problem)
    names = [case_id(path) for path in cases]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise InputError(f"{twice}: expected each case once. Received: it {names.count(twice)} times. Leave one in.")
    spacings = spacing_of(cases)
    to_choose = {Path(path).resolve() for path in validation}
    for path, truth, probability in progress_bar(predictions, len(cases), progress):
        calibration += _calibrate(truth, probability)
        known = truth if truth.ndim == 2 else truth[..., 0]
        pixels = int(np.count_nonzero(known != -1))
        clear, probability = without_ignored(truth, probability)
        clear, raw = clear == 1, predicted(probability, problem)  # (H, W) or (H, W, K)
        cleaned = raw if components is None else tidy(raw, components, problem)
        shown = cleaned if clean else raw
        if confusion is not None:
            confusion += confusion_matrix(truth, shown)
        row = _measure(path, clear, raw, cleaned, clean, problem, spacings.get(path))
        rows.append({**row, "height": truth.shape[0], "width": truth.shape[1], "pixels": pixels})
        masks.add(case_id(path), shown)
        if not problem.softmax and Path(path).resolve() in to_choose:
            by_threshold[Path(path).resolve()] = threshold_dice(
                clear, probability, clean=clean, components=components or 1
            )
    columns = [*columns_of(problem, millimetres=bool(spacings)), *EXTRA]
    if components is not None:
        columns += [f"{score}_{kind}" for kind in ("raw", "cleaned") for score in PAIRED]
    table = pd.DataFrame(rows, columns=columns)
    about: dict = {}
    return Evaluation(table, calibration, clean, tuple(cases), masks, by_threshold, about, problem, confusion)


def _measure(
    path: str | Path,
    truth: np.ndarray,
    raw: np.ndarray,
    cleaned: np.ndarray,
    clean: bool,
    problem: Problem,
    spacing: Spacing | None,
) -> dict:
    """Return a row of the table, with the scores of the prediction before and after cleaning."""
    raw_row = evaluate_masks(path, truth, raw, problem, spacing)
    same = np.array_equal(raw, cleaned)
    cleaned_row = raw_row if same else evaluate_masks(path, truth, cleaned, problem, spacing)
    return {
        **(cleaned_row if clean else raw_row),
        "surface_dice": _surface_dice(truth, cleaned if clean else raw),
        **{f"{score}_raw": raw_row[score] for score in PAIRED},
        **{f"{score}_cleaned": cleaned_row[score] for score in PAIRED},
    }


def _calibrate(truth: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return the table of calibration of a case, without the pixels that are ignored; classes add up."""
    of_classes = probability if truth.ndim == 2 else probability[..., -truth.shape[-1] :]  # without the background
    known = truth != -1
    return calibration_table(of_classes[known], truth[known])


def _surface_dice(truth: np.ndarray, prediction: np.ndarray) -> float:
    """Return the surface Dice; of several classes the mean over those that truth or prediction have."""
    if truth.ndim == 2:
        return surface_dice(surface_distances(truth, prediction), TOLERANCE)
    there = (truth | prediction).any(axis=(0, 1)).tolist()
    each = [_surface_dice(truth[..., k], prediction[..., k]) if there[k] else 1.0 for k in range(len(there))]
    return mean_of(each, there, perfect=1.0)


def progress_bar(predictions: Iterable, total: int, progress: bool) -> Iterable:
    """Return what is predicted, one case after the other, with a bar that counts them if one is wished."""
    from tqdm.auto import tqdm

    return tqdm(predictions, total=total, unit="case", desc="Evaluating", disable=not progress)

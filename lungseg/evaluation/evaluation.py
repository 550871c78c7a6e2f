"""Predicts cases and compares each prediction with the true mask: the table, and all else that an evaluation tells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.evaluation.comparison import evaluate_masks
from lungseg.evaluation.packed_masks import PackedMasks
from lungseg.evaluation.statistics import BINS, calibration_table
from lungseg.evaluation.summary import COLUMNS
from lungseg.evaluation.surface import TOLERANCE, surface_dice, surface_distances
from lungseg.evaluation.thresholds import threshold_dice
from lungseg.masks.cleaning import THRESHOLD, clean_mask
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.image import check_threshold

if TYPE_CHECKING:
    import pandas as pd

PAIRED = ("dice", "hd95")  # the scores that are compared with and without cleaning


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What one pass over the cases gave: all that table, figures and report need, so that they predict nothing.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of `lungseg.evaluate`; and `surface_dice`, at a tolerance of 2 pixels; `height`,
        `width` and `pixels`, their product, of the image; `dice_raw`, `hd95_raw` of the prediction as
        it is, and `dice_cleaned`, `hd95_cleaned` of its two largest components with their holes filled.
    calibration : numpy.ndarray, shape (3, 10)
        See `lungseg.evaluation.statistics.calibration_table`: the sum over all cases.
    clean : bool
        Whether the first columns and the masks are of the cleaned predictions.
    cases : tuple of paths
        The files of the cases, in the order of the table.
    masks : mapping from case id to numpy.ndarray of bool, shape (H, W)
        The predicted masks, for the figures that show them.
    by_threshold : dict
        For each validation case among the cases, by its resolved path, the Dice at each of `THRESHOLDS`.
    about : dict
        What was evaluated and how, as text and plain numbers; `write_evaluation` puts it into the summary.
    """

    table: "pd.DataFrame"
    calibration: np.ndarray
    clean: bool
    cases: tuple[str | Path, ...] = ()
    masks: Mapping[str, np.ndarray] = field(default_factory=PackedMasks)
    by_threshold: dict[Path, list[float]] = field(default_factory=dict)
    about: dict = field(default_factory=dict)

    # `measure_cases` returned a named tuple of the first three before; code that takes it apart goes on working.
    def __iter__(self) -> Iterator:
        return iter((self.table, self.calibration, self.clean))

    _replace = replace


def measure_cases(
    model: Callable,
    cases: Sequence[str | Path],
    clean: bool = False,
    progress: bool = False,
    validation: Sequence[str | Path] = (),
) -> Evaluation:
    """Predict each case once, and keep all that an evaluation tells of it.

    Memory holds one batch at a time. Of the probabilities only counts are kept, of the masks one bit a pixel,
    compressed.

    Parameters
    ----------
    model, cases, clean, progress
        As `lungseg.evaluate` takes them; the threshold is 0.5.
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

    rows, calibration = [], np.zeros((3, BINS))
    masks, by_threshold = PackedMasks(), {}
    predictions = predict_cases(model, cases)
    names = [case_id(path) for path in cases]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise InputError(f"{twice}: expected each case once. Received: it {names.count(twice)} times. Leave one in.")
    to_choose = {Path(path).resolve() for path in validation}
    for path, truth, probability in _progress_bar(predictions, len(cases), progress):
        calibration += calibration_table(probability, truth)
        lungs, raw = truth == 1, probability >= THRESHOLD  # (H, W)
        cleaned = clean_mask(raw)
        rows.append(_measure(path, lungs, raw, cleaned, clean))
        masks.add(case_id(path), cleaned if clean else raw)
        if Path(path).resolve() in to_choose:
            by_threshold[Path(path).resolve()] = threshold_dice(lungs, probability, clean=clean)
    return Evaluation(pd.DataFrame(rows), calibration, clean, tuple(cases), masks, by_threshold)


def _measure(path: str | Path, truth: np.ndarray, raw: np.ndarray, cleaned: np.ndarray, clean: bool) -> dict:
    """Return a row of the table, with the scores of the prediction before and after cleaning."""
    raw_row = evaluate_masks(path, truth, raw)
    cleaned_row = raw_row if np.array_equal(raw, cleaned) else evaluate_masks(path, truth, cleaned)
    distances = surface_distances(truth, cleaned if clean else raw)
    return {
        **(cleaned_row if clean else raw_row),
        "surface_dice": surface_dice(distances, TOLERANCE),
        "height": truth.shape[0],
        "width": truth.shape[1],
        "pixels": truth.size,
        **{f"{score}_raw": raw_row[score] for score in PAIRED},
        **{f"{score}_cleaned": cleaned_row[score] for score in PAIRED},
    }


def evaluate(
    model: Callable,
    cases: Sequence[str | Path],
    batch_size: int = 8,
    threshold: float = THRESHOLD,
    clean: bool = False,
    progress: bool = False,
) -> "pd.DataFrame":
    """Predict cases and compare each prediction with the true mask.

    Memory holds one batch at a time. Each batch has the same size (the last one is filled up with black images, whose
    predictions are discarded), so that Keras compiles the network once.

    Parameters
    ----------
    model : keras.Model or callable
        An object with a method `predict_on_batch`, or a function: it takes float32 images of shape (B, H, W, 1) in
        [0, 1] and returns the probability of lung, shape (B, H, W, 1) or (B, H, W).
    cases : sequence of paths
        `.npy` files, for instance the test part of a split. Cases of several sizes are welcome if the network takes
        them; neighbours of one size share a batch.
    batch_size : int
        How many images are predicted at a time.
    threshold : float
        Probabilities from here on count as lung. Choose another one on the validation part, never on the test part.
    clean : bool
        Keep the two largest components of each prediction and fill their
        holes (see `lungseg.masks.cleaning.clean_mask`) before it is evaluated.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row for each case, in the order given; the columns are those of `evaluate_masks`.

    Raises
    ------
    InputError
        If there are no cases, a case cannot be used (the message names it), the network expects images of another
        size, or what it returns is not one probability for each pixel.

    Examples
    --------
    A "network" that calls every bright pixel lung:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "PHANTOM_0001_0.npy"
    >>> case = np.zeros((4, 4, 2))
    >>> case[:2] = 1
    >>> np.save(path, case)
    >>> evaluate(lambda images: images, [path])[["case", "dice"]].to_dict("records")
    [{'case': 'PHANTOM_0001_0', 'dice': 1.0}]
    """
    import pandas as pd

    check_threshold(threshold)
    rows = []
    predictions = predict_cases(model, cases, batch_size)
    for path, truth, probability in _progress_bar(predictions, len(cases), progress):
        mask = probability >= threshold  # (H, W)
        rows.append(evaluate_masks(path, truth, clean_mask(mask) if clean else mask))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _progress_bar(predictions: Iterable, total: int, progress: bool) -> Iterable:
    from tqdm.auto import tqdm

    return tqdm(predictions, total=total, unit="case", desc="Evaluating", disable=not progress)

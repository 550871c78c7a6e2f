"""Everything that a report tells of the cases, measured in one pass: each case is predicted once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.evaluation.evaluation import evaluate_masks
from lungseg.evaluation.statistics import BINS, calibration_table
from lungseg.evaluation.surface import surface_dice, surface_distances
from lungseg.masks.cleaning import THRESHOLD, clean_mask
from lungseg.prediction.cases import predict_cases

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 2  # pixels, of the surface Dice
PAIRED = ("dice", "hd95")  # the scores that are compared with and without cleaning


class Measurements(NamedTuple):
    """What one pass over the cases gave.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of `lungseg.evaluate`; and `surface_dice`, at a tolerance of 2 pixels; `height`,
        `width` and `pixels`, their product, of the image; `dice_raw`, `hd95_raw` of the prediction as
        it is, and `dice_cleaned`, `hd95_cleaned` of its two largest components with their holes filled.
    calibration : numpy.ndarray, shape (3, 10)
        See `lungseg.evaluation.statistics.calibration_table`: the sum over all cases.
    clean : bool
        Whether the first columns are of the cleaned predictions.
    """

    table: "pd.DataFrame"
    calibration: np.ndarray
    clean: bool


def measure_cases(model, cases: Sequence[str | Path], clean: bool = False, progress: bool = False) -> Measurements:
    """Predict cases, compare each prediction with the true mask, and count how far probabilities are right.

    Memory holds one batch at a time. Of the probabilities only counts are kept.

    Parameters
    ----------
    model, cases, clean, progress
        As `lungseg.evaluate` takes them; the threshold is 0.5.

    Returns
    -------
    Measurements
        With a row for each case, in the order given.

    Raises
    ------
    InputError
        As `lungseg.evaluate` does; and if a case is there twice.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.drawing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=3, size=32)
    >>> measured = measure_cases(lambda images: 1 - images, cases)
    >>> len(measured.table), float(measured.calibration[0].sum()) == 3 * 32 * 32
    (3, True)
    """
    import pandas as pd
    from tqdm.auto import tqdm

    rows, calibration = [], np.zeros((3, BINS))
    predictions = predict_cases(model, cases)
    names = [case_id(path) for path in cases]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise InputError(f"{twice}: expected each case once. Received: it {names.count(twice)} times. Leave one in.")
    for path, truth, probability in tqdm(
        predictions, total=len(cases), unit="case", desc="Evaluating", disable=not progress
    ):
        calibration += calibration_table(probability, truth)
        rows.append(_measure(path, truth == 1, probability >= THRESHOLD, clean))
    return Measurements(pd.DataFrame(rows), calibration, clean)


def _measure(path, truth: np.ndarray, raw: np.ndarray, clean: bool) -> dict:
    cleaned = clean_mask(raw)
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

"""Compares a predicted mask with the true one: a row of the table of an evaluation."""

from pathlib import Path

import numpy.typing as npt

from lungseg.cases import case_group, case_id
from lungseg.evaluation.surface import assd, hd95, surface_distances
from lungseg.masks.cleaning import as_mask, count_components
from lungseg.masks.overlap import count_overlap, f1_score


def evaluate_masks(case: str | Path, truth: npt.ArrayLike, prediction: npt.ArrayLike) -> dict:
    """Compare one predicted mask with the true one.

    Parameters
    ----------
    case : str or Path
        The file or the id of the case; it tells the source and the diagnosis.
    truth, prediction : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.

    Returns
    -------
    dict
        One row of the table:

        - `case`, `source`, `diagnosis`: text;
        - `dice`, `jaccard`: 2 TP / (2 TP + FP + FN) [1]_ and TP / (TP + FP + FN), from 0 to 1.
          Both are 1 when truth and prediction are empty;
        - `hd95`, `assd`: distances between the borders in pixels. 0 when both masks are empty,
          the diagonal of the image when one is (see `lungseg.evaluation.surface`);
        - `components`: connected components of the prediction (8-connectivity). Two lungs make two;
        - `tp`, `fp`, `fn`: true positive, false positive and false negative pixels.

    Raises
    ------
    InputError
        If a mask is not a binary image, or the shapes differ.

    References
    ----------
    .. [1] L. R. Dice, "Measures of the amount of ecologic association between species",
       Ecology 26(3):297-302 (1945).

    Examples
    --------
    >>> row = evaluate_masks("PHANTOM_0007_1", truth=[[1, 1, 1, 0]], prediction=[[0, 1, 1, 1]])
    >>> row["source"], row["diagnosis"], row["tp"], row["fp"], row["fn"]
    ('Phantom', 'tuberculosis', 2, 1, 1)
    >>> round(row["dice"], 3), row["jaccard"]
    (0.667, 0.5)
    """
    truth, prediction = as_mask(truth, "true mask"), as_mask(prediction, "predicted mask")
    distances = surface_distances(truth, prediction)  # refuses masks of different shape
    tp, fp, fn = count_overlap(truth, prediction)
    group = case_group(case)
    return {
        "case": case_id(case),
        "source": group.source,
        "diagnosis": group.diagnosis,
        "dice": f1_score(tp, fp, fn),
        "jaccard": tp / (tp + fp + fn) if tp + fp + fn else 1.0,
        "hd95": hd95(distances),
        "assd": assd(distances),
        "components": count_components(prediction),
        "tp": tp,
        "fp": fp,
        "fn": fn,
    }

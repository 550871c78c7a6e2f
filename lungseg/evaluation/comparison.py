"""Compares a predicted mask with the true one: a row of the table of an evaluation."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lungseg.cases import case_group, case_id
from lungseg.errors import InputError
from lungseg.evaluation.surface import assd, hd95, surface_distances
from lungseg.masks.cleaning import as_mask, count_components
from lungseg.masks.overlap import count_overlap, f1_score
from lungseg.problems import LUNGS, Problem

SCORES = ("dice", "jaccard", "hd95", "assd")
COUNTS = ("tp", "fp", "fn")
MILLIMETRES = ("hd95_mm", "assd_mm")
PERFECT = {"dice": 1.0, "jaccard": 1.0, "hd95": 0.0, "assd": 0.0, "hd95_mm": 0.0, "assd_mm": 0.0}


def evaluate_masks(
    case: Any,
    truth: npt.ArrayLike,
    prediction: npt.ArrayLike,
    problem: Problem = LUNGS,
    spacing: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """Compare the predicted mask of a case with the true one; of several classes, each of them.

    Parameters
    ----------
    case : str or Path
        The file or the id of the case; it tells the source and the diagnosis. Or an item that a function loads.
    truth, prediction : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1. For several classes (H, W, K), a mask for each. Pixels where the truth
        is -1 are ignored: they count as background of both.
    problem : Problem
        Names the classes; by default there is one.
    spacing : (float, float), optional
        Height and width of a pixel in millimetres, if they are known.

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
        - `tp`, `fp`, `fn`: true positive, false positive and false negative pixels;
        - with a `spacing`, `hd95_mm` and `assd_mm`: the distances in millimetres.

        Of several classes, the scores are means over the classes that truth or prediction have, and the numbers are
        sums. After them follow the numbers of each class, `dice_<class>` to `fn_<class>`. The scores of a class that
        neither truth nor prediction have are NaN.

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

    Two classes: the first one perfect, the second one found where it is not.

    >>> sides = Problem(classes=("left", "right"))
    >>> row = evaluate_masks("a", truth=[[[1, 0], [0, 0]]], prediction=[[[1, 0], [0, 1]]], problem=sides)
    >>> row["dice_left"], row["dice_right"], row["dice"]
    (1.0, 0.0, 0.5)
    """
    group = case_group(case)
    row: dict[str, Any] = {"case": case_id(case), "source": group.source, "diagnosis": group.diagnosis}
    truth, prediction = _without_ignored(np.asarray(truth), np.asarray(prediction))
    if len(problem.classes) == 1:
        return row | _compare(truth, prediction, spacing)
    for name in problem.classes:
        if name in ("raw", "cleaned", "mm") or name.startswith("mm_"):  # there are such columns, of something else
            raise InputError(f"classes: expected another name than {name!r}. Received: it. Rename the class.")
    for name, masks in (("true masks", truth), ("predicted masks", prediction)):
        if masks.ndim != 3 or masks.shape[-1] != len(problem.classes):
            raise InputError(
                f"The {name} should have the shape (H, W, {len(problem.classes)}), one for each of "
                f"{', '.join(problem.classes)}. Received: {masks.shape}."
            )
    found = [_compare(truth[..., k], prediction[..., k], spacing) for k in range(len(problem.classes))]
    there = [any(one[name] for name in COUNTS) for one in found]
    scores = (*SCORES, *(MILLIMETRES if spacing else ()))
    means = {score: mean_of([one[score] for one in found], there, PERFECT[score]) for score in scores}
    sums = {name: sum(one[name] for one in found) for name in ("components", *COUNTS)}
    row |= {name: means[name] if name in means else sums[name] for name in found[0]}
    for name, one, is_there in zip(problem.classes, found, there, strict=True):
        row |= {f"{score}_{name}": one[score] if is_there else float("nan") for score in scores}
        row |= {f"{count}_{name}": one[count] for count in COUNTS}
    return row


def columns_of(problem: Problem = LUNGS, millimetres: bool = False) -> list[str]:
    """Return the names of the columns of a table, in their order.

    Parameters
    ----------
    problem : Problem
    millimetres : bool
        Whether the spacing of a case is known.

    Returns
    -------
    list of str

    Examples
    --------
    >>> columns_of()
    ['case', 'source', 'diagnosis', 'dice', 'jaccard', 'hd95', 'assd', 'components', 'tp', 'fp', 'fn']
    """
    shape = (1, 1) if len(problem.classes) == 1 else (1, 1, len(problem.classes))
    return list(evaluate_masks("", np.zeros(shape), np.zeros(shape), problem, (1.0, 1.0) if millimetres else None))


def mean_of(values: Sequence[float], there: Sequence[bool], perfect: float) -> float:
    """Return the mean of a score over the classes that are there, in truth or prediction.

    Parameters
    ----------
    values : sequence of float
        The score of each class.
    there : sequence of bool
    perfect : float
        The mean if no class is there: then none was to be found, and none was found.

    Returns
    -------
    float
    """
    found = [value for value, is_there in zip(values, there, strict=True) if is_there]
    return float(np.mean(found)) if found else perfect


def _without_ignored(truth: np.ndarray, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make pixels that are to be ignored background in both masks."""
    if truth.dtype.kind not in "if" or truth.shape != prediction.shape or not (truth == -1).any():
        return truth, prediction
    return np.where(truth == -1, 0, truth), np.where(truth == -1, 0, prediction)


def _compare(truth: np.ndarray, prediction: np.ndarray, spacing: tuple[float, float] | None) -> dict[str, Any]:
    """Return the numbers of one class, from masks of shape (H, W)."""
    truth, prediction = as_mask(truth, "true mask"), as_mask(prediction, "predicted mask")
    distances = surface_distances(truth, prediction)  # refuses masks of different shape
    tp, fp, fn = count_overlap(truth, prediction)
    found = {
        "dice": f1_score(tp, fp, fn),
        "jaccard": tp / (tp + fp + fn) if tp + fp + fn else 1.0,
        "hd95": hd95(distances),
        "assd": assd(distances),
        "components": count_components(prediction),
        "tp": tp,
        "fp": fp,
        "fn": fn,
    }
    if spacing:
        distances = surface_distances(truth, prediction, spacing)
        found |= {"hd95_mm": hd95(distances), "assd_mm": assd(distances)}
    return found

"""Judges predictions: a table with one row a case. Its summary comes from `lungseg.evaluation.summary`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.cases import case_group, case_id
from lungseg.evaluation.summary import (
    COLUMNS,
    read_evaluation,
    summarise,
    summary_text,
    write_evaluation,
)
from lungseg.evaluation.surface import assd, hd95, surface_distances
from lungseg.masks.cleaning import THRESHOLD, as_mask, clean_mask, count_components
from lungseg.masks.overlap import count_overlap, f1_score
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.image import check_threshold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate", "evaluate_masks", "read_evaluation", "summarise", "summary_text", "write_evaluation"]


def evaluate_masks(case: str | Path, truth, prediction) -> dict:
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
        - `dice`, `jaccard`: 2 TP / (2 TP + FP + FN) and TP / (TP + FP + FN), from 0 to 1.
          Both are 1 when truth and prediction are empty;
        - `hd95`, `assd`: distances between the borders in pixels. 0 when both masks are empty,
          the diagonal of the image when one is (see `lungseg.evaluation.surface`);
        - `components`: connected components of the prediction (8-connectivity). Two lungs make two;
        - `tp`, `fp`, `fn`: pixels found, invented and missed.

    Raises
    ------
    InputError
        If a mask is not a binary image, or the shapes differ.

    References
    ----------
    L. R. Dice, "Measures of the amount of ecologic association between
    species", Ecology 26(3):297-302 (1945).

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


def evaluate(
    model,
    cases: Sequence[str | Path],
    batch_size: int = 8,
    threshold: float = THRESHOLD,
    clean: bool = False,
    progress: bool = False,
) -> "pd.DataFrame":
    """Predict cases and compare each prediction with the true mask.

    Memory holds one batch at a time. Each batch has the same size (the last
    one is filled up with black images, whose predictions are thrown away), so
    that Keras compiles the network once.

    Parameters
    ----------
    model : keras.Model or callable
        What has a method `predict_on_batch`, or a function: it takes float32
        images of shape (B, H, W, 1) in [0, 1] and returns the probability of
        lung, shape (B, H, W, 1) or (B, H, W).
    cases : sequence of paths
        `.npy` files, for instance the test part of a split. Cases of several
        sizes are welcome if the network takes them; neighbours of one size
        share a batch.
    batch_size : int
        How many images are predicted at a time.
    threshold : float
        Probabilities from here on count as lung. Choose another one on the
        validation part, never on the test part.
    clean : bool
        Keep the two largest components of each prediction and fill their
        holes (see `lungseg.masks.cleaning.clean_mask`) before it is judged.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row for each case, in the order given; the columns are those of
        `evaluate_masks`.

    Raises
    ------
    InputError
        If there are no cases, a case cannot be used (the message names it),
        the network wants images of another size, or what it returns is not
        one probability for each pixel.

    Examples
    --------
    A "network" that calls every bright pixel lung:

    >>> import tempfile
    >>> import numpy as np
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


def _progress_bar(predictions, total: int, progress: bool):
    from tqdm.auto import tqdm

    return tqdm(predictions, total=total, unit="case", desc="Evaluating", disable=not progress)

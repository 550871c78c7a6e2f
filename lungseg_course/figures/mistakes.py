"""Notebook 3: predictions of the same lungs that are wrong in different ways."""

import numpy as np
from scipy import ndimage

CORNER = 0.06  # the false alarm, as a share of the lungs
LOST = 0.93  # what lies below this share of the lungs' pixels, counted from the top, is missing


def three_mistakes(lungs: np.ndarray) -> dict[str, np.ndarray]:
    """Return three predictions of the same lungs: too wide, with a false alarm, and with a piece missing.

    Parameters
    ----------
    lungs : numpy.ndarray of bool, shape (H, W)
        The true mask.

    Returns
    -------
    dict of str → numpy.ndarray of bool, shape (H, W)
        What is wrong with it → the prediction.

    Examples
    --------
    >>> lungs = np.zeros((64, 64), bool)
    >>> lungs[20:50, 10:30] = True
    >>> {name: int(wrong.sum() - lungs.sum()) for name, wrong in three_mistakes(lungs).items()}
    {'one pixel too wide': 100, 'a false alarm': 36, 'a piece is missing': -60}
    """
    false_alarm = lungs.copy()
    side = round(np.sqrt(CORNER * lungs.sum()))
    false_alarm[2 : side + 2, -side - 2 : -2] = True  # in the upper right corner
    bottom = np.quantile(np.nonzero(lungs)[0], LOST)
    return {
        "one pixel too wide": ndimage.binary_dilation(lungs),
        "a false alarm": false_alarm,
        "a piece is missing": lungs & (np.indices(lungs.shape)[0] < bottom),
    }


def unsure_prediction(truth: np.ndarray) -> np.ndarray:
    """Return made-up probabilities, as of a network that is not sure of the outline and takes a spot for lung.

    Parameters
    ----------
    truth : numpy.ndarray, shape (H, W)
        The true mask, in {0, 1}.

    Returns
    -------
    numpy.ndarray, shape (H, W), float32
        In [0, 1]: the mask, blurred, and a spot of at most 0.35 in the upper left corner.

    Examples
    --------
    >>> truth = np.zeros((64, 64))
    >>> truth[20:50, 10:30] = 1
    >>> made_up = unsure_prediction(truth)
    >>> round(float(made_up[35, 20]), 1), round(float(made_up[35, 10]), 1), round(float(made_up[5, 5]), 2)
    (1.0, 0.6, 0.35)
    """
    size = max(truth.shape)
    blurred = ndimage.gaussian_filter(np.asarray(truth, "float32"), size / 32)
    rows, columns = np.indices(truth.shape)
    centre = round(0.085 * size)
    distance = np.hypot(rows - centre, columns - centre)
    spot = 0.35 * np.exp(-((distance / (0.05 * size)) ** 2))
    return np.maximum(blurred, spot).astype("float32")

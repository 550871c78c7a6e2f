"""Which class is taken for which: the confusion matrix of classes that exclude each other."""

import numpy as np
import numpy.typing as npt


def confusion_matrix(truth: npt.ArrayLike, prediction: npt.ArrayLike) -> np.ndarray:
    """Count the pixels of an image by their true and their predicted class.

    Matrices of several images add up to that of the set.

    Parameters
    ----------
    truth : array_like, shape (H, W, K)
        The true masks, of 0 and 1, which do not overlap; -1 in all of them is a pixel to be ignored.
    prediction : array_like of the same shape
        The predicted ones.

    Returns
    -------
    numpy.ndarray of int64, shape (K + 1, K + 1)
        A row for each true class and a column for each predicted one, the background first.

    Examples
    --------
    Four pixels: background, the first class, the second, which is taken for the first, and one that is ignored.

    >>> truth = [[[0, 0], [1, 0], [0, 1], [-1, -1]]]
    >>> confusion_matrix(truth, [[[0, 0], [1, 0], [1, 0], [0, 1]]])
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 1, 0]])
    """
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    known = truth[..., 0] != -1
    count = truth.shape[-1] + 1
    rows, columns = (labels_of(masks)[known] for masks in (truth, prediction))
    return np.bincount(rows * count + columns, minlength=count * count).reshape(count, count)


def normalised(matrix: npt.ArrayLike) -> np.ndarray:
    """Return the share of each true class that is taken for each class: the rows add up to 1.

    Parameters
    ----------
    matrix : array_like, shape (K + 1, K + 1)
        From `confusion_matrix`.

    Returns
    -------
    numpy.ndarray of float64, shape (K + 1, K + 1)
        The recall of each class is on the diagonal. NaN in the row of a class without pixels.

    Examples
    --------
    >>> normalised([[3, 1], [0, 0]]).tolist()
    [[0.75, 0.25], [nan, nan]]
    """
    matrix = np.asarray(matrix, dtype=float)
    totals = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, totals, out=np.full(matrix.shape, np.nan), where=totals > 0)


def labels_of(masks: np.ndarray) -> np.ndarray:
    """Return the class of each pixel: 0 is background, k the k-th class.

    Parameters
    ----------
    masks : numpy.ndarray, shape (H, W, K)
        Of 0 and 1, or boolean, which do not overlap.

    Returns
    -------
    numpy.ndarray of int, shape (H, W)

    Examples
    --------
    >>> labels_of(np.array([[[0, 0], [1, 0], [0, 1]]])).tolist()
    [[0, 1, 2]]
    """
    masks = masks == 1
    return np.where(masks.any(axis=-1), masks.argmax(axis=-1) + 1, 0)

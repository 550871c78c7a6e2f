"""How far apart two outlines are: HD95, ASSD and surface Dice of a pair of masks.

Dice counts pixels of area, so a thin error along the whole border and a false
island far away can cost the same. Distances between the two borders tell them
apart. They are computed once, by `surface_distances`; the three scores are
read off them.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError
from lungseg.masks.cleaning import as_mask

TOLERANCE = 2  # pixels: of the surface Dice in tables and reports


class SurfaceDistances(NamedTuple):
    """Distances between the borders of two masks, one for each border pixel.

    The unit is the pixel, or that of the `spacing` they were computed with.
    """

    reference_to_prediction: np.ndarray  # from each border pixel of the reference to the nearest one of the prediction
    prediction_to_reference: np.ndarray  # and in the other direction


def surface_distances(
    reference: npt.ArrayLike, prediction: npt.ArrayLike, spacing: tuple[float, float] = (1.0, 1.0)
) -> SurfaceDistances:
    """Measure the distance from each border pixel of one mask to the nearest border pixel of the other.

    A border pixel belongs to the mask and has at least one of its four
    neighbours outside of it; what lies beyond the edge of the image is outside.

    **Empty masks.** When both are empty, there is nothing to measure and both
    arrays are empty: a perfect score. When only one is empty, each border pixel of the other gets the diagonal of the
    whole image. It is longer than any distance between two pixels, so that a lung that was missed altogether scores
    worse than any that was found, while a mean over many images stays finite (which with infinity or NaN it would
    not, or only by leaving out the worst cases).

    Parameters
    ----------
    reference, prediction : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1. Both of the same shape.
    spacing : (float, float)
        Height and width of a pixel, in the order (row, column). With the
        default the distances are in pixels; with millimetres, in millimetres.

    Returns
    -------
    SurfaceDistances
        Two one-dimensional arrays of float64: `reference_to_prediction` and `prediction_to_reference`.

    Raises
    ------
    InputError
        If a mask is not a binary image, the shapes differ, or the spacing is not a pair of positive numbers.

    Examples
    --------
    A single pixel, and one that lies three rows down and four columns to the right:

    >>> reference, prediction = np.zeros((2, 6, 6))
    >>> reference[1, 1] = prediction[4, 5] = 1
    >>> surface_distances(reference, prediction).reference_to_prediction
    array([5.])
    >>> surface_distances(reference, prediction, spacing=(2, 2)).reference_to_prediction
    array([10.])
    """
    reference = as_mask(reference, "reference mask")
    prediction = as_mask(prediction, "predicted mask")
    if reference.shape != prediction.shape:
        raise InputError(
            "Reference and predicted mask should have the same shape. "
            f"Received: {reference.shape} and {prediction.shape}. Resize the prediction first."
        )
    row, column = _check_spacing(spacing)
    if not reference.any() or not prediction.any():
        diagonal = np.hypot(reference.shape[0] * row, reference.shape[1] * column)
        return SurfaceDistances(*(np.full(_border(m).sum(), diagonal) for m in (reference, prediction)))

    # Nothing outside this box takes part, and the distance transform is quicker on a small image.
    box = _bounding_box(reference | prediction)
    reference_border, prediction_border = _border(reference[box]), _border(prediction[box])
    return SurfaceDistances(
        reference_to_prediction=_distance_to(prediction_border, (row, column))[reference_border],
        prediction_to_reference=_distance_to(reference_border, (row, column))[prediction_border],
    )


def hd95(distances: SurfaceDistances) -> float:
    """Return the Hausdorff distance at the 95th percentile: how far apart the borders are where they differ most.

    The 95th percentile is taken in each direction and the larger one is returned. (Some programs take one percentile
    of both directions pooled, which hides an error that only one direction sees, such as a small island.) Between two
    ranks the percentile is interpolated linearly.

    Parameters
    ----------
    distances : SurfaceDistances
        From `surface_distances`, which also states the policy for empty masks.

    Returns
    -------
    float
        0 is best; in the unit of the distances.

    References
    ----------
    D. P. Huttenlocher et al., "Comparing images using the Hausdorff distance",
    IEEE TPAMI 15(9):850-863 (1993). The percentile in each direction, then the
    larger: S. Nikolov et al., arXiv:1809.04430 (2018), and L. Maier-Hein et al.,
    "Metrics reloaded", Nature Methods 21:195-212 (2024).

    Examples
    --------
    >>> hd95(SurfaceDistances(np.array([0.0, 0.0]), np.array([3.0])))
    3.0
    """
    return max((float(np.percentile(d, 95)) for d in distances if d.size), default=0.0)


def assd(distances: SurfaceDistances) -> float:
    """Return the average symmetric surface distance: the mean over the border pixels of both masks.

    Parameters
    ----------
    distances : SurfaceDistances
        From `surface_distances`, which also states the policy for empty masks.

    Returns
    -------
    float
        0 is best; in the unit of the distances.

    References
    ----------
    T. Heimann et al., "Comparison and evaluation of methods for liver
    segmentation from CT datasets", IEEE TMI 28(8):1251-1265 (2009).

    Examples
    --------
    >>> assd(SurfaceDistances(np.array([0.0, 0.0]), np.array([3.0])))
    1.0
    """
    both = np.concatenate(distances)
    return float(both.mean()) if both.size else 0.0


def surface_dice(distances: SurfaceDistances, tolerance: float) -> float:
    """Return the share of the border, of both masks together, that lies within a tolerance of the other border.

    The tolerance says what counts as good enough, for instance the distance by which two people disagree who draw the
    same lung. Each border pixel counts once, whatever the direction of the border there.

    Parameters
    ----------
    distances : SurfaceDistances
        From `surface_distances`.
    tolerance : float
        0 or more, in the unit of the distances; a distance equal to it is accepted.

    Returns
    -------
    float
        From 0 to 1, and 1 is best. Two empty masks give 1, and a single empty one gives 0 at any tolerance.

    Raises
    ------
    InputError
        If the tolerance is negative or not a finite number.

    References
    ----------
    S. Nikolov et al., "Deep learning to achieve clinically applicable
    segmentation of head and neck anatomy for radiotherapy", arXiv:1809.04430 (2018).

    Examples
    --------
    >>> surface_dice(SurfaceDistances(np.array([0.0, 1.0]), np.array([1.0, 4.0])), tolerance=1)
    0.75
    """
    if not 0 <= tolerance < np.inf:
        raise InputError(
            "The tolerance of the surface Dice should be a finite number, 0 or more. "
            f"Received: {tolerance!r}. Try 2 pixels."
        )
    if not all(d.size for d in distances):
        return 0.0 if any(d.size for d in distances) else 1.0
    return float(np.mean(np.concatenate(distances) <= tolerance))


def _border(mask: np.ndarray) -> np.ndarray:
    """Return the mask minus its erosion by a cross, where the outside of the image is background."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def _bounding_box(mask: np.ndarray) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _distance_to(border: np.ndarray, spacing: tuple[float, float]) -> np.ndarray:
    """Return the distance from each pixel to the nearest pixel of a border."""
    from scipy import ndimage

    return ndimage.distance_transform_edt(~border, sampling=spacing)


def _check_spacing(spacing: tuple[float, float]) -> tuple[float, float]:
    try:
        row, column = (float(size) for size in spacing)
    except (TypeError, ValueError):
        row = column = np.nan
    if not (0 < row < np.inf and 0 < column < np.inf):
        raise InputError(
            "The spacing should be two positive numbers, the height and the width of a pixel. "
            f"Received: {spacing!r}. Use (1, 1) to measure in pixels."
        )
    return row, column

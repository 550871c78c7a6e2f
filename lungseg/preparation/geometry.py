"""How a radiograph was cropped and resized, and how a prediction returns to its pixels."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.masks.cleaning import THRESHOLD
from lungseg.preparation.cropping import CropBox

ROWS_AT_A_TIME = 1024  # of a large radiograph


@dataclass(frozen=True)
class Geometry:
    """How a radiograph was cropped and resized.

    Attributes
    ----------
    height, width : int
        The original size in pixels.
    crop : CropBox
        The part that was kept.
    size : (int, int)
        The rows and columns that it was resized to.
    low, high : float, or tuple of float
        The numbers that became 0 and 1; several, if each channel has its own.

    Examples
    --------
    A case of 2 x 2 pixels made from rows 1 to 4 of a radiograph with 6 rows and 4 columns:

    >>> geometry = Geometry(6, 4, CropBox(1, 0, 5, 4), (2, 2))
    >>> geometry.to_original(np.array([[0.9, 0.1], [0.9, 0.1]])).astype(int)
    array([[0, 0, 0, 0],
           [1, 1, 0, 0],
           [1, 1, 0, 0],
           [1, 1, 0, 0],
           [1, 1, 0, 0],
           [0, 0, 0, 0]])
    """

    height: int
    width: int
    crop: CropBox
    size: tuple[int, int]
    low: float | tuple[float, ...] = 0.0
    high: float | tuple[float, ...] = 1.0

    def to_original(self, prediction: np.ndarray, threshold: float | None = THRESHOLD) -> np.ndarray:
        """Resize a predicted mask or probability to the pixels of the radiograph.

        It is enlarged bilinearly to the crop box, then cut at ``threshold``, which gives a
        smoother outline than enlarging a finished mask; outside the box there is no lung.

        Parameters
        ----------
        prediction : numpy.ndarray, shape `size`, `size` + (1,), or `size` + (K,)
            Probabilities in [0, 1], or a mask: bool, or integers of which any above 0 is lung. Of several classes, each
            by itself.
        threshold : float or None
            Probabilities from here on count as lung; None returns the probabilities themselves.

        Returns
        -------
        numpy.ndarray of bool, shape (height, width), or (height, width, K) of K > 1 classes
            Of float32, if the threshold is None.

        Raises
        ------
        InputError
            The prediction has another shape than the case.
        """
        values = np.asarray(prediction)
        if values.shape == (*self.size, 1):
            values = values[..., 0]
        if values.ndim == 3 and values.shape[:2] == self.size and values.shape[2] > 1:
            classes = [self.to_original(values[..., k], threshold) for k in range(values.shape[2])]
            return np.stack(classes, axis=-1)
        if values.shape != self.size:
            raise InputError(
                f"prediction: expected shape {self.size}, that of the case. Received: {values.shape}. "
                "Use the geometry that belongs to this prediction."
            )
        if values.dtype.kind in "biu":
            values = values > 0
        original = np.zeros((self.height, self.width), np.float32 if threshold is None else bool)
        inside = self.crop.cut(original)  # (rows, columns) of the box
        small = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
        scale = small.height / len(inside)
        for first in range(0, len(inside), ROWS_AT_A_TIME):
            part = inside[first : first + ROWS_AT_A_TIME]
            box = (0, first * scale, small.width, min((first + len(part)) * scale, small.height))
            enlarged = np.asarray(small.resize(part.shape[::-1], Image.Resampling.BILINEAR, box))
            part[...] = enlarged if threshold is None else enlarged >= threshold
        return original

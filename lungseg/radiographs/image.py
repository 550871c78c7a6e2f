"""A radiograph as it was read, and what its file says about it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

TINT = 40  # of 255: how far the channels of a grey picture may differ, after a scanner


class RadiographImage(NamedTuple):
    """A radiograph as it was read, and what its file says about it.

    Attributes
    ----------
    values : numpy.ndarray of float32, shape (H, W)
        The grey values, see :func:`lungseg.radiographs.reading.read_image`.
    spacing : (float, float) or None
        Height and width of a pixel in mm; None where the file does not say, as in all but DICOM.
    spacing_from : str or None
        The DICOM attribute that the spacing is from.
    coloured : float
        The share of pixels, 0 to 1, that have a colour; no radiograph has any but in its labels.
    orientation : (str, str) or None
        Where the rows run to and where the columns run to, as DICOM's PatientOrientation says it:
        ``("L", "F")``, to the patient's left and feet, is how a frontal chest X-ray is shown.
    oddities : tuple of str
        Reasons for a look that the file gives: another view, another modality, unclear black and white.
    """

    values: np.ndarray
    spacing: tuple[float, float] | None = None
    spacing_from: str | None = None
    coloured: float = 0.0
    orientation: tuple[str, str] | None = None
    oddities: tuple[str, ...] = ()


def coloured_share(pixels: np.ndarray) -> float:
    """Return the share of pixels whose channels differ by more than a scanner's tint.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8, shape (H, W, 3)

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> coloured_share(np.array([[[200, 9, 9], [90, 90, 99]]], np.uint8))
    0.5
    """
    return float(np.mean(np.ptp(pixels, axis=-1) > TINT))

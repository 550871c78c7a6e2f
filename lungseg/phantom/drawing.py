"""Synthetic frontal chest radiographs with exact lung masks.

A phantom is drawn from anatomy (`lungseg.phantom.anatomy`), turned into the attenuation of an X-ray beam
(`lungseg.phantom.rendering`, `lungseg.phantom.findings`) and developed (`lungseg.phantom.acquisition`).
All random numbers of a case depend on ``(seed, index)`` alone, so a case stays the same however many are made, in
whatever order. Its anatomy stays the same at whatever size.
"""

from __future__ import annotations

import numpy as np

from lungseg.errors import InputError
from lungseg.phantom.acquisition import expose, stretch
from lungseg.phantom.anatomy import make_patient, start_case
from lungseg.phantom.canvas import Canvas
from lungseg.phantom.organs import organ_masks, problem_named
from lungseg.phantom.rendering import attenuation

SMALLEST, LARGEST = 32, 4096  # pixels a side

# Raise it when the pictures change, so that phantoms kept in a cache are drawn anew.
VERSION = 2


def phantom_id(index: int, seed: int = 0) -> str:
    """Return the name of a phantom; its last digit is the diagnosis: 0 normal, 1 tuberculosis.

    Parameters
    ----------
    index : int
        Number of the case, from 0; the name counts from 1.
    seed : int
        Seed of the whole set. About half of the cases of a set have tuberculosis.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If index or seed is negative or no whole number.

    Examples
    --------
    >>> phantom_id(0), phantom_id(1)
    ('PHANTOM_0001_0', 'PHANTOM_0002_1')
    """
    check_numbers(index=index, seed=seed)
    return f"PHANTOM_{index + 1:04d}_{int(start_case(index, seed)[1])}"


def make_phantom(index: int, seed: int = 0, size: int = 128, classes: str = "lungs") -> np.ndarray:
    """Draw one phantom as a finished case.

    The picture is prepared like a real radiograph: most borders are cropped, and the contrast is
    stretched between the 5th and the 95th percentile. The mask shows both lungs without heart and
    mediastinum; where a finding hides a part of a lung, it follows the anatomy.

    Parameters
    ----------
    index : int
        Number of the case, from 0.
    seed : int
        Seed of the whole set.
    size : int
        Pixels a side, from 32 to 4096. The same case has the same anatomy at every size.
    classes : {"lungs", "thorax", "overlapping"}
        What has a mask; the picture is the same. "thorax": right lung, left lung and heart, which do not overlap.
        "overlapping": the same three, but the lungs go on behind the heart.

    Returns
    -------
    ndarray, (size, size, 1 + K) float32
        ``[..., 0]`` the picture in [0, 1], then a mask in {0, 1} for each class: one for the lungs, or three. Right
        and left are the patient's, so that the right lung is on the left of the picture.

    Raises
    ------
    InputError
        If a number is out of range or not whole, or there are no such classes.

    Examples
    --------
    >>> case = make_phantom(3, seed=0, size=64)
    >>> case.shape, case.dtype.name, float(case.min()), float(case.max())
    ((64, 64, 2), 'float32', 0.0, 1.0)
    >>> np.unique(case[..., 1]).tolist()
    [0.0, 1.0]
    >>> make_phantom(3, seed=0, size=64, classes="thorax").shape
    (64, 64, 4)
    """
    check_numbers(index=index, seed=seed, size=size)
    picture, masks = _draw(index, seed, size, classes)
    return np.concatenate([stretch(picture)[..., None], masks], -1).astype(np.float32)


def draw_radiograph(
    index: int, seed: int = 0, size: int = 512, classes: str = "lungs"
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one phantom as a raw radiograph, before any preparation.

    About one in three has a black border around the exposed field, one in five has 16 bits,
    and its grey values seldom fill their range: material for practising the preparation.

    Parameters
    ----------
    index, seed, size, classes
        As for `make_phantom`.

    Returns
    -------
    image : ndarray, (size, size) uint8 or uint16
        Bone is bright.
    mask : ndarray, (size, size) bool
        The lungs; a mask for each class, (size, size, 3), of other classes than these.

    Raises
    ------
    InputError
        If a number is out of range or not whole, or there are no such classes.

    Examples
    --------
    >>> image, mask = draw_radiograph(0, size=64)
    >>> image.shape, image.dtype.name, mask.dtype.name
    ((64, 64), 'uint8', 'bool')
    """
    check_numbers(index=index, seed=seed, size=size)
    rng = np.random.default_rng([seed, index, 5113])  # a stream of its own: the radiograph stays as it is
    margins = np.zeros(4, int)
    if rng.random() < 0.35:
        margins = (size * rng.uniform(0, 0.09, 4) * (rng.random(4) < 0.75)).astype(int)
    top, bottom, left, right = margins
    inner = size - max(top + bottom, left + right)
    bottom, right = size - inner - top, size - inner - left
    picture, masks = _draw(index, seed, inner, classes)
    dark, light = rng.uniform(0.01, 0.15), rng.uniform(0.7, 1.0)
    low, high = picture.min(), picture.max()
    grey = dark + (light - dark) * (picture - low) / max(high - low, 1e-6)
    edge = ((top, bottom), (left, right))
    depth = np.uint16 if rng.random() < 0.2 else np.uint8
    levels = np.round(np.pad(grey, edge) * np.iinfo(depth).max).astype(depth)
    masks = np.pad(masks, (*edge, (0, 0)))
    return levels, masks[..., 0] if classes == "lungs" else masks


def _draw(index: int, seed: int, size: int, classes: str = "lungs") -> tuple[np.ndarray, np.ndarray]:
    """Return the developed radiograph (float) and the exact masks (size, size, K) (bool) of one case."""
    problem_named(classes)
    index, seed, size = int(index), int(seed), int(size)  # NumPy's integers compute in narrower floats
    canvas = Canvas(make_patient(index, seed), size)
    layer, lungs = attenuation(canvas)
    # A generator of its own: the radiograph does not depend on how many numbers the anatomy took.
    picture = expose(layer, np.random.default_rng([seed, index, 9127]))
    return picture, organ_masks(canvas, lungs > 0.5, classes)


def check_numbers(**numbers: int) -> None:
    """Check numbers given by name: `index`, `seed`, `count`, `size`.

    Raises
    ------
    InputError
        If one is not whole, or out of range.
    """
    ranges = {"index": (0, None), "seed": (0, None), "count": (1, None), "size": (SMALLEST, LARGEST)}
    for name, value in numbers.items():
        low, high = ranges[name]
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < low or (high is not None and value > high):
            wanted = f"of at least {low}" if high is None else f"from {low} to {high}"
            raise InputError(f"{name}: expected a whole number {wanted}. Received: {value!r}. Choose such a number.")

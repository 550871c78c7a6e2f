"""The masks of a phantom: lungs, or right lung, left lung and heart, exclusive or overlapping."""

from __future__ import annotations

import numpy as np

from lungseg.errors import InputError
from lungseg.phantom import anatomy
from lungseg.phantom.canvas import Canvas
from lungseg.problems import LUNGS, Problem

ORGANS = ("right lung", "left lung", "heart")
COLOURS = {"right lung": "#0072b2", "left lung": "#56b4e9", "heart": "#d55e00"}
PROBLEMS = {
    "lungs": LUNGS,
    "thorax": Problem(classes=ORGANS, colours=COLOURS),
    "overlapping": Problem(classes=ORGANS, exclusive=False, colours=COLOURS),
}
BESIDE_THE_SPINE = 0.1  # how near to the middle the lungs come behind the heart, in units of u


def problem_named(classes: str) -> Problem:
    """Return the problem of a set of phantoms.

    Parameters
    ----------
    classes : {"lungs", "thorax", "overlapping"}
        The class lung; or right lung, left lung and heart, as they are seen, or with the lungs behind the heart.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If it is none of them.

    Examples
    --------
    >>> problem_named("thorax").names_of_outputs
    ('background', 'right lung', 'left lung', 'heart')
    """
    if not isinstance(classes, str) or classes not in PROBLEMS:
        raise InputError(f"classes: expected one of {', '.join(PROBLEMS)}. Received: {classes!r}. Choose one of them.")
    return PROBLEMS[classes]


def organ_masks(canvas: Canvas, lungs: np.ndarray, classes: str) -> np.ndarray:
    """Return a mask for each class of a problem.

    Right and left lung together are the lungs. Between them the heart reaches from the great vessels, where its
    upper border is a convention, down to the diaphragm, and takes nothing from the lungs. Where classes overlap, the
    lungs go on behind the heart, as in the body, as far as the spine.

    Parameters
    ----------
    canvas : Canvas
    lungs : ndarray, (size, size) bool
        Both lungs.
    classes : str
        As for `problem_named`.

    Returns
    -------
    ndarray, (size, size, K) bool
        Right and left are those of the patient: the right lung is on the left of the picture.
    """
    if classes == "lungs":
        return lungs[..., None]
    patient = canvas.patient
    right, left = (canvas.fill(patient.lungs[side].outline) for side in anatomy.SIDES)
    masks = [lungs & (right > left), lungs & (right <= left)]
    below = canvas.fill(anatomy.belly(patient)) > 0.5
    heart = (canvas.fill(anatomy.heart(patient)) > 0.5) & ~lungs & ~below
    if classes == "overlapping":
        strip = np.array([[BESIDE_THE_SPINE, -1], [2, -1], [2, 2], [BESIDE_THE_SPINE, 2]])
        halves = (canvas.fill(strip * [side, 1]) > 0.5 for side in anatomy.SIDES)
        masks = [lung | (heart & half) for lung, half in zip(masks, halves, strict=True)]
    return np.stack([*masks, heart], -1)

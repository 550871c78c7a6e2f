"""Each doubt about a mask that somebody has drawn, from a mask that has that one fault."""

import numpy as np
import pytest
from scipy import ndimage

from lungseg.masks.drawn import (
    ALONG_EDGE,
    HARDLY_GREY,
    HOLES,
    LINES,
    MIRRORED,
    MOVED,
    NEGATIVE,
    NOT_DARKER,
    doubt_image,
    doubt_mask,
)
from lungseg.masks.plausibility import NO_LUNGS, ONE_LUNG, RANGES
from lungseg.phantom import make_phantom

SIDE = 128


def lung(cx, cy, half_width, half_height, lean=0.0):
    """An ellipse, in shares of the image; it leans to the right by `lean` for each step down."""
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    return ((x - cx - lean * (y - cy)) / half_width) ** 2 + ((y - cy) / half_height) ** 2 < 1


RIGHT, LEFT = lung(0.3, 0.45, 0.13, 0.3, -0.3), lung(0.7, 0.45, 0.12, 0.3, 0.3)
PAIR = RIGHT | LEFT


def outline(width):
    return PAIR & ~ndimage.binary_erosion(PAIR, np.ones((3, 3)), iterations=width)


def with_bridge():
    """Two lungs that touch."""
    mask = PAIR.copy()
    mask[60:64, 30:100] = True
    return mask


def with_specks():
    mask = PAIR.copy()
    mask[100:114, 4:120] = True
    return mask


def frame():
    """A negative inside a black frame."""
    mask = ~PAIR
    mask[:8] = mask[-8:] = mask[:, :8] = mask[:, -8:] = False
    return mask


FAULTS = {
    "none": (PAIR, []),
    "two that touch": (with_bridge(), []),
    "negative": (~PAIR, [NEGATIVE]),
    "outline": (outline(1), [LINES]),
    "a wider outline": (outline(2), [LINES]),
    "an outline that is not closed": (outline(1) & ~(np.indices(PAIR.shape)[0] % 9 == 0), [LINES]),
    "the right lung": (RIGHT, [ONE_LUNG]),
    "the left lung": (LEFT, [ONE_LUNG]),
    "a lung and a speck": (RIGHT | lung(0.7, 0.45, 0.02, 0.04), [ONE_LUNG]),
    "upside down": (PAIR[::-1], [RANGES["apart_below"].below]),
    "very small": (lung(0.4, 0.45, 0.06, 0.14, -0.3) | lung(0.68, 0.45, 0.06, 0.14, 0.3), [RANGES["area"].below]),
    "very large": (lung(0.26, 0.5, 0.2, 0.46, -0.1) | lung(0.74, 0.5, 0.2, 0.46, 0.1), [RANGES["area"].above]),
    "moved": (np.roll(PAIR, 18, axis=1), [RANGES["middle"].above]),
    "holes": (PAIR & ~ndimage.binary_dilation(np.indices(PAIR.shape).sum(axis=0) == 90, iterations=3), None),
    "other pieces": (with_specks(), [RANGES["pieces"].above]),
    "nothing": (np.zeros_like(PAIR), [NO_LUNGS]),
    "all": (np.ones_like(PAIR), [NEGATIVE]),
}


@pytest.mark.parametrize(("mask", "expected"), FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_reason(mask, expected):
    found = doubt_mask(mask.astype(np.float32))
    assert found == expected if expected is not None else found


def test_other_faults_are_told_by_some_reason():
    assert HOLES in doubt_mask((PAIR & ~lung(0.3, 0.45, 0.07, 0.15)).astype(float))
    assert ALONG_EDGE in doubt_mask(np.roll(PAIR, -40, axis=0)[:90].astype(float))
    assert doubt_mask(PAIR.T.astype(float))
    assert RANGES["area"].above in doubt_mask(frame().astype(float)) or ONE_LUNG in doubt_mask(frame().astype(float))


def test_a_thin_line_is_seen_in_a_mask_that_was_reduced():
    """Of a line of one pixel, a tenth is left."""
    assert doubt_mask(0.1 * outline(1)) == [LINES]


def test_an_image_that_is_not_darker_in_its_lungs():
    grey = np.random.default_rng([0]).normal(0.6, 0.1, PAIR.shape).clip(0.01, 0.99)
    chest = np.where(PAIR, grey - 0.4, grey).clip(0.01, 0.99)
    assert doubt_image(chest, PAIR) == []
    assert doubt_image(1 - chest, PAIR) == [NOT_DARKER]
    assert doubt_image(grey, PAIR) == [NOT_DARKER]
    assert doubt_image((~PAIR).astype(float), PAIR) == [HARDLY_GREY]  # the mask in place of the image


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (lambda mask: mask, []),
        (np.fliplr, [MIRRORED]),
        (lambda mask: np.roll(mask, SIDE // 8, axis=0), [MOVED]),
        (lambda mask: np.roll(mask, SIDE // 10, axis=1), [MOVED]),
        (lambda mask: np.roll(mask, 3, axis=0), []),  # no hand is that steady
    ],
)
def test_a_mask_that_fits_the_image_elsewhere(turn, expected):
    right, left = lung(0.3, 0.45, 0.13, 0.3, -0.3), lung(0.7, 0.42, 0.08, 0.22, 0.2)  # the heart is on the left
    noise = np.random.default_rng([0]).normal(0, 0.05, PAIR.shape)
    chest = (np.where(right | left, 0.2, 0.7) + noise).clip(0.01, 0.99)
    assert doubt_image(chest, turn(right | left)) == expected


# Much air beside the body, bright films, gas below the diaphragm, findings: each looked like a mask of another image.
ODD_PHANTOMS = [(0, 13), (0, 98), (0, 188), (0, 216), (0, 240), (0, 252), (1, 161), (2, 55), (2, 285)]


@pytest.mark.parametrize(("seed", "index"), ODD_PHANTOMS)
def test_a_true_mask_of_an_odd_radiograph_is_not_doubted(seed, index):
    image, mask = np.moveaxis(make_phantom(index, seed, size=96), -1, 0)
    assert doubt_image(image, mask > 0.5) == []
    assert doubt_image(image, np.roll(mask > 0.5, 12, axis=1)) != []


@pytest.mark.parametrize("side", [1, 2, 5, 16])
def test_small_masks_are_judged_without_a_fault(side):
    mask = np.eye(side) > 0
    assert isinstance(doubt_mask(mask.astype(float)) + doubt_image(mask.astype(float), mask), list)

"""Small geometric stories with distances computed by hand, and a slow, independent second opinion."""

import re

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.evaluation.surface import SurfaceDistances, assd, hd95, surface_dice, surface_distances
from refusals import refusal


def box(rows, columns, shape=(12, 14)):
    mask = np.zeros(shape, dtype=np.uint8)
    mask[slice(*rows), slice(*columns)] = 1
    return mask


def by_brute_force(reference, prediction, spacing=(1.0, 1.0)):
    """All pairs of border pixels, found with loops."""

    def border(mask):
        inside = {(int(i), int(j)) for i, j in np.argwhere(mask)}
        steps = [(1, 0), (-1, 0), (0, 1), (0, -1)]
        return [(i, j) for i, j in sorted(inside) if any((i + a, j + b) not in inside for a, b in steps)]

    ours, theirs = (np.array(border(m), dtype=float).reshape(-1, 2) * spacing for m in (reference, prediction))
    apart = np.sqrt(((ours[:, None] - theirs[None]) ** 2).sum(-1))
    return apart.min(1), apart.min(0)


# What happens, reference, prediction, then HD95, ASSD and surface Dice at a tolerance of one pixel.
STORIES = [
    ("a perfect prediction", box((2, 6), (2, 6)), box((2, 6), (2, 6)), 0.0, 0.0, 1.0),
    ("one pixel, three down and four across", box((1, 2), (1, 2)), box((4, 5), (5, 6)), 5.0, 5.0, 0.0),
    ("a line shifted by one row", box((3, 4), (2, 9)), box((4, 5), (2, 9)), 1.0, 1.0, 1.0),
    ("a line shifted by two rows", box((3, 4), (2, 9)), box((5, 6), (2, 9)), 2.0, 2.0, 0.0),
    # Reference: 5 pixels, all covered. Prediction: 10 pixels, those beyond are 1, 2, 3, 4, 5 away:
    # the 95th percentile of 0 0 0 0 0 1 2 3 4 5 is at rank 0.95 * 9 = 8.55, so 4.55; the mean is 15 / 15;
    # 11 of the 15 are within one.
    ("a line twice too long", box((3, 4), (2, 7)), box((3, 4), (2, 12)), 4.55, 1.0, 11 / 15),
    # Each of the 8 border pixels of the 3 x 3 square is at distance 1 from the 16 of the 5 x 5 square; back,
    # the corners (4 of 16) are at the square root of 2 and the other 12 at 1.
    (
        "a square one pixel too large all around",
        box((4, 7), (4, 7)),
        box((3, 8), (3, 8)),
        np.sqrt(2),
        (8 + 12 + 4 * np.sqrt(2)) / 24,
        20 / 24,
    ),
]


@pytest.mark.parametrize(("story", "reference", "prediction", "far", "average", "close"), STORIES)
def test_stories(story, reference, prediction, far, average, close):
    for pair in [(reference, prediction), (prediction, reference)]:
        distances = surface_distances(*pair)
        assert hd95(distances) == pytest.approx(far), story
        assert assd(distances) == pytest.approx(average), story
        assert surface_dice(distances, 1) == pytest.approx(close), story


def test_hd95_takes_the_percentile_of_each_direction_and_then_the_larger():
    # One far pixel of a short border against a long perfect one: pooled, the percentile would be 0.
    distances = SurfaceDistances(np.zeros(99), np.full(1, 7.0))
    assert np.percentile(np.concatenate(distances), 95) == 0
    assert hd95(distances) == 7


def test_hd95_forgives_a_twentieth_of_the_border():
    assert hd95(SurfaceDistances(np.r_[np.zeros(99), 50.0], np.zeros(100))) == 0
    assert hd95(SurfaceDistances(np.r_[np.zeros(90), np.full(10, 50.0)], np.zeros(100))) == 50


def test_spacing_is_height_then_width():
    reference, prediction = box((1, 2), (1, 2)), box((4, 5), (5, 6))
    rows, columns = box((4, 5), (1, 2)), box((1, 2), (5, 6))
    spacing = (0.5, 2.0)
    assert hd95(surface_distances(reference, rows, spacing)) == pytest.approx(1.5)
    assert hd95(surface_distances(reference, columns, spacing)) == pytest.approx(8.0)
    assert hd95(surface_distances(reference, prediction, spacing)) == pytest.approx(np.hypot(1.5, 8))
    assert surface_dice(surface_distances(reference, rows, spacing), tolerance=1.5) == 1
    assert surface_dice(surface_distances(reference, rows, spacing), tolerance=1.4) == 0


EMPTY, SOME, FULL = np.zeros((30, 40)), box((2, 6), (2, 6), (30, 40)), np.ones((30, 40))


@pytest.mark.parametrize(
    ("reference", "prediction", "far", "close"),
    [
        (EMPTY, EMPTY, 0, 1),
        (FULL, FULL, 0, 1),
        (EMPTY, FULL, 50, 0),
        (FULL, EMPTY, 50, 0),
        (EMPTY, SOME, 50, 0),
        (SOME, EMPTY, 50, 0),
    ],
)
def test_policy_for_empty_masks(reference, prediction, far, close):
    distances = surface_distances(reference, prediction)
    assert hd95(distances) == far  # the diagonal of 30 x 40
    assert assd(distances) == far
    assert surface_dice(distances, 2) == close
    assert surface_dice(distances, 1000) == close
    scaled = surface_distances(reference, prediction, spacing=(0.1, 0.1))
    assert hd95(scaled) == pytest.approx(far / 10)


def test_a_missed_lung_costs_more_than_any_that_was_found():
    corner, opposite = np.zeros((2, 20, 20))
    corner[0, 0] = opposite[-1, -1] = 1
    farthest = hd95(surface_distances(corner, opposite))
    assert farthest == pytest.approx(np.hypot(19, 19))
    assert hd95(surface_distances(corner, np.zeros((20, 20)))) > farthest


@pytest.mark.parametrize("seed", range(200))
def test_agrees_with_brute_force(seed):
    rng = np.random.default_rng([31, seed])
    shape = rng.integers(1, 13, 2)
    reference, prediction = rng.random((2, *shape)) < rng.uniform(0.05, 0.95, (2, 1, 1))
    reference.flat[rng.integers(reference.size)] = True  # neither is empty
    prediction.flat[rng.integers(prediction.size)] = True
    spacing = tuple(rng.uniform(0.2, 3, 2)) if seed % 2 else (1.0, 1.0)
    there, back = by_brute_force(reference, prediction, spacing)
    distances = surface_distances(reference, prediction, spacing)
    np.testing.assert_allclose(distances.reference_to_prediction, there, atol=1e-9)
    np.testing.assert_allclose(distances.prediction_to_reference, back, atol=1e-9)
    assert hd95(distances) == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)))
    assert assd(distances) == pytest.approx((there.sum() + back.sum()) / (len(there) + len(back)))
    within = (there <= 1.5).sum() + (back <= 1.5).sum()
    assert surface_dice(distances, 1.5) == pytest.approx(within / (len(there) + len(back)))


def test_masks_are_left_alone():
    reference, prediction = box((2, 6), (2, 6)), box((3, 7), (2, 6))
    before = reference.copy(), prediction.copy()
    surface_distances(reference, prediction)
    np.testing.assert_array_equal(reference, before[0])
    np.testing.assert_array_equal(prediction, before[1])


@pytest.mark.parametrize(
    ("reference", "prediction", "spacing", "says"),
    [
        (np.zeros((4, 4)), np.zeros((4, 5)), (1, 1), r"same shape.*\(4, 4\) and \(4, 5\)"),
        (np.zeros((4, 4)), np.full((4, 4), 0.5), (1, 1), "predicted mask should hold 0 and 1"),
        (np.full((4, 4), 255), np.zeros((4, 4)), (1, 1), "reference mask should hold 0 and 1"),
        (np.zeros((4, 4)), np.zeros((4, 4)), (1, 0), "spacing"),
        (np.zeros((4, 4)), np.zeros((4, 4)), (1, np.nan), "spacing"),
        (np.zeros((4, 4)), np.zeros((4, 4)), (1, 1, 1), "spacing"),
        (np.zeros((4, 4)), np.zeros((4, 4)), 1.0, "spacing"),
    ],
)
def test_bad_input_is_refused_in_one_line(reference, prediction, spacing, says):
    assert re.search(says, refusal(surface_distances, reference, prediction, spacing))


@pytest.mark.parametrize("tolerance", [-1, np.nan, np.inf])
def test_tolerance_is_checked(tolerance):
    with pytest.raises(InputError, match="tolerance"):
        surface_dice(SurfaceDistances(np.zeros(3), np.zeros(3)), tolerance)

"""Each reason for doubt, from a mask that has that one fault."""

import dataclasses

import numpy as np
import pytest

from lungseg.masks import plausibility
from lungseg.masks.plausibility import RANGES, describe_mask, describe_prediction, doubts
from lungseg.prediction import Prediction
from lungseg.radiographs.image import RadiographImage

SIDE = 200


def lung(cx, cy, half_width, half_height, lean=0.0):
    """Return an ellipse, in shares of the image; it leans to the right by `lean` for each step down."""
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    return ((x - cx - lean * (y - cy)) / half_width) ** 2 + ((y - cy) / half_height) ** 2 < 1


def pair(right=(0.3, 0.45, 0.13, 0.3, -0.3), left=(0.7, 0.45, 0.12, 0.3, 0.3)):
    return lung(*right) | lung(*left)


def predicted(mask, coloured=0.0, unsure=0.0):
    """A prediction at the size of its file, with a share of uncertain pixels beside the mask."""
    probability = mask.astype(np.float32)
    outside = np.flatnonzero(~mask)[: round(unsure * mask.sum())]
    probability.flat[outside] = 0.3
    return Prediction(mask, probability, None, RadiographImage(mask.astype(np.float32), coloured=coloured))


def test_a_pair_of_lungs_gives_no_reason():
    assert doubts(predicted(pair())) == []


def test_numbers_of_two_boxes():
    mask = np.zeros((10, 20), bool)
    mask[2:8, 3:6] = True  # 6 rows of 10, 3 columns of 20: 0.6 x 0.15, on the left of the image
    mask[4:8, 12:16] = True  # 4 rows, 4 columns: 0.4 x 0.2
    found = describe_mask(mask)
    assert found == pytest.approx(
        {
            "area": 34 / 200,
            "smaller": 16 / 18,
            "middle": (4.5 + 14) / 2 / 20,
            "distance": 9.5 / 20,
            "height": (18 * 5 + 16 * 6) / 34 / 10,
            "side_by_side": 4 / 6,
            "narrowest": 2.0,
            "slimmest": 4.0,
            "apart_below": 0.0,
            "fill": 1.0,
        }
    )


def test_a_lung_of_a_single_row_leans_nowhere():
    mask = np.zeros((10, 20), bool)
    mask[5, 2:6] = mask[2:8, 12:16] = True
    assert describe_mask(mask)["apart_below"] == pytest.approx(0)


def test_a_lean_is_measured_on_both_sides():
    leaning = describe_mask(pair())["apart_below"]
    assert leaning == pytest.approx(0.6, abs=0.02)
    assert describe_mask(pair()[::-1])["apart_below"] == pytest.approx(-leaning, abs=1e-6)


@pytest.mark.parametrize(
    ("right", "left", "reason"),
    [
        ((0.4, 0.45, 0.06, 0.14, -0.3), (0.68, 0.45, 0.06, 0.14, 0.3), "the lungs are very small"),
        ((0.26, 0.5, 0.2, 0.46, -0.1), (0.74, 0.5, 0.2, 0.46, 0.1), "the lungs fill most of the image"),
        ((0.3, 0.45, 0.13, 0.3, -0.3), (0.7, 0.45, 0.065, 0.14, 0.3), "one lung is much smaller than the other"),
        ((0.2, 0.45, 0.13, 0.3, -0.3), (0.6, 0.45, 0.12, 0.3, 0.3), "the lungs lie far to the left"),
        ((0.42, 0.45, 0.13, 0.3, -0.3), (0.8, 0.45, 0.12, 0.3, 0.3), "the lungs lie far to the right"),
        ((0.38, 0.45, 0.1, 0.3, -0.05), (0.62, 0.45, 0.1, 0.3, 0.05), "the lungs are close together"),
        ((0.2, 0.45, 0.12, 0.3, -0.1), (0.8, 0.45, 0.12, 0.3, 0.1), "the lungs are far apart"),
        ((0.3, 0.22, 0.12, 0.2, -0.3), (0.7, 0.22, 0.11, 0.2, 0.3), "the lungs lie very high"),
        ((0.3, 0.7, 0.12, 0.25, -0.3), (0.7, 0.7, 0.11, 0.25, 0.3), "the lungs lie very low"),
        ((0.3, 0.3, 0.12, 0.22, -0.3), (0.7, 0.6, 0.12, 0.22, 0.3), "the lungs lie at different heights"),
        ((0.3, 0.45, 0.19, 0.18, -0.1), (0.7, 0.45, 0.13, 0.3, 0.3), "a lung is wider than it is tall"),
        ((0.3, 0.45, 0.1, 0.3, -0.2), (0.7, 0.45, 0.07, 0.35, 0.1), "a lung is very slim"),
        (
            (0.3, 0.45, 0.13, 0.3, 0.1),
            (0.7, 0.45, 0.12, 0.3, 0.0),
            "the lungs are no further apart below than above: upside down?",
        ),
    ],
)
def test_each_fault_has_its_reason(right, left, reason):
    assert doubts(predicted(pair(right, left))) == [reason]


def test_boxes_are_no_lungs():
    mask = np.zeros((SIDE, SIDE), bool)
    mask[30:150, 40:84] = mask[30:150, 116:160] = True
    assert "a lung looks like a box" in doubts(predicted(mask))


def test_no_lung_and_one_lung():
    assert doubts(predicted(np.zeros((SIDE, SIDE), bool))) == [plausibility.NO_LUNGS]
    assert doubts(predicted(lung(0.3, 0.45, 0.13, 0.3))) == [plausibility.ONE_LUNG]


def test_colour_the_edge_and_doubt_of_the_network():
    assert doubts(predicted(pair(), coloured=0.5)) == [plausibility.COLOUR]
    assert doubts(predicted(pair(), coloured=0.1)) == []  # a coloured label
    assert doubts(predicted(pair(), coloured=plausibility.COLOURED)) == []
    assert doubts(predicted(pair(), unsure=0.25)) == []
    assert doubts(predicted(pair(), unsure=0.35)) == [RANGES["uncertain"].above]


@pytest.mark.parametrize("cut", [np.s_[60:], np.s_[:120], np.s_[:, 50:], np.s_[:, :150]])
def test_each_edge_of_the_image_may_cut_a_lung_off(cut):
    assert plausibility.EDGE in doubts(predicted(pair()[cut]))


def test_pieces_besides_two_lungs_count_although_cleaning_removes_them():
    mask = pair()
    mask[170:195, 60:140] = True
    whole = predicted(mask)
    assert describe_prediction(whole.probability)["pieces"] == pytest.approx(2000 / mask.sum())
    assert RANGES["pieces"].above in doubts(Prediction(pair(), whole.probability, None, whole.radiograph))


def test_phantoms_are_plausible():
    """Their true masks, which no network drew; the odd one may be ill."""
    from lungseg.phantom import make_phantom

    masks = [make_phantom(seed, size=96)[..., 1] > 0.5 for seed in range(12)]
    assert sum(not doubts(predicted(mask)) for mask in masks) >= 10


@pytest.mark.parametrize(
    ("orientation", "said"),
    [
        (None, []),
        (("L", "F"), []),
        (("L", "FR"), []),  # a little oblique
        (("R", "F"), [plausibility.MIRRORED]),
        (("R", "H"), [plausibility.TURNED]),
        (("L", "H"), [plausibility.TURNED]),
        (("F", "L"), [plausibility.TURNED]),
        (("A", "F"), [plausibility.LATERAL]),
        (("P", "F"), [plausibility.LATERAL]),
        (("?", "F"), []),
    ],
)
def test_what_the_file_says_of_the_patient_in_the_image(orientation, said):
    prediction = predicted(pair())
    radiograph = prediction.radiograph._replace(orientation=orientation)
    assert doubts(dataclasses.replace(prediction, radiograph=radiograph)) == said

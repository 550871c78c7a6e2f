"""From probabilities at the size of the network to masks at the size of the file."""

import numpy as np
import pytest

from lungseg.prediction.finishing import masks_of
from lungseg.preparation import Geometry
from lungseg.preparation.cropping import CropBox
from lungseg.problems import Problem

GEOMETRY = Geometry(50, 40, CropBox(5, 0, 45, 30), (8, 6))  # 8 x 6 pixels were made of 40 x 30


@pytest.mark.parametrize("exclusive", [True, False])
def test_one_output_at_a_time_gives_the_same_as_all_at_once(exclusive):
    problem = Problem(classes=("a", "b", "c"), exclusive=exclusive)
    probabilities = np.random.default_rng(0).dirichlet(np.ones(problem.outputs), GEOMETRY.size).astype(np.float32)
    each = [GEOMETRY.to_original(probabilities[..., k], None) for k in range(problem.outputs)]
    expected = problem.masks(np.stack(each, axis=-1), 0.4)
    masks = masks_of(probabilities, GEOMETRY, problem, 0.4)
    assert np.array_equal(masks, expected)
    assert masks.any(axis=(0, 1)).all()
    assert exclusive or 0 < masks[5:45, :30].mean() < 1
    assert not masks[:5].any()  # outside of what was kept there is no class
    assert not masks[:, 30:].any()

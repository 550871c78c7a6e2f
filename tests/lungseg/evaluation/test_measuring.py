"""All that one pass over the cases measures, beyond the table of `evaluate`."""

import numpy as np
import pandas as pd
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import evaluate
from lungseg.evaluation.evaluation import measure_cases


def save_case(folder, name, mask, image):
    path = folder / f"{name}.npy"
    np.save(path, np.stack([image, mask], axis=-1))
    return path


def identity(images):
    return images


@pytest.fixture
def untidy(tmp_path):
    """A case whose image has two lungs of 20 pixels, a hole and an island; one that is perfect."""
    truth = np.zeros((12, 12))
    truth[3:8, 1:5] = truth[3:8, 7:11] = 1
    image = truth.copy()
    image[5, 2], image[11, 11] = 0.4, 0.6
    return [save_case(tmp_path, "PHANTOM_0000_0", truth, image), save_case(tmp_path, "PHANTOM_0001_1", truth, truth)]


def test_measured_by_hand(untidy):
    raw, cleaned = (measure_cases(identity, untidy, clean=clean) for clean in (False, True))
    first = raw.table.iloc[0]
    assert first["dice_raw"] == pytest.approx(2 * 39 / (39 + 1 + 40))
    assert first["dice"] == first["dice_raw"]
    assert first["dice_cleaned"] == 1
    assert first["hd95_cleaned"] == 0
    assert first["hd95_raw"] > 0
    assert first["pixels"] == 144
    # Each lung has 14 border pixels, all of them right. Of the four neighbours of the hole one is on the border
    # already; the other three are one pixel from it. The island is far away.
    border = 28 + 28 + 3 + 1
    assert first["surface_dice"] == pytest.approx((border - 1) / border)
    assert cleaned.table["dice"].tolist() == [1, 1]
    assert cleaned.table["surface_dice"].tolist() == [1, 1]
    np.testing.assert_array_equal(raw.calibration, cleaned.calibration)
    assert raw.calibration[0].sum() == 2 * 144
    assert raw.calibration[:, 4] == pytest.approx([1, 1, 0.4])
    assert raw.calibration[:, 6] == pytest.approx([1, 0, 0.6])


@pytest.mark.parametrize("clean", [False, True])
def test_the_first_columns_are_those_of_evaluate(phantom_cases, clean):
    def network(images):
        return 1 - images

    table = evaluate(network, phantom_cases, clean=clean)
    pd.testing.assert_frame_equal(measure_cases(network, phantom_cases, clean).table[list(table.columns)], table)


def test_a_case_that_is_there_twice_is_refused(untidy):
    with pytest.raises(InputError, match=r"PHANTOM_0000_0.*2 times"):
        measure_cases(identity, [*untidy, untidy[0]])

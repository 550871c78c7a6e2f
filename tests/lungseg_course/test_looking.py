"""What the notebooks look at without a figure."""

import keras
import numpy as np
import pytest

from lungseg_course.looking import cases_in_order, compare_networks, peak_megabytes


class Batches:
    def __init__(self, *batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index], None


def test_the_order_is_found_in_the_images_alone(tmp_path):
    cases = np.random.default_rng(0).random((5, 8, 8, 2)).astype("float32")
    paths = [tmp_path / f"CASE_{number}_0.npy" for number in range(5)]
    for path, case in zip(paths, cases, strict=True):
        case[..., 1] = case[..., 1] > 0.5
        np.save(path, case)
    images = cases[..., :1]
    assert cases_in_order(Batches(images[[3, 0]], images[[4, 4]], images[[1]]), paths) == [3, 0, 4, 4, 1]


def test_memory_is_that_of_the_peak():
    assert peak_megabytes(lambda: [np.ones(1_000_000) for _ in range(3)]) == pytest.approx(24, abs=0.1)
    assert peak_megabytes(lambda: [np.ones(1_000_000).sum() for _ in range(3)]) == pytest.approx(8, abs=0.1)


def network(*widths, activation="relu"):
    layers = [keras.layers.Dense(width, activation=activation) for width in widths]
    return keras.Sequential([keras.Input((3,)), *layers])


@pytest.mark.parametrize(
    ("yours", "package", "told"),
    [
        (network(4, 2), network(4, 2), ["The same 26 parameters", "the answers are the same."]),
        (network(4, 2, activation="tanh"), network(4, 2), ["The same 26 parameters", "another order of layers."]),
        (network(5), network(4, 2), ["Yours has 20 parameters, the package's 26: another U-Net."]),
    ],
    ids=["equal", "in another order", "another"],
)
def test_two_networks_are_compared_with_the_same_weights(capsys, yours, package, told):
    compare_networks(yours, package, np.eye(3, dtype="float32"))
    said = capsys.readouterr().out
    assert [each in said for each in told] == [True] * len(told)

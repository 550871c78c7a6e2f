"""Two classes and three channels, from the same functions: the example of docs/another_problem.md, at a small size."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest

from lungseg import DataGenerator
from lungseg.phantom import write_phantoms

pytestmark = pytest.mark.slow
PAGE = Path(__file__).resolve().parents[1] / "docs" / "another_problem.md"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """What the example leaves behind, after as many steps at 32 x 32 as it takes to learn something."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    small = {
        '"cases"': repr(str(tmp_path_factory.mktemp("cases"))),
        "(128, 128, 3), ": "(32, 32, 3), filters=8, depth=2, ",
        '"adam"': "__import__('keras').optimizers.Adam(1e-2)",
        "shuffle=False)\n": "shuffle=False, verbose=0)\n",
    }
    write_phantoms(eval(small['"cases"']), count=48, size=32)
    for old, new in small.items():
        assert code.count(old) == 1
        code = code.replace(old, new)
    keras.utils.set_random_seed(0)  # the example itself draws as it likes
    names = {}
    exec(code, names)
    return names


def test_masks_become_one_hot_and_the_right_lung_is_on_the_left(example):
    plain = DataGenerator(example["split"].validation, shuffle=False)
    images, masks = plain[0]
    channels, classes = example["validation"][0]
    assert channels.shape == classes.shape == (*images.shape[:3], 3)
    np.testing.assert_array_equal(channels[..., :1], images)
    np.testing.assert_array_equal(classes.sum(axis=-1), 1)
    np.testing.assert_array_equal(classes[..., 1:].sum(axis=-1), masks[..., 0])
    columns = np.arange(32)
    for right, left in zip(classes[..., 1], classes[..., 2], strict=True):
        assert (right.sum(axis=0) * columns).sum() / right.sum() < 16 < (left.sum(axis=0) * columns).sum() / left.sum()


def test_the_network_learns_to_tell_the_lungs_apart(example):
    channels, classes = example["validation"][0]
    found = example["model"].predict_on_batch(channels).argmax(axis=-1)  # (B, H, W)
    for number in (1, 2):
        truth = classes[..., number] == 1
        dice = 2 * (truth & (found == number)).sum() / (truth.sum() + (found == number).sum())
        assert dice > 0.8

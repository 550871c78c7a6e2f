"""The losses, metrics and layers in a network of one's own, saved and loaded again by another Python."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest

import lungseg
from lungseg.losses import DiceCrossentropyLoss, DiceLoss, dice_crossentropy_loss, dice_loss
from lungseg.metrics import Dice, Jaccard


def functional():
    inputs = keras.Input((16, 16, 1))
    return keras.Model(inputs, keras.layers.Conv2D(1, 1, activation="sigmoid")(inputs))


def sequential():
    return keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])


# First what makes the names known, then what is loaded.
LOADED = """
import sys
{first}
for path in sys.argv[1:]:
    model = keras.saving.load_model(path)
    print(type(model.loss).__module__, getattr(model.loss, "__name__", type(model.loss).__name__), end=" ")
    images, masks = numpy.ones((2, 16, 16, 1)), numpy.ones((2, 16, 16, 1))
    scores = model.evaluate(images, masks, verbose=0, return_dict=True)
    print(*sorted(scores), f"{{scores['loss']:.4f}}")
assert keras.saving.get_registered_object("lungseg>RandomNoise")  # a layer of the augmentation
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Saved networks of two kinds, each with another loss; and what each should say when it is loaded.

    They compute eagerly, as they do when they are loaded: to trace them takes longer.
    """
    folder, expected = tmp_path_factory.mktemp("saved"), []
    losses = [dice_loss, DiceLoss(smooth=2.0), dice_crossentropy_loss, DiceCrossentropyLoss()]
    for number, loss in enumerate(losses):
        model = [functional, sequential][number % 2]()
        model.compile(optimizer="adam", loss=loss, metrics=[Dice(), Jaccard(threshold=0.3)], run_eagerly=True)
        ones = np.ones((2, 16, 16, 1))
        scores = model.evaluate(ones, ones, verbose=0, return_dict=True)
        model.save(folder / f"{number}.keras")
        name = getattr(loss, "__name__", type(loss).__name__)
        kind = "builtins" if name == "function" else type(loss).__module__
        expected.append(f"{kind} {name} {' '.join(sorted(scores))} {scores['loss']:.4f}")
    return sorted(folder.iterdir()), expected


# Without lungseg, Keras names what it misses; then lungseg is imported, which is enough.
LUNGSEG_LAST = """
import keras, numpy
try:
    keras.saving.load_model(sys.argv[1])
except Exception as error:
    assert "Could not locate function 'lungseg>dice_loss'" in str(error), error
else:
    sys.exit("dice_loss is known without lungseg")
import lungseg
"""
LUNGSEG_FIRST = "import lungseg, keras, numpy; from lungseg import build_unet"


def load(first, paths):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED.format(first=first), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(LUNGSEG_LAST, id="lungseg last"),
        pytest.param(LUNGSEG_FIRST, id="lungseg first", marks=pytest.mark.thorough),
    ],
)
def test_lungseg_is_needed_and_enough_after_keras_and_any_name_of_it_that_needs_keras(saved, first):
    paths, expected = saved
    done = load(first, paths)
    assert done.stdout.splitlines() == expected, done.stderr


def test_each_name_of_the_package_looks_whether_keras_is_there(monkeypatch):
    looked = []
    monkeypatch.setattr(lungseg, "_register_where_keras_is", lambda: looked.append(True))
    assert lungseg.list_cases
    assert looked == [True]


ORDERS = """
from lungseg.environment import imports, register_where_keras_is, register_with_keras
imports.KNOWN_TO_KERAS = ("layers", "losses")
{lines}
print(keras.registered)
"""


@pytest.mark.parametrize(
    "lines",
    [
        "register_with_keras(['layers', 'losses']); import keras",
        "import keras; register_with_keras(['layers', 'losses'])",
        "register_with_keras(['layers', 'losses']); import importlib.util as u; u.find_spec('keras'); import keras",
        "register_with_keras(['layers', 'losses']); import losses, keras",
        "register_with_keras(['layers', 'losses']); register_with_keras(['layers', 'losses']); import keras",
        "imports.tidy_imports(); import keras",
        "import keras; register_where_keras_is(); register_where_keras_is()",
        "register_where_keras_is(); import keras; register_where_keras_is()",
    ],
)
def test_what_is_to_be_known_is_registered_once_whatever_comes_first(tmp_path, lines):
    (tmp_path / "keras.py").write_text("registered = []\n")
    for name in ("layers", "losses"):
        (tmp_path / f"{name}.py").write_text(f"import keras\nkeras.registered.append('{name}')\n")
    code = ORDERS.format(lines=lines)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["['layers',", "'losses']"], done.stderr

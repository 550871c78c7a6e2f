"""A loss that cannot train is named in one line, and its run folder takes another one."""

import keras
import numpy as np
import pytest

from lungseg import InputError, train
from lungseg.problems import Problem
from trainings import computing_eagerly

PROBLEM = Problem(classes=("disc",), recipe="grey")
SETTINGS = {"problem": PROBLEM, "epochs": 1, "filters": 2, "depth": 1, "dropout": 0.0, "report": lambda line: None}


def load(number):
    image = np.random.default_rng(number).random((8, 8))
    return image, image > 0.5


def constant(y_true, y_pred):
    return 1.0


def of_numpy(y_true, y_pred):
    return np.mean((np.asarray(y_true) - np.asarray(y_pred)) ** 2)


def squares(y_true, y_pred):
    return keras.ops.mean((y_true - y_pred) ** 2)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="each backend has words of its own")
def test_a_loss_that_cannot_train_leaves_the_folder_to_a_mended_one(tmp_path):
    with computing_eagerly(False):
        with pytest.raises(InputError, match=r"^loss: expected .* Received: constant, which has no gradient"):
            train(range(6), tmp_path / "run", load=load, loss=constant, **SETTINGS)
        with pytest.raises(InputError, match=r"NumPy or Python in line \d+ of test_fitting.py, 'return np\.mean"):
            train(range(6), tmp_path / "run", load=load, loss=of_numpy, **SETTINGS)
    run = train(range(6), tmp_path / "run", load=load, loss=squares, **SETTINGS)
    assert (run.settings["loss"], len(run.history["loss"])) == ("squares", 1)


def test_what_is_given_for_nothing_beside_a_network_is_told(tmp_path):
    inputs = keras.Input((8, 8, 1))
    network = keras.Model(inputs, keras.layers.Conv2D(1, 1, activation="sigmoid")(inputs))
    network.compile("sgd", "mse")
    lines = []
    train(range(6), tmp_path / "run", load=load, model=network, **{**SETTINGS, "report": lines.append})
    assert "Not used, as the network has its layers already: filters=2, depth=1, dropout=0.0." in lines
    assert "The network came compiled; train compiles it anew" in "".join(lines)
    assert "dice_crossentropy_loss, adam" in "".join(lines)

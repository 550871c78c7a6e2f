"""The network of a training: one of the user's own, and one that starts from another run."""

import shutil

import keras
import numpy as np
import pytest

from lungseg import InputError, build_unet, list_cases, load_run, train
from lungseg.phantom import write_phantoms
from lungseg.splits import Split, split_cases
from lungseg.training.examples import look_at_examples
from lungseg.training.network import find_network, mark_weights
from lungseg.training.settings import Settings, describe_run
from trainings import SMALL


def test_a_network_and_a_loss_of_ones_own_are_trained_and_loaded(folder, tmp_path):
    def squares(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=(1, 2, 3))

    inputs = keras.Input((32, 32, 1))
    own = keras.Model(inputs, keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="mine")(inputs))
    run = train(folder, tmp_path / "run", epochs=1, model=own, loss=squares, **SMALL)
    assert run.settings["loss"] == "squares"
    assert run.settings["network"] == "own"
    assert load_run(run.folder).model.get_layer("mine").count_params() == 10
    with pytest.raises(InputError, match="a network of your own"):
        run.build(64)


def test_a_network_that_does_not_fit_leaves_no_folder(folder, tmp_path):
    with pytest.raises(InputError, match=r"model: expected one input, images \(B, 32, 32, 1\)"):
        train(folder, tmp_path / "run", epochs=1, model=build_unet((16, 32, 1), filters=2, depth=1), **SMALL)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_weights_are_known_again_wherever_they_lie(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "elsewhere")
    here, there = (find_network((32, 32), {}, start=run).model for run in (finished, tmp_path / "elsewhere"))
    assert mark_weights(here) == mark_weights(there)
    weights = here.get_weights()
    weights[3].ravel()[-1] += 1e-3
    here.set_weights(weights)
    assert mark_weights(here) != mark_weights(there)


def test_the_network_of_the_package_is_named_without_its_path(folder):
    examples = look_at_examples(split_cases(list_cases(folder)))
    described = describe_run(Settings(), examples, find_network((32, 32), {}, start="pretrained"))
    assert described["start"] == "pretrained"
    assert described["seen_before"] == sorted(described["seen_before"])
    assert len(described["seen_before"]) == 554 + 8


@pytest.mark.slow
def test_a_training_starts_from_the_weights_of_a_run(finished, folder, tmp_path):
    def reported(*args, **settings):
        lines = []
        train(*args, **{**settings, "report": lines.append})
        return "\n".join(lines)

    larger = write_phantoms(tmp_path / "larger", count=6, size=48, seed=5)
    # With a learning rate of next to nothing, what comes out is what went in.
    settings = {**SMALL, "filters": 7, "learning_rate": 1e-12, "epochs": 1}
    run = train(tmp_path / "larger", tmp_path / "run", start=finished.folder, **settings)
    assert run.settings["network"] == finished.settings["network"]
    assert run.settings["start"] == str(finished.folder)
    assert run.model.input_shape == (None, 48, 48, 1)
    new, old = (
        [w.numpy() for w in m.trainable_weights if w.path.endswith("kernel")] for m in (run.model, finished.model)
    )
    for after, before in zip(new, old, strict=True):
        np.testing.assert_allclose(after, before, atol=1e-6)
    assert run.seen_before == {*finished.split_ids["train"], *finished.split_ids["validation"]}
    own = finished.find_split(folder)
    swapped = Split(own.test, own.validation, own.train)
    said = reported(folder, tmp_path / "swapped", split=swapped, start=finished, **settings)
    assert f"{len(own.train)} of the test cases trained or chose the network to start from" in said
    assert "finished" in reported(larger, tmp_path / "run", start=finished, **settings)
    with pytest.raises(InputError, match="start"):
        train(larger, tmp_path / "run", **{**settings, "filters": 2})
    with pytest.raises(InputError, match="Received: both"):
        train(larger, tmp_path / "other", start=finished, model=run.model, **settings)

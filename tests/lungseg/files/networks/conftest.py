import json

import h5py
import keras
import pytest

from network_archives import members, own_network, saved, write


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A small network in a file, and itself."""
    model = own_network(
        keras.layers.Conv2D(3, 3, padding="same", activation="relu", name="first"),
        keras.layers.UpSampling2D(2, name="up"),
        keras.layers.AveragePooling2D(2),
        keras.layers.Conv2D(1, 1, activation="sigmoid", name="last"),
    )
    return saved(tmp_path_factory.mktemp("whole") / "whole.keras", model), model


@pytest.fixture
def changed(whole, tmp_path):
    """Write the file again with its description changed by a function."""

    def make(change):
        contents = members(whole[0])
        config = json.loads(contents["config.json"])
        contents["config.json"] = json.dumps(change(config) or config)
        return write(tmp_path / "changed.keras", contents)

    return make


@pytest.fixture
def with_weights(whole, tmp_path):
    """Write the file again with its HDF5 changed by a function."""

    def make(change):
        contents = members(whole[0])
        (tmp_path / "weights.h5").write_bytes(contents["model.weights.h5"])
        with h5py.File(tmp_path / "weights.h5", "r+") as file:
            change(file)
        contents["model.weights.h5"] = (tmp_path / "weights.h5").read_bytes()
        return write(tmp_path / "changed.keras", contents)

    return make

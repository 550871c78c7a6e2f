"""A `.keras` file of whatever origin: a whole network is loaded, a damaged file is refused, nothing lies elsewhere."""

import io
import shutil
import zipfile

import keras
import numpy as np
import pytest

from lungseg.files.networks import load_network
from network_archives import MEMBERS, Halved, doubled, members, own_network, saved, write
from networks import answer, pictures
from refusals import refusal


def test_what_keras_wrote_is_loaded(whole):
    path, model = whole
    images = pictures(2, 16, 16, 1)
    loaded = load_network(path)
    np.testing.assert_array_equal(answer(loaded, images), answer(model, images))
    assert getattr(loaded, "optimizer", None) is None


@pytest.mark.parametrize(
    "layers",
    [
        (Halved(),),
        (keras.layers.Lambda(doubled),),
        (keras.layers.Conv2D(1, 1, activation=doubled),),
        (keras.layers.Conv2D(1, 1, kernel_regularizer="l2", bias_constraint="non_neg", dtype="mixed_float16"),),
        (keras.layers.Conv2D(1, 1, activation=keras.ops.sigmoid), keras.layers.Dropout(0.1)),
        (lambda x: keras.ops.clip(x, 0, 1) + 1.0, lambda x: x[..., :1]),
        (lambda x: x * np.float32([0.5]),),
        (keras.Sequential([keras.layers.Conv2D(1, 1), keras.layers.GroupNormalization(1)]),),
    ],
)
def test_networks_of_ones_own_are_loaded(layers, tmp_path):
    model = own_network(*layers)
    images = pictures(1, 16, 16, 1)
    loaded = load_network(saved(tmp_path / "own.keras", model))
    np.testing.assert_allclose(answer(loaded, images), answer(model, images), rtol=1e-6)


def test_one_that_was_packed_is_loaded(whole, tmp_path):
    load_network(write(tmp_path / "packed.keras", members(whole[0]), zipfile.ZIP_DEFLATED))


def test_what_was_registered_in_a_scope_is_known(whole, tmp_path):
    class Mine(Halved):
        pass

    model = own_network(Mine(), keras.layers.Conv2D(1, 1))
    path = saved(tmp_path / "mine.keras", model)
    assert "register" in refusal(load_network, path)
    with keras.saving.custom_object_scope({"Mine": Mine}):
        load_network(path)


def test_the_file_stays_as_it_was(whole, tmp_path):
    path = shutil.copy(whole[0], tmp_path / "copy.keras")
    load_network(path)
    assert path.read_bytes() == whole[0].read_bytes()
    assert io.BytesIO(path.read_bytes()).read(2) == b"PK"
    assert [file.name for file in tmp_path.iterdir()] == ["copy.keras"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("assets/../../out.txt", "x"), ("../out.txt", "x"), ("/out.txt", "x"), ("assets/a.txt", "x"), ("a\nb", "x")],
)
def test_members_that_climb_out(whole, tmp_path, name, content):
    (tmp_path / "in").mkdir()
    path = write(tmp_path / "in" / "changed.keras", {**members(whole[0]), name: content})
    assert "in it. Train again" in refusal(load_network, path)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["changed.keras"]


@pytest.mark.parametrize("missing", MEMBERS)
def test_members_that_are_missing(whole, tmp_path, missing):
    contents = members(whole[0])
    del contents[missing]
    assert "expected a Keras model: " in refusal(load_network, write(tmp_path / "a.keras", contents))


@pytest.mark.parametrize("name", MEMBERS)
def test_members_that_unfold_without_end(whole, tmp_path, name):
    contents = {**members(whole[0]), name: bytes(70_000_000)}
    path = write(tmp_path / "bomb.keras", contents, zipfile.ZIP_DEFLATED)
    assert "unfolds from" in refusal(load_network, path)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.99])
def test_a_file_that_was_cut(whole, tmp_path, share):
    content = whole[0].read_bytes()
    (tmp_path / "cut.keras").write_bytes(content[: int(share * len(content))])
    assert "it is damaged. Copy the file again" in refusal(load_network, tmp_path / "cut.keras")


def test_weights_that_are_no_hdf5(whole, tmp_path):
    path = write(tmp_path / "a.keras", {**members(whole[0]), "model.weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(500)})
    assert "damaged" in refusal(load_network, path)


def test_a_flipped_bit_is_noticed(whole, tmp_path):
    content = bytearray(whole[0].read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "flipped.keras").write_bytes(content)
    assert "damaged" in refusal(load_network, tmp_path / "flipped.keras")


def test_a_damaged_byte_of_a_packed_file_is_noticed(whole, tmp_path):
    """What unpacks it has an error of its own."""
    packed = write(tmp_path / "packed.keras", members(whole[0]), zipfile.ZIP_DEFLATED).read_bytes()
    place = packed.index(b"config.json") + len("config.json")
    for start in range(place, place + 40, 4):
        (tmp_path / "damaged.keras").write_bytes(packed[:start] + b"\xff\xff\xff" + packed[start + 3 :])
        assert "damaged" in refusal(load_network, tmp_path / "damaged.keras")


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_told_though_the_predictions_may_look_usual(wrong, tmp_path):
    inputs = keras.Input((8, 8, 1))
    hidden = keras.layers.Conv2D(2, 1, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Conv2D(1, 1, activation="sigmoid")(hidden))
    weights = model.get_weights()
    weights[0].flat[0] = wrong
    model.set_weights(weights)
    model.save(tmp_path / "a.keras")
    assert "expected weights that are finite numbers" in refusal(load_network, tmp_path / "a.keras")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\x89HDF\r\n\x1a\n", "HDF5, weights or a network in the former format"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Run `git lfs pull`"),
        (b"<!DOCTYPE html><title>Log in</title>", "a web page"),
        (b"\x80\x04\x95", "a pickle"),
        (b"", "it is damaged"),
    ],
)
def test_what_only_has_the_name_of_a_network_is_called_what_it_is(tmp_path, start, said):
    path = tmp_path / "best.keras"
    path.write_bytes(start)
    assert said in refusal(load_network, path)

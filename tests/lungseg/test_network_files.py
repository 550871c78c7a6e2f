"""A `.keras` file from a stranger: nothing in it runs, nor reads or writes elsewhere, or takes all memory."""

import io
import json
import shutil
import zipfile

import h5py
import keras
import numpy as np
import pytest

from lungseg import load_run
from lungseg.network_files import load_network
from lungseg.network_files.description import LARGEST_CONFIG
from networks import answer, pictures
from refusals import refusal

MEMBERS = ("metadata.json", "config.json", "model.weights.h5")


@keras.saving.register_keras_serializable(package="lungseg_tests")
class Halved(keras.layers.Layer):
    """A layer of one's own."""

    def call(self, inputs):
        return inputs / 2


@keras.saving.register_keras_serializable(package="lungseg_tests")
def doubled(inputs):
    return 2 * inputs


def own_network(*layers):
    inputs = x = keras.Input((16, 16, 1))
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def saved(path, model):
    model.compile("adam", "mse")
    model.save(path)
    return path


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


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, contents, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


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


def layer(config, name):
    return next(part for part in config["config"]["layers"] if part["config"]["name"] == name)


def replaced(**entries):
    """Replace the first layer's entries."""
    return lambda config: layer(config, "first").update(entries)


def activated(**function):
    """Give the first layer another activation."""
    return lambda config: layer(config, "first")["config"].update(activation={"class_name": "function", **function})


CODE = {"class_name": "__lambda__", "config": {"value": "4wAAAA==", "defaults": None, "closure": None}}
EVIL = {
    "a lambda": (replaced(class_name="Lambda", config={"name": "first", "function": CODE}), "'Lambda', which can run"),
    "a lambda as an activation": (
        lambda config: layer(config, "first")["config"].update(activation=CODE),
        "'__lambda__', which can run code",
    ),
    "Lambda that calls a function of Keras": (
        replaced(
            class_name="Lambda",
            config={
                "name": "first",
                "function": {"module": "keras.utils", "class_name": "function", "config": "get_file"},
                "arguments": {"origin": "http://localhost/x", "fname": "x"},
            },
        ),
        "'Lambda'",
    ),
    "get_file": (
        activated(module="keras.utils", config="get_file", registered_name="get_file"),
        "keras.utils.get_file",
    ),
    "safe mode off": (activated(module="keras.config", config="enable_unsafe_deserialization"), "keras.config.enable"),
    "another model": (activated(module="keras.models", config="load_model"), "keras.models.load_model"),
    "set_global_attribute": (
        activated(module="keras.src.backend.common.global_state", config="set_global_attribute"),
        "set_global_attribute",
    ),
    "os.system": (activated(module="os", config="system", registered_name="system"), "os.system"),
    "a class of Python": (replaced(module="subprocess", class_name="Popen"), "subprocess.Popen"),
    "a class of another package": (replaced(module="keras_hub.models", class_name="Backbone"), "keras_hub.models"),
    "a class of ours, not registered": (replaced(module="lungseg.runs", class_name="Run"), "lungseg.runs.Run"),
    "a module of Keras that is none of layers": (
        replaced(module="keras.src.utils.torch_utils", class_name="TorchModule"),
        "keras.src.utils.torch_utils",
    ),
    "TorchModuleWrapper": (replaced(class_name="TorchModuleWrapper", config={"module": "gASV"}), "TorchModuleWrapper"),
    "a SavedModel": (replaced(class_name="TFSMLayer", config={"filepath": "/tmp/x"}), "'TFSMLayer'"),
    "a vocabulary": (replaced(class_name="StringLookup", config={"vocabulary": "/etc/passwd"}), "'StringLookup'"),
    "a type": (replaced(class_name="__typespec__"), "'__typespec__'"),
    "texts of a gigabyte each": (
        lambda config: layer(config, "first")["inbound_nodes"].append(
            {"args": [{"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "U1000000000"}}], "kwargs": {}}
        ),
        "'U1000000000'",
    ),
    "a name that is a list": (replaced(class_name=["Conv2D"]), "names of layers"),
    "a list": (lambda config: [config], "something else"),
    "an unknown layer": (replaced(class_name="Conv9D"), "Conv9D"),
    "no layers": (lambda config: config.update(config={}), "expected a Keras model"),
}


@pytest.mark.parametrize("name", EVIL)
def test_a_description_that_is_more_than_a_network(name, changed):
    change, said = EVIL[name]
    text = refusal(load_network, changed(change))
    assert "changed.keras: " in text
    assert said in text
    assert len(text) < 600


HUGE = {
    "filters": (lambda config: layer(config, "last")["config"].update(filters=10**9), "weights. Received"),
    "a kernel": (
        lambda config: layer(config, "first")["config"].update(kernel_size=[30000, 30000]),
        "weights. Received",
    ),
    "units": (
        lambda config: layer(config, "last").update(
            class_name="Dense", config={"name": "last", "units": 10**9}, build_config=None
        ),
        "weights. Received",
    ),
    "an image": (lambda config: layer(config, "up")["config"].update(size=[10**6, 10**6]), "numbers of one image"),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_network_larger_than_its_file(name, changed):
    change, said = HUGE[name]
    assert said in refusal(load_network, changed(change))


def external(file):
    del file["layers/conv2d/vars/0"]
    file["layers/conv2d/vars"].create_dataset("0", (3, 3, 1, 3), "f4", external=[("/etc/passwd", 0, 108)])


def virtual(file):
    del file["layers/conv2d/vars/0"]
    layout = h5py.VirtualLayout((3, 3, 1, 3), "f4")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (3, 3, 1, 3))
    file["layers/conv2d/vars"].create_virtual_dataset("0", layout)


def bomb(file):
    file.create_dataset("more", (10**6, 10**6), "f4", chunks=(1000, 1000), compression="gzip")


WEIGHTS = {
    "external data": (external, "lies in another file"),
    "virtual data": (virtual, "lies in another file"),
    "a link to another file": (lambda f: f.update({"out": h5py.ExternalLink("/etc/other.h5", "/")}), "is a link"),
    "a link within": (lambda f: f["layers"].update({"out": h5py.SoftLink("/optimizer")}), "is a link"),
    "an array that is hardly there": (bomb, "of which"),
    "a weight that is missing": (lambda f: f["layers/conv2d/vars"].__delitem__("0"), "weights. Received"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_that_lie_elsewhere_or_nowhere(name, with_weights):
    change, said = WEIGHTS[name]
    assert said in refusal(load_network, with_weights(change))


def test_weights_in_a_circle_end(with_weights):
    path = with_weights(lambda file: file["layers"].update({"again": file["/"]}))
    load_network(path)


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


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (b"[" * 100_000, "only brackets"),
        (b'{"class_name": "Functional"', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b" " * (LARGEST_CONFIG + 1), "of at most"),
        (b"null", "something else"),
        (b'{"class_name": "Functional", "config": ' + b'{"a":' * 500 + b"1" + b"}" * 501, "expected a Keras model"),
    ],
)
def test_descriptions_that_are_none(whole, tmp_path, config, said):
    path = write(tmp_path / "a.keras", {**members(whole[0]), "config.json": config})
    assert said in refusal(load_network, path)


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
    ("name", "said"),
    [
        ("net.h5", "a network in the former format of Keras"),
        ("net.HDF5", "a network in the former format of Keras"),
        ("epoch.weights.h5", "weights without their network"),
        ("net.onnx", "an ONNX network"),
        ("net.pt", "a PyTorch network"),
        ("net.pth", "a PyTorch network"),
        ("net.tflite", "a LiteRT network"),
        ("net.pb", "a TensorFlow graph"),
        ("net.pkl", "a pickle, which could run code"),
        ("net.txt", "a file"),
        ("net.keras", "a Keras network. Name the run folder"),
        ("saved/", "a TensorFlow SavedModel"),
    ],
)
def test_what_is_no_run_folder_is_called_what_it_is(tmp_path, name, said):
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
        (path / "saved_model.pb").touch()
    else:
        path.touch()
    assert said in refusal(load_run, path)


def test_the_run_folder_of_a_network_is_named(tmp_path):
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "best.keras").touch()
    assert refusal(load_run, tmp_path / "best.keras").endswith(f"Name the run folder that it lies in: {tmp_path}.")

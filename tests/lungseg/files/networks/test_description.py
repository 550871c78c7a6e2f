"""The description in a `.keras` file from a stranger: nothing in it runs, or takes all memory."""

import pytest

from lungseg.files.networks import load_network
from lungseg.files.networks.description import LARGEST_CONFIG
from network_archives import members, write
from refusals import refusal


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


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (b"[" * 100_000, "only brackets"),
        (b'{"class_name": "Functional"', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b" " * (LARGEST_CONFIG + 1), "of at most"),
        (b"null", "something else"),
        (
            b'{"class_name": "Functional", "config": ' + b'{"a":' * 500 + b"1" + b"}" * 501,
            "is not registered",
        ),
    ],
)
def test_descriptions_that_are_none(whole, tmp_path, config, said):
    path = write(tmp_path / "a.keras", {**members(whole[0]), "config.json": config})
    assert said in refusal(load_network, path)

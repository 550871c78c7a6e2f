"""What `keras.json` and the environment tell Keras, and how it is told what of it must be mended."""

import json
import os
import subprocess
import sys

import pytest

import lungseg
from lungseg.environment.keras_settings import find_faults, settings_file, why_keras_does_not_start

VARIABLES = ("KERAS_BACKEND", "KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")
NOT_INSTALLED = "openvino"  # a backend of Keras that none of the tests' environments has


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write keras.json into a home of Keras' own; return its path."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert settings_file() == tmp_path / "keras.json"

    def write(content):
        text = json.dumps(content, indent=1) if isinstance(content, dict) else content
        settings_file().write_bytes(text if isinstance(text, bytes) else text.encode())
        return settings_file()

    return write


WELL = {"floatx": "float32", "epsilon": 1e-07}


@pytest.mark.parametrize(
    ("content", "line", "said", "fatal"),
    [
        ({**WELL, "image_data_format": "channels_first"}, 4, "channels come first", False),
        ({**WELL, "image_data_format": "th"}, 4, "expected channels_last. Received: th", True),
        ({**WELL, "backend": "theano"}, 4, "Received: theano", True),
        ({**WELL, "backend": "cntk"}, 4, 'write "backend": "tensorflow" there', True),
        ({**WELL, "backend": "TensorFlow"}, 4, "Received: TensorFlow", True),
        ({**WELL, "backend": None}, 4, "Received: None", True),
        ({**WELL, "backend": NOT_INSTALLED}, 4, "is not installed", True),
        ({**WELL, "backend": "numpy"}, 4, "cannot train with numpy", False),
        ({"floatx": "float16"}, 2, "loses small steps", False),
        ({"floatx": "float64"}, 2, "float64", False),
        ({"floatx": "half"}, 2, "Received: half", True),
        ({"floatx": ["float32"]}, 2, "expected floatx", True),
        ({"epsilon": 1}, 2, "a number with a point", True),
        ({"epsilon": 0.1}, 2, "epsilon is 0.1", False),
        ({"epsilon": -1e-7}, 2, "epsilon is -1e-07", False),
        ({"epsilon": float("nan")}, 2, "epsilon is nan", False),
        ('{"floatx": "float32",\n\n oops', 3, "is not JSON", False),
        ("", 1, "is not JSON", False),
        ("[1]", None, "Received: a list", True),
        ('"tensorflow"', None, "Received: a str", True),
        (b"\xff\xfe{}", None, "is not text", False),
        ("[" * 100_000, None, "too many brackets", True),
    ],
)
def test_a_fault_of_the_file_is_named_with_its_line(written, content, line, said, fatal):
    path = written(content)
    [fault] = find_faults()
    assert fault.where == (f"{path}, line {line}" if line else str(path))
    assert said in fault.what
    assert fault.fatal == fatal
    assert "\n" not in str(fault)
    assert len(str(fault)) < 600


@pytest.mark.parametrize(
    "content", [WELL, {}, {"image_data_format": "channels_last", "backend": "tensorflow"}, {"unknown": "settings"}]
)
def test_a_file_that_is_as_it_should_be(written, content, monkeypatch):
    monkeypatch.setattr("lungseg.environment.keras_settings.find_spec", lambda name: object())
    written(content)
    assert find_faults() == []


def test_no_file(written):
    assert find_faults() == []


def test_a_folder_in_the_place_of_the_file(written):
    settings_file().mkdir()
    [fault] = find_faults()
    assert fault.fatal


@pytest.mark.parametrize(
    ("name", "value", "said", "fatal"),
    [
        ("KERAS_BACKEND", "theano", "Received: theano", True),
        ("KERAS_BACKEND", NOT_INSTALLED, "is not installed. Install it, or unset", True),
        ("KERAS_MAX_EPOCHS", "ten", "Received: 'ten'", True),
        ("KERAS_MAX_EPOCHS", "1", "every training and every prediction ends early", False),
        ("KERAS_MAX_STEPS_PER_EPOCH", "3", "ends early", False),
    ],
)
def test_a_fault_of_the_environment(written, monkeypatch, name, value, said, fatal):
    monkeypatch.setenv(name, value)
    [fault] = find_faults()
    assert fault.where == name
    assert said in fault.what
    assert fault.fatal == fatal


def test_the_variable_goes_before_the_file(written, monkeypatch):
    monkeypatch.setattr("lungseg.environment.keras_settings.find_spec", lambda name: object())
    written({"backend": "theano"})
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert find_faults() == []


def test_other_reasons_are_told_in_one_line(written):
    line = why_keras_does_not_start(RuntimeError("numpy.core\nfailed"))
    assert (
        line == "Keras does not start: RuntimeError: numpy.core failed. Run `lungseg doctor`, which says what to mend."
    )


IMPORTS = """
import sys
import lungseg_course
import lungseg
for _ in range(2):
    try:
        import keras
    except ImportError as error:
        assert isinstance(error, lungseg.InputError)
        assert "keras" not in sys.modules
        print(error)
"""


def in_another_python(code, home, **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_the_import_of_keras_ends_in_that_line_each_time(written):
    path = written({"backend": "theano"})
    done = in_another_python(IMPORTS, path.parent)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
    assert lines[0].startswith(f"{path}, line 2: Keras computes with")


def test_the_network_is_the_same_where_channels_come_first(written):
    import keras

    def shapes():
        model = lungseg.build_unet((32, 32, 1), filters=2, depth=1)
        return [model.output_shape, *(tuple(weight.shape) for weight in model.weights)]

    here = shapes()
    keras.config.set_image_data_format("channels_first")  # as Keras takes it from keras.json
    try:
        assert keras.layers.Conv2D(1, 1).data_format == "channels_first"
        assert shapes() == here
    finally:
        keras.config.set_image_data_format("channels_last")

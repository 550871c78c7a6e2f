"""What is named in place of a run folder is called what it is."""

import pytest

from lungseg import load_run
from refusals import refusal


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

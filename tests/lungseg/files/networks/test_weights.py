"""The weights in a `.keras` file from a stranger: they lie in it, and are as many as it says."""

import h5py
import pytest

from lungseg.files.networks import load_network
from refusals import refusal


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


def of_type(name):
    """Write a weight as numbers of another type."""

    def change(file):
        values = file["layers/conv2d/vars/0"][()]
        del file["layers/conv2d/vars/0"]
        file["layers/conv2d/vars/0"] = values.astype(name)

    return change


WEIGHTS = {
    "external data": (external, "lies in another file"),
    "virtual data": (virtual, "lies in another file"),
    "a link to another file": (lambda f: f.update({"out": h5py.ExternalLink("/etc/other.h5", "/")}), "is a link"),
    "a link within": (lambda f: f["layers"].update({"out": h5py.SoftLink("/optimizer")}), "is a link"),
    "an array that is hardly there": (bomb, "of which"),
    "whole numbers": (of_type("i4"), "floating-point numbers. Received"),
    "a weight that is missing": (lambda f: f["layers/conv2d/vars"].__delitem__("0"), "weights. Received"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_that_lie_elsewhere_or_nowhere(name, with_weights):
    change, said = WEIGHTS[name]
    assert said in refusal(load_network, with_weights(change))


@pytest.mark.parametrize(
    "change", [lambda file: file["layers"].update({"again": file["/"]}), of_type("f8"), of_type("f2")]
)
def test_weights_in_a_circle_or_of_another_precision_are_loaded(change, with_weights):
    load_network(with_weights(change))

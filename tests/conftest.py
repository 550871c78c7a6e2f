"""What the tests of several rooms share."""

import gc

import pytest

from lungseg.phantom import write_phantoms


@pytest.fixture(scope="session")
def phantom_cases(tmp_path_factory):
    """Ten phantoms of 32 x 32, in order. They are shared: a test that changes a file copies it first."""
    return tuple(write_phantoms(tmp_path_factory.mktemp("phantoms"), count=10, size=32))


# TensorFlow and Keras keep very many objects, and looking through them all takes a tenth of the time.
gc.set_threshold(100_000, 50, 100)

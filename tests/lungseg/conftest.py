"""How the tests of lungseg compute."""

import sys

import pytest


@pytest.fixture(autouse=True)
def without_graphs():
    """Without graphs of TensorFlow, once it is there: to trace one takes longer than what most tests compute.

    Where the graph is what a test is about, it says `computing_eagerly(False)`.
    """
    if "tensorflow" not in sys.modules:
        yield
        return
    from trainings import computing_eagerly

    with computing_eagerly():
        yield

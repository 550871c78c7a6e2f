import numpy as np
import pytest

from cells import CELLS, LABELS
from predicting import write_run
from stand_ins import channel_network, save_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A run whose network calls lung what is dark."""
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="session")
def bright_square():
    """Grey noise, 60 rows, 100 columns, with a bright square in rows 20 to 39, columns 40 to 79; no black border."""
    image = np.random.default_rng(0).integers(90, 110, (60, 100)).astype(np.uint8)
    image[20:40, 40:80] = 200
    image.flags.writeable = False
    return image


@pytest.fixture(scope="session")
def cells(tmp_path_factory):
    """A run that finds a nucleus where it is red, an edge where it is green, and never both."""
    return save_run(tmp_path_factory.mktemp("runs") / "cells", channel_network(), CELLS, preparation=None)


@pytest.fixture(scope="session")
def labels(tmp_path_factory):
    """A run that finds both where it is red and green."""
    network = channel_network(exclusive=False)
    return save_run(tmp_path_factory.mktemp("runs") / "labels", network, LABELS, preparation=None)

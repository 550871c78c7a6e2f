import numpy as np
import pytest

from predicting import write_run


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

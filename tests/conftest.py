"""What the tests of several rooms share."""

import pytest

from lungseg.phantom import write_phantoms


@pytest.fixture(scope="session")
def phantom_cases(tmp_path_factory):
    """Ten phantoms of 32 x 32, in order. They are shared: a test that changes a file copies it first."""
    return tuple(write_phantoms(tmp_path_factory.mktemp("phantoms"), count=10, size=32))

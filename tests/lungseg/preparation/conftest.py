import pytest

from raw_sources import make_source


@pytest.fixture
def raw(tmp_path):
    """A folder of three radiographs and masks: a, b and c."""
    return make_source(tmp_path / "raw")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"

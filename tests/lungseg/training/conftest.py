"""Cases, and a training of them that the tests share."""

import pytest

from lungseg import train
from lungseg.phantom import write_phantoms
from trainings import SMALL, computing_eagerly


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Twelve phantoms of 32 x 32: 8 to train, 2 to validate, 2 to test."""
    folder = tmp_path_factory.mktemp("cases")
    write_phantoms(folder, count=12, size=32)
    return folder


@pytest.fixture(scope="session")
def finished_with_lines(folder, tmp_path_factory):
    with computing_eagerly():
        lines = []
        run = train(folder, tmp_path_factory.mktemp("finished") / "run", epochs=3, **{**SMALL, "report": lines.append})
    return run, lines


@pytest.fixture(scope="session")
def finished(finished_with_lines):
    """A training of three epochs. A test that goes on with it copies its folder first."""
    return finished_with_lines[0]

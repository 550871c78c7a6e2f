"""`lungseg doctor`: what it looks at, and what it says to mend."""

import shutil
from pathlib import Path

import pytest

from lungseg.doctor import examine
from lungseg.phantom import write_phantoms


@pytest.fixture
def doctor(cache):
    """Run the doctor with an empty cache and without LUNGSEG_DATA: the number of problems, and its lines as a text."""

    def run():
        lines = []
        return examine(lines.append), "\n".join(lines)

    return run


@pytest.fixture
def healthy(monkeypatch):
    """Keras is taken for healthy, and not asked, which takes seconds."""
    monkeypatch.setattr("lungseg.doctor.TRIAL", "print('a device')")


@pytest.mark.slow
def test_versions_device_and_data_are_named(doctor, cache):
    problems, text = doctor()
    assert problems == 0, text
    for word in ("Python", "keras", "phantoms", str(cache), "All is well."):
        assert word in text
    assert "CPU core" in text or "GPU" in text


@pytest.mark.parametrize(
    ("trial", "reason"),
    [
        ("import os; os.write(2, b'compiled to use AVX instructions\\n'); os.abort()", "compiled to use AVX"),
        ("raise ImportError('no such library')", "ImportError: no such library"),
        ("import os; os._exit(3)", "it ended with 3"),
    ],
)
def test_why_keras_does_not_start(doctor, monkeypatch, trial, reason):
    monkeypatch.setattr("lungseg.doctor.TRIAL", trial)
    problems, text = doctor()
    assert problems > 0
    assert f"To mend: Keras does not start: {reason}" in text


@pytest.mark.usefixtures("healthy")
def test_a_folder_of_data_that_is_missing(doctor, monkeypatch, tmp_path):
    monkeypatch.setenv("LUNGSEG_DATA", str(tmp_path / "absent"))
    problems, text = doctor()
    assert problems == 1
    assert "To mend: LUNGSEG_DATA" in text
    assert "absent" in text


@pytest.mark.usefixtures("healthy")
def test_caches_that_cannot_be_written(doctor, cache, monkeypatch):
    monkeypatch.setattr("lungseg.doctor.os.access", lambda path, mode: Path(path) != cache)
    cache.write_text("a file")
    assert "is a file" in doctor()[1]
    cache.unlink()
    write_phantoms(cache / "phantoms", count=1, size=32)
    assert "the sets in it can be used" in doctor()[1]
    shutil.rmtree(cache / "phantoms")
    assert "set LUNGSEG_CACHE to a folder of your own" in doctor()[1]

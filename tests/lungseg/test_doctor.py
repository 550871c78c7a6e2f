"""`lungseg doctor`: what it looks at, and what it says to mend."""

import shutil
import sys
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
    monkeypatch.setattr("lungseg.doctor.TRIAL_OF_COMPILED", "")


@pytest.mark.slow
@pytest.mark.thorough
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
@pytest.mark.usefixtures("healthy")
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


@pytest.mark.usefixtures("healthy")
def test_what_keras_is_told_is_looked_at(doctor, monkeypatch, tmp_path):
    (tmp_path / "keras.json").write_text('{\n "image_data_format": "channels_first"\n}')
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    problems, text = doctor()
    assert problems == 1
    assert f"To mend: {tmp_path / 'keras.json'}, line 2: channels come first" in text
    # Keras' own words add nothing where the file is what stops it.
    (tmp_path / "keras.json").write_text('{"epsilon": 1}')
    monkeypatch.setattr("lungseg.doctor.TRIAL", "raise ValueError('Invalid `epsilon` configuration')")
    assert "does not start" not in doctor()[1]


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("file", "name"),
    [("keras.py", "keras"), ("lungseg.py", "lungseg"), ("numpy/__init__.py", "numpy"), ("random.py", "random")],
)
def test_files_that_hide_a_package(doctor, monkeypatch, tmp_path, file, name):
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.touch()
    (tmp_path / "my_keras.py").touch()
    (tmp_path / "scipy").mkdir()  # a folder without Python in it hides nothing
    monkeypatch.chdir(tmp_path)
    problems, text = doctor()
    assert problems == 1
    assert f"hides the package {name} from" in text


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("patched", "value", "said"),
    [
        ("sys.maxsize", 2**31 - 1, "this Python has 32 bits"),
        ("importlib.metadata.version", lambda name: "1.9", 'pip install "keras>='),
        ("os.sysconf", lambda name: 1000, "of memory is free"),
        ("tempfile.gettempdir", lambda: (_ for _ in ()).throw(FileNotFoundError()), "set TMPDIR"),
        ("TRIAL_OF_COMPILED", "print('scipy', 'ValueError: numpy.dtype size changed', sep='\\t')", "scipy cannot be"),
    ],
)
def test_what_else_can_be_wrong(doctor, monkeypatch, patched, value, said):
    monkeypatch.setattr(f"lungseg.doctor.{patched}", value)
    problems, text = doctor()
    assert problems > 0
    assert said in text


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("backend", "display", "problems"), [("TkAgg", "", 1), ("TkAgg", ":0", 0), ("Agg", "", 0), ("nonsense", ":0", 1)]
)
def test_a_back_end_of_matplotlib_that_needs_a_display_or_is_none(doctor, monkeypatch, backend, display, problems):
    monkeypatch.setattr("lungseg.doctor.sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("MPLBACKEND", backend)
    assert doctor()[0] == problems


@pytest.mark.usefixtures("healthy")
def test_keras_in_two_places(doctor, monkeypatch, tmp_path):
    for place in ("one", "two"):
        folder = tmp_path / place / "keras-3.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.99\n")
    monkeypatch.setattr("sys.path", [str(tmp_path / "one"), str(tmp_path / "two"), *sys.path])
    assert "keras is installed" in doctor()[1]

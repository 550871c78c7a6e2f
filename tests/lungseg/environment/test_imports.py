"""What TensorFlow writes while it is imported is held back, and shown if the import fails."""

import os
import subprocess
import sys

import pytest

from lungseg.environment import held_back


@pytest.fixture
def import_tensorflow(tmp_path):
    """Import lungseg, then a stand-in for TensorFlow that runs some code; return how Python ended."""

    def run(code):
        (tmp_path / "tensorflow.py").write_text(f"import os\nos.write(2, b'from C++\\n')\n{code}\n")
        path = os.pathsep.join([str(tmp_path), *sys.path])
        command = [sys.executable, "-c", "import lungseg, tensorflow; print(tensorflow.value)"]
        return subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )

    return run


def test_notices_are_held_back(import_tensorflow):
    done = import_tensorflow("value = 3")
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("3", "", 0)


def test_notices_are_shown_if_the_import_fails(import_tensorflow):
    done = import_tensorflow("raise ImportError('no such library')")
    assert done.returncode != 0
    assert "from C++" in done.stderr
    assert "no such library" in done.stderr


def test_without_an_error_stream_nothing_is_held_back(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)  # as under pythonw, and where the stream was closed
    done = []
    with held_back():
        done.append(1)
    assert done

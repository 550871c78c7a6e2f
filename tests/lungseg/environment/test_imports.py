"""What TensorFlow writes while it is imported is held back, and shown if the import fails."""

import os
import subprocess
import sys

import pytest

from lungseg.environment import held_back

# What a notebook and a command do before they import anything else.
COURSE = "import lungseg_course"
COMMAND = "from lungseg.cli import main; main(['--version'], standalone_mode=False)"


@pytest.fixture
def import_tensorflow(tmp_path):
    """Do something first, then import a stand-in for TensorFlow that runs some code; return how Python ended."""

    def run(first, code="value = 3"):
        (tmp_path / "tensorflow.py").write_text(f"import os\nos.write(2, b'from C++\\n')\n{code}\n")
        path = os.pathsep.join([str(tmp_path), *sys.path])
        command = [sys.executable, "-c", f"{first}; import tensorflow; print(tensorflow.value)"]
        return subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.parametrize("first", [COURSE, COMMAND])
def test_notices_are_held_back(import_tensorflow, first):
    done = import_tensorflow(first)
    assert (done.stdout.split()[-1], done.stderr, done.returncode) == ("3", "", 0)


def test_notices_are_shown_if_the_import_fails(import_tensorflow):
    done = import_tensorflow(COURSE, "raise ImportError('no such library')")
    assert done.returncode != 0
    assert "from C++" in done.stderr
    assert "no such library" in done.stderr


def test_the_package_alone_holds_nothing_back(import_tensorflow):
    assert import_tensorflow("import lungseg").stderr == "from C++\n"


STATE = """
import os, sys, warnings
def state():
    streams = [sys.stdout, sys.stderr, os.fstat(1).st_ino, os.fstat(2).st_ino]
    hooks = [list(sys.meta_path), list(sys.path_hooks), sys.excepthook, sys.displayhook]
    return [list(sys.path), dict(os.environ), list(warnings.filters), *streams, *hooks]
before = state()
import lungseg
from lungseg import InputError
assert state() == before, [pair for pair in zip(before, state()) if pair[0] != pair[1]]
"""


def test_importing_the_package_changes_nothing_else():
    # No variable that is set already could hide that one is set.
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "KERAS_"))}
    done = subprocess.run([sys.executable, "-c", STATE], env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_an_error_stream_nothing_is_held_back(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)  # as under pythonw, and where the stream was closed
    done = []
    with held_back():
        done.append(1)
    assert done

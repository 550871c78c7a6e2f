"""Where a package is missing, a command says in one line what to install."""

import json
import subprocess
import sys

import pytest

from lungseg.environment.missing import say_what_to_install
from lungseg.phantom import write_phantoms

pytestmark = pytest.mark.slow

# The commands, in a Python that has not the packages it is told.
COMMANDS = """
import json, sys
from click.testing import CliRunner
from lungseg.cli import main

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[2:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
for command in json.loads(sys.argv[1]):
    done = CliRunner().invoke(main, command)
    print(json.dumps([done.exit_code, done.output, repr(done.exception)]))
"""
NEED_KERAS = [
    ["train", "cases", "run"],
    ["evaluate", "pretrained", "--cases", "cases", "--out", "out"],
    ["predict", "film.png", "--model", "pretrained"],
]


@pytest.mark.parametrize(
    ("missing", "commands", "said"),
    [
        (["keras"], NEED_KERAS, "keras is not installed. Run `pip install keras tensorflow`"),
        (["matplotlib"], NEED_KERAS[1:2], "matplotlib is not installed. Run `pip install matplotlib`"),
    ],
    ids=lambda value: value[0] if isinstance(value[0], str) else "",
)
def test_what_is_missing_is_named(tmp_path, missing, commands, said):
    write_phantoms(tmp_path / "cases", count=1, size=32)
    (tmp_path / "film.png").touch()
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps(commands), *missing],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(commands)
    for code, output, raised in results:
        assert (code, raised) == (1, "SystemExit(1)")
        assert output.splitlines()[-1].startswith(f"Error: {said}")
        assert "Traceback" not in output


def test_a_module_of_the_package_itself_is_a_fault():
    assert say_what_to_install(ModuleNotFoundError("", name="lungseg.absent")) is None
    assert say_what_to_install(ModuleNotFoundError("")) is None


def test_another_python_than_that_of_the_course(tmp_path, monkeypatch):
    error = ModuleNotFoundError("No module named 'nbformat'", name="nbformat")
    monkeypatch.setattr("lungseg.environment.missing.PROJECT", tmp_path)
    assert "pip install nbformat" in say_what_to_install(error)
    activate = tmp_path / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.touch()
    assert say_what_to_install(error).endswith(f"Run `source {activate}` first, then this again.")
    monkeypatch.setattr("sys.prefix", str(tmp_path / ".venv"))
    assert "pip install nbformat" in say_what_to_install(error)

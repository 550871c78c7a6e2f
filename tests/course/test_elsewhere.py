"""The files by which Binder and Codespaces set the course up: what they name is there."""

import json
import os
import re
import shlex

import pytest

from lungseg_course.__main__ import main
from lungseg_course.engine.exercises import NOTEBOOKS
from small_sources import ROOT

CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))


def lines_of(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_all_of_them_take_a_python_that_the_tests_run_on():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    tested = re.search(r"python: \[(.*)\]", workflow)[1]
    for named in (lines_of("binder/runtime.txt")[0], CONTAINER["image"]):
        assert f'"{re.search("3[.][0-9]+", named)[0]}"' in tested


def test_binder_installs_what_a_student_installs():
    for line in lines_of("binder/requirements.txt"):
        option, path = line.split()
        assert option in ("--requirement", "--constraint")
        assert (ROOT / "binder" / path).is_file()


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_binder_can_run_its_last_step():
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)


COMMANDS = [*lines_of("binder/postBuild")[1:], *CONTAINER["postCreateCommand"].split(" && ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_step_runs_a_command_that_exists(line, capsys):
    program, *arguments = shlex.split(line)
    if program == "pip":
        assert all((ROOT / each).is_file() for each in arguments if each.endswith(".txt"))
    elif arguments[0] == "-c":
        compile(arguments[1], line, "exec")
    else:
        assert [program, *arguments[:2]] == ["python", "-m", "lungseg_course"]
        with pytest.raises(SystemExit) as ended:
            main([*arguments[2:], "--help"])
        assert ended.value.code == 0


def test_the_container_opens_a_notebook_and_runs_a_file_that_are_there():
    (first,) = CONTAINER["customizations"]["codespaces"]["openFiles"]
    assert first == f"my_course/{NOTEBOOKS['1']}"
    startup = CONTAINER["containerEnv"]["PYTHONSTARTUP"].removeprefix("${containerWorkspaceFolder}/")
    assert (ROOT / startup).is_file()

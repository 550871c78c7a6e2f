"""`.venv`: set up once, added to, mended when the folder was moved; what a student needs, and what not."""

import ast
import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import set_up

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment with programs in it, and a file that says that it is ready."""
    monkeypatch.delenv("GOAL", raising=False)
    venv = tmp_path / "before" / ".venv"
    packages = venv / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    (packages / "pip").mkdir(parents=True)
    (packages / "pip" / "__init__.py").touch()
    (packages / "__editable__.course.pth").write_text(f"{venv.parent}\n", encoding="utf-8")
    (venv.parent / "in_the_project.py").write_text("name = 'found'\n", encoding="utf-8")
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (venv / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n", encoding="utf-8")
    program = "import sys, in_the_project; print(in_the_project.name, *sys.argv[1:])\n"
    python = venv / "bin" / "python"
    starts = {"plain": f"#!{python}\n", "quoted": f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"}
    for name, start in starts.items():
        (venv / "bin" / name).write_text(start + program, encoding="utf-8")
        (venv / "bin" / name).chmod(0o755)
    ready = {"extras": [], "files": set_up.mark_of_files(), "folder": os.path.realpath(venv)}
    set_up.write_state(venv, ready)
    return venv


@pytest.fixture
def installed(monkeypatch):
    """What would have been installed: the extras, each time."""
    done = []

    def install(venv, extras):
        venv.mkdir(exist_ok=True)
        done.append(extras)

    monkeypatch.setattr(set_up, "install", install)
    return done


def test_nothing_is_done_and_nothing_said_if_all_is_well(venv, installed, capsys):
    set_up.set_up([], venv)
    assert installed == []
    assert capsys.readouterr().out == ""


def test_extras_are_added_and_stay(venv, installed):
    set_up.set_up(["dev"], venv)
    set_up.set_up([], venv)
    set_up.set_up(["dicom"], venv)
    assert installed == [["dev"], ["dev", "dicom"]]


@pytest.mark.parametrize("ready", ["", "{}", "[]", '{"extras": [], "files": "of before", "folder": "?"}'])
def test_it_is_set_up_again_when_its_files_have_changed_or_it_was_not_finished(venv, installed, ready):
    (venv / "ready").write_text(ready.replace("?", str(venv)), encoding="utf-8")
    set_up.set_up([], venv)
    set_up.set_up([], venv)
    assert installed == [[]]
    assert (venv / "bin" / "plain").is_file(), "what is there is used"


@pytest.mark.parametrize("name", ["after", "after a year", "before_2"])
def test_a_folder_that_was_moved_is_mended(venv, installed, tmp_path, capsys, name):
    moved = venv.parent.rename(tmp_path / name) / ".venv"
    set_up.set_up([], moved)
    assert installed == []
    assert f"The folder was {tmp_path / 'before'} before" in capsys.readouterr().out
    for program in ("plain", "quoted"):
        done = subprocess.run([moved / "bin" / program, "a b"], capture_output=True, text=True, check=True)
        assert done.stdout == "found a b\n"
    set_up.set_up([], moved)
    assert capsys.readouterr().out == ""


def test_a_link_to_the_environment_of_another_copy_is_left_alone(venv, installed, tmp_path, capsys):
    link = tmp_path / ".venv"
    link.symlink_to(venv)
    set_up.set_up([], link)
    assert (installed, capsys.readouterr().out) == ([], "")


def test_an_environment_whose_python_is_gone_is_made_anew(venv, installed, capsys):
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3.11")
    set_up.set_up(["dev"], venv)
    assert installed == [["dev"]]
    assert [path.name for path in venv.iterdir()] == ["ready"]
    assert "it is made anew" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "there", "way"),
    [
        ((3, 9, 6), ["python3.13"], "There is a python3.13 on this computer: make PYTHON=python3.13 lab"),
        ((3, 14, 0), [], "Get one from python.org, then name it: make PYTHON=python3.12 lab"),
    ],
)
def test_another_python_is_refused_before_anything_is_done(
    tmp_path, installed, monkeypatch, capsys, version, there, way
):
    monkeypatch.setattr(set_up.sys, "version_info", version)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: name in there)
    monkeypatch.setattr(set_up, "VENV", tmp_path / ".venv")
    monkeypatch.setenv("GOAL", "lab")
    assert set_up.main([]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Python 3.11, 3.12 or 3.13 is needed. Found: Python ")
    assert told.endswith(f". {way}\n")
    assert installed == []


# ---- Installing --------------------------------------------------------------------------------


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """The commands that would have been run; those that hold the word in `fails` end with an error."""
    run = []

    def call(words, **options):
        run.append(" ".join(words))
        return int(commands.fails in words)

    def call_briefly(*words, env):
        if call([str(word) for word in words]):
            raise set_up.SetUpError("it ended with 1.")

    def commands():
        return run

    commands.fails = "nothing"
    monkeypatch.setattr(set_up.subprocess, "call", call)
    monkeypatch.setattr(set_up, "run_briefly", call_briefly)
    monkeypatch.setattr(set_up.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=""))
    monkeypatch.setattr(set_up, "light_is_enough", lambda venv, extras: "gpu" not in extras)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    monkeypatch.delenv("LUNGSEG_INSTALLER", raising=False)
    return commands


def test_uv_installs_the_packages_of_a_student_without_what_a_graphics_card_needs(venv, commands):
    set_up.install(venv, [])
    uv, packages = commands()[-2:]
    assert uv.endswith("pip install --quiet uv -c constraints.txt")
    assert f"-m uv pip install --python {venv}/bin/python tensorflow-cpu -r requirements.txt -c constr" in packages
    assert packages.endswith(f"--override {venv}/without_tensorflow.txt")


def test_a_developer_gets_the_extra_beside_it(venv, commands):
    set_up.install(venv, ["dev", "gpu"])
    assert commands()[-1].endswith("-r requirements.txt -c constraints.txt -e .[dev,gpu]")


@pytest.mark.parametrize("where", ["--quiet", "--python"])
def test_pip_installs_where_uv_cannot(venv, commands, capsys, where):
    commands.fails = where  # uv is not to be had; or it finds no registry
    set_up.install(venv, [])
    assert commands()[-1].endswith("-m pip install -r requirements.txt -c constraints.txt")
    assert "uv could not: " in capsys.readouterr().out


def test_uv_can_be_left_out(venv, commands, monkeypatch):
    monkeypatch.setenv("LUNGSEG_INSTALLER", "pip")
    set_up.install(venv, [])
    assert not any("uv" in command.split() for command in commands())


def test_an_extra_that_there_is_not_is_named(venv, commands):
    with pytest.raises(set_up.SetUpError, match=r"expected extras of pyproject.toml: gpu, dicom.*Received: dicm"):
        set_up.install(venv, ["dicm"])
    assert commands() == []


@pytest.mark.parametrize(
    ("system", "machine", "extras", "there", "light"),
    [
        ("linux", "x86_64", [], [], True),
        ("linux", "x86_64", ["gpu"], [], False),
        ("linux", "x86_64", [], ["nvidia-smi"], False),
        ("linux", "aarch64", [], [], False),
        ("darwin", "arm64", [], [], False),
    ],
)
def test_where_the_light_tensorflow_is_enough(tmp_path, monkeypatch, system, machine, extras, there, light):
    monkeypatch.setattr(set_up.sys, "platform", system)
    monkeypatch.setattr(set_up.platform, "machine", lambda: machine)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: name in there)
    monkeypatch.setattr(set_up, "DRIVER", tmp_path / "no driver")
    assert bool(set_up.light_is_enough(tmp_path, extras)) == light
    (tmp_path / "lib/python3.12/site-packages/tensorflow-2.21.0.dist-info").mkdir(parents=True)
    assert not set_up.light_is_enough(tmp_path, extras), "one is there already"


UV = """\
import sys
sys.stderr.write(sys.argv[1])
sys.exit(int(sys.argv[2]))
"""


@pytest.mark.parametrize("code", [0, 2])
def test_of_uv_one_sees_downloads_and_sums_and_not_a_line_for_each_package(capsys, code):
    seen = ["Resolved 139 packages in 1.20s\n", "Downloading tensorflow-cpu (230.1MiB)\n", " Downloaded numpy\n"]
    seen += ["Installed 139 packages in 3.10s\n", "warning: é + b==1\n", "error: no such version\n"]
    written = "".join(
        [*seen[:4], " + numpy==2.3.1\n", " - pip==24.0\n", " ~ lungseg==0.3.0 (from file:///x)\n", *seen[4:]]
    )
    with pytest.raises(set_up.SetUpError, match="ended with 2") if code else contextlib.nullcontext():
        set_up.run_briefly(sys.executable, "-c", UV, written, code, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    assert capsys.readouterr().err == "".join(seen)


def test_uv_is_told_what_pip_was_told(venv, commands, monkeypatch):
    told = "global.index-url='https://mirror.example/simple'\n:env:.proxy='http://proxy.example'\nglobal.timeout='9'\n"
    monkeypatch.setattr(set_up.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=told))
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("ALL_PROXY", "http://mine.example")
    settings = set_up.for_uv(venv)
    assert settings["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert settings["ALL_PROXY"] == "http://mine.example"


# ---- What a student needs ----------------------------------------------------------------------

# Where a package is called otherwise than its module, and what comes with one that is named.
PACKAGES = {"skimage": "scikit-image", "PIL": "pillow", "IPython": "jupyterlab", "nbformat": "nbclient"}
PACKAGES |= {"h5py": "keras", "urllib3": "requests", "jupyter_server": "jupyterlab"}
WITHOUT_IT_A_LINE_SAYS_SO = {"pydicom", "highdicom", "jax", "torch"}


def imported_by(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_a_student_has_what_the_packages_the_notebooks_and_the_demo_import():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = {re.split("[<>=]", line)[0] for line in lines if line[0].isalpha()}
    files = [path for folder in ("lungseg", "lungseg_course", "course") for path in (ROOT / folder).rglob("*.py")]
    of_a_student = [path for path in files if path.parts[-2] != "course" or path.name[0].isupper()]
    of_a_student = [path for path in of_a_student if "grader" not in path.parts] + [ROOT / "course" / "demo.py"]
    modules = {name for path in of_a_student for name in imported_by(path)} - {"lungseg", "lungseg_course"}
    needed = {PACKAGES.get(name, name) for name in modules - sys.stdlib_module_names - WITHOUT_IT_A_LINE_SAYS_SO}
    assert needed <= named
    assert not named & {"nbgrader", "jupytext", "pytest", "ruff", "mypy", "jupyter", "notebook"}

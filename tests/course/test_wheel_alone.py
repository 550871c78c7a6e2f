"""A student who has the wheel alone: update makes a folder to work in, from the notebooks that the wheel brings."""

import sys
import tomllib
from types import SimpleNamespace

import pytest

import build
from lungseg_course import __main__ as command
from lungseg_course.updating import copies, installed
from small_sources import ROOT, change_source, edit, read

TRAIN = "Train_UNET.ipynb"


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def home(built, tmp_path_factory, monkeypatch):
    """A student's home folder, which is empty, where the small course is installed from a wheel."""
    monkeypatch.setattr(copies, "installed_notebooks", lambda: built.root)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.chdir(home)
    return home


def test_update_makes_the_student_s_folder_and_keeps_it_up_to_date(built, home, monkeypatch, capsys):
    given = contents(built.root)
    assert command.main(["update"]) == 0
    mine = home / "my_course"
    copied = contents(mine)
    assert {path: copied[path] for path in copies.NOTEBOOKS.values()} == {
        path: given[path] for path in copies.NOTEBOOKS.values()
    }
    edit(mine / TRAIN, lambda notebook: notebook.cells[1].update(source="# Exercise 4.1\ntwice = 2 .__mul__"))
    change_source(built, "# # Counting", "# # Counting better")
    build.write(built)
    given = contents(built.root)
    monkeypatch.chdir(mine / "Data_Generator")
    assert command.main(["update"]) == 0
    assert "my_course/Train_UNET.ipynb: up to date, with 1 new" in capsys.readouterr().out
    assert [cell.source[:18] for cell in read(mine / TRAIN).cells[:2]] == ["# Counting better\n", "# Exercise 4.1\ntwi"]
    assert [path.name for path in home.iterdir()] == ["my_course"]
    assert contents(built.root) == given, "what is installed stays as it is"


def test_all_notebooks_are_in_the_wheel():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["data-files"]
    brought = {
        f"{folder}/{path.name}".removeprefix(f"{installed.PLACE}/"): path.relative_to(ROOT).as_posix()
        for folder, patterns in settings.items()
        for pattern in patterns
        for path in ROOT.glob(pattern)
    }
    assert {path: brought.get(path) for path in copies.NOTEBOOKS.values()} == {
        path: path for path in copies.NOTEBOOKS.values()
    }


def test_the_notebooks_are_found_where_they_were_installed(built, monkeypatch):
    listed = SimpleNamespace(
        as_posix=lambda: f"../../../{installed.PLACE}/Data_Generator/DataGenerator.ipynb",
        locate=lambda: built.root / "Data_Generator" / "DataGenerator.ipynb",
    )
    monkeypatch.setattr(installed, "files", lambda name: [listed])
    assert installed.installed_notebooks() == built.root.resolve()
    monkeypatch.setattr(installed, "files", lambda name: None)
    assert installed.installed_notebooks() is None


def test_what_reads_notebooks_may_be_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    monkeypatch.delitem(sys.modules, "lungseg_course.updating.copies")
    assert command.main(["update"]) == 1
    assert capsys.readouterr().err.startswith("nbformat is not installed. Run `pip install nbformat`")

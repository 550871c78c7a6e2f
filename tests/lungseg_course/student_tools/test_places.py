"""Where what a student makes is kept: on Colab, on a JupyterHub, in folders that cannot be written to."""

import os
import sys
from types import ModuleType

import pytest

from lungseg.errors import InputError
from lungseg_course import check, find_course, keep_in_drive, places, record
from tiny_course import double


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """An empty home folder, and none of the settings."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in (record.CHOSEN, "LUNGSEG_CACHE", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, "")  # so that it is put back, whatever a test does
        monkeypatch.delenv(name)
    return home


@pytest.fixture
def colab(tmp_path_factory, monkeypatch):
    """A machine of Colab, with a Drive that can be mounted; the folder of the Drive."""
    mounted_at = tmp_path_factory.mktemp("content") / "drive"
    drive = ModuleType("google.colab.drive")
    drive.mount = lambda where: (mounted_at / "MyDrive").mkdir(parents=True)
    for name, module in (
        ("google", ModuleType("google")),
        ("google.colab", ModuleType("google.colab")),
        ("google.colab.drive", drive),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(places, "IN_DRIVE", mounted_at / "MyDrive" / "lungseg-course")
    return places.IN_DRIVE


def read_only(monkeypatch, *folders):
    really = places._can_write
    monkeypatch.setattr(places, "_can_write", lambda folder: folder not in folders and really(folder))


def test_on_most_machines_there_is_nothing_to_find_and_nothing_to_say(course, home, capsys):
    find_course()
    assert capsys.readouterr().out == ""
    assert record.course_root() == course
    assert record.CHOSEN not in os.environ
    assert not any(home.iterdir())
    assert [path.name for path in course.iterdir()] == ["Train_UNET.ipynb"]


@pytest.mark.parametrize("named", ["{home}/mine", "~/mine"])
def test_a_folder_that_is_named_is_made_and_used(course, home, capsys, monkeypatch, named):
    monkeypatch.setenv(record.CHOSEN, named.format(home=home))
    find_course()
    assert capsys.readouterr().out == ""
    check("1.1", double)
    assert (home / "mine" / record.FILE).is_file()
    assert not (course / record.FILE).exists()


def test_a_folder_that_cannot_be_used_is_a_line(course, monkeypatch):
    monkeypatch.setenv(record.CHOSEN, str(course / "Train_UNET.ipynb"))
    with pytest.raises(InputError, match=r"LUNGSEG_COURSE: expected a folder of your own\. Received: .*Name another"):
        find_course()


def test_on_colab_the_student_is_asked_and_all_goes_on_without_a_drive(course, colab, capsys):
    find_course()
    asked = " ".join(capsys.readouterr().out.split())
    assert asked.startswith("Colab forgets what you hand in when the session ends.")
    assert "lungseg_course.keep_in_drive()" in asked
    assert "Google then asks" in asked
    assert record.course_root() == course
    assert not colab.parent.exists()


def test_in_the_drive_notebook_4_finds_what_notebook_1_handed_in(course, colab, capsys, monkeypatch):
    handed_in = "Data_Generator/DataGenerator.py"
    (course / "Data_Generator").mkdir()
    (course / handed_in).write_text("first", encoding="utf-8")
    check("1.1", double)
    keep_in_drive()
    assert "in your Google Drive, in the folder lungseg-course." in " ".join(capsys.readouterr().out.split())
    assert (colab / handed_in).read_text(encoding="utf-8") == "first"
    assert (colab / record.FILE).is_file()
    # The next notebook has a machine of its own, to which the student has given the Drive as well.
    monkeypatch.delenv(record.CHOSEN)
    (course / handed_in).unlink()
    find_course()
    assert capsys.readouterr().out.startswith("What you hand in is kept in your Google Drive")
    assert (record.course_root() / handed_in).is_file()
    assert record.tried("1.1")


def test_what_is_in_the_drive_already_is_not_overwritten(course, colab):
    colab.mkdir(parents=True)
    (colab / record.FILE).write_text("{}", encoding="utf-8")
    sys.modules["google.colab.drive"].mount = lambda where: None
    check("1.1", double)
    keep_in_drive()
    assert (colab / record.FILE).read_text(encoding="utf-8") == "{}"


def test_a_drive_that_is_refused_is_a_line(course, colab):
    def refuse(where):
        raise ValueError("mount failed\nat all")

    sys.modules["google.colab.drive"].mount = refuse
    with pytest.raises(InputError, match=r"^Your Google Drive cannot be used \(mount failed at all\)\."):
        keep_in_drive()
    assert record.course_root() == course


def test_elsewhere_there_is_no_drive(course):
    with pytest.raises(InputError, match="expected Google Colab"):
        keep_in_drive()


def test_a_course_that_can_only_be_read_is_worked_on_in_the_home_folder(course, home, capsys, monkeypatch):
    read_only(monkeypatch, course)
    find_course()
    assert " ".join(capsys.readouterr().out.split()).endswith("so what you hand in is kept in ~/lungseg-course.")
    check("1.1", double)
    assert (home / "lungseg-course" / record.FILE).is_file()


def test_where_nothing_can_be_written_it_is_said_what_to_do(course, home, capsys, monkeypatch):
    read_only(monkeypatch, course, home, home / "lungseg-course")
    find_course()
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("Nothing can be written to ")
    assert 'os.environ["LUNGSEG_COURSE"] = "/path/to/it"' in told


def test_with_a_home_folder_that_can_only_be_read_the_cache_is_in_the_course(course, home, capsys, monkeypatch):
    read_only(monkeypatch, home)
    monkeypatch.setenv("MPLCONFIGDIR", "chosen")
    find_course()
    assert capsys.readouterr().out == ""
    assert os.environ["LUNGSEG_CACHE"] == str(course / "cache")
    assert os.environ["MPLCONFIGDIR"] == "chosen"

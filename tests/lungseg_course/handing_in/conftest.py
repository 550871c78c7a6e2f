"""An empty course to hand in to, and a notebook to hand in from."""

import sys

import pytest

from handed_in import Notebook, exercise, look_at_length, look_at_six
from lungseg_course.chapters import chapter_1, chapter_2, chapter_3


@pytest.fixture
def notebook():
    notebook = Notebook()
    yield notebook
    notebook.close()


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """An empty course with exercises that ask for little: build_unet(3) is to be 6."""
    monkeypatch.setattr(chapter_1, "EXERCISES", (exercise("1.3", "DataGenerator", look_at_length),))
    monkeypatch.setattr(chapter_2, "EXERCISES", (exercise("2.2", "build_unet", look_at_six),))
    looks = exercise("3.2", "dice_loss", look_at_six), exercise("3.3", "Dice", lambda dice, rng: dice())
    monkeypatch.setattr(chapter_3, "EXERCISES", looks)
    (tmp_path / "Train_UNET.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = {name: module for name, module in sys.modules.items() if name.startswith("student_")}
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("student_")]:
        del sys.modules[name]
    sys.modules.update(before)

"""hand_in(): what is taken, what is refused, and what is said."""

import json
import sys

import numpy as np
import pytest

import lungseg
from handed_in import CLASS, UNET, exercise, in_words, look_at_six, written
from kernels import Kernel
from lungseg.errors import InputError
from lungseg_course import check, hand_in, todo, use
from lungseg_course.chapters import chapter_2
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.notebook import cells


def test_a_class_is_handed_in(notebook, course, capsys):
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert in_words(capsys.readouterr().out) == (
        f"Handed in: DataGenerator → Data_Generator/DataGenerator.py (checked), in {course}. Notebook 4 will use it."
    )
    assert len(use("DataGenerator")([1, 2, 3], 2)) == 2


def test_loss_and_metric_go_into_one_file(notebook, course, capsys):
    notebook.cell("SMOOTH = 1\n\n\ndef overlap(n):\n    return 2 * n * SMOOTH")
    notebook.cell("def dice_loss(n):\n    return overlap(n)")
    notebook.cell("class Dice:\n    def result(self):\n        return overlap(2)")
    hand_in(notebook.names["Dice"], notebook.names["dice_loss"])
    out = capsys.readouterr().out
    assert out.startswith("Handed in: dice_loss, Dice → Loss_Metrics/LossMetrics.py")
    assert (course / "Loss_Metrics/LossMetrics.py").read_text(encoding="utf-8").count("def overlap") == 1
    loss, metric = use("dice_loss"), use("Dice")
    assert (loss(3), metric().result()) == (6, 4)
    assert (loss.__module__, metric.__module__) == ("student_dice_loss", "student_Dice")
    assert sys.modules["student_dice_loss"].dice_loss is loss
    assert sys.modules["student_Dice"].Dice is metric


def test_a_wrong_answer_is_explained_and_leaves_the_file_as_it_was(notebook, course, capsys):
    notebook.cell("def build_unet(n):\n    return 2 * n")
    hand_in(notebook.names["build_unet"])
    before = (course / UNET).read_bytes()
    capsys.readouterr()
    notebook.cell("def build_unet(n):\n    return 3 * n")
    hand_in(notebook.names["build_unet"])
    out = capsys.readouterr().out
    assert out.startswith("Not handed in: exercise 2.2 is not right yet.\n")
    assert "Mistake   not doubled." in out
    assert 'hint("2.2")' in out
    assert (course / UNET).read_bytes() == before
    assert written(course) == [UNET]


def test_a_blank_is_named(notebook, course):
    notebook.cell("from lungseg_course import todo")
    notebook.cell("# Exercise 2.2\ndef build_unet(n):\n    todo()")
    with pytest.raises(NotAttempted, match=r"^Exercise 2\.2 is not done yet: `build_unet` still has its `todo\(\)`"):
        hand_in(notebook.names["build_unet"])
    assert written(course) == []


def test_handing_in_counts_as_a_try(notebook, course):
    notebook.cell("def build_unet(n):\n    return 3 * n")
    hand_in(notebook.names["build_unet"])
    notebook.cell("def build_unet(n):\n    return 2 * n")
    hand_in(notebook.names["build_unet"])
    book = json.loads((course / ".lungseg_progress.json").read_text(encoding="utf-8"))
    assert book["exercises"] == {"2.2": {"solved": True, "tries": 2}}


def test_what_is_right_already_is_no_second_try(notebook, course):
    notebook.cell("def build_unet(n):\n    return 2 * n")
    check("2.2", notebook.names["build_unet"])
    hand_in(notebook.names["build_unet"])
    book = json.loads((course / ".lungseg_progress.json").read_text(encoding="utf-8"))
    assert book["exercises"] == {"2.2": {"solved": True, "tries": 1}}


def something(n):
    return n


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ((), r"expected what you wrote: hand_in\(DataGenerator\) or .*Received: nothing"),
        ((something,), r"expected hand_in\(DataGenerator\) or hand_in\(build_unet\) or .*Received: 'something'"),
        ((3,), r"Received: 3\."),
        ((np.zeros((50, 50)),), r"Received: array"),
        (("DataGenerator",), r"Leave out the quotes"),
        ((lungseg.DataGenerator,), r"that you wrote\. Received: that of the package, lungseg\.generator"),
        ((todo,), r"Received: 'todo'"),
    ],
)
def test_other_things_are_refused(objects, message):
    with pytest.raises(InputError, match=message) as caught:
        hand_in(*objects)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("given", "missing"), [("Dice", "dice_loss"), ("dice_loss", "Dice")])
def test_half_a_file_is_refused(notebook, course, given, missing):
    notebook.cell("def dice_loss(n):\n    return 2 * n\n\n\nclass Dice:\n    pass")
    with pytest.raises(InputError, match=rf"together.*hand_in\(dice_loss, Dice\)\. Missing: {missing}\."):
        hand_in(notebook.names[given])
    assert written(course) == []


def test_a_folder_that_cannot_be_written_to(notebook, course):
    (course / "UNet_Arch").write_text("a file where the folder should be", encoding="utf-8")
    notebook.cell("def build_unet(n):\n    return 2 * n")
    with pytest.raises(InputError, match=r"UNET_architecture\.py: cannot be written") as caught:
        hand_in(notebook.names["build_unet"])
    assert "\n" not in str(caught.value)
    assert written(course) == ["UNet_Arch"]


@pytest.mark.parametrize("folder", ["Ein Kurs, für Zoë", "a b/c", "#1 %20"])
def test_it_works_in_any_folder_from_any_folder_below(notebook, course, monkeypatch, capsys, folder):
    root = course / folder
    (root / "Data_Generator" / "deep").mkdir(parents=True)
    (root / "Predict_UNet.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(root / "Data_Generator" / "deep")
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert (root / "Data_Generator" / "DataGenerator.py").is_file()
    monkeypatch.chdir(root)
    assert len(use("DataGenerator")([1], 1)) == 1
    assert "yours, from Data_Generator/DataGenerator.py." in capsys.readouterr().out


def test_a_notebook_that_stands_alone_is_its_own_course(notebook, tmp_path_factory, monkeypatch, capsys):
    alone = tmp_path_factory.mktemp("alone")
    monkeypatch.chdir(alone)
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert written(alone) == ["Data_Generator/DataGenerator.py"]
    use("DataGenerator")
    assert "yours" in capsys.readouterr().out


UNET_CELL = "# Exercise 2.2\ndef build_unet(n):\n    return 2 * n"


def test_an_older_version_is_not_handed_in(course, monkeypatch):
    monkeypatch.setattr(cells, "_watched", None)
    kernel = Kernel(course / "UNET_architecture.ipynb")
    kernel.run("import", "from lungseg_course import hand_in")
    kernel.run("net", UNET_CELL)
    kernel.run("net", UNET_CELL + ")")
    told = kernel.run("hand in", "hand_in(build_unet)")
    assert told.startswith(
        "Not handed in. When the cell of exercise 2.2 was last run, Python could not read it (line 3"
    )
    assert sorted(path.name for path in course.rglob("*.*")) == ["Train_UNET.ipynb", "UNET_architecture.ipynb"]
    kernel.run("net", UNET_CELL)
    assert "Handed in: build_unet" in kernel.run("hand in", "hand_in(build_unet)")


@pytest.mark.parametrize(("name", "said"), [("decoder_block", "Not handed in."), ("my_own", "Handed in:")])
def test_an_older_version_of_an_answer_that_goes_along_is_not_handed_in(name, said, course, monkeypatch):
    monkeypatch.setattr(cells, "_watched", None)
    monkeypatch.setattr(chapter_2, "EXERCISES", (*chapter_2.EXERCISES, exercise("2.1", "decoder_block", look_at_six)))
    file = course / "UNET_architecture.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    kernel, block = Kernel(file), f"# Exercise 2.1\ndef {name}(n):\n    return 2 * n"
    kernel.run("import", "from lungseg_course import hand_in")
    kernel.run("block", block)
    kernel.run("net", f"# Exercise 2.2\ndef build_unet(n):\n    return {name}(n)")
    kernel.write("block", block.replace("2 * n", "n + n"))
    kernel.save()
    told = kernel.run("hand in", "hand_in(build_unet)")
    assert told.startswith(said)
    assert ("The cell of `decoder_block` has changed since it was run." in told) == (name == "decoder_block")
    kernel.run("block")
    assert kernel.run("hand in", "hand_in(build_unet)").startswith("Handed in: build_unet")


def test_a_cell_that_changes_the_working_directory_does_not_lead_it_astray(course, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(cells, "_watched", None)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    kernel = Kernel(course / "UNET_architecture.ipynb")
    kernel.run("import", f"from lungseg_course import hand_in, use\nimport os\nos.chdir({str(elsewhere)!r})")
    kernel.run("net", UNET_CELL)
    assert in_words(kernel.run("hand in", "hand_in(build_unet)")).startswith(
        f"Handed in: build_unet → {UNET} (checked), in {course}."
    )
    assert kernel.run("use", "build_unet = use('build_unet')") == f"build_unet: yours, from {UNET}.\n"
    assert list(elsewhere.iterdir()) == []

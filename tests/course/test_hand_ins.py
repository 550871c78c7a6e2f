"""What students hand in is found, and mended: names, folders, and cells that were moved, copied or deleted."""

import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.collecting import collect
from grader.mending import mend


def cell(grade_id, source, **facts):
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": grade_id, **facts}})


def exercise(number, source="todo()"):
    return cell(f"exercise_{number}", source, grade=False, solution=True)


def check(number):
    return cell(f"check_{number}", "check()", grade=True, solution=False, points=2)


def notebook(*cells):
    return new_notebook(cells=list(cells))


def release():
    return notebook(exercise("3_1"), check("3_1"), new_code_cell("show()"), exercise("3_2"), check("3_2"))


RELEASES = {"LossMetrics": release(), "Train_UNET": notebook(exercise("4_1"), check("4_1"))}


# ---- Finding ---------------------------------------------------------------------------------


def put(path, *cells, age=0):
    """A notebook, so many hours old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(*cells), path)
    os.utime(path, (1e9 - 3600 * age, 1e9 - 3600 * age))


@pytest.mark.parametrize(
    "name",
    [
        "LossMetrics.ipynb",
        "lungseg/LossMetrics (1).ipynb",
        "lungseg/LossMetrics-Copy1.ipynb",
        "Loss_Metrics/LossMetrics.ipynb",
        "a b/my homework.IPYNB",
    ],
)
def test_a_notebook_is_known_by_its_cells(tmp_path, name):
    put(tmp_path / "ada" / name, exercise("3_1", "mine"))
    found = collect(tmp_path / "ada", RELEASES)
    assert found.student == "ada"
    assert found.notebooks == {"LossMetrics": tmp_path / "ada" / name}
    assert found.notes[-1] == "Train_UNET: is missing"
    assert len(found.notes) == (1 if name.endswith("LossMetrics.ipynb") else 2)


def test_work_counts_more_than_a_blank_copy_and_then_the_newest(tmp_path):
    put(tmp_path / "LossMetrics.ipynb", exercise("3_1"))
    put(tmp_path / "old.ipynb", exercise("3_1", "first"), age=2)
    put(tmp_path / "new.ipynb", exercise("3_1", "second"), age=1)
    found = collect(tmp_path, RELEASES)
    assert found.notebooks["LossMetrics"].name == "new.ipynb"
    assert found.notes[0] == "LossMetrics: graded is new.ipynb, the newest; not LossMetrics.ipynb, old.ipynb"


def test_what_is_no_notebook_of_the_course_is_told_only_if_it_is_called_so(tmp_path):
    put(tmp_path / "other.ipynb", new_code_cell("1 + 1"))
    put(tmp_path / "Train_UNET.ipynb", new_code_cell("1 + 1"))
    (tmp_path / "LossMetrics.ipynb").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    put(tmp_path / ".ipynb_checkpoints" / "LossMetrics-checkpoint.ipynb", exercise("3_1", "mine"))
    found = collect(tmp_path, RELEASES)
    assert found.notebooks == {}
    assert found.notes == (
        "LossMetrics.ipynb: cannot be read (no notebook)",
        "Train_UNET.ipynb: has no cell of the course, by its `grade_id`s",
        "Train_UNET: is missing",
    )
    assert found.unreadable == ("LossMetrics",)
    put(tmp_path / "mine.ipynb", exercise("3_1", "mine"))
    assert collect(tmp_path, RELEASES).unreadable == ()


def test_files_beside_the_notebooks_come_along_but_not_those_of_a_clone(tmp_path):
    put(tmp_path / "ada/lungseg/LossMetrics.ipynb", exercise("3_1", "mine"))
    for name in ("helper.py", "timestamp.txt", "lungseg.py", ".lungseg_progress.json"):
        (tmp_path / "ada/lungseg" / name).write_text("1", encoding="utf-8")
    found = collect(tmp_path / "ada", RELEASES)
    assert [path.name for path in found.beside] == ["helper.py"]
    assert found.timestamps == {"LossMetrics": tmp_path / "ada/lungseg/timestamp.txt"}
    put(tmp_path / "bob/clone/Train_UNET.ipynb", exercise("4_1", "mine"))
    (tmp_path / "bob/clone/lungseg").mkdir()
    (tmp_path / "bob/clone/lungseg/__init__.py").touch()
    (tmp_path / "bob/clone/setup.py").touch()
    assert collect(tmp_path / "bob", RELEASES).beside == ()


def test_another_content_is_another_hand_in(tmp_path):
    put(tmp_path / "LossMetrics.ipynb", exercise("3_1", "first"))
    before = collect(tmp_path, RELEASES).fingerprint()
    assert collect(tmp_path, RELEASES).fingerprint() == before
    put(tmp_path / "LossMetrics.ipynb", exercise("3_1", "second"))
    assert collect(tmp_path, RELEASES).fingerprint() != before


# ---- Mending ---------------------------------------------------------------------------------

MINE = exercise("3_1", "mine")
OTHER = exercise("3_2", "other")
FOUND = ["exercise_3_1", "check_3_1", "exercise_3_2", "check_3_2"]
# Cells that are handed in → the `grade_id`s, and the sources of the exercises, that are graded; and what is told.
MENDED = {
    "as it should be": ([MINE, check("3_1"), OTHER, check("3_2")], ["mine", "other"], []),
    "a check deleted": (
        [MINE, OTHER, check("3_2")],
        ["mine", "other"],
        ["the check of exercise 3.1 was deleted, and is put back"],
    ),
    "all checks deleted": (
        [MINE, new_code_cell("show()"), OTHER],
        ["mine", "other"],
        [f"the check of exercise {number} was deleted, and is put back" for number in ("3.1", "3.2")],
    ),
    "a check twice": (
        [MINE, check("3_1"), check("3_1"), OTHER, check("3_2")],
        ["mine", "other"],
        ["the check of exercise 3.1 is there 2 times: one counts"],
    ),
    "a check above its cell": (
        [check("3_1"), MINE, OTHER, check("3_2")],
        ["mine", "other"],
        ["the check of exercise 3.1 stood above its cell, and is moved under it"],
    ),
    "a blank copy under it": (
        [MINE, exercise("3_1"), check("3_1"), OTHER, check("3_2")],
        ["mine", "other"],
        ["exercise 3.1 is there 2 times: the last one with work in it counts"],
    ),
    "a blank copy above it": (
        [exercise("3_1"), MINE, check("3_1"), OTHER, check("3_2")],
        ["mine", "other"],
        ["exercise 3.1 is there 2 times: the last one with work in it counts"],
    ),
    "split in two": (
        [exercise("3_1", "helper"), MINE, check("3_1"), OTHER, check("3_2")],
        ["mine", "other"],
        ["exercise 3.1 is there 2 times: the last one with work in it counts"],
    ),
    "blank twice": (
        [exercise("3_1"), exercise("3_1"), check("3_1"), OTHER, check("3_2")],
        ["todo()", "other"],
        ["exercise 3.1 is there 2 times: one of them is dropped"],
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_each_graded_cell_is_there_once_and_in_its_place(name):
    cells, sources, told = MENDED[name]
    handed_in = nbformat.from_dict(notebook(*(nbformat.from_dict(each) for each in cells)))
    assert mend(handed_in, release()) == told
    graded = [each for each in handed_in.cells if "nbgrader" in each.metadata]
    assert [each.metadata.nbgrader.grade_id for each in graded] == FOUND
    assert [each.source for each in graded if each.metadata.nbgrader.solution] == sources
    assert len({each.id for each in handed_in.cells}) == len(handed_in.cells)
    nbformat.validate(handed_in)


def test_what_a_split_cell_needs_is_still_run():
    handed_in = notebook(exercise("3_1", "helper"), MINE, check("3_1"), OTHER, check("3_2"))
    mend(handed_in, release())
    assert [each.source for each in handed_in.cells][:3] == ["helper", "mine", "check()"]


def test_what_nbgrader_is_to_know_comes_from_the_release():
    spoilt = cell("check_3_1", "check()", grade=True, solution=False, points=99)
    spoilt.metadata.tags = ["skip-execution"]
    older = cell("check_9_9", "check()", grade=True, points=5)
    handed_in = notebook(MINE, spoilt, older)
    assert mend(handed_in, release()) == [
        "the cell of exercise 3.2 is missing",
        "the check of exercise 3.2 was deleted, and is put back",
    ]
    assert [each.metadata.get("nbgrader", {}).get("points") for each in handed_in.cells] == [None, 2, 2, None]
    assert not any("tags" in each.metadata for each in handed_in.cells)

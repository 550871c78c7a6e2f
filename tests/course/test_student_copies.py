"""The student's folder: made, brought up to date, and filled with what was written elsewhere."""

import re
import subprocess

import nbformat
import pytest

import build
from lungseg_course.updating import copies
from lungseg_course.updating.copies import bring_up_to_date, update
from lungseg_course.updating.reading import both_sides
from small_sources import TRAIN, answer, change_source, edit, read


def note(notebook):
    notebook.cells[0].source += "\n\nA note of mine."


def contents(folder):
    """Of all files but the start page, which has a test of its own."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "Start.md"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def better(course):
    change_source(course, "# # Counting", "# # Counting better")
    assert build.write(course)[1] == []


def test_the_first_time_all_are_copied_and_the_second_time_none(built, capsys):
    assert bring_up_to_date(root=built.root)
    copied = contents(built.root / "my_course")
    assert copied == {path: (built.root / path).read_bytes() for path in copies.NOTEBOOKS.values()}
    assert "my_course/Data_Generator/DataGenerator.ipynb: new." in capsys.readouterr().out
    assert bring_up_to_date(root=built.root)
    assert capsys.readouterr().out == "The notebooks in my_course are up to date.\n"
    assert contents(built.root / "my_course") == copied


def test_an_update_keeps_the_answer_and_a_copy_of_what_was_there(built, mine, capsys):
    before = contents(mine)
    better(built)
    assert bring_up_to_date(root=built.root)
    told = capsys.readouterr().out
    assert "my_course/Train_UNET.ipynb: up to date, with 1 new or changed cell; what you wrote is kept." in told
    assert "As it was before, it is in my_course/backups/" in told
    assert "choose `Reload Notebook from Disk`" in " ".join(told.split())
    notebook = read(mine / TRAIN)
    assert notebook.cells[0].source.startswith("# Counting better")
    assert notebook.cells[1].source.endswith("return x * 2")
    (backup,) = (mine / "backups").iterdir()
    assert contents(backup) == {TRAIN: before[TRAIN]}
    now = contents(mine)
    assert bring_up_to_date(root=built.root)
    assert contents(mine) == now


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"cells": 3}', "<<<<<<< HEAD\n{\n=======\n[\n>>>>>>> x\n"])
def test_a_notebook_that_cannot_be_read_stays_and_the_others_are_brought_up_to_date(built, mine, capsys, damage):
    (mine / TRAIN).write_text(damage, encoding="utf-8")
    change_source(built, "# # Counting", "# # Counting better", name="Predict_UNet")
    build.write(built)
    assert not bring_up_to_date(root=built.root)
    told = capsys.readouterr().out
    assert re.search(
        r"^\S*my_course/Train_UNET\.ipynb: expected a notebook\. .* or take one from the folder", told, re.M
    )
    assert (mine / TRAIN).read_text(encoding="utf-8") == damage
    assert "Counting better" in (mine / "Predict_UNet.ipynb").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_as_it_was(built, mine, capsys, monkeypatch):
    better(built)
    before = contents(mine)

    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    assert not bring_up_to_date(root=built.root)
    assert "No space left on device. It is as it was." in capsys.readouterr().out
    assert before.items() <= contents(mine).items()


# ---- Under another name -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["My training.ipynb", "week 1/Train_UNET.ipynb"])
def test_a_notebook_with_another_name_is_known_by_its_cells(built, mine, capsys, name):
    (mine / name).parent.mkdir(exist_ok=True)
    (mine / TRAIN).rename(mine / name)
    better(built)
    assert bring_up_to_date(root=built.root)
    told = capsys.readouterr().out
    assert f"my_course/{name}: is your {TRAIN}, in another place." in told
    assert f"my_course/{name}: up to date, with 1 new or changed cell; what you wrote is kept." in told
    assert not (mine / TRAIN).exists()
    cells = read(mine / name).cells
    assert cells[0].source.startswith("# Counting better")
    assert cells[1].source.endswith("return x * 2")
    assert next((mine / "backups").rglob("*.ipynb")).relative_to(mine / "backups").as_posix().endswith(name)
    before = contents(mine)
    assert bring_up_to_date(root=built.root)
    assert contents(mine) == before


def test_a_blank_in_its_old_place_does_not_hide_it(built, mine, capsys):
    (mine / TRAIN).rename(mine / "mine.ipynb")
    (mine / TRAIN).write_bytes((built.root / TRAIN).read_bytes())
    assert bring_up_to_date(root=built.root)
    assert f"The one in my_course/{TRAIN} is blank: delete it." in capsys.readouterr().out


@pytest.mark.parametrize("place", ["backups/old/Train_UNET.ipynb", ".ipynb_checkpoints/Train_UNET-checkpoint.ipynb"])
def test_a_copy_that_is_no_notebook_of_the_student_is_none(built, mine, capsys, place):
    (mine / place).parent.mkdir(parents=True)
    (mine / TRAIN).rename(mine / place)
    assert bring_up_to_date(root=built.root)
    assert f"my_course/{TRAIN}: new.\n" == capsys.readouterr().out


def test_a_copy_beside_the_notebook_that_the_student_works_in_stays_as_it_is(built, mine, capsys):
    (mine / "Train_UNET-Copy1.ipynb").write_bytes((mine / TRAIN).read_bytes())
    better(built)
    before = (mine / "Train_UNET-Copy1.ipynb").read_bytes()
    assert bring_up_to_date(root=built.root)
    assert f"my_course/{TRAIN}: up to date" in capsys.readouterr().out
    assert (mine / "Train_UNET-Copy1.ipynb").read_bytes() == before


def test_one_with_another_name_in_an_earlier_course_is_taken_over(built, mine, tmp_path_factory, capsys):
    other = tmp_path_factory.mktemp("other")
    (other / "my_course").mkdir()
    (mine / TRAIN).rename(other / "my_course" / "mine.ipynb")
    assert bring_up_to_date(other, root=built.root)
    assert read(mine / TRAIN).cells[1].source.endswith("return x * 2")


# ---- What was written elsewhere ----------------------------------------------------------------


def git(folder, *arguments, fails=False):
    name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *name, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stdout


@pytest.fixture
def cloned(built, monkeypatch):
    """The course in git with a branch `upstream` in which a text and a blank have changed, and work in the clone."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (built.root / ".gitignore").write_text("/my_course/\n", encoding="utf-8")
    for arguments in (["init"], ["add", "."], ["commit", "-m", "course"], ["checkout", "-b", "upstream"]):
        git(built.root, *arguments)
    change_source(built, '"""Return two', '"""Give two')
    better(built)
    git(built.root, "commit", "-am", "better")
    git(built.root, "checkout", "main")
    edit(built.root / TRAIN, answer)
    edit(built.root / TRAIN, note)
    return built


def is_moved(course):
    texts = [cell.source for cell in read(course.root / "my_course" / TRAIN).cells]
    assert texts[0].startswith("# Counting better")
    assert texts[1].endswith("You had written:\n\n# Counting\n### Exercise 4.1: twice\n\nA note of mine.")
    assert texts[2].endswith('"""Return two times x."""\n    return x * 2')
    assert "Its blank is now:" in texts[3]
    assert '"""Give two times x."""' in texts[3]
    return git(course.root, "diff", "upstream", "--", TRAIN) == ""


@pytest.mark.slow
def test_work_in_the_notebook_of_the_course_moves_and_git_can_bring_the_new_one(cloned, capsys):
    git(cloned.root, "merge", "upstream", fails=True)  # it would be overwritten
    assert bring_up_to_date(root=cloned.root)
    assert "my_course/Train_UNET.ipynb: new, with what you wrote in " in capsys.readouterr().out
    assert git(cloned.root, "status", "--porcelain") == ""
    git(cloned.root, "merge", "upstream")
    assert bring_up_to_date(root=cloned.root)
    assert is_moved(cloned)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["stash", "merge"])
def test_a_conflict_that_git_has_left_is_put_right(cloned, capsys, way):
    if way == "stash":
        git(cloned.root, "stash")
        git(cloned.root, "merge", "upstream")
        git(cloned.root, "stash", "pop", fails=True)
    else:
        git(cloned.root, "commit", "-am", "my work")
        git(cloned.root, "merge", "upstream", fails=True)
    conflict = (cloned.root / TRAIN).read_bytes()
    assert b"<<<<<<<" in conflict
    assert bring_up_to_date(root=cloned.root)
    assert is_moved(cloned)
    (backup,) = (cloned.root / "my_course" / "backups").iterdir()
    assert contents(backup)[TRAIN] == conflict


def run_it(notebook):
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "words"),
    [(run_it, "held outputs and no answers. It is kept in "), (answer, "held work, as my_course/Train_")],
)
def test_work_outside_and_in_the_copy_leaves_git_able_to_bring_the_new_one(cloned, capsys, work, words):
    git(cloned.root, "checkout", TRAIN)
    update(root=cloned.root)
    edit(cloned.root / "my_course" / TRAIN, note)
    edit(cloned.root / TRAIN, work)
    outside, mine = ((cloned.root / folder / TRAIN).read_bytes() for folder in ("", "my_course"))
    capsys.readouterr()
    assert bring_up_to_date(root=cloned.root)
    told = capsys.readouterr().out
    assert f"Train_UNET.ipynb, outside of my_course: {words}" in told
    kept = next((cloned.root / "my_course" / "backups").rglob(TRAIN))
    assert kept.relative_to(cloned.root).as_posix() in told
    assert kept.read_bytes() == outside
    assert (cloned.root / "my_course" / TRAIN).read_bytes() == mine
    assert git(cloned.root, "status", "--porcelain") == ""
    git(cloned.root, "merge", "upstream")


def test_without_git_the_way_to_a_new_copy_is_told_and_works(built, tmp_path_factory, capsys):
    old = built.root
    edit(old / TRAIN, answer)
    (old / ".lungseg_progress.json").write_text("{}", encoding="utf-8")
    (old / "Data_Generator" / "DataGenerator.py").write_text("# mine\n", encoding="utf-8")
    worked = (old / TRAIN).read_bytes()
    assert not bring_up_to_date(root=old)
    told = capsys.readouterr().out
    assert f"run there: python -m lungseg_course update --from {old}" in told
    assert (old / TRAIN).read_bytes() == worked

    new = tmp_path_factory.mktemp("new")
    for path in [*old.rglob("*.py"), *old.rglob("*.md")]:
        if "my_course" not in path.parts:
            (new / path.relative_to(old)).parent.mkdir(parents=True, exist_ok=True)
            (new / path.relative_to(old)).write_bytes(path.read_bytes())
    better(build.Course(new, built.chapter))
    update(root=new)
    capsys.readouterr()
    assert bring_up_to_date(old, root=new)
    assert f"my_course/Train_UNET.ipynb: has what you wrote in {old / TRAIN} now." in capsys.readouterr().out
    notebook = read(new / "my_course" / TRAIN)
    assert notebook.cells[0].source.startswith("# Counting better")
    assert notebook.cells[1].source.endswith("return x * 2")
    assert (new / "my_course" / ".lungseg_progress.json").read_text(encoding="utf-8") == "{}"
    assert (new / "my_course" / "Data_Generator" / "DataGenerator.py").read_text(encoding="utf-8") == "# mine\n"


def test_of_two_that_hold_work_none_is_overwritten(built, mine, tmp_path_factory, capsys):
    other = tmp_path_factory.mktemp("other")
    (other / TRAIN).write_bytes((mine / TRAIN).read_bytes())
    edit(other / TRAIN, note)
    before = contents(mine), contents(other)
    assert not bring_up_to_date(other, root=built.root)
    assert "hold work, both" in capsys.readouterr().out
    assert (contents(mine), contents(other)) == before


@pytest.mark.parametrize("side", ["<<<<<<< HEAD", "<<<<<<< Updated upstream"])
def test_a_conflict_without_git_loses_nothing(built, mine, side):
    worked, path = (mine / TRAIN).read_text(encoding="utf-8"), mine / TRAIN
    theirs = (built.root / TRAIN).read_text(encoding="utf-8")
    versions = [worked, theirs] if side.endswith("HEAD") else [theirs, worked]
    path.write_text(f"{side}\n{versions[0]}=======\n{versions[1]}>>>>>>> other\n", encoding="utf-8")
    assert bring_up_to_date(root=built.root)
    assert "return x * 2" in "\n".join(cell.source for cell in read(path).cells)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd", ["a\nb\nd", "a\nc\nd"]),
        ("<<<<<<< A\n=======\nc\n>>>>>>> B\n<<<<<<< A\nb\n=======\n>>>>>>> B", ["b", "c"]),
        ('"======="', ['"======="'] * 2),
    ],
)
def test_both_sides_of_a_conflict(text, sides):
    assert both_sides(text) == sides

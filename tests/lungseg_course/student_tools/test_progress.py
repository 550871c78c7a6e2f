"""progress, and the record of what a student has done."""

import json
import os

import pytest

from lungseg_course import (
    check,
    hint,
    progress,
    quiz,
    record,
    solution,
)
from lungseg_course.engine.exercises import NOTEBOOKS
from tiny_course import book, double, triple


def test_progress_at_the_start(course, capsys):
    progress()
    head, *rows, kept, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["notebook", "exercises", "questions"]
    assert [row.split() for row in rows[:2]] == [
        ["Data_Generator/DataGenerator.ipynb", "0", "of", "2,", "and", "0", "of", "1", "optional", "0", "of", "1"],
        ["UNet_Arch/UNET_architecture.ipynb", "0", "of", "1", "0", "of", "0"],
    ]
    assert [row.split()[0] for row in rows] == list(NOTEBOOKS.values())
    assert kept == f"(kept in {course}/{record.FILE})"
    assert last == "Next: exercise 1.1 in Data_Generator/DataGenerator.ipynb."


def last_line(capsys):
    progress()
    return capsys.readouterr().out.splitlines()[-1]


def test_progress_leads_on(capsys):
    check("1.1", double)
    assert last_line(capsys) == "Next: exercise 1.2 in Data_Generator/DataGenerator.ipynb."
    check("1.2", lambda: 1, lambda: 2)
    assert last_line(capsys) == "Next: question 1.1 in Data_Generator/DataGenerator.ipynb."
    quiz("1.1", "a")
    quiz("1.1", "b")
    assert last_line(capsys) == "Next: exercise 2.1 in UNet_Arch/UNET_architecture.ipynb."
    check("2.1", triple)
    assert last_line(capsys) == "Next: exercise 2.1 in UNet_Arch/UNET_architecture.ipynb."
    check("2.1", double)
    assert last_line(capsys) == "All done, but for optional exercises. Well done!"
    check("1.3", double)
    assert last_line(capsys) == "All done. Well done!"


def test_the_record_lies_at_the_root_of_the_course(course, monkeypatch):
    folder = course / "Data_Generator" / "deeper"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert record.course_root() == course
    check("1.1", double)
    assert [path.name for path in course.glob(".*")] == [record.FILE]
    assert list(folder.iterdir()) == []


def test_the_course_is_found_also_where_all_the_notebooks_have_other_names(course, monkeypatch):
    check("1.1", double)
    (course / "Train_UNET.ipynb").rename(course / "mine.ipynb")
    (course / "week 1").mkdir()
    monkeypatch.chdir(course / "week 1")
    assert record.course_root() == course


def rename(course, number, name):
    """Let a notebook that has begun lie under another name."""
    keys = [f"{kind}_{number}_1" for kind in ("exercise", "check", "question")]
    cells = [{"cell_type": "code", "id": key, "source": "y = 2", "metadata": {"tags": ["exercise"]}} for key in keys]
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_a_notebook_with_another_name_is_called_by_it(course, capsys):
    rename(course, 1, "week 1/where the batches of my network come from.ipynb")
    rename(course, 4, "my training.ipynb")
    progress()
    head, first, *rows, _, last = capsys.readouterr().out.splitlines()
    assert first.startswith("week 1/where the batches of my network come from.ipynb  0 of 2, and")
    assert head.index("exercises") == first.index("0 of 2")
    assert rows[2].startswith("my training.ipynb   ")
    assert last == "Next: exercise 1.1 in week 1/where the batches of my network come from.ipynb."
    assert record.place_of("4") == "my training.ipynb"
    assert record.place_of("5") == NOTEBOOKS["5"]


def test_a_notebook_alone_is_its_own_course(tmp_path_factory, monkeypatch):
    alone = tmp_path_factory.mktemp("alone")
    monkeypatch.chdir(alone)
    assert record.course_root() == alone
    check("1.1", double)
    assert (alone / record.FILE).is_file()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"exercises": 3}',
        '{"exercises": {"1.1": 3}, "questions": {}, "hints": {}}',
        '{"exercises": {"1.1": {}}, "questions": {}, "hints": {}}',
        '{"exercises": {}, "questions": [], "hints": {}}',
        '{"exercises": {}, "questions": {}, "hints": {"1.1": "many"}}',
        "\x00",
        b"\xff\xfe",
    ],
)
def test_a_spoilt_record_stops_nobody(course, capsys, text):
    (course / record.FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    progress()
    hint("1.1")
    solution("1.1")
    quiz("1.1", "b")
    check("1.1", double)
    assert book(course) == {
        "exercises": {"1.1": {"tries": 1, "solved": True}},
        "questions": {"1.1": {"tries": 1, "solved": True}},
        "hints": {"1.1": 1},
    }


def files_beside(course):
    return sorted(path.name for path in course.glob(".*"))


@pytest.mark.parametrize("end", [0, 40], ids=["empty", "cut off"])
def test_a_damaged_record_is_kept_and_told_once(course, capsys, end):
    check("1.1", double)
    damaged = (course / record.FILE).read_bytes()[:end]
    (course / record.FILE).write_bytes(damaged)
    capsys.readouterr()
    progress()
    told, *_, following = capsys.readouterr().out.splitlines()
    assert told == "Not all of your progress could be read. The file is kept as .lungseg_progress.damaged.json."
    assert following.startswith("Next: exercise 1.1")
    assert (course / ".lungseg_progress.damaged.json").read_bytes() == damaged
    progress()
    check("1.1", double)
    assert "could be read" not in capsys.readouterr().out
    assert files_beside(course) == [".lungseg_progress.damaged.json", record.FILE]


def test_an_older_damaged_record_is_not_lost(course):
    for text in ("{", "{", '{"exercises'):
        (course / record.FILE).write_text(text, encoding="utf-8")
        check("1.1", double)
    aside = [".lungseg_progress.damaged-2.json", ".lungseg_progress.damaged.json"]
    assert files_beside(course) == [*aside, record.FILE]
    assert [(course / name).read_text(encoding="utf-8") for name in aside] == ['{"exercises', "{"]


def test_what_can_be_read_of_a_damaged_record_stays(course):
    done = {"exercises": {"1.1": {"tries": 3, "solved": True}}, "questions": []}
    (course / record.FILE).write_text(json.dumps(done), encoding="utf-8")
    progress()
    assert book(course) == {"exercises": done["exercises"], "questions": {}, "hints": {}}


def test_a_record_that_cannot_be_written_stops_nobody(course, capsys):
    (course / record.FILE).mkdir()  # holds for the superuser, too
    check("1.1", double)
    hint("1.1")
    progress()
    out = capsys.readouterr().out
    assert "correct" in out
    assert "Hint 1 of 3" in out
    assert [path.name for path in course.glob(".*")] == [record.FILE]


def test_hints_go_on_where_nothing_can_be_written(course, capsys):
    (course / record.FILE).mkdir()
    check("1.1", double)
    hint("1.1")
    hint("1.1")
    out = capsys.readouterr().out
    assert "Hint 1 of 3" in out
    assert "Hint 2 of 3" in out
    assert out.count("Your progress is not kept beyond this session") == 1
    assert record.tried("1.1")


def test_a_folder_that_is_named_and_is_not_there_is_told(course, capsys, monkeypatch):
    monkeypatch.setenv(record.CHOSEN, str(course / "typo"))
    check("1.1", double)
    told = " ".join(capsys.readouterr().out.split())
    assert f"{course / 'typo' / record.FILE} cannot be written" in told
    assert "LUNGSEG_COURSE names this folder: make it, or name another one." in told


def test_the_record_is_replaced_as_a_whole(course, monkeypatch):
    check("1.1", double)
    before = book(course)

    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    check("1.1", double)
    assert book(course) == before
    assert [path.name for path in course.glob(".*")] == [record.FILE]

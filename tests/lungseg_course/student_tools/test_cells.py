"""What was run is not always what stands in the cell: a kernel that is told of a notebook what JupyterLab tells it."""

import pytest

from kernels import BLANK, BROKEN, CHECK, HELPED, IMPORT, OWN, RENAMED, RIGHT, STOPS, WRONG, Kernel, play
from tiny_course import book

OLD = {
    "it cannot be read": (
        [("run", "one", RIGHT), ("run", "one", BROKEN)],
        "When the cell of exercise 1.1 was last run, Python could not read it (line 2: expected ':').",
    ),
    "it cannot be read, and once more": (
        [("run", "one", RIGHT), ("run", "one", BROKEN), ("run", "two", "1 + 1"), ("run", "one", BROKEN)],
        "Python could not read it",
    ),
    "its indentation cannot be read": (
        [("run", "one", RIGHT), ("run", "one", "# Exercise 1.1\ndef double(n):\nreturn 2 * n")],
        "Python could not read it (line 3: expected an indented block",
    ),
    "without its heading it cannot be read": (
        [("run", "one", RIGHT), ("run", "one", "def double(n)")],
        "Python could not read it",
    ),
    "it stops before the definition": (
        [("run", "one", RIGHT), ("run", "one", STOPS)],
        "it stopped with ModuleNotFoundError before it came to `double`.",
    ),
    "another name": (
        [("run", "one", RIGHT), ("run", "one", RENAMED)],
        "it defined `doubled`, not `double`.",
    ),
    "all of it is a comment": (
        [("run", "one", RIGHT), ("run", "one", "# Exercise 1.1\n# def double(n):\n")],
        "`double` was not in it.",
    ),
    "written, saved, and not run": (
        [("run", "one", RIGHT), ("write", "one", WRONG), ("save",)],
        "The cell of `double` has changed since it was run.",
    ),
    "written, saved, and not run, and then it is mended in another cell": (
        [("run", "one", RIGHT), ("run", "two", "x = 1"), ("write", "one", BROKEN), ("write", "two", WRONG), ("save",)],
        "has changed since it was run",
    ),
    "timed, written, saved, and not run": (
        [("run", "one", f"%%time\n{RIGHT}"), ("write", "one", f"%%time\n{WRONG}"), ("save",)],
        "The cell of `double` has changed since it was run.",
    ),
    "deleted": (
        [("run", "one", RIGHT), ("delete", "one"), ("save",)],
        "The cell of `double` is no longer in the notebook",
    ),
    "one's own cell deleted, and the blank is left": (
        [("run", "one", BLANK), ("run", "two", OWN), ("delete", "two"), ("save",)],
        "The cell of `double` is no longer in the notebook",
    ),
    "a helper in the same cell is changed": (
        [("run", "one", HELPED), ("write", "one", HELPED.replace("2", "3")), ("save",)],
        "The cell of `double` has changed since it was run.",
    ),
    "a copy elsewhere, and the cell of the exercise cannot be read": (
        [("run", "two", "def double(n):\n    return 2 * n"), ("run", "one", BROKEN)],
        "Python could not read it",
    ),
}


@pytest.mark.parametrize(("steps", "words"), OLD.values(), ids=OLD)
def test_an_older_version_is_not_judged_and_counts_as_no_try(session, course, steps, words):
    kernel = play(Kernel(session), *steps)
    told = " ".join(kernel.run("check", CHECK).split())
    assert told.startswith("Exercise 1.1: not checked. ")
    assert words in told
    assert not (course / ".lungseg_progress.json").exists()


ALSO_WITHOUT_IDS = ["it cannot be read", "it stops before the definition", "written, saved, and not run"]


@pytest.mark.parametrize("name", ALSO_WITHOUT_IDS)
def test_the_comment_of_the_exercise_tells_the_cell_where_no_id_does(session, name):
    steps, words = OLD[name]
    assert words in " ".join(play(Kernel(session, ids=False), *steps).run("check", CHECK).split())


CURRENT = {
    "plain": [("run", "one", RIGHT)],
    "run again": [("run", "one", WRONG), ("run", "one", RIGHT)],
    "mended": [("run", "one", RIGHT), ("run", "one", BROKEN), ("run", "one", RIGHT)],
    "mended and saved": [("run", "one", BROKEN), ("save",), ("run", "one", RIGHT), ("save",)],
    "saved before it was run": [("run", "one", WRONG), ("write", "one", WRONG + "#"), ("save",), ("run", "one", RIGHT)],
    "saved in the middle of writing": [("write", "one", BROKEN), ("save",), ("run", "one", RIGHT)],
    "only comments": [
        ("run", "one", RIGHT),
        ("write", "one", RIGHT.replace("    return", "    # twice\n\n    return") + "# done"),
        ("save",),
    ],
    "only a docstring": [
        ("run", "one", RIGHT),
        ("write", "one", RIGHT.replace("    return", '    """Twice."""\n    return')),
        ("save",),
    ],
    "another cell is changed": [("run", "one", RIGHT), ("run", "two", "x = 1"), ("write", "two", "x = 2"), ("save",)],
    "the cell is moved": [("run", "one", RIGHT), ("delete", "one"), ("write", "new", RIGHT), ("save",)],
    "a line that tries it out is gone": [("run", "one", RIGHT + "double(3)"), ("write", "one", RIGHT), ("save",)],
    "split": [
        ("run", "one", HELPED),
        ("write", "one", HELPED.partition("\n\n")[0]),
        ("write", "new", HELPED.partition("\n\n")[2]),
        ("save",),
    ],
    "joined with another cell": [
        ("run", "one", RIGHT),
        ("delete", "one"),
        ("write", "new", f"{RIGHT}\n\nx = 1"),
        ("save",),
    ],
    "copied, and the copy is changed": [("run", "one", RIGHT), ("write", "two", WRONG), ("save",)],
    "a copy with another name": [("run", "one", RIGHT), ("run", "two", RENAMED)],
    "a copy that cannot be read, before": [("run", "two", BROKEN), ("run", "one", RIGHT)],
    "a helper below is changed": [
        ("run", "two", "def twice(n):\n    return 2 * n"),
        ("run", "one", "# Exercise 1.1\ndef double(n):\n    return twice(n)"),
        ("write", "two", "def twice(n):\n    return n + n"),
        ("save",),
    ],
    "a blank, and one's own cell below": [("run", "one", BLANK), ("run", "two", OWN)],
    "an error below the definition": [("run", "one", RIGHT), ("run", "one", RIGHT + "print(dubble(1))")],
    "timed": [("run", "one", RIGHT), ("run", "one", "%%time\n" + RIGHT)],
    "timed, and saved without": [("run", "one", "%%time\n" + RIGHT), ("write", "one", RIGHT), ("save",)],
    "a magic": [("run", "one", "%precision 3\n" + RIGHT), ("save",)],
    "asked about": [("run", "one", RIGHT), ("run", "two", "double?")],
    "cached": [("run", "one", RIGHT), ("run", "two", "import functools\ndouble = functools.cache(double)")],
    "a decorator of one's own": [
        ("run", "two", "def loud(f):\n    def inner(n):\n        return f(n)\n    return inner"),
        ("run", "one", RIGHT.replace("def", "@loud\ndef")),
        ("run", "two", "def loud(f):\n    return f"),
    ],
    "a lambda": [("run", "one", "# Exercise 1.1\ndouble = lambda n: 2 * n")],
    "a static method of a class": [
        ("run", "two", "class Many:\n    @staticmethod\n    def double(n):\n        return 2 * n"),
        ("run", "one", "# Exercise 1.1\ndouble = Many.double"),
    ],
    "only if it is not there": [
        ("run", "one", RIGHT),
        ("run", "one", "# Exercise 1.1\nif 'double' not in globals():\n    def double(n):\n        return 0"),
    ],
    "a class that goes on from the one before": [
        ("run", "one", "# Exercise 1.1\nclass double:\n    def __new__(cls, n):\n        return 2 * n"),
        ("run", "two", "class double(double):\n    pass"),
    ],
    "executed": [("run", "one", RIGHT), ("run", "one", "# Exercise 1.1\nexec('def other(n): pass')")],
    "out of order": [("run", "two", OWN), ("run", "one", RIGHT), ("run", "import", IMPORT)],
}


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("steps", CURRENT.values(), ids=CURRENT)
def test_what_stands_in_the_cell_is_judged_without_a_word(session, course, steps, ids):
    kernel = play(Kernel(session, ids=ids), *steps)
    assert kernel.run("check", CHECK) == "Exercise 1.1: correct. Two times.\n"
    assert book(course)["exercises"] == {"1.1": {"tries": 1, "solved": True}}


UNKNOWN = {
    "the file is not known": lambda kernel, monkeypatch: monkeypatch.delenv("JPY_SESSION_NAME"),
    "the file was renamed": lambda kernel, monkeypatch: kernel.file.unlink(),
    "it is another notebook": lambda kernel, monkeypatch: kernel.file.write_text('{"cells": []}', encoding="utf-8"),
    "it is in the middle of being written": lambda kernel, monkeypatch: kernel.file.write_text("{", encoding="utf-8"),
    "its cells have no source": lambda kernel, monkeypatch: kernel.file.write_text(
        '{"cells": [{"cell_type": "code"}]}', encoding="utf-8"
    ),
}


@pytest.mark.parametrize("happens", UNKNOWN.values(), ids=UNKNOWN)
def test_where_it_cannot_be_known_nothing_is_said(session, monkeypatch, happens):
    kernel = play(Kernel(session), ("run", "one", RIGHT), ("write", "one", WRONG), ("save",))
    happens(kernel, monkeypatch)
    assert kernel.run("check", CHECK).startswith("Exercise 1.1: correct.")


def test_after_a_restart_equal_numbers_do_not_make_an_older_file_the_newer_one(session):
    play(Kernel(session), ("run", "one", WRONG), ("save",))
    again = play(Kernel(session), ("run", "one", RIGHT))
    assert again.run("check", CHECK).startswith("Exercise 1.1: correct.")


def test_a_save_that_was_on_its_way_when_the_cell_was_run_tells_nothing(session):
    kernel = play(Kernel(session), ("run", "one", WRONG))
    before = kernel.contents()
    kernel.run("one", RIGHT)
    kernel.save(before)
    assert kernel.run("check", CHECK).startswith("Exercise 1.1: correct.")


NOTES = {
    "twice in the cell": (
        [("run", "one", WRONG + OWN)],
        "Your cell defines `double` in lines 2 and 4. The last one counts.",
    ),
    "in two cells": (
        [("run", "one", WRONG), ("run", "two", OWN)],
        "Two cells define `double`. The one that was run last",
    ),
    "in a copy of the cell": ([("run", "one", WRONG), ("run", "two", RIGHT)], "Two cells define `double`."),
}


@pytest.mark.parametrize(("steps", "note"), NOTES.values(), ids=NOTES)
def test_of_two_definitions_the_last_is_judged_and_that_is_said(session, steps, note):
    told = play(Kernel(session), *steps).run("check", CHECK)
    assert told.startswith("Exercise 1.1: correct. Two times.\n")
    assert f"  ({note}" in told


def test_a_method_that_is_there_twice_is_named(session):
    body = (
        "class double:\n    def __new__(cls, n):\n        return 3 * n\n    def __new__(cls, n):\n        return 2 * n"
    )
    told = play(Kernel(session), ("run", "one", f"# Exercise 1.1\n{body}")).run("check", CHECK)
    assert "Your cell defines `double.__new__` in lines 3 and 5." in told
    body = body.replace("    def", "    @staticmethod\n    def")
    assert "in lines" not in play(Kernel(session), ("run", "one", body)).run("check", CHECK)

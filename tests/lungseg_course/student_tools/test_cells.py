"""What was run is not always what stands in the cell: a kernel that is told of a notebook what JupyterLab tells it."""

import pytest

from kernels import Kernel
from lungseg_course import record
from lungseg_course.engine import cells
from tiny_course import book

IMPORT = "from lungseg_course import check, hand_in, quiz, todo"
RIGHT = "# Exercise 1.1\ndef double(n):\n    return 2 * n\n"
WRONG = "# Exercise 1.1\ndef double(n):\n    return 3 * n\n"
BROKEN = "# Exercise 1.1\ndef double(n)\n    return 2 * n\n"
BLANK = "# Exercise 1.1\ndef double(n):\n    todo()\n"
RENAMED = "# Exercise 1.1\ndef doubled(n):\n    return 3 * n\n"
STOPS = "# Exercise 1.1\nimport nothing_of_that_name\n\ndef double(n):\n    return 3 * n\n"
CHECK = 'check("1.1", double)'
A, C = "# Question 1.1\nanswer_1_1 = 'a'", "# Question 1.1\nanswer_1_1 = 'c'"


@pytest.fixture(autouse=True)
def session(course, monkeypatch):
    """A kernel knows where its notebook lies. Afterwards nobody is watched."""
    file = course / "Data_Generator" / "DataGenerator.ipynb"
    file.parent.mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    monkeypatch.delattr(cells, "_watched")
    monkeypatch.setattr(cells, "_watched", None, raising=False)
    return file


def play(kernel, *steps):
    """Do what a student does, a word for each step: `run one`, `write one`, `delete one`, `save`; texts follow."""
    kernel.run("import", IMPORT)
    for do, *rest in steps:
        getattr(kernel, do)(*rest)
    return kernel


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
    "deleted": (
        [("run", "one", RIGHT), ("delete", "one"), ("save",)],
        "The cell of `double` is no longer in the notebook",
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


OWN = "def double(n):\n    return 2 * n"
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


# ---- Questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([("run", "one", A)], "Question 1.1, a: not this one."),
        ([("run", "one", A), ("run", "one", A)], "Question 1.1, a: not this one."),
        (
            [("run", "one", A), ("run", "one", A), ("write", "one", C), ("save",)],
            "Question 1.1: not looked at. The cell of",
        ),
        ([("run", "one", A), ("run", "one", "# Question 1.1\ntodo()")], "`answer_1_1` was not in it."),
        ([("run", "one", A), ("run", "one", "# Question 1.1\nanswer = 'c'")], "it defined `answer`, not `answer_1_1`."),
        ([("run", "one", C), ("run", "one", "# Question 1.1\nanswer_1_1 = a")], "it stopped with NameError before"),
    ],
)
def test_an_answer_is_that_of_the_cell(session, steps, words):
    told = play(Kernel(session), *steps).run("quiz", 'quiz("1.1", answer_1_1)')
    assert words in " ".join(told.split())


def test_in_an_older_notebook_a_blank_is_not_judged_by_the_answer_before_it(session):
    kernel = play(Kernel(session, ids=False), ("run", "one", "# Question 1.7\nanswer = 'b'"))
    kernel.run("two", "# Question 1.1\ntodo()")
    told = kernel.run("quiz", 'quiz("1.1", answer)')
    assert told.startswith("Question 1.1: not looked at. It is not answered yet: `answer` is that to question 1.7.")
    kernel.run("two", "# Question 1.1\nanswer = 'b'")
    assert kernel.run("quiz", 'quiz("1.1", answer)').startswith("Question 1.1, b: right.")


# ---- Names that are not known ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "call", "words"),
    [
        ([], CHECK, "`double` is not known yet: run the cell of exercise 1.1 first. After a restart of the kernel"),
        ([], 'quiz("1.1", answer_1_1)', "`answer_1_1` is not known yet: run the cell of question 1.1 first."),
        ([], "hand_in(DataGenerator)", "`DataGenerator` is not known yet: run its cell first."),
        ([], "hint = 1\ncheck('1.2', one, two)", "`one` is not known yet: run the cell of exercise 1.2 first."),
        (
            [("run", "one", BROKEN)],
            CHECK,
            "when the cell of exercise 1.1 was last run, Python could not read it (line 2",
        ),
        (
            [("run", "one", RENAMED)],
            CHECK,
            "it defined `doubled`, not `double`. Mend that cell, run it, then this one.",
        ),
        ([("run", "one", STOPS)], CHECK, "it stopped with ModuleNotFoundError before it came to `double`."),
        ([("run", "one", "# Question 1.1\ntodo()")], 'quiz("1.1", answer_1_1)', "question 1.1 still has its `todo()`."),
        ([("run", "one", "# Question 1.1\nanswer = 'b'")], 'quiz("1.1", answer_1_1)', "it defined `answer`, not"),
    ],
)
@pytest.mark.parametrize("ids", [True, False])
def test_the_cell_to_run_is_named_in_place_of_a_traceback(session, steps, call, words, ids):
    told = " ".join(play(Kernel(session, ids=ids), *steps).run("check", call).split())
    assert told.startswith("`")
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "text", ["unknown + 1", 'check("1.1", unknown.double)', "print(unknown)", "check('1.1', f(unknown))"]
)
def test_other_errors_are_shown_as_ever(session, text):
    told = play(Kernel(session)).run("other", text)
    assert "Traceback (most recent call last)" in told
    assert told.rstrip().endswith("name 'unknown' is not defined" if "f(" not in text else "name 'f' is not defined")


# ---- Where things go -----------------------------------------------------------------------------


def folders(tmp_path, *files):
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "notebook", "started", "told_by", "root"),
    [
        # as they are given out, and a copy of one
        (["a/Train_UNET.ipynb"], "a/UNet_Arch/UNET_architecture.ipynb", "a/UNet_Arch", "server", "a"),
        (["a/Train_UNET.ipynb"], "a/Loss_Metrics/LossMetrics-Copy1.ipynb", "a/Loss_Metrics", "server", "a"),
        (["a/Train_UNET.ipynb"], "a/mine/LossMetrics (1).ipynb", "a/mine", "server", "a"),
        # none of the others is left under its name
        ([], "a/UNet_Arch/ada.ipynb", "a/UNet_Arch", "server", "a"),
        # side by side, as they are graded; alone
        ([], "a/LossMetrics.ipynb", "a", "nobody", "a"),
        ([], "a/ada.ipynb", "a", "nobody", "a"),
        # the kernel was started elsewhere, or a cell changed the folder before the import
        (["a/Train_UNET.ipynb"], "a/Data_Generator/DataGenerator.ipynb", "b", "server", "a"),
        (["a/Train_UNET.ipynb"], "a/Data_Generator/DataGenerator.ipynb", "b", "editor", "a"),
        (["a/Train_UNET.ipynb", "b/Train_UNET.ipynb"], "a/Data_Generator/DataGenerator.ipynb", "b", "editor", "a"),
        # a notebook that was started by another one, whose session it has: to grade it, perhaps
        (["a/Train_UNET.ipynb", "b/LossMetrics.ipynb"], "a/grade.ipynb", "b", "server", "b"),
        # the notebook was renamed or moved since
        (["b/Train_UNET.ipynb"], None, "b", "server", "b"),
    ],
)
def test_the_root_of_the_course_is_that_of_the_notebook(
    tmp_path_factory, monkeypatch, files, notebook, started, told_by, root
):
    folder = tmp_path_factory.mktemp("courses")
    (folder / started).mkdir(parents=True, exist_ok=True)
    folders(folder, *files, *filter(None, [notebook]))
    monkeypatch.chdir(folder / started)
    path = folder / (notebook or "a/gone.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path) if told_by == "server" else "")
    kernel = Kernel(path if notebook else folder / started / "Train_UNET.ipynb")
    if told_by == "editor":
        kernel.shell.user_ns["__vsc_ipynb_file__"] = str(path)
    kernel.run("import", IMPORT + "\nimport os, tempfile\nos.chdir(tempfile.gettempdir())")
    kernel.run("quiz", 'quiz("1.1", "b")')
    assert record.course_root() == folder / root
    assert book(folder / root)["questions"]["1.1"]["solved"]
    assert [path.parent for path in folder.rglob(record.FILE)] == [folder / root]

"""Answers, names that no cell has defined, and where the record goes: in the kernel of a notebook."""

import pytest

from kernels import BROKEN, CHECK, IMPORT, RENAMED, STOPS, Kernel, play
from lungseg_course import record
from tiny_course import book

A, C = "# Question 1.1\nanswer_1_1 = 'a'", "# Question 1.1\nanswer_1_1 = 'c'"


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
        (
            [("run", "one", "del check")],
            CHECK,
            "`check` is not known yet. After a start or a restart of the kernel, run",
        ),
        (
            [],
            "answer_1_2 = b",
            '`b` is not known. The letter of an answer belongs in quotes: write answer_1_2 = "b" in',
        ),
        (
            [],
            'quiz("1.1", D)',
            'The letter of an answer belongs in quotes: write answer_1_1 = "d" in the cell of question',
        ),
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

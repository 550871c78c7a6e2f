"""A notebook that a student has worked in, brought up to date: nothing is lost, and the course is new."""

import copy
import itertools
import random
import re

import nbformat
import pytest

import build
import notebooks
from lungseg_course.updating.marks import key_of
from lungseg_course.updating.merging import merge
from small_sources import EXERCISE, QUESTION, source_from
from student_work import (
    NAME,
    WORK,
    answer,
    cell,
    change_a_number,
    change_the_check,
    delete_exercise,
    duplicate_the_blank,
    fill_both,
    fill_the_copy,
    have_it_from_the_first_version,
    lose_ids,
    make_text_of_an_answer,
    notes,
    run,
    starting,
    work_at_random,
)

MORE = "# %%\nx = 4\n\n# %% [markdown]\n# Look at x.\n\n# %%\nprint(x)\n"
SOURCE = f"{EXERCISE}\n{MORE}\n{QUESTION}".format(n=4)


def exercise(folder, text):
    return notebooks.build_exercise(source_from(folder, text), NAME)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A source with ids, and the notebook that a student gets."""
    source = source_from(tmp_path_factory.mktemp("given"), SOURCE)
    build.give_ids(source, NAME)
    return source.read_text(encoding="utf-8"), notebooks.build_exercise(source, NAME)


# ---- What the course does -------------------------------------------------------------------------

SECOND = EXERCISE.replace("{n}.1", "{n}.2").replace("{n}_1", "{n}_2").replace("twice", "thrice").format(n=4)
UPSTREAM = {
    "nothing": [],
    "text": [("# # Counting", "# # Counting better")],
    "check": [('check("4.1", twice)', '# With small numbers.\ncheck("4.1", twice)')],
    "a new exercise": [("# %% [markdown] id=", f"{SECOND}\n# %% [markdown] id=", "Look at x")],
    "another blank": [('"""Return two times x."""', '"""Return twice the number x."""')],
    "another number": [("x = 4", "x = 5")],
    "a cell less": [("print(x)\n", ""), (r'# %% id="\w+"\n\n', "")],
    "an exercise less": [(r'(?s)# %% tags=\["exercise"\] nbgrader={"grade_id": "exercise_4_1"}.*?twice\)\n', "")],
}
UPSTREAM["all at once"] = [
    change for name in ("text", "check", "a new exercise", "another number") for change in UPSTREAM[name]
]


def changed(text, changes):
    for old, new, *before in changes:
        if before:  # at the last place before these words
            place = text.rindex(old, 0, text.index(before[0]))
            text = text[:place] + text[place:].replace(old, new, 1)
        elif old.startswith(("(?s)", "# %% id")):
            text, count = re.subn(old, new, text, count=1)
            assert count == 1, old
        else:
            assert old in text, old
            text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def upstream(given, tmp_path_factory):
    folder = tmp_path_factory.mktemp("upstream")
    return {name: exercise(folder, changed(given[0], changes)) for name, changes in UPSTREAM.items()}


@pytest.mark.parametrize("name", UPSTREAM)
@pytest.mark.parametrize("work", WORK)
def test_nothing_is_lost_the_course_is_new_and_a_second_time_changes_nothing(given, upstream, work, name):
    new, worked = upstream[name], copy.deepcopy(given[1])
    work(worked)
    merged = merge_and_look(new, worked, [given[1]])
    for each in merged.cells:
        key = key_of(each)
        if key in {key_of(other) for other in new.cells}:
            assert each.metadata == cell(new, key).metadata


def merge_and_look(new, worked, given):
    before = copy.deepcopy(worked)
    merged = merge(new, worked, NAME)
    assert worked == before
    # All that the course did not write is there, with its line breaks.
    from_the_course = {each.source for notebook in given for each in notebook.cells}
    kept = "\n".join(each.source for each in merged.cells)
    for each in worked.cells:
        assert each.source in from_the_course or each.source in kept
    # The course is there, in its order; nbgrader and the reader find each cell once.
    keys = [key_of(each) for each in new.cells]
    of_the_course = [each for each in merged.cells if key_of(each) in keys]
    assert [key_of(each) for each in of_the_course] == keys
    for each, expected in zip(of_the_course, new.cells, strict=True):
        assert each.cell_type == expected.cell_type
        assert each.metadata.get("nbgrader") == expected.metadata.get("nbgrader")
        if "check" in expected.metadata.get("tags", []):
            assert each.source == expected.source
    assert merged.metadata.lungseg == new.metadata.lungseg
    assert len({each.id for each in merged.cells}) == len(merged.cells)
    assert merge(new, merged, NAME) == merged
    return merged


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_done_between_several_new_versions_nothing_is_lost(given, upstream, seed):
    chance = random.Random(seed)
    notebook = copy.deepcopy(given[1])
    for _ in range(4):
        work_at_random(notebook, chance, count=5)
        notebook = merge_and_look(upstream[chance.choice(list(UPSTREAM))], notebook, [given[1], *upstream.values()])


# ---- Where things are, afterwards --------------------------------------------------------------


def after(given, upstream, name, *works):
    worked = copy.deepcopy(given[1])
    for work in works:
        work(worked)
    return merge(upstream[name], worked, NAME)


def sources(notebook):
    return [each.source for each in notebook.cells]


def test_an_untouched_notebook_becomes_the_new_one(given, upstream):
    for name, new in upstream.items():
        assert after(given, upstream, name) == new


def test_an_answered_notebook_with_cells_of_its_own_after_three_changes(given, upstream):
    merged = after(given, upstream, "all at once", answer, run, notes)
    texts = sources(merged)
    assert texts[0] == "A note of mine, 0."
    assert texts[1].startswith("# Counting better")
    assert texts[2:4] == ["# Exercise 4.1\ndef twice(x):\n    return x + x", "A note of mine, 2."]
    assert texts[4] == '# With small numbers.\ncheck("4.1", twice)'
    assert texts[-1].startswith("A note of mine, ")
    assert "# Exercise 4.2\ndef thrice(x):" in "\n".join(texts)
    outputs = {each.source: len(each.outputs) for each in merged.cells if each.cell_type == "code"}
    assert outputs[texts[2]] == 1, "its text has stayed"
    assert outputs[texts[4]] == outputs["x = 5"] == 0, "theirs has not"
    assert outputs["print(x)"] == 1


@pytest.mark.parametrize(
    ("name", "work", "note"),
    [
        (
            "another blank",
            answer,
            "changed this exercise. Its blank is now:\n\n```python\n# Exercise 4.1\ndef twice(x):",
        ),
        ("another number", change_a_number, "changed the cell above. You had written:\n\n```python\nx = 400\n```"),
        ("nothing", change_the_check, "is that of the course again. You had written:\n\n```python\ncheck("),
        ("a cell less", None, "The course has this cell no longer. You had written:\n\n```python\nprint(x + 1)"),
        (
            "an exercise less",
            answer,
            "no longer. You had written:\n\n```python\n# Exercise 4.1\ndef twice(x):\n    return",
        ),
    ],
)
def test_what_both_have_changed_is_there_twice_one_as_a_note_that_is_not_run(given, upstream, name, work, note):
    def print_more(notebook):
        starting(notebook, "print(x)").source = "print(x + 1)"

    merged = after(given, upstream, name, work or print_more)
    (found,) = [each for each in merged.cells if each.source.startswith("**Note.** ")]
    assert note in found.source
    assert found.cell_type == "markdown"


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (fill_the_copy, ["return 2 * x  # in the copy"]),
        (fill_both, ["return x + x", "return 2 * x  # in the copy"]),
        (duplicate_the_blank, ["todo()"]),
        (make_text_of_an_answer, ["return x + x"]),
        (delete_exercise, ["todo()"]),
    ],
)
def test_the_answer_is_in_the_cell_of_the_exercise_and_a_copy_below_is_none_of_nbgrader_s(
    given, upstream, work, expected
):
    merged = after(given, upstream, "text", work)
    answers = [each for each in merged.cells if each.source.startswith("# Exercise 4.1")]
    assert [each.source.rpartition("\n")[2].strip() for each in answers] == expected
    assert ["nbgrader" in each.metadata for each in answers] == [True, False][: len(expected)]
    assert {each.cell_type for each in answers} == {"code"}


def test_a_number_that_only_the_student_changed_stays_and_says_nothing(given, upstream):
    for name, work in itertools.product(("text", "check"), (change_a_number, have_it_from_the_first_version)):
        merged = after(given, upstream, name, work)
        assert "x = 400" in sources(merged)
        assert "x = 4" not in sources(merged)
        assert not any(text.startswith("**Note.**") for text in sources(merged))


def test_cells_that_have_lost_their_ids_are_known_by_their_text(given, upstream):
    texts = sources(after(given, upstream, "check", lose_ids))
    assert [texts.count(text) for text in ("x = 4", "Look at x.", "print(x)")] == [1, 1, 1]


def test_an_answer_to_a_question_gets_the_name_that_it_has_today(given, upstream):
    def answer_as_in_the_first_version(notebook):
        cell(notebook, "question_4_1").source = '# Question 4.1\n# two\nanswer = "b"'

    merged = after(given, upstream, "text", answer_as_in_the_first_version)
    assert cell(merged, "question_4_1").source == '# Question 4.1\n# two\nanswer_4_1 = "b"'


def test_pictures_in_text_and_the_student_s_kernel_stay(given, upstream):
    def paste(notebook):
        picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
        notebook.cells.append(nbformat.v4.new_markdown_cell("![mine](attachment:a.png)", attachments=picture))
        starting(notebook, "Look").attachments = picture
        starting(notebook, "Look").source += "![mine](attachment:a.png)"
        notebook.metadata.kernelspec.name = "my_kernel"

    merged = after(given, upstream, "all at once", paste)
    assert sum("attachments" in each for each in merged.cells) == 2
    assert merged.metadata.kernelspec.name == "my_kernel"

"""What students do to a notebook: answers, notes, cells copied, moved and deleted, and a slip of a key."""

import copy

import nbformat

from lungseg_course.updating.marks import key_of, marks_of

NAME = "Train_UNET"


def cell(notebook, key):
    return next(cell for cell in notebook.cells if key_of(cell) == key)


def starting(notebook, start):
    return next(cell for cell in notebook.cells if cell.source.startswith(start))


def answer(notebook):
    cell(notebook, "exercise_4_1").source = "# Exercise 4.1\ndef twice(x):\n    return x + x"


def run(notebook):
    for place, each in enumerate(notebook.cells):
        if each.cell_type == "code":
            each.execution_count = place
            each.outputs = [nbformat.v4.new_output("stream", text=f"output {place}\n")]


def notes(notebook):
    for place in (len(notebook.cells), 2, 0):
        notebook.cells.insert(place, nbformat.v4.new_markdown_cell(f"A note of mine, {place}."))


def delete_check(notebook):
    notebook.cells.remove(cell(notebook, "check_4_1"))


def delete_all_but_the_answer(notebook):
    answer(notebook)
    notebook.cells = [cell(notebook, "exercise_4_1")]


def delete_exercise(notebook):
    notebook.cells.remove(cell(notebook, "exercise_4_1"))


def duplicate(notebook, source):
    twin = copy.deepcopy(cell(notebook, "exercise_4_1"))
    twin.id, twin.source = "0badc0de", source
    notebook.cells.insert(2, twin)


def fill_the_copy(notebook):
    duplicate(notebook, "# Exercise 4.1\ndef twice(x):\n    return 2 * x  # in the copy")


def fill_both(notebook):
    answer(notebook)
    fill_the_copy(notebook)


def duplicate_the_blank(notebook):
    duplicate(notebook, cell(notebook, "exercise_4_1").source)


def make_text_of_an_answer(notebook):
    answer(notebook)
    old = cell(notebook, "exercise_4_1")
    place = notebook.cells.index(old)
    notebook.cells[place] = nbformat.v4.new_markdown_cell(old.source, id=old.id, metadata=old.metadata)


def change_the_check(notebook):
    cell(notebook, "check_4_1").source += "\nprint(twice(3))"


def change_a_number(notebook):
    starting(notebook, "x = 4").source = "x = 400"


def change_a_text(notebook):
    starting(notebook, "Look").source += "\n\nI looked."


def move_to_the_end(notebook):
    answer(notebook)
    notebook.cells.append(notebook.cells.pop(1))


def lose_ids(notebook):
    answer(notebook)
    notes(notebook)
    for each in notebook.cells:
        each.pop("id")
    notebook.nbformat_minor = 4


def have_it_from_the_first_version(notebook):
    for each, mark in zip(notebook.cells, marks_of(NAME, notebook.cells), strict=True):
        each.id = mark
    del notebook.metadata.lungseg["cells"]
    answer(notebook)
    change_a_number(notebook)
    notes(notebook)


def do_nothing(notebook):
    pass


WORK = [
    do_nothing, answer, run, notes, delete_check, delete_all_but_the_answer, delete_exercise, fill_the_copy, fill_both,
    duplicate_the_blank, make_text_of_an_answer, change_the_check, change_a_number, change_a_text, move_to_the_end,
    lose_ids, have_it_from_the_first_version,
]  # fmt: skip


def work_at_random(notebook, chance, count):
    """Change, copy, move, delete and add cells as somebody might."""
    for number in range(count):
        place = chance.randrange(len(notebook.cells))
        each = notebook.cells[place]
        what = chance.randrange(5)
        if what == 0:
            each.source += f"\n# changed in round {number} of {chance.random()}"
        elif what == 1:
            twin = copy.deepcopy(each)
            twin.id = f"{chance.random()}"[2:]
            notebook.cells.insert(chance.randrange(len(notebook.cells)), twin)
        elif what == 2:
            notebook.cells.insert(chance.randrange(len(notebook.cells)), notebook.cells.pop(place))
        elif what == 3 and len(notebook.cells) > 1:
            notebook.cells.pop(place)
        else:
            notebook.cells.insert(place, nbformat.v4.new_code_cell(f"mine = {chance.random()}"))

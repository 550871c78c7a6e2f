"""Courses that are run: the notebooks filled in, put into a folder of their own, and executed in order."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from lungseg_course.updating.copies import update
from notebooks import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[2]
# The cells of notebook 4 that begin a training and train, by a line of each.
TRAINING_CELLS = (
    "keras.utils.set_random_seed(SEED)",
    "compile_model(model, LEARNING_RATE",
    "attempt = begin_training(",
)
TRAINED = "with attempt.interruptible():"
INTERRUPTED = """\
TRAIN_AGAIN, its_callbacks = True, make_callbacks


def press_stop(epoch, logs):
    raise KeyboardInterrupt


def make_callbacks(folder):
    return [*its_callbacks(folder), keras.callbacks.LambdaCallback(on_epoch_end=press_stop)]
"""


def run_once_more(notebook):
    """Let a notebook 4 train once more at its end, and be interrupted; begin_training is asked before as well."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    begin, train = (
        [next(source for source in code if line in source) for line in lines] for lines in (TRAINING_CELLS, [TRAINED])
    )
    eagerly = ["model.run_eagerly = True  # quicker than to trace it for an epoch"]
    for source in (*begin, *train, INTERRUPTED, *begin, *eagerly, *train, "print(attempt.load())"):
        notebook.cells.append(nbformat.v4.new_code_cell(source))
    return notebook


def read(path):
    return nbformat.read(path, as_version=4)


def filled_in(name, answers=None, left_out=()):
    """The exercise notebook with the cells of the solution in place of the blanks, or with other answers."""
    notebook, solution = read(ROOT / f"{name}.ipynb"), read(ROOT / "solutions" / f"{name}.ipynb")
    for cell, answer in zip(notebook.cells, solution.cells, strict=True):
        if "exercise" in cell.metadata.get("tags", []):
            heading = re.match(r"# Exercise (\d\.\d)\n", cell.source)
            if heading and heading.group(1) in left_out:
                continue
            cell.source = answer.source
            if answers and heading and heading.group(1) in answers:
                cell.source = heading.group() + answers[heading.group(1)]
    return notebook


def run(notebook, folder, environment, to_the_end=True, kernel="python3"):
    """Execute a notebook in a folder, to its end or to the first error; return it with its outputs."""
    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name=kernel,
        allow_errors=to_the_end,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=environment)
    except CellExecutionError:
        assert not to_the_end
    return notebook


def student_folder(project):
    """The folder of a student in a copy of the project, in which notebooks 4 and 5 look for the run folder."""
    for path in [f"{name}.ipynb" for name in NOTEBOOKS] + ["lungseg/__init__.py"]:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes((ROOT / path).read_bytes() if path.endswith(".ipynb") else b"")
    update(root=project)
    return project / "my_course"


def run_course(notebooks, project, environment, to_the_end=True, copied=False, kernel="python3", cold=()):
    """Put the notebooks into a course of their own, and run them in order, each in its folder.

    The kernels are of the kind that is named; notebooks that are `cold` get one that knows nothing yet.
    """
    root = student_folder(project) if copied else project
    for name, notebook in notebooks.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, root / f"{name}.ipynb")
    done = {}
    for name, notebook in notebooks.items():
        its_kernel = "python3" if name in cold else kernel
        done[name] = run(notebook, (root / name).parent, environment, to_the_end, its_kernel)
    files = [(root, path) for path in root.rglob("*")] + [(project, path) for path in project.glob("results/**/*")]
    written = {path.relative_to(folder).as_posix() for folder, path in files if path.is_file()}
    written -= {f"{name}.ipynb" for name in NOTEBOOKS}
    return SimpleNamespace(root=root, results=project / "results", notebooks=done, written=written)

"""A course for nbgrader: the notebooks as one assignment or as six, and the settings to release and grade them."""

from pathlib import Path

from first_cell import first_cells
from notebooks import NOTEBOOKS, ROOT, STUB, SourceError, build_graded, notebook_bytes, shown, write_whole

from lungseg_course.updating.marks import work_in

ASSIGNMENT = "lungseg"
CONFIG = f'''"""Settings for nbgrader. Made by course/build.py; yours to change, it is not written again."""

import os
import sys

if "autograde" in sys.argv:  # and not where this file is read by a Jupyter server, whose notebooks are to run in full
    # Small images and two epochs: what is graded is the students' code, not what it was trained on.
    # At full size:  LUNGSEG_FAST=0 nbgrader autograde {ASSIGNMENT}
    os.environ.setdefault("LUNGSEG_FAST", "1")
    # Each student's notebooks train into the student's own folder.
    os.environ.pop("LUNGSEG_RUN", None)
    os.environ.pop("LUNGSEG_COURSE", None)

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "{ASSIGNMENT}"
# What notebooks write where they are graded, and what students may hand in beside them: neither is copied on.
c.CourseDirectory.ignore = [
    *(".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"),
    *("results", "Data_Generator", "UNet_Arch", "Loss_Metrics", ".lungseg_progress*.json"),
]

# A blank is valid Python, and says which exercise it belongs to.
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}

# nbgrader gives no points to a cell that writes to stderr. A warning is no mistake: take it out before the points
# are counted.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"[\\s\\S]+"

# Seconds for a cell. A student's endless loop ends here, and the cells after it are graded.
c.Execute.timeout = 120 if os.environ.get("LUNGSEG_FAST") == "1" else 1800
# And for what a cell has printed to arrive: on a busy machine that takes longer than nbgrader's four seconds.
c.Execute.iopub_timeout = 60
'''


def assignment_of(name: str, separate: bool) -> str:
    """Return the assignment of a notebook.

    Examples
    --------
    >>> assignment_of("Loss_Metrics/LossMetrics", separate=True)
    '3-LossMetrics'
    """
    return f"{NOTEBOOKS.index(name) + 1}-{name.rpartition('/')[2]}" if separate else ASSIGNMENT


def write_course(course, folder: Path, force: bool = False, separate: bool = False) -> tuple[list[Path], list[str]]:
    """Write a course for nbgrader.

    Parameters
    ----------
    course : build.Course
    folder : Path
        Outside this repository. A course that is there already is brought up to date; its settings stay.
    force : bool
        Write anew what was changed there, the settings included.
    separate : bool
        An assignment for each notebook, with a deadline of its own, in place of one for all.

    Returns
    -------
    list of Path
        What has changed.
    list of str
        A line for each notebook that was changed by hand, and left.

    Raises
    ------
    SourceError
        If the folder lies in the repository, or was made the other way.
    """
    folder = folder.expanduser().resolve()
    if folder == ROOT or ROOT in folder.parents:
        raise SourceError(
            f"--nbgrader expected a folder outside {ROOT}, as notebooks that are graded inside would write into this "
            f"course. Received: {folder}."
        )
    assignments = {name: assignment_of(name, separate) for name in NOTEBOOKS}
    others = sorted(path.name for path in folder.glob("source/*") if path.name not in assignments.values())
    if others:
        raise SourceError(
            f"--nbgrader expected a folder without other assignments. Found: {', '.join(others)}. Has it been made "
            f"{'without' if separate else 'with'} --separate? Name another folder, or do it the same way again."
        )
    changed, left = [], []
    config = folder / "nbgrader_config.py"
    if force or not config.exists():
        write_whole(config, CONFIG.encode("utf-8"))
        changed.append(config)
    for name in NOTEBOOKS:
        path = folder / "source" / assignments[name] / f"{name.rpartition('/')[2]}.ipynb"
        content = notebook_bytes(build_graded(course.source(name), name, first_cells(course.address)))
        if path.is_file() and path.read_bytes() == content:
            continue
        work = work_in(path) if not force else None
        if work:
            left.append(f"{shown(path)}: {work}, so it stays as it is. With --force it is written anew.")
            continue
        write_whole(path, content)
        changed.append(path)
    return changed, left

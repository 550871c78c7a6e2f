"""A class graded: a process for each student, some at a time, and all of it brought into the course for nbgrader."""

import contextlib
import json
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from notebooks import NOTEBOOKS
from traitlets.config import Config, PyFileConfigLoader

from grader import gradebooks
from grader.collecting import HandIn, collect
from grader.feedback import write_feedback
from grader.one_student import LOG, Job, Limits, environment, grade_student, reason_in
from lungseg.files import write_text

FOLDER = "grading"  # of what belongs to grade.py, in the course for nbgrader
# What takes two seconds to import: once, in a process from which those of the students are forked. It finds what is
# installed, and nothing of this folder.
IMPORTED = ("nbgrader.converters", "nbconvert.exporters", "latex2mathml.converter", "PIL.Image")
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


IN_ORDER = [name.rpartition("/")[2] for name in NOTEBOOKS]


class CourseError(ValueError):
    """A folder that cannot be graded. The message says why, and what to do."""


class NbgraderCourse:
    """A course for nbgrader, as `course/build.py --nbgrader` makes it.

    Attributes
    ----------
    folder : Path
    settings : Config
        What stands in its nbgrader_config.py.
    assignments : dict
        Assignment → the names of its notebooks.
    releases : dict
        Name of a notebook → as it was released.
    """

    def __init__(self, folder: Path):
        self.folder = folder.expanduser().resolve()
        if not (self.folder / "nbgrader_config.py").is_file():
            raise CourseError(
                f"expected a course for nbgrader, as `python course/build.py --nbgrader {folder}` makes it. There "
                f"is no nbgrader_config.py in {self.folder}."
            )
        self.settings = PyFileConfigLoader("nbgrader_config.py", path=str(self.folder)).load_config()
        self.assignments = {
            path.name: sorted((notebook.stem for notebook in path.glob("*.ipynb")), key=_in_order)
            for path in sorted((self.folder / "source").iterdir())
            if any(path.glob("*.ipynb"))
        }
        self._release()
        paths = {name: each for each, names in self.assignments.items() for name in names}
        self.releases = {
            name: nbformat.read(self.folder / "release" / each / f"{name}.ipynb", as_version=4)
            for name, each in paths.items()
        }

    @property
    def gradebook(self) -> Path:
        return self.folder / "gradebook.db"

    def _release(self) -> None:
        # nbgrader starts another program, alembic, by its name, also where this environment is not activated.
        programs = str(Path(sys.executable).parent)
        if programs not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
        for assignment, names in self.assignments.items():
            released = all((self.folder / "release" / assignment / f"{name}.ipynb").is_file() for name in names)
            if released and gradebooks.has_assignments(self.gradebook, [assignment]):
                continue
            folders = CourseDirectory(config=self.settings, root=str(self.folder), assignment_id=assignment)
            folders.student_id = "."
            try:
                GenerateAssignment(coursedir=folders, config=self.settings, force=True).start()
            except NbGraderException as error:
                raise CourseError(f"nbgrader could not generate the assignment {assignment}: {error}") from error

    def hand_ins(self, students: list[str]) -> Iterator[HandIn]:
        """Find what the students have handed in; all of them, or those that are named."""
        folders = sorted(path for path in (self.folder / "submitted").glob("*") if path.is_dir())
        known = {path.name for path in folders if not path.name.startswith(".")}
        unknown = sorted(set(students) - known)
        if unknown:
            raise CourseError(f"there is no folder submitted/{unknown[0]} in {self.folder}.")
        if not known:
            raise CourseError(f"nothing to grade: there is no folder of a student in {self.folder / 'submitted'}.")
        for path in folders:
            if path.name in (students or known):
                yield collect(path, self.releases)

    def report_of(self, student: str) -> dict | None:
        """Return what is known of a student from the last time; None if nothing."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.folder / FOLDER / "reports" / f"{student}.json").read_text(encoding="utf-8"))
        return None

    def reports(self) -> dict[str, dict]:
        """Return student → what grading has told, of all whose hand-in is still there."""
        found = {path.name: self.report_of(path.name) for path in sorted((self.folder / "submitted").glob("*"))}
        return {student: report for student, report in found.items() if report is not None}

    def keep(self, report: dict) -> None:
        path = self.folder / FOLDER / "reports" / f"{report['student']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(report, indent=1))


def grade_class(
    course: NbgraderCourse,
    students: list[str],
    jobs: int,
    limits: Limits,
    force: bool = False,
    tell: Callable[[str], None] = print,
) -> None:
    """Grade all students of a course, or some; keep a report of each.

    Parameters
    ----------
    course : NbgraderCourse
    students : list of str
        Their names; empty for all.
    jobs : int
        How many at a time.
    limits : Limits
        For each of them.
    force : bool
        Grade those again whose hand-in has not changed since they were graded.
    tell : callable
        Is given a line for each student.
    """
    work = course.folder / FOLDER / "work"
    shutil.rmtree(work, ignore_errors=True)
    todo = []
    for hand_in in course.hand_ins(students):
        before = course.report_of(hand_in.student)
        if not force and before and not before["failed"] and before["fingerprint"] == hand_in.fingerprint():
            tell(f"{hand_in.student}: graded before, and nothing has changed")
        else:
            todo.append(hand_in)
    home = _common_home(course, work, limits) if todo else work
    multiprocessing.get_context(METHOD).set_forkserver_preload(list(IMPORTED))
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {}
        for number, hand_in in enumerate(todo):
            own = (course.folder, course.assignments, hand_in, work / str(number), home, course.settings, limits)
            waiting[pool.submit(_in_own_process, Job(*own))] = hand_in
        for count, done in enumerate(as_completed(waiting), start=1):
            report = done.result()
            course.keep(report)
            told = "; ".join(report["failed"].values()) or f"{report['seconds']:.0f} s"
            tell(f"{count} of {len(todo)}: {report['student']}: {told}")
    shutil.rmtree(work, ignore_errors=True)


_merging = threading.Lock()


def _in_order(name: str) -> tuple[int, str]:
    """As a student works through them: what is handed in from one is there for the next."""
    return (IN_ORDER.index(name) if name in IN_ORDER else len(IN_ORDER)), name


def _in_own_process(job: Job) -> dict:
    """Grade a student in a new process; return the report, also where that process was lost."""
    student = job.hand_in.student
    job.work.mkdir(parents=True)
    context: Any = multiprocessing.get_context(METHOD)
    process = context.Process(target=_grade_quietly, args=(job,))
    process.start()
    process.join(60 * job.limits.minutes + 60)
    lost = ""
    if process.is_alive():
        lost = f"was ended after {job.limits.minutes:g} minutes"
        with contextlib.suppress(psutil.Error):
            for each in (*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)):
                each.kill()
        process.join()
    try:
        report = json.loads((job.work / "report.json").read_text(encoding="utf-8"))
        with _merging:
            gradebooks.merge(job.work / "gradebook.db", student, job.course / "gradebook.db")
        if process.exitcode:
            report["notes"].append({"part": "", "text": f"the pages of feedback: {reason_in(job.work / LOG)}"})
        for step in ("autograded", "feedback"):
            for assignment in job.assignments:
                _bring(job.work / step / student / assignment, job.course / step / student / assignment)
    except (OSError, ValueError) as error:  # no report, or no gradebook
        reason = lost or reason_in(job.work / LOG) or f"{type(error).__name__}: {error}"
        notes = [{"part": "", "text": text} for text in job.hand_in.notes]
        report = {"student": student, "fingerprint": "", "failed": {"": f"could not be graded: {reason}"}}
        report |= {"notes": notes, "parts": {}, "seconds": 0.0, "cpu_seconds": 0.0}
    shutil.rmtree(job.work, ignore_errors=True)
    return report


def _grade_quietly(job: Job) -> None:
    """Grade a student; what nbgrader says goes into a file, where the reason of a failure is found."""
    with open(job.work / LOG, "w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        logging.basicConfig()
        try:
            grade_student(job)
            write_feedback(job)
        except BaseException:
            traceback.print_exc()
            raise


def _bring(source: Path, target: Path) -> None:
    """Put the notebooks or pages of a student into the course, in the place of those from before."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(source.glob("*.*")):
        if path.suffix in (".ipynb", ".html", ".txt"):
            target.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target / path.name)


def _common_home(course: NbgraderCourse, work: Path, limits: Limits) -> Path:
    """Make what the home folder of each student begins with: phantoms, drawn once, where the notebooks need them."""
    home = work / "home"
    given = environment(home, limits.threads)
    cells = [cell.source for release in course.releases.values() for cell in release.cells]
    if any("default_cases(" in source for source in cells):
        code = "import matplotlib.font_manager, lungseg.datasets as sets; sets.default_cases(size={}, count={})"
        size, count = (64, 48) if given["LUNGSEG_FAST"] == "1" else (128, 300)
        # Where it fails, each student's notebooks draw their own.
        subprocess.run([sys.executable, "-c", code.format(size, count)], env=given, capture_output=True, cwd=work)
    return home

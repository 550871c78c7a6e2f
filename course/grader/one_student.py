"""A student graded, in a process and in a folder of its own."""

import json
import os
import re
import shutil
import site
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from grader import gradebooks
from grader.collecting import HandIn
from grader.mending import mend
from grader.running import NOTES, RunWithLimits
from grader.wording import error_in_words, mistake_in_words
from lungseg_course.grading import BLANK, MIME

LOG = "log.txt"  # what nbgrader says while it grades, in the student's folder
LARGEST_FILE = 1 << 30  # bytes that a student's code may write into one file


@dataclass(frozen=True)
class Limits:
    """What a student's notebooks may take.

    Attributes
    ----------
    minutes : float
        For all of them together, by the clock.
    gigabytes : float
        Of memory, where the system can limit it.
    threads : int
        Of the processor, for TensorFlow and NumPy.
    """

    minutes: float = 20
    gigabytes: float = 6
    threads: int = 1


@dataclass(frozen=True)
class Job:
    """All that is needed to grade a student.

    Attributes
    ----------
    course : Path
        The course for nbgrader.
    assignments : dict
        Assignment → the names of its notebooks.
    hand_in : HandIn
    work : Path
        The folder in which it is done; it is made, and left for the caller to remove.
    home : Path
        What the home folder of the notebooks begins with.
    settings : Config
        Those of the course, as nbgrader reads them.
    limits : Limits
    """

    course: Path
    assignments: dict[str, list[str]]
    hand_in: HandIn
    work: Path
    home: Path
    settings: Config
    limits: Limits


def grade_student(job: Job) -> None:
    """Grade a student in `job.work`: notebooks, a gradebook and `report.json` are there in the end."""
    begun = time.time()
    _limit(job.limits)
    student = job.hand_in.student
    notes = [{"part": "", "text": text} for text in job.hand_in.notes]
    shutil.copytree(job.home, job.work / "home")
    gradebooks.copy_for(student, job.course / "gradebook.db", job.work / "gradebook.db")
    settings = _settings(job, until=begun + 60 * job.limits.minutes)
    failed = {}
    for assignment, names in job.assignments.items():
        handed_in = [name for name in names if name in job.hand_in.notebooks]
        if handed_in:
            notes += _lay_out(job, assignment, handed_in)
        for name in handed_in:  # one by one, so that what is wrong with one costs no other its points
            folders = CourseDirectory(
                config=settings, root=str(job.work), assignment_id=assignment, student_id=student, notebook_id=name
            )
            grader = Autograde(coursedir=folders, config=settings)
            steps = grader.autograde_preprocessors
            grader.autograde_preprocessors = [RunWithLimits if step is Execute else step for step in steps]
            try:
                grader.start()
            except NbGraderException as error:
                failed[name] = f"could not be graded: {reason_in(job.work / LOG) or error}"
    report: dict[str, Any] = {
        "student": student,
        "fingerprint": job.hand_in.fingerprint(),
        "failed": failed,
        "unreadable": list(job.hand_in.unreadable),
        "notes": notes,
    }
    report["parts"] = report_parts(job.work / "autograded" / student, job.work / "gradebook.db", student)
    report |= {"seconds": round(time.time() - begun, 1), "cpu_seconds": round(_processor_time(), 1)}
    (job.work / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


def _lay_out(job: Job, assignment: str, names: list[str]) -> list[dict]:
    """Put the notebooks of an assignment where nbgrader looks for them, mended. Return what was unusual."""
    notes = []
    folder = job.work / "submitted" / job.hand_in.student / assignment
    folder.mkdir(parents=True)
    for path in job.hand_in.beside:
        shutil.copyfile(path, folder / path.name)
    for name in names:
        notebook = nbformat.read(job.hand_in.notebooks[name], as_version=4)
        released = nbformat.read(job.course / "release" / assignment / f"{name}.ipynb", as_version=4)
        notes += [{"part": name, "text": text} for text in mend(notebook, released)]
        nbformat.write(notebook, folder / f"{name}.ipynb")
        if name in job.hand_in.timestamps:
            shutil.copyfile(job.hand_in.timestamps[name], folder / "timestamp.txt")
    return notes


def report_parts(graded: Path, gradebook: Path, student: str) -> dict[str, dict]:
    """Return what came out for each notebook: verdicts, and what was unusual when it was run."""
    parts = {}
    with Gradebook(gradebooks.url(gradebook)) as book:
        for submission in book.student_submissions(student):
            for notebook in submission.notebooks:
                path = graded / submission.assignment.name / f"{notebook.name}.ipynb"
                if path.is_file():
                    done = nbformat.read(path, as_version=4)
                    parts[notebook.name] = {
                        "verdicts": verdicts_in(done),
                        "notes": done.metadata.get(NOTES, []) + errors_in(done),
                    }
    return parts


def verdicts_in(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return what the hidden tests have said of each exercise and question, as they published it.

    Of a check that did not come so far, the name of the error stands for that.
    """
    verdicts, answer = [], None
    for cell in notebook.cells:
        facts, outputs = cell.metadata.get("nbgrader", {}), cell.get("outputs", [])
        if facts.get("solution"):
            answer = cell
        if not facts.get("grade"):
            continue
        said = [dict(output.data[MIME]) for output in outputs if MIME in output.get("data", {})]
        call = re.search(r'\b(check|quiz)\("(\d\.\d+)"', cell.source)
        if not said and call:
            kind = {"check": "exercise", "quiz": "question"}[call[1]]
            failed = any(output.output_type == "error" for output in outputs)
            mistake = mistake_in_words(answer, cell) if failed and not _is_blank(answer) else BLANK
            said = [{kind: call[2], "points": 0.0, "of": facts["points"], "mistakes": [mistake], "references": []}]
        verdicts += said
    return verdicts


def _is_blank(cell: nbformat.NotebookNode | None) -> bool:
    return cell is not None and any(output.get("ename") == "NotAttempted" for output in cell.get("outputs", []))


def errors_in(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return a note for each cell of an exercise that ended in an error, blanks apart, and for each `exit()`."""
    notes = []
    for place, cell in enumerate(notebook.cells, start=1):
        facts = cell.metadata.get("nbgrader", {})
        for output in cell.get("outputs", []):
            own = facts.get("solution") and output.get("ename") not in ("NotAttempted", "Stopped", "KeyboardInterrupt")
            if output.output_type == "error" and (own or output.ename == "SystemExit"):
                text = error_in_words(output.ename, output.evalue)
                notes.append({"cell": facts.get("grade_id") or f"cell {place}", "text": text})
    return notes


def reason_in(log: Path) -> str:
    """Return what the last traceback in a log ends in; "" if there is none."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    found = re.findall(r"^[\w.]*(?:Error|Exception|Exit|Interrupt)\b.*", text, re.MULTILINE)
    own = [line for line in found if "NbGraderException" not in line]  # it says only that there was another one
    return (own or found or [""])[-1]


def _settings(job: Job, until: float) -> Config:
    settings = Config(job.settings)
    settings.CourseDirectory.db_url = gradebooks.url(job.work / "gradebook.db")
    settings.Autograde.permissions = 644
    settings.RunWithLimits.until = until
    given = settings.RunWithLimits.environment = environment(job.work / "home", job.limits.threads)
    if given["LUNGSEG_FAST"] != "1" and "cell_seconds" not in settings.RunWithLimits:
        settings.RunWithLimits.cell_seconds = 60 * job.limits.minutes  # a whole training
    return settings


def environment(home: Path, threads: int) -> dict[str, str]:
    """Return the environment of a student's kernels: whatever they keep, they keep in this home folder."""
    own = {
        "HOME": home,
        "USERPROFILE": home,
        "TMPDIR": home / "tmp",
        "TEMP": home / "tmp",
        "TMP": home / "tmp",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_RUNTIME_DIR": home / "tmp",
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "MPLCONFIGDIR": home / "matplotlib",
        "KERAS_HOME": home / "keras",
        "LUNGSEG_CACHE": home / "lungseg",
        # What is installed for the teacher alone lies in the teacher's home.
        "PYTHONUSERBASE": site.getuserbase(),
    }
    kept = {name: value for name, value in os.environ.items() if name not in ("LUNGSEG_RUN", "LUNGSEG_COURSE")}
    fast = {"LUNGSEG_FAST": os.environ.get("LUNGSEG_FAST", "1"), "PYTHONDONTWRITEBYTECODE": "1"}
    counts = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    return kept | fast | dict.fromkeys(counts, str(threads)) | {name: str(path) for name, path in own.items()}


def _processor_time() -> float:
    """Return the seconds of processor time that this process and its kernels have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _limit(limits: Limits) -> None:
    """Limit memory and files of this process, and so the kernels that it starts, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_DATA, int(limits.gigabytes * 1e9)), (resource.RLIMIT_FSIZE, LARGEST_FILE)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))

"""nbgrader's gradebooks: one for each student while they are graded, merged into that of the course."""

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SAWarning


def url(path: Path) -> str:
    """Return how nbgrader is told of a gradebook."""
    return f"sqlite:///{path}"


def copy_for(student: str, course: Path, target: Path) -> None:
    """Write a gradebook with the assignments of the course and one student alone, if they are in it already."""
    with closing(sqlite3.connect(course)) as source, closing(sqlite3.connect(target)) as copied:
        source.backup(copied)
        # The tables that hang on a student, from the student down.
        copied.execute("DELETE FROM student WHERE id != ?", (student,))
        copied.execute("DELETE FROM submitted_assignment WHERE student_id NOT IN (SELECT id FROM student)")
        copied.execute(
            "DELETE FROM submitted_notebook WHERE assignment_id NOT IN (SELECT id FROM submitted_assignment)"
        )
        for table in ("grade", "comment"):
            copied.execute(f"DELETE FROM {table} WHERE notebook_id NOT IN (SELECT id FROM submitted_notebook)")
        copied.commit()
        copied.execute("VACUUM")  # what was deleted is not to be read in the file


def merge(source: Path, student: str, course: Path) -> None:
    """Bring what was found out about a student into the gradebook of the course.

    What a teacher has entered there by hand stays: it is not touched.
    """
    with Gradebook(url(source)) as new, Gradebook(url(course)) as old, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way to add a submission
        old.update_or_create_student(student)
        for submission in new.student_submissions(student):
            name = submission.assignment.name
            times = {"timestamp": submission.timestamp} if submission.timestamp else {}
            old.update_or_create_submission(name, student, **times)
            for notebook in submission.notebooks:
                mine = old.find_submission_notebook(notebook.name, name, student)
                mine.late_submission_penalty = notebook.late_submission_penalty
                for grade in notebook.grades:
                    other = old.find_grade(grade.name, notebook.name, name, student)
                    other.auto_score = grade.auto_score
                    other.needs_manual_grade = grade.needs_manual_grade
                for comment in notebook.comments:
                    old.find_comment(comment.name, notebook.name, name, student).auto_comment = comment.auto_comment
        old.db.commit()


def has_assignments(course: Path, names) -> bool:
    """Whether nbgrader knows all these assignments, with their cells."""
    if not course.is_file():
        return False
    with Gradebook(url(course)) as book:
        try:
            return all(book.find_assignment(name).notebooks for name in names)
        except MissingEntry:
            return False

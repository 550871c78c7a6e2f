"""What a teacher reads in the end: a table of the students, what to look at, and what the class got wrong."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook

from grader import gradebooks
from grader.mending import in_words
from lungseg.errors import InputError, counted
from lungseg.files import write_text
from lungseg_course.engine.exercises import find_exercise

TOTALS = ("raw_score", "late_submission_penalty", "score", "max_score", "late")
NAMED = 5  # students are named beside a mistake that no more have made


@dataclass
class Row:
    """A student in the table.

    Attributes
    ----------
    student : str
    person : dict
        Names and address, as nbgrader knows them.
    points : dict
        Name of a notebook → points; None where it was not handed in or not graded.
    most : dict
        Name of a notebook → the most that can be had.
    penalty : float
        For being late, as nbgrader is told to take it off.
    late : dict
        Assignment → seconds after its deadline; "" stands for the only one.
    graded : bool
        Whether all that was handed in was graded.
    """

    student: str
    person: dict[str, str] = field(default_factory=dict)
    points: dict[str, float | None] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0
    late: dict[str, float] = field(default_factory=dict)
    graded: bool = False

    @property
    def raw(self) -> float:
        return sum(points or 0.0 for points in self.points.values())

    @property
    def total(self) -> float:
        return max(0.0, self.raw - self.penalty)

    def late_in_words(self) -> str:
        """Return how late something was, and what, where there are several assignments."""
        return ", ".join(f"{name} {_duration(seconds)}".strip() for name, seconds in self.late.items())


def rows_of(gradebook: Path, assignments: dict[str, list[str]], reports: dict[str, dict]) -> list[Row]:
    """Return a row for each student that the gradebook knows, and for each with a report.

    Parameters
    ----------
    gradebook : Path
    assignments : dict
        Assignment → the names of its notebooks.
    reports : dict
        Student → what grading has told.
    """
    rows = {student: Row(student) for student in reports}
    with Gradebook(gradebooks.url(gradebook)) as book:
        for student in book.students:
            row = rows.setdefault(student.id, Row(student.id))
            row.person = {name: getattr(student, name) or "" for name in ("last_name", "first_name", "email")}
            for submission in book.student_submissions(student.id):
                row.penalty += submission.late_submission_penalty or 0.0
                if submission.total_seconds_late:
                    row.late[submission.assignment.name if len(assignments) > 1 else ""] = submission.total_seconds_late
                graded = reports.get(student.id, {}).get("parts", {})
                for notebook in submission.notebooks:
                    row.points[notebook.name] = notebook.score if notebook.name in graded else None
        most = {
            notebook.name: notebook.max_score
            for assignment in book.assignments
            for notebook in assignment.notebooks
            if notebook.name in assignments.get(assignment.name, ())
        }
    for row in rows.values():
        report = reports.get(row.student)
        row.graded = report is not None and not report["failed"] and bool(report["parts"])
        row.most = {name: most[name] for names in assignments.values() for name in names}
        row.points = {name: row.points.get(name) for name in row.most}
    return [rows[student] for student in sorted(rows)]


def table(rows: list[Row], reports: dict[str, dict]) -> str:
    """Return the table of the students, in lines."""
    most = rows[0].most
    lines = [["student", *most, "points", "late", ""]]
    for row in rows:
        shown = ["-" if points is None else _number(points) for points in row.points.values()]
        notes = notes_of(reports.get(row.student))
        words = "not graded" if not row.graded else counted(len(notes), "note") if notes else ""
        lines.append([row.student, *shown, _number(row.total), row.late_in_words(), words])
    lines.append(["of", *map(_number, most.values()), _number(sum(most.values())), "", ""])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = range(1, len(most) + 2)
    return "\n".join(
        "  ".join(
            text.rjust(width) if n in right else text.ljust(width)
            for n, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def notes_of(report: dict | None) -> list[str]:
    """Return what is unusual about a student, a line each."""
    if report is None:
        return ["was never graded"]
    lines = [f"{part}: {text}" if part else text for part, text in report["failed"].items()]
    lines += [f"{note['part']}: {note['text']}" if note["part"] else note["text"] for note in report["notes"]]
    for name, part in report["parts"].items():
        lines += [f"{name}, {in_words(note['cell'])}: {note['text']}" for note in part["notes"]]
    return lines


def to_look_at(rows: list[Row], reports: dict[str, dict]) -> str:
    """Return what failed to run and what else a teacher should see, by student; "" if nothing."""
    blocks = []
    for row in rows:
        lines = notes_of(reports.get(row.student))
        blocks += ["\n".join([row.student, *(f"  {line}" for line in lines)])] if lines else []
    return "\n".join(blocks)


@dataclass(frozen=True)
class Item:
    """An exercise or a question, and how the class has done."""

    number: str
    is_question: bool
    right: int
    others: int
    mistakes: dict[str, list[str]]  # → who has made it

    @property
    def title(self) -> str:
        if self.is_question:
            return f"Question {self.number}"
        try:
            exercise = find_exercise(self.number)
        except InputError:
            return f"Exercise {self.number}"
        return f"Exercise {self.number}, {exercise.title}{' (optional)' * exercise.optional}"


def what_went_wrong(reports: dict[str, dict]) -> list[Item]:
    """Return for each exercise and question the mistakes by their names, the most frequent first."""
    verdicts: dict[tuple[str, bool], dict[str, dict]] = {}
    for student, report in reports.items():
        for part in report["parts"].values():
            for verdict in part["verdicts"]:
                key = (verdict.get("exercise") or verdict["question"], "question" in verdict)
                verdicts.setdefault(key, {})[student] = verdict
    items = []
    for (number, is_question), said in sorted(verdicts.items()):
        # The first one of each: what one mistake leads to in other looks is no second one.
        first = {student: verdict["mistakes"][0] for student, verdict in said.items() if verdict["mistakes"]}
        counts = Counter(first.values())
        mistakes = {
            mistake: sorted(student for student, theirs in first.items() if theirs == mistake)
            for mistake, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        }
        right = sum(not verdict["mistakes"] for verdict in said.values())  # an optional one has no points to tell
        items.append(Item(number, is_question, right, len(said) - right, mistakes))
    return items


def class_in_words(items: list[Item]) -> str:
    """Return what somebody got wrong, in lines."""
    lines = []
    for item in (each for each in items if each.others):
        lines.append(f"{item.title}: {item.right} of {item.right + item.others} right")
        for mistake, students in item.mistakes.items():
            names = f" ({', '.join(students)})" if len(students) <= NAMED else ""
            lines.append(f"  {len(students):3} × {mistake}{names}")
    return "\n".join(lines)


def write_tables(folder: Path, rows: list[Row], items: list[Item]) -> None:
    """Write grades.csv, a row for each student with a column for each part, and mistakes.csv."""
    lines: list[list] = [
        [*("student_id", "last_name", "first_name", "email"), *rows[0].most, *TOTALS],
    ]
    for row in rows:
        person = [row.person.get(name, "") for name in ("last_name", "first_name", "email")]
        points = [_number(row.points[name] or 0.0) for name in row.most]
        totals = map(_number, (row.raw, row.penalty, row.total, sum(row.most.values())))
        lines.append([row.student, *person, *points, *totals, row.late_in_words()])
    write_text(folder / "grades.csv", _as_csv(lines))
    lines = [["kind", "number", "mistake", "count", "students"]]
    for item in items:
        for mistake, students in item.mistakes.items():
            kind = "question" if item.is_question else "exercise"
            lines.append([kind, item.number, mistake, len(students), " ".join(students)])
    write_text(folder / "mistakes.csv", _as_csv(lines))


def _as_csv(lines: list[list]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _duration(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> _duration(200_000), _duration(4000), _duration(30)
    ('2 d 7 h', '1 h 6 min', '1 min')
    """
    minutes = max(1, int(seconds // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"

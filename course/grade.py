"""Grade a class: from what students hand in to a table of points, and to what the class got wrong.

    python course/grade.py DIR                   DIR was made by build.py --nbgrader DIR; hand-ins are in DIR/submitted
    python course/grade.py DIR --student ada     one of them
    python course/grade.py DIR --jobs 4          four at a time
    python course/grade.py DIR --force           also those who were graded before and have handed in nothing new

It works over nbgrader: DIR/gradebook.db, autograded/ and feedback/ are nbgrader's own, and its other tools go on from
there. grades.csv has a column for each part, and mistakes.csv the mistakes by name. It ends with an error if a student
is missing there, or has handed in a notebook that could not be graded or read; not for one that was not handed in.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.one_student import Limits
from grader.tables import class_in_words, rows_of, table, to_look_at, what_went_wrong, write_tables
from grader.whole_class import CourseError, NbgraderCourse, grade_class


def main(arguments: Sequence[str] | None = None) -> int:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(description="Grade what the students have handed in to a course for nbgrader.")
    parser.add_argument("course", metavar="DIR", type=Path, help="made by build.py --nbgrader DIR")
    parser.add_argument("--student", metavar="NAME", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--jobs", type=int, default=cores, help=f"students at a time ({cores})")
    parser.add_argument("--minutes", type=float, default=20, help="for each student, at most (20)")
    parser.add_argument("--gigabytes", type=float, default=6, help="of memory for a notebook, at most (6)")
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")
    options = parser.parse_args(arguments)
    if options.jobs < 1 or options.minutes <= 0 or options.gigabytes <= 0:
        parser.error("--jobs, --minutes and --gigabytes are numbers above 0")
    limits = Limits(options.minutes, options.gigabytes, threads=max(1, cores // options.jobs))
    try:
        course = NbgraderCourse(options.course)
        grade_class(course, options.student, options.jobs, limits, options.force)
    except (CourseError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return tell(course)


def tell(course: NbgraderCourse) -> int:
    """Print and write all that is known of the class. Return 1 if a hand-in could not be graded or read, else 0."""
    reports = course.reports()
    rows = rows_of(course.gradebook, course.assignments, reports)
    items = what_went_wrong(reports)
    write_tables(course.folder, rows, items)
    print(f"\n{table(rows, reports)}")
    if words := to_look_at(rows, reports):
        print(f"\nTo look at:\n{words}")
    if words := class_in_words(items):
        print(f"\nWhat the class got wrong:\n{words}")
    print(f"\nWritten: grades.csv and mistakes.csv in {course.folder}; pages for the students in feedback/.")
    missing = [row.student for row in rows if not row.graded]
    if missing:
        print(f"Not graded: {', '.join(missing)}.", file=sys.stderr)
    unreadable = {student: names for student, report in reports.items() if (names := report.get("unreadable"))}
    for student, names in unreadable.items():
        print(f"{student}: {', '.join(names)} cannot be read. Ask for it once more.", file=sys.stderr)
    return 1 if missing or unreadable else 0


if __name__ == "__main__":
    sys.exit(main())

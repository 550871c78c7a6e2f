"""Build the notebooks from their sources.

    python course/build.py                  writes the exercises, solutions/, lungseg_course/solutions.json and the
                                            pictures of lungseg_course/pictures
    python course/build.py --check          says what is out of date or against the rules, and writes nothing
    python course/build.py --nbgrader DIR   writes a course that nbgrader can release and grade; with --separate, an
                                            assignment for each notebook
    python course/build.py --new-exercise 3.5 "specificity"   writes the skeleton of an exercise

A source is a `.py` file in jupytext's percent form. Between the lines
`### BEGIN SOLUTION` and `### END SOLUTION` stands what a student is to write.
Notebooks hold no outputs, and the same source gives the same bytes. An exercise
notebook in which someone has worked stays as it is, unless told `--force`.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import nbformat
import rules
from address import PAGES, address_of, with_address
from cell_ids import give_ids, without_id
from first_cell import first_cells
from new_exercise import FILL_IN, new_exercise, unfilled
from notebooks import (
    NOTEBOOKS,
    ROOT,
    SourceError,
    build_exercise,
    build_solution,
    notebook_bytes,
    read_source,
    shown,
    solutions_of,
    write_whole,
)
from picture_files import packaged_pictures

from lungseg.errors import counted
from lungseg_course.engine import exercises
from lungseg_course.updating.marks import work_in


def import_chapter(notebook: str) -> ModuleType:
    """Return the module with the exercises of a notebook.

    Raises
    ------
    SourceError
        If it cannot be imported: where, and why.
    """
    try:
        return exercises.chapter(notebook)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{shown(Path(last.filename))}, line {last.lineno}: " if not isinstance(error, SyntaxError) else ""
        raise SourceError(f"chapter_{notebook} cannot be imported. {where}{type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Course:
    """Where the sources are, and what is built from them."""

    root: Path = ROOT
    chapter: Callable = import_chapter

    def source(self, name: str) -> Path:
        return self.root / "course" / f"{name}.py"

    def exercise(self, name: str) -> Path:
        return self.root / f"{name}.ipynb"

    def solution(self, name: str) -> Path:
        return self.root / "solutions" / f"{name}.ipynb"

    @property
    def answers(self) -> Path:
        return self.root / "lungseg_course" / "solutions.json"

    @property
    def address(self) -> str | None:
        return address_of(self.root)

    @property
    def instructors(self) -> Path:
        return self.root / "INSTRUCTORS.md"


def built(course: Course) -> dict[Path, bytes]:
    """Return each file that is built, and its content.

    Raises
    ------
    SourceError
        If a source cannot be read.
    """
    files: dict[Path, bytes] = {}
    answers: dict[str, str] = {}
    for name in NOTEBOOKS:
        source = course.source(name)
        for path, make in ((course.exercise(name), build_exercise), (course.solution(name), build_solution)):
            first = first_cells(course.address, path.relative_to(course.root).as_posix())
            files[path] = notebook_bytes(make(source, name, first))
        answers |= solutions_of(source)
    if course.instructors.is_file():
        text = course.instructors.read_text(encoding="utf-8")
        told = rules.with_points(text, {name: read_source(course.source(name)) for name in NOTEBOOKS})
        files[course.instructors] = told.encode("utf-8")
    for path in (course.root / page for page in PAGES):
        if path.is_file():
            files[path] = with_address(path.read_text(encoding="utf-8"), course.address).encode("utf-8")
    files[course.answers] = (json.dumps(answers, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    return files | packaged_pictures(course.root, map(course.source, NOTEBOOKS))


def problems_in_sources(course: Course) -> list[str]:
    """Return, a line each, what is against the rules in the sources and in what would be built from them."""
    problems: list[str] = []
    for place, name in enumerate(NOTEBOOKS, start=1):
        path = course.source(name)
        source = read_source(path)
        found = [
            *rules.problems_in_source(source, str(place), course.chapter),
            *rules.problems_in_built(build_solution(path, name)),
        ]
        if not found:  # nbgrader's steps expect a sound source
            found = rules.problems_in_exercise(build_exercise(path, name))
        problems += [f"{shown(path)}: {problem}" for problem in found]
    text = course.instructors.read_text(encoding="utf-8") if course.instructors.is_file() else ""
    problems += [f"{shown(course.instructors)}: {problem}" for problem in rules.problems_in_table(NOTEBOOKS, text)]
    problems += [f"{shown(path)}: has `{FILL_IN}` in it. Fill it in." for path in unfilled(course.root)]
    return problems


def outdated(course: Course) -> list[str]:
    """Return, a line each, what is missing, out of date, spoilt, or has somebody's work in it."""
    complaints = []
    files = built(course)
    for path, content in files.items():
        if not path.is_file():
            complaints.append(f"{shown(path)}: is missing. Run `python course/build.py`.")
        elif path.read_bytes() != content:
            complaints += [f"{shown(path)}: {reason}" for reason in _reasons(course, path)]
    for path in sorted((course.root / "solutions").rglob("*.ipynb")):
        if path not in files and ".ipynb_checkpoints" not in path.parts:
            complaints.append(f"{shown(path)}: has no source in course/. Remove it, or add it to NOTEBOOKS.")
    for path in map(course.source, NOTEBOOKS):
        if number := without_id(path):
            complaints.append(f"{shown(path)}: {counted(number, 'cell')} without an id. Run `python course/build.py`.")
    return complaints


def write(course: Course, force: bool = False) -> tuple[list[Path], list[str]]:
    """Write what is built, each file whole or not at all.

    Parameters
    ----------
    course : Course
    force : bool
        Overwrite exercise notebooks in which someone has worked, too.

    Returns
    -------
    list of Path
        What has changed.
    list of str
        A line for each exercise notebook that was left as it is.
    """
    changed = [course.source(name) for name in NOTEBOOKS if give_ids(course.source(name), name)]
    left = []
    exercise_paths = {course.exercise(name) for name in NOTEBOOKS}
    for path, content in built(course).items():
        if path.is_file() and path.read_bytes() == content:
            continue
        work = work_in(path) if path in exercise_paths and not force else None
        if work:
            left.append(f"{shown(path)}: {work}, so it stays as it is. With --force it is written anew.")
        else:
            write_whole(path, content)
            changed.append(path)
    return changed, left


def main(arguments: Sequence[str] | None = None, course: Course | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the notebooks from their sources in course/.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only say what is out of date or against the rules")
    what.add_argument("--new-exercise", nargs=2, metavar=("NUMBER", "TITLE"), help="write the skeleton of an exercise")
    what.add_argument("--nbgrader", metavar="DIR", type=Path, help="write a course for nbgrader into this folder")
    parser.add_argument("--separate", action="store_true", help="with --nbgrader: an assignment for each notebook")
    parser.add_argument("--force", action="store_true", help="overwrite notebooks in which someone has worked")
    options = parser.parse_args(arguments)
    if options.separate and not options.nbgrader:
        parser.error("--separate goes with --nbgrader")
    course = course or Course()
    try:
        if options.new_exercise:
            number, title = options.new_exercise
            made = new_exercise(number, title, course.root, course.chapter)
            print(*map(shown, made), sep="\n")
            print(f"Fill in what stands behind {FILL_IN}, and move the new cells to their place in the source,")
            print("behind what belongs to the exercise before. Then: python course/build.py")
            return 0
        problems = problems_in_sources(course)
        if options.check and not problems:
            problems = outdated(course)
        if problems:
            print("\n".join(problems))
            return 1
        if options.check:
            print(f"{len(NOTEBOOKS)} exercise notebooks and their solutions are up to date.")
            return 0
        if options.nbgrader:
            from grading import write_course

            changed, left = write_course(course, options.nbgrader, options.force, options.separate)
        else:
            changed, left = write(course, force=options.force)
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in changed:
        print(f"wrote {shown(path)}")
    for line in left:
        print(line)
    print(f"{len(NOTEBOOKS)} sources, {len(changed)} files changed.")
    return 1 if left else 0


def _reasons(course: Course, path: Path) -> list[str]:
    if path in {course.exercise(name) for name in NOTEBOOKS} and (work := work_in(path)):
        return [f"{work}. If that is not to be kept, run `python course/build.py --force`."]
    if path.suffix == ".ipynb":
        try:
            spoilt = rules.problems_in_built(nbformat.read(path, as_version=4))
        except (ValueError, AttributeError, nbformat.ValidationError):
            spoilt = ["is not a notebook. Run `python course/build.py`."]
        if spoilt:
            return spoilt
    return ["is out of date. Run `python course/build.py`."]


if __name__ == "__main__":
    sys.exit(main())

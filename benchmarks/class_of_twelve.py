"""How long it takes to grade a class, and what each odd hand-in gets: twelve students with all six notebooks.

python benchmarks/class_of_twelve.py [--jobs 2]

Each of the twelve hands in something else, from right answers to an endless loop. The course for nbgrader is made in a
temporary folder, `course/grade.py` grades it, and each student must get exactly the points that are expected.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "course"))

import build  # noqa: E402
import notebooks  # noqa: E402
import rules  # noqa: E402
from grader import gradebooks  # noqa: E402
from grader.collecting import grade_id  # noqa: E402
from grader.whole_class import NbgraderCourse  # noqa: E402

COURSE = build.Course()
FLAT = {name.rpartition("/")[2]: name for name in notebooks.NOTEBOOKS}
MOST = sum(rules.points_of(notebooks.read_source(COURSE.source(name))) for name in FLAT.values())
Books = dict[str, nbformat.NotebookNode]


def answered(release: Path) -> Books:
    """Return the released notebooks with all exercises solved."""
    books = {}
    for flat, name in FLAT.items():
        books[flat] = nbformat.read(release / f"{flat}.ipynb", as_version=4)
        source = COURSE.source(name)
        solved = {grade_id(cell): cell.source for cell in notebooks.read_source(source).cells}
        for cell in books[flat].cells:
            if "exercise" in cell.metadata.get("tags", []):
                cell.source = notebooks.without_delimiters(solved[grade_id(cell)], source)
    return books


def place(book: nbformat.NotebookNode, each: str) -> int:
    return [grade_id(cell) for cell in book.cells].index(each)


def replace(books: Books, flat: str, each: str, old: str, new: str) -> None:
    cell = books[flat].cells[place(books[flat], each)]
    assert old in cell.source, (each, old)
    cell.source = cell.source.replace(old, new)


def put_in(books: Books, flat: str, each: str, code: str) -> None:
    """Put a cell of the student's own in front of one of the course."""
    books[flat].cells.insert(place(books[flat], each), new_code_cell(code))


def wrong(books: Books) -> None:
    """One of six looks of 1.3; the whole batch in 3.1, which three of four looks see. 3.2, 3.3 are right given it."""
    up, down = "math.ceil(len(self.cases) / self.batch_size)", "len(self.cases) // self.batch_size"
    replace(books, "DataGenerator", "exercise_1_3", up, down)
    replace(books, "LossMetrics", "exercise_3_1", ", axis=(1, 2, 3)", "")


def blank(books: Books) -> None:
    for book in books.values():
        for cell in book.cells:
            if "exercise" in cell.metadata.get("tags", []):
                cell.source = notebooks.STUB


def deleted(books: Books) -> None:
    for flat, check in (("DataGenerator", "check_1_3"), ("Train_UNET", "check_4_4"), ("LossMetrics", "quiz_3_1")):
        del books[flat].cells[place(books[flat], check)]


def duplicated(books: Books) -> None:
    for flat, each in (
        ("LossMetrics", "check_3_1"),
        ("LossMetrics", "exercise_3_3"),
        ("UNET_architecture", "quiz_2_2"),
    ):
        cells = books[flat].cells
        cells.insert(place(books[flat], each), nbformat.from_dict(cells[place(books[flat], each)]))


def ends(books: Books) -> None:
    put_in(books, "DataGenerator", "exercise_1_2", "exit()")
    put_in(books, "LossMetrics", "exercise_3_2", "import os\nos._exit(1)")
    put_in(books, "Predict_UNet", "exercise_5_2", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


def endless(books: Books) -> None:
    """An exercise that never ends, which others go on from; and a loop in a cell."""
    replace(books, "DataGenerator", "exercise_1_2", "batch = ", "while True:\n        pass\n    batch = ")
    put_in(books, "LossMetrics", "exercise_3_2", "while True:\n    pass")


def noisy(books: Books) -> None:
    put_in(books, "LossMetrics", "exercise_3_2", "for _ in range(100_000):\n    print('x' * 999)")
    plots = "import matplotlib.pyplot as plt\nfor _ in range(30):\n    plt.plot([1, 2])\n    plt.show()"
    put_in(books, "LossMetrics", "exercise_3_2", plots)


def crashing(books: Books) -> None:
    replace(books, "LossMetrics", "exercise_3_1", "def dice", "import no_such_module\n\n\ndef dice")


def missing(books: Books) -> None:
    del books["UNET_architecture"]


# Who hands in what, and how many points that costs.
STUDENTS: dict[str, tuple[Callable[[Books], None], float]] = {
    "right": (lambda books: None, 0),
    "wrong": (wrong, 1 + 3),
    "blank": (blank, MOST),
    "late": (lambda books: None, 0),
    "renamed": (lambda books: None, 0),
    "deleted": (deleted, 0),
    "duplicated": (duplicated, 0),
    "exit": (ends, 0),
    "endless": (endless, 3),
    "noisy": (noisy, 0),
    "crashing": (crashing, 4),
    "missing": (missing, 15),
}


def hand_in(course: Path, student: str) -> None:
    books = answered(course / "release/lungseg")
    STUDENTS[student][0](books)
    folder = course / "submitted" / student
    for flat, name in FLAT.items():
        if flat in books:
            path = folder / (f"clone/{name} (1).ipynb" if student == "renamed" else f"lungseg/{flat}.ipynb")
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(books[flat], path)
    if student == "late":
        (folder / "lungseg/timestamp.txt").write_text("2026-03-03 14:30:00 UTC\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Grade twelve students, each of whom hands in something else.")
    parser.add_argument("--jobs", default="2", help="students at a time (2)")
    parser.add_argument("students", nargs="*", help="only these")
    options = parser.parse_args()
    students = options.students or list(STUDENTS)
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        run = [sys.executable, str(ROOT / "course/build.py"), "--nbgrader", str(course)]
        subprocess.run(run, check=True, capture_output=True)
        released = NbgraderCourse(course)
        with Gradebook(gradebooks.url(released.gradebook)) as book:
            book.update_or_create_assignment("lungseg", duedate="2026-03-01 12:00:00 UTC")
        for student in students:
            hand_in(course, student)
        begun = time.perf_counter()
        run = [sys.executable, str(ROOT / "course/grade.py"), str(course), "--jobs", options.jobs]
        done = subprocess.run(run, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
        used = [report["cpu_seconds"] for report in released.reports().values()]
        pages = [path.stat().st_size for path in course.rglob("feedback/**/*.html")]
    print(done.stdout, done.stderr, sep="\n")
    unexpected = []
    for student in students:
        line = re.search(rf"^{student}\b.*", done.stdout.partition("\n\n")[2], re.MULTILINE)
        points = float(line[0].split()[len(FLAT) + 1]) if line else None
        if points != MOST - STUDENTS[student][1]:
            unexpected.append(f"{student}: {points} in place of {MOST - STUDENTS[student][1]}")
    print(*unexpected or ["Each has exactly the points that were expected."], sep="\n")
    print(f"The largest page of feedback: {max(pages) / 1e6:.2f} MB of {len(pages)} pages.")
    print(f"Processor time for a student: {min(used):.0f} to {max(used):.0f} s, mean {sum(used) / len(used):.0f} s.")
    each = seconds / len(students)
    print(f"{seconds:.0f} s for {len(students)} students, {options.jobs} at a time: {each * 100 / 60:.0f} min for 100.")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())

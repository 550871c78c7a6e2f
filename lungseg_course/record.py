"""What a student has done so far, kept in a file at the root of the course. progress() shows it."""

import json
import os
from html import escape
from itertools import count
from pathlib import Path

from lungseg.files import write_text
from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.engine.notebook.cells import watched
from lungseg_course.engine.panel import bar, rows, show
from lungseg_course.standings import standings
from lungseg_course.start_page import refresh_start_page
from lungseg_course.where import where_they_are

FILE = ".lungseg_progress.json"
DAMAGED = ".lungseg_progress.damaged{}.json"
CHOSEN = "LUNGSEG_COURSE"  # the environment variable that names the folder of the course
_unwritten: dict[Path, dict] = {}  # what a folder that cannot be written to should hold; it lasts as long as Python


def course_root() -> Path:
    """Return the folder with the notebooks: that of this notebook, or the nearest one above that holds them.

    It stays the same if a cell changes the working directory. Outside of a
    notebook the working directory counts. A notebook that stands alone is its
    own course. The environment variable `LUNGSEG_COURSE` names another folder,
    as on Colab one that lasts.
    """
    chosen = os.environ.get(CHOSEN)
    if chosen:
        return Path(chosen).expanduser().absolute()
    cells = watched()
    folders = cells.folders if cells else [Path.cwd()]
    return next(filter(None, map(_course_around, folders)), folders[0])


def _course_around(here: Path) -> Path | None:
    for folder in (here, *here.parents):
        if any((folder / path).is_file() for path in (*NOTEBOOKS.values(), FILE)):  # or all have other names
            return folder
    if any((here / Path(path).name).is_file() for path in NOTEBOOKS.values()):
        return here  # side by side, as they are graded
    # Renamed they are still in the folders of the course.
    return here.parent if here.name in {Path(path).parent.name for path in NOTEBOOKS.values()} - {""} else None


def course_place() -> str:
    """Return the folder of the course as messages show it: "~/lungs"."""
    root, home = course_root(), Path(os.path.expanduser("~"))
    return f"~/{root.relative_to(home).as_posix()}" if home in root.parents else str(root)


def place_of(notebook: str) -> str:
    """Return where notebook "1" to "6" lies in the folder of the course, whatever the student calls it."""
    path = NOTEBOOKS[notebook]
    return where_they_are(course_root()).get(path, path)


def note_try(number: str, solved: bool) -> None:
    """Keep that an exercise was tried, and whether the answer was right."""
    book = _read()
    entry = book["exercises"].setdefault(number, {"tries": 0, "solved": False})
    entry["tries"] += 1
    entry["solved"] = entry["solved"] or solved
    _write(book)


def note_hand_in(number: str, right: bool) -> None:
    """Keep that an exercise was handed in: a try, unless it is right and was right before."""
    if not (right and _read()["exercises"].get(number, {}).get("solved")):
        note_try(number, solved=right)


def note_answer(number: str, right: bool) -> None:
    """Keep that a question was answered, and whether rightly."""
    book = _read()
    entry = book["questions"].setdefault(number, {"tries": 0, "solved": False})
    entry["tries"] += 1
    entry["solved"] = entry["solved"] or right
    _write(book)


def note_hint(number: str, level: int) -> None:
    """Keep how plain the hints were that were given."""
    book = _read()
    book["hints"][number] = max(level, book["hints"].get(number, 0))
    _write(book)


def hints_given(number: str) -> int:
    """Return the level of the plainest hint that was given, 0 for none."""
    return _read()["hints"].get(number, 0)


def tried(number: str) -> bool:
    """Whether an exercise was tried, with an answer of any kind."""
    return number in _read()["exercises"]


def progress() -> None:
    """Show how far you are in each of the notebooks, and what comes next."""
    found, texts = standings(_read(), where_they_are(course_root())), {}
    width = max(36, *(len(each.notebook) + 2 for each in found))
    lines = [f"{'notebook':{width}}{'exercises':28}questions"]
    for each in found:
        exercises, questions = each.in_words
        lines.append(f"{each.notebook:{width}}{exercises:28}{questions}")
        texts[each.notebook] = (
            f'<span style="display:inline-block;min-width:26em">{bar(*each.exercises)}exercises: {exercises}</span>'
            f'<span style="display:inline-block">{bar(*each.questions)}questions: {questions}</span>'
        )
    kept = f"(kept in {course_place()}/{FILE})" if course_root() not in _unwritten else ""
    optional = any(each.optional[0] < each.optional[1] for each in found)
    done = "All done, but for optional exercises." if optional else "All done."
    first = next((each for each in found if each.following), None)
    last = f"Next: {first.following} in {first.notebook}." if first else f"{done} Well done!"
    body = f'{rows(texts)}<div style="margin-top:6px">{escape(kept)}</div>'
    show("progress", last, words="\n".join([*lines, *filter(None, [kept]), last]), body=body)


def _read() -> dict:
    root = course_root()
    if root in _unwritten:
        return _unwritten[root]
    book, whole = _read_file(root)
    if not whole:
        _begin_anew(root / FILE, book)
    return book


def read_book(root: Path) -> dict[str, dict]:
    """Return what the file in a folder tells of what a student has done; nothing, if there is none."""
    return _read_file(root)[0]


def _read_file(root: Path) -> tuple[dict[str, dict], bool]:
    """Return what can be read of the file in a folder, and whether that is all of it. (No file is whole.)"""
    book: dict[str, dict] = {"exercises": {}, "questions": {}, "hints": {}}
    try:
        kept = json.loads((root / FILE).read_text(encoding="utf-8"))
        for kind in ("exercises", "questions"):
            for number, entry in kept[kind].items():
                book[kind][number] = {"tries": int(entry["tries"]), "solved": entry["solved"] is True}
        for number, level in kept["hints"].items():
            book["hints"][number] = int(level)
    except OSError:
        pass
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return book, False
    return book, True


def _begin_anew(path: Path, book: dict) -> None:
    """Keep a damaged file under another name, say so, and go on with what could be read of it."""
    try:
        content = path.read_bytes()
        names = (path.with_name(DAMAGED.format(f"-{k}" if k > 1 else "")) for k in count(1))
        aside = next(name for name in names if not name.exists() or name.read_bytes() == content)
        aside.write_bytes(content)
    except OSError:  # where nothing can be written, `_write` tells it
        return
    show("note", "Not all of your progress could be read.", f"The file is kept as {aside.name}.")
    _write(book)


def _write(book: dict) -> None:
    path = course_root() / FILE
    try:
        write_text(path, json.dumps(book, indent=1, sort_keys=True))
        _unwritten.pop(path.parent, None)
        refresh_start_page(path.parent, book)
    except OSError as error:
        if path.parent not in _unwritten:
            reason = error.strerror or error
            what = f"{path} cannot be written ({reason})."
            if os.environ.get(CHOSEN):
                what += f" {CHOSEN} names this folder: make it, or name another one."
            show("note", "Your progress is not kept beyond this session:", what)
        _unwritten[path.parent] = book

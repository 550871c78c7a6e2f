"""Which code is the student's: its lines in an error, and its frames among those that are running."""

import linecache
import re
import sysconfig
import traceback
from pathlib import Path
from types import FrameType

import lungseg

_NOT_THE_STUDENTS = tuple(
    Path(str(folder)).resolve()
    for folder in (
        Path(lungseg.__file__).parent,
        Path(__file__).parents[1],
        *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")),
    )
)


def is_the_students(filename: str) -> bool:
    """Whether a file or a cell was written by the student: it belongs to no library, and not to this package."""
    if filename.startswith("<frozen ") or "__autograph_generated_file" in filename:
        return False
    return not any(map(Path(filename).resolve().is_relative_to, _NOT_THE_STUDENTS))


def students_line(error: BaseException) -> tuple[int, str] | None:
    """Return the number and the text of the last line of the student's that an error passed through."""
    own = _own_lines(error)
    return own[-1] if own else None


def students_lines(error: BaseException) -> list[str]:
    """Return the texts of all the lines of the student's that an error passed through, the outermost first."""
    return [text for _, text in _own_lines(error)]


def _own_lines(error: BaseException) -> list[tuple[int, str]]:
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    # A function under @tf.function runs as a copy, and its lines stand in the message alone.
    places += [(name, int(line)) for name, line in re.findall(r'File "(.+?)", line (\d+), in ', str(error))]
    return [(line, text) for name, line in places if line and is_the_students(name) and (text := _line(name, line))]


def function_of_another_cell(error: BaseException) -> str | None:
    """Return the function in which an error was raised, if that and what called it stand in two cells; None if not."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if _is_a_cell(each.filename)]
    return frames[-1].name if frames and frames[-1].filename != frames[0].filename else None


def _is_a_cell(filename: str) -> bool:
    """Whether it is the name of a cell, whose text is kept by Python and lies in no file."""
    kept = linecache.cache.get(filename, ())
    return len(kept) == 4 and kept[1] is None and is_the_students(filename)


def students_frames(frame: FrameType | None, outside: FrameType | None = None) -> list[FrameType]:
    """Return the frames of the student's functions that run in a frame, the innermost first, up to one outside."""
    found = []
    while frame is not None and frame is not outside:
        if is_the_students(frame.f_code.co_filename):
            found.append(frame)
        frame = frame.f_back
    return found


def line_of(frame: FrameType) -> tuple[int, str]:
    """Return the number and the text of the line that a frame is at."""
    return frame.f_lineno, _line(frame.f_code.co_filename, frame.f_lineno)


def _line(filename: str, number: int) -> str:
    return linecache.getline(filename, number).strip()

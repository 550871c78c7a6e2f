"""hand_in(): the student's own code goes from a notebook into a file. use(): the next notebooks load it from there."""

import contextlib
import inspect
import io
import linecache
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType

import lungseg
from lungseg.errors import InputError, one_line
from lungseg.files import write_text
from lungseg_course import record
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import NOTEBOOKS, exercise_of
from lungseg_course.engine.lines import say
from lungseg_course.engine.notebook.staleness import outdated, remarks
from lungseg_course.engine.panel import show
from lungseg_course.engine.telling import show_wrong
from lungseg_course.engine.verdict import Wrong
from lungseg_course.handing_in.sources import definitions_needed, module_text, notebook_of


@dataclass(frozen=True)
class _File:
    """A file that is handed in: where it lies, and which exercise each of its names belongs to."""

    path: str
    exercises: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.exercises)

    @property
    def call(self) -> str:
        return f"hand_in({', '.join(self.names)})"

    @property
    def notebook(self) -> str:
        return next(iter(self.exercises.values()))[0]


FILES = (
    _File("Data_Generator/DataGenerator.py", {"DataGenerator": "1.3"}),
    _File("UNet_Arch/UNET_architecture.py", {"build_unet": "2.2"}),
    _File("Loss_Metrics/LossMetrics.py", {"dice_loss": "3.2", "Dice": "3.3"}),
)
_FILE_OF = {name: file for file in FILES for name in file.names}


def hand_in(*objects) -> None:
    """Check what you wrote, and write it into a file for notebooks 4 and 5.

    The file holds the functions and classes as they stand in the notebook, with
    all that they use from there: other functions, imports, simple constants.

    Parameters
    ----------
    *objects
        `DataGenerator`; or `build_unet`; or `dice_loss` and `Dice` together.

    Raises
    ------
    NotAttempted
        If there is still a `todo()` in it.
    InputError
        If it is something else, or uses what cannot be written into a file.

    Examples
    --------
    ::

        hand_in(DataGenerator)
        hand_in(dice_loss, Dice)
    """
    for file, things in _sort_into_files(objects):
        if not _is_right(file, things):
            continue
        text = module_text(things, _title(file))
        if old := _outdated_helper(things):
            show("note", "Not handed in.", old)
            continue
        _write_checked(file, text)


def use(name: str):
    """Return what you handed in, or the package's own where there is nothing that works. A line tells which.

    Parameters
    ----------
    name : str
        "DataGenerator", "build_unet", "dice_loss" or "Dice".

    Raises
    ------
    InputError
        If the name is another.
    """
    file = _FILE_OF.get(name) if isinstance(name, str) else None
    if file is None:
        raise InputError(f"use expected one of {_quoted(_FILE_OF)}, in quotes. Received: {_shown(name)}.")
    path = record.course_root() / file.path
    if not path.is_file():
        say(
            f"{name}: the package's own, as there is no {file.path} in {record.course_place()} yet. To train with "
            f"yours: {file.call} in {record.place_of(file.notebook)}."
        )
        return getattr(lungseg, name)
    thing, problem = _load_and_look(path, name, file.exercises[name], f"student_{name}")
    if problem is None:
        _register_with_keras(sys.modules[f"student_{name}"])
        say(f"{name}: yours, from {file.path}.")
        return thing
    say(
        f"{name}: the package's own, as yours cannot be used: {file.path}: {problem}. Mend it in "
        f"{record.place_of(file.notebook)}, and {file.call} again."
    )
    return getattr(lungseg, name)


# ---- Handing in --------------------------------------------------------------------------------


def _sort_into_files(objects: tuple) -> list[tuple[_File, dict[str, object]]]:
    known = " or ".join(file.call for file in FILES)
    if not objects:
        raise InputError(f"hand_in expected what you wrote: {known}. Received: nothing.")
    given = {}
    for thing in objects:
        name = _name_of(thing)
        if isinstance(thing, str) and thing in _FILE_OF:
            raise InputError(f'hand_in expected {thing} itself. Received: the text "{thing}". Leave out the quotes.')
        if name is None:
            raise InputError(f"hand_in expected {known}. Received: {_shown(getattr(thing, '__name__', thing))}.")
        if str(thing.__module__).partition(".")[0] == "lungseg":
            raise InputError(
                f"hand_in expected the {name} that you wrote. Received: that of the package, {thing.__module__}. "
                "Run the cell with yours, then this one."
            )
        given[name] = thing
    files = dict.fromkeys(_FILE_OF[name].path for name in given)
    chosen = [file for file in FILES if file.path in files]
    for file in chosen:
        missing = [name for name in file.names if name not in given]
        if missing:
            raise InputError(
                f"hand_in expected {' and '.join(file.names)} together, as they go into one file: {file.call}. "
                f"Missing: {', '.join(missing)}."
            )
    return [(file, {name: given[name] for name in file.names}) for file in chosen]


def _name_of(thing) -> str | None:
    """Return the name under which something is handed in: its own, or that which the notebook gave it."""
    name = getattr(thing, "__name__", None)
    if not callable(thing) or name is None or name in _FILE_OF:
        return name if callable(thing) and name in _FILE_OF else None
    names = notebook_of(thing)
    return next((known for known in _FILE_OF if names.get(known) is thing), None)


def _is_right(file: _File, things: dict[str, object]) -> bool:
    for name, number in file.exercises.items():
        heading, thing = f"Exercise {number}", {name: things[name]}
        if old := outdated(heading, thing):
            show("note", "Not handed in.", old)
            return False
        print(remarks(heading, thing), end="")
        wrong = first_wrong(number, things[name])
        record.note_hand_in(number, right=wrong is None)
        if wrong is not None:
            show_wrong(f"Not handed in: exercise {number} is not right yet.", wrong, number)
            return False
    return True


def _outdated_helper(things: dict[str, object]) -> str | None:
    """Say which answer to another exercise goes into the file, and is not what stands in its cell; None if none is."""
    for name, thing in definitions_needed(things).items():
        exercise = exercise_of(name)
        if exercise and (old := outdated(f"Exercise {exercise.number}", {name: thing})):
            return old
    return None


def _title(file: _File) -> str:
    quoted = " and ".join(f'use("{name}")' for name in file.names)
    return (
        f"{' and '.join(file.names)} as you wrote {'them' if len(file.names) > 1 else 'it'} in "
        f"{NOTEBOOKS[file.notebook]}.\n\nWritten by {file.call}, which checked it first. Notebook 4 gets it with "
        f"{quoted}.\nTo change it, change the notebook and hand in again.\n"
    )


def _write_checked(file: _File, text: str) -> None:
    """Write the file, once it has proved to work on its own."""
    path = record.course_root() / file.path
    try:
        with tempfile.TemporaryDirectory() as folder:
            trial = Path(folder) / path.name
            trial.write_text(text, encoding="utf-8")
            for name, number in file.exercises.items():
                _, problem = _load_and_look(trial, name, number, "student_on_trial")
                if problem is not None:
                    raise InputError(
                        f"{name} is right in the notebook, and not in a file of its own: {problem}. Run the notebook "
                        f"from the top, and hand in again; {name} must need nothing but what the cells above define."
                    )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({one_line(error)}). Is the folder yours, and the disk not full?"
        ) from None
    finally:
        sys.modules.pop("student_on_trial", None)
    place, them = record.course_place(), "them" if len(file.names) > 1 else "it"
    what = f"{', '.join(file.names)} → {file.path} (checked), in {place}. Notebook 4 will use {them}."
    show("right", "Handed in:", what)


# ---- Loading -----------------------------------------------------------------------------------


def _load_and_look(path: Path, name: str, number: str, module_name: str) -> tuple[object, str | None]:
    """Return what a file defines under a name, and what is the matter with it or None."""
    try:
        module = _load(path, module_name)
        thing = getattr(module, name, None)
        if not _is_defined_in(module, thing):
            return None, f"it does not define {name}"
        wrong = first_wrong(number, thing)
    except NotAttempted:
        return None, "it still has a `todo()`"
    except SyntaxError as error:
        return None, f"line {error.lineno}: {error.msg}"
    except (Exception, SystemExit) as error:
        return None, f"{type(error).__name__}: {one_line(error)}"
    return thing, None if wrong is None else _in_a_line(wrong)


def _load(path: Path, module_name: str) -> ModuleType:
    """Run a file as a module, anew each time."""
    # Not through importlib: its cache of compiled files may take a file that was
    # written twice in a second for the older one.
    linecache.checkcache(str(path))
    code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    module = ModuleType(module_name)
    module.__file__ = str(path)
    before = sys.modules.get(module_name)
    sys.modules[module_name] = module  # so that Keras and pickle find the class again
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, vars(module))
    except BaseException:
        sys.modules.pop(module_name)
        if before is not None:
            sys.modules[module_name] = before
        raise
    return module


def _register_with_keras(module: ModuleType) -> None:
    """Tell Keras the student's layers, losses and metrics, so that it can load a model that was saved with them."""
    if "keras" not in sys.modules:
        return
    import keras

    for name, thing in list(vars(module).items()):
        may_be_saved = hasattr(thing, "get_config") if isinstance(thing, type) else name == "dice_loss"
        if not may_be_saved or not _is_defined_in(module, thing):
            continue
        if keras.saving.get_registered_name(thing) == thing.__name__:  # the student did not register it
            keras.saving.register_keras_serializable("student")(thing)


def _is_defined_in(module: ModuleType, thing) -> bool:
    if isinstance(thing, type):
        return thing.__module__ == module.__name__
    function = inspect.unwrap(thing) if callable(thing) else None
    return isinstance(function, FunctionType) and function.__globals__ is vars(module)


def _in_a_line(wrong: Wrong) -> str:
    return " ".join(f"{wrong.cause} (tried {wrong.tried}: it gave {wrong.received})".split())


def _quoted(names) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _shown(value) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."

"""The reference solutions as functions and classes, to grade what comes after an exercise that went wrong."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from lungseg_course.engine.exercises import chapter, find_exercise
from lungseg_course.engine.names_outside import names_from_outside
from lungseg_course.handing_in.reading_source import names_used
from lungseg_course.helping import solution_text

# What the solutions use of the cells around them: name in the notebook → module, or module and name.
_GIVEN = {
    "DataGenerator": ("lungseg", "DataGenerator"),
    "encoder_block": ("lungseg", "encoder_block"),
    "keras": "keras",
    "layers": "keras.layers",
    "load_case": ("lungseg.cases", "load_case"),
    "math": "math",
    "ndimage": "scipy.ndimage",
    "np": "numpy",
    "ops": "keras.ops",
    "pd": "pandas",
}


def exercises_before(number: str) -> dict[str, str]:
    """Return what the exercises of the same notebook before this one ask for: name → number of the exercise."""
    exercises = chapter(number[0]).EXERCISES
    earlier = exercises[: exercises.index(find_exercise(number))]
    return {name: exercise.number for exercise in earlier for name in exercise.names}


def reference_of(number: str) -> dict[str, Any]:
    """Return what an exercise asks for: name → reference solution.

    Examples
    --------
    >>> reference_of("3.4")["jaccard_from_dice"](0.5)
    0.3333333333333333
    """
    source = solution_text(number)
    names: dict[str, Any] = {"__name__": f"reference_{number}"}
    before = exercises_before(number)
    at_once, later = names_used(source)
    for name in at_once | later:
        if name in _GIVEN:
            place = _GIVEN[name]
            module, part = place if isinstance(place, tuple) else (place, None)
            imported = importlib.import_module(module)
            names[name] = getattr(imported, part) if part else imported
        elif name in before:
            names[name] = reference_of(before[name])[name]
    exec(compile(source, f"<the reference solution of exercise {number}>", "exec", dont_inherit=True), names)
    return {name: names[name] for name in find_exercise(number).names}


@contextmanager
def names_replaced(answers: tuple, references: dict[str, Any]) -> Iterator[None]:
    """Put reference solutions in the place of the notebook's own, as long as answers are looked at."""
    notebook = notebook_names(answers[0])
    before = {name: notebook[name] for name in references if name in notebook}
    notebook.update(references)
    try:
        yield
    finally:
        for name in references:
            notebook.pop(name, None)
        notebook.update(before)


def names_of_exercises_used(answers: tuple, names) -> set[str]:
    """Return which of the names the answers use, they themselves or what they call."""
    notebook = notebook_names(answers[0]) if answers else {}
    seen: set[str] = set()
    waiting = [code for answer in answers for code in _codes(answer)]
    while waiting:
        for used in names_from_outside(waiting.pop()) - seen:
            seen.add(used)
            waiting += _codes(notebook.get(used))
    return seen & set(names)


def notebook_names(thing) -> dict[str, Any]:
    """Return the names of the notebook in which a function or class was written; none for anything else."""
    functions = [thing, *(vars(thing).values() if isinstance(thing, type) else ())]
    return next((each.__globals__ for each in functions if isinstance(each, FunctionType)), {})


def _codes(thing) -> list:
    functions = [thing, *(vars(thing).values() if isinstance(thing, type) else ())]
    return [each.__code__ for each in functions if isinstance(each, FunctionType)]

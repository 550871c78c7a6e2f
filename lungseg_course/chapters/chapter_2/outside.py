"""Lists outside of a student's function, which remember one call until the next."""

import contextlib
import inspect
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType

from lungseg_course.engine.names_outside import names_from_outside


@contextlib.contextmanager
def emptied(lists: Iterable[list | deque]) -> Iterator[None]:
    """Empty some lists, and put back afterwards what they held."""
    contents = [(each, list(each)) for each in lists]
    try:
        for each, _ in contents:
            each.clear()
        yield
    finally:
        for each, content in contents:
            each.clear()
            each.extend(content)


def lists_outside(function: Callable) -> dict[str, list | deque]:
    """Return the lists that a function uses and does not make, by their names.

    They belong to the notebook, to a function around it, or to the default of
    an argument. So do those of the notebook's functions that it calls.
    """
    found, seen = {}, set()

    def visit(thing):
        inner = inspect.unwrap(thing) if callable(thing) else None
        if not isinstance(inner, FunctionType) or inner in seen:
            return
        seen.add(inner)
        used = _outer_values(inner)
        found.update({name: value for name, value in used.items() if isinstance(value, (list, deque))})
        for value in used.values():
            if isinstance(value, FunctionType) and value.__globals__ is inner.__globals__:
                visit(value)

    visit(function)
    return found


def _outer_values(function: FunctionType) -> dict[str, object]:
    names, notebook = names_from_outside(function.__code__), function.__globals__
    values = {name: notebook[name] for name in names if name in notebook}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # it may still be empty
            values[name] = cell.cell_contents
    arguments = inspect.signature(function).parameters.values()
    return values | {each.name: each.default for each in arguments if each.default is not each.empty}

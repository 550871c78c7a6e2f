"""Whose work an answer is: the package has an answer to some exercises, and who only calls it is told so."""

import functools
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any

from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.students_code import is_the_students
from lungseg_course.engine.verdict import Wrong


class NotOwn(Wrong):
    """The answer is that of the package, or calls it."""

    def __init__(self, name: str, received: str):
        super().__init__(
            "the package's answer, not yours",
            received=received,
            expected=f"a `{name}` that you wrote",
            why="It does what it should, and you do not learn how: that is what this exercise is for.",
            remedy="Write its steps yourself. To look at the package's is no shame, once you have tried.",
            tried=f"to find out what your `{name}` calls",
        )


@contextmanager
def own_work(names: Sequence[str], answers: Sequence[Any], in_the_package: Sequence[str]) -> Iterator[None]:
    """Raise `NotOwn` if an answer is one of the package, or if the student's code calls one meanwhile.

    What a look, or the package itself, calls is no matter: only what the student's own lines lead to.

    Parameters
    ----------
    names : sequence of str
        What the student writes.
    answers : sequence of callables
        What was written, in the same order.
    in_the_package : sequence of str
        Functions and methods that are a whole answer: "lungseg.unet.build_unet". See `Exercise`.
    """
    functions = {name: pkgutil.resolve_name(name) for name in in_the_package}
    for name, answer in zip(names, answers, strict=True):
        if found := _same(answer, functions):
            raise NotOwn(name, f"`{found}`")
    called: list[str] = []
    codes = {name: function.__code__ for name, function in functions.items()}
    try:
        for name, function in functions.items():
            function.__code__ = _watched(name, function, called)
        yield
    except Exception as error:
        if not called or isinstance(error, NotAttempted):
            raise
    finally:
        for name, function in functions.items():
            function.__code__ = codes[name]
    if called:
        raise NotOwn(names[0], f"a call of `{called[0]}`")


def _watched(name: str, function: FunctionType, called: list[str]) -> CodeType:
    """Return code for a function that does what it did before, and notes in `called` when the student's code calls it.

    The code is all that the names by which a student may know the function have in common: `lungseg.build_unet`,
    `lungseg.unet.build_unet`, and one of their own from an import.
    """
    before = FunctionType(function.__code__, function.__globals__, function.__name__, None, function.__closure__)
    before.__defaults__, before.__kwdefaults__ = function.__defaults__, function.__kwdefaults__

    def noticing(*args: Any, **keywords: Any) -> Any:
        if _is_for_the_student(sys._getframe(2)):
            called.append(name)
        return before(*args, **keywords)

    def go_on(*args: Any, **keywords: Any) -> Any:
        noticing: Any = "noticing"  # which has no place among the names of the module where this code will run
        return noticing(*args, **keywords)

    constants = tuple(noticing if each == "noticing" else each for each in go_on.__code__.co_consts)
    return go_on.__code__.replace(
        co_consts=constants,
        co_freevars=before.__code__.co_freevars,  # a method that calls super() has one, and Python wants as many
        co_name=function.__name__,
        co_filename=f"<{name}, watched>",
    )


def _same(answer: Any, functions: dict[str, FunctionType]) -> str | None:
    """Return which function of the package an answer is, or which method it inherits."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    if not isinstance(answer, FunctionType):  # what `functools.cache` returns, say
        answer = getattr(answer, "__wrapped__", answer)
    kind = answer if isinstance(answer, type) else type(answer)
    for name, function in functions.items():
        method = getattr(kind, name.rpartition(".")[2], None)
        if any(getattr(thing, "__code__", None) is function.__code__ for thing in (answer, method)):
            return name
    return None


def _is_for_the_student(frame: FrameType | None) -> bool:
    """Whether it is the student's code that led here, perhaps by way of the libraries."""
    while frame is not None and not str(frame.f_globals.get("__name__")).startswith("lungseg_course."):
        if is_the_students(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False

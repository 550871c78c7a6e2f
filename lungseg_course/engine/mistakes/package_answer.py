"""Whose work an answer is: the package has an answer to some exercises, and who only calls it is told so."""

import functools
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType, FunctionType
from typing import Any

from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.students_code import is_the_students
from lungseg_course.engine.verdict import Wrong

ENOUGH = 100_000  # calls and returns: a look calls the answer at its beginning, and to watch for longer takes time


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
    codes = {id(pkgutil.resolve_name(name).__code__): name for name in in_the_package}
    for name, answer in zip(names, answers, strict=True):
        if found := _same(answer, codes):
            raise NotOwn(name, f"`{found}`")
    called: list[str] = []
    left = ENOUGH

    def notice(frame: FrameType, event: str, _: Any) -> None:
        nonlocal left
        left -= 1
        if event == "call" and id(frame.f_code) in codes and _is_for_the_student(frame.f_back):
            called.append(codes[id(frame.f_code)])
        if called or left < 0:
            sys.setprofile(None)

    watches = bool(codes) and sys.getprofile() is None  # a profiler of the student's goes on undisturbed
    if watches:
        sys.setprofile(notice)
    try:
        yield
    except Exception as error:
        if not called or isinstance(error, NotAttempted):
            raise
    finally:
        if watches:
            sys.setprofile(None)
    if called:
        raise NotOwn(names[0], f"a call of `{called[0]}`")


def _same(answer: Any, codes: dict[int, str]) -> str | None:
    """Return which function of the package an answer is, or which method it inherits."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    if not isinstance(answer, FunctionType):  # what `functools.cache` returns, say
        answer = getattr(answer, "__wrapped__", answer)
    kind = answer if isinstance(answer, type) else type(answer)
    for code, name in codes.items():
        method = getattr(kind, name.rpartition(".")[2], None)
        if code in (id(getattr(thing, "__code__", None)) for thing in (answer, method)):
            return name
    return None


def _is_for_the_student(frame: FrameType | None) -> bool:
    """Whether it is the student's code that led here, perhaps by way of the libraries."""
    while frame is not None and not str(frame.f_globals.get("__name__")).startswith("lungseg_course."):
        if is_the_students(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False

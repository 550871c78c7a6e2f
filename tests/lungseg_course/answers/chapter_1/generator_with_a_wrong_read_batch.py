"""Exercise 1.3, answers whose `__getitem__` is right, and whose `read_batch` (1.2) is not."""

from types import FunctionType

from answers import Answers
from answers.chapter_1 import read_batch as right
from answers.chapter_1.generator_given import Given, given_with

answers = Answers("1.3")


def with_own(read_batch):
    """Return the class with this `read_batch` in the notebook of its `__getitem__`."""
    method = Given.__getitem__
    return given_with(FunctionType(method.__code__, method.__globals__ | {"read_batch": read_batch}, "__getitem__"))


wrong = answers.wrong("your `read_batch` (1.2) is not right")
wrong(with_own(lambda paths: right.read_batch(paths[:1])))
wrong(with_own(lambda paths: right.read_batch(sorted(paths))))
wrong(with_own(lambda paths: right.read_batch(paths)[::-1]))
wrong(with_own(lambda paths: right.read_batch([path.name for path in paths])))
wrong(with_own(lambda paths: None))
answers.right(with_own(right.read_batch))

"""Where a plan of an experiment is wanted, `compare` refuses to train."""

from collections.abc import Iterator
from contextlib import contextmanager


class TrainsWhilePlanning(Exception):
    """`compare` was called where no training is wanted."""


_refusing: list[bool] = []


@contextmanager
def refusing_to_train() -> Iterator[None]:
    """Let `compare` raise `TrainsWhilePlanning` at once, whatever it is given.

    Examples
    --------
    >>> from lungseg_course import compare
    >>> with refusing_to_train():
    ...     compare({}, [])
    Traceback (most recent call last):
    ...
    lungseg_course.experiments.refusing.TrainsWhilePlanning: compare trains, and no training is wanted here
    """
    _refusing.append(True)
    try:
        yield
    finally:
        _refusing.pop()


def stop_if_refused() -> None:
    """Raise `TrainsWhilePlanning` inside of `refusing_to_train`."""
    if _refusing:
        raise TrainsWhilePlanning("compare trains, and no training is wanted here")

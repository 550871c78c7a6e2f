"""Keeps the warnings of decoders quiet."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()


@contextmanager
def ignored_warnings() -> Iterator[None]:
    """Ignore warnings, in one thread at a time: their filters belong to the whole process.

    Examples
    --------
    >>> with ignored_warnings():
    ...     warnings.warn("an oddity of a file")
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

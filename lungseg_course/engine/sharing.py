"""What the looks of one check share: what was built for one of them is not built again for the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_shared: ContextVar[dict[Any, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Let the looks inside share. Not for longer: the student may change a function that the answer calls."""
    before = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(before)


def shared() -> dict[Any, Any]:
    """Return what is shared in this check; of a look alone, nothing."""
    found = _shared.get()
    return {} if found is None else found

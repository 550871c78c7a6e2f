"""What the looks of one check share: what was built for one of them is not built again for the next."""

from collections.abc import Callable, Iterator
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


def once(make: Callable, *arguments: Any) -> Any:
    """Return what a function makes of some arguments, which it does once in a check. An error is not kept.

    What the student wrote is known by its `id`, as it need not be hashable.
    """
    key = make, *(each if isinstance(each, (int, float, tuple)) else id(each) for each in arguments)
    if key in shared():
        return shared()[key]
    return shared().setdefault(key, make(*arguments))

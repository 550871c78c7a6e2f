"""Which names of the notebook an answer reads, where it should work with what it is given."""

import dis
from collections.abc import Iterator
from contextlib import contextmanager

from lungseg_course.engine.verdict import Wrong


@contextmanager
def blaming_names_of_the_notebook(function, instead: dict[str, str]) -> Iterator[None]:
    """Where something is wrong and the function uses `cases` or the like from the notebook, say that it does.

    Parameters
    ----------
    function : callable
        What the student wrote.
    instead : dict
        Name of the notebook → what was to be used in its place.
    """
    try:
        yield
    except Wrong as wrong:
        if isinstance(wrong.__context__, NameError):  # another name is not known at all
            raise
        used = names_from_outside(getattr(function, "__code__", None))
        for name, right in instead.items():
            if name in used and name in getattr(function, "__globals__", {}):
                raise Wrong(
                    f"`{name}` of the notebook in place of `{right}`",
                    tried=wrong.tried,
                    received=wrong.received,
                    expected=wrong.expected,
                    why=f"`{name}` was set by a cell of the notebook: whatever your code is given, it works with that.",
                    remedy=f"Use `{right}`.",
                ) from None
        raise


def names_from_outside(code) -> set[str]:
    """Return the global names that a piece of code reads, with those in its comprehensions."""
    if code is None:
        return set()
    names = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return names.union(*(names_from_outside(part) for part in code.co_consts if hasattr(part, "co_consts")))

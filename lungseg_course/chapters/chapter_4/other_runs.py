"""Notebook 4, exercise 4.1: a function as if in another run of Python, in which sets have another order.

Python draws anew in each run what `hash` says of a text, and with it the order
of sets. A right answer may use sets all the same, and sort what it makes of
them. So two runs are compared that differ in the order of sets and in nothing
else: whatever is refused depends on it, and no new process is started.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_OPERATORS = ("sub", "rsub", "and", "rand", "or", "ror", "xor", "rxor")
_METHODS = ("copy", "difference", "intersection", "symmetric_difference", "union")


def _place(item: Any) -> bytes:
    return hashlib.sha256(repr(item).encode()).digest()


def _in_another_order(base: type) -> type:
    """Return the class of sets like `base` whose order is another."""

    def walk(self) -> Iterator:
        return iter(sorted(base.__iter__(self), key=_place))  # type: ignore[attr-defined]

    def pop(self) -> Any:
        item = next(iter(self))
        self.remove(item)
        return item

    def again(name: str) -> Callable:
        def method(self, *others: Any) -> Any:
            result = getattr(base, name)(self, *others)
            return kind(result) if isinstance(result, base) else result  # NotImplemented stays

        return method

    methods = {name: again(name) for name in (*(f"__{name}__" for name in _OPERATORS), *_METHODS)}
    kind = type(base.__name__, (base,), {"__iter__": walk, **methods, **({"pop": pop} if base is set else {})})
    return kind


_SETS = {base.__name__: _in_another_order(base) for base in (set, frozenset)}


class _Name(str):
    """A name whose hash is that of another run."""

    run = 0

    def __hash__(self) -> int:
        return hash((self.run, self[::-1]))


class _OtherName(_Name):
    run = 1


@contextmanager
def _with_other_sets(function: Callable) -> Iterator[None]:
    """Let `set` and `frozenset` be those of another order to a function, and to all that its notebook defines."""
    names = getattr(function, "__globals__", {})
    added = {name: kind for name, kind in _SETS.items() if name not in names}
    names.update(added)
    try:
        yield
    finally:
        for name in added:
            names.pop(name, None)


def results_of_other_runs(split_names: Callable, names: list[str], *others: Any) -> list[tuple[Any, Any]]:
    """Return pairs of results that are equal unless the order of a set, or `hash`, decides.

    Parameters
    ----------
    split_names : callable
    names : list of str
    *others
        What it is given besides.
    """
    pairs = []
    with suppress(Exception):  # of a library, perhaps, that takes built-in sets only: then nothing can be said
        with _with_other_sets(split_names):
            other = split_names(list(names), *others)
        pairs.append((split_names(list(names), *others), other))
    # Also for sets in braces, and for `hash` itself. NumPy makes plain text of these names, and sets do not find the
    # one among the other. What comes out may be odd, but it is equally odd in both runs.
    with suppress(Exception):
        one, other = (split_names(list(map(kind, names)), *others) for kind in (_Name, _OtherName))
        pairs.append((one, other))
    return pairs

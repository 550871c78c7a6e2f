"""The global random numbers of Python and NumPy: what state they are in, and how to put them back."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def global_state() -> dict[str, object]:
    """Return the state of the global random numbers, by the name of the library."""
    state: Any = np.random.get_state()  # noqa: NPY002  the old, global one is what is asked about
    return {"random": random.getstate(), "np.random": (state[1].tobytes(), *state[2:])}


@contextmanager
def same_chance() -> Iterator[None]:
    """Put the global random numbers back where they were, so that a check does not move those of the student."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002

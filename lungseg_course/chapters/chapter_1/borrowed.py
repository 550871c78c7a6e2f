"""What exercise 1.3 borrows from 1.2: where `read_batch` is wrong, `__getitem__` is not to blame."""

import inspect
from types import FunctionType
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_1 import arrays
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.names_outside import names_from_outside
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.verdict import Wrong


def _wrong_read_batch(out: Outcome) -> Wrong | None:
    """Return what is wrong with the `read_batch` that the student's `__getitem__` calls; None where nothing is."""
    method: Any = getattr(out.answer, "__getitem__", None)
    method = inspect.unwrap(method) if callable(method) else None
    if not isinstance(method, FunctionType) or "read_batch" not in names_from_outside(method.__code__):
        return None
    own: Any = method.__globals__.get("read_batch")
    try:
        for look in (arrays.look_at_the_shapes, arrays.look_at_the_values, arrays.look_at_the_paths) if own else ():
            look(own, rng=np.random.default_rng(0))
    except NotAttempted:
        return None
    except Wrong as wrong:
        return wrong
    return None


def _wrong_where_batches_are(out: Outcome) -> Wrong | None:
    return _wrong_read_batch(out) if out.result.misplaced or not out.is_right else None


# fmt: off
NAME = "your `read_batch` (1.2) is not right"
REMEDY = "Check 1.2 first."
READ_BATCH = (
    Raises(NAME, "Exception", "`__getitem__` calls it, and it raises this error for right paths, too.", REMEDY,
           when=_wrong_read_batch),
    When(NAME, _wrong_where_batches_are,
         lambda out: f"`__getitem__` returns what it gives, and there the check says: {out.found.cause}.", REMEDY),
)
# fmt: on

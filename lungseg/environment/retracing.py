"""Several networks in one process: TensorFlow warns of functions that it compiles anew; each network has its own."""

import contextlib
import logging
from collections.abc import Iterator


@contextlib.contextmanager
def without_retracing() -> Iterator[None]:
    """Keep TensorFlow's warnings of "retracing" to itself while a network is fitted or predicts; no other is held back.

    Examples
    --------
    >>> with without_retracing():
    ...     logging.getLogger("tensorflow").warning("5 of 5 calls triggered tf.function retracing.")
    """
    logger = logging.getLogger("tensorflow")  # whether or not TensorFlow is imported
    logger.addFilter(_tells_something_else)
    try:
        yield
    finally:
        logger.removeFilter(_tells_something_else)


def _tells_something_else(record: logging.LogRecord) -> bool:
    return "triggered tf.function retracing" not in record.getMessage()

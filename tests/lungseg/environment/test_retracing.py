"""Of TensorFlow's warnings one alone is held back, and only meanwhile."""

import logging

from lungseg.environment import without_retracing

RETRACED = "5 out of the last 7 calls to <function f> triggered tf.function retracing."


def test_only_the_warning_of_retracing_is_held_back(caplog):
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    try:
        with without_retracing():
            logger.warning(RETRACED)
            logger.warning("%s out of memory", "the GPU is")
        logger.warning(RETRACED)
    finally:
        logger.removeHandler(caplog.handler)
    said = list(dict.fromkeys(record.getMessage() for record in caplog.records))
    assert said == ["the GPU is out of memory", RETRACED]

"""The device, the import of TensorFlow and Keras, and the settings of Keras."""

from lungseg.environment.device import describe_device
from lungseg.environment.imports import (
    held_back,
    keep_tensorflow_quiet,
    register_where_keras_is,
    register_with_keras,
    tidy_imports,
)
from lungseg.environment.retracing import without_retracing

__all__ = [
    "describe_device",
    "held_back",
    "keep_tensorflow_quiet",
    "register_where_keras_is",
    "register_with_keras",
    "tidy_imports",
    "without_retracing",
]

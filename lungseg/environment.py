"""The device that Keras computes on; and TensorFlow's start-up notices, kept out of notebooks and terminals.

TensorFlow writes some lines about the processor straight to the error stream
while it is imported, whatever its log level (version 2.21 writes six with
`TF_CPP_MIN_LOG_LEVEL=3`): to a student they look like a fault. From
`import lungseg` on, what TensorFlow writes while it is imported is held back,
and shown only if the import fails.
"""

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Hold back what is written to the error stream, by C++ code too; show it after an exception."""
    import tempfile  # here: `import lungseg` should be quick

    try:
        sys.stderr.flush()
        stream = os.dup(2)
    except (AttributeError, OSError, ValueError):  # there is no error stream, as under pythonw
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stream, held.read())
            raise
        finally:
            os.dup2(stream, 2)
            os.close(stream)


class _QuietTensorFlow:
    """Finds TensorFlow as Python does, and runs its import under `held_back`."""

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        from importlib.util import find_spec

        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_quietly(module):
                with held_back():
                    run(module)

            spec.loader.exec_module = run_quietly  # type: ignore[method-assign]
        return spec


def keep_tensorflow_quiet() -> None:
    """Hold back TensorFlow's notices, now and when it is imported. Does not import it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" not in sys.modules and not any(isinstance(f, _QuietTensorFlow) for f in sys.meta_path):
        sys.meta_path.insert(0, _QuietTensorFlow())


def describe_device() -> str:
    """Return the device that Keras computes on, in words.

    Returns
    -------
    str
        `2 CPU cores (no GPU found)` or `1 GPU (NVIDIA H200)`, for example.
    """
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        gpus = [
            tf.config.experimental.get_device_details(d).get("device_name", "GPU")
            for d in tf.config.list_physical_devices("GPU")
        ]
    elif backend == "jax":
        import jax

        gpus = [device.device_kind for device in jax.devices() if device.platform != "cpu"]
    elif backend == "torch":
        import torch

        gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    else:
        gpus = []
    if gpus:
        return f"{len(gpus)} GPU{'s' * (len(gpus) > 1)} ({gpus[0]})"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{cores} CPU core{'s' * (cores > 1)} (no GPU found)"

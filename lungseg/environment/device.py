"""The device that Keras computes on."""

import os


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

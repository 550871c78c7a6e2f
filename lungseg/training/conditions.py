"""What decides the weights of a training beside its settings and its cases: how it is computed."""

import os

import keras

from lungseg.errors import InputError


def describe_precision(model: keras.Model) -> str:
    """Name the precision that a network computes in, by the dtype policies of its layers.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    str
        `mixed_float16`, for example, if all but some layers have that policy, which are in full precision.
    """
    layers = model._flatten_layers(include_self=False)
    policies = {layer.dtype_policy.name for layer in layers if layer.weights}
    return " and ".join(sorted(policies - {"float32"})) or "float32"


def check_precision(model: keras.Model) -> None:
    """Refuse to train in plain float16, which ends in NaN.

    Parameters
    ----------
    model : keras.Model

    Raises
    ------
    InputError
        If weights are in float16, or `keras.config.floatx()`, in which losses and metrics would be summed.
    """
    policies = [layer.dtype_policy for layer in model._flatten_layers(include_self=False) if layer.weights]
    half = [policy.name for policy in policies if policy.variable_dtype == "float16"]
    if half or keras.config.floatx() == "float16":
        where, mend = f"the policy {half and half[0]}", 'keras.config.set_dtype_policy("mixed_float16")'
        if keras.config.floatx() == "float16":
            where, mend = "floatx float16", 'keras.config.set_floatx("float32"), or write it in keras.json'
        raise InputError(
            f"train expected weights in float32. Received: {where}, in which numbers end at 65504 and small steps are "
            f"lost. Call {mend}, before the network is built."
        )


def count_threads() -> int:
    """Return how many threads of the CPU work on one operation: sums come out in another order with others.

    Returns
    -------
    int
    """
    asked = 0
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        asked = tf.config.threading.get_intra_op_parallelism_threads()
        asked = asked or int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0)
    elif keras.backend.backend() == "torch":
        import torch

        asked = torch.get_num_threads()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return asked or cores

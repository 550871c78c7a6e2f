"""What decides the weights of a training beside its settings and its cases: how it is computed."""

import os

import keras


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

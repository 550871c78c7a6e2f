"""What decides the weights of a training beside its settings: the pixels of the cases, and how it is computed."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import keras

from lungseg.cases import case_id, load_case


def mark_cases(cases: Sequence[str | Path]) -> str:
    """Return a short text that differs if the name or a pixel of any case does, wherever the files lie.

    Parameters
    ----------
    cases : sequence of paths
        In any order.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If a case cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=2, size=32)
    >>> mark_cases(cases) == mark_cases(cases[::-1])
    True
    """
    digest = hashlib.sha256()
    for path in sorted(cases, key=case_id):
        array = load_case(path)
        digest.update(f"{case_id(path)} {array.shape} ".encode("utf-8", "surrogateescape"))
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


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

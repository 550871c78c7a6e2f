"""Predictions of cases, batch by batch."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from lungseg.cases import load_case
from lungseg.errors import InputError


def predict_cases(
    model, cases: Sequence[str | Path], batch_size: int = 8
) -> Iterator[tuple[Path, np.ndarray, np.ndarray]]:
    """Predict cases one after the other, with one batch of them in memory.

    Each batch has the same size (the last one is filled up with black images,
    whose predictions are thrown away), so that Keras compiles the network once.

    Parameters
    ----------
    model : keras.Model or callable
        See `lungseg.evaluate`.
    cases : sequence of paths
    batch_size : int

    Yields
    ------
    path : the item of `cases`
    truth : ndarray, shape (H, W), float32
        The true mask.
    probability : ndarray, shape (H, W), float32

    Raises
    ------
    InputError
        See `lungseg.evaluate`.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=3, size=32)
    >>> [probability.shape for _, _, probability in predict_cases(lambda images: images, cases)]
    [(32, 32), (32, 32), (32, 32)]
    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise InputError(f"The batch size should be an integer, 1 or more. Received: {batch_size!r}. Try 8.")
    if isinstance(cases, str | Path) or len(cases) == 0:
        raise InputError(
            "Evaluation needs a list of cases, at least one. "
            f"Received: {cases!r}. Make the list with `lungseg.list_cases(folder)`."
        )
    predict = getattr(model, "predict_on_batch", model)
    if not callable(predict):
        raise InputError(
            "The model should have a method predict_on_batch, or be a function. "
            f"Received: {type(model).__name__}. Load a saved network with keras.saving.load_model."
        )
    return _predict_cases(model, predict, cases, batch_size)


def _predict_cases(model, predict, cases, batch_size):
    for paths, batch in _batches(cases, batch_size):
        images, truths = batch[..., :1], batch[: len(paths), ..., 1]  # (B, H, W, 1) and (b, H, W), b <= B
        _check_input_size(model, images, paths)
        yield from zip(paths, truths, check_output(predict(images), images, paths), strict=True)


def _batches(cases, batch_size: int) -> Iterator[tuple[list, np.ndarray]]:
    """Yield paths, and their cases stacked and filled up with zeros to (batch_size, H, W, 2)."""
    paths, arrays = [], []

    def stack():
        batch = np.zeros((batch_size, *arrays[0].shape), dtype=np.float32)
        batch[: len(arrays)] = arrays
        return paths, batch

    for path in cases:
        array = load_case(path)
        if arrays and (len(arrays) == batch_size or arrays[0].shape != array.shape):
            yield stack()
            paths, arrays = [], []
        paths.append(path)
        arrays.append(array)
    yield stack()


def _check_input_size(model, images, paths) -> None:
    expected = getattr(model, "input_shape", None)
    if not isinstance(expected, tuple) or len(expected) != 4:
        return
    if any(want not in (None, got) for want, got in zip(expected[1:], images.shape[1:], strict=True)):
        raise InputError(
            f"{paths[0]}: the network takes images of shape {expected[1:]}. Received: {images.shape[1:]}. "
            "Prepare the cases at the size the network was trained on."
        )


def check_output(output, images, paths) -> np.ndarray:
    """Return the probabilities of the real cases of a batch, (b, H, W), or say what is wrong with them."""
    if hasattr(output, "detach"):  # a PyTorch tensor may sit on a GPU and carry gradients
        output = output.detach().cpu()
    output = np.asarray(output)
    if output.shape not in (images.shape, images.shape[:-1]):
        raise InputError(
            f"The network should return one probability a pixel, shape {images.shape}. "
            f"Received: {output.shape}. Take the channel of the lungs if it predicts several classes."
        )
    output = output.reshape(images.shape[:-1])[: len(paths)].astype(np.float32)
    for path, probability in zip(paths, output, strict=True):
        low, high = probability.min(), probability.max()
        if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN fails both comparisons
            raise InputError(
                f"{path}: the network should return probabilities from 0 to 1. Received: values from "
                f"{low:.4g} to {high:.4g}. Does its last layer lack a sigmoid, or did training diverge?"
            )
    return output

"""Predictions of cases, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lungseg.cases import load_case
from lungseg.errors import InputError


def predict_cases(
    model: Callable, cases: Sequence[str | Path], batch_size: int = 8
) -> Iterator[tuple[str | Path, np.ndarray, np.ndarray]]:
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
    path : str or Path
        The item of `cases`.
    truth : numpy.ndarray of float32, shape (H, W)
        The true mask.
    probability : numpy.ndarray of float32, shape (H, W)
        Of lung.

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
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    if None not in shapes:
        check_shapes_of_network(model)
    return _predict_cases(model, predict, cases, batch_size)


def check_shapes_of_network(model: object) -> None:
    """Refuse a network that does not give one probability for each pixel of one grey channel, and say how to mend it.

    Parameters
    ----------
    model : keras.Model

    Raises
    ------
    InputError
        If its input or its output has another shape than (B, H, W, 1), or the two have other sizes.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> check_shapes_of_network(build_unet((32, 32, 1), filters=2, depth=1))
    """
    taken, given = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    mend = _how_to_mend(taken, given)
    activation = getattr(getattr(model, "layers", [None])[-1:][0], "activation", None) if mend is None else None
    if getattr(activation, "__name__", "") == "softmax":
        mend = "A softmax over one channel is 1 everywhere: train it with a sigmoid in its place."
    if mend:
        raise InputError(
            "expected a network from (B, H, W, 1) to (B, H, W, 1), a run or a run folder. "
            f"Received: {type(model).__name__} with shapes {taken} and {given}. {mend}"
        )


def _how_to_mend(taken: object, given: object) -> str | None:
    """Return what to do with a network of these shapes, None if nothing is to be done."""
    for shape, what in ((taken, "inputs"), (given, "outputs")):
        if isinstance(shape, (list, dict)):
            return f"It has several {what}: choose one, keras.Model(model.inputs[0], model.outputs[0]) for example."
        if not isinstance(shape, tuple) or len(shape) != 4:
            return "Build one with `build_unet`."
    assert isinstance(taken, tuple)
    assert isinstance(given, tuple)
    if taken[-1] != 1 and taken[1] in (1, 3):
        return "Its channels come first: build it with data_format='channels_last'."
    if taken[-1] == 3:
        return "It takes colours: put a layer in front of it that repeats the grey channel three times."
    if taken[-1] != 1:
        return "Build one with `build_unet`."
    if given[-1] != 1 and given[1] in (1, 2):
        return "Its output has the channels first: put keras.layers.Permute((2, 3, 1)) behind it."
    if given[-1] != 1:
        return "Keep the channel of the lungs: keras.Model(model.input, model.output[..., 1:2]) if it is the second."
    if any(a is not None and b is not None and a != b for a, b in zip(taken[1:3], given[1:3], strict=True)):
        return "Its output has another size: put keras.layers.Resizing or UpSampling2D behind it."
    return None


def _predict_cases(
    model: Callable, predict: Callable, cases: Sequence[str | Path], batch_size: int
) -> Iterator[tuple[str | Path, np.ndarray, np.ndarray]]:
    """Do what `predict_cases` does, with arguments that were checked at the call and not at the first case."""
    for paths, batch in _batches(cases, batch_size):
        images, truths = batch[..., :1], batch[: len(paths), ..., 1]  # (B, H, W, 1) and (b, H, W), b <= B
        _check_input_size(model, images, paths)
        yield from zip(paths, truths, check_output(predict(images), images, paths), strict=True)


def _batches(cases: Sequence[str | Path], batch_size: int) -> Iterator[tuple[list[str | Path], np.ndarray]]:
    """Yield paths, and their cases stacked and filled up with zeros to (batch_size, H, W, 2)."""

    def stack() -> np.ndarray:
        batch = np.zeros((batch_size, *arrays[0].shape), dtype=np.float32)
        batch[: len(arrays)] = arrays
        return batch

    paths: list[str | Path] = []
    arrays: list[np.ndarray] = []
    for path in cases:
        array = load_case(path)
        if arrays and (len(arrays) == batch_size or arrays[0].shape != array.shape):
            yield paths, stack()
            paths, arrays = [], []
        paths.append(path)
        arrays.append(array)
    yield paths, stack()


def _check_input_size(model: Callable, images: np.ndarray, paths: Sequence[str | Path]) -> None:
    """Refuse images of another size than the network takes."""
    expected = getattr(model, "input_shape", None)
    if not isinstance(expected, tuple) or len(expected) != 4:
        return
    if any(want not in (None, got) for want, got in zip(expected[1:], images.shape[1:], strict=True)):
        raise InputError(
            f"{paths[0]}: the network takes images of shape {expected[1:]}. Received: {images.shape[1:]}. "
            "Prepare the cases at the size the network was trained on."
        )


def check_output(output: npt.ArrayLike, images: np.ndarray, paths: Sequence[str | Path]) -> np.ndarray:
    """Return the probabilities of the real cases of a batch, or say what is wrong with them.

    Parameters
    ----------
    output : array or tensor, shape (B, H, W, 1) or (B, H, W)
        What the network returned.
    images : numpy.ndarray, shape (B, H, W, 1)
        What it was given.
    paths : sequence of paths, b of them
        Those of the cases; the rest of the batch only fills it up.

    Returns
    -------
    numpy.ndarray of float32, shape (b, H, W)

    Raises
    ------
    InputError
        If the output has another shape, or holds values that are no probabilities.

    Examples
    --------
    >>> images = np.zeros((2, 1, 3, 1))
    >>> check_output(images + 0.25, images, ["a.npy"])
    array([[[0.25, 0.25, 0.25]]], dtype=float32)
    """
    if isinstance(output, dict) or (isinstance(output, (list, tuple)) and not _is_a_batch(output, images)):
        raise InputError(
            f"The network should return one probability a pixel, shape {images.shape}. Received: a "
            f"{type(output).__name__} of {len(output)}. Choose one: keras.Model(model.inputs[0], model.outputs[0])."
        )
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
                f"{low:.4g} to {high:.4g}. Does its last layer lack a sigmoid (docs/keras.md), or did training diverge?"
            )
    return output


def _is_a_batch(outputs: Sequence, images: np.ndarray) -> bool:
    """Whether a list holds something for each image, and not several outputs of a network."""
    shapes = (tuple(part.shape) for part in outputs if hasattr(part, "shape"))
    return len(outputs) == len(images) and all(shape in (images.shape[1:], images.shape[1:-1]) for shape in shapes)

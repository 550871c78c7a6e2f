"""Predictions of cases, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError
from lungseg.loading import Load, load_pair
from lungseg.prediction.shapes import check_shapes_of_network
from lungseg.problems import LUNGS, Problem, problem_of


def predict_cases(
    model: Callable[..., Any],
    cases: Sequence[Any],
    batch_size: int = 8,
    load: Load | None = None,
    problem: Problem | None = None,
) -> Iterator[tuple[Any, np.ndarray, np.ndarray]]:
    """Predict cases one after the other, with one batch of them in memory.

    Each batch has the same size (the last one is filled up with black images,
    whose predictions are thrown away), so that Keras compiles the network once.

    Parameters
    ----------
    model : keras.Model or callable
        See `lungseg.evaluate`.
    cases : sequence of paths
        With `load`, of anything.
    batch_size : int
    load : callable, optional
        As for `lungseg.DataGenerator`; it needs a `problem`.
    problem : Problem, optional
        By default that of the cases, see `lungseg.problems.problem_of`.

    Yields
    ------
    path : str or Path
        The item of `cases`.
    truth : numpy.ndarray of float32, shape (H, W)
        The true mask of one class; of several, all of them, shape (H, W, K). -1 where a pixel is to be ignored.
    probability : numpy.ndarray of float32, shape (H, W)
        Of the class; for several classes each output of the network, shape (H, W, outputs).

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
    problem = shown_by(cases, load, problem)
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    if None not in shapes:
        check_shapes_of_network(model, problem)
    return _predict_cases(model, predict, cases, batch_size, load, problem)


def shown_by(cases: Sequence[Any], load: Load | None = None, problem: Problem | None = None) -> Problem:
    """Return the channels and classes that cases show.

    Parameters
    ----------
    cases, load, problem
        As `predict_cases` takes them.

    Returns
    -------
    Problem
        The given one, or that of the folders of the cases.

    Raises
    ------
    InputError
        If nobody tells, as what `load` takes cannot.
    """
    if problem is None and load is not None:
        raise InputError(
            "load= needs to be told the classes. Received: no problem. Add problem=Problem(channels=..., classes=...)."
        )
    return problem or problem_of(cases)


def _predict_cases(
    model: Callable[..., Any],
    predict: Callable[..., Any],
    cases: Sequence[Any],
    batch_size: int,
    load: Load | None,
    problem: Problem,
) -> Iterator[tuple[Any, np.ndarray, np.ndarray]]:
    """Do what `predict_cases` does, with arguments that were checked at the call and not at the first case."""
    for paths, images, truths in _batches(cases, batch_size, load, problem):
        _check_input_size(model, images, paths)
        masks = [truth[..., 0] if len(problem.classes) == 1 else truth for truth in truths]
        yield from zip(paths, masks, check_output(predict(images), images, paths, problem), strict=True)


def _batches(
    cases: Sequence[Any], batch_size: int, load: Load | None, problem: Problem
) -> Iterator[tuple[list[Any], np.ndarray, list[np.ndarray]]]:
    """Yield b paths, their images, stacked and filled up with zeros to (batch_size, H, W, C), and b masks (H, W, K)."""

    def stack() -> np.ndarray:
        batch = np.zeros((batch_size, *images[0].shape), dtype=np.float32)
        batch[: len(images)] = images
        return batch

    paths: list[Any] = []
    images: list[np.ndarray] = []
    truths: list[np.ndarray] = []
    for path in cases:
        image, truth = load_pair(path, problem, load)
        if images and (len(images) == batch_size or images[0].shape != image.shape):
            yield paths, stack(), truths
            paths, images, truths = [], [], []
        paths.append(path)
        images.append(image)
        truths.append(truth)
    yield paths, stack(), truths


def _check_input_size(model: Callable[..., Any], images: np.ndarray, paths: Sequence[Any]) -> None:
    """Refuse images of another size than the network takes."""
    expected = getattr(model, "input_shape", None)
    if not isinstance(expected, tuple) or len(expected) != 4:
        return
    if any(want not in (None, got) for want, got in zip(expected[1:], images.shape[1:], strict=True)):
        raise InputError(
            f"{paths[0]}: the network takes images of shape {expected[1:]}. Received: {images.shape[1:]}. "
            "Prepare the cases at the size the network was trained on."
        )


def check_output(
    output: npt.ArrayLike, images: np.ndarray, paths: Sequence[Any], problem: Problem = LUNGS
) -> np.ndarray:
    """Return the probabilities of the real cases of a batch, or say what is wrong with them.

    Parameters
    ----------
    output : array or tensor, shape (B, H, W, outputs), or (B, H, W) for one class
        What the network returned.
    images : numpy.ndarray, shape (B, H, W, C)
        What it was given.
    paths : sequence of paths, b of them
        Those of the cases; the rest of the batch only fills it up.
    problem : Problem
        By default one class.

    Returns
    -------
    numpy.ndarray of float32, shape (b, H, W)
        For several classes (b, H, W, outputs).

    Raises
    ------
    InputError
        If the output has another shape, or holds values that are no probabilities; of a softmax, if they do not
        add up to 1.

    Examples
    --------
    >>> images = np.zeros((2, 1, 3, 1))
    >>> check_output(images + 0.25, images, ["a.npy"])
    array([[[0.25, 0.25, 0.25]]], dtype=float32)
    """
    count = problem.outputs
    shape = (*images.shape[:-1], count)
    wanted = "one probability a pixel" if count == 1 else f"{count} probabilities a pixel"
    shapes = (shape, shape[:-1]) if count == 1 else (shape,)
    if isinstance(output, dict) or (isinstance(output, (list, tuple)) and not _is_a_batch(output, shapes)):
        raise InputError(
            f"The network should return {wanted}, shape {shape}. Received: a "
            f"{type(output).__name__} of {len(output)}. Choose one: keras.Model(model.inputs[0], model.outputs[0])."
        )
    if hasattr(output, "detach"):  # a PyTorch tensor may sit on a GPU and carry gradients
        output = output.detach().cpu()
    output = np.asarray(output)
    if output.shape not in shapes:
        lungs = "Take the channel of the lungs if it predicts several classes."
        names = f"Its outputs should be {', '.join(problem.names_of_outputs)}."
        raise InputError(
            f"The network should return {wanted}, shape {shape}. Received: {output.shape}. "
            f"{lungs if count == 1 else names}"
        )
    output = output.reshape(shape if count > 1 else shape[:-1])[: len(paths)].astype(np.float32)
    end = "softmax" if problem.softmax else "sigmoid"
    for path, probability in zip(paths, output, strict=True):
        low, high = probability.min(), probability.max()
        if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN fails both comparisons
            raise InputError(
                f"{path}: the network should return probabilities from 0 to 1. Received: values from "
                f"{low:.4g} to {high:.4g}. Does its last layer lack a {end} (docs/keras.md), or did training diverge?"
            )
        total = probability.sum(axis=-1) if problem.softmax else np.ones(1)
        if np.abs(total - 1).max() > 0.01:
            raise InputError(
                f"{path}: the network should return probabilities that add up to 1 in each pixel. Received: sums from "
                f"{total.min():.4g} to {total.max():.4g}. Does its last layer lack a softmax (docs/keras.md)?"
            )
    return output


def _is_a_batch(outputs: Sequence[Any], shapes: Sequence[tuple[int, ...]]) -> bool:
    """Whether a list holds something for each image, and not several outputs of a network."""
    found = (tuple(part.shape) for part in outputs if hasattr(part, "shape"))
    return len(outputs) == shapes[0][0] and all(shape in [one[1:] for one in shapes] for shape in found)

"""Images and masks by a function of the user's own, in place of files of cases."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from lungseg.cases import load_case
from lungseg.errors import InputError
from lungseg.problems import Problem

Load = Callable[[Any], tuple[npt.ArrayLike, npt.ArrayLike]]
Pair = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


def load_pair(item: Any, problem: Problem | None, load: Load | None = None) -> Pair:
    """Return the image and the masks of a case.

    Parameters
    ----------
    item : path, or whatever `load` takes
    problem : Problem or None
        None takes any number of channels and masks.
    load : callable, optional
        Returns an image and its mask. By default the item is a file, which `load_case` reads.

    Returns
    -------
    image : numpy.ndarray of float32, shape (H, W, C)
        In [0, 1].
    masks : numpy.ndarray of float32, shape (H, W, K)
        In {0, 1}; -1 where a pixel is to be ignored.

    Raises
    ------
    InputError
        If the function fails, or returns something else. The message names the item.

    Examples
    --------
    >>> def load(number):
    ...     return np.full((2, 3), number / 10), [[0, 1, 2], [2, -1, 0]]
    >>> image, masks = load_pair(7, Problem(classes=("left", "right")), load)
    >>> image.shape, masks[0].tolist()
    ((2, 3, 1), [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    """
    if load is None:
        array, channels = load_case(item, problem), len(problem.channels) if problem else 1
        return array[..., :channels], array[..., channels:]

    def refuse(expected: str, received: str) -> InputError:
        return InputError(f"load({item!r:.200}): expected {expected}. Received: {received}. Mend the function.")

    pair = load(item)
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise refuse("an image and its mask", f"{type(pair).__name__} {getattr(pair, 'shape', '')}".strip())
    image, masks = (np.asarray(array) for array in pair)
    if image.dtype.kind not in "fiub" or masks.dtype.kind not in "fiub":
        raise refuse("arrays of real numbers", f"dtypes {image.dtype} and {masks.dtype}")
    image = image.astype(np.float32, copy=False)
    image = image[..., None] if image.ndim == 2 else image
    if masks.ndim == 2 and problem is not None and problem.softmax:
        masks = _one_hot(masks, len(problem.classes), refuse)
    masks = masks.astype(np.float32, copy=False)
    masks = masks[..., None] if masks.ndim == 2 else masks
    shapes = f"image {image.shape}, mask {masks.shape}"
    if image.ndim != 3 or masks.ndim != 3 or image.shape[:2] != masks.shape[:2] or 0 in (*image.shape, *masks.shape):
        raise refuse("an image (H, W) or (H, W, C) and a mask (H, W) or (H, W, K) of the same size", shapes)
    if problem is not None and (image.shape[2], masks.shape[2]) != (len(problem.channels), len(problem.classes)):
        raise refuse(f"{len(problem.channels)} channels and {len(problem.classes)} classes", shapes)
    low, high = float(image.min()), float(image.max())
    if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN fails both
        raise refuse("an image in [0, 1]", f"{low:.4g} to {high:.4g}")
    known = masks[(masks != -1).any(axis=-1)]
    if not np.all((known == 0) | (known == 1)):
        raise refuse("masks of 0 and 1, and -1 in all of them to ignore a pixel", f"values {_some(masks)}")
    if problem is not None and problem.softmax and known.sum(axis=-1).max(initial=0) > 1:
        raise refuse("classes that do not overlap", "some do")
    return image, masks


def _one_hot(
    labels: npt.NDArray[Any], classes: int, refuse: Callable[[str, str], InputError]
) -> npt.NDArray[np.float32]:
    """Return masks (H, W, K) for labels: 0 is background, k the k-th class, and -1 a pixel to be ignored."""
    if not np.isin(labels, np.arange(-1, classes + 1)).all():
        raise refuse(f"labels from 0 to {classes}, and -1 to ignore a pixel", f"values {_some(labels)}")
    masks = (labels[..., None] == np.arange(1, classes + 1)).astype(np.float32)
    masks[labels == -1] = -1
    return masks


def _some(values: npt.NDArray[Any]) -> str:
    found = np.unique(values)
    return ", ".join(f"{value:g}" for value in found[:6]) + (", ..." if len(found) > 6 else "")

"""Cleans a predicted mask: keeps the two largest components and fills their holes."""

import numpy as np
from numpy.typing import ArrayLike

from lungseg.errors import InputError

THRESHOLD = 0.5  # a pixel is lung from this probability on
EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)  # pixels that touch at a corner belong together


def as_mask(mask: ArrayLike, name: str = "mask") -> np.ndarray:
    """Return a binary mask as a boolean array, or say why it is not one.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.
    name : str
        What to call the mask in the message.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)

    Raises
    ------
    InputError
        If the array is not two-dimensional, is empty, or holds other values
        than 0 and 1: probabilities, grey levels, NaN.

    Examples
    --------
    >>> as_mask([[0, 1], [1, 0]])
    array([[False,  True],
           [ True, False]])
    """
    array = np.asarray(mask)
    if array.ndim != 2 or array.size == 0:
        raise InputError(
            f"The {name} should be a single image of shape (H, W). Received: shape {array.shape}. "
            "Pass one mask at a time, without batch and channel axes."
        )
    if array.dtype == bool:
        return array
    if array.dtype.kind not in "iuf":
        raise InputError(
            f"The {name} should hold the numbers 0 and 1. Received: values of type {array.dtype}. "
            "Convert it to a numeric or boolean array."
        )
    truth = array == 1
    if not np.all(truth | (array == 0)):
        raise InputError(
            f"The {name} should hold 0 and 1 only. Received: values from {array.min():g} to {array.max():g}. "
            "Threshold it first, for example with `mask > 0.5`."
        )
    return truth


def label_components(mask: np.ndarray) -> tuple[np.ndarray, int, tuple[slice, slice]]:
    """Number the connected components of a mask, corners included, in the smallest box that holds them.

    Without the box, `lungseg predict` takes a quarter longer on large images (benchmarks/plain_or_clever.py).

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    labels : numpy.ndarray of int, shape (h, w)
        0 for the background, 1, 2, 3 … for the components.
    count : int
    box : (slice, slice)
        The rows and the columns: `mask[box]` is what was labelled; the rest is background.

    Examples
    --------
    >>> labels, count, box = label_components(np.array([[0, 0, 0, 0], [0, 1, 0, 1]], dtype=bool))
    >>> labels, count, box
    (array([[1, 0, 2]], dtype=int32), 2, (slice(1, 2, None), slice(1, 4, None)))
    """
    from scipy import ndimage

    places = [np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (slice(int(place[0]), int(place[-1]) + 1) if place.size else slice(0, 1) for place in places)
    labels, count = ndimage.label(mask[rows, columns], structure=EIGHT_NEIGHBOURS)
    return labels, count, (rows, columns)


def count_components(mask: ArrayLike) -> int:
    """Count the connected components of a mask, corners included (8-connectivity).

    A pair of lungs has two. More of them are islands in the background or a
    lung in pieces; fewer, a missed lung or two lungs that touch.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If the mask is not a binary image.

    Examples
    --------
    >>> count_components([[1, 0, 0, 1],
    ...                   [0, 1, 0, 1]])
    2
    """
    return label_components(as_mask(mask))[1]


def clean_mask(mask: ArrayLike, components: int = 2) -> np.ndarray:
    """Keep the largest components of a mask and fill the holes in them.

    A chest has two lungs without holes. Small islands hardly change the Dice score, yet one in a corner of the image
    is enough to spoil the Hausdorff distance; this removes them. It cannot bring back a lung that was missed.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.
    components : int
        How many components to keep, 1 or more. Neighbours at a corner belong together (8-connectivity). Of equally
        large components the first one from the top of the image is kept.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        A new array. A hole is background that no path of edge-to-edge steps connects with the border of the image.

    Raises
    ------
    InputError
        If the mask is not a binary image, or `components` is not a positive integer.

    Examples
    --------
    >>> clean_mask([[1, 1, 1, 0, 0, 0],
    ...             [1, 0, 1, 0, 0, 1],
    ...             [1, 1, 1, 0, 0, 0]], components=1).astype(int)
    array([[1, 1, 1, 0, 0, 0],
           [1, 1, 1, 0, 0, 0],
           [1, 1, 1, 0, 0, 0]])
    """
    from scipy import ndimage

    if isinstance(components, bool) or not isinstance(components, int | np.integer) or components < 1:
        raise InputError(
            "The number of components to keep should be an integer, 1 or more. "
            f"Received: {components!r}. Use 2 for a pair of lungs."
        )
    mask = as_mask(mask)
    labels, _, inside = label_components(mask)
    # Filling comes after choosing, so that an island inside a hole does not take a lung's place,
    # and each component is filled by itself, so that two that embrace do not merge across their gap.
    areas = np.bincount(labels.ravel())[1:]
    boxes = ndimage.find_objects(labels)
    cleaned = np.zeros(mask.shape, dtype=bool)
    for index in np.argsort(-areas, kind="stable")[:components]:
        box = boxes[index]  # a hole lies inside it, and on a large image there is less to search
        cleaned[inside][box] |= fill_holes(labels[box] == index + 1)
    return cleaned


def clean_masks(masks: np.ndarray, components: int, exclusive: bool = True) -> np.ndarray:
    """Clean the mask of each class, see `clean_mask`.

    Parameters
    ----------
    masks : numpy.ndarray of bool, shape (H, W, K)
    components : int
        How many components to keep of each class.
    exclusive : bool
        Whether classes must not overlap: then a hole is filled only where no class was, and by one class.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W, K)

    Examples
    --------
    >>> ring = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=bool)
    >>> clean_masks(np.stack([ring, ~ring], axis=-1), components=1)[1, 1].tolist()
    [False, True]
    """
    cleaned = np.stack([clean_mask(masks[..., k], components) for k in range(masks.shape[-1])], axis=-1)
    if exclusive:
        cleaned &= masks | ~masks.any(axis=-1, keepdims=True)
        cleaned &= cleaned.cumsum(axis=-1) == 1  # of two that fill the same hole, the first
    return cleaned


def fill_holes(component: np.ndarray) -> np.ndarray:
    """Fill what no path of edge-to-edge steps connects with the border of the array.

    The same as `scipy.ndimage.binary_fill_holes`, with which `lungseg predict` takes 7 % longer on large images
    (benchmarks/plain_or_clever.py).

    Parameters
    ----------
    component : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)

    Examples
    --------
    >>> fill_holes(np.array([[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0]], bool)).astype(int)
    array([[1, 1, 1, 0],
           [1, 1, 1, 0],
           [1, 1, 1, 0]])
    """
    from scipy import ndimage

    background, _ = ndimage.label(np.pad(~component, 1, constant_values=True))
    return (background != background[0, 0])[1:-1, 1:-1]

"""Calls an augmentation on a batch, and looks at what comes back: a network would train on anything of its size."""

import inspect
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from keras import ops

from lungseg.errors import InputError

Array = npt.NDArray[np.float32]
Augment = Callable[..., tuple[npt.ArrayLike, npt.ArrayLike]]  # of images, masks and seed=


def check_augment(augment: Augment) -> None:
    """Refuse an augmentation that does not take images, masks and a seed.

    Parameters
    ----------
    augment : callable

    Raises
    ------
    InputError
        If it cannot be called as `augment(images, masks, seed=...)`.
    """
    try:
        inspect.signature(augment).bind(None, None, seed=(0, 0))
    except TypeError as error:
        raise InputError(
            f"augment: expected a function augment(images, masks, seed=...). Received: {_name(augment)}, {error}."
        ) from None
    except ValueError:  # of compiled code, nobody knows what it takes
        pass


def apply_augmentation(
    augment: Augment, images: Array, masks: Array, seed: tuple[int, int], exclusive: bool = False
) -> tuple[Array, Array]:
    """Augment a batch.

    Parameters
    ----------
    augment : callable
        `augment(images, masks, seed=...)`. Where pixels of the batch are to be ignored, the masks that it is given are
        0 there, and a last channel, of 0 and 1, tells these pixels: it is moved like a mask.
    images : numpy.ndarray of float32, shape (B, H, W, C)
    masks : numpy.ndarray of float32, shape (B, H, W, K)
        In {0, 1}, and -1 where a pixel is to be ignored.
    seed : tuple of two ints
    exclusive : bool
        Whether no pixel may belong to two classes: interpolation can put one at the border of two into both. It gets
        the first of them.

    Returns
    -------
    images, masks : numpy.ndarray of float32, of the same shapes or with more channels

    Raises
    ------
    InputError
        If what comes back is anything else.

    Examples
    --------
    >>> def shifted(images, masks, seed):
    ...     return np.roll(images, 1, axis=2), np.roll(masks, 1, axis=2)
    >>> masks = np.float32([0, 1, -1]).reshape(1, 1, 3, 1)
    >>> apply_augmentation(shifted, masks / 2 + 0.5, masks, (0, 0))[1].ravel().tolist()
    [-1.0, 0.0, 1.0]
    """
    ignored = masks[..., :1] < 0  # (B, H, W, 1)
    marked = ignored.any()
    if marked:
        masks = np.concatenate([np.maximum(masks, 0), ignored.astype(np.float32)], axis=-1)
    images, masks = _checked(augment, augment(images, masks, seed=seed), images.shape, masks.shape)
    if marked:
        masks, ignored = masks[..., :-1], masks[..., -1:] == 1
    if exclusive:
        masks = masks * (masks.cumsum(axis=-1) <= 1)
    return images, np.where(ignored, np.float32(-1), masks) if marked else masks


def _checked(
    augment: Augment, pair: object, images_shape: tuple[int, ...], masks_shape: tuple[int, ...]
) -> tuple[Array, Array]:
    """Return the images and masks that an augmentation gave, if they are some."""
    shapes = f"two arrays of shape {images_shape}"
    if masks_shape != images_shape:
        shapes = f"arrays of shape {images_shape} and {masks_shape}"

    def refuse(received: str) -> InputError:
        return InputError(
            f"augment ({_name(augment)}): expected it to return images (floats) and masks (0 and 1), {shapes}, or with "
            f"more channels. Received: {received}. Mend it, or train without."
        )

    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        what = f"{len(pair)} values" if isinstance(pair, (tuple, list)) else f"one {type(pair).__name__}"
        raise refuse(what)
    try:
        arrays = [ops.convert_to_numpy(array) for array in pair]
    except ValueError:  # of lists of several lengths
        raise refuse("something else than arrays") from None
    for name, array in zip(("images", "masks"), arrays, strict=True):
        if array.ndim != 4 or array.shape[:3] != images_shape[:3] or array.shape[3] == 0:
            raise refuse(f"{name} of shape {array.shape}")
        if array.dtype.kind not in ("f" if name == "images" else "fiub"):
            raise refuse(f"{name} of dtype {array.dtype}")
    new_images, new_masks = (array.astype(np.float32, copy=False) for array in arrays)  # (B, H, W, channels)
    if not np.isfinite(new_images.sum(dtype=np.float64)):
        raise refuse("images that are not finite (NaN or infinity)")
    if not np.all((new_masks == 0) | (new_masks == 1)):
        raise refuse(f"masks from {new_masks.min():.4g} to {new_masks.max():.4g}, or in between")
    return new_images, new_masks


def _name(augment: Augment) -> str:
    return getattr(augment, "__name__", type(augment).__name__)[:80]

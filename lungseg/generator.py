"""DataGenerator: a Keras Sequence that reads one batch of cases at a time."""

import inspect
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np

from lungseg.cases import load_case
from lungseg.errors import InputError


class DataGenerator(keras.utils.PyDataset):
    """Give a network its cases in batches, reading each batch from disk when it is due.

    Only one batch is in memory at a time, so a set of any size can be used.
    (`keras.utils.PyDataset` is the name that Keras 3 gave to
    `keras.utils.Sequence`.)

    Parameters
    ----------
    cases : sequence of paths
        `.npy` cases of one shape (H, W, 2), as `list_cases` gives them.
    batch_size : int
        Cases in a batch; B below. The last batch holds what is left.
    shuffle : bool
        Visit the cases in a new order in each epoch: True for training, False
        for validation and test, where predictions must keep the order of `cases`.
    seed : int
        Together with the epoch it fixes the order, and the augmentation.
    augment : callable, optional
        `augment(images, masks, seed=...)` takes two arrays of shape (B, H, W, 1)
        and returns two, the images as floats, the masks of 0 and 1; either may
        have more channels. The seed is a pair of ints. For training only.
    **kwargs
        `workers`, `use_multiprocessing`, `max_queue_size` of
        `keras.utils.PyDataset`. The batches are the same for any of them. Only on TensorFlow: on JAX and PyTorch Keras
        drops the first batch of an epoch where several workers read, and fills up with one of the next.

    Raises
    ------
    InputError
        If `cases` is no list of paths, or an empty one; if `batch_size` is not a positive integer, `seed` is below 0,
        or `augment` cannot be called so. When a batch is read: if a case cannot be used, masks of 0 and 255 for one, or
        `augment` returns something else.

    Notes
    -----
    Give `fit` the argument `shuffle=False`. The cases are shuffled here; Keras
    would shuffle the batches once more, in an order that `seed` does not fix.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=5, size=32)
    >>> generator = DataGenerator(cases, batch_size=2)
    >>> len(generator)
    3
    >>> images, masks = generator[0]
    >>> images.shape, masks.shape
    ((2, 32, 32, 1), (2, 32, 32, 1))
    """

    def __init__(
        self,
        cases: Sequence[str | Path],
        batch_size: int = 8,
        shuffle: bool = True,
        seed: int = 0,
        augment: Callable | None = None,
        **kwargs: object,
    ):
        super().__init__(**kwargs)
        backend = keras.config.backend()
        if backend != "tensorflow" and (self.workers > 1 or (self.workers > 0 and self.use_multiprocessing)):
            raise InputError(
                f"DataGenerator on {backend} expected workers=1 and use_multiprocessing=False: with more, Keras mixes "
                f"batches of one epoch into another there. Received: workers={self.workers}, "
                f"use_multiprocessing={self.use_multiprocessing}. Leave them out."
            )
        if isinstance(cases, str | os.PathLike):
            raise InputError(f"DataGenerator expected a list of cases. Received: {str(cases)!r}. Use `list_cases`.")
        if len(cases) == 0:
            raise InputError("DataGenerator expected at least one case. Received: an empty list. See `list_cases`.")
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise InputError(f"DataGenerator expected batch_size to be a positive integer. Received: {batch_size!r}.")
        if not isinstance(seed, (int, np.integer)) or seed < 0:
            raise InputError(f"DataGenerator expected seed to be a whole number from 0 upwards. Received: {seed!r}.")
        self.cases = list(cases)
        if not all(isinstance(case, str | os.PathLike) for case in self.cases):
            raise InputError(
                "DataGenerator expected a list of the paths of cases. Received: a list of something else. Give it one "
                "part of a split, `split.train` for example."
            )
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.seed = seed
        if augment is not None:
            _check_augment(augment)
        self.augment = augment
        self.epoch = 0
        self._order_cases()

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return math.ceil(len(self.cases) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Read batch number `index`: images and masks, each (B, H, W, 1) float32.

        What comes back depends on the seed, the epoch and the index alone. Keras reads the first batches before an
        epoch starts, and several workers read in any order: neither changes a batch.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"expected a batch index from 0 to {len(self) - 1}. Received: {index}.")
        places = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        paths = [self.cases[place] for place in places]
        arrays = [load_case(path) for path in paths]
        for path, array in zip(paths, arrays, strict=True):
            if array.shape != arrays[0].shape:
                raise InputError(
                    f"{path}: expected shape {arrays[0].shape} like {paths[0]}. Received: {array.shape}. "
                    "Prepare all cases with the same --size."
                )
        batch = np.stack(arrays)  # (B, H, W, 2)
        images, masks = batch[..., :1], batch[..., 1:]
        if self.augment is not None:
            images, masks = _augmented(self.augment, images, masks, self._batch_seed(index))
        return images, masks

    def on_epoch_end(self) -> None:
        """Keras calls this after each epoch: reshuffle for the next one."""
        self.start_epoch(self.epoch + 1)

    def start_epoch(self, epoch: int) -> None:
        """Go to an epoch, counted from 0, as an interrupted training does when it goes on."""
        self.epoch = epoch
        self._order_cases()

    def _order_cases(self) -> None:
        """Draw the order of this epoch."""
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)

    def _batch_seed(self, index: int) -> tuple[int, int]:
        """Return the seed of the augmentation of a batch."""
        first, second = np.random.SeedSequence([self.seed, self.epoch, index]).generate_state(2)
        return int(first), int(second)


def _check_augment(augment: Callable) -> None:
    """Refuse an augmentation that does not take images, masks and a seed."""
    try:
        inspect.signature(augment).bind(None, None, seed=(0, 0))
    except TypeError as error:
        raise InputError(
            f"augment: expected a function augment(images, masks, seed=...). Received: {_name(augment)}, {error}."
        ) from None
    except ValueError:  # of compiled code, nobody knows what it takes
        pass


def _augmented(
    augment: Callable, images: np.ndarray, masks: np.ndarray, seed: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Augment a batch, and look at what comes back: a network would train on anything of a batch's size."""

    def refuse(received: str) -> InputError:
        return InputError(
            f"augment ({_name(augment)}): expected it to return images (floats) and masks (0 and 1), two arrays of "
            f"shape {images.shape}, or with more channels. Received: {received}. Mend it, or train without."
        )

    pair = augment(images, masks, seed=seed)
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        what = f"{len(pair)} values" if isinstance(pair, (tuple, list)) else f"one {type(pair).__name__}"
        raise refuse(what)
    try:
        arrays = [keras.ops.convert_to_numpy(array) for array in pair]
    except ValueError:  # of lists of several lengths
        raise refuse("something else than arrays") from None
    for name, array in zip(("images", "masks"), arrays, strict=True):
        if array.ndim != 4 or array.shape[:3] != images.shape[:3] or array.shape[3] == 0:
            raise refuse(f"{name} of shape {array.shape}")
        if array.dtype.kind not in ("f" if name == "images" else "fiub"):
            raise refuse(f"{name} of dtype {array.dtype}")
    new_images, new_masks = (array.astype(np.float32, copy=False) for array in arrays)  # (B, H, W, C)
    if not np.isfinite(new_images.sum(dtype=np.float64)):
        raise refuse("images that are not finite (NaN or infinity)")
    if not np.all((new_masks == 0) | (new_masks == 1)):
        raise refuse(f"masks from {new_masks.min():.4g} to {new_masks.max():.4g}, or in between")
    return new_images, new_masks


def _name(augment: Callable) -> str:
    return getattr(augment, "__name__", type(augment).__name__)[:80]

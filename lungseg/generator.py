"""DataGenerator: a Keras Sequence that reads one batch of cases at a time."""

import math
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from lungseg.arguments import true_or_false, whole_number
from lungseg.augmentation.applying import Augment, apply_augmentation, check_augment
from lungseg.errors import InputError
from lungseg.files import as_items, as_paths
from lungseg.loading import Load, load_pair
from lungseg.problems import Problem, problem_of


class DataGenerator(keras.utils.PyDataset):
    """Give a network its cases in batches, reading each batch from disk when it is due.

    Only one batch is in memory at a time, so a set of any size can be used.
    (`keras.utils.PyDataset` is the name that Keras 3 gave to
    `keras.utils.Sequence`.)

    Parameters
    ----------
    cases : sequence of paths
        `.npy` cases of one shape (H, W, 2), as `list_cases` gives them; with `load`, anything.
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
    load : callable, optional
        `load(item)` returns the image and the mask of an item of `cases`, in place of reading its file.
    problem : Problem, optional
        Channels and classes, if `cases.json` beside the cases does not tell them. Images are (B, H, W, C) then, and
        masks (B, H, W, K); classes that share a soft-max have the background in front, (B, H, W, K + 1).
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
        cases: Iterable[Any],
        batch_size: int = 8,
        shuffle: bool = True,
        seed: int = 0,
        augment: Augment | None = None,
        load: Load | None = None,
        problem: Problem | None = None,
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
        self.cases = (as_paths if load is None else as_items)(cases, "DataGenerator")
        if not self.cases:
            raise InputError("DataGenerator expected at least one case. Received: an empty list. See `list_cases`.")
        self.batch_size = whole_number(batch_size, "DataGenerator", "batch_size")
        # A number is true; notebook 4 has a word for a seed that came in this place.
        self.shuffle = shuffle if isinstance(shuffle, int) else true_or_false(shuffle, "DataGenerator", "shuffle")
        self.seed = whole_number(seed, "DataGenerator", "seed", least=0)
        if augment is not None:
            check_augment(augment)
        self.augment = augment
        self.load = load
        self.problem = problem or (problem_of(self.cases) if load is None else None)
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
        items = [self.cases[place] for place in places]
        pairs = [load_pair(item, self.problem, self.load) for item in items]
        shapes = [(*image.shape[:2], image.shape[2] + masks.shape[2]) for image, masks in pairs]
        for item, shape in zip(items, shapes, strict=True):
            if shape != shapes[0]:
                raise InputError(
                    f"{item}: expected shape {shapes[0]} like {items[0]}. Received: {shape}. "
                    "Prepare all cases with the same --size."
                )
        images = np.stack([image for image, _ in pairs])  # (B, H, W, C)
        masks = np.stack([masks for _, masks in pairs])  # (B, H, W, K)
        softmax = self.problem is not None and self.problem.softmax
        if self.augment is not None:
            images, masks = apply_augmentation(self.augment, images, masks, self._batch_seed(index), softmax)
        if self.problem is not None and masks.shape[-1] == len(self.problem.classes):
            masks = self.problem.targets(masks)  # (B, H, W, outputs)
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

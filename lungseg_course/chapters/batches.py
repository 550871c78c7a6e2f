"""Tiny cases on disk for checks, which of them a batch holds, and how a batch is compared and shown."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import GeneratorType
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind

CASE = HEIGHT, WIDTH = 4, 6  # not square: swapped axes show
Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TinyCases:
    """Cases on disk, with what is in them. All are different, and no two are swapped."""

    paths: list[Path]
    images: np.ndarray
    masks: np.ndarray

    def pair(self, places: list) -> Pair:
        """Return the images and the masks of the cases at some places of the list."""
        return self.images[places], self.masks[places]

    def places(self, batch: Any) -> list[int | None] | None:
        """Return which case each row of a batch is, by its image or its mask. See `places_in`."""
        return places_in(batch, self.images, self.masks)


@contextmanager
def tiny_cases(count: int, rng: np.random.Generator) -> Iterator[TinyCases]:
    """Write cases of 4 x 6 pixels, and remove them at the end.

    What the student's code draws from the global random numbers meanwhile is
    put back, so that a check changes nothing in a notebook.
    """
    images = rng.uniform(0.05, 0.95, (count, HEIGHT, WIDTH, 1)).astype("float32")
    masks = np.zeros_like(images)
    while len(np.unique(masks.reshape(count, -1), axis=0)) < count:
        masks = (rng.random(images.shape) < 0.5).astype("float32")
    names = rng.permutation(count)  # sorted by name they come in another order
    if np.all(np.diff(names) > 0):
        names = names[::-1]
    with same_chance(), tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"PHANTOM_{name:04}_0.npy" for name in names]
        for path, image, mask in zip(paths, images, masks, strict=True):
            np.save(path, np.concatenate([image, mask], axis=-1).astype("float64"))
        yield TinyCases(paths, images, masks)


def read_cases(paths: list[Path]) -> Pair:
    """Return the images and the masks of cases."""
    batch = np.stack([np.load(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


def places_in(batch: Any, *tables: np.ndarray) -> list[int | None] | None:
    """Return which row of the tables each row of a batch is, None for what is in none; None if that cannot be said."""
    try:
        if not hasattr(batch[0], "shape"):
            return None
        rows = np.asarray(batch[0], dtype="float64").reshape(len(batch[0]), -1)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    known = np.concatenate([table.reshape(len(table), -1) for table in tables])
    if rows.shape[1] == 2 * known.shape[1]:  # both channels: every other number is the image's
        rows = rows[:, ::2]
    if rows.shape[1] != known.shape[1]:
        return [None] * len(rows)
    same = np.isclose(rows[:, None], known, atol=1e-3).all(axis=2)
    return [int(row.argmax()) % len(tables[0]) if row.any() else None for row in same]


def listing(places: list) -> str:
    """Return the places of cases in words: "4, 0, 2"."""
    return ", ".join("?" if place is None else str(place) for place in places) or "none"


def listing_cases(places: list) -> str:
    """Return the same with its noun: "cases 4, 0, 2", and "case 9"."""
    return f"case{'s' * (len(places) != 1)} {listing(places)}"


# ---- How a batch is compared and shown ---------------------------------------------------------


@dataclass(frozen=True)
class Batch(Kind):
    """A pair of arrays, images and masks. Where it is read `with_values`, not only the shapes matter."""

    cases: Any = None  # the `TinyCases` of which it was made, for rows that tell which of them it holds
    with_values: bool = True

    def distance(self, value: Any, other: Any) -> float:
        """Return 0 for equal pairs, infinity for others."""
        same = is_pair(value) and not misshapen(value, other)
        return 0 if same and not (self.with_values and other_values(value, other)) else np.inf

    def show(self, value: Any, right: Any) -> tuple[str, str]:
        """Return the words for a pair, or for the first thing that makes it none."""
        two_arrays = f"two arrays, images and masks, each of shape {right[0].shape}"
        if not is_pair(value):
            return _brief(value), two_arrays
        if wrong := misshapen(value, right):
            name, array, shape = wrong
            if shape is None:
                return f"{name}: {_brief(array)}", two_arrays
            return f"{name} of shape {shape}", f"shape {right[0].shape}: batch, height, width, channels"
        row, _ = other_values(value, right) or (0, 0)
        received, expected = (
            f"case {row} of the batch: image {_corner(images[row])}..., mask {_corner(masks[row])}..."
            for images, masks in (value, right)
        )
        return received, expected


def is_pair(batch: Any) -> bool:
    """Whether a batch is two things."""
    return isinstance(batch, (tuple, list)) and len(batch) == 2


def misshapen(batch: Any, right: Pair) -> tuple[str, Any, tuple | None] | None:
    """Return the first array of a pair that has another shape: its name, itself, and its shape."""
    for name, array, true in zip(("images", "masks"), batch, right, strict=True):
        shape = tuple(array.shape) if hasattr(array, "shape") else None
        if shape != true.shape:
            return name, array, shape
    return None


def other_values(batch: Any, right: Pair) -> tuple[int, int] | None:
    """Return the first row of a batch that holds other values, and in which of its two arrays."""
    same = [
        np.isclose(np.asarray(array, dtype="float64"), true, atol=1e-4).all(axis=(1, 2, 3))
        for array, true in zip(batch, right, strict=True)
    ]
    return None if np.all(same) else (int(np.argmin(same[0] & same[1])), 0 if not same[0].all() else 1)


def _corner(array: Any) -> str:
    return describe(np.asarray(array, dtype="float64").ravel()[:3])


def _brief(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        kinds = sorted({type(entry).__name__ for entry in value})
        return f"a {type(value).__name__} of {len(value)}: {' and '.join(kinds) or 'empty'}"
    if isinstance(value, dict):
        return f"a dictionary with {', '.join(map(repr, value))}"
    return "a generator object" if isinstance(value, GeneratorType) else describe(value)

"""Reads the masks of an image: which class each pixel has, by a table of values and colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.errors import InputError, counted
from lungseg.masks.drawn import is_around
from lungseg.preparation.classes.mask_file import open_mask
from lungseg.preparation.classes.masks import meanings
from lungseg.preparation.classes.smooth import without_edges
from lungseg.preparation.classes.table import ClassTable
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.resizing import resample, resize_mask
from lungseg.radiographs.limits import MAX_MEGAPIXELS

ONE_CLASS = "expected at most one class for each pixel"  # of masks that overlap and may not


@dataclass(frozen=True)
class Labels:
    """The classes of the pixels of an image.

    Attributes
    ----------
    names : tuple of str
        The K classes.
    index : numpy.ndarray of int16, shape (H, W), or of bool, shape (H, W, K)
        Of classes that do not overlap: 0 background, k the class number k, -1 ignored. Of those that may overlap: a
        mask for each.
    ignored : numpy.ndarray of bool, shape (H, W)
    edges : tuple of str
        What blurred edges were cut at, or "JPEG".
    """

    names: tuple[str, ...]
    index: np.ndarray
    ignored: np.ndarray
    edges: tuple[str, ...] = ()

    def mask(self, number: int) -> np.ndarray:
        """Return the mask of a class, by its place from 0: bool (H, W), without what is ignored."""
        if self.index.ndim == 3:
            return self.index[..., number] & ~self.ignored
        return self.index == number + 1

    def counted(self) -> dict[str, int]:
        """Return the pixels of each class, and of what is ignored."""
        pixels = {name: int(self.mask(number).sum()) for number, name in enumerate(self.names)}
        return pixels | {"ignored": int(self.ignored.sum())}

    def cut(self, box: CropBox) -> Labels:
        """Return those of a part of the image."""
        return Labels(self.names, box.cut(self.index), box.cut(self.ignored), self.edges)

    def resized(self, size: tuple[int, int]) -> np.ndarray:
        """Return the masks of a case.

        A new pixel has the class that covers most of its area: of two with the same area the one that is named first,
        and background or ignored only if they cover more than each class. Classes that may overlap are each there where
        they cover at least half. Nothing is interpolated between the numbers of classes.

        Parameters
        ----------
        size : (int, int)
            Height and width.

        Returns
        -------
        numpy.ndarray of float32, shape (h, w, K)
            0 and 1; -1 in all K where a pixel is ignored.

        Examples
        --------
        >>> index = np.array([[1, 1, 0, 0], [0, 0, 2, 2], [2, -1, 0, 0], [-1, -1, 0, 0]], np.int16)
        >>> labels = Labels(("a", "b"), index, index == -1)
        >>> labels.resized((2, 2))[..., 0].tolist(), labels.resized((2, 2))[..., 1].tolist()
        ([[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [-1.0, 0.0]])
        """
        count = len(self.names)
        masks = np.zeros((*size, count), np.float32)
        if self.index.ndim == 3:
            for number in range(count):
                masks[..., number] = resize_mask(self.mask(number), size)
            masks[resize_mask(self.ignored, size)] = -1
            return masks
        most, best = np.full(size, -1.0, np.float32), np.zeros(size, np.int16)
        for value in (*range(1, count + 1), 0, -1):
            area = resample(self.index == value, size, Image.Resampling.BOX)
            larger = area > most + 1e-6
            most[larger], best[larger] = area[larger], value
        for number in range(count):
            masks[..., number] = best == number + 1
        masks[best == -1] = -1
        return masks


def read_labels(
    files: Sequence[Path],
    parts: Sequence[str],
    table: ClassTable,
    shape: tuple[int, int],
    image: Path,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> Labels:
    """Read the masks of an image.

    Parameters
    ----------
    files : sequence of Path
    parts : sequence of str
        The class that each file is of; empty, if it holds all of them.
    table : ClassTable
    shape : (int, int)
        Height and width of the image, which the masks must have.
    image : Path
        Which a message names.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    Labels

    Raises
    ------
    InputError
        If a file cannot be read or is of another size, if it holds values that nobody has named, or if classes overlap
        and may not.
    """
    ignored = np.zeros(shape, bool)
    stacked = np.zeros((*shape, len(table.names) if table.overlapping else 0), bool)
    index = np.zeros(shape, np.int16)
    edges: set[str] = set()
    for path, part in zip(files, parts, strict=True):
        names = (part,) if part else table.names
        mask = open_mask(path, max_megapixels, table.said_of(names), (*table.background, *table.ignored))
        if len(names) == 1 and not table.background and not table.ignored:
            mask = without_edges(mask, table.values.get(names[0], ()))
        edges |= {mask.edges} - {""}
        if mask.places.shape != tuple(shape):
            turned = "It lies on its side: of images, the orientation that a camera notes is applied. "
            raise InputError(
                f"{path}: expected {shape[0]} x {shape[1]} pixels (rows x columns) like {image}. Received: "
                f"{mask.places.shape[0]} x {mask.places.shape[1]}. "
                f"{turned * (mask.places.shape[::-1] == tuple(shape))}Use the mask drawn on this very image."
            )
        told = meanings(mask, path, {name: table.values.get(name, ()) for name in names}, table)
        ignored |= told["ignore"][mask.places]
        if table.overlapping:
            for name in names:
                stacked[..., table.names.index(name)] |= told[name][mask.places]
            continue
        number = np.zeros(len(mask.known), np.int16)  # of the class that each value means
        for name in names:
            _check_apart(files, table.names, number[told[name]], mask.counts[told[name]], name)
            number[told[name]] = table.names.index(name) + 1
        found = number[mask.places]
        if part:
            before = index[found > 0]
            _check_not_negatives(files, table.names, index, found > 0, part)
            _check_apart(files, table.names, before, np.ones(len(before), int), part)
        np.copyto(index, found, where=found > 0)
    index[ignored] = -1
    return Labels(table.names, stacked if table.overlapping else index, ignored, tuple(sorted(edges)))


def _check_not_negatives(
    files: Sequence[Path], names: Sequence[str], index: np.ndarray, mask: np.ndarray, name: str
) -> None:
    """Refuse the mask of a class that shares pixels with another one, if both are around something."""
    other = int(index[mask].max(initial=0))
    if other and is_around(mask) and is_around(index == other):
        raise InputError(
            f"{', '.join(map(str, files))}: expected masks of {names[other - 1]} and {name} that are apart. Received: "
            "two that touch all four corners of the image, negatives perhaps, as a TIFF is that says that 0 is "
            "white (WhiteIsZero) and does not mean it. Save 0 where the class is not, mask.astype(np.uint8) * 255."
        )


def _check_apart(
    files: Sequence[Path], names: Sequence[str], before: np.ndarray, counts: np.ndarray, name: str
) -> None:
    """Refuse pixels that are of a class already, by its number in `before`, and of another one."""
    if before.any():
        twice = int(counts[before > 0].sum())
        raise InputError(
            f"{', '.join(map(str, files))}: {ONE_CLASS}. Received: "
            f"{counted(twice, 'pixel')} that are {names[int(before.max()) - 1]} and {name}. Draw them apart, or say "
            "that classes overlap (--overlapping; in Python overlapping=True)."
        )

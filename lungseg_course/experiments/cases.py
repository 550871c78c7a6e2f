"""The cases of an experiment: which of them train, which of them score, and how large the network sees them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lungseg.cases import load_case, mark_cases
from lungseg.errors import InputError, counted
from lungseg.preparation.resizing import resize_image, resize_mask
from lungseg.splits import split_cases
from lungseg_course.engine.lines import say
from lungseg_course.experiments.settings import USUAL_CASES, Settings


class Arrays(NamedTuple):
    """What a training sees: images and masks (N, size, size, 1), and the images that are scored."""

    images: np.ndarray
    masks: np.ndarray
    validation: np.ndarray
    truth: list[np.ndarray]  # the masks of the validation cases, as large as they are in their files


class Cases:
    """The training and validation cases of all variants. The test cases are left alone.

    Parameters
    ----------
    cases : sequence of paths
        As `lungseg.cases.list_cases` gives them.

    Attributes
    ----------
    train, validation : list of Path
        Those for training in a mixed order, so that its first ones are a fair choice.
    mark : str
        A text that differs if a name or a pixel of them does.
    """

    def __init__(self, cases: Sequence[str | Path]):
        split = split_cases(cases, seed=0)
        order = np.random.default_rng(0).permutation(len(split.train))
        self.train = [split.train[place] for place in order]
        self.validation = list(split.validation)
        self.mark = mark_cases([*self.train, *self.validation])
        self._kept: dict[tuple[int, int], Arrays] = {}
        self._told = False

    def count(self, settings: Settings) -> int:
        """Return how many cases train a variant.

        Raises
        ------
        InputError
            If there are not as many.
        """
        wanted = settings.training_cases
        if wanted is None:
            return min(USUAL_CASES, len(self.train))
        if wanted > len(self.train):
            raise InputError(
                f"training_cases: expected at most {len(self.train)}, the training part of these cases. "
                f"Received: {wanted}. (The other cases score the networks, or wait for the test.)"
            )
        return wanted

    def within_reach(self, settings: Settings, variant: str) -> Settings:
        """Return the settings with no more cases and no larger images than there are, and say what was changed.

        With LUNGSEG_FAST=1 the cases are fewer and smaller than those that a variant was planned for.
        """
        cases, size = settings.training_cases, min(settings.size, self._smallest())
        depth = min(settings.depth, size.bit_length() - 1)  # 2**depth divides the size
        fitting = replace(
            settings,
            training_cases=cases and min(cases, len(self.train)),
            size=size - size % 2**depth,
            depth=depth,
        )
        for name in ("training_cases", "size", "depth"):
            wanted, there = getattr(settings, name), getattr(fitting, name)
            if there != wanted:
                say(f"LUNGSEG_FAST=1: {variant} has {name} {there} here, in place of {wanted}.")
        return fitting

    def _smallest(self) -> int:
        return min(min(load_case(path).shape[:2]) for path in (*self.train, *self.validation))

    def arrays(self, settings: Settings) -> Arrays:
        """Read the cases at the size of a variant.

        Raises
        ------
        InputError
            If the cases are smaller than that.
        """
        count = self.count(settings)
        if (count, settings.size) not in self._kept:
            self._kept = {(count, settings.size): self._read(count, settings.size)}  # the last one only
        return self._kept[count, settings.size]

    def _read(self, count: int, size: int) -> Arrays:
        train, validation = ([load_case(path) for path in part] for part in (self.train[:count], self.validation))
        sizes = {case.shape[:2] for case in (*train, *validation)}
        smallest = min(map(min, sizes))
        if size > smallest:
            raise InputError(
                f"size: expected at most {smallest}, as the cases have {counted(smallest, 'pixel')}. Received: {size}."
            )
        self._tell_that_they_are_resized(sizes, size)
        images, scored = (_stacked([resize_image(case[..., 0], size) for case in part]) for part in (train, validation))
        masks = _stacked([resize_mask(case[..., 1], size) for case in train])
        return Arrays(images, masks, scored, [case[..., 1] == 1 for case in validation])

    def _tell_that_they_are_resized(self, sizes: set, size: int) -> None:
        """Say it, once, unless all are squares of one size, from which the smaller ones follow."""
        of_one_size = len(sizes) == 1 and len(set(*sizes)) == 1
        if self._told or of_one_size:
            return
        self._told = True
        first, last = (f"{height} × {width}" for height, width in (min(sizes), max(sizes)))
        have = f"have {len(sizes)} sizes, from {first} to {last} pixels" if len(sizes) > 1 else f"have {first} pixels"
        say(f"The cases {have}. The networks see each of them as a square, of {size} × {size} here: stretched, maybe.")


def _stacked(images: list[np.ndarray]) -> np.ndarray:
    return np.stack(images).astype("float32")[..., None]  # (N, H, W, 1)

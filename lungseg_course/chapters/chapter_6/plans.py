"""Notebook 6, exercise 6.2: what a student's plan of an experiment holds."""

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from lungseg.errors import InputError
from lungseg.splits import split_cases
from lungseg_course.experiments.settings import NAMES, Settings, settings_of

FEWEST_CASES = 10
PHANTOMS, SIZE = 300, 128  # of the notebook


class Plan:
    """What `my_experiment` returned, taken apart as far as that can be done.

    Attributes
    ----------
    result : object
        As it was returned.
    variants, seeds : object
        Its two parts; None where it has not two.
    settings : dict
        Variant → its settings; only of those that are possible.
    refused : dict
        Variant → why its settings are not possible.
    most_cases : int
        How many cases there are to learn from.
    largest : int
        The side of the largest images that can be made of the cases, in pixels.
    changes : bool
        Whether a second call has led to another plan.
    """

    def __init__(self, result: Any, most_cases: int = 0, largest: int = 0):
        self.result, self.most_cases, self.largest = result, most_cases, largest
        self.changes = False
        is_pair = isinstance(result, (tuple, list)) and len(result) == 2
        self.variants: Any = result[0] if is_pair else None
        self.seeds: Any = result[1] if is_pair else None
        self.settings: dict[Any, Settings] = {}
        self.refused: dict[Any, str] = {}
        for name, given in self.variants.items() if isinstance(self.variants, Mapping) else ():
            try:
                self.settings[name] = settings_of(given)
            except InputError as error:
                self.refused[name] = str(error)

    @property
    def unknown(self) -> list[str]:
        """The names of settings that there are not."""
        maps = [given for given in (self.variants or {}).values() if isinstance(given, Mapping)]
        return [name for given in maps for name in given if name not in NAMES]

    @property
    def fewest_cases(self) -> int:
        """Of the variants, the smallest number of cases to learn from, where one is given."""
        return min(self._numbers_of_cases(), default=FEWEST_CASES)

    @property
    def too_many_cases(self) -> int:
        """The largest of these numbers, if there are not as many cases; else 0."""
        most = max(self._numbers_of_cases(), default=0)
        return most if most > self.most_cases else 0

    @property
    def too_large(self) -> int:
        """The largest size of the images, if the cases are smaller; else 0."""
        size = max((settings.size for settings in self.settings.values()), default=0)
        return size if size > self.largest else 0

    def _numbers_of_cases(self) -> list[int]:
        given = [settings.training_cases for settings in self.settings.values()]
        return [number for number in given if number is not None]

    def is_like(self, other: "Plan") -> bool:
        """Whether another call has led to the same plan; a function that builds is made anew by each."""
        one, two = (
            ({name: replace(settings, build=None) for name, settings in plan.settings.items()}, repr(plan.seeds))
            for plan in (self, other)
        )
        return one == two

    @property
    def twins(self) -> tuple | None:
        """Two variants that are the same training."""
        names = list(self.settings)
        pairs = ((one, other) for place, one in enumerate(names) for other in names[:place])
        same = (pair for pair in pairs if self.settings[pair[0]].effective() == self.settings[pair[1]].effective())
        return next(same, None)

    @property
    def varied(self) -> list[str]:
        """The settings in which variants differ, of those that matter."""
        chosen = [settings.effective() for settings in self.settings.values()]

        def differs(name: str) -> bool:
            values = [each[name] for each in chosen if name in each]
            return any(value != values[0] for value in values)

        return [field.name for field in fields(Settings) if differs(field.name)]

    @property
    def effort(self) -> float:
        """How many usual trainings would take as long."""
        return sum(settings.effort for settings in self.settings.values()) * self.seeds


def limits(notebook: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many cases there are to learn from, and the side of the smallest that train or score, in pixels.

    They are the course's phantoms, or the notebook's own cases. With LUNGSEG_FAST=1, as in grading, a notebook has
    fewer and smaller ones than the plan was made for.
    """
    usual = len(split_cases([str(number) for number in range(PHANTOMS)]).train), SIZE
    try:
        split = split_cases(notebook["cases"], seed=0)
        sides = [np.load(path, mmap_mode="r").shape[:2] for path in (*split.train, *split.validation)]
        own = len(split.train), min(map(min, sides))
    except (KeyError, TypeError, ValueError, OSError):  # this is no notebook, or they were given another meaning
        return usual
    if os.environ.get("LUNGSEG_FAST") == "1":
        return max(own[0], usual[0]), max(own[1], usual[1])
    return own

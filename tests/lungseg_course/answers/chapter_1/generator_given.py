"""Exercise 1.3: the class as the notebook gives it, with the solution in its gaps."""

import math

import keras
import numpy as np

from answers.chapter_1.read_batch import read_batch
from lungseg_course import todo


class Given(keras.utils.Sequence):
    """What the notebook gives, with the solution in its gaps. A mistake replaces one of the methods."""

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.cases = list(cases)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.epoch = 0
        self.shuffle_cases()

    def shuffle_cases(self):
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)

    def __len__(self):
        return math.ceil(len(self.cases) / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        places = self.order[start : start + self.batch_size]
        return read_batch([self.cases[place] for place in places])

    def on_epoch_end(self):
        self.epoch += 1
        self.shuffle_cases()


def given_with(method, name=""):
    """Return the class of the notebook with a student's method in place of its own."""
    return type("DataGenerator", (Given,), {name or method.__name__: method})


def counting(count):
    """Return the class of a student with this `__len__`."""
    return given_with(count, "__len__")


def getting(batch):
    """Return the class of a student with this `__getitem__`."""
    return given_with(batch, "__getitem__")


def reading(places):
    """Return the class of a student who reads the cases at `places(self, index)`."""

    def __getitem__(self, index):
        return read_batch([self.cases[place] for place in places(self, index)])

    return given_with(__getitem__)


def returning(make):
    """Return the class of a student who cuts out the right paths, and returns `make(paths)`."""

    def __getitem__(self, index):
        places = self.order[index * self.batch_size :][: self.batch_size]
        return make([self.cases[place] for place in places])

    return given_with(__getitem__)


def blank(self, *arguments):
    # Exercise 1.3
    todo()


def given_with_blanks(*names):
    """Return the class of the notebook with these methods not yet written."""
    return type("DataGenerator", (Given,), dict.fromkeys(names, blank))

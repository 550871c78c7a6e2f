"""Exercise 1.3, answers that keep batches, share their state, or lose the settings of Keras."""

import functools
import random

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import Given, given_with

answers = Answers("1.3")


@answers.wrong("batches of the epoch before are kept", 2 / 3)
class KeptByIndex(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.batches = {}

    def __getitem__(self, index):
        if index not in self.batches:
            self.batches[index] = super().__getitem__(index)
        return self.batches[index]


@answers.wrong("batches of the epoch before are kept")
class KeptByPython(Given):
    @functools.lru_cache  # noqa: B019
    def __getitem__(self, index):
        return super().__getitem__(index)


@answers.wrong("batches of another generator")
class KeptInTheClass(KeptByIndex):
    kept = {}  # noqa: RUF012

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.batches = self.kept


@answers.wrong("the epoch does not advance")
class KeptAndNotAdvanced(KeptByIndex):
    def on_epoch_end(self):
        self.shuffle_cases()


@answers.wrong("the settings of Keras are lost", 5 / 6)
class SettingsNotPassedOn(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed)


@answers.wrong("the settings of Keras are lost")
@given_with
def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
    self.cases = list(cases)
    self.batch_size = batch_size
    self.shuffle = shuffle
    self.seed = seed
    self.epoch = 0
    self.shuffle_cases()


@answers.wrong("two generators share their state")
class InTheClass(Given):
    state = {"epoch": 0}  # noqa: RUF012

    def shuffle_cases(self):
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.state["epoch"]]).shuffle(self.order)

    def on_epoch_end(self):
        self.state["epoch"] += 1
        self.shuffle_cases()


@answers.wrong("two generators share their state")
class InTheList(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.cases = cases  # not a list of its own

    def on_epoch_end(self):
        self.epoch += 1
        if self.shuffle:
            random.Random(self.seed + self.epoch).shuffle(self.cases)

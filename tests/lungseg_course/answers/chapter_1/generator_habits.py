"""Exercise 1.3, answers as they are found on the web, and with numbers in place of settings."""

import math

import keras
import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import counting, getting, given_with, reading
from answers.chapter_1.read_batch import read_batch

answers = Answers("1.3")


class AsOnTheWeb(keras.utils.Sequence):
    """The generator of the tutorials of 2018, with names of its own, and the last batch."""

    def __init__(self, list_IDs, batch_size=8, shuffle=True, seed=0, **settings):
        super().__init__(**settings)
        self.list_IDs, self.batch_size, self.shuffle = list_IDs, batch_size, shuffle
        self.dice = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return int(np.ceil(len(self.list_IDs) / self.batch_size))

    def __getitem__(self, index):
        indexes = self.indexes[index * self.batch_size : (index + 1) * self.batch_size]
        return self.__data_generation([self.list_IDs[k] for k in indexes])

    def on_epoch_end(self):
        self.indexes = np.arange(len(self.list_IDs))
        if self.shuffle:
            self.dice.shuffle(self.indexes)

    def __data_generation(self, list_IDs_temp):
        return read_batch(list_IDs_temp)


answers.right(AsOnTheWeb)
answers.right(counting(lambda self: len(range(0, len(self.cases), self.batch_size))))


@answers.wrong("rounded down", 5 / 6)
class WithoutTheLastBatch(AsOnTheWeb):
    def __len__(self):
        return int(np.floor(len(self.list_IDs) / self.batch_size))


@answers.right
@given_with
def on_epoch_end(self):
    self.epoch += 1
    if self.shuffle:
        self.order = np.random.default_rng(self.seed + self.epoch).permutation(len(self.cases))


answers.wrong("`self.batch_size` is not used", 5 / 6)(counting(lambda self: math.ceil(len(self.cases) / 8)))
answers.wrong("`self.batch_size` is not used")(counting(lambda self: 38))
answers.wrong("`self.cases` is not used", 5 / 6)(counting(lambda self: math.ceil(300 / self.batch_size)))
answers.wrong("a list has no shape", 5 / 6)(counting(lambda self: self.cases.shape[0] // self.batch_size))
answers.wrong("a fixed size of the batches")(reading(lambda self, index: self.order[index * 8 : (index + 1) * 8]))


@answers.wrong("sorted within each batch")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(sorted(self.cases[place] for place in self.order[start : start + self.batch_size]))


@answers.wrong("the same index gives another batch")
@getting
def _(self, index):  # the cases of a batch are taken off the list
    places, self.order = self.order[: self.batch_size], self.order[self.batch_size :]
    return read_batch([self.cases[place] for place in places])


@answers.wrong("batches within a batch", 1 / 2)
@getting
def _(self, index):
    start = index * self.batch_size
    pairs = [read_batch([self.cases[place]]) for place in self.order[start : start + self.batch_size]]
    return [np.stack(arrays) for arrays in zip(*pairs, strict=True)]


@answers.wrong("the seed is not used", 5 / 6)
@given_with
def on_epoch_end(self):  # noqa: F811
    self.epoch += 1
    if self.shuffle:
        self.order = np.random.default_rng(self.epoch).permutation(len(self.cases))


@answers.wrong("arguments of a callback")
@given_with
def on_epoch_end(self, epoch, logs):  # noqa: F811
    self.epoch = epoch + 1
    self.shuffle_cases()


@answers.wrong("`self` is passed twice")
@given_with
def on_epoch_end(self):  # noqa: F811
    self.epoch += 1
    self.shuffle_cases(self)

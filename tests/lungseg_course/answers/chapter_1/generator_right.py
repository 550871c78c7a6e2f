"""Exercise 1.3, the class DataGenerator: right answers."""

import random

import keras
import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import Given, given_with_blanks
from answers.chapter_1.generator_state import KeptByIndex
from answers.chapter_1.read_batch import read_batch
from lungseg.cases import load_case

answers = Answers("1.3")
answers.blank = [given_with_blanks("__len__", "__getitem__", "on_epoch_end")]


answers.right(Given)


@answers.right
class OwnShuffling(keras.utils.PyDataset):
    """Other names, a generator of random numbers that goes on, and the paths themselves in order."""

    def __init__(self, paths, batch_size=8, shuffle=True, seed=0, **settings):
        super().__init__(**settings)
        self.paths, self.size, self.mix = list(paths), batch_size, shuffle
        self.dice = random.Random(seed)
        self.on_epoch_end()

    def __len__(self):
        full, left = divmod(len(self.paths), self.size)
        return full + (left > 0)

    def __getitem__(self, number):
        return read_batch(self.paths[number * self.size : (number + 1) * self.size])

    def on_epoch_end(self):
        if self.mix:
            self.dice.shuffle(self.paths)


@answers.right
class CutBeforehand(Given):
    """The batches of an epoch are cut when it begins, and given as lists of two arrays of float64."""

    def shuffle_cases(self):
        super().shuffle_cases()
        self.batches = np.array_split(self.order, range(self.batch_size, len(self.cases), self.batch_size))

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        batch = np.array([np.load(self.cases[place]) for place in self.batches[index]])
        return [batch[..., :1], batch[..., 1:]]

    def on_epoch_end(self):
        self.epoch = self.epoch + 1
        return self.shuffle_cases()


@answers.right
class KeptForAnEpoch(KeptByIndex):
    def on_epoch_end(self):
        super().on_epoch_end()
        self.batches.clear()


@answers.right
class Filled(Given):
    """Arrays of the size of the batch, filled row by row; masks of bool."""

    def __getitem__(self, index):
        places = list(self.order)[self.batch_size * index :][: self.batch_size]
        height, width, _ = load_case(self.cases[0]).shape
        images, masks = np.empty((len(places), height, width, 1)), np.empty((len(places), height, width, 1), dtype=bool)
        for row, place in enumerate(places):
            images[row, ..., 0], masks[row, ..., 0] = np.moveaxis(load_case(self.cases[place]), -1, 0)
        return images, masks


@answers.right
class Tensors(Given):
    """Tensors in place of arrays, and an order that is computed when it is asked for."""

    def __getitem__(self, index):
        order = np.arange(len(self.cases))
        if self.shuffle:
            order = np.random.default_rng(self.seed * 1000 + self.epoch).permutation(order)
        batch = keras.ops.stack(
            [
                load_case(self.cases[p])
                for p in np.split(order, range(self.batch_size, len(order), self.batch_size))[index]
            ]
        )
        return batch[..., :1], batch[..., 1:]

    def on_epoch_end(self):
        self.epoch += 1

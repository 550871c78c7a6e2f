"""Exercise 1.3, answers whose `__getitem__` shuffles, or gives another batch each time."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import random

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import given_with, reading
from answers.chapter_1.read_batch import read_batch

answers = Answers("1.3")


@answers.wrong("the same index gives another batch", 1 / 3)
@reading
def _(self, index):
    np.random.shuffle(self.order)  # noqa: NPY002
    return self.order[index * self.batch_size :][: self.batch_size]


@answers.wrong("the same index gives another batch", 1 / 2)
@reading
def _(self, index):
    if self.shuffle:
        self.order = np.random.permutation(len(self.cases))  # noqa: NPY002
    return self.order[index * self.batch_size :][: self.batch_size]


@answers.wrong("the same index gives another batch")
@reading
def _(self, index):
    start = getattr(self, "next", 0)  # takes the next batch, whatever the index
    self.next = (start + self.batch_size) % (len(self.cases) + 2)
    return self.order[start : start + self.batch_size]


@answers.wrong("images and masks are shuffled apart")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    images, masks = read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])
    if self.shuffle:
        images = images[np.random.default_rng(1).permutation(len(images))]
        masks = masks[np.random.default_rng(2).permutation(len(masks))]
    return images, masks


@answers.wrong("images and masks are shuffled apart")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    images, masks = read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])
    return images[np.random.default_rng(self.epoch).permutation(len(images))], masks


@answers.wrong("images and masks are shuffled apart")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    images, masks = read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])
    return images[::-1], masks


@answers.wrong("images and masks are shuffled apart", 5 / 6)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    stop = start + self.batch_size
    images, _ = read_batch([self.cases[place] for place in self.order[start:stop]])
    _, masks = read_batch(self.cases[start:stop])
    return images, masks


@answers.wrong("the same index gives another batch")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    paths = self.cases[start : start + self.batch_size]
    if self.shuffle:
        random.shuffle(paths)
    return read_batch(paths)


@answers.wrong("shuffled within the batches only")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    paths = self.cases[start : start + self.batch_size]
    if self.shuffle:
        random.Random(self.seed + self.epoch).shuffle(paths)
    return read_batch(paths)


@answers.wrong("not each case once")
@reading
def _(self, index):
    if not self.shuffle:
        return self.order[index * self.batch_size :][: self.batch_size]
    return np.random.default_rng([self.seed, self.epoch, index]).choice(len(self.cases), size=self.batch_size)


@answers.wrong("shuffled, though shuffle=False")
@reading
def _(self, index):
    order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.cases))
    return order[index * self.batch_size :][: self.batch_size]

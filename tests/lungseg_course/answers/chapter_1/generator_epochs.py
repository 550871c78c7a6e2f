"""Exercise 1.3, answers that end an epoch wrongly: `on_epoch_end`."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import Given, given_with

answers = Answers("1.3")


answers.wrong("the order stays the same", 2 / 3)(given_with(lambda self: None, "on_epoch_end"))
answers.wrong("the epoch does not advance", 2 / 3)(given_with(lambda self: self.shuffle_cases(), "on_epoch_end"))


@answers.wrong("the epoch advances only once")
@given_with
def on_epoch_end(self):
    self.epoch = +1
    self.shuffle_cases()


@answers.wrong("the seed goes on in place of the epoch", 5 / 6)
@given_with
def on_epoch_end(self):
    self.seed += 1
    self.shuffle_cases()


@answers.wrong("not reshuffled", 2 / 3)
@given_with
def on_epoch_end(self):
    self.epoch += 1


@answers.wrong("reshuffled before the epoch advances")
@given_with
def on_epoch_end(self):
    self.shuffle_cases()
    self.epoch += 1


@answers.wrong("the order stays the same")
class ShuffledOnce(Given):
    def shuffle_cases(self):
        self.order = np.random.permutation(len(self.cases)) if self.shuffle else np.arange(len(self.cases))  # noqa: NPY002

    def on_epoch_end(self):
        pass


@answers.wrong("shuffled, though shuffle=False", 5 / 6)
@given_with
def on_epoch_end(self):
    self.epoch += 1
    np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)


@answers.wrong("the seed does not fix the order", 5 / 6)
@given_with
def on_epoch_end(self):
    self.epoch += 1
    if self.shuffle:
        np.random.shuffle(self.order)  # noqa: NPY002


@answers.wrong("not each case once")
@given_with
def on_epoch_end(self):
    self.epoch += 1
    self.order = np.random.default_rng([self.seed, self.epoch]).integers(len(self.cases), size=len(self.cases))


@answers.wrong("not reshuffled")
@given_with
def on_epoch_end(self):
    self.epoch += 1
    self.order = sorted(self.order)


@answers.wrong("something is None")
@given_with
def on_epoch_end(self):
    self.epoch += 1
    self.order = self.shuffle_cases()


@answers.wrong("`self` is missing")
@given_with
def on_epoch_end(self):
    epoch += 1  # noqa: F821, F841
    self.shuffle_cases()


@answers.wrong("arguments of a callback")
@given_with
def on_epoch_end(self, epoch):
    self.epoch = epoch + 1
    self.shuffle_cases()

"""Exercise 1.3, answers that count the batches wrongly: `__len__`."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import math

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import given_with

answers = Answers("1.3")


@answers.wrong("rounded down", 5 / 6)
@given_with
def __len__(self):
    return len(self.cases) // self.batch_size


@answers.wrong("rounded down")
@given_with
def __len__(self):
    return int(len(self.cases) / self.batch_size)


@answers.wrong("rounded down")
@given_with
def __len__(self):
    return math.ceil(len(self.cases) // self.batch_size)


@answers.wrong("rounded to the nearest")
@given_with
def __len__(self):
    return round(len(self.cases) / self.batch_size)


@answers.wrong("one batch too many")
@given_with
def __len__(self):
    return len(self.cases) // self.batch_size + 1


@answers.wrong("rounded to the even neighbour", 5 / 6)
@given_with
def __len__(self):
    return round(len(self.cases) / self.batch_size + 0.5)


@answers.wrong("one batch too many")
@given_with
def __len__(self):
    return round(len(self.cases) / self.batch_size - 0.5) + 1


@answers.wrong("cases in place of batches", 5 / 6)
@given_with
def __len__(self):
    return len(self.cases)


@answers.wrong("the size of a batch")
@given_with
def __len__(self):
    return self.batch_size


@answers.wrong("not rounded")
@given_with
def __len__(self):
    return len(self.cases) / self.batch_size


@answers.wrong("a whole number, but a float")
@given_with
def __len__(self):
    return np.ceil(len(self.cases) / self.batch_size)


@answers.wrong("nothing is returned")
@given_with
def __len__(self):
    math.ceil(len(self.cases) / self.batch_size)


@answers.wrong("`self` is missing")
@given_with
def __len__(self):
    return math.ceil(len(self.cases) / batch_size)  # noqa: F821


cases, BATCH_SIZE = ["of the notebook.npy"] * 48, 8


@answers.wrong("`cases` of the notebook in place of `self.cases`", 5 / 6)
@given_with
def __len__(self):
    return math.ceil(len(cases) / self.batch_size)


@answers.wrong("`BATCH_SIZE` of the notebook in place of `self.batch_size`")
@given_with
def __len__(self):
    return math.ceil(len(self.cases) / BATCH_SIZE)


@answers.wrong("an attribute does not exist")
@given_with
def __len__(self):
    return math.ceil(len(self.cases) / self.batchsize)


@answers.wrong("rounded down")  # by value it cannot be told from that
@given_with
def __len__(self):
    return math.ceil(len(self.cases) / self.batch_size) - 1


@answers.wrong("not a whole number")
@given_with
def __len__(self):
    return str(math.ceil(len(self.cases) / self.batch_size))


@answers.wrong("a list in place of its length")
@given_with
def __len__(self):
    return math.ceil(self.cases / self.batch_size)


@answers.wrong("another number")
@given_with
def __len__(self):
    return math.floor(self.batch_size / len(self.cases))

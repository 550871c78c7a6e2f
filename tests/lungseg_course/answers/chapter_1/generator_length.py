"""Exercise 1.3, answers that count the batches wrongly: `__len__`."""

import math

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import counting, given_with

answers = Answers("1.3")

answers.wrong("rounded down", 5 / 6)(counting(lambda self: len(self.cases) // self.batch_size))
answers.wrong("rounded down")(counting(lambda self: math.ceil(len(self.cases) / self.batch_size) - 1))  # by value
answers.wrong("rounded to the nearest")(counting(lambda self: round(len(self.cases) / self.batch_size)))
answers.wrong("one batch too many")(counting(lambda self: len(self.cases) // self.batch_size + 1))
answers.wrong("one batch too many")(counting(lambda self: round(len(self.cases) / self.batch_size - 0.5) + 1))
answers.wrong("rounded to the even neighbour", 5 / 6)(
    counting(lambda self: round(len(self.cases) / self.batch_size + 0.5))
)
answers.wrong("cases in place of batches", 5 / 6)(counting(lambda self: len(self.cases)))
answers.wrong("the size of a batch")(counting(lambda self: self.batch_size))
answers.wrong("not rounded")(counting(lambda self: len(self.cases) / self.batch_size))
answers.wrong("a whole number, but a float")(counting(lambda self: np.ceil(len(self.cases) / self.batch_size)))
answers.wrong("`self` is missing")(counting(lambda self: math.ceil(len(self.cases) / batch_size)))  # noqa: F821
answers.wrong("an attribute does not exist")(counting(lambda self: math.ceil(len(self.cases) / self.batchsize)))
answers.wrong("not a whole number")(counting(lambda self: str(math.ceil(len(self.cases) / self.batch_size))))
answers.wrong("a list in place of its length")(counting(lambda self: math.ceil(self.cases / self.batch_size)))
answers.wrong("another number")(counting(lambda self: math.floor(self.batch_size / len(self.cases))))


@answers.wrong("nothing is returned")
@given_with
def __len__(self):
    math.ceil(len(self.cases) / self.batch_size)


cases, BATCH_SIZE = ["of the notebook.npy"] * 48, 8

answers.wrong("`self` is missing")(counting(lambda self: math.ceil(len(cases) / batch_size)))  # noqa: F821

answers.wrong("`cases` of the notebook in place of `self.cases`", 5 / 6)(
    counting(lambda self: math.ceil(len(cases) / self.batch_size))
)
answers.wrong("`BATCH_SIZE` of the notebook in place of `self.batch_size`")(
    counting(lambda self: math.ceil(len(self.cases) / BATCH_SIZE))
)

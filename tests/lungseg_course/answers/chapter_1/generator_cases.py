"""Exercise 1.3, answers whose `__getitem__` takes other cases than those of the batch."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import Given, getting, given_with, reading
from answers.chapter_1.read_batch import read_batch
from lungseg.cases import load_case

answers = Answers("1.3")


cases, BATCH_SIZE = ["of the notebook.npy"] * 48, 8


answers.wrong("one case too few in a batch")(
    reading(lambda self, index: self.order[index * self.batch_size :][: self.batch_size - 1])
)
answers.wrong("one case too many in a batch")(
    reading(lambda self, index: self.order[index * self.batch_size :][: self.batch_size + 1])
)
answers.wrong("starts one place late")(
    reading(lambda self, index: self.order[index * self.batch_size + 1 :][: self.batch_size])
)
answers.wrong("batches counted from 1")(
    reading(lambda self, index: self.order[(index + 1) * self.batch_size :][: self.batch_size])
)
answers.wrong("each batch starts one case after the other")(
    reading(lambda self, index: self.order[index : index + self.batch_size])
)
answers.wrong("batches counted from the end")(
    reading(lambda self, index: self.order[(len(self) - 1 - index) * self.batch_size :][: self.batch_size])
)
answers.wrong("batches counted from the end")(
    reading(lambda self, index: self.order[::-1][index * self.batch_size :][: self.batch_size])
)
answers.wrong("batches counted from the end")(
    reading(
        lambda self, index: self.order[
            max(len(self.order) - (index + 1) * self.batch_size, 0) : len(self.order) - index * self.batch_size
        ]
    )
)
answers.wrong("the batch is empty")(  # right for index 0 only
    reading(lambda self, index: self.order[index * self.batch_size : self.batch_size])
)
answers.wrong("the last case is lost", 2 / 3)(
    reading(
        lambda self, index: self.order[
            index * self.batch_size : min((index + 1) * self.batch_size, len(self.cases) - 1)
        ]
    )
)
answers.wrong("the last case is lost")(
    reading(lambda self, index: self.order[:-1][index * self.batch_size :][: self.batch_size])
)
answers.wrong("a gap between the batches")(
    reading(lambda self, index: self.order[index * len(self) :][: self.batch_size])
)
answers.wrong("every fourth case", 5 / 6)(reading(lambda self, index: self.order[index :: len(self)]))
answers.wrong("other cases in the batches")(
    reading(lambda self, index: self.order[index * self.batch_size :][: self.batch_size : 2])
)
answers.wrong("`self.order` is not used", 5 / 6)(
    getting(lambda self, index: read_batch(self.cases[index * self.batch_size :][: self.batch_size]))
)
answers.wrong("`BATCH_SIZE` of the notebook in place of `self.batch_size`", 1 / 2)(
    getting(lambda self, index: read_batch([self.cases[k] for k in self.order[index * BATCH_SIZE :][:BATCH_SIZE]]))
)
answers.wrong("`cases` of the notebook in place of `self.cases`", 1 / 2)(
    getting(
        lambda self, index: read_batch([cases[k] for k in self.order[index * self.batch_size :][: self.batch_size]])
    )
)
answers.wrong("other cases than those that were asked for")(
    getting(lambda self, index: (np.zeros((self.batch_size, 64, 64, 1)), np.zeros((self.batch_size, 64, 64, 1))))
)
answers.wrong("the cases are sorted")(
    reading(lambda self, index: np.argsort(self.cases)[self.order][index * self.batch_size :][: self.batch_size])
)
answers.wrong("always the same batch")(reading(lambda self, index: self.order[: self.batch_size]))
answers.wrong("all the cases in one batch")(reading(lambda self, index: self.order))
answers.wrong("the last batch is smaller")(
    reading(lambda self, index: [self.order[index * self.batch_size + i] for i in range(self.batch_size)])
)
answers.wrong("the last batch is filled up with other cases")(
    reading(lambda self, index: [self.order[(3 * index + i) % len(self.cases)] for i in range(self.batch_size)])
)
answers.wrong("batches of other sizes", 5 / 6)(
    reading(lambda self, index: np.array_split(self.order, len(self))[index])
)


@answers.wrong("the last batch is filled up with leftovers", 2 / 3)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.empty((self.batch_size, *load_case(self.cases[0]).shape), dtype="float32")
    batch[:] = 0.5  # what stands in memory by chance
    for row, place in enumerate(self.order[start : start + self.batch_size]):
        batch[row] = load_case(self.cases[place])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("it reads cases that are not in this batch", 5 / 6)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size]
    images, masks = read_batch(self.cases)
    return images[places], masks[places]


@answers.wrong("it reads cases that are not in this batch")
class ReadBeforehand(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.arrays = [np.load(path) for path in self.cases]

    def __getitem__(self, index):
        places = self.order[index * self.batch_size :][: self.batch_size]
        batch = np.stack([self.arrays[place] for place in places])
        return batch[..., :1], batch[..., 1:]


# What is given to `read_batch`, which reads with `load_case`.
answers.wrong("an index in place of a path", 1 / 2)(
    getting(lambda self, index: read_batch(self.order[index * self.batch_size :][: self.batch_size]))
)
answers.wrong("a single path where a list belongs")(getting(lambda self, index: read_batch(self.cases[index])))
answers.wrong("a single path where a list belongs")(getting(lambda self, index: read_batch(str(self.cases[index]))))
answers.wrong("a single index where a list belongs")(getting(lambda self, index: read_batch(self.order[index])))

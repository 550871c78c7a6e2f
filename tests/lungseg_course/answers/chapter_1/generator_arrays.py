"""Exercise 1.3, answers whose `__getitem__` returns something else than a batch of images and one of masks."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import Given, given_with
from answers.chapter_1.read_batch import read_batch
from lungseg.cases import load_case

answers = Answers("1.3")


@answers.wrong("masks first", 1 / 2)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])
    return batch[..., 1:2], batch[..., 0:1]


@answers.wrong("the channel axis is missing", 1 / 2)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])
    return batch[..., 0], batch[..., 1]


@answers.wrong("image and mask in one array")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])


@answers.wrong("grey values as whole numbers")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size]
    images = np.zeros((len(places), *load_case(self.cases[0]).shape[:2], 1), dtype="uint8")
    masks = images.copy()
    for row, place in enumerate(places):
        case = load_case(self.cases[place])
        images[row], masks[row] = case[..., 0:1], case[..., 1:2]
    return images, masks


@answers.wrong("the cases are not stacked")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return [read_batch([self.cases[place]]) for place in self.order[start : start + self.batch_size]]


@answers.wrong("the images hold other values")
@given_with
def __getitem__(self, index):
    images, masks = Given.__getitem__(self, index)
    return images * masks, masks


@answers.wrong("a single case, not a batch")
@given_with
def __getitem__(self, index):
    return read_batch([self.cases[self.order[index]]])


@answers.wrong("a single case, not a batch")
@given_with
def __getitem__(self, index):
    case = load_case(self.cases[self.order[index]])
    return case[..., 0:1], case[..., 1:2]


@answers.wrong("nothing is returned", 1 / 2)
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@answers.wrong("paths in place of arrays")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return [self.cases[place] for place in self.order[start : start + self.batch_size]]


@answers.wrong("indices in place of arrays")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return self.order[start : start + self.batch_size]


@answers.wrong("the cases are not stacked")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return [load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]]


@answers.wrong("a list, not an array")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    batch = [load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]]
    return [case[..., 0:1] for case in batch], [case[..., 1:2] for case in batch]


@answers.wrong("`yield` in place of `return`")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    yield read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@answers.wrong("a list takes one index at a time")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(self.cases[self.order[start : start + self.batch_size]])


@answers.wrong("an index in place of a path")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(self.order[start : start + self.batch_size])


@answers.wrong("several paths at once")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    batch = load_case([self.cases[place] for place in self.order[start : start + self.batch_size]])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("`self` is missing")
@given_with
def __getitem__(self, index):
    start = index * batch_size  # noqa: F821
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@answers.wrong("the arguments do not fit")
@given_with
def __getitem__(self):
    return read_batch(self.cases)

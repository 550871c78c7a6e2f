"""Exercise 1.3, answers whose `__getitem__` returns something else than a batch of images and one of masks."""

import numpy as np

from answers import Answers
from answers.chapter_1.generator_given import getting, given_with, reading, returning
from answers.chapter_1.read_batch import read_batch
from lungseg.cases import load_case

answers = Answers("1.3")

answers.wrong("nothing is returned", 1 / 2)(returning(lambda paths: None))
answers.wrong("masks first", 1 / 2)(returning(lambda paths: read_batch(paths)[::-1]))
answers.wrong("the channel axis is missing", 1 / 2)(returning(lambda paths: [a[..., 0] for a in read_batch(paths)]))
answers.wrong("image and mask in one array")(returning(lambda paths: np.stack([load_case(path) for path in paths])))
answers.wrong("the cases are not stacked")(returning(lambda paths: [read_batch([path]) for path in paths]))
answers.wrong("the cases are not stacked")(returning(lambda paths: [load_case(path) for path in paths]))
answers.wrong("a list, not an array")(returning(lambda paths: [list(array) for array in read_batch(paths)]))
answers.wrong("a single case, not a batch")(reading(lambda self, index: [self.order[index]]))
answers.wrong("a single case, not a batch")(returning(lambda paths: [array[0] for array in read_batch(paths)]))
answers.wrong("the images hold other values")(
    returning(lambda paths: (np.square(read_batch(paths)[0]), read_batch(paths)[1]))
)
answers.wrong("paths in place of arrays")(returning(lambda paths: paths))
answers.wrong("indices in place of arrays")(
    getting(lambda self, index: self.order[index * self.batch_size :][: self.batch_size])
)
answers.wrong("a list takes one index at a time")(
    getting(lambda self, index: read_batch(self.cases[self.order[index * self.batch_size :][: self.batch_size]]))
)
answers.wrong("an index in place of a path")(
    getting(lambda self, index: read_batch(self.order[index * self.batch_size :][: self.batch_size]))
)
answers.wrong("`self` is missing")(
    getting(lambda self, index: read_batch(self.cases[index * batch_size :]))  # noqa: F821
)
answers.wrong("the arguments do not fit")(getting(lambda self: read_batch(self.cases)))
answers.wrong("several paths at once")(returning(lambda paths: load_case(paths)[..., 0:1]))


@answers.wrong("grey values as whole numbers")
@returning
def _(paths):
    images = np.zeros((len(paths), *load_case(paths[0]).shape[:2], 1), dtype="uint8")
    masks = images.copy()
    for row, path in enumerate(paths):
        case = load_case(path)
        images[row], masks[row] = case[..., 0:1], case[..., 1:2]
    return images, masks


@answers.wrong("`yield` in place of `return`")
@given_with
def __getitem__(self, index):
    start = index * self.batch_size
    yield read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])

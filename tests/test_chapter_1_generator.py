"""Exercise 1.3, the class DataGenerator: each mistake gets its message, and other right answers pass."""

# ruff: noqa: F811  (a method of the same name, again and again, is the point here)

import functools
import math
import random
import re

import keras
import numpy as np
import pytest

from lungseg.cases import load_case
from lungseg.generator import DataGenerator as PackageGenerator
from lungseg.teaching import NotAttempted, check, points, todo
from lungseg.teaching.checking import first_wrong

WRONG, RIGHT = [], []


def read_batch(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


class Given(keras.utils.Sequence):
    """What the notebook gives, with the solution in its gaps. A mistake replaces one of the methods."""

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.cases = list(cases)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.epoch = 0
        self.shuffle_cases()

    def shuffle_cases(self):
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)

    def __len__(self):
        return math.ceil(len(self.cases) / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        places = self.order[start : start + self.batch_size]
        return read_batch([self.cases[place] for place in places])

    def on_epoch_end(self):
        self.epoch += 1
        self.shuffle_cases()


def wrong(cause, shares=None):
    """Note a student's method, the name of its mistake, and of 6 points how many it is worth."""

    def note(answer):
        if not isinstance(answer, type):
            name = answer.__name__
            answer = type("DataGenerator", (Given,), {name: answer})
        WRONG.append(pytest.param(answer, cause, shares, id=cause))

    return note


def right(answer):
    RIGHT.append(pytest.param(answer, id=f"{answer.__name__}"))


# ---- Wrong: __len__ ---------------------------------------------------------------------------


@wrong("rounded down", 5)
def __len__(self):
    return len(self.cases) // self.batch_size


@wrong("rounded down")
def __len__(self):
    return int(len(self.cases) / self.batch_size)


@wrong("rounded down")
def __len__(self):
    return math.ceil(len(self.cases) // self.batch_size)


@wrong("rounded to the nearest")
def __len__(self):
    return round(len(self.cases) / self.batch_size)


@wrong("one batch too many")
def __len__(self):
    return len(self.cases) // self.batch_size + 1


@wrong("rounded to the even neighbour", 5)
def __len__(self):
    return round(len(self.cases) / self.batch_size + 0.5)


@wrong("one batch too many")
def __len__(self):
    return round(len(self.cases) / self.batch_size - 0.5) + 1


@wrong("cases in place of batches", 5)
def __len__(self):
    return len(self.cases)


@wrong("the size of a batch")
def __len__(self):
    return self.batch_size


@wrong("not rounded")
def __len__(self):
    return len(self.cases) / self.batch_size


@wrong("a whole number, but a float")
def __len__(self):
    return np.ceil(len(self.cases) / self.batch_size)


@wrong("nothing is returned")
def __len__(self):
    math.ceil(len(self.cases) / self.batch_size)


@wrong("`self` is missing")
def __len__(self):
    return math.ceil(len(self.cases) / batch_size)  # noqa: F821


cases, BATCH_SIZE = ["of the notebook.npy"] * 48, 8


@wrong("`cases` of the notebook in place of `self.cases`", 5)
def __len__(self):
    return math.ceil(len(cases) / self.batch_size)


@wrong("`BATCH_SIZE` of the notebook in place of `self.batch_size`")
def __len__(self):
    return math.ceil(len(self.cases) / BATCH_SIZE)


@wrong("an attribute does not exist")
def __len__(self):
    return math.ceil(len(self.cases) / self.batchsize)


@wrong("rounded down")  # by value it cannot be told from that
def __len__(self):
    return math.ceil(len(self.cases) / self.batch_size) - 1


@wrong("not a whole number")
def __len__(self):
    return str(math.ceil(len(self.cases) / self.batch_size))


@wrong("a list in place of its length")
def __len__(self):
    return math.ceil(self.cases / self.batch_size)


@wrong("another number")
def __len__(self):
    return math.floor(self.batch_size / len(self.cases))


# ---- Wrong: __getitem__ -----------------------------------------------------------------------


@wrong("masks first", 3)
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])
    return batch[..., 1:2], batch[..., 0:1]


@wrong("the channel axis is missing", 3)
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])
    return batch[..., 0], batch[..., 1]


@wrong("image and mask in one array")
def __getitem__(self, index):
    start = index * self.batch_size
    return np.stack([load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]])


@wrong("grey values as whole numbers")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size]
    images = np.zeros((len(places), *load_case(self.cases[0]).shape[:2], 1), dtype="uint8")
    masks = images.copy()
    for row, place in enumerate(places):
        case = load_case(self.cases[place])
        images[row], masks[row] = case[..., 0:1], case[..., 1:2]
    return images, masks


@wrong("`self.order` is not used", 5)
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(self.cases[start : start + self.batch_size])


@wrong("one case too few in a batch")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size - 1]
    return read_batch([self.cases[place] for place in places])


@wrong("one case too many in a batch")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size + 1]
    return read_batch([self.cases[place] for place in places])


@wrong("`BATCH_SIZE` of the notebook in place of `self.batch_size`", 3)
def __getitem__(self, index):
    start = index * BATCH_SIZE
    return read_batch([self.cases[place] for place in self.order[start : start + BATCH_SIZE]])


@wrong("`cases` of the notebook in place of `self.cases`", 3)
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch([cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("other cases than those that were asked for")
def __getitem__(self, index):
    return np.zeros((self.batch_size, 64, 64, 1)), np.zeros((self.batch_size, 64, 64, 1))


@wrong("starts one place late")
def __getitem__(self, index):
    start = index * self.batch_size + 1
    places = self.order[start : start + self.batch_size]
    return read_batch([self.cases[place] for place in places])


@wrong("batches counted from 1")
def __getitem__(self, index):
    start = (index + 1) * self.batch_size
    places = self.order[start : start + self.batch_size]
    return read_batch([self.cases[place] for place in places])


@wrong("each batch starts one case after the other")
def __getitem__(self, index):
    places = self.order[index : index + self.batch_size]
    return read_batch([self.cases[place] for place in places])


@wrong("the batch is empty")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : self.batch_size]  # right for index 0 only
    return read_batch([self.cases[place] for place in places])


@wrong("a gap between the batches")
def __getitem__(self, index):
    start = index * len(self)
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("every fourth case")
def __getitem__(self, index):
    return read_batch([self.cases[place] for place in self.order[index :: len(self)]])


@wrong("the cases are not stacked")
def __getitem__(self, index):
    start = index * self.batch_size
    return [read_batch([self.cases[place]]) for place in self.order[start : start + self.batch_size]]


@wrong("the images hold other values")
def __getitem__(self, index):
    images, masks = Given.__getitem__(self, index)
    return images * masks, masks


@wrong("other cases in the batches")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size : 2]
    return read_batch([self.cases[place] for place in places])


@wrong("always the same batch")
def __getitem__(self, index):
    return read_batch([self.cases[place] for place in self.order[: self.batch_size]])


@wrong("all the cases in one batch")
def __getitem__(self, index):
    return read_batch([self.cases[place] for place in self.order])


@wrong("a single case, not a batch")
def __getitem__(self, index):
    return read_batch([self.cases[self.order[index]]])


@wrong("a single case, not a batch")
def __getitem__(self, index):
    case = load_case(self.cases[self.order[index]])
    return case[..., 0:1], case[..., 1:2]


@wrong("the last batch is smaller")
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch([self.cases[self.order[start + i]] for i in range(self.batch_size)])


@wrong("the last batch is filled up with leftovers", 4)
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.empty((self.batch_size, *load_case(self.cases[0]).shape), dtype="float32")
    batch[:] = 0.5  # what stands in memory by chance
    for row, place in enumerate(self.order[start : start + self.batch_size]):
        batch[row] = load_case(self.cases[place])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("the last batch is filled up with leftovers")
def __getitem__(self, index):
    start = index * self.batch_size
    batch = np.zeros((self.batch_size, *load_case(self.cases[0]).shape))
    for row, place in enumerate(self.order[start : start + self.batch_size]):
        batch[row] = load_case(self.cases[place])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("the last batch is filled up with other cases")
def __getitem__(self, index):
    places = [(index * self.batch_size + i) % len(self.cases) for i in range(self.batch_size)]
    return read_batch([self.cases[self.order[place]] for place in places])


@wrong("the cases are sorted")
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size]
    return read_batch([sorted(self.cases)[place] for place in places])


@wrong("the same index gives another batch", 2)
def __getitem__(self, index):
    np.random.shuffle(self.order)  # noqa: NPY002
    start = index * self.batch_size
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("the same index gives another batch", 3)
def __getitem__(self, index):
    if self.shuffle:
        self.order = np.random.permutation(len(self.cases))  # noqa: NPY002
    start = index * self.batch_size
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("the same index gives another batch")
def __getitem__(self, index):
    self.epoch += 1
    self.shuffle_cases()
    start = index * self.batch_size
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("the same index gives another batch")
def __getitem__(self, index):
    start = getattr(self, "next", 0)  # takes the next batch, whatever the index
    places = self.order[start : start + self.batch_size]
    self.next = (start + self.batch_size) % (len(self.cases) + 2)
    return read_batch([self.cases[place] for place in places])


@wrong("images and masks are shuffled apart")
def __getitem__(self, index):
    start = index * self.batch_size
    images, masks = read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])
    if self.shuffle:
        images = images[np.random.default_rng(1).permutation(len(images))]
        masks = masks[np.random.default_rng(2).permutation(len(masks))]
    return images, masks


@wrong("images and masks are shuffled apart", 5)
def __getitem__(self, index):
    start = index * self.batch_size
    stop = start + self.batch_size
    images, _ = read_batch([self.cases[place] for place in self.order[start:stop]])
    _, masks = read_batch(self.cases[start:stop])
    return images, masks


@wrong("the same index gives another batch")
def __getitem__(self, index):
    start = index * self.batch_size
    paths = self.cases[start : start + self.batch_size]
    if self.shuffle:
        random.shuffle(paths)
    return read_batch(paths)


@wrong("shuffled within the batches only")
def __getitem__(self, index):
    start = index * self.batch_size
    paths = self.cases[start : start + self.batch_size]
    if self.shuffle:
        random.Random(self.seed + self.epoch).shuffle(paths)
    return read_batch(paths)


@wrong("not each case once")
def __getitem__(self, index):
    if not self.shuffle:
        return Given.__getitem__(self, index)
    rng = np.random.default_rng([self.seed, self.epoch, index])
    places = rng.choice(len(self.cases), size=self.batch_size)
    return read_batch([self.cases[place] for place in places])


@wrong("shuffled, though shuffle=False")
def __getitem__(self, index):
    order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.cases))
    start = index * self.batch_size
    return read_batch([self.cases[place] for place in order[start : start + self.batch_size]])


@wrong("batches of other sizes", 5)
def __getitem__(self, index):
    return read_batch([self.cases[place] for place in np.array_split(self.order, len(self))[index]])


@wrong("it reads cases that are not in this batch", 5)
def __getitem__(self, index):
    start = index * self.batch_size
    places = self.order[start : start + self.batch_size]
    images, masks = read_batch(self.cases)
    return images[places], masks[places]


@wrong("it reads cases that are not in this batch")
class ReadBeforehand(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.arrays = [np.load(path) for path in self.cases]

    def __getitem__(self, index):
        places = self.order[index * self.batch_size :][: self.batch_size]
        batch = np.stack([self.arrays[place] for place in places])
        return batch[..., :1], batch[..., 1:]


@wrong("nothing is returned", 3)
def __getitem__(self, index):
    start = index * self.batch_size
    read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("paths in place of arrays")
def __getitem__(self, index):
    start = index * self.batch_size
    return [self.cases[place] for place in self.order[start : start + self.batch_size]]


@wrong("indices in place of arrays")
def __getitem__(self, index):
    start = index * self.batch_size
    return self.order[start : start + self.batch_size]


@wrong("the cases are not stacked")
def __getitem__(self, index):
    start = index * self.batch_size
    return [load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]]


@wrong("a list, not an array")
def __getitem__(self, index):
    start = index * self.batch_size
    batch = [load_case(self.cases[place]) for place in self.order[start : start + self.batch_size]]
    return [case[..., 0:1] for case in batch], [case[..., 1:2] for case in batch]


@wrong("`yield` in place of `return`")
def __getitem__(self, index):
    start = index * self.batch_size
    yield read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("a list takes one index at a time")
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(self.cases[self.order[start : start + self.batch_size]])


@wrong("an index in place of a path")
def __getitem__(self, index):
    start = index * self.batch_size
    return read_batch(self.order[start : start + self.batch_size])


@wrong("several paths at once")
def __getitem__(self, index):
    start = index * self.batch_size
    batch = load_case([self.cases[place] for place in self.order[start : start + self.batch_size]])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("`self` is missing")
def __getitem__(self, index):
    start = index * batch_size  # noqa: F821
    return read_batch([self.cases[place] for place in self.order[start : start + self.batch_size]])


@wrong("the arguments do not fit")
def __getitem__(self):
    return read_batch(self.cases)


# ---- Wrong: on_epoch_end, and the class around it ---------------------------------------------


@wrong("the order stays the same", 4)
def on_epoch_end(self):
    pass


@wrong("the epoch does not advance", 4)
def on_epoch_end(self):
    self.shuffle_cases()


@wrong("the epoch does not advance")
def on_epoch_end(self):
    self.epoch + 1
    self.shuffle_cases()


@wrong("the epoch does not advance")
def on_epoch_end(self):
    epoch = self.epoch + 1  # noqa: F841
    self.shuffle_cases()


@wrong("the epoch advances only once")
def on_epoch_end(self):
    self.epoch = +1
    self.shuffle_cases()


@wrong("not reshuffled", 4)
def on_epoch_end(self):
    self.epoch += 1


@wrong("not reshuffled")
def on_epoch_end(self):
    self.epoch += 1
    self.shuffle_cases  # noqa: B018


@wrong("reshuffled before the epoch advances")
def on_epoch_end(self):
    self.shuffle_cases()
    self.epoch += 1


class KeptByIndex(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.batches = {}

    def __getitem__(self, index):
        if index not in self.batches:
            self.batches[index] = super().__getitem__(index)
        return self.batches[index]


wrong("batches of the epoch before are kept", 4)(KeptByIndex)


@wrong("batches of the epoch before are kept")
class KeptByPython(Given):
    @functools.lru_cache  # noqa: B019
    def __getitem__(self, index):
        return super().__getitem__(index)


@wrong("batches of another generator")
class KeptInTheClass(KeptByIndex):
    kept = {}  # noqa: RUF012

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.batches = self.kept


@wrong("the epoch does not advance")
class KeptAndNotAdvanced(KeptByIndex):
    def on_epoch_end(self):
        self.shuffle_cases()


@wrong("the order stays the same")
class ShuffledOnce(Given):
    def shuffle_cases(self):
        self.order = np.random.permutation(len(self.cases)) if self.shuffle else np.arange(len(self.cases))  # noqa: NPY002

    def on_epoch_end(self):
        pass


@wrong("shuffled, though shuffle=False", 5)
def on_epoch_end(self):
    self.epoch += 1
    np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)


@wrong("the seed does not fix the order", 5)
def on_epoch_end(self):
    self.epoch += 1
    if self.shuffle:
        np.random.shuffle(self.order)  # noqa: NPY002


@wrong("the seed does not fix the order")
def on_epoch_end(self):
    self.epoch += 1
    if self.shuffle:
        random.shuffle(self.cases)


@wrong("not each case once")
def on_epoch_end(self):
    self.epoch += 1
    self.order = np.random.default_rng([self.seed, self.epoch]).integers(len(self.cases), size=len(self.cases))


@wrong("not reshuffled")
def on_epoch_end(self):
    self.epoch += 1
    self.order = sorted(self.order)


@wrong("something is None")
def on_epoch_end(self):
    self.epoch += 1
    self.order = self.shuffle_cases()


@wrong("the arguments do not fit")
def on_epoch_end(self):
    self.epoch += 1
    self.shuffle_cases(self.epoch)


@wrong("the epoch does not advance")
def on_epoch_end(self):
    self.__init__(self.cases, self.batch_size, self.shuffle, self.seed)


@wrong("`self` is missing")
def on_epoch_end(self):
    self.epoch += 1
    shuffle_cases()  # noqa: F821


@wrong("`self` is missing")
def on_epoch_end(self):
    epoch += 1  # noqa: F821, F841
    self.shuffle_cases()


@wrong("the arguments do not fit")
def on_epoch_end(self, epoch):
    self.epoch = epoch + 1
    self.shuffle_cases()


@wrong("the settings of Keras are lost", 5)
def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
    keras.utils.Sequence.__init__(self)
    self.cases = list(cases)
    self.batch_size = batch_size
    self.shuffle = shuffle
    self.seed = seed
    self.epoch = 0
    self.shuffle_cases()


@wrong("the settings of Keras are lost")
def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
    self.cases = list(cases)
    self.batch_size = batch_size
    self.shuffle = shuffle
    self.seed = seed
    self.epoch = 0
    self.shuffle_cases()


@wrong("two generators share their state")
class InTheClass(Given):
    state = {"epoch": 0}  # noqa: RUF012

    def shuffle_cases(self):
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.state["epoch"]]).shuffle(self.order)

    def on_epoch_end(self):
        self.state["epoch"] += 1
        self.shuffle_cases()


@wrong("two generators share their state")
class InTheList(Given):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(cases, batch_size, shuffle, seed, **kwargs)
        self.cases = cases  # not a list of its own

    def on_epoch_end(self):
        self.epoch += 1
        if self.shuffle:
            random.Random(self.seed + self.epoch).shuffle(self.cases)


# ---- Right ------------------------------------------------------------------------------------


@right
class AsInTheNotebook(Given):
    pass


right(PackageGenerator)


@right
class WithoutMath(Given):
    def __len__(self):
        return -(-len(self.cases) // self.batch_size)

    def __getitem__(self, index):
        first, last = index * self.batch_size, min((index + 1) * self.batch_size, len(self.cases))
        images, masks = [], []
        for i in range(first, last):
            case = np.load(self.cases[self.order[i]])
            images.append(case[:, :, 0, None])
            masks.append(case[:, :, 1, None])
        return np.array(images, dtype="float32"), np.array(masks, dtype="float32")


@right
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


@right
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


@right
class KeptForAnEpoch(KeptByIndex):
    def on_epoch_end(self):
        super().on_epoch_end()
        self.batches.clear()


@right
class Filled(Given):
    """Arrays of the size of the batch, filled row by row; masks of bool."""

    def __getitem__(self, index):
        places = list(self.order)[self.batch_size * index :][: self.batch_size]
        height, width, _ = load_case(self.cases[0]).shape
        images, masks = np.empty((len(places), height, width, 1)), np.empty((len(places), height, width, 1), dtype=bool)
        for row, place in enumerate(places):
            images[row, ..., 0], masks[row, ..., 0] = np.moveaxis(load_case(self.cases[place]), -1, 0)
        return images, masks


@right
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


# ---- What check and points make of them -------------------------------------------------------


@pytest.mark.parametrize(("answer", "cause", "shares"), WRONG)
def test_each_mistake_gets_its_message(answer, cause, shares):
    found = first_wrong("1.3", answer)
    assert found is not None
    assert found.cause == cause, found.report()
    report = found.report()
    for label in ("I tried", "It gave", "Expected", "Mistake", "Try"):
        assert re.search(rf"^  {label} +\S", report, re.MULTILINE), report
    worth = points("1.3", answer, of=6)
    assert worth < 6
    if shares is not None:
        assert worth == pytest.approx(shares)


@pytest.mark.parametrize("answer", RIGHT)
def test_other_right_answers_pass(answer):
    found = first_wrong("1.3", answer)
    assert found is None, found.report()
    assert points("1.3", answer, of=6) == 6


def blank(self, *arguments):
    todo()


@pytest.mark.parametrize(
    ("blanks", "shares"),
    [
        (["__len__", "__getitem__", "on_epoch_end"], 0),
        (["__getitem__", "on_epoch_end"], 1),
        (["__getitem__"], 3),
        (["on_epoch_end"], 4),
        (["__len__", "__getitem__"], 2),
        (["__len__"], 5),
    ],
)
def test_a_blank_is_no_mistake(blanks, shares):
    answer = type("DataGenerator", (Given,), dict.fromkeys(blanks, blank))
    with pytest.raises(NotAttempted, match=r"not (done|written) yet"):
        first_wrong("1.3", answer)
    assert points("1.3", answer, of=6) == pytest.approx(shares)


def test_who_reads_too_much_is_told_so_and_not_of_a_missing_file():
    def __getitem__(self, index):
        images, masks = read_batch(self.cases)
        places = self.order[index * self.batch_size :][: self.batch_size]
        return images[places], masks[places]

    report = first_wrong("1.3", type("DataGenerator", (Given,), {"__getitem__": __getitem__})).report()
    assert "not in this batch" in report
    assert "of your cell:  batch = np.stack([load_case(path) for path in paths])" in report
    assert "no such file" not in report
    assert "Error" not in report


def test_one_case_is_not_called_cases():
    report = first_wrong("1.3", type("DataGenerator", (Given,), {"__len__": lambda self: 1 + len(self.cases) // 4}))
    assert "1 cases" not in report.report()
    one = first_wrong("1.3", type("DataGenerator", (Given,), {"__len__": one_too_few_for_one_case})).report()
    assert "1 case fills 0 batches of" in one
    assert "1 cases" not in one


def one_too_few_for_one_case(self):
    return math.ceil(len(self.cases) / self.batch_size) if len(self.cases) > 1 else 0


def test_an_object_in_place_of_the_class():
    assert first_wrong("1.3", PackageGenerator(["a.npy"])).cause == "not a function"


def test_the_students_own_line_is_shown():
    class DataGenerator(Given):
        def on_epoch_end(self):
            self.epoch += 1
            self.shufle_cases()

    report = first_wrong("1.3", DataGenerator).report()
    assert "has no attribute 'shufle_cases'" in report
    assert "of your cell:  self.shufle_cases()" in report


def test_a_check_leaves_the_random_numbers_alone(tmp_path, monkeypatch, capsys):
    class DataGenerator(Given):
        def on_epoch_end(self):
            np.random.shuffle(self.order)  # noqa: NPY002
            random.random()

    monkeypatch.chdir(tmp_path)
    seeds = keras.random.SeedGenerator(1)
    before = random.getstate(), np.random.get_state()[1].tolist(), np.asarray(seeds.state).tolist()  # noqa: NPY002
    check("1.3", DataGenerator)
    after = random.getstate(), np.random.get_state()[1].tolist(), np.asarray(seeds.state).tolist()  # noqa: NPY002
    assert after == before
    assert "not right yet" in capsys.readouterr().out

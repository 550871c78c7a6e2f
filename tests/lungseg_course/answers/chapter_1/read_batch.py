"""Exercise 1.2, cases read as a batch: right and wrong answers."""

import numpy as np

import lungseg
from answers import Answers
from lungseg.cases import load_case

answers = Answers("1.2")


def stacked(split):
    """Return the answer of a student who stacks the cases, and then takes the batch apart like this."""

    def read_batch(paths):
        return split(np.stack([load_case(path) for path in paths]))

    return read_batch


def halves(batch):
    """Return the images and the masks of a batch, or of a case."""
    return batch[..., 0:1], batch[..., 1:2]


@answers.right
def read_batch(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


@answers.right
def _(paths):
    images, masks = [], []
    for path in paths:
        case = np.load(path)  # float64 on the disk
        images.append(case[:, :, :1])
        masks.append(case[:, :, 1:] > 0.5)
    return [np.array(images), np.array(masks)]


@answers.right
def _(paths):
    cases = [load_case(path) for path in paths]
    height, width, _ = cases[0].shape
    images = np.empty((len(paths), height, width, 1), dtype="float32")
    masks = np.empty((len(paths), height, width, 1), dtype="uint8")
    for i, case in enumerate(cases):
        images[i, ..., 0], masks[i, ..., 0] = case[..., 0], case[..., 1]
    return images, masks


answers.wrong("masks first", 1 / 3)(stacked(lambda batch: (batch[..., 1:2], batch[..., 0:1])))
answers.wrong("the channel axis is missing", 0)(stacked(lambda batch: (batch[..., 0], batch[..., 1])))
answers.wrong("both channels")(stacked(lambda batch: (batch[..., 0:2], batch[..., 1:2])))
answers.wrong("an empty slice")(stacked(lambda batch: (batch[..., 0:1], batch[..., 2:])))
answers.wrong("image and mask in one array", 0)(stacked(lambda batch: batch))
answers.wrong("only one of the two is returned")(stacked(lambda batch: batch[..., 0:1]))
answers.wrong("the first axis is sliced")(stacked(lambda batch: (batch[0:1], batch[1:2])))
answers.wrong("the second axis is sliced")(stacked(lambda batch: (batch[:, 0:1], batch[:, 1:2])))
answers.wrong("the new axis is in front")(stacked(lambda batch: (batch[None, ..., 0], batch[None, ..., 1])))
answers.wrong("concatenated, not stacked")(stacked(lambda batch: halves(np.concatenate(batch))))
answers.wrong("concatenated, not stacked")(
    stacked(lambda batch: [half[..., 0] for half in halves(np.concatenate(batch))])
)
answers.wrong("stacked along the last axis")(stacked(lambda batch: [np.stack(batch[..., k], axis=-1) for k in (0, 1)]))
answers.wrong("stacked along the last axis")(
    lambda paths: halves(np.stack([load_case(path) for path in paths], axis=-1))
)
answers.wrong("stacked along the last axis")(
    lambda paths: [np.stack([load_case(path) for path in paths], axis=-1)[..., k] for k in (0, 1)]
)
answers.wrong("stacked along an axis in the middle")(
    lambda paths: halves(np.stack([load_case(path) for path in paths], axis=1))
)
answers.wrong("channels before the pixels")(stacked(lambda batch: np.split(np.moveaxis(batch, -1, 1), 2, axis=1)))
answers.wrong("height and width are swapped")(stacked(lambda batch: halves(batch.swapaxes(1, 2))))
answers.wrong("a single case, not a batch")(stacked(lambda batch: halves(batch[-1])))
answers.wrong("the cases are not stacked")(stacked(lambda batch: [halves(case) for case in batch]))
answers.wrong("a list, not an array")(stacked(lambda batch: [list(half) for half in halves(batch)]))
answers.wrong("one axis too many")(stacked(lambda batch: (batch[..., :1, None], batch[..., 1:, None])))
answers.wrong("not a pair of arrays")(stacked(lambda batch: (*halves(batch), len(batch))))
answers.wrong("the masks hold other values")(stacked(lambda batch: (batch[..., 0:1], batch[..., 1:2] / 2)))
answers.wrong("a dictionary")(stacked(lambda batch: {"images": batch[..., 0:1], "masks": batch[..., 1:2]}))


@answers.wrong("a fixed size", 0)
def _(paths):
    images, masks = np.stack([load_case(path) for path in paths]).transpose(3, 0, 1, 2)
    return images.reshape(len(paths), 128, 128, 1), masks.reshape(len(paths), 128, 128, 1)


@answers.right
def _(paths):
    images, masks = np.stack([load_case(path) for path in paths]).transpose(3, 0, 1, 2)
    return images.reshape(*images.shape, 1), masks.reshape(*masks.shape, 1)


@answers.wrong("nothing is returned", 0)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    batch[..., 0:1], batch[..., 1:2]


@answers.wrong("the list of paths is changed", 2 / 3)
def _(paths):
    return read_batch([paths.pop(0) for _ in range(len(paths))])


@answers.wrong("`yield` in place of `return`")
def _(paths):
    for path in paths:
        case = load_case(path)
        yield case[..., 0:1], case[..., 1:2]


cases = ["of the notebook.npy"] * 48

answers.wrong("one case in place of the batch")(lambda paths: read_batch(paths[:1]))  # `return` stands in the loop
answers.wrong("one case, again and again", 1 / 3)(lambda paths: read_batch([paths[0] for _ in paths]))
answers.wrong("the order of the paths is not kept")(lambda paths: read_batch(sorted(paths)))
answers.wrong("the last case is lost", 2 / 3)(lambda paths: read_batch([paths[i] for i in range(3)]))
answers.wrong("the last cases are lost", 2 / 3)(lambda paths: read_batch(paths[:8]))
answers.wrong("the last case is lost", 0)(lambda paths: read_batch(paths[:-1]))
answers.wrong("another number of cases in the batch", 0)(lambda paths: read_batch(paths[1:]))
answers.wrong("`cases` of the notebook in place of `paths`")(lambda paths: read_batch(cases))
answers.wrong("several paths at once")(lambda paths: halves(load_case(paths)))
answers.wrong("an index in place of a path")(lambda paths: read_batch(range(len(paths))))
answers.wrong("the package's answer, not yours", 0)(
    lambda paths: lungseg.DataGenerator(paths, batch_size=len(paths), shuffle=False)[0]
)

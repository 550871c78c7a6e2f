"""Exercise 1.2, cases read as a batch: right and wrong answers."""

import numpy as np

from answers import Answers
from lungseg.cases import load_case

answers = Answers("1.2")


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


@answers.right
def _(paths):
    batch = np.concatenate([load_case(path)[None] for path in paths])
    images, masks = np.split(batch, 2, axis=-1)
    return images, masks


@answers.wrong("masks first", 1 / 3)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 1:2], batch[..., 0:1]


@answers.wrong("the channel axis is missing", 0)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0], batch[..., 1]


@answers.wrong("both channels")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:2], batch[..., 1:2]


@answers.wrong("an empty slice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 2:]


@answers.wrong("the images twice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 0:1]


@answers.wrong("the masks twice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 1:], batch[..., 1:]


@answers.wrong("image and mask in one array", 0)
def _(paths):
    return np.stack([load_case(path) for path in paths])


@answers.wrong("only one of the two is returned")
def _(paths):
    return np.stack([load_case(path)[..., 0:1] for path in paths])


@answers.wrong("nothing is returned", 0)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    batch[..., 0:1], batch[..., 1:2]


@answers.wrong("concatenated, not stacked")
def _(paths):
    batch = np.concatenate([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("stacked along the last axis")
def _(paths):
    return (
        np.stack([load_case(path)[..., 0] for path in paths], axis=-1),
        np.stack([load_case(path)[..., 1] for path in paths], axis=-1),
    )


@answers.wrong("channels before the pixels")
def _(paths):
    batch = np.stack([load_case(path).transpose(2, 0, 1) for path in paths])
    return batch[:, 0:1], batch[:, 1:2]


@answers.wrong("height and width are swapped")
def _(paths):
    batch = np.stack([load_case(path) for path in paths]).transpose(0, 2, 1, 3)
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("the cases are not stacked")
def _(paths):
    return [(load_case(path)[..., 0:1], load_case(path)[..., 1:2]) for path in paths]


@answers.wrong("a list, not an array")
def _(paths):
    return [load_case(path)[..., 0:1] for path in paths], [load_case(path)[..., 1:2] for path in paths]


@answers.wrong("one case in place of the batch")
def _(paths):
    for path in paths:
        batch = np.stack([load_case(path)])
        return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("a single case, not a batch")
def _(paths):
    for path in paths:
        case = load_case(path)
    return case[..., 0:1], case[..., 1:2]


@answers.wrong("one case, again and again", 1 / 3)
def _(paths):
    batch = np.stack([load_case(paths[0]) for _ in paths])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("the first axis is sliced")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[0:1], batch[1:2]


@answers.wrong("the second axis is sliced")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[:, 0:1], batch[:, 1:2]


@answers.wrong("the new axis is in front")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[None, ..., 0], batch[None, ..., 1]


@answers.wrong("not a pair of arrays")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2], paths


@answers.wrong("grey values as whole numbers")
def _(paths):
    batch = np.stack([load_case(path) for path in paths]).astype("uint8")
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("multiplied by 255")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1] * 255, batch[..., 1:2]


@answers.wrong("only the first row is filled")
def _(paths):
    batch = np.zeros((len(paths), *load_case(paths[0]).shape))
    for i, path in enumerate(paths):
        batch[i] = load_case(path)
        break
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("the masks hold other values")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], 1 - batch[..., 1:2]


@answers.wrong("the order of the paths is not kept")
def _(paths):
    batch = np.stack([load_case(path) for path in sorted(paths)])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("the list of paths is changed", 2 / 3)
def _(paths):
    batch = []
    while paths:
        batch.append(load_case(paths.pop(0)))
    batch = np.stack(batch)
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("another number of cases in the batch", 2 / 3)
def _(paths):
    batch = np.stack([load_case(paths[i]) for i in range(3)])
    return batch[..., 0:1], batch[..., 1:2]


cases = ["of the notebook.npy"] * 48


@answers.wrong("`cases` of the notebook in place of `paths`")
def _(paths):
    batch = np.stack([load_case(path) for path in cases])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("several paths at once")
def _(paths):
    batch = load_case(paths)
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("an index in place of a path")
def _(paths):
    batch = np.stack([load_case(i) for i in range(len(paths))])
    return batch[..., 0:1], batch[..., 1:2]


@answers.wrong("`yield` in place of `return`")
def _(paths):
    for path in paths:
        case = load_case(path)
        yield case[..., 0:1], case[..., 1:2]


@answers.wrong("a dictionary")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return {"images": batch[..., 0:1], "masks": batch[..., 1:2]}

"""Tiny cases on disk for checks, which of them a batch holds, and what is wrong with a batch."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import GeneratorType

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, describe, describe_error

HEIGHT, WIDTH = 4, 6  # not square: swapped axes show
OF_SELF = "cases|order|epoch|batch_size|shuffle|shuffle_cases|seed"


@contextmanager
def tiny_cases(count: int, rng) -> Iterator[tuple[list[Path], np.ndarray, np.ndarray]]:
    """Write cases of 4 x 6 pixels; give their paths, images and masks. All are different, and no two are swapped.

    What the student's code draws from the global random numbers meanwhile is
    put back, so that a check changes nothing in a notebook.
    """
    images = rng.uniform(0.05, 0.95, (count, HEIGHT, WIDTH, 1)).astype("float32")
    masks = np.zeros_like(images)
    while len(np.unique(masks.reshape(count, -1), axis=0)) < count:
        masks = (rng.random(images.shape) < 0.5).astype("float32")
    names = rng.permutation(count)  # sorted by name they come in another order
    if np.all(np.diff(names) > 0):
        names = names[::-1]
    with same_chance(), tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"PHANTOM_{name:04}_0.npy" for name in names]
        for path, image, mask in zip(paths, images, masks, strict=True):
            np.save(path, np.concatenate([image, mask], axis=-1).astype("float64"))
        yield paths, images, masks


def numbers(batch, images, masks) -> list[int | None]:
    """Return which case each row of a batch is, by its image or its mask; None for what is no case."""
    rows = np.asarray(batch[0], dtype="float64").reshape(len(batch[0]), -1)
    known = [images.reshape(len(images), -1), masks.reshape(len(masks), -1)]
    return [
        next((int(np.flatnonzero(same)[0]) for same in (_same(row, table) for table in known) if same.any()), None)
        for row in rows
    ]


def _same(row, table) -> np.ndarray:
    width = table.shape[1]
    if row.size not in (width, 2 * width):
        return np.zeros(len(table), dtype=bool)
    row = row if row.size == width else row[::2]  # both channels: every other number is the image's
    return np.isclose(table, row, atol=1e-3).all(axis=1)


def listing(places) -> str:
    """Return the places of cases in words: "4, 0, 2"."""
    return ", ".join("?" if place is None else str(place) for place in places) or "none"


def listing_cases(places) -> str:
    """Return the same with its noun: "cases 4, 0, 2", and "case 9"."""
    return f"case{'s' * (len(places) != 1)} {listing(places)}"


def expect_layout(batch, images, masks) -> None:
    """Raise `Wrong` unless a batch is a pair of arrays, each of shape (B, H, W, 1)."""
    count = len(images)
    expected = f"two arrays, images and masks, each of shape {images.shape}"
    kinds = {
        "nothing is returned": (
            batch is None,
            "A function gives back only what stands behind `return`.",
            "End with `return images, masks`.",
        ),
        "`yield` in place of `return`": (
            isinstance(batch, GeneratorType),
            "A function with `yield` gives a recipe for values, not the values. Keras asks for batch number 2, not "
            "for the next one.",
            "Return the two arrays.",
        ),
        "a dictionary": (isinstance(batch, dict), "Keras would take all of it for input.", "Return two arrays."),
        "image and mask in one array": (
            getattr(batch, "shape", None) == (*images.shape[:3], 2),
            "Keras needs to know what goes into the network, and what should come out.",
            "Split the last axis: its first channel is the image, its second the mask. Keep the axis.",
        ),
        "only one of the two is returned": (
            getattr(batch, "shape", None) in (images.shape, images.shape[:3]),
            "The network learns from pairs.",
            "Return the images and the masks, with a comma between them.",
        ),
    }
    for cause, (found, why, remedy) in kinds.items():
        if found:
            raise Wrong(cause, received=_brief(batch), expected=expected, why=why, remedy=remedy)
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        _explain_no_pair(batch, expected)
    for name, array, true in zip(("images", "masks"), batch, (images, masks), strict=True):
        if not hasattr(array, "shape"):
            raise Wrong(
                "a list, not an array",
                received=f"{name}: {_brief(array)}",
                expected=expected,
                why="Keras calculates with whole batches, and a list of arrays is none.",
                remedy="`np.stack` puts arrays of the same shape on top of each other.",
            )
        if tuple(array.shape) != true.shape:
            cause, why, remedy = _explain_shape(tuple(array.shape), count)
            raise Wrong(
                cause,
                received=f"{name} of shape {tuple(array.shape)}",
                expected=f"shape {true.shape}: batch, height, width, channels",
                why=why,
                remedy=remedy,
            )


def _explain_no_pair(batch, expected) -> None:
    first = batch[0] if isinstance(batch, (tuple, list)) and batch else None
    cause, why, remedy = "not a pair of arrays", "", "Return the images and the masks, with a comma between them."
    if isinstance(first, (str, Path)):
        cause = "paths in place of arrays"
        why = "These are the names of the files. Nothing has been read yet."
        remedy = "Read each path with `load_case`, or hand the paths to `read_batch`."
    elif isinstance(first, (int, np.integer)) or getattr(batch, "dtype", np.dtype(object)).kind == "i":
        cause = "indices in place of arrays"
        why = "These are places in the list of cases."
        remedy = "Look up the case at each of these places, and read it."
    elif first is not None and len(batch) != 2 and len(getattr(first, "shape", ())) < 4:
        cause = "the cases are not stacked"
        why = "This is one entry for each case. Keras wants one array of images, and one of masks."
        remedy = "Collect the arrays in a list, then `np.stack` it; split image and mask after that."
    raise Wrong(cause, received=_brief(batch), expected=expected, why=why, remedy=remedy)


def _explain_shape(shape: tuple, count: int) -> tuple[str, str, str]:
    case = (HEIGHT, WIDTH)
    keep = "Slice with `0:1` in place of `0`, and with `1:2` in place of `1`."
    stack = "`np.stack` makes a new first axis; `np.concatenate` glues along one that is there."
    known = {
        (count, *case): ("the channel axis is missing", "An index takes an axis away, a slice keeps it.", keep),
        (count, *case, 0): ("an empty slice", "Channels count from 0: the mask is channel 1.", "Slice with `1:2`."),
        (count, *case, 2): ("both channels", "Image and mask are still together.", keep),
        (count * HEIGHT, WIDTH, 1): ("concatenated, not stacked", stack, "Use `np.stack`."),
        (count * HEIGHT, WIDTH): ("concatenated, not stacked", stack, "Use `np.stack`, and keep the channel axis."),
        (*case, count): ("stacked along the last axis", "The batch comes first.", "Leave `axis` of `np.stack` at 0."),
        (*case, 1, count): ("stacked along the last axis", "The batch comes first.", "Leave `axis` at 0."),
        (count, 1, *case): ("channels before the pixels", "Keras keeps the channels last.", "Slice the last axis."),
        (count, WIDTH, HEIGHT, 1): ("height and width are swapped", "An axis was moved.", "Do not transpose."),
        (*case, 1): ("a single case, not a batch", "The batch axis is missing.", "Read all the paths, then stack."),
        case: ("a single case, not a batch", "The batch axis is missing.", "Read all the paths, then stack."),
        (1, *case, 2): (
            "the first axis is sliced",
            "That axis counts the cases.",
            "Slice the last axis: `[..., 0:1]`.",
        ),
        (count, 1, WIDTH, 2): (
            "the second axis is sliced",
            "That is the height.",
            "Slice the last axis: `[..., 0:1]`.",
        ),
        (1, count, *case): ("the new axis is in front", "The channels come last.", "Put it at the end, or slice."),
        (count, *case, 1, 1): ("one axis too many", "The channel axis was added twice.", "Print the shape of a step."),
    }
    if shape in known:
        return known[shape]
    if len(shape) == 4 and min(shape[1:3]) > 2 * WIDTH:
        why = f"The cases that were asked for have {HEIGHT} x {WIDTH} pixels. These were read from somewhere else."
        return "other cases than those that were asked for", why, "Read what the function or the object was given."
    if len(shape) == 4 and shape[1:] == (*case, 1) and shape[0] == 1:
        why = "Only the first one is in it. A `return` inside the loop ends it after the first turn."
        return "one case in place of the batch", why, "Read all of them, and return after the loop."
    if len(shape) == 4 and shape[1:] == (*case, 1):
        why = f"It should hold {count}, and holds {shape[0]}."
        remedy = "Which cases go in, and where does that number come from? Print the list of paths."
        return "another number of cases in the batch", why, remedy
    return "the shape is another", "", "Print the shape after each step."


def expect_values(batch, images, masks) -> None:
    """Raise `Wrong` unless the arrays of a batch, whose shapes are right, hold the right images and masks."""
    found = [np.asarray(array, dtype="float64") for array in batch]
    swapped = "A network trained like this would learn to draw radiographs from masks."
    whole = "Grey values from 0 to 1 became whole numbers, all of them 0. An array of integers cannot hold 0.3."
    per_case = {
        "masks first": (masks, images, swapped, "Return the images first, then the masks."),
        "the images twice": (images, images, "The second array is the image again.", "The mask is channel 1."),
        "the masks twice": (masks, masks, "The first array is the mask already.", "The image is channel 0."),
        "grey values as whole numbers": (np.floor(images), masks, whole, "Keep the numbers of `load_case`: float32."),
        "multiplied by 255": (images * 255, masks, "The images lie in [0, 1] on disk.", "Leave them as they are."),
        "only the first row is filled": (
            np.concatenate([images[:1], 0 * images[1:]]),
            np.concatenate([masks[:1], 0 * masks[1:]]),
            "",
            "Fill each place of the arrays.",
        ),
    }
    truth = images, masks
    right = [np.isclose(array, true, atol=1e-4).all(axis=(1, 2, 3)) for array, true in zip(found, truth, strict=True)]
    if all(same.all() for same in right):
        return
    row = int(np.argmin(right[0] & right[1]))  # the first one that is wrong
    received, expected = (
        f"case {row} of the batch: image {_corner(first[row])}..., mask {_corner(second[row])}..."
        for first, second in (found, truth)
    )
    for cause, (first, second, why, remedy) in per_case.items():
        if np.allclose(found[0], first, atol=1e-4) and np.allclose(found[1], second, atol=1e-4):
            raise Wrong(cause, received=received, expected=expected, why=why, remedy=remedy)
    wrong = 0 if not right[0].all() else 1
    raise Wrong(
        f"the {('images', 'masks')[wrong]} hold other values",
        received=received,
        expected=expected,
        why="They should be what `load_case` reads, unchanged.",
        remedy=f"Compare case {row} of the batch with `load_case` of its path, channel {wrong}.",
    )


def _corner(array) -> str:
    return describe(np.asarray(array, dtype="float64").ravel()[:3])


def _brief(value) -> str:
    if isinstance(value, (tuple, list)):
        kinds = sorted({type(entry).__name__ for entry in value})
        return f"a {type(value).__name__} of {len(value)}: {' and '.join(kinds) or 'empty'}"
    if isinstance(value, dict):
        return f"a dictionary with {', '.join(map(repr, value))}"
    if isinstance(value, GeneratorType):
        return "a generator object"
    return describe(value)


def explain_reading(error: Exception) -> Wrong | None:
    """Explain what goes wrong when paths, indices and arrays are mixed up."""
    text, kind = str(error), type(error).__name__
    known = {
        "an index in place of a path": (
            kind == "TypeError" and re.search(r"(PathLike|NoneType).* '?(numpy\.)?int", text),
            "`load_case` wants a path, and was given a number.",
            "Look up the path first: the list of cases, at that place.",
        ),
        "several paths at once": (
            kind == "TypeError" and re.search(r"PathLike.* '?(list|tuple|ndarray|numpy)", text),
            "`load_case` reads one file, and was given many.",
            "Call it once for each path, in a loop or a list comprehension.",
        ),
        "a list takes one index at a time": (
            kind == "TypeError" and re.search(r"only (integer|length-1|0-dim)|list indices must be", text),
            "A Python list cannot be indexed by an array of places, as NumPy's arrays can.",
            "Look up one place after the other: `[... for place in places]`.",
        ),
        "a list in place of its length": (
            kind == "TypeError" and re.search(r"unsupported operand.*'list'", text),
            "A list cannot be divided. How many cases are in it?",
            "`len(...)` gives the number.",
        ),
        "the batch is empty": (
            "at least one array" in text,
            "No case is left to stack: the slice is empty, or begins behind the end.",
            "Print where the batch starts and ends, for each index.",
        ),
        "`self` is missing": (
            kind == "UnboundLocalError"
            or (
                kind == "NameError" and re.search(r"'(cases|order|epoch|batch_size|shuffle|shuffle_cases|seed)'", text)
            ),
            "Inside a method, what belongs to the object is reached through `self`.",
            "Write `self.` in front of the name.",
        ),
    }
    for cause, (found, why, remedy) in known.items():
        if found:
            return Wrong(cause, received=describe_error(error), expected="no error", why=why, remedy=remedy)
    return None

"""Tiny cases on disk for checks, which of them a batch holds, and the mistakes in reading a batch."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import GeneratorType
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Row, When

CASE = HEIGHT, WIDTH = 4, 6  # not square: swapped axes show
Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TinyCases:
    """Cases on disk, with what is in them. All are different, and no two are swapped."""

    paths: list[Path]
    images: np.ndarray
    masks: np.ndarray

    def pair(self, places: list) -> Pair:
        """Return the images and the masks of the cases at some places of the list."""
        return self.images[places], self.masks[places]

    def places(self, batch: Any) -> list[int | None] | None:
        """Return which case each row of a batch is, by its image or its mask. See `places_in`."""
        return places_in(batch, self.images, self.masks)


@contextmanager
def tiny_cases(count: int, rng: np.random.Generator) -> Iterator[TinyCases]:
    """Write cases of 4 x 6 pixels, and remove them at the end.

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
        yield TinyCases(paths, images, masks)


def read_cases(paths: list[Path]) -> Pair:
    """Return the images and the masks of cases."""
    batch = np.stack([np.load(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


def places_in(batch: Any, *tables: np.ndarray) -> list[int | None] | None:
    """Return which row of the tables each row of a batch is, None for what is in none; None if that cannot be said."""
    try:
        if not hasattr(batch[0], "shape"):
            return None
        rows = np.asarray(batch[0], dtype="float64").reshape(len(batch[0]), -1)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    known = np.concatenate([table.reshape(len(table), -1) for table in tables])
    if rows.shape[1] == 2 * known.shape[1]:  # both channels: every other number is the image's
        rows = rows[:, ::2]
    if rows.shape[1] != known.shape[1]:
        return [None] * len(rows)
    same = np.isclose(rows[:, None], known, atol=1e-3).all(axis=2)
    return [int(row.argmax()) % len(tables[0]) if row.any() else None for row in same]


def listing(places: list) -> str:
    """Return the places of cases in words: "4, 0, 2"."""
    return ", ".join("?" if place is None else str(place) for place in places) or "none"


def listing_cases(places: list) -> str:
    """Return the same with its noun: "cases 4, 0, 2", and "case 9"."""
    return f"case{'s' * (len(places) != 1)} {listing(places)}"


# ---- How a batch is compared and shown ---------------------------------------------------------


@dataclass(frozen=True)
class Batch(Kind):
    """A pair of arrays, images and masks. Where it is read `with_values`, not only the shapes matter."""

    cases: Any = None  # the `TinyCases` of which it was made, for rows that tell which of them it holds
    with_values: bool = True

    def distance(self, value: Any, other: Any) -> float:
        """Return 0 for equal pairs, infinity for others."""
        same = _is_pair(value) and not _misshapen(value, other)
        return 0 if same and not (self.with_values and _other_values(value, other)) else np.inf

    def show(self, value: Any, right: Any) -> tuple[str, str]:
        """Return the words for a pair, or for the first thing that makes it none."""
        two_arrays = f"two arrays, images and masks, each of shape {right[0].shape}"
        if not _is_pair(value):
            return _brief(value), two_arrays
        if wrong := _misshapen(value, right):
            name, array, shape = wrong
            if shape is None:
                return f"{name}: {_brief(array)}", two_arrays
            return f"{name} of shape {shape}", f"shape {right[0].shape}: batch, height, width, channels"
        row, _ = _other_values(value, right) or (0, 0)
        received, expected = (
            f"case {row} of the batch: image {_corner(images[row])}..., mask {_corner(masks[row])}..."
            for images, masks in (value, right)
        )
        return received, expected


def _is_pair(batch: Any) -> bool:
    return isinstance(batch, (tuple, list)) and len(batch) == 2


def _misshapen(batch: Any, right: Pair) -> tuple[str, Any, tuple | None] | None:
    """Return the first array of a pair that has another shape: its name, itself, and its shape."""
    for name, array, true in zip(("images", "masks"), batch, right, strict=True):
        shape = tuple(array.shape) if hasattr(array, "shape") else None
        if shape != true.shape:
            return name, array, shape
    return None


def _other_values(batch: Any, right: Pair) -> tuple[int, int] | None:
    """Return the first row of a batch that holds other values, and in which of its two arrays."""
    same = [
        np.isclose(np.asarray(array, dtype="float64"), true, atol=1e-4).all(axis=(1, 2, 3))
        for array, true in zip(batch, right, strict=True)
    ]
    return None if np.all(same) else (int(np.argmin(same[0] & same[1])), 0 if not same[0].all() else 1)


def _corner(array: Any) -> str:
    return describe(np.asarray(array, dtype="float64").ravel()[:3])


def _brief(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        kinds = sorted({type(entry).__name__ for entry in value})
        return f"a {type(value).__name__} of {len(value)}: {' and '.join(kinds) or 'empty'}"
    if isinstance(value, dict):
        return f"a dictionary with {', '.join(map(repr, value))}"
    return "a generator object" if isinstance(value, GeneratorType) else describe(value)


# ---- Mistakes: the layout, the values, and what is given to load_case --------------------------


def _shape(array: Any) -> tuple:
    return tuple(getattr(array, "shape", ()))


def _first(batch: Any) -> Any:
    return batch[0] if isinstance(batch, (tuple, list)) and batch else None


def _wrong_shape(out: Outcome) -> tuple | None:
    """Return the shape of the first array that has another than it should."""
    wrong = _misshapen(out.value, out.right)
    return wrong[2] if wrong else None


def _shaped(name: str, shapes: Callable[[int], list[tuple]], why: str, remedy: str) -> When:
    """Return the row of a mistake that leads to one of these shapes, given the number of cases."""
    return When(name, lambda out: _wrong_shape(out) in shapes(len(out.right[0])), why, remedy)


_no_pair = partial(When, of=lambda out: None if _is_pair(out.value) else out.value)
SWAPPED = "A network trained like this would learn to draw radiographs from masks."
INTEGERS = "Grey values from 0 to 1 became whole numbers, all of them 0. An array of integers cannot hold 0.3."
STACK = "`np.stack` makes a new first axis; `np.concatenate` joins along an existing one."
KEEP = "Slice with `0:1` in place of `0`, and with `1:2` in place of `1`."
LAST_AXIS = "Slice the last axis: `[..., 0:1]`."
COMMA = "Return the images and the masks, with a comma between them."

# fmt: off
LAYOUT = (
    When("nothing is returned", lambda out: out.value is None, "A function returns only what follows `return`.",
         "End with `return images, masks`."),
    _no_pair("`yield` in place of `return`", lambda batch: isinstance(batch, GeneratorType),
             "A function with `yield` gives a recipe for values, not the values. Keras asks for batch number 2, not "
             "for the next one.", "Return the two arrays."),
    _no_pair("a dictionary", lambda batch: isinstance(batch, dict), "Keras would take all of it for input.",
             "Return two arrays."),
    _no_pair("image and mask in one array", lambda batch: _shape(batch)[1:] == (*CASE, 2),
             "Keras needs to know what goes into the network, and what should come out.",
             "Split the last axis: its first channel is the image, its second the mask. Keep the axis."),
    _no_pair("only one of the two is returned", lambda batch: _shape(batch)[1:] in ((*CASE, 1), CASE),
             "The network learns from pairs.", COMMA),
    _no_pair("paths in place of arrays", lambda batch: isinstance(_first(batch), (str, Path)),
             "These are the names of the files. Nothing has been read yet.",
             "Read each path with `load_case`, or pass the paths to `read_batch`."),
    _no_pair("indices in place of arrays",
             lambda batch: isinstance(_first(batch), (int, np.integer)) or "int" in str(getattr(batch, "dtype", "")),
             "These are places in the list of cases.", "Look up the case at each of these places, and read it."),
    _no_pair("the cases are not stacked", lambda batch: _first(batch) is not None and len(_shape(_first(batch))) < 4,
             "This is one entry for each case. Keras wants one array of images, and one of masks.",
             "Collect the arrays in a list, then `np.stack` it; split image and mask after that."),
    _no_pair("not a pair of arrays", lambda batch: True, "", COMMA),
    When("a list, not an array", lambda out: (wrong := _misshapen(out.value, out.right)) and wrong[2] is None,
         "Keras calculates with whole batches, and a list of arrays is none.",
         "`np.stack` puts arrays of the same shape on top of each other."),
    _shaped("the channel axis is missing", lambda n: [(n, *CASE)], "An index takes an axis away, a slice keeps it.",
            KEEP),
    _shaped("an empty slice", lambda n: [(n, *CASE, 0)], "Channels count from 0: the mask is channel 1.",
            "Slice with `1:2`."),
    _shaped("both channels", lambda n: [(n, *CASE, 2)], "Image and mask are still together.", KEEP),
    _shaped("concatenated, not stacked", lambda n: [(n * HEIGHT, WIDTH, 1)], STACK, "Use `np.stack`."),
    _shaped("concatenated, not stacked", lambda n: [(n * HEIGHT, WIDTH)], STACK,
            "Use `np.stack`, and keep the channel axis."),
    _shaped("stacked along the last axis", lambda n: [(*CASE, n), (*CASE, 1, n)], "The batch comes first.",
            "Leave `axis` of `np.stack` at 0."),
    _shaped("channels before the pixels", lambda n: [(n, 1, *CASE)], "Keras keeps the channels last.",
            "Slice the last axis."),
    _shaped("height and width are swapped", lambda n: [(n, WIDTH, HEIGHT, 1)], "An axis was moved.",
            "Do not transpose."),
    _shaped("a single case, not a batch", lambda n: [(*CASE, 1), CASE], "The batch axis is missing.",
            "Read all the paths, then stack."),
    _shaped("the first axis is sliced", lambda n: [(1, *CASE, 2)], "That axis counts the cases.", LAST_AXIS),
    _shaped("the second axis is sliced", lambda n: [(n, 1, WIDTH, 2)], "That is the height.", LAST_AXIS),
    _shaped("the new axis is in front", lambda n: [(1, n, *CASE)], "The channels come last.",
            "Put it at the end, or slice."),
    _shaped("one axis too many", lambda n: [(n, *CASE, 1, 1)], "The channel axis was added twice.",
            "Print the shape of a step."),
    When("other cases than those that were asked for", lambda shape: len(shape) == 4 and min(shape[1:3]) > 2 * WIDTH,
         f"The cases that were asked for have {HEIGHT} x {WIDTH} pixels. These were read from somewhere else.",
         "Read what the function or the object was given.", of=_wrong_shape),
    _shaped("one case in place of the batch", lambda n: [(1, *CASE, 1)],
            "Only the first one is in it. A `return` inside the loop ends it after the first turn.",
            "Read all of them, and return after the loop."),
    When("another number of cases in the batch", lambda shape: shape[1:] == (*CASE, 1) and shape[0],
         lambda out: f"It should hold {len(out.right[0])}, and holds {out.found}.",
         "Which cases go in, and where does that number come from? Print the list of paths.", of=_wrong_shape),
    When("the shape is another", _wrong_shape, "", "Print the shape after each step."),
)
READING = (
    Raises("an index in place of a path", r"TypeError: (PathLike|NoneType).* '?(numpy\.)?int",
           "`load_case` expects a path, and was given a number.",
           "Look up the path first: the list of cases, at that place."),
    Raises("several paths at once", "TypeError: PathLike.* '?(list|tuple|ndarray|numpy)",
           "`load_case` reads one file, and was given many.",
           "Call it once for each path, in a loop or a list comprehension."),
    Raises("a list takes one index at a time", "TypeError: only (integer|length-1|0-dim)|list indices must be",
           "A Python list cannot be indexed by an array of places, as NumPy's arrays can.",
           "Look up one place after the other: `[... for place in places]`."),
    Raises("a list in place of its length", "TypeError: unsupported operand.*'list'",
           "A list cannot be divided. How many cases are in it?", "`len(...)` gives the number."),
    Raises("the batch is empty", "Exception: at least one array",
           "No case is left to stack: the slice is empty, or begins past the end.",
           "Print where the batch starts and ends, for each index."),
    Raises("`self` is missing", "NameError: local variable|'(cases|order|epoch|batch_size|shuffle|shuffle_cases|seed)'",
           "Inside a method, what belongs to the object is reached through `self`.",
           "Write `self.` in front of the name."),
)
# fmt: on


def values(read: Callable[..., Pair]) -> tuple[Row, ...]:
    """Return the rows of batches with wrong values. `read` returns the right pair for the inputs of a case."""

    def gives(name: str, change: Callable[..., Pair], why: str, remedy: str) -> Gives:
        return Gives(name, lambda *inputs: change(*read(*inputs)), why, remedy)

    # fmt: off
    return (
        gives("masks first", lambda images, masks: (masks, images), SWAPPED,
              "Return the images first, then the masks."),
        gives("the images twice", lambda images, masks: (images, images), "The second array is the image again.",
              "The mask is channel 1."),
        gives("the masks twice", lambda images, masks: (masks, masks), "The first array is the mask already.",
              "The image is channel 0."),
        gives("grey values as whole numbers", lambda images, masks: (np.floor(images), masks), INTEGERS,
              "Keep the numbers of `load_case`: float32."),
        gives("multiplied by 255", lambda images, masks: (images * 255, masks), "The images lie in [0, 1] on disk.",
              "Leave them as they are."),
        gives("only the first row is filled", lambda *pair: tuple(np.concatenate([a[:1], 0 * a[1:]]) for a in pair), "",
              "Fill each place of the arrays."),
        When(lambda out: f"the {('images', 'masks')[out.found[1]]} hold other values",
             lambda out: not out.is_right and _other_values(out.value, out.right),
             "They should be what `load_case` reads, unchanged.",
             lambda out: f"Compare case {out.found[0]} of the batch with `load_case` of its path, channel "
             f"{out.found[1]}."),
    )
    # fmt: on

"""The mistakes in reading a batch: its layout, its values, and what is given to `load_case`."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from pathlib import Path
from types import GeneratorType
from typing import Any

import numpy as np

from lungseg_course.chapters.batches import CASE, HEIGHT, WIDTH, Pair, is_pair, misshapen, other_values
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Row, When


def _shape(array: Any) -> tuple:
    return tuple(getattr(array, "shape", ()))


def _first(batch: Any) -> Any:
    return batch[0] if isinstance(batch, (tuple, list)) and batch else None


def _wrong_shape(out: Outcome) -> tuple | None:
    """Return the shape of the first array that has another than it should."""
    wrong = misshapen(out.value, out.right)
    return wrong[2] if wrong else None


def _reshaped(out: Outcome) -> bool:
    """Whether the numbers of the batch, or of one whose axes were moved, stand one after the other in a new shape."""
    if out.is_right:
        return False
    found, right = (
        np.concatenate([np.asarray(array, dtype="float64") for array in pair], axis=-1)
        for pair in (out.value, out.right)
    )
    # Cut in two as a whole, in two for each case, or each of the two arrays for itself.
    filled = [np.moveaxis(found, -1, place).ravel() for place in (0, 1, 3)]
    moved = [right.transpose(axes).ravel() for axes in permutations(range(4))]
    return any(np.allclose(one, other, atol=1e-4) for one in filled for other in moved)


def _shaped(name: str, shapes: Callable[[int], list[tuple]], why: str, remedy: str) -> When:
    """Return the row of a mistake that leads to one of these shapes, given the number of cases."""
    return When(name, lambda out: _wrong_shape(out) in shapes(len(out.right[0])), why, remedy)


_no_pair = partial(When, of=lambda out: None if is_pair(out.value) else out.value)
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
    When("a list, not an array", lambda out: (wrong := misshapen(out.value, out.right)) and wrong[2] is None,
         "Keras calculates with whole batches, and a list of arrays is none.",
         "`np.stack` puts arrays of the same shape on top of each other."),
    _shaped("the channel axis is missing", lambda n: [(n, *CASE)], "An index takes an axis away, a slice keeps it.",
            KEEP),
    _shaped("an empty slice", lambda n: [(n, *CASE, 0)], "Channels count from 0: the mask is channel 1.",
            "Slice with `1:2`."),
    _shaped("both channels", lambda n: [(n, *CASE, 2)], "Image and mask are still together.", KEEP),
    _shaped("the result of the call is thrown away", lambda n: [(0, *CASE, 1)],
            "The arrays are empty, as they were made. NumPy's `append` and `concatenate` return a new array, and leave "
            "the old one as it is.", "Collect the cases in a list, and `np.stack` it after the loop."),
    When("all in one row", lambda shape: len(shape) == 1, "Without `axis`, `np.append` lays all numbers in one row.",
         "Collect the cases in a list, and `np.stack` it after the loop.", of=_wrong_shape),
    _shaped("rows of pixels in place of channels", lambda n: [(n, WIDTH, 2), (n, WIDTH, 1)],
            "`case[0]` and `case[1]` are the first two rows of pixels: the first axis is the height.", LAST_AXIS),
    _shaped("batches within a batch", lambda n: [(n, 1, *CASE, 1)],
            "`read_batch` returns a batch, even of one case. Stacked, it gets one axis more.",
            "Give all the paths of the batch to `read_batch` at once."),
    _shaped("concatenated, not stacked", lambda n: [(n * HEIGHT, WIDTH, 1), (HEIGHT, n * WIDTH, 1)], STACK,
            "Use `np.stack`."),
    _shaped("concatenated, not stacked", lambda n: [(n * HEIGHT, WIDTH)], STACK,
            "Use `np.stack`, and keep the channel axis."),
    _shaped("stacked along the last axis", lambda n: [(*CASE, n), (*CASE, 1, n), (*CASE, 2, 1), (*CASE, 2)],
            "The batch comes first.", "Leave `axis` of `np.stack` at 0."),
    _shaped("stacked along an axis in the middle", lambda n: [(HEIGHT, n, WIDTH, 1), (*CASE, n, 1)],
            "The batch comes first.", "Leave `axis` of `np.stack` at 0."),
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
    When("one list with two names",
         lambda out: _wrong_shape(out) == (2 * len(out.right[0]), *CASE, 1) and np.array_equal(*out.value),
         "Images and masks are in both arrays. After `images = masks = []` both names stand for the same list.",
         "Make two lists: `images, masks = [], []`."),
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
NO_PATH = r"expected the path of a case\. Received: "
READING = (
    Raises("an index in place of a path",
           rf"TypeError|InputError: (PathLike|NoneType).* '?(numpy\.)?int|{NO_PATH}(np\.int\d+\()?\d",
           "`load_case` expects a path, and was given a number.",
           "Look up the path first: the list of cases, at that place."),
    Raises("several paths at once",
           rf"TypeError|InputError: PathLike.* '?(list|tuple|ndarray|numpy)|{NO_PATH}([\[(]|an? (list|tuple|array))",
           "`load_case` reads one file, and was given many.",
           "Call it once for each path, in a loop or a list comprehension."),
    Raises("a single path where a list belongs",
           r"TypeError: \w*Path' object is not (iterable|subscriptable)|\w*Path' has no len",
           "`read_batch` goes through a list of paths, and was given one path alone.",
           "Give it the list of all the paths of the batch: `[self.cases[place] for place in ...]`."),
    Raises("a single path where a list belongs", r"InputError|IsADirectoryError: ^/: |'/'$",
           "`read_batch` goes through a list of paths. Of one path alone, a text, it takes letter after letter.",
           "Give it the list of all the paths of the batch: `[self.cases[place] for place in ...]`."),
    Raises("a single index where a list belongs", r"TypeError: numpy\.int\d+' object is not iterable",
           "`read_batch` goes through a list of paths, and was given one place in the list of cases.",
           "Look up the case at each of the places of the batch, and give it the list of these paths."),
    Raises("a list takes one index at a time", "TypeError: only (integer|length-1|0-dim)|list indices must be",
           "A Python list cannot be indexed by an array of places, as NumPy's arrays can.",
           "Look up one place after the other: `[... for place in places]`."),
    Raises("a list in place of its length", "TypeError: unsupported operand.*'list'",
           "A list cannot be divided. How many cases are in it?", "`len(...)` gives the number."),
    Raises("a fixed size", r"ValueError: could not broadcast input array from shape \(\d+,\d+(?:,[12])?\) into shape "
           rf"\((?!{HEIGHT},{WIDTH}[,)])\d+,\d+(?:,[12])?\)",
           "The arrays were made for images of another size than the cases have.",
           "Take the size from a case that was read, `case.shape`; or `np.stack` a list, which needs none."),
    Raises("a fixed size", r"ValueError: cannot reshape array of size \d+ into shape",
           lambda out: f"The cases here have {HEIGHT} x {WIDTH} pixels, and another size is written into your code.",
           "Slice the last axis, `[..., 0:1]`, which keeps the others as they are; do not reshape."),
    Raises("another number of channels", "ValueError: could not broadcast input array",
           lambda out: f"What was made beforehand has other axes than what is put into it: {out.error}.",
           "`case[..., 0:1]` has one channel, `case[..., 0]` has no axis for it, and `case` has two."),
    Raises("a case unpacked along its first axis", "ValueError: too many values to unpack",
           "`image, mask = case` splits the first axis, the rows of pixels. The channels are the last one.", LAST_AXIS),
    Raises("two lists for one", "TypeError: 'list' object cannot be interpreted as an integer",
           "`np.stack` takes one list; what follows it is the axis.", "Stack the images and the masks apart."),
    Raises("a generator where a list belongs", "TypeError: arrays to stack must be passed as",
           "`load_case(path) for path in paths` without brackets is a recipe, and no list.",
           "Put it into square brackets: `[... for path in paths]`."),
    Raises("an ellipsis in place of an axis", "TypeError: 'ellipsis' object cannot be interpreted as an integer",
           "`...` stands for all the other axes in square brackets, and for nothing in a call.",
           "Leave `axis` of `np.stack` at 0, which puts the batch first."),
    Raises("a list has no shape", "AttributeError: 'list' object has no attribute 'shape'", "Arrays have one.",
           "`len(...)` tells how many there are."),
    Raises("the batch is empty", "Exception: at least one array",
           "No case is left to stack: the slice is empty, or begins past the end.",
           "Print where the batch starts and ends, for each index."),
    Raises("`self` is missing", "NameError: '(cases|order|epoch|batch_size|shuffle|shuffle_cases|seed)'",
           lambda out: f"`{out.found[1]}` belongs to the object. Inside a method, that is reached through `self`.",
           lambda out: f"Write `self.{out.found[1]}`.", when=lambda out: isinstance(out.answer, type)),
)
# fmt: on


def _standardised(images: np.ndarray, masks: np.ndarray) -> Pair:
    return (images - images.mean()) / images.std(), masks


def _stretched(images: np.ndarray, masks: np.ndarray) -> Pair:
    return (images - images.min()) / np.ptp(images), masks


def values(read: Callable[..., Pair]) -> tuple[Row, ...]:
    """Return the rows of batches with wrong values. `read` returns the right pair for the inputs of a case."""

    def gives(name: str, change: Callable[..., Pair], why: str, remedy: str, *also: Callable[..., Pair]) -> Gives:
        signs = [lambda *inputs, change=change: change(*read(*inputs)) for change in (change, *also)]
        return Gives(name, signs[0], why, remedy, also=signs[1:])

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
        gives("divided by 255", lambda images, masks: (images / 255, masks),
              "The images lie in [0, 1] on disk already, and would be black now.", "Leave them as they are.",
              lambda images, masks: (images / 255, masks / 255)),
        gives("the mask is inverted", lambda images, masks: (images, 1 - masks), "It is 1 where there is lung.",
              "Leave it as it is."),
        gives("grey values as True and False", lambda images, masks: (images != 0, masks),
              "Every number but 0 became True.", "Keep the numbers of `load_case`: float32.",
              lambda images, masks: (images > 0.5, masks)),
        gives("multiplied by the mask", lambda images, masks: (images * masks, masks),
              "All that is not lung is black now. The network would be shown what it should find.",
              "Return the image as it is."),
        gives("normalised once more", _standardised, "The images were normalised to [0, 1] when they were prepared.",
              "Leave them as they are.", _stretched),
        gives("half precision", lambda images, masks: (images.astype("float16"), masks),
              "`float16` keeps three digits.", "Keep the numbers of `load_case`: float32."),
        gives("multiplied by 255", lambda images, masks: (images * 255, masks), "The images lie in [0, 1] on disk.",
              "Leave them as they are."),
        gives("only the first row is filled", lambda *pair: tuple(np.concatenate([a[:1], 0 * a[1:]]) for a in pair), "",
              "Fill each place of the arrays."),
        When("cut by `reshape`", _reshaped,
             "All the numbers are there, in other places: `reshape` fills a new shape with them in the order in which "
             "they lie in memory.", "Slice the last axis, `[..., 0:1]`; do not reshape."),
        When(lambda out: f"the {('images', 'masks')[out.found[1]]} hold other values",
             lambda out: not out.is_right and other_values(out.value, out.right),
             "They should be what `load_case` reads, unchanged.",
             lambda out: f"Compare case {out.found[0]} of the batch with `load_case` of its path, channel "
             f"{out.found[1]}."),
    )
    # fmt: on

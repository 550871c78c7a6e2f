"""Notebook 5, exercise 5.4: cleaning a mask, and what is kept by mistake."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at

SQUARE = np.ones((3, 3))


class Components:
    """The components of a mask: `labels` with their numbers, `by_size` with the number of the smallest first."""

    def __init__(self, mask, structure: np.ndarray | None = SQUARE):
        from scipy import ndimage

        self.labels, self.found = ndimage.label(mask, structure=structure)
        self.areas = np.bincount(self.labels.ravel(), minlength=self.found + 1)
        self.by_size = np.argsort(self.areas[1:], kind="stable") + 1

    def keep(self, numbers) -> np.ndarray:
        return np.isin(self.labels, numbers)

    def sorted_with_background(self, pixels: int | None = None) -> np.ndarray:
        """Return the numbers by size with 0, the background: by its own pixels or as if it had so many."""
        background = self.areas[0] if pixels is None else pixels
        return np.argsort([background, *self.areas[1:]], kind="stable")

    def by_box(self) -> np.ndarray:
        """Return the numbers, that with the smallest box around it first."""
        from scipy import ndimage

        sizes = [np.prod([side.stop - side.start for side in box]) for box in ndimage.find_objects(self.labels)]
        return np.argsort(sizes, kind="stable") + 1

    def in_words(self) -> str:
        areas = sorted(self.areas[1:].tolist(), reverse=True)
        pixels = counted(areas[0], "pixel") if self.found == 1 else f"{', '.join(map(str, areas))} pixels"
        return f"a mask with {counted(self.found, 'component')}: {pixels}" if self.found else "an empty mask"


class Mask(Numbers):
    """A mask, which is told by its components."""

    def distance(self, value, other) -> float:
        return 0 if np.array_equal(value, other) else np.inf

    def show(self, value, right) -> tuple[str, str]:
        return Components(value).in_words(), Components(right).in_words()


@dataclass(frozen=True)
class MaskOfEquals(Mask):
    """A mask where some components have equal areas: any of them will do."""

    mask: np.ndarray | None = None

    def same(self, value, right) -> bool:
        found, wanted = self.show(value, right)
        return super().same(value, right) or (self.kept(value) is not None and found == wanted)

    def kept(self, value) -> int | None:
        """Return how many components of the mask were kept as a whole; None where there is anything else."""
        components = Components(self.mask)
        if value.shape != components.labels.shape:
            return None
        numbers = np.setdiff1d(components.labels[value != 0], 0)
        return len(numbers) if np.array_equal(value, components.keep(numbers)) else None


def _keep(mask, count=2, structure=SQUARE):
    components = Components(mask, structure)
    return components.keep(components.by_size[max(components.found - count, 0) :])


def _from_a_place_below_0(mask, count=2):
    components = Components(mask)
    return components.keep(components.by_size[components.found - count :])


def _fill(mask, count=2):
    from scipy import ndimage

    return ndimage.binary_fill_holes(_keep(mask, count))


def _count_and_found(out) -> tuple[int, int]:
    return out.at_inputs(lambda mask, count=2: (count, Components(mask).found))


def _why_the_background(out) -> str:
    count, found = _count_and_found(out)
    return f"With {counted(found, 'component')}, the last {count} numbers hold 0 too, the background."


def _why_nothing(out) -> str:
    count, found = _count_and_found(out)
    if found < count:
        return f"With fewer than {count} components, keep those that there are."
    return "`np.sort` gives the areas, `np.argsort` the numbers: labels are to be compared with numbers."


def _kept_when_enlarged(out) -> tuple[int, int] | None:
    """Return how many components stay, here and of the same mask enlarged, where that is not the same."""
    if out.is_right or out.value.shape != out.right.shape:
        return None
    mask, *more = out.args
    try:
        enlarged = np.asarray(out.answer(np.kron(mask, np.ones((8, 8), dtype=bool)), *more))
        numbers = Components(out.value).found, Components(enlarged).found
    except Exception:
        return None
    return None if numbers[0] == numbers[1] else numbers


UPWARDS = "`np.argsort` sorts upwards, so that the largest are the last ones.", "Take the last ones: `[-count:]`."
BY_AREA = (
    "Areas were compared, and an area does not say which component is meant: three of them share it.",
    "Choose by number, not by area: the last ones of `np.argsort(areas)`, then `np.isin`.",
)

# fmt: off
EQUALS = (
    When("more components than asked for, where areas are equal",
         lambda out: (out.kind.kept(out.value) or 0) > _count_and_found(out)[0], *BY_AREA),
    When("fewer components than asked for, where areas are equal",
         lambda out: (out.kind.kept(out.value) or 9) < _count_and_found(out)[0], *BY_AREA),
)
ROWS = (
    Raises("`in` with arrays", "ValueError", "`in` answers once, for a single thing. Here each pixel asks.",
           "Use `np.isin(labels, ...)`, which answers for each pixel.", line=" in ", expected="a mask"),
    Raises("one answer for a whole image", "ValueError: truth value",
           "`and`, `or` and `if` want a single yes or no, and each pixel has its own. And `|` comes before `==`.",
           "Use `np.isin(labels, ...)`; or parentheses: `(labels == 1) | (labels == 2)`.", expected="a mask"),
    Raises("the largest of none", "ValueError: empty|zero-size",
           "An empty mask has no component, and of no numbers none is the largest.",
           "Return an empty mask where `found` is 0, or take slices, which may be empty.", expected="an empty mask"),
    Raises("an image where a row of numbers belongs", "ValueError: object too deep",
           "`np.bincount` counts numbers in a row, and `labels` has rows and columns.",
           "Write `np.bincount(labels.ravel())`.", expected="a mask"),
    Shape("one number", (), "The function should give the mask itself.",
          "Return where `labels` is one of the largest."),
    Shape("a mask for each component", lambda mask, count=2: (count, *mask.shape), "", "Join them: `np.isin` does."),
    Shape("places in place of a mask", lambda mask, count=2: (2, int(_keep(mask, count).sum())),
          "`np.where` with one argument returns rows and columns.", "Return what you gave to `np.where`."),
    Shape("a number for each component", lambda mask, count=2: (Components(mask).found + 1,),
          "The result has an entry for each number, and not for each pixel.", "Return `np.isin(labels, ...)`."),
    Shape("the numbers of the components are returned", lambda mask, count=2: (count,),
          "They say which ones to keep.", "Return where `labels` is one of them: `np.isin(labels, ...)`."),
    When("a fixed number of pixels in place of the count", _kept_when_enlarged,
         lambda out: f"Of the same mask, 8 times as large, {counted(out.found[1], 'component')} would stay, and here "
                     f"{counted(out.found[0], 'component')}. A lung has more pixels in a larger image.",
         "Sort by area, and keep the last `count`."),
    Gives("the background comes along",
          lambda mask, count=2: Components(mask).keep(Components(mask).sorted_with_background(0)[-count:]),
          _why_the_background,
          "Take no more numbers than there are components: `min(count, found)`, and mind that `[-0:]` is everything."),
    Gives("the background counts as a component",
          lambda mask, count=2: Components(mask).keep(Components(mask).sorted_with_background()[-count:]),
          "Number 0 is the background, and usually the largest of all.",
          "Set the count of the background to 0 before you sort."),
    Gives("the smallest are kept", lambda mask, count=2: Components(mask).keep(Components(mask).by_size[:count]),
          *UPWARDS),
    Gives("the smallest are kept, and the background",
          lambda mask, count=2: Components(mask).keep(Components(mask).sorted_with_background(0)[:count]), *UPWARDS),
    Gives("the first ones are kept, not the largest",
          lambda mask, count=2: Components(mask).keep(np.arange(1, count + 1)),
          "Labels are given from the top of the image downwards, not by size.",
          "Count the pixels of each number first."),
    Gives("the first ones are kept, and the background",
          lambda mask, count=2: Components(mask).labels <= count,
          "The background has the number 0, and labels do not go by size.", "Count the pixels of each number first."),
    Gives("nothing is removed", lambda mask, count=2: mask, "", "Return only the components with the most pixels."),
    Gives("it is turned inside out", lambda mask, count=2: ~_keep(mask, count),
          "", "Keep where `labels` is one of the largest."),
    Gives("a place below 0 counts from the end", _from_a_place_below_0,
          "With fewer components than asked for, `found - count` is below 0, and a slice that begins there begins near "
          "the end.", "Begin at `max(found - count, 0)`."),
    Gives("only the largest one is kept", lambda mask, count=2: _keep(mask, 1),
          "", lambda out: f"Keep {_count_and_found(out)[0]} of them."),
    Gives("always two are kept", lambda mask, count=2: _keep(mask, 2),
          "The argument `count` is not used.", "Use `count`."),
    Gives("one too many is kept", lambda mask, count=2: _keep(mask, count + 1), "", "Count again: `[-count:]`."),
    Gives("the holes are filled", _fill,
          "`clean_mask` of the package does that too. Here a hole should stay.", "Return the components as they are."),
    Gives("corners do not count as touching", lambda mask, count=2: _keep(mask, count, structure=None),
          "Without `structure`, `ndimage.label` looks at the four neighbours at the edges only.",
          "Leave the first line as it was."),
    Gives("the numbers are shifted by one",
          lambda mask, count=2: Components(mask).keep(Components(mask).by_size[-count:] - 1),
          "After `areas[1:]` the first place belongs to component 1, and `argsort` counts from 0.",
          "Add 1 to the numbers, or set the count of the background to 0 in place of cutting it off."),
    Gives("boxes are compared, not pixels",
          lambda mask, count=2: Components(mask).keep(Components(mask).by_box()[-count:]),
          "The box around a component holds background, too: a thin line across the image has a large one.",
          "Count the pixels of each number: `np.bincount(labels.ravel())`."),
    Gives("nothing is left", lambda mask, count=2: np.zeros_like(mask),
          _why_nothing, "Print the areas, and the numbers that you keep."),
    Gives("the largest one is left out", lambda mask, count=2: _keep(mask, count + 1) & ~_keep(mask, 1),
          "Python counts from 0, so `[1:]` begins with the second.",
          "Begin with the first, or take the last ones of the sorted numbers: `[-count:]`."),
    When("255 in place of 1", lambda out: set(np.unique(out.value)) == {0, 255},
         "Image files hold masks of 0 and 255. Here a mask is true and false, or 1 and 0.",
         "Return what `np.isin` gives.", received="the values 0 and 255", expected="true and false, or 1 and 0"),
    When("the numbers of the components stand in the mask",
         lambda out: not out.is_right and np.array_equal(out.value > 0, out.right),
         "`labels` holds 1, 2, 3 ...; a mask says yes or no.",
         "Return where `labels` is one of the largest: `np.isin(labels, ...)`.",
         received=lambda out: f"the values {np.unique(out.value).astype(int).tolist()}",
         expected="true and false, or 1 and 0"),
    When("other pixels are kept", lambda out: not out.is_right and out.value.shape == out.right.shape,
         "", "Print the areas beside the numbers that you keep."),
)
SMALL_BACKGROUND = Gives(
    "the background is not always the largest",
    lambda mask, count=2: Components(mask).keep(Components(mask).sorted_with_background()[-count - 1 :]) * mask,
    "It was taken for the number with the most pixels, and it is not always.",
    "Set the count of the background to 0 before you sort.",
    also=(lambda mask, count=2: Components(mask).keep(Components(mask).sorted_with_background()[-count - 1 : -1]),))
CHANGED = When("the mask that you were given is changed", lambda out: out.changed,
               "`mask[...] = 0` works in place, on the caller's own array.", "Return a new mask: `np.isin` makes one.",
               received=lambda out: f"afterwards it has {out.given[0].sum()} pixels",
               expected=lambda out: f"the mask as it was, with {out.args[0].sum()} pixels")
# fmt: on

look = partial(look_at, "keep_largest", _keep, kind=Mask("the mask"))


@look(ROWS)
def look_islands(rng):
    """Two lungs and two islands: the islands go."""
    mask = np.zeros((12, 16), dtype=bool)
    # From the top: an island of 1, a lung, an island of 6, a lung, an island of 3. Labels follow this order.
    mask[0, 1 + int(rng.integers(3))] = True
    mask[2:7, 1:5] = True
    mask[3:6, 6:8] = True
    mask[4:10, 9 : 13 + int(rng.integers(2))] = True
    mask[10, 1:4] = True
    yield Case(
        mask, tried="keep_largest(mask) with two large components, 20 pixels and more, and islands of 1, 3 and 6"
    )


@look(ROWS)
def look_count(rng):
    """As many as asked for, by their pixels, also where areas are equal."""
    mask = np.zeros((10, 16), dtype=bool)
    for left, size in zip((0, 4, 8, 12), rng.permutation([(1, 2), (2, 2), (3, 3), (5, 3)]), strict=True):
        mask[1 : 1 + size[0], left : left + size[1]] = True
    for count in (1, 3):
        yield Case(mask, count, tried=f"keep_largest(mask, count={count}) with components of 2, 4, 9 and 15 pixels")
    mask = np.zeros((8, 18), dtype=bool)
    mask[1:7, 1] = mask[6, 1:7] = True  # an angle of 11 pixels in a box of 36
    mask[1:5, 8:12] = mask[1:6, 13:17] = True  # 16 and 20 pixels, which fill their boxes
    yield Case(
        mask[:, :: int(rng.choice([-1, 1]))].copy(),
        tried="keep_largest(mask) with an angle of two thin lines, 11 pixels, and rectangles of 16 and 20",
    )
    mask = np.zeros((6, 16), dtype=bool)
    for left, size in zip((0, 4, 8, 12), rng.permutation([(2, 2), (2, 2), (2, 2), (3, 3)]), strict=True):
        mask[1 : 1 + size[0], left : left + size[1]] = True
    for inputs in ((mask,), (mask, 3)):
        tried = f"keep_largest(mask, count={(*inputs, 2)[1]}) with components of 4, 4, 4 and 9 pixels"
        yield Case(*inputs, tried=tried, rows=(*EQUALS, *ROWS), kind=MaskOfEquals("the mask", mask=mask))


@look(ROWS)
def look_few(rng):
    """Fewer components than asked for, or none: all stay, and nothing comes along."""
    mask = np.zeros((7, 9), dtype=bool)
    yield Case(mask, tried="keep_largest(mask) with an empty mask of shape (7, 9)")
    mask = mask.copy()
    mask[1 + int(rng.integers(2)) :, 2:5] = True
    yield Case(mask, tried="keep_largest(mask) with a single component")
    yield Case(mask, 3, tried="keep_largest(mask, count=3) with a single component")
    mask = mask.copy()
    mask[2:5, 7:] = True
    yield Case(mask, 3, tried="keep_largest(mask, count=3) with two components")
    mask = np.ones((7, 13), dtype=bool)
    mask[:, [3, 8]] = False
    tried = "keep_largest(mask) with components of 21, 28 and 28 pixels, and a background of 14"
    yield Case(mask[:, :: int(rng.choice([-1, 1]))].copy(), tried=tried, rows=(SMALL_BACKGROUND, *ROWS))


@look((*ROWS, CHANGED))
def look_shapes(rng):
    """Corners belong together, holes stay, and the given mask stays as it is."""
    mask = np.zeros((14, 14), dtype=bool)
    mask[0:3, 0:3] = mask[3:6, 3:6] = True  # 18 pixels in two squares that touch at a corner
    mask[8:13, 1:6] = True  # 24 pixels, with a hole
    mask[10, 3] = False
    mask[1:5, 9:13] = True  # 16 pixels
    mask[9, 8 + int(rng.integers(5))] = True
    tried = "keep_largest(mask) with 18 pixels in two squares that touch at a corner, 24 with a hole, 16, and 1"
    yield Case(mask, tried=tried)

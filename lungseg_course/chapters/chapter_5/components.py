"""Notebook 5, exercise 5.4: what is looked at in the cleaning of a mask."""

import numpy as np

from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, as_array, expect_shape, students_line, trying

SQUARE = np.ones((3, 3))


def look_islands(keep_largest, rng) -> None:
    """Two lungs and two islands: the islands go."""
    mask = np.zeros((12, 16), dtype=bool)
    # From the top: an island of 1, a lung, an island of 6, a lung, an island of 3. Labels follow this order.
    mask[0, 1 + int(rng.integers(3))] = True
    mask[2:7, 1:5] = True
    mask[3:6, 6:8] = True
    mask[4:10, 9 : 13 + int(rng.integers(2))] = True
    mask[10, 1:4] = True
    with trying(
        "keep_largest(mask) with two large components, 20 pixels and more, and islands of 1, 3 and 6", _explain
    ):
        _expect_kept(keep_largest, mask, 2)


def look_count(keep_largest, rng) -> None:
    """As many as asked for, by their pixels, also where areas are equal."""
    mask = np.zeros((10, 16), dtype=bool)
    for left, size in zip((0, 4, 8, 12), rng.permutation([(1, 2), (2, 2), (3, 3), (5, 3)]), strict=True):
        mask[1 : 1 + size[0], left : left + size[1]] = True
    for count in (1, 3):
        with trying(f"keep_largest(mask, count={count}) with components of 2, 4, 9 and 15 pixels"):
            _expect_kept(keep_largest, mask, count)
    mask = np.zeros((8, 18), dtype=bool)
    mask[1:7, 1] = mask[6, 1:7] = True  # an angle of 11 pixels in a box of 36
    mask[1:5, 8:12] = mask[1:6, 13:17] = True  # 16 and 20 pixels, which fill their boxes
    with trying("keep_largest(mask) with an angle of two thin lines, 11 pixels, and rectangles of 16 and 20"):
        _expect_kept(keep_largest, mask[:, :: int(rng.choice([-1, 1]))].copy(), 2)
    mask = np.zeros((6, 16), dtype=bool)
    for left, size in zip((0, 4, 8, 12), rng.permutation([(2, 2), (2, 2), (2, 2), (3, 3)]), strict=True):
        mask[1 : 1 + size[0], left : left + size[1]] = True
    for count in (2, 3):
        with trying(f"keep_largest(mask, count={count}) with components of 4, 4, 4 and 9 pixels", _explain):
            _expect_number(keep_largest, mask, count)


def look_few(keep_largest, rng) -> None:
    """One component, or none: nothing comes along."""
    mask = np.zeros((7, 9), dtype=bool)
    with trying("keep_largest(mask) with an empty mask of shape (7, 9)"):
        _expect_kept(keep_largest, mask, 2)
    mask[1 + int(rng.integers(2)) :, 2:5] = True
    with trying("keep_largest(mask) with a single component"):
        _expect_kept(keep_largest, mask, 2)


def look_shapes(keep_largest, rng) -> None:
    """Corners belong together, holes stay, and the given mask stays as it is."""
    mask = np.zeros((14, 14), dtype=bool)
    mask[0:3, 0:3] = mask[3:6, 3:6] = True  # 18 pixels in two squares that touch at a corner
    mask[8:13, 1:6] = True  # 24 pixels, with a hole
    mask[10, 3] = False
    mask[1:5, 9:13] = True  # 16 pixels
    mask[9, 8 + int(rng.integers(5))] = True
    with trying("keep_largest(mask) with 18 pixels in two squares that touch at a corner, 24 with a hole, 16, and 1"):
        _expect_kept(keep_largest, mask, 2)
        own = mask.copy()
        keep_largest(own)
        if not np.array_equal(own, mask):
            raise Wrong(
                "the mask that you were given is changed",
                received=f"afterwards it has {own.sum()} pixels",
                expected=f"the mask as it was, with {mask.sum()} pixels",
                why="`mask[...] = 0` works in place, on the caller's own array.",
                remedy="Return a new mask: `np.isin` makes one.",
            )


def _explain(error: Exception) -> Wrong | None:
    place = students_line(error)
    if not isinstance(error, ValueError) or place is None or " in " not in place[1]:
        return None
    return Wrong(
        "`in` with arrays",
        received="",
        expected="a mask",
        why="`in` answers once, for a single thing. Here each pixel asks.",
        remedy="Use `np.isin(labels, ...)`, which answers for each pixel.",
    )


def _expect_number(keep_largest, mask: np.ndarray, count: int) -> None:
    """Expect `count` of the largest components; where some are equal, any of them will do."""
    from scipy import ndimage

    result = _kept(keep_largest, mask, count)
    labels, _ = ndimage.label(mask, structure=SQUARE)
    numbers = np.setdiff1d(labels[result != 0], 0)
    if np.array_equal(result, np.isin(labels, numbers)):  # whole components
        texts = {"received": _words(result), "expected": _words(_keep(mask, count))}
        if texts["received"] == texts["expected"]:
            return
        if len(numbers) != count:
            raise Wrong(
                f"{'more' if len(numbers) > count else 'fewer'} components than asked for, where areas are equal",
                **texts,
                why="Areas were compared, and an area does not say which component is meant: three of them share it.",
                remedy="Choose by number, not by area: the last ones of `np.argsort(areas)`, then `np.isin`.",
            )
    _expect_kept(keep_largest, mask, count)


def _kept(keep_largest, mask: np.ndarray, count: int) -> np.ndarray:
    result = as_array(keep_largest(*((mask.copy(), count) if count != 2 else (mask.copy(),))), "the mask")
    expect_shape(
        result,
        mask.shape,
        {
            (): (
                "one number",
                "The function should give the mask itself.",
                "Return where `labels` is one of the largest.",
            ),
            (count,): (
                "the numbers of the components are returned",
                "They say which ones to keep.",
                "Return where `labels` is one of them: `np.isin(labels, ...)`.",
            ),
        },
    )
    return result


def _expect_kept(keep_largest, mask: np.ndarray, count: int) -> None:
    expected, result = _keep(mask, count), _kept(keep_largest, mask, count)
    if np.array_equal(result, expected):
        return
    received, wanted = _words(result), _words(expected)
    for cause, (value, why, remedy) in _mistakes(mask, count).items():
        if np.array_equal(result, value):
            raise Wrong(cause, received=received, expected=wanted, why=why, remedy=remedy)
    if np.array_equal(result > 0, expected):
        raise Wrong(
            "the numbers of the components stand in the mask",
            received=f"the values {np.unique(result).astype(int).tolist()}",
            expected="true and false, or 1 and 0",
            why="`labels` holds 1, 2, 3 ...; a mask says yes or no.",
            remedy="Return where `labels` is one of the largest: `np.isin(labels, ...)`.",
        )
    raise Wrong(
        "other pixels are kept",
        received=received,
        expected=wanted,
        remedy="Print the areas beside the numbers that you keep.",
    )


def _mistakes(mask: np.ndarray, count: int) -> dict[str, tuple]:
    """What known mistakes would keep, with why and what to try."""
    from scipy import ndimage

    labels, found = ndimage.label(mask, structure=SQUARE)
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    by_size = np.argsort(areas[1:], kind="stable") + 1
    zeroed = areas.copy()
    zeroed[0] = 0
    mistakes = {
        "the background comes along": (
            np.isin(labels, np.argsort(zeroed, kind="stable")[-count:]),
            f"With {counted(found, 'component')}, the last {count} numbers hold 0 too, the background.",
            "Take no more numbers than there are components: `min(count, found)`, and mind that `[-0:]` is everything.",
        ),
        "the background counts as a component": (
            np.isin(labels, np.argsort(areas, kind="stable")[-count:]),
            "Number 0 is the background, and usually the largest of all.",
            "Set the count of the background to 0 before you sort.",
        ),
        "the smallest are kept": (
            np.isin(labels, by_size[:count]),
            "`np.argsort` sorts upwards, so that the largest are the last ones.",
            "Take the last ones: `[-count:]`.",
        ),
        "the smallest are kept, and the background": (
            np.isin(labels, np.argsort(zeroed, kind="stable")[:count]),
            "`np.argsort` sorts upwards, so that the largest are the last ones.",
            "Take the last ones: `[-count:]`.",
        ),
        "the first ones are kept, not the largest": (
            (labels >= 1) & (labels <= count),
            "Labels are given from the top of the image downwards, not by size.",
            "Count the pixels of each number first.",
        ),
        "nothing is removed": (mask, "", "Return only the components with the most pixels."),
        "it is turned inside out": (~_keep(mask, count), "", "Keep where `labels` is one of the largest."),
        "only the largest one is kept": (_keep(mask, 1), "", f"Keep {count} of them."),
        "always two are kept": (_keep(mask, 2), "The argument `count` is not used.", "Use `count`."),
        "one too many is kept": (_keep(mask, count + 1), "", "Count again: `[-count:]`."),
        "the holes are filled": (
            ndimage.binary_fill_holes(_keep(mask, count)),
            "`clean_mask` of the package does that too. Here a hole should stay.",
            "Return the components as they are.",
        ),
        "corners do not count as touching": (
            _keep(mask, count, structure=None),
            "Without `structure`, `ndimage.label` looks at the four neighbours at the edges only.",
            "Leave the first line as it was.",
        ),
        "the numbers are shifted by one": (
            np.isin(labels, by_size[-count:] - 1),
            "After `areas[1:]` the first place belongs to component 1, and `argsort` counts from 0.",
            "Add 1 to the numbers, or set the count of the background to 0 in place of cutting it off.",
        ),
        "the largest one is left out": (
            _keep(mask, count + 1) & ~_keep(mask, 1),
            "Python counts from 0, so `[1:]` begins with the second.",
            "Begin with the first, or take the last ones of the sorted numbers: `[-count:]`.",
        ),
        "boxes are compared, not pixels": (
            np.isin(labels, _by_box(labels)[-count:]),
            "The box around a component holds background, too: a thin line across the image has a large one.",
            "Count the pixels of each number: `np.bincount(labels.ravel())`.",
        ),
        "nothing is left": (
            np.zeros_like(mask),
            f"With fewer than {count} components, keep those that there are."
            if found < count
            else "`np.sort` gives the areas, `np.argsort` the numbers: labels are to be compared with numbers.",
            "Print the areas, and the numbers that you keep.",
        ),
    }
    if found < 2:
        del mistakes["the largest one is left out"]  # that leaves nothing
    return mistakes


def _keep(mask: np.ndarray, count: int, structure=SQUARE) -> np.ndarray:
    from scipy import ndimage

    labels, found = ndimage.label(mask, structure=structure)
    areas = np.bincount(labels.ravel(), minlength=found + 1)[1:]
    return np.isin(labels, np.argsort(areas, kind="stable")[max(found - count, 0) :] + 1)


def _by_box(labels: np.ndarray) -> np.ndarray:
    """Return the numbers of the components, that with the smallest box around it first."""
    from scipy import ndimage

    sizes = [np.prod([side.stop - side.start for side in box]) for box in ndimage.find_objects(labels)]
    return np.argsort(sizes, kind="stable") + 1


def _words(mask: np.ndarray) -> str:
    from scipy import ndimage

    labels, found = ndimage.label(mask, structure=SQUARE)
    areas = sorted(np.bincount(labels.ravel())[1:].tolist(), reverse=True)
    pixels = counted(areas[0], "pixel") if found == 1 else f"{', '.join(map(str, areas))} pixels"
    return f"a mask with {counted(found, 'component')}: {pixels}" if found else "an empty mask"

"""Exercise 5.4: the largest components of a mask."""

import numpy as np
from scipy import ndimage
from skimage import measure

from answers import Answers
from lungseg import masks

answers = Answers("5.4")


@answers.right
def keep_largest(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    areas[0] = 0
    largest = np.argsort(areas)[-min(count, found) :] if found else []
    return np.isin(labels, largest)


@answers.right
def keep_by_regions(mask, count=2):
    labels = measure.label(np.asarray(mask, dtype=int), connectivity=2)
    regions = sorted(measure.regionprops(labels), key=lambda region: -region.area)
    kept = np.zeros(labels.shape, dtype="uint8")
    for region in regions[:count]:
        kept[tuple(region.coords.T)] = 1
    return kept


@answers.right
def keep_by_table(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = ndimage.sum_labels(mask, labels, index=np.arange(1, found + 1))
    chosen = np.zeros(found + 1)
    chosen[1 + np.argsort(-areas)[:count]] = 1
    return chosen[labels]


@answers.right
def keep_the_first_of_equals(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    numbers = sorted(range(1, found + 1), key=lambda number: -np.sum(labels == number))
    return np.isin(labels, numbers[:count])


@answers.right
def keep_the_last_of_equals(mask, count=2):
    return keep_the_first_of_equals(mask[::-1, ::-1], count)[::-1, ::-1]


def labels_of(mask):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    return labels, found, areas


def numbered(choose, background=False):
    """Return the answer of a student who keeps the components with the numbers `choose(areas, count, found)`."""

    def keep_largest(mask, count=2):
        labels, found, areas = labels_of(mask)
        if not background:
            areas[0] = 0
        return np.isin(labels, choose(areas, count, found))

    return keep_largest


def one_of_each_area(areas, count, found):
    by_area = {area: number for number, area in enumerate(areas) if number}
    return [by_area[area] for area in sorted(by_area)[-count:]]


def kept(change):
    """Return the answer of a student who keeps the right components, and then does this to the mask."""
    return lambda mask, count=2: change(keep_largest(mask, count))


def kept_or_not(labels, found, areas):
    first, second = np.argsort(areas[1:])[-2:] + 1
    return labels == first | labels == second


wrong = answers.wrong
wrong("the background counts as a component")(
    numbered(lambda areas, count, found: np.argsort(areas)[-count:], background=True)
)
too_few_forgotten = wrong("the background comes along")(
    numbered(lambda areas, count, found: np.argsort(areas)[-count:])
)
none_forgotten = wrong("the background comes along", 3 / 4)(
    numbered(lambda areas, count, found: np.argsort(areas)[-min(count, found) :])
)
wrong("the numbers are shifted by one")(
    numbered(lambda areas, count, found: np.argsort(areas[1:])[max(found - count, 0) :])
)
wrong("fewer components than asked for, where areas are equal")(numbered(one_of_each_area))
wrong("nothing is left")(numbered(lambda areas, count, found: np.sort(areas)[-count:], background=True))
wrong("nothing is returned")(kept(lambda mask: None))
wrong("one number")(kept(lambda mask: mask.sum()))
wrong("always two are kept", 3 / 4)(lambda mask, count=2: keep_largest(mask, 2))
wrong("the numbers of the components stand in the mask")(
    lambda mask, count=2: labels_of(mask)[0] * keep_largest(mask, count)
)
wrong("the arguments do not fit")(lambda mask: keep_largest(mask))


wrong("the package's answer, not yours", 0)(masks.clean_mask)
wrong("the package's answer, not yours", 0)(lambda mask, count=2: masks.clean_mask(mask, count))
wrong("one answer for a whole image", 0)(lambda mask, count=2: kept_or_not(*labels_of(mask)))
wrong("places in place of a mask", 0)(kept(np.where))
wrong("a mask for each component", 0)(lambda mask, count=2: np.stack([keep_largest(mask, count)] * count))
wrong("a number for each component", 0)(lambda mask, count=2: labels_of(mask)[2])
wrong("255 in place of 1", 0)(kept(lambda mask: mask.astype("uint8") * 255))


@wrong("an image where a row of numbers belongs", 0)
def counted_in_an_image(mask, count=2):
    labels, _, _ = labels_of(mask)
    return np.isin(labels, np.argsort(np.bincount(labels))[-count:])


@wrong("the largest of none", 3 / 4)
def largest_of_none(mask, count=2):
    labels, found, areas = labels_of(mask)
    largest = areas.tolist().index(max(areas[1:]))
    return np.isin(labels, largest) if found == 1 or count == 1 else keep_largest(mask, count)


@wrong("the background is not always the largest", 3 / 4)
def one_more_for_the_background(mask, count=2):
    labels, _, areas = labels_of(mask)
    return np.isin(labels, np.argsort(areas, kind="stable")[-count - 1 :]) & (labels > 0)


@wrong("more components than asked for, where areas are equal", 3 / 4)
def all_of_equal_area(mask, count=2):
    labels, found, areas = labels_of(mask)
    areas[0] = 0
    return areas[labels] >= max(np.sort(areas)[-min(count, found)], 1) if found else np.zeros_like(mask)


@wrong("fewer components than asked for, where areas are equal")
def none_of_equal_area(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    limit = np.sort(areas)[-count - 1] if len(areas) > count else 0
    return areas[labels] > limit


@wrong("the numbers of the components are returned")
def numbers_returned(mask, count=2):
    _, _, areas = labels_of(mask)
    areas[0] = 0
    return np.argsort(areas)[-count:]


@wrong("the mask that you were given is changed")
def in_place(mask, count=2):
    mask[~keep_largest(mask, count)] = False
    return mask


@wrong("nothing is left")
def too_few_are_none(mask, count=2):
    _, found, _ = labels_of(mask)
    return keep_largest(mask, count) if found >= count else np.zeros_like(mask)


@wrong("`in` with arrays")
def asked_with_in(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    return labels in np.argsort(areas)[-count:]


def above(pixels):
    """Return the answer of a student who keeps all components of more than so many pixels."""

    def keep_largest(mask, count=2):
        labels, _, areas = labels_of(mask)
        return np.isin(labels, np.flatnonzero(areas > pixels)) & (labels > 0)

    return keep_largest


for pixels in (2, 10, 20, 100):
    wrong("a fixed number of pixels in place of the count")(above(pixels))
wrong("only the largest one is kept")(lambda mask, count=2: keep_largest(mask, 1))


@wrong("a place below 0 counts from the end", 3 / 4)
def from_found_minus_count(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)[1:]
    return np.isin(labels, np.argsort(areas)[found - count :] + 1)


@answers.right
def from_0_or_found_minus_count(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)[1:]
    return np.isin(labels, np.argsort(areas)[max(found - count, 0) :] + 1)

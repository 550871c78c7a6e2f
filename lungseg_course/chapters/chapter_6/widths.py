"""Notebook 6, exercise 6.3: how organs are measured, rightly and wrongly, and masks that tell all of it apart."""

from collections.abc import Callable

import numpy as np

# What differs from chest to chest: numbers of columns and rows.
CHESTS = ((12, 32, 15, 10, 6, 8, 5, 7), (11, 33, 18, 8, 8, 10, 4, 9), (10, 30, 17, 9, 6, 8, 5, 8))
Measure = Callable[[np.ndarray], float]  # of a mask (H, W) that is not empty


def from_organs(value: Callable) -> Callable:
    """Return the function of masks (H, W, 3) that gives `value(right lung, left lung, heart)`, or nan without one."""
    return lambda masks: value(*np.moveaxis(masks, -1, 0)) if masks.any(axis=(0, 1)).all() else np.nan


def ratio_of(heart: Measure, thorax: Measure | None = None) -> Callable:
    """Return the ratio of masks (H, W, 3) in which heart and lungs are measured in these ways, or both in one."""
    return from_organs(lambda right, left, middle: heart(middle) / (thorax or heart)(right | left))


def columns_of(mask: np.ndarray) -> np.ndarray:
    return np.flatnonzero(mask.any(axis=0))


def width(mask: np.ndarray, ends: int = 1) -> int:
    """Return how many columns lie between the outermost ones of a mask, both of them counted."""
    return int(columns_of(mask)[-1] - columns_of(mask)[0]) + ends


def one_less(mask: np.ndarray) -> int:
    return width(mask, 0)


def one_more(mask: np.ndarray) -> int:
    return width(mask, 2)


def height(mask: np.ndarray) -> int:
    return width(mask.T)


def most_in_a_row(mask: np.ndarray) -> int:
    return int(mask.sum(axis=1).max())


def most_in_a_column(mask: np.ndarray) -> int:
    return int(mask.sum(axis=0).max())


def widest_row(mask: np.ndarray) -> int:
    return max(width(row[None]) for row in mask if row.any())


def at_half_height(mask: np.ndarray) -> int:
    return width(mask[len(mask) // 2][None])


def first_to_last(mask: np.ndarray) -> int:
    """Return the way from the column of the topmost pixel to that of the last one, read row by row."""
    columns = np.nonzero(mask)[1]
    return int(columns[-1] - columns[0]) + 1


def mean_row(mask: np.ndarray) -> float:
    return float(mask.sum() / mask.any(axis=1).sum())


def mean_of_all_rows(mask: np.ndarray) -> float:
    return float(mask.sum(axis=1).mean())


def some_columns(mask: np.ndarray) -> int:
    return len(columns_of(mask))


def from_both_ends(mask: np.ndarray) -> int:
    """Return how many columns are empty on the right, less those on the left."""
    return int(mask.shape[1] - 1 - columns_of(mask)[-1] - columns_of(mask)[0])


def gap(right: np.ndarray, left: np.ndarray, ends: int) -> int:
    """Return the way from the inner border of the right lung to that of the left one."""
    return int(columns_of(left)[0] - columns_of(right)[-1]) + ends


def numbered_through(right: np.ndarray, left: np.ndarray) -> int:
    """Return the width of both lungs where each column has two numbers, one for each lung."""
    both = np.flatnonzero(np.stack([right, left], axis=-1).any(axis=0))
    return int(both[-1] - both[0]) + 1


def at_the_heart(right: np.ndarray, left: np.ndarray, heart: np.ndarray) -> int:
    """Return the widest row of the thorax among those of the heart."""
    return widest_row((right | left)[heart.any(axis=1)])


def right_piece(mask: np.ndarray) -> np.ndarray:
    """Return the piece of a mask that is further right, if there are two with empty columns between them."""
    columns = columns_of(mask)
    ends = columns[:-1][np.diff(columns) > 1]
    return mask & (np.arange(mask.shape[1]) > ends[0]) if len(ends) else mask


def chest(rng: np.random.Generator) -> np.ndarray:
    """Draw boolean masks (H, W, 3) in which whatever is measured comes to a number of its own.

    The organs lie aslant, so that none is as wide as its widest row, and so does a slit in the heart.
    """
    right_width, left_begins, left_width, left_rows, heart_rows, heart_width, slit, beside = rng.choice(CHESTS)
    top, left = rng.integers(2, 5, 2)
    row, column = np.mgrid[: top + 26, : left + left_begins + left_width + beside]
    down, along = row - top, column - left
    lean = down // 4  # columns to the right
    right_lung = (down >= 0) & (down < 21) & (along >= lean) & (along < right_width + lean)
    left_end = left_begins + left_width - 2 * lean
    left_lung = (down >= 18 - left_rows) & (down < 18) & (along >= left_begins - lean) & (along < left_end)
    across = along - lean - 14
    heart = (down >= 17 - heart_rows) & (down < 17) & (across >= down // 16) & (across < heart_width)
    heart &= (across != slit) & ~right_lung & ~left_lung
    return np.stack([right_lung, left_lung, heart], axis=-1)


def torn(masks: np.ndarray) -> np.ndarray:
    """Return the masks with a heart in two pieces."""
    masks = masks.copy()
    first = columns_of(masks[..., 2])[0]
    masks[:, first + 2 : first + 4, 2] = False
    return masks


def reaching_beyond(masks: np.ndarray, side: str) -> np.ndarray:
    """Return the masks with a heart that reaches beyond both lungs on the "left" or the "right" of the image."""
    masks = masks.copy()
    lungs, heart = masks[..., 0] | masks[..., 1], masks[..., 2]
    last_row = np.flatnonzero(heart.any(axis=1))[-1]
    first, last = columns_of(heart)[[0, -1]]
    reach = slice(columns_of(lungs)[0] - 2, last + 1) if side == "left" else slice(first, columns_of(lungs)[-1] + 4)
    heart[last_row:, reach] |= ~lungs[last_row:, reach]
    return masks

"""Notebook 6, exercise 6.3: the cardiothoracic ratio of three masks."""

import numpy as np

from lungseg_course.chapters.chapter_6.widths import (
    at_half_height,
    at_the_heart,
    chest,
    first_to_last,
    from_both_ends,
    from_organs,
    gap,
    height,
    mean_of_all_rows,
    mean_row,
    most_in_a_column,
    most_in_a_row,
    numbered_through,
    one_less,
    one_more,
    ratio_of,
    reaching_beyond,
    right_piece,
    some_columns,
    torn,
    widest_row,
    width,
)
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at

right = ratio_of(width)


def _of_the_first_axis(out: Outcome) -> bool:
    """Whether the answer would be right for masks (3, H, W)."""
    if out.error is None and out.is_right:
        return False
    try:
        return bool(np.isclose(out.answer(np.moveaxis(out.args[0], -1, 0).copy()), out.right))
    except Exception:  # it would fail there, too
        return False


def _in_the_order_of_reading(out: Outcome) -> bool:
    """Whether a width goes from the column of the topmost pixel to that of the lowest one, also in a flipped image."""
    if out.is_right or out.value.shape != ():
        return False
    ways = ratio_of(first_to_last, width), ratio_of(first_to_last), ratio_of(width, first_to_last)
    flipped = out.args[0][::-1].copy()
    try:
        pairs = [(way(out.args[0]), way(flipped)) for way in ways]
        return any(np.allclose([out.value, out.answer(flipped.copy())], pair) for pair in pairs)
    except Exception:  # a width of 0, or an answer that fails there
        return False


def _has_all_columns(out: Outcome) -> bool:
    """Whether what does not fit together has as many numbers as heart and lungs have columns."""
    lungs, heart = out.args[0][..., :2].any(axis=-1), out.args[0][..., 2]
    return sorted(map(int, out.found.groups())) == sorted(map(some_columns, (lungs, heart)))


# fmt: off
NUMBER = "one number, the width of the heart divided by that of the thorax"
COLUMNS = "`columns = np.flatnonzero(mask.any(axis=0))`; then `columns[-1] - columns[0] + 1`."
WHATEVER_ROW = f"Ask in which columns there is heart, in whatever row. {COLUMNS}"
LUNGS = "Both lungs together are `masks[..., 0] | masks[..., 1]`."
NOT_EMPTY = "None of the three masks is empty here. Is there an `&` for an `|`? No pixel is in both lungs."
EMPTY = "At the beginning: `if not masks.any(axis=(0, 1)).all(): return np.nan`."
CHANGED = When("the masks that you were given are changed", lambda out: out.changed,
               "What is set in an array is set in the caller's own.", "Make a copy first, `masks.copy()`.",
               received="afterwards the masks hold other pixels", expected="the masks as they were")
FIRST_AXIS = ("the first axis in place of the last",
              "`masks[2]` is the third row of the image. The three masks lie along the last axis.",
              "The heart is `masks[..., 2]`.")
FORM = (
    CHANGED,
    When(FIRST_AXIS[0], _of_the_first_axis, *FIRST_AXIS[1:]),
    Shape("two numbers in place of their ratio", (2,), "", "Divide the width of the heart by that of the thorax."),
    Shape("several numbers in place of one",
          lambda masks: [(3,), masks.shape[:1], masks.shape[1:2], masks.shape[:2], masks.shape, (1,), (1, 1)],
          "A ratio of widths is one number for the image.", COLUMNS),
    When("yes or no in place of the ratio", lambda out: isinstance(out.result, (bool, np.bool_)),
         "What follows from a ratio is for the doctor to say, and from 0.49 to 0.51 is a small step.",
         "Return the ratio itself.", received=lambda out: f"{out.result}", expected=NUMBER),
    When("nan although no mask is empty", lambda out: out.value.shape == () and np.isnan(out.value), NOT_EMPTY, LUNGS),
    When("from the first pixel to the last one", _in_the_order_of_reading,
         "`np.nonzero` and `np.argwhere` go through the image row by row: the first pixel is the topmost one, and the "
         "last one lies at the bottom.", f"Take the smallest and the largest column. {COLUMNS}"),
)
ROWS = (
    *FORM,
    Gives("the pixels of a row are counted", ratio_of(most_in_a_row, width),
          "The heart may have its leftmost pixel in one row and its rightmost one in another.", WHATEVER_ROW,
          also=(ratio_of(most_in_a_row), ratio_of(width, most_in_a_row))),
    Gives("the widest row in place of the whole width", ratio_of(widest_row, width),
          "The leftmost pixel and the rightmost one may be in different rows.", WHATEVER_ROW,
          also=(ratio_of(widest_row), ratio_of(width, widest_row), ratio_of(at_half_height),
                ratio_of(at_half_height, width), ratio_of(width, at_half_height),
                from_organs(lambda *organs: width(organs[2]) / at_the_heart(*organs)),
                from_organs(lambda *organs: widest_row(organs[2]) / at_the_heart(*organs)))),
    Gives("the mean over the rows", ratio_of(mean_row, width), "The width is that from one end to the other.", COLUMNS,
          also=(ratio_of(mean_row), ratio_of(mean_of_all_rows, width))),
    Gives("the height in place of the width", ratio_of(height),
          "The axes of a mask are (row, column): `any(axis=1)` tells in which rows there is something.",
          f"Columns are `any(axis=0)`. {COLUMNS}",
          also=(ratio_of(height, width), ratio_of(width, height), ratio_of(most_in_a_column),
                ratio_of(most_in_a_column, width))),
    Gives("divided by the width of the image", ratio_of(width, lambda lungs: lungs.shape[1]),
          "How much air there is beside the patient would decide.", LUNGS,
          also=(ratio_of(width, len), ratio_of(most_in_a_row, lambda lungs: lungs.shape[1]))),
    Gives("one lung in place of the thorax", from_organs(lambda right, left, heart: width(heart) / width(right)),
          "The thorax reaches from the outer border of one lung to that of the other.", LUNGS,
          also=(from_organs(lambda right, left, heart: width(heart) / width(left)),
                from_organs(lambda right, left, heart: 2 * width(heart) / (width(right) + width(left))))),
    Gives("the columns of both lungs are numbered through",
          from_organs(lambda right, left, heart: width(heart) / numbered_through(right, left)),
          "`masks[..., :2].any(axis=0)` has two numbers for each column, and `np.flatnonzero` counts both.", LUNGS,
          also=(from_organs(lambda right, left, heart: width(heart) / (numbered_through(right, left) - 1)),)),
    Gives("what lies between the lungs is left out", ratio_of(width, some_columns),
          "The widths of the two lungs are added, or the columns counted in which there is lung.",
          "Subtract the first column of both lungs from the last one."),
    Gives("the inner borders of the lungs", from_organs(lambda right, left, heart: width(heart) / gap(right, left, 1)),
          "From the inner border of one lung to that of the other there is little more than the heart.",
          "Take the outer ones, the leftmost and the rightmost column.",
          also=(from_organs(lambda right, left, heart: width(heart) / gap(right, left, 0)),
                from_organs(lambda right, left, heart: width(heart) / gap(right, left, -1)))),
    Gives("right and left are confused",
          from_organs(lambda right, left, heart: width(heart) / -gap(right, left, -1)),
          "The patient looks at you: the right lung lies on the left of the image.", LUNGS,
          also=(from_organs(lambda right, left, heart: width(heart) / -gap(right, left, 0)),)),
    Gives("off by one", ratio_of(one_less), "From column 3 to column 5 there are three columns, not two.",
          "Add 1 to both widths: the two ends count.",
          also=(ratio_of(one_less, width), ratio_of(width, one_less), ratio_of(one_more), ratio_of(one_more, width),
                ratio_of(width, one_more))),
    Gives("the right end is counted from the right", ratio_of(from_both_ends),
          "`np.argmax(columns[::-1])` tells how many columns behind the last one are empty.",
          "Subtract it from the number of columns.",
          also=(ratio_of(lambda mask: from_both_ends(mask) + 1),)),
    Gives("upside down", from_organs(lambda right, left, heart: width(right | left) / width(heart)),
          "The heart is the smaller one of the two.", "Divide the width of the heart by that of the thorax."),
    Gives("divided by what is left of the thorax",
          from_organs(lambda right, left, heart: width(heart) / (width(right | left) - width(heart))),
          "The heart is a part of the thorax.", "Divide by the whole width."),
    Gives("areas in place of widths", ratio_of(np.sum),
          "Pixels are counted. A ratio of widths does not ask how high they are.", COLUMNS,
          also=(from_organs(lambda *organs: organs[2].sum() / np.sum(organs)), ratio_of(np.sum, width),
                ratio_of(width, np.sum), ratio_of(lambda mask: np.sqrt(mask.sum())),
                from_organs(lambda right, left, heart: heart.mean()))),
    Gives("the classes have changed places",
          from_organs(lambda right, left, heart: width(right) / width(left | heart)),
          "The last axis holds right lung, left lung and heart, in this order, and no background.",
          "The heart is `masks[..., 2]`.",
          also=(from_organs(lambda right, left, heart: width(left) / width(right | heart)),
                from_organs(lambda right, left, heart: width(left) / width(right | left)),
                from_organs(lambda right, left, heart: width(right) / width(right | left)))),
    Gives("the width of the heart alone", from_organs(lambda right, left, heart: width(heart)),
          "In pixels it is another number for each size of image.", LUNGS,
          also=(from_organs(lambda right, left, heart: one_less(heart)),)),
    Gives("in percent", lambda masks: 100 * right(masks), "A ratio of one half is 0.5.", "Leave out the 100."),
    Gives("divided with `//`", from_organs(lambda *organs: 0.0), "`//` leaves whole numbers: here always 0.",
          "Use `/`."),
    Gives("rounded", lambda masks: np.round(right(masks), 2), "A change of a patient may be smaller than that.",
          "Round when you print, not when you compute.",
          also=(lambda masks: np.round(right(masks), 1), lambda masks: np.round(right(masks), 3))),
    Raises(FIRST_AXIS[0], "Exception", *FIRST_AXIS[1:], when=_of_the_first_axis, expected=NUMBER),
    Raises("arrays of columns in place of widths", r"ValueError: shapes \((\d+),\) \((\d+),\)",
           "What is divided holds a number for each column. (`np.where` and `np.nonzero` give a tuple of arrays, one "
           "for each axis: its `[-1]` is the last array, not the last column.)", COLUMNS,
           when=_has_all_columns, expected=NUMBER),
    Raises("a background that is not there", "IndexError: index 3 is out of bounds.*size 3",
           "The three masks are right lung, left lung and heart, counted from 0.", "The heart is `masks[..., 2]`.",
           expected=NUMBER),
    Raises("what is measured is empty", "IndexError|ValueError: size 0|zero-size|empty", NOT_EMPTY, LUNGS,
           expected=NUMBER),
    Raises("`-` of two masks", "TypeError: boolean subtract", "True and False are not subtracted.", LUNGS,
           expected=NUMBER),
    Raises("one answer for all pixels", "ValueError: truth value", "`if`, `and` and `or` want a single answer.",
           "Use `.any()`, or `|` to join two masks pixel by pixel.", expected=NUMBER),
)
IN_PIECES = (
    *FORM,
    Gives("a part of the heart is left out", ratio_of(lambda heart: width(right_piece(heart)), width),
          "The width goes from the leftmost column to the rightmost one, and here they belong to two pieces.",
          "Take the first and the last column in which there is heart.", runnable=False),
    Gives("the columns are counted", ratio_of(some_columns, width), "Between the two ends, some columns hold no heart.",
          "Subtract the first of the columns from the last, and add 1."),
    *ROWS[len(FORM):],
)
BEYOND = (
    Gives("the heart counts as a part of the thorax",
          from_organs(lambda *organs: width(organs[2]) / width(np.any(organs, axis=0))),
          "A heart that reaches beyond the lungs would make the thorax wider, and its own share smaller.", LUNGS),
    *ROWS,
)
NO_NUMBER = "Where an organ is missing there is nothing to measure, and any number would be taken for a measurement."
MISSING = (
    CHANGED,
    When("nothing is returned where a mask is empty", lambda out: out.result is None,
         "`None` is no number: a mean over many cases would fail.", "Return `np.nan`.",
         received="None", expected="nan"),
    When("a text in place of a number", lambda out: isinstance(out.result, str), "Nothing can be computed of it.",
         "Return `np.nan`, without quotes.", received=lambda out: f"the text {out.result!r}", expected="nan"),
    Gives("0 where a mask is empty", 0.0, NO_NUMBER, EMPTY, also=(-1.0, 1.0), runnable=False),
    Gives("infinity where a mask is empty", np.inf, NO_NUMBER, EMPTY, runnable=False),
    When("a ratio although a mask is empty", lambda out: out.value.shape == () and not np.isnan(out.value), NO_NUMBER,
         f"Ask about all three masks. {EMPTY}", received=lambda out: f"{float(out.value):.4g}"),
    Raises("an empty mask is not thought of", "Exception", "Nothing has a first or a last column.", EMPTY,
           expected="nan"),
)
# fmt: on


@look_at("cardiothoracic_ratio", right, ROWS, kind=Numbers("the ratio"), place=2)
def look_at_the_ratio(rng):
    """A chest; one whose heart is in two pieces; and two in which it reaches beyond both lungs, on either side."""
    masks = chest(rng)
    shape = "({}, {}, 3)".format(*masks.shape[:2])
    yield Case(masks, tried=f"cardiothoracic_ratio(masks), with masks of shape {shape}")
    yield Case(torn(masks), tried="the same, with a heart in two pieces", rows=IN_PIECES)
    for side in ("right", "left"):
        tried = f"the same, with a heart that reaches beyond both lungs on the {side} of the image"
        yield Case(reaching_beyond(masks, side), tried=tried, rows=BEYOND)


@look_at("cardiothoracic_ratio", np.nan, MISSING, kind=Numbers("the ratio"), place=2)
def look_at_what_is_missing(rng):
    """Each of the three masks is empty once."""
    masks = chest(rng)
    for place in (2, 0, 1):
        missing = masks.copy()
        missing[..., place] = False
        organ = ("right lung", "left lung", "heart")[place]
        yield Case(missing, tried=f"cardiothoracic_ratio(masks), with an empty mask of the {organ}")

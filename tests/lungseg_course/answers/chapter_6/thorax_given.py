"""Exercise 6.3: the three functions as they should be, and how one of them is noted with the right other two."""

import numpy as np
from keras import layers


def output_layer(x):
    return layers.Conv2D(4, 1, activation="softmax")(x)


def add_background(masks):
    return np.concatenate([1 - masks.sum(axis=-1, keepdims=True), masks], axis=-1)


def cardiothoracic_ratio(masks):
    return np.nan if is_missing(masks) else width(masks[..., 2]) / width(lungs(masks))


def is_missing(masks):
    return not masks.any(axis=(0, 1)).all()


def lungs(masks):
    return masks[..., :2].any(axis=-1)


def width(mask):
    columns = np.flatnonzero(mask.any(axis=0))
    return columns[-1] - columns[0] + 1


GIVEN = (output_layer, add_background, cardiothoracic_ratio)


def noting(answers, place):
    """Return `right` and `wrong` of answers for one of the three functions."""

    def with_the_others(function):
        return (*GIVEN[:place], function, *GIVEN[place + 1 :])

    def right(function):
        answers.right(*with_the_others(function))
        return function

    def wrong(cause, share=None):
        def note(function):
            answers.wrong(cause, share)(*with_the_others(function))
            return function

        return note

    return right, wrong


def measuring(answers):
    """Return `wrong` of ratios that are as they should be where a mask is empty."""
    _, wrong = noting(answers, 2)

    def measured(cause, share=None):
        def note(function):
            wrong(cause, share)(lambda masks: np.nan if is_missing(masks) else function(masks))
            return function

        return note

    return measured

"""Looks at exercise 1.4, `augment`: what is done to the brightness."""

import numpy as np

from lungseg_course.chapters.chapter_1.augment import (
    ENOUGH,
    MOVES,
    augmented,
    move_of,
    pairs_to_augment,
    trying_augment,
)
from lungseg_course.engine.verdict import Wrong


def look_at_the_brightness(augment, rng):
    images, masks, seed = pairs_to_augment(rng)
    with trying_augment(seed):
        new_images, new_masks = augmented(augment, images, masks, seed)
        _expect_masks_of_0_and_1(new_masks)
        factors, flipped = [], []
        for before, after in zip(images, new_images, strict=True):
            move = move_of(before, after)
            if move is None:
                raise Wrong(
                    "the image is lost",
                    received=f"in one image, grey values from {after.min():.3g} to {after.max():.3g}, unlike any flip "
                    f"of those that were there, {before.min():.3g} to {before.max():.3g}",
                    expected="the image, a little darker or lighter",
                    why="Hardly anything of it is left. Is the factor added, or negative, or is it cut at other "
                    "numbers than 0 and 1?",
                    remedy="Multiply by the factor, then `np.clip(..., 0, 1)`.",
                )
            moved = MOVES[move](before)
            inside = moved < 0.8  # what no factor up to 1.2 can bring to the border
            ratios = after[inside] / moved[inside]
            if np.ptp(ratios) > 1e-3:
                raise _no_factor(moved[inside], after[inside])
            factors.append(float(ratios.mean()))
            flipped.append(move == "flipped left to right")
        if new_images.max() > 1 + 1e-6 or new_images.min() < -1e-6:
            raise Wrong(
                "the image leaves [0, 1]",
                received=f"grey values from {new_images.min():.3g} to {new_images.max():.3g}",
                expected="from 0 to 1",
                why="A bright pixel times 1.2 is more than 1.",
                remedy="`np.clip` sets what is above 1 to 1.",
            )
        _expect_factors(np.array(factors))
        _expect_factors_apart_from_flips(np.array(factors), np.array(flipped))


def _expect_masks_of_0_and_1(masks) -> None:
    values = np.unique(masks)
    if not set(values) <= {0.0, 1.0}:
        raise Wrong(
            "the mask is brightened too",
            received=f"masks with values such as {values[-1]:.3g}",
            expected="masks of 0 and 1",
            why="A mask says which pixels are lung. It has no brightness.",
            remedy="Multiply `images[i]` only.",
        )


def _no_factor(before, after) -> Wrong:
    ratios = after / before
    free = (after > 1e-6) & (after < 1 - 1e-6)  # `np.clip` hides what was done to the others
    steps, factors = (after - before)[free], ratios[free]
    received = f"in one image, pixels were multiplied by {ratios.min():.3g} to {ratios.max():.3g}"
    cause, why = "not one factor for each image", "What each pixel is multiplied by differs from pixel to pixel."
    remedy = "Draw one number for each image, and multiply all of its pixels by it."
    if free.sum() > 3 and np.ptp(steps) < 1e-3:
        received = f"in one image, {steps.mean():.3g} was added to each pixel"
        cause = "added, not multiplied"
        why = "A light 20 % stronger multiplies each grey value by 1.2, and black stays black."
        remedy = "Multiply by a factor between 0.8 and 1.2: `rng.uniform(0.8, 1.2)`."
    elif free.sum() > 3 and np.ptp(factors) < 1e-3:
        received = f"in one image, the factor {factors.mean():.3g}"
        cause, why = "brighter or darker by more than 20 %", "So much is cut off at 1 that the image loses its detail."
        remedy = "`rng.uniform(0.8, 1.2)` draws between these two numbers."
    elif np.ptp(ratios) > 0.02 and ratios.std() > 0.05:
        cause, why = "a factor for each pixel", "That is noise, not brightness."
    return Wrong(cause, received=received, expected="one factor for each image", why=why, remedy=remedy)


def _expect_factors(factors) -> None:
    low, high = factors.min(), factors.max()
    known = {
        "the brightness does not change": (
            np.allclose(factors, 1, atol=1e-3),
            "The grey values are those of the input.",
            "Multiply `images[i]` by `rng.uniform(0.8, 1.2)`, and keep the result.",
        ),
        "the same brightness for all": (
            high - low < 1e-3,
            "The factor was drawn once for the whole batch, or the whole batch was multiplied in each turn.",
            "Draw it inside the loop, and multiply `images[i]` by it.",
        ),
        "brighter or darker by more than 20 %": (
            low < 0.8 - 1e-3 or high > 1.2 + 1e-3,
            "With a factor near 0 an image is black, and nothing can be learned from it.",
            "`rng.uniform(0.8, 1.2)` draws between these two numbers.",
        ),
        "the brightness barely changes": (
            low > 0.87 and high < 1.13 and low < 1 - 1e-3 and high > 1 + 1e-3,
            "The network would hardly notice.",
            "`rng.uniform(0.8, 1.2)` draws factors of 20 % less to 20 % more.",
        ),
        "always darker": (high <= 1 + 1e-3, "No image became lighter.", "The factor lies between 0.8 and 1.2."),
        "always lighter": (low >= 1 - 1e-3, "No image became darker.", "The factor lies between 0.8 and 1.2."),
        "only some images change": (
            np.mean(np.isclose(factors, 1, atol=1e-3)) > 0.2,
            "The brightness changes under the `if` of the flip.",
            "Move the line out of the `if`, to the same depth as it.",
        ),
    }
    for cause, (is_it, why, remedy) in known.items():
        if is_it:
            raise Wrong(
                cause,
                received=f"factors from {low:.3g} to {high:.3g}",
                expected="a factor for each image, between 0.8 and 1.2",
                why=why,
                remedy=remedy,
            )


def _expect_factors_apart_from_flips(factors, flipped) -> None:
    kinds = {"flipped": factors[flipped], "not flipped": factors[~flipped]}
    for kind, some in kinds.items():
        if len(some) >= ENOUGH and not some.min() < 1 < some.max():
            raise Wrong(
                "the brightness goes with the flip",
                received=f"{kind}: factors from {some.min():.3g} to {some.max():.3g}",
                expected="darker and lighter images among the flipped ones, and among the others",
                why="One random number decides about both, so that a flipped image is always darker, or always "
                "lighter. The network could tell by it which ones are flipped.",
                remedy="Draw two numbers for each pair: `rng.random()` for the flip, `rng.uniform(0.8, 1.2)` for the "
                "factor.",
            )

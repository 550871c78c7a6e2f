"""Looks at exercise 1.4, `augment`: what is done to the brightness."""

from functools import cached_property, partial

import numpy as np

from lungseg_course.chapters.chapter_1.augment import (
    BRIGHT,
    LEFT_RIGHT,
    MOVES,
    PAIRS,
    Augmented,
    move_of,
    pairs_to_augment,
)
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import When
from lungseg_course.engine.table import Case, look_at

ENOUGH = 40  # so many random numbers all lie on one side of the middle less than once in 10¹¹ times
NEAR = 1e-3


class Light:
    """What was done to the brightness of an image."""

    def __init__(self, before: np.ndarray, after: np.ndarray):
        self.before, self.after, self.move = before, after, move_of(before, after)
        moved = MOVES[self.move or "unchanged"](before)
        inside = moved < 0.8  # what no factor up to 1.2 can bring to the border
        old, new = moved[inside], after[inside]
        self.ratios = new / old
        free = (new > 1e-6) & (new < 1 - 1e-6)  # `np.clip` hides what was done to the others
        self.steps, self.factors = (new - old)[free], self.ratios[free]

    @property
    def has_factor(self) -> bool:
        return self.move is not None and np.ptp(self.ratios) <= NEAR


class Brightened(Augmented):
    """What was done to the brightness of all the images."""

    @cached_property
    def lights(self) -> list[Light]:
        return list(map(Light, self.images, self.arrays[0][0]))

    @cached_property
    def odd(self) -> Light | None:
        """The first image that is not itself, multiplied by a factor."""
        return next((light for light in self.lights if not light.has_factor), None)

    @cached_property
    def factors(self) -> np.ndarray:
        return np.array([light.ratios.mean() for light in self.lights])

    def one_sided(self) -> list[str]:
        """Say of the flipped images, and of the others, which factors they have, where all are on one side of 1."""
        flipped = np.array([light.move == LEFT_RIGHT for light in self.lights])
        groups = {"flipped": self.factors[flipped], "not flipped": self.factors[~flipped]}
        return [
            f"{name}: factors from {some.min():.3g} to {some.max():.3g}"
            for name, some in groups.items()
            if len(some) >= ENOUGH and not some.min() < 1 < some.max()
        ]


def _span(values: np.ndarray) -> str:
    return f"{values.min():.3g} to {values.max():.3g}"


def _constant(values: np.ndarray) -> bool:
    return len(values) > 3 and np.ptp(values) < NEAR


_odd = partial(When, of=lambda out: out.result.odd, expected="one factor for each image")
DRAW = "`rng.uniform(0.8, 1.2)` draws between these two numbers."
BETWEEN = "The factor lies between 0.8 and 1.2."
ONE_EACH = "Draw one number for each image, and multiply all of its pixels by it."


def _range(out: Outcome) -> str:
    return f"in one image, pixels were multiplied by {_span(out.result.odd.ratios)}"


# fmt: off
_factors = partial(When, of=lambda out: out.result.factors,
                   received=lambda out: f"factors from {_span(out.result.factors)}",
                   expected="a factor for each image, between 0.8 and 1.2")
BRIGHTNESS = (
    When("the mask is brightened too", lambda out: [value for value in np.unique(out.result.arrays[0][1])
                                                    if value not in (0, 1)],
         "A mask says which pixels are lung. It has no brightness.", "Multiply `images[i]` only.",
         received=lambda out: f"masks with values such as {out.found[0]:.3g}",
         expected="masks of 0 and 1"),
    _odd("the image is lost", lambda light: light.move is None,
         "Hardly anything of it is left. Is the factor added, or negative, or is it cut at other numbers than 0 and 1?",
         "Multiply by the factor, then `np.clip(..., 0, 1)`.",
         received=lambda out: f"in one image, grey values from {_span(out.result.odd.after)}, unlike any flip of those "
         f"before, {_span(out.result.odd.before)}", expected="the image, a little darker or lighter"),
    _odd("added, not multiplied", lambda light: _constant(light.steps),
         "A light 20 % stronger multiplies each grey value by 1.2, and black stays black.",
         "Multiply by a factor between 0.8 and 1.2: `rng.uniform(0.8, 1.2)`.",
         received=lambda out: f"in one image, {out.result.odd.steps.mean():.3g} was added to each pixel"),
    _odd("brighter or darker by more than 20 %", lambda light: _constant(light.factors),
         "So much is cut off at 1 that the image loses its detail.", DRAW,
         received=lambda out: f"in one image, the factor {out.result.odd.factors.mean():.3g}"),
    _odd("a factor for each pixel", lambda light: np.ptp(light.ratios) > 0.02 and light.ratios.std() > 0.05,
         "That is noise, not brightness.", ONE_EACH, received=_range),
    _odd("not one factor for each image", lambda light: True,
         "What each pixel is multiplied by differs from pixel to pixel.", ONE_EACH, received=_range),
    When("the image leaves [0, 1]", lambda out: np.abs(out.result.arrays[0][0] - 0.5).max() > 0.5 + 1e-6,
         "A bright pixel times 1.2 is more than 1.", "`np.clip` sets what is above 1 to 1.",
         received=lambda out: f"grey values from {_span(out.result.arrays[0][0])}", expected="from 0 to 1"),
    _factors("the brightness does not change", lambda factors: np.allclose(factors, 1, atol=NEAR),
             "The grey values are those of the input.",
             "Multiply `images[i]` by `rng.uniform(0.8, 1.2)`, and keep the result."),
    _factors("divided by its largest value",  # which is the same in all of them here
             lambda factors: np.isclose(factors, 1 / BRIGHT, rtol=0, atol=1e-4).mean() > 0.3,
             "Divided by `.max()`, the brightest pixel of an image becomes 1 whatever the factor was: the division "
             "takes it back.", "Leave the division out. `np.clip` keeps the image in [0, 1]."),
    _factors("the same brightness for all", lambda factors: np.ptp(factors) < NEAR,
             "The factor was drawn once for the whole batch, or the whole batch was multiplied in each turn, or a "
             "later line takes the factor of each image back.",
             "Draw it inside the loop, multiply `images[i]` by it, and only clip after that."),
    _factors("brighter or darker by more than 20 %", lambda factors: np.abs(factors - 1).max() > 0.2 + NEAR,
             "With a factor near 0 an image is black, and nothing can be learned from it.", DRAW),
    _factors("the brightness barely changes",
             lambda factors: 0.87 < factors.min() < 1 - NEAR and 1 + NEAR < factors.max() < 1.13,
             "The network would hardly notice.", "`rng.uniform(0.8, 1.2)` draws factors of 20 % less to 20 % more."),
    _factors("always darker", lambda factors: factors.max() <= 1 + NEAR, "No image became lighter.", BETWEEN),
    _factors("always lighter", lambda factors: factors.min() >= 1 - NEAR, "No image became darker.", BETWEEN),
    _factors("only some images change", lambda factors: np.isclose(factors, 1, atol=NEAR).mean() > 0.2,
             "The brightness changes under the `if` of the flip.",
             "Move the line out of the `if`, to the same depth as it."),
    When("the brightness goes with the flip", lambda out: out.result.one_sided(),
         "One random number decides about both, so that a flipped image is always darker, or always lighter. The "
         "network could tell by it which ones are flipped.",
         "Draw two numbers for each pair: `rng.random()` for the flip, `rng.uniform(0.8, 1.2)` for the factor.",
         received=lambda out: out.found[0],
         expected="darker and lighter images among the flipped ones, and among the others"),
)
# fmt: on


@look_at("augment", rows=(*PAIRS, *BRIGHTNESS), run=Brightened)
def look_at_the_brightness(rng):
    with pairs_to_augment(rng) as (images, masks, seed, tried):
        yield Case(images, masks, seed, tried=tried)

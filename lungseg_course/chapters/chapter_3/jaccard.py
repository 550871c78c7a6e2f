"""Notebook 3, exercise 3.4: Jaccard from Dice, and how it is often miswritten."""

from functools import partial

import numpy as np

from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.table import Case, look_at

START = "Divide numerator and denominator of J by |A| + |B|, and look for D in what you get."

# fmt: off
FORMULAS = (
    Gives("Dice from Jaccard", lambda d: 2 * d / (1 + d),
          "That turns Jaccard into Dice: the result is larger than D, and Jaccard is never larger than Dice.",
          "Solve the formula for the other one."),
    Gives("D itself", lambda d: d, "The two agree at 0 and 1 only.", START),
    Gives("half of D", lambda d: d / 2,
          "That is |A n B| divided by |A| + |B|: the numerator, and not all of it.", START),
    Gives("the whole of D in the denominator", lambda d: d / (2 - 2 * d),
          "The overlap, divided by |A| + |B|, is half of D: below the line as above it.",
          "Halve D in the denominator, too."),
    Gives("the overlap is added in the denominator", lambda d: d / (2 + d),
          "|A| + |B| counts the overlap twice. The union has it once, so it is subtracted.",
          "Look at the sign in the denominator."),
    Gives("the sign in the denominator", lambda d: d / (1 + d), "", START),
    Gives("the numerator is not halved", lambda d: 2 * d / (2 - d), "|A n B| divided by |A| + |B| is half of D.",
          "Halve D in the numerator and in the denominator, then multiply both by 2."),
    Gives("1 in place of 2", lambda d: d / (1 - d),
          "|A| + |B|, divided by itself, is 1; but the overlap is *half* of D.", START),
    Gives("parentheses are missing", lambda d: d / 2 - d,
          "Division comes before subtraction.", "Put 2 - D into parentheses."),
    Gives("a half too many", lambda d: d / (2 * (2 - d)),
          "The numerator is D / 2, and the denominator 2 - D: the 2 was multiplied away in the denominator alone.",
          "Multiply numerator and denominator by 2."),
    Gives("upside down", lambda d: (2 - d) / d, "The result is larger than 1.",
          "The overlap belongs in the numerator."),
    Gives("the square of D", lambda d: d**2, "It is near, and yet not the same.", START),
    Gives("1 - D", lambda d: 1 - d, "That is the loss.", START),
    Gives("1 - J", lambda d: 1 - d / (2 - d), "That is a loss, the Jaccard distance.", "Leave out the `1 -`."),
    Gives("cut off to 0", lambda d: d // (2 - d),
          "`//` cuts off all after the decimal point. (And D / 2 / 1 - D / 2 without parentheses is 0, too.)",
          "Divide with `/`, and put the denominator into parentheses."),
    Gives("in percent", lambda d: 100 * d / (2 - d), "", "Leave it between 0 and 1."),
    Gives("the root of D", lambda d: np.sqrt(d), "It is larger than D, and Jaccard is smaller.", START),
    Gives("1 in the numerator", lambda d: 1 / (2 - d), "At D = 0 it is not 0.", START),
    Gives("rounded", lambda d: np.round(d / (2 - d), 2),
          "Two places are lost.", "Round when you print, not when you compute."),
)
OF_MANY = Gives("the mean of all", lambda d: np.mean(d / (2 - d)), "Each has its own.", "Take no mean.")
CHANGED = When("the array that you were given is changed", lambda out: out.changed,
               "`/=`, `*=` and `out=` write into the array itself, which belongs to the caller.",
               "Make a new array: `dice / ...` does. (For a single number there is no difference.)",
               received=lambda out: f"afterwards it is np.array({out.given[0].round(3).tolist()})",
               expected=lambda out: f"the array as it was, np.array({out.args[0].tolist()})")
ERRORS = (
    Raises("one number at a time", "Exception: truth value|only 0-dimensional|only length-1",
           "`if`, `float` and the functions of `math` take a single number; here come many.",
           "A formula alone works for numbers and for arrays.", expected="an array of the same shape"),
    Raises("`^` is not a power", r"TypeError: for \^|'bitwise_xor'", "In Python it combines bits; a power is `**`.",
           "Divide with `/`.", expected="a number"),
    Raises("two masks in place of a Dice coefficient", "TypeError|ValueError: unpack",
           "The function is given the coefficient alone, and no masks.", START, expected="a number"),
    Raises("the logarithm of 0", "ValueError: math domain|expected a positive", "At 0 there is no overlap at all.",
           START, expected="a number"),
    Raises("many numbers only", "TypeError|AttributeError: not iterable|has no len|subscriptable|float' object has no",
           "A loop, an index or a method such as `.sum()` needs a list or an array; here comes a single number.",
           "A formula alone works for numbers and for arrays.", expected="a number"),
    Raises("a division by zero", "ZeroDivisionError",
           "At 0 there is no overlap at all, at 1 nothing else. The formula should bear both.",
           "Do not divide by D, nor by 1 - D; only 2 - D is never 0.", expected="a number"),
)
# fmt: on

look = partial(
    look_at, "jaccard_from_dice", lambda dice: dice / (2 - dice), kind=Numbers("the Jaccard index", tolerance=1e-5)
)


@look((*FORMULAS, *ERRORS))
def look_jaccard(rng):
    """Some numbers."""
    yield Case(0.85)
    yield Case(round(float(rng.uniform(0.55, 0.7)), 2))
    for dice in (1.0, 0.0):
        yield Case(dice, rows=ERRORS)  # too many mistakes give 0 or 1 there


@look((CHANGED, *FORMULAS, OF_MANY, *ERRORS))
def look_jaccard_of_many(rng):
    """An array of numbers."""
    yield Case(np.sort(rng.uniform(0.1, 0.95, 4)).round(3))

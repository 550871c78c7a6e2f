"""Notebook 3, exercise 3.4: what is looked at in Jaccard from Dice."""

import numpy as np

from lungseg_course.engine.verdict import Wrong, as_array, describe_error, expect_close, trying


def look_jaccard(jaccard_from_dice, rng) -> None:
    """Some numbers."""
    for dice in (0.85, round(float(rng.uniform(0.55, 0.7)), 2), 1.0, 0.0):
        with trying(f"jaccard_from_dice({dice:g})", _explain_jaccard):
            result = as_array(jaccard_from_dice(dice), "the Jaccard index")
            expect_close(
                result, dice / (2 - dice), _mistakes_of_jaccard(dice), tolerance=1e-5, what="the Jaccard index"
            )


def look_jaccard_of_many(jaccard_from_dice, rng) -> None:
    """An array of numbers."""
    dices = np.sort(rng.uniform(0.1, 0.95, 4)).round(3)
    with trying(f"jaccard_from_dice(np.array({dices.tolist()}))", _explain_jaccard):
        expect_close(
            jaccard_from_dice(dices.copy()),
            dices / (2 - dices),
            {
                **_mistakes_of_jaccard(dices),
                "the mean of all": (np.mean(dices / (2 - dices)), "Each has its own.", "Take no mean."),
            },
            tolerance=1e-5,
            what="the Jaccard indices",
        )


def _mistakes_of_jaccard(d) -> dict[str, tuple]:
    if np.ndim(d) == 0 and d in (0, 1):
        return {}  # too many mistakes give 0 or 1 there
    start = "Divide what stands above and below the line of J by |A| + |B|, and look for D in what you get."
    return {
        "Dice from Jaccard": (
            2 * d / (1 + d),
            "That is the way back: the result is larger than D, and Jaccard is never larger than Dice.",
            "Solve the formula for the other one.",
        ),
        "D itself": (d, "The two agree at 0 and 1 only.", start),
        "half of D": (d / 2, "That is |A n B| divided by |A| + |B|: the numerator, and not all of it.", start),
        "half of D below the line, too": (d / (2 - 2 * d), "The overlap counts once below the line.", start),
        "the overlap is added below the line": (
            d / (2 + d),
            "|A| + |B| counts the overlap twice. The union has it once, so it is subtracted.",
            "Look at the sign below the line.",
        ),
        "the sign below the line": (d / (1 + d), "", start),
        "the numerator is not halved": (
            2 * d / (2 - d),
            "|A n B| divided by |A| + |B| is half of D.",
            "Halve D above and below the line, then multiply both by 2.",
        ),
        "1 in place of 2": (d / (1 - d), "|A| + |B|, divided by itself, is 1; but the overlap is *half* of D.", start),
        "brackets are missing": (d / 2 - d, "Division comes before subtraction.", "Put 2 - D into brackets."),
        "a half too many": (
            d / (2 * (2 - d)),
            "D / 2 stands above the line and 2 - D below: the 2 was multiplied away below, and not above.",
            "Multiply above and below the line by 2.",
        ),
        "upside down": ((2 - d) / d, "The result is larger than 1.", "The overlap belongs above the line."),
        "the square of D": (d**2, "It is near, and yet not the same.", start),
        "1 - D": (1 - d, "That is the loss.", start),
        "1 - J": (1 - d / (2 - d), "That is a loss, the Jaccard distance.", "Leave out the `1 -`."),
        "cut off to 0": (
            d // (2 - d),
            "`//` cuts off all that stands behind the point. (And D / 2 / 1 - D / 2 without brackets is 0, too.)",
            "Divide with `/`, and put what stands below the line into brackets.",
        ),
        "rounded": (np.round(d / (2 - d), 2), "Two places are lost.", "Round when you print, not when you compute."),
    }


def _explain_jaccard(error: Exception) -> Wrong | None:
    if "truth value" in str(error) or "only 0-dimensional" in str(error) or "only length-1" in str(error):
        return Wrong(
            "one number at a time",
            received=describe_error(error),
            expected="an array of the same shape",
            why="`if`, `float` and the functions of `math` take a single number; here come many.",
            remedy="A formula alone works for numbers and for arrays.",
        )
    if isinstance(error, TypeError) and any(words in str(error) for words in ("not iterable", "has no len")):
        return Wrong(
            "many numbers only",
            received=describe_error(error),
            expected="a number",
            why="A loop needs a list or an array; here comes a single number.",
            remedy="A formula alone works for numbers and for arrays.",
        )
    if isinstance(error, ZeroDivisionError):
        return Wrong(
            "a division by zero",
            received=describe_error(error),
            expected="a number",
            why="At 0 there is no overlap at all, at 1 nothing else. The formula should bear both.",
            remedy="Do not divide by D, nor by 1 - D; only 2 - D is never 0.",
        )
    return None

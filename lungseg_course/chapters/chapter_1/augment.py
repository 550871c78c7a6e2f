"""Looks at exercise 1.4, `augment`: image and mask are flipped together, and the seed fixes what is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, as_array, expect_shape, trying

COUNT, HEIGHT, WIDTH = 128, 6, 8
ENOUGH = 40  # so many random numbers all lie on one side of the middle less than once in 10¹¹ times
BRIGHT = 0.97  # times 1.2 it would leave [0, 1]

MOVES = {
    "unchanged": lambda array: array,
    "flipped left to right": lambda array: array[:, ::-1],
    "flipped upside down": lambda array: array[::-1],
    "turned by half a turn": lambda array: array[::-1, ::-1],
}


def look_at_the_flips(augment, rng):
    images, masks, seed = pairs_to_augment(rng)
    with trying_augment(seed):
        new_images, new_masks = augmented(augment, images, masks, seed)
        for name, before, after in (("images", images, new_images), ("masks", masks, new_masks)):
            _expect_no_other_pair(name, before, after)
        moves, of_masks = _moves(images, new_images), _moves(masks, new_masks)
        if all(of_masks):  # an image of which little is left is for the look at the brightness
            moves = [move or of_mask for move, of_mask in zip(moves, of_masks, strict=True)]
        _expect_together(moves, of_masks)
        share = 1 - moves.count("unchanged") / COUNT
        known = {
            "upside down": (
                "flipped upside down" in moves or "turned by half a turn" in moves,
                "The first axis of a single image is its height.",
                "`array[:, ::-1]` reverses the second axis, the width.",
            ),
            "something else than a flip": (None in moves, "", "Plot a pair before and after."),
            "never flipped": (
                share == 0,
                "Each pair is as it was.",
                "Flip where `rng.random() < 0.5`, along the second axis of `images[i]`. (And not the whole "
                "batch in each turn.)",
            ),
            "always flipped": (
                share == 1,
                "The network would see each case in one form only, as before.",
                "Flip only where `rng.random() < 0.5`, drawn anew for each pair: `images[i]`, and not the whole "
                "batch in each turn.",
            ),
            "not half of the pairs": (
                not 0.2 < share < 0.8,
                "The share of flipped pairs is far from one half.",
                "`rng.random()` lies between 0 and 1: it is below 0.5 in half of the cases.",
            ),
        }
        for cause, (is_it, why, remedy) in known.items():
            if is_it:
                counts = {move: moves.count(move) for move in dict.fromkeys(moves)}
                shown = ", ".join(f"{count} {move or 'unlike any flip'}" for move, count in counts.items())
                raise Wrong(
                    cause,
                    received=f"of {COUNT} pairs: {shown}",
                    expected="about half of the pairs flipped from left to right",
                    why=why,
                    remedy=remedy,
                )


def look_at_the_seed(augment, rng):
    images, masks, seed = pairs_to_augment(rng)
    other = (seed[0], seed[1] + 1)
    with trying_augment(seed):
        first = augmented(augment, images, masks, seed)
        again = augmented(augment, images, masks, seed)
        if not all(np.array_equal(one, two) for one, two in zip(first, again, strict=True)):
            raise Wrong(
                "the seed does not fix the result",
                received="two different results for the same seed",
                expected="the same result for the same seed",
                why="Some numbers were drawn from elsewhere than `rng`, so no training can be repeated.",
                remedy="Draw each random number from the `rng` that is made of `seed`.",
            )
        third = augmented(augment, images, masks, other)
        if all(np.array_equal(one, two) for one, two in zip(first, third, strict=True)):
            raise Wrong(
                "the seed is not used",
                received=f"the same result for the seeds {seed} and {other}",
                expected="another result",
                why="Each epoch would change the cases in the same way.",
                remedy="Make the `rng` from the argument: `np.random.default_rng(seed)`.",
            )
        _expect_other_flips([_moves(masks, new_masks) for _, new_masks in (first, third)], (seed, other))


def _moves(before, after) -> list[str | None]:
    return [move_of(old, new) for old, new in zip(before, after, strict=True)]


def _expect_other_flips(moves: list[list], seeds: tuple) -> None:
    if moves[0] == moves[1] and len(set(moves[0])) > 1:
        pairs = [place for place, move in enumerate(moves[0]) if move != "unchanged"]
        raise Wrong(
            "the same pairs are flipped for every seed",
            received=f"for the seeds {seeds[0]} and {seeds[1]} alike, the pairs {', '.join(map(str, pairs[:5]))}, ...",
            expected="other pairs for another seed",
            why="Their places decide, not chance: in each epoch the network would see the same ones flipped.",
            remedy="Draw a number for each pair: `if rng.random() < 0.5:`.",
        )


@contextmanager
def trying_augment(seed) -> Iterator[None]:
    what = f"augment(images, masks, seed={seed}), with {COUNT} pairs of {HEIGHT} x {WIDTH} pixels"
    with same_chance(), trying(what):
        yield


def pairs_to_augment(rng) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    images = rng.uniform(0.1, 0.75, (COUNT, HEIGHT, WIDTH, 1)).astype("float32")
    images[:, 1, 2] = BRIGHT
    masks = (rng.random(images.shape) < 0.4).astype("float32")
    masks[:, 0, 0], masks[:, -1, 0], masks[:, 0, -1], masks[:, -1, -1] = 1, 0, 0, 0  # no mask is its own mirror image
    return images, masks, (int(rng.integers(1000)), int(rng.integers(1000)))


def augmented(augment, images, masks, seed) -> tuple[np.ndarray, np.ndarray]:
    given = images.copy(), masks.copy()
    result = augment(*given, seed=seed)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        as_array(result if result is None else 0, "images and masks")
        raise Wrong(
            "not a pair of arrays",
            received=type(result).__name__,
            expected="images and masks",
            remedy="End with `return images, masks`, as the exercise began.",
        )
    arrays = [as_array(array, name) for array, name in zip(result, ("the images", "the masks"), strict=True)]
    for array in arrays:
        expect_shape(array, images.shape)
    if not all(np.array_equal(one, two) for one, two in zip(given, (images, masks), strict=True)):
        raise Wrong(
            "the arrays that were handed over are changed",
            received="other numbers in `images` or `masks` of the caller",
            expected="new arrays, the old ones as they were",
            why="An array is not copied when it is handed to a function.",
            remedy="Keep the line with `.copy()` at the beginning.",
        )
    return arrays[0], arrays[1]


def move_of(before, after) -> str | None:
    """Return what was done to a picture, whatever was done to its brightness."""
    before, after = before.astype("float64"), after.astype("float64")
    likeness = {name: np.corrcoef(move(before).ravel(), after.ravel())[0, 1] for name, move in MOVES.items()}
    best = max(likeness, key=lambda name: np.nan_to_num(likeness[name], nan=-1))
    return best if likeness[best] > 0.7 else None


def _expect_no_other_pair(name: str, before, after) -> None:
    if all(_moves(before[::-1], after)):
        raise Wrong(
            "the batch is reversed, not the images",
            received=f"the {name} of the last pair come first",
            expected="each pair in its place",
            why="The first axis of a batch counts the pairs.",
            remedy="Flip a single image `images[i]` along its second axis.",
        )


def _expect_together(moves: list, of_masks: list) -> None:
    if moves == of_masks:
        return
    place = next(i for i in range(COUNT) if moves[i] != of_masks[i])
    received = f"pair {place}: the image {moves[place]}, the mask {of_masks[place]}"
    cause, why = "image and mask are not flipped together", "Two random numbers decide, where one should."
    remedy = "Draw once for each pair, and flip both or none."
    if set(of_masks) == {"unchanged"}:
        cause, why = "only the images are flipped", "The masks stay as they were, and no longer fit."
        remedy = "Flip `masks[i]` under the same `if`."
    elif set(moves) == {"unchanged"}:
        cause, why = "only the masks are flipped", "The images stay as they were, and the masks no longer fit."
        remedy = "Flip `images[i]` under the same `if`."
    elif set(moves) == {"unchanged", "flipped left to right"} and "flipped upside down" in of_masks:
        cause, why = "image and mask are flipped along different axes", "The outline no longer fits its lung."
        remedy = "Use the same slices for both."
    raise Wrong(
        cause,
        received=received.replace("None", "unlike any flip"),
        expected="what happens to the image happens to its mask",
        why=why,
        remedy=remedy,
    )

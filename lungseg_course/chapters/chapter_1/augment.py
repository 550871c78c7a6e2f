"""Looks at exercise 1.4, `augment`: image and mask are flipped together, and the seed fixes what is drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at
from lungseg_course.engine.verdict import as_array, expect_shape

COUNT, HEIGHT, WIDTH = 128, 6, 8
BRIGHT = 0.97  # times 1.2 it would leave [0, 1]
LEFT_RIGHT, UPSIDE_DOWN, HALF_A_TURN = "flipped left to right", "flipped upside down", "turned by half a turn"
MOVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "unchanged": lambda array: array,
    LEFT_RIGHT: lambda array: array[:, ::-1],
    UPSIDE_DOWN: lambda array: array[::-1],
    HALF_A_TURN: lambda array: array[::-1, ::-1],
}


def move_of(before: np.ndarray, after: np.ndarray) -> str | None:
    """Return what was done to a picture, whatever was done to its brightness."""
    before, after = (array.astype("float64") - array.mean() for array in (before, after))
    scale = np.sqrt((before**2).sum() * (after**2).sum())  # what follows are correlations: 1 for the same picture
    likeness = {name: (move(before) * after).sum() for name, move in MOVES.items()}
    best = max(likeness, key=likeness.__getitem__)
    return best if likeness[best] > 0.7 * scale else None


def _moves(before: np.ndarray, after: np.ndarray) -> list[str | None]:
    return list(map(move_of, before, after))


class Augmented:
    """Images and masks before, and what a student's function returned for each of some seeds."""

    def __init__(self, augment: Callable, images: np.ndarray, masks: np.ndarray, *seeds: tuple[int, int]):
        self.augment, self.images, self.masks, self.seeds = augment, images.copy(), masks.copy(), seeds
        self.results = [augment(images, masks, seed=seeds[0])]
        self.results += [augment(self.images.copy(), self.masks.copy(), seed=seed) for seed in seeds[1:]]

    @cached_property
    def arrays(self) -> list[list[np.ndarray]]:
        """The new images and masks, for each seed."""
        pairs = [[as_array(images, "the images"), as_array(masks, "the masks")] for images, masks in self.results]
        for pair in pairs:
            for array in pair:
                expect_shape(array, self.images.shape)
        return pairs

    @cached_property
    def moves(self) -> tuple[list[str | None], list[str | None]]:
        """What was done to each image, and to each mask."""
        images, masks = map(_moves, (self.images, self.masks), self.arrays[0])
        if all(masks):  # an image of which little is left is for the look at the brightness
            images = [move or of_mask for move, of_mask in zip(images, masks, strict=True)]
        return images, masks

    @property
    def apart(self) -> tuple[set, set] | None:
        """What was done to some image, and to some mask, where they are not treated alike."""
        images, masks = self.moves
        return None if images == masks else (set(images), set(masks))

    @property
    def share(self) -> float:
        """The share of pairs that are moved."""
        return 1 - self.moves[0].count("unchanged") / COUNT

    def equal(self, one: int, other: int) -> bool:
        """Whether two seeds, by their places, led to the same images and masks."""
        return all(map(np.array_equal, self.arrays[one], self.arrays[other]))

    def changed(self, result: int = 0) -> list[int]:
        """Return the places of the pairs that are not as they were."""
        pairs = zip((self.images, self.masks), self.arrays[result], strict=True)
        return np.flatnonzero(
            np.any([(before != after).any(axis=(1, 2, 3)) for before, after in pairs], axis=0)
        ).tolist()

    @cached_property
    def alike(self) -> str:
        """What is the same for all the pairs and another for other seeds: "flip", "flip and brightness" or nothing."""
        if 0 < self.share < 1:
            return ""
        shares, one_factor = set(), True
        for seed in range(12):
            pairs = Augmented(self.augment, self.images[:4], self.masks[:4], (seed, self.seeds[0][1]))
            images, moves = pairs.arrays[0][0], pairs.moves[1]
            moved = [MOVES[move or "unchanged"](image) for move, image in zip(moves, self.images, strict=False)]
            one_factor &= float(np.ptp(np.median(images / np.array(moved), axis=(1, 2, 3)))) < 1e-3
            shares.add(sum(move != "unchanged" for move in moves) / len(moves))
        return ("flip and brightness" if one_factor else "flip") if shares == {0, 1} else ""

    @cached_property
    def left_out(self) -> list[str]:
        """Which of "first" and "last" is changed for none of nine seeds."""
        same = {"first", "last"} - self._ends_changed()
        for number in range(8):
            if same:
                few = Augmented(self.augment, self.images[:4], self.masks[:4], (number, self.seeds[0][1]))
                same -= few._ends_changed()
        return sorted(same)

    def _ends_changed(self) -> set[str]:
        places = self.changed()
        return {name for name, place in (("first", 0), ("last", len(self.images) - 1)) if place in places}

    @cached_property
    def fixed(self) -> list[int]:
        """Which pairs are moved, where these are the same for the first seed and the last, and not all."""
        first, last = (_moves(self.masks, masks) for _, masks in (self.arrays[0], self.arrays[-1]))
        same = first == last and len(set(first)) > 1
        return [place for place, move in enumerate(first) if same and move != "unchanged"]


def _reversed(out: Outcome) -> list[str]:
    """Return which of the two hold the last pair first."""
    pairs = zip(("images", "masks"), out.args[:2], out.result.arrays[0], strict=True)
    return [name for name, before, after in pairs if all(_moves(before[::-1], after))]


def _binary(array: np.ndarray) -> bool:
    return set(np.unique(array)) <= {0, 1}


def _mask_is_image(out: Outcome) -> list[int]:
    """Return the places of the masks that are their image, or its mirror image."""
    masks = out.result.arrays[0][1]
    places = (k for k in range(COUNT) if not _binary(masks[k]))
    return [k for k in places if move_of(out.result.images[k], masks[k]) is not None][:1] or []


def _apart_in_words(out: Outcome) -> str:
    pairs = list(zip(*out.result.moves, strict=True))
    place = next(place for place, (image, mask) in enumerate(pairs) if image != mask)
    return "pair {}: the image {}, the mask {}".format(place, *pairs[place]).replace("None", "unlike any flip")


def _flips_in_words(out: Outcome) -> str:
    moves = out.result.moves[0]
    counts = (f"{moves.count(move)} {move or 'unlike any flip'}" for move in dict.fromkeys(moves))
    return f"of {COUNT} pairs: {', '.join(counts)}"


# fmt: off
# Their signs are given the moves of images and those of masks where they differ, and what is common to both.
_apart = partial(When, of=lambda out: out.result.apart, received=_apart_in_words,
                 expected="what happens to the image happens to its mask")
_flips = partial(When, of=lambda out: out.result, received=_flips_in_words,
                 expected="about half of the pairs flipped from left to right")
ERRORS = (
    Raises("the seed is a pair of numbers", "TypeError: concatenate tuple|supported seed types|not 'tuple'",
           "The package's generator gives a pair of numbers as seed, and with a pair one cannot calculate.",
           "`np.random.default_rng(seed)` takes it as it is; use this one `rng` for all the pairs.",
           expected="a seed that may be a pair"),
    Raises("a function that is not called", "TypeError: not supported between .* '(builtin_)?(function|method)",
           "`rng.random` is the function; `rng.random()` is a number that it draws.", "Put parentheses behind it."),
    Raises("a name of NumPy's older random numbers", "AttributeError: _generator.Generator' object has no attribute",
           "What `default_rng` returns has `random`, `integers` and `uniform`; `rand` and `randint` are older.",
           "Use `rng.random()` and `rng.uniform(0.8, 1.2)`."),
    Raises("turned, not flipped", "ValueError: could not broadcast input array",
           "Height and width have changed places.", "`array[:, ::-1]` flips from left to right."),
)
PAIRS = (
    *ERRORS,
    When("nothing is returned", lambda out: any(r is None for r in out.result.results),
         "A function returns only what follows `return`.", "End the function with `return` and the result.",
         received="None", expected="images and masks, as numbers"),
    When("not a pair of arrays",
         lambda out: [type(r) for r in out.result.results if not isinstance(r, (tuple, list)) or len(r) != 2], "",
         "End with `return images, masks`, as the exercise began.", received=lambda out: out.found[0].__name__,
         expected="images and masks"),
    When("another number of pairs", lambda out: [n for pair in out.result.results for n in map(np.shape, pair)
                                                if n[1:] == (HEIGHT, WIDTH, 1) and n[0] != COUNT],
         "To augment is to change the pairs that are there: the network gets others in each epoch.",
         "Change `images[i]` and `masks[i]`, and add none.", received=lambda out: f"{out.found[0][0]} pairs",
         expected=f"{COUNT} pairs"),
    When("masks first", lambda out: _binary(out.result.arrays[0][0]) and not _binary(out.result.arrays[0][1]),
         "A network trained like this would learn to draw radiographs from masks.", "End with `return images, masks`.",
         received="0 and 1 in the first array", expected="images, then masks"),
    When("the arrays that were passed are changed", lambda out: out.result.arrays and out.changed,
         "An array is not copied when it is passed to a function.", "Keep the line with `.copy()` at the beginning.",
         received="other numbers in `images` or `masks` of the caller",
         expected="new arrays, the old ones as they were"),
)
FLIPS = (
    When("the batch is reversed, not the images", _reversed,
         "The first axis of a batch counts the pairs.", "Flip a single image `images[i]` along its second axis.",
         received=lambda out: f"the {out.found[0]} of the last pair come first", expected="each pair in its place"),
    When("the mask holds the image", _mask_is_image, "`masks[i]` was made of `images[i]`.",
         "Flip `masks[i]` itself: `masks[i] = masks[i][:, ::-1]`.",
         received=lambda out: f"in mask {out.found[0]} the grey values of its image", expected="masks of 0 and 1"),
    When(lambda out: "only the first pair is changed" if out.found == 1 else f"only the first {out.found} pairs are "
         "changed", lambda out: (places := out.result.changed()) and max(places) < COUNT // 2 and max(places) + 1,
         "The others are exactly as they were. Does a `return` stand in the loop, or a fixed number in `range`?",
         "Go through all of them: `for i in range(len(images))`, and return after the loop.",
         received=lambda out: f"{COUNT - out.found} pairs that are as they were", expected="a change of each pair"),
    When("nothing is changed", lambda out: not out.result.changed(), "What you compute is not put back.",
         "Assign to `images[i]` and `masks[i]`: another name, or a call alone, changes nothing in the arrays.",
         received="images and masks as they were", expected="flipped pairs, and other grey values"),
    When("all the pairs are treated alike", lambda out: out.result.alike == "flip and brightness",
         "For one seed all are flipped, for another none, and they all get the same brightness. Is the whole batch "
         "changed at once? Or is `rng` made anew for each pair? Then the same numbers come again.",
         "Make the `rng` once, before the loop; in the loop draw anew, and change `images[i]` and `masks[i]`.",
         received=_flips_in_words,
         expected="about half of the pairs flipped, each with a brightness of its own"),
    When("one number decides for all the pairs", lambda out: out.result.alike == "flip",
         "For one seed all of them are flipped, for another none: it was drawn before the loop, or the whole batch was "
         "flipped in each turn.", "Draw it in the loop, and flip `images[i]` and `masks[i]`.", received=_flips_in_words,
         expected="about half of the pairs flipped"),
    _apart("only the images are flipped", lambda moves: moves[1] == {"unchanged"},
           "The masks stay as they were, and no longer fit.", "Flip `masks[i]` under the same `if`."),
    _apart("only the masks are flipped", lambda moves: moves[0] == {"unchanged"},
           "The images stay as they were, and the masks no longer fit.", "Flip `images[i]` under the same `if`."),
    _apart("image and mask are flipped along different axes",
           lambda moves: None not in set.union(*moves) and moves[0] - {"unchanged"} != moves[1] - {"unchanged"},
           "The outline no longer fits its lung.", "Use the same slices for both."),
    _apart("image and mask are not flipped together", lambda moves: True,
           "Two random numbers decide, where one should.", "Draw once for each pair, and flip both or none."),
    _flips("flipped along every axis", lambda pairs: set(pairs.moves[0]) - {"unchanged"} == {HALF_A_TURN},
           "The height is reversed as well as the width, which makes half a turn. `np.flip` without an axis reverses "
           "all of them.", "`array[:, ::-1]` reverses the second axis alone, the width."),
    _flips("upside down, and the whole batch at once", lambda pairs: set(pairs.moves[0]) == {UPSIDE_DOWN},
           "The second axis of a batch is the height of its images, and all of them were flipped.",
           "In the loop, under the `if`: `images[i] = images[i][:, ::-1]`, and the same for `masks[i]`."),
    _flips("upside down", lambda pairs: {UPSIDE_DOWN, HALF_A_TURN} & set(pairs.moves[0]),
           "The first axis of a single image is its height.", "`array[:, ::-1]` reverses the second axis, the width."),
    _flips("something else than a flip", lambda pairs: None in pairs.moves[0], "", "Plot a pair before and after."),
    _flips("never flipped", lambda pairs: pairs.share == 0, "Each pair is as it was.",
           "Flip where `rng.random() < 0.5`, along the second axis of `images[i]`. (And not the whole batch in each "
           "turn.)"),
    _flips("always flipped", lambda pairs: pairs.share == 1,
           "The network would see each case in one form only, as before.", "Flip only where `rng.random() < 0.5`, "
           "drawn anew for each pair: `images[i]`, and not the whole batch in each turn."),
    _flips("not half of the pairs", lambda pairs: not 0.3 < pairs.share < 0.7,
           "The share of flipped pairs is far from one half.",
           "`rng.random()` lies between 0 and 1: it is below 0.5 in half of the cases."),
)
SEEDS = (
    When(lambda out: f"the {out.found[0]} pair is left out", lambda out: out.result.left_out,
         "It is as it was for each seed. Python counts from 0.", "Write `for i in range(len(images))`.",
         received=lambda out: f"the {out.found[0]} image and its mask as they were", expected="a change of each pair"),
    When("the seed does not fix the result", lambda out: not out.result.equal(0, 1),
         "Some numbers were drawn from elsewhere than `rng`, so no training can be repeated.",
         "Draw each random number from the `rng` that is made of `seed`.",
         received="two different results for the same seed", expected="the same result for the same seed"),
    When("the seed is not used", lambda out: out.result.equal(0, 2),
         "Each epoch would change the cases in the same way.",
         "Make the `rng` from the argument: `np.random.default_rng(seed)`.",
         received=lambda out: "the same result for the seeds {1} and {2}".format(*out.result.seeds),
         expected="another result"),
    When("the same pairs are flipped for every seed", lambda out: out.result.fixed,
         "Their places decide, not chance: in each epoch the network would see the same ones flipped.",
         "Draw a number for each pair: `if rng.random() < 0.5:`.",
         received=lambda out: "for the seeds {1} and {2} alike, the pairs ".format(*out.result.seeds)
         + f"{', '.join(map(str, out.found[:5]))}, ...", expected="other pairs for another seed"),
)
# fmt: on


@contextmanager
def pairs_to_augment(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray, tuple[int, int], str]]:
    """Yield images, masks, a seed, and the call in words. Global random numbers are put back."""
    images = rng.uniform(0.1, 0.75, (COUNT, HEIGHT, WIDTH, 1)).astype("float32")
    images[:, 1, 2] = BRIGHT
    masks = (rng.random(images.shape) < 0.4).astype("float32")
    masks[:, 0, 0], masks[:, -1, 0], masks[:, 0, -1], masks[:, -1, -1] = 1, 0, 0, 0  # no mask is its own mirror image
    seed = (int(rng.integers(1000)), int(rng.integers(1000)))
    tried = f"augment(images, masks, seed={seed}), with {COUNT} pairs of {HEIGHT} x {WIDTH} pixels"
    with same_chance():
        yield images, masks, seed, tried


@look_at("augment", rows=(*PAIRS, *FLIPS), run=Augmented)
def look_at_the_flips(rng):
    with pairs_to_augment(rng) as (images, masks, seed, tried):
        yield Case(images, masks, seed, tried=tried)


@look_at("augment", rows=(*PAIRS, *SEEDS), run=Augmented)
def look_at_the_seed(rng):
    with pairs_to_augment(rng) as (images, masks, seed, tried):
        yield Case(images, masks, seed, seed, (seed[0], seed[1] + 1), tried=tried)

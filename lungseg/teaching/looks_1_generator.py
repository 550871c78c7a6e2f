"""Looks at exercise 1.3, `__len__` and `__getitem__`: how many batches, and what is in each of them."""

from itertools import chain

import numpy as np

from lungseg.teaching.batches import (
    blaming_names_of_the_notebook,
    expect_layout,
    expect_values,
    explain_reading,
    listing,
    numbers,
    tiny_cases,
)
from lungseg.teaching.verdict import Wrong, describe, describe_error, trying

COUNT, BATCH = 7, 3  # batches of 3, 3 and 1
BATCHES = [[0, 1, 2], [3, 4, 5], [6]]


def tried_on(settings: str, call: str = "") -> str:
    """Say which generator is tried, and what is done with it."""
    made = f"generator = DataGenerator(cases, batch_size={BATCH}{settings}), with {COUNT} cases"
    return f"{made}\n{call}" if call else made


def _blaming(DataGenerator, method: str):
    return blaming_names_of_the_notebook(
        getattr(DataGenerator, method, None), {"cases": "self.cases", "BATCH_SIZE": "self.batch_size"}
    )


# ---- __len__ ----------------------------------------------------------------------------------


def look_at_the_length(DataGenerator, rng):
    size = int(rng.integers(4, 7))
    with tiny_cases(3 * size + 1, rng) as (paths, _, _), _blaming(DataGenerator, "__len__"):
        # Whoever rounds to the nearest passes the first of these, and not the second.
        for count, expected in ((3 * size - 1, 3), (2 * size + 1, 3), (2 * size, 2), (3 * size + 1, 4), (1, 1)):
            with trying(f"len(DataGenerator(cases, batch_size={size})), with {count} cases", explain_reading):
                generator = DataGenerator(paths[:count], batch_size=size)
                _expect_length(type(generator).__len__(generator), expected, count, size)


def _expect_length(found, expected: int, count: int, size: int) -> None:
    whole = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
    if whole and found == expected:
        return
    full, left = divmod(count, size)
    rest = f", and {left} {'is' if left == 1 else 'are'} left over." if left else " exactly."
    batches = f"{count} cases fill {full} batches of {size}{rest}"
    ceil = "Round up: what is left over makes a last, smaller batch. `math.ceil` does it."
    known = {
        "nothing is returned": (
            found is None,
            "A method without `return` gives None.",
            "Write `return` in front of the number.",
        ),
        "a whole number, but a float": (
            not whole and found == expected,
            "`len()` takes an `int` only, and `np.ceil` gives a float.",
            "`math.ceil` rounds up and gives an `int`.",
        ),
        "not rounded": (found == count / size, f"{batches} A length is a whole number.", ceil),
        "cases in place of batches": (found == count, f"Keras asks for the number of batches. {batches}", ceil),
        "the size of a batch": (found == size, f"That is how many cases a batch holds. {batches}", ceil),
        "rounded to the nearest": (
            found == full and 2 * left < size,
            f"{batches} Rounded to the nearest number, what is left over is dropped without an error.",
            ceil,
        ),
        "rounded down": (found == full, f"{batches} What is left over is dropped without an error.", ceil),
        "one batch too many": (
            found == full + 1,
            f"{batches} To add 1 is right only where something is left over.",
            "Round up with `math.ceil` in place of adding 1.",
        ),
    }
    for cause, (is_it, why, remedy) in known.items():
        if is_it:
            raise Wrong(cause, received=repr(found), expected=str(expected), why=why, remedy=remedy)
    raise Wrong("another number", received=describe(found), expected=str(expected), why=batches, remedy=ceil)


# ---- __getitem__ ------------------------------------------------------------------------------


def look_at_a_batch(DataGenerator, rng):
    tried = tried_on(", shuffle=False", "generator[0]")
    with (
        tiny_cases(COUNT, rng) as (paths, images, masks),
        _blaming(DataGenerator, "__getitem__"),
        trying(tried, explain_reading),
    ):
        batch = DataGenerator(paths, batch_size=BATCH, shuffle=False)[0]
        places = _places(batch, images, masks)
        known = places is not None and None not in places
        if known and (len(places) != BATCH or places in ([1, 2, 3], [3, 4, 5])):
            raise _wrong_places([places], BATCHES[:1])
        expect_layout(batch, images[:BATCH], masks[:BATCH])
        # In which order the cases come is the next look.
        expected = places if known else BATCHES[0]
        expect_values(batch, images[expected], masks[expected])


def look_at_the_order(DataGenerator, rng):
    with tiny_cases(COUNT, rng) as (paths, images, masks), _blaming(DataGenerator, "__getitem__"):
        tried = tried_on(", shuffle=False", "generator[0], generator[1], generator[2]")
        with trying(tried, _explain_the_last):
            generator = DataGenerator(paths, batch_size=BATCH, shuffle=False)
            read = [generator[index] for index in range(3)]
            found = [readable(batch, images, masks) for batch in read]
            by_name = np.argsort([path.name for path in paths]).tolist()
        with trying(tried + ", and generator[0] again", explain_reading):
            again = readable(generator[0], images, masks)
            if again != found[0]:
                raise _changing(found[0], again)
        with trying(tried):
            if found == [by_name[:3], by_name[3:6], by_name[6:]]:
                raise Wrong(
                    "the cases are sorted",
                    received=_shown(found),
                    expected=_shown(BATCHES),
                    why="They come by name, and not in the order of the list.",
                    remedy="Take the cases as they stand in `self.cases`.",
                )
            if found != BATCHES:
                raise _wrong_places(found, BATCHES)
            for batch, places in zip(read, BATCHES, strict=True):
                expect_layout(batch, images[places], masks[places])
                expect_values(batch, images[places], masks[places])


def look_at_the_shuffled_cases(DataGenerator, rng):
    seed = int(rng.integers(1000))
    with tiny_cases(COUNT, rng) as (paths, images, masks), _blaming(DataGenerator, "__getitem__"):
        tried = tried_on(f", shuffle=True, seed={seed}", "generator[0], generator[1], generator[2]")
        with trying(tried, _explain_the_last):
            generator = DataGenerator(paths, batch_size=BATCH, shuffle=True, seed=seed)
            read = [generator[index] for index in range(3)]
            found = [readable(batch, images, masks) for batch in read]
            for batch in read:
                _expect_pairs(batch, images, masks)
        with trying(tried + ", then 2, 0 and 1 again", explain_reading):
            for index in (2, 0, 1):
                again = readable(generator[index], images, masks)
                if again != found[index]:
                    raise _changing(found[index], again)
        with trying(tried):
            places = [*chain(*found)]
            if sorted(places, key=str) != list(range(COUNT)):
                raise Wrong(
                    "not each case once",
                    received=_shown(found),
                    expected="each of the cases 0 to 6 once",
                    why="In an epoch each case is seen once: none twice, and none left out.",
                    remedy="Take the places from one order of all the cases, cut into batches.",
                )
            if places == list(range(COUNT)):
                raise Wrong(
                    "`self.order` is not used",
                    received=_shown(found),
                    expected="the cases in another order than that of the list",
                    why="The places were counted straight on: the shuffled order exists, but nobody reads it.",
                    remedy="Cut a batch out of `self.order`, and look up the cases at the places that stand there.",
                )
            for batch, places in zip(read, found, strict=True):
                expect_layout(batch, images[places], masks[places])
                expect_values(batch, images[places], masks[places])


def _places(batch, images, masks) -> list[int | None] | None:
    """Return which cases are in a batch, or None where that cannot be said."""
    try:
        return numbers(batch, images, masks)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def readable(batch, images, masks) -> list[int | None]:
    places = _places(batch, images, masks)
    if places is None:
        expect_layout(batch, images[:BATCH], masks[:BATCH])
    return places or []


def _expect_pairs(batch, images, masks) -> None:
    of_images, of_masks = (
        _places((array,), table, table) for array, table in zip(batch, (images, masks), strict=False)
    )
    if of_images != of_masks and None not in (of_images or [None]) + (of_masks or [None]):
        raise Wrong(
            "images and masks are shuffled apart",
            received=f"images of the cases {listing(of_images)}, masks of the cases {listing(of_masks)}",
            expected="each image with its own mask",
            why="Each of the two was put into an order of its own. No error is raised, and nothing can be learned.",
            remedy="Shuffle places, not arrays: one order, from which both image and mask are read.",
        )


def _changing(before, after) -> Wrong:
    return Wrong(
        "the same index gives another batch",
        received=f"first the cases {listing(before)}, later {listing(after)}",
        expected="the same batch for the same index, until the epoch ends",
        why="Something moves in `__getitem__`: it shuffles, or goes on to the next batch. Keras reads batches early, "
        "twice, or in any order; then some cases come twice, and others never.",
        remedy="Use `index` and `self.order`, and change nothing in `__getitem__`. To shuffle is for `on_epoch_end`.",
    )


def _wrong_places(found: list, expected: list) -> Wrong:
    """Name the mistake in the slices, from the cases that came out of the batches."""
    first, last = found[0], found[-1]
    whole = len(found) == 3
    slices = "A slice `[start : stop]` ends before `stop`."
    known = {
        "one case too few in a batch": (
            len(first) == BATCH - 1,
            slices,
            "The slice from `start` to `start + 3` holds three: do not subtract 1.",
        ),
        "one case too many in a batch": (
            len(first) == BATCH + 1,
            slices + " A case would come in two batches.",
            "The slice from `start` to `start + 3` holds three: do not add 1.",
        ),
        "all the cases in one batch": (
            len(first) == COUNT,
            "The batch is not cut out.",
            "Cut `batch_size` places out of `self.order`, beginning where batch number `index` begins.",
        ),
        "a single case, not a batch": (
            len(first) == 1,
            "`index` counts batches, not cases.",
            "Batch number `index` holds the `batch_size` cases that begin at `index * batch_size`.",
        ),
        "batches counted from 1": (
            first == [3, 4, 5],
            "Keras begins with batch 0, so the first cases are left out.",
            "Batch number `index` begins at `index * batch_size`.",
        ),
        "starts one place late": (first == [1, 2, 3], "Places count from 0.", "Begin at `index * batch_size`."),
        "each batch starts one case after the other": (
            whole and found[1][:1] == [1],
            "Batch number 1 began at case number 1: `index` counts batches, not cases.",
            "Batch number `index` begins at `index * batch_size`.",
        ),
        "always the same batch": (
            whole and found[0] == found[1] == last,
            "`index` is not used.",
            "Batch number `index` begins at `index * batch_size`.",
        ),
        "the last batch is filled up with leftovers": (
            whole and len(last) == BATCH and last[0] == 6 and None in last,
            "An array for a full batch was made, and only one row of it filled. The others hold zeros, or whatever "
            "stood in memory.",
            "Make the batch as large as the cases that are left: `np.stack` of a list does so.",
        ),
        "the last batch is filled up with other cases": (
            whole and len(last) == BATCH,
            "Cases came twice to make it full. In a test they would count twice.",
            "Leave the last batch smaller. A slice that goes beyond the end just ends.",
        ),
        "shuffled, though shuffle=False": (
            sorted([*chain(*found)], key=str) == [*chain(*expected)],
            "Validation and test need the order of the list, to find each prediction under its name.",
            "Shuffle only where `self.shuffle` is True.",
        ),
    }
    for cause, (is_it, why, remedy) in known.items():
        if is_it:
            return Wrong(cause, received=_shown(found), expected=_shown(expected), why=why, remedy=remedy)
    remedy = "Print `start`, `stop` and the places for index 0, 1 and 2."
    return Wrong("other cases in the batches", received=_shown(found), expected=_shown(expected), remedy=remedy)


def _shown(batches: list) -> str:
    if len(batches) == 1:
        return f"cases {listing(batches[0])}"
    return "cases " + " | ".join(listing(places) for places in batches)


def _explain_the_last(error: Exception) -> Wrong | None:
    if isinstance(error, IndexError):
        return Wrong(
            "the last batch is smaller",
            received=describe_error(error),
            expected=_shown(BATCHES),
            why="Of 7 cases in batches of 3, the last batch holds one. To count three places from its start goes "
            "beyond the end of the list.",
            remedy="A slice that goes beyond the end just ends; or stop at `len(self.cases)`.",
        )
    return explain_reading(error)

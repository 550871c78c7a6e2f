"""Looks at exercise 1.3, `__len__` and `__getitem__`: how many batches, and what is in each of them."""

from itertools import chain

import numpy as np

from lungseg_course.chapters.batches import (
    expect_layout,
    expect_values,
    explain_reading,
    listing_cases,
    numbers,
    tiny_cases,
)
from lungseg_course.chapters.chapter_1.slices import (
    BATCH,
    BATCHES,
    COUNT,
    changing,
    explain_the_last,
    shown,
    wrong_places,
)
from lungseg_course.engine.lines import counted
from lungseg_course.engine.names_outside import blaming_names_of_the_notebook
from lungseg_course.engine.verdict import Wrong, students_line, trying

ALL = "generator[0], generator[1], generator[2], generator[3]"


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
        # Whoever rounds to the nearest passes the first of these, and not the second. An even number of full batches
        # comes before an odd one: `_expect_length` tells by the first that fails what went wrong.
        counts = (3 * size - 1, 2 * size + 1, 2 * size, 3 * size + 1, 1, 3 * size, size)
        for count, each in (*((count, size) for count in counts), (8, 2), (10, 2), (4, 1), (5, 1)):
            with trying(
                f"len(DataGenerator(cases, batch_size={each})), with {counted(count, 'case')}", explain_reading
            ):
                generator = DataGenerator(paths[:count], batch_size=each)
                _expect_length(type(generator).__len__(generator), count, each)


def _expect_length(found, count: int, size: int) -> None:
    full, left = divmod(count, size)
    expected = full + (left > 0)
    whole = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
    if whole and found == expected:
        return
    rest = f", and {left} {'is' if left == 1 else 'are'} left over." if left else " exactly."
    batches = f"{counted(count, 'case')} fill{'s' * (count == 1)} {counted(full, 'batch')} of {size}{rest}"
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
        "rounded to the even neighbour": (
            # With an even number of full batches it was right.
            found == full + 1 and not left and full % 2 == 1,
            f"{batches} One more batch would be empty. Python's `round` takes halves to the even neighbour: 2.5 to 2, "
            "but 3.5 to 4. So adding a half and rounding does not always round up.",
            "Round up with `math.ceil`.",
        ),
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
    cause = "another number" if whole else "not a whole number"
    raise Wrong(cause, received=repr(found), expected=str(expected), why=batches, remedy=ceil)


# ---- __getitem__ ------------------------------------------------------------------------------


def look_at_a_batch(DataGenerator, rng):
    tried = tried_on(", shuffle=False", "generator[0]")
    with (
        tiny_cases(COUNT, rng) as (paths, images, masks),
        _blaming(DataGenerator, "__getitem__"),
        trying(tried, explain_reading),
    ):
        generator = DataGenerator(paths, batch_size=BATCH, shuffle=False)
        batch = generator[0]
        places = _places(batch, images, masks)
        known = places is not None and None not in places and places == _places(generator[0], images, masks)
        if known and (len(places) != BATCH or places in ([1, 2, 3], [3, 4, 5])):
            raise wrong_places([places], BATCHES[:1])
        expect_layout(batch, images[:BATCH], masks[:BATCH])
        # In which order the cases come is the next look.
        expected = places if places is not None and None not in places else BATCHES[0]
        expect_values(batch, images[expected], masks[expected])
    if known and places == BATCHES[0]:
        _expect_its_own_files_only(DataGenerator, rng)


def _expect_its_own_files_only(DataGenerator, rng) -> None:
    """Expect that a first batch of other cases can be read where the files of all the others are gone."""
    with tiny_cases(COUNT, rng) as (paths, images, masks):
        for path in paths[BATCH:]:
            path.unlink()
        tried = tried_on(", shuffle=False", f"generator[0], where only the files of its {BATCH} cases are left")
        with trying(tried, _explain_missing_files):
            batch = DataGenerator(paths, batch_size=BATCH, shuffle=False)[0]
            if _places(batch, images, masks) != BATCHES[0]:
                raise Wrong(
                    "batches of another generator",
                    received="what a generator of other cases had read before",
                    expected=f"{listing_cases(BATCHES[0])} of this generator",
                    why="A batch that was read once is kept where all the generators find it: in the class, or in a "
                    "global variable. Training and validation would get each other's cases.",
                    remedy="Read each batch anew, from the places in `self.order`, and keep none.",
                )


def _explain_missing_files(error: Exception) -> Wrong:
    place = students_line(error)
    line = f"\nin line {place[0]} of your cell:  {place[1]}" if place else ""
    return Wrong(
        "it reads cases that are not in this batch",
        received=f"another file is opened, too{line}",
        expected=f"{BATCH} files are read, those of {listing_cases(BATCHES[0])}",
        why="Whoever reads the whole set, for each batch or beforehand, has all of it in memory. A generator is there "
        "to spare us that.",
        remedy="Take the places of this batch out of `self.order` first, and give `read_batch` their paths only.",
    )


def look_at_the_order(DataGenerator, rng):
    with tiny_cases(COUNT, rng) as (paths, images, masks), _blaming(DataGenerator, "__getitem__"):
        tried = tried_on(", shuffle=False", ALL)
        with trying(tried, explain_the_last):
            generator = DataGenerator(paths, batch_size=BATCH, shuffle=False)
            found = [readable(generator[index], images, masks) for index in range(2)]
            if found[0] == [0, 1, 2] and found[1] in ([k, k + 1, k + 2] for k in range(4, 8)):
                raise wrong_places(found, BATCHES[:2])
            read = [generator[index] for index in range(len(BATCHES))]
            found = [readable(batch, images, masks) for batch in read]
            by_name = np.argsort([path.name for path in paths]).tolist()
        with trying(tried + ", and generator[0] again", explain_reading):
            for _ in range(4):  # three cases may come back in their order by chance
                again = readable(generator[0], images, masks)
                if again != found[0]:
                    raise changing(found[0], again)
        with trying(tried):
            if [*chain(*found)] == by_name:
                raise Wrong(
                    "the cases are sorted",
                    received=shown(found),
                    expected=shown(BATCHES),
                    why="They come by name, and not in the order of the list.",
                    remedy="Take the cases as they stand in `self.cases`.",
                )
            if found != BATCHES:
                raise wrong_places(found, BATCHES)
            for batch, places in zip(read, BATCHES, strict=True):
                expect_layout(batch, images[places], masks[places])
                expect_values(batch, images[places], masks[places])


def look_at_the_shuffled_cases(DataGenerator, rng):
    seed = int(rng.integers(1000))
    with tiny_cases(COUNT, rng) as (paths, images, masks), _blaming(DataGenerator, "__getitem__"):
        tried = tried_on(f", shuffle=True, seed={seed}", ALL)
        with trying(tried, explain_the_last):
            generator = DataGenerator(paths, batch_size=BATCH, shuffle=True, seed=seed)
            read = [generator[index] for index in range(len(BATCHES))]
            found = [readable(batch, images, masks) for batch in read]
            for batch in read:
                _expect_pairs(batch, images, masks)
        with trying(tried + ", then 2, 0, 3 and 1 again", explain_reading):
            for index in (2, 0, 3, 1) * 4:
                again = readable(generator[index], images, masks)
                if again != found[index]:
                    raise changing(found[index], again)
        with trying(tried):
            places = [*chain(*found)]
            if sorted(places, key=str) != list(range(COUNT)):
                raise Wrong(
                    "not each case once",
                    received=shown(found),
                    expected="each of the cases 0 to 9 once",
                    why="In an epoch each case is seen once: none twice, and none left out.",
                    remedy="Take the places from one order of all the cases, cut into batches.",
                )
            if places == list(range(COUNT)):
                raise Wrong(
                    "`self.order` is not used",
                    received=shown(found),
                    expected="the cases in another order than that of the list",
                    why="The places were counted straight on: the shuffled order exists, but nobody reads it.",
                    remedy="Cut a batch out of `self.order`, and look up the cases at the places that stand there.",
                )
            other = DataGenerator(paths, batch_size=BATCH, shuffle=True, seed=seed + 1)
            found_there = [readable(other[index], images, masks) for index in range(len(BATCHES))]
            if _same_mixtures(found) and _same_mixtures(found_there):
                raise Wrong(
                    "shuffled within the batches only",
                    received=shown(found),
                    expected="other mixtures of cases in the batches",
                    why="The batches were cut first and shuffled then, so the same cases meet in each epoch.",
                    remedy="Cut the batches out of `self.order`, which is shuffled as a whole.",
                )
            for batch, places in zip(read, found, strict=True):
                expect_layout(batch, images[places], masks[places])
                expect_values(batch, images[places], masks[places])


def _same_mixtures(found: list) -> bool:
    return sorted(sorted(batch, key=str) for batch in found) == BATCHES


def _places(batch, images, masks) -> list[int | None] | None:
    """Return which cases are in a batch, or None where that cannot be said."""
    try:
        return numbers(batch, images, masks) if hasattr(batch[0], "shape") else None
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
            received=f"images of {listing_cases(of_images)}; masks of {listing_cases(of_masks)}",
            expected="each image with its own mask",
            why="Each of the two was put into an order of its own. No error is raised, and nothing can be learned.",
            remedy="Shuffle places, not arrays: one order, from which both image and mask are read.",
        )

"""Batches that are read from a generator, and the mistakes in its slices that the cases in them show."""

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from itertools import chain, pairwise
from typing import Any

import numpy as np

from lungseg_course.chapters.batches import Batch, Pair, TinyCases, is_pair, listing, listing_cases, places_in
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import When

COUNT, BATCH = 10, 3  # four batches: whoever takes their number for their size is found out
BATCHES = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]


class Reading:
    """Batches to be read from a generator with these settings; afterwards, what was read.

    Attributes
    ----------
    batches : list
    found : dict
        Index → the cases in the batch, or None where that cannot be said.
    changing : tuple or None
        The cases of a batch that holds others when it is read again, before and
        after. It is the last that is read.
    """

    def __init__(self, cases: TinyCases, indices: Iterable[int] = range(4), **settings: Any):
        self.cases, self.indices, self.settings = cases, indices, settings
        self.batches: list = []
        self.found: dict[int, list | None] = {}
        self.changing: tuple | None = None

    def read(self, DataGenerator: Callable) -> None:
        """Make a generator and read its batches."""
        generator = DataGenerator(self.cases.paths, batch_size=BATCH, **self.settings)
        for index in self.indices:
            try:
                batch = generator[index]
            except Exception:
                if index not in self.found:
                    raise
                self.changing = self.found[index], []  # there is none any more
                break
            places = self.cases.places(batch)
            if self.found.setdefault(index, places) != places:
                self.changing = self.found[index], places
                break
            self.batches.append(batch)

    @property
    def places(self) -> list | None:
        """The cases in each batch, where that can be said of all of them."""
        return None if None in self.found.values() else list(self.found.values())

    @property
    def expected(self) -> list:
        """The cases that should be in each batch, where none are shuffled."""
        return [BATCHES[index] for index in self.found]

    @property
    def misplaced(self) -> list | None:
        """The cases in each batch, where they are others than expected."""
        return None if self.places == self.expected else self.places

    @cached_property
    def doubtful(self) -> tuple[Any, Pair]:
        """The first batch that is wrong, whichever cases are in it, and what it should be."""
        for batch, found, expected in zip(self.batches, self.found.values(), self.expected, strict=False):
            right = self.cases.pair(found if found and None not in found else expected)
            if not Batch().same(batch, right):
                break
        return batch, right


class FirstBatch(Reading):
    """Batch 0, twice. In which order its cases come does not matter yet."""

    @property
    def misplaced(self) -> list | None:
        found = self.found[0]
        late = len(found or ()) != BATCH or found in ([1, 2, 3], [3, 4, 5])
        return [found] if late and found and None not in found and not self.changing else None


class BatchRead(Batch):
    """The doubtful batch of a `Reading`."""

    def read(self, result: Reading) -> Any:
        return result.doubtful[0]


def shown(batches: list) -> str:
    """Return the cases of each batch in words."""
    return listing_cases(batches[0]) if len(batches) == 1 else f"cases {' | '.join(map(listing, batches))}"


def _full(found: list) -> bool:
    """Whether the last batch is there, and as large as the others."""
    return len(found) == len(BATCHES) and len(found[-1]) == BATCH


def _shuffled_apart(out: Outcome) -> tuple | None:
    """Return the cases of the images and those of the masks in the first batch where they differ."""
    for images, masks in filter(is_pair, out.result.batches) if out.result.places else ():
        found = places_in((images,), out.result.cases.images), places_in((masks,), out.result.cases.masks)
        if found[0] != found[1] and None not in [*(found[0] or [None]), *(found[1] or [None])]:
            return found
    return None


def _from_the_end(found: list) -> bool:
    """Whether the last cases come first, and each batch holds those before the batch before."""
    if len(found) == 1 or None in chain(*found) or [] in found:
        return found[0] == [COUNT - 1]
    return all(min(batch) > max(later) for batch, later in pairwise(found))


def _same_mixtures(reading: Reading) -> bool:
    return sorted(sorted(batch, key=str) for batch in reading.places or ()) == BATCHES


# Their signs are given the cases in each batch: where these are known, and where they are others than expected.
_known = partial(When, of=lambda out: out.result.places, received=lambda out: shown(out.result.places))
_other = partial(_known, of=lambda out: out.result.misplaced, expected=lambda out: shown(out.result.expected))
ALL = list(range(COUNT))
BEGINS = "Batch number `index` begins at `index * batch_size`."
SLICE = "A slice `[start : stop]` ends before `stop`."

# fmt: off
GAP = _other("a gap between the batches", lambda found: found[0] == [0, 1, 2] and found[1][0] in range(4, COUNT),
             "Batch number 1 begins too late, so that cases are left out.", f"{BEGINS} Is another number in its place?")
SLICES = (
    _other("one case too few in a batch", lambda found: found[0] == [0, 1], SLICE,
           "The slice from `start` to `start + 3` holds three: do not subtract 1."),
    _other("one case too many in a batch", lambda found: found[0] == [0, 1, 2, 3],
           f"{SLICE} A case would come in two batches.",
           "The slice from `start` to `start + 3` holds three: do not add 1."),
    _other("a fixed size of the batches", lambda found: found[0] == ALL[: len(found[0])] and 4 < len(found[0]) < COUNT,
           lambda out: f"Batch number 0 holds {len(out.result.misplaced[0])} cases, whatever `batch_size` is.",
           "Use `self.batch_size` in place of a number."),
    _other("all the cases in one batch", lambda found: len(found[0]) == COUNT, "The batch is not cut out.",
           "Cut `batch_size` places out of `self.order`, beginning where batch number `index` begins."),
    _other("batches counted from the end", _from_the_end,
           "The last cases come in the first batch. Validation and test need the order of the list.",
           f"{BEGINS} Is there a minus, or a list that is reversed?"),
    _other("a single case, not a batch", lambda found: len(found[0]) == 1, "`index` counts batches, not cases.",
           "Batch number `index` holds the `batch_size` cases that begin at `index * batch_size`."),
    _other("batches counted from 1", lambda found: found[0] == [3, 4, 5],
           "Keras begins with batch 0, so the first cases are left out.", BEGINS),
    _other("starts one place late", lambda found: found[0] == [1, 2, 3], "Places count from 0.",
           "Begin at `index * batch_size`."),
    _other("each batch starts one case after the other", lambda found: found[1:2] == [[1, 2, 3]],
           "Batch number 1 began at case number 1: `index` counts batches, not cases.", BEGINS),
    _other("every fourth case", lambda found: found[0][:2] == [0, 4], "A slice `[index :: number of batches]` takes "
           "cases far from each other. Each comes once, but a generator that does not shuffle gives the cases in the "
           "order of the list.", "Take `batch_size` places that follow each other."),
    _other("always the same batch", lambda found: found[1:] and found[0] == found[1] == found[-1],
           "`index` is not used.", BEGINS),
    _other("the last batch is filled up with leftovers",
           lambda found: _full(found) and found[-1][0] == 9 and None in found[-1],
           "An array for a full batch was made, and only one row of it filled. The others hold zeros, or whatever was "
           "in memory.", "Make the batch as large as the cases that are left: `np.stack` of a list does so."),
    _other("the last batch is filled up with other cases", _full,
           "Cases came twice to make it full. In a test they would count twice.",
           "Leave the last batch smaller. A slice that goes past the end just ends."),
    _other("batches of other sizes", lambda found: [*chain(*found)] == ALL,
           "The order is right. But every batch but the last holds `batch_size` cases, and the last one what is left.",
           "Batch number `index` begins at `index * batch_size`, and takes `batch_size` places."),
    _other("sorted within each batch", lambda found: len(found) > 1 and list(map(sorted, found)) == BATCHES,
           "The right cases are in each batch, and their order is another than that of the list.",
           "Take the places as they stand in `self.order`, without sorting."),
    _other("shuffled, though shuffle=False", lambda found: sorted(chain(*found), key=str) == ALL,
           "Validation and test need the order of the list, to find each prediction under its name.",
           "Shuffle only where `self.shuffle` is True."),
    _other("other cases in the batches", lambda found: True, "",
           "Print `start`, `stop` and the places for index 0, 1 and 2."),
)
SORTED = _known("the cases are sorted",
                lambda reading: [*chain(*reading.places or ())] == [*np.argsort([p.name for p in reading.cases.paths])],
                "They come by name, and not in the order of the list.", "Take the cases as they are in `self.cases`.",
                of=lambda out: out.result, expected=shown(BATCHES))
CHANGING = When("the same index gives another batch", lambda out: out.result.changing,
                "Something moves in `__getitem__`: it shuffles, or goes on to the next batch. Keras reads batches "
                "early, twice, or in any order; then some cases come twice, and others never.",
                "Use `index` and `self.order`, and change nothing in `__getitem__`. To shuffle is for `on_epoch_end`.",
                received=lambda out: "first {}, later {}".format(*map(listing_cases, out.found)),
                expected="the same batch for the same index, until the epoch ends")
APART = When("images and masks are shuffled apart", _shuffled_apart,
             "Each of the two was put into an order of its own. No error is raised, and nothing can be learned.",
             "Shuffle places, not arrays: one order, from which both image and mask are read.",
             received=lambda out: "images of {}; masks of {}".format(*map(listing_cases, out.found)),
             expected="each image with its own mask")
SHUFFLED = (
    _known("not each case once", lambda found: sorted(chain(*found), key=str) != ALL,
           "In an epoch each case is seen once: none twice, and none left out.",
           "Take the places from one order of all the cases, cut into batches.",
           expected="each of the cases 0 to 9 once"),
    _known("`self.order` is not used", lambda found: [*chain(*found)] == ALL,
           "The places were counted straight on: the shuffled order exists, but nobody reads it.",
           "Cut a batch out of `self.order`, and look up the cases at the places in it.",
           expected="the cases in another order than that of the list"),
    _known("shuffled within the batches only", lambda readings: all(map(_same_mixtures, readings)),
           "The batches were cut first and shuffled then, so the same cases meet in each epoch.",
           "Cut the batches out of `self.order`, which is shuffled as a whole.", of=lambda out: out.args,
           expected="other mixtures of cases in the batches"),
)
# fmt: on

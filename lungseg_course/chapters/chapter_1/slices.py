"""Names for what is wrong with the batches of a generator, from the cases that came out of them."""

from itertools import chain

from lungseg_course.chapters.batches import explain_reading, listing, listing_cases
from lungseg_course.engine.verdict import Wrong, describe_error

COUNT, BATCH = 10, 3  # four batches: whoever takes their number for their size is found out
BATCHES = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]


def wrong_places(found: list, expected: list) -> Wrong:
    """Name the mistake in the slices, from the cases that came out of the batches."""
    first, last = found[0], found[-1]
    whole = len(found) == len(BATCHES)
    slices = "A slice `[start : stop]` ends before `stop`."
    known = {
        "one case too few in a batch": (
            first == [0, 1],
            slices,
            "The slice from `start` to `start + 3` holds three: do not subtract 1.",
        ),
        "one case too many in a batch": (
            first == [0, 1, 2, 3],
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
            whole and found[1] == [1, 2, 3],
            "Batch number 1 began at case number 1: `index` counts batches, not cases.",
            "Batch number `index` begins at `index * batch_size`.",
        ),
        "every fourth case": (
            first[:2] == [0, 4],
            "A slice `[index :: number of batches]` takes cases far from each other. Each comes once, but a generator "
            "that does not shuffle gives the cases in the order of the list.",
            "Take `batch_size` places that follow each other.",
        ),
        "a gap between the batches": (
            first == [0, 1, 2] and len(found) > 1 and found[1][:1] in ([place] for place in range(4, COUNT)),
            "Batch number 1 begins too late, so that cases are left out.",
            "Batch number `index` begins at `index * batch_size`. Is another number in its place?",
        ),
        "always the same batch": (
            whole and found[0] == found[1] == last,
            "`index` is not used.",
            "Batch number `index` begins at `index * batch_size`.",
        ),
        "the last batch is filled up with leftovers": (
            whole and len(last) == BATCH and last[0] == 9 and None in last,
            "An array for a full batch was made, and only one row of it filled. The others hold zeros, or whatever "
            "stood in memory.",
            "Make the batch as large as the cases that are left: `np.stack` of a list does so.",
        ),
        "the last batch is filled up with other cases": (
            whole and len(last) == BATCH,
            "Cases came twice to make it full. In a test they would count twice.",
            "Leave the last batch smaller. A slice that goes beyond the end just ends.",
        ),
        "batches of other sizes": (
            [*chain(*found)] == [*chain(*expected)],
            "The order is right. But every batch but the last holds `batch_size` cases, and the last one what is left.",
            "Batch number `index` begins at `index * batch_size`, and takes `batch_size` places.",
        ),
        "shuffled, though shuffle=False": (
            sorted([*chain(*found)], key=str) == [*chain(*expected)],
            "Validation and test need the order of the list, to find each prediction under its name.",
            "Shuffle only where `self.shuffle` is True.",
        ),
    }
    for cause, (is_it, why, remedy) in known.items():
        if is_it:
            return Wrong(cause, received=shown(found), expected=shown(expected), why=why, remedy=remedy)
    remedy = "Print `start`, `stop` and the places for index 0, 1 and 2."
    return Wrong("other cases in the batches", received=shown(found), expected=shown(expected), remedy=remedy)


def changing(before, after) -> Wrong:
    return Wrong(
        "the same index gives another batch",
        received=f"first {listing_cases(before)}, later {listing_cases(after)}",
        expected="the same batch for the same index, until the epoch ends",
        why="Something moves in `__getitem__`: it shuffles, or goes on to the next batch. Keras reads batches early, "
        "twice, or in any order; then some cases come twice, and others never.",
        remedy="Use `index` and `self.order`, and change nothing in `__getitem__`. To shuffle is for `on_epoch_end`.",
    )


def explain_the_last(error: Exception) -> Wrong | None:
    if isinstance(error, IndexError):
        return Wrong(
            "the last batch is smaller",
            received=describe_error(error),
            expected=shown(BATCHES),
            why="Of 10 cases in batches of 3, the last batch holds one. To count three places from its start goes "
            "beyond the end of the list.",
            remedy="A slice that goes beyond the end just ends; or stop at `len(self.cases)`.",
        )
    return explain_reading(error)


def shown(batches: list) -> str:
    if len(batches) == 1:
        return listing_cases(batches[0])
    return "cases " + " | ".join(listing(places) for places in batches)

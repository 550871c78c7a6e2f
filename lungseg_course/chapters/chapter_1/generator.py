"""Looks at exercise 1.3, `__len__` and `__getitem__`: how many batches, and what is in each of them."""

import math
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.batches import listing_cases, tiny_cases
from lungseg_course.chapters.chapter_1 import slices
from lungseg_course.chapters.chapter_1.borrowed import READ_BATCH
from lungseg_course.chapters.chapter_1.slices import BATCH, BATCHES, COUNT, FirstBatch, Reading
from lungseg_course.chapters.misread_batches import LAYOUT, READING, values
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.students_code import students_line
from lungseg_course.engine.table import Case, look_at

ALL = "generator[0], generator[1], generator[2], generator[3]"
INSTEAD = {"cases": "self.cases", "BATCH_SIZE": "self.batch_size"}


def tried_on(settings: str, call: str = "") -> str:
    """Say which generator is tried, and what is done with it."""
    return f"generator = DataGenerator(cases, batch_size={BATCH}{settings}), with {COUNT} cases\n{call}"


# ---- __len__ ----------------------------------------------------------------------------------


class Length(Kind):
    """A whole number, and no float."""

    def same(self, value, right) -> bool:
        return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value == right

    def show(self, value, right) -> tuple[str, str]:
        return repr(value), str(right)


def _filled(more: str = "{}"):
    """Return words that say how many batches the cases fill, put into a sentence."""

    def words(out: Outcome) -> str:
        count, size = len(out.args[0]), out.args[1]
        full, left = divmod(count, size)
        rest = f", and {left} {'is' if left == 1 else 'are'} left over." if left else " exactly."
        return more.format(
            f"{counted(count, 'case')} fill{'s' * (count == 1)} {counted(full, 'batch')} of {size}{rest}"
        )

    return words


def _length(DataGenerator, cases, size: int):
    return type(made := DataGenerator(cases, batch_size=size)).__len__(made)


def _without_effect(out: Outcome) -> str:
    """Return what makes no difference to a wrong length: the number of cases, or the size of a batch."""
    cases, size = out.args
    if out.is_right or not isinstance(out.value, (int, np.integer)) or len(cases) <= size:
        return ""
    if all(_length(out.answer, cases, other) == out.value for other in (1, 100)):
        return "self.batch_size"
    return "self.cases" if all(_length(out.answer, cases[:count], size) == out.value for count in (1, 2)) else ""


CEIL = "Round up: what is left over makes a last, smaller batch. `math.ceil` does it."

# fmt: off
LENGTHS = (
    When("nothing is returned", lambda out: out.result is None, "A method without `return` gives None.",
         "Write `return` in front of the number."),
    Gives("a whole number, but a float", lambda cases, size: math.ceil(len(cases) / size),
          "`len()` takes an `int` only, and `np.ceil` gives a float.", "`math.ceil` rounds up and gives an `int`."),
    Gives("not rounded", lambda cases, size: len(cases) / size, _filled("{} A length is a whole number."), CEIL),
    Gives("rounded to the even neighbour", lambda cases, size: round(len(cases) / size + 0.5),
          _filled("{} One more batch would be empty. Python's `round` takes halves to the even neighbour: 2.5 to 2, "
          "3.5 to 4. So adding a half and rounding does not always round up."), "Round up with `math.ceil`."),
    Gives("cases in place of batches", lambda cases, size: len(cases),
          _filled("Keras asks for the number of batches. {}"), CEIL),
    Gives("the size of a batch", lambda cases, size: size, _filled("That is how many cases a batch holds. {}"), CEIL),
    When(lambda out: f"`{out.found}` is not used", _without_effect,
         lambda out: f"The number of batches is the same whatever `{out.found}` is.",
         "Compute it from the length of `self.cases` and from `self.batch_size`."),
    Gives("rounded to the nearest", lambda cases, size: round(len(cases) / size),
          _filled("{} Rounded to the nearest number, what is left over is dropped without an error."), CEIL),
    Gives("rounded down", lambda cases, size: len(cases) // size,
          _filled("{} What is left over is dropped without an error."), CEIL),
    Gives("one batch too many", lambda cases, size: len(cases) // size + 1,
          _filled("{} To add 1 is right only where something is left over."),
          "Round up with `math.ceil` in place of adding 1."),
    When(lambda out: "another number" if isinstance(out.value, (int, np.integer)) else "not a whole number",
         lambda out: not out.is_right, _filled(), CEIL),
    *READING,
)
# fmt: on


@look_at(
    "DataGenerator",
    lambda cases, size: math.ceil(len(cases) / size),
    LENGTHS,
    kind=Length(),
    run=_length,
    instead=INSTEAD,
    method="__len__",
)
def look_at_the_length(rng):
    size = int(rng.integers(4, 7))
    # Whoever rounds to the nearest passes the first of these, and not the second. An even number of full batches
    # comes before an odd one: the first that fails tells what went wrong.
    counts = (3 * size - 1, 2 * size + 1, 2 * size, 3 * size + 1, 1, 3 * size, size)
    with tiny_cases(3 * size + 1, rng) as cases:
        for count, each in (*((count, size) for count in counts), (8, 2), (10, 2), (4, 1), (5, 1)):
            tried = f"len(DataGenerator(cases, batch_size={each})), with {counted(count, 'case')}"
            yield Case(cases.paths[:count], each, tried=tried)


# ---- __getitem__ ------------------------------------------------------------------------------


def _right(reading: Reading, *others: Reading):
    return reading.doubtful[1]


def _missing_file(out: Outcome) -> str:
    place = students_line(out.error) if out.error else None
    return "another file is opened, too" + (f"\nin line {place[0]} of your cell:  {place[1]}" if place else "")


# fmt: off
VALUES = (*LAYOUT, *values(_right))
ERRORS = (
    READ_BATCH[0],
    Raises("the last case is lost", "Exception: at least one array",
           lambda out: f"The batches before it are right. Number {len(BATCHES) - 1} should hold the one case that is "
                       "left, and nothing is left for it. A slice ends before its `stop`: one that stops at "
                       "`len(self.cases) - 1` leaves the last case out.",
           "Stop at `len(self.cases)`. A slice that goes past the end just ends, too.",
           when=lambda out: out.args[0].places == BATCHES[:-1], expected=slices.shown(BATCHES)),
    Raises("the last batch is smaller", "IndexError", "Of 10 cases in batches of 3, the last batch holds one. To count "
           "three places from its start goes past the end of the list.",
           "A slice that goes past the end just ends; or stop at `len(self.cases)`.", expected=slices.shown(BATCHES)),
    *READING,
)
OWN_FILES = (
    Raises("it reads cases that are not in this batch", "Exception", "Whoever reads the whole set, for each batch or "
           "beforehand, has all of it in memory. A generator is there to spare us that.",
           "Take the places of this batch out of `self.order` first, and give `read_batch` their paths only.",
           received=_missing_file, expected=f"{BATCH} files are read, those of {listing_cases(BATCHES[0])}"),
    When("batches of another generator", lambda out: out.result.found[0] != BATCHES[0],
         "A batch that was read once is kept where all the generators find it: in the class, or in a global variable. "
         "Training and validation would get each other's cases.",
         "Read each batch anew, from the places in `self.order`, and keep none.",
         received="what a generator of other cases had read before",
         expected=f"{listing_cases(BATCHES[0])} of this generator"),
)
# fmt: on


def _read(DataGenerator, *readings: Reading) -> Reading:
    for reading in readings:
        reading.read(DataGenerator)
    return readings[0]


look = partial(look_at, "DataGenerator", run=_read, instead=INSTEAD, method="__getitem__")
checked: dict[str, Any] = {"right": _right, "kind": slices.BatchRead()}


@look(rows=(*READ_BATCH, slices.APART, *slices.SLICES, *VALUES, *READING), **checked)
def look_at_a_batch(rng):
    with tiny_cases(COUNT, rng) as cases:
        first = FirstBatch(cases, (0, 0), shuffle=False)
        yield Case(first, tried=tried_on(", shuffle=False", "generator[0]"))
    if first.found[0] != BATCHES[0] or first.changing:
        return  # the next look tells
    with tiny_cases(COUNT, rng) as cases:
        for path in cases.paths[BATCH:]:
            path.unlink()
        tried = tried_on(", shuffle=False", f"generator[0], where only the files of its {BATCH} cases are left")
        yield Case(Reading(cases, [0], shuffle=False), tried=tried, rows=OWN_FILES)


@look(rows=ERRORS)
def look_at_the_order(rng):
    with tiny_cases(COUNT, rng) as cases:
        tried = tried_on(", shuffle=False", ALL)
        yield Case(Reading(cases, range(2), shuffle=False), tried=tried, rows=(slices.GAP, *ERRORS))
        yield Case(Reading(cases, shuffle=False), tried=tried)
        again = Reading(cases, (0, 1, 2, 3, 0, 0, 0, 0), shuffle=False)  # three may come in their order by chance
        yield Case(again, tried=f"{tried}, and generator[0] again", rows=(slices.APART, slices.CHANGING, *ERRORS))
        yield Case(
            Reading(cases, shuffle=False),
            tried=tried,
            rows=(*READ_BATCH, slices.SORTED, *slices.SLICES, *VALUES),
            **checked,
        )


@look(rows=ERRORS)
def look_at_the_shuffled_cases(rng):
    seed = int(rng.integers(1000))
    with tiny_cases(COUNT, rng) as cases:
        tried = tried_on(f", shuffle=True, seed={seed}", ALL)
        yield Case(Reading(cases, shuffle=True, seed=seed), tried=tried, rows=(slices.APART, *ERRORS))
        again = Reading(cases, (0, 1, 2, 3, *(2, 0, 3, 1) * 4), shuffle=True, seed=seed)
        yield Case(again, tried=f"{tried}, then 2, 0, 3 and 1 again", rows=(slices.CHANGING, *ERRORS))
        both = (Reading(cases, shuffle=True, seed=each) for each in (seed, seed + 1))
        yield Case(*both, tried=tried, rows=(*slices.SHUFFLED, *VALUES), **checked)

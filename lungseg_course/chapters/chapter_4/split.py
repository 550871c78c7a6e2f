"""Notebook 4, exercise 4.1: a split of names, and what may make it another one."""

from collections.abc import Callable, Iterator, Sequence, ValuesView
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_4.other_runs import results_of_other_runs
from lungseg_course.engine.chance import global_state, same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.rows import Raises, Row, When
from lungseg_course.engine.table import Case, look_at

SHARES = (0.5, 0.3, 0.2)
PARTS = ("training", "validation", "test")
MANY = [f"CHNCXR_{number:04d}_0" for number in range(5000)]


class Splits:
    """What a student's function returned for each list of names and its seed, and the three lists in that."""

    def __init__(self, split_names: Callable, *lists: list[str], seeds: Sequence[int], other_runs: bool = False):
        self.count = len(lists[0])
        with same_chance():
            before = global_state()
            self.results = [_split(split_names, names, seed) for names, seed in zip(lists, seeds, strict=True)]
            for pair in results_of_other_runs(split_names, lists[0], seeds[0], SHARES) if other_runs else ():
                if _three_lists(pair[0]) != _three_lists(pair[1]):
                    self.results = list(pair)
            self.moved = [library for library, state in global_state().items() if state != before[library]]
            self.parts = list(map(_three_lists, self.results))
        self.sets = [tuple(map(frozenset, parts or ())) for parts in self.parts]
        self.where: dict[str, list[str]] = {}  # each name → the parts that it is in
        for part, names in zip(PARTS, self.parts[0] or ((), (), ()), strict=True):
            for name in names:
                self.where.setdefault(name, []).append(part)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(map(len, self.parts[0] or ()))

    def near(self, *several: Sequence[float]) -> bool:
        """Whether the sizes of the parts are near one of these shares."""
        return bool((abs(np.multiply(several, self.count) - self.sizes) <= 2).all(axis=1).any())


def _split(split_names: Callable, names: list[str], seed: int) -> Any:
    """Split names; an error says in a note whether it would not come with many more names."""
    try:
        return split_names(names, seed, SHARES)
    except (IndexError, ValueError) as error:
        if _can_split(split_names, MANY):
            error.add_note("not with many names")
        raise


def _can_split(split_names: Callable, names: list[str]) -> bool:
    try:
        split_names(list(names), 0, SHARES)
    except Exception:
        return False
    return True


def _three_lists(result: Any) -> list[list[str]] | None:
    """Return the lists; None where there are not three, in places 0 to 2, or other things than names in them."""
    try:
        three = [result[place] for place in range(len(result))]
        parts = [[None] if isinstance(part, str) else list(part) for part in three]  # of text, a list has the letters
    except (TypeError, LookupError):
        return None
    fits = len(parts) == 3 and all(isinstance(name, str) for part in parts for name in part)
    return [list(map(str, part)) for part in parts] if fits else None


def _places(out) -> str:
    (name, parts), *more = out.found
    places = " and in ".join(dict.fromkeys(parts)) if len(set(parts)) > 1 else f"the {parts[0]} part twice"
    return f"{name} is in {places}" + (f", and {len(more)} more like it" if more else "")


def _difference(out) -> tuple[str, str] | None:
    """Return what is different in splits that should be the same, and what comes of it."""
    first, *others = zip(out.result.parts, out.result.sets, strict=True)
    different = [sets for parts, sets in others if parts != first[0]]
    if different and different[0] != first[1]:
        return "another split", "Who trains on one and tests on another tests on cases that the network knows."
    order = "A generator that shuffles with a seed mixes places, so it would make other batches, and another network."
    return ("another order of the same cases", order) if different else None


WITHOUT_PLACES = "The course takes the test part by its place, `split_names(names, seed)[2]`, and this has no places."


# fmt: off
def _unlike(name, received, why, remedy) -> When:
    """Return the row of splits that should be the same."""
    return When(name, _difference, lambda out: f"{why} {out.found[1]}", remedy,
                received=lambda out: f"{received} gave {out.found[0]}", expected="the same lists")


READING = (
    Raises("a fixed number of cases", "IndexError|ValueError",
           "With 5,000 names it works: some number in your code fits longer lists only.",
           "Ask for the number: `len(names)`.", expected="three lists of names",
           when=lambda out: "not with many names" in getattr(out.error, "__notes__", ())),
    Raises("a place to cut that is no whole number", "Exception: slice indices",
           "`share * len(names)` is a number such as 21.5, and there is no half name.",
           "Round it: `round(...)` returns a whole number.", expected="three lists of names"),
    Raises("a set has no order", "TypeError|AxisError: 'set' object is not subscriptable|Population must be a sequence|"
           "axis 0 is out of bounds for array of dimension 0",
           "It cannot be shuffled, and has no first names that could be cut off.",
           "Make a sorted list of it first: `sorted(set(names))`.", expected="three lists of names"),
    When("nothing is returned", lambda out: any(result is None for result in out.result.results),
         "A function returns only what follows `return`.", "End with `return` and the three lists.",
         received="None", expected="three lists"),
    When("not three lists of names",
         lambda out: [out.result.results[k] for k, parts in enumerate(out.result.parts) if parts is None],
         lambda out: WITHOUT_PLACES if isinstance(out.found[0], (dict, Iterator, ValuesView))
         else "Numbers or indices are no names, and two lists are one part short.",
         "Return `train, validation, test`, each a list of names.",
         received=lambda out: (f"{type(out.found[0]).__name__} of {len(out.found[0])}"
                               if hasattr(out.found[0], "__len__") else
                               "an iterator" if isinstance(out.found[0], Iterator) else describe(out.found[0])),
         expected="three lists of names: training, validation, test"),
)
sizes = partial(When, of=lambda out: None if out.result.near(SHARES) else out.result,
                received=lambda out: f"{out.result.sizes} names",
                expected=lambda out: "about ({:.1f}, {:.1f}, {:.1f}) names".format(
                    *np.multiply(SHARES, out.result.count)))
ROWS = (
    When(lambda out: "the parts overlap" if len(set(out.found[0][1])) > 1 else "a case comes twice",
         lambda out: sorted(item for item in out.result.where.items() if len(item[1]) > 1),
         "A test case that helped to train or to choose is no test any more: the score comes out too good.",
         "Shuffle once, then cut the one list at two places: let each part begin where the last one ends.",
         received=_places, expected="each case in one part, once"),
    When("cases are lost", lambda out: sorted(set(out.args[0]) - set(out.result.where)),
         "Three sizes that are each rounded, or cut off by `int`, need not add up; or a slice begins one too late.",
         "Compute two of the sizes, and give the third part all the rest.",
         received=lambda out: (f"the three parts hold {sum(out.result.sizes)} of {len(out.args[0])} names; "
                               f"{out.found[0]} is missing"),
         expected=lambda out: f"all {len(out.args[0])}"),
    When("a name that was not given", lambda out: sorted(set(out.result.where) - set(out.args[0])),
         "", "Leave the names as they are.",
         received=lambda out: f"{out.found[0]!r}", expected="only names of the list"),
    sizes("the parts are in another order", lambda split: split.near((0.5, 0.2, 0.3), (0.2, 0.3, 0.5), (0.3, 0.2, 0.5)),
          "The sizes are right, but they belong to other parts.",
          "Return training, validation and test in this order."),
    sizes("the shares are ignored",
          lambda split: split.near((0.7, 0.15, 0.15), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.7, 0.2, 0.1)),
          "The sizes are fixed in the function.", "Use the argument `shares`."),
    sizes("a fixed number of cases", lambda split: split.sizes == (split.count, 0, 0),
          "All the names are in the first part. Slices such as `[:500]` fit one list only.",
          "Compute the places to cut from the argument `shares` and `len(names)`."),
    sizes("the sizes are others", lambda split: True,
          "The shares are those of training, validation and test, in this order.",
          "Print the size of each part beside `share * len(names)`."),
    When("the list that you were given is changed", lambda out: out.changed,
         "`names.sort()` and `shuffle(names)` work in place, on the caller's own list.",
         "Work on a new list: `sorted(names)` makes one.",
         received=lambda out: "afterwards it " + (f"begins with {out.given[0][:2]}" if out.given[0] else "is empty"),
         expected=lambda out: f"the list as it was, beginning with {out.args[0][:2]}"),
)
TWICE = _unlike(lambda out: f"{out.found[0]} each time", "a second call with the same names and the same seed",
                "The random numbers do not come from `seed`.", "Make a generator from the seed inside the function, "
                "`np.random.default_rng(seed)`, and shuffle with it.")
SETS = _unlike("the order of a set decides", "another run of Python",
               "A set has no order but that of `hash(name)`, which Python draws anew in each run.",
               "Cut lists, not sets, or sort what you make of a set: `sorted(set(names))`.")
TURNED = _unlike("the order of the list decides", "the same names in another order",
                 "A disk lists its files in any order, so each computer would have lists of its own.",
                 "Sort the names first, shuffle what you have sorted, and cut that.")
unused = partial(When, received="the same split for all four seeds", expected="another split for another seed")
SEEDS = (
    unused("nothing is shuffled",
           lambda out: len(set(out.result.sets)) == 1
           and out.result.sets[0][0] in (set(out.args[0][:20]), set(out.args[0][20:])),
           "The first names went into one part and the last ones into another. Names follow the hospitals, so a whole "
           "hospital may end up in one part.", "Sort, then shuffle with `np.random.default_rng(seed)`, then cut."),
    unused("the seed is ignored", lambda out: len(set(out.result.sets)) == 1,
           "The same fixed number is used in place of `seed`.", "Pass the argument `seed` to the random generator."),
    When("some seeds give the same split", lambda out: len(set(out.result.sets)) < 4,
         "`seed` should go into the random generator as it is.", "Use `np.random.default_rng(seed)`.",
         received="two of the four seeds gave the same split", expected="four different splits"),
)
GLOBAL = When("global random numbers", lambda out: out.result.moved,
              "Setting the global seed here changes each random number that is drawn later, elsewhere: first weights, "
              "dropout. And others change yours.",
              "`rng = np.random.default_rng(seed)` belongs to you alone; so does `random.Random(seed)`.",
              received=lambda out: f"the state of the global `{out.found[0]}` was changed",
              expected="a generator of the function's own")
# fmt: on


def _names(rng, count: int) -> list[str]:
    numbers = rng.choice(np.arange(1, 1000), size=count, replace=False)
    return [f"CHNCXR_{number:04d}_{number % 2}" for number in numbers]


def _case(lists: list, seeds: Sequence[int], what: str, rows: Sequence[Row], **how: bool) -> Case:
    return Case(*lists, keywords={"seeds": seeds, **how}, tried=f"split_names(names, {what}", rows=(*READING, *rows))


look = partial(look_at, "split_names", run=Splits, instead={"cases": "names", "case_ids": "names"})


@look()
def look_parts(rng):
    """Three lists, each name in one of them, in the shares asked for."""
    # Three shares of 43 that are cut off by `int` add up to less, and so do three shares of 41 that are rounded.
    for count in (43, 41):
        yield _case([_names(rng, count)], [3], f"seed=3, shares={SHARES}) with {count} names", ROWS)


@look()
def look_order(rng):
    """The same split for any order of the names, and each time."""
    names = _names(rng, 60)
    yield _case([names, names], [5, 5], f"seed=5, shares={SHARES}) with 60 names, twice", [TWICE])
    yield _case([names], [5], "seed=5) as if in another run of Python", [SETS], other_runs=True)
    turned = [names[k] for k in rng.permutation(len(names))]
    yield _case([names, turned, names[::-1]], [5] * 3, "seed=5) with the same 60 names in another order", [TURNED])


@look()
def look_seed(rng):
    """Another seed gives another split, and the global random numbers stay as they were."""
    names = sorted(_names(rng, 40))
    yield _case([names] * 4, range(4), "seed) with 40 names and the seeds 0, 1, 2 and 3", SEEDS)
    yield _case([names], [1], "seed=1)", [GLOBAL])

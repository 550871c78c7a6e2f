"""Notebook 4, exercise 4.2: the generators of the training and of the validation cases."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from lungseg.splits import Split
from lungseg_course.chapters.batches import TinyCases, tiny_cases
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at

TRAINING, VALIDATION, TEST = list(range(12)), list(range(12, 18)), list(range(18, 21))  # places in the list of cases
PARTS = TRAINING, VALIDATION, TEST
BATCH = 4


class Generators:
    """What `make_generators` returned for each seed, and what both generators read: epochs of batches of cases."""

    def __init__(self, make_generators: Callable, cases: TinyCases, *seeds: int, epochs: int = 2):
        self.returned, self.read = [], []
        self.changed: list[str] = []  # lists of the split
        for seed in seeds:
            split, as_it_was = (Split(*(cases.paths[part[0] : part[-1] + 1] for part in PARTS)) for _ in range(2))
            self.returned.append(make_generators(split, BATCH, seed))
            self.changed += [name for name in split._fields if getattr(split, name) != getattr(as_it_was, name)]
            if _are_two(self.returned[-1]) and not _lists(self.returned[-1]):
                self.read.append([_read(generator, cases, epochs) for generator in self.returned[-1]])

    def in_order(self, which: int) -> list[bool]:
        """Return of each epoch of one of both whether the cases come in the order of the list."""
        return [list(chain(*epoch)) == (TRAINING, VALIDATION)[which] for epoch in self.read[0][which]]

    @property
    def same_order(self) -> bool:
        """Whether the training cases come in the same order in the first two epochs."""
        first, second = self.read[0][0]
        return first == second


def _are_two(returned: Any) -> bool:
    are_two = isinstance(returned, (tuple, list)) and len(returned) == 2
    return are_two and all(hasattr(one, "__len__") and hasattr(one, "__getitem__") for one in returned)


def _lists(returned: Any) -> list:
    return [each for each in returned if isinstance(each, (list, tuple, str))]


def _read(generator: Any, cases: TinyCases, epochs: int) -> list:
    read = []
    for epoch in range(epochs):
        if epoch and hasattr(generator, "on_epoch_end"):
            generator.on_epoch_end()
        read.append([cases.places(generator[index]) or [] for index in range(len(generator))])
    return read


def _sets(out) -> list[set[int]]:
    """Return the cases of both generators in the first epoch."""
    return [set(chain(*epochs[0])) for epochs in out.result.read[0]]


def _always_the_same(out) -> bool:
    """Whether the training cases come in the same order whatever the seed is."""
    return all(training == out.result.read[0][0] for training, _ in out.result.read)


def _in_words(out) -> str:
    parts = {"training cases": TRAINING, "validation cases": VALIDATION, "test cases": TEST}
    both = (" and ".join(name for name in parts if cases.intersection(parts[name])) for cases in _sets(out))
    return f"the two generators hold the {' and the '.join(both)}"


def _flat(returned: list) -> list:
    """Return what was returned, one by one."""
    return [each for one in returned for each in (one if isinstance(one, (tuple, list)) else [one])]


def _beginning_with(kinds: Any, lists: list) -> Any:
    return next((each for each in lists if len(each) and isinstance(each[0], kinds)), None)


TWO = "two generators: of the training and of the validation cases"
in_place = partial(When, of=lambda out: _lists(chain(*out.result.returned)), expected="a DataGenerator")
# fmt: off
READING = (
    Raises("not two generators", "ValueError: unpack", "", "End with `return training, validation`.", expected=TWO),
    Raises("a part that the split has not", r"AttributeError: 'Split' object has no attribute '(\w+)'",
           "It has `train`, `validation` and `test`.", "Write `split.train` and `split.validation`.", expected=TWO),
    Raises("the whole split in place of a part", "TypeError|InputError: PathLike|paths? ",
           "The split holds three lists of cases, and a generator takes one list.",
           "Give `DataGenerator` `split.train`, or `split.validation`.", expected=TWO),
    Raises("square brackets where a dot should be", "TypeError: indices must be",
           "A split is no dictionary: its parts have names behind a dot.",
           "Write `split.train` and `split.validation`.", expected=TWO),
    When("walked through once, in place of a generator",
         lambda out: [each for each in _flat(out.result.returned) if isinstance(each, Iterator)],
         "An iterator has no length, and when it has been walked through once it is empty. Keras walks through the "
         "cases in each epoch.", "Return what `DataGenerator(...)` makes, without `iter` or a `for` around it.",
         received=lambda out: f"an object of the type {type(out.found[0]).__name__}", expected="a DataGenerator"),
    Raises("the class in place of a generator", "TypeError: type 'type'|PyDatasetMeta|'ABCMeta'",
           "Without parentheses behind it, `DataGenerator` is the plan of a generator.",
           "Call it: `DataGenerator(split.train, batch_size, ...)`.", expected=TWO),
    When("not two generators", lambda out: [each for each in out.result.returned if not _are_two(each)],
         lambda out: "Without `return` a function returns None." if out.found[0] is None else "",
         "End with `return training, validation`.",
         received=lambda out: "None" if out.found[0] is None else f"a {type(out.found[0]).__name__}", expected=TWO),
    in_place("all the batches in place of a generator", lambda lists: _beginning_with((list, tuple), lists),
             "`list(...)`, or a loop, reads all the batches at once. They fill the memory, and come in the same order "
             "in each epoch: only a generator mixes its cases anew.",
             "Return what `DataGenerator(...)` makes. Keras asks it for the batches.",
             received=lambda out: f"a {type(out.found).__name__} of {counted(len(out.found), 'batch')}"),
    in_place("one batch in place of a generator", lambda lists: _beginning_with(np.ndarray, lists),
             "With an index behind it, a generator gives one of its batches.", "Leave the index out.",
             received="images and masks"),
    in_place("a list in place of a generator", lambda lists: next(iter(lists), None),
             "The lists of the split hold names of files. The generator reads them.",
             "Call `DataGenerator` with each list.",
             received=lambda out: f"a {type(out.found).__name__} of {len(out.found)}"),
)
cases = partial(When, of=_sets, received=_in_words,
                expected="the 12 training cases in the first generator, the 6 validation cases in the second")
CASES = (
    cases("the test cases are used", lambda both: set.union(*both).intersection(TEST),
          "Who chooses the best epoch by the test cases has nothing left to evaluate it on.",
          "Leave `split.test` alone until notebook 5."),
    cases("the two generators are swapped", lambda both: both == [set(VALIDATION), set(TRAINING)],
          "", "Return the training generator first."),
    cases("the same cases to train and to validate", lambda both: set.intersection(*both),
          "Then the validation says only how well the network knows its cases by heart.",
          "Give one of them `split.train`, the other `split.validation`."),
    cases("cases are missing", lambda both: both != [set(TRAINING), set(VALIDATION)],
          "", "Give one of them all of `split.train`, the other all of `split.validation`.",
          received=lambda out: "the two generators hold {} and {} different cases".format(*map(len, _sets(out)))),
    When("another batch size",
         lambda out: [f"the first {name} batch holds {counted(len(epochs[0][0]), 'case')}"
                      for name, epochs in zip(("training", "validation"), out.result.read[0], strict=True)
                      if len(epochs[0][0]) != BATCH],
         "Without `batch_size` the generator takes its own; and the order of the arguments counts.",
         "Pass `batch_size` to both generators, as the second argument.",
         received=lambda out: out.found[0], expected=str(BATCH)),
)
CHANGED = When("the split that you were given is changed", lambda out: out.result.changed,
               "`shuffle(split.train)`, `.sort()` and `+=` work in place, on the lists of the split. It is written "
               "down for notebook 5, and whoever uses it next gets another one.",
               "Leave the lists as they are. The generator shuffles places, not the list.",
               received=lambda out: f"afterwards `split.{out.result.changed[0]}` is another list, or in another order",
               expected="the three lists as they were")
SHUFFLED = (
    When("the training cases are not shuffled", lambda out: all(out.result.in_order(0)),
         "Then each batch holds the same neighbours each time, all from one hospital perhaps.",
         "Give the training generator `shuffle=True`.",
         received=lambda out: "the training cases come in the order of the list, epoch by epoch"
                              + ("" if out.result.in_order(1)[1] else "; the validation cases are shuffled instead"),
         expected="another order in each epoch"),
    When("the training cases come in the same order in each epoch", lambda out: out.result.same_order,
         "They were mixed once, before the generator got them.", "Leave the list as it is, and give the training "
         "generator `shuffle=True` and the seed.",
         received="the same batches in both epochs", expected="another order in each epoch"),
    When("the validation cases are shuffled", lambda out: not all(out.result.in_order(1)),
         "`shuffle` is True unless you say otherwise. For the score alone it would not matter, but predictions that "
         "come in another order than the names end up under the wrong names.",
         "Give the validation generator `shuffle=False`.",
         received="the validation cases come in another order than in the list", expected="the order of the list"),
)
SAME, OF_THE_SEED = "the same order for five different seeds", "the order that belongs to the seed"
not_passed = partial(When, "the seed is not passed on", why="Then nobody can repeat a training, or try what chance "
                     "does to it.", remedy="Give the training generator `seed=seed`.",
                     of=lambda out: [training for training, _ in out.result.read],
                     expected=OF_THE_SEED)
SEEDS = (
    When("the seed stands in the place of `shuffle`",
         lambda out: _always_the_same(out) and all(
             type(shuffle) is int and shuffle == seed
             for (training, _), seed in zip(out.result.returned, out.args[1:], strict=True)
             for shuffle in [getattr(training, "shuffle", None)]),
         "The third argument of `DataGenerator` is `shuffle`, and any number but 0 counts as True there. The seed "
         "comes after it, and is 0 unless you say otherwise.", "Pass both by their names: `shuffle=True, seed=seed`.",
         received=SAME, expected=OF_THE_SEED),
    not_passed(lambda runs: runs[0] != runs[1], received="another order although the seed is the same"),
    not_passed(lambda runs: all(run == runs[0] for run in runs), received=SAME),
)
# fmt: on


def _case(*args, what="and read all the batches of both", rows=(), **keywords) -> Case:
    tried = f"make_generators(split, batch_size={BATCH}, seed) with 12 training, 6 validation and 3 test cases, {what}"
    return Case(*args, keywords=keywords, tried=tried, rows=(*READING, *rows))


look = partial(look_at, "make_generators", run=Generators, instead={"cases": "split", "names": "split"})


@look()
def look_which_cases(rng):
    """Training cases to train, validation cases to validate, in batches of the size asked for."""
    with tiny_cases(21, rng) as cases:
        yield _case(cases, int(rng.integers(100)), epochs=1, rows=(*CASES, CHANGED))


@look()
def look_shuffling(rng):
    """The training cases are shuffled, with the seed; the validation cases stay."""
    seed = int(rng.integers(1, 100))  # in the place of `shuffle`, 0 would mean False
    with tiny_cases(21, rng) as cases:
        yield _case(cases, seed, rows=SHUFFLED)
        what = "twice with the same seed, then with four others"
        yield _case(cases, seed, *range(seed, seed + 5), what=what, rows=SEEDS)

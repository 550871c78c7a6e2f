"""Looks at exercise 1.3, `on_epoch_end`: a new order in each epoch, and what must stay as it is."""

from collections.abc import Callable
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np

from lungseg_course.chapters.batches import TinyCases, listing, tiny_cases
from lungseg_course.chapters.chapter_1.generator import tried_on
from lungseg_course.chapters.chapter_1.slices import BATCH, BATCHES, COUNT
from lungseg_course.chapters.misread_batches import READING
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at


class Epochs:
    """The orders of a generator in some epochs, and why they repeat. `make` makes new generators, to try things on."""

    def __init__(self, DataGenerator: Callable, cases: TinyCases, count: int = 3, **settings: Any):
        self.cases, self.make = cases, partial(DataGenerator, cases.paths, batch_size=BATCH, **settings)
        self.orders = self._epochs(count)

    def _epochs(self, count: int) -> list:
        generator = self.make()
        orders = [self.order(generator)]
        for _ in range(count - 1):
            generator.on_epoch_end()
            orders.append(self.order(generator))
        return orders

    def order(self, generator: Any) -> list:
        """Return the cases of an epoch in their order.

        Where `__getitem__` does not show it (a look before this one says why),
        `self.order` does, so that a mistake there costs no points here.
        """
        order: Any = getattr(generator, "order", None)
        own = list(order) if np.shape(order) == (COUNT,) else None
        try:
            seen = [place for k in range(len(BATCHES)) for place in self.cases.places(generator[k]) or ()]
        except Exception:
            if own is None:
                raise
            return own
        return own if own is not None and seen in ([], list(range(COUNT))) else seen

    @property
    def repeats(self) -> bool:
        return any(one == other for one, other in pairwise(self.orders))

    @cached_property
    def unread(self) -> list | None:
        """The order of the second epoch where nothing was read in the first, if reading makes it another."""
        before, after = self._epochs(2)
        if before != after:
            return None
        unread = []
        for _ in range(2):  # twice: without a seed, any two orders differ
            generator = self.make()
            generator.on_epoch_end()
            unread.append(self.order(generator))
        return unread[0] if unread[0] == unread[1] != before else None

    @cached_property
    def steps(self) -> tuple[bool, bool, bool]:
        """Whether the end of an epoch shuffles, and whether it advances `epoch`, the first and the second time."""
        generator = self.make()
        generator.order = np.arange(COUNT)
        epochs, orders = [getattr(generator, "epoch", None)], []
        for _ in range(2):
            generator.on_epoch_end()
            epochs.append(getattr(generator, "epoch", None))
            orders.append(list(generator.order))
        return orders[0] != list(range(COUNT)), epochs[0] != epochs[1], epochs[1] != epochs[2]


class Twins(Epochs):
    """Two generators of one seed. The first goes on to the next epoch before the other."""

    def __init__(self, DataGenerator: Callable, cases: TinyCases, **settings: Any):
        super().__init__(DataGenerator, cases, 1, **settings)
        first, second = self.make(), self.make()
        before, of_second = self.order(first), self.order(second)
        first.on_epoch_end()
        self.orders = [before, self.order(first)]
        self.seed_moved = getattr(first, "seed", settings["seed"]) != settings["seed"]
        self.others = {"the other one": self.order(second), "one made later": self.order(self.make())}
        second.on_epoch_end()
        self.of_second = [of_second, self.order(second)]
        third = DataGenerator(cases.paths, batch_size=BATCH, **settings | {"seed": settings["seed"] + 1})
        self.first_of_another_seed = self.order(third)
        third.on_epoch_end()
        self.of_another_seed = self.order(third)


def _in_words(out: Outcome) -> str:
    return "\n".join(f"epoch {epoch}: cases {listing(order)}" for epoch, order in enumerate(out.result.orders))


# fmt: off
def _unseeded(epoch: int, name: str) -> When:
    """Return the row of two generators whose orders differ in an epoch."""
    return When("the seed does not fix the order", lambda twins: twins.orders[epoch] != twins.of_second[epoch],
                "It was drawn from random numbers that go on from wherever they were, so no training can be repeated.",
                "Let `self.shuffle_cases()` draw it, from the seed and the epoch.", of=lambda out: out.result,
                received=lambda out: f"in the {name} epoch of two generators: "
                "cases {}, and {}".format(*map(listing, (out.result.orders[epoch], out.result.of_second[epoch]))),
                expected="the same order for the same seed and epoch")


_same = partial(When, of=lambda out: out.result if out.result.repeats else None, received=_in_words,
                expected="another order in each epoch")
SAME_ORDER = (
    _same("batches of the epoch before are kept", lambda epochs: epochs.unread,
          "`on_epoch_end` makes a new order, but a batch that was read once comes back unchanged: it is looked up by "
          "its index alone. Moreover, all the batches stay in memory.",
          "Read each batch anew, from the places in `self.order`, and keep none.",
          received=lambda out: f"{_in_words(out)}\nbut, where no batch was read in epoch 0,\n"
          f"epoch 1: cases {listing(out.found)}"),
    _same("reshuffled before the epoch advances",
          lambda epochs: epochs.steps == (True, True, True) and epochs.orders[0] == epochs.orders[1],
          "The order is drawn from the seed and `self.epoch`. When it was drawn, `self.epoch` was still the old one.",
          "Change the order of the two steps."),
    _same("the epoch advances only once", lambda epochs: epochs.steps == (True, True, False),
          "After two epochs `self.epoch` is where it was after one. Was `=+` written for `+=`?",
          "Add 1 to `self.epoch` each time."),
    _same("the epoch does not advance", lambda epochs: epochs.steps[:2] == (True, False),
          "The order is drawn from the seed and `self.epoch`. The same two numbers give the same order again.",
          "Add 1 to `self.epoch` before you reshuffle."),
    _same("not reshuffled", lambda epochs: epochs.steps[:2] == (False, True),
          "`self.epoch` went on, but the order was not drawn again.",
          "Call `self.shuffle_cases()`, with its parentheses, after the step to the next epoch."),
    _same("the order stays the same", lambda epochs: True, "`on_epoch_end` changed nothing that `__getitem__` reads.",
          "Two steps: go on to the next epoch, then reshuffle."),
)
ONCE = When("not each case once", lambda out: len({tuple(sorted(map(str, order))) for order in out.result.orders}) > 1,
            "They were drawn anew, and some came twice while others did not come.",
            "Shuffle the places. `choice` and `integers` draw with repetition.", received=_in_words,
            expected="the same cases in each epoch, in another order")
UNSHUFFLED = When("shuffled, though shuffle=False", lambda out: not out.result.repeats,
                  "Validation and test need the order of the list, to find each prediction under its name.",
                  "Shuffle only where `self.shuffle` is True. `shuffle_cases` takes care of that.", received=_in_words,
                  expected="the order of the list in each epoch")
TWINS = (
    _unseeded(0, "first"), *SAME_ORDER,
    When("two generators share their state",
         lambda out: [item for item in out.result.others.items() if item[1] != out.result.orders[0]],
         "Training and validation have a generator each. What belongs to one of them is kept in `self`: not in the "
         "class, in a global variable, or in the list that was passed.", "Write to `self.epoch` and `self.order` only.",
         received=lambda out: f"{out.found[0][0]} gives the cases {listing(out.found[0][1])}",
         expected=lambda out: f"{listing(out.result.orders[0])}: only `generator` has come to the next epoch"),
    _unseeded(1, "second"),
    When("the seed goes on in place of the epoch",
         lambda twins: twins.seed_moved and twins.orders[1] == twins.first_of_another_seed,
         "With 1 more, the second epoch of one seed has the order of the first epoch of the next: trainings with other "
         "seeds would share their epochs.", "Leave `self.seed` as it is, and add 1 to `self.epoch`.",
         of=lambda out: out.result, received=lambda out: f"epoch 1: cases {listing(out.result.orders[1])}, "
         "as in epoch 0 with the next seed", expected="an order of its own for each seed and epoch"),
    When("the seed is not used", lambda twins: twins.of_another_seed == twins.orders[1],
         "The second epoch has the same order for another seed.",
         "Let `self.shuffle_cases()` draw it, from the seed and the epoch.", of=lambda out: out.result,
         received=lambda out: f"for two seeds, in the second epoch: cases {listing(out.result.of_another_seed)}",
         expected="another order for another seed"),
)
CALLED = (
    Raises("arguments of a callback", r"TypeError: on_epoch_end\(\) missing",
           "A callback of Keras has a method of this name that is given the epoch and the results. Here Keras calls "
           "`generator.on_epoch_end()`, without any.", "Leave `self` alone in the parentheses of the `def`."),
    Raises("`self` is passed twice", r"TypeError: \w+\(\) takes 1 positional argument but 2 were given",
           "What stands in front of the point is passed as `self` already.", "Call `self.shuffle_cases()`, without it.",
           line=r"\(self\)"),
)
LOST = When("the settings of Keras are lost", lambda out: out.result != 2,
            "`workers` is one of the `**kwargs`, and these did not reach the class of Keras.",
            "Pass them on: `super().__init__(**kwargs)`.", received=lambda out: str(out.result), expected="2")
# fmt: on


@look_at("DataGenerator", rows=(*SAME_ORDER, ONCE, *CALLED, *READING), run=Epochs)
def look_at_the_next_epoch(rng):
    settings = {"shuffle": True, "seed": int(rng.integers(1000))}
    tried = tried_on(", shuffle=True, seed={seed}".format(**settings), "generator.on_epoch_end(), twice")
    with tiny_cases(COUNT, rng) as cases:
        yield Case(cases, keywords=settings, tried=tried)


@look_at("DataGenerator", run=lambda DataGenerator, trial, *args, **settings: trial(DataGenerator, *args, **settings))
def look_at_what_stays(rng):
    settings = {"shuffle": True, "seed": int(rng.integers(1000))}
    with tiny_cases(COUNT, rng) as cases:
        tried = tried_on(", shuffle=False", "generator.on_epoch_end()")
        yield Case(Epochs, cases, 2, keywords={"shuffle": False}, tried=tried, rows=(UNSHUFFLED, *READING))
        call = "the same once more, as `other`; generator.on_epoch_end()"
        tried = tried_on(", shuffle=True, seed={seed}".format(**settings), call)
        yield Case(Twins, cases, keywords=settings, tried=tried, rows=(*TWINS, *READING))
        tried = f"DataGenerator(cases, batch_size={BATCH}, workers=2).workers"
        yield Case(
            lambda DataGenerator: DataGenerator(cases.paths, batch_size=BATCH, workers=2).workers,
            tried=tried,
            rows=(LOST, *READING),
        )

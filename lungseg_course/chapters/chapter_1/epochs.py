"""Looks at exercise 1.3, `on_epoch_end`: a new order in each epoch, and what must stay as it is."""

import numpy as np

from lungseg_course.chapters.batches import explain_reading, listing, tiny_cases
from lungseg_course.chapters.chapter_1.generator import readable, tried_on
from lungseg_course.chapters.chapter_1.slices import BATCH, BATCHES, COUNT
from lungseg_course.engine.verdict import Wrong, trying


def look_at_the_next_epoch(DataGenerator, rng):
    seed = int(rng.integers(1000))
    settings = dict(batch_size=BATCH, shuffle=True, seed=seed)
    with tiny_cases(COUNT, rng) as (paths, images, masks):
        tried = tried_on(f", shuffle=True, seed={seed}", "generator.on_epoch_end(), twice")
        with trying(tried, explain_reading):
            generator = DataGenerator(paths, **settings)
            orders = [_epoch(generator, images, masks)]
            for _ in range(2):
                generator.on_epoch_end()
                orders.append(_epoch(generator, images, masks))
        with trying(tried):
            if orders[0] == orders[1] or orders[1] == orders[2]:
                raise _same_order(lambda: DataGenerator(paths, **settings), orders, images, masks)
            if any(sorted(order, key=str) != sorted(orders[0], key=str) for order in orders):
                raise Wrong(
                    "not each case once",
                    received=_orders(orders),
                    expected="the same cases in each epoch, in another order",
                    why="They were drawn anew, and some came twice while others did not come.",
                    remedy="Shuffle the places. `choice` and `integers` draw with repetition.",
                )


def look_at_what_stays(DataGenerator, rng):
    seed = int(rng.integers(1000))
    settings = dict(batch_size=BATCH, shuffle=True, seed=seed)
    with tiny_cases(COUNT, rng) as (paths, images, masks):
        with trying(tried_on(", shuffle=False", "generator.on_epoch_end()"), explain_reading):
            _expect_the_order_of_the_list(DataGenerator(paths, batch_size=BATCH, shuffle=False), images, masks)
        call = "the same once more, as `other`; generator.on_epoch_end()"
        with trying(tried_on(f", shuffle=True, seed={seed}", call), explain_reading):
            _expect_generators_apart(lambda: DataGenerator(paths, **settings), images, masks)
        with trying(f"DataGenerator(cases, batch_size={BATCH}, workers=2).workers", explain_reading):
            workers = DataGenerator(paths, batch_size=BATCH, workers=2).workers
            if workers != 2:
                raise Wrong(
                    "the settings of Keras are lost",
                    received=str(workers),
                    expected="2",
                    why="`workers` is one of the `**kwargs`, and these did not reach the class of Keras.",
                    remedy="Hand them on: `super().__init__(**kwargs)`.",
                )


def _expect_the_order_of_the_list(generator, images, masks) -> None:
    before = _epoch(generator, images, masks)
    generator.on_epoch_end()
    after = _epoch(generator, images, masks)
    if before != after:
        raise Wrong(
            "shuffled, though shuffle=False",
            received=_orders([before, after]),
            expected="the order of the list in each epoch",
            why="Validation and test need the order of the list, to find each prediction under its name.",
            remedy="Shuffle only where `self.shuffle` is True. `shuffle_cases` looks after that.",
        )


def _expect_generators_apart(make, images, masks) -> None:
    """Expect that two generators with the same seed have the same orders, and that one can go on without the other."""
    first, second = make(), make()
    before = _epoch(first, images, masks)
    _expect_repeated(before, _epoch(second, images, masks), epoch="first")
    first.on_epoch_end()
    moved = _epoch(first, images, masks)
    if moved == before:
        raise _same_order(make, [before, moved], images, masks)
    for what, other in (("the other one", second), ("one made later", make())):
        found = _epoch(other, images, masks)
        if found != before:
            raise Wrong(
                "two generators share their state",
                received=f"{what} gives the cases {listing(found)}",
                expected=f"{listing(before)}: only `generator` has come to the next epoch",
                why="Training and validation have a generator each. What belongs to one of them is kept in `self`: "
                "not in the class, in a global variable, or in the list that was handed over.",
                remedy="Write to `self.epoch` and `self.order` only.",
            )
    second.on_epoch_end()
    _expect_repeated(moved, _epoch(second, images, masks), epoch="second")


def _expect_repeated(first: list, second: list, epoch: str) -> None:
    if first != second:
        raise Wrong(
            "the seed does not fix the order",
            received=f"in the {epoch} epoch of two generators: cases {listing(first)}, and {listing(second)}",
            expected="the same order for the same seed and epoch",
            why="It was drawn from random numbers that go on from wherever they were, so no training can be repeated.",
            remedy="Let `self.shuffle_cases()` draw it, from the seed and the epoch.",
        )


def _epoch(generator, images, masks) -> list[int | None]:
    """Return the cases of an epoch in their order.

    Where `__getitem__` does not show it (a look before this one says why),
    `self.order` does, so that a mistake there costs no points here.
    """
    order = getattr(generator, "order", None)
    has_order = np.shape(order) == (COUNT,)
    try:
        seen = [place for index in range(len(BATCHES)) for place in readable(generator[index], images, masks)]
    except Exception:
        if has_order:
            return list(order)
        raise
    return list(order) if has_order and seen == list(range(COUNT)) else seen


def _order_if_unread(make, images, masks) -> list[int | None] | None:
    """Return the order of the second epoch where nothing was read in the first, if reading makes it another."""
    read = make()
    before = _epoch(read, images, masks)
    read.on_epoch_end()
    if _epoch(read, images, masks) != before:
        return None
    unread = []
    for _ in range(2):  # twice: without a seed, any two orders differ
        generator = make()
        generator.on_epoch_end()
        unread.append(_epoch(generator, images, masks))
    return unread[0] if unread[0] == unread[1] != before else None


def _orders(orders: list) -> str:
    return "\n".join(f"epoch {epoch}: cases {listing(order)}" for epoch, order in enumerate(orders))


def _same_order(make, orders: list, images, masks) -> Wrong:
    """Name the reason why an epoch has the order of the one before. `make` makes new generators, to try things on."""
    received, expected = _orders(orders), "another order in each epoch"
    unread = _order_if_unread(make, images, masks)
    if unread is not None:
        return Wrong(
            "batches of the epoch before are kept",
            received=f"{received}\nbut, where no batch was read in epoch 0,\nepoch 1: cases {listing(unread)}",
            expected=expected,
            why="`on_epoch_end` makes a new order, but a batch that was read once comes back unchanged: it is looked "
            "up by its index alone. Moreover, all the batches stay in memory.",
            remedy="Read each batch anew, from the places in `self.order`, and keep none.",
        )
    generator = make()
    epochs = [getattr(generator, "epoch", None)]
    generator.order = np.arange(COUNT)
    generator.on_epoch_end()
    reshuffled = list(generator.order) != list(range(COUNT))
    epochs.append(getattr(generator, "epoch", None))
    generator.on_epoch_end()
    epochs.append(getattr(generator, "epoch", None))
    advanced = epochs[0] != epochs[1]
    known = {
        "reshuffled before the epoch advances": (
            reshuffled and advanced and orders[0] == orders[1] and epochs[1] != epochs[2],
            "The order is drawn from the seed and `self.epoch`. When it was drawn, `self.epoch` was still the old one.",
            "Change the order of the two steps.",
        ),
        "the epoch advances only once": (
            reshuffled and advanced and epochs[1] == epochs[2],
            "After two epochs `self.epoch` is where it was after one. Was `=+` written for `+=`?",
            "Add 1 to `self.epoch` each time.",
        ),
        "the epoch does not advance": (
            reshuffled and not advanced,
            "The order is drawn from the seed and `self.epoch`. The same two numbers give the same order again.",
            "Add 1 to `self.epoch` before you reshuffle.",
        ),
        "not reshuffled": (
            advanced and not reshuffled,
            "`self.epoch` went on, but the order was not drawn again.",
            "Call `self.shuffle_cases()`, with its brackets, after the step to the next epoch.",
        ),
    }
    for cause, (is_it, why, remedy) in known.items():
        if is_it:
            return Wrong(cause, received=received, expected=expected, why=why, remedy=remedy)
    return Wrong(
        "the order stays the same",
        received=received,
        expected=expected,
        why="`on_epoch_end` changed nothing that `__getitem__` reads.",
        remedy="Two steps: go on to the next epoch, then reshuffle.",
    )

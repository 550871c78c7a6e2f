"""Exercise 4.2: a generator of the training cases and one of the validation cases."""

import numpy as np

from answers import Answers
from lungseg import DataGenerator
from lungseg.splits import Split

answers = Answers("4.2")
wrong = answers.wrong


@answers.right
def make_generators(split, batch_size, seed):
    training = DataGenerator(split.train, batch_size, shuffle=True, seed=seed)
    return training, DataGenerator(split.validation, batch_size, shuffle=False)


@answers.right
def generators_by_default(split, batch_size, seed):
    generators = {
        part: DataGenerator(cases=getattr(split, part), seed=seed, shuffle=part == "train", batch_size=batch_size)
        for part in ("train", "validation")
    }
    return list(generators.values())


class LaterGenerator(DataGenerator):
    """Someone's own, which shuffles at the end of an epoch only."""

    def start_epoch(self, epoch):
        super().start_epoch(epoch)

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0):
        super().__init__(cases, batch_size, shuffle, seed)
        self.order = np.arange(len(self.cases))


@answers.right
def generators_of_ones_own(split, batch_size, seed):
    train, validation, _ = split
    return LaterGenerator(train, batch_size, True, seed), LaterGenerator(validation, batch_size, False, seed)


def of_split(change):
    """Return an answer that is right but for the split that it takes."""
    return lambda split, batch_size, seed: make_generators(change(split), batch_size, seed)


def with_settings(training=(), validation=()):
    """Return an answer that makes its two generators with other settings."""

    def make_generators(split, batch_size, seed):
        settings = {"batch_size": batch_size, "shuffle": True, "seed": seed, **dict(training)}
        others = {"batch_size": batch_size, "shuffle": False, **dict(validation)}
        return DataGenerator(split.train, **settings), DataGenerator(split.validation, **others)

    return make_generators


wrong("the test cases are used")(of_split(lambda split: split._replace(validation=split.test)))
wrong("the same cases to train and to validate")(of_split(lambda split: split._replace(validation=split.train)))
wrong("the same cases to train and to validate")(of_split(lambda s: s._replace(train=s.train + s.validation)))
wrong("the two generators are swapped")(lambda *given: make_generators(*given)[::-1])
wrong("cases are missing")(of_split(lambda split: split._replace(train=split.train[:4])))
wrong("the validation cases are shuffled", 1 / 2)(with_settings(validation={"shuffle": True}))
wrong("the training cases are not shuffled")(with_settings(training={"shuffle": False}))
wrong("the training cases are not shuffled")(with_settings({"shuffle": False}, {"shuffle": True}))
wrong("another batch size")(with_settings({"batch_size": 8}, {"batch_size": 8}))
wrong("the seed is not passed on")(with_settings(training={"seed": 0}))
wrong("the arguments do not fit")(with_settings(training={"batchsize": 2}))
wrong("not two generators")(lambda *given: make_generators(*given)[0])
wrong("not two generators")(lambda *given: (*make_generators(*given), None))
wrong("not two generators", 0)(lambda *given: None)
wrong("a list in place of a generator")(lambda split, batch_size, seed: (split.train, split.validation))


wrong("all the batches in place of a generator")(lambda *given: [list(each) for each in make_generators(*given)])
wrong("walked through once, in place of a generator")(lambda *given: map(iter, make_generators(*given)))
wrong("walked through once, in place of a generator")(lambda *given: tuple(map(iter, make_generators(*given))))
wrong("one batch in place of a generator")(lambda *given: tuple(each[0] for each in make_generators(*given)))
wrong("the class in place of a generator")(lambda *given: (DataGenerator, DataGenerator))
wrong("the whole split in place of a part")(lambda s, size, seed: make_generators(Split(s, s, s), size, seed))


@wrong("the split that you were given is changed", 1 / 2)
def shuffled_in_place(split, batch_size, seed):
    np.random.default_rng(seed).shuffle(split.train)
    return make_generators(split, batch_size, seed)


@wrong("the split that you were given is changed")
def sorted_in_place(split, batch_size, seed):
    split.train.sort()
    split.validation.sort()
    return make_generators(split, batch_size, seed)


@wrong("the training cases come in the same order in each epoch", 1 / 2)
def mixed_once(split, batch_size, seed):
    mixed = list(split.train)
    np.random.default_rng(seed).shuffle(mixed)
    return DataGenerator(mixed, batch_size, shuffle=False), DataGenerator(split.validation, batch_size, shuffle=False)


@wrong("another batch size")
def seed_for_batch_size(split, batch_size, seed):
    return DataGenerator(split.train, seed + 1, seed=batch_size), DataGenerator(split.validation, batch_size, False)


@wrong("the seed stands in the place of `shuffle`", 1 / 2)
def seed_for_shuffle(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed), DataGenerator(split.validation, batch_size, shuffle=False)


@answers.right
def seed_for_shuffle_and_for_itself(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed, seed), DataGenerator(split.validation, batch_size, False)


@wrong("the seed is not passed on", 1 / 2)
def another_seed_each_time(split, batch_size, seed):
    return make_generators(split, batch_size, int(np.random.default_rng().integers(1 << 30)))


@wrong("a part that the split has not")
def a_part_that_is_not(split, batch_size, seed):
    return DataGenerator(split.training, batch_size, seed=seed), DataGenerator(split.validation, batch_size, False)


@wrong("square brackets where a dot should be")
def like_a_dictionary(split, batch_size, seed):
    return DataGenerator(split["train"], batch_size, seed=seed), DataGenerator(split["validation"], batch_size)

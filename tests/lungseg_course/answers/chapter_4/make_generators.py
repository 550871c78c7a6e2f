"""Exercise 4.2: a generator of the training cases and one of the validation cases."""

import numpy as np

from answers import Answers
from lungseg import DataGenerator

answers = Answers("4.2")


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


@answers.wrong("the test cases are used")
def validates_on_the_test(split, batch_size, seed):
    return make_generators(split._replace(validation=split.test), batch_size, seed)


@answers.wrong("the same cases to train and to validate")
def the_same_twice(split, batch_size, seed):
    return make_generators(split._replace(validation=split.train), batch_size, seed)


@answers.wrong("the same cases to train and to validate")
def trains_on_both(split, batch_size, seed):
    return make_generators(split._replace(train=split.train + split.validation), batch_size, seed)


@answers.wrong("the two generators are swapped")
def swapped(split, batch_size, seed):
    training, validation = make_generators(split, batch_size, seed)
    return validation, training


@answers.wrong("the validation cases are shuffled", 1 / 2)
def both_shuffled(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed=seed), DataGenerator(split.validation, batch_size)


@answers.wrong("the training cases are not shuffled")
def none_shuffled(split, batch_size, seed):
    return [DataGenerator(part, batch_size, shuffle=False, seed=seed) for part in split[:2]]


@answers.wrong("the training cases are not shuffled")
def the_wrong_one_shuffled(split, batch_size, seed):
    training = DataGenerator(split.train, batch_size, shuffle=False)
    return training, DataGenerator(split.validation, batch_size, shuffle=True, seed=seed)


@answers.wrong("another batch size")
def default_batches(split, batch_size, seed):
    return DataGenerator(split.train, seed=seed), DataGenerator(split.validation, shuffle=False)


@answers.wrong("the seed is not passed on")
def seed_forgotten(split, batch_size, seed):
    return DataGenerator(split.train, batch_size), DataGenerator(split.validation, batch_size, shuffle=False)


@answers.wrong("not two generators")
def one_generator(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed=seed)


@answers.wrong("a list in place of a generator")
def lists_of_files(split, batch_size, seed):
    return split.train, split.validation


@answers.wrong("not two generators", 0)
def no_generators(split, batch_size, seed):
    pair = make_generators(split, batch_size, seed)  # noqa: F841


@answers.wrong("the arguments do not fit")
def another_name(split, batch_size, seed):
    training = DataGenerator(split.train, batchsize=batch_size, shuffle=True, seed=seed)
    return training, DataGenerator(split.validation, batch_size, shuffle=False)


@answers.wrong("an attribute does not exist")
def a_part_that_is_not(split, batch_size, seed):
    return DataGenerator(split.training, batch_size, seed=seed), DataGenerator(split.validation, batch_size, False)


@answers.wrong("square brackets where a dot should be")
def like_a_dictionary(split, batch_size, seed):
    return DataGenerator(split["train"], batch_size, seed=seed), DataGenerator(split["validation"], batch_size)


@answers.wrong("another batch size")
def seed_for_batch_size(split, batch_size, seed):
    return DataGenerator(split.train, seed + 1, seed=batch_size), DataGenerator(split.validation, batch_size, False)


@answers.wrong("cases are missing")
def part_of_the_cases(split, batch_size, seed):
    return DataGenerator(split.train[:batch_size], batch_size, seed=seed), DataGenerator(split.validation, batch_size)


@answers.wrong("not two generators")
def three_generators(split, batch_size, seed):
    return *make_generators(split, batch_size, seed), DataGenerator(split.test, batch_size, shuffle=False)

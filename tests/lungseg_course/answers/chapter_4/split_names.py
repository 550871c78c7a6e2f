"""Exercise 4.1: names split into three parts, of shares and by a seed."""

import hashlib
import random

import numpy as np

from answers import Answers

answers = Answers("4.1")


def cut(mixed, shares):
    a = round(shares[0] * len(mixed))
    b = a + round(shares[1] * len(mixed))
    return mixed[:a], mixed[a:b], mixed[b:]


@answers.right
def split_names(names, seed, shares=(0.7, 0.15, 0.15)):
    ordered = sorted(names)
    mixed = [ordered[k] for k in np.random.default_rng(seed).permutation(len(ordered))]
    n_train, n_validation = (round(share * len(mixed)) for share in shares[:2])
    return mixed[:n_train], mixed[n_train : n_train + n_validation], mixed[n_train + n_validation :]


@answers.right
def split_with_random(names, seed, shares):
    names = sorted(names)
    random.Random(seed).shuffle(names)
    return cut(names, shares)


@answers.right
def split_by_hash(names, seed, shares):
    return cut(sorted(names, key=lambda name: hashlib.md5(f"{seed}{name}".encode()).hexdigest()), shares)


@answers.right
def split_of_arrays(names, seed, shares):
    mixed = np.sort(np.array(list(set(names))))
    np.random.default_rng(seed).shuffle(mixed)
    where = np.floor(np.cumsum(shares[:2]) * len(mixed)).astype(int)
    return np.split(mixed, where)


@answers.right
def split_test_first(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    test = mixed[: int(shares[2] * len(mixed))]
    rest = [name for name in mixed if name not in test]
    validation = rest[: int(shares[1] * len(mixed))]
    return {"train": [n for n in rest if n not in validation], "validation": validation, "test": test}


@answers.right
def split_into_sorted_parts(names, seed, shares):
    return tuple(tuple(sorted(part)) for part in split_names(set(names), seed, shares))


@answers.right
def split_with_a_set_of_the_others(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    others = {*validation, *test}
    return sorted(set(names) - others), [name for name in sorted(names) if name in others - set(test)], test


@answers.wrong("the order of the list decides")
def unsorted_names(names, seed, shares):
    rng = np.random.default_rng(seed)
    return cut([names[k] for k in rng.permutation(len(names))], shares)


@answers.wrong("nothing is shuffled")
def sorted_after_shuffling(names, seed, shares):
    mixed = list(names)
    np.random.default_rng(seed).shuffle(mixed)
    return cut(sorted(mixed), shares)


@answers.wrong("nothing is shuffled")
def never_shuffled(names, seed, shares):
    return cut(sorted(names), shares)


@answers.wrong("the order of a set decides")
def names_of_a_set(names, seed, shares):
    mixed = list(set(names))
    random.Random(seed).shuffle(mixed)
    return cut(mixed, shares)


@answers.wrong("the seed is ignored")
def fixed_seed(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(0).shuffle(mixed)
    return cut(mixed, shares)


@answers.wrong("another split each time")
def no_seed(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng().shuffle(mixed)
    return cut(mixed, shares)


@answers.wrong("global random numbers")
def global_numpy(names, seed, shares):
    np.random.seed(seed)  # noqa: NPY002
    return cut(list(np.random.permutation(sorted(names))), shares)  # noqa: NPY002


@answers.wrong("global random numbers")
def global_python(names, seed, shares):
    random.seed(seed)
    names = sorted(names)
    random.shuffle(names)
    return cut(names, shares)


@answers.wrong("the parts overlap", 2 / 3)
def overlapping(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[:a], mixed[a : a + b], mixed[a:]


@answers.wrong("the parts overlap")
def one_too_many(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[: a + 1], mixed[a : a + b], mixed[a + b :]


@answers.wrong("the parts overlap")
def drawn_three_times(names, seed, shares):
    rng = np.random.default_rng(seed)
    return [list(rng.choice(sorted(names), size=round(share * len(names)), replace=False)) for share in shares]


@answers.wrong("cases are lost")
def rounded_three_times(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b, c = (round(share * len(mixed)) for share in shares)
    return mixed[:a], mixed[a : a + b], mixed[a + b : a + b + c]


@answers.wrong("the order of a set decides")
def what_is_left_of_a_set(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    _, validation, test = cut(mixed, shares)
    return list(set(mixed) - set(test) - set(validation)), validation, test


@answers.wrong("the order of a set decides")
def three_sets(names, seed, shares):
    return [set(part) for part in split_names(names, seed, shares)]


@answers.wrong("the order of the list decides")
def picked_from_the_given_list(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    return [name for name in names if name not in validation + test], validation, test


@answers.wrong("another order of the same cases each time")
def mixed_once_more(names, seed, shares):
    parts = split_names(names, seed, shares)
    for part in parts:
        random.Random().shuffle(part)
    return parts


@answers.wrong("cases are lost")
def one_skipped(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[:a], mixed[a + 1 : a + b], mixed[a + b :]


@answers.wrong("cases are lost")
def rounded_down(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b, c = (int(share * len(mixed)) for share in shares)
    return mixed[:a], mixed[a : a + b], mixed[a + b : a + b + c]


@answers.wrong("the shares are ignored")
def fixed_shares(names, seed, shares):
    return split_names(names, seed)


@answers.wrong("the parts are in another order")
def the_test_part_in_the_middle(names, seed, shares):
    train, test, validation = split_names(names, seed, (shares[0], shares[2], shares[1]))
    return train, test, validation


@answers.wrong("the list that you were given is changed")
def sorted_in_place(names, seed, shares):
    names.sort()
    return split_names(names, seed, shares)


@answers.wrong("not three lists of names")
def two_parts(names, seed, shares):
    train, validation, test = split_names(names, seed, shares)
    return train, validation + test


@answers.wrong("not three lists of names")
def places_only(names, seed, shares):
    return cut(np.random.default_rng(seed).permutation(len(names)), shares)


@answers.wrong("nothing is returned", 0)
def split_without_return(names, seed, shares):
    split_names(names, seed, shares)


@answers.wrong("the name `mixd` is not known")
def misspelt(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixd, shares)  # noqa: F821


@answers.wrong("some seeds give the same split")
def small_seeds_only(names, seed, shares):
    return split_names(names, seed % 2, shares)


@answers.wrong("something is None")
def shuffled_into_none(names, seed, shares):
    mixed = random.Random(seed).shuffle(sorted(names))
    return cut(mixed, shares)


@answers.wrong("a place to cut that is no whole number")
def cut_at_fractions(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a = shares[0] * len(mixed)
    b = a + shares[1] * len(mixed)
    return mixed[:a], mixed[a:b], mixed[b:]


@answers.wrong("a case comes twice")
def the_test_part_drawn_with_replacement(names, seed, shares):
    names = sorted(names)
    test = list(np.random.default_rng(seed).choice(names, size=round(shares[2] * len(names))))
    rest = [name for name in names if name not in test]
    n_validation = round(shares[1] * len(names))
    return rest[n_validation:], rest[:n_validation], test

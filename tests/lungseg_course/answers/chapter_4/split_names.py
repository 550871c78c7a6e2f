"""Exercise 4.1: names split into three parts, of shares and by a seed."""

import random
from typing import NamedTuple

import numpy as np

from answers import Answers
from lungseg import split_cases

cases = [f"PHANTOM_{number:04d}_0" for number in range(300)]  # a name of the notebook
answers = Answers("4.1")
wrong = answers.wrong


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
    return [n for n in rest if n not in validation], validation, test


@answers.right
def split_into_sorted_parts(names, seed, shares):
    return tuple(tuple(sorted(part)) for part in split_names(set(names), seed, shares))


@answers.right
def split_with_a_set_of_the_others(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    others = {*validation, *test}
    return sorted(set(names) - others), [name for name in sorted(names) if name in others - set(test)], test


class Split(NamedTuple):
    train: list
    validation: list
    test: list


answers.right(lambda names, seed, shares: list(split_names(names, seed, shares)))
answers.right(lambda names, seed, shares: Split(*split_names(names, seed, shares)))


def parts_by_name(names, seed, shares):
    return Split(*split_names(names, seed, shares))._asdict()


def one_after_the_other(names, seed, shares):
    yield from split_names(names, seed, shares)


wrong("not three lists of names", 0)(parts_by_name)
wrong("not three lists of names", 0)(one_after_the_other)
wrong("not three lists of names", 0)(lambda names, seed, shares: iter(split_names(names, seed, shares)))
wrong("not three lists of names", 0)(lambda names, seed, shares: map(sorted, split_names(names, seed, shares)))
wrong("not three lists of names", 0)(lambda names, seed, shares: parts_by_name(names, seed, shares).values())


def mix(names, seed):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    return mixed


@wrong("the order of the list decides")
def unsorted_names(names, seed, shares):
    rng = np.random.default_rng(seed)
    return cut([names[k] for k in rng.permutation(len(names))], shares)


@wrong("the order of the list decides")
def picked_from_the_given_list(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    return [name for name in names if name not in validation + test], validation, test


@wrong("the order of a set decides")
def names_of_a_set(names, seed, shares):
    mixed = list(set(names))
    random.Random(seed).shuffle(mixed)
    return cut(mixed, shares)


@wrong("the order of a set decides")
def what_is_left_of_a_set(names, seed, shares):
    _, validation, test = cut(mix(names, seed), shares)
    return list(set(names) - set(test) - set(validation)), validation, test


@wrong("another order of the same cases each time")
def mixed_once_more(names, seed, shares):
    parts = split_names(names, seed, shares)
    for part in parts:
        random.Random().shuffle(part)
    return parts


wrong("the package's answer, not yours", 0)(lambda names, seed, shares: split_cases(names, seed))
wrong("another split each time")(lambda names, seed, shares: cut(mix(names, None), shares))
wrong("the name `mixd` is not known")(lambda names, seed, shares: cut(mixd, shares))  # noqa: F821
wrong("nothing is shuffled")(lambda names, seed, shares: cut(sorted(mix(names, seed)), shares))
wrong("the seed is ignored")(lambda names, seed, shares: cut(mix(names, 0), shares))
wrong("some seeds give the same split")(lambda names, seed, shares: split_names(names, seed % 2, shares))
wrong("the parts are in another order")(lambda names, seed, shares: split_names(names, seed, (0.5, 0.2, 0.3)))
wrong("the shares are ignored")(lambda names, seed, shares: split_names(names, seed))
wrong("the sizes are others")(lambda names, seed, shares: split_names(names, seed, (0.34, 0.33, 0.33)))
wrong("not three lists of names")(lambda names, seed, shares: split_names(names, seed, shares)[:2])
wrong("not three lists of names")(lambda names, seed, shares: tuple(map(", ".join, cut(mix(names, seed), shares))))
wrong("`cases` of the notebook in place of `names`")(lambda names, seed, shares: cut(mix(cases, seed), shares))
wrong("not three lists of names")(lambda names, seed, shares: cut(np.arange(len(names)), shares))
wrong("nothing is returned", 0)(lambda names, seed, shares: None)
wrong("something is None")(lambda names, seed, shares: cut(random.Random(seed).shuffle(sorted(names)), shares))


@wrong("global random numbers")
def global_numpy(names, seed, shares):
    np.random.seed(seed)  # noqa: NPY002
    return cut(list(np.random.permutation(sorted(names))), shares)  # noqa: NPY002


@wrong("global random numbers")
def global_python(names, seed, shares):
    random.seed(seed)
    names = sorted(names)
    random.shuffle(names)
    return cut(names, shares)


@wrong("the parts overlap", 2 / 3)
def overlapping(names, seed, shares):
    mixed = mix(names, seed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[:a], mixed[a : a + b], mixed[a:]


@wrong("the parts overlap")
def drawn_three_times(names, seed, shares):
    rng = np.random.default_rng(seed)
    return [list(rng.choice(sorted(names), size=round(share * len(names)), replace=False)) for share in shares]


@wrong("a case comes twice")
def the_test_part_drawn_with_replacement(names, seed, shares):
    names = sorted(names)
    test = list(np.random.default_rng(seed).choice(names, size=round(shares[2] * len(names))))
    rest = [name for name in names if name not in test]
    n_validation = round(shares[1] * len(names))
    return rest[n_validation:], rest[:n_validation], test


@wrong("cases are lost")
def rounded_three_times(names, seed, shares):
    mixed = mix(names, seed)
    a, b, c = (round(share * len(mixed)) for share in shares)
    return mixed[:a], mixed[a : a + b], mixed[a + b : a + b + c]


@wrong("a name that was not given")
def all_files_of_the_folder(names, seed, shares):
    train, validation, test = split_names(names, seed, shares)
    return train, validation, [*test, "README"]


@wrong("the list that you were given is changed")
def sorted_in_place(names, seed, shares):
    names.sort()
    return split_names(names, seed, shares)


@wrong("a place to cut that is no whole number")
def cut_at_fractions(names, seed, shares):
    a = shares[0] * len(names)
    b = a + shares[1] * len(names)
    return names[:a], names[a:b], names[b:]

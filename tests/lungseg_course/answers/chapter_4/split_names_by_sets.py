"""Exercise 4.1: names split with the help of sets, dictionaries and tables; and sets whose order decides."""

import hashlib
import random

import numpy as np
import pandas as pd

from answers import Answers

answers = Answers("4.1")
set_decides = answers.wrong("the order of a set decides")


def sizes(names, shares):
    return round(shares[0] * len(names)), round(shares[1] * len(names))


def cut(mixed, shares):
    n, m = sizes(mixed, shares)
    return mixed[:n], mixed[n : n + m], mixed[n + m :]


@answers.right
def rest_is_a_sorted_set(names, seed, shares=(0.71, 0.13, 0.16)):
    rng = np.random.default_rng(seed)
    n, m = sizes(names, shares)
    train = rng.permutation(sorted(names))[:n].tolist()
    rest = sorted(set(names) - set(train))
    rng.shuffle(rest)
    return train, rest[:m], rest[m:]


@answers.right
def drawn_without_replacement(names, seed, shares):
    rng = np.random.default_rng(seed)
    n, m = sizes(names, shares)
    train = rng.choice(sorted(names), n, replace=False)
    rest = np.setdiff1d(names, train)
    validation = rng.choice(rest, size=m, replace=False)
    return list(train), list(validation), sorted({*rest} - {*validation})


@answers.right
def names_looked_up_in_a_dictionary(names, seed, shares):
    names = np.sort(names)
    number = {name: place for place, name in enumerate(names)}
    mixed = np.random.default_rng(seed).permutation(names).tolist()
    return [[str(names[number[name]]) for name in part] for part in cut(mixed, shares)]


@answers.right
def taken_out_of_a_dictionary(names, seed, shares):
    left = dict.fromkeys(sorted(names))
    n, m = sizes(names, shares)
    train = np.random.default_rng(seed).permutation(list(left))[:n].tolist()
    for name in train:
        del left[name]
    return train, list(left)[:m], list(left)[m:]


@answers.right
def sorted_by_random_numbers(names, seed, shares):
    drawn = dict(zip(sorted(names), np.random.default_rng(seed).random(len(names)), strict=True))
    return cut(sorted(names, key=drawn.get), shares)


@answers.right
def sorted_by_a_digest(names, seed, shares):
    names = {*names}
    return cut(sorted(names, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest()), shares)


@answers.right
def sampled_by_pandas(names, seed, shares):
    table = pd.DataFrame({"name": sorted(names)})
    n, m = sizes(names, shares)
    train = table.sample(n, random_state=seed)
    rest = table.drop(train.index)
    validation = rest.sample(m, random_state=seed)
    return [part["name"].tolist() for part in (train, validation, rest.drop(validation.index))]


@answers.right
def sampled_by_python(names, seed, shares):
    rng = random.Random(seed)
    n, m = sizes(names, shares)
    train = rng.sample(sorted(names), n)
    rest = frozenset(names).difference(train)
    validation = rng.sample(sorted(rest), m)
    return train, validation, sorted(rest ^ set(validation))


@answers.right
def joined_and_split(names, seed, shares):
    mixed = "\n".join(sorted(names)).split("\n")
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixed, shares)


@answers.right
def sets_of_places(names, seed, shares):
    order = np.random.default_rng(seed).permutation(len(names)).tolist()
    parts = map(set, cut(order, shares))
    return [[name for place, name in enumerate(sorted(names)) if place in part] for part in parts]


@set_decides
def rest_is_a_set(names, seed, shares):
    train, *_ = cut(np.random.default_rng(seed).permutation(sorted(names)).tolist(), shares)
    rest = list(set(names) - set(train))
    _, m = sizes(names, shares)
    return train, rest[:m], rest[m:]


@set_decides
def set_of_an_array(names, seed, shares):
    mixed = list(set(np.sort(names)))
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixed, shares)


@set_decides
def set_in_braces(names, seed, shares):
    mixed = [*{name for name in sorted(names)}]
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixed, shares)


@set_decides
def popped_from_a_set(names, seed, shares):
    left = set(map(str, names))
    mixed = [left.pop() for _ in names]
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixed, shares)


set_decides(lambda names, seed, shares: cut(sorted(names, key=lambda name: hash((name, seed))), shares))

fixed = answers.wrong("a fixed number of cases")
fixed(lambda names, seed, shares: cut([sorted(names)[k] for k in np.random.default_rng(seed).permutation(704)], shares))
fixed(lambda names, seed, shares: [list(np.random.default_rng(seed).choice(names, 500, replace=False)), [], []])
fixed(lambda names, seed, shares: (sorted(names)[:500], sorted(names)[500:590], sorted(names)[590:]))


no_order = answers.wrong("a set has no order", 0)


@no_order
def shuffled_as_a_set(names, seed, shares):
    names = set(names)
    np.random.default_rng(seed).shuffle(names)
    return cut(names, shares)


no_order(lambda names, seed, shares: cut(random.Random(seed).sample(set(names), len(names)), shares))
no_order(lambda names, seed, shares: cut(np.random.default_rng(seed).permutation(set(names)), shares))

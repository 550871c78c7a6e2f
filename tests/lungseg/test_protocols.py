"""The published split: its counts, whatever the order, and what it refuses."""

import itertools
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from lungseg.cases import case_group, case_id
from lungseg.splits import split_cases
from refusals import refusal


def gaal_names():
    lines = (resources.files("lungseg") / "data" / "gaal2020.csv").read_text().split()
    return [line.split(",")[0] for line in lines[1:]]


def test_gaal2020_has_its_published_counts():
    names = gaal_names()
    assert sorted(Counter(map(case_group, names)).values()) == [58, 80, 279, 287]
    split = split_cases(names, protocol="gaal2020")
    assert sorted(itertools.chain(*split)) == sorted(names)
    assert all(part == sorted(part) for part in split)
    counts = [Counter(case_group(name).source for name in part) for part in split]
    assert [count["Montgomery"] for count in counts] == [96, 14, 28]
    assert [count["Shenzhen"] for count in counts] == [396, 56, 114]


def test_gaal2020_ignores_seed_and_order_and_finds_paths():
    names = gaal_names()
    split = split_cases(names, protocol="gaal2020")
    paths = [Path("x") / f"{name}_mask.npy" for name in reversed(names)]
    other = split_cases(paths, seed=5, protocol="gaal2020")
    assert [[case_id(path) for path in part] for part in other] == list(split)


def test_gaal2020_splits_one_of_the_two_sets():
    names = [name for name in gaal_names() if name.startswith("MCUCXR")]
    assert [len(part) for part in split_cases(names, protocol="gaal2020")] == [96, 14, 28]


def test_gaal2020_refuses_cases_it_does_not_know():
    text = refusal(split_cases, [*gaal_names(), "PHANTOM_0001_0"], protocol="gaal2020")
    assert "PHANTOM_0001_0" in text
    assert "1 of 705" in text
    assert "default split" in text


def test_gaal2020_refuses_a_set_without_a_test_part():
    train = split_cases(gaal_names(), protocol="gaal2020").train
    text = refusal(split_cases, train, protocol="gaal2020")
    assert "incomplete" in text
    assert "validation" in text


@pytest.mark.parametrize("wrong", [{"groups": "^....."}, {"folds": 5}])
def test_gaal2020_takes_no_groups_and_no_folds(wrong):
    assert f"Received: {next(iter(wrong))}" in refusal(split_cases, gaal_names(), protocol="gaal2020", **wrong)

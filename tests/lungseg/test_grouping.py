"""Which cases belong together, and that no split tears them apart; and the folds of a cross-validation."""

import itertools
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lungseg.cases import case_group, case_id
from lungseg.grouping import check_whole, divide, groups_of, mark_groups
from lungseg.splits import Split, split_cases
from refusals import refusal

COUNTS = {("CHNCXR", 0): 279, ("CHNCXR", 1): 287, ("MCUCXR", 0): 80, ("MCUCXR", 1): 58}
NAMES = [f"{source}_{i:04d}_{sick}" for (source, sick), count in COUNTS.items() for i in range(count)]


def patients(seed, most=6):
    """A patient for each of the 704 films, of 1 to `most` films, also of both hospitals and diagnoses."""
    chance = random.Random(seed)
    names = chance.sample(NAMES, len(NAMES))
    table, number = {}, 0
    while names:
        number += 1
        for _ in range(min(len(names), chance.randint(1, most))):
            table[names.pop()] = number
    return table


def strata(cases):
    return Counter(map(case_group, cases))


def whole(split, table):
    """Whether no patient is in two parts."""
    seen = [{table[case_id(case)] for case in part} for part in split]
    return not any(one & other for one, other in itertools.combinations(seen, 2))


# ---- Who is who ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "groups",
    [
        {"p1_a": "p1", "p1_b": "p1", "p2_a": "p2"},
        {"p1_a": 1, "p1_b": np.int64(1), "p2_a": 2, "p3": None},
        {"p1_a_mask.npy": 1, "p1_b.npy": 1, Path("x/p2_a.npy"): 2},
        "p[0-9]",  # all that matches
        "^(.*)_",  # the first group
        re.compile("P([0-9])_[ab]", re.IGNORECASE),
        lambda name: name.split("_")[0],
    ],
)
def test_who_is_who_is_told_in_several_ways(groups):
    one, again, other = groups_of(["p1_a", Path("there") / "p1_b_mask.npy", "p2_a.npy"], groups)
    assert one == again != other


@pytest.mark.parametrize(
    "content", ["case,group\np1_a,x\np1_b,x\np2_a,y\n", "group;case;age\nx;p2_a.npy;3\n7;p1_a;\n7;p1_b;\n"]
)
@pytest.mark.parametrize("kind", [Path, str])
def test_a_table_tells_who_is_who(tmp_path, content, kind):
    (tmp_path / "patients.csv").write_text(content)
    one, again, other = groups_of(["p1_a", "p1_b", "p2_a"], kind(tmp_path / "patients.csv"))
    assert one == again != other


def test_a_table_may_have_any_name_and_a_pattern_any_sign(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("patients").write_text("case,group\np1_a,x\np1_b,y\n")
    assert groups_of(["p1_a", "p1_b"], "patients") == ["x", "y"]
    assert groups_of(["p1_a", "p1_b"], "p.") == ["p1", "p1"]


def test_names_are_compared_in_any_form_of_unicode():
    assert groups_of(["Mu\u0308ller"], {"M\u00fcller": "m"}) == ["m"]
    assert groups_of(["Mu\u0308ller_1"], "M.ller") == ["M\u00fcller"]


def test_a_case_without_a_group_is_named(tmp_path):
    table = tmp_path / "patients.csv"
    table.write_text("case,group\na,1\nb, \n")
    for groups, start in (
        ({"a": 1}, "groups: expected a group"),
        ({"a": 1, "b": float("nan")}, "groups: expected a group"),
        (lambda name: None if name == "b" else "", "groups: expected of the function a group"),
        ("^a$", "groups: expected the pattern '^a$' in the name"),
        (re.compile("a|(b)"), "groups: expected the pattern 'a|(b)' in the name"),
        (table, f"{table}: expected a group"),
    ):
        text = refusal(groups_of, ["a", "b"], groups)
        assert text.startswith(start)
        assert re.search("for each of 2 cases. Received: none for [12], '[ab]' for one", text)


def test_what_tells_nobody_is_refused(tmp_path):
    table = tmp_path / "patients.csv"
    table.write_text("case,group\na,1\na,2\n")
    assert "one group for 'a'. Received: two" in refusal(groups_of, ["a"], table)
    table.write_text("case,patient\na,1\n")
    assert "expected the columns case, group. Received: case, patient" in refusal(groups_of, ["a"], table)
    assert "gone.csv" in refusal(groups_of, ["a"], "gone.csv")
    assert "'p(', which is no file, and as a pattern: missing )" in refusal(groups_of, ["a"], "p(")
    assert "Received: 3, a int" in refusal(groups_of, ["a"], 3)
    assert "[['a', 1], ['b', 2]], a list" in refusal(groups_of, ["a"], [["a", 1], ["b", 2]])


def test_the_mark_tells_who_belongs_together_and_not_their_names():
    mark = mark_groups(["a", "b", "c"], {"a": 1, "b": 1, "c": 2})
    assert mark.startswith("2 groups, ")
    assert mark == mark_groups(["x/c.npy", "x/b.npy", "x/a.npy"], {"a": "Jones", "b": "Jones", "c": "Smith"})
    assert mark != mark_groups(["a", "b", "c"], {"a": 1, "b": 2, "c": 2})
    assert mark != mark_groups(["a", "b", "d"], {"a": 1, "b": 1, "d": 2})


def test_a_split_that_tears_a_group_apart_is_refused():
    parts = {"train": ["p1_a", "p2_a"], "validation": ["p3_a"], "test": ["p2_b"]}
    check_whole(parts, ".*")
    assert "Received: 'p2' in train and, by the case p2_b, in test" in refusal(check_whole, parts, "p.")


# ---- Three parts -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("most", [2, 6])
def test_no_patient_is_in_two_parts_and_each_part_has_its_share_of_every_stratum(seed, most):
    table = patients(seed, most)
    split = split_cases(NAMES, seed=seed, groups=table)
    assert sorted(itertools.chain(*split)) == sorted(NAMES)
    assert all(part == sorted(part) for part in split)
    assert whole(split, table)
    for part, count in zip(split, (500, 90, 114), strict=True):
        assert abs(len(part) - count) <= 2
        for stratum, number in strata(NAMES).items():
            assert abs(strata(part)[stratum] - number * count / 704) < 2.5


def test_a_split_by_groups_does_not_depend_on_order_folder_or_names_of_the_groups():
    table = patients(7)
    split = split_cases(NAMES, seed=3, groups=table)
    shuffled = random.Random(1).sample(NAMES, len(NAMES))
    assert split_cases(shuffled, seed=3, groups={name: f"patient {-group}" for name, group in table.items()}) == split
    elsewhere = split_cases([Path("x") / f"{name}_mask.npy" for name in shuffled], seed=3, groups=table.get)
    assert [[case_id(path) for path in part] for part in elsewhere] == list(split)
    assert len({tuple(split_cases(NAMES, seed=seed, groups=table).test) for seed in range(5)}) == 5


def test_if_nobody_has_two_films_the_groups_change_nothing():
    assert split_cases(NAMES[::7], seed=2, groups=lambda name: f"patient of {name}") == split_cases(NAMES[::7], seed=2)


def test_a_few_groups_of_very_different_size_leave_no_part_empty():
    names = [
        f"{hospital}_{number}" for hospital, count in zip("abc", (50, 3, 1), strict=True) for number in range(count)
    ]
    split = split_cases(names, groups="^.")
    assert whole(split, {name: name[0] for name in names})
    assert len(split.train) == 50
    assert {len(split.validation), len(split.test)} == {1, 3}
    assert "expected at least 3 groups, as each stays whole. Received: 2, of 53 cases" in refusal(
        split_cases, names[:53], groups="^."
    )


def test_large_groups_are_placed_first_and_those_of_a_size_by_chance():
    # By hand: ten cases in halves. The group of four is first and fills a half but for one; the six others follow.
    cases = ["a1", "a2", "a3", "a4", "b", "c", "d", "e", "f", "g"]
    found = [
        divide(cases, [case[0] for case in cases], [0.5, 0.5], np.random.default_rng(seed), "") for seed in range(9)
    ]
    assert all(first[:4] == cases[:4] and len(first) == len(second) == 5 for first, second in found)
    assert len({first[4] for first, _ in found}) > 2


# ---- Folds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [None, patients(0)])
@pytest.mark.parametrize("count", [2, 5])
def test_each_case_is_tested_once_and_every_fold_is_stratified(groups, count):
    table = groups or {name: name for name in NAMES}
    folds = split_cases(NAMES, seed=1, groups=groups, folds=count)
    assert len(folds) == count
    assert sorted(itertools.chain(*(fold.test for fold in folds))) == sorted(NAMES)
    slack = 1 if groups is None else 3
    for fold in folds:
        assert isinstance(fold, Split)
        assert sorted(itertools.chain(*fold)) == sorted(NAMES)
        assert whole(fold, table)
        rest = 704 - len(fold.test)
        assert abs(len(fold.test) - 704 / count) <= slack
        assert abs(len(fold.validation) - rest * 90 / 590) <= slack  # as many of the rest as without folds
        for stratum, number in strata(NAMES).items():
            assert abs(strata(fold.test)[stratum] - number / count) <= slack
            assert abs(strata(fold.validation)[stratum] - number * len(fold.validation) / 704) <= slack + 1


def test_folds_do_not_depend_on_order_and_the_seed_chooses_them():
    folds = split_cases(NAMES[::5], folds=3)
    assert split_cases(NAMES[::5][::-1], folds=np.int64(3)) == folds
    assert split_cases(NAMES[::5], folds=3, seed=1) != folds


def test_the_folds_of_a_seed_are_fixed_for_good():
    # Published figures name the seed: another NumPy, or another version of this code, may not change them.
    names = [f"PHANTOM_{i:04d}_{i % 2}" for i in range(1, 9)]
    folds = split_cases(names, folds=2, groups=lambda name: int(name[8:12]) // 2)
    assert [[[int(name[8:12]) for name in part] for part in fold] for fold in folds] == [
        [[6, 7, 8], [1], [2, 3, 4, 5]],
        [[2, 3], [4, 5], [1, 6, 7, 8]],
    ]


def test_as_many_folds_as_there_are_groups_and_no_more():
    names = [f"{patient}{film}" for patient in "abcd" for film in range(3)]
    folds = split_cases(names, groups="^.", folds=4)
    assert sorted("".join({name[0] for name in fold.test}) for fold in folds) == ["a", "b", "c", "d"]
    assert "5 folds: expected at least 5 groups, as each stays whole. Received: 4" in refusal(
        split_cases, names, groups="^.", folds=5
    )
    few = ["a1", "a2", "a3", "b1", "b2", "c1"]
    assert "leaves for train and validation: expected at least 2 groups" in refusal(
        split_cases, few, groups="^.", folds=2
    )


@pytest.mark.parametrize("folds", [1, 0, -5, 2.5, "5", True, float("inf")])
def test_folds_are_a_whole_number_from_2_upwards(folds):
    assert f"from 2 upwards. Received: {folds!r}" in refusal(split_cases, NAMES, folds=folds)


def test_a_number_is_the_same_group_with_and_without_a_point():
    assert groups_of(["a", "b", "c"], {"a": 1, "b": 1.0, "c": 1.5}) == ["1", "1", "1.5"]

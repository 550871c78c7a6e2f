"""Which case goes into which part, that a split is kept, and how often each case of a balanced set comes."""

import itertools
import json
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lungseg.cases import case_group, case_id
from lungseg.splits import Split, balance_sources, load_split, save_split, split_cases
from refusals import refusal

# ---- The default split -----------------------------------------------------------------------


# As many names as the two sets have.
COUNTS = {("CHNCXR", 0): 279, ("CHNCXR", 1): 287, ("MCUCXR", 0): 80, ("MCUCXR", 1): 58}
NAMES = [f"{source}_{i:04d}_{sick}" for (source, sick), count in COUNTS.items() for i in range(count)]


def groups(items):
    return Counter(case_group(item) for item in items)


def assert_complete(split, items):
    """Each item is in exactly one part, and each part is sorted."""
    assert sorted(map(str, itertools.chain(*split))) == sorted(map(str, items))
    for part in split:
        assert part == sorted(part, key=case_id)
        assert len(part) > 0


def test_704_cases_split_500_90_114():
    split = split_cases(NAMES)
    assert [len(part) for part in split] == [500, 90, 114]
    assert (split.train, split.validation, split.test) == tuple(split)
    assert_complete(split, NAMES)


@pytest.mark.parametrize("seed", range(20))
def test_each_part_has_its_share_of_every_group(seed):
    whole = groups(NAMES)
    split = split_cases(NAMES, seed=seed)
    for part in split:
        for group, count in groups(part).items():
            assert abs(count - whole[group] * len(part) / 704) < 1, group
        assert len(groups(part)) == 4


def test_a_split_does_not_depend_on_the_order_or_the_folder():
    split = split_cases(NAMES, seed=3)
    shuffled = NAMES.copy()
    random.Random(1).shuffle(shuffled)
    assert split_cases(shuffled, seed=3) == split
    assert split_cases(tuple(reversed(NAMES)), seed=3) == split
    elsewhere = split_cases([Path("somewhere") / f"{name}_mask.npy" for name in shuffled], seed=3)
    assert [[case_id(path) for path in part] for part in elsewhere] == list(split)


def test_a_split_returns_the_very_items_it_was_given():
    items = [Path("a") / f"{name}.npy" for name in NAMES[:20]] + [f"a/{name}.npy" for name in NAMES[20:40]]
    assert set(map(id, itertools.chain(*split_cases(items)))) == set(map(id, items))


def test_a_seed_below_0_is_refused():
    assert "Received: -1" in refusal(split_cases, NAMES, seed=-1)


def test_the_seed_chooses_the_split():
    tests = [tuple(split_cases(NAMES, seed=seed).test) for seed in range(10)]
    assert len(set(tests)) == 10
    # Over the seeds each case is in the test part as often as chance has it: 114 / 704 of the times.
    times = Counter(name for seed in range(200) for name in split_cases(NAMES[::4], seed=seed).test)
    share = np.array([times[name] for name in NAMES[::4]]) / 200
    assert share.min() > 0.05
    assert share.max() < 0.3


def test_the_split_of_a_seed_is_fixed_for_good():
    # Published figures name the seed: another NumPy, or another version of this code, may not change it.
    split = split_cases([f"PHANTOM_{i:04d}_{i % 2}" for i in range(1, 13)], seed=0)
    assert [[int(name[8:12]) for name in part] for part in split] == [[1, 2, 3, 4, 5, 7, 10, 12], [6, 11], [8, 9]]


@pytest.mark.parametrize("n", [*range(3, 61), 90])
def test_any_number_of_cases_splits_in_proportion(n):
    names = random.Random(n).sample(NAMES, n)
    split = split_cases(names, seed=n)
    assert_complete(split, names)
    assert abs(len(split.test) - n * 114 / 704) <= 0.5 or len(split.test) == 1
    assert abs(len(split.validation) - n * 90 / 704) <= 0.5 or len(split.validation) == 1
    assert len(split.train) >= len(split.validation)
    whole = groups(names)
    for part in split:
        for group, count in whole.items():
            assert abs(groups(part)[group] - count * len(part) / n) < 1.5


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_cases_cannot_be_split(n):
    text = refusal(split_cases, NAMES[:n])
    assert f"Received: {n}" in text
    assert "at least 3" in text


def test_a_case_that_comes_twice_is_refused():
    text = refusal(split_cases, [*NAMES[:10], Path("elsewhere") / f"{NAMES[4]}_mask.npy"])
    assert NAMES[4] in text
    assert "twice" in text
    assert "twice" in refusal(split_cases, ["Mu\u0308ller", "a", "M\u00fcller", "b"])


@pytest.mark.parametrize("folder", ["cases", Path("cases")])
def test_a_folder_is_no_list_of_cases(folder):
    assert "Received: 'cases'. Use `list_cases`" in refusal(split_cases, folder)


def test_an_unknown_split_is_refused():
    text = refusal(split_cases, NAMES, protocol="random")
    assert '"random"' in text
    assert '"gaal2020"' in text
    assert '"default"' in text


# ---- Keeping a split -------------------------------------------------------------------------


def test_a_split_comes_back_as_it_was(tmp_path):
    paths = [tmp_path / f"{name}_mask.npy" for name in NAMES[:50]]
    split, path = split_cases(paths), tmp_path / "split.json"
    path.write_text("before")
    os.link(path, tmp_path / "linked")
    save_split(split, path)
    assert load_split(path, paths[::-1]) == split
    assert (tmp_path / "linked").read_text() == "before"  # written in one step, not into the file that was there
    assert {file.name for file in tmp_path.iterdir()} == {"split.json", "linked"}  # nothing temporary is left


def test_a_split_is_kept_by_id_and_moves_with_the_cases(tmp_path):
    split = split_cases([f"/old/{name}_mask.npy" for name in NAMES[:20]])
    save_split(split, tmp_path / "split.json")
    kept = json.loads((tmp_path / "split.json").read_text())
    assert kept.keys() == {"train", "validation", "test"}
    assert sorted(itertools.chain(*kept.values())) == sorted(NAMES[:20])
    # More cases than the split names: the new ones are in no part.
    moved = load_split(tmp_path / "split.json", [Path(f"/new/{name}.npy") for name in NAMES[:25]])
    assert [list(map(case_id, part)) for part in moved] == [kept[name] for name in Split._fields]
    assert all(path.parent == Path("/new") for path in moved.test)


def test_a_split_of_missing_cases_is_refused(tmp_path):
    save_split(split_cases(NAMES[:20]), tmp_path / "split.json")
    text = refusal(load_split, tmp_path / "split.json", NAMES[2:20])
    assert "2 of its 20 cases" in text
    assert NAMES[0] in text or NAMES[1] in text
    assert str(tmp_path / "split.json") in text


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '{"train": [], "test": []}',
        '{"train": [], "validation": [], "test": [], "more": []}',
        '{"train": null, "validation": [], "test": []}',
        '{"train": [["a"]], "validation": [], "test": []}',
    ],
)
def test_a_broken_split_is_refused(tmp_path, content):
    (tmp_path / "split.json").write_text(content)
    assert str(tmp_path / "split.json") in refusal(load_split, tmp_path / "split.json", NAMES)


def test_a_missing_split_is_named(tmp_path):
    assert "gone.json" in refusal(load_split, tmp_path / "gone.json", NAMES)


# ---- Sources of unequal size -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "times"),
    [
        ({}, {}),
        ({"CHNCXR": 5}, {"Shenzhen": 1}),
        ({"CHNCXR": 4, "MCUCXR": 4}, {"Shenzhen": 1, "Montgomery": 1}),
        ({"CHNCXR": 8, "MCUCXR": 2}, {"Shenzhen": 1, "Montgomery": 4}),
        ({"CHNCXR": 396, "MCUCXR": 96}, {"Shenzhen": 1, "Montgomery": 4}),  # 4.125
        ({"CHNCXR": 7, "MCUCXR": 4}, {"Shenzhen": 1, "Montgomery": 2}),  # 1.75
        ({"CHNCXR": 7, "MCUCXR": 5}, {"Shenzhen": 1, "Montgomery": 1}),  # 1.4
        ({"CHNCXR": 3, "MCUCXR": 6, "PHANTOM": 1}, {"Shenzhen": 2, "Montgomery": 1, "Phantom": 6}),
    ],
)
def test_each_case_comes_as_often_as_its_source_needs(counts, times):
    cases = [f"{source}_{number:04d}_{number % 2}" for source, count in counts.items() for number in range(count)]
    balanced = balance_sources(cases)
    assert Counter(balanced) == {case: times[case_group(case).source] for case in cases}
    assert list(dict.fromkeys(balanced)) == cases  # in the order given

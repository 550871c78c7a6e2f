"""Which split a training takes: a protocol, a fold, or one's own."""

import pytest

from lungseg.splits import Split, split_cases
from lungseg.training.parts import choose_split
from refusals import refusal

NAMES = [f"p{number // 2:02d}_{number % 2}" for number in range(40)]  # two films of each patient
WHO = "p.."


def test_a_fold_is_the_one_of_split_cases():
    folds = split_cases(NAMES, seed=3, groups=WHO, folds=4)
    assert [choose_split(NAMES, 3, f"fold {number} of 4", WHO) for number in (1, 2, 3, 4)] == folds


def test_a_protocol_takes_seed_and_groups():
    assert choose_split(NAMES, 3, "default") == split_cases(NAMES, 3)
    assert choose_split(NAMES, 3, "default", WHO) == split_cases(NAMES, 3, groups=WHO) != split_cases(NAMES, 3)


def test_a_split_of_ones_own_is_taken_as_it_is_if_it_keeps_groups_whole():
    own = Split(NAMES[:20], NAMES[20:30], NAMES[30:])
    assert choose_split(NAMES, 0, own, WHO) is own
    torn = Split(NAMES[:21], NAMES[21:30], NAMES[30:])
    assert choose_split(NAMES, 0, torn) is torn
    assert "Received: 'p10' in train and, by the case p10_1, in validation" in refusal(
        choose_split, NAMES, 0, torn, WHO
    )


@pytest.mark.parametrize("split", ["fold 0 of 5", "fold 6 of 5"])
def test_there_is_no_such_fold(split):
    assert f"a fold from 1 to 5. Received: '{split}'" in refusal(choose_split, NAMES, 0, split)


def test_an_unknown_split_is_refused():
    assert 'Received: "fold two of 5"' in refusal(choose_split, NAMES, 0, "fold two of 5")

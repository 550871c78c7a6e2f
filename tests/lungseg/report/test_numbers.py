"""The numbers of a report, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from lungseg.report.numbers import choose_cases, count_stray, effect_of_cleaning, groups_of


def test_the_effect_of_cleaning_is_paired():
    columns = {"dice_raw": [0.975, 1], "dice_cleaned": [1, 1], "hd95_raw": [3, 0], "hd95_cleaned": [0, 0]}
    table = pd.DataFrame(columns, dtype=float)
    change = effect_of_cleaning(table, "dice")
    assert (change.before, change.after) == (0.9875, 1)
    assert change.difference == pytest.approx((0.0125, 0, 0.025))
    assert (change.better, change.worse, change.same) == (1, 0, 1)
    assert effect_of_cleaning(table, "hd95").better == 1  # less is better


def test_groups():
    table = pd.DataFrame({"source": ["A", "A", "B"], "diagnosis": ["normal", "ill", "ill"]})
    sizes = {name: len(part) for name, part in groups_of(table).items()}
    # All of B are ill, and all the normal ones are of A: said already.
    assert sizes == {"all cases": 3, "A": 2, "B": 1, "ill": 2, "normal": 1, "A, ill": 1}
    assert list(groups_of(table[table["source"] == "A"])) == ["all cases", "ill", "normal"]
    assert list(groups_of(table.assign(diagnosis=["unknown"] * 3))) == ["all cases", "A", "B"]


def test_stray_pixels_count_cases_not_classes():
    nothing = {"jaccard_a": 0.0, "jaccard_b": 0.0}
    rows = [(0, 1, 0, 0, 2, 0), (5, 1, 0, 0, 1, 0), (5, 1, 1, 0, 0, 0), (0, 0, 3, 0, 0, 0)]
    names = [f"{count}_{name}" for name in "ab" for count in ("tp", "fp", "fn")]
    table = pd.DataFrame([nothing | dict(zip(names, row, strict=True)) for row in rows])
    assert count_stray(table) == 2


def test_cases_to_look_at_are_never_shown_twice():
    for count in range(1, 40):
        table = pd.DataFrame({"case": [f"{i:02d}" for i in range(count)], "dice": np.linspace(0.5, 0.9, count)})
        typical, worst = choose_cases(table)
        names = [name for _, name in typical + worst]
        assert len(set(names)) == len(names)
        assert len(worst) == min(12, count // 2)
        assert [name for _, name in worst] == sorted(name for _, name in worst)  # the worst first
        assert typical[0] == ("best" if count > 1 else "only", f"{count - 1:02d}")

"""balance_sources(): how often each case comes."""

from collections import Counter

import pytest

from lungseg.cases import case_group
from lungseg.splits import balance_sources


def names(shenzhen=0, montgomery=0, phantoms=0):
    counts = {"CHNCXR": shenzhen, "MCUCXR": montgomery, "PHANTOM": phantoms}
    return [f"{source}_{number:04d}_{number % 2}" for source, count in counts.items() for number in range(count)]


@pytest.mark.parametrize(
    ("given", "times"),
    [
        ({"shenzhen": 5}, {"Shenzhen": 1}),
        ({"shenzhen": 4, "montgomery": 4}, {"Shenzhen": 1, "Montgomery": 1}),
        ({"shenzhen": 8, "montgomery": 2}, {"Shenzhen": 1, "Montgomery": 4}),
        ({"shenzhen": 396, "montgomery": 96}, {"Shenzhen": 1, "Montgomery": 4}),  # 4.125
        ({"shenzhen": 7, "montgomery": 5}, {"Shenzhen": 1, "Montgomery": 1}),  # 1.4
        ({"shenzhen": 3, "montgomery": 6, "phantoms": 1}, {"Shenzhen": 2, "Montgomery": 1, "Phantom": 6}),
    ],
)
def test_each_case_comes_as_often_as_its_source_needs(given, times):
    cases = names(**given)
    balanced = balance_sources(cases)
    assert Counter(balanced) == {case: times[case_group(case).source] for case in cases}
    assert list(dict.fromkeys(balanced)) == cases  # in the order given


def test_no_cases_stay_none():
    assert balance_sources([]) == []

"""What is built once for a check serves all its looks, and no later check."""

import pytest

from lungseg_course.engine.sharing import once, shared, sharing


def test_looks_of_one_check_share():
    with sharing():
        shared()["a"] = 1
        assert shared() == {"a": 1}


def test_nothing_is_kept_for_the_next_check():
    with sharing():
        shared()["a"] = 1
    with sharing():
        assert shared() == {}


def test_a_look_alone_shares_nothing():
    shared()["a"] = 1
    assert shared() == {}


def test_a_check_within_a_check_has_its_own():
    with sharing():
        shared()["a"] = 1
        with sharing():
            assert shared() == {}
        assert shared() == {"a": 1}


def test_what_is_made_once_is_made_once_for_each_of_its_arguments():
    calls = []

    def twice(function, number):
        calls.append(number)
        return 2 * function(number)

    def other(number):
        return -number

    with sharing():
        assert [once(twice, each, 3) for each in (abs, abs, other, abs)] == [6, 6, -6, 6]
        assert once(twice, abs, 4) == 8
    assert calls == [3, 3, 4]
    with sharing():
        once(twice, abs, 3)
    once(twice, abs, 3)
    assert calls == [3, 3, 4, 3, 3]


def test_an_error_is_not_kept():
    calls = []

    def fails(number):
        calls.append(number)
        raise ValueError("not yet")

    with sharing():
        for _ in range(2):
            with pytest.raises(ValueError, match="not yet"):
                once(fails, 1)
    assert calls == [1, 1]

"""What is built once for a check serves all its looks, and no later check."""

from lungseg_course.engine.sharing import shared, sharing


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

"""What an experiment may vary, and what is said of what it cannot."""

import inspect
import re

import pytest

from lungseg.errors import InputError
from lungseg_course import compare
from lungseg_course.experiments.settings import EXPECTED, NAMES, Settings, settings_of


def test_each_setting_has_a_usual_value_that_is_possible_and_is_in_the_docstring():
    assert EXPECTED.keys() == set(NAMES)
    for name in NAMES:
        assert EXPECTED[name](getattr(Settings(), name)) is None
        assert re.search(rf"^{name} : ", inspect.getdoc(Settings), re.MULTILINE)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"skip": False}, "there is no setting 'skip'. Did you mean 'skips'?"),
        ({"epochs": 3}, "there is no setting 'epochs'. Did you mean 'steps'?"),
        ({"Batch_Norm": False}, "Did you mean 'batch_norm'?"),
        ({"norm": False}, "Did you mean 'batch_norm'?"),
        ({"optimizer": "sgd"}, "there is no setting 'optimizer'. There are skips, batch_norm, momentum,"),
        ({"xyz": 3}, "there is no setting 'xyz'. There are skips, batch_norm, momentum,"),
        ({"skips": "no"}, "expected skips to be True or False. Received: 'no'."),
        ({"momentum": 1}, "expected momentum to be a number from 0 and below 1. Received: 1."),
        ({"learning_rate": 0}, "expected learning_rate to be a number above 0 and below 1. Received: 0."),
        ({"filters": True}, "expected filters to be a whole number from 1 to 64. Received: True."),
        ({"training_cases": 0}, "expected training_cases to be a whole number from 1 to"),
        ({"loss": "mse"}, 'expected loss to be one of "dice", "crossentropy" and "both". Received: \'mse\'.'),
        ({"size": 60}, "so 8 must divide the size. Received: size 60. Try 56."),
        ({"depth": 6, "size": 32}, "so 64 must divide the size. Received: size 32. Try 64."),
        ({"build": 3}, "expected build to be a function that builds a network, without calling it. Received: 3."),
        ({"build": print, "skips": False}, "'skips' changes our network, and with 'build' yours is trained."),
        (3, "expected a dictionary of settings"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_its_variant(given, words):
    with pytest.raises(InputError) as caught:
        settings_of(given, "mine")
    assert str(caught.value).startswith("the variant 'mine': ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([{}], []), "compare expected a dictionary of variants"),
        (({}, []), "compare expected a dictionary of variants"),
        ((None, []), "Received: NoneType."),
        (({"a": {}}, None), "compare expected a list of cases, as `list_cases` gives it. Received: NoneType."),
        (({"a": {}}, "folder"), "compare expected a list of cases, as `list_cases` gives it. Received: str."),
        (({"a": {}}, [], 0), "compare expected seeds to be a number of trainings, from 1 to 100. Received: 0."),
        (({"a": {}}, [], [0, 1]), "Received: [0, 1]."),
        (({"a": {"skip": 1}}, []), "the variant 'a': there is no setting 'skip'."),
        (({"a": {}}, [], 3, {"skip": 1}), "the variant 'basis': there is no setting 'skip'."),
    ],
)
def test_compare_complains_before_it_trains(arguments, words):
    with pytest.raises(InputError) as caught:
        compare(*arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"batch_norm": False}, {"batch_norm": False, "momentum": 0.5}, True),
        ({"dropout": 0}, {"dropout": 0, "spatial": False}, True),
        ({}, {"momentum": 0.9}, True),
        ({}, {"momentum": 0.99}, False),
        ({"build": print}, {"build": print, "dropout": 0.2}, False),
    ],
)
def test_what_does_not_matter_makes_no_other_training(one, other, same):
    assert (settings_of(one).effective() == settings_of(other).effective()) is same

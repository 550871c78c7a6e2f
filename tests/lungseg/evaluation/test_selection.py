"""Which cases are evaluated, and a warning where the training has seen them."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from lungseg import InputError
from lungseg.evaluation.selection import seen_in_training, seen_text, select_cases

RUN = SimpleNamespace(
    folder=Path("run"),
    split_ids={"train": ["a", "b"], "validation": ["c"], "test": ["d", "e"]},
    seen_before={"e", "x", "a"},
)
FOLDER = Path("cases")


@pytest.mark.parametrize(
    ("names", "settings", "chosen", "said"),
    [
        # the run's own folder: its test part, whatever came into the folder since
        ("abcde", {"own": True}, "de", "2 cases of the test part"),
        ("abcdez", {"own": True}, "de", "2 cases of the test part"),
        ("abcde", {"part": "train"}, "ab", "2 cases of the train part"),
        ("abcde", {"part": "all"}, "abcde", "All 5 cases of cases"),
        # another folder: what the network has not seen, nor the one that it started from
        ("uvw", {}, "uvw", "All 3 cases of cases"),
        ("abcdu", {}, "du", "1 case of the test part of the run's split, and 1 that the run does not know"),
        ("abcdu", {}, "du", "Left out: 3 that trained or chose the network"),
        ("abcdu", {}, "du", "Cases are told apart by their names"),
        ("dexu", {}, "du", "Left out: 2"),
        ("du", {"part": "test"}, "d", "1 case of the test part"),
        ("du", {"part": "test"}, "d", "^1 more of this part are not in cases"),
        ("abcde", {"part": "test"}, "de", r"^2 cases of the test part of the run's split\.\Z"),
    ],
)
def test_the_cases_of_an_evaluation(names, settings, chosen, said):
    paths = [FOLDER / f"{name}.npy" for name in names]
    found, lines = select_cases(RUN, paths, FOLDER, **settings)
    assert [path.stem for path in found] == list(chosen)
    assert re.search(said, "\n".join(lines), re.MULTILINE)


@pytest.mark.parametrize(("names", "part"), [("ab", None), ("xe", None), ("uv", "test"), ("de", "train")])
def test_no_case_is_left(names, part):
    with pytest.raises(InputError, match="--part all"):
        select_cases(RUN, [Path(f"{name}.npy") for name in names], FOLDER, part)


def test_a_case_is_known_however_its_accents_are_stored():
    run = SimpleNamespace(
        folder=Path("run"),
        split_ids={"train": ["J\u00e9"], "validation": [], "test": ["M\u00fc"]},
        seen_before={"\u00e9"},
    )
    paths = [FOLDER / name for name in ("Je\u0301.npy", "Mu\u0308_mask.npy", "e\u0301.npy", "a.npy")]
    assert select_cases(run, paths, FOLDER)[0] == [paths[1], paths[3]]
    assert select_cases(run, paths, FOLDER, "train")[0] == paths[:1]
    assert seen_in_training(run, ["Je\u0301", "e\u0301"]) == {"train": 1, "validation": 0, "before": 1}


def test_what_the_training_has_seen():
    assert seen_in_training(RUN, "abcdexu") == {"train": 2, "validation": 1, "before": 2}
    text = seen_text({"train": 2, "validation": 1, "before": 2})
    for words in ("2 belong to its training part", "1 belong to its validation part", "2 trained the network that"):
        assert words in text
    assert seen_text(seen_in_training(RUN, "du")) == ""

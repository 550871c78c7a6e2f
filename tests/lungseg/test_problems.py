"""What cases show: the file beside them, the targets of the network, and what its output means."""

import json

import numpy as np
import pytest

from lungseg.cases import check_cases, load_case
from lungseg.errors import InputError
from lungseg.problems import CASES_FILE, LUNGS, Problem, problem_of, read_problem, write_problem

CELLS = Problem(("red", "green", "blue"), ("nucleus", "edge"), recipe="colour", colours={"edge": "#0072b2"})
LAYERS = Problem(("nir",), ("water", "shadow"), exclusive=False, recipe="grey")


def test_it_comes_back_from_the_file(tmp_path):
    assert read_problem(tmp_path) is LUNGS
    write_problem(LUNGS, tmp_path)
    assert not list(tmp_path.iterdir())  # the published archives have no such file either
    for problem in (CELLS, LAYERS):
        write_problem(problem, tmp_path)
        assert read_problem(tmp_path) == problem
    assert json.loads((tmp_path / CASES_FILE).read_text())["format"] == 1


def test_the_example_of_the_format(tmp_path):
    text = (
        '{"format": 1, "channels": ["red", "green", "blue"], "classes": ["nucleus", "edge"], '
        '"exclusive": true, "recipe": "colour", "colours": {"nucleus": "#0072b2"}}'
    )
    (tmp_path / CASES_FILE).write_text(text)
    problem = read_problem(tmp_path)
    assert (problem.channels, problem.classes) == (("red", "green", "blue"), ("nucleus", "edge"))
    assert problem.colour("nucleus") == "#0072b2"
    assert problem.colour("edge") != problem.colour("nucleus")


@pytest.mark.parametrize(
    ("problem", "softmax", "names"),
    [
        (LUNGS, False, ("lung",)),
        (CELLS, True, ("background", "nucleus", "edge")),
        (LAYERS, False, ("water", "shadow")),
        (Problem(classes=["a"], exclusive=False), False, ("a",)),
    ],
)
def test_outputs(problem, softmax, names):
    assert (problem.softmax, problem.names_of_outputs, problem.outputs) == (softmax, names, len(names))


def test_targets_and_back():
    masks = np.array([[0, 0], [1, 0], [0, 1], [-1, -1]])
    targets = CELLS.targets(masks)
    assert targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]]
    assert targets.dtype == np.float32
    assert CELLS.masks(targets[:3]).tolist() == [[False, False], [True, False], [False, True]]
    assert LAYERS.targets(masks).tolist() == masks.tolist()
    # No class has half of the probability, and the most probable one it is.
    assert CELLS.masks(np.array([0.3, 0.4, 0.3])).tolist() == [True, False]
    assert LAYERS.masks(np.array([0.6, 0.4])).tolist() == [True, False]
    assert LAYERS.masks(np.array([0.6, 0.4]), threshold=0.4).tolist() == [True, True]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"classes": ()}, "classes: expected one to 255 names"),
        ({"classes": "nucleus"}, "classes: expected one to 255 names"),
        ({"classes": ("a", "A")}, "each name once"),
        ({"classes": ("a/b",)}, "letters, digits, spaces"),
        ({"classes": ("../x",)}, "letters, digits, spaces"),
        ({"classes": ("background", "a")}, "not background"),
        ({"channels": (1, 2)}, "letters, digits, spaces"),
        ({"exclusive": "no"}, "exclusive: expected True or False"),
        ({"recipe": None}, "recipe: expected the name"),
        ({"colours": {"heart": "#ff0000"}}, "colours: expected names of lung"),
        ({"colours": {"lung": "red"}}, 'expected "#rrggbb" for lung'),
        ({"colours": ["#ff0000"]}, "colours: expected a dict"),
    ],
)
def test_what_is_none(wrong, said):
    with pytest.raises(InputError, match=said):
        Problem(**wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ("[]", "expected"),
        ('{"format": 1, "channels": ["a"]}', "the key classes"),
        ('{"channels": ["a"], "classes": ["b"]}', "the key format"),
        ('{"format": 2, "channels": ["a"], "classes": ["b"]}', "newer version"),
        ('{"format": 1, "channels": "a", "classes": ["b"]}', "channels"),
        ('{"format": 1, "channels": ["a"], "classes": ["b", "b"]}', "each name once"),
        ('{"format": 1, "channels": ["a"], "classes": ["b"], "colours": {"b": 3}}', "colours"),
    ],
)
def test_files_that_describe_none(tmp_path, text, said):
    (tmp_path / CASES_FILE).write_text(text)
    with pytest.raises(InputError, match=said) as raised:
        read_problem(tmp_path)
    assert str(tmp_path / CASES_FILE) in str(raised.value)


def test_cases_of_two_kinds_do_not_go_together(tmp_path):
    for name, problem in (("a", CELLS), ("b", LAYERS)):
        (tmp_path / name).mkdir()
        write_problem(problem, tmp_path / name)
    assert problem_of([tmp_path / "a" / "1.npy", tmp_path / "a" / "2.npy"]) == CELLS
    assert problem_of([]) is LUNGS
    with pytest.raises(InputError, match="Received: channels nir and classes water, shadow"):
        problem_of([tmp_path / "a" / "1.npy", tmp_path / "b" / "2.npy"])


# ---- cases of it


def case(*pixels):
    """One row of pixels, each its channels and then its masks."""
    return np.array([pixels], dtype=float)


CASES = [
    (CELLS, case([0.1, 0.2, 0.3, 1, 0], [0, 0, 0, 0, 1], [1, 1, 1, -1, -1]), None),
    (LAYERS, case([0.5, 1, 1], [0.5, 0, 0]), None),
    (Problem(classes=("cell",)), case([0.5, 1], [0.5, -1]), None),
    (LUNGS, case([0.5, 1], [0.5, -1]), "expected a mask of 0 and 1 only. Received: -1 to 1"),
    (CELLS, case([0.1, 1]), r"expected an array of shape \(H, W, 5\). Received: shape \(1, 1, 2\)"),
    (CELLS, case([0, 0, 0, 1, 1]), "expected classes that do not overlap"),
    (CELLS, case([0, 0, 0, -1, 0]), "expected a mask of 0 and 1 only. Received: -1 to 0"),
    (CELLS, case([0, 0, 2, 0, 0]), r"expected an image in \[0, 1\]"),
    (LAYERS, case([0.5, 255, 0]), "expected a mask of 0 and 1 only"),
]


@pytest.mark.parametrize(("problem", "array", "said"), CASES)
def test_cases(tmp_path, problem, array, said):
    write_problem(problem, tmp_path)
    np.save(tmp_path / "x.npy", array)
    if said is None:
        np.testing.assert_array_equal(load_case(tmp_path / "x.npy"), array.astype(np.float32))
        assert check_cases([tmp_path / "x.npy"]) == array.shape[:2]
    else:
        with pytest.raises(InputError, match=said):
            load_case(tmp_path / "x.npy")


def test_no_colours_are_those_of_the_palette():
    assert Problem(colours=None) == Problem()


def test_where_cases_json_is_missing_it_is_asked_for_before_a_case_is_given_up(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((4, 4, 5)))
    with pytest.raises(InputError, match=r"Is cases\.json missing.* Copy it there\. If not: Remove the file"):
        load_case(tmp_path / "a.npy")

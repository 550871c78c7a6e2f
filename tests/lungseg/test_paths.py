"""A path may be a text or a Path, and a list of them any list, tuple or generator, in every public function."""

import pytest

from lungseg import DataGenerator, evaluate, list_cases, load_case, read_problem, split_cases
from lungseg.cases import check_cases
from lungseg.prediction.cases import predict_cases
from lungseg.splits import balance_sources, load_split, save_split

ONE = {"text": str, "Path": lambda path: path}
SEVERAL = {
    "list of texts": lambda paths: [str(path) for path in paths],
    "list of Paths": list,
    "tuple of Paths": tuple,
    "generator": lambda paths: (path for path in paths),
}


@pytest.mark.parametrize("form", ONE)
def test_one_path(form, phantom_cases):
    given = ONE[form]
    assert load_case(given(phantom_cases[0])).shape == (32, 32, 2)
    folder = given(phantom_cases[0].parent)
    assert list_cases(folder) == list(phantom_cases)
    assert read_problem(folder).classes == ("lung",)
    assert len(evaluate(lambda images: images, folder)) == len(phantom_cases)
    assert len(evaluate(lambda images: images, given(phantom_cases[0]))) == 1


@pytest.mark.parametrize("form", SEVERAL)
def test_several_paths(form, phantom_cases, tmp_path):
    def given():
        return SEVERAL[form](phantom_cases[:4])

    split = split_cases(given())
    assert sorted(map(str, [*split.train, *split.validation, *split.test])) == sorted(map(str, phantom_cases[:4]))
    save_split(split, tmp_path / "split.json")
    assert load_split(tmp_path / "split.json", given()) == split
    assert balance_sources(given()) == SEVERAL["list of texts" if form == "list of texts" else "list of Paths"](
        phantom_cases[:4]
    )
    assert check_cases(given()) == (32, 32)
    assert len(DataGenerator(given(), batch_size=3)) == 2
    assert len(evaluate(lambda images: images, given())) == 4
    assert len(list(predict_cases(lambda images: images, list(given())))) == 4

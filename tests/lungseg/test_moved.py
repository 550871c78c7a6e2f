"""Former names go on working, with a warning that tells the new one."""

import importlib
import importlib.util
import pkgutil

import pytest

import lungseg
import lungseg_course
from lungseg._moved import MODULES, NAMES
from lungseg.prediction import Prediction

# Each former module warns when it is first imported, in whichever test that is.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")


@pytest.mark.parametrize("former", sorted(MODULES))
def test_what_a_former_module_is_now_is_there(former):
    assert importlib.util.find_spec(MODULES[former])


@pytest.mark.parametrize(("module", "name"), [(module, name) for module in NAMES for name in NAMES[module]])
def test_former_names_are_found_and_the_new_one_is_told(module, name):
    home, _, now = NAMES[module][name].rpartition(".")
    with pytest.warns(FutureWarning, match=rf"{module}\.{name} is now {home}\.{now}") as warned:
        found = getattr(importlib.import_module(module), name)
    assert warned[-1].filename == __file__  # the line to be changed
    assert found is getattr(importlib.import_module(home), now)


def test_other_names_of_a_former_module_are_those_of_the_new_one():
    from lungseg.masks import measuring

    former = importlib.import_module("lungseg.measuring")
    assert former.measure_lungs is measuring.measure_lungs
    with pytest.raises(AttributeError):
        _ = former.measure_feet


def test_modules_of_a_package_below_may_move_too():
    from lungseg.preparation.sources import layouts

    former = importlib.import_module("lungseg.preparation.layouts")
    assert former.find_radiographs is layouts.find_radiographs


def test_a_former_package_has_its_former_modules():
    import lungseg.teaching.quizzing as quizzing
    from lungseg.teaching import checking
    from lungseg.teaching.exercises import NOTEBOOKS

    from lungseg_course.engine import exercises

    assert checking.check is lungseg_course.check
    assert quizzing.quiz is lungseg_course.quiz
    assert NOTEBOOKS is exercises.NOTEBOOKS


def test_only_who_asks_for_a_former_module_sees_it():
    there = {module.name for module in pkgutil.iter_modules(lungseg.__path__)}
    assert {"cases", "runs", "training"} <= there
    assert not there & set(MODULES)
    assert "agreement" not in dir(lungseg)
    assert importlib.util.find_spec("lungseg.agreements") is None
    importlib.invalidate_caches()
    assert importlib.util.find_spec("lungseg.agreement")


def test_a_former_attribute_is_found():
    with pytest.warns(FutureWarning, match=r"Prediction\.film is now Prediction\.radiograph") as warned:
        assert Prediction(None, None, None, "as it was read").film == "as it was read"
    assert warned[-1].filename == __file__


def test_a_name_of_the_package_itself_can_change(monkeypatch):
    monkeypatch.setitem(NAMES, "lungseg", {"make_unet": "lungseg.unet.build_unet"})
    with pytest.warns(FutureWarning, match=r"lungseg\.make_unet is now lungseg\.unet\.build_unet"):
        assert lungseg.make_unet is lungseg.build_unet

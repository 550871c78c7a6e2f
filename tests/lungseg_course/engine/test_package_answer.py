"""Who only calls the package's answer is told so, and nobody else."""

import cProfile
import functools

import pytest

from lungseg import errors
from lungseg.errors import counted
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.mistakes.package_answer import NotOwn, own_work

IN_THE_PACKAGE = ("lungseg.errors.counted",)


def look_at(answer, in_the_package=IN_THE_PACKAGE):
    with own_work(["plural"], [answer], in_the_package):
        return answer(2, "case")


def by_another_name(number, noun):
    return errors.counted(number, noun)


def by_way_of_a_library(number, noun):
    return functools.reduce(counted, [number, noun])


def with_something_added(number, noun):
    return counted(number, noun).replace("one", "1")


class Called:
    def __call__(self, number, noun):
        return counted(number, noun)


def in_vain(number, noun):
    counted(number, noun)
    raise ValueError(noun)


@pytest.mark.parametrize(
    "answer",
    [
        counted,
        functools.partial(counted, noun="case"),
        functools.partial(functools.partial(counted)),
        functools.cache(counted),
        staticmethod(counted),
        by_another_name,
        by_way_of_a_library,
        with_something_added,
        Called(),
        in_vain,
        lambda *arguments: counted(*arguments),
    ],
)
def test_the_packages_answer_is_told_from_ones_own(answer):
    with pytest.raises(NotOwn) as caught:
        look_at(answer)
    report = caught.value.report()
    assert "`lungseg.errors.counted`" in caught.value.received
    for label in ("I tried", "It gave", "Expected", "Mistake", "Try"):
        assert f"  {label}" in report
    assert counted(2, "case") == "2 cases"  # and nobody is watched any more


class Base:
    def times(self, number):
        return number


class Twice(Base):
    def times(self, number, *, factor=2):
        return super().times(number) * factor


def test_a_method_that_calls_super_is_watched_and_works_as_before(monkeypatch):
    monkeypatch.setattr(errors, "Twice", Twice, raising=False)
    came_out = []
    with pytest.raises(NotOwn), own_work(["thrice"], [by_another_name], ["lungseg.errors.Twice.times"]):
        came_out += [Twice().times(5), Twice().times(5, factor=3)]
    assert came_out == [10, 15]
    assert Twice().times(5) == 10


def own(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@functools.wraps(counted)
def documented_as_the_packages(number, noun):
    return own(number, noun)


def with_a_part_of_the_package(number, noun):
    errors.InputError(noun)
    return own(number, noun)


@pytest.mark.parametrize("answer", [own, documented_as_the_packages, with_a_part_of_the_package])
def test_ones_own_answer_passes(answer):
    assert look_at(answer) == "2 cases"


def test_what_is_no_answer_may_be_called():
    assert look_at(counted, ()) == "2 cases"


def test_the_mistake_of_ones_own_answer_is_told_as_it_is():
    with pytest.raises(ZeroDivisionError):
        look_at(lambda number, noun: number / 0)


def test_a_blank_stays_a_blank():
    def half_written(number, noun):
        counted(number, noun)
        raise NotAttempted("not done yet")

    with pytest.raises(NotAttempted):
        look_at(half_written)


def test_a_profiler_of_the_students_goes_on():
    with cProfile.Profile() as profiler, pytest.raises(NotOwn):
        look_at(by_another_name)
    assert any(entry.code == by_another_name.__code__ for entry in profiler.getstats())

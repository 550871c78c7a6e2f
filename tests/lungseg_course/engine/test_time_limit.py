"""Code that does not come to an end is stopped, whatever it catches, and everything is as it was before."""

import contextlib
import re
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from lungseg_course.engine import students_code, time_limit
from lungseg_course.engine.time_limit import Interrupted, OutOfTime, TimeLimit
from lungseg_course.engine.trying import trying
from lungseg_course.engine.verdict import Wrong

ENDLESS = {
    "a loop": "def f():\n    n = 0\n    while n < 1:\n        n -= 1",
    "a loop in a helper": "def g():\n    while True:\n        pass\ndef f():\n    g()",
    "a bare except": "def f():\n    while True:\n        try:\n            g()\n        except:\n            pass",
    "everything is caught": (
        "def f():\n    while 1:\n        try:\n            g()\n        except BaseException as e:\n            e = 1"
    ),
    "caught twice": (
        "def f():\n    while True:\n        try:\n            try:\n                g()\n            except:\n"
        "                pass\n        except:\n            pass"
    ),
    "finally goes on": (
        "def f():\n    while True:\n        try:\n            g()\n        finally:\n            continue"
    ),
    "suppressed": "def f():\n    while True:\n        with suppress(BaseException):\n            g()",
    "an endless generator": "def h():\n    while True:\n        yield 1\ndef f():\n    return sum(h())",
    "a library calls it": "def h(n):\n    while True:\n        n += 1\ndef f():\n    return sorted([2, 1], key=h)",
}


def burn():
    """Compute in code that is not the student's to begin with."""
    sum(range(2000))


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(time_limit, "CPU_SECONDS", 0.1)
    monkeypatch.setattr(time_limit, "TICK", 0.01)
    monkeypatch.setattr(time_limit, "CLEANING_UP", 0.05)
    # What stands in this file is a library's here, and only cells are the student's.
    libraries = (*students_code._NOT_THE_STUDENTS, Path(__file__))
    monkeypatch.setattr(students_code, "_NOT_THE_STUDENTS", libraries)


@pytest.fixture(autouse=True)
def as_it_was():
    before = signal.getsignal(signal.SIGINT), sys.gettrace(), threading.active_count()
    yield
    assert (signal.getsignal(signal.SIGINT), sys.gettrace(), threading.active_count()) == before


def stopped(function, limit=None):
    with pytest.raises(Wrong) as caught, limit or TimeLimit(), trying("f()"):
        function()
    return caught.value


@pytest.mark.parametrize("name", ENDLESS)
def test_what_does_not_end_is_stopped_in_the_students_line(cell, name):
    source = ENDLESS[name]
    wrong = stopped(cell(source, g=burn, suppress=contextlib.suppress)["f"])
    assert (wrong.cause, wrong.tried) == ("it does not come to an end", "f()")
    line = re.search(r"^in line (\d+) of your cell:  (.+)$", wrong.received, re.MULTILINE)
    assert source.splitlines()[int(line[1]) - 1].strip() == line[2]
    assert ("goes round until `break` or `return`" in wrong.why) == line[2].startswith(("while True", "while 1"))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    sleep(100)",
        "def f():\n    while True:\n        try:\n            sleep(100)\n        except:\n            pass",
        "def f():\n    Event().wait()",
    ],
)
def test_what_waits_is_stopped_too(cell, source):
    wrong = stopped(cell(source, sleep=time.sleep, Event=threading.Event)["f"], TimeLimit(0.05))
    assert wrong.cause == "it waits, and does not come to an end"
    assert ("sleep(100)" in wrong.received) == ("sleep" in source)


def test_in_another_thread_it_is_stopped_as_well(cell):
    function = cell(
        "def f():\n    while True:\n        try:\n            pass\n        except Exception:\n            pass"
    )["f"]
    found = []
    thread = threading.Thread(target=lambda: found.append(stopped(function)))
    thread.start()
    thread.join(20)
    assert found[0].cause == "it does not come to an end"
    assert "of your cell:  " in found[0].received


def test_what_is_quick_is_left_alone_in_any_thread():
    def quick():
        with TimeLimit() as limit:
            found.append((sum(range(10)), limit.stopped))

    found = []
    quick()
    thread = threading.Thread(target=quick)
    thread.start()
    thread.join()
    assert found == [(45, False)] * 2


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    while True:\n        pass",
        "def f():\n    while True:\n        try:\n            sleep(100)\n        except:\n            pass",
    ],
)
def test_an_interruption_by_the_student_is_one_sentence(cell, source):
    function = cell(source, sleep=time.sleep)["f"]
    timer = threading.Timer(0.03, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
    timer.start()
    with pytest.raises(Interrupted) as caught, TimeLimit(60), trying("f()"):
        function()
    timer.join()
    assert issubclass(Interrupted, KeyboardInterrupt)
    assert len(caught.value._render_traceback_()) == 1
    assert re.match(r"The check was stopped, as you asked for, in line [2-6] of your cell:  \w", str(caught.value))


def test_an_exception_that_a_library_made_of_it_is_not_taken_for_the_students():
    def library():
        try:
            while True:
                pass
        except OutOfTime as error:
            raise RuntimeError("UNKNOWN: OutOfTime") from error

    assert stopped(library).cause == "it does not come to an end"


def test_importing_does_not_count(tmp_path, monkeypatch):
    (tmp_path / "a_slow_module.py").write_text(
        "import time\nstart = time.thread_time()\nwhile time.thread_time() < start + 0.2:\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with TimeLimit() as limit:
        import a_slow_module  # noqa: F401
    assert not limit.stopped
    assert limit.computed < 0.1


def test_the_blocks_of_a_limit_share_its_time_and_may_be_given_more(cell):
    function = cell("def f():\n    while True:\n        pass")["f"]
    limit = TimeLimit()
    stopped(function, limit)
    used = time.thread_time()
    limit.allow(0.02)
    stopped(function, limit)
    assert time.thread_time() - used < 0.1
    with limit:
        pass
    assert not limit.stopped


def test_a_limit_inside_of_another_is_the_outer_one(cell):
    with TimeLimit() as outer, TimeLimit(1000) as inner, trying("f()"):
        assert time_limit.running_limit() is outer
    assert not inner.stopped
    assert time_limit.running_limit() is None


def test_what_puts_things_in_order_is_not_stopped_in_it(cell, monkeypatch):
    """A library's own `finally` takes a while, too."""
    order = []

    @contextlib.contextmanager
    def tidy():
        try:
            yield
        finally:
            for number in range(30):
                time.sleep(0.001)
                order.append(number)

    monkeypatch.setattr(time_limit, "CLEANING_UP", 10)
    function = cell("def f():\n    while True:\n        with tidy():\n            while True: pass", tidy=tidy)["f"]
    stopped(function)
    assert order == list(range(30))

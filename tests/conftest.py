"""What the tests of several packages share."""

import gc
import linecache
import os
import random
import sys

import pytest

# One thread for each of the test processes: before NumPy and TensorFlow are imported.
for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from lungseg.phantom import write_phantoms  # noqa: E402

# No tests, but what tests share.
collect_ignore = ["support", "lungseg_course/answers"]


@pytest.fixture(scope="session")
def phantom_cases(tmp_path_factory):
    """Ten phantoms of 32 x 32, in order. They are shared: a test that changes a file copies it first."""
    return tuple(write_phantoms(tmp_path_factory.mktemp("phantoms"), count=10, size=32))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of the cache, not made yet. No proxy stands between a test and its server."""
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "LUNGSEG_DATA"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setenv("LUNGSEG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def undrawn():
    """Leave the pictures of figures away, which take most of the time of an evaluation."""

    def savefig(figure, target, **settings):
        (target.write if hasattr(target, "write") else target.write_bytes)(b"\x89PNG")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matplotlib.figure.Figure.savefig", savefig)
        yield


@pytest.fixture
def cell():
    """Run a cell as IPython does, its source known to linecache alone; return its names."""
    files = []

    def run(source, **names):
        filename = f"<cell {len(files)} of the tests>"
        files.append(filename)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec", dont_inherit=True), names)
        return names

    yield run
    for filename in files:
        linecache.cache.pop(filename, None)


def seed_all(number):
    """Seed Python, from which a network without a seed takes its weights, and NumPy, which answers of students use."""
    random.seed(number)
    np.random.seed(number)  # noqa: NPY002


class SameRandomNumbers:
    """The same random numbers in each test, in any order and in each run."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self):
        seed_all(0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self):
        seed_all(1)


class DocstringsWithoutGraphs:
    """Examples in docstrings compute without graphs of TensorFlow, as the tests of lungseg do."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        if not isinstance(item, pytest.DoctestItem) or "tensorflow" not in sys.modules:
            return (yield)
        from trainings import computing_eagerly

        with computing_eagerly():
            return (yield)


def pytest_configure(config):
    config.option.randomly_reset_seed = False  # pytest-randomly would draw others in each run; it only shuffles
    for plugin in (SameRandomNumbers(), DocstringsWithoutGraphs()):  # of docstrings, too, which lie elsewhere
        config.pluginmanager.register(plugin)


# The files that take longest, first: at the end no process is to wait for another one.
LONGEST = (
    "test_grading",
    "test_answers",
    "test_course",
    "test_kills",
    "test_training",
    "test_resume",
    "test_keras_saving",
)


@pytest.hookimpl(trylast=True)  # after the order was shuffled, which it stays otherwise
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


# TensorFlow and Keras keep very many objects, and looking through all of them takes half a minute at the end of a run.
gc.set_threshold(100_000, 50, 1_000)


def pytest_collection_finish():
    """Leave what was imported out of every later look."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure():
    """Leave what is left alone: to look through a gigabyte of garbage when all is done takes half a minute."""
    gc.freeze()

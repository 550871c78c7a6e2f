"""A notebook whose cells are run as IPython runs them, and an empty course to hand in to."""

import linecache
import os
import sys
from types import ModuleType

from lungseg_course.engine.exercises import Exercise
from lungseg_course.engine.verdict import Wrong

HINTS = ("one", "two", "three")


def in_words(text):
    """Return a text, which was printed in lines of some length, in one."""
    return " ".join(text.split())


class Notebook:
    """Cells that are run as IPython runs them: each from a file of its own that only linecache knows."""

    count = 0

    def __init__(self):
        Notebook.count += 1
        self.module = ModuleType(f"notebook_{Notebook.count}")
        self.names = vars(self.module)
        sys.modules[self.module.__name__] = self.module
        self.files = []

    def cell(self, source):
        filename = f"<cell {len(self.files)} of {self.module.__name__}>"
        self.files.append(filename)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec", dont_inherit=True), self.names)

    def close(self):
        sys.modules.pop(self.module.__name__)
        for filename in self.files:
            linecache.cache.pop(filename, None)


def wrong(cause, received):
    return Wrong(cause, received=str(received), expected="6", remedy="Think again.")


def look_at_length(generator, rng):
    if len(generator([1, 2, 3, 4, 5], 2)) != 3:
        raise wrong("a batch is missing", "another length")


def look_at_six(build_unet, rng):
    if build_unet(3) != 6:
        raise wrong("not doubled", build_unet(3))


def exercise(number, name, *looks):
    return Exercise(number, "a title", (name,), looks, "Well.", HINTS)


def written(course):
    return sorted(
        path.relative_to(course).as_posix()
        for path in course.rglob("*")
        if path.is_file() and path.name not in ("Train_UNET.ipynb", ".lungseg_progress.json")
    )


UNET = "UNet_Arch/UNET_architecture.py"
CLASS = """
class DataGenerator:
    def __init__(self, cases, batch_size=2):
        self.cases, self.batch_size = cases, batch_size

    def __len__(self):
        return -(-len(self.cases) // self.batch_size)
"""


def environment():
    """Return the environment of a process that imports what this one does."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}

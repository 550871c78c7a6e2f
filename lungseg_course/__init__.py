"""The part of the package that teaches: it checks answers, gives hints, and keeps the student's own code.

In a notebook::

    from lungseg_course import check, hint, solution, quiz, progress, todo

The names are imported when they are first used, as those of `lungseg` are. From its import on, TensorFlow keeps its
start-up notices to itself, and a Keras that cannot be imported says why in one line.
"""

import importlib
import sys
from typing import TYPE_CHECKING

from lungseg.environment import tidy_imports

if TYPE_CHECKING:  # for editors: what is imported by `__getattr__` below
    from lungseg_course.checking import check as check
    from lungseg_course.engine.blank import NotAttempted as NotAttempted
    from lungseg_course.engine.blank import todo as todo
    from lungseg_course.engine.checking import points as points
    from lungseg_course.experiments.comparing import compare as compare
    from lungseg_course.experiments.statistics import scores_of as scores_of
    from lungseg_course.handing_in.handing import hand_in as hand_in
    from lungseg_course.handing_in.handing import use as use
    from lungseg_course.helping import hint as hint
    from lungseg_course.helping import solution as solution
    from lungseg_course.optional import own_or_package as own_or_package
    from lungseg_course.pictures import picture as picture
    from lungseg_course.places import find_course as find_course
    from lungseg_course.places import keep_in_drive as keep_in_drive
    from lungseg_course.quizzing import quiz as quiz
    from lungseg_course.quizzing import quiz_points as quiz_points
    from lungseg_course.record import progress as progress
    from lungseg_course.training.attempt import begin_training as begin_training
    from lungseg_course.training.describing import describe_training as describe_training
    from lungseg_course.training.folders import find_run_folder as find_run_folder
    from lungseg_course.training.reading import read_aloud as read_aloud
    from lungseg_course.updating.copies import lab as lab
    from lungseg_course.updating.copies import update as update

_MODULE_OF = {
    "todo": "engine.blank",
    "NotAttempted": "engine.blank",
    "check": "checking",
    "points": "engine.checking",
    "hint": "helping",
    "solution": "helping",
    "quiz": "quizzing",
    "quiz_points": "quizzing",
    "progress": "record",
    "hand_in": "handing_in.handing",
    "use": "handing_in.handing",
    "find_course": "places",
    "keep_in_drive": "places",
    "find_run_folder": "training.folders",
    "describe_training": "training.describing",
    "begin_training": "training.attempt",
    "read_aloud": "training.reading",
    "own_or_package": "optional",
    "picture": "pictures",
    "compare": "experiments.comparing",
    "scores_of": "experiments.statistics",
    "update": "updating.copies",
    "lab": "updating.copies",
}

__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'lungseg_course' has no attribute '{name}'")
    return getattr(importlib.import_module(f"lungseg_course.{_MODULE_OF[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])


tidy_imports()
if "IPython" in sys.modules:  # A notebook is followed from its first import on: `check` asks which cell was run last.
    importlib.import_module("lungseg_course.engine.notebook.unknown_names").follow_this_notebook()

"""The part of the package that teaches: it checks answers, gives hints, and keeps the student's own code.

In a notebook::

    from lungseg_course import check, hint, solution, quiz, progress, todo

The names are imported when they are first used, as those of `lungseg` are.
"""

import importlib
import sys

_MODULE_OF = {
    "todo": "engine.blank",
    "NotAttempted": "engine.blank",
    "check": "engine.checking",
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


if "IPython" in sys.modules:  # A notebook is followed from its first import on: `check` asks which cell was run last.
    importlib.import_module("lungseg_course.engine.notebook.unknown_names").follow_this_notebook()

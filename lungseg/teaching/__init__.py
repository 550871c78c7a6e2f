"""The part of the package that teaches: it checks answers, gives hints, and keeps the student's own code.

In a notebook::

    from lungseg.teaching import check, hint, solution, quiz, progress, todo

The names are imported when they are first used, as those of `lungseg` are.
"""

import importlib

_ROOM_OF = {
    "todo": "blank",
    "NotAttempted": "blank",
    "check": "checking",
    "points": "checking",
    "hint": "helping",
    "solution": "helping",
    "quiz": "quizzing",
    "quiz_points": "quizzing",
    "progress": "record",
    "hand_in": "handing",
    "use": "handing",
}

__all__ = sorted(_ROOM_OF)


def __getattr__(name):
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'lungseg.teaching' has no attribute '{name}'")
    return getattr(importlib.import_module(f"lungseg.teaching.{_ROOM_OF[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])

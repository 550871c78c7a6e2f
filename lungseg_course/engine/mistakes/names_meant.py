"""Names that Python does not know: whether a module was not imported, or a name is misspelt, and what was meant."""

import builtins
import difflib
import importlib
import re
import sys
from types import FrameType

from lungseg_course.engine.students_code import is_the_students, students_line
from lungseg_course.engine.verdict import Wrong

IMPORTS = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "tf": "import tensorflow as tf",
    "layers": "from keras import layers",
    "ops": "from keras import ops",
    "Path": "from pathlib import Path",
    "partial": "from functools import partial",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "deepcopy": "from copy import deepcopy",
    "ndimage": "from scipy import ndimage",
    "measure": "from skimage import measure",
    "label": "from skimage.measure import label",
    "regionprops": "from skimage.measure import regionprops",
    "train_test_split": "from sklearn.model_selection import train_test_split",
    "Image": "from PIL import Image",
    **{
        name: f"import {name}"
        for name in (
            *("collections", "copy", "csv", "functools", "glob", "itertools", "json", "math", "operator", "os"),
            *("random", "re", "shutil", "statistics", "sys", "time", "warnings"),
            *("keras", "lungseg", "numpy", "pandas", "scipy", "skimage", "sklearn", "tensorflow"),
        )
    },
}
# Where a function or class may be that was written without its module, and how the module is called.
HOMES = {
    "numpy": "np",
    "keras.layers": "layers",
    "keras.optimizers": "keras.optimizers",
    "keras.callbacks": "keras.callbacks",
    "math": "math",
}


def explain_name(error: NameError) -> Wrong | None:
    """Say which line imports a name, where it is to be found, or what it is like."""
    found = re.search(r"name '(\w+)' is not defined", str(error))
    if not found or isinstance(error, UnboundLocalError):
        return None
    word = found[1]
    if word in IMPORTS:
        return Wrong(
            f"`{word}` is not imported",
            received="",
            expected="no error",
            why="A module has to be imported before its name is used, and no cell that has run does that.",
            remedy=f"Put `{IMPORTS[word]}` at the top of your cell, and run it again.",
        )
    number, line = students_line(error) or (0, "")
    if compared := re.match(rf"{word}\s*==\s*(.+)", line):
        return Wrong(
            "`==` in place of `=`",
            received="",
            expected="no error",
            why=f"`==` asks whether two are equal, and `{word}` has no value yet. `=` gives a name a value. It is in "
            f"line {number} of your cell:  {line}",
            remedy=f"Write `{word} = {compared[1]}`.",
        )
    home = _home_of(word) if re.search(rf"(?<![\w.]){word}\s*\(", line) else None
    near = _near(word, _names_in(error))
    why = "It is misspelt, or the cell that defines it has not been run."
    remedy = f"Compare the spelling of `{word}`, and run the cells above from the top."
    if home:
        why, remedy = f"Python looks for it in your cells. It is in `{home}`.", f"Write `{home}.{word}`."
    elif hasattr(builtins, word.lower()):
        why = f"{why} (Python has a function `{word.lower()}`.)"
    elif near:
        why, remedy = (
            f"There is one that is called `{near}`.",
            f"Is it misspelt? Compare the spelling of `{word}` with `{near}`.",
        )
    return Wrong(f"the name `{word}` is not known", received="", expected="no error", why=why, remedy=remedy)


def explain_attribute(error: AttributeError) -> Wrong:
    """Say what an attribute that does not exist is like."""
    owner = getattr(error, "obj", None)
    name = getattr(error, "name", None) or ""
    near = None if owner is None else _near(name, dir(owner))
    why = (
        f"There is one that is called `{near}`."
        if near
        else "Either it is misspelt, or the object is not what you think."
    )
    remedy = f"Is it misspelt? Compare the spelling of `{name}` with `{near}`." if near else "Print its type."
    return Wrong(
        "an attribute does not exist", received="", expected="no error", why=why, remedy=remedy, named=bool(near)
    )


def _home_of(word: str) -> str | None:
    loaded = (module for module in HOMES if module.partition(".")[0] in sys.modules)
    return next((HOMES[module] for module in loaded if callable(_public(module, word))), None)


def _public(module: str, word: str) -> object:
    return None if word.startswith("_") else getattr(importlib.import_module(module), word, None)


def _near(word: str, names: list[str]) -> str | None:
    candidates = [name for name in names if not name.startswith("_")]
    return next(iter(difflib.get_close_matches(word, candidates, n=1, cutoff=0.8)), None)


def _names_in(error: BaseException) -> list[str]:
    """Return the names that the student's function could have meant."""
    frame: FrameType | None = None
    trace = error.__traceback__
    while trace is not None:
        if is_the_students(trace.tb_frame.f_code.co_filename):
            frame = trace.tb_frame
        trace = trace.tb_next
    return [] if frame is None else [*frame.f_locals, *frame.f_globals, *dir(builtins)]
